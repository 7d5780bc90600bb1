"""The real pages of the report inside the window: turned, and marked when out of date."""

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.deliver.pdf_pages import PageSizes, PdfPageReader, PdfPageView
from capacity_app.ui.session.jobs import ReportJob, ReportOptions
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import BannerTone, IconLabel
from capacity_app.ui.widgets.buttons import Button, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.layouts import Stack, lay_out, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea
from capacity_app.ui.widgets.progress_card import ProgressLine


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
        self._is_busy = False
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
        side = QWidget()
        tools = lay_out(QHBoxLayout(), 1, self.back, self.page_number, self.on, 1, spacing=SMALL)
        lay_out(QVBoxLayout(side), tools, (self.view, 1), margins=SMALL, spacing=SMALL)
        return side

    def _turned(self, page: int) -> None:
        said = self._texts.gettext("Page {number} of {count}")
        number = self._texts.number
        self.page_number.setText(said.format(number=number(page + 1), count=number(self.view.count)))
        self.back.setEnabled(page > 0)
        self.on.setEnabled(page < self.view.count - 1)

    def _show_pages(self, sizes: PageSizes) -> None:
        self.view.show_pages(sizes)
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

    def show_pages_of(self, report: Path | bytes) -> None:
        """Show the report that began last, now that it is finished."""
        self._shown = self._begun
        self.banners.clear_all()
        self.reader.open(report)
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
        if is_running:
            self.banners.clear_all()
            self._stack.setCurrentIndex(_PreviewSide.MAKING)
        else:
            self._stack.setCurrentIndex(_PreviewSide.PAGES if self.view.count else _PreviewSide.EMPTY)
            self.compare_options()

    def _ended(self, tone: BannerTone, sentence: str) -> None:
        self.banners.tell("preview", tone, sentence)

    def stop(self) -> None:
        self.maker.stop()
        self.reader.stop()
