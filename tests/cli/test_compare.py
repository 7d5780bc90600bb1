"""Two rounds are compared on the command line: for people, for programs and on paper."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.scoring.round_comparison import RoundChange, compare_rounds
from capacity_app.services.session.dossier_json import dossier_to_json
from tests.builders import MISSION, file_of, small_dossier, small_instrument
from tests.domain.making import say

Output = pytest.CaptureFixture[str]
LATER = small_dossier()
EARLIER = replace(
    small_dossier(id="earlier", mission=replace(MISSION, round="2012")),
    answers=(say("i.plan", 3, who="agency-nso"), say("i.published", "no"), say("i.how", "online")),
)


def dossier_file(folder: Path, dossier: Dossier, name: str) -> Path:
    file = folder / name
    file.write_text(dossier_to_json(dossier, {}), encoding="utf-8")
    return file


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return dossier_file(tmp_path, EARLIER, "2012.json"), file_of(tmp_path, LATER)


def run(output: Output, *arguments: object, code: int = 0) -> str:
    assert main(["compare", *map(str, arguments)]) == code
    told = output.readouterr()
    return told.out + told.err


def test_programs_get_the_figures_of_the_comparison(files: tuple[Path, Path], capsys: Output) -> None:
    data: dict[str, Any] = json.loads(run(capsys, *files, "--json"))
    found = compare_rounds(EARLIER, LATER)
    assert (data["earlier"]["round"], data["later"]["round"]) == ("2012", "2018")
    assert (data["comparable"], data["matched"]) == (True, found.matched)
    assert data["counts"] == {change.value: found.count(change) for change in RoundChange}
    worse = [change for change in data["changes"] if change["change"] == "worse"]
    assert worse == [{"address": "i.plan", "number": "i.plan", "change": "worse", "before": 1.0, "after": 0.333}]
    assert not [change for change in data["changes"] if change["change"] == "same"]


def test_people_read_counts_parts_and_items(files: tuple[Path, Path], capsys: Output) -> None:
    told = run(capsys, *files)
    assert "2012 → 2018" in told
    assert "worse (1):" in told
    assert "100% → 33%" in told


@pytest.mark.check
@pytest.mark.parametrize("suffix", [".html", ".json"])
def test_the_comparison_is_written_to_a_file(files: tuple[Path, Path], capsys: Output, suffix: str) -> None:
    out = files[0].parent / f"compared{suffix}"
    assert "compared" in run(capsys, *files, "-o", out)
    assert out.stat().st_size > 500
    if suffix == ".html":
        assert "2012" in out.read_text(encoding="utf-8")
    if suffix == ".json":
        assert json.loads(out.read_text(encoding="utf-8"))["matched"] == compare_rounds(EARLIER, LATER).matched


def test_a_comparison_is_no_workbook(files: tuple[Path, Path], capsys: Output) -> None:
    out = files[0].parent / "compared.xlsx"
    run(capsys, *files, "-o", out, code=1)
    assert not out.exists()


def test_rounds_of_other_main_versions_end_with_1_and_say_why(tmp_path: Path, capsys: Output) -> None:
    newer = dossier_file(tmp_path, small_dossier(small_instrument("2.0")), "newer.json")
    earlier = dossier_file(tmp_path, EARLIER, "2012.json")
    assert "cannot be compared" in run(capsys, earlier, newer, code=1)
    assert json.loads(run(capsys, earlier, newer, "--json", code=1))["comparable"] is False


def test_two_countries_are_refused(files: tuple[Path, Path], tmp_path: Path, capsys: Output) -> None:
    other = replace(EARLIER, mission=replace(EARLIER.mission, country="GEO", country_name="Georgia"))
    told = run(capsys, dossier_file(tmp_path, other, "geo.json"), files[1], code=1)
    assert "geo.json is about Georgia" in told


def test_what_is_no_assessment_gets_one_sentence(files: tuple[Path, Path], tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "no.json").write_text("no", encoding="utf-8")
    assert "not a JSON dossier" in run(capsys, tmp_path / "no.json", files[1], code=1)
    assert "There is no file" in run(capsys, tmp_path / "gone.assessment", files[1], code=1)
