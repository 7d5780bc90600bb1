"""A thin bar that fills, and a card in place of something that takes a while, with the way to stop it."""

from fractions import Fraction

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStyle, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, TextRole
from capacity_app.ui.theme.painting import paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action


class ThinProgressBar(QWidget):
    """A thin bar that fills from the leading edge; ``share`` is in [0, 1]."""

    def __init__(self, height: int = 6) -> None:
        super().__init__()
        self._share = Fraction(0)
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: Fraction) -> None:
        self._share = share
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(60, self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        corner = self._height / 2
        paint_rounded(painter, QRectF(self.rect()), fill=shades.line, corner=corner)
        width = round(self.width() * float(self._share))
        if width:
            filled = QRect(0, 0, max(width, self._height), self.height())
            place = QStyle.visualRect(self.layoutDirection(), self.rect(), filled)
            paint_rounded(painter, QRectF(place), fill=shades.accent, corner=corner)
        painter.end()


class ProgressCard(Card):
    """Shown while files are read. ``cancelled`` asks to stop."""

    cancelled = Signal()

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName(f"{name}_reading")
        self._title = Label("", TextRole.HEADING)
        self._promise = texts.gettext("This takes some seconds. Nothing is changed before you have seen it.")
        self._line = ThinProgressBar(height=8)
        self._step = Label(is_muted=True)
        self.cancel = with_action(
            Button(texts.gettext("Cancel")), f"{name}_cancel", self.cancelled.emit, texts.gettext("Stop reading")
        )
        lay_out(self.body, self._title, self._line, self._step, side_by_side(self.cancel), 1, spacing=MEDIUM)
        self.setFocusProxy(self.cancel)

    def begin(self, title: str) -> None:
        """Say what is read, from the start."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self._line.hide()
        self._step.setText(self._promise)

    def show_progress(self, step: str, share: float) -> None:
        """Say how far it is, where that is known; ``share`` is in [0, 1]."""
        self._line.show()
        self._line.set_share(Fraction(min(max(share, 0.0), 1.0)))
        self._step.setText(step)
