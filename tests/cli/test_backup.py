"""The command line makes, lists, restores and saves backups, and writes everything into one ZIP."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.encryption_keys import derive_key
from capacity_app.storage.assessment_file import AssessmentFile
from tests.builders import file_of, open_session

Run = Callable[..., tuple[int, str, str]]
PASSPHRASE = "correct horse battery staple"  # noqa: S105 - of a file made here


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path)


def renamed(run: Run, file: Path, name: str) -> None:
    assert run("register", "rename", file, "agencies", "agency-nso", name)[0] == 0


def agency(file: Path) -> str:
    with open_session(file, read_only=True) as session:
        entry = session.entry("agencies", "agency-nso")
        assert entry is not None
        return str(getattr(entry, "name", ""))


def test_a_command_that_changes_a_file_keeps_a_backup_which_is_listed_and_restored(run: Run, file: Path) -> None:
    assert run("backup", "list", file)[:2] == (0, f"There is no backup of {file.name} on this computer.\n")
    renamed(run, file, "First")
    renamed(run, file, "Second")
    code, said, _ = run("backup", "list", file, "--json")
    found = json.loads(said)["backups"]
    assert code == 0
    assert [(one["number"], one["reason"], one["answers"], one["from"]) for one in found] == [
        (2, "closed", 15, str(file)),
        (1, "closed", 15, str(file)),
    ]
    lines = run("backup", "list", file)[1].splitlines()
    assert len(lines) == 2
    assert "when the file was closed" in lines[0]
    code, said, _ = run("backup", "restore", file, 1)
    assert code == 0
    assert "is now as it was in backup 1" in said
    assert "What stood there before is kept" in said
    assert agency(file) == "First"


def test_a_backup_is_made_and_saved_elsewhere(run: Run, file: Path, tmp_path: Path) -> None:
    assert run("backup", "make", file)[1].startswith("Backup 1 was made: ")
    out = tmp_path / "then.assessment"
    assert run("backup", "save", file, 1, out)[0] == 0
    assert agency(out) == "National Statistical Office"
    code, _, complaint = run("backup", "save", file, 1, out)
    assert (code, "There is already a file" in complaint) == (1, True)
    assert run("backup", "save", file, 1, out, "--replace")[0] == 0


def test_a_number_there_is_not_and_a_file_that_is_gone(run: Run, file: Path) -> None:
    run("backup", "make", file)
    file.unlink()
    code, _, complaint = run("backup", "restore", file, 7)
    assert (code, "There are: 1." in complaint) == (1, True)
    assert run("backup", "restore", file, 1)[0] == 0
    assert agency(file) == "National Statistical Office"


def test_a_damaged_backup_is_listed_as_a_problem(run: Run, file: Path) -> None:
    made = json.loads(run("backup", "make", file, "--json")[1])
    Path(made["file"]).write_bytes(b"")
    code, said, _ = run("backup", "list", file)
    assert (code, "This backup is damaged and cannot be used." in said) == (1, True)


@pytest.mark.check
def test_everything_of_a_protected_file_is_written_only_when_somebody_says_so(
    run: Run, file: Path, tmp_path: Path
) -> None:
    protected, words, out = tmp_path / "protected.assessment", tmp_path / "words.txt", tmp_path / "all.zip"
    words.write_text(PASSPHRASE)
    with open_session(file) as session:
        session.key = derive_key(PASSPHRASE, bytes(range(16)))
        session.save_copy(protected)
    with pytest.raises(Exception, match="is protected"), AssessmentFile(protected):
        pass
    code, _, complaint = run("--passphrase-file", words, "export", protected, out)
    assert (code, "--yes" in complaint, out.exists()) == (1, True, False)
    assert run("--passphrase-file", words, "export", protected, out, "--yes")[0] == 0
    assert "dossier.json" in zipfile.ZipFile(out).namelist()
    assert run("--passphrase-file", words, "backup", "make", protected)[0] == 0
    assert run("--passphrase-file", words, "backup", "restore", protected, 1)[0] == 0
