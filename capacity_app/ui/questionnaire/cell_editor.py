"""The editor of one cell: it opens over the table with the full wording, and closes when the focus leaves it.

It is a child of the window, not a window of its own: input methods work in it, it is never left behind, and
the table's scroll area does not cut it off.
"""

from enum import IntEnum

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address, Content, Value
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.painting import rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.text_fields import TextField
from capacity_app.ui.look.theme import MEDIUM, RADIUS, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.choice_editors import EDITORS, ChecklistEditor, OneOfEditor
from capacity_app.ui.questionnaire.pairs import Second
from capacity_app.ui.questionnaire.typed_editors import AnswerEditor, Asked, TypedEditor
from capacity_app.ui.wording import Wording

_WIDEST, _NARROWEST = 460, 240


class Step(IntEnum):
    """Where to go when the editor closes."""

    STAY = 0
    NEXT = 1
    BACK = 2
    DOWN = 3
    OPEN = 4


class CellEditor(QFrame):
    """Edits one cell. ``answered`` carries value and typing mark, ``closed`` a ``Step``."""

    answered = Signal(object, str)
    closed = Signal(int)
    undone = Signal()

    def __init__(self, window: QWidget, asked: Asked, place: str, address: Address) -> None:
        super().__init__(window)
        self._window = window
        self.address = address
        self.setAccessibleName(place)
        self.setObjectName("cell_editor")
        self.editor: AnswerEditor = EDITORS[asked.field.kind](asked)
        self._is_closing = False
        self._label = Words(place, Role.CAPTION, is_muted=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, SMALL, MEDIUM, MEDIUM)
        layout.setSpacing(TIGHT)
        self._second_label = Words("", Role.CAPTION, is_muted=True)
        self._second_label.hide()
        layout.addWidget(self._label)
        layout.addWidget(self._second_label)
        layout.addWidget(self._scrolling() if isinstance(self.editor, OneOfEditor | ChecklistEditor) else self.editor)
        self.editor.answered.connect(self._answered)
        self._cell = QRect()
        field = getattr(self.editor, "field", None)
        if isinstance(field, TextField):
            field.leaves_on_enter = True

    def show_second(self, place: Second, second: Wording | None) -> None:
        """Name the place and what can be chosen in a second wording too, or no longer."""
        self._second_label.setLayoutDirection(place.direction)
        self._second_label.setText(place.text)
        self._second_label.setVisible(bool(place.text))
        self.editor.show_second(second)

    def _scrolling(self) -> QScrollArea:
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.editor)
        area.viewport().setAutoFillBackground(False)
        self.editor.setAutoFillBackground(False)
        self._area = area
        return area

    def _answered(self, value: Value, typing: str) -> None:
        self.answered.emit(value, typing)
        if isinstance(self.editor, OneOfEditor):
            self.finish(Step.STAY)

    def open_at(self, cell: QRect, content: Content) -> None:
        """Open over a cell, given in the window's coordinates, and take the focus."""
        self.editor.show_value(content.value)
        self.stand_at(cell)
        self.show()
        self.raise_()
        self.editor.setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets need an application"
        app.focusChanged.connect(self._focus_moved)

    def stand_at(self, cell: QRect) -> None:
        """Stand over or under a cell, inside the window, as high as what is in it."""
        self._cell = cell
        room = self._window.rect().adjusted(SMALL, SMALL, -SMALL, -SMALL)
        zoom = max(1.0, self.fontMetrics().height() / 17)
        width = min(max(cell.width(), round(_NARROWEST * zoom)), room.width())
        if not isinstance(self.editor, TypedEditor):
            width = min(round(_WIDEST * zoom), room.width())
        high = min(self._height_at(width), room.height())
        at = QPoint(cell.x(), cell.y() if isinstance(self.editor, TypedEditor) else cell.bottom() + 1)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            at.setX(cell.right() - width + 1)
        if at.y() + high > room.bottom():
            at.setY(max(room.y(), min(cell.y() - high, room.bottom() - high)))
            at.setY(max(at.y(), room.y()))
        at.setX(min(max(at.x(), room.x()), room.right() - width))
        self.setGeometry(QRect(at.x(), at.y(), width, high))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and not self._cell.isNull() and not self._is_closing:
            self.stand_at(self._cell)
        return super().event(event)

    def _height_at(self, width: int) -> int:
        inner = width - 2 * MEDIUM
        parts = [part for part in (self._label, self._second_label, self.editor) if not part.isHidden()]
        high = sum(p.heightForWidth(inner) if p.hasHeightForWidth() else p.sizeHint().height() for p in parts)
        return high + SMALL + MEDIUM + TIGHT + 4

    def type_in(self, text: str) -> None:
        """Begin with typed letters, as if they had been typed here."""
        field = getattr(self.editor, "field", None) or getattr(self.editor, "finder", None)
        if isinstance(field, TextField):
            field.selectAll()
            field.insertPlainText(text)
        elif field is not None:
            field.selectAll()
            field.insert(text)
            field.textEdited.emit(field.text())

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        # A list that opens under a field takes no focus; losing it to another window keeps the editor open.
        if new is not None and new is not self and not self.isAncestorOf(new) and new.window() is self.window():
            self.finish(Step.STAY, takes_focus_back=False)

    def finish(self, step: Step, *, takes_focus_back: bool = True) -> None:
        """Store what is typed and close."""
        if self._is_closing:
            return
        self._is_closing = True
        self.editor.flush()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_moved)
        self.hide()
        self.deleteLater()
        self.closed.emit(int(step) if takes_focus_back else -1)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        self.finish(Step.NEXT if is_next else Step.BACK)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.editor.take_key(event):
            return
        if event.key() == Qt.Key.Key_Escape:
            self.undone.emit()
            self.finish(Step.STAY)
        elif keys.is_next(event):
            self.finish(Step.OPEN)
        elif keys.is_enter(event):
            self._enter()
        else:
            event.accept()

    def _enter(self) -> None:
        if isinstance(self.editor, OneOfEditor):
            row = next((row for row in self.editor.rows if row.hasFocus()), None)
            if row is not None:
                row.click()
                return
        self.finish(Step.DOWN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), fill=colours().surface, edge=colours().accent, width=2, corner=RADIUS)
        painter.end()
