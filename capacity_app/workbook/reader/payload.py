"""What a workbook holds for programs: what it says of itself, the words of its lists, and its recorded answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import itemgetter

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State, Value
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.revisions import RevisionId
from capacity_app.domain.verification import Stamp, stamp_of
from capacity_app.workbook import layout
from capacity_app.workbook.reader.sheets import Book, Raw, Sheet

NOT_OURS = "no workbook of this program"
NEWER = N_("“{file}” was made by a newer version of this program: update the program to read it.")
_LISTED = frozenset({Kind.CHECKLIST, Kind.AGENCY, Kind.SOURCE, Kind.COUNTRY})
_WHOLE = frozenset({Kind.LEVEL, Kind.INTEGER, Kind.YEAR})
_COLUMNS: Mapping[str, Sequence[str]] = {
    layout.META_SHEET: layout.META_COLUMNS,
    layout.LISTS_SHEET: layout.LIST_COLUMNS,
    layout.HEADS_SHEET: layout.HEAD_COLUMNS,
    layout.ANSWERS_SHEET: layout.ANSWER_COLUMNS,
    layout.SCORES_SHEET: layout.SCORE_COLUMNS,
    layout.GAPS_SHEET: layout.GAP_COLUMNS,
    layout.ACTIONS_SHEET: layout.ACTION_COLUMNS,
}
"""The sheets for programs and how their first line reads, by which they are known under any name."""
_STATES = {state.value: state for state in State}
_LAYERS = {layer.value: layer for layer in Layer}
_KEYS = 5
"""The columns that say which answer it is."""
Line = dict[str, Raw]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a workbook says of itself: enough to find the instrument it was made from, before its answers are read."""

    stamp: Stamp
    instrument_hash: str = ""
    supplements: tuple[str, ...] = ()
    sheet_names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The names that sheets had when the file was made, by what they are."""


def machine_name(sheet: Sheet) -> str:
    """Return which of the sheets for programs this is, by its first line; empty if it is none."""
    first = {cell for cell in sheet.rows[0] if cell} if sheet.rows else set()
    return next((name for name, columns in _COLUMNS.items() if first and first >= set(columns)), "")


def columns_of(sheet: Sheet | None, names: Sequence[str]) -> Iterator[tuple[Raw, ...]]:
    """Go through some columns of a sheet for programs, by their names."""
    if sheet is None or not sheet.rows:
        return iter(())
    pick = itemgetter(*(sheet.rows[0].index(name) for name in names))
    return map(pick, sheet.rows[1:])


def table(sheet: Sheet | None) -> Iterator[Line]:
    """Go through the lines of a sheet for programs, each by its columns' names."""
    if sheet is None or not sheet.rows:
        return
    names = [str(cell) for cell in sheet.rows[0]]
    for row in sheet.rows[1:]:
        yield dict(zip(names, row, strict=False))


def identity_in(book: Book, file: str) -> Identity:
    """Read the hidden sheet; raises ValueError if there is none, KnownError if its format is a newer one."""
    sheet = _meta_sheet(book)
    said = {str(line.get("key", "")): _text(line.get("value", "")) for line in table(sheet)}
    if not said.get("format") or not said.get("instrument"):
        raise ValueError(NOT_OURS)
    if not said["format"].isdecimal() or int(said["format"]) > int(layout.FORMAT):
        raise KnownError(NEWER, file=file)
    supplements = tuple(part for part in said.get("supplements", "").split(layout.LIST_JOINT) if part)
    names = {key.removeprefix("sheet "): value for key, value in said.items() if key.startswith("sheet ")}
    return Identity(
        stamp=stamp_of(said),
        instrument_hash=said.get("instrument_hash", ""),
        supplements=supplements,
        sheet_names=names,
    )


def _meta_sheet(book: Book) -> Sheet | None:
    if layout.META_SHEET in book.names:
        return book.sheet(layout.META_SHEET)
    every = (book.sheet(name) for name in book.names)
    return next((sheet for sheet in every if machine_name(sheet) == layout.META_SHEET), None)


def _text(value: Raw) -> str:
    """Return a cell as text; a spreadsheet may have made a number of one."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# -- recorded answers ----------------------------------------------------------------------------------------------


def recorded_answers(sheet: Sheet | None, instrument: Instrument) -> tuple[Answer, ...]:
    """Read the answers as they were stored; raises ValueError if the sheet is gone or a line of it makes no sense."""
    if sheet is None:
        raise ValueError(layout.ANSWERS_SHEET)
    lines = columns_of(sheet, layout.ANSWER_COLUMNS)
    kinds = _kinds(instrument)
    # Sorted as answers are, by question, row, column, layer and respondent, whatever somebody has sorted them by.
    return tuple(
        _answer(line, kinds) for line in sorted(_joined(lines), key=lambda line: tuple(map(str, line[:_KEYS])))
    )


def _joined(lines: Iterable[tuple[Raw, ...]]) -> Iterable[tuple[Raw, ...]]:
    """Join the parts of long texts, in whichever order the lines stand."""
    whole: dict[tuple[Raw, ...], tuple[Raw, ...]] = {}
    parts: list[tuple[int, tuple[Raw, ...], tuple[Raw, ...]]] = []
    for line in lines:
        key, part = line[:_KEYS], line[-1]
        if part == 1:
            if key in whole:
                raise ValueError(key)
            whole[key] = line
        elif any(key):
            parts.append((int(_text(part)), key, line))
    for _, key, line in sorted(parts, key=lambda part: part[0]):
        before = whole[key]
        added = (b if a == "" else f"{b}{a}" for b, a in zip(before[_KEYS + 1 : -1], line[_KEYS + 1 : -1], strict=True))
        whole[key] = (*before[: _KEYS + 1], *added, before[-1])
    return whole.values()


def _kinds(instrument: Instrument) -> dict[tuple[str, str], Kind]:
    questions = tuple(instrument.questions())
    kinds = {(question.id, ""): question.kind for question in questions}
    return kinds | {(question.id, column.id): column.kind for question in questions for column in question.columns}


def _answer(line: tuple[Raw, ...], kinds: Mapping[tuple[str, str], Kind]) -> Answer:
    value, evidence = line[6], line[9]
    question, row, column, layer, respondent, said, _, reason, note, _, author, time, language, _ = map(str, line)
    if not question:
        raise ValueError(line)
    state = _STATES[said]
    kind = None if row and not column else kinds.get((question, column))
    return Answer(
        key=AnswerKey(Address(question, row, column), _LAYERS[layer], respondent),
        content=Content(
            state=state,
            value=_value(value, kind) if state is State.ANSWERED else None,
            reason=reason,
            note=note,
            evidence=_ids(evidence),
        ),
        author=author,
        time=time,
        language=language,
    )


def _ids(cell: Raw) -> tuple[str, ...]:
    return tuple(str(cell).split(layout.LIST_JOINT)) if cell != "" else ()


def _value(cell: Raw, kind: Kind | None) -> Value:
    if kind in _LISTED:
        return _ids(cell)
    if cell == "":
        return None
    if kind in _WHOLE and isinstance(cell, float):
        return int(cell)
    if kind is Kind.PERCENT and isinstance(cell, float):
        return percent_text(Decimal(str(cell)))
    return _text(cell)


def percent_text(number: Decimal) -> str:
    return format(number.normalize(), "f")


def recorded_heads(sheet: Sheet | None) -> tuple[tuple[AnswerKey, tuple[RevisionId, ...]], ...]:
    """Read on which revisions the answers stood; raises ValueError if the sheet is gone or makes no sense."""
    if sheet is None:
        raise ValueError(layout.HEADS_SHEET)
    return tuple(
        (
            AnswerKey(Address.parse(str(line["address"])), Layer(str(line["layer"])), str(line["respondent"])),
            tuple(map(RevisionId.parse, _ids(line["heads"]))),
        )
        for line in table(sheet)
        if any(cell != "" for cell in line.values())
    )
