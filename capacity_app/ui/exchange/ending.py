"""The end of a preview: the buttons, and beside them what would happen."""

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from capacity_app.ui.look.theme import MEDIUM, SMALL


def ending(told: QWidget, *buttons: QPushButton) -> QHBoxLayout:
    """Put what would happen beside the buttons."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SMALL)
    for button in buttons:
        line.addWidget(button)
    line.addSpacing(MEDIUM)
    line.addWidget(told, 1)
    return line
