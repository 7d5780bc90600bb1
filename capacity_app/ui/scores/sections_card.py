"""All scored sections as bars or as a radar, core first, supplements apart; each opens to its arithmetic."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout

from capacity_app.domain.scoring import SectionScore
from capacity_app.services.results import Results
from capacity_app.ui.look.cards import Card, Rule, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TARGET, Role
from capacity_app.ui.scores.arithmetic import points_text
from capacity_app.ui.scores.radar import LEAST_AXES, Axis, Radar
from capacity_app.ui.scores.score_words import no_comparison_text
from capacity_app.ui.scores.section_rows import SectionRow, bar_of, section_spoken
from capacity_app.ui.wording import Wording

BARS, RADAR = "bars", "radar"


class SectionsCard(Card):
    """``wanted`` is an address to go to, ``view_chosen`` the name of the view a person switched to."""

    wanted = Signal(object)
    view_chosen = Signal(str)

    def __init__(self, wording: Wording, view: str) -> None:
        super().__init__(margin=SMALL)
        self._wording, self._view = wording, view
        self._results: Results | None = None
        self.rows: dict[str, SectionRow] = {}
        say = wording.texts.gettext
        self.radar = Radar(say("Radar of the sections’ scores, 0 to 100"), wording.texts.number)
        self.radar.opened.connect(self.open)
        self._legend = Words(role=Role.CAPTION, is_muted=True)
        self._earlier = Words(role=Role.CAPTION, is_muted=True)
        self._build_views()
        head = QVBoxLayout()
        head.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        head.addWidget(Words(say("Section by section"), Role.HEADING))
        head.addWidget(self._switch)
        head.addWidget(self._legend)
        head.addWidget(self._earlier)
        head.addWidget(self.radar)
        self.body.addLayout(head)
        self._build_rows()

    def _build_views(self) -> None:
        """Make the switch between bars and radar."""
        say = self._wording.texts.gettext
        self.views = {BARS: QRadioButton(say("As bars")), RADAR: QRadioButton(say("As a radar"))}
        self._switch = Flow(LARGE)
        group = QButtonGroup(self)
        for name, button in self.views.items():
            button.setObjectName(f"view_{name}")
            button.setMinimumHeight(TARGET)
            group.addButton(button)
            button.setChecked(name == self._view)
            if name != self._view:
                # Tab goes to the view chosen; Qt sees to that only once one of them had the focus.
                button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.clicked.connect(lambda _checked=False, view=name: self._choose(view))
            self._switch.place(button)

    def _choose(self, view: str) -> None:
        self._view = view
        self.view_chosen.emit(view)
        if self._results is not None:
            self.show_results(self._results)

    def show_results(self, results: Results) -> None:
        self._results = results
        core = [entry for entry in results.scorecard.sections if not entry.section.supplement]
        has_choice = len(core) >= LEAST_AXES
        is_radar = has_choice and self._view == RADAR
        self._switch.setVisible(has_choice)
        self.radar.setVisible(is_radar)
        self._legend.setText(self._legend_text(is_radar=is_radar))
        self._show_earlier(results, is_radar=is_radar)
        if is_radar:
            self.radar.show_axes([self._axis(results, entry) for entry in core])
        for entry in results.scorecard.sections:
            is_bar = not is_radar or bool(entry.section.supplement)
            self.rows[entry.section.id].show_entry(results, entry, has_bar=is_bar)

    def _axis(self, results: Results, entry: SectionScore) -> Axis:
        label = f"{entry.section.number}  {points_text(self._wording.texts, entry.published)}"
        spoken = section_spoken(self._wording, results, entry)
        return Axis(entry.section.id, label, ". ".join(spoken), bar_of(results, entry))

    def _legend_text(self, *, is_radar: bool) -> str:
        say = self._wording.texts.gettext
        if is_radar:
            signs: tuple[str, ...] = (
                say("Line with dots: score, open where there is none"),
                say("shaded, with ends on each axis: where the score can still end up"),
                say("▼ pointing inwards: target"),
                say("the area says nothing: read along the axes"),
            )
        else:
            signs = (
                say("Bar: score"),
                say("line with ends: where the score can still end up"),
                say("▼ above the bar: target"),
            )
        return " · ".join(signs)

    def _show_earlier(self, results: Results, *, is_radar: bool) -> None:
        say = self._wording.texts.gettext
        sentence = no_comparison_text(self._wording.texts, results)
        if not sentence and results.round:
            bars = say("Below the bar ○ round {round}, ● now: both over the items that both rounds answered.")
            radar = say("Dashes with ◇: round {round}, over the items that both rounds answered.")
            sentence = (radar if is_radar else bars).format(round=results.round)
        self._earlier.setText(sentence)
        self._earlier.setVisible(bool(sentence))

    def _build_rows(self) -> None:
        """Make a line per scored section at once, so that Tab goes down the page."""
        scored = [section for section in self._wording.session.instrument.sections if section.is_scored]
        has_supplement = False
        for section in sorted(scored, key=lambda section: bool(section.supplement)):
            if section.supplement and not has_supplement:
                has_supplement = True
                title = Words(self._wording.texts.gettext("Supplements, outside the overall score"), Role.STRONG)
                title.setContentsMargins(MEDIUM, LARGE, MEDIUM, 0)
                self.body.addWidget(title)
            elif self.rows:
                self.body.addWidget(Rule())
            made = SectionRow(section.id, self._wording)
            made.wanted.connect(self.wanted)
            self.body.addWidget(made)
            self.rows[section.id] = made

    def open(self, section_id: str) -> None:
        """Open a section's arithmetic and put the focus on its line."""
        head = self.rows[section_id].head
        head.setChecked(True)
        head.setFocus()
