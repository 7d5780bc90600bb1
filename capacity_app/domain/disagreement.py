"""Who contradicts whom at one place: the words beside each answer, where ``effective`` only says that they differ."""

from collections.abc import Mapping, Sequence

from capacity_app.domain.answers import OPEN_STATES, Answer, AnswerKey, Layer, State
from capacity_app.domain.effective import FREE_KINDS
from capacity_app.domain.instrument import Field


def _contradict(one: Answer, other: Answer) -> bool:
    return (one.content.state, one.content.value) != (other.content.state, other.content.value)


def contradictions(answers: Sequence[Answer], field: Field | None) -> Mapping[AnswerKey, tuple[AnswerKey, ...]]:
    """Give, for each answer given at a place, the other given answers that contradict it; none for free texts.

    An agency that does not know or declines contradicts nobody; a judgement or validation may contradict responses.
    """
    if field is not None and field.kind in FREE_KINDS:
        return {}
    given = [answer for answer in answers if answer.content.state not in OPEN_STATES]
    against = {one.key: tuple(other.key for other in given if _contradict(one, other)) for one in given}
    return {key: others for key, others in against.items() if others}


def counting(answers: Sequence[Answer], field: Field | None) -> frozenset[AnswerKey]:
    """Return the answers that count: validation, else judgement, else the responses that agree; none in conflict."""
    given = [answer for answer in answers if answer.content.state is not State.NOT_ASKED]
    for layer in (Layer.VALIDATED, Layer.JUDGEMENT):
        found = frozenset(answer.key for answer in given if answer.key.layer is layer)
        if found:
            return found
    if contradictions(given, field):
        return frozenset()
    settled = frozenset(answer.key for answer in given if answer.content.state not in OPEN_STATES)
    return settled or frozenset(answer.key for answer in given[:1])
