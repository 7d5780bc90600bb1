"""The sheets of a workbook as lines: what each says by column, its facts, and what was noted about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from capacity_app.domain.problems import N_, Severity
from capacity_app.instruments.findings import nearest, shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.layout import SHEET, is_example
from capacity_app.instruments.writing.lines import Line
from capacity_app.instruments.writing.places import Mistakes, Spot, Spots
from capacity_app.instruments.writing.reading.cells import Grid, head_of, heading, text_in

_OWNERS = {
    layout.OPTIONS: "of",
    layout.ANCHORS: "of",
    layout.COLUMNS: "question",
    layout.ROWS: "question",
}


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of a sheet: its row as people count, and what its cells say by column."""

    row: int
    cells: Line

    def get(self, key: str) -> str:
        """Give what stands in a column, empty for nothing."""
        return self.cells.get(key, "")


ByOwner = Mapping[str, Sequence[ReadLine]]
"""Lines by the question, the column of a question or the scale they belong to."""


@dataclass(frozen=True, kw_only=True)
class Book:
    """A workbook that was read: lines by sheet, facts of the sheet Instrument; places and mistakes are added to."""

    grids: Mapping[str, Grid]
    lines: Mapping[str, Sequence[ReadLine]]
    facts: Line
    fact_rows: Mapping[str, int]
    mistakes: Mistakes
    spots: Spots

    @property
    def is_supplement(self) -> bool:
        """Whether the questions are to be added to another questionnaire."""
        return layout.SUPPLEMENT_OF in self.facts

    @cached_property
    def by_owner(self) -> Mapping[str, ByOwner]:
        """The lines of the sheets Options, Anchors, Columns and Rows by what they belong to."""
        found: dict[str, dict[str, list[ReadLine]]] = {sheet: {} for sheet in _OWNERS}
        for sheet, key in _OWNERS.items():
            for line in self.lines[sheet]:
                found[sheet].setdefault(line.get(key), []).append(line)
        return found


def read_sheets(grids: Iterable[Grid]) -> Book:
    """Read the sheets of a workbook, in any order."""
    mistakes, spots = Mistakes(), Spots()
    known = _known_grids(grids, mistakes)
    lines = {name: _lines_of(known[name], name, spots, mistakes) if name in known else [] for name in SHEET}
    facts, rows = _read_facts(known[layout.INSTRUMENT], spots, mistakes) if layout.INSTRUMENT in known else ({}, {})
    lines = _without_examples(lines, mistakes)
    return Book(grids=known, lines=lines, facts=facts, fact_rows=rows, mistakes=mistakes, spots=spots)


def _known_grids(grids: Iterable[Grid], mistakes: Mistakes) -> dict[str, Grid]:
    known = {name.casefold(): name for name in (*SHEET, layout.INSTRUMENT, layout.TRANSLATIONS, layout.READ_ME)}
    found: dict[str, Grid] = {}
    for grid in grids:
        name = known.get(grid.name.strip().casefold())
        if name is None:
            _note_unknown_sheet(grid, known, mistakes)
        else:
            found[name] = grid
    return found


def _note_unknown_sheet(grid: Grid, known: Mapping[str, str], mistakes: Mistakes) -> None:
    near = nearest(grid.name.strip().casefold(), tuple(known))
    if near and any(any(cell not in {"", None} for cell in row) for row in grid.rows):
        message = N_("There is no sheet of the name “{name}”, so it was not read.")
        advice = N_("If it is meant to be “{near}”, call it so.")
        values = {"name": shown(grid.name), "near": known[near]}
        mistakes.note("writing.sheet", Spot(grid.name), message, advice, Severity.WARNING, **values)


def _lines_of(grid: Grid, name: str, spots: Spots, mistakes: Mistakes) -> list[ReadLine]:
    columns = SHEET[name].columns
    at, keys = head_of(grid, [column.key for column in columns], mistakes)
    spots.columns[name] = keys
    for column in columns:
        if column.is_required and column.key not in keys and len(grid.rows) > at + 1:
            message = N_("The column “{name}” is missing.")
            advice = N_("Add it, or copy your lines into a new template.")
            mistakes.note("writing.no-column", Spot(name, at + 1), message, advice, name=column.key)
    forms = {column.key: column for column in columns}
    found = []
    for place in range(at + 1, len(grid.rows)):
        said = {key: text_in(grid, place, index, forms[key], mistakes) for key, index in keys.items()}
        cells = {key: text for key, text in said.items() if text}
        if cells:
            found.append(ReadLine(place + 1, cells))
    return found


def _read_facts(grid: Grid, spots: Spots, mistakes: Mistakes) -> tuple[Line, dict[str, int]]:
    """Give what the sheet Instrument says, by key, and in which row."""
    at, keys = head_of(grid, (layout.KEY, layout.VALUE, layout.MEANING), mistakes)
    if layout.VALUE not in keys or layout.KEY not in keys:
        at, keys = -1, {layout.KEY: 0, layout.VALUE: 1}
    spots.columns[layout.INSTRUMENT] = keys
    known = [column.key for column in (*layout.FACTS, *layout.FACTS_OF_SUPPLEMENT)]
    facts, rows = {}, {}
    for place, row in enumerate(grid.rows[at + 1 :], start=at + 1):
        key = heading(row[keys[layout.KEY]] if keys[layout.KEY] < len(row) else "")
        if key in known and key not in facts:
            facts[key] = text_in(grid, place, keys[layout.VALUE], None, mistakes)
            rows[key] = place + 1
        elif key:
            message = N_("“{name}” is nothing this sheet can say, or is said twice.")
            near = nearest(key, [one for one in known if one not in facts])
            advice = N_("Did you mean “{near}”?") if near else N_("Delete the line.")
            spot = Spot(layout.INSTRUMENT, place + 1)
            mistakes.note("writing.unknown-fact", spot, message, advice, name=shown(key), near=near)
    return {key: text for key, text in facts.items() if text}, rows


def _without_examples(lines: dict[str, list[ReadLine]], mistakes: Mistakes) -> dict[str, list[ReadLine]]:
    """Leave out the examples of a template once the line of their section was deleted."""
    there = [line for line in lines[layout.SECTIONS] if is_example(line.get("id"))]
    if there:
        message = N_("The examples of the template are still part of the questionnaire.")
        advice = N_("Delete this line, and none of them is read any more.")
        spot = Spot(layout.SECTIONS, there[0].row, "id")
        mistakes.note("writing.examples", spot, message, advice, Severity.WARNING)
        return lines
    return {
        name: found if name == layout.SECTIONS else [line for line in found if not _is_of_example(line, name)]
        for name, found in lines.items()
    }


def _is_of_example(line: ReadLine, sheet: str) -> bool:
    keys = ("question", "of", "id") if sheet != layout.CODES else ("id",)
    return any(is_example(line.get(key)) for key in keys)
