"""What a process that reads a stranger's file may not do, for the case that the file gets a library to try it.

It has no business with the network, with other programs or with files it does not own: Python refuses these, and the
system ends a process that computes or writes without end. Where the system has no such limits, the parent's patience
is the only one.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_FORBIDDEN = (
    "socket.", "subprocess.", "urllib.", "winreg.", "shutil.", "os.system", "os.exec", "os.spawn", "os.posix_spawn",
    "os.fork", "os.startfile", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink",
)  # fmt: skip
"""The beginnings of the names under which Python announces what it is about to do."""
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MOST_WRITTEN = 200_000_000
_GRACE = 10


@contextmanager
def confined(folder: Path | None, seconds: float, *, most_written: int = MOST_WRITTEN) -> Iterator[None]:
    """Let what is done inside write into one folder only (None: nowhere) and compute for some seconds (0: any time).

    For a process that does nothing else: what it sees through cannot be taken away, only be set aside.
    """
    is_reading = True
    home = None if folder is None else str(folder.resolve())

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if is_reading and (event.startswith(_FORBIDDEN) or (event == "open" and _writes_elsewhere(arguments, home))):
            raise PermissionError(event)

    sys.dont_write_bytecode = True
    _limit(seconds, most_written if folder else 0)
    sys.addaudithook(watch)
    try:
        yield
    finally:
        is_reading = False
        _let_write()


def _writes_elsewhere(arguments: tuple[object, ...], home: str | None) -> bool:
    path, _mode, flags = arguments
    if not isinstance(flags, int) or not flags & _TO_WRITE or not isinstance(path, str | bytes):
        return False
    return home is None or not os.path.realpath(os.fsdecode(path)).startswith(home + os.sep)


def _limit(seconds: float, most_written: int) -> None:
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    # No dump of a stranger's data either.
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, most_written)]
    if seconds > 0:
        limits.append((resource.RLIMIT_CPU, int(seconds) + _GRACE))
    for kind, most in limits:
        _soft, hard = resource.getrlimit(kind)
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _let_write() -> None:
    """Set aside how much may be written."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - as above

    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
