"""Where agencies differed, and how it was settled."""

from collections.abc import Iterable
from dataclasses import dataclass

from capacity_app.domain.answers import Answer, Layer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.effective import FREE_KINDS
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.wording import Wording


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where respondents differed: what each said, and how it was settled or that it is not."""

    place: str
    question: str
    said: tuple[str, ...]
    outcome: str
    reason: str
    is_settled: bool


def _said(words: Wording, item: Item, answer: Answer) -> str:
    content = answer.content
    is_given = content.state is State.ANSWERED
    value = words.value(item.question, item.field, content.value) if is_given else words.say(N_("not applicable"))
    return f"{words.respondent(answer.key.layer, answer.key.respondent)}: {value}"


def _responses(answers: Iterable[Answer]) -> list[Answer]:
    settled = {State.ANSWERED, State.NOT_APPLICABLE}
    return [a for a in answers if a.key.layer is Layer.RESPONSE and a.content.state in settled]


def _conclusion(answers: Iterable[Answer]) -> Answer | None:
    given = {a.key.layer: a for a in answers if a.content.state is not State.NOT_ASKED}
    return given.get(Layer.VALIDATED) or given.get(Layer.JUDGEMENT)


def _difference(appraisal: Appraisal, words: Wording, item: Item) -> Difference | None:
    if item.field.kind in FREE_KINDS:  # texts complete each other; the annex has them all
        return None
    answers = appraisal.dossier.by_address.get(item.address, ())
    responses, conclusion = _responses(answers), _conclusion(answers)
    values = {(a.content.state, a.content.value) for a in responses}
    concluded = (conclusion.content.state, conclusion.content.value) if conclusion else None
    if not item.answer.conflict and (concluded is None or values <= {concluded}):
        return None
    return Difference(
        place=words.place(item.address),
        question=words.row(item.question, item.row) if item.row else words.question(item.question),
        said=tuple(_said(words, item, answer) for answer in responses),
        outcome=_said(words, item, conclusion) if conclusion else words.say(N_("Not settled yet.")),
        reason=conclusion.content.reason if conclusion else "",
        is_settled=conclusion is not None,
    )


def differences(appraisal: Appraisal, words: Wording, blocks: Iterable[Block]) -> tuple[Difference, ...]:
    """Find where respondents differ, or where the assessor or the country concluded otherwise."""
    items = (item for block in blocks for item in block.items if item.standing is Standing.WANTED)
    found = (_difference(appraisal, words, item) for item in items)
    return tuple(entry for entry in found if entry is not None)
