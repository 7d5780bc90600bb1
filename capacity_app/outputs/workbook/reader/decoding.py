"""What a cell says as an answer of its field; what cannot be read without guessing says why."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from math import isfinite
from typing import NamedTuple, assert_never

from capacity_app.domain.assessment.answer_rules import check_value
from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address, AnswerState, AnswerValue, clean_text, tidy_text
from capacity_app.domain.numbers_and_dates import (
    AmbiguousValueError,
    normalize_typed,
    read_date,
    read_number,
    read_year,
)
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.formats import number_of
from capacity_app.outputs.workbook.reader.hidden_sheets import ListLabels, WorkbookLists, percent_text
from capacity_app.outputs.workbook.reader.sheets import RawCell, shown_text

NO_NUMBER = N_("This is not a number.")
NO_WHOLE_NUMBER = N_("This must be a whole number.")
TWO_NUMBERS = N_("This can be read as two different numbers.")
NO_LABEL = N_("This is none of the answers to choose from.")
TWO_LABELS = N_("This can be read as more than one of the answers to choose from.")
NO_STATE = N_("This is none of the states to choose from.")
NO_DATE = N_("This is not a date. Write it as 2018-11-29, 2018-11 or 2018.")
TWO_DATES = N_("This can be read as two different dates.")
A_DATE = N_("The spreadsheet made a date or a time of this.")
LOGICAL = N_("The spreadsheet made a logical value of this.")
TOO_LONG = N_("The text has {length} characters; {longest} are allowed.")
ERROR = N_("The spreadsheet shows an error here.")
FORMULA = N_("A formula stands here whose result is not in the file.")
ADVICE = N_("The cell says “{said}”. Ask what is meant, and enter it by hand.")
_QUOTED = 200
"""Letters of a cell that a problem quotes; the file itself is kept."""
_ANY = Address("")


class UnreadableCellError(Exception):
    """A cell cannot be read without guessing; ``values`` fill in the message."""

    def __init__(self, code: str, message: str, **values: str) -> None:
        self.code, self.message, self.values = code, message, values
        super().__init__(message)

    def problem(self, place: str, said: str) -> Problem:
        """Say where, and quote the cell."""
        values = tuple(self.values.items())
        return Problem(f"cell.{self.code}", place, self.message, ADVICE, (*values, ("said", quote_cell(said))))


def quote_cell(text: str) -> str:
    """Shorten a text for a sentence."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED]}…"


def is_empty(raw: RawCell) -> bool:
    """Return whether nothing is to be seen in a cell."""
    return isinstance(raw, str) and not normalize_typed(raw)


def same_text(one: str, other: str) -> bool:
    """Return whether two texts differ in nothing but ends of lines, as different programs save them."""
    return one == other or tidy_text(one) == tidy_text(other)


def decode_text(raw: RawCell) -> str:
    """Read a text; raises Unreadable for what the spreadsheet has made of one, and for one too long."""
    if isinstance(raw, bool):
        raise UnreadableCellError("logical", LOGICAL)
    if not isinstance(raw, str | float):
        if type(raw) is dt.date:
            return raw.isoformat()
        raise UnreadableCellError("date", A_DATE)
    text = clean_text(shown_text(raw))
    if not normalize_typed(text):
        return ""
    if len(text) > TEXT_LIMIT:
        raise UnreadableCellError("length", TOO_LONG, length=str(len(text)), longest=str(TEXT_LIMIT))
    return text


class DecodedCell(NamedTuple):
    """What a cell says: a state and, if that is an answer, a value; ``strange`` are names in no register."""

    state: AnswerState = AnswerState.NOT_ASKED
    value: AnswerValue = None
    strange: tuple[str, ...] = ()


EMPTY_ANSWER = DecodedCell()


class CellDecoder:
    """Reads cells by the lists of one workbook."""

    def __init__(self, lists: WorkbookLists) -> None:
        self.lists = lists

    def shown(self, question: Question, asked: QuestionField, value: AnswerValue) -> str | float | None:
        """Return an answer as the cell of this file shows it."""
        if value is None or isinstance(value, int):
            return value
        labels = self.lists.of(question, asked)
        if isinstance(value, tuple):
            return sheet_marks.LIST_JOINT.join(labels.by_id.get(one, one) for one in value) or self.lists.none
        if asked.kind.value_type is ValueType.PERCENT:
            return number_of(value)
        if asked.kind.value_type is ValueType.OPTION:
            return labels.by_id.get(value, value)
        return value

    def state(self, raw: RawCell) -> AnswerState:
        """Read a state; raises Unreadable."""
        if is_empty(raw):
            return AnswerState.NOT_ASKED
        try:
            text = shown_text(raw)
            return AnswerState((self.lists.special(text) or self.lists.special_elsewhere(text)).removeprefix("@"))
        except ValueError:
            raise UnreadableCellError("state", NO_STATE) from None

    def tick(self, raw: RawCell) -> bool | None:
        """Read whether an option is ticked; None for an empty cell."""
        if isinstance(raw, bool) or is_empty(raw):
            return raw if isinstance(raw, bool) else None
        found = self._found(self.lists.ticks.find, shown_text(raw))
        if not found:
            raise UnreadableCellError("label", NO_LABEL)
        return found == "yes"

    def answer(self, question: Question, asked: QuestionField, raw: RawCell, *, is_cell: bool) -> DecodedCell:
        """Read an answer; in a cell of a table words for states stand too. Raises Unreadable."""
        if is_empty(raw):
            return EMPTY_ANSWER
        takes_words = isinstance(raw, str) and (is_cell or asked.kind.value_type is not ValueType.TEXT)
        if takes_words and (state := self._word(question, asked, shown_text(raw))):
            return state
        return self.allowed(asked, self._said(question, asked, raw))

    def _said(self, question: Question, asked: QuestionField, raw: RawCell) -> DecodedCell:  # noqa: PLR0911 - one for each type
        match asked.kind.value_type:
            case ValueType.LEVEL | ValueType.INTEGER:
                return self._number(raw)
            case ValueType.PERCENT:
                return DecodedCell(AnswerState.ANSWERED, percent_text(_decode_number(raw, is_percent=True)))
            case ValueType.DATE:
                return self._date(raw)
            case ValueType.OPTION:
                return self._choice(question, asked, raw)
            case ValueType.OPTIONS | ValueType.ENTRIES:
                return self._list(question, asked, raw)
            case ValueType.TEXT:
                text = decode_text(raw)
                return DecodedCell(AnswerState.ANSWERED, text if asked.kind.info.is_free else text.strip())
            case ValueType.CELLS:
                return EMPTY_ANSWER
            case unknown:
                assert_never(unknown)

    @staticmethod
    def allowed(asked: QuestionField, said: DecodedCell) -> DecodedCell:
        """Return what was said if it may be said there; raises Unreadable for what is out of range and the like."""
        if said.value is not None and (wrong := check_value(asked, said.value, _ANY)):
            raise UnreadableCellError("value", wrong.message, **dict(wrong.values))
        return said

    def is_conflict(self, raw: RawCell) -> bool:
        """Return whether a cell says that agencies differ."""
        try:
            return not is_empty(raw) and self.lists.special(shown_text(raw)) == sheet_marks.CONFLICT_WORD
        except AmbiguousValueError:
            return False

    def _word(self, question: Question, asked: QuestionField, raw: str) -> DecodedCell | None:
        """Read a word for a state, or for nothing ticked; None for any other text."""
        labels = self.lists.of(question, asked)
        try:
            found = self.lists.special(raw) or self._word_elsewhere(asked, labels, raw)
        except AmbiguousValueError:
            return None
        if not found:
            return None
        is_label = bool(self._found(labels.find_here, raw))
        if found == sheet_marks.NONE_WORD:
            is_none = asked.kind.value_type is ValueType.OPTIONS and not is_label
            return DecodedCell(AnswerState.ANSWERED, ()) if is_none else None
        if is_label:
            # An option may be worded as a state is: then only the very spelling of one of them says which is meant.
            if labels.has(raw) == self.lists.has_special(raw):
                raise UnreadableCellError("label", TWO_LABELS)
            if labels.has(raw):
                return None
        if found == sheet_marks.CONFLICT_WORD:
            raise UnreadableCellError("label", NO_LABEL)
        state = AnswerState(found.removeprefix("@"))
        return None if state is AnswerState.ANSWERED else DecodedCell(state)

    def _word_elsewhere(self, asked: QuestionField, labels: ListLabels, raw: str) -> str:
        """Read a word for a state in another language; in a text it is a text, and a label of the list goes before."""
        is_label = asked.kind.value_type is ValueType.TEXT or labels.find_here(raw)
        return "" if is_label else self.lists.special_elsewhere(raw)

    def _found(self, find: Callable[[str], str], text: str) -> str:
        try:
            return find(text)
        except AmbiguousValueError:
            raise UnreadableCellError("label", TWO_LABELS) from None

    def _choice(self, question: Question, asked: QuestionField, raw: RawCell) -> DecodedCell:
        labels = self.lists.of(question, asked)
        if isinstance(raw, bool):
            if not asked.kind.info.fixed:
                raise UnreadableCellError("logical", LOGICAL)
            return DecodedCell(AnswerState.ANSWERED, "yes" if raw else "no")
        if found := self._found(labels.find, shown_text(raw)):
            return DecodedCell(AnswerState.ANSWERED, found)
        raise UnreadableCellError("label", NO_LABEL)

    def _list(self, question: Question, asked: QuestionField, raw: RawCell) -> DecodedCell:
        labels = self.lists.of(question, asked)
        try:
            found, strange = labels.find_all(decode_text(raw))
        except AmbiguousValueError:
            raise UnreadableCellError("label", TWO_LABELS) from None
        if asked.kind.value_type is ValueType.OPTIONS:
            if strange:
                raise UnreadableCellError("label", NO_LABEL)
            found = [option for option in asked.option_by_id if option in found]
        return (
            DecodedCell(AnswerState.ANSWERED, tuple(found), tuple(strange))
            if found
            else DecodedCell(strange=tuple(strange))
        )

    @staticmethod
    def _date(raw: RawCell) -> DecodedCell:
        if type(raw) is dt.date:
            return DecodedCell(AnswerState.ANSWERED, raw.isoformat())
        try:
            return DecodedCell(AnswerState.ANSWERED, _decode_date(raw))
        except AmbiguousValueError:
            raise UnreadableCellError("date", TWO_DATES) from None
        except ValueError:
            raise UnreadableCellError("date", NO_DATE) from None

    @staticmethod
    def _number(raw: RawCell) -> DecodedCell:
        number = _decode_number(raw)
        if number != int(number):
            raise UnreadableCellError("number", NO_WHOLE_NUMBER)
        return DecodedCell(AnswerState.ANSWERED, int(number))


def _decode_date(raw: RawCell) -> str:
    if isinstance(raw, float) and not isinstance(raw, bool):
        return read_year(raw)
    if not isinstance(raw, str):
        raise UnreadableCellError("date", NO_DATE)
    return read_date(raw)


def _decode_number(raw: RawCell, *, is_percent: bool = False) -> Decimal:
    if isinstance(raw, bool):
        raise UnreadableCellError("logical", LOGICAL)
    if isinstance(raw, float) and isfinite(raw):
        return Decimal(str(raw))
    if not isinstance(raw, str):
        raise UnreadableCellError("date", A_DATE)
    try:
        return read_number(raw, is_percent=is_percent)
    except AmbiguousValueError:
        raise UnreadableCellError("number", TWO_NUMBERS) from None
    except ValueError:
        raise UnreadableCellError("number", NO_NUMBER) from None
