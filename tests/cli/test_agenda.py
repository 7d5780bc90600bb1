"""The command agenda: what it prints, and the forms and letters it writes."""

import json
from pathlib import Path

import pytest
from docx import Document

from tests.commands import outcome, run


@pytest.fixture
def demonstration(tmp_path: Path) -> Path:
    file = tmp_path / "d.assessment"
    run("demo", file)
    return file


@pytest.mark.check
def test_the_agenda_is_printed_by_day_with_what_is_not_planned(demonstration: Path) -> None:
    data = json.loads(run("agenda", demonstration, "--json"))
    assert [day["date"] for day in data["days"]] == [f"2023-05-{day}" for day in range(15, 20)]
    assert data["minutes"] == sum(day["minutes"] for day in data["days"])
    assert data["unplanned"] == ["t"]
    sections = {one["agency"]: one["sections"] for one in data["agencies"]}
    assert sections["labour"] == ["i", "ii", "iv", "vi", "ix", "x"]
    shown = run("agenda", demonstration)
    assert "09:00  2 h 55 min  MoI: III, VI, VII" in shown
    assert "Not planned yet: T" in shown


@pytest.mark.check
def test_forms_and_letters_are_written_for_the_agencies_chosen(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    run("agenda", demonstration, "--write", folder, "--agency", "MoI", "--agency", "nso", "--language", "ar")
    names = {file.name for file in folder.iterdir()}
    assert {name for name in names if name.endswith(".xlsx")} == {
        name.replace("StatVel", "MoI") for name in names if name.endswith(".xlsx")
    } | {name for name in names if "StatVel" in name and name.endswith(".xlsx")}
    assert len(names) == 4
    agencies = {one["agency"]: one for one in json.loads(run("agenda", demonstration, "--json"))["agencies"]}
    assert agencies["interior"]["has_current_form"]
    assert not agencies["mfa"]["has_current_form"]


@pytest.mark.check
def test_a_form_that_is_there_is_never_replaced(demonstration: Path, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    for _ in range(2):
        run("agenda", demonstration, "--write", folder, "--agency", "mfa")
    assert len(list(folder.iterdir())) == 4


@pytest.mark.check
def test_a_template_of_your_own_is_filled_and_unknown_placeholders_are_named(
    demonstration: Path, tmp_path: Path
) -> None:
    own, folder = tmp_path / "own.docx", tmp_path / "out"
    folder.mkdir()
    document = Document()
    document.add_paragraph("To {{agency_short}} from {{boss}}")
    document.save(str(own))
    told = run("agenda", demonstration, "--write", folder, "--agency", "mfa", "--template", own)
    assert "It left them unchanged: {{boss}}." in told
    (letter,) = folder.glob("*.docx")
    assert [one.text for one in Document(str(letter)).paragraphs] == ["To MFA from {{boss}}"]


@pytest.mark.check
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--write", "missing"), "There is no folder"),
        (("--write", ".", "--agency", "unknown"), "“unknown” has no parts in the agenda"),
        (("--write", ".", "--template", "d.assessment"), "d.assessment"),
    ],
)
def test_what_cannot_be_written_is_said_and_nothing_is_written(
    demonstration: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(demonstration.parent)
    before = {file.name for file in demonstration.parent.iterdir()}
    code, _, error = outcome("agenda", demonstration, *arguments)
    assert code
    assert said in error
    assert {file.name for file in demonstration.parent.iterdir()} == before
