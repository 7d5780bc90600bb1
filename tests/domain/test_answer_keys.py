"""The keys of answers: a higher digit always means more, and what has no order is numbered as printed."""

from fractions import Fraction

import pytest

from capacity_app import paths
from capacity_app.domain.questionnaire.answer_keys import answer_keys, yes_no_letters
from capacity_app.domain.questionnaire.instrument import ChoiceOption, QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.reader import read_instrument


def _choice(*options: ChoiceOption) -> QuestionField:
    return QuestionField(id="f", kind=AnswerKind.CHOICE, options=options)


def _option(name: str, points: str = "", importance: int = 0, *, is_out: bool = False) -> ChoiceOption:
    earned = Fraction(points) if points else None
    return ChoiceOption(id=name, label=name, points=earned, importance=importance or None, not_applicable=is_out)


@pytest.mark.parametrize(
    ("field", "keys"),
    [
        (_choice(_option("high", "", 3), _option("low", "", 1), _option("none", is_out=True)), "high3 low1 none0"),
        (_choice(_option("not produced", "0"), _option("published", "1")), "not produced0 published1"),
        (_choice(_option("yearly", "1"), _option("rarely", "1/3")), "yearly2 rarely1"),
        (_choice(_option("yes", "1"), _option("planned", "0"), _option("no", "0")), "yes2 planned1 no0"),
        (_choice(_option("permit"), _option("citizenship")), "permit1 citizenship2"),
        (QuestionField(id="f", kind=AnswerKind.LEVEL), "00 11 22 33"),
        (QuestionField(id="f", kind=AnswerKind.YES_PARTLY_NO), "yesY partlyP noN"),
    ],
)
def test_a_higher_digit_means_more(field: QuestionField, keys: str) -> None:
    assert " ".join(f"{answer}{key}" for answer, key in answer_keys(field).items()) == keys


def test_of_more_than_nine_answers_the_rest_have_no_key() -> None:
    keys = answer_keys(_choice(*(_option(f"o{n}") for n in range(12))))
    assert list(keys.values()) == [str(n) for n in range(1, 10)]


def test_no_digit_means_more_in_one_column_and_less_in_the_next() -> None:
    instrument, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert instrument is not None
    for question in instrument.questions():
        for field in (question, *question.columns):
            keys = answer_keys(field)
            if field.kind is AnswerKind.CHOICE:
                ranked = sorted(field.options, key=lambda one: int(keys[one.id]))
                points = [one.points for one in ranked if one.points is not None]
                weights = [one.importance for one in ranked if one.importance]
                assert points == sorted(points), field.id
                assert weights == sorted(weights), field.id


@pytest.mark.parametrize(
    ("labels", "letters"),
    [
        ("Yes Partly No", "YPN"),
        ("Sí Enparte No", "SEN"),
        ("Да Частично Нет", "YPN"),
        ("Unu Dva Tri", "YPN"),  # U and D say something else
        ("Nai Nekoliko Ne", "YPN"),  # one letter for several answers
    ],
)
def test_yes_partly_and_no_have_the_letters_of_their_language_where_those_are_free(labels: str, letters: str) -> None:
    named = dict(zip(("yes", "partly", "no"), labels.split(), strict=True))
    assert "".join(yes_no_letters(named).values()) == letters
