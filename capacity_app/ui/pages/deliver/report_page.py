"""Review and report: what is open or weak, the form of the report and its pages, beside each other."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.deliver.report_form import ReportForm
from capacity_app.ui.pages.deliver.report_preview import ReportPreview
from capacity_app.ui.pages.deliver.review_list import ReviewList
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.jobs import ReportJob
from capacity_app.ui.session.save_state import SaveState
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.layouts import lay_out, split_of

_REVIEW_LETTERS, _FORM_LETTERS, _PREVIEW_LETTERS = 34, 36, 32
"""Letters of width that the three parts of the page want beside each other."""
_MORE_REVIEW_LETTERS = 14
"""So much wider is the review where there is room."""
_LEAST_LINES = 8
"""No part is ever lower than so many lines."""


class ReportPage(QWidget):
    """The three parts side by side; in a narrow window the review takes the place of the others when it is unfolded.

    ``navigate`` carries the address of a point to review, ``entry_wanted`` the id of its entry; ``point_opened`` tells
    that one has gone to a point, to come back here.
    """

    navigate = Signal(object)
    entry_wanted = Signal(str)
    point_opened = Signal()

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings, state: SaveState) -> None:
        super().__init__()
        self.setObjectName("report_page")
        self._texts = texts
        self._is_wide: bool | None = None
        self.review = ReviewList(controller, texts, self)
        self.report = ReportForm(controller, texts, settings, ReportJob(controller, texts, state, self))
        self.preview = ReportPreview(texts, ReportJob(controller, texts, state, self), lambda: self.report.choices)
        controller.jobs.follow(self.report.maker, texts.gettext("Report"), holds_closing=True)
        controller.jobs.follow(self.preview.maker, texts.gettext("Preview"))
        self.head = Disclosure("review_head")
        self._title = Label("", TextRole.STRONG)
        self.head.body.addWidget(self._title)
        self._show_count(0)
        self._lay_out()
        self._connect(controller)

    @property
    def _form_start(self) -> QWidget:
        return self.report.formats.tiles[self.report.suffix]

    def _lay_out(self) -> None:
        self._report_split = split_of(self.report, self.preview, name="report_split", stretch=(0, 1))
        self._split = split_of(self.review, self._report_split, name="review_split", stretch=(0, 1))
        lay_out(QVBoxLayout(self), self.head, (self._split, 1), margins=(WIDE, SMALL, WIDE, MEDIUM), spacing=SMALL)

    def _connect(self, controller: SessionController) -> None:
        self.head.toggled.connect(lambda _on: self._arrange())
        self.review.counted.connect(self._show_count)
        self.review.navigate.connect(partial(self._leave_for, self.navigate))
        self.review.entry_wanted.connect(partial(self._leave_for, self.entry_wanted))
        form, preview = self.report.maker, self.preview.maker
        form.started.connect(lambda: self.preview.begin(self.report.choices))
        form.running_changed.connect(lambda: self.preview.set_busy(is_busy=form.is_running))
        preview.running_changed.connect(lambda: self.report.set_busy(is_busy=preview.is_running))
        self.report.made.connect(lambda file: self.preview.show_pages_of(Path(file)))
        self.report.chosen.connect(self.preview.compare_options)
        controller.changed.connect(lambda _change: self.preview.answers_changed())

    def _show_count(self, count: int) -> None:
        told = self._texts.counted("Review: {count} point", "Review: {count} points", count)
        self._title.setText(told)
        self.head.setAccessibleName(told)
        self._choose_start()

    def _choose_start(self) -> None:
        """Have the page begin where one goes on: in the points while there are any to be seen, else in the form."""
        is_in_review = self.head.isChecked() and self.review.count
        self.setFocusProxy(self.review.tree if is_in_review else self._form_start)

    def _leave_for(self, signal: SignalInstance, place: object) -> None:
        """Go to a point; whoever comes back goes on in the list."""
        signal.emit(place)
        self.point_opened.emit()

    def start_report(self) -> None:
        """Go to the form, which a narrow window may have folded away."""
        if not self._is_wide:
            self.head.setChecked(False)
        self._form_start.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        letter, room = self.fontMetrics().averageCharWidth(), self.width() - 2 * WIDE
        is_wide = room >= (_REVIEW_LETTERS + _FORM_LETTERS + _PREVIEW_LETTERS) * letter
        for side in (self.review, self.report, self.preview):
            side.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        is_beside = room >= (_FORM_LETTERS + _PREVIEW_LETTERS) * letter
        self._report_split.setOrientation(Qt.Orientation.Horizontal if is_beside else Qt.Orientation.Vertical)
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self.head.setChecked(is_wide)
            self._arrange()
            spare = max(0, room - (_REVIEW_LETTERS + _FORM_LETTERS + _PREVIEW_LETTERS) * letter)
            review = _REVIEW_LETTERS * letter + min(spare // 2, _MORE_REVIEW_LETTERS * letter)
            self._split.setSizes([review, room - review])
            self._report_split.setSizes([_FORM_LETTERS * letter, room - review - _FORM_LETTERS * letter])

    def _arrange(self) -> None:
        is_open = self.head.isChecked()
        self.review.setVisible(is_open)
        self._report_split.setVisible(bool(self._is_wide) or not is_open)
        self._choose_start()

    def stop(self) -> None:
        self.report.maker.stop()
        self.preview.stop()
