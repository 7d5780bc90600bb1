"""What follows from the answers: heat map, demand and supply, and the plan."""

from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.register_fields import COMMITMENT_LABELS
from capacity_app.domain.assessment.registers import Commitment
from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.domain.planning.costs import action_cost, plan_costs
from capacity_app.domain.questionnaire.instrument import is_demand_grid
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from capacity_app.domain.scoring.data_availability import ServiceStatus, build_availability
from capacity_app.domain.scoring.gaps import level_reached
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.outputs.example import report_dossier
from tests.outputs.workbook.reading import ENGLISH, part_sheets, sheet_of, table, written

DOSSIER = demonstration()[0]
APPRAISAL = appraise(DOSSIER)
WORDS = Formatter(ENGLISH, DOSSIER)
REGISTERS = ("sources", "gap-register", "action-plan", "agencies", "meetings", "evidence")


@pytest.fixture(scope="module")
def book() -> Workbook:
    return written(DOSSIER)


@pytest.fixture(scope="module")
def bare() -> Workbook:
    return written(DOSSIER, profile=ReportProfile.parse("no-scores"))


def lines(sheet: Worksheet) -> list[list[Any]]:
    """Return the cells of a sheet without the hidden column."""
    return [[cell.value for cell in row[1:]] for row in sheet.iter_rows()]


def line_of(sheet: Worksheet, name: str) -> list[Any]:
    return next(line for line in lines(sheet) if line[1] == name)


# -- availability ------------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_the_heat_map_shows_each_source_at_each_topic_it_serves(book: Workbook) -> None:
    matrix = build_availability(APPRAISAL.sheet, DOSSIER.sources).whole
    sheet = sheet_of(book, "availability")
    rows = [line for line in lines(sheet) if line[2]]
    headings = next(line for line in lines(sheet) if line[1] == "Topic")
    assert [str(name).split(" ")[0] for name in headings[5:]] == [use.code for use in matrix.sources]
    by_topic = iter(rows[1:])
    for topic in matrix.topics:
        line = next(by_topic)
        assert line[1] == WORDS.row(topic.question, topic.row)
        for use, shown in zip(matrix.sources, line[5:], strict=True):
            if matrix.cell(topic, use) is None:
                assert shown is None
            elif topic.is_scored:
                assert shown == (topic.level if topic.level is not None else "?")
            else:
                assert shown == "✓"
    assert any(topic.level is not None for topic in matrix.topics)


def test_the_heat_map_says_in_words_what_it_colours(book: Workbook) -> None:
    sheet = sheet_of(book, "availability")
    coloured = {rule.formula[0][-2:] for area in sheet.conditional_formatting for rule in area.rules}
    assert coloured == {"0)", "1)", "2)", "3)"}
    text = "\n".join(str(cell) for line in lines(sheet) for cell in line if cell)
    assert "◑ Level 2" in text
    served = {topic.service for topic in build_availability(APPRAISAL.sheet, DOSSIER.sources).whole.topics}
    assert ServiceStatus.LACKING in served
    assert "no source" in text
    assert all(WORDS.source(source.id) in text for source in DOSSIER.sources)


def test_colours_come_with_a_sign_and_the_number(book: Workbook) -> None:
    for sheet in (sheet_of(book, "availability"), *part_sheets(book)):
        for area in sheet.conditional_formatting:
            for rule in area.rules:
                if "ISNUMBER" in rule.formula[0]:
                    level = int(rule.formula[0].rpartition("=")[2].rstrip(")"))
                    assert rule.dxf.numFmt.formatCode == f'"{"○◔◑●"[level]}"  0'


def test_a_scale_of_five_levels_is_coloured_by_the_share_of_its_highest_level() -> None:
    known = small_dossier(answers=())
    first, *others = known.instrument.sections
    law, *rest = first.questions
    five = replace(law, anchors=tuple("abcde"), actions=())
    changed = replace(known.instrument, sections=(replace(first, questions=(five, *rest)), *others))
    sheet = part_sheets(written(replace(known, instrument=changed)))[0]
    coloured = {
        (rule.formula[0].rpartition("=")[2].rstrip(")"), rule.dxf.numFmt.formatCode)
        for area in sheet.conditional_formatting
        for rule in area.rules
        if "ISNUMBER" in rule.formula[0]
    }
    assert {(str(level), f'"{sign}"  0') for level, sign in enumerate("○○◔◑●")} <= coloured


# -- demand and supply -------------------------------------------------------------------------------------------------


def test_every_policy_question_stands_at_its_relevance_and_supply(book: Workbook) -> None:
    block = next(block for block in APPRAISAL.sheet.blocks.values() if is_demand_grid(block.question))
    sheet = sheet_of(book, "demand")
    wanted = [row for row in block.question.rows if block.rows[row.id].standing is ItemStatus.WANTED]
    listed = [cell for name in ("High", "Medium", "Low") for cell in line_of(sheet, name)[2:] if cell]
    assert len([label for cell in listed for label in str(cell).split(", ")]) == len(wanted)
    high = line_of(sheet, "High")
    for row in wanted:
        points = block.reached.get(row.id)
        if block.rows[row.id].importance == 3 and points is not None:
            assert row.number in str(high[2 + level_reached(points)]).split(", ")


def test_an_instrument_without_such_questions_has_no_such_sheet() -> None:
    names = written(small_dossier()).sheetnames
    assert "SDG indicators" not in names
    assert "Comparison" not in names


# -- the plan -------------------------------------------------------------------------------------------------


def test_the_plan_says_what_each_action_waits_for_costs_and_is_measured_by(book: Workbook) -> None:
    sheet = sheet_of(book, "action-plan")
    headings = [str(name) for name in lines(sheet)[2]]
    for action in DOSSIER.actions:
        line = dict(zip(headings, line_of(sheet, action.title), strict=True))
        waits = ", ".join(f"R{APPRAISAL.action_numbers[other]}" for other in action.depends_on)
        assert (line["Preceding actions"] or "") == waits
        assert ((line["Note on cost"] or ""), (line["Indicator"] or "")) == (action.cost, action.indicator)
        figures = [line[name] for name in ("Cost", "Currency", "Funded amount", "Still to be funded")]
        cost, funded = action_cost(action), float(action.funded) if action.funded else None
        assert figures == ([cost.amount, cost.key, funded, cost.gap] if cost else [None] * 4)
    assert any(action.depends_on and action.amount and action.funded for action in DOSSIER.actions)


def test_the_plan_is_followed_by_what_it_costs(book: Workbook) -> None:
    sheet, (euro,) = sheet_of(book, "action-plan"), plan_costs(DOSSIER.actions).currencies
    total = line_of(sheet, "Total in EUR")
    assert [one for one in total if isinstance(one, float | int)] == [euro.amount, euro.funded, euro.gap]
    first = euro.by_year[0]
    spread = line_of(sheet, f"Year: {first.key}")
    assert [one for one in spread if isinstance(one, float | int)] == [first.amount, first.funded, first.gap]


def test_amounts_stand_as_numbers_for_other_programs(book: Workbook) -> None:
    headings, *rows = sheet_of(book, "actions").iter_rows(values_only=True)
    found = {line["id"]: line for line in (dict(zip(headings, row, strict=True)) for row in rows)}
    for action in DOSSIER.actions:
        assert found[action.id]["amount"] == (float(action.amount) if action.amount else None)
        assert (found[action.id]["currency"] or "") == action.currency


def test_parts_have_targets_for_people_and_for_machines(book: Workbook) -> None:
    stored = {line["id"]: line["target"] for line in table(book, sheet_marks.SCORES_SHEET)}
    for section in DOSSIER.instrument.sections:
        if section.id in APPRAISAL.targets:
            target = APPRAISAL.targets[section.id]
            assert target is not None
            assert stored[section.id] == float(round_half_up(target, 1))
            assert line_of(sheet_of(book, "summary"), section.title)[5] == stored[section.id]


def test_registers_can_be_filtered_while_they_are_locked(book: Workbook) -> None:
    for sheet_id in REGISTERS:
        sheet = sheet_of(book, sheet_id)
        assert sheet.auto_filter.ref, sheet_id
        # What is false here is not forbidden.
        assert (sheet.protection.sheet, sheet.protection.autoFilter) == (True, False)
        assert (sheet.protection.formatColumns, sheet.protection.formatRows) == (False, False)


# -- commitments -------------------------------------------------------------------------------------------------------


def test_gaps_and_actions_say_what_they_refer_to() -> None:
    refers: dict[str, Any] = {
        "commitments": (Commitment.SDG_17_18, Commitment.GLOBAL_COMPACT_1),
        "strategy_item": "Pillar 4.2",
    }
    made = report_dossier()
    made = replace(
        made,
        actions=tuple(replace(one, **refers) for one in made.actions),
        ratings=tuple(replace(one, **refers) for one in made.ratings),
    )
    book = written(made)
    for name in ("gap-register", "action-plan"):
        text = "\n".join(str(cell) for line in lines(sheet_of(book, name)) for cell in line)
        for label in (*COMMITMENT_LABELS.values(), "Pillar 4.2"):
            assert label in text
    for name in (sheet_marks.GAPS_SHEET, sheet_marks.ACTIONS_SHEET):
        assert {"sdg-17.18; gcm-1", "Pillar 4.2"} <= {cell for line in lines(book[name]) for cell in line}
