"""Folders only this person may read, for what another program, or a later step, is to open; they go with their owner.

What was still held open, and what a program that was killed left behind, is swept away at the next start: a lock that
dies with its owner tells which folders nobody needs.
"""

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

from capacity_app.files.lock_file import LockFile, LockIsHeldError

PREFIX = "capacity-app-shown-"
_LOCK = ".lock"
_FORGOTTEN_AFTER = 60
"""Seconds after which a folder without a lock is surely not just being made."""


class PrivateFolder:
    """A folder that goes with this object, at the latest when the program ends; raises OSError if none can be made."""

    def __init__(self) -> None:
        remove_abandoned_folders()
        self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
        lock = LockFile(self.path / _LOCK)
        lock.acquire()
        self.remove = weakref.finalize(self, _release, self.path, lock)  # should nobody call it


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    folder = PrivateFolder()
    try:
        yield folder.path
    finally:
        folder.remove()


def remove_abandoned_folders() -> None:
    """Remove what an earlier start had to leave behind."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError, LockIsHeldError):
            if _is_ours(left) and _is_left(left):
                _remove(left)


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is one, and this person's: others may put anything into a folder for temporary files."""
    made = folder.lstat()
    return stat.S_ISDIR(made.st_mode) and (sys.platform == "win32" or made.st_uid == os.getuid())


def _is_left(folder: Path) -> bool:
    """Return whether nobody has a folder any more; raises LockIsHeldError if somebody does."""
    if not (folder / _LOCK).exists():
        return time.time() - folder.lstat().st_mtime > _FORGOTTEN_AFTER
    lock = LockFile(folder / _LOCK)
    lock.acquire()
    lock.release()
    return True


def _release(folder: Path, lock: LockFile) -> None:
    lock.release()
    _remove(folder)


def _remove(folder: Path) -> None:
    # Windows does not remove what may not be written.
    for file in folder.rglob("*"):
        with contextlib.suppress(OSError):
            file.chmod(stat.S_IRWXU)
    shutil.rmtree(folder, ignore_errors=True)
