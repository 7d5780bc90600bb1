"""Typed and pasted text as answers: pure functions, no window."""

import pytest

from capacity_app.domain.answers import Value
from capacity_app.domain.instrument import Field, Kind
from capacity_app.texts import Texts
from capacity_app.ui.questionnaire.grid_clipboard import from_tsv, to_tsv
from capacity_app.ui.questionnaire.grid_table import shared
from capacity_app.ui.questionnaire.reading import read_typed


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Kind.INTEGER, "1 200", 1200),
        (Kind.INTEGER, "1\u202f200\u202f000", 1_200_000),
        (Kind.INTEGER, "1,200", 1200),
        (Kind.INTEGER, "−5", -5),
        (Kind.INTEGER, "١٢٬٠٠٠", 12000),
        (Kind.INTEGER, "१२", 12),
        (Kind.YEAR, "2014", 2014),
        (Kind.PERCENT, "12,50%", "12.50"),
        (Kind.PERCENT, "٤٫٥ ٪", "4.5"),
        (Kind.DATE, "1.2.2018", "2018-02-01"),
        (Kind.DATE, "29/11/2018", "2018-11-29"),
        (Kind.DATE, "11/2018", "2018-11"),
        (Kind.DATE, "2018/1/9", "2018-01-09"),
        (Kind.DATE, "2018", "2018"),
        (Kind.URL, " https://example.org ", "https://example.org"),
        (Kind.TEXT, "  as typed ", "  as typed "),
        (Kind.TEXT, "   ", None),
        (Kind.INTEGER, "", None),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(kind: Kind, text: str, value: Value) -> None:
    assert read_typed(Field(id="f", kind=kind), text, Texts()) == (value, "")


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (Kind.INTEGER, "twelve", "whole number"),
        (Kind.INTEGER, "1.5", "whole number"),
        (Kind.INTEGER, "12,34", "whole number"),
        (Kind.YEAR, "218", "outside"),
        (Kind.PERCENT, "1001", "percentage"),
        (Kind.DATE, "31.2.2018", "must be a date"),
        (Kind.DATE, "13/13/2018", "must be a date"),
        (Kind.URL, "javascript:alert(1)", "must be a link"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_guessed(kind: Kind, text: str, sentence: str) -> None:
    value, said = read_typed(Field(id="f", kind=kind), text, Texts())
    assert value is None
    assert sentence in said


def test_a_german_window_reads_german_thousands() -> None:
    field = Field(id="f", kind=Kind.INTEGER)
    assert read_typed(field, "1.200", Texts("de")) == (1200, "")
    assert read_typed(field, "1,200", Texts("de"))[0] is None


@pytest.mark.parametrize(
    "block",
    [
        [["a", "b"], ["c", "d"]],
        [['say "yes"', "two\nlines"], ["tab\there", ""]],
        [["", ""], ["", "x"]],
    ],
)
def test_blocks_survive_the_clipboard(block: list[list[str]]) -> None:
    assert from_tsv(to_tsv(block)) == block


def test_blocks_of_excel_end_with_carriage_returns() -> None:
    assert from_tsv("a\tb\r\nc\td\r\n") == [["a", "b"], ["c", "d"]]
    assert from_tsv("") == []


@pytest.mark.parametrize("room", [50, 150, 199, 200, 230, 400])
def test_columns_share_the_width_and_never_go_below_their_least(room: int) -> None:
    wanted, least = [100, 60, 40], [70, 30, 40]
    widths = shared(wanted, least, room)
    assert all(width >= low for width, low in zip(widths, least, strict=True))
    assert sum(widths) <= max(room, sum(least))
    assert sum(widths) >= min(room, sum(least)) - len(widths)
