"""One writer per file: a lock beside it that dies with its owner, and a note saying who, where and since when."""

import getpass
import json
import os
import platform
import stat
import sys
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.files.lock_file import LockFile, LockIsHeldError

if sys.platform == "win32":
    import ctypes

_LONGEST_NOTE = 4_096
_LONGEST_PART = 80


@dataclass(frozen=True, slots=True)
class LockOwner:
    """Who has a file open: name, computer and since when (UTC, ISO 8601); empty where unknown."""

    who: str = ""
    where: str = ""
    since: str = ""

    @property
    def since_local(self) -> str:
        """Since when, in this computer's time, to the minute; whatever stands there if that is no moment."""
        try:
            return f"{datetime.fromisoformat(self.since).astimezone():%Y-%m-%d %H:%M}"
        except (ValueError, OverflowError):
            return self.since


def current_owner(author: str, since: str) -> LockOwner:
    who = author
    if not who:
        with suppress(OSError, KeyError, ImportError):
            who = getpass.getuser()
    return LockOwner(who, platform.node(), since)


class WriteLock:
    """The right to write one file, held until released; the system takes it back when the process dies."""

    def __init__(self, file: Path, owner: LockOwner) -> None:
        self._note = _lock_path(file, "owner")
        self._lock = LockFile(_lock_path(file, "lock"))
        self._owner = owner
        self.is_held = False

    def take(self) -> LockOwner | None:
        """Take the right to write; if somebody else has it, say who. Raises OSError where no lock can be made."""
        try:
            self._acquire()
        except LockIsHeldError:
            return self._read_note()
        self.is_held = True
        with suppress(OSError):
            self._write_note()
        for file in (self._note, self._lock.path):
            _set_hidden(file, is_hidden=True)
        return None

    def _acquire(self) -> None:
        _set_hidden(self._lock.path, is_hidden=False)  # left by a crash, Windows would not open it anew
        self._lock.acquire()

    def is_free(self) -> bool:
        """Return whether nobody has the right to write at this moment; raises OSError where no lock can be made."""
        if self.is_held or not self._lock.path.exists():
            return True
        try:
            self._acquire()
        except LockIsHeldError:
            return False
        self._give_back(self._lock.path)
        return True

    def _write_note(self) -> None:
        # Made anew: what lies there may lead to another file.
        try:
            note = self._note.open("xb", buffering=0)
        except FileExistsError:
            self._note.unlink()
            note = self._note.open("xb", buffering=0)
        with note:
            note.write(json.dumps(asdict(self._owner), ensure_ascii=False).encode())

    def release(self) -> None:
        """Give the right back and leave nothing beside the file."""
        if not self.is_held:
            return
        self.is_held = False
        self._give_back(self._note, self._lock.path)

    def _give_back(self, *left: Path) -> None:
        # Windows removes nothing that is open. Elsewhere the files go while we still hold the lock: whoever waits for
        # it notices that its file is gone and makes a new one.
        if sys.platform == "win32":
            self._release()
        for file in left:
            with suppress(OSError):
                file.unlink(missing_ok=True)
        self._release()

    def _release(self) -> None:
        with suppress(OSError):  # the system takes it back when we end
            self._lock.release()

    def _read_note(self) -> LockOwner:
        try:
            found = json.loads(_read_beginning(self._note))
            return LockOwner(*(_one_line(str(found.get(name, ""))) for name in ("who", "where", "since")))
        except (OSError, ValueError, AttributeError, RecursionError):
            return LockOwner()


def _read_beginning(note: Path) -> bytes:
    """Read a note as long as ours are; anybody may have put anything there, a pipe or a link to a device too."""
    descriptor = os.open(note, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    try:
        return os.read(descriptor, _LONGEST_NOTE) if stat.S_ISREG(os.fstat(descriptor).st_mode) else b""
    finally:
        os.close(descriptor)


def _one_line(text: str) -> str:
    """Leave out of a stranger's text what is no letter, sign or blank, and what is too much."""
    return " ".join("".join(c if c.isprintable() else " " for c in text[:_LONGEST_NOTE]).split())[:_LONGEST_PART]


def _set_hidden(file: Path, *, is_hidden: bool) -> None:
    """Hide a file from people on Windows, where the dot in front of its name does not; it may not exist."""
    if sys.platform == "win32":
        usual, hidden = 0x80, 0x02
        ctypes.windll.kernel32.SetFileAttributesW(str(file), hidden if is_hidden else usual)


def _lock_path(file: Path, ending: str) -> Path:
    return file.with_name(f".{file.name}.{ending}")
