"""The fixed line under the questions: the current place in full, what its keys answer, and in a table the states."""

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout

from capacity_app.domain.assessment.answer_rules import effective_answer
from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerState
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import AnswerChange, EntryChange
from capacity_app.ui.question_widgets.choice_editors import answer_options, why_unread
from capacity_app.ui.question_widgets.panel_parts import voices_at
from capacity_app.ui.question_widgets.question_parts import action_words
from capacity_app.ui.question_widgets.typed_editors import EditedField, placeholder_of
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, SMALL, TIGHT, TextRole, font_for, is_font_change
from capacity_app.ui.theme.painting import paint_area
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import ShortenedLabel
from capacity_app.ui.widgets.keys import AnswerAction, keyboard_label
from capacity_app.ui.widgets.layouts import holder_of, lay_out, with_name

_SHOWN = (AnswerAction.UNKNOWN, AnswerAction.NOT_APPLICABLE, AnswerAction.DECLINED, AnswerAction.NOTE)
_BETWEEN = " · "
_STILL_COUNTS = {
    AnswerLayer.JUDGEMENT: N_("The judgement still counts. “{answer}” is recorded for {who}."),
    AnswerLayer.VALIDATED: N_("The validated answer still counts. “{answer}” is recorded for {who}."),
}
_MOST_BUTTONS = 0.4
"""What part of the line the buttons of a table take at most."""


@dataclass(frozen=True, slots=True)
class TableNote:
    """What a table has to say of its current cell; ``is_beside`` leaves the keys beside it."""

    text: str = ""
    colour: str = ""
    is_beside: bool = False


class AnswerLine(QFrame):
    """Two lines of text and the buttons of a table; ``asked`` carries an ``AnswerAction`` for the current cell.

    The buttons take no focus: a click acts on the current cell and leaves one there, and Tab never comes to them, so
    that no key pressed after leaving a table can change an answer in it. By keyboard the actions have keys.
    """

    asked = Signal(object)
    row_toggled = Signal()
    table_toggled = Signal()

    def __init__(self, controller: SessionController, wording: SessionFormatter) -> None:
        super().__init__()
        self._controller, self._wording = controller, wording
        self._address: Address | None = None
        self._asked: QuestionField | None = None
        self._left, self._left_at, self._place_said = TableNote(), "", ""
        with_name(self, "answer_line", wording.texts.gettext("Current question or cell"))
        self.place = ShortenedLabel(TextRole.STRONG)
        self.legend = ShortenedLabel(TextRole.CAPTION)
        self.buttons = {action: self._button(action, wording.texts) for action in _SHOWN}
        self.more = self._menu_button(wording.texts)
        texts = holder_of(QVBoxLayout(), self.place, self.legend, spacing=TIGHT)
        texts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._actions = holder_of(QHBoxLayout(), *self.buttons.values(), self.more, spacing=TIGHT)
        line = lay_out(QHBoxLayout(self), margins=(LARGE, SMALL, LARGE, SMALL), spacing=SMALL)
        lay_out(line, (texts, 1), self._actions)
        self._actions.hide()
        controller.changed.connect(self._follow)
        controller.respondent_changed.connect(lambda _agency: self._show_whose())

    def _button(self, action: AnswerAction, texts: Translator) -> FlatButton:
        button = with_name(FlatButton(*action_words(texts, action, has_typing=False)), f"line_{action}")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCheckable(action is not AnswerAction.NOTE)
        button.clicked.connect(lambda _on=False: self.asked.emit(action))
        return button

    def _menu_button(self, texts: Translator) -> FlatButton:
        button = with_name(FlatButton(texts.gettext("More…")), "line_more", texts.gettext("More actions"))
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        menu = QMenu(self)
        self._in_menu = [self._action(action, texts, menu) for action in _SHOWN]
        for name, label, key, act in (
            ("line_clear", texts.gettext("Clear"), "Del", lambda: self.asked.emit(AnswerAction.CLEAR)),
            ("line_evidence", texts.gettext("Evidence"), "Shift+F4", lambda: self.asked.emit(AnswerAction.EVIDENCE)),
            ("line_row", texts.gettext("Row does not apply"), "Shift+X", self.row_toggled.emit),
            ("line_table", texts.gettext("Whole table does not apply"), "", self.table_toggled.emit),
        ):
            entry = QAction(f"{label}\t{keyboard_label(texts, key)}" if key else label, menu)
            entry.setObjectName(name)
            entry.triggered.connect(lambda _on=False, act=act: act())
            menu.addAction(entry)
        button.clicked.connect(lambda: menu.popup(button.mapToGlobal(QPoint(0, -menu.sizeHint().height()))))
        return button

    def _action(self, action: AnswerAction, texts: Translator, menu: QMenu) -> QAction:
        """Put what a button does into the menu, for where there is no room for the button."""
        label, key = action_words(texts, action, has_typing=False)
        entry = QAction(f"{label}\t{keyboard_label(texts, key)}", menu)
        menu.addAction(entry)
        entry.triggered.connect(lambda _on=False: self.asked.emit(action))
        return entry

    def _fit(self) -> None:
        """Keep the text whole: with large letters it takes another line, and the buttons go into the menu."""
        buttons = *self.buttons.values(), self.more
        for button in buttons:
            button.setFont(font_for(TextRole.CAPTION))  # Qt does not tell a hidden one of another text size
        is_narrow = sum(button.sizeHint().width() for button in buttons) > _MOST_BUTTONS * self.width()
        for button, entry in zip(self.buttons.values(), self._in_menu, strict=True):
            button.setVisible(not is_narrow)
            entry.setVisible(is_narrow)
        self.legend.set_lines(2 if is_narrow else 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and hasattr(self, "more"):
            self._fit()

    def show_place(self, question: Question, address: Address, note: TableNote) -> None:
        """Show a question or a cell: its wording, and what has to be said of it or else what its keys answer."""
        field: QuestionField = question.column_by_id.get(address.column, question)
        self._address, self._asked, self._place_said = address, field, self._wording.title_at(address)
        is_table = question.kind is AnswerKind.GRID
        asked = EditedField(self._controller, self._wording, question, field, "")
        self._show_whose()
        unread = self._controller.content(address).unread if field.kind is not AnswerKind.GRID else ""
        if unread:
            note = TableNote(why_unread(asked, unread), "danger")
        elif self._left.text and (self._left.colour == "danger" or address.question == self._left_at):
            note = self._left
        self.legend.set_colour(note.colour if note.text else "muted")
        self.legend.show_text(
            note.text
            if note.text and not note.is_beside
            else _BETWEEN.join(part for part in (self._keys(asked), note.text) if part)
        )
        self._actions.setVisible(is_table and bool(address.column) and not self._controller.session.is_read_only)
        self._show_buttons(field, address)

    def _show_whose(self) -> None:
        """Say the place, and whose the answer is that stands in a cell where the present agency has given none."""
        if self._address is None:
            return
        said, controller = self._place_said, self._controller
        if self._address.column and controller.content(self._address).state is AnswerState.NOT_ASKED:
            answers = controller.session.answers_at(self._address)
            voices = voices_at(answers, controller.respondent, self._asked, self._wording)
            who = [one.who for one in voices if one.key.layer is AnswerLayer.RESPONSE]
            if who and len(who) == len(voices):
                texts = self._wording.texts
                said += _BETWEEN + texts.gettext("answer of {who}").format(who=texts.listed(who))
        self.place.show_text(said)

    def _show_buttons(self, field: QuestionField, address: Address) -> None:
        state, has_typing = self._controller.content(address).state, field.kind.info.is_typed_or_found
        for action, button in self.buttons.items():
            button.show_word(*action_words(self._wording.texts, action, has_typing=has_typing))
            button.setChecked(action.value == state.value)

    def _keys(self, asked: EditedField) -> str:
        """Return the answers with their keys, or what may be typed."""
        texts, field = asked.wording.texts, asked.field
        if field.kind is AnswerKind.GRID:
            return ""
        if not field.kind.info.is_chosen:
            return (
                texts.gettext(field.kind.info.find_prompt)
                if field.kind.info.find_prompt
                else placeholder_of(field, texts)
            )
        return _BETWEEN.join(f"{texts.in_digits(key)} {text}".strip() for _, text, key in answer_options(asked))

    def _follow(self, change: AnswerChange | EntryChange) -> None:
        """Go on saying what the cell just left does not show, until something else is answered."""
        if not isinstance(change, AnswerChange):
            return
        self._left = TableNote()
        self._show_whose()
        if change.key.layer is AnswerLayer.RESPONSE:
            left = self._not_shown(change)
            self._left = TableNote(left.text and f"{self._wording.place(change.key.address)}: {left.text}", left.colour)
            self._left_at = change.key.address.question

    def _not_shown(self, change: AnswerChange) -> TableNote:
        """Return why a text cannot be read, or that an answer in a table does not count; empty where all is well."""
        address, content = change.key.address, change.after
        question = self._controller.session.instrument.question_by_id.get(address.question)
        if question is None:  # of another version of the questionnaire, kept by a merge
            return TableNote()
        field = question.column_by_id.get(address.column, question)
        if content.unread:
            asked = EditedField(self._controller, self._wording, question, field, "")
            return TableNote(why_unread(asked, content.unread), "danger")
        counting = effective_answer(self._controller.session.answers_at(address))
        is_same = (counting.state, counting.value) == (content.state, content.value)
        is_cleared = content.state is AnswerState.NOT_ASKED
        if not address.column or is_same or is_cleared or counting.layer not in _STILL_COUNTS:
            return TableNote()
        answer = self._wording.content(question, field, content, is_short=True)
        who = self._wording.respondent(change.key.layer, change.key.respondent)
        said = self._wording.texts.gettext(_STILL_COUNTS[counting.layer])
        return TableNote(said.format(answer=answer, who=who), "warning")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_area(painter, self.rect(), colours().surface)
        paint_area(painter, QRectF(0, 0, self.width(), 1), colours().line)
        painter.end()
