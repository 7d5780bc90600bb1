"""The recovery sheet: one page, all words numbered in their order, in any language."""

from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.encryption_keys import EncryptionKey
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.pdf.reader import PdfPages
from capacity_app.outputs.pdf.rendering import RecoverySheet, render_recovery_sheet
from capacity_app.services.exports import is_beside_file, write_recovery_sheet
from capacity_app.services.protection import recovery_words
from tests.outputs.reading import pdf_text

KEY = EncryptionKey(bytes(16), bytes(range(1, 33)))
MISSION = Mission(country="XXA", country_name="Examplia <b>", round="2018")


@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_one_page_has_all_words_in_their_order(tmp_path: Path, language: str) -> None:
    out = tmp_path / "sheet.pdf"
    write_recovery_sheet(out, Path("folder/small.assessment"), MISSION, KEY, Translator(language))
    content = out.read_bytes()
    assert len(PdfPages(content).sizes) == 1
    told = pdf_text(out, top=0, height=842)
    numbered = " ".join(f"{place} {word}" for place, word in enumerate(recovery_words(KEY.raw), start=1))
    assert numbered in " ".join(told.split())
    assert "small.assessment" in told
    assert "Examplia <b>, 2018" in told
    assert KEY.raw.hex() not in told


def test_the_same_sheet_has_the_same_bytes() -> None:
    sheet = RecoverySheet("a.assessment", "Examplia", "today", recovery_words(KEY.raw))
    assert render_recovery_sheet(sheet, Translator()) == render_recovery_sheet(sheet, Translator())


def test_only_a_pdf_in_a_folder_that_exists_is_written(tmp_path: Path) -> None:
    for out in (tmp_path / "sheet.docx", tmp_path / "nowhere" / "sheet.pdf"):
        with pytest.raises(KnownError):
            write_recovery_sheet(out, Path("small.assessment"), MISSION, KEY, Translator())
    assert list(tmp_path.iterdir()) == []


def test_a_sheet_in_the_same_folder_lies_beside_the_file(tmp_path: Path) -> None:
    file = tmp_path / "here" / "small.assessment"
    assert is_beside_file(tmp_path / "here" / "sheet.pdf", file)
    assert is_beside_file(tmp_path / "here" / "deeper" / "sheet.pdf", file)
    assert not is_beside_file(tmp_path / "sheet.pdf", file)
