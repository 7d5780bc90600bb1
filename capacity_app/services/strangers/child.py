"""One file that came back, read by our own command line as a child process, which may die or hang without us.

Parent and child meet over pipes, for what somebody answered has no business in a temporary folder: the parent says the
instrument in one line, the child what it read. A child that dies without a word, as the fast library for workbooks may,
is started once more with the slower one alone.
"""

import base64
import json
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

from capacity_app import paths
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.problems import KnownError
from capacity_app.domain.returned import Returned
from capacity_app.instruments.wire import decode_instrument, encode_instrument
from capacity_app.services import guard
from capacity_app.services.limits import READING_MEMORY_LIMIT, READING_TIME_LIMIT
from capacity_app.services.own_command import own_command
from capacity_app.services.strangers import sentences
from capacity_app.services.strangers.confinement import MOST_WRITTEN
from capacity_app.services.strangers.sentences import refused

COMMAND = "read-file"
"""The command, not for people, that serves as the child."""
_GRACE = 15
"""Seconds a child has to end itself with a sentence, once its time is up."""
_GLANCE = 0.05
_AS_SAID = "{sentence}"
"""What a child said in words of its own; nothing in them is a placeholder."""
_DECODER = msgspec.json.Decoder(Returned)


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Somebody did not want to wait any longer."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a child is asked: to read a file against an instrument, which it is told over a pipe."""

    file: Path

    def arguments(
        self,
        *,
        seconds: float = READING_TIME_LIMIT,
        megabytes: int = READING_MEMORY_LIMIT,
        is_careful: bool = False,
    ) -> list[str]:
        """Return the arguments of our command line that have this done."""
        limits = ["--time-limit", str(seconds), "--memory-limit", str(megabytes)]
        careful = ["--careful"] if is_careful else []
        return [COMMAND, *limits, *careful, "--", str(self.file.absolute())]


def told(instrument: Instrument) -> str:
    return encode_instrument(instrument)


def heard(line: bytes) -> Instrument:
    """Read the line, in the child; raises KnownError."""
    return decode_instrument(line.decode("utf-8", "replace"))


def done_line(file: Path, returned: Returned) -> dict[str, object]:
    """Return what was read as the last line that a child says."""
    content = base64.b64encode(msgspec.json.encode(returned)).decode()
    return {"done": True, "file": file.name, "content": content}


def result_in(content: bytes) -> Returned | None:
    """Take what a child read, None if it is nothing we can use."""
    try:
        return _DECODER.decode(content)
    except (msgspec.MsgspecError, RecursionError, ValueError):
        return None


def read_file(
    file: Path,
    instrument: Instrument,
    *,
    seconds: float = READING_TIME_LIMIT,
    megabytes: int = READING_MEMORY_LIMIT,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Returned:
    """Read a workbook or Word file that came back, in a child process; raises KnownError, or Cancelled.

    A file that is refused from outside costs no process at all.
    """
    guard.look_at(guard.returned_content(file), file.name)
    line = f"{told(instrument)}\n".encode()
    for is_careful in (False, True):
        arguments = Errand(file).arguments(seconds=seconds, megabytes=megabytes, is_careful=is_careful)
        said = _run(arguments, line, seconds + _GRACE if seconds > 0 else None, is_cancelled)
        if said is None:
            raise refused(sentences.TOO_SLOW, file.name)
        returned = _understood(said)
        if returned is not None:
            return returned
    raise refused(sentences.KILLED_READER, file.name)


def _run(arguments: list[str], line: bytes, seconds: float | None, is_cancelled: Callable[[], bool]) -> bytes | None:
    """Let a child do its errand and give what it says, None if that takes too long; raises Cancelled."""
    # Our own program with our own arguments; the folder holds nothing that Python could take for a module.
    process = subprocess.Popen(  # noqa: S603
        own_command(arguments),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=paths.resources_folder(),
    )
    with process, ThreadPoolExecutor(1) as talk:
        try:
            return _awaited(talk.submit(_talk, process, line), seconds, is_cancelled)
        finally:
            process.kill()


def _talk(process: "subprocess.Popen[bytes]", line: bytes) -> bytes:
    """Tell a child its line and hear it out; one that never stops talking is cut short."""
    assert process.stdin, "started with pipes"
    assert process.stdout, "started with pipes"
    with suppress(OSError), process.stdin as ear:
        ear.write(line)
    return process.stdout.read(MOST_WRITTEN)


def _awaited(said: "Future[bytes]", seconds: float | None, is_cancelled: Callable[[], bool]) -> bytes | None:
    """Wait for what a child says; None if it took too long; raises Cancelled."""
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        try:
            return said.result(_GLANCE)
        except TimeoutError:
            if is_cancelled():
                raise Cancelled from None
            if end is not None and time.monotonic() > end:
                return None


def _understood(said: bytes) -> Returned | None:
    """Take what a child read from its lines; raises its refusal as our own."""
    returned = None
    for line in said.splitlines():
        message = _message(line)
        complaint = _complaint(message)
        if complaint is not None:
            raise complaint
        if message.get("done"):
            returned = result_in(_content(message))
    return returned


def _message(line: bytes) -> dict[str, object]:
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


def _content(message: dict[str, object]) -> bytes:
    with suppress(ValueError):
        return base64.b64decode(str(message.get("content", "")))
    return b""


def _complaint(said: dict[str, object]) -> KnownError | None:
    if not isinstance(said.get("error"), str):
        return None
    message, values = said.get("message"), said.get("values")
    if isinstance(message, str) and isinstance(values, dict):
        return KnownError(message, **{str(name): str(value) for name, value in values.items()})
    return KnownError(_AS_SAID, sentence=str(said["error"]))


def complaint_of(error: KnownError, sentence: str) -> dict[str, object]:
    """Return a refusal as the line in which a child says it; ``sentence`` is in the language of whoever looks on."""
    return {"error": sentence, "message": error.message, "values": error.values}
