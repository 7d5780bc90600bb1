"""What the cells of a line said when the file was made: a line nobody has touched is known by one comparison."""

from collections.abc import Callable, Sequence
from itertools import chain
from operator import itemgetter

from capacity_app.domain.answers import State
from capacity_app.domain.instrument import Field, Kind, Question
from capacity_app.workbook.layout import Slot
from capacity_app.workbook.reader.baseline import NOTHING, Shown, ShownRow
from capacity_app.workbook.reader.decoding import Decoder
from capacity_app.workbook.reader.labels import NO, YES
from capacity_app.workbook.reader.lines import Line
from capacity_app.workbook.reader.notes import EvidenceLines
from capacity_app.workbook.reader.sheets import Raw

_OF_QUESTION = (Slot.STATE, Slot.ANSWER, Slot.REASON, Slot.NOTE, Slot.SOURCE, Slot.REMARKS)
_BESIDE_ROW = (Slot.REASON, Slot.NOTE, Slot.SOURCE, Slot.REMARKS)
_Pick = Callable[[Sequence[Raw]], tuple[Raw, ...]]


def shown_in_cell(decoder: Decoder, question: Question, asked: Field, shown: Shown) -> str | float | None:
    """Return what the cell of an answer said; words for states stand in the cells of tables only."""
    content = shown.content
    if content.state is State.ANSWERED:
        return decoder.shown(question, asked, content.value)
    if asked is question:
        return None
    if shown.is_conflict:
        return decoder.lists.differ
    return None if content.state is State.NOT_ASKED else decoder.lists.states[content.state]


class Expected:
    """Compares whole lines of one workbook with what stood there; a line that differs in anything is for reading."""

    def __init__(self, decoder: Decoder, evidence: EvidenceLines) -> None:
        self._decoder, self._evidence = decoder, evidence
        self._picks: dict[tuple[int, int, str], tuple[_Pick, tuple[str, ...]] | None] = {}

    def is_question(self, line: Line, question: Question, shown: Shown) -> bool:
        """Return whether the line of a question says what it said; a checklist's options are for reading."""
        if question.kind is Kind.CHECKLIST or (picked := self._picked(line, "", _OF_QUESTION)) is None:
            return False
        cells, strange = picked
        content = shown.content
        return cells[0] in self._states(shown) and cells[1:] == (
            _cell(shown_in_cell(self._decoder, question, question, shown)),
            content.reason,
            content.note,
            self._evidence.shown(content.evidence),
            "",
            *strange,
        )

    def _states(self, shown: Shown) -> tuple[str, ...]:
        """Return what the state may say: in a blank form nothing."""
        lists, state = self._decoder.lists, shown.content.state
        if shown.is_conflict:
            return (lists.differ,)
        return (lists.states[state], "") if state is State.NOT_ASKED else (lists.states[state],)

    def is_tick(self, line: Line, *, tick: bool | None) -> bool:
        """Return whether the line of a checklist's option says what it said."""
        picked = self._picked(line, "", _OF_QUESTION)
        if picked is None:
            return False
        word = "" if tick is None else self._decoder.lists.ticks.by_id[YES if tick else NO]
        return picked[0] == ("", word, "", "", "", "", *picked[1])

    def is_whole(self, line: Line, question: Question, shown: Shown) -> bool:
        """Return whether the line about a table as a whole says what it said."""
        picked = self._picked(line, question.id, (*question.column_by_id, *_BESIDE_ROW))
        content = shown.content
        reason = content.reason if content.state is State.NOT_APPLICABLE else ""
        beside = (reason, content.note, self._evidence.shown(content.evidence), "")
        return picked is not None and picked[0] == (*[""] * len(question.columns), *beside, *picked[1])

    def is_row(self, line: Line, question: Question, shown: ShownRow) -> bool:
        """Return whether the line of a table's row says what it said."""
        picked = self._picked(line, question.id, (*question.column_by_id, *_BESIDE_ROW))
        if picked is None:
            return False
        cells, strange = picked
        decoder, by_column = self._decoder, shown.cells
        answers = [
            "" if (one := by_column[column.id]) is NOTHING else _cell(shown_in_cell(decoder, question, column, one))
            for column in question.columns
        ]
        return cells == (*answers, shown.reason, shown.note, self._evidence.shown(shown.evidence), "", *strange)

    def _picked(self, line: Line, name: str, slots: Sequence[str]) -> tuple[tuple[Raw, ...], tuple[str, ...]] | None:
        """Pick the cells of a line, and nothing for those where nothing belongs; None for a line that is not plain."""
        first = line.first
        if len(line.parts) > 1 or not line.is_whole or not first.sheet.is_plain:
            return None
        key = (id(first.sheet), id(first.ruler), name)
        if key not in self._picks:
            columns = [first.ruler.get(slot, ()) for slot in slots]
            strange = first.sheet.strange_to(first.ruler)
            is_plain = all(len(found) == 1 and found[0] < first.sheet.width for found in columns)
            pick = itemgetter(*chain.from_iterable(columns), *strange)
            self._picks[key] = (pick, ("",) * len(strange)) if is_plain else None
        found = self._picks[key]
        if found is None:
            return None
        cells = found[0](first.sheet.sheet.rows[first.row])
        # To Python a logical value equals the number one.
        return None if bool in map(type, cells) else (cells, found[1])


def _cell(shown: str | float | None) -> str | float:
    return "" if shown is None else shown
