"""What may be answered where: the sentences beside a cell, and the drop-down lists that fill it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from capacity_app.domain.answers import TEXT_LIMIT
from capacity_app.domain.instrument import TOP_LEVEL, Field, Kind, Question
from capacity_app.domain.problems import N_
from capacity_app.wording import STATE_WORDS, YES_NO_WORDS, Wording
from capacity_app.workbook.cells import Book, put
from capacity_app.workbook.layout import LISTS_SHEET

JOINT = "; "
"""Between several entries in one cell."""
_HELP_LIMIT = 255

_SAYS = {Kind.YES_NO: ("yes", "no"), Kind.YES_PARTLY_NO: ("yes", "partly", "no")}
_HELP: dict[Kind, str] = {
    Kind.TEXT: N_("text"),
    Kind.LONG_TEXT: N_("text, up to {limit} characters"),
    Kind.INTEGER: N_("whole number"),
    Kind.PERCENT: N_("percentage, such as 12.5"),
    Kind.YEAR: N_("year, such as 2018"),
    Kind.DATE: N_("date as 2018-11-29, 2018-11 or 2018"),
    Kind.AGENCY: N_("agency of the sheet on agencies; several separated by ;"),
    Kind.SOURCE: N_("source of the sheet on data sources; several separated by ;"),
    Kind.COUNTRY: N_("country; several separated by ;"),
    Kind.URL: N_("link that starts with https://"),
}


def options(words: Wording, question: Question, asked: Field) -> tuple[str, ...]:
    """Give the entries of a field's drop-down list, none if anything may be typed."""
    match asked.kind:
        case Kind.LEVEL:
            return tuple(str(level) for level in range(TOP_LEVEL + 1))
        case Kind.CHOICE:
            return tuple(words.option(question, asked, option) for option in asked.options)
        case Kind.AGENCY:
            return tuple(words.agency(agency.id) for agency in words.dossier.agencies)
        case Kind.SOURCE:
            return tuple(words.source(source.id) for source in words.dossier.sources)
    return tuple(words.texts.gettext(YES_NO_WORDS[value]) for value in _SAYS.get(asked.kind, ()))


def states(words: Wording) -> tuple[str, ...]:
    """Give the entries of the list of states."""
    return tuple(words.texts.gettext(word) for word in STATE_WORDS.values())


def allowed(words: Wording, question: Question, asked: Field) -> str:
    """Say what may be answered: anchors, options, or the form of the answer."""
    if asked.kind is Kind.LEVEL:
        lines = (f"{level} – {words.anchor(question, asked, level)}" for level in range(len(asked.anchors)))
        return "\n".join(lines) or words.say(N_("level 0 to 3"))
    if asked.kind is Kind.CHECKLIST:
        listed = JOINT.join(words.option(question, asked, option) for option in asked.options)
        return words.say(N_("any of these, separated by ; – {list}"), list=listed)
    if asked.kind in _HELP:
        return words.say(_HELP[asked.kind], limit=words.texts.number(TEXT_LIMIT))
    return "\n".join(options(words, question, asked))


@dataclass
class Lists:
    """The hidden sheet of drop-down entries; equal lists are written once."""

    book: Book
    sheet: Worksheet = field(init=False)
    places: dict[tuple[str, ...], str] = field(default_factory=dict)

    def open_sheet(self) -> None:
        """Add the sheet; it stands last and is hidden."""
        self.sheet = self.book.add_sheet(LISTS_SHEET)
        self.sheet.hide()

    def prepare(self, entries: tuple[str, ...]) -> str:
        """Reserve a column for a list and give its range."""
        if entries not in self.places:
            column = xl_col_to_name(len(self.places), col_abs=True)
            self.places[entries] = f"={LISTS_SHEET}!{column}$1:{column}${len(entries)}"
        return self.places[entries]

    def fill(self) -> None:
        """Write all lists."""
        for column, entries in enumerate(self.places):
            for row, entry in enumerate(entries):
                put(self.sheet, row, column, _value(entry), self.book.look("machine"))


def _value(entry: str) -> str | int:
    """Levels are numbers, so that a level typed by hand is found in the list."""
    return int(entry) if entry.isascii() and entry.isdecimal() and len(entry) == 1 else entry


def validation(lists: Lists, words: Wording, asked: Field, entries: Sequence[str]) -> dict[str, Any]:
    """Make the rule of a drop-down list; where several entries may stand, it only proposes."""
    is_open = asked.many or asked.kind in {Kind.AGENCY, Kind.SOURCE}
    return {
        "validate": "list",
        "source": lists.prepare(tuple(entries)),
        "show_error": not is_open,
        "error_title": words.say(N_("Not in the list"))[:32],
        "error_message": words.say(N_("Choose an entry of the list, or use the state beside it."))[:_HELP_LIMIT],
    }
