"""The sheets: which there are, how they are set up, what may be changed in them."""

import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from capacity_app import __version__
from capacity_app.domain.content_hash import format_hash
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.writer import is_whole_workbook, workbook_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.outputs.workbook.reading import (
    ENGLISH,
    HIDDEN,
    MACHINE,
    answer_cells,
    cells_of,
    identity,
    opened,
    part_sheets,
    people_sheets,
    sheet_of,
    written,
)

DOSSIER = demonstration()[0]


@pytest.fixture(scope="module")
def book() -> Workbook:
    return written(DOSSIER)


@pytest.mark.check
def test_people_come_first_and_programs_last(book: Workbook) -> None:
    assert book.sheetnames[:4] == [
        "Read me", "Summary", "I Background", "II Information about",
    ]  # fmt: skip
    assert book.sheetnames[-19:] == [
        "T Capacity and training needs", "Demand and supply", "Data sources", "Availability", "SDG indicators",
        "Gap register", "Action plan", "Agencies and people", "Meetings", "Evidence",
        "Guidance", "answers", "scores", "gaps", "actions", "codebook", "_lists", "_heads", "_capacity",
    ]  # fmt: skip
    assert book.active is not None
    assert book.active.title == "Read me"


def test_only_the_technical_sheets_are_hidden(book: Workbook) -> None:
    assert {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"} == HIDDEN


def test_the_hidden_sheet_says_what_the_file_is(book: Workbook) -> None:
    known = identity(book)
    assert tuple(known)[: len(sheet_marks.META_KEYS)] == sheet_marks.META_KEYS
    instrument = DOSSIER.instrument
    assert known["format"] == sheet_marks.WORKBOOK_FORMAT
    assert known["program"] == __version__
    assert (known["instrument"], known["instrument_version"]) == (instrument.id, instrument.version)
    assert known["instrument_hash"] == DOSSIER.instrument.content_hash
    assert known["supplements"] == "T"
    assert known["assessment"] == DOSSIER.id
    assert known["exported"] == max(answer.time for answer in DOSSIER.answers)
    assert known["content_hash"] == DOSSIER.content_hash
    assert (known["profile"], known["language"]) == ("full", "en")


def test_every_sheet_is_found_by_its_id(book: Workbook) -> None:
    ids = [key.removeprefix("sheet ") for key in identity(book) if key.startswith("sheet ")]
    assert [sheet_of(book, sheet_id).title for sheet_id in ids] == book.sheetnames[:-1]


def test_only_white_cells_can_be_changed(book: Workbook) -> None:
    sheets = people_sheets(book)
    assert all(sheet.protection.sheet and sheet.protection.password is None for sheet in sheets)
    for sheet in sheets:
        for row in sheet.iter_rows():
            for cell in row:
                fill = cell.fill.fgColor.rgb if cell.fill.fill_type == "solid" else None
                assert (not cell.protection.locked) == (fill == "FFFFFFFF"), f"{sheet.title} {cell.coordinate}"


def test_answers_and_what_stands_beside_them_can_be_changed_and_nothing_else(book: Workbook) -> None:
    checklists = {q.id for q in DOSSIER.instrument.questions() if q.kind == "checklist"}
    for address, slots in answer_cells(book).items():
        for slot, cells in slots.items():
            kind = slot.partition("#")[0]
            is_in_options = address.question in checklists and not address.row and kind == sheet_marks.ColumnSlot.ANSWER
            is_open = ("#" in slot and kind == sheet_marks.ColumnSlot.ANSWER) if is_in_options or "#" in slot else (
                kind in sheet_marks.EDITABLE_SLOTS
            )  # fmt: skip
            assert all(not cell.protection.locked for cell in cells) == is_open, f"{address} {slot}"


def test_pages_are_set_up_for_paper(book: Workbook) -> None:
    for sheet in people_sheets(book):
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr is not None
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert str(sheet.page_setup.paperSize) == "9", "A4"
        assert sheet.page_setup.fitToWidth in {None, 1, 2}
        assert sheet.page_setup.fitToHeight == 0
        assert not sheet.sheet_view.showGridLines
        assert sheet.freeze_panes
        assert sheet.column_dimensions["A"].hidden
        left, center, right = (str(getattr(sheet.oddFooter, place).text) for place in ("left", "center", "right"))
        assert "Republic of Velmora" in left
        assert "&P" in center
        assert right.endswith(format_hash(DOSSIER.content_hash))
    assert all(sheet.print_title_rows for sheet in part_sheets(book))


def test_no_line_is_higher_than_a_spreadsheet_allows(book: Workbook) -> None:
    heights = [sheet.row_dimensions[row].height for sheet in people_sheets(book) for row in sheet.row_dimensions]
    assert max(height for height in heights if height) <= 409


def test_links_lead_to_sheets_and_never_out_of_the_file(book: Workbook) -> None:
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    links = [cell.hyperlink for cell in cells if cell.hyperlink]
    assert len(links) == len(book.sheetnames) - len(HIDDEN) - 1
    assert all(link.target is None and link.location for link in links)
    assert {str(link.location).rpartition("!")[0].strip("'") for link in links} <= set(book.sheetnames)


@pytest.mark.check
def test_equal_dossiers_give_equal_bytes() -> None:
    again = replace(demonstration()[0])
    assert workbook_bytes(DOSSIER, texts=ENGLISH) == workbook_bytes(again, texts=Translator("en"))


def test_a_changed_answer_gives_other_bytes() -> None:
    assert workbook_bytes(small_dossier(), texts=ENGLISH) != workbook_bytes(
        small_dossier(answers=small_dossier().answers[1:]), texts=ENGLISH
    )


@pytest.mark.parametrize("language", ["ar", "fa", "he"])
def test_sheets_read_from_right_to_left_where_the_language_does(language: str) -> None:
    book = written(small_dossier(), language)
    assert all(sheet.sheet_view.rightToLeft for sheet in book.worksheets)
    assert not any(sheet.sheet_view.rightToLeft for sheet in written(small_dossier()).worksheets)


def test_an_instrument_without_parts_still_gives_a_workbook() -> None:
    bare = replace(small_dossier(), answers=(), instrument=replace(small_dossier().instrument, sections=()), actions=())
    assert "Read me" in written(bare).sheetnames


def test_a_truncated_workbook_is_noticed() -> None:
    content = workbook_bytes(small_dossier(), texts=ENGLISH)
    assert is_whole_workbook(content)
    assert not is_whole_workbook(content[:-100])
    damaged = bytearray(content)
    damaged[len(content) // 2] ^= 0xFF
    assert not is_whole_workbook(bytes(damaged))
    assert not is_whole_workbook(b"not a workbook")


def test_machine_sheets_have_one_heading_line_and_a_filter_and_the_same_foot(book: Workbook) -> None:
    for name in MACHINE:
        assert _foot(book[name]) == _foot(book["Summary"])
        assert book[name].freeze_panes == "A2"
        (found,) = book[name].tables.values()
        assert found.ref == book[name].dimensions
        assert found.autoFilter is not None


def _foot(sheet: Worksheet) -> list[str]:
    return [str(getattr(sheet.oddFooter, place).text) for place in ("left", "center", "right")]


def test_another_program_may_save_it_in_between() -> None:
    book = written(small_dossier())
    buffer = io.BytesIO()
    book.save(buffer)
    assert answer_cells(opened(buffer.getvalue())).keys() == answer_cells(book).keys()


def test_rows_moved_columns_inserted_and_sheets_renamed_change_nothing() -> None:
    """The contract: marks and rulers move along, so answers are found wherever they have gone."""
    book = written(small_dossier())
    before = {address: _values(slots) for address, slots in answer_cells(book).items()}
    for number, sheet in enumerate(part_sheets(book)):
        _shuffle(sheet, f"Renamed {number}")
    after = {address: _values(slots) for sheet in book.worksheets for address, slots in cells_of(sheet).items()}
    assert after == before


def _values(slots: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {slot: [cell.value for cell in cells] for slot, cells in slots.items()}


def _shuffle(sheet: Worksheet, name: str) -> None:
    """Reverse all lines but the titles, put a column before the answers, and rename the sheet."""
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    sheet.delete_rows(1, sheet.max_row)
    for line in reversed(lines):
        is_ruler = str(line[0]).startswith(("@fields", "@columns"))
        sheet.append([*line[:3], None if is_ruler else "mine", *line[3:]])
    sheet.title = name
