"""From the cells of a workbook to the tables of TOML files; every cell that cannot be read is found, with its place.

What a cell means for the questionnaire is not judged here: the tables are checked as those of any TOML file are.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from capacity_app import catalogues
from capacity_app.domain.answers import clean_text
from capacity_app.domain.problems import N_, Severity
from capacity_app.instruments.exact import exact_number
from capacity_app.instruments.files import HEAD
from capacity_app.instruments.findings import inside, listed, nearest, shown
from capacity_app.instruments.ids import is_id
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.conditions import ConditionError, parsed
from capacity_app.instruments.writing.layout import SHEET, Column, Form, is_example
from capacity_app.instruments.writing.lines import Line
from capacity_app.instruments.writing.places import Mistakes, Spot, Spots

Cell = str | float | bool | dt.date | dt.time | dt.timedelta
Tables = dict[str, object]
_LARGEST = 10**15
_YES, _NO = frozenset({"yes", "y", "true", "1", "x", "✓"}), frozenset({"no", "n", "false", "0", "-", "–"})
_PATIENCE = 30
"""Empty lines above the head of a sheet."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet from A1 on; ``odd`` are cells that show an error or a formula without a result."""

    name: str
    rows: Sequence[Sequence[Cell]]
    odd: Mapping[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Translated:
    """What the sheet Translations says in one language: by the key of a text the text it was made for, and itself."""

    language: str
    texts: Mapping[str, tuple[str, str]]
    rows: Mapping[str, int]
    column: str
    headers: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a workbook says, as the tables of TOML files by name; ``base`` is the questionnaire of a supplement."""

    files: Mapping[str, Tables]
    spots: Spots
    mistakes: Mistakes
    base: str = ""
    languages: tuple[Translated, ...] = ()
    facts: Line = field(default_factory=dict)

    @property
    def own_files(self) -> tuple[str, ...]:
        """The names of the files with sections."""
        return tuple(name for name in self.files if name != HEAD)


def is_ours(names: Iterable[str]) -> bool:
    """Tell whether sheets of these names can be a questionnaire."""
    known = {name.strip().casefold() for name in names}
    return {layout.INSTRUMENT.casefold(), layout.QUESTIONS.casefold()} <= known


def read_draft(grids: Iterable[Grid]) -> Draft:
    """Read the sheets of a workbook, in any order."""
    return _Reading(grids).draft()


@dataclass(slots=True)
class _Read:
    """A line of a sheet: its row as people count, and what its cells say by column."""

    row: int
    cells: Line

    def get(self, key: str) -> str:
        return self.cells.get(key, "")


class _Reading:
    """One reading of one workbook."""

    def __init__(self, grids: Iterable[Grid]) -> None:
        self._mistakes, self._spots = Mistakes(), Spots()
        known = {name.casefold(): name for name in (*SHEET, layout.INSTRUMENT, layout.TRANSLATIONS, layout.READ_ME)}
        self._grids: dict[str, Grid] = {}
        for grid in grids:
            name = known.get(grid.name.strip().casefold())
            if name is None:
                self._note_unknown_sheet(grid, known)
            else:
                self._grids[name] = grid
        self._lines = {name: self._read_sheet(name) for name in SHEET}
        self._facts, self._fact_rows = self._read_facts()
        self._drop_examples()

    # -- cells ---------------------------------------------------------------------------------------------------------

    def _note_unknown_sheet(self, grid: Grid, known: Mapping[str, str]) -> None:
        near = nearest(grid.name.strip().casefold(), tuple(known))
        if near and any(any(cell not in {"", None} for cell in row) for row in grid.rows):
            message = N_("There is no sheet of the name “{name}”, so it was not read.")
            advice = N_("If it is meant to be “{near}”, call it so.")
            self._mistakes.note("writing.sheet", Spot(grid.name), message, advice, Severity.WARNING,
                                name=shown(grid.name), near=known[near])  # fmt: skip

    def _read_sheet(self, name: str) -> list[_Read]:
        grid = self._grids.get(name)
        if grid is None:
            return []
        at, keys = self._head(grid, [column.key for column in SHEET[name].columns])
        self._spots.columns[name] = keys
        for column in SHEET[name].columns:
            if column.is_required and column.key not in keys and len(grid.rows) > at + 1:
                message = N_("The column “{name}” is missing.")
                advice = N_("Add it, or copy your lines into a new template.")
                self._mistakes.note("writing.no-column", Spot(name, at + 1), message, advice, name=column.key)
        forms = {column.key: column for column in SHEET[name].columns}
        found = []
        for place, row in enumerate(grid.rows[at + 1 :], start=at + 1):
            cells = {
                key: text
                for key, index in keys.items()
                if (text := self._cell(grid, place, index, row, forms[key])) != ""
            }
            if cells:
                found.append(_Read(place + 1, cells))
        return found

    def _head(self, grid: Grid, known: Sequence[str]) -> tuple[int, dict[str, int]]:
        """Find the line of headings: the first that names two columns, or else the first that says anything."""
        best: tuple[int, dict[str, int]] = (0, {})
        for place, row in enumerate(grid.rows[:_PATIENCE]):
            named = [_heading(cell) for cell in row]
            keys = {key: named.index(key) for key in known if key in named}
            if len(keys) > len(best[1]):
                best = (place, keys)
        self._note_headings(grid, best[0], known)
        return best

    def _note_headings(self, grid: Grid, at: int, known: Sequence[str]) -> None:
        named = [_heading(cell) for cell in grid.rows[at]] if grid.rows else []
        for key, count in Counter(name for name in named if name in known).items():
            if count > 1:
                message = N_("The column “{name}” is there {count} times; only the first was read.")
                self._mistakes.note("writing.column-twice", Spot(grid.name, at + 1, key), message,
                                    N_("Delete the others."), name=key, count=str(count))  # fmt: skip
        for name in (name for name in named if name and name not in known):
            near = nearest(name, known)
            message = N_("“{name}” is not a column of this sheet, so it was not read.")
            advice = N_("Did you mean “{near}”?") if near else N_("Leave it, if it holds notes of your own.")
            self._mistakes.note("writing.unknown-column", Spot(grid.name, at + 1), message, advice, Severity.WARNING,
                                name=shown(name), near=near)  # fmt: skip

    def _cell(self, grid: Grid, place: int, index: int, row: Sequence[Cell], column: Column | None) -> str:
        raw = row[index] if index < len(row) else ""
        spot = Spot(_known_name(grid.name), place + 1, column.key if column else "")
        odd = grid.odd.get((place, index))
        if odd:
            message = N_("The cell shows {name} instead of a text.")
            self._mistakes.note("writing.error-cell", spot, message, N_("Type what it should say."), name=shown(odd))
            return ""
        if isinstance(raw, dt.date | dt.time | dt.timedelta):
            message = N_("The spreadsheet has made a date of what was typed here ({name}).")
            advice = N_("Format the cell as text, and type it again.")
            self._mistakes.note("writing.date", spot, message, advice, name=shown(str(raw)))
            return ""
        text = clean_text(_plain(raw)).strip()
        is_wording = column is None or column.form in {Form.TEXT, Form.CONDITION}
        return text if is_wording else text.replace("\u00a0", " ").strip()

    def _read_facts(self) -> tuple[Line, dict[str, int]]:
        grid = self._grids.get(layout.INSTRUMENT)
        if grid is None:
            return {}, {}
        at, keys = self._head(grid, (layout.KEY, layout.VALUE, layout.MEANING))
        if layout.VALUE not in keys or layout.KEY not in keys:
            at, keys = -1, {layout.KEY: 0, layout.VALUE: 1}
        self._spots.columns[layout.INSTRUMENT] = keys
        known = [column.key for column in (*layout.FACTS, *layout.FACTS_OF_SUPPLEMENT)]
        facts, rows = {}, {}
        for place, row in enumerate(grid.rows[at + 1 :], start=at + 1):
            said = row[keys[layout.KEY]] if keys[layout.KEY] < len(row) else ""
            key = _heading(said)
            if key in known and key not in facts:
                facts[key] = self._cell(grid, place, keys[layout.VALUE], row, None)
                rows[key] = place + 1
            elif key:
                message = N_("“{name}” is nothing this sheet can say, or is said twice.")
                near = nearest(key, [one for one in known if one not in facts])
                advice = N_("Did you mean “{near}”?") if near else N_("Delete the line.")
                self._mistakes.note("writing.unknown-fact", Spot(layout.INSTRUMENT, place + 1), message, advice,
                                    name=shown(key), near=near)  # fmt: skip
        return {key: text for key, text in facts.items() if text}, rows

    # -- examples ------------------------------------------------------------------------------------------------------

    def _drop_examples(self) -> None:
        """Leave out the examples of a template once the line of their section was deleted."""
        there = [line for line in self._lines[layout.SECTIONS] if is_example(line.get("id"))]
        if there:
            message = N_("The examples of the template are still part of the questionnaire.")
            advice = N_("Delete this line, and none of them is read any more.")
            self._mistakes.note(
                "writing.examples", Spot(layout.SECTIONS, there[0].row, "id"), message, advice, Severity.WARNING
            )
            return
        for name, lines in self._lines.items():
            if name != layout.SECTIONS:
                keys = ("question", "of", "id") if name != layout.CODES else ("id",)
                self._lines[name] = [line for line in lines if not any(is_example(line.get(key)) for key in keys)]

    # -- tables --------------------------------------------------------------------------------------------------------

    def draft(self) -> Draft:
        base = self._facts.get(layout.SUPPLEMENT_OF, "")
        for key, row in self._fact_rows.items():
            self._spots.mark_fact(key, Spot(layout.INSTRUMENT, row))
        sections = self._lines[layout.SECTIONS]
        if not sections:
            message = N_("The sheet Sections has no lines.")
            self._mistakes.note("writing.no-sections", Spot(layout.SECTIONS), message,
                                N_("Add a line for each part of the questionnaire."))  # fmt: skip
        questions = self._questions()
        names = self._file_names(sections)
        files: dict[str, Tables] = {}
        if not base:
            files[HEAD] = self._head_tables(sections, names)
        else:
            self._note_head_sheets()
        for line, name in zip(sections, names, strict=True):
            section = line.get("id")
            tables: Tables = {"section": self._section(line, name)}
            mine = questions.get(section, []) if line is self._first(sections, section) else []
            if mine:
                tables["question"] = [table for _, table in mine]
            self._mark_questions(section, mine)
            contradictions = self._contradictions(section)
            if contradictions and line is self._first(sections, section):
                tables["contradiction"] = contradictions
            files[name] = tables
        return Draft(
            files=files,
            spots=self._spots,
            mistakes=self._mistakes,
            base=base,
            languages=tuple(self._translations()),
            facts=self._facts,
        )

    @staticmethod
    def _first(sections: Sequence[_Read], section: str) -> _Read:
        return next(line for line in sections if line.get("id") == section)

    def _note_head_sheets(self) -> None:
        """Say of sheets that a supplement cannot have that they were not read."""
        for name in (layout.CONCEPTS, layout.CODES):
            if self._lines[name]:
                message = N_("A supplement has no sheet of this name: it uses that of its questionnaire.")
                self._mistakes.note(
                    "writing.not-in-supplement",
                    Spot(name, self._lines[name][0].row),
                    message,
                    N_("Delete its lines."),
                    Severity.WARNING,
                )

    def _head_tables(self, sections: Sequence[_Read], names: Sequence[str]) -> Tables:
        table: Tables = {column.key: self._facts[column.key] for column in layout.FACTS
                         if column.key in self._facts and column.key not in layout.THRESHOLDS}  # fmt: skip
        for kind, is_added in (("parts", False), ("supplements", True)):
            listed_ = [n for n, line in zip(names, sections, strict=True) if bool(line.get("supplement")) is is_added]
            if listed_ or kind == "parts":
                table[kind] = listed_
        head: Tables = {"instrument": table}
        thresholds = {key: self._share(self._facts[key]) for key in layout.THRESHOLDS if key in self._facts}
        if thresholds:
            head["thresholds"] = thresholds
        first = min(self._fact_rows.values(), default=1)
        self._spots.mark(HEAD, Spot(layout.INSTRUMENT, first))
        self._spots.mark(inside(HEAD, "thresholds"), Spot(layout.INSTRUMENT, first))
        for key, value in (("scales", self._scales()), ("codes", self._codes()), ("concept", self._concepts()),
                           ("contradiction", self._contradictions(""))):  # fmt: skip
            if value:
                head[key] = value
        return head

    def _file_names(self, sections: Sequence[_Read]) -> list[str]:
        """Name a file for each section: as the workbook says, unless another one is called so."""
        from capacity_app.instruments.shapes import SectionTable  # noqa: PLC0415 - as below
        from capacity_app.instruments.writing.sources import file_name  # noqa: PLC0415 - only to name files

        found: list[str] = []
        for place, line in enumerate(sections, start=1):
            table = SectionTable(id=line.get("id"), title=line.get("title"), supplement=line.get("supplement"))
            name = line.get("file")
            if self._facts.get(layout.SUPPLEMENT_OF) and is_id(line.get("id")):
                name = name or f"{line.get('id')}.toml"
            if not _is_file_name(name) or name in found:
                if name:
                    message = N_("“{name}” cannot be the name of this part's file.")
                    self._mistakes.note("writing.file", Spot(layout.SECTIONS, line.row, "file"), message,
                                        N_("Leave the cell empty, and a name is found."), name=shown(name))  # fmt: skip
                name = file_name(table, place)
            name = name if _is_file_name(name) and name not in found else f"{place:02}-section.toml"
            found.append(name if name not in found else f"{place:02}-section-{place}.toml")
        return found

    def _section(self, line: _Read, file: str) -> Tables:
        section = line.get("id")
        spot = Spot(layout.SECTIONS, line.row)
        place = inside("", "section", section) if is_id(section) else shown(file)
        self._spots.mark(place, spot)
        self._spots.mark(inside(HEAD, "section", section), spot)
        self._spots.mark(file, spot)
        return self._table(line, layout.SECTIONS, skip=("file",))

    def _questions(self) -> dict[str, list[tuple[_Read, Tables]]]:
        """Give the questions by section, each with what other sheets say of it."""
        known = {line.get("id") for line in self._lines[layout.QUESTIONS]}
        columns, rows = self._of_questions(layout.COLUMNS, known), self._of_questions(layout.ROWS, known)
        conditions = self._conditions(known)
        options, anchors = self._places(layout.OPTIONS), self._places(layout.ANCHORS)
        found: dict[str, list[tuple[_Read, Tables]]] = {}
        sections = {line.get("id") for line in self._lines[layout.SECTIONS]}
        self._owned: set[str] = set()
        for line in self._lines[layout.QUESTIONS]:
            question = line.get("id")
            gates = ("gate_column", "gate_answers", "gate_settles")
            table = self._table(line, layout.QUESTIONS, skip=gates)
            self._complete(table, question, line, layout.QUESTIONS, options, anchors)
            if question in conditions:
                table["show_if"] = conditions[question][1]
            inner = [(one, self._column(one, question, options, anchors)) for one in columns.get(question, ())]
            if inner:
                table["column"] = [column for _, column in inner]
            if rows.get(question):
                table["row"] = [self._row(one) for one in rows[question]]
            if any(line.get(key) for key in gates):
                table["gate"] = {
                    key.removeprefix("gate_"): line.get(key) if key == "gate_column" else _names(line.get(key))
                    for key in gates
                    if line.get(key)
                }
            section = question.split(".", 1)[0]
            if section not in sections:
                self._note_no_section(line, sections)
                continue
            found.setdefault(section, []).append((line, table))
        self._note_strays(options, anchors)
        return found

    def _note_no_section(self, line: _Read, sections: Iterable[str]) -> None:
        question = line.get("id")
        spot = Spot(layout.QUESTIONS, line.row, "id")
        if not question:
            message = N_("The question has no id, so it belongs to no section.")
            self._mistakes.note("writing.no-id", spot, message,
                                N_("Write the id of its section, a dot and a name of its own."))  # fmt: skip
            return
        names = [name for name in sections if name]
        near = nearest(question.split(".", 1)[0], names)
        message = N_("“{name}” does not begin with the id of a section and a dot.")
        advice = N_("Did you mean “{near}.…”?") if near else N_("Known are: {known}.")
        self._mistakes.note("writing.no-section", spot, message, advice, name=shown(question), near=near,
                            known=listed(names))  # fmt: skip

    def _complete(
        self,
        table: Tables,
        place: str,
        line: _Read,
        sheet: str,
        options: Mapping[str, list[_Read]],
        anchors: Mapping[str, list[_Read]],
    ) -> None:
        """Add the options and anchors of a question or column."""
        self._owned.add(place)
        own = options.get(place)
        if own and line.get("options"):
            message = N_("The options are both named here and listed on the sheet Options under “{name}”.")
            self._mistakes.note("writing.options-twice", Spot(sheet, line.row, "options"), message,
                                N_("Keep one of the two."), name=shown(place))  # fmt: skip
        if own:
            table["options"] = [self._table(one, layout.OPTIONS, skip=("of",)) for one in own]
        elif layout.SUPPLEMENT_OF in self._facts and line.get("options") in options:
            # A supplement is one file, without scales of its own.
            self._owned.add(line.get("options"))
            scale = options[line.get("options")]
            table["options"] = [self._table(one, layout.OPTIONS, skip=("of",)) for one in scale]
        self._add_anchors(table, place, anchors.get(place, ()))

    def _add_anchors(self, table: Tables, place: str, lines: Sequence[_Read]) -> None:
        sentences: dict[int, str] = {}
        actions: dict[int, str] = {}
        for line in lines:
            said = line.get("level")
            if said not in {"0", "1", "2", "3"}:
                message = N_("“{name}” is no level: levels are 0, 1, 2 and 3.")
                self._mistakes.note("writing.level", Spot(layout.ANCHORS, line.row, "level"), message,
                                    N_("Write one of them."), name=shown(said))  # fmt: skip
                continue
            level = int(said)
            if level in sentences:
                message = N_("Level {name} of “{place}” is there twice.")
                self._mistakes.note("writing.level-twice", Spot(layout.ANCHORS, line.row, "level"), message,
                                    N_("Give every level one line."), name=said, place=shown(place))  # fmt: skip
                continue
            sentences[level] = line.get("sentence")
            if line.get("action"):
                actions[level] = line.get("action")
        if 0 in actions:
            message = N_("Level 0 is the lowest: nothing has to be done to come to it.")
            row = next(line.row for line in lines if line.get("level") == "0")
            self._mistakes.note("writing.action-of-zero", Spot(layout.ANCHORS, row, "action"), message,
                                N_("Move the action to the line of level 1."))  # fmt: skip
        if any(sentences.values()):
            table["anchors"] = [sentences.get(level, "") for level in range(max(sentences) + 1)]
        if any(level > 0 for level in actions):
            table["actions"] = [actions.get(level, "") for level in range(1, max(actions) + 1)]

    def _places(self, sheet: str) -> dict[str, list[_Read]]:
        """Give the lines of a sheet by what they belong to."""
        found: dict[str, list[_Read]] = {}
        for line in self._lines[sheet]:
            if line.get("of"):
                found.setdefault(line.get("of"), []).append(line)
            else:
                message = N_("The line does not say what it belongs to.")
                self._mistakes.note("writing.of-nothing", Spot(sheet, line.row, "of"), message,
                                    N_("Write the id of a question, of its column, or a scale."))  # fmt: skip
        return found

    def _note_strays(self, options: Mapping[str, list[_Read]], anchors: Mapping[str, list[_Read]]) -> None:
        """Note options and anchors that belong to nothing there is; a name without dots is a scale."""
        for sheet, places in ((layout.OPTIONS, options), (layout.ANCHORS, anchors)):
            for place, lines in places.items():
                is_scale = sheet == layout.OPTIONS and "." not in place and "/" not in place
                if place in self._owned or is_scale:
                    continue
                near = nearest(place, sorted(self._owned))
                message = N_("There is no question or column “{name}”.")
                advice = N_("Did you mean “{near}”?") if near else N_(
                    "Write the id of a question, or of a question and its column: iv.grid/quality"
                )  # fmt: skip
                self._mistakes.note("writing.of-unknown", Spot(sheet, lines[0].row, "of"), message, advice,
                                    name=shown(place), near=near)  # fmt: skip

    def _of_questions(self, sheet: str, known: Iterable[str]) -> dict[str, list[_Read]]:
        found: dict[str, list[_Read]] = {}
        known = set(known)
        for line in self._lines[sheet]:
            if line.get("question") in known and line.get("question"):
                found.setdefault(line.get("question"), []).append(line)
            else:
                self._note_no_question(sheet, line, known)
        return found

    def _note_no_question(self, sheet: str, line: _Read, known: Iterable[str]) -> None:
        name = line.get("question")
        near = nearest(name, sorted(known)) if name else ""
        message = (
            N_("There is no question “{name}” on the sheet Questions.") if name else N_("The question is missing.")
        )
        advice = N_("Did you mean “{near}”?") if near else N_("Write the id of a question.")
        self._mistakes.note("writing.no-question", Spot(sheet, line.row, "question"), message, advice,
                            name=shown(name), near=near)  # fmt: skip

    def _conditions(self, known: set[str]) -> dict[str, tuple[_Read, Tables]]:
        found: dict[str, tuple[_Read, Tables]] = {}
        for line in self._lines[layout.CONDITIONS]:
            question = line.get("question")
            if question not in known or not question:
                self._note_no_question(layout.CONDITIONS, line, known)
            elif question in found:
                message = N_("The question “{name}” has two conditions.")
                self._mistakes.note("writing.two-conditions", Spot(layout.CONDITIONS, line.row, "question"), message,
                                    N_("Join them in one line with “and” or “or”."), name=shown(question))  # fmt: skip
            else:
                condition = self._condition(line, layout.CONDITIONS, "show_if")
                if condition is not None:
                    found[question] = (line, condition)
        return found

    def _condition(self, line: _Read, sheet: str, key: str) -> Tables | None:
        if not line.get(key):
            message = N_("The condition is missing.")
            self._mistakes.note("writing.no-condition", Spot(sheet, line.row, key), message,
                                N_("Write it like: iv.policy >= 1 and i.law = yes"))  # fmt: skip
            return None
        try:
            return parsed(line.get(key))
        except ConditionError as error:
            spot = Spot(sheet, line.row, key)
            self._mistakes.note("writing.condition", spot, error.message, error.advice, Severity.ERROR, **error.values)
            return None

    def _contradictions(self, section: str) -> list[Tables]:
        sections = {line.get("id") for line in self._lines[layout.SECTIONS]}
        found = []
        for line in self._lines[layout.CONTRADICTIONS]:
            named = line.get("section")
            spot = Spot(layout.CONTRADICTIONS, line.row)
            if named not in {section, *sections, ""} and section == "":
                near = nearest(named, sorted(sections))
                message = N_("There is no section “{name}”.")
                advice = N_("Did you mean “{near}”?") if near else N_("Write the id of a section, or nothing.")
                self._mistakes.note("writing.no-section", Spot(spot.sheet, line.row, "section"), message, advice,
                                    name=shown(named), near=near)  # fmt: skip
            if named != section:
                continue
            when = self._condition(line, layout.CONTRADICTIONS, "when")
            place = inside("", "section", section) if section else HEAD
            for where in (place, ""):
                self._spots.mark(inside(where, "contradiction", line.get("id")), spot)
            table = self._table(line, layout.CONTRADICTIONS, skip=("when", "section"))
            found.append({key: value for key, value in (("id", table.pop("id", "")), ("when", when)) if value} | table)
        return found

    def _scales(self) -> Tables:
        places = self._places_of_scales()
        for name, lines in places.items():
            self._mark_options(inside(HEAD, "scale", name), lines)
            self._spots.mark(inside(HEAD, "scales"), Spot(layout.OPTIONS, lines[0].row))
        return {name: [self._table(one, layout.OPTIONS, skip=("of",)) for one in lines]
                for name, lines in places.items()}  # fmt: skip

    def _places_of_scales(self) -> dict[str, list[_Read]]:
        found: dict[str, list[_Read]] = {}
        for line in self._lines[layout.OPTIONS]:
            name = line.get("of")
            if name and "." not in name and "/" not in name:
                found.setdefault(name, []).append(line)
        return found

    def _codes(self) -> Tables:
        found: dict[str, object] = {}
        known = SHEET[layout.CODES].column("list").choices
        for line in self._lines[layout.CODES]:
            name = line.get("list")
            if name not in known:
                near = nearest(name, known)
                message = N_("“{name}” is no list of codes.")
                advice = N_("Did you mean “{near}”?") if near else N_("Known are: {known}.")
                self._mistakes.note("writing.code-list", Spot(layout.CODES, line.row, "list"), message, advice,
                                    name=shown(name), near=near, known=listed(known))  # fmt: skip
                continue
            entries = found.setdefault(name, [])
            assert isinstance(entries, list), "made as a list"
            entries.append(self._table(line, layout.CODES, skip=("list",)))
            place = inside(inside(HEAD, "codes"), name, line.get("id") or str(len(entries)))
            self._spots.mark(place, Spot(layout.CODES, line.row))
        return dict(found)

    def _concepts(self) -> list[Tables]:
        for place, line in enumerate(self._lines[layout.CONCEPTS], start=1):
            spot = Spot(layout.CONCEPTS, line.row)
            self._spots.mark(inside(HEAD, "concept", line.get("id") or str(place)), spot)
        return [self._table(line, layout.CONCEPTS) for line in self._lines[layout.CONCEPTS]]

    def _column(
        self, line: _Read, question: str, options: Mapping[str, list[_Read]], anchors: Mapping[str, list[_Read]]
    ) -> Tables:
        table = self._table(line, layout.COLUMNS, skip=("question",))
        self._complete(table, f"{question}/{line.get('id')}", line, layout.COLUMNS, options, anchors)
        return table

    def _row(self, line: _Read) -> Tables:
        table = self._table(line, layout.ROWS, skip=("question", "required"))
        if line.get("required"):
            table["required"] = self._needed(line)
        return table

    def _needed(self, line: _Read) -> Tables:
        found: Tables = {}
        for part in line.get("required").split(";"):
            column, colon, options = part.partition(":")
            if part.strip() and not colon:
                message = N_("“{name}” does not say of which column these options are.")
                self._mistakes.note("writing.required", Spot(layout.ROWS, line.row, "required"), message,
                                    N_("Write it like: topics: age, sex; use: law"), name=shown(part))  # fmt: skip
            elif part.strip():
                found[column.strip()] = _names(options)
        return found

    def _table(self, line: _Read, sheet: str, skip: Iterable[str] = ()) -> Tables:
        found: Tables = {}
        for column in SHEET[sheet].columns:
            text = line.get(column.key)
            if text and column.key not in skip:
                value = self._value(text, column, Spot(sheet, line.row, column.key))
                if value is not None:
                    found[column.key] = value
        return found

    def _value(self, text: str, column: Column, spot: Spot) -> object:
        read: dict[Form, Callable[[], object]] = {
            Form.YES: lambda: self._yes(text, spot),
            Form.WHOLE: lambda: _whole(text),
            Form.SHARE: lambda: self._share(text),
            Form.NAMES: lambda: _names(text),
            Form.CHOICE: lambda: _choice(text, column.choices),
        }
        return read.get(column.form, lambda: text)()

    def _yes(self, text: str, spot: Spot) -> bool | None:
        said = text.casefold()
        if said in _YES or said in _NO:
            return said in _YES
        message = N_("“{name}” is neither yes nor no.")
        self._mistakes.note("writing.yes", spot, message, N_("Write yes or no, or leave it empty."), name=shown(text))
        return None

    @staticmethod
    def _share(text: str) -> object:
        said = text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
        number = exact_number(said)
        if number is None:
            return text
        try:
            decimal = Decimal(said)
        except InvalidOperation:
            return said
        return int(number) if number.denominator == 1 else decimal

    # -- places --------------------------------------------------------------------------------------------------------

    def _mark_questions(self, section: str, mine: Sequence[tuple[_Read, Tables]]) -> None:
        outer = inside("", "section", section)
        for place, (line, table) in enumerate(mine, start=1):
            question = line.get("id")
            where = inside(outer, "question", question or str(place))
            spot = Spot(layout.QUESTIONS, line.row)
            self._spots.mark(where, spot)
            self._spots.mark(inside("", "question", question), spot)
            for key in ("gate", "options"):
                self._spots.mark(
                    inside(where, key), Spot(spot.sheet, spot.row, "gate_column" if key == "gate" else key)
                )
            self._mark_inner(where, question, table)
        for line in self._lines[layout.CONDITIONS]:
            if line.get("question").split(".", 1)[0] == section:
                where = inside(inside(outer, "question", line.get("question")), "show_if")
                self._spots.mark(where, Spot(layout.CONDITIONS, line.row, "show_if"))

    def _mark_inner(self, where: str, question: str, table: Tables) -> None:
        self._mark_field(where, question)
        for sheet, word in ((layout.COLUMNS, "column"), (layout.ROWS, "row")):
            if word not in table:
                continue
            for place, line in enumerate(self._by_question(sheet).get(question, ()), start=1):
                inner = inside(where, word, line.get("id") or str(place))
                self._spots.mark(inner, Spot(sheet, line.row))
                if word == "column":
                    self._mark_field(inner, f"{question}/{line.get('id')}")

    def _by_question(self, sheet: str) -> dict[str, list[_Read]]:
        found = self._spots.found.get(sheet)
        if found is None:
            found = self._spots.found[sheet] = {}
            key = "of" if sheet in {layout.OPTIONS, layout.ANCHORS} else "question"
            for line in self._lines[sheet]:
                found.setdefault(line.get(key), []).append(line)
        return found

    def _mark_field(self, where: str, name: str) -> None:
        self._mark_options(where, self._by_question(layout.OPTIONS).get(name, ()))
        anchors = self._by_question(layout.ANCHORS).get(name, ())
        if anchors:
            self._spots.mark_anchors(where, Spot(layout.ANCHORS, anchors[0].row))

    def _mark_options(self, where: str, lines: Sequence[_Read]) -> None:
        for place, line in enumerate(lines, start=1):
            self._spots.mark(inside(where, "option", line.get("id") or str(place)), Spot(layout.OPTIONS, line.row))
        if lines:
            self._spots.mark(where, Spot(layout.OPTIONS, lines[0].row), is_fallback=True)

    # -- languages -----------------------------------------------------------------------------------------------------

    def _translations(self) -> Iterator[Translated]:
        grid = self._grids.get(layout.TRANSLATIONS)
        if grid is None or not grid.rows:
            return
        head = next((row for row in grid.rows[:_PATIENCE] if _heading(row[0] if row else "") == layout.KEY), None)
        if head is None:
            message = N_("The sheet has no column “key”, so nothing on it was read.")
            self._mistakes.note("writing.no-column", Spot(layout.TRANSLATIONS, 1), message,
                                N_("Copy it from the workbook that was made for you."))  # fmt: skip
            return
        at, titles = grid.rows.index(head), [clean_text(_plain(cell)).strip() for cell in head]
        source = next((place for place, one in enumerate(titles) if _heading(one) == layout.SOURCE), -1)
        seen: set[str] = set()
        for place, title in enumerate(titles):
            if not title or _heading(title) in {layout.KEY, layout.SOURCE}:
                continue
            language = title.split()[0].replace("_", "-")
            if not catalogues.is_language(language) or language.casefold() in seen:
                message = N_("“{name}” at the head of this column is no language, or is there twice.")
                advice = N_("Write the short name of the language: fr, ar, pt-BR.")
                self._mistakes.note("writing.language", Spot(layout.TRANSLATIONS, at + 1), message, advice,
                                    name=shown(title))  # fmt: skip
                continue
            seen.add(language.casefold())
            yield self._language(grid, at, (source, place), language)

    def _language(self, grid: Grid, at: int, columns: tuple[int, int], language: str) -> Translated:
        source, place = columns
        texts: dict[str, tuple[str, str]] = {}
        rows: dict[str, int] = {}
        headers: Line = {}
        for number, row in enumerate(grid.rows[at + 1 :], start=at + 1):
            key = clean_text(_plain(row[0] if row else "")).strip()
            said = self._cell(grid, number, place, row, None)
            if not key or not said:
                continue
            if key.startswith(layout.HEADER):
                headers[key.removeprefix(layout.HEADER)] = said
                continue
            original = self._cell(grid, number, source, row, None) if source >= 0 else ""
            texts[key], rows[key] = (original, said), number + 1
        return Translated(language=language, texts=texts, rows=rows, column=language, headers=headers)


def _known_name(name: str) -> str:
    known = {one.casefold(): one for one in (*SHEET, layout.INSTRUMENT, layout.TRANSLATIONS)}
    return known.get(name.strip().casefold(), name)


def _heading(cell: Cell) -> str:
    """Give the key that a heading means: "Show if *" is show_if."""
    return clean_text(_plain(cell)).replace("*", "").strip().casefold().replace(" ", "_")


def _plain(raw: Cell) -> str:
    match raw:
        case bool():
            return "yes" if raw else "no"
        case float():
            return str(int(raw)) if abs(raw) < _LARGEST and raw.is_integer() else repr(raw)
    return raw if isinstance(raw, str) else ""


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.replace(";", ",").replace("\n", ",").split(",") if name.strip()]


def _whole(text: str) -> object:
    is_whole = text.removeprefix("-").isdecimal() and text.isascii() and len(text) <= len(str(_LARGEST))
    return int(text) if is_whole else text


def _choice(text: str, known: Iterable[str]) -> str:
    """Give a choice as it is known, whatever its capital letters and spaces."""
    plain = {one.casefold(): one for one in known}
    return plain.get(text.casefold().replace(" ", "_"), text)


def _is_file_name(name: str) -> bool:
    stem = name.removesuffix(".toml")
    is_plain = stem.replace("-", "").replace("_", "").replace(".", "").isalnum() and stem.isascii()
    return name.endswith(".toml") and is_plain and not name.startswith(".") and name != HEAD and len(name) <= 80  # noqa: PLR2004 - as ids
