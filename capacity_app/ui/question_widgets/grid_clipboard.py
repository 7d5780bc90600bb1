"""Blocks of a table as tab-separated text, to and from a spreadsheet: read completely before anything is stored."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue, Content
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import strip_invisible
from capacity_app.domain.questionnaire.answer_keys import YES_NO_KEYS
from capacity_app.domain.questionnaire.instrument import GridColumn, Question
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.text_search import fold_text
from capacity_app.i18n.formatter import YES_NO_LABELS
from capacity_app.ui.question_widgets.choice_editors import entries_for, find_named
from capacity_app.ui.question_widgets.typed_editors import EditedField, parse_typed, typed
from capacity_app.ui.session.formatters import STATE_TITLES, SessionFormatter

_BETWEEN = r"([;；؛،、\n])"
"""What stands between the entries of a list, in any script; "،" and "、" may also stand inside an entry."""
_MOST_COMMAS = 8
"""So many separators are looked for inside one name."""
_SURELY_BETWEEN = frozenset(";；؛\n")
_REASON = "[:：]"
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=\t|\n|\Z)')


@dataclass(frozen=True, slots=True)
class PasteProposal:
    """What a paste would do: contents by address, and a sentence for every piece that does not fit."""

    contents: tuple[tuple[Address, Content], ...]
    problems: tuple[str, ...]


def to_tsv(rows: Iterable[Sequence[str]]) -> str:
    """Write cells so that spreadsheets read them back: quoted where a cell holds tabs, quotes or line ends."""
    out = io.StringIO()
    csv.writer(out, dialect="excel-tab", lineterminator="\n").writerows(rows)
    return out.getvalue().removesuffix("\n")


def from_tsv(text: str) -> list[list[str]]:
    """Read what a spreadsheet put on the clipboard."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    rows: list[list[str]] = [[]] if text else []
    at = 0
    while text and at <= len(text):
        cell, at = _cell_from(text, at)
        rows[-1].append(cell)
        if at < len(text) and text[at] == "\n":
            rows.append([])
        at += 1
    return rows


def _cell_from(text: str, start: int) -> tuple[str, int]:
    """Read one cell and give where it ends.

    Quotes enclose a cell only if they also end it: spreadsheets do not quote every text that begins with one.
    """
    quoted = _QUOTED.match(text, start)
    if quoted is not None:
        return quoted[1].replace('""', '"'), quoted.end()
    end = next((at for at in range(start, len(text)) if text[at] in "\t\n"), len(text))
    return text[start:end], end


def repeat_block(block: list[list[str]], lines: int, columns: int) -> list[list[str]]:
    """Repeat a block over a larger selection that it fills evenly, as spreadsheets do; else leave it as it is."""
    high, wide = len(block), max((len(row) for row in block), default=0)
    is_even = high and wide and lines % high == 0 and columns % wide == 0
    if not is_even or (lines <= high and columns <= wide) or any(len(row) != wide for row in block):
        return block
    return [block[line % high] * (columns // wide) for line in range(lines)]


def format_cell(wording: SessionFormatter, question: Question, column: GridColumn, content: Content) -> str:
    """Write an answer as it is pasted back: words, not codes."""
    if content.state is AnswerState.ANSWERED and column.kind.info.is_typed:
        return typed(content.value)
    if content.state is AnswerState.ANSWERED and isinstance(content.value, tuple):
        return _listed(wording, question, column, content.value)
    return wording.content(question, column, content, is_short=True)


def _listed(wording: SessionFormatter, question: Question, column: GridColumn, values: tuple[str, ...]) -> str:
    if column.kind.value_type is ValueType.ENTRIES:
        return "; ".join(wording.picked(column.kind, value) for value in values)
    labels = [wording.option(question, column, option) for option in column.options if option.id in values]
    return "; ".join(labels) or wording.texts.gettext("none of these")


def _state_words(state: AnswerState, wording: SessionFormatter) -> set[str]:
    """Return a state's word in the window's language and in English."""
    return {fold_text(wording.state(state)), fold_text(STATE_TITLES[state])}


def _read_state(text: str, wording: SessionFormatter) -> Content | None:
    said, reason = (*re.split(_REASON, text, maxsplit=1), "")[:2]
    if fold_text(said).strip() in {*_state_words(AnswerState.NOT_APPLICABLE, wording), "n/a"}:
        return Content(state=AnswerState.NOT_APPLICABLE, reason=reason.strip())
    for state in (AnswerState.UNKNOWN, AnswerState.DECLINED):
        if fold_text(text).strip() in _state_words(state, wording):
            return Content(state=state)
    return None


def _level(text: str, anchors: Sequence[str]) -> AnswerValue:
    plain = strip_invisible(text).strip()
    start = plain[:1]
    if start.isdecimal() and int(start) < len(anchors) and not plain[1:2].isdecimal():
        return int(start)
    return next((level for level, anchor in enumerate(anchors) if fold_text(anchor) == fold_text(text).strip()), None)


def _choices(asked: EditedField) -> list[tuple[str, str]]:
    wording, field = asked.wording, asked.field
    if field.kind.value_type is ValueType.OPTION and field.kind.info.fixed:
        said = [(word, wording.texts.gettext(label)) for word, label in YES_NO_LABELS.items()]
        return [*said, *YES_NO_LABELS.items(), *YES_NO_KEYS.items()]
    if field.kind.info.has_options:
        return [(option.id, wording.option(asked.question, field, option)) for option in field.options]
    return entries_for(asked)


def _many(asked: EditedField, text: str) -> tuple[AnswerValue, str]:
    texts = asked.wording.texts
    is_none = fold_text(text).strip() == fold_text(texts.gettext("none of these"))
    if is_none and asked.field.kind.value_type is ValueType.OPTIONS:
        return (), ""
    found, unknown = entries_in(text, _choices(asked))
    if unknown:
        return None, texts.gettext("“{text}” is not on the list.").format(text="; ".join(unknown))
    return tuple(dict.fromkeys(found)), ""


def entries_in(text: str, offered: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Read a list of names as entries (ids); what is not among the offered ones comes second.

    The longest name wins, so that one with a comma in it is not taken apart.
    """
    pieces = re.split(_BETWEEN, text)
    found: list[str] = []
    unknown: list[str] = []
    at = 0
    while at < len(pieces):
        ends = range(min(len(pieces), at + 2 * _MOST_COMMAS + 1), at, -2)
        named = ((end, find_named("".join(pieces[at:end]), offered)) for end in ends)
        end, entry = next(((end, entry) for end, entry in named if entry is not None), (at + 1, None))
        if entry is not None:
            found.append(entry)
        elif pieces[at].strip():
            while end < len(pieces) and pieces[end] not in _SURELY_BETWEEN:
                end += 2
            unknown.append("".join(pieces[at:end]).strip())
        at = end + 1
    return found, unknown


def _read_value(asked: EditedField, text: str) -> tuple[AnswerValue, str]:
    kind, texts = asked.field.kind, asked.wording.texts
    match kind.value_type:
        case ValueType.TEXT | ValueType.INTEGER | ValueType.PERCENT | ValueType.DATE:
            return parse_typed(asked.field, text, texts)
        case ValueType.LEVEL:
            level = _level(text, asked.wording.anchors(asked.question, asked.field))
            return level, "" if level is not None else texts.gettext("“{text}” is not on the list.").format(text=text)
        case ValueType.OPTIONS | ValueType.ENTRIES:
            return _many(asked, text)
        case ValueType.OPTION:
            value = find_named(text, _choices(asked))
            return value, "" if value is not None else texts.gettext("“{text}” is not on the list.").format(text=text)
        case ValueType.CELLS:
            raise ValueError(kind)
        case unknown:
            assert_never(unknown)


def parse_pasted_cell(asked: EditedField, text: str, before: Content) -> tuple[Content | None, str]:
    """Read one pasted cell: the new content (None: leave it as it is), or a sentence why it does not fit."""
    if not text.strip():
        return None, ""
    state = _read_state(text, asked.wording)
    if state is not None:
        if state.state is AnswerState.NOT_APPLICABLE and not state.reason:
            return None, asked.wording.texts.gettext("“Not applicable” needs a reason: “Not applicable: …”.")
        return replace(state, note=before.note, evidence=before.evidence), ""
    value, problem = _read_value(asked, text)
    if problem:
        return None, problem
    return replace(before, state=AnswerState.ANSWERED, value=value, reason=""), ""


def parse_pasted_block(
    block: Sequence[Sequence[str]],
    places: Sequence[Sequence[Address | None]],
    read: Callable[[Address, str], tuple[Content | None, str]],
    wording: SessionFormatter,
) -> PasteProposal:
    contents: list[tuple[Address, Content]] = []
    problems: list[str] = []
    for number, (cells, row_places) in enumerate(zip(block, places, strict=True), 1):
        for across, (text, address) in enumerate(zip(cells, row_places, strict=True), 1):
            if not text.strip():
                continue
            if address is None:
                said = wording.texts.gettext("Line {line}, cell {cell}: “{text}” has no place in the table.")
                problems.append(said.format(line=number, cell=across, text=text))
                continue
            content, problem = read(address, text)
            if problem:
                problems.append(f"{wording.place(address)}: {problem}")
            elif content is not None:
                contents.append((address, content))
    return PasteProposal(tuple(contents), tuple(problems))
