"""What helps to ask and to judge: guidance with its terms, levels, the next step, what would show it, definitions."""

from collections.abc import Iterator

from PySide6.QtCore import Qt

from capacity_app.domain.effective import effective
from capacity_app.domain.instrument import TOP_LEVEL, Concept, Field, Kind
from capacity_app.domain.sheet import points_of
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import Role
from capacity_app.ui.questionnaire.card_sheet import PROVENANCE_WORDS
from capacity_app.ui.questionnaire.explained import Explained, Term, flat
from capacity_app.ui.questionnaire.panel import PanelTab, Place
from capacity_app.ui.questionnaire.room_opening import ROOM_KEY, open_room


def concepts_at(place: Place, known: dict[str, Concept]) -> Iterator[Concept]:
    """Yield the terms a question and row point to, each once."""
    tags = dict.fromkeys([*(place.row.tags if place.row else ()), *place.question.tags])
    return (known[tag] for tag in tags if tag in known)


class GuidanceTab(PanelTab):
    """Help for the place in focus."""

    _shown: tuple[Place | None, int | None] | None = None

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
            self.line(self.texts.gettext("Go to a question: what helps to answer it stands here."), is_muted=True)
            self.close_off()
            return
        question, wording = place.question, self.wording
        self._offer_room(place)
        self._explain(self.texts.gettext("You can ask"), wording.part(question, "respondent_help"))
        if place.row is not None:
            self._explain(wording.place(place.address), wording.row_part(question, place.row, "guidance"))
        if place.column is not None:
            column = place.column
            about = wording.field_part(question, column, "guidance", column.guidance)
            self._explain(wording.column(question, column), about)
            self._levels(place)
        self._explain(self.texts.gettext("Guidance"), wording.part(question, "guidance"))
        self._explain(self.texts.gettext("What would show it"), wording.part(question, "evidence_hint"))
        self._next_step(place)
        self._terms(place)
        self.line(self.texts.gettext(PROVENANCE_WORDS[question.provenance]), Role.CAPTION, is_muted=True)
        self.close_off()

    def _offer_room(self, place: Place) -> None:
        """Offer to show the question in large letters, in the language of the interview."""
        button = QuietButton(self.texts.gettext("Show large"), ROOM_KEY)
        about = self.texts.gettext("Show to the people across the table")
        button.setAccessibleName(about)
        button.setToolTip(f"{about} ({ROOM_KEY})")
        button.setObjectName("show_to_room")
        button.clicked.connect(lambda _on=False: open_room(self.wording, place, self))
        self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeading)

    def _explain(self, heading: str, text: str) -> None:
        """Add a heading with its text, if there is any; terms in it can be opened."""
        if text.strip():
            self.heading(heading)
            known = self.bridge.session.instrument.concept_by_id
            near = frozenset(concept.id for concept in concepts_at(self.place, known)) if self.place else frozenset()
            explained = Explained(self.wording, flat(text), heading, near=near)
            explained.setObjectName("explained")
            self.body.addWidget(explained)

    def _levels(self, place: Place) -> None:
        column = place.column
        if column is None or column.kind is not Kind.LEVEL:
            return
        self.heading(self.texts.gettext("The levels"))
        for level, anchor in enumerate(self.wording.anchors(place.question, column)):
            self.line(f"{self.texts.number(level)}   {anchor}")

    def _next_step(self, place: Place) -> None:
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
            self.line(sentence.format(level=self.texts.number(step + 1), action=flat(action)))

    def _measured(self, place: Place) -> Field | None:
        """Find the field whose steps are suggested: the cell's own, or that of the row's supply."""
        columns = (column for column in place.question.columns if column.actions)
        candidates = (place.column, place.field, next(columns, None) if place.row else None)
        return next((field for field in candidates if field is not None and field.actions), None)

    def _level(self, place: Place, field: Field) -> int | None:
        sheet = self.bridge.session.sheet
        for item in sheet.blocks[place.question.id].items:
            if item.field is field and item.row is place.row:
                found = effective(self.bridge.session.answers_at(item.address), field)
                required = item.row.required.get(field.id, ()) if item.row else ()
                points = None if found.is_open else points_of(field, found.value, required)
                return None if points is None else int(points * TOP_LEVEL)
        return None

    def _terms(self, place: Place) -> None:
        concepts = list(concepts_at(place, self.bridge.session.instrument.concept_by_id))
        if not concepts:
            return
        self.heading(self.texts.gettext("Terms"))
        for concept in concepts:
            self.body.addWidget(Term(self.wording, concept))
