"""The report for the screen: one file, nothing outside it, nothing typed becomes markup."""

import re
from collections.abc import Callable
from functools import cache

import pytest
from jinja2 import UndefinedError

from capacity_app import __version__, report_colours
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band
from capacity_app.outputs.content.identity import IDENTITY_KEYS, property_name
from capacity_app.outputs.html_pages import (
    join_style_sheets,
    render_html,
    render_web_page,
    screen_style_sheet,
    template_environment,
)
from capacity_app.outputs.pdf.rendering import html_for_paper
from tests.builders import small_dossier
from tests.i18n.test_words import contrast
from tests.outputs.chapters import ENGLISH, view_of
from tests.outputs.example import HOSTILE, report_dossier
from tests.outputs.reading import html_text


@cache
def page() -> str:
    return render_web_page(view_of(report_dossier()), ENGLISH)


@pytest.mark.check
def test_the_file_needs_no_other() -> None:
    html = page()
    assert re.findall(r"<(?:link|script|img|iframe|object|embed|base|form)\b", html) == []
    assert set(re.findall(r'url\("?([a-z]+:)', html)) == {"data:"}
    assert set(re.findall(r'(?:xlink:)?href="(.)', html)) == {"#"}
    assert html.count("@font-face") == 5


@pytest.mark.check
def test_the_same_dossier_gives_the_same_file() -> None:
    assert render_web_page(view_of(report_dossier()), ENGLISH) == page()


def test_the_head_says_whose_report_it_is() -> None:
    view = view_of(report_dossier())
    html = render_html(view, ENGLISH, "")
    said = dict(re.findall(r'<meta name="(capacity-app:[a-z_]+)" content="([^"]*)">', html))
    known = {property_name(mark): getattr(view.identity, mark) for mark in IDENTITY_KEYS}
    assert said == {name: value for name, value in known.items() if value}
    assert len(said["capacity-app:content_hash"]) == 64
    assert f'<meta name="generator" content="capacity-app {__version__}">' in html


@pytest.mark.check
def test_the_screen_keeps_letters_that_paper_prints_as_numbers() -> None:
    view = view_of(small_dossier(mission=Mission(country_name="Examplia 😀", round="2018")))
    assert "Examplia 😀" in render_web_page(view, ENGLISH)
    assert "Examplia ‹U+1F600›" in html_for_paper(view, ENGLISH).translate({0x2066: None, 0x2069: None})
    assert "<title>Examplia 😀" in html_for_paper(view, ENGLISH)


def test_what_is_typed_stays_text() -> None:
    html = render_html(view_of(report_dossier()), ENGLISH, "")
    assert "<script" not in html
    assert "{{ 7 * 7 }}" in html
    assert " ".join(HOSTILE.split()) in " ".join(html_text(html).split())


def test_every_link_leads_to_a_place_in_the_file() -> None:
    html = render_html(view_of(report_dossier()), ENGLISH, "")
    # Matplotlib's own references inside a chart are not ours.
    plain = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
    anchors = re.findall(r' id="([^"]+)"', plain)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', plain)) <= set(anchors)


def test_a_template_cannot_name_what_the_view_does_not_have() -> None:
    template = template_environment(ENGLISH).from_string("{{ view.nothing_like_this }}")
    with pytest.raises(UndefinedError):
        template.render(view=view_of(small_dossier()))


def test_style_sheets_name_only_colours_of_the_palette() -> None:
    css = join_style_sheets("report.css", "annexes.css", "print.css", "screen.css")
    assert "var(" not in css
    assert "#0f5873" in css
    known = {*report_colours.DARK, "#fff"}
    assert {one.lower() for one in re.findall(r"#[0-9a-fA-F]{3,6}\b", css)} <= known


def test_a_dark_screen_has_every_colour_of_the_page_and_of_its_charts() -> None:
    light, _, dark = screen_style_sheet().partition("@media screen and (prefers-color-scheme:dark)")
    dark = dark.partition("\n")[0]
    names = re.findall(r"--([a-z_-]+):", light)
    assert re.findall(r"--([a-z_-]+):", dark) == names
    drawn = set(re.findall(r'fill="(#[0-9a-f]{6})"', page()))
    assert drawn
    assert all(f'svg [fill="{colour}"]' in dark for colour in drawn)


LETTERS = (
    report_colours.INK,
    report_colours.MUTED,
    report_colours.ACCENT,
    report_colours.CAUTION,
    *report_colours.BAND_COLOURS.values(),
    *report_colours.SEVERITY_COLOURS.values(),
)
PRINTED_ON = (
    *((letters, ground) for letters in LETTERS for ground in (report_colours.PAPER, report_colours.TINT)),
    *(
        (report_colours.INK, ground)
        for ground in (*report_colours.BAND_HEATS.values(), *report_colours.SEVERITY_TINTS.values())
    ),
    *((report_colours.SEVERITY_COLOURS[grade], report_colours.SEVERITY_TINTS[grade]) for grade in GapSeverity),
    (report_colours.CAUTION, report_colours.CAUTION_TINT),
    (report_colours.ACCENT, report_colours.ACCENT_TINT),
    (report_colours.PAPER, report_colours.ACCENT),
    (report_colours.PAPER, report_colours.BAND_COLOURS[Band.ESTABLISHED]),
)


@pytest.mark.parametrize("colour_of", [str, report_colours.DARK.__getitem__], ids=["light", "dark"])
def test_letters_stand_out_from_what_they_are_printed_on(colour_of: Callable[[str], str]) -> None:
    weak = [(one, ground) for one, ground in PRINTED_ON if contrast(colour_of(one), colour_of(ground)) < 4.5]
    assert weak == []
    assert contrast("#ffffff", report_colours.COVER_DARK) >= 4.5


def test_the_page_has_landmarks_and_no_style_outside_its_style_sheet() -> None:
    html = page().partition("</style>")[2]
    assert re.findall(r"\bstyle=", html) == []
    assert [html.count(f"<{one}") for one in ("header", "nav", "main", "footer")] == [1, 1, 1, 1]
    assert re.findall(r"<th[^>]*>\s*</th>", html) == []
    widths = set(re.findall(r'<col class="(w[0-9]+)">', html))
    assert widths
    assert all(f".{width}{{width:" in page() for width in widths)


def test_charts_have_words_for_those_who_cannot_see_them() -> None:
    html = render_html(view_of(report_dossier()), ENGLISH, "")
    assert html.count("<svg") == html.count('role="img" aria-label="') >= 1 + 2 + 2
    assert 'aria-label="b: 39.7 of 100"' in html
    assert "Of high relevance and poorly served: A." in html
