"""One wording, or two: side by side where there is room, else the second below in smaller, muted letters.

Each paragraph has the reading direction of its own language, whatever the window's is.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QStyle

from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.painting import draw_paragraph
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import MEDIUM, Role, font_for, is_font_change
from capacity_app.ui.wording import Wording

_WRAP = int(Qt.TextFlag.TextWordWrap)
_HIGH = 100_000
_LETTERS_BESIDE = 62
"""The least width, in average letters, in which two wordings stand side by side."""
_LEAST = 40
_BETWEEN = 2


def direction_of(texts: Texts) -> Qt.LayoutDirection:
    return Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight


def said_otherwise(first: str, second: str) -> str:
    """Return a second wording if it says anything else than the first: what is not translated stands once."""
    return "" if second == first else second


@dataclass(frozen=True, slots=True)
class Second:
    """A second wording of one text, with its reading direction."""

    text: str = ""
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight


NO_SECOND = Second()


def second_of(first: str, text: str, wording: Wording) -> Second:
    """Make the second wording of a text from what another language says."""
    return Second(said_otherwise(first, text), direction_of(wording.texts))


def is_beside(width: int) -> bool:
    """Return whether two wordings stand side by side in a width."""
    return width >= QFontMetrics(font_for(Role.BODY)).averageCharWidth() * _LETTERS_BESIDE


def wrapped(font: QFont, width: int, text: str) -> int:
    """Return the height of a text wrapped in a width, in pixels."""
    return QFontMetrics(font).boundingRect(QRect(0, 0, max(width, _LEAST), _HIGH), _WRAP, text).height()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two wordings to be measured and painted, ``before`` and ``after`` pixels from the edges.

    ``font`` is for both beside each other, ``small`` for the second below the first.
    """

    first: str
    second: Second
    font: QFont
    small: QFont
    before: int = 0
    after: int = 0

    def rooms(self, width: int) -> tuple[QRect, QRect]:
        """Return where both wordings go in a width, counted from the leading edge; heights are open."""
        inner = max(width - self.before - self.after, _LEAST)
        whole = QRect(self.before, 0, inner, _HIGH)
        if not self.second.text or not is_beside(width):
            return whole, whole
        middle = width // 2
        start = QRect(self.before, 0, middle - MEDIUM - self.before, _HIGH)
        return start, QRect(middle + MEDIUM, 0, width - middle - MEDIUM - self.after, _HIGH)

    def height(self, width: int) -> int:
        """Return the height both need in a width."""
        one, other = self.rooms(width)
        high = wrapped(self.font, one.width(), self.first)
        if not self.second.text:
            return high
        if is_beside(width):
            return max(high, wrapped(self.font, other.width(), self.second.text))
        return high + _BETWEEN + wrapped(self.small, other.width(), self.second.text)

    def paint(self, painter: QPainter, area: QRect, direction: Qt.LayoutDirection, ink: str) -> None:
        """Paint both into an area, in the middle of its height."""
        first, second = (
            QStyle.visualRect(direction, area, room.translated(area.topLeft())) for room in self.rooms(area.width())
        )
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        painter.setPen(QColor(ink))
        painter.setFont(self.font)
        if not self.second.text:
            room = QRect(first.x(), area.y(), first.width(), area.height())
            draw_paragraph(painter, room, self.first, direction)
            return
        top = area.y() + (area.height() - self.height(area.width())) // 2
        draw_paragraph(painter, QRect(first.x(), top, first.width(), _HIGH), self.first, direction, is_top=True)
        if not is_beside(area.width()):
            top += wrapped(self.font, first.width(), self.first) + _BETWEEN
            painter.setFont(self.small)
            painter.setPen(QColor(colours().muted))
        room = QRect(second.x(), top, second.width(), _HIGH)
        draw_paragraph(painter, room, self.second.text, self.second.direction, is_top=True)


class PairedWords(Words):
    """A label that can show a second wording."""

    def __init__(self, text: str, role: Role, *, below: Role = Role.BODY, is_muted: bool = False) -> None:
        self._second, self._roles = NO_SECOND, (role, below)
        self._heights: dict[int, int] = {}
        super().__init__(text, role, is_muted=is_muted)

    @property
    def second(self) -> Second:
        return self._second

    def set_second(self, second: Second) -> None:
        """Show a second wording, or none."""
        if second != self._second:
            self._second = second
            self._heights.clear()
            self.updateGeometry()
            self.update()

    def _pair(self) -> Pair:
        margins = self.contentsMargins()
        before, after = margins.left(), margins.right()
        if self.isRightToLeft():
            before, after = after, before
        font, small = (font_for(role) for role in self._roles)
        return Pair(self.text(), self._second, font, small, before, after)

    def heightForWidth(self, width: int) -> int:
        if not self._second.text:
            return super().heightForWidth(width)
        known = self._heights.get(width)
        if known is None:
            margins = self.contentsMargins()
            known = self._heights[width] = self._pair().height(width) + margins.top() + margins.bottom()
        return known

    def sizeHint(self) -> QSize:
        if not self._second.text:
            return super().sizeHint()
        return QSize(super().sizeHint().width(), self.heightForWidth(max(self.width(), _LEAST)))

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width(), 0) if self._second.text else least

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._second.text:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        margins = self.contentsMargins()
        area = self.rect().adjusted(0, margins.top(), 0, -margins.bottom())
        self._pair().paint(painter, area, self.layoutDirection(), self.palette().windowText().color().name())
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        if is_font_change(event):
            self._heights.clear()
        super().changeEvent(event)
