"""Everything printed in a file is compared by place: nothing false is told of an untouched file, nothing is missed."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from capacity_app.domain import text_diff
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.registers import Agency, Person
from capacity_app.domain.text_diff import PrintedComparison, find_changed_ranges
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.html_pages import read_printed_page
from capacity_app.outputs.word.parsed_document import carried_content
from capacity_app.outputs.workbook.printed_cells import read_printed_workbook
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.services import reports as services_reports
from capacity_app.services.exchange import verification
from capacity_app.services.exchange.verification import compare_printed
from capacity_app.services.reports import BlankFormRequest, blank_form_bytes, decode_content_block, report_bytes
from capacity_app.services.session.demonstration import demonstration, demonstration_instrument
from tests.outputs.example import report_dossier
from tests.outputs.word_tree import converted

SUFFIXES = (".docx", ".html", ".xlsx")
ENGLISH = Translator()
OLD = Path(__file__).parents[1] / "expected" / "version-0.6.0"


@cache
def dossier() -> Dossier:
    """Make a dossier with a previous round, both with a questionnaire as it is read from a file."""
    read = decode_instrument(encode_instrument(report_dossier().instrument))
    return replace(report_dossier(), instrument=read, previous=replace(report_dossier(), instrument=read))


@pytest.fixture(scope="module")
def reports() -> dict[str, bytes]:
    return {suffix: report_bytes(dossier(), suffix, texts=ENGLISH) for suffix in SUFFIXES}


def compared(suffix: str, content: bytes, against: Dossier | None = None) -> PrintedComparison:
    return compare_printed(f"report{suffix}", content, against)


def is_as_exported(found: PrintedComparison) -> bool:
    assert found.places == ()
    return found.compared > 100 and not (found.total or found.filled or found.reason_not_compared)


def edited(content: bytes, *edits: tuple[str, str, str]) -> bytes:
    """Change texts of parts of an office file: the part's name, what stands there, and what is to stand there."""
    buffer = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for part, before, after in edits:
                if part == name:
                    assert before.encode() in text, before
                    text = text.replace(before.encode(), after.encode(), 1)
            new.writestr(name, text)
    return buffer.getvalue()


def worked(content: bytes, work: Callable[[Any], None]) -> bytes:
    """Let another library change a workbook and save it."""
    book, buffer = load_workbook(BytesIO(content)), BytesIO()
    work(book)
    book.save(buffer)
    return buffer.getvalue()


def part(content: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(content)) as package:
        return package.read(name).decode()


def carried(suffix: str, content: bytes) -> str:
    if suffix == ".html":
        return read_printed_page(content.decode())[1]
    with zipfile.ZipFile(BytesIO(content)) as package:
        return carried_content(package) if suffix == ".docx" else read_printed_workbook(package).content


# -- nothing was changed -------------------------------------------------------------------------------------------


@pytest.mark.check
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize(
    "wanted",
    [
        {"texts": Translator("en")},
        pytest.param({"texts": Translator("ar")}, marks=pytest.mark.check),
        {"texts": Translator("ar-u-nu-arab"), "second": Translator("fr")},
        pytest.param({"texts": Translator("fr"), "profile": ReportProfile.parse("no-scores")}, marks=pytest.mark.check),
        {"texts": Translator("en"), "profile": ReportProfile.parse("no-names no-attribution")},
    ],
)
def test_an_untouched_file_is_as_exported(suffix: str, wanted: dict[str, Any]) -> None:
    content = report_bytes(dossier(), suffix, **wanted)
    assert is_as_exported(compared(suffix, content))
    assert is_as_exported(found := compared(suffix, content, dossier()))
    assert found.is_same_content


@pytest.mark.check
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_demonstration_is_as_exported_and_every_changed_number_counts(suffix: str) -> None:
    known, _documents = demonstration()
    content = report_bytes(known, suffix, texts=ENGLISH)
    assert is_as_exported(compared(suffix, content))
    if suffix != ".xlsx":
        return
    changed = 0

    def forge(book: Any) -> None:
        nonlocal changed
        for name in ("Summary", "scores", "gaps"):
            for row in book[name].iter_rows():
                for cell in row:
                    if isinstance(cell.value, int | float):
                        cell.value, changed = 99.25, changed + 1

    forged = compared(suffix, worked(content, forge))
    assert changed > 700
    assert (forged.total, forged.filled, len(forged.places)) == (changed, 0, text_diff.MAXIMUM_PLACES)


@pytest.mark.check
@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_saving_it_with_another_program_changes_nothing(suffix: str, tmp_path: Path, reports: dict[str, bytes]) -> None:
    (tmp_path / f"report{suffix}").write_bytes(reports[suffix])
    saved = converted(tmp_path / f"report{suffix}", suffix[1:]).read_bytes()
    assert saved != reports[suffix]
    assert is_as_exported(compared(suffix, saved))


@pytest.mark.check
@pytest.mark.parametrize("sections", [pytest.param((), marks=pytest.mark.check), ("IV", "V")])
def test_a_blank_form_is_compared_too(sections: tuple[str, ...]) -> None:
    blank = BlankFormRequest(instrument=demonstration_instrument(), sections=sections)
    content = blank_form_bytes(blank, ".xlsx", texts=ENGLISH, second=Translator("fr"))
    assert is_as_exported(compared(".xlsx", content))
    forged = worked(content, lambda book: book.worksheets[0].__setitem__("B2", "Another title"))
    assert compared(".xlsx", forged).total == 1


# -- what cannot be compared is said, and nothing else -------------------------------------------------------------


@pytest.mark.check
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_shorter_volume_carries_nothing_and_is_compared_with_the_assessment_alone(suffix: str) -> None:
    content = report_bytes(dossier(), suffix, texts=ENGLISH, profile=ReportProfile())
    if suffix == ".xlsx":
        assert is_as_exported(compared(suffix, content))  # a workbook always holds everything
        return
    made = decode_content_block(carried(suffix, content))
    assert made is not None
    assert made.dossier is None
    assert compared(suffix, content).reason_not_compared == verification.CHOSEN_PARTS
    found = compared(suffix, content, dossier())
    assert (found.total, found.reason_not_compared) == (0, "")
    assert found.compared > 20


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_of_version_0_6_are_not_compared(suffix: str) -> None:
    found = compared(suffix, (OLD / f"small{suffix}").read_bytes())
    assert (found.reason_not_compared, found.total, found.compared) == (verification.CARRIES_NO_CONTENT, 0, 0)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_files_of_another_version_are_not_compared(
    suffix: str, reports: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "__version__", "99.0")
    found = compared(suffix, reports[suffix])
    assert found.reason_not_compared == verification.OTHER_PROGRAM_VERSION
    assert dict(found.values)["ours"] == "99.0"


def test_a_translation_that_is_not_here_is_no_difference(
    reports: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "own_translations_digest", lambda *_: "another")
    assert compared(".html", reports[".html"]).reason_not_compared == verification.OTHER_TRANSLATION


@pytest.mark.parametrize("damage", [b"", b"AAAA", b"no base64 \xff"])
def test_content_that_cannot_be_read_is_said(damage: bytes, reports: dict[str, bytes]) -> None:
    block = carried(".html", reports[".html"]).encode()
    found = compared(".html", reports[".html"].replace(block, damage))
    expected = verification.CONTENT_UNREADABLE if damage else verification.CARRIES_NO_CONTENT
    assert found.reason_not_compared == expected


def test_content_is_not_unpacked_beyond_what_a_dossier_can_be(
    reports: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_reports, "MAX_CONTENT_BYTES", 1_000)
    assert decode_content_block(carried(".html", reports[".html"])) is None


@pytest.mark.check
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_without_names_no_name_is_carried(suffix: str) -> None:
    named = replace(
        dossier(),
        people=(Person(id="person-1", name="Zubeida Quillfeather", contact="zq@example.org"),),
        agencies=(*dossier().agencies, Agency(id="agency-z", name="Office", contact="Call Zubeida Quillfeather")),
    )
    open_ = decode_content_block(carried(suffix, report_bytes(named, suffix, texts=ENGLISH)))
    assert open_ is not None
    assert "Quillfeather" in str(open_.dossier)
    kept = decode_content_block(
        carried(suffix, report_bytes(named, suffix, texts=ENGLISH, profile=ReportProfile.parse("no-names")))
    )
    assert kept is not None
    assert not re.search("Quillfeather|zubeida|zq@", str(kept.dossier), re.IGNORECASE)


def test_content_of_another_assessment_is_told_apart(reports: dict[str, bytes]) -> None:
    other = replace(dossier(), sources=())
    assert compared(".xlsx", reports[".xlsx"], other).is_same_content is False


# -- workbooks -----------------------------------------------------------------------------------------------------


def first_number(book: Any, name: str = "scores") -> Any:
    cells = (cell for row in book[name].iter_rows(min_row=2) for cell in row)
    return next(cell for cell in cells if isinstance(cell.value, int | float))


@pytest.mark.check
def test_a_changed_cell_is_named_by_sheet_and_cell(reports: dict[str, bytes]) -> None:
    where = ""

    def forge(book: Any) -> None:
        nonlocal where
        cell = first_number(book)
        where, cell.value = f"scores, {cell.coordinate}", 99

    found = compared(".xlsx", worked(reports[".xlsx"], forge))
    assert [(one.place, one.found) for one in found.places] == [(where, "99")]
    assert found.total == 1


@pytest.mark.check
def test_answers_are_counted_apart_from_what_is_printed(reports: dict[str, bytes]) -> None:
    def fill(book: Any) -> None:
        open_cells = [
            cell
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if not cell.protection.locked and cell.value is None
        ]
        for cell in open_cells[:3]:
            cell.value = "Filled in by an agency"

    found = compared(".xlsx", worked(reports[".xlsx"], fill))
    assert (found.total, found.filled) == (0, 3)
    found = compare_printed("report.xlsx", worked(reports[".xlsx"], fill))
    assert (found.total, found.reason_not_compared) == (0, "")


def test_a_number_shown_as_another_one_is_found(reports: dict[str, bytes]) -> None:
    def forge(book: Any) -> None:
        first_number(book).number_format = '"95.2"'

    (found,) = compared(".xlsx", worked(reports[".xlsx"], forge)).places
    assert found.note == text_diff.OTHER_NUMBER_FORMAT


def test_a_conditional_format_that_shows_something_else_is_found(reports: dict[str, bytes]) -> None:
    forged = edited(
        reports[".xlsx"],
        ("xl/styles.xml", "<dxf>", '<dxf><numFmt numFmtId="190" formatCode="&quot;95&quot;"/></dxf><dxf>'),
    )
    assert compared(".xlsx", forged).total == 1


@pytest.mark.check
def test_a_formula_in_place_of_a_number_is_found(reports: dict[str, bytes]) -> None:
    def forge(book: Any) -> None:
        cell = first_number(book)
        cell.value = f"={cell.value}"

    assert compared(".xlsx", worked(reports[".xlsx"], forge)).total == 1


def test_an_added_sheet_is_one_difference(reports: dict[str, bytes]) -> None:
    def forge(book: Any) -> None:
        book.create_sheet("Result")["A1"] = "Overall score 99"

    (found,) = compared(".xlsx", worked(reports[".xlsx"], forge)).places
    assert (found.place, found.found, found.note) == ("Result", "Overall score 99", text_diff.PRINTED_SHEET_ADDED)


@pytest.mark.check
def test_hidden_rows_columns_and_sheets_are_found(reports: dict[str, bytes]) -> None:
    def hide(book: Any) -> None:
        book["scores"].row_dimensions[2].hidden = True
        book["gaps"].column_dimensions["D"].hidden = True
        book["actions"].sheet_state = "hidden"

    rows = load_workbook(BytesIO(reports[".xlsx"]))["gaps"].max_row
    found = compared(".xlsx", worked(reports[".xlsx"], hide))
    assert {one.note for one in found.places} == {text_diff.TEXT_HIDDEN, text_diff.PRINTED_SHEET_MISSING}
    assert found.total == 1 + rows + 1


@pytest.mark.check
def test_a_deleted_row_is_one_difference_and_an_inserted_one_too(reports: dict[str, bytes]) -> None:
    deleted = compared(".xlsx", worked(reports[".xlsx"], lambda book: book["gaps"].delete_rows(3)))
    assert (deleted.total, deleted.places[0].place) == (1, "gaps, 3")

    def insert(book: Any) -> None:
        book["gaps"].insert_rows(3)
        book["gaps"]["C3"] = "No gaps at all"

    (added,) = compared(".xlsx", worked(reports[".xlsx"], insert)).places
    assert (added.expected, added.found) == ("", "No gaps at all")


@pytest.mark.check
def test_sorted_rows_are_one_difference(reports: dict[str, bytes]) -> None:
    def turn(book: Any) -> None:
        sheet = book["gaps"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, row in enumerate(reversed(rows), start=2):
            for column, value in enumerate(row, start=1):
                sheet.cell(number, column).value = value

    (found,) = compared(".xlsx", worked(reports[".xlsx"], turn)).places
    assert found.note == text_diff.ROW_ORDER_CHANGED


def test_an_inserted_column_and_a_renamed_sheet_are_no_thousand_differences(reports: dict[str, bytes]) -> None:
    def work(book: Any) -> None:
        book["answers"].insert_cols(3)
        book["answers"]["C2"] = "Seen"
        book["scores"].title = "Scores of ours"

    found = compared(".xlsx", worked(reports[".xlsx"], work))
    assert [(one.expected, one.found) for one in found.places] == [("", "Seen")]


def test_text_over_merged_cells_hides_what_is_below(reports: dict[str, bytes]) -> None:
    number = load_workbook(BytesIO(reports[".xlsx"])).sheetnames.index("scores") + 1
    merged = '<mergeCells count="1"><mergeCell ref="A2:C2"/></mergeCells><pageMargins'
    forged = edited(reports[".xlsx"], (f"xl/worksheets/sheet{number}.xml", "<pageMargins", merged))
    assert {one.place for one in compared(".xlsx", forged).places} == {"scores, B2", "scores, C2"}


def test_footers_and_drawn_texts_are_compared(reports: dict[str, bytes]) -> None:
    footer = edited(reports[".xlsx"], ("xl/worksheets/sheet2.xml", "Examplia", "Exempla"))
    assert compared(".xlsx", footer).total == 2  # one text is missing, another was added


# -- Word files ----------------------------------------------------------------------------------------------------

BODY = "word/document.xml"


def words(content: bytes) -> list[str]:
    return re.findall(r"<w:t[^>]*>([^<]{25,60})</w:t>", part(content, BODY))


def test_a_changed_word_is_named_by_its_heading(reports: dict[str, bytes]) -> None:
    text = words(reports[".docx"])[40]
    forged = edited(reports[".docx"], (BODY, f">{text}<", f">{text[:-3]}xyz<"))
    (found,) = compared(".docx", forged).places
    assert "¶" in found.place
    assert found.found.endswith("xyz") or "xyz" in found.found


@pytest.mark.check
def test_a_changed_table_cell_a_head_and_a_foot_of_pages_are_found(reports: dict[str, bytes]) -> None:
    cell = re.search(r"<w:tc>.*?<w:t[^>]*>([^<]{4,})</w:t>", part(reports[".docx"], BODY))
    assert cell
    assert compared(".docx", edited(reports[".docx"], (BODY, f">{cell[1]}<", ">95.2<"))).total >= 1
    for edge in ("word/header1.xml", "word/footer1.xml"):
        text = re.search(r"<w:t[^>]*>([^<]{5,})</w:t>", part(reports[".docx"], edge))
        assert text
        assert compared(".docx", edited(reports[".docx"], (edge, text[1], "Approved"))).total >= 1


SHAPE = '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">{}</v:shape></w:pict></w:r></w:p>'
FIELD = (
    '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>'
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
)
SAID = "<w:r><w:t>Overall score 99</w:t></w:r>"
ADDITIONS = {
    "text box": SHAPE.format(f"<v:textbox><w:txbxContent><w:p>{SAID}</w:p></w:txbxContent></v:textbox>"),
    "word art": SHAPE.format('<v:textpath string="Overall score 99"/>'),
    "tracked change": f"<w:p><w:ins>{SAID}</w:ins></w:p>",
    "false field": FIELD.format(SAID),
}


@pytest.mark.parametrize("added", ADDITIONS.values(), ids=ADDITIONS)
def test_text_boxes_word_art_tracked_changes_and_false_fields_are_read(added: str, reports: dict[str, bytes]) -> None:
    (found,) = compared(".docx", edited(reports[".docx"], (BODY, "<w:sectPr", f"{added}<w:sectPr"))).places
    assert found.found == "Overall score 99"


@pytest.mark.parametrize("hiding", ["<w:rPr><w:vanish/></w:rPr>", None])
def test_hidden_and_deleted_text_is_missing(hiding: str | None, reports: dict[str, bytes]) -> None:
    body = part(reports[".docx"], BODY)
    pattern = r"<w:r>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?(<w:t[^>]*>{}</w:t>)</w:r>"
    runs = (re.search(pattern.format(re.escape(text)), body) for text in words(reports[".docx"])[40:])
    run = next(found for found in runs if found)
    hidden = f"<w:r>{hiding}{run[2]}</w:r>" if hiding else f"<w:del>{run[0]}</w:del>"
    found = compared(".docx", edited(reports[".docx"], (BODY, run[0], hidden)))
    assert found.total == 1


@pytest.mark.check
def test_a_changed_list_sign_and_a_changed_picture_are_found(reports: dict[str, bytes]) -> None:
    paragraph = re.search(r'<w:pPr><w:pStyle w:val="[^"]*"/>(?=</w:pPr><w:r><w:t)', part(reports[".docx"], BODY))
    assert paragraph
    listed = f'{paragraph[0]}<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    assert compared(".docx", edited(reports[".docx"], (BODY, paragraph[0], listed))).total == 1
    with zipfile.ZipFile(BytesIO(reports[".docx"])) as package:
        pictures = [name for name in package.namelist() if name.startswith("word/media/")]
    one, other = pictures[0].rpartition("/")[2], pictures[1].rpartition("/")[2]
    swapped = edited(reports[".docx"], ("word/_rels/document.xml.rels", f"media/{one}", f"media/{other}"))
    assert {place.note for place in compared(".docx", swapped).places} == {text_diff.PICTURE_CHANGED}


def test_remarks_are_counted_apart(reports: dict[str, bytes]) -> None:
    field = re.search(r"<w:sdtContent>((?:(?!</w:sdtContent>).)*>)Remarks</w:t>", part(reports[".docx"], BODY))
    assert field
    written = edited(reports[".docx"], (BODY, field[0], field[0].replace(">Remarks<", ">We disagree.<")))
    found = compared(".docx", written)
    assert (found.total, found.filled, found.places[0].found) == (0, 1, "We disagree.")


# -- web pages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h1 ", "<p>Overall score 99</p><h1 "),
        ("Examplia</", "Exempla</"),
        ("<style>", "<style>.number { display: none } "),
        ("<section class=", "<section hidden class="),
        ("</body>", "<script>document.body.innerText = '99'</script></body>"),
        ("</body>", '<img src="data:image/png;base64,AAAA"></body>'),
    ],
)
def test_a_changed_web_page_is_found(before: str, after: str, reports: dict[str, bytes]) -> None:
    page = reports[".html"].decode()
    assert before in page
    assert compared(".html", page.replace(before, after, 1).encode()).total >= 1


def test_other_quotation_marks_and_line_breaks_in_a_web_page_are_no_difference(reports: dict[str, bytes]) -> None:
    page = (
        reports[".html"].decode().replace('<meta charset="utf-8">', "<meta  charset='utf-8' />").replace("\n", "\r\n")
    )
    assert is_as_exported(compared(".html", page.encode()))


# -- aligning ------------------------------------------------------------------------------------------------------


def test_blocks_are_found_in_long_sequences_with_few_changes() -> None:
    ours = [str(number % 500) for number in range(60_000)]
    theirs = [*ours[:10_000], "new", *ours[10_000:40_000], *ours[40_003:]]
    blocks = list(find_changed_ranges(ours, theirs))
    assert sum(end - start for _, (start, end) in blocks) - sum(last - first for (first, last), _ in blocks) == -2


def test_what_is_the_same_has_no_blocks() -> None:
    assert list(find_changed_ranges("abcabc", "abcabc")) == []
    assert list(find_changed_ranges("abc", "axc")) == [((1, 2), (1, 2))]
    assert list(find_changed_ranges("ab", "aab")) == [((1, 1), (1, 2))]
