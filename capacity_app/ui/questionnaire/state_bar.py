"""The quiet buttons under a question: unknown, not applicable, declined, clear, note."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton

from capacity_app.domain.answers import Content, State
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.painting import paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import SMALL, TARGET, TIGHT, Role, font_for
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.keys import Act

_LABELS = {
    Act.UNKNOWN: N_("Unknown"),
    Act.NOT_APPLICABLE: N_("Not applicable"),
    Act.DECLINED: N_("Declined"),
    Act.CLEAR: N_("Clear"),
    Act.NOTE: N_("Note"),
}
_LETTERS = {Act.UNKNOWN: "U", Act.NOT_APPLICABLE: "X", Act.DECLINED: "D", Act.CLEAR: "Del", Act.NOTE: "F4"}
_FUNCTION_KEYS = {Act.UNKNOWN: "F6", Act.NOT_APPLICABLE: "F7", Act.DECLINED: "F8", Act.CLEAR: "", Act.NOTE: "F4"}
_ACTS = {State.UNKNOWN: Act.UNKNOWN, State.NOT_APPLICABLE: Act.NOT_APPLICABLE, State.DECLINED: Act.DECLINED}

_PAD = 6

FOR_ANSWERS = (Act.UNKNOWN, Act.NOT_APPLICABLE, Act.DECLINED, Act.CLEAR, Act.NOTE)
FOR_GRIDS = (Act.NOT_APPLICABLE, Act.CLEAR, Act.NOTE)


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
        """Say something else."""
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
        """Word and key side by side."""
        if self._size is None:
            metrics = self.fontMetrics()
            gap = 6 if self._key else 0
            width = metrics.horizontalAdvance(self.text()) + gap + self._key_width() + 2 * _PAD
            self._size = QSize(width, max(TARGET, metrics.height() + SMALL))
        return QSize(self._size)

    def minimumSizeHint(self) -> QSize:
        """Never narrower than its word."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow zoom."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self.setFont(font_for(Role.CAPTION))
        elif event.type() == QEvent.Type.FontChange:
            self._size = None
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint word and key."""
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
        painter.drawText(self._mirrored(line), center, self.text())
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
        """Press with Enter too."""
        if keys.is_enter(event):
            self.click()
        elif event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()


class StateBar(Flow):
    """The buttons as one stop for Tab; the arrows go from one to the next. ``asked`` carries an ``Act``."""

    asked = Signal(object)

    def __init__(self, texts: Texts, acts: Sequence[Act] = FOR_ANSWERS, *, has_typing: bool = False) -> None:
        super().__init__(TIGHT)
        self.setAccessibleName(texts.gettext("State of the answer"))
        shown = _FUNCTION_KEYS if has_typing else _LETTERS
        self.buttons = {act: QuietButton(texts.gettext(_LABELS[act]), shown[act]) for act in acts}
        for act, button in self.buttons.items():
            button.setCheckable(act is not Act.CLEAR)
            button.clicked.connect(lambda _on=False, act=act: self._press(act))
            self.place(button)
        self._stop_at(0)

    def _press(self, act: Act) -> None:
        # What is checked follows the answer, not the click.
        button = self.buttons[act]
        button.setChecked(not button.isChecked())
        self.asked.emit(act)

    def _stop_at(self, place: int) -> None:
        for number, button in enumerate(self.buttons.values()):
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == place else Qt.FocusPolicy.ClickFocus)

    def show_content(self, content: Content, *, is_note_open: bool) -> None:
        """Check the button of the state the answer is in."""
        chosen = _ACTS.get(content.state)
        for act, button in self.buttons.items():
            button.setChecked(act is chosen or (act is Act.NOTE and is_note_open))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go through the buttons with the arrows."""
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        step = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward}.get(Qt.Key(event.key()))
        buttons = [button for button in self.buttons.values() if button.isEnabled()]
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), -1)
        if step is None or here < 0 or not keys.is_plain(event):
            event.ignore()
            return
        target = buttons[(here + step) % len(buttons)]
        self._stop_at(list(self.buttons.values()).index(target))
        target.setFocus(Qt.FocusReason.TabFocusReason)
