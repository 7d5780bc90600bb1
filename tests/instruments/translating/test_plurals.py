"""The forms of a language in words."""

import pytest

from capacity_app.instruments.translating.plurals import forms, known_locale


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["for 1", "for 0, 2 and more"]),
        ("ka", ["for 0 and more"]),
        ("fr", ["for 0 to 1", "for 2 and more"]),
    ],
)
def test_each_form_says_for_which_numbers_it_is(language: str, said: list[str]) -> None:
    assert [form.said(str) for form in forms(language)] == said


def test_forms_that_come_back_are_named_by_their_first_numbers() -> None:
    one, few, *_rest = forms("ru")
    assert one.said(str) == "for 1, 21, 31 …"
    assert few.said(str) == "for 2 to 4, 22 to 24, 32 to 34 …"
    assert not one.is_for_one
    assert forms("ar")[2].said(str) == "for 2"
    assert forms("ar")[2].is_for_one


def test_a_language_nobody_knows_has_no_conventions() -> None:
    for language in ("", "xx-nowhere", "../../etc", "tlh"):
        assert known_locale(language) is None
    assert str(known_locale("zh-Hant")) == "zh_Hant"
