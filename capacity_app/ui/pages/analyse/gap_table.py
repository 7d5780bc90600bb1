"""The table of gaps: its rows, the filters above it, its columns and cells, and the keys that work in it."""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QStyle,
    QStyleOptionViewItem,
)

from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring.gaps import (
    GAP_SEVERITY_LABELS,
    PRIORITY_LABELS,
    SEVERITY_ORDER,
    Gap,
    GapSeverity,
    Priority,
    classify_severity,
)
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.formatters import FEASIBILITY_SHORT, EntryFormatter, capitalized
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL
from capacity_app.ui.theme.painting import leading_alignment, paint_severity
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import ComboBox, ComboChoices
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import with_name
from capacity_app.ui.widgets.lists_and_tables import (
    ROW_ROLE,
    Index,
    ReadingTable,
    RowsModel,
    TableCellPainter,
    plain_tool_tip,
)
from capacity_app.ui.widgets.text_fields import FilterTextField, matches_search

# A gap together with the actions that close it, and what is said about it in a list.


QUADRANT_LABELS = {
    Priority.QUICK_WIN: N_("serious and easy to close"),
    Priority.MAJOR_PROJECT: N_("serious and hard to close"),
    Priority.FILL_IN: N_("less serious and easy to close"),
    Priority.LATER: N_("less serious and hard to close"),
}
"""What makes a gap stand in a quadrant."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """A gap with the actions that close it, as (id, title)."""

    gap: Gap
    actions: tuple[tuple[str, str], ...]

    @property
    def address(self) -> str:
        return str(self.gap.address)

    @property
    def action_ids(self) -> tuple[str, ...]:
        return tuple(action for action, _ in self.actions)

    @property
    def titles(self) -> tuple[str, ...]:
        return tuple(title for _, title in self.actions)


def gap_lines(gaps: Iterable[Gap], actions: Iterable[Action], formatter: EntryFormatter) -> tuple[GapLine, ...]:
    """Put gaps together with the actions that close them; dropped actions close nothing."""
    closing: dict[str, list[tuple[str, str]]] = {}
    for action in actions:
        if action.progress is not ActionProgress.DROPPED:
            for address in action.gaps:
                closing.setdefault(address, []).append((action.id, formatter.title("actions", action)))
    return tuple(GapLine(gap, tuple(closing.get(str(gap.address), ()))) for gap in gaps)


def planned_actions_text(texts: Translator, line: GapLine) -> str:
    count = len(line.actions)
    if not count:
        return texts.gettext("none yet")
    return texts.counted("{count} action", "{count} actions", count)


def severity_arithmetic_text(texts: Translator, gap: Gap) -> str:
    """Word the arithmetic of a gap's severity: "3 steps to the target × importance 2 = 6: high"."""
    plain = classify_severity(gap.steps, gap.importance)
    pattern = texts.ngettext(
        "{steps} step to the target × importance {importance} = {severity}: {word}.",
        "{steps} steps to the target × importance {importance} = {severity}: {word}.",
        gap.steps,
    )
    said = pattern.format(
        steps=texts.number(gap.steps),
        importance=texts.number(gap.importance),
        severity=texts.number(gap.severity),
        word=texts.gettext(GAP_SEVERITY_LABELS[plain]),
    )
    if not gap.is_prerequisite:
        return said
    more = texts.gettext("A prerequisite, on which other items build, is one class higher: {word}.")
    highest = texts.gettext("A prerequisite, on which other items build; no class is higher than {word}.")
    pattern = highest if plain is GapSeverity.CRITICAL else more
    return f"{said} {pattern.format(word=texts.gettext(GAP_SEVERITY_LABELS[gap.severity_class]))}"


def priority_text(texts: Translator, priority: Priority) -> str:
    """Word what a priority means: "Quick win: serious and easy to close"."""
    return f"{capitalized(texts.gettext(PRIORITY_LABELS[priority]))}: {texts.gettext(QUADRANT_LABELS[priority])}"


_TEXT_LETTERS = 24
"""The least width of the wording, in letters; below it the table scrolls sideways."""


class GapColumn(IntEnum):
    """The columns of the table, in reading order."""

    SEVERITY = 0
    POINTS = 1
    NUMBER = 2
    TEXT = 3
    FEASIBILITY = 4
    ACTION = 5


_EXPLANATIONS = {
    GapColumn.POINTS: N_(
        "Steps to the target × importance. The list starts with the highest severity, then the most points. Equal gaps "
        "follow the order of the questionnaire. A prerequisite is one severity higher."
    ),
    GapColumn.ACTION: N_("Number of actions that close the gap"),
}
"""What the headings mean, where one word does not say it."""


def _points(texts: Translator, line: GapLine) -> str:
    gap, number = line.gap, texts.number
    return f"{number(gap.steps)} × {number(gap.importance)} = {number(gap.severity)}"


def _wording(formatter: EntryFormatter, line: GapLine) -> str:
    said = formatter.wording.gap(line.gap)
    if not line.gap.is_prerequisite:
        return said
    return formatter.texts.gettext("Prerequisite: {gap}").format(gap=said)


_COLUMNS: Mapping[GapColumn, tuple[str, Callable[[EntryFormatter, GapLine], str]]] = {
    GapColumn.SEVERITY: (
        N_("Severity"),
        lambda formatter, line: formatter.texts.gettext(GAP_SEVERITY_LABELS[line.gap.severity_class]),
    ),
    GapColumn.POINTS: (N_("Points"), lambda formatter, line: _points(formatter.texts, line)),
    GapColumn.NUMBER: (N_("Number"), lambda _formatter, line: line.gap.number),
    GapColumn.TEXT: (N_("Gap"), _wording),
    GapColumn.FEASIBILITY: (
        N_("Feasibility"),
        lambda formatter, line: formatter.texts.gettext(FEASIBILITY_SHORT[line.gap.feasibility]),
    ),
    GapColumn.ACTION: (
        N_("Actions"),
        lambda formatter, line: formatter.texts.number(len(line.actions)) if line.actions else "–",
    ),
}
"""The headings, and what every cell says."""


class GapModel(RowsModel[GapLine]):
    """Gaps as rows."""

    def __init__(self, formatter: EntryFormatter) -> None:
        columns = [(formatter.texts.gettext(heading), partial(cell, formatter)) for heading, cell in _COLUMNS.values()]
        super().__init__(columns, lambda line: line.gap.address)
        self._texts = formatter.texts

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.ToolTipRole and section in _EXPLANATIONS:
            return plain_tool_tip(self._texts.gettext(_EXPLANATIONS[GapColumn(section)]))
        return super().headerData(section, orientation, role)

    def spoken(self, row: GapLine, column: int) -> str:
        return planned_actions_text(self._texts, row) if column == GapColumn.ACTION else super().spoken(row, column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == GapColumn.TEXT:
            return plain_tool_tip(str(index.data()))
        return super().data(index, role)


class GapDelegate(TableCellPainter):
    """Paints a gap in one line, its severity as bars and word."""

    def _sign_width(self, option: QStyleOptionViewItem) -> int:
        return round(option.fontMetrics.height() * 1.1)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(super().sizeHint(option, index).width(), option.fontMetrics.height() + 2 * SMALL)

    def extra_width(self, option: QStyleOptionViewItem, column: int) -> int:
        return self._sign_width(option) + SMALL if column == GapColumn.SEVERITY else 0

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        shades, column = colours(), GapColumn(index.column())
        line: GapLine = index.data(ROW_ROLE)
        # A Latin sentence in an Arabic window keeps its own order; “3 × 2 = 6” is read as the window is.
        is_sum = column is GapColumn.POINTS
        painter.setLayoutDirection(option.direction if is_sum else Qt.LayoutDirection.LayoutDirectionAuto)
        if column is GapColumn.SEVERITY:
            room = self._paint_sign(painter, option, line, room)
        is_quiet = column is GapColumn.ACTION and not line.actions
        painter.setPen(QColor(shades.muted if is_quiet else shades.text))
        shown = option.fontMetrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, leading_alignment(option.direction), shown)

    def _paint_sign(self, painter: QPainter, option: QStyleOptionViewItem, line: GapLine, room: QRect) -> QRect:
        side = self._sign_width(option)
        top = room.y() + (option.fontMetrics.height() - side * 3 // 4) // 2
        sign = QRect(room.x(), top, side, side * 3 // 4)
        paint_severity(painter, QRectF(QStyle.visualRect(option.direction, room, sign)), line.gap.severity_class)
        rest = QRect(room.x() + side + SMALL, room.y(), room.width() - side - SMALL, room.height())
        return QStyle.visualRect(option.direction, room, rest)


class GapTable(ReadingTable[GapLine]):
    """The table. ``wanted`` carries the address of a gap to go to, ``picked`` the current gap's address as text."""

    wanted = Signal(object)
    picked = Signal(str)

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__(GapModel(formatter), GapDelegate, {GapColumn.TEXT: 1}, letters=_TEXT_LETTERS)
        with_name(self, "gaps", formatter.texts.gettext("Gaps"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.entered.connect(lambda line: self.wanted.emit(line.gap.address))
        self.selectionModel().currentChanged.connect(lambda _index, _old: self._pick())

    def _pick(self) -> None:
        if self.current is not None:
            self.picked.emit(str(self.current.gap.address))

    def chosen(self) -> tuple[Gap, ...]:
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self.lines.rows[row].gap for row in rows)

    def choose(self, address: str) -> bool:
        """Choose one gap alone, whatever keys are held down meanwhile; False if it is not shown."""
        flags = QItemSelectionModel.SelectionFlag
        for row, line in enumerate(self.lines.rows):
            if str(line.gap.address) == address:
                place = self.lines.index(row, GapColumn.TEXT)
                self.selectionModel().setCurrentIndex(place, flags.ClearAndSelect | flags.Rows)
                return True
        return False


# Which gaps to show: those that say something, of one section, severity or priority, without an action.


class GapFilter(Flow):
    """The filters of the gaps; ``changed`` tells that others are wanted."""

    changed = Signal()

    def __init__(self, formatter: EntryFormatter) -> None:
        super().__init__(MEDIUM)
        self._formatter = formatter
        say = formatter.texts.gettext
        self.search = with_name(FilterTextField(), "gaps_search", say("Search in number, wording and actions"))
        self.search.setPlaceholderText(say("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(lambda _text: self.changed.emit())
        self.place(self.search)
        sections = (
            (one.id, formatter.texts.numbered(one.number, formatter.wording.section(one)))
            for one in formatter.instrument.sections
            if one.is_scored
        )
        grades = (grade for grade in reversed(SEVERITY_ORDER) if grade is not GapSeverity.NONE)
        self._section = self._combo("section", say("Show only this part"), (("", say("All parts")), *sections))
        self._grade = self._combo(
            "severity",
            say("Show only this severity"),
            (("", say("All severities")), *((one.value, capitalized(say(GAP_SEVERITY_LABELS[one]))) for one in grades)),
        )
        self._priority = self._combo(
            "priority",
            say("Show only this priority"),
            (("", say("All priorities")), *((one.value, priority_text(formatter.texts, one)) for one in Priority)),
        )
        self._unplanned = with_name(QCheckBox(say("Without an action")), "gaps_unplanned")
        self._unplanned.toggled.connect(lambda _on: self.changed.emit())
        self._count = Label(is_muted=True, wraps=False)
        self.place(self._unplanned)
        self.place(self._count)

    def _combo(self, kind: str, label: str, choices: ComboChoices) -> ComboBox:
        combo = with_name(ComboBox(choices), f"gaps_{kind}", label)
        combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self.place(combo)
        return combo

    def takes(self, line: GapLine) -> bool:
        wanted = (self._section.currentData(), self._grade.currentData(), self._priority.currentData())
        gap = line.gap
        has = (gap.section.id, gap.severity_class.value, gap.priority.value)
        if any(one not in {"", own} for one, own in zip(wanted, has, strict=True)):
            return False
        if self._unplanned.isChecked() and line.actions:
            return False
        said = " ".join((self._formatter.gap_name(str(gap.address)), *line.titles))
        return matches_search(said, self.search.text())

    def tell(self, shown: int, count: int) -> None:
        texts = self._formatter.texts
        sentence = texts.counted(
            "{shown} of {count} shown", "{shown} of {count} shown", count, shown=texts.number(shown)
        )
        self._count.setText(sentence)

    def clear(self) -> None:
        self.search.clear()
        for combo in (self._section, self._grade, self._priority):
            combo.setCurrentIndex(0)
        self._unplanned.setChecked(False)
