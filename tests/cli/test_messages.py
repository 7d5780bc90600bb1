"""The command messages: the main messages and the comments of the authorities, printed and written."""

from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.services.session.assessment_session import AssessmentSession
from tests.commands import outcome, run


@pytest.fixture
def demonstration(tmp_path: Path) -> Path:
    file = tmp_path / "d.assessment"
    run("demo", file)
    return file


@pytest.mark.check
def test_the_generated_messages_are_printed_until_somebody_writes_others(demonstration: Path, tmp_path: Path) -> None:
    generated = run("messages", demonstration)
    assert "What changed since 2018" in generated
    assert "790,000" in generated
    own = tmp_path / "own.txt"
    own.write_text("Our headline\n– one point\n", encoding="utf-8")
    run("messages", demonstration, "--set", own)
    assert run("messages", demonstration).strip() == "Our headline\n– one point"
    assert run("messages", demonstration, "--generated") == generated
    run("messages", demonstration, "--clear")
    assert run("messages", demonstration) == generated


@pytest.mark.check
def test_comments_of_the_authorities_are_written_into_the_report(demonstration: Path, tmp_path: Path) -> None:
    assert run("messages", demonstration, "--comments").strip() == ""
    comments, page = tmp_path / "c.txt", tmp_path / "r.html"
    comments.write_text("The ministry agrees with R1.", encoding="utf-8")
    run("messages", demonstration, "--comments", "--set", comments)
    run("report", demonstration, page)
    assert "The ministry agrees with R1." in page.read_text(encoding="utf-8")


@pytest.mark.check
def test_the_errors_say_which_text_is_printed_and_whether_answers_changed_since(demonstration: Path) -> None:
    assert outcome("messages", demonstration)[2] == "The report prints this generated text.\n"
    run("messages", demonstration, "--set", "-", typed="Our headline")
    assert outcome("messages", demonstration)[1:] == ("Our headline\n", "The report prints this typed text.\n")
    with AssessmentSession(demonstration, device="laptop", author="A. Officer") as session:
        answer = session.dossier().answers[0]
        session.record(answer.key, replace(answer.content, note="Seen on paper."))
    told = outcome("messages", demonstration)[2]
    assert "Answers or actions have changed since this text was written." in told
    assert "The report prints the typed text instead." in outcome("messages", demonstration, "--generated")[2]


@pytest.mark.parametrize(
    "options", [("--set", "-", "--clear"), ("--generated", "--clear"), ("--generated", "--comments")]
)
def test_options_that_contradict_each_other_change_nothing(demonstration: Path, options: tuple[str, ...]) -> None:
    run("messages", demonstration, "--set", "-", typed="Our headline")
    run("messages", demonstration, *options, typed="Other", code=2)
    assert run("messages", demonstration) == "Our headline\n"
