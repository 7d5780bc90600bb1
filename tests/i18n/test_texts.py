"""Numbers, dates and names in a language."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.numbers_and_dates import round_half_up
from capacity_app.i18n.countries import country_codes, country_names, m49_from_alpha3, usual_country_names
from capacity_app.i18n.translator import PSEUDO, Translator, isolate_ltr_lines


@given(st.fractions(min_value=0, max_value=1000), st.integers(0, 3))
def test_rounding_is_half_up_and_never_further_than_half_a_step(value: Fraction, digits: int) -> None:
    step = Fraction(1, 10**digits)
    error = Fraction(round_half_up(value, digits)) - value
    assert -step / 2 < error <= step / 2


def test_an_exact_tie_goes_up() -> None:
    assert round_half_up(Fraction(5, 2), 0) == Decimal(3)
    assert round_half_up(Fraction(1, 8), 2) == Decimal("0.13")


def test_numbers_and_dates_follow_the_language() -> None:
    assert Translator("en").number(Fraction(200, 3), 1) == "66.7"
    assert Translator("fr").number(Fraction(200, 3), 1) == "66,7"
    assert Translator("en").number(10**30) == "1" + ",000" * 10
    assert Translator("en").date("2018-11-29") == "29 November 2018"
    assert Translator("en").date("2018-11") == "November 2018"
    assert Translator("en").date("2018") == "2018"


@pytest.mark.parametrize("text", ["", "not a date", "2018-13-45", "1-2"])
def test_what_is_no_date_comes_back_as_it_is(text: str) -> None:
    assert Translator("en").date(text) == text


def test_countries_have_names_in_the_language_and_unknown_ones_keep_their_code() -> None:
    assert Translator("en").country("268") == "Georgia"
    assert Translator("es").country("604") == "Perú"
    assert Translator("en").country("999") == "999"
    assert m49_from_alpha3("GEO") == "268"
    assert m49_from_alpha3("XXA") == ""
    assert "268" in country_codes()


NAMES = {
    "PSE": ("State of Palestine", "État de Palestine", "巴勒斯坦国", "პალესტინის სახელმწიფო", "รัฐปาเลสไตน์"),
    "PRK": (
        "Democratic People’s Republic of Korea",
        "République populaire démocratique de Corée",
        "朝鲜民主主义人民共和国",
        "კორეის სახალხო დემოკრატიული რესპუბლიკა",
        "สาธารณรัฐประชาธิปไตยประชาชนเกาหลี",
    ),
    "VNM": ("Viet Nam", "Viet Nam", "越南", "ვიეტნამი", "เวียดนาม"),
    "TZA": ("United Republic of Tanzania", "République-Unie de Tanzanie", "坦桑尼亚联合共和国", "ტანზანია", "แทนซาเนีย"),
    "TUR": ("Türkiye", "Türkiye", "土耳其", "თურქეთი", "ตุรกี"),
    "CZE": ("Czechia", "Tchéquie", "捷克", "ჩეხეთი", "เช็ก"),
}


@pytest.mark.parametrize("code", NAMES)
def test_a_country_has_the_name_the_united_nations_use(code: str) -> None:
    m49 = m49_from_alpha3(code)
    assert tuple(Translator(one).country(m49) for one in ("en", "fr", "zh", "ka", "th")) == NAMES[code]


def test_the_falklands_have_both_names_in_every_language() -> None:
    m49 = m49_from_alpha3("FLK")
    assert Translator("en").country(m49) == "Falkland Islands (Malvinas)"
    assert all("(" in Translator(one).country(m49) for one in ("fr", "es", "ru", "ar", "ka", "th"))


def test_every_country_has_a_name_in_the_six_languages_and_no_name_is_that_of_two() -> None:
    assert all(set(country_names(m49)) >= {"en", "fr", "es", "ru", "ar", "zh"} for m49 in country_codes())
    usual = [name for m49 in country_codes() for name in usual_country_names(m49)]
    assert len(usual) == len(set(usual))


def test_a_usual_name_gives_way_to_the_official_one_and_an_own_name_stays() -> None:
    m49 = m49_from_alpha3("VNM")
    assert Translator("en").country_as_typed(m49, "Vietnam") == "Viet Nam"
    assert Translator("ar").country_as_typed(m49, "Viet Nam") == "فييت نام"
    assert Translator("en").country_as_typed(m49, "Our country") == "Our country"
    assert Translator("en").country_as_typed("", "Velmora") == "Velmora"


def test_an_unknown_language_falls_back_to_english() -> None:
    assert Translator("xx").number(1) == "1"
    assert Translator("not a language").gettext("Saved") == "Saved"


def test_arabic_is_written_from_right_to_left() -> None:
    assert Translator("ar").right_to_left
    assert not Translator("en").right_to_left


def test_the_pseudo_language_is_longer_and_keeps_placeholders() -> None:
    shown = Translator(PSEUDO).gettext("Saved {time}")
    assert len(shown) > len("Saved {time}") * 1.3
    assert shown.format(time="14:03")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Which ones?", "\u2066Which ones?\u2069"),
        ("61.4 – 65.1", "\u206661.4 – 65.1\u2069"),
        ("", ""),
        ("أي منها؟", "أي منها؟"),
        ("UNHCR تعمل هنا.", "UNHCR تعمل هنا."),
        ("١٠ – ٢٠", "١٠ – ٢٠"),
        ("A?\n\nب؟", "\u2066A?\u2069\n\nب؟"),
    ],
)
def test_only_lines_without_a_letter_written_leftwards_are_held_in_their_order(text: str, shown: str) -> None:
    assert isolate_ltr_lines(text) == shown


def test_numbers_are_held_in_order_only_where_one_writes_from_right_to_left() -> None:
    assert Translator("ar").in_order("61 – 65") == "\u206661 – 65\u2069"
    assert Translator("en").in_order("61 – 65") == "61 – 65"


@pytest.mark.parametrize("seconds", [-59, -1, 0, 1, 59])
def test_a_moment_within_a_minute_is_just_now_even_if_a_clock_is_a_little_ahead(seconds: int) -> None:
    now = dt.datetime(2026, 11, 22, 8, tzinfo=dt.UTC)
    assert Translator().ago(now - dt.timedelta(seconds=seconds), now) == "just now"
    assert Translator("fr").ago(now - dt.timedelta(seconds=seconds), now) == "à l’instant"


def test_lists_have_the_comma_of_their_language() -> None:
    assert Translator().listed(["a", "b", "c"]) == "a, b, c"
    assert Translator("ar").listed(["أ", "ب"]) == "أ، ب"
    assert Translator("zh").listed(["甲", "乙"]) == "甲、乙"


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("en", ["Åland", "Chad", "Éire", "Zambia"]),
        ("es", ["Nauru", "Níger", "Noruega", "Ñuble"]),
        ("th", ["กัมพูชา", "แคนาดา", "จีน", "ไทย"]),
        ("zh", ["阿富汗", "埃及", "巴西", "俄罗斯联邦", "法国", "印度", "中国"]),
    ],
)
def test_names_stand_in_the_order_of_the_language(language: str, names: list[str]) -> None:
    assert sorted(set(names), key=Translator(language).alphabetical) == names
