"""Which source serves which topic, in what detail and of which year; what is known of children."""

import dataclasses
from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.registers import DataSource
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    GridColumn,
    GridRow,
    Instrument,
    Question,
    SkipRule,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.child_data import ChildDataOverview, Proportion, summarize_child_data
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    Availability,
    AvailabilityMatrix,
    DataTopic,
    ServiceDegree,
    ServiceStatus,
    breakdown_keys,
    breakdown_letters,
    build_availability,
)
from tests.domain.making import choice, instrument, laid, question, required, say, section

SOURCES = (
    DataSource(id="census", name="Census", last_date="2021-11-05"),
    DataSource(id="register", name="Register", last_date="2023-01-01"),
    DataSource(id="survey", name="Survey"),
)


def statistics() -> Question:
    """Ask which statistics there are, as the toolkit does: a gate, a checklist of breakdowns, a row that is out."""
    columns = (
        GridColumn(id="produced", label="Produced", kind=AnswerKind.CHOICE, options=choice(no=0, partly="1/2", yes=1)),
        GridColumn(id="date", label="Date", kind=AnswerKind.DATE),
        GridColumn(id="sources", label="Sources", kind=AnswerKind.SOURCE, many=True),
        GridColumn(id="agency", label="Agency", kind=AnswerKind.AGENCY, many=True),
        GridColumn(id="by", label="By", kind=AnswerKind.CHECKLIST, options=required("sex", "age", also=("valley",))),
        GridColumn(
            id="flaws", label="Flaws", kind=AnswerKind.CHECKLIST, options=(ChoiceOption(id="gaps", label="Gaps"),)
        ),
    )
    rows = (
        GridRow(id="stock", number="1", label="Stock", required={"by": ("sex", "valley")}),
        GridRow(id="flow", number="2", label="Flow"),
        GridRow(id="children", number="3", label="Children", tags=("children",)),
        GridRow(id="out", number="4", label="Out", preset_reason="Nobody asks."),
    )
    gate = SkipRule(column="produced", answers=("no",), settles=("date", "sources", "agency", "by"))
    return question("s.statistics", AnswerKind.GRID, columns=columns, rows=rows, gate=gate)


def indicators() -> Question:
    """Ask for breakdowns in columns of their own."""
    status = choice(yes=1, partly="1/2", planned=0)
    columns = (
        GridColumn(id="by_birth", label="By birth", kind=AnswerKind.CHOICE, options=status),
        GridColumn(id="age-sex", label="By age and sex", kind=AnswerKind.YES_PARTLY_NO),
        GridColumn(id="source", label="Source", kind=AnswerKind.SOURCE),
        GridColumn(id="year", label="Year", kind=AnswerKind.YEAR),
    )
    return question(
        "s.indicators", AnswerKind.GRID, columns=columns, rows=(GridRow(id="a", label="A"), GridRow(id="b", label="B"))
    )


def background() -> Question:
    columns = (
        GridColumn(id="persons", label="Persons", kind=AnswerKind.INTEGER),
        GridColumn(id="source", label="Source", kind=AnswerKind.SOURCE),
    )
    return question("b.persons", AnswerKind.GRID, columns=columns, rows=(GridRow(id="all", label="All"),), scored=False)


def ages(**more: Any) -> Question:
    shown = choice(no=0, together="1/2", girls=1)
    columns = (
        GridColumn(id="age-0-4", label="0–4", kind=AnswerKind.CHOICE, options=shown),
        GridColumn(id="age-5-17", label="5–17", kind=AnswerKind.CHOICE, options=shown),
        GridColumn(id="source", label="Source", kind=AnswerKind.SOURCE),
    )
    rows = (GridRow(id="stock", label="Stock"), GridRow(id="alone", label="Alone", preset_reason="Optional."))
    return question("c.ages", AnswerKind.GRID, columns=columns, rows=rows, tags=("children",), **more)


def whole() -> Instrument:
    shown_if = Condition(op=ConditionOperator.IS, address=say("s.asked", "yes").key.address, values=("yes",))
    hidden = dataclasses.replace(indicators(), id="s.hidden", show_if=shown_if)
    return instrument(
        section("b", background()),
        section("s", statistics(), indicators(), hidden, question("s.asked", AnswerKind.YES_NO)),
        section("r", question("r.all", AnswerKind.SOURCE, many=True)),
        section("c", ages(), question("c.cut", AnswerKind.CHOICE, options=choice(a=None, b=None), tags=("children",)),
                supplement="C"),
    )  # fmt: skip


def found(*answers: Answer, the: Instrument | None = None) -> Availability:
    return build_availability(laid(the or whole(), answers), SOURCES)


def topic(matrix: AvailabilityMatrix, address: str) -> DataTopic:
    return next(topic for topic in matrix.topics if str(topic.address) == address)


def test_scored_grids_of_the_core_come_first_then_supplements_then_the_rest() -> None:
    assert [grid.id for grid in found().grids] == ["s.statistics", "s.indicators", "s.hidden", "c.ages", "b.persons"]


def test_a_topic_is_served_lacking_open_out_or_not_asked() -> None:
    matrix = found(
        say("s.statistics/stock/sources", ("census",)), say("s.statistics/flow/produced", "no"),
    ).whole  # fmt: skip
    stands = {str(one.address): one.service for one in matrix.topics}
    assert stands["s.statistics/stock"] is ServiceStatus.SERVED
    assert stands["s.statistics/flow"] is ServiceStatus.LACKING
    assert stands["s.statistics/children"] is ServiceStatus.OPEN
    assert stands["s.statistics/out"] is ServiceStatus.OUT
    assert stands["s.hidden/a"] is ServiceStatus.HIDDEN
    assert topic(matrix, "s.statistics/out").reason == "Nobody asks."


def test_a_source_named_before_the_gate_closed_serves_nothing() -> None:
    matrix = found(say("s.statistics/stock/sources", ("census",)), say("s.statistics/stock/produced", "no")).whole
    assert topic(matrix, "s.statistics/stock").sources == ()
    assert matrix.cells == {}


def test_a_row_that_is_out_names_no_source_until_it_is_made_applicable() -> None:
    said = say("s.statistics/out/sources", ("census",))
    assert topic(found(said).whole, "s.statistics/out").sources == ()
    applies = found(said, say("s.statistics/out", state=AnswerState.ANSWERED)).whole
    assert topic(applies, "s.statistics/out").sources == ("census",)


def test_how_well_a_topic_is_served_is_what_its_row_has_reached() -> None:
    def degree(*answers: Answer) -> ServiceDegree:
        return topic(found(say("s.statistics/flow/sources", ("census",)), *answers).whole, "s.statistics/flow").degree

    assert (
        degree(say("s.statistics/flow/produced", "yes"), say("s.statistics/flow/by", ("sex", "age")))
        is ServiceDegree.FULL
    )
    assert (
        degree(say("s.statistics/flow/produced", "partly"), say("s.statistics/flow/by", ("sex",)))
        is ServiceDegree.PARTIAL
    )
    assert degree(say("s.statistics/flow/produced", "partly"), say("s.statistics/flow/by", ())) is ServiceDegree.NONE
    assert degree(say("s.statistics/flow/produced", "yes")) is ServiceDegree.OPEN
    assert degree(say("s.indicators/a/by_birth", "planned")) is ServiceDegree.OPEN


def test_a_level_is_told_as_soon_as_no_open_answer_can_change_it() -> None:
    half = (say("s.indicators/a/by_birth", "partly"), say("s.indicators/a/source", ("survey",)))
    known = topic(found(*half).whole, "s.indicators/a")
    assert (known.lowest, known.highest) == (0, 2)
    settled = found(*half, say("s.indicators/a/age-sex", "partly")).whole
    assert topic(settled, "s.indicators/a").level == 1


def test_where_nothing_is_scored_a_source_is_only_named() -> None:
    assert topic(found(say("b.persons/all/source", ("survey",))).whole, "b.persons/all").degree is ServiceDegree.NAMED


def test_breakdowns_are_read_from_options_and_from_columns() -> None:
    assert breakdown_keys(statistics()) == ("sex", "age", "valley")
    assert breakdown_keys(indicators()) == ("birth", "sex", "age")
    assert breakdown_keys(background()) == ()
    matrix = found(
        say("s.statistics/stock/by", ("sex",)),
        say("s.indicators/a/by_birth", "partly"),
        say("s.indicators/a/age-sex", "yes"),
        say("s.indicators/b/age-sex", "no"),
    ).whole
    assert topic(matrix, "s.statistics/stock").marks == {"sex": 1}
    assert topic(matrix, "s.statistics/stock").lacking == ("valley",), "what the row wants, not what others want"
    assert topic(matrix, "s.indicators/a").marks == {"birth": Fraction(1, 2), "age": 1, "sex": 1}
    assert topic(matrix, "s.indicators/b").lacking == ("sex", "age")
    assert topic(matrix, "s.indicators/b").unsaid == ("birth",)
    assert matrix.letters_of(topic(matrix, "s.indicators/a")) == "(B)SA"


def test_every_breakdown_has_a_letter_of_its_own() -> None:
    keys = [f"s{number}" for number in range(40)] + ["sex", "age", "subnational"]
    letters = breakdown_letters(keys)
    assert len(set(letters.values())) == len(keys)


def test_of_several_sources_each_is_as_old_as_itself() -> None:
    said = (say("s.statistics/stock/date", "2023-01-01"), say("s.statistics/stock/sources", ("census", "survey")))
    matrix = found(*said).whole
    years = {source: cell.year for (_, source), cell in matrix.cells.items()}
    assert years == {"census": 2021, "survey": 2023}
    alone = found(say("s.statistics/stock/date", "2023-01"), say("s.statistics/stock/sources", ("census",))).whole
    assert [cell.year for cell in alone.cells.values()] == [2023], "the answer speaks of this source"


def test_sources_without_a_topic_and_sources_nobody_registered_are_told() -> None:
    got = found(say("s.statistics/stock/sources", ("census", "lost")), say("r.all", ("survey", "gone")))
    matrix = got.matrix("s.statistics")
    assert [use.id for use in matrix.idle] == ["register", "survey"]
    assert [use.id for use in matrix.unregistered] == ["lost"]
    assert [use.id for use in got.whole.unregistered] == ["lost", "gone"]
    survey = next(use for use in matrix.sources if use.id == "survey")
    assert [str(place) for place in survey.places] == ["r.all"]


def test_agencies_that_name_different_sources_complete_each_other() -> None:
    matrix = found(
        say("s.statistics/stock/sources", ("census",), who="nso"),
        say("s.statistics/stock/sources", ("survey",), who="moi"),
    ).whole
    assert topic(matrix, "s.statistics/stock").sources == ("census", "survey")


CELLS = ("s.statistics/stock/sources", "s.statistics/flow/sources", "s.statistics/children/sources",
         "s.statistics/out/sources", "s.indicators/a/source", "s.indicators/b/source", "s.hidden/a/source",
         "c.ages/stock/source", "b.persons/all/source")  # fmt: skip
NAMES = st.lists(st.sampled_from(["census", "register", "survey", "lost", "gone"]), max_size=3, unique=True)
GATES = st.sampled_from(["no", "partly", "yes"])
SAID = st.one_of(
    st.builds(lambda place, names: say(place, tuple(names), who="nso"), st.sampled_from(CELLS), NAMES),
    st.builds(
        lambda place, names: say(place, tuple(names), layer=AnswerLayer.JUDGEMENT, reason="r"),
        st.sampled_from(CELLS),
        NAMES,
    ),
    st.builds(
        lambda row, value: say(f"s.statistics/{row}/produced", value),
        st.sampled_from(["stock", "flow", "children"]),
        GATES,
    ),
    st.sampled_from([say("s.asked", "yes"), say("s.statistics/out", state=AnswerState.ANSWERED)]),
    st.sampled_from([say("s.statistics/flow", state=AnswerState.NOT_APPLICABLE, reason="r")]),
)


@given(st.lists(SAID, max_size=14, unique_by=lambda answer: answer.key))
def test_every_source_stands_in_exactly_the_cells_it_is_named_for(answers: list[Answer]) -> None:
    sheet = laid(whole(), answers)
    matrix = build_availability(sheet, SOURCES).whole
    wanted = {
        (item.address.row, item.question.id, source)
        for item in sheet.items()
        if item.field.kind is AnswerKind.SOURCE and item.row and isinstance(sheet.value_of(item.address), tuple)
        for source in (item.answer.value if isinstance(item.answer.value, tuple) else ())
        if item.standing == "wanted"
    }
    assert {(address.row, address.question, source) for address, source in matrix.cells} == wanted
    by_source = sum(len(matrix.topics_of(use)) for use in matrix.sources)
    by_topic = sum(len(one.sources) for one in matrix.topics)
    assert by_source == by_topic == len(matrix.cells)
    assert len(matrix.topics) == sum(len(matrix.of(service)) for service in ServiceStatus)
    for one in matrix.topics:
        assert not one.sources or one.service is ServiceStatus.SERVED
        assert (one.service is ServiceStatus.OUT) == (
            sheet.blocks[one.question.id].rows[one.row.id].standing == "row_out"
            and not sheet.blocks[one.question.id].is_hidden
        )
        assert not (set(one.marks) & (set(one.lacking) | set(one.unsaid)))


@given(st.lists(SAID, max_size=14, unique_by=lambda answer: answer.key))
def test_the_matrices_of_all_grids_are_the_whole(answers: list[Answer]) -> None:
    got = found(*answers)
    parts = [got.matrix(grid.id) for grid in got.grids]
    assert [t.address for part in parts for t in part.topics] == [t.address for t in got.whole.topics]
    assert {place for part in parts for place in part.cells} == set(got.whole.cells)


# -- children ---------------------------------------------------------------------------------------------------------


def lens(*answers: Answer, the: Instrument | None = None) -> ChildDataOverview:
    return summarize_child_data(laid(the or whole(), answers))


def test_age_groups_are_the_columns_that_offer_the_same_choice() -> None:
    (grid,) = lens(say("c.ages/stock/age-0-4", "girls"), say("c.ages/stock/age-5-17", "together")).age_groups
    assert [column.id for column in grid.columns] == ["age-0-4", "age-5-17"]
    stock, alone = grid.groups
    assert [spot.share for spot in stock.spots] == [1, Fraction(1, 2)]
    assert [spot.service for spot in alone.spots] == [ServiceStatus.OUT, ServiceStatus.OUT]


def test_a_grid_that_is_not_about_children_has_no_age_groups() -> None:
    plain = dataclasses.replace(ages(), tags=())
    assert lens(the=instrument(section("c", plain))).age_groups == ()


def test_the_share_of_age_groups_leaves_out_what_is_open_or_does_not_apply() -> None:
    assert lens(say("c.ages/stock/age-0-4", "girls")).groups_by_sex == Proportion(1, 1, 1)


def test_a_statistic_shows_age_and_sex_only_if_it_shows_both() -> None:
    got = lens(
        say("s.statistics/stock/sources", ("census",)), say("s.statistics/stock/by", ("sex", "age")),
        say("s.statistics/flow/sources", ("census",)), say("s.statistics/flow/by", ("sex",)),
        say("s.statistics/children/sources", ("census",)), say("s.indicators/a/source", ("census",)),
        say("s.indicators/a/age-sex", "partly"),
    )  # fmt: skip
    shown = {str(entry.topic.address): [spot.share for spot in entry.spots[1:]] for entry in got.statistics}
    assert shown["s.statistics/stock"] == [1, 1, 1]
    assert shown["s.statistics/flow"] == [1, 0, 0]
    assert shown["s.statistics/children"] == [None, None, None]
    assert shown["s.indicators/a"] == [Fraction(1, 2)] * 3
    assert shown["s.statistics/out"] == [None, None, None]
    assert got.age_and_sex == Proportion(1, 3, 1)
    assert got.age_and_sex.value == Fraction(1, 3)


def test_everything_tagged_is_gathered_whether_it_earns_points_or_not() -> None:
    got = {str(answer.address): answer for answer in lens(say("c.cut", "a")).answers}
    assert set(got) == {"s.statistics/children", "c.ages/stock", "c.ages/alone", "c.cut"}
    assert (got["c.cut"].lowest, got["c.cut"].service) == (None, ServiceStatus.SERVED)
    assert (got["c.ages/stock"].lowest, got["c.ages/stock"].highest) == (0, 3)
    assert got["c.ages/alone"].service is ServiceStatus.OUT


def test_without_topics_there_is_no_share() -> None:
    empty = lens(the=instrument(section("s", question("s.one"))))
    assert (empty.age_and_sex.value, empty.statistics, empty.answers) == (None, (), ())


def test_every_topic_of_the_matrix_that_applies_is_counted_once() -> None:
    matrix = found().whole
    assert len(matrix.of(*APPLICABLE_STATUSES)) + len(matrix.of(ServiceStatus.OUT, ServiceStatus.HIDDEN)) == len(
        matrix.topics
    )
