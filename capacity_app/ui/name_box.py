"""A small box over the status bar that asks for the person's name."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.cards import Words, row
from capacity_app.ui.text_fields import LineField
from capacity_app.ui.theme import LARGE, SMALL, Role


class NameBox(QFrame):
    """Opens above a widget; Enter keeps the name, Escape leaves it as it was. ``named`` carries the name."""

    named = Signal(str)

    def __init__(self, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("name_box")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.line = LineField()
        self.line.setObjectName("name_line")
        self.line.setAccessibleName(texts.gettext("Your name"))
        self.line.setMinimumWidth(36 * self.fontMetrics().averageCharWidth())
        keep = QPushButton(texts.gettext("Keep"))
        keep.setObjectName("name_keep")
        keep.setDefault(True)
        keep.clicked.connect(lambda _checked: self._keep())
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(SMALL)
        column.addWidget(Words(texts.gettext("Your name"), Role.STRONG))
        hint = texts.gettext("It stands beside every answer you enter from now on.")
        column.addWidget(Words(hint, Role.CAPTION, is_muted=True))
        column.addWidget(self.line)
        column.addLayout(row(keep))

    def open_above(self, anchor: QWidget, name: str) -> None:
        """Show the box with its lower corner at a widget."""
        self.line.setText(name)
        self.line.selectAll()
        self.adjustSize()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), -self.height() - SMALL))
        if self.isRightToLeft():
            corner = anchor.mapToGlobal(QPoint(0, -self.height() - SMALL))
        self.move(corner)
        self.show()
        self.line.setFocus()

    def _keep(self) -> None:
        self.named.emit(self.line.text().strip())
        self.close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep with Enter, leave with Escape."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._keep()
        elif event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
