"""The scores page: the overall score with its doubts, every section with its interval, and the arithmetic of each."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget

from capacity_app.services.results import results_of
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.freshness import Freshness
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import ReadingColumn, page_heading, row
from capacity_app.ui.look.theme import WIDE
from capacity_app.ui.scores.method_card import MethodCard
from capacity_app.ui.scores.no_scores import NoScores
from capacity_app.ui.scores.overall_card import OverallCard
from capacity_app.ui.scores.sections_card import SectionsCard
from capacity_app.ui.scores.weights_card import WeightsCard
from capacity_app.ui.shell.settings import Settings
from capacity_app.ui.wording import Wording

_WIDTH = 1040


class ScoresPage(QStackedWidget):
    """All scores; computed when shown, and again after a change while shown. ``navigate`` carries an address."""

    navigate = Signal(object)
    start_wanted = Signal()
    rounds_wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts, settings: Settings) -> None:
        super().__init__()
        self._bridge, self._texts, self._settings = bridge, texts, settings
        self._fresh = Freshness(self, bridge, self._show)
        self.setObjectName("scores_page")
        wording = Wording(texts, bridge.session)
        self._scroll = ReadingColumn(width=_WIDTH)
        self.overall = OverallCard(wording)
        self.sections = SectionsCard(wording, settings.scores_view)
        self.method = MethodCard(texts)
        self.weights = WeightsCard(bridge, wording)
        self.empty = NoScores(wording)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        subtitle = self._texts.gettext(
            "To find gaps and plan actions, never to rank countries. Every number opens to its arithmetic."
        )
        self._scroll.body.addLayout(page_heading(self._texts.gettext("Scores"), subtitle))
        rounds = SignButton("round", self._texts.gettext("Compare with the earlier round"))
        rounds.setObjectName("show_comparison")
        rounds.clicked.connect(lambda _checked: self.rounds_wanted.emit())
        self._scroll.body.addLayout(row(rounds))
        for card in (self.overall, self.sections, self.method, self.weights):
            self._scroll.body.addWidget(card)
        self._scroll.body.addStretch(1)
        self.addWidget(self._scroll)
        self.addWidget(self.empty)

    def _connect(self) -> None:
        self.sections.wanted.connect(self.navigate)
        self.overall.wanted.connect(self.navigate)
        self.empty.wanted.connect(self.navigate)
        self.empty.start_wanted.connect(self.start_wanted)
        self.overall.lowest_wanted.connect(self.open_section)
        self.sections.radar.opened.connect(self._bring_into_view)
        self.sections.view_chosen.connect(self._remember_view)
        self._bridge.flush_requested.connect(self.weights.flush)

    def _remember_view(self, view: str) -> None:
        self._settings.scores_view = view

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _show(self) -> None:
        results = results_of(self._bridge.session)
        is_empty = not any(entry.score.coverage for entry in results.scorecard.sections)
        self.setCurrentIndex(1 if is_empty else 0)
        if is_empty:
            self.empty.show_results(results)
            return
        self.overall.show_results(results)
        self.sections.show_results(results)
        self.method.show_results(results)
        self.weights.show_weights()

    def open_section(self, section_id: str) -> None:
        """Open a section's arithmetic and bring it into view."""
        self.sections.open(section_id)
        self._bring_into_view(section_id)

    def _bring_into_view(self, section_id: str) -> None:
        head = self.sections.rows[section_id].head
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(head, 0, WIDE * 4))
