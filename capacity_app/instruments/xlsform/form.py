"""A form as the three sheets of an XLSForm: rows of texts by the names of their columns, and the file they make."""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from babel import Locale, UnknownLocaleError

from capacity_app.domain.problems import N_, Problem, Severity

Line = dict[str, str]
"""One row of a sheet."""
SURVEY, CHOICES, SETTINGS, CAPACITY = "survey", "choices", "settings", "capacity"
KIND, NUMBER, ACTION, HINT = "capacity_kind", "capacity_number", "capacity_action", "capacity_hint"
"""Columns of ours, which ODK and KoboToolbox leave alone: what kind of answer it is, its printed number, what to do to
get from a level to the next, and whether the hint is the help for whoever is asked."""
INSTRUMENT, VERSION, HASH, LANGUAGE, SUPPLEMENT_OF = (
    "capacity_instrument", "capacity_version", "capacity_hash", "capacity_language", "capacity_supplement_of",
)  # fmt: skip
"""Settings of ours; the first three are fields too, so that answers know what they answer. The last one names the
questionnaire that a supplement of a country is added to."""
SAID_OF_IT = {INSTRUMENT: "CAPACITY_INSTRUMENT", VERSION: "CAPACITY_VERSION", HASH: "CAPACITY_HASH"}
LONGEST_CELL = 32_767
NOT_APPLICABLE, UNKNOWN, DECLINED, NONE = "NOT_APPLICABLE", "UNKNOWN", "DECLINED", "NONE"
"""Choices beside the answers of a question; ids have small letters."""
SENDER_AGENCY, SENDER_PERSON, SENDER_DATE = "SENDER_AGENCY", "SENDER_PERSON", "SENDER_DATE"
REFUSED = N_("The rules for forms do not allow this: {reason}")
REFUSED_ADVICE = N_("Correct the row that is named, and import the form again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form to be written: its sheets (``own`` is the one of ours), and what of the instrument it does not hold."""

    survey: tuple[Line, ...]
    choices: tuple[Line, ...]
    settings: Line
    own: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    def sheets(self) -> dict[str, tuple[Line, ...]]:
        """Return the sheets by their names."""
        own = {CAPACITY: self.own} if self.own else {}
        return {SURVEY: self.survey, CHOICES: self.choices, SETTINGS: (self.settings,), **own}


def language_column(tag: str) -> str:
    """Name a language as the columns of a form do: "Français (fr)"."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name() or tag
    except (ValueError, UnknownLocaleError):
        name = tag
    return f"{name[:1].title()}{name[1:]} ({tag})"  # Georgian letters have capitals, but no title case


def columns_of(lines: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the columns of a sheet: those that any row has, ours last."""
    names = dict.fromkeys(name for line in lines for name in line)
    return sorted(names, key=lambda name: name.startswith("capacity_"))


def form_workbook(form: Form) -> bytes:
    """Write a form as a workbook; every cell is a text."""
    import xlsxwriter  # noqa: PLC0415 - only who makes a form needs it

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    head = book.add_format({"bold": True, "bg_color": "#dce9ec", "text_wrap": True, "valign": "top"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for name, lines in form.sheets().items():
        sheet = book.add_worksheet(name)
        columns = columns_of(lines)
        sheet.freeze_panes(1, 2 if name == SURVEY else 0)
        for place, column in enumerate(columns):
            is_wording = "::" in column
            sheet.set_column(place, place, 48 if is_wording else 18, text)
            sheet.write_string(0, place, column, head)
        for row, line in enumerate(lines, start=1):
            for place, column in enumerate(columns):
                if line.get(column):
                    sheet.write_string(row, place, line[column], text)
    book.close()
    return stream.getvalue()


def form_problems(content: bytes, file: str) -> tuple[Problem, ...]:
    """Have pyxform make the form for phones of a workbook, and tell what it says against that."""
    from pyxform.errors import PyXFormError  # noqa: PLC0415 - only who makes or reads a form needs it
    from pyxform.xls2xform import convert  # noqa: PLC0415 - the same

    try:
        convert(io.BytesIO(content), file_type=".xlsx")
    except PyXFormError as error:
        return (refusal(file, error),)
    return ()


def refusal(file: str, error: Exception) -> Problem:
    return Problem("xlsform.refused", file, REFUSED, REFUSED_ADVICE, (("reason", str(error)[:600]),))


def note(code: str, place: str, message: str, advice: str = "", **values: object) -> Problem:
    """Return what is not, or not quite, carried over."""
    given = tuple((name, str(value)) for name, value in values.items())
    return Problem(f"xlsform.{code}", place, message, advice, given, Severity.WARNING)
