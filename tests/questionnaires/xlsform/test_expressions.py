"""Conditions as expressions and back; what a condition cannot say is said to be so."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import ChoiceOption, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.xlsform.expressions import (
    AnswerLimits,
    KnownField,
    UnsupportedExpression,
    parse_condition,
    parse_expression,
    parse_limits,
    quote_text,
    write_expression,
)

OPTIONS = {"a": "a", "b": "b", "c": "c"}
LEVELS = {str(level): str(level) for level in range(4)}
FIELDS = {
    "one": (
        QuestionField(id="one", kind=AnswerKind.CHOICE, options=tuple(ChoiceOption(id=o, label=o) for o in OPTIONS)),
        OPTIONS,
    ),
    "many": (
        QuestionField(
            id="many", kind=AnswerKind.CHECKLIST, options=tuple(ChoiceOption(id=o, label=o) for o in OPTIONS)
        ),
        OPTIONS,
    ),
    "level": (QuestionField(id="level", kind=AnswerKind.LEVEL), LEVELS),
    "number": (QuestionField(id="number", kind=AnswerKind.INTEGER), {}),
    "word": (QuestionField(id="word", kind=AnswerKind.TEXT), {}),
}


def find(name: str) -> KnownField | None:
    if name not in FIELDS:
        return None
    field, values = FIELDS[name]
    return KnownField(Address(name), field.kind, values)


def locate(address: Address) -> tuple[str, QuestionField] | None:
    return address.question, FIELDS[address.question][0]


def _is(name: str, *values: str) -> Condition:
    return Condition(op=ConditionOperator.IS, address=Address(name), values=values)


def _at_least(name: str, number: int) -> Condition:
    return Condition(op=ConditionOperator.AT_LEAST, address=Address(name), number=number)


def _not(part: Condition) -> Condition:
    return Condition(op=ConditionOperator.NOT, parts=(part,))


TESTS = st.one_of(
    st.builds(lambda v: _is("one", *v), st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)),
    st.builds(lambda v: _is("many", *v), st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)),
    st.builds(lambda n: _at_least("level", n), st.integers(0, 3)),
    st.builds(lambda n: _at_least("number", n), st.integers(0, 99)),
    st.builds(lambda n: _is("number", str(n)), st.integers(0, 99)),
    st.builds(
        lambda t: _is("word", t),
        st.text(st.characters(exclude_characters="'\"", exclude_categories=["C", "Z"]), min_size=1),
    ),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds(_not, inner),
        st.builds(
            lambda op, parts: Condition(op=op, parts=tuple(parts)),
            st.sampled_from([ConditionOperator.ALL, ConditionOperator.ANY]),
            st.lists(inner, min_size=2, max_size=3),
        ),
    ),
    max_leaves=8,
)
ANSWERS = st.fixed_dictionaries({
    "one": st.none() | st.sampled_from("abc"),
    "many": st.none() | st.lists(st.sampled_from("abc"), unique=True).map(tuple),
    "level": st.none() | st.integers(0, 3),
    "number": st.none() | st.integers(0, 99),
    "word": st.none() | st.just("x"),
})  # fmt: skip


@given(CONDITIONS, ANSWERS)
def test_a_condition_that_is_written_and_read_holds_for_the_same_answers(
    condition: Condition, answers: dict[str, AnswerValue]
) -> None:
    def value_of(address: Address) -> AnswerValue:
        return answers[address.question]

    back = parse_condition(write_expression(condition, locate), find)
    assert back.holds(value_of) == condition.holds(value_of)


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("${one} = 'a'", _is("one", "a")),
        ("'a' = ${ one }", _is("one", "a")),
        ("${one} != 'a'", _not(_is("one", "a"))),
        ("${one} != ''", _is("one", "a", "b", "c")),
        ("${one} = ''", _not(_is("one", "a", "b", "c"))),
        ('selected(${many}, "b") or selected(${many}, \'c\')', _is("many", "b", "c")),
        ("selected(../many, 'b')", _is("many", "b")),
        ("count-selected(${many}) >= 1", _is("many", "a", "b", "c")),
        ("${level} >= 2", _at_least("level", 2)),
        ("${level}>1", _at_least("level", 2)),
        ("2 <= ${level}", _at_least("level", 2)),
        ("${level} < 2", _is("level", "0", "1")),
        ("${number} > 17.5", _at_least("number", 18)),
        ("${number} = 5 and (${one} = 'a' or ${level} >= 1)", Condition(op=ConditionOperator.ALL, parts=(
            _is("number", "5"), Condition(op=ConditionOperator.ANY, parts=(_is("one", "a"), _at_least("level", 1))),
        ))),
        ("not(${one} = 'a')", _not(_is("one", "a"))),
    ],
)  # fmt: skip
def test_what_forms_usually_say_is_read(text: str, condition: Condition) -> None:
    assert parse_condition(text, find) == condition


def test_no_answer_is_neither_more_nor_less() -> None:
    below = parse_condition("${number} < 18", find)
    said: dict[int | None, bool] = {}
    for number in (None, 3, 18, 30):

        def value_of(_: Address, given: int | None = number) -> AnswerValue:
            return given

        said[number] = below.holds(value_of)
    assert said == {None: False, 3: True, 18: False, 30: False}


@pytest.mark.parametrize(
    "text",
    ["", "${one}", "${nobody} = 'a'", "${one} = 'z'", "today() > 5", "${number} + 1 > 5", "${one} = ${many}", "((",
     "${one} = 'a", "pulldata('x', 'y', 'z', ${one})", "${word} > 5", "${many} >= 2", "count-selected(${many}) = 2",
     "position(..) = 1", "if(${one} = 'a', 1, 0)", "()" * 40, "(" * 5_000, "not(" * 500, "x" * 30_000,
     "${one} = 'a' and", "1 = 1", "\0", "${one} = 'a' ; drop"],
)  # fmt: skip
def test_what_goes_beyond_is_said_to_be_so(text: str) -> None:
    with pytest.raises(UnsupportedExpression):
        parse_condition(text, find)


@given(st.text(max_size=200))
def test_no_text_at_all_makes_reading_stumble(text: str) -> None:
    for read in (lambda: parse_condition(text, find), lambda: parse_limits(text), lambda: parse_expression(text)):
        with suppress(UnsupportedExpression):
            read()


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        (". >= 0 and . <= 100", AnswerLimits(minimum=0, maximum=100)),
        (".>0 and .<10", AnswerLimits(minimum=1, maximum=9)),
        ("string-length(.) <= 20", AnswerLimits(length=20)),
        ("string-length(.) < 21", AnswerLimits(length=20)),
        ("count-selected(.) <= 3", AnswerLimits(most=3)),
        ("not(selected(., 'none') and count-selected(.) > 1)", AnswerLimits(alone=("none",))),
        ("(. >= -5 and . <= 5)", AnswerLimits(minimum=-5, maximum=5)),
    ],
)
def test_limits_are_read(text: str, limits: AnswerLimits) -> None:
    assert parse_limits(text) == limits


@pytest.mark.parametrize(
    "text", ["regex(., '^[0-9]+$')", ". < ${other}", ". >= today()", ". = 5", "true()", ". > 1 or . < 0"]
)
def test_limits_that_cannot_be_held_are_said_to_be_so(text: str) -> None:
    with pytest.raises(UnsupportedExpression):
        parse_limits(text)


def test_a_text_with_both_kinds_of_quotation_marks_cannot_be_written() -> None:
    assert (quote_text("it's"), quote_text("x")) == ('"it\'s"', "'x'")
    with pytest.raises(UnsupportedExpression):
        quote_text('it\'s "so"')
