"""What happens with our own mistakes: they are logged and told of, and never stop the window."""

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

_LOG = logging.getLogger("capacity_app")


class BugWatch(QObject):
    """Catches what nobody caught, on any thread; it only logs and tells, whoever shows it listens."""

    found = Signal(str)

    def install(self) -> None:
        sys.excepthook = self.take
        threading.excepthook = self._take_from_thread

    def take(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """Log a mistake and tell about it; Ctrl+C ends the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            QGuiApplication.exit(130)
            return
        from capacity_app.ui.shell.bug_report import describe  # noqa: PLC0415 - a start without mistakes needs it not

        report = describe(error)
        _LOG.error("%s", report)
        self.found.emit(report)

    def _take_from_thread(self, thrown: threading.ExceptHookArgs) -> None:
        if thrown.exc_value is not None:
            self.take(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)
