"""A grid question as a Qt table (lines are rows and headings, cells are addresses), and how its cells are painted."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    OPEN_STATES,
    Address,
    AnswerLayer,
    AnswerState,
    Content,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.ui.question_widgets.bilingual_text import NO_SECOND_TEXT, SecondText, second_text_of
from capacity_app.ui.question_widgets.choice_editors import why_unread
from capacity_app.ui.question_widgets.typed_editors import EditedField
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TextRole, font_for
from capacity_app.ui.theme.painting import (
    MARK_LABELS,
    AnswerMark,
    answer_mark_of,
    break_lines,
    draw_paragraph,
    paint_area,
    paint_dashed,
    paint_mark,
    paint_rounded,
)
from capacity_app.ui.theme.palette import Colours, colours
from capacity_app.ui.widgets.lists_and_tables import plain_tool_tip

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = Qt.ItemDataRole.UserRole
"""The role under which the painter finds a ``GridCell``."""

_WHY_NOT = {
    ItemStatus.ROW_OUT: N_("The row does not apply: {reason}"),
    ItemStatus.SETTLED: N_("Settled by the answer in “{column}”: nothing more to ask"),
    ItemStatus.SPARE: N_("A spare row: it counts once “{column}” is answered"),
}


_SETTLED_BY = {AnswerLayer.JUDGEMENT: N_("judged"), AnswerLayer.VALIDATED: N_("validated")}


@dataclass(frozen=True, slots=True)
class GridLine:
    """One line of the table: a row of the grid, or the heading of a group of rows (``row`` is None)."""

    row: GridRow | None
    heading: str = ""


@dataclass(frozen=True, slots=True)
class GridCell:
    """What a cell shows: text, the level if it is one, how it stands, and what is attached to it.

    ``is_others`` marks an answer of another agency where the present one has said nothing, ``is_offered`` one of the
    previous round where nobody has, ``is_unread`` a text that cannot be read as an answer. ``counts_by`` says who has
    settled the answer, where it is not an agency.
    """

    text: str = ""
    level: int | None = None
    top_level: int = TOP_LEVEL
    mark: AnswerMark = AnswerMark.OPEN
    standing: ItemStatus = ItemStatus.WANTED
    is_of_others: bool = False
    is_offered: bool = False
    is_unread: bool = False
    counts_by: str = ""
    has_note: bool = False
    has_evidence: bool = False
    is_heading: bool = False
    most_lines: int = 4


def lines_of(question: Question, wording: SessionFormatter) -> list[GridLine]:
    lines: list[GridLine] = []
    for row in question.rows:
        if row.heading:
            lines.append(GridLine(None, wording.row_part(question, row, "heading")))
        lines.append(GridLine(row))
    return lines


class GridModel(QAbstractTableModel):
    """Shows what the session says; changes go through the bridge, never through the model."""

    def __init__(
        self,
        controller: SessionController,
        wording: SessionFormatter,
        question: Question,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller, self._wording, self.question = controller, wording, question
        self.lines = lines_of(question, wording)
        self.line_of = {line.row.id: number for number, line in enumerate(self.lines) if line.row}
        self.place_of = {column.id: number for number, column in enumerate(question.columns)}
        self._cells: dict[tuple[int, int], GridCell] = {}
        self._rows = {row.id: number for number, row in enumerate(question.rows)}
        self.second: SessionFormatter | None = None
        self.most_lines = MOST_LINES

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.question.columns)

    def column(self, index: Index) -> GridColumn:
        return self.question.columns[index.column()]

    def address(self, index: Index) -> Address | None:
        """Return the address of a cell, None for a heading."""
        row = self.lines[index.row()].row if index.isValid() else None
        return Address(self.question.id, row.id, self.column(index).id) if row else None

    def index_of(self, address: Address) -> QModelIndex:
        """Find the cell of an address; the first cell of the row if only a row is named."""
        line = self.line_of.get(address.row)
        return QModelIndex() if line is None else self.index(line, self.place_of.get(address.column, 0))

    def block(self) -> QuestionBlock:
        return self._controller.session.sheet.blocks[self.question.id]

    def item(self, address: Address) -> AnswerItem:
        return self.block().strips[self._rows[address.row]].items[self.place_of[address.column]]

    def offered(self, address: Address) -> Content | None:
        """Return what the previous round said in a cell, or of a whole row, if that may be confirmed."""
        if self._controller.session.is_read_only:
            return None
        return self._controller.carried.in_question(self.question.id).get(address)

    def cell(self, line: int, place: int) -> GridCell:
        known = self._cells.get((line, place))
        if known is None:
            known = self._cells[line, place] = self._make_cell(line, place)
        return known

    def _make_cell(self, line: int, place: int) -> GridCell:
        row = self.lines[line].row
        if row is None:
            second = self.second_line(line).text
            said = [self.lines[line].heading, second] if second else [self.lines[line].heading]
            return GridCell(" / ".join(said), is_heading=True, most_lines=1)
        column = self.question.columns[place]
        address = Address(self.question.id, row.id, column.id)
        item = self.item(address)
        own = self._controller.content(address)
        shown, is_of_others = self._shown(item, own)
        is_empty = shown.state is AnswerState.NOT_ASKED and not shown.unread
        offered = self.offered(address) if is_empty else None
        shown = offered or shown
        level = shown.value if column.kind == "level" and isinstance(shown.value, int) else None
        return GridCell(
            text=self._wording.content(self.question, column, shown, is_short=True),
            level=level,
            top_level=column.top_level,
            mark=answer_mark_of(item.answer),
            standing=item.standing,
            is_of_others=is_of_others,
            is_offered=offered is not None,
            is_unread=bool(shown.unread),
            counts_by=self._counts_by(item),
            has_note=bool(own.note),
            has_evidence=bool(own.evidence or item.answer.evidence),
            most_lines=self.most_lines,
        )

    def _counts_by(self, item: AnswerItem) -> str:
        said = _SETTLED_BY.get(item.answer.layer) if item.answer.layer else None
        return self._wording.texts.gettext(said) if said else ""

    @staticmethod
    def _shown(item: AnswerItem, own: Content) -> tuple[Content, bool]:
        """Return what stands in a cell, and whether others have said it: what counts, before the agency's own."""
        answer = item.answer
        if answer.layer in _SETTLED_BY:
            return Content(state=answer.state, value=answer.value, reason=answer.reason), False
        if own.state is not AnswerState.NOT_ASKED or own.unread:
            return own, False
        if answer.state is AnswerState.NOT_ASKED or answer.conflict:
            return own, False
        value = None if answer.state in OPEN_STATES else answer.value
        return Content(state=answer.state, value=value, reason=answer.reason), True

    def why_not(self, address: Address) -> str:
        item = self.item(address)
        pattern = _WHY_NOT.get(item.standing)
        if pattern is None:
            return ""
        reason = self.row_reason(address.row)
        column = ""
        if item.standing is ItemStatus.SETTLED and self.question.gate:
            column = self._column_label(self.question.gate.column)
        elif item.standing is ItemStatus.SPARE:
            column = self._column_label(self.question.key_column)
        return self._wording.texts.gettext(pattern).format(reason=reason, column=column)

    def _column_label(self, column_id: str) -> str:
        column = self.question.column_by_id.get(column_id)
        return self._wording.column(self.question, column) if column else ""

    def row_reason(self, row_id: str) -> str:
        """Return the reason why a row does not apply; empty if it applies."""
        block = self.block()
        state = block.rows[row_id]
        if state.standing is not ItemStatus.ROW_OUT:
            return ""
        row = self.question.row_by_id[row_id]
        if state.reason and state.reason == row.preset_reason:
            return self._wording.row_part(self.question, row, "preset_reason")
        return state.reason or block.whole.reason or self._importance_text(row_id)

    def _importance_text(self, row_id: str) -> str:
        column = self.question.importance_column
        if column is None:
            return ""
        value = self.item(Address(self.question.id, row_id, column.id)).answer.value
        return self._wording.value(self.question, column, value)

    def tip(self, line: int, place: int) -> str:
        """Say a cell in full: column, answer with its whole sentence, standing."""
        row = self.lines[line].row
        if row is None:
            return ""
        column = self.question.columns[place]
        address = Address(self.question.id, row.id, column.id)
        own = self._controller.content(address)
        said = [self._wording.column(self.question, column), self._wording.content(self.question, column, own)]
        said += [self.why_not(address), self.why_unread(address), self._settled(address), self.offer_in_words(address)]
        if own.note:
            said.append(self._wording.texts.gettext("Note: {text}").format(text=own.note))
        if own.evidence:
            said.append(self._wording.texts.gettext("This answer names evidence."))
        cell = self.cell(line, place)
        if cell.mark is AnswerMark.CONFLICT:
            said.append(self._wording.texts.gettext(MARK_LABELS[AnswerMark.CONFLICT]))
        return "\n".join(part for part in said if part)

    def why_unread(self, address: Address) -> str:
        """Say why what the agency typed in a cell is no answer; empty where it is one or nothing was typed."""
        column, text = self.question.column_by_id[address.column], self._controller.content(address).unread
        return why_unread(EditedField(self._controller, self._wording, self.question, column, ""), text)

    def _settled(self, address: Address) -> str:
        """Say what counts where the assessor or the country has settled the answer."""
        item = self.item(address)
        layer = item.answer.layer
        if layer not in _SETTLED_BY:
            return ""
        shown = self._wording.content(self.question, item.field, self._shown(item, EMPTY_CONTENT)[0])
        return f"{self._wording.respondent(layer, '')}: {shown}"

    def offer_in_words(self, address: Address) -> str:
        """Return what the previous round said, of a cell or a whole row; empty if there is nothing to confirm."""
        content = self.offered(address)
        if content is None:
            return ""
        texts = self._wording.texts
        said = self._wording.content(self.question, self.question.column_by_id.get(address.column), content)
        origin_of = self._controller.carried.origin_of(texts, (address,))
        return texts.gettext("{round}: {answer}").format(round=origin_of, answer=said)

    def _spoken(self, line: int, place: int) -> str:
        row = self.lines[line].row
        if row is None:
            return self.lines[line].heading
        cell = self.cell(line, place)
        said = cell.text or self._wording.texts.gettext(MARK_LABELS[cell.mark])
        address = Address(self.question.id, row.id, self.question.columns[place].id)
        if cell.is_offered:
            pattern = self._wording.texts.gettext("{answer}, to confirm from {round}")
            said = pattern.format(
                answer=said, round=self._controller.carried.origin_of(self._wording.texts, (address,))
            )
        place_said = f"{row.number} {self._wording.row(self.question, row)}".strip()
        column = self._wording.column(self.question, self.question.columns[place])
        conflict = self._wording.texts.gettext(MARK_LABELS[cell.mark]) if cell.mark is AnswerMark.CONFLICT else ""
        parts = (place_said, column, said, cell.counts_by, conflict, self.why_not(address), self.why_unread(address))
        return self._wording.texts.listed(part for part in parts if part)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        if not index.isValid():
            return None
        line, place = index.row(), index.column()
        if role == CELL_ROLE:
            return self.cell(line, place)
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(line, place).text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tool_tip(self.tip(line, place))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._spoken(line, place)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's signature
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tool_tip(str(self.headerData(section, orientation)))
        if role not in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        if orientation == Qt.Orientation.Horizontal:
            return self._wording.column(self.question, self.question.columns[section])
        line = self.lines[section]
        return f"{line.row.number} {self._wording.row(self.question, line.row)}".strip() if line.row else line.heading

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.lines[index.row()].row is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def refresh_row(self, row_id: str) -> int:
        """Show one row anew; gives its line, -1 if the grid has no such row."""
        line = self.line_of.get(row_id, -1)
        if line >= 0:
            last = len(self.question.columns) - 1
            for place in range(last + 1):
                self._cells.pop((line, place), None)
            self.dataChanged.emit(self.index(line, 0), self.index(line, last))
        return line

    def show_second(self, second: SessionFormatter | None) -> None:
        self.second = second
        self._cells.clear()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, max(0, len(self.question.columns) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, max(0, len(self.lines) - 1))

    def second_column(self, place: int) -> SecondText:
        if self.second is None:
            return NO_SECOND_TEXT
        column = self.question.columns[place]
        first = self._wording.column(self.question, column)
        return second_text_of(first, self.second.column(self.question, column), self.second)

    def second_line(self, line: int) -> SecondText:
        if self.second is None:
            return NO_SECOND_TEXT
        row = self.lines[line].row
        if row is not None:
            return second_text_of(
                self._wording.row(self.question, row), self.second.row(self.question, row), self.second
            )
        headed = self.lines[line + 1].row if line + 1 < len(self.lines) else None
        said = self.second.row_heading(self.question, headed) if headed else ""
        return second_text_of(self.lines[line].heading, said, self.second)

    def refresh(self) -> None:
        self._cells.clear()
        if self.lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.lines) - 1, len(self.question.columns) - 1))


# How the cells of a table are painted: levels as numbers with a short word, signs, what is only offered.

WRAP = int(Qt.TextFlag.TextWordWrap)
MOST_LINES = 4
"""How many lines a cell shows of a text, in a table that does not fill the page."""
_LONG_WORD = 8
_PAD = 6
SIGNS = 10
"""The room that the signs in the corner take beside the text of a cell, in pixels."""
_SIGNED = {AnswerMark.UNKNOWN: "?", AnswerMark.DECLINED: "×", AnswerMark.NOT_APPLICABLE: "–"}


class GridCellPainter(QStyledItemDelegate):
    """Paints cells; what cannot be answered is greyed, what differs carries the sign."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cell: GridCell = index.data(CELL_ROLE)
        shades = colours()
        area = option.rect
        painter.save()
        is_current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        paint_area(painter, area, self._ground(cell, option, shades))
        self._paint_text(painter, option, cell, shades)
        self._paint_signs(painter, option, cell, shades)
        if is_current:
            paint_rounded(painter, QRectF(area), edge=shades.accent, width=2, corner=2)
        painter.restore()

    @staticmethod
    def _ground(cell: GridCell, option: QStyleOptionViewItem, shades: Colours) -> str:
        if option.state & QStyle.StateFlag.State_Selected:
            return shades.accent_tint
        if cell.is_heading:
            return shades.accent_tint
        if cell.standing in {ItemStatus.ROW_OUT, ItemStatus.SETTLED}:
            return shades.raised
        if cell.is_unread:
            return shades.danger_tint
        return shades.warning_tint if cell.mark is AnswerMark.CONFLICT else shades.surface

    def _paint_text(self, painter: QPainter, option: QStyleOptionViewItem, cell: GridCell, shades: Colours) -> None:
        area = option.rect.adjusted(SMALL, _PAD // 2, -SMALL, -_PAD // 2)
        is_quiet = (
            cell.is_of_others
            or cell.is_offered
            or (cell.standing is not ItemStatus.WANTED and not cell.is_heading)
            or cell.mark in _SIGNED
        )
        ink = QColor(shades.danger if cell.is_unread else shades.muted if is_quiet else shades.text)
        font = QFont(option.font)
        font.setItalic(cell.is_offered)
        if cell.is_heading:
            font = QFont(font_for(TextRole.CAPTION))
            font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        metrics = QFontMetrics(font)
        text = cell.text
        if cell.is_offered:
            paint_dashed(painter, QRectF(option.rect).adjusted(2, 2, -3, -3))
        if cell.level is not None:
            size = round(metrics.height() * 1.25)
            box = QRect(area.x(), area.y() + (area.height() - size) // 2, size, size)
            box = QStyle.visualRect(option.direction, area, box)
            number, _, text = text.partition(" · ")
            level = number if number.isdecimal() else str(cell.level)
            self._paint_level(painter, QRectF(box), cell, level, shades)
            shift = size + SMALL
            is_mirrored = option.direction == Qt.LayoutDirection.RightToLeft
            area = area.adjusted(0, 0, -shift, 0) if is_mirrored else area.adjusted(shift, 0, 0, 0)
        elif cell.is_unread:
            text = f"! {text}"
        elif cell.mark in _SIGNED and not cell.is_of_others and text:
            text = f"{_SIGNED[cell.mark]} {text}"
        painter.setPen(ink)
        if cell.counts_by:
            area = area.adjusted(0, 0, 0, -QFontMetrics(font_for(TextRole.CAPTION)).height())
        shown = shorten_to_cell(text, metrics, area.width() - SIGNS, cell.most_lines)
        draw_paragraph(painter, area, shown, option.direction)

    @staticmethod
    def _paint_level(painter: QPainter, box: QRectF, cell: GridCell, level: str, shades: Colours) -> None:
        is_given = not (cell.is_of_others or cell.is_offered)
        band = None if cell.level is None else cell.level * TOP_LEVEL // cell.top_level
        edge = shades.bands[band] if is_given and band is not None else shades.edge
        paint_rounded(painter, box, fill=shades.surface, edge=edge, width=2, corner=box.width() / 2)
        font = painter.font()
        font.setBold(not cell.is_offered)
        painter.save()
        painter.setFont(font)
        painter.setPen(QColor(shades.text if is_given else shades.muted))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), level)
        painter.restore()

    @staticmethod
    def _paint_signs(painter: QPainter, option: QStyleOptionViewItem, cell: GridCell, shades: Colours) -> None:
        if cell.counts_by:
            painter.setFont(font_for(TextRole.CAPTION))
            painter.setPen(QColor(shades.accent))
            flags = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight
            painter.drawText(
                option.rect.adjusted(2, 0, -4, 0), int(QStyle.visualAlignment(option.direction, flags)), cell.counts_by
            )
        size = 14
        corner = QRect(option.rect.right() - size - 2, option.rect.y() + 2, size, size)
        corner = QStyle.visualRect(option.direction, option.rect, corner)
        if cell.mark is AnswerMark.CONFLICT:
            paint_mark(painter, QRectF(corner), AnswerMark.CONFLICT)
        elif cell.has_note or cell.has_evidence:
            # A dot for a note, a bar for evidence, both in one corner: told apart by shape.
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(shades.accent))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if cell.has_note:
                painter.drawEllipse(QRectF(corner.x() + 8, corner.y() + 2, 5, 5))
            if cell.has_evidence:
                painter.drawRect(QRectF(corner.x(), corner.y() + 2, 3, 7))


def shorten_to_cell(text: str, metrics: QFontMetrics, width: int, lines: int) -> str:
    """Break a text into the lines of a cell, between words; the whole is in the panel, the tool tip and the editor."""
    return "\n".join(break_lines(text, metrics, max(width, 20), lines))


def wrapped_height(text: str, metrics: QFontMetrics, width: int) -> int:
    if not text:
        return 0
    width = max(width, 20)
    broken = sum((metrics.horizontalAdvance(word) - 1) // width for word in text.split() if len(word) > _LONG_WORD)
    return metrics.boundingRect(QRect(0, 0, width, 100_000), WRAP, text).height() + broken * metrics.lineSpacing()
