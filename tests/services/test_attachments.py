"""Documents as evidence: allowed by name and by content, within limits, kept by their hash."""

import hashlib
import io
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.entries_and_documents import allowed_document_suffixes, read_document
from tests.builders import file_of, open_session


def _archive(**parts: str) -> bytes:
    """Make an archive; double underscores stand for slashes, so that names can be keywords."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return stream.getvalue()


def _office(part: str, **more: str) -> bytes:
    return _archive(**{"[Content_Types]_xml": "<Types/>", part: "<x/>", **more})


def _open_document(kind: str, **more: str) -> bytes:
    return _archive(mimetype=f"application/vnd.oasis.opendocument.{kind}", content_xml="<x/>", **more)


GOOD = {
    "a.pdf": b"%PDF-1.7\n1 0 obj\n",
    "a.docx": _office("word__document_xml"),
    "a.xlsx": _office("xl__workbook_xml"),
    "a.pptx": _office("ppt__presentation_xml"),
    "a.odt": _open_document("text"),
    "a.ods": _open_document("spreadsheet"),
    "a.odp": _open_document("presentation"),
    "a.csv": "année;nombre\n2018;7\n".encode("cp1252"),
    "a.txt": "Закон".encode("utf-16"),
    "a.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF\0\1",
    "a.jpeg": b"\xff\xd8\xff\xe1\0\x10Exif\0\0",
    "a.gif": b"GIF89a\1\0\1\0",
    "a.tif": b"II*\0\x08\0\0\0",
    "a.tiff": b"MM\0*\0\0\0\x08",
    "a.zip": _archive(answers_csv="KEY,SubmissionDate,meta-instanceID\n1,2026-11-22,uuid:1\n").replace(
        b"_csv", b".csv"
    ),
    "a.webp": b"RIFF\x24\0\0\0WEBPVP8 ",
}
BAD = {
    "program.exe": b"MZ\x90\0",
    "page.html": b"<!DOCTYPE html>",
    "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "macros.docm": GOOD["a.docx"],
    "no suffix": b"hello",
    "program.pdf": b"MZ\x90\0" + bytes(100),
    "program.txt": b"MZ\x90\0\3\0",
    "empty.pdf": b"",
    "picture.png": GOOD["a.jpg"],
    "document.jpg": GOOD["a.pdf"],
    "sheet.docx": GOOD["a.xlsx"],
    "archive.docx": _archive(a="b"),
    "cut.docx": GOOD["a.docx"][:40],
    "macros.docx": _office("word__document_xml", word__vbaProject_bin="x"),
    "text.ods": GOOD["a.odt"],
    "macros.odt": _open_document("text", Basic__script_xml="x"),
}


def _written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path)) as opened:
        yield opened


def test_every_allowed_kind_is_tried_here() -> None:
    assert {Path(name).suffix for name in GOOD} == set(allowed_document_suffixes())


@pytest.mark.parametrize("name", GOOD)
def test_a_document_of_an_allowed_kind_is_held(tmp_path: Path, name: str) -> None:
    read = read_document(_written(tmp_path, name.upper(), GOOD[name]), 0)
    assert read.content == GOOD[name]
    assert read.hash == hashlib.sha256(GOOD[name]).hexdigest()
    assert "/" in read.media_type


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_what_its_name_says_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(KnownError) as refusal:
        read_document(_written(tmp_path, name, BAD[name]), 0)
    assert name in refusal.value.text()


def test_a_document_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnownError, match=r"There is no file “lost\.pdf”"):
        read_document(tmp_path / "lost.pdf", 0)
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(KnownError):
        read_document(tmp_path / "folder.pdf", 0)


def test_limits_hold_for_one_and_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = _written(tmp_path, "a.pdf", GOOD["a.pdf"])
    size = len(GOOD["a.pdf"])
    read_document(file, entries_and_documents.ALL_DOCUMENTS_LIMIT - size)
    with pytest.raises(KnownError, match=r"of 250 MB for all documents 0\.0 MB are left"):
        read_document(file, entries_and_documents.ALL_DOCUMENTS_LIMIT - size + 1)
    monkeypatch.setattr(entries_and_documents, "DOCUMENT_LIMIT", size - 1)
    with pytest.raises(KnownError, match="is larger than"):
        read_document(file, 0)


def test_a_held_document_is_there_at_once_and_after_reopening(session: AssessmentSession, tmp_path: Path) -> None:
    change = session.attach(_written(tmp_path, "Statistics act.pdf", GOOD["a.pdf"]), "The act")
    entry = change.after
    assert isinstance(entry, Evidence)
    assert change.before is None
    assert (entry.title, entry.file_name, entry.media_type) == ("The act", "Statistics act.pdf", "application/pdf")
    assert (entry.size, entry.grade) == (len(GOOD["a.pdf"]), 2)
    assert session.document(entry.document) == GOOD["a.pdf"]
    session.close()
    with open_session(session.file) as again:
        assert again.entry("evidence", entry.id) == entry
        assert again.document(entry.document) == GOOD["a.pdf"]
        assert again.documents_size == len(GOOD["a.pdf"])


def test_the_same_document_is_stored_once(session: AssessmentSession, tmp_path: Path) -> None:
    file = _written(tmp_path, "a.pdf", GOOD["a.pdf"])
    assert session.attach(file).after != session.attach(file).after
    assert session.flush()
    with closing(sqlite3.connect(session.file)) as connection:
        assert connection.execute("SELECT count(*), sum(size) FROM documents").fetchone() == (1, len(GOOD["a.pdf"]))


def test_a_refused_document_leaves_no_trace(session: AssessmentSession, tmp_path: Path) -> None:
    before = session.dossier()
    with pytest.raises(KnownError):
        session.attach(_written(tmp_path, "program.pdf", BAD["program.pdf"]))
    assert session.dossier() is before


def test_a_document_that_is_not_held_or_damaged_is_a_known_error(session: AssessmentSession, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="not held"):
        session.document("0" * 64)
    entry = session.attach(_written(tmp_path, "a.pdf", GOOD["a.pdf"])).after
    assert isinstance(entry, Evidence)
    session.close()
    content = session.file.read_bytes()
    session.file.write_bytes(content.replace(GOOD["a.pdf"], GOOD["a.pdf"].replace(b"1.7", b"1.8")))
    with open_session(session.file) as again, pytest.raises(KnownError, match="attach it again"):
        again.document(entry.document)
