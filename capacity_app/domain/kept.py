"""Answers of an earlier version that wait to be confirmed: where, as what, and what confirming one changes.

An answer waits as long as its place is wanted and whoever gave it has not answered there anew; so nothing has to be
stored when somebody does, and taking that back brings the offer back.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from capacity_app.domain.answers import Address, Answer, AnswerKey, Content, Layer, State, Value
from capacity_app.domain.assessment import KeptAnswer, KeptFate
from capacity_app.domain.checking import check_content
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.sheet import Block, Standing

Said = Callable[[AnswerKey], Content]
"""Gives what is said under a key now."""


def stored_value(value: Value) -> str:
    """Write a value as an entry holds it: as JSON, empty for none."""
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def said_value(entry: KeptAnswer) -> Value:
    """Read an entry's value; None for none, and for what is no value."""
    try:
        value = json.loads(entry.value) if entry.value else None
    except ValueError:
        return None
    if isinstance(value, list):
        return tuple(value) if all(isinstance(one, str) for one in value) else None
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def content_of(entry: KeptAnswer) -> Content:
    """Return what an entry says, in terms of the place it may be confirmed at."""
    state = State(entry.state) if entry.state in set(State) else State.NOT_ASKED
    return Content(
        state=state,
        value=said_value(entry) if state is State.ANSWERED else None,
        reason=entry.reason,
        note=entry.note,
        evidence=entry.evidence,
    )


def proposed_by(entry: KeptAnswer) -> Answer | None:
    """Return the answer an entry becomes once it is confirmed; None if it is not to be confirmed."""
    if entry.fate is not KeptFate.TO_CONFIRM or entry.layer not in set(Layer):
        return None
    try:
        key = AnswerKey(Address.parse(entry.target), Layer(entry.layer), entry.respondent)
    except ValueError:
        return None
    return Answer(key=key, content=content_of(entry), author=entry.author, time=entry.time, language=entry.language)


def waiting_by_place(instrument: Instrument, entries: Iterable[KeptAnswer]) -> dict[Address, tuple[KeptAnswer, ...]]:
    """Group the entries that may be confirmed by their place; what may not be said there is no offer."""
    found: dict[Address, tuple[KeptAnswer, ...]] = {}
    for entry in entries:
        answer = proposed_by(entry)
        if answer is not None and check_content(instrument, answer.key, answer.content)[1] is None:
            found[answer.key.address] = (*found.get(answer.key.address, ()), entry)
    return found


def waiting_in(
    block: Block, by_place: Mapping[Address, tuple[KeptAnswer, ...]], said: Said
) -> Iterator[tuple[Address, tuple[KeptAnswer, ...]]]:
    """Go through the places of a question where answers wait, in printed order."""
    if block.is_hidden:
        return
    for address in _wanted(block):
        open_ = tuple(entry for entry in by_place.get(address, ()) if _is_open(entry, said))
        if open_:
            yield address, open_


def _wanted(block: Block) -> Iterator[Address]:
    if block.question.rows:
        yield Address(block.question.id)
    rows: set[str] = set()
    for item in block.items:
        if item.standing is not Standing.WANTED:
            continue
        if item.row is not None and item.row.id not in rows:
            rows.add(item.row.id)
            yield Address(block.question.id, item.row.id)
        yield item.address


def _is_open(entry: KeptAnswer, said: Said) -> bool:
    answer = proposed_by(entry)
    return answer is not None and said(answer.key).state is State.NOT_ASKED


def confirmed(entry: KeptAnswer, own: Content) -> tuple[AnswerKey, Content]:
    """Return the answer that confirming an entry records; a note and evidence that are there already stay."""
    answer = proposed_by(entry)
    assert answer is not None, "only what waits is confirmed"
    notes = dict.fromkeys(note for note in (answer.content.note, own.note) if note)
    evidence = tuple(dict.fromkeys((*answer.content.evidence, *own.evidence)))
    return answer.key, replace(answer.content, note="\n".join(notes), evidence=evidence)


def let_go(entry: KeptAnswer) -> KeptAnswer:
    """Keep an answer only as what was said under the earlier version."""
    return replace(entry, fate=KeptFate.RETIRED, target="")


def rivals(entry: KeptAnswer, entries: Iterable[KeptAnswer]) -> tuple[KeptAnswer, ...]:
    """Return the other offers of the same voice for the same place, of which only one can be the answer."""
    mine = (entry.target, entry.layer, entry.respondent)
    return tuple(
        one
        for one in entries
        if one.id != entry.id and one.fate is KeptFate.TO_CONFIRM and (one.target, one.layer, one.respondent) == mine
    )


def asked_at(instrument: Instrument, address: Address) -> tuple[str, str]:
    """Return the printed number and the wording of a place in the instrument's own words: question, row, column."""
    question = instrument.question_by_id.get(address.question)
    if question is None:
        return "", str(address)
    row, column = question.row_by_id.get(address.row), question.column_by_id.get(address.column)
    number = f"{question.number} {row.number}".strip() if row else question.number
    parts = (question.text, row.label if row else address.row, column.label if column else address.column)
    return number, "\n".join(part for part in parts if part)
