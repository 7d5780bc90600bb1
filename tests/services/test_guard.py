"""Files of strangers: looked at from outside, refused with one sentence, never unpacked into the memory."""

import os
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest
from openpyxl import Workbook

from capacity_app.domain.problems import KnownError
from capacity_app.services.exchange.verification import verify

ENTITIES = "".join(f'<!ENTITY e{n} "{"&e" + str(n - 1) + ";" if n else "ha"}{"x" * 9}">' for n in range(20))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [{ENTITIES}]><Properties>&e19;</Properties>'


def package(parts: dict[str, str], *, said_size: int = 0, is_locked: bool = False) -> bytes:
    """Write a zip file; its list of contents may say what is not so."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for part in archive.filelist:
            part.file_size = said_size or part.file_size
            part.flag_bits |= int(is_locked)
    return buffer.getvalue()


def word(**parts: str) -> bytes:
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document xmlns:w='w'/>"} | parts)


def workbook() -> bytes:
    book, buffer = Workbook(), BytesIO()
    book.create_sheet("Budget").append(["A", "budget"])
    book.save(buffer)
    return buffer.getvalue()


def bombed_workbook() -> bytes:
    """Return a workbook whose texts are entities of entities."""
    with zipfile.ZipFile(BytesIO(workbook())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    texts = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&e19;</t></si></sst>'
    declared = f'<?xml version="1.0"?><!DOCTYPE x [{ENTITIES}]>'
    return package(
        parts | {"xl/sharedStrings.xml": declared + texts, "xl/workbook.xml": declared + parts["xl/workbook.xml"]}
    )


def pdf(pages: int = 1) -> bytes:
    document, buffer = pypdfium2.PdfDocument.new(), BytesIO()
    for _ in range(pages):
        document.new_page(200, 200)
    document.save(buffer)
    return buffer.getvalue()


def locked_pdf() -> bytes:
    """Return a PDF that says it is encrypted with a password nobody has."""
    lock = b"<</Filter/Standard/V 1/R 2/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4>>"
    return pdf().replace(b"/Root", b"/Encrypt " + lock + b"/ID[(a)(b)]/Root", 1)


FOREIGN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "a text": (b"Dear all,\nplease find attached", "is not a report"),
    "noise": (bytes(range(256)) * 9, "is not a report"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "is not a report"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office file"),
    "an archive": (package({"letter.txt": "Dear all"}), "is not a workbook"),
    "an archive cut off": (package({"word/document.xml": "x" * 999})[:-30], "is damaged"),
    "an empty archive": (package({}), "is not a workbook"),
    "a zip bomb": (package({"word/document.xml": "x"}, said_size=10**9), "enormous size"),
    "a locked archive": (package({"word/document.xml": "x"}, is_locked=True), "password"),
    "a foreign Word file": (word(), "does not say from which assessment"),
    "broken XML": (word(**{"docProps/custom.xml": "<Properties><"}), "is damaged"),
    "an entity bomb": (word(**{"docProps/custom.xml": BOMB}), "abbreviations of its own"),
    "a foreign workbook": (workbook(), "does not say from which assessment"),
    "a workbook without sheets": (package({"xl/workbook.xml": "<workbook/>"}), "is damaged"),
    "a workbook with an entity bomb": (bombed_workbook(), "abbreviations of its own"),
    "a foreign web page": (b"<!DOCTYPE html><html><p>Hello</p></html>", "does not say from which assessment"),
    "foreign JSON": (b'{"format": "something else"}', "not a dossier"),
    "JSON cut off": (b'{"format": "capacity-app dos', "is not complete"),
    "JSON in other letters": ('{"é": 1}'.encode("latin-1"), "is damaged"),
    "a foreign database": (b"SQLite format 3\0" + bytes(4_000), "not an assessment file"),
}


@pytest.mark.parametrize("content", [pdf(), pdf()[:120], locked_pdf(), pdf(5_001)], ids=len)
def test_a_pdf_without_our_signature_gets_no_good_word(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "given"
    file.write_bytes(content)
    found = verify(file)
    assert [one.code for one in found.observations] == ["file.unsigned"]
    assert not found.is_good


@pytest.mark.parametrize("name", FOREIGN)
def test_a_file_that_is_none_of_ours_gets_one_sentence(tmp_path: Path, name: str) -> None:
    content, words = FOREIGN[name]
    file = tmp_path / "given"
    file.write_bytes(content)
    with pytest.raises(KnownError) as refused:
        verify(file)
    sentence = refused.value.text()
    assert words in sentence
    assert "given" in sentence or "JSON" in sentence or "dossier" in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence


def _nothing(folder: Path) -> Path:
    return folder / "given"


def _folder(folder: Path) -> Path:
    (folder / "given").mkdir()
    return folder / "given"


def _inside_a_file(folder: Path) -> Path:
    (folder / "file").touch()
    return folder / "file" / "given"


def _large(folder: Path) -> Path:
    """Make a file of 201 MB that takes no room."""
    file = folder / "given"
    file.write_bytes(b"%PDF-1.7")
    os.truncate(file, 201_000_000)
    return file


def _pipe(folder: Path) -> Path:
    os.mkfifo(folder / "given")
    return folder / "given"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_nothing, "There is no file"),
        (_folder, "is a folder"),
        (_inside_a_file, "There is no file"),
        (_large, "larger than 200 MB"),
        pytest.param(_pipe, "cannot be read as a file", marks=pytest.mark.skipif(sys.platform == "win32", reason="")),
    ],
)
def test_what_is_no_plain_file_gets_one_sentence(tmp_path: Path, make: Callable[[Path], Path], words: str) -> None:
    with pytest.raises(KnownError) as refused:
        verify(make(tmp_path))
    assert words in refused.value.text()
    assert "given" in refused.value.text()
