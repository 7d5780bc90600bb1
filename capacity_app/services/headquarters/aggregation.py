"""All files into one repository: what is new is read, what is unchanged is not, what is gone goes.

One writer, one commit per batch; where a run is killed, the next one goes on. The same files give the same tables,
whoever read them, in whatever order and however often.
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from functools import partial
from pathlib import Path

from capacity_app import __version__
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.tidy_tables import FileRow, FileRows, FileStatus
from capacity_app.domain.problems import N_, KnownError
from capacity_app.questionnaires.library import instrument_folders, list_instruments
from capacity_app.services.headquarters.child_readers import ChildPool, FileLimits
from capacity_app.services.headquarters.file_reader import DIGESTS_VERSION, ReadJob, countries, refused_parcel
from capacity_app.services.session.file_writing import now
from capacity_app.storage import file_errors
from capacity_app.storage.file_lock import current_owner
from capacity_app.storage.headquarters_database import FileStamp, HeadquartersWriter

# Which files below some folders are for headquarters: by their ending, in the same order on every machine.
#
# Hidden files, temporary files of office programs and folders that lead back to themselves are passed over; what may
# not be looked into is reported and does not stop the rest.

SOURCE_SUFFIXES = (".assessment", ".xlsx", ".json")
_TEMPORARY = (".", "~$", "__MACOSX")
"""How hidden files begin, the notes that office programs leave, and what archives of a Mac bring along."""

FOLDER_MISSING = N_("“{folder}” is not there: check its name, or whether its drive is connected.")
NOT_A_SOURCE = N_("“{file}” is not a folder, an assessment, a workbook or a dossier. Name a folder that holds them.")


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to be read: ``path`` is its name in the repository, ``location`` where it lies.

    ``refusal`` says why a folder, or a link that leads nowhere, could not be looked into.
    """

    path: str
    location: str
    size: int = 0
    modified_ns: int = 0
    refusal: KnownError | None = None


def find_files(sources: Sequence[Path], *, leaving_out: Path | None = None) -> tuple[FoundFile, ...]:
    """Find the files below folders, or the files named themselves, sorted by path; raises KnownError if there is none.

    Of several folders the paths begin with the folder's name. ``leaving_out`` is the file that is being written.
    """
    search = _FileSearch(leaving_out.resolve() if leaving_out else None)
    for source, name in zip(sources, _source_names(sources), strict=True):
        search.source(source, name)
    return tuple(sorted(search.found, key=lambda one: one.path))


def _source_names(sources: Sequence[Path]) -> Iterator[str]:
    """Name every source so that no two begin alike; a single folder needs no name."""
    taken: set[str] = set()
    for source in sources:
        plain = file_name_text(source.resolve().name) or "files"
        name = next(name for number in range(len(sources)) if (name := _numbered_name(plain, number)) not in taken)
        taken.add(name)
        yield "" if len(sources) == 1 and source.is_dir() else name


def _numbered_name(name: str, number: int) -> str:
    return f"{name} ({number + 1})" if number else name


def file_name_text(name: str) -> str:
    """Return a file's name as text; what is no text on this system stands there as numbers."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class _FileSearch:
    """What has been found so far, and which folders have been looked into."""

    leaving_out: Path | None
    found: list[FoundFile] = field(default_factory=list)
    folders: set[tuple[int, int]] = field(default_factory=set)

    def source(self, source: Path, name: str) -> None:
        if source.is_dir():
            self._folder(str(source.absolute()), name)
        elif not source.exists():
            raise KnownError(FOLDER_MISSING, folder=str(source))
        elif not source.name.casefold().endswith(SOURCE_SUFFIXES):
            raise KnownError(NOT_A_SOURCE, file=source.name)
        else:
            self._file(str(source.absolute()), name)

    def _folder(self, folder: str, name: str) -> None:
        try:
            status = os.stat(folder)  # noqa: PTH116 - paths that are no text stay as the system gave them
            identity = (status.st_dev, status.st_ino)
            if identity in self.folders:
                return
            self.folders.add(identity)
            with os.scandir(folder) as entries:
                inside = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.found.append(FoundFile(f"{name}/", folder, refusal=_refusal_of(error, folder)))
            return
        for entry in inside:
            if not entry.name.startswith(_TEMPORARY):
                self._entry(entry, f"{name}/{file_name_text(entry.name)}" if name else file_name_text(entry.name))

    def _entry(self, entry: os.DirEntry[str], name: str) -> None:
        if entry.is_dir():
            self._folder(entry.path, name)
        elif entry.name.casefold().endswith(SOURCE_SUFFIXES):
            self._file(entry.path, name)

    def _file(self, location: str, name: str) -> None:
        try:
            status = os.stat(location)  # noqa: PTH116 - as above
        except OSError as error:
            self.found.append(FoundFile(name, location, refusal=_refusal_of(error, location)))
            return
        if not self._is_left_out(location):
            self.found.append(FoundFile(name, location, status.st_size, status.st_mtime_ns))

    def _is_left_out(self, location: str) -> bool:
        own = self.leaving_out
        return own is not None and os.path.basename(location) == own.name and Path(location).resolve() == own  # noqa: PTH119 - as above


def _refusal_of(error: OSError, location: str) -> KnownError:
    if isinstance(error, FileNotFoundError):
        return KnownError(file_errors.MISSING, file=file_name_text(os.path.basename(location)))  # noqa: PTH119 - as above
    if isinstance(error, PermissionError):
        return KnownError(file_errors.UNREADABLE, file=file_name_text(os.path.basename(location)))  # noqa: PTH119 - as above
    return file_errors.from_os_error(error, Path(file_name_text(location)))


BATCH_FILES = 25
"""Files in one commit."""
BATCH_SECONDS = 5.0
"""Seconds after which a commit is made, however few files it holds."""

ParcelReader = Callable[[Iterable[ReadJob]], Iterator[FileRows]]
"""What reads files: children on this machine, or the workers of a scheduler."""
FileCountListener = Callable[[int, int], None]
"""Hears how many of how many files have been read."""


@dataclass(frozen=True, slots=True)
class AggregationOutcome:
    """What a run did: files found, read in this run, known already, and gone; and what became of all of them."""

    found: int
    read: int
    unchanged: int
    gone: int
    fates: dict[FileStatus, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Return whether every file could be read, and none conflicts with another one."""
        return not (self.fates.get(FileStatus.REFUSED) or self.fates.get(FileStatus.CONFLICT))


def aggregate(
    sources: Sequence[Path],
    out: Path,
    read: ParcelReader,
    tell: FileCountListener = lambda _done, _all: None,
    keys: Keyring = NO_KEYS,
    preferred: Sequence[str] = (),
) -> AggregationOutcome:
    """Bring a repository up to date with the files below some folders; raises KnownError if it cannot be written.

    ``preferred`` are the paths of files that count where files conflict, in this run and all later ones. ``keys`` open
    protected assessments; those they do not open are refused, and tried again in the next run.
    """
    found = find_files(sources, leaving_out=out)
    with HeadquartersWriter(out, current_owner("", now()), reader_version()) as writer:
        run = _AggregationRun(writer, found, keys)
        run.bring_up_to_date(read, tell, preferred)
        return run.outcome()


def reader_version() -> str:
    """Return which program reads, with which instruments: another one may read the same file otherwise."""
    entries = list_instruments(instrument_folders())
    known = sorted({f"{entry.id} {entry.version}" for entry in entries})
    return ", ".join((f"capacity-app {__version__}", f"digests {DIGESTS_VERSION}", *known))


class _AggregationRun:
    """One run over what was found."""

    def __init__(self, writer: HeadquartersWriter, found: Sequence[FoundFile], keys: Keyring) -> None:
        self._writer, self._keys = writer, keys
        self._found = found
        known, seen = writer.paths(), writer.seen()
        self._gone = known - {one.path for one in found}
        self._lost = [one for one in found if one.refusal is not None]
        self._new = [one for one in found if one.refusal is None and seen.get(one.path) != _seen_state(one)]
        self._instruments = writer.known_instruments()

    def bring_up_to_date(self, read: ParcelReader, tell: FileCountListener, preferred: Sequence[str]) -> None:
        is_changed = self._gone or self._lost or self._new or preferred
        if not is_changed and self._writer.rows.is_complete:
            return
        self._writer.remove(self._gone)
        self._writer.put((_refused_folder_parcel(one), None) for one in self._lost)
        by_path = {one.path: one for one in self._new}
        done = 0
        tell(done, len(by_path))
        for batch in _batches(read(self._jobs())):
            self._writer.put((parcel, _state_to_remember(parcel, by_path[parcel.file.path])) for parcel in batch)
            self._instruments |= {row.instrument_hash for parcel in batch for row in parcel.questions[:1]}
            done += len(batch)
            tell(done, len(by_path))
        if preferred:
            self._writer.prefer(preferred)
        self._writer.finish(countries())

    def _jobs(self) -> Iterator[ReadJob]:
        # The set is made anew when it grows, never changed: readers' threads take it as it is.
        for one in self._new:
            yield ReadJob(one.path, one.location, self._instruments, keys=self._keys)

    def outcome(self) -> AggregationOutcome:
        unchanged = len(self._found) - len(self._new) - len(self._lost)
        fates = self._writer.rows.fates()
        return AggregationOutcome(len(self._found), len(self._new), unchanged, len(self._gone), fates)


def _seen_state(found: FoundFile) -> FileStamp:
    return FileStamp(found.size, found.modified_ns)


def _state_to_remember(parcel: FileRows, found: FoundFile) -> FileStamp | None:
    """Return by what a file is known the next time; one that the world kept from being read is tried again then."""
    return _seen_state(found) if parcel.file.file_hash else None


def _refused_folder_parcel(found: FoundFile) -> FileRows:
    assert found.refusal, "only called for those"
    return refused_parcel(FileRow(path=found.path), found.refusal)


def _batches(parcels: Iterable[FileRows]) -> Iterator[list[FileRows]]:
    """Put parcels together as they come, few enough to lose and many enough for one commit."""
    batch: list[FileRows] = []
    begun = time.monotonic()
    for parcel in parcels:
        batch.append(parcel)
        if len(batch) >= BATCH_FILES or time.monotonic() - begun > BATCH_SECONDS:
            yield batch
            batch, begun = [], time.monotonic()
    if batch:
        yield batch


# What reads the files: children on this machine, or the workers of a scheduler.

NO_KEYS_OVER_NETWORK = N_(
    "Passphrases are not sent to other machines: leave out the scheduler to read protected files, or the passphrases."
)


@dataclass(frozen=True, slots=True)
class AggregationEngine:
    """How many children read (0: one for each processor), or the address of a Dask scheduler; and their limits."""

    workers: int = 0
    scheduler: str = ""
    limits: FileLimits = field(default_factory=FileLimits)


def aggregate_with_engine(
    engine: AggregationEngine,
    sources: Sequence[Path],
    out: Path,
    tell: FileCountListener = lambda _done, _all: None,
    keys: Keyring = NO_KEYS,
    preferred: Sequence[str] = (),
) -> AggregationOutcome:
    """Bring a repository up to date; raises KnownError if it cannot be written, or the scheduler not be reached."""
    if engine.scheduler and keys:
        raise KnownError(NO_KEYS_OVER_NETWORK)
    if engine.scheduler:
        from capacity_app.services.headquarters.dask_scheduler import read_on_scheduler  # noqa: PLC0415 - an optional part

        there = partial(read_on_scheduler, engine.scheduler, limits=engine.limits)
        return aggregate(sources, out, there, tell, keys, preferred)
    with ChildPool(engine.workers or os.cpu_count() or 1, engine.limits) as pool:
        return aggregate(sources, out, pool.read, tell, keys, preferred)
