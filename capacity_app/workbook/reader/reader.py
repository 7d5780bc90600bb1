"""Reading a returned workbook: bytes in, a value out; nothing is decided, nothing dropped, nothing guessed."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from capacity_app.catalogues import ENGLISH
from capacity_app.domain import content_hash
from capacity_app.domain.answers import Address, Answer, AnswerKey
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.numerals import AmbiguousError, date_in, tidied
from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_, Problem, Severity
from capacity_app.domain.returned import Returned, ReturnedRemark, Unplaced
from capacity_app.domain.revisions import RevisionId
from capacity_app.domain.verification import Medium
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from capacity_app.workbook import layout
from capacity_app.workbook.layout import RETURN_MARKS, Slot
from capacity_app.workbook.reader.answers import AnswerReader
from capacity_app.workbook.reader.baseline import Baseline
from capacity_app.workbook.reader.decoding import Decoder, Unreadable
from capacity_app.workbook.reader.labels import Lists
from capacity_app.workbook.reader.lines import ADDED_SHEET, Collector, Line, Lines, Marked, Part, line_of, marked
from capacity_app.workbook.reader.notes import EvidenceLines
from capacity_app.workbook.reader.payload import (
    Identity,
    columns_of,
    identity_in,
    machine_name,
    recorded_answers,
    recorded_heads,
)
from capacity_app.workbook.reader.reading import Outcome, Reading, Sender, remark_on
from capacity_app.workbook.reader.sheets import Book, Sheet, open_book, shown_text

RECORDED_CHANGED = N_(
    "The sheet “answers” was changed by hand: it no longer says what this file said when it was made."
)
RECORDED_MISSING = N_("The sheet “answers” is missing or damaged: every answer of this file looks as if it were new.")
HEADS_MISSING = N_("A hidden sheet is missing or damaged: which answers this file was made from is not known.")
LISTS_MISSING = N_("The hidden sheet of lists is missing: names of agencies and sources cannot be recognised.")
TOO_MANY_LINES = N_("More lines were added than can be listed ({count}); they are in the file itself.")
GONE = N_("{id} (no longer in the register)")
_STUMBLES = (
    LookupError, TypeError, AttributeError, ArithmeticError, SyntaxError, RuntimeError, EOFError, OSError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_MOST_ADDED = 1_000
"""Lines of added sheets that are listed one by one."""
_UNREAD = frozenset({layout.SCORES_SHEET, layout.GAPS_SHEET, layout.ACTIONS_SHEET})
_ONLY_SAYING = ("summary", "demand", "availability", "comparison", "guidance")
"""Sheets where nothing can be written, neither answers nor remarks."""
_MARKED_SINCE = (0, 4)
"""The version of the program since which every line with words of ours has a mark."""


@dataclass(slots=True)
class _Sheets:
    """The sheets of a file by what they are."""

    marked: list[Marked] = field(default_factory=list)
    machine: dict[str, Sheet] = field(default_factory=dict)
    added: list[Sheet] = field(default_factory=list)


@contextmanager
def _stumbling() -> Iterator[None]:
    """Raise ValueError for whatever a damaged or misleading file makes reading stumble over."""
    try:
        yield
    except _STUMBLES as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def identity_of(content: bytes, file: str = "", *, is_careful: bool = False) -> Identity:
    """Read only what a workbook says of itself; raises ValueError if it is none of ours, KnownError if it is newer."""
    return identity_in(open_book(content, is_careful=is_careful), file)


def read_returned(content: bytes, file: str, instrument: Instrument, *, is_careful: bool = False) -> Returned:
    """Read a workbook that was made from ``instrument``.

    Raises ValueError if it is none of ours or cannot be read at all, KnownError if its format is a newer one. The
    careful way is much slower and for a file that has ended a process before.
    """
    with _stumbling():
        book = open_book(content, is_careful=is_careful)
        return _Reader(book, file, instrument).read(hashlib.sha256(content).hexdigest())


class _Reader:
    """One workbook while it is read."""

    def __init__(self, book: Book, file: str, instrument: Instrument) -> None:
        self._file, self._instrument = file, instrument
        self._identity = identity_in(book, file)
        language = self._identity.stamp.language or ENGLISH
        self._words = Wording(Texts(language), Dossier(id="", instrument=instrument))
        unread = _UNREAD | {self._identity.sheet_names.get(name, "") for name in _ONLY_SAYING}
        self._sheets = _sorted(book.sheet(name) for name in book.names if name not in unread)
        self._problems: list[Problem] = []

    def read(self, sha256: str) -> Returned:
        stamp, machine = self._identity.stamp, self._sheets.machine
        recorded = self._recorded()
        decoder = Decoder(self._lists())
        lines = self._lines()
        others = dict(_parts_of(lines.others))
        sender = _sender(others, decoder)
        evidence = EvidenceLines(_entries(others, "evidence"), self._words.texts.gettext(GONE))
        baseline = Baseline(recorded, self._words)
        found = AnswerReader(self._instrument, baseline, decoder, evidence, sender).read(
            lines, self._identity.sheet_names
        )
        found.remarks += _register_remarks(others, decoder, evidence, sender, found)
        return Returned(
            medium=Medium.WORKBOOK,
            file=self._file,
            sha256=sha256,
            stamp=stamp,
            instrument_hash=self._identity.instrument_hash,
            agency=sender.agency,
            person=sender.person,
            date=sender.date,
            answers=tuple(found.answers),
            recorded=recorded,
            heads=self._heads(machine.get(layout.HEADS_SHEET)),
            agencies=tuple(decoder.lists.agencies.by_id.items()),
            sources=tuple(decoder.lists.sources.by_id.items()),
            remarks=tuple(found.remarks),
            unplaced=(*lines.unplaced, *found.unplaced, *self._added()),
            problems=(*self._problems, *found.problems),
        )

    def _warn(self, code: str, sheet: str, message: str, **values: str) -> None:
        self._problems.append(
            Problem(f"file.{code}", sheet, message, values=tuple(values.items()), severity=Severity.WARNING)
        )

    def _recorded(self) -> tuple[Answer, ...]:
        try:
            found = recorded_answers(self._sheets.machine.get(layout.ANSWERS_SHEET), self._instrument)
        except (ValueError, KeyError):
            self._warn("answers", layout.ANSWERS_SHEET, RECORDED_MISSING)
            return ()
        stamp = self._identity.stamp
        made = content_hash.of_answers(stamp.instrument, stamp.instrument_version, stamp.assessment, found)
        if stamp.recorded and stamp.recorded != made:
            self._warn("answers", layout.ANSWERS_SHEET, RECORDED_CHANGED)
        return found

    def _heads(self, sheet: Sheet | None) -> tuple[tuple[AnswerKey, tuple[RevisionId, ...]], ...]:
        if sheet is None and self._identity.stamp.profile == Profile.NO_NAMES:
            return ()
        try:
            return recorded_heads(sheet)
        except (ValueError, KeyError):
            self._warn("heads", layout.HEADS_SHEET, HEADS_MISSING)
            return ()

    def _lists(self) -> Lists:
        sheet = self._sheets.machine.get(layout.LISTS_SHEET)
        if sheet is None:
            self._warn("lists", layout.LISTS_SHEET, LISTS_MISSING)
        return Lists(columns_of(sheet, layout.LIST_COLUMNS), self._words)

    def _lines(self) -> Lines:
        tables = frozenset(q.id for q in self._instrument.questions() if q.kind is Kind.GRID)
        program = self._identity.stamp.program
        return Collector(tables, is_marked_throughout=_version(program) >= _MARKED_SINCE).collect(self._sheets.marked)

    def _added(self) -> Iterator[Unplaced]:
        """Yield the lines of sheets that are none of ours."""
        count = 0
        for sheet in self._sheets.added:
            for row, cells in enumerate(sheet.rows):
                for one in line_of(sheet, row, cells, ADDED_SHEET):
                    count += 1
                    if count <= _MOST_ADDED:
                        yield one
        if count > _MOST_ADDED:
            self._warn("added", self._sheets.added[-1].name, TOO_MANY_LINES, count=str(count - _MOST_ADDED))


def _version(program: str) -> tuple[int, ...]:
    return tuple(int(part) for part in program.split(".")[:2] if part.isdecimal())


def _sorted(sheets: Iterable[Sheet]) -> _Sheets:
    """Tell sheets of people from those for programs and those that somebody has added."""
    found = _Sheets()
    for sheet in sheets:
        if name := machine_name(sheet):
            found.machine.setdefault(name, sheet)
        elif one := marked(sheet):
            found.marked.append(one)
        else:
            found.added.append(sheet)
    return found


def _parts_of(others: Iterable[tuple[str, Part]]) -> Iterator[tuple[str, Line]]:
    """Join the lines of entries and of the sender; the parts of a long one follow each other by their marks."""
    grouped: dict[str, dict[int, Part]] = {}
    for mark, part in others:
        name, plus, number = mark.rpartition("+")
        is_further = bool(plus) and number.isdecimal() and name in grouped
        grouped.setdefault(name if is_further else mark, {}).setdefault(int(number) if is_further else 1, part)
    for mark, parts in grouped.items():
        yield mark, Line(tuple(parts[number] for number in sorted(parts)))


def _sender(others: Mapping[str, Line], decoder: Decoder) -> Sender:
    agency, person, date = (_typed(others.get(mark)) for mark in RETURN_MARKS)
    return Sender(agency=_agency(agency, decoder), person=person, date=_date(date))


def _typed(line: Line | None) -> str:
    if line is None:
        return ""
    try:
        return tidied(shown_text(line.raw(Slot.ANSWER)))
    except Unreadable:
        return tidied(line.said(Slot.ANSWER))


def _agency(text: str, decoder: Decoder) -> str:
    """Return the id of an agency that was picked, or what was typed."""
    try:
        return decoder.lists.agencies.find(text) or text
    except AmbiguousError:
        return text


def _date(text: str) -> str:
    try:
        return date_in(text)
    except ValueError:
        return text


def _entries(others: Mapping[str, Line], register: str) -> dict[str, list[str]]:
    """Return the texts of a register's lines by the entries' ids."""
    start = layout.entry_mark(register, "")
    return {
        mark.removeprefix(start): [text for text in map("".join, _columns(line)) if text]
        for mark, line in others.items()
        if mark.startswith(start)
    }


def _columns(line: Line) -> Iterator[list[str]]:
    rows = [part.sheet.sheet.rows[part.row] for part in line.parts]
    for column in range(max(map(len, rows))):
        if column != line.first.sheet.column:
            yield [shown_text(row[column]) for row in rows if column < len(row)]


def _register_remarks(
    others: Mapping[str, Line], decoder: Decoder, evidence: EvidenceLines, sender: Sender, found: Outcome
) -> Iterator[ReturnedRemark]:
    """Read the remarks on entries of registers; those on gaps are on the places where the gaps are."""
    for mark, line in others.items():
        if mark in RETURN_MARKS or not line.has(Slot.REMARKS):
            continue
        reading = Reading(line, decoder, evidence, sender)
        text = reading.text(Slot.REMARKS, "")
        found.problems += reading.found.problems
        if text:
            yield remark_on(_about(mark), text, line.place(Slot.REMARKS), sender)


def _about(mark: str) -> Address:
    register, _, entry = mark.removeprefix("@").partition(" ")
    try:
        return Address.parse(entry) if register == "gaps" else Address(register, entry)
    except ValueError:
        return Address(register, entry)
