"""The command migrate, and the check of migration files, as a person and as a program use them."""

import json
from pathlib import Path

import pytest

from capacity_app import paths
from tests.builders import file_of, open_session
from tests.commands import run
from tests.libraries import answered_first, lay_out_versions


@pytest.fixture
def assessment(tmp_path: Path) -> Path:
    lay_out_versions()
    return file_of(tmp_path, answered_first())


def test_the_copy_is_made_and_every_answer_that_is_not_carried_is_listed(assessment: Path, tmp_path: Path) -> None:
    before = assessment.read_bytes()
    said = run("migrate", assessment, tmp_path / "copy.assessment")
    assert "7 answers = 2 carried + 4 to confirm + 1 retired and kept." in said
    assert "r.fees, NL: retired: Two coins. It is no longer asked." in said
    assert "r.survey, MoC: to confirm: 1 – Staff ask now and then. It is worded differently now." in said
    assert "It now asks about people who never come too." in said
    assert assessment.read_bytes() == before
    with open_session(tmp_path / "copy.assessment", read_only=True) as session:
        assert session.instrument.version == "2.0"
    assert "There is no newer version" in run(
        "migrate", tmp_path / "copy.assessment", tmp_path / "again.assessment", code=1
    )


def test_a_trial_makes_nothing_and_programs_get_it_as_json(assessment: Path, tmp_path: Path) -> None:
    data = json.loads(run("migrate", assessment, "--dry-run", "--json"))
    assert (data["given"], data["carried"], data["to_confirm"], data["retired"]) == (7, 2, 4, 1)
    assert data["files"] == ["1.0-2.0.toml"]
    fees = next(one for one in data["answers"] if one["address"] == "r.fees")
    assert (fees["fate"], fees["targets"], fees["answered"]) == ("retired", [], "Two coins")
    divided = next(one for one in data["answers"] if one["address"] == "r.visits/main/frequency")
    assert divided["targets"] == ["r.visits/central/frequency", "r.visits/central/frequency"]
    assert [path.name for path in tmp_path.glob("*.assessment")] == ["small.assessment"]


def test_without_a_place_for_the_copy_nothing_is_made(assessment: Path) -> None:
    assert "--dry-run" in run("migrate", assessment, code=2)


def test_an_unknown_version_is_told_with_those_there_are(assessment: Path, tmp_path: Path) -> None:
    said = run("migrate", assessment, tmp_path / "x.assessment", "--to", "3.0", code=1)
    assert "There are: 2.0." in said


def test_the_check_of_an_instrument_checks_its_migration_files(tmp_path: Path) -> None:
    folder = lay_out_versions()
    assert "no errors" in run("instrument", "check", folder)
    file = folder / "migrations" / "1.0-2.0.toml"
    file.write_text(file.read_text("utf-8").replace('from = "r.fees"', 'from = "r.fee"'), "utf-8")
    said = run("instrument", "check", folder, code=1)
    assert (
        "migrations/1.0-2.0.toml, question r.fee: Version 1.0 has no question “r.fee”. Did you mean “r.fees”?" in said
    )
    assert "question r.fees: The new version does not have it, and no entry says what became of it." in said
    copy = tmp_path / "alone" / "2.0"
    copy.parent.mkdir()
    folder.rename(copy)
    (folder.parent / "1.0").rename(tmp_path / "away")
    half = run("instrument", "check", copy)
    assert "only half of this file could be checked" in half


def test_an_author_gets_a_draft_of_a_migration_file(tmp_path: Path) -> None:
    lay_out_versions()
    earlier, later = (paths.user_instruments_folder() / name for name in ("1.0", "2.0"))
    said = run("instrument", "draft-migration", earlier, later)
    assert 'became = "reworded"' in said
    out = tmp_path / "draft.toml"
    assert "Wrote" in run("instrument", "draft-migration", earlier, later, "-o", out)
    assert out.read_text("utf-8").strip() == said.strip()
    assert "was not changed" in run("instrument", "draft-migration", earlier, later, "-o", out, code=1)
