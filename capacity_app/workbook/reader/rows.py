"""The rows of a table, and the line about a table as a whole."""

from collections.abc import Iterator
from dataclasses import replace

from capacity_app.domain.answers import Address, Content, State, Value
from capacity_app.domain.instrument import Question, Row
from capacity_app.domain.problems import N_
from capacity_app.workbook.layout import ROW_SLOTS, Slot
from capacity_app.workbook.reader.baseline import Baseline, Shown, ShownRow
from capacity_app.workbook.reader.decoding import Unreadable
from capacity_app.workbook.reader.lines import NO_ANSWER_HERE, inside
from capacity_app.workbook.reader.notes import NOTE, Changes, changed_notes
from capacity_app.workbook.reader.reading import Reading

OUT_BY_ANOTHER = N_("This row does not apply because of an answer in another cell: change that one to bring it back.")
_BESIDE: tuple[str, ...] = (Slot.REASON, Slot.NOTE, Slot.SOURCE)
Settled = tuple[State, Value]


def read_row(reading: Reading, baseline: Baseline, question: Question, row: Row, shown: ShownRow) -> None:
    """Read a table's row: its cells, why it does not apply, its notes and evidence."""
    address = Address(question.id, row.id)
    if not reading.is_whole:
        reading.returned(address, shown.cells[""], shown.cells[""].content, (Slot.ANSWER,))
        return
    said = {column.id: _cell(reading, question, column.id, shown) for column in question.columns}
    said[""] = _applies(reading, row, shown)
    changes = _notes(reading, baseline, question, address, shown)
    removed = reading.sources(address, shown.evidence)
    reading.remark(address)
    for column, settled in said.items():
        at = Address(question.id, row.id, column)
        now = _changed(shown.cells[column].content, settled, at, changes, removed)
        reading.returned(at, shown.cells[column], now, tuple(_slots(column, shown.cells[column].content, now)))


def read_whole(reading: Reading, question: Question, shown: Shown) -> None:
    """Read the line about a table as a whole, on which only what stands beside the cells means anything."""
    address, before = Address(question.id), shown.content
    reading.found.unplaced += inside(reading.line, lambda slot: slot not in ROW_SLOTS, NO_ANSWER_HERE)
    if not reading.is_whole:
        reading.returned(address, shown, before, (Slot.ANSWER,))
        return
    shown_reason = before.reason if before.state is State.NOT_APPLICABLE else ""
    reason = reading.text(Slot.REASON, shown_reason)
    now = replace(before, note=reading.text(Slot.NOTE, before.note))
    if reason != shown_reason:
        state = State.NOT_APPLICABLE if reason else State.NOT_ASKED
        now = replace(now, state=state, value=None, reason=reason)
    removed = reading.sources(address, before.evidence)
    now = replace(now, evidence=tuple(entry for entry in before.evidence if entry not in removed))
    reading.remark(address)
    reading.returned(address, shown, now, tuple(_slots("", before, now)))


def _cell(reading: Reading, question: Question, column_id: str, shown: ShownRow) -> Settled | None:
    """Read one cell; None where nobody has changed it, or somebody has taken out its column."""
    if not reading.line.has(column_id):
        return None
    column = question.column_by_id[column_id]
    said = reading.answer(question, column, column_id, shown.cells[column_id])
    return (said.state, said.value) if said else None


def _applies(reading: Reading, row: Row, shown: ShownRow) -> tuple[State, str] | None:
    """Read why the row does not apply; None where nobody has changed that.

    Taking out the instrument's own reason makes the row apply.
    """
    reason = reading.text(Slot.REASON, shown.reason)
    if reason == shown.reason:
        return None
    if reason:
        return State.NOT_APPLICABLE, reason
    is_said = shown.cells[""].content.state is State.NOT_APPLICABLE
    if not is_said and not row.preset_reason:
        reading.refuse(Slot.REASON, Unreadable("reason", OUT_BY_ANOTHER))
        return None
    return (State.ANSWERED if row.preset_reason else State.NOT_ASKED), ""


def _notes(reading: Reading, baseline: Baseline, question: Question, address: Address, shown: ShownRow) -> Changes:
    """Read the row's notes; where it cannot be told whose was changed, the text is kept as a remark."""
    text = reading.text(Slot.NOTE, shown.note)
    if text == shown.note:
        return {}
    prefixes = {column.id: baseline.prefix(question, column.id) for column in question.columns}
    changes = changed_notes(text, address, shown.notes, prefixes)
    if changes is None:
        reading.add_remark(address, Slot.NOTE, text)
    return changes or {}


def _changed(
    before: Content, settled: Settled | None, at: Address, changes: Changes, removed: tuple[str, ...]
) -> Content:
    """Put together what is said at one address of a row now."""
    if settled is None and not changes and not removed:
        return before
    now = before
    if settled is not None:
        state, said = settled
        # What is said of a row as a whole is not a value but the reason why it does not apply.
        now = replace(now, state=state, value=said) if at.column else replace(now, state=state, reason=str(said))
    texts = {name: changes.get((at, name), getattr(now, name)) for name in ("reason", NOTE)}
    evidence = tuple(entry for entry in now.evidence if entry not in removed)
    return replace(now, reason=texts["reason"], note=texts[NOTE], evidence=evidence)


def _slots(column: str, before: Content, now: Content) -> Iterator[str]:
    """Order the cells of an address so that the one that was changed comes first."""
    is_said_here = (before.state, before.value) != (now.state, now.value)
    if column:
        if not is_said_here and before.evidence != now.evidence:
            yield Slot.SOURCE
        if not is_said_here and (before.note, before.reason) != (now.note, now.reason):
            yield Slot.NOTE
        yield column
        return
    if before.note != now.note and not is_said_here:
        yield Slot.NOTE
    if before.evidence != now.evidence and not is_said_here:
        yield Slot.SOURCE
    yield from _BESIDE
