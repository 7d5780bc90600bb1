"""Of a corrupted file everything SQLite can read is recovered, and what is lost or doubtful is said."""

import random
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, derive_key, keyring_of
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups, corrupted_file
from capacity_app.services.corrupted_file import RecoverableFile, read_corrupted
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.storage import database
from capacity_app.storage.recovery import CorruptedFileReader
from tests.builders import DEVICE, file_of, open_session, small_dossier
from tests.tampering import tampered

PAGE = 4_096
PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
KEY = derive_key("velmora", bytes(range(200, 216)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a long history and two documents."""
    made = file_of(tmp_path)
    with open_session(made) as session:
        for number in range(60):
            session.record(
                PLAN, Content(state=AnswerState.ANSWERED, value=number % 3, note=f"{number} " + "long " * 60)
            )
        for name in ("act", "plan"):
            paper = tmp_path / f"{name}.txt"
            paper.write_text(f"{name} " * 3_000)
            session.attach(paper)
            paper.unlink()
    return made


def _pages(file: Path, text: str) -> list[int]:
    """List the pages on which a text stands, the first being 0."""
    content = file.read_bytes()
    return [at for at in range(len(content) // PAGE) if text.encode() in content[at * PAGE : (at + 1) * PAGE]]


def _spoil(file: Path, *pages: int) -> None:
    content = bytearray(file.read_bytes())
    for page in pages:
        content[page * PAGE : (page + 1) * PAGE] = random.Random(page).randbytes(PAGE)  # noqa: S311 - a repeatable test
    file.write_bytes(content)


def _root(file: Path, table: str, key: Keyring = NO_KEYS) -> int:
    opened = database.connect(str(file), KEY if key else None)
    with closing(opened) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    return int(page) - 1


def _recovered(file: Path, keys: Keyring = NO_KEYS) -> tuple[RecoverableFile, Path]:
    before, out = file.read_bytes(), file.with_name("recovered.assessment")
    out.unlink(missing_ok=True)
    found = read_corrupted(file, keys)
    corrupted_file.write_recovered_file(found, out)
    assert file.read_bytes() == before
    return found, out


def _sentences(found: RecoverableFile) -> str:
    return " ".join(corrupted_file.format_losses(Translator(), found))


def test_of_an_intact_file_everything_is_recovered(file: Path) -> None:
    found, out = _recovered(file)
    assert found.is_intact
    assert _sentences(found) == "Nothing is known to be lost."
    with open_session(file) as one, open_session(out) as other:
        assert other.dossier() == one.dossier()
        assert {revision.id for revision in other.known.answers.all()} == {
            revision.id for revision in one.known.answers.all()
        }
        assert other.check_file() == ()


@pytest.mark.check
@pytest.mark.parametrize("keys", [NO_KEYS, keyring_of(KEY)], ids=["plain", "protected"])
def test_where_all_revisions_are_unreadable_the_last_state_of_each_answer_and_entry_is_left(
    file: Path, tmp_path: Path, keys: Keyring
) -> None:
    if keys:
        database.rewrite_under_key(file, None, tmp_path / "protected.assessment", KEY)
        file = tmp_path / "protected.assessment"
    with open_session(file, keys=keys) as session:
        said, registers = session.dossier().answers, session.entries("agencies")
    _spoil(file, _root(file, "answer_revisions", keys), _root(file, "entry_revisions", keys))
    found, out = _recovered(file, keys)
    assert (found.said_again, found.lost["answers"], found.places, found.is_complete) == (15 + 11, 0, {}, False)
    assert "Of 26 answers and register entries only the last state is left." in _sentences(found)
    assert "The program cannot tell how much was in them." in _sentences(found)
    with open_session(out, keys=keys) as session:
        assert session.dossier().answers == said
        assert session.entries("agencies") == registers
        assert session.check_file() == ()


def test_rows_between_unreadable_pages_are_read_and_the_missing_ones_counted(file: Path) -> None:
    with open_session(file) as session:
        whole = {one.id for one in session.known.answers.all()}
        before = session.dossier()
    history = [page for page in _pages(file, "long long") if not set(_pages(file, '"note"')) & {page}]
    assert len(history) >= 6
    _spoil(file, *history[1:-1:2])
    found, out = _recovered(file)
    with open_session(out) as session:
        left = {one.id for one in session.known.answers.all()} & whole
        assert len(whole) // 4 < len(left) < len(whole)
        assert session.dossier().answers == before.answers
        assert session.conflicts() == ()
        assert session.check_file() == ()
    # The program counts a revision as lost if another one names it: of neighbours only the last.
    assert 0 < found.lost["answers"] <= len(whole) - len(left)
    assert not found.is_intact


def test_a_stale_answer_does_not_come_back_where_a_revision_between_is_lost(file: Path) -> None:
    tampered(file, "DELETE FROM answer_revisions WHERE note LIKE '58 %'")
    found, out = _recovered(file)
    assert found.lost["answers"] == 1
    with open_session(out) as session:
        assert session.content(PLAN).note.startswith("59 ")
        assert session.conflicts() == ()


def test_where_the_file_holds_two_texts_the_place_is_named(file: Path) -> None:
    tampered(file, "UPDATE answer_revisions SET note = 'flipped' WHERE question = 'ii.staff'")
    tampered(file, "UPDATE agencies SET name = 'flipped' WHERE id = 'agency-moi'")
    found, _ = _recovered(file)
    assert set(found.places) == {"ii.staff", "agencies/agency-moi"}
    assert "The file holds two different texts here. Check these places: ii.staff, agencies/agency-moi." in (
        _sentences(found)
    )


def test_a_document_that_cannot_be_read_is_lost_and_the_other_one_kept(file: Path) -> None:
    _spoil(file, _pages(file, "act act act")[-1])
    found, out = _recovered(file)
    assert (len(found.documents), found.lost["documents"]) == (1, 1)
    assert "1 document is lost: attach it again." in _sentences(found)
    with open_session(out) as session:
        assert [problem.code for problem in session.check_file()] == ["file.no_document"]


def test_an_earlier_round_with_a_changed_letter_is_lost(tmp_path: Path) -> None:
    file = file_of(tmp_path, small_dossier(previous=small_dossier(id="earlier")))
    tampered(file, "UPDATE previous_rounds SET content = replace(content, 'Statistics Act', 'Statistics Fact')")
    found, out = _recovered(file)
    assert found.lost["earlier"] == 1
    with open_session(out) as session:
        assert session.previous is None


@pytest.mark.check
def test_an_unreadable_questionnaire_is_taken_from_a_backup_or_from_this_computer(tmp_path: Path, file: Path) -> None:
    whole = file.read_bytes()
    backups.make_backup(file)
    _spoil(file, _root(file, "instrument"))
    found, _ = _recovered(file)
    assert found.instrument_from == corrupted_file.FROM_BACKUP
    elsewhere = tmp_path / "elsewhere.assessment"
    elsewhere.write_bytes(whole.replace(b"5f6b5a36", b"6f6b5a36"))
    _spoil(elsewhere, _root(elsewhere, "instrument"))
    with pytest.raises(KnownError, match=r"The questionnaire in “elsewhere\.assessment” cannot be read"):
        read_corrupted(elsewhere)
    demonstration = tmp_path / "demonstration.assessment"
    create_demonstration(demonstration, device=DEVICE)
    tampered(demonstration, "UPDATE instrument SET content = replace(content, 'country', 'kountry')")
    found, _ = _recovered(demonstration)
    assert found.instrument_from == corrupted_file.FROM_LIBRARY


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_files_of_older_versions_are_recovered_too(tmp_path: Path, version: int) -> None:
    file = tmp_path / "old.assessment"
    shutil.copy(Path(__file__).parents[1] / "expected" / "assessments" / f"version-{version}.assessment", file)
    with open_session(file, read_only=True) as session:
        before = session.dossier()
    _spoil(file, _root(file, "previous_rounds"), _root(file, "answer_revisions"))
    found, out = _recovered(file)
    with open_session(out) as session:
        assert replace(session.dossier(), previous=before.previous) == before
    assert not found.is_complete


def test_a_journal_beside_is_neither_read_nor_touched(file: Path) -> None:
    victim, journal = file.with_name("thesis.docx"), file.with_name(f"{file.name}-journal")
    victim.write_text("years of work")
    name, magic = str(victim).encode(), bytes.fromhex("d9d505f920a163d7")
    head = magic + bytes(8) + b"".join(number.to_bytes(4, "big") for number in (file.stat().st_size // PAGE, 512, PAGE))
    end = b"".join(number.to_bytes(4, "big") for number in (len(name), sum(name)))
    journal.write_bytes(head.ljust(512, b"\0") + (0x40001).to_bytes(4, "big") + name + end + magic)
    content = journal.read_bytes()
    with CorruptedFileReader(file, None) as reader:
        assert reader.one("assessment", "id") is not None
    assert journal.read_bytes() == content
    assert victim.exists()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("SELECT id FROM assessment").fetchone()
    assert not victim.exists(), "any other reader lets SQLite delete the file that the journal names"


def test_a_view_in_place_of_a_table_is_not_read(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE documents")
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS hash, i AS rowid FROM n"
        connection.execute(f"CREATE VIEW documents AS {endless}")
        connection.commit()
    found, _ = _recovered(file)
    assert found.documents == {}
