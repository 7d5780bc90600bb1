"""All answers at a place side by side, the assessor's judgement, the country's validation, the round before."""

from PySide6.QtWidgets import QPushButton

from capacity_app.domain.answers import Answer, AnswerKey, Content, Layer, State
from capacity_app.domain.checking import locate
from capacity_app.domain.effective import effective
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.theme import Role
from capacity_app.ui.questionnaire.layer_editor import LayerEditor, proposed
from capacity_app.ui.questionnaire.panel import PanelTab, Place
from capacity_app.ui.wording import Wording


class AnswersTab(PanelTab):
    """Who said what, and what follows from it."""

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__(bridge, wording)
        self._editors: dict[Layer, LayerEditor] = {}
        self._shown_for: Place | None = None

    def fill(self) -> None:
        """Show all answers; a field one is typing in stays as it is."""
        place = self.place
        if place is not None and self.is_typed_in() and self._editors and self._shown_for == place:
            for editor in self._editors.values():
                editor.refresh()
            return
        self.clear()
        self._editors = {}
        self._shown_for = place
        if place is None:
            self.line(self.texts.gettext("Go to a question to see who answered what."), is_muted=True)
            self.close_off()
            return
        answers = self.bridge.session.answers_at(place.address)
        self._responses(place, answers)
        if place.field is not None:
            self._layer(place, Layer.JUDGEMENT)
            self._layer(place, Layer.VALIDATED)
        self._previous(place)
        self.close_off()

    def _responses(self, place: Place, answers: tuple[Answer, ...]) -> None:
        self.heading(self.texts.gettext("What the agencies said"))
        given = [a for a in answers if a.key.layer is Layer.RESPONSE and not a.content.is_empty]
        if not given:
            self.line(self.texts.gettext("Nobody has answered yet."), is_muted=True)
        if place.field is not None and effective(answers, place.field).conflict:
            said = self.texts.gettext("≠ The answers differ: judge what counts, or ask again.")
            self.line(said).set_colour("warning")
        for answer in given:
            self.body.addSpacing(2)
            self.line(self.wording.agency(answer.key.respondent), Role.STRONG)
            self.line(self._said(place, answer.content))
            self._attached(answer.content)

    def _said(self, place: Place, content: Content) -> str:
        said = self.wording.content(place.question, place.field, content)
        return said or self.wording.state(State.NOT_ASKED)

    def _attached(self, content: Content) -> None:
        count = len(content.evidence)
        if content.note:
            self.line(content.note, Role.CAPTION, is_muted=True)
        if count:
            said = self.texts.ngettext("{count} piece of evidence", "{count} pieces of evidence", count)
            self.line(said.format(count=self.texts.number(count)), Role.CAPTION, is_muted=True)

    def _layer(self, place: Place, layer: Layer) -> None:
        self.heading(self.wording.respondent(layer, ""))
        content = self.bridge.session.content(AnswerKey(place.address, layer))
        if not content.is_empty:
            self._open(place, layer)
            return
        label = {
            Layer.JUDGEMENT: self.texts.gettext("Judge this answer…"),
            Layer.VALIDATED: self.texts.gettext("The country confirms it…"),
        }[layer]
        button = QPushButton(label)
        button.setObjectName(f"begin {layer.value}")
        button.setEnabled(not self.bridge.session.is_read_only)
        button.clicked.connect(lambda: self._begin(place, layer, button))
        self.body.addWidget(button)

    def _begin(self, place: Place, layer: Layer, button: QPushButton) -> None:
        """Begin with what counts now; where answers differ, with nothing."""
        content = proposed(effective(self.bridge.session.answers_at(place.address), place.field))
        if content.state is State.ANSWERED:
            self.bridge.record(AnswerKey(place.address, layer), content)
        at = self.body.indexOf(button)
        if at < 0:  # recording has shown the tab anew, with the editor in it
            editor = self._editors.get(layer)
        else:
            button.hide()
            editor = self._open(place, layer, at)
        if editor is not None:
            target = editor.reason if content.state is State.ANSWERED else (editor.editor or editor.reason)
            target.setFocus()

    def _open(self, place: Place, layer: Layer, at: int = -1) -> LayerEditor:
        editor = LayerEditor(self.bridge, self.wording, place, layer)
        editor.emptied.connect(self._emptied)
        self._editors[layer] = editor
        self.body.insertWidget(at if at >= 0 else self.body.count(), editor)
        editor.show()  # a layout shows it only later, and until then it takes no focus
        return editor

    def _emptied(self) -> None:
        self.setFocus()
        self._shown_for = None
        self.go_stale()

    def _previous(self, place: Place) -> None:
        previous = self.bridge.session.previous
        if previous is None:
            return
        target = locate(previous.instrument, place.address)
        answers = previous.by_address.get(place.address, [])
        self.heading(self.texts.gettext("In the round before ({round})").format(round=previous.mission.round))
        if target is None:
            self.line(self.texts.gettext("The question was not asked then."), is_muted=True)
            return
        said = effective(answers, target.field)
        value = Content(
            state=said.state, value=said.value if said.state is State.ANSWERED else None, reason=said.reason
        )
        words = self.wording.content(target.question, target.field, value)
        self.line(words or self.wording.state(State.NOT_ASKED), is_muted=not words)

    def flush(self) -> None:
        """Store typed text now."""
        for editor in self._editors.values():
            editor.flush()
