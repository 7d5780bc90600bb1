"""The table of a grid question: its measures, its places, copying. What answers stands in ``grid_view``."""

from collections.abc import Iterable

from PySide6.QtCore import QElapsedTimer, QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QSizePolicy, QTableView

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import TOP_LEVEL, Column, Kind, Question
from capacity_app.domain.sheet import Standing
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.theme import SMALL, Role, font_for, is_font_change
from capacity_app.ui.questionnaire.grid_clipboard import cell_text, to_tsv
from capacity_app.ui.questionnaire.grid_labels import ColumnLabels, RowLabels
from capacity_app.ui.questionnaire.grid_model import GridModel, Index
from capacity_app.ui.questionnaire.grid_painting import CellPainter, fitted, wrapped_height
from capacity_app.ui.wording import Wording

_LETTERS = {
    Kind.LEVEL: 21, Kind.YES_NO: 9, Kind.YES_PARTLY_NO: 10, Kind.CHOICE: 17, Kind.CHECKLIST: 24, Kind.TEXT: 24,
    Kind.LONG_TEXT: 30, Kind.INTEGER: 11, Kind.PERCENT: 10, Kind.YEAR: 10, Kind.DATE: 14, Kind.AGENCY: 20,
    Kind.SOURCE: 20, Kind.COUNTRY: 18, Kind.URL: 20,
}  # fmt: skip
"""How wide a column is by the kind of its answers, in average letters."""
_LEAST_ROOM = 280
_AT_ONCE, _STEP_MS = 40, 6
"""How many lines are measured at once, and for how long in one step after that, in milliseconds."""
_SQUEEZE = 0.7
"""To what part of its usual width a column may be squeezed before the table scrolls sideways."""

_LONGEST_WORD = 22
_LONG_DATE = "2021-09-30"


def shared(wanted: list[int], least: list[int], room: int) -> list[int]:
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

    def __init__(self, bridge: Bridge, wording: Wording, question: Question) -> None:
        super().__init__()
        self.bridge, self.wording, self.question = bridge, wording, question
        self.grid = GridModel(bridge, wording, question, self)
        self.setModel(self.grid)
        self.setItemDelegate(CellPainter(self))
        self.rows_header = RowLabels(self.grid, wording, self)
        self.setVerticalHeader(self.rows_header)
        self.columns_header = ColumnLabels(self.grid, self)
        self.setHorizontalHeader(self.columns_header)
        self._is_fitted = False
        self._room = 0
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

    # -- measures -------------------------------------------------------------------------------------------------

    def set_room(self, height: int) -> None:
        """Take the height of the page: a table higher than most of it scrolls in itself."""
        if height != self._room:
            self._room = height
            self.updateGeometry()

    def fit(self) -> None:
        """Make columns share the width, and rows as high as their text."""
        self._fit_columns()
        self._fit_from_here()
        self._is_fitted = True
        self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """Have the cell one has gone to seen: it moves when the rows above take their height."""
        if self.hasFocus() and self.currentIndex().isValid():
            self.updateGeometries()  # else the scroll bar ends where the rows ended before
            self.scrollTo(self.currentIndex())
            self.cell_moved.emit()

    def show_second(self, second: Wording | None) -> None:
        """Show the labels in a second wording too, or no longer."""
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

    def _fit_columns(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        strong, small = QFontMetrics(font_for(Role.STRONG)), QFontMetrics(font_for(Role.CAPTION))
        wanted: list[int] = []
        least: list[int] = []
        for place, column in enumerate(self.question.columns):
            longest = max(
                self._widest(self.wording.column(self.question, column), strong),
                self._widest(self.grid.second_column(place).text, small),
                self._answer_width(column),
            )
            least.append(max(round(_LETTERS[column.kind] * letter * _SQUEEZE), longest))
            wanted.append(max(_LETTERS[column.kind] * letter, longest))
        room = self.viewport().width()
        blocked = self.columns_header.blockSignals(True)
        for place, width in enumerate(shared(wanted, least, room)):
            self.setColumnWidth(place, width)
        self.columns_header.blockSignals(blocked)
        self.updateGeometries()

    @staticmethod
    def _widest(text: str, metrics: QFontMetrics) -> int:
        """Return the width a cell needs for the longest word of a text."""
        return max((metrics.horizontalAdvance(word) for word in text.split()), default=0) + 2 * SMALL + 4

    def _answer_width(self, column: Column) -> int:
        """Return the width the longest word of a column's possible answers needs; free text breaks anywhere."""
        texts, metrics = self.wording.texts, self.fontMetrics()
        if column.kind is Kind.LEVEL:
            return metrics.horizontalAdvance(self.wording.level(TOP_LEVEL)) + round(metrics.height() * 1.25) + SMALL
        if column.kind is Kind.DATE:
            return self._widest(texts.date(_LONG_DATE), metrics)
        words = " ".join(self.wording.option(self.question, column, option) for option in column.options)
        return min(self._widest(words, metrics), metrics.averageCharWidth() * _LONGEST_WORD)

    def _line_height(self, line: int) -> int:
        high = self.rows_header.line_height(line)
        metrics = self.fontMetrics()
        for place in range(len(self.question.columns)):
            cell = self.grid.cell(line, place)
            if cell.text:
                width = self.columnWidth(place) - 2 * SMALL
                if cell.level is not None:
                    width -= round(metrics.height() * 1.25) + SMALL
                high = max(high, wrapped_height(fitted(cell.text, metrics, width), metrics, width) + 2 * SMALL)
        return max(high, metrics.height() + 2 * SMALL)

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
        high = self.columns_header.sizeHint().height() + self.rows_header.length() + 2 * self.frameWidth() + 2
        if self.horizontalScrollBar().maximum() > 0:
            high += self.horizontalScrollBar().sizeHint().height()
        most = max(_LEAST_ROOM, round(self._room * 0.78)) if self._room else high
        return QSize(400, min(high, most))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

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

    # -- places ---------------------------------------------------------------------------------------------------

    def here(self) -> Address | None:
        """Return the address of the current cell."""
        index = self.currentIndex()
        return self.grid.address(index) if index.isValid() else None

    def column(self) -> Column:
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
        return self.grid.item(address).standing in {Standing.WANTED, Standing.SPARE}

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
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

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

    # -- copying --------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected block on the clipboard as words."""
        indexes = self._selected()
        lines = sorted({index.row() for index in indexes if self.grid.lines[index.row()].row})
        places = sorted({index.column() for index in indexes})
        rows = [[self._copied(line, place) for place in places] for line in lines]
        QGuiApplication.clipboard().setText(to_tsv(rows))

    def _copied(self, line: int, place: int) -> str:
        address = self.grid.address(self.grid.index(line, place))
        assert address is not None, "headings are left out"
        return cell_text(self.wording, self.question, self.question.columns[place], self.bridge.content(address))

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
