"""One file into one parcel: the map step, the same in a child process as on another machine.

What a file says depends on its bytes and on the instruments of this installation, on nothing else. Whatever is wrong
with it is said in the parcel; nothing is raised but what ends the process.
"""

import hashlib
import json
import logging
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from capacity_app import paths
from capacity_app.domain.answers import Answer, Content
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.published import questionnaire_problems
from capacity_app.domain.regions import read_countries
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.domain.tidy import CountryRow, FileFate, FileRow, Parcel, ProblemRow, Recorded, digests
from capacity_app.domain.tidying import parcel_of
from capacity_app.domain.triage import plain, said
from capacity_app.instruments.wire import content_hash, decode_instrument
from capacity_app.services import guard
from capacity_app.services.aggregation.dossiers import dossier_of
from capacity_app.services.derived import Derived
from capacity_app.services.earlier import EarlierRound
from capacity_app.services.guard import Kind
from capacity_app.services.mistakes import traced
from capacity_app.services.revising import Reviser
from capacity_app.store import refusals
from capacity_app.store.assessment_file import AssessmentFile, plainly
from capacity_app.store.opening import copy_settled, expect_readable

if TYPE_CHECKING:
    from capacity_app.services.aggregation.workbooks import ReadWorkbook

MOST_PROBLEMS = 200
"""Problems of one file that are kept by themselves; of more the rest is counted."""

NO_KIND = N_("“{file}” is no assessment, workbook or dossier of this program.")
NO_FIT = N_("The questionnaire in “{file}” does not fit together, so nothing can be computed from its answers.")
OUR_MISTAKE = N_("The program made a mistake with “{file}” and left it out ({reason}). Please send us the file.")
MORE_PROBLEMS = N_("{count} more places could not be read.")
TIMES_AHEAD = N_("{count} times in this file lie in the future, the last one is {time} (UTC).")
TIMES_ADVICE = N_("The clock of a computer was wrong, or somebody changed the file. Ask the sender.")

_DEVICE = "headquarters"
_TOLERANCE = timedelta(days=1)
"""So far a clock may be ahead without a word: time zones, and computers that are badly set."""
_BROKEN = (LookupError, ValueError, TypeError, ArithmeticError, AssertionError, RecursionError, AttributeError)
"""What arithmetic on a stranger's instrument can raise."""


@dataclass(frozen=True, slots=True)
class Job:
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
class _Read:
    """What a file says."""

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


def prepare() -> None:
    """Load what is loaded late elsewhere, before files of strangers are read."""
    countries()
    import_module("sqlite_utils")
    import_module("capacity_app.services.aggregation.workbooks")


def refused(file: FileRow, error: KnownError) -> Parcel:
    """Return the parcel of a file that was not read, with the reason."""
    return Parcel(file=said(file, FileFate.REFUSED, error.message, error.values))


def read_parcel(job: Job, scratch: Path) -> Parcel:
    """Read one file; one that cannot be read at all has no hash, and is worth another try.

    ``scratch`` is a folder of our own for a copy.
    """
    file = FileRow(path=job.path, file_hash="", size=0)
    try:
        kind = guard.kind_of(Path(job.location))
        file = replace(file, kind=kind.value)
        return _assessment(job, file, scratch) if kind is Kind.ASSESSMENT else _bytes(job, file, kind)
    except KnownError as error:
        return refused(identified(file, job.location), _named(error, job))
    except Exception as error:  # noqa: BLE001 - one file never stops the rest
        logging.getLogger(__name__).error("the file %s could not be read\n%s", job.path, traced(error))  # noqa: TRY400 - not its message: it may quote an answer
        reason = type(error).__name__
        return refused(identified(file, job.location), KnownError(OUR_MISTAKE, file=job.name, reason=reason))


def _named(error: KnownError, job: Job) -> KnownError:
    """Call the file by its own name, not by that of our copy."""
    values = {**error.values, "file": job.name} if "file" in error.values else error.values
    return KnownError(error.message, **values)


def identified(file: FileRow, location: str) -> FileRow:
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


def _bytes(job: Job, file: FileRow, kind: Kind) -> Parcel:
    if kind not in {Kind.DOSSIER, Kind.PACKAGE}:
        raise KnownError(NO_KIND, file=job.name)
    content = guard.content_of(Path(job.location))
    file = replace(file, file_hash=hashlib.sha256(content).hexdigest(), size=len(content))
    try:
        read = _of_dossier(job, content) if kind is Kind.DOSSIER else _of_workbook(job, content)
    except KnownError as error:
        return refused(file, _named(error, job))
    return _parcel(job, file, read)


def _of_dossier(job: Job, content: bytes) -> _Read:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KnownError(guard.DAMAGED, file=job.name) from None
    return _Read(*dossier_of(text))


def _of_workbook(job: Job, content: bytes) -> _Read:
    # Whoever only asks for files to be read need not load what reads workbooks.
    from capacity_app.services.aggregation.workbooks import read_workbook  # noqa: PLC0415

    read = read_workbook(content, job.name, is_careful=job.is_careful)
    return _Read(read.dossier, read.instrument_hash, read.problems, workbook=read)


def _assessment(job: Job, file: FileRow, scratch: Path) -> Parcel:
    """Read a copy: SQLite would leave locks beside somebody else's file."""
    source, copy = Path(job.location), scratch / "copy.assessment"
    expect_readable(source)
    try:
        with plainly(source):
            file = replace(file, file_hash=copy_settled(source, copy), size=source.stat().st_size)
        read = _of_assessment(copy, job.keys)
    except refusals.Protected as error:
        # Without a hash: the next run has its passphrase perhaps, and tries again.
        return refused(replace(file, file_hash=""), _named(error, job))
    except KnownError as error:
        return refused(file, _named(error, job))
    return _parcel(job, file, read)


def _of_assessment(copy: Path, keys: Keyring) -> _Read:
    with AssessmentFile(copy, read_only=True, keys=keys) as opened:
        opened.expect_known_version()
        stored = opened.read()
    label = stored.label
    if content_hash(label.instrument.content) != label.instrument.hash:
        raise KnownError(refusals.DAMAGED, file=copy.name)
    known = Reviser(_instrument(label.instrument.content), _DEVICE, stored.revisions, stored.entries)
    earlier = None
    with suppress(KnownError):
        # It has a file of its own, if it is to count; here it belongs to the content hash.
        earlier = EarlierRound(stored.previous, {label.instrument.hash: known.instrument}).dossier
    dossier = Derived(known).dossier(label.assessment_id, earlier)
    return _Read(dossier, label.instrument.hash, revisions=(*stored.revisions, *stored.entries))


@lru_cache(maxsize=16)
def _instrument(content: str) -> Instrument:
    return decode_instrument(content)


# -- what a file says ----------------------------------------------------------------------------------------------


def _recorded(read: _Read) -> Recorded:
    """Return what the file records: every revision with all it says, and every answer it holds or ever held."""
    given: list[Answer | Revision] = [*read.dossier.answers]
    given += (one for one in read.revisions if isinstance(one, Revision))
    return Recorded(
        digests(map(_facts, read.revisions)),
        digests((str(one.key.address), one.key.layer.value, one.key.respondent, _said(one.content)) for one in given),
    )


def _facts(one: Revision | EntryRevision) -> tuple[object, ...]:
    head = (str(one.id), one.author, one.time, sorted(map(str, one.parents)))
    if isinstance(one, Revision):
        return (*head, str(one.key.address), one.key.layer.value, one.key.respondent, _said(one.content), one.language)
    return (*head, one.register, one.entry, one.content)


def _said(content: Content) -> tuple[object, ...]:
    return (content.state.value, content.value, content.reason, content.note, content.evidence)


def _times_ahead(read: _Read) -> Iterator[Problem]:
    """Name times that lie ahead of this computer's clock: anybody can write them, and none decides what counts."""
    latest = (datetime.now(UTC) + _TOLERANCE).isoformat()
    times = [one.time for one in (*read.dossier.answers, *read.revisions) if one.time > latest]
    if times:
        values = (("count", str(len(times))), ("time", max(times)[:19].replace("T", " ")))
        yield Problem("times.ahead", "", TIMES_AHEAD, TIMES_ADVICE, values, Severity.WARNING)


def _parcel(job: Job, file: FileRow, read: _Read) -> Parcel:
    doubts = questionnaire_problems(read.dossier.instrument)
    for one in doubts:
        if one.severity is Severity.ERROR:
            return refused(file, KnownError(one.message, **dict(one.values)))
    problems = _problem_rows(file.file_hash, (*doubts, *read.problems, *_times_ahead(read)))
    file = replace(file, problems=len(problems))
    if read.workbook:
        file = replace(file, edited_cells=read.workbook.edited)
    with_questions = read.instrument_hash not in job.known
    try:
        parcel = parcel_of(read.dossier, file, read.instrument_hash, countries(), with_questions=with_questions)
    except _BROKEN:
        return refused(replace(file, problems=0), KnownError(NO_FIT, file=job.name))
    found = replace(parcel, file=plain(file), problems=problems, recorded=_recorded(read))
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
        for number, problem in enumerate(problems[:MOST_PROBLEMS], start=1)
    ]
    if len(problems) > MOST_PROBLEMS:
        more = Problem("file.more", "", MORE_PROBLEMS, values=(("count", str(len(problems) - MOST_PROBLEMS)),))
        rows += [replace(row, problem=MOST_PROBLEMS + 1) for row in _problem_rows(file_hash, (more,))]
    return tuple(rows)
