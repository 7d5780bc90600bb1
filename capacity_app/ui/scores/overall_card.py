"""The overall score and what must stand beside it; each figure opens to its arithmetic."""

from fractions import Fraction

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.services.results import Results
from capacity_app.ui.look.cards import Card, Tiles, Words
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.scores.arithmetic import overall_steps, points_text
from capacity_app.ui.scores.arithmetic_panel import steps_grid
from capacity_app.ui.scores.score_bars import Bar, ScoreBar
from capacity_app.ui.scores.score_words import (
    band_text,
    interval_text,
    open_sections_sentence,
    overall_sentence,
    unsupported_text,
)
from capacity_app.ui.wording import Wording

_STEPS_OF = {
    "overall": ("value", "target"),
    "interval": ("lower", "upper"),
    "verified": ("verified",),
    "evidence": ("evidence",),
    "coverage": ("coverage",),
}
"""Which steps open under which figure."""


class OverallCard(Card):
    """The overall score with its doubts. ``lowest_wanted`` asks for the lowest section, ``wanted`` for an answer."""

    lowest_wanted = Signal(str)
    wanted = Signal(object)

    def __init__(self, wording: Wording) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        say = wording.texts.gettext
        self._bar = ScoreBar(height=18)
        self._sentence = Words(is_muted=True)
        self.figures = {
            "overall": Figure("figure_overall", say("Overall score"), is_main=True),
            "interval": Figure("figure_interval", say("Interval")),
            "verified": Figure("figure_verified", say("Verified score")),
            "evidence": Figure("figure_evidence", say("Evidence index")),
            "coverage": Figure("figure_coverage", say("Coverage")),
            "lowest": Figure("figure_lowest", say("Lowest section")),
        }
        self._results: Results | None = None
        self._steps: QWidget | None = None
        self._capped = Words(say("Level 3 on a statement alone: Enter or a click goes to the answer"), Role.STRONG)
        self.unsupported = FullList("unsupported", say("Level 3 without evidence"))
        self.unsupported.opened.connect(lambda key: self.wanted.emit(Address.parse(key)))
        self._panel = self._made_panel()
        self.body.addWidget(Tiles(tuple(self.figures.values()), letters=15))
        self.body.addWidget(self._panel)
        below = QVBoxLayout()
        below.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        below.addWidget(self._bar)
        below.addWidget(self._sentence)
        self.body.addLayout(below)
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _checked=False, which=name: self._open(which))

    def _made_panel(self) -> QWidget:
        panel = QWidget()
        self._column = QVBoxLayout(panel)
        self._column.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        self._column.addWidget(self._capped)
        self._column.addWidget(self.unsupported)
        panel.hide()
        return panel

    def _open(self, name: str) -> None:
        is_open = self.figures[name].isChecked()
        for other, figure in self.figures.items():
            figure.setChecked(other == name and is_open and name != "lowest")
        if name == "lowest" and self._results and self._results.scorecard.overall.lowest:
            self.lowest_wanted.emit(self._results.scorecard.overall.lowest)
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
        if not name or self._results is None:
            return
        steps = overall_steps(self._wording.texts, self._results)
        self._steps = steps_grid([steps[which] for which in _STEPS_OF[name]])
        self._column.insertWidget(0, self._steps)
        lines = self._unsupported_lines(self._results) if name == "verified" else []
        self.unsupported.show_lines(lines)
        self.unsupported.setVisible(bool(lines))
        self.unsupported.updateGeometry()
        self._capped.setVisible(bool(lines))

    def _unsupported_lines(self, results: Results) -> list[Line]:
        return [
            Line(str(part.address), self._place_title(part.address), mark="3", colour="warning")
            for part in results.unsupported
        ]

    def _place_title(self, address: Address) -> str:
        wording = self._wording
        question = wording.session.instrument.question_by_id[address.question]
        row = question.row_by_id.get(address.row)
        words = wording.row(question, row) if row else wording.question(question)
        return f"{wording.place(address)}  {words}"

    def show_results(self, results: Results) -> None:
        self._results = results
        texts, card = self._wording.texts, results.scorecard
        overall, lowest = card.overall, card.section(card.overall.lowest)
        say, figures = texts.gettext, self.figures
        figures["overall"].show_figure(points_text(texts, overall.value), band_text(texts, overall.bands))
        interval = interval_text(texts, overall.lower, overall.upper)
        figures["interval"].show_figure(interval or "–", say("where it can still end up"))
        remark = unsupported_text(texts, len(results.unsupported))
        figures["verified"].show_figure(points_text(texts, overall.verified), remark)
        held = say("with a document held or checked")
        figures["evidence"].show_figure(self._percent(overall.evidence_index), held)
        figures["coverage"].show_figure(self._percent(overall.coverage), say("of the weight answered"))
        title = f"{lowest.section.number}  {self._wording.section(lowest.section)}" if lowest else ""
        figures["lowest"].show_figure(points_text(texts, lowest.published if lowest else None), title)
        self._bar.show_bar(Bar(overall.value, overall.lower, overall.upper, results.target))
        self._sentence.setText(self._sentences(results))
        self._show_steps()

    def _sentences(self, results: Results) -> str:
        texts, thresholds = self._wording.texts, self._wording.session.instrument.thresholds
        sentences = [overall_sentence(texts, thresholds, results.scorecard.overall)]
        sentences.append(open_sections_sentence(texts, thresholds, results))
        if results.target is not None:
            target = texts.gettext("Target: {points}.").format(points=points_text(texts, results.target))
            sentences.append(target)
        return " ".join(sentence for sentence in sentences if sentence)

    def _percent(self, share: Fraction | None) -> str:
        return "–" if share is None else self._wording.texts.percent(share)
