"""Whether something may be said at an address: the one gate every answer passes, typed or imported."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from capacity_app.domain.answers import (
    TEXT_LIMIT,
    Address,
    AnswerKey,
    Content,
    Layer,
    State,
    Value,
    clean_content,
)
from capacity_app.domain.instrument import TOP_LEVEL, Field, Instrument, Kind, Question
from capacity_app.domain.problems import N_, Problem

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_M49 = re.compile(r"\d{3}")
_URL = re.compile(r"(https?|ftp|mailto):\S+", re.IGNORECASE)
LARGEST_NUMBER = 10**15
"""Numbers beyond this lose digits in spreadsheets."""
YEARS = (1800, 2200)


@dataclass(frozen=True, slots=True)
class Target:
    """The place an address points to; ``field`` is None for a whole row of a grid."""

    question: Question
    field: Field | None


def locate(instrument: Instrument, address: Address) -> Target | None:
    """Find the question, row or cell of an address, None if the instrument has no such place."""
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return None
    if not address.row and not address.column:
        return Target(question, question)
    if address.row not in question.row_by_id:
        return None
    if not address.column:
        return Target(question, None)
    column = question.column_by_id.get(address.column)
    return Target(question, column) if column else None


def _problem(code: str, address: Address, message: str, advice: str, **values: str) -> Problem:
    return Problem(f"answer.{code}", str(address), message, advice, tuple(values.items()))


def _is_date(text: str) -> bool:
    if not _DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _is_percent(text: str) -> bool:
    try:
        return 0 <= Decimal(text) <= 1000 and len(text) <= 12  # noqa: PLR2004 - shares of GDP can pass 100
    except InvalidOperation:
        return False


def _wrong_number(field: Field, value: Value) -> str:
    low, high = (field.minimum, field.maximum)
    if field.kind is Kind.YEAR:
        low, high = low if low is not None else YEARS[0], high if high is not None else YEARS[1]
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        return N_("This must be a whole number.")
    is_outside = (low is not None and value < low) or (high is not None and value > high)
    return N_("The number is outside the allowed range {low}–{high}.") if is_outside else ""


def _wrong_level(_field: Field, value: Value) -> str:
    is_level = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= TOP_LEVEL
    return "" if is_level else N_("This must be a level: 0, 1, 2 or 3.")


def _wrong_yes_no(field: Field, value: Value) -> str:
    allowed = {"yes", "no"} if field.kind is Kind.YES_NO else {"yes", "partly", "no"}
    return "" if value in allowed else N_("This must be one of: {allowed}.")


def _wrong_choice(field: Field, value: Value) -> str:
    is_known = isinstance(value, str) and value in field.option_by_id
    return "" if is_known else N_("This must be one of: {allowed}.")


def _wrong_checklist(field: Field, value: Value) -> str:
    if not isinstance(value, tuple) or not set(value) <= set(field.option_by_id):
        return N_("Every ticked element must be one of: {allowed}.")
    is_mixed = len(value) > 1 and any(field.option_by_id[option].exclusive for option in value)
    return N_("“None” and another element cannot both be ticked.") if is_mixed else ""


def _wrong_ids(field: Field, value: Value) -> str:
    if not isinstance(value, tuple) or not value or len(set(value)) != len(value):
        return N_("This must be a list of different entries.")
    most = (field.most or 1000) if field.many else 1
    if len(value) > most:
        return N_("At most {most} may be chosen here.")
    if field.kind is Kind.COUNTRY and not all(_M49.fullmatch(code) for code in value):
        return N_("Countries are given by their three-digit M49 code.")
    return ""


def _wrong_text(field: Field, value: Value) -> str:
    if not isinstance(value, str):
        return N_("This must be text.")
    longest = min(field.maximum or TEXT_LIMIT, TEXT_LIMIT)
    if len(value) > longest:
        return N_("The text has {length} characters; {longest} are allowed.")
    if field.kind is Kind.URL and not _URL.fullmatch(value):
        return N_("This must be a link that starts with http:// or https://.")
    return ""


def _wrong_date(_field: Field, value: Value) -> str:
    is_date = isinstance(value, str) and _is_date(value)
    return "" if is_date else N_("This must be a date: 2018-11-29, 2018-11 or 2018.")


def _wrong_percent(_field: Field, value: Value) -> str:
    return "" if isinstance(value, str) and _is_percent(value) else N_("This must be a percentage, such as 12.5.")


_CHECKS: Mapping[Kind, Callable[[Field, Value], str]] = {
    Kind.LEVEL: _wrong_level,
    Kind.YES_NO: _wrong_yes_no,
    Kind.YES_PARTLY_NO: _wrong_yes_no,
    Kind.CHOICE: _wrong_choice,
    Kind.CHECKLIST: _wrong_checklist,
    Kind.TEXT: _wrong_text,
    Kind.LONG_TEXT: _wrong_text,
    Kind.URL: _wrong_text,
    Kind.INTEGER: _wrong_number,
    Kind.YEAR: _wrong_number,
    Kind.PERCENT: _wrong_percent,
    Kind.DATE: _wrong_date,
    Kind.AGENCY: _wrong_ids,
    Kind.SOURCE: _wrong_ids,
    Kind.COUNTRY: _wrong_ids,
}


def _allowed(field: Field) -> str:
    if field.kind is Kind.YES_NO:
        return "yes, no"
    if field.kind is Kind.YES_PARTLY_NO:
        return "yes, partly, no"
    return ", ".join(field.option_by_id)


def check_value(field: Field, value: Value, address: Address) -> Problem | None:
    """Check a value against its field: type, allowed options, range, length."""
    check = _CHECKS.get(field.kind)
    message = check(field, value) if check else N_("A grid is answered in its cells, not as a whole.")
    if not message:
        return None
    low = field.minimum if field.minimum is not None else (YEARS[0] if field.kind is Kind.YEAR else "…")
    high = field.maximum if field.maximum is not None else (YEARS[1] if field.kind is Kind.YEAR else "…")
    return _problem(
        "value",
        address,
        message,
        N_("Correct the value and try again."),
        allowed=_allowed(field),
        low=str(low),
        high=str(high),
        most=str(field.most or 1),
        length=str(len(value) if isinstance(value, str | tuple) else 0),
        longest=str(min(field.maximum or TEXT_LIMIT, TEXT_LIMIT)),
    )


def _in_order(field: Field, value: Value) -> Value:
    """Put a checklist into the instrument's order, so that equal answers are equal."""
    if field.kind is Kind.CHECKLIST and isinstance(value, tuple) and set(value) <= set(field.option_by_id):
        return tuple(option for option in field.option_by_id if option in value)
    if field.kind is Kind.PERCENT and isinstance(value, str) and _is_percent(value):
        return format(Decimal(value).normalize(), "f")
    return value


def _without_void(content: Content, field: Field | None) -> Content:
    """Open an answer without a value; an empty list of picked entries is none either."""
    if content.state is not State.ANSWERED or field is None:
        return content
    is_void = content.value is None or (content.value == () and field.kind is not Kind.CHECKLIST)
    return replace(content, state=State.NOT_ASKED, value=None) if is_void else content


def _missing_reason(address: Address) -> Problem:
    return _problem(
        "reason",
        address,
        N_("“Not applicable” needs a reason."),
        N_("Say in a few words why the question does not apply."),
    )


def _refused_place(target: Target | None, key: AnswerKey) -> Problem | None:
    if target is None:
        return _problem(
            "address",
            key.address,
            N_("The instrument has no such place."),
            N_("Check whether the answer belongs to another version of the instrument."),
        )
    if key.layer is not Layer.RESPONSE and key.respondent:
        return _problem(
            "layer", key.address, N_("Only a response has a respondent."), N_("Leave the respondent empty.")
        )
    return None


def _refused_length(address: Address, content: Content) -> Problem | None:
    longest = max(len(content.reason), len(content.note))
    if longest <= TEXT_LIMIT:
        return None
    return _problem(
        "length",
        address,
        N_("The text has {length} characters; {longest} are allowed."),
        N_("Shorten it, or attach the long version as a document."),
        length=str(longest),
        longest=str(TEXT_LIMIT),
    )


def _refused_whole(address: Address, content: Content) -> Problem | None:
    if content.state is not State.ANSWERED or content.value is None:
        return None
    return _problem("whole", address, N_("A row or grid takes no value of its own."), N_("Answer in its cells."))


def check_content(instrument: Instrument, key: AnswerKey, content: Content) -> tuple[Content, Problem | None]:
    """Clean and check what is to be said at an address; with a problem, nothing may be stored.

    A whole row and a whole grid take only "not applicable", "applicable" (answered without a value) or nothing.
    """
    content = clean_content(content)
    target = locate(instrument, key.address)
    problem = _refused_place(target, key) or _refused_length(key.address, content)
    if target is None or problem:
        return content, problem
    if target.field is None or target.field.kind is Kind.GRID:
        field = None
    else:
        field = target.field
        content = _without_void(content, field)
    if content.state is State.NOT_APPLICABLE and not content.reason:
        return content, _missing_reason(key.address)
    if field is None:
        return content, _refused_whole(key.address, content)
    if content.state is State.ANSWERED:
        content = replace(content, value=_in_order(field, content.value))
        return content, check_value(field, content.value, key.address)
    return content, None
