"""Evidence that lies about what it is: each is refused with a sentence, or kept as bytes that nobody looks into.

What is kept is only ever opened as a copy with a plain name whose ending its content bears out.
"""

import io
import os
import re
import struct
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.services.session import entries_and_documents
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.entries_and_documents import allowed_document_suffixes, check_document, read_document
from capacity_app.services.session.opened_documents import OpenedDocuments
from tests.builders import file_of, open_session
from tests.conftest import Promise
from tests.services.test_attachments import GOOD
from tests.untrusted.strangers import packed, unpacked, word

EXE = b"MZ\x90\0\3\0\0\0" + bytes(200) + b"This program cannot be run in DOS mode."
PDF, DOCX = GOOD["a.pdf"], GOOD["a.docx"]
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
LINK = b"L\0\0\0\x01\x14\x02\0" + bytes(100)
SHORTCUT = b"[InternetShortcut]\nURL=file://host/share/x.exe\n"
MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
DESKTOP = b"[Desktop Entry]\nType=Application\nExec=sh -c x\n"


def _jar() -> bytes:
    return packed({"META-INF/MANIFEST.MF": b"Main-Class: X\n", "X.class": b"\xca\xfe\xba\xbe"})


def _typed(kind: bytes, more: dict[str, bytes] | None = None) -> bytes:
    """Return a Word file that says of one of its parts that it holds programs."""
    parts = dict(word())
    types = parts["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/word/x.bin" ContentType="' + kind + b'"/></Types>'
    )
    return packed(parts | {"[Content_Types].xml": types, "word/x.bin": b"\xd0\xcf\x11\xe0"} | (more or {}))


def _endless() -> bytes:
    return packed({"[Content_Types].xml": b" " * 60_000_000, "word/document.xml": b"<x/>"})


def _crowded() -> bytes:
    """Return an archive whose table of contents says nothing but the same, three hundred thousand times."""
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"x"
    count = 300_000
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count & 0xFFFF, count & 0xFFFF, count * len(entry), 4, 0)
    return b"PK\x03\x04" + entry * count + end


REFUSED: dict[str, tuple[str, bytes]] = {
    # A name that is not allowed
    "a program": ("run.exe", EXE),
    "a program from right to left": ("invoice\u202efdp.exe", EXE),
    "a program behind a second ending": ("act.pdf.exe", EXE),
    "a program behind a blank": ("act.pdf .exe", EXE),
    "a link of Windows": ("act.lnk", LINK),
    "a link of Windows behind a second ending": ("act.pdf.lnk", LINK),
    "a link to a server": ("act.url", SHORTCUT),
    "a start file": ("act.desktop", DESKTOP),
    "a script": ("act.sh", b"#!/bin/sh\nx\n"),
    "a script of Windows": ("act.bat", b"@echo off\r\n"),
    "a program of a page": ("act.hta", b"<html><script>x</script>"),
    "a picture with a script": ("act.svg", SVG),
    "a page": ("act.html", b"<!DOCTYPE html>"),
    "a Word file with macros": ("act.docm", DOCX),
    "a workbook with macros": ("act.xlsm", DOCX),
    "an archive": ("act.zip", _jar()),
    "an ending of a blank": ("act.pdf ", PDF),
    "an ending of a dot": ("act.pdf.", PDF),
    "an ending of a stream": ("act.pdf:x.exe", PDF),
    "an ending of look-alike letters": ("act.p\u0501f", PDF),
    "an ending cut by nothing": ("act.exe\x00.pdf", EXE),
    # A content that is not what the name says
    "a program named pdf": ("act.pdf", EXE),
    "a program named pdf that ends as one": ("act.pdf", EXE + b"\n%%EOF\n"),
    "a program that says it is a pdf farther behind": ("act.pdf", EXE + PDF),
    "a program named png that ends as one": ("act.png", EXE + b"IEND\xaeB`\x82"),
    "a program named jpg that ends as one": ("act.jpg", EXE + b"\xff\xd9"),
    "a program named docx": ("act.docx", EXE),
    "a program with a Word file behind it": ("act.docx", EXE + _typed(b"text/xml")),
    "a program named txt": ("act.txt", EXE),
    "a page named png": ("act.png", b"<!DOCTYPE html><script>x</script>"),
    "a page named pdf": ("act.pdf", b"<html>%PDF-1.7"),
    "a picture with a script named png": ("act.png", SVG),
    "a picture with a script named jpg": ("act.jpg", b'<?xml version="1.0"?>' + SVG),
    "a link of Windows named pdf": ("act.pdf", LINK),
    "a start file named pdf": ("act.pdf", DESKTOP),
    "a pdf with a Word file behind it, as a Word file": ("act.docx", PDF + _typed(b"text/xml")),
    "a picture with a program of Java behind it, as a Word file": ("act.docx", GOOD["a.gif"] + _jar()),
    "a program of Java named docx": ("act.docx", _jar()),
    "a Word file named pdf": ("act.pdf", DOCX),
    "a workbook named docx": ("act.docx", GOOD["a.xlsx"]),
    "macros under their own name": ("act.docx", _typed(b"text/xml", {"word/vbaProject.bin": b"x"})),
    "macros under another name": ("act.docx", _typed(b"application/vnd.ms-office.vbaProject")),
    "macros in other letters": ("act.docx", _typed(b"application/VND.MS-office.VBAproject")),
    "a Word file that says it has macros": ("act.docx", _typed(MACROS)),
    "an old Word file": ("act.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "a table of contents without end": ("act.docx", _crowded()),
    "a list of types that unpacks without end": ("act.docx", _endless()),
    "a Word file cut off": ("act.docx", DOCX[:60]),
    "nothing": ("act.pdf", b""),
    "nothing named txt": ("act.txt", b""),
    "too much": ("act.pdf", PDF + bytes(entries_and_documents.DOCUMENT_LIMIT)),
}  # fmt: skip
KEPT: dict[str, tuple[str, bytes]] = {
    "a pdf with an archive behind it": ("act.pdf", PDF + _jar()),
    "a picture with a program of Java behind it": ("act.gif", GOOD["a.gif"] + _jar()),
    "a pdf that opens a program": ("act.pdf", PDF + b"<< /OpenAction << /S /Launch /F (calc.exe) >> >>"),
    "a table that calculates": ("act.csv", b"=cmd|'/C calc'!A0;1\r\n@SUM(1);2\r\n"),
    "a page named txt": ("act.txt", b"<script>alert(1)</script>"),
    "a Word file that unpacks without end": (
        "act.docx",
        packed(dict(word()) | {"word/document.xml": b" " * 60_000_000}),
    ),
    "a name from right to left": ("evil\u202exslx.pdf", PDF),
    "a name of a device": ("CON.pdf", PDF),
    "a name that is markup": ("<img src=x onerror=alert(1)>.pdf".replace("/", ""), PDF),
    "a name that is a formula": ("=HYPERLINK(1).pdf", PDF),
    "a long name": ("x" * 251 + ".pdf", PDF),
    "a long name in three bytes a letter": ("移" * 83 + ".pdf", PDF),
}
NAMES = {
    "a path": ("../../../../etc/cron.d/x.pdf", "x"),
    "a path of Windows": ("..\\..\\Start Menu\\x.pdf", "x"),
    "a share": ("\\\\host\\share\\x.pdf", "x"),
    "a drive": ("C:\\Windows\\x.pdf", "x"),
    "a stream": ("x:y.pdf", "x"),
    "a device": ("CON.pdf", "CON"),
    "a device in small letters": ("nul.tar.pdf", "nul"),
    "a port": ("COM1.pdf", "COM1"),
    "a printer behind a blank": ("LPT9 .pdf", "LPT9"),
    "nothing": (".pdf", ""),
    "dots": ("....pdf", ""),
    "blanks": ("   .pdf", ""),
    "a name from right to left": ("evil\u202exslx.pdf", ""),
    "line breaks": ("a\nb\r\nc.pdf", ""),
    "signs that move a cursor": ("a\x1b[2Jb.pdf", ""),
    "nothing within": ("a\x00b.pdf", ""),
    "an option": ("-rf.pdf", ""),
    "a thousand letters": ("x" * 1_000 + ".pdf", ""),
    "a thousand letters of four bytes": ("\U00020000" * 1_000 + ".pdf", ""),
    "half a letter": ("a\ud800b.pdf", ""),
}
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\s|$)", re.IGNORECASE)


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[AssessmentSession]:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with open_session(file_of(tmp_path)) as made:
        yield made


def _written(folder: Path, name: str, content: bytes) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def _is_writable(name: str) -> bool:
    return "\0" not in name and "/" not in name


@pytest.mark.parametrize("name", REFUSED)
def test_a_document_that_lies_is_refused_with_a_sentence(session: AssessmentSession, tmp_path: Path, name: str) -> None:
    file_name, content = REFUSED[name]
    with pytest.raises(KnownError) as refusal:
        check_document(file_name, content)
    _expect_sentence(refusal.value)
    if _is_writable(file_name):
        with pytest.raises(KnownError) as refusal:
            session.attach(_written(tmp_path, file_name, content))
        _expect_sentence(refusal.value)
    assert session.documents == ()


def _expect_sentence(refusal: KnownError) -> None:
    said = refusal.text()
    assert said.endswith((".", "?"))
    assert not [sign for sign in said if sign < " " or sign in "\x7f\u202e"], said
    assert len(said) < 2_000


@pytest.mark.parametrize("name", KEPT)
def test_what_is_harmless_as_bytes_is_kept_as_bytes(session: AssessmentSession, tmp_path: Path, name: str) -> None:
    file_name, content = KEPT[name]
    entry = session.attach(_written(tmp_path, file_name, content)).after
    assert isinstance(entry, Evidence)
    assert session.document(entry.document) == content
    opened = OpenedDocuments(session)
    copy = opened.copy_of(entry)
    assert copy.read_bytes() == content
    _expect_plain(copy, Path(tempfile.gettempdir()))
    opened.remove()


def _expect_plain(copy: Path, home: Path) -> None:
    """Expect a name that every system takes as what it looks like, within a folder of ours."""
    assert home in copy.resolve().parents
    assert copy.name.isprintable()
    assert not DEVICES.match(copy.name)
    assert not set(copy.name) & set('<>:"/\\|?*')
    assert len(copy.name.encode()) <= 255
    assert not copy.name.startswith((".", " ", "-"))
    assert copy.suffix.lower() in allowed_document_suffixes()
    assert not copy.stem.endswith((".", " "))


@pytest.mark.parametrize("name", NAMES)
def test_a_name_from_somebody_elses_file_becomes_a_plain_one(
    session: AssessmentSession, tmp_path: Path, name: str
) -> None:
    entry = session.attach(_written(tmp_path, "act.pdf", PDF)).after
    assert isinstance(entry, Evidence)
    given, _base = NAMES[name]
    opened = OpenedDocuments(session)
    try:
        copy = opened.copy_of(replace(entry, file_name=given))
    except KnownError as refusal:
        _expect_sentence(refusal)
    else:
        _expect_plain(copy, Path(tempfile.gettempdir()))
        assert copy.read_bytes() == PDF
    opened.remove()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
@pytest.mark.parametrize("kind", ["pipe", "device", "endless", "folder", "lost", "circle"])
def test_what_is_no_file_is_refused_and_not_waited_for(session: AssessmentSession, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "act.pdf"
    make: dict[str, Callable[[], object]] = {
        "pipe": lambda: os.mkfifo(file),
        "device": lambda: file.symlink_to("/dev/null"),
        "endless": lambda: file.symlink_to("/dev/zero"),
        "folder": file.mkdir,
        "lost": lambda: file.symlink_to(tmp_path / "nowhere"),
        "circle": lambda: file.symlink_to(file),
    }
    make[kind]()
    with pytest.raises(KnownError) as refusal:
        session.attach(file)
    _expect_sentence(refusal.value)
    assert "act.pdf" in refusal.value.text()


def test_a_link_to_a_secret_is_no_document(tmp_path: Path) -> None:
    (tmp_path / "act.pdf").symlink_to("/etc/passwd")
    with pytest.raises(KnownError, match="is not what its name says"):
        read_document(tmp_path / "act.pdf", 0)


def test_nobody_reads_a_document_but_who_copies_it() -> None:
    package = Path(entries_and_documents.__file__).parents[1]
    asking = re.compile(r"(?:session|opened|source|writer|file|self)\.document\((?=\w)")
    found = {
        file.relative_to(package).as_posix() for file in package.rglob("*.py") if asking.search(file.read_text("utf-8"))
    }
    assert {name for name in found if name.startswith(("ui/", "report/", "workbook/", "cli/"))} == set()


def test_every_kind_of_lie_is_told(promise: Promise) -> None:
    figure = f"{len(REFUSED)} refused with a sentence, {len(KEPT) + len(NAMES)} kept under a plain name, 0 opened"
    promise("evidence that lies about its type", figure)
    assert len(unpacked(packed({"a": b"b"}))) == 1
    assert zipfile.is_zipfile(io.BytesIO(KEPT["a pdf with an archive behind it"][1]))
    assert len(REFUSED) >= 45
