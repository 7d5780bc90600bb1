"""What one picks with: a list to choose one from, and a button for each thing picked."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter

from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import SMALL, Role, font_for, is_font_change

Choices = tuple[tuple[str, str], ...]
"""What can be picked, as (id, name)."""

_SHORTEST = 12
"""Letters of a name that are always shown on its button; the whole name is spoken."""


class QuietCombo(QComboBox):
    """A combo box that the mouse wheel does not change by accident, and that may be narrower than its text."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        field = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        room = field.width() - SMALL
        option.currentText = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, room)
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def fill(self, choices: Choices) -> None:
        """Take choices as (id, label), keeping the chosen one."""
        chosen = self.currentData()
        self.blockSignals(True)
        self.clear()
        for key, label in choices:
            self.addItem(label, key)
        self.setCurrentIndex(max(self.findData(chosen), 0))
        self.blockSignals(False)


class Chip(QuietButton):
    """Something picked, as a button that takes it away; a long name is shortened to the room there is."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "×")
        self._name = name
        self.is_chip = True
        self.setObjectName("chip")
        self.setToolTip("")

    def _rest(self) -> int:
        return self.fontMetrics().horizontalAdvance("××") + 3 * SMALL

    def sizeHint(self) -> QSize:
        height = super().sizeHint().height()
        return QSize(self.fontMetrics().horizontalAdvance(self._name) + self._rest(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(_SHORTEST * self.fontMetrics().averageCharWidth(), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - self._rest()
        self.setText(self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.setFont(font_for(Role.CAPTION))
