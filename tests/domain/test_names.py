"""Names are found however they are written; words that only look like them stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.privacy import name_finders, name_words, without_accents


def without(name: str, text: str, *public: str, address: bool = False) -> str:
    find = name_finders([name], public)[address]
    kept, end = "", 0
    for start, stop in find(text):
        kept += text[end:start] + "*"
        end = stop
    return kept + text[end:]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Noor Haddad", "Noor Haddad, NOOR HADDAD and noor haddad", "*, * and *"),
        ("Noor Haddad", "Haddad Noor; Haddad, Noor; HADDAD Noor", "*; *; *"),
        ("Noor Haddad", "by N. Haddad, N Haddad, Haddad, N. and Haddad N.", "by *, *, * and *"),
        ("Noor Haddad", "Noor\nHaddad and Noor\u00a0Haddad", "* and *"),
        ("Noor Haddad", "Haddad's table and the Haddad–Li talk", "*'s table and the *–Li talk"),
        ("Noor Haddad", "Haddadian, shaddad, noor and a haddad", "Haddadian, shaddad, noor and a haddad"),
        ("José Ortíz-Peña", "Jose Ortiz-Pena, ORTÍZ; Peña and J. Ortiz", "*, *; * and *"),
        ("Jose Ortiz", "José Ortíz", "*"),
        ("J. Doe", "J. Doe, J Doe, Doe and DOE; JD does", "*, *, * and *; JD does"),
        ("Ólafur Þórðarson", "Olafur Thordarson, ÞÓRÐARSON", "*, *"),
        ("Jürgen Groß", "Juergen Gross and Jurgen", "* and *"),
        ("O'Brien", "O’Brien", "*"),
        ("İpek Işık", "IŞIK and ipek işık", "* and *"),
        ("Li Wei", "Wei Li, Li Wei, Wei; li and wei", "*, *, *; li and wei"),
        ("An Other", "another, and others", "another, and others"),
        ("أحمد الخطيب", "قال أحمد الخطيب، وأحمد، وللخطيب", "قال *، *، *"),
        ("李伟", "与李伟会谈", "与*会谈"),
        ("สมชาย ใจดี", "คุณสมชายพูด", "คุณ*พูด"),
        ("ნინო ბერიძე", "ბერიძემ თქვა", "* თქვა"),
        ("Иван Петров", "с Петровым, ПЕТРОВ", "с *, *"),
        ("Prof. Noor Haddad", "Prof. Li and the Professor", "Prof. Li and the Professor"),
    ],
)
def test_a_name_is_found_in_a_sentence(name: str, text: str, expected: str) -> None:
    assert without(name, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("haddad_2018.pdf", "*_2018.pdf"),
        ("NoorHaddad.docx", "*.docx"),
        ("nhaddad-notes.txt", "*-notes.txt"),
        ("https://stat.example/noor.haddad/x", "https://stat.example/*/x"),
        ("shaddadian.pdf", "shaddadian.pdf"),
    ],
)
def test_a_name_is_found_in_the_name_of_a_file(text: str, expected: str) -> None:
    assert without("Noor Haddad", text, address=True) == expected


def test_a_word_that_names_something_else_too_is_no_name_by_itself() -> None:
    assert without("Michael Jordan", "Jordan: Michael Jordan; Michael", "Jordan") == "Jordan: *; *"


@given(st.text(max_size=30))
def test_folding_keeps_the_length_and_nothing_finds_nothing(text: str) -> None:
    assert len(without_accents(text)) == len(text)
    assert list(name_finders([], ())[0](text)) == []


@given(st.text(max_size=20), st.text(max_size=30))
def test_any_name_and_any_text_can_be_searched(name: str, text: str) -> None:
    for find in name_finders([name], ()):
        spans = list(find(text))
        assert all(start < end <= len(text) for start, end in spans)
    if name_words(name):
        assert "".join(name_words(name)) == "".join(name_words(" ".join(name_words(name))))
