"""Small instruments and answers for the domain's tests, written so that a test reads like a table."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State, Value, by_address
from capacity_app.domain.instrument import Instrument, Kind, Option, Provenance, Question, Section
from capacity_app.domain.sheet import Sheet, lay_out

ANCHORS = ("none", "some", "much", "all")
YES_PARTLY_NO = Kind.YES_PARTLY_NO


def question(question_id: str, kind: Kind = Kind.LEVEL, **more: Any) -> Question:
    more.setdefault("anchors", ANCHORS if kind is Kind.LEVEL else ())
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


def choice(**points: Fraction | int | str | None) -> tuple[Option, ...]:
    return tuple(
        Option(id=name, label=name, points=None if value is None else Fraction(value)) for name, value in points.items()
    )


def required(*names: str, also: Sequence[str] = ()) -> tuple[Option, ...]:
    return tuple(Option(id=name, label=name, required=name not in also) for name in (*names, *also))


def say(
    where: str,
    value: Value = None,
    *,
    state: State = State.ANSWERED,
    layer: Layer = Layer.RESPONSE,
    who: str = "",
    **more: Any,
) -> Answer:
    """Answer at "question/row/column"; without a value a state must be given."""
    key = AnswerKey(Address.parse(where), layer, who)
    return Answer(key=key, content=Content(state=state, value=value, **more))


def laid(the_instrument: Instrument, answers: Iterable[Answer], grades: Mapping[str, int] | None = None) -> Sheet:
    return lay_out(the_instrument, by_address(answers), grades)
