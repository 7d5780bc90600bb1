"""Where agencies differed, and how it was settled."""

from collections.abc import Iterable
from dataclasses import dataclass

from capacity_app.bilingual import beside
from capacity_app.domain.answers import Answer, Layer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.effective import FREE_KINDS
from capacity_app.domain.instrument import Column
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.report.view.pieces import Fact, anchor_of, shortened
from capacity_app.report.view.shown import LONGEST
from capacity_app.wording import Wording


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where respondents differed: what each said, and how it was settled or that it is not.

    ``number`` and ``column`` say where; ``voices`` are the agencies, each with its answer. ``conclusion`` tells who
    settled it and how; None while nobody has. ``link`` leads to the whole answers.
    """

    number: str
    column: str
    question: str
    link: str
    voices: tuple[Fact, ...]
    conclusion: Fact | None
    reason: str
    second: str = ""

    @property
    def is_settled(self) -> bool:
        return self.conclusion is not None


def _voice(words: Wording, item: Item, answer: Answer) -> Fact:
    content = answer.content
    is_given = content.state is State.ANSWERED
    value = words.value(item.question, item.field, content.value) if is_given else words.say(N_("not applicable"))
    return Fact(words.respondent(answer.key.layer, answer.key.respondent), shortened(value, LONGEST))


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
    row = item.row
    return Difference(
        number=f"{item.question.number} {row.number}".strip() if row else item.question.number,
        column=words.column(item.question, item.field) if isinstance(item.field, Column) else "",
        question=words.row(item.question, row) if row else words.question(item.question),
        link=anchor_of("q", item.question.id),
        voices=tuple(_voice(words, item, answer) for answer in responses),
        conclusion=_voice(words, item, conclusion) if conclusion else None,
        reason=shortened(conclusion.content.reason, LONGEST) if conclusion else "",
        second=beside(words, lambda one: one.row(item.question, row) if row else one.question(item.question)),
    )


def differences(appraisal: Appraisal, words: Wording, blocks: Iterable[Block]) -> tuple[Difference, ...]:
    """Find where respondents differ, or where the assessor or the country concluded otherwise."""
    items = (item for block in blocks for item in block.items if item.standing is Standing.WANTED)
    found = (_difference(appraisal, words, item) for item in items)
    return tuple(entry for entry in found if entry is not None)
