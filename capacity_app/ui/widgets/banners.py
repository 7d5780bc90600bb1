"""Banners: a sentence with what can be done about it; and blocks that open when clicked."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, is_font_change
from capacity_app.ui.theme.painting import paint_chevron, paint_focus, paint_icon, paint_rounded
from capacity_app.ui.theme.palette import colour_name, colours
from capacity_app.ui.widgets.buttons import Button, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, announce
from capacity_app.ui.widgets.layouts import LayoutItem, discard, lay_out, with_action, with_name

BannerAction = tuple[str, Callable[[], object]]
"""The label of a button and what it does."""


class BannerTone(StrEnum):
    """How serious a banner is; also the name of its icon."""

    INFORMATION = "information"
    GOOD = "good"
    WARNING = "warning"
    DANGER = "danger"


_TINTS = {
    BannerTone.INFORMATION: ("accent_tint", "accent"),
    BannerTone.GOOD: ("good_tint", "good"),
    BannerTone.WARNING: ("warning_tint", "warning"),
    BannerTone.DANGER: ("danger_tint", "danger"),
}


_SHARE_OF_BUTTONS, _SHARE_OF_LINE = 0.4, 0.85
"""How much of a banner its buttons may take beside the sentence, and side by side under it."""


class IconLabel(QWidget):
    """An icon as tall as a line of text, in one of the ``Colours``; a small one is as high as the letters."""

    def __init__(self, name: str, colour: str, *, is_small: bool = False) -> None:
        super().__init__()
        self._least, self._share = (16, 0.95) if is_small else (20, 1.15)
        self.show_sign(name, colour)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_sign(self, name: str, colour: str) -> None:
        self._name, self._colour = name, colour_name(colour)
        self.update()

    def sizeHint(self) -> QSize:
        side = max(self._least, round(self.fontMetrics().height() * self._share))
        return QSize(side, side)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event):
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, QRectF(self.rect()), self._name, getattr(colours(), self._colour))
        painter.end()


def icon_line(name: str, colour: str, *behind: LayoutItem, is_small: bool = False) -> QHBoxLayout:
    """Put an icon before words, beside the first of their lines."""
    sign = (IconLabel(name, colour, is_small=is_small), 0, Qt.AlignmentFlag.AlignTop)
    return lay_out(QHBoxLayout(), sign, *behind, spacing=SMALL)


class Banner(Card):
    """One sentence with its buttons; the first button is what helps most."""

    def __init__(
        self, texts: Translator, tone: BannerTone, sentence: str, choices: Sequence[BannerAction] = ()
    ) -> None:
        tint, ink = _TINTS[tone]
        super().__init__(tint=tint, edge=ink, margin=MEDIUM, name="banner")
        self.tone, self.sentence = tone, sentence
        self.labels = tuple(label for label, _ in choices)
        self.setAccessibleName(sentence)
        words = Label(sentence, is_selectable=True)
        self._middle = lay_out(QBoxLayout(QBoxLayout.Direction.LeftToRight), (words, 1), spacing=MEDIUM)
        self.buttons = [_button(label, act) for label, act in choices]
        self._ways = lay_out(QBoxLayout(QBoxLayout.Direction.LeftToRight), spacing=SMALL)
        for button in self.buttons:
            self._ways.addWidget(button, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        if choices:
            self._ways.addStretch(1)
            self._middle.addLayout(self._ways)
        self.closer = with_name(IconToolButton("close", texts.gettext("Close this message")), "banner_close")
        closer = (self.closer, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(lay_out(icon_line(tone.value, ink, (self._middle, 1), closer), spacing=MEDIUM))

    def take_focus(self) -> None:
        """Go to the first button, else to the cross."""
        (*self.buttons, self.closer)[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = sum(button.sizeHint().width() + SMALL for button in self.buttons)
        is_line = wanted < self.width() * _SHARE_OF_BUTTONS
        _turn(self._middle, is_line=is_line)
        # Above the buttons, the cross is come to before them.
        for before, after in pairwise((*self.buttons, self.closer) if is_line else (self.closer, *self.buttons)):
            self.setTabOrder(before, after)
        _turn(self._ways, is_line=wanted < self.width() * _SHARE_OF_LINE)


def _turn(layout: QBoxLayout, *, is_line: bool) -> None:
    way = QBoxLayout.Direction.LeftToRight if is_line else QBoxLayout.Direction.TopToBottom
    if way != layout.direction():
        layout.setDirection(way)


def _button(label: str, act: Callable[[], object]) -> Button:
    return with_action(Button(label), "banner_button", act, label)


class OutcomeBanner:
    """The banner of a page about what was done or failed; the next one takes its place, and its cross takes it away.

    ``name`` is what the banner is called, ``place`` puts it into the page. ``sentence`` is what it says, empty while
    there is none.
    """

    def __init__(self, texts: Translator, name: str, place: Callable[[QWidget], object]) -> None:
        self._texts, self._name, self._place = texts, name, place
        self._shown: QWidget | None = None
        self.sentence = ""

    def tell(self, tone: BannerTone, sentence: str, choices: Sequence[BannerAction] = ()) -> None:
        """Say how something ended, and what can be done about it."""
        banner = Banner(self._texts, tone, sentence, choices)
        self.show(banner, banner.closer, sentence)

    def show(self, shown: QWidget, closer: IconToolButton, sentence: str) -> None:
        """Show what says more than a banner, with its cross and its sentence."""
        self.clear()
        self._shown, self.sentence = shown, sentence
        shown.setObjectName(self._name)
        closer.clicked.connect(lambda _checked: self.clear())
        self._place(shown)
        announce(shown, sentence)

    def clear(self) -> None:
        discard(self._shown)
        self._shown, self.sentence = None, ""


# Blocks one can click to open what lies behind them, with the keyboard as with the mouse.


_CHEVRON = 24


def open_with_desktop(path: Path) -> bool:
    """Open a file or folder with the desktop's own program."""
    from PySide6.QtCore import QUrl  # noqa: PLC0415 - its names cost a start more than it costs here
    from PySide6.QtGui import QDesktopServices  # noqa: PLC0415 - as above

    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


def actions_to_open(file: Path, texts: Translator, label: str = N_("Open file")) -> tuple[BannerAction, BannerAction]:
    """Offer to open a file that was made, under this label, and to show its folder."""
    return (
        (texts.gettext(label), lambda: open_with_desktop(file)),
        (texts.gettext("Show folder"), lambda: open_with_desktop(file.parent)),
    )


class Disclosure(QAbstractButton):
    """A checkable block that holds other widgets; the arrow at its trailing edge turns when it is open."""

    def __init__(self, name: str, *, has_arrow: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._has_arrow = has_arrow
        self._outer = outer = QHBoxLayout(self)
        self.body = lay_out(QVBoxLayout(), spacing=2)
        lay_out(outer, (self.body, 1), margins=(MEDIUM, SMALL, SMALL, SMALL), spacing=SMALL)
        outer.addSpacing(_CHEVRON if has_arrow else 0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return self._outer.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._outer.minimumSize()

    def hasHeightForWidth(self) -> bool:
        return self._outer.hasHeightForWidth()

    def heightForWidth(self, width: int) -> int:
        return self._outer.heightForWidth(width)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        if self.isChecked():
            paint_rounded(painter, QRectF(self.rect()), fill=shades.accent_tint)
        elif self.underMouse():
            paint_rounded(painter, QRectF(self.rect()), fill=shades.hover)
        if self._has_arrow:
            self._paint_arrow(painter, shades.muted)
        if self.hasFocus():
            paint_focus(painter, self.rect())
        painter.end()

    def _paint_arrow(self, painter: QPainter, colour: str) -> None:
        x = _CHEVRON / 2 + 2 if self.isRightToLeft() else self.width() - _CHEVRON / 2 - 2
        painter.save()
        painter.translate(x, self.height() / 2)
        painter.rotate(180 if self.isChecked() else 0)
        paint_chevron(painter, QPointF(0, 0), colour, size=self.fontMetrics().height() / 4.5)
        painter.restore()


class KeyFigure(Disclosure):
    """A number with its name and a remark; opens to its arithmetic. A small one has its words beside it."""

    def __init__(self, name: str, caption: str, *, is_main: bool = False, is_small: bool = False) -> None:
        super().__init__(name, has_arrow=not is_small)
        self._caption = caption
        self._value = Label("–", TextRole.TITLE if is_main else TextRole.HEADING, wraps=False)
        self._remark = Label(role=TextRole.CAPTION, is_muted=True)
        if is_small:
            self.body.addLayout(self._side_by_side())
            return
        lay_out(self.body, Label(caption, TextRole.CAPTION, is_muted=True), self._value, self._remark, 1)

    def _side_by_side(self) -> QHBoxLayout:
        words = lay_out(QVBoxLayout(), Label(self._caption), self._remark, spacing=0)
        return lay_out(QHBoxLayout(), self._value, (words, 1), spacing=MEDIUM)

    def show_figure(self, value: str, remark: str = "") -> None:
        self._value.setText(value)
        self._remark.show_or_hide(remark)
        self.setAccessibleName(f"{self._caption}: {value}. {remark}")
