"""Severity, priority, and what is to be verified instead of guessed."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.questionnaire.instrument import ChoiceOption, Feasibility, GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.gaps import (
    SEVERITY_ORDER,
    GapSeverity,
    Priority,
    action_severity,
    classify_severity,
    find_dependency_cycle,
    find_gaps,
    level_reached,
    priority_of,
)
from tests.domain.making import YES_PARTLY_NO, instrument, laid, question, say, section

NEEDS = question(
    "n",
    kind=AnswerKind.GRID,
    columns=(
        GridColumn(
            id="relevance",
            label="Relevance",
            kind=AnswerKind.CHOICE,
            options=(
                ChoiceOption(id="high", label="High", importance=3),
                ChoiceOption(id="low", label="Low", importance=1),
                ChoiceOption(id="none", label="Not relevant", not_applicable=True),
            ),
        ),
        GridColumn(id="data", label="Data", kind=AnswerKind.LEVEL, anchors=("a", "b", "c", "d"), supply=True),
        GridColumn(id="used", label="Used", kind=AnswerKind.LEVEL, anchors=("a", "b", "c", "d")),
    ),
    rows=(GridRow(id="a", label="A"), GridRow(id="b", label="B")),
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
    assert classify_severity(steps, importance) == plain
    assert classify_severity(steps, importance, is_prerequisite=True) == prerequisite


@given(st.integers(0, 3), st.integers(1, 3))
def test_a_larger_gap_is_never_less_severe(steps: int, importance: int) -> None:
    here = SEVERITY_ORDER.index(classify_severity(steps, importance))
    assert SEVERITY_ORDER.index(classify_severity(min(steps + 1, 3), importance)) >= here
    assert SEVERITY_ORDER.index(classify_severity(steps, min(importance + 1, 3))) >= here


def test_fractional_points_reach_the_level_below() -> None:
    assert [level_reached(Fraction(n, 6)) for n in range(7)] == [0, 0, 1, 1, 2, 2, 3]


def test_high_relevance_without_data_is_critical() -> None:
    said = [say("n/a/relevance", "high"), say("n/a/data", 0), say("n/b/relevance", "low"), say("n/b/data", 0)]
    gaps, to_verify = find_gaps(laid(instrument(section("s", NEEDS)), said))
    assert [(str(g.address), g.severity, g.severity_class) for g in gaps] == [
        ("n/a", 9, GapSeverity.CRITICAL),
        ("n/b", 3, GapSeverity.MODERATE),
    ]
    assert to_verify == ()


@pytest.mark.parametrize("supply", ["census", "register"])
def test_a_group_that_holds_the_supply_column_measures_the_row_with_its_best(supply: str) -> None:
    anchors = ("a", "b", "c", "d")
    either = [
        GridColumn(id=name, label=name, kind=AnswerKind.LEVEL, anchors=anchors, group="either", supply=name == supply)
        for name in ("census", "register")
    ]
    used = GridColumn(id="used", label="Used", kind=AnswerKind.LEVEL, anchors=anchors)
    rows = tuple(GridRow(id=name, label=name) for name in "abcd")
    asked = question("n", kind=AnswerKind.GRID, columns=(*either, used), rows=rows)
    said = [
        say("n/a/census", 0), say("n/a/register", 2), say("n/b/census", 1), say("n/b/register", 0),
        say("n/c/census", 1), say("n/d/register", 3),
    ]  # fmt: skip
    gaps, to_verify = find_gaps(laid(instrument(section("s", asked)), said))
    assert [(str(g.address), g.level, g.severity) for g in gaps] == [("n/b", 1, 4), ("n/a", 2, 2)]
    assert [(str(g.address), g.severity) for g in to_verify] == [("n/c", 6)]


def test_what_is_not_relevant_is_no_gap() -> None:
    said = [say("n/a/relevance", "none"), say("n/a/data", 0), say("n/b/data", 3)]
    assert find_gaps(laid(instrument(section("s", NEEDS)), said)) == ((), ())


def test_open_answers_are_listed_to_verify_by_their_worst_case() -> None:
    made = instrument(section("s", question("q", importance=1), question("r", importance=3), question("t", target=1)))
    gaps, to_verify = find_gaps(laid(made, [say("q", state=AnswerState.UNKNOWN)]))
    assert gaps == ()
    assert [(str(g.address), g.steps, g.level) for g in to_verify] == [("r", 3, None), ("q", 3, None), ("t", 1, None)]


def test_a_target_reached_is_no_gap_and_targets_differ() -> None:
    made = instrument(section("s", question("q", target=2), question("r", kind=YES_PARTLY_NO)))
    gaps, _ = find_gaps(laid(made, [say("q", 2), say("r", "partly")]))
    assert [(str(g.address), g.level, g.steps) for g in gaps] == [("r", 1, 2)]


def test_not_applicable_is_neither_gap_nor_to_verify() -> None:
    made = instrument(section("s", question("q")))
    assert find_gaps(laid(made, [say("q", state=AnswerState.NOT_APPLICABLE, reason="x")])) == ((), ())


def test_the_assessors_feasibility_overrules_the_instruments() -> None:
    made = instrument(section("s", question("q", importance=3, feasibility=Feasibility.HARD)))
    sheet = laid(made, [say("q", 0)])
    assert find_gaps(sheet)[0][0].priority is Priority.MAJOR_PROJECT
    rated = find_gaps(sheet, [FeasibilityRating(id="q", feasibility=Feasibility.EASY)])
    assert rated[0][0].priority is Priority.QUICK_WIN


def test_priority_is_severity_against_feasibility() -> None:
    assert priority_of(GapSeverity.CRITICAL, Feasibility.EASY) is Priority.QUICK_WIN
    assert priority_of(GapSeverity.HIGH, Feasibility.EFFORT) is Priority.MAJOR_PROJECT
    assert priority_of(GapSeverity.MODERATE, Feasibility.EASY) is Priority.FILL_IN
    assert priority_of(GapSeverity.LOW, Feasibility.HARD) is Priority.LATER


def test_the_next_step_is_suggested() -> None:
    made = instrument(section("s", question("q", actions=("begin", "improve", "finish"))))
    gaps, _ = find_gaps(laid(made, [say("q", 1)]))
    assert gaps[0].next_step is not None
    field, step = gaps[0].next_step
    assert field.actions[step] == "improve"


def test_an_action_inherits_the_highest_severity_of_its_gaps() -> None:
    made = instrument(section("s", question("q", importance=3), question("r", importance=1)))
    gaps, _ = find_gaps(laid(made, [say("q", 0), say("r", 0)]))
    assert action_severity(Action(id="a", gaps=("r", "q")), gaps) is GapSeverity.CRITICAL
    assert action_severity(Action(id="b"), gaps) is GapSeverity.NONE


def test_a_circle_of_actions_is_found() -> None:
    line = [Action(id="a", depends_on=("b",)), Action(id="b", depends_on=("c",)), Action(id="c")]
    assert find_dependency_cycle(line) == ()
    circle = [*line[:2], Action(id="c", depends_on=("a",))]
    assert set(find_dependency_cycle(circle)) == {"a", "b", "c"}
    assert find_dependency_cycle([Action(id="a", depends_on=("a",))]) == ("a",)
