"""One file into one parcel: the map step, the same in a child process as on another machine.

What a file says depends on its bytes and on the instruments of this installation, on nothing else. Whatever is wrong
with it is said in the parcel; nothing is raised but what ends the process.
"""

import hashlib
import json
import logging
import os
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from capacity_app import paths
from capacity_app.domain.assessment.answers import Answer, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.revisions import EntryRevision, Revision
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.dossier_rows import rows_of_dossier
from capacity_app.domain.headquarters.selection import with_status, without_decision
from capacity_app.domain.headquarters.tidy_tables import (
    CountryRow,
    FileRow,
    FileRows,
    FileStatus,
    ProblemRow,
    RecordedDigests,
    make_digests,
    read_countries,
)
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.versions import publication_problems
from capacity_app.questionnaires.instrument_json import decode_instrument, instrument_text_hash
from capacity_app.services.crash_log import describe_exception
from capacity_app.services.session.dossier_json import DECODING_ERRORS, StoredPreviousRound, dossier_from_json
from capacity_app.services.session.revision_log import ComputedResults, RevisionLog
from capacity_app.services.untrusted import inspection, refusals
from capacity_app.services.untrusted.inspection import FileKind
from capacity_app.storage import file_errors
from capacity_app.storage.assessment_file import AssessmentFile, translate_sqlite_errors
from capacity_app.storage.opening import copy_with_journal, expect_readable

if TYPE_CHECKING:
    from capacity_app.services.headquarters.workbook_reader import ReadWorkbook


# JSON dossiers at headquarters: thousands hold the same instrument, which is read and checked once per process.

_MAX_CACHED = 16
"""Instruments kept in memory."""


class _DossierHead(msgspec.Struct):
    """The parts of a dossier that say which instruments it holds: their bytes, and what it says of them."""

    instrument: msgspec.Raw = msgspec.Raw(b"")
    instrument_hash: str = ""
    previous: "_DossierHead | None" = None

    @property
    def key(self) -> str:
        return hashlib.sha256(bytes(self.instrument)).hexdigest()


@dataclass(slots=True)
class _InstrumentCache:
    """Instruments that were read without a problem, by the SHA-256 of the text they were read from."""

    known: OrderedDict[str, tuple[str, Instrument]] = field(default_factory=OrderedDict)

    def get(self, key: str) -> tuple[str, Instrument] | None:
        if key in self.known:
            self.known.move_to_end(key)
        return self.known.get(key)

    def put(self, key: str, digest: str, instrument: Instrument) -> None:
        self.known[key] = digest, instrument
        if len(self.known) > _MAX_CACHED:
            self.known.popitem(last=False)


_INSTRUMENTS = _InstrumentCache()


def read_dossier_cached(text: str) -> tuple[Dossier, str, tuple[Problem, ...]]:
    """Read a dossier, the hash of its instrument, and what could not be read; raises KnownError as reading it does.

    An instrument is taken from an earlier dossier only if both hold the very same text of it, so that what a file
    says never depends on which files were read before.
    """
    top = _read_head(text)
    shelved = _INSTRUMENTS.get(top.key)
    if shelved and _is_only_instrument(top, shelved[0]):
        dossier, _documents, problems = dossier_from_json(text, {shelved[0]: shelved[1]})
        return dossier, shelved[0], problems
    dossier, _documents, problems = dossier_from_json(text)
    digest = dossier.instrument.content_hash
    if not problems and digest == top.instrument_hash:
        _INSTRUMENTS.put(top.key, digest, dossier.instrument.whole)
    return dossier, digest, problems


def _read_head(text: str) -> _DossierHead:
    try:
        return msgspec.json.decode(text, type=_DossierHead)
    except DECODING_ERRORS:
        return _DossierHead()


def _is_only_instrument(top: _DossierHead, digest: str) -> bool:
    """Tell whether a dossier calls an instrument by its hash, and calls no other instrument of a previous round so."""
    key, is_same, earlier = top.key, top.instrument_hash == digest, top.previous
    while earlier is not None:
        is_same = is_same and (earlier.instrument_hash != digest or earlier.key == key)
        earlier = earlier.previous
    return is_same


MAX_PROBLEMS = 200
"""Problems of one file that are kept by themselves; of more the rest is counted."""

UNKNOWN_KIND = N_("“{file}” is not an assessment, a workbook or a dossier of this program.")
INCONSISTENT_QUESTIONNAIRE = N_(
    "The questionnaire in “{file}” does not fit together, so nothing can be computed from its answers."
)
UNEXPECTED_ERROR = N_("The program made a mistake with “{file}” and left it out ({reason}). Please send us the file.")
MORE_PROBLEMS = N_("More places could not be read: {count}.")
TIMES_AHEAD = N_("Times in this file that lie in the future: {count}. The last one is {time} (UTC).")
TIMES_ADVICE = N_("The clock of a computer was wrong, or somebody changed the file. Ask the sender.")

_DEVICE = "headquarters"
_CLOCK_TOLERANCE = timedelta(days=1)
"""So far a clock may be ahead without a word: time zones, and computers that are badly set."""
_COMPUTING_ERRORS = (
    LookupError,
    ValueError,
    TypeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    AttributeError,
)
"""What arithmetic on a stranger's instrument can raise."""


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A file to be read: ``path`` is its name in the repository, ``location`` where it lies.

    ``known`` are hashes of instruments whose questions need not be told again; ``is_careful`` asks for the slower and
    more patient library. ``keys`` open protected assessments.
    """

    path: str
    location: str
    known: frozenset[str] = frozenset()
    is_careful: bool = False
    keys: Keyring = NO_KEYS

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2] or self.path


@dataclass(frozen=True, slots=True)
class _FileContent:
    dossier: Dossier
    instrument_hash: str
    problems: tuple[Problem, ...] = ()
    revisions: tuple[Revision | EntryRevision, ...] = ()
    workbook: "ReadWorkbook | None" = None


@cache
def countries() -> dict[str, CountryRow]:
    """Return the countries of M49 by their alpha-3 code."""
    with (paths.resources_folder() / "regions" / "m49.csv").open(encoding="utf-8", newline="") as lines:
        return read_countries(lines)


def preload() -> None:
    """Load what is loaded late elsewhere, before files of strangers are read."""
    countries()
    import_module("sqlite_utils")
    import_module("capacity_app.services.headquarters.workbook_reader")


def refused_parcel(file: FileRow, error: KnownError) -> FileRows:
    """Return the parcel of a file that was not read, with the reason."""
    return FileRows(file=with_status(file, FileStatus.REFUSED, error.message, error.values))


def read_parcel(job: ReadJob, scratch: Path) -> FileRows:
    """Read one file; one that cannot be read at all has no hash, and is worth another try.

    ``scratch`` is a folder of our own for a copy.
    """
    file = FileRow(path=job.path)
    try:
        kind = inspection.kind_of(Path(job.location))
        file = replace(file, kind=kind.value)
        return _read_assessment(job, file, scratch) if kind is FileKind.ASSESSMENT else _read_bytes(job, file, kind)
    except KnownError as error:
        return refused_parcel(with_file_hash(file, job.location), _with_file_name(error, job))
    except Exception as error:  # noqa: BLE001 - one file never stops the rest
        logging.getLogger(__name__).error("the file %s could not be read\n%s", job.path, describe_exception(error))  # noqa: TRY400 - not its message: it may quote an answer
        reason = type(error).__name__
        return refused_parcel(
            with_file_hash(file, job.location), KnownError(UNEXPECTED_ERROR, file=job.name, reason=reason)
        )


def _with_file_name(error: KnownError, job: ReadJob) -> KnownError:
    """Call the file by its own name, not by that of our copy."""
    values = {**error.values, "file": job.name} if "file" in error.values else error.values
    return KnownError(error.message, **values)


def with_file_hash(file: FileRow, location: str) -> FileRow:
    """Know a refused file by its bytes, where they can be read."""
    if file.file_hash:
        return file
    try:
        with open(location, "rb") as stream:  # noqa: PTH123 - a path that is no text stays as the system gave it
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
            return replace(file, file_hash=digest, size=os.fstat(stream.fileno()).st_size)
    except OSError:
        return file


# -- the three kinds of files --------------------------------------------------------------------------------------


def _read_bytes(job: ReadJob, file: FileRow, kind: FileKind) -> FileRows:
    if kind not in {FileKind.DOSSIER, FileKind.PACKAGE}:
        raise KnownError(UNKNOWN_KIND, file=job.name)
    content = inspection.read_content(Path(job.location))
    file = replace(file, file_hash=hashlib.sha256(content).hexdigest(), size=len(content))
    try:
        read = _read_dossier(job, content) if kind is FileKind.DOSSIER else _read_workbook(job, content)
    except KnownError as error:
        return refused_parcel(file, _with_file_name(error, job))
    return _parcel_of(job, file, read)


def _read_dossier(job: ReadJob, content: bytes) -> _FileContent:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError(refusals.DAMAGED, file=job.name) from None
    return _FileContent(*read_dossier_cached(text))


def _read_workbook(job: ReadJob, content: bytes) -> _FileContent:
    # Whoever only asks for files to be read need not load what reads workbooks.
    from capacity_app.services.headquarters.workbook_reader import read_workbook  # noqa: PLC0415

    read = read_workbook(content, job.name, is_careful=job.is_careful)
    return _FileContent(read.dossier, read.instrument_hash, read.problems, workbook=read)


def _read_assessment(job: ReadJob, file: FileRow, scratch: Path) -> FileRows:
    """Read a copy: SQLite would leave locks beside somebody else's file."""
    source, copy = Path(job.location), scratch / "copy.assessment"
    expect_readable(source)
    try:
        with translate_sqlite_errors(source):
            file = replace(file, file_hash=copy_with_journal(source, copy), size=source.stat().st_size)
        read = _read_assessment_copy(copy, job.keys)
    except file_errors.FileProtected as error:
        # Without a hash: the next run has its passphrase perhaps, and tries again.
        return refused_parcel(replace(file, file_hash=""), _with_file_name(error, job))
    except KnownError as error:
        return refused_parcel(file, _with_file_name(error, job))
    return _parcel_of(job, file, read)


def _read_assessment_copy(copy: Path, keys: Keyring) -> _FileContent:
    with AssessmentFile(copy, read_only=True, keys=keys) as opened:
        opened.expect_known_version()
        stored = opened.read()
    label = stored.label
    if instrument_text_hash(label.instrument.content) != label.instrument.hash:
        raise KnownError(file_errors.DAMAGED, file=copy.name)
    known = RevisionLog(_decode_cached(label.instrument.content), _DEVICE, stored.revisions, stored.entries)
    earlier = None
    with suppress(KnownError):
        # It has a file of its own, if it is to count; here it belongs to the content hash.
        earlier = StoredPreviousRound(stored.previous, known.instrument.whole).dossier
    dossier = ComputedResults(known).dossier(label.assessment_id, earlier)
    return _FileContent(dossier, dossier.instrument.content_hash, revisions=(*stored.revisions, *stored.entries))


@lru_cache(maxsize=16)
def _decode_cached(content: str) -> Instrument:
    return decode_instrument(content)


# -- what a file says ----------------------------------------------------------------------------------------------


def _recorded(read: _FileContent) -> RecordedDigests:
    """Return what the file records: every revision with all it says, and every answer it holds or ever held."""
    given: list[Answer | Revision] = [*read.dossier.answers]
    given += (one for one in read.revisions if isinstance(one, Revision))
    return RecordedDigests(
        make_digests(map(_revision_facts, read.revisions)),
        make_digests(
            (str(one.key.address), str(one.key.layer), one.key.respondent, _content_facts(one.content)) for one in given
        ),
    )


DIGESTS_VERSION = 2
"""Which digests are stored: the ``repr`` of a register entry has the names of its classes in it, so new names count."""


def _revision_facts(one: Revision | EntryRevision) -> tuple[object, ...]:
    head = (str(one.id), one.author, one.time, sorted(map(str, one.parents)))
    if isinstance(one, Revision):
        return (
            *head,
            str(one.key.address),
            one.key.layer.value,
            one.key.respondent,
            _content_facts(one.content),
            one.language,
        )
    return (*head, one.register, one.entry, one.content)


def _content_facts(content: Content) -> tuple[object, ...]:
    return (str(content.state), content.value, content.reason, content.note, content.evidence)


def _times_ahead(read: _FileContent) -> Iterator[Problem]:
    """Name times that lie ahead of this computer's clock: anybody can write them, and none decides what counts."""
    latest = (datetime.now(UTC) + _CLOCK_TOLERANCE).isoformat()
    times = [one.time for one in (*read.dossier.answers, *read.revisions) if one.time > latest]
    if times:
        values = (("count", str(len(times))), ("time", max(times)[:19].replace("T", " ")))
        yield Problem("times.ahead", "", TIMES_AHEAD, TIMES_ADVICE, values, ProblemSeverity.WARNING)


def _parcel_of(job: ReadJob, file: FileRow, read: _FileContent) -> FileRows:
    doubts = publication_problems(read.dossier.instrument)
    for one in doubts:
        if one.severity is ProblemSeverity.ERROR:
            return refused_parcel(file, KnownError(one.message, **dict(one.values)))
    problems = _problem_rows(file.file_hash, (*doubts, *read.problems, *_times_ahead(read)))
    file = replace(file, problems=len(problems))
    if read.workbook:
        file = replace(file, edited_cells=read.workbook.edited)
    with_questions = read.instrument_hash not in job.known
    try:
        parcel = rows_of_dossier(read.dossier, file, read.instrument_hash, countries(), with_questions=with_questions)
    except _COMPUTING_ERRORS:
        return refused_parcel(replace(file, problems=0), KnownError(INCONSISTENT_QUESTIONNAIRE, file=job.name))
    found = replace(parcel, file=without_decision(file), problems=problems, recorded=_recorded(read))
    return read.workbook.limited(found) if read.workbook else found


def _problem_rows(file_hash: str, problems: tuple[Problem, ...]) -> tuple[ProblemRow, ...]:
    rows = [
        ProblemRow(
            file_hash=file_hash,
            problem=number,
            place=problem.place,
            severity=problem.severity.value,
            reason=problem.text(),
            message=problem.message,
            advice=problem.advice,
            details=json.dumps(dict(problem.values), ensure_ascii=False, sort_keys=True) if problem.values else "",
        )
        for number, problem in enumerate(problems[:MAX_PROBLEMS], start=1)
    ]
    if len(problems) > MAX_PROBLEMS:
        more = Problem("file.more", "", MORE_PROBLEMS, values=(("count", str(len(problems) - MAX_PROBLEMS)),))
        rows += [replace(row, problem=MAX_PROBLEMS + 1) for row in _problem_rows(file_hash, (more,))]
    return tuple(rows)
