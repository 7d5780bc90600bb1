"""Names and marks that the writer of the workbook writes and its reader looks for: ids of lines and of columns.

A reader never counts cells. On every sheet for people column A is hidden and says what a line is about
(``LineMark``, ``entry_mark``, ``RETURN_MARKS``), and a hidden ruler line says what its columns are:

* the line marked ``FIELDS_MARK`` names the columns of questions and registers ("@answer", "@state" …);
* the line marked ``columns_mark(question)`` names the columns of that question's table, wherever its
  lines have been moved on the sheet: ids of the instrument, and "@reason", "@note" … for the row as a whole.
  On the line of a whole table (its mark is the question alone) only the latter mean anything.

A value beside a state that is empty or says "not asked" is an answer: people fill in the one and forget the other.

A text too long for one cell goes on in the same column of the next line, whose mark is the same with
"+2", "+3" …: the parts joined are the text, character by character. Sheets may have any name: ``META_SHEET``
keeps which sheet was written under which name, for messages only.
"""

from dataclasses import fields
from enum import StrEnum

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import Question, QuestionField
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, ValueType
from capacity_app.outputs.content.identity import IDENTITY_KEYS

WORKBOOK_FORMAT = "1"
"""Version of this contract; a reader refuses a higher one."""

CELL_LIMIT = 32_767
"""UTF-16 units in one cell."""
SHEET_NAME_LIMIT = 31
FORBIDDEN_IN_SHEET_NAMES = frozenset("[]:*?/\\'")

META_SHEET = "_capacity"
"""Hidden: what the file is, as key and value."""
HEADS_SHEET = "_heads"
"""Hidden: the revisions every answer in this file says what they say; a returned answer was built on them."""
LISTS_SHEET = "_lists"
"""Hidden: the entries of the drop-down lists, as list, label and id."""
ANSWERS_SHEET = "answers"
"""Every answer as it is stored, one line per address, layer and respondent."""
SCORES_SHEET = "scores"
GAPS_SHEET = "gaps"
ACTIONS_SHEET = "actions"
CODEBOOK_SHEET = "codebook"
"""What the columns of the sheets for programs mean, and their codes."""
RESERVED_SHEETS = (
    META_SHEET,
    HEADS_SHEET,
    LISTS_SHEET,
    ANSWERS_SHEET,
    SCORES_SHEET,
    GAPS_SHEET,
    ACTIONS_SHEET,
    CODEBOOK_SHEET,
)

META_COLUMNS = ("key", "value")
META_KEYS = (*IDENTITY_KEYS, "recorded")
"""``exported`` is the moment of the last answer, so that equal dossiers give equal bytes; ``recorded`` the hash of the
answers in this copy. Below them stands one "sheet …" key per sheet, with the name it was given."""

CONTENT_KEY = "content"
"""What the workbook was printed from, in as many lines with this key as it takes (``services.reports``)."""

ANSWER_COLUMNS = (
    "question", "row", "column", "layer", "respondent", "state", "value", "reason", "note", "evidence", "author",
    "time", "language", "part",
)  # fmt: skip
"""Levels, numbers, years and percentages are numbers; lists are ids joined by ``LIST_JOINT``. A text too long for
a cell goes on in the next line, with the same key and the next ``part``."""
SCORE_COLUMNS = (
    "id", "score", "lower", "upper", "target", "coverage", "na_share", "band", "status", "verified", "evidence_index",
    "equal_sections", "equal_items", "geometric", "own_weights", "spread", "robust", "lowest",
)  # fmt: skip
OVERALL = "overall"
"""The ``id`` of the overall score's line."""
GAP_COLUMNS = (
    "address", "section", "number", "open", "level", "target", "steps", "importance", "severity", "class",
    "feasibility", "priority", "actions", "note", "commitments", "strategy_item", "part",
)  # fmt: skip
"""``open`` is 1 for a place to verify, whose severity is its worst case."""
_ACTION = tuple(field.name for field in fields(Action))
ACTION_COLUMNS = (*_ACTION[:3], "severity", *_ACTION[3:], "part")
_SINCE_VERSION_0_7 = {"amount", "currency", "funded", "funding_source", "commitments", "strategy_item"}
FIRST_GAP_COLUMNS, FIRST_ACTION_COLUMNS = (
    tuple(name for name in columns if name not in _SINCE_VERSION_0_7) for columns in (GAP_COLUMNS, ACTION_COLUMNS)
)
"""The columns that workbooks of every version have."""
CODEBOOK_COLUMNS = ("sheet", "variable", "code", "label", "meaning")
WHOSE_COLUMNS = ("country", "round", "assessment")
_WORDS = ("number", "question_text", "row_text", "column_text", "label")
DATA_SHEETS = {
    ANSWERS_SHEET: (*WHOSE_COLUMNS, *ANSWER_COLUMNS[:-1], *_WORDS, ANSWER_COLUMNS[-1]),
    SCORES_SHEET: (*WHOSE_COLUMNS, *SCORE_COLUMNS),
    GAPS_SHEET: (*WHOSE_COLUMNS, *GAP_COLUMNS),
    ACTIONS_SHEET: (*WHOSE_COLUMNS, *ACTION_COLUMNS),
}
"""The columns of the sheets for programs; workbooks up to version 0.6 had none of ``WHOSE_COLUMNS`` and no words."""
LIST_COLUMNS = ("list", "label", "id")
HEAD_COLUMNS = ("address", "layer", "respondent", "heads")
"""One line per answer there has ever been, taken back ones too; ``heads`` are "device:counter" joined by
``LIST_JOINT``, more than one where laptops differ."""

LIST_JOINT = "; "
"""Between several entries in one cell, for people (labels) as for machines (ids)."""

MARK_COLUMN = 0
FIELDS_MARK = "@fields"
SAID_MARK = "@said"
"""What is only said, such as headings, or what one of several respondents said: nothing to read back.

Every line with words of ours has a mark, so that one without was typed by somebody."""
TOTAL_MARK = "@total"


class ColumnSlot(StrEnum):
    """What a column is, on a ruler; ids of the instrument never begin with "@"."""

    NUMBER = "@number"
    TEXT = "@text"
    ANSWER = "@answer"
    STATE = "@state"
    WHO = "@who"
    REASON = "@reason"
    NOTE = "@note"
    SOURCE = "@source"
    SECOND = "@second"
    REMARKS = "@remarks"
    SAID = "@said"


QUESTION_SLOTS = (
    ColumnSlot.ANSWER,
    ColumnSlot.STATE,
    ColumnSlot.WHO,
    ColumnSlot.REASON,
    ColumnSlot.NOTE,
    ColumnSlot.SOURCE,
    ColumnSlot.REMARKS,
)
ROW_SLOTS = (ColumnSlot.WHO, ColumnSlot.REASON, ColumnSlot.NOTE, ColumnSlot.SOURCE, ColumnSlot.REMARKS)
"""What stands beside the cells of a table's row; a reason there says why the row does not apply."""
EDITABLE_SLOTS = frozenset(
    {ColumnSlot.ANSWER, ColumnSlot.STATE, ColumnSlot.REASON, ColumnSlot.NOTE, ColumnSlot.SOURCE, ColumnSlot.REMARKS}
)


@dataclass(frozen=True, slots=True)
class LineMark:
    """What a line is about: an address, one option of a checklist, and which part of a long text (from 1)."""

    address: Address
    option: str = ""
    part: int = 1

    def __str__(self) -> str:
        option = f"#{self.option}" if self.option else ""
        return continued(f"{self.address}{option}", self.part)

    @classmethod
    def parse(cls, text: str) -> "LineMark":
        """Read "vi.census-items#birth+2"; raises ValueError on anything that is no mark of an answer."""
        place, _, part = text.partition("+")
        address, _, option = place.partition("#")
        if text.startswith("@"):
            raise ValueError(text)
        return cls(Address.parse(address), option, int(part) if part else 1)


def continued(mark: str, part: int) -> str:
    """Mark a part of a long text; the first part has the plain mark."""
    return mark if part == 1 else f"{mark}+{part}"


def columns_mark(question_id: str) -> str:
    return f"@columns {question_id}"


def entry_mark(register: str, entry_id: str) -> str:
    """Mark the line of a register's entry: "@actions action-1"."""
    return f"@{register} {entry_id}"


FOLLOW_UP = "follow-up"
"""The sheet of a follow-up workbook, and the register in the marks of its lines."""
FOLLOW_UP_SLOTS = {"progress": ColumnSlot.STATE, "end": ColumnSlot.ANSWER, "note": ColumnSlot.NOTE}
RETURN_MARKS = ("@returned agency", "@returned person", "@returned date")
"""Marks of the lines on the first sheet where whoever sends the workbook back says who they are."""

STATES_LIST, TICKS_LIST, AGENCIES_LIST, SOURCES_LIST = "@states", "@ticks", "@agencies", "@sources"
PROGRESS_LIST = "@progress"
WORDS_LIST = "@words"
"""Words that cells show and no drop-down offers."""
CONFLICT_WORD, NONE_WORD = "@conflict", "@none"
"""Ids of the words that stand where agencies differ, and for a checklist with nothing ticked; a state's id is its
name after an "@"."""


def list_name(question: Question, field: QuestionField) -> str:
    """Name the drop-down list of a question or of a column of its table; empty if it has none."""
    match field.kind.value_type:
        case ValueType.LEVEL:
            return "@levels" if field.top_level == TOP_LEVEL else f"@levels{field.top_level}"
        case ValueType.ENTRIES:
            return f"@{field.kind.info.register or 'countries'}"
        case ValueType.OPTION if field.kind.info.fixed:
            return f"@{field.kind.value}"
    if not field.options:
        return ""
    return question.id if field is question else f"{question.id}//{field.id}"
