"""Where an answer goes by rules alone: by its place, its row and column, a table, and the options chosen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import (
    CONFIRM_REASONS,
    NO_COUNTERPART,
    NO_LONGER_ASKED,
    OPTION_ADDED,
    OPTION_REMOVED,
    AnswerRoute,
    NoRoute,
    OptionRule,
    PlacePart,
    PlaceRule,
    VersionChange,
    VersionRules,
    form_of,
    is_unchanged,
    options_of,
    wording_of,
)
from tests.domain.making import instrument, question, section

EVERYTHING = frozenset(PlacePart)
OPTIONS = frozenset({PlacePart.OPTIONS})


def at(place: str) -> Address:
    """Read "question/row/column", of which any may be empty."""
    return Address(*place.split("/"))


def rule(became: VersionChange, source: str, *targets: str, **more: Any) -> PlaceRule:
    return PlaceRule(became=became, sources=(at(source),), targets=tuple(map(at, targets)), **more)


def option(became: VersionChange, source: str, *targets: str, of: str = "q", note: str = "") -> OptionRule:
    return OptionRule(became=became, of=at(of), sources=(source,), targets=targets, note=note)


def ways(place: str, value: AnswerValue, *places: PlaceRule, **more: Any) -> tuple[AnswerRoute | NoRoute, ...]:
    rules = VersionRules(instrument="small", earlier="1.0", later="2.0", places=places, **more)
    return rules.ways(AnswerRoute(at(place), value))


# -- where ---------------------------------------------------------------------------------------------------------


def test_what_nobody_declared_stays_where_it_was_and_nobody_vouches_for_it() -> None:
    assert ways("q", 2) == (AnswerRoute(at("q"), 2),)
    assert ways("q/r/c", 2) == (AnswerRoute(at("q/r/c"), 2),)
    assert ways("q", None) == (AnswerRoute(at("q"), None, declared=OPTIONS),), "what was not chosen has no options"


def test_a_moved_question_is_elsewhere_and_vouched_for() -> None:
    assert ways("q", 2, rule(VersionChange.MOVED, "q", "z", note="n")) == (
        AnswerRoute(at("z"), 2, declared=EVERYTHING),
    )
    assert ways("q", 2, rule(VersionChange.SAME, "q")) == (AnswerRoute(at("q"), 2, declared=EVERYTHING),)


@pytest.mark.parametrize("became", list(CONFIRM_REASONS))
def test_what_was_reworded_split_or_merged_has_to_be_confirmed_and_says_why(became: VersionChange) -> None:
    (lane,) = ways("q", 2, rule(became, "q", "z", note="Clearer."))
    assert lane == AnswerRoute(
        at("z"), 2, is_sure=False, reason=CONFIRM_REASONS[became], note="Clearer.", declared=EVERYTHING
    )


def test_what_was_split_goes_both_ways_and_what_was_retired_none() -> None:
    both = ways("q", 2, rule(VersionChange.SPLIT, "q", "x", "y"))
    assert [way.address for way in both if isinstance(way, AnswerRoute)] == [at("x"), at("y")]
    assert ways("q", 2, rule(VersionChange.RETIRED, "q", note="Nobody knew.")) == (
        NoRoute(NO_LONGER_ASKED, "Nobody knew."),
    )


def test_the_first_reason_stands() -> None:
    lane = AnswerRoute(at("q"), 2).unsure("first", "a").unsure("second", "b")
    assert lane == AnswerRoute(at("q"), 2, is_sure=False, reason="first", note="a")
    assert AnswerRoute(at("q"), 2).unsure("first").unsure("second", "b").note == "b"
    assert AnswerRoute(at("q"), 2).is_sure
    assert lane.is_sure is False


ROW = rule(VersionChange.MOVED, "q/r", "/alpha")
COLUMN = rule(VersionChange.REWORDED, "q//c", "//stage", note="Another word.")


def test_a_cell_goes_with_its_question_its_row_and_its_column() -> None:
    moved = rule(VersionChange.MOVED, "q", "z")
    assert ways("q/r/c", 2, moved) == (AnswerRoute(at("z/r/c"), 2, declared=frozenset({PlacePart.QUESTION})),)
    assert ways("q/r/c", 2, rows=(ROW,)) == (AnswerRoute(at("q/alpha/c"), 2, declared=frozenset({PlacePart.ROW})),)
    all_three = ways("q/r/c", 2, moved, rows=(ROW,), columns=(COLUMN,))
    assert all_three == (
        AnswerRoute(
            at("z/alpha/stage"),
            2,
            is_sure=False,
            reason=CONFIRM_REASONS[VersionChange.REWORDED],
            note="Another word.",
            declared=frozenset({PlacePart.QUESTION, PlacePart.ROW, PlacePart.COLUMN}),
        ),
    )
    assert ways("q/s/d", 2, rows=(ROW,), columns=(COLUMN,)) == (AnswerRoute(at("q/s/d"), 2),)


def test_a_row_as_a_whole_goes_with_its_question_and_its_row() -> None:
    found = ways("q/r", None, rule(VersionChange.MOVED, "q", "z"), rows=(ROW,), columns=(COLUMN,))
    assert found == (
        AnswerRoute(at("z/alpha"), None, declared=frozenset({PlacePart.QUESTION, PlacePart.ROW, PlacePart.OPTIONS})),
    )


def test_a_row_that_names_another_grid_goes_there() -> None:
    into = rule(VersionChange.MOVED, "q/r", "other/alpha")
    (lane,) = ways("q/r/c", 2, rule(VersionChange.MOVED, "q", "z"), rows=(into,))
    assert isinstance(lane, AnswerRoute)
    assert lane.address == at("other/alpha/c")


def test_rows_and_columns_that_were_split_make_every_pair() -> None:
    two_rows, two_columns = (
        rule(VersionChange.SPLIT, "q/r", "/a", "/b"),
        rule(VersionChange.SPLIT, "q//c", "//x", "//y"),
    )
    found = ways("q/r/c", 2, rows=(two_rows,), columns=(two_columns,))
    places = [str(way.address) for way in found if isinstance(way, AnswerRoute)]
    assert places == ["q/a/x", "q/a/y", "q/b/x", "q/b/y"]


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"places": (rule(VersionChange.RETIRED, "q", note="grid"),), "rows": (ROW,)}, "grid"),
        ({"rows": (rule(VersionChange.RETIRED, "q/r", note="row"),), "columns": (COLUMN,)}, "row"),
        ({"rows": (ROW,), "columns": (rule(VersionChange.RETIRED, "q//c", note="column"),)}, "column"),
    ],
)
def test_a_cell_ends_with_its_grid_its_row_or_its_column(more: dict[str, Any], note: str) -> None:
    rules = VersionRules(instrument="small", earlier="1.0", later="2.0", **more)
    assert rules.ways(AnswerRoute(at("q/r/c"), 2)) == (NoRoute(NO_LONGER_ASKED, note),)


def test_a_rule_about_one_cell_goes_before_those_about_its_row_and_column() -> None:
    alone = rule(VersionChange.MOVED, "q/r/c", "alone")
    assert ways("q/r/c", 2, alone, rows=(ROW,), columns=(COLUMN,)) == (
        AnswerRoute(at("alone"), 2, declared=EVERYTHING),
    )
    gone = rule(VersionChange.RETIRED, "q/r/c", note="one cell")
    assert ways("q/r/c", 2, gone, rows=(ROW,)) == (NoRoute(NO_LONGER_ASKED, "one cell"),)


# -- as what -------------------------------------------------------------------------------------------------------

TABLE: Mapping[str, str] = {"2": "partly", "3": "yes", "a": "x", "b": "x", "c": "y"}


def test_a_table_says_what_an_answer_is_now() -> None:
    rescaled = rule(VersionChange.RESCALED, "q", values=TABLE, note="Three steps.")
    assert ways("q", 2, rescaled) == (AnswerRoute(at("q"), "partly", declared=EVERYTHING),)
    assert ways("q", 0, rescaled) == (NoRoute(NO_COUNTERPART, "Three steps."),)
    assert ways("q", ("a", "b", "c"), rescaled) == (AnswerRoute(at("q"), ("x", "y"), declared=EVERYTHING),)
    assert ways("q", ("c",), rescaled) == (AnswerRoute(at("q"), ("y",), declared=EVERYTHING),)
    assert ways("q", (), rescaled) == (AnswerRoute(at("q"), (), declared=EVERYTHING),)
    assert ways("q", ("a", "z"), rescaled) == (NoRoute(NO_COUNTERPART, "Three steps."),)


def test_a_columns_table_is_that_of_its_cells() -> None:
    rescaled = rule(VersionChange.RESCALED, "q//c", values=TABLE)
    (lane,) = ways("q/r/c", 3, columns=(rescaled,))
    assert lane == AnswerRoute(at("q/r/c"), "yes", declared=frozenset({PlacePart.COLUMN, PlacePart.OPTIONS}))
    own = rule(VersionChange.RESCALED, "q/r/c", values={"3": "no"})
    (lane,) = ways("q/r/c", 3, own, columns=(rescaled,))
    assert isinstance(lane, AnswerRoute)
    assert lane.value == "no", "the cell's own table goes first"


def test_a_chosen_option_is_what_it_became() -> None:
    renamed = option(VersionChange.MOVED, "one", "uno")
    assert ways("q", "one", options=(renamed,)) == (AnswerRoute(at("q"), "uno", declared=OPTIONS),)
    assert ways("q", "two", options=(renamed,)) == (AnswerRoute(at("q"), "two", declared=OPTIONS),)
    gone = option(VersionChange.RETIRED, "one", note="Not used.")
    assert ways("q", "one", options=(gone,)) == (NoRoute(OPTION_REMOVED, "Not used."),)
    merged = option(VersionChange.MERGED, "one", "all")
    assert ways("q", "one", options=(merged,)) == (AnswerRoute(at("q"), "all", declared=OPTIONS),), (
        "nothing to ask again"
    )
    split = option(VersionChange.SPLIT, "one", "un", "une", note="By sex.")
    found = ways("q", "one", options=(split,))
    assert found == tuple(
        AnswerRoute(
            at("q"), now, is_sure=False, reason=CONFIRM_REASONS[VersionChange.SPLIT], note="By sex.", declared=OPTIONS
        )
        for now in ("un", "une")
    )
    elsewhere = option(VersionChange.MOVED, "one", "uno", of="other")
    assert ways("q", "one", options=(elsewhere,)) == (AnswerRoute(at("q"), "one"),)


def test_options_of_a_column_are_those_of_its_cells() -> None:
    renamed = option(VersionChange.MOVED, "one", "uno", of="q//c")
    assert ways("q/r/c", "one", options=(renamed,)) == (AnswerRoute(at("q/r/c"), "uno", declared=OPTIONS),)
    assert ways("q/r/d", "one", options=(renamed,)) == (AnswerRoute(at("q/r/d"), "one"),)


def test_ticked_options_are_each_what_they_became() -> None:
    rules = (
        option(VersionChange.MOVED, "one", "uno"),
        option(VersionChange.SPLIT, "two", "due", "deux", note="By language."),
        option(VersionChange.RETIRED, "three", note="Not used."),
        option(VersionChange.MERGED, "four", "uno"),
    )
    found = {value: ways("q", value, options=rules)[0] for value in ((), ("five", "one"), ("four", "one", "five"))}
    assert found[()] == AnswerRoute(at("q"), (), declared=OPTIONS)
    assert found["five", "one"] == AnswerRoute(at("q"), ("five", "uno"), declared=OPTIONS)
    assert found["four", "one", "five"] == AnswerRoute(at("q"), ("uno", "five"), declared=OPTIONS)
    (split,) = ways("q", ("two", "one"), options=rules)
    assert split == AnswerRoute(
        at("q"),
        ("due", "deux", "uno"),
        is_sure=False,
        reason=CONFIRM_REASONS[VersionChange.SPLIT],
        note="By language.",
        declared=OPTIONS,
    )
    (lost,) = ways("q", ("three", "one"), options=rules)
    assert lost == AnswerRoute(
        at("q"), ("uno",), is_sure=False, reason=OPTION_REMOVED, note="Not used.", declared=OPTIONS
    )
    assert ways("q", ("three",), options=rules) == (NoRoute(OPTION_REMOVED, "Not used."),)


def test_something_new_to_tick_means_asking_again() -> None:
    new = OptionRule(became=VersionChange.NEW, of=at("q"), targets=("six",))
    (ticked,) = ways("q", ("one",), options=(new,))
    assert ticked == AnswerRoute(at("q"), ("one",), is_sure=False, reason=OPTION_ADDED, declared=OPTIONS)
    assert ways("q", "one", options=(new,)) == (AnswerRoute(at("q"), "one", declared=OPTIONS),), (
        "of one choice, it does not"
    )
    (nothing,) = ways("q", (), options=(new,))
    assert isinstance(nothing, AnswerRoute)
    assert not nothing.is_sure, "having ticked nothing is an answer too"


def test_all_rules_about_the_options_of_a_place_are_found() -> None:
    one, two, other = (
        option(VersionChange.SAME, "one"),
        option(VersionChange.SAME, "two"),
        option(VersionChange.SAME, "one", of="p"),
    )
    rules = VersionRules(instrument="small", earlier="1.0", later="2.0", options=(one, other, two))
    assert rules.option_rules == {at("q"): (one, two), at("p"): (other,)}


# -- what nobody declared ------------------------------------------------------------------------------------------

CHOICES = (ChoiceOption(id="a", label="A"), ChoiceOption(id="b", label="B"))
GRID = question(
    "g",
    AnswerKind.GRID,
    columns=(
        GridColumn(id="c", label="C", kind=AnswerKind.CHOICE, options=CHOICES),
        GridColumn(id="d", label="D", kind=AnswerKind.TEXT),
    ),
    rows=(GridRow(id="r", label="R"), GridRow(id="s", label="S")),
)
CHOICE = question("q", AnswerKind.CHOICE, options=CHOICES)
EARLIER = instrument(section("x", GRID, CHOICE))


def later(*changed: Any) -> Instrument:
    return replace(EARLIER, sections=(replace(EARLIER.sections[0], questions=changed),))


def test_wording_form_and_options_are_what_a_question_or_column_asks() -> None:
    column = GRID.columns[0]
    assert (wording_of(column), wording_of(CHOICE)) == ("C", "q")
    assert form_of(column) == (AnswerKind.CHOICE, (), False)
    assert options_of(column) == (("a", "A"), ("b", "B"))


@pytest.mark.parametrize(
    ("place", "changed", "parts"),
    [
        ("q", replace(CHOICE, text="Other"), {PlacePart.QUESTION}),
        ("q", replace(CHOICE, options=CHOICES[:1]), {PlacePart.OPTIONS}),
        ("g", replace(GRID, text="Other"), {PlacePart.QUESTION}),
        ("g/r", replace(GRID, text="Other"), {PlacePart.QUESTION}),
        ("g/r", replace(GRID, rows=(replace(GRID.rows[0], label="Other"), GRID.rows[1])), {PlacePart.ROW}),
        ("g/r/c", replace(GRID, rows=(replace(GRID.rows[0], label="Other"), GRID.rows[1])), {PlacePart.ROW}),
        (
            "g/r/c",
            replace(GRID, columns=(replace(GRID.columns[0], label="Other"), GRID.columns[1])),
            {PlacePart.COLUMN},
        ),
        ("g/r/c", replace(GRID, columns=(replace(GRID.columns[0], options=()), GRID.columns[1])), {PlacePart.OPTIONS}),
    ],
)
def test_what_differs_is_kept_only_where_a_rule_vouches_for_it(place: str, changed: Any, parts: set[PlacePart]) -> None:
    before = next(one for one in (GRID, CHOICE) if one.id == changed.id)
    now = later(*(changed if one is before else one for one in (GRID, CHOICE)))
    lane = AnswerRoute(at(place), None)
    assert is_unchanged(EARLIER, at(place), EARLIER, lane)
    assert not is_unchanged(EARLIER, at(place), now, lane)
    assert is_unchanged(EARLIER, at(place), now, replace(lane, declared=frozenset(parts)))
    # Whoever vouches for a question or a column as a whole vouches for its options too.
    whole = {PlacePart.QUESTION, PlacePart.COLUMN} if parts == {PlacePart.OPTIONS} else set()
    assert not is_unchanged(EARLIER, at(place), now, replace(lane, declared=EVERYTHING - parts - whole))


def test_other_rows_and_columns_of_a_grid_are_nobodys_concern() -> None:
    now = later(replace(GRID, rows=GRID.rows[:1], columns=GRID.columns[:1]), CHOICE)
    assert is_unchanged(EARLIER, at("g/r/c"), now, AnswerRoute(at("g/r/c"), None))
    for gone in ("g/s/c", "g/r/d"):
        assert not is_unchanged(EARLIER, at(gone), now, AnswerRoute(at(gone), None))
    assert not is_unchanged(EARLIER, at("nowhere"), now, AnswerRoute(at("q"), None))
    assert not is_unchanged(EARLIER, at("q"), now, AnswerRoute(at("nowhere"), None, declared=EVERYTHING))
    assert not is_unchanged(EARLIER, at("g/lost/c"), now, AnswerRoute(at("g/r/c"), None))
    assert not is_unchanged(EARLIER, at("g/r/lost"), now, AnswerRoute(at("g/r/c"), None))
