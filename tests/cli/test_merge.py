"""Merging on the command line."""

import json
from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import Agency
from tests.builders import file_of, open_session
from tests.commands import run
from tests.places import names_in
from tests.services.exchange.officers import answer, continued, key, revision_ids, says


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """A file and the copies of two officers who disagree once."""
    file = file_of(tmp_path)
    labour = Agency(id="agency-a", name="Ministry of Labour")
    amina = continued(file, "Amina", says("i.law", answer(2)), lambda session: session.put(labour))
    rename = Agency(id="agency-moi", name="Interior", short="MoI")
    twin = Agency(id="agency-b", name="Min. of Labour")
    bela = continued(
        file,
        "Bela",
        says("i.law", answer(0)),
        says("i.plan", answer(3)),
        lambda session: session.put(rename),
        lambda session: session.put(twin),
    )
    return [file, amina, bela]


def test_officers_copies_become_one_assessment_and_the_conflict_is_told(files: list[Path], tmp_path: Path) -> None:
    before = [file.read_bytes() for file in files]
    out = tmp_path / "all.assessment"
    told = run("merge", *files, "-o", out, code=1)
    assert told.startswith("Amina.assessment (Amina)\n")
    assert "Changes in it: 26, of which 24 are here already and 2 are new." in told
    assert "Answers: 14 the same, 0 new, 0 changed, 1 in conflict, 0 replaced here since" in told
    assert "i.law (i.law) · NSO · Answer\n    before: 3 – all\n    Amina.assessment · Amina · " in told
    assert ": 2 – much\n    Bela.assessment · Bela · " in told
    assert "Perhaps typed twice: “Ministry of Labour” (agency-a) and “Min. of Labour” (agency-b)" in told
    assert told.endswith("Made all.assessment. Changes merged: 6. Conflicts decided: 0. Still open: 1.\n")
    assert [file.read_bytes() for file in files] == before
    assert revision_ids(out) == set.union(*map(revision_ids, files))
    assert not [name for name in names_in(tmp_path) if name.startswith(".")]
    checked = json.loads(run("check", out, "--kind", "laptops", "--json", code=1))
    assert [(one["place"], one["message"].split(".")[0]) for one in checked] == [
        ("section i, question i.law", "Two copies of the file have different answers")
    ]


def test_the_first_file_may_be_kept(files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "all.assessment"
    assert "Conflicts decided: 1. Still open: 0." in run("merge", *files, "-o", out, "--keep", "first")
    with open_session(out) as session:
        assert session.content(key("i.law")) == answer(2)
        assert session.conflicts() == ()
        assert session.check_file() == ()


def test_other_programs_get_all_of_it(files: list[Path], tmp_path: Path) -> None:
    found = json.loads(run("merge", *files, "-o", tmp_path / "all.assessment", "--json", code=1))
    assert [source["new"] for source in found["sources"]] == [2, 4]
    assert all(s["revisions"] == s["already_here"] + s["new"] for s in found["sources"])
    assert found["sources"][1]["answers"] == {"same": 13, "added": 0, "changed": 1, "conflicting": 1, "replaced": 0}
    (conflict,) = found["conflicts"]
    assert (conflict["address"], conflict["field"], conflict["respondent"]) == ("i.law", "value", "agency-nso")
    assert [conflict[side]["content"]["value"] for side in ("base", "mine", "theirs")] == [3, 2, 0]
    assert (conflict["mine"]["file"], conflict["theirs"]["author"]) == ("Amina.assessment", "Bela")
    assert found["twins"] == [{"register": "agencies", "here": "agency-a", "there": "agency-b"}]
    assert (found["taken_over"], found["settled"], found["open"]) == (6, 0, 1)


def test_a_file_that_is_refused_is_told_and_the_others_are_merged(files: list[Path], tmp_path: Path) -> None:
    broken, out = tmp_path / "broken.assessment", tmp_path / "all.assessment"
    broken.write_bytes(files[1].read_bytes()[:3_000])
    told = run("merge", files[0], broken, files[2], "-o", out, code=1)
    assert "broken.assessment: not merged. The file “broken.assessment” is damaged" in told
    assert "Changes merged: 4" in told
    assert out.exists()


def test_where_nothing_can_be_merged_no_file_is_made(files: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "all.assessment"
    assert "Nothing was merged" in run("merge", files[0], tmp_path / "missing.assessment", "-o", out, code=1)
    assert not out.exists()


def test_nothing_is_written_over(files: list[Path]) -> None:
    before = files[2].read_bytes()
    assert "There is already a file" in run("merge", files[0], files[1], "-o", files[2], code=1)
    assert files[2].read_bytes() == before


def test_copies_without_conflict_end_well(files: list[Path], tmp_path: Path) -> None:
    told = run("merge", files[0], files[1], files[1], "-o", tmp_path / "all.assessment")
    assert "Still open: 0." in told
    assert "missing" in run("merge", files[0], "-o", tmp_path / "x.assessment", code=2).lower()


def test_a_copy_is_brought_into_an_assessment_with_import(files: list[Path]) -> None:
    file, amina, bela = files
    before = file.read_bytes()
    assert "trial run" in run("import", file, amina, "--dry-run")
    assert file.read_bytes() == before
    assert "Changes merged: 2. Conflicts decided: 0. Still open: 0." in run("import", file, amina)
    told = run("import", file, bela, code=1)
    assert "i.law (i.law) · NSO · Answer" in told
    assert "Still open: 1." in told
    assert revision_ids(file) == set.union(*map(revision_ids, (amina, bela)))
    assert json.loads(run("import", file, amina, "--json", code=1))["taken_over"] == 0


def test_options_for_returned_files_do_not_go_with_a_copy(files: list[Path]) -> None:
    assert "workbooks and Word files only" in run("import", *files[:2], "--agency", "NSO", code=2)
