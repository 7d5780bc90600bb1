"""What may be said where: every kind of answer, out of range and in."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answer_rules import check_content, locate
from capacity_app.domain.assessment.answers import (
    TEXT_LIMIT,
    Address,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
    clean_text,
)
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from tests.domain.making import YES_PARTLY_NO, choice, instrument, question, section

TICKS = (
    ChoiceOption(id="birth", label="Birth"),
    ChoiceOption(id="arrival", label="Arrival"),
    ChoiceOption(id="none", label="None", exclusive=True),
)


def one_of_each() -> Instrument:
    plain = [
        question(f"s.{kind}", kind=kind)
        for kind in AnswerKind
        if kind not in {AnswerKind.CHOICE, AnswerKind.CHECKLIST, AnswerKind.GRID}
    ]
    return instrument(
        section(
            "s",
            *plain,
            question("s.choice", kind=AnswerKind.CHOICE, options=choice(a=1, b=0)),
            question("s.checklist", kind=AnswerKind.CHECKLIST, options=TICKS),
            question("s.sources", kind=AnswerKind.SOURCE, many=True, most=2),
            question("s.range", kind=AnswerKind.INTEGER, minimum=1, maximum=5),
            question(
                "s.grid",
                kind=AnswerKind.GRID,
                columns=(GridColumn(id="c", label="C", kind=YES_PARTLY_NO),),
                rows=(GridRow(id="r", label="R"),),
            ),
        )
    )


EVERYTHING = one_of_each()


def checked(
    where: str, value: AnswerValue, state: AnswerState = AnswerState.ANSWERED, **more: str
) -> tuple[Content, str]:
    content = Content(state=state, value=value, **more)  # type: ignore[arg-type]
    clean, problem = check_content(EVERYTHING, AnswerKey(Address.parse(where)), content)
    return clean, problem.text() if problem else ""


GOOD: list[tuple[str, AnswerValue]] = [
    ("s.level", 0),
    ("s.level", 3),
    ("s.yes_no", "yes"),
    ("s.yes_partly_no", "partly"),
    ("s.choice", "a"),
    ("s.checklist", ()),
    ("s.checklist", ("none",)),
    ("s.text", "word"),
    ("s.integer", -5),
    ("s.percent", "12.5"),
    ("s.year", 2018),
    ("s.date", "2018"),
    ("s.date", "2018-11"),
    ("s.date", "2020-02-29"),
    ("s.agency", ("nso",)),
    ("s.sources", ("census", "survey")),
    ("s.country", ("268",)),
    ("s.url", "https://example.org/a"),
    ("s.grid/r/c", "no"),
]
BAD: list[tuple[str, AnswerValue]] = [
    ("s.level", 4),
    ("s.level", -1),
    ("s.level", True),
    ("s.level", "2"),
    ("s.yes_no", "partly"),
    ("s.choice", "c"),
    ("s.checklist", ("birth", "deaths")),
    ("s.checklist", ("none", "birth")),
    ("s.text", 7),
    ("s.text", "x" * (TEXT_LIMIT + 1)),
    ("s.integer", 10**16),
    ("s.range", 6),
    ("s.percent", "many"),
    ("s.percent", "-1"),
    ("s.percent", "NaN"),
    ("s.year", 20180),
    ("s.date", "2019-02-29"),
    ("s.date", "29.11.2018"),
    ("s.agency", ("a", "b")),
    ("s.sources", ("a", "a")),
    ("s.sources", ("a", "b", "c")),
    ("s.country", ("GEO",)),
    ("s.url", "javascript:alert(1)"),
    ("s.grid", 1),
    ("s.grid/r", "yes"),
    ("s.grid/r/c", 1),
]


@pytest.mark.parametrize(("where", "value"), GOOD)
def test_good_values_are_kept_as_they_are(where: str, value: AnswerValue) -> None:
    content, said = checked(where, value)
    assert said == ""
    assert content.value == value


@pytest.mark.parametrize(("where", "value"), BAD)
def test_bad_values_are_refused_with_a_sentence(where: str, value: AnswerValue) -> None:
    _, said = checked(where, value)
    assert said.endswith(".")
    assert "{" not in said


@pytest.mark.parametrize("where", ["s.nothing", "s.level/r", "s.grid/x", "s.grid/r/x", "t.level"])
def test_an_address_the_instrument_does_not_have_is_refused(where: str) -> None:
    assert locate(EVERYTHING, Address.parse(where)) is None
    assert "no such place" in checked(where, 1)[1]


@pytest.mark.parametrize("where", ["s.level", "s.grid", "s.grid/r", "s.grid/r/c"])
def test_not_applicable_needs_a_reason(where: str) -> None:
    assert "reason" in checked(where, None, AnswerState.NOT_APPLICABLE)[1]
    assert "reason" in checked(where, None, AnswerState.NOT_APPLICABLE, reason="  ")[1]
    assert checked(where, None, AnswerState.NOT_APPLICABLE, reason="island")[1] == ""


def test_an_answer_without_value_is_open() -> None:
    assert checked("s.text", "")[0].state is AnswerState.NOT_ASKED
    assert checked("s.agency", ())[0].state is AnswerState.NOT_ASKED
    assert checked("s.checklist", ())[0].state is AnswerState.ANSWERED


def test_a_value_does_not_survive_an_open_state() -> None:
    assert checked("s.level", 2, AnswerState.UNKNOWN)[0].value is None


def test_ticks_are_kept_in_the_instruments_order() -> None:
    assert checked("s.checklist", ("arrival", "birth"))[0].value == ("birth", "arrival")


def test_equal_percentages_are_written_alike() -> None:
    assert {checked("s.percent", text)[0].value for text in ("12.50", "12.5", "012.5")} == {"12.5"}


def test_only_a_response_has_a_respondent() -> None:
    key = AnswerKey(Address("s.level"), AnswerLayer.JUDGEMENT, "nso")
    assert check_content(EVERYTHING, key, Content(state=AnswerState.ANSWERED, value=1))[1] is not None


@given(st.text())
def test_cleaned_text_is_normal_and_cleaning_again_changes_nothing(text: str) -> None:
    clean = clean_text(text)
    assert unicodedata.is_normalized("NFC", clean)
    assert not {unicodedata.category(c) for c in clean} & {"Cs"}
    assert clean_text(clean) == clean


def test_marks_that_arabic_and_persian_need_are_kept_and_controls_are_not() -> None:
    assert clean_text("a\u200c\u200fb\x00\x07\r\nc\ufffe\ud800") == "a\u200c\u200fb\nc"


@given(st.text(max_size=30), st.sampled_from([question_.id for question_ in EVERYTHING.questions()]))
def test_checking_never_fails_on_any_text(text: str, where: str) -> None:
    checked(where, text)
