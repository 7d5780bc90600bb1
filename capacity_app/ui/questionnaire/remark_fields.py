"""Two texts that belong to an answer: why it does not apply, and the note."""

from itertools import count

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.answers import TEXT_LIMIT
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.text_fields import LineField, TextField, set_quietly, text_in
from capacity_app.ui.look.theme import TIGHT, Role
from capacity_app.ui.look.typing_rest import TypingRest
from capacity_app.ui.questionnaire import keys


class RemarkField(QWidget):
    """A labelled text that is stored after a rest and when it is left. ``written`` carries text and typing mark."""

    written = Signal(str, str)
    finished = Signal()

    def __init__(self, label: str, texts: Texts, *, is_long: bool, field: LineField | None = None) -> None:
        super().__init__()
        self._texts = texts
        self.field: LineField | TextField = field or (TextField() if is_long else LineField())
        self.field.setAccessibleName(label)
        self.label = Words(label, Role.CAPTION, is_muted=True)
        self.counter = Words("", Role.CAPTION, is_muted=True)
        self._is_dirty, self._runs, self._run = False, count(1), 0
        self._rest = TypingRest(self)
        self._rest.timeout.connect(self._rested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self.label)
        layout.addWidget(self.field)
        layout.addWidget(self.counter)
        self.counter.hide()
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._changed)
        self.field.left.connect(self.flush)
        self.field.entered.connect(self._begin)

    def set_label(self, label: str) -> None:
        """Name the field anew, when it serves another row or cell."""
        self.label.setText(label)
        self.field.setAccessibleName(label)

    def _rested(self) -> None:
        self.flush()

    def _begin(self) -> None:
        self._run = next(self._runs)

    def _changed(self) -> None:
        self._is_dirty = True
        length = len(text_in(self.field))
        is_near = length * 2 >= TEXT_LIMIT
        if is_near:
            self.counter.setText(
                self._texts.gettext("{length} of {longest} characters").format(
                    length=self._texts.number(length), longest=self._texts.number(TEXT_LIMIT)
                )
            )
            self.counter.set_colour("danger" if length > TEXT_LIMIT else "")
        self.counter.setVisible(is_near)
        self._rest.typed()

    @property
    def is_unreadable(self) -> bool:
        return self._is_dirty

    def text(self) -> str:
        return text_in(self.field)

    def flush(self) -> None:
        """Store what is typed; a text that is too long stays and waits to be shortened."""
        self._rest.stop()
        if self._is_dirty and len(self.text()) <= TEXT_LIMIT:
            self._is_dirty = False
            self.written.emit(self.text(), f"{id(self)}:{self._run}")
            if not self._is_dirty:
                self._rest.stored()

    def not_stored(self) -> None:
        """Take note that the text was refused: it stays, to be stored or shortened later."""
        self._is_dirty = True
        self._rest.kept()

    def forget(self) -> None:
        """Take note that something else than what was typed is stored by now."""
        self._rest.stored()
        self._is_dirty = False

    def show_text(self, text: str) -> None:
        """Show what is stored, unless something else is being typed."""
        if self._is_dirty or text == self.text() or (self.field.hasFocus() and text == self.text().strip()):
            return
        set_quietly(self.field, text)
        if isinstance(self.field, LineField):
            self.field.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if isinstance(self.field, LineField) and keys.is_enter(event):
            self.flush()
            self.finished.emit()
        else:
            event.ignore()


def reason_field(texts: Texts) -> RemarkField:
    """Make the field that asks why something does not apply."""
    return RemarkField(texts.gettext("Why does it not apply?"), texts, is_long=False)


def note_field(texts: Texts) -> RemarkField:
    return RemarkField(texts.gettext("Note"), texts, is_long=True)
