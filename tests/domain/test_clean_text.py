"""Typed text is cleaned the same way whether it has anything to take out or not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import clean_text

ANY = st.text(st.characters(exclude_categories=()), max_size=30)


def by_definition(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = [c for c in lines if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}]
    kept = [c for c in kept if c not in "\u202d\u202e"]
    return unicodedata.normalize("NFC", "".join(c for c in kept if ord(c) & 0xFFFE != 0xFFFE))


@given(ANY)
def test_the_quick_way_gives_what_the_definition_gives(text: str) -> None:
    assert clean_text(text) == by_definition(text)


@given(ANY)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        ("e\u0301", "é"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("a\x00b\x07\ud800", "ab"),
        ("\ufffe\U0001ffffx", "x"),
        ("\u200fمرحبا\u200d", "\u200fمرحبا\u200d"),
        ("移民", "移民"),
        ("report\u202efdp.exe\u202c", "reportfdp.exe\u202c"),
    ],
)
def test_what_stays_and_what_goes(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned
