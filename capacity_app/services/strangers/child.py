"""One file that came back, read by our own command line as a child process, which may die or hang without us.

Parent and child meet in a folder of their own: the parent lays down the instrument, the child what it read. A child
that dies without a word, as the fast library for workbooks may, is started once more with the slower one alone.
"""

import json
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

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
_LONGEST_SPEECH = 1_000_000
_INSTRUMENT, _RESULT, _SPEECH = "instrument.json", "returned.json", "said"
_AS_SAID = "{sentence}"
"""What a child said in words of its own; nothing in them is a placeholder."""
_DECODER = msgspec.json.Decoder(Returned)


class Cancelled(Exception):  # noqa: N818 - nothing went wrong
    """Somebody did not want to wait any longer."""


@dataclass(frozen=True, slots=True)
class Errand:
    """What a child is asked: to read a file against the instrument in a folder, and to leave there what it says."""

    file: Path
    folder: Path

    def prepare(self, instrument: Instrument) -> None:
        """Lay down the instrument."""
        (self.folder / _INSTRUMENT).write_text(encode_instrument(instrument), encoding="utf-8")

    def arguments(
        self,
        *,
        seconds: float = READING_TIME_LIMIT,
        megabytes: int = READING_MEMORY_LIMIT,
        is_careful: bool = False,
    ) -> list[str]:
        """Give the arguments of our command line that have this done."""
        limits = ["--time-limit", str(seconds), "--memory-limit", str(megabytes)]
        careful = ["--careful"] if is_careful else []
        return [COMMAND, *limits, *careful, "--", str(self.file.absolute()), str(self.folder)]

    def instrument(self) -> Instrument:
        """Read the instrument, in the child; raises KnownError."""
        return decode_instrument((self.folder / _INSTRUMENT).read_text(encoding="utf-8"))

    def leave(self, returned: Returned) -> Path:
        """Leave what was read, in the child, and say where."""
        result = self.folder / _RESULT
        result.write_bytes(msgspec.json.encode(returned))
        return result

    def result(self) -> Returned | None:
        """Take what the child read, None if it is nothing we can use."""
        result = self.folder / _RESULT
        try:
            if result.stat().st_size > MOST_WRITTEN:
                return None
            return _DECODER.decode(result.read_bytes())
        except (OSError, msgspec.MsgspecError, RecursionError, ValueError):
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
    with TemporaryDirectory(prefix="capacity-app-", ignore_cleanup_errors=True) as folder:
        errand = Errand(file, Path(folder))
        errand.prepare(instrument)
        for is_careful in (False, True):
            arguments = errand.arguments(seconds=seconds, megabytes=megabytes, is_careful=is_careful)
            _run(errand, arguments, seconds, is_cancelled)
            returned = errand.result()
            if returned is not None:
                return returned
    raise refused(sentences.KILLED_READER, file.name)


def _run(errand: Errand, arguments: list[str], seconds: float, is_cancelled: Callable[[], bool]) -> None:
    """Let a child do its errand; raises KnownError if it says why it cannot, or does not come to an end."""
    said = errand.folder / _SPEECH
    with said.open("wb") as speech:
        # Our own program with our own arguments; its folder holds nothing that Python could take for a module.
        process = subprocess.Popen(  # noqa: S603
            own_command(arguments),
            stdin=subprocess.DEVNULL,
            stdout=speech,
            stderr=subprocess.DEVNULL,
            cwd=errand.folder,
        )
        try:
            is_late = _wait(process, seconds + _GRACE if seconds > 0 else None, is_cancelled)
        finally:
            process.kill()
            process.wait()
    if is_late:
        raise refused(sentences.TOO_SLOW, errand.file.name)
    _expect_no_complaint(said)


def _wait(process: "subprocess.Popen[bytes]", seconds: float | None, is_cancelled: Callable[[], bool]) -> bool:
    """Wait for a child, telling whether it took too long; raises Cancelled."""
    end = None if seconds is None else time.monotonic() + seconds
    while True:
        try:
            process.wait(_GLANCE)
        except subprocess.TimeoutExpired:
            if is_cancelled():
                raise Cancelled from None
            if end is not None and time.monotonic() > end:
                return True
        else:
            return False


def _expect_no_complaint(said: Path) -> None:
    """Raise the child's sentence as our own."""
    with said.open("rb") as speech:
        lines = speech.read(_LONGEST_SPEECH).splitlines()
    for line in lines:
        complaint = _complaint(line)
        if complaint is not None:
            raise complaint


def _complaint(line: bytes) -> KnownError | None:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict) or not isinstance(said.get("error"), str):
        return None
    message, values = said.get("message"), said.get("values")
    if isinstance(message, str) and isinstance(values, dict):
        return KnownError(message, **{str(name): str(value) for name, value in values.items()})
    return KnownError(_AS_SAID, sentence=said["error"])


def complaint_of(error: KnownError, sentence: str) -> dict[str, object]:
    """Give a refusal as the line in which a child says it; ``sentence`` is in the language of whoever looks on."""
    return {"error": sentence, "message": error.message, "values": error.values}
