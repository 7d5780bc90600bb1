"""The command line as a person and as a program use it."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from capacity_app import __version__
from tests.commands import run


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("demo") / "d.assessment"
    run("demo", file)
    return file


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    file = tmp_path / "geo.assessment"
    run("new", file, "--country", "GEO", "--round", "2018", "--supplement", "T")
    return file


def read(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))


def test_scores_are_printed_as_json_with_the_documented_names(demonstration: Path) -> None:
    data = json.loads(run("score", demonstration, "--json"))
    names = {"id", "score", "lower", "upper", "coverage", "na_share", "band", "status"}
    assert [entry["id"] for entry in data["sections"]] == ["iii", "iv", "v", "vi", "vii", "viii", "ix", "x"]
    assert all(names <= set(entry) for entry in data["sections"])
    assert {"score", "lower", "upper", "sensitivity", "lowest"} <= set(data["overall"])
    assert {"address", "steps", "importance", "severity", "class"} <= set(data["gaps"][0])
    assert data["to_verify"]


def test_scores_are_printed_for_people(demonstration: Path) -> None:
    shown = run("score", demonstration)
    assert "IV" in shown
    assert "[" in shown


def test_a_dossier_goes_out_and_comes_back_equal(demonstration: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    run("export", demonstration, first)
    run("import", tmp_path / "again.assessment", first)
    run("export", tmp_path / "again.assessment", second)
    assert read(first) == read(second)


@pytest.mark.check
def test_an_unknown_address_is_listed_and_the_rest_comes_in(demonstration: Path, empty: Path, tmp_path: Path) -> None:
    file = tmp_path / "edited.json"
    run("export", demonstration, file)
    data = read(file)
    data["answers"][0]["question"] = "iv.no-such-question"
    file.write_text(json.dumps(data), "utf-8")
    trial = json.loads(run("import", empty, file, "--dry-run", "--json", code=1))
    assert json.loads(run("score", empty, "--json"))["overall"]["coverage"] == 0
    shown = json.loads(run("import", empty, file, "--json", code=1))
    assert shown == trial
    assert shown["unplaced"] == 1
    parts = ("same", "new", "changed", "refused", "unplaced")
    assert shown["given"] == len(data["answers"]) == sum(shown[part] for part in parts)
    assert any("iv.no-such-question" in problem["place"] for problem in shown["problems"])
    again = json.loads(run("import", empty, file, "--json", code=1))
    assert again["new"] == again["changed"] == 0


def test_answers_go_out_as_a_table(demonstration: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.csv"
    run("export", demonstration, file)
    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("country,round,instrument,version,question,row,column,layer,respondent,state,value")
    assert any(line.startswith("XXA,2023,unsd-nmdc,") for line in lines)


@pytest.mark.check
def test_reports_are_written_in_all_forms(demonstration: Path, tmp_path: Path) -> None:
    starts = {".pdf": b"%PDF-", ".docx": b"PK", ".xlsx": b"PK", ".html": b"<!DOCTYPE html>"}
    for suffix, start in starts.items():
        out = tmp_path / f"r{suffix}"
        run("report", demonstration, out, "--profile", "brief")
        assert out.read_bytes()[: len(start)].lower() == start.lower()


@pytest.mark.check
def test_progress_is_told_as_json_lines(demonstration: Path, tmp_path: Path) -> None:
    told = run("report", demonstration, tmp_path / "r.html", "--profile", "brief", "--progress")
    lines = [json.loads(line) for line in told.splitlines()]
    shares = [line["share"] for line in lines if "share" in line]
    assert shares == sorted(shares)
    assert lines[-1]["done"] is True


def test_weak_points_are_listed(demonstration: Path, empty: Path) -> None:
    found = json.loads(run("check", demonstration, "--json", code=1))
    assert {"code", "severity", "place", "message"} <= set(found[0])
    assert run("check", empty, code=1)


def test_weak_points_stand_in_the_groups_of_the_window(demonstration: Path) -> None:
    listed = run("check", demonstration, code=1)
    assert "Agencies disagree (4)\n  section iii," in listed
    only = json.loads(run("check", demonstration, "--json", "--kind", "conflict", "--section", "VII", code=1))
    assert [(found["kind"], found["group"], found["section"]) for found in only] == [
        ("conflict", "Agencies disagree", "vii")
    ] * 2
    assert "There is no part" in run("check", demonstration, "--section", "XX", code=1)


@pytest.mark.check
def test_a_brief_in_two_languages(demonstration: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.html"
    run("report", demonstration, out, "--profile", "brief", "--no-attribution", "--second-language", "fr")
    html = out.read_text(encoding="utf-8")
    assert re.findall(r'<h1 id="([^"]+)">', html) == ["messages", "profile", "plan"]
    assert 'lang="fr" dir="ltr"' in html
    assert "only in: en" in run("report", demonstration, out, "--second-language", "zz", code=1)


def test_an_answer_changed_behind_our_back_is_named(demonstration: Path, tmp_path: Path) -> None:
    file = tmp_path / "edited.assessment"
    shutil.copy(demonstration, file)
    connection = sqlite3.connect(file)
    with connection:
        connection.execute("UPDATE answers SET value = '0' WHERE question = 'v.data-strategy'")
    connection.close()
    places = {problem["code"]: problem["place"] for problem in json.loads(run("check", file, "--json", code=1))}
    assert "v.data-strategy" in places["file.answers"]


def test_instruments_are_listed_checked_and_shown(tmp_path: Path) -> None:
    assert "unsd-nmdc" in run("instrument", "list")
    entry = json.loads(run("instrument", "list", "--json"))[0]
    assert "no errors" in run("instrument", "check", entry["folder"])
    shown = run("instrument", "show", "unsd-nmdc")
    assert "iv.policy" in shown
    assert "Total number of immigrants enter the country every year" in shown
    (tmp_path / "instrument.toml").write_text('[instrument]\nid = "x"\nvershun = "1"\n', "utf-8")
    assert "did you mean" in run("instrument", "check", tmp_path, code=1).lower()


def test_a_supplement_of_the_country_is_added(tmp_path: Path) -> None:
    own = tmp_path / "mine.toml"
    own.write_text(
        '[section]\nid = "xx-geo"\nnumber = "XX"\ntitle = "Ours"\nprovenance = "P"\nsupplement = "XX.GEO"\n'
        '[[question]]\nid = "xx-geo.one"\nnumber = "XX.1"\ntext = "One?"\ntype = "yes_no"\nprovenance = "P"\n',
        "utf-8",
    )
    file = tmp_path / "s.assessment"
    run("new", file, "--country", "GEO", "--round", "2018", "--supplement", own, "--supplement", "LB")
    out = tmp_path / "s.json"
    run("export", file, out)
    assert [s["id"] for s in read(out)["instrument"]["sections"]][-2:] == ["lb", "xx-geo"]


@pytest.mark.parametrize("command", [["score"], ["check"], ["report", "OUT"], ["export", "OUT"], ["import", "IN"]])
def test_a_file_that_is_no_assessment_gives_one_sentence(command: list[str], tmp_path: Path) -> None:
    bad = tmp_path / "bad.assessment"
    bad.write_bytes(b"not a database, but long enough to look at" * 50)
    source = tmp_path / "in.json"
    source.write_text("{}", "utf-8")
    names = {"OUT": tmp_path / "out.pdf" if command[0] == "report" else tmp_path / "out.json", "IN": source}
    said = run(command[0], bad, *(names[word] for word in command[1:]), code=1)
    assert len(said.strip().splitlines()) == 1


def test_nothing_is_overwritten_by_new_and_demo(empty: Path) -> None:
    before = empty.read_bytes()
    run("new", empty, "--country", "PER", "--round", "2019", code=1)
    run("demo", empty, code=1)
    assert empty.read_bytes() == before


def test_usage_errors_exit_with_two_and_mistakes_with_one(empty: Path, tmp_path: Path) -> None:
    run("new", tmp_path / "x.assessment", code=2)
    run("no-such-command", code=2)
    run("report", empty, tmp_path / "r.doc", code=1)
    run("new", tmp_path / "y.assessment", "--country", "GEO", "--round", "1", "--instrument", "unsd-nmcd", code=1)


@pytest.mark.check
def test_a_process_prints_and_ends_with_the_code_of_its_command(empty: Path) -> None:
    def ended(*arguments: object) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "capacity_app", *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    code, printed, errors = ended("--version")
    assert (code, errors) == (0, "")
    assert __version__ in printed
    assert ended("no-such-command")[:2] == (2, "")
    code, printed, errors = ended("new", empty, "--country", "PER", "--round", "2019")
    assert (code, printed) == (1, "")
    assert len(errors.splitlines()) == 1
