"""One writer per file: a lock beside it that dies with its owner, and a note saying who, where and since when."""

import getpass
import json
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout


@dataclass(frozen=True, slots=True)
class Owner:
    """Who has a file open: name, computer and since when (UTC, ISO 8601); empty where unknown."""

    who: str = ""
    where: str = ""
    since: str = ""

    @property
    def since_here(self) -> str:
        """Since when, in this computer's time, to the minute; whatever stands there if that is no moment."""
        try:
            return f"{datetime.fromisoformat(self.since).astimezone():%Y-%m-%d %H:%M}"
        except ValueError:
            return self.since


def here(author: str, since: str) -> Owner:
    """Describe ourselves."""
    who = author
    if not who:
        with suppress(OSError, KeyError, ImportError):
            who = getpass.getuser()
    return Owner(who, socket.gethostname(), since)


class Ownership:
    """The right to write one file, held until released; the system takes it back when the process dies."""

    def __init__(self, file: Path, owner: Owner) -> None:
        self._note = _beside(file, "owner")
        self._lock = FileLock(_beside(file, "lock"), timeout=0, thread_local=False, fallback_to_soft=False)
        self._owner = owner
        self.is_held = False

    def take(self) -> Owner | None:
        """Take the right to write; if somebody else has it, say who. Raises OSError where no lock can be made."""
        try:
            self._lock.acquire()
        except Timeout:
            return self._read_note()
        self.is_held = True
        with suppress(OSError):
            self._note.write_text(json.dumps(asdict(self._owner), ensure_ascii=False), encoding="utf-8")
        return None

    def release(self) -> None:
        """Give the right back and leave nothing beside the file."""
        if not self.is_held:
            return
        self.is_held = False
        # Both go while we still hold the lock: whoever waits for it notices that its file is gone and makes a new one.
        for left in (self._note, Path(self._lock.lock_file)):
            with suppress(OSError):
                left.unlink(missing_ok=True)
        self._lock.release()

    def _read_note(self) -> Owner:
        try:
            found = json.loads(self._note.read_text(encoding="utf-8"))
            return Owner(*(str(found.get(name, ""))[:200] for name in ("who", "where", "since")))
        except (OSError, ValueError, AttributeError):
            return Owner()


def _beside(file: Path, ending: str) -> Path:
    return file.with_name(f".{file.name}.{ending}")
