"""Finding words in texts: folding, where the matches are, what is cut out around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.search import PassageKind, SearchPassage, SearchPassages, search_passages
from capacity_app.domain.text_search import contains_words, fold_text, make_snippet, matching_spans, search_words

TEXTS = st.text(alphabet=st.sampled_from("aAbBéÉßİıﬁ ñ移ع\u0301\n"), max_size=60)


def marked(text: str, typed: str) -> str:
    """Write a text with what was found in brackets."""
    spans = matching_spans(text, search_words(typed))
    for start, end in reversed(spans):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Ministère de l’Intérieur", "INTERIEUR", "Ministère de l’[Intérieur]"),
        ("Straße", "STRASSE", "[Straße]"),
        ("ﬁnance", "fin", "[ﬁn]ance"),
        ("census census", "census", "[census] [census]"),
        ("abab", "aba bab", "[abab]"),
        ("移民存量", "存量", "移民[存量]"),
        ("e\u0301tude", "etude", "[e\u0301tude]"),
        ("nothing", "xyz", "nothing"),
    ],
)
def test_matches_are_marked_in_the_text_as_it_is_written(text: str, typed: str, found: str) -> None:
    assert marked(text, typed) == found


def test_a_snippet_shows_the_match_with_what_stands_around_it() -> None:
    text = f"{'before ' * 20}needle{' after' * 40}"
    cut = make_snippet(text, search_words("NEEDLE"), 14)
    assert cut.text.startswith("…before needle after")
    assert cut.text.endswith("after…")
    assert [cut.text[start:end] for start, end in cut.spans] == ["needle"]


def test_every_word_must_stand_in_the_same_passage() -> None:
    address = Address("q")
    places = [
        SearchPassages(
            (
                SearchPassage(address, PassageKind.NOTE, "census of 2014"),
                SearchPassage(address, PassageKind.REASON, "no register"),
            )
        )
    ]
    assert [found.text for found in search_passages(places, search_words("2014 CENSUS"))] == ["census of 2014"]
    assert list(search_passages(places, search_words("census register"))) == []
    assert list(search_passages(places, ())) == []


@given(TEXTS, TEXTS)
def test_what_is_found_is_what_is_marked(text: str, typed: str) -> None:
    words = search_words(typed)
    if words and contains_words(fold_text(text), words):
        spans = matching_spans(text, words)
        assert spans == tuple(sorted(spans))
        assert all(end > start for start, end in spans)
        shown = " ".join(fold_text(text[start:end]) for start, end in spans)
        assert all(word in shown for word in words)


@given(TEXTS, TEXTS)
def test_a_snippet_never_marks_beyond_itself(text: str, typed: str) -> None:
    cut = make_snippet(text, search_words(typed), 5)
    assert all(0 <= start < end <= len(cut.text) for start, end in cut.spans)


@given(TEXTS)
def test_folding_letter_by_letter_is_folding_the_whole(text: str) -> None:
    assert "".join(fold_text(letter) for letter in text) == fold_text(text)
