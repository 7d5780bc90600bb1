"""Numbers and dates as any keyboard writes them mean one thing, or nothing."""

from decimal import Decimal

import pytest

from capacity_app.domain.numbers_and_dates import (
    AmbiguousValueError,
    normalize_digits,
    normalize_figures,
    normalize_signs,
    read_date,
    read_number,
    strip_invisible,
    to_western_digits,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("12,5", "12.5"),
        ("١٢٫٥", "12.5"),
        ("４７１。５", "471.5"),
        ("４７１．５", "471.5"),
        ("–5", "-5"),
        ("−5", "-5"),
        ("－５", "-5"),
        ("1 234 567", "1234567"),
        ("1٬234٬567", "1234567"),
        ("1’234’567", "1234567"),
        ("\u200f٥٠\u200f", "50"),
    ],
)
def test_a_number_is_read_from_any_keyboard(text: str, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["2018–11–29", "２０１８／１１／２９", "2018年11月29日", "٢٠١٨-١١-٢٩", "29。11。2018"])
def test_a_date_is_read_from_any_keyboard(text: str) -> None:
    assert read_date(text) == "2018-11-29"


@pytest.mark.parametrize("text", ["1,234", "1。234", "١٬٢٣٤ 5", "１，２３４"])
def test_what_may_be_two_numbers_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_number(text)


def test_a_day_that_may_be_a_month_is_ambiguous() -> None:
    with pytest.raises(AmbiguousValueError):
        read_date("1–2–2018")


def test_mixed_scripts_are_refused_but_can_be_written_in_ours() -> None:
    with pytest.raises(ValueError, match="1٢"):
        to_western_digits("1٢")
    assert normalize_digits("1٢ x") == "12 x"
    assert to_western_digits("٢٥") == normalize_figures("٢٥") == "25"


def test_every_piece_leaves_other_letters_alone() -> None:
    text = "iv.policy: ½ Ⅳ ²"
    assert strip_invisible(text) == normalize_signs(text) == normalize_digits(text) == text
