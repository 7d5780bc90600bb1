"""The report for the screen: one file, nothing outside it, nothing typed becomes markup."""

import re
from functools import cache

import pytest
from jinja2 import UndefinedError

from capacity_app import __version__
from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.identity import IDENTITY_KEYS, property_name
from capacity_app.outputs.content.report import ReportContent, report_content
from capacity_app.outputs.html_pages import join_style_sheets, render_html, render_web_page, template_environment
from capacity_app.outputs.pdf.rendering import html_for_paper
from tests.builders import small_dossier
from tests.outputs.example import HOSTILE, report_dossier
from tests.outputs.reading import html_text

ENGLISH = Translator("en")


@cache
def page() -> str:
    return render_web_page(view_of(report_dossier()), ENGLISH)


def view_of(dossier: Dossier) -> ReportContent:
    return report_content(appraise(dossier), Formatter(ENGLISH, dossier))


def test_the_file_needs_no_other() -> None:
    html = page()
    assert re.findall(r"<(?:link|script|img|iframe|object|embed|base|form)\b", html) == []
    assert set(re.findall(r'url\("?([a-z]+:)', html)) == {"data:"}
    assert set(re.findall(r'(?:xlink:)?href="(.)', html)) == {"#"}
    assert html.count("@font-face") == 5


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
    css = join_style_sheets("report.css", "print.css", "screen.css")
    assert "var(" not in css
    assert "#0f5873" in css


def test_charts_have_words_for_those_who_cannot_see_them() -> None:
    html = render_html(view_of(report_dossier()), ENGLISH, "")
    assert html.count("<svg") == html.count('role="img" aria-label="') >= 1 + 2 + 2
    assert 'aria-label="b: 39.7 of 100, interval 33.1 – 46.4"' in html
    assert "Of high relevance and poorly served: A." in html
