"""One section on the scores page: its bar and numbers, and below them, on request, their arithmetic."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.comparison import SectionChange
from capacity_app.domain.scoring import STATUS_WORDS, SectionScore, Status
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role
from capacity_app.ui.scores.arithmetic import LETTERS, points_text, section_shares, section_steps, target_of
from capacity_app.ui.scores.arithmetic_panel import PartsTree, steps_grid
from capacity_app.ui.scores.score_bars import Bar, ScoreBar
from capacity_app.ui.scores.score_words import band_text, earlier_sentence, interval_text, section_sentence
from capacity_app.ui.wording import Wording


class SectionHead(Opener):
    """The line one sees: title and band, bar, score, interval, coverage."""

    def __init__(self, entry: SectionScore, wording: Wording) -> None:
        super().__init__(f"section_{entry.section.id}")
        self._wording = wording
        self._title = Words(role=Role.QUESTION)
        self._band = Words(is_muted=True, side="trailing")
        self._bar = ScoreBar()
        self._score = Words(role=Role.HEADING, wraps=False, side="trailing")
        self._score.set_sample("100.0")
        self._interval = Words(role=Role.CAPTION, is_muted=True, wraps=False, side="trailing")
        self._interval.set_sample("100.0 – 100.0")
        self._coverage = Words(role=Role.CAPTION, is_muted=True, wraps=False, side="trailing")
        self._coverage.set_sample(wording.texts.gettext("{share} known").format(share="100%"))
        self.body.addLayout(self._line(self._title, 3, self._band, 2))
        self.body.addLayout(self._line(self._bar, 1, self._score, 0, self._interval, 0, self._coverage, 0))
        self.show_entry(entry)

    def _line(self, *parts: QWidget | int) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(MEDIUM)
        for widget, stretch in zip(parts[::2], parts[1::2], strict=True):
            assert isinstance(widget, QWidget)
            assert isinstance(stretch, int)
            line.addWidget(widget, stretch)
        return line

    def show_entry(self, entry: SectionScore, change: SectionChange | None = None) -> None:
        """Show other figures, and what changed since the earlier round."""
        texts, score = self._wording.texts, entry.score
        self._title.setText(f"{entry.section.number}  {self._wording.section(entry.section)}")
        is_counted = entry.status not in {Status.NOT_APPLICABLE, Status.UNSCORED}
        status = texts.gettext(STATUS_WORDS[entry.status])
        self._band.setText(band_text(texts, entry.bands) if is_counted else status)
        target = target_of(self._wording.session.instrument, entry.parts)
        earlier = change.before if change else None
        self._bar.show_bar(Bar(entry.published, score.lower, score.upper, target, earlier))
        self._score.setText(points_text(texts, entry.published))
        self._interval.setText(interval_text(texts, score.lower, score.upper))
        share = "" if score.coverage is None else texts.percent(score.coverage)
        self._coverage.setText(texts.gettext("{share} known").format(share=share) if share else "")
        said = (self._title.text(), self._score.text(), self._interval.text(), self._coverage.text(), self._band.text())
        self.setAccessibleName(". ".join(part for part in said if part))
        self.setAccessibleDescription(status)


class SectionPanel(QWidget):
    """The arithmetic of one section."""

    def __init__(self, entry: SectionScore, change: SectionChange | None, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._sentence = Words()
        self._earlier = Words()
        self._steps: QWidget | None = None
        self.tree = PartsTree(wording.texts)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(LARGE, MEDIUM, LARGE, LARGE)
        self._column.setSpacing(MEDIUM)
        self._column.addWidget(self._sentence)
        self._column.addWidget(self._earlier)
        self._column.addWidget(Words(wording.texts.gettext(LETTERS), Role.CAPTION, is_muted=True))
        self._column.addWidget(Words(wording.texts.gettext("What it is made of"), Role.STRONG))
        hint = wording.texts.gettext("Enter or a double click goes to the question; grids unfold to their cells.")
        self._column.addWidget(Words(hint, Role.CAPTION, is_muted=True))
        self._column.addWidget(self.tree)
        self.show_entry(entry, change)

    def show_entry(self, entry: SectionScore, change: SectionChange | None = None) -> None:
        """Show other figures, and what changed since the earlier round."""
        texts, instrument = self._wording.texts, self._wording.session.instrument
        self._sentence.setText(section_sentence(texts, instrument.thresholds, entry))
        previous = self._wording.session.previous
        compared = earlier_sentence(texts, change, previous.mission.round) if change and previous else ""
        self._earlier.setText(compared)
        self._earlier.setVisible(bool(compared))
        if self._steps is not None:
            self._column.removeWidget(self._steps)
            self._steps.hide()
            self._steps.deleteLater()
        self._steps = steps_grid(section_steps(texts, entry.score))
        self._column.insertWidget(2, self._steps)
        self.tree.show_shares(section_shares(self._wording, instrument, entry.parts))


class SectionRow(QWidget):
    """A section's line with its panel, which is made when it is first opened. ``wanted`` is an address to go to."""

    wanted = Signal(object)

    def __init__(self, entry: SectionScore, wording: Wording) -> None:
        super().__init__()
        self._entry, self._wording = entry, wording
        self._change: SectionChange | None = None
        self.head = SectionHead(entry, wording)
        self.panel: SectionPanel | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SMALL)
        self._column.addWidget(self.head)
        self.head.toggled.connect(self._toggle)

    def _toggle(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        if is_open and self.panel is None:
            self.panel = SectionPanel(self._entry, self._change, self._wording)
            self.panel.tree.wanted.connect(self.wanted)
            self._column.addWidget(self.panel)
        elif is_open and self.panel is not None:
            self.panel.show_entry(self._entry, self._change)
        if self.panel is not None:
            self.panel.setVisible(is_open)

    def show_entry(self, entry: SectionScore, change: SectionChange | None) -> None:
        """Show other figures, in the panel too if it is open."""
        if entry == self._entry and change == self._change:
            return
        self._entry, self._change = entry, change
        self.head.show_entry(entry, change)
        if self.panel is not None and self.head.isChecked():
            self.panel.show_entry(entry, change)
