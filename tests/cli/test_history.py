"""The history of a place on the command line."""

import json
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from tests.builders import file_of, open_session
from tests.commands import run

KEY = AnswerKey(Address("i.law"), respondent="agency-moi")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = file_of(tmp_path)
    with open_session(made, author="C. Officer") as session:
        session.record(KEY, Content(state=AnswerState.ANSWERED, value=2, note="Now in force"))
    return made


def test_who_answered_what_and_when_is_told_newest_first(file: Path) -> None:
    lines = run("history", file, "i.law").splitlines()
    assert lines[0].endswith("· i.law · MoI · C. Officer")
    assert lines[1:3] == ["  1 – some → 2 – much", "  Note: – → Now in force"]
    assert lines[-1] == "3 changes."
    assert "  Evidence: – → Statistics Act" in lines


def test_other_programs_get_before_and_after(file: Path) -> None:
    newest, *_ = json.loads(run("history", file, "i.law", "--json"))
    assert (newest["address"], newest["respondent"], newest["author"]) == ("i.law", "agency-moi", "C. Officer")
    assert (newest["before"]["value"], newest["after"]["value"]) == (1, 2)


def test_a_table_tells_of_all_its_cells_and_a_row_of_its_own(file: Path) -> None:
    whole = {step["address"] for step in json.loads(run("history", file, "iii.topics", "--json"))}
    row = {step["address"] for step in json.loads(run("history", file, "iii.topics/a", "--json"))}
    assert whole == {"iii.topics/a/available", "iii.topics/b", "iii.topics/c"}
    assert row == {"iii.topics/a/available"}


def test_what_is_no_place_is_said_with_what_to_type(file: Path) -> None:
    assert "printed number" in run("history", file, "Q.99", code=1)
