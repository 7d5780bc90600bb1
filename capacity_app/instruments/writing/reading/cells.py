"""What a cell says, and which line of a sheet is its head; a cell that cannot be read is a mistake with its place."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from capacity_app.domain.answers import clean_text
from capacity_app.domain.problems import N_, Severity
from capacity_app.instruments.findings import nearest, shown
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.layout import SHEET, Column, Form
from capacity_app.instruments.writing.places import Mistakes, Spot

Cell = str | float | bool | dt.date | dt.time | dt.timedelta
PATIENCE = 30
"""Empty lines above the head of a sheet."""
LARGEST = 10**15
"""A spreadsheet keeps no more figures of a whole number."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet from A1 on; ``odd`` are cells that show an error or a formula without a result."""

    name: str
    rows: Sequence[Sequence[Cell]]
    odd: Mapping[tuple[int, int], str] = field(default_factory=dict)


def plain(raw: Cell) -> str:
    """Give a cell as it was typed; dates and times are no texts."""
    match raw:
        case bool():
            return "yes" if raw else "no"
        case float():
            return str(int(raw)) if abs(raw) < LARGEST and raw.is_integer() else repr(raw)
    return raw if isinstance(raw, str) else ""


def heading(cell: Cell) -> str:
    """Give the key that a heading means: "Show if *" is show_if."""
    return clean_text(plain(cell)).replace("*", "").strip().casefold().replace(" ", "_")


def text_in(grid: Grid, place: int, index: int, column: Column | None, mistakes: Mistakes) -> str:
    """Read the cell of a row and a column, both counted from 0; empty for one that is a mistake."""
    row = grid.rows[place]
    raw = row[index] if index < len(row) else ""
    spot = Spot(_known_name(grid.name), place + 1, column.key if column else "")
    odd = grid.odd.get((place, index))
    if odd:
        message = N_("The cell shows {name} instead of a text.")
        mistakes.note("writing.error-cell", spot, message, N_("Type what it should say."), name=shown(odd))
        return ""
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        message = N_("The spreadsheet has made a date of what was typed here ({name}).")
        advice = N_("Format the cell as text, and type it again.")
        mistakes.note("writing.date", spot, message, advice, name=shown(str(raw)))
        return ""
    text = clean_text(plain(raw)).strip()
    is_wording = column is None or column.form in {Form.TEXT, Form.CONDITION}
    return text if is_wording else text.replace("\u00a0", " ").strip()


def _known_name(name: str) -> str:
    known = {one.casefold(): one for one in (*SHEET, layout.INSTRUMENT, layout.TRANSLATIONS)}
    return known.get(name.strip().casefold(), name)


def head_of(grid: Grid, known: Sequence[str], mistakes: Mistakes) -> tuple[int, dict[str, int]]:
    """Find the line of headings, the one that names most columns, and where each column is."""
    best: tuple[int, dict[str, int]] = (0, {})
    for place, row in enumerate(grid.rows[:PATIENCE]):
        named = [heading(cell) for cell in row]
        keys = {key: named.index(key) for key in known if key in named}
        if len(keys) > len(best[1]):
            best = (place, keys)
    _note_headings(grid, best[0], known, mistakes)
    return best


def _note_headings(grid: Grid, at: int, known: Sequence[str], mistakes: Mistakes) -> None:
    named = [heading(cell) for cell in grid.rows[at]] if grid.rows else []
    for key, count in Counter(name for name in named if name in known).items():
        if count > 1:
            message = N_("The column “{name}” is there {count} times; only the first was read.")
            spot = Spot(grid.name, at + 1, key)
            mistakes.note("writing.column-twice", spot, message, N_("Delete the others."), name=key, count=str(count))
    for name in (name for name in named if name and name not in known):
        near = nearest(name, known)
        message = N_("“{name}” is not a column of this sheet, so it was not read.")
        advice = N_("Did you mean “{near}”?") if near else N_("Leave it, if it holds notes of your own.")
        spot = Spot(grid.name, at + 1)
        mistakes.note("writing.unknown-column", spot, message, advice, Severity.WARNING, name=shown(name), near=near)
