"""The answers of a workbook as they stand in it now, beside what it showed when it was made.

Where a person changed one of two cells that belong together, such as an answer and its state, the changed one counts:
people fill in the one and forget the other. Where they changed both, and the two contradict, nobody guesses.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from capacity_app.domain.answers import EMPTY, Address
from capacity_app.domain.instrument import Instrument, Kind, Question, Row, Section
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import ReturnedAnswer, Unplaced
from capacity_app.workbook.layout import EDITABLE_SLOTS, Slot
from capacity_app.workbook.reader.baseline import NOTHING, Baseline, Shown, ShownRow
from capacity_app.workbook.reader.decoding import ADVICE, Decoder, quoted
from capacity_app.workbook.reader.expected import Expected
from capacity_app.workbook.reader.lines import NO_PLACE, Line, Lines, inside
from capacity_app.workbook.reader.notes import EvidenceLines
from capacity_app.workbook.reader.questions import TWO_COPIES, read_question
from capacity_app.workbook.reader.reading import Outcome, Reading, Sender
from capacity_app.workbook.reader.rows import read_row, read_whole

LINES_MISSING = N_("Lines are missing here ({count}): what they asked stays as it was.")
SHEET_MISSING = N_("This sheet is missing, or its hidden first column is: nothing of it could be read.")
RULER_MISSING = N_("The hidden line that names the columns of the table {number} is missing: it could not be read.")
ASK_AGAIN = N_("Ask for the file again, or enter by hand what was changed there.")
Copies = Sequence[Line]


class AnswerReader:
    """Reads the lines about answers, in the order of the instrument."""

    def __init__(
        self, instrument: Instrument, baseline: Baseline, decoder: Decoder, evidence: EvidenceLines, sender: Sender
    ) -> None:
        self._instrument, self._baseline, self._decoder = instrument, baseline, decoder
        self._evidence, self._sender = evidence, sender
        self._expected = Expected(decoder, evidence)
        self._left: dict[tuple[Address, str], list[Line]] = {}
        self._found = Outcome()

    def read(self, lines: Lines, sheet_names: Mapping[str, str]) -> Outcome:
        """Read all lines; ``sheet_names`` are those the sheets had when the file was made."""
        self._left = dict(lines.answers)
        for section in self._instrument.sections:
            name = sheet_names.get(f"part {section.id}", section.number)
            self._section(section, name, lines.without_ruler)
        for copies in self._left.values():
            for line in copies:
                self._found.unplaced += _strays(line)
        return self._found

    def _section(self, section: Section, name: str, without_ruler: Mapping[str, str]) -> None:
        missing = every = 0
        for question in section.questions:
            if question.id in without_ruler:
                self._report("ruler", without_ruler[question.id], RULER_MISSING, number=question.number)
                continue
            found = list(self._question(question))
            every, missing = every + len(found), missing + found.count(False)
        if missing:
            message = SHEET_MISSING if missing == every else LINES_MISSING
            self._report("lines", name, message, count=str(missing))

    def _report(self, code: str, sheet: str, message: str, **values: str) -> None:
        problem = Problem(f"sheet.{code}", sheet, message, ASK_AGAIN, tuple(values.items()), Severity.WARNING)
        self._found.problems.append(problem)

    def _question(self, question: Question) -> Iterator[bool]:
        """Read the lines of a question; tells of each that should be there whether it is."""
        address = Address(question.id)
        copies = self._left.pop((address, ""), [])
        shown = self._baseline.question(question)
        if question.kind is not Kind.GRID:
            options = self._options(question, shown)
            yield bool(copies)
            if len(copies) == 1 and self._expected.is_question(copies[0], question, shown):
                self._keep(address, shown, copies[0], Slot.ANSWER)
            else:
                self._read(copies, partial(read_question, question=question, shown=shown, options=options))
            return
        if len(copies) == 1 and self._expected.is_whole(copies[0], question, shown):
            self._keep(address, shown, copies[0], Slot.REASON)
        else:
            self._read(copies, partial(read_whole, question=question, shown=shown))
        for row_id, shown_row in self._baseline.rows(question).items():
            copies = self._left.pop((Address(question.id, row_id), ""), [])
            yield bool(copies)
            self._row(question, question.row_by_id[row_id], shown_row, copies)

    def _options(self, question: Question, shown: Shown) -> dict[str, Copies]:
        """Return the lines of a checklist's options that somebody has changed."""
        value = shown.content.value
        found: dict[str, Copies] = {}
        for option in question.options:
            copies = self._left.pop((Address(question.id), option.id), [])
            tick = option.id in value if isinstance(value, tuple) else None
            if len(copies) != 1 or not self._expected.is_tick(copies[0], tick=tick):
                found[option.id] = copies
        return found

    def _row(self, question: Question, row: Row, shown: ShownRow, copies: Copies) -> None:
        if len(copies) != 1 or not self._expected.is_row(copies[0], question, shown):
            self._read(copies, partial(read_row, baseline=self._baseline, question=question, row=row, shown=shown))
            return
        for column, cell in shown.cells.items():
            if cell is not NOTHING:
                self._keep(Address(question.id, row.id, column), cell, copies[0], column or Slot.REASON)

    def _keep(self, address: Address, shown: Shown, line: Line, slot: str) -> None:
        """Add an answer that nobody has changed, if it says anything."""
        content = shown.content
        if content is not EMPTY:
            self._found.answers.append(
                ReturnedAnswer(
                    address=address, before=content, now=content, respondent=shown.respondent, place=line.place(slot)
                )
            )

    def _read(self, copies: Copies, read: Callable[[Reading], None]) -> None:
        """Read a line, or its copies: an untouched one says nothing, and where several were changed, none counts."""
        readings = [Reading(line, self._decoder, self._evidence, self._sender) for line in copies]
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
        elif _agree(readings, changed):
            self._found.add(changed[0].found)
        else:
            self._refuse(readings, changed)

    def _refuse(self, readings: Sequence[Reading], changed: Sequence[Reading]) -> None:
        """Take none of several copies, and keep what each of those says that somebody has changed."""
        texts = [text for reading in changed for text in inside(reading.line, _is_for_answers, TWO_COPIES)]
        self._found.unplaced += texts
        place = changed[0].line.place(Slot.ANSWER)
        said = quoted(" · ".join(text.text for text in texts))
        self._found.problems.append(Problem("cell.copies", place, TWO_COPIES, ADVICE, (("said", said),)))
        contested = {one.address for reading in changed for one in reading.found.answers if one.is_edited}
        every = {one.address: one for reading in readings for one in reading.found.answers}
        for address, one in every.items():
            at = place if address in contested else one.place
            self._found.answers.append(replace(one, now=one.before, place=at))


def _agree(readings: Sequence[Reading], changed: Sequence[Reading]) -> bool:
    """Return whether copies are about the same question and those that were changed say the same."""
    asked = {reading.line.said(Slot.TEXT) for reading in readings}
    said = {
        tuple((one.address, one.now) for one in reading.found.answers) + tuple(r.text for r in reading.found.remarks)
        for reading in changed
    }
    return len(asked) == len(said) == 1 and len({bool(reading.found.problems) for reading in changed}) == 1


def _is_for_answers(slot: str) -> bool:
    return slot in EDITABLE_SLOTS or not slot.startswith("@")


def _strays(line: Line) -> Iterator[Unplaced]:
    """Keep what was written about a place that the questionnaire does not have."""
    return inside(line, _is_for_answers, NO_PLACE)
