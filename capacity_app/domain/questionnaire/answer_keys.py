"""The key that gives each answer: of answers with an order, a higher digit always means more.

Levels have their numbers. Options that weigh (importance) or earn points are numbered from the least: from 0 where the
least is nothing at all, such as "not produced", else from 1. Options without an order are numbered as they are printed.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from capacity_app.domain.questionnaire.instrument import ChoiceOption, QuestionField
from capacity_app.domain.questionnaire.kinds import ValueType

YES_NO_KEYS = {"yes": "Y", "partly": "P", "no": "N"}
_HIGHEST = 9
_TAKEN = frozenset("UXDC")
"""The letters that say of any question that it is unknown, not applicable, declined or confirmed."""


def yes_no_letters(labels: Mapping[str, str]) -> Mapping[str, str]:
    """Return the letters shown for yes, partly and no: those the labels begin with, where a keyboard can tell them."""
    letters = {word: label[:1].upper() for word, label in labels.items()}
    can_be_typed = all("A" <= letter <= "Z" for letter in letters.values())
    is_clear = len(set(letters.values())) == len(letters) and _TAKEN.isdisjoint(letters.values())
    return letters if can_be_typed and is_clear else YES_NO_KEYS


def answer_keys(field: QuestionField) -> Mapping[str, str]:
    """Return the key of each answer that can be named, by its text; answers beyond the digits have none."""
    if field.kind.value_type is ValueType.LEVEL:
        return {level: level for level in field.known_answers}
    if field.kind.info.fixed:
        return {word: YES_NO_KEYS[word] for word in field.kind.info.fixed}
    alone = field.none_options
    if alone and field.kind.value_type is ValueType.OPTIONS:
        # “None of these” has the same key whether the questionnaire says it or the program does.
        others = [one.id for one in field.options if one.id not in alone]
        return {alone[0]: "0"} | {one: str(number) for number, one in enumerate(others, 1) if number <= _HIGHEST}
    numbers = _numbers(field.options, is_single=field.kind.value_type is ValueType.OPTION)
    return {one.id: str(numbers[one.id]) for one in field.options if numbers[one.id] <= _HIGHEST}


def _numbers(options: Sequence[ChoiceOption], *, is_single: bool) -> dict[str, int]:
    if (
        is_single
        and any(one.importance for one in options)
        and all(one.importance or one.not_applicable for one in options)
    ):
        return {one.id: one.importance or 0 for one in options}
    points = [one.points for one in options if one.points is not None]
    if is_single and len(points) == len(options) and len(set(points)) > 1:
        # Of equals, the one that is printed nearer to the better end is the better one.
        printed = options if points[0] < points[-1] else options[::-1]
        return {one.id: rank for rank, one in enumerate(sorted(printed, key=_points), 0 if min(points) == 0 else 1)}
    return {one.id: number for number, one in enumerate(options, 1)}


def _points(option: ChoiceOption) -> Fraction:
    assert option.points is not None, "only options with points are in an order"
    return option.points
