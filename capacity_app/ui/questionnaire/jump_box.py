"""Going to a question by its printed number: type "iv1g", press Enter."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.places import printed_numbers
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.finding import best_numbers
from capacity_app.ui.look.painting import rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, RADIUS, SMALL, Role
from capacity_app.ui.wording import Wording

_SHOWN = 8


class JumpBox(QFrame):
    """A small box over the page with a field and the numbers that begin as typed. ``chosen`` carries an address."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget, wording: Wording) -> None:
        super().__init__(parent)
        self._over = parent
        self._wording = wording
        self._numbers = [(str(place), number) for number, place in printed_numbers(wording.session.instrument)]
        texts = wording.texts
        self.setObjectName("jump_box")
        self.field = LineField()
        self.field.setAccessibleName(texts.gettext("Go to the question with this number"))
        self.field.setPlaceholderText(texts.gettext("Number, such as IV.1 G"))
        self.found = QListWidget()
        self.found.setAccessibleName(texts.gettext("Questions with this number"))
        self.found.setFrameShape(QFrame.Shape.NoFrame)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.found.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.found.itemClicked.connect(lambda _item: self._choose())
        self.nothing = Words(texts.gettext("No question has this number."), Role.CAPTION, is_muted=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        layout.setSpacing(SMALL)
        layout.addWidget(Words(texts.gettext("Go to number"), Role.CAPTION, is_muted=True))
        layout.addWidget(self.field)
        layout.addWidget(self.found)
        layout.addWidget(self.nothing)
        self.field.textEdited.connect(self._offer)
        self.field.left.connect(self._leave)
        self.hide()

    def open(self) -> None:
        """Show the box in the upper middle of its parent and take the focus."""
        self.field.clear()
        self._offer("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _place(self) -> None:
        width = min(self.fontMetrics().averageCharWidth() * 64, self._over.width() - 2 * MEDIUM)
        high = self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height()
        self.setGeometry((self._over.width() - width) // 2, self._over.height() // 8, width, high)

    def _offer(self, typed: str) -> None:
        best = best_numbers(self._numbers, typed)
        self.found.clear()
        for address, number in best[:_SHOWN]:
            item = QListWidgetItem(f"{number}   {self._label(Address.parse(address))}")
            item.setData(Qt.ItemDataRole.UserRole, address)
            self.found.addItem(item)
        self.found.setCurrentRow(0)
        line = self.found.sizeHintForRow(0) if best else 0
        self.found.setFixedHeight(line * min(len(best), _SHOWN) + 4)
        self.found.setVisible(bool(best))
        self.nothing.setVisible(bool(typed.strip()) and not best)
        self._place()

    def _label(self, address: Address) -> str:
        question = self._wording.session.instrument.question_by_id[address.question]
        row = question.row_by_id.get(address.row)
        return self._wording.row(question, row) if row else self._wording.question(question)

    def _choose(self) -> None:
        item = self.found.currentItem()
        if item is not None:
            address = Address.parse(item.data(Qt.ItemDataRole.UserRole))
            self.chosen.emit(address)  # first: hiding would hand the focus to anybody
            self.hide()

    def _leave(self) -> None:
        if self.isVisible() and not self.found.underMouse():
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self.found.setCurrentRow(min(max(self.found.currentRow() + step, 0), self.found.count() - 1))
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._choose()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            self.hide()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        rounded(painter, QRectF(self.rect()), fill=colours().surface, edge=colours().accent, width=2, corner=RADIUS)
        painter.end()
