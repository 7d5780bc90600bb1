"""How much room a text takes, and where it goes on when it takes more than there is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.outputs.workbook.formats import (
    MOST_LINES,
    cell_parts,
    count_lines,
    first_units,
    most_lines,
    remove_invalid_characters,
    sheet_name,
    shorten_to_units,
    split_into_cells,
    utf16_units,
)
from capacity_app.outputs.workbook.sheet_marks import CELL_LIMIT, FORBIDDEN_IN_SHEET_NAMES, SHEET_NAME_LIMIT

TEXTS = st.text(st.characters(codec="utf-8"), max_size=400)
LONG = st.builds(lambda text, times: text * times, st.text(max_size=60), st.integers(1, 60))


def test_a_short_text_takes_one_line_and_every_line_feed_another() -> None:
    assert count_lines("Yes", 10) == 1
    assert count_lines("Yes\nNo\n", 10) == 3


def test_words_wrap_at_the_width_of_arial() -> None:
    text = "Foreign residents counted in the census of 2021, by country of birth and by sex"
    assert [count_lines(text, width) for width in (90, 40, 20, 10)] == [1, 2, 4, 8]


def test_a_word_longer_than_the_column_is_broken() -> None:
    assert count_lines("m" * 100, 30) > 4
    assert count_lines("移" * 100, 20) == 10


@given(TEXTS, st.floats(3, 200))
def test_the_cheap_bound_is_never_too_low(text: str, width: float) -> None:
    assert count_lines(text, width) <= most_lines(text, width)


@given(LONG, st.floats(8, 100))
def test_parts_fit_and_joined_are_the_text(text: str, width: float) -> None:
    parts = split_into_cells(text, width)
    assert "".join(parts) == text
    assert all(count_lines(part.rstrip("\n"), width) <= MOST_LINES for part in parts)


def test_a_long_text_goes_on_after_a_word() -> None:
    text = "Every agency answered for itself and differences were left open. " * 100
    parts = split_into_cells(text, 30)
    assert len(parts) > 3
    assert all(part.endswith(" ") for part in parts[:-1])


@given(st.text(max_size=50), st.integers(0, 2_000))
def test_cells_of_machine_sheets_hold_what_a_cell_can(text: str, times: int) -> None:
    parts = cell_parts(text * times)
    assert "".join(parts) == text * times
    assert all(utf16_units(part) <= CELL_LIMIT for part in parts)


def test_letters_beyond_the_first_plane_count_twice() -> None:
    assert utf16_units("a😀") == 3
    assert first_units("a😀b", 2) == "a"


@given(TEXTS, st.integers(2, 60))
def test_a_shortened_text_fits(text: str, limit: int) -> None:
    assert utf16_units(shorten_to_units(text, limit)) <= limit


@given(st.text(max_size=60), st.lists(st.text(max_size=31), max_size=4))
def test_sheet_names_are_valid_and_their_own(title: str, taken: list[str]) -> None:
    name = sheet_name(title, taken)
    assert name
    assert utf16_units(name) <= SHEET_NAME_LIMIT
    assert not FORBIDDEN_IN_SHEET_NAMES & set(name)
    assert name.casefold() not in {other.casefold() for other in taken}


def test_names_that_differ_in_case_alone_are_the_same_to_a_spreadsheet() -> None:
    assert sheet_name("GAPS", ["gaps"]) == "GAPS 2"
    assert sheet_name("History", []) == "History 2"


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_what_xml_cannot_hold_is_taken_out(bad: str) -> None:
    assert remove_invalid_characters(f"a{bad}b") == "ab"
