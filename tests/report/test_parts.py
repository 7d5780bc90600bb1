"""Parts of the report: what is left out is gone, what stays is whole, and nothing refers to what is gone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.appraisal import appraise
from capacity_app.domain.problems import KnownError
from capacity_app.report.html import render
from capacity_app.report.view.parts import ALL, PART_GROUPS, PART_WORDS, Part, parts_named
from capacity_app.report.view.report import ReportView, report_view
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.report.returned import with_returned

ENGLISH = Texts("en")
APPRAISAL = appraise(with_returned())
WHOLE = report_view(APPRAISAL, Wording(ENGLISH, APPRAISAL.dossier))


def view_of(parts: frozenset[Part]) -> ReportView:
    return report_view(APPRAISAL, Wording(ENGLISH, APPRAISAL.dossier), parts)


def test_all_parts_are_the_whole_report() -> None:
    assert view_of(ALL) == WHOLE
    assert {chapter.part for chapter in WHOLE.chapters} == ALL - {Part.COVER, Part.SUMMARY, Part.SUPPLEMENTS}


@given(st.frozensets(st.sampled_from(Part)))
def test_a_report_has_the_wanted_parts_in_printed_order_and_the_same_content_hash(parts: frozenset[Part]) -> None:
    view = view_of(parts)
    assert [chapter.anchor for chapter in view.chapters] == [c.anchor for c in WHOLE.chapters if c.part in parts]
    assert [chapter.body for chapter in view.chapters] == [c.body for c in WHOLE.chapters if c.part in parts]
    assert (view.cover is not None, view.summary is not None) == (Part.COVER in parts, Part.SUMMARY in parts)
    assert view.footer == WHOLE.footer
    annexes = [chapter.number for chapter in view.chapters if chapter.number.startswith("Annex")]
    assert annexes == [f"Annex {number}" for number in range(1, len(annexes) + 1)]


@given(st.frozensets(st.sampled_from(Part)))
def test_every_link_of_any_choice_leads_somewhere(parts: frozenset[Part]) -> None:
    plain = re.sub(r"<svg.*?</svg>", "", render(view_of(parts), ENGLISH, ""), flags=re.DOTALL)
    assert set(re.findall(r'href="#([^"]+)"', plain)) <= set(re.findall(r' id="([^"]+)"', plain))


@pytest.mark.parametrize(
    ("parts", "lists"),
    [({Part.GAPS}, 0), ({Part.COVER, Part.SUMMARY}, 0), ({Part.SUMMARY, Part.GAPS}, 1)],
)
def test_contents_are_listed_where_there_is_something_to_list(parts: set[Part], lists: int) -> None:
    assert render(view_of(frozenset(parts)), ENGLISH, "").count('<h1 id="contents">') == lists


def test_every_part_has_a_name_and_stands_in_one_group() -> None:
    assert set(PART_WORDS) == ALL
    assert [part for _title, parts in PART_GROUPS for part in parts] == list(Part)


def test_parts_are_named_and_all_of_them_if_none_is() -> None:
    assert parts_named(["gaps", "plan"]) == {Part.GAPS, Part.PLAN}
    assert parts_named([]) == ALL
    with pytest.raises(KnownError, match=r"no part “gap”.*gaps, plan"):
        parts_named(["gap"])
