"""The page of one section: built in small steps so that it is there at once, then kept."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.instrument import Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerCounts
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.question_widgets.bilingual_text import NO_SECOND_TEXT, BilingualLabel, second_text_of
from capacity_app.ui.question_widgets.earlier_answers import ConfirmAll
from capacity_app.ui.question_widgets.grid_card import GridCard, takes_page
from capacity_app.ui.question_widgets.question_card import QuestionCard
from capacity_app.ui.question_widgets.question_parts import QuestionSheet
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter, format_answered, format_progress, progress_advice
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TIGHT, WIDE, TextRole, font_for, is_font_change
from capacity_app.ui.widgets.buttons import Button, WrappingButton
from capacity_app.ui.widgets.cards import CardStack, Label
from capacity_app.ui.widgets.layouts import focus_next_stop, give_viewport, lay_out, tab_stops, with_name

if TYPE_CHECKING:
    from collections.abc import Iterator


_WHILE_BUILDING_MS = 80
_STEP_MS = 6
"""How long one step of building may take, in milliseconds, so that keys are never kept waiting."""
_COLUMN, _USUAL_LINE = 740, 17
"""The width of a question, at the usual height of a line, in pixels."""
_SPARE_HEIGHT = 1.3
"""How far below the visible part the first step builds, in heights of the page."""


def _flat(text: str) -> str:
    return " ".join(text.split())


class SectionHeading(QWidget):
    """Number, title and introduction of a section, and how far it has come."""

    def __init__(self, wording: SessionFormatter, section: Section) -> None:
        super().__init__()
        texts = wording.texts
        layout = lay_out(QVBoxLayout(self), margins=(0, SMALL, 0, 0), spacing=TIGHT)
        part = texts.gettext("Part {number}").format(number=section.number)
        layout.addWidget(Label(part, TextRole.CAPTION, is_muted=True))
        self.title = BilingualLabel(wording.section(section), TextRole.TITLE, below=TextRole.HEADING)
        layout.addWidget(self.title)
        self.progress = Label("", TextRole.CAPTION, is_muted=True)
        layout.addWidget(self.progress)
        self.confirm_all = ConfirmAll(texts)
        layout.addWidget(self.confirm_all)
        self.introduction = BilingualLabel(_flat(wording.introduction(section)), TextRole.BODY, is_muted=True)
        if self.introduction.text():
            layout.addSpacing(SMALL)
            layout.addWidget(self.introduction)
        self._texts, self._section = texts, section

    def show_second(self, second: SessionFormatter | None) -> None:
        """Show title and introduction in a second wording too, or no longer."""
        for label, text in (
            (self.title, second.section(self._section) if second else ""),
            (self.introduction, _flat(second.introduction(self._section)) if second else ""),
        ):
            label.set_second(second_text_of(label.text(), text, second) if second else NO_SECOND_TEXT)

    def show_offers(self, count: int, earlier: str, agency: str) -> None:
        """Offer to confirm what the previous round said in the whole part."""
        number = self._texts.number(count)
        label = self._texts.ngettext(
            "{count} answer of {round} to confirm", "{count} answers of {round} to confirm", count
        )
        said = self._texts.ngettext(
            "{count} answer of {round} becomes an answer of {agency}. Undo takes it back.",
            "{count} answers of {round} become answers of {agency}. One undo takes them all back.",
            count,
        )
        values = {"count": number, "round": earlier, "agency": agency}
        self.confirm_all.offer(count, label.format(**values), said.format(**values))

    def show_progress(self, done: AnswerCounts) -> None:
        said = format_progress(done, self._texts)
        self.progress.setToolTip(progress_advice(done, self._texts))
        if done.conflicts:
            differ = self._texts.ngettext("{count} disagreement", "{count} disagreements", done.conflicts)
            said = f"{said} · {differ.format(count=self._texts.number(done.conflicts))}"
        self.progress.setText(said)


class _QuestionStack(CardStack):
    """Questions in a column so wide that the panel beside it covers none of them on a laptop's screen."""

    def limit(self) -> int:
        return round(_COLUMN * max(1.0, self.fontMetrics().height() / _USUAL_LINE))


class TableStub(QuestionSheet):
    """Stands for a table that takes the page, among the other questions. ``opened`` tells that it is wanted."""

    opened = Signal()

    def __init__(self, card: GridCard, gutter: int) -> None:
        self._card = card
        super().__init__(card.wording, card.question, gutter)
        texts = card.wording.texts
        self.button = with_name(Button(texts.gettext("Open table")), f"open {card.question.id}")
        self.button.setAccessibleDescription(card.wording.question(card.question))
        self.button.clicked.connect(self.opened)
        self.body.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeading)
        self.refresh()

    def refresh(self) -> None:
        """Show how far the table has come."""
        block, texts = self._card.block(), self.wording.texts
        counts = self._card.controller.session.sheet.blocks[self.question.id].counts
        self.show_line("progress", format_answered(counts, texts))
        self.button.setEnabled(not block.is_hidden)
        self.show_mark(self._card.mark(block))

    def paint_answer_mark(self, painter: QPainter, box: QRectF) -> None:
        self._card.paint_answer_mark(painter, box)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self.button.isEnabled():
            self.opened.emit()


class SectionPage(QAbstractScrollArea):
    """All questions of a section under each other. ``next_asked`` and ``back_asked`` carry where one comes from."""

    next_asked = Signal(object)
    back_asked = Signal(object)
    cell_focused = Signal(object)
    evidence_asked = Signal(object)
    judgement_asked = Signal(object)
    section_asked = Signal(str)
    beside_asked = Signal(object, int)
    noted = Signal()
    menu_asked = Signal()

    def __init__(
        self, controller: SessionController, wording: SessionFormatter, section: Section, following: Section | None
    ) -> None:
        super().__init__()
        self.controller, self.wording, self.section = controller, wording, section
        self.cards: dict[str, QuestionCard] = {}
        self._following = following
        self._headings: list[tuple[BilingualLabel, Question]] = []
        self._second: SessionFormatter | None = None
        self._ids = frozenset(question.id for question in section.questions)
        self._is_stale = False
        self._wanted: QuestionCard | None = None
        self._whole: GridCard | None = None
        self._stubs: dict[str, TableStub] = {}
        self._gutter = self._measure_gutter()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setObjectName(f"section {section.id}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(wording.section(section))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        give_viewport(self)
        self.stack = _QuestionStack()
        self.stack.setParent(self.viewport())
        self.stack.resized.connect(self._arrange_soon)
        self.verticalScrollBar().valueChanged.connect(self._move_editors)
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self._let_go())
        self.heading = SectionHeading(wording, section)
        self.heading.confirm_all.confirmed.connect(self._confirm_all)
        self.stack.add(self.heading, above=LARGE)
        self._todo: Iterator[Question] | None = iter(section.questions)
        self._later = QTimer(self, singleShot=True, interval=_STEP_MS)
        self._later.timeout.connect(self._build_step)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.arrange)
        self.show_progress()

    @property
    def is_finished(self) -> bool:
        return self._todo is None

    def _measure_gutter(self) -> int:
        """Return how wide the numbers of the questions are, in pixels."""
        metrics = QFontMetrics(font_for(TextRole.STRONG))
        return max((metrics.horizontalAdvance(q.number) for q in self.section.questions), default=0) + SMALL

    def _build_one(self) -> bool:
        question = next(self._todo, None) if self._todo is not None else None
        if question is None:
            if self._todo is not None:
                self._todo = None
                self._add_footer()
            return False
        heading = self.wording.heading(question)
        if heading:
            words = BilingualLabel(heading, TextRole.HEADING)
            self._headings.append((words, question))
            self.stack.add(words, above=WIDE)
            self._show_second_heading(words, question)
        if question.heading_text:
            text = self.wording.instrument_text(question.id, "heading_text", question.heading_text)
            self.stack.add(with_name(Label(text, TextRole.BODY), "heading_text"), above=SMALL)
        kind = GridCard if question.kind is AnswerKind.GRID else QuestionCard
        card = kind(self.controller, self.wording, question, self._gutter)
        card.next_asked.connect(self.next_asked)
        card.back_asked.connect(self.back_asked)
        card.evidence_asked.connect(self.evidence_asked)
        card.judgement_asked.connect(self.judgement_asked)
        if isinstance(card, GridCard):
            card.cell_focused.connect(self.cell_focused)
            card.cell_focused.connect(lambda _address, card=card: self._follow_cell(card))
            card.cell_moved.connect(lambda card=card: self._follow_cell(card))
            card.noted.connect(self.noted)
            card.menu_asked.connect(self.menu_asked)
            card.beside_asked.connect(self.beside_asked)
        if self._second is not None:
            card.show_second(self._second)
        self.cards[question.id] = card
        # The actions of a card hang over its lower edge and keep room there.
        above = MEDIUM if heading or len(self.cards) == 1 else TIGHT
        if isinstance(card, GridCard) and takes_page(question):
            self._stand_for(card, above)
        else:
            is_wide = isinstance(card, GridCard) and not (card.editor and card.view.fits(self.stack.limit()))
            self.stack.add(card, is_wide=is_wide, above=above)
        return True

    def _stand_for(self, card: GridCard, above: int) -> None:
        """Put a stub among the questions for a table that takes the page."""
        card.take_page()
        card.setParent(self.viewport())
        card.hide()
        stub = self._stubs[card.question.id] = TableStub(card, self._gutter)
        stub.opened.connect(lambda: self.focus_address(Address(card.question.id)))
        self.stack.add(stub, above=above)

    def _show_whole(self, card: GridCard | None) -> None:
        """Show a table on the whole page, or all the questions again."""
        if card is self._whole:
            return
        before, self._whole = self._whole, card
        policy = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policy.ScrollBarAlwaysOff if card else policy.ScrollBarAlwaysOn)
        self.stack.setVisible(card is None)
        if card is not None:
            card.setGeometry(self.viewport().rect())
            card.show()
            card.raise_()
        if before is not None:
            before.hide()

    def show_questions(self) -> None:
        """Show all the questions of the section under each other, from the table that was shown on."""
        left = self._whole
        self._show_whole(None)
        if left is not None:
            self.arrange()
            self._stubs[left.question.id].button.setFocus(Qt.FocusReason.OtherFocusReason)
            self.reveal_span(self._stubs[left.question.id].geometry())

    def build_first(self) -> None:
        """Build what is visible at once; the rest follows in small steps."""
        if self.cards or self._todo is None:
            return
        wanted = max(self.viewport().height(), 200) * _SPARE_HEIGHT
        while self._build_one():
            if self.arrange() > wanted:
                break
        if self._todo is not None:
            self._later.start()

    def _build_step(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        while clock.elapsed() < _STEP_MS:
            if not self._build_one():
                self.arrange()
                return
        self._take_height(self.stack.extend(self.viewport().width()))
        self._later.start()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Let Tab go through the questions as they are read."""
        stops = [*tab_stops(self._whole or self.stack)]
        stop = focus_next_stop(stops, self.focusWidget(), is_next=is_next)
        if stop is not None and stop.parentWidget() is self.stack:  # a question scrolls to itself
            self.reveal_span(stop.geometry())
        return stop is not None or super().focusNextPrevChild(is_next)

    def finish(self) -> None:
        """Build everything that is still missing, now."""
        if self._todo is not None:
            while self._build_one():
                pass
            self._later.stop()
            self.arrange()

    def _add_footer(self) -> None:
        if self._following is None:
            return
        following = self._following
        text = self.wording.texts.gettext("Go on with {number} {title}").format(
            number=following.number, title=self.wording.section(following)
        )
        button = WrappingButton(text)
        button.clicked.connect(lambda: self.section_asked.emit(following.id))
        self.stack.add(button, above=LARGE)

    def _arrange_soon(self) -> None:
        # Every new card asks to be placed again once it is shown: while the page is built, once in a while is enough.
        if not self._soon.isActive():
            self._soon.start(0 if self.is_finished else _WHILE_BUILDING_MS)

    def arrange(self) -> int:
        self._soon.stop()
        high = self.stack.arrange(self.viewport().width())
        self._take_height(high)
        if self._wanted is not None:
            self._show_wanted(self._wanted)
        return high

    def _take_height(self, high: int) -> None:
        self.stack.resize(self.viewport().width(), max(high, self.viewport().height()))
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, high - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(self.fontMetrics().height() * 3)
        self._scrolled()

    def _scrolled(self) -> None:
        self.stack.move(0, -self.verticalScrollBar().value())

    def _move_editors(self) -> None:
        for card in self.cards.values():
            card.move_editor()

    def scrollContentsBy(self, _across: int, _down: int) -> None:  # noqa: N802 - Qt's name
        self._scrolled()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._whole is not None:
            self._whole.setGeometry(self.viewport().rect())
        if self.cards:
            self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "cards"):
            self._gutter = self._measure_gutter()
            for card in (*self.cards.values(), *self._stubs.values()):
                card.set_gutter(self._gutter)
            self._arrange_soon()

    def _show_wanted(self, card: QuestionCard) -> None:
        """Scroll to the question one has come to, also when what stands above it has grown meanwhile."""
        if card is next(iter(self.cards.values())) and card.geometry().bottom() + MEDIUM <= self.viewport().height():
            self.verticalScrollBar().setValue(0)  # the title of the part is above the first question
        self.reveal_span(card.geometry())
        self.reveal_span(card.spot().translated(card.pos()))

    def _follow_cell(self, card: GridCard) -> None:
        """Scroll so that the cell one has moved to is seen."""
        if card.view.hasFocus():
            self.reveal_span(card.spot().translated(card.pos()))

    def _let_go(self) -> None:
        self._wanted = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._let_go()
        super().wheelEvent(event)

    def reveal(self, widget: QWidget) -> None:
        self._wanted = None
        self._settle(widget)
        if self._whole is not None:
            return
        top = widget.mapTo(self.stack, widget.rect().topLeft()).y()
        self.reveal_span(QRect(0, top, 1, widget.height()))

    def _settle(self, widget: QWidget) -> None:
        """Have what was just opened in a card measured before scrolling to it."""
        above: QWidget | None = widget
        while above is not None and above is not self.stack:
            layout = above.layout()
            if layout is not None:
                layout.activate()
            above = above.parentWidget()
        self.arrange()

    def reveal_span(self, span: QRect) -> None:
        """Scroll so that a stretch of the stack is seen, its top first; a table on the whole page scrolls itself."""
        if self._whole is not None:
            return
        bar, room = self.verticalScrollBar(), self.viewport().height()
        top, bottom = span.y() - MEDIUM, span.y() + span.height() + MEDIUM
        if top < bar.value() or bottom - top > room:
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(bottom - room)

    def show_second(self, second: SessionFormatter | None) -> None:
        """Show everything in a second wording too, or no longer; what one looks at stays where it is."""
        if second is self._second:
            return
        self._second = second
        held = self._held()
        self.heading.show_second(second)
        for words, question in self._headings:
            self._show_second_heading(words, question)
        for card in self.cards.values():
            card.show_second(second)
        if self.cards:
            self.arrange()
            if held is not None:
                self.verticalScrollBar().setValue(held[0].y() - held[1])

    def _show_second_heading(self, words: BilingualLabel, question: Question) -> None:
        second = self._second
        words.set_second(second_text_of(words.text(), second.heading(question), second) if second else NO_SECOND_TEXT)

    def _held(self) -> tuple[QWidget, int] | None:
        """Return the card to keep in place, the one in focus or else the first one seen, and how far down it stands."""
        top = self.verticalScrollBar().value()
        if top == 0:
            return None
        seen = [card for card in self.cards.values() if card.y() + card.height() > top]
        active = [card for card in seen if card.is_active and card.y() < top + self.viewport().height()]
        held = next(iter([*active, *seen]), None)
        return (held, held.y() - top) if held is not None else None

    def card(self, question_id: str) -> QuestionCard | None:
        if question_id not in self.cards:
            while question_id not in self.cards and self._build_one():
                pass
            self.arrange()
        return self.cards.get(question_id)

    def focus_address(self, address: Address) -> None:
        card = self.card(address.question)
        if card is not None:
            is_whole = isinstance(card, GridCard) and card.is_whole and not card.block().is_hidden
            self._show_whole(card if is_whole and isinstance(card, GridCard) else None)
            card.focus_answer(address)
            if is_whole:
                return
            self._settle(card)
            self._wanted = card
            self._show_wanted(card)

    def show_progress(self) -> None:
        self.heading.show_progress(self.controller.session.sheet.section_counts(self.section))
        carried = self.controller.carried
        offers = () if self.controller.session.is_read_only else carried.decided(carried.in_section(self.section))
        origin_of = carried.origin_of(self.wording.texts, offers)
        self.heading.show_offers(len(offers), origin_of, self.wording.agency(self.controller.respondent))

    def _confirm_all(self) -> None:
        self.controller.request_flush()
        carried = self.controller.carried
        self.controller.confirm_carried(carried.decided(carried.in_section(self.section)))
        self.focus_address(Address(self.section.first_question))

    def follow(self, change: AnswerChange | EntryChange) -> None:
        if isinstance(change, EntryChange):
            self.mark_stale()
            return
        card = self.cards.get(change.key.address.question)
        if card is not None:
            disagreed = card.shows_disagreement()
            card.refresh_after(change)
            if card.is_active and card.shows_disagreement() and not disagreed:
                # What the answer has opened is measured in the next turn.
                QTimer.singleShot(0, card, lambda: self._reveal_disagreement(card))
        for stub in self._stubs.values():
            stub.refresh()
        others = [other for other in self.cards.values() if other is not card and other.is_out_of_date()]
        for other in others:
            other.refresh()
        if others or change.key.address.question in self._ids:
            self.show_progress()

    def _reveal_disagreement(self, card: QuestionCard) -> None:
        """Scroll to a disagreement that an answer has just made; the focus stays on the answer."""
        if card.voices is not None:
            self.reveal(card.voices)

    def mark_stale(self) -> None:
        """Show everything anew, at once if seen, else when it is."""
        self._is_stale = True
        if self.isVisible():
            self.refresh_if_stale()

    def refresh_if_stale(self) -> None:
        """Show everything anew if something has changed meanwhile."""
        if self._is_stale:
            self._is_stale = False
            for card in self.cards.values():
                card.refresh()
            self.show_progress()
