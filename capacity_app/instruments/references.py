"""Conditions and contradictions: whatever they name exists, can meet the test, and leads in no circle."""

from collections.abc import Container, Iterator
from graphlib import TopologicalSorter
from itertools import islice

from capacity_app.domain.answers import Address
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import TOP_LEVEL, Field, Instrument, Kind, Question
from capacity_app.domain.problems import N_
from capacity_app.instruments.findings import Findings, inside, listed, shown
from capacity_app.instruments.grids import note_unknown_column, note_unknown_options

CHAIN_LIMIT = 32
"""How many questions may depend on each other in a row."""

_MOST_CIRCLES = 100
_NUMBERS = frozenset({Kind.LEVEL, Kind.INTEGER, Kind.YEAR})


def check_condition(
    condition: Condition, instrument: Instrument, place: str, unclear: Container[Address], findings: Findings
) -> None:
    """Check every test of a condition against the questions there are."""
    for test in tests_in(condition):
        field = _field_of(test, instrument, place, findings)
        if field is not None and _address_of_field(test) not in unclear:
            _check_test(test, field, place, findings)


def tests_in(condition: Condition) -> Iterator[Condition]:
    """Go through the tests of answers in a condition."""
    if condition.address is not None:
        yield condition
    for part in condition.parts:
        yield from tests_in(part)


def _address_of_field(test: Condition) -> Address:
    assert test.address is not None, "a test has an address"
    return Address(test.address.question, column=test.address.column)


def _field_of(test: Condition, instrument: Instrument, place: str, findings: Findings) -> Field | None:
    """Find what a test looks at: a question, or the column of a cell."""
    address = test.address
    assert address is not None, "a test has an address"
    question = instrument.question_by_id.get(address.question)
    if question is None:
        message = N_("There is no question “{name}”.")
        known = instrument.question_by_id
        findings.unknown("instrument.unknown-question", place, message, known, name=shown(address.question))
        return None
    if question.kind is Kind.GRID:
        return _column_of(address, question, place, findings)
    if address.row or address.column:
        message = N_("“{name}” is not a grid: it has no rows and columns.")
        advice = N_("Remove row and column from the condition.")
        findings.error("instrument.not-a-grid", place, message, advice, name=question.id)
        return None
    return question


def _column_of(address: Address, question: Question, place: str, findings: Findings) -> Field | None:
    if not address.row or not address.column:
        message = N_("“{name}” is a grid: a condition needs both a row and a column of it.")
        advice = N_("Write row = “…” and column = “…” in the condition.")
        findings.error("instrument.cell-needed", place, message, advice, name=question.id)
    if address.row and address.row not in question.row_by_id:
        message = N_("The grid {question} has no row “{name}”.")
        findings.unknown(
            "instrument.unknown-row",
            place,
            message,
            question.row_by_id,
            name=shown(address.row),
            question=question.id,
        )
    if address.column and address.column not in question.column_by_id:
        note_unknown_column(address.column, "column", question, place, findings)
    return question.column_by_id.get(address.column)


def _check_test(test: Condition, field: Field, place: str, findings: Findings) -> None:
    if test.op is Op.IS:
        note_unknown_options(test.values, field, "is", place, findings)
    elif field.kind not in _NUMBERS:
        message = N_("“at_least” needs a number, but {name} is of the type {kind}.")
        advice = N_("Use is, or test a level, an integer or a year.")
        findings.error("instrument.not-a-number", place, message, advice, name=field.id, kind=field.kind.value)
    elif field.kind is Kind.LEVEL and not 0 <= (test.number or 0) <= TOP_LEVEL:
        message = N_("Levels go from 0 to {most}, so “at_least” {number} is never met or always met.")
        advice = N_("Write a level.")
        findings.error("instrument.out-of-range", place, message, advice, most=TOP_LEVEL, number=test.number)


def note_circles_and_chains(instrument: Instrument, findings: Findings) -> None:
    """Note each circle of questions that wait for each other, and, without circles, chains that are too long."""
    shown_by = {
        question.id: tuple(dict.fromkeys(address.question for address in question.show_if.addresses()))
        for question in instrument.questions()
        if question.show_if is not None
    }
    circles = list(islice(_circles(shown_by), _MOST_CIRCLES))
    for circle in circles:
        message = N_("Conditions go in a circle, so these questions can never be shown: {circle}.")
        advice = N_("Remove one of the conditions.")
        place = _place_of(circle[0], instrument)
        findings.error("instrument.circle", place, message, advice, circle=_arrows(circle))
    for name in [] if circles else _ends_of_long_chains(shown_by):
        message = N_("Whether this question is shown depends on a chain of more than {most} questions.")
        advice = N_("Let the condition test the first question of the chain.")
        findings.error("instrument.long-chain", _place_of(name, instrument), message, advice, most=CHAIN_LIMIT)


def _arrows(circle: list[str]) -> str:
    return listed([*circle, circle[0]]).replace(", ", " → ")


def _place_of(question: str, instrument: Instrument) -> str:
    return inside(inside("", "section", instrument.section_of[question].id), "question", question)


def _ends_of_long_chains(shown_by: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the questions where a chain becomes too long; those behind them are longer still."""
    length: dict[str, int] = {}
    for name in TopologicalSorter(shown_by).static_order():
        length[name] = 1 + max((length[other] for other in shown_by.get(name, ())), default=0)
        if length[name] == CHAIN_LIMIT + 1:
            yield name


def _circles(shown_by: dict[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Walk depth first without recursion: a chain of conditions may be 5,000 questions long."""
    done: set[str] = set()
    for start, first in shown_by.items():
        path = {} if start in done else {start: iter(first)}
        while path:
            name, others = next(reversed(path.items()))
            other = next(others, None)
            if other is None:
                del path[name]
                done.add(name)
            elif other in path:
                names = list(path)
                yield names[names.index(other) :]
            elif other in shown_by and other not in done:
                path[other] = iter(shown_by[other])
