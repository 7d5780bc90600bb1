"""What may be said at an address, which of several answers counts, and who contradicts whom."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from capacity_app.domain.assessment.answers import (
    OPEN_STATES,
    TEXT_LIMIT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
    clean_content,
)
from capacity_app.domain.numbers_and_dates import YEAR_RANGE
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.instrument import TOP_LEVEL, AnswerKind, Instrument, Question, QuestionField

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_M49 = re.compile(r"\d{3}")
_URL = re.compile(r"(https?|ftp|mailto):\S+", re.IGNORECASE)
LARGEST_NUMBER = 10**15
"""Numbers beyond this lose digits in spreadsheets."""


@dataclass(frozen=True, slots=True)
class AddressTarget:
    """The place an address points to; ``field`` is None for a whole row of a grid."""

    question: Question
    field: QuestionField | None


def locate(instrument: Instrument, address: Address) -> AddressTarget | None:
    """Find the question, row or cell of an address, None if the instrument has no such place."""
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return None
    if not address.row and not address.column:
        return AddressTarget(question, question)
    if address.row not in question.row_by_id:
        return None
    if not address.column:
        return AddressTarget(question, None)
    column = question.column_by_id.get(address.column)
    return AddressTarget(question, column) if column else None


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


def _wrong_number(field: QuestionField, value: AnswerValue) -> str:
    low, high = (field.minimum, field.maximum)
    if field.kind is AnswerKind.YEAR:
        low, high = low if low is not None else YEAR_RANGE[0], high if high is not None else YEAR_RANGE[1]
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        return N_("This must be a whole number.")
    is_outside = (low is not None and value < low) or (high is not None and value > high)
    return N_("The number is outside the allowed range {low}–{high}.") if is_outside else ""


def _wrong_level(_field: QuestionField, value: AnswerValue) -> str:
    is_level = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= TOP_LEVEL
    return "" if is_level else N_("This must be a level: 0, 1, 2 or 3.")


def _wrong_yes_no(field: QuestionField, value: AnswerValue) -> str:
    allowed = {"yes", "no"} if field.kind is AnswerKind.YES_NO else {"yes", "partly", "no"}
    return "" if value in allowed else N_("This must be one of: {allowed}.")


def _wrong_choice(field: QuestionField, value: AnswerValue) -> str:
    is_known = isinstance(value, str) and value in field.option_by_id
    return "" if is_known else N_("This must be one of: {allowed}.")


def _wrong_checklist(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, tuple) or not set(value) <= set(field.option_by_id):
        return N_("Every ticked element must be one of: {allowed}.")
    is_mixed = len(value) > 1 and any(field.option_by_id[option].exclusive for option in value)
    return N_("“None” and another element cannot both be ticked.") if is_mixed else ""


def _wrong_ids(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, tuple) or not value or len(set(value)) != len(value):
        return N_("This must be a list of different entries.")
    most = (field.most or 1000) if field.many else 1
    if len(value) > most:
        return N_("At most {most} may be chosen here.")
    if field.kind is AnswerKind.COUNTRY and not all(_M49.fullmatch(code) for code in value):
        return N_("Countries are given by their three-digit M49 code.")
    return ""


def _wrong_text(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, str):
        return N_("This must be text.")
    longest = min(field.maximum or TEXT_LIMIT, TEXT_LIMIT)
    if len(value) > longest:
        return N_("The text has {length} characters; {longest} are allowed.")
    if field.kind is AnswerKind.URL and not _URL.fullmatch(value):
        return N_("This must be a link that starts with http:// or https://.")
    return ""


def _wrong_date(_field: QuestionField, value: AnswerValue) -> str:
    is_date = isinstance(value, str) and _is_date(value)
    return "" if is_date else N_("This must be a date: 2018-11-29, 2018-11 or 2018.")


def _wrong_percent(_field: QuestionField, value: AnswerValue) -> str:
    return "" if isinstance(value, str) and _is_percent(value) else N_("This must be a percentage, such as 12.5.")


_CHECKS: Mapping[AnswerKind, Callable[[QuestionField, AnswerValue], str]] = {
    AnswerKind.LEVEL: _wrong_level,
    AnswerKind.YES_NO: _wrong_yes_no,
    AnswerKind.YES_PARTLY_NO: _wrong_yes_no,
    AnswerKind.CHOICE: _wrong_choice,
    AnswerKind.CHECKLIST: _wrong_checklist,
    AnswerKind.TEXT: _wrong_text,
    AnswerKind.LONG_TEXT: _wrong_text,
    AnswerKind.URL: _wrong_text,
    AnswerKind.INTEGER: _wrong_number,
    AnswerKind.YEAR: _wrong_number,
    AnswerKind.PERCENT: _wrong_percent,
    AnswerKind.DATE: _wrong_date,
    AnswerKind.AGENCY: _wrong_ids,
    AnswerKind.SOURCE: _wrong_ids,
    AnswerKind.COUNTRY: _wrong_ids,
}


def _allowed(field: QuestionField) -> str:
    if field.kind is AnswerKind.YES_NO:
        return "yes, no"
    if field.kind is AnswerKind.YES_PARTLY_NO:
        return "yes, partly, no"
    return ", ".join(field.option_by_id)


def check_value(field: QuestionField, value: AnswerValue, address: Address) -> Problem | None:
    """Check a value against its field: type, allowed options, range, length."""
    check = _CHECKS.get(field.kind)
    message = check(field, value) if check else N_("A grid is answered in its cells, not as a whole.")
    if not message:
        return None
    low = field.minimum if field.minimum is not None else (YEAR_RANGE[0] if field.kind is AnswerKind.YEAR else "…")
    high = field.maximum if field.maximum is not None else (YEAR_RANGE[1] if field.kind is AnswerKind.YEAR else "…")
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


def _in_order(field: QuestionField, value: AnswerValue) -> AnswerValue:
    """Put a checklist into the instrument's order, so that equal answers are equal."""
    if field.kind is AnswerKind.CHECKLIST and isinstance(value, tuple) and set(value) <= set(field.option_by_id):
        return tuple(option for option in field.option_by_id if option in value)
    if field.kind is AnswerKind.PERCENT and isinstance(value, str) and _is_percent(value):
        return format(Decimal(value).normalize(), "f")
    return value


def _without_void(content: Content, field: QuestionField | None) -> Content:
    """Open an answer without a value; an empty list of picked entries is none either."""
    if content.state is not AnswerState.ANSWERED or field is None:
        return content
    is_void = content.value is None or (content.value == () and field.kind is not AnswerKind.CHECKLIST)
    return replace(content, state=AnswerState.NOT_ASKED, value=None) if is_void else content


def _missing_reason(address: Address) -> Problem:
    return _problem(
        "reason",
        address,
        N_("“Not applicable” needs a reason."),
        N_("Say in a few words why the question does not apply."),
    )


def _refused_place(target: AddressTarget | None, key: AnswerKey) -> Problem | None:
    if target is None:
        return _problem(
            "address",
            key.address,
            N_("The instrument has no such place."),
            N_("Check whether the answer belongs to another version of the instrument."),
        )
    if key.layer is not AnswerLayer.RESPONSE and key.respondent:
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
    if content.state is not AnswerState.ANSWERED or content.value is None:
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
    if target.field is None or target.field.kind is AnswerKind.GRID:
        field = None
    else:
        field = target.field
        content = _without_void(content, field)
    if content.state is AnswerState.NOT_APPLICABLE and not content.reason:
        return content, _missing_reason(key.address)
    if field is None:
        return content, _refused_whole(key.address, content)
    if content.state is AnswerState.ANSWERED:
        content = replace(content, value=_in_order(field, content.value))
        return content, check_value(field, content.value, key.address)
    return content, None


# The effective answer where several agencies, an assessor and a country may have spoken.

COMPLEMENTARY_KINDS = frozenset(
    {AnswerKind.TEXT, AnswerKind.LONG_TEXT, AnswerKind.URL, AnswerKind.AGENCY, AnswerKind.SOURCE, AnswerKind.COUNTRY}
)
"""Kinds where different responses complete each other instead of contradicting."""


@dataclass(frozen=True, slots=True)
class EffectiveAnswer:
    """What counts as the answer. ``conflict`` holds the differing responses nobody has settled yet.

    A response "does not apply" among differing ones stands in ``conflict`` as None. ``voices`` holds the differing
    texts and lists that complete each other, each with the id of its agency; ``value`` then has them all.
    """

    state: AnswerState = AnswerState.NOT_ASKED
    value: AnswerValue = None
    reason: str = ""
    layer: AnswerLayer | None = None
    evidence: tuple[str, ...] = ()
    conflict: tuple[AnswerValue, ...] = ()
    voices: tuple[tuple[str, AnswerValue], ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether nothing is settled: not asked, unknown, declined or in conflict."""
        return self.state in OPEN_STATES


NO_EFFECTIVE_ANSWER = EffectiveAnswer()


def _union_of(values: Iterable[AnswerValue]) -> AnswerValue:
    """Join what several agencies picked or wrote: lists in order, texts one below the other, each once."""
    kept = list(values)
    if all(isinstance(value, tuple) for value in kept):
        return tuple(dict.fromkeys(part for value in kept if isinstance(value, tuple) for part in value))
    return "\n".join(dict.fromkeys(str(value) for value in kept))


def _evidence(answers: Iterable[Answer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for answer in answers for entry in answer.content.evidence))


def _state_and_value(answer: Answer) -> tuple[AnswerState, AnswerValue]:
    return answer.content.state, answer.content.value


def _single_answer(answer: Answer, others: Sequence[Answer]) -> EffectiveAnswer:
    """Let one answer count, with the evidence of those that say the same and, if it is a response, their reasons."""
    content, agreeing = answer.content, [a for a in others if _state_and_value(a) == _state_and_value(answer)]
    is_response = answer.key.layer is AnswerLayer.RESPONSE
    reasons = dict.fromkeys(a.content.reason for a in agreeing if a.content.reason) if is_response else ()
    reason = "\n".join(reasons) or content.reason
    return EffectiveAnswer(content.state, content.value, reason, answer.key.layer, _evidence((answer, *agreeing)))


def effective_answer(answers: Sequence[Answer], field: QuestionField | None = None) -> EffectiveAnswer:
    """Return the validated answer, else the judgement, else the responses where they agree, else a conflict.

    An agency that does not know or declines contradicts nobody. ``field`` is None for a whole row.
    """
    if not answers:
        return NO_EFFECTIVE_ANSWER
    for layer in (AnswerLayer.VALIDATED, AnswerLayer.JUDGEMENT):
        for answer in answers:
            if answer.key.layer is layer and answer.content.state is not AnswerState.NOT_ASKED:
                return _single_answer(answer, answers)
    responses = [
        a for a in answers if a.key.layer is AnswerLayer.RESPONSE and a.content.state is not AnswerState.NOT_ASKED
    ]
    settled = [a for a in responses if a.content.state not in OPEN_STATES]
    if not settled:
        return _single_answer(responses[0], responses) if responses else NO_EFFECTIVE_ANSWER
    if len(set(map(_state_and_value, settled))) == 1:
        return _single_answer(settled[0], settled)
    if field is not None and field.kind in COMPLEMENTARY_KINDS:
        given = [a for a in settled if a.content.state is AnswerState.ANSWERED]
        value = _union_of(a.content.value for a in given)
        voices = tuple((a.key.respondent, a.content.value) for a in given)
        is_agreed = len({said for _, said in voices}) == 1
        return EffectiveAnswer(
            AnswerState.ANSWERED, value, "", AnswerLayer.RESPONSE, _evidence(given), voices=() if is_agreed else voices
        )
    values = tuple(dict.fromkeys(a.content.value for a in settled))
    return EffectiveAnswer(AnswerState.UNKNOWN, None, "", AnswerLayer.RESPONSE, (), values)


# Who contradicts whom at one place: the words beside each answer, where ``effective_answer`` only says: they differ.


def find_contradictions(
    answers: Sequence[Answer], field: QuestionField | None
) -> Mapping[AnswerKey, tuple[AnswerKey, ...]]:
    """Give, for each answer given at a place, the other given answers that contradict it; none for free texts.

    An agency that does not know or declines contradicts nobody; a judgement or validation may contradict responses.
    """
    if field is not None and field.kind in COMPLEMENTARY_KINDS:
        return {}
    given = [answer for answer in answers if answer.content.state not in OPEN_STATES]
    against = {
        one.key: tuple(other.key for other in given if _state_and_value(one) != _state_and_value(other))
        for one in given
    }
    return {key: others for key, others in against.items() if others}


def find_counting_answers(answers: Sequence[Answer], field: QuestionField | None) -> frozenset[AnswerKey]:
    """Return the answers that count: validation, else judgement, else the responses that agree; none in conflict."""
    given = [answer for answer in answers if answer.content.state is not AnswerState.NOT_ASKED]
    for layer in (AnswerLayer.VALIDATED, AnswerLayer.JUDGEMENT):
        found = frozenset(answer.key for answer in given if answer.key.layer is layer)
        if found:
            return found
    if find_contradictions(given, field):
        return frozenset()
    settled = frozenset(answer.key for answer in given if answer.content.state not in OPEN_STATES)
    return settled or frozenset(answer.key for answer in given[:1])
