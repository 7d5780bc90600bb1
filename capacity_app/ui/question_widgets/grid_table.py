"""The table of a grid question: its measures, labels, places, copying. What answers stands in ``grid_editing``."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QGuiApplication, QPainter, QPalette, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QSizePolicy, QStyle, QTableView, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import GridColumn, Question
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from capacity_app.ui.question_widgets.bilingual_text import NO_SECOND_TEXT, SecondText
from capacity_app.ui.question_widgets.grid_clipboard import format_cell, to_tsv
from capacity_app.ui.question_widgets.grid_model import (
    MOST_LINES,
    SIGNS,
    GridCellPainter,
    GridModel,
    Index,
    shorten_to_cell,
    wrapped_height,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import STATE_TITLES, SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import draw_paragraph, leading_alignment, paint_area
from capacity_app.ui.theme.palette import Colours, colours
from capacity_app.ui.theme.style import zoom
from capacity_app.ui.widgets.layouts import give_viewport

_LEAST_SCROLLING = QAbstractItemView.ScrollHint.EnsureVisible
# The labels of a table's rows and columns: wrapped, always in sight, in one or two languages.


_PAD = 6
_LEAST_WIDTH = 60
_LABELS_SHARE = 0.165
"""How much of the page's width the labels of the rows take; with large letters more."""
_MOST_LABELS_SHARE, _LABELS_LETTERS = 0.28, 20


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """One text of a label, with its look."""

    text: str
    font: QFont
    ink: str
    direction: Qt.LayoutDirection

    def height(self, width: int) -> int:
        return wrapped_height(self.text, QFontMetrics(self.font), width)


def _paint_paragraphs(painter: QPainter, room: QRect, paragraphs: Sequence[_Paragraph]) -> None:
    """Paint texts under each other, in the middle of a room if they fit, else from its top."""
    heights = [paragraph.height(room.width()) for paragraph in paragraphs]
    top = room.y() + max(0, (room.height() - sum(heights)) // 2)
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    for paragraph, high in zip(paragraphs, heights, strict=True):
        painter.setFont(paragraph.font)
        painter.setPen(QColor(paragraph.ink))
        place = QRect(room.x(), top, room.width(), max(high, room.bottom() - top))
        draw_paragraph(painter, place, paragraph.text, paragraph.direction, is_top=True)
        top += high


def _paint_ground(painter: QPainter, header: QHeaderView, area: QRect, ground: str) -> None:
    paint_area(painter, area, ground)
    painter.setPen(QColor(colours().line))
    painter.drawLine(area.bottomLeft(), area.bottomRight())
    edge = area.right() if header.layoutDirection() == Qt.LayoutDirection.LeftToRight else area.left()
    painter.drawLine(edge, area.top(), edge, area.bottom())


@dataclass(frozen=True, slots=True)
class RowLabelTexts:
    """What the label of a row says: number, wording, a second wording, and why the row does not apply.

    ``offered`` is what the previous round said of the whole row, to be confirmed.
    """

    number: str
    label: str
    second: SecondText = NO_SECOND_TEXT
    reason: str = ""
    offered: str = ""


class RowLabels(QHeaderView):
    """The row header: number and wrapped label, the reason of a row that does not apply, group headings."""

    def __init__(self, model: GridModel, wording: SessionFormatter, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self._grid, self._wording = model, wording
        self._measured_at = self._longest_word = self._number_width = 0
        self.most_lines = MOST_LINES
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setHighlightSections(False)

    def number_width(self) -> int:
        self._measure()
        return self._number_width

    def forget(self) -> None:
        self._measured_at = 0

    def paint_anew(self) -> None:
        self.headerDataChanged(self.orientation(), 0, max(self.count() - 1, 0))

    def _measure(self) -> None:
        """Measure numbers and words once per text size."""
        plain, strong = QFontMetrics(font_for(TextRole.BODY)), QFontMetrics(font_for(TextRole.STRONG))
        if plain.height() == self._measured_at:
            return
        self._measured_at = plain.height()
        numbers = {line.row.number for line in self._grid.lines if line.row}
        widest = max((strong.horizontalAdvance(number) for number in numbers), default=0)
        self._number_width = widest + SMALL if widest else 0
        words = {
            word
            for line in range(len(self._grid.lines))
            for text in (str(self._grid.headerData(line, Qt.Orientation.Vertical)), self._grid.second_line(line).text)
            for word in text.split()
        }
        self._longest_word = max((plain.horizontalAdvance(word) for word in words), default=0)

    def limit(self, width: int) -> None:
        """Leave most of the table's width to the answers, but break no ordinary word."""
        self._measure()
        if self.most_lines < MOST_LINES:
            letters = min(width * _MOST_LABELS_SHARE, self.fontMetrics().averageCharWidth() * _LABELS_LETTERS)
            self.setMaximumWidth(round(max(width * _LABELS_SHARE, letters)))
        else:
            self.setMaximumWidth(self.most_width(width))

    def most_width(self, width: int) -> int:
        """Return how wide the labels are at most in a table of a width that does not take the page."""
        needed = self._longest_word + self.number_width() + 2 * MEDIUM + 4
        return max(120, round(width * 0.32), min(needed, round(width * 0.5)))

    def texts(self, line: int) -> RowLabelTexts:
        """Return what the label of a line says."""
        row, second = self._grid.lines[line].row, self._grid.second_line(line)
        if row is None:
            return RowLabelTexts("", self._grid.lines[line].heading, second)
        reason = self._grid.row_reason(row.id)
        said = self._wording.texts.gettext("Not applicable: {reason}").format(reason=reason) if reason else ""
        offered = self._grid.offer_in_words(Address(self._grid.question.id, row.id))
        return RowLabelTexts(row.number, self._wording.row(self._grid.question, row), second, said, offered)

    def _paragraphs(self, line: int, shades: Colours) -> list[_Paragraph]:
        said = self.texts(line)
        is_heading = self._grid.lines[line].row is None
        caption, direction = font_for(TextRole.CAPTION), self.layoutDirection()
        ink = shades.muted if said.reason else shades.text
        if is_heading:
            return []  # the band across the table says it
        font = font_for(TextRole.BODY)
        found = [_Paragraph(self._shortened(said.label, font), font, ink, direction)]
        if said.second.text:
            found.append(_Paragraph(said.second.text, caption, shades.muted, said.second.direction))
        if said.reason:
            found.append(_Paragraph(said.reason, caption, shades.muted, direction))
        if said.offered:
            slanted = QFont(caption)
            slanted.setItalic(True)
            found.append(_Paragraph(said.offered, slanted, shades.muted, direction))
        return found

    def line_height(self, line: int) -> int:
        if self._grid.lines[line].row is None:
            return 0
        return sum(one.height(self._text_width()) for one in self._paragraphs(line, colours())) + 2 * self._pad()

    def _pad(self) -> int:
        return min(_PAD, self.most_lines * 3 // 2)

    def _text_width(self) -> int:
        return self.width() - 2 * MEDIUM - self.number_width()

    def _shortened(self, text: str, font: QFont) -> str:
        """Shorten a label to the lines that fit beside the answers; the whole stands in the line under the page."""
        return shorten_to_cell(text, QFontMetrics(font), self._text_width(), self.most_lines)

    def paintSection(self, painter: QPainter, area: QRect, line: int) -> None:  # noqa: N802 - Qt's name
        shades = colours()
        row = self._grid.lines[line].row
        painter.save()
        _paint_ground(painter, self, area, shades.raised if row else shades.accent_tint)
        inner = area.adjusted(MEDIUM, self._pad(), -MEDIUM, -self._pad())
        if row is not None and row.number:
            inner = self._paint_number(painter, inner, row.number, shades)
        _paint_paragraphs(painter, inner, self._paragraphs(line, shades))
        painter.restore()

    def _paint_number(self, painter: QPainter, inner: QRect, number: str, shades: Colours) -> QRect:
        width = self.number_width()
        painter.setFont(font_for(TextRole.STRONG))
        painter.setPen(QColor(shades.accent))
        spot = QStyle.visualRect(self.layoutDirection(), inner, QRect(inner.x(), inner.y(), width, inner.height()))
        painter.drawText(spot, leading_alignment(self.layoutDirection()), number)
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        return inner.adjusted(0, 0, -width, 0) if is_mirrored else inner.adjusted(width, 0, 0, 0)

    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 36 + 2 * MEDIUM, 0)


def _heading_font() -> QFont:
    font = QFont(font_for(TextRole.CAPTION))
    font.setWeight(QFont.Weight.DemiBold)
    return font


class ColumnLabels(QHeaderView):
    """The column header: wrapped labels."""

    def __init__(self, model: GridModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._grid = model
        self.setHighlightSections(False)
        self.setMinimumSectionSize(_LEAST_WIDTH)

    def label(self, place: int) -> str:
        """Return the label of a column in lines, as it is shown."""
        label = str(self._grid.headerData(place, Qt.Orientation.Horizontal) or "")
        return shorten_to_cell(label, QFontMetrics(_heading_font()), self.sectionSize(place) - 2 * SMALL, _head_lines())

    def _paragraphs(self, place: int, shades: Colours) -> list[_Paragraph]:
        second = self._grid.second_column(place)
        found = [_Paragraph(self.label(place), _heading_font(), shades.text, self.layoutDirection())]
        if second.text:
            found.append(_Paragraph(second.text, font_for(TextRole.CAPTION), shades.muted, second.direction))
        return found

    def sectionSizeFromContents(self, place: int) -> QSize:  # noqa: N802 - Qt's name
        width = self.sectionSize(place)
        high = sum(paragraph.height(width - 2 * SMALL) for paragraph in self._paragraphs(place, colours()))
        return QSize(width, max(high, QFontMetrics(font_for(TextRole.CAPTION)).height() + 2 * _PAD))

    def paintSection(self, painter: QPainter, area: QRect, place: int) -> None:  # noqa: N802 - Qt's name
        painter.save()
        _paint_ground(painter, self, area, colours().raised)
        _paint_paragraphs(painter, area.adjusted(SMALL, 0, -SMALL, 0), self._paragraphs(place, colours()))
        painter.restore()


_HEAD_LINES, _LARGE, _LARGE_HEAD_LINES = 5, 1.5, 2
"""How many lines of a column's label are shown, and how many from 150 % text on, where rows need the height."""


def _head_lines() -> int:
    return _LARGE_HEAD_LINES if zoom() >= _LARGE else _HEAD_LINES


_AT_ONCE, _STEP_MS = 40, 6
"""How many lines are measured at once, and for how long in one step after that, in milliseconds."""
_SQUEEZE = 0.6
"""To what part of its usual width a column may be squeezed before the table scrolls sideways."""

_BESIDE_TEXT = 2 * SMALL + SIGNS + 1
"""What of a column's width is not for text: its edges, the signs, and the line between two columns."""
_WHOLE_STATES = (AnswerState.UNKNOWN, AnswerState.DECLINED)
"""States whose words any column has room for."""
_PAGE_LINES, _PAGE_PAD = 2, 3
_LONGEST_WORD = 22
_LONG_DATE = "2021-09-30"


def share_width(wanted: list[int], least: list[int], room: int) -> list[int]:
    """Share a width: stretch columns into spare room, squeeze them where it is short, never below ``least``."""
    if sum(least) >= room or not wanted:
        return least
    spare = room - sum(wanted)
    if spare >= 0:
        return [width + spare * width // sum(wanted) for width in wanted]
    give = [width - low for width, low in zip(wanted, least, strict=True)]
    return [width + spare * part // sum(give) for width, part in zip(wanted, give, strict=True)]


class GridTable(QTableView):
    """Shows the cells of a grid; ``cell_focused`` carries the address of the current one."""

    cell_focused = Signal(object)
    cell_moved = Signal()

    def __init__(self, controller: SessionController, wording: SessionFormatter, question: Question) -> None:
        super().__init__()
        give_viewport(self, QPalette.ColorRole.Base)
        self.controller, self.wording, self.question = controller, wording, question
        self.grid = GridModel(controller, wording, question, self)
        self.setModel(self.grid)
        self.setItemDelegate(GridCellPainter(self))
        self.rows_header = RowLabels(self.grid, wording, self)
        self.setVerticalHeader(self.rows_header)
        self.columns_header = ColumnLabels(self.grid, self)
        self.setHorizontalHeader(self.columns_header)
        self._anchor = QPersistentModelIndex()
        self._is_fitted = False
        self.is_whole = False
        self._unfit: list[int] = []
        self._fit_later = QTimer(self, singleShot=True, interval=0)
        self._fit_later.timeout.connect(self.fit)
        self._rows_later = QTimer(self, singleShot=True, interval=0)
        self._rows_later.timeout.connect(self._fit_from_here)
        self._fit_rest = QTimer(self, singleShot=True, interval=0)
        self._fit_rest.timeout.connect(self._fit_some)
        self._prepare()
        # A column somebody has made wider stays so until the table itself gets another width.
        self.columns_header.sectionResized.connect(lambda *_: self._rows_later.start())

    def _prepare(self) -> None:
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setWordWrap(True)
        self.setCornerButtonEnabled(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{self.question.number} {self.wording.question(self.question)}")
        self.setObjectName(f"grid {self.question.id}")
        for number, line in enumerate(self.grid.lines):
            if line.row is None and len(self.question.columns) > 1:
                self.setSpan(number, 0, 1, len(self.question.columns))
        first = next(iter(self.grid.line_of.values()), None)
        if first is not None:
            self.setCurrentIndex(self.grid.index(first, 0))
            self.clearSelection()
        self.rows_header.sectionClicked.connect(self.select_line)

    def take_page(self) -> None:
        """Fill the page and scroll in itself, with labels and answers in two lines."""
        self.is_whole = True
        self.rows_header.most_lines = self.grid.most_lines = _PAGE_LINES
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.updateGeometry()

    def fit(self) -> None:
        """Make columns share the width, and rows as high as their text."""
        self._fit_columns()
        self._fit_from_here()
        self._is_fitted = True
        self.updateGeometry()  # the labels above may have become lower
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Have the cell one has gone to seen: it moves when the rows above take their height."""
        if self.hasFocus() and self.currentIndex().isValid():
            self.updateGeometries()  # else the scroll bar ends where the rows ended before
            self.scrollTo(self.currentIndex())
            self.cell_moved.emit()

    def show_second(self, second: SessionFormatter | None) -> None:
        self.grid.show_second(second)
        self.rows_header.forget()
        if self._is_fitted:
            self.rows_header.limit(self.width())
            self.fit()
            self.updateGeometry()

    def refresh(self) -> None:
        self.grid.refresh()
        if self._is_fitted:
            self._fit_from_here()

    def _fit_from_here(self) -> None:
        """Fit the lines that are seen at once, those of a very long table in small steps."""
        count = len(self.grid.lines)
        first = max(0, self.rowAt(0)) if count > _AT_ONCE else 0
        self.fit_rows(range(first, min(first + _AT_ONCE, count)))
        self._unfit = [line for line in range(count) if not first <= line < first + _AT_ONCE]
        if self._unfit:
            self._fit_rest.start()

    def _fit_some(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        done = 0
        while done < len(self._unfit) and clock.elapsed() < _STEP_MS:
            self.fit_rows(self._unfit[done : done + 4])
            done += 4
        self._unfit = self._unfit[done:]
        if self._unfit:
            self._fit_rest.start()
        else:
            self._keep_in_sight()

    def _column_widths(self) -> tuple[list[int], list[int]]:
        """Return how wide the columns should be, and how wide they are at least."""
        letter = self.fontMetrics().averageCharWidth()
        small = QFontMetrics(font_for(TextRole.CAPTION))
        states = " ".join(self.wording.texts.gettext(STATE_TITLES[state]) for state in _WHOLE_STATES)
        wanted: list[int] = []
        least: list[int] = []
        for place, column in enumerate(self.question.columns):
            longest = max(
                self._heading_width(self.wording.column(self.question, column)),
                self._widest(self.grid.second_column(place).text, small),
                self._answer_width(column),
                self._widest(states, self.fontMetrics()),
            )
            least.append(max(round(column.kind.info.widths.screen * letter * _SQUEEZE), longest))
            wanted.append(max(column.kind.info.widths.screen * letter, longest))
        return wanted, least

    def fits(self, width: int) -> bool:
        """Return whether a width has room for the labels and all columns."""
        return self.rows_header.most_width(width) + sum(self._column_widths()[0]) <= width

    def _fit_columns(self) -> None:
        room = self.viewport().width()
        blocked = self.columns_header.blockSignals(True)
        for place, width in enumerate(share_width(*self._column_widths(), room)):
            self.setColumnWidth(place, width)
        self.columns_header.blockSignals(blocked)
        self.updateGeometries()

    def _heading_width(self, text: str) -> int:
        """Return the width a column needs for its label, with large text broken into two lines only."""
        metrics, words = QFontMetrics(_heading_font()), text.split()
        if _head_lines() == _HEAD_LINES:
            return self._widest(text, metrics)
        breaks = range(1, len(words) + 1)
        widths = (max(metrics.horizontalAdvance(" ".join(half)) for half in (words[:at], words[at:])) for at in breaks)
        return min(widths, default=0) + _BESIDE_TEXT

    @staticmethod
    def _widest(text: str, metrics: QFontMetrics) -> int:
        """Return the width a cell needs for the longest word of a text."""
        return max((metrics.horizontalAdvance(word) for word in text.split()), default=0) + _BESIDE_TEXT

    def _answer_width(self, column: GridColumn) -> int:
        """Return the width the longest word of a column's possible answers needs; free text breaks anywhere."""
        texts, metrics = self.wording.texts, self.fontMetrics()
        if column.kind is AnswerKind.LEVEL:
            return metrics.horizontalAdvance(self.wording.level(TOP_LEVEL)) + round(metrics.height() * 1.25) + SMALL
        if column.kind is AnswerKind.DATE:
            return self._widest(texts.short_date(_LONG_DATE), metrics)
        named = [self.wording.option(self.question, column, option) for option in column.options]
        if register := column.kind.info.register:
            named += [self.wording.picked(column.kind, entry.id) for entry in self.controller.session.entries(register)]
        words = " ".join(named)
        return min(self._widest(words, metrics), metrics.averageCharWidth() * _LONGEST_WORD)

    def _line_height(self, line: int) -> int:
        if self.grid.lines[line].row is None:
            return QFontMetrics(font_for(TextRole.CAPTION)).height() + _PAD
        high = self.rows_header.line_height(line)
        metrics = self.fontMetrics()
        for place in range(len(self.question.columns)):
            cell = self.grid.cell(line, place)
            if cell.text:
                width = self.columnWidth(place) - _BESIDE_TEXT
                if cell.level is not None:
                    width -= round(metrics.height() * 1.25) + SMALL
                shown = shorten_to_cell(cell.text, metrics, width, self.grid.most_lines)
                below = QFontMetrics(font_for(TextRole.CAPTION)).height() if cell.counts_by else 0
                high = max(high, metrics.size(0, shown).height() + below + 2 * self._pad())
        return max(high, metrics.height() + 2 * self._pad())

    def _pad(self) -> int:
        """Return the room above and below the text of a cell, in pixels."""
        return _PAGE_PAD if self.is_whole else SMALL

    def fit_rows(self, lines: Iterable[int]) -> None:
        """Make lines as high as their label and cells."""
        is_changed = False
        for line in lines:
            high = self._line_height(line)
            if self.rowHeight(line) != high:
                self.setRowHeight(line, high)
                is_changed = True
        if is_changed:
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        high = self.columns_header.sizeHint().height() + self.rows_header.length() + 2 * self.frameWidth()
        if self.horizontalScrollBar().maximum() > 0:
            high += self.horizontalScrollBar().sizeHint().height()
        return QSize(400, high)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 100 if self.is_whole else self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.rows_header.limit(self.width())
            self._fit_later.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self.hasFocus() or event.angleDelta().x():
            super().wheelEvent(event)
        else:
            event.ignore()

    def here(self) -> Address | None:
        index = self.currentIndex()
        return self.grid.address(index) if index.isValid() else None

    def column(self) -> GridColumn:
        return self.grid.column(self.currentIndex())

    def chosen(self) -> list[Address]:
        """Return the addresses of the selected cells that can be answered, at least the current one."""
        indexes = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        found = [address for index in indexes if (address := self.grid.address(index)) is not None]
        return sorted((a for a in found if self.is_answerable(a)), key=self._reading_order)

    def _reading_order(self, address: Address) -> tuple[int, int]:
        return self.grid.line_of[address.row], self.grid.place_of[address.column]

    def is_answerable(self, address: Address) -> bool:
        """Return whether an answer may be given: not where a row is out or a gate has settled the cell."""
        return self.grid.item(address).standing in {ItemStatus.WANTED, ItemStatus.SPARE}

    def whole_row(self) -> str:
        """Return the id of the row that is selected as a whole; empty if none is."""
        rows = {index.row() for index in self.selectionModel().selectedIndexes()}
        if len(rows) != 1 or len(self.selectionModel().selectedIndexes()) < len(self.question.columns):
            return ""
        here = self.here()
        return here.row if here and len(self.question.columns) > 1 else ""

    def go(self, address: Address) -> None:
        """Make a cell the current one."""
        index = self.grid.index_of(address)
        if index.isValid():
            self.move_to(index)
            self.scrollTo(index)

    def scrollTo(self, index: Index, hint: QAbstractItemView.ScrollHint = _LEAST_SCROLLING) -> None:  # noqa: N802 - Qt's name
        """Scroll to a cell; to the first row of a group with the heading above it."""
        above = index.row() - 1
        if above >= 0 and self.grid.lines[above].row is None:
            super().scrollTo(self.grid.index(above, index.column()), hint)
        super().scrollTo(index, hint)

    def move_to(self, index: Index) -> None:
        """Make a cell the current one, and the one from which a selection grows."""
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._anchor = QPersistentModelIndex(index)

    def setSelection(self, room: QRect, command: QItemSelectionModel.SelectionFlag) -> None:  # noqa: N802 - Qt's name
        """Select a block from where it began; across the heading of a group Qt would take all columns."""
        here = self.currentIndex()
        if not here.isValid():
            super().setSelection(room, command)
            return
        if not command & QItemSelectionModel.SelectionFlag.Current or not self._anchor.isValid():
            self._anchor = QPersistentModelIndex(here)
        (top, bottom), (left, right) = (
            sorted((here.row(), self._anchor.row())),
            sorted((here.column(), self._anchor.column())),
        )
        block = QItemSelection(self.grid.index(top, left), self.grid.index(bottom, right))
        self.selectionModel().select(block, command)

    def select_line(self, line: int) -> None:
        if self.grid.lines[line].row is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.grid.index(line, 0), flag.NoUpdate)
            self.selectionModel().select(self.grid.index(line, 0), flag.ClearAndSelect | flag.Rows)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        address = self.here()
        if address is not None:
            self.cell_focused.emit(address)

    def copy(self) -> None:
        indexes = self._selected()
        lines = sorted({index.row() for index in indexes if self.grid.lines[index.row()].row})
        places = sorted({index.column() for index in indexes})
        rows = [[self._copied(line, place) for place in places] for line in lines]
        QGuiApplication.clipboard().setText(to_tsv(rows))

    def _copied(self, line: int, place: int) -> str:
        address = self.grid.address(self.grid.index(line, place))
        assert address is not None, "headings are left out"
        return format_cell(self.wording, self.question, self.question.columns[place], self.controller.content(address))

    def places_for(self, block: list[list[str]]) -> list[list[Address | None]]:
        """Return the addresses a pasted block falls on from the first selected cell; None where the table ends."""
        first_line, first_place = self._selected_corner()
        lines = [line for line in self.grid.line_of.values() if line >= first_line]
        places: list[list[Address | None]] = []
        for number, cells in enumerate(block):
            line = lines[number] if number < len(lines) else None
            places.append([self._place_at(line, first_place + across) for across in range(len(cells))])
        return places

    def _selected(self) -> list[QModelIndex]:
        return self.selectionModel().selectedIndexes() or [self.currentIndex()]

    def _selected_corner(self) -> tuple[int, int]:
        chosen = self._selected()
        return min(index.row() for index in chosen), min(index.column() for index in chosen)

    def selected_size(self) -> tuple[int, int]:
        """Return how many rows and columns are selected."""
        chosen = self._selected()
        lines = {index.row() for index in chosen if self.grid.lines[index.row()].row}
        return len(lines), len({index.column() for index in chosen})

    def _place_at(self, line: int | None, place: int) -> Address | None:
        if line is None or place >= len(self.question.columns):
            return None
        return self.grid.address(self.grid.index(line, place))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "_fit_later"):
            self._fit_later.start()
