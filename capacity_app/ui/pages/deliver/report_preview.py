"""The real pages of the report inside the window: turned, and marked when out of date."""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from enum import IntEnum
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.jobs import ReportJob, ReportOptions
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.theme.painting import paint_area, paint_focus, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.banners import BannerTone, IconLabel
from capacity_app.ui.widgets.buttons import Button, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, ShortenedLabel, scroll_area_of
from capacity_app.ui.widgets.layouts import Stack, lay_out, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea
from capacity_app.ui.widgets.progress_card import ProgressLine

if TYPE_CHECKING:
    from capacity_app.outputs.pdf.reader import PdfPages


_GAP = MEDIUM
_PAPER = "#ffffff"
_REST_MS = 40
"""So long nothing moves before pages are drawn anew: while a window is dragged, the old pictures are stretched."""
_AROUND = 1
"""So many pages before and after those in view are drawn too and kept; all others are forgotten."""
_HERE = 0.35
"""How far down the view the page stands that one is at."""


_FOR_EVER = -1


def render_page(printed: "PdfPages", page: int, width: int) -> QImage:
    """Draw a page into an image."""
    images: list[QImage] = []

    def canvas(wide: int, high: int) -> memoryview:
        images.append(QImage(wide, high, QImage.Format.Format_RGB32))
        return memoryview(images[-1].bits())

    printed.draw(page, width, canvas)
    return images[-1]


class PdfPageReader(QObject):
    """Opens one PDF after the other and draws the pages that are wanted; what nobody wants any more is not drawn.

    ``opened`` carries sizes in points, ``drawn`` a page's number and image, ``told`` its text.
    """

    opened = Signal(object)
    drawn = Signal(int, QImage)
    told = Signal(int, str)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._pool.setExpiryTimeout(_FOR_EVER)
        self._printed: PdfPages | None = None
        self._turn = 0
        self._wanted: frozenset[tuple[int, int]] = frozenset()
        self._queued: set[tuple[int, int, int]] = set()

    def open(self, source: Path | bytes) -> None:
        """Read a file, or what one would hold; pages of the one before are forgotten."""
        self._turn += 1
        self._wanted = frozenset()
        turn = self._turn
        self._pool.start(lambda: self._open(source, turn))

    def want(self, widths: Mapping[int, int]) -> None:
        """Draw these pages, each so many pixels wide, and no others any more."""
        self._wanted = frozenset(widths.items())
        turn = self._turn
        for page, width in sorted(widths.items()):
            if (turn, page, width) not in self._queued:
                self._queued.add((turn, page, width))
                self._pool.start(lambda page=page, width=width: self._draw(page, width, turn))

    def want_text(self, page: int) -> None:
        turn = self._turn
        self._pool.start(lambda: self._tell(page, turn))

    def stop(self) -> None:
        self._turn += 1
        self._wanted = frozenset()
        self._pool.clear()
        self._pool.waitForDone()
        self._close()

    def _close(self) -> None:
        if self._printed is not None:
            self._printed.close()
            self._printed = None

    def _open(self, source: Path | bytes, turn: int) -> None:
        from capacity_app.outputs.pdf.reader import PdfPages  # noqa: PLC0415 - a window without a preview needs it not

        if turn != self._turn:
            return
        self._close()
        try:
            # All of it at once: the file may be replaced or removed while its pages are looked at.
            self._printed = PdfPages(source if isinstance(source, bytes) else source.read_bytes())
            sizes = self._printed.sizes
        except (OSError, ValueError):
            self.failed.emit()
            return
        self.opened.emit(sizes)

    def _draw(self, page: int, width: int, turn: int) -> None:
        self._queued.discard((turn, page, width))
        if turn == self._turn and (page, width) in self._wanted and self._printed is not None:
            self.drawn.emit(page, render_page(self._printed, page, width))

    def _tell(self, page: int, turn: int) -> None:
        if turn == self._turn and self._printed is not None:
            self.told.emit(page, self._printed.text(page))


PageSizes = tuple[tuple[float, float], ...]


class PdfPageView(QAbstractScrollArea):
    """Shows the pages of what a reader has opened. ``turned`` tells the page one is at, counted from 0."""

    turned = Signal(int)

    def __init__(self, reader: PdfPageReader, texts: Translator) -> None:
        super().__init__()
        self._reader, self._texts = reader, texts
        self._sizes: PageSizes = ()
        self._rects: list[QRect] = []
        self._tops: list[int] = []
        self._pictures: dict[int, QImage] = {}
        self._former: dict[int, QImage] = {}
        """Pictures of what was shown before, until the page that takes their place is drawn."""
        self.page = 0
        self.has_first_only = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._want)
        self.setObjectName("page_view")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self._moved())
        reader.drawn.connect(self._take)
        reader.told.connect(self._describe)
        self._name()

    @property
    def count(self) -> int:
        return len(self._sizes)

    @property
    def is_sharp(self) -> bool:
        """Return whether every page in view is drawn as it should be."""
        return bool(self._sizes) and all(self._is_drawn(page) for page in self._in_view(0))

    def show_pages(self, sizes: PageSizes, *, has_first_only: bool = False) -> None:
        """Show other pages, at the place one was at; with ``has_first_only`` the others are still being made."""
        page = min(self.page, max(len(sizes) - 1, 0))
        self._sizes, self.has_first_only = sizes, has_first_only
        self._former, self._pictures = self._pictures if sizes else {}, {}
        self._lay_out()
        if page != self.page:
            self.go_to(page)
        self._moved(is_new=True)

    def go_to(self, page: int) -> None:
        if 0 <= page < len(self._tops):
            self.verticalScrollBar().setValue(self._tops[page] - _GAP)

    def _scale(self) -> float:
        widest = max(width for width, _height in self._sizes)
        return max((self.viewport().width() - 2 * _GAP) / widest, 0.1)

    def _lay_out(self) -> None:
        """Place the pages for the present width, keeping the point of the page one is at."""
        bar = self.verticalScrollBar()
        if not self._sizes:
            self._rects, self._tops = [], []
            bar.setRange(0, 0)
            self.viewport().update()
            return
        was = self._rects[self.page] if self.page < len(self._rects) else None
        down = (bar.value() + _GAP - was.y()) / was.height() if was is not None else 0.0
        scale, room = self._scale(), self.viewport().width()
        heights = [round(height * scale) for _width, height in self._sizes]
        self._tops = list(accumulate((height + _GAP for height in heights[:-1]), initial=_GAP))
        self._rects = [
            QRect((room - round(width * scale)) // 2, top, round(width * scale), high)
            for (width, _height), top, high in zip(self._sizes, self._tops, heights, strict=True)
        ]
        whole = self._tops[-1] + heights[-1] + _GAP
        bar.setRange(0, max(whole - self.viewport().height(), 0))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(3 * self.fontMetrics().height())
        if self.page < len(self._rects):
            here = self._rects[self.page]
            bar.setValue(round(here.y() - _GAP + down * here.height()))
        self._moved()

    def _in_view(self, around: int) -> range:
        if not self._tops:
            return range(0)
        top = self.verticalScrollBar().value()
        first = max(bisect_right(self._tops, top) - 1, 0)
        last = max(bisect_right(self._tops, top + self.viewport().height()) - 1, first)
        return range(max(first - around, 0), min(last + around + 1, len(self._tops)))

    def _moved(self, *, is_new: bool = False) -> None:
        """Follow the scroll bar: another page may be the one one is at, and others are to be drawn."""
        self.viewport().update()
        self._rest.start()
        if not self._tops:
            return
        bar = self.verticalScrollBar()
        at_end = bar.value() == bar.maximum() and bar.value() > 0
        here = self.viewport().height() * (1.0 if at_end else _HERE)
        page = max(bisect_right(self._tops, bar.value() + here) - 1, 0)
        if page != self.page or is_new:
            self.page = page
            self._name()
            self.setAccessibleDescription("")
            self._reader.want_text(page)
            self.turned.emit(page)

    def _name(self) -> None:
        texts = self._texts
        pattern = texts.gettext("Pages of the report, page {page} of {count}")
        there = pattern.format(page=texts.number(self.page + 1), count=texts.number(self.count))
        is_known = self.count and not self.has_first_only
        self.setAccessibleName(there if is_known else texts.gettext("Pages of the report"))

    def _describe(self, page: int, text: str) -> None:
        if page == self.page:
            self.setAccessibleDescription(text)

    def _pixels(self, page: int) -> int:
        return round(self._rects[page].width() * self.devicePixelRatioF())

    def _is_drawn(self, page: int) -> bool:
        return page in self._pictures and self._pictures[page].width() == self._pixels(page)

    def _want(self) -> None:
        near = self._in_view(_AROUND)
        self._pictures = {page: image for page, image in self._pictures.items() if page in near}
        self._former = {page: image for page, image in self._former.items() if page in near}
        self._reader.want({page: self._pixels(page) for page in near if not self._is_drawn(page)})

    def _take(self, page: int, image: QImage) -> None:
        if page < len(self._rects) and page in self._in_view(_AROUND):
            self._pictures[page] = image
            self._former.pop(page, None)
            self.viewport().update(self._rects[page].translated(0, -self.verticalScrollBar().value()))

    def paintEvent(self, event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self.viewport())
        paint_area(painter, self.viewport().rect(), shades.raised)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        top = self.verticalScrollBar().value()
        for page in self._in_view(0):
            sheet = self._rects[page].translated(0, -top)
            if not sheet.intersects(event.rect()):
                continue
            picture = self._pictures.get(page, self._former.get(page))
            if picture is not None:
                painter.drawImage(sheet, picture)
            else:
                paint_area(painter, sheet, _PAPER)
            paint_rounded(painter, QRectF(sheet.adjusted(-1, -1, 1, 1)), edge=shades.line, corner=0)
        if self.hasFocus():
            paint_focus(painter, self.viewport().rect())
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar, key = self.verticalScrollBar(), event.key()
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_PageDown:
            self.go_to(min(self.page + 1, self.count - 1))
        elif key == Qt.Key.Key_PageUp:
            at_top = self._tops and bar.value() <= self._tops[self.page] - _GAP
            self.go_to(max(self.page - bool(at_top), 0))
        elif key == Qt.Key.Key_Home:
            bar.setValue(0)
        elif key == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif key == Qt.Key.Key_Space:
            bar.setValue(bar.value() + (-1 if is_back else 1) * round(bar.pageStep() * 0.9))
        elif key in {Qt.Key.Key_Down, Qt.Key.Key_Up}:
            bar.setValue(bar.value() + (1 if key == Qt.Key.Key_Down else -1) * bar.singleStep())
        else:
            event.ignore()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._rest.start()
        elif event.type() in {QEvent.Type.FocusIn, QEvent.Type.FocusOut}:
            self.viewport().update()
        return super().event(event)


class _PreviewSide(IntEnum):
    EMPTY, MAKING, PAGES = range(3)


class ReportPreview(Card):
    """The pages, how to get about in them, and making them; ``choices`` gives what is chosen in the form."""

    def __init__(self, texts: Translator, maker: ReportJob, choices: Callable[[], ReportOptions]) -> None:
        super().__init__(margin=0)
        self._texts, self.maker, self._choices = texts, maker, choices
        # What pages are made of: the choices, and how many changes of answers came before.
        self._changes = 0
        self._begun: tuple[ReportOptions, int] | None = None
        self._shown: tuple[ReportOptions, int] | None = None
        self._is_busy = self._has_first_only = self._is_awaiting = False
        self.reader = PdfPageReader(self)
        self.view = PdfPageView(self.reader, texts)
        self.view.turned.connect(self._turned)
        self.reader.opened.connect(self._show_pages)
        self.reader.failed.connect(self._cannot_read)
        self.banners = BannerArea(texts)
        self._stack = Stack(self._empty_side(), self._making_side(), self._pages_side())
        lay_out(self.body, self.banners, (self._stack, 1), spacing=0)
        maker.started.connect(lambda: self.begin(choices()))
        maker.progressed.connect(self._line.show_progress)
        maker.progressed.connect(self._rest_line.show_progress)
        maker.first_pages.connect(self._show_first_pages)
        maker.shown.connect(self.show_pages_of)
        maker.failed.connect(lambda sentence: self._ended(BannerTone.DANGER, sentence))
        maker.cancelled.connect(lambda: self._ended(BannerTone.INFORMATION, texts.gettext("Cancelled.")))
        maker.running_changed.connect(self._follow_maker)

    def _centred(self, *widgets: QWidget) -> QWidget:
        page = QWidget()
        column = lay_out(QVBoxLayout(page), 1, margins=WIDE, spacing=MEDIUM)
        for widget in widgets:
            is_wide = isinstance(widget, Label | ProgressLine)
            column.addWidget(widget, 0, Qt.AlignmentFlag(0) if is_wide else Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return scroll_area_of(page, has_ground=False)

    def _empty_side(self) -> QWidget:
        say = self._texts.gettext
        self.show_button = with_action(Button(say("Show preview")), "preview_make", self.make)
        told = say("The pages appear here as they will be printed. No file is written.")
        head = Label(say("Preview the report"), TextRole.HEADING, side="center")
        return self._centred(
            IconLabel("report", "muted"), head, Label(told, is_muted=True, side="center"), self.show_button
        )

    def _making_side(self) -> QWidget:
        say = self._texts.gettext
        self._line = ProgressLine("preview_step", side="center")
        self.cancel = with_action(Button(say("Cancel")), "preview_cancel", self.maker.cancel)
        head = Label(say("Creating the preview"), TextRole.HEADING, side="center")
        return self._centred(head, self._line, self.cancel)

    def _pages_side(self) -> QWidget:
        say = self._texts.gettext
        back, on = say("Previous page"), say("Next page")
        self.back = with_action(IconToolButton("previous", back), "page_back", lambda: self.turn(-1))
        self.on = with_action(IconToolButton("next", on), "page_on", lambda: self.turn(1))
        self.page_number = with_name(Label(wraps=False), "page_number")
        self.name = with_name(ShortenedLabel(TextRole.CAPTION, is_muted=True), "preview_name")
        side = QWidget()
        tools = lay_out(QHBoxLayout(), (self.name, 1), self.back, self.page_number, self.on, 1, spacing=SMALL)
        self._rest_line = ProgressLine("preview_rest_step")
        stop = with_action(Button(self._texts.gettext("Cancel")), "preview_rest_cancel", self.maker.cancel)
        self.rest = QWidget()
        lay_out(QHBoxLayout(self.rest), (self._rest_line, 1), stop, spacing=SMALL)
        self.rest.hide()
        lay_out(QVBoxLayout(side), tools, (self.view, 1), self.rest, margins=SMALL, spacing=SMALL)
        return side

    def _turned(self, page: int) -> None:
        say, number = self._texts.gettext, self._texts.number
        there = say("Page {number} of {count}").format(number=number(page + 1), count=number(self.view.count))
        self.page_number.setText(say("First pages") if self.view.has_first_only else there)
        self.back.setEnabled(page > 0)
        self.on.setEnabled(page < self.view.count - 1)

    def _show_pages(self, sizes: PageSizes) -> None:
        if self._is_awaiting:
            self.view.show_pages(sizes, has_first_only=self._has_first_only)
            self.rest.setVisible(self._has_first_only)
            self._stack.setCurrentIndex(_PreviewSide.PAGES)
            self._turned(self.view.page)

    def turn(self, by: int) -> None:
        self.view.go_to(min(max(self.view.page + by, 0), self.view.count - 1))

    def make(self) -> None:
        """Make the pages of what is chosen and answered now; they are never written to the disk."""
        self.maker.start(None, self._choices())

    def begin(self, choices: ReportOptions) -> None:
        """Note what a report that begins now is made of; answers from now on are not in it."""
        self._begun = (choices, self._changes)

    def _open(self, report: Path | bytes, *, has_first_only: bool) -> None:
        self._has_first_only, self._is_awaiting = has_first_only, True
        self.reader.open(report)

    def _show_first_pages(self, content: bytes) -> None:
        """Show the first pages of the report that is being made."""
        self._shown = None
        self.name.show_text(self._texts.gettext("Preview"))
        self._open(content, has_first_only=True)

    def _forget_first_pages(self) -> None:
        """Show nothing: the pages that were to follow will not come."""
        if self._has_first_only:
            self._has_first_only = self._is_awaiting = False
            self.rest.hide()
            self.view.show_pages(())
            self._follow_maker()

    def show_pages_of(self, report: Path | bytes) -> None:
        """Show the report that began last, now that it is finished."""
        self._shown = self._begun
        self.name.show_text(report.name if isinstance(report, Path) else self._texts.gettext("Preview"))
        self.banners.clear_all()
        self._open(report, has_first_only=False)
        self.compare_options()

    def set_busy(self, *, is_busy: bool) -> None:
        """Let nothing be made here while the form makes a report."""
        self._is_busy = is_busy
        self.show_button.setEnabled(not is_busy)
        if is_busy:
            self.banners.clear("stale")
        else:
            self.compare_options()

    def _cannot_read(self) -> None:
        self.banners.tell("preview", BannerTone.DANGER, self._texts.gettext("The preview cannot be shown. Update it."))
        self._follow_maker()

    def answers_changed(self) -> None:
        """Take note that something in the assessment is no longer as it was printed."""
        self._changes += 1
        self.compare_options()

    def compare_options(self) -> None:
        """Say if answers or choices are others than those printed."""
        say = self._texts.gettext
        if not self.is_out_of_date:
            self.banners.clear("stale")
        elif not (self._is_busy or self.maker.is_running):
            answers = self._shown is not None and self._shown[1] != self._changes
            told = say("Answers changed after this preview.")
            other = say("Your choices changed after this preview.")
            self.banners.tell(
                "stale", BannerTone.WARNING, told if answers else other, [(say("Update preview"), self.make)]
            )

    @property
    def is_out_of_date(self) -> bool:
        """Return whether the pages shown are no longer what would be made now."""
        return self._shown is not None and self._shown != (self._choices(), self._changes)

    def _follow_maker(self) -> None:
        is_running = self.maker.is_running
        self.show_button.setEnabled(not is_running)
        if is_running and not self._has_first_only:
            self.banners.clear_all()
            self._stack.setCurrentIndex(_PreviewSide.MAKING)
        elif not is_running:
            self._stack.setCurrentIndex(_PreviewSide.PAGES if self.view.count else _PreviewSide.EMPTY)
            self.compare_options()

    def _ended(self, tone: BannerTone, sentence: str) -> None:
        self._forget_first_pages()
        self.banners.tell("preview", tone, sentence)

    def stop(self) -> None:
        self.maker.stop()
        self.reader.stop()
