"""What the countries say together: the heat map of regions and parts, and the gaps that most countries share."""

from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget

from capacity_app.domain.headquarters.selection import MINIMUM_COUNTRIES, ParticipationBasis, SynthesisOptions
from capacity_app.domain.headquarters.synthesis import CommonGap, OverdueAction, Synthesis
from capacity_app.domain.headquarters.tidy_tables import WORLD
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.scores import BAND_LABELS, Band
from capacity_app.i18n.synthesis_formatter import HIDDEN_SIGN, OVERDUE_COLUMNS, SynthesisFormatter
from capacity_app.i18n.translator import Translator, isolate_ltr_lines
from capacity_app.report_colours import BAND_SIGNS
from capacity_app.ui.session.formatters import today
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.theme.painting import draw_paragraph
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.banners import icon_line
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.heat_map import HeatHeading, HeatMap, HeatTable, HeatTile
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.lists_and_tables import Index, ReadingTable, RowsModel, TableCellPainter

_LEAST_GAP_LINES = 10


class _GapColumn(IntEnum):
    NUMBER = 0
    TEXT = 1
    SHARE = 2
    COUNTRIES = 3
    SERIOUS = 4
    OPEN = 5


_COLUMNS: tuple[tuple[str, Callable[[SynthesisFormatter, CommonGap], str]], ...] = (
    (N_("Number"), lambda _formatter, gap: gap.number),
    (N_("Gap"), lambda formatter, gap: formatter.gap(gap)),
    (N_("Share of countries"), lambda formatter, gap: formatter.share(gap.count, gap.of)),
    (N_("Countries"), lambda formatter, gap: formatter.n_of(gap.count, gap.of)),
    (N_("High or critical"), lambda formatter, gap: formatter.texts.number(gap.serious)),
    (N_("Open in"), lambda formatter, gap: formatter.texts.number(gap.open)),
)
"""The columns in the order of ``_GapColumn``: their headings, and what their cells say."""
_NUMBERS = frozenset({_GapColumn.SHARE, _GapColumn.COUNTRIES, _GapColumn.SERIOUS, _GapColumn.OPEN})


class _GapPainter(TableCellPainter):
    """Wraps the wording, each text in its own direction; numbers stand at the trailing edge."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        shades, part = colours(), _GapColumn(index.column())
        painter.setPen(QColor(shades.accent if part is _GapColumn.NUMBER else shades.text))
        if part is _GapColumn.TEXT:
            draw_paragraph(painter, room, str(index.data()), option.direction, is_top=True)
        else:
            side = Qt.AlignmentFlag.AlignTrailing if part in _NUMBERS else Qt.AlignmentFlag.AlignLeading
            painter.setLayoutDirection(option.direction)
            painter.drawText(room, int(side | Qt.AlignmentFlag.AlignTop), _ordered(option, str(index.data())))


def _ordered(option: QStyleOptionViewItem, text: str) -> str:
    return isolate_ltr_lines(text) if option.direction == Qt.LayoutDirection.RightToLeft else text


class SharedGapsTable(ReadingTable[CommonGap]):
    """The table of gaps that countries share."""

    def __init__(self, texts: Translator) -> None:
        columns = [(texts.gettext(heading), str) for heading, _cell in _COLUMNS]
        super().__init__(RowsModel(columns), _GapPainter, {_GapColumn.TEXT: 1}, numbers=frozenset(_NUMBERS))
        self._texts = texts
        with_name(self, "headquarters_gaps", texts.gettext("The most frequent gaps"))

    def show_gaps(self, formatter: SynthesisFormatter) -> None:
        self.lines.columns = tuple(
            (self._texts.gettext(heading), partial(cell, formatter)) for heading, cell in _COLUMNS
        )
        self.lines.show(formatter.synthesis.gaps)


class SharedGapsTab(QWidget):
    """What most countries lack, and how many show women and men less often than before."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.table = SharedGapsTable(texts)
        self.trend = with_name(Label(), "headquarters_trend")
        self.note = Label(role=TextRole.CAPTION, is_muted=True)
        self._alert = Card(tint="warning_tint", edge="warning", margin=MEDIUM)
        self._lay_out()

    def _lay_out(self) -> None:
        self._alert.body.addLayout(icon_line("warning", "warning", (self.trend, 1)))
        sheet = Card(margin=SMALL)
        self._none = Label(role=TextRole.QUESTION, is_muted=True, side="center")
        self._none.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        lay_out(sheet.body, (self.table, 1), (self._none, 1), self.note)
        self.table.setMinimumHeight(_LEAST_GAP_LINES * self.fontMetrics().height())
        lay_out(QVBoxLayout(self), self._alert, (sheet, 1), margins=0, spacing=MEDIUM)

    def show_synthesis(self, formatter: SynthesisFormatter) -> None:
        made = formatter.synthesis
        self.table.show_gaps(formatter)
        self.table.setVisible(bool(made.gaps))
        self._none.setVisible(not made.gaps)
        self._none.setText(formatter.say(N_("No gap is shared by the minimum number of countries.")))
        trend = formatter.trend_summary()
        has_alert = made.trend is not None and any(line.is_alert for line in made.trend.lines)
        more = formatter.say(N_("The synthesis has each statistic."))
        self.trend.setText(f"{trend} {more}" if trend else "")
        self._alert.setVisible(has_alert)
        self.note.setText(" ".join(self._notes(formatter)))

    def _notes(self, formatter: SynthesisFormatter) -> Sequence[str]:
        notes = [formatter.basis]
        if formatter.synthesis.rare_gaps:
            rare = formatter.texts.counted(
                "{count} gap of fewer countries than the minimum is not listed.",
                "{count} gaps of fewer countries than the minimum are not listed.",
                formatter.synthesis.rare_gaps,
            )
            notes.append(rare)
        return notes


class _TextPainter(TableCellPainter):
    """Writes the cells, each text in its own direction."""

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        painter.setPen(QColor(colours().text))
        draw_paragraph(painter, room, str(index.data()), option.direction, is_top=True)


class OverdueActionsTab(QWidget):
    """The actions of countries that should be over and are not."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        columns = [(texts.gettext(heading), str) for heading, _cell in OVERDUE_COLUMNS]
        self.table = ReadingTable[OverdueAction](RowsModel(columns), _TextPainter, {1: 1})
        with_name(self.table, "headquarters_actions", texts.gettext("Overdue actions"))
        self._texts = texts
        self._none = Label(texts.gettext("No action is overdue."), TextRole.QUESTION, is_muted=True, side="center")
        sheet = Card(margin=SMALL)
        lay_out(sheet.body, (self.table, 1), (self._none, 1))
        lay_out(QVBoxLayout(self), (sheet, 1), margins=0)

    def show_synthesis(self, formatter: SynthesisFormatter) -> None:
        self.table.lines.columns = tuple(
            (self._texts.gettext(heading), partial(cell, formatter)) for heading, cell in OVERDUE_COLUMNS
        )
        overdue = formatter.synthesis.overdue
        self.table.lines.show(overdue)
        self.table.setVisible(bool(overdue))
        self._none.setVisible(not overdue)


# The tab of regions: the heat map of regions and parts, on which basis it stands, and the chosen tile in words.


_MINIMA = (1, 2, 3, 4, 5, 8, 10)
_BASES: tuple[tuple[str, str], ...] = (
    (ParticipationBasis.VALIDATED.value, N_("Validated assessments only")),
    (ParticipationBasis.ALL.value, N_("All newest assessments, drafts included")),
)
_LEAST_LINES = 8


def region_table(formatter: SynthesisFormatter) -> HeatTable:
    made = formatter.synthesis
    number = formatter.texts.number
    heads = [
        HeatHeading(
            key=region.code,
            title=f"– {formatter.region(region)}" if region.parent else formatter.region(region),
            detail=formatter.countries(region.countries),
            is_total=region.code == WORLD,
            is_quiet=region.countries < made.choice.minimum,
        )
        for region in made.regions
    ]
    columns = [HeatHeading(key=part.id, number=part.number, title=formatter.part(part)) for part in made.parts]

    def tile(row: int, column: int) -> HeatTile:
        one = made.tiles[made.regions[row].code, made.parts[column].id]
        count = f"{number(one.count)} / {number(one.of)}"
        if one.band is None:
            return HeatTile(formatter.tile(one), sign=HIDDEN_SIGN, marks=count, is_out=True)
        return HeatTile(
            formatter.tile(one), BAND_SIGNS[one.band], formatter.points(one.median), count, tuple(Band).index(one.band)
        )

    return HeatTable(heads, columns, tile)


class RegionsTab(QWidget):
    """The map with its choices. ``chosen`` tells that another minimum or basis is wanted."""

    chosen = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self._formatter: SynthesisFormatter | None = None
        say = texts.gettext
        self.map = HeatMap("headquarters_map", say("Regions and parts"))
        self.tile = with_name(Label(), "headquarters_tile")
        self.basis_said = Label(is_muted=True)
        self.legend = Label(role=TextRole.CAPTION, is_muted=True)
        self.minimum = self._combo("headquarters_minimum", say("Minimum number of countries"), 20)
        least = say("At least {count} countries")
        self.minimum.fill(tuple((str(count), least.format(count=texts.number(count))) for count in _MINIMA))
        self.minimum.setCurrentIndex(_MINIMA.index(MINIMUM_COUNTRIES))
        self.basis = self._combo("headquarters_basis", say("Assessments that count"), 36)
        self.basis.fill(tuple((key, say(label)) for key, label in _BASES))
        for combo in (self.minimum, self.basis):
            combo.currentIndexChanged.connect(lambda _index: self.chosen.emit())
        self.map.picked.connect(self._describe_tile)
        self._lay_out()

    @staticmethod
    def _combo(name: str, label: str, letters: int) -> ComboBox:
        combo = with_name(ComboBox(), name, label)
        combo.setMinimumContentsLength(letters)
        return combo

    def _lay_out(self) -> None:
        line = Flow(MEDIUM, self.basis, self.minimum)
        sheet = Card((self.map, 1), self.tile, self.legend, margin=SMALL)
        lay_out(QVBoxLayout(self), line, self.basis_said, (sheet, 1), margins=0, spacing=MEDIUM)
        self.map.setMinimumHeight(_LEAST_LINES * 2 * self.fontMetrics().height())

    @property
    def choice(self) -> SynthesisOptions:
        basis = ParticipationBasis(str(self.basis.currentData() or ParticipationBasis.VALIDATED))
        return SynthesisOptions(int(self.minimum.currentData() or MINIMUM_COUNTRIES), basis, today())

    def show_synthesis(self, formatter: SynthesisFormatter) -> None:
        self._formatter = formatter
        self.basis_said.setText(f"{formatter.basis} {formatter.minimum}")
        self.map.show_table(region_table(formatter))
        self.legend.setText(self._legend(formatter.synthesis))
        self.map.setVisible(bool(formatter.synthesis.parts))
        place = self.map.place
        if place is None:
            self.tile.setText(formatter.say(N_("No assessment has a score yet.")))
        else:
            self._describe_tile(*place)

    def _legend(self, made: Synthesis) -> str:
        say = self._texts.gettext
        bands = [f"{BAND_SIGNS[band]}\u00a0{say(BAND_LABELS[band])}" for band in reversed(Band)]
        hidden = say("{sign} fewer than {count} countries").format(
            sign=HIDDEN_SIGN, count=self._texts.number(made.choice.minimum)
        )
        what = say("Median score, 0 to 100, and number of countries.")
        return "   ".join((what, *bands, hidden))

    def _describe_tile(self, region: str, part: str) -> None:
        if self._formatter is None:
            return
        made = self._formatter.synthesis
        place = next(one for one in made.regions if one.code == region)
        asked = next(one for one in made.parts if one.id == part)
        said = self._formatter.tile(made.tiles[region, part])
        self.tile.setText(f"{self._formatter.region(place)}, {asked.number} {self._formatter.part(asked)}: {said}")
