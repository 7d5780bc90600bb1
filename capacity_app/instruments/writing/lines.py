"""The tables of an instrument as lines of sheets: a text for every cell, nothing where a default stands."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING

from capacity_app.instruments.shapes import (
    FieldTable,
    HeadFile,
    OptionTable,
    QuestionTable,
    RowTable,
    Table,
)
from capacity_app.instruments.writing import layout
from capacity_app.instruments.writing.conditions import written
from capacity_app.instruments.writing.layout import SHEET, Form

if TYPE_CHECKING:
    from capacity_app.instruments.writing.sources import Source

Line = dict[str, str]
"""What stands in a line, by the key of the column; empty cells are left out."""
Words = Mapping[tuple[str, str], str]
"""A wording in one language: by the key of a text and the text itself."""
_ENDING_PRIMES = (2, 5)
_MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """All that a workbook says: facts, lines by sheet, and the wording in other languages, with who stands for it."""

    facts: Line = field(default_factory=dict)
    sheets: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    texts: Sequence[tuple[str, str]] = ()
    languages: Mapping[str, Words] = field(default_factory=dict)
    headers: Mapping[str, Line] = field(default_factory=dict)
    has_examples: bool = False

    @property
    def is_supplement(self) -> bool:
        """Whether the questions are to be added to another questionnaire."""
        return bool(self.facts.get(layout.SUPPLEMENT_OF))


def lines_of(
    source: "Source",
    texts: Sequence[tuple[str, str]] = (),
    languages: Mapping[str, Words] | None = None,
    headers: Mapping[str, Line] | None = None,
) -> Lines:
    """Lay an instrument out; ``texts`` are its texts with their keys."""
    sheets: dict[str, list[Line]] = {name: [] for name in SHEET}
    for name, part in source.parts.items():
        sheets[layout.SECTIONS].append(_cells(part.section, layout.SECTIONS) | {"file": name})
        for question in part.question:
            _lay_out(question, sheets)
        sheets[layout.CONTRADICTIONS] += [
            _contradiction(entry.id, entry) | {"section": part.section.id} for entry in part.contradiction
        ]
    _lay_out_head(source.head, sheets)
    facts = _facts(source.head) if not source.base else {layout.SUPPLEMENT_OF: source.base}
    return Lines(facts=facts, sheets=sheets, texts=texts, languages=dict(languages or {}), headers=dict(headers or {}))


def _facts(head: HeadFile) -> Line:
    found = {column.key: _fact(head, column.key) for column in layout.FACTS}
    return {key: text for key, text in found.items() if text}


def _fact(head: HeadFile, key: str) -> str:
    if key not in layout.THRESHOLDS:
        return str(getattr(head.instrument, key))
    value, default = (getattr(one, key) for one in (head.thresholds, type(head.thresholds)()))
    return "" if value == default else share_text(value)


def _lay_out_head(head: HeadFile, sheets: dict[str, list[Line]]) -> None:
    scales = [line for name, options in head.scales.items() for line in _options(name, options)]
    sheets[layout.OPTIONS][:0] = scales
    sheets[layout.CONCEPTS] += [_cells(concept, layout.CONCEPTS) for concept in head.concept]
    sheets[layout.CONTRADICTIONS][:0] = [_contradiction(entry.id, entry) for entry in head.contradiction]
    for name in head.codes.__struct_fields__:
        sheets[layout.CODES] += [
            {"list": name, "id": code.id, "label": code.label} for code in getattr(head.codes, name)
        ]


def _contradiction(name: str, entry: "object") -> Line:
    when, message = getattr(entry, "when", None), str(getattr(entry, "message", ""))
    return _filled({"id": name, "when": written(when) if when else "", "message": message})


def _lay_out(question: QuestionTable, sheets: dict[str, list[Line]]) -> None:
    line = _field(question, layout.QUESTIONS, question.id, sheets)
    if question.gate is not None:
        line["gate_column"] = question.gate.column
        line["gate_answers"] = ", ".join(question.gate.answers)
        line["gate_settles"] = ", ".join(question.gate.settles)
    sheets[layout.QUESTIONS].append(_ordered(line, layout.QUESTIONS))
    if question.show_if is not None:
        sheets[layout.CONDITIONS].append({"question": question.id, "show_if": written(question.show_if)})
    for row in question.row:
        sheets[layout.ROWS].append(_row(row, question.id))
    for column in question.column:
        cells = _field(column, layout.COLUMNS, f"{question.id}/{column.id}", sheets)
        sheets[layout.COLUMNS].append(_ordered({"question": question.id} | cells, layout.COLUMNS))


def _row(row: RowTable, question: str) -> Line:
    needed = "; ".join(f"{column}: {', '.join(options)}" for column, options in row.required.items())
    cells = {"question": question} | _cells(row, layout.ROWS) | {"required": needed}
    return _ordered(_filled(cells), layout.ROWS)


def _field(table: FieldTable, sheet: str, place: str, sheets: dict[str, list[Line]]) -> Line:
    """Lay out what questions and columns have in common; options and anchors go to sheets of their own."""
    cells = _cells(table, sheet)
    if isinstance(table.options, str):
        cells["options"] = table.options
    else:
        cells.pop("options", None)
        sheets[layout.OPTIONS] += _options(place, table.options)
    for level in range(max(len(table.anchors), len(table.actions) + 1 if table.actions else 0)):
        said = {
            "of": place,
            "level": str(level),
            "sentence": table.anchors[level] if level < len(table.anchors) else "",
            "action": table.actions[level - 1] if 0 < level <= len(table.actions) else "",
        }
        sheets[layout.ANCHORS].append(_filled(said))
    return cells


def _options(of: str, options: Iterable[OptionTable]) -> Iterator[Line]:
    for option in options:
        yield {"of": of} | _cells(option, layout.OPTIONS)


def _cells(table: Table, sheet: str) -> Line:
    """Write what differs from its default, and what must be given."""
    found: Line = {}
    default = type(table)()
    for column in SHEET[sheet].columns:
        value = getattr(table, column.key, None)
        if value is None or column.form is Form.NEEDED:
            continue
        if column.is_required or value != getattr(default, column.key):
            found[column.key] = _text(value)
    return _filled(found)


def _text(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case Fraction():
            return share_text(value)
        case Enum():
            return str(value.value)
        case tuple():
            return ", ".join(map(str, value))
    return str(value)


def share_text(value: Fraction) -> str:
    """Write a number exactly: 1, 0.25, 1/3."""
    rest = value.denominator
    for prime in _ENDING_PRIMES:
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return str(value)
    decimals = next((n for n in range(_MOST_DECIMALS + 1) if (value * 10**n).denominator == 1), None)
    if decimals is None:
        return str(value)
    if not decimals:
        return str(value)
    whole = str(int(value * 10**decimals)).rjust(decimals + 1, "0")
    return f"{whole[:-decimals]}.{whole[-decimals:]}"


def _filled(line: Line) -> Line:
    return {key: text for key, text in line.items() if text}


def _ordered(line: Line, sheet: str) -> Line:
    keys = [column.key for column in SHEET[sheet].columns]
    return dict(sorted(line.items(), key=lambda item: keys.index(item[0])))
