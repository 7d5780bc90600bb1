"""A disk that may forget whatever was not synced."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Protocol

from tests.power.trace import Closed, Event, Opened, Removed, Renamed, Resized, Said, Sought, Synced, Written

SECTOR = 512
Files = Mapping[str, bytes]
"""What a folder holds, by path."""


class Luck(Protocol):
    """Decides what of the unsynced is on the disk."""

    def moment(self, last: int) -> int:
        """Choose a moment from 0 (as it was synced) to ``last`` (as it was written)."""

    def happens(self) -> bool:
        """Choose whether a single thing has reached the disk."""

    def filling(self, size: int) -> bytes:
        """Return what stands where a file was made longer and nothing was written yet."""


class Nothing:
    """Nothing unsynced is on the disk."""

    def moment(self, last: int) -> int:  # noqa: ARG002 - never later than the first
        return 0

    def happens(self) -> bool:
        return False

    def filling(self, size: int) -> bytes:
        return bytes(size)


class Everything(Nothing):
    """Everything is on the disk."""

    def moment(self, last: int) -> int:
        return last

    def happens(self) -> bool:
        return True


class Chance:
    """Some of it is, more or less of it each time."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self.again()

    def again(self) -> None:
        """Let another power cut happen."""
        self._share = self._dice.choice((0.03, 0.25, 0.5, 0.75, 0.97))
        self._is_rubbish = self._dice.random() < 0.5

    def moment(self, last: int) -> int:
        if self._dice.random() < 0.3:
            return self._dice.randint(0, last)
        return last if self.happens() else 0

    def happens(self) -> bool:
        return self._dice.random() < self._share

    def filling(self, size: int) -> bytes:
        return self._dice.randbytes(size) if self._is_rubbish else bytes(size)


@dataclass(slots=True)
class _Content:
    """One file's bytes, whatever its names are: as synced, and as changed since."""

    synced: bytearray = field(default_factory=bytearray)
    now: bytearray = field(default_factory=bytearray)
    changes: list[tuple[int, bytes] | int] = field(default_factory=list)
    """(place, bytes), or a new size."""

    def write(self, offset: int, content: bytes) -> None:
        _put(self.now, offset, content, bytes)
        self.changes.append((offset, content))

    def resize(self, size: int) -> None:
        _resize(self.now, size, bytes)
        self.changes.append(size)

    def sync(self) -> None:
        if self.changes:
            self.synced = bytearray(self.now)
            self.changes = []

    def after_a_cut(self, luck: Luck) -> bytes:
        """Return what may be on the disk."""
        if not self.changes:
            return bytes(self.synced)
        found = bytearray(self.synced)
        last = len(self.changes)
        sectors: dict[int, int] = {}
        of_size = luck.moment(last)
        for number, change in enumerate(self.changes):
            if isinstance(change, int):
                if number < of_size:
                    _resize(found, change, luck.filling)
                continue
            for offset, piece in _pieces(*change):
                sector = offset // SECTOR
                if sector not in sectors:
                    sectors[sector] = luck.moment(last)
                if number < sectors[sector]:
                    _put(found, offset, piece, luck.filling)
        if len(found) < len(self.now) and luck.happens():
            _resize(found, len(self.now), luck.filling)
        return bytes(found)


def _pieces(offset: int, content: bytes) -> list[tuple[int, bytes]]:
    """Cut a write at the ends of sectors."""
    edges = [offset, *range((offset // SECTOR + 1) * SECTOR, offset + len(content), SECTOR), offset + len(content)]
    return [(a, content[a - offset : b - offset]) for a, b in pairwise(edges)]


def _resize(content: bytearray, size: int, filling: "type[bytes] | _Filling") -> None:
    if size > len(content):
        content += filling(size - len(content))
    del content[size:]


def _put(content: bytearray, offset: int, piece: bytes, filling: "type[bytes] | _Filling") -> None:
    if offset > len(content):
        _resize(content, offset, filling)
    content[offset : offset + len(piece)] = piece


class _Filling(Protocol):
    def __call__(self, size: int, /) -> bytes: ...


_Naming = tuple[tuple[str, _Content | None], ...]
"""Names that change together: what each names from then on, None if nothing."""


class Disk:
    """The files of one folder, and all that has been done to them since they were last synced."""

    def __init__(self, files: Files) -> None:
        self._names: dict[str, _Content] = {}
        for path, content in files.items():
            self._names[path] = _Content(bytearray(content), bytearray(content))
        self._synced_names = dict(self._names)
        self._namings: list[_Naming] = []
        self._open: dict[int, _Content | str] = {}
        self._places: dict[int, int] = {}

    def play(self, event: Event) -> None:
        """Let something happen."""
        match event:
            case Opened():
                self._opened(event)
            case Closed(handle):
                del self._open[handle]
            case Sought(handle, offset):
                self._places[handle] = offset
            case Written(handle, content, offset):
                self._written(handle, content, offset)
            case Resized(handle, size):
                self._file(handle).resize(size)
            case Synced(handle):
                self._synced(self._open[handle])
            case Removed(path):
                self._name(((path, None),))
            case Renamed(path, to, keeps_old):
                self._renamed(path, to, keeps_old=keeps_old)
            case Said():
                pass

    def _file(self, handle: int) -> _Content:
        found = self._open[handle]
        assert isinstance(found, _Content), f"{found} is a folder"
        return found

    def _opened(self, event: Opened) -> None:
        if event.path not in self._names:
            if "O_CREAT" not in event.flags:
                self._open[event.handle] = event.path  # a folder
                return
            self._name(((event.path, _Content()),))
        found = self._names[event.path]
        if "O_TRUNC" in event.flags and found.now:
            found.resize(0)
        self._open[event.handle] = found
        self._places[event.handle] = len(found.now) if "O_APPEND" in event.flags else 0

    def _written(self, handle: int, content: bytes, offset: int | None) -> None:
        place = self._places[handle] if offset is None else offset
        self._file(handle).write(place, content)
        if offset is None:
            self._places[handle] = place + len(content)

    def _renamed(self, path: str, to: str, *, keeps_old: bool) -> None:
        assert Path(path).parent == Path(to).parent, "files go from folder to folder: not modelled"
        moved = self._names[path]
        self._name(((to, moved),) if keeps_old else ((to, moved), (path, None)))

    def _name(self, naming: _Naming) -> None:
        _rename(self._names, naming)
        self._namings.append(naming)

    def _synced(self, what: _Content | str) -> None:
        if isinstance(what, _Content):
            what.sync()
            return
        kept = [naming for naming in self._namings if str(Path(naming[0][0]).parent) != what]
        for naming in self._namings:
            if naming not in kept:
                _rename(self._synced_names, naming)
        self._namings = kept

    @property
    def is_settled(self) -> bool:
        """Return whether nothing could be lost."""
        return not self._namings and not any(file.changes for file in self._names.values())

    def has_unsynced(self, path: str) -> bool:
        """Return whether something written to a file has not been synced."""
        return path in self._names and bool(self._names[path].changes)

    def after_a_cut(self, luck: Luck) -> Files:
        """Return what may be there when the power has come back."""
        names = dict(self._synced_names)
        for naming in self._namings:
            if luck.happens():
                _rename(names, naming)
        return {path: content.after_a_cut(luck) for path, content in sorted(names.items())}


def _rename(names: dict[str, _Content], naming: _Naming) -> None:
    for path, content in naming:
        if content is None:
            names.pop(path, None)
        else:
            names[path] = content
