"""Answering in the table of a grid question: one cell one answer, all by keyboard."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QItemSelectionModel, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.instrument import Kind, Question
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.cell_editor import CellEditor, Step
from capacity_app.ui.questionnaire.choice_editors import offers, takes_letters
from capacity_app.ui.questionnaire.grid_table import GridTable
from capacity_app.ui.questionnaire.keys import Act
from capacity_app.ui.questionnaire.pairs import NO_SECOND, Second, second_of
from capacity_app.ui.questionnaire.typed_editors import Asked
from capacity_app.ui.wording import Wording

Say = Callable[[Address, Content, str], bool]


class GridView(GridTable):
    """Turns keys into answers; ``asked`` carries an ``Act`` for the cells in focus, ``row_toggled`` a row's id."""

    asked = Signal(object)
    row_toggled = Signal(str)
    row_confirmed = Signal(str)
    pasted = Signal(str)

    def __init__(self, bridge: Bridge, wording: Wording, question: Question, say: Say) -> None:
        super().__init__(bridge, wording, question)
        self._say = say
        self.editing: CellEditor | None = None
        self.is_read_only = False
        self.doubleClicked.connect(lambda _index: self.open_editor())

    def show_second(self, second: Wording | None) -> None:
        """Show labels and an open cell's answers in a second wording too, or no longer."""
        super().show_second(second)
        if self.editing is not None:
            self.editing.show_second(self._second_place(self.editing.address), second)

    def _second_place(self, address: Address) -> Second:
        second = self.grid.second
        if second is None:
            return NO_SECOND
        row, column = self.question.row_by_id[address.row], self.question.column_by_id[address.column]
        said = f"{row.number} {second.row(self.question, row)}".strip()
        return second_of(self._place(address), f"{said} — {second.column(self.question, column)}", second)

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
        editor = CellEditor(self.window(), self._asked(address), self._place(address), address)
        editor.show_second(self._second_place(address), self.grid.second)
        offered = self.grid.offered(address)
        editor.editor.show_offered(offered.value if offered is not None else None)
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
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            if self.bridge.session.is_read_only:
                return
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif keys.is_next(event):
            self.asked.emit(Act.NEXT)
        elif keys.is_back(event) or event.key() == Qt.Key.Key_Escape:
            event.ignore()
        elif keys.is_enter(event) or event.key() == Qt.Key.Key_F2:
            self.open_editor()
        elif event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.select_line(self.currentIndex().row())
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
        if self.bridge.session.is_read_only:
            return bool(text and text.isprintable())
        if (is_shift and self._take_row_key(event, address)) or self._answer_by_key(event, address):
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

    def _take_row_key(self, event: QKeyEvent, address: Address) -> bool:
        """Do what a key with Shift asks for the whole row; where letters are typed only function keys do."""
        is_typing = takes_letters(self.column().kind)
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_F7 or (key is Qt.Key.Key_X and not (is_typing and self.is_answerable(address))):
            self.row_toggled.emit(address.row)
        elif key is Qt.Key.Key_F5 or (key is Qt.Key.Key_C and not is_typing):
            self.row_confirmed.emit(address.row)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.move_editor()
