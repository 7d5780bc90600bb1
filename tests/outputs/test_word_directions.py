"""Right-to-left and two languages in the Word file: every paragraph, table and run says its own direction."""

import dataclasses
import re
from typing import Any

import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.outputs.word.document import render_word
from capacity_app.outputs.word.markup import RunWriter, split_directions, word_fonts, word_language
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.chapters import view_of
from tests.outputs.example import report_dossier
from tests.outputs.reading import missing
from tests.outputs.word_reading import word_parts, word_text
from tests.outputs.word_tree import W, paragraphs, text_of, tree

ARABIC_LETTER = re.compile("[\u0620-\u064a]")


def word_in(dossier: Dossier, first: str, second: str = "") -> bytes:
    return render_word(view_of(dossier, Translator(first), second=second), Translator(first))


@pytest.fixture(scope="module")
def arabic() -> bytes:
    return word_in(demonstration()[0], "ar")


@pytest.fixture(scope="module")
def both() -> bytes:
    return word_in(demonstration()[0], "en", "ar")


def _is_leftwards(paragraph: Any) -> bool:
    return paragraph.find(f"{W}pPr/{W}bidi") is not None


def _runs_with(paragraph: Any, letters: re.Pattern[str]) -> list[Any]:
    return [run for run in paragraph.iter(f"{W}r") if letters.search(text_of(run))]


@pytest.mark.check
def test_an_arabic_report_runs_from_right_to_left(arabic: bytes) -> None:
    document = tree(arabic)
    assert all(_is_leftwards(one) for one in paragraphs(arabic))
    assert all(one.find(f"{W}tblPr/{W}bidiVisual") is not None for one in document.iter(f"{W}tbl"))
    for section in document.iter(f"{W}sectPr"):
        assert section.find(f"{W}bidi") is not None
        assert section.find(f"{W}rtlGutter") is not None
    for name in word_parts(arabic):
        if re.match(r"word/(header|footer)", name):
            assert all(_is_leftwards(one) for one in tree(arabic, name).iter(f"{W}p"))


def test_arabic_and_latin_stand_in_runs_of_their_own(arabic: bytes) -> None:
    for run in tree(arabic).iter(f"{W}r"):
        text = text_of(run)
        is_marked = run.find(f"{W}rPr/{W}rtl") is not None
        if ARABIC_LETTER.search(text):
            assert is_marked
            assert not re.search("[A-Za-z]", text)
        elif re.search("[A-Za-z]", text):
            assert not is_marked


def test_everything_typed_is_in_an_arabic_report() -> None:
    dossier = report_dossier()
    assert missing(dossier, word_text(word_in(dossier, "ar")).replace("\u200e", ""), Translator("ar")) == []


@pytest.mark.check
def test_the_second_language_stands_in_its_own_direction_and_says_so(both: bytes) -> None:
    found = [one for one in paragraphs(both) if _is_leftwards(one)]
    assert len(found) > 300
    for paragraph in found:
        for run in _runs_with(paragraph, ARABIC_LETTER):
            assert run.find(f"{W}rPr/{W}lang").get(f"{W}bidi") == "ar-EG"
    assert all(one.find(f"{W}tblPr/{W}bidiVisual") is None for one in tree(both).iter(f"{W}tbl"))


def test_the_document_knows_its_languages(arabic: bytes, both: bytes) -> None:
    for content, expected in ((arabic, ("en-GB", "ar-EG")), (both, ("en-GB", "ar-SA"))):
        language = tree(content, "word/styles.xml").find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        assert (language.get(f"{W}val"), language.get(f"{W}bidi")) == expected


def test_a_made_up_language_shows_that_every_sentence_can_be_translated() -> None:
    texts = Translator(PSEUDO)
    view = view_of(texts=texts)
    bare = dataclasses.replace(view, chapters=())
    plain = [text_of(one) for one in paragraphs(render_word(bare, texts))]
    assert any(text.startswith("⟦") for text in plain)
    whole = render_word(view, texts)
    for sentence in ("Remarks", "Contents", "Questions and answers", "Findings", "Table 1"):
        assert sentence not in [text_of(one) for one in paragraphs(whole)]


@pytest.mark.parametrize(
    ("text", "is_leftwards", "expected"),
    [
        ("NSO", True, [("NSO", False)]),
        ("قال NSO أمس", True, [("قال ", True), ("NSO", False), (" أمس", True)]),
        ("قال (NSO) أمس", True, [("قال (", True), ("NSO", False), (") أمس", True)]),
        ("عام 2018 و 12.5%", True, [("عام 2018 و 12.5%", True)]),
        ("The word عام 2018 في is", False, [("The word ", False), ("عام 2018 في", True), (" is", False)]),
        ("في 2018-11-26 قال", True, [("في ", True), ("2018-11-26", False), (" قال", True)]),
    ],
)
def test_text_is_cut_where_its_direction_changes(
    text: str,
    is_leftwards: bool,  # noqa: FBT001 - one more value of the case
    expected: list[tuple[str, bool]],
) -> None:
    assert [(one.text, one.is_leftwards) for one in split_directions(text, is_leftwards=is_leftwards)] == expected


def test_a_range_keeps_its_order_from_left_to_right() -> None:
    written = str(RunWriter(is_leftwards=True).runs("\u206661 – 65\u2069"))
    assert "\u200e61 – 65\u200e" in written
    assert "<w:rtl/>" not in written
    assert str(RunWriter(is_leftwards=False).runs("61 – 65")).count("<w:r>") == 1


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "en-GB"), ("fr", "fr-FR"), ("ar", "ar-EG"), ("zh-Hant", "zh-TW"), ("pt-BR", "pt-BR"), (PSEUDO, "en-GB")],
)
def test_languages_have_the_countries_word_wants(language: str, expected: str) -> None:
    assert word_language(language) == expected


def test_every_script_has_a_font_that_every_word_has() -> None:
    assert word_fonts("zh", "", is_leftwards=False).east_asian_font == "Microsoft YaHei"
    assert word_fonts("ja", "", is_leftwards=False).east_asian_font == "Yu Gothic"
    assert word_fonts("ar", "en", is_leftwards=True).leftwards_font == "Arial"
    assert word_fonts("ar", "fr", is_leftwards=True).language == "fr-FR"


def test_foreign_words_in_a_thai_report_are_not_marked_as_thai() -> None:
    """Such as a typed English title, which would be broken anywhere, as lines of Thai are."""
    face = word_fonts("th", "", is_leftwards=False)
    assert (face.language, face.leftwards) == ("en-GB", "th-TH")
