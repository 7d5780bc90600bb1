"""The real pages of the report inside the window: turned, jumped to by their outline, and marked when out of date."""

from collections.abc import Callable
from enum import IntEnum
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.deliver.pdf_pages import PageFit, PageSizes, PdfOutline, PdfPageReader, PdfPageView
from capacity_app.ui.session.jobs import ReportJob, ReportOptions
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import BannerTone, IconLabel
from capacity_app.ui.widgets.buttons import Button, IconToolButton
from capacity_app.ui.widgets.cards import Card, Label, scroll_area_of
from capacity_app.ui.widgets.layouts import Stack, lay_out, split_of, with_action, with_name
from capacity_app.ui.widgets.messages import BannerArea
from capacity_app.ui.widgets.progress_card import ProgressLine
from capacity_app.ui.widgets.text_fields import LineField

_PAGE_ROLE = int(Qt.ItemDataRole.UserRole)
_DEEPEST = 1
"""So deep the outline is unfolded into; deeper bookmarks (each question) would make it a second questionnaire."""


class _PreviewSide(IntEnum):
    EMPTY, MAKING, PAGES = range(3)


class PageNumberField(LineField):
    """The number of the page; Enter goes there."""

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        else:
            super().keyPressEvent(event)


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
        self.outline = self._make_outline()
        self._split = split_of(self.outline, self.view, stretch=(0, 1))
        self.outline.hide()
        side = QWidget()
        lay_out(QVBoxLayout(side), self._tools(), (self._split, 1), margins=SMALL, spacing=SMALL)
        return side

    def _make_outline(self) -> QTreeWidget:
        outline = with_name(QTreeWidget(), "report_outline", self._texts.gettext("Contents of the report"))
        outline.setHeaderHidden(True)
        outline.setFrameShape(QFrame.Shape.NoFrame)
        outline.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        outline.setIndentation(16)
        outline.setMinimumWidth(160)
        outline.itemClicked.connect(lambda item, _column: self._jump(item))
        outline.itemActivated.connect(lambda item, _column: self._jump(item))
        return outline

    def _tool(self, sign: str, name: str, label: str, act: Callable[[], object]) -> IconToolButton:
        return with_action(IconToolButton(sign, label), name, act)

    def _tools(self) -> QHBoxLayout:
        say = self._texts.gettext
        self.contents = with_name(IconToolButton("outline", say("Contents of the report")), "preview_contents")
        self.contents.setCheckable(True)
        self.contents.toggled.connect(self._show_outline)
        self.back = self._tool("previous", "page_back", say("Previous page"), lambda: self.turn(-1))
        self.on = self._tool("next", "page_on", say("Next page"), lambda: self.turn(1))
        self.number = with_name(PageNumberField(), "page_number")
        self.number.setAcceptDrops(False)  # a file dropped on the page is one to check
        self.number.setAccessibleName(say("Page"))
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.entered.connect(self._go_to_number)
        self._of = with_name(Label(wraps=False), "page_count")
        line = lay_out(
            QHBoxLayout(), self.contents, 1, self.back, self.number, self._of, self.on, 1, spacing=SMALL // 2
        )
        self._fits = QButtonGroup(self)
        labels = {
            PageFit.WIDTH: ("fit_width", say("Fit width")),
            PageFit.PAGE: ("fit_page", say("Fit page")),
        }
        for fit, (sign, label) in labels.items():
            tool = self._tool(sign, f"preview_{sign}", label, partial(self.view.set_fit, fit))
            tool.setCheckable(True)
            tool.setChecked(fit is PageFit.WIDTH)
            self._fits.addButton(tool)
            line.addWidget(tool)
        return line

    def turn(self, by: int) -> None:
        self.view.go_to(min(max(self.view.page + by, 0), self.view.count - 1))

    def _go_to_number(self) -> None:
        text = self.number.text().strip()
        if text.isdecimal() and 1 <= int(text) <= self.view.count:
            self.view.go_to(int(text) - 1)
        self._turned(self.view.page)

    def _jump(self, item: QTreeWidgetItem) -> None:
        self.view.go_to(int(item.data(0, _PAGE_ROLE)))

    def _show_outline(self, is_shown: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.outline.setVisible(is_shown)
        if is_shown:
            width = self._split.width()
            self._split.setSizes([width // 3, width - width // 3])
            self.outline.setFocus(Qt.FocusReason.OtherFocusReason)

    def _turned(self, page: int) -> None:
        self.number.setText(self._texts.number(page + 1))
        self.back.setEnabled(page > 0)
        self.on.setEnabled(page < self.view.count - 1)
        here = self._chapter_at(page)
        if here is not None and not self.outline.hasFocus():
            with QSignalBlocker(self.outline):
                self.outline.setCurrentItem(here)

    def _chapter_at(self, page: int) -> QTreeWidgetItem | None:
        chapters = (self.outline.topLevelItem(at) for at in range(self.outline.topLevelItemCount()))
        before = [item for item in chapters if item is not None and int(item.data(0, _PAGE_ROLE)) <= page]
        return before[-1] if before else None

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

    def _show_pages(self, sizes: PageSizes, outline: PdfOutline) -> None:
        self.view.show_pages(sizes)
        count = self._texts.number(len(sizes))
        self._of.setText(self._texts.gettext("of {count}").format(count=count))
        # The field is as wide as its number, not as a form's field.
        self.number.setFixedWidth(self.fontMetrics().horizontalAdvance(count) + 2 * MEDIUM + SMALL)
        self._fill_outline(outline)
        self._stack.setCurrentIndex(_PreviewSide.PAGES)
        self._turned(self.view.page)

    def _fill_outline(self, outline: PdfOutline) -> None:
        self.outline.clear()
        chapter: QTreeWidgetItem | None = None
        for mark in outline:
            if mark.level > _DEEPEST:
                continue
            item = QTreeWidgetItem(chapter or self.outline) if mark.level else QTreeWidgetItem(self.outline)
            item.setText(0, mark.title)
            item.setToolTip(0, mark.title)
            item.setData(0, _PAGE_ROLE, mark.page)
            page = self._texts.gettext("{title}, page {page}")
            spoken = page.format(title=mark.title, page=self._texts.number(mark.page + 1))
            item.setData(0, Qt.ItemDataRole.AccessibleTextRole, spoken)
            chapter = chapter if mark.level else item

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
