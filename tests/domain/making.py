"""Small instruments and answers for the domain's tests, written so that a test reads like a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
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
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.duplicates import DuplicateMerge
from capacity_app.domain.assessment.references import iterate_entries
from capacity_app.domain.assessment.registers import register_of
from capacity_app.domain.questionnaire.instrument import ChoiceOption, Instrument, Provenance, Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, lay_out

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


def apply_duplicate_merge(dossier: Dossier, joining: DuplicateMerge) -> Dossier:
    """Return the dossier as it is after joining."""
    changed = {(register_of(entry), entry.id): entry for entry in (*joining.entries, joining.kept)}
    gone = joining.register, joining.gone.id
    registers: dict[str, Any] = {name: () for name, _ in iterate_entries(dossier)}
    for name, entry in iterate_entries(dossier):
        if (name, entry.id) != gone:
            registers[name] += (changed.get((name, entry.id), entry),)
    answers = {answer.key: answer for answer in dossier.answers} | {answer.key: answer for answer in joining.answers}
    kept = (answer for answer in answers.values() if not answer.content.is_empty)
    return replace(dossier, answers=tuple(sorted(kept, key=lambda answer: answer.key)), **registers)
