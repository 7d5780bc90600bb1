"""The same map step on the machines of a Dask scheduler: batches of files go out, parcels come back.

A worker reads its files in a child of its own, so a bad file costs the worker nothing; a worker that is lost costs
nothing either, since the scheduler gives its batch to another one. The files' paths go out, not their bytes: every
worker must see the folder under the same name.
"""

import asyncio
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from itertools import islice
from typing import Any

from capacity_app.domain.headquarters.tidy_tables import FileRows, FileStatus
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.headquarters.child_readers import (
    FileLimits,
    ReaderChild,
    decode_parcel,
    encode_parcel,
    given_up_parcel,
    read_with_retries,
)
from capacity_app.services.headquarters.file_reader import ReadJob
from capacity_app.storage import file_errors

SCHEDULER_BATCH = 25
"""Files a worker gets at once: one by one, half of the time would go into asking."""
_BATCHES_AHEAD = 2
"""Batches in flight for each thread of the workers."""
_WAIT_SECONDS = 10
"""Seconds to wait for an answer before looking whether anybody is still there."""
_ANSWER_SECONDS = 5
"""Seconds a scheduler has to answer at all."""
_MAX_EMPTY_WAITS = 6
"""So often nobody may be there before we give up."""

DASK_NOT_INSTALLED = N_(
    "For a scheduler this program needs one more part: install it with pip install 'capacity-app[scheduler]'."
)
UNREACHABLE = N_("No scheduler answers at {address} ({reason}): start it, or check the address, then run this again.")
NO_WORKERS = N_("The scheduler at {address} has no workers any more. What was read is kept: run this again to go on.")
OTHER_PROGRAM_VERSION = N_(
    "The workers of {address} cannot do this ({reason}): install the same version of this program on every machine."
)
FOLDER_NOT_VISIBLE = N_(
    "The workers of {address} do not see “{file}”: put the folder where every machine reaches it under the same path."
)

_THREAD_LOCAL = threading.local()


def read_batch_on_worker(jobs: Sequence[ReadJob], limits: FileLimits) -> list[bytes]:
    """Read some files where a worker of the scheduler runs, in a child that stays for the next batch."""
    child = getattr(_THREAD_LOCAL, "child", None)
    if child is None or _THREAD_LOCAL.limits != limits:
        if child is not None:
            child.close()
        child, _THREAD_LOCAL.limits = ReaderChild(limits), limits
        _THREAD_LOCAL.child = child
    return [read_with_retries(child, job) for job in jobs]


def read_on_scheduler(address: str, jobs: Iterable[ReadJob], limits: FileLimits) -> Iterator[FileRows]:
    """Read files on the workers of a scheduler; raises KnownError if it cannot be reached or has no workers."""
    dask = _import_dask()
    _expect_answer(dask, address)
    with dask.Client(address, timeout=_WAIT_SECONDS, set_as_default=False) as client:
        yield from _SchedulerClient(dask, client, address, limits).read(iter(jobs))


def _expect_answer(dask: Any, address: str) -> None:  # noqa: ANN401 - the library has no types of its own
    """Raise KnownError if nobody answers; the library's client would leave a thread behind that goes on asking."""

    async def ask() -> None:
        comm = await dask.comm.connect(address, timeout=_ANSWER_SECONDS)
        await comm.close()

    try:
        asyncio.run(ask())
    except (OSError, ValueError, TimeoutError) as error:
        raise KnownError(UNREACHABLE, address=address, reason=str(error) or type(error).__name__) from error


def _import_dask() -> Any:  # noqa: ANN401 - as above
    try:
        return import_module("distributed")
    except ImportError as error:
        raise KnownError(DASK_NOT_INSTALLED) from error


class _SchedulerClient:
    """What is in flight between us and the workers."""

    def __init__(self, dask: Any, client: Any, address: str, limits: FileLimits) -> None:  # noqa: ANN401 - as above
        self._dask = dask
        self._client = client
        self._address = address
        self._limits = limits
        self._flying: dict[Any, tuple[ReadJob, ...]] = {}

    def read(self, jobs: Iterator[ReadJob]) -> Iterator[FileRows]:
        self._send_more(jobs)
        while self._flying:
            for future in self._landed():
                yield from self._parcels(future, self._flying.pop(future))
            self._send_more(jobs)

    def _send_more(self, jobs: Iterator[ReadJob]) -> None:
        room = max(1, _BATCHES_AHEAD * self._threads())
        while len(self._flying) < room and (batch := tuple(islice(jobs, SCHEDULER_BATCH))):
            self._send(batch)

    def _send(self, batch: tuple[ReadJob, ...]) -> None:
        self._flying[self._client.submit(read_batch_on_worker, batch, self._limits, pure=False)] = batch

    def _threads(self) -> int:
        """Count what may be read at once, which changes as workers come and go."""
        return sum(self._client.nthreads().values())

    def _landed(self) -> list[Any]:
        """Wait for whatever comes back next; raises KnownError if for a minute there is nobody to bring it."""
        alone = 0
        while alone < _MAX_EMPTY_WAITS:
            try:
                with self._client.as_current():
                    landed = self._dask.wait(list(self._flying), timeout=_WAIT_SECONDS, return_when="FIRST_COMPLETED")
                return list(landed.done)
            except TimeoutError:
                alone = 0 if self._threads() else alone + 1
        raise KnownError(NO_WORKERS, address=self._address)

    def _parcels(self, future: Any, batch: tuple[ReadJob, ...]) -> Iterator[FileRows]:  # noqa: ANN401 - as above
        """Take what came back; a batch that cost several workers is sent again file by file."""
        try:
            answers = future.result()
        except self._dask.KilledWorker:
            if len(batch) > 1:
                for job in batch:
                    self._send((job,))
                return
            answers = [encode_parcel(given_up_parcel(batch[0]))]
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"[:200]
            raise KnownError(OTHER_PROGRAM_VERSION, address=self._address, reason=reason) from error
        for job, answer in zip(batch, answers, strict=True):
            parcel = decode_parcel(job.path, answer)
            self._expect_visible(job, parcel)
            yield parcel

    def _expect_visible(self, job: ReadJob, parcel: FileRows) -> None:
        is_missing = parcel.file.fate is FileStatus.REFUSED and parcel.file.message == file_errors.MISSING
        if is_missing and os.path.exists(job.location):  # noqa: PTH110 - a path that is no text stays as it is
            raise KnownError(FOLDER_NOT_VISIBLE, address=self._address, file=job.path)
