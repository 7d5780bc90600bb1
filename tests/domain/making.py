"""Small instruments and answers for the domain's tests, written so that a test reads like a table."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
    answers_by_address,
)
from capacity_app.domain.questionnaire.instrument import (
    AnswerKind,
    ChoiceOption,
    Instrument,
    Provenance,
    Question,
    Section,
)
from capacity_app.domain.scoring.layout import AnswerSheet, lay_out

ANCHORS = ("none", "some", "much", "all")
YES_PARTLY_NO = AnswerKind.YES_PARTLY_NO


def question(question_id: str, kind: AnswerKind = AnswerKind.LEVEL, **more: Any) -> Question:
    more.setdefault("anchors", ANCHORS if kind is AnswerKind.LEVEL else ())
    return Question(
        id=question_id, number=question_id, text=question_id, kind=kind, provenance=Provenance.PROJECT, **more
    )


def section(section_id: str, *questions: Question, **more: Any) -> Section:
    return Section(
        id=section_id,
        number=section_id,
        title=section_id,
        provenance=Provenance.PROJECT,
        questions=questions,
        **more,
    )


def instrument(*sections: Section, **more: Any) -> Instrument:
    return Instrument(
        id="small", version="1.0", title="Small", edition="Test", language="en", sections=sections, **more
    )


def choice(**points: Fraction | int | str | None) -> tuple[ChoiceOption, ...]:
    return tuple(
        ChoiceOption(id=name, label=name, points=None if value is None else Fraction(value))
        for name, value in points.items()
    )


def required(*names: str, also: Sequence[str] = ()) -> tuple[ChoiceOption, ...]:
    return tuple(ChoiceOption(id=name, label=name, required=name not in also) for name in (*names, *also))


def say(
    where: str,
    value: AnswerValue = None,
    *,
    state: AnswerState = AnswerState.ANSWERED,
    layer: AnswerLayer = AnswerLayer.RESPONSE,
    who: str = "",
    **more: Any,
) -> Answer:
    """Answer at "question/row/column"; without a value a state must be given."""
    key = AnswerKey(Address.parse(where), layer, who)
    return Answer(key=key, content=Content(state=state, value=value, **more))


def laid(the_instrument: Instrument, answers: Iterable[Answer], grades: Mapping[str, int] | None = None) -> AnswerSheet:
    return lay_out(the_instrument, answers_by_address(answers), grades)
