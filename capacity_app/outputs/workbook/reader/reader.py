"""Reading a returned workbook: bytes in, a value out; nothing is decided, nothing dropped, nothing guessed."""

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import field, replace
from types import MappingProxyType

from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey
from capacity_app.domain.assessment.dossier import Dossier, hash_answers
from capacity_app.domain.assessment.editable_fields import ReturnedField, action_key, key_digest, text_digest
from capacity_app.domain.assessment.privacy import Withheld
from capacity_app.domain.assessment.returned_files import (
    ConfirmedAnswer,
    ReturnedContent,
    ReturnedRemark,
    UnplacedText,
)
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import AmbiguousValueError, normalize_typed, read_date
from capacity_app.domain.problems import N_, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.catalogues import ENGLISH
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader.answer_reader import AnswerReader
from capacity_app.outputs.workbook.reader.baseline import Baseline, EvidenceLines
from capacity_app.outputs.workbook.reader.decoding import CellDecoder, UnreadableCellError
from capacity_app.outputs.workbook.reader.hidden_sheets import (
    YES,
    MachineLine,
    WorkbookLists,
    columns_of,
    machine_lines,
    machine_name,
    recorded_answers,
    recorded_heads,
    workbook_identity,
)
from capacity_app.outputs.workbook.reader.line_reader import LineReader, LinesRead, WorkbookSender, remark_on
from capacity_app.outputs.workbook.reader.lines import (
    ADDED_SHEET,
    LineCollector,
    LinePart,
    MarkedSheet,
    WorkbookLine,
    WorkbookLines,
    find_rulers,
    line_of,
)
from capacity_app.outputs.workbook.reader.sheets import ParsedSheet, ParsedWorkbook, open_workbook, shown_text
from capacity_app.outputs.workbook.sheet_marks import RETURN_MARKS, ColumnSlot

RECORDED_CHANGED = N_(
    "The sheet “answers” was changed by hand: it no longer says what this file said when it was made."
)
RECORDED_MISSING = N_("The sheet “answers” is missing or damaged: every answer of this file looks as if it were new.")
HEADS_MISSING = N_("A hidden sheet is missing or damaged: which answers this file was made from is not known.")
LISTS_MISSING = N_("The hidden sheet of lists is missing: names of agencies and sources cannot be recognised.")
TOO_MANY_LINES = N_("More lines were added than can be listed ({count}); they are in the file itself.")
NO_LONGER_REGISTERED = N_("{id} (no longer in the register)")
_STUMBLES = (
    LookupError, TypeError, AttributeError, ArithmeticError, SyntaxError, RuntimeError, EOFError, OSError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_MOST_ADDED = 1_000
"""Lines of added sheets that are listed one by one."""
_UNREAD = frozenset(
    {sheet_marks.SCORES_SHEET, sheet_marks.GAPS_SHEET, sheet_marks.ACTIONS_SHEET, sheet_marks.CODEBOOK_SHEET}
)
_ONLY_SAYING = ("summary", "demand", "availability", "comparison", "guidance")
"""Sheets where nothing can be written, neither answers nor remarks."""
_MARKED_SINCE = (0, 4)
"""The version of the program since which every line with words of ours has a mark."""


@dataclass(slots=True)
class _SortedSheets:
    """The sheets of a file by what they are."""

    marked: list[MarkedSheet] = field(default_factory=list)
    machine: dict[str, ParsedSheet] = field(default_factory=dict)
    added: list[ParsedSheet] = field(default_factory=list)


@contextmanager
def _errors_as_value_error() -> Iterator[None]:
    """Raise ValueError for whatever a damaged or misleading file makes reading stumble over."""
    try:
        yield
    except _STUMBLES as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def read_returned(
    content: bytes, file: str, instrument: Instrument, *, is_careful: bool = False, book: ParsedWorkbook | None = None
) -> ReturnedContent:
    """Read a workbook that was made from ``instrument``; ``book`` is the same workbook where it is open already.

    Raises ValueError if it is none of ours or cannot be read at all, KnownError if its format is a newer one. The
    careful way is much slower and for a file that has ended a process before.
    """
    with _errors_as_value_error():
        book = book or open_workbook(content, is_careful=is_careful)
        return _ReturnedWorkbook(book, file, instrument).read(hashlib.sha256(content).hexdigest())


class _ReturnedWorkbook:
    """One workbook while it is read."""

    def __init__(self, book: ParsedWorkbook, file: str, instrument: Instrument) -> None:
        self._file, self._instrument = file, instrument
        self._identity = workbook_identity(book, file)
        language = self._identity.stamp.language or ENGLISH
        self._formatter = Formatter(Translator(language), Dossier(id="", instrument=instrument))
        unread = _UNREAD | {self._identity.sheet_names.get(name, "") for name in _ONLY_SAYING}
        self._is_follow_up = sheet_marks.FOLLOW_UP in self._identity.sheet_names
        has_actions = self._is_follow_up and sheet_marks.ACTIONS_SHEET in book.names
        actions = machine_lines(book.sheet(sheet_marks.ACTIONS_SHEET)) if has_actions else ()
        self._actions = {str(line["id"]): line for line in actions if line.get("id")}
        self._sheets = _sort_sheets(book.sheet(name) for name in book.names if name not in unread)
        self._problems: list[Problem] = []

    def read(self, sha256: str) -> ReturnedContent:
        stamp, machine = self._identity.stamp, self._sheets.machine
        recorded = self._recorded()
        decoder = CellDecoder(self._lists())
        lines = self._lines()
        others = dict(_parts_of(lines.others))
        sender = _read_sender(others, decoder)
        evidence = EvidenceLines(_evidence_texts(others), self._formatter.texts.gettext(NO_LONGER_REGISTERED))
        baseline = Baseline(recorded, self._formatter)
        asked = replace(self._instrument, sections=()) if self._is_follow_up else self._instrument
        found = AnswerReader(asked, baseline, decoder, evidence, sender).read(lines, self._identity.sheet_names)
        confirmed = tuple(_confirmed_answers(others, decoder, evidence, sender, found))
        fields = tuple(
            _follow_up_fields(others, self._actions, decoder, evidence, sender, found, self._formatter.texts)
        )
        found.remarks += _register_remarks(others, decoder, evidence, sender, found)
        return ReturnedContent(
            medium=FileMedium.WORKBOOK,
            file=self._file,
            sha256=sha256,
            stamp=stamp,
            instrument_hash=self._identity.instrument_hash,
            agency=sender.agency,
            person=sender.person,
            date=sender.date,
            answers=tuple(found.answers),
            recorded=recorded,
            heads=self._heads(machine.get(sheet_marks.HEADS_SHEET)),
            agencies=tuple(decoder.lists.agencies.by_id.items()),
            sources=tuple(decoder.lists.sources.by_id.items()),
            remarks=tuple(found.remarks),
            unplaced=(*lines.unplaced, *found.unplaced, *self._added()),
            problems=(*self._problems, *found.problems),
            confirmed=confirmed,
            fields=fields,
            is_follow_up=self._is_follow_up,
        )

    def _warn(self, code: str, sheet: str, message: str, **values: str) -> None:
        self._problems.append(
            Problem(f"file.{code}", sheet, message, values=tuple(values.items()), severity=ProblemSeverity.WARNING)
        )

    def _recorded(self) -> tuple[Answer, ...]:
        try:
            found = recorded_answers(self._sheets.machine.get(sheet_marks.ANSWERS_SHEET), self._instrument)
        except (ValueError, KeyError):
            self._warn("answers", sheet_marks.ANSWERS_SHEET, RECORDED_MISSING)
            return ()
        stamp = self._identity.stamp
        made = hash_answers(stamp.instrument, stamp.instrument_version, stamp.assessment, found)
        if stamp.recorded and stamp.recorded != made:
            self._warn("answers", sheet_marks.ANSWERS_SHEET, RECORDED_CHANGED)
        return found

    def _heads(self, sheet: ParsedSheet | None) -> tuple[tuple[AnswerKey, tuple[RevisionId, ...]], ...]:
        if sheet is None and Withheld.NAMES in self._identity.stamp.profile:
            return ()
        try:
            return recorded_heads(sheet)
        except (ValueError, KeyError):
            self._warn("heads", sheet_marks.HEADS_SHEET, HEADS_MISSING)
            return ()

    def _lists(self) -> WorkbookLists:
        sheet = self._sheets.machine.get(sheet_marks.LISTS_SHEET)
        if sheet is None:
            self._warn("lists", sheet_marks.LISTS_SHEET, LISTS_MISSING)
        return WorkbookLists(columns_of(sheet, sheet_marks.LIST_COLUMNS), self._formatter)

    def _lines(self) -> WorkbookLines:
        tables = frozenset(q.id for q in self._instrument.questions() if q.kind is AnswerKind.GRID)
        program = self._identity.stamp.program
        return LineCollector(tables, is_marked_throughout=_parse_version(program) >= _MARKED_SINCE).collect(
            self._sheets.marked
        )

    def _added(self) -> Iterator[UnplacedText]:
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


def _parse_version(program: str) -> tuple[int, ...]:
    return tuple(int(part) for part in program.split(".")[:2] if part.isdecimal())


def _sort_sheets(sheets: Iterable[ParsedSheet]) -> _SortedSheets:
    """Tell sheets of people from those for programs and those that somebody has added."""
    found = _SortedSheets()
    for sheet in sheets:
        if name := machine_name(sheet):
            found.machine.setdefault(name, sheet)
        elif one := find_rulers(sheet):
            found.marked.append(one)
        else:
            found.added.append(sheet)
    return found


def _parts_of(others: Iterable[tuple[str, LinePart]]) -> Iterator[tuple[str, WorkbookLine]]:
    """Join the lines of entries and of the sender; the parts of a long one follow each other by their marks."""
    grouped: dict[str, dict[int, LinePart]] = {}
    for mark, part in others:
        name, plus, number = mark.rpartition("+")
        is_further = bool(plus) and number.isdecimal() and name in grouped
        grouped.setdefault(name if is_further else mark, {}).setdefault(int(number) if is_further else 1, part)
    for mark, parts in grouped.items():
        yield mark, WorkbookLine(tuple(parts[number] for number in sorted(parts)))


def _read_sender(others: Mapping[str, WorkbookLine], decoder: CellDecoder) -> WorkbookSender:
    agency, person, date = (_typed_text(others.get(mark)) for mark in RETURN_MARKS)
    return WorkbookSender(agency=_read_agency(agency, decoder), person=person, date=_read_date(date))


def _typed_text(line: WorkbookLine | None) -> str:
    if line is None:
        return ""
    try:
        return normalize_typed(shown_text(line.raw(ColumnSlot.ANSWER)))
    except UnreadableCellError:
        return normalize_typed(line.said(ColumnSlot.ANSWER))


def _read_agency(text: str, decoder: CellDecoder) -> str:
    """Return the id of an agency that was picked, or what was typed."""
    try:
        return decoder.lists.agencies.find(text) or text
    except AmbiguousValueError:
        return text


def _read_date(text: str, months: Mapping[str, int] = MappingProxyType({})) -> str:
    try:
        return read_date(text, months)
    except ValueError:
        return text


def _evidence_texts(others: Mapping[str, WorkbookLine]) -> dict[str, list[str]]:
    """Return the texts of the lines of evidence by the entries' ids."""
    start = sheet_marks.entry_mark("evidence", "")
    return {
        mark.removeprefix(start): [text for text in map("".join, _column_texts(line)) if text]
        for mark, line in others.items()
        if mark.startswith(start)
    }


def _column_texts(line: WorkbookLine) -> Iterator[list[str]]:
    rows = [part.sheet.sheet.rows[part.row] for part in line.parts]
    for column in range(max(map(len, rows))):
        if column != line.first.sheet.column:
            yield [shown_text(row[column]) for row in rows if column < len(row)]


def _register_remarks(
    others: Mapping[str, WorkbookLine],
    decoder: CellDecoder,
    evidence: EvidenceLines,
    sender: WorkbookSender,
    found: LinesRead,
) -> Iterator[ReturnedRemark]:
    """Read the remarks on entries of registers; those on gaps are on the places where the gaps are."""
    for mark, line in others.items():
        if mark in RETURN_MARKS or not line.has(ColumnSlot.REMARKS):
            continue
        reading = LineReader(line, decoder, evidence, sender)
        text = reading.text(ColumnSlot.REMARKS, "")
        found.problems += reading.found.problems
        if text:
            yield remark_on(_address_of_mark(mark), text, line.place(ColumnSlot.REMARKS), sender)


NEITHER_YES_NOR_NO = N_("This is neither yes nor no.")
_PUBLISHED = sheet_marks.entry_mark("published", "")


def _confirmed_answers(
    others: Mapping[str, WorkbookLine],
    decoder: CellDecoder,
    evidence: EvidenceLines,
    sender: WorkbookSender,
    found: LinesRead,
) -> Iterator[ConfirmedAnswer]:
    """Read which answers from published sources are right."""
    for mark, line in others.items():
        if not mark.startswith(_PUBLISHED):
            continue
        reading = LineReader(line, decoder, evidence, sender)
        text, place = reading.text(ColumnSlot.ANSWER, ""), line.place(ColumnSlot.ANSWER)
        found.problems += reading.found.problems
        said = decoder.lists.ticks.find(text) if text else ""
        if said:
            yield ConfirmedAnswer(entry=mark.removeprefix(_PUBLISHED), is_right=said == YES, place=place)
        elif text:
            found.unplaced.append(UnplacedText(place=place, text=text, reason=NEITHER_YES_NOR_NO))


def _follow_up_fields(
    others: Mapping[str, WorkbookLine],
    actions: Mapping[str, MachineLine],
    decoder: CellDecoder,
    evidence: EvidenceLines,
    sender: WorkbookSender,
    found: LinesRead,
    texts: Translator,
) -> Iterator[ReturnedField]:
    """Read what an agency says about its actions; ``actions`` are those the file was made with, by their ids."""
    labels = decoder.lists.progress
    for action, was in actions.items():
        line = others.get(sheet_marks.entry_mark(sheet_marks.FOLLOW_UP, action))
        if line is None:
            continue
        reading = LineReader(line, decoder, evidence, sender)
        for name, slot in sheet_marks.FOLLOW_UP_SLOTS.items():
            before = str(was.get(name, ""))
            shown = labels.by_id.get(before, before) if name == "progress" else before
            text = reading.text(slot, shown)
            if text == shown:
                continue
            if name == "progress":
                text = labels.find(text) or text
            elif name == "end":
                text = _read_date(text, texts.month_words)
            key, place = key_digest(action_key(action, name)), line.place(slot)
            yield ReturnedField(key=key, before=text_digest(before), text=text, place=place)
        found.problems += reading.found.problems


def _address_of_mark(mark: str) -> Address:
    register, _, entry = mark.removeprefix("@").partition(" ")
    try:
        return Address.parse(entry) if register == "gaps" else Address(register, entry)
    except ValueError:
        return Address(register, entry)
