"""The scores page: the overall score with its doubts, what the method and the weights matter, and how scores begin."""

from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import ScoreThresholds, Section
from capacity_app.domain.scoring.scores import SectionScore, count_answers_needed, read_weight, reweigh, section_weights
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import Results, assessment_results
from capacity_app.ui.pages.analyse.score_arithmetic import (
    OVERALL_LETTERS,
    StepsGrid,
    aggregation_methods,
    overall_steps,
    points_text,
)
from capacity_app.ui.pages.analyse.score_text import (
    band_text,
    bands_text,
    interval_text,
    lowest_parts_sentence,
    open_sections_sentence,
    overall_sentence,
    spread_sentence,
    unsupported_text,
    weight_text,
)
from capacity_app.ui.pages.analyse.section_scores import ScoreBar, ScoreBarFigures, SectionScoresCard
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, WIDE, TextRole
from capacity_app.ui.widgets.banners import KeyFigure
from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Card, Label, ReadingColumn, TileGrid, page_heading
from capacity_app.ui.widgets.layouts import Stack, lay_out, side_by_side, with_action, with_name
from capacity_app.ui.widgets.lists_and_tables import FullHeightList, ListLine
from capacity_app.ui.widgets.text_fields import LineField, set_text_silently

# The overall score and what must stand beside it; each figure opens to its arithmetic.


_STEPS_OF = {
    "overall": ("value", "target"),
    "interval": ("lower", "upper"),
    "verified": ("verified",),
    "evidence": ("evidence",),
    "coverage": ("coverage",),
}
"""Which steps open under which figure."""


class OverallScoreCard(Card):
    """The overall score with its doubts. ``lowest_wanted`` asks for the lowest section, ``wanted`` for an answer."""

    lowest_wanted = Signal(str)
    wanted = Signal(object)

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        say = wording.texts.gettext
        self._bar = ScoreBar(height=18)
        self._levels = Label(bands_text(wording.texts), TextRole.CAPTION, is_muted=True)
        self._sentence = Label(is_muted=True)
        self.figures = {
            "overall": KeyFigure("figure_overall", say("Score out of 100"), is_main=True),
            "interval": KeyFigure("figure_interval", say("Possible range")),
            "verified": KeyFigure("figure_verified", say("Verified score")),
            "evidence": KeyFigure("figure_evidence", say("Evidence index")),
            "coverage": KeyFigure("figure_coverage", say("Coverage")),
            "lowest": KeyFigure("figure_lowest", say("Lowest part")),
        }
        self._results: Results | None = None
        self._steps = StepsGrid()
        self._capped = Label(say("Highest levels without evidence. Select one to go to its answer."), TextRole.STRONG)
        self.unsupported = FullHeightList("unsupported", say("Highest levels without evidence"))
        self.unsupported.opened.connect(lambda key: self.wanted.emit(Address.parse(key)))
        self._panel = self._made_panel()
        lay_out(self.body, TileGrid(tuple(self.figures.values()), letters=15), self._panel)
        self.body.addLayout(
            lay_out(QVBoxLayout(), self._bar, self._levels, self._sentence, margins=(MEDIUM, SMALL, MEDIUM, SMALL))
        )
        for name, figure in self.figures.items():
            figure.clicked.connect(lambda _checked=False, which=name: self._open(which))

    def _made_panel(self) -> QWidget:
        panel = QWidget()
        lay_out(QVBoxLayout(panel), self._steps, self._capped, self.unsupported, margins=(MEDIUM, SMALL, MEDIUM, SMALL))
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
        name = next((name for name, figure in self.figures.items() if figure.isChecked()), "")
        self._panel.setVisible(bool(name))
        if not name or self._results is None:
            return
        steps = overall_steps(self._wording.texts, self._results)
        letters = self._wording.texts.gettext(OVERALL_LETTERS)
        self._steps.show_steps([steps[which] for which in _STEPS_OF[name]], letters)
        lines = self._unsupported_lines(self._results) if name == "verified" else []
        self.unsupported.show_lines(lines)
        self.unsupported.setVisible(bool(lines))
        self.unsupported.updateGeometry()
        self._capped.setVisible(bool(lines))

    def _unsupported_lines(self, results: Results) -> list[ListLine]:
        return [
            ListLine(str(part.address), self._wording.title_at(part.address), mark="3", colour="warning")
            for part in results.unsupported
        ]

    def show_results(self, results: Results) -> None:
        self._results = results
        texts, card = self._wording.texts, results.scorecard
        overall, lowest = card.overall, card.section(card.overall.lowest)
        say, figures = texts.gettext, self.figures
        figures["overall"].show_figure(points_text(texts, overall.value), band_text(texts, overall.bands))
        interval = interval_text(texts, overall.lower, overall.upper)
        figures["interval"].show_figure(interval or "–", say("depends on open and unknown answers"))
        remark = unsupported_text(texts, len(results.unsupported), overall.verified)
        figures["verified"].show_figure(points_text(texts, overall.verified), remark)
        held = say("with a document held or checked")
        figures["evidence"].show_figure(self._percent(overall.evidence_index), held)
        figures["coverage"].show_figure(self._percent(overall.coverage), say("of the weight answered"))
        title = texts.numbered(lowest.section.number, self._wording.section(lowest.section)) if lowest else ""
        figures["lowest"].show_figure(points_text(texts, lowest.published if lowest else None), title)
        self._bar.show_bar(ScoreBarFigures(overall.value, overall.lower, overall.upper, results.target))
        self._sentence.setText(self._sentences(results))
        self._show_steps()

    def _sentences(self, results: Results) -> str:
        texts, thresholds = self._wording.texts, self._wording.session.instrument.thresholds
        sentences = [overall_sentence(texts, thresholds, results.scorecard.overall)]
        sentences.append(open_sections_sentence(texts, thresholds, results))
        sentences.append(lowest_parts_sentence(self._wording, results.scorecard))
        if results.target is not None:
            target = texts.gettext("Target: {points}.").format(points=points_text(texts, results.target))
            sentences.append(target)
        return " ".join(sentence for sentence in sentences if sentence)

    def _percent(self, share: Fraction | None) -> str:
        return "–" if share is None else self._wording.texts.percent(share)


_LETTERS = 8
UNREADABLE_WEIGHT = N_(
    "Write how often the part counts: 2, 0.5 or 1/2; 0 leaves it out. Until then it counts as before."
)
NO_SECTION_COUNTS = N_("At least one part must count. Until then the weights stay as before.")


class WeightField(LineField):
    """One weight as text. ``finished`` tells that the person is done with it."""

    finished = Signal()

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        with_name(self, name, label)
        self.setAlignment(Qt.AlignmentFlag.AlignTrailing)
        self.setMaximumWidth(self.fontMetrics().averageCharWidth() * _LETTERS * 2)
        self.left.connect(self.finished)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.finished.emit()
            self.selectAll()
        else:
            super().keyPressEvent(event)


class WeightsCard(Card):
    """A field per core section; unreadable text is refused in place, the rest is one undoable step each."""

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__(margin=LARGE)
        self._controller, self._texts = controller, wording.texts
        say = wording.texts.gettext
        self._sections = [s for s in wording.session.instrument.sections if s.is_scored and not s.supplement]
        self.fields: dict[str, WeightField] = {}
        self.advice: dict[str, Label] = {}
        self.body.addWidget(Label(say("Weights of the parts"), TextRole.HEADING))
        self.body.addWidget(Label(say(
            "Every part counts the same unless you change its weight. The report prints your weights with "
            "the score."
        ), is_muted=True))  # fmt: skip
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(SMALL)
        self._grid.setColumnStretch(0, 1)
        for line, section in enumerate(self._sections):
            self._add(2 * line, section, wording.texts.numbered(section.number, wording.section(section)))
        self.reset = with_action(Button(say("Back to the usual weights")), "reset_weights", self._reset)
        lay_out(self.body, self._grid, side_by_side(self.reset))
        self.show_weights()

    def _add(self, line: int, section: Section, label: str) -> None:
        name = self._texts.gettext("Weight of {section}").format(section=label)
        field = WeightField(f"own_weight_{section.id}", name)
        field.setReadOnly(self._controller.session.is_read_only)
        field.finished.connect(lambda: self._commit(section))
        advice = Label(role=TextRole.CAPTION, colour="danger")
        advice.hide()
        self._grid.addWidget(Label(label), line, 0)
        self._grid.addWidget(field, line, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(advice, line + 1, 0, 1, 2)
        self.fields[section.id], self.advice[section.id] = field, advice

    def _own(self) -> dict[str, Fraction]:
        return section_weights(self._controller.session.instrument, self._controller.session.mission.weights)

    def show_weights(self) -> None:
        own = self._own()
        for section in self._sections:
            field = self.fields[section.id]
            weight = own.get(section.id, section.weight)
            if not (field.hasFocus() and field.isModified()):
                self._show(section, weight_text(self._texts, weight))
        is_changed = bool(own)
        self.reset.setEnabled(is_changed and not self._controller.session.is_read_only)

    def _show(self, section: Section, text: str) -> None:
        # Setting the text even where it is the same hands undo on to the window.
        set_text_silently(self.fields[section.id], text)
        self._advise(section, "")

    def _advise(self, section: Section, sentence: str) -> None:
        self.advice[section.id].show_or_hide(sentence)
        self.fields[section.id].setAccessibleDescription(sentence)

    def flush(self) -> None:
        for section in self._sections:
            self._commit(section)

    def _commit(self, section: Section) -> None:
        own = self._own()
        current, weight = own.get(section.id, section.weight), read_weight(self.fields[section.id].text())
        if weight is None:
            self._advise(section, self._texts.gettext(UNREADABLE_WEIGHT))
            return
        others = (own.get(other.id, other.weight) for other in self._sections if other is not section)
        if weight == 0 and not any(others):
            self._advise(section, self._texts.gettext(NO_SECTION_COUNTS))
            return
        self._show(section, weight_text(self._texts, weight))
        if weight != current:
            mission = self._controller.session.mission
            self._controller.put(replace(mission, weights=reweigh(mission.weights, section, weight)))

    def _reset(self) -> None:
        for section in self._sections:
            self._advise(section, "")
        self._controller.put(replace(self._controller.session.mission, weights=()))
        self.show_weights()


class MethodCard(Card):
    """How far the ways to put the sections together are apart, and their arithmetic."""

    def __init__(self, texts: Translator) -> None:
        super().__init__(margin=LARGE)
        self._texts = texts
        self._steps = StepsGrid()
        self.sentence = Label()
        title = Label(texts.gettext("How much the method matters"), TextRole.HEADING)
        lay_out(self.body, title, self.sentence, self._steps)

    def show_results(self, results: Results) -> None:
        overall, found = results.scorecard.overall, aggregation_methods(self._texts, results)
        self.sentence.setText(spread_sentence(self._texts, overall))
        self.sentence.set_colour("warning" if overall.is_robust is False else "")
        self._steps.show_steps(found)


class NoScoresYet(ReadingColumn):
    """The empty state. ``wanted`` is the address of the first open answer of a section."""

    wanted = Signal(object)
    start_wanted = Signal()

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__()
        self._wording = wording
        self._entries: dict[str, SectionScore] = {}
        say = wording.texts.gettext
        thresholds = wording.session.instrument.thresholds
        self.body.addLayout(page_heading(say("No scores yet"), self._rule(thresholds)))
        self.start = with_action(
            Button(say("Go to the questionnaire"), is_main=True), "go_to_questionnaire", self.start_wanted.emit
        )
        self.body.addLayout(side_by_side(self.start))
        card = Card(margin=SMALL)
        title = Label(say("How many answers a part needs"), TextRole.HEADING)
        title.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        self.list = FullHeightList("first_answers", say("Parts and the answers they need"))
        self.list.opened.connect(self._go)
        lay_out(card.body, title, self.list)
        lay_out(self.body, card, 1)

    def _rule(self, thresholds: ScoreThresholds) -> str:
        texts = self._wording.texts
        return texts.gettext(
            "A part gets its score when {provisional} of its weight is answered, a firm one from {firm}. "
            "Until then the possible range is shown."
        ).format(provisional=texts.percent(thresholds.provisional), firm=texts.percent(thresholds.firm))

    def show_results(self, results: Results) -> None:
        self._entries = {entry.section.id: entry for entry in results.scorecard.sections if entry.parts}
        self.list.show_lines([self._line(entry) for entry in self._entries.values()])
        self.list.updateGeometry()

    def _line(self, entry: SectionScore) -> ListLine:
        texts, thresholds = self._wording.texts, self._wording.session.instrument.thresholds
        count = count_answers_needed(entry, thresholds.provisional)
        sentence = texts.ngettext("{count} answer needed for a score.", "{count} answers needed for a score.", count)
        title = self._wording.texts.numbered(entry.section.number, self._wording.section(entry.section))
        return ListLine(entry.section.id, title, sentence.format(count=texts.number(count)))

    def _go(self, section_id: str) -> None:
        parts = self._entries[section_id].parts
        first = next((part for part in parts if part.points is None and not part.is_out), parts[0])
        self.wanted.emit(first.address)


class ScoresPage(Stack):
    """All scores; computed when shown, and again after a change while shown. ``navigate`` carries an address."""

    navigate = Signal(object)
    start_wanted = Signal()

    def __init__(self, controller: SessionController, texts: Translator) -> None:
        super().__init__()
        self._controller, self._texts = controller, texts
        self._fresh = RefreshOnShow(self, controller, self._show)
        self.setObjectName("scores_page")
        wording = SessionFormatter(texts, controller.session)
        self._scroll = ReadingColumn()
        self.overall = OverallScoreCard(wording)
        self.sections = SectionScoresCard(wording)
        self.method = MethodCard(texts)
        self.weights = WeightsCard(controller, wording)
        self.empty = NoScoresYet(wording)
        self._lay_out(wording)
        self._connect()

    def _lay_out(self, wording: SessionFormatter) -> None:
        lead = self._texts.gettext("For planning, not ranking. Select a number to see how it is calculated.")
        selected = Label(wording.profile_note)
        if not selected.text():
            selected.hide()
        parts = (Label(lead, is_muted=True), selected, self.overall, self.sections, self.method, self.weights)
        lay_out(self._scroll.body, *parts, 1, margins=(WIDE, MEDIUM, WIDE, WIDE))
        for column in (self._scroll, self.empty):
            column.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # one begins at the first figure, which has a name to say
            self.addWidget(column)

    def _connect(self) -> None:
        self.sections.wanted.connect(self.navigate)
        self.overall.wanted.connect(self.navigate)
        self.empty.wanted.connect(self.navigate)
        self.empty.start_wanted.connect(self.start_wanted)
        self.overall.lowest_wanted.connect(self.open_section)
        self._controller.flush_requested.connect(self.weights.flush)

    def _show(self) -> None:
        results = assessment_results(self._controller.session)
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
        self.sections.open(section_id)
        head = self.sections.rows[section_id].head
        QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(head, 0, WIDE * 4))
