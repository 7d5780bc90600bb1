"""Numbers as an author may write them, read without rounding."""

import re
from decimal import Decimal
from fractions import Fraction

_TEXT = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,9}|/[0-9]{1,9})?")
_LARGEST = 10**9
_DIGITS = 18


def exact_number(raw: object) -> Fraction | None:
    """Read 1, 0.5, "0.5" or "1/3" exactly; ``None`` for anything else, also for numbers beyond all use."""
    match raw:
        case str():
            return _from_text(raw)
        case Decimal():
            return _from_decimal(raw)
        case bool():
            return None
        case int():
            return Fraction(raw) if abs(raw) <= _LARGEST else None
    return None


def _from_text(text: str) -> Fraction | None:
    try:
        return Fraction(text) if _TEXT.fullmatch(text) else None
    except ZeroDivisionError:
        return None


def _from_decimal(number: Decimal) -> Fraction | None:
    # The exponent is looked at first: as a fraction, 1e999999999 would fill the memory.
    exponent = number.as_tuple().exponent
    is_sane = isinstance(exponent, int) and exponent >= -_DIGITS and number.adjusted() < _DIGITS
    return Fraction(number) if is_sane else None
