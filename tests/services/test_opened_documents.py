"""Held documents opened: private copies that cannot be changed, checked again, and removed."""

import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.files import private_folders
from capacity_app.files.private_folders import PREFIX, remove_abandoned_folders
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.opened_documents import OpenedDocuments
from tests.builders import file_of, open_session

PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path)) as made:
        yield made


@pytest.fixture
def act(session: AssessmentSession, tmp_path: Path) -> Evidence:
    file = tmp_path / "The act: 2018?.pdf"
    file.write_bytes(PDF)
    entry = session.attach(file).after
    assert isinstance(entry, Evidence)
    return entry


def _left() -> list[str]:
    return [path.name for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*")]


def test_a_copy_is_private_plainly_named_and_cannot_be_written(session: AssessmentSession, act: Evidence) -> None:
    opened = OpenedDocuments(session)
    copy = opened.copy_of(act)
    assert copy.read_bytes() == PDF
    assert copy.name == "The act_ 2018_.pdf"
    assert stat.S_IMODE(copy.stat().st_mode) == stat.S_IRUSR
    assert stat.S_IMODE(copy.parent.parent.stat().st_mode) == stat.S_IRWXU
    assert opened.copy_of(act) == copy, "the same document is not copied twice"


def test_copies_are_removed_with_the_assessment(session: AssessmentSession, act: Evidence) -> None:
    opened = OpenedDocuments(session)
    copy = opened.copy_of(act)
    opened.remove()
    assert not copy.exists()
    assert _left() == []
    assert opened.copy_of(act).is_file(), "and may be made again"
    opened.remove()


def test_copies_go_when_nobody_removes_them(session: AssessmentSession, act: Evidence) -> None:
    opened = OpenedDocuments(session)
    opened.copy_of(act)
    del opened
    assert _left() == []


def _killed_with_a_copy_open(file: Path) -> None:
    """Have a program of its own make copies of all held documents, and die."""
    code = (
        "import os, sys; from pathlib import Path; from tests.builders import open_session\n"
        "from capacity_app.services.session.opened_documents import OpenedDocuments\n"
        "session = open_session(Path(sys.argv[1]), read_only=True); opened = OpenedDocuments(session)\n"
        "[opened.copy_of(one) for one in session.entries('evidence') if one.document]\n"
        "os.kill(os.getpid(), 9)"
    )
    surroundings = os.environ | {"TMPDIR": tempfile.gettempdir()}
    subprocess.run([sys.executable, "-c", code, str(file)], env=surroundings, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="programs are killed otherwise there")
@pytest.mark.usefixtures("act")
def test_what_a_killed_program_left_behind_is_swept_away_at_the_next_start(session: AssessmentSession) -> None:
    session.close()
    _killed_with_a_copy_open(session.file)
    assert len(_left()) == 1
    remove_abandoned_folders()
    assert _left() == []


def test_what_another_window_has_open_is_let_be(session: AssessmentSession, act: Evidence) -> None:
    opened, other = OpenedDocuments(session), OpenedDocuments(session)
    copy = opened.copy_of(act)
    remove_abandoned_folders()
    other.copy_of(act)
    other.remove()
    assert copy.read_bytes() == PDF
    opened.remove()
    assert _left() == []


def test_a_folder_just_being_made_is_let_be_and_an_old_one_without_owner_goes() -> None:
    old, fresh = (Path(tempfile.mkdtemp(prefix=PREFIX)) for _ in range(2))
    (old / "left.pdf").write_bytes(PDF)
    (old / "left.pdf").chmod(stat.S_IRUSR)
    long_ago = fresh.stat().st_mtime - 2 * private_folders._FORGOTTEN_AFTER
    os.utime(old, (long_ago, long_ago))
    remove_abandoned_folders()
    assert _left() == [fresh.name]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_somebody_else_laid_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.pdf").write_bytes(PDF)
    os.utime(mine, (1, 1))
    (Path(tempfile.gettempdir()) / f"{PREFIX}x").symlink_to(mine)
    remove_abandoned_folders()
    assert [one.name for one in mine.iterdir()] == ["letter.pdf"]


@pytest.mark.parametrize("name", ["run.exe", "act.pdf.exe", "act", "../../act.txt.lnk"])
def test_a_name_that_promises_something_else_is_refused(session: AssessmentSession, act: Evidence, name: str) -> None:
    with pytest.raises(KnownError):
        OpenedDocuments(session).copy_of(replace(act, file_name=name))


def test_a_name_leads_nowhere_else(session: AssessmentSession, act: Evidence) -> None:
    opened = OpenedDocuments(session)
    copy = opened.copy_of(replace(act, file_name="../../../etc/passwd.pdf"))
    assert Path(tempfile.gettempdir()) in copy.parents
    assert copy.parent != Path(tempfile.gettempdir())


def test_without_a_held_document_there_is_nothing_to_open(session: AssessmentSession) -> None:
    law = session.entry("evidence", "evidence-law")
    assert isinstance(law, Evidence)
    with pytest.raises(KnownError, match="nothing to open"):
        OpenedDocuments(session).copy_of(law)
