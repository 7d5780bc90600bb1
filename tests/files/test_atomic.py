"""Whatever goes wrong, a file has its old content or all of the new one, and nothing else stays beside it."""

import errno
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError, windows_refusal
from capacity_app.files.atomic import (
    atomic_file,
    atomic_folder,
    check_writable,
    move_into_place,
    write_atomically,
)
from tests.builders import file_of, open_session
from tests.places import names_in

HOURS = 7_200


def test_a_file_that_fails_verification_leaves_the_old_one(tmp_path: Path) -> None:
    file = tmp_path / "r.pdf"
    file.write_bytes(b"old")
    with pytest.raises(KnownError, match="not written completely"):
        write_atomically(file, b"%PDF-1.7 cut off", lambda content: content.endswith(b"EOF"))
    assert file.read_bytes() == b"old"
    assert names_in(tmp_path) == ["r.pdf"]


CHILD = """
import resource, signal, sys
from pathlib import Path
from capacity_app.domain.problems import KnownError, windows_refusal
from capacity_app.files.atomic import write_atomically
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    write_atomically(Path(sys.argv[1]), b"x" * 50_000)
except KnownError as error:
    print(error.text())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits a child process as Linux does")
def test_a_write_that_fails_midway_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "r.pdf"
    file.write_bytes(b"old")
    done = subprocess.run([sys.executable, "-c", CHILD, str(file)], capture_output=True, check=True, text=True)
    assert "There is no space left for r.pdf." in done.stdout
    assert file.read_bytes() == b"old"
    assert names_in(tmp_path) == ["r.pdf"]


def test_an_overwritten_file_keeps_its_permissions(tmp_path: Path) -> None:
    file = tmp_path / "r.html"
    file.write_bytes(b"old")
    file.chmod(0o640)
    write_atomically(file, b"new")
    assert (file.read_bytes(), file.stat().st_mode & 0o777) == (b"new", 0o640)


def test_every_errno_that_is_told_has_a_sentence_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as told:
        write_atomically(tmp_path / ("n" * 300 + ".pdf"), b"x")
    assert isinstance(told.value.__cause__, OSError)
    assert told.value.__cause__.errno == errno.ENAMETOOLONG
    assert "is too long" in told.value.text()


def test_a_file_that_cannot_be_begun_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"The folder of r\.pdf does not exist"):
        check_writable(tmp_path / "no" / "r.pdf")
    (tmp_path / "r.pdf").write_bytes(b"old")
    check_writable(tmp_path / "r.pdf")
    assert names_in(tmp_path) == ["r.pdf"]


def test_an_error_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "r.zip"
    file.write_bytes(b"old")
    with pytest.raises(TypeError, match="bytes"), atomic_file(file, lambda _temp: True) as written:
        written.writelines([b"half a fi", "text"])  # type: ignore[list-item]
    assert (file.read_bytes(), names_in(tmp_path)) == (b"old", ["r.zip"])


@pytest.mark.parametrize("name", ["x" * 250, "移" * 80, "🌍" * 60, "a [1] *?", ".hidden"])
def test_a_file_may_have_any_name_that_the_disk_takes(tmp_path: Path, name: str) -> None:
    write_atomically(tmp_path / name, b"new")
    assert names_in(tmp_path) == [name]


@pytest.mark.parametrize("has_links", [True, False])
def test_a_name_that_is_taken_is_never_overwritten_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_links: bool
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    if not has_links:
        monkeypatch.setattr(os, "link", refuse)
    temp, file = tmp_path / "temp", tmp_path / "file"
    temp.write_bytes(b"new")
    move_into_place(temp, file, overwrite=False)
    temp.write_bytes(b"newer")
    with pytest.raises(FileExistsError):
        move_into_place(temp, file, overwrite=False)
    assert file.read_bytes() == b"new"


# -- folders -------------------------------------------------------------------------------------------------------


def folder_with(folder: Path, content: str) -> Path:
    folder.mkdir()
    (folder / "part.txt").write_text(content)
    return folder


def test_a_folder_is_replaced_whole_and_the_old_one_goes(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "tables", "old")
    with atomic_folder(folder) as temp:
        (temp / "new.txt").write_text("new")
        assert (folder / "part.txt").read_text() == "old"
    assert (names_in(tmp_path), names_in(folder)) == (["tables"], ["new.txt"])


def test_an_old_folder_can_be_kept_under_another_name(tmp_path: Path) -> None:
    folder = folder_with(tmp_path / "toolkit", "old")
    with atomic_folder(folder, keep_old_as=tmp_path / "toolkit-1") as temp:
        (temp / "part.txt").write_text("new")
    assert ((tmp_path / "toolkit-1" / "part.txt").read_text(), (folder / "part.txt").read_text()) == ("old", "new")


def test_an_error_leaves_the_old_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = folder_with(tmp_path / "tables", "old")
    with pytest.raises(KeyboardInterrupt), atomic_folder(folder):
        raise KeyboardInterrupt
    rename = Path.rename

    def refuse_new(path: Path, target: Path) -> Path:
        if "capacity-app" in path.name:
            raise PermissionError
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse_new)
    with pytest.raises(PermissionError), atomic_folder(folder) as temp:
        (temp / "part.txt").write_text("new")
    assert ((folder / "part.txt").read_text(), names_in(tmp_path)) == ("old", ["tables"])


# -- what a killed program left behind -----------------------------------------------------------------------------


def begun(file: Path, *, is_old: bool) -> Path:
    file.write_bytes(b"half a fi")
    if is_old:
        then = time.time() - HOURS
        os.utime(file, (then, then))
    return file


def test_what_a_killed_program_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    old = begun(tmp_path / ".last year.pdf.capacity-app-17-abc", is_old=True)
    new = begun(tmp_path / ".report.pdf.capacity-app-18-def", is_old=False)
    write_atomically(tmp_path / "report.pdf", b"whole")
    assert (old.exists(), new.exists()) == (False, True)


def test_half_a_copy_is_removed_by_the_next_one_and_files_of_others_stay(tmp_path: Path) -> None:
    copy = tmp_path / "small [1].assessment"
    old = begun(tmp_path / f".{copy.name}.capacity-app-17-0badcafe", is_old=True)
    journal = begun(tmp_path / f".{copy.name}.capacity-app-17-0badcafe-journal", is_old=True)
    new = begun(tmp_path / f".{copy.name}.capacity-app-18-1badcafe", is_old=False)
    others = begun(tmp_path / ".other.0badcafe.new", is_old=True)
    with open_session(file_of(tmp_path)) as session:
        session.save_copy(copy)
    assert (old.exists(), journal.exists(), new.exists()) == (False, False, True)
    assert (others.exists(), copy.exists()) == (True, True)


@pytest.mark.parametrize("name", ["con.assessment", "NUL", "Com1.pdf", "lpt9 .xlsx"])
def test_names_of_devices_are_refused_on_windows_with_a_sentence_of_their_own(tmp_path: Path, name: str) -> None:
    refusal = windows_refusal(tmp_path / name, "win32")
    assert refusal
    assert "for a device" in refusal.text()
    assert windows_refusal(tmp_path / name, "linux") is None


def test_a_path_too_long_for_windows_is_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / ("a" * 90) / ("b" * 90) / ("c" * 90) / "x.pdf"
    refusal = windows_refusal(file, "win32")
    assert refusal
    assert f"{len(str(file))} characters" in refusal.text()
    for usual in ("x.pdf", "console.pdf", "contract.xlsx"):
        assert windows_refusal(Path("C:/work") / usual, "win32") is None
