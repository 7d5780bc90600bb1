"""Whether any answers at all can fulfil a condition: a search through the finite answers that make a difference.

Every answer is represented by the fewest that the tests can tell apart, and a hidden question has none. The search
stops after a bounded number of steps; then nothing is said.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from capacity_app.domain.answers import Address, Value
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import TOP_LEVEL, Field, Instrument, Kind, Question

STEPS_OF_ONE, STEPS_OF_ALL = 4_000, 120_000
"""How often a condition is evaluated in search of answers that fulfil it: for one condition, and for all together."""
_DEEPEST = 40
_MOST_TICKED = 6
"""Options of a checklist that tests tell apart; of more than these not all combinations are tried."""
_YEARS = (1800, 2200)
_FAR = 10**9
_SAID = {Kind.YES_NO: ("yes", "no"), Kind.YES_PARTLY_NO: ("yes", "partly", "no")}
_OTHER = "\N{NULL}other"
"""Any answer no test names."""
_FREE = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.URL, Kind.DATE, Kind.PERCENT})


class _TooFarError(Exception):
    """The search has taken all its steps."""


@dataclass
class Search:
    """Tells of conditions whether they can hold; knows what it has already spent."""

    instrument: Instrument
    _left: int = STEPS_OF_ALL
    _known: dict[tuple[Condition, bool], bool | None] = field(default_factory=dict)

    def is_possible(self, condition: Condition, *, of_asked: bool) -> bool | None:
        """Tell whether some answers fulfil a condition; None if that cannot be told within bounds.

        ``of_asked`` takes into account that a row out of use, and a column its gate settles, are not asked.
        """
        key = (condition, of_asked)
        if key not in self._known:
            attempt = _Attempt(self, of_asked, min(STEPS_OF_ONE, self._left))
            try:
                self._known[key] = attempt.runs(condition)
            except (_TooFarError, RecursionError):
                self._known[key] = None
            self._left -= attempt.taken
        return self._known[key]

    @cached_property
    def tests(self) -> Mapping[Address, tuple[Condition, ...]]:
        """Every test of an answer there is, by its address."""
        found: dict[Address, list[Condition]] = {}
        conditions = [question.show_if for question in self.instrument.conditional]
        for condition in (*conditions, *(entry.when for entry in self.instrument.contradictions)):
            for test in _tests_in(condition) if condition is not None else ():
                assert test.address is not None, "a test has an address"
                found.setdefault(test.address, []).append(test)
        return {address: tuple(dict.fromkeys(tests)) for address, tests in found.items()}


def _tests_in(condition: Condition) -> Iterator[Condition]:
    if condition.address is not None:
        yield condition
    for part in condition.parts:
        yield from _tests_in(part)


class _Attempt:
    """One search: assigns answers where they matter, and goes back where the condition cannot hold any more."""

    def __init__(self, search: Search, of_asked: bool, steps: int) -> None:  # noqa: FBT001 - passed on
        self._search, self._of_asked, self._steps = search, of_asked, steps
        self.taken = 0
        self._given: dict[Address, Value] = {}
        self._choices: dict[Address, tuple[Value, ...]] = {}
        self._open: list[Address] = []

    def runs(self, condition: Condition) -> bool:
        """Tell whether the condition can hold with what is given so far."""
        self.taken += 1
        if self.taken > self._steps:
            raise _TooFarError
        self._open.clear()
        truth = self._truth(condition, 0)
        if truth is not None:
            return truth
        address = self._open[0]
        for value in self._answers(address):
            self._given[address] = value
            if self.runs(condition):
                return True
        del self._given[address]
        return False

    def _truth(self, condition: Condition, depth: int) -> bool | None:
        if depth > _DEEPEST:
            raise _TooFarError
        match condition.op:
            case Op.NOT:
                inner = self._truth(condition.parts[0], depth + 1)
                return None if inner is None else not inner
            case Op.ALL:
                return self._joined(condition, depth, settles=False)
            case Op.ANY:
                return self._joined(condition, depth, settles=True)
        return self._tested(condition, depth)

    def _joined(self, condition: Condition, depth: int, *, settles: bool) -> bool | None:
        is_open = False
        for part in condition.parts:
            truth = self._truth(part, depth + 1)
            if truth is settles:
                return settles
            is_open = is_open or truth is None
        return None if is_open else not settles

    def _tested(self, test: Condition, depth: int) -> bool | None:
        address = test.address
        assert address is not None, "a test has an address"
        question = self._search.instrument.question_by_id.get(address.question)
        if question is None:
            return False
        if address in self._given:
            if not test.holds(self._given.get):
                return False
        elif not any(test.holds({address: value}.get) for value in self._answers(address)):
            return False
        asked = self._asked(address, question, depth)
        if asked is False or address in self._given:
            return asked
        self._open.append(address)
        return None

    def _asked(self, address: Address, question: Question, depth: int) -> bool | None:
        """Tell whether an answer is asked for at an address, as far as is known."""
        conditions = [question.show_if] if question.show_if is not None else []
        if self._of_asked and address.row:
            conditions += _asked_in_grid(address, question)
        if not conditions:
            return True
        return self._truth(Condition(op=Op.ALL, parts=tuple(conditions)), depth + 1)

    def _answers(self, address: Address) -> tuple[Value, ...]:
        if address not in self._choices:
            question = self._search.instrument.question_by_id[address.question]
            shape = question.column_by_id.get(address.column, question)
            tests = (*self._search.tests.get(address, ()), *_tests_of_grid(address, question))
            self._choices[address] = (*_representatives(shape, tests), None)
        return self._choices[address]


def _asked_in_grid(address: Address, question: Question) -> list[Condition]:
    """Give what must hold for a cell to be asked for, beside the condition of its question."""
    found = []
    for test in _tests_of_grid(Address(address.question, address.row, ""), question):
        assert test.address is not None, "a test has an address"
        gate = question.gate
        settles = gate is not None and test.address.column == gate.column and address.column not in gate.settles
        if test.address.column != address.column and not settles:
            found.append(Condition(op=Op.NOT, parts=(test,)))
    return found


def _tests_of_grid(address: Address, question: Question) -> Iterator[Condition]:
    """Go through the tests that settle columns of a row, or take it out; of one column, or of all."""
    if not address.row:
        return
    gate, weighing = question.gate, question.importance_column
    if gate is not None and address.column in {"", gate.column}:
        at = Address(question.id, address.row, gate.column)
        yield Condition(op=Op.IS, address=at, values=gate.answers)
    out = tuple(option.id for option in weighing.options if option.not_applicable) if weighing else ()
    if weighing is not None and out and address.column in {"", weighing.id}:
        yield Condition(op=Op.IS, address=Address(question.id, address.row, weighing.id), values=out)


def _representatives(shape: Field, tests: tuple[Condition, ...]) -> tuple[Value, ...]:
    named = tuple(dict.fromkeys(value for test in tests for value in test.values))
    match shape.kind:
        case Kind.LEVEL:
            return tuple(range(TOP_LEVEL + 1))
        case Kind.INTEGER | Kind.YEAR:
            return _numbers(shape, tests, named)
        case Kind.CHECKLIST:
            return _ticked(shape, named)
        case Kind.AGENCY | Kind.SOURCE | Kind.COUNTRY:
            return _picked(shape, named)
    if shape.kind in _FREE:
        return (*named, _OTHER)
    return _SAID.get(shape.kind) or _chosen(shape, named)


def _chosen(shape: Field, named: tuple[str, ...]) -> tuple[Value, ...]:
    rest = tuple(option.id for option in shape.options if option.id not in named)
    return (*(name for name in named if name in shape.option_by_id), *rest[:1])


def _numbers(shape: Field, tests: tuple[Condition, ...], named: tuple[str, ...]) -> tuple[int, ...]:
    low, high = _YEARS if shape.kind is Kind.YEAR else (-_FAR, _FAR)
    low = shape.minimum if shape.minimum is not None else low
    high = shape.maximum if shape.maximum is not None else high
    steps = {int(name) for name in named if name.removeprefix("-").isascii() and name.removeprefix("-").isdigit()}
    steps |= {test.number for test in tests if test.number is not None}
    near = {low, high} | {number + step for number in steps for step in (-1, 0, 1)}
    return tuple(sorted(number for number in near if low <= number <= high))


def _ticked(shape: Field, named: tuple[str, ...]) -> tuple[Value, ...]:
    """Give what can be ticked: an option that stands alone, or any of the others together."""
    alone = [option.id for option in shape.options if option.exclusive]
    known = [name for name in named if name in shape.option_by_id and name not in alone]
    others = next(([o.id] for o in shape.options if o.id not in named and not o.exclusive), [])
    pool = [*known, *others]
    sizes = range(len(pool) + 1) if len(pool) <= _MOST_TICKED else (0, 1, 2, len(pool))
    return (*(tuple(ticked) for size in sizes for ticked in combinations(pool, size)), *((name,) for name in alone))


def _picked(shape: Field, named: tuple[str, ...]) -> tuple[Value, ...]:
    most = min(shape.most or len(named), len(named)) if shape.many else 1
    sizes = range(1, most + 1) if len(named) <= _MOST_TICKED else (1, most)
    return (*(tuple(picked) for size in sizes for picked in combinations(named, size)), (_OTHER,))
