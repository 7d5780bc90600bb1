"""The working questionnaire: tree, page and panel side by side, and every way to get from place to place."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.questionnaire.instrument import Section
from capacity_app.domain.scoring.answer_sheet import AnswerItem, AnswerSheet
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.pages.answer.page_frame import SidePane, ThreePanes
from capacity_app.ui.pages.answer.section_page import SectionPage
from capacity_app.ui.pages.answer.section_tree import SectionTree
from capacity_app.ui.pages.answer.tree_model import QuestionFilter
from capacity_app.ui.question_widgets.answer_line import AnswerLine, TableNote
from capacity_app.ui.question_widgets.grid_card import GridCard
from capacity_app.ui.question_widgets.grid_table import GridTable
from capacity_app.ui.question_widgets.panel_parts import focused_place_of
from capacity_app.ui.question_widgets.question_card import QuestionCard
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL
from capacity_app.ui.widgets.cards import Label, announce
from capacity_app.ui.widgets.keys import AnswerAction
from capacity_app.ui.widgets.layouts import Stack, holder_of, lay_out

if TYPE_CHECKING:
    from capacity_app.ui.pages.answer.inspector import Inspector
    from capacity_app.ui.question_widgets.panel_cards import PanelTab

_PANEL_MS = 100
"""How long the page has stood when the panel is made, in milliseconds."""
_KEPT_PAGES = 16
"""How many section pages are kept; an instrument of hundreds of sections must not fill the memory."""


def in_order(sheet: AnswerSheet) -> Iterator[AnswerItem]:
    """Go through all places for answers in printed order."""
    for section in sheet.instrument.sections:
        for block in sheet.section(section):
            yield from block.items


def next_open(sheet: AnswerSheet, after: Address | None) -> Address | None:
    """Return the next unanswered place, from the top again at the end; None if there is none."""
    first: Address | None = None
    is_after = after is None
    for item in in_order(sheet):
        if item.is_unanswered and item.address != after:
            if is_after:
                return item.address
            first = first or item.address
        if not is_after and _is_at(item, after):
            is_after = True
    return first


def _is_at(item: AnswerItem, address: Address | None) -> bool:
    return address is not None and (
        item.address == address or (item.address.question == address.question and not address.column)
    )


def question_before(sheet: AnswerSheet, address: Address) -> Address | None:
    before: Address | None = None
    for section in sheet.instrument.sections:
        for block in sheet.section(section):
            if block.question.id == address.question:
                return before
            if not block.is_hidden:
                before = Address(block.question.id)
    return None


def question_after(sheet: AnswerSheet, address: Address) -> Address | None:
    """Return the next question that is asked, None after the last."""
    asked = [block.question.id for section in sheet.instrument.sections for block in sheet.section(section)
             if not block.is_hidden or block.question.id == address.question]  # fmt: skip
    place = asked.index(address.question) + 1
    return Address(asked[place]) if place < len(asked) else None


class QuestionnairePage(QWidget):
    """Everything one fills in. ``place_changed`` carries the address in focus."""

    place_changed = Signal(object)

    def __init__(self, controller: SessionController, texts: Translator, settings: Settings | None = None) -> None:
        super().__init__()
        self._settings = settings
        self.controller = controller
        self.wording = SessionFormatter(texts, controller.session)
        self.setObjectName("questionnaire")
        self.tree = SectionTree(controller, self.wording)
        self._inspector: Inspector | None = None
        self.notice = Label("", is_muted=True)
        self.notice.setContentsMargins(LARGE, SMALL, LARGE, 0)
        self.notice.hide()
        self.answer_line = AnswerLine(controller, self.wording)
        self.answer_line.asked.connect(self._act)
        self.answer_line.row_toggled.connect(lambda: self._in_table(GridCard.toggle_here))
        self.answer_line.table_toggled.connect(lambda: self._in_table(GridCard.toggle_table))
        self.pages = Stack()
        self._pages: OrderedDict[str, SectionPage] = OrderedDict()
        self._second: SessionFormatter | None = None
        self._active: QuestionCard | None = None
        self._here: Address | None = None
        self._recorded: list[AnswerChange] = []
        self._announce_soon = QTimer(self, singleShot=True, interval=0)
        self._announce_soon.timeout.connect(self._announce_recorded)
        self.panes = self._lay_out()
        self.splitter = self.panes.splitter
        self.panes.tree.handle.clicked.connect(self.toggle_tree)
        self.panes.panel.handle.clicked.connect(self.toggle_inspector)
        self._connect_folding()
        self.tree.left.connect(self.return_focus)
        self.tree.chosen.connect(self.show_address)
        self.tree.section_chosen.connect(self._begin_section)
        controller.changed.connect(self._follow)
        controller.respondent_changed.connect(lambda _agency: self._mark_all_outdated())
        controller.revisited.connect(self._revisit)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets need an application"
        app.focusChanged.connect(self._focus_moved)
        self.show_section(controller.session.instrument.sections[0].id)
        # The previous round is read, and the panel made, once the window stands and takes keys.
        QTimer.singleShot(_PANEL_MS, self, self._open_earlier_round)
        QTimer.singleShot(_PANEL_MS, self, lambda: self.inspector)

    @property
    def inspector(self) -> "Inspector":
        """The panel, made once the page is painted or when it is first wanted."""
        if self._inspector is None:
            from capacity_app.ui.pages.answer.inspector import Inspector  # noqa: PLC0415 - the questions come first

            self._inspector = Inspector(self.controller, self.wording)
            self._inspector.place_wanted.connect(self.show_address)
            lay_out(self._panel, self._inspector)
            self._inspector.show()
            if self._here is not None:
                self._inspector.show_address(self._here)
        return self._inspector

    def show_second(self, second: Translator | None) -> None:
        is_other = second is not None and second.language != self.wording.texts.asked_in
        self._second = SessionFormatter(second, self.controller.session) if second is not None and is_other else None
        for page in self._pages.values():
            page.show_second(self._second)

    def _open_earlier_round(self) -> None:
        if self.controller.carried.open():
            self._mark_all_outdated()

    def _lay_out(self) -> ThreePanes:
        middle = holder_of(QVBoxLayout(), self.notice, self.pages, spacing=0)
        self._panel = QVBoxLayout()
        panes = ThreePanes(self.tree, middle, holder_of(self._panel), self.wording.texts)
        lay_out(QVBoxLayout(self), (panes, 1), self.answer_line, margins=0, spacing=0)
        return panes

    def page(self) -> SectionPage:
        page = self.pages.currentWidget()
        assert isinstance(page, SectionPage), "a section is always shown"
        return page

    def _section(self, section_id: str) -> Section:
        return next(section for section in self.controller.session.instrument.sections if section.id == section_id)

    def _page_of(self, section_id: str) -> SectionPage:
        page = self._pages.get(section_id)
        if page is None:
            page = self._make_page(self._section(section_id))
        self._pages.move_to_end(section_id)
        return page

    def _make_page(self, section: Section) -> SectionPage:
        sections = self.controller.session.instrument.sections
        place = sections.index(section)
        following = sections[place + 1] if place + 1 < len(sections) else None
        page = SectionPage(self.controller, self.wording, section, following)
        page.show_second(self._second)
        page.next_asked.connect(self._go_on)
        page.back_asked.connect(self._go_back)
        page.cell_focused.connect(self._show_place)
        page.section_asked.connect(self._begin_section)
        page.beside_asked.connect(self._go_beside)
        page.noted.connect(self._show_line)
        page.menu_asked.connect(self.answer_line.more.click)
        page.evidence_asked.connect(self.add_evidence)
        page.judgement_asked.connect(self._judge)
        self._pages[section.id] = page
        self.pages.addWidget(page)
        self._drop_old_pages()
        return page

    def _drop_old_pages(self) -> None:
        for section_id, page in list(self._pages.items()):
            if len(self._pages) <= _KEPT_PAGES:
                return
            is_needed = page is self.pages.currentWidget() or any(card.unsaved() for card in page.cards.values())
            if not is_needed and section_id != next(reversed(self._pages)):
                del self._pages[section_id]
                self.pages.removeWidget(page)
                page.deleteLater()

    def show_section(self, section_id: str) -> None:
        page = self._page_of(section_id)
        if page is not self.pages.currentWidget():
            self.controller.request_flush()
        self.pages.setCurrentWidget(page)
        page.build_first()
        page.refresh_if_stale()

    def _begin_section(self, section_id: str) -> None:
        self.show_section(section_id)
        self.show_address(Address(self._section(section_id).first_question))

    def show_address(self, address: Address) -> None:
        section = self.controller.session.instrument.section_of.get(address.question)
        if section is None:
            return
        self.show_section(section.id)
        self.page().focus_address(address)
        card = self.page().card(address.question)
        # A row is gone to by its first cell.
        is_row = card is not None and address.row and not address.column
        self._show_place(card.here() if card is not None and is_row else address)

    def focus_next_open(self) -> None:
        self._go_on(self._here)

    def _go_on(self, after: Address | None) -> None:
        self.controller.request_flush()
        target = next_open(self.controller.session.sheet, after)
        if target is not None:
            self.show_address(target)
            return
        if self._here is None:
            self.show_address(Address(self.page().section.first_question))
        self.notice.setText(self.wording.texts.gettext("All questions are answered."))
        self.notice.show()

    def _go_back(self, address: Address) -> None:
        target = question_before(self.controller.session.sheet, address)
        if target is not None:
            self.show_address(target)

    def _connect_folding(self) -> None:
        """Fold the panes as they were left, and remember when somebody folds another one."""
        if self._settings is None:
            return
        for side, name in self._sides().items():
            side.is_wanted = name not in self._settings.folded
            side.show_pane(is_shown=side.is_wanted)
        self.panes.folded.connect(self._remember_folding)

    def _sides(self) -> dict[SidePane, str]:
        return {self.panes.tree: "parts", self.panes.panel: "help"}

    def _remember_folding(self) -> None:
        if self._settings is not None:
            self._settings.folded = frozenset(name for side, name in self._sides().items() if not side.is_wanted)

    def _go_beside(self, address: Address, step: int) -> None:
        if step == 0:
            self.page().show_questions()
            return
        beside = question_before if step < 0 else question_after
        target = beside(self.controller.session.sheet, address)
        if target is not None:
            self.show_address(target)

    def _card_here(self) -> QuestionCard | None:
        return self.page().cards.get(self._here.question) if self._here is not None else None

    def _act(self, action: AnswerAction) -> None:
        """Do what a button of the line asks for; the focus stays in the table."""
        card = self._card_here()
        if card is not None and action is AnswerAction.EVIDENCE:
            self.add_evidence()
        elif card is not None:
            card.act(action)

    def _in_table(self, act: Callable[[GridCard], None]) -> None:
        card = self._card_here()
        if isinstance(card, GridCard):
            act(card)

    def _show_line(self) -> None:
        card = self._card_here()
        if isinstance(card, GridCard) and card.editor is not None:
            self.answer_line.show_place(card.question, card.here(), card.note_here())
        elif card is not None:
            self.answer_line.show_place(card.question, card.address, TableNote())

    def open_presentation_view(self) -> None:
        from capacity_app.ui.pages.answer.presentation_view import open_presentation  # noqa: PLC0415 - as for the panel

        self.controller.request_flush()
        place = focused_place_of(self.controller.session.instrument, self._current())
        if place is not None:
            open_presentation(self.wording, place, self)

    def toggle_tree(self) -> None:
        """Show the parts and go there, or fold them away."""
        self._fold(self.panes.tree)
        if self.panes.is_narrow and self.panes.tree.is_shown:
            self.tree.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_list(self, chosen: QuestionFilter) -> None:
        """Show the parts with one list of questions, and go there."""
        self.panes.show_side(self.panes.tree, is_shown=True)
        self.tree.set_filter(chosen)
        self.tree.lines.setFocus(Qt.FocusReason.OtherFocusReason)

    def toggle_inspector(self) -> None:
        self._fold(self.panes.panel)

    def _fold(self, side: SidePane) -> None:
        here, was_used = self._current(), side.has_focus()
        self.panes.fold(side)
        if was_used and not side.is_shown:
            self.show_address(here)

    def focus_inspector(self, *, tab: "PanelTab | None" = None) -> None:
        self.panes.show_side(self.panes.panel, is_shown=True)
        self.inspector.follow_now()
        if tab is not None:
            self.inspector.tabs.setCurrentIndex(self.inspector.pages.index(tab))
        self.inspector.tabs.tabBar().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def add_evidence(self, address: Address | None = None) -> None:
        """Show the evidence of a place, or of the current one, in the panel."""
        self._show_place(address or self._current())
        self.focus_inspector(tab=self.inspector.evidence)

    def _judge(self, address: Address) -> None:
        self._show_place(address)
        self.focus_inspector(tab=self.inspector.answers)
        self.inspector.answers.begin_judgement()

    def return_focus(self) -> None:
        here = self._current()  # Qt gives the focus of what is hidden to any question
        self.panes.leave_sides()
        self.show_address(here)

    def _current(self) -> Address:
        """Return the current place, at first that of the section's first question."""
        return self._here or Address(self.page().section.first_question)

    def _revisit(self, address: Address) -> None:
        if self.isVisible() and address.question in self.controller.session.instrument.section_of:
            self.show_address(address)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None:
            self.panes.leave_sides(new)
        card = _card_of(new)
        if card is None or not self.isAncestorOf(card):
            return
        is_other_question = card is not self._active
        if is_other_question:
            if self._active is not None:
                self._active.set_active(False)
            self._active = card
            card.set_active(True)
            card.destroyed.connect(self._forget_card)
        if new is not None and not isinstance(new, GridTable):
            if is_other_question and not QApplication.mouseButtons():
                self.page().reveal(card)
            is_in_voices = card.voices is not None and card.voices.isAncestorOf(new)
            self.page().reveal(card.voices if is_in_voices and card.voices is not None else new)
        self._show_place(card.here())

    def _forget_card(self, _card: QObject) -> None:
        self._active = None

    def _show_place(self, address: Address) -> None:
        if address == self._here:
            return
        self._here = address
        self.notice.hide()
        if self._inspector is not None:
            self._inspector.show_address(address)
        self.tree.show_here(address)
        self._show_line()
        self.place_changed.emit(address)

    def _follow(self, change: AnswerChange | EntryChange) -> None:
        for page in self._pages.values():
            page.follow(change)
        self._show_line()
        if isinstance(change, AnswerChange) and change.key == self.controller.key(change.key.address):
            before, after = change.before, change.after
            if (before.state, before.value) != (after.state, after.value):
                self._recorded.append(change)
                self._announce_soon.start()

    def _announce_recorded(self) -> None:
        """Have said what was just recorded; letters that are typed are heard anyway."""
        recorded, self._recorded, texts = self._recorded, [], self.wording.texts
        if len(recorded) > 1:
            announce(self, texts.counted("{count} answer recorded.", "{count} answers recorded.", len(recorded)))
            return
        (change,) = recorded
        address, content = change.key.address, change.after
        question = self.controller.session.instrument.question_by_id[address.question]
        field = question.column_by_id.get(address.column, question)
        if content.unread:
            return  # its field has said why it cannot be read
        if content.state is AnswerState.NOT_ASKED:
            announce(self, texts.gettext("No answer recorded."))
        elif content.state is not AnswerState.ANSWERED or field.kind.info.is_chosen:
            said = self.wording.content(question, field, content, is_short=True)
            announce(self, texts.gettext("Recorded: {answer}").format(answer=said))

    def _mark_all_outdated(self) -> None:
        for page in self._pages.values():
            page.mark_stale()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_in_panel = self.panes.panel.has_focus()
        if event.key() == Qt.Key.Key_F9 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.toggle_inspector()
        elif is_in_panel and event.key() in {Qt.Key.Key_F9, Qt.Key.Key_Escape}:
            self.return_focus()
        elif event.key() == Qt.Key.Key_F9:
            self.focus_inspector()
        elif event.key() == Qt.Key.Key_Backslash and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.toggle_tree()
        elif event.key() == Qt.Key.Key_F4 and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.add_evidence()
        else:
            event.ignore()

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self.page().refresh_if_stale()


def _card_of(widget: QWidget | None) -> QuestionCard | None:
    while widget is not None and not isinstance(widget, QuestionCard):
        widget = widget.parentWidget()
    return widget
