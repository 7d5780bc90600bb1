"""Fingerprints as pages show them, and what follows from what pages, data and an assessment say."""

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.fingerprint import Printed, grouped, printed_in, short
from capacity_app.domain.verification import (
    Copy,
    Match,
    Medium,
    Reference,
    Stamp,
    Verdict,
    agree,
    compare,
    look_at_copy,
    shown_fingerprint,
    stamp_of,
    tell,
)
from capacity_app.wording import fingerprint_in_full, fingerprint_in_short, spoken

DIGITS = st.integers(min_value=0).map(lambda number: hashlib.sha256(str(number).encode()).hexdigest())
ONE, OTHER = (hashlib.sha256(text).hexdigest() for text in (b"one", b"other"))
FOOT = printed_in(fingerprint_in_short(ONE))
FOREIGN = printed_in(fingerprint_in_short(OTHER))


def copy(*pages: tuple[Printed, ...], fingerprint: str = ONE, medium: Medium = Medium.PDF) -> Copy:
    return Copy(medium=medium, stamp=Stamp(fingerprint=fingerprint), pages=pages)


def codes(read: Copy) -> list[tuple[str, Verdict]]:
    return [(one.code, one.verdict) for one in look_at_copy(read, spoken)[1]]


@given(DIGITS, st.text(alphabet="ab 12\n·", max_size=20))
def test_a_printed_fingerprint_is_found_whatever_stands_around_it(digits: str, around: str) -> None:
    text = f"{around}. Page 3 of 9 · {fingerprint_in_short(digits)}. {around}\n({fingerprint_in_full(digits)})"
    found = printed_in(text)
    assert Printed(spoken(digits), digits) in found
    assert any(agree(one.digits, digits) and len(one.digits) == 16 for one in found)


def test_a_fingerprint_is_found_across_lines_and_invisible_signs() -> None:
    text = f"\u2066{spoken(ONE)} ·\n{grouped(ONE)[:30]}\n{grouped(ONE)[30:]}\u2069"
    assert printed_in(text) == (Printed(spoken(ONE), ONE),)


@pytest.mark.parametrize("text", ["", "four words without digits · abcd", f"a b c d · {short(ONE)}", short(ONE)])
def test_other_texts_show_no_fingerprint(text: str) -> None:
    assert printed_in(text) == ()


@given(DIGITS, DIGITS)
def test_two_fingerprints_agree_only_if_they_are_the_same(one: str, other: str) -> None:
    assert agree(one, other) is (one == other)
    assert agree(one[:16], one)
    assert not agree(one[:15], one)


def test_what_cannot_be_a_fingerprint_is_none() -> None:
    assert stamp_of({"fingerprint": ONE.upper()}).fingerprint == ""
    assert stamp_of({"fingerprint": ONE[:16]}).fingerprint == ""
    assert stamp_of({"round": "20\x1b[31m18\x00" + "x" * 999}).round.startswith("20[31m18xx")
    assert stamp_of({"fingerprint": f" {ONE}", "round": "2018", "stranger": "x"}) == Stamp(
        fingerprint=ONE, round="2018"
    )


def test_pages_that_carry_the_fingerprint_are_well() -> None:
    assert codes(copy(FOOT, FOOT)) == [("pages.equal", Verdict.GOOD)]


def test_a_page_that_shows_an_earlier_fingerprint_beside_its_own_is_well() -> None:
    assert codes(copy((*FOREIGN, *FOOT))) == [("pages.equal", Verdict.GOOD)]


def test_pages_of_other_documents_are_told_by_number() -> None:
    _, told = look_at_copy(copy(FOOT, FOREIGN, (), FOOT, *[()] * 9), spoken)
    assert [(one.code, dict(one.values)["pages"]) for one in told] == [
        ("pages.other", "2"),
        ("pages.without", "3, 5, 6, 7, 8 …"),
    ]


def test_words_that_are_not_those_of_the_digits_are_another_fingerprint() -> None:
    (foot,) = FOOT
    assert codes(copy((replace(foot, words=spoken(OTHER)),)))[0][0] == "pages.other"


def test_a_text_without_pages_is_looked_at_as_a_whole() -> None:
    assert codes(copy(FOOT, medium=Medium.WORD)) == [("text.equal", Verdict.GOOD)]
    assert codes(copy(FOOT, FOREIGN, medium=Medium.WORD)) == [("text.other", Verdict.BAD)]
    assert codes(copy((), medium=Medium.HTML)) == [("pages.none", Verdict.NOTE)]


def test_without_data_of_its_own_the_pages_say_what_a_file_is() -> None:
    read, told = look_at_copy(copy(FOOT, printed_in(fingerprint_in_full(ONE)), FOREIGN, fingerprint=""), spoken)
    assert read.stamp.fingerprint == ONE
    assert [one.code for one in told] == ["data.none", "pages.other"]
    assert shown_fingerprint([(), ()]) == ""
    assert look_at_copy(copy((), fingerprint=""), spoken)[1] == ()


OURS = Reference(
    file="here.assessment",
    stamp=Stamp(
        fingerprint=ONE, assessment="a", country="GEO", round="2018", instrument_version="1", exported="2018-05-02"
    ),
)


@pytest.mark.parametrize(
    ("theirs", "match", "codes"),
    [
        ({}, Match.SAME, ["answers.same"]),
        ({"fingerprint": ONE[:16], "assessment": ""}, Match.SAME, ["answers.same"]),
        ({"fingerprint": OTHER, "exported": "2018-05-01"}, Match.DIFFERENT, ["answers.different", "answers.older"]),
        ({"fingerprint": OTHER, "exported": "2018-05-03"}, Match.DIFFERENT, ["answers.different", "answers.newer"]),
        ({"fingerprint": OTHER}, Match.DIFFERENT, ["answers.different", "answers.same_time"]),
        (
            {"fingerprint": OTHER, "exported": "", "instrument_version": "2"},
            Match.DIFFERENT,
            ["answers.different", "answers.version"],
        ),
        (
            {"fingerprint": OTHER, "assessment": "", "exported": ""},
            Match.DIFFERENT,
            ["answers.different", "answers.whose"],
        ),
        ({"fingerprint": OTHER, "assessment": "b"}, Match.OTHER, ["answers.other", "other.twin"]),
        (
            {"fingerprint": OTHER, "assessment": "b", "country": "MDA", "round": "2023"},
            Match.OTHER,
            ["answers.other", "other.country", "other.round"],
        ),
    ],
)
def test_a_file_is_compared_with_an_assessment(theirs: dict[str, str], match: Match, codes: list[str]) -> None:
    stamp = replace(OURS.stamp, **theirs)
    assert compare(stamp, OURS) is match
    assert [one.code for one in tell(match, Medium.PDF, stamp, OURS)] == codes


@pytest.mark.parametrize(("medium", "is_said"), [(Medium.PDF, False), (Medium.WORD, True), (Medium.ASSESSMENT, False)])
def test_of_a_file_one_can_write_into_it_is_said_what_was_compared(medium: Medium, *, is_said: bool) -> None:
    told = [one.code for one in tell(Match.SAME, medium, OURS.stamp, OURS)]
    assert ("copy.editable" in told) is is_said
