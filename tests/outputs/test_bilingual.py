"""Two languages: questions and chosen answers in both, the second in its own direction, a missing one printed once."""

import re
from dataclasses import replace

import pytest

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.catalogues import question_languages
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.report import ReportContent
from capacity_app.outputs.html_pages import render_html, render_web_page
from capacity_app.services.reports import second_language
from tests.builders import small_dossier, small_instrument
from tests.outputs import chapters
from tests.outputs.chapters import ENGLISH
from tests.outputs.reading import html_text

ARABIC = {
    "i|title": ("i", "الجزء الأول"),
    "i.law|text": ("i.law", "هل يوجد قانون؟"),
    "i.law|anchor 3": ("all", "كلها"),
    "i.contents|option stocks": ("stocks", "الأرصدة"),
    "iii.topics|row a label": ("Stock of migrants", "رصيد المهاجرين"),
    "iii.topics|column available label": ("Available", "متاح"),
}


@pytest.fixture(autouse=True)
def arabic() -> None:
    """Put an Arabic wording of a few sentences beside the small instrument."""
    folder = paths.user_instruments_folder() / "small"
    folder.mkdir(parents=True)
    entries = (f'msgctxt "small|{key}"\nmsgid "{text}"\nmsgstr "{said}"\n' for key, (text, said) in ARABIC.items())
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    (folder / "ar.po").write_text("\n".join((head, *entries)), encoding="utf-8")


def view_of(first: str = "en", second: str = "ar") -> ReportContent:
    return chapters.view_of(small_dossier(), Translator(first), second=second)


def without_notes(view: ReportContent) -> ReportContent:
    """Leave out the notes on translation, which name the second language."""
    return replace(view, chapters=tuple(one for one in view.chapters if one.anchor != "translation"))


def seconds(html: str) -> list[str]:
    return re.findall(r'class="second[^"]*" lang="ar" dir="rtl">([^<]*)<', html)


def test_questions_titles_rows_and_answers_stand_in_both_languages() -> None:
    html = render_html(view_of(), ENGLISH, "")
    assert {said for _text, said in ARABIC.values()} - set(seconds(html)) == {"الأرصدة", "متاح"}
    assert any("الأرصدة" in one for one in seconds(html))
    assert 'lang="en" dir="ltr"' in html


def test_the_second_stands_below_the_first() -> None:
    text = html_text(render_html(view_of(), ENGLISH, ""))
    annex = text[text.rindex("All questions and answers") :]
    assert annex.index("i.law") < annex.index("هل يوجد قانون؟")


def test_what_is_not_translated_stands_there_once() -> None:
    html = render_html(view_of(), ENGLISH, "")
    assert "i.plan" not in seconds(html)
    alone = html_text(render_html(view_of("en", "en"), ENGLISH, ""))
    assert html_text(html).count("i.plan") == alone.count("i.plan")


def test_a_question_without_a_second_wording_takes_the_whole_width() -> None:
    html = render_html(view_of(), ENGLISH, "")
    plan = html[html.index('id="q-i_2e_plan"') :]
    assert plan.index("<h3>") < plan.index("<table")


def test_with_arabic_first_the_missing_is_not_repeated_and_english_follows() -> None:
    html = render_html(view_of("ar", "en"), Translator("ar"), "")
    following = re.findall(r'class="second[^"]*" lang="en" dir="ltr">([^<]*)<', html)
    assert "i.law" in following
    assert "i.plan" not in following
    assert '<html lang="ar" dir="rtl">' in html


def test_a_second_language_changes_no_number_and_no_content_hash() -> None:
    dossier = small_dossier()
    alone, same = (
        replace(without_notes(view_of(second=name)), second_language="", second_direction="") for name in ("xx", "en")
    )
    assert alone == same
    cover = view_of().cover
    reviewed = tuple(fact for fact in cover.facts if fact.label != "Translation")
    assert replace(cover, facts=reviewed) == alone.cover
    assert dossier.content_hash[:4] in alone.footer.content_hash


@pytest.mark.check
def test_the_page_for_the_screen_brings_arabic_letters_where_there_are_some() -> None:
    assert "Noto Sans Arabic" in re.findall(
        r'@font-face ?{ ?font-family: ?"([^"]+)"', render_web_page(view_of(), ENGLISH)
    )


def test_only_languages_the_questions_are_worded_in_can_be_second() -> None:
    instrument = small_instrument()
    assert question_languages(instrument) == ("en", "ar")
    assert second_language("", "en", instrument) is None
    assert second_language("en", "en", instrument) is None
    assert second_language("ar", "en", instrument) == Translator("ar")
    with pytest.raises(KnownError, match=r"not worded in “zh”, only in: en, ar"):
        second_language("zh", "en", instrument)
