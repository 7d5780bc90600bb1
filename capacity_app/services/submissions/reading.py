"""Reading an export: every submission as a file that came back, every cell as an answer or kept as a text."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from capacity_app.domain.answers import EMPTY, Address, Content, State
from capacity_app.domain.instrument import Instrument, Kind, Question, Row
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import Returned, ReturnedAnswer, Unplaced
from capacity_app.domain.verification import Medium, Stamp
from capacity_app.instruments.xlsform.form import HASH, INSTRUMENT, SAID_OF_IT, VERSION
from capacity_app.instruments.xlsform.names import Extra, id_of
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.sentences import refused
from capacity_app.services.submissions.columns import Columns, Slot, asked_at, is_of_the_server, sender_part
from capacity_app.services.submissions.tables import Table, tables_of
from capacity_app.services.submissions.values import Unfit, Values

NO_QUESTION = N_("No question of the questionnaire belongs to this column.")
NO_LINE = N_("The table has no more lines for this entry.")
REJECTED = N_("The server says that this submission was rejected.")
OTHER_FORM = N_(
    "“{file}” holds answers to another form: no column belongs to a question here. Take it in where the questionnaire "
    "of that form is answered."
)
NO_SUBMISSIONS = N_("“{file}” holds no submission: export it again, with all submissions.")
_IDS = ("key", "meta-instanceid", "meta/instanceid", "instanceid", "_uuid", "_id")
_DATES = ("_submission_time", "submissiondate", "end", "start")
_PERSONS = ("submittername", "_submitted_by", "username")
_PARENTS = ("parent_key", "_submission__uuid", "_parent_index")
_EMPTY = frozenset({"", "n/a"})
_TRUE, _FALSE = frozenset({"1", "true", "yes"}), frozenset({"0", "false", "no"})
_REVIEWS = ("reviewstate", "_validation_status")
_REFUSED = frozenset({"rejected", "not approved", "validation_status_not_approved"})
_DAY = 10


def read_export(content: bytes, file: str, instrument: Instrument) -> Returned:
    """Read an export that has been looked at: its first submission, with the others in ``others``; raises KnownError.

    A table in which no column belongs to a question is none of ours.
    """
    tables = tables_of(content, file)
    main = next((table for table in tables if table.is_of_submissions), None)
    if main is None:
        raise refused(sentences.NOT_OURS, file)
    reader = _Reader(main, [table for table in tables if table is not main], instrument, file)
    if not reader.has_questions:
        raise refused(OTHER_FORM, file)
    digest = hashlib.sha256(content).hexdigest()
    found = [reader.read(place, digest) for place, row in enumerate(main.rows) if any(row)]
    if not found:
        raise refused(NO_SUBMISSIONS, file)
    return replace(found[0], others=tuple(found[1:]))


@dataclass
class _Said:
    """What one submission says, by address: the texts of the cells with their places."""

    answers: dict[Address, tuple[str, str]] = field(default_factory=dict)
    choices: dict[Address, list[tuple[str, bool, str]]] = field(default_factory=lambda: defaultdict(list))
    extras: dict[tuple[Address, Extra], tuple[str, str]] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)


class _Reader:
    """One export while it is read."""

    def __init__(self, main: Table, others: Sequence[Table], instrument: Instrument, file: str) -> None:
        self._main, self._others, self._instrument, self._file = main, others, instrument, file
        self._values = Values(instrument)
        columns = Columns(instrument)
        self._slots = [columns.slot(heading) for heading in main.headings]
        self._sender = [sender_part(heading) for heading in main.headings]
        self._plain = {heading.casefold(): place for place, heading in reversed(list(enumerate(main.headings)))}
        # A group's heading may stand before it: “grp/KEY” is found by its last part.
        self._ends = {
            heading.replace("/", "-").rpartition("-")[2]: place for place, heading in enumerate(main.headings)
        }

    @property
    def has_questions(self) -> bool:
        """Whether any column belongs to a question."""
        return any(slot is not None for slot in self._slots)

    def _cell(self, row: Sequence[str], names: Sequence[str]) -> str:
        places = (self._plain.get(name) for name in names)
        return next((row[place] for place in places if place is not None and row[place] not in _EMPTY), "")

    def read(self, place: int, digest: str) -> Returned:
        """Read one submission."""
        row = self._main.rows[place]
        said = self._gathered(row, place + 2)
        answers = tuple(self._answers(said))
        sender = {part: row[n] for n, part in enumerate(self._sender) if part and row[n] not in _EMPTY}
        about = {key: self._about(row, name) for key, name in SAID_OF_IT.items()}
        rejected = self._cell(row, _REVIEWS).casefold() in _REFUSED
        name = self._name(place)
        return Returned(
            medium=Medium.SUBMISSIONS,
            file=name,
            sha256=digest,
            stamp=Stamp(instrument=about[INSTRUMENT], instrument_version=about[VERSION]),
            instrument_hash=about[HASH],
            agency=sender.get("agency", ""),
            person=sender.get("person", "") or self._cell(row, _PERSONS),
            date=_day(sender.get("date", "")) or _day(self._cell(row, _DATES)),
            answers=answers,
            unplaced=tuple(said.unplaced),
            problems=((Problem("submission.rejected", name, REJECTED, severity=Severity.WARNING),) if rejected else ()),
        )

    def _about(self, row: Sequence[str], name: str) -> str:
        place = self._ends.get(name)
        return "" if place is None or row[place] in _EMPTY else row[place]

    def _name(self, place: int) -> str:
        """Name the file, with the row of the submission if it holds several."""
        if len(self._main.rows) == 1:
            return self._file
        path = PurePath(self._file)
        return f"{path.stem}-{place + 2}{path.suffix}"

    # -- what stands where -----------------------------------------------------------------------------------------

    def _gathered(self, row: Sequence[str], number: int) -> _Said:
        said = _Said()
        for place, text in enumerate(row):
            if text in _EMPTY:
                continue
            heading = self._main.headings[place] if place < len(self._main.headings) else ""
            slot = self._slots[place] if place < len(self._slots) else None
            at = _at(self._main, number, heading or str(place + 1))
            if slot is not None:
                self._put(said, slot, text, at)
            elif place >= len(self._sender) or not (self._sender[place] or is_of_the_server(heading)):
                said.unplaced.append(Unplaced(place=at, text=text, reason=NO_QUESTION))
        key = {self._cell(row, (name,)) for name in (*_IDS, "_index")} - {""}
        for table in self._others:
            self._repeated(table, key, said)
        return said

    def _put(self, said: _Said, slot: Slot, text: str, at: str) -> None:
        if slot.choice:
            is_ticked = text.casefold() in _TRUE
            if is_ticked or text.casefold() in _FALSE:
                said.choices[slot.address].append((slot.choice, is_ticked, at))
            else:
                said.unplaced.append(Unplaced(place=at, text=text, reason=NO_QUESTION))
        elif slot.extra is not None:
            said.extras[slot.address, slot.extra] = (text, at)
        else:
            said.answers[slot.address] = (text, at)

    def _repeated(self, table: Table, keys: set[str], said: _Said) -> None:
        """Put the entries of a repeat into the lines of their table, in their order."""
        question = self._table_of(table)
        parents = [n for n, heading in enumerate(table.headings) if heading.casefold() in _PARENTS]
        count = 0
        for number, row in enumerate(table.rows, start=2):
            if not any(row[n] in keys for n in parents):
                continue
            count += 1
            for place, heading in enumerate(table.headings):
                if row[place] in _EMPTY or is_of_the_server(heading):
                    continue
                at = _at(table, number, heading)
                column = _column_of(question, heading)
                if question is None or not column:
                    said.unplaced.append(Unplaced(place=at, text=row[place], reason=NO_QUESTION))
                elif count > len(question.rows):
                    said.unplaced.append(Unplaced(place=at, text=row[place], reason=NO_LINE))
                else:
                    address = Address(question.id, question.rows[count - 1].id, column)
                    said.answers[address] = (row[place], at)

    def _table_of(self, table: Table) -> Question | None:
        """Find the table of ours whose columns an export of a repeat has."""
        found = Counter[str]()
        for question in self._instrument.questions():
            if question.kind is Kind.GRID:
                found[question.id] = sum(bool(_column_of(question, heading)) for heading in table.headings)
                if id_of(question.id.partition(".")[2]) in id_of(PurePath(table.name).stem):
                    found[question.id] += 1
        best = found.most_common(1)
        return self._instrument.question_by_id[best[0][0]] if best and best[0][1] else None

    # -- what it means ---------------------------------------------------------------------------------------------

    def _answers(self, said: _Said) -> Iterator[ReturnedAnswer]:
        for question in self._instrument.questions():
            address = Address(question.id)
            note, at = said.extras.get((address, Extra.NOTE), ("", ""))
            if question.kind is Kind.GRID:
                whole = self._stated(said, address)
                content = replace(whole[0], note=note)
                if content != EMPTY:
                    yield _returned(address, content, whole[1] or at)
                for row in question.rows:
                    yield from self._row(said, question, row)
                continue
            found, where = self._answer(said, question, address)
            content = replace(found, note=note)
            if content != EMPTY:
                yield _returned(address, content, where or at)

    def _answer(self, said: _Said, question: Question, address: Address) -> tuple[Content, str]:
        asked = asked_at(self._instrument, address)
        assert asked is not None, "the slot knows its field"
        stated, where = self._stated(said, address)
        text, at = said.answers.get(address, ("", ""))
        if not text and address in said.choices:
            text, at = self._joined(said, question, address)
        if not text:
            return stated, where
        try:
            found = self._values.content(question, asked, text)
        except Unfit as unfit:
            said.unplaced.append(Unplaced(place=at, text=text, reason=unfit.reason))
            return stated, where
        if found.state is State.NOT_APPLICABLE:
            reason, _ = said.extras.get((address, Extra.REASON), ("", ""))
            found = replace(found, reason=reason)
        return found, at

    def _joined(self, said: _Said, question: Question, address: Address) -> tuple[str, str]:
        """Put together what stands in a column for each choice."""
        asked = asked_at(self._instrument, address)
        assert asked is not None, "the slot knows its field"
        names: list[str] = []
        columns = said.choices[address]
        for choice, is_ticked, at in columns:
            if is_ticked:
                try:
                    names.append(self._values.choice(question, asked, choice))
                except Unfit as unfit:
                    said.unplaced.append(Unplaced(place=at, text=choice, reason=unfit.reason))
        return " ".join(names), columns[0][2]

    def _stated(self, said: _Said, address: Address) -> tuple[Content, str]:
        """Give what is said in place of an answer."""
        text, at = said.extras.get((address, Extra.STATE), ("", ""))
        if not text:
            return EMPTY, ""
        state = self._values.state(text)
        if state is None:
            said.unplaced.append(Unplaced(place=at, text=text, reason=NO_QUESTION))
            return EMPTY, ""
        reason, _ = said.extras.get((address, Extra.REASON), ("", ""))
        return Content(state=state, reason=reason if state is State.NOT_APPLICABLE else ""), at

    def _row(self, said: _Said, question: Question, row: Row) -> Iterator[ReturnedAnswer]:
        address = Address(question.id, row.id)
        whole, at = self._stated(said, address)
        cells = {
            column.id: self._answer(said, question, Address(question.id, row.id, column.id))
            for column in question.columns
        }
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


def _column_of(question: Question | None, heading: str) -> str:
    if question is None:
        return ""
    names = [id_of(part) for part in heading.replace("-", "/").split("/")]
    whole = [id_of(heading.rpartition("/")[2]), *reversed(names)]
    return next((name for name in whole if name in question.column_by_id), "")


def _day(text: str) -> str:
    day = text[:_DAY]
    return day if len(day) == _DAY and day[4] == day[7] == "-" else ""
