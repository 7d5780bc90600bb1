"""What takes long and goes on while one works: its name, how far it is, how to stop it, and what came of it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance
from shiboken6 import isValid

from capacity_app.domain.fast_dataclass import dataclass

_SHORT_MS = 500
"""Work that ends sooner is not shown, in milliseconds."""


class LongJob(Protocol):
    """What every job has; those that know how far they are have ``progressed``, those that make a file ``done``."""

    running_changed: SignalInstance

    @property
    def is_running(self) -> bool: ...

    def cancel(self) -> object:
        """Stop at once."""


@dataclass(frozen=True, slots=True)
class JobState:
    """How a job stands. ``share`` is in [0, 1]; 0 says that nobody knows yet. ``file`` is what came of it."""

    name: str
    cancel: Callable[[], object]
    share: float = 0.0
    is_running: bool = True
    file: Path | None = None
    holds_closing: bool = False


class JobList(QObject):
    """The jobs of an assessment or of a window. ``changed`` tells of every step, ``rested`` that none holds closing.

    The newest is shown; what it made can be opened until the next one begins.
    """

    changed = Signal()
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[int, JobState] = {}

    def follow(self, job: LongJob, name: str, *, holds_closing: bool = False) -> None:
        """Show a job under a name whenever it is at work."""
        key = id(job)

        def go_on(_step: str = "", share: float = 0.0) -> None:
            known = self._jobs.pop(key, None)
            if known is None or not known.is_running:
                known = JobState(name, job.cancel, holds_closing=holds_closing)
            self._jobs[key] = replace(known, share=share)
            self.changed.emit()

        def show() -> None:
            if isValid(job) and job.is_running and not (key in self._jobs and self._jobs[key].is_running):
                go_on()

        def end() -> None:
            if key in self._jobs and self._jobs[key].is_running and not (isValid(job) and job.is_running):
                self._end(key, None)

        # What was made may be told after the end.
        job.running_changed.connect(
            lambda: QTimer.singleShot(_SHORT_MS, self, show) if job.is_running else QTimer.singleShot(0, self, end)
        )
        if isinstance(progressed := getattr(job, "progressed", None), SignalInstance):
            progressed.connect(go_on)
        if isinstance(done := getattr(job, "done", None), SignalInstance):
            done.connect(lambda file: self._end(key, Path(file) if file else None))

    def _end(self, key: int, file: Path | None) -> None:
        known = self._jobs.pop(key, None)
        if known is None:
            return
        if file is not None:
            self._jobs[key] = replace(known, is_running=False, file=file)
        self.changed.emit()
        if not self.holds_closing:
            self.rested.emit()

    @property
    def shown(self) -> JobState | None:
        """The newest that runs, else the newest that made something."""
        running = [job for job in self._jobs.values() if job.is_running]
        return next(reversed(running or [*self._jobs.values()]), None)

    @property
    def holds_closing(self) -> bool:
        """Return whether something is being made that would be lost."""
        return any(job.is_running and job.holds_closing for job in self._jobs.values())

    def forget_made(self) -> None:
        """No longer offer what was made."""
        self._jobs = {key: job for key, job in self._jobs.items() if job.is_running}
        self.changed.emit()
