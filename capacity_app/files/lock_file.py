"""A lock that one process at a time can hold; the system takes it back when the process dies.

Decision: not the library filelock. Each start of the window and each command paid for its import, and what it can do
more is not wanted here: to wait for a lock, and to replace the system's lock by a plain file.
"""

import errno
import os
import sys
from pathlib import Path

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


if sys.platform == "win32":
    import ctypes
    import msvcrt

    # Not msvcrt.locking: the libraries of Windows do not agree on its error numbers.
    _KERNEL = ctypes.WinDLL("kernel32", use_last_error=True)
    _ERROR_LOCK_VIOLATION = 33

    def _lock(descriptor: int) -> None:
        if not _KERNEL.LockFile(*_first_byte(descriptor)):
            error = ctypes.WinError(ctypes.get_last_error())
            raise LockIsHeldError if error.winerror == _ERROR_LOCK_VIOLATION else error

    def _unlock(descriptor: int) -> None:
        if not _KERNEL.UnlockFile(*_first_byte(descriptor)):
            raise ctypes.WinError(ctypes.get_last_error())

    def _first_byte(descriptor: int) -> tuple[ctypes.c_void_p, int, int, int, int]:
        """Return what LockFile and UnlockFile take: a handle, and a place and a length in two halves each."""
        return ctypes.c_void_p(msvcrt.get_osfhandle(descriptor)), 0, 0, 1, 0

else:
    import fcntl

    def _lock(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK}:
                raise LockIsHeldError from error
            raise

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
