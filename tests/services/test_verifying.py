"""Every kind of file we write is told apart, verifies, and stops to verify once answers have changed."""

import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from capacity_app.domain import fingerprint
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.problems import KnownError
from capacity_app.domain.verification import Match, Medium, Verdict, Verification
from capacity_app.report.view.parts import Part
from capacity_app.services.dossier_json import dossier_to_json
from capacity_app.services.reporting import report_bytes, write_report
from capacity_app.services.verifying import verify
from capacity_app.texts import Texts
from tests.builders import dated, file_of, small_dossier
from tests.domain.making import say

REPORTS = {".pdf": Medium.PDF, ".docx": Medium.WORD, ".html": Medium.HTML, ".xlsx": Medium.WORKBOOK}
PARTS = frozenset({Part.COVER, Part.SUMMARY, Part.PLAN, Part.EVIDENCE})
PATIENCE_S = 180


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the small dossier in all the forms it can take."""
    folder = tmp_path_factory.mktemp("files")
    file_of(folder)
    for suffix in REPORTS:
        write_report(small_dossier(), folder / f"report{suffix}", texts=Texts(), parts=PARTS)
    (folder / "dossier.json").write_text(dossier_to_json(small_dossier(), {}), encoding="utf-8")
    return folder


def at_odds(dossier: Dossier, folder: Path) -> Path:
    folder.mkdir()
    return file_of(folder, dossier)


@pytest.fixture(scope="module")
def others(folder: Path) -> dict[Match, Path]:
    """Write an assessment in which one answer was changed later, and one that was begun separately."""
    known = small_dossier()
    later = replace(dated([say("ii.staff", 13, who="agency-nso")])[0], time="2018-12-01T10:00:00+00:00")
    changed = tuple(later if answer.key == later.key else answer for answer in known.answers)
    twin = replace(known, id="11111111-2222-4333-8444-555555555555")
    return {
        Match.SAME: folder / "small.assessment",
        Match.DIFFERENT: at_odds(replace(known, answers=changed), folder / "later"),
        Match.OTHER: at_odds(twin, folder / "twin"),
    }


def codes(found: Verification) -> list[str]:
    return [one.code for one in found.observations]


def files(folder: Path) -> Iterator[tuple[Path, Medium]]:
    yield from ((folder / f"report{suffix}", medium) for suffix, medium in REPORTS.items())
    yield folder / "dossier.json", Medium.DOSSIER
    yield folder / "small.assessment", Medium.ASSESSMENT


def test_every_kind_of_file_is_told_apart_and_says_the_same_answers(folder: Path, others: dict[Match, Path]) -> None:
    digits = fingerprint.of_answers(small_dossier())
    for file, medium in files(folder):
        found = verify(file, others[Match.SAME])
        assert (found.medium, found.match, found.is_good) == (medium, Match.SAME, True), (file.name, found)
        assert found.stamp.fingerprint == digits
        assert "Small" in found.title


def test_a_report_says_what_it_is_without_any_assessment(folder: Path) -> None:
    for file, _medium in files(folder):
        found = verify(file)
        said = found.stamp
        assert found.is_good
        assert found.match is None
        assert (said.country, said.round, said.instrument, said.instrument_version) == ("XXA", "2018", "small", "1.0")
        assert (said.assessment, said.language) == (small_dossier().id, "en")
        assert said.exported == "2018-11-27T09:14:00+00:00"


def test_one_changed_answer_is_another_answer_in_every_file(folder: Path, others: dict[Match, Path]) -> None:
    for file, _medium in files(folder):
        found = verify(file, others[Match.DIFFERENT])
        assert found.match is Match.DIFFERENT
        assert not found.is_good
        assert codes(found)[-2:] == ["answers.different", "answers.older"]


def test_another_assessment_is_told_from_other_answers(folder: Path, others: dict[Match, Path]) -> None:
    for file, _medium in files(folder):
        found = verify(file, others[Match.OTHER])
        assert found.match is Match.OTHER
        assert codes(found)[-2:] == ["answers.other", "other.twin"]


def test_a_dossier_may_stand_for_the_assessment(folder: Path) -> None:
    assert verify(folder / "report.html", folder / "dossier.json").match is Match.SAME


def test_a_report_is_nothing_to_compare_with(folder: Path) -> None:
    with pytest.raises(KnownError, match="neither"):
        verify(folder / "report.html", folder / "report.xlsx")


@pytest.mark.parametrize("suffix", REPORTS)
def test_a_copy_without_names_still_belongs_to_its_assessment(tmp_path: Path, folder: Path, suffix: str) -> None:
    copy = tmp_path / f"nobody{suffix}"
    write_report(small_dossier(), copy, texts=Texts(), profile="no-names", parts={Part.COVER})
    found = verify(copy, folder / "small.assessment")
    assert (found.match, found.stamp.profile, found.is_good) == (Match.SAME, "no-names", True)


def test_a_report_in_arabic_shows_its_fingerprint_in_order(tmp_path: Path, folder: Path) -> None:
    for suffix in (".pdf", ".docx"):
        copy = tmp_path / f"arabic{suffix}"
        write_report(small_dossier(), copy, texts=Texts("ar"), parts={Part.COVER, Part.PLAN})
        found = verify(copy, folder / "small.assessment")
        assert found.is_good, found.observations
        assert found.stamp.language == "ar"


# -- what happens to files on their way ----------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_copy_saved_again_by_libreoffice_still_verifies(tmp_path: Path, folder: Path, suffix: str) -> None:
    profile = f"-env:UserInstallation=file://{tmp_path}/office"
    made = ["soffice", profile, "--headless", "--convert-to", suffix[1:], "--outdir", str(tmp_path)]
    subprocess.run([*made, str(folder / f"report{suffix}")], check=True, capture_output=True, timeout=PATIENCE_S)
    found = verify(tmp_path / f"report{suffix}", folder / "small.assessment")
    assert (found.match, found.is_good) == (Match.SAME, True), found.observations
    assert found.stamp == verify(folder / f"report{suffix}").stamp


def printed_anew(*pages: tuple[Path, int]) -> bytes:
    """Put single pages of documents into a new one, which says nothing of itself."""
    document, buffer = pypdfium2.PdfDocument.new(), BytesIO()
    for file, page in pages:
        document.import_pages(pypdfium2.PdfDocument(file), [page])
    document.save(buffer)
    return buffer.getvalue()


def test_a_report_printed_into_another_file_is_known_by_its_pages(tmp_path: Path, folder: Path) -> None:
    report, copy = folder / "report.pdf", tmp_path / "printed.pdf"
    copy.write_bytes(printed_anew((report, 1), (report, 2)))
    found = verify(copy, folder / "small.assessment")
    assert (found.match, found.is_good) == (Match.SAME, True)
    assert codes(found) == ["data.none", "pages.equal", "answers.same"]
    assert found.stamp.fingerprint == fingerprint.of_answers(small_dossier())


def test_a_page_of_another_report_is_found_by_its_number(tmp_path: Path, folder: Path) -> None:
    other = tmp_path / "other.pdf"
    changed = replace(small_dossier(), answers=small_dossier().answers[1:])
    other.write_bytes(report_bytes(changed, ".pdf", texts=Texts(), parts={Part.PLAN}))
    report, copy = folder / "report.pdf", tmp_path / "mixed.pdf"
    copy.write_bytes(printed_anew((report, 1), (other, 0), (report, 2)))
    found = verify(copy, folder / "small.assessment")
    assert not found.is_good
    wrong = [one for one in found.observations if one.verdict is Verdict.BAD]
    assert [(one.code, one.values) for one in wrong] == [("pages.other", (("pages", "2"),))]


def test_another_fingerprint_in_the_text_is_told(tmp_path: Path, folder: Path) -> None:
    digits = fingerprint.grouped(fingerprint.of_answers(small_dossier()))
    text = (folder / "report.html").read_text(encoding="utf-8")
    forged = tmp_path / "forged.html"
    forged.write_text(text.replace(digits, digits[::-1]), encoding="utf-8")
    assert "text.other" in codes(verify(forged))


def test_an_assessment_changed_by_hand_is_told_place_by_place(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE answers SET note = 'by hand' WHERE question = 'ii.staff'")
    connection.close()
    found = verify(file)
    assert not found.is_good
    assert codes(found) == ["file.damaged", "history.whole", "history.unsealed"]
    assert [problem.place for problem in found.damage] == ["ii.staff"]


def test_a_dossier_changed_by_hand_says_what_cannot_be_read(tmp_path: Path, folder: Path) -> None:
    text = (folder / "dossier.json").read_text(encoding="utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace('"question": "ii.staff"', '"question": 7', 1), encoding="utf-8")
    found = verify(changed, folder / "small.assessment")
    assert found.match is Match.DIFFERENT
    assert not found.is_good
    assert found.damage
