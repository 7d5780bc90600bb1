"""Typed text as an answer and back: numbers in any script's figures, dates as people write them.

Whatever digits and separators are typed, one form is stored.
"""

import re
from collections.abc import Callable, Mapping

from babel import numbers

from capacity_app.domain.answers import TEXT_LIMIT, Address, Value
from capacity_app.domain.checking import check_value
from capacity_app.domain.instrument import Field, Kind
from capacity_app.domain.numerals import with_plain_digits, with_plain_signs, without_unseen
from capacity_app.domain.problems import N_
from capacity_app.texts import Texts

__all__ = [
    "DATE",
    "FREE_TEXT_KINDS",
    "TYPED_KINDS",
    "date_in",
    "example",
    "longest",
    "read_typed",
    "shown",
    "typed",
    "without_unseen",
]

TYPED_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.INTEGER, Kind.PERCENT, Kind.YEAR, Kind.DATE})
"""Kinds whose answer is typed into a field."""
FREE_TEXT_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT})
"""Kinds where everything typed is an answer."""
_IN_FIGURES = frozenset({Kind.INTEGER, Kind.YEAR, Kind.PERCENT})
DATE = Field(id="date", kind=Kind.DATE)
"""A date outside the questionnaire is read as one inside it."""

_SPACES = str.maketrans("", "", " \u00a0\u2007\u2009\u202f\u3000'’")
_ARABIC = str.maketrans({"٫": ".", "٬": ""})
"""A decimal comma of its own, and a sign between thousands that is no decimal sign anywhere."""
_CHINESE_DATE = re.compile(r"(\d{4})年(?:(\d{1,2})月(?:(\d{1,2})[日号])?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[./-](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})(?:[./-](\d{1,2}))?")
_MONTHS = 12
_BUDDHIST = range(2400, 2700)
"""Years which nobody means in the Common Era, but people in Thailand write: 2561 is 2018."""
_BUDDHIST_YEARS_AHEAD = 543


def _plain_figures(text: str) -> str:
    """Write figures of any script as 0-9, also of several scripts, and signs as they stand on a keyboard."""
    return with_plain_digits(with_plain_signs(without_unseen(text).strip().translate(_ARABIC)))


def _whole_number(text: str, texts: Texts) -> Value:
    figures = _plain_figures(text).translate(_SPACES)
    group = numbers.get_group_symbol(texts.locale)
    grouped = rf"-?\d{{1,3}}(?:{re.escape(group)}\d{{3}})+"
    if re.fullmatch(grouped, figures):
        figures = figures.replace(group, "")
    return int(figures) if re.fullmatch(r"-?\d{1,18}", figures) else figures


def _percentage(text: str, _texts: Texts) -> Value:
    return _plain_figures(text).translate(_SPACES).strip("%").replace(",", ".")


def _date(text: str, _texts: Texts) -> Value:
    figures = _plain_figures(text)
    if match := _CHINESE_DATE.fullmatch(figures.translate(_SPACES)):
        return "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])
    if match := _DAY_FIRST.fullmatch(figures):
        day, month, year = (int(part) for part in match.groups())
        # 11/29/2018 can only be the American order.
        day, month = (month, day) if month > _MONTHS >= day else (day, month)
        return f"{year:04}-{month:02}-{day:02}"
    if match := _MONTH_FIRST.fullmatch(figures):
        return f"{match[2]}-{int(match[1]):02}"
    if match := _YEAR_FIRST.fullmatch(figures):
        return "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])
    return figures


def _link(text: str, _texts: Texts) -> Value:
    link = text.strip()
    return f"https://{link}" if re.match(r"www\.\S+$", link, re.IGNORECASE) else link


_READERS: Mapping[Kind, Callable[[str, Texts], Value]] = {
    Kind.INTEGER: _whole_number,
    Kind.YEAR: _whole_number,
    Kind.PERCENT: _percentage,
    Kind.DATE: _date,
    Kind.URL: _link,
}


def read_typed(field: Field, text: str, texts: Texts) -> tuple[Value, str]:
    """Read typed text as an answer: the value (None if nothing is typed), or None and a sentence why not."""
    if not text.strip():
        return None, ""
    reader = _READERS.get(field.kind)
    value = reader(text, texts) if reader else text
    if era := _other_era(field, value, texts):
        return None, era
    problem = check_value(field, value, Address(field.id))
    return (None, texts.in_digits(problem.text(texts.gettext))) if problem else (value, "")


def _other_era(field: Field, value: Value, texts: Texts) -> str:
    """Return which year of the Common Era a year of the Buddhist era is; empty for any other value.

    It is not put right unasked: the year decides what is compared with what.
    """
    if field.kind not in {Kind.YEAR, Kind.DATE}:
        return ""
    year = str(value)[:4]
    if not year.isdecimal() or int(year) not in _BUDDHIST:
        return ""
    if field.maximum is not None and field.kind is Kind.YEAR and int(year) <= field.maximum:
        return ""
    return texts.gettext(
        "“{year}” is taken for a year of the Buddhist era, which is {common} in the Common Era. Years are kept in the "
        "Common Era: write {common} if you mean that year."
    ).format(year=year, common=int(year) - _BUDDHIST_YEARS_AHEAD)


def date_in(text: str, texts: Texts) -> str:
    """Read typed text as a date, month or year (ISO 8601), empty if it is none."""
    return str(read_typed(DATE, text, texts)[0] or "")


def typed(value: Value) -> str:
    return "" if value is None or isinstance(value, tuple) else str(value)


def shown(field: Field, value: Value, texts: Texts) -> str:
    """Write a value as it is typed, numbers in the window's digits; dates stay as every program reads them."""
    text = typed(value)
    return texts.in_digits(text) if field.kind in _IN_FIGURES else text


def example(field: Field, texts: Texts) -> str:
    """Return what an empty field expects; empty for free text."""
    sentences = {
        Kind.INTEGER: N_("A whole number"),
        Kind.YEAR: N_("A year, such as 2018"),
        Kind.PERCENT: N_("A percentage, such as 12.5"),
        Kind.DATE: N_("A date, month or year: 2018-11-29, 11/2018, 2018"),
        Kind.URL: N_("A link: https://…"),
    }
    return texts.in_digits(texts.gettext(sentences[field.kind])) if field.kind in sentences else ""


def longest(field: Field) -> int:
    return min(field.maximum or TEXT_LIMIT, TEXT_LIMIT)
