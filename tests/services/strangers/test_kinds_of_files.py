"""What the first bytes, the size and the parts of a file say it is, and what is said of any other."""

import errno
import zipfile
from pathlib import Path
from typing import Any

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.domain.verification import Medium
from capacity_app.services import guard
from capacity_app.services.guard import Kind
from capacity_app.services.strangers import archive, kinds, sentences
from capacity_app.store import refusals
from tests.services.strangers.making import FILE, packed, refusal


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return tmp_path / "given"


# -- the kind of a file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"SQLite format 3\0" + bytes(99), Kind.ASSESSMENT),
        (b"PK\x03\x04" + bytes(99), Kind.PACKAGE),
        (b"PK\x05\x06" + bytes(99), Kind.PACKAGE),
        (b"%PDF-1.7", Kind.PDF),
        (b" " * 1_019 + b"%PDF-", Kind.PDF),
        (b"<!DOCTYPE html><p>", Kind.HTML),
        (b"\xef\xbb\xbf \n<!doctype HTML>", Kind.HTML),
        (b"<HTML>", Kind.HTML),
        (b'\xef\xbb\xbf\n {"format": 1}', Kind.DOSSIER),
        (b"{", Kind.DOSSIER),
    ],
)
def test_a_file_is_known_by_its_first_bytes(given: Path, head: bytes, kind: Kind) -> None:
    given.write_bytes(head)
    assert guard.kind_of(given) is kind


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", sentences.OLD_OFFICE),
        (b" " * 1_020 + b"%PDF-", sentences.FOREIGN),
        (b"pk\x03\x04", sentences.FOREIGN),
        (b"PK\x01\x02", sentences.FOREIGN),
        (b"sqlite format 3\0", sentences.FOREIGN),
        (b"[1]", sentences.FOREIGN),
        (b"", refusals.EMPTY),
    ],
)
def test_any_other_beginning_is_refused_by_name(given: Path, head: bytes, message: str) -> None:
    given.write_bytes(head)
    with pytest.raises(KnownError) as refused:
        guard.kind_of(given)
    assert refusal(refused) == (message, {"file": "given"})


@pytest.mark.parametrize(
    ("head", "size", "is_read"),
    [
        (b"%PDF-", guard.MOST_BYTES, True),
        (b"%PDF-", guard.MOST_BYTES + 1, False),
        (b"{", guard.MOST_BYTES + 1, True),
        (b"{", guard.MOST_BYTES_OF_DOSSIER, True),
        (b"{", guard.MOST_BYTES_OF_DOSSIER + 1, False),
        (b"SQLite format 3\0", guard.MOST_BYTES_OF_DOSSIER + 1, True),
    ],
)
def test_a_file_may_be_as_large_as_its_kind_is(given: Path, head: bytes, size: int, *, is_read: bool) -> None:
    with given.open("wb") as stream:
        stream.write(head)
        stream.truncate(size)
    if is_read:
        guard.kind_of(given)
        return
    with pytest.raises(KnownError) as refused:
        guard.kind_of(given)
    most = "600" if head == b"{" else "200"
    assert refusal(refused) == (sentences.TOO_BIG, {"file": "given", "most": most})


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FileNotFoundError(), refusals.MISSING),
        (NotADirectoryError(), refusals.MISSING),
        (PermissionError(), refusals.UNREADABLE),
        (OSError(errno.EIO, "Input/output error"), refusals.DISK_FAILS),
        (OSError(errno.EMFILE, "Too many open files"), refusals.TOO_MANY_FILES),
        (ValueError("embedded null byte"), sentences.NO_FILE),
    ],
)
def test_what_the_system_refuses_is_said_of_the_file(
    given: Path, error: Exception, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given.write_bytes(b"{")

    def fails(*_arguments: object, **_more: object) -> Any:
        raise error

    for stage, method in (("found", "stat"), ("read", "open"), ("content", "read_bytes")):
        with monkeypatch.context() as broken:
            broken.setattr(Path, method, fails)
            if stage != "found" and isinstance(error, ValueError):
                continue
            with pytest.raises(KnownError) as refused:
                (guard.content_of if stage == "content" else guard.kind_of)(given)
        assert refused.value.message == message, stage
        assert refused.value.values["file"] == "given"


def test_a_name_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        guard.kind_of(tmp_path / "nul\0l")
    assert refusal(refused) == (sentences.NO_FILE, {"file": "nul\0l"})


# -- packages that are only looked into --------------------------------------------------------------------------------


def test_a_package_is_opened_if_it_may_be_parsed(given: Path) -> None:
    given.write_bytes(packed({"xl/workbook.xml": b"<workbook/>"}))
    with guard.package_of(given) as package:
        assert package.read("xl/workbook.xml") == b"<workbook/>"
    with pytest.raises(KnownError) as refused, guard.package_of(given):
        raise zipfile.BadZipFile
    assert refusal(refused) == (sentences.DAMAGED, {"file": "given"})


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"xl/workbook.xml": b"<workbook/>", "../../evil.txt": b"x"}, sentences.BAD_NAME),
        ({"xl/workbook.xml": b"<workbook/>", "xl/big.xml": bytes(50_000_000)}, sentences.BOMB),
        ({"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"x"}, sentences.MACROS),
        ({"letter.txt": b"x"}, sentences.NEITHER),
    ],
)
def test_a_package_is_refused_like_a_file_that_came_back(given: Path, parts: dict[str, bytes], message: str) -> None:
    given.write_bytes(packed(parts))
    with pytest.raises(KnownError) as refused, guard.package_of(given):
        pass
    assert refused.value.message == message


# -- kinds -------------------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "file", "message", "more"),
    [
        (b"PK\x03\x04", "~$a.xlsx", sentences.LEFTOVER, {}),
        (b"PK\x03\x04", "._a.xlsx", sentences.LEFTOVER, {}),
        (b"PK\x03\x04", ".~lock.a.xlsx#", sentences.LEFTOVER, {}),
        (b"", FILE, refusals.EMPTY, {}),
        (OLE, FILE, sentences.OLD_EXCEL, {}),
        (b" " * 1_019 + b"%PDF-", FILE, sentences.A_PDF, {}),
        (b" " * 1_020 + b"%PDF-", FILE, sentences.NEITHER, {}),
        (b"<HTML>", FILE, sentences.OTHER_WORKBOOK, {"kind": "HTML"}),
        (b"\xef\xbb\xbf\n<table><tr>", FILE, sentences.OTHER_WORKBOOK, {"kind": "HTML"}),
        (b"<!DOCTYPE HTML>", FILE, sentences.OTHER_WORKBOOK, {"kind": "HTML"}),
        (b"x" * 2_049 + b"urn:schemas-microsoft-com:office:spreadsheet", FILE, sentences.NEITHER, {}),
        (b"anything", "a.TSV", sentences.PLAIN_TABLE, {}),
        (b"anything", "a.csv", sentences.PLAIN_TABLE, {}),
        (b"a;b\nc;d", FILE, sentences.PLAIN_TABLE, {}),
        (b"a\tb\r\nc\td\r\n", FILE, sentences.PLAIN_TABLE, {}),
        (b"a;b\nc,d", FILE, sentences.NEITHER, {}),
        (b"a;b", FILE, sentences.NEITHER, {}),
        (b"a;b\nc;d\ne;f\nno sign", FILE, sentences.PLAIN_TABLE, {}),
        (b"a;b\nc;d\nno sign", FILE, sentences.NEITHER, {}),
        (b"a;b\n\x1fc;d", FILE, sentences.NEITHER, {}),
    ],
)
def test_a_file_that_is_no_package_is_told_by_what_it_is(
    content: bytes, file: str, message: str, more: dict[str, str]
) -> None:
    with pytest.raises(KnownError) as refused:
        kinds.expect_package(content, file)
    assert refusal(refused) == (message, {"file": file, **more})


def medium(parts: dict[str, bytes]) -> Medium:
    content = packed(parts)
    return kinds.medium_of(content, archive.parts_of(content, FILE), FILE)


def test_a_package_is_told_by_its_parts() -> None:
    assert medium({"XL/Workbook.xml": b"<x/>", "word/document.xml": b"<x/>"}) is Medium.WORKBOOK
    assert medium({"Word/Document.XML": b"<x/>"}) is Medium.WORD
    for parts, message, more in (
        ({"mimetype": b"application/vnd.oasis.opendocument.text-master"}, sentences.OTHER_DOCUMENT, {"kind": ".odt"}),
        ({"mimetype": b"application/zip"}, sentences.NEITHER, {}),
        ({"a.ODT": b"", "b.txt": b"", "c.Xlsx": b""}, sentences.ZIPPED, {"names": "a.ODT, c.Xlsx"}),
        ({"XL/workbook.bin": b"x"}, sentences.OTHER_WORKBOOK, {"kind": ".xlsb"}),
    ):
        with pytest.raises(KnownError) as refused:
            medium(parts)
        assert refusal(refused) == (message, {"file": FILE, **more})


# -- sentences ---------------------------------------------------------------------------------------------------------


def test_names_from_a_stranger_are_few_short_and_printable() -> None:
    assert sentences.named(["a", "b", "c"]) == "a, b, c"
    assert sentences.named(["a", "b", "c", "d"]) == "a, b, c …"
    assert sentences.named(["x\ny\u202e"]) == "x?y?"
    assert sentences.named(["x" * 99]) == "x" * 80
    made = sentences.refused(sentences.BOMB, "f\n", part="p" * 99)
    assert (made.message, made.values) == (sentences.BOMB, {"file": "f\n", "part": "p" * 80})


@pytest.mark.parametrize("size", [guard.MOST_RETURNED, guard.MOST_RETURNED + 1])
def test_a_file_that_came_back_is_so_large_at_most(given: Path, size: int) -> None:
    with given.open("wb") as stream:
        stream.truncate(size)
    if size == guard.MOST_RETURNED:
        content = guard.returned_content(given)
        assert len(content) == size
        with pytest.raises(KnownError) as refused:
            guard.look_at(content + b"x", "given")
        assert refusal(refused) == (sentences.TOO_BIG, {"file": "given", "most": "100"})
        with pytest.raises(KnownError) as refused:
            guard.look_at(content, "given")
        assert refused.value.message == sentences.NEITHER
        return
    with pytest.raises(KnownError) as refused:
        guard.returned_content(given)
    assert refusal(refused) == (sentences.TOO_BIG, {"file": "given", "most": "100"})
