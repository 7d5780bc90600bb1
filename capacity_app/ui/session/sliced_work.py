"""Work on the window's own thread in slices so short that keys typed meanwhile are answered."""

import time
from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from capacity_app.domain.problems import KnownError

_SLICE_S = 0.02
"""Seconds after which the event loop has its turn."""
_Result = TypeVar("_Result")


class SlicedWork(QObject, Generic[_Result]):
    """Goes through steps, as many at a time as a slice has room for; then calls ``done`` or ``failed`` once.

    The first slice is done at once, so that little work is done when ``start`` returns. A new start drops the old work.
    """

    def __init__(
        self, parent: QObject, done: Callable[[_Result], object], failed: Callable[[KnownError], object]
    ) -> None:
        super().__init__(parent)
        self._done, self._failed = done, failed
        self._steps: Generator[object, None, _Result] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._go_on)

    @property
    def is_running(self) -> bool:
        return self._steps is not None

    def start(self, steps: Generator[object, None, _Result]) -> None:
        self._steps = steps
        self._timer.start()
        self._go_on()

    def finish(self) -> None:
        """Do the rest now, for whoever cannot go on without it."""
        while self._steps is not None:
            self._go_on()

    def _go_on(self) -> None:
        end = time.monotonic() + _SLICE_S
        try:
            while self._steps is not None and time.monotonic() < end:
                next(self._steps)
        except StopIteration as result:
            self._stop()
            self._done(result.value)
        except KnownError as error:
            self._stop()
            self._failed(error)

    def _stop(self) -> None:
        self._steps = None
        self._timer.stop()
