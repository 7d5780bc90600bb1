"""How far sheets reach, to the last cell that is still read."""

from collections.abc import Iterator

import pytest

from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.problems import KnownError
from capacity_app.services.untrusted import inspection, refusals, zip_limits
from capacity_app.services.untrusted.zip_limits import SheetExtent
from tests.services.untrusted.making import FILE, packed, refusal


def sheet(cells: str, head: str = "", tail: str = "") -> bytes:
    return f"<worksheet>{head}<sheetData>{cells}</sheetData>{tail}</worksheet>".encode()


def cell(ref: str) -> str:
    return f'<row r="1"><c r="{ref}"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("markup_", "cells"),
    [
        (sheet(cell("A1")), 999 * 26),
        (sheet(cell("Z999")), 999 * 26),
        (sheet(cell("A1000")), 1_000),
        (sheet(cell("AA1")), 27),
        (sheet(cell("B1000") + cell("AA2")), 1_000 * 27),
        (sheet(cell("A200000")), 200_000),
        (sheet(cell("BXX2000")), 2_000 * 2_000),
        (sheet(cell("A1"), head='<dimension ref="A1:B2"/>'), 999 * 26),
        (sheet(cell("A1"), head='<dimension ref="$A$1:AB1500"/>'), 1_500 * 28),
        (sheet(cell("A1"), head='<dimension ref="A1:B1048576"/>'), 999 * 26),
        (sheet("<row><c><v>1</v></c><c/></row><row r='7'><c r='C7'/><c/></row>"), 7 * 4),
        (sheet("<x:row><x:c/></x:row>".replace("x:", "")), 1),
    ],
)
def test_how_far_a_sheet_reaches(markup_: bytes, cells: int) -> None:
    assert zip_limits.is_sheet(markup_)
    assert zip_limits.sheet_cell_count("a.xml", markup_, FILE) == cells


@pytest.mark.parametrize(
    ("markup_", "place"),
    [
        (sheet(cell("A200001")), "A200001"),
        (sheet(cell("KUS1")), "KUS1"),
        (sheet(cell("BXX2001")), "BXX2001"),
        (sheet(cell("A1"), head='<dimension ref="A1:A200001"/>'), "Z200001"),
        (sheet(cell("A1"), head='<dimension ref="A1:KUS1048576"/>'), "KUS1048576"),
        (sheet("<row r='200001'><c/></row>"), "A200001"),
    ],
)
def test_a_sheet_that_reaches_too_far_says_where_to(markup_: bytes, place: str) -> None:
    with pytest.raises(KnownError) as refused:
        zip_limits.sheet_cell_count("a.xml", markup_, FILE)
    assert refusal(refused) == (refusals.SHEET_TOO_LARGE, {"file": FILE, "part": "a.xml", "cell": place})


def test_so_many_cells_may_be_merged() -> None:
    merged = '<mergeCell ref="A1:{}"/><mergeCell ref="nonsense"/><mergeCell ref="C3"/>'
    most = sheet(cell("A1"), tail=merged.format("BXX1999"))
    assert zip_limits.sheet_cell_count("a.xml", most, FILE) == 999 * 26
    with pytest.raises(KnownError) as refused:
        zip_limits.sheet_cell_count("a.xml", sheet(cell("A1"), tail=merged.format("BXX2000")), FILE)
    assert refusal(refused) == (refusals.TOO_MANY_MERGED_CELLS, {"file": FILE, "part": "a.xml", "count": "4000001"})


@pytest.mark.parametrize(
    ("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (702, "ZZ"), (16_384, "XFD")]
)
def test_columns_are_counted_as_spreadsheets_do(number: int, letters: str) -> None:
    assert zip_limits._column_letters(number) == letters
    assert zip_limits._column_number(letters) == zip_limits._column_number(letters.lower()) == number
    assert zip_limits._parse_cell(f" ${letters}$12 ") == SheetExtent(12, number)


def test_a_range_covers_its_cells_whichever_corner_comes_first() -> None:
    assert (
        zip_limits._cells_in_range(zip_limits._parse_range(b"B2:D3"))
        == zip_limits._cells_in_range(zip_limits._parse_range(b"D3:B2"))
        == 6
    )
    assert zip_limits._cells_in_range(zip_limits._parse_range(b"B2")) == 1
    assert zip_limits._cells_in_range(zip_limits._parse_range(b"nowhere")) == 0
    assert zip_limits._parse_cell("A") is None
    assert not zip_limits.is_sheet(b"<sst/>")


def test_an_address_that_is_none_is_refused_by_its_part() -> None:
    for odd in ("<row><c r='nowhere'/></row>", "<row r='x'><c/></row>", "<row><c></row>"):
        with pytest.raises(KnownError) as refused:
            zip_limits.sheet_cell_count("a.xml", sheet(odd), FILE)
        assert refusal(refused) == (refusals.UNUSUAL_MARKUP, {"file": FILE, "part": "a.xml"})


def test_a_workbook_has_so_many_sheets_and_announces_so_many_texts() -> None:
    most = zip_limits.MAX_SHEETS
    zip_limits.expect_few_sheets(b"<sheets>" + b"<sheet/>" * (most // 2) + b"<x:sheet a='1'/>" * (most // 2), FILE)
    with pytest.raises(KnownError) as refused:
        zip_limits.expect_few_sheets(b"<sheet/>" * most + b"<x:sheet >", FILE)
    assert refusal(refused) == (refusals.TOO_MANY_SHEETS, {"file": FILE, "most": "250"})
    zip_limits.expect_few_texts("a.xml", b"<sst uniqueCount='9999999'>", FILE)
    with pytest.raises(KnownError) as refused:
        zip_limits.expect_few_texts("a.xml", b'<sst uniqueCount = "10000000">', FILE)
    assert refusal(refused) == (refusals.TOO_MANY_TEXTS, {"file": FILE, "part": "a.xml", "count": "10000000"})


def many_sheets(count: int) -> Iterator[tuple[str, bytes]]:
    for number in range(count):
        yield f"xl/worksheets/s{number}.xml", sheet(cell("BXX1250"))


@pytest.mark.parametrize(("count", "is_read"), [(4, True), (5, False)])
def test_all_sheets_together_reach_over_so_many_cells(count: int, *, is_read: bool) -> None:
    content = packed({"xl/workbook.xml": b"<workbook/>", **dict(many_sheets(count))})
    if is_read:
        assert inspection.inspect_content(content, FILE) == inspection.InspectedFile(FileMedium.WORKBOOK, content)
        return
    with pytest.raises(KnownError) as refused:
        inspection.inspect_content(content, FILE)
    assert refusal(refused) == (refusals.TOO_MANY_CELLS, {"file": FILE, "count": str(5 * 2_000 * 1_250)})
