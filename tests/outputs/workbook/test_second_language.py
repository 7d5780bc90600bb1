"""Two languages in one workbook: the questions in both, each in its own direction; lists and answers in the first."""

import pytest
from openpyxl import Workbook

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.formatter import BilingualFormatter, Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.outputs.workbook.writer import appraised_workbook_bytes
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.workbook.reading import ENGLISH, answer_cells, missing, opened, part_sheets, strings, table, written

DOSSIER = demonstration()[0]
ARABIC = Formatter(Translator("ar"), DOSSIER)
_LEFTWARDS, _RIGHTWARDS = 2, 1


def in_two(dossier: Dossier, first: str, second: str) -> Workbook:
    formatter = BilingualFormatter(Translator(first), dossier, Translator(second))
    return opened(appraised_workbook_bytes(appraise(dossier), formatter))


@pytest.fixture(scope="module")
def book() -> Workbook:
    return in_two(DOSSIER, "en", "ar")


@pytest.mark.check
def test_every_question_option_row_and_column_stands_in_both_languages(book: Workbook) -> None:
    text = strings(book)
    formatter = Formatter(ENGLISH, DOSSIER)
    wanted = []
    for one in (formatter, ARABIC):
        for question in DOSSIER.instrument.questions():
            wanted.append(one.question(question))
            wanted += [one.option(question, question, option) for option in question.options]
            wanted += [one.row(question, row) for row in question.rows]
            wanted += [one.column(question, column) for column in question.columns]
            wanted += [one.anchor(question, question, level) for level in range(len(question.anchors))]
    assert len(wanted) > 1_000
    assert [text_ for text_ in wanted if text_ not in text] == []


def test_the_second_language_has_a_column_of_its_own_in_its_own_direction(book: Workbook) -> None:
    cells = answer_cells(book)
    question = next(q for q in DOSSIER.instrument.questions() if q.kind == "level")
    cell = cells[Address(question.id)][ColumnSlot.SECOND][0]
    assert str(cell.value).startswith(ARABIC.question(question))
    assert (cell.alignment.readingOrder, cell.alignment.horizontal) == (_LEFTWARDS, "right")
    assert cell.protection.locked
    assert not any(sheet.sheet_view.rightToLeft for sheet in book.worksheets)


@pytest.mark.check
def test_of_two_languages_the_first_gives_the_sheet_its_direction() -> None:
    book = in_two(DOSSIER, "ar", "fr")
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    question = next(q for q in DOSSIER.instrument.questions() if q.kind == "level")
    cell = answer_cells(book)[Address(question.id)][ColumnSlot.SECOND][0]
    assert (cell.alignment.readingOrder, cell.alignment.horizontal) == (_RIGHTWARDS, "left")


@pytest.mark.check
def test_lists_and_answers_are_those_of_a_workbook_in_one_language(book: Workbook) -> None:
    alone = written(DOSSIER)
    assert table(book, sheet_marks.LISTS_SHEET) == table(alone, sheet_marks.LISTS_SHEET)
    assert table(book, sheet_marks.ANSWERS_SHEET) == table(alone, sheet_marks.ANSWERS_SHEET)
    before, after = (
        {
            (address, slot): [cell.value for cell in found]
            for address, slots in answer_cells(one).items()
            for slot, found in slots.items()
            if slot.partition("#")[0] in sheet_marks.EDITABLE_SLOTS
        }
        for one in (alone, book)
    )
    assert after == before
    assert missing(DOSSIER, strings(book)) == []


def test_the_second_language_names_its_column(book: Workbook) -> None:
    assert any(cell.value == "العربية" for sheet in part_sheets(book) for row in sheet.iter_rows() for cell in row)


@pytest.mark.check
def test_the_report_command_passes_the_second_language_on() -> None:
    content = report_bytes(DOSSIER, ".xlsx", texts=ENGLISH, second=Translator("ar"))
    question = DOSSIER.instrument.sections[0].questions[0]
    assert ARABIC.question(question) in strings(opened(content))
