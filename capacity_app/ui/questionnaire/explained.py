"""Text in which the terms of the glossary can be opened where they stand."""

from collections.abc import Iterator, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.glossary import mentions
from capacity_app.domain.instrument import Concept
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.passage import Passage, Run, Tone, passage
from capacity_app.ui.wording import Wording


def glossary(wording: Wording) -> Mapping[str, str]:
    """Return the terms of the open assessment's glossary by concept."""
    return {concept.id: wording.concept(concept)[0] for concept in wording.session.instrument.concepts}


def _runs(text: str, labels: Mapping[str, str], near: frozenset[str]) -> Iterator[Run]:
    at = 0
    for found in mentions(text, labels, near):
        yield Run(text[at : found.start])
        yield Run(text[found.start : found.end], Tone.TERM, found.concept)
        at = found.end
    yield Run(text[at:])


def flat(text: str) -> str:
    """Return a text of the instrument as one paragraph; its line breaks are those of a text file."""
    return " ".join(text.split())


class Definition(Card):
    """What a term means, and who says so; terms in it can be opened in turn."""

    def __init__(self, wording: Wording, concept: Concept, above: frozenset[str], *, is_named: bool = True) -> None:
        super().__init__(tint="accent_tint", edge="accent_tint", margin=MEDIUM)
        label, definition = wording.concept(concept)
        self.setObjectName(f"definition {concept.id}")
        self.setAccessibleName(label)
        self.body.setSpacing(TIGHT)
        if is_named:
            self.body.addWidget(Words(label, Role.STRONG))
        self.body.addWidget(Explained(wording, flat(definition), label, above=above | {concept.id}))
        if concept.source:
            self.body.addWidget(passage(flat(concept.source), Role.CAPTION, is_muted=True))


class Explained(QWidget):
    """A paragraph with its terms; an opened one is explained below the paragraph until it is closed again.

    ``near`` are the concepts it is about; those ``above`` are being explained already.
    """

    def __init__(
        self,
        wording: Wording,
        text: str,
        name: str,
        *,
        above: frozenset[str] = frozenset(),
        near: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__()
        self._wording, self._above = wording, above
        self._open: dict[str, QWidget] = {}
        labels = {concept: label for concept, label in glossary(wording).items() if concept not in above}
        self.passage = Passage(name)
        self.passage.show_runs(run for run in _runs(text, labels, near) if run.text)
        self.passage.opened.connect(self.toggle)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SMALL)
        self._column.addWidget(self.passage)

    def toggle(self, concept_id: str) -> None:
        """Open a definition, or close it again."""
        known = self._open.pop(concept_id, None)
        if known is not None:
            known.hide()
            known.deleteLater()
            self.passage.setAccessibleDescription("")
            return
        concept = self._wording.session.instrument.concept_by_id[concept_id]
        self._open[concept_id] = self._explanation(concept)
        self._column.addWidget(self._open[concept_id])
        label, definition = self._wording.concept(concept)
        self.passage.setAccessibleDescription(f"{label}: {flat(definition)}")

    def _explanation(self, concept: Concept) -> Definition:
        card = Definition(self._wording, concept, self._above)
        closer = QuietButton(self._wording.texts.gettext("Close"))
        label = self._wording.concept(concept)[0]
        closer.setAccessibleName(self._wording.texts.gettext("Close “{term}”").format(term=label))
        closer.clicked.connect(lambda: self._close(concept.id))
        card.body.addWidget(closer, 0, Qt.AlignmentFlag.AlignLeading)
        return card

    def _close(self, concept_id: str) -> None:
        self.passage.setFocus(Qt.FocusReason.OtherFocusReason)
        self.toggle(concept_id)


class Term(QWidget):
    """A term one can open: its name, and below it, once opened, what it means."""

    def __init__(self, wording: Wording, concept: Concept) -> None:
        super().__init__()
        self._wording, self._concept = wording, concept
        self._definition: Definition | None = None
        label, _ = wording.concept(concept)
        self.opener = Opener(f"term {concept.id}")
        self.opener.setAccessibleName(label)
        self.opener.body.addWidget(Words(label))
        self.opener.toggled.connect(self._show)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(TIGHT)
        self._column.addWidget(self.opener)

    def _show(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        if self._definition is None:
            self._definition = Definition(self._wording, self._concept, frozenset(), is_named=False)
            self._column.addWidget(self._definition)
        self._definition.setVisible(is_open)
        self.opener.setAccessibleDescription(flat(self._wording.concept(self._concept)[1]) if is_open else "")
