"""What a workbook showed when it was made, worked out again from the answers that it records for programs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from capacity_app.domain.answers import EMPTY, Address, Answer, Content, Layer, State, by_address
from capacity_app.domain.effective import effective
from capacity_app.domain.instrument import Field, Question, Row
from capacity_app.domain.sheet import lay_out_question
from capacity_app.wording import Wording
from capacity_app.workbook.tables import out_reason
from capacity_app.workbook.voices import counting, noted

_LAYERS = tuple(Layer)


class Shown(NamedTuple):
    """What stood at one place: the answer there, whose it was, and whether agencies differed instead.

    An answer that says nothing is ``EMPTY`` itself. ``formerly`` is the text that version 0.6.0 showed of several.
    """

    content: Content = EMPTY
    respondent: str = ""
    is_conflict: bool = False
    formerly: str = ""


NOTHING = Shown()


class Noted(NamedTuple):
    """A text among a row's notes: of which address, whether its "reason" or its "note", and before it the column."""

    address: Address
    name: str
    text: str
    prefix: str = ""

    @property
    def shown(self) -> str:
        return f"{self.prefix}{self.text}"


class ShownRow(NamedTuple):
    """What stood in a table's row: its cells by column and the row itself under an empty name, and beside them.

    ``reason`` is what the cell "does not apply because" said, be it the answer's or the instrument's.
    """

    cells: Mapping[str, Shown]
    reason: str
    notes: tuple[Noted, ...]
    evidence: tuple[str, ...]

    @property
    def note(self) -> str:
        return "\n".join([one.shown for one in self.notes]) if self.notes else ""


class Baseline:
    """Gives what every place showed; ``words`` are in the language of the workbook."""

    def __init__(self, answers: Iterable[Answer], words: Wording) -> None:
        self._answers = by_address(answer for answer in answers if not answer.content.is_empty)
        self._words = words
        self._rows: dict[tuple[str, str], dict[str, list[Answer]]] = {}
        for at, said in self._answers.items():
            self._rows.setdefault((at.question, at.row), {})[at.column] = said
        self._empty: dict[str, Mapping[str, Shown]] = {}
        self._prefixes: dict[tuple[str, str], str] = {}

    def question(self, question: Question) -> Shown:
        """Return what stood beside a question that is no table, or on the line about a table as a whole."""
        return _shown(_in_order(self._answers.get(Address(question.id), [])), question)

    def rows(self, question: Question) -> dict[str, ShownRow]:
        """Return what stood in the rows of a table."""
        reasons = self._reasons(question)
        return {row.id: self._row(question, row, reasons.get(row.id, "")) for row in question.rows}

    def _reasons(self, question: Question) -> dict[str, str]:
        """Return why rows do not apply; laying a table out takes time, and few have such rows."""
        rows = [row for row in question.rows if self._may_be_out(question, row)]
        if not rows:
            return {}
        # A spare row is told by not being the first.
        kept = rows if rows[0] is question.rows[0] else [question.rows[0], *rows]
        block = lay_out_question(replace(question, rows=tuple(kept)), self._answers, {})
        return {row.id: out_reason(self._words, block, row) for row in rows}

    def _may_be_out(self, question: Question, row: Row) -> bool:
        given = self._rows.get((question.id, row.id), {})
        if row.preset_reason or "" in given:
            return True
        weighing = question.importance_column
        if weighing is None or weighing.id not in given:
            return False
        chosen = (weighing.option_by_id.get(str(answer.content.value)) for answer in given[weighing.id])
        return any(option is not None and option.not_applicable for option in chosen)

    def _row(self, question: Question, row: Row, reason: str) -> ShownRow:
        given = self._rows.get((question.id, row.id))
        if not given:
            return ShownRow(self._nothing(question), reason, (), ())
        said = {"": _in_order(given.get("", []))}
        for column in question.columns:
            said[column.id] = _in_order(given.get(column.id, []))
        every = [answer for answers in said.values() for answer in answers]
        cells = {name: _shown(answers, question.column_by_id.get(name)) for name, answers in said.items()}
        if len({(answer.key.layer, answer.key.respondent) for answer in every}) > 1:
            # Beside several voices stands nothing: what each of them noted is below, locked.
            return ShownRow({name: _without_notes(name, cell) for name, cell in cells.items()}, reason, (), ())
        evidence = tuple(dict.fromkeys(entry for answer in every for entry in answer.content.evidence))
        return ShownRow(cells, reason, tuple(self._noted(question, every)), evidence)

    def _nothing(self, question: Question) -> Mapping[str, Shown]:
        """Return the cells of a row in which nobody has said anything."""
        if question.id not in self._empty:
            self._empty[question.id] = dict.fromkeys(("", *question.column_by_id), NOTHING)
        return self._empty[question.id]

    def _noted(self, question: Question, answers: Iterable[Answer]) -> Iterator[Noted]:
        for answer, name, text in noted(answers):
            address = answer.key.address
            yield Noted(address, name, text, self.prefix(question, address.column))

    def prefix(self, question: Question, column_id: str) -> str:
        """Return what stands before a note on a column: its name in the language of the workbook."""
        key = (question.id, column_id)
        if key not in self._prefixes:
            column = question.column_by_id.get(column_id)
            self._prefixes[key] = f"{self._words.column(question, column)}: " if column else ""
        return self._prefixes[key]


def _in_order(said: list[Answer]) -> list[Answer]:
    """Return the answers of a place as they are listed: by layer, then by respondent."""
    if len(said) < 2:  # noqa: PLR2004 - two can be in order
        return said
    return sorted(said, key=lambda answer: (_LAYERS.index(answer.key.layer), answer.key.respondent))


def _shown(said: Sequence[Answer], asked: Field | None) -> Shown:
    """Return what counts, with the reason and note of the one voice there is, or whose answer counts."""
    if not said:
        return NOTHING
    if len(said) == 1:
        return Shown(said[0].content, _respondent(said[0]))
    found = effective(said, asked)
    counted = counting(found, said)
    only = counted[0] if len(counted) == 1 else None
    beside = only.content if only else Content(reason=found.reason, evidence=found.evidence)
    state = State.NOT_ASKED if found.conflict else found.state
    content = replace(beside, state=state, value=None if found.conflict else found.value)
    respondent = _respondent(only) if only else ""
    formerly = next((value for _, value in found.voices if isinstance(value, str)), "")
    return Shown(EMPTY if content.is_empty else content, respondent, bool(found.conflict), formerly)


def _respondent(answer: Answer) -> str:
    return answer.key.respondent if answer.key.layer is Layer.RESPONSE else ""


def _without_notes(column: str, shown: Shown) -> Shown:
    """Leave out what was not to be seen; why the row as a whole does not apply was."""
    content = shown.content
    reason = "" if column else content.reason
    seen = Content(state=content.state, value=content.value, reason=reason)
    return shown._replace(content=EMPTY if seen.is_empty else seen)
