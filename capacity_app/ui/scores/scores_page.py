"""The scores page: the overall score with its doubts, every section with its interval, and the arithmetic of each."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.comparison import SectionChange, compare_sheets, sheet_of
from capacity_app.domain.scoring import Overall, Scorecard, section_weights
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Card, ReadingColumn, Rule, Tiles, Words, page_heading
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.scores.arithmetic import overall_steps, points_text, sensitivity_rows, weighed_sections
from capacity_app.ui.scores.arithmetic_panel import steps_grid
from capacity_app.ui.scores.score_bars import METHOD_SIGNS, Bar, ScoreBar, SensitivityStrip
from capacity_app.ui.scores.score_words import band_text, interval_text, overall_sentence, spread_sentence
from capacity_app.ui.scores.section_rows import SectionRow
from capacity_app.ui.wording import Wording

if TYPE_CHECKING:
    from capacity_app.domain.dossier import Dossier
    from capacity_app.domain.sheet import Sheet

_WIDTH = 1040
_STEPS_OF = {
    "overall": ("value", "lower", "upper"),
    "coverage": ("coverage",),
    "verified": ("verified",),
    "evidence": ("evidence",),
}
"""Which steps open under which figure."""


class OverallCard(Card):
    """The overall score and what must stand beside it. ``lowest_wanted`` asks to see the lowest section."""

    lowest_wanted = Signal(str)

    def __init__(self, wording: Wording) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        say = wording.texts.gettext
        self._bar = ScoreBar(height=18)
        self._sentence = Words(is_muted=True)
        self.figures = {
            "overall": Figure("figure_overall", say("Overall score"), is_main=True),
            "lowest": Figure("figure_lowest", say("Lowest section")),
            "coverage": Figure("figure_coverage", say("Coverage")),
            "verified": Figure("figure_verified", say("Verified score")),
            "evidence": Figure("figure_evidence", say("Evidence index")),
        }
        self._panel = QWidget()
        self._column = QVBoxLayout(self._panel)
        self._column.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        self._panel.hide()
        self._lowest = ""
        self._steps: QWidget | None = None
        self.body.addWidget(Tiles(tuple(self.figures.values()), letters=15))
        self.body.addWidget(self._panel)
        below = QVBoxLayout()
        below.setContentsMargins(MEDIUM, SMALL, MEDIUM, 0)
        below.addWidget(self._bar)
        below.addWidget(self._sentence)
        self.body.addLayout(below)
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _checked=False, which=name: self._open(which))

    def _open(self, name: str) -> None:
        is_open = self.figures[name].isChecked()
        for other, figure in self.figures.items():
            figure.setChecked(other == name and is_open and name != "lowest")
        if name == "lowest" and self._lowest:
            self.lowest_wanted.emit(self._lowest)
        self._show_steps()

    def _show_steps(self) -> None:
        """Show the arithmetic of the figure that is open."""
        if self._steps is not None:
            self._column.removeWidget(self._steps)
            self._steps.hide()
            self._steps.deleteLater()
            self._steps = None
        name = next((name for name, figure in self.figures.items() if figure.isChecked()), "")
        self._panel.setVisible(bool(name))
        if not name:
            return
        session, texts = self._wording.session, self._wording.texts
        card = session.scorecard()
        weighed = weighed_sections(card, section_weights(session.instrument, session.mission.weights))
        steps = overall_steps(texts, card.overall, weighed)
        self._steps = steps_grid([steps[which] for which in _STEPS_OF[name]])
        self._column.addWidget(self._steps)

    def show_card(self, card: Scorecard) -> None:
        """Show other figures."""
        texts, overall = self._wording.texts, card.overall
        self._lowest = overall.lowest
        lowest = card.section(overall.lowest)
        interval = interval_text(texts, overall.lower, overall.upper)
        band = band_text(texts, overall.bands)
        self.figures["overall"].show_figure(
            points_text(texts, overall.value), "\n".join(part for part in (interval, band) if part)
        )
        title = f"{lowest.section.number}  {self._wording.section(lowest.section)}" if lowest else ""
        self.figures["lowest"].show_figure(points_text(texts, lowest.published if lowest else None), title)
        self.figures["coverage"].show_figure(
            self._percent(overall, "coverage"), texts.gettext("of the weight answered")
        )
        verified = texts.gettext("level 3 without evidence counted as 2")
        self.figures["verified"].show_figure(points_text(texts, overall.verified), verified)
        held = texts.gettext("with a document held or checked")
        self.figures["evidence"].show_figure(self._percent(overall, "evidence_index"), held)
        self._bar.show_bar(Bar(overall.value, overall.lower, overall.upper))
        self._sentence.setText(overall_sentence(texts, self._wording.session.instrument.thresholds, overall))
        self._show_steps()

    def _percent(self, overall: Overall, which: str) -> str:
        share = getattr(overall, which)
        return "–" if share is None else self._wording.texts.percent(share)


class MethodCard(Card):
    """How much the overall score depends on the way the sections are put together."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=LARGE)
        self._texts = texts
        self._sentence = Words()
        self._strip = SensitivityStrip()
        self._values: list[Words] = []
        self.body.addWidget(Words(texts.gettext("How much the method matters"), Role.HEADING))
        self.body.addWidget(self._sentence)
        self.body.addWidget(self._strip)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(MEDIUM)
        self._grid.setVerticalSpacing(SMALL)
        self._grid.setColumnStretch(1, 1)
        self.body.addLayout(self._grid)

    def show_overall(self, overall: Overall) -> None:
        """Show other figures."""
        rows = sensitivity_rows(self._texts, overall)
        self._sentence.setText(spread_sentence(self._texts, overall))
        self._sentence.set_colour("" if overall.is_robust else "warning")
        self._strip.show_values([value for _, value in rows])
        if not self._values:
            for line, (sign, (label, _)) in enumerate(zip(METHOD_SIGNS, rows, strict=True)):
                value = Words(role=Role.STRONG, wraps=False, side="trailing")
                self._grid.addWidget(Words(sign, wraps=False), line, 0)
                self._grid.addWidget(Words(label), line, 1)
                self._grid.addWidget(value, line, 2)
                self._values.append(value)
        for words, (_, number) in zip(self._values, rows, strict=True):
            words.setText(points_text(self._texts, number))


class SectionsCard(Card):
    """All scored sections, core first, supplements apart."""

    wanted = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        self.rows: dict[str, SectionRow] = {}
        say = wording.texts.gettext
        head = QVBoxLayout()
        head.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        head.addWidget(Words(say("Section by section"), Role.HEADING))
        legend = say("Bar: score · line with ends: where the score can still end up · ▼ above the bar: target")
        head.addWidget(Words(legend, Role.CAPTION, is_muted=True))
        earlier = say("○ on the bar: the earlier round, over what both rounds answered")
        self._earlier = Words(earlier, Role.CAPTION, is_muted=True)
        head.addWidget(self._earlier)
        self.body.addLayout(head)

    def show_card(self, card: Scorecard, changes: Mapping[str, SectionChange]) -> None:
        """Show other figures, and what changed since the earlier round, by section id."""
        if not self.rows:
            self._build(card)
        self._earlier.setVisible(any(change.before is not None for change in changes.values()))
        for entry in card.sections:
            self.rows[entry.section.id].show_entry(entry, changes.get(entry.section.id))

    def _build(self, card: Scorecard) -> None:
        has_supplement = False
        for entry in sorted(card.sections, key=lambda entry: bool(entry.section.supplement)):
            if entry.section.supplement and not has_supplement:
                has_supplement = True
                title = Words(self._wording.texts.gettext("Supplements, outside the overall score"), Role.STRONG)
                title.setContentsMargins(MEDIUM, LARGE, MEDIUM, 0)
                self.body.addWidget(title)
            elif self.rows:
                self.body.addWidget(Rule())
            made = SectionRow(entry, self._wording)
            made.wanted.connect(self.wanted)
            self.body.addWidget(made)
            self.rows[entry.section.id] = made


class ScoresPage(QStackedWidget):
    """All scores; computed when shown, and again after a change while shown. ``navigate`` carries an address."""

    navigate = Signal(object)
    start_wanted = Signal()

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge, self._texts = bridge, texts
        self._is_stale = True
        self._earlier: tuple[Dossier, Sheet] | None = None
        self.setObjectName("scores_page")
        wording = Wording(texts, bridge.session)
        self._scroll = ReadingColumn(width=_WIDTH)
        self.overall = OverallCard(wording)
        self.method = MethodCard(texts)
        self.sections = SectionsCard(wording)
        self.sections.wanted.connect(self.navigate)
        self.overall.lowest_wanted.connect(self.open_section)
        subtitle = texts.gettext(
            "To find gaps and plan actions, never to rank countries. Every number opens to its arithmetic."
        )
        self._scroll.body.addLayout(page_heading(texts.gettext("Scores"), subtitle))
        for card in (self.overall, self.sections, self.method):
            self._scroll.body.addWidget(card)
        self._scroll.body.addStretch(1)
        self.addWidget(self._scroll)
        self.addWidget(self._empty())
        bridge.changed.connect(lambda _change: self._mark_stale())

    def _empty(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(LARGE)
        say = self._texts.gettext
        sentence = say(
            "A section gets its score when half of its weight is answered, a firm one from four fifths. Until then the "
            "interval shows where it can still end up. Every answer counts at once."
        )
        button = QPushButton(say("Go to the questionnaire"))
        button.setObjectName("go_to_questionnaire")
        button.setDefault(True)
        button.clicked.connect(lambda _checked: self.start_wanted.emit())
        title = Words(say("No scores yet"), Role.TITLE, side="center")
        words = Words(sentence, is_muted=True, side="center")
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(button)
        line.addStretch(1)
        column.addStretch(2)
        column.addWidget(title)
        column.addWidget(words)
        column.addLayout(line)
        column.addStretch(3)
        return page

    def _mark_stale(self) -> None:
        is_first = not self._is_stale
        self._is_stale = True
        if is_first and self.isVisible():
            # Several changes in a row, as when a block is pasted, are shown once.
            QTimer.singleShot(0, self, self._refresh)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the scores as they are now."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self._is_stale or not self.isVisible():
            return
        self._is_stale = False
        card = self._bridge.session.scorecard()
        is_empty = not any(entry.score.coverage for entry in card.sections)
        self.setCurrentIndex(1 if is_empty else 0)
        if not is_empty:
            self.overall.show_card(card)
            self.method.show_overall(card.overall)
            self.sections.show_card(card, self._changes())

    def _changes(self) -> dict[str, SectionChange]:
        """Compare with the earlier round, if there is one, over matched items only."""
        session = self._bridge.session
        if session.previous is None:
            return {}
        if self._earlier is None or self._earlier[0] is not session.previous:
            self._earlier = (session.previous, sheet_of(session.previous))
        changes = compare_sheets(self._earlier[1], session.sheet).sections
        return {change.section.id: change for change in changes}

    def open_section(self, section_id: str) -> None:
        """Open a section's arithmetic and bring it into view."""
        made = self.sections.rows[section_id]
        made.head.setChecked(True)
        made.head.setFocus()
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(made.head, 0, WIDE * 4))
