"""The front half on paper, read from the boxes that are laid out: what stands beside, below and above what."""

from collections.abc import Iterator
from typing import Any

import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.demand_and_sources import demand_content
from capacity_app.outputs.content.elements import TextTone
from capacity_app.outputs.pdf.rendering import html_for_paper, page_source
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.chapters import ENGLISH, read, view_of
from tests.outputs.example import report_dossier

MM = 96 / 25.4
LEFT, RIGHT, TOP, FOOT = 20 * MM, 190 * MM, 20 * MM, 275 * MM
Box = Any
"""A box of WeasyPrint, which publishes no types."""


def laid_out(dossier: Dossier, texts: Translator, profile: str) -> list[Box]:
    """Lay pages out and give the outermost box of each."""
    html = html_for_paper(view_of(dossier, texts, profile), texts)
    document = page_source(html).render()
    return [page._page_box for page in document.pages]


def inside(box: Box) -> Iterator[Box]:
    """Go through a box and all in it, those placed absolutely too."""
    box = getattr(box, "_box", box)
    yield box
    for child in getattr(box, "children", ()):
        yield from inside(child)


def outermost(box: Box, tag: str, style: str = "") -> Iterator[Box]:
    """Find the boxes of an element, each once."""
    box = getattr(box, "_box", box)
    classes = (box.element.get("class") or "").split() if box.element is not None else []
    if box.element_tag == tag and (not style or style in classes):
        yield box
        return
    for child in getattr(box, "children", ()):
        yield from outermost(child, tag, style)


def texts_of(box: Box) -> list[Box]:
    return [one for one in inside(box) if type(one).__name__ == "TextBox" and one.text.strip()]


def words_of(box: Box) -> str:
    return " ".join(one.text for one in texts_of(box))


def lines_in(box: Box) -> list[str]:
    return [words_of(one) for one in inside(box) if type(one).__name__ == "LineBox"]


def body_texts(page: Box) -> list[Box]:
    """Return the texts between the running title and the footer."""
    return [one for one in texts_of(page) if TOP - 1 <= one.position_y < FOOT]


@pytest.fixture(scope="module")
def filled() -> Dossier:
    return demonstration()[0]


@pytest.fixture(scope="module")
def english(filled: Dossier) -> list[Box]:
    return laid_out(filled, ENGLISH, "report")


@pytest.fixture(scope="module")
def arabic(filled: Dossier) -> list[Box]:
    return laid_out(filled, Translator("ar"), "brief")


def profile_rows(pages: list[Box]) -> list[Box]:
    summary = next(table for page in pages for table in outermost(page, "table", "profile"))
    return [row for body in outermost(summary, "tbody") for row in outermost(body, "tr")]


@pytest.mark.check
@pytest.mark.parametrize("language", ["english", "arabic"])
def test_every_bar_of_the_profile_stands_in_the_middle_of_its_row(
    language: str, request: pytest.FixtureRequest
) -> None:
    rows = profile_rows(request.getfixturevalue(language))
    assert len(rows) == 8
    for row in rows:
        (bar,) = (box for box in inside(row) if box.element_tag.endswith("svg"))
        assert bar.position_y + bar.height / 2 == pytest.approx(row.position_y + row.height / 2, abs=1.0)


def test_from_right_to_left_the_profile_is_mirrored(english: list[Box], arabic: list[Box]) -> None:
    for pages, is_first_left in ((english, True), (arabic, False)):
        for row in profile_rows(pages):
            places = [cell.position_x for cell in row.children]
            assert places == sorted(places, reverse=not is_first_left)


def test_the_scale_stands_above_the_bars_it_numbers(english: list[Box]) -> None:
    head = next(cell for page in english for cell in outermost(page, "th", "sign") if len(texts_of(cell)) == 3)
    nought, middle, hundred = texts_of(head)
    bar = next(box for box in inside(profile_rows(english)[0]) if box.element_tag.endswith("svg"))
    assert nought.position_x == pytest.approx(bar.position_x, abs=1.5)
    assert middle.position_x + middle.width / 2 == pytest.approx(bar.position_x + bar.width / 2, abs=2.5)
    assert hundred.position_x + hundred.width == pytest.approx(bar.position_x + bar.width, abs=2.5)


def test_the_cover_keeps_its_texts_on_the_page(english: list[Box]) -> None:
    cover = english[0]
    for text in texts_of(cover):
        assert text.position_x >= LEFT - 1
        assert text.position_x + text.width <= RIGHT + 1
        assert text.position_y + text.height <= 297 * MM


def test_nothing_stands_beyond_the_margins(english: list[Box]) -> None:
    for page in english[1:]:
        for text in body_texts(page):
            assert text.position_x >= LEFT - 1, text.text
            assert text.position_x + text.width <= RIGHT + 2, text.text


def test_no_heading_stands_last_on_its_page(english: list[Box]) -> None:
    for page in english[1:]:
        lowest = max(text.position_y for text in body_texts(page))
        if any(outermost(page, "table", "sign-off")):
            continue
        for tag in ("h1", "h2", "h3", "thead"):
            for heading in outermost(page, tag):
                assert all(text.position_y < lowest for text in texts_of(heading)), words_of(heading)


def test_a_title_runs_at_the_head_of_further_pages_only(english: list[Box]) -> None:
    heads = [" ".join(one.text for one in texts_of(page) if one.position_y < TOP - 1) for page in english]
    assert heads[:3] == ["", "", ""]
    for page, head in zip(english[3:], heads[3:], strict=True):
        first = min(body_texts(page), key=lambda text: text.position_y)
        begins = any(first in texts_of(heading) for heading in outermost(page, "h1"))
        assert bool(head) != begins
    assert "III Basic statistics on international migration" in {" ".join(head.split()) for head in heads}


def test_no_word_of_a_sign_s_heading_is_broken(english: list[Box]) -> None:
    headings = [cell for page in english for cell in outermost(page, "th", "sign") if cell.element.text]
    assert len(headings) >= 12
    for heading in headings:
        assert " ".join(lines_in(heading)).split() == heading.element.text.split()


def test_every_policy_question_stands_in_the_square_of_its_relevance_and_level() -> None:
    appraisal, formatter = read()
    demand = demand_content(
        appraisal, formatter, next(b for b in appraisal.sheet.blocks.values() if b.question.id == "b.policy")
    )
    squares = {
        (rank.title, level.number or level.sign): square
        for rank in demand.ranks
        for level, square in zip(demand.levels, rank.squares, strict=True)
    }
    where = {letter: place for place, square in squares.items() for letter in square.letters}
    assert where == {"A": ("High", "0"), "B": ("Medium", "?")}
    assert (squares["High", "0"].word, squares["High", "0"].tone) == ("critical", TextTone.CRITICAL)
    assert squares["Medium", "3"].word == "no gap"
    assert demand.left_out == "Not relevant, so not shown: C."


def test_a_long_country_s_name_is_set_in_smaller_letters() -> None:
    def is_long(name: str) -> bool:
        return view_of(report_dossier(mission=Mission(country_name=name))).cover.is_long

    assert not is_long("Examplia")
    assert is_long("United Kingdom of Great Britain and Northern Ireland")
