"""The page that compares this round with the earlier one, over what both answered."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.comparison import Comparison
from capacity_app.services.results import Results, results_of
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.comparison.comparison_words import lead, regression_line
from capacity_app.ui.comparison.items_card import ItemsCard
from capacity_app.ui.comparison.sections_card import SectionsCard
from capacity_app.ui.freshness import Freshness
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.wording import Wording

_WIDTH = 1040


class ComparisonPage(ReadingColumn):
    """``navigate`` carries an address, ``earlier_wanted`` asks for the place where an earlier round is chosen."""

    navigate = Signal(object)
    earlier_wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__(width=_WIDTH)
        self.setObjectName("comparison_page")
        self._bridge, self._texts = bridge, texts
        self._fresh = Freshness(self, bridge, self._show)
        self._wording = Wording(texts, bridge.session)
        self._alerts = self._alert_card()
        self.sections = SectionsCard(self._wording)
        self.items = ItemsCard(self._wording)
        self.items.wanted.connect(self.navigate)
        self._why_not = Words(role=Role.QUESTION)
        self._what_then = Words()
        self.choose = QPushButton(texts.gettext("Choose the earlier round"))
        self.choose.setObjectName("choose_earlier_round")
        self.choose.clicked.connect(lambda _checked: self.earlier_wanted.emit())
        self._empty = self._empty_card()
        self._sentence = Words()
        subtitle = texts.gettext("What became better, worse or was lost since the earlier round, and nothing else.")
        self.body.addLayout(page_heading(texts.gettext("Rounds compared"), subtitle))
        for widget in (self._empty, self._sentence, self._alerts, self.sections, self.items):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def _empty_card(self) -> Card:
        card = Card(margin=LARGE)
        card.body.setSpacing(SMALL)
        card.body.addWidget(self._why_not)
        card.body.addWidget(self._what_then)
        card.body.addLayout(row(self.choose))
        return card

    def _alert_card(self) -> Card:
        say = self._texts.gettext
        card = Card(tint="danger_tint", edge="danger", margin=SMALL)
        card.setObjectName("regression_alerts")
        title = QWidget()
        column = QVBoxLayout(title)
        column.setContentsMargins(SMALL, SMALL, SMALL, 0)
        column.addWidget(Words(say("Lost since the earlier round"), Role.HEADING))
        column.addWidget(Words(say(
            "Statistics that were broken down this way before and no longer are: tell whoever decides on it."
        )))  # fmt: skip
        card.body.addWidget(title)
        self.alerts = FullList("regression_list", say("Lost since the earlier round"))
        self.alerts.opened.connect(lambda key: self.navigate.emit(Address.parse(key.partition("#")[0])))
        card.body.addWidget(self.alerts)
        return card

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    def _show(self) -> None:
        results = results_of(self._bridge.session)
        found = results.comparison
        is_there = found is not None and found.is_compatible
        self._empty.setVisible(not is_there)
        for widget in (self._sentence, self._alerts, self.sections, self.items):
            widget.setVisible(is_there)
        if found is not None and is_there:
            self._show_comparison(found, results.round)
        else:
            self._say_why_not(results)

    def _show_comparison(self, found: Comparison, earlier: str) -> None:
        self._sentence.setText(lead(self._wording, found, earlier))
        self._alerts.setVisible(bool(found.regressions))
        self.alerts.show_lines([regression_line(self._wording, entry) for entry in found.regressions])
        self.sections.show_comparison(found)
        self.items.show_comparison(found)

    def _say_why_not(self, results: Results) -> None:
        say = self._texts.gettext
        if results.problem is not None:
            reason, advice = results.problem.text(say), say("Choose its file again on the Mission page.")
        elif results.comparison is not None:
            reason = say("The earlier round ({round}) cannot be compared").format(round=results.round)
            advice = say(
                "It was made with another questionnaire, or another major version of it. Migrate that assessment to "
                "the version used here, and choose the migrated copy."
            )
        else:
            reason = say("There is no earlier round yet")
            advice = say(
                "Choose the file of the earlier assessment of this country on the Mission page: it is kept in this "
                "file, and what both rounds answered is compared here, in the scores and in the report."
            )
        self._why_not.setText(reason)
        self._what_then.setText(advice)
