"""Small instruments to be read by the editor: one question without a fault, and whatever a test adds to it."""

from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    GridColumn,
    GridRow,
    Instrument,
    Provenance,
    Question,
    Section,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.author_remarks import TranslationCoverage, find_remarks

ANCHORS = (
    "Nobody counts visitors.",
    "Visitors are counted once in a while.",
    "Visitors are counted every month at the main door.",
    "Visitors are counted every day at each door, and the figures are used.",
)
ACTIONS = ("Count for one week.", "Count every month.", "Count every day and publish.")


def question(name: str, **more: Any) -> Question:
    """A level question; "1.2" is its id's number: "a.2" is printed as 1.2."""
    part, _, number = name.partition(".")
    given: dict[str, Any] = {
        "id": name,
        "number": f"{ord(part[0]) - 96}.{number}",
        "text": f"How are visitors of the {name.replace('.', ' ')} counted?",
        "kind": AnswerKind.LEVEL,
        "provenance": Provenance.PROJECT,
        "officer_note": "Look at the counter.",
        "respondent_help": "How do you count?",
        "evidence_hint": "The list of counts",
    }
    if more.get("kind", AnswerKind.LEVEL) is AnswerKind.LEVEL:
        given |= {"anchors": ANCHORS, "actions": ACTIONS}
    return Question(**(given | more))


def section(name: str, *questions: Question, **more: Any) -> Section:
    given: dict[str, Any] = {
        "id": name,
        "number": str(ord(name[0]) - 96),
        "title": f"Part {name}",
        "provenance": Provenance.PROJECT,
        "questions": questions,
    }
    return Section(**(given | more))


def instrument(*sections: Section, **more: Any) -> Instrument:
    given: dict[str, Any] = {
        "id": "small",
        "version": "1.0",
        "title": "Small",
        "edition": "Test",
        "language": "en",
        "sections": sections,
    }
    return Instrument(**(given | more))


def sound(*extra: Question, **more: Any) -> Instrument:
    """An instrument the editor has nothing to say about, unless the extra questions of its part have a fault."""
    core = (question("a.1", importance=3), question("a.2"), question("a.3"))
    return instrument(section("a", *core, *extra), **more)


def choice(name: str, *points: str | None, **more: Any) -> Question:
    options = tuple(
        ChoiceOption(id=f"o{n}", label=f"Answer {n}", points=None if p is None else Fraction(p))
        for n, p in enumerate(points)
    )
    return question(name, kind=AnswerKind.CHOICE, options=options, **more)


def grid(name: str, columns: tuple[GridColumn, ...], rows: tuple[GridRow, ...], **more: Any) -> Question:
    return question(name, kind=AnswerKind.GRID, columns=columns, rows=rows, **more)


def is_(where: str, *values: str) -> Condition:
    return Condition(op=ConditionOperator.IS, address=Address.parse(where), values=values)


def at_least(where: str, number: int) -> Condition:
    return Condition(op=ConditionOperator.AT_LEAST, address=Address.parse(where), number=number)


def both(*parts: Condition) -> Condition:
    return Condition(op=ConditionOperator.ALL, parts=parts)


def either(*parts: Condition) -> Condition:
    return Condition(op=ConditionOperator.ANY, parts=parts)


def no(part: Condition) -> Condition:
    return Condition(op=ConditionOperator.NOT, parts=(part,))


def said(found: Instrument, worded: dict[str, TranslationCoverage] | None = None) -> list[str]:
    """Return "kind.what @ place" of each remark; every sentence must be complete in its values."""
    problems = find_remarks(found, worded)
    for problem in problems:
        text = problem.text()
        assert "{" not in text, text
        assert problem.message, problem.code
        assert problem.advice, problem.code
    return [f"{problem.code.removeprefix('editor.')} @ {problem.place}" for problem in problems]
