"""The thorough check: a sound file has no problems, and each kind of damage is told with its place."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerKey, Content
from capacity_app.domain.assessment.registers import Agency, Evidence, ReturnedFile
from capacity_app.domain.problems import Problem
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import DEVICE, file_of, open_session, small_dossier
from tests.services.exchange.officers import answer, continued, merged, says


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file in which everything has happened: changes, removals, a document."""
    made, paper = file_of(tmp_path), tmp_path / "act.txt"
    paper.write_text("Article 1")
    with open_session(made) as session:
        session.record(AnswerKey(Address("i.plan"), respondent="agency-nso"), Content(note="later"))
        session.record(AnswerKey(Address("i.law"), respondent="agency-moi"), EMPTY_CONTENT)
        session.remove("agencies", "agency-moi")
        session.attach(paper)
    return made


def _problems(file: Path) -> list[tuple[str, str]]:
    with open_session(file) as session:
        found = session.check_file()
    assert all(isinstance(problem, Problem) and problem.text().endswith(".") for problem in found)
    return [(problem.code, problem.place) for problem in found]


def _change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(statement)


def test_a_sound_file_has_no_problems(file: Path) -> None:
    assert _problems(file) == []


def test_answers_that_wait_are_saved_before_the_check(file: Path) -> None:
    with open_session(file) as session:
        session.record(AnswerKey(Address("i.plan"), respondent="agency-nso"), Content(note="now"))
        assert session.check_file() == ()


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("UPDATE answers SET note = 'by hand' WHERE question = 'ii.staff'", ("file.answers", "ii.staff")),
        ("DELETE FROM answers WHERE grid_column = 'available'", ("file.answers", "iii.topics/a/available")),
        ("UPDATE agencies SET name = 'by hand'", ("file.entries", "agencies/agency-nso")),
        (
            "INSERT INTO ratings (id, feasibility, note) VALUES ('i.plan', 'easy', '')",
            ("file.entries", "ratings/i.plan"),
        ),
        ("UPDATE mission SET round = '2019'", ("file.entries", "mission/mission")),
    ],
)
def test_a_table_changed_by_hand_is_told(file: Path, statement: str, problem: tuple[str, str]) -> None:
    _change(file, statement)
    assert _problems(file) == [problem]


def test_a_damaged_document_is_told(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b"Article 1", b"Article 2"))
    with open_session(file) as session:
        held = [entry.document for entry in session.entries("evidence") if isinstance(entry, Evidence)]
    assert _problems(file) == [("file.document", held[-1])]


def test_documents_that_evidence_and_returned_files_name_are_missed(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_session(file) as session:
        evidence = session.entries("evidence")[-1]
        session.put(ReturnedFile(id="return-1", file_name="reply.xlsx", document="0" * 64))
    _change(file, "DELETE FROM documents")
    assert _problems(file) == [
        ("file.no_document", f"evidence/{evidence.id}"),
        ("file.no_document", "returns/return-1"),
    ]
    for command in ("check", "verify"):
        assert main([command, str(file)]) == 1
        said = capsys.readouterr().out
        assert (
            f"evidence/{evidence.id}: The document “act.txt” is missing from the assessment. Attach it again." in said
        )
        assert "returns/return-1: The returned file “reply.xlsx” is missing from the assessment." in said
    with open_session(file) as session:
        session.remove("evidence", evidence.id)
    assert _problems(file) == [("file.no_document", "returns/return-1")]


def test_an_earlier_round_damaged_in_the_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "follow-up.assessment"
    create_from_dossier(file, small_dossier(previous=small_dossier(id="earlier")), device=DEVICE)
    assert _problems(file) == []
    _change(file, "UPDATE previous_rounds SET content = replace(content, 'earlier', 'earliez')")
    assert [code for code, _ in _problems(file)] == ["file.round"]


def test_a_copy_mends_tables_changed_by_hand(file: Path, tmp_path: Path) -> None:
    _change(file, "DELETE FROM answers")
    with open_session(file) as session:
        session.save_copy(tmp_path / "mended.assessment")
        expected = session.dossier()
    assert _problems(tmp_path / "mended.assessment") == []
    with open_session(tmp_path / "mended.assessment") as session:
        assert session.dossier() == expected


def test_a_merged_answer_that_was_changed_by_hand_is_told(tmp_path: Path) -> None:
    base = file_of(tmp_path)
    one = continued(base, "Amina", says("ii.staff", answer(13)))
    other = continued(base, "Bela", says("ii.staff", answer(12, note="counted")))
    rated = continued(base, "Cleo", lambda session: session.put(Agency(id="agency-nso", name="NSO of Examplia")))
    renamed = continued(base, "Dora", lambda session: session.put(Agency(id="agency-nso", short="NSO")))
    merged(base, one, other, rated, renamed)
    assert _problems(base) == []
    _change(base, "UPDATE answers SET note = '' WHERE question = 'ii.staff'")
    _change(base, "UPDATE agencies SET name = 'by hand' WHERE id = 'agency-nso'")
    assert _problems(base) == [("file.answers", "ii.staff"), ("file.entries", "agencies/agency-nso")]
