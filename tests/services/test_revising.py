"""Every change is checked, numbered after all there is, and made on top of what it supersedes."""

from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.services.session.revision_log import (
    MAX_EVIDENCE_PER_ANSWER,
    RevisionLog,
    ValidationError,
    check_answer,
)
from tests.builders import small_instrument

LAW = AnswerKey(Address("i.law"), respondent="nso")
PLACE = ("agencies", "x")
MADE = small_instrument()


def level(value: int, **more: Any) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, **more)


def answer(content: Content, **more: Any) -> Answer:
    return Answer(key=LAW, content=content, author="A", time="T", language="en", **more)


def made(number: int, content: Content, *parents: Revision, by: str = "a") -> Revision:
    parent_ids = tuple(one.id for one in parents)
    return Revision(id=RevisionId(by, number), key=LAW, content=content, parents=parent_ids)


def entry(number: int, name: str, *parents: EntryRevision, by: str = "a") -> EntryRevision:
    content, parent_ids = Agency(id="x", name=name), tuple(one.id for one in parents)
    return EntryRevision(id=RevisionId(by, number), register="agencies", entry="x", content=content, parents=parent_ids)


def test_numbers_go_on_after_the_highest_there_is_whoever_made_it() -> None:
    assert str(RevisionLog(MADE, "me").next_id()) == "me:1"
    known = RevisionLog(MADE, "me", [made(3, level(1), by="b")], [entry(7, "Office")])
    assert (known.age, str(known.next_id()), known.age) == (0, "me:8", 1)
    known = RevisionLog(MADE, "me", [made(9, level(1))], [entry(7, "Office")])
    assert str(known.next_id()) == "me:10"
    known.unite([made(4, level(2), by="c")], [entry(5, "Bureau", by="c")])
    assert str(known.next_id()) == "me:11", "what comes in lower does not turn the numbers back"
    known.unite([made(30, level(2), by="d")], [])
    assert str(known.next_id()) == "me:31"
    known.unite([], [entry(40, "Bureau", by="d")])
    assert str(known.next_id()) == "me:41"
    assert known.age == 7


def test_an_answer_is_made_on_top_of_all_heads_with_all_it_says() -> None:
    base = made(1, level(0))
    mine, theirs = made(2, level(3), base), made(2, level(2), base, by="b")
    known = RevisionLog(MADE, "me", [base, mine, theirs])
    revision = known.answer(answer(level(2, note="n")))
    assert revision == Revision(
        id=RevisionId("me", 3), key=LAW, content=level(2, note="n"), author="A", time="T", language="en",
        parents=(mine.id, theirs.id),
    )  # fmt: skip
    assert known.said(LAW) == level(2, note="n")
    assert known.revisions_at(LAW) == (base, mine, theirs, revision)
    united = known.united(LAW)
    assert united is not None
    assert united.contests == ()


def test_saying_the_same_again_is_no_revision_unless_it_settles_a_conflict() -> None:
    known = RevisionLog(MADE, "me", [made(1, level(2))])
    assert known.answer(answer(level(2))) is None
    assert known.age == 0
    assert known.answer(replace(answer(Content()), key=replace(LAW, respondent="moi"))) is None, "nothing was said"
    known.unite([made(2, level(3), by="b")], [])
    settled = known.answer(answer(level(3)))
    assert settled is not None
    assert settled.parents == (RevisionId("a", 1), RevisionId("b", 2))
    assert known.answer(answer(level(3))) is None


def test_what_is_typed_is_cleaned_before_it_is_kept() -> None:
    typed = Answer(key=LAW, content=level(2, note="e\u0301\0"), author="A\0", time="T\0", language="e\0n")
    cleaned, problem = check_answer(MADE, typed)
    assert problem is None
    assert cleaned == Answer(key=LAW, content=level(2, note="é"), author="A", time="T", language="en")


@pytest.mark.parametrize(
    ("respondent", "evidence", "is_right"),
    [
        ("", (), True),
        ("nso", ("e1", "e2"), True),
        ("nso", tuple(f"e{n}" for n in range(MAX_EVIDENCE_PER_ANSWER)), True),
        ("nso", tuple(f"e{n}" for n in range(MAX_EVIDENCE_PER_ANSWER + 1)), False),
        ("two\nlines", (), False),
        ("x" * 201, (), False),
        ("nso", ("e1", " "), False),
        ("nso", ("",), False),
    ],
)
def test_who_answers_and_what_supports_it_are_named_by_ids(
    respondent: str, evidence: tuple[str, ...], *, is_right: bool
) -> None:
    given = replace(answer(level(2, evidence=evidence)), key=replace(LAW, respondent=respondent))
    problem = check_answer(MADE, given)[1]
    assert (problem is None) is is_right
    if problem is not None:
        assert (problem.code, problem.place) == ("answer.ids", "i.law")
        assert problem.message == "The respondent or an evidence entry is named by something that cannot be an id."
        assert problem.advice == "Choose them from the registers."


def test_what_may_not_be_stored_is_refused_and_changes_nothing() -> None:
    known = RevisionLog(MADE, "me", [made(1, level(2))], [entry(1, "Office")])
    with pytest.raises(ValidationError) as refused:
        known.answer(answer(level(9)))
    assert refused.value.problem.place == "i.law"
    with pytest.raises(ValidationError):
        known.entry(Agency(id="x", name="n" * 100_000), "A", "T")
    with pytest.raises(ValidationError):
        known.entry(Agency(id=" "), "A", "T")
    assert (known.age, known.said(LAW), known.said(PLACE)) == (0, level(2), Agency(id="x", name="Office"))


def test_many_are_looked_at_before_any_is_stored() -> None:
    known = RevisionLog(MADE, "me")
    good, bad = answer(level(1)), answer(level(9))
    known.expect_acceptable([good], [Agency(id="x")])
    with pytest.raises(ValidationError) as refused:
        known.expect_acceptable([good, bad], [])
    assert refused.value.problem == check_answer(MADE, bad)[1]
    with pytest.raises(ValidationError) as refused:
        known.expect_acceptable([good], [Agency(id="x"), Agency(id="y\n")])
    assert refused.value.problem.code == "entry.id"
    assert known.age == 0


# -- register entries ----------------------------------------------------------------------------------------------


def test_an_entry_is_made_changed_and_removed_and_all_of_it_is_kept() -> None:
    known = RevisionLog(MADE, "me")
    first = known.entry(Agency(id="x", name="Office\0"), "A\0", "T1")
    assert first == EntryRevision(
        id=RevisionId("me", 1), register="agencies", entry="x", content=Agency(id="x", name="Office"), author="A",
        time="T1",
    )  # fmt: skip
    assert known.entry(Agency(id="x", name="Office"), "B", "T2") is None, "nothing new is said"
    second = known.entry(Agency(id="x", name="Bureau"), "B", "T2")
    assert second is not None
    assert first is not None
    assert second.parents == (first.id,)
    gone = known.removal("agencies", "x", "C\0", "T3")
    assert gone == EntryRevision(
        id=RevisionId("me", 3), register="agencies", entry="x", content=None, author="C", time="T3",
        parents=(second.id,),
    )  # fmt: skip
    assert known.said(PLACE) is None
    assert known.removal("agencies", "x", "C", "T4") is None, "it is gone"
    assert known.removal("agencies", "nobody", "C", "T4") is None
    assert known.revisions_at(PLACE) == (first, second, gone)
    assert known.age == 3


def test_a_mission_is_never_removed() -> None:
    known = RevisionLog(MADE, "me")
    known.entry(Mission(country="GEO"), "A", "T")
    with pytest.raises(ValidationError) as refused:
        known.removal("mission", "mission", "A", "T")
    problem = refused.value.problem
    assert (problem.code, problem.place) == ("entry.mission", "mission/mission")
    assert problem.message == "An assessment always has a mission."
    assert problem.advice == "Change its fields instead."
    assert known.said(("mission", "mission")) == Mission(country="GEO")


def test_saying_again_what_is_shown_of_a_contested_entry_settles_it() -> None:
    mine, theirs = entry(1, "Office"), entry(2, "Bureau", by="b")
    known = RevisionLog(MADE, "me", [], [mine, theirs])
    united = known.united(PLACE)
    assert united is not None
    assert [one.field for one in united.contests] == ["name"]
    settled = known.entry(Agency(id="x", name="Bureau"), "A", "T")
    assert settled is not None
    assert settled.parents == (mine.id, theirs.id)
    assert known.entry(Agency(id="x", name="Bureau"), "A", "T") is None
    assert known.united(("agencies", "nobody")) is None
    assert known.united(replace(LAW, respondent="moi")) is None
