"""A section's target is the score it would have if every item stood at its own target."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind
from capacity_app.domain.scoring.scores import (
    HUNDRED,
    overall_target,
    part_target,
    score_sheet,
    section_target,
    section_targets,
)
from tests.domain.making import ANCHORS, instrument, laid, question, say, section

LEVELS = st.tuples(st.integers(0, TOP_LEVEL), st.integers(1, 5))


def asked(*targets: int) -> Instrument:
    return instrument(section("a", *(question(f"a.{n}", target=target) for n, target in enumerate(targets))))


@given(st.lists(LEVELS, min_size=1, max_size=8))
def test_answers_that_all_stand_at_their_target_score_exactly_the_target(wanted: list[tuple[int, int]]) -> None:
    questions = [
        question(f"a.{n}", target=target, weight=Fraction(weight)) for n, (target, weight) in enumerate(wanted)
    ]
    made = instrument(section("a", *questions))
    answers = [say(f"a.{n}", target) for n, (target, _) in enumerate(wanted)]
    entry = score_sheet(laid(made, answers)).sections[0]
    assert section_target(made, entry.parts) == entry.score.value


@given(st.lists(LEVELS, min_size=1, max_size=8), st.integers(0, 3))
def test_the_target_does_not_depend_on_what_is_answered(wanted: list[tuple[int, int]], level: int) -> None:
    made = asked(*(target for target, _ in wanted))
    unasked, asked_one = score_sheet(laid(made, [])), score_sheet(laid(made, [say("a.0", level)]))
    assert section_target(made, unasked.sections[0].parts) == section_target(made, asked_one.sections[0].parts)


@pytest.mark.parametrize(("targets", "points"), [((3, 3), HUNDRED), ((3, 0), HUNDRED / 2), ((1, 2), HUNDRED / 2)])
def test_targets_are_weighed_like_answers(targets: tuple[int, ...], points: Fraction) -> None:
    made = asked(*targets)
    assert section_target(made, score_sheet(laid(made, [])).sections[0].parts) == points


def test_a_row_has_a_target_of_its_own_and_rows_that_are_out_have_none() -> None:
    columns = (GridColumn(id="now", label="Now", kind=AnswerKind.LEVEL, anchors=ANCHORS),)
    rows = (
        GridRow(id="x", label="x", target=0),
        GridRow(id="y", label="y"),
        GridRow(id="z", label="z", preset_reason="elsewhere"),
    )
    made = instrument(section("a", question("a.grid", AnswerKind.GRID, columns=columns, rows=rows, target=2)))
    parts = score_sheet(laid(made, [])).sections[0].parts
    assert [part_target(made, part) * TOP_LEVEL for part in parts] == [0, 2]
    assert section_target(made, parts) == HUNDRED / 3


def test_nothing_that_applies_has_no_target() -> None:
    assert section_target(asked(3), ()) is None


def test_the_overall_target_is_weighed_like_the_overall_score() -> None:
    made = instrument(
        section("a", question("a.one", target=3)),
        section("b", question("b.one", target=0)),
        section("c", question("c.one", target=0), supplement="C"),
    )
    card = score_sheet(laid(made, []))
    targets = section_targets(made, card)
    assert targets == {"a": HUNDRED, "b": 0, "c": 0}
    assert overall_target(card, targets, {}) == HUNDRED / 2
    assert overall_target(card, targets, {"a": Fraction(3)}) == HUNDRED * 3 / 4
