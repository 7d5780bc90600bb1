"""The command line prints what the scores page shows."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.services.result_tables import SCORE_KEYS
from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import file_of, small_dossier, small_instrument

Say = Callable[..., str]


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Say:
    def run(*arguments: object) -> str:
        assert main([str(argument) for argument in arguments]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "demo.assessment"
    create_demonstration(file, device="testlaptop")
    return file


@pytest.mark.check
def test_targets_verified_scores_methods_and_the_earlier_round_are_printed(said: Say, demonstration: Path) -> None:
    shown = said("score", demonstration)
    data = json.loads(said("score", demonstration, "--json"))
    overall = next(line for line in shown.splitlines() if line.startswith("all "))
    for key in ("score", "target", "verified", "lower", "upper"):
        assert f"{data['overall'][key]:.1f}" in overall
    assert f"({data['overall']['unsupported']})" in overall
    methods = data["overall"]["sensitivity"]
    assert methods.pop("own_weights") is None
    # All three are rounded to one decimal.
    assert methods.pop("spread") == pytest.approx(max(methods.values()) - min(methods.values()), abs=0.11)
    assert "3 ways to put the parts together:" in shown
    assert all(f"{value:.1f}" in shown for value in methods.values())
    for section in data["sections"]:
        assert f"{section['previous']['before']:.1f} → {section['previous']['after']:.1f}" in shown
    assert "Since round 2018" in shown


def test_every_name_of_the_data_is_in_the_help(said: Say) -> None:
    shown = said("score", "--help")
    for name, meaning in SCORE_KEYS.items():
        assert f"{name}: {meaning}" in shown


def small(tmp_path: Path, said: Say, dossier: Dossier) -> str:
    return said("score", file_of(tmp_path, dossier))


def test_nothing_is_printed_that_follows_from_a_withheld_overall_score(tmp_path: Path, said: Say) -> None:
    dossier = small_dossier()
    unfinished = replace(dossier, answers=tuple(a for a in dossier.answers if a.key.address.question.startswith("i.")))
    file = file_of(tmp_path, unfinished)
    shown = said("score", file)
    assert "Lowest" not in shown
    assert "ways to put the parts together" not in shown
    assert "robust" not in shown
    overall = json.loads(said("score", file, "--json"))["overall"]
    withheld = ("score", "verified", "sensitivity", "robust", "lowest")
    assert {overall[name] for name in withheld} == {None}
    assert overall["status"] == "withheld"
    assert overall["lower"] < overall["upper"]


def test_own_weights_are_printed_with_the_result(tmp_path: Path, said: Say) -> None:
    dossier = small_dossier()
    weighted = replace(dossier, mission=replace(dossier.mission, weights=("iii=1/2",)))
    assert "Own weights of the parts: iii × 1/2." in small(tmp_path, said, weighted)


def test_a_section_without_a_score_says_what_it_needs(tmp_path: Path, said: Say) -> None:
    shown = small(tmp_path, said, replace(small_dossier(), answers=(), actions=(), ratings=()))
    assert "3 more answers give it a score" in shown
    assert "ways to put the parts together" not in shown


def test_a_round_of_another_version_is_not_compared(tmp_path: Path, said: Say) -> None:
    earlier = small_dossier(small_instrument("2.0"))
    shown = small(tmp_path, said, replace(small_dossier(), previous=earlier))
    assert "Round 2018 answered another version of the questionnaire: not compared." in shown
