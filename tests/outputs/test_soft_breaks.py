"""Words without end get places to break at, of which nothing can be seen or read; everything else stays as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from capacity_app.i18n import translator
from capacity_app.outputs.pdf.fonts import add_soft_breaks

BREAK = "\u200b"
TEXT = st.text(st.sampled_from("ab \n\u00a0移ก\u0301\u200d\u2060אا😀-/"), max_size=400) | st.text(max_size=400)


def broken(text: str) -> str:
    made = add_soft_breaks(text)
    assert isinstance(made, str)
    return made


@given(TEXT)
def test_nothing_is_added_but_breaks(text: str) -> None:
    assert broken(text).replace(BREAK, "") == text.replace(BREAK, "")


@given(st.text(st.sampled_from("aä-\u0301\u200d\u2060\u00a0"), min_size=101, max_size=2000))
def test_no_piece_of_a_word_without_end_is_long(word: str) -> None:
    assert max(map(len, broken(word).split(BREAK))) <= 60


@pytest.mark.parametrize("text", ["word " * 1000, "移" * 1000, "ก" * 1000, "a" * 100, "", "line\n" * 500])
def test_texts_that_break_by_themselves_stay(text: str) -> None:
    assert broken(text) == text


def test_a_letter_keeps_its_marks_and_joined_letters_stay_together() -> None:
    pieces = broken("e\u0301" * 100 + "x\u2060y" * 100).split(BREAK)
    assert len(pieces) > 30
    assert not any(piece.startswith(("\u0301", "\u2060")) or piece.endswith("\u2060") for piece in pieces)


def test_thai_is_broken_between_words_where_the_system_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert broken("การย้ายถิ่นระหว่างประเทศ") == "การย้ายถิ่นระหว่างประเทศ"
    monkeypatch.setattr(translator, "SYSTEM_KNOWS_THAI", False)
    assert broken("III.1 เงินส่งกลับ ปี ๒๕๖๑ (SDG)").split(BREAK) == ["III.1 เงิน", "ส่ง", "กลับ ปี ๒๕๖๑ (SDG)"]
    assert broken("Labour force survey") == "Labour force survey"


def test_only_typed_text_is_broken() -> None:
    markup = Markup("<p>" + "x" * 500)  # noqa: S704 - our own
    assert add_soft_breaks(markup) is markup
    assert add_soft_breaks(12) == 12
