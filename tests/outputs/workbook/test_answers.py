"""Answers: all of them, where they are looked for, as numbers or text, with the lists to choose from."""

from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerState
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier as laid_out
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.outputs.workbook.reading import ENGLISH, answer_cells, part_sheets, table, written

DOSSIER = demonstration()[0]
SHEET = laid_out(DOSSIER)
WORDS = Formatter(ENGLISH, DOSSIER)
Cells = dict[Address, dict[str, list[Any]]]


@pytest.fixture(scope="module")
def book() -> Workbook:
    return written(DOSSIER)


@pytest.fixture(scope="module")
def cells(book: Workbook) -> Cells:
    return answer_cells(book)


def answered() -> Iterator[AnswerItem]:
    return (
        item for item in SHEET.items() if item.answer.state is AnswerState.ANSWERED and item.answer.value is not None
    )


def value_at(cells: Cells, item: AnswerItem) -> Any:
    parts = [cell.value for cell in cells[item.address][ColumnSlot.ANSWER]]
    return "".join(parts) if len(parts) > 1 else parts[0]


@pytest.mark.check
def test_every_place_for_an_answer_has_its_cell_and_its_address(cells: Cells) -> None:
    for item in SHEET.items():
        if item.question.kind is AnswerKind.CHECKLIST:
            wanted = {f"{ColumnSlot.ANSWER}#{option.id}" for option in item.question.options}
            assert wanted <= set(cells[item.address])
        else:
            assert ColumnSlot.ANSWER in cells[item.address], str(item.address)


def test_every_question_and_row_has_room_for_reason_note_source_and_remarks(cells: Cells) -> None:
    beside = {ColumnSlot.REASON, ColumnSlot.NOTE, ColumnSlot.SOURCE, ColumnSlot.REMARKS, ColumnSlot.WHO}
    for question in DOSSIER.instrument.questions():
        places = [Address(question.id, row.id) for row in question.rows] or [Address(question.id)]
        for place in places:
            assert beside <= set(cells[place])
        if question.kind is not AnswerKind.GRID:
            assert ColumnSlot.STATE in cells[Address(question.id)]


@pytest.mark.parametrize("kind", [AnswerKind.LEVEL, AnswerKind.INTEGER, AnswerKind.YEAR, AnswerKind.PERCENT])
def test_numbers_are_numbers(cells: Cells, kind: AnswerKind) -> None:
    found = [(value_at(cells, item), item.answer.value) for item in answered() if item.field.kind is kind]
    assert found
    for shown, stored in found:
        assert isinstance(shown, int | float)
        assert shown == (float(stored) if isinstance(stored, str) else stored)


@pytest.mark.parametrize("kind", [AnswerKind.TEXT, AnswerKind.LONG_TEXT, AnswerKind.DATE, AnswerKind.URL])
def test_texts_and_dates_are_texts_as_stored(cells: Cells, kind: AnswerKind) -> None:
    found = [(value_at(cells, item), item.answer.value) for item in answered() if item.field.kind is kind]
    assert all(shown == stored for shown, stored in found)
    assert found or kind is AnswerKind.URL


@pytest.mark.parametrize("kind", [AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO, AnswerKind.CHOICE])
def test_choices_stand_in_words(cells: Cells, kind: AnswerKind) -> None:
    found = [item for item in answered() if item.field.kind is kind]
    assert found
    for item in found:
        assert value_at(cells, item) == WORDS.value(item.question, item.field, item.answer.value)


def test_lists_are_joined_by_a_semicolon(cells: Cells) -> None:
    kinds = {AnswerKind.AGENCY, AnswerKind.SOURCE, AnswerKind.COUNTRY}
    found = [item for item in answered() if item.field.kind in kinds]
    assert found
    for item in found:
        value = item.answer.value
        assert isinstance(value, tuple)
        each = [WORDS.value(item.question, item.field, (one,)) for one in value]
        assert value_at(cells, item) == sheet_marks.LIST_JOINT.join(each)


def test_a_checklist_is_answered_line_by_line(cells: Cells) -> None:
    found = [item for item in answered() if item.question.kind is AnswerKind.CHECKLIST]
    assert found
    for item in found:
        value = item.answer.value
        assert isinstance(value, tuple)
        for option in item.question.options:
            cell = cells[item.address][f"{ColumnSlot.ANSWER}#{option.id}"][0]
            assert cell.value == ("Yes" if option.id in value else "No")


def test_open_cells_of_a_table_say_so_in_words(cells: Cells) -> None:
    wanted = [item for item in SHEET.items() if item.row is not None and item.standing is ItemStatus.WANTED]
    for state, word in ((AnswerState.UNKNOWN, "unknown"), (AnswerState.DECLINED, "declined")):
        found = [item for item in wanted if item.answer.state is state and not item.answer.conflict]
        assert found
        assert all(value_at(cells, item) == word for item in found)


def test_where_agencies_differ_no_answer_is_shown_but_all_of_them_below(cells: Cells) -> None:
    item = next(item for item in SHEET.items() if item.answer.conflict and item.row is None)
    place = cells[item.address]
    assert place[ColumnSlot.ANSWER][0].value is None
    assert place[ColumnSlot.STATE][0].value == "agencies differ"
    cell = place[ColumnSlot.ANSWER][0]
    below = [cell.parent.cell(cell.row + down, cell.column).value for down in (1, 2)]
    assert sorted(map(str, below)) == sorted(map(str, item.answer.conflict))


def test_it_says_whose_answer_counts(cells: Cells) -> None:
    for item in SHEET.items():
        if item.row is None and item.answer.layer is AnswerLayer.VALIDATED:
            assert cells[item.address][ColumnSlot.WHO][0].value == "Validated answer"
        if item.row is None and item.answer.layer is AnswerLayer.JUDGEMENT:
            assert cells[item.address][ColumnSlot.WHO][0].value == "Assessor’s judgement"
    assert any(item.answer.layer is AnswerLayer.VALIDATED for item in SHEET.items())


def test_a_row_that_does_not_apply_says_why(cells: Cells) -> None:
    out = [
        (block.question, row)
        for block in SHEET.blocks.values()
        for row, state in block.rows.items()
        if state.standing is ItemStatus.ROW_OUT
    ]
    assert out
    for question, row in out:
        assert cells[Address(question.id, row)][ColumnSlot.REASON][0].value


def test_every_stored_answer_is_one_line_for_machines(book: Workbook) -> None:
    lines = table(book, sheet_marks.ANSWERS_SHEET)
    assert len(lines) == len(DOSSIER.answers)
    for line, answer in zip(lines, DOSSIER.answers, strict=True):
        key, content = answer.key, answer.content
        address = Address(line["question"], line["row"] or "", line["column"] or "")
        assert (address, line["layer"], line["respondent"] or "") == (key.address, key.layer, key.respondent)
        assert (line["state"], line["reason"] or "", line["note"] or "") == (
            content.state, content.reason, content.note,
        )  # fmt: skip
        assert (line["evidence"] or "") == "; ".join(content.evidence)
        assert (line["author"], line["time"], line["language"]) == (answer.author, answer.time, answer.language)
        assert _as_stored(line["value"]) == _as_stored(content.value)


def _as_stored(value: Any) -> str:
    if isinstance(value, tuple):
        value = "; ".join(value)
    try:
        return str(float(value))
    except (TypeError, ValueError):
        return str(value or "")


def _lists(book: Workbook) -> dict[str, list[tuple[Any, str]]]:
    found: dict[str, list[tuple[Any, str]]] = {}
    for name, label, entry_id in book[sheet_marks.LISTS_SHEET].iter_rows(min_row=2, values_only=True):
        found.setdefault(str(name), []).append((label, str(entry_id)))
    return found


def _validation(sheet: Worksheet, coordinate: str) -> DataValidation | None:
    fitting = [rule for rule in sheet.data_validations.dataValidation if coordinate in rule.sqref]
    assert len(fitting) <= 1, coordinate
    return fitting[0] if fitting else None


def _offered(book: Workbook, rule: DataValidation) -> list[Any]:
    sheet, _, area = str(rule.formula1).rpartition("!")
    assert sheet == sheet_marks.LISTS_SHEET
    return [row[0].value for row in book[sheet][area.replace("$", "")]]


def _expected(question: Question, asked: QuestionField) -> list[Any]:
    if asked.kind is AnswerKind.LEVEL:
        return [0, 1, 2, 3]
    if asked.kind in {AnswerKind.YES_NO, AnswerKind.YES_PARTLY_NO}:
        return ["Yes", "No"] if asked.kind is AnswerKind.YES_NO else ["Yes", "Partly", "No"]
    if asked.kind is AnswerKind.AGENCY:
        return [WORDS.agency(agency.id) for agency in DOSSIER.agencies]
    if asked.kind is AnswerKind.SOURCE:
        return [WORDS.source(source.id) for source in DOSSIER.sources]
    return [WORDS.option(question, asked, option) for option in asked.options]


def test_drop_downs_offer_exactly_the_options(book: Workbook, cells: Cells) -> None:
    cell_states = ["unknown", "declined", "not applicable"]
    for item in SHEET.items():
        expected = _expected(item.question, item.field)
        if not expected or item.question.kind is AnswerKind.CHECKLIST:
            continue
        cell = cells[item.address][ColumnSlot.ANSWER][0]
        rule = _validation(cell.parent, cell.coordinate)
        assert rule is not None, str(item.address)
        assert rule.type == "list"
        none = ["none of these"] if item.row and item.field.kind is AnswerKind.CHECKLIST and not _has_none(item) else []
        assert _offered(book, rule) == (expected + none + cell_states if item.row else expected)


def _has_none(item: AnswerItem) -> bool:
    return any(option.exclusive for option in item.field.options)


def test_one_entry_lists_refuse_anything_else_and_lists_of_several_do_not(cells: Cells) -> None:
    for item in SHEET.items():
        cell = cells.get(item.address, {}).get(ColumnSlot.ANSWER, [None])[0]
        rule = _validation(cell.parent, cell.coordinate) if cell is not None else None
        if rule is None or rule.type != "list":
            continue
        takes_several = item.field.many or item.field.kind is AnswerKind.CHECKLIST
        assert bool(rule.showErrorMessage) != takes_several


def test_states_and_options_of_checklists_have_drop_downs(book: Workbook, cells: Cells) -> None:
    for question in DOSSIER.instrument.questions():
        if question.kind is AnswerKind.GRID:
            continue
        place = cells[Address(question.id)]
        rule = _validation(place[ColumnSlot.STATE][0].parent, place[ColumnSlot.STATE][0].coordinate)
        assert rule is not None
        assert _offered(book, rule) == ["answered", "not applicable", "unknown", "declined", "not asked"]
        for option in question.options if question.kind is AnswerKind.CHECKLIST else ():
            cell = place[f"{ColumnSlot.ANSWER}#{option.id}"][0]
            rule = _validation(cell.parent, cell.coordinate)
            assert rule is not None
            assert _offered(book, rule) == ["Yes", "No"]


def test_the_hidden_lists_give_every_label_its_id(book: Workbook) -> None:
    lists = _lists(book)
    assert lists["@states"] == [
        ("answered", "@answered"), ("not applicable", "@not_applicable"), ("unknown", "@unknown"),
        ("declined", "@declined"), ("not asked", "@not_asked"),
    ]  # fmt: skip
    assert lists["@agencies"] == [(WORDS.agency(agency.id), agency.id) for agency in DOSSIER.agencies]
    assert lists["@words"] == [("agencies differ", sheet_marks.CONFLICT_WORD), ("none of these", sheet_marks.NONE_WORD)]
    assert lists["iv.policy//relevance @cell"][:2] == [("High", "high"), ("Medium", "medium")]


def test_entries_of_the_same_name_are_told_apart() -> None:
    agencies = small_dossier().agencies
    twins = tuple(type(one)(id=one.id, name="Ministry", short="M") for one in agencies)
    lists = _lists(written(small_dossier(agencies=twins)))
    assert lists["@agencies"] == [("M (agency-nso)", "agency-nso"), ("M (agency-moi)", "agency-moi")]


def test_numbers_typed_into_cells_are_checked() -> None:
    cells = answer_cells(written(small_dossier()))
    for place, kind, low, high in (
        ("ii.staff", "whole", "0", "100000"),
        ("ii.census", "whole", "1800", "2200"),
        ("ii.share", "decimal", "0", "1000"),
    ):
        cell = cells[Address(place)][ColumnSlot.ANSWER][0]
        rule = _validation(cell.parent, cell.coordinate)
        assert rule is not None
        assert (rule.type, rule.formula1, rule.formula2) == (kind, low, high)


def test_cells_of_tables_say_which_column_they_are_in(book: Workbook) -> None:
    rules = [rule for sheet in part_sheets(book) for rule in sheet.data_validations.dataValidation]
    titles = {rule.promptTitle for rule in rules if rule.promptTitle}
    columns = [column for question in DOSSIER.instrument.questions() for column in question.columns]
    assert {column.label for column in columns if len(column.label) <= 32} <= titles
    assert all(len(rule.prompt or "") <= 255 for rule in rules)
