"""The kinds of answers: one record says all there is to know of each, and everything else looks it up.

A kind stores one of a few types of values. Where the program treats answers differently, it matches on that type, and
ends in ``assert_never``: mypy then names every place that a new type of value must go.
"""

from collections.abc import Mapping
from enum import StrEnum

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.numbers_and_dates import YEAR_RANGE
from capacity_app.domain.problems import N_

TOP_LEVEL = 3
"""The highest level of the usual scale, and of what is measured in levels without having any."""


class ValueType(StrEnum):
    """What is stored as the value of an answer."""

    LEVEL = "level"
    """A level of the anchored scale, as a number."""
    OPTION = "option"
    """The id of an option, or a fixed word such as "yes"."""
    OPTIONS = "options"
    """The ids of the ticked options; none of them is an answer too."""
    ENTRIES = "entries"
    """The ids of entries of a register or of the list of countries."""
    TEXT = "text"
    INTEGER = "integer"
    PERCENT = "percent"
    """A decimal number as text, so that it stays as precise as it was given."""
    DATE = "date"
    """A year, month or day (ISO 8601)."""
    CELLS = "cells"
    """Nothing: a table is answered in its cells."""


@dataclass(frozen=True, slots=True)
class ColumnWidths:
    """How wide a column of such answers is: in letters on the screen and in the workbook, on paper in millimetres."""

    screen: int
    workbook: float
    paper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KindInfo:
    """All about one kind of answer.

    ``fixed`` are the answers that the kind itself gives, as text. ``pattern`` is the regular expression of a text or
    of each entry; ``wrong`` says that one does not match. ``register`` is where entries stand, empty for countries.
    ``usual_range`` holds where a question sets no limits. ``is_free`` is text that needs no form, ``is_long`` takes
    several lines, ``is_year`` parts no thousands. ``hint`` says on screen and in the workbook what is expected,
    ``paper_hint`` how it is given on paper, ``paper_hint_many`` how several are. ``find_prompt`` stands in the field
    that finds entries, ``add_prompt`` offers a new one. ``appearance`` and ``constraint`` are those of XLSForm.
    """

    value_type: ValueType
    widths: ColumnWidths
    fixed: tuple[str, ...] = ()
    pattern: str = ""
    wrong: str = ""
    register: str = ""
    usual_range: tuple[int | None, int | None] = (None, None)
    is_free: bool = False
    is_long: bool = False
    is_year: bool = False
    hint: str = ""
    paper_hint: str = ""
    paper_hint_many: str = ""
    find_prompt: str = ""
    add_prompt: str = ""
    appearance: str = ""
    constraint: str = ""

    @property
    def is_number(self) -> bool:
        """Return whether an answer is a whole number."""
        return self.value_type in {ValueType.LEVEL, ValueType.INTEGER}

    @property
    def is_in_figures(self) -> bool:
        """Return whether an answer is typed as a number."""
        return self.value_type in {ValueType.INTEGER, ValueType.PERCENT}

    @property
    def is_typed(self) -> bool:
        """Return whether an answer is typed into a field."""
        return self.is_in_figures or self.value_type in {ValueType.TEXT, ValueType.DATE}

    @property
    def is_typed_or_found(self) -> bool:
        """Return whether letters are typed for an answer: as the answer itself, or to find an entry."""
        return self.is_typed or self.value_type is ValueType.ENTRIES

    @property
    def is_single_choice(self) -> bool:
        """Return whether an answer is one of a few."""
        return self.value_type in {ValueType.LEVEL, ValueType.OPTION}

    @property
    def is_chosen(self) -> bool:
        """Return whether the questionnaire, or the program, words what may be answered."""
        return self.is_single_choice or self.value_type is ValueType.OPTIONS

    @property
    def is_list(self) -> bool:
        """Return whether an answer is a tuple of ids."""
        return self.value_type in {ValueType.OPTIONS, ValueType.ENTRIES}

    @property
    def is_complementary(self) -> bool:
        """Return whether different responses complete each other instead of contradicting."""
        return self.value_type in {ValueType.TEXT, ValueType.ENTRIES}

    @property
    def has_options(self) -> bool:
        """Return whether the questionnaire lists the options."""
        return self.value_type in {ValueType.OPTION, ValueType.OPTIONS} and not self.fixed

    @property
    def has_limits(self) -> bool:
        """Return whether a question may set ``minimum`` and ``maximum``: of a number, or of the letters of a text."""
        return self.value_type is ValueType.INTEGER or self.is_free


class AnswerKind(StrEnum):
    """What form an answer takes."""

    LEVEL = "level"
    YES_NO = "yes_no"
    YES_PARTLY_NO = "yes_partly_no"
    CHOICE = "choice"
    CHECKLIST = "checklist"
    GRID = "grid"
    TEXT = "text"
    LONG_TEXT = "long_text"
    INTEGER = "integer"
    PERCENT = "percent"
    YEAR = "year"
    DATE = "date"
    AGENCY = "agency"
    SOURCE = "source"
    COUNTRY = "country"
    URL = "url"

    @property
    def info(self) -> KindInfo:
        return KINDS[self]

    @property
    def value_type(self) -> ValueType:
        return KINDS[self].value_type


KINDS: Mapping[AnswerKind, KindInfo] = {
    AnswerKind.LEVEL: KindInfo(
        value_type=ValueType.LEVEL,
        paper_hint=N_("Tick the one level that fits best."),
        widths=ColumnWidths(screen=21, workbook=13, paper=44),
    ),
    AnswerKind.YES_NO: KindInfo(
        value_type=ValueType.OPTION,
        fixed=("yes", "no"),
        paper_hint=N_("Tick one."),
        widths=ColumnWidths(screen=9, workbook=13, paper=17),
    ),
    AnswerKind.YES_PARTLY_NO: KindInfo(
        value_type=ValueType.OPTION,
        fixed=("yes", "partly", "no"),
        paper_hint=N_("Tick one."),
        widths=ColumnWidths(screen=10, workbook=13, paper=21),
    ),
    AnswerKind.CHOICE: KindInfo(
        value_type=ValueType.OPTION,
        paper_hint=N_("Tick one."),
        widths=ColumnWidths(screen=17, workbook=17, paper=32),
    ),
    AnswerKind.CHECKLIST: KindInfo(
        value_type=ValueType.OPTIONS,
        hint=N_("Any of these"),
        paper_hint=N_("Tick all that apply."),
        widths=ColumnWidths(screen=24, workbook=23, paper=38),
    ),
    AnswerKind.GRID: KindInfo(value_type=ValueType.CELLS, widths=ColumnWidths(screen=0, workbook=0, paper=0)),
    AnswerKind.TEXT: KindInfo(
        value_type=ValueType.TEXT, is_free=True, widths=ColumnWidths(screen=24, workbook=23, paper=42)
    ),
    AnswerKind.LONG_TEXT: KindInfo(
        value_type=ValueType.TEXT,
        is_free=True,
        is_long=True,
        appearance="multiline",
        widths=ColumnWidths(screen=30, workbook=23, paper=58),
    ),
    AnswerKind.INTEGER: KindInfo(
        value_type=ValueType.INTEGER,
        hint=N_("A whole number"),
        paper_hint=N_("A whole number, one digit in each box"),
        widths=ColumnWidths(screen=11, workbook=15, paper=32),
    ),
    AnswerKind.PERCENT: KindInfo(
        value_type=ValueType.PERCENT,
        usual_range=(0, 1000),  # shares of GDP can pass 100
        hint=N_("A percentage, such as 12.5"),
        paper_hint=N_("Per cent, with one decimal if known"),
        constraint=". >= 0 and . <= 100",
        widths=ColumnWidths(screen=10, workbook=12, paper=33),
    ),
    AnswerKind.YEAR: KindInfo(
        value_type=ValueType.INTEGER,
        usual_range=YEAR_RANGE,
        is_year=True,
        hint=N_("A year, such as 2018"),
        paper_hint=N_("Year"),
        widths=ColumnWidths(screen=10, workbook=11, paper=23),
    ),
    AnswerKind.DATE: KindInfo(
        value_type=ValueType.DATE,
        hint=N_("A date: 2018-11-29, 2018-11 or 2018"),
        paper_hint=N_("Year, month, day"),
        constraint="regex(., '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$')",
        widths=ColumnWidths(screen=14, workbook=14, paper=27),
    ),
    AnswerKind.AGENCY: KindInfo(
        value_type=ValueType.ENTRIES,
        register="agencies",
        hint=N_("An agency of the list, or another by its name"),
        paper_hint=N_("Name of the agency"),
        paper_hint_many=N_("Names of the agencies, one on each line"),
        find_prompt=N_("Type to find or add an agency"),
        add_prompt=N_("Add “{name}” as a new agency"),
        widths=ColumnWidths(screen=20, workbook=16, paper=30),
    ),
    AnswerKind.SOURCE: KindInfo(
        value_type=ValueType.ENTRIES,
        register="sources",
        hint=N_("A source of the list, or another by its name"),
        paper_hint=N_("Name of the data source"),
        paper_hint_many=N_("Names of the data sources, one on each line"),
        find_prompt=N_("Type to find or add a data source"),
        add_prompt=N_("Add “{name}” as a new data source"),
        widths=ColumnWidths(screen=20, workbook=23, paper=32),
    ),
    AnswerKind.COUNTRY: KindInfo(
        value_type=ValueType.ENTRIES,
        pattern=r"\d{3}",
        wrong=N_("Countries are given by their three-digit M49 code."),
        hint=N_("A country"),
        paper_hint=N_("Name of the country"),
        paper_hint_many=N_("Names of the countries, one on each line"),
        find_prompt=N_("Type to find a country"),
        widths=ColumnWidths(screen=18, workbook=23, paper=44),
    ),
    AnswerKind.URL: KindInfo(
        value_type=ValueType.TEXT,
        pattern=r"(https?|ftp|mailto):\S+",
        wrong=N_("This must be a link that starts with http:// or https://."),
        hint=N_("A link that starts with https://"),
        paper_hint=N_("Web address"),
        appearance="url",
        constraint="regex(., '^(https?|ftp|mailto):.+')",
        widths=ColumnWidths(screen=20, workbook=23, paper=42),
    ),
}
"""The record of every kind."""
