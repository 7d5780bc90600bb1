"""A question that is no table: its answer and state, its options, and what stands beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.instrument import Kind, Question
from capacity_app.domain.problems import N_
from capacity_app.workbook.layout import Slot
from capacity_app.workbook.reader.baseline import Shown
from capacity_app.workbook.reader.decoding import NOTHING, Said, Unreadable
from capacity_app.workbook.reader.lines import NO_ANSWER_HERE, Line, inside
from capacity_app.workbook.reader.reading import Reading

CONTRADICTION = N_("There is an answer, and the state beside it was changed too, to “{state}”.")
NO_ANSWER = N_("The state says “{state}”, and there is no answer.")
STATE_TAKEN_OUT = N_("There is an answer, and the state beside it was taken out: the answer counts.")
TWO_COPIES = N_("This line stands in the file more than once, with different contents.")
Options = Mapping[str, Sequence[Line]]
"""The lines of a checklist's options, with their copies."""


def read_question(reading: Reading, question: Question, shown: Shown, options: Options) -> None:
    """Read the line of a question, and those of its options."""
    address, before = Address(question.id), shown.content
    if not reading.is_whole:
        reading.returned(address, shown, before, (Slot.ANSWER,))
        return
    said = _said(reading, question, shown, options)
    state = reading.attempt(Slot.STATE, lambda: _state(reading, shown), before.state)
    settled, value = _agreed(reading, before, said, state)
    removed = reading.sources(address, before.evidence)
    now = replace(
        before,
        state=settled,
        value=value,
        reason=reading.text(Slot.REASON, before.reason),
        note=reading.text(Slot.NOTE, before.note),
        evidence=tuple(entry for entry in before.evidence if entry not in removed),
    )
    reading.remark(address)
    reading.returned(address, shown, now, _slots(before, now, said))


def _slots(before: Content, now: Content, said: Said | None) -> tuple[str, ...]:
    """Order the cells of a question so that the first one changed comes first."""
    changed = (
        (Slot.ANSWER, said is not None),
        (Slot.STATE, before.state is not now.state),
        (Slot.REASON, before.reason != now.reason),
        (Slot.NOTE, before.note != now.note),
        (Slot.SOURCE, before.evidence != now.evidence),
    )
    return tuple(slot for slot, _ in sorted(changed, key=lambda one: not one[1]))


def _said(reading: Reading, question: Question, shown: Shown, options: Options) -> Said | None:
    """Read the answer; None where nobody has changed it."""
    if question.kind is not Kind.CHECKLIST:
        return reading.answer(question, question, Slot.ANSWER, shown)
    reading.found.unplaced += inside(reading.line, lambda slot: slot == Slot.ANSWER, NO_ANSWER_HERE)
    return reading.attempt(Slot.ANSWER, lambda: _ticked(reading, question, shown, options), None)


def _ticked(reading: Reading, question: Question, shown: Shown, options: Options) -> Said | None:
    content = shown.content
    before: dict[str, bool | None] = {
        option.id: option.id in content.value if isinstance(content.value, tuple) else None
        for option in question.options
    }
    now = {option: _tick(reading, options.get(option, ()), tick) for option, tick in before.items()}
    if now == before:
        return None
    if all(tick is None for tick in now.values()):
        return NOTHING
    value = tuple(option for option, tick in now.items() if tick)
    if value == content.value:
        return None
    return reading.decoder.allowed(question, Said(State.ANSWERED, value))


def _tick(reading: Reading, copies: Sequence[Line], shown: bool | None) -> bool | None:  # noqa: FBT001 - a tick is one
    """Read one option; of its copies those count that somebody has changed."""
    changed: list[bool | None] = []
    for line in copies:
        own = Reading(line, reading.decoder, reading.evidence, reading.sender)
        own.look_outside()
        tick = own.attempt(Slot.ANSWER, own.tick, shown)
        own.found.unplaced += inside(line, lambda slot: slot != Slot.ANSWER, NO_ANSWER_HERE)
        reading.wrong |= own.wrong
        reading.found.add(own.found)
        if tick is not shown:
            changed.append(tick)
            reading.elsewhere.setdefault(Slot.ANSWER, line.place(Slot.ANSWER))
    if len(set(changed)) > 1:
        raise Unreadable("copies", TWO_COPIES)
    return changed[0] if changed else shown


def _state(reading: Reading, shown: Shown) -> State:
    """Read the state; where agencies differed, those words are none."""
    raw = reading.line.raw(Slot.STATE)
    if shown.is_conflict and reading.decoder.is_conflict(raw):
        return State.NOT_ASKED
    return reading.decoder.state(raw) if reading.line.has(Slot.STATE) else shown.content.state


def _agreed(reading: Reading, before: Content, said: Said | None, state: State) -> tuple[State, Value]:
    """Settle what answer and state say together, or note that they contradict."""
    try:
        return _settled(reading, before, said, state)
    except Unreadable as error:
        reading.refuse(Slot.STATE if error.message == NO_ANSWER else Slot.ANSWER, error)
        return before.state, before.value


def _settled(reading: Reading, before: Content, said: Said | None, state: State) -> tuple[State, Value]:
    """Settle what answer and state say together; raises Unreadable where both were changed and contradict."""
    is_set = state is not before.state
    if said is None:
        return _by_state(reading, before, state) if is_set else (before.state, before.value)
    if said.state is State.NOT_ASKED:
        if is_set and state is State.ANSWERED:
            raise _contradiction(reading, NO_ANSWER, state)
        return (state if is_set else State.NOT_ASKED), None
    if is_set and state not in {State.NOT_ASKED, said.state}:
        raise _contradiction(reading, CONTRADICTION, state)
    return said.state, said.value


def _by_state(reading: Reading, before: Content, state: State) -> tuple[State, Value]:
    """Take a state that was changed alone; taking it out does not take out the answer beside it."""
    if before.value is None:
        if state is State.ANSWERED:
            raise _contradiction(reading, NO_ANSWER, state)
        return state, None
    if state is State.NOT_ASKED:
        reading.warn("state", Slot.STATE, STATE_TAKEN_OUT)
        return before.state, before.value
    return state, None


def _contradiction(reading: Reading, message: str, state: State) -> Unreadable:
    return Unreadable("state", message, state=reading.decoder.lists.states[state])
