"""What helps to ask and to judge: guidance with its terms that open where they stand, levels, definitions."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import effective_answer
from capacity_app.domain.questionnaire.instrument import Concept, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.search import find_terms
from capacity_app.domain.scoring.answer_sheet import earned_points
from capacity_app.ui.pages.answer.presentation_view import PRESENTATION_KEY, open_presentation
from capacity_app.ui.question_widgets.panel_parts import (
    FocusedPlace,
    PanelTab,
    as_one_paragraph,
    concepts_at,
    glossary_by_concept,
)
from capacity_app.ui.question_widgets.question_parts import PROVENANCE_LABELS
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import discard, lay_out, with_action, with_name
from capacity_app.ui.widgets.running_text import RunningText, TextRun, TextRunTone, plain_running_text

# Text in which the terms of the glossary can be opened where they stand.


def _runs(text: str, labels: Mapping[str, str], near: frozenset[str]) -> Iterator[TextRun]:
    at = 0
    for found in find_terms(text, labels, near):
        yield TextRun(text[at : found.start])
        yield TextRun(text[found.start : found.end], TextRunTone.TERM, found.concept)
        at = found.end
    yield TextRun(text[at:])


class GlossaryDefinition(Card):
    """What a term means, and who says so; terms in it can be opened in turn."""

    def __init__(
        self, wording: SessionFormatter, concept: Concept, above: frozenset[str], *, is_named: bool = True
    ) -> None:
        super().__init__(tint="accent_tint", edge="accent_tint", margin=MEDIUM, spacing=TIGHT)
        label, definition = wording.concept(concept)
        self.setObjectName(f"definition {concept.id}")
        self.setAccessibleName(label)
        if is_named:
            self.body.addWidget(Label(label, TextRole.STRONG))
        self.body.addWidget(GlossaryText(wording, as_one_paragraph(definition), label, above=above | {concept.id}))
        if concept.source:
            self.body.addWidget(plain_running_text(as_one_paragraph(concept.source), TextRole.CAPTION, is_muted=True))


class GlossaryText(QWidget):
    """A paragraph with its terms; an opened one is explained below the paragraph until it is closed again.

    ``near`` are the concepts it is about; those ``above`` are being explained already.
    """

    def __init__(
        self,
        wording: SessionFormatter,
        text: str,
        name: str,
        *,
        above: frozenset[str] = frozenset(),
        near: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self._wording, self._above = wording, above
        self._open: dict[str, QWidget] = {}
        labels = {concept: label for concept, label in glossary_by_concept(wording).items() if concept not in above}
        self.passage = RunningText(name)
        self.passage.show_runs(run for run in _runs(text, labels, near) if run.text)
        self.passage.opened.connect(self.toggle)
        self._column = lay_out(QVBoxLayout(self), self.passage, margins=0, spacing=SMALL)

    def toggle(self, concept_id: str) -> None:
        known = self._open.pop(concept_id, None)
        if known is not None:
            discard(known)
            self.passage.setAccessibleDescription("")
            return
        concept = self._wording.session.instrument.concept_by_id[concept_id]
        self._open[concept_id] = self._explanation(concept)
        self._column.addWidget(self._open[concept_id])
        label, definition = self._wording.concept(concept)
        self.passage.setAccessibleDescription(f"{label}: {as_one_paragraph(definition)}")

    def _explanation(self, concept: Concept) -> GlossaryDefinition:
        card = GlossaryDefinition(self._wording, concept, self._above)
        closer = FlatButton(self._wording.texts.gettext("Close"))
        label = self._wording.concept(concept)[0]
        closer.setAccessibleName(self._wording.texts.gettext("Close “{term}”").format(term=label))
        closer.clicked.connect(lambda: self._close(concept.id))
        card.body.addWidget(closer, 0, Qt.AlignmentFlag.AlignLeading)
        return card

    def _close(self, concept_id: str) -> None:
        self.passage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.toggle(concept_id)


class GlossaryTermBlock(QWidget):
    """A term one can open: its name, and below it, once opened, what it means."""

    def __init__(self, wording: SessionFormatter, concept: Concept) -> None:
        super().__init__()
        self._wording, self._concept = wording, concept
        self._definition: GlossaryDefinition | None = None
        label, _ = wording.concept(concept)
        self.opener = Disclosure(f"term {concept.id}")
        self.opener.setAccessibleName(label)
        self.opener.body.addWidget(Label(label))
        self.opener.toggled.connect(self._show)
        self._column = lay_out(QVBoxLayout(self), self.opener, margins=0, spacing=TIGHT)

    def _show(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        if self._definition is None:
            self._definition = GlossaryDefinition(self._wording, self._concept, frozenset(), is_named=False)
            self._column.addWidget(self._definition)
        self._definition.setVisible(is_open)
        self.opener.setAccessibleDescription(
            as_one_paragraph(self._wording.concept(self._concept)[1]) if is_open else ""
        )


class GuidanceTab(PanelTab):
    """Help for the place in focus."""

    _shown: tuple[FocusedPlace | None, int | None] | None = None

    def fill(self) -> None:
        """Show the guidance; what one has opened stays open while place and level stay."""
        place = self.place
        field = self._measured(place) if place is not None else None
        shown = (place, self._level(place, field) if place is not None and field is not None else None)
        if shown == self._shown:
            return
        self._shown = shown
        self.clear()
        if place is None:
            self.line(self.texts.gettext("Go to a question to see its help here."), is_muted=True)
            self.close_off()
            return
        question, wording = place.question, self.wording
        self._offer_presentation(place)
        self._explain(self.texts.gettext("Suggested wording"), wording.part(question, "respondent_help"))
        if place.row is not None:
            self._explain(wording.place(place.address), wording.row_part(question, place.row, "definition"))
        if place.column is not None:
            column = place.column
            about = wording.field_part(question, column, "definition", column.definition)
            self._explain(wording.column(question, column), about)
            self._levels(place)
        self._explain(self.texts.gettext("Definition"), wording.part(question, "definition"))
        self._explain(
            self.texts.gettext("Note for the officer"), wording.officer_note(question, place.row, place.column)
        )
        self._explain(self.texts.gettext("Evidence to look for"), wording.part(question, "evidence_hint"))
        self._next_step(place)
        self._terms(place)
        self.line(self.texts.gettext(PROVENANCE_LABELS[question.provenance]), TextRole.CAPTION, is_muted=True)
        self.close_off()

    def _offer_presentation(self, place: FocusedPlace) -> None:
        """Offer to show the question in large letters, in the language of the interview."""
        button = FlatButton(self.texts.gettext("Show to respondents"))
        about = self.texts.gettext("Show this question in large letters, in the language of the interview")
        button.setAccessibleName(about)
        button.setToolTip(f"{about} ({PRESENTATION_KEY})")
        with_action(button, "show_to_room", lambda: open_presentation(self.wording, place, self))
        self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)

    def _explain(self, heading: str, text: str) -> None:
        if text.strip():
            self.heading(heading)
            known = self.controller.session.instrument.concept_by_id
            near = frozenset(concept.id for concept in concepts_at(self.place, known)) if self.place else frozenset()
            explained = with_name(GlossaryText(self.wording, as_one_paragraph(text), heading, near=near), "explained")
            self.body.addWidget(explained)

    def _levels(self, place: FocusedPlace) -> None:
        column = place.column
        if column is None or column.kind is not AnswerKind.LEVEL:
            return
        self.heading(self.texts.gettext("The levels"))
        for level, anchor in enumerate(self.wording.anchors(place.question, column)):
            self.line(f"{self.texts.number(level)}   {anchor}")

    def _next_step(self, place: FocusedPlace) -> None:
        """Say what leads to the next level, or while nothing is answered, what leads to each."""
        field = self._measured(place)
        if field is None:
            return
        level = self._level(place, field)
        steps = range(len(field.actions)) if level is None else range(level, min(level + 1, len(field.actions)))
        if not steps:
            return
        is_known = level is not None
        self.heading(self.texts.gettext("Next step") if is_known else self.texts.gettext("From level to level"))
        for step in steps:
            action = self.wording.field_part(place.question, field, f"action {step + 1}", field.actions[step])
            sentence = self.texts.gettext("To level {level}: {action}")
            self.line(sentence.format(level=self.texts.number(step + 1), action=as_one_paragraph(action)))

    def _measured(self, place: FocusedPlace) -> QuestionField | None:
        """Find the field whose steps are suggested: the cell's own, or that of the row's supply."""
        columns = (column for column in place.question.columns if column.actions)
        candidates = (place.column, place.field, next(columns, None) if place.row else None)
        return next((field for field in candidates if field is not None and field.actions), None)

    def _level(self, place: FocusedPlace, field: QuestionField) -> int | None:
        sheet = self.controller.session.sheet
        for item in sheet.blocks[place.question.id].items:
            if item.field is field and item.row is place.row:
                found = effective_answer(self.controller.session.answers_at(item.address), field)
                required = item.row.required.get(field.id, ()) if item.row else ()
                points = None if found.is_open else earned_points(field, found.value, required)
                return None if points is None else int(points * field.top_level)
        return None

    def _terms(self, place: FocusedPlace) -> None:
        concepts = list(concepts_at(place, self.controller.session.instrument.concept_by_id))
        if not concepts:
            return
        self.heading(self.texts.gettext("Definitions"))
        for concept in concepts:
            self.body.addWidget(GlossaryTermBlock(self.wording, concept))
