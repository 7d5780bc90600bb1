"""Registers and next rounds on the command line, in real child processes."""

import json
from pathlib import Path

import pytest

from tests.builders import file_of, open_session, small_dossier
from tests.commands import run


def test_a_register_is_listed_with_its_uses(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    entries = json.loads(run("register", "list", file, "agencies", "--json"))
    assert [(entry["short"], entry["uses"], entry["looks_like"]) for entry in entries] == [
        ("NSO", 14, []), ("MoI", 3, []),
    ]  # fmt: skip
    assert "agency-nso" in run("register", "list", file, "agencies")


def test_two_agencies_are_tried_and_joined(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    shown = json.loads(
        run("register", "merge-duplicates", file, "agencies", "NSO", "agency-moi", "--dry-run", "--json")
    )
    assert (shown["kept"], shown["gone"], shown["uses"]) == ("agency-nso", "agency-moi", {"answers": 3})
    assert [clash["place"] for clash in shown["clashes"]] == ["i.law"]
    with open_session(file) as session:
        assert session.dossier() == small_dossier()
    told = run("register", "merge-duplicates", file, "agencies", "NSO", "Ministry of the Interior")
    assert "answered differently" in told
    with open_session(file) as session:
        assert [entry.id for entry in session.entries("agencies")] == ["agency-nso"]


def test_an_entry_is_renamed_and_an_unknown_one_is_refused(tmp_path: Path) -> None:
    file = file_of(tmp_path)
    run("register", "rename", file, "sources", "Census 2014", "Census of 2014")
    run("register", "rename", file, "sources", "Census 2014", "x", code=1)
    run("register", "merge-duplicates", file, "agencies", "NSO", "NSO", code=1)
    run("register", "list", file, "actions", code=2)


def test_the_next_round_is_made_from_the_earlier_one(tmp_path: Path) -> None:
    earlier, file = file_of(tmp_path), tmp_path / "next.assessment"
    told = run("new", file, "--from", earlier, "--round", "2023")
    assert "9 answers of 2018 wait to be confirmed" in told
    with open_session(file) as session:
        assert session.dossier().answers == ()
        assert (session.mission.country, session.mission.round) == ("XXA", "2023")
        assert [entry.id for entry in session.entries("actions")] == ["action-1"]
    run("new", tmp_path / "again.assessment", "--from", earlier, "--round", "2018", code=1)
    run("new", tmp_path / "other.assessment", "--from", earlier, "--round", "2023", "--country", "GEO", code=1)
    run("new", tmp_path / "bare.assessment", "--from", earlier, "--round", "2023", "--no-actions")
    with open_session(tmp_path / "bare.assessment") as session:
        assert session.entries("actions") == ()


@pytest.mark.check
def test_the_demonstration_goes_on_with_the_library_s_instrument_and_supplements(tmp_path: Path) -> None:
    earlier, file = tmp_path / "demo.assessment", tmp_path / "next.assessment"
    run("demo", earlier)
    run("new", file, "--from", earlier, "--round", "2028")
    with open_session(file) as session, open_session(earlier) as before:
        assert session.instrument_hash == before.instrument_hash
        assert len(session.to_confirm()) > 400
