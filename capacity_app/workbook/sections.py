"""One sheet per part of the instrument: questions, what may be answered, answers, and room for remarks."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from capacity_app import palette
from capacity_app.domain.answers import Address, Answer, Layer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import TOP_LEVEL, Column, Field, Kind, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.wording import STATE_WORDS, Wording
from capacity_app.workbook.cells import Book, Value, continued, put, put_row
from capacity_app.workbook.choices import Lists, allowed, options, states, validation
from capacity_app.workbook.layout import ADDRESS_COLUMN, EDITABLE, HIDDEN_ROW, SECTION_COLUMNS

_TITLE_ROW, _TEXT_ROW, _HEADING_ROW, _FIRST_ROW = 1, 2, 3, 4
_WIDTHS = (12, 9, 44, 26, 46, 30, 15, 28, 40, 30, 36, 46)
_ANSWER, _STATE = SECTION_COLUMNS.index("answer"), SECTION_COLUMNS.index("state")
_HEADINGS = {
    "address": N_("Address"),
    "number": N_("No."),
    "question": N_("Question"),
    "item": N_("Item"),
    "allowed": N_("What may be answered"),
    "answer": N_("Answer"),
    "state": N_("State"),
    "reason": N_("Reason"),
    "note": N_("Note"),
    "source": N_("Evidence"),
    "remarks": N_("Your remarks"),
    "said": N_("What each respondent said"),
}


@dataclass
class SectionSheet:
    """A sheet being filled from top to bottom."""

    appraisal: Appraisal
    words: Wording
    book: Book
    lists: Lists
    sheet: Worksheet
    row: int = _FIRST_ROW
    levels: list[str] = field(default_factory=list)

    def head(self, section: Section) -> None:
        """Write the hidden names, the title, the introduction and the headings."""
        for column, name in enumerate(SECTION_COLUMNS):
            put(self.sheet, HIDDEN_ROW, column, name, self.book.look("machine"))
            self.sheet.set_column(column, column, _WIDTHS[column], None, {"hidden": column == ADDRESS_COLUMN})
            heading = self.words.texts.gettext(_HEADINGS[name])
            put(self.sheet, _HEADING_ROW, column, heading, self.book.look("heading"))
        self.sheet.set_row(HIDDEN_ROW, None, None, {"hidden": True})
        title = f"{section.number}  {self.words.section(section)}"
        put(self.sheet, _TITLE_ROW, 1, title, self.book.look("title"))
        text = self.words.introduction(section)
        self.sheet.merge_range(_TEXT_ROW, 1, _TEXT_ROW, 5, "", self.book.look("subtitle"))
        put(self.sheet, _TEXT_ROW, 1, text, self.book.look("subtitle"))
        self.sheet.set_row(_TEXT_ROW, 15 * (len(text) // 130 + 1))
        self.sheet.freeze_panes(_FIRST_ROW, 3)

    def banner(self, number: str, text: str, look: str) -> None:
        """Write a line that heads the lines below: a question with a table, a row, a group."""
        for column in range(1, len(SECTION_COLUMNS)):
            put(self.sheet, self.row, column, None, self.book.look(look))
        put(self.sheet, self.row, 1, number, self.book.look(look))
        put(self.sheet, self.row, 2, text, self.book.look(look))
        self.row += 1

    def line(self, values: Sequence[Value], asked: Field, entries: Sequence[str]) -> None:
        """Write an answer's line; what is too long for a cell goes on in the next ones."""
        looks = [self.book.look(_look(name)) for name in SECTION_COLUMNS]
        self._rules(asked, entries)
        for part in continued(values, repeated=(ADDRESS_COLUMN,)):
            put_row(self.sheet, self.row, part, looks)
            self.row += 1

    def _rules(self, asked: Field, entries: Sequence[str]) -> None:
        if asked.kind is Kind.LEVEL:
            self.levels.append(xl_rowcol_to_cell(self.row, _ANSWER))
        if entries:
            rule = validation(self.lists, self.words, asked, entries)
            self.sheet.data_validation(self.row, _ANSWER, self.row, _ANSWER, rule)
        rule = {"validate": "list", "source": self.lists.prepare(states(self.words))}
        self.sheet.data_validation(self.row, _STATE, self.row, _STATE, rule)

    def finish(self) -> None:
        """Colour levels and open answers; the words stand in the cells anyway."""
        tints = tuple(palette.BAND_TINTS.values())
        for level in range(TOP_LEVEL + 1 if self.levels else 0):
            first = self.levels[0]
            # Spreadsheets take an empty cell for zero: only numbers are coloured.
            rule = {
                "type": "formula",
                "criteria": f"=AND(ISNUMBER({first}),{first}={level})",
                "format": self.book.plain(bg_color=tints[level]),
                "multi_range": " ".join(self.levels),
            }
            self.sheet.conditional_format(self.levels[0], rule)
        for state in (State.UNKNOWN, State.DECLINED):
            word = self.words.texts.gettext(STATE_WORDS[state]).replace('"', '""')
            look = self.book.plain(bg_color=palette.CAUTION_TINT)
            rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": look}
            self.sheet.conditional_format(_FIRST_ROW, _STATE, max(self.row - 1, _FIRST_ROW), _STATE, rule)


def _look(name: str) -> str:
    if name in EDITABLE:
        return "input"
    return "machine" if name == "address" else "quiet" if name in {"allowed", "said"} else "cell"


def _shown(words: Wording, item: Item) -> Value:
    """Give the answer that counts, as the drop-down list words it."""
    value = item.answer.value
    if item.answer.state is not State.ANSWERED or value is None:
        return None
    if item.field.kind is Kind.LEVEL:
        return value if isinstance(value, int) else None
    if item.field.kind in {Kind.INTEGER, Kind.YEAR} and isinstance(value, int):
        return value
    if item.field.kind in {Kind.DATE, Kind.PERCENT}:
        return str(value)
    return words.value(item.question, item.field, value)


def _state(words: Wording, item: Item) -> str:
    if item.standing is Standing.HIDDEN:
        return words.say(N_("hidden by another answer"))
    if item.standing is Standing.SETTLED:
        return words.say(N_("settled as zero by the row’s first answer"))
    if item.answer.conflict:
        return words.say(N_("agencies differ"))
    is_out = item.standing is Standing.ROW_OUT
    return words.texts.gettext(STATE_WORDS[State.NOT_APPLICABLE if is_out else item.answer.state])


def _counting(item: Item, answers: Iterable[Answer]) -> list[Answer]:
    """Give the answers behind the one that counts: those of its layer."""
    return [answer for answer in answers if item.answer.layer is None or answer.key.layer is item.answer.layer]


def _attributed(words: Wording, answers: Sequence[Answer], texts: Iterable[str]) -> str:
    """Join texts; with more than one voice, each under its name."""
    given = [(answer, text) for answer, text in zip(answers, texts, strict=True) if text]
    if len(given) == 1:
        return given[0][1]
    return "\n".join(f"{words.respondent(a.key.layer, a.key.respondent)}: {text}" for a, text in given)


def _said(words: Wording, item: Item, answer: Answer) -> str:
    content = answer.content
    if content.state is State.ANSWERED:
        told = words.value(item.question, item.field, content.value)
    else:
        told = words.texts.gettext(STATE_WORDS[content.state])
    return f"{words.respondent(answer.key.layer, answer.key.respondent)}: {told}"


def _evidence(appraisal: Appraisal, item: Item) -> str:
    known = appraisal.dossier.evidence_by_id
    entries = (known[entry] for entry in item.answer.evidence if entry in known)
    return "\n".join(f"E{entry.grade} {entry.title or entry.file_name}" for entry in entries)


def _values(page: SectionSheet, item: Item, number: str, text: str, name: str, may: str) -> tuple[Value, ...]:
    words = page.words
    answers = page.appraisal.dossier.by_address.get(item.address, [])
    counting = _counting(item, answers)
    several = len(answers) > 1 or any(answer.key.layer is not Layer.RESPONSE for answer in answers)
    reason = _attributed(words, counting, (answer.content.reason for answer in counting)) or item.answer.reason
    return (
        str(item.address), number, text, name, may, _shown(words, item), _state(words, item), reason,
        _attributed(words, counting, (answer.content.note for answer in counting)), _evidence(page.appraisal, item),
        None, "\n".join(_said(words, item, answer) for answer in answers) if several else None,
    )  # fmt: skip


def _single(page: SectionSheet, block: Block) -> None:
    question, item = block.question, block.items[0]
    may = allowed(page.words, question, question)
    values = _values(page, item, question.number, page.words.question(question), "", may)
    page.line(values, question, options(page.words, question, question))


def _whole_row(page: SectionSheet, question: Question, row: Row) -> None:
    """Show what was said about a row as a whole: that it does not apply, and why."""
    address = Address(question.id, row.id)
    answers = page.appraisal.dossier.by_address.get(address, [])
    if not answers:
        return
    words = page.words
    state = words.texts.gettext(STATE_WORDS[answers[-1].content.state])
    reason = _attributed(words, answers, (answer.content.reason for answer in answers))
    note = _attributed(words, answers, (answer.content.note for answer in answers))
    name = words.say(N_("The row as a whole"))
    values = (str(address), row.number, "", name, "", None, state, reason, note, None, None, None)
    page.line(values, question, ())


def _grid_row(page: SectionSheet, block: Block, row: Row, told: set[str]) -> None:
    question, words = block.question, page.words
    heading = words.row_heading(question, row)
    if heading:
        page.banner("", heading, "group")
    page.banner(row.number, words.row(question, row), "row")
    _whole_row(page, question, row)
    for item in _row_items(block, row):
        column = item.field
        may = allowed(words, question, column)
        if column.id in told and "\n" in may:
            may = words.say(N_("as in the first row"))
        told.add(column.id)
        name = words.column(question, column) if isinstance(column, Column) else ""
        page.line(_values(page, item, row.number, "", name, may), column, options(words, question, column))


def _row_items(block: Block, row: Row) -> Iterator[Item]:
    return (item for item in block.items if item.row is not None and item.row.id == row.id)


def _grid(page: SectionSheet, block: Block) -> None:
    question = block.question
    page.banner(question.number, page.words.question(question), "group")
    told: set[str] = set()
    for row in question.rows:
        _grid_row(page, block, row, told)


def write_section(appraisal: Appraisal, words: Wording, book: Book, lists: Lists, section: Section) -> None:
    """Write the sheet of one part."""
    sheet = book.add_sheet(f"{section.number} {words.section(section)}")
    page = SectionSheet(appraisal, words, book, lists, sheet)
    page.head(section)
    for block in appraisal.sheet.section(section):
        heading = words.instrument_text(block.question.id, "heading", block.question.heading)
        if heading:
            page.banner("", heading, "group")
        if block.question.kind is Kind.GRID:
            _grid(page, block)
        else:
            _single(page, block)
    page.finish()
