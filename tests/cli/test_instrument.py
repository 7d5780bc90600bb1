"""``instrument check`` and ``instrument use`` as a person and as a program use them."""

import json
from pathlib import Path
from typing import Any

import pytest

from capacity_app import paths
from capacity_app.i18n.catalogues import ReviewStatus
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import list_instruments
from tests.commands import run
from tests.questionnaires.writing import write

WEAK = """
[[question]]
id = "r.survey"
number = "1.1"
text = "Are readers asked?"
type = "yes_no"
provenance = "P"

[[question]]
id = "r.more"
number = "1.2"
text = "How often?"
type = "integer"
provenance = "P"
show_if = { all = [{ question = "r.survey", is = "yes" }, { question = "r.survey", is = "no" }] }
"""
"""A question that is never asked."""


def checked(*arguments: object, code: int = 0) -> Any:
    return json.loads(run("instrument", "check", "--json", *arguments, code=code))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    return write(made, WEAK)


def test_the_editor_speaks_after_the_mistakes_and_fails_nothing(folder: Path) -> None:
    said = run("instrument", "check", folder)
    assert "Questions that depend on other answers (1)" in said
    assert "  1.2: No answers can fulfil the condition" in said
    assert "no errors. Questions: 2. Parts: 1." in said
    assert "remark" in said


def test_only_mistakes_leaves_the_editor_out(folder: Path) -> None:
    said = run("instrument", "check", folder / "instrument.toml", "--errors-only")
    assert said.count("\n") == 1
    assert checked(folder, "--errors-only")["remarks"] == []


def test_names_of_the_version_before_still_work_and_are_not_shown(folder: Path) -> None:
    assert checked(folder, "--only-mistakes", "--core-alone") == checked(folder, "--errors-only", "--no-supplements")
    assert "merge-duplicates" in run("register", "--help")
    assert "Usage: capacity-app register merge-duplicates" in run("register", "join", "--help")
    shown = run("import", "--help") + run("instrument", "--help") + run("instrument", "check", "--help")
    assert not any(former in shown for former in ("take-back", "take-sheet", "only-mistakes", "core-alone"))


def test_a_mistake_comes_first_and_ends_with_one(folder: Path) -> None:
    (folder / "1.toml").write_text((folder / "1.toml").read_text("utf-8").replace("yes_no", "yes_on"), "utf-8")
    said = run("instrument", "check", folder, code=1)
    assert "Did you mean “yes_no”?" in said
    assert "editor" not in said
    data = checked(folder, code=1)
    assert data["mistakes"][0]["severity"] == "error"
    assert data["remarks"] == []


def test_programs_get_everything_with_places(folder: Path) -> None:
    data = checked(folder)
    assert (data["id"], data["questions"], data["mistakes"]) == ("small", 2, [])
    never = next(remark for remark in data["remarks"] if remark["code"] == "editor.condition.never")
    assert (never["where"], never["address"], never["place"]) == ("1.2", "r.more", "section r, question r.more")
    assert "never asked" in never["message"]
    assert never["advice"].startswith("Check the answers")


@pytest.mark.check
def test_an_instrument_is_found_by_its_id_and_supplements_are_chosen() -> None:
    whole = checked("unsd-nmdc")
    core = checked("unsd-nmdc", "--no-supplements")
    one = checked("unsd-nmdc", "--supplement", "LB")
    assert whole["questions"] > one["questions"] > core["questions"]
    assert "Did you mean “unsd-nmdc”?" in run("instrument", "check", "unsd-nmcd", code=1)


def test_a_folder_that_is_none_ends_in_a_sentence(tmp_path: Path) -> None:
    assert "instrument.toml" in run("instrument", "check", tmp_path, code=1)
    (tmp_path / "instrument.toml").write_bytes(b"\xff\xfe\x00[[[")
    assert run("instrument", "check", tmp_path, code=1)


def test_a_preview_is_made_only_of_what_can_be_used(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "p.assessment"
    assert checked(folder, "--preview", file)["preview"] == str(file)
    assert file.is_file()
    (folder / "1.toml").write_text("[section]\n", "utf-8")
    assert checked(folder, "--preview", tmp_path / "q.assessment", code=1)["preview"] == ""
    assert not (tmp_path / "q.assessment").exists()


def test_a_folder_is_taken_over_once_and_never_silently_replaced(folder: Path) -> None:
    lines = (
        "Language: fr",
        "Last-Translator: Ana",
        "X-Reviewed-By: Ana",
        "X-Reviewed-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
    )
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{line}\\n"\n' for line in lines) + "\n"
    (folder / "fr.po").write_text(f'{head}msgctxt "small|r|title"\nmsgid "Readers"\nmsgstr "Lecteurs"\n', "utf-8")
    assert "can now be chosen" in run("instrument", "use", folder)
    (entry,) = list_instruments((paths.user_instruments_folder(),))
    assert (entry.id, entry.problems) == ("small", ())
    assert "Lecteurs" in (entry.folder / "fr.po").read_text("utf-8")
    assert Translator("fr").standing("small", "1.0") is ReviewStatus.UNREVIEWED, "nobody signed it off in this program"
    assert "on this computer already" in run("instrument", "use", entry.folder, code=1)
    run("instrument", "use", folder)
    (folder / "1.toml").write_text((folder / "1.toml").read_text("utf-8").replace("How often?", "When?"), "utf-8")
    assert "1.1" in run("instrument", "use", folder, code=1)
    assert "How often?" in (entry.folder / "1.toml").read_text("utf-8")


def test_what_has_mistakes_is_not_taken_over(folder: Path) -> None:
    (folder / "1.toml").write_text("[section]\n", "utf-8")
    assert "nothing was written" in run("instrument", "use", folder, code=1)
    assert not paths.user_instruments_folder().exists()
