"""Start of the window: application, theme, language, settings and reports of errors, wired together."""

import gc
import logging
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, qVersion
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app import __version__, paths
from capacity_app.i18n.catalogues import ENGLISH, program_languages
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.main_window import MainWindow
from capacity_app.ui.shell.qt_locale import set_qt_language
from capacity_app.ui.theme.fonts_and_sizes import apply_theme, set_zoom
from capacity_app.ui.widgets.banners import BannerTone

_LOG = logging.getLogger("capacity_app")
_LOG_BYTES = 500_000
_SETTLED_MS = 1_000
"""When the window surely stands after its start."""


def _start_log() -> None:
    """Write warnings and mistakes to the log file, put aside once it is long; without a place for it, to nowhere."""
    file = paths.log_file()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if file.stat().st_size > _LOG_BYTES:
                file.replace(file.with_name(f"{file.name}.1"))
        handler: logging.Handler = logging.FileHandler(file, encoding="utf-8")
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])


def language_for(settings: Settings) -> str:
    """Choose the window's language: the person's choice, else the desktop's first one we have, else English."""
    if settings.language:
        return settings.language
    known = program_languages()
    if known == (ENGLISH,):
        return ENGLISH
    from PySide6.QtCore import QLocale  # noqa: PLC0415 - its lists of all languages and countries cost 10 ms

    wanted = QLocale.system().uiLanguages()
    return next((c for tag in wanted for c in (tag, tag.split("-")[0]) if c in known), ENGLISH)


class UnexpectedErrorWatch(QObject):
    """Catches what nobody caught, on any thread; it only logs and tells, whoever shows it listens."""

    found = Signal(str)

    def install(self) -> None:
        sys.excepthook = self.take
        threading.excepthook = self._show_from_thread

    def take(self, kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        """Log a mistake and tell about it; Ctrl+C ends the program as usual."""
        if issubclass(kind, KeyboardInterrupt):
            QApplication.exit(130)
            return
        report = describe_error(error)
        _LOG.error("%s", report)
        self.found.emit(report)

    def _show_from_thread(self, thrown: threading.ExceptHookArgs) -> None:
        if thrown.exc_value is not None:
            self.take(thrown.exc_type, thrown.exc_value, thrown.exc_traceback)


def describe_error(error: BaseException) -> str:
    """Write down a mistake with the versions it happened on, and without what anybody typed."""
    import platform  # noqa: PLC0415 - a start needs it not

    from capacity_app.services.crash_log import describe_exception  # noqa: PLC0415 - as above

    versions = f"capacity-app {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}"
    return f"{versions}\n\n{describe_exception(error)}"


class WindowHolder(QObject):
    """Holds the window, and makes it anew when another language is wanted."""

    def __init__(self, app: QApplication, settings: Settings, watch: UnexpectedErrorWatch) -> None:
        super().__init__(app)
        self._app = app
        self._settings = settings
        self._texts = self._wanted()
        self.window = self._make()
        watch.found.connect(self._show_bug, Qt.ConnectionType.QueuedConnection)

    def _wanted(self) -> Translator:
        return Translator(self._settings.tag(language_for(self._settings)), self._settings.asked_in)

    def _make(self) -> MainWindow:
        set_qt_language(self._texts, self._app)
        window = MainWindow(self._texts, self._settings, "", COMMANDS)
        window.language_wanted.connect(self._change_language)
        hint = QTimer(window, singleShot=True, interval=_SETTLED_MS)
        hint.timeout.connect(lambda: self._offer_hints(window))
        window.file_opened.connect(lambda _workspace: hint.start())
        return window

    def _offer_hints(self, window: MainWindow) -> None:
        from capacity_app.ui.shell.hints import Hints  # noqa: PLC0415 - a start needs it not

        if window.findChild(Hints) is None:
            Hints(window, self._texts, self._settings)

    def _change_language(self) -> None:
        """Make the window anew in other words, and go on in it where one was; nothing typed is lost."""
        from capacity_app.ui.shell.navigation_state import read_navigation_state, restore_navigation_state  # noqa: PLC0415 - a start needs it not

        wanted, present = self._wanted(), self._texts
        if (wanted.tag, wanted.asked_in) == (present.tag, present.asked_in):
            return
        old = self.window
        place = read_navigation_state(old)

        def change() -> None:
            self._texts = wanted
            self._settings.geometry = old.saveGeometry()
            self.window = self._make()
            self.window.show()
            # Only now: without any window the application would end.
            old.close()
            old.deleteLater()
            restore_navigation_state(self.window, place, self._texts)

        if old.leave(change):
            change()

    def warn_settings_not_kept(self) -> None:
        """Say, once, that nothing can be remembered where the person's own folders may not be written."""
        if self._settings.is_kept:
            return
        sentence = self._texts.gettext(
            "Recent files, your name and the settings of the window cannot be saved, because you may not "
            "write in this folder: {folder}. Everything else works. Ask the administrator of this computer "
            "for the right to write there."
        ).format(folder=paths.settings_file().parent)
        self.window.banners.tell("home", BannerTone.WARNING, sentence)

    def _show_bug(self, report: str) -> None:
        from capacity_app.ui.shell.dialogs import UnexpectedErrorDialog  # noqa: PLC0415 - seldom wanted

        UnexpectedErrorDialog(self._texts, report, str(paths.log_file()), self.window).open()


def _enable_garbage_collection() -> None:
    """Look for garbage again, except among what the start has made."""
    gc.freeze()
    gc.enable()


def _remove_abandoned_copies() -> None:
    """Remove the copies of documents that a program which was killed left behind."""
    from capacity_app.files.private_folders import remove_abandoned_folders  # noqa: PLC0415 - once the window stands

    remove_abandoned_folders()


class _FirstPaint(QObject):
    """Does something once a window has been painted for the first time."""

    def __init__(self, window: QWidget, act: Callable[[], object]) -> None:
        super().__init__(window)
        self._act = act
        window.installEventFilter(self)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._act)
        return False


def run(file: Path | None = None) -> int:
    """Show the window, with an assessment if one is named, until it is closed; give the exit code."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("capacity-app")
    app.setDesktopFileName("capacity-app")
    # Ctrl+C in the terminal ends the window at once, as a kill does: what is shown as saved is on the disk.
    # Python's own way is an exception somewhere inside an event, on which PySide 6.11 crashes.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    _start_log()
    watch = UnexpectedErrorWatch()
    watch.install()
    settings = Settings(paths.settings_file())
    apply_theme(app, settings.scheme)
    set_zoom(app, settings.zoom)
    shell = WindowHolder(app, settings, watch)
    window = shell.window
    window.show_opening(file)
    _FirstPaint(window, lambda: window.begin(file))
    window.show()
    QTimer.singleShot(_SETTLED_MS, app, _enable_garbage_collection)
    QTimer.singleShot(_SETTLED_MS, app, shell.warn_settings_not_kept)
    QTimer.singleShot(_SETTLED_MS, app, _remove_abandoned_copies)
    return app.exec()
