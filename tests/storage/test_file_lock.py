"""The lock beside a file is given back even where the system keeps its file."""

from pathlib import Path

import pytest

from capacity_app.storage.file_lock import LockOwner, WriteLock

ME, OTHER = LockOwner("Ana", "laptop-1", "2026-01-01T08:00:00+00:00"), LockOwner("Ben", "laptop-2", "")


def keep_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the system remove nothing, as Windows does while a file is open."""

    def refuse(_path: Path, **_options: bool) -> None:
        raise PermissionError(32, "The process cannot access the file because it is being used by another process")

    monkeypatch.setattr(Path, "unlink", refuse)


def test_asking_whether_a_file_is_free_keeps_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.assessment"
    held = WriteLock(file, OTHER)
    assert held.take() is None
    asking = WriteLock(file, ME)
    assert not asking.is_free()
    (tmp_path / "b.assessment").touch()
    (tmp_path / ".b.assessment.lock").touch()  # left by a crash
    keep_all_files(monkeypatch)
    assert WriteLock(tmp_path / "b.assessment", ME).is_free()
    assert WriteLock(tmp_path / "b.assessment", OTHER).take() is None


def test_a_lock_is_given_back_though_its_files_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.assessment"
    held = WriteLock(file, ME)
    assert held.take() is None
    keep_all_files(monkeypatch)
    held.release()
    assert WriteLock(file, OTHER).take() is None
