"""Questions that are never asked, or asked late, because of the answers their conditions test."""

from collections.abc import Iterable, Iterator

from capacity_app.domain.answers import Address, Value
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.instrument import TOP_LEVEL, Field, Instrument, Kind
from capacity_app.domain.problems import N_
from capacity_app.instruments.editing.kinds import RemarkKind, Remarks
from capacity_app.instruments.editing.spots import name_of, question_place
from capacity_app.instruments.findings import inside

_SAID = {Kind.YES_NO: ("yes", "no"), Kind.YES_PARTLY_NO: ("yes", "partly", "no")}
_NUMBERS = frozenset({Kind.INTEGER, Kind.YEAR})


def note_conditions(instrument: Instrument, remarks: Remarks) -> None:
    """Note conditions that no answers can fulfil, and those that wait for a later question."""
    order = {question.id: at for at, question in enumerate(instrument.questions())}
    unreachable: set[str] = set()
    for question in instrument.conditional:
        condition = question.show_if
        assert condition is not None, "the question is asked under a condition"
        where = question_place(instrument.section_of[question.id], question)
        if _is_impossible(condition, instrument, unreachable):
            unreachable.add(question.id)
            message = N_("No answers can fulfil the condition, so this question is never asked.")
            advice = N_("Check the answers that the condition names. Check when the questions it tests are asked.")
            remarks.note(RemarkKind.CONDITION, "never", where, message, advice)
        for name in dict.fromkeys(address.question for address in condition.addresses()):
            if order.get(name, -1) > order[question.id]:
                message = N_("The condition tests {later}, which comes later. The question then appears late.")
                advice = N_("Move {later} before this question.")
                later = name_of(instrument.question_by_id[name])
                remarks.note(RemarkKind.CONDITION, "later", where, message, advice, later=later)
    for entry in instrument.contradictions:
        if _is_impossible(entry.when, instrument, unreachable):
            message = N_("No answers can fulfil the condition of this message, so nobody reads it: “{text}”")
            advice = N_("Check the answers that the condition names.")
            where = inside("", "contradiction", entry.id)
            remarks.note(RemarkKind.CONDITION, "never-contradiction", where, message, advice, text=entry.message)


def _is_impossible(condition: Condition, instrument: Instrument, unreachable: Iterable[str]) -> bool:
    """Return whether a condition surely cannot hold; False where that is not plain from each answer by itself."""
    match condition.op:
        case Op.ANY:
            return all(_is_impossible(part, instrument, unreachable) for part in condition.parts)
        case Op.NOT:
            return False
        case Op.ALL:
            parts = tuple(_flat(condition))
            return any(_is_impossible(part, instrument, unreachable) for part in parts) or _clash(parts, instrument)
    address = condition.address
    assert address is not None, "a test has an address"
    question = instrument.question_by_id.get(address.question)
    return question is None or question.id in unreachable or _clash((condition,), instrument)


def _flat(condition: Condition) -> Iterator[Condition]:
    for part in condition.parts:
        yield from _flat(part) if part.op is Op.ALL else (part,)


def _clash(parts: Iterable[Condition], instrument: Instrument) -> bool:
    """Return whether tests of one answer exclude each other, or all its answers."""
    tests: dict[Address, list[Condition]] = {}
    for part in parts:
        tested = part.parts[0] if part.op is Op.NOT else part
        if tested.address is not None:
            tests.setdefault(tested.address, []).append(part)
    return any(not _may_hold(address, found, instrument) for address, found in tests.items())


def _may_hold(address: Address, tests: list[Condition], instrument: Instrument) -> bool:
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return True
    values = _values(question.column_by_id.get(address.column, question), tests)
    if values is None:
        return True
    return any(all(test.holds({address: value}.get) for test in tests) for value in (*values, None))


def _values(asked: Field, tests: list[Condition]) -> tuple[Value, ...] | None:
    """Return the answers that tests of a question or column can tell apart, None where they are too many to try."""
    if asked.kind is Kind.LEVEL:
        return tuple(range(TOP_LEVEL + 1))
    if asked.kind is Kind.CHOICE:
        return tuple(option.id for option in asked.options)
    if asked.kind in _NUMBERS:
        plain = [test.parts[0] if test.op is Op.NOT else test for test in tests]
        named = {int(value) for test in plain for value in test.values if value.removeprefix("-").isdecimal()}
        named |= {test.number for test in plain if test.number is not None}
        low, high = asked.minimum, asked.maximum
        near = {number + step for number in named for step in (-1, 0, 1)} | {low, high} - {None}
        return tuple(n for n in near if n is not None and (low is None or n >= low) and (high is None or n <= high))
    return _SAID.get(asked.kind)
