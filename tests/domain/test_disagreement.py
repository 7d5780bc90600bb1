"""Who contradicts whom, and what counts."""

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.answers import Answer, Layer, State
from capacity_app.domain.disagreement import contradictions, counting
from capacity_app.domain.effective import effective
from capacity_app.domain.instrument import Kind
from tests.domain.making import question, say

LEVEL = question("i.law")
TEXT = question("ii.name", Kind.TEXT)


def _names(*answers: Answer, free: bool = False) -> dict[str, list[str]]:
    field = TEXT if free else LEVEL
    return {
        key.respondent or key.layer.value: [other.respondent or other.layer.value for other in others]
        for key, others in contradictions(answers, field).items()
    }


def test_differing_answers_name_each_other() -> None:
    said = (say("i.law", 3, who="nso"), say("i.law", 1, who="moi"), say("i.law", 3, who="bank"))
    assert _names(*said) == {"nso": ["moi"], "moi": ["nso", "bank"], "bank": ["moi"]}


def test_who_does_not_know_contradicts_nobody_and_texts_complete_each_other() -> None:
    assert _names(say("i.law", 3, who="nso"), say("i.law", state=State.UNKNOWN, who="moi")) == {}
    assert _names(say("ii.name", "a", who="nso"), say("ii.name", "b", who="moi"), free=True) == {}


def test_the_judgement_counts_and_those_it_overrules_differ_from_it() -> None:
    judgement = say("i.law", 1, layer=Layer.JUDGEMENT)
    said = (say("i.law", 3, who="nso"), say("i.law", 1, who="moi"), judgement)
    assert counting(said, LEVEL) == {judgement.key}
    assert "judgement" in _names(*said)["nso"]
    assert "judgement" not in _names(*said)["moi"]


STATES = st.sampled_from([State.ANSWERED, State.UNKNOWN, State.DECLINED, State.NOT_APPLICABLE])
ONE = st.tuples(st.sampled_from(["nso", "moi", "bank"]), STATES, st.integers(0, 3))
ANSWERS = st.lists(ONE, max_size=3, unique_by=lambda one: one[0])


@given(ANSWERS)
def test_nothing_counts_exactly_where_the_score_sees_a_conflict(said: list[tuple[str, State, int]]) -> None:
    answers = [
        say("i.law", level if state is State.ANSWERED else None, state=state, who=who, reason="r")
        for who, state, level in said
    ]
    is_conflict = bool(effective(answers, LEVEL).conflict)
    assert is_conflict == bool(contradictions(answers, LEVEL))
    assert bool(counting(answers, LEVEL)) == (bool(answers) and not is_conflict)
