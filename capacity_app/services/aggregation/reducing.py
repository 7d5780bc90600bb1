"""All files into one repository: what is new is read, what is unchanged is not, what is gone goes.

One writer, one commit per batch; where a run is killed, the next one goes on. The same files give the same tables,
whoever read them, in whatever order and however often.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capacity_app import __version__, paths
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.tidy import FileFate, FileRow, Parcel
from capacity_app.instruments.library import catalogue
from capacity_app.services.aggregation.finding import Found, find
from capacity_app.services.aggregation.mapping import Job, countries, refused
from capacity_app.services.copies import now
from capacity_app.store.ownership import here
from capacity_app.store.repository_writing import RepositoryWriter, Seen

BATCH = 25
"""Files in one commit."""
BATCH_SECONDS = 5.0
"""Seconds after which a commit is made, however few files it holds."""

Reader = Callable[[Iterable[Job]], Iterator[Parcel]]
"""What reads files: children on this machine, or the workers of a scheduler."""
Tell = Callable[[int, int], None]
"""Hears how many of how many files have been read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did: files found, read in this run, known already, and gone; and what became of all of them."""

    found: int
    read: int
    unchanged: int
    gone: int
    fates: dict[FileFate, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Return whether every file could be read, and none conflicts with another one."""
        return not (self.fates.get(FileFate.REFUSED) or self.fates.get(FileFate.CONFLICT))


def aggregate(
    sources: Sequence[Path],
    out: Path,
    read: Reader,
    tell: Tell = lambda _done, _all: None,
    keys: Keyring = NO_KEYS,
    preferred: Sequence[str] = (),
) -> Outcome:
    """Bring a repository up to date with the files below some folders; raises KnownError if it cannot be written.

    ``preferred`` are the paths of files that count where files conflict, in this run and all later ones. ``keys`` open
    protected assessments; those they do not open are refused, and tried again in the next run.
    """
    found = find(sources, leaving_out=out)
    with RepositoryWriter(out, here("", now()), reader_name()) as writer:
        run = _Run(writer, found, keys)
        run.bring_up_to_date(read, tell, preferred)
        return run.outcome()


def reader_name() -> str:
    """Return which program reads, with which instruments: another one may read the same file otherwise."""
    entries = catalogue((paths.instruments_folder(), paths.user_instruments_folder()))
    known = sorted({f"{entry.id} {entry.version}" for entry in entries})
    return ", ".join((f"capacity-app {__version__}", *known))


class _Run:
    """One run over what was found."""

    def __init__(self, writer: RepositoryWriter, found: Sequence[Found], keys: Keyring) -> None:
        self._writer, self._keys = writer, keys
        self._found = found
        known, seen = writer.paths(), writer.seen()
        self._gone = known - {one.path for one in found}
        self._lost = [one for one in found if one.refusal is not None]
        self._new = [one for one in found if one.refusal is None and seen.get(one.path) != _seen(one)]
        self._instruments = writer.known_instruments()

    def bring_up_to_date(self, read: Reader, tell: Tell, preferred: Sequence[str]) -> None:
        is_changed = self._gone or self._lost or self._new or preferred
        if not is_changed and self._writer.rows.is_complete:
            return
        self._writer.remove(self._gone)
        self._writer.put((_refused(one), None) for one in self._lost)
        by_path = {one.path: one for one in self._new}
        done = 0
        tell(done, len(by_path))
        for batch in _batches(read(self._jobs())):
            self._writer.put((parcel, _known_again(parcel, by_path[parcel.file.path])) for parcel in batch)
            self._instruments |= {row.instrument_hash for parcel in batch for row in parcel.questions[:1]}
            done += len(batch)
            tell(done, len(by_path))
        if preferred:
            self._writer.prefer(preferred)
        self._writer.finish(countries())

    def _jobs(self) -> Iterator[Job]:
        # The set is made anew when it grows, never changed: readers' threads take it as it is.
        for one in self._new:
            yield Job(one.path, one.location, self._instruments, keys=self._keys)

    def outcome(self) -> Outcome:
        unchanged = len(self._found) - len(self._new) - len(self._lost)
        fates = self._writer.rows.fates()
        return Outcome(len(self._found), len(self._new), unchanged, len(self._gone), fates)


def _seen(found: Found) -> Seen:
    return Seen(found.size, found.modified_ns)


def _known_again(parcel: Parcel, found: Found) -> Seen | None:
    """Return by what a file is known the next time; one that the world kept from being read is tried again then."""
    return _seen(found) if parcel.file.file_hash else None


def _refused(found: Found) -> Parcel:
    assert found.refusal, "only called for those"
    return refused(FileRow(path=found.path, file_hash="", size=0), found.refusal)


def _batches(parcels: Iterable[Parcel]) -> Iterator[list[Parcel]]:
    """Put parcels together as they come, few enough to lose and many enough for one commit."""
    batch: list[Parcel] = []
    begun = time.monotonic()
    for parcel in parcels:
        batch.append(parcel)
        if len(batch) >= BATCH or time.monotonic() - begun > BATCH_SECONDS:
            yield batch
            batch, begun = [], time.monotonic()
    if batch:
        yield batch
