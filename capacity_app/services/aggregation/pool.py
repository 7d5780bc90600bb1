"""Several children at work at once on this machine, one thread each to talk to it."""

import queue
import threading
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Self

from capacity_app.domain.tidy import Parcel
from capacity_app.services.aggregation.children import Child, Limits
from capacity_app.services.aggregation.mapping import Job
from capacity_app.services.aggregation.trying import parcel_from, read_patiently

_WAITING = 4
"""Parcels per child that may wait for the writer, so that memory stays flat however slow the disk is."""

_Ready = tuple[Job, bytes] | BaseException | None


class Pool:
    """Some children. They are started at the first file and ended with the pool, which reads once."""

    def __init__(self, workers: int, limits: Limits) -> None:
        self._children = [Child(limits) for _ in range(workers)]
        self._ready: queue.Queue[_Ready] = queue.Queue(_WAITING * workers)
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

    def read(self, jobs: Iterable[Job]) -> Iterator[Parcel]:
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
                    yield parcel_from(job.path, answer)

    def _work(self, child: Child, waiting: Iterator[Job]) -> None:
        try:
            while not self._is_over.is_set():
                with self._lock:
                    job = next(waiting, None)
                if job is None:
                    break
                self._ready.put((job, read_patiently(child, job)))
            self._ready.put(None)
        except BaseException as error:  # noqa: BLE001 - told in the thread that reads
            self._ready.put(error)
