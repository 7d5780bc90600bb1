"""Our own program as a child process: how it is started, given keys, and limited in time and memory.

For a process that does nothing else: when its time or memory is up, it is ended as it stands. The libraries that set
pages end a process without a word when they get no memory, so it is watched, and the system's own limit, which is
higher, stops only what grows faster than one can watch.
"""

import base64
import json
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

from capacity_app.domain.encryption_keys import EncryptionKey, Keyring

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes
else:
    import resource

# How this program starts itself as a child process, packed into an executable or run by an interpreter.


def is_frozen() -> bool:
    """Whether this program was packed into an executable of its own (PyInstaller sets one mark, Nuitka the other)."""
    return bool(getattr(sys, "frozen", False)) or "__compiled__" in globals()


def own_command_line(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, *([] if is_frozen() else ["-m", "capacity_app"]), *arguments]


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
_SYSTEM_MARGIN = 256 * _MEGABYTE
"""What the system lets a process have beyond its limit."""
_WATCH_SECONDS = 0.1
_STATM = Path("/proc/self/statm")

LimitAction = Callable[[], None]


def _end_process(on_limit: LimitAction) -> None:
    try:
        on_limit()
    finally:
        os._exit(1)  # the work may hang in a library, where no exception reaches it


@contextmanager
def limited_time(seconds: float, on_limit: LimitAction) -> Iterator[None]:
    """Let what is done inside take some seconds (0: any time); then say the last words and end the process."""
    watch = threading.Timer(seconds, _end_process, (on_limit,))
    watch.daemon = True
    if seconds > 0:
        watch.start()
    try:
        yield
    finally:
        watch.cancel()


@contextmanager
def limited_memory(megabytes: int, on_limit: LimitAction) -> Iterator[None]:
    """Let this process use so much memory for what is inside (0: any), where the system tells how much it uses.

    Then it says the last words and ends; what asks for far too much at once gets MemoryError.
    """
    if megabytes <= 0:
        yield
        return
    done = threading.Event()
    watch = threading.Thread(target=_watch_memory, args=(megabytes * _MEGABYTE, done, on_limit), daemon=True)
    watch.start()
    try:
        with _limited_by_system(_writable_memory() + megabytes * _MEGABYTE + _SYSTEM_MARGIN):
            yield
    finally:
        done.set()
        watch.join()


def _watch_memory(most: int, done: threading.Event, on_limit: LimitAction) -> None:
    while not done.wait(_WATCH_SECONDS):
        if _used_memory() > most:
            _end_process(on_limit)


if sys.platform == "win32":
    # A job object limits the processes in it, and ends them when its owner ends.
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateJobObjectW.restype = _kernel.OpenProcess.restype = _kernel.GetCurrentProcess.restype = wintypes.HANDLE
    _kernel.SetInformationJobObject.argtypes = (wintypes.HANDLE, ctypes.c_int, ctypes.c_void_p, wintypes.DWORD)
    _kernel.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel.K32GetProcessMemoryInfo.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
    _kernel.CloseHandle.argtypes = (wintypes.HANDLE,)
    _EXTENDED_LIMITS, _PROCESS_MEMORY, _KILL_ON_CLOSE = 9, 0x100, 0x2000
    _TERMINATE_AND_SET_QUOTA = 0x101

    class _JobLimits(ctypes.Structure):  # JOBOBJECT_EXTENDED_LIMIT_INFORMATION
        _fields_ = (
            ("times", ctypes.c_int64 * 2), ("flags", wintypes.DWORD), ("working_set", ctypes.c_size_t * 2),
            ("processes", wintypes.DWORD), ("affinity", ctypes.c_size_t), ("priority", wintypes.DWORD * 2),
            ("io", ctypes.c_uint64 * 6), ("process_memory", ctypes.c_size_t), ("job_memory", ctypes.c_size_t * 3),
        )  # fmt: skip

    class _MemoryCounters(ctypes.Structure):  # PROCESS_MEMORY_COUNTERS
        _fields_ = (("size", wintypes.DWORD), ("faults", wintypes.DWORD), ("bytes", ctypes.c_size_t * 8))

    def _new_job(flags: int, most: int = 0) -> int:
        job: int = _kernel.CreateJobObjectW(None, None)
        limits = _JobLimits(flags=flags, process_memory=most)
        _kernel.SetInformationJobObject(job, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        return job

    @cache
    def _children() -> int:
        return _new_job(_KILL_ON_CLOSE)

    def end_with_this_process(process_id: int) -> None:
        """Have a child end when this process does, however that ends."""
        child = _kernel.OpenProcess(_TERMINATE_AND_SET_QUOTA, False, process_id)
        if child:
            _kernel.AssignProcessToJobObject(_children(), child)
            _kernel.CloseHandle(child)

    def _used_memory() -> int:
        counters = _MemoryCounters()
        counters.size = ctypes.sizeof(counters)
        _kernel.K32GetProcessMemoryInfo(_kernel.GetCurrentProcess(), ctypes.byref(counters), counters.size)
        return int(counters.bytes[1])  # the working set

    def _writable_memory() -> int:
        return _used_memory()

    @contextmanager
    def _limited_by_system(most: int) -> Iterator[None]:
        # A process cannot leave its job: this is for children, which do nothing else.
        _kernel.AssignProcessToJobObject(_new_job(_PROCESS_MEMORY, most), _kernel.GetCurrentProcess())
        yield

else:

    def end_with_this_process(process_id: int) -> None:
        """Have a child end when this process does: elsewhere it notices that nobody reads what it says."""

    def _used_memory() -> int:
        """Return the bytes this process uses; on systems that do not say so, the most it has ever used."""
        try:
            return int(_STATM.read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def _writable_memory() -> int:
        """Return the bytes of data this process may write to already; 0 on systems that do not say so."""
        try:
            return int(_STATM.read_bytes().split()[5]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            return 0

    @contextmanager
    def _limited_by_system(most: int) -> Iterator[None]:
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        with suppress(OSError, ValueError):
            resource.setrlimit(
                resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard)
            )
        try:
            yield
        finally:
            with suppress(OSError, ValueError):
                resource.setrlimit(resource.RLIMIT_DATA, (soft, hard))


# What such a process says: a line of JSON after the other.


def parse_message(line: bytes) -> dict[str, object]:
    """Read one line of a child; anything that is not ours is no message."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def message_content(message: dict[str, object]) -> bytes:
    """Take the bytes that a message carries; none if they are garbled."""
    with suppress(ValueError):
        return base64.b64decode(str(message.get("content", "")))
    return b""


# Keys on their way to a process of our own: one line over a pipe, where no other program can read along.

KEYS_OPTION = "--keys-from-stdin"
"""Tells the command line, for the window only, that the first line of its standard input is a ring."""


def keyring_to_line(ring: Keyring) -> bytes:
    content = {
        "passphrases": ring.passphrases,
        "recovery_keys": [raw.hex() for raw in ring.recovery_keys],
        "keys": [[key.salt.hex(), key.raw.hex()] for key in ring.keys],
    }
    return json.dumps(content).encode() + b"\n"


def keyring_from_line(line: str) -> Keyring:
    """Read what ``keyring_to_line`` wrote; raises ValueError for anything else."""
    try:
        content = json.loads(line)
        return Keyring(
            tuple(map(str, content["passphrases"])),
            tuple(map(bytes.fromhex, content["recovery_keys"])),
            tuple(EncryptionKey(bytes.fromhex(salt), bytes.fromhex(raw)) for salt, raw in content["keys"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError from error  # never with the line itself
