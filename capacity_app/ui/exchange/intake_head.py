"""The head of a returned file: its counts, what is doubtful about it, and which agency it is of."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.proposal import Proposal
from capacity_app.domain.returned import Returned
from capacity_app.services.intake import Suggestion, written_agency
from capacity_app.ui.exchange.intake_words import counts_sentence, sender_sentence, suggestion_sentence
from capacity_app.ui.look.alerts import Mark, Tone
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.voice_cards import SideBySide
from capacity_app.ui.registers.entry_words import Vocabulary

NEW_AGENCY = "+"
"""Stands in the picker for an agency the register does not know yet."""
_NAME_LETTERS = 34
_SIDE_LETTERS = 56
"""Letters that the agency and the doubts want beside each other."""


class IntakeHead(Card):
    """What is known of a file as a whole. ``agency_chosen`` tells of another agency, or another name of a new one."""

    agency_chosen = Signal()

    def __init__(self, words: Vocabulary, returned: Returned, chosen: str, suggested: Suggestion | None) -> None:
        super().__init__(margin=MEDIUM)
        self._words, self._returned, self._suggested = words, returned, suggested
        say = words.texts.gettext
        self.setObjectName("intake_head")
        self.body.setSpacing(SMALL)
        self.counts = Words("", Role.HEADING)
        self.counts.setObjectName("intake_counts")
        self.agency = QuietCombo()
        self.agency.setObjectName("intake_agency")
        self.agency.setAccessibleName(say("Agency that gave these answers"))
        self.agency.setMinimumContentsLength(24)
        self.agency.fill(tuple(self._choices()))
        self.agency.setCurrentIndex(max(self.agency.findData(chosen), 0))
        self.agency.currentIndexChanged.connect(lambda _place: self._choose())
        self.name = LineField(written_agency(returned))
        self.name.setObjectName("intake_new_agency")
        self.name.setAccessibleName(say("Name of the new agency"))
        self.name.setPlaceholderText(say("Name of the new agency"))
        self.name.setMinimumWidth(_NAME_LETTERS * self.fontMetrics().averageCharWidth())
        self.name.textChanged.connect(lambda _text: self.agency_chosen.emit())
        self._suggestion = QWidget()
        self.suggest = QPushButton("")
        self._told = QWidget()
        self._lines = QGridLayout(self._told)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setHorizontalSpacing(SMALL)
        self._lines.setVerticalSpacing(TIGHT)
        self._lines.setColumnStretch(1, 1)
        self._lay_out()
        self._choose()

    def _lay_out(self) -> None:
        texts = self._words.texts
        label = Words(texts.gettext("Which agency gave these answers?"), Role.STRONG, wraps=False)
        label.setBuddy(self.agency)
        label.setMinimumHeight(self.agency.sizeHint().height())
        line = Flow(SMALL)
        for part in (label, self.agency, self.name):
            line.place(part)
        self.body.addWidget(self.counts)
        sender = Words(sender_sentence(texts, self._returned), is_muted=True)
        sides = SideBySide(_SIDE_LETTERS)
        self._lay_out_suggestion()
        for side in (_block(line, self._suggestion, sender), _block(self._told)):
            sides.place(side)
        self.body.addWidget(sides)

    def _lay_out_suggestion(self) -> None:
        """Say which agency is likely and why, with the button that chooses it."""
        column = QVBoxLayout(self._suggestion)
        column.setContentsMargins(0, 0, 0, 0)
        if self._suggested is None:
            return
        found = self._suggested
        sentence = Words(suggestion_sentence(self._words, found))
        sentence.setObjectName("intake_suggestion")
        agency = self._words.title_of("agencies", found.agency)
        self.suggest.setText(self._words.texts.gettext("Choose {agency}").format(agency=agency))
        self.suggest.setObjectName("intake_suggest")
        self.suggest.setAutoDefault(False)
        self.suggest.clicked.connect(lambda _on: self.agency.setCurrentIndex(self.agency.findData(found.agency)))
        column.addWidget(sentence)
        column.addWidget(self.suggest, 0, Qt.AlignmentFlag.AlignLeading)

    def _choices(self) -> Iterator[tuple[str, str]]:
        say = self._words.texts.gettext
        yield "", say("Choose the agency…")
        yield from self._words.entries("agencies")
        yield NEW_AGENCY, say("New agency…")

    @property
    def chosen(self) -> str:
        """The id of the agency picked, ``NEW_AGENCY``, or empty while none is or the new one has no name."""
        chosen = str(self.agency.currentData() or "")
        return "" if chosen == NEW_AGENCY and not self.new_name else chosen

    @property
    def new_name(self) -> str:
        return " ".join(self.name.text().split())

    def _choose(self) -> None:
        self.name.setVisible(self.agency.currentData() == NEW_AGENCY)
        self._suggestion.setVisible(self._suggested is not None and not self.agency.currentData())
        self.agency_chosen.emit()

    def show_proposal(self, proposal: Proposal | None, doubts: Iterable[str]) -> None:
        """Show the counts, or that an agency is to be chosen first; below them what is known and what is doubtful."""
        texts = self._words.texts
        choose = texts.gettext("Choose the agency that gave these answers. Then you see what the file would change.")
        self.counts.setText(counts_sentence(texts, proposal) if proposal else choose)
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for doubt in doubts:
            self._add_doubt(doubt)

    def _add_doubt(self, sentence: str) -> None:
        place = self._lines.rowCount()
        mark = Mark(Tone.WARNING.value, "warning", is_small=True)
        self._lines.addWidget(mark, place, 0, Qt.AlignmentFlag.AlignTop)
        self._lines.addWidget(Words(sentence), place, 1)


def _block(*widgets: QWidget) -> QWidget:
    """Put widgets under each other, as one block beside another."""
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(TIGHT)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return block
