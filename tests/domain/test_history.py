"""Revisions paired with what they replaced, in an order that does not trust clocks."""

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Content
from capacity_app.domain.assessment.revisions import Revision, RevisionId, history_steps
from tests.domain.making import say


def _made(device: str, counter: int, value: int, time: str, *parents: Revision, who: str = "") -> Revision:
    answer = say("i.law", value, who=who)
    ids = tuple(parent.id for parent in parents)
    return Revision(
        id=RevisionId(device, counter), key=answer.key, content=answer.content, time=time, parents=ids
    )  # fmt: skip


def _values(revisions: tuple[Revision, ...]) -> list[tuple[object, object]]:
    return [(step.before.value, step.after.value) for step in history_steps(revisions)]


def test_each_revision_is_paired_with_what_it_replaced() -> None:
    first = _made("a", 1, 0, "2018-11-27T09:00:00+00:00")
    second = _made("a", 2, 1, "2018-11-27T09:05:00+00:00", first)
    other = _made("a", 3, 3, "2018-11-27T09:06:00+00:00", who="agency-moi")
    assert _values((first, second, other)) == [(None, 3), (0, 1), (None, 0)]
    assert history_steps((first,))[0].before == EMPTY_CONTENT


def test_a_wrong_clock_does_not_put_an_answer_before_the_one_it_replaced() -> None:
    first = _made("a", 1, 0, "2018-11-27T09:00:00+00:00")
    second = _made("b", 2, 1, "1999-01-01T00:00:00+00:00", first)
    assert _values((second, first)) == [(0, 1), (None, 0)]


def test_answers_that_knew_nothing_of_each_other_stand_as_they_were_numbered_whatever_their_clocks_say() -> None:
    first = _made("a", 1, 0, "2028-11-28T09:00:00+02:00", who="agency-nso")
    second = _made("a", 2, 1, "2008-11-27T09:00:00+00:00", who="agency-moi")
    vague = _made("b", 2, 1, "on Tuesday", who="agency-moi")
    assert [step.revision for step in history_steps((first, vague, second))] == [vague, second, first]
    assert history_steps(()) == ()
    assert isinstance(history_steps((vague,))[0].after, Content)
