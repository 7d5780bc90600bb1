"""Buttons with an icon that follows the text size and the colours."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QPushButton, QToolButton

from capacity_app.ui.look.icons import icon
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import is_font_change


def _side(button: QPushButton | QToolButton) -> int:
    return max(16, round(button.fontMetrics().height() * 0.95))


def _draw(button: QPushButton | QToolButton, sign: str, colour: str) -> None:
    side = _side(button)
    button.setIconSize(QSize(side, side))
    button.setIcon(icon(sign, colour, side))


def _is_look_change(event: QEvent) -> bool:
    return is_font_change(event) or event.type() == QEvent.Type.PaletteChange


class SignButton(QPushButton):
    """A button with an icon and a label; the main one of its place is filled."""

    def __init__(self, sign: str, label: str, *, is_main: bool = False) -> None:
        super().__init__(label)
        self._sign, self._is_main = sign, is_main
        self.setAutoDefault(False)
        self.setDefault(is_main)
        self._renew()

    def _renew(self) -> None:
        _draw(self, self._sign, colours().on_accent if self._is_main else colours().text)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew."""
        super().changeEvent(event)
        if _is_look_change(event):
            self._renew()


class SignTool(QToolButton):
    """A small button with an icon alone; its label is spoken and shown as a tool tip."""

    def __init__(self, sign: str, label: str) -> None:
        super().__init__()
        self._sign = sign
        self.setAccessibleName(label)
        self.setToolTip(label)
        self._renew()

    def _renew(self) -> None:
        _draw(self, self._sign, colours().muted)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the icon anew."""
        super().changeEvent(event)
        if _is_look_change(event):
            self._renew()
