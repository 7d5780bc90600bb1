"""The tab of gaps: which most countries share, each with a bar and the number of countries, and the trend by sex."""

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.problems import N_
from capacity_app.domain.synthesis import CommonGap
from capacity_app.synthesis_wording import SynthesisWording
from capacity_app.texts import Texts, in_own_order
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.headings import Headings, ReadingTable
from capacity_app.ui.look.painting import draw_paragraph, has, paint_focus, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role, is_font_change

Index = QModelIndex | QPersistentModelIndex
_GAP_ROLE = int(Qt.ItemDataRole.UserRole)
_NO_PARENT = QModelIndex()
_TEXT_LETTERS, _BAR_LETTERS = 28, 18
_LEAST_LINES = 10


class _Part(IntEnum):
    NUMBER = 0
    TEXT = 1
    SHARE = 2
    COUNTRIES = 3
    SERIOUS = 4
    OPEN = 5


_HEADINGS = {
    _Part.NUMBER: N_("Number"),
    _Part.TEXT: N_("Gap"),
    _Part.SHARE: N_("Share of countries"),
    _Part.COUNTRIES: N_("Countries"),
    _Part.SERIOUS: N_("High or critical"),
    _Part.OPEN: N_("Open in"),
}
_NUMBERS = frozenset({_Part.COUNTRIES, _Part.SERIOUS, _Part.OPEN})


class _Model(QAbstractTableModel):
    """A thin model over gaps."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.words: SynthesisWording | None = None
        self.gaps: tuple[CommonGap, ...] = ()

    def show(self, words: SynthesisWording) -> None:
        """Show the gaps of a synthesis."""
        self.beginResetModel()
        self.words, self.gaps = words, words.synthesis.gaps
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.gaps)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(_Part)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._texts.gettext(_HEADINGS[_Part(section)])

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        gap = self.gaps[index.row()]
        if role == _GAP_ROLE:
            return gap
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self._cell(gap, _Part(index.column()))
        return None

    def _cell(self, gap: CommonGap, part: _Part) -> str:
        words = self.words
        if words is None:
            return ""
        number = words.texts.number
        said = {
            _Part.NUMBER: gap.number,
            _Part.SHARE: words.share(gap.count, gap.of),
            _Part.COUNTRIES: words.n_of(gap.count, gap.of),
            _Part.SERIOUS: number(gap.serious),
            _Part.OPEN: number(gap.open),
        }
        return said[part] if part in said else words.gap(gap)


class _Painter(QStyledItemDelegate):
    """Wraps the wording, and paints the share as a bar with its number."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        metrics, text, table = option.fontMetrics, str(index.data()), option.widget
        if index.column() == _Part.TEXT and isinstance(table, QTableView):
            room = QRect(0, 0, max(table.columnWidth(_Part.TEXT) - 2 * SMALL, 60), 100_000)
            high = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height()
            return QSize(metrics.horizontalAdvance(text), high + 2 * SMALL)
        width = _BAR_LETTERS * metrics.averageCharWidth() if index.column() == _Part.SHARE else 0
        return QSize(max(metrics.horizontalAdvance(text) + 4, width) + 2 * SMALL, metrics.height() + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shades = colours()
        if has(option, QStyle.StateFlag.State_Selected):
            painter.fillRect(option.rect, QColor(shades.accent_tint))
        painter.fillRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1, QColor(shades.line))
        room, part = option.rect.adjusted(SMALL, SMALL, -SMALL, -SMALL), _Part(index.column())
        painter.save()
        painter.setFont(option.font)
        painter.setPen(QColor(shades.accent if part is _Part.NUMBER else shades.text))
        if part is _Part.SHARE:
            self._paint_bar(painter, option, room, index)
        elif part is _Part.TEXT:
            draw_paragraph(painter, room, str(index.data()), option.direction, is_top=True)
        else:
            side = Qt.AlignmentFlag.AlignTrailing if part in _NUMBERS else Qt.AlignmentFlag.AlignLeading
            painter.setLayoutDirection(option.direction)
            painter.drawText(room, int(side | Qt.AlignmentFlag.AlignTop), _ordered(option, str(index.data())))
        painter.restore()
        if has(option, QStyle.StateFlag.State_HasFocus):
            paint_focus(painter, option.rect.adjusted(1, 1, -1, -2))

    @staticmethod
    def _paint_bar(painter: QPainter, option: QStyleOptionViewItem, room: QRect, index: Index) -> None:
        gap: CommonGap = index.data(_GAP_ROLE)
        shades, high = colours(), option.fontMetrics.height()
        words = option.fontMetrics.horizontalAdvance("100 %") + SMALL
        whole = QRect(room.x(), room.y() + high // 4, room.width() - words, high // 2)
        rounded(painter, QRectF(QStyle.visualRect(option.direction, room, whole)), fill=shades.raised, corner=2)
        for count, colour in ((gap.count, shades.warning), (gap.serious, shades.danger)):
            part = QRect(whole.x(), whole.y(), round(whole.width() * count / max(gap.of, 1)), whole.height())
            if part.width():
                rounded(painter, QRectF(QStyle.visualRect(option.direction, room, part)), fill=colour, corner=2)
        place = QRect(room.right() - words + 1, room.y(), words, high)
        painter.setPen(QColor(shades.text))
        painter.setLayoutDirection(option.direction)
        flags = int(Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(QStyle.visualRect(option.direction, room, place), flags, str(index.data()))


def _ordered(option: QStyleOptionViewItem, text: str) -> str:
    return in_own_order(text) if option.direction == Qt.LayoutDirection.RightToLeft else text


class GapShares(ReadingTable):
    """The table of gaps that countries share."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.shared = _Model(texts)
        self.setModel(self.shared)
        self.setItemDelegate(_Painter(self))
        self.setObjectName("headquarters_gaps")
        self.setAccessibleName(texts.gettext("The most frequent gaps"))
        self.setWordWrap(True)
        self.setHorizontalHeader(Headings(self, frozenset(_NUMBERS)))
        self.shared.modelReset.connect(self._fit)

    def _fit(self) -> None:
        """Give every column the room it needs, and the wording what is left."""
        header = self.horizontalHeader()
        for part in _Part:
            if part is not _Part.TEXT:
                header.setSectionResizeMode(part, QHeaderView.ResizeMode.Fixed)
                header.resizeSection(part, max(self.sizeHintForColumn(part), header.sectionSizeHint(part)) + SMALL)
        taken = sum(header.sectionSize(part) for part in _Part if part is not _Part.TEXT)
        least = _TEXT_LETTERS * self.fontMetrics().averageCharWidth()
        header.resizeSection(_Part.TEXT, max(self.viewport().width() - taken, least))
        self.resizeRowsToContents()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "shared"):
            self._fit()


class GapsTab(QWidget):
    """What most countries lack, and how many show women and men less often than before."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.table = GapShares(texts)
        self.trend = Words()
        self.trend.setObjectName("headquarters_trend")
        self.note = Words(role=Role.CAPTION, is_muted=True)
        self._alert = Card(tint="warning_tint", edge="warning", margin=MEDIUM)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        line = _line(Mark("warning", "warning"), self.trend)
        self._alert.body.addWidget(line)
        column.addWidget(self._alert)
        sheet = Card(margin=SMALL)
        self._none = Words(role=Role.QUESTION, is_muted=True, side="center")
        self._none.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        sheet.body.addWidget(self.table, 1)
        sheet.body.addWidget(self._none, 1)
        sheet.body.addWidget(self.note)
        self.table.setMinimumHeight(_LEAST_LINES * self.fontMetrics().height())
        column.addWidget(sheet, 1)

    def show_synthesis(self, words: SynthesisWording) -> None:
        """Show the gaps of a repository."""
        made = words.synthesis
        self.table.shared.show(words)
        self.table.setVisible(bool(made.gaps))
        self._none.setVisible(not made.gaps)
        self._none.setText(words.say(N_("No gap is shared by as many countries as the minimum asks for.")))
        trend = words.trend_summary()
        has_alert = made.trend is not None and any(line.is_alert for line in made.trend.lines)
        more = words.say(N_("The synthesis has each statistic."))
        self.trend.setText(f"{trend} {more}" if trend else "")
        self._alert.setVisible(has_alert)
        self.note.setText(" ".join(self._notes(words)))

    def _notes(self, words: SynthesisWording) -> Sequence[str]:
        notes = [words.basis]
        if words.synthesis.rare_gaps:
            rare = words.texts.ngettext(
                "{count} gap of fewer countries than the minimum is not listed.",
                "{count} gaps of fewer countries than the minimum are not listed.",
                words.synthesis.rare_gaps,
            )
            notes.append(rare.format(count=words.texts.number(words.synthesis.rare_gaps)))
        return notes


def _line(mark: QWidget, words: QWidget) -> QWidget:
    holder = QWidget()
    line = QHBoxLayout(holder)
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(MEDIUM)
    line.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 1)
    return holder
