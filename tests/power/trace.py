"""The system calls of a child process that change one folder, in order, and what it says meanwhile."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STDOUT = 1
PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Opened:
    """A file or folder was opened."""

    handle: int
    path: str
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Closed:
    """An open file was closed."""

    handle: int


@dataclass(frozen=True, slots=True)
class Sought:
    """The place where the next write without a place goes was set."""

    handle: int
    offset: int


@dataclass(frozen=True, slots=True)
class Written:
    """Bytes were written at a place, or (None) where the file stood."""

    handle: int
    content: bytes
    offset: int | None


@dataclass(frozen=True, slots=True)
class Resized:
    """A file was cut or made longer."""

    handle: int
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """All that was written to a file, or all names in a folder, have reached the disk."""

    handle: int


@dataclass(frozen=True, slots=True)
class Removed:
    """A name was taken away."""

    path: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file got another name; a link keeps the old one too."""

    path: str
    to: str
    keeps_old: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """The child acknowledged something on its standard output."""

    words: str


Event = Opened | Closed | Sought | Written | Resized | Synced | Removed | Renamed | Said

_CALLS = (
    "open,openat,creat,close,lseek,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fallocate,fsync,fdatasync,"
    "unlink,unlinkat,rename,renameat,renameat2,link,linkat,mmap,sendfile,copy_file_range,dup,dup2,dup3"
)
_LINE = re.compile(r"(\d+)\s+(\w+)\((.*)\)\s+=\s+(-?\d+)")
_CUT = re.compile(r"(\d+)\s+(.*) <unfinished \.\.\.>$")
_REST = re.compile(r"(\d+)\s+<\.\.\. \w+ resumed>(.*)$")
_HANDLE = re.compile(r"(AT_FDCWD|\d+)(?:<([^>]*)>)?")
_QUOTED = re.compile(r"(?:\\x[0-9a-f]{2})+")
_EVERYTHING = str(1 << 26)


def strace() -> str:
    """Find strace; skips the test where it is not installed or may not look."""
    import pytest  # noqa: PLC0415 - the traced children need it not

    found = shutil.which("strace")
    if not found or subprocess.run((found, "-o", os.devnull, "true"), check=False, capture_output=True).returncode:
        pytest.skip("strace is not there or not allowed")
    return found


def traced_lines(
    command: Sequence[str], log: Path, environment: Mapping[str, str], more: Sequence[str] = ()
) -> tuple[list[str], list[str]]:
    """Run a command to its end; give the lines of the trace, calls whole, and what it said."""
    tracing = (strace(), "-f", "--seccomp-bpf", "-y", "-xx", "-s", _EVERYTHING, "-o", str(log), "-e", f"trace={_CALLS}")
    run = subprocess.run(
        (*tracing, *more, *command), check=False, capture_output=True, text=True, env=environment, timeout=PATIENCE
    )
    assert run.returncode == 0, run.stderr
    with log.open(encoding="ascii") as lines:
        return list(whole(lines)), run.stdout.splitlines()


def traced(command: Sequence[str], folder: Path, log: Path, environment: Mapping[str, str]) -> list[Event]:
    """Run a command to its end and give what it did within a folder, and what it said."""
    return list(events(traced_lines(command, log, environment)[0], str(folder)))


def events(lines: Iterable[str], folder: str) -> Iterator[Event]:
    """Read a trace of whole calls."""
    reader = _Reader(folder)
    for line in lines:
        if (found := _LINE.match(line)) and int(found[4]) >= 0:
            yield from reader.events(found[2], found[3].split(", "), int(found[4]))


def whole(lines: Iterable[str]) -> Iterator[str]:
    """Put calls together that another thread's were written between, at the time they ended."""
    begun: dict[str, str] = {}
    for line in lines:
        if cut := _CUT.match(line):
            begun[cut[1]] = cut[0].removesuffix(" <unfinished ...>")
        elif rest := _REST.match(line):
            yield begun.pop(rest[1]) + rest[2]
        else:
            yield line


def _bytes(quoted: str) -> bytes:
    assert not quoted.endswith("..."), "strace has cut something short"
    return bytes.fromhex("".join(_QUOTED.findall(quoted)).replace("\\x", ""))


class _Reader:
    """Tells one folder's calls from all others."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._open: set[int] = set()

    def events(self, call: str, arguments: list[str], result: int) -> Iterator[Event]:
        match call:
            case "open" | "openat" | "creat":
                yield from self._opened(call, arguments, result)
            case "unlink" | "unlinkat" | "rename" | "renameat" | "renameat2" | "link" | "linkat":
                yield from self._named(call, list(self._paths(arguments)))
            case "truncate" | "mmap" | "sendfile" | "copy_file_range" | "dup" | "dup2" | "dup3":
                self._expect_elsewhere(call, arguments)
            case _:
                yield from self._done(call, arguments, result)

    def _is_within(self, path: str) -> bool:
        return path == self._folder or path.startswith(f"{self._folder}/")

    def _paths(self, arguments: list[str]) -> Iterator[str]:
        """Yield the paths among the arguments, whole."""
        start = ""
        for argument in arguments:
            handle = _HANDLE.fullmatch(argument)
            if handle and handle[2]:
                start = os.fsdecode(_bytes(handle[2]))
            elif argument.startswith('"'):
                yield os.path.normpath(os.path.join(start, os.fsdecode(_bytes(argument))))  # noqa: PTH118 - as the system does

    def _opened(self, call: str, arguments: list[str], handle: int) -> Iterator[Event]:
        (path,) = self._paths(arguments)
        self._open.discard(handle)
        if self._is_within(path):
            self._open.add(handle)
            names = arguments[2 if call == "openat" else 1].split("|")
            yield Opened(handle, path, frozenset({"O_CREAT", "O_TRUNC"} if call == "creat" else names))

    def _named(self, call: str, paths: list[str]) -> Iterator[Event]:
        within = [path for path in paths if self._is_within(path)]
        assert len(within) in {0, len(paths)}, f"{call} over the edge of the folder"
        if within and call.startswith("unlink"):
            yield Removed(within[0])
        elif within:
            yield Renamed(within[0], within[1], keeps_old=call.startswith("link"))

    def _expect_elsewhere(self, call: str, arguments: list[str]) -> None:
        """Refuse calls that are not modelled, should they ever be made."""
        handles = {int(found[1]) for one in arguments if (found := _HANDLE.fullmatch(one)) and found[1].isdecimal()}
        if call == "mmap":
            writes = "PROT_WRITE" in arguments[2] and "MAP_SHARED" in arguments[3]
            handles &= self._open if writes else set()
        touched = handles & self._open or any(map(self._is_within, self._paths(arguments)))
        assert not touched, f"{call} is not modelled"

    def _done(self, call: str, arguments: list[str], result: int) -> Iterator[Event]:
        found = _HANDLE.fullmatch(arguments[0])
        handle = int(found[1]) if found and found[1].isdecimal() else -1
        if handle == STDOUT and call == "write":
            yield from map(Said, _bytes(arguments[1]).decode().splitlines())
        elif handle in self._open:
            yield self._change(call, handle, arguments, result)
            if call == "close":
                self._open.discard(handle)

    def _change(self, call: str, handle: int, arguments: list[str], result: int) -> Event:
        match call:
            case "close":
                return Closed(handle)
            case "lseek":
                return Sought(handle, result)
            case "write":
                return Written(handle, _bytes(arguments[1])[:result], None)
            case "pwrite64":
                return Written(handle, _bytes(arguments[1])[:result], int(arguments[3]))
            case "ftruncate":
                return Resized(handle, int(arguments[1]))
            case "fsync" | "fdatasync":
                return Synced(handle)
            case _:
                raise AssertionError(f"{call} is not modelled")
