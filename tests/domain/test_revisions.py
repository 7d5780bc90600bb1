"""Ids, order, heads and namesakes of revisions: the same on every laptop, whatever the clocks say."""

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.assessment.revisions import (
    EntryRevision,
    Revision,
    RevisionId,
    first_revision,
    heads,
    in_order,
    known_parents,
    rename_colliding,
    revision_marks,
)

KEY = AnswerKey(Address("i.law"), respondent="nso")


def level(value: int, **more: Any) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, **more)


def made(number: int, value: int, *parents: Revision, by: str = "a", **more: Any) -> Revision:
    parent_ids = tuple(one.id for one in parents)
    return Revision(id=RevisionId(by, number), key=KEY, content=level(value), parents=parent_ids, **more)


def entry(number: int, name: str | None, *parents: EntryRevision, by: str = "a") -> EntryRevision:
    content = None if name is None else Agency(id="x", name=name)
    parent_ids = tuple(one.id for one in parents)
    return EntryRevision(id=RevisionId(by, number), register="agencies", entry="x", content=content, parents=parent_ids)


# -- ids -----------------------------------------------------------------------------------------------------------


def test_an_id_is_read_as_it_is_written() -> None:
    for made_id in (RevisionId("laptop", 7), RevisionId("a:b", 1), RevisionId("laptop~0f", 12)):
        assert RevisionId.parse(str(made_id)) == made_id
    assert str(RevisionId("laptop", 7)) == "laptop:7"


@pytest.mark.parametrize("text", ["", "laptop", "laptop:", ":7", "laptop:seven", "laptop:-1", "laptop:1.5"])
def test_what_is_no_id_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{text}$"):
        RevisionId.parse(text)


def test_a_namesake_is_called_beside_the_first_and_knows_what_it_was_called() -> None:
    first = RevisionId("laptop", 7)
    second = first.beside("0f")
    assert (str(second), second.is_beside, second.origin) == ("laptop~0f:7", True, first)
    assert (first.is_beside, first.origin) == (False, first)
    assert second.beside("1e") == RevisionId("laptop~1e", 7), "marks do not pile up"


# -- order and heads -----------------------------------------------------------------------------------------------


def test_revisions_are_in_the_order_of_their_numbers_then_of_their_makers() -> None:
    known = [made(1, 0), made(2, 1, by="a"), made(2, 2, by="b"), made(10, 3)]
    for some in permutations(known):
        assert in_order(some) == known
    assert in_order([]) == []
    assert in_order(known[:1]) == known[:1]


def test_namesakes_stand_beside_each_other_in_an_order_of_what_they_say() -> None:
    first, other = made(2, 1), replace(made(2, 2), id=RevisionId("a~ff", 2))
    before, after, later = made(1, 0), made(2, 0, by="b"), made(3, 0)
    given = revision_marks([before, first, other, after, later])
    pair = sorted([first, other], key=lambda one: given[one.id])
    for some in permutations([before, first, other, after, later]):
        assert in_order(some) == [before, *pair, after, later]


def test_only_an_earlier_revision_is_believed_to_have_been_known() -> None:
    early, late = made(1, 0), made(5, 1)
    itself = replace(made(3, 2), parents=(early.id, RevisionId("a", 3), late.id))
    assert list(known_parents(itself)) == [early.id]
    assert heads([early, itself, late]) == (itself, late)
    equal = replace(made(5, 3, by="b"), parents=(late.id,))
    assert heads([late, equal]) == (late, equal), "numbers only grow"


def test_an_entry_stands_where_the_head_it_goes_back_to_began() -> None:
    first, second = entry(1, "A"), entry(2, "B", by="b")
    on_first, on_both = entry(3, "C", first), entry(4, "D", second, first)
    known = [first, second, on_first, on_both]
    assert first_revision(known, [on_first]) is first
    assert first_revision(known, [on_both]) is second, "the first parent says where"
    assert first_revision(known, [on_both, on_first]) is first
    assert first_revision([on_first], [on_first]) is on_first, "its parent is not here"


# -- marks ---------------------------------------------------------------------------------------------------------


def test_a_mark_is_the_same_today_as_when_it_was_given() -> None:
    """It stands in files, as part of ids: another mark would make one revision two."""
    answer = Revision(
        id=RevisionId("laptop", 2),
        key=AnswerKey(Address("g", "r", "c"), AnswerLayer.JUDGEMENT, "nso"),
        content=level(2, reason="seen", note="n", evidence=("e1",)),
        author="A. Officer",
        time="2018-11-27T09:00:00+00:00",
        language="fr",
    )
    on_top = replace(answer, id=RevisionId("other", 3), parents=(answer.id, RevisionId("gone", 1)))
    place = entry(1, "Office")
    given = revision_marks([on_top, answer, place, entry(4, None, place)])
    assert {str(one): mark for one, mark in given.items()} == MARKS
    assert all(len(mark) == 16 for mark in given.values())


MARKS = {
    "a:1": "c1a56e8a041437e2",
    "laptop:2": "4c9c925f8b9f9e02",
    "other:3": "292f780b7bab95ee",
    "a:4": "6d73daf426fce157",
}


def test_a_mark_tells_apart_whatever_differs_and_nothing_else() -> None:
    one = replace(made(3, 1), author="A", time="T", language="en", parents=(RevisionId("a", 2), RevisionId("b", 2)))
    others = [
        replace(one, content=level(2)),
        replace(one, content=level(1, note="n")),
        replace(one, content=level(1, reason="r")),
        replace(one, content=level(1, evidence=("e",))),
        replace(one, content=Content(state=AnswerState.UNKNOWN)),
        replace(one, key=replace(KEY, respondent="moi")),
        replace(one, key=replace(KEY, layer=AnswerLayer.VALIDATED)),
        replace(one, key=replace(KEY, address=Address("i.plan"))),
        replace(one, author="B"),
        replace(one, time="U"),
        replace(one, language="fr"),
        replace(one, parents=(RevisionId("a", 2),)),
        replace(one, id=RevisionId("c", 3)),
    ]
    own = revision_marks([one])[one.id]
    assert len({own, *(revision_marks([other])[other.id] for other in others)}) == len(others) + 1
    turned = replace(one, parents=tuple(reversed(one.parents)))
    assert revision_marks([turned])[one.id] == own, "the order of what was known says nothing"
    assert revision_marks([replace(one, id=one.id.beside("ff"))])[one.id.beside("ff")] == own, "nor does its later name"


def test_what_was_known_under_another_name_is_the_same_for_the_mark() -> None:
    base, namesake = made(1, 0), replace(made(1, 1), id=RevisionId("a~ff", 1))
    on_base, on_namesake = made(2, 2, base), made(2, 2, namesake)
    assert revision_marks([base, on_base])[on_base.id] != revision_marks([namesake, on_namesake])[on_namesake.id]
    as_made = replace(namesake, id=RevisionId("a", 1))
    assert (
        revision_marks([as_made, made(2, 2, as_made)])[on_base.id]
        == revision_marks([namesake, on_namesake])[on_namesake.id]
    )


# -- namesakes -----------------------------------------------------------------------------------------------------


def test_what_is_known_or_new_comes_in_as_it_is() -> None:
    base, later = made(1, 0), made(2, 1)
    assert rename_colliding([base], [base, later]) == (base, later)
    assert rename_colliding([], []) == ()


def test_one_id_for_two_revisions_becomes_two_ids_and_what_was_built_on_the_second_follows_it() -> None:
    here, coming = made(1, 0), made(1, 3)
    on_top = made(2, 2, coming)
    renamed, followed = rename_colliding([here], [on_top, coming])
    assert renamed == replace(coming, id=here.id.beside(revision_marks([coming])[coming.id]))
    assert followed == replace(on_top, parents=(renamed.id,))
    assert rename_colliding([here, renamed, followed], [coming, on_top]) == (renamed, followed), "again, it is known"
    assert rename_colliding([coming, on_top], [here])[0].id == here.id.beside(revision_marks([here])[here.id])


def test_namesakes_that_come_in_under_their_later_names_keep_them() -> None:
    here, coming = made(1, 0), made(1, 3)
    (renamed,) = rename_colliding([here], [coming])
    assert rename_colliding([here], [renamed]) == (renamed,)
    assert rename_colliding([here], [here, renamed]) == (here, renamed)
    assert rename_colliding([renamed], [coming]) == (renamed,), "it is the same under its first name"


def test_entries_are_told_apart_by_what_they_say_too() -> None:
    here, coming, removed = entry(1, "Office"), entry(1, "Bureau"), entry(1, None)
    names = {rename_colliding([here], [one])[0].id for one in (coming, removed)}
    assert len(names) == 2
    assert all(name.is_beside for name in names)
    assert rename_colliding([here], [entry(1, "Office")]) == (here,)
