"""Honest files pass the guard without a word, whoever saved them; the wrong kind of file is told from the right one."""

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.untrusted import inspection
from tests.builders import small_dossier
from tests.outputs.word_tree import converted

KINDS = {".xlsx": FileMedium.WORKBOOK, ".docx": FileMedium.WORD}


def report(ending: str, language: str = "en") -> bytes:
    return report_bytes(small_dossier(), ending, texts=Translator(language))


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
@pytest.mark.parametrize("ending", KINDS)
def test_what_this_program_writes_passes_without_a_word(ending: str, language: str) -> None:
    content = report(ending, language)
    looked = inspection.inspect_content(content, f"report{ending}")
    assert (looked.medium, looked.content, looked.notes) == (KINDS[ending], content, ())


@pytest.mark.check
@pytest.mark.parametrize("ending", KINDS)
def test_what_libreoffice_saves_passes_without_a_word(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"sent{ending}"
    file.write_bytes(report(ending))
    saved = converted(file, ending[1:]).read_bytes()
    assert saved != file.read_bytes()
    assert inspection.inspect_content(saved, file.name).notes == ()


def test_what_openpyxl_saves_passes_without_a_word() -> None:
    book, saved = load_workbook(io.BytesIO(report(".xlsx"))), io.BytesIO()
    book.save(saved)
    assert inspection.inspect_content(saved.getvalue(), "sent.xlsx").notes == ()


def test_a_sheet_with_entries_far_out_passes_as_long_as_anybody_could_have_made_it() -> None:
    book, saved = load_workbook(io.BytesIO(report(".xlsx"))), io.BytesIO()
    sheet = book.create_sheet("Our own notes")
    sheet["AZ40000"] = "still here"
    sheet.merge_cells("A1:CV1")
    book.save(saved)
    assert inspection.inspect_content(saved.getvalue(), "sent.xlsx").medium is FileMedium.WORKBOOK


def test_each_kind_is_asked_for_by_itself(tmp_path: Path) -> None:
    for ending in KINDS:
        (tmp_path / f"sent{ending}").write_bytes(report(ending))
    workbook, word = tmp_path / "sent.xlsx", tmp_path / "sent.docx"
    assert inspection.read_workbook_content(workbook) == workbook.read_bytes()
    with pytest.raises(KnownError, match=r"“sent\.docx” is a Word file"):
        inspection.read_workbook_content(word)


def test_a_file_too_large_to_be_one_is_not_even_read(tmp_path: Path) -> None:
    file = tmp_path / "sent.xlsx"
    with file.open("wb") as stream:
        stream.truncate(100_000_001)
    with pytest.raises(KnownError, match="larger than 100 MB"):
        inspection.read_workbook_content(file)


@pytest.mark.parametrize(("name", "words"), [("nothing.xlsx", "no file"), (".", "is a folder")])
def test_what_is_no_file_gets_a_sentence(tmp_path: Path, name: str, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        inspection.read_workbook_content(tmp_path / name)
