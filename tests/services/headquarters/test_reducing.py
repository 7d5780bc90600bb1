import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.registers import MissionStatus
from capacity_app.domain.headquarters.tidy_tables import FileRows, FileStatus
from capacity_app.domain.problems import KnownError
from capacity_app.services.headquarters import aggregation
from capacity_app.services.headquarters.aggregation import AggregationOutcome, aggregate
from capacity_app.services.headquarters.file_reader import ReadJob, read_parcel
from capacity_app.services.headquarters.synthesis import read_synthesis
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage.headquarters_database import open_headquarters_database
from tests.builders import DEVICE
from tests.repositories import view
from tests.services.headquarters.folders import aggregated, countries_in, country, put, tables_in


class Here:
    """Reads files in this process, and remembers which."""

    def __init__(self, scratch: Path) -> None:
        scratch.mkdir(exist_ok=True)
        self.scratch = scratch
        self.read_paths: list[str] = []

    def __call__(self, jobs: Iterable[ReadJob]) -> Iterator[FileRows]:
        for job in jobs:
            self.read_paths.append(job.path)
            yield read_parcel(job, self.scratch)


@pytest.fixture(name="here")
def _here(tmp_path: Path) -> Here:
    return Here(tmp_path / "scratch")


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    return countries_in(tmp_path / "in", 6)


def test_a_second_run_reads_nothing_and_changes_not_one_byte(folder: Path, here: Here, tmp_path: Path) -> None:
    out = tmp_path / "r.sqlite"
    first = aggregate([folder], out, here)
    before = out.read_bytes()
    second = aggregate([folder], out, here)
    assert len(here.read_paths) == 6
    assert out.read_bytes() == before
    assert (first.found, first.read, first.unchanged) == (6, 6, 0)
    assert (second.found, second.read, second.unchanged) == (6, 0, 6)
    assert second.fates == first.fates == {FileStatus.READ: 6}


@pytest.mark.check
def test_another_repository_of_the_same_files_has_the_same_tables(folder: Path, here: Here, tmp_path: Path) -> None:
    aggregate([folder], tmp_path / "one.sqlite", here)
    aggregated([folder], tmp_path / "two.sqlite", workers=2)
    assert tables_in(tmp_path / "one.sqlite") == tables_in(tmp_path / "two.sqlite")


def test_only_what_is_new_or_changed_is_read(folder: Path, here: Here, tmp_path: Path) -> None:
    out = tmp_path / "r.sqlite"
    aggregate([folder], out, here)
    here.read_paths.clear()
    put(folder / "new.json", country(40))
    put(folder / "002.json", country(41, round="2018"))
    outcome = aggregate([folder], out, here)
    assert sorted(here.read_paths) == ["002.json", "new.json"]
    assert (outcome.found, outcome.read, outcome.unchanged, outcome.gone) == (7, 2, 5, 0)
    aggregate([folder], tmp_path / "anew.sqlite", here)
    assert tables_in(out) == tables_in(tmp_path / "anew.sqlite")


def test_a_file_that_is_gone_leaves_the_repository(folder: Path, here: Here, tmp_path: Path) -> None:
    out = tmp_path / "r.sqlite"
    aggregate([folder], out, here)
    (folder / "003.json").unlink()
    outcome = aggregate([folder], out, here)
    assert (outcome.found, outcome.gone) == (5, 1)
    aggregate([folder], tmp_path / "anew.sqlite", here)
    assert tables_in(out) == tables_in(tmp_path / "anew.sqlite")


def test_a_renamed_file_is_the_same_assessment(folder: Path, here: Here, tmp_path: Path) -> None:
    out = tmp_path / "r.sqlite"
    aggregate([folder], out, here)
    (folder / "003.json").rename(folder / "renamed.json")
    outcome = aggregate([folder], out, here)
    assert (outcome.read, outcome.gone, outcome.fates) == (1, 1, {FileStatus.READ: 6})


def test_a_bad_file_stops_nothing_and_is_not_read_again(folder: Path, here: Here, tmp_path: Path) -> None:
    (folder / "000-bad.json").write_text("{")
    (folder / "dangling.json").symlink_to(folder / "gone.json")
    out = tmp_path / "r.sqlite"
    outcome = aggregate([folder], out, here)
    assert outcome.fates[FileStatus.REFUSED] == 2
    assert outcome.fates[FileStatus.READ] == 6
    here.read_paths.clear()
    assert aggregate([folder], out, here).fates[FileStatus.REFUSED] == 2
    assert here.read_paths == []
    # What the world kept from us is looked for again.
    put(folder / "gone.json", country(50))
    fates = aggregate([folder], out, here).fates
    assert (fates[FileStatus.REFUSED], sum(fates.values())) == (1, 9)


def test_progress_goes_from_nothing_to_everything(folder: Path, here: Here, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    aggregate([folder], tmp_path / "r.sqlite", here, lambda done, whole: told.append((done, whole)))
    assert told[0] == (0, 6)
    assert told[-1] == (6, 6)


def test_an_empty_folder_gives_an_empty_repository(tmp_path: Path, here: Here) -> None:
    (tmp_path / "in").mkdir()
    assert aggregate([tmp_path / "in"], tmp_path / "r.sqlite", here) == AggregationOutcome(0, 0, 0, 0, {})
    with open_headquarters_database(tmp_path / "r.sqlite") as repository:
        assert repository.is_complete
        assert len(list(repository.table("countries"))) == 248


def test_a_run_that_breaks_off_goes_on_where_it_was(
    folder: Path, here: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aggregation, "BATCH_FILES", 2)
    out = tmp_path / "r.sqlite"

    def breaking(jobs: Iterable[ReadJob]) -> Iterator[FileRows]:
        for number, parcel in enumerate(here(jobs)):
            if number == 5:
                raise KnownError("The scheduler has gone.")
            yield parcel

    with pytest.raises(KnownError, match=r"The scheduler has gone\."):
        aggregate([folder], out, breaking)
    with open_headquarters_database(out) as repository:
        assert not repository.is_complete
        assert len(repository.files()) == 4
    here.read_paths.clear()
    aggregate([folder], out, here)
    assert here.read_paths == ["004.json", "005.json"]
    aggregate([folder], tmp_path / "anew.sqlite", here)
    assert tables_in(out) == tables_in(tmp_path / "anew.sqlite")


@pytest.mark.check
@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot kill as we need it here")
def test_a_killed_run_goes_on_where_it_was(tmp_path: Path, here: Here) -> None:
    folder, out = countries_in(tmp_path / "in", 100), tmp_path / "r.sqlite"
    arguments = [sys.executable, "-m", "capacity_app", "aggregate", str(folder), "-o", str(out), "--workers", "1"]
    process = subprocess.Popen([*arguments, "--progress"], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    with process.stdout as lines:
        for line in lines:
            # A commit holds 25 files, or fewer on a slow machine.
            if int((re.search(rb"(\d+) of 100", line) or [0, 0])[1]) > 0:
                break
        os.kill(process.pid, signal.SIGKILL)
    process.wait()
    with open_headquarters_database(out) as repository:
        known = len(repository.files())
        assert not repository.is_complete
    assert 0 < known < 100
    outcome = aggregate([folder], out, here)
    assert outcome.read == 100 - known == len(here.read_paths)
    aggregate([folder], tmp_path / "anew.sqlite", here)
    assert tables_in(out) == tables_in(tmp_path / "anew.sqlite")
    # The lock died with its owner; its files do not stay.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["anew.sqlite", "in", "r.sqlite", "scratch"]


def test_the_repository_may_stand_among_the_files(folder: Path, here: Here) -> None:
    out = folder / "all.sqlite"
    assert aggregate([folder], out, here).found == 6
    assert aggregate([folder], out, here).unchanged == 6


def test_a_copy_that_lacks_nothing_counts_and_the_older_one_is_named(here: Here, tmp_path: Path) -> None:
    older, newer = tmp_path / "in" / "older.assessment", tmp_path / "in" / "newer.assessment"
    put(older, country(1))
    shutil.copy(older, newer)
    answered(newer, "ii.name", "One more answer")
    aggregate([tmp_path / "in"], tmp_path / "r.sqlite", here)
    assert fates(tmp_path / "r.sqlite") == {
        "newer.assessment": ("read", ""),
        "older.assessment": ("superseded", "newer.assessment"),
    }


def test_a_changed_copy_dated_in_the_far_future_does_not_win_and_is_named(here: Here, tmp_path: Path) -> None:
    true, forged, out = (
        tmp_path / "in" / "true.assessment",
        tmp_path / "in" / "forged.assessment",
        tmp_path / "r.sqlite",
    )
    put(true, country(1))
    shutil.copy(true, forged)
    with closing(sqlite3.connect(forged)) as connection:
        for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {name}")
        for table in ("answer_revisions", "answers"):
            connection.execute(f"UPDATE {table} SET note = 'Forged', time = '9999-12-31T00:00:00+00:00'")
        connection.commit()
    with sqlite3.connect(true) as connection:
        triggers = connection.execute("SELECT sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    with closing(sqlite3.connect(forged)) as connection:
        for (statement,) in triggers:
            connection.execute(statement)
        connection.commit()
    outcome = aggregate([tmp_path / "in"], out, here)
    assert not outcome.is_clean
    assert fates(out) == {
        "forged.assessment": ("conflict", "true.assessment"),
        "true.assessment": ("conflict", "forged.assessment"),
    }
    with open_headquarters_database(out) as repository:
        assert not [row for row in repository.assessments() if row.is_newest]
        (named,) = [one.reason for one in repository.problems() if "future" in one.reason]
        assert "9999-12-31" in named
    outcome = aggregate([tmp_path / "in"], out, here, preferred=["true.assessment"])
    assert outcome.is_clean
    assert fates(out) == {"forged.assessment": ("superseded", "true.assessment"), "true.assessment": ("read", "")}
    put(tmp_path / "in" / "other.json", country(2))
    aggregate([tmp_path / "in"], out, here)
    assert fates(out)["true.assessment"] == ("read", ""), "the choice is remembered"
    with pytest.raises(KnownError, match="No file “nobody"):
        aggregate([tmp_path / "in"], out, here, preferred=["nobody.json"])


def test_a_dossier_made_of_an_assessment_never_replaces_it(here: Here, tmp_path: Path) -> None:
    file = put(tmp_path / "in" / "a.assessment", country(1))
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        exported = session.dossier()
    answered(file, "ii.name", "One more answer")
    put(tmp_path / "in" / "exported.json", exported)
    aggregate([tmp_path / "in"], tmp_path / "r.sqlite", here)
    assert fates(tmp_path / "r.sqlite") == {
        "a.assessment": ("read", ""),
        "exported.json": ("superseded", "a.assessment"),
    }
    changed = replace(exported.answers[0], content=replace(exported.answers[0].content, note="Written elsewhere"))
    put(tmp_path / "in" / "exported.json", replace(exported, answers=(changed, *exported.answers[1:])))
    aggregate([tmp_path / "in"], tmp_path / "r.sqlite", here)
    assert {fate for fate, _ in fates(tmp_path / "r.sqlite").values()} == {"conflict"}


def test_a_repository_of_an_earlier_version_is_read_again(folder: Path, here: Here, tmp_path: Path) -> None:
    out = tmp_path / "r.sqlite"
    aggregate([folder], out, here)
    with closing(sqlite3.connect(out)) as connection:
        connection.executescript("DROP TABLE recorded; PRAGMA user_version = 1;")
    with pytest.raises(KnownError, match="earlier version"):
        open_headquarters_database(out)
    assert aggregate([folder], out, here).read == 6


def answered(file: Path, question: str, text: str) -> None:
    with AssessmentSession(file, device=DEVICE) as session:
        session.record(
            AnswerKey(Address(question), respondent="agency-nso"), Content(state=AnswerState.ANSWERED, value=text)
        )


def fates(repository: Path) -> dict[str, tuple[str, str]]:
    with open_headquarters_database(repository) as opened:
        return {file.path: (file.fate.value, file.other_file) for file in opened.files()}


@pytest.mark.check
def test_answer_frequencies_are_those_of_the_dossiers(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    for number, level in enumerate((1, 2, 2, 3)):
        dossier = country(number, status=MissionStatus.VALIDATED)
        law = replace(dossier.answers[0], key=AnswerKey(Address("i.law"), AnswerLayer.VALIDATED),
                      content=Content(state=AnswerState.ANSWERED, value=level))  # fmt: skip
        put(folder / f"{number}.json", replace(dossier, answers=(law,)))
    out = tmp_path / "world.sqlite"
    aggregated([folder], out)
    columns, rows = view(out, "answer_frequencies")
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    law_rows = [row for row in found if row["question"] == "i.law"]
    assert [(row["code"], row["gave_answer"], row["answered"], row["countries"]) for row in law_rows] == [
        ("0", 0, 4, 4), ("1", 1, 4, 4), ("2", 2, 4, 4), ("3", 1, 4, 4),
    ]  # fmt: skip
    assert {row["question"] for row in found} == {"i.law"}
    said = read_synthesis(out).frequencies
    assert [dict(one.counts) for one in said] == [{"0": 0, "1": 1, "2": 2, "3": 1}]
