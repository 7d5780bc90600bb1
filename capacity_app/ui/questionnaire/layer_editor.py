"""Judging and validating: the same editors as for a response, for the assessor's and the country's layer."""

import re
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.answers import EMPTY, AnswerKey, Content, Layer, State, Value
from capacity_app.domain.effective import Effective
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import SMALL, Role
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.answer_editors import EDITORS
from capacity_app.ui.questionnaire.editor import AnswerEditor, Asked
from capacity_app.ui.questionnaire.keys import Act
from capacity_app.ui.questionnaire.panel import Place
from capacity_app.ui.questionnaire.remark_fields import RemarkField
from capacity_app.ui.questionnaire.state_bar import StateBar
from capacity_app.ui.wording import Wording

_BY_AND_DATE = re.compile(r"(?P<by>.*) \((?P<date>\d{4}(?:-\d{2}){0,2})\)", re.DOTALL)


def validation(by: str, date: str) -> str:
    """Write who validated and when as one reason: "Statistics Office (2018-11-29)"."""
    return f"{by.strip()} ({date.strip()})" if date.strip() else by.strip()


def validated_by(reason: str) -> tuple[str, str]:
    """Read who validated and when, the date empty if there is none."""
    match = _BY_AND_DATE.fullmatch(reason)
    return (match["by"], match["date"]) if match else (reason, "")


def proposed(effective: Effective) -> Content:
    """Give what a judgement or validation begins with: what counts now."""
    if effective.is_open:
        return EMPTY
    return Content(state=effective.state, value=effective.value, reason="", evidence=())


class LayerEditor(QWidget):
    """One layer's answer with its reason. ``emptied`` tells that it was taken back."""

    emptied = Signal()

    def __init__(self, bridge: Bridge, wording: Wording, place: Place, layer: Layer) -> None:
        super().__init__()
        self.bridge, self.wording, self.place = bridge, wording, place
        self.key = AnswerKey(place.address, layer)
        self._is_validation = layer is Layer.VALIDATED
        self._wants_out = False
        texts = wording.texts
        self.editor = self._make_editor()
        acts = (Act.NOT_APPLICABLE, Act.CLEAR)
        self.bar = StateBar(texts, acts, has_typing=True)
        self.bar.asked.connect(self._act)
        why = texts.gettext("Validated by") if self._is_validation else texts.gettext("Why do you judge so?")
        self.reason = RemarkField(why, texts, is_long=not self._is_validation)
        self.reason.written.connect(self._write_reason)
        self.date = RemarkField(texts.gettext("On (2018-11-29, 2018-11 or 2018)"), texts, is_long=False)
        self.date.written.connect(self._write_reason)
        self.problem = Words("", Role.CAPTION)
        self.problem.set_colour("danger")
        self.problem.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        parts = [self.editor, self.bar, self.reason, self.date, self.problem]
        for part in parts:
            if part is not None:
                layout.addWidget(part)
        if not self._is_validation:
            self.date.hide()
        if bridge.session.is_read_only:
            self.setEnabled(False)
        self.refresh()

    def _make_editor(self) -> AnswerEditor | None:
        field = self.place.field
        if field is None:
            return None
        name = f"{self.wording.place(self.place.address)}: {self.wording.respondent(self.key.layer, '')}"
        editor = EDITORS[field.kind](Asked(self.bridge, self.wording, self.place.question, field, name))
        editor.answered.connect(self._answer)
        return editor

    def content(self) -> Content:
        """Give what this layer says now."""
        return self.bridge.session.content(self.key)

    def refresh(self) -> None:
        """Show what this layer says now."""
        content = self.content()
        if self.editor is not None:
            self.editor.show_value(content.value)
        self.bar.show_content(content, is_note_open=False)
        if self._is_validation:
            by, date = validated_by(content.reason)
            self.reason.show_text(by)
            self.date.show_text(date)
        else:
            self.reason.show_text(content.reason)

    def _say(self, content: Content, typing: str = "") -> None:
        is_stored = self.bridge.record(self.key, content, typing)
        refusal = self.bridge.refusal
        self.problem.setText("" if is_stored or refusal is None else refusal.text(self.wording.texts.gettext))
        self.problem.setVisible(bool(self.problem.text()))

    def _answer(self, value: Value, typing: str) -> None:
        state = State.NOT_ASKED if value is None else State.ANSWERED
        self._wants_out = False
        self._say(replace(self.content(), state=state, value=value), typing)

    def _reason(self) -> str:
        if self._is_validation:
            return validation(self.reason.text(), self.date.text())
        return self.reason.text()

    def _write_reason(self, _text: str, typing: str) -> None:
        content = replace(self.content(), reason=self._reason())
        if self._wants_out and content.reason.strip():
            self._wants_out = False
            content = replace(content, state=State.NOT_APPLICABLE, value=None)
        self._say(content, typing)

    def _act(self, act: Act) -> None:
        if act is Act.CLEAR:
            self._say(EMPTY)
            self.emptied.emit()
        elif self._reason().strip():
            self._say(replace(self.content(), state=State.NOT_APPLICABLE, value=None, reason=self._reason()))
        else:
            self._wants_out = True
            self.reason.field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer by key wherever in here the focus is, unless text is being typed."""
        act = keys.act_of(event)
        if self.editor is not None and self.editor.take_key(event):
            return
        if act in {Act.NOT_APPLICABLE, Act.CLEAR}:
            self._act(act)
        else:
            event.ignore()

    def flush(self) -> None:
        """Store typed text now."""
        for part in (self.editor, self.reason, self.date):
            if part is not None:
                part.flush()
