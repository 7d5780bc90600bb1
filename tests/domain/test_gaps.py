"""Severity, priority, and what is to be verified instead of guessed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.answers import State
from capacity_app.domain.assessment import Action, Rating
from capacity_app.domain.gaps import (
    CLASSES,
    Priority,
    SeverityClass,
    action_class,
    all_gaps,
    dependency_circle,
    level_of,
    priority_of,
    severity_class,
)
from capacity_app.domain.instrument import Column, Feasibility, Kind, Option, Row
from tests.domain.making import YES_PARTLY_NO, instrument, laid, question, say, section

NEEDS = question(
    "n",
    kind=Kind.GRID,
    columns=(
        Column(
            id="relevance",
            label="Relevance",
            kind=Kind.CHOICE,
            options=(
                Option(id="high", label="High", importance=3),
                Option(id="low", label="Low", importance=1),
                Option(id="none", label="Not relevant", not_applicable=True),
            ),
        ),
        Column(id="data", label="Data", kind=Kind.LEVEL, anchors=("a", "b", "c", "d"), supply=True),
        Column(id="used", label="Used", kind=Kind.LEVEL, anchors=("a", "b", "c", "d")),
    ),
    rows=(Row(id="a", label="A"), Row(id="b", label="B")),
)


@pytest.mark.parametrize(
    ("steps", "importance", "plain", "prerequisite"),
    [
        (0, 3, "none", "none"),
        (1, 1, "low", "moderate"),
        (2, 1, "low", "moderate"),
        (1, 3, "moderate", "high"),
        (2, 2, "moderate", "high"),
        (3, 2, "high", "critical"),
        (2, 3, "high", "critical"),
        (3, 3, "critical", "critical"),
    ],
)
def test_severity_is_steps_times_importance(steps: int, importance: int, plain: str, prerequisite: str) -> None:
    assert severity_class(steps, importance) == plain
    assert severity_class(steps, importance, is_prerequisite=True) == prerequisite


@given(st.integers(0, 3), st.integers(1, 3))
def test_a_larger_gap_is_never_less_severe(steps: int, importance: int) -> None:
    here = CLASSES.index(severity_class(steps, importance))
    assert CLASSES.index(severity_class(min(steps + 1, 3), importance)) >= here
    assert CLASSES.index(severity_class(steps, min(importance + 1, 3))) >= here


def test_fractional_points_reach_the_level_below() -> None:
    assert [level_of(Fraction(n, 6)) for n in range(7)] == [0, 0, 1, 1, 2, 2, 3]


def test_high_relevance_without_data_is_critical() -> None:
    said = [say("n/a/relevance", "high"), say("n/a/data", 0), say("n/b/relevance", "low"), say("n/b/data", 0)]
    gaps, to_verify = all_gaps(laid(instrument(section("s", NEEDS)), said))
    assert [(str(g.address), g.severity, g.severity_class) for g in gaps] == [
        ("n/a", 9, SeverityClass.CRITICAL),
        ("n/b", 3, SeverityClass.MODERATE),
    ]
    assert to_verify == ()


@pytest.mark.parametrize("supply", ["census", "register"])
def test_a_group_that_holds_the_supply_column_measures_the_row_with_its_best(supply: str) -> None:
    anchors = ("a", "b", "c", "d")
    either = [
        Column(id=name, label=name, kind=Kind.LEVEL, anchors=anchors, group="either", supply=name == supply)
        for name in ("census", "register")
    ]
    used = Column(id="used", label="Used", kind=Kind.LEVEL, anchors=anchors)
    rows = tuple(Row(id=name, label=name) for name in "abcd")
    asked = question("n", kind=Kind.GRID, columns=(*either, used), rows=rows)
    said = [
        say("n/a/census", 0), say("n/a/register", 2), say("n/b/census", 1), say("n/b/register", 0),
        say("n/c/census", 1), say("n/d/register", 3),
    ]  # fmt: skip
    gaps, to_verify = all_gaps(laid(instrument(section("s", asked)), said))
    assert [(str(g.address), g.level, g.severity) for g in gaps] == [("n/b", 1, 4), ("n/a", 2, 2)]
    assert [(str(g.address), g.severity) for g in to_verify] == [("n/c", 6)]


def test_what_is_not_relevant_is_no_gap() -> None:
    said = [say("n/a/relevance", "none"), say("n/a/data", 0), say("n/b/data", 3)]
    assert all_gaps(laid(instrument(section("s", NEEDS)), said)) == ((), ())


def test_open_answers_are_listed_to_verify_by_their_worst_case() -> None:
    made = instrument(section("s", question("q", importance=1), question("r", importance=3), question("t", target=1)))
    gaps, to_verify = all_gaps(laid(made, [say("q", state=State.UNKNOWN)]))
    assert gaps == ()
    assert [(str(g.address), g.steps, g.level) for g in to_verify] == [("r", 3, None), ("q", 3, None), ("t", 1, None)]


def test_a_target_reached_is_no_gap_and_targets_differ() -> None:
    made = instrument(section("s", question("q", target=2), question("r", kind=YES_PARTLY_NO)))
    gaps, _ = all_gaps(laid(made, [say("q", 2), say("r", "partly")]))
    assert [(str(g.address), g.level, g.steps) for g in gaps] == [("r", 1, 2)]


def test_not_applicable_is_neither_gap_nor_to_verify() -> None:
    made = instrument(section("s", question("q")))
    assert all_gaps(laid(made, [say("q", state=State.NOT_APPLICABLE, reason="x")])) == ((), ())


def test_the_assessors_feasibility_overrules_the_instruments() -> None:
    made = instrument(section("s", question("q", importance=3, feasibility=Feasibility.HARD)))
    sheet = laid(made, [say("q", 0)])
    assert all_gaps(sheet)[0][0].priority is Priority.MAJOR_PROJECT
    rated = all_gaps(sheet, [Rating(id="q", feasibility=Feasibility.EASY)])
    assert rated[0][0].priority is Priority.QUICK_WIN


def test_priority_is_severity_against_feasibility() -> None:
    assert priority_of(SeverityClass.CRITICAL, Feasibility.EASY) is Priority.QUICK_WIN
    assert priority_of(SeverityClass.HIGH, Feasibility.EFFORT) is Priority.MAJOR_PROJECT
    assert priority_of(SeverityClass.MODERATE, Feasibility.EASY) is Priority.FILL_IN
    assert priority_of(SeverityClass.LOW, Feasibility.HARD) is Priority.LATER


def test_the_next_step_is_suggested() -> None:
    made = instrument(section("s", question("q", actions=("begin", "improve", "finish"))))
    gaps, _ = all_gaps(laid(made, [say("q", 1)]))
    assert gaps[0].next_step is not None
    field, step = gaps[0].next_step
    assert field.actions[step] == "improve"


def test_an_action_inherits_the_highest_severity_of_its_gaps() -> None:
    made = instrument(section("s", question("q", importance=3), question("r", importance=1)))
    gaps, _ = all_gaps(laid(made, [say("q", 0), say("r", 0)]))
    assert action_class(Action(id="a", gaps=("r", "q")), gaps) is SeverityClass.CRITICAL
    assert action_class(Action(id="b"), gaps) is SeverityClass.NONE


def test_a_circle_of_actions_is_found() -> None:
    line = [Action(id="a", depends_on=("b",)), Action(id="b", depends_on=("c",)), Action(id="c")]
    assert dependency_circle(line) == ()
    circle = [*line[:2], Action(id="c", depends_on=("a",))]
    assert set(dependency_circle(circle)) == {"a", "b", "c"}
    assert dependency_circle([Action(id="a", depends_on=("a",))]) == ("a",)
