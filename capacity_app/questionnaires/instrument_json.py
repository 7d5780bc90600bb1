"""The copy of an instrument that travels inside an assessment: canonical JSON, and its hash.

What equals its default is left out, so a copy is small and quick to read; the defaults are therefore
part of the file format, and a test refuses to let them change. Reading checks sizes, types, numbers, the
form of conditions and that ids are unique, not what questions say about each other: a copy from another person's
dossier is passed to ``checks.instrument_problems`` as well.
"""

import hashlib
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache

from msgspec import MsgspecError
from msgspec.json import Decoder

from capacity_app.domain.content_hash import canonical_json
from capacity_app.domain.problems import N_, KnownError, short_reason
from capacity_app.domain.questionnaire.conditions import NESTING_LIMIT, Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import (
    OFFICER_NOTE_KEY,
    ChoiceOption,
    GridRow,
    Instrument,
    Question,
    QuestionField,
    Section,
)

_FRACTION = r"[0-9]{1,20}(?:/[0-9]{0,19}[1-9][0-9]{0,19})?"
_OFFICER_NOTE = rf'"{OFFICER_NOTE_KEY}"(?<!\\"{OFFICER_NOTE_KEY}")(\s*:\s*")'
"""A column may have that id: what it requires is a list. A longer key that ends in a quote and the same is another.

The look-behind stands behind the letters, because a search that begins with them is four times as fast."""
_LARGEST = 1_000
_MOST_LETTERS = 10_000_000
_LONGEST_TEXT = 100_000
_IMPORTANCES = frozenset({None, 1, 2, 3})
_CACHED_NUMBERS = 4_096


def encode_instrument(instrument: Instrument) -> str:
    """Write an instrument as canonical compact JSON: equal instruments give equal texts."""
    return canonical_json(instrument.whole)


def decode_instrument(text: str) -> Instrument:
    """Read an instrument back; raises KnownError if the text is anything else.

    Numbers come back exact and in range [0, 1000], points in [0, 1], levels in 0-3, importance in 1-3.
    """
    try:
        _check_sizes(text)
        instrument = _DECODER.decode(re.sub(_OFFICER_NOTE, r'"officer_note"\1', text))
        _check(instrument)
    # Instruments nested by hand, or cut by a bad disk, must not look like a bug of ours.
    except (MsgspecError, RecursionError, ValueError) as error:
        raise KnownError(DAMAGED_INSTRUMENT, reason=short_reason(error)) from error
    return instrument


def instrument_text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(_CACHED_NUMBERS)
def _fraction(text: str) -> Fraction:
    number = Fraction(text) if re.fullmatch(_FRACTION, text) else None
    if number is None or number > _LARGEST:
        raise ValueError("a number is out of range")
    return number


def _read_fraction(kind: type, raw: object) -> Fraction:
    if kind is Fraction and isinstance(raw, str):
        return _fraction(raw)
    raise ValueError("not a number")


DAMAGED_INSTRUMENT = N_("The copy of the questionnaire in this file is damaged ({reason}).")
_DECODER = Decoder(Instrument, dec_hook=_read_fraction)


def _check_sizes(text: str) -> None:
    start = 0
    # From each quote to the last one that may follow it: a few steps, where splitting copies everything.
    while len(text) - start > _LONGEST_TEXT:
        start = text.rfind('"', start, start + _LONGEST_TEXT + 1) + 1
        if len(text) > _MOST_LETTERS or not start:
            raise ValueError("a text in it is far too long")


def _check(instrument: Instrument) -> None:
    """Raise ValueError for what has the right type and would still break arithmetic or conditions."""
    questions = tuple(instrument.questions())
    _check_ids(instrument.sections)
    _check_ids(questions)
    for question in questions:
        if question.columns or question.rows:
            _check_grid(question)
        if question.options or question.numeric_score:
            _check_field(question)
        if question.show_if is not None:
            _check_condition(question.show_if)
        if question.importance not in _IMPORTANCES or not 0 <= question.target <= question.top_target:
            raise ValueError("an importance or a target is out of range")
    for entry in instrument.contradictions:
        _check_condition(entry.when)


def _check_condition(condition: Condition, depth: int = 0) -> None:
    is_test = condition.op in {ConditionOperator.IS, ConditionOperator.AT_LEAST}
    has_parts = len(condition.parts) == 1 if condition.op is ConditionOperator.NOT else bool(condition.parts)
    if is_test != (condition.address is not None) or is_test == has_parts or depth > NESTING_LIMIT:
        raise ValueError("a condition makes no sense")
    for part in condition.parts:
        _check_condition(part, depth + 1)


def _check_ids(parts: Sequence[Section | Question | GridRow | QuestionField | ChoiceOption]) -> None:
    if len({part.id for part in parts}) != len(parts):
        raise ValueError("two parts have the same id")


def _check_grid(question: Question) -> None:
    _check_ids(question.rows)
    _check_ids(question.columns)
    for column in question.columns:
        if column.options or column.numeric_score:
            _check_field(column)
    top = question.top_target
    for row in question.rows:
        if row.importance not in _IMPORTANCES or not 0 <= (row.target or 0) <= top:
            raise ValueError("an importance or a target is out of range")


def _check_field(field: QuestionField) -> None:
    _check_ids(field.options)
    if field.numeric_score and (field.minimum or 0) >= (100 if field.maximum is None else field.maximum):
        raise ValueError("a number that earns points has no range")
    for option in field.options:
        if option.importance not in _IMPORTANCES or not _is_share(option.points):
            raise ValueError("the points or the importance of an option are out of range")


def _is_share(points: Fraction | None) -> bool:
    # Comparing two integers is ten times as fast as comparing a fraction with one.
    return points is None or points.numerator <= points.denominator
