"""Conditions are data over answers; what is hidden meets no test."""

import pytest

from capacity_app.domain.assessment.answer_rules import effective_answer
from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerValue
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from tests.domain.making import instrument, laid, question, say, section


def is_(where: str, *values: str) -> Condition:
    return Condition(op=ConditionOperator.IS, address=Address.parse(where), values=values)


def at_least(where: str, number: int) -> Condition:
    return Condition(op=ConditionOperator.AT_LEAST, address=Address.parse(where), number=number)


def join(op: ConditionOperator, *parts: Condition) -> Condition:
    return Condition(op=op, parts=parts)


SAID: dict[Address, AnswerValue] = {Address("a"): "yes", Address("b"): 2, Address("c"): ("x", "y")}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (is_("a", "yes"), True),
        (is_("a", "no", "yes"), True),
        (is_("a", "no"), False),
        (is_("b", "2"), True),
        (is_("c", "y"), True),
        (is_("c", "z"), False),
        (is_("open", "yes"), False),
        (at_least("b", 2), True),
        (at_least("b", 3), False),
        (at_least("open", 0), False),
        (join(ConditionOperator.NOT, is_("open", "yes")), True),
        (join(ConditionOperator.ALL, is_("a", "yes"), at_least("b", 1)), True),
        (join(ConditionOperator.ALL, is_("a", "yes"), at_least("b", 3)), False),
        (join(ConditionOperator.ANY, is_("a", "no"), at_least("b", 1)), True),
        (join(ConditionOperator.ALL), True),
        (join(ConditionOperator.ANY), False),
    ],
)
def test_conditions_hold_as_they_read(condition: Condition, *, holds: bool) -> None:
    assert condition.holds(SAID.get) is holds


def test_every_address_of_a_condition_is_found() -> None:
    condition = join(ConditionOperator.ALL, is_("a", "yes"), join(ConditionOperator.NOT, at_least("b/r/c", 1)))
    assert [str(address) for address in condition.addresses()] == ["a", "b/r/c"]


def test_what_hangs_on_a_hidden_question_is_hidden_too() -> None:
    made = instrument(
        section(
            "s",
            question("a", kind=AnswerKind.YES_NO),
            question("b", kind=AnswerKind.YES_NO, show_if=is_("a", "yes")),
            question("c", show_if=is_("b", "yes")),
        )
    )
    said = [say("a", "no"), say("b", "yes"), say("c", 3)]
    sheet = laid(made, said)
    assert [item.standing for item in sheet.items()] == [ItemStatus.WANTED, ItemStatus.HIDDEN, ItemStatus.HIDDEN]
    assert sheet.counts.wanted == 1
    assert laid(made, [say("a", "yes"), *said[1:]]).counts.wanted == 3


def test_completeness_counts_what_is_wanted_answered_and_in_conflict() -> None:
    made = instrument(section("s", *(question(name) for name in "abc")))
    done = laid(made, [say("a", 1, who="x"), say("a", 2, who="y"), say("b", 1)]).counts
    assert (done.wanted, done.answered, done.settled, done.conflicts, done.unanswered) == (3, 2, 1, 1, 1)


def test_texts_and_picks_of_several_agencies_complete_each_other() -> None:
    texts = [say("t", "one", who="x"), say("t", "two", who="y")]
    assert effective_answer(texts, question("t", kind=AnswerKind.TEXT)).conflict == ()
    picks = [say("p", ("a", "b"), who="x"), say("p", ("b", "c"), who="y")]
    assert effective_answer(picks, question("p", kind=AnswerKind.SOURCE, many=True)).value == ("a", "b", "c")


def test_the_evidence_of_agreeing_answers_is_shared() -> None:
    said = [
        say("q", 2, who="x", evidence=("report",)),
        say("q", 3, who="y", evidence=("rumour",)),
        say("q", 2, layer=AnswerLayer.JUDGEMENT, reason="seen"),
    ]
    assert effective_answer(said, question("q")).evidence == ("report",)
