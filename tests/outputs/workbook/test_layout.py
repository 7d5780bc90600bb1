"""Marks say what a line is about, whatever becomes of the line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address
from capacity_app.outputs.workbook.sheet_marks import LineMark, columns_mark, continued, entry_mark

IDS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,8}", fullmatch=True)
QUESTIONS = st.builds("{}.{}".format, IDS, IDS)
ADDRESSES = st.builds(Address, QUESTIONS) | st.builds(Address, QUESTIONS, IDS) | st.builds(Address, QUESTIONS, IDS, IDS)


@given(ADDRESSES, IDS | st.just(""), st.integers(1, 99))
def test_a_mark_reads_back_as_it_was(address: Address, option: str, part: int) -> None:
    mark = LineMark(address, option, part)
    assert LineMark.parse(str(mark)) == mark


def test_a_mark_can_be_read_by_people() -> None:
    assert str(LineMark(Address("vi.census-items"), "birth", 2)) == "vi.census-items#birth+2"
    assert str(LineMark(Address("iii.statistics", "births"))) == "iii.statistics/births"


@pytest.mark.parametrize(
    "text", ["", "@fields", "a/b/c/d", "a//b", "a+x", columns_mark("a.b"), entry_mark("gaps", "x")]
)
def test_what_marks_no_answer_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^"):
        LineMark.parse(text)


def test_the_first_part_has_the_plain_mark() -> None:
    assert [continued("a.b", part) for part in (1, 2, 3)] == ["a.b", "a.b+2", "a.b+3"]
