"""Finding words in texts: folding, and what is cut out around the first match."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.questionnaire.search import (
    SearchPassage,
    SearchPassages,
    contains_words,
    fold_text,
    make_snippet,
    search_passages,
    search_words,
)

TEXTS = st.text(alphabet=st.sampled_from("aAbBéÉßİıﬁ ñ移ع\u0301\n"), max_size=60)


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Ministère de l’Intérieur", "INTERIEUR", "Intérieur"),
        ("Straße", "STRASSE", "Straße"),
        ("a ﬁnance", "fin", "ﬁnance"),
        ("a census census", "census", "census census"),
        ("移民存量", "存量", "存量"),
        ("an e\u0301tude", "etude", "e\u0301tude"),
        ("nothing", "xyz", "nothing"),
    ],
)
def test_a_snippet_begins_where_the_first_match_does(text: str, typed: str, found: str) -> None:
    assert make_snippet(text, search_words(typed), 0).removeprefix("…") == found


def test_a_snippet_shows_the_match_with_what_stands_around_it() -> None:
    text = f"{'before ' * 20}needle{' after' * 40}"
    cut = make_snippet(text, search_words("NEEDLE"), 14)
    assert cut.startswith("…before needle after")
    assert cut.endswith("after…")


def test_every_word_must_stand_in_the_same_passage() -> None:
    address = Address("q")
    places = [
        SearchPassages(
            (
                SearchPassage(address, "census of 2014"),
                SearchPassage(address, "no register"),
            )
        )
    ]
    assert [found.text for found in search_passages(places, search_words("2014 CENSUS"))] == ["census of 2014"]
    assert list(search_passages(places, search_words("census register"))) == []
    assert list(search_passages(places, ())) == []


@given(TEXTS, TEXTS)
def test_a_snippet_holds_a_word_that_is_found(text: str, typed: str) -> None:
    words = search_words(typed)
    flat = " ".join(text.split())
    if words and contains_words(fold_text(flat), words):
        assert any(word in fold_text(make_snippet(text, words, 5)) for word in words)


@given(TEXTS)
def test_folding_letter_by_letter_is_folding_the_whole(text: str) -> None:
    assert "".join(fold_text(letter) for letter in text) == fold_text(text)
