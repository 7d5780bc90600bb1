"""The status bar's word on what is safe: "Saving …" until the disk has it, the time after the commit, never before."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from capacity_app.services.changes import Saved, SaveFailed
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.typing_rest import UnsavedText

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

_AGAIN_MS = 15


class Safety(Enum):
    """Where the last change is."""

    UNTOUCHED = auto()
    WAITING = auto()
    SAVED = auto()
    FAILED = auto()
    READ_ONLY = auto()


_SIGNS = {
    Safety.UNTOUCHED: ("good", "muted"),
    Safety.WAITING: ("information", "muted"),
    Safety.SAVED: ("good", "good"),
    Safety.FAILED: ("danger", "danger"),
    Safety.READ_ONLY: ("locked", "muted"),
}


class SaveState(QObject):
    """Follows the bridge and says, after every piece of news, what is safe."""

    changed = Signal()

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__(bridge)
        self._bridge, self._texts = bridge, texts
        self._last: Saved | None = None
        self._unsaved: set[QWidget] = set()
        """The fields that hold letters nobody has stored yet."""
        self.safety = Safety.READ_ONLY if bridge.session.is_read_only else Safety.UNTOUCHED
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._look)
        bridge.changed.connect(lambda _change: self._become(Safety.WAITING))
        bridge.saved.connect(self._hear)
        bridge.save_failed.connect(self._fail)

    def note_typing(self, news: UnsavedText) -> None:
        """Follow a field: what is typed there is not saved until it is stored and the disk has it."""
        if news.is_unsaved:
            self._unsaved.add(news.field)
        else:
            self._unsaved.discard(news.field)
        self.changed.emit()

    def _become(self, safety: Safety) -> None:
        if self.safety is not Safety.READ_ONLY:
            self.safety = safety
            self.changed.emit()

    def _hear(self, saved: Saved) -> None:
        self._last = saved
        self._look()

    def _look(self) -> None:
        """See whether the writer has come to rest: something may have been typed since its last commit."""
        if self._bridge.session.flush(0):
            self._become(Safety.SAVED)
        else:
            # It tells of a commit a moment before it rests, and may have nothing more to tell.
            self._become(Safety.WAITING)
            self._again.start()

    def _fail(self, _failed: SaveFailed) -> None:
        self._again.stop()
        self._become(Safety.FAILED)

    def wait(self) -> None:
        """Follow the writer until it rests, as when it makes a backup."""
        self._look()

    def refresh(self) -> None:
        """Try again what failed, and say where things stand."""
        if self.has_failed:
            self._become(Safety.WAITING)
            self._bridge.session.retry()
        else:
            self.changed.emit()

    @property
    def has_failed(self) -> bool:
        return self.safety is Safety.FAILED

    @property
    def sign(self) -> tuple[str, str]:
        """Return the icon and its colour for where things stand."""
        return _SIGNS[Safety.WAITING if self._holds_letters else self.safety]

    @property
    def is_safe(self) -> bool:
        return self.safety in {Safety.UNTOUCHED, Safety.SAVED, Safety.READ_ONLY}

    @property
    def _holds_letters(self) -> bool:
        self._unsaved = {field for field in self._unsaved if isValid(field)}
        return bool(self._unsaved) and self.is_safe

    def text(self) -> str:
        """Say it in a word or two."""
        say = self._texts.gettext
        if self._holds_letters:
            return say("Not saved yet")
        if self.safety is Safety.SAVED and self._last is not None:
            return say("Saved {time}").format(time=self._texts.time(self._last.time))
        return {
            Safety.UNTOUCHED: say("Everything is saved"),
            Safety.SAVED: say("Everything is saved"),
            Safety.WAITING: say("Saving …"),
            Safety.FAILED: say("Not saved"),
            Safety.READ_ONLY: say("Read only"),
        }.get(self.safety, "")
