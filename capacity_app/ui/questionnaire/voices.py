"""Who else has answered at a place, in one line each."""

from collections.abc import Iterable
from dataclasses import dataclass

from capacity_app.domain.answers import Answer, Layer, State
from capacity_app.domain.instrument import Field, Question
from capacity_app.ui.wording import Wording

_LONGEST = 140


@dataclass(frozen=True, slots=True)
class Voice:
    """One answer of somebody else: who, and what they say."""

    layer: Layer
    who: str
    what: str


def shortened(text: str, most: int = _LONGEST) -> str:
    """Give a text on one line, ended by "…" if it is too long for one."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"


def other_voices(
    answers: Iterable[Answer], respondent: str, wording: Wording, question: Question, field: Field | None
) -> list[Voice]:
    """List what others than the present respondent say: other agencies, the assessor, the country."""
    others = (
        answer
        for answer in answers
        if answer.content.state is not State.NOT_ASKED
        and not (answer.key.layer is Layer.RESPONSE and answer.key.respondent == respondent)
    )
    ranked = sorted(others, key=lambda answer: tuple(Layer).index(answer.key.layer))
    return [
        Voice(
            answer.key.layer,
            wording.respondent(answer.key.layer, answer.key.respondent),
            shortened(wording.content(question, field, answer.content, is_short=True)),
        )
        for answer in ranked
    ]


def said_by_others(voices: Iterable[Voice], wording: Wording) -> str:
    """Write the voices as lines of text."""
    pattern = {
        Layer.RESPONSE: wording.texts.gettext("Also answered by {who}: {what}"),
        Layer.JUDGEMENT: wording.texts.gettext("{who}: {what}"),
        Layer.VALIDATED: wording.texts.gettext("{who}: {what}"),
    }
    return "\n".join(pattern[voice.layer].format(who=voice.who, what=voice.what) for voice in voices)
