"""Editors for typed answers: text, numbers, years, percentages, dates and links.

Text is stored when typing rests (``TypingRest``) and whenever the field is left; what cannot be read as an answer stays
in the field with a sentence under it, and goes into the note when the window closes.
"""

from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.answers import Value
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.date_field import DateLine
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.text_fields import LineField, TextField, set_quietly, text_in
from capacity_app.ui.look.theme import TIGHT, Role
from capacity_app.ui.look.typing_rest import TypingRest
from capacity_app.ui.questionnaire.reading import FREE_TEXT_KINDS, example, longest, read_typed, shown
from capacity_app.ui.wording import Wording

_NARROW = {Kind.INTEGER: 18, Kind.YEAR: 18, Kind.PERCENT: 18, Kind.DATE: 28}
"""Fields for a few figures are as wide as this many letters."""


@dataclass(frozen=True)
class Asked:
    """What an editor is for: the field, in its question; ``name`` is what a screen reader says."""

    bridge: Bridge
    wording: Wording
    question: Question
    field: Field
    name: str


class AnswerEditor(QWidget):
    """Edits one value. ``answered`` carries the value (None: nothing) and the mark of a text typed in one go."""

    answered = Signal(object, str)

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked
        self.setAccessibleName(asked.name)

    def show_value(self, value: Value) -> None:
        """Show what is stored; text being typed stays."""
        raise NotImplementedError

    def not_stored(self, stored: Value) -> None:
        """Take note that the last answer was refused, and ``stored`` still stands; typed text is kept."""
        self.show_value(stored)

    def show_second(self, second: Wording | None) -> None:
        """Show what can be chosen in a second wording too, or no longer."""

    def show_offered(self, value: Value) -> None:
        """Mark what the earlier round said and nobody has confirmed yet; None marks nothing."""

    def set_read_only(self) -> None:
        self.setEnabled(False)

    def flush(self) -> None:
        """Commit typed text now."""

    def rescue(self) -> str:
        """Return up and return typed text that is no answer ("about 12,000" for a number); empty if there is none."""
        return ""

    def take_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - for editors that answer to keys
        """Answer by a key pressed anywhere in the question; False if the key is not for this editor."""
        return False


class TypedEditor(AnswerEditor):
    """A field with a line under it for the counter, the meaning of a date, or what is wrong."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked)
        self._is_long = asked.field.kind is Kind.LONG_TEXT
        self.field = self._make_field()
        self.field.setAccessibleName(asked.name)
        self.field.setPlaceholderText(example(asked.field, asked.wording.texts))
        self.hint = Words("", Role.CAPTION, is_muted=True)
        self._stored, self._is_dirty, self._runs, self._run = "", False, count(1), 0
        self._rest = TypingRest(self)
        self._rest.timeout.connect(lambda: self._commit(is_final=False))
        self._lay_out()
        self.field.textChanged.connect(self._changed)
        self.field.left.connect(self.flush)
        self.field.entered.connect(self._begin)

    def _make_field(self) -> LineField | TextField:
        if self.asked.field.kind is not Kind.DATE:
            return TextField() if self._is_long else LineField()
        texts = self.asked.wording.texts
        field = DateLine(texts, lambda typed: str(read_typed(self.asked.field, typed, texts)[0] or ""))
        field.picked.connect(self.flush)
        return field

    def _with_calendar(self, field: DateLine) -> QWidget:
        """Put a button beside a date; by keyboard the field itself opens the calendar."""
        self.calendar_button = QuietButton(self.asked.wording.texts.gettext("Calendar"), "Alt+↓")
        self.calendar_button.setObjectName("open_calendar")
        self.calendar_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.calendar_button.clicked.connect(field.open_calendar)
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(TIGHT)
        line.addWidget(field, 1)
        line.addWidget(self.calendar_button)
        line.addStretch()
        return holder

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(TIGHT)
        layout.addWidget(self._with_calendar(self.field) if isinstance(self.field, DateLine) else self.field)
        layout.addWidget(self.hint)
        letters = _NARROW.get(self.asked.field.kind)
        if letters:
            self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * letters * 2)
        self.setFocusProxy(self.field)
        self._explain("")

    def _begin(self) -> None:
        self._run = next(self._runs)

    def _changed(self) -> None:
        self._is_dirty = True
        self._explain("")
        self._rest.typed()

    def not_stored(self, _stored: Value) -> None:
        """Keep the text, to be stored or shortened later."""
        self._is_dirty = True
        self._rest.kept()

    def set_read_only(self) -> None:
        """Let the text be read and copied."""
        self.field.setReadOnly(True)
        if isinstance(self.field, DateLine):
            self.calendar_button.setEnabled(False)

    def flush(self) -> None:
        """Store what is typed; say so if it cannot be read."""
        if self._is_dirty:
            self._commit(is_final=True)

    def _commit(self, *, is_final: bool) -> None:
        self._rest.stop()
        if not self._is_dirty:
            return
        text = text_in(self.field)
        value, problem = read_typed(self.asked.field, text, self.asked.wording.texts)
        if problem:
            if is_final or self.asked.field.kind in FREE_TEXT_KINDS:
                self._explain(problem)
            return
        self._is_dirty = False
        self._stored = text
        self._explain("")
        self.answered.emit(value, f"{id(self)}:{self._run}")
        if not self._is_dirty:
            self._rest.stored()

    @property
    def is_unreadable(self) -> bool:
        return self._is_dirty

    def rescue(self) -> str:
        """Return up what cannot be read."""
        if not self._is_dirty:
            return ""
        text = text_in(self.field)
        self._is_dirty = False
        self._rest.stored()
        set_quietly(self.field, self._stored)
        self._explain("")
        return text

    def show_value(self, value: Value) -> None:
        """Show what is stored, unless something else is being typed."""
        if self._is_dirty:
            return
        text = shown(self.asked.field, value, self.asked.wording.texts)
        is_same = read_typed(self.asked.field, text_in(self.field), self.asked.wording.texts)[0] == value
        if text != text_in(self.field) and not (is_same and self.field.hasFocus()):
            set_quietly(self.field, text)
        self._stored = text
        self._explain("")

    def _explain(self, problem: str) -> None:
        """Show what is wrong, or what a date means, or how much room is left."""
        said = problem or self._meaning()
        self.hint.set_colour("danger" if problem else "")
        self.hint.setText(said)
        self.hint.setVisible(bool(said))

    def _meaning(self) -> str:
        texts, field = self.asked.wording.texts, self.asked.field
        text = text_in(self.field)
        if field.kind in FREE_TEXT_KINDS:
            most = longest(field)
            if not self._is_long and len(text) * 2 < most:
                return ""
            return texts.gettext("{length} of {longest} characters").format(
                length=texts.number(len(text)), longest=texts.number(most)
            )
        if field.kind is not Kind.DATE:
            return ""
        value = read_typed(field, text, texts)[0]
        return texts.date(str(value)) if value else ""
