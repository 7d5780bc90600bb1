"""What scoring says at its edges: nothing asked, nothing known, two weights for the same thing."""

from dataclasses import replace
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    answers_by_address,
)
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Question, SkipRule
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import (
    ItemStatus,
    RowState,
    ScoredPart,
    Tally,
    earned_points,
    lay_out,
    sum_tallies,
    update_layout,
)
from capacity_app.domain.scoring.scores import (
    Band,
    QuestionPool,
    ScoreStatus,
    Sensitivity,
    bands_between,
    counted_sections,
    geometric_mean,
    pool_questions,
    reweigh,
    score_of,
    score_sheet,
    section_weights,
    status_of,
    weighted_mean,
)
from tests.domain.making import choice, instrument, laid, question, required, say, section

F = Fraction


def test_a_section_without_questions_has_no_figures_and_is_not_scored() -> None:
    empty = score_of(Tally())
    assert (empty.value, empty.lower, empty.upper, empty.coverage, empty.na_share) == (None, None, None, None, 0)
    assert empty.tally == Tally()
    assert status_of(empty, instrument().thresholds) is ScoreStatus.UNSCORED


def test_a_section_that_is_asked_nowhere_is_not_scored_instead_of_not_applicable() -> None:
    never = Condition(op=ConditionOperator.IS, address=Address("a.q"), values=("9",))
    made = instrument(section("a", question("a.q")), section("b", question("b.q", show_if=never)))
    card = score_sheet(laid(made, [say("a.q", 3)]))
    hidden = card.section("b")
    assert hidden is not None
    assert hidden.status is ScoreStatus.UNSCORED
    assert card.section("nowhere") is None
    assert [entry.section.id for entry in counted_sections(card)] == ["a"]


def test_an_assessment_without_any_scored_section_is_not_scored_and_one_without_applicable_ones_is_not_applicable() -> (
    None
):
    assert score_sheet(laid(instrument(), [])).overall.status is ScoreStatus.UNSCORED
    made = instrument(section("a", question("a.q")))
    out = score_sheet(laid(made, [say("a.q", state=AnswerState.NOT_APPLICABLE, reason="no")]))
    assert out.overall.status is ScoreStatus.NOT_APPLICABLE
    assert (out.overall.lowest, out.overall.sensitivity, out.overall.bands) == ("", None, ())


def test_the_overall_score_is_made_of_core_sections_with_something_that_applies() -> None:
    made = instrument(
        section("a", question("a.q")), section("b", question("b.q")), section("x", question("x.q"), supplement="X")
    )
    card = score_sheet(
        laid(made, [say("a.q", 3), say("b.q", state=AnswerState.NOT_APPLICABLE, reason="no"), say("x.q", 1)])
    )
    assert [entry.section.id for entry in counted_sections(card)] == ["a"]


def test_a_mean_leaves_out_what_has_no_weight_or_no_value() -> None:
    assert weighted_mean([]) is None
    assert weighted_mean([(F(0), F(70))]) is None
    assert weighted_mean([(F(1), F(10)), (F(0), F(70)), (F(3), F(30)), (F(2), None)]) == 25


def test_every_question_counts_once_in_the_pool_whatever_it_weighs() -> None:
    made = instrument(section("a", question("a.heavy", weight=F(4)), question("a.light"), question("a.open")))
    sheet = laid(made, [say("a.heavy", 3), say("a.light", 0)])
    pool = pool_questions(sheet, score_sheet(sheet).sections)
    assert pool == QuestionPool(questions=3, coverage=F(2), points=F(1))
    assert pool.value == 50
    assert pool_questions(laid(made, []), score_sheet(laid(made, [])).sections).value is None


def test_a_weight_with_two_signs_belongs_to_no_section_and_is_replaced_by_the_next() -> None:
    one = section("a", question("a.q"))
    assert section_weights(instrument(one), ["a=1=2", "a"]) == {}
    assert reweigh(["a=1=2", "b=3"], one, F(5)) == ("b=3", "a=5")


GRID = question(
    "g",
    AnswerKind.GRID,
    columns=(
        GridColumn(id="level", label="Level", kind=AnswerKind.LEVEL, weight=F(2)),
        GridColumn(id="other", label="Other", kind=AnswerKind.LEVEL, weight=F(6)),
        GridColumn(id="note", label="Note", kind=AnswerKind.TEXT),
    ),
    rows=(GridRow(id="r", label="R"), GridRow(id="t", label="T", importance=3)),
    weight=F(3),
)


def test_the_weights_of_a_grids_cells_are_those_of_its_columns_and_make_up_its_own() -> None:
    parts = laid(instrument(section("s", GRID)), []).blocks["g"].parts
    assert [part.weight for part in parts] == [
        F(3) * row * cell for row in (F(2, 5), F(3, 5)) for cell in (F(1, 4), F(3, 4))
    ]


def test_evidence_counts_for_the_cells_of_a_grid_too() -> None:
    said = [say("g/r/level", 3, evidence=("held",)), say("g/t/level", 3)]
    parts = laid(instrument(section("s", GRID)), said, {"held": 2}).blocks["g"].parts
    assert [(part.grade, part.verified) for part in parts if part.points is not None] == [(2, 1), (0, F(2, 3))]


def test_evidence_nobody_graded_is_no_evidence() -> None:
    part = laid(instrument(section("s", question("q"))), [say("q", 3, evidence=("lost",))], {}).blocks["q"].parts[0]
    assert (part.grade, part.verified) == (0, F(2, 3))


def test_responses_that_differ_over_a_checklist_are_bounded_by_the_elements_the_row_requires() -> None:
    ticks = GridColumn(id="by", label="By", kind=AnswerKind.CHECKLIST, options=required("sex", "age", "birth"))
    only_sex = GridRow(id="r", label="R", required={"by": ("sex", "age")})
    made = instrument(section("s", question("g", AnswerKind.GRID, columns=(ticks,), rows=(only_sex,))))
    said = [say("g/r/by", ("sex", "birth"), who="a"), say("g/r/by", ("sex", "age"), who="b")]
    part = laid(made, said).blocks["g"].parts[0]
    assert (part.points, part.low, part.high) == (None, F(1, 2), F(1))


def test_what_a_condition_sees_is_the_answer_that_counts_and_nothing_of_a_hidden_question() -> None:
    shown = Condition(op=ConditionOperator.IS, address=Address("a"), values=("yes",))
    made = instrument(section("s", question("a", AnswerKind.YES_NO), question("b", show_if=shown), question("c"), GRID))
    sheet = laid(made, [say("a", "no"), say("b", 3), say("g/r/level", 1), say("g/t/level", 2)])
    assert sheet.value_of(Address("a")) == "no"
    assert sheet.value_of(Address("b")) is None, "it is hidden"
    assert sheet.value_of(Address("c")) is None, "nobody has asked"
    assert sheet.value_of(Address("g", "t", "level")) == 2
    assert sheet.value_of(Address("g", "t", "nowhere")) is None
    assert sheet.value_of(Address("nowhere")) is None


def rows_reached(grid: Question, *said: object) -> dict[str, Fraction | None]:
    answers = [one for one in said if one]
    return dict(laid(instrument(section("s", grid)), answers).blocks[grid.id].reached)  # type: ignore[arg-type]


def test_a_row_has_reached_the_weighted_mean_of_its_cells_once_all_are_answered() -> None:
    half = say("g/r/level", 3)
    assert rows_reached(GRID, half) == {"r": None, "t": None}
    assert rows_reached(GRID, half, say("g/r/other", 1)) == {"r": F(1, 4) + F(3, 4) * F(1, 3), "t": None}


def test_a_cell_that_does_not_apply_leaves_the_row_to_the_others_and_a_row_without_any_is_left_out() -> None:
    out = [say(f"g/{cell}", state=AnswerState.NOT_APPLICABLE, reason="no") for cell in ("r/other", "t")]
    assert rows_reached(GRID, say("g/r/level", 2), *out) == {"r": F(2, 3)}


def test_what_a_condition_shows_or_hides_is_laid_out_again_with_what_it_depends_on() -> None:
    shown = Condition(op=ConditionOperator.IS, address=Address("a"), values=("yes",))
    made = instrument(
        section(
            "s",
            question("a", AnswerKind.CHOICE, options=choice(yes=1, no=0, unsure=0)),
            question("b", show_if=shown),
            question("c"),
        )
    )
    yes, no, level = say("a", "yes"), say("a", "no"), say("b", 3, evidence=("held",))
    grades = {"held": 2}
    before = lay_out(made, answers_by_address([yes, level]), grades)
    after = update_layout(before, answers_by_address([no, level]), [Address("a")])
    assert after == lay_out(made, answers_by_address([no, level]), grades)
    assert after.blocks["b"].is_hidden
    assert after.blocks["c"] is before.blocks["c"]
    unsure = say("a", "unsure")
    again = update_layout(after, answers_by_address([unsure, level]), [Address("a")])
    assert again.blocks["b"] is after.blocks["b"], "nothing about it has changed"
    changed = say("b", 1)
    hidden = update_layout(after, answers_by_address([no, changed]), [Address("b")])
    assert hidden == lay_out(made, answers_by_address([no, changed]), grades)
    back = update_layout(hidden, answers_by_address([yes, changed]), [Address("a"), Address("nowhere")])
    assert back == lay_out(made, answers_by_address([yes, changed]), grades)


# -- the whole -----------------------------------------------------------------------------------------------------


def test_the_overall_figures_are_the_weighted_means_of_the_sections() -> None:
    made = instrument(section("a", question("a.1"), question("a.2")), section("b", question("b.1"), weight=F(3)))
    said = [say("a.1", 3), say("b.1", 3, evidence=("held",))]
    overall = score_sheet(laid(made, said, {"held": 2})).overall
    assert (overall.value, overall.lower, overall.upper) == (100, (50 + 3 * 100) * F(1, 4), 100)
    assert overall.coverage == (F(1, 2) + 3) / 4
    assert overall.verified == (F(200, 3) + 3 * 100) / 4
    assert overall.evidence_index == F(3, 4)
    assert overall.bands == (Band.SUSTAINED,)
    assert overall.status is ScoreStatus.PROVISIONAL
    firm = score_sheet(laid(made, [*said, say("a.2", 0)], {"held": 2})).overall
    assert (firm.status, firm.bands, firm.lowest) == (ScoreStatus.FIRM, (Band.SUSTAINED,), "a")
    assert firm.sensitivity is not None
    assert firm.sensitivity == Sensitivity(F(75), F(200, 3), firm.sensitivity.geometric, None)
    assert list(firm.sensitivity.by_method) == ["equal_sections", "equal_items", "geometric"]
    open_ = score_sheet(laid(made, [say("a.1", 0), say("a.2", 0)])).overall
    assert (open_.status, open_.value, open_.verified) == (ScoreStatus.WITHHELD, None, None)
    assert (open_.lower, open_.upper, open_.bands) == (0, 75, (Band.ABSENT, Band.ESTABLISHED))
    assert (open_.evidence_index, open_.coverage) == (0, F(1, 4))
    assert (open_.lowest, open_.sensitivity, open_.is_robust) == ("", None, None)


def test_an_overall_score_is_robust_up_to_and_with_the_spread_allowed() -> None:
    made = instrument(section("a", question("a.1")), section("b", question("b.1")))
    said = [say("a.1", 2), say("b.1", 3)]
    overall = score_sheet(laid(made, said)).overall
    assert overall.sensitivity is not None
    exactly = replace(made.thresholds, robust_spread=overall.sensitivity.spread)
    assert overall.sensitivity.spread > 0
    assert score_sheet(laid(replace(made, thresholds=exactly), said)).overall.is_robust
    less = replace(exactly, robust_spread=exactly.robust_spread - F(1, 10**9))
    assert not score_sheet(laid(replace(made, thresholds=less), said)).overall.is_robust


def test_a_band_needs_both_bounds() -> None:
    assert bands_between(None, F(3)) == bands_between(F(3), None) == bands_between(None, None) == ()


def test_the_geometric_mean_has_twenty_digits_on_every_machine() -> None:
    assert geometric_mean([F(2), F(3)]) == F("2.4494897427831780982")


# -- what one answer earns -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "points"),
    [
        (AnswerKind.LEVEL, 2, F(2, 3)),
        (AnswerKind.LEVEL, None, None),
        (AnswerKind.YES_NO, "yes", F(1)),
        (AnswerKind.YES_NO, "perhaps", None),
        (AnswerKind.TEXT, "yes", None),
        (AnswerKind.CHOICE, "nowhere", None),
        (AnswerKind.CHECKLIST, None, None),
        (AnswerKind.CHECKLIST, (), F(0)),
    ],
)
def test_an_answer_earns_points_where_its_kind_has_any(
    kind: AnswerKind, value: AnswerValue, points: Fraction | None
) -> None:
    options = {AnswerKind.CHOICE: choice(a=1), AnswerKind.CHECKLIST: required("x", "y")}.get(kind, ())
    assert earned_points(question("q", kind, options=options), value) == points


def test_a_checklist_without_required_elements_earns_nothing() -> None:
    free = question("q", AnswerKind.CHECKLIST, options=required("x", also=("x",)))
    assert earned_points(free, ("x",)) is None


def test_a_part_says_where_it_stands_what_it_weighs_and_what_it_can_still_earn() -> None:
    gated = replace(GRID, gate=SkipRule(column="level", answers=("0",), settles=("other",)))
    said = [
        say("g/r/level", 0),
        say("g/t/level", state=AnswerState.NOT_APPLICABLE, reason="no"),
        say("g/t/other", state=AnswerState.UNKNOWN, evidence=("held",)),
    ]
    parts = laid(instrument(section("s", gated)), said, {"held": 3}).blocks["g"].parts
    light, heavy = F(3) * F(1, 4), F(3) * F(3, 4)
    assert parts == (
        ScoredPart(Address("g", "r", "level"), "r", light * F(2, 5), F(0), F(0), F(0), F(0), 0),
        ScoredPart(Address("g", "r", "other"), "r", heavy * F(2, 5), F(0), F(0), F(0), F(0), 0),
        ScoredPart(Address("g", "t", "level"), "t", light * F(3, 5), None, F(0), F(0), F(0), 0, is_out=True),
        ScoredPart(Address("g", "t", "other"), "t", heavy * F(3, 5), None, F(0), F(1), F(0), 0),
    )
    assert laid(instrument(section("s", question("q"))), []).blocks["q"].parts == (
        ScoredPart(Address("q"), "", F(1), None, F(0), F(1), F(0), 0),
    )


def group_of(*said: Answer) -> ScoredPart:
    """Return the one part that two columns of a group make."""
    pair = question(
        "g",
        AnswerKind.GRID,
        columns=tuple(GridColumn(id=name, label=name, kind=AnswerKind.LEVEL, group="both") for name in ("one", "two")),
        rows=(GridRow(id="r", label="R"),),
    )
    (part,) = laid(instrument(section("s", pair)), said, {"held": 2, "seen": 1}).blocks["g"].parts
    return part


def test_of_a_group_the_best_answer_counts_and_of_equal_ones_the_better_supported() -> None:
    one, two = Address("g", "r", "one"), Address("g", "r", "two")
    best = group_of(say("g/r/one", 1, evidence=("held",)), say("g/r/two", 2))
    assert best == ScoredPart(two, "r", F(1), F(2, 3), F(2, 3), F(2, 3), F(2, 3), 0)
    equal = group_of(say("g/r/one", 3), say("g/r/two", 3, evidence=("held",)))
    assert equal == ScoredPart(two, "r", F(1), F(1), F(1), F(1), F(1), 2)
    assert group_of(say("g/r/one", 3, evidence=("held",)), say("g/r/two", 3)).address == one
    open_ = group_of(say("g/r/one", 1, evidence=("held",)))
    assert open_ == ScoredPart(one, "r", F(1), None, F(1, 3), F(1), F(0), 0)


def test_of_a_group_what_does_not_apply_leaves_the_other_and_both_leave_nothing() -> None:
    out = [say(f"g/r/{name}", state=AnswerState.NOT_APPLICABLE, reason="no") for name in ("one", "two")]
    alone = group_of(out[0], say("g/r/two", 1, evidence=("seen",)))
    assert alone == ScoredPart(Address("g", "r", "two"), "r", F(1), F(1, 3), F(1, 3), F(1, 3), F(1, 3), 1)
    assert group_of(*out) == ScoredPart(Address("g", "r", "one"), "r", F(1), None, F(0), F(0), F(0), 0, is_out=True)


def test_a_grid_that_is_out_as_a_whole_has_its_whole_weight_out() -> None:
    block = laid(instrument(section("s", GRID)), [say("g", state=AnswerState.NOT_APPLICABLE, reason="no")]).blocks["g"]
    assert (block.tally.weight, block.tally.out, block.tally.total) == (0, 3, 3)
    row_out = laid(instrument(section("s", GRID)), [say("g/t", state=AnswerState.NOT_APPLICABLE, reason="no")]).blocks[
        "g"
    ]
    assert (row_out.tally.weight, row_out.tally.out) == (3, 3 * F(3, 5))


def test_a_tally_adds_up_field_by_field_whatever_the_denominators() -> None:
    one, two = Tally(*(F(1, n) for n in range(2, 11))), Tally(*(F(1, n) for n in range(3, 12)))
    assert sum_tallies([one, two]) == Tally(*(F(1, n) + F(1, n + 1) for n in range(2, 11)))
    assert sum_tallies([]) == Tally()


# -- how rows stand ------------------------------------------------------------------------------------------------


RELEVANCE = (
    ChoiceOption(id="high", label="High", importance=3),
    ChoiceOption(id="usual", label="Usual"),
    ChoiceOption(id="none", label="Not relevant here", not_applicable=True),
)
ROWS = question(
    "n",
    AnswerKind.GRID,
    key_column="name",
    columns=(
        GridColumn(id="relevance", label="Relevance", kind=AnswerKind.CHOICE, options=RELEVANCE),
        GridColumn(id="name", label="Name", kind=AnswerKind.TEXT),
        GridColumn(id="made", label="Made", kind=AnswerKind.YES_NO),
        GridColumn(id="often", label="Often", kind=AnswerKind.LEVEL),
    ),
    rows=(
        GridRow(id="first", label="First", spare=True),
        GridRow(id="spare", label="Spare", spare=True, importance=1),
        GridRow(id="preset", label="Preset", preset_reason="Counted elsewhere.", importance=3),
    ),
    gate=SkipRule(column="made", answers=("no",), settles=("often",)),
)


def rows(*said: Answer) -> dict[str, RowState]:
    return dict(laid(instrument(section("s", ROWS)), said).blocks["n"].rows)


def test_how_rows_stand_before_anybody_says_anything() -> None:
    assert rows() == {
        "first": RowState(ItemStatus.WANTED, "", 2, gated=False),
        "spare": RowState(ItemStatus.SPARE, "", 1, gated=False),
        "preset": RowState(ItemStatus.ROW_OUT, "Counted elsewhere.", 3, gated=False),
    }


def test_what_is_said_of_a_row_takes_it_in_or_out_with_its_reason_and_weight() -> None:
    said = [
        say("n/first", state=AnswerState.NOT_APPLICABLE, reason="We have none."),
        say("n/first/relevance", "high"),
        say("n/spare/name", "Ours"),
        say("n/spare/relevance", "usual"),
        say("n/spare/made", "no"),
        say("n/preset"),
        say("n/preset/made", "yes"),
    ]
    assert rows(*said) == {
        "first": RowState(ItemStatus.ROW_OUT, "We have none.", 3, gated=False),
        "spare": RowState(ItemStatus.WANTED, "", 1, gated=True),
        "preset": RowState(ItemStatus.WANTED, "", 3, gated=False),
    }
    out = rows(say("n/first/relevance", "none"), say("n/preset/relevance", "none"), say("n/preset"))
    assert out["first"] == RowState(ItemStatus.ROW_OUT, "Not relevant here", 2, gated=False, is_by_choice=True)
    assert out["preset"] == RowState(ItemStatus.ROW_OUT, "Not relevant here", 3, gated=False, is_by_choice=True)


def test_a_grid_that_does_not_apply_takes_out_all_rows_but_the_spare_ones() -> None:
    out = rows(say("n", state=AnswerState.NOT_APPLICABLE, reason="no"), say("n/first/made", "no"))
    assert {row: state.standing for row, state in out.items()} == {
        "first": ItemStatus.ROW_OUT,
        "spare": ItemStatus.SPARE,
        "preset": ItemStatus.ROW_OUT,
    }
    sheet = laid(instrument(section("s", ROWS)), [say("n", state=AnswerState.NOT_APPLICABLE, reason="no")])
    assert sheet.blocks["n"].whole.reason == "no"


def test_the_choice_that_took_a_row_out_can_still_be_changed_and_the_rest_is_out() -> None:
    sheet = laid(instrument(section("s", ROWS)), [say("n/first/relevance", "none")])
    standings = {item.address.column: item.standing for item in sheet.items() if item.address.row == "first"}
    assert standings.pop("relevance") is ItemStatus.WANTED
    assert set(standings.values()) == {ItemStatus.ROW_OUT}
    unsaid = laid(instrument(section("s", ROWS)), [say("n/first", state=AnswerState.NOT_APPLICABLE, reason="no")])
    assert {item.standing for item in unsaid.items() if item.address.row == "first"} == {ItemStatus.ROW_OUT}


def test_a_hidden_grid_hides_all_its_places_also_the_choice_that_takes_a_row_out() -> None:
    shown = Condition(op=ConditionOperator.IS, address=Address("q"), values=("yes",))
    made = instrument(section("s", question("q", AnswerKind.YES_NO), replace(ROWS, show_if=shown)))
    sheet = laid(made, [say("n/first/relevance", "none")])
    assert {item.standing for item in sheet.items() if item.question.id == "n"} == {ItemStatus.HIDDEN}
    assert sheet.blocks["n"].parts == ()
    assert (sheet.blocks["n"].tally, sheet.blocks["n"].counts.wanted) == (Tally(), 0)


# -- decisions and clarifications of the method --------------------------------------------------------------------


TICKS = {"options": required("x", "y", "z")}


@pytest.mark.parametrize(
    ("kind", "value", "low", "more"),
    [
        (AnswerKind.CHECKLIST, ("x",), F(1, 3), TICKS),
        (AnswerKind.LEVEL, 2, F(2, 3), {}),
        (AnswerKind.YES_PARTLY_NO, "partly", F(1, 2), {}),
        (AnswerKind.CHOICE, "some", F(1, 3), {"options": choice(some="1/3", every=1)}),
    ],
)
def test_agencies_that_disagree_whether_it_applies_leave_everything_possible_above(
    kind: AnswerKind, value: AnswerValue, low: Fraction, more: dict[str, Any]
) -> None:
    made = instrument(section("s", question("q", kind, **more)))
    said = [say("q", value, who="a"), say("q", state=AnswerState.NOT_APPLICABLE, reason="no", who="b")]
    (part,) = laid(made, said).blocks["q"].parts
    assert (part.points, part.low, part.high, part.is_disputed) == (None, low, 1, True)
    assert part.middle == (low + 1) / 2


def test_of_a_group_in_disagreement_whose_options_earn_the_same_nothing_is_answered() -> None:
    options = choice(register=0, survey=0, both=1)
    pair = question(
        "g",
        AnswerKind.GRID,
        columns=tuple(
            GridColumn(id=n, label=n, kind=AnswerKind.CHOICE, options=options, group="both") for n in ("one", "two")
        ),
        rows=(GridRow(id="r", label="R"),),
    )
    said = [say("g/r/one", "register", who="a"), say("g/r/one", "survey", who="b"), say("g/r/two", "register")]
    entry = score_sheet(laid(instrument(section("s", pair)), said)).sections[0]
    assert (entry.score.coverage, entry.score.value, entry.score.upper) == (0, 0, 0)
    assert entry.score.tally.disputed == 1
    half = [*said[:2], say("g/r/two", state=AnswerState.UNKNOWN)]
    (part,) = laid(instrument(section("s", pair)), half).blocks["g"].parts
    assert (part.points, part.is_disputed) == (None, False)


def test_a_group_answered_in_part_is_open_and_keeps_the_identities() -> None:
    pair = question(
        "g",
        AnswerKind.GRID,
        columns=tuple(GridColumn(id=n, label=n, kind=AnswerKind.LEVEL, group="both") for n in ("one", "two")),
        rows=(GridRow(id="r", label="R"),),
    )
    made = instrument(section("s", pair, question("q")))
    figures = score_sheet(laid(made, [say("g/r/one", 2), say("q", 0)])).sections[0].score
    assert (figures.value, figures.lower, figures.upper, figures.coverage) == (0, 0, 50, F(1, 2))


OFTEN = (ChoiceOption(id="yearly", label="Yearly", points=F(1)), ChoiceOption(id="rarely", label="Rarely", points=F(0)))
MADE = question(
    "made",
    AnswerKind.GRID,
    columns=(
        GridColumn(id="made", label="Made", kind=AnswerKind.YES_NO),
        GridColumn(id="often", label="Often", kind=AnswerKind.CHOICE, options=OFTEN),
        GridColumn(id="year", label="Year", kind=AnswerKind.YEAR),
    ),
    rows=(GridRow(id="r", label="R"),),
    gate=SkipRule(column="made", answers=("no",), settles=("often", "year")),
)


CLOSING = (
    say("made/r/made", "no"),
    say("made/r", state=AnswerState.NOT_APPLICABLE, reason="no"),
    say("made", state=AnswerState.NOT_APPLICABLE, reason="no"),
)


@pytest.mark.parametrize("closing", CLOSING)
def test_a_cell_that_is_settled_or_out_meets_no_condition_and_starts_no_contradiction(closing: Answer) -> None:
    yearly = Condition(op=ConditionOperator.IS, address=Address("made", "r", "often"), values=("yearly",))
    recent = Condition(op=ConditionOperator.AT_LEAST, address=Address("made", "r", "year"), number=2000)
    made = instrument(section("s", MADE, question("q", show_if=yearly), question("p", show_if=recent)))
    before = [say("made/r/often", "yearly"), say("made/r/year", 2020)]
    shown = laid(made, before)
    assert not any(shown.blocks[name].is_hidden for name in "qp")
    sheet = laid(made, [*before, closing])
    assert sheet.blocks["q"].is_hidden
    assert sheet.blocks["p"].is_hidden
    assert sheet.value_of(Address("made", "r", "often")) is None
    assert update_layout(shown, answers_by_address([*before, closing]), [closing.key.address]) == sheet


def test_a_choice_that_takes_its_row_out_is_seen_by_conditions_unless_the_row_is_out_anyway() -> None:
    none = Condition(op=ConditionOperator.IS, address=Address("n", "first", "relevance"), values=("none",))
    made = instrument(section("s", ROWS, question("q", show_if=none)))
    chosen = say("n/first/relevance", "none")
    assert not laid(made, [chosen]).blocks["q"].is_hidden
    out = say("n/first", state=AnswerState.NOT_APPLICABLE, reason="no")
    assert laid(made, [chosen, out]).blocks["q"].is_hidden


def test_a_settled_cell_carries_the_evidence_of_its_gate() -> None:
    said = [say("made/r/made", "no", evidence=("law",)), say("made/r/often", "yearly", evidence=("old",))]
    entry = score_sheet(laid(instrument(section("s", MADE)), said, {"law": 2, "old": 3})).sections[0]
    assert [part.grade for part in entry.parts] == [2, 2]
    assert (entry.score.value, entry.score.evidence_index) == (0, 1)


def test_a_judgement_carries_the_evidence_of_the_responses_it_agrees_with_and_of_no_other() -> None:
    made = instrument(section("s", question("q")))
    responses = [
        say("q", 2, who="a", evidence=("one",)),
        say("q", 1, who="b", evidence=("two",)),
        say("q", state=AnswerState.UNKNOWN, who="c", evidence=("three",)),
    ]

    def evidence(*more: Answer) -> tuple[str, ...]:
        return laid(made, [*responses, *more]).blocks["q"].items[0].answer.evidence

    judged = say("q", 2, layer=AnswerLayer.JUDGEMENT, evidence=("four",))
    assert evidence(judged) == ("four", "one")
    assert evidence(judged, say("q", 1, layer=AnswerLayer.VALIDATED)) == ("two",)
    assert evidence(say("q", state=AnswerState.NOT_APPLICABLE, layer=AnswerLayer.JUDGEMENT, reason="no")) == ()


def test_an_agency_that_does_not_know_or_declines_contradicts_nobody() -> None:
    made = instrument(section("s", question("q")))
    said = [
        say("q", state=AnswerState.DECLINED, who="a"),
        say("q", 2, who="b"),
        say("q", state=AnswerState.UNKNOWN, who="c"),
    ]
    for order in permutations(said):
        assert laid(made, order).blocks["q"].items[0].answer.value == 2


def test_texts_and_lists_of_several_agencies_complete_each_other_each_with_its_agency() -> None:
    made = instrument(section("s", question("t", AnswerKind.LONG_TEXT), question("l", AnswerKind.AGENCY, many=True)))
    said = [
        say("t", "One census.", who="a"), say("t", "A register.", who="b"), say("t", "One census.", who="c"),
        say("l", ("x", "y"), who="a"), say("l", ("y", "z"), who="b"),
    ]  # fmt: skip
    blocks = laid(made, said).blocks
    text, listed = (blocks[name].items[0].answer for name in "tl")
    assert (text.value, text.conflict) == ("One census.\nA register.", ())
    assert text.voices == (("a", "One census."), ("b", "A register."), ("c", "One census."))
    assert (listed.value, listed.voices) == (("x", "y", "z"), (("a", ("x", "y")), ("b", ("y", "z"))))
    alike = laid(made, [say("t", "Same", who="a"), say("t", "Same", who="b")]).blocks["t"].items[0].answer
    assert (alike.value, alike.voices) == ("Same", ())


def test_with_own_weights_there_are_four_methods_and_three_without() -> None:
    made = instrument(section("a", question("a.q")), section("b", question("b.q"), weight=F(2)))
    said = [say("a.q", 3), say("b.q", 0)]
    without = score_sheet(laid(made, said)).overall
    assert without.value == F(100, 3)
    assert without.sensitivity is not None
    assert without.sensitivity.own_weights is None
    with_own = score_sheet(laid(made, said), {"a": F(3)}).overall
    assert with_own.sensitivity is not None
    assert with_own.sensitivity.own_weights == with_own.value == 60


def test_a_question_weighs_its_coverage_where_questions_count_the_same() -> None:
    pair = question("g", AnswerKind.GRID, columns=(GridColumn(id="c", label="C", kind=AnswerKind.LEVEL),),
                    rows=(GridRow(id="r", label="R"), GridRow(id="t", label="T")))  # fmt: skip
    made = instrument(section("s", pair, question("q"), question("d")))
    said = [say("g/r/c", 3), say("q", 0), say("d", 1, who="a"), say("d", 2, who="b")]
    sheet = laid(made, said)
    assert pool_questions(sheet, score_sheet(sheet).sections).value == 100 * F(1, 2) / (F(1, 2) + 1)
