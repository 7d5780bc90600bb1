"""Child processes that read files and may be lost: asked one file at a time, ended when one takes too long.

A child is our own command line. It gets a job as a pickle, which only we write, and answers with MessagePack, which is
read as rows and as nothing else: a file that took over its child could still only say rows.
"""

import contextlib
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import msgspec

from capacity_app.domain.tidy import Parcel
from capacity_app.services.aggregation.mapping import Job, prepare, read_parcel
from capacity_app.services.limits import limited_memory, limited_time
from capacity_app.services.own_command import own_command
from capacity_app.services.strangers.confinement import confined
from capacity_app.store.opening import MOST_BYTES

COMMAND = "read-files"
"""The command, not for people, that serves as a child."""
_LENGTH = 8
_LONGEST = 500_000_000
_ENCODER = msgspec.msgpack.Encoder()
_GRACE = 10.0
"""Seconds after which a child ends itself, when its parent has gone and ends it no more."""
_GOODBYE_SECONDS = 3.0


class Lost(Enum):
    """Why a child gave no answer."""

    DIED = "died"
    TOO_SLOW = "too_slow"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: ``seconds`` (0: any time) and ``megabytes`` of memory (0: any)."""

    seconds: float = 60.0
    megabytes: int = 2_000


def encoded(parcel: Parcel) -> bytes:
    return _ENCODER.encode(parcel)


class Child:
    """One child, started when first asked and again after it was lost; closed from any thread, for good."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = TemporaryDirectory(prefix="capacity-app-", ignore_cleanup_errors=True)
        self._is_closed = False

    def ask(self, job: Job) -> bytes | Lost:
        """Have a file read; gives its parcel as bytes. A child that did not answer is gone afterwards."""
        process = self._started()
        if process is None:
            return Lost.DIED
        is_late = threading.Event()
        with _watched(process, self._limits.seconds, is_late):
            answer = _answer(process, job)
        if answer is None or is_late.is_set():
            self._end()
            return Lost.TOO_SLOW if is_late.is_set() else Lost.DIED
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing, and start none again."""
        self._is_closed = True
        self._end()
        self._folder.cleanup()

    def _started(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._process is None and not self._is_closed:
                # Our own program with our own arguments.
                self._process = subprocess.Popen(  # noqa: S603
                    own_command((COMMAND, f"{self._limits.seconds:g}", str(self._limits.megabytes), self._folder.name)),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            return self._process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_GOODBYE_SECONDS)
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    if stream:
                        stream.close()


@contextlib.contextmanager
def _watched(process: "subprocess.Popen[bytes]", seconds: float, is_late: threading.Event) -> Iterator[None]:
    def end() -> None:
        is_late.set()
        process.kill()

    if seconds <= 0:
        yield
        return
    watch = threading.Timer(seconds, end)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()
        watch.join()


def _answer(process: "subprocess.Popen[bytes]", job: Job) -> bytes | None:
    """Send a job to a child and read its answer; None if it died."""
    assert process.stdin, "started with pipes"
    assert process.stdout, "started with pipes"
    try:
        _send(process.stdin, pickle.dumps(job))
        return _received(process.stdout)
    except (OSError, ValueError):
        return None


def _send(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(_LENGTH, "big"))
    stream.write(content)
    stream.flush()


def _received(stream: IO[bytes]) -> bytes | None:
    """Read one message; None at the end of the stream, or if it is cut off or absurdly long."""
    length = int.from_bytes(stream.read(_LENGTH) or b"", "big")
    if not 0 < length <= _LONGEST:
        return None
    content = stream.read(length)
    return content if len(content) == length else None


def serve(limits: Limits, folder: Path) -> None:
    """Be a child: read files as long as somebody asks, and write into one folder only. What libraries print is lost."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    patience = limits.seconds + _GRACE if limits.seconds > 0 else 0
    prepare()
    with answers, limited_memory(limits.megabytes, _nothing), confined(folder, 0, most_written=MOST_BYTES):
        while (asked := _received(sys.stdin.buffer)) is not None:
            job: Job = pickle.loads(asked)  # noqa: S301 - from our parent
            with limited_time(patience, _nothing):
                parcel = read_parcel(job, folder)
            _send(answers, encoded(parcel))


def _nothing() -> None:
    """Say nothing at the end: nobody may be listening."""
