"""How our own mistakes are described and shown: with a copy button, and a way to go on working."""

import logging
import platform
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from capacity_app import __version__
from capacity_app.services.mistakes import traced
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role

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
        report = describe(error)
        _LOG.error("%s", report)
        self.found.emit(report)

    def _take_from_thread(self, thrown: threading.ExceptHookArgs) -> None:
        if thrown.exc_value is not None:
            self.take(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)


def describe(error: BaseException) -> str:
    """Write down a mistake with the versions it happened on, and without what anybody typed."""
    versions = f"capacity-app {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return f"{versions}\n\n{traced(error)}"


class BugDialog(QDialog):
    """Says that the program made a mistake, that answers are safe, and gives the report to copy."""

    def __init__(self, texts: Texts, report: str, log: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bug_dialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(texts.gettext("A mistake in the program"))
        self.resize(720, 480)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addWidget(Words(texts.gettext("Something went wrong inside the program."), Role.HEADING))
        column.addWidget(Words(_advice(texts).format(file=log)))
        self.report = QPlainTextEdit(report)
        self.report.setObjectName("bug_report")
        self.report.setAccessibleName(texts.gettext("Report for the developers"))
        self.report.setReadOnly(True)
        self.report.setTabChangesFocus(True)
        self.report.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        column.addWidget(self.report, 1)
        column.addWidget(self._buttons(texts))

    def _buttons(self, texts: Texts) -> QDialogButtonBox:
        box = QDialogButtonBox()
        copy = QPushButton(texts.gettext("Copy the report"))
        copy.setObjectName("bug_copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report.toPlainText()))
        close = QPushButton(texts.gettext("Go on working"))
        close.setObjectName("bug_close")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        box.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(close, QDialogButtonBox.ButtonRole.AcceptRole)
        return box


def _advice(texts: Texts) -> str:
    return texts.gettext(
        "Answers already saved are safe; you can go on working. Please send the report below to the developers: it "
        "holds no answers, only what the program was doing. It was also written to {file}."
    )
