"""A grid question as a card: its table, and beneath it what concerns the cell, the row or the whole table."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.instrument import Field
from capacity_app.domain.sheet import Block, Standing
from capacity_app.services.changes import Change
from capacity_app.ui.look.marks import Mark, paint_mark, paint_ring
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL
from capacity_app.ui.questionnaire.cell_editor import Step
from capacity_app.ui.questionnaire.contents import STATES, cleared, with_state
from capacity_app.ui.questionnaire.grid_clipboard import Pasting, from_tsv, read_block, read_cell, spread
from capacity_app.ui.questionnaire.grid_offer import GridOffer, PasteOffer, listed
from capacity_app.ui.questionnaire.grid_view import GridView
from capacity_app.ui.questionnaire.keys import Act, on_keyboard
from capacity_app.ui.questionnaire.question_card import QuestionCard
from capacity_app.ui.questionnaire.remark_fields import RemarkField
from capacity_app.ui.questionnaire.typed_editors import AnswerEditor, Asked
from capacity_app.ui.questionnaire.voice_cards import other_voices, said_by_others
from capacity_app.ui.wording import Wording


class GridEditor(AnswerEditor):
    """The table as an editor among others; its answers stand in the cells."""

    def __init__(self, asked: Asked, view: GridView) -> None:
        super().__init__(asked)
        self.view = view
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(view)
        self.setFocusProxy(view)

    def show_value(self, value: Value) -> None:
        """Nothing stands at the address of the question itself."""

    def show_second(self, second: Wording | None) -> None:
        """Show rows, columns and what can be chosen in a second wording too."""
        self.view.show_second(second)
        self.updateGeometry()

    def set_read_only(self) -> None:
        self.view.is_read_only = True

    def flush(self) -> None:
        """Store what is typed in an open cell."""
        if self.view.editing is not None:
            self.view.editing.editor.flush()

    def rescue(self) -> str:
        """Close an open cell, which keeps what cannot be read in the cell's note."""
        if self.view.editing is not None:
            self.view.editing.finish(Step.STAY, takes_focus_back=False)
        return ""


class GridCard(QuestionCard):
    """A grid question. ``cell_focused`` carries the address of the cell in focus."""

    cell_focused = Signal(object)
    cell_moved = Signal()

    offer: GridOffer

    def make_offer(self) -> GridOffer:
        return GridOffer(self)

    def make_editor(self) -> AnswerEditor:
        self._targets: tuple[Address, ...] = ()
        self._pasting: PasteOffer | None = None
        self.view = GridView(self.bridge, self.wording, self.question, self._say_at)
        self.view.cell_focused.connect(self._cell_focused)
        self.view.cell_moved.connect(self.cell_moved)
        self.view.asked.connect(self.act)
        self.view.row_toggled.connect(self.toggle_row)
        self.view.row_confirmed.connect(self.offer.confirm_row)
        self.view.pasted.connect(self.paste)
        name = f"{self.question.number} {self.wording.question(self.question)}"
        return GridEditor(Asked(self.bridge, self.wording, self.question, self.question, name), self.view)

    def _set_margins(self) -> None:
        """Let the table begin at the edge of the card, under mark and number."""
        self.body.setContentsMargins(MEDIUM, LARGE - 2, MEDIUM, MEDIUM)
        before, after = self.lead() - MEDIUM, LARGE
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            before, after = after, before
        self.text.setContentsMargins(before, 0, after, SMALL)

    def _build_editor(self) -> None:
        super()._build_editor()
        assert self.bar is not None, "just built"
        texts = self.wording.texts
        self.row_button = QuietButton(texts.gettext("Row does not apply"), on_keyboard(texts, "Shift+X"))
        self.row_button.clicked.connect(lambda: self.toggle_row(self._row()))
        self.table_button = QuietButton(texts.gettext("Whole table does not apply"))
        self.table_button.clicked.connect(self.toggle_table)
        for button in (self.row_button, self.table_button):
            button.setCheckable(True)
            self.bar.place(button)

    @property
    def field(self) -> Field | None:
        return None

    def here(self) -> Address:
        return self.view.here() or self.address

    def _row(self) -> str:
        return self.here().row

    def set_room(self, height: int) -> None:
        """Let a table higher than most of the page scroll in itself."""
        if self.editor is not None:
            self.view.set_room(height)

    def move_editor(self) -> None:
        """Let the editor of a cell stay with its cell."""
        if self.editor is not None:
            self.view.move_editor()

    # -- showing --------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        super().refresh()
        if self.editor is not None:
            self.view.refresh()
            self.view.rows_header.viewport().update()
            self._show_cell()

    def refresh_after(self, change: Change) -> None:
        """Show the row that changed, or everything if the whole question did."""
        address = change.key.address
        if not address.row or self.editor is None or self.is_out_of_date():
            self.refresh()
            return
        line = self.view.grid.refresh_row(address.row)
        self.view.fit_rows([line])
        self.view.rows_header.viewport().update()
        self._show_cell()
        self.update()

    def _show_cell(self) -> None:
        """Show state, reason, note and other voices of the current cell."""
        if self.bar is None or self.editor is None:
            return
        here = self.here()
        content = self.bridge.content(here)
        self.row_button.setChecked(self.block().rows[here.row].standing is Standing.ROW_OUT if here.row else False)
        self.table_button.setChecked(self.bridge.content(self.address).state is State.NOT_APPLICABLE)
        self._show_note(content)
        self._show_reason(content)
        self.bar.show_content(content, is_note_open=self._is_note_open())
        column = self.question.column_by_id.get(here.column)
        answers = self.bridge.session.answers_at(here)
        voices = other_voices(answers, self.bridge.respondent, self.wording, self.question, column)
        self.show_line("voices", said_by_others(voices, self.wording))
        is_conflict = bool(here.column and self.view.grid.item(here).answer.conflict)
        said = self.wording.texts.gettext("≠ The answers differ. Compare and settle them in the panel “Answers”.")
        self.show_line("conflict", said if is_conflict else "", "warning")
        self.show_line("standing", self.view.grid.why_not(here) if here.column else "")
        self.offer.show()

    def _cell_focused(self, address: Address) -> None:
        for part in (self.note, self.reason):
            if part is not None:
                part.flush()
        self._wants_note = False
        self.show_line("done", "")
        if self._targets and address not in self._targets:
            self._targets = ()
        if self.bar is not None:
            self._show_cell()
        self.cell_focused.emit(address)

    def show_answer(self, content: Content) -> None:
        """Leave the cells to the table."""

    def _show_voices(self, block: Block) -> None:
        """Leave the voices to the current cell."""

    def mark(self, block: Block) -> Mark:
        """Return how the table as a whole stands."""
        if block.is_hidden:
            return Mark.HIDDEN
        done = self.bridge.progress.of_question(self.question.id)
        if done.conflicts:
            return Mark.CONFLICT
        if block.whole.state is State.NOT_APPLICABLE:
            return Mark.NOT_APPLICABLE
        return Mark.OPEN if done.missing else Mark.ANSWERED

    def paint_standing(self, painter: QPainter, box: QRectF) -> None:
        """Paint a ring while the table is being filled."""
        block = self.block()
        mark = self.mark(block)
        if mark is Mark.OPEN:
            paint_ring(painter, box, self.bridge.progress.of_question(self.question.id).share)
        else:
            paint_mark(painter, box, mark)

    # -- answering ------------------------------------------------------------------------------------------------

    def _say_at(self, address: Address, content: Content, typing: str = "") -> bool:
        is_stored = self.bridge.record(self.bridge.key(address), content, typing)
        refusal = self.bridge.refusal
        self.show_problem("" if is_stored or refusal is None else refusal.text(self.wording.texts.gettext))
        return is_stored

    def say(self, content: Content, typing: str = "") -> bool:
        return self._say_at(self.here(), content, typing)

    def _say_all(self, addresses: Sequence[Address], change: Callable[[Content], Content]) -> None:
        if len(addresses) == 1:
            self._say_at(addresses[0], change(self.bridge.content(addresses[0])))
            return
        with self.bridge.one_step():
            for address in addresses:
                self._say_at(address, change(self.bridge.content(address)))

    def act(self, act: Act) -> None:
        """Do what a key or button asks for, for the selected cells."""
        self.flush()
        chosen = self.view.chosen()
        if act in STATES:
            state = STATES[act]
            self._say_all(chosen, lambda content: with_state(content, state))
        elif act is Act.CLEAR:
            self._say_all(chosen, cleared)
        elif act is Act.NOT_APPLICABLE:
            row_id = self.view.whole_row()
            if row_id:
                self.toggle_row(row_id)
            elif chosen:
                self._ask_reason(tuple(chosen), self.wording.place(chosen[0]))
        elif act is Act.CONFIRM:
            self.offer.confirm_here()
        elif act is Act.NOTE:
            self.toggle_note()
        elif act is Act.NEXT:
            self.next_asked.emit(self.here())

    def toggle_row(self, row_id: str) -> None:
        """Ask why a row does not apply; make a row that does not apply applicable again."""
        address = Address(self.question.id, row_id)
        question_row = self.question.row_by_id[row_id]
        content = self.bridge.content(address)
        if content.state is State.NOT_APPLICABLE:
            self._say_at(address, replace(content, state=State.NOT_ASKED, reason=""))
        elif self.block().rows[row_id].standing is not Standing.ROW_OUT:
            self._ask_reason((address,), question_row.number or self.wording.row(self.question, question_row))
        elif question_row.preset_reason and content.state is not State.ANSWERED:
            self._say_at(address, replace(content, state=State.ANSWERED, reason=""))
        else:
            said = self.wording.texts.gettext(
                "The row does not apply because of another answer: {reason}. Change that answer."
            )
            self.show_problem(said.format(reason=self.view.grid.row_reason(row_id)))
        self._show_cell()

    def toggle_table(self) -> None:
        """Ask why the whole table does not apply; make it applicable again."""
        content = self.bridge.content(self.address)
        if content.state is State.NOT_APPLICABLE:
            self._say_at(self.address, replace(content, state=State.NOT_ASKED, reason=""))
        else:
            self._ask_reason((self.address,), self.question.number)
        self._show_cell()

    def _ask_reason(self, targets: tuple[Address, ...], place: str) -> None:
        self._targets = targets
        reason = self._open_reason()
        reason.set_label(self.wording.texts.gettext("{place}: why does it not apply?").format(place=place))
        reason.show_text(self.bridge.content(targets[0]).reason)
        reason.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write_reason(self, text: str, typing: str) -> None:
        targets = self._targets
        if not targets:
            return
        state = State.NOT_APPLICABLE if text.strip() else State.NOT_ASKED
        for target in targets:
            content = self.bridge.content(target)
            if text.strip() or content.state is State.NOT_APPLICABLE:
                self._say_at(target, replace(content, state=state, value=None, reason=text), typing)

    def _finish_reason(self) -> None:
        if self._targets and self.bridge.content(self._targets[0]).state is not State.NOT_APPLICABLE:
            self.show_problem(self.wording.texts.gettext("“Not applicable” needs a reason: say in a few words why."))
            return
        self._targets = ()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_cell()

    def _show_reason(self, content: Content) -> None:
        is_asking = bool(self._targets)
        is_out = content.state is State.NOT_APPLICABLE
        if not is_asking and not is_out:
            if self.reason is not None and not self.reason.field.hasFocus():
                self.reason.hide()
            return
        if is_asking:
            return
        self._targets = (self.here(),)
        reason = self._open_reason()
        place = self.wording.place(self.here())
        reason.set_label(self.wording.texts.gettext("{place}: why does it not apply?").format(place=place))
        reason.show_text(content.reason)

    def _show_note(self, content: Content) -> None:
        super()._show_note(content)
        if self.note is not None:
            place = self.wording.place(self.here())
            self.note.set_label(self.wording.texts.gettext("Note on {place}").format(place=place))

    def _open_note(self) -> RemarkField:
        note = super()._open_note()
        note.show_text(self.bridge.content(self.here()).note)
        return note

    # -- pasting --------------------------------------------------------------------------------------------------

    def paste(self, text: str) -> None:
        """Read a block from the clipboard; store it if all of it fits, else show what does not and ask."""
        block = spread(from_tsv(text), *self.view.selected_size())
        if not block:
            self.show_problem(self.wording.texts.gettext("There is no text to paste."))
            return
        pasting = read_block(block, self.view.places_for(block), self._read, self.wording)
        if pasting.problems:
            self._offer_rest(pasting)
        else:
            self._store(pasting)

    def _read(self, address: Address, text: str) -> tuple[Content | None, str]:
        why_not = "" if self.view.is_answerable(address) else self.view.grid.why_not(address)
        if why_not:
            return None, why_not
        column = self.question.column_by_id[address.column]
        asked = Asked(self.bridge, self.wording, self.question, column, "")
        return read_cell(asked, text, self.bridge.content(address))

    def _offer_rest(self, pasting: Pasting) -> None:
        self._drop_pasting()
        self._pasting = PasteOffer(pasting, self.wording.texts)
        self._pasting.accepted.connect(lambda: self._store(pasting))
        self._pasting.dropped.connect(self._give_up_pasting)
        self.body.insertWidget(self.place_of_lines(), self._pasting)
        self._pasting.show()
        self._pasting.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_pasting(self) -> None:
        if self._pasting is not None:
            self._pasting.hide()
            self._pasting.deleteLater()
            self._pasting = None

    def _give_up_pasting(self) -> None:
        self._drop_pasting()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _store(self, pasting: Pasting) -> None:
        self._give_up_pasting()
        texts, refused = self.wording.texts, []
        with self.bridge.one_step():
            for address, content in pasting.contents:
                if not self.bridge.record(self.bridge.key(address), content) and self.bridge.refusal is not None:
                    refused.append(f"{self.wording.place(address)}: {self.bridge.refusal.text(texts.gettext)}")
        count = len(pasting.contents) - len(refused)
        said = texts.ngettext("{count} cell pasted.", "{count} cells pasted.", count)
        self.show_line("done", said.format(count=texts.number(count)))
        self.show_problem(listed(refused, texts))

    # -- focus ----------------------------------------------------------------------------------------------------

    def spot(self) -> QRect:
        if self.editor is None:
            return self.rect()
        cell = self.view.visualRect(self.view.currentIndex())
        return QRect(self.view.viewport().mapTo(self, cell.topLeft()), cell.size())

    def focus_answer(self, address: Address | None = None) -> None:
        """Go to a cell, or back to the current one."""
        super().focus_answer(address)
        if address is not None and address.row and self.editor is not None:
            self.view.go(address)
