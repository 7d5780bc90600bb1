"""A child that does one thing while strace watches it, or makes one of its system calls fail."""

import ctypes
import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from threading import Lock
from typing import Any

from capacity_app.domain.problems import KnownError

_NAMING = ("openat", "rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat",
           "rmdir", "chmod", "fchmod", "fchmodat")  # fmt: skip
_WRITING = ("write", "pwrite64", "copy_file_range", "sendfile")
_SYNCING = ("fsync", "fdatasync", "ftruncate")
_ASKING = ("access", "faccessat", "faccessat2", "stat", "lstat", "newfstatat", "statx", "mkdir")
_READING = ("read", "pread64", "fstat", "getdents64", "lseek", "fcntl", "flock", "readlink")
KILL = "kill"
_PR_SET_PTRACER, _ANYBODY = 0x59616D61, ctypes.c_ulong(-1)
_PATH = re.compile(r'/[^">]+')
_LINE = re.compile(r"(\d+) +(\w+)\(")


@dataclass(frozen=True, order=True)
class Fault:
    """One system call that goes wrong: its name, which one of its kind it is in its thread, and how."""

    call: str
    number: int
    how: str

    @property
    def injection(self) -> str:
        """The fault in the words of strace."""
        way = "signal=KILL" if self.how == KILL else f"error={self.how}"
        return f"inject={self.call}:{way}:when={self.number}"


@dataclass(frozen=True)
class Outcome:
    """What a child told before it ended, where calls were made to fail, and whether it was killed."""

    done: frozenset[int]
    refused: tuple[str, ...]
    mistakes: tuple[str, ...]
    calls: tuple[tuple[int, str, str], ...]
    injected: tuple[str, ...]
    was_killed: bool


class Teller:
    """How a child says what is done and what was refused; on whichever of its threads."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe, self._lock = pipe, Lock()

    def ready(self) -> None:
        """Say that what comes now is what the test is about, and wait until it is watched."""
        self._send("ready", ())
        self._pipe.recv()

    def done(self, *steps: int) -> None:
        """Say which steps the program would call done, to the person."""
        self._send("done", steps)

    def refused(self, sentence: str) -> None:
        """Say what the person is told."""
        self._send("refused", sentence)

    def mistake(self, what: str) -> None:
        """Say what nobody expected."""
        self._send("mistake", what)

    def _send(self, kind: str, what: Any) -> None:
        with self._lock:
            self._pipe.send((kind, what))


Act = Callable[[Path, Teller], None]


@contextmanager
def at_home_in(folder: Path) -> Iterator[None]:
    """Yield this process a home, and a place for temporary files, inside a folder."""
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME")
    before = {name: os.environ.get(name) for name in (*names, "TMPDIR")}
    os.environ |= {**dict.fromkeys(names, str(folder / "home")), "TMPDIR": str(folder / "tmp")}
    tempfile.tempdir = None
    try:
        yield
    finally:
        tempfile.tempdir = None
        for name, value in before.items():
            os.environ.pop(name, None)
            os.environ |= {name: value} if value is not None else {}


def _do(act: Act, folder: Path, pipe: Connection) -> None:
    """Wait to be watched, then act; runs in the child."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PTRACER, _ANYBODY, 0, 0, 0)
    teller = Teller(pipe)
    sys.excepthook = lambda kind, error, _trace: teller.mistake(f"{kind.__name__}: {error}")
    try:
        with at_home_in(folder):
            act(folder, teller)
    except KnownError as error:
        teller.refused(error.text())
    except Exception:  # noqa: BLE001 - what the test is about
        teller.mistake(traceback.format_exc())


def strace() -> str:
    """Find strace; empty where it is not installed or may not look."""
    found = shutil.which("strace") or ""
    is_allowed = (
        found and not subprocess.run((found, "-o", os.devnull, "true"), check=False, capture_output=True).returncode
    )
    return found if is_allowed else ""


def watched(context: BaseContext, act: Act, folder: Path, fault: Fault | None, program: str) -> Outcome:
    """Have a child act in a folder under strace, with a fault or without."""
    ours, theirs = context.Pipe()
    child = context.Process(target=_do, args=(act, folder, theirs))  # type: ignore[attr-defined]
    child.start()
    theirs.close()
    ours.recv()
    record = folder.with_name(f"{folder.name}.trace")
    calls = f"trace={','.join(f'?{call}' for call in {*_NAMING, *_WRITING, *_SYNCING, *_ASKING, *_READING})}"
    wanted = ("-e", fault.injection) if fault else ()
    command = (program, "-f", "-y", "-s", "0", "-o", str(record), "-e", calls, *wanted, "-p", str(child.pid))
    with ours, subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as watcher:
        assert watcher.stderr is not None
        said = watcher.stderr.readline()
        assert "attached" in said, said
        ours.send("go")
        told = tuple(_told(ours))
        child.join()
        watcher.stderr.read()
    lines = record.read_text(errors="replace").splitlines()
    record.unlink()
    return Outcome(
        done=frozenset(step for kind, what in told if kind == "done" for step in what),
        refused=tuple(what for kind, what in told if kind == "refused"),
        mistakes=tuple(what for kind, what in told if kind == "mistake"),
        calls=tuple(_calls(lines)),
        injected=tuple(line for line in lines if "(INJECTED)" in line),
        was_killed=child.exitcode == -9,
    )


def _told(pipe: Connection) -> Iterator[tuple[str, Any]]:
    try:
        while True:
            yield pipe.recv()
    except (EOFError, OSError):
        return


def _calls(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """Yield thread, name and line of each call, once each."""
    for line in lines:
        if found := _LINE.match(line):
            yield int(found[1]), found[2], line


def _ways(call: str, number: int, line: str) -> tuple[str, ...]:
    """Return how a call can go wrong; after one that only looks, a kill finds what it found after the one before.

    Of a hundred pages written one after the other, each fails in one way, in turn.
    """
    if call in _NAMING:
        is_looking = call == "openat" and "O_CREAT" not in line
        return ("EIO", "EACCES", "EMFILE") if is_looking else ("EIO", "EACCES", "EMFILE", "ENOSPC", KILL)
    if call in _SYNCING:
        return ("EIO", "ENOSPC", KILL)
    if call in _WRITING:
        return (("ENOSPC", KILL, "EIO")[number % 3],)
    return (("EIO", "EACCES")[number % 2],) if call in _ASKING else ("EIO",)


def faults(outcome: Outcome, folder: Path) -> Iterator[Fault]:
    """Yield the faults that an act can meet in a folder, from a run that met none.

    Of one question asked of one file again and again, the first answer fails, the second, the fourth and so on.
    """
    known: set[tuple[str, int]] = set()
    counted: Counter[tuple[int, str]] = Counter()
    asked: Counter[tuple[str, ...]] = Counter()
    for thread, call, line in outcome.calls:
        counted[thread, call] += 1
        number = counted[thread, call]
        if str(folder) not in line or (call, number) in known:
            continue
        known.add((call, number))
        question = (call, *_PATH.findall(line))
        asked[question] += 1
        is_change = call in _NAMING or call in _WRITING or call in _SYNCING
        if is_change or asked[question].bit_count() == 1:
            yield from (Fault(call, number, how) for how in _ways(call, number, line))
