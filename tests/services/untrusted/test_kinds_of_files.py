"""What the first bytes, the size and the parts of a file say it is, and what is said of any other."""

import errno
import zipfile
from pathlib import Path
from typing import Any

import pytest

from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.problems import KnownError
from capacity_app.services.untrusted import inspection, refusals, zip_limits
from capacity_app.services.untrusted.inspection import FileKind
from capacity_app.storage import file_errors
from tests.services.untrusted.making import FILE, packed, refusal


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return tmp_path / "given"


# -- the kind of a file ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"SQLite format 3\0" + bytes(99), FileKind.ASSESSMENT),
        (b"PK\x03\x04" + bytes(99), FileKind.PACKAGE),
        (b"PK\x05\x06" + bytes(99), FileKind.PACKAGE),
        (b"%PDF-1.7", FileKind.PDF),
        (b" " * 1_019 + b"%PDF-", FileKind.PDF),
        (b"<!DOCTYPE html><p>", FileKind.HTML),
        (b"\xef\xbb\xbf \n<!doctype HTML>", FileKind.HTML),
        (b"<HTML>", FileKind.HTML),
        (b'\xef\xbb\xbf\n {"format": 1}', FileKind.DOSSIER),
        (b"{", FileKind.DOSSIER),
    ],
)
def test_a_file_is_known_by_its_first_bytes(given: Path, head: bytes, kind: FileKind) -> None:
    given.write_bytes(head)
    assert inspection.kind_of(given) is kind


@pytest.mark.parametrize(
    ("head", "message"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", refusals.OLD_OFFICE),
        (b" " * 1_020 + b"%PDF-", refusals.NOT_OUR_KIND),
        (b"pk\x03\x04", refusals.NOT_OUR_KIND),
        (b"PK\x01\x02", refusals.NOT_OUR_KIND),
        (b"sqlite format 3\0", refusals.NOT_OUR_KIND),
        (b"[1]", refusals.NOT_OUR_KIND),
        (b"", file_errors.EMPTY),
    ],
)
def test_any_other_beginning_is_refused_by_name(given: Path, head: bytes, message: str) -> None:
    given.write_bytes(head)
    with pytest.raises(KnownError) as refused:
        inspection.kind_of(given)
    assert refusal(refused) == (message, {"file": "given"})


@pytest.mark.parametrize(
    ("head", "size", "is_read"),
    [
        (b"%PDF-", inspection.MAX_BYTES, True),
        (b"%PDF-", inspection.MAX_BYTES + 1, False),
        (b"{", inspection.MAX_BYTES + 1, True),
        (b"{", inspection.MAX_DOSSIER_BYTES, True),
        (b"{", inspection.MAX_DOSSIER_BYTES + 1, False),
        (b"SQLite format 3\0", inspection.MAX_DOSSIER_BYTES + 1, True),
    ],
)
def test_a_file_may_be_as_large_as_its_kind_is(given: Path, head: bytes, size: int, *, is_read: bool) -> None:
    with given.open("wb") as stream:
        stream.write(head)
        stream.truncate(size)
    if is_read:
        inspection.kind_of(given)
        return
    with pytest.raises(KnownError) as refused:
        inspection.kind_of(given)
    most = "600" if head == b"{" else "200"
    assert refusal(refused) == (refusals.TOO_BIG, {"file": "given", "most": most})


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (FileNotFoundError(), file_errors.MISSING),
        (NotADirectoryError(), file_errors.MISSING),
        (PermissionError(), file_errors.UNREADABLE),
        (OSError(errno.EIO, "Input/output error"), file_errors.DISK_FAILS),
        (OSError(errno.EMFILE, "Too many open files"), file_errors.TOO_MANY_FILES),
        (ValueError("embedded null byte"), refusals.NO_FILE),
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
                (inspection.read_content if stage == "content" else inspection.kind_of)(given)
        assert refused.value.message == message, stage
        assert refused.value.values["file"] == "given"


def test_a_name_no_file_can_have_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnownError) as refused:
        inspection.kind_of(tmp_path / "nul\0l")
    assert refusal(refused) == (refusals.NO_FILE, {"file": "nul\0l"})


# -- packages that are only looked into --------------------------------------------------------------------------------


def test_a_package_is_opened_if_it_may_be_parsed(given: Path) -> None:
    given.write_bytes(packed({"xl/workbook.xml": b"<workbook/>"}))
    with inspection.open_package(given) as package:
        assert package.read("xl/workbook.xml") == b"<workbook/>"
    with pytest.raises(KnownError) as refused, inspection.open_package(given):
        raise zipfile.BadZipFile
    assert refusal(refused) == (refusals.DAMAGED, {"file": "given"})


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"xl/workbook.xml": b"<workbook/>", "../../evil.txt": b"x"}, refusals.BAD_NAME),
        ({"xl/workbook.xml": b"<workbook/>", "xl/big.xml": bytes(50_000_000)}, refusals.DECOMPRESSION_BOMB),
        ({"xl/workbook.xml": b"<workbook/>", "xl/vbaProject.bin": b"x"}, refusals.MACROS),
        ({"letter.txt": b"x"}, refusals.NEITHER_WORKBOOK_NOR_WORD),
    ],
)
def test_a_package_is_refused_like_a_file_that_came_back(given: Path, parts: dict[str, bytes], message: str) -> None:
    given.write_bytes(packed(parts))
    with pytest.raises(KnownError) as refused, inspection.open_package(given):
        pass
    assert refused.value.message == message


# -- kinds -------------------------------------------------------------------------------------------------------------

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("content", "file", "message", "more"),
    [
        (b"PK\x03\x04", "~$a.xlsx", refusals.TEMPORARY_FILE, {}),
        (b"PK\x03\x04", "._a.xlsx", refusals.TEMPORARY_FILE, {}),
        (b"PK\x03\x04", ".~lock.a.xlsx#", refusals.TEMPORARY_FILE, {}),
        (b"", FILE, file_errors.EMPTY, {}),
        (OLE, FILE, refusals.OLD_EXCEL, {}),
        (b" " * 1_019 + b"%PDF-", FILE, refusals.IS_PDF, {}),
        (b" " * 1_020 + b"%PDF-", FILE, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
        (b"<HTML>", FILE, refusals.OTHER_WORKBOOK, {"kind": "HTML"}),
        (b"\xef\xbb\xbf\n<table><tr>", FILE, refusals.OTHER_WORKBOOK, {"kind": "HTML"}),
        (b"<!DOCTYPE HTML>", FILE, refusals.OTHER_WORKBOOK, {"kind": "HTML"}),
        (b"x" * 2_049 + b"urn:schemas-microsoft-com:office:spreadsheet", FILE, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
        (b"anything", "a.TSV", refusals.PLAIN_TABLE, {}),
        (b"anything", "a.csv", refusals.PLAIN_TABLE, {}),
        (b"a;b\nc;d", FILE, refusals.PLAIN_TABLE, {}),
        (b"a\tb\r\nc\td\r\n", FILE, refusals.PLAIN_TABLE, {}),
        (b"a;b\nc,d", FILE, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
        (b"a;b", FILE, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
        (b"a;b\nc;d\ne;f\nno sign", FILE, refusals.PLAIN_TABLE, {}),
        (b"a;b\nc;d\nno sign", FILE, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
        (b"a;b\n\x1fc;d", FILE, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
    ],
)
def test_a_file_that_is_no_package_is_told_by_what_it_is(
    content: bytes, file: str, message: str, more: dict[str, str]
) -> None:
    with pytest.raises(KnownError) as refused:
        inspection.expect_zip(content, file)
    assert refusal(refused) == (message, {"file": file, **more})


def medium(parts: dict[str, bytes]) -> FileMedium:
    content = packed(parts)
    return inspection.medium_of(content, zip_limits.parts_of(content, FILE), FILE)


def test_a_package_is_told_by_its_parts() -> None:
    assert medium({"XL/Workbook.xml": b"<x/>", "word/document.xml": b"<x/>"}) is FileMedium.WORKBOOK
    assert medium({"Word/Document.XML": b"<x/>"}) is FileMedium.WORD
    for parts, message, more in (
        ({"mimetype": b"application/vnd.oasis.opendocument.text-master"}, refusals.OTHER_DOCUMENT, {"kind": ".odt"}),
        ({"mimetype": b"application/zip"}, refusals.NEITHER_WORKBOOK_NOR_WORD, {}),
        ({"a.ODT": b"", "b.txt": b"", "c.Xlsx": b""}, refusals.ARCHIVE_OF_FILES, {"names": "a.ODT, c.Xlsx"}),
        ({"XL/workbook.bin": b"x"}, refusals.OTHER_WORKBOOK, {"kind": ".xlsb"}),
    ):
        with pytest.raises(KnownError) as refused:
            medium(parts)
        assert refusal(refused) == (message, {"file": FILE, **more})


# -- sentences ---------------------------------------------------------------------------------------------------------


def test_names_from_a_stranger_are_few_short_and_printable() -> None:
    assert refusals.printable_names(["a", "b", "c"]) == "a, b, c"
    assert refusals.printable_names(["a", "b", "c", "d"]) == "a, b, c …"
    assert refusals.printable_names(["x\ny\u202e"]) == "x?y?"
    assert refusals.printable_names(["x" * 99]) == "x" * 80
    made = refusals.refusal(refusals.DECOMPRESSION_BOMB, "f\n", part="p" * 99)
    assert (made.message, made.values) == (refusals.DECOMPRESSION_BOMB, {"file": "f\n", "part": "p" * 80})


@pytest.mark.parametrize("size", [inspection.MAX_RETURNED_BYTES, inspection.MAX_RETURNED_BYTES + 1])
def test_a_file_that_came_back_is_so_large_at_most(given: Path, size: int) -> None:
    with given.open("wb") as stream:
        stream.truncate(size)
    if size == inspection.MAX_RETURNED_BYTES:
        content = inspection.read_returned_content(given)
        assert len(content) == size
        with pytest.raises(KnownError) as refused:
            inspection.inspect_content(content + b"x", "given")
        assert refusal(refused) == (refusals.TOO_BIG, {"file": "given", "most": "100"})
        with pytest.raises(KnownError) as refused:
            inspection.inspect_content(content, "given")
        assert refused.value.message == refusals.NEITHER_WORKBOOK_NOR_WORD
        return
    with pytest.raises(KnownError) as refused:
        inspection.read_returned_content(given)
    assert refusal(refused) == (refusals.TOO_BIG, {"file": "given", "most": "100"})
