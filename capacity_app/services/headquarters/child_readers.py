"""Child processes that read files and may be lost: asked one file at a time, ended when one takes too long.

A child is our own command line. It gets a job as a pickle, which only we write, and answers with MessagePack, which is
read as rows and as nothing else: a file that took over its child could still only say rows.
"""

import contextlib
import gc
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.tidy_tables import FileRow, FileRows
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.private_folders import PrivateFolder
from capacity_app.services.child_process import end_with_this_process, limited_memory, limited_time, own_command_line
from capacity_app.services.headquarters.file_reader import ReadJob, preload, read_parcel, refused_parcel, with_file_hash
from capacity_app.services.untrusted.reading_process import confined
from capacity_app.storage.opening import MOST_BYTES

READ_FILES_COMMAND = "read-files"
"""The command, not for people, that serves as a child."""
_LENGTH = 8
_MAX_MESSAGE = 500_000_000
_ENCODER = msgspec.msgpack.Encoder()
_GRACE_SECONDS = 10.0
"""Seconds after which a child ends itself, when its parent has gone and ends it no more."""
_GOODBYE_SECONDS = 3.0


class ChildFailure(Enum):
    """Why a child gave no answer."""

    DIED = "died"
    TOO_SLOW = "too_slow"


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What one file may take: ``seconds`` (0: any time) and ``megabytes`` of memory (0: any)."""

    seconds: float = 60.0
    megabytes: int = 2_000


def encode_parcel(parcel: FileRows) -> bytes:
    return _ENCODER.encode(parcel)


class ReaderChild:
    """One child, started when first asked and again after it was lost; closed from any thread, for good."""

    def __init__(self, limits: FileLimits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder = PrivateFolder()
        self._is_closed = False

    def ask(self, job: ReadJob) -> bytes | ChildFailure:
        """Have a file read; gives its parcel as bytes. A child that did not answer is gone afterwards."""
        process = self._started()
        if process is None:
            return ChildFailure.DIED
        is_late = threading.Event()
        with _time_limit(process, self._limits.seconds, is_late):
            answer = _exchange_job(process, job)
        if answer is None or is_late.is_set():
            self._end()
            return ChildFailure.TOO_SLOW if is_late.is_set() else ChildFailure.DIED
        return answer

    def close(self) -> None:
        """End the process, whatever it is doing, and start none again."""
        self._is_closed = True
        self._end()
        self._folder.remove()

    def _started(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._process is None and not self._is_closed:
                # Our own program with our own arguments.
                self._process = subprocess.Popen(  # noqa: S603
                    own_command_line(
                        (
                            READ_FILES_COMMAND,
                            f"{self._limits.seconds:g}",
                            str(self._limits.megabytes),
                            str(self._folder.path),
                        )
                    ),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
                end_with_this_process(self._process.pid)
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
def _time_limit(process: "subprocess.Popen[bytes]", seconds: float, is_late: threading.Event) -> Iterator[None]:
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


def _exchange_job(process: "subprocess.Popen[bytes]", job: ReadJob) -> bytes | None:
    """Send a job to a child and read its answer; None if it died."""
    assert process.stdin, "started with pipes"
    assert process.stdout, "started with pipes"
    try:
        _send_message(process.stdin, pickle.dumps(job))
        return _receive_message(process.stdout)
    except (OSError, ValueError):
        return None


def _send_message(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(_LENGTH, "big"))
    stream.write(content)
    stream.flush()


def _receive_message(stream: IO[bytes]) -> bytes | None:
    """Read one message; None at the end of the stream, or if it is cut off or absurdly long."""
    length = int.from_bytes(stream.read(_LENGTH) or b"", "big")
    if not 0 < length <= _MAX_MESSAGE:
        return None
    content = stream.read(length)
    return content if len(content) == length else None


def search_garbage_seldom() -> None:
    """Search for garbage as often as reading a folder needs: after 700 objects it takes a tenth of the time."""
    gc.set_threshold(100_000)


def serve_as_child(limits: FileLimits, folder: Path) -> None:
    """Be a child: read files as long as somebody asks, and write into one folder only. What libraries print is lost."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    patience = limits.seconds + _GRACE_SECONDS if limits.seconds > 0 else 0
    preload()
    gc.freeze()
    search_garbage_seldom()
    gc.enable()
    with answers, limited_memory(limits.megabytes, _no_action), confined(folder, 0, most_written=MOST_BYTES):
        while (asked := _receive_message(sys.stdin.buffer)) is not None:
            job: ReadJob = pickle.loads(asked)  # noqa: S301 - from our parent
            with limited_time(patience, _no_action):
                parcel = read_parcel(job, folder)
            _send_message(answers, encode_parcel(parcel))


def _no_action() -> None:
    """Say nothing at the end: nobody may be listening."""


# A file that costs its reader is tried again alone, then with the more patient library, then given up.

READER_DIED = N_(
    "Reading “{file}” ended the program that read it, three times: it is damaged, needs too much memory, or is made to "
    "do harm. Ask for it again."
)
READER_TOO_SLOW = N_(
    "Reading “{file}” took too long, twice: it is very large, or made to keep programs busy. Ask for it again, or "
    "allow more time."
)
_DECODER = msgspec.msgpack.Decoder(FileRows)
_MAX_TIMEOUTS = 2


def read_with_retries(child: ReaderChild, job: ReadJob) -> bytes:
    """Have a file read by a child, whatever becomes of it; gives its parcel as bytes.

    One that was too slow is worth another try the next time, so it has no hash.
    """
    slow = 0
    for attempt in (job, job, replace(job, is_careful=True)):
        answer = child.ask(attempt)
        if not isinstance(answer, ChildFailure):
            return answer
        slow += answer is ChildFailure.TOO_SLOW
        if slow == _MAX_TIMEOUTS:
            return encode_parcel(refused_parcel(FileRow(path=job.path), KnownError(READER_TOO_SLOW, file=job.name)))
    return encode_parcel(given_up_parcel(job))


def given_up_parcel(job: ReadJob) -> FileRows:
    return refused_parcel(with_file_hash(FileRow(path=job.path), job.location), KnownError(READER_DIED, file=job.name))


def decode_parcel(job_path: str, content: bytes) -> FileRows:
    """Read a parcel that travelled; what is none was made by a file that took over its reader."""
    try:
        parcel = _DECODER.decode(content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return given_up_parcel(ReadJob(job_path, ""))
    return parcel if parcel.file.path == job_path else given_up_parcel(ReadJob(job_path, ""))


# Several children at work at once on this machine, one thread each to talk to it.

_WAITING_PER_CHILD = 4
"""Parcels per child that may wait for the writer, so that memory stays flat however slow the disk is."""

_ReadyParcel = tuple[ReadJob, bytes] | BaseException | None


class ChildPool:
    """Some children. They are started at the first file and ended with the pool, which reads once."""

    def __init__(self, workers: int, limits: FileLimits) -> None:
        self._children = [ReaderChild(limits) for _ in range(workers)]
        self._ready: queue.Queue[_ReadyParcel] = queue.Queue(_WAITING_PER_CHILD * workers)
        self._threads: list[threading.Thread] = []
        self._is_over = threading.Event()
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._is_over.set()
        for child in self._children:
            child.close()
        for thread in self._threads:
            while thread.is_alive():
                self._let_go(thread)

    def _let_go(self, thread: threading.Thread) -> None:
        """Make room for a thread that waits to deliver, and wait for it."""
        try:
            self._ready.get_nowait()
        except queue.Empty:
            thread.join(0.02)

    def read(self, jobs: Iterable[ReadJob]) -> Iterator[FileRows]:
        """Read files, each in whichever child is free, and give the parcels as they are ready."""
        waiting = iter(jobs)
        self._threads = [threading.Thread(target=self._work, args=(child, waiting)) for child in self._children]
        for thread in self._threads:
            thread.start()
        left = len(self._threads)
        while left:
            match self._ready.get():
                case None:
                    left -= 1
                case BaseException() as error:
                    raise error
                case job, answer:
                    yield decode_parcel(job.path, answer)

    def _work(self, child: ReaderChild, waiting: Iterator[ReadJob]) -> None:
        try:
            while not self._is_over.is_set():
                with self._lock:
                    job = next(waiting, None)
                if job is None:
                    break
                self._ready.put((job, read_with_retries(child, job)))
            self._ready.put(None)
        except BaseException as error:  # noqa: BLE001 - told in the thread that reads
            self._ready.put(error)
