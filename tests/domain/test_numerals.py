"""Numbers and dates as any keyboard writes them mean one thing, or nothing."""

from decimal import Decimal

import pytest

from capacity_app.domain.numerals import (
    AmbiguousError,
    date_in,
    number_in,
    plain,
    western,
    with_plain_digits,
    with_plain_signs,
    without_unseen,
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
    assert number_in(text) == Decimal(number)


@pytest.mark.parametrize("text", ["2018–11–29", "２０１８／１１／２９", "2018年11月29日", "٢٠١٨-١١-٢٩", "29。11。2018"])
def test_a_date_is_read_from_any_keyboard(text: str) -> None:
    assert date_in(text) == "2018-11-29"


@pytest.mark.parametrize("text", ["1,234", "1。234", "١٬٢٣٤ 5", "１，２３４"])
def test_what_may_be_two_numbers_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        number_in(text)


def test_a_day_that_may_be_a_month_is_ambiguous() -> None:
    with pytest.raises(AmbiguousError):
        date_in("1–2–2018")


def test_mixed_scripts_are_refused_but_can_be_written_in_ours() -> None:
    with pytest.raises(ValueError, match="1٢"):
        western("1٢")
    assert with_plain_digits("1٢ x") == "12 x"
    assert western("٢٥") == plain("٢٥") == "25"


def test_every_piece_leaves_other_letters_alone() -> None:
    text = "iv.policy: ½ Ⅳ ²"
    assert without_unseen(text) == with_plain_signs(text) == with_plain_digits(text) == text
