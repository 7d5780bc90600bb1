"""Revisions paired with what they replaced, in an order that does not trust clocks; typing joined for reading."""

from dataclasses import replace

import pytest

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Content
from capacity_app.domain.assessment.revisions import Revision, RevisionId, history_steps, join_typing
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


def _typed(*notes: tuple[str, str], author: str = "A. Officer") -> tuple[Revision, ...]:
    """Return notes typed one after the other: (text, time of day)."""
    made: list[Revision] = []
    for number, (note, time) in enumerate(notes, 1):
        answer = say("i.law", 1, note=note)
        made.append(
            Revision(
                id=RevisionId("a", number),
                key=answer.key,
                content=answer.content,
                author=author,
                time=f"2018-11-27T09:{time}+00:00",
                parents=tuple(one.id for one in made[-1:]),
            )
        )
    return tuple(made)


def _notes(revisions: tuple[Revision, ...]) -> list[tuple[str, str]]:
    steps = join_typing(history_steps(revisions), lambda _key: False)
    return [(step.before.note, step.after.note) for step in steps]


def test_typing_within_a_minute_is_one_step_from_the_first_before_to_the_last_after() -> None:
    typed = _typed(("", "00:00"), ("serie", "00:40"), ("series", "01:20"), ("series seen.", "02:00"))
    assert _notes(typed) == [("", "series seen."), ("", "")]


def test_typing_after_a_rest_or_by_somebody_else_is_another_step() -> None:
    typed = _typed(("", "00:00"), ("one", "00:10"), ("one two", "01:11"))
    assert _notes(typed)[:2] == [("one", "one two"), ("", "one")]
    first, second, third = _typed(("", "00:00"), ("one", "00:10"), ("one two", "00:20"))
    assert len(_notes((first, second, replace(third, author="B. Officer")))) == 3


@pytest.mark.parametrize("time", ["on Tuesday", "", "2018-11-27T09:00:00"])
def test_a_time_that_says_nothing_joins_nothing(time: str) -> None:
    first, second, third = _typed(("a", "00:00"), ("b", "00:01"), ("c", "00:02"))
    typed = (first, replace(second, time=time), third)
    assert len(_notes(typed)) == 3


def test_choices_within_a_minute_are_steps_of_their_own() -> None:
    first = _made("a", 1, 0, "2018-11-27T09:00:00+00:00")
    second = _made("a", 2, 1, "2018-11-27T09:00:05+00:00", first)
    steps = history_steps((first, second))
    assert join_typing(steps, lambda _key: False) == steps
    assert len(join_typing(steps, lambda _key: True)) == 1
