"""Two rounds compared: only what both answered counts, and a loss of disaggregation is told by itself."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Answer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument, SkipRule
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.round_comparison import (
    MATCHED_CHANGES,
    AssessmentComparison,
    RoundChange,
    compare_laid_out,
    compare_rounds,
)
from tests.domain.making import choice, instrument, laid, question, say, section
from tests.dossiers import dossiers, on_few_dossiers

STATISTICS = question(
    "b.grid",
    AnswerKind.GRID,
    columns=(
        GridColumn(id="produced", label="Produced", kind=AnswerKind.CHOICE, options=choice(no=0, yes=1)),
        GridColumn(
            id="by",
            label="By",
            kind=AnswerKind.CHECKLIST,
            options=(
                ChoiceOption(id="sex", label="Sex", required=True, alert=True),
                ChoiceOption(id="age", label="Age", required=True),
            ),
        ),
        GridColumn(id="birth", label="Birth", kind=AnswerKind.YES_NO, group="status"),
        GridColumn(id="citizenship", label="Citizenship", kind=AnswerKind.YES_NO, group="status"),
    ),
    rows=(GridRow(id="x", label="X"), GridRow(id="y", label="Y")),
    gate=SkipRule(column="produced", answers=("no",), settles=("by", "birth", "citizenship")),
)
SMALL = instrument(
    section("a", question("a.1"), question("a.2"), question("a.3", weight=Fraction(2))), section("b", STATISTICS)
)
PLACES = ("a.1", "a.2", "a.3")


def compared(before: Sequence[Answer], after: Sequence[Answer], earlier: Instrument = SMALL) -> AssessmentComparison:
    return compare_laid_out(laid(earlier, before), laid(SMALL, after))


def changes(found: AssessmentComparison) -> dict[str, RoundChange]:
    return {str(entry.address): entry.change for entry in found.changes}


def test_each_item_is_named_by_what_happened_to_it() -> None:
    found = compared(
        [say("a.1", 1), say("a.2", 2), say("a.3", 3)],
        [say("a.1", 2), say("a.2", 2), say("a.3", 0)],
    )
    assert changes(found) == {"a.1": RoundChange.IMPROVED, "a.2": RoundChange.SAME, "a.3": RoundChange.WORSE}


def test_what_only_one_round_answered_is_not_matched() -> None:
    found = compared(
        [say("a.1", 1), say("a.2", 2)],
        [
            say("a.1", state=AnswerState.UNKNOWN),
            say("a.2", state=AnswerState.NOT_APPLICABLE, reason="gone"),
            say("a.3", 3),
        ],
    )
    assert changes(found) == {
        "a.1": RoundChange.LOST,
        "a.2": RoundChange.NEWLY_NOT_APPLICABLE,
        "a.3": RoundChange.GAINED,
    }
    assert found.matched == 0
    assert found.weight_share == 0


def test_section_scores_are_over_matched_items_with_equal_weights() -> None:
    found = compared([say("a.1", 3), say("a.2", 0)], [say("a.2", 3), say("a.3", 3)])
    entry = found.sections[0]
    assert entry.matched == 1
    assert (entry.before, entry.after) == (Fraction(0), Fraction(100))
    assert entry.weight_share == Fraction(1, 4)


def test_a_question_the_later_instrument_no_longer_asks_is_lost() -> None:
    older = instrument(section("a", *SMALL.sections[0].questions, question("a.9")), section("b", STATISTICS))
    found = compared([say("a.9", 2)], [], older)
    assert changes(found) == {"a.9": RoundChange.LOST}


def test_versions_with_another_major_number_are_not_compared() -> None:
    newer = replace(SMALL, version="2.0")
    found = compare_laid_out(laid(SMALL, [say("a.1", 1)]), laid(newer, [say("a.1", 2)]))
    assert not found.is_compatible
    assert found.changes == ()


def test_minor_versions_are_compared() -> None:
    newer = replace(SMALL, version="1.7")
    assert compare_laid_out(laid(SMALL, [say("a.1", 1)]), laid(newer, [say("a.1", 2)])).matched == 1


def test_losing_disaggregation_by_sex_is_an_alert() -> None:
    found = compared([say("b.grid/x/by", ("sex", "age"))], [say("b.grid/x/by", ("age",))])
    assert [(str(entry.address), entry.option.id) for entry in found.regressions] == [("b.grid/x/by", "sex")]


def test_losing_another_element_is_no_alert() -> None:
    found = compared([say("b.grid/x/by", ("sex", "age"))], [say("b.grid/x/by", ("sex",))])
    assert found.regressions == ()


def test_statistics_no_longer_produced_have_lost_their_disaggregation() -> None:
    found = compared(
        [say("b.grid/x/produced", "yes"), say("b.grid/x/by", ("sex", "age"))], [say("b.grid/x/produced", "no")]
    )
    assert [str(entry.address) for entry in found.regressions] == ["b.grid/x/by"]


def test_not_knowing_any_more_is_no_alert() -> None:
    found = compared([say("b.grid/x/by", ("sex",))], [say("b.grid/x/by", state=AnswerState.UNKNOWN)])
    assert found.regressions == ()


def test_a_group_of_columns_is_one_item_whichever_column_was_best() -> None:
    found = compared(
        [say("b.grid/x/birth", "yes"), say("b.grid/x/citizenship", "no")],
        [say("b.grid/x/birth", "no"), say("b.grid/x/citizenship", "yes")],
    )
    assert changes(found) == {"b.grid/x/birth": RoundChange.SAME}


levels = st.dictionaries(st.sampled_from(PLACES), st.integers(0, 3))


def said(values: dict[str, int]) -> list[Answer]:
    return [say(place, value) for place, value in values.items()]


@given(levels, levels)
def test_turning_the_rounds_round_turns_every_change_round(one: dict[str, int], other: dict[str, int]) -> None:
    there, back = compared(said(one), said(other)), compared(said(other), said(one))
    assert there.count(RoundChange.IMPROVED) == back.count(RoundChange.WORSE)
    assert there.count(RoundChange.SAME) == back.count(RoundChange.SAME)
    assert there.count(RoundChange.LOST) == back.count(RoundChange.GAINED)
    assert there.matched == back.matched == len(one.keys() & other.keys())


@given(levels)
def test_a_round_compared_with_itself_has_not_changed(values: dict[str, int]) -> None:
    found = compared(said(values), said(values))
    assert {entry.change for entry in found.changes} <= {RoundChange.SAME}
    assert all(entry.before == entry.after for entry in found.sections)


@given(levels, levels)
def test_scores_move_as_their_items_do(one: dict[str, int], other: dict[str, int]) -> None:
    found = compared(said(one), said(other))
    matched = [entry for entry in found.changes if entry.change in MATCHED_CHANGES]
    gain = sum((e.weight * (e.after - e.before) for e in matched if e.after is not None and e.before is not None), 0)
    part = found.sections[0]
    if part.before is not None and part.after is not None:
        weight = sum(entry.weight for entry in matched)
        assert part.after - part.before == 100 * Fraction(gain) / weight
    assert 0 <= found.weight_share <= 1


@pytest.mark.check
@on_few_dossiers
@given(dossiers(rounds=0), dossiers(rounds=0))
def test_any_two_dossiers_can_be_compared(earlier: Dossier, later: Dossier) -> None:
    found = compare_rounds(earlier, later)
    assert found.is_compatible
    assert len({entry.address for entry in found.changes}) == len(found.changes)
