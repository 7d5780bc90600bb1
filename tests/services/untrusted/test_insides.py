"""What is found in the parts of an office file: programs, objects, links, letters, and what sheets are called."""

import pytest

from capacity_app.domain.problems import KnownError, Problem, ProblemSeverity
from capacity_app.services.untrusted import inspection, refusals, zip_limits
from tests.services.untrusted.making import FILE, refusal

# -- what is inside ----------------------------------------------------------------------------------------------------


def relations(*lines: str) -> bytes:
    return ("<Relationships>" + "".join(f"<Relationship {line}/>" for line in lines) + "</Relationships>").encode()


def looked_at(*lines: str, name: str = "xl/_rels/workbook.xml.rels") -> inspection.PackageContents:
    found = inspection.PackageContents(FILE)
    found.inspect_text(name, relations(*lines))
    return found


def test_links_to_click_on_and_the_usual_template_are_no_concern() -> None:
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    harmless = (
        f'Type="{office}/hyperlink" Target="https://example.org" TargetMode="External"',
        f'Type="{office}/attachedTemplate" Target="Normal.dotm" TargetMode="External"',
        f'Type="{office}/attachedTemplate" Target="file:///C:/Normal.dotm" TargetMode="external"',
        f'Type="{office}/image" Target="media/a.png" TargetMode="Internal"',
        f'Type="{office}/image" Target="media/a.png"',
    )
    assert looked_at(*harmless).notes() == ()
    servers = ("http://h/a", "HTTPS://h/a", "ftp://h/a", "\\\\h\\a", "file://\\\\h\\a")
    for target in servers:
        found = looked_at(f'Type="{office}/attachedTemplate" Target="{target}" TargetMode="External"')
        assert found.outside == [target]


def test_what_was_not_looked_at_is_told_once_for_each_kind() -> None:
    found = looked_at(
        'Type="x/externalLinkPath" Target="b" TargetMode="External"', 'Type="x/image" Target="a" TargetMode="External"'
    )
    found.inspect_name("xl/embeddings/b.docx")
    found.inspect_name("xl/embeddings/")
    found.inspect_name("XL/Embeddings/A.zip")
    assert found.notes() == (
        Problem(
            "file.links-out", FILE, refusals.EXTERNAL_LINKS, refusals.EXTERNAL_LINKS_ADVICE,
            (("file", FILE), ("names", "a, b")), ProblemSeverity.WARNING,
        ),
        Problem(
            "file.files-inside", FILE, refusals.EMBEDDED_FILES, refusals.EMBEDDED_FILES_ADVICE,
            (("file", FILE), ("names", "XL/Embeddings/A.zip, xl/embeddings/b.docx")), ProblemSeverity.WARNING,
        ),
    )  # fmt: skip
    assert inspection.PackageContents(FILE).notes() == ()


def test_objects_are_named_once_each_in_order() -> None:
    found = inspection.PackageContents(FILE)
    for name in ("xl/embeddings/oleObject2.bin", "xl/embeddings/oleObject1.bin", "xl/ctrlProps/ctrlProp1.xml"):
        found.inspect_name(name)
        found.inspect_name(name)
    assert found.files == []
    with pytest.raises(KnownError) as refused:
        found.expect_harmless()
    names = "xl/ctrlProps/ctrlProp1.xml, xl/embeddings/oleObject1.bin, xl/embeddings/oleObject2.bin"
    assert refusal(refused) == (refusals.OBJECTS, {"file": FILE, "names": names[:80]})


def test_programs_go_before_objects() -> None:
    found = inspection.PackageContents(FILE)
    found.inspect_name("xl/activeX/a.bin")
    found.inspect_name("xl/vbaProject.bin")
    with pytest.raises(KnownError) as refused:
        found.expect_harmless()
    assert refusal(refused) == (refusals.MACROS, {"file": FILE})


def workbook(*sheets_: str) -> bytes:
    lines = "".join(f"<sheet {line}/>" for line in sheets_)
    return f'<workbook xmlns:r="urn:r"><sheets>{lines}</sheets></workbook>'.encode()


def test_a_sheet_is_called_what_people_call_it() -> None:
    found = looked_at(
        'Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"',
        'Id="r2" Type="x/worksheet" Target="/xl/worksheets/sheet2.xml"',
        'Id="r3" Type="x/styles" Target="styles.xml"',
    )
    found.inspect_text(
        "xl/workbook.xml", workbook('name="One" sheetId="1" r:id="r1"', 'name="Two" sheetId="2" r:id="r2"')
    )
    assert found.sheets == {"r1": "xl/worksheets/sheet1.xml", "r2": "xl/worksheets/sheet2.xml"}
    assert found.titles == {"r1": "One", "r2": "Two"}
    assert found.title_of("XL/worksheets/Sheet1.xml") == "One"
    assert found.title_of("xl/worksheets/sheet2.xml") == "Two"
    assert found.title_of("xl/worksheets/sheet3.xml") == "xl/worksheets/sheet3.xml"
    found.expect_sheets(["XL/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"])
    with pytest.raises(KnownError) as refused:
        found.expect_sheets(["xl/worksheets/sheet1.xml"])
    assert refusal(refused) == (refusals.DAMAGED, {"file": FILE})


def test_elements_that_name_no_sheet_are_passed_over() -> None:
    found = inspection.PackageContents(FILE)
    found.inspect_text(
        "xl/workbook.xml",
        workbook('name="No relation" sheetId="1"', 'name="No number" r:id="r2"', 'sheetId="3" r:id="r3"'),
    )
    assert found.titles == {"r3": ""}
    assert found.title_of("xl/a.xml") == "xl/a.xml"
    found.expect_sheets([])


def test_markup_that_breaks_off_is_damage() -> None:
    for name in ("xl/workbook.xml", "[Content_Types].xml", "a.rels"):
        with pytest.raises(KnownError) as refused:
            inspection.PackageContents(FILE).inspect_text(name, b"<a><b>")
        assert refusal(refused) == (refusals.DAMAGED, {"file": FILE})


# -- markup ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("a.xml", b"<a/>", b"<a/>"),
        ("a.xml", b"\xef\xbb\xbf<a/>", b"<a/>"),
        ("a.xml", "\ufeff<ä/>".encode("utf-16-le"), "<ä/>".encode()),
        ("a.xml", "\ufeff<ä/>".encode("utf-16-be"), "<ä/>".encode()),
        ("a.xml", ODD := b" \n<?xml version='1.0' encoding='UTF8'?><!-- x --><a/>", ODD),
        ("a.bin", b"\0\1\2\3", None),
        ("a.txt", b"words", None),
        ("a.txt", b"\xff\xfe\0", None),
    ],
)
def test_markup_is_given_in_letters_every_program_reads_alike(name: str, data: bytes, text: bytes | None) -> None:
    assert zip_limits.xml_as_utf8(name, data, FILE) == text


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("A.XML", b"words", refusals.UNUSUAL_MARKUP),
        ("a.rels", b"", refusals.UNUSUAL_MARKUP),
        ("a.vml", b"\0<a/>", refusals.UNUSUAL_MARKUP),
        ("a.xml", b"\xff\xfe\0", refusals.UNUSUAL_MARKUP),
        ("a.txt", b'<?xml version="1.0" encoding="utf-7"?><a/>', refusals.UNUSUAL_MARKUP),
        ("a.txt", b"<!-- never ends", refusals.UNUSUAL_MARKUP),
        ("a.xml", b"<!ELEMENT a>", refusals.UNUSUAL_MARKUP),
        ("a.txt", b"<!doctype a><a/>", refusals.XML_ENTITIES),
    ],
)
def test_markup_that_could_mislead_is_refused_by_its_part(name: str, data: bytes, message: str) -> None:
    with pytest.raises(KnownError) as refused:
        zip_limits.xml_as_utf8(name, data, FILE)
    assert refusal(refused) == (message, {"file": FILE, "part": name})


def test_a_part_holds_so_many_entries_at_most() -> None:
    most = zip_limits.MAX_MILLION_ELEMENTS * 1_000_000
    assert zip_limits.xml_as_utf8("a.xml", b"<a" * most, FILE) is not None
    with pytest.raises(KnownError) as refused:
        zip_limits.xml_as_utf8("a.xml", b"<a" * (most + 1), FILE)
    assert refusal(refused) == (refusals.TOO_MANY_ENTRIES, {"file": FILE, "part": "a.xml", "most": "4"})
