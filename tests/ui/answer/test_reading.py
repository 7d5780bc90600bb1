"""Typed and pasted text as answers: pure functions, no window."""

import pytest

from capacity_app.domain.assessment.answers import AnswerValue
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.grid_clipboard import from_tsv, to_tsv
from capacity_app.ui.question_widgets.grid_table import share_width
from capacity_app.ui.question_widgets.typed_editors import parse_typed


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (AnswerKind.INTEGER, "1 200", 1200),
        (AnswerKind.INTEGER, "1\u202f200\u202f000", 1_200_000),
        (AnswerKind.INTEGER, "1,200", 1200),
        (AnswerKind.INTEGER, "−5", -5),
        (AnswerKind.INTEGER, "١٢٬٠٠٠", 12000),
        (AnswerKind.INTEGER, "१२", 12),
        (AnswerKind.YEAR, "2014", 2014),
        (AnswerKind.PERCENT, "12,50%", "12.50"),
        (AnswerKind.PERCENT, "٤٫٥ ٪", "4.5"),
        (AnswerKind.DATE, "1.2.2018", "2018-02-01"),
        (AnswerKind.DATE, "29/11/2018", "2018-11-29"),
        (AnswerKind.DATE, "11/2018", "2018-11"),
        (AnswerKind.DATE, "2018/1/9", "2018-01-09"),
        (AnswerKind.DATE, "2018", "2018"),
        (AnswerKind.URL, " https://example.org ", "https://example.org"),
        (AnswerKind.TEXT, "  as typed ", "  as typed "),
        (AnswerKind.TEXT, "   ", None),
        (AnswerKind.INTEGER, "", None),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(kind: AnswerKind, text: str, value: AnswerValue) -> None:
    assert parse_typed(QuestionField(id="f", kind=kind), text, Translator()) == (value, "")


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        (AnswerKind.INTEGER, "twelve", "whole number"),
        (AnswerKind.INTEGER, "1.5", "whole number"),
        (AnswerKind.INTEGER, "12,34", "whole number"),
        (AnswerKind.YEAR, "218", "outside"),
        (AnswerKind.PERCENT, "1001", "percentage"),
        (AnswerKind.DATE, "31.2.2018", "is not a date"),
        (AnswerKind.DATE, "13/13/2018", "is not a date"),
        (AnswerKind.URL, "javascript:alert(1)", "must be a link"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_guessed(kind: AnswerKind, text: str, sentence: str) -> None:
    value, said = parse_typed(QuestionField(id="f", kind=kind), text, Translator())
    assert value is None
    assert sentence in said


def test_a_german_window_reads_german_thousands() -> None:
    field = QuestionField(id="f", kind=AnswerKind.INTEGER)
    assert parse_typed(field, "1.200", Translator("de")) == (1200, "")
    assert parse_typed(field, "1,200", Translator("de"))[0] is None


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
    widths = share_width(wanted, least, room)
    assert all(width >= low for width, low in zip(widths, least, strict=True))
    assert sum(widths) <= max(room, sum(least))
    assert sum(widths) >= min(room, sum(least)) - len(widths)
