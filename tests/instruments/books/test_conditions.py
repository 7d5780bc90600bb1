"""Conditions as people write them: every one can be written and is read as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.instruments.drafts import condition_of
from capacity_app.instruments.findings import Findings
from capacity_app.instruments.shapes import ConditionTable
from capacity_app.instruments.tables import read_table
from capacity_app.instruments.writing.conditions import ConditionError, parsed, written
from capacity_app.instruments.writing.sources import _condition
from tests.instruments.test_wire import CONDITIONS


def said(text: str) -> str:
    """Read a condition and write it again."""
    findings = Findings()
    table = read_table(ConditionTable, parsed(text), "here", findings)
    assert findings.problems == []
    return written(table)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("iv.policy >= 1", "iv.policy >= 1"),
        ("iv.policy≥1", "iv.policy >= 1"),
        ("i.law = yes", "i.law = yes"),
        ("i.law is yes, partly", "i.law = yes, partly"),
        ("IV.x/a/b=1", "IV.x/a/b = 1"),
        ("a = 1 AND b = 2", "a = 1 and b = 2"),
        ("a = 1 or (b = 2 and c = 3)", "a = 1 or (b = 2 and c = 3)"),
        ("not a = 1 and b = 2", "not a = 1 and b = 2"),
        ("not (a = 1 and b = 2)", "not (a = 1 and b = 2)"),
        ("all of (a = 1)", "all of (a = 1)"),
        ("all of (a = 1; b = 2)", "a = 1 and b = 2"),
        ("any of (a=1;b=2;c=3;d=4)", "any of (a = 1; b = 2; c = 3; d = 4)"),
        ('a = "no data", "say ""yes"""', 'a = "no data", "say ""yes"""'),
        ("(a = 1)", "a = 1"),
        ("a = 1 and\n  b = 2", "a = 1 and b = 2"),
    ],
)
def test_a_condition_is_read_as_it_is_meant(text: str, again: str) -> None:
    assert said(text) == again


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("a", "After “a” comes ="),
        ("a = ", "an answer is expected"),
        ("a >= b", "a whole number, not “b”"),
        ("a = 1 and b = 2 or c = 3", "side by side"),
        ("(a = 1", "not closed"),
        ("all of a = 1", "a list in brackets"),
        ("a/b = 1", "neither a question nor a cell"),
        ("a = 1 b = 2", "goes on with “b”"),
        ('a = "open', "cannot be read"),
        ("", "id of a question is expected"),
        ("= 1", "id of a question is expected"),
        ("a > 1", "“>” cannot be read"),
        ("not " * 500 + "a = 1", "too many brackets"),
        ("(" * 500 + "a = 1", "too many brackets"),
    ],
)
def test_what_cannot_be_read_is_explained(text: str, complaint: str) -> None:
    with pytest.raises(ConditionError) as caught:
        parsed(text)
    message, advice = (one.format(**caught.value.values) for one in (caught.value.message, caught.value.advice))
    assert complaint in message
    assert advice


@given(st.text(max_size=60) | st.text('ab=>(),; "andornotf', max_size=60))
def test_any_text_is_read_or_explained(text: str) -> None:
    try:
        assert parsed(text)
    except ConditionError as error:
        assert error.message.format(**error.values)  # noqa: PT017 - whichever it is


@given(CONDITIONS)
def test_every_condition_is_read_as_it_was_written(condition: object) -> None:
    table = _condition(condition)  # type: ignore[arg-type]
    raw = parsed(written(table)) if _is_sound(table) else None
    if raw is not None:
        assert condition_of(read_table(ConditionTable, raw, "", Findings())) == condition_of(table)


def _is_sound(table: ConditionTable) -> bool:
    """Tell whether a condition could stand in an instrument: cells have both names, and tests trimmed values."""
    if table.question:
        values = (table.is_ or ("",)) if isinstance(table.is_, tuple) else (table.is_,)
        has_values = table.at_least is not None or all(str(one) and str(one) == str(one).strip() for one in values)
        return has_values and bool(table.row) == bool(table.column)
    return all(map(_is_sound, (*table.all, *table.any, *((table.not_,) if table.not_ else ()))))
