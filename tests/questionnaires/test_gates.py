"""Gates: which columns may close a row, and which columns they may settle."""

from pathlib import Path
from textwrap import dedent

import pytest

from capacity_app.domain.problems import Problem
from capacity_app.domain.questionnaire.instrument import Instrument, SkipRule
from capacity_app.questionnaires.reader import read_instrument
from tests.questionnaires.writing import places, write

GRID = """
[[question]]
id = "r.grid"
number = "1.1"
text = "What is there?"
type = "grid"
provenance = "P"

    [[question.column]]
    id = "available"
    label = "Available"
    type = "level"
    anchors = ["Nothing.", "A little.", "Much.", "All."]
    actions = ["Begin.", "Go on.", "Finish."]

    [[question.column]]
    id = "help"
    label = "Form of help"
    type = "checklist"
    options = [{ id = "training", label = "Training" }, { id = "none", label = "None", exclusive = true }]

    [[question.column]]
    id = "agency"
    label = "Agency"
    type = "agency"

    [[question.column]]
    id = "year"
    label = "Year"
    type = "year"

    [[question.row]]
    id = "stock"
    label = "Stock"
"""


def read(folder: Path, gate: str) -> tuple[Instrument | None, tuple[Problem, ...]]:
    return read_instrument(write(folder, f"{GRID}\n[question.gate]\n{dedent(gate)}"))


@pytest.mark.parametrize("answers", [("0",), ("0", "1"), ("3",)])
def test_a_level_may_settle_columns_that_are_not_scored(tmp_path: Path, answers: tuple[str, ...]) -> None:
    named = ", ".join(f'"{answer}"' for answer in answers)
    made, problems = read(tmp_path, f'column = "available"\nanswers = [{named}]\nsettles = ["agency", "year"]')
    assert problems == ()
    assert made is not None
    assert made.question_by_id["r.grid"].gate == SkipRule(
        column="available", answers=answers, settles=("agency", "year")
    )


def test_an_exclusive_option_of_a_checklist_may_settle_other_columns(tmp_path: Path) -> None:
    made, problems = read(tmp_path, 'column = "help"\nanswers = ["none"]\nsettles = ["agency"]')
    assert problems == ()
    assert made is not None


@pytest.mark.parametrize(
    ("gate", "code"),
    [
        ('column = "available"\nanswers = ["4"]\nsettles = ["year"]', "unknown-option"),
        ('column = "available"\nanswers = ["none"]\nsettles = ["year"]', "unknown-option"),
        ('column = "available"\nanswers = ["0"]\nsettles = ["available"]', "gate-settles-itself"),
        ('column = "help"\nanswers = ["training"]\nsettles = ["year"]', "gate-kind"),
        ('column = "help"\nanswers = ["nothing"]\nsettles = ["year"]', "unknown-option"),
        ('column = "agency"\nanswers = ["nso"]\nsettles = ["year"]', "gate-kind"),
        ('column = "year"\nanswers = ["0"]\nsettles = ["agency"]', "gate-kind"),
    ],
)
def test_what_cannot_close_a_row_is_refused(tmp_path: Path, gate: str, code: str) -> None:
    made, problems = read(tmp_path, gate)
    assert made is None
    assert places(problems) == [f"instrument.{code} @ section r, question r.grid, gate"]


def test_a_level_is_written_as_text(tmp_path: Path) -> None:
    _, problems = read(tmp_path, 'column = "available"\nanswers = [0]\nsettles = ["year"]')
    assert [problem.code for problem in problems if problem.code == "instrument.wrong-type"]
    assert "“answers” must be a list of texts" in problems[0].text()
