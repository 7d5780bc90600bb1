"""Answering in the table of a grid question: one cell one answer, all by keyboard, and the editor over a cell."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import IntEnum

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue, Content
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.ui.question_widgets.bilingual_text import NO_SECOND_TEXT, SecondText, second_text_of
from capacity_app.ui.question_widgets.choice_editors import (
    ChecklistEditor,
    OneOfEditor,
    PickEditor,
    add_entry,
    answer_editor,
    answer_options,
    option_of_key,
)
from capacity_app.ui.question_widgets.grid_model import Index
from capacity_app.ui.question_widgets.grid_table import GridTable
from capacity_app.ui.question_widgets.question_parts import STATE_OF_ACTION, with_unread
from capacity_app.ui.question_widgets.typed_editors import AnswerEditor, EditedField, TypedAnswerEditor
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, RADIUS, SMALL, TIGHT, TextRole
from capacity_app.ui.theme.painting import paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.cards import Label, scroll_area_of
from capacity_app.ui.widgets.keys import AnswerAction
from capacity_app.ui.widgets.layouts import lay_out
from capacity_app.ui.widgets.text_fields import TextField

# The editor of one cell: it opens over the table with the full wording, and closes when the focus leaves it.
#
# It is a child of the window, not a window of its own: input methods work in it, it is never left behind, and
# the table's scroll area does not cut it off.


_WIDEST, _NARROWEST = 460, 240


class CellMove(IntEnum):
    """Where to go when the editor closes."""

    STAY = 0
    NEXT = 1
    BACK = 2
    DOWN = 3
    OPEN = 4
    ANSWERED = 5


class CellEditor(QFrame):
    """Edits one cell. ``answered`` carries value and typing mark, ``closed`` a ``CellMove``."""

    answered = Signal(object, str)
    unread = Signal(str, str)
    closed = Signal(int)
    undone = Signal()

    def __init__(self, window: QWidget, asked: EditedField, place: str, address: Address) -> None:
        super().__init__(window)
        self._window = window
        self.address = address
        self.setAccessibleName(place)
        self.setObjectName("cell_editor")
        self.editor: AnswerEditor = answer_editor(asked)
        self._is_closing = False
        self._label = Label(place, TextRole.CAPTION, is_muted=True)
        self._second_label = Label("", TextRole.CAPTION, is_muted=True)
        self._second_label.hide()
        layout = lay_out(QVBoxLayout(self), self._label, margins=(MEDIUM, SMALL, MEDIUM, MEDIUM), spacing=TIGHT)
        layout.addWidget(self._second_label)
        layout.addWidget(self._scrolling() if isinstance(self.editor, OneOfEditor | ChecklistEditor) else self.editor)
        self.editor.answered.connect(self.answered)
        self.editor.unread.connect(self.unread)
        self._cell = QRect()
        if isinstance(self.editor, OneOfEditor):
            self.editor.chosen.connect(lambda: self.finish(CellMove.STAY))
        elif isinstance(self.editor, PickEditor):
            self.editor.finder.entered_choice.connect(lambda: self.finish(CellMove.DOWN))
        field = getattr(self.editor, "field", None)
        if isinstance(field, TextField):
            field.leaves_on_enter = True

    def show_second(self, place: SecondText, second: SessionFormatter | None) -> None:
        """Name the place and what can be chosen in a second wording too, or no longer."""
        self._second_label.setLayoutDirection(place.direction)
        self._second_label.show_or_hide(place.text)
        self.editor.show_second(second)

    def _scrolling(self) -> QScrollArea:
        self._area = scroll_area_of(self.editor, scrolls_sideways=False, has_ground=False)
        return self._area

    def open_at(self, cell: QRect, content: Content) -> None:
        """Open over a cell, given in the window's coordinates, and take the focus."""
        self.editor.show_value(content.value)
        self.place_over_cell(cell)
        self.show()
        self.raise_()
        self.editor.setFocus(Qt.FocusReason.PopupFocusReason)
        app = QApplication.instance()
        assert isinstance(app, QApplication), "widgets need an application"
        app.focusChanged.connect(self._focus_moved)
        if isinstance(self.editor, PickEditor):
            self.editor.offer_register()

    def place_over_cell(self, cell: QRect) -> None:
        """Stand over or under a cell, inside the window, as high as what is in it."""
        self._cell = cell
        room = self._window.rect().adjusted(SMALL, SMALL, -SMALL, -SMALL)
        zoom = max(1.0, self.fontMetrics().height() / 17)
        width = min(max(cell.width(), round(_NARROWEST * zoom)), room.width())
        if not isinstance(self.editor, TypedAnswerEditor):
            width = min(round(_WIDEST * zoom), room.width())
        high = min(self._height_at(width), room.height())
        at = QPoint(cell.x(), cell.y() if isinstance(self.editor, TypedAnswerEditor) else cell.bottom() + 1)
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            at.setX(cell.right() - width + 1)
        if at.y() + high > room.bottom():
            at.setY(max(room.y(), min(cell.y() - high, room.bottom() - high)))
            at.setY(max(at.y(), room.y()))
        at.setX(min(max(at.x(), room.x()), room.right() - width))
        self.setGeometry(QRect(at.x(), at.y(), width, high))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and not self._cell.isNull() and not self._is_closing:
            self.place_over_cell(self._cell)
        return super().event(event)

    def _height_at(self, width: int) -> int:
        inner = width - 2 * MEDIUM
        parts = [part for part in (self._label, self._second_label, self.editor) if not part.isHidden()]
        high = sum(p.heightForWidth(inner) if p.hasHeightForWidth() else p.sizeHint().height() for p in parts)
        return high + SMALL + MEDIUM + TIGHT + 4

    def type_in(self, text: str) -> None:
        """Begin with typed letters, as if they had been typed here."""
        field = getattr(self.editor, "field", None) or getattr(self.editor, "finder", None)
        if isinstance(field, TextField):
            field.selectAll()
            field.insertPlainText(text)
        elif field is not None:
            field.selectAll()
            field.insert(text)
            field.textEdited.emit(field.text())

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        # A list that opens under a field takes no focus; losing it to another window keeps the editor open.
        if new is not None and new is not self and not self.isAncestorOf(new) and new.window() is self.window():
            self.finish(CellMove.STAY, takes_focus_back=False)

    def finish(self, step: CellMove, *, takes_focus_back: bool = True) -> None:
        if self._is_closing:
            return
        self._is_closing = True
        self.editor.flush()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.disconnect(self._focus_moved)
        self.hide()
        self.deleteLater()
        self.closed.emit(int(step) if takes_focus_back else -1)

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        self.finish(CellMove.NEXT if is_next else CellMove.BACK)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.editor.take_key(event):
            if isinstance(self.editor, OneOfEditor):
                self.finish(CellMove.ANSWERED)
        elif event.key() == Qt.Key.Key_Escape:
            self.undone.emit()
            self.finish(CellMove.STAY)
        elif keys.is_next_question(event):
            self.finish(CellMove.OPEN)
        elif keys.is_enter(event):
            self._enter()
        else:
            event.accept()

    def _enter(self) -> None:
        if isinstance(self.editor, OneOfEditor):
            row = next((row for row in self.editor.rows if row.hasFocus()), None)
            if row is not None:
                self.editor.choose(row)
        self.finish(CellMove.DOWN)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_rounded(
            painter, QRectF(self.rect()), fill=colours().surface, edge=colours().accent, width=2, corner=RADIUS
        )
        painter.end()


RecordAnswer = Callable[[Address, Content, str], bool]


_ONE_WORD_MS = 1000
"""Keys closer together than this belong to one word or number, where one of them is no answer."""


class GridView(GridTable):
    """Turns keys into answers; ``asked`` has an ``AnswerAction`` for the cells in focus, ``row_toggled`` a row's id.

    ``ignored`` has a key that is no answer, and the cell that a key of the same word or number answered just before.
    """

    asked = Signal(object)
    row_toggled = Signal(str)
    row_confirmed = Signal(str)
    pasted = Signal(str)
    ignored = Signal(str, object)

    def __init__(
        self, controller: SessionController, wording: SessionFormatter, question: Question, say: RecordAnswer
    ) -> None:
        super().__init__(controller, wording, question)
        self._say = say
        self.editing: CellEditor | None = None
        self.is_read_only = False
        self._opens_on_release = self._was_open = False
        self._tab_begins = QPersistentModelIndex()
        self._is_ticking = False  # by digits in the current cell: Enter ends it then, as it does after any answer
        self._answered_by_key: Address | None = None
        self._answered_at = self._refused_at = -_ONE_WORD_MS
        self.doubleClicked.connect(lambda _index: self.open_editor())

    def show_second(self, second: SessionFormatter | None) -> None:
        super().show_second(second)
        if self.editing is not None:
            self.editing.show_second(self._second_place(self.editing.address), second)

    def _second_place(self, address: Address) -> SecondText:
        second = self.grid.second
        if second is None:
            return NO_SECOND_TEXT
        row, column = self.question.row_by_id[address.row], self.question.column_by_id[address.column]
        said = f"{row.number} {second.row(self.question, row)}".strip()
        return second_text_of(self._place(address), f"{said} — {second.column(self.question, column)}", second)

    def record_value(self, address: Address, value: AnswerValue, typing: str = "") -> bool:
        state = AnswerState.NOT_ASKED if value is None else AnswerState.ANSWERED
        return self._say(
            address, replace(self.controller.content(address), state=state, value=value, reason=""), typing
        )

    def _asked(self, address: Address) -> EditedField:
        column = self.question.column_by_id[address.column]
        return EditedField(self.controller, self.wording, self.question, column, self.wording.place(address))

    def _answer_by_key(self, event: QKeyEvent, address: Address) -> bool:
        """Answer at once by digit or letter; False if the key is not an answer here."""
        column = self.column()
        if column.kind.info.is_typed_or_found or not self.is_answerable(address):
            return False
        digit = keys.digit_of(event)
        pressed = str(digit) if digit is not None else keys.letter_of(event)
        if column.kind.value_type is ValueType.OPTIONS:
            return self._tick_by_key(pressed, address)
        value = option_of_key(answer_options(self._asked(address)), pressed)
        if value is None:
            return False
        with self.controller.notify_afterwards():  # what belongs to this cell alone is not shown for one moment
            if self.record_value(address, value):
                self._go_down_from_answer()
        return True

    def _tick_by_key(self, pressed: str, address: Address) -> bool:
        before = self.controller.content(address).value
        option = next((value for value, _, key in answer_options(self._asked(address)) if key and key == pressed), None)
        if option is None:
            return False
        self._is_ticking = True
        ticked = before if isinstance(before, tuple) else ()
        self.record_value(address, self.column().toggle(ticked, str(option)) or None if option else ())
        return True

    def open_editor(self, typed: str = "") -> None:
        """Open the editor of the current cell, begun with ``typed``."""
        address = self.here()
        if address is None or self.editing is not None or self.is_read_only or not self.is_answerable(address):
            return
        before = self.controller.content(address)
        editor = CellEditor(self.window(), self._asked(address), self._place(address), address)
        editor.show_second(self._second_place(address), self.grid.second)
        offered = self.grid.offered(address)
        editor.editor.show_offered(offered.value if offered is not None else None)
        self.editing = editor
        editor.answered.connect(lambda value, typing: self._answered(address, value, typing))
        editor.unread.connect(lambda text, typing: self._keep_unread(address, text, typing))
        editor.undone.connect(lambda: self._undo_typing(address, before))
        editor.closed.connect(self._closed)
        self.scrollTo(self.currentIndex())
        editor.open_at(self._cell_in_window(), before)
        if typed:
            editor.type_in(typed)

    def _answered(self, address: Address, value: AnswerValue, typing: str) -> None:
        is_stored = self.record_value(address, value, typing)
        if self.editing is not None:
            stored = self.controller.content(address).value
            show = self.editing.editor.show_value if is_stored else self.editing.editor.show_unstored
            show(stored)

    def _keep_unread(self, address: Address, text: str, typing: str) -> None:
        content = self.controller.content(address)
        if not self._say(address, with_unread(content, text), typing) and self.editing is not None:
            self.editing.editor.show_unstored(content.value)

    def _place(self, address: Address) -> str:
        row, column = self.question.row_by_id[address.row], self.question.column_by_id[address.column]
        said = f"{row.number} {self.wording.row(self.question, row)}".strip()
        return f"{said} — {self.wording.column(self.question, column)}"

    def _undo_typing(self, address: Address, before: Content) -> None:
        if self.editing is not None:
            self.editing.editor.flush()  # so that undo brings back what was typed last, too
            if self.controller.content(address) != before:
                self._say(address, before, "")

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.editing is not None and not event.spontaneous():  # it belongs to the window, and would outlive the file
            self.editing.finish(CellMove.STAY, takes_focus_back=False)

    def _closed(self, step: int) -> None:
        self.editing = None
        if step < 0:
            self._was_open = True
            QTimer.singleShot(0, self, self._forget_open)
            return
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        if step == CellMove.OPEN:
            self.asked.emit(AnswerAction.NEXT)
        elif step == CellMove.ANSWERED:
            self._go_down_from_answer()
        elif step != CellMove.STAY:
            self._step(CellMove(step))

    def move_editor(self) -> None:
        """Let the editor of a cell, if one is open, stay with its cell."""
        if self.editing is not None:
            self.editing.place_over_cell(self._cell_in_window())

    def _cell_in_window(self) -> QRect:
        cell = self.visualRect(self.currentIndex())
        return QRect(self.viewport().mapTo(self.window(), cell.topLeft()), cell.size())

    def _forget_open(self) -> None:
        self._was_open = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._tab_begins = QPersistentModelIndex()
        index = self.indexAt(event.position().toPoint())
        is_plain = event.button() is Qt.MouseButton.LeftButton and not event.modifiers()
        is_second = self.hasFocus() and index.isValid() and index == self.currentIndex()
        self._opens_on_release = is_plain and is_second and not self._was_open
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        is_same = self.indexAt(event.position().toPoint()) == self.currentIndex()
        if self._opens_on_release and is_same:
            self.open_editor()
        self._opens_on_release = False

    def _step(self, step: CellMove) -> bool:
        """Go to the next cell: down to one that takes an answer, or right and left; False where the table ends."""
        index = self._below() if step is CellMove.DOWN else self._beside(1 if step is CellMove.NEXT else -1)
        if index.isValid():
            self.move_to(index)
        return index.isValid()

    def _go_down_from_answer(self) -> None:
        """Go down after an answer was chosen by a key; Tab then goes on in the row of that answer."""
        answered = QPersistentModelIndex(self.currentIndex())
        self._step(CellMove.DOWN)
        self._tab_begins = answered

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 - Qt's name
        super().currentChanged(current, previous)
        self._tab_begins = QPersistentModelIndex()
        self._is_ticking = False

    def _below(self) -> QModelIndex:
        """Return the next cell that takes an answer: under this one, else from the top of the next columns."""
        here, lines = self.currentIndex(), sorted(self.grid.line_of.values())
        below = [(line, here.column()) for line in lines if line > here.row()]
        after = [(line, column) for column in range(here.column() + 1, len(self.question.columns)) for line in lines]
        indexes = (self.grid.index(line, column) for line, column in (*below, *after))
        return next((index for index in indexes if self._takes_answer(index)), QModelIndex())

    def _takes_answer(self, index: QModelIndex) -> bool:
        address = self.grid.address(index)
        return address is not None and self.is_answerable(address)

    def _beside(self, step: int) -> QModelIndex:
        """Return the cell before or after this one, as the table is read; after a key that answered, from that cell."""
        lines, count = sorted(self.grid.line_of.values()), len(self.question.columns)
        here = self._tab_begins if step == 1 and self._tab_begins.isValid() else self.currentIndex()
        if here.row() not in lines:
            return QModelIndex()
        place = lines.index(here.row()) * count + here.column() + step
        return (
            self.grid.index(lines[place // count], place % count) if 0 <= place < len(lines) * count else QModelIndex()
        )

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Let Tab go through the cells; from the last one it leaves the table."""
        return self._step(CellMove.NEXT if is_next else CellMove.BACK) or super().focusNextPrevChild(is_next)

    def fill_down(self) -> None:
        """Give the selected cells the answers of the first selected row; one cell alone takes that of the one above."""
        lines = sorted({index.row() for index in self._selected() if self.grid.lines[index.row()].row})
        if len(lines) == 1:
            lines = [*[line for line in sorted(self.grid.line_of.values()) if line < lines[0]][-1:], *lines]
        with self.controller.one_step():
            for column in sorted({index.column() for index in self._selected()}):
                first, *others = [self.grid.address(self.grid.index(line, column)) for line in lines]
                assert first is not None, "headings are left out"
                self._fill(self.controller.content(first), [one for one in others if one and self.is_answerable(one)])

    def _fill(self, source: Content, targets: Sequence[Address]) -> None:
        if source.state is AnswerState.NOT_ASKED:
            return
        for target in targets:
            before = self.controller.content(target)
            self._say(target, replace(source, note=before.note, evidence=before.evidence), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._tab_begins = QPersistentModelIndex()
        if self._take_block_key(event):
            return
        if self._adds_unread(event):
            self._add_unread()
            return
        if keys.is_next_question(event):
            self.asked.emit(AnswerAction.NEXT)
        elif keys.leads_out_of_table(event):
            event.ignore()
        elif keys.is_enter(event) and self._is_ticking:
            self._step(CellMove.DOWN)
        elif keys.is_enter(event) or event.key() == Qt.Key.Key_F2:
            self.open_editor()
        elif event.key() == Qt.Key.Key_Space and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.select_line(self.currentIndex().row())
        elif not self._take_letter(event):
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Enter before the menu does, where it adds a name."""
        return keys.takes_before_menu(event, self._adds_unread) or super().event(event)

    def _adds_unread(self, event: QKeyEvent) -> bool:
        """Return whether a key adds the name in the current cell that is not on the list yet."""
        address = self.here()
        is_asked = keys.is_next_question(event) and event.key() != Qt.Key.Key_Down
        if not is_asked or address is None or self.is_read_only or not self.column().kind.info.add_prompt:
            return False
        return bool(self.controller.content(address).unread)

    def _add_unread(self) -> None:
        address = self.here()
        assert address is not None, "a cell holds the name"
        entry = add_entry(self._asked(address), self.controller.content(address).unread)
        if entry and self.record_value(address, (entry,)):
            self._step(CellMove.DOWN)

    def _take_block_key(self, event: QKeyEvent) -> bool:
        """Copy, paste or fill the selected cells."""
        can_change = not self.controller.session.is_read_only
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Paste) and can_change:
            self.pasted.emit(QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier and can_change:
            self.fill_down()
        else:
            return False
        return True

    def _take_letter(self, event: QKeyEvent) -> bool:
        """Answer, set a state or begin to type; False if the key is none of these."""
        address, text = self.here(), event.text()
        if address is None:
            return False
        if self.controller.session.is_read_only:
            return bool(text and text.isprintable())
        is_shift = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
        is_typing = self.column().kind.info.is_typed_or_found
        is_in_word = text.isalpha() and event.timestamp() - self._refused_at < _ONE_WORD_MS
        if (is_typing or is_shift or not is_in_word) and self._take_answer_key(event, address):
            return True
        if is_typing and (keys.is_plain(event) or is_shift) and text and text.isprintable():
            self.open_editor(text)
            return True
        return self._refuse_key(event, address)

    def _take_answer_key(self, event: QKeyEvent, address: Address) -> bool:
        """Answer, set a state or clear; False if the key asks for none of these."""
        if event.modifiers() == Qt.KeyboardModifier.ShiftModifier and self._take_row_key(event, address):
            return True
        is_answer = self._answer_by_key(event, address)
        if not is_answer:
            is_typing = self.column().kind.info.is_typed_or_found
            act = keys.function_key_action(event) if is_typing else keys.action_of(event)
            if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
                act = AnswerAction.CLEAR
            if not act:
                return False
            is_answer = act in STATE_OF_ACTION and len(self.chosen()) == 1
            self.asked.emit(act)
            if is_answer:
                self._go_down_from_answer()
        if is_answer:
            self._answered_by_key, self._answered_at = address, event.timestamp()
        return True

    def _refuse_key(self, event: QKeyEvent, address: Address) -> bool:
        """Tell of a letter or digit that is no answer; False for any other key."""
        is_letter = event.text().strip() != "" and event.text().isprintable() and keys.is_plain(event)
        if is_letter and self.is_answerable(address):
            is_one_word = event.timestamp() - max(self._answered_at, self._refused_at) < _ONE_WORD_MS
            self._answered_by_key = self._answered_by_key if is_one_word else None
            if event.text().isalpha():
                self._refused_at = event.timestamp()
            self.ignored.emit(event.text(), self._answered_by_key)
        return is_letter

    def _take_row_key(self, event: QKeyEvent, address: Address) -> bool:
        """Do what a key with Shift asks for the whole row; where letters are typed only function keys do."""
        is_typing = self.column().kind.info.is_typed_or_found
        key, letter = Qt.Key(event.key()), keys.letter_of(event, with_shift=True)
        if key is Qt.Key.Key_F7 or (letter == "X" and not (is_typing and self.is_answerable(address))):
            self.row_toggled.emit(address.row)
        elif key is Qt.Key.Key_F5 or (letter == "C" and not is_typing):
            self.row_confirmed.emit(address.row)
        else:
            return False
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.hasFocus():
            self.scrollTo(self.currentIndex())
        self.move_editor()
