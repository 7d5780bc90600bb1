"""Instruments made to do harm are refused with a sentence and a place, soon and in little memory, and harm no other.

They are read one after the other in one process that gets little memory and some minutes of computing.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.questionnaires.migration_files import migration_files
from tests.conftest import Promise
from tests.questionnaires.test_mistakes import QUESTION
from tests.questionnaires.writing import write
from tests.untrusted.instruments import copies, folders
from tests.untrusted.tracing import ROOT

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits, links and pipes"),
]
IS_LONG = bool(os.environ.get("CAPACITY_TORTURE"))
MEGABYTES = 1_200
MOST_SECONDS = 300
"""Seconds of computing for an instrument that is read in all four ways, on a slow machine."""
_SLOW = ("a hundred thousand ", "a chain of", "a text of fifty", "five megabytes of questions", "sixty thousand")
"""What only the long run lays out, but for one of them."""
WORDS = {
    name: words
    for name, words in (
        *((f"folders/{name}", folder.words) for name, folder in folders().items()),
        *((f"copies/{name}", words) for name, (words, _make) in copies().items()),
    )
    if IS_LONG or not name.partition("/")[2].startswith(_SLOW) or name == "folders/a hundred thousand scales"
}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How each ended, and what the library lists of all folders."""

    each: dict[str, dict[str, Any]]
    listed: dict[str, list[str]]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    place = tmp_path_factory.mktemp("instruments")
    for name, folder in folders().items():
        if f"folders/{name}" in WORDS:
            (place / "folders" / name).mkdir(parents=True)
            folder.lay(place / "folders" / name)
    (place / "copies").mkdir()
    for name, (_words, make) in copies().items():
        if f"copies/{name}" in WORDS:
            (place / "copies" / name).write_text(make(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.untrusted.instrument_child", str(place), str(MEGABYTES)],
        cwd=ROOT, capture_output=True, check=False, timeout=1_200,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-3_000:]
    return Outcomes(**json.loads((place / "outcomes.json").read_text()))


@pytest.mark.parametrize("name", WORDS)
def test_it_is_refused_with_place_and_reason_or_may_be_used(outcomes: Outcomes, name: str) -> None:
    outcome, words = outcomes.each[name], WORDS[name]
    said = "\n".join(outcome["said"])
    assert outcome["is_used"] is not bool(words), said[:1_000]
    assert words in said
    assert outcome["seconds"] < MOST_SECONDS
    for sentence in outcome["said"]:
        assert len(sentence) < 2_500
        assert sentence.rstrip().endswith((".", "?"))
        assert not [sign for sign in sentence if sign < " " or sign in "\x7f\u202e"]


def test_the_library_lists_bad_ones_as_bad_beside_good_ones(outcomes: Outcomes) -> None:
    assert set(outcomes.listed) == {name.partition("/")[2] for name in WORDS if name.startswith("folders/")}
    assert outcomes.listed["an honest one"] == []
    assert outcomes.listed["a file to be included"]
    assert outcomes.listed["a hundred thousand scales"]


def test_all_are_told(outcomes: Outcomes, promise: Promise) -> None:
    used = [name for name, one in outcomes.each.items() if one["is_used"]]
    promise(
        "a hostile instrument gets a sentence with its place, soon",
        f"{len(outcomes.each)} files, {len(used)} of them harmless, below {MEGABYTES} MB",
    )
    assert set(outcomes.each) == set(WORDS)


def test_a_migration_file_that_is_a_link_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    folder = write(tmp_path, QUESTION) / "migrations"
    folder.mkdir()
    (tmp_path.parent / "outside.toml").write_text("x = 1")
    (folder / "1.0-2.0.toml").symlink_to(tmp_path.parent / "outside.toml")
    (folder / "2.0-3.0.toml").write_text("x = 1")
    assert [file.name for file in migration_files(tmp_path)] == ["2.0-3.0.toml"]


# -- in the person's own folder ------------------------------------------------------------------------------------

_OWN = ("five megabytes of brackets", "a hundred thousand scales", "a pipe", "a link to a device", "an honest one",
        "a file to be included", "a number beyond everything")  # fmt: skip


@pytest.fixture
def own() -> Path:
    """Lay out bad instruments, and a good one, where a person's own ones are looked for."""
    home = paths.user_instruments_folder()
    for number, name in enumerate(_OWN):
        (home / f"own-{number}").mkdir(parents=True)
        folders()[name].lay(home / f"own-{number}")
    (home / "own-head").mkdir()
    (home / "own-head" / "instrument.toml").write_bytes(b"\xff\xfe[")
    os.mkfifo(home / "own-head" / "fr.po")
    (home / "stray").write_text("no folder")
    return home


def _run(*words: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "capacity_app", *map(str, words)],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.usefixtures("own")
def test_bad_instruments_keep_nobody_from_a_new_assessment(tmp_path: Path) -> None:
    made = _run("new", tmp_path / "new.assessment", "--country", "GEO", "--round", "2030")
    assert (made.returncode, made.stderr) == (0, "")
    assert (tmp_path / "new.assessment").is_file()


def test_the_list_of_instruments_says_which_have_mistakes(own: Path) -> None:
    said = _run("instrument", "list")
    assert (said.returncode, said.stderr) == (0, "")
    (line,) = (line for line in said.stdout.splitlines() if "own-head" in line)
    assert "has errors" in line
    listed = json.loads(_run("instrument", "list", "--json").stdout)
    assert {one["id"] for one in listed if one["problems"]} == {"own-head", "small"} - {"unsd-nmdc"}
    assert [one["problems"] for one in listed if one["id"] == "unsd-nmdc"] == [0, 0]
    assert len(listed) > len(_OWN)
    assert str(own) in str(listed)


@pytest.mark.usefixtures("own")
def test_choosing_a_bad_one_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    said = _run("new", tmp_path / "x.assessment", "--country", "GEO", "--round", "1", "--instrument", "own-head")
    assert said.returncode == 1
    assert "not encoded in UTF-8" in said.stdout + said.stderr
    assert not (tmp_path / "x.assessment").exists()
