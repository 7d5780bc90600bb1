"""Every vector of the scoring method, and its identities as laws over generated assessments."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address, Answer, AnswerLayer, AnswerState, answers_by_address
from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, ScoreThresholds, SkipRule
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, ItemStatus, lay_out, update_layout
from capacity_app.domain.scoring.scores import (
    Band,
    Score,
    Scorecard,
    ScoreStatus,
    SectionScore,
    band_of,
    bands_between,
    count_answers_needed,
    geometric_mean,
    read_weight,
    reweigh,
    score_sheet,
    section_weights,
    unsupported_parts,
)
from tests.domain.making import YES_PARTLY_NO, choice, instrument, laid, question, required, say, section

F = Fraction
ONE = F(1)
NA, UNKNOWN, DECLINED = "N/A", "unknown", "declined"


@dataclass(frozen=True)
class Line:
    """One answer of a vector with its weight."""

    given: int | str | frozenset[int]
    weight: Fraction = ONE


def answers_of(name: str, given: int | str | frozenset[int]) -> list[Answer]:
    if isinstance(given, frozenset):
        return [say(name, level, who=f"agency-{level}") for level in sorted(given)]
    if isinstance(given, int):
        return [say(name, given)]
    state = {NA: AnswerState.NOT_APPLICABLE, UNKNOWN: AnswerState.UNKNOWN, DECLINED: AnswerState.DECLINED}.get(given)
    return [say(name, state=state, reason="reason")] if state else []


def scored(lines: Sequence[Line]) -> SectionScore:
    questions = [question(f"q{n}", weight=line.weight) for n, line in enumerate(lines)]
    answers = [answer for n, line in enumerate(lines) for answer in answers_of(f"q{n}", line.given)]
    card = score_sheet(laid(instrument(section("s", *questions)), answers))
    found = card.section("s")
    assert found is not None
    return found


def shown(value: Fraction | None, digits: int) -> str:
    return "–" if value is None else str(round_half_up(value, digits))


VECTORS: list[tuple[list[Line], str, str, str, str, str]] = [
    ([Line(3), Line(2), Line(1), Line(0)], "50.0", "50.0", "50.0", "1.000", "0.00"),
    ([Line(3), Line(2), Line(1), Line(NA)], "66.7", "66.7", "66.7", "1.000", "0.25"),
    ([Line(3), Line(2), Line(1), Line(UNKNOWN)], "66.7", "50.0", "75.0", "0.750", "0.00"),
    ([Line(3, F(2)), Line(1), Line(UNKNOWN)], "77.8", "58.3", "83.3", "0.750", "0.00"),
    ([Line(2), Line(2), Line(1), Line(NA), Line(UNKNOWN)], "55.6", "41.7", "66.7", "0.750", "0.20"),
    ([Line(0), Line(0), Line(UNKNOWN)], "0.0", "0.0", "33.3", "0.667", "0.00"),
    ([Line(UNKNOWN)] * 3, "–", "0.0", "100.0", "0.000", "0.00"),
    ([Line(NA)] * 3, "–", "–", "–", "–", "1.00"),
    ([Line(3), Line(2), Line(frozenset({1, 3}))], "77.8", "66.7", "88.9", "0.667", "0.00"),
]


@pytest.mark.parametrize(("lines", "s", "lower", "upper", "coverage", "na"), VECTORS)
def test_every_vector_of_the_method_comes_out(
    lines: list[Line], s: str, lower: str, upper: str, coverage: str, na: str
) -> None:
    figures = scored(lines).score
    assert shown(figures.value, 1) == s
    assert shown(figures.lower, 1) == lower
    assert shown(figures.upper, 1) == upper
    assert shown(figures.coverage, 3) == coverage
    assert shown(figures.na_share, 2) == na


@pytest.mark.parametrize("word", [UNKNOWN, DECLINED, "never asked"])
def test_open_states_are_treated_alike(word: str) -> None:
    assert scored([Line(2), Line(word)]).score.lower == F(100, 3)


levels = st.integers(0, 3)
weights = st.fractions(min_value=F(1, 8), max_value=8, max_denominator=8)
plain = st.builds(Line, st.one_of(levels, st.sampled_from([NA, UNKNOWN])), weights)
conflicts = st.builds(Line, st.frozensets(levels, min_size=2), weights)


def figures_of(lines: Sequence[Line]) -> Score:
    return scored(lines).score


@given(st.lists(plain, min_size=1, max_size=12))
def test_lower_is_coverage_times_score_and_the_interval_is_what_is_unknown(lines: list[Line]) -> None:
    figures = figures_of(lines)
    if figures.coverage is None:
        assert figures.na_share == 1
        return
    assert figures.lower is not None
    assert figures.upper is not None
    assert figures.upper - figures.lower == 100 * (1 - figures.coverage)
    if figures.value is not None:
        assert figures.lower == figures.coverage * figures.value


@given(st.lists(st.one_of(plain, conflicts), min_size=1, max_size=12))
def test_the_score_lies_within_its_bounds_and_full_coverage_closes_them(lines: list[Line]) -> None:
    figures = figures_of(lines)
    if figures.lower is None or figures.upper is None:
        return
    assert 0 <= figures.lower <= figures.upper <= 100
    if figures.value is not None:
        assert figures.lower <= figures.value <= figures.upper
    if figures.coverage == 1:
        assert figures.lower == figures.value == figures.upper


@given(st.lists(st.one_of(plain, conflicts), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_items_does_not_matter(lines: list[Line], random: Random) -> None:
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert figures_of(lines) == figures_of(shuffled)


@given(st.lists(st.one_of(plain, conflicts), min_size=1, max_size=8))
def test_splitting_an_item_into_two_equal_halves_changes_nothing(lines: list[Line]) -> None:
    first = lines[0]
    halves = [Line(first.given, first.weight / 2)] * 2
    assert figures_of(lines) == figures_of([*halves, *lines[1:]])


def test_a_disagreement_counts_for_the_score_at_its_midpoint() -> None:
    figures = figures_of([Line(3), Line(frozenset({0, 1})), Line(UNKNOWN)])
    assert (figures.lower, figures.value, figures.upper) == (F(100, 3), F(350, 6), F(700, 9))
    assert (figures.tally.disputed, figures.tally.middle) == (1, F(1, 6))
    assert figures.coverage == F(1, 3)


def test_a_disagreement_alone_has_a_midpoint_and_no_printed_score() -> None:
    entry = scored([Line(frozenset({0, 2}))])
    assert (entry.score.value, entry.score.coverage, entry.published) == (F(100, 3), 0, None)


@given(st.lists(st.one_of(plain, conflicts), min_size=1, max_size=12))
def test_the_score_is_computed_again_from_the_sums_that_are_printed(lines: list[Line]) -> None:
    figures = figures_of(lines)
    sums = figures.tally
    if figures.value is not None:
        assert figures.value == 100 * (sums.points + sums.middle) / (sums.answered + sums.disputed)


def test_adding_knowledge_never_widens_the_interval() -> None:
    before = figures_of([Line(2), Line(UNKNOWN)])
    for level in range(4):
        after = figures_of([Line(2), Line(level)])
        assert before.lower is not None
        assert before.upper is not None
        assert after.value is not None
        assert before.lower <= after.value <= before.upper


def test_scores_are_firm_provisional_or_withheld_by_coverage_alone() -> None:
    assert scored([Line(1)] * 4 + [Line(UNKNOWN)]).status is ScoreStatus.FIRM  # exactly 0.80
    assert scored([Line(1)] * 3 + [Line(UNKNOWN)]).status is ScoreStatus.PROVISIONAL
    assert scored([Line(1)] * 1 + [Line(UNKNOWN)]).status is ScoreStatus.PROVISIONAL  # exactly 0.50
    assert scored([Line(1)] * 1 + [Line(UNKNOWN)] * 2).status is ScoreStatus.WITHHELD
    assert scored([Line(NA)]).status is ScoreStatus.NOT_APPLICABLE


def test_an_unanswered_section_has_no_score() -> None:
    entry = scored([Line("never asked")])
    assert entry.score.value is None
    assert entry.published is None
    assert entry.bands == (Band.ABSENT, Band.SUSTAINED)


def test_mostly_not_applicable_begins_above_four_tenths() -> None:
    assert not scored([Line(1)] * 3 + [Line(NA)] * 2).is_mostly_not_applicable  # exactly 0.40
    assert scored([Line(1)] * 2 + [Line(NA)] * 2).is_mostly_not_applicable


def test_bands_are_cut_at_the_midpoints() -> None:
    assert band_of(F(50, 3) - F(1, 1000)) is Band.ABSENT
    assert band_of(F(50, 3)) is Band.EMERGING
    assert band_of(F(50)) is Band.ESTABLISHED
    assert band_of(F(250, 3)) is Band.SUSTAINED
    assert bands_between(F(40), F(60)) == (Band.EMERGING, Band.ESTABLISHED)
    assert bands_between(F(60), F(61)) == (Band.ESTABLISHED,)


def card_of(**levels_by_section: Sequence[int | str]) -> Scorecard:
    sections = []
    answers: list[Answer] = []
    for name, column in levels_by_section.items():
        ids = [f"{name}.{n}" for n in range(len(column))]
        sections.append(section(name, *(question(i) for i in ids)))
        answers += [answer for i, one in zip(ids, column, strict=True) for answer in answers_of(i, one)]
    return score_sheet(laid(instrument(*sections), answers))


def test_the_overall_score_is_the_mean_of_sections_and_names_the_lowest() -> None:
    overall = card_of(a=[3, 3, 3], b=[0, 0], c=[3]).overall
    assert overall.value == F(200, 3)
    assert overall.lowest == "b"
    assert overall.sensitivity is not None
    assert overall.sensitivity.equal_sections == F(200, 3)
    assert overall.sensitivity.equal_items == F(400, 6)
    geometric = overall.sensitivity.geometric
    assert geometric is not None
    assert abs(geometric - F("21.5443469003188")) < F(1, 10**9)  # (100 · 1 · 100) ** (1/3), floor of one point
    assert not overall.is_robust


def test_the_overall_score_is_withheld_when_one_section_is() -> None:
    overall = card_of(a=[3], b=[1, UNKNOWN, UNKNOWN]).overall
    assert overall.value is None
    assert overall.status is ScoreStatus.WITHHELD
    assert (overall.lower, overall.upper) == ((100 + F(100, 9)) / 2, (100 + F(700, 9)) / 2)


def test_a_section_that_does_not_apply_is_left_out_upward() -> None:
    assert card_of(a=[3, 0], b=[NA]).overall.value == 50


def test_equal_sections_are_robust() -> None:
    assert card_of(a=[2], b=[2]).overall.is_robust


def test_own_weights_are_read_and_used() -> None:
    made = instrument(section("a", question("a.q")), section("b", question("b.q")))
    own = section_weights(made, ["a=3", "b=1", "c=9", "b=-1", "a=x"])
    assert own == {"a": 3, "b": 1}
    card = score_sheet(laid(made, [say("a.q", 3), say("b.q", 0)]), own)
    assert card.overall.value == 75
    assert card.overall.sensitivity is not None
    assert card.overall.sensitivity.equal_sections == 50


def test_supplements_are_scored_apart() -> None:
    made = instrument(section("a", question("a.q")), section("x", question("x.q"), supplement="X"))
    card = score_sheet(laid(made, [say("a.q", 3), say("x.q", 0)]))
    assert card.overall.value == 100
    supplement = card.section("x")
    assert supplement is not None
    assert supplement.score.value == 0


def test_the_geometric_mean_has_a_floor_of_one_point() -> None:
    assert geometric_mean([F(0), F(0)]) == 1
    assert geometric_mean([]) is None


def section_score(*answers: Answer, **more: Any) -> SectionScore:
    made = instrument(section("s", question("q", **more)))
    found = score_sheet(laid(made, answers)).section("s")
    assert found is not None
    return found


def test_yes_partly_no_earns_one_half_nothing() -> None:
    points = [section_score(say("q", word), kind=YES_PARTLY_NO).score.value for word in ("yes", "partly", "no")]
    assert points == [100, 50, 0]


def test_a_checklist_counts_its_required_elements_only() -> None:
    options = required("birth", "citizenship", "arrival", also=["reason"])
    ticked = section_score(say("q", ("birth", "reason")), kind=AnswerKind.CHECKLIST, options=options)
    assert ticked.score.value == F(100, 3)
    nothing = section_score(say("q", ()), kind=AnswerKind.CHECKLIST, options=options)
    assert nothing.score.value == 0
    assert nothing.score.coverage == 1


def test_a_choice_earns_its_own_points_and_without_a_map_nothing_is_scored() -> None:
    options = choice(draft="1/3", adopted="2/3")
    assert section_score(say("q", "adopted"), kind=AnswerKind.CHOICE, options=options).score.value == F(200, 3)
    plain_choice = instrument(section("s", question("q", kind=AnswerKind.CHOICE, options=choice(a=None, b=None))))
    assert score_sheet(laid(plain_choice, [say("q", "a")])).sections == ()


STATISTICS = question(
    "g",
    kind=AnswerKind.GRID,
    weight=F(8),
    columns=(
        GridColumn(id="made", label="Made", kind=AnswerKind.CHOICE, options=choice(no=0, estimated="1/3", published=1)),
        GridColumn(id="often", label="Often", kind=AnswerKind.CHOICE, options=choice(yearly=1, rarely="1/3")),
        GridColumn(id="by", label="By", kind=AnswerKind.CHECKLIST, options=required("sex", "age")),
        GridColumn(id="who", label="Who", kind=AnswerKind.AGENCY),
    ),
    rows=(GridRow(id="stock", label="Stock"), GridRow(id="flow", label="Flow", importance=1)),
    gate=SkipRule(column="made", answers=("no",), settles=("often", "by")),
)


def grid(*answers: Answer) -> SectionScore:
    found = score_sheet(laid(instrument(section("s", STATISTICS)), answers)).section("s")
    assert found is not None
    return found


def test_a_grid_is_expanded_to_cells_by_row_importance_and_column_weight() -> None:
    parts = grid().parts
    assert [part.weight for part in parts] == [F(16, 9)] * 3 + [F(8, 9)] * 3
    assert sum(part.weight for part in parts) == 8


def test_a_gate_answer_settles_the_hidden_cells_as_zero() -> None:
    entry = grid(say("g/stock/made", "no"))
    assert entry.score.coverage == F(2, 3)
    assert entry.score.value == 0
    assert entry.score.upper == F(100, 3)


def test_a_row_that_does_not_apply_hands_its_weight_to_the_others() -> None:
    out = say("g/flow", state=AnswerState.NOT_APPLICABLE, reason="island")
    entry = grid(
        out, say("g/stock/made", "published"), say("g/stock/often", "yearly"), say("g/stock/by", ("sex", "age"))
    )
    assert entry.score.value == 100
    assert entry.score.coverage == 1
    assert entry.score.tally.weight == 8
    assert entry.score.na_share == F(1, 3)


def test_a_grid_that_does_not_apply_at_all_counts_nowhere() -> None:
    entry = grid(say("g", state=AnswerState.NOT_APPLICABLE, reason="no"))
    assert entry.status is ScoreStatus.NOT_APPLICABLE
    assert entry.score.na_share == 1


def test_single_cells_out_and_rows_out_together_never_pass_the_whole() -> None:
    rows_out = say("g/flow", state=AnswerState.NOT_APPLICABLE, reason="x")
    cells = [say(f"g/stock/{c}", state=AnswerState.NOT_APPLICABLE, reason="x") for c in ("made", "often")]
    assert grid(rows_out, *cells).score.na_share == F(1, 3) + F(2, 3) * F(2, 3)


STATUS = question(
    "sdg",
    kind=AnswerKind.GRID,
    columns=(
        GridColumn(id="birth", label="Birth", kind=YES_PARTLY_NO, group="status"),
        GridColumn(id="citizenship", label="Citizenship", kind=YES_PARTLY_NO, group="status"),
        GridColumn(id="sex", label="Sex", kind=AnswerKind.YES_NO),
    ),
    rows=(
        GridRow(id="r", label="R", preset_reason=""),
        GridRow(id="c", label="C", preset_reason="country-level count"),
    ),
)


@pytest.mark.parametrize(
    ("birth", "citizenship", "low", "high"),
    [
        ("yes", None, 1, 1),
        ("partly", None, F(1, 2), 1),
        ("no", None, 0, 1),
        ("no", "partly", F(1, 2), F(1, 2)),
        (None, None, 0, 1),
    ],
)
def test_a_group_of_columns_counts_once_with_its_best(
    birth: str | None, citizenship: str | None, low: Fraction, high: Fraction
) -> None:
    said = [say(f"sdg/r/{c}", v) for c, v in (("birth", birth), ("citizenship", citizenship)) if v]
    sheet = laid(instrument(section("s", STATUS)), said)
    status, _sex = sheet.blocks["sdg"].parts
    assert (status.low, status.high) == (low, high)
    assert (status.points is None) == (low != high)


def test_a_preset_row_is_out_until_somebody_says_it_applies() -> None:
    made = instrument(section("s", STATUS))
    assert {part.row for part in laid(made, []).blocks["sdg"].parts} == {"r"}
    applies = laid(made, [say("sdg/c")])
    assert {part.row for part in applies.blocks["sdg"].parts} == {"r", "c"}


def test_a_choice_of_relevance_weighs_the_row_or_takes_it_out() -> None:
    relevance = (
        ChoiceOption(id="high", label="High", importance=3),
        ChoiceOption(id="low", label="Low", importance=1),
        ChoiceOption(id="none", label="Not relevant", not_applicable=True),
    )
    needs = question(
        "n",
        kind=AnswerKind.GRID,
        columns=(
            GridColumn(id="relevance", label="Relevance", kind=AnswerKind.CHOICE, options=relevance),
            GridColumn(id="data", label="Data", kind=AnswerKind.LEVEL, anchors=("a", "b", "c", "d"), supply=True),
        ),
        rows=(GridRow(id="a", label="A"), GridRow(id="b", label="B"), GridRow(id="c", label="C")),
    )
    said = [say("n/a/relevance", "high"), say("n/b/relevance", "low"), say("n/c/relevance", "none")]
    parts = laid(instrument(section("s", needs)), said).blocks["n"].parts
    assert [(part.row, part.weight) for part in parts] == [("a", F(3, 4)), ("b", F(1, 4))]


def test_spare_rows_count_only_once_their_key_is_answered() -> None:
    partners = question(
        "x",
        kind=AnswerKind.GRID,
        key_column="partner",
        columns=(
            GridColumn(id="partner", label="Partner", kind=AnswerKind.COUNTRY),
            GridColumn(id="exchange", label="Exchange", kind=AnswerKind.YES_NO),
        ),
        rows=tuple(GridRow(id=f"p{n}", label=f"{n}", spare=n > 1) for n in (1, 2, 3)),
    )
    made = instrument(section("s", partners))
    assert [part.row for part in laid(made, []).blocks["x"].parts] == ["p1"]
    two = laid(made, [say("x/p3/partner", ("268",))])
    assert [part.row for part in two.blocks["x"].parts] == ["p1", "p3"]


def test_a_judgement_settles_a_conflict_and_validation_overrules_it() -> None:
    made = instrument(section("s", question("q")))
    responses = [say("q", 1, who="nso"), say("q", 3, who="interior")]
    assert laid(made, responses).blocks["q"].items[0].answer.conflict == (1, 3)
    judged = [*responses, say("q", 2, layer=AnswerLayer.JUDGEMENT, reason="seen the register")]
    assert laid(made, judged).blocks["q"].items[0].answer.value == 2
    validated = [*judged, say("q", 1, layer=AnswerLayer.VALIDATED)]
    assert laid(made, validated).blocks["q"].items[0].answer.value == 1


def test_equal_responses_are_no_conflict_and_not_knowing_contradicts_nobody() -> None:
    made = instrument(section("s", question("q")))
    said = [say("q", 2, who="a"), say("q", 2, who="b"), say("q", state=AnswerState.UNKNOWN, who="c")]
    answer = laid(made, said).blocks["q"].items[0].answer
    assert (answer.value, answer.conflict) == (2, ())


@given(st.permutations([("a", 1), ("b", 3), ("c", 2)]))
def test_conflict_bounds_do_not_depend_on_who_came_first(order: list[tuple[str, int]]) -> None:
    made = instrument(section("s", question("q")))
    part = laid(made, [say("q", level, who=who) for who, level in order]).blocks["q"].parts[0]
    assert (part.low, part.high) == (F(1, 3), F(1))


def test_an_unsupported_level_three_is_capped_in_the_verified_score_only() -> None:
    made = instrument(section("s", question("q"), question("r")))
    said = [say("q", 3), say("r", 3, evidence=("e",))]
    found = score_sheet(laid(made, said, {"e": 2})).section("s")
    assert found is not None
    assert (found.score.value, found.score.verified, found.score.evidence_index) == (F(100), F(250, 3), F(1, 2))


def test_questions_hidden_by_a_condition_count_nowhere() -> None:
    shown_from_one = Condition(op=ConditionOperator.AT_LEAST, address=Address("q"), number=1)
    made = instrument(section("s", question("q"), question("r", show_if=shown_from_one)))
    none = score_sheet(laid(made, [say("q", 0), say("r", 3)])).section("s")
    assert none is not None
    assert (none.score.value, none.score.coverage, none.score.na_share) == (F(0), F(1), F(0))
    some = score_sheet(laid(made, [say("q", 3), say("r", 3)])).section("s")
    assert some is not None
    assert some.score.value == 100


def test_thresholds_come_from_the_instrument() -> None:
    strict = ScoreThresholds(firm=F(1), provisional=F(9, 10))
    made = instrument(section("s", *(question(f"q{n}") for n in range(10))), thresholds=strict)
    found = score_sheet(laid(made, [say(f"q{n}", 2) for n in range(9)])).section("s")
    assert found is not None
    assert found.status is ScoreStatus.PROVISIONAL


def test_laying_out_again_equals_laying_out_anew() -> None:
    made = instrument(section("s", STATISTICS, STATUS, question("q")))
    said = [say("g/stock/made", "no"), say("q", 1), say("sdg/r/sex", "yes")]
    for order in permutations(said):
        sheet = lay_out(made, {})
        for count, answer in enumerate(order, start=1):
            known = answers_by_address(order[:count])
            sheet = update_layout(sheet, known, [answer.key.address])
        assert sheet == lay_out(made, answers_by_address(said))


def test_half_is_rounded_up() -> None:
    assert [str(round_half_up(F(n, 100), 1)) for n in (25, 35, 5)] == ["0.3", "0.4", "0.1"]
    assert str(round_half_up(F(1, 3), 3)) == "0.333"


DEMAND = question(
    "need",
    kind=AnswerKind.GRID,
    columns=(
        GridColumn(id="available", label="Available", kind=AnswerKind.LEVEL, supply=True, weight=F(2)),
        GridColumn(id="used", label="Used", kind=AnswerKind.LEVEL),
        GridColumn(id="sources", label="Sources", kind=AnswerKind.SOURCE, many=True),
        GridColumn(id="year", label="Year", kind=AnswerKind.YEAR),
    ),
    rows=(GridRow(id="a", label="A"), GridRow(id="b", label="B")),
    gate=SkipRule(column="available", answers=("0",), settles=("sources", "year")),
)


def needs(*answers: Answer) -> AnswerSheet:
    return laid(instrument(section("s", DEMAND)), answers)


def settled(sheet: AnswerSheet) -> list[str]:
    return [str(item.address) for item in sheet.items() if item.standing is ItemStatus.SETTLED]


def test_a_level_closes_its_row_only_where_it_is_given() -> None:
    assert settled(needs()) == []
    assert settled(needs(say("need/a/available", 1))) == []
    assert settled(needs(say("need/a/available", 0))) == ["need/a/sources", "need/a/year"]


def test_settled_columns_without_points_change_no_score() -> None:
    closed = needs(say("need/a/available", 0), say("need/a/used", 3))
    open_question = replace(DEMAND, gate=None)
    ungated = laid(instrument(section("s", open_question)), [say("need/a/available", 0), say("need/a/used", 3)])
    assert closed.blocks["need"].parts == ungated.blocks["need"].parts
    assert [part.address.column for part in closed.blocks["need"].parts] == ["available", "used"] * 2
    assert closed.blocks["need"].tally.points == F(1, 6)


def test_settled_columns_are_not_wanted_whether_scored_or_not() -> None:
    nothing = needs().counts
    assert (nothing.wanted, nothing.answered) == (8, 0)
    row_closed = needs(say("need/a/available", 0)).counts
    assert (row_closed.wanted, row_closed.answered) == (6, 1)
    all_said = needs(*(say(f"need/{row}/{column}", 0) for row in "ab" for column in ("available", "used")))
    assert all_said.counts.share == 1
    assert not any(item.is_unanswered for item in all_said.items())


def test_what_was_said_before_a_level_closed_the_row_no_longer_counts_as_answered() -> None:
    said = [say("need/a/sources", ("census",)), say("need/a/year", 2021)]
    assert needs(*said).counts.answered == 2
    assert needs(*said, say("need/a/available", 0)).counts.answered == 1


def test_responses_that_differ_close_nothing() -> None:
    sheet = needs(say("need/a/available", 0, who="nso"), say("need/a/available", 2, who="interior"))
    assert settled(sheet) == []


def test_an_exclusive_tick_closes_its_row() -> None:
    help_wanted = question(
        "topic",
        kind=AnswerKind.GRID,
        columns=(
            GridColumn(
                id="help",
                label="Help",
                kind=AnswerKind.CHECKLIST,
                options=(
                    ChoiceOption(id="training", label="Training"),
                    ChoiceOption(id="none", label="None", exclusive=True),
                ),
            ),
            GridColumn(id="who", label="Who", kind=AnswerKind.AGENCY),
        ),
        rows=(GridRow(id="census", label="Census"),),
        gate=SkipRule(column="help", answers=("none",), settles=("who",)),
    )
    made = instrument(section("s", help_wanted))
    assert settled(laid(made, [say("topic/census/help", ("training",))])) == []
    assert settled(laid(made, [say("topic/census/help", ("none",))])) == ["topic/census/who"]


@given(st.lists(st.one_of(plain, conflicts), min_size=1, max_size=10), st.sampled_from([F(1, 2), F(4, 5), ONE]))
def test_the_answers_said_to_be_needed_are_enough_and_one_fewer_is_not(lines: list[Line], share: Fraction) -> None:
    entry = scored(lines)
    count = count_answers_needed(entry, share)
    weights = sorted((p.weight for p in entry.parts if p.points is None and not p.is_out), reverse=True)
    known, whole = entry.score.tally.answered, entry.score.tally.weight
    assert known + sum(weights[:count]) >= share * whole
    assert count == 0 or known + sum(weights[: count - 1]) < share * whole


def test_what_the_verified_score_caps_is_named() -> None:
    made = instrument(section("s", *(question(f"q{n}") for n in range(3))))
    answers = [say("q0", 3), say("q1", 3, evidence=("e",)), say("q2", 2)]
    card = score_sheet(laid(made, answers, {"e": 1}))
    assert [str(part.address) for part in unsupported_parts(card.sections[0].parts)] == ["q0"]


@pytest.mark.parametrize(
    ("text", "weight"),
    [("2", F(2)), (" 0.5 ", F(1, 2)), ("0,25", F(1, 4)), (".5", F(1, 2)), ("1/3", F(1, 3)), ("٢", F(2)),
     ("٠٫٥", F(1, 2)), ("", None), ("x", None), ("-1", None), ("1/0", None), ("1e9", None), ("1e999999999", None),
     ("9" * 400, None),
     ("1/2/3", None), ("nan", None)],
)  # fmt: skip
def test_weights_are_read_as_people_write_them(text: str, weight: Fraction | None) -> None:
    assert read_weight(text) == weight


def test_another_weight_replaces_the_old_one_and_the_usual_one_needs_no_entry() -> None:
    made, other = section("a", question("a.one")), section("b", question("b.one"))
    own = reweigh((), made, F(1, 3))
    assert own == ("a=1/3",)
    own = reweigh(own, other, F(2))
    assert section_weights(instrument(made, other), own) == {"a": F(1, 3), "b": F(2)}
    assert reweigh(own, made, ONE) == ("b=2",)
