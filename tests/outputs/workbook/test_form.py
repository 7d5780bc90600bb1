"""The blank form: every question whatever the conditions, ready to be filled in, and nothing else."""

import pytest
from openpyxl import Workbook

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.outputs.workbook.reading import (
    HIDDEN,
    answer_cells,
    identity,
    part_sheets,
    sheet_of,
    strings,
    table,
    written,
)

INSTRUMENT = demonstration()[0].instrument
EMPTY = Dossier(id="", instrument=INSTRUMENT)
CONDITIONAL = [question for question in INSTRUMENT.questions() if question.show_if]


@pytest.fixture(scope="module")
def book() -> Workbook:
    return written(EMPTY)


@pytest.mark.check
def test_it_has_the_questions_and_no_sheet_of_results(book: Workbook) -> None:
    parts = [sheet.title for sheet in part_sheets(book)]
    assert book.sheetnames == ["Read me", *parts, "Guidance", "answers", "codebook", "_lists", "_heads", "_capacity"]
    assert len(parts) == len(INSTRUMENT.sections)
    assert table(book, sheet_marks.ANSWERS_SHEET) == []
    assert {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"} == HIDDEN


def test_every_question_row_and_column_is_there_open_and_empty(book: Workbook) -> None:
    cells = answer_cells(book)
    for question in INSTRUMENT.questions():
        places = [Address(question.id)]
        if question.kind is AnswerKind.GRID:
            places = [Address(question.id, row.id, column.id) for row in question.rows for column in question.columns]
        for place in places:
            slots = (
                [f"{ColumnSlot.ANSWER}#{option.id}" for option in question.options]
                if not place.row
                else [ColumnSlot.ANSWER]
            )
            if question.kind is not AnswerKind.CHECKLIST:
                slots = [ColumnSlot.ANSWER]
            for slot in slots:
                cell = cells[place][slot][0]
                assert (cell.value, cell.protection.locked) == (None, False), f"{place} {slot}"
    assert {slots[ColumnSlot.STATE][0].value for slots in cells.values() if ColumnSlot.STATE in slots} == {None}
    assert {slots[ColumnSlot.WHO][0].value for slots in cells.values() if ColumnSlot.WHO in slots} == {None}


def test_a_question_that_depends_on_another_says_when_it_is_asked(book: Workbook) -> None:
    assert len(CONDITIONAL) >= 5
    text = strings(book)
    assert text.count("Asked when ") >= len(CONDITIONAL)
    assert "Asked when IX.1 is 1 or more." in text
    assert "not asked, because of another answer" not in text


def test_numbers_are_those_of_the_screen(book: Workbook) -> None:
    text = strings(book).split("\0")
    numbers = [question.number for question in INSTRUMENT.questions()]
    numbers += [row.number for question in INSTRUMENT.questions() for row in question.rows if row.number]
    assert [number for number in numbers if number not in text] == []


def test_it_asks_who_fills_it_in(book: Workbook) -> None:
    sheet = sheet_of(book, "readme")
    marks = {str(row[0].value): row for row in sheet.iter_rows()}
    assert all(not marks[mark][3].protection.locked for mark in sheet_marks.RETURN_MARKS)


def test_it_says_what_it_is_and_shows_no_score(book: Workbook) -> None:
    known = identity(book)
    assert (known["instrument"], known["assessment"], known["exported"]) == (INSTRUMENT.id, "", "")
    assert "Blank form: " in strings(book)
    assert "· coverage " not in strings(book)
    right = getattr(part_sheets(book)[0].oddFooter, "right")  # noqa: B009 - its type says there might be no footer
    assert str(right.text).endswith(f"{INSTRUMENT.id} {INSTRUMENT.version}")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_form_may_be_in_any_language(language: str) -> None:
    mission = Mission(language=language)
    assert "Summary" not in written(Dossier(id="", instrument=INSTRUMENT, mission=mission), language).sheetnames


@pytest.mark.check
def test_an_assessment_that_has_begun_is_no_blank_form() -> None:
    begun = Dossier(id="x", instrument=INSTRUMENT, mission=Mission(country="XXA"))
    assert "Summary" in written(begun).sheetnames
    assert "Summary" in written(small_dossier(answers=())).sheetnames
