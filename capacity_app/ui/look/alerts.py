"""Banners above the page: what the world refused, in one sentence, with what can be done about it."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from itertools import pairwise

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.icons import paint_icon
from capacity_app.ui.look.palette import colour_name, colours
from capacity_app.ui.look.theme import MEDIUM, SMALL, is_font_change

Choice = tuple[str, Callable[[], object]]
"""The label of a button and what it does."""


class Tone(StrEnum):
    """How serious a banner is; also the name of its icon."""

    INFORMATION = "information"
    GOOD = "good"
    WARNING = "warning"
    DANGER = "danger"


_TINTS = {
    Tone.INFORMATION: ("accent_tint", "accent"),
    Tone.GOOD: ("good_tint", "good"),
    Tone.WARNING: ("warning_tint", "warning"),
    Tone.DANGER: ("danger_tint", "danger"),
}


_SHARE_OF_BUTTONS, _SHARE_OF_LINE = 0.4, 0.85
"""How much of a banner its buttons may take beside the sentence, and side by side under it."""


class Mark(QWidget):
    """An icon as tall as a line of text, in one of the ``Colours``; a small one is as high as the letters."""

    def __init__(self, name: str, colour: str, *, is_small: bool = False) -> None:
        super().__init__()
        self._least, self._share = (16, 0.95) if is_small else (20, 1.15)
        self.show_sign(name, colour)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_sign(self, name: str, colour: str) -> None:
        """Show another icon, or the same in another colour."""
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


class Banner(Card):
    """One sentence with its buttons; the first button is what helps most."""

    def __init__(self, texts: Texts, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        tint, ink = _TINTS[tone]
        super().__init__(tint=tint, edge=ink, margin=MEDIUM)
        self.tone, self.sentence = tone, sentence
        self.labels = tuple(label for label, _ in choices)
        self.setObjectName("banner")
        self.setAccessibleName(sentence)
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        words = Words(sentence)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        line.addWidget(Mark(tone.value, ink), 0, Qt.AlignmentFlag.AlignTop)
        self._middle = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._middle.setSpacing(MEDIUM)
        self._middle.addWidget(words, 1)
        self._buttons = [_button(label, act) for label, act in choices]
        self._ways = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._ways.setSpacing(SMALL)
        for button in self._buttons:
            self._ways.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading)
        if choices:
            self._ways.addStretch(1)
            self._middle.addLayout(self._ways)
        line.addLayout(self._middle, 1)
        self.closer = SignTool("close", texts.gettext("Close this message"))
        self.closer.setObjectName("banner_close")
        line.addWidget(self.closer, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wanted = sum(button.sizeHint().width() + SMALL for button in self._buttons)
        is_line = wanted < self.width() * _SHARE_OF_BUTTONS
        _turn(self._middle, is_line=is_line)
        # Above the buttons, the cross is come to before them.
        for before, after in pairwise((*self._buttons, self.closer) if is_line else (self.closer, *self._buttons)):
            self.setTabOrder(before, after)
        _turn(self._ways, is_line=wanted < self.width() * _SHARE_OF_LINE)


def _turn(layout: QBoxLayout, *, is_line: bool) -> None:
    way = QBoxLayout.Direction.LeftToRight if is_line else QBoxLayout.Direction.TopToBottom
    if way != layout.direction():
        layout.setDirection(way)


def _button(label: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName("banner_button")
    button.setAccessibleName(label)
    button.clicked.connect(lambda _checked: act())
    return button


class BannerArea(QWidget):
    """The banners of a window, one per subject, the newest at the top; takes no room while empty."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._shown: dict[str, Banner] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        self._column.setSpacing(SMALL)
        self.hide()

    def tell(self, subject: str, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        """Show a banner about a subject in place of an earlier one about it."""
        shown = self._shown.get(subject)
        if shown and (shown.sentence, shown.labels) == (sentence, tuple(label for label, _ in choices)):
            return
        self.clear(subject)
        banner = Banner(self._texts, tone, sentence, choices)
        banner.closer.clicked.connect(lambda: self.clear(subject))
        self._shown[subject] = banner
        self._column.insertWidget(0, banner)
        self.show()

    def clear(self, subject: str) -> None:
        """Take the banner about a subject away."""
        banner = self._shown.pop(subject, None)
        if banner is not None:
            banner.hide()
            banner.deleteLater()
        self.setVisible(bool(self._shown))

    def clear_all(self) -> None:
        """Take all banners away, as when another assessment is opened."""
        for subject in tuple(self._shown):
            self.clear(subject)

    def sentences(self) -> tuple[str, ...]:
        return tuple(banner.sentence for banner in self._shown.values())


class Outcome:
    """The banner of a page about what was done or failed; the next one takes its place, and its cross takes it away.

    ``name`` is what the banner is called, ``place`` puts it into the page. ``sentence`` is what it says, empty while
    there is none.
    """

    def __init__(self, texts: Texts, name: str, place: Callable[[QWidget], object]) -> None:
        self._texts, self._name, self._place = texts, name, place
        self._shown: QWidget | None = None
        self.sentence = ""

    def tell(self, tone: Tone, sentence: str, choices: Sequence[Choice] = ()) -> None:
        """Say how something ended, and what can be done about it."""
        banner = Banner(self._texts, tone, sentence, choices)
        self.show(banner, banner.closer, sentence)

    def show(self, shown: QWidget, closer: SignTool, sentence: str) -> None:
        """Show what says more than a banner, with its cross and its sentence."""
        self.clear()
        self._shown, self.sentence = shown, sentence
        shown.setObjectName(self._name)
        closer.clicked.connect(lambda _checked: self.clear())
        self._place(shown)

    def clear(self) -> None:
        if self._shown is not None:
            self._shown.hide()
            self._shown.deleteLater()
            self._shown, self.sentence = None, ""
