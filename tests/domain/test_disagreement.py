"""Who contradicts whom, and what counts."""

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answer_rules import effective_answer, find_contradictions, find_counting_answers
from capacity_app.domain.assessment.answers import Answer, AnswerLayer, AnswerState
from capacity_app.domain.questionnaire.kinds import AnswerKind
from tests.domain.making import question, say

LEVEL = question("i.law")
TEXT = question("ii.name", AnswerKind.TEXT)


def _names(*answers: Answer, free: bool = False) -> dict[str, list[str]]:
    field = TEXT if free else LEVEL
    return {
        key.respondent or key.layer.value: [other.respondent or other.layer.value for other in others]
        for key, others in find_contradictions(answers, field).items()
    }


def test_differing_answers_name_each_other() -> None:
    said = (say("i.law", 3, who="nso"), say("i.law", 1, who="moi"), say("i.law", 3, who="bank"))
    assert _names(*said) == {"nso": ["moi"], "moi": ["nso", "bank"], "bank": ["moi"]}


def test_who_does_not_know_contradicts_nobody_and_texts_complete_each_other() -> None:
    assert _names(say("i.law", 3, who="nso"), say("i.law", state=AnswerState.UNKNOWN, who="moi")) == {}
    assert _names(say("ii.name", "a", who="nso"), say("ii.name", "b", who="moi"), free=True) == {}


def test_the_judgement_counts_and_those_it_overrules_differ_from_it() -> None:
    judgement = say("i.law", 1, layer=AnswerLayer.JUDGEMENT)
    said = (say("i.law", 3, who="nso"), say("i.law", 1, who="moi"), judgement)
    assert find_counting_answers(said, LEVEL) == {judgement.key}
    assert "judgement" in _names(*said)["nso"]
    assert "judgement" not in _names(*said)["moi"]


STATES = st.sampled_from([AnswerState.ANSWERED, AnswerState.UNKNOWN, AnswerState.DECLINED, AnswerState.NOT_APPLICABLE])
ONE = st.tuples(st.sampled_from(["nso", "moi", "bank"]), STATES, st.integers(0, 3))
ANSWERS = st.lists(ONE, max_size=3, unique_by=lambda one: one[0])


@given(ANSWERS)
def test_nothing_counts_exactly_where_the_score_sees_a_conflict(said: list[tuple[str, AnswerState, int]]) -> None:
    answers = [
        say("i.law", level if state is AnswerState.ANSWERED else None, state=state, who=who, reason="r")
        for who, state, level in said
    ]
    is_conflict = bool(effective_answer(answers, LEVEL).conflict)
    assert is_conflict == bool(find_contradictions(answers, LEVEL))
    assert bool(find_counting_answers(answers, LEVEL)) == (bool(answers) and not is_conflict)
