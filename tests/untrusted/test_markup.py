"""Nothing typed becomes an element, an attribute, a style, a formula, or a link to anywhere but the web."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from capacity_app.i18n.translator import Translator
from capacity_app.outputs.html_pages import render_html
from capacity_app.outputs.pdf.rendering import html_for_paper
from capacity_app.services.reports import report_bytes
from tests.domain.making import say
from tests.outputs.chapters import view_of
from tests.outputs.example import report_dossier
from tests.outputs.laid import IS_LONG
from tests.outputs.reading import html_text, squeezed
from tests.outputs.word_reading import outside_targets, word_text
from tests.outputs.workbook.reading import opened
from tests.untrusted.payloads import LINKS, dossier_with, in_turn, instrument_with, is_safe, payloads

ENGLISH = Translator("en")
TEXTS = payloads(Path("/nowhere/canary/secret.txt"))
MARKUP = (
    tuple(TEXTS) if IS_LONG else ("script", "style attribute", "anchors", "svg", "entity", "cdata", "template", "base")
)
FORMULAS = tuple(TEXTS) if IS_LONG else ("web service", "dde", "plus and at", "external cell", "array formula", "mail")


class _Structure(HTMLParser):
    """Which elements with which attributes a page has, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: set[str] = set()
        self.styles: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes |= {(tag, ""), *((tag, name) for name, _value in attrs)}
        for name, value in attrs:
            if name in {"href", "xlink:href", "src", "data", "action", "poster", "background", "srcset"}:
                self.addresses.add(value or "")
            if name == "style":
                self.styles.add(value or "")


def structure(html: str) -> _Structure:
    found = _Structure()
    found.feed(html)
    return found


@pytest.fixture(scope="module")
def harmless() -> _Structure:
    whole = structure(render_html(view_of(report_dossier()), ENGLISH, ""))
    short = structure(
        render_html(view_of(dossier_with(lambda: "x", instrument=instrument_with(lambda: "x"))), ENGLISH, "")
    )
    lines = structure(render_html(view_of(dossier_with(lambda: "x\n" * 200)), ENGLISH, ""))
    whole.attributes |= short.attributes | lines.attributes
    whole.styles |= short.styles | lines.styles
    return whole


def _shape(css: str) -> str:
    return re.sub(r"-?\d+(?:\.\d+)?", "0", css)


@pytest.mark.parametrize("turn", range(0, 45, 9))
def test_payloads_everywhere_in_turn_make_no_element_attribute_link_or_style(harmless: _Structure, turn: int) -> None:
    texts = list(TEXTS.values())
    say_it = in_turn(texts[turn:] + texts[:turn])
    _check(
        structure(render_html(view_of(dossier_with(say_it, instrument=instrument_with(say_it))), ENGLISH, "")), harmless
    )


@pytest.mark.long
@pytest.mark.parametrize("kind", MARKUP)
def test_a_payload_makes_no_element_attribute_link_or_style(kind: str, harmless: _Structure) -> None:
    text = TEXTS[kind]
    dossier = dossier_with(lambda: text, instrument=instrument_with(lambda: text))
    _check(structure(render_html(view_of(dossier), ENGLISH, "")), harmless)


def _check(found: _Structure, harmless: _Structure) -> None:
    assert found.attributes <= harmless.attributes
    assert [to for to in found.addresses if not to.startswith("#") and not is_safe(to)] == []
    assert {_shape(style) for style in found.styles} <= {_shape(style) for style in harmless.styles}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_payload_breaks_out_of_no_style_sheet(kind: str) -> None:
    text, made = TEXTS[kind], report_dossier()
    mission = replace(made.mission, country_name=text, round=text, project=text)
    html = html_for_paper(view_of(replace(made, mission=mission), profile="brief"), ENGLISH)
    css = html.partition("<style>")[2].partition("</style>")[0]
    assert re.findall(r"@import|url\((?!\"resource:fonts/[\w.-]+\"\))", css) == []
    assert css.count("{") == css.count("}")


@pytest.mark.long
@pytest.mark.parametrize("kind", FORMULAS)
def test_a_payload_makes_no_formula_or_link_in_the_workbook(kind: str) -> None:
    text = TEXTS[kind]
    content = report_bytes(dossier_with(lambda: text, instrument=instrument_with(lambda: text)), ".xlsx", texts=ENGLISH)
    kinds = {cell.data_type for sheet in opened(content).worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    assert [target for target in outside_targets(content) if not is_safe(target)] == []


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_an_address_typed_as_a_link_leads_only_to_the_web(kind: str, ending: str) -> None:
    text, made = TEXTS[kind], report_dossier()
    evidence = tuple(replace(entry, link=text) for entry in made.evidence)
    dossier = replace(made, evidence=evidence, answers=(*made.answers, say("a.site", text, who="moi")))
    if ending == ".docx":
        content = report_bytes(dossier, ending, texts=ENGLISH)
        targets, there = outside_targets(content), word_text(content)
    else:
        html = render_html(view_of(dossier), ENGLISH, "")
        targets, there = list(structure(html).addresses), html_text(html)
    assert [to for to in targets if not to.startswith("#") and not is_safe(to)] == []
    assert squeezed(text) in squeezed(there)
