"""The columns of the sheets of questions: what stands where, and how wide it is."""

from collections.abc import Sequence

from capacity_app.bilingual import second_texts
from capacity_app.domain.instrument import Column, Kind, Question, Section
from capacity_app.wording import Wording
from capacity_app.workbook.layout import QUESTION_SLOTS, ROW_SLOTS, Slot

_NUMBER_WIDTH, _TEXT_WIDTH, _TEXT_WIDTH_OF_TWO = 8.0, 54.0, 46.0
_WIDE_ANSWER = 38.0
"""The width of answers that are texts."""
_SLOT_WIDTHS: dict[Slot, float] = {
    Slot.ANSWER: 24,
    Slot.STATE: 14,
    Slot.WHO: 16,
    Slot.REASON: 20,
    Slot.NOTE: 30,
    Slot.SOURCE: 22,
    Slot.REMARKS: 26,
}
_COLUMN_WIDTHS: dict[Kind, float] = {
    Kind.LEVEL: 13,
    Kind.YES_NO: 13,
    Kind.YES_PARTLY_NO: 13,
    Kind.YEAR: 11,
    Kind.PERCENT: 12,
    Kind.DATE: 14,
    Kind.INTEGER: 15,
    Kind.AGENCY: 16,
    Kind.CHOICE: 17,
}
_WIDE_COLUMN = 23.0


def leading_slots(words: Wording) -> tuple[Slot, ...]:
    """Return the columns before the answers, on every sheet of questions."""
    return (Slot.NUMBER, Slot.TEXT, Slot.SECOND) if second_texts(words) else (Slot.NUMBER, Slot.TEXT)


def row_slots_start(question: Question, first_slot: int) -> int:
    """Return the column where the slots of a table's row begin; small tables line up with the questions."""
    return first_slot + max(len(question.columns), 2)


def _column_width(column: Column) -> float:
    return _COLUMN_WIDTHS.get(column.kind, _WIDE_COLUMN)


def _is_text(question: Question) -> bool:
    return question.kind in {Kind.TEXT, Kind.LONG_TEXT}


def section_widths(section: Section, leading: Sequence[Slot]) -> list[float]:
    """Fit the columns to the questions and to every table of a part."""
    first_slot = len(leading) + 1
    wanted: dict[int, float] = {}

    def want(place: int, width: float) -> None:
        wanted[place] = max(width, wanted.get(place, 0))

    for question in section.questions:
        if question.kind is not Kind.GRID:
            for place, slot in enumerate(QUESTION_SLOTS, start=first_slot):
                want(place, _WIDE_ANSWER if slot is Slot.ANSWER and _is_text(question) else _SLOT_WIDTHS[slot])
            continue
        for place, column in enumerate(question.columns, start=first_slot):
            want(place, _column_width(column))
        for place, slot in enumerate(ROW_SLOTS, start=row_slots_start(question, first_slot)):
            want(place, _SLOT_WIDTHS[slot])
    last = max(wanted, default=first_slot)
    texts = [_TEXT_WIDTH] if Slot.SECOND not in leading else [_TEXT_WIDTH_OF_TWO] * 2
    return [_NUMBER_WIDTH, *texts, *(wanted.get(place, 12.0) for place in range(first_slot, last + 1))]
