"""Everything in one ZIP: nothing is missing, all can be read without us, and the assessment comes back from it."""

import csv
import hashlib
import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import REGISTERS, Agency, Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import HISTORY_COLUMNS, README, SUMS, document_names, export_archive
from capacity_app.services.session.dossier_json import dossier_from_json
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import DEVICE, file_of, open_session, small_dossier

PDF = b"%PDF-1.7\nthe act"


def held(*names: str) -> tuple[Dossier, dict[str, bytes]]:
    """Make a dossier with documents of these names, each with a content of its own."""
    contents = [PDF + str(number).encode() for number in range(len(names))]
    evidence = tuple(
        Evidence(
            id=f"evidence-{number}",
            document=hashlib.sha256(content).hexdigest(),
            file_name=name,
            media_type="application/pdf",
            size=len(content),
        )
        for number, (name, content) in enumerate(zip(names, contents, strict=True))
    )
    return small_dossier(evidence=evidence), {hashlib.sha256(one).hexdigest(): one for one in contents}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    dossier, documents = held("act.pdf", "ACT.pdf")
    return file_of(tmp_path, dossier, documents)


def exported(file: Path) -> zipfile.ZipFile:
    out = file.with_name("everything.zip")
    with open_session(file, read_only=True) as session:
        export_archive(session, out, Translator())
    return zipfile.ZipFile(out)


def table(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))


def test_everything_is_in_it_and_every_part_has_its_sum(file: Path) -> None:
    with exported(file) as archive:
        names = set(archive.namelist())
        assert names == {
            README, SUMS, "dossier.json", "instrument.json", "answers.csv", "history.csv", "workbook.xlsx",
            "documents/act.pdf", "documents/ACT (2).pdf", *(f"registers/{name}.csv" for name in REGISTERS),
        }  # fmt: skip
        sums = dict(line.split("  ", 1)[::-1] for line in archive.read(SUMS).decode().splitlines())
        assert sums == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in names - {SUMS}}
        readme = archive.read(README).decode("utf-8-sig")
        assert all(name.split("/")[0] in readme for name in names - {README})
        assert "not protected" in readme


def test_the_assessment_comes_back_from_its_json(file: Path, tmp_path: Path) -> None:
    with exported(file) as archive:
        dossier, documents, problems = dossier_from_json(archive.read("dossier.json").decode())
    assert not problems
    again = tmp_path / "again.assessment"
    create_from_dossier(again, dossier, documents, device=DEVICE)
    with open_session(file, read_only=True) as before, open_session(again, read_only=True) as after:
        assert replace(after.dossier(), heads={}) == replace(before.dossier(), heads={})
        assert {one: after.document(one) for one in after.documents} == {
            one: before.document(one) for one in before.documents
        }


def test_the_history_has_every_change_with_what_it_said(file: Path) -> None:
    key = AnswerKey(Address("i.why"), respondent="agency-nso")
    with open_session(file, author="B. Officer") as session:
        session.record(key, Content(state=AnswerState.ANSWERED, value="No staff."))
        session.record(key, Content(state=AnswerState.ANSWERED, value="No money.", note="=1+1"))
        session.put(Agency(id="agency-new", name="New"))
        session.remove("agencies", "agency-new")
        made = {str(one.id) for one in session.known.answers.all()}
        made |= {str(one.id) for one in session.known.entries.all()}
    with exported(file) as archive:
        rows = table(archive, "history.csv")
        assert tuple(rows[0]) == HISTORY_COLUMNS
        assert {f"{row['device']}:{row['number']}" for row in rows} == made
        last = [row for row in rows if row["question"] == "i.why"][-1]
        assert (last["value"], last["author"], last["respondent"]) == ("No money.", "B. Officer", "agency-nso")
        # A spreadsheet must not calculate with what people wrote.
        assert last["note"] == "'=1+1"
        *_, added, removed = (row for row in rows if row["entry"] == "agency-new")
        assert json.loads(added["content"])["name"] == "New"
        assert removed["content"] == ""
        assert removed["follows"] == f"{added['device']}:{added['number']}"
        assert [row["name"] for row in table(archive, "registers/agencies.csv")] == [
            "National Statistical Office", "Ministry of the Interior",
        ]  # fmt: skip


def test_names_of_documents_lead_nowhere_else_and_none_twice() -> None:
    names = (
        "../../etc/passwd",
        "C:\\a\\b.pdf",
        "con.pdf",
        "x" * 400 + ".pdf",
        "",
        ".pdf",
        "a\x00b\n.pdf",
        "A.pdf",
        "a.pdf",
    )
    dossier, documents = held(*names)
    given = list(document_names(dossier, documents).values())
    assert len({name.casefold() for name in given}) == len(names)
    for name in given:
        assert not set(name) & set('/\\:*?"<>|\x00\n'), name
        assert name.strip(". ")
        assert len(name.encode()) < 200
    assert "_con.pdf" in given


def test_a_document_that_is_damaged_is_named_and_the_rest_is_there(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        (digest,) = connection.execute("SELECT hash FROM documents LIMIT 1").fetchone()
        connection.execute("UPDATE documents SET content = x'00', size = 1 WHERE hash = ?", (digest,))
    out = file.with_name("everything.zip")
    with open_session(file, read_only=True) as session:
        assert export_archive(session, out, Translator()).lost == (digest,)
    with zipfile.ZipFile(out) as archive:
        assert digest in archive.read(README).decode("utf-8-sig")
        assert len([name for name in archive.namelist() if name.startswith("documents/")]) == 1


def test_where_it_cannot_be_written_an_old_file_stays(file: Path, tmp_path: Path) -> None:
    with open_session(file, read_only=True) as session:
        with pytest.raises(KnownError, match="does not exist"):
            export_archive(session, tmp_path / "nowhere" / "all.zip", Translator())
        (tmp_path / "folder.zip").mkdir()
        with pytest.raises(KnownError, match="folder"):
            export_archive(session, tmp_path / "folder.zip", Translator())
    assert sorted(found.name for found in tmp_path.iterdir()) == ["folder.zip", "small.assessment"]
