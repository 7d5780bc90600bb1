import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import astuple, replace
from operator import attrgetter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from capacity_app.domain.assessment.registers import MissionStatus
from capacity_app.domain.headquarters.dossier_rows import rows_of_dossier
from capacity_app.domain.headquarters.synthesis import SUMMARY_TABLES
from capacity_app.domain.headquarters.tidy_tables import TABLES, FileRow, FileRows, FileStatus, ProblemRow, column_types
from capacity_app.domain.problems import KnownError
from capacity_app.services.headquarters.file_reader import countries
from capacity_app.storage import headquarters_database
from capacity_app.storage.file_lock import LockOwner
from capacity_app.storage.headquarters_database import (
    FileStamp,
    HeadquartersDatabase,
    HeadquartersWriter,
    open_headquarters_database,
)
from tests.builders import file_of, small_dossier
from tests.repositories import of_file, view

READER = "tests 1"


def parcel(name: str, country: str = "GEO", round_name: str = "2018", **more: Any) -> FileRows:
    """Make what one file contributes."""
    dossier = small_dossier(id=f"id of {name}")
    mission = replace(
        dossier.mission, country=country, country_name="", round=round_name, status=MissionStatus.VALIDATED
    )
    dossier = replace(dossier, mission=mission)
    file = FileRow(path=name, file_hash=f"hash of {name}", size=10, kind="dossier")
    return replace(rows_of_dossier(dossier, file, "hash of instrument", countries()), **more)


def refused(name: str) -> FileRows:
    return FileRows(file=FileRow(path=name, file_hash=f"hash of {name}", size=3, fate=FileStatus.REFUSED, reason="No."))


def writer(path: Path, reader: str = READER) -> HeadquartersWriter:
    return HeadquartersWriter(path, LockOwner("somebody", "somewhere"), reader)


def write(path: Path, parcels: Iterable[FileRows], *, is_complete: bool = True) -> Path:
    with writer(path) as open_writer:
        open_writer.put((one, FileStamp(10, 1)) for one in parcels)
        if is_complete:
            open_writer.finish(countries())
    return path


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all tables as they stand in the file."""
    with closing(sqlite3.connect(path)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}


def test_what_was_put_in_comes_out_in_its_order(tmp_path: Path) -> None:
    first, second = parcel("a"), parcel("b", "ARM")
    with open_headquarters_database(write(tmp_path / "r.sqlite", (second, first, refused("c")))) as repository:
        assert [row.path for row in repository.files()] == ["a", "b", "c"]
        assert {row.file_hash: row.country for row in repository.assessments()} == {
            "hash of a": "GEO", "hash of b": "ARM",
        }  # fmt: skip
        assert set(repository.answers()) == {*first.answers, *second.answers}
        assert repository.scores() == tuple(
            sorted((*first.scores, *second.scores), key=attrgetter(*TABLES["scores"][1]))
        )
        assert set(repository.gaps()) == {*first.gaps, *second.gaps}
        assert set(repository.table("actions")) == {astuple(one) for one in (*first.actions, *second.actions)}
        assert set(repository.breakdowns()) == {*first.breakdowns, *second.breakdowns}
        assert repository.questions() == first.questions
        assert repository.fates() == {FileStatus.READ: 2, FileStatus.REFUSED: 1}
        assert repository.is_complete


def test_answers_and_breakdowns_can_be_asked_for_one_by_one(tmp_path: Path) -> None:
    with open_headquarters_database(write(tmp_path / "r.sqlite", [parcel("a")])) as repository:
        assert {row.question for row in repository.answers(["i.law", "i.plan"])} == {"i.law", "i.plan"}
        assert list(repository.answers([])) == []
        assert list(repository.breakdowns(["nothing"])) == []


def test_problems_stay_with_their_file(tmp_path: Path) -> None:
    row = ProblemRow(file_hash="hash of a", problem=1, place="IV, F12", severity="error", reason="Is no number.")
    made = parcel("a", problems=(row,))
    made = replace(made, file=replace(made.file, problems=1))
    with open_headquarters_database(write(tmp_path / "r.sqlite", [made, parcel("b", "ARM")])) as repository:
        assert repository.problems("hash of a") == (row,)
        assert repository.problems("hash of b") == ()
        assert repository.files()[0].fate is FileStatus.READ_WITH_PROBLEMS


def test_the_order_of_files_leaves_no_trace(tmp_path: Path) -> None:
    parcels = [parcel(f"{n}", country) for n, country in enumerate(("GEO", "ARM", "GEO", "KEN", "XXA"))]
    whole = dump(write(tmp_path / "r.sqlite", parcels))
    for number in range(3):
        mixed = Random(number).sample(parcels, len(parcels))  # noqa: S311 - any disorder will do
        other = tmp_path / f"{number}.sqlite"
        write(other, mixed[:2], is_complete=number == 1)
        assert dump(write(other, mixed[2:])) == whole


def test_putting_the_same_in_again_changes_nothing(tmp_path: Path) -> None:
    parcels = [parcel("a"), parcel("b", "ARM")]
    file = write(tmp_path / "r.sqlite", parcels)
    before = dump(file)
    assert dump(write(file, parcels)) == before


def test_what_belongs_to_a_file_that_is_gone_goes(tmp_path: Path) -> None:
    file = write(tmp_path / "r.sqlite", [parcel("a", "XXA"), parcel("b", "ARM")])
    with writer(file) as open_writer:
        open_writer.remove(["a"])
        assert not open_writer.rows.is_complete
        open_writer.finish(countries())
    assert dump(file) == dump(write(tmp_path / "other.sqlite", [parcel("b", "ARM")]))


def test_a_file_whose_bytes_lie_elsewhere_too_leaves_its_rows(tmp_path: Path) -> None:
    first = parcel("a")
    copy = replace(first, file=replace(first.file, path="b"))
    file = write(tmp_path / "r.sqlite", [first, copy])
    with open_headquarters_database(file) as repository:
        assert [(row.path, row.fate, row.other_file) for row in repository.files()] == [
            ("a", FileStatus.READ, ""), ("b", FileStatus.DUPLICATE, "a"),
        ]  # fmt: skip
    with writer(file) as open_writer:
        open_writer.remove(["a"])
        open_writer.finish(countries())
    with open_headquarters_database(file) as repository:
        assert [(row.path, row.fate) for row in repository.files()] == [("b", FileStatus.READ)]
        assert set(repository.answers()) == set(first.answers)


def test_a_changed_file_takes_its_old_rows_along(tmp_path: Path) -> None:
    file = write(tmp_path / "r.sqlite", [parcel("a")])
    changed = parcel("a", "ARM")
    other = replace(changed.file, file_hash="other")
    rows: dict[str, Any] = {
        name: tuple(of_file(row, "other") for row in getattr(changed, name))
        for name in ("answers", "scores", "gaps", "actions", "breakdowns")
    }
    assert changed.assessment is not None
    changed = replace(changed, file=other, assessment=replace(changed.assessment, file_hash="other"), **rows)
    with open_headquarters_database(write(file, [changed])) as repository:
        assert {row.file_hash for row in repository.answers()} == {"other"}
        assert [row.country for row in repository.assessments()] == ["ARM"]


def test_another_reader_begins_anew(tmp_path: Path) -> None:
    file = write(tmp_path / "r.sqlite", [parcel("a")])
    with writer(file) as same:
        assert same.seen() == {"a": FileStamp(10, 1)}
    with writer(file, "tests 2") as newer:
        assert newer.seen() == {}
        assert newer.rows.files() == ()
        assert newer.known_instruments() == frozenset()


def test_an_unfinished_run_says_so_and_keeps_what_was_committed(tmp_path: Path) -> None:
    file = write(tmp_path / "r.sqlite", [parcel("a")], is_complete=False)
    with open_headquarters_database(file) as repository:
        assert not repository.is_complete
        assert len(repository.files()) == 1


def test_a_batch_is_stored_whole_or_not_at_all(tmp_path: Path) -> None:
    file = write(tmp_path / "r.sqlite", [parcel("a")])
    before = dump(file)

    def breaking() -> Iterable[tuple[FileRows, FileStamp | None]]:
        yield parcel("b"), FileStamp(1, 1)
        raise RuntimeError

    with writer(file) as open_writer, pytest.raises(RuntimeError):
        open_writer.put(breaking())
    assert dump(file) == before


def test_only_one_may_write_and_everybody_may_read(tmp_path: Path) -> None:
    file = write(tmp_path / "r.sqlite", [parcel("a")])
    with writer(file), pytest.raises(KnownError, match=r"Another run is writing “r.sqlite” .somebody on"):
        writer(file)
    with writer(file), open_headquarters_database(file) as repository:
        assert len(repository.files()) == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r.sqlite"]


# -- other people's files ------------------------------------------------------------------------------------------


def _foreign(path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE mine (a)")
        connection.commit()
    return path


def test_somebody_elses_database_is_refused_and_not_one_byte_changes(tmp_path: Path) -> None:
    file = _foreign(tmp_path / "mine.sqlite")
    before = file.read_bytes()
    for open_it in (open_headquarters_database, writer):
        with pytest.raises(KnownError, match=r"“mine.sqlite” is not a repository of this program"):
            open_it(file)
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["mine.sqlite"]


def test_an_assessment_is_no_repository(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    with pytest.raises(KnownError, match="is not a repository"):
        writer(file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", [b"", b"a text", b"SQLite format 3\0" + bytes(50)])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "r.sqlite"
    file.write_bytes(content)
    for open_it in (open_headquarters_database, writer):
        with pytest.raises(KnownError, match="is not a repository"):
            open_it(file)
    assert file.read_bytes() == content


def test_what_is_not_there_or_a_folder_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"There is no file “r.sqlite”"):
        open_headquarters_database(tmp_path / "r.sqlite")
    with pytest.raises(KnownError, match="is a folder"):
        open_headquarters_database(tmp_path)
    with pytest.raises(KnownError, match=r"The folder “.*nowhere” does not exist"):
        writer(tmp_path / "nowhere" / "r.sqlite")


def _with(path: Path, statement: str) -> Path:
    write(path, [parcel("a")])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(statement)
        connection.commit()
    return path


def test_a_newer_repository_and_one_with_strange_parts_are_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="newer version"):
        open_headquarters_database(_with(tmp_path / "newer.sqlite", "PRAGMA user_version = 99"))
    trigger = "CREATE TRIGGER evil AFTER INSERT ON files BEGIN DELETE FROM answers; END"
    for open_it in (open_headquarters_database, writer):
        with pytest.raises(KnownError, match=r"did not put there \(evil\)"):
            open_it(_with(tmp_path / f"{open_it.__name__}.sqlite", trigger))


def test_a_repository_of_an_earlier_version_is_read_again_and_nothing_strange_in_it_is_lost(tmp_path: Path) -> None:
    old = _with(tmp_path / "old.sqlite", "PRAGMA user_version = 1")
    with pytest.raises(KnownError, match="earlier version"):
        open_headquarters_database(old)
    with writer(old) as again:
        assert (again.seen(), again.rows.files()) == ({}, ())
    with open_headquarters_database(write(old, [parcel("a")])) as repository:
        assert [row.path for row in repository.files()] == ["a"]
    mine = _with(tmp_path / "mine.sqlite", "CREATE TABLE my_notes (text)")
    with closing(sqlite3.connect(mine)) as connection:
        connection.execute("PRAGMA user_version = 1")
    with pytest.raises(KnownError, match=r"did not put there \(my_notes\)"):
        writer(mine)
    assert "my_notes" in dump(mine)


def test_a_fate_nobody_knows_is_damage(tmp_path: Path) -> None:
    file = _with(tmp_path / "r.sqlite", "UPDATE files SET fate = 'eaten'")
    with open_headquarters_database(file) as repository, pytest.raises(KnownError, match="damaged"):
        repository.files()


# -- what other programs see ---------------------------------------------------------------------------------------


def test_the_columns_are_the_fields_and_none_is_a_word_of_sql(tmp_path: Path) -> None:
    words = {"order", "group", "end", "start", "column", "row", "table", "from", "to", "index", "values", "references"}
    file = write(tmp_path / "r.sqlite", [])
    with closing(sqlite3.connect(file)) as connection:
        for name, (shape, key) in TABLES.items():
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            assert columns == list(column_types(shape))
            assert not words & set(columns)
            assert set(key) <= set(columns)


@pytest.fixture(name="two_rounds")
def _two_rounds(tmp_path: Path) -> Iterable[HeadquartersDatabase]:
    """Two countries, one of them in two rounds, and a copy that counts nowhere."""
    parcels = [parcel("a", "GEO", "2013"), parcel("b", "GEO", "2023"), parcel("c", "FRA", "2023"), refused("d")]
    with open_headquarters_database(write(tmp_path / "r.sqlite", parcels)) as repository:
        yield repository


def _view(repository: HeadquartersDatabase, name: str) -> list[dict[str, object]]:
    columns, rows = view(repository.path, name)
    return [dict(zip(columns, row, strict=True)) for row in rows]


def test_every_view_can_be_read(two_rounds: HeadquartersDatabase) -> None:
    views = sorted(name for kind, name, _ in headquarters_database.expected_database_parts() if kind == "view")
    assert len(views) == 7
    for name in (*views, *SUMMARY_TABLES):
        columns, rows = view(two_rounds.path, name)
        assert columns
        assert all(len(row) == len(columns) for row in rows)


def test_figures_of_fewer_countries_than_the_minimum_are_empty(two_rounds: HeadquartersDatabase) -> None:
    rows = [row for row in _view(two_rounds, "region_scores") if row["section"] == "i"]
    assert [(row["region"], row["countries"], row["median"], row["band"]) for row in rows] == [
        ("World", 2, None, None), ("Asia", 1, None, None), ("Europe", 1, None, None),
    ]  # fmt: skip
    assert _view(two_rounds, "frequent_gaps") == []
    standing = {(row["country"], row["is_newest"]) for row in _view(two_rounds, "synthesis_assessments")}
    assert standing == {("GEO", 0), ("GEO", 1), ("FRA", 1)}
    assert (two_rounds.note("synthesis_basis"), two_rounds.note("synthesis_minimum")) == ("validated", "3")


def test_files_that_need_a_look_are_listed(two_rounds: HeadquartersDatabase) -> None:
    assert [(row["path"], row["fate"]) for row in _view(two_rounds, "problem_files")] == [
        ("a", "superseded"), ("d", "refused"),
    ]  # fmt: skip


def test_rows_with_their_country_need_no_join(two_rounds: HeadquartersDatabase) -> None:
    rows = _view(two_rounds, "country_scores")
    assert {(row["country"], row["round"], row["round_number"], row["is_newest"]) for row in rows} == {
        ("GEO", "2013", 1, 0), ("GEO", "2023", 2, 1), ("FRA", "2023", 1, 1),
    }  # fmt: skip
