"""What others say under a question: the answer that counts, and how a disagreement of agencies is resolved in place."""

from collections.abc import Sequence
from functools import partial
from itertools import groupby

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import (
    OPEN_STATES,
    Address,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.ui.question_widgets.panel_parts import Voice, is_of_others, judgement_on, say_later, shorten_line
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.buttons import Button, FlatButton
from capacity_app.ui.widgets.cards import Card, Label, announce
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import empty_layout, lay_out, with_action, with_name
from capacity_app.ui.widgets.text_fields import LineField

_LONGEST_ANSWER = 240
"""Letters of an answer that agencies disagree about: they often differ at the end, and the text wraps."""
_RESOLVED = {
    AnswerLayer.RESPONSE: "",
    AnswerLayer.JUDGEMENT: N_("Resolved by judgement: “{answer}” counts."),
    AnswerLayer.VALIDATED: N_("Resolved by validation: “{answer}” counts."),
}


def _said(voice: Voice) -> tuple[AnswerState, AnswerValue]:
    return voice.content.state, voice.content.value


def settled_responses(voices: Sequence[Voice]) -> list[Voice]:
    """Return what agencies answered, without "unknown" and "declined"."""
    is_response = (one for one in voices if one.key.layer is AnswerLayer.RESPONSE)
    return [one for one in is_response if one.content.state not in OPEN_STATES]


def distinct_answers(voices: Sequence[Voice]) -> list[list[Voice]]:
    """Group what agencies answered by what they say, in the order of their first."""
    responses = settled_responses(voices)
    order = list(dict.fromkeys(map(_said, responses)))
    ranked = sorted(responses, key=lambda one: order.index(_said(one)))
    return [list(group) for _, group in groupby(ranked, _said)]


def settling(voices: Sequence[Voice]) -> Voice | None:
    """Return the judgement or validation that counts where an agency says something else."""
    counting = next((one for one in voices if one.counts and _RESOLVED[one.key.layer]), None)
    differ = counting is not None and any(_said(one) != _said(counting) for one in settled_responses(voices))
    return counting if differ else None


class VoicesView(QWidget):
    """The answers of others at one place.

    ``other_wanted`` carries the address of a judgement that is nobody's answer, ``refused`` a sentence; ``left`` tells
    that the focus goes back to the question.
    """

    other_wanted = Signal(object)
    refused = Signal(str)
    left = Signal()

    def __init__(self, controller: SessionController, wording: SessionFormatter, question: Question) -> None:
        super().__init__()
        self._controller, self._wording, self._question = controller, wording, question
        self._address: Address | None = None
        self._field: QuestionField | None = None
        self._shown: object = None
        self.is_disagreement = False
        self._chosen: Content | None = None
        self.reason: LineField | None = None
        self._column = lay_out(QVBoxLayout(self), margins=0, spacing=TIGHT)
        self.hide()

    def show_voices(
        self,
        address: Address,
        field: QuestionField | None,
        voices: Sequence[Voice],
        unshown: Sequence[Voice],
        *,
        is_conflict: bool,
    ) -> None:
        """Show the voices at a place; ``unshown`` are those that do not stand on the answers themselves."""
        if address != self._address:
            self.flush()
        shown = address, tuple(voices), tuple(unshown), is_conflict
        if shown == self._shown:
            return
        self._shown, self._address, self._field = shown, address, field
        self.is_disagreement = is_conflict
        self._clear()
        are_others = is_of_others(voices, self._controller.respondent)
        for voice in unshown:
            self._add_voice(voice, is_of_others=are_others)
        if is_conflict:
            self._add_disagreement(distinct_answers(voices), self._wording.texts.gettext("Agencies disagree"))
        elif counting := settling(voices):
            self._add_resolution(counting, distinct_answers(voices))
        self.setVisible(self._column.count() > 0)

    def _clear(self) -> None:
        focused = self.focusWidget()
        had_focus = focused is not None and focused.hasFocus() and self.isAncestorOf(focused)
        self._chosen, self.reason = None, None
        if had_focus:
            self.left.emit()
        empty_layout(self._column)

    def _add_voice(self, voice: Voice, *, is_of_others: bool) -> None:
        said = shorten_line(self._wording.content(self._question, self._field, voice.content, is_short=True))
        texts = self._wording.texts
        text = texts.mixed(texts.gettext("{who}: {what}").format(who=voice.who, what=said))
        if is_of_others:
            self._column.addWidget(with_name(Label(text, is_muted=True), "answer_of_others"))
        elif voice.counts and not voice.is_own:
            label = Label(text)
            self._column.addWidget(
                with_name(Card(label, tint="accent_tint", edge="accent", margin=SMALL), "counting_answer")
            )
        else:
            self._column.addWidget(Label(text, TextRole.CAPTION, is_muted=True))

    def _reopen(self, answers: Sequence[Sequence[Voice]]) -> None:
        """Offer the answers again; the new judgement has a reason of its own."""
        self._clear()
        self._add_disagreement(answers, self._wording.texts.gettext("Change judgement"))
        QTimer.singleShot(0, self, self.take_focus)  # once the buttons are shown

    def _add_resolution(self, counting: Voice, answers: Sequence[Sequence[Voice]]) -> None:
        say, content = self._wording.texts.gettext, counting.content
        said = say(_RESOLVED[counting.key.layer]).format(answer=self._short(content))
        self._column.addWidget(with_name(Label(f"✓ {said}", TextRole.CAPTION, colour="good"), "resolved"))
        if counting.key.layer is AnswerLayer.JUDGEMENT and content.reason:
            reason = say("Reason: {text}").format(text=content.reason)
            self._column.addWidget(with_name(Label(reason, TextRole.CAPTION, is_muted=True), "resolved_reason"))
        address = self._address
        assert address is not None, "voices are those of a place"
        if later := say_later(self._controller.session.answers_at(address), self._wording):
            self._column.addWidget(with_name(Label(later, TextRole.CAPTION, colour="warning"), "answered_later"))
        if counting.key.layer is AnswerLayer.JUDGEMENT and not self._controller.session.is_read_only:
            key = "Shift+F10" if address.column else ""
            button = FlatButton(say("Change judgement"), key)
            change = with_action(button, "change_judgement", lambda: self._reopen(answers))
            self._column.addWidget(change, 0, Qt.AlignmentFlag.AlignLeading)
        elif later:
            show = with_action(FlatButton(say("Show all answers")), "show_answers", self._ask_for_other)
            self._column.addWidget(show, 0, Qt.AlignmentFlag.AlignLeading)

    def _ask_for_other(self) -> None:
        self.other_wanted.emit(self._address)

    def _short(self, content: Content) -> str:
        """Quote an answer as it stands on the question; a level with its sentence, as any other choice."""
        return shorten_line(self._wording.content(self._question, self._field, content), _LONGEST_ANSWER)

    def _add_disagreement(self, answers: Sequence[Sequence[Voice]], title: str) -> None:
        say = self._wording.texts.gettext
        if self._address is not None and self._address.column:  # Tab goes to the next cell
            title = f"{title} ({keys.keyboard_label(self._wording.texts, 'Shift+F10')})"
        said = []
        for same in answers:
            who = self._wording.texts.listed(one.who for one in same)
            said.append(say("{who}: {what}").format(who=who, what=self._short(same[0].content)))
            said += [
                say("Note of {who}: {text}").format(who=one.who, text=shorten_line(one.content.note, _LONGEST_ANSWER))
                for one in same
                if one.content.note
            ]
        said = [self._wording.texts.mixed(line) for line in said]
        strip = with_name(Card(tint="warning_tint", edge="warning", margin=MEDIUM, spacing=SMALL), "disagreement")
        lay_out(strip.body, Label(title, TextRole.STRONG, colour="warning"), Label("\n".join(said)))
        self._column.addWidget(strip)
        if not self._controller.session.is_read_only:
            self._choices = self._choice_buttons(answers)
            strip.body.addWidget(self._choices)
            self._strip = strip

    def _choice_buttons(self, answers: Sequence[Sequence[Voice]]) -> Flow:
        say, flow = self._wording.texts.gettext, Flow(SMALL)
        for same in answers:
            voice = same[0]
            button = Button(say("Use {who}").format(who=voice.who))
            about = say("Use the answer of {who}").format(who=voice.who)
            flow.place(with_action(button, f"use {voice.key.respondent}", partial(self._begin, voice), about))
        other = Button(say("Other…"))
        about = say("Record a judgement that is none of these answers")
        flow.place(with_action(other, "use_other", self._ask_for_other, about))
        return flow

    def take_focus(self) -> bool:
        """Go to the first button, or to the reason that is being asked for; False if there is nothing to decide."""
        buttons = (*self.findChildren(Button), *self.findChildren(FlatButton))
        stops = (one for one in (self.reason, *buttons) if one is not None and one.isVisible())
        first = next(stops, None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return first is not None

    def _begin(self, voice: Voice) -> None:
        """Ask for the reason in place of the buttons; the judgement counts once it is saved."""
        say = self._wording.texts.gettext
        self._chosen = voice.content
        label = say("Reason for using the answer of {who}").format(who=voice.who)
        self.reason = with_name(LineField(), "judgement_reason", label)
        self.reason.setPlaceholderText(say("Write the reason, then press Enter"))
        self._missing = with_name(Label("", TextRole.CAPTION, colour="danger"), "reason_missing")
        self._missing.hide()
        buttons = Flow(SMALL)
        buttons.place(with_action(Button(say("Save judgement")), "save_judgement", self._save))
        buttons.place(with_action(Button(say("Cancel")), "cancel_judgement", self._cancel))
        self._choices.hide()
        lay_out(self._strip.body, Label(label, TextRole.CAPTION), self.reason, self._missing, buttons)
        self.reason.show()
        self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def _cancel(self) -> None:
        shown, self._shown = self._shown, None
        assert isinstance(shown, tuple), "a strip is shown"
        address, voices, unshown, is_conflict = shown
        self.show_voices(address, self._field, voices, unshown, is_conflict=is_conflict)

    def _save(self) -> None:
        if self._chosen is None or self.reason is None or self._address is None:
            return
        reason = self.reason.text().strip()
        if not reason:
            said = self._wording.texts.gettext("Not saved: a reason is required.")
            self._missing.show_or_hide(said)
            announce(self, said)
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        key = AnswerKey(self._address, AnswerLayer.JUDGEMENT)
        content = judgement_on(self._chosen, self._controller.session.content(key), reason)
        self._chosen = None
        is_stored = self._controller.record(key, content)
        refusal = self._controller.refusal
        self.refused.emit("" if is_stored or refusal is None else refusal.text(self._wording.texts.gettext))

    def flush(self) -> None:
        """Save a judgement whose reason is written, so that nothing typed is lost."""
        if self.reason is not None and self.reason.text().strip():
            self._save()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep the focus in the reason that is asked for: in the question a digit would be an answer."""
        if self.reason is None:
            event.ignore()
        else:
            self.reason.setFocus(Qt.FocusReason.MouseFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focused = self.focusWidget()
        if keys.is_enter(event) and isinstance(focused, Button):
            focused.click()
        elif keys.is_enter(event) and focused is self.reason:
            self._save()
        elif event.key() == Qt.Key.Key_Escape and self._chosen is not None:
            self._cancel()
        else:
            event.ignore()
