"""Validation of an answer, the answer that counts among those of several agencies, and their disagreements."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import assert_never

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
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
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.questionnaire.instrument import Instrument, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType

_DATE = r"\d{4}(-\d{2}(-\d{2})?)?"
LARGEST_NUMBER = 10**15
"""Numbers beyond this lose digits in spreadsheets."""
_LONGEST_PLACE = 200
"""Characters of an address in a sentence; files from elsewhere may hold any."""
_LONGEST_PERCENT = 12


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
    place = str(address)
    shown = place if len(place) <= _LONGEST_PLACE else f"{place[:_LONGEST_PLACE]}…"
    return Problem(f"answer.{code}", shown, message, advice, tuple(values.items()))


def _is_date(text: str) -> bool:
    if not re.fullmatch(_DATE, text):
        return False
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return False
    return True


def _is_outside(field: QuestionField, number: int | Decimal) -> bool:
    low, high = field.limits
    return (low is not None and number < low) or (high is not None and number > high)


def _is_percent(field: QuestionField, text: str) -> bool:
    try:
        return not _is_outside(field, Decimal(text)) and len(text) <= _LONGEST_PERCENT
    except InvalidOperation:
        return False


def _wrong_number(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > LARGEST_NUMBER:
        return N_("This must be a whole number.")
    return N_("The number is outside the allowed range {low}–{high}.") if _is_outside(field, value) else ""


def _wrong_checklist(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, tuple) or not set(value) <= set(field.option_by_id):
        return N_("Every ticked element must be one of: {allowed}.")
    is_mixed = len(value) > 1 and any(field.option_by_id[option].exclusive for option in value)
    return N_("“None” and another element cannot both be ticked.") if is_mixed else ""


def _wrong_ids(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, tuple) or not value or len(set(value)) != len(value):
        return N_("This must be a list of different entries.")
    if len(value) > ((field.most or 1000) if field.many else 1):
        return N_("At most {most} may be chosen here.")
    return "" if all(_has_form(field, entry) for entry in value) else field.kind.info.wrong


def _wrong_text(field: QuestionField, value: AnswerValue) -> str:
    if not isinstance(value, str):
        return N_("This must be text.")
    if len(value) > field.longest:
        return N_("The text has {length} characters; {longest} are allowed.")
    return "" if _has_form(field, value) else field.kind.info.wrong


def _has_form(field: QuestionField, text: str) -> bool:
    pattern = field.kind.info.pattern
    return not pattern or re.fullmatch(pattern, text, re.IGNORECASE) is not None


def _wrong_value(field: QuestionField, value: AnswerValue) -> str:  # noqa: PLR0911 - one for each type
    """Return what is wrong with a value, empty if it may be stored."""
    match field.kind.value_type:
        case ValueType.LEVEL:
            is_level = isinstance(value, int) and not isinstance(value, bool) and value in field.levels
            return "" if is_level else N_("This must be one of: {allowed}.")
        case ValueType.OPTION:
            return "" if value in field.known_answers else N_("This must be one of: {allowed}.")
        case ValueType.OPTIONS:
            return _wrong_checklist(field, value)
        case ValueType.ENTRIES:
            return _wrong_ids(field, value)
        case ValueType.TEXT:
            return _wrong_text(field, value)
        case ValueType.INTEGER:
            return _wrong_number(field, value)
        case ValueType.PERCENT:
            is_percent = isinstance(value, str) and _is_percent(field, value)
            return "" if is_percent else N_("This must be a percentage, such as 12.5.")
        case ValueType.DATE:
            is_date = isinstance(value, str) and _is_date(value)
            return "" if is_date else N_("This must be a date: 2018-11-29, 2018-11 or 2018.")
        case ValueType.CELLS:
            return N_("A grid is answered in its cells, not as a whole.")
        case unknown:
            assert_never(unknown)


def check_value(field: QuestionField, value: AnswerValue, address: Address) -> Problem | None:
    """Check a value against its field: type, allowed options, range, length."""
    message = _wrong_value(field, value)
    if not message:
        return None
    low, high = ("…" if limit is None else str(limit) for limit in field.limits)
    return _problem(
        "value",
        address,
        message,
        N_("Correct the value and try again."),
        allowed=", ".join(field.known_answers),
        low=low,
        high=high,
        most=str(field.most or 1),
        length=str(len(value) if isinstance(value, str | tuple) else 0),
        longest=str(field.longest),
    )


def _in_order(field: QuestionField, value: AnswerValue) -> AnswerValue:
    """Put a checklist into the instrument's order, so that equal answers are equal."""
    value_type = field.kind.value_type
    if value_type is ValueType.OPTIONS and isinstance(value, tuple) and set(value) <= set(field.option_by_id):
        return tuple(option for option in field.option_by_id if option in value)
    if value_type is ValueType.PERCENT and isinstance(value, str) and _is_percent(field, value):
        return format(Decimal(value).normalize(), "f")
    return value


def _without_void(content: Content, field: QuestionField | None) -> Content:
    """Open an answer without a value; an empty list of picked entries is none either."""
    if content.state is not AnswerState.ANSWERED or field is None:
        return content
    is_void = content.value is None or (content.value == () and field.kind.value_type is not ValueType.OPTIONS)
    return replace(content, state=AnswerState.NOT_ASKED, value=None) if is_void else content


def _missing_reason(address: Address) -> Problem:
    return _problem(
        "reason",
        address,
        N_("“Not applicable” needs a reason."),
        N_("Say in a few words why the question does not apply."),
    )


def _refused_place(instrument: Instrument, target: AddressTarget | None, key: AnswerKey) -> Problem | None:
    if target is None and locate(instrument.whole, key.address) is not None:
        return _problem(
            "profile",
            key.address,
            N_("This assessment uses a selection of the questions that leaves this one out."),
            N_("Choose all questions under “Mission”, or in the command line with “profile”, and answer again."),
        )
    if target is None:
        return _problem(
            "address",
            key.address,
            N_("The questionnaire has no such place."),
            N_("Check whether the answer belongs to another version of the questionnaire."),
        )
    if key.layer is not AnswerLayer.RESPONSE and key.respondent:
        return _problem(
            "layer", key.address, N_("Only a response has a respondent."), N_("Leave the respondent empty.")
        )
    return None


def _refused_length(address: Address, content: Content) -> Problem | None:
    longest = max(len(content.reason), len(content.note), len(content.unread))
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
    problem = _refused_place(instrument, target, key) or _refused_length(key.address, content)
    if target is None or problem:
        return content, problem
    field = None if target.field is None or target.field.kind is AnswerKind.GRID else target.field
    if field is not None:
        content = _without_void(content, field)
    if content.unread and not (field and field.kind.info.is_typed_or_found):
        content = replace(content, value=None)  # where nothing is typed there is nothing to read
    if content.state is AnswerState.NOT_APPLICABLE and not content.reason:
        return content, _missing_reason(key.address)
    if field is None:
        return content, _refused_whole(key.address, content)
    if content.state is AnswerState.ANSWERED:
        content = replace(content, value=_in_order(field, content.value))
        return content, check_value(field, content.value, key.address)
    return content, None


# The effective answer where several agencies, an assessor and a country may have spoken.


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


def _only_answer(answer: Answer) -> EffectiveAnswer:
    """Let the only answer of a place count, as nearly everywhere: what the rules for several say, in less time."""
    content = answer.content
    if content.state is AnswerState.NOT_ASKED:
        return NO_EFFECTIVE_ANSWER
    evidence = tuple(dict.fromkeys(content.evidence))
    return EffectiveAnswer(content.state, content.value, content.reason, answer.key.layer, evidence)


def find_later_answers(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return what agencies answered after a judgement or validation that counts, and otherwise than it."""
    settled = effective_answer(answers)
    if settled.layer is None or settled.layer is AnswerLayer.RESPONSE:
        return ()
    since = next(one.time for one in answers if one.key.layer is settled.layer)
    return tuple(
        one
        for one in answers
        if one.key.layer is AnswerLayer.RESPONSE
        and one.content.state not in {*OPEN_STATES, AnswerState.NOT_ASKED}
        and one.time > since
        and _said(one.content) not in {(settled.state, settled.value), _said(_content_at(one, since))}
    )


def _said(content: Content) -> tuple[AnswerState, AnswerValue]:
    return content.state, content.value


def _content_at(answer: Answer, moment: str) -> Content:
    """Return what an answer was at a moment."""
    return next((content for time, content in reversed(answer.earlier) if time <= moment), EMPTY_CONTENT)


def effective_answer(answers: Sequence[Answer], field: QuestionField | None = None) -> EffectiveAnswer:
    """Return the validated answer, else the judgement, else the responses where they agree, else a conflict.

    An agency that does not know or declines contradicts nobody. ``field`` is None for a whole row.
    """
    if len(answers) < 2:  # noqa: PLR2004 - two can differ
        return _only_answer(answers[0]) if answers else NO_EFFECTIVE_ANSWER
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
    if field is not None and field.kind.info.is_complementary:
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
    if field is not None and field.kind.info.is_complementary:
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
