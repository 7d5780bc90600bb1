"""One wording, or two side by side or below each other; and the rows of allowed answers painted with them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton, QSizePolicy, QStyle

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import Translator, break_thai
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TARGET, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import draw_paragraph, paint_dashed, paint_focus, paint_rounded, paint_tick
from capacity_app.ui.theme.palette import Colours, colours
from capacity_app.ui.widgets.cards import Label

# One wording, or two: side by side where there is room, else the second below in smaller, muted letters.
#
# Each paragraph has the reading direction of its own language, whatever the window's is.


_WRAP = int(Qt.TextFlag.TextWordWrap)
_HIGH = 100_000
_LETTERS_BESIDE = 62
"""The least width, in average letters, in which two wordings stand side by side."""
_LEAST = 40
_BETWEEN = 2


def direction_of(texts: Translator) -> Qt.LayoutDirection:
    return Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight


def is_worded_differently(first: str, second: str) -> str:
    """Return a second wording if it says anything else than the first: what is not translated stands once."""
    return "" if second == first else second


@dataclass(frozen=True, slots=True)
class SecondText:
    """A second wording of one text, with its reading direction."""

    text: str = ""
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight


NO_SECOND_TEXT = SecondText()


def second_text_of(first: str, text: str, wording: SessionFormatter) -> SecondText:
    """Make the second wording of a text from what another language says."""
    return SecondText(is_worded_differently(first, text), direction_of(wording.texts))


def is_beside(width: int) -> bool:
    """Return whether two wordings stand side by side in a width."""
    return width >= QFontMetrics(font_for(TextRole.BODY)).averageCharWidth() * _LETTERS_BESIDE


def bilingual_wrapped_height(font: QFont, width: int, text: str) -> int:
    room = QRect(0, 0, max(width, _LEAST), _HIGH)
    return QFontMetrics(font).boundingRect(room, _WRAP, break_thai(text)).height()


@dataclass(frozen=True, slots=True)
class TextPair:
    """Two wordings to be measured and painted, ``before`` and ``after`` pixels from the edges.

    ``font`` is for both beside each other, ``small`` for the second below the first.
    """

    first: str
    second: SecondText
    font: QFont
    small: QFont
    before: int = 0
    after: int = 0

    def rooms(self, width: int) -> tuple[QRect, QRect]:
        """Return where both wordings go in a width, counted from the leading edge; heights are open."""
        whole = QRect(self.before, 0, max(width - self.before - self.after, _LEAST), _HIGH)
        if not self.second.text or not is_beside(width):
            return whole, whole
        middle = width // 2
        start = QRect(self.before, 0, middle - MEDIUM - self.before, _HIGH)
        return start, QRect(middle + MEDIUM, 0, width - middle - MEDIUM - self.after, _HIGH)

    def height(self, width: int) -> int:
        one, other = self.rooms(width)
        high = bilingual_wrapped_height(self.font, one.width(), self.first)
        if not self.second.text:
            return high
        if is_beside(width):
            return max(high, bilingual_wrapped_height(self.font, other.width(), self.second.text))
        return high + _BETWEEN + bilingual_wrapped_height(self.small, other.width(), self.second.text)

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
            top += bilingual_wrapped_height(self.font, first.width(), self.first) + _BETWEEN
            painter.setFont(self.small)
            painter.setPen(QColor(colours().muted))
        room = QRect(second.x(), top, second.width(), _HIGH)
        draw_paragraph(painter, room, self.second.text, self.second.direction, is_top=True)


class BilingualLabel(Label):
    """A label that can show a second wording."""

    def __init__(self, text: str, role: TextRole, *, below: TextRole = TextRole.BODY, is_muted: bool = False) -> None:
        self.second, self._roles = NO_SECOND_TEXT, (role, below)
        self._heights: dict[int, int] = {}
        super().__init__(text, role, is_muted=is_muted)

    def set_second(self, second: SecondText) -> None:
        if second != self.second:
            self.second = second
            self._heights.clear()
            self.updateGeometry()
            self.update()

    def _pair(self) -> TextPair:
        margins = self.contentsMargins()
        before, after = margins.left(), margins.right()
        if self.isRightToLeft():
            before, after = after, before
        font, small = (font_for(role) for role in self._roles)
        return TextPair(self.text(), self.second, font, small, before, after)

    def heightForWidth(self, width: int) -> int:
        if not self.second.text:
            return super().heightForWidth(width)
        known = self._heights.get(width)
        if known is None:
            margins = self.contentsMargins()
            known = self._heights[width] = self._pair().height(width) + margins.top() + margins.bottom()
        return known

    def sizeHint(self) -> QSize:
        if not self.second.text:
            return super().sizeHint()
        return QSize(super().sizeHint().width(), self.heightForWidth(max(self.width(), _LEAST)))

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(least.width(), 0) if self.second.text else least

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.second.text:
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


if TYPE_CHECKING:
    _Button = QAbstractButton
else:
    _Button = object

_PAD = 6
_NARROWEST = 120
_GAP = 10


@dataclass(frozen=True, slots=True)
class SpeakerTag:
    """Who chose a row, short enough to stand at its end, and whether this is the answer that counts."""

    name: str
    counts: bool = False


class _OptionRow(_Button):
    """A row: a sign with its key, the wording beside it, wrapped, in one or two languages; all of it painted.

    At its end stand the names of those who chose it, where several have answered. It stands before the Qt class in the
    order of resolution.
    """

    _is_box: bool

    def __init__(self, text: str, key: str = "") -> None:
        super().__init__(text)  # type: ignore[arg-type] # the Qt class that follows takes it
        self.key = self._shown_key = key
        self.second = NO_SECOND_TEXT
        self.is_offered = self._is_compared = self.is_of_others = False
        self.speakers: tuple[SpeakerTag, ...] = ()
        self._heights: dict[int, int] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._measure()

    def _measure(self) -> None:
        metrics = self.fontMetrics()
        self._sign = max(22, round(metrics.height() * 1.3))
        widest = metrics.horizontalAdvance(self.text())
        if self.second.text:
            widest = max(widest, QFontMetrics(font_for(TextRole.CAPTION)).horizontalAdvance(self.second.text))
        self._width = self._indent + widest + self._after() + 2

    def _measure_anew(self) -> None:
        """Measure after a change of font or wording."""
        self._heights.clear()
        self._measure()
        self.updateGeometry()
        self.update()

    @property
    def _indent(self) -> int:
        return SMALL + self._sign + _GAP

    def _tag_width(self, tag: SpeakerTag) -> int:
        return QFontMetrics(font_for(TextRole.CAPTION)).horizontalAdvance(tag.name) + 2 * SMALL

    def _after(self) -> int:
        """Return the room kept at the end of the row, in pixels."""
        return SMALL + sum(self._tag_width(tag) + SMALL for tag in self.speakers)

    def _pair(self) -> TextPair:
        small = font_for(TextRole.CAPTION)
        return TextPair(self.text(), self.second, self.font(), small, self._indent, self._after())

    @property
    def counts(self) -> bool:
        """Return whether the row is the answer that counts, or the only one there is."""
        is_counting = any(tag.counts for tag in self.speakers)
        return is_counting if self._is_compared else self.isChecked()

    def show_key(self, key: str) -> None:
        """Show the key in the digits of a language; it is still ``key`` that is pressed."""
        self._shown_key = key

    def set_second(self, second: SecondText) -> None:
        if second != self.second:
            self.second = second
            self._measure_anew()

    def set_offered(self, is_offered: bool) -> None:  # noqa: FBT001 - a state, set by name of the method
        """Outline the row as what the previous round said and nobody has confirmed, or no longer."""
        if is_offered != self.is_offered:
            self.is_offered = is_offered
            self.update()

    def set_speakers(
        self, speakers: Sequence[SpeakerTag], *, is_compared: bool = True, is_of_others: bool = False
    ) -> None:
        """Name who chose this row; ``is_compared`` while others than the present agency have answered.

        ``is_of_others`` marks what counts although the present agency has not answered.
        """
        if (tuple(speakers), is_compared, is_of_others) == (self.speakers, self._is_compared, self.is_of_others):
            return
        self.speakers, self._is_compared, self.is_of_others = tuple(speakers), is_compared, is_of_others
        self.setAccessibleDescription(", ".join(f"✓ {one.name}" if one.counts else one.name for one in speakers))
        self._measure_anew()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Select} and not event.modifiers():
            super().keyPressEvent(event)
        else:
            event.ignore()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        known = self._heights.get(width)
        if known is None:
            text = self._pair().height(width)
            known = self._heights[width] = max(text, self._sign, TARGET - 2 * _PAD) + 2 * _PAD
        return known

    def sizeHint(self) -> QSize:
        return QSize(self._width, self.heightForWidth(self._width))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self._width, _NARROWEST), TARGET)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure_anew()

    def hitButton(self, _pos: QPoint) -> bool:
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, area = colours(), self.rect()
        painter = QPainter(self)
        if self.counts:
            paint_rounded(painter, QRectF(area), fill=shades.accent_tint, corner=6)
        elif (self.underMouse() or self.hasFocus()) and self.isEnabled():
            paint_rounded(painter, QRectF(area), fill=shades.hover, corner=6)
        if self.isChecked() and not self.counts:
            paint_rounded(painter, QRectF(area), edge=shades.accent, width=1.5, corner=6)
        elif self.is_offered and not self.isChecked():
            paint_dashed(painter, QRectF(area), corner=6)
        self._paint_sign(painter, shades)
        ink = shades.text if self.isEnabled() else shades.muted
        self._pair().paint(painter, area, self.layoutDirection(), ink)
        self._paint_speakers(painter, shades)
        painter.end()

    def _sign_box(self) -> QRectF:
        size = self._sign
        # Beside one line the sign stands in the middle, beside several at the first.
        line = self.fontMetrics().height()
        top = (self.height() - size) // 2 if self.height() < 2 * line + 2 * _PAD else _PAD + (line - size) // 2
        left = SMALL if self.layoutDirection() == Qt.LayoutDirection.LeftToRight else self.width() - SMALL - size
        return QRectF(left, max(top, 2), size, size)

    def _paint_sign(self, painter: QPainter, shades: Colours) -> None:
        box, is_on, is_own = self._sign_box(), self.counts, self.isChecked()
        fill, ink = (shades.accent, shades.on_accent) if is_on else (shades.surface, shades.muted)
        corner = 5 if self._is_box else self._sign / 2
        edge = shades.accent if is_on or is_own else shades.muted if self.is_of_others else shades.edge
        is_ringed = (is_own and not is_on) or self.is_of_others
        paint_rounded(painter, box, fill=fill, edge=edge, width=2 if is_ringed else 1.3, corner=corner)
        if is_on and (self._is_box or not self._shown_key):
            paint_tick(painter, box, ink)
        elif self._shown_key:
            font = self.font()
            font.setBold(is_on or is_ringed)
            font.setPointSizeF(font.pointSizeF() * 0.92)
            painter.setFont(font)
            painter.setPen(QColor(shades.accent if is_own and not is_on else ink))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self._shown_key)
            painter.setFont(self.font())
        if self.hasFocus():
            # Round the sign, not round the row: an outlined row is an answer.
            paint_focus(painter, box.adjusted(-4, -4, 4, 4).toAlignedRect(), corner=corner + 4)

    def _paint_speakers(self, painter: QPainter, shades: Colours) -> None:
        """Paint who chose the row, the one who counts filled."""
        font = font_for(TextRole.CAPTION)
        high, box = QFontMetrics(font).height() + 4, self._sign_box()
        top = round(box.center().y() - high / 2)
        end = self.width() - SMALL
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        for tag in reversed(self.speakers):
            width = self._tag_width(tag)
            spot = QRect(end - width, top, width, high)
            spot = QStyle.visualRect(self.layoutDirection(), self.rect(), spot)
            fill, edge, ink = (
                (shades.accent, shades.accent, shades.on_accent)
                if tag.counts
                else (shades.surface, shades.edge, shades.text)
            )
            paint_rounded(painter, QRectF(spot), fill=fill, edge=edge, corner=high / 2)
            painter.setPen(QColor(ink))
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), tag.name)
            end -= width + SMALL


class RadioRow(_OptionRow, QRadioButton):
    """One of several answers; clicking it again keeps it."""

    _is_box = False

    def setChecked(self, is_checked: bool) -> None:  # noqa: FBT001, N802 - Qt's signature
        """Choose the row or clear it; the list sees to it that one at most is chosen."""
        # Exclusive buttons cannot be cleared. To screen readers those that are not exclusive are check boxes.
        self.setAutoExclusive(False)
        super().setChecked(is_checked)
        self.setAutoExclusive(True)

    def nextCheckState(self) -> None:  # noqa: N802 - Qt's name
        self.setChecked(True)


class TickRow(_OptionRow, QCheckBox):
    """One element of a checklist."""

    _is_box = True
