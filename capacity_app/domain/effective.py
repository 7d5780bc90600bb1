"""The effective answer where several agencies, an assessor and a country may have spoken."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from capacity_app.domain.answers import OPEN_STATES, Answer, Layer, State, Value
from capacity_app.domain.instrument import Field, Kind

FREE_KINDS = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.AGENCY, Kind.SOURCE, Kind.COUNTRY})
"""Kinds where different responses complete each other instead of contradicting."""


@dataclass(frozen=True, slots=True)
class Effective:
    """What counts as the answer. ``conflict`` holds the differing responses nobody has settled yet.

    A response "does not apply" among differing ones stands in ``conflict`` as None. ``voices`` holds the differing
    texts and lists that complete each other, each with the id of its agency; ``value`` then has them all.
    """

    state: State = State.NOT_ASKED
    value: Value = None
    reason: str = ""
    layer: Layer | None = None
    evidence: tuple[str, ...] = ()
    conflict: tuple[Value, ...] = ()
    voices: tuple[tuple[str, Value], ...] = ()

    @property
    def is_open(self) -> bool:
        """Return whether nothing is settled: not asked, unknown, declined or in conflict."""
        return self.state in OPEN_STATES


NOTHING = Effective()


def _united(values: Iterable[Value]) -> Value:
    """Join what several agencies picked or wrote: lists in order, texts one below the other, each once."""
    kept = list(values)
    if all(isinstance(value, tuple) for value in kept):
        return tuple(dict.fromkeys(part for value in kept if isinstance(value, tuple) for part in value))
    return "\n".join(dict.fromkeys(str(value) for value in kept))


def _evidence(answers: Iterable[Answer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for answer in answers for entry in answer.content.evidence))


def _said(answer: Answer) -> tuple[State, Value]:
    return answer.content.state, answer.content.value


def _single(answer: Answer, others: Sequence[Answer]) -> Effective:
    """Let one answer count, with the evidence of those that say the same and, if it is a response, their reasons."""
    content, agreeing = answer.content, [a for a in others if _said(a) == _said(answer)]
    is_response = answer.key.layer is Layer.RESPONSE
    reasons = dict.fromkeys(a.content.reason for a in agreeing if a.content.reason) if is_response else ()
    reason = "\n".join(reasons) or content.reason
    return Effective(content.state, content.value, reason, answer.key.layer, _evidence((answer, *agreeing)))


def effective(answers: Sequence[Answer], field: Field | None = None) -> Effective:
    """Return the validated answer, else the judgement, else the responses where they agree, else a conflict.

    An agency that does not know or declines contradicts nobody. ``field`` is None for a whole row.
    """
    if not answers:
        return NOTHING
    for layer in (Layer.VALIDATED, Layer.JUDGEMENT):
        for answer in answers:
            if answer.key.layer is layer and answer.content.state is not State.NOT_ASKED:
                return _single(answer, answers)
    responses = [a for a in answers if a.key.layer is Layer.RESPONSE and a.content.state is not State.NOT_ASKED]
    settled = [a for a in responses if a.content.state not in OPEN_STATES]
    if not settled:
        return _single(responses[0], responses) if responses else NOTHING
    if len(set(map(_said, settled))) == 1:
        return _single(settled[0], settled)
    if field is not None and field.kind in FREE_KINDS:
        given = [a for a in settled if a.content.state is State.ANSWERED]
        value = _united(a.content.value for a in given)
        voices = tuple((a.key.respondent, a.content.value) for a in given)
        is_agreed = len({said for _, said in voices}) == 1
        return Effective(
            State.ANSWERED, value, "", Layer.RESPONSE, _evidence(given), voices=() if is_agreed else voices
        )
    values = tuple(dict.fromkeys(a.content.value for a in settled))
    return Effective(State.UNKNOWN, None, "", Layer.RESPONSE, (), values)
