"""The agenda: days, agencies and parts from the meetings, minutes from the questionnaire, and what is missing."""

from typing import Any

import pytest

from capacity_app.domain.assessment.registers import Agency, Meeting
from capacity_app.domain.planning.agenda import Agenda, build_agenda, parse_time, section_minutes
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from tests.domain.making import ANCHORS, choice, instrument, question, section

NSO, MOI = Agency(id="nso", name="Statistics"), Agency(id="moi", name="Interior")
LAW, FACTS = (
    section("i", question("i.law"), question("i.plan")),
    section("ii", question("ii.staff", AnswerKind.INTEGER)),
)
LONG = section("iii", *(question(f"iii.{number}") for number in range(130)))
TOOL = instrument(LAW, FACTS, LONG)


def agenda(*meetings: Meeting, agencies: tuple[Agency, ...] = (NSO, MOI)) -> Agenda:
    return build_agenda(TOOL, agencies, meetings)


def meeting(name: str, date: str = "", *sections: str, who: tuple[str, ...] = ("nso",), **more: Any) -> Meeting:
    return Meeting(id=name, date=date, agencies=who, sections=sections, **more)


def table(*rows: GridRow) -> Any:
    columns = (
        GridColumn(id="level", label="Level", kind=AnswerKind.LEVEL, anchors=ANCHORS),
        GridColumn(id="text", label="Text", kind=AnswerKind.TEXT),
    )
    return question("t.table", AnswerKind.GRID, columns=columns, rows=rows)


@pytest.mark.parametrize(
    ("minutes", "asked"),
    [
        (0, ()),
        (5, (question("a"),)),
        (10, (question("a"), question("b"))),
        (5, (question("a", AnswerKind.CHECKLIST, options=choice(one=1)), question("b", AnswerKind.YES_NO))),
        (5, (question("a", AnswerKind.LONG_TEXT), question("b", AnswerKind.AGENCY))),
    ],
)
def test_a_part_takes_the_minutes_of_its_questions_rounded_up_to_five(minutes: int, asked: tuple[Any, ...]) -> None:
    assert section_minutes(section("t", *asked)) == minutes


def test_a_table_takes_time_for_each_row_and_cell_that_is_asked() -> None:
    rows = [GridRow(id=str(number), label="Row") for number in range(12)]
    assert section_minutes(section("t", table(*rows))) == 15  # 12 × (20 + 15 + 30) seconds = 13 minutes
    spare, preset = GridRow(id="s", label="Other", spare=True), GridRow(id="p", label="Set", preset_reason="Elsewhere.")
    assert section_minutes(section("t", table(*rows, *(spare, preset) * 50))) == 15


def test_meetings_stand_by_day_and_time_with_those_without_a_date_last() -> None:
    found = agenda(
        meeting("later", "2026-05-12", "i"),
        meeting("none", "", "ii"),
        meeting("noon", "2026-05-11", start="12:00"),
        meeting("early", "2026-05-11", "ii", "i", start="9"),
    )
    named = [(day.date, [one.meeting.id for one in day.meetings], day.minutes) for day in found.days]
    assert named == [("2026-05-11", ["early", "noon"], 15), ("2026-05-12", ["later"], 10), ("", ["none"], 5)]
    assert [one.id for one in found.days[0].meetings[0].sections] == ["i", "ii"]


def test_parts_that_no_agency_answers_are_not_planned_yet() -> None:
    assert [one.id for one in agenda().unplanned] == ["i", "ii", "iii"]
    nobody, stranger = meeting("a", "", "i", who=()), meeting("b", "", "ii", who=("gone",))
    assert [one.id for one in agenda(nobody, stranger, meeting("c", "", "iii")).unplanned] == ["i", "ii"]


def test_an_agency_answers_the_parts_of_all_its_meetings_in_printed_order() -> None:
    found = agenda(meeting("a", "2026-05-12", "iii"), meeting("b", "", "i", "iii", "gone", who=("nso", "moi")))
    assert {one.agency.id: [part.id for part in one.sections] for one in found.agencies} == {
        "nso": ["i", "iii"],
        "moi": ["i", "iii"],
    }


def test_a_day_of_more_than_six_hours_is_too_long() -> None:
    assert found_long(meeting("a", "2026-05-12", "iii"))
    assert not found_long(meeting("a", "2026-05-12", "i", "ii"))
    assert not found_long(meeting("a", "", "iii"))


def found_long(*meetings: Meeting) -> bool:
    return agenda(*meetings).days[0].is_long


@pytest.mark.parametrize(
    ("first", "second", "clashes"),
    [
        ("09:00", "09:05", ("nso",)),
        ("09:00", "09:10", ()),
        ("9", "08:56", ("nso",)),
        ("", "09:00", ()),
        ("morning", "09:00", ()),
    ],
)
def test_an_agency_that_meets_twice_at_once_is_named(first: str, second: str, clashes: tuple[str, ...]) -> None:
    found = agenda(
        meeting("a", "2026-05-12", "i", start=first),
        meeting("b", "2026-05-12", "ii", who=("moi", "nso"), start=second),
        meeting("c", "2026-05-13", "i", start=first),
    )
    assert found.days[0].clashes == clashes
    assert found.days[1].clashes == ()


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("09:30", 570), ("9.30", 570), ("14h", 840), ("١٠:٠٠", 600), ("24:00", None), ("9:75", None), ("noon", None)],
)
def test_a_time_is_read_as_people_write_it(text: str, minutes: int | None) -> None:
    assert parse_time(text) == minutes


def test_a_form_is_current_while_the_agency_answers_the_same_parts() -> None:
    sent = Agency(id="nso", form_sections=("i",))
    assert agenda(meeting("a", "", "i"), agencies=(sent,)).agencies[0].has_current_form
    assert not agenda(meeting("a", "", "i", "ii"), agencies=(sent,)).agencies[0].has_current_form
    assert not agenda(agencies=(Agency(id="nso"),)).agencies[0].has_current_form
