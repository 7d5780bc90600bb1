"""The tab of gaps: which most countries share, each with a bar and the number of countries, and the trend by sex."""

from collections.abc import Sequence
from enum import IntEnum
from functools import partial

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from capacity_app.domain.problems import N_
from capacity_app.domain.synthesis import CommonGap
from capacity_app.synthesis_wording import SynthesisWording
from capacity_app.texts import Texts, in_own_order
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.painting import draw_paragraph, rounded
from capacity_app.ui.look.palette import colours
from capacity_app.ui.look.rows import ROW_ROLE, CellPainter, Headings, Index, ReadingTable, RowsModel
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, Role

_BAR_LETTERS = 13
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


def _cell(words: SynthesisWording, part: _Part, gap: CommonGap) -> str:
    number = words.texts.number
    said = {
        _Part.NUMBER: gap.number,
        _Part.SHARE: words.share(gap.count, gap.of),
        _Part.COUNTRIES: words.n_of(gap.count, gap.of),
        _Part.SERIOUS: number(gap.serious),
        _Part.OPEN: number(gap.open),
    }
    return said[part] if part in said else words.gap(gap)


class _Painter(CellPainter):
    """Wraps the wording, and paints the share as a bar with its number."""

    def extra_width(self, option: QStyleOptionViewItem, column: int) -> int:
        return _BAR_LETTERS * option.fontMetrics.averageCharWidth() if column == _Part.SHARE else 0

    def paint_cell(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, room: QRect) -> None:
        shades, part = colours(), _Part(index.column())
        painter.setPen(QColor(shades.accent if part is _Part.NUMBER else shades.text))
        if part is _Part.SHARE:
            self._paint_bar(painter, option, room, index)
        elif part is _Part.TEXT:
            draw_paragraph(painter, room, str(index.data()), option.direction, is_top=True)
        else:
            side = Qt.AlignmentFlag.AlignTrailing if part in _NUMBERS else Qt.AlignmentFlag.AlignLeading
            painter.setLayoutDirection(option.direction)
            painter.drawText(room, int(side | Qt.AlignmentFlag.AlignTop), _ordered(option, str(index.data())))

    @staticmethod
    def _paint_bar(painter: QPainter, option: QStyleOptionViewItem, room: QRect, index: Index) -> None:
        gap: CommonGap = index.data(ROW_ROLE)
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
        super().__init__({_Part.TEXT: 1})
        self._texts = texts
        self.shared: RowsModel[CommonGap] = RowsModel([(texts.gettext(_HEADINGS[part]), str) for part in _Part])
        self.setModel(self.shared)
        self.setItemDelegate(_Painter(self))
        self.setObjectName("headquarters_gaps")
        self.setAccessibleName(texts.gettext("The most frequent gaps"))
        self.setHorizontalHeader(Headings(self, frozenset(_NUMBERS)))
        self.shared.modelReset.connect(self.fit)

    def show_gaps(self, words: SynthesisWording) -> None:
        """Show the gaps of a synthesis."""
        cells = [partial(_cell, words, part) for part in _Part]
        self.shared.columns = tuple(zip((self._texts.gettext(_HEADINGS[part]) for part in _Part), cells, strict=True))
        self.shared.show(words.synthesis.gaps)


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
        self.table.show_gaps(words)
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
