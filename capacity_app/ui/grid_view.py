"""The table of a grid question: one cell one answer, all by keyboard."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, QItemSelectionModel, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QSizePolicy, QTableView

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.instrument import Column, Kind, Question
from capacity_app.domain.sheet import Standing
from capacity_app.ui import keys
from capacity_app.ui.answer_editors import takes_letters
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.cell_editor import CellEditor, Step
from capacity_app.ui.choice_editors import offers
from capacity_app.ui.editor import Asked
from capacity_app.ui.grid_clipboard import cell_text, to_tsv
from capacity_app.ui.grid_model import GridModel, Index
from capacity_app.ui.grid_painting import CellPainter, ColumnLabels, RowLabels, fitted, wrapped_height
from capacity_app.ui.keys import Act
from capacity_app.ui.theme import SMALL, Role, font_for, is_font_change
from capacity_app.ui.wording import LEVEL_WORDS, Wording

_LETTERS = {
    Kind.LEVEL: 21, Kind.YES_NO: 9, Kind.YES_PARTLY_NO: 10, Kind.CHOICE: 17, Kind.CHECKLIST: 24, Kind.TEXT: 24,
    Kind.LONG_TEXT: 30, Kind.INTEGER: 11, Kind.PERCENT: 10, Kind.YEAR: 10, Kind.DATE: 14, Kind.AGENCY: 20,
    Kind.SOURCE: 20, Kind.COUNTRY: 18, Kind.URL: 20,
}  # fmt: skip
"""How wide a column is by the kind of its answers, in average letters."""
_LEAST_ROOM = 280
_AT_ONCE, _AT_A_TIME = 120, 40
"""How many lines are measured at once, and in one step after that."""
_SQUEEZE = 0.7
"""To what part of its usual width a column may be squeezed before the table scrolls sideways."""

_LONGEST_WORD = 22
_LONG_DATE = "2021-09-30"

Say = Callable[[Address, Content, str], bool]


def shared(wanted: list[int], least: list[int], room: int) -> list[int]:
    """Share a width: stretch columns into spare room, squeeze them where it is short, never below ``least``."""
    if sum(least) >= room or not wanted:
        return least
    spare = room - sum(wanted)
    if spare >= 0:
        return [width + spare * width // sum(wanted) for width in wanted]
    give = [width - low for width, low in zip(wanted, least, strict=True)]
    return [width + spare * part // sum(give) for width, part in zip(wanted, give, strict=True)]


class GridView(QTableView):
    """Shows the cells and turns keys into answers; ``asked`` carries an ``Act`` for the cells in focus."""

    cell_focused = Signal(object)
    asked = Signal(object)
    row_toggled = Signal(str)
    pasted = Signal(str)

    def __init__(self, bridge: Bridge, wording: Wording, question: Question, say: Say) -> None:
        super().__init__()
        self.bridge, self.wording, self.question, self._say = bridge, wording, question, say
        self.grid = GridModel(bridge, wording, question, self)
        self.setModel(self.grid)
        self.setItemDelegate(CellPainter(self))
        self.rows_header = RowLabels(self.grid, wording, self)
        self.setVerticalHeader(self.rows_header)
        self.columns_header = ColumnLabels(self)
        self.setHorizontalHeader(self.columns_header)
        self.editing: CellEditor | None = None
        self.is_read_only = self._is_fitted = False
        self._room = 0
        self._prepare()
        self._fit_later = QTimer(self, singleShot=True, interval=0)
        self._fit_later.timeout.connect(self.fit)
        self.columns_header.sectionResized.connect(lambda *_: self._fit_later.start())
        self._unfit: list[int] = []
        self._fit_rest = QTimer(self, singleShot=True, interval=0)
        self._fit_rest.timeout.connect(self._fit_some)

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
        self.doubleClicked.connect(lambda _index: self.open_editor())
        for number, line in enumerate(self.grid.lines):
            if line.row is None and len(self.question.columns) > 1:
                self.setSpan(number, 0, 1, len(self.question.columns))
        first = next(iter(self.grid.line_of.values()), None)
        if first is not None:
            self.setCurrentIndex(self.grid.index(first, 0))
            self.clearSelection()
        self.rows_header.sectionClicked.connect(self._select_line)

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

    def refresh(self) -> None:
        """Show everything anew."""
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
        some, self._unfit = self._unfit[:_AT_A_TIME], self._unfit[_AT_A_TIME:]
        self.fit_rows(some)
        if self._unfit:
            self._fit_rest.start()

    def _fit_columns(self) -> None:
        letter = self.fontMetrics().averageCharWidth()
        strong = QFontMetrics(font_for(Role.STRONG))
        wanted: list[int] = []
        least: list[int] = []
        for column in self.question.columns:
            longest = max(self._widest(self.wording.column(self.question, column), strong), self._answer_width(column))
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
        """Give the width a cell needs for the longest word of a text."""
        return max((metrics.horizontalAdvance(word) for word in text.split()), default=0) + 2 * SMALL + 4

    def _answer_width(self, column: Column) -> int:
        """Give the width the longest word of a column's possible answers needs; free text breaks anywhere."""
        texts, metrics = self.wording.texts, self.fontMetrics()
        if column.kind is Kind.LEVEL:
            words = " ".join(texts.gettext(word) for word in LEVEL_WORDS)
            return self._widest(words, metrics) + round(metrics.height() * 1.25) + SMALL
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
        """As high as all rows, up to most of the page."""
        high = self.columns_header.sizeHint().height() + self.rows_header.length() + 2 * self.frameWidth() + 2
        if self.horizontalScrollBar().maximum() > 0:
            high += self.horizontalScrollBar().sizeHint().height()
        most = max(_LEAST_ROOM, round(self._room * 0.78)) if self._room else high
        return QSize(400, min(high, most))

    def minimumSizeHint(self) -> QSize:
        """Keep the height in any width."""
        return QSize(200, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width."""
        super().resizeEvent(event)
        self.move_editor()
        if event.size().width() != event.oldSize().width():
            self.rows_header.limit(self.width())
            self._fit_later.start()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page once the table is at its end, or if the table does not have the focus."""
        if self.hasFocus() or event.angleDelta().x():
            super().wheelEvent(event)
        else:
            event.ignore()

    # -- places ---------------------------------------------------------------------------------------------------

    def here(self) -> Address | None:
        """Give the address of the current cell."""
        index = self.currentIndex()
        return self.grid.address(index) if index.isValid() else None

    def column(self) -> Column:
        """Give the column of the current cell."""
        return self.grid.column(self.currentIndex())

    def chosen(self) -> list[Address]:
        """Give the addresses of the selected cells that can be answered, at least the current one."""
        indexes = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        found = [address for index in indexes if (address := self.grid.address(index)) is not None]
        return sorted((a for a in found if self.is_answerable(a)), key=self._reading_order)

    def _reading_order(self, address: Address) -> tuple[int, int]:
        return self.grid.line_of[address.row], self.grid.place_of[address.column]

    def is_answerable(self, address: Address) -> bool:
        """Tell whether an answer may be given: not where a row is out or a gate has settled the cell."""
        return self.grid.item(address).standing in {Standing.WANTED, Standing.SPARE}

    def whole_row(self) -> str:
        """Give the id of the row that is selected as a whole; empty if none is."""
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

    def _select_line(self, line: int) -> None:
        if self.grid.lines[line].row is not None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            flag = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.grid.index(line, 0), flag.NoUpdate)
            self.selectionModel().select(self.grid.index(line, 0), flag.ClearAndSelect | flag.Rows)

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        """Tell which cell is in focus."""
        super().currentChanged(current, previous)
        address = self.here()
        if address is not None:
            self.cell_focused.emit(address)

    # -- answering ------------------------------------------------------------------------------------------------

    def say_value(self, address: Address, value: Value, typing: str = "") -> bool:
        """Answer a cell with a value."""
        state = State.NOT_ASKED if value is None else State.ANSWERED
        return self._say(address, replace(self.bridge.content(address), state=state, value=value, reason=""), typing)

    def _asked(self, address: Address) -> Asked:
        column = self.question.column_by_id[address.column]
        return Asked(self.bridge, self.wording, self.question, column, self.wording.place(address))

    def _answer_by_key(self, event: QKeyEvent, address: Address) -> bool:
        """Answer at once by digit or letter; False if the key is not an answer here."""
        column = self.column()
        if takes_letters(column.kind) or not self.is_answerable(address):
            return False
        digit = keys.digit_of(event)
        pressed = str(digit) if digit is not None else keys.letter_of(event)
        if column.kind is Kind.CHECKLIST:
            return self._tick_by_key(pressed, address)
        value = next((value for value, _, key in offers(self._asked(address)) if key and key == pressed), None)
        return value is not None and (self.say_value(address, value) or True)

    def _tick_by_key(self, pressed: str, address: Address) -> bool:
        before = self.bridge.content(address).value
        ticked = before if isinstance(before, tuple) else ()
        if pressed == "0":
            self.say_value(address, ())
            return True
        option = next((value for value, _, key in offers(self._asked(address)) if key and key == pressed), None)
        if option is None:
            return False
        after = tuple(o for o in ticked if o != option) if option in ticked else (*ticked, str(option))
        self.say_value(address, after or None)
        return True

    def open_editor(self, typed: str = "") -> None:
        """Open the editor of the current cell, begun with ``typed``."""
        address = self.here()
        if address is None or self.editing is not None or self.is_read_only or not self.is_answerable(address):
            return
        before = self.bridge.content(address)
        editor = CellEditor(self.window(), self._asked(address), self._place(address))
        self.editing = editor
        editor.answered.connect(lambda value, typing: self._answered(address, value, typing))
        editor.undone.connect(lambda: self._undo_typing(address, before))
        editor.closed.connect(self._closed)
        self.scrollTo(self.currentIndex())
        editor.open_at(self._cell_in_window(), before)
        if typed:
            editor.type_in(typed)

    def _answered(self, address: Address, value: Value, typing: str) -> None:
        is_stored = self.say_value(address, value, typing)
        if self.editing is not None:
            stored = self.bridge.content(address).value
            show = self.editing.editor.show_value if is_stored else self.editing.editor.not_stored
            show(stored)

    def _place(self, address: Address) -> str:
        row, column = self.question.row_by_id[address.row], self.question.column_by_id[address.column]
        said = f"{row.number} {self.wording.row(self.question, row)}".strip()
        return f"{said} — {self.wording.column(self.question, column)}"

    def _undo_typing(self, address: Address, before: Content) -> None:
        if self.editing is not None:
            self.editing.editor.flush()  # so that undo brings back what was typed last, too
            self.editing.editor.rescue()
            if self.bridge.content(address) != before:
                self._say(address, before, "")

    def _closed(self, step: int) -> None:
        left = self.editing
        self.editing = None
        address = self.here()
        if left is not None and address is not None:
            unread = left.editor.rescue()
            if unread:
                content = self.bridge.content(address)
                self._say(address, replace(content, note=f"{content.note}\n{unread}".strip()), "")
        if step < 0:
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if step == Step.OPEN:
            self.asked.emit(Act.NEXT)
        elif step != Step.STAY:
            self._step(Step(step))

    def move_editor(self) -> None:
        """Let the editor of a cell, if one is open, stay with its cell."""
        if self.editing is not None:
            self.editing.stand_at(self._cell_in_window())

    def _cell_in_window(self) -> QRect:
        cell = self.visualRect(self.currentIndex())
        return QRect(self.viewport().mapTo(self.window(), cell.topLeft()), cell.size())

    def _step(self, step: Step) -> None:
        moves = {
            Step.NEXT: QAbstractItemView.CursorAction.MoveNext,
            Step.BACK: QAbstractItemView.CursorAction.MovePrevious,
            Step.DOWN: QAbstractItemView.CursorAction.MoveDown,
        }
        index = self.moveCursor(moves[step], Qt.KeyboardModifier.NoModifier)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    # -- keys -----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Turn keys into answers, moves, copies and pastes."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif keys.is_next(event):
            self.asked.emit(Act.NEXT)
        elif keys.is_back(event) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif keys.is_enter(event) or event.key() == Qt.Key.Key_F2:
            self.open_editor()
        elif event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._select_line(self.currentIndex().row())
        elif not self._take_letter(event):
            super().keyPressEvent(event)

    def _take_letter(self, event: QKeyEvent) -> bool:
        """Answer, set a state or begin to type; False if the key is none of these."""
        address = self.here()
        if address is None:
            return False
        text = event.text()
        is_shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        is_typing = takes_letters(self.column().kind)
        is_row_letter = event.key() == Qt.Key.Key_X and not (is_typing and self.is_answerable(address))
        if is_shift and (is_row_letter or event.key() == Qt.Key.Key_F7):
            self.row_toggled.emit(address.row)
            return True
        if self._answer_by_key(event, address):
            return True
        act = keys.function_act(event) if is_typing else keys.act_of(event)
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            act = Act.CLEAR
        if act:
            self.asked.emit(act)
            return True
        if is_typing and (keys.is_plain(event) or is_shift) and text and text.isprintable():
            self.open_editor(text)
            return True
        return bool(text and text.isprintable() and keys.is_plain(event))

    # -- copying --------------------------------------------------------------------------------------------------

    def copy(self) -> None:
        """Put the selected block on the clipboard as words."""
        indexes = self.selectionModel().selectedIndexes() or [self.currentIndex()]
        lines = sorted({index.row() for index in indexes if self.grid.lines[index.row()].row})
        places = sorted({index.column() for index in indexes})
        rows = [[self._copied(line, place) for place in places] for line in lines]
        QGuiApplication.clipboard().setText(to_tsv(rows))

    def _copied(self, line: int, place: int) -> str:
        address = self.grid.address(self.grid.index(line, place))
        assert address is not None, "headings are left out"
        return cell_text(self.wording, self.question, self.question.columns[place], self.bridge.content(address))

    def places_for(self, block: list[list[str]]) -> list[list[Address | None]]:
        """Give the addresses a pasted block falls on from the current cell; None where the table ends."""
        here = self.currentIndex()
        lines = [line for line in self.grid.line_of.values() if line >= here.row()]
        places: list[list[Address | None]] = []
        for number, cells in enumerate(block):
            line = lines[number] if number < len(lines) else None
            places.append([self._place_at(line, here.column() + across) for across in range(len(cells))])
        return places

    def _place_at(self, line: int | None, place: int) -> Address | None:
        if line is None or place >= len(self.question.columns):
            return None
        return self.grid.address(self.grid.index(line, place))

    def changeEvent(self, event: QEvent) -> None:
        """Measure anew after zoom."""
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "_fit_later"):
            self._fit_later.start()
