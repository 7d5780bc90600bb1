"""The answers of a workbook as they stand in it now, beside what it showed when it was made.

Where a person changed one of two cells that belong together, such as an answer and its state, the changed one counts:
people fill in the one and forget the other. Where they changed both, and the two contradict, nobody guesses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.returned_files import ReturnedAnswer, UnplacedText
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import GridRow, Instrument, Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.outputs.workbook.reader.baseline import (
    NO_ORIGINAL,
    NOTE,
    Baseline,
    EvidenceLines,
    ExpectedLines,
    NoteChanges,
    OriginalAnswer,
    OriginalRow,
    find_note_changes,
)
from capacity_app.outputs.workbook.reader.decoding import (
    ADVICE,
    EMPTY_ANSWER,
    CellDecoder,
    DecodedCell,
    UnreadableCellError,
    quote_cell,
)
from capacity_app.outputs.workbook.reader.line_reader import LineReader, LinesRead, WorkbookSender
from capacity_app.outputs.workbook.reader.lines import (
    NO_ANSWER_HERE,
    NO_PLACE,
    WorkbookLine,
    WorkbookLines,
    texts_inside,
)
from capacity_app.outputs.workbook.sheet_marks import EDITABLE_SLOTS, ROW_SLOTS, ColumnSlot

# A question that is no table: its answer and state, its options, and what stands beside them.


CONTRADICTION = N_("There is an answer, and the state beside it was changed too, to “{state}”.")
NO_ANSWER = N_("The state says “{state}”, and there is no answer.")
STATE_TAKEN_OUT = N_("There is an answer, and the state beside it was taken out: the answer counts.")
TWO_COPIES = N_("This line stands in the file more than once, with different contents.")
OptionLines = Mapping[str, Sequence[WorkbookLine]]
"""The lines of a checklist's options, with their copies."""


def read_question(reading: LineReader, question: Question, shown: OriginalAnswer, options: OptionLines) -> None:
    """Read the line of a question, and those of its options."""
    address, before = Address(question.id), shown.content
    if not reading.is_whole:
        reading.returned(address, shown, before, (ColumnSlot.ANSWER,))
        return
    said = _answer_read(reading, question, shown, options)
    state = reading.attempt(ColumnSlot.STATE, lambda: _read_state(reading, shown), before.state)
    settled, value = _agree_answer_and_state(reading, before, said, state)
    removed = reading.sources(address, before.evidence)
    now = replace(
        before,
        state=settled,
        value=value,
        reason=reading.text(ColumnSlot.REASON, before.reason),
        note=reading.text(ColumnSlot.NOTE, before.note),
        evidence=tuple(entry for entry in before.evidence if entry not in removed),
    )
    reading.remark(address)
    reading.returned(address, shown, now, _question_slots(before, now, said))


def _question_slots(before: Content, now: Content, said: DecodedCell | None) -> tuple[str, ...]:
    """Order the cells of a question so that the first one changed comes first."""
    changed = (
        (ColumnSlot.ANSWER, said is not None),
        (ColumnSlot.STATE, before.state is not now.state),
        (ColumnSlot.REASON, before.reason != now.reason),
        (ColumnSlot.NOTE, before.note != now.note),
        (ColumnSlot.SOURCE, before.evidence != now.evidence),
    )
    return tuple(slot for slot, _ in sorted(changed, key=lambda one: not one[1]))


def _answer_read(
    reading: LineReader, question: Question, shown: OriginalAnswer, options: OptionLines
) -> DecodedCell | None:
    """Read the answer; None where nobody has changed it."""
    if question.kind.value_type is not ValueType.OPTIONS:
        return reading.answer(question, question, ColumnSlot.ANSWER, shown)
    reading.found.unplaced += texts_inside(reading.line, lambda slot: slot == ColumnSlot.ANSWER, NO_ANSWER_HERE)
    return reading.attempt(ColumnSlot.ANSWER, lambda: _read_options(reading, question, shown, options), None)


def _read_options(
    reading: LineReader, question: Question, shown: OriginalAnswer, options: OptionLines
) -> DecodedCell | None:
    content = shown.content
    before: dict[str, bool | None] = {
        option.id: option.id in content.value if isinstance(content.value, tuple) else None
        for option in question.options
    }
    now = {option: _read_tick(reading, options.get(option, ()), tick) for option, tick in before.items()}
    if now == before:
        return None
    if all(tick is None for tick in now.values()):
        return EMPTY_ANSWER
    value = tuple(option for option, tick in now.items() if tick)
    if value == content.value:
        return None
    return reading.decoder.allowed(question, DecodedCell(AnswerState.ANSWERED, value))


def _read_tick(reading: LineReader, copies: Sequence[WorkbookLine], shown: bool | None) -> bool | None:  # noqa: FBT001 - a tick is one
    """Read one option; of its copies those count that somebody has changed."""
    changed: list[bool | None] = []
    for line in copies:
        own = LineReader(line, reading.decoder, reading.evidence, reading.sender)
        own.look_outside()
        tick = own.attempt(ColumnSlot.ANSWER, own.tick, shown)
        own.found.unplaced += texts_inside(line, lambda slot: slot != ColumnSlot.ANSWER, NO_ANSWER_HERE)
        reading.wrong |= own.wrong
        reading.found.add(own.found)
        if tick is not shown:
            changed.append(tick)
            reading.elsewhere.setdefault(ColumnSlot.ANSWER, line.place(ColumnSlot.ANSWER))
    if len(set(changed)) > 1:
        raise UnreadableCellError("copies", TWO_COPIES)
    return changed[0] if changed else shown


def _read_state(reading: LineReader, shown: OriginalAnswer) -> AnswerState:
    """Read the state; where agencies differed, those words are none."""
    raw = reading.line.raw(ColumnSlot.STATE)
    if shown.is_conflict and reading.decoder.is_conflict(raw):
        return AnswerState.NOT_ASKED
    return reading.decoder.state(raw) if reading.line.has(ColumnSlot.STATE) else shown.content.state


def _agree_answer_and_state(
    reading: LineReader, before: Content, said: DecodedCell | None, state: AnswerState
) -> tuple[AnswerState, AnswerValue]:
    """Settle what answer and state say together, or note that they contradict."""
    try:
        return _settle_answer_and_state(reading, before, said, state)
    except UnreadableCellError as error:
        reading.refuse(ColumnSlot.STATE if error.message == NO_ANSWER else ColumnSlot.ANSWER, error)
        return before.state, before.value


def _settle_answer_and_state(
    reading: LineReader, before: Content, said: DecodedCell | None, state: AnswerState
) -> tuple[AnswerState, AnswerValue]:
    """Settle what answer and state say together; raises Unreadable where both were changed and contradict."""
    is_set = state is not before.state
    if said is None:
        return _answer_by_state(reading, before, state) if is_set else (before.state, before.value)
    if said.state is AnswerState.NOT_ASKED:
        if is_set and state is AnswerState.ANSWERED:
            raise _contradiction(reading, NO_ANSWER, state)
        return (state if is_set else AnswerState.NOT_ASKED), None
    if is_set and state not in {AnswerState.NOT_ASKED, said.state}:
        raise _contradiction(reading, CONTRADICTION, state)
    return said.state, said.value


def _answer_by_state(reading: LineReader, before: Content, state: AnswerState) -> tuple[AnswerState, AnswerValue]:
    """Take a state that was changed alone; taking it out does not take out the answer beside it."""
    if before.value is None:
        if state is AnswerState.ANSWERED:
            raise _contradiction(reading, NO_ANSWER, state)
        return state, None
    if state is AnswerState.NOT_ASKED:
        reading.warn("state", ColumnSlot.STATE, STATE_TAKEN_OUT)
        return before.state, before.value
    return state, None


def _contradiction(reading: LineReader, message: str, state: AnswerState) -> UnreadableCellError:
    return UnreadableCellError("state", message, state=reading.decoder.lists.states[state])


# The rows of a table, and the line about a table as a whole.


OUT_BY_ANOTHER = N_("This row does not apply because of an answer in another cell: change that one to bring it back.")
_BESIDE: tuple[str, ...] = (ColumnSlot.REASON, ColumnSlot.NOTE, ColumnSlot.SOURCE)
SettledState = tuple[AnswerState, AnswerValue]


def read_row(reading: LineReader, baseline: Baseline, question: Question, row: GridRow, shown: OriginalRow) -> None:
    """Read a table's row: its cells, why it does not apply, its notes and evidence."""
    address = Address(question.id, row.id)
    if not reading.is_whole:
        reading.returned(address, shown.cells[""], shown.cells[""].content, (ColumnSlot.ANSWER,))
        return
    said = {column.id: _read_cell(reading, question, column.id, shown) for column in question.columns}
    said[""] = _read_applicability(reading, row, shown)
    changes = _read_notes(reading, baseline, question, address, shown)
    removed = reading.sources(address, shown.evidence)
    reading.remark(address)
    for column, settled in said.items():
        at = Address(question.id, row.id, column)
        now = _changed_content(shown.cells[column].content, settled, at, changes, removed)
        reading.returned(at, shown.cells[column], now, tuple(_row_slots(column, shown.cells[column].content, now)))


def read_whole(reading: LineReader, question: Question, shown: OriginalAnswer) -> None:
    """Read the line about a table as a whole, on which only what stands beside the cells means anything."""
    address, before = Address(question.id), shown.content
    reading.found.unplaced += texts_inside(reading.line, lambda slot: slot not in ROW_SLOTS, NO_ANSWER_HERE)
    if not reading.is_whole:
        reading.returned(address, shown, before, (ColumnSlot.ANSWER,))
        return
    shown_reason = before.reason if before.state is AnswerState.NOT_APPLICABLE else ""
    reason = reading.text(ColumnSlot.REASON, shown_reason)
    now = replace(before, note=reading.text(ColumnSlot.NOTE, before.note))
    if reason != shown_reason:
        state = AnswerState.NOT_APPLICABLE if reason else AnswerState.NOT_ASKED
        now = replace(now, state=state, value=None, reason=reason)
    removed = reading.sources(address, before.evidence)
    now = replace(now, evidence=tuple(entry for entry in before.evidence if entry not in removed))
    reading.remark(address)
    reading.returned(address, shown, now, tuple(_row_slots("", before, now)))


def _read_cell(reading: LineReader, question: Question, column_id: str, shown: OriginalRow) -> SettledState | None:
    """Read one cell; None where nobody has changed it, or somebody has taken out its column."""
    if not reading.line.has(column_id):
        return None
    column = question.column_by_id[column_id]
    said = reading.answer(question, column, column_id, shown.cells[column_id])
    return (said.state, said.value) if said else None


def _read_applicability(reading: LineReader, row: GridRow, shown: OriginalRow) -> tuple[AnswerState, str] | None:
    """Read why the row does not apply; None where nobody has changed that.

    Taking out the instrument's own reason makes the row apply.
    """
    reason = reading.text(ColumnSlot.REASON, shown.reason)
    if reason == shown.reason:
        return None
    if reason:
        return AnswerState.NOT_APPLICABLE, reason
    is_said = shown.cells[""].content.state is AnswerState.NOT_APPLICABLE
    if not is_said and not row.preset_reason:
        reading.refuse(ColumnSlot.REASON, UnreadableCellError("reason", OUT_BY_ANOTHER))
        return None
    return (AnswerState.ANSWERED if row.preset_reason else AnswerState.NOT_ASKED), ""


def _read_notes(
    reading: LineReader, baseline: Baseline, question: Question, address: Address, shown: OriginalRow
) -> NoteChanges:
    """Read the row's notes; where it cannot be told whose was changed, the text is kept as a remark."""
    text = reading.text(ColumnSlot.NOTE, shown.note)
    if text == shown.note:
        return {}
    prefixes = {column.id: baseline.prefix(question, column.id) for column in question.columns}
    changes = find_note_changes(text, address, shown.notes, prefixes)
    if changes is None:
        reading.add_remark(address, ColumnSlot.NOTE, text)
    return changes or {}


def _changed_content(
    before: Content, settled: SettledState | None, at: Address, changes: NoteChanges, removed: tuple[str, ...]
) -> Content:
    """Put together what is said at one address of a row now."""
    if settled is None and not changes and not removed:
        return before
    now = before
    if settled is not None:
        state, said = settled
        # What is said of a row as a whole is not a value but the reason why it does not apply.
        now = replace(now, state=state, value=said) if at.column else replace(now, state=state, reason=str(said))
    texts = {name: changes.get((at, name), getattr(now, name)) for name in ("reason", NOTE)}
    evidence = tuple(entry for entry in now.evidence if entry not in removed)
    return replace(now, reason=texts["reason"], note=texts[NOTE], evidence=evidence)


def _row_slots(column: str, before: Content, now: Content) -> Iterator[str]:
    """Order the cells of an address so that the one that was changed comes first."""
    is_said_here = (before.state, before.value) != (now.state, now.value)
    if column:
        if not is_said_here and before.evidence != now.evidence:
            yield ColumnSlot.SOURCE
        if not is_said_here and (before.note, before.reason) != (now.note, now.reason):
            yield ColumnSlot.NOTE
        yield column
        return
    if before.note != now.note and not is_said_here:
        yield ColumnSlot.NOTE
    if before.evidence != now.evidence and not is_said_here:
        yield ColumnSlot.SOURCE
    yield from _BESIDE


LINES_MISSING = N_("Lines are missing here ({count}): what they asked stays as it was.")
SHEET_MISSING = N_("This sheet is missing, or its hidden first column is: nothing of it could be read.")
RULER_MISSING = N_("The hidden line that names the columns of the table {number} is missing: it could not be read.")
ASK_AGAIN = N_("Ask for the file again, or enter by hand what was changed there.")
LineCopies = Sequence[WorkbookLine]


class AnswerReader:
    """Reads the lines about answers, in the order of the instrument."""

    def __init__(
        self,
        instrument: Instrument,
        baseline: Baseline,
        decoder: CellDecoder,
        evidence: EvidenceLines,
        sender: WorkbookSender,
    ) -> None:
        self._instrument, self._baseline, self._decoder = instrument, baseline, decoder
        self._evidence, self._sender = evidence, sender
        self._expected = ExpectedLines(decoder, evidence)
        self._left: dict[tuple[Address, str], list[WorkbookLine]] = {}
        self._found = LinesRead()

    def read(self, lines: WorkbookLines, sheet_names: Mapping[str, str]) -> LinesRead:
        """Read all lines; ``sheet_names`` are those the sheets had when the file was made.

        A form for one agency was made with sheets of some parts only: of the others nothing is missing.
        """
        self._left = dict(lines.answers)
        names = {section.id: sheet_names.get(f"part {section.id}", "") for section in self._instrument.sections}
        for section in self._instrument.sections:
            was_asked = bool(names[section.id]) or not any(names.values())
            self._section(section, names[section.id] or section.number, lines.without_ruler, was_asked=was_asked)
        for copies in self._left.values():
            for line in copies:
                self._found.unplaced += _unplaced_texts(line)
        return self._found

    def _section(self, section: Section, name: str, without_ruler: Mapping[str, str], *, was_asked: bool) -> None:
        missing = every = 0
        for question in section.questions:
            if question.id in without_ruler:
                self._report("ruler", without_ruler[question.id], RULER_MISSING, number=question.number)
                continue
            found = list(self._question(question))
            every, missing = every + len(found), missing + found.count(False)
        if missing and was_asked:
            message = SHEET_MISSING if missing == every else LINES_MISSING
            self._report("lines", name, message, count=str(missing))

    def _report(self, code: str, sheet: str, message: str, **values: str) -> None:
        problem = Problem(f"sheet.{code}", sheet, message, ASK_AGAIN, tuple(values.items()), ProblemSeverity.WARNING)
        self._found.problems.append(problem)

    def _question(self, question: Question) -> Iterator[bool]:
        """Read the lines of a question; tells of each that should be there whether it is."""
        address = Address(question.id)
        copies = self._left.pop((address, ""), [])
        shown = self._baseline.question(question)
        if question.kind is not AnswerKind.GRID:
            options = self._options(question, shown)
            yield bool(copies)
            if len(copies) == 1 and self._expected.is_question(copies[0], question, shown):
                self._keep(address, shown, copies[0], ColumnSlot.ANSWER)
            else:
                self._read(copies, partial(read_question, question=question, shown=shown, options=options))
            return
        if len(copies) == 1 and self._expected.is_whole(copies[0], question, shown):
            self._keep(address, shown, copies[0], ColumnSlot.REASON)
        else:
            self._read(copies, partial(read_whole, question=question, shown=shown))
        for row_id, shown_row in self._baseline.rows(question).items():
            copies = self._left.pop((Address(question.id, row_id), ""), [])
            yield bool(copies)
            self._row(question, question.row_by_id[row_id], shown_row, copies)

    def _options(self, question: Question, shown: OriginalAnswer) -> dict[str, LineCopies]:
        """Return the lines of a checklist's options that somebody has changed."""
        value = shown.content.value
        found: dict[str, LineCopies] = {}
        for option in question.options:
            copies = self._left.pop((Address(question.id), option.id), [])
            tick = option.id in value if isinstance(value, tuple) else None
            if len(copies) != 1 or not self._expected.is_tick(copies[0], tick=tick):
                found[option.id] = copies
        return found

    def _row(self, question: Question, row: GridRow, shown: OriginalRow, copies: LineCopies) -> None:
        if len(copies) != 1 or not self._expected.is_row(copies[0], question, shown):
            self._read(copies, partial(read_row, baseline=self._baseline, question=question, row=row, shown=shown))
            return
        for column, cell in shown.cells.items():
            if cell is not NO_ORIGINAL:
                self._keep(Address(question.id, row.id, column), cell, copies[0], column or ColumnSlot.REASON)

    def _keep(self, address: Address, shown: OriginalAnswer, line: WorkbookLine, slot: str) -> None:
        """Add an answer that nobody has changed, if it says anything."""
        content = shown.content
        if content is not EMPTY_CONTENT:
            self._found.answers.append(
                ReturnedAnswer(
                    address=address, before=content, now=content, respondent=shown.respondent, place=line.place(slot)
                )
            )

    def _read(self, copies: LineCopies, read: Callable[[LineReader], None]) -> None:
        """Read a line, or its copies: an untouched one says nothing, and where several were changed, none counts."""
        readings = [LineReader(line, self._decoder, self._evidence, self._sender) for line in copies]
        for reading in readings:
            reading.look_outside()
            read(reading)
        if len(readings) < 2:  # noqa: PLR2004 - copies are two or more
            for reading in readings:
                self._found.add(reading.found)
            return
        changed = [reading for reading in readings if not reading.found.is_untouched]
        if not changed:
            self._found.add(readings[0].found)
        elif _copies_agree(readings, changed):
            self._found.add(changed[0].found)
        else:
            self._refuse(readings, changed)

    def _refuse(self, readings: Sequence[LineReader], changed: Sequence[LineReader]) -> None:
        """Take none of several copies, and keep what each of those says that somebody has changed."""
        texts = [text for reading in changed for text in texts_inside(reading.line, _is_for_answers, TWO_COPIES)]
        self._found.unplaced += texts
        place = changed[0].line.place(ColumnSlot.ANSWER)
        said = quote_cell(" · ".join(text.text for text in texts))
        self._found.problems.append(Problem("cell.copies", place, TWO_COPIES, ADVICE, (("said", said),)))
        contested = {one.address for reading in changed for one in reading.found.answers if one.is_edited}
        every = {one.address: one for reading in readings for one in reading.found.answers}
        for address, one in every.items():
            at = place if address in contested else one.place
            self._found.answers.append(replace(one, now=one.before, place=at))


def _copies_agree(readings: Sequence[LineReader], changed: Sequence[LineReader]) -> bool:
    """Return whether copies are about the same question and those that were changed say the same."""
    asked = {reading.line.said(ColumnSlot.TEXT) for reading in readings}
    said = {
        tuple((one.address, one.now) for one in reading.found.answers) + tuple(r.text for r in reading.found.remarks)
        for reading in changed
    }
    return len(asked) == len(said) == 1 and len({bool(reading.found.problems) for reading in changed}) == 1


def _is_for_answers(slot: str) -> bool:
    return slot in EDITABLE_SLOTS or not slot.startswith("@")


def _unplaced_texts(line: WorkbookLine) -> Iterator[UnplacedText]:
    """Keep what was written about a place that the questionnaire does not have."""
    return texts_inside(line, _is_for_answers, NO_PLACE)
