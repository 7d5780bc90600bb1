"""Whatever digits, separators and signs are typed or pasted, one form is stored."""

import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import AnswerValue
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.languages import translated_languages
from capacity_app.i18n.translator import Translator, locale_tag, native_digits
from capacity_app.ui.question_widgets.grid_clipboard import entries_in
from capacity_app.ui.question_widgets.typed_editors import format_typed, parse_typed

LANGUAGES = ("en", *translated_languages())
TAGS = (*LANGUAGES, *(locale_tag(code, native_digits(code)) for code in LANGUAGES if native_digits(code)))
_ZEROS = "0٠۰०๐０"
_WIDE = str.maketrans(".,-/:%", "．，－／：％")
_UNSEEN = ("", "\u200e", "\u200f", "\u061c", "\u2068")
_SPACES = " \u00a0\u202f\u2009'’"


def in_script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(c)) if c.isascii() and c.isdigit() else c for c in text)


def read(kind: AnswerKind, text: str, tag: str = "en") -> AnswerValue:
    return parse_typed(QuestionField(id="f", kind=kind), text, Translator(tag))[0]


@given(st.integers(-(10**12), 10**12), st.sampled_from(TAGS))
def test_a_number_reads_back_as_the_window_writes_it(number: int, tag: str) -> None:
    assert read(AnswerKind.INTEGER, Translator(tag).number(number), tag) == number


@given(st.integers(0, 10**9), st.sampled_from(_ZEROS), st.sampled_from(_SPACES), st.sampled_from(_UNSEEN))
def test_digits_of_every_script_with_every_space_are_one_number(number: int, zero: str, space: str, mark: str) -> None:
    typed = in_script(f"{number:,}".replace(",", space), zero)
    assert read(AnswerKind.INTEGER, f"{mark}{typed}{mark}") == number


@given(st.integers(0, 99_999), st.sampled_from(TAGS), st.sampled_from(_ZEROS), st.booleans())
def test_a_share_is_one_number_with_any_decimal_sign(thousandths: int, tag: str, zero: str, is_wide: bool) -> None:  # noqa: FBT001 - hypothesis gives it
    share = Decimal(thousandths) / 1000
    for decimal_sign in ".,٫":
        for sign in ("", "%", " %", "٪", "\u00a0٪"):
            typed = in_script(str(share).replace(".", decimal_sign), zero) + sign
            typed = typed.translate(_WIDE) if is_wide else typed
            assert Decimal(str(read(AnswerKind.PERCENT, typed, tag))) == share, typed


@given(st.integers(0, 10_000), st.sampled_from(TAGS))
def test_a_percentage_reads_back_as_the_window_writes_it(hundredths: int, tag: str) -> None:
    written = Translator(tag).percent(Fraction(hundredths, 10_000), 2)
    assert Decimal(str(read(AnswerKind.PERCENT, written, tag))) == Decimal(hundredths) / 100


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)),
       st.sampled_from(_ZEROS), st.sampled_from(("-", "/", ".", "－", "／", "．", "\u200f/")))  # fmt: skip
def test_a_date_is_one_form_in_any_script(day: object, zero: str, between: str) -> None:
    iso = str(day)
    year, month, number = iso.split("-")
    assert read(AnswerKind.DATE, in_script(between.join((year, month, number)), zero)) == iso
    assert read(AnswerKind.DATE, in_script(between.join((number, month, year)), zero), "fr") == iso
    assert read(AnswerKind.DATE, in_script(f"{year}年{int(month)}月{int(number)}日", zero)) == iso
    assert read(AnswerKind.DATE, in_script(f"{year} 年 {int(month)} 月", zero)) == iso[:7]


@given(st.integers(1800, 2200), st.sampled_from(TAGS))
def test_a_year_is_shown_and_read_back(year: int, tag: str) -> None:
    field = QuestionField(id="f", kind=AnswerKind.YEAR)
    typed = format_typed(field, year, Translator(tag))
    assert read(AnswerKind.YEAR, typed, tag) == year
    assert all(unicodedata.category(letter) == "Nd" for letter in typed), "years have no groups"


@pytest.mark.parametrize(
    ("kind", "text"), [(AnswerKind.YEAR, "2561"), (AnswerKind.YEAR, "๒๕๖๑"), (AnswerKind.DATE, "29/11/2561")]
)
@pytest.mark.parametrize("tag", ["en", "th", "th-u-nu-thai"])
def test_a_year_of_the_buddhist_era_is_told_and_not_guessed(kind: AnswerKind, text: str, tag: str) -> None:
    value, said = parse_typed(QuestionField(id="f", kind=kind), text, Translator(tag))
    assert value is None
    assert "2018" in said or "๒๐๑๘" in said


@pytest.mark.parametrize("between", ["; ", ";", "；", "؛ ", "، ", "、", "\n"])
def test_a_list_is_read_with_the_separators_of_any_script(between: str) -> None:
    offered = [("a", "国家统计局"), ("b", "وزارة الداخلية"), ("c", "NSO – National Statistics Office")]
    assert entries_in(between.join(("国家统计局", "وزارة الداخلية", "nso")), offered) == (["a", "b", "c"], [])


def test_a_name_with_a_separator_in_it_is_not_taken_apart() -> None:
    offered = [("a", "وزارة العدل، والأمن"), ("b", "وزارة العدل"), ("c", "教育、科学部"), ("d", "One; two")]
    assert entries_in("وزارة العدل، والأمن؛ وزارة العدل، 教育、科学部; One; two", offered) == (["a", "b", "c", "d"], [])
    assert entries_in("وزارة العدل، لا أحد; One; two; Three", offered) == (["b", "d"], ["لا أحد", "Three"])


@given(
    st.text(max_size=40),
    st.sampled_from(TAGS),
    st.sampled_from([AnswerKind.INTEGER, AnswerKind.YEAR, AnswerKind.PERCENT, AnswerKind.DATE]),
)
def test_nothing_typed_ends_in_a_mistake_of_ours(text: str, tag: str, kind: AnswerKind) -> None:
    value, said = parse_typed(QuestionField(id="f", kind=kind), text, Translator(tag))
    assert value is None or not said


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 12, 31)), st.sampled_from(TAGS))
def test_a_date_reads_back_as_the_window_shows_it(day: date, tag: str) -> None:
    texts = Translator(tag)
    for iso in (day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]):
        assert read(AnswerKind.DATE, texts.short_date(iso), tag) == iso


@pytest.mark.parametrize(
    ("text", "tag", "iso"),
    [
        ("Nov 2024", "en", "2024-11"),
        ("november 2024", "fr", "2024-11"),
        ("14 novembre 2024", "fr", "2024-11-14"),
        ("Sept. 3rd, 2024", "en", "2024-09-03"),
        ("11/2024", "en", "2024-11"),
        ("14.11.2024", "en", "2024-11-14"),
        ("3.4.2024", "en", "2024-04-03"),
        ("3/4/2024", "es", "2024-04-03"),
        ("15 мая 2023 г.", "ru", "2023-05-15"),
        ("2024年11月", "zh", "2024-11"),
    ],
)
def test_a_date_is_read_as_people_write_it(text: str, tag: str, iso: str) -> None:
    assert read(AnswerKind.DATE, text, tag) == iso


def test_a_date_that_may_be_two_is_refused_with_advice() -> None:
    value, said = parse_typed(QuestionField(id="f", kind=AnswerKind.DATE), "3/4/2024", Translator())
    assert value is None
    assert said == "“3/4/2024” can be two dates. Write the month as a word, such as 29 Nov 2018."
