"""Which attributes are one field, which are lists, and what merging says at its limits."""

from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.merging import (
    EXISTENCE,
    MergedRevisions,
    _shape_of,
    field_value,
    is_field_equal,
    merge_revisions,
    with_field_of,
)
from capacity_app.domain.assessment.registers import (
    Action,
    ActionProgress,
    Agency,
    AgencyRole,
    Evidence,
    FeasibilityRating,
    Mission,
    RetiredAnswer,
    ReturnedFile,
)
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.questionnaire.instrument import Feasibility

KEY = AnswerKey(Address("i.law"), respondent="nso")


def said(value: int, **more: Any) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, **more)


def made(number: int, content: Content, *parents: Revision, by: str = "a") -> Revision:
    parent_ids = tuple(one.id for one in parents)
    return Revision(id=RevisionId(by, number), key=KEY, content=content, parents=parent_ids)


def entry(number: int, content: Any, *parents: EntryRevision, by: str = "a") -> EntryRevision:
    parent_ids = tuple(one.id for one in parents)
    return EntryRevision(id=RevisionId(by, number), register="agencies", entry="x", content=content, parents=parent_ids)


def disputed(united: MergedRevisions[Any]) -> list[str]:
    return [contest.field for contest in united.contests]


# -- fields --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "together", "lists", "never_empty"),
    [
        (Content, {"value": ("state", "value")}, ("evidence",), {"value"}),
        (Mission, {"country": ("country", "m49", "country_name")}, ("team", "decisions"), {"language", "status"}),
        (Agency, {}, ("roles", "form_sections"), set()),
        (Evidence, {"document": ("document", "file_name", "media_type", "size")}, (), set()),
        (
            Action,
            {"amount": ("amount", "currency", "funded")},
            ("gaps", "partners", "depends_on", "commitments"),
            {"progress"},
        ),
        (FeasibilityRating, {}, ("commitments",), {"feasibility"}),
        (
            ReturnedFile,
            {"document": ("file_name", "document", "media_type", "size")},
            ("unplaced", "revisions"),
            set(),
        ),
        (RetiredAnswer, {"value": ("state", "value")}, ("evidence",), {"fate"}),
    ],
)
def test_attributes_that_belong_together_are_one_field_and_lists_are_united(
    kind: type[Any], together: dict[str, tuple[str, ...]], lists: tuple[str, ...], never_empty: set[str]
) -> None:
    shape = _shape_of(kind)
    assert shape.lists == lists
    assert {name: parts for name, parts in shape.singles.items() if parts != (name,)} == together
    everything = [*shape.lists, *(part for parts in shape.singles.values() for part in parts)]
    assert sorted(everything) == sorted(set(kind.__dataclass_fields__) - {"id"}), "each attribute once"
    assert set(shape.singles) - set(shape.nothing) == never_empty
    for name, nothing in shape.nothing.items():
        assert nothing == tuple(kind.__dataclass_fields__[part].default for part in shape.singles[name])


def test_a_field_is_compared_and_taken_over_with_all_that_belongs_to_it() -> None:
    mine = Evidence(id="x", title="Act", document="d1", file_name="1.pdf", size=1)
    theirs = replace(mine, title="Law", document="d2", file_name="2.pdf", size=2)
    assert field_value("document", mine) == ("d1", "1.pdf", "", 1)
    assert with_field_of(mine, "document", theirs) == replace(theirs, title="Act")
    assert is_field_equal("link", mine, theirs)
    assert not is_field_equal("title", mine, theirs)
    assert field_value(EXISTENCE, mine) is True
    assert field_value(EXISTENCE, None) is False
    assert field_value("title", None) is False, "of what was removed, only that"
    assert not is_field_equal("title", mine, None)


# -- weighing ------------------------------------------------------------------------------------------------------


def test_a_value_two_of_three_say_is_contested_once_with_the_last_who_said_it() -> None:
    base = made(1, said(0))
    one, two, three = (made(2, said(value), base, by=by) for by, value in (("b", 3), ("c", 2), ("d", 3)))
    united = merge_revisions([base, one, two, three])
    (contest,) = united.contests
    assert contest.versions == (two, three)
    assert contest.base == said(0)
    assert united.shown == three


def test_lists_that_name_the_same_in_another_order_are_as_the_last_who_changed_them_has_them() -> None:
    base = made(1, said(0, evidence=("e1", "e2")))
    turned = made(2, said(0, evidence=("e2", "e1")), base)
    noted = made(3, replace(base.content, note="n"), base, by="b")
    assert merge_revisions([base, turned, noted]).shown.content == said(0, evidence=("e2", "e1"), note="n")
    again = made(3, said(0, evidence=("e1", "e2"), note="n"), turned, by="b")
    both = merge_revisions([base, turned, again, made(3, said(0, evidence=("e2", "e1"), reason="r"), turned)])
    assert both.shown.content == said(0, evidence=("e1", "e2"), note="n", reason="r")


def test_what_one_added_and_the_other_never_saw_is_in_and_what_either_took_out_is_out() -> None:
    base: Any = entry(1, Agency(id="x", roles=(AgencyRole.USER, AgencyRole.OWNER)))
    mine = entry(2, replace(base.content, roles=(AgencyRole.USER, AgencyRole.DONOR)), base)
    theirs = entry(2, replace(base.content, roles=(AgencyRole.OWNER, AgencyRole.PRODUCER)), base, by="b")
    assert merge_revisions([base, mine, theirs]).shown.content == Agency(
        id="x", roles=(AgencyRole.DONOR, AgencyRole.PRODUCER)
    )


def test_what_nobody_had_filled_in_is_completed_and_what_always_says_something_is_contested() -> None:
    first, second = entry(1, Agency(id="x", name="Office")), entry(1, Agency(id="x", short="NSO"), by="b")
    assert merge_revisions([first, second]).shown.content == Agency(id="x", name="Office", short="NSO")
    started = entry(1, Action(id="x", progress=ActionProgress.STARTED))
    planned = entry(1, Action(id="x", progress=ActionProgress.PLANNED, title="Amend"), by="b")
    united = merge_revisions([started, planned])
    assert disputed(united) == ["progress"]
    assert united.shown.content == Action(id="x", progress=ActionProgress.PLANNED, title="Amend")


def test_what_does_not_apply_takes_the_reason_of_who_said_so_last() -> None:
    base = made(1, said(2, reason="because"))
    out = made(2, Content(state=AnswerState.NOT_APPLICABLE, reason="because"), base)
    cleared = made(3, said(2, note="n"), base, by="b")
    assert merge_revisions([base, out, cleared]).shown.content == Content(
        state=AnswerState.NOT_APPLICABLE, reason="because", note="n"
    )
    other = made(3, Content(state=AnswerState.NOT_APPLICABLE, reason="no law"), base, by="b")
    assert merge_revisions([base, out, other]).shown.content == Content(
        state=AnswerState.NOT_APPLICABLE, reason="no law"
    )


def test_what_was_in_conflict_already_is_nobodys_to_fall_back_on() -> None:
    left, right = made(1, said(1)), made(1, said(2), by="b")
    mine = made(2, said(1, note="n"), left, right)
    theirs = made(2, said(2, reason="r"), left, right, by="b")
    united = merge_revisions([left, right, mine, theirs])
    assert disputed(united) == ["value"], "neither value was agreed on before"
    assert united.shown.content == said(2, note="n", reason="r")
    assert united.contests[0].base == said(2)


# -- entries that are gone -----------------------------------------------------------------------------------------


def test_gone_and_changed_is_one_conflict_of_the_last_who_removed_and_the_last_who_changed() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    removed = [entry(2, None, base, by=by) for by in "ab"]
    changed = [entry(2, Agency(id="x", name="Bureau"), base, by=by) for by in "cd"]
    united = merge_revisions([base, *removed, *changed])
    (contest,) = united.contests
    assert (contest.field, contest.versions, contest.base) == (EXISTENCE, (removed[1], changed[1]), base.content)
    assert united.shown == changed[1]


def test_gone_here_and_changed_differently_there_is_both_conflicts() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    gone = entry(2, None, base)
    others = [entry(2, Agency(id="x", name=name), base, by=by) for by, name in (("b", "Bureau"), ("c", "Centre"))]
    united = merge_revisions([base, gone, *others])
    assert disputed(united) == [EXISTENCE, "name"]
    assert united.shown.content == Agency(id="x", name="Centre")


def test_whoever_put_an_entry_back_as_it_was_has_a_say_and_whoever_left_it_gone_has_none() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    gone = entry(2, None, base)
    again = entry(3, base.content, gone)
    elsewhere = entry(4, None, gone, by="b")
    united = merge_revisions([base, gone, again, elsewhere])
    assert united.contests == ()
    assert united.shown.content == base.content


def test_an_entry_removed_on_all_laptops_is_removed_and_nothing_is_contested() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    changed = entry(2, Agency(id="x", name="Bureau"), base)
    first, second = entry(3, None, changed), entry(2, None, base, by="b")
    united = merge_revisions([base, changed, first, second])
    assert (united.shown, united.contests) == (first, ())
    assert united.heads == (second, first)


def test_of_two_who_made_it_apart_one_removed_it_and_the_other_did_not_know() -> None:
    mine, theirs = entry(1, Agency(id="x", name="Office")), entry(2, Agency(id="x", name="Bureau"), by="b")
    gone = entry(2, None, mine)
    united = merge_revisions([mine, gone, theirs])
    assert united.shown == theirs
    assert united.contests == (), "where it began there was nothing, and that is what the other left"


# -- limits --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "is_weighed"), [(25, True), (26, False)])
def test_up_to_a_limit_of_heads_what_was_left_alone_has_no_say(count: int, *, is_weighed: bool) -> None:
    """Nobody honest has so many; beyond it everything counts as changed, and nothing is lost."""
    base = made(1, said(0))
    left = [made(2, replace(base.content, note=f"n{n}"), base, by=f"d{n:02}") for n in range(count - 1)]
    changed = made(2, said(3), base, by="z")
    united = merge_revisions([base, *left, changed])
    assert len(united.heads) == count
    assert united.shown.content.value == 3
    assert ("value" in disputed(united)) is not is_weighed


@pytest.mark.parametrize(("count", "is_weighed"), [(25, True), (26, False)])
def test_up_to_a_limit_of_heads_what_is_gone_is_gone(count: int, *, is_weighed: bool) -> None:
    base = entry(1, Agency(id="x", name="Office"))
    slips = [entry(2, Agency(id="x", name=f"Slip {n}"), base, by=f"d{n:02}") for n in range(count - 1)]
    back = [entry(3, base.content, slip, by=slip.id.device) for slip in slips]
    gone = entry(4, None, base, by="z")
    united = merge_revisions([base, *slips, *back, gone])
    assert (united.shown.content is None) is is_weighed
    assert disputed(united) == ([] if is_weighed else [EXISTENCE])


@pytest.mark.parametrize(("count", "is_known"), [(20_000, True), (20_001, False)])
def test_up_to_a_limit_of_revisions_it_is_known_what_both_began_with(count: int, *, is_known: bool) -> None:
    chain = [made(1, said(0))]
    for number in range(2, count):
        chain.append(made(number, said(0), chain[-1]))
    other = made(count, said(1), chain[0], by="b")
    united = merge_revisions([*chain, other])
    assert (united.contests == ()) is is_known
    assert united.shown.content == said(1)
    if not is_known:
        assert united.contests[0].base is None


def test_a_rating_is_one_field_and_its_remark_another() -> None:
    base: Any = entry(1, FeasibilityRating(id="x", feasibility=Feasibility.EASY))
    mine = entry(2, replace(base.content, feasibility=Feasibility.EFFORT), base)
    theirs = entry(2, replace(base.content, note="ready"), base, by="b")
    assert merge_revisions([base, mine, theirs]).shown.content == FeasibilityRating(
        id="x", feasibility=Feasibility.EFFORT, note="ready"
    )
