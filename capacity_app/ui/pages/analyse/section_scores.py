"""The score of every section (part) as a painted bar with its possible range; each opens to its arithmetic."""

from fractions import Fraction

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.scoring.scores import (
    BAND_LIMITS,
    HUNDRED,
    SCORE_STATUS_LABELS,
    ScoreStatus,
    SectionScore,
    band_of,
)
from capacity_app.services.result_tables import Results
from capacity_app.ui.pages.analyse.score_arithmetic import (
    FORMULA_LETTERS,
    ScoreSharesTree,
    StepsGrid,
    points_text,
    section_shares,
    section_steps,
)
from capacity_app.ui.pages.analyse.score_text import (
    bands_text,
    coverage_text,
    interval_text,
    needed_sentence,
    no_comparison_text,
    section_band_text,
    section_remarks,
    section_sentence,
)
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.theme.painting import paint_rounded
from capacity_app.ui.theme.palette import band_colour, colours
from capacity_app.ui.widgets.banners import Disclosure
from capacity_app.ui.widgets.cards import Card, Label, Separator
from capacity_app.ui.widgets.layouts import lay_out

_LANE = 14
"""Height of the lane below a bar, in which the previous round stands."""


@dataclass(frozen=True, slots=True)
class ScoreBarFigures:
    """What a bar shows, in points 0-100; ``value`` is None where the score is withheld.

    ``before`` and ``after`` are both rounds' scores over what both answered: only these two may be compared.
    """

    value: Fraction | None = None
    lower: Fraction | None = None
    upper: Fraction | None = None
    target: Fraction | None = None
    before: Fraction | None = None
    after: Fraction | None = None


class ScoreBar(QWidget):
    """A score as a bar in its band's colour: interval as whiskers, target as a mark above, two rounds in a lane below.

    It stands along 0 to 100, mirrored with the language. The lane is there where ``has_lane`` says so, so that all bars
    of a page are equally high.
    """

    def __init__(self, height: int = 14) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._bar = ScoreBarFigures()
        self._thick = height
        self._has_lane = False

    def show_bar(self, bar: ScoreBarFigures, *, has_lane: bool = False) -> None:
        if has_lane != self._has_lane:
            self._has_lane = has_lane
            self.updateGeometry()
        self._bar = bar
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(240, self._thick + 12 + (_LANE if self._has_lane else 0))

    def _x(self, points: Fraction) -> float:
        margin = 2.0
        along = margin + float(points / HUNDRED) * (self.width() - 2 * margin)
        return self.width() - along if self.isRightToLeft() else along

    def _up_to(self, points: Fraction) -> QRectF:
        left, right = sorted((self._x(Fraction(0)), self._x(points)))
        return QRectF(left, self._top, right - left, self._thick)

    @property
    def _top(self) -> float:
        lane = _LANE if self._has_lane else 0
        return (self.height() - self._thick - lane) / 2

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades, bar, top = colours(), self._bar, self._top
        painter = QPainter(self)
        paint_rounded(painter, self._up_to(HUNDRED), fill=shades.raised, edge=shades.line, corner=3)
        if bar.value is not None:
            fill = band_colour(shades, band_of(bar.value))
            paint_rounded(painter, self._up_to(bar.value), fill=fill, corner=3)
        painter.setPen(QPen(QColor(shades.surface), 2))
        for cut in BAND_LIMITS:
            painter.drawLine(QPointF(self._x(cut), top), QPointF(self._x(cut), top + self._thick))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if bar.lower is not None and bar.upper is not None:
            self._paint_whiskers(painter, bar.lower, bar.upper)
        if bar.target is not None:
            self._paint_target(painter, bar.target)
        if bar.before is not None and bar.after is not None and self._has_lane:
            self._paint_rounds(painter, bar.before, bar.after)
        painter.end()

    def _paint_rounds(self, painter: QPainter, before: Fraction, after: Fraction) -> None:
        """Paint a ring for then and a dot for now, joined: one basis, one line."""
        shades = colours()
        middle = self._top + self._thick + 4 + _LANE / 2
        then, now = QPointF(self._x(before), middle), QPointF(self._x(after), middle)
        painter.setPen(QPen(QColor(shades.edge), 1.6))
        painter.drawLine(then, now)
        painter.setPen(QPen(QColor(shades.text), 1.6))
        painter.setBrush(QColor(shades.text))
        painter.drawEllipse(now, 3.2, 3.2)
        painter.setBrush(QColor(shades.surface))
        painter.drawEllipse(then, 4.2, 4.2)

    def _paint_whiskers(self, painter: QPainter, lower: Fraction, upper: Fraction) -> None:
        shades = colours()
        low, high, middle = self._x(lower), self._x(upper), self._top + self._thick / 2
        if abs(high - low) < 2:  # noqa: PLR2004 - pixels: everything is known, there is nothing to show
            return
        # A pale line under the dark one keeps whiskers visible on a bar of any colour.
        for ink, width in ((shades.surface, 4.5), (shades.text, 1.8)):
            painter.setPen(QPen(QColor(ink), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawLine(QPointF(low, middle), QPointF(high, middle))
            for end in (low, high):
                painter.drawLine(QPointF(end, middle - 5), QPointF(end, middle + 5))

    def _paint_target(self, painter: QPainter, target: Fraction) -> None:
        # At the very end of the axis the mark would be cut off.
        x = min(max(self._x(target), 5.0), self.width() - 5.0)
        tip = self._top - 1
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours().muted))
        painter.drawPolygon(QPolygonF([QPointF(x - 4.5, tip - 5), QPointF(x + 4.5, tip - 5), QPointF(x, tip)]))


def section_bar(results: Results, entry: SectionScore) -> ScoreBarFigures:
    """Return what is drawn of a section."""
    change = results.change(entry.section.id)
    return ScoreBarFigures(
        entry.published,
        entry.score.lower,
        entry.score.upper,
        results.targets[entry.section.id],
        change.before if change else None,
        change.after if change else None,
    )


def section_accessible_text(wording: SessionFormatter, results: Results, entry: SectionScore) -> tuple[str, str]:
    """Say a section's figures: first what is on the line itself, then its status and remarks."""
    texts, score = wording.texts, entry.score
    figures = (
        f"{entry.section.number}  {wording.section(entry.section)}",
        points_text(texts, entry.published),
        interval_text(texts, score.lower, score.upper),
        coverage_text(texts, entry),
        section_band_text(texts, entry),
    )
    more = (
        texts.gettext(SCORE_STATUS_LABELS[entry.status]),
        needed_sentence(texts, wording.session.instrument.thresholds, entry),
        section_remarks(texts, results, entry),
    )
    return ". ".join(part for part in figures if part), ". ".join(part for part in more if part)


class SectionScoreHead(Disclosure):
    """The lines one sees: title and band; bar, score, interval, coverage; and what else stands beside the score."""

    def __init__(self, section_id: str, wording: SessionFormatter) -> None:
        super().__init__(f"section_{section_id}")
        self._wording = wording
        self._title = Label(role=TextRole.QUESTION)
        self._band = Label(is_muted=True, side="trailing")
        self._bar = ScoreBar()
        self._score = Label(role=TextRole.HEADING, wraps=False, side="trailing")
        self._score.set_sample("100.0")
        self._interval = Label(role=TextRole.CAPTION, is_muted=True, wraps=False, side="trailing")
        self._interval.set_sample("100.0 – 100.0")
        self._coverage = Label(role=TextRole.CAPTION, is_muted=True, wraps=False, side="trailing")
        self._coverage.set_sample(wording.texts.gettext("{share} known").format(share="100%"))
        self.body.addLayout(lay_out(QHBoxLayout(), (self._title, 3), (self._band, 2), spacing=MEDIUM))
        self._needed = Label(role=TextRole.CAPTION)
        self._remarks = Label(role=TextRole.CAPTION, is_muted=True)
        numbers = lay_out(QHBoxLayout(), self._score, self._interval, self._coverage, spacing=MEDIUM)
        figures = lay_out(QHBoxLayout(), (self._bar, 1), spacing=MEDIUM)
        figures.addLayout(numbers)
        # The numbers stand beside the bar, not beside the lane below it.
        figures.setAlignment(numbers, Qt.AlignmentFlag.AlignTop)
        lay_out(self.body, figures, self._needed, self._remarks)

    def show_entry(self, results: Results, entry: SectionScore) -> None:
        texts, score = self._wording.texts, entry.score
        self._title.setText(self._wording.texts.numbered(entry.section.number, self._wording.section(entry.section)))
        self._band.setText(section_band_text(texts, entry))
        self.setToolTip(bands_text(texts))
        self._bar.show_bar(section_bar(results, entry), has_lane=results.change(entry.section.id) is not None)
        self._score.setText(points_text(texts, entry.published))
        self._interval.setText(interval_text(texts, score.lower, score.upper))
        self._coverage.setText(coverage_text(texts, entry))
        self._remark(results, entry)
        name, description = section_accessible_text(self._wording, results, entry)
        self.setAccessibleName(name)
        self.setAccessibleDescription(description)

    def _remark(self, results: Results, entry: SectionScore) -> None:
        texts, thresholds = self._wording.texts, self._wording.session.instrument.thresholds
        needed = needed_sentence(texts, thresholds, entry) if entry.status is ScoreStatus.WITHHELD else ""
        self._needed.show_or_hide(needed)
        self._remarks.show_or_hide(section_remarks(texts, results, entry))


class SectionArithmetic(QWidget):
    """The arithmetic of one section."""

    def __init__(self, results: Results, entry: SectionScore, wording: SessionFormatter) -> None:
        super().__init__()
        self._wording = wording
        self._sentence = Label()
        self._steps, self.tree = StepsGrid(), ScoreSharesTree(wording.texts)
        letters = Label(wording.texts.gettext(FORMULA_LETTERS), TextRole.CAPTION, is_muted=True)
        column = lay_out(QVBoxLayout(self), self._sentence, self._steps, letters, spacing=MEDIUM)
        hint = wording.texts.gettext("Press Enter or double-click to go to the question. Tables unfold to their cells.")
        made_of = Label(wording.texts.gettext("What it is made of"), TextRole.STRONG)
        lay_out(column, made_of, Label(hint, TextRole.CAPTION, is_muted=True), self.tree)
        column.setContentsMargins(LARGE, MEDIUM, LARGE, LARGE)
        self.show_entry(results, entry)

    def show_entry(self, results: Results, entry: SectionScore) -> None:
        texts, instrument = self._wording.texts, self._wording.session.instrument
        sentences = (
            section_sentence(texts, instrument.thresholds, entry),
            needed_sentence(texts, instrument.thresholds, entry),
        )
        self._sentence.setText(" ".join(sentence for sentence in sentences if sentence))
        self._steps.show_steps(section_steps(texts, results, entry))
        self.tree.show_shares(section_shares(self._wording, instrument, entry.parts))


class SectionScoreRow(QWidget):
    """A section's line with its panel, which is made when it is first opened. ``wanted`` is an address to go to."""

    wanted = Signal(object)

    def __init__(self, section_id: str, wording: SessionFormatter) -> None:
        super().__init__()
        self._section_id, self._wording = section_id, wording
        self._results: Results | None = None
        self.head = SectionScoreHead(section_id, wording)
        self.panel: SectionArithmetic | None = None
        self._column = lay_out(QVBoxLayout(self), self.head, margins=0, spacing=SMALL)
        self.head.toggled.connect(self._toggle)

    def _entry(self) -> SectionScore | None:
        return self._results.scorecard.section(self._section_id) if self._results else None

    def _toggle(self, is_open: bool) -> None:  # noqa: FBT001 - Qt's signal
        entry = self._entry()
        if is_open and entry is not None and self._results is not None:
            if self.panel is None:
                self.panel = SectionArithmetic(self._results, entry, self._wording)
                self.panel.tree.wanted.connect(self.wanted)
                self._column.addWidget(self.panel)
                QWidget.setTabOrder(self.head, self.panel.tree)
            else:
                self.panel.show_entry(self._results, entry)
        if self.panel is not None:
            self.panel.setVisible(is_open)

    def show_entry(self, results: Results, entry: SectionScore) -> None:
        self._results = results
        self.head.show_entry(results, entry)
        if self.panel is not None and self.head.isChecked():
            self.panel.show_entry(results, entry)


class SectionScoresCard(Card):
    """All scored sections, core first, supplements apart. ``wanted`` is an address to go to."""

    wanted = Signal(object)

    def __init__(self, wording: SessionFormatter) -> None:
        super().__init__(margin=SMALL)
        self._wording = wording
        self.rows: dict[str, SectionScoreRow] = {}
        say = wording.texts.gettext
        signs = (
            say("Bar: score"),
            say("line with ends: possible range"),
            say("breaks in the bar: limits of the bands"),
            say("▼ above the bar: target"),
        )
        self._earlier = Label(role=TextRole.CAPTION, is_muted=True)
        head = lay_out(QVBoxLayout(), margins=(MEDIUM, SMALL, MEDIUM, SMALL))
        legend = Label(" · ".join(signs), TextRole.CAPTION, is_muted=True)
        self.body.addLayout(lay_out(head, Label(say("Part by part"), TextRole.HEADING), legend, self._earlier))
        self._build_rows()

    def show_results(self, results: Results) -> None:
        sentence = no_comparison_text(self._wording.texts, results)
        if not sentence and results.round:
            told = self._wording.texts.gettext(
                "Below the bar ○ round {round}, ● now: both over the items that both rounds answered."
            )
            sentence = told.format(round=results.round)
        self._earlier.show_or_hide(sentence)
        for entry in results.scorecard.sections:
            self.rows[entry.section.id].show_entry(results, entry)

    def _build_rows(self) -> None:
        """Make a line per scored section at once, so that Tab goes down the page."""
        scored = [section for section in self._wording.session.instrument.sections if section.is_scored]
        has_supplement = False
        for section in sorted(scored, key=lambda section: bool(section.supplement)):
            if section.supplement and not has_supplement:
                has_supplement = True
                title = Label(self._wording.texts.gettext("Supplements, outside the overall score"), TextRole.STRONG)
                title.setContentsMargins(MEDIUM, LARGE, MEDIUM, 0)
                self.body.addWidget(title)
            elif self.rows:
                self.body.addWidget(Separator())
            made = SectionScoreRow(section.id, self._wording)
            made.wanted.connect(self.wanted)
            self.body.addWidget(made)
            self.rows[section.id] = made

    def open(self, section_id: str) -> None:
        head = self.rows[section_id].head
        head.setChecked(True)
        head.setFocus()
