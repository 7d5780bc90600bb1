"""A journal that lies beside a stranger's file: SQLite deletes the file it names, so it is refused at every door."""

import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.services import backups, protection
from capacity_app.services.headquarters.file_reader import ReadJob, read_parcel
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage import database, file_errors, recovery
from capacity_app.storage.assessment_file import AssessmentFile
from capacity_app.storage.creation import change_key
from capacity_app.storage.headquarters_database import open_headquarters_database
from capacity_app.storage.opening import expect_assessment_file
from capacity_app.storage.recovery import restore_backup
from tests.builders import DEVICE, file_of, open_session, small_dossier

KEY = EncryptionKey(bytes(range(1, 17)), bytes(range(32)))
_MARK = bytes.fromhex("d9d505f920a163d7")
_PAGE = 4_096


def evil_journal(file: Path, victim: Path, *, pages: int = 0, checksum: int | None = None) -> Path:
    """Put a journal beside a file that names another one, as SQLite does when one commit changes several files."""
    name = str(victim).encode()
    head = _MARK + struct.pack(">IIIII", pages, 7, file.stat().st_size // _PAGE, 512, _PAGE)
    total = sum(name) if checksum is None else checksum
    record = struct.pack(">I", 0x40000000 // _PAGE + 1) + name + struct.pack(">II", len(name), total & 0xFFFFFFFF)
    journal = file.with_name(f"{file.name}-journal")
    journal.write_bytes(head.ljust(512, b"\0") + record + _MARK)
    return journal


@pytest.fixture
def victim(tmp_path: Path) -> Path:
    file = tmp_path / "thesis.docx"
    file.write_bytes(b"years of work")
    return file


@pytest.fixture(params=[None, KEY], ids=["plain", "protected"])
def key(request: pytest.FixtureRequest) -> EncryptionKey | None:
    found: EncryptionKey | None = request.param
    return found


@pytest.fixture
def file(tmp_path: Path, key: EncryptionKey | None) -> Path:
    made = file_of(tmp_path)
    if key is not None:
        change_key(made, None, key)
    return made


def test_sqlite_deletes_the_file_that_such_a_journal_names(tmp_path: Path, victim: Path) -> None:
    file = file_of(tmp_path)
    evil_journal(file, victim)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    assert not victim.exists()


DOORS: dict[str, Callable[[Path, EncryptionKey | None], object]] = {
    "a window opens it": lambda file, key: AssessmentSession(file, device=DEVICE, keys=keyring_of(key)),
    "it is opened to read": lambda file, key: AssessmentSession(
        file, device=DEVICE, keys=keyring_of(key), read_only=True
    ),
    "it is opened by itself": lambda file, key: AssessmentFile(file, keys=keyring_of(key)),
    "it is asked what it is": lambda file, key: expect_assessment_file(file, keyring_of(key)),
    "its passphrase is changed": lambda file, key: protection.protect(
        file, "eleven winters in Velmora", keyring_of(key)
    ),
    "it is backed up by hand": lambda file, key: backups.make_backup(file, keyring_of(key)),
    "it is backed up before it is replaced": lambda file, key: recovery.back_up_closed(file, key, BackupReason.BY_HAND),
    "it is put under a key": lambda file, key: change_key(file, key, KEY),
    "it is connected to": database.connect,
}


@pytest.mark.parametrize("door", DOORS)
def test_at_every_door_it_is_refused_and_nothing_is_changed(
    file: Path, victim: Path, key: EncryptionKey | None, door: str
) -> None:
    before, journal = file.read_bytes(), evil_journal(file, victim)
    lies = journal.read_bytes()
    with pytest.raises(KnownError) as refused:
        DOORS[door](file, key)
    assert refused.value.message == file_errors.NAMES_ANOTHER
    assert victim.read_bytes() == b"years of work"
    assert (file.read_bytes(), journal.read_bytes()) == (before, lies)


@pytest.mark.parametrize(
    "command",
    [
        ("check", "{file}"),
        ("score", "{file}"),
        ("verify", "{file}"),
        ("verify", "{own}", "{file}"),
        ("merge", "{own}", "{file}", "-o", "{out}"),
        ("import", "{own}", "{file}", "--dry-run"),
        ("compare", "{own}", "{file}"),
        ("migrate", "{file}", "--dry-run"),
        ("report", "{file}", "-"),
        ("export", "{file}", "{out}.json"),
        ("new", "{out}", "--from", "{file}", "--round", "2030"),
        ("history", "{file}", "i.law"),
        ("backup", "make", "{file}"),
    ],
    ids=" ".join,
)
def test_every_command_refuses_it_in_a_sentence(
    tmp_path: Path, victim: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.joinpath("sent").mkdir()
    places = {"file": file_of(tmp_path / "sent"), "own": file_of(tmp_path), "out": tmp_path / "out.assessment"}
    evil_journal(places["file"], victim)
    assert main([part.format(**places) for part in command]) == 1
    told = capsys.readouterr()
    assert "names another file" in told.out + told.err
    assert victim.exists()
    assert not places["out"].exists()


def test_one_that_comes_while_the_file_is_open_stops_saving_until_it_is_gone(tmp_path: Path, victim: Path) -> None:
    plan = AnswerKey(Address("i.plan"), respondent="agency-nso")
    with open_session(file_of(tmp_path)) as session:
        journal = evil_journal(session.file, victim)
        session.record(plan, Content(state=AnswerState.ANSWERED, value=3))
        assert not session.flush()
        assert victim.exists()
        journal.unlink()
        assert session.flush()
    with open_session(session.file) as session:
        assert session.content(plan).value == 3


def test_headquarters_refuses_it_and_carries_it_nowhere(file: Path, tmp_path: Path, victim: Path) -> None:
    evil_journal(file, victim)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    parcel = read_parcel(ReadJob(path=file.name, location=str(file), keys=keyring_of(KEY)), scratch)
    assert "names another file" in parcel.file.reason
    assert victim.exists()
    assert not list(scratch.glob("*-journal"))


@pytest.mark.check
def test_a_repository_with_such_a_journal_is_refused(tmp_path: Path, victim: Path) -> None:
    out, folder = tmp_path / "out.sqlite", tmp_path / "countries"
    folder.mkdir()
    file_of(folder)
    assert main(["aggregate", str(folder), "-o", str(out)]) == 0
    evil_journal(out, victim)
    with pytest.raises(KnownError, match="names another file"):
        open_headquarters_database(out)
    assert main(["aggregate", str(folder), "-o", str(out)]) == 1
    assert victim.exists()


def test_a_backup_can_be_restored_where_such_a_journal_lies(tmp_path: Path, victim: Path) -> None:
    file = file_of(tmp_path)
    backup = backups.make_backup(file)
    evil_journal(file, victim)
    kept = restore_backup(backup, file)
    assert kept is not None
    assert not list(kept.parent.glob("*-journal"))
    with open_session(file) as session:
        assert session.dossier() == small_dossier()
    assert victim.exists()


def test_a_new_file_is_not_put_where_such_a_journal_lies(tmp_path: Path, victim: Path) -> None:
    with open_session(file_of(tmp_path)) as session:
        copy = tmp_path / "copy.assessment"
        copy.write_bytes(b"")
        evil_journal(copy, victim)
        copy.unlink()
        with pytest.raises(KnownError, match=r"There is already a file “copy\.assessment-journal”"):
            session.save_copy(copy)
        session.save_copy(copy, replace=True)
    with open_session(copy) as session:
        assert session.dossier() == small_dossier()
    assert victim.exists()


@pytest.mark.parametrize("checksum", [None, 1], ids=["right", "wrong"])
@pytest.mark.parametrize("pages", [0, 1])
def test_it_is_known_by_its_end_whatever_else_it_says(
    tmp_path: Path, victim: Path, pages: int, checksum: int | None
) -> None:
    journal = evil_journal(file_of(tmp_path), victim, pages=pages, checksum=checksum)
    assert database.names_super_journal(journal)
    whole = journal.read_bytes()
    journal.write_bytes(b"\0" * 9 + whole[-16 - len(str(victim)) :])
    assert database.names_super_journal(journal), "SQLite looks at the end only"
    for harmless in (b"", whole[:-1], whole + b"\0", whole[-16:], whole[:512], _MARK):
        journal.write_bytes(harmless)
        assert not database.names_super_journal(journal)


@pytest.mark.parametrize("read_only", [True, False], ids=["to read", "to write"])
def test_a_commit_that_was_cut_off_in_a_protected_file_is_taken_back(
    tmp_path: Path,
    read_only: bool,  # noqa: FBT001 - both ways
) -> None:
    file = file_of(tmp_path)
    change_key(file, None, KEY)
    with closing(database.connect(file, KEY)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO documents VALUES (?, 1, ?)", ((str(n), b"x" * 3000) for n in range(50)))
        left = {path: path.read_bytes() for path in (file, file.with_name(f"{file.name}-journal"))}
        connection.execute("ROLLBACK")
    for path, content in left.items():
        path.write_bytes(content)
    with AssessmentFile(file, read_only=read_only, keys=keyring_of(KEY)) as opened:
        assert opened.read().documents == {}
        assert opened.check() == ()
    assert ({path: path.read_bytes() for path in left if path.exists()} == left) is read_only
