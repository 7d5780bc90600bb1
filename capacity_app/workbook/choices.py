"""What may be answered where: the drop-down lists, the rules of a cell, and an answer as the cell shows it.

All lists stand on one hidden sheet with label and id, and every rule points there: a list written into
the rule itself may have 255 letters in all, and its entries no comma. A reader finds the id of a label on
the same sheet, whatever language the workbook is in.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from capacity_app.domain.answers import State
from capacity_app.domain.answers import Value as Said
from capacity_app.domain.checking import YEARS
from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind, Question
from capacity_app.domain.problems import N_
from capacity_app.texts import country_codes
from capacity_app.wording import STATE_WORDS, YES_NO_WORDS, Wording
from capacity_app.workbook.layout import (
    AGENCIES_LIST,
    CONFLICT,
    LIST_COLUMNS,
    LIST_JOINT,
    LISTS_SHEET,
    NONE,
    STATES_LIST,
    TICKS_LIST,
    WORDS_LIST,
    list_name,
)
from capacity_app.workbook.measuring import clean, number_of, shortened
from capacity_app.workbook.page import Book, put_text

PICKED = frozenset({Kind.AGENCY, Kind.SOURCE, Kind.COUNTRY})
"""Kinds whose answers are entries of a register or a code list."""
_CELL_STATES = (State.UNKNOWN, State.DECLINED, State.NOT_APPLICABLE)
"""States that a cell of a table takes as a word, since it has no state beside it."""
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
_HIGHEST_PERCENT = 1000
_LOOK_OF_KIND = {
    Kind.LEVEL: "level",
    Kind.YEAR: "year",
    Kind.INTEGER: "number",
    Kind.PERCENT: "percent",
}
_HELP: dict[Kind, str] = {
    Kind.INTEGER: N_("A whole number"),
    Kind.PERCENT: N_("A percentage, such as 12.5"),
    Kind.YEAR: N_("A year, such as 2018"),
    Kind.DATE: N_("A date: 2018-11-29, 2018-11 or 2018"),
    Kind.AGENCY: N_("An agency of the list, or another by its name"),
    Kind.SOURCE: N_("A source of the list, or another by its name"),
    Kind.COUNTRY: N_("A country"),
    Kind.URL: N_("A link that starts with https://"),
    Kind.CHECKLIST: N_("Any of these"),
}
_SEVERAL = N_("several are separated by a semicolon")


class Choice(NamedTuple):
    """One entry of a list; the label is the number itself for levels."""

    label: str | int
    id: str


def help_words(words: Wording, asked: Field) -> str:
    """Return what form an answer has where no list of options says it."""
    text = words.say(_HELP[asked.kind]) if asked.kind in _HELP else ""
    if asked.many or asked.kind is Kind.CHECKLIST:
        return f"{text}; {words.say(_SEVERAL)}"
    return text


def input_look(asked: Field) -> str:
    """Name the look of a cell to be filled in."""
    kind = _LOOK_OF_KIND.get(asked.kind)
    return f"input_{kind}" if kind else "input"


def voice_look(asked: Field) -> str:
    """Name the look of what one of several respondents said."""
    kind = _LOOK_OF_KIND.get(asked.kind)
    return f"voice_{kind}" if kind else "voice"


def _distinct(entries: Iterable[Choice]) -> tuple[Choice, ...]:
    """Tell entries of the same name apart by their ids."""
    listed = [Choice(clean(one.label) if isinstance(one.label, str) else one.label, one.id) for one in entries]
    counts = Counter(entry.label for entry in listed)
    return tuple(Choice(f"{e.label} ({e.id})", e.id) if counts[e.label] > 1 else e for e in listed)


@dataclass
class Choices:
    """The lists of a workbook: each is written once, when first asked for."""

    words: Wording
    entries: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    first_rows: dict[str, int] = field(default_factory=dict)
    rows: int = 1
    labels: dict[str, dict[str, str | int]] = field(default_factory=dict)
    rules: dict[tuple[str, bool, bool], dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def states(self) -> tuple[Choice, ...]:
        return tuple(Choice(self.words.texts.gettext(word), f"@{state}") for state, word in STATE_WORDS.items())

    @cached_property
    def _cell_states(self) -> tuple[Choice, ...]:
        return tuple(Choice(self.words.texts.gettext(STATE_WORDS[state]), f"@{state}") for state in _CELL_STATES)

    def state(self, state: State) -> str:
        return self.words.texts.gettext(STATE_WORDS[state])

    def of(self, question: Question, asked: Field) -> tuple[Choice, ...]:
        """Return the entries a field's answer may be, none if anything may be typed."""
        name = list_name(question, asked)
        if name and name not in self.entries:
            self.entries[name] = _distinct(self._made(question, asked))
        return self.entries.get(name, ())

    def _made(self, question: Question, asked: Field) -> Iterable[Choice]:
        match asked.kind:
            case Kind.LEVEL:
                return (Choice(level, str(level)) for level in range(TOP_LEVEL + 1))
            case Kind.YES_NO:
                return self._yes_no("yes", "no")
            case Kind.YES_PARTLY_NO:
                return self._yes_no("yes", "partly", "no")
        if asked.kind in PICKED:
            return self._registered(asked.kind)
        return (Choice(self.words.option(question, asked, option), option.id) for option in asked.options)

    def _registered(self, kind: Kind) -> Iterable[Choice]:
        words, dossier = self.words, self.words.dossier
        if kind is Kind.AGENCY:
            return (Choice(words.agency(agency.id), agency.id) for agency in dossier.agencies)
        if kind is Kind.SOURCE:
            return (Choice(words.source(source.id), source.id) for source in dossier.sources)
        named = (Choice(words.texts.country(code), code) for code in country_codes())
        return sorted(named, key=lambda choice: words.texts.alphabetical(str(choice.label)))

    @cached_property
    def differ(self) -> Choice:
        return Choice(self.words.say(N_("agencies differ")), CONFLICT)

    @cached_property
    def none(self) -> Choice:
        return Choice(self.words.texts.gettext("none of these"), NONE)

    def _yes_no(self, *answers: str) -> Iterable[Choice]:
        return (Choice(self.words.texts.gettext(YES_NO_WORDS[answer]), answer) for answer in answers)

    def label(self, question: Question, asked: Field, entry_id: str) -> str:
        """Return the label of an entry, or the id of one that is no longer there."""
        name = list_name(question, asked)
        if name not in self.labels:
            self.labels[name] = {entry.id: entry.label for entry in self.of(question, asked)}
        return str(self.labels[name].get(entry_id, entry_id))

    def shown(self, question: Question, asked: Field, value: Said) -> str | int | float | None:
        """Return an answer as its cell shows it: numbers as numbers, choices by their labels."""
        if value is None or isinstance(value, int):
            return value
        if isinstance(value, tuple):
            listed = LIST_JOINT.join(self.label(question, asked, entry) for entry in value)
            return listed or self.none.label
        if asked.kind is Kind.PERCENT:
            return number_of(value)
        if asked.kind in {Kind.CHOICE, Kind.YES_NO, Kind.YES_PARTLY_NO}:
            return self.label(question, asked, value)
        return value

    def range_of(self, name: str, entries: Sequence[Choice]) -> str:
        """Return the range of a list on the hidden sheet, reserving it the first time."""
        if name not in self.first_rows:
            self.entries.setdefault(name, tuple(entries))
            self.first_rows[name] = self.rows
            self.rows += len(entries)
        first = self.first_rows[name]
        return f"={LISTS_SHEET}!$B${first + 1}:$B${first + len(entries)}"

    def write(self, book: Book) -> None:
        """Write the hidden sheet of all lists in use."""
        self.range_of(WORDS_LIST, (self.differ, self.none))
        sheet = book.add_sheet(LISTS_SHEET, LISTS_SHEET)
        sheet.hide()
        for column, name in enumerate(LIST_COLUMNS):
            sheet.write_string(0, column, name)
        for name, first in self.first_rows.items():
            for row, entry in enumerate(self.entries[name], start=first):
                sheet.write_string(row, 0, name)
                if isinstance(entry.label, int):
                    sheet.write_number(row, 1, entry.label)
                else:
                    put_text(sheet, row, 1, entry.label)
                sheet.write_string(row, 2, entry.id)

    def agency_rule(self) -> dict[str, Any] | None:
        """Make the rule of the cell where whoever sends the workbook back names their agency."""
        entries = _distinct(self._registered(Kind.AGENCY))
        if not entries:
            return None
        return {"validate": "list", "source": self.range_of(AGENCIES_LIST, entries), "show_error": False}

    @cached_property
    def state_rule(self) -> dict[str, Any]:
        return self._list_rule(self.range_of(STATES_LIST, self.states))

    @cached_property
    def tick_rule(self) -> dict[str, Any]:
        """Make the rule of one option of a checklist: yes or no."""
        return self._list_rule(self.range_of(TICKS_LIST, tuple(self._yes_no("yes", "no"))))

    def _list_rule(self, source: str, error: str = "stop") -> dict[str, Any]:
        say = self.words.say
        message = {
            "stop": N_("Choose an entry of the list. Whatever else there is to say belongs under Remarks."),
            "warning": N_("This is not in the list. It can stay; whoever reads it will have to place it."),
        }[error]
        return {
            "validate": "list",
            "source": source,
            "error_type": error,
            "error_title": shortened(say(N_("Not in the list")), _TITLE_LIMIT),
            "error_message": shortened(say(message), _MESSAGE_LIMIT),
        }

    def rule(self, question: Question, asked: Field, *, in_table: bool = False) -> dict[str, Any] | None:
        """Make the rule of an answer's cell, None if anything may be typed; equal questions share theirs."""
        entries = self.of(question, asked)
        if entries:
            key = (list_name(question, asked), in_table, asked.many)
            if key not in self.rules:
                self.rules[key] = self._entries_rule(question, asked, entries, in_table=in_table)
            return self.rules[key]
        if asked.kind in {Kind.INTEGER, Kind.YEAR, Kind.PERCENT}:
            return self._number_rule(asked, in_table=in_table)
        return None

    def _entries_rule(
        self, question: Question, asked: Field, entries: tuple[Choice, ...], *, in_table: bool
    ) -> dict[str, Any]:
        name = list_name(question, asked)
        if in_table:
            is_ticked = asked.kind is Kind.CHECKLIST and not any(option.exclusive for option in asked.options)
            name, none = f"{name} @cell", (self.none,) if is_ticked else ()
            entries = (*entries, *none, *self._cell_states)
        rule = self._list_rule(self.range_of(name, entries), "warning" if asked.kind in PICKED else "stop")
        if asked.many or asked.kind is Kind.CHECKLIST:
            # A list takes one entry only; for several it proposes and does not object.
            return {"validate": "list", "source": rule["source"], "show_error": False}
        return rule

    def _number_rule(self, asked: Field, *, in_table: bool) -> dict[str, Any]:
        low, high = asked.minimum, asked.maximum
        if asked.kind is Kind.YEAR:
            low, high = low if low is not None else YEARS[0], high if high is not None else YEARS[1]
        if asked.kind is Kind.PERCENT:
            low, high = 0, _HIGHEST_PERCENT
        return {
            **_limits(low, high),
            "validate": "decimal" if asked.kind is Kind.PERCENT else "whole",
            # In a table the words for unknown and not applicable stand in the same cell.
            "error_type": "warning" if in_table else "stop",
            "error_title": shortened(self.words.say(N_("Not such a number")), _TITLE_LIMIT),
            "error_message": shortened(help_words(self.words, asked), _MESSAGE_LIMIT),
        }

    def with_message(self, rule: dict[str, Any] | None, title: str, message: str) -> dict[str, Any]:
        """Add the words that appear when the cell is chosen."""
        return (rule or {"validate": "any"}) | {
            "input_title": shortened(title, _TITLE_LIMIT),
            "input_message": shortened(message, _MESSAGE_LIMIT),
        }


def _limits(low: int | None, high: int | None) -> dict[str, Any]:
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": low, "maximum": high}
    if high is not None:
        return {"criteria": "<=", "value": high}
    return {"criteria": ">=", "value": low if low is not None else 0}
