"""A flat button that shows its key beside its word."""

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton

from capacity_app.texts import in_own_order
from capacity_app.ui.look.painting import paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, TARGET, Role, font_for
from capacity_app.ui.questionnaire import keys

_PAD = 6


class QuietButton(QToolButton):
    """A flat button that shows its key beside its word."""

    def __init__(self, text: str, key: str = "") -> None:
        self._key = key
        self._size: QSize | None = None
        super().__init__()
        self.setText(text)
        self.is_chip = False
        self.setFont(font_for(Role.CAPTION))
        self.setToolTip(f"{text} ({key})" if key else text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_word(self, text: str, key: str = "") -> None:
        if (text, key) != (self.text(), self._key):
            self._key, self._size = key, None
            self.setText(text)
            self.setToolTip(f"{text} ({key})" if key else text)
            self.updateGeometry()

    def _key_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        return font

    def _key_width(self) -> int:
        return QFontMetrics(self._key_font()).horizontalAdvance(self._key) + 6 if self._key else 0

    def sizeHint(self) -> QSize:
        if self._size is None:
            metrics = self.fontMetrics()
            gap = 6 if self._key else 0
            width = metrics.horizontalAdvance(self.text()) + gap + self._key_width() + 2 * _PAD
            self._size = QSize(width, max(TARGET, metrics.height() + SMALL))
        return QSize(self._size)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.setFont(font_for(Role.CAPTION))
        elif event.type() == QEvent.Type.FontChange:
            self._size = None
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self.isChecked():
            rounded(painter, area, fill=shades.accent_tint, edge=shades.accent)
        elif self.is_chip:
            fill = shades.hover if self.underMouse() else shades.raised
            rounded(painter, area, fill=fill, edge=shades.line, corner=area.height() / 2)
        elif (self.underMouse() or self.isDown()) and self.isEnabled():
            rounded(painter, area, fill=shades.raised, edge=shades.line)
        words = self.fontMetrics().horizontalAdvance(self.text())
        line = QRect(_PAD, 0, words + 1, self.height())
        painter.setFont(self.font())
        ink = shades.text if self.is_chip else shades.muted
        painter.setPen(QColor(shades.accent if self.isChecked() else ink))
        center = int(Qt.AlignmentFlag.AlignCenter)
        painter.drawText(self._mirrored(line), center, in_own_order(self.text()))
        if self._key:
            font = self._key_font()
            high = QFontMetrics(font).height() + 2
            cap = QRect(_PAD + words + 6, (self.height() - high) // 2, self._key_width(), high)
            if not self.is_chip:
                rounded(painter, QRectF(self._mirrored(cap)), edge=shades.line, corner=3)
            painter.setFont(font)
            painter.setPen(QColor(shades.muted))
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # a key is named alike everywhere
            painter.drawText(self._mirrored(cap), center, self._key)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _mirrored(self, part: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), part)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event):
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()
