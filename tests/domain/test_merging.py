"""What several heads say together: field by field, the same in any order, nothing decided that people contest."""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.merging import EXISTENCE, MergedRevisions, is_field_equal, merge_revisions
from capacity_app.domain.assessment.registers import Action, Agency, Evidence, FeasibilityRating, Mission
from capacity_app.domain.assessment.revisions import (
    EntryRevision,
    Revision,
    RevisionId,
    heads,
    in_order,
    rename_colliding,
)
from capacity_app.domain.questionnaire.instrument import Feasibility

EXAMPLES = 10_000 if os.environ.get("CAPACITY_TORTURE") else 300
KEY = AnswerKey(Address("i.law"), respondent="nso")


def said(value: int | None = None, **more: Any) -> Content:
    return Content(state=AnswerState.NOT_ASKED if value is None else AnswerState.ANSWERED, value=value, **more)


def made(number: int, content: Content, *parents: Revision, by: str = "a", **more: Any) -> Revision:
    return Revision(
        id=RevisionId(by, number), key=KEY, content=content, parents=tuple(one.id for one in parents), **more
    )


def entry(
    number: int, content: Any, *parents: EntryRevision, by: str = "a", register: str = "agencies"
) -> EntryRevision:
    return EntryRevision(
        id=RevisionId(by, number),
        register=register,
        entry="x",
        content=content,
        parents=tuple(one.id for one in parents),
    )


def fields(united: MergedRevisions[Any]) -> list[str]:
    return [contest.field for contest in united.contests]


BASE = made(1, said(1, note="n", evidence=("e1", "e2")))
MINE = replace(BASE.content)

# -- the rules, one by one ---------------------------------------------------------------------------------------------


def test_one_head_says_what_it_says() -> None:
    later = made(2, said(2), BASE)
    assert merge_revisions([later, BASE]) == MergedRevisions((later,), later)


def test_different_fields_of_one_answer_are_no_conflict() -> None:
    mine, theirs = made(2, replace(MINE, value=3), BASE), made(2, replace(MINE, note="m"), BASE, by="b")
    united = merge_revisions([BASE, mine, theirs])
    assert united.shown.content == replace(MINE, value=3, note="m")
    assert united.contests == ()
    assert united.heads == (mine, theirs)


def test_equal_values_are_no_conflict() -> None:
    united = merge_revisions([BASE, made(2, said(3), BASE), made(9, said(3), BASE, by="b")])
    assert (united.shown.content, united.contests) == (said(3), ())


def test_different_values_of_one_field_are_exactly_one_conflict_and_the_last_by_id_is_shown() -> None:
    mine = made(2, replace(MINE, value=3), BASE, time="2099-01-01T00:00:00+00:00", author="A")
    theirs = made(3, replace(MINE, value=2), BASE, by="b", time="2001-01-01T00:00:00+00:00", author="B")
    united = merge_revisions([theirs, mine, BASE])
    (contest,) = united.contests
    assert contest.field == "value"
    assert contest.versions == (mine, theirs)
    assert contest.base == BASE.content
    assert united.shown == theirs


def test_a_value_and_a_state_are_one_field() -> None:
    mine = made(2, replace(MINE, state=AnswerState.UNKNOWN, value=None), BASE)
    theirs = made(2, replace(MINE, value=2), BASE, by="b")
    assert fields(merge_revisions([BASE, mine, theirs])) == ["value"]


def test_who_returns_to_what_it_was_has_changed_nothing() -> None:
    slip = made(2, replace(MINE, value=0), BASE)
    undone = made(3, BASE.content, slip)
    theirs = made(2, replace(MINE, value=3), BASE, by="b")
    united = merge_revisions([BASE, slip, undone, theirs])
    assert united.shown.content.value == 3
    assert united.contests == ()
    assert united.shown.id == undone.id


def test_evidence_is_united_and_what_one_took_out_is_out() -> None:
    mine = made(2, replace(MINE, evidence=("e2", "mine")), BASE)
    theirs = made(2, replace(MINE, evidence=("e1", "e2", "theirs")), BASE, by="b")
    united = merge_revisions([BASE, mine, theirs])
    assert united.shown.content.evidence == ("e2", "mine", "theirs")
    assert united.contests == ()


def test_two_who_answer_an_empty_place_complete_each_other() -> None:
    united = merge_revisions([made(1, said(2), by="a"), made(1, said(note="later", evidence=("e",)), by="b")])
    assert united.shown.content == said(2, note="later", evidence=("e",))
    assert united.contests == ()


def test_three_laptops_do_not_contest_what_only_one_of_them_has_changed() -> None:
    second = made(2, replace(MINE, value=2), BASE)
    third = made(3, replace(MINE, value=3), second)
    forked_early = made(2, replace(MINE, note="b"), BASE, by="b")
    forked_late = made(3, replace(second.content, reason="c"), second, by="c")
    united = merge_revisions([BASE, second, third, forked_early, forked_late])
    assert united.shown.content == replace(MINE, value=3, note="b", reason="c")
    assert united.contests == ()


def test_two_laptops_that_have_merged_each_other_already_start_from_what_both_saw() -> None:
    mine, theirs = made(2, replace(MINE, value=3), BASE), made(2, replace(MINE, note="m"), BASE, by="b")
    both = replace(MINE, value=3, note="m")
    again_mine = made(3, replace(both, note="mm"), mine, theirs)
    again_theirs = made(3, replace(both, value=0), theirs, mine, by="b")
    united = merge_revisions([BASE, mine, theirs, again_mine, again_theirs])
    assert united.shown.content == replace(MINE, value=0, note="mm")
    assert united.contests == ()


def test_two_who_settled_one_conflict_differently_are_in_conflict() -> None:
    mine, theirs = made(2, replace(MINE, value=3), BASE), made(2, replace(MINE, value=2), BASE, by="b")
    settled_so = made(3, replace(MINE, value=3), mine, theirs)
    settled_other = made(3, replace(MINE, value=2), mine, theirs, by="b")
    assert fields(merge_revisions([BASE, mine, theirs, settled_so, settled_other])) == ["value"]
    same = replace(settled_other, content=settled_so.content)
    assert fields(merge_revisions([BASE, mine, theirs, settled_so, same])) == []


def test_a_resolution_ends_the_conflict() -> None:
    mine, theirs = made(2, said(3), BASE), made(2, said(2), BASE, by="b")
    settled = made(4, said(1), mine, theirs)
    assert merge_revisions([BASE, mine, theirs, settled]) == MergedRevisions((settled,), settled)


def test_what_does_not_apply_keeps_the_reason_it_was_given_for() -> None:
    base = made(1, said(2, reason="because"))
    out = made(2, Content(state=AnswerState.NOT_APPLICABLE, reason="because"), base)
    cleared = made(2, said(2), base, by="b")
    assert merge_revisions([base, out, cleared]).shown.content == Content(
        state=AnswerState.NOT_APPLICABLE, reason="because"
    )


def test_of_a_register_entry_each_field_is_one_and_lists_are_united() -> None:
    base: Any = entry(1, Agency(id="x", name="Office", contact="old"))
    mine = entry(2, replace(base.content, name="Statistics Office", contact="mine"), base)
    theirs = entry(2, replace(base.content, short="SO", contact="theirs"), base, by="b")
    united = merge_revisions([base, mine, theirs])
    assert united.shown.content == Agency(id="x", name="Statistics Office", short="SO", contact="theirs")
    assert fields(united) == ["contact"]
    gaps = [entry(n, Action(id="x", gaps=one), by=by, register="actions") for n, by, one in
            ((1, "a", ("g1",)), (1, "b", ("g2",)))]  # fmt: skip
    assert merge_revisions(gaps).shown.content == Action(id="x", gaps=("g1", "g2"))


def test_fields_that_belong_together_are_one_field() -> None:
    base: Any = entry(1, Evidence(id="x", document="d0", file_name="0.pdf", size=1), register="evidence")
    mine = entry(2, replace(base.content, document="d1", file_name="1.pdf", size=2), base, register="evidence")
    theirs = entry(2, replace(base.content, document="d2", file_name="2.pdf"), base, by="b", register="evidence")
    assert fields(merge_revisions([base, mine, theirs])) == ["document"]
    first, second = (entry(1, Mission(m49=m49, country=name), by=name, register="mission") for m49, name in
                     (("004", "AFG"), ("008", "ALB")))  # fmt: skip
    assert fields(merge_revisions([first, second])) == ["country"]


def test_weights_that_exclude_each_other_are_never_united() -> None:
    one, other = (entry(1, Mission(weights=(f"iii={n}",)), by=str(n), register="mission") for n in (2, 3))
    assert fields(merge_revisions([one, other])) == ["weights"]


def test_two_who_rate_alike_or_one_who_only_remarks() -> None:
    one = entry(1, FeasibilityRating(id="x", feasibility=Feasibility.EASY), register="ratings")
    other = entry(1, FeasibilityRating(id="x", feasibility=Feasibility.EASY, note="ready"), by="b", register="ratings")
    assert merge_revisions([one, other]).shown.content == other.content
    hard = entry(1, FeasibilityRating(id="x", feasibility=Feasibility.EFFORT), by="b", register="ratings")
    assert fields(merge_revisions([one, hard])) == ["feasibility"]


def test_removed_here_and_changed_there_is_a_conflict_and_nothing_is_lost() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    removed, changed = entry(2, None, base), entry(2, Agency(id="x", name="Bureau"), base, by="b")
    for revisions in ([base, removed, changed], [base, replace(removed, id=RevisionId("z", 9)), changed]):
        united = merge_revisions(revisions)
        assert united.shown.content == Agency(id="x", name="Bureau")
        assert fields(united) == [EXISTENCE]
        assert united.contests[0].versions[-1] == changed


def test_removed_here_and_left_there_is_removed() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    slip = entry(2, Agency(id="x", name="Offfice"), base, by="b")
    left = entry(3, base.content, slip, by="b")
    assert merge_revisions([base, entry(2, None, base), slip, left]) == MergedRevisions(
        (entry(2, None, base), left), replace(left, content=None)
    )
    assert merge_revisions([base, entry(2, None, base), entry(2, None, base, by="b")]).shown.content is None


def test_a_place_that_only_one_laptop_knows_again_is_there_again() -> None:
    base = entry(1, Agency(id="x", name="Office"))
    gone = entry(2, None, base)
    back = entry(3, Agency(id="x", name="Again"), gone)
    assert merge_revisions([base, gone, back, entry(3, None, gone, by="b")]).shown.content == back.content


# -- files made by nobody ----------------------------------------------------------------------------------------------


def test_revisions_that_supersede_themselves_or_each_other_are_not_believed() -> None:
    itself = replace(BASE, parents=(BASE.id,))
    assert merge_revisions([itself]).shown == itself
    one, other = made(2, said(1), by="a"), made(2, said(2), by="b")
    circle = [replace(one, parents=(other.id,)), replace(other, parents=(one.id,))]
    assert len(heads(circle)) == 2
    assert fields(merge_revisions(circle)) == ["value"]


@pytest.mark.parametrize("rounds", [40, 400])
def test_endless_crossing_ends(rounds: int) -> None:
    left, right = made(1, said(0)), made(1, said(1), by="b")
    known = [left, right]
    for number in range(2, rounds):
        left, right = made(number, said(0), left, right), made(number, said(1), right, left, by="b")
        known += [left, right]
    united = merge_revisions(known)
    assert united.shown.content == said(1)
    assert fields(united) == ["value"]


@pytest.mark.check
def test_thousands_of_heads_are_thousands_of_values_of_one_field() -> None:
    known = [made(1, said(number, evidence=(f"e{number}",)), by=f"d{number:05}") for number in range(3_000)]
    united = merge_revisions(known)
    assert fields(united) == ["value"]
    assert len(united.contests[0].versions) == 3_000
    assert len(united.shown.content.evidence) == 3_000


def test_a_place_with_more_revisions_than_anybody_makes_is_read() -> None:
    chain = [made(1, said(0))]
    for number in range(2, 21_000):
        chain.append(made(number, said(number), chain[-1]))
    other = made(2, said(-1), chain[0], by="b")
    assert fields(merge_revisions([*chain, other])) == ["value"]


# -- any history -------------------------------------------------------------------------------------------------------


@dataclass
class Laptop:
    """Holds a copy: records on top of what it sees, and takes in what others have."""

    name: str
    known: dict[RevisionId, Any] = field(default_factory=dict)

    def record(self, content: Any, clock: str, template: Any) -> None:
        number = 1 + max((one.counter for one in self.known), default=0)
        parents = tuple(one.id for one in heads(self.known.values()))
        said_so = replace(template, id=RevisionId(self.name, number), content=content, parents=parents, time=clock)
        self.known[said_so.id] = said_so

    def take_in(self, other: "Laptop") -> None:
        self.known |= other.known


CONTENTS = st.builds(
    Content,
    state=st.just(AnswerState.ANSWERED),
    value=st.integers(0, 2),
    reason=st.sampled_from(["", "r"]),
    note=st.sampled_from(["", "m", "n"]),
    evidence=st.sets(st.sampled_from("xyz")).map(lambda some: tuple(sorted(some))),
)
AGENCIES = st.none() | st.builds(
    Agency,
    id=st.just("x"),
    name=st.sampled_from(["Office", "Bureau"]),
    note=st.sampled_from(["", "n"]),
)
CLOCKS = st.sampled_from(["", "2008-01-01T00:00:00+00:00", "2018-01-01T00:00:00+00:00", "2028-01-01T00:00:00+00:00"])
TEMPLATES = {True: made(1, EMPTY_CONTENT), False: entry(1, None)}


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Draw all that three laptops have recorded, of one answer or one entry."""
    is_answer = draw(st.booleans())
    contents = CONTENTS if is_answer else AGENCIES
    laptops = [Laptop(name) for name in "abc"]
    for _ in range(draw(st.integers(1, 9))):
        laptop = draw(st.sampled_from(laptops))
        if draw(st.integers(0, 2)):
            laptop.record(draw(contents), draw(CLOCKS), TEMPLATES[is_answer])
        else:
            laptop.take_in(draw(st.sampled_from(laptops)))
    if not any(laptop.known for laptop in laptops):
        laptops[0].record(draw(contents), "", TEMPLATES[is_answer])
    everything: dict[RevisionId, Any] = {}
    for laptop in laptops:
        everything |= laptop.known
    return list(everything.values())


def told(united: MergedRevisions[Any]) -> tuple[Any, ...]:
    contests = tuple((one.field, tuple(v.id for v in one.versions), one.base) for one in united.contests)
    return united.shown.id, united.shown.content, tuple(one.id for one in united.heads), contests


@pytest.mark.long
@pytest.mark.promise("merge: any order, any repetition, same state, whatever the clocks say", f"{EXAMPLES:,} histories")
@given(histories(), st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES)
def test_any_order_and_any_clock_give_the_same(known: list[Any], chance: random.Random) -> None:
    expected = told(merge_revisions(known))
    shuffled = [replace(one, time=f"20{chance.randrange(10, 30)}-01-01T00:00:00+00:00") for one in known]
    chance.shuffle(shuffled)
    assert told(merge_revisions(shuffled)) == expected


@pytest.mark.long
@given(histories())
@settings(max_examples=EXAMPLES)
def test_a_conflict_is_two_values_that_stand_in_heads_and_everything_else_is_agreed(known: list[Any]) -> None:
    united = merge_revisions(known)
    assert len(set(fields(united))) == len(fields(united))
    for contest in united.contests:
        assert len(contest.versions) > 1
        assert all(version in united.heads for version in contest.versions)
        pairs = [(a, b) for a in contest.versions for b in contest.versions if a is not b]
        assert not any(is_field_equal(contest.field, a.content, b.content) for a, b in pairs)
        if contest.field != EXISTENCE:
            assert is_field_equal(contest.field, contest.versions[-1].content, united.shown.content)
            assert list(contest.versions) == in_order(contest.versions)
    if len({repr(head.content) for head in united.heads}) == 1:
        assert united.shown.content == united.heads[0].content
        assert united.contests == ()


def _three_ways(base: Content, mine: Content, theirs: Content) -> tuple[dict[str, Any], set[str]]:
    """Merge by the book: what only one of two changed is as that one left it."""
    result: dict[str, Any] = {}
    contested = set()
    for name in ("value", "reason", "note"):
        was, one, other = (getattr(content, name) for content in (base, mine, theirs))
        if other in {one, was}:
            result[name] = one
        elif one == was:
            result[name] = other
        else:
            contested.add(name)
    kept = set(base.evidence) & set(mine.evidence) & set(theirs.evidence)
    added = (set(mine.evidence) | set(theirs.evidence)) - set(base.evidence)
    return result | {"evidence": kept | added}, contested


@pytest.mark.long
@given(CONTENTS, st.lists(CONTENTS, min_size=1, max_size=3), st.lists(CONTENTS, min_size=1, max_size=3))
@settings(max_examples=EXAMPLES)
def test_two_laptops_are_merged_by_the_book(base: Content, mine: list[Content], theirs: list[Content]) -> None:
    def line(by: str, contents: Sequence[Content]) -> list[Revision]:
        made_so = [made(1, base)]
        for number, content in enumerate(contents, 2):
            made_so.append(made(number, content, made_so[-1], by=by))
        return made_so

    united = merge_revisions(list({one.id: one for one in (*line("a", mine), *line("b", theirs))}.values()))
    expected, contested = _three_ways(base, mine[-1], theirs[-1])
    assert set(fields(united)) == contested
    shown = united.shown.content
    for name, value in expected.items():
        assert (set(shown.evidence) if name == "evidence" else getattr(shown, name)) == value


# -- namesakes ---------------------------------------------------------------------------------------------------------


def _merged(*sets: Sequence[Any]) -> list[Any]:
    known: dict[RevisionId, Any] = {}
    for one in sets:
        known |= {
            revision.id: revision for revision in rename_colliding(known.values(), one) if revision.id not in known
        }
    return list(known.values())


def _content_of(known: Sequence[Any]) -> tuple[Any, ...]:
    united = merge_revisions(known)
    contests = [(one.field, [v.content for v in one.versions]) for one in united.contests]
    return united.shown.content, united.shown.author, contests, len(known)


def test_of_two_revisions_with_one_id_neither_is_lost_and_what_was_built_on_them_follows() -> None:
    one, other = made(2, said(3), BASE), made(2, said(0), BASE)
    later = made(3, said(2), other)
    known = _merged([BASE, one], [BASE, other, later])
    assert [revision.content.value for revision in in_order(known)].count(3) == 1
    assert len(known) == 4
    (built,) = (revision for revision in known if revision.id == later.id)
    assert built.parents[0].is_beside
    assert built.parents[0].origin == other.id
    assert RevisionId.parse(str(built.parents[0])) == built.parents[0]
    assert sorted(head.content.value for head in heads(known)) == [2, 3]


@st.composite
def cloned(draw: st.DrawFn) -> list[list[Any]]:
    """Draw the files of laptops that were cloned while they worked: the same names go on with other words."""
    start = draw(histories())
    files = []
    for _ in range(draw(st.integers(2, 3))):
        laptop = Laptop("a", {one.id: one for one in start})
        contents = CONTENTS if isinstance(start[0], Revision) else AGENCIES
        for content in draw(st.lists(contents, max_size=3)):
            laptop.record(content, draw(CLOCKS), start[0])
        files.append(list(laptop.known.values()))
    return files


@pytest.mark.long
@pytest.mark.promise("merge: any order, any repetition, same state, also of cloned laptops", f"{EXAMPLES:,} histories")
@given(cloned(), st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES)
def test_cloned_laptops_are_merged_in_any_order_and_any_number_of_times(
    files: list[list[Any]], chance: random.Random
) -> None:
    together = _merged(*files)
    assert {(one.id.origin, repr(one.content), one.time) for file in files for one in file} == {
        (one.id.origin, repr(one.content), one.time) for one in together
    }
    expected = _content_of(together)
    shuffled = chance.sample(files, len(files))
    assert _content_of(_merged(*shuffled)) == expected
    assert _content_of(_merged(*shuffled, *files)) == expected
    assert _content_of(_merged(_merged(*shuffled[:2]), *shuffled[2:])) == expected
    assert _content_of(_merged(*shuffled[:1], _merged(*shuffled[1:]))) == expected
    assert rename_colliding(together, _merged(*shuffled)) is not None
    assert len(_merged(together, _merged(*shuffled))) == len(together)
