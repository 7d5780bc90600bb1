"""One allowed answer as a row one can read, click or choose by its key: a radio button or a box to tick."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy

from capacity_app.ui.look.painting import paint_dashed, paint_focus, paint_tick, rounded
from capacity_app.ui.look.palette import Colours, colours
from capacity_app.ui.look.theme import SMALL, TARGET, Role, font_for
from capacity_app.ui.questionnaire.pairs import NO_SECOND, Pair, Second

if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object

_PAD = 6
_NARROWEST = 120
_GAP = 10


class _Face:
    """Measures and paints a row: a sign with its key, and the wording beside it, wrapped, in one or two languages."""

    def __init__(self, button: QAbstractButton, key: str, *, is_box: bool) -> None:
        self._button, self._key, self._is_box = button, key, is_box
        self._heights: dict[int, int] = {}
        self._width = self._sign = 0
        self.second = NO_SECOND
        self.is_offered = False
        self._measure()

    def _measure(self) -> None:
        metrics = self._button.fontMetrics()
        self._sign = max(22, round(metrics.height() * 1.3))
        widest = metrics.horizontalAdvance(self._button.text())
        if self.second.text:
            widest = max(widest, QFontMetrics(font_for(Role.CAPTION)).horizontalAdvance(self.second.text))
        self._width = self._indent + widest + SMALL + 2

    @property
    def _indent(self) -> int:
        return SMALL + self._sign + _GAP

    def _pair(self) -> Pair:
        button = self._button
        return Pair(button.text(), self.second, button.font(), font_for(Role.CAPTION), self._indent, SMALL)

    def show_key(self, key: str) -> None:
        self._key = key

    def forget(self) -> None:
        """Measure anew, after a change of font or wording."""
        self._heights.clear()
        self._measure()
        self._button.updateGeometry()

    def height(self, width: int) -> int:
        """Return the height in pixels the row needs at a width."""
        known = self._heights.get(width)
        if known is None:
            text = self._pair().height(width)
            known = self._heights[width] = max(text, self._sign, TARGET - 2 * _PAD) + 2 * _PAD
        return known

    def natural_width(self) -> int:
        return self._width

    def paint(self) -> None:
        button, shades = self._button, colours()
        painter = QPainter(button)
        area = button.rect()
        if button.isChecked():
            rounded(painter, QRectF(area), fill=shades.accent_tint, corner=6)
        elif button.underMouse() and button.isEnabled():
            rounded(painter, QRectF(area), fill=shades.hover, corner=6)
        if self.is_offered and not button.isChecked():
            paint_dashed(painter, QRectF(area), corner=6)
        self._paint_sign(painter, shades)
        ink = shades.text if button.isEnabled() else shades.muted
        self._pair().paint(painter, area, button.layoutDirection(), ink)
        if button.hasFocus():
            paint_focus(painter, area, corner=6)
        painter.end()

    def _paint_sign(self, painter: QPainter, shades: Colours) -> None:
        button, size = self._button, self._sign
        # Beside one line the sign stands in the middle, beside several at the first.
        line = button.fontMetrics().height()
        top = (button.height() - size) // 2 if button.height() < 2 * line + 2 * _PAD else _PAD + (line - size) // 2
        left = SMALL if button.layoutDirection() == Qt.LayoutDirection.LeftToRight else button.width() - SMALL - size
        box = QRectF(left, max(top, 2), size, size)
        is_on = button.isChecked()
        fill, ink = (shades.accent, shades.on_accent) if is_on else (shades.surface, shades.muted)
        corner = 5 if self._is_box else size / 2
        rounded(painter, box, fill=fill, edge=shades.accent if is_on else shades.edge, width=1.3, corner=corner)
        if is_on and (self._is_box or not self._key):
            paint_tick(painter, box, ink)
        elif self._key:
            font = button.font()
            font.setBold(is_on)
            font.setPointSizeF(font.pointSizeF() * 0.92)
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._key)
            painter.setFont(button.font())


class _Row(_Button):
    """What both kinds of rows share; stands before the Qt class in the order of resolution."""

    _face: _Face
    key: str

    def _prepare(self, key: str, *, is_box: bool) -> None:
        self.key = key
        self._face = _Face(self, key, is_box=is_box)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_key(self, key: str) -> None:
        """Show the key in the digits of a language; it is still ``key`` that is pressed."""
        self._face.show_key(key)

    @property
    def second(self) -> Second:
        return self._face.second

    def set_second(self, second: Second) -> None:
        """Show a second wording, or none."""
        if second != self._face.second:
            self._face.second = second
            self._face.forget()
            self.update()

    @property
    def is_offered(self) -> bool:
        """Return whether the earlier round said this and nobody has confirmed it."""
        return self._face.is_offered

    def set_offered(self, is_offered: bool) -> None:  # noqa: FBT001 - a state, set by name of the method
        """Outline the row as what the earlier round said, or no longer."""
        if is_offered != self._face.is_offered:
            self._face.is_offered = is_offered
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Select} and not event.modifiers():
            super().keyPressEvent(event)
        else:
            event.ignore()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._face.height(width)

    def sizeHint(self) -> QSize:
        width = self._face.natural_width()
        return QSize(width, self._face.height(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._face.natural_width(), _NARROWEST), TARGET)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._face.forget()

    def hitButton(self, _pos: QPoint) -> bool:
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._face.paint()


class RadioRow(_Row, QRadioButton):
    """One of several answers; clicking it again keeps it."""

    def __init__(self, text: str, key: str = "") -> None:
        super().__init__(text)
        # Exclusive buttons cannot all be cleared; the list sees to it that one at most is chosen.
        self.setAutoExclusive(False)
        self._prepare(key, is_box=False)

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        self.setChecked(True)


class TickRow(_Row, QCheckBox):
    """One element of a checklist."""

    def __init__(self, text: str, key: str = "") -> None:
        super().__init__(text)
        self._prepare(key, is_box=True)
