"""Reading an export: every submission as a file that came back, every cell as an answer or kept as a text."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from capacity_app.domain.answers import EMPTY, Address, Content, State
from capacity_app.domain.instrument import Field, Instrument, Kind, Question, Row
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import Returned, ReturnedAnswer, Unplaced
from capacity_app.domain.verification import Medium, Stamp
from capacity_app.instruments.xlsform.exporting import STATES
from capacity_app.instruments.xlsform.form import (
    HASH,
    INSTRUMENT,
    NONE,
    SAID_OF_IT,
    SENDER_AGENCY,
    SENDER_DATE,
    SENDER_PERSON,
    VERSION,
)
from capacity_app.instruments.xlsform.names import Extra, id_of
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.sentences import refused
from capacity_app.services.submissions.columns import (
    Questionnaire,
    Slot,
    is_of_the_server,
    matched,
    matched_repeat,
    own_name,
)
from capacity_app.services.submissions.tables import Table, tables_of
from capacity_app.services.submissions.values import NO_CHOICE, TWO_CHOICES, Unfit, Values

NO_QUESTION = N_("No question of the questionnaire belongs to this column.")
NO_LINE = N_("The table has no more lines for this entry.")
NO_SUBMISSION = N_("The submission of this entry is not in the file.")
NOT_USED = N_("The file also holds an answer here, or no reason is needed.")
DIFFERENT = N_("Other columns of the file say something else about this answer.")
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
_DATES = ("_submission_time", "submissiondate", "end", "start")
_PERSONS = ("submittername", "_submitted_by", "username")
_PARENTS = {"parent_key": "key", "_submission__uuid": "_uuid", "_submission__id": "_id", "_parent_index": "_index"}
"""The columns of a repeat that name its submission, and the column there that bears the same name; the surest first."""
_EMPTY = frozenset({"", "n/a"})
_TRUE, _FALSE = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
_REVIEWS = ("reviewstate", "_validation_status")
_REFUSED = frozenset({"rejected", "not approved", "validation_status_not_approved"})
_DAY = 10
_FIRST_ROW, _NOWHERE = 2, -1


def read_export(content: bytes, file: str, instrument: Instrument) -> Returned:
    """Read an export that has been looked at: its first submission, with the others in ``others``; raises KnownError.

    A table in which no column belongs to a question is none of ours.
    """
    tables = tables_of(content, file)
    main = next((table for table in tables if table.is_of_submissions), None)
    if main is None:
        raise refused(sentences.NOT_OURS, file)
    reader = _Reader(main, [table for table in tables if table is not main], instrument, file)
    if reader.is_unclear:
        raise refused(WITH_LABELS, file)
    if not reader.has_questions:
        raise refused(OTHER_FORM, file)
    digest = hashlib.sha256(content).hexdigest()
    found = [reader.read(place, digest) for place, row in enumerate(main.rows) if any(row)]
    if not found:
        raise refused(NO_SUBMISSIONS, file)
    return replace(found[0], others=tuple(found[1:]))


@dataclass
class _Said:
    """What one submission says, by address: the texts of the cells with their places.

    ``used`` are the columns beside answers that were looked at.
    """

    texts: dict[tuple[Address, Extra | None], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    choices: dict[Address, list[tuple[str, bool, str]]] = field(default_factory=lambda: defaultdict(list))
    unplaced: list[Unplaced] = field(default_factory=list)
    used: set[tuple[Address, Extra | None]] = field(default_factory=set)

    def leave(self, at: str, text: str, reason: str) -> None:
        self.unplaced.append(Unplaced(place=at, text=text, reason=reason))

    def text(self, address: Address, extra: Extra | None = None) -> tuple[str, str]:
        """Return what is said at a place, and where; nothing if two columns say different things."""
        found = self.texts.get((address, extra), [])
        self.used.add((address, extra))
        if len({text for text, _ in found}) > 1:
            for text, at in self.texts.pop((address, extra)):
                self.leave(at, text, DIFFERENT)
            return "", ""
        return found[0] if found else ("", "")


@dataclass(frozen=True)
class _Repeat:
    """A table of entries: the question it answers, its columns, and the rows of each submission with their numbers."""

    table: Table
    question: Question | None
    slots: tuple[Slot | None, ...]
    rows: dict[int, list[tuple[int, Sequence[str]]]]


class _Reader:
    """One export while it is read."""

    def __init__(self, main: Table, others: Sequence[Table], instrument: Instrument, file: str) -> None:
        self._main, self._instrument, self._file = main, instrument, file
        self._asking = Questionnaire.of(instrument)
        self._values = Values(self._asking)
        found = matched(self._asking, main.headings, self._offers)
        self._slots, self.is_unclear = found.slots, found.is_unclear
        self._own = [own_name(heading) for heading in main.headings]
        self._plain = {heading.casefold(): place for place, heading in reversed(list(enumerate(main.headings)))}
        self._repeats = [self._repeat(table) for table in others]

    def _offers(self, slot: Slot) -> bool:
        """Return whether a question has a choice."""
        question, asked = self._asked(slot.address)
        try:
            return bool(self._values.choice(question, asked, slot.choice))
        except Unfit:
            return False

    def _asked(self, address: Address) -> tuple[Question, Field]:
        asked = self._asking.asked_at(address)
        assert asked is not None, "the slot knows its field"
        return self._instrument.question_by_id[address.question], asked

    @property
    def has_questions(self) -> bool:
        return any(slot is not None for slot in self._slots)

    def _cell(self, row: Sequence[str], names: Sequence[str]) -> str:
        places = (self._plain.get(name) for name in names)
        return next((row[place] for place in places if place is not None and row[place] not in _EMPTY), "")

    def read(self, place: int, digest: str) -> Returned:
        row = self._main.rows[place]
        said = self._gathered(place)
        answers = tuple(self._answers(said))
        own = {name: row[n] for n, name in enumerate(self._own) if name and row[n] not in _EMPTY}
        about = {key: own.get(name, "") for key, name in SAID_OF_IT.items()}
        rejected = self._cell(row, _REVIEWS).casefold() in _REFUSED
        name = self._name(place)
        return Returned(
            medium=Medium.SUBMISSIONS,
            file=name,
            sha256=digest,
            stamp=Stamp(instrument=about[INSTRUMENT], instrument_version=about[VERSION]),
            instrument_hash=about[HASH],
            agency=own.get(SENDER_AGENCY, ""),
            person=own.get(SENDER_PERSON, "") or self._cell(row, _PERSONS),
            date=_day(own.get(SENDER_DATE, "")) or _day(self._cell(row, _DATES)),
            answers=answers,
            unplaced=tuple(said.unplaced),
            problems=((Problem("submission.rejected", name, REJECTED, severity=Severity.WARNING),) if rejected else ()),
        )

    def _name(self, place: int) -> str:
        """Name the file, with the row of the submission if it holds several."""
        if len(self._main.rows) == 1:
            return self._file
        path = PurePath(self._file)
        return f"{path.stem}-{place + _FIRST_ROW}{path.suffix}"

    # -- what stands where -----------------------------------------------------------------------------------------

    def _gathered(self, place: int) -> _Said:
        said, row, number = _Said(), self._main.rows[place], place + _FIRST_ROW
        blank = _blank(row, self._slots)
        for n, text in enumerate(row):
            if text in blank:
                continue
            heading = self._main.headings[n] if n < len(self._main.headings) else ""
            slot = self._slots[n] if n < len(self._slots) else None
            at = _at(self._main, number, heading or str(n + 1))
            if slot is not None:
                _put(said, slot, text, at)
            elif n >= len(self._slots) or not is_of_the_server(heading):
                said.leave(at, text, NO_QUESTION)
        for repeat in self._repeats:
            self._put_entries(said, repeat, repeat.rows.get(place, []))
            if not place:
                for n, orphan in repeat.rows.get(_NOWHERE, []):
                    _leave_row(said, repeat.table, n, orphan, NO_SUBMISSION if repeat.question else NO_QUESTION)
        return said

    @staticmethod
    def _put_entries(said: _Said, repeat: _Repeat, rows: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Put the entries of a repeat into the lines of their table, in their order."""
        lines = repeat.question.rows if repeat.question else ()
        for count, (number, row) in enumerate(rows):
            if repeat.question is None or count >= len(lines):
                _leave_row(said, repeat.table, number, row, NO_LINE if repeat.question else NO_QUESTION)
                continue
            blank = _blank(row, repeat.slots)
            for heading, slot, text in zip(repeat.table.headings, repeat.slots, row, strict=False):
                if text in blank:
                    continue
                at = _at(repeat.table, number, heading)
                if slot is not None:
                    address = Address(slot.address.question, lines[count].id, slot.address.column)
                    _put(said, replace(slot, address=address), text, at)
                elif not is_of_the_server(heading):
                    said.leave(at, text, NO_QUESTION)

    def _repeat(self, table: Table) -> _Repeat:
        """Find the table of ours that a repeat fills, and the submission of each of its rows."""
        grids = [question for question in self._instrument.questions() if question.kind is Kind.GRID]
        found = {one.id: matched_repeat(self._asking, one, table.headings, self._offers) for one in grids}
        name = id_of(PurePath(table.name).stem)
        fitting = Counter({
            one.id: 2 * sum(slot is not None for slot in found[one.id]) + name.endswith(one.id.partition(".")[2])
            for one in grids if any(found[one.id])
        })  # fmt: skip
        best = fitting.most_common(2)
        is_clear = len(best) == 1 or (len(best) > 1 and best[0][1] > best[1][1])
        question = self._instrument.question_by_id[best[0][0]] if is_clear else None
        slots = found[question.id] if question else ()
        return _Repeat(table, question, slots, self._rows_of(table))

    def _rows_of(self, table: Table) -> dict[int, list[tuple[int, Sequence[str]]]]:
        """Return the rows of a repeat by the submission they belong to."""
        here = {heading.casefold(): n for n, heading in reversed(list(enumerate(table.headings)))}
        ways = [(here[name], self._plain[key]) for name, key in _PARENTS.items() if name in here and key in self._plain]
        places: dict[str, int] = {}
        if ways:
            places = {row[ways[0][1]]: place for place, row in reversed(list(enumerate(self._main.rows)))}
        rows: dict[int, list[tuple[int, Sequence[str]]]] = defaultdict(list)
        for number, row in enumerate(table.rows, start=_FIRST_ROW):
            if any(row):
                rows[places.get(row[ways[0][0]], _NOWHERE) if ways else _NOWHERE].append((number, row))
        return rows

    # -- what it means ---------------------------------------------------------------------------------------------

    def _answers(self, said: _Said) -> Iterator[ReturnedAnswer]:
        for question in self._instrument.questions():
            address = Address(question.id)
            note, at = said.text(address, Extra.NOTE)
            is_grid = question.kind is Kind.GRID
            found, where = self._stated(said, address) if is_grid else self._answer(said, address)
            content = replace(found, note=note)
            if content != EMPTY:
                yield _returned(address, content, where or at)
            for row in question.rows:
                yield from self._row(said, question, row)
        for key, texts in said.texts.items():
            for text, at in texts if key not in said.used else ():
                said.leave(at, text, NOT_USED)

    def _answer(self, said: _Said, address: Address) -> tuple[Content, str]:
        found, where = self._content(said, address)
        if found == EMPTY:
            return self._stated(said, address)
        if found.state is State.NOT_APPLICABLE:
            found = replace(found, reason=said.text(address, Extra.REASON)[0])
        return found, where

    def _content(self, said: _Said, address: Address) -> tuple[Content, str]:
        """Read what is answered, in one column, in a column for each choice, or in both."""
        question, asked = self._asked(address)
        text, at = said.text(address)
        ticks = self._ticks(said, address) if address in said.choices else None
        if ticks and not text:
            text, at = " ".join(name for name, is_ticked in ticks.items() if is_ticked), said.choices[address][0][2]
            ticks = None
        if not text:
            return EMPTY, ""
        try:
            found = self._values.content(question, asked, text)
        except Unfit as unfit:
            chosen = " ".join(name for name, is_ticked in (ticks or {}).items() if is_ticked)
            if unfit.reason == TWO_CHOICES and chosen:
                return self._values.content(question, asked, chosen), at
            said.leave(at, text, unfit.reason)
            return EMPTY, ""
        if ticks and not _agree(found, ticks):
            for said_text, said_at in ((text, at), *((name, at) for name, _, at in said.choices[address])):
                said.leave(said_at, said_text, DIFFERENT)
            return EMPTY, ""
        return found, at

    def _ticks(self, said: _Said, address: Address) -> dict[str, bool]:
        """Return which choices are ticked, of those that have a column of their own."""
        question, asked = self._asked(address)
        ticks: dict[str, bool] = {}
        for choice, is_ticked, at in said.choices[address]:
            try:
                ticks[self._values.choice(question, asked, choice)] = is_ticked
            except Unfit as unfit:
                if is_ticked:
                    said.leave(at, choice, unfit.reason)
        return ticks

    def _stated(self, said: _Said, address: Address) -> tuple[Content, str]:
        """Return what is said in place of an answer."""
        text, at = said.text(address, Extra.STATE)
        if not text:
            return EMPTY, ""
        state = self._values.state(text)
        if state is None:
            said.leave(at, text, NO_CHOICE)
            return EMPTY, ""
        if state is not State.NOT_APPLICABLE:
            return Content(state=state), at
        return Content(state=state, reason=said.text(address, Extra.REASON)[0]), at

    def _row(self, said: _Said, question: Question, row: Row) -> Iterator[ReturnedAnswer]:
        address = Address(question.id, row.id)
        whole, at = self._stated(said, address)
        cells = {column.id: self._answer(said, Address(question.id, row.id, column.id)) for column in question.columns}
        given = any(content != EMPTY for content, _ in cells.values())
        if whole.state is State.NOT_APPLICABLE and whole.reason != row.preset_reason:
            yield _returned(address, whole, at)
        elif row.preset_reason and given and whole == EMPTY:
            first = next(where for content, where in cells.values() if content != EMPTY)
            yield _returned(address, Content(state=State.ANSWERED), first)
        for column, (content, where) in cells.items():
            cell = Address(question.id, row.id, column)
            if content != EMPTY:
                yield _returned(cell, content, where)
            elif whole.state in {State.UNKNOWN, State.DECLINED}:
                yield _returned(cell, Content(state=whole.state), f"{at} · {column}")


def _returned(address: Address, content: Content, place: str) -> ReturnedAnswer:
    return ReturnedAnswer(address=address, before=EMPTY, now=content, place=place)


def _at(table: Table, number: int, heading: str) -> str:
    return f"{table.name}, {number}, {heading}" if table.name else f"{number}, {heading}"


def _blank(row: Sequence[str], slots: Sequence[Slot | None]) -> frozenset[str]:
    """Return the texts that stand for nothing: a server that writes “n/a” for that leaves no cell empty."""
    is_left_empty = any(not text for text, slot in zip(row, slots, strict=False) if slot is not None)
    return frozenset({""}) if is_left_empty else _EMPTY


def _put(said: _Said, slot: Slot, text: str, at: str) -> None:
    if not slot.choice:
        said.texts[slot.address, slot.extra].append((text, at))
    elif text.casefold() in _TRUE | _FALSE:
        said.choices[slot.address].append((slot.choice, text.casefold() in _TRUE, at))
    else:
        said.leave(at, text, NO_CHOICE)


def _leave_row(said: _Said, table: Table, number: int, row: Sequence[str], reason: str) -> None:
    """Keep what stands in a row that belongs nowhere."""
    for heading, text in zip(table.headings, row, strict=False):
        if text not in _EMPTY and not is_of_the_server(heading):
            said.leave(_at(table, number, heading), text, reason)


def _agree(found: Content, ticks: Mapping[str, bool]) -> bool:
    """Return whether the columns of choices say what the column of the whole answer says."""
    if found.state is State.ANSWERED:
        names = {*found.value} if isinstance(found.value, tuple) and found.value else {NONE}
    else:
        names = {name for name, state in STATES.items() if state is found.state}
    return all((name in names) == is_ticked for name, is_ticked in ticks.items())


def _day(text: str) -> str:
    day = text[:_DAY]
    return day if len(day) == _DAY and day[4] == day[7] == "-" else ""
