"""What helps to ask and to judge: guidance, the levels of a column, what would show it, definitions."""

from collections.abc import Iterator

from capacity_app.domain.instrument import Concept, Kind
from capacity_app.ui.look.theme import Role
from capacity_app.ui.questionnaire.card_sheet import PROVENANCE_WORDS
from capacity_app.ui.questionnaire.panel import PanelTab, Place


def concepts_at(place: Place, known: dict[str, Concept]) -> Iterator[Concept]:
    """Give the terms a question and row point to, each once."""
    tags = dict.fromkeys([*(place.row.tags if place.row else ()), *place.question.tags])
    return (known[tag] for tag in tags if tag in known)


class GuidanceTab(PanelTab):
    """Read-only text for the place in focus."""

    def fill(self) -> None:
        """Show the guidance."""
        self.clear()
        place = self.place
        if place is None:
            self.line(self.texts.gettext("Go to a question: what helps to answer it stands here."), is_muted=True)
            self.close_off()
            return
        question, wording = place.question, self.wording
        self.block(self.texts.gettext("You can ask"), wording.part(question, "respondent_help"))
        if place.row is not None:
            self.block(wording.place(place.address), wording.row_part(question, place.row, "guidance"))
        if place.column is not None:
            column = place.column
            about = wording.field_part(question, column, "guidance", column.guidance)
            self.block(wording.column(question, column), about)
            self._levels(place)
        self.block(self.texts.gettext("Guidance"), wording.part(question, "guidance"))
        self.block(self.texts.gettext("What would show it"), wording.part(question, "evidence_hint"))
        self._terms(place)
        self.line(self.texts.gettext(PROVENANCE_WORDS[question.provenance]), Role.CAPTION, is_muted=True)
        self.close_off()

    def _levels(self, place: Place) -> None:
        column = place.column
        if column is None or column.kind is not Kind.LEVEL:
            return
        self.heading(self.texts.gettext("The levels"))
        for level, anchor in enumerate(self.wording.anchors(place.question, column)):
            self.line(f"{self.texts.number(level)}   {anchor}")

    def _terms(self, place: Place) -> None:
        concepts = list(concepts_at(place, self.bridge.session.instrument.concept_by_id))
        if not concepts:
            return
        self.heading(self.texts.gettext("Terms"))
        for concept in concepts:
            label, definition = self.wording.concept(concept)
            self.line(label, Role.STRONG)
            self.line(" ".join(definition.split()))
            if concept.source:
                self.line(concept.source, Role.CAPTION, is_muted=True)
