"""Nothing leaves the page, its cell or its box, and nothing stands on anything else, whatever was typed."""

import re
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # it publishes no types
import pytest

from capacity_app import paths
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.html_pages import join_style_sheets
from capacity_app.outputs.pdf.rendering import html_for_paper, render_pdf
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.boxes import Area, escaped, in_points, lay_out, overlaps, pieces
from tests.outputs.chapters import view_of
from tests.outputs.hostile import hostile_dossier
from tests.outputs.laid import IS_LONG, laid

pytestmark = pytest.mark.check

LANGUAGES = [("en", ""), ("ar", "en"), (PSEUDO, "")]
ALL_LANGUAGES = [*LANGUAGES, ("en", "ar"), ("ar", ""), ("fr", "en")]


def told(found: list[str]) -> str:
    """Return what is wrong in a few lines."""
    return "\n".join([f"{len(found)} times:", *found[:20]])


@pytest.mark.long
@pytest.mark.parametrize(("language", "second"), ALL_LANGUAGES if IS_LONG else LANGUAGES)
def test_no_text_of_the_hostile_dossier_leaves_what_must_hold_it(language: str, second: str) -> None:
    found = escaped(laid(language, second))
    assert not found, told(found)


@pytest.mark.long
@pytest.mark.parametrize(("language", "second"), ALL_LANGUAGES if IS_LONG else LANGUAGES)
def test_no_text_of_the_hostile_dossier_stands_on_another(language: str, second: str) -> None:
    found = overlaps(laid(language, second))
    assert not found, told(found)


@pytest.mark.long
@pytest.mark.parametrize(("language", "second"), ALL_LANGUAGES if IS_LONG else LANGUAGES[2:])
def test_no_text_of_the_demonstration_leaves_its_place_or_stands_on_another(language: str, second: str) -> None:
    view = view_of(demonstration()[0], Translator(language), "full" if IS_LONG else "report", second)
    laid_out = pieces(lay_out(html_for_paper(view, Translator(language))))
    found = [*escaped(laid_out), *overlaps(laid_out)]
    assert not found, told(found)


@pytest.mark.parametrize(("language", "second"), LANGUAGES)
def test_every_page_but_the_cover_has_its_footer_below_everything_else(language: str, second: str) -> None:
    last = max(piece.page for piece in laid(language, second))
    for page in range(2, last + 1):
        here = [piece for piece in laid(language, second) if piece.page == page]
        feet = [piece for piece in here if piece.is_at_foot]
        assert feet, page
        assert max(p.area.bottom for p in here if not p.is_at_foot) < min(p.area.top for p in feet), page


def _letters_outside(document: Any) -> list[str]:
    """Find letters that the PDF itself paints off the sheet."""
    outside = []
    for number, page in enumerate(document, start=1):
        sheet = Area(0, 0, *page.get_size())
        words = page.get_textpage()
        for index in range(words.count_chars()):
            box = words.get_charbox(index)
            if not sheet.holds(Area(box[0], box[1], box[2], box[3])):
                outside.append(f"page {number}: {words.get_text_range(index, 1)!r} at {box}")
    return outside


def test_the_pdf_paints_every_letter_on_its_sheet() -> None:
    dossier = hostile_dossier(evidence=1, longest=300)
    content = render_pdf(view_of(dossier, Translator("ar"), "brief", "en"), Translator("ar"))
    document = pypdfium2.PdfDocument(content)
    try:
        found = _letters_outside(document)
    finally:
        document.close()
    assert not found, told(found)


def test_what_stands_outside_or_on_another_is_found() -> None:
    html = (
        "<style>@page { size: A4; margin: 20mm } p { margin: 0; line-height: 1 }</style>"
        '<p>inside</p><p style="margin-top: -4mm">on it</p><p style="margin-left: -30mm">left</p>'
        '<div style="height: 2mm"><p>tall</p><p>taller</p></div>'
        f"<table style='width: 20mm; table-layout: fixed'><tr><td style='white-space: nowrap'>{'wide ' * 8}wide</table>"
    )
    found = pieces(lay_out(html))
    assert {re.search("“(.*?)”", line)[1].strip() for line in escaped(found)} == {  # type: ignore[index]  # each has one
        "left", "taller", "tall", "wide wide wide wide wide wide wide wide",
    }  # fmt: skip
    assert any("“inside”" in line and "“on it”" in line for line in overlaps(found))
    assert not any("“left”" in line for line in overlaps(found))
    assert in_points(Area(0, 0, 96, 96)) == Area(0, 0, 72, 72)


@pytest.mark.parametrize("sheet", sorted(path.name for path in (paths.resources_folder() / "styles").glob("*.css")))
def test_lines_hang_by_margins_since_indents_go_the_wrong_way_in_mirrored_pages(sheet: str) -> None:
    # WeasyPrint moves an indented line to the left in every direction of writing.
    assert re.findall(r"text-indent:\s*-", join_style_sheets(sheet)) == []
