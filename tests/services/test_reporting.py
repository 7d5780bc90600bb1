"""Reports as files: by their ending, whole or not at all, and an old file never suffers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import is_complete_html, is_complete_pdf, write_report
from tests.builders import small_dossier
from tests.outputs.example import report_dossier

ENGLISH = Translator("en")
ENDINGS = (".pdf", ".html", ".xlsx")
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.mark.check
@pytest.mark.parametrize("ending", ENDINGS)
def test_the_ending_decides_what_is_written(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"Report{ending.upper()}"
    write_report(small_dossier(), file, texts=ENGLISH)
    begins = {".pdf": b"%PDF-", ".html": b"<!DOCTYPE html>", ".xlsx": b"PK\x03\x04"}
    assert file.read_bytes().startswith(begins[ending])
    assert names(tmp_path) == [file.name]


@pytest.mark.parametrize(("name", "word"), [("report.odt", "report.odt"), ("report", ".pdf, .docx, .html, .xlsx")])
def test_another_ending_is_refused_in_a_sentence(tmp_path: Path, name: str, word: str) -> None:
    with pytest.raises(KnownError, match=r"^A report ends in") as refused:
        write_report(small_dossier(), tmp_path / name, texts=ENGLISH)
    assert word in refused.value.text()


def test_an_unknown_profile_is_refused_with_those_there_are() -> None:
    with pytest.raises(KnownError, match="secret"):
        ReportProfile.parse("full secret")


@pytest.mark.check
def test_progress_rises_to_one_and_says_what_is_done(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    write_report(small_dossier(), tmp_path / "x.pdf", texts=ENGLISH, progress=lambda *step: told.append(step))
    shares = [share for _step, share in told]
    assert told[0] == ("Reading the answers", 0.0)
    assert told[-1] == ("Done", 1.0)
    assert "Creating page 2" in {step for step, _share in told}
    assert shares == sorted(shares)


def test_a_folder_that_does_not_exist_is_told_before_the_work(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(KnownError, match=r"The folder of r\.pdf does not exist"):
        write_report(
            small_dossier(), tmp_path / "no" / "r.pdf", texts=ENGLISH, progress=lambda step, _share: told.append(step)
        )
    assert told == []


def test_a_folder_of_the_same_name_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "r.html").mkdir()
    with pytest.raises(KnownError, match="is a folder"):
        write_report(small_dossier(), tmp_path / "r.html", texts=ENGLISH)


@pytest.mark.skipif(IS_ROOT, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(KnownError, match="may not be written here"):
        write_report(small_dossier(), tmp_path / "r.html", texts=ENGLISH)
    tmp_path.chmod(0o700)


@pytest.fixture
def full_disk(tmp_path: Path) -> Path:
    """Mount a disk of 300 KB with hardly any room left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)], check=False)  # noqa: S607 - the system's
    if mounted.returncode:
        pytest.skip("may not mount a disk here")
    (disk / "r.html").write_bytes(b"old")
    (disk / "filler").write_bytes(b"x" * 200_000)
    return disk


@pytest.mark.check
@pytest.mark.skipif(not IS_ROOT or sys.platform != "linux", reason="needs to mount a disk")
def test_a_full_disk_is_told_and_the_old_file_stays(full_disk: Path) -> None:
    try:
        with pytest.raises(KnownError, match=r"no space left for r\.html"):
            write_report(report_dossier(), full_disk / "r.html", texts=ENGLISH)
        assert (full_disk / "r.html").read_bytes() == b"old"
        assert names(full_disk) == ["filler", "r.html"]
    finally:
        subprocess.run(["umount", str(full_disk)], check=True)  # noqa: S607 - the system's


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"%%EOF", b"<html></html>"])
def test_a_part_of_a_pdf_is_not_whole(content: bytes) -> None:
    assert not is_complete_pdf(content)


@pytest.mark.parametrize("content", [b"", b"<!DOCTYPE html><p>", b"</html>"])
def test_a_part_of_a_page_is_not_whole(content: bytes) -> None:
    assert not is_complete_html(content)
