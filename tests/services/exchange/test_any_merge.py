"""Any work on any number of laptops, merged in any order: nothing is lost, and all of them say the same in the end."""

import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Answer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.merging import AnyMergedRevisions, DecisionSide, field_value
from capacity_app.domain.assessment.registers import Agency, Evidence, FeasibilityRating
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, rename_colliding
from capacity_app.services.exchange.merge import (
    apply_merge,
    open_conflicts,
    plan_merge,
    redo_merge,
    settle_conflicts,
    undo_merge,
)
from capacity_app.services.exchange.merge_conflicts import restate_snapshot, take_snapshot
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import ComputedResults, RevisionLog
from tests.builders import file_of, small_dossier, small_instrument
from tests.services.exchange.officers import key, revision_ids

IS_TORTURE = bool(os.environ.get("CAPACITY_TORTURE"))
EXAMPLES = 10_000 if IS_TORTURE else 200
INSTRUMENT = small_instrument()
PLACES = ("ii.staff", "ii.share")
_SIDES = tuple(DecisionSide)
LAPTOPS = ("amina", "bela", "cleo")


@dataclass(frozen=True)
class Step:
    """One thing that happens: a laptop (by number) says something, or takes in what another one has."""

    laptop: int
    said: Content | None = None
    place: str = ""
    entry: Any = None
    register: str = ""
    other: int = -1
    clock: str = ""


_CONTENTS = {
    "ii.staff": st.one_of(
        st.builds(
            Content,
            state=st.just(AnswerState.ANSWERED),
            value=st.integers(0, 2),
            note=st.sampled_from(["", "m", "n"]),
            evidence=st.sets(st.sampled_from(["e-1", "e-2"])).map(lambda some: tuple(sorted(some))),
        ),
        st.sampled_from([Content(), Content(state=AnswerState.NOT_APPLICABLE, reason="because")]),
    ),
    "ii.share": st.builds(Content, state=st.just(AnswerState.ANSWERED), value=st.sampled_from(["1", "2.5"])),
}
_ENTRIES = {
    "agencies": st.none()
    | st.builds(Agency, id=st.sampled_from(["agency-1", "agency-2"]), name=st.sampled_from(["Office", "Bureau", ""])),
    "ratings": st.builds(FeasibilityRating, id=st.sampled_from(["i.law", "i.plan"]), note=st.sampled_from(["", "n"])),
    "evidence": st.builds(Evidence, id=st.just("e-1"), title=st.sampled_from(["Act", "Law"])),
}
_CLOCKS = st.sampled_from(["2008-01-01T00:00:00+00:00", "2018-01-01T00:00:00+00:00", "2028-01-01T00:00:00+00:00"])


@st.composite
def steps(draw: st.DrawFn) -> Step:
    laptop, clock, kind = draw(st.integers(0, 2)), draw(_CLOCKS), draw(st.integers(0, 4))
    if kind < 2:
        place = draw(st.sampled_from(PLACES))
        return Step(laptop, draw(_CONTENTS[place]), place, clock=clock)
    if kind < 4:
        register = draw(st.sampled_from(list(_ENTRIES)))
        return Step(laptop, entry=draw(_ENTRIES[register]), register=register, clock=clock)
    return Step(laptop, other=draw(st.integers(0, 2)), clock=clock)


STORIES = st.lists(steps(), max_size=12)

# -- in memory, thousands of times -------------------------------------------------------------------------------------


@dataclass
class Memory:
    """All that one laptop knows."""

    name: str
    known: RevisionLog = field(init=False)

    def __post_init__(self) -> None:
        self.known = RevisionLog(INSTRUMENT, self.name)

    def record(self, step: Step) -> None:
        if step.said is not None:
            self.known.answer(
                Answer(key=key(step.place), content=step.said, author=self.name, time=step.clock, language="en")
            )
        elif step.entry is not None:
            self.known.entry(step.entry, self.name, step.clock)
        else:
            self.known.removal(step.register, "agency-1", self.name, step.clock)

    def take_in(self, other: RevisionLog) -> None:
        present = {one.id for one in self.known.answers.all()}, {one.id for one in self.known.entries.all()}
        answers = rename_colliding(self.known.answers.all(), other.answers.all())
        entries = rename_colliding(self.known.entries.all(), other.entries.all())
        self.known.unite(
            [one for one in answers if one.id not in present[0]], [one for one in entries if one.id not in present[1]]
        )

    def dossier(self) -> Dossier:
        return ComputedResults(self.known).dossier("x", None)


def played(story: Sequence[Step]) -> list[Memory]:
    laptops = [Memory(name) for name in LAPTOPS]
    for step in story:
        if step.other >= 0:
            laptops[step.laptop].take_in(laptops[step.other].known)
        else:
            laptops[step.laptop].record(step)
    return laptops


def all_of(laptop: Memory) -> list[Revision | EntryRevision]:
    return [*laptop.known.answers.all(), *laptop.known.entries.all()]


def _contested(laptop: Memory) -> list[AnyMergedRevisions]:
    return [*laptop.known.answers.contested(), *laptop.known.entries.contested()]


def conflicts(laptop: Memory) -> list[tuple[Any, ...]]:
    found = _contested(laptop)
    return sorted(
        (str(one.shown.id), contest.field, [str(version.id) for version in contest.versions])
        for one in found
        for contest in one.contests
    )


@pytest.mark.long
@pytest.mark.promise("merge: officers in any order, any repetition, same state", f"{EXAMPLES:,} stories")
@given(STORIES, st.randoms(use_true_random=False))
@settings(max_examples=EXAMPLES)
def test_any_order_and_any_repetition_ends_in_the_same(story: list[Step], chance: random.Random) -> None:
    laptops = played(story)
    everything = {one.id for laptop in laptops for one in all_of(laptop)}
    expected = None
    for _ in range(3):
        merger = Memory("merger")
        order = chance.sample(laptops, 3) + chance.choices(laptops, k=2)
        for laptop in order:
            merger.take_in(laptop.known)
        assert {one.id for one in all_of(merger)} == everything
        told = merger.dossier(), merger.dossier().heads, conflicts(merger)
        expected = expected or told
        assert told == expected
    left, right = Memory("left"), Memory("right")
    left.take_in(laptops[0].known)
    left.take_in(laptops[1].known)
    right.take_in(laptops[1].known)
    right.take_in(laptops[2].known)
    left.take_in(right.known)
    assert (left.dossier(), left.dossier().heads, conflicts(left)) == expected


@pytest.mark.long
@given(STORIES)
@settings(max_examples=EXAMPLES)
def test_a_merge_is_taken_back_exactly_however_much_was_open(story: list[Step]) -> None:
    first, second, third = played(story)
    first.take_in(second.known)
    before, open_before = first.dossier(), _fields(first)
    spots: list[Any] = [one.key for one in third.known.answers.all()]
    spots += [(one.register, one.entry) for one in third.known.entries.all()]
    there = take_snapshot(first.known, spots)
    known = len(all_of(first))
    first.take_in(third.known)
    merged, open_merged = first.dossier(), _fields(first)
    then = take_snapshot(first.known, spots)
    for _ in range(2):
        _restate(first, there)
        assert first.dossier() == before
        assert _fields(first) == open_before
        _restate(first, then)
        assert first.dossier() == merged
        assert _fields(first) == open_merged
    assert len(all_of(first)) >= known
    reopened = Memory("reopened")
    reopened.take_in(first.known)
    assert reopened.dossier() == merged


def _restate(laptop: Memory, wanted: Any) -> None:
    made = restate_snapshot(laptop.known, wanted)
    laptop.known.unite(
        [one for one in made if isinstance(one, Revision)], [one for one in made if isinstance(one, EntryRevision)]
    )


def _fields(laptop: Memory) -> list[tuple[str, str, list[tuple[str, str]]]]:
    found = _contested(laptop)
    return sorted(
        (
            _spot(one.shown),
            contest.field,
            [(repr(field_value(contest.field, v.content)), v.author) for v in contest.versions],
        )
        for one in found
        for contest in one.contests
    )


def _spot(one: Revision | EntryRevision) -> str:
    return str(one.key) if isinstance(one, Revision) else f"{one.register}/{one.entry}"


@pytest.mark.long
@given(STORIES, st.integers(-10, 10))
@settings(max_examples=EXAMPLES)
def test_clocks_that_are_years_off_change_nothing(story: list[Step], years: int) -> None:
    def off(step: Step) -> Step:
        clock = f"{int(step.clock[:4]) + years * (step.laptop == 1)}{step.clock[4:]}"
        return Step(step.laptop, step.said, step.place, step.entry, step.register, step.other, clock)

    def said(laptops: list[Memory]) -> list[Any]:
        laptops[0].take_in(laptops[1].known)
        laptops[0].take_in(laptops[2].known)
        dossier = laptops[0].dossier()
        answers = [(answer.key, answer.content, answer.author) for answer in dossier.answers]
        return [answers, dossier.agencies, dossier.ratings, dossier.evidence, dossier.heads, conflicts(laptops[0])]

    assert said(played(story)) == said(played([off(step) for step in story]))


# -- with files --------------------------------------------------------------------------------------------------------


def _work(session: AssessmentSession, step: Step) -> None:
    if step.said is not None:
        session.record(key(step.place), step.said)
    elif step.entry is not None:
        session.put(step.entry)
    else:
        session.remove("agencies", "agency-1")


@pytest.mark.long
@given(STORIES, st.randoms(use_true_random=False))
@settings(max_examples=300 if IS_TORTURE else 12)
def test_files_merged_in_any_order_say_the_same_and_are_sound(story: list[Step], chance: random.Random) -> None:
    with TemporaryDirectory() as folder:
        start = file_of(Path(folder))
        files = [start.with_name(f"{name}.assessment") for name in LAPTOPS]
        for number, file in enumerate(files):
            shutil.copy(start, file)
            with AssessmentSession(file, author=LAPTOPS[number], device=LAPTOPS[number]) as session:
                for step in story:
                    if step.laptop == number and step.other < 0:
                        _work(session, step)
        everything = set.union(*map(revision_ids, files))
        ends: list[tuple[Dossier, Any]] = []
        for name in ("one", "other"):
            end = Path(shutil.copy(start, start.with_name(f"{name}.assessment")))
            with AssessmentSession(end, author=name, device=name) as session:
                for files_now in (chance.sample(files, 2), chance.sample(files, 3)):
                    plan = plan_merge(session, files_now)
                    assert all(one.revisions == one.already_here + one.new for one in plan.sources)
                    apply_merge(session, plan)
                assert session.check_file() == ()
                ends.append(
                    (session.dossier(), [(one.key, one.entry_id, one.field) for one in open_conflicts(session)])
                )
            assert revision_ids(end) == everything
        assert ends[0] == ends[1]
        _take_back_and_settle(start, files, chance)


def _take_back_and_settle(start: Path, files: Sequence[Path], chance: random.Random) -> None:
    with AssessmentSession(start, author="merger", device="merger") as session:
        plan = plan_merge(session, files)
        sides = {one.id: chance.choice(_SIDES) for one in plan.conflicts if chance.random() < 0.7}
        result = apply_merge(session, plan, sides)
        merged = session.dossier()
        undo_merge(session, result)
        assert session.dossier() == small_dossier()
        redo_merge(session, result)
        assert session.dossier() == merged
        settle_conflicts(session, dict.fromkeys((one.id for one in open_conflicts(session)), _SIDES[0]))
        assert session.conflicts() == ()
        assert [(one.key, one.content) for one in session.dossier().answers] == [
            (one.key, one.content) for one in merged.answers
        ]
        assert session.check_file() == ()
