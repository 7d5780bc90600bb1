"""The availability command, as somebody types it."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from tests.builders import file_of


@pytest.fixture
def file(tmp_path: Path, demonstration_file: Path) -> str:
    return str(shutil.copy(demonstration_file, tmp_path / "velmora.assessment"))


def test_topics_stand_against_sources(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["availability", file]) == 0
    out = capsys.readouterr().out
    assert "III.1  Which statistics on international migration does the country produce?" in out
    stock = next(line for line in out.splitlines() if line.startswith("1  ") and "foreign-born" in line)
    assert stock.split()[-2:] == ["2021", "SABCUELOD"]
    assert "S4  Multiple Indicator Cluster Survey 2019: 3 topics" in out


def test_the_same_as_data(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["availability", file, "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    topic = next(one for one in data["topics"] if one["address"] == "iii.statistics/foreign-citizens")
    assert (topic["degree"], topic["level"], topic["year"]) == ("partial", 2, 2023)
    assert topic["sources"] == [{"id": "census-2021", "year": 2021}, {"id": "population-register", "year": 2023}]
    named = sum(len(one["sources"]) for one in data["topics"])
    assert named == sum(source["topics"] for source in data["sources"])


def test_the_table_is_written_for_spreadsheets(file: str, tmp_path: Path) -> None:
    out = tmp_path / "matrix.csv"
    assert main(["availability", file, "--csv", str(out)]) == 0
    with out.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    assert rows[0][:3] == ["", "Topic", "All sources"]
    assert rows[1][:3] == ["III.1 1", "Stock of foreign-born", "1 source; partial, level 2 of 3"]
    assert len({len(row) for row in rows}) == 1


def test_the_lens_on_children(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "children.csv"
    assert main(["availability", file, "--children", "--csv", str(out)]) == 0
    told = capsys.readouterr().out
    assert "Statistics that show age and sex: 12 of 18" in told
    assert "supplement CH" in told
    assert "III.1 18" in out.read_text("utf-8-sig")
    assert main(["availability", file, "--children", "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["age_and_sex"] == {"count": 12, "of": 18, "unknown": 1, "share": 0.667}


def test_an_assessment_without_topics_is_no_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = str(file_of(tmp_path))
    assert main(["availability", small]) == 0
    assert "0 of 0 topics served" in capsys.readouterr().out
    assert main(["availability", small, "--children"]) == 0
