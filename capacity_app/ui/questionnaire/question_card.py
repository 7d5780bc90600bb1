"""One question as a card: number, wording, editor, state, reason and note."""

from dataclasses import replace

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.instrument import Field, Question
from capacity_app.domain.sheet import Block
from capacity_app.services.changes import Change
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.marks import Mark, mark_of
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.card_offer import CardOffer
from capacity_app.ui.questionnaire.card_sheet import CardSheet
from capacity_app.ui.questionnaire.choice_editors import EDITORS, takes_letters
from capacity_app.ui.questionnaire.contents import STATES, cleared, with_note, with_state, with_value
from capacity_app.ui.questionnaire.keys import Act
from capacity_app.ui.questionnaire.remark_fields import RemarkField, note_field, reason_field
from capacity_app.ui.questionnaire.state_bar import FOR_ANSWERS, StateBar
from capacity_app.ui.questionnaire.typed_editors import AnswerEditor, Asked
from capacity_app.ui.questionnaire.voice_cards import other_voices, said_by_others
from capacity_app.ui.wording import Wording


class QuestionCard(CardSheet):
    """A question one can answer. ``next_asked`` and ``back_asked`` carry the address one comes from."""

    next_asked = Signal(object)
    back_asked = Signal(object)

    def __init__(self, bridge: Bridge, wording: Wording, question: Question, gutter: int) -> None:
        super().__init__(wording, question, gutter)
        self.bridge = bridge
        self.address = Address(question.id)
        self.editor: AnswerEditor | None = None
        self.bar: StateBar | None = None
        self.note: RemarkField | None = None
        self.reason: RemarkField | None = None
        self.offer = self.make_offer()
        self._was_hidden = self._wants_note = False
        self.refresh()

    # -- building -------------------------------------------------------------------------------------------------

    def set_room(self, height: int) -> None:
        """Take the height of the page in pixels; only tables care."""

    def move_editor(self) -> None:
        """Let what stands open over the card move with it; only tables open anything."""

    def _after(self, part: QWidget | None) -> int:
        return self.body.indexOf(part) + 1 if part is not None else self.place_of_lines()

    def place_of_lines(self) -> int:
        return self.body.indexOf(self.bar) if self.bar else self.body.count()

    def _build_editor(self) -> None:
        """Build what one answers with, once the question is asked."""
        self.editor = self.make_editor()
        if self.second is not None:
            self.editor.show_second(self.second)
        self.bar = StateBar(self.wording.texts, FOR_ANSWERS, has_typing=takes_letters(self.question.kind))
        self.bar.asked.connect(self.act)
        self.body.addWidget(self.editor)
        self.body.addWidget(self.bar)
        if self.bridge.session.is_read_only:
            self.editor.set_read_only()
            self.bar.setEnabled(False)
        self.editor.answered.connect(self._answer)
        self.bridge.flush_requested.connect(self.flush)
        self.bridge.rescue_requested.connect(self.rescue)

    def make_offer(self) -> CardOffer:
        return CardOffer(self)

    def make_editor(self) -> AnswerEditor:
        """Make the editor of this question's kind."""
        name = f"{self.question.number} {self.wording.question(self.question)}"
        asked = Asked(self.bridge, self.wording, self.question, self.question, name)
        return EDITORS[self.question.kind](asked)

    # -- showing --------------------------------------------------------------------------------------------------

    def show_second(self, second: Wording | None) -> None:
        """Show question and answers in a second wording too, or no longer."""
        super().show_second(second)
        if self.editor is not None:
            self.editor.show_second(second)

    @property
    def field(self) -> Field | None:
        """What is answered at the card's own address; None for a grid, which is answered in its cells."""
        return self.question

    def block(self) -> Block:
        return self.bridge.session.sheet.blocks[self.question.id]

    def refresh(self) -> None:
        """Show what the session says now."""
        block = self.block()
        self._was_hidden = block.is_hidden
        self._show_hidden(block)
        if block.is_hidden:
            return
        content = self.bridge.content(self.address)
        if self.editor is None:
            self._build_editor()
            self._show_at_once()
        self.show_answer(content)
        self._show_reason(content)
        self._show_note(content)
        assert self.bar is not None, "bar and editor are built together"
        self.bar.show_content(content, is_note_open=self._is_note_open())
        self._show_voices(block)
        self.offer.show()
        self.show_mark(self.mark(block))

    def _show_at_once(self) -> None:
        """Show what an answer elsewhere has just called for: its layout would do so only after the next keys."""
        if self.isVisible() and self.editor is not None:
            self.editor.show()

    def refresh_after(self, change: Change) -> None:  # noqa: ARG002 - a grid repaints only the cell
        self.refresh()

    def is_out_of_date(self) -> bool:
        return self.block().is_hidden is not self._was_hidden

    def show_answer(self, content: Content) -> None:
        """Show the present respondent's answer in the editor."""
        if self.editor is not None:
            self.editor.show_value(content.value)

    def mark(self, block: Block) -> Mark:
        return mark_of(block.items[0].answer, is_hidden=block.is_hidden)

    def _show_hidden(self, block: Block) -> None:
        condition = self.question.show_if
        why = ""
        if block.is_hidden and condition is not None:
            why = self.wording.texts.gettext("Not asked now. It is asked when {condition}.").format(
                condition=self.wording.condition(condition)
            )
            self.show_mark(Mark.HIDDEN)
        self.show_line("hidden", why)
        self.text.set_colour("muted" if block.is_hidden else "")
        for part in (self.editor, self.bar, self.reason, self.note, self.offer.strip):
            if part is not None:
                part.setVisible(not block.is_hidden)
        if block.is_hidden:
            self.show_line("voices", "")
            self.show_line("problem", "")

    def _show_voices(self, block: Block) -> None:
        answers = self.bridge.session.answers_at(self.address)
        voices = other_voices(answers, self.bridge.respondent, self.wording, self.question, self.field)
        self.show_line("voices", said_by_others(voices, self.wording))
        is_conflict = bool(block.whole.conflict)
        said = self.wording.texts.gettext("≠ The answers differ. Compare and settle them in the panel “Answers”.")
        self.show_line("conflict", said if is_conflict else "", "warning")

    def show_problem(self, said: str) -> None:
        """Say what was refused, at the place where it happened; empty takes the sentence away."""
        self.show_line("problem", said, "danger")

    # -- reason and note ------------------------------------------------------------------------------------------

    def _show_reason(self, content: Content) -> None:
        is_out = content.state is State.NOT_APPLICABLE
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
            self.reason.field.setReadOnly(self.bridge.session.is_read_only)
            self.reason.written.connect(self._write_reason)
            self.reason.finished.connect(self._finish_reason)
            self.reason.field.left.connect(self._leave_reason)
            self.body.insertWidget(self._after(self.editor), self.reason)
        self.reason.show()
        return self.reason

    def _write_reason(self, text: str, typing: str) -> None:
        content = self.bridge.content(self.address)
        if text.strip():
            is_stored = self.say(replace(content, state=State.NOT_APPLICABLE, value=None, reason=text), typing)
            if not is_stored and self.reason is not None:
                self.reason.not_stored()
        elif content.state is State.NOT_APPLICABLE:
            self.say(replace(content, state=State.NOT_ASKED, reason=""), typing)

    def _finish_reason(self) -> None:
        if self.bridge.content(self.address).state is State.NOT_APPLICABLE:
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
            self.note.field.setReadOnly(self.bridge.session.is_read_only)
            self.note.written.connect(self._write_note)
            self.body.insertWidget(self._after(self.reason or self.editor), self.note)
        self.note.show()
        return self.note

    def _write_note(self, text: str, typing: str) -> None:
        is_stored = self.say(replace(self.bridge.content(self.here()), note=text), typing)
        if not is_stored and self.note is not None:
            self.note.not_stored()

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

    # -- answering ------------------------------------------------------------------------------------------------

    def say(self, content: Content, typing: str = "") -> bool:
        """Store what the present respondent says; if it is refused, say why under the question."""
        is_stored = self.bridge.record(self.bridge.key(self.address), content, typing)
        refusal = self.bridge.refusal
        self.show_problem("" if is_stored or refusal is None else refusal.text(self.wording.texts.gettext))
        return is_stored

    def _answer(self, value: Value, typing: str) -> None:
        content = self.bridge.content(self.address)
        if not self.say(with_value(content, value), typing) and self.editor is not None:
            self.editor.not_stored(content.value)

    def act(self, act: Act) -> None:
        """Do what a key or a button asks for."""
        content = self.bridge.content(self.address)
        if act in STATES:
            self.flush()
            self.say(with_state(self.bridge.content(self.address), STATES[act]))
        elif act is Act.CLEAR:
            self.say(cleared(content))
        elif act is Act.NOT_APPLICABLE:
            self._open_reason().field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        elif act is Act.NOTE:
            self.toggle_note()
        elif act is Act.CONFIRM:
            self.offer.confirm_here()
        elif act is Act.NEXT:
            self.flush()
            self.next_asked.emit(self.here())

    def here(self) -> Address:
        return self.address

    def flush(self) -> None:
        for part in (self.editor, self.reason, self.note):
            if part is not None:
                part.flush()

    def rescue(self) -> None:
        """Put typed text that is no answer into the note."""
        left = self.editor.rescue() if self.editor is not None else ""
        if left:
            self.say(with_note(self.bridge.content(self.address), left))

    def unsaved(self) -> bool:
        return any(getattr(part, "is_unreadable", False) for part in (self.editor, self.reason, self.note))

    # -- focus and keys -------------------------------------------------------------------------------------------

    def spot(self) -> QRect:
        """Return the part of the card that must be seen: all of it, in a table the current cell."""
        return self.rect()

    def focus_answer(self, address: Address | None = None) -> None:  # noqa: ARG002 - a grid goes to the cell
        """Put the focus where one answers."""
        target: QWidget = self.editor if self.editor is not None and not self.editor.isHidden() else self
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = keys.act_of(event)
        if self.editor is not None and not self.editor.isHidden() and self.editor.take_key(event):
            return
        if keys.is_back(event):
            self.back_asked.emit(self.address)
        elif event.key() == Qt.Key.Key_Escape and not self.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif act is Act.NEXT or (act and not self.block().is_hidden and not self.bridge.session.is_read_only):
            self.act(act)
        else:
            event.ignore()
