"""The commands plan and training, as a person and as a program use them."""

import csv
import json
from pathlib import Path

import pytest

from capacity_app.services.result_tables import PLAN_COLUMNS
from tests.commands import run


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "d.assessment"
    run("demo", file)
    return file


def test_the_plan_is_printed_by_time_with_severity_and_warnings(demonstration: Path) -> None:
    data = json.loads(run("plan", demonstration, "--json"))
    days = [action["first_day"] for action in data["actions"]]
    assert days == sorted(days)
    severity = {action["id"]: action["severity"] for action in data["actions"]}
    gaps = {gap["address"]: gap["class"] for gap in json.loads(run("score", demonstration, "--json"))["gaps"]}
    order = ["none", "low", "moderate", "high", "critical"]
    for action in data["actions"]:
        own = [gaps[address] for address in action["gaps"] if address in gaps]
        assert severity[action["id"]] == max(own, key=order.index, default="none")
    early = next(action for action in data["actions"] if action["id"] == "emigration-method")
    assert any("starts before" in sentence for sentence in early["warnings"])
    assert any(warning["gap"] == "iii.statistics/stateless" for warning in data["warnings"])


def test_the_plan_is_printed_for_people(demonstration: Path) -> None:
    shown = run("plan", demonstration)
    assert "12 actions\n" in shown
    assert "2023-07-01 – 2023-12-31  moderate  started" in shown


def test_the_plan_is_written_as_a_table(demonstration: Path, tmp_path: Path) -> None:
    out = tmp_path / "plan.csv"
    run("plan", demonstration, "--csv", out)
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == PLAN_COLUMNS
    data = json.loads(run("plan", demonstration, "--json"))["actions"]
    assert [row["id"] for row in rows] == [action["id"] for action in data]
    assert rows[0]["gaps"] == "; ".join(data[0]["gaps"])


@pytest.mark.check
def test_training_needs_are_printed(demonstration: Path, tmp_path: Path) -> None:
    data = json.loads(run("training", demonstration, "--json"))
    first = data["topics"][0]
    assert data["has_supplement"]
    assert (first["topic"], first["level"], first["target"], first["steps"]) == ("integration", 0, 2, 2)
    assert first["points_to_it"] == ["vii.integration", "vii.skills"]
    assert "0 → 2  high    Integration of sources" in run("training", demonstration)
    core = tmp_path / "core.assessment"
    run("new", core, "--country", "GEO", "--round", "2018")
    assert "Supplement T was not asked" in run("training", core)
    assert not json.loads(run("training", core, "--json"))["has_supplement"]
