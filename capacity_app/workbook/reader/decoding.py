"""What a cell says as an answer of its field; what cannot be read without guessing says why."""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

from capacity_app.domain.answers import TEXT_LIMIT, Address, State, Value, clean_text
from capacity_app.domain.checking import check_value
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.domain.numerals import AmbiguousError, date_in, number_in, tidied, year_of
from capacity_app.domain.problems import N_, Problem
from capacity_app.workbook import layout
from capacity_app.workbook.choices import PICKED
from capacity_app.workbook.measuring import number_of
from capacity_app.workbook.reader.labels import Labels, Lists
from capacity_app.workbook.reader.payload import percent_text
from capacity_app.workbook.reader.sheets import Raw, shown_text

NO_NUMBER = N_("This is no number.")
NO_WHOLE_NUMBER = N_("This must be a whole number.")
TWO_NUMBERS = N_("This can be read as two different numbers.")
NO_LABEL = N_("This is none of the answers to choose from.")
TWO_LABELS = N_("This can be read as more than one of the answers to choose from.")
NO_STATE = N_("This is none of the states to choose from.")
NO_DATE = N_("This is no date, such as 2018-11-29, 2018-11 or 2018.")
TWO_DATES = N_("This can be read as two different dates.")
A_DATE = N_("The spreadsheet made a date or a time of this.")
LOGICAL = N_("The spreadsheet made a logical value of this.")
TOO_LONG = N_("The text has {length} characters; {longest} are allowed.")
ERROR = N_("The spreadsheet shows an error here.")
FORMULA = N_("A formula stands here whose result is not in the file.")
ADVICE = N_("The cell says “{said}”. Ask what is meant, and enter it by hand.")
_QUOTED = 200
"""Letters of a cell that a problem quotes; the file itself is kept."""
_LETTERS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL})
_ANY = Address("")


class Unreadable(Exception):  # noqa: N818 - it is no error of the program
    """A cell cannot be read without guessing; ``values`` fill in the message."""

    def __init__(self, code: str, message: str, **values: str) -> None:
        self.code, self.message, self.values = code, message, values
        super().__init__(message)

    def problem(self, place: str, said: str) -> Problem:
        """Say where, and quote the cell."""
        values = tuple(self.values.items())
        return Problem(f"cell.{self.code}", place, self.message, ADVICE, (*values, ("said", quoted(said))))


def quoted(text: str) -> str:
    """Shorten a text for a sentence."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED]}…"


def is_empty(raw: Raw) -> bool:
    """Return whether nothing is to be seen in a cell."""
    return isinstance(raw, str) and not tidied(raw)


def same_text(one: str, other: str) -> bool:
    """Return whether two texts differ in nothing but ends of lines, as different programs save them."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return "\n".join(line.rstrip() for line in clean_text(text).strip().split("\n"))


def text_in(raw: Raw) -> str:
    """Read a text; raises Unreadable for what the spreadsheet has made of one, and for one too long."""
    if isinstance(raw, bool):
        raise Unreadable("logical", LOGICAL)
    if not isinstance(raw, str | float):
        if type(raw) is dt.date:
            return raw.isoformat()
        raise Unreadable("date", A_DATE)
    text = clean_text(shown_text(raw))
    if not tidied(text):
        return ""
    if len(text) > TEXT_LIMIT:
        raise Unreadable("length", TOO_LONG, length=str(len(text)), longest=str(TEXT_LIMIT))
    return text


class Said(NamedTuple):
    """What a cell says: a state and, if that is an answer, a value; ``strange`` are names in no register."""

    state: State = State.NOT_ASKED
    value: Value = None
    strange: tuple[str, ...] = ()


NOTHING = Said()


class Decoder:
    """Reads cells by the lists of one workbook."""

    def __init__(self, lists: Lists) -> None:
        self.lists = lists
        self._readers: Mapping[Kind, Callable[[Question, Field, Raw], Said]] = {
            Kind.LEVEL: self._number,
            Kind.INTEGER: self._number,
            Kind.YEAR: self._number,
            Kind.PERCENT: self._percent,
            Kind.DATE: self._date,
            Kind.YES_NO: self._choice,
            Kind.YES_PARTLY_NO: self._choice,
            Kind.CHOICE: self._choice,
            Kind.CHECKLIST: self._list,
            **dict.fromkeys(PICKED, self._list),
            **dict.fromkeys(_LETTERS, self._text),
        }

    def shown(self, question: Question, asked: Field, value: Value) -> str | float | None:
        """Return an answer as the cell of this file shows it."""
        if value is None or isinstance(value, int):
            return value
        labels = self.lists.of(question, asked)
        if isinstance(value, tuple):
            return layout.LIST_JOINT.join(labels.by_id.get(one, one) for one in value) or self.lists.none
        if asked.kind is Kind.PERCENT:
            return number_of(value)
        if asked.kind in {Kind.CHOICE, Kind.YES_NO, Kind.YES_PARTLY_NO}:
            return labels.by_id.get(value, value)
        return value

    def state(self, raw: Raw) -> State:
        """Read a state; raises Unreadable."""
        if is_empty(raw):
            return State.NOT_ASKED
        try:
            text = shown_text(raw)
            return State((self.lists.special(text) or self.lists.special_elsewhere(text)).removeprefix("@"))
        except ValueError:
            raise Unreadable("state", NO_STATE) from None

    def tick(self, raw: Raw) -> bool | None:
        """Read whether an option is ticked; None for an empty cell."""
        if isinstance(raw, bool) or is_empty(raw):
            return raw if isinstance(raw, bool) else None
        found = self._found(self.lists.ticks.find, shown_text(raw))
        if not found:
            raise Unreadable("label", NO_LABEL)
        return found == "yes"

    def answer(self, question: Question, asked: Field, raw: Raw, *, is_cell: bool) -> Said:
        """Read an answer; in a cell of a table words for states stand too. Raises Unreadable."""
        if is_empty(raw):
            return NOTHING
        takes_words = isinstance(raw, str) and (is_cell or asked.kind not in _LETTERS)
        if takes_words and (state := self._word(question, asked, shown_text(raw))):
            return state
        said = self._readers[asked.kind](question, asked, raw)
        return self.allowed(asked, said)

    @staticmethod
    def allowed(asked: Field, said: Said) -> Said:
        """Return what was said if it may be said there; raises Unreadable for what is out of range and the like."""
        if said.value is not None and (wrong := check_value(asked, said.value, _ANY)):
            raise Unreadable("value", wrong.message, **dict(wrong.values))
        return said

    def is_conflict(self, raw: Raw) -> bool:
        """Return whether a cell says that agencies differ."""
        try:
            return not is_empty(raw) and self.lists.special(shown_text(raw)) == layout.CONFLICT
        except AmbiguousError:
            return False

    def _word(self, question: Question, asked: Field, raw: str) -> Said | None:
        """Read a word for a state, or for nothing ticked; None for any other text."""
        labels = self.lists.of(question, asked)
        try:
            found = self.lists.special(raw) or self._word_elsewhere(asked, labels, raw)
        except AmbiguousError:
            return None
        if not found:
            return None
        is_label = bool(self._found(labels.find_here, raw))
        if found == layout.NONE:
            return Said(State.ANSWERED, ()) if asked.kind is Kind.CHECKLIST and not is_label else None
        if is_label:
            # An option may be worded as a state is: then only the very spelling of one of them says which is meant.
            if labels.has(raw) == self.lists.has_special(raw):
                raise Unreadable("label", TWO_LABELS)
            if labels.has(raw):
                return None
        if found == layout.CONFLICT:
            raise Unreadable("label", NO_LABEL)
        state = State(found.removeprefix("@"))
        return None if state is State.ANSWERED else Said(state)

    def _word_elsewhere(self, asked: Field, labels: Labels, raw: str) -> str:
        """Read a word for a state in another language; in a text it is a text, and a label of the list goes before."""
        is_label = asked.kind in _LETTERS or labels.find_here(raw)
        return "" if is_label else self.lists.special_elsewhere(raw)

    def _found(self, find: Callable[[str], str], text: str) -> str:
        try:
            return find(text)
        except AmbiguousError:
            raise Unreadable("label", TWO_LABELS) from None

    def _choice(self, question: Question, asked: Field, raw: Raw) -> Said:
        labels = self.lists.of(question, asked)
        if isinstance(raw, bool):
            if asked.kind is Kind.CHOICE:
                raise Unreadable("logical", LOGICAL)
            return Said(State.ANSWERED, "yes" if raw else "no")
        if found := self._found(labels.find, shown_text(raw)):
            return Said(State.ANSWERED, found)
        raise Unreadable("label", NO_LABEL)

    def _list(self, question: Question, asked: Field, raw: Raw) -> Said:
        labels = self.lists.of(question, asked)
        try:
            found, strange = labels.find_all(text_in(raw))
        except AmbiguousError:
            raise Unreadable("label", TWO_LABELS) from None
        if strange and asked.kind is Kind.CHECKLIST:
            raise Unreadable("label", NO_LABEL)
        if asked.kind is Kind.CHECKLIST:
            found = [option for option in asked.option_by_id if option in found]
        return Said(State.ANSWERED, tuple(found), tuple(strange)) if found else Said(strange=tuple(strange))

    def _text(self, _question: Question, asked: Field, raw: Raw) -> Said:
        text = text_in(raw)
        return Said(State.ANSWERED, text.strip() if asked.kind is Kind.URL else text)

    def _date(self, _question: Question, _asked: Field, raw: Raw) -> Said:
        if type(raw) is dt.date:
            return Said(State.ANSWERED, raw.isoformat())
        try:
            return Said(State.ANSWERED, _date_in(raw))
        except AmbiguousError:
            raise Unreadable("date", TWO_DATES) from None
        except ValueError:
            raise Unreadable("date", NO_DATE) from None

    def _number(self, _question: Question, _asked: Field, raw: Raw) -> Said:
        number = _number_in(raw)
        if number != int(number):
            raise Unreadable("number", NO_WHOLE_NUMBER)
        return Said(State.ANSWERED, int(number))

    def _percent(self, _question: Question, _asked: Field, raw: Raw) -> Said:
        number = _number_in(raw, is_percent=True)
        return Said(State.ANSWERED, percent_text(number))


def _date_in(raw: Raw) -> str:
    if isinstance(raw, float) and not isinstance(raw, bool):
        return year_of(raw)
    if not isinstance(raw, str):
        raise Unreadable("date", NO_DATE)
    return date_in(raw)


def _number_in(raw: Raw, *, is_percent: bool = False) -> Decimal:
    if isinstance(raw, bool):
        raise Unreadable("logical", LOGICAL)
    if isinstance(raw, float) and isfinite(raw):
        return Decimal(str(raw))
    if not isinstance(raw, str):
        raise Unreadable("date", A_DATE)
    try:
        return number_in(raw, is_percent=is_percent)
    except AmbiguousError:
        raise Unreadable("number", TWO_NUMBERS) from None
    except ValueError:
        raise Unreadable("number", NO_NUMBER) from None
