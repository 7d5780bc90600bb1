"""Clocks jump, differ by years or say nothing at all: nobody's order depends on them."""

import itertools
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment import merging
from capacity_app.domain.assessment.answers import Address, Answer
from capacity_app.domain.assessment.registers import Agency
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, heads, history_steps, in_order
from capacity_app.domain.scoring import round_comparison
from capacity_app.services.exchange.merge import apply_merge, plan_merge
from capacity_app.services.exchange.verification import verify
from capacity_app.services.session import file_writing
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import RevisionLog
from tests.builders import file_of, open_session, small_dossier, small_instrument
from tests.conftest import Promise
from tests.domain.making import say
from tests.services.exchange.officers import answer, key

FULL = bool(os.environ.get("CAPACITY_TORTURE"))
NOW = datetime(2018, 11, 27, 9, 0, tzinfo=UTC)
NONSENSE = ("", "yesterday", "2018-13-45T99:99:99", "0000-00-00", "9999-12-31T23:59:59+14:00", "1", "\u0661\u0662")
CLOCKS = st.one_of(
    st.timedeltas(timedelta(days=-3652), timedelta(days=3652)).map(lambda off: (NOW + off).isoformat()),
    st.sampled_from(NONSENSE),
    st.integers(-12, 14).map(lambda hours: f"2018-10-28T02:30:00{hours:+03d}:00"),
)


# -- in memory -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """One officer changes something, or hears of everything another one knows."""

    officer: int
    place: str
    value: int
    hears: int | None


_STEPS = st.lists(
    st.builds(
        _Step,
        officer=st.integers(0, 2),
        place=st.sampled_from(["i.law", "i.plan"]),
        value=st.integers(0, 3),
        hears=st.none() | st.integers(0, 2),
    ),
    min_size=4,
    max_size=14,
)


def _worked(script: list[_Step], clock: Iterator[str]) -> list[RevisionLog]:
    officers = [RevisionLog(small_instrument(), f"laptop{number}") for number in range(3)]
    for step in script:
        me = officers[step.officer]
        if step.hears is not None:
            there = officers[step.hears]
            known = {one.id for one in me.answers.all()}, {one.id for one in me.entries.all()}
            me.unite(
                [one for one in there.answers.all() if one.id not in known[0]],
                [one for one in there.entries.all() if one.id not in known[1]],
            )
        else:
            said = say(step.place, step.value, who="agency-nso")
            me.answer(Answer(key=said.key, content=said.content, author=str(step.officer), time=next(clock)))
            me.entry(Agency(id="agency-nso", name=f"{step.place} {step.value}"), str(step.officer), next(clock))
    return officers


def _timeless(revision: Revision | EntryRevision) -> Revision | EntryRevision:
    return replace(revision, time="")


def _seen(officers: list[RevisionLog]) -> list[object]:
    """Say everything that stands in an order or was chosen from several."""
    seen: list[object] = []
    for one in officers:
        answers = sorted(one.answers.all(), key=lambda revision: revision.id)
        entries = sorted(one.entries.all(), key=lambda revision: revision.id)
        seen += [list(map(_timeless, made)) for made in (answers, entries, in_order(answers), heads(answers))]
        seen += [_timeless(step.revision) for step in history_steps(answers)]
        for where in sorted({revision.key for revision in answers}):
            united = merging.merge_revisions([revision for revision in answers if revision.key == where])
            seen += [where, _timeless(united.shown), sorted(contest.field for contest in united.contests)]
        seen += one.entries.entries("agencies")
    return [str(part) for part in seen]


@pytest.mark.long
def test_what_laptops_say_together_depends_on_no_clock(promise: Promise) -> None:
    courses = 3_000 if FULL else 100

    @settings(max_examples=courses)
    @given(_STEPS, st.lists(CLOCKS, min_size=40, max_size=40))
    def work(script: list[_Step], times: list[str]) -> None:
        right = ((NOW + timedelta(minutes=minutes)).isoformat() for minutes in itertools.count())
        assert _seen(_worked(script, right)) == _seen(_worked(script, iter(times)))

    work()
    promise("order never depends on the clock", f"{courses} courses of work, ± 10 years or no time at all")


# -- in files ------------------------------------------------------------------------------------------------------


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the times the next sessions' clocks will say, the last one over and over."""
    times = [NOW.isoformat()]

    def tell() -> str:
        return times.pop(0) if len(times) > 1 else times[0]

    for module in ("assessment_session", "change_sets", "file_writing"):
        monkeypatch.setattr(f"capacity_app.services.session.{module}.now", tell)
    letters = itertools.count()
    monkeypatch.setattr(
        "capacity_app.services.session.entries_and_documents.random_letters", lambda count: f"{next(letters):0{count}d}"
    )
    return times


def _by(session: AssessmentSession, name: str) -> None:
    for place in ("i.plan", "ii.staff"):
        session.record(key(place), answer(1, note=name))
        session.record(key(place), answer(2, note=f"{name} again"))
    session.put(Agency(id="agency-nso", name=name))


def _merge_of_three(folder: Path, clock: list[str], times: list[str]) -> tuple[Path, list[object]]:
    """Three officers work with clocks that say such times, one after the other; their files are merged."""
    folder.mkdir()
    base = file_of(folder)
    files = []
    for number, name in enumerate(("Amina", "Bela", "Cleo")):
        copy = folder / f"{name}.assessment"
        copy.write_bytes(base.read_bytes())
        clock[:] = times[number:]
        with AssessmentSession(copy, author=name, device=f"laptop{number}") as session:
            _by(session, name)
        files.append(copy)
    clock[:] = times
    with AssessmentSession(base, author="Merger", device="merger") as session:
        plan = plan_merge(session, files)
        result = apply_merge(session, plan)
        seen: list[object] = [(one.field, one.mine.author, one.theirs.author) for one in plan.conflicts]
        seen += [(one.answers, one.entries, one.new) for one in plan.sources]
        seen += [result.still_open]
        seen += [[str(one.id) for one in session.history(Address("i.plan"))]]
        seen += [[str(one.id) for one in session.known.entries.known(("agencies", "agency-nso"))[::-1]]]
        seen += [[one.content for one in session.dossier().answers]]
        seen += [session.entries("agencies")]
    return base, seen


@pytest.mark.parametrize(
    "times",
    [
        ["2028-11-27T09:00:00+00:00", "2008-11-27T09:00:00+00:00", "2018-11-27T09:00:00+00:00"],
        ["2008-11-27T09:00:00+00:00", "2028-11-27T09:00:00+00:00", "1970-01-01T00:00:00+00:00"] * 4,
        ["2018-10-28T02:59:59+02:00", "2018-10-28T02:00:00+01:00", "2018-10-28T01:00:00+00:00"],
        [*NONSENSE],
        ["same"],
    ],
    ids=["ten years", "to and fro", "summer time ends", "nonsense", "stands still"],
)
def test_files_of_laptops_with_wrong_clocks_merge_to_the_same(
    tmp_path: Path, clock: list[str], times: list[str]
) -> None:
    right = [(NOW + timedelta(minutes=minutes)).isoformat() for minutes in range(100)]
    _, expected = _merge_of_three(tmp_path / "right", clock, right)
    file, found = _merge_of_three(tmp_path / "wrong", clock, times * 4)
    assert [_without_devices(one) for one in found] == [_without_devices(one) for one in expected]
    assert verify(file).is_good


def _without_devices(part: object) -> object:
    """Leave out what the second run calls otherwise: the fresh part of every session's name."""
    if isinstance(part, list) and part and isinstance(part[0], str):
        return [one.partition(".")[0] + one.rpartition(":")[2] for one in part]
    return part


def test_a_session_that_travels_through_a_change_of_time_zone_and_of_summer_time_writes_utc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not hasattr(time, "tzset"):
        pytest.skip("this system changes the time zone of no running program")
    file = file_of(tmp_path)
    try:
        with open_session(file) as session:
            for number, zone in enumerate(("Pacific/Kiritimati", "America/Adak", "Europe/Berlin", "Asia/Kathmandu")):
                monkeypatch.setenv("TZ", zone)
                time.tzset()
                session.record(key("i.plan"), answer(number % 4, note=zone))
            made = [one for one in session.history(Address("i.plan")) if "/" in one.content.note]
    finally:
        monkeypatch.undo()
        time.tzset()
    assert [one.content.note for one in made] == [
        "Asia/Kathmandu", "Europe/Berlin", "America/Adak", "Pacific/Kiritimati",
    ]  # fmt: skip
    moments = [datetime.fromisoformat(one.time) for one in made]
    assert {one.utcoffset() for one in moments} == {timedelta(0)}
    assert moments == sorted(moments, reverse=True)


@settings(max_examples=60 if FULL else 5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.lists(CLOCKS, min_size=10, max_size=10))
def test_files_and_rounds_hold_whatever_the_clock_says(
    tmp_path_factory: pytest.TempPathFactory, times: list[str]
) -> None:
    file = file_of(tmp_path_factory.mktemp("clock"))
    with pytest.MonkeyPatch.context() as patch:
        clock = iter(itertools.cycle(times))
        patch.setattr("capacity_app.services.session.assessment_session.now", lambda: next(clock))
        with open_session(file) as session:
            _by(session, "Amina")
        with open_session(file) as session:
            _by(session, "Bela")
            shown = session.content(key("i.plan"))
            dossier = session.dossier()
    assert shown == answer(2, note="Bela again")
    assert verify(file).is_good
    earlier = small_dossier()
    retimed = replace(dossier, answers=tuple(replace(one, time=file_writing.now()) for one in dossier.answers))
    assert round_comparison.compare_rounds(earlier, dossier) == round_comparison.compare_rounds(earlier, retimed)
