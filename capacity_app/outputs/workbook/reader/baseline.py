"""What every line said when the file was made, and what was changed in the notes and evidence of a row."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from operator import itemgetter
from typing import NamedTuple

from capacity_app.domain.assessment.answer_rules import effective_answer
from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerLayer,
    AnswerState,
    Content,
    answers_by_address,
)
from capacity_app.domain.questionnaire.instrument import GridRow, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.scoring.answer_sheet import lay_out_question
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.workbook.answer_cells import counted_answers, note_items
from capacity_app.outputs.workbook.reader.decoding import CellDecoder, same_text
from capacity_app.outputs.workbook.reader.hidden_sheets import NO, YES
from capacity_app.outputs.workbook.reader.lines import WorkbookLine
from capacity_app.outputs.workbook.reader.sheets import RawCell
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.outputs.workbook.table_questions import not_applicable_reason

_LAYERS = tuple(AnswerLayer)


class OriginalAnswer(NamedTuple):
    """What stood at one place: the answer there, whose it was, and whether agencies differed instead.

    An answer that says nothing is ``EMPTY_CONTENT`` itself. ``formerly`` is the text that version 0.6.0 showed of
    several.
    """

    content: Content = EMPTY_CONTENT
    respondent: str = ""
    is_conflict: bool = False
    formerly: str = ""


NO_ORIGINAL = OriginalAnswer()


class OriginalNote(NamedTuple):
    """A text among a row's notes: of which address, whether its "reason" or its "note", and before it the column."""

    address: Address
    name: str
    text: str
    prefix: str = ""

    @property
    def shown(self) -> str:
        return f"{self.prefix}{self.text}"


class OriginalRow(NamedTuple):
    """What stood in a table's row: its cells by column and the row itself under an empty name, and beside them.

    ``reason`` is what the cell "does not apply because" said, be it the answer's or the instrument's.
    """

    cells: Mapping[str, OriginalAnswer]
    reason: str
    notes: tuple[OriginalNote, ...]
    evidence: tuple[str, ...]

    @property
    def note(self) -> str:
        return "\n".join([one.shown for one in self.notes]) if self.notes else ""


class Baseline:
    """Gives what every place showed; ``words`` are in the language of the workbook."""

    def __init__(self, answers: Iterable[Answer], formatter: Formatter) -> None:
        self._answers = answers_by_address(answer for answer in answers if not answer.content.is_empty)
        self._formatter = formatter
        self._rows: dict[tuple[str, str], dict[str, list[Answer]]] = {}
        for at, said in self._answers.items():
            self._rows.setdefault((at.question, at.row), {})[at.column] = said
        self._empty: dict[str, Mapping[str, OriginalAnswer]] = {}
        self._prefixes: dict[tuple[str, str], str] = {}

    def question(self, question: Question) -> OriginalAnswer:
        """Return what stood beside a question that is no table, or on the line about a table as a whole."""
        return _original_answer(_in_listed_order(self._answers.get(Address(question.id), [])), question)

    def rows(self, question: Question) -> dict[str, OriginalRow]:
        """Return what stood in the rows of a table."""
        reasons = self._reasons(question)
        return {row.id: self._row(question, row, reasons.get(row.id, "")) for row in question.rows}

    def _reasons(self, question: Question) -> dict[str, str]:
        """Return why rows do not apply; laying a table out takes time, and few have such rows."""
        rows = [row for row in question.rows if self._may_be_out(question, row)]
        if not rows:
            return {}
        # A spare row is told by not being the first.
        kept = rows if rows[0] is question.rows[0] else [question.rows[0], *rows]
        block = lay_out_question(replace(question, rows=tuple(kept)), self._answers, {})
        return {row.id: not_applicable_reason(self._formatter, block, row) for row in rows}

    def _may_be_out(self, question: Question, row: GridRow) -> bool:
        given = self._rows.get((question.id, row.id), {})
        if row.preset_reason or "" in given:
            return True
        weighing = question.importance_column
        if weighing is None or weighing.id not in given:
            return False
        chosen = (weighing.option_by_id.get(str(answer.content.value)) for answer in given[weighing.id])
        return any(option is not None and option.not_applicable for option in chosen)

    def _row(self, question: Question, row: GridRow, reason: str) -> OriginalRow:
        given = self._rows.get((question.id, row.id))
        if not given:
            return OriginalRow(self._nothing(question), reason, (), ())
        said = {"": _in_listed_order(given.get("", []))}
        for column in question.columns:
            said[column.id] = _in_listed_order(given.get(column.id, []))
        every = [answer for answers in said.values() for answer in answers]
        cells = {name: _original_answer(answers, question.column_by_id.get(name)) for name, answers in said.items()}
        if len({(answer.key.layer, answer.key.respondent) for answer in every}) > 1:
            # Beside several voices stands nothing: what each of them noted is below, locked.
            return OriginalRow({name: _without_notes(name, cell) for name, cell in cells.items()}, reason, (), ())
        evidence = tuple(dict.fromkeys(entry for answer in every for entry in answer.content.evidence))
        return OriginalRow(cells, reason, tuple(self._noted(question, every)), evidence)

    def _nothing(self, question: Question) -> Mapping[str, OriginalAnswer]:
        """Return the cells of a row in which nobody has said anything."""
        if question.id not in self._empty:
            self._empty[question.id] = dict.fromkeys(("", *question.column_by_id), NO_ORIGINAL)
        return self._empty[question.id]

    def _noted(self, question: Question, answers: Iterable[Answer]) -> Iterator[OriginalNote]:
        for answer, name, text in note_items(answers):
            address = answer.key.address
            yield OriginalNote(address, name, text, self.prefix(question, address.column))

    def prefix(self, question: Question, column_id: str) -> str:
        """Return what stands before a note on a column: its name in the language of the workbook."""
        key = (question.id, column_id)
        if key not in self._prefixes:
            column = question.column_by_id.get(column_id)
            self._prefixes[key] = f"{self._formatter.column(question, column)}: " if column else ""
        return self._prefixes[key]


def _in_listed_order(said: list[Answer]) -> list[Answer]:
    """Return the answers of a place as they are listed: by layer, then by respondent."""
    if len(said) < 2:  # noqa: PLR2004 - two can be in order
        return said
    return sorted(said, key=lambda answer: (_LAYERS.index(answer.key.layer), answer.key.respondent))


def _original_answer(said: Sequence[Answer], asked: QuestionField | None) -> OriginalAnswer:
    """Return what counts, with the reason and note of the one voice there is, or whose answer counts."""
    if not said:
        return NO_ORIGINAL
    if len(said) == 1:
        # What cannot be read as an answer stands in no cell for answers.
        content = replace(said[0].content, value=None) if said[0].content.unread else said[0].content
        return OriginalAnswer(content, _respondent(said[0]))
    found = effective_answer(said, asked)
    counted = counted_answers(found, said)
    only = counted[0] if len(counted) == 1 else None
    beside = only.content if only else Content(reason=found.reason, evidence=found.evidence)
    state = AnswerState.NOT_ASKED if found.conflict else found.state
    content = replace(beside, state=state, value=None if found.conflict else found.value)
    respondent = _respondent(only) if only else ""
    formerly = next((value for _, value in found.voices if isinstance(value, str)), "")
    return OriginalAnswer(EMPTY_CONTENT if content.is_empty else content, respondent, bool(found.conflict), formerly)


def _respondent(answer: Answer) -> str:
    return answer.key.respondent if answer.key.layer is AnswerLayer.RESPONSE else ""


def _without_notes(column: str, shown: OriginalAnswer) -> OriginalAnswer:
    """Leave out what was not to be seen; why the row as a whole does not apply was."""
    content = shown.content
    reason = "" if column else content.reason
    seen = Content(state=content.state, value=content.value, reason=reason)
    return shown._replace(content=EMPTY_CONTENT if seen.is_empty else seen)


# What was changed in a cell that shows several things at once: the notes of a table's row, and the evidence.
#
# A row's notes are those on the row and, each after its column's name, those on its columns.


NOTE = "note"
_NUMBERED = re.compile(r"\[\d+\]")
_COLON = re.compile(r"\s?[:：﹕]\s?")
"""A colon with or without spaces around it, as it is written in French or in Chinese."""
_GRADED = re.compile(r"E\d\b")
NoteChanges = dict[tuple[Address, str], str]
"""The new text of a reason or note, by its address and name."""


def find_note_changes(
    text: str, row: Address, notes: Sequence[OriginalNote], prefixes: Mapping[str, str]
) -> NoteChanges | None:
    """Find whose notes were changed when a row's cell was; None where that cannot be told.

    ``prefixes`` are the words before a column's note, by the column's id.
    """
    if not notes:
        return {(row, NOTE): text}
    if len(notes) == 1 and not notes[0].prefix:
        return {(row, notes[0].name): text}
    shown = _note_pieces("\n".join(one.shown for one in notes), prefixes)
    if shown != [(one.address.column, one.text) for one in notes]:
        return None
    now = _note_pieces(text, prefixes)
    changes: NoteChanges = {}
    for column in dict.fromkeys(column for column, _ in (*shown, *now)):
        before = [one for one in notes if one.address.column == column]
        after = [piece for piece_column, piece in now if piece_column == column]
        address = Address(row.question, row.row, column)
        found = _match_pieces(address, before, after if column else ["\n".join(after)] if after else [])
        if found is None:
            return None
        changes |= found
    return changes


def _note_pieces(text: str, prefixes: Mapping[str, str]) -> list[tuple[str, str]]:
    """Cut notes where a line begins with the name of a column."""
    pieces: list[tuple[str, str]] = []
    for line in text.split("\n"):
        begun = {
            column: said for column, prefix in prefixes.items() if (said := _text_after_label(line, prefix)) is not None
        }
        if begun:
            column = max(begun, key=lambda one: len(prefixes[one]))
            pieces.append((column, begun[column]))
        elif pieces:
            pieces[-1] = (pieces[-1][0], f"{pieces[-1][1]}\n{line}")
        else:
            pieces.append(("", line))
    return [piece for piece in pieces if piece != ("", "")]


def _text_after_label(line: str, prefix: str) -> str | None:
    """Return what stands behind a column's name, whatever colon people write there; None if another text begins."""
    if line.startswith(prefix):
        return line.removeprefix(prefix)
    name = prefix.removesuffix(": ")
    found = _COLON.match(line, len(name)) if name and name != prefix and line.startswith(name) else None
    return line[found.end() :] if found else None


def _match_pieces(address: Address, before: Sequence[OriginalNote], after: Sequence[str]) -> NoteChanges | None:
    """Match the texts on one column with those before, in their order; None if one of two was changed and one lost."""
    if len(after) >= len(before):
        changes = {(address, one.name): text for one, text in zip(before, after, strict=False)}
        more = [changes.get((address, NOTE), ""), *after[len(before) :]]
        if len(after) > len(before):
            changes[address, NOTE] = "\n".join(text for text in more if text)
        return changes
    kept = list(after)
    changes = {}
    for one in before:
        stays = next((text for text in kept if same_text(text, one.text)), None)
        changes[address, one.name] = "" if stays is None else one.text
        if stays is not None:
            kept.remove(stays)
    return None if kept else changes


class EvidenceLines:
    """How each piece of evidence may read where it is named: "[3] E2 Statistics Act", by its id."""

    def __init__(self, entries: Mapping[str, Iterable[str]], gone: str) -> None:
        """Take the cells of the register's lines by id; ``gone`` is the pattern for one that is not there."""
        self._lines = {entry: _readings(list(cells)) for entry, cells in entries.items()}
        self._gone = gone
        self._seen: dict[str, str] = {}

    def shown(self, entries: Sequence[str]) -> str:
        """Return how evidence reads as far as it was met before: most of it is named often."""
        return "\n".join([self._seen.get(entry, "") for entry in entries]) if entries else ""

    def changed(self, text: str, shown: Sequence[str]) -> tuple[tuple[str, ...], str]:
        """Compare a cell with the evidence it named: which of it was taken out, and what was written besides.

        One whose number is still there was not taken out; what else its line says now is written besides.
        """
        rest, missing = text, []
        for entry in shown:
            found = next((line for line in self._of(entry) if _has_line(rest, line)), None)
            if found is None:
                missing.append(entry)
            else:
                self._seen[entry] = found
                rest = _without_line(rest, found)
        numbers = {number[0] for line in rest.split("\n") if (number := _NUMBERED.match(line))}
        if not self._lines:
            # The register is gone: what has any number counts for what was there.
            return tuple(missing[len(numbers) :]), rest.strip() if len(missing) != len(numbers) else _without_number(
                rest
            )
        return tuple(entry for entry in missing if self._number(entry) not in numbers), rest.strip()

    def _of(self, entry: str) -> tuple[str, ...]:
        return self._lines.get(entry) or (self._gone.format(id=entry),)

    def _number(self, entry: str) -> str:
        return self._of(entry)[0].partition(" ")[0]


def _readings(cells: Sequence[str]) -> tuple[str, ...]:
    """Combine a line's number, grade and any of its other texts, the longest first."""
    number = next((cell for cell in cells if _NUMBERED.fullmatch(cell)), "")
    grade = next((found[0] for cell in cells if (found := _GRADED.match(cell))), "")
    titles = sorted({*cells, ""}, key=len, reverse=True)
    return tuple(f"{number} {grade} {title}".rstrip() for title in titles)


def _without_number(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not _NUMBERED.match(line)).strip()


def _has_line(text: str, line: str) -> bool:
    return bool(line) and f"\n{line}\n" in f"\n{text}\n"


def _without_line(text: str, line: str) -> str:
    return f"\n{text}\n".replace(f"\n{line}\n", "\n", 1)[1:-1]


# What the cells of a line said when the file was made: a line nobody has touched is known by one comparison.


_OF_QUESTION = (
    ColumnSlot.STATE,
    ColumnSlot.ANSWER,
    ColumnSlot.REASON,
    ColumnSlot.NOTE,
    ColumnSlot.SOURCE,
    ColumnSlot.REMARKS,
)
_BESIDE_ROW = (ColumnSlot.REASON, ColumnSlot.NOTE, ColumnSlot.SOURCE, ColumnSlot.REMARKS)
_PickCells = Callable[[Sequence[RawCell]], tuple[RawCell, ...]]


def shown_in_cell(
    decoder: CellDecoder, question: Question, asked: QuestionField, shown: OriginalAnswer
) -> str | float | None:
    """Return what the cell of an answer said; words for states stand in the cells of tables only."""
    content = shown.content
    if content.state is AnswerState.ANSWERED:
        return decoder.shown(question, asked, content.value)
    if asked is question:
        return None
    if shown.is_conflict:
        return decoder.lists.differ
    return None if content.state is AnswerState.NOT_ASKED else decoder.lists.states[content.state]


class ExpectedLines:
    """Compares whole lines of one workbook with what stood there; a line that differs in anything is for reading."""

    def __init__(self, decoder: CellDecoder, evidence: EvidenceLines) -> None:
        self._decoder, self._evidence = decoder, evidence
        self._picks: dict[tuple[int, int, str], tuple[_PickCells, tuple[str, ...]] | None] = {}

    def is_question(self, line: WorkbookLine, question: Question, shown: OriginalAnswer) -> bool:
        """Return whether the line of a question says what it said; a checklist's options are for reading."""
        if question.kind.value_type is ValueType.OPTIONS or (picked := self._picked(line, "", _OF_QUESTION)) is None:
            return False
        cells, strange = picked
        content = shown.content
        return cells[0] in self._states(shown) and cells[1:] == (
            _as_cell_value(shown_in_cell(self._decoder, question, question, shown)),
            content.reason,
            content.note,
            self._evidence.shown(content.evidence),
            "",
            *strange,
        )

    def _states(self, shown: OriginalAnswer) -> tuple[str, ...]:
        """Return what the state may say: in a blank form nothing."""
        lists, state = self._decoder.lists, shown.content.state
        if shown.is_conflict:
            return (lists.differ,)
        return (lists.states[state], "") if state is AnswerState.NOT_ASKED else (lists.states[state],)

    def is_tick(self, line: WorkbookLine, *, tick: bool | None) -> bool:
        """Return whether the line of a checklist's option says what it said."""
        picked = self._picked(line, "", _OF_QUESTION)
        if picked is None:
            return False
        word = "" if tick is None else self._decoder.lists.ticks.by_id[YES if tick else NO]
        return picked[0] == ("", word, "", "", "", "", *picked[1])

    def is_whole(self, line: WorkbookLine, question: Question, shown: OriginalAnswer) -> bool:
        """Return whether the line about a table as a whole says what it said."""
        picked = self._picked(line, question.id, (*question.column_by_id, *_BESIDE_ROW))
        content = shown.content
        reason = content.reason if content.state is AnswerState.NOT_APPLICABLE else ""
        beside = (reason, content.note, self._evidence.shown(content.evidence), "")
        return picked is not None and picked[0] == (*[""] * len(question.columns), *beside, *picked[1])

    def is_row(self, line: WorkbookLine, question: Question, shown: OriginalRow) -> bool:
        """Return whether the line of a table's row says what it said."""
        picked = self._picked(line, question.id, (*question.column_by_id, *_BESIDE_ROW))
        if picked is None:
            return False
        cells, strange = picked
        decoder, by_column = self._decoder, shown.cells
        answers = [
            ""
            if (one := by_column[column.id]) is NO_ORIGINAL
            else _as_cell_value(shown_in_cell(decoder, question, column, one))
            for column in question.columns
        ]
        return cells == (*answers, shown.reason, shown.note, self._evidence.shown(shown.evidence), "", *strange)

    def _picked(
        self, line: WorkbookLine, name: str, slots: Sequence[str]
    ) -> tuple[tuple[RawCell, ...], tuple[str, ...]] | None:
        """Pick the cells of a line, and nothing for those where nothing belongs; None for a line that is not plain."""
        first = line.first
        if len(line.parts) > 1 or not line.is_whole or not first.sheet.is_plain:
            return None
        key = (id(first.sheet), id(first.ruler), name)
        if key not in self._picks:
            columns = [first.ruler.get(slot, ()) for slot in slots]
            strange = first.sheet.strange_to(first.ruler)
            is_plain = all(len(found) == 1 and found[0] < first.sheet.width for found in columns)
            pick = itemgetter(*chain.from_iterable(columns), *strange)
            self._picks[key] = (pick, ("",) * len(strange)) if is_plain else None
        found = self._picks[key]
        if found is None:
            return None
        cells = found[0](first.sheet.sheet.rows[first.row])
        # To Python a logical value equals the number one.
        return None if bool in map(type, cells) else (cells, found[1])


def _as_cell_value(shown: str | float | None) -> str | float:
    return "" if shown is None else shown
