"""Read an export of ODK or KoboToolbox against its questionnaire."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from pathlib import PurePath

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerState, Content
from capacity_app.domain.assessment.returned_files import ReturnedAnswer, ReturnedContent, UnplacedText
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import GridRow, Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.xlsform.form import (
    HASH,
    IDENTITY_FIELDS,
    INSTRUMENT,
    NONE,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    STATE_OF_CHOICE,
    VERSION,
    FieldSuffix,
    id_from_name,
)
from capacity_app.services.untrusted import refusals
from capacity_app.services.untrusted.refusals import refusal
from capacity_app.services.untrusted.submission_columns import (
    AMBIGUOUS_CHOICE,
    NO_CHOICE,
    CellReader,
    ColumnTarget,
    QuestionnaireTexts,
    UnusableCellError,
    is_server_column,
    match_columns,
    match_repeat_columns,
    own_column_name,
)
from capacity_app.services.untrusted.submission_tables import ExportTable, read_tables

NO_QUESTION = N_("No question of the questionnaire belongs to this column.")
NO_ROW_LEFT = N_("The table has no more lines for this entry.")
NO_SUBMISSION = N_("The submission of this entry is not in the file.")
NOT_USED = N_("The file also holds an answer here, or no reason is needed.")
CONTRADICTING_COLUMNS = N_("Other columns of the file say something else about this answer.")
REJECTED = N_("The server says that this submission was rejected.")
OTHER_FORM = N_(
    "“{file}” holds answers to another form. No column belongs to a question of this assessment. Nothing was changed. "
    "Import the file where the questionnaire of that form is answered."
)
WITH_LABELS = N_(
    "“{file}” has labels as headings. The same label stands over several questions, so no answer can be placed. "
    "Nothing was changed. Export the answers again with “XML values and headers”."
)
NO_SUBMISSIONS = N_("“{file}” holds no submission: export it again, with all submissions.")
_DATE_COLUMNS = ("_submission_time", "submissiondate", "end", "start")
_PERSON_COLUMNS = ("submittername", "_submitted_by", "username")
_PARENT_COLUMNS = {
    "parent_key": "key",
    "_submission__uuid": "_uuid",
    "_submission__id": "_id",
    "_parent_index": "_index",
}
"""The columns of a repeat that name its submission, and the column there that bears the same name; the surest first."""
_BLANK = frozenset({"", "n/a"})
_TRUE, _FALSE = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
_REVIEW_COLUMNS = ("reviewstate", "_validation_status")
_REJECTED_REVIEWS = frozenset({"rejected", "not approved", "validation_status_not_approved"})
_DAY = 10
_FIRST_ROW, _NOWHERE = 2, -1


def read_export(content: bytes, file: str, instrument: Instrument) -> ReturnedContent:
    """Read an export that has been looked at: its first submission, with the others in ``others``; raises KnownError.

    A table in which no column belongs to a question is none of ours.
    """
    tables = read_tables(content, file)
    main = next((table for table in tables if table.is_of_submissions), None)
    if main is None:
        raise refusal(refusals.NOT_OURS, file)
    reader = _ExportReader(main, [table for table in tables if table is not main], instrument, file)
    if reader.is_unclear:
        raise refusal(WITH_LABELS, file)
    if not reader.has_questions:
        raise refusal(OTHER_FORM, file)
    digest = hashlib.sha256(content).hexdigest()
    found = [reader.read(place, digest) for place, row in enumerate(main.rows) if any(row)]
    if not found:
        raise refusal(NO_SUBMISSIONS, file)
    return replace(found[0], others=tuple(found[1:]))


@dataclass
class _SubmissionCells:
    """What one submission says, by address: the texts of the cells with their places.

    ``used`` are the columns beside answers that were looked at.
    """

    texts: dict[tuple[Address, FieldSuffix | None], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    choices: dict[Address, list[tuple[str, bool, str]]] = field(default_factory=lambda: defaultdict(list))
    unplaced: list[UnplacedText] = field(default_factory=list)
    used: set[tuple[Address, FieldSuffix | None]] = field(default_factory=set)

    def leave(self, at: str, text: str, reason: str) -> None:
        self.unplaced.append(UnplacedText(place=at, text=text, reason=reason))

    def text(self, address: Address, extra: FieldSuffix | None = None) -> tuple[str, str]:
        """Return what is said at a place, and where; nothing if two columns say different things."""
        found = self.texts.get((address, extra), [])
        self.used.add((address, extra))
        if len({text for text, _ in found}) > 1:
            for text, at in self.texts.pop((address, extra)):
                self.leave(at, text, CONTRADICTING_COLUMNS)
            return "", ""
        return found[0] if found else ("", "")


@dataclass(frozen=True)
class _RepeatTable:
    """A table of entries: the question it answers, its columns, and the rows of each submission with their numbers."""

    table: ExportTable
    question: Question | None
    slots: tuple[ColumnTarget | None, ...]
    rows: dict[int, list[tuple[int, Sequence[str]]]]


class _ExportReader:
    def __init__(self, main: ExportTable, others: Sequence[ExportTable], instrument: Instrument, file: str) -> None:
        self._main, self._instrument, self._file = main, instrument, file
        self._asking = QuestionnaireTexts.of(instrument)
        self._values = CellReader(self._asking)
        found = match_columns(self._asking, main.headings, self._offers)
        self._slots, self.is_unclear = found.slots, found.is_unclear
        self._own = [own_column_name(heading) for heading in main.headings]
        self._plain = {heading.casefold(): place for place, heading in reversed(list(enumerate(main.headings)))}
        self._repeats = [self._repeat(table) for table in others]

    def _offers(self, slot: ColumnTarget) -> bool:
        question, asked = self._asked(slot.address)
        try:
            return bool(self._values.choice(question, asked, slot.choice))
        except UnusableCellError:
            return False

    def _asked(self, address: Address) -> tuple[Question, QuestionField]:
        asked = self._asking.asked_at(address)
        assert asked is not None, "the slot knows its field"
        return self._instrument.question_by_id[address.question], asked

    @property
    def has_questions(self) -> bool:
        return any(slot is not None for slot in self._slots)

    def _cell(self, row: Sequence[str], names: Sequence[str]) -> str:
        places = (self._plain.get(name) for name in names)
        return next((row[place] for place in places if place is not None and row[place] not in _BLANK), "")

    def read(self, place: int, digest: str) -> ReturnedContent:
        row = self._main.rows[place]
        said = self._gathered(place)
        answers = tuple(self._answers(said))
        own = {name: row[n] for n, name in enumerate(self._own) if name and row[n] not in _BLANK}
        about = {key: own.get(name, "") for key, name in IDENTITY_FIELDS.items()}
        rejected = self._cell(row, _REVIEW_COLUMNS).casefold() in _REJECTED_REVIEWS
        name = self._name(place)
        return ReturnedContent(
            medium=FileMedium.SUBMISSIONS,
            file=name,
            sha256=digest,
            stamp=ExportStamp(instrument=about[INSTRUMENT], instrument_version=about[VERSION]),
            instrument_hash=about[HASH],
            agency=own.get(SENDER_AGENCY, ""),
            person=own.get(SENDER_PERSON, "") or self._cell(row, _PERSON_COLUMNS),
            date=_day_in(own.get(SENDER_DATE, "")) or _day_in(self._cell(row, _DATE_COLUMNS)),
            answers=answers,
            unplaced=tuple(said.unplaced),
            problems=(
                (Problem("submission.rejected", name, REJECTED, severity=ProblemSeverity.WARNING),) if rejected else ()
            ),
        )

    def _name(self, place: int) -> str:
        """Name the file, with the row of the submission if it holds several."""
        if len(self._main.rows) == 1:
            return self._file
        path = PurePath(self._file)
        return f"{path.stem}-{place + _FIRST_ROW}{path.suffix}"

    # -- what stands where -----------------------------------------------------------------------------------------

    def _gathered(self, place: int) -> _SubmissionCells:
        said, row, number = _SubmissionCells(), self._main.rows[place], place + _FIRST_ROW
        blank = _blank_texts(row, self._slots)
        for n, text in enumerate(row):
            if text in blank:
                continue
            heading = self._main.headings[n] if n < len(self._main.headings) else ""
            slot = self._slots[n] if n < len(self._slots) else None
            at = _place_of(self._main, number, heading or str(n + 1))
            if slot is not None:
                _put_cell(said, slot, text, at)
            elif n >= len(self._slots) or not is_server_column(heading):
                said.leave(at, text, NO_QUESTION)
        for repeat in self._repeats:
            self._put_entries(said, repeat, repeat.rows.get(place, []))
            if not place:
                for n, orphan in repeat.rows.get(_NOWHERE, []):
                    _keep_row_unplaced(said, repeat.table, n, orphan, NO_SUBMISSION if repeat.question else NO_QUESTION)
        return said

    @staticmethod
    def _put_entries(said: _SubmissionCells, repeat: _RepeatTable, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Put the entries of a repeat into the lines of their table, in their order."""
        lines = repeat.question.rows if repeat.question else ()
        for count, (number, row) in enumerate(rows):
            if repeat.question is None or count >= len(lines):
                _keep_row_unplaced(said, repeat.table, number, row, NO_ROW_LEFT if repeat.question else NO_QUESTION)
                continue
            blank = _blank_texts(row, repeat.slots)
            for heading, slot, text in zip(repeat.table.headings, repeat.slots, row, strict=False):
                if text in blank:
                    continue
                at = _place_of(repeat.table, number, heading)
                if slot is not None:
                    address = Address(slot.address.question, lines[count].id, slot.address.column)
                    _put_cell(said, replace(slot, address=address), text, at)
                elif not is_server_column(heading):
                    said.leave(at, text, NO_QUESTION)

    def _repeat(self, table: ExportTable) -> _RepeatTable:
        """Find the table of ours that a repeat fills, and the submission of each of its rows."""
        grids = [question for question in self._instrument.questions() if question.kind is AnswerKind.GRID]
        found = {one.id: match_repeat_columns(self._asking, one, table.headings, self._offers) for one in grids}
        name = id_from_name(PurePath(table.name).stem)
        fitting = Counter({
            one.id: 2 * sum(slot is not None for slot in found[one.id]) + name.endswith(one.id.partition(".")[2])
            for one in grids if any(found[one.id])
        })  # fmt: skip
        best = fitting.most_common(2)
        is_clear = len(best) == 1 or (len(best) > 1 and best[0][1] > best[1][1])
        question = self._instrument.question_by_id[best[0][0]] if is_clear else None
        slots = found[question.id] if question else ()
        return _RepeatTable(table, question, slots, self._rows_of(table))

    def _rows_of(self, table: ExportTable) -> dict[int, list[tuple[int, Sequence[str]]]]:
        """Return the rows of a repeat by the submission they belong to."""
        here = {heading.casefold(): n for n, heading in reversed(list(enumerate(table.headings)))}
        ways = [
            (here[name], self._plain[key])
            for name, key in _PARENT_COLUMNS.items()
            if name in here and key in self._plain
        ]
        places: dict[str, int] = {}
        if ways:
            places = {row[ways[0][1]]: place for place, row in reversed(list(enumerate(self._main.rows)))}
        rows: dict[int, list[tuple[int, Sequence[str]]]] = defaultdict(list)
        for number, row in enumerate(table.rows, start=_FIRST_ROW):
            if any(row):
                rows[places.get(row[ways[0][0]], _NOWHERE) if ways else _NOWHERE].append((number, row))
        return rows

    # -- what it means ---------------------------------------------------------------------------------------------

    def _answers(self, said: _SubmissionCells) -> Iterator[ReturnedAnswer]:
        for question in self._instrument.questions():
            address = Address(question.id)
            note, at = said.text(address, FieldSuffix.NOTE)
            is_grid = question.kind is AnswerKind.GRID
            found, where = self._stated(said, address) if is_grid else self._answer(said, address)
            content = replace(found, note=note)
            if content != EMPTY_CONTENT:
                yield _returned_answer(address, content, where or at)
            for row in question.rows:
                yield from self._row(said, question, row)
        for key, texts in said.texts.items():
            for text, at in texts if key not in said.used else ():
                said.leave(at, text, NOT_USED)

    def _answer(self, said: _SubmissionCells, address: Address) -> tuple[Content, str]:
        found, where = self._content(said, address)
        if found == EMPTY_CONTENT:
            return self._stated(said, address)
        if found.state is AnswerState.NOT_APPLICABLE:
            found = replace(found, reason=said.text(address, FieldSuffix.REASON)[0])
        return found, where

    def _content(self, said: _SubmissionCells, address: Address) -> tuple[Content, str]:
        """Read what is answered, in one column, in a column for each choice, or in both."""
        question, asked = self._asked(address)
        text, at = said.text(address)
        ticks = self._ticks(said, address) if address in said.choices else None
        if ticks and not text:
            text, at = " ".join(name for name, is_ticked in ticks.items() if is_ticked), said.choices[address][0][2]
            ticks = None
        if not text:
            return EMPTY_CONTENT, ""
        try:
            found = self._values.content(question, asked, text)
        except UnusableCellError as unfit:
            chosen = " ".join(name for name, is_ticked in (ticks or {}).items() if is_ticked)
            if unfit.reason == AMBIGUOUS_CHOICE and chosen:
                return self._values.content(question, asked, chosen), at
            said.leave(at, text, unfit.reason)
            return EMPTY_CONTENT, ""
        if ticks and not _choices_agree(found, ticks):
            for said_text, said_at in ((text, at), *((name, at) for name, _, at in said.choices[address])):
                said.leave(said_at, said_text, CONTRADICTING_COLUMNS)
            return EMPTY_CONTENT, ""
        return found, at

    def _ticks(self, said: _SubmissionCells, address: Address) -> dict[str, bool]:
        """Return which choices are ticked, of those that have a column of their own."""
        question, asked = self._asked(address)
        ticks: dict[str, bool] = {}
        for choice, is_ticked, at in said.choices[address]:
            try:
                ticks[self._values.choice(question, asked, choice)] = is_ticked
            except UnusableCellError as unfit:
                if is_ticked:
                    said.leave(at, choice, unfit.reason)
        return ticks

    def _stated(self, said: _SubmissionCells, address: Address) -> tuple[Content, str]:
        text, at = said.text(address, FieldSuffix.STATE)
        if not text:
            return EMPTY_CONTENT, ""
        state = self._values.state(text)
        if state is None:
            said.leave(at, text, NO_CHOICE)
            return EMPTY_CONTENT, ""
        if state is not AnswerState.NOT_APPLICABLE:
            return Content(state=state), at
        return Content(state=state, reason=said.text(address, FieldSuffix.REASON)[0]), at

    def _row(self, said: _SubmissionCells, question: Question, row: GridRow) -> Iterator[ReturnedAnswer]:
        address = Address(question.id, row.id)
        whole, at = self._stated(said, address)
        cells = {column.id: self._answer(said, Address(question.id, row.id, column.id)) for column in question.columns}
        given = any(content != EMPTY_CONTENT for content, _ in cells.values())
        if whole.state is AnswerState.NOT_APPLICABLE and whole.reason != row.preset_reason:
            yield _returned_answer(address, whole, at)
        elif row.preset_reason and given and whole == EMPTY_CONTENT:
            first = next(where for content, where in cells.values() if content != EMPTY_CONTENT)
            yield _returned_answer(address, Content(state=AnswerState.ANSWERED), first)
        for column, (content, where) in cells.items():
            cell = Address(question.id, row.id, column)
            if content != EMPTY_CONTENT:
                yield _returned_answer(cell, content, where)
            elif whole.state in {AnswerState.UNKNOWN, AnswerState.DECLINED}:
                yield _returned_answer(cell, Content(state=whole.state), f"{at} · {column}")


def _returned_answer(address: Address, content: Content, place: str) -> ReturnedAnswer:
    return ReturnedAnswer(address=address, before=EMPTY_CONTENT, now=content, place=place)


def _place_of(table: ExportTable, number: int, heading: str) -> str:
    return f"{table.name}, {number}, {heading}" if table.name else f"{number}, {heading}"


def _blank_texts(row: Sequence[str], slots: Sequence[ColumnTarget | None]) -> frozenset[str]:
    """Return the texts that stand for nothing: a server that writes “n/a” for that leaves no cell empty."""
    is_left_empty = any(not text for text, slot in zip(row, slots, strict=False) if slot is not None)
    return frozenset({""}) if is_left_empty else _BLANK


def _put_cell(said: _SubmissionCells, slot: ColumnTarget, text: str, at: str) -> None:
    if not slot.choice:
        said.texts[slot.address, slot.extra].append((text, at))
    elif text.casefold() in _TRUE | _FALSE:
        said.choices[slot.address].append((slot.choice, text.casefold() in _TRUE, at))
    else:
        said.leave(at, text, NO_CHOICE)


def _keep_row_unplaced(
    said: _SubmissionCells, table: ExportTable, number: int, row: Sequence[str], reason: str
) -> None:
    for heading, text in zip(table.headings, row, strict=False):
        if text not in _BLANK and not is_server_column(heading):
            said.leave(_place_of(table, number, heading), text, reason)


def _choices_agree(found: Content, ticks: Mapping[str, bool]) -> bool:
    """Return whether the columns of choices say what the column of the whole answer says."""
    if found.state is AnswerState.ANSWERED:
        names = {*found.value} if isinstance(found.value, tuple) and found.value else {NONE}
    else:
        names = {name for name, state in STATE_OF_CHOICE.items() if state is found.state}
    return all((name in names) == is_ticked for name, is_ticked in ticks.items())


def _day_in(text: str) -> str:
    day = text[:_DAY]
    return day if len(day) == _DAY and day[4] == day[7] == "-" else ""
