"""Buttons with an icon that follows the text size and the colours; buttons whose label may be a sentence."""

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QToolButton

from capacity_app.texts import in_own_order
from capacity_app.ui.look.icons import icon
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import LARGE, MEDIUM, TARGET, is_font_change


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
        super().changeEvent(event)
        if _is_look_change(event):
            self._renew()


_WRAPPED = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)


class WrappingButton(QPushButton):
    """A button whose label goes on in the next line where it is too narrow, as one that names a section does."""

    def __init__(self, label: str) -> None:
        super().__init__(label)
        self.setAutoDefault(False)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, max(width - 2 * MEDIUM, 1), 10_000)
        return max(TARGET, self.fontMetrics().boundingRect(room, _WRAPPED, self.text()).height() + LARGE)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * MEDIUM + 2, self.heightForWidth(10_000))

    def minimumSizeHint(self) -> QSize:
        longest = max((self.fontMetrics().horizontalAdvance(word) for word in self.text().split()), default=0)
        return QSize(longest + 2 * MEDIUM, TARGET)

    def paintEvent(self, _event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButtonBevel, option, painter, self)
        role = QPalette.ColorRole.BrightText if self.isDefault() else QPalette.ColorRole.ButtonText
        painter.setPen(self.palette().color(role))
        label = in_own_order(self.text()) if self.isRightToLeft() else self.text()
        painter.drawText(self.rect().adjusted(MEDIUM, 0, -MEDIUM, 0), _WRAPPED, label)
        painter.end()
