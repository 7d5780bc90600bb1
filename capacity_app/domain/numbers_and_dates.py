"""Numbers and dates as people write them in any script, taken only where they can mean one thing alone.

"12,5" is twelve and a half wherever it was written, but "1,234" is one thing in Paris and another in London.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

_INVISIBLE = "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
"""Directional marks, joiners and the like, which say nothing in a number."""
_SPACES = r"\s+"
_SAME = str.maketrans(
    # The wide forms of ASCII, which Chinese and Japanese keyboards write.
    {chr(0xFEE0 + ord(sign)): sign for sign in ",.;:%-+/'"}
    | {
        **dict.fromkeys("٬’ʼ", "'"), **dict.fromkeys("٪﹪", "%"), **dict.fromkeys("−–﹣‐‑", "-"),
        **dict.fromkeys("،﹐､", ","), **dict.fromkeys("﹒｡。", "."), "⁄": "/",
    }
)  # fmt: skip
"""Signs that mean the same, as they stand on a keyboard; the Arabic decimal comma is none for groups and stays."""
_GROUPED = r"(-?)(\d{1,3}(?:([ '])\d{3})(?:\3\d{3})*)(?:[.,٫](\d+))?"
_BY_COMMA_OR_POINT = r"(-?)([1-9]\d{0,2}(?:([.,])\d{3})(?:\3\d{3})*)(?:(?!\3)[.,٫](\d+))?"
_PLAIN = r"(-?)(\d+)(?:[.,٫](\d+))?"
"""In each the sign comes first, then the whole part, and last what follows the decimal sign."""
_ONE_GROUP = r"-?[1-9]\d{0,2}[.,]\d{3}"
_AMOUNT = r"(?a)-?\d{1,15}(?:\.\d{1,4})?"
_ISO = r"(\d{4})(?:[-/.] ?(\d{1,2})(?:[-/.] ?(\d{1,2})\.?)?)?"
_BY_NAMES = r"(\d{4}) ?[年년](?: ?(\d{1,2}) ?[月월](?: ?(\d{1,2}) ?[日号일])?)?"
"""Year, month and day each followed by its word, as in Chinese."""
_DAY_AND_MONTH = r"(\d{1,2})[-/. ]{1,2}(\d{1,2})[-/. ]{1,2}(\d{4})"
_MONTH_AND_YEAR = r"(\d{1,2})[-/. ]{1,2}(\d{4})"
_ORDINAL = r"(?i)(?<=\d)(?:st|nd|rd|th)\b"
_NO_MONTHS: Mapping[str, int] = MappingProxyType({})
_MONTHS, _YEAR_DIGITS = 12, 4
YEAR_RANGE = (1800, 2200)


class AmbiguousValueError(ValueError):
    """It can be read in two ways."""


def strip_invisible(text: str) -> str:
    """Return a text without the signs nobody sees, which keyboards and copied dates bring along."""
    return re.sub(_INVISIBLE, "", text)


def normalize_typed(text: str) -> str:
    """Return a text without signs nobody sees, with plain spaces, none at its ends."""
    return re.sub(_SPACES, " ", strip_invisible(text)).strip()


def normalize_signs(text: str) -> str:
    return text.translate(_SAME)


def normalize_digits(text: str) -> str:
    """Write the digits of any script, or of several, in ours."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


def to_western_digits(text: str) -> str:
    """Write the digits of any script in ours; raises ValueError where scripts are mixed."""
    scripts = {ord(letter) - unicodedata.decimal(letter) for letter in text if letter.isdecimal()}
    if len(scripts) > 1:
        raise ValueError(text)
    return normalize_digits(text)


def normalize_figures(text: str) -> str:
    """Write typed figures as they stand on a keyboard: digits 0-9, plain signs and spaces; raises ValueError."""
    return to_western_digits(normalize_signs(normalize_typed(text)))


def read_number(text: str, *, is_percent: bool = False, group: str = "") -> Decimal:
    """Read a number; raises AmbiguousValueError where it may be another one, ValueError where it is none.

    ``group`` is the sign that parts thousands where it is known who wrote it: then "1,234" is one number.
    """
    figures = normalize_figures(text)
    if is_percent:
        figures = figures.removeprefix("%").removesuffix("%").strip()
    if re.fullmatch(_ONE_GROUP, figures):
        if not group or normalize_signs(group) not in figures:
            raise AmbiguousValueError(text)
        return Decimal(re.sub(r"[^\d-]", "", figures))
    for shape in (_PLAIN, _GROUPED, _BY_COMMA_OR_POINT):
        if found := re.fullmatch(shape, figures):
            whole, part = re.sub(r"\D", "", found[2]), found[found.re.groups] or "0"
            return Decimal(f"{found[1]}{whole}.{part}")
    raise ValueError(text)


def letters_of(text: str) -> str:
    """Return the letters of a text in lower case, by which the words around the figures of a date are known."""
    folded = unicodedata.normalize("NFKC", strip_invisible(text)).casefold()
    return "".join(one for one in folded if unicodedata.category(one)[0] in "LM")


def read_date(text: str, months: Mapping[str, int] = _NO_MONTHS, *, is_day_first: bool = False) -> str:
    """Read a date, a month or a year as ISO 8601; raises AmbiguousValueError or ValueError.

    ``months`` are the months by the letters (``letters_of``) of dates that are written with words. ``is_day_first``
    says that nobody who writes so puts the month before the day.
    """
    figures = normalize_figures(text)
    month = months.get(letters_of(re.sub(_ORDINAL, "", figures)), 0)
    if month:
        return _with_month_name(re.findall(r"\d+", figures), month)
    return _read_date_in_figures(figures, is_day_first=is_day_first)


def _read_date_in_figures(figures: str, *, is_day_first: bool) -> str:
    if found := re.fullmatch(_ISO, figures) or re.fullmatch(_BY_NAMES, figures):
        year, month, day = found.groups()
        iso = "-".join([year, *(part.zfill(2) for part in (month, day) if part)])
        dt.date.fromisoformat((iso + "-01-01")[:10])
        return iso
    if found := re.fullmatch(_MONTH_AND_YEAR, figures):
        return dt.date(int(found[2]), int(found[1]), 1).isoformat()[:7]
    if found := re.fullmatch(_DAY_AND_MONTH, figures):
        one, other, year = (int(part) for part in found.groups())
        return _day_or_month_first(one, other, year, is_day_first=is_day_first)
    raise ValueError(figures)


def _with_month_name(figures: list[str], month: int) -> str:
    """Make a date of the year and, if there is one, the day beside the name of a month; raises ValueError."""
    years = [one for one in figures if len(one) == _YEAR_DIGITS]
    days = [one for one in figures if len(one) < _YEAR_DIGITS - 1]
    if len(years) != 1 or len(years) + len(days) != len(figures) or len(days) > 1:
        raise ValueError(figures)
    day = dt.date(int(years[0]), month, int(days[0]) if days else 1).isoformat()
    return day if days else day[:7]


def _day_or_month_first(one: int, other: int, year: int, *, is_day_first: bool) -> str:
    if not is_day_first and one <= _MONTHS and other <= _MONTHS and one != other:
        raise AmbiguousValueError(f"{one}/{other}/{year}")
    day, month = (one, other) if other <= _MONTHS else (other, one)
    return dt.date(year, month, day).isoformat()


def read_year(number: float) -> str:
    """Return the year a number is, as text; raises ValueError for what may be a spreadsheet's count of days."""
    if number != int(number) or not YEAR_RANGE[0] <= number <= YEAR_RANGE[1]:
        raise ValueError(number)
    return str(int(number))


# Moments as they stand in files: read in Coordinated Universal Time, or not at all.

_FIRST, _LAST = 1900, 9_998
"""The years that every calendar knows, in every zone: spreadsheets count from 1900, Python ends with 9999."""


def parse_moment(iso: str) -> datetime | None:
    """Read a moment (ISO 8601; UTC where no zone is said); None if it is none that can be shown or counted with."""
    try:
        read = datetime.fromisoformat(iso)
        moment = read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return moment if _FIRST <= moment.year <= _LAST else None


def to_utc(time: str) -> str:
    """Return a moment in UTC; empty if it is no moment or does not say in which zone."""
    moment = parse_moment(time)
    if moment is None or datetime.fromisoformat(time).tzinfo is None:
        return ""
    return time if time.endswith("+00:00") else moment.isoformat()


def cell_text(cell: object) -> str:
    """Return the value of a spreadsheet cell as text: whole numbers without decimals, TRUE and FALSE in capitals."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    return str(int(cell) if isinstance(cell, float) and cell.is_integer() else cell)


def read_amount(text: str) -> Decimal | None:
    """Return a stored amount, such as "12500.5", None where there is none or it cannot be read."""
    return Decimal(text) if re.fullmatch(_AMOUNT, text) else None


def write_amount(amount: Decimal) -> str:
    """Return an amount as it is stored: digits and a point, without zeros that say nothing."""
    return f"{amount:f}".rstrip("0").rstrip(".") if "." in f"{amount:f}" else f"{amount:f}"


def round_half_up(value: Fraction, digits: int) -> Decimal:
    """Round half up, as the method says; exact input, decimal output."""
    scaled = value * 10**digits
    return Decimal(f"{(2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)}e-{digits}")


def plain_points(value: Fraction | None) -> float | None:
    """Return points (0 to 100) for other programs, to one decimal; what is not known stays so."""
    return None if value is None else float(round_half_up(value, 1))


def plain_share(value: Fraction | None) -> float | None:
    """Return a share (0 to 1) for other programs, to three decimals; what is not known stays so."""
    return None if value is None else float(round_half_up(value, 3))
