"""What helps to ask and to judge: guidance, levels, and the definitions of its terms."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import effective_answer
from capacity_app.domain.questionnaire.instrument import Concept, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import earned_points
from capacity_app.ui.question_widgets.panel_cards import PanelTab, as_one_paragraph, concepts_for
from capacity_app.ui.question_widgets.panel_parts import FocusedPlace
from capacity_app.ui.question_widgets.question_parts import PROVENANCE_LABELS
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, TIGHT, TextRole
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.running_text import plain_running_text


class GlossaryTermBlock(QWidget):
    """A term one can open: its name, and below it, once opened, what it means and who says so."""

    def __init__(self, wording: SessionFormatter, concept: Concept) -> None:
        super().__init__()
        label, definition = map(as_one_paragraph, wording.concept(concept))
        self.opener = Disclosure(f"term {concept.id}")
        self.opener.setAccessibleName(label)
        self.opener.body.addWidget(Label(label))
        meaning = Card(plain_running_text(definition), tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        if concept.source:
            source = as_one_paragraph(concept.source)
            meaning.body.addWidget(plain_running_text(source, TextRole.CAPTION, is_muted=True))
        meaning.hide()
        self.opener.toggled.connect(meaning.setVisible)
        self.opener.toggled.connect(lambda is_open: self.opener.setAccessibleDescription(definition if is_open else ""))
        lay_out(QVBoxLayout(self), self.opener, meaning, margins=0, spacing=TIGHT)


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
        self._said: list[str] = []
        if place is None:
            self.line(self.texts.gettext("Go to a question to see its help here."), is_muted=True)
            self.close_off()
            return
        question, wording = place.question, self.wording
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

    def _explain(self, heading: str, text: str) -> None:
        if text.strip():
            self.heading(heading)
            self._said.append(as_one_paragraph(text))
            self.body.addWidget(with_name(plain_running_text(self._said[-1], name=heading), "explained"))

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
        """List the terms of the question and of the help, and those in their definitions."""
        concepts = concepts_for(self.wording, place, self._said)
        self._said += [self.wording.concept(one)[1] for one in concepts]
        concepts = concepts_for(self.wording, place, self._said)
        if concepts:
            self.heading(self.texts.gettext("Definitions"))
        for concept in concepts:
            self.body.addWidget(GlossaryTermBlock(self.wording, concept))
