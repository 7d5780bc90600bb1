"""A disk that is full: the old file is intact, a sentence says so, and once there is room everything is done."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerState, Content
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups, protection
from capacity_app.services.exchange.merge import apply_merge, merge_into_new, plan_merge
from capacity_app.services.exchange.returned_files import import_change_set, propose_import
from capacity_app.services.exports import export_archive, export_assessment
from capacity_app.services.reports import write_report
from capacity_app.services.session.change_sets import store_change_set
from capacity_app.storage.creation import write_new_assessment  # noqa: F401 - read before the disk is full
from capacity_app.storage.recovery import restore_backup
from tests.builders import file_of, open_session
from tests.faults.disks import Disk, SmallDisk, names_in
from tests.faults.operations import KEY, SECRET, VERSION_1, content_of, protected_file_of
from tests.faults.sentences import is_plain
from tests.services.exchange.making import answered, came_back, workbook
from tests.services.exchange.officers import answer, continued, says

TYPED = 30
BOTH = pytest.mark.parametrize("key", [None, SECRET], ids=["plain", "protected"])


def refusal(act: Callable[[], object]) -> str:
    """Expect something to be refused in one plain sentence."""
    with pytest.raises(KnownError) as refused:
        act()
    sentence = refused.value.text()
    assert is_plain(sentence), sentence
    return sentence


def made_on(disk: Disk, key: EncryptionKey | None) -> Path:
    return file_of(disk.folder) if key is None else protected_file_of(disk.folder)


def note(number: int) -> Content:
    return Content(state=AnswerState.ANSWERED, value=1, note=f"{number} " + "as long as notes are " * 40)


@BOTH
def test_what_is_typed_on_a_full_disk_is_saved_once_there_is_room(disk: Disk, key: EncryptionKey | None) -> None:
    file = made_on(disk, key)
    before = content_of(file, key)
    with open_session(file, keys=keyring_of(key)) as session:
        disk.fill()
        for number in range(TYPED):
            session.record(KEY, note(number))
        assert not session.flush()
        disk.free()
        assert content_of(file, key) == before
        disk.fill()
        assert not session.flush()
        disk.free()
        assert session.flush()
    with open_session(file, keys=keyring_of(key), read_only=True) as again:
        said = [one.content for one in reversed(again.history(KEY.address)) if one.key == KEY]
        assert said == [note(number) for number in range(TYPED)]


@BOTH
def test_closing_on_a_full_disk_says_what_is_not_saved_and_a_copy_elsewhere_has_it(
    usb_stick: SmallDisk, tmp_path: Path, key: EncryptionKey | None
) -> None:
    file = made_on(usb_stick, key)
    session = open_session(file, keys=keyring_of(key))
    usb_stick.fill()
    session.record(KEY, note(1))
    assert "disk is full" in refusal(session.close)
    copy = tmp_path / "copy.assessment"
    session.save_copy(copy)
    with open_session(copy, keys=keyring_of(key)) as rescued:
        assert rescued.content(KEY) == note(1)


@BOTH
def test_a_copy_onto_a_full_disk_leaves_the_old_copy(disk: Disk, tmp_path: Path, key: EncryptionKey | None) -> None:
    file = file_of(tmp_path) if key is None else protected_file_of(tmp_path)
    copy = disk.folder / "copy.assessment"
    copy.write_bytes(b"old")
    with open_session(file, keys=keyring_of(key)) as session:
        disk.fill()
        refusal(lambda: session.save_copy(copy, replace=True))
        refusal(lambda: session.save_copy(disk.folder / "new.assessment"))
        assert (copy.read_bytes(), names_in(disk.folder)) == (b"old", {"copy.assessment"})
        disk.free()
        session.save_copy(copy, replace=True)
    assert content_of(copy, key) == content_of(file, key)


@pytest.mark.parametrize("suffix", [".json", ".csv", ".xlsx", ".docx", ".zip"])
def test_an_export_onto_a_full_disk_leaves_the_old_file(disk: Disk, tmp_path: Path, suffix: str) -> None:
    file = file_of(tmp_path)
    out = disk.folder / f"out{suffix}"
    out.write_bytes(b"old")
    with open_session(file, read_only=True) as session:
        write: dict[str, Callable[[], object]] = {
            ".docx": lambda: write_report(session.dossier(), out, texts=Translator("en")),
            ".zip": lambda: export_archive(session, out, Translator("en")),
        }
        act = write.get(suffix, lambda: export_assessment(session, out, Translator("en")))
        disk.fill()
        if suffix == ".csv" and not isinstance(disk, SmallDisk):
            pytest.skip("a table is smaller than the limit")
        refusal(act)
        assert (out.read_bytes(), names_in(disk.folder)) == (b"old", {out.name})
        disk.free()
        act()
    assert out.stat().st_size > 1000


@BOTH
def test_a_full_disk_of_backups_costs_no_answer(
    usb_stick: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: EncryptionKey | None
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(usb_stick.folder))
    file = file_of(tmp_path) if key is None else protected_file_of(tmp_path)
    usb_stick.fill()
    told: list[KnownError] = []
    with open_session(file, keys=keyring_of(key), on_backup_failed=told.append) as session:
        session.record(KEY, note(1))
    (error,) = told
    assert is_plain(error.text())
    with open_session(file, keys=keyring_of(key), read_only=True) as again:
        assert again.content(KEY) == note(1)
    assert not [found for found in usb_stick.folder.rglob("*") if found.suffix in {".assessment", ".new"}]


@BOTH
def test_a_document_on_a_full_disk_is_backed_up_elsewhere(usb_stick: SmallDisk, key: EncryptionKey | None) -> None:
    file = made_on(usb_stick, key)
    usb_stick.fill()
    made = backups.make_backup(file, keyring_of(key))
    assert content_of(made.file, key) == content_of(file, key)


def test_a_migration_on_a_full_disk_leaves_the_old_version(usb_stick: SmallDisk) -> None:
    file = usb_stick.folder / "small.assessment"
    shutil.copy(VERSION_1, file)
    usb_stick.fill()
    refusal(lambda: open_session(file))
    assert file.read_bytes() == VERSION_1.read_bytes()
    kept = list(paths.backups_folder().rglob("*.assessment"))
    usb_stick.free()
    open_session(file).close()
    assert kept


def test_a_migration_whose_backup_finds_no_room_changes_nothing(
    usb_stick: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(usb_stick.folder))
    file = tmp_path / "small.assessment"
    shutil.copy(VERSION_1, file)
    usb_stick.fill()
    assert "a copy is kept" in refusal(lambda: open_session(file))
    assert file.read_bytes() == VERSION_1.read_bytes()
    with open_session(file, read_only=True) as session:
        assert session.entries("agencies")


def test_a_merge_on_a_full_disk_is_kept_in_memory_until_there_is_room(disk: Disk, tmp_path: Path) -> None:
    file = file_of(disk.folder)
    other = tmp_path / "Bea.assessment"
    shutil.move(continued(file, "Bea", says("i.law", answer(2)), says("ii.name", answer("Bea’s " * 30))), other)
    before = content_of(file)
    with open_session(file) as session:
        plan = plan_merge(session, (other,))
        disk.fill()
        apply_merge(session, plan)
        if session.flush():
            pytest.skip("small enough for the limit")
        disk.free()
        assert content_of(file) == before
        assert session.flush()
    assert content_of(file) != before


def test_a_merge_into_a_new_file_on_a_full_disk_makes_none(disk: Disk, tmp_path: Path) -> None:
    file = file_of(tmp_path)
    other = continued(file, "Bea", says("i.law", answer(2)))
    out = disk.folder / "merged.assessment"
    with open_session(file, read_only=True) as session:
        plan = plan_merge(session, (other,))
        disk.fill()
        refusal(lambda: merge_into_new(session, plan, out, author="A. Officer"))
        assert names_in(disk.folder) == set()
        disk.free()
        merge_into_new(session, plan, out, author="A. Officer")
    assert content_of(out) is not None


def test_a_file_taken_in_on_a_full_disk_is_kept_in_memory_until_there_is_room(disk: Disk) -> None:
    file = file_of(disk.folder)
    workbook()
    before = content_of(file)
    with open_session(file) as session:
        proposal = propose_import(session, came_back(session, {"ii.staff": answered(15)}), "agency-nso")
        disk.fill()
        store_change_set(session, import_change_set(session, proposal, {}, workbook()))
        assert not session.flush()
        disk.free()
        assert content_of(file) == before
        assert session.flush()


@pytest.mark.parametrize("wanted", [SECRET, None], ids=["protect", "unprotect"])
def test_protecting_on_a_full_disk_changes_nothing(disk: Disk, wanted: EncryptionKey | None) -> None:
    file = made_on(disk, None if wanted else SECRET)
    before, act = file.read_bytes(), partial(protection._change_key, file, wanted, keyring_of(SECRET))
    disk.fill()
    refusal(act)
    assert (file.read_bytes(), names_in(disk.folder)) == (before, {file.name})
    disk.free()
    act()
    assert content_of(file, SECRET) is not None


def test_restoring_on_a_full_disk_leaves_what_stands_there(usb_stick: SmallDisk) -> None:
    file = file_of(usb_stick.folder)
    backup = backups.make_backup(file)
    with open_session(file) as session:
        session.record(KEY, note(1))
    before = content_of(file)
    usb_stick.fill()
    refusal(lambda: restore_backup(backup, file))
    assert content_of(file) == before
    usb_stick.free()
    restore_backup(backup, file)
    assert content_of(file) == content_of(backup.file)


def test_where_nothing_may_be_mounted_these_tests_run_in_a_namespace_of_their_own(tmp_path: Path) -> None:
    own = (
        shutil.which("unshare") or "",
        "-Urm",
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "-k",
        "stick or small",
    )
    if os.geteuid() == 0 or not own[0]:
        pytest.skip("mounting is tried outright, or there is no unshare")
    if subprocess.run((*own[:2], "true"), check=False, capture_output=True).returncode:
        pytest.skip("no namespaces either")
    done = subprocess.run(
        (*own, "--basetemp", str(tmp_path / "own"), __file__), check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
