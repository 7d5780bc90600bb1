"""Typed answers: text read as numbers, dates and links and back, and the editors for it.

Text is stored when typing rests (``DebounceTimer``) and whenever the field is left. What cannot be read as an answer
stays in the field with a sentence under it, and is stored as what it is once the field is left.
"""

import re
from collections.abc import Sequence
from itertools import count
from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.answer_rules import check_value
from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import (
    AmbiguousValueError,
    normalize_digits,
    normalize_signs,
    read_date,
    strip_invisible,
)
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.panel_parts import Voice
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import SessionFormatter
from capacity_app.ui.theme.fonts_and_sizes import TIGHT, TextRole
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.date_field import DateEdit
from capacity_app.ui.widgets.layouts import holder_of, lay_out
from capacity_app.ui.widgets.text_fields import DebounceTimer, LineField, TextField, set_text_silently, text_of_field

# Typed text as an answer and back: numbers in any script's figures, dates as people write them.
#
# Whatever digits and separators are typed, one form is stored.


DATE_FIELD = QuestionField(id="date", kind=AnswerKind.DATE)
"""A date outside the questionnaire is read as one inside it."""

_LONG_DATE = "2018-11-29"
_SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f\u3000'’")
_ARABIC = str.maketrans({"٫": ".", "٬": ""})
"""A decimal comma of its own, and a sign between thousands that is no decimal sign anywhere."""
_BUDDHIST = range(2400, 2700)
"""Years which nobody means in the Common Era, but people in Thailand write: 2561 is 2018."""
_BUDDHIST_YEARS_AHEAD = 543


def _plain_figures(text: str) -> str:
    return normalize_digits(normalize_signs(strip_invisible(text).strip().translate(_ARABIC)))


def _parse_whole_number(text: str, texts: Translator) -> AnswerValue:
    figures = _plain_figures(text).translate(_SPACES)
    group = texts.group_sign
    grouped = rf"-?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+"
    if re.fullmatch(grouped, figures):
        figures = figures.replace(group, "")
    return int(figures) if re.fullmatch(r"-?\d{1,18}", figures) else figures


def _read_date(field: QuestionField, text: str, texts: Translator) -> tuple[AnswerValue, str]:
    """Read a date as people write it in the window's language: in figures, or with the name of the month."""
    try:
        # Who writes dots between the figures begins with the day, in any language.
        is_day_first = texts.is_day_first or "." in text
        date = read_date(text, texts.month_words, is_day_first=is_day_first)
    except AmbiguousValueError:
        said = texts.gettext("“{text}” can be two dates. Write the month as a word, such as {date}.")
    except ValueError:
        said = texts.gettext(
            "“{text}” is not a date. Write a day, a month or a year, such as {date}, {month} or {year}."
        )
    else:
        return (None, era) if (era := _other_era(field, date, texts)) else (date, "")
    return None, said.format(text=text.strip(), **_date_examples(texts))


def _date_examples(texts: Translator) -> dict[str, str]:
    return {
        name: texts.short_date(iso)
        for name, iso in (("date", _LONG_DATE), ("month", _LONG_DATE[:7]), ("year", _LONG_DATE[:4]))
    }


def _parse_link(text: str) -> AnswerValue:
    link = text.strip()
    return f"https://{link}" if re.match(r"www\.\S+$", link, re.IGNORECASE) else link


def _parsed(field: QuestionField, text: str, texts: Translator) -> AnswerValue:
    match field.kind.value_type:
        case ValueType.INTEGER:
            return _parse_whole_number(text, texts)
        case ValueType.PERCENT:
            return _plain_figures(text).translate(_SPACES).strip("%").replace(",", ".")
        case ValueType.TEXT if field.kind is AnswerKind.URL:
            return _parse_link(text)
        case ValueType.TEXT:
            return text if field.kind.info.is_free else text.strip()
        case (
            ValueType.DATE
            | ValueType.LEVEL
            | ValueType.OPTION
            | ValueType.OPTIONS
            | ValueType.ENTRIES
            | ValueType.CELLS
        ):
            return text
        case unknown:
            assert_never(unknown)


def parse_typed(field: QuestionField, text: str, texts: Translator) -> tuple[AnswerValue, str]:
    """Read typed text as an answer: the value (None if nothing is typed), or None and a sentence why not."""
    if not text.strip():
        return None, ""
    if field.kind.value_type is ValueType.DATE:
        return _read_date(field, text, texts)
    value = _parsed(field, text, texts)
    if era := _other_era(field, value, texts):
        return None, era
    problem = check_value(field, value, Address(field.id))
    return (None, texts.in_digits(problem.text(texts.gettext))) if problem else (value, "")


def _other_era(field: QuestionField, value: AnswerValue, texts: Translator) -> str:
    """Return which year of the Common Era a year of the Buddhist era is; empty for any other value.

    It is not put right unasked: the year decides what is compared with what.
    """
    is_year = field.kind.info.is_year
    if not is_year and field.kind.value_type is not ValueType.DATE:
        return ""
    year = str(value)[:4]
    if not year.isdecimal() or int(year) not in _BUDDHIST:
        return ""
    if field.maximum is not None and is_year and int(year) <= field.maximum:
        return ""
    return texts.gettext(
        "“{year}” is taken for a year of the Buddhist era, which is {common} in the Common Era. Years are kept in the "
        "Common Era: write {common} if you mean that year."
    ).format(year=year, common=int(year) - _BUDDHIST_YEARS_AHEAD)


def parse_date(text: str, texts: Translator) -> str:
    """Read typed text as a date, month or year (ISO 8601), empty if it is none."""
    return str(parse_typed(DATE_FIELD, text, texts)[0] or "")


def typed(value: AnswerValue) -> str:
    return "" if value is None or isinstance(value, tuple) else str(value)


def format_typed(field: QuestionField, value: AnswerValue, texts: Translator) -> str:
    """Write a value as it is shown and typed in the window's language; a text that cannot be read stays as it is."""
    text = typed(value)
    if field.kind.value_type is ValueType.DATE:
        return texts.short_date(text)
    return texts.in_digits(text) if field.kind.info.is_in_figures else text


def placeholder_of(field: QuestionField, texts: Translator) -> str:
    """Return what an empty field expects; empty for free text."""
    if field.kind.value_type is ValueType.DATE:
        return texts.gettext("Such as {date}. Day not known: {month} or {year}").format(**_date_examples(texts))
    hint = field.kind.info.hint
    return texts.in_digits(texts.gettext(hint)) if hint else ""


_NARROW = {ValueType.INTEGER: 18, ValueType.PERCENT: 18, ValueType.DATE: 28}
"""Fields for a few figures are as wide as this many letters."""


@dataclass(frozen=True)
class EditedField:
    """What an editor is for: the field, in its question; ``name`` is what a screen reader says."""

    controller: SessionController
    wording: SessionFormatter
    question: Question
    field: QuestionField
    name: str


class AnswerEditor(QWidget):
    """Edits one value. ``answered`` carries the value (None: nothing) and the mark of a text typed in one go.

    ``unread`` carries a text that is left behind and cannot be read as an answer, and such a mark.
    """

    answered = Signal(object, str)
    unread = Signal(str, str)

    def __init__(self, asked: EditedField) -> None:
        super().__init__()
        self.asked = asked
        self.setAccessibleName(asked.name)

    def show_value(self, value: AnswerValue) -> None:
        """Show what is stored; text being typed stays."""
        raise NotImplementedError

    def show_unstored(self, stored: AnswerValue) -> None:
        """Take note that the last answer was refused, and ``stored`` still stands; typed text is kept."""
        self.show_value(stored)

    def show_second(self, second: SessionFormatter | None) -> None:
        """Show what can be chosen in a second wording too, or no longer."""

    def show_offered(self, value: AnswerValue) -> None:
        """Mark what the previous round said and nobody has confirmed yet; None marks nothing."""

    def show_voices(self, voices: Sequence[Voice]) -> Sequence[Voice]:
        """Show on the answers themselves who gave them; return those that are shown nowhere."""
        return [voice for voice in voices if not voice.is_own]

    def set_read_only(self) -> None:
        self.setEnabled(False)

    def flush(self) -> None:
        """Commit typed text now."""

    def take_key(self, event: QKeyEvent) -> bool:  # noqa: ARG002 - for editors that answer to keys
        """Answer by a key pressed anywhere in the question; False if the key is not for this editor."""
        return False


class TypedAnswerEditor(AnswerEditor):
    """A field with a line under it for the counter, the meaning of a date, or what is wrong."""

    def __init__(self, asked: EditedField) -> None:
        super().__init__(asked)
        self._is_long = asked.field.kind.info.is_long
        self.field = self._make_field()
        self.field.setAccessibleName(asked.name)
        self.field.setPlaceholderText(placeholder_of(asked.field, asked.wording.texts))
        self.hint = Label("", TextRole.CAPTION, is_muted=True)
        self.is_unreadable, self._runs, self._run = False, count(1), 0
        self._rest = DebounceTimer(self)
        self._rest.timeout.connect(lambda: self._commit(is_final=False))
        self._lay_out()
        self.field.textChanged.connect(self._changed)
        self.field.left.connect(self._leave)
        self.field.entered.connect(self._begin)

    def _make_field(self) -> LineField | TextField:
        if self.asked.field.kind.value_type is not ValueType.DATE:
            return TextField() if self._is_long else LineField()
        texts = self.asked.wording.texts
        field = DateEdit(texts, lambda typed: str(parse_typed(self.asked.field, typed, texts)[0] or ""))
        field.picked.connect(self.flush)
        return field

    def _with_calendar(self, field: DateEdit) -> QWidget:
        """Put a button beside a date; by keyboard the field itself opens the calendar."""
        self.calendar_button = FlatButton(self.asked.wording.texts.gettext("Calendar"), "Alt+↓")
        self.calendar_button.setObjectName("open_calendar")
        self.calendar_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.calendar_button.clicked.connect(field.open_calendar)
        return holder_of(QHBoxLayout(), (field, 1), self.calendar_button, 0, spacing=TIGHT)

    def _lay_out(self) -> None:
        layout = lay_out(QVBoxLayout(self), margins=0, spacing=TIGHT)
        layout.addWidget(self._with_calendar(self.field) if isinstance(self.field, DateEdit) else self.field)
        layout.addWidget(self.hint)
        letters = _NARROW.get(self.asked.field.kind.value_type)
        if letters:
            self.field.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * letters * 2)
        self.setFocusProxy(self.field)
        self._explain("")

    def _begin(self) -> None:
        self._run = next(self._runs)

    def _changed(self) -> None:
        self.is_unreadable = True
        self._explain("")
        self._rest.typed()

    def show_unstored(self, _stored: AnswerValue) -> None:
        """Keep the text, to be stored or shortened later."""
        self.is_unreadable = True
        self._rest.kept()

    def set_read_only(self) -> None:
        """Let the text be read and copied."""
        self.field.setReadOnly(True)
        if isinstance(self.field, DateEdit):
            self.calendar_button.setEnabled(False)

    def flush(self) -> None:
        """Store what is typed; say so if it cannot be read."""
        if self.is_unreadable:
            self._commit(is_final=True)

    def _leave(self) -> None:
        """Store what is typed, and show a date as dates are shown everywhere."""
        self.flush()
        if self.asked.field.kind.value_type is ValueType.DATE and not self.is_unreadable:
            value, problem = parse_typed(self.asked.field, text_of_field(self.field), self.asked.wording.texts)
            if not problem:
                set_text_silently(self.field, format_typed(self.asked.field, value, self.asked.wording.texts))
                self._explain("")

    def _commit(self, *, is_final: bool) -> None:
        self._rest.stop()
        if not self.is_unreadable:
            return
        text = text_of_field(self.field)
        value, problem = parse_typed(self.asked.field, text, self.asked.wording.texts)
        if problem and (is_final or self.asked.field.kind.info.is_free):
            self._explain(problem)
        if problem and not is_final:
            return
        self.is_unreadable = False
        mark = f"{id(self)}:{self._run}"
        if problem:
            self.unread.emit(text, mark)
        else:
            self._explain("")
            self.answered.emit(value, mark)
        if not self.is_unreadable:
            self._rest.stored()

    def show_value(self, value: AnswerValue) -> None:
        """Show what is stored, unless something else is being typed."""
        if self.is_unreadable:
            return
        text = format_typed(self.asked.field, value, self.asked.wording.texts)
        is_same = parse_typed(self.asked.field, text_of_field(self.field), self.asked.wording.texts)[0] == value
        if text != text_of_field(self.field) and not (is_same and self.field.hasFocus()):
            set_text_silently(self.field, text)
        self._explain(parse_typed(self.asked.field, text_of_field(self.field), self.asked.wording.texts)[1])

    def _explain(self, problem: str) -> None:
        """Show what is wrong, or what a date means, or how much room is left."""
        said = problem or self._meaning()
        self.hint.set_colour("danger" if problem else "")
        self.hint.show_or_hide(said)

    def _meaning(self) -> str:
        texts, field = self.asked.wording.texts, self.asked.field
        text = text_of_field(self.field)
        if field.kind.info.is_free:
            most = field.longest
            if not self._is_long and len(text) * 2 < most:
                return ""
            return texts.gettext("{length} of {longest} characters").format(
                length=texts.number(len(text)), longest=texts.number(most)
            )
        if field.kind.value_type is not ValueType.DATE:
            return ""
        value = parse_typed(field, text, texts)[0]
        meaning = texts.short_date(str(value)) if value else ""
        return meaning if meaning != text else ""
