"""Which files below some folders are for headquarters: by their ending, in the same order on every machine.

Hidden files, temporary files of office programs and folders that lead back to themselves are passed over; what may
not be looked into is reported and does not stop the rest.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from capacity_app.domain.problems import N_, KnownError
from capacity_app.store import refusals

SUFFIXES = (".assessment", ".xlsx", ".json")
_TEMPORARY = (".", "~$", "__MACOSX")
"""How hidden files begin, the notes that office programs leave, and what archives of a Mac bring along."""

NOTHING_THERE = N_("“{folder}” is not there: check its name, or whether its drive is connected.")
NO_KIND = N_("“{file}” is no folder, assessment, workbook or dossier: name a folder that holds them.")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to be read: ``path`` is its name in the repository, ``location`` where it lies.

    ``refusal`` says why a folder, or a link that leads nowhere, could not be looked into.
    """

    path: str
    location: str
    size: int = 0
    modified_ns: int = 0
    refusal: KnownError | None = None


def find(sources: Sequence[Path], *, leaving_out: Path | None = None) -> tuple[Found, ...]:
    """Find the files below folders, or the files named themselves, sorted by path; raises KnownError if there is none.

    Of several folders the paths begin with the folder's name. ``leaving_out`` is the file that is being written.
    """
    search = _Search(leaving_out.resolve() if leaving_out else None)
    for source, name in zip(sources, _names(sources), strict=True):
        search.source(source, name)
    return tuple(sorted(search.found, key=lambda one: one.path))


def _names(sources: Sequence[Path]) -> Iterator[str]:
    """Name every source so that no two begin alike; a single folder needs no name."""
    taken: set[str] = set()
    for source in sources:
        plain = shown(source.resolve().name) or "files"
        name = next(name for number in range(len(sources)) if (name := _numbered(plain, number)) not in taken)
        taken.add(name)
        yield "" if len(sources) == 1 and source.is_dir() else name


def _numbered(name: str, number: int) -> str:
    return f"{name} ({number + 1})" if number else name


def shown(name: str) -> str:
    """Return a file's name as text; what is no text on this system stands there as numbers."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


@dataclass(slots=True)
class _Search:
    """What has been found so far, and which folders have been looked into."""

    leaving_out: Path | None
    found: list[Found] = field(default_factory=list)
    folders: set[tuple[int, int]] = field(default_factory=set)

    def source(self, source: Path, name: str) -> None:
        if source.is_dir():
            self._folder(str(source.absolute()), name)
        elif not source.exists():
            raise KnownError(NOTHING_THERE, folder=str(source))
        elif not source.name.casefold().endswith(SUFFIXES):
            raise KnownError(NO_KIND, file=source.name)
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
            self.found.append(Found(f"{name}/", folder, refusal=_refusal(error, folder)))
            return
        for entry in inside:
            if not entry.name.startswith(_TEMPORARY):
                self._entry(entry, f"{name}/{shown(entry.name)}" if name else shown(entry.name))

    def _entry(self, entry: os.DirEntry[str], name: str) -> None:
        if entry.is_dir():
            self._folder(entry.path, name)
        elif entry.name.casefold().endswith(SUFFIXES):
            self._file(entry.path, name)

    def _file(self, location: str, name: str) -> None:
        try:
            status = os.stat(location)  # noqa: PTH116 - as above
        except OSError as error:
            self.found.append(Found(name, location, refusal=_refusal(error, location)))
            return
        if not self._is_left_out(location):
            self.found.append(Found(name, location, status.st_size, status.st_mtime_ns))

    def _is_left_out(self, location: str) -> bool:
        own = self.leaving_out
        return own is not None and os.path.basename(location) == own.name and Path(location).resolve() == own  # noqa: PTH119 - as above


def _refusal(error: OSError, location: str) -> KnownError:
    if isinstance(error, FileNotFoundError):
        return KnownError(refusals.MISSING, file=shown(os.path.basename(location)))  # noqa: PTH119 - as above
    if isinstance(error, PermissionError):
        return KnownError(refusals.UNREADABLE, file=shown(os.path.basename(location)))  # noqa: PTH119 - as above
    return refusals.of_system(error, Path(shown(location)))
