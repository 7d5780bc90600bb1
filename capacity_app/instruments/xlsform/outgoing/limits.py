"""What an answer may be, as an expression of a form."""

from capacity_app.domain.answers import TEXT_LIMIT
from capacity_app.domain.checking import YEARS
from capacity_app.domain.instrument import Field, Kind
from capacity_app.instruments.xlsform.form import DECLINED, NONE, NOT_APPLICABLE, UNKNOWN

_IS_DATE = "regex(., '^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$')"
_IS_LINK = "regex(., '^(https?|ftp|mailto):.+')"


def constraint_of(asked: Field, *, is_plain: bool = False) -> str:  # noqa: PLR0911 - one for each kind
    """Return the limits of an answer, empty for none."""
    match asked.kind:
        case Kind.CHECKLIST:
            alone = [option.id for option in asked.options if option.exclusive]
            names = alone if is_plain else (*(alone or (NONE,)), NOT_APPLICABLE, UNKNOWN, DECLINED)
            return " and ".join(f"not(selected(., '{name}') and count-selected(.) > 1)" for name in names)
        case Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
            return (
                f"count-selected(.) <= {asked.most}" if asked.many and asked.most and asked.kind is Kind.COUNTRY else ""
            )
        case Kind.PERCENT:
            return ". >= 0 and . <= 100"
        case Kind.DATE:
            return _IS_DATE
        case Kind.URL:
            return _IS_LINK
        case Kind.TEXT | Kind.LONG_TEXT:
            return f"string-length(.) <= {min(asked.maximum or TEXT_LIMIT, TEXT_LIMIT)}"
        case Kind.INTEGER | Kind.YEAR:
            return _range(asked)
    return ""


def _range(asked: Field) -> str:
    low, high = asked.minimum, asked.maximum
    if asked.kind is Kind.YEAR:
        low, high = YEARS[0] if low is None else low, YEARS[1] if high is None else high
    ends = ("" if low is None else f". >= {low}", "" if high is None else f". <= {high}")
    return " and ".join(end for end in ends if end)
