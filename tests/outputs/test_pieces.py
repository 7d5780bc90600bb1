"""A long volume is set in pieces, which nobody can see: its pages are those of one document."""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pypdfium2 import PdfDocument, raw  # type: ignore[import-untyped]

from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf import pieces
from capacity_app.outputs.pdf.rendering import html_for_paper, write_pdf
from tests.outputs.chapters import view_of


def _links(document: Any, page: Any) -> Iterator[tuple[int, ...]]:
    """Yield where the links of a page stand and which page they lead to."""
    place, link = ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(page, place, link):
        area = raw.FS_RECTF()
        raw.FPDFLink_GetAnnotRect(link, area)
        target = raw.FPDFDest_GetDestPageIndex(document, raw.FPDFLink_GetDest(document, link))
        yield target, round(area.left), round(area.top)


def _tags(element: Any) -> Iterator[tuple[str, str]]:
    kind, language = (ctypes.create_string_buffer(60) for _ in range(2))
    raw.FPDF_StructElement_GetType(element, kind, 60)
    raw.FPDF_StructElement_GetLang(element, language, 60)
    yield kind.raw.decode("utf-16-le").partition("\0")[0], language.raw.decode("utf-16-le").partition("\0")[0]
    for number in range(raw.FPDF_StructElement_CountChildren(element)):
        child = raw.FPDF_StructElement_GetChildAtIndex(element, number)
        if child:
            yield from _tags(child)


def _seen(made: bytes) -> list[tuple[Any, ...]]:
    """Return what can be seen, heard and clicked of each page, and the bookmarks."""
    document = PdfDocument(made)
    seen: list[tuple[Any, ...]] = [
        tuple((mark.level, mark.get_title(), mark.get_dest().get_index()) for mark in document.get_toc())
    ]
    for page in document:
        tree = raw.FPDF_StructTree_GetForPage(page)
        children = range(raw.FPDF_StructTree_CountChildren(tree))
        tags = [tag for n in children for tag in _tags(raw.FPDF_StructTree_GetChildAtIndex(tree, n))]
        raw.FPDF_StructTree_Close(tree)
        containers = {"Document", "Part", "Sect"}  # where pieces meet there is one more
        # The running title is written after what stands above a seam; a bracket is the one that was drawn first.
        text = page.get_textpage().get_text_bounded().replace(")", "(")
        seen.append((
            page.get_size(), sorted(text.splitlines()), page.render(scale=0.5).to_pil().tobytes(),
            sorted(_links(document, page)), [tag for tag in tags if tag[0] not in containers],
        ))  # fmt: skip
    return seen


def _with_a_wide_chapter(html: str) -> str:
    """Print the third chapter after the contents in landscape."""
    before, contents, after = html.partition('<nav class="contents"')
    parts = after.split('<section class="chapter ')
    parts[3] = parts[3].replace('"', ' wide"', 1)
    return before + contents + '<section class="chapter '.join(parts)


@pytest.mark.parametrize("tag", ["en", "ar", "th"])
@pytest.mark.parametrize("change", [str, _with_a_wide_chapter], ids=["upright", "wide"])
def test_pages_set_in_pieces_are_those_of_one_document(
    tag: str, change: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = Translator(tag)
    html = change(html_for_paper(view_of(None, texts), texts))
    monkeypatch.setattr(pieces, "_LETTERS", 5_000)
    assert len(pieces.split_report(html)) > 5
    in_pieces = _seen(write_pdf(html, "", b"x"))
    monkeypatch.setattr(pieces, "_LETTERS", len(html))
    assert pieces.split_report(html) == []
    assert in_pieces == _seen(write_pdf(html, "", b"x"))
    shapes = {width > height for (width, height), *_ in in_pieces[1:]}
    assert shapes == ({True, False} if change is _with_a_wide_chapter else {False})
