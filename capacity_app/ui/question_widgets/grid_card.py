"""A grid question as a card: its table, what concerns cell, row or table, and what was said before."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState, AnswerValue, Content
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.scoring.answer_sheet import ItemStatus, QuestionBlock
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import AnswerChange
from capacity_app.ui.question_widgets.answer_line import TableNote
from capacity_app.ui.question_widgets.grid_clipboard import (
    PasteProposal,
    from_tsv,
    parse_pasted_block,
    parse_pasted_cell,
    repeat_block,
)
from capacity_app.ui.question_widgets.grid_editing import GridView
from capacity_app.ui.question_widgets.panel_parts import Voice
from capacity_app.ui.question_widgets.question_card import CardOffer, OfferAction, QuestionCard
from capacity_app.ui.question_widgets.question_parts import STATE_OF_ACTION, RemarkField, cleared, with_state
from capacity_app.ui.question_widgets.typed_editors import AnswerEditor, EditedField
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, SMALL, TextRole
from capacity_app.ui.theme.painting import AnswerMark, paint_area, paint_mark, paint_ring
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import Button, FlatButton
from capacity_app.ui.widgets.cards import Label, ShortenedLabel, announce
from capacity_app.ui.widgets.keys import AnswerAction, keyboard_label
from capacity_app.ui.widgets.layouts import discard, lay_out, side_by_side, with_name

if TYPE_CHECKING:
    from capacity_app.ui.session.carried_forward import Offers


# What was said before in a table: confirmed cell by cell, by row, or all at once.


_STILL_SO = N_("{said}. Still so?")
_NONE: "Offers" = {}


_MOST_SHOWN = 8
_LARGE = 60
"""From how many cells on a table takes the page."""
_SAID_FIRST = ("problem", "ignored", "standing", "done", "conflict", "others", "voices", "note")
_BESIDE_KEYS = frozenset({"conflict", "others", "voices", "note"})
"""What is said of the current cell, the most urgent first; some of it leaves room for the keys."""


def takes_page(question: Question) -> bool:
    """Return whether a question is a table so large that it is shown on the whole page."""
    return len(question.rows) * len(question.columns) >= _LARGE


class PasteOffer(QWidget):
    """Stands under the table until it is answered; nothing is stored meanwhile."""

    accepted = Signal()
    dropped = Signal()

    def __init__(self, pasting: PasteProposal, texts: Translator) -> None:
        super().__init__()
        self.setAccessibleName(texts.gettext("What does not fit"))
        problems = Label(_said(pasting, texts), TextRole.CAPTION, colour="danger")
        count = len(pasting.contents)
        label = texts.ngettext("Paste the {count} cell that fits", "Paste the {count} cells that fit", count)
        take = Button(label.format(count=texts.number(count)))
        take.setEnabled(count > 0)
        drop = Button(texts.gettext("Do not paste"))
        take.clicked.connect(self.accepted)
        drop.clicked.connect(self.dropped)
        lay_out(QVBoxLayout(self), problems, side_by_side(take, drop, spacing=MEDIUM), margins=0, spacing=SMALL)
        self.setFocusProxy(take if count else drop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dropped.emit()
        else:
            event.ignore()


def list_problems(problems: Sequence[str], texts: Translator) -> str:
    """List the first problems on lines of their own, and say how many more there are."""
    shown = list(problems[:_MOST_SHOWN])
    more = len(problems) - len(shown)
    if more:
        shown.append(texts.ngettext("and {count} more", "and {count} more", more).format(count=texts.number(more)))
    return "\n".join(shown)


def _said(pasting: PasteProposal, texts: Translator) -> str:
    head = texts.ngettext("{count} cell does not fit:", "{count} cells do not fit:", len(pasting.problems))
    head = head.format(count=texts.number(len(pasting.problems)))
    return "\n".join([texts.gettext("Nothing has been pasted yet."), head, list_problems(pasting.problems, texts)])


class GridOffer(CardOffer):
    """The strip under a table: for the current cell, its row and the whole table, and for letting the cell's go."""

    buttons = 4

    @property
    def _grid(self) -> "GridCard":
        return cast("GridCard", self._card)

    def _offers(self) -> "Offers":
        return _NONE if self._is_closed else self._card.controller.carried.in_question(self._card.question.id)

    def show(self) -> None:
        """Show what was said before in the current cell, and what else may be confirmed."""
        grid, texts, offers = self._grid, self._card.wording.texts, self._offers()
        here = grid.here()
        cell = self._of((here,))
        table = list(self._card.controller.carried.decided(offers))
        row = [address for address in table if address.row == here.row]
        kept = self.kept(cell[0])[:1] if cell else ()
        shift, key = ("Shift+F5", "F5") if grid.view.column().kind.info.is_typed_or_found else ("Shift+C", "C")
        choices = [
            (cell, (texts.gettext("Confirm"), key)),
            (row if row != cell else [], (texts.gettext("Confirm the row"), keyboard_label(texts, shift))),
            (table, (self._table_label(len(table)), "")),
        ]
        offered = [(tuple(addresses), label) for addresses, label in choices if addresses]
        labels = [label for _, label in offered]
        acts: list[OfferAction] = [partial(self.confirm, addresses) for addresses, _ in offered]
        if kept:
            labels.insert(1, self.refusing(kept))
            acts.insert(1, partial(self.let_go, kept))
        self._offer(self._said(cell), labels, acts)
        self.compare(kept)
        self.show_others((here, Address(here.question, here.row)))

    def _said(self, cell: Sequence[Address]) -> str:
        """Return what was said before in the current cell, or that something waits elsewhere in the table."""
        texts, kept = self._card.wording.texts, self.kept(cell[0]) if cell else ()
        if kept:
            return self.then(kept)
        said = self._grid.view.grid.offer_in_words(cell[0]) if cell else ""
        if said:
            return texts.gettext(_STILL_SO).format(said=said.removesuffix("."))
        origin_of = self._card.controller.carried.origin_of(texts, self._offers())
        return texts.gettext("Answers of {round} wait to be confirmed here.").format(round=origin_of)

    def _table_label(self, count: int) -> str:
        texts = self._card.wording.texts
        label = texts.ngettext(
            "Confirm the {count} answer of the table", "Confirm all {count} answers of the table", count
        )
        return label.format(count=texts.number(count))

    def _of(self, cells: Sequence[Address]) -> list[Address]:
        """Return what may be confirmed of some cells: their own answers, else what was said of their whole rows."""
        offers = self._offers()
        found = (address if address in offers else Address(address.question, address.row) for address in cells)
        return [address for address in dict.fromkeys(found) if address in offers]

    def _place(self) -> int:
        return self._card.body.indexOf(self._grid.editor) + 1 if self._grid.editor is not None else 1

    def _before(self) -> QWidget:
        return self._grid.view

    def confirm(self, addresses: Sequence[Address]) -> int:
        count = super().confirm(addresses)
        if count > 1:
            said = self._card.wording.ngettext("{count} answer confirmed.", "{count} answers confirmed.", count)
            self._card.show_line("done", said)
        self._grid.view.setFocus(Qt.FocusReason.OtherFocusReason)
        return count

    def confirm_here(self) -> None:
        self.confirm(self._of(self._grid.view.chosen()))

    def confirm_row(self, row: str) -> None:
        decided = self._card.controller.carried.decided(self._offers())
        self.confirm([address for address in decided if address.row == row])


class GridEditor(AnswerEditor):
    """The table as an editor among others; its answers stand in the cells."""

    def __init__(self, asked: EditedField, view: GridView) -> None:
        super().__init__(asked)
        self.view = view
        lay_out(QVBoxLayout(self), view, margins=0)
        self.setFocusProxy(view)

    def show_value(self, value: AnswerValue) -> None:
        """Nothing stands at the address of the question itself."""

    def show_second(self, second: SessionFormatter | None) -> None:
        self.view.show_second(second)
        self.updateGeometry()

    def set_read_only(self) -> None:
        self.view.is_read_only = True

    def flush(self) -> None:
        if self.view.editing is not None:
            self.view.editing.editor.flush()


class GridCard(QuestionCard):
    """A grid question. ``cell_focused`` carries the address of the cell in focus.

    ``beside_asked`` carries the question's address and how many questions on one wants to go, 0 for all of the part.
    """

    cell_focused = Signal(object)
    cell_moved = Signal()
    noted = Signal()
    menu_asked = Signal()
    beside_asked = Signal(object, int)

    offer: GridOffer

    def __init__(
        self, controller: SessionController, wording: SessionFormatter, question: Question, gutter: int
    ) -> None:
        self._said: dict[str, tuple[str, str]] = {}
        self.is_whole = False
        super().__init__(controller, wording, question, gutter)

    def make_offer(self) -> GridOffer:
        return GridOffer(self)

    def make_editor(self) -> AnswerEditor:
        self._targets: tuple[Address, ...] = ()
        self._pasting: PasteOffer | None = None
        self.view = GridView(self.controller, self.wording, self.question, self._record_at)
        self.view.cell_focused.connect(self._cell_focused)
        self.view.cell_moved.connect(self.cell_moved)
        self.view.asked.connect(self.act)
        self.view.row_toggled.connect(self.toggle_row)
        self.view.row_confirmed.connect(self.offer.confirm_row)
        self.view.pasted.connect(self.paste)
        self.view.ignored.connect(self.say_ignored)
        name = f"{self.question.number} {self.wording.question(self.question)}"
        return GridEditor(EditedField(self.controller, self.wording, self.question, self.question, name), self.view)

    def _set_margins(self) -> None:
        """Let the table begin at the edge of the card, under mark and number."""
        self.body.setContentsMargins(MEDIUM, LARGE - 2, MEDIUM, self.bottom_margin())
        before, after = self.lead() - MEDIUM, LARGE
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            before, after = after, before
        (self._head if self.is_whole else self.text).setContentsMargins(before, 0, after, SMALL)

    def _build_bar(self) -> None:
        """Leave the actions to the line under the page."""

    def show_line(self, name: str, text: str, colour: str = "") -> None:
        """Keep what is to be said of the current cell for the line under the page: nothing under the table moves."""
        if name == "hidden":
            super().show_line(name, text, colour)
            return
        said = (text, colour)
        if text and self._said.get(name) != said:
            self._said[name] = said
        elif text or self._said.pop(name, None) is None:
            return
        self.noted.emit()

    def unshown_voices(self, address: Address, voices: Sequence[Voice], *, is_conflict: bool) -> Sequence[Voice]:
        """Return those that ask for a decision; else the cell says whose answer counts."""
        return super().unshown_voices(address, voices, is_conflict=is_conflict) if is_conflict else ()

    def note_here(self) -> TableNote:
        """Return what is to be said first of the current cell."""
        name = next((name for name in _SAID_FIRST if name in self._said), "")
        text, colour = self._said.get(name, ("", ""))
        return TableNote(text, colour, is_beside=name in _BESIDE_KEYS)

    def toggle_here(self) -> None:
        self.toggle_row(self._row())

    @property
    def field(self) -> QuestionField | None:
        return None

    def here(self) -> Address:
        return self.view.here() or self.address

    def _row(self) -> str:
        return self.here().row

    def move_editor(self) -> None:
        if self.editor is not None:
            self.view.move_editor()

    def refresh(self) -> None:
        super().refresh()
        if self.editor is not None:
            self.view.refresh()
            self.view.rows_header.paint_anew()
            self._show_cell()

    def refresh_after(self, change: AnswerChange) -> None:
        """Show the row that changed, or everything if the whole question did."""
        address = change.key.address
        if not address.row or self.editor is None or self.is_out_of_date():
            self.refresh()
            return
        self.view.fit_rows([self.view.grid.refresh_row(address.row)])
        self.view.rows_header.paint_anew()
        self._show_cell()
        self.update(self._mark_box())

    def _show_cell(self) -> None:
        if self.editor is None:
            return
        here = self.here()
        content = self.controller.content(here)
        self._show_note(content)
        self._show_reason(content)
        is_conflict = bool(here.column and self.view.grid.item(here).answer.conflict)
        self.show_voices_at(here, self.question.column_by_id.get(here.column), is_conflict=is_conflict)
        self.show_line("standing", self.view.grid.why_not(here) if here.column else "")
        self.offer.show()

    def _cell_focused(self, address: Address) -> None:
        for part in (self.note, self.reason):
            if part is not None:
                part.flush()
        self._wants_note = False
        self.show_line("done", "")
        self.show_line("ignored", "")
        if self._targets and address not in self._targets:
            self._targets = ()
        self._show_cell()
        self.cell_focused.emit(address)

    def show_answer(self, content: Content) -> None:
        """Leave the cells to the table."""

    def _show_voices(self, block: QuestionBlock) -> None:
        """Leave the voices to the current cell."""

    def mark(self, block: QuestionBlock) -> AnswerMark:
        """Return how the table as a whole stands."""
        if block.is_hidden:
            return AnswerMark.HIDDEN
        done = self.controller.session.sheet.blocks[self.question.id].counts
        if done.conflicts:
            return AnswerMark.CONFLICT
        if block.whole.state is AnswerState.NOT_APPLICABLE:
            return AnswerMark.NOT_APPLICABLE
        return AnswerMark.OPEN if done.unanswered else AnswerMark.ANSWERED

    def paint_answer_mark(self, painter: QPainter, box: QRectF) -> None:
        """Paint a ring while the table is being filled."""
        mark = self.mark(self.block())
        if mark is AnswerMark.OPEN:
            paint_ring(painter, box, self.controller.session.sheet.blocks[self.question.id].counts.share)
        else:
            paint_mark(painter, box, mark)

    def _record_at(self, address: Address, content: Content, typing: str = "") -> bool:
        self._discard_pasting()
        self.show_line("ignored", "")
        is_stored = self.controller.record(self.controller.key(address), content, typing)
        refusal = self.controller.refusal
        self.show_problem("" if is_stored or refusal is None else refusal.text(self.wording.texts.gettext))
        return is_stored

    def say(self, content: Content, typing: str = "") -> bool:
        return self._record_at(self.here(), content, typing)

    def _record_all(self, addresses: Sequence[Address], change: Callable[[Content], Content]) -> None:
        if len(addresses) == 1:
            self._record_at(addresses[0], change(self.controller.content(addresses[0])))
            return
        with self.controller.one_step():
            for address in addresses:
                self._record_at(address, change(self.controller.content(address)))

    def act(self, act: AnswerAction) -> None:
        """Do what a key or button asks for, for the selected cells."""
        self.flush()
        chosen = self.view.chosen()
        if act in STATE_OF_ACTION:
            state = STATE_OF_ACTION[act]
            self._record_all(chosen, lambda content: with_state(content, state))
        elif act is AnswerAction.CLEAR:
            self._record_all(chosen, cleared)
        elif act is AnswerAction.NOT_APPLICABLE:
            row_id = self.view.whole_row()
            if row_id:
                self.toggle_row(row_id)
            elif chosen:
                self._ask_reason(tuple(chosen), self.wording.place(chosen[0]))
        elif act is AnswerAction.CONFIRM:
            self.offer.confirm_here()
        elif act is AnswerAction.NOTE:
            self.toggle_note()
        elif act is AnswerAction.NEXT:
            self.next_asked.emit(self.here())

    def toggle_row(self, row_id: str) -> None:
        """Ask why a row does not apply; make a row that does not apply applicable again."""
        address = Address(self.question.id, row_id)
        question_row = self.question.row_by_id[row_id]
        content = self.controller.content(address)
        if content.state is AnswerState.NOT_APPLICABLE:
            self._record_at(address, replace(content, state=AnswerState.NOT_ASKED, reason=""))
        elif self.block().rows[row_id].standing is not ItemStatus.ROW_OUT:
            self._ask_reason((address,), question_row.number or self.wording.row(self.question, question_row))
        elif question_row.preset_reason and content.state is not AnswerState.ANSWERED:
            self._record_at(address, replace(content, state=AnswerState.ANSWERED, reason=""))
        else:
            said = self.wording.texts.gettext(
                "The row does not apply because of another answer: {reason}. Change that answer."
            )
            self.show_problem(said.format(reason=self.view.grid.row_reason(row_id)))
        self._show_cell()

    def toggle_table(self) -> None:
        """Ask why the whole table does not apply; make it applicable again."""
        content = self.controller.content(self.address)
        if content.state is AnswerState.NOT_APPLICABLE:
            self._record_at(self.address, replace(content, state=AnswerState.NOT_ASKED, reason=""))
        else:
            self._ask_reason((self.address,), self.question.number)
        self._show_cell()

    def _ask_reason(self, targets: tuple[Address, ...], place: str) -> None:
        self._targets = targets
        reason = self._open_reason()
        reason.set_label(self.wording.texts.gettext("{place}: reason for “not applicable”").format(place=place))
        reason.show_text(self.controller.content(targets[0]).reason)
        reason.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _write_reason(self, text: str, typing: str) -> None:
        targets = self._targets
        if not targets:
            return
        state = AnswerState.NOT_APPLICABLE if text.strip() else AnswerState.NOT_ASKED
        for target in targets:
            content = self.controller.content(target)
            if text.strip() or content.state is AnswerState.NOT_APPLICABLE:
                self._record_at(target, replace(content, state=state, value=None, reason=text), typing)

    def _finish_reason(self) -> None:
        if self._targets and self.controller.content(self._targets[0]).state is not AnswerState.NOT_APPLICABLE:
            self.show_problem(self.wording.texts.gettext("“Not applicable” needs a reason: say in a few words why."))
            return
        self._targets = ()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_cell()

    def _show_reason(self, content: Content) -> None:
        is_asking = bool(self._targets)
        is_out = content.state is AnswerState.NOT_APPLICABLE
        if not is_asking and not is_out:
            if self.reason is not None and not self.reason.field.hasFocus():
                self.reason.hide()
            return
        if is_asking:
            return
        self._targets = (self.here(),)
        reason = self._open_reason()
        place = self.wording.place(self.here())
        reason.set_label(self.wording.texts.gettext("{place}: reason for “not applicable”").format(place=place))
        reason.show_text(content.reason)

    def _show_note(self, content: Content) -> None:
        """Show the note of the current cell; on the whole page only once it is asked for, so that the table stays."""
        said = self.wording.texts.gettext("Note: {text}").format(text=content.note) if content.note else ""
        self.show_line("note", said if self.is_whole else "")
        if self.is_whole and self.note is None and not self._wants_note:
            return
        super()._show_note(content)
        if self.is_whole and self.note is not None and not self._wants_note and not self.note.is_unreadable:
            self.note.hide()
        if self.note is not None:
            place = self.wording.place(self.here())
            self.note.set_label(self.wording.texts.gettext("Note on {place}").format(place=place))

    def _open_note(self) -> RemarkField:
        note = super()._open_note()
        note.show_text(self.controller.content(self.here()).note)
        return note

    def paste(self, text: str) -> None:
        """Read a block from the clipboard; store it if all of it fits, else show what does not and ask."""
        block = repeat_block(from_tsv(text), *self.view.selected_size())
        if not block:
            self.show_problem(self.wording.texts.gettext("There is no text to paste."))
            return
        pasting = parse_pasted_block(block, self.view.places_for(block), self._read, self.wording)
        if pasting.problems:
            self._offer_rest(pasting)
        else:
            self._store(pasting)

    def _read(self, address: Address, text: str) -> tuple[Content | None, str]:
        why_not = "" if self.view.is_answerable(address) else self.view.grid.why_not(address)
        if why_not:
            return None, why_not
        column = self.question.column_by_id[address.column]
        asked = EditedField(self.controller, self.wording, self.question, column, "")
        return parse_pasted_cell(asked, text, self.controller.content(address))

    def _offer_rest(self, pasting: PasteProposal) -> None:
        self._discard_pasting()
        self._pasting = PasteOffer(pasting, self.wording.texts)
        self._pasting.accepted.connect(lambda: self._store(pasting))
        self._pasting.dropped.connect(self._cancel_pasting)
        self.body.insertWidget(self.index_of_lines(), self._pasting)
        self._pasting.show()
        self._pasting.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._pasting, _said(pasting, self.wording.texts))

    def _discard_pasting(self) -> None:
        discard(self._pasting)
        self._pasting = None

    def _cancel_pasting(self) -> None:
        self._discard_pasting()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _store(self, pasting: PasteProposal) -> None:
        self._cancel_pasting()
        texts, refused = self.wording.texts, []
        with self.controller.one_step():
            for address, content in pasting.contents:
                if (
                    not self.controller.record(self.controller.key(address), content)
                    and self.controller.refusal is not None
                ):
                    refused.append(f"{self.wording.place(address)}: {self.controller.refusal.text(texts.gettext)}")
        count = len(pasting.contents) - len(refused)
        said = texts.ngettext("{count} cell pasted.", "{count} cells pasted.", count)
        self.show_line("done", said.format(count=texts.number(count)))
        self.show_problem(list_problems(refused, texts))

    def spot(self) -> QRect:
        if self.editor is None:
            return self.rect()
        cell = self.view.visualRect(self.view.currentIndex())
        return QRect(self.view.viewport().mapTo(self, cell.topLeft()), cell.size())

    def take_page(self) -> None:
        """Take the whole page: one line with the question and the way to the questions beside, then the table."""
        if self.is_whole:
            return
        self.is_whole = True
        texts = self.wording.texts
        self.text.hide()
        self._head = ShortenedLabel(TextRole.QUESTION, lines=2)
        head = lay_out(QHBoxLayout(), (self._head, 1), spacing=SMALL)
        for step, label, name, key in (
            (0, texts.gettext("All questions"), texts.gettext("All questions"), "Esc"),
            (-1, texts.gettext("Previous"), texts.gettext("Previous question"), "Alt+Page Up"),
            (1, texts.gettext("Next"), texts.gettext("Next question"), "Alt+Page Down"),
        ):
            button = with_name(FlatButton(label), f"beside {step}", name)
            button.setToolTip(f"{name} ({keyboard_label(texts, key)})")
            button.clicked.connect(lambda _on=False, step=step: self.beside_asked.emit(self.address, step))
            head.addWidget(button)
        self.body.insertLayout(0, head)
        self._show_head()
        self._set_margins()
        if self.editor is not None:
            self._let_grow()
            self._show_cell()

    def _show_head(self) -> None:
        second = self.second.question(self.question) if self.second is not None else ""
        said = (self.wording.question(self.question), second)
        self._head.show_text(" / ".join(part for part in said if part))

    def show_second(self, second: SessionFormatter | None) -> None:
        super().show_second(second)
        if self.is_whole:
            self.text.hide()
            self._show_head()

    def _let_grow(self) -> None:
        self.view.take_page()
        assert self.editor is not None, "the table is in it"
        self.editor.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.body.setStretchFactor(self.editor, 1)

    def _build_editor(self) -> None:
        super()._build_editor()
        if self.is_whole:
            self._let_grow()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.is_whole:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        paint_area(painter, self.rect(), colours().surface)
        self._paint_gutter(painter)
        painter.end()

    def focus_actions(self) -> None:
        """Go to the disagreement about the cell, or else open its menu."""
        if self.voices is None or not self.voices.take_focus():
            self.menu_asked.emit()

    def _leave_part(self) -> bool:
        """Go back to the table from what is open beside it; False if one is in the table and nothing is."""
        is_elsewhere = self.editor is not None and not self.view.hasFocus()
        if not is_elsewhere and self._pasting is None:
            return False
        self._cancel_pasting()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}.get(Qt.Key(event.key()))
        if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.beside_asked.emit(self.address, step)
        elif event.key() == Qt.Key.Key_Escape and self.editor is not None and self._leave_part():
            pass
        elif event.key() == Qt.Key.Key_Escape and self.is_whole:
            self.beside_asked.emit(self.address, 0)
        else:
            super().keyPressEvent(event)

    def focus_answer(self, address: Address | None = None) -> None:
        """Go to a cell, or back to the current one."""
        super().focus_answer(address)
        if address is not None and address.row and self.editor is not None:
            self.view.go(address)
