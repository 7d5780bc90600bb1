"""One file that came back, read by our own command line as a child process, which may die or hang without us.

Parent and child meet over pipes, for what somebody answered has no business in a temporary folder: the parent says the
instrument in one line, the child what it read. A child that dies without a word, as the fast library for workbooks may,
is started once more with the slower one alone.
"""

import base64
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from capacity_app import paths
from capacity_app.domain.assessment.returned_files import ReturnedContent
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.services.child_process import (
    READING_MEMORY_LIMIT,
    READING_TIME_LIMIT,
    end_with_this_process,
    message_content,
    own_command_line,
    parse_message,
)
from capacity_app.services.untrusted import inspection, refusals
from capacity_app.services.untrusted.refusals import refusal

if sys.platform != "win32":
    import resource

# What a process that reads a stranger's file may not do, for the case that the file gets a library to try it.
#
# It has no business with the network, with other programs or with files it does not own: Python refuses these, and the
# system ends a process that computes or writes without end. Where the system has no such limits, the parent's patience
# is the only one.

_FORBIDDEN = (
    "socket.", "subprocess.", "urllib.", "winreg.", "shutil.", "os.system", "os.exec", "os.spawn", "os.posix_spawn",
    "os.fork", "os.startfile", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink",
)  # fmt: skip
"""The beginnings of the names under which Python announces what it is about to do."""
_WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
MAX_WRITTEN_BYTES = 200_000_000
_CPU_GRACE_SECONDS = 10


@contextmanager
def confined(folder: Path | None, seconds: float, *, most_written: int = MAX_WRITTEN_BYTES) -> Iterator[None]:
    """Let what is done inside write into one folder only (None: nowhere) and compute for some seconds (0: any time).

    For a process that does nothing else: what it sees through cannot be taken away, only be set aside.
    """
    is_reading = True
    home = None if folder is None else str(folder.resolve())

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if is_reading and (event.startswith(_FORBIDDEN) or (event == "open" and _writes_outside(arguments, home))):
            raise PermissionError(event)

    sys.dont_write_bytecode = True
    _limit_resources(seconds, most_written if folder else 0)
    sys.addaudithook(watch)
    try:
        yield
    finally:
        is_reading = False
        _lift_write_limit()


def _writes_outside(arguments: tuple[object, ...], home: str | None) -> bool:
    path, _mode, flags = arguments
    if not isinstance(flags, int) or not flags & _WRITE_FLAGS or not isinstance(path, str | bytes):
        return False
    return home is None or not os.path.realpath(os.fsdecode(path)).startswith(home + os.sep)


def _limit_resources(seconds: float, most_written: int) -> None:
    if sys.platform == "win32":
        return
    # No dump of a stranger's data either.
    limits = [(resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, most_written)]
    if seconds > 0:
        limits.append((resource.RLIMIT_CPU, int(seconds) + _CPU_GRACE_SECONDS))
    for kind, most in limits:
        _soft, hard = resource.getrlimit(kind)
        with suppress(OSError, ValueError):
            resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _lift_write_limit() -> None:
    """Set aside how much may be written."""
    if sys.platform == "win32":
        return
    _soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))


READ_FILE_COMMAND = "read-file"
"""The command, not for people, that serves as the child."""
_GRACE_SECONDS = 15
"""Seconds a child has to end itself with a sentence, once its time is up."""
_POLL_SECONDS = 0.05
_SENTENCE_ONLY = "{sentence}"
"""What a child said in words of its own; nothing in them is a placeholder."""
_DECODER = msgspec.json.Decoder(ReturnedContent)


class ReadCancelled(Exception):  # noqa: N818 - nothing went wrong
    """Somebody did not want to wait any longer."""


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """What a child is asked: to read a file against an instrument, which it is told over a pipe."""

    file: Path

    def arguments(
        self, *, seconds: float = READING_TIME_LIMIT, megabytes: int = READING_MEMORY_LIMIT, is_careful: bool = False
    ) -> list[str]:
        """Return the arguments of our command line that have this done."""
        limits = ["--time-limit", str(seconds), "--memory-limit", str(megabytes)]
        careful = ["--careful"] if is_careful else []
        return [READ_FILE_COMMAND, *limits, *careful, "--", str(self.file.absolute())]


def instrument_to_line(instrument: Instrument) -> str:
    """Write the whole instrument, also of a selection; the file says which selection it asks."""
    return encode_instrument(instrument)


def instrument_from_line(line: bytes) -> Instrument:
    """Read the line, in the child; raises KnownError."""
    return decode_instrument(line.decode("utf-8", "replace"))


def done_line(file: Path, returned: ReturnedContent) -> dict[str, object]:
    """Return what was read as the last line that a child says."""
    content = base64.b64encode(msgspec.json.encode(returned)).decode()
    return {"done": True, "file": file.name, "content": content}


def decode_returned(content: bytes) -> ReturnedContent | None:
    """Take what a child read, None if it is nothing we can use."""
    try:
        return _DECODER.decode(content)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def read_in_child(
    file: Path,
    instrument: Instrument,
    *,
    seconds: float = READING_TIME_LIMIT,
    megabytes: int = READING_MEMORY_LIMIT,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ReturnedContent:
    """Read a workbook or Word file that came back, in a child process; raises KnownError, or ReadCancelled.

    A file that is refused from outside costs no process at all.
    """
    inspection.inspect_content(inspection.read_returned_content(file), file.name)
    line = f"{instrument_to_line(instrument)}\n".encode()
    for is_careful in (False, True):
        arguments = ReadRequest(file).arguments(seconds=seconds, megabytes=megabytes, is_careful=is_careful)
        said = _run_child(arguments, line, seconds + _GRACE_SECONDS if seconds > 0 else None, is_cancelled)
        if said is None:
            raise refusal(refusals.TOO_SLOW, file.name)
        returned = _returned_in(said)
        if returned is not None:
            return returned
    raise refusal(refusals.READER_DIED, file.name)


def _run_child(
    arguments: list[str], line: bytes, seconds: float | None, is_cancelled: Callable[[], bool]
) -> bytes | None:
    """Let a child do its errand and give what it says, None if that takes too long; raises ReadCancelled."""
    # Our own program with our own arguments; the folder holds nothing that Python could take for a module.
    process = subprocess.Popen(  # noqa: S603
        own_command_line(arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=paths.resources_folder(),
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    end_with_this_process(process.pid)
    with process, ThreadPoolExecutor(1) as talk:
        try:
            return _await_output(talk.submit(_exchange, process, line), seconds, is_cancelled)
        finally:
            process.kill()


def _exchange(process: "subprocess.Popen[bytes]", line: bytes) -> bytes:
    """Tell a child its line and hear it out; one that never stops talking is cut short."""
    assert process.stdin, "started with pipes"
    assert process.stdout, "started with pipes"
    with suppress(OSError), process.stdin as ear:
        ear.write(line)
    return process.stdout.read(MAX_WRITTEN_BYTES)


def _await_output(said: "Future[bytes]", seconds: float | None, is_cancelled: Callable[[], bool]) -> bytes | None:
    """Wait for what a child says; None if it took too long; raises ReadCancelled."""
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        try:
            return said.result(_POLL_SECONDS)
        except TimeoutError:
            if is_cancelled():
                raise ReadCancelled from None
            if end is not None and time.monotonic() > end:
                return None


def _returned_in(said: bytes) -> ReturnedContent | None:
    """Take what a child read from its lines; raises its refusal as our own."""
    returned = None
    for line in said.splitlines():
        message = parse_message(line)
        complaint = _error_in(message)
        if complaint is not None:
            raise complaint
        if message.get("done"):
            returned = decode_returned(message_content(message))
    return returned


def _error_in(said: dict[str, object]) -> KnownError | None:
    if not isinstance(said.get("error"), str):
        return None
    message, values = said.get("message"), said.get("values")
    if isinstance(message, str) and isinstance(values, dict):
        return KnownError(message, **{str(name): str(value) for name, value in values.items()})
    return KnownError(_SENTENCE_ONLY, sentence=str(said["error"]))


def error_line(error: KnownError, sentence: str) -> dict[str, object]:
    """Return a refusal as the line in which a child says it; ``sentence`` is in the language of whoever looks on."""
    return {"error": sentence, "message": error.message, "values": error.values}
