"""Reading one line: cell by cell, each beside what it showed, with a problem wherever reading would be guessing."""

from collections.abc import Callable
from dataclasses import field, replace
from typing import TypeVar

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, Content
from capacity_app.domain.assessment.returned_files import ReturnedAnswer, ReturnedRemark, UnplacedText
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.outputs.workbook.reader.baseline import EvidenceLines, OriginalAnswer, shown_in_cell
from capacity_app.outputs.workbook.reader.decoding import (
    CellDecoder,
    DecodedCell,
    UnreadableCellError,
    decode_text,
    is_empty,
    same_text,
)
from capacity_app.outputs.workbook.reader.lines import PART_MISSING, WorkbookLine, texts_outside
from capacity_app.outputs.workbook.reader.sheets import RawCell
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot

_BESIDE = frozenset({ColumnSlot.NOTE, ColumnSlot.SOURCE, ColumnSlot.REMARKS})
"""Cells of texts beside an answer."""
NOT_REGISTERED = N_("No entry of the list has this name.")
_T = TypeVar("_T")


@dataclass(slots=True)
class LinesRead:
    """What was read from some lines."""

    answers: list[ReturnedAnswer] = field(default_factory=list)
    remarks: list[ReturnedRemark] = field(default_factory=list)
    unplaced: list[UnplacedText] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, other: "LinesRead") -> None:
        """Take in what was read from other lines."""
        self.answers += other.answers
        self.remarks += other.remarks
        self.unplaced += other.unplaced
        self.problems += other.problems

    @property
    def is_untouched(self) -> bool:
        """Return whether nobody has changed or written anything there."""
        is_edited = any(answer.is_edited for answer in self.answers)
        return not (is_edited or self.remarks or self.unplaced or self.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookSender:
    """Who sends a workbook back, as its first sheet says."""

    agency: str = ""
    person: str = ""
    date: str = ""


class LineReader:
    """Reads one line; every cell that cannot be read becomes a problem, and what was shown there stays."""

    def __init__(
        self, line: WorkbookLine, decoder: CellDecoder, evidence: EvidenceLines, sender: WorkbookSender
    ) -> None:
        self.line, self.decoder, self.evidence, self.sender = line, decoder, evidence, sender
        self.found = LinesRead()
        self.wrong: dict[str, str] = {}
        """Where a problem is, by slot."""
        self.elsewhere: dict[str, str] = {}
        """Where what counts for a slot was changed, if on another line: a checklist's first changed option."""
        first = line.first
        is_simple = len(line.parts) == 1 and first.sheet.is_plain
        self._cells = first.sheet.sheet.rows[first.row] if is_simple else ()

    def look_outside(self) -> None:
        """Keep what stands in columns that belong to no question."""
        for part in self.line.parts:
            if strange := part.sheet.strange_to(part.ruler):
                self.found.unplaced += texts_outside(part.sheet, part.row, strange)

    @property
    def is_whole(self) -> bool:
        """Tell, and note if not, whether all parts of the line are there."""
        if not self.line.is_whole:
            self.refuse(ColumnSlot.ANSWER, UnreadableCellError("part", PART_MISSING))
        return self.line.is_whole

    def refuse(self, slot: str, error: UnreadableCellError) -> None:
        """Note why a cell cannot be read."""
        place = self.line.place(slot)
        self.wrong.setdefault(slot, place)
        self.found.problems.append(error.problem(place, self.line.said(slot)))

    def attempt(self, slot: str, read: Callable[[], _T], instead: _T) -> _T:
        """Read a cell, or note why it cannot be read."""
        try:
            return read()
        except UnreadableCellError as error:
            self.refuse(slot, error)
            return instead

    def warn(self, code: str, slot: str, message: str, **values: str) -> None:
        """Say what should be known and stops nothing."""
        place = self.line.place(slot)
        self.found.problems.append(
            Problem(f"cell.{code}", place, message, values=tuple(values.items()), severity=ProblemSeverity.WARNING)
        )

    def text(self, slot: str, shown: str) -> str:
        """Read a text; the one that was shown where nobody has changed it."""
        return shown if self._is_untouched(slot, shown) else self.attempt(slot, lambda: self._text(slot, shown), shown)

    def _text(self, slot: str, shown: str) -> str:
        text = decode_text(self.line.raw(slot, shown))
        return shown if same_text(text, shown) else text

    def _is_untouched(self, slot: str, shown: str | float) -> bool:
        """Return whether a plain cell says exactly what it showed, as nearly all do; a quick look before reading."""
        cells, columns = self._cells, self.line.first.ruler.get(slot, ())
        if len(columns) != 1 or columns[0] >= len(cells):
            return False
        raw = cells[columns[0]]
        return raw == shown and raw is not True and raw is not False

    def remark(self, address: Address) -> None:
        """Read the remarks of a line."""
        if text := self.text(ColumnSlot.REMARKS, ""):
            self.add_remark(address, ColumnSlot.REMARKS, text)

    def add_remark(self, address: Address, slot: str, text: str) -> None:
        self.found.remarks.append(remark_on(address, text, self.line.place(slot), self.sender))

    def answer(self, question: Question, asked: QuestionField, slot: str, shown: OriginalAnswer) -> DecodedCell | None:
        """Read an answer; None where nobody has changed it, or it cannot be read."""
        before = shown_in_cell(self.decoder, question, asked, shown)
        if self._is_untouched(slot, "" if before is None else before):
            return None
        return self.attempt(slot, lambda: self._answer(question, asked, slot, shown, before), None)

    def _answer(
        self, question: Question, asked: QuestionField, slot: str, shown: OriginalAnswer, before: str | float | None
    ) -> DecodedCell | None:
        is_cell = asked is not question
        raw = self.line.raw(slot, before if isinstance(before, str) else "")
        if is_same(raw, before):
            return None
        if asked.kind.value_type is ValueType.PERCENT and isinstance(raw, float) and self.line.is_percent(slot):
            raw = round(raw * 100, 10)
        said = self.decoder.answer(question, asked, raw, is_cell=is_cell)
        place = self.line.place(slot)
        self.found.unplaced += [UnplacedText(place=place, text=name, reason=NOT_REGISTERED) for name in said.strange]
        if said.strange and said.value is None:
            return None
        content = shown.content
        return None if (said.state, said.value) == (content.state, content.value) and is_cell else said

    def tick(self) -> bool | None:
        """Read whether an option is ticked; raises Unreadable."""
        return self.decoder.tick(self.line.raw(ColumnSlot.ANSWER))

    def sources(self, address: Address, shown: tuple[str, ...]) -> tuple[str, ...]:
        """Read which evidence was taken out of a cell; what was named besides is a remark, for it is in no register."""
        shown = tuple(dict.fromkeys(shown))
        if self._is_untouched(ColumnSlot.SOURCE, self.evidence.shown(shown)):
            return ()
        text = self.text(ColumnSlot.SOURCE, "")
        if not text and not shown:
            return ()
        if ColumnSlot.SOURCE in self.wrong or not self.line.has(ColumnSlot.SOURCE):
            return ()
        removed, more = self.evidence.changed(text, shown)
        if more:
            self.add_remark(address, ColumnSlot.SOURCE, more)
        return removed

    def returned(self, address: Address, shown: OriginalAnswer, now: Content, slots: tuple[str, ...]) -> None:
        """Add an answer that says something or was changed, with the cell where it is; ``slots`` are its cells.

        That is the first that was changed, which is given first. A cell with a problem is refused by itself where it
        holds a text beside the answer; elsewhere the answer is refused with it.
        """
        if shown.formerly and now.value == shown.formerly:
            now = replace(now, value=shown.content.value)
        wrong = sorted((slot for slot in slots if slot in self.wrong), key=_BESIDE.__contains__)
        if not (wrong or now != EMPTY_CONTENT or shown.content != EMPTY_CONTENT):
            return
        place = self.elsewhere.get(slots[0]) or self.line.place(slots[0])
        answer = ReturnedAnswer(
            address=address, before=shown.content, now=now, respondent=shown.respondent, place=place
        )
        if not wrong or (wrong[0] in _BESIDE and answer.is_edited):
            # A note that cannot be read does not cost the answer beside it.
            self.found.answers.append(answer)
        if wrong:
            self.found.answers.append(replace(answer, now=shown.content, place=self.wrong[wrong[0]]))


def remark_on(address: Address, text: str, place: str, sender: WorkbookSender) -> ReturnedRemark:
    return ReturnedRemark(address=address, text=text, place=place, author=sender.person, date=sender.date)


def is_same(raw: RawCell, shown: str | float | None) -> bool:
    """Return whether a cell says what it showed."""
    if shown is None:
        return raw == "" or is_empty(raw)
    if isinstance(shown, str):
        return isinstance(raw, str) and same_text(raw, shown)
    return raw == shown and not isinstance(raw, bool)
