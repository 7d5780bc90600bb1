"""One section on the scores page: its bar and numbers, and below them, on request, their arithmetic."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.scoring import STATUS_WORDS, SectionScore, Status
from capacity_app.services.results import Results
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.scores.arithmetic import LETTERS, points_text, section_steps
from capacity_app.ui.scores.arithmetic_panel import PartsTree, section_shares, steps_grid
from capacity_app.ui.scores.score_bars import Bar, ScoreBar
from capacity_app.ui.scores.score_words import (
    interval_text,
    known_text,
    needed_sentence,
    section_remarks,
    section_sentence,
    standing_text,
)
from capacity_app.ui.wording import Wording


def bar_of(results: Results, entry: SectionScore) -> Bar:
    """Return what is drawn of a section, as a bar or on the radar's axis."""
    change = results.change(entry.section.id)
    return Bar(
        entry.published,
        entry.score.lower,
        entry.score.upper,
        results.targets[entry.section.id],
        change.before if change else None,
        change.after if change else None,
    )


def section_spoken(wording: Wording, results: Results, entry: SectionScore) -> tuple[str, str]:
    """Say a section's figures: first what is on the line itself, then its status and remarks."""
    texts, score = wording.texts, entry.score
    figures = (
        f"{entry.section.number}  {wording.section(entry.section)}",
        points_text(texts, entry.published),
        interval_text(texts, score.lower, score.upper),
        known_text(texts, entry),
        standing_text(texts, entry),
    )
    more = (
        texts.gettext(STATUS_WORDS[entry.status]),
        needed_sentence(texts, wording.session.instrument.thresholds, entry),
        section_remarks(texts, results, entry),
    )
    return ". ".join(part for part in figures if part), ". ".join(part for part in more if part)


class SectionHead(Opener):
    """The lines one sees: title and band; bar, score, interval, coverage; and what else stands beside the score."""

    def __init__(self, section_id: str, wording: Wording) -> None:
        super().__init__(f"section_{section_id}")
        self._wording = wording
        self._title = Words(role=Role.QUESTION)
        self._band = Words(is_muted=True, side="trailing")
        self._bar = ScoreBar()
        # Without a bar the numbers keep their place at the trailing edge.
        self._no_bar = QWidget()
        self._score = Words(role=Role.HEADING, wraps=False, side="trailing")
        self._score.set_sample("100.0")
        self._interval = Words(role=Role.CAPTION, is_muted=True, wraps=False, side="trailing")
        self._interval.set_sample("100.0 – 100.0")
        self._coverage = Words(role=Role.CAPTION, is_muted=True, wraps=False, side="trailing")
        self._coverage.set_sample(wording.texts.gettext("{share} known").format(share="100%"))
        self.body.addLayout(self._line(self._title, 3, self._band, 2))
        self._needed = Words(role=Role.CAPTION)
        self._remarks = Words(role=Role.CAPTION, is_muted=True)
        numbers = self._line(self._score, 0, self._interval, 0, self._coverage, 0)
        figures = self._line(self._bar, 1, self._no_bar, 1)
        figures.addLayout(numbers)
        # The numbers stand beside the bar, not beside the lane below it.
        figures.setAlignment(numbers, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(figures)
        self.body.addWidget(self._needed)
        self.body.addWidget(self._remarks)

    def _line(self, *parts: QWidget | int) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        for widget, stretch in zip(parts[::2], parts[1::2], strict=True):
            assert isinstance(widget, QWidget)
            assert isinstance(stretch, int)
            line.addWidget(widget, stretch)
        return line

    def show_entry(self, results: Results, entry: SectionScore, *, has_bar: bool) -> None:
        """Show other figures, with the bar or, below a radar, without it."""
        texts, score = self._wording.texts, entry.score
        self._title.setText(self._wording.texts.numbered(entry.section.number, self._wording.section(entry.section)))
        self._band.setText(standing_text(texts, entry))
        self._bar.setVisible(has_bar)
        self._no_bar.setVisible(not has_bar)
        self._bar.show_bar(bar_of(results, entry), has_lane=results.change(entry.section.id) is not None)
        self._score.setText(points_text(texts, entry.published))
        self._interval.setText(interval_text(texts, score.lower, score.upper))
        self._coverage.setText(known_text(texts, entry))
        self._remark(results, entry)
        name, description = section_spoken(self._wording, results, entry)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def _remark(self, results: Results, entry: SectionScore) -> None:
        texts, thresholds = self._wording.texts, self._wording.session.instrument.thresholds
        needed = needed_sentence(texts, thresholds, entry) if entry.status is Status.WITHHELD else ""
        self._needed.setText(needed)
        self._needed.setVisible(bool(needed))
        remarks = section_remarks(texts, results, entry)
        self._remarks.setText(remarks)
        self._remarks.setVisible(bool(remarks))


class SectionPanel(QWidget):
    """The arithmetic of one section."""

    def __init__(self, results: Results, entry: SectionScore, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._sentence = Words()
        self._steps: QWidget | None = None
        self.tree = PartsTree(wording.texts)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(LARGE, MEDIUM, LARGE, LARGE)
        self._column.setSpacing(MEDIUM)
        self._column.addWidget(self._sentence)
        self._column.addWidget(Words(wording.texts.gettext(LETTERS), Role.CAPTION, is_muted=True))
        self._column.addWidget(Words(wording.texts.gettext("What it is made of"), Role.STRONG))
        hint = wording.texts.gettext("Enter or a double click goes to the question; grids unfold to their cells.")
        self._column.addWidget(Words(hint, Role.CAPTION, is_muted=True))
        self._column.addWidget(self.tree)
        self.show_entry(results, entry)

    def show_entry(self, results: Results, entry: SectionScore) -> None:
        texts, instrument = self._wording.texts, self._wording.session.instrument
        sentences = (
            section_sentence(texts, instrument.thresholds, entry),
            needed_sentence(texts, instrument.thresholds, entry),
        )
        self._sentence.setText(" ".join(sentence for sentence in sentences if sentence))
        if self._steps is not None:
            self._column.removeWidget(self._steps)
            self._steps.hide()
            self._steps.deleteLater()
        self._steps = steps_grid(section_steps(texts, results, entry))
        self._column.insertWidget(1, self._steps)
        self.tree.show_shares(section_shares(self._wording, instrument, entry.parts))


class SectionRow(QWidget):
    """A section's line with its panel, which is made when it is first opened. ``wanted`` is an address to go to."""

    wanted = Signal(object)

    def __init__(self, section_id: str, wording: Wording) -> None:
        super().__init__()
        self._section_id, self._wording = section_id, wording
        self._results: Results | None = None
        self.head = SectionHead(section_id, wording)
        self.panel: SectionPanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SMALL)
        self._column.addWidget(self.head)
        self.head.toggled.connect(self._toggle)

    def _entry(self) -> SectionScore | None:
        return self._results.scorecard.section(self._section_id) if self._results else None

    def _toggle(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        entry = self._entry()
        if is_open and entry is not None and self._results is not None:
            if self.panel is None:
                self.panel = SectionPanel(self._results, entry, self._wording)
                self.panel.tree.wanted.connect(self.wanted)
                self._column.addWidget(self.panel)
                QWidget.setTabOrder(self.head, self.panel.tree)
            else:
                self.panel.show_entry(self._results, entry)
        if self.panel is not None:
            self.panel.setVisible(is_open)

    def show_entry(self, results: Results, entry: SectionScore, *, has_bar: bool) -> None:
        """Show other figures, in the panel too if it is open."""
        self._results = results
        self.head.show_entry(results, entry, has_bar=has_bar)
        if self.panel is not None and self.head.isChecked():
            self.panel.show_entry(results, entry)
