"""The tags, languages and letters of a PDF, mended where WeasyPrint’s are not what PDF/UA asks for.

Inside a link WeasyPrint makes every box a place to click and hangs it from the box's own tag; PDF/UA wants all of them
to hang from the link. Cells must know what heads them, also those of a remark below an answer and of a column without
a word above; a table that only sets things side by side is none.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Any

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from pydyf import Array, String  # type: ignore[import-untyped]
from weasyprint.formatting_structure.boxes import LineBox, TextBox

from capacity_app.outputs.pdf.fonts import FONT_FAMILIES, FontFile, font_path

if TYPE_CHECKING:
    from weasyprint import Document


_LAID_OUT = frozenset({"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/TD"})


def _object_at(pdf: Any, reference: bytes) -> Any:  # noqa: ANN401 - pydyf publishes no types
    return pdf.objects[int(reference.split()[0])]


def _elements(pdf: Any, *, tag: str = "") -> Iterator[Any]:  # noqa: ANN401 - as above
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/StructElem" and tag in {"", each["S"]}:
            yield each


def _child_tags(pdf: Any, element: Any) -> list[Any]:  # noqa: ANN401 - as above
    """Return the tags right below a tag; numbers are pieces of text."""
    below = (_object_at(pdf, kid) for kid in element["K"] if isinstance(kid, bytes))
    return [kid for kid in below if kid.get("Type") == "/StructElem"]


def _link_above(pdf: Any, element: Any) -> Any | None:  # noqa: ANN401 - as above
    """Find the link an element stands in."""
    while element.get("S") not in {"/Link", None}:
        element = _object_at(pdf, element["P"]) if "P" in element else {}
    return element or None


def mend_links(pdf: Any) -> None:  # noqa: ANN401 - as above
    """Hang every place to click from its link."""
    pointing: list[Any] = [each for each in pdf.objects if isinstance(each, dict) and each.get("Type") == "/OBJR"]
    places = {each.reference: each for each in pointing}
    # Numbers and what they stand for, in turn; the numbers count up from zero.
    parents = _object_at(pdf, _object_at(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
    for element in _elements(pdf):
        clicked = [kid for kid in element["K"] if kid in places] if element["S"] != "/Link" else []
        link = _link_above(pdf, element) if clicked else None
        if link is None:
            continue
        for place in clicked:
            element["K"].remove(place)
            link["K"].append(place)
            parents[2 * _object_at(pdf, places[place]["Obj"])["StructParent"] + 1] = link.reference


def _table_rows(pdf: Any, table: Any) -> list[Any]:  # noqa: ANN401 - as above
    return [
        row
        for part in _child_tags(pdf, table)
        for row in ([part] if part["S"] == "/TR" else _child_tags(pdf, part))
        if row["S"] == "/TR"
    ]


def _untag_layout_table(pdf: Any, element: Any) -> None:  # noqa: ANN401 - as above
    """Take the tags of a table away from something that heads nothing."""
    if element["S"] in _LAID_OUT:
        element["S"] = "/Div"
        element.pop("A", None)
        for kid in _child_tags(pdf, element):
            _untag_layout_table(pdf, kid)


def _set_scope(cells: list[Any], above: str) -> None:
    """Say whether the heading cells of a row head columns or the row."""
    heads_columns = above == "/THead" or all(cell["S"] == "/TH" for cell in cells)
    for cell in cells:
        if cell["S"] == "/TH":
            cell["A"]["Scope"] = "/Column" if heads_columns else "/Row"


def _head_row(cells: list[Any]) -> None:
    """Let the first cell of a row head those that nothing heads."""
    loose = [cell for cell in cells if cell["S"] == "/TD" and not cell["A"].get("Headers")]
    if not loose:
        return
    first = cells[0]
    first["S"], first["A"]["Scope"] = "/TH", "/Row"
    first["A"].pop("Headers", None)
    first.setdefault("ID", String(f"row-{first.number}"))
    for cell in loose:
        if cell is not first:
            cell["A"]["Headers"] = Array([first["ID"]])


def mend_tables(pdf: Any) -> None:  # noqa: ANN401 - as above
    """Let every cell of a table know what heads it."""
    for table in list(_elements(pdf, tag="/Table")):
        rows = [
            (row, [cell for cell in _child_tags(pdf, row) if cell["S"] in {"/TH", "/TD"}])
            for row in _table_rows(pdf, table)
        ]
        if not any(cell["S"] == "/TH" for _, cells in rows for cell in cells):
            _untag_layout_table(pdf, table)
            continue
        for row, cells in rows:
            _set_scope(cells, _object_at(pdf, row["P"])["S"])
            _head_row(cells)


# In which language a piece of text of a PDF is, where it is not that of the whole: a voice reads it accordingly.
#
# WeasyPrint says the language of the document only. Its tags of texts come in the order of the boxes they are made
# of, page by page, so that the languages of the boxes can be given to the tags.


def _boxes_inside(box: Any) -> Iterator[Any]:  # noqa: ANN401 - WeasyPrint publishes no types
    for child in getattr(box, "children", ()):
        yield from child.children if isinstance(child, LineBox) else (child,)


def _languages_of_texts(box: Any) -> Iterator[str]:  # noqa: ANN401 - as above
    """Yield the languages of a page's texts in the order of their tags; a link holds its texts without tags."""
    box = getattr(box, "_box", box)  # what is placed absolutely stands behind a placeholder
    is_link = box.element is not None and str(box.element_tag).partition(":")[0] == "a"
    for child in _boxes_inside(box):
        if not isinstance(child, TextBox):
            yield from _languages_of_texts(child)
        elif not is_link:
            yield child.style["lang"] or ""


def _text_tags(pdf: Any) -> dict[bytes, list[Any]]:  # noqa: ANN401 - pydyf publishes no types
    """Return the tags of texts by page, in their order."""
    found: dict[bytes, list[Any]] = defaultdict(list)
    for each in pdf.objects:
        is_tag = isinstance(each, dict) and each.get("Type") == "/StructElem" and each["S"] == "/Span"
        if is_tag and len(each["K"]) == 1 and isinstance(each["K"][0], int):
            found[each["Pg"]].append(each)
    return found


def mend_languages(document: "Document", pdf: Any) -> None:  # noqa: ANN401 - as above
    """Say the language of every text that is not in the document's; before other tags are mended."""
    tags = _text_tags(pdf)
    for page, reference in zip(document.pages, pdf.page_references, strict=True):
        languages = list(_languages_of_texts(page._page_box))  # noqa: SLF001 - WeasyPrint's own tags are made of it
        if len(languages) == len(tags[reference]):
            for language, tag in zip(languages, tags[reference], strict=True):
                if language and language != document.metadata.lang:
                    tag["Lang"] = String(language)


# What is read back from a PDF: each shape says which letter it stands for.
#
# A letter that is set as two shapes (Thai sara am: a ring above and a vowel behind) leaves the first without a letter
# and lends itself to the second, which stands for another letter everywhere else. A letter with a mark (Arabic damma)
# lends its whole to whichever shape comes first. All get the letters they have in the type.


_ENTRY = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")
_SPLIT = "\u0e33"
_REPLACEMENT = 0xFFFD


@cache
def _letter_by_glyph(face: FontFile) -> dict[int, int]:
    """Return the letter of each shape, by its number in the file."""
    with closing(TTFont(font_path(face), lazy=True)) as font:
        return {font.getGlyphID(shape): letter for letter, shape in font.getBestCmap().items()}


def _font_by_pdf_name(name: str) -> FontFile | None:
    """Find the face by the name WeasyPrint writes: "ABCDEF+Noto-Sans-Thai-Bold"."""
    plain = name.partition("+")[2]
    found = {
        family.name.replace(" ", "-") + ("-Bold" if face.weight > FONT_FAMILIES[0].faces[0].weight else ""): face
        for family in FONT_FAMILIES
        for face in family.faces
        if face.slope == "normal"
    }
    return found.get(plain)


def mend_to_unicode(pdf: Any) -> None:  # noqa: ANN401 - pydyf publishes no types
    for each in pdf.objects:
        if isinstance(each, dict) and each.get("Type") == "/Font" and "ToUnicode" in each:
            face = _font_by_pdf_name(each["BaseFont"].decode())
            stream = pdf.objects[int(each["ToUnicode"].split()[0])].stream
            stream[:] = [_mend_line(line, face) for line in stream]


def _mend_line(line: bytes, face: FontFile | None) -> bytes:
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        return line
    said = bytes.fromhex(entry[2].decode()).decode("utf-16-be")
    letter = chr(_letter_by_glyph(face).get(int(entry[1], 16), _REPLACEMENT) if face else _REPLACEMENT)
    if said and said != _SPLIT and (len(said) == 1 or letter not in said):
        return line
    return b"<%b> <%b>" % (entry[1], letter.encode("utf-16-be").hex().encode())
