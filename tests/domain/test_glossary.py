"""Terms of the glossary found in running text."""

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.questionnaire.search import find_terms

LABELS = {
    "migrant": "International migrant",
    "stock": "Migrant stock",
    "usual-residence": "Country of usual residence",
    "refugee": "Refugee and asylum seeker",
    "resid": "Residence",
}


def _found(text: str, *near: str) -> list[tuple[str, str]]:
    return [(text[found.start : found.end], found.concept) for found in find_terms(text, LABELS, near)]


def test_a_term_is_found_by_its_label_and_by_its_id_in_the_plural_too() -> None:
    text = "Refugees are not international migrants here; usual residence decides."
    assert _found(text, "refugee") == [
        ("Refugees", "refugee"),
        ("international migrants", "migrant"),
        ("usual residence", "usual-residence"),
    ]


def test_the_longer_term_goes_before_the_one_inside_it() -> None:
    assert _found("the country of usual residence") == [("country of usual residence", "usual-residence")]


def test_a_term_is_marked_once_and_never_inside_another_word() -> None:
    assert _found("stock, and again stock; livestocking", "stock") == [("stock", "stock")]


def test_a_common_word_is_a_term_only_where_the_question_is_about_it() -> None:
    assert _found("Refugees and the stock of goods") == []
    assert _found("the migrant stock") == [("migrant stock", "stock")]


def test_terms_of_other_languages_are_found() -> None:
    text = "عدد المهاجرين: مخزون المهاجرين في البلد"
    (found,) = find_terms(text, {"stock-ar": "مخزون المهاجرين"})
    assert text[found.start : found.end] == "مخزون المهاجرين"


@given(st.text(max_size=80), st.dictionaries(st.text("ab-", min_size=1, max_size=9), st.text(max_size=12), max_size=5))
def test_mentions_stand_in_the_text_in_order_and_apart(text: str, labels: dict[str, str]) -> None:
    found = find_terms(text, labels)
    assert len({one.concept for one in found}) == len(found)
    ends = [0, *(one.end for one in found)]
    assert all(before <= one.start < one.end <= len(text) for before, one in zip(ends, found, strict=False))
