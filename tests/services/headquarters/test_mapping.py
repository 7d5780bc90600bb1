import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, Commitment, FeasibilityRating
from capacity_app.domain.headquarters.tidy_tables import COUNTED_STATUSES, FileRows, FileStatus
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.headquarters.file_reader import ReadJob, read_parcel
from capacity_app.services.session.dossier_json import dossier_to_json
from tests.builders import open_session, small_dossier, small_instrument
from tests.countries import dossier, workbook_of
from tests.repositories import of_file
from tests.services.headquarters.folders import country, put


def read(file: Path, scratch: Path, **more: object) -> FileRows:
    scratch.mkdir(exist_ok=True)
    return read_parcel(ReadJob(file.name, str(file), **more), scratch)  # type: ignore[arg-type]


def test_an_assessment_and_its_dossier_say_the_same(tmp_path: Path) -> None:
    made = country(7)
    one = read(put(tmp_path / "a.assessment", made), tmp_path / "scratch")
    other = read(put(tmp_path / "b.json", made), tmp_path / "scratch")
    assert one.file.fate is other.file.fate is FileStatus.READ
    assert one.assessment is not None
    assert other.assessment is not None
    assert replace(one.assessment, file_hash="") == replace(other.assessment, file_hash="")
    for table in ("answers", "scores", "gaps", "actions", "breakdowns"):
        rows = [[of_file(row, "") for row in getattr(parcel, table)] for parcel in (one, other)]
        assert rows[0] == rows[1], table
    assert one.questions == other.questions


def test_nothing_is_left_beside_a_file_nor_changed_in_it(tmp_path: Path) -> None:
    file = put(tmp_path / "in" / "a.assessment", country(1))
    before, status = file.read_bytes(), file.stat()
    read(file, tmp_path / "scratch")
    assert file.read_bytes() == before
    assert file.stat().st_mtime_ns == status.st_mtime_ns
    assert [path.name for path in file.parent.iterdir()] == ["a.assessment"]


def test_an_assessment_somebody_has_open_is_read_as_last_saved(tmp_path: Path) -> None:
    file = put(tmp_path / "a.assessment", country(1))
    with open_session(file):
        assert read(file, tmp_path / "scratch").file.fate is FileStatus.READ


def test_a_commit_that_was_cut_off_is_taken_back_in_our_copy_only(tmp_path: Path) -> None:
    file = put(tmp_path / "in" / "a.assessment", country(1))
    whole = read(file, tmp_path / "scratch")
    _cut_off_a_commit(file)
    torn = file.read_bytes()
    parcel = read(file, tmp_path / "scratch")
    assert parcel.file.fate is FileStatus.READ
    assert [of_file(row, "") for row in parcel.answers] == [of_file(row, "") for row in whole.answers]
    assert file.read_bytes() == torn
    assert (file.parent / "a.assessment-journal").exists()
    # The journal of one file is not taken for that of the next.
    assert read(put(tmp_path / "b.assessment", country(2)), tmp_path / "scratch").file.fate is FileStatus.READ


def _cut_off_a_commit(file: Path) -> None:
    """Leave the file as a crash in the middle of a large commit does: half written, with its journal beside."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA cache_size = 1")
        connection.execute("PRAGMA cache_spill = 1")
        connection.execute("BEGIN")
        connection.execute("UPDATE answers SET note = ?", ("x" * 20_000,))
        half, journal = file.read_bytes(), file.with_name(f"{file.name}-journal").read_bytes()
        connection.execute("ROLLBACK")
    file.write_bytes(half)
    file.with_name(f"{file.name}-journal").write_bytes(journal)


def test_the_same_bytes_give_the_same_parcel_whatever_was_read_before(tmp_path: Path) -> None:
    files = [put(tmp_path / f"{number}.json", country(number)) for number in range(3)]
    first = [read(file, tmp_path / "scratch") for file in files]
    assert [read(file, tmp_path / "scratch") for file in reversed(files)] == first[::-1]


def test_an_instrument_is_not_believed_to_be_one_read_before(tmp_path: Path) -> None:
    """A file that calls its instrument by another one's hash is read by its own, whatever was read before."""
    honest = put(tmp_path / "honest.json", country(1))
    read(honest, tmp_path / "scratch")
    other = small_dossier(replace(small_instrument(), version="9.9"))
    claimed = small_instrument().content_hash
    text = dossier_to_json(other, {}).replace(other.instrument.content_hash, claimed)
    (tmp_path / "liar.json").write_text(text, encoding="utf-8")
    parcel = read(tmp_path / "liar.json", tmp_path / "scratch")
    assert parcel.assessment is not None
    assert parcel.assessment.instrument_version == "9.9"
    assert parcel.assessment.instrument_hash != claimed
    assert parcel.file.problems > 0


def test_what_could_not_be_read_of_a_dossier_is_listed(tmp_path: Path) -> None:
    data = json.loads(dossier_to_json(country(1), {}))
    data["answers"][0]["value"] = "three"
    (tmp_path / "a.json").write_text(json.dumps(data), encoding="utf-8")
    parcel = read(tmp_path / "a.json", tmp_path / "scratch")
    assert parcel.file.fate is FileStatus.READ_WITH_PROBLEMS
    assert parcel.file.problems == len(parcel.problems) > 0
    assert parcel.problems[0].reason == parcel.problems[0].told(str)
    assert parcel.problems[0].place


def test_of_very_many_problems_the_rest_is_counted(tmp_path: Path) -> None:
    data = json.loads(dossier_to_json(country(1), {}))
    data["answers"] += [{"question": 1}] * 500
    (tmp_path / "a.json").write_text(json.dumps(data), encoding="utf-8")
    parcel = read(tmp_path / "a.json", tmp_path / "scratch")
    assert len(parcel.problems) == 201
    assert parcel.problems[-1].reason == "More places could not be read: 300."
    assert [row.problem for row in parcel.problems] == list(range(1, 202))


def test_a_refused_file_says_its_own_name_and_is_known_by_its_bytes(tmp_path: Path) -> None:
    file = put(tmp_path / "geo.assessment", country(1))
    file.write_bytes(file.read_bytes()[:3000])
    parcel = read(file, tmp_path / "scratch")
    assert parcel.file.fate is FileStatus.REFUSED
    assert parcel.file.reason.startswith("The file “geo.assessment” is damaged")
    assert parcel.file.told(lambda message: message.replace("damaged", "kaputt")).count("kaputt") == 1
    assert len(parcel.file.file_hash) == 64
    assert parcel.assessment is None


def test_a_file_that_is_gone_is_worth_another_try(tmp_path: Path) -> None:
    parcel = read(tmp_path / "gone.json", tmp_path / "scratch")
    assert (parcel.file.fate, parcel.file.file_hash) == (FileStatus.REFUSED, "")


def test_questions_are_not_told_twice(tmp_path: Path) -> None:
    file = put(tmp_path / "a.json", country(1))
    digest = small_instrument().content_hash
    assert read(file, tmp_path / "scratch").questions
    assert read(file, tmp_path / "scratch", known=frozenset({digest})).questions == ()


@pytest.mark.check
def test_a_workbook_says_what_its_dossier_says(tmp_path: Path) -> None:
    priced = Action(
        id="priced", amount="12500.5", funded="100", currency="USD", funding_source="IOM",
        commitments=tuple(Commitment), strategy_item="4.2",
    )  # fmt: skip
    made = replace(dossier(1), actions=(*dossier(1).actions, priced, Action(id="typed", amount="about 5")))
    place = read(put(tmp_path / "a.json", made), tmp_path / "scratch").gaps[0].address
    rating = FeasibilityRating(id=place, commitments=(Commitment.SDG_17_18,), strategy_item="Pillar 4")
    made = replace(made, ratings=(rating,))
    (tmp_path / "a.xlsx").write_bytes(workbook_of(made))
    book = read(tmp_path / "a.xlsx", tmp_path / "scratch")
    whole = read(put(tmp_path / "a.json", made), tmp_path / "scratch")
    assert book.assessment is not None
    assert whole.assessment is not None
    assert book.file.edited_cells == 0
    assert ("sdg-17.18", "Pillar 4") in {(row.commitments, row.strategy_item) for row in book.gaps}
    assert ("sdg-17.18; gcm-1", "4.2") in {(row.commitments, row.strategy_item) for row in book.actions}
    assert [of_file(row, "") for row in book.answers] == [of_file(row, "") for row in whole.answers]
    assert [of_file(row, "") for row in book.gaps] == [of_file(row, "") for row in whole.gaps]
    assert [of_file(row, "") for row in book.actions] == [of_file(row, "") for row in whole.actions]
    for mine, theirs in zip(book.scores, whole.scores, strict=True):
        assert replace(mine, file_hash="") == replace(theirs, file_hash="", verified=None, evidence_index=None)


@pytest.mark.check
def test_the_careful_way_reads_a_workbook_alike(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_of(dossier(2)))
    fast = read(tmp_path / "a.xlsx", tmp_path / "scratch")
    assert read(tmp_path / "a.xlsx", tmp_path / "scratch", is_careful=True) == fast


def bought(folder: str, **changes: object) -> Dossier:
    """Return an answered dossier whose questionnaire has other points than the published one."""
    whole, _ = read_instrument(paths.instruments_folder() / folder, ())
    assert whole is not None
    thresholds = replace(whole.thresholds, firm=Fraction(1, 100))
    return replace(small_dossier(), instrument=replace(whole, thresholds=thresholds, **changes), answers=())  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["a.assessment", "a.json"])
def test_a_modified_questionnaire_is_named_and_not_pooled(tmp_path: Path, name: str) -> None:
    parcel = read(put(tmp_path / name, bought("unsd-nmdc")), tmp_path / "scratch")
    assert parcel.file.fate is FileStatus.REFUSED
    assert "it is not the published unsd-nmdc 1.1" in parcel.file.reason
    assert parcel.assessment is None
    assert parcel.scores == ()


def test_an_unknown_version_of_a_published_questionnaire_is_named_and_pooled(tmp_path: Path) -> None:
    parcel = read(put(tmp_path / "a.json", bought("unsd-nmdc", version="1.7")), tmp_path / "scratch")
    assert parcel.file.fate in COUNTED_STATUSES
    assert parcel.problems[0].reason.startswith("This program does not know version 1.7 of the questionnaire unsd-nmdc")
    assert parcel.file.problems == len(parcel.problems)


def test_a_questionnaire_of_somebodys_own_is_pooled(tmp_path: Path) -> None:
    parcel = read(put(tmp_path / "own.json", bought("unsd-nmdc", id="own")), tmp_path / "scratch")
    assert parcel.file.fate in COUNTED_STATUSES


def test_the_content_hash_at_headquarters_is_the_one_on_paper(tmp_path: Path) -> None:
    made = replace(country(3), previous=country(2))
    for name in ("a.assessment", "a.json"):
        parcel = read(put(tmp_path / name, made), tmp_path / "scratch")
        assert parcel.assessment is not None
        assert parcel.assessment.content_hash == made.content_hash
