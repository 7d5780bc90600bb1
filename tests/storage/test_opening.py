"""Files that are not ours, not whole or not writable: refused in one sentence, and left as they are."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.storage import opening
from capacity_app.storage.assessment_file import AssessmentFile, DocumentWrite
from tests.builders import file_of, small_dossier
from tests.places import folder_of_a_mortal, names_in


def _refusal(file: Path) -> str:
    """Open a file that must be refused and left as it is, and give the sentence."""
    before = file.read_bytes() if file.is_file() else b""
    with pytest.raises(KnownError) as refusal, AssessmentFile(file) as opened:
        opened.read()
    assert (file.read_bytes() if file.is_file() else b"") == before
    return refusal.value.text()


def _change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "lost.assessment") == (
        "There is no file “lost.assessment”: check whether it was moved or renamed."
    )


def test_a_folder_is_no_assessment(tmp_path: Path) -> None:
    assert "is a folder" in _refusal(tmp_path)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    file = tmp_path / "empty.assessment"
    file.touch()
    assert "is empty" in _refusal(file)


@pytest.mark.parametrize("content", [b"PK\3\4 a workbook", b"SQLite format 3\0", b"x" * 5000])
def test_what_is_no_database_is_not_an_assessment(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "foreign.assessment"
    file.write_bytes(content)
    assert "is not an assessment file" in _refusal(file)


def test_somebody_elses_database_is_not_an_assessment(tmp_path: Path) -> None:
    file = tmp_path / "firefox.assessment"
    _change(file, "CREATE TABLE bookmarks (url)")
    assert "is not an assessment file" in _refusal(file)


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("CREATE TRIGGER spy AFTER INSERT ON answers BEGIN DELETE FROM answers; END", "spy"),
        ("CREATE VIEW looks AS SELECT * FROM answers", "looks"),
        ("CREATE TABLE mine (id)", "mine"),
        ("CREATE INDEX clever ON answers (abs(counter))", "clever"),
        ("CREATE VIRTUAL TABLE found USING fts5(text)", "found"),
        ("ALTER TABLE answers ADD COLUMN mark TEXT", ""),
        ("DROP TRIGGER answer_revisions_no_update", ""),
        ("DROP TABLE documents", ""),
    ],
)
def test_a_schema_that_is_not_ours_is_not_opened(tmp_path: Path, statement: str, name: str) -> None:
    file = file_of(tmp_path)
    _change(file, statement)
    sentence = _refusal(file)
    assert name in sentence
    assert "damaged" in sentence or "did not put there" in sentence


def test_statistics_left_by_another_tool_do_no_harm(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    _change(file, "ANALYZE")
    with AssessmentFile(file) as opened:
        assert opened.read().label.assessment_id == small_dossier().id


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.9, 0.99, 0.9999])
def test_a_truncated_file_is_damaged(tmp_path: Path, share: float) -> None:
    file = file_of(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    assert "damaged" in _refusal(file)


def _flipped(content: bytes, places: random.Random) -> bytes:
    changed = bytearray(content)
    place = places.randrange(len(content))
    changed[place] ^= 1 << places.randrange(8)
    return bytes(changed)


def _zeroed_page(content: bytes, places: random.Random) -> bytes:
    start = places.randrange(len(content) // 4096) * 4096
    return content[:start] + bytes(4096) + content[start + 4096 :]


@pytest.mark.check
@pytest.mark.parametrize("damage", [_flipped, _zeroed_page])
def test_damage_is_told_in_a_sentence_and_never_a_traceback(
    tmp_path: Path, damage: Callable[[bytes, random.Random], bytes]
) -> None:
    places = random.Random(2018)  # noqa: S311 - a repeatable test
    file = file_of(tmp_path)
    whole = file.read_bytes()
    refused = 0
    for _ in range(400):
        file.write_bytes(damaged := damage(whole, places))
        refused += bool(_sentence(file))
        assert file.read_bytes() == damaged
    assert refused > 20


def _sentence(file: Path) -> str:
    try:
        with AssessmentFile(file, read_only=True) as opened:
            opened.read()
    except KnownError as error:
        return error.text()
    return ""


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("answer_revisions", "state", "'perhaps'"),
        ("answer_revisions", "value", "'[1, 2]'"),
        ("answer_revisions", "value", "'true'"),
        ("answer_revisions", "value", "'{'"),
        ("answer_revisions", "evidence", "'{}'"),
        ("answer_revisions", "parents", "'[7]'"),
        ("answer_revisions", "parents", f"'{'[' * 5000}'"),
        ("answer_revisions", "note", "CAST(x'ff' AS TEXT)"),
        ("entry_revisions", "content", "'[]'"),
        ("entry_revisions", "content", """'{"id": 7}'"""),
        ("entry_revisions", "register", "'bookmarks'"),
    ],
)
def test_a_row_we_cannot_have_written_means_damage(tmp_path: Path, table: str, column: str, value: str) -> None:
    file = file_of(tmp_path)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        (guard,) = connection.execute(f"SELECT sql FROM sqlite_schema WHERE name = '{table}_no_update'").fetchone()
        connection.execute(f"DROP TRIGGER {table}_no_update")
        connection.execute(f"UPDATE {table} SET {column} = {value}")
        connection.execute(guard)
    assert "damaged" in _refusal(file)


@pytest.fixture
def mortal() -> Iterator[Path]:
    with folder_of_a_mortal() as folder:
        yield folder


def test_an_unreadable_file_asks_for_permission(mortal: Path) -> None:
    file = file_of(mortal)
    file.chmod(0)
    with pytest.raises(KnownError, match="may not read"):
        AssessmentFile(file)


def test_a_file_that_may_only_be_read_can_be_read(mortal: Path) -> None:
    file = file_of(mortal)
    file.chmod(0o400)
    mortal.chmod(0o500)
    with AssessmentFile(file, read_only=True) as opened:
        assert opened.read().label.assessment_id == small_dossier().id
        with pytest.raises(KnownError, match="may not be written"):
            opened.append((DocumentWrite("0" * 64, b"x"),))
    mortal.chmod(0o700)


@pytest.fixture
def half_saved() -> Iterator[Path]:
    """A file as a kill leaves it in the middle of a large commit, in a folder of its own."""
    with folder_of_a_mortal() as folder:
        file = file_of(folder)
        with closing(sqlite3.connect(file, isolation_level=None)) as connection:
            # A small cache spills pages into the file before the commit.
            connection.execute("PRAGMA cache_size = 1")
            connection.execute("PRAGMA cache_spill = 1")
            connection.execute("BEGIN IMMEDIATE")
            documents = ((str(number), b"x" * 3000) for number in range(50))
            connection.executemany("INSERT INTO documents VALUES (?, 1, ?)", documents)
            left = {path.name: path.read_bytes() for path in (file, folder / f"{file.name}-journal")}
            connection.execute("ROLLBACK")
        for name, content in left.items():
            (folder / name).write_bytes(content)
        yield file


def test_a_commit_that_was_cut_off_is_taken_back_by_who_opens_to_write(half_saved: Path) -> None:
    with AssessmentFile(half_saved) as mended:
        assert mended.read().documents == {}
    assert names_in(half_saved.parent) == [half_saved.name]


@pytest.mark.parametrize("mode", [0o700, 0o500], ids=["writable", "not writable"])
def test_who_reads_sees_no_half_of_a_commit_and_leaves_the_file_as_it_is(half_saved: Path, mode: int) -> None:
    left = {path: path.read_bytes() for path in half_saved.parent.iterdir()}
    half_saved.parent.chmod(mode)
    with AssessmentFile(half_saved, read_only=True) as opened:
        assert opened.read().documents == {}
        assert opened.check() == ()
    half_saved.parent.chmod(0o700)
    assert {path: path.read_bytes() for path in half_saved.parent.iterdir()} == left


def test_a_file_another_program_holds_is_reported_as_in_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    file = file_of(tmp_path)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(KnownError, match="Another program is using"):
            AssessmentFile(file)


def test_a_schema_damaged_in_the_middle_of_a_letter_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    content = file.read_bytes()
    # SQLite quotes the schema it cannot understand, and the quotation is no UTF-8.
    file.write_bytes(content.replace(b"CREATE TABLE returns", b"CREATE TABLE \xa0eturns", 1))
    assert "damaged" in _refusal(file)


def test_a_file_with_a_log_or_too_large_to_be_read_at_once_is_opened_to_write_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = file_of(tmp_path)
    with AssessmentFile(file) as opened:
        said = opened.read()
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA journal_mode = WAL")
    for most in (opening._MOST_AT_ONCE, 100):
        monkeypatch.setattr(opening, "_MOST_AT_ONCE", most)
        with AssessmentFile(file) as opened:
            assert not opened.is_read_only
            assert opened.read() == said
            opened.expect_untouched()
    assert [one.name for one in tmp_path.iterdir()] == [file.name]
