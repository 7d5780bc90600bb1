"""The action plan as a whole: days, order, severity, circles, and what cannot be right."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.planning.action_plan import (
    DateSpan,
    action_span,
    build_plan,
    find_prerequisites,
    find_refused_dependency,
    first_day,
    is_late,
    last_day,
    sort_by_time,
)
from capacity_app.domain.planning.plan_checks import check_dates
from capacity_app.domain.scoring.gaps import SEVERITY_ORDER, Gap, GapSeverity, find_dependency_cycle, find_gaps
from tests.domain.making import instrument, laid, question, say, section

NAMES = ("a", "b", "c", "d", "e")
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31)).map(date.isoformat)
VAGUE = st.one_of(st.just(""), DAYS, DAYS.map(lambda day: day[:7]), DAYS.map(lambda day: day[:4]))


@st.composite
def plans(draw: st.DrawFn) -> tuple[Action, ...]:
    """Draw actions with any dates, gaps and dependencies."""
    return tuple(
        Action(
            id=name,
            title=draw(st.sampled_from(["Same", "Other", ""])),
            gaps=tuple(draw(st.sets(st.sampled_from(["q1", "q2", "q3", "gone"])))),
            start=draw(VAGUE),
            end=draw(VAGUE),
            responsible=draw(st.sampled_from(["", "nso", "moi"])),
            partners=tuple(draw(st.sets(st.sampled_from(["x", "y"])))),
            depends_on=tuple(sorted(draw(st.sets(st.sampled_from(NAMES))))),
            progress=draw(st.sampled_from(ActionProgress)),
        )
        for name in draw(st.sets(st.sampled_from(NAMES)).map(sorted))
    )


def _gaps() -> tuple[tuple[Gap, ...], tuple[Gap, ...]]:
    made = instrument(section("s", question("q1"), question("q2", importance=3), question("q3", importance=3)))
    return find_gaps(laid(made, [say("q1", 2), say("q2", 0)]))


FOUND, TO_VERIFY = _gaps()
ALL = (*FOUND, *TO_VERIFY)


@pytest.mark.parametrize(
    ("iso", "first", "last"),
    [
        ("2024-02-10", "2024-02-10", "2024-02-10"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-12", "2023-12-01", "2023-12-31"),
        ("2024", "2024-01-01", "2024-12-31"),
        ("9999", "9999-01-01", "9999-12-31"),
    ],
)
def test_a_vague_date_stands_for_all_its_days(iso: str, first: str, last: str) -> None:
    assert (first_day(iso), last_day(iso)) == (date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("text", ["", "soon", "2024-13", "2024-02-30", "2024-2", "0000"])
def test_what_is_no_date_has_no_days(text: str) -> None:
    assert first_day(text) is None
    assert last_day(text) is None


@given(plans(), st.randoms(use_true_random=False))
def test_the_order_in_time_does_not_depend_on_the_order_of_entry(actions: tuple[Action, ...], chance: object) -> None:
    mixed = list(actions)
    chance.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    before = [one.action.id for one in sort_by_time(build_plan(actions, ALL))]
    after = [one.action.id for one in sort_by_time(build_plan(mixed, ALL))]
    assert before == after


@given(plans())
def test_the_order_in_time_is_by_first_day_and_what_has_no_day_is_last(actions: tuple[Action, ...]) -> None:
    spans = [one.span for one in sort_by_time(build_plan(actions, ALL))]
    dated = [span for span in spans if span is not None]
    assert spans[: len(dated)] == dated
    assert dated == sorted(dated)
    assert all(span.first <= span.last for span in dated)


@given(plans())
def test_an_action_inherits_the_highest_severity_of_its_gaps(actions: tuple[Action, ...]) -> None:
    grades = {str(gap.address): gap.severity_class for gap in FOUND}
    for one in build_plan(actions, ALL):
        own = [grades[address] for address in one.action.gaps if address in grades]
        assert one.severity is max(own, key=SEVERITY_ORDER.index, default=GapSeverity.NONE)


def test_a_place_to_verify_gives_no_severity() -> None:
    (one,) = build_plan([Action(id="a", gaps=("q3",))], ALL)
    assert one.gaps
    assert one.severity is GapSeverity.NONE


@given(plans())
def test_no_circle_can_be_stored(actions: tuple[Action, ...]) -> None:
    stored: dict[str, Action] = {}
    for action in (*actions, *reversed(actions)):
        if find_refused_dependency(action, stored.values()) is None:
            stored[action.id] = action
        assert find_dependency_cycle(stored.values()) == ()


@given(plans())
def test_nothing_is_refused_that_makes_no_circle(actions: tuple[Action, ...]) -> None:
    for action in actions:
        others = [one for one in actions if one.id != action.id]
        if find_dependency_cycle(actions) == ():
            assert find_refused_dependency(action, [*others, replace(action, depends_on=())]) is None


def test_the_refusal_of_a_circle_names_both_actions() -> None:
    first = Action(id="a", title="Pass the law", depends_on=("b",))
    second = Action(id="b", title="Hire staff", depends_on=("a",))
    problem = find_refused_dependency(second, [first])
    assert problem is not None
    assert problem.text().startswith("“Hire staff” cannot wait for “Pass the law”, which itself waits for it.")


def test_a_circle_that_came_from_elsewhere_does_not_stop_other_changes() -> None:
    circle = (Action(id="a", depends_on=("b",)), Action(id="b", depends_on=("a",)))
    assert find_refused_dependency(replace(circle[0], title="New words"), circle) is None
    assert find_prerequisites(circle, "a") == {"a", "b"}


@pytest.mark.parametrize(
    ("start", "end", "after", "is_wrong"),
    [
        ("2024-05-01", "", "2024-05-02", True),
        ("2024-05-02", "", "2024-05-01", False),
        ("2024-05", "", "2024-05-31", False),
        ("2024", "", "2024-12-31", False),
        ("2024-04", "", "2024-05", True),
        ("", "2024-01-01", "2024-05", False),
        ("2024-01-01", "", "", False),
    ],
)
def test_an_action_that_surely_starts_too_early_is_found(start: str, end: str, after: str, *, is_wrong: bool) -> None:
    other = Action(id="b", title="First", end=after)
    found = tuple(check_dates([Action(id="a", start=start, end=end, depends_on=("b",)), other]))
    assert bool(found) is is_wrong
    done = replace(other, progress=ActionProgress.DONE)
    assert not tuple(check_dates([Action(id="a", start=start, end=end, depends_on=("b",)), done]))


def test_waiting_for_what_was_dropped_and_dates_in_the_wrong_order_are_found() -> None:
    gone = Action(id="b", title="Gone", progress=ActionProgress.DROPPED)
    waiting = Action(id="a", title="Waits", depends_on=("b",), start="2024-06-02", end="2024-06-01")
    said = [finding.problem.text() for finding in check_dates([waiting, gone])]
    assert any("ends before it starts" in sentence for sentence in said)
    assert any("waits for “Gone”, which has been dropped" in sentence for sentence in said)


def test_an_unreadable_date_is_found_and_gives_no_bar() -> None:
    action = Action(id="a", title="Vague", end="when money comes")
    assert action_span(action) is None
    assert "“when money comes” in the action “Vague” is not a date." in next(check_dates([action])).problem.text()


def test_one_date_alone_stands_for_both_ends() -> None:
    assert action_span(Action(id="a", start="2024-03")) == DateSpan(date(2024, 3, 1), date(2024, 3, 31))
    assert action_span(Action(id="a", end="2024")) == DateSpan(date(2024, 1, 1), date(2024, 12, 31))


def test_what_should_be_over_and_is_not_is_late() -> None:
    action = Action(id="a", end="2024-03")
    assert not is_late(action, date(2024, 3, 31))
    assert is_late(action, date(2024, 4, 1))
    assert not is_late(replace(action, progress=ActionProgress.DONE), date(2024, 4, 1))
