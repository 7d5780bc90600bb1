"""How long a piece of work may take and how much memory it may use, before it ends itself with a sentence.

For a process that does nothing else: when its time or memory is up, it is ended as it stands. The libraries that set
pages end a process without a word when they get no memory, so it is watched, and the system's own limit, which is
higher, stops only what grows faster than one can watch.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

TIME_LIMIT = 15 * 60
"""Seconds a report may take: the largest one known takes two minutes on a slow laptop."""
MEMORY_LIMIT = 4_000
"""Megabytes a report may use: the largest one known uses a fifth of it."""
CHECK_TIME_LIMIT = 3 * 60
"""Seconds the check of a file may take."""
CHECK_MEMORY_LIMIT = 3_000
"""Megabytes the check of a file may use."""
READING_TIME_LIMIT = 2 * 60
"""Seconds the reading of a file that came back may take: the largest one known takes three."""
READING_MEMORY_LIMIT = 1_500
"""Megabytes the reading of a file that came back may use: the largest one known uses a tenth of it."""
_MEGABYTE = 1_000_000
_ROOM = 256 * _MEGABYTE
"""What the system lets a process have beyond its limit."""
_WATCH_SECONDS = 0.1
_STATM = Path("/proc/self/statm")

LastWords = Callable[[], None]


def _end(last_words: LastWords) -> None:
    try:
        last_words()
    finally:
        os._exit(1)  # the work may hang in a library, where no exception reaches it


@contextmanager
def limited_time(seconds: float, last_words: LastWords) -> Iterator[None]:
    """Let what is done inside take some seconds (0: any time); then say the last words and end the process."""
    watch = threading.Timer(seconds, _end, (last_words,))
    watch.daemon = True
    if seconds > 0:
        watch.start()
    try:
        yield
    finally:
        watch.cancel()


@contextmanager
def limited_memory(megabytes: int, last_words: LastWords) -> Iterator[None]:
    """Let this process use so much memory for what is inside (0: any), where the system tells how much it uses.

    Then it says the last words and ends; what asks for far too much at once gets MemoryError.
    """
    if megabytes <= 0 or sys.platform == "win32":
        yield
        return
    done = threading.Event()
    watch = threading.Thread(target=_watch, args=(megabytes * _MEGABYTE, done, last_words), daemon=True)
    watch.start()
    try:
        with _limited_by_system(_held() + megabytes * _MEGABYTE + _ROOM):
            yield
    finally:
        done.set()
        watch.join()


def _watch(most: int, done: threading.Event, last_words: LastWords) -> None:
    while not done.wait(_WATCH_SECONDS):
        if _used() > most:
            _end(last_words)


def _used() -> int:
    """Return the bytes this process uses; on systems that do not say so, the most it has ever used."""
    try:
        return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource  # noqa: PLC0415 - Windows has none

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _held() -> int:
    """Return the bytes of data this process may write to already; 0 on systems that do not say so."""
    try:
        return int(_STATM.read_bytes().split()[5]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


@contextmanager
def _limited_by_system(most: int) -> Iterator[None]:
    import resource  # noqa: PLC0415 - Windows has none

    soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
    try:
        yield
    finally:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))
