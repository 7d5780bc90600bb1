"""What stands on the scores page before the first answer: how scores come about, and where to begin."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.instrument import Thresholds
from capacity_app.domain.scoring import SectionScore, answers_to
from capacity_app.services.results import Results
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.wording import Wording


class NoScores(ReadingColumn):
    """The empty state. ``wanted`` is the address of the first open answer of a section."""

    wanted = Signal(object)
    start_wanted = Signal()

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._entries: dict[str, SectionScore] = {}
        say = wording.texts.gettext
        thresholds = wording.session.instrument.thresholds
        self.body.addLayout(page_heading(say("No scores yet"), self._rule(thresholds)))
        self.start = QPushButton(say("Go to the questionnaire"))
        self.start.setObjectName("go_to_questionnaire")
        self.start.setDefault(True)
        self.start.clicked.connect(lambda _checked: self.start_wanted.emit())
        self.body.addLayout(row(self.start))
        card = Card(margin=SMALL)
        title = Words(say("How many answers a section needs"), Role.HEADING)
        title.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        self.list = FullList("first_answers", say("Sections and the answers they need"))
        self.list.opened.connect(self._go)
        card.body.addWidget(title)
        card.body.addWidget(self.list)
        self.body.addWidget(card)
        self.body.addStretch(1)

    def _rule(self, thresholds: Thresholds) -> str:
        texts = self._wording.texts
        return texts.gettext(
            "A section gets its score when {provisional} of its weight is answered, a firm one from {firm}. Until then "
            "the interval shows where it can still end up. Every answer counts at once."
        ).format(provisional=texts.percent(thresholds.provisional), firm=texts.percent(thresholds.firm))

    def show_results(self, results: Results) -> None:
        """Show which sections wait for what."""
        self._entries = {entry.section.id: entry for entry in results.scorecard.sections if entry.parts}
        self.list.show_lines([self._line(entry) for entry in self._entries.values()])
        self.list.updateGeometry()

    def _line(self, entry: SectionScore) -> Line:
        texts, thresholds = self._wording.texts, self._wording.session.instrument.thresholds
        count = answers_to(entry, thresholds.provisional)
        sentence = texts.ngettext(
            "{count} answer gives it a score, if it is the one that weighs most.",
            "{count} answers give it a score, those that weigh most first.",
            count,
        )
        title = self._wording.texts.numbered(entry.section.number, self._wording.section(entry.section))
        return Line(entry.section.id, title, sentence.format(count=texts.number(count)))

    def _go(self, section_id: str) -> None:
        parts = self._entries[section_id].parts
        first = next((part for part in parts if part.points is None and not part.is_out), parts[0])
        self.wanted.emit(first.address)
