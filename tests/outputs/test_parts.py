"""Parts of the report: what is left out is gone, what stays is whole, and nothing refers to what is gone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.derived_results import appraise
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import ReportContent, report_content
from capacity_app.outputs.content.report_parts import ALL_PARTS, PART_GROUPS, PART_LABELS, ReportPart, parse_parts
from capacity_app.outputs.html_pages import render_html
from tests.outputs.returned import with_returned

ENGLISH = Translator("en")
APPRAISAL = appraise(with_returned())
WHOLE = report_content(APPRAISAL, Formatter(ENGLISH, APPRAISAL.dossier))


def view_of(parts: frozenset[ReportPart]) -> ReportContent:
    return report_content(APPRAISAL, Formatter(ENGLISH, APPRAISAL.dossier), parts)


def test_all_parts_are_the_whole_report() -> None:
    assert view_of(ALL_PARTS) == WHOLE
    assert {chapter.part for chapter in WHOLE.chapters} == ALL_PARTS - {
        ReportPart.COVER,
        ReportPart.SUMMARY,
        ReportPart.SUPPLEMENTS,
    }


@given(st.frozensets(st.sampled_from(ReportPart)))
def test_a_report_has_the_wanted_parts_in_printed_order_and_the_same_content_hash(parts: frozenset[ReportPart]) -> None:
    view = view_of(parts)
    assert [chapter.anchor for chapter in view.chapters] == [c.anchor for c in WHOLE.chapters if c.part in parts]
    assert [chapter.body for chapter in view.chapters] == [c.body for c in WHOLE.chapters if c.part in parts]
    assert (view.cover is not None, view.summary is not None) == (
        ReportPart.COVER in parts,
        ReportPart.SUMMARY in parts,
    )
    assert view.footer == WHOLE.footer
    annexes = [chapter.number for chapter in view.chapters if chapter.number.startswith("Annex")]
    assert annexes == [f"Annex {number}" for number in range(1, len(annexes) + 1)]


@given(st.frozensets(st.sampled_from(ReportPart)))
def test_every_link_of_any_choice_leads_somewhere(parts: frozenset[ReportPart]) -> None:
    plain = re.sub(r"<svg.*?</svg>", "", render_html(view_of(parts), ENGLISH, ""), flags=re.DOTALL)
    assert set(re.findall(r'href="#([^"]+)"', plain)) <= set(re.findall(r' id="([^"]+)"', plain))


@pytest.mark.parametrize(
    ("parts", "lists"),
    [({ReportPart.GAPS}, 0), ({ReportPart.COVER, ReportPart.SUMMARY}, 0), ({ReportPart.SUMMARY, ReportPart.GAPS}, 1)],
)
def test_contents_are_listed_where_there_is_something_to_list(parts: set[ReportPart], lists: int) -> None:
    assert render_html(view_of(frozenset(parts)), ENGLISH, "").count('<h1 id="contents">') == lists


def test_every_part_has_a_name_and_stands_in_one_group() -> None:
    assert set(PART_LABELS) == ALL_PARTS
    assert [part for _title, parts in PART_GROUPS for part in parts] == list(ReportPart)


def test_parts_are_named_and_all_of_them_if_none_is() -> None:
    assert parse_parts(["gaps", "plan"]) == {ReportPart.GAPS, ReportPart.PLAN}
    assert parse_parts([]) == ALL_PARTS
    with pytest.raises(KnownError, match=r"no part “gap”.*gaps, plan"):
        parse_parts(["gap"])
