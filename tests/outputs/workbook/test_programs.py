"""What other programs make of the workbook: the Open XML SDK finds no error, LibreOffice saves it with our marks."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.content_hash import format_hash
from capacity_app.i18n.formatter import BilingualFormatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.writer import appraised_workbook_bytes, workbook_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.builders import small_dossier
from tests.outputs.hostile import hostile_dossier
from tests.outputs.word_tree import converted, validated
from tests.outputs.workbook.reading import ENGLISH, answer_cells, identity, opened, part_sheets, strings, table

pytestmark = pytest.mark.check

DOSSIER = demonstration()[0]
BLANK = Dossier(id="", instrument=DOSSIER.instrument)
MADE: dict[str, Callable[[], bytes]] = {
    "demonstration": lambda: workbook_bytes(DOSSIER, texts=ENGLISH),
    "arabic": lambda: workbook_bytes(DOSSIER, texts=Translator("ar")),
    "two languages": lambda: appraised_workbook_bytes(
        appraise(DOSSIER), BilingualFormatter(ENGLISH, DOSSIER, Translator("ar"))
    ),
    "without scores": lambda: workbook_bytes(DOSSIER, texts=ENGLISH, profile=ReportProfile.parse("no-scores")),
    "blank": lambda: workbook_bytes(BLANK, texts=ENGLISH),
    "hostile": lambda: workbook_bytes(hostile_dossier(), texts=ENGLISH),
}


@pytest.mark.parametrize("name", MADE)
def test_the_open_xml_sdk_finds_no_error(tmp_path: Path, name: str) -> None:
    file = tmp_path / "workbook.xlsx"
    file.write_bytes(MADE[name]())
    said = validated(file)
    assert '"ok": true' in said, said


def test_the_open_xml_sdk_would_find_one(tmp_path: Path) -> None:
    file = tmp_path / "workbook.xlsx"
    file.write_bytes(b"PK not a workbook")
    assert '"ok": true' not in validated(file)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("office") / "workbook.xlsx"
    made.write_bytes(MADE["demonstration"]())
    return made


@pytest.fixture(scope="module")
def saved(file: Path) -> tuple[Workbook, Workbook]:
    """Return a workbook as written and as LibreOffice has saved it."""
    return opened(file.read_bytes()), opened(converted(file, "xlsx").read_bytes())


def test_saved_by_another_program_every_answer_is_found_by_its_address(saved: tuple[Workbook, Workbook]) -> None:
    before, after = (
        {
            (address, slot): [cell.value for cell in found]
            for address, slots in answer_cells(book).items()
            for slot, found in slots.items()
        }
        for book in saved
    )
    assert len(before) > 2_000
    assert after == before


def test_saved_by_another_program_the_hidden_sheets_are_there_and_hidden(saved: tuple[Workbook, Workbook]) -> None:
    written, after = saved
    assert identity(after) == identity(written)
    for name in (sheet_marks.LISTS_SHEET, sheet_marks.HEADS_SHEET):
        assert table(after, name) == table(written, name)
    assert [sheet.sheet_state for sheet in after.worksheets] == [sheet.sheet_state for sheet in written.worksheets]


def test_saved_by_another_program_it_is_still_locked_with_drop_downs(saved: tuple[Workbook, Workbook]) -> None:
    written, after = saved
    for sheet, again in zip(part_sheets(written), part_sheets(after), strict=True):
        assert again.protection.sheet
        count, found = (
            sum(1 for rule in one.data_validations.dataValidation if rule.type == "list") for one in (sheet, again)
        )
        assert found >= count > 0
    locked, open_now = (
        {str(address): slots["@answer"][0].protection.locked for address, slots in answer_cells(book).items()
         if "@answer" in slots}
        for book in saved
    )  # fmt: skip
    assert open_now == locked


def test_saved_by_another_program_no_word_is_lost(saved: tuple[Workbook, Workbook]) -> None:
    written, after = (set(strings(book).split("\0")) for book in saved)
    assert written - after <= {""}


def test_another_program_prints_it_with_a_foot_on_every_page(tmp_path: Path) -> None:
    file = tmp_path / "workbook.xlsx"
    file.write_bytes(workbook_bytes(small_dossier(), texts=ENGLISH))
    made = converted(file, "pdf")
    text = subprocess.run(["pdftotext", "-layout", made, "-"], capture_output=True, check=True).stdout.decode()  # noqa: S607 - of the distribution
    pages = text.split("\f")[:-1]
    code = format_hash(small_dossier().content_hash)
    assert len(pages) > 10
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert code in page
