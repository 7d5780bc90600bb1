"""What the top bar says is safe: "Saving…" from the first letter until the disk has it, then the time."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import Saved, SaveFailed
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.widgets.text_fields import UnsavedTextEvent

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


_AGAIN_MS = 15


class SaveStage(Enum):
    """Where the last change is."""

    UNTOUCHED = auto()
    WAITING = auto()
    SAVED = auto()
    FAILED = auto()
    READ_ONLY = auto()


_SIGNS = {
    SaveStage.UNTOUCHED: ("good", "muted"),
    SaveStage.WAITING: ("information", "muted"),
    SaveStage.SAVED: ("good", "good"),
    SaveStage.FAILED: ("danger", "danger"),
    SaveStage.READ_ONLY: ("locked", "muted"),
}


class SaveState(QObject):
    """Follows the bridge and says, after every piece of news, what is safe."""

    changed = Signal()

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__(controller)
        self._controller, self._texts = controller, texts
        self._last: Saved | None = None
        self._unsaved: set[QWidget] = set()
        """The fields that hold letters nobody has stored yet."""
        self.safety = SaveStage.READ_ONLY if controller.session.is_read_only else SaveStage.UNTOUCHED
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(_AGAIN_MS)
        self._again.timeout.connect(self._look)
        controller.changed.connect(lambda _change: self._set_stage(SaveStage.WAITING))
        controller.saved.connect(self._hear)
        controller.save_failed.connect(self._fail)

    def note_typing(self, news: UnsavedTextEvent) -> None:
        """Follow a field: what is typed there is not saved until it is stored and the disk has it."""
        if news.is_unsaved:
            self._unsaved.add(news.field)
        else:
            self._unsaved.discard(news.field)
        self.changed.emit()

    def _set_stage(self, safety: SaveStage) -> None:
        if self.safety is not SaveStage.READ_ONLY:
            self.safety = safety
            self.changed.emit()

    def _hear(self, saved: Saved) -> None:
        self._last = saved
        self._look()

    def _look(self) -> None:
        """See whether the writer has come to rest: something may have been typed since its last commit."""
        if self._controller.session.flush(0):
            self._set_stage(SaveStage.SAVED)
        else:
            # It tells of a commit a moment before it rests, and may have nothing more to tell.
            self._set_stage(SaveStage.WAITING)
            self._again.start()

    def _fail(self, _failed: SaveFailed) -> None:
        self._again.stop()
        self._set_stage(SaveStage.FAILED)

    def wait(self) -> None:
        """Follow the writer until it rests, as when it makes a backup."""
        self._look()

    def refresh(self) -> None:
        """Try again what failed, and say where things stand."""
        if self.has_failed:
            self._set_stage(SaveStage.WAITING)
            self._controller.session.retry()
        else:
            self.changed.emit()

    @property
    def has_failed(self) -> bool:
        return self.safety is SaveStage.FAILED

    @property
    def sign(self) -> tuple[str, str]:
        """Return the icon and its colour for where things stand."""
        return _SIGNS[SaveStage.WAITING if self._holds_letters else self.safety]

    @property
    def is_safe(self) -> bool:
        return self.safety in {SaveStage.UNTOUCHED, SaveStage.SAVED, SaveStage.READ_ONLY}

    @property
    def _holds_letters(self) -> bool:
        self._unsaved = {field for field in self._unsaved if isValid(field)}
        return bool(self._unsaved) and self.is_safe

    def text(self) -> str:
        say = self._texts.gettext
        if self._holds_letters:
            return say("Saving…")
        if self.safety is SaveStage.SAVED and self._last is not None:
            return say("Saved {time}").format(time=self._texts.time(self._last.time))
        return {
            SaveStage.UNTOUCHED: say("Everything is saved"),
            SaveStage.SAVED: say("Everything is saved"),
            SaveStage.WAITING: say("Saving…"),
            SaveStage.FAILED: say("Not saved"),
            SaveStage.READ_ONLY: say("Read only"),
        }.get(self.safety, "")


class SaveBarrier(QObject):
    """Waits until what is being typed and saved is on disk; then ``ready``, or ``failed`` if it cannot be saved."""

    ready = Signal()
    failed = Signal()

    def __init__(self, controller: SessionController, state: SaveState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller, self._state = controller, state
        self.is_waiting = False
        state.changed.connect(self.go_on)

    def begin(self) -> None:
        """Have everything committed that is being typed, before the wait."""
        self._controller.request_flush()
        self.is_waiting = True

    def go_on(self) -> None:
        """Tell, if everything is saved by now."""
        if not self.is_waiting:
            return
        if self._state.safety is SaveStage.FAILED:
            self.is_waiting = False
            self.failed.emit()
        elif self._state.is_safe:
            self.is_waiting = False
            self.ready.emit()

    def stop(self) -> bool:
        """Wait no longer; tells whether there was a wait."""
        was_waiting, self.is_waiting = self.is_waiting, False
        return was_waiting
