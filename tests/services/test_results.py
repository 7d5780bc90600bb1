"""Results as one value and as plain data: complete, documented, and the same as on the page."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.scoring.scores import unsupported_parts
from capacity_app.services.result_tables import SCORE_KEYS, Results, assessment_results, score_data
from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import file_of, open_session, small_dossier, small_instrument


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "demo.assessment"
    create_demonstration(file, device="testlaptop")
    return file


@pytest.fixture(scope="module")
def data(demonstration: Path) -> dict[str, Any]:
    with open_session(demonstration, read_only=True) as session:
        return score_data(assessment_results(session), *session.gaps())


def names_in(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield name
            yield from names_in(value)
    elif isinstance(data, list):
        for value in data:
            yield from names_in(value)


@pytest.mark.check
def test_every_name_in_the_data_is_explained_and_no_other(data: dict[str, Any]) -> None:
    assert set(names_in(data)) == set(SCORE_KEYS)


def test_the_data_is_plain(data: dict[str, Any]) -> None:
    assert json.loads(json.dumps(data)) == data


def test_the_figures_stand_under_their_names(demonstration: Path, data: dict[str, Any]) -> None:
    with open_session(demonstration, read_only=True) as session:
        results = assessment_results(session)
    assert data["overall"]["unsupported"] == len(results.unsupported) == sum(s["unsupported"] for s in data["sections"])
    assert data["round"] == "2018"
    for shown in data["sections"]:
        entry = results.scorecard.section(shown["id"])
        change = results.change(shown["id"])
        assert entry is not None
        assert change is not None
        assert shown["unsupported"] == len(unsupported_parts(entry.parts))
        assert shown["previous"]["matched"] == change.matched
        assert shown["target"] == pytest.approx(float(results.targets[shown["id"]] or 0), abs=0.05)
        assert shown["weight"] == "1"


def results(tmp_path: Path, dossier: Dossier) -> Results:
    with open_session(file_of(tmp_path, dossier), read_only=True) as session:
        return assessment_results(session)


def test_own_weights_are_kept_with_the_result(tmp_path: Path) -> None:
    dossier = small_dossier()
    found = results(tmp_path, replace(dossier, mission=replace(dossier.mission, weights=("iii=1/2",))))
    shown = score_data(found, (), ())["sections"]
    assert [(entry["id"], entry["weight"]) for entry in shown] == [("i", "1"), ("iii", "1/2")]


def test_without_an_earlier_round_nothing_is_compared(tmp_path: Path) -> None:
    found = results(tmp_path, small_dossier())
    assert (found.comparison, found.round, found.change("i")) == (None, "", None)
    assert score_data(found, (), ())["round"] is None


def test_a_round_of_another_major_version_is_named_and_not_compared(tmp_path: Path) -> None:
    earlier = replace(small_dossier(small_instrument("2.0")), previous=None)
    found = results(tmp_path, replace(small_dossier(), previous=earlier))
    assert found.comparison is not None
    assert not found.comparison.is_compatible
    assert found.change("i") is None
    assert found.round == "2018"
