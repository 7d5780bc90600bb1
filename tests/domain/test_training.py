"""Training needs: what the supplement asks outright, and what other answers point to."""

from collections.abc import Iterable

from capacity_app.domain.assessment.answers import Answer, AnswerState
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.planning.training import (
    TRAINING_TOPICS,
    TrainingNeed,
    TrainingNeeds,
    find_training_needs,
    training_actions_for,
)
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument, Question
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.gaps import find_gaps
from tests.domain.making import instrument, laid, question, say, section

ANCHORS = ("none", "some", "much", "all")


def options(*names: str) -> tuple[ChoiceOption, ...]:
    return tuple(ChoiceOption(id=name, label=name) for name in names)


def grid() -> Question:
    columns = (
        GridColumn(id="now", label="Now", kind=AnswerKind.LEVEL, anchors=ANCHORS, scored=False),
        GridColumn(id="wish", label="Wanted", kind=AnswerKind.CHOICE, options=options("same", "one", "two", "three")),
        GridColumn(
            id="rank", label="Priority", kind=AnswerKind.CHOICE, options=options("high", "medium", "low", "none")
        ),
        GridColumn(
            id="form",
            label="Help",
            kind=AnswerKind.CHECKLIST,
            options=(*options("training", "funds"), ChoiceOption(id="nothing", label="None", exclusive=True)),
        ),
        GridColumn(id="for", label="Who", kind=AnswerKind.AGENCY, many=True),
    )
    rows = (
        GridRow(id="surveys", label="Surveys"),
        GridRow(id="registers", label="Registers", tags=("population-register",)),
        GridRow(id="law", label="Law", tags=("legal-mandate",)),
    )
    return question("t.grid", AnswerKind.GRID, scored=False, columns=columns, rows=rows)


def whole(*, has_supplement: bool = True) -> Instrument:
    core = section(
        "s",
        question("s.survey-sample", importance=3),
        question("s.register", tags=("population-register",)),
        question("s.access", tags=("population-register", "access-by-statistics-office")),
        question("s.mandate", tags=("legal-mandate",)),
        question(
            "s.courses",
            AnswerKind.CHECKLIST,
            scored=False,
            options=options("surveys", "registers", "census", "concepts"),
        ),
    )
    extra = (section("t", grid(), supplement="T"),) if has_supplement else ()
    return instrument(core, *extra)


def needs(answers: Iterable[Answer], *, has_supplement: bool = True) -> TrainingNeeds:
    sheet = laid(whole(has_supplement=has_supplement), tuple(answers))
    return find_training_needs(sheet, find_gaps(sheet)[0])


def need(found: TrainingNeeds, topic: str) -> TrainingNeed:
    return next(one for one in found.needs if one.topic.id == topic)


def test_the_columns_are_found_by_what_they_ask() -> None:
    columns = needs([]).columns
    assert columns is not None
    ids = [column.id if column else "" for column in (columns.level, columns.target, columns.priority)]
    assert ids == ["now", "wish", "rank"]
    assert columns.help is not None
    assert columns.who is not None
    assert (columns.help.id, columns.who.id) == ("form", "for")


def test_a_topic_says_where_it_is_and_where_it_should_be() -> None:
    found = need(
        needs(
            [
                say("t.grid/surveys/now", 1),
                say("t.grid/surveys/wish", "three"),
                say("t.grid/surveys/rank", "high"),
                say("t.grid/surveys/form", ("training",)),
                say("t.grid/surveys/for", ("nso", "moi")),
            ]
        ),
        "surveys",
    )
    assert (found.level, found.target, found.steps) == (1, 3, 2)
    assert (found.priority, found.help, found.who) == ("high", ("training",), ("nso", "moi"))
    assert found.is_wanted


def test_no_change_wanted_means_the_level_there_is() -> None:
    found = need(needs([say("t.grid/surveys/now", 2), say("t.grid/surveys/wish", "same")]), "surveys")
    assert (found.target, found.steps, found.is_wanted) == (2, 0, False)


def test_no_help_is_no_form_of_help() -> None:
    assert need(needs([say("t.grid/surveys/form", ("nothing",))]), "surveys").help == ()


def test_a_row_that_does_not_apply_needs_nothing_and_stands_last() -> None:
    found = needs(
        [say("t.grid/surveys", state=AnswerState.NOT_APPLICABLE, reason="no surveys"), say("s.survey-sample", 0)]
    )
    assert need(found, "surveys").is_out
    assert found.needs[-1].topic.id == "surveys"


def test_low_answers_point_to_the_topic_whose_tag_or_name_they_bear() -> None:
    found = needs([say("s.survey-sample", 1), say("s.register", 0)])
    assert [gap.number for gap in need(found, "surveys").gaps] == ["s.survey-sample"]
    assert [gap.number for gap in need(found, "registers").gaps] == ["s.register"]


def test_answers_from_level_two_on_point_nowhere() -> None:
    assert need(needs([say("s.survey-sample", 2), say("s.register", 2)]), "registers").gaps == ()


def test_mandate_and_access_are_no_matter_of_training() -> None:
    found = needs([say("s.access", 0), say("s.mandate", 0)])
    assert all(not one.gaps for one in found.needs)


def test_the_record_of_courses_tells_in_which_topics_staff_were_trained() -> None:
    found = needs([say("s.courses", ("surveys",))])
    assert [need(found, topic).trained for topic in ("surveys", "registers", "law")] == [True, False, None]
    assert need(needs([]), "surveys").trained is None


def test_what_is_most_pressing_stands_first() -> None:
    found = needs(
        [
            say("t.grid/registers/rank", "low"),
            say("t.grid/law/rank", "high"),
            say("t.grid/surveys/rank", "high"),
            say("t.grid/surveys/now", 0),
            say("t.grid/surveys/wish", "three"),
        ]
    )
    assert [one.topic.id for one in found.needs] == ["surveys", "law", "registers"]
    assert found.count == 3


def test_without_the_supplement_the_other_answers_still_say_where_to_look() -> None:
    found = needs([say("s.survey-sample", 0), say("s.courses", ("census",))], has_supplement=False)
    assert found.question is None
    assert [one.topic for one in found.needs if one.gaps] == [
        topic for topic in TRAINING_TOPICS if topic.id == "surveys"
    ]
    assert found.needs[0].topic.id == "surveys"
    assert need(found, "census").trained
    assert found.count == 1


def test_training_that_closes_what_points_to_a_topic_meets_it() -> None:
    surveys = need(needs([say("s.survey-sample", 0)]), "surveys")
    meets = Action(id="a", type="training", gaps=("s.survey-sample",))
    others = (
        Action(id="b", type="legal", gaps=("s.survey-sample",)),
        Action(id="c", type="training", gaps=("s.register",)),
        Action(id="d", type="training", gaps=("s.survey-sample",), progress=ActionProgress.DROPPED),
    )
    assert training_actions_for(surveys, (meets, *others)) == (meets,)
