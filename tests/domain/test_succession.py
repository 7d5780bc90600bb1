"""Where an answer goes by rules alone: by its place, its row and column, a table, and the options chosen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.answers import Address, Value
from capacity_app.domain.instrument import Column, Instrument, Kind, Option, Row
from capacity_app.domain.succession import (
    NO_VALUE,
    OPTION_GONE,
    OPTION_NEW,
    RETIRED,
    UNSURE,
    Became,
    DeadEnd,
    Lane,
    OptionRule,
    Part,
    Rule,
    Rules,
    form_of,
    is_kept,
    options_of,
    wording_of,
)
from tests.domain.making import instrument, question, section

EVERYTHING = frozenset(Part)
OPTIONS = frozenset({Part.OPTIONS})


def at(place: str) -> Address:
    """Read "question/row/column", of which any may be empty."""
    return Address(*place.split("/"))


def rule(became: Became, source: str, *targets: str, **more: Any) -> Rule:
    return Rule(became=became, sources=(at(source),), targets=tuple(map(at, targets)), **more)


def option(became: Became, source: str, *targets: str, of: str = "q", note: str = "") -> OptionRule:
    return OptionRule(became=became, of=at(of), sources=(source,), targets=targets, note=note)


def ways(place: str, value: Value, *places: Rule, **more: Any) -> tuple[Lane | DeadEnd, ...]:
    rules = Rules(instrument="small", earlier="1.0", later="2.0", places=places, **more)
    return rules.ways(Lane(at(place), value))


# -- where ---------------------------------------------------------------------------------------------------------


def test_what_nobody_declared_stays_where_it_was_and_nobody_vouches_for_it() -> None:
    assert ways("q", 2) == (Lane(at("q"), 2),)
    assert ways("q/r/c", 2) == (Lane(at("q/r/c"), 2),)
    assert ways("q", None) == (Lane(at("q"), None, declared=OPTIONS),), "what was not chosen has no options"


def test_a_moved_question_is_elsewhere_and_vouched_for() -> None:
    assert ways("q", 2, rule(Became.MOVED, "q", "z", note="n")) == (Lane(at("z"), 2, declared=EVERYTHING),)
    assert ways("q", 2, rule(Became.SAME, "q")) == (Lane(at("q"), 2, declared=EVERYTHING),)


@pytest.mark.parametrize("became", list(UNSURE))
def test_what_was_reworded_split_or_merged_has_to_be_confirmed_and_says_why(became: Became) -> None:
    (lane,) = ways("q", 2, rule(became, "q", "z", note="Clearer."))
    assert lane == Lane(at("z"), 2, is_sure=False, reason=UNSURE[became], note="Clearer.", declared=EVERYTHING)


def test_what_was_split_goes_both_ways_and_what_was_retired_none() -> None:
    both = ways("q", 2, rule(Became.SPLIT, "q", "x", "y"))
    assert [way.address for way in both if isinstance(way, Lane)] == [at("x"), at("y")]
    assert ways("q", 2, rule(Became.RETIRED, "q", note="Nobody knew.")) == (DeadEnd(RETIRED, "Nobody knew."),)


def test_the_first_reason_stands() -> None:
    lane = Lane(at("q"), 2).unsure("first", "a").unsure("second", "b")
    assert lane == Lane(at("q"), 2, is_sure=False, reason="first", note="a")
    assert Lane(at("q"), 2).unsure("first").unsure("second", "b").note == "b"
    assert Lane(at("q"), 2).is_sure
    assert lane.is_sure is False


ROW = rule(Became.MOVED, "q/r", "/alpha")
COLUMN = rule(Became.REWORDED, "q//c", "//stage", note="Another word.")


def test_a_cell_goes_with_its_question_its_row_and_its_column() -> None:
    moved = rule(Became.MOVED, "q", "z")
    assert ways("q/r/c", 2, moved) == (Lane(at("z/r/c"), 2, declared=frozenset({Part.QUESTION})),)
    assert ways("q/r/c", 2, rows=(ROW,)) == (Lane(at("q/alpha/c"), 2, declared=frozenset({Part.ROW})),)
    all_three = ways("q/r/c", 2, moved, rows=(ROW,), columns=(COLUMN,))
    assert all_three == (
        Lane(
            at("z/alpha/stage"),
            2,
            is_sure=False,
            reason=UNSURE[Became.REWORDED],
            note="Another word.",
            declared=frozenset({Part.QUESTION, Part.ROW, Part.COLUMN}),
        ),
    )
    assert ways("q/s/d", 2, rows=(ROW,), columns=(COLUMN,)) == (Lane(at("q/s/d"), 2),)


def test_a_row_as_a_whole_goes_with_its_question_and_its_row() -> None:
    found = ways("q/r", None, rule(Became.MOVED, "q", "z"), rows=(ROW,), columns=(COLUMN,))
    assert found == (Lane(at("z/alpha"), None, declared=frozenset({Part.QUESTION, Part.ROW, Part.OPTIONS})),)


def test_a_row_that_names_another_grid_goes_there() -> None:
    into = rule(Became.MOVED, "q/r", "other/alpha")
    (lane,) = ways("q/r/c", 2, rule(Became.MOVED, "q", "z"), rows=(into,))
    assert isinstance(lane, Lane)
    assert lane.address == at("other/alpha/c")


def test_rows_and_columns_that_were_split_make_every_pair() -> None:
    two_rows, two_columns = rule(Became.SPLIT, "q/r", "/a", "/b"), rule(Became.SPLIT, "q//c", "//x", "//y")
    found = ways("q/r/c", 2, rows=(two_rows,), columns=(two_columns,))
    places = [str(way.address) for way in found if isinstance(way, Lane)]
    assert places == ["q/a/x", "q/a/y", "q/b/x", "q/b/y"]


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"places": (rule(Became.RETIRED, "q", note="grid"),), "rows": (ROW,)}, "grid"),
        ({"rows": (rule(Became.RETIRED, "q/r", note="row"),), "columns": (COLUMN,)}, "row"),
        ({"rows": (ROW,), "columns": (rule(Became.RETIRED, "q//c", note="column"),)}, "column"),
    ],
)
def test_a_cell_ends_with_its_grid_its_row_or_its_column(more: dict[str, Any], note: str) -> None:
    rules = Rules(instrument="small", earlier="1.0", later="2.0", **more)
    assert rules.ways(Lane(at("q/r/c"), 2)) == (DeadEnd(RETIRED, note),)


def test_a_rule_about_one_cell_goes_before_those_about_its_row_and_column() -> None:
    alone = rule(Became.MOVED, "q/r/c", "alone")
    assert ways("q/r/c", 2, alone, rows=(ROW,), columns=(COLUMN,)) == (Lane(at("alone"), 2, declared=EVERYTHING),)
    gone = rule(Became.RETIRED, "q/r/c", note="one cell")
    assert ways("q/r/c", 2, gone, rows=(ROW,)) == (DeadEnd(RETIRED, "one cell"),)


# -- as what -------------------------------------------------------------------------------------------------------

TABLE: Mapping[str, str] = {"2": "partly", "3": "yes", "a": "x", "b": "x", "c": "y"}


def test_a_table_says_what_an_answer_is_now() -> None:
    rescaled = rule(Became.RESCALED, "q", values=TABLE, note="Three steps.")
    assert ways("q", 2, rescaled) == (Lane(at("q"), "partly", declared=EVERYTHING),)
    assert ways("q", 0, rescaled) == (DeadEnd(NO_VALUE, "Three steps."),)
    assert ways("q", ("a", "b", "c"), rescaled) == (Lane(at("q"), ("x", "y"), declared=EVERYTHING),)
    assert ways("q", ("c",), rescaled) == (Lane(at("q"), ("y",), declared=EVERYTHING),)
    assert ways("q", (), rescaled) == (Lane(at("q"), (), declared=EVERYTHING),)
    assert ways("q", ("a", "z"), rescaled) == (DeadEnd(NO_VALUE, "Three steps."),)


def test_a_columns_table_is_that_of_its_cells() -> None:
    rescaled = rule(Became.RESCALED, "q//c", values=TABLE)
    (lane,) = ways("q/r/c", 3, columns=(rescaled,))
    assert lane == Lane(at("q/r/c"), "yes", declared=frozenset({Part.COLUMN, Part.OPTIONS}))
    own = rule(Became.RESCALED, "q/r/c", values={"3": "no"})
    (lane,) = ways("q/r/c", 3, own, columns=(rescaled,))
    assert isinstance(lane, Lane)
    assert lane.value == "no", "the cell's own table goes first"


def test_a_chosen_option_is_what_it_became() -> None:
    renamed = option(Became.MOVED, "one", "uno")
    assert ways("q", "one", options=(renamed,)) == (Lane(at("q"), "uno", declared=OPTIONS),)
    assert ways("q", "two", options=(renamed,)) == (Lane(at("q"), "two", declared=OPTIONS),)
    gone = option(Became.RETIRED, "one", note="Not used.")
    assert ways("q", "one", options=(gone,)) == (DeadEnd(OPTION_GONE, "Not used."),)
    merged = option(Became.MERGED, "one", "all")
    assert ways("q", "one", options=(merged,)) == (Lane(at("q"), "all", declared=OPTIONS),), "nothing to ask again"
    split = option(Became.SPLIT, "one", "un", "une", note="By sex.")
    found = ways("q", "one", options=(split,))
    assert found == tuple(
        Lane(at("q"), now, is_sure=False, reason=UNSURE[Became.SPLIT], note="By sex.", declared=OPTIONS)
        for now in ("un", "une")
    )
    elsewhere = option(Became.MOVED, "one", "uno", of="other")
    assert ways("q", "one", options=(elsewhere,)) == (Lane(at("q"), "one"),)


def test_options_of_a_column_are_those_of_its_cells() -> None:
    renamed = option(Became.MOVED, "one", "uno", of="q//c")
    assert ways("q/r/c", "one", options=(renamed,)) == (Lane(at("q/r/c"), "uno", declared=OPTIONS),)
    assert ways("q/r/d", "one", options=(renamed,)) == (Lane(at("q/r/d"), "one"),)


def test_ticked_options_are_each_what_they_became() -> None:
    rules = (
        option(Became.MOVED, "one", "uno"),
        option(Became.SPLIT, "two", "due", "deux", note="By language."),
        option(Became.RETIRED, "three", note="Not used."),
        option(Became.MERGED, "four", "uno"),
    )
    found = {value: ways("q", value, options=rules)[0] for value in ((), ("five", "one"), ("four", "one", "five"))}
    assert found[()] == Lane(at("q"), (), declared=OPTIONS)
    assert found["five", "one"] == Lane(at("q"), ("five", "uno"), declared=OPTIONS)
    assert found["four", "one", "five"] == Lane(at("q"), ("uno", "five"), declared=OPTIONS)
    (split,) = ways("q", ("two", "one"), options=rules)
    assert split == Lane(
        at("q"), ("due", "deux", "uno"), is_sure=False, reason=UNSURE[Became.SPLIT], note="By language.",
        declared=OPTIONS,
    )  # fmt: skip
    (lost,) = ways("q", ("three", "one"), options=rules)
    assert lost == Lane(at("q"), ("uno",), is_sure=False, reason=OPTION_GONE, note="Not used.", declared=OPTIONS)
    assert ways("q", ("three",), options=rules) == (DeadEnd(OPTION_GONE, "Not used."),)


def test_something_new_to_tick_means_asking_again() -> None:
    new = OptionRule(became=Became.NEW, of=at("q"), targets=("six",))
    (ticked,) = ways("q", ("one",), options=(new,))
    assert ticked == Lane(at("q"), ("one",), is_sure=False, reason=OPTION_NEW, declared=OPTIONS)
    assert ways("q", "one", options=(new,)) == (Lane(at("q"), "one", declared=OPTIONS),), "of one choice, it does not"
    (nothing,) = ways("q", (), options=(new,))
    assert isinstance(nothing, Lane)
    assert not nothing.is_sure, "having ticked nothing is an answer too"


def test_all_rules_about_the_options_of_a_place_are_found() -> None:
    one, two, other = option(Became.SAME, "one"), option(Became.SAME, "two"), option(Became.SAME, "one", of="p")
    rules = Rules(instrument="small", earlier="1.0", later="2.0", options=(one, other, two))
    assert rules.option_rules == {at("q"): (one, two), at("p"): (other,)}


# -- what nobody declared ------------------------------------------------------------------------------------------

CHOICES = (Option(id="a", label="A"), Option(id="b", label="B"))
GRID = question(
    "g",
    Kind.GRID,
    columns=(Column(id="c", label="C", kind=Kind.CHOICE, options=CHOICES), Column(id="d", label="D", kind=Kind.TEXT)),
    rows=(Row(id="r", label="R"), Row(id="s", label="S")),
)
CHOICE = question("q", Kind.CHOICE, options=CHOICES)
EARLIER = instrument(section("x", GRID, CHOICE))


def later(*changed: Any) -> Instrument:
    return replace(EARLIER, sections=(replace(EARLIER.sections[0], questions=changed),))


def test_wording_form_and_options_are_what_a_question_or_column_asks() -> None:
    column = GRID.columns[0]
    assert (wording_of(column), wording_of(CHOICE)) == ("C", "q")
    assert form_of(column) == (Kind.CHOICE, (), False)
    assert options_of(column) == (("a", "A"), ("b", "B"))


@pytest.mark.parametrize(
    ("place", "changed", "parts"),
    [
        ("q", replace(CHOICE, text="Other"), {Part.QUESTION}),
        ("q", replace(CHOICE, options=CHOICES[:1]), {Part.OPTIONS}),
        ("g", replace(GRID, text="Other"), {Part.QUESTION}),
        ("g/r", replace(GRID, text="Other"), {Part.QUESTION}),
        ("g/r", replace(GRID, rows=(replace(GRID.rows[0], label="Other"), GRID.rows[1])), {Part.ROW}),
        ("g/r/c", replace(GRID, rows=(replace(GRID.rows[0], label="Other"), GRID.rows[1])), {Part.ROW}),
        ("g/r/c", replace(GRID, columns=(replace(GRID.columns[0], label="Other"), GRID.columns[1])), {Part.COLUMN}),
        ("g/r/c", replace(GRID, columns=(replace(GRID.columns[0], options=()), GRID.columns[1])), {Part.OPTIONS}),
    ],
)
def test_what_differs_is_kept_only_where_a_rule_vouches_for_it(place: str, changed: Any, parts: set[Part]) -> None:
    before = next(one for one in (GRID, CHOICE) if one.id == changed.id)
    now = later(*(changed if one is before else one for one in (GRID, CHOICE)))
    lane = Lane(at(place), None)
    assert is_kept(EARLIER, at(place), EARLIER, lane)
    assert not is_kept(EARLIER, at(place), now, lane)
    assert is_kept(EARLIER, at(place), now, replace(lane, declared=frozenset(parts)))
    # Whoever vouches for a question or a column as a whole vouches for its options too.
    whole = {Part.QUESTION, Part.COLUMN} if parts == {Part.OPTIONS} else set()
    assert not is_kept(EARLIER, at(place), now, replace(lane, declared=EVERYTHING - parts - whole))


def test_other_rows_and_columns_of_a_grid_are_nobodys_concern() -> None:
    now = later(replace(GRID, rows=GRID.rows[:1], columns=GRID.columns[:1]), CHOICE)
    assert is_kept(EARLIER, at("g/r/c"), now, Lane(at("g/r/c"), None))
    for gone in ("g/s/c", "g/r/d"):
        assert not is_kept(EARLIER, at(gone), now, Lane(at(gone), None))
    assert not is_kept(EARLIER, at("nowhere"), now, Lane(at("q"), None))
    assert not is_kept(EARLIER, at("q"), now, Lane(at("nowhere"), None, declared=EVERYTHING))
    assert not is_kept(EARLIER, at("g/lost/c"), now, Lane(at("g/r/c"), None))
    assert not is_kept(EARLIER, at("g/r/lost"), now, Lane(at("g/r/c"), None))
