"""The parts of a question's card: sheet with number and mark, buttons for states, reason, note and review remarks."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QToolTip, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.registers import Remark
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Provenance, Question
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.bilingual_text import NO_SECOND_TEXT, BilingualLabel, second_text_of
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, RADIUS, SMALL, TIGHT, TextRole, font_for
from capacity_app.ui.theme.painting import AnswerMark, leading_alignment, paint_area, paint_mark, paint_rounded
from capacity_app.ui.theme.palette import colours
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.keys import AnswerAction, keyboard_label
from capacity_app.ui.widgets.layouts import lay_out
from capacity_app.ui.widgets.text_fields import DebounceTimer, LineField, TextField, set_text_silently, text_of_field

# The sheet a question stands on: mark, number, wording, provenance, and lines of text that come and go.


PROVENANCE_LABELS = {
    Provenance.TOOLKIT: N_("Wording: the toolkit"),
    Provenance.PROJECT: N_("Wording: this project, not the toolkit"),
}
MARK_ADVICE: dict[AnswerMark, str] = {
    AnswerMark.OPEN: N_("Unanswered"),
    AnswerMark.ANSWERED: N_("Answered"),
    AnswerMark.OF_OTHERS: N_("Answered by another agency. You can also answer for the present one."),
    AnswerMark.UNKNOWN: N_("Unknown: the agency does not know. Ask another agency."),
    AnswerMark.NOT_APPLICABLE: N_("Not applicable, for the reason given."),
    AnswerMark.DECLINED: N_("Declined: the agency did not want to answer. Ask another agency."),
    AnswerMark.CONFLICT: N_("Agencies disagree. Use one of their answers, or record a judgement."),
    AnswerMark.HIDDEN: N_("Not needed, because of another answer."),
    AnswerMark.UNSUPPORTED: N_("High level without evidence. Add a document, a link or its name under “Evidence”."),
    AnswerMark.TO_VERIFY: N_("Unknown or declined. Ask another agency."),
}
"""What a mark beside a question means, and what to do."""


def mark_size(line: int) -> int:
    """Return the size of the mark beside a line of text, both in pixels."""
    return max(16, round(line * 0.85))


class QuestionSheet(QFrame):
    """A rounded sheet with the question's number and mark in a column of their own, both painted."""

    def __init__(self, wording: SessionFormatter, question: Question, gutter: int) -> None:
        super().__init__()
        self.wording, self.question = wording, question
        self._gutter, self.mark_shown, self.is_active = gutter, AnswerMark.OPEN, False
        self.second: SessionFormatter | None = None
        self._lines: dict[str, Label] = {}
        self.setObjectName(f"question {question.id}")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(f"{question.number} {wording.question(question)}")
        self.body = lay_out(QVBoxLayout(self), spacing=SMALL)
        self.text = BilingualLabel(wording.question(question), TextRole.QUESTION)
        self._set_margins()
        self.body.addWidget(self.text)

    def show_second(self, second: SessionFormatter | None) -> None:
        self.second = second
        text = self.text.text()
        self.text.set_second(second_text_of(text, second.question(self.question), second) if second else NO_SECOND_TEXT)

    def set_gutter(self, gutter: int) -> None:
        """Take another width for the column of numbers, in pixels."""
        self._gutter = gutter
        self._set_margins()

    def lead(self) -> int:
        """Return where the text begins, after mark and number, in pixels."""
        line = QFontMetrics(font_for(TextRole.QUESTION)).height()
        return MEDIUM + mark_size(line) + SMALL + self._gutter + SMALL

    def _set_margins(self) -> None:
        before, after = self.lead(), LARGE
        if self.layoutDirection() == Qt.LayoutDirection.RightToLeft:
            before, after = after, before
        self.body.setContentsMargins(before, LARGE - 2, after, self.bottom_margin())

    def bottom_margin(self) -> int:
        return MEDIUM

    def show_line(self, name: str, text: str, colour: str = "") -> None:
        """Show a line of text under the editor; it exists only once it is needed."""
        line = self._lines.get(name)
        if line is None:
            if not text:
                return
            line = self._lines[name] = Label("", TextRole.CAPTION, is_muted=True)
            self.body.insertWidget(self.index_of_lines(), line)
        if line.text() != text:
            line.setText(text)
        line.set_colour(colour)
        line.setVisible(bool(text))

    def index_of_lines(self) -> int:
        return self.body.count()

    def show_mark(self, mark: AnswerMark) -> None:
        if mark is not self.mark_shown:
            self.mark_shown = mark
            self.update()
        self.setAccessibleDescription(self.wording.texts.gettext(MARK_ADVICE[mark]))

    def set_active(self, is_active: bool) -> None:  # noqa: FBT001 - a state, set by name of the method
        """Show whether the focus is in this card."""
        if is_active != self.is_active:
            self.is_active = is_active
            self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._set_margins()

    def _mirrored(self, part: QRect) -> QRect:
        return self.style().visualRect(self.layoutDirection(), self.rect(), part)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self._mark_box().adjusted(-SMALL, -SMALL, SMALL, SMALL).contains(
            event.pos()
        ):
            QToolTip.showText(event.globalPos(), self.wording.texts.gettext(MARK_ADVICE[self.mark_shown]))
            return True
        return super().event(event)

    def overhang(self) -> int:
        """Return how far what hangs over the lower edge of the sheet reaches below it, in pixels."""
        return 0

    def paintEvent(self, _event: QPaintEvent) -> None:
        shades = colours()
        painter = QPainter(self)
        sheet = self.rect().adjusted(0, 0, 0, -self.overhang())
        edge = shades.accent if self.is_active else shades.line
        width = 1.5 if self.is_active else 1
        paint_rounded(painter, QRectF(sheet), fill=shades.surface, edge=edge, width=width, corner=RADIUS)
        if self.is_active:
            bar = self._mirrored(QRect(0, RADIUS, 4, sheet.height() - 2 * RADIUS))
            paint_area(painter, bar, shades.accent)
        self._paint_gutter(painter)
        painter.end()

    def _mark_box(self) -> QRect:
        line = self.text.fontMetrics().height()
        size = mark_size(line)
        return self._mirrored(QRect(MEDIUM, LARGE - 2 + (line - size) // 2, size, size))

    def _paint_gutter(self, painter: QPainter) -> None:
        painter.setFont(font_for(TextRole.STRONG))
        painter.setPen(QColor(colours().muted if self.mark_shown is AnswerMark.HIDDEN else colours().accent))
        line = self.text.fontMetrics().height()
        self.paint_answer_mark(painter, QRectF(self._mark_box()))
        number = self._mirrored(QRect(MEDIUM + mark_size(line) + SMALL, LARGE - 2, self._gutter, line))
        painter.drawText(number, leading_alignment(self.layoutDirection()), self.question.number)

    def paint_answer_mark(self, painter: QPainter, box: QRectF) -> None:
        paint_mark(painter, box, self.mark_shown)


# The buttons at the lower edge of the current question: unknown, not applicable, declined, clear, note, evidence.


_LABELS = {
    AnswerAction.UNKNOWN: N_("Unknown"),
    AnswerAction.NOT_APPLICABLE: N_("Not applicable"),
    AnswerAction.DECLINED: N_("Declined"),
    AnswerAction.CLEAR: N_("Clear"),
    AnswerAction.NOTE: N_("Note"),
    AnswerAction.EVIDENCE: N_("Evidence"),
}
_LETTERS = {
    AnswerAction.UNKNOWN: "U",
    AnswerAction.NOT_APPLICABLE: "X",
    AnswerAction.DECLINED: "D",
    AnswerAction.CLEAR: "Del",
    AnswerAction.NOTE: "F4",
    AnswerAction.EVIDENCE: "Shift+F4",
}
_FUNCTION_KEYS = {
    AnswerAction.UNKNOWN: "F6",
    AnswerAction.NOT_APPLICABLE: "F7",
    AnswerAction.DECLINED: "F8",
    AnswerAction.CLEAR: "",
    AnswerAction.NOTE: "F4",
    AnswerAction.EVIDENCE: "Shift+F4",
}
_ACTS = {
    AnswerState.UNKNOWN: AnswerAction.UNKNOWN,
    AnswerState.NOT_APPLICABLE: AnswerAction.NOT_APPLICABLE,
    AnswerState.DECLINED: AnswerAction.DECLINED,
}

FOR_ANSWERS = (
    AnswerAction.UNKNOWN,
    AnswerAction.NOT_APPLICABLE,
    AnswerAction.DECLINED,
    AnswerAction.CLEAR,
    AnswerAction.NOTE,
    AnswerAction.EVIDENCE,
)


def action_words(texts: Translator, act: AnswerAction, *, has_typing: bool) -> tuple[str, str]:
    """Return the word of an action and its key; where letters are typed it is a function key."""
    return texts.gettext(_LABELS[act]), keyboard_label(texts, (_FUNCTION_KEYS if has_typing else _LETTERS)[act])


class StateBar(Flow):
    """The buttons as one stop for Tab; the arrows go from one to the next. ``asked`` carries an ``AnswerAction``."""

    asked = Signal(object)

    def __init__(
        self, texts: Translator, acts: Sequence[AnswerAction] = FOR_ANSWERS, *, has_typing: bool = False
    ) -> None:
        super().__init__(TIGHT)
        self._is_floating = False
        self.setAccessibleName(texts.gettext("State of the answer"))
        self.buttons = {act: FlatButton(*action_words(texts, act, has_typing=has_typing)) for act in acts}
        for act, button in self.buttons.items():
            button.setCheckable(act not in {AnswerAction.CLEAR, AnswerAction.EVIDENCE})
            button.clicked.connect(lambda _on=False, act=act: self._press(act))
            self.place(button)
        self._stop_at(0)

    def _press(self, act: AnswerAction) -> None:
        # What is checked follows the answer, not the click.
        button = self.buttons[act]
        button.setChecked(not button.isChecked())
        self.asked.emit(act)

    def _stop_at(self, place: int) -> None:
        for number, button in enumerate(self.buttons.values()):
            is_stop = number == place and not self._is_floating
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)

    def take_focus(self) -> None:
        """Go to the first button."""
        next(iter(self.buttons.values())).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def float_over(self) -> None:
        """Hang over an edge, on a ground of its own; hidden, keep the room, so that nothing moves.

        Tab passes it: it leads from answer to answer.
        """
        self._is_floating = True
        self._stop_at(0)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._is_floating:
            painter = QPainter(self)
            paint_rounded(painter, QRectF(self.rect()), fill=colours().surface, edge=colours().accent, corner=RADIUS)
            painter.end()

    def show_content(self, content: Content, *, is_note_open: bool) -> None:
        """Check the button of the state the answer is in."""
        chosen = _ACTS.get(content.state)
        for act, button in self.buttons.items():
            button.setChecked(act is chosen or (act is AnswerAction.NOTE and is_note_open))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        step = {Qt.Key.Key_Right: forward, Qt.Key.Key_Left: -forward}.get(Qt.Key(event.key()))
        buttons = [button for button in self.buttons.values() if button.isEnabled()]
        here = next((place for place, button in enumerate(buttons) if button.hasFocus()), -1)
        if step is None or here < 0 or not keys.is_plain(event):
            event.ignore()
            return
        target = buttons[(here + step) % len(buttons)]
        self._stop_at(list(self.buttons.values()).index(target))
        target.setFocus(Qt.FocusReason.TabFocusReason)


# What a key or a button makes of an answer: pure changes of its content.


STATE_OF_ACTION = {AnswerAction.UNKNOWN: AnswerState.UNKNOWN, AnswerAction.DECLINED: AnswerState.DECLINED}
"""The states that need nothing but a key."""


def with_state(content: Content, state: AnswerState) -> Content:
    """Set a state, or take it back if it is set already; note and evidence stay."""
    wanted = AnswerState.NOT_ASKED if content.state is state else state
    return replace(content, state=wanted, value=None, reason="")


def with_value(content: Content, value: AnswerValue) -> Content:
    """Answer with a value; None opens the answer again."""
    state = AnswerState.NOT_ASKED if value is None else AnswerState.ANSWERED
    return replace(content, state=state, value=value, reason="")


def with_unread(content: Content, text: str) -> Content:
    """Keep a text that cannot be read as the answer in place of one; note and evidence stay."""
    return replace(content, state=AnswerState.NOT_ASKED, value=text, reason="")


def with_note(content: Content, added: str) -> Content:
    return replace(content, note=f"{content.note}\n{added}".strip())


def cleared(content: Content) -> Content:
    """Open an answer again; note and evidence stay."""
    return replace(content, state=AnswerState.NOT_ASKED, value=None, reason="")


def remarks_at(controller: SessionController, place: Address) -> tuple[Remark, ...]:
    """Return the remarks on a place; of a row or table, those on its cells too."""
    found = (one for one in controller.session.entries("remarks") if isinstance(one, Remark))
    return tuple(one for one in found if _is_in(one.address, str(place)))


def _is_in(address: str, place: str) -> bool:
    return address == place or address.startswith(f"{place}/")


class RemarkField(QWidget):
    """A labelled text that is stored after a rest and when it is left. ``written`` carries text and typing mark."""

    written = Signal(str, str)
    finished = Signal()

    def __init__(self, label: str, texts: Translator, *, is_long: bool, field: LineField | None = None) -> None:
        super().__init__()
        self._texts = texts
        self.field: LineField | TextField = field or (TextField() if is_long else LineField())
        self.field.setAccessibleName(label)
        self.label = Label(label, TextRole.CAPTION, is_muted=True)
        self.counter = Label("", TextRole.CAPTION, is_muted=True)
        self.is_unreadable, self._runs, self._run = False, count(1), 0
        self._rest = DebounceTimer(self)
        self._rest.timeout.connect(self._rested)
        lay_out(QVBoxLayout(self), self.label, self.field, self.counter, margins=0, spacing=TIGHT)
        self.counter.hide()
        self.setFocusProxy(self.field)
        self.field.textChanged.connect(self._changed)
        self.field.left.connect(self.flush)
        self.field.entered.connect(self._begin)

    def set_label(self, label: str) -> None:
        """Name the field anew, when it serves another row or cell."""
        self.label.setText(label)
        self.field.setAccessibleName(label)

    def _rested(self) -> None:
        self.flush()

    def _begin(self) -> None:
        self._run = next(self._runs)

    def _changed(self) -> None:
        self.is_unreadable = True
        length = len(text_of_field(self.field))
        is_near = length * 2 >= TEXT_LIMIT
        if is_near:
            self.counter.setText(
                self._texts.gettext("{length} of {longest} characters").format(
                    length=self._texts.number(length), longest=self._texts.number(TEXT_LIMIT)
                )
            )
            self.counter.set_colour("danger" if length > TEXT_LIMIT else "")
        self.counter.setVisible(is_near)
        self._rest.typed()

    def text(self) -> str:
        return text_of_field(self.field)

    def flush(self) -> None:
        self._rest.stop()
        if self.is_unreadable and len(self.text()) <= TEXT_LIMIT:
            self.is_unreadable = False
            self.written.emit(self.text(), f"{id(self)}:{self._run}")
            if not self.is_unreadable:
                self._rest.stored()

    def show_unstored(self) -> None:
        """Take note that the text was refused: it stays, to be stored or shortened later."""
        self.is_unreadable = True
        self._rest.kept()

    def forget(self) -> None:
        """Take note that something else than what was typed is stored by now."""
        self._rest.stored()
        self.is_unreadable = False

    def show_text(self, text: str) -> None:
        """Show what is stored, unless something else is being typed."""
        if self.is_unreadable or text == self.text() or (self.field.hasFocus() and text == self.text().strip()):
            return
        set_text_silently(self.field, text)
        if isinstance(self.field, LineField):
            self.field.setCursorPosition(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if isinstance(self.field, LineField) and keys.is_enter(event):
            self.flush()
            self.finished.emit()
        else:
            event.ignore()


def reason_field(texts: Translator) -> RemarkField:
    """Make the field that asks why something does not apply."""
    return RemarkField(texts.gettext("Reason for “not applicable”"), texts, is_long=False)


def note_field(texts: Translator) -> RemarkField:
    return RemarkField(texts.gettext("Note"), texts, is_long=True)
