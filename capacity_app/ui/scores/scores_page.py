"""The scores page: the overall score with its doubts, what the method and the weights matter, and how scores begin."""

from dataclasses import replace
from fractions import Fraction

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.instrument import Section, Thresholds
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import SectionScore, answers_to, read_weight, reweighed, section_weights
from capacity_app.services.results import Results, results_of
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.text_fields import LineField, set_quietly
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.scores.arithmetic import Method, methods, points_text
from capacity_app.ui.scores.arithmetic_panel import steps_grid
from capacity_app.ui.scores.overall_card import OverallCard
from capacity_app.ui.scores.score_bars import METHOD_SIGNS, SensitivityStrip
from capacity_app.ui.scores.score_words import spread_sentence, weight_text
from capacity_app.ui.scores.sections_card import SectionsCard
from capacity_app.ui.shell.settings import Settings
from capacity_app.ui.wording import Wording

_WIDTH = 1040


_LETTERS = 8
UNREADABLE = N_("Write how often the section counts: 2, 0.5 or 1/2; 0 leaves it out. Until then it counts as before.")
NOTHING_LEFT = N_("At least one section must count. Until then the weights stay as before.")


class WeightField(LineField):
    """One weight as text. ``finished`` tells that the person is done with it."""

    finished = Signal()

    def __init__(self, name: str, label: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(label)
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

    def __init__(self, bridge: Bridge, wording: Wording) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._texts = bridge, wording.texts
        say = wording.texts.gettext
        self._sections = [s for s in wording.session.instrument.sections if s.is_scored and not s.supplement]
        self.fields: dict[str, WeightField] = {}
        self.advice: dict[str, Words] = {}
        self.body.addWidget(Words(say("Section weights"), Role.HEADING))
        self.body.addWidget(Words(say(
            "Every section counts the same unless you say otherwise. Your weights are kept and printed with the score."
        ), is_muted=True))  # fmt: skip
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(SMALL)
        self._grid.setColumnStretch(0, 1)
        for line, section in enumerate(self._sections):
            self._add(2 * line, section, f"{section.number}  {wording.section(section)}")
        self.body.addLayout(self._grid)
        self.reset = QPushButton(say("Back to the usual weights"))
        self.reset.setObjectName("reset_weights")
        self.reset.clicked.connect(lambda _checked: self._reset())
        self.body.addLayout(row(self.reset))
        self.show_weights()

    def _add(self, line: int, section: Section, label: str) -> None:
        name = self._texts.gettext("Weight of {section}").format(section=label)
        field = WeightField(f"own_weight_{section.id}", name)
        field.setReadOnly(self._bridge.session.is_read_only)
        field.finished.connect(lambda: self._commit(section))
        advice = Words(role=Role.CAPTION)
        advice.set_colour("danger")
        advice.hide()
        self._grid.addWidget(Words(label), line, 0)
        self._grid.addWidget(field, line, 1, Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(advice, line + 1, 0, 1, 2)
        self.fields[section.id], self.advice[section.id] = field, advice

    def _own(self) -> dict[str, Fraction]:
        return section_weights(self._bridge.session.instrument, self._bridge.session.mission.weights)

    def show_weights(self) -> None:
        """Show the weights in force; what is being typed stays."""
        own = self._own()
        for section in self._sections:
            field = self.fields[section.id]
            weight = own.get(section.id, section.weight)
            if not (field.hasFocus() and field.isModified()):
                self._show(section, weight_text(self._texts, weight))
        is_changed = bool(own)
        self.reset.setEnabled(is_changed and not self._bridge.session.is_read_only)

    def _show(self, section: Section, text: str) -> None:
        # Setting the text even where it is the same hands undo on to the window.
        set_quietly(self.fields[section.id], text)
        self._advise(section, "")

    def _advise(self, section: Section, sentence: str) -> None:
        self.advice[section.id].setText(sentence)
        self.advice[section.id].setVisible(bool(sentence))
        self.fields[section.id].setAccessibleDescription(sentence)

    def flush(self) -> None:
        for section in self._sections:
            self._commit(section)

    def _commit(self, section: Section) -> None:
        own = self._own()
        current, weight = own.get(section.id, section.weight), read_weight(self.fields[section.id].text())
        if weight is None:
            self._advise(section, self._texts.gettext(UNREADABLE))
            return
        others = (own.get(other.id, other.weight) for other in self._sections if other is not section)
        if weight == 0 and not any(others):
            self._advise(section, self._texts.gettext(NOTHING_LEFT))
            return
        self._show(section, weight_text(self._texts, weight))
        if weight != current:
            mission = self._bridge.session.mission
            self._bridge.put(replace(mission, weights=reweighed(mission.weights, section, weight)))

    def _reset(self) -> None:
        for section in self._sections:
            self._advise(section, "")
        self._bridge.put(replace(self._bridge.session.mission, weights=()))
        self.show_weights()


class MethodRow(QWidget):
    """One method: its sign on the strip, its name, what it gives; opens to its arithmetic."""

    def __init__(self, place: int, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self._method: Method | None = None
        self._steps: QWidget | None = None
        self.head = Opener(f"method_{place}")
        self._name = Words()
        self._value = Words(role=Role.STRONG, wraps=False, side="trailing")
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        sign = Words(METHOD_SIGNS[place], wraps=False, side="center")
        sign.set_sample("◆◆")
        line.addWidget(sign)
        line.addWidget(self._name, 1)
        line.addWidget(self._value)
        self.head.body.addLayout(line)
        self.head.toggled.connect(lambda _is_open: self._show_steps())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.addWidget(self.head)

    def show_method(self, method: Method) -> None:
        self._method = method
        value = points_text(self._texts, method.value)
        self._name.setText(method.name)
        self._value.setText(value)
        self.head.setAccessibleName(f"{method.name}: {value}")
        self._show_steps()

    def _show_steps(self) -> None:
        if self._steps is not None:
            self._column.removeWidget(self._steps)
            self._steps.hide()
            self._steps.deleteLater()
            self._steps = None
        if self.head.isChecked() and self._method is not None:
            self._steps = steps_grid([self._method.step])
            self._steps.setContentsMargins(MEDIUM, 0, MEDIUM, SMALL)
            self._column.addWidget(self._steps)


class MethodCard(Card):
    """The sensitivity strip, its sentence, and the methods; empty while the overall score is withheld."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=SMALL)
        self._texts = texts
        self.sentence = Words()
        self._strip = SensitivityStrip()
        head = QVBoxLayout()
        head.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        head.setSpacing(SMALL)
        head.addWidget(Words(texts.gettext("How much the method matters"), Role.HEADING))
        head.addWidget(self.sentence)
        head.addWidget(self._strip)
        self.body.addLayout(head)
        self.rows = tuple(MethodRow(place, texts) for place in range(len(METHOD_SIGNS)))
        for line in self.rows:
            self.body.addWidget(line)
        self.body.setContentsMargins(SMALL, LARGE - SMALL, SMALL, SMALL)

    def show_results(self, results: Results) -> None:
        overall, found = results.scorecard.overall, methods(self._texts, results)
        self.sentence.setText(spread_sentence(self._texts, overall))
        self.sentence.set_colour("warning" if overall.is_robust is False else "")
        self._strip.show_values([method.value for method in found])
        self._strip.setVisible(bool(found))
        for place, line in enumerate(self.rows):
            line.setVisible(place < len(found))
            if place < len(found):
                line.show_method(found[place])


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
