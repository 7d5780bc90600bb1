"""A lock that one process at a time can hold; the system takes it back when the process dies.

Decision: not the library filelock. Each start of the window and each command paid for its import, and what it can do
more is not wanted here: to wait for a lock, and to replace the system's lock by a plain file.
"""

import errno
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# What systems answer when somebody else holds a lock.
_HELD = frozenset({errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK})
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class LockIsHeldError(Exception):
    """Somebody else holds the lock."""


class LockFile:
    """The lock on a file, which is made where it is missing and stays there; nothing is written into it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1

    def acquire(self) -> None:
        """Take the lock; raises LockIsHeldError if somebody else has it, OSError where no lock can be made."""
        is_taken = False
        while not is_taken:
            descriptor = os.open(self.path, _FLAGS, 0o644)
            try:
                _lock(descriptor)
                # Whoever held it before may have removed the file since it was opened.
                is_taken = os.fstat(descriptor).st_nlink > 0
            finally:
                if not is_taken:
                    os.close(descriptor)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; raises OSError if the system refuses."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            try:
                _unlock(descriptor)
            finally:
                os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            raise LockIsHeldError from error
        raise


def _unlock(descriptor: int) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
