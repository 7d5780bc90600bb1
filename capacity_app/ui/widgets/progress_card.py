"""A thin bar that fills, and a card in place of something that takes a while, with the way to stop it."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStyle, QVBoxLayout, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.theme.painting import paint_rounded
from capacity_app.ui.theme.palette import colour_name, colours
from capacity_app.ui.widgets.buttons import Button, FlatButton, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, announce
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name


@contextmanager
def busy_cursor() -> Iterator[None]:
    """Show the mouse as waiting while the window cannot answer."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()


_STEP_MS, _STEP = 40, 0.02
_BUSY_SHARE = 0.25
"""How the sign of work moves: a quarter of the bar goes there and back in two seconds."""


class ThinProgressBar(QWidget):
    """A thin bar that fills from the leading edge; ``share`` is in [0, 1]. A busy one has a part that moves."""

    def __init__(self, *, height: int, colour: str = "accent") -> None:
        super().__init__()
        self._colour = colour_name(colour)
        self._share = Fraction(0)
        self._height = height
        self.is_busy, self._place = False, 0.0
        self._timer = QTimer(self, interval=_STEP_MS)
        self._timer.timeout.connect(self._step)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_share(self, share: Fraction) -> None:
        self._share = share
        self.update()

    def show_work(self, share: float) -> None:
        """Show how far work is, in [0, 1]; while nobody knows (0), that it goes on."""
        self.is_busy = share <= 0
        self.set_share(Fraction(min(max(share, 0.0), 1.0)))
        self._move()

    def _move(self) -> None:
        """Move the sign of work on while it is seen."""
        if self.is_busy and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def _step(self) -> None:
        self._place = (self._place + _STEP) % 1
        self.update()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._move()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def sizeHint(self) -> QSize:
        return QSize(60, self._height)

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        corner = self._height / 2
        paint_rounded(painter, QRectF(self.rect()), fill=shades.line, corner=corner)
        width = round(self.width() * (_BUSY_SHARE if self.is_busy else float(self._share)))
        if width:
            start = round((self.width() - width) * (1 - abs(2 * self._place - 1))) if self.is_busy else 0
            filled = QRect(start, 0, max(width, self._height), self.height())
            place = QStyle.visualRect(self.layoutDirection(), self.rect(), filled)
            paint_rounded(painter, QRectF(place), fill=getattr(shades, self._colour), corner=corner)
        painter.end()


class ProgressLine(QWidget):
    """A bar, and below it in words what is being done; ``name`` is what the words are found by."""

    def __init__(self, name: str = "", *, side: str = "leading") -> None:
        super().__init__()
        self._bar = ThinProgressBar(height=8)
        self._step = with_name(Label(role=TextRole.CAPTION, is_muted=True, side=side), name)
        lay_out(QVBoxLayout(self), self._bar, self._step, margins=0, spacing=SMALL)

    def show_progress(self, step: str, share: float) -> None:
        """Say how far it is, in [0, 1]; 0 is "nobody knows"."""
        self._bar.show_work(share)
        self._step.setText(step)


class ProgressCard(Card):
    """Shown while files are read. ``cancelled`` asks to stop."""

    cancelled = Signal()

    def __init__(self, texts: Translator, name: str) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName(f"{name}_reading")
        self._title = Label("", TextRole.HEADING)
        self._promise = texts.gettext("This takes some seconds. Nothing is changed before you have seen it.")
        self._line = ProgressLine()
        self.show_progress = self._line.show_progress
        self.cancel = with_action(
            Button(texts.gettext("Cancel")), f"{name}_cancel", self.cancelled.emit, texts.gettext("Stop reading")
        )
        lay_out(self.body, self._title, self._line, side_by_side(self.cancel), 1, spacing=MEDIUM)
        self.setFocusProxy(self.cancel)

    def begin(self, title: str) -> None:
        """Say what is read, from the start."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self.show_progress(self._promise, 0)


# The pill that says what the program does meanwhile: name, per cent, and a button to stop it or open the result.


class JobPill(Card):
    """Shows one job; ``cancel_wanted``, ``open_wanted`` and ``closed`` tell what was pressed."""

    cancel_wanted = Signal()
    open_wanted = Signal()
    closed = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__(edge="edge", margin=TIGHT, spacing=0, name="job_pill")
        self._texts, self._told = texts, ("", False)
        say = texts.gettext
        self._words = Label(role=TextRole.CAPTION, wraps=False)
        self._bar = ThinProgressBar(height=4)
        cancel = FlatButton(say("Cancel"))
        self.cancel = with_action(cancel, "job_cancel", self.cancel_wanted.emit, say("Cancel the running task"))
        self.open = with_action(FlatButton(say("Open")), "job_open", self.open_wanted.emit, say("Open the result"))
        closer = IconToolButton("close", say("Close this message"))
        self.closer = with_action(closer, "job_close", self.closed.emit)
        words = lay_out(QVBoxLayout(), self._words, self._bar, spacing=TIGHT)
        line = lay_out(QHBoxLayout(), (words, 1), self.cancel, self.open, self.closer, spacing=SMALL)
        self.body.addLayout(line)
        self.body.setContentsMargins(SMALL, 0, TIGHT, 0)
        with_name(self, "job_pill")
        self.hide()

    def show_job(self, name: str, share: float, *, is_running: bool) -> None:
        """Show how far a job is; while nobody knows, that it is being prepared."""
        say, texts = self._texts.gettext, self._texts
        if not is_running:
            told = say("{job}: done").format(job=name)
        elif share:
            told = say("{job}: {share} %").format(job=name, share=texts.number(round(share * 100)))
        else:
            told = say("{job}: preparing…").format(job=name)
        if self._told != (name, is_running):
            self._told = (name, is_running)
            announce(self, told)
        self._words.setText(told)
        self._bar.show_work(share)
        self.setAccessibleName(told)
        for widget, is_shown in (
            (self._bar, is_running),
            (self.cancel, is_running),
            (self.open, not is_running),
            (self.closer, not is_running),
        ):
            widget.setVisible(is_shown)
        self.show()
