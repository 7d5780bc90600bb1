"""Judging and validating: the same editors as for a response, for the assessor's and the country's layer.

Neither counts unsigned: a judgement needs its reason, a validation needs who confirms it. Until then what was chosen
is a draft, shown as one and kept while the assessment is open.
"""

import re
from collections.abc import MutableMapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.assessment.registers import Person
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.choice_editors import answer_editor
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace, format_evidence, format_time_and_author
from capacity_app.ui.question_widgets.question_parts import RemarkField, StateBar, with_unread
from capacity_app.ui.question_widgets.typed_editors import (
    DATE_FIELD,
    AnswerEditor,
    EditedField,
    parse_date,
    parse_typed,
    placeholder_of,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TIGHT, TextRole
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.date_field import DateEdit, calendar_button
from capacity_app.ui.widgets.keys import AnswerAction
from capacity_app.ui.widgets.layouts import lay_out
from capacity_app.ui.widgets.running_text import RunningText
from capacity_app.ui.widgets.text_fields import AutocompleteField, set_text_silently

Drafts = MutableMapping[AnswerKey, Content]
"""What was chosen and waits for its signature."""

_BY_AND_DATE = re.compile(r"(?P<by>.*) \((?P<date>\d{4}(?:-\d{2}){0,2})\)", re.DOTALL)
_UNSIGNED = {
    AnswerLayer.JUDGEMENT: N_("Not saved: a reason is required."),
    AnswerLayer.VALIDATED: N_("Not saved: say who validated the answer."),
}
_WITHOUT = {
    AnswerLayer.JUDGEMENT: N_("This judgement has no reason. Write one."),
    AnswerLayer.VALIDATED: N_("Nobody is named who validated this answer. Name the person or agency."),
}
_STILL = {
    AnswerLayer.JUDGEMENT: N_("A judgement needs a reason. The earlier reason still counts."),
    AnswerLayer.VALIDATED: N_("A validation needs a name. The earlier name still counts."),
}


class LabelledDate(QWidget):
    """A labelled date (ISO 8601). ``written`` tells that another one stands there, with the mark of the typing."""

    written = Signal(str, str)

    def __init__(self, label: str, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        line_field = DateEdit(texts, lambda typed: parse_date(typed, texts))
        self.typed = RemarkField(label, texts, is_long=False, field=line_field)
        self.typed.field.setPlaceholderText(placeholder_of(DATE_FIELD, texts))
        self.typed.written.connect(self._read)
        line_field.picked.connect(self.typed.flush)
        self.picker = calendar_button(line_field, label, texts)
        self.picker.setObjectName("pick_date")
        self.advice = Label("", TextRole.CAPTION, colour="danger")
        self.advice.hide()
        self._date = ""
        line = lay_out(QHBoxLayout(), (self.typed, 1), (self.picker, 0, Qt.AlignmentFlag.AlignBottom), spacing=TIGHT)
        lay_out(QVBoxLayout(self), line, self.advice, margins=0, spacing=TIGHT)
        self.setFocusProxy(self.typed)

    def _read(self, text: str, typing: str) -> None:
        value, problem = parse_typed(DATE_FIELD, text, self._texts)
        self.advice.show_or_hide(problem)
        if problem:
            self.typed.show_unstored()
            return
        self._take(str(value or ""), typing)

    def _take(self, date: str, typing: str) -> None:
        shown = self._texts.short_date(date)
        if shown != self.typed.text().strip() and not self.typed.field.hasFocus():
            set_text_silently(self.typed.field, shown)
        if date != self._date:
            self._date = date
            self.written.emit(date, typing)

    def text(self) -> str:
        """Return the date; what is typed and cannot be read is no date yet."""
        return self._date

    def show_text(self, date: str) -> None:
        """Show a date, unless another one is being typed."""
        self._date = date
        self.typed.show_text(self._texts.short_date(date))

    def flush(self) -> None:
        self.typed.flush()


def format_person(person: Person, wording: SessionFormatter) -> str:
    agency = wording.agency(person.agency) if person.agency else ""
    return wording.texts.listed(part for part in (person.name, person.position, agency) if part)


class PersonField(RemarkField):
    """A labelled name."""

    def __init__(self, label: str, texts: Translator, controller: SessionController, wording: SessionFormatter) -> None:
        self._controller, self._wording = controller, wording
        finder = AutocompleteField(self._people, texts.gettext("“{name}”, as typed"), is_free_text=True)
        finder.setPlaceholderText(texts.gettext("Type a name, or pick one of the people met"))
        finder.picked.connect(self._pick)
        finder.new_entry_wanted.connect(self._take)
        super().__init__(label, texts, is_long=False, field=finder)
        self.finder = finder

    def _rested(self) -> None:
        # While there is something to pick, what is typed is a search; it is stored when the field is left.
        if not self.finder.is_list_open:
            self.flush()

    def _people(self) -> list[tuple[str, str]]:
        people = (entry for entry in self._controller.session.entries("people") if isinstance(entry, Person))
        return [(person.id, format_person(person, self._wording)) for person in people]

    def _pick(self, person_id: str) -> None:
        person = self._controller.session.entry("people", person_id)
        if isinstance(person, Person):
            self._take(format_person(person, self._wording))

    def _take(self, name: str) -> None:
        self.finder.setText(name)
        self.flush()


def format_validation(by: str, date: str) -> str:
    """Write who validated and when as one reason: "Statistics Office (2018-11-29)"."""
    return f"{by.strip()} ({date.strip()})" if date.strip() else by.strip()


def parse_validation(reason: str) -> tuple[str, str]:
    """Read who validated and when, the date empty if there is none."""
    match = _BY_AND_DATE.fullmatch(reason)
    return (match["by"], match["date"]) if match else (reason, "")


def initial_content(effective: EffectiveAnswer) -> Content:
    """Return what a judgement or validation begins with: what counts now."""
    if effective.is_open:
        return EMPTY_CONTENT
    return Content(state=effective.state, value=effective.value, reason="", evidence=())


class JudgementEditor(QWidget):
    """One layer's answer with its signature. ``emptied`` tells that it was taken back."""

    emptied = Signal()

    def __init__(
        self,
        controller: SessionController,
        wording: SessionFormatter,
        place: FocusedPlace,
        layer: AnswerLayer,
        drafts: Drafts,
    ) -> None:
        super().__init__()
        self.controller, self.wording, self.place = controller, wording, place
        self.key = AnswerKey(place.address, layer)
        self._drafts = drafts
        self._is_validation = layer is AnswerLayer.VALIDATED
        self.setObjectName(f"edit {layer.value}")
        self.editor = self._make_editor()
        self.bar = StateBar(wording.texts, (AnswerAction.NOT_APPLICABLE, AnswerAction.CLEAR), has_typing=True)
        withdraw = self.bar.buttons[AnswerAction.CLEAR]
        withdraw.setObjectName(f"withdraw {layer.value}")
        is_judgement = layer is AnswerLayer.JUDGEMENT
        label = N_("Withdraw judgement") if is_judgement else N_("Withdraw validation")
        withdraw.show_word(wording.texts.gettext(label))
        withdraw.setToolTip("")
        self.bar.asked.connect(self._act)
        self.reason = self._make_reason()
        self.reason.written.connect(self._write_reason)
        self.date = LabelledDate(wording.texts.gettext("On"), wording.texts)
        self.date.written.connect(self._write_reason)
        if not self._is_validation:
            self.date.hide()
        self.problem = Label("", TextRole.CAPTION, colour="warning")
        self.problem.hide()
        self.support = RunningText("", TextRole.CAPTION, is_muted=True)
        self._lay_out()
        self.setEnabled(not controller.session.is_read_only)
        self.refresh()

    def _make_editor(self) -> AnswerEditor | None:
        field = self.place.field
        if field is None:
            return None
        name = f"{self.wording.place(self.place.address)}: {self.wording.respondent(self.key.layer, '')}"
        editor = answer_editor(EditedField(self.controller, self.wording, self.place.question, field, name))
        editor.answered.connect(self._answer)
        editor.unread.connect(self._keep_unread)
        return editor

    def _make_reason(self) -> RemarkField:
        texts = self.wording.texts
        if self._is_validation:
            return PersonField(texts.gettext("Validated by"), texts, self.controller, self.wording)
        return RemarkField(texts.gettext("Reason"), texts, is_long=True)

    def _lay_out(self) -> None:
        column = lay_out(QVBoxLayout(self), margins=0, spacing=SMALL)
        for part in (self.editor, self.reason, self.date, self.problem, self.support, self.bar):
            if part is not None:
                column.addWidget(part)

    def content(self) -> Content:
        return self._drafts.get(self.key) or self.controller.session.content(self.key)

    @property
    def is_draft(self) -> bool:
        return self.key in self._drafts

    def refresh(self) -> None:
        content = self.content()
        if self.editor is not None:
            self.editor.show_value(content.value)
        self.bar.show_content(content, is_note_open=False)
        if self._is_validation:
            by, date = parse_validation(content.reason)
            self.reason.show_text(by)
            if not self.is_draft or date:
                self.date.show_text(date)
        else:
            self.reason.show_text(content.reason)
        self._show_whether_recorded(content)
        self._show_support()

    def _show_support(self) -> None:
        answers = self.controller.session.answers_at(self.place.address)
        stored = next((answer for answer in answers if answer.key == self.key), None)
        lines = []
        if stored is not None:
            support = format_evidence(stored.content.evidence, self.wording) or self.wording.evidence_grade(0)
            note = self.wording.texts.gettext("Note: {text}").format(text=stored.content.note)
            when = format_time_and_author(stored.time, stored.author, self.wording)
            lines = [note, support, when] if stored.content.note else [support, when]
        self.support.show_text("\n".join(lines))
        self.support.setVisible(bool(lines))

    def _show_whether_recorded(self, content: Content) -> None:
        is_given = content.state is not AnswerState.NOT_ASKED
        sentence = ""
        if self.is_draft:
            sentence = _UNSIGNED[self.key.layer]
        elif is_given and not content.reason.strip():
            sentence = _WITHOUT[self.key.layer]
        self._show_problem(self.wording.texts.gettext(sentence) if sentence else "")

    def _show_problem(self, sentence: str) -> None:
        self.problem.show_or_hide(sentence)

    def propose(self, content: Content, by: str = "", date: str = "") -> None:
        if self._is_validation:
            self.reason.show_text(by)
            self.date.show_text(date)
        else:
            content = replace(content, reason=content.reason or self._reason())
        self._say(replace(content, reason=content.reason or self._reason()))
        self.refresh()

    def _reason(self) -> str:
        if self._is_validation:
            by = self.reason.text().strip()
            return format_validation(by, self.date.text()) if by else ""
        return self.reason.text().strip()

    def _say(self, content: Content, typing: str = "") -> None:
        if content.state is not AnswerState.NOT_ASKED and not content.reason.strip():
            self._drafts[self.key] = content
            self._show_whether_recorded(content)
            return
        self._drafts.pop(self.key, None)
        if self.controller.record(self.key, content, typing):
            self._show_whether_recorded(content)
        elif self.controller.refusal is not None:
            self._show_problem(self.controller.refusal.text(self.wording.texts.gettext))

    def _answer(self, value: AnswerValue, typing: str) -> None:
        state = AnswerState.NOT_ASKED if value is None else AnswerState.ANSWERED
        self._say(replace(self.content(), state=state, value=value, reason=self._reason()), typing)
        self.bar.show_content(self.content(), is_note_open=False)
        if self.is_draft and self.editor is not None:
            self.editor.show_value(value)

    def _keep_unread(self, text: str, typing: str) -> None:
        self._say(with_unread(self.content(), text), typing)

    def _write_reason(self, _text: str, typing: str) -> None:
        stored, reason = self.controller.session.content(self.key), self._reason()
        if not reason and not self.is_draft and stored.state is not AnswerState.NOT_ASKED and stored.reason:
            self.reason.show_unstored()
            self._show_problem(self.wording.texts.gettext(_STILL[self.key.layer]))
            return
        self._say(replace(self.content(), reason=reason), typing)

    def _act(self, act: AnswerAction) -> None:
        if act is AnswerAction.CLEAR:
            self._drafts.pop(self.key, None)
            self.reason.forget()
            self.date.typed.forget()
            self.controller.record(self.key, EMPTY_CONTENT)
            self.emptied.emit()
            return
        self._say(replace(self.content(), state=AnswerState.NOT_APPLICABLE, value=None, reason=self._reason()))
        self.refresh()
        if self.is_draft:
            self.reason.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = keys.action_of(event)
        if self.editor is not None and self.editor.take_key(event):
            return
        if act in {AnswerAction.NOT_APPLICABLE, AnswerAction.CLEAR}:
            self._act(act)
        else:
            event.ignore()

    def flush(self) -> None:
        for part in (self.editor, self.reason, self.date):
            if part is not None:
                part.flush()
