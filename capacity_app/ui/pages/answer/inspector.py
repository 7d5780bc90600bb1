"""The panel beside the questions: guidance, answers, evidence and history of the place in focus."""

from PySide6.QtCore import QMimeData, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.scoring.answer_sheet import AnswerCounts, ItemStrip
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.pages.answer.answers_tab import AnswersTab
from capacity_app.ui.pages.answer.evidence_card import is_assessment
from capacity_app.ui.pages.answer.evidence_tab import EvidenceTab
from capacity_app.ui.pages.answer.guidance_tab import GuidanceTab
from capacity_app.ui.pages.answer.tree_model import marks_of
from capacity_app.ui.question_widgets.panel_cards import HistoryTab, PanelTab
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace, focused_place_of
from capacity_app.ui.question_widgets.question_parts import MARK_ADVICE, remarks_at
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import TabRow
from capacity_app.ui.widgets.layouts import Stack, focus_next_stop, lay_out, tab_stops, with_name

_FOLLOW_MS = 60
"""How long the focus must rest before the panel follows, in milliseconds: arrows through a table stay quick."""


_LEAST_LETTERS = 26
"""The least width in letters: two tabs side by side, and no word of the answers cut off."""


class PanelTabs(QWidget):
    """The tabs with their pages. ``currentChanged`` carries the place of the page that is shown."""

    currentChanged = Signal(int)  # noqa: N815 - as Qt's own tabs say it

    def __init__(self) -> None:
        super().__init__()
        self._row = TabRow("panel_tab")
        self._row.currentChanged.connect(self._turn_to)
        self._stack = Stack()
        lay_out(QVBoxLayout(self), self._row, (self._stack, 1), margins=0, spacing=0)

    def add(self, page: QWidget, name: str) -> None:
        self._row.addTab(name)
        self._stack.addWidget(page)

    def rename(self, place: int, name: str) -> None:
        self._row.setTabText(place, name)

    def names(self) -> tuple[str, ...]:
        return tuple(map(self._row.tabText, range(self._row.count())))

    def tabBar(self) -> TabRow:  # noqa: N802 - as Qt's own tabs say it
        return self._row

    def currentIndex(self) -> int:  # noqa: N802 - as Qt's own tabs say it
        return self._stack.currentIndex()

    def currentWidget(self) -> QWidget:  # noqa: N802 - as Qt's own tabs say it
        shown = self._stack.currentWidget()
        assert shown is not None, "tabs without pages are not shown"
        return shown

    def setCurrentIndex(self, place: int) -> None:  # noqa: N802 - as Qt's own tabs say it
        self._row.setCurrentIndex(place)

    def _turn_to(self, place: int) -> None:
        focused = self.focusWidget()
        if focused is not None and focused.hasFocus() and self._stack.isAncestorOf(focused):
            self._row.setFocus(Qt.FocusReason.OtherFocusReason)  # hiding a page would hand the focus to anybody
        self._stack.setCurrentIndex(place)
        self.currentChanged.emit(place)


def _row(address: Address) -> tuple[str, str]:
    return address.question, address.row


class Inspector(QWidget):
    """Follows the focus. ``place_wanted`` carries the address of another place to go to."""

    place_wanted = Signal(object)

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__()
        self.controller, self.wording = controller, wording
        self.setObjectName("inspector")
        texts = wording.texts
        self.guidance = GuidanceTab(controller, wording)
        self.answers = AnswersTab(controller, wording)
        self.evidence = EvidenceTab(controller, wording)
        self.history = HistoryTab(controller, wording)
        self.tabs = PanelTabs()
        self.tabs.setAccessibleName(texts.gettext("About this question"))
        self.answers.place_wanted.connect(self.place_wanted)
        self.setAcceptDrops(True)
        self._add(self.guidance, texts.gettext("Help"))
        self._add(self.answers, texts.gettext("Answers"))
        self._add(self.evidence, texts.gettext("Evidence"))
        self._add(self.history, texts.gettext("History"))
        self.tabs.currentChanged.connect(lambda _place: self._refresh_if_stale())
        self.heading = Label("", TextRole.STRONG)
        self.advice = with_name(Label("", TextRole.CAPTION, colour="warning"), "advice")
        layout = lay_out(QVBoxLayout(self), margins=(0, MEDIUM, 0, 0), spacing=TIGHT)
        head = lay_out(QVBoxLayout(), self.heading, self.advice, margins=(MEDIUM, 0, MEDIUM, SMALL), spacing=TIGHT)
        layout.addLayout(head)
        layout.addWidget(self.tabs)
        self._wanted: Address | None = None
        self._later = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._later.timeout.connect(self.follow_now)
        controller.changed.connect(self._changed)
        controller.respondent_changed.connect(lambda _agency: self._mark_stale())
        controller.flush_requested.connect(self.flush)
        self._show(None)

    def _add(self, tab: PanelTab, name: str) -> None:
        tab.setAccessibleName(name)
        self.tabs.add(tab, name)

    @property
    def pages(self) -> tuple[PanelTab, ...]:
        return self.guidance, self.answers, self.evidence, self.history

    def show_address(self, address: Address) -> None:
        """Follow to a place once the focus rests there."""
        if address != self._wanted:
            self._wanted = address
            self._later.start()

    def follow_now(self) -> None:
        self._later.stop()
        place = focused_place_of(self.controller.session.instrument, self._wanted) if self._wanted else None
        self._show(place)

    def _show(self, place: FocusedPlace | None) -> None:
        self.heading.setText(self._title(place))
        for page in self.pages:
            page.show_place(place)
        self._count(place)
        self._advise(place)

    def _title(self, place: FocusedPlace | None) -> str:
        if place is None:
            return self.wording.texts.gettext("About this question")
        if place.row is None:
            return self.wording.texts.numbered(place.question.number, self.wording.question(place.question))
        # A row without a number is named by its label already.
        label = self.wording.row(place.question, place.row) if place.row.number else ""
        return f"{self.wording.place(place.address)}\n{label}".strip()

    def _count(self, place: FocusedPlace | None) -> None:
        texts = self.wording.texts
        answers = self.controller.session.answers_at(place.address) if place else ()
        given = sum(1 for answer in answers if not answer.content.is_empty)
        pieces = len({entry for answer in answers for entry in answer.content.evidence})
        remarks = len(remarks_at(self.controller, place.address)) if place else 0
        remarked = texts.ngettext("{count} comment", "{count} comments", remarks).format(count=texts.number(remarks))
        for number, (name, count, more) in enumerate(
            ((texts.gettext("Answers"), given, remarks and remarked), (texts.gettext("Evidence"), pieces, "")), 1
        ):
            counted = f"{name} {texts.number(count)}" if count else name
            self.tabs.rename(number, f"{counted} · {more}" if more else counted)

    def _advise(self, place: FocusedPlace | None) -> None:
        """Say what is missing in the question, row or cell, and what to do: what the marks in the list mean."""
        marks = marks_of(self._counts_at(place)) if place is not None else ()
        self.advice.show_or_hide("\n".join(self.wording.texts.gettext(MARK_ADVICE[mark]) for mark in marks))

    def _counts_at(self, place: FocusedPlace) -> AnswerCounts:
        block = self.controller.session.sheet.blocks[place.question.id]
        if place.row is None:
            return block.counts
        items = block.row_items(place.row.id)
        shown = (items[place.column.id],) if place.column is not None else tuple(items.values())
        return ItemStrip(shown, block.grades).counts

    def _changed(self, change: AnswerChange | EntryChange) -> None:
        place = self.evidence.place
        # Of several cells of a row changed in one step only one is told.
        is_here = (
            isinstance(change, AnswerChange) and place is not None and _row(change.key.address) == _row(place.address)
        )
        if is_here or isinstance(change, EntryChange):
            self._mark_stale()

    def _mark_stale(self) -> None:
        for page in self.pages:
            page.mark_stale()
        self._count(self.evidence.place)
        self._advise(self.evidence.place)

    def _refresh_if_stale(self) -> None:
        page = self.tabs.currentWidget()
        if isinstance(page, PanelTab):
            page.refresh_if_stale()

    def flush(self) -> None:
        for page in self.pages:
            page.flush()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        stops = [*tab_stops(self.tabs.tabBar()), *tab_stops(self.tabs.currentWidget())]
        has_moved = focus_next_stop(stops, self.focusWidget(), is_next=is_next) is not None
        return has_moved or super().focusNextPrevChild(is_next)

    def minimumSizeHint(self) -> QSize:
        least = super().minimumSizeHint()
        return QSize(max(least.width(), self.fontMetrics().averageCharWidth() * _LEAST_LETTERS), least.height())

    def _takes(self, mime: QMimeData) -> bool:
        has_any = mime.hasUrls() or mime.hasImage() or mime.hasText()
        return has_any and not is_assessment(mime) and self.evidence.takes_evidence

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if not self._takes(event.mimeData()):
            event.ignore()
            return
        self.tabs.setCurrentIndex(self.pages.index(self.evidence))
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.evidence.take_mime(event.mimeData())
        event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_shown = self.tabs.currentWidget() is self.evidence
        if is_shown and event.matches(QKeySequence.StandardKey.Paste):
            self.evidence.paste()
        else:
            event.ignore()
