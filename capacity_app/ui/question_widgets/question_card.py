"""One question as a card: number, wording, editor, state, reason and note, and what was said before."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.registers import RetiredAnswer, RetiredAnswerStatus
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.scoring.answer_sheet import QuestionBlock
from capacity_app.services.session.revision_log import AnswerChange
from capacity_app.ui.question_widgets.choice_editors import answer_editor, answer_options
from capacity_app.ui.question_widgets.earlier_answers import (
    REFUSING_LABELS,
    ConfirmStrip,
    StripButton,
    TextVersions,
    changes_since,
    speakers,
)
from capacity_app.ui.question_widgets.panel_parts import Voice, is_of_others, voices_at
from capacity_app.ui.question_widgets.question_parts import (
    FOR_ANSWERS,
    MARK_ADVICE,
    STATE_OF_ACTION,
    QuestionSheet,
    RemarkField,
    StateBar,
    cleared,
    note_field,
    reason_field,
    with_state,
    with_unread,
    with_value,
)
from capacity_app.ui.question_widgets.typed_editors import AnswerEditor, EditedField
from capacity_app.ui.question_widgets.voices_view import VoicesView, settling
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.painting import AnswerMark, answer_mark_of
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.cards import announce
from capacity_app.ui.widgets.keys import AnswerAction

# What was said before, on a question’s card: shown until somebody answers, confirmed by key or button.


_STILL_SO = N_("{round}: {answer}. Still so?")
_THEN = N_("To confirm, answered under version {version}: {answer}. Still so?")
_PUBLISHED = N_("From published sources, to confirm: {answer}. Is this right?")
_SEVERAL = N_("To confirm, one of {count} under version {version}: {answer}. Is it this one?")
OfferAction = Callable[[], object]


class CardOffer:
    """The strip of one card; it exists only once there is something to confirm."""

    buttons = 2

    def __init__(self, card: "QuestionCard") -> None:
        self._card = card
        self._acts: list[OfferAction] = []
        self.strip: ConfirmStrip | None = None

    @property
    def _is_closed(self) -> bool:
        return self._card.controller.session.is_read_only

    def show(self) -> None:
        """Show what was said here in the previous round or version, as long as nobody has answered anew."""
        card = self._card
        content = None if self._is_closed else card.controller.carried.at(card.address)
        if card.editor is not None:
            card.editor.show_offered(content.value if content is not None else None)
        self.show_others((card.address,))
        kept = self.kept(card.address)
        if kept:
            self._offer(self.then(kept), *self._choices_of(kept))
        elif content is not None:
            here = (card.address,)
            self._offer(self._sentence(content), (self._confirm_label(),), (lambda: self.confirm(here),))
        else:
            self._offer("", (), ())
        self.compare(kept)

    def _confirm_label(self) -> StripButton:
        key = "F5" if self._card.question.kind.info.is_typed_or_found else "C"
        return self._card.wording.texts.gettext("Confirm"), key

    def _sentence(self, content: Content) -> str:
        wording = self._card.wording
        said = wording.content(self._card.question, self._card.field, content).removesuffix(".")
        pattern = wording.texts.gettext(_STILL_SO)
        return pattern.format(round=self._card.controller.carried.round(wording.texts), answer=said)

    def kept(self, address: Address) -> tuple[RetiredAnswer, ...]:
        """Return what the present respondent said here under an earlier version."""
        return () if self._is_closed else self._card.controller.carried.own(address)

    def then(self, kept: Sequence[RetiredAnswer]) -> str:
        """Return what was answered under the earlier version; of several the first, and how many there are."""
        texts, first = self._card.wording.texts, kept[0]
        then = _PUBLISHED if first.fate is RetiredAnswerStatus.PUBLISHED else _THEN
        pattern = texts.gettext(_SEVERAL if len(kept) > 1 else then)
        answer = (first.answered or texts.gettext("a note")).removesuffix(".")
        return pattern.format(version=first.version, answer=answer, count=texts.number(len(kept)))

    def _choices_of(self, kept: Sequence[RetiredAnswer]) -> tuple[tuple[StripButton, ...], tuple[OfferAction, ...]]:
        first = kept[:1]
        return (self._confirm_label(), self.refusing(first)), (
            lambda: self.confirm_kept(first),
            lambda: self.let_go(first),
        )

    def refusing(self, kept: Sequence[RetiredAnswer]) -> StripButton:
        """Name what keeps an answer only as what was said then."""
        return self._card.wording.texts.gettext(REFUSING_LABELS[kept[0].fate]), ""

    def compare(self, kept: Sequence[RetiredAnswer]) -> None:
        if self.strip is not None:
            pairs: tuple[TextVersions, ...] = changes_since(kept[0], self._card.wording) if kept else ()
            self.strip.compare(pairs)

    def show_others(self, addresses: Sequence[Address]) -> None:
        """Tell whose answers wait besides one's own; they are confirmed in the panel."""
        carried, wording = self._card.controller.carried, self._card.wording
        others = [entry for address in addresses for entry in carried.of_others(address)]
        said = wording.texts.gettext("To confirm in the panel “Answers”: {who}.")
        self._card.show_line("others", said.format(who=speakers(others, wording)) if others else "")

    def confirm_kept(self, kept: Sequence[RetiredAnswer]) -> int:
        """Make what was said under the earlier version an answer again; gives how many were stored."""
        self._card.flush()
        return self._card.controller.confirm_kept(kept)

    def let_go(self, kept: Sequence[RetiredAnswer]) -> None:
        self._card.controller.retire_kept(kept)

    def _offer(self, said: str, labels: Sequence[StripButton], acts: Iterable[OfferAction]) -> None:
        """Show a sentence with buttons, each with what it does; no buttons take the strip away."""
        self._acts = list(acts)
        if self.strip is None:
            if not labels:
                return
            self.strip = self._make_strip()
        focused = self._card.focusWidget()
        if not labels and focused is not None and self.strip.isAncestorOf(focused):
            self._card.focus_answer()
        self.strip.offer(said, labels)

    def _make_strip(self) -> ConfirmStrip:
        strip = ConfirmStrip(self.buttons)
        strip.pressed.connect(lambda place: self._acts[place]())
        self._card.body.insertWidget(self._place(), strip)
        # Tab comes to the strip where one reads it.
        for one, following in pairwise((self._before(), *strip.buttons)):
            QWidget.setTabOrder(one, following)
        return strip

    def _place(self) -> int:
        """Return where in the card the strip goes: between question and answers."""
        return self._card.body.indexOf(self._card.editor) if self._card.editor is not None else 1

    def _before(self) -> QWidget:
        return self._card

    def confirm(self, addresses: Sequence[Address]) -> int:
        """Make what the previous round said the present respondent's answer; gives how many were stored."""
        self._card.flush()
        return self._card.controller.confirm_carried(addresses) if addresses else 0

    def confirm_here(self) -> None:
        self.confirm((self._card.address,))


class QuestionCard(QuestionSheet):
    """A question one can answer. ``next_asked`` and ``back_asked`` carry the address one comes from.

    ``evidence_asked`` and ``judgement_asked`` carry the address to which evidence or a judgement is to be added.
    """

    next_asked = Signal(object)
    back_asked = Signal(object)
    evidence_asked = Signal(object)
    judgement_asked = Signal(object)
    bar: StateBar | None = None

    def __init__(
        self, controller: SessionController, wording: SessionFormatter, question: Question, gutter: int
    ) -> None:
        super().__init__(wording, question, gutter)
        self.controller = controller
        self.address = Address(question.id)
        self.editor: AnswerEditor | None = None
        self.note: RemarkField | None = None
        self.reason: RemarkField | None = None
        self.voices: VoicesView | None = None
        self.offer = self.make_offer()
        self._was_hidden = self._wants_note = False
        self.refresh()

    def move_editor(self) -> None:
        """Let what stands open over the card move with it; only tables open anything."""

    def _after(self, part: QWidget | None) -> int:
        return self.body.indexOf(part) + 1 if part is not None else self.index_of_lines()

    def index_of_lines(self) -> int:
        return self.body.indexOf(self.bar) if self.bar else self.body.count()

    def _build_editor(self) -> None:
        """Build what one answers with, once the question is asked."""
        self.editor = self.make_editor()
        if self.second is not None:
            self.editor.show_second(self.second)
        self.body.addWidget(self.editor)
        self._build_bar()
        self._set_margins()
        if self.controller.session.is_read_only:
            self.editor.set_read_only()
        self.editor.answered.connect(self._answer)
        self.editor.unread.connect(self._keep_unread)
        self.controller.flush_requested.connect(self.flush)

    def _build_bar(self) -> None:
        self.bar = StateBar(self.wording.texts, FOR_ANSWERS, has_typing=self.question.kind.info.is_typed_or_found)
        self.bar.asked.connect(self._press)
        self.bar.float_over()
        self.body.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignTrailing)
        self.bar.hide()

    def _press(self, act: AnswerAction) -> None:
        if act is AnswerAction.EVIDENCE:
            self.evidence_asked.emit(self.here())
        else:
            self.act(act)

    def set_active(self, is_active: bool) -> None:  # noqa: FBT001 - a state, set by name of the method
        """Show the actions on the current question only."""
        super().set_active(is_active)
        self._show_bar()
        self.show_line("ignored", "")

    def _show_bar(self) -> None:
        if self.bar is not None:
            can_act = self.is_active and not self.controller.session.is_read_only
            self.bar.setVisible(can_act and not self._was_hidden)

    def bottom_margin(self) -> int:
        return 0 if self.bar is not None else super().bottom_margin()

    def overhang(self) -> int:
        return self.bar.height() // 2 if self.bar is not None else 0

    def make_offer(self) -> CardOffer:
        return CardOffer(self)

    def make_editor(self) -> AnswerEditor:
        """Make the editor of this question's kind."""
        name = f"{self.question.number} {self.wording.question(self.question)}"
        asked = EditedField(self.controller, self.wording, self.question, self.question, name)
        return answer_editor(asked)

    def show_second(self, second: SessionFormatter | None) -> None:
        """Show question and answers in a second wording too, or no longer."""
        super().show_second(second)
        if self.editor is not None:
            self.editor.show_second(second)

    @property
    def field(self) -> QuestionField | None:
        """What is answered at the card's own address; None for a grid, which is answered in its cells."""
        return self.question

    def block(self) -> QuestionBlock:
        return self.controller.session.sheet.blocks[self.question.id]

    def refresh(self) -> None:
        """Show what the session says now."""
        block = self.block()
        self._was_hidden = block.is_hidden
        self._show_hidden(block)
        if block.is_hidden:
            return
        content = self.controller.content(self.address)
        if self.editor is None:
            self._build_editor()
            self._show_at_once()
        self.show_answer(content)
        self._show_reason(content)
        self._show_note(content)
        if self.bar is not None:
            self.bar.show_content(content, is_note_open=self._is_note_open())
        self._show_bar()
        self._show_voices(block)
        self.offer.show()
        self.show_mark(self.mark(block))

    def _show_at_once(self) -> None:
        """Show what an answer elsewhere has just called for: its layout would do so only after the next keys."""
        if self.isVisible() and self.editor is not None:
            self.editor.show()

    def refresh_after(self, change: AnswerChange) -> None:  # noqa: ARG002 - a grid repaints only the cell
        self.refresh()

    def is_out_of_date(self) -> bool:
        return self.block().is_hidden is not self._was_hidden

    def show_answer(self, content: Content) -> None:
        """Show the present respondent's answer in the editor."""
        if self.editor is not None:
            self.editor.show_value(content.value)

    def mark(self, block: QuestionBlock) -> AnswerMark:
        mark = answer_mark_of(block.items[0].answer, is_hidden=block.is_hidden)
        return AnswerMark.OF_OTHERS if mark is AnswerMark.ANSWERED and self._is_of_others() else mark

    def _is_of_others(self) -> bool:
        answers, respondent = self.controller.session.answers_at(self.address), self.controller.respondent
        return is_of_others(voices_at(answers, respondent, self.field, self.wording), respondent)

    def _show_hidden(self, block: QuestionBlock) -> None:
        condition = self.question.show_if
        why = ""
        if block.is_hidden and condition is not None:
            sentence = N_("Not asked now. It is asked when {condition}.")
            why = self.wording.texts.filled(sentence, condition=self.wording.condition(condition))
            self.show_mark(AnswerMark.HIDDEN)
        self.show_line("hidden", why)
        self.text.set_colour("muted" if block.is_hidden else "")
        for part in (self.editor, self.reason, self.note, self.offer.strip, self.voices):
            if part is not None:
                part.setVisible(not block.is_hidden)
        if block.is_hidden:
            self._show_bar()
            for name in ("problem", "state", "support"):
                self.show_line(name, "")

    def _show_voices(self, block: QuestionBlock) -> None:
        own = self.controller.content(self.address).state
        self.show_line("state", self.wording.state(own) if own in STATE_OF_ACTION.values() else "")
        advice = self.wording.texts.gettext(MARK_ADVICE[AnswerMark.UNSUPPORTED])
        self.show_line("support", advice if block.counts.unsupported else "", "warning")
        self.show_voices_at(self.address, self.field, is_conflict=bool(block.whole.conflict))

    def show_voices_at(self, address: Address, field: QuestionField | None, *, is_conflict: bool) -> None:
        """Show what others say at a place, what counts, and what to do where agencies disagree."""
        answers = self.controller.session.answers_at(address)
        voices = voices_at(answers, self.controller.respondent, field, self.wording)
        unshown = self.unshown_voices(address, voices, is_conflict=is_conflict)
        if self.voices is None:
            if not (unshown or is_conflict or settling(voices)):
                return
            self.voices = self._make_voices()
        self.voices.show_voices(address, field, voices, unshown, is_conflict=is_conflict)

    def unshown_voices(self, address: Address, voices: Sequence[Voice], *, is_conflict: bool) -> Sequence[Voice]:  # noqa: ARG002 - a table asks
        """Return the voices at a place that its answers do not show."""
        if self.editor is not None and address == self.address:
            return self.editor.show_voices(voices)
        return [voice for voice in voices if not voice.is_own]

    def shows_disagreement(self) -> bool:
        return self.voices is not None and self.voices.is_disagreement

    def _make_voices(self) -> VoicesView:
        view = VoicesView(self.controller, self.wording, self.question)
        view.other_wanted.connect(self.judgement_asked)
        view.refused.connect(self.show_problem)
        view.left.connect(self.focus_answer)
        self.body.insertWidget(self._after(self.editor), view)
        return view

    def show_problem(self, said: str) -> None:
        """Say what was refused, at the place where it happened; empty takes the sentence away."""
        self.show_line("problem", said, "danger")
        if said:
            announce(self, said)

    def _show_reason(self, content: Content) -> None:
        is_out = content.state is AnswerState.NOT_APPLICABLE
        if self.reason is None:
            if not is_out:
                return
            self._open_reason()
        assert self.reason is not None, "just opened"
        if is_out:
            self.reason.show_text(content.reason)
            self.reason.show()
        elif not self.reason.is_unreadable and not self.reason.field.hasFocus():
            self.reason.show_text("")
            self.reason.hide()

    def _open_reason(self) -> RemarkField:
        if self.reason is None:
            self.reason = reason_field(self.wording.texts)
            self.reason.field.setReadOnly(self.controller.session.is_read_only)
            self.reason.written.connect(self._write_reason)
            self.reason.finished.connect(self._finish_reason)
            self.reason.field.left.connect(self._leave_reason)
            self.body.insertWidget(self._after(self.editor), self.reason)
        self.reason.show()
        return self.reason

    def _write_reason(self, text: str, typing: str) -> None:
        content = self.controller.content(self.address)
        if text.strip():
            is_stored = self.say(replace(content, state=AnswerState.NOT_APPLICABLE, value=None, reason=text), typing)
            if not is_stored and self.reason is not None:
                self.reason.show_unstored()
        elif content.state is AnswerState.NOT_APPLICABLE:
            self.say(replace(content, state=AnswerState.NOT_ASKED, reason=""), typing)

    def _finish_reason(self) -> None:
        if self.controller.content(self.address).state is AnswerState.NOT_APPLICABLE:
            self.next_asked.emit(self.address)
        else:
            self.show_problem(self.wording.texts.gettext("“Not applicable” needs a reason: say in a few words why."))

    def _leave_reason(self) -> None:
        if self.reason is not None and not self.reason.text().strip():
            self.reason.hide()
            self.show_problem("")

    def _is_note_open(self) -> bool:
        return self.note is not None and not self.note.isHidden()

    def _show_note(self, content: Content) -> None:
        if self.note is None:
            if not content.note:
                return
            self._open_note()
        assert self.note is not None, "just opened"
        self.note.show_text(content.note)
        is_wanted = bool(content.note) or self._wants_note or self.note.is_unreadable or self.note.field.hasFocus()
        self.note.setVisible(is_wanted)

    def _open_note(self) -> RemarkField:
        if self.note is None:
            self.note = note_field(self.wording.texts)
            self.note.field.setReadOnly(self.controller.session.is_read_only)
            self.note.written.connect(self._write_note)
            self.body.insertWidget(self._after(self.reason or self.editor), self.note)
        self.note.show()
        return self.note

    def _write_note(self, text: str, typing: str) -> None:
        is_stored = self.say(replace(self.controller.content(self.here()), note=text), typing)
        if not is_stored and self.note is not None:
            self.note.show_unstored()

    def toggle_note(self) -> None:
        """Open the note and go there; from an empty note, close it again."""
        note = self._open_note()
        if note.field.hasFocus() and not note.text().strip():
            self._wants_note = False
            self.focus_answer()
            note.hide()
        else:
            self._wants_note = True
            note.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.refresh()

    def say(self, content: Content, typing: str = "") -> bool:
        """Store what the present respondent says; if it is refused, say why under the question."""
        is_stored = self.controller.record(self.controller.key(self.address), content, typing)
        self.show_line("ignored", "")
        refusal = self.controller.refusal
        self.show_problem("" if is_stored or refusal is None else refusal.text(self.wording.texts.gettext))
        return is_stored

    def _answer(self, value: AnswerValue, typing: str) -> None:
        content = self.controller.content(self.address)
        if not self.say(with_value(content, value), typing) and self.editor is not None:
            self.editor.show_unstored(content.value)

    def _keep_unread(self, text: str, typing: str) -> None:
        content = self.controller.content(self.address)
        if not self.say(with_unread(content, text), typing) and self.editor is not None:
            self.editor.show_unstored(content.value)

    def act(self, act: AnswerAction) -> None:
        """Do what a key or a button asks for."""
        content = self.controller.content(self.address)
        if act in STATE_OF_ACTION:
            self.flush()
            self.say(with_state(self.controller.content(self.address), STATE_OF_ACTION[act]))
        elif act is AnswerAction.CLEAR:
            self.say(cleared(content))
        elif act is AnswerAction.NOT_APPLICABLE:
            self._open_reason().field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif act is AnswerAction.NOTE:
            self.toggle_note()
        elif act is AnswerAction.CONFIRM:
            self.offer.confirm_here()
        elif act is AnswerAction.NEXT:
            self.flush()
            self.next_asked.emit(self.here())

    def here(self) -> Address:
        return self.address

    def flush(self) -> None:
        for part in (self.editor, self.reason, self.note, self.voices):
            if part is not None:
                part.flush()

    def unsaved(self) -> bool:
        return any(getattr(part, "is_unreadable", False) for part in (self.editor, self.reason, self.note))

    def spot(self) -> QRect:
        """Return the part of the card that must be seen: all of it, in a table the current cell."""
        return self.rect()

    def focus_answer(self, address: Address | None = None) -> None:  # noqa: ARG002 - a grid goes to the cell
        target: QWidget = self.editor if self.editor is not None and not self.editor.isHidden() else self
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def focus_actions(self) -> None:
        """Go to the buttons of the question; Esc leads back."""
        if self.bar is not None and self.bar.isVisible():
            self.bar.take_focus()

    def say_ignored(self, key: str, answered: Address | None = None) -> None:
        """Say that a key is no answer here, which keys are, and what a key just before has ``answered``."""
        texts, field = self.wording.texts, self.question.column_by_id.get(self.here().column, self.question)
        options = answer_options(EditedField(self.controller, self.wording, self.question, field, ""))
        offered = texts.listed(texts.in_digits(one) for _, _, one in options if one)
        said = texts.gettext("The key “{key}” is not an answer here. Press one of these: {keys}.")
        said = said.format(key=key, keys=offered)
        if answered is not None:
            content, column = self.controller.content(answered), self.question.column_by_id[answered.column]
            answer = self.wording.content(self.question, column, content, is_short=True)
            before = texts.gettext("The first key answered “{answer}”. Ctrl+Z takes it back.").format(answer=answer)
            said = f"{before} {said}"
        self.show_line("ignored", said, "danger")
        announce(self, said)

    def _is_in_bar(self) -> bool:
        focused = self.focusWidget()
        return self.bar is not None and focused is not None and self.bar.isAncestorOf(focused)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = keys.action_of(event)
        if self.editor is not None and not self.editor.isHidden() and self.editor.take_key(event):
            return
        if keys.is_previous_question(event):
            self.back_asked.emit(self.address)
        elif keys.is_menu(event):
            self.focus_actions()
        elif event.key() == Qt.Key.Key_Escape and self._is_in_bar():
            self.focus_answer()
        elif event.key() == Qt.Key.Key_Escape and not self.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif act is AnswerAction.NEXT or (act and self._can_answer()):
            self.act(act)
        elif keys.is_plain(event) and event.text().isprintable() and event.text().strip() and self._can_answer():
            self.say_ignored(event.text())
        else:
            event.ignore()

    def _can_answer(self) -> bool:
        return not self.block().is_hidden and not self.controller.session.is_read_only
