"""``find`` on the command line, for people and for programs."""

import json
from pathlib import Path

import pytest

from tests.builders import file_of
from tests.commands import run


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return file_of(tmp_path_factory.mktemp("find"))


def test_places_are_printed_with_who_said_it(file: Path) -> None:
    assert run("find", file, "ADOPTEE") == "i.law  i.law\n  Note (NSO): Loi n° 12 – «adoptée»\n"


def test_several_words_are_looked_for_together(file: Path) -> None:
    assert "No budget. No staff." in run("find", file, "staff", "budget")


def test_places_are_printed_for_programs(file: Path) -> None:
    (place,) = json.loads(run("find", file, "budget", "--json"))
    start, end = place["matches"][0]
    assert place["text"][start:end] == "budget"
    assert (place["address"], place["where"], place["respondent"]) == ("i.why", "answer", "agency-nso")


def test_nothing_found_says_so_and_exits_with_one(file: Path) -> None:
    assert "Nothing contains all of these words" in run("find", file, "xyzzy", code=1)
    assert json.loads(run("find", file, "xyzzy", "--json", code=1)) == []
