"""Answers as cells take and show them: drop-down lists, validation, colours, and who said what.

All lists stand on one hidden sheet with label and id, and every rule points there: a list written into
the rule itself may have 255 letters in all, and its entries no comma. A reader finds the id of a label on
the same sheet, whatever language the workbook is in.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
from capacity_app.domain.assessment.answers import Address, Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.answers import AnswerValue as Said
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.register_fields import ACTION_PROGRESS_LABELS
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import LEVEL_COUNTS, GridRow, Question, QuestionField
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL, AnswerKind, ValueType
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.domain.scoring.gaps import level_reached
from capacity_app.i18n.countries import country_codes
from capacity_app.i18n.formatter import STATE_LABELS, YES_NO_LABELS, Formatter
from capacity_app.outputs.content.elements import TableCell, TextTone
from capacity_app.outputs.workbook.formats import number_of, remove_invalid_characters, shorten_to_units
from capacity_app.outputs.workbook.sheet_marks import (
    AGENCIES_LIST,
    CONFLICT_WORD,
    LIST_COLUMNS,
    LIST_JOINT,
    LISTS_SHEET,
    NONE_WORD,
    PROGRESS_LIST,
    STATES_LIST,
    TICKS_LIST,
    WORDS_LIST,
    list_name,
)
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetWriter, WorkbookWriter, put_text

_CELL_STATES = (AnswerState.UNKNOWN, AnswerState.DECLINED, AnswerState.NOT_APPLICABLE)
"""States that a cell of a table takes as a word, since it has no state beside it."""
_TITLE_LIMIT, _MESSAGE_LIMIT = 32, 255
_SEVERAL = N_("several are separated by a semicolon")


class ListEntry(NamedTuple):
    """One entry of a list; the label is the number itself for levels."""

    label: str | int
    id: str


def input_help(formatter: Formatter, asked: QuestionField) -> str:
    """Return what form an answer has where no list of options says it."""
    hint = asked.kind.info.hint
    text = formatter.say(hint) if hint else ""
    return f"{text}; {formatter.say(_SEVERAL)}" if asked.takes_several else text


def input_format(asked: QuestionField) -> str:
    """Name the look of a cell to be filled in."""
    return f"input{_number_format(asked)}"


def respondent_format(asked: QuestionField) -> str:
    """Name the look of what one of several respondents said."""
    return f"voice{_number_format(asked)}"


def _number_format(asked: QuestionField) -> str:
    match asked.kind.value_type:
        case ValueType.LEVEL:
            return "_level"
        case ValueType.PERCENT:
            return "_percent"
        case ValueType.INTEGER:
            return "_year" if asked.kind.info.is_year else "_number"
    return ""


def _with_distinct_labels(entries: Iterable[ListEntry]) -> tuple[ListEntry, ...]:
    """Tell entries of the same name apart by their ids."""
    listed = [
        ListEntry(remove_invalid_characters(one.label) if isinstance(one.label, str) else one.label, one.id)
        for one in entries
    ]
    counts = Counter(entry.label for entry in listed)
    return tuple(ListEntry(f"{e.label} ({e.id})", e.id) if counts[e.label] > 1 else e for e in listed)


@dataclass
class DropDownLists:
    """The lists of a workbook: each is written once, when first asked for."""

    formatter: Formatter
    entries: dict[str, tuple[ListEntry, ...]] = field(default_factory=dict)
    first_rows: dict[str, int] = field(default_factory=dict)
    rows: int = 1
    labels: dict[str, dict[str, str | int]] = field(default_factory=dict)
    rules: dict[tuple[str, bool, bool], dict[str, Any]] = field(default_factory=dict)

    @cached_property
    def states(self) -> tuple[ListEntry, ...]:
        return tuple(ListEntry(self.formatter.texts.gettext(word), f"@{state}") for state, word in STATE_LABELS.items())

    @cached_property
    def _cell_states(self) -> tuple[ListEntry, ...]:
        return tuple(
            ListEntry(self.formatter.texts.gettext(STATE_LABELS[state]), f"@{state}") for state in _CELL_STATES
        )

    def state(self, state: AnswerState) -> str:
        return self.formatter.texts.gettext(STATE_LABELS[state])

    def of(self, question: Question, asked: QuestionField) -> tuple[ListEntry, ...]:
        """Return the entries a field's answer may be, none if anything may be typed."""
        name = list_name(question, asked)
        if name and name not in self.entries:
            self.entries[name] = _with_distinct_labels(self._made(question, asked))
        return self.entries.get(name, ())

    def _made(self, question: Question, asked: QuestionField) -> Iterable[ListEntry]:
        match asked.kind.value_type:
            case ValueType.LEVEL:
                return (ListEntry(level, str(level)) for level in asked.levels)
            case ValueType.ENTRIES:
                return self._registered(asked.kind)
            case ValueType.OPTION if asked.kind.info.fixed:
                return self._yes_no(*asked.kind.info.fixed)
        return (ListEntry(self.formatter.option(question, asked, option), option.id) for option in asked.options)

    def _registered(self, kind: AnswerKind) -> Iterable[ListEntry]:
        formatter = self.formatter
        if kind.info.register:
            entries = getattr(formatter.dossier, kind.info.register)
            return (ListEntry(formatter.picked(kind, entry.id), entry.id) for entry in entries)
        named = (ListEntry(formatter.picked(kind, code), code) for code in country_codes())
        return sorted(named, key=lambda choice: formatter.texts.alphabetical(str(choice.label)))

    @cached_property
    def differ(self) -> ListEntry:
        return ListEntry(self.formatter.say(N_("agencies differ")), CONFLICT_WORD)

    @cached_property
    def none(self) -> ListEntry:
        return ListEntry(self.formatter.texts.gettext("none of these"), NONE_WORD)

    def _yes_no(self, *answers: str) -> Iterable[ListEntry]:
        return (ListEntry(self.formatter.texts.gettext(YES_NO_LABELS[answer]), answer) for answer in answers)

    def label(self, question: Question, asked: QuestionField, entry_id: str) -> str:
        """Return the label of an entry, the name of a country not offered, or the id of an entry that is gone."""
        name = list_name(question, asked)
        if name not in self.labels:
            self.labels[name] = {entry.id: entry.label for entry in self.of(question, asked)}
        unlisted = self.formatter.picked(asked.kind, entry_id) if asked.kind is AnswerKind.COUNTRY else entry_id
        return str(self.labels[name].get(entry_id, unlisted))

    def shown(self, question: Question, asked: QuestionField, value: Said) -> str | int | float | None:
        """Return an answer as its cell shows it: numbers as numbers, choices by their labels."""
        if value is None or isinstance(value, int):
            return value
        if isinstance(value, tuple):
            listed = LIST_JOINT.join(self.label(question, asked, entry) for entry in value)
            return listed or self.none.label
        if asked.kind.value_type is ValueType.PERCENT:
            return number_of(value)
        if asked.kind.value_type is ValueType.OPTION:
            return self.label(question, asked, value)
        return value

    def range_of(self, name: str, entries: Sequence[ListEntry]) -> str:
        """Return the range of a list on the hidden sheet, reserving it the first time."""
        if name not in self.first_rows:
            self.entries.setdefault(name, tuple(entries))
            self.first_rows[name] = self.rows
            self.rows += len(entries)
        first = self.first_rows[name]
        return f"={LISTS_SHEET}!$B${first + 1}:$B${first + len(entries)}"

    def write(self, book: WorkbookWriter) -> None:
        """Write the hidden sheet of all lists in use."""
        self.range_of(WORDS_LIST, (self.differ, self.none))
        sheet = book.add_sheet(LISTS_SHEET, LISTS_SHEET)
        sheet.hide()
        for column, name in enumerate(LIST_COLUMNS):
            sheet.write_string(0, column, name)
        for name, first in self.first_rows.items():
            for row, entry in enumerate(self.entries[name], start=first):
                sheet.write_string(row, 0, name)
                if isinstance(entry.label, int):
                    sheet.write_number(row, 1, entry.label)
                else:
                    put_text(sheet, row, 1, entry.label)
                sheet.write_string(row, 2, entry.id)

    @cached_property
    def _agencies(self) -> tuple[ListEntry, ...]:
        return _with_distinct_labels(self._registered(AnswerKind.AGENCY))

    def agency_label(self, agency: str) -> str | None:
        """Return how an agency is named in the list of agencies; None without one."""
        return next((str(entry.label) for entry in self._agencies if entry.id == agency), None)

    def agency_rule(self) -> dict[str, Any] | None:
        """Make the rule of the cell where whoever sends the workbook back names their agency."""
        entries = self._agencies
        if not entries:
            return None
        return {"validate": "list", "source": self.range_of(AGENCIES_LIST, entries), "show_error": False}

    @cached_property
    def state_rule(self) -> dict[str, Any]:
        return self._list_rule(self.range_of(STATES_LIST, self.states))

    @cached_property
    def tick_rule(self) -> dict[str, Any]:
        """Make the rule of one option of a checklist: yes or no."""
        return self._list_rule(self.range_of(TICKS_LIST, tuple(self._yes_no("yes", "no"))))

    @cached_property
    def progress_rule(self) -> dict[str, Any]:
        """Make the rule of the status of an action."""
        labels = ((self.formatter.texts.gettext(label), code) for code, label in ACTION_PROGRESS_LABELS.items())
        entries = tuple(ListEntry(label, code.value) for label, code in labels)
        return self._list_rule(self.range_of(PROGRESS_LIST, entries))

    def _list_rule(self, source: str, error: str = "stop") -> dict[str, Any]:
        say = self.formatter.say
        message = {
            "stop": N_("Choose an entry of the list. Whatever else there is to say belongs under Remarks."),
            "warning": N_(
                "This is not in the list. You can leave it. The person who imports the file will "
                "choose where it belongs."
            ),
        }[error]
        return {
            "validate": "list",
            "source": source,
            "error_type": error,
            "error_title": shorten_to_units(say(N_("Not in the list")), _TITLE_LIMIT),
            "error_message": shorten_to_units(say(message), _MESSAGE_LIMIT),
        }

    def rule(self, question: Question, asked: QuestionField, *, in_table: bool = False) -> dict[str, Any] | None:
        """Make the rule of an answer's cell, None if anything may be typed; equal questions share theirs."""
        entries = self.of(question, asked)
        if entries:
            key = (list_name(question, asked), in_table, asked.many)
            if key not in self.rules:
                self.rules[key] = self._entries_rule(question, asked, entries, in_table=in_table)
            return self.rules[key]
        return self._number_rule(asked, in_table=in_table) if asked.kind.info.is_in_figures else None

    def _entries_rule(
        self, question: Question, asked: QuestionField, entries: tuple[ListEntry, ...], *, in_table: bool
    ) -> dict[str, Any]:
        name = list_name(question, asked)
        if in_table:
            is_checklist = asked.kind.value_type is ValueType.OPTIONS
            name, none = f"{name} @cell", (self.none,) if is_checklist and not asked.none_options else ()
            entries = (*entries, *none, *self._cell_states)
        is_picked = asked.kind.value_type is ValueType.ENTRIES
        rule = self._list_rule(self.range_of(name, entries), "warning" if is_picked else "stop")
        if asked.takes_several:
            # A list takes one entry only; for several it proposes and does not object.
            return {"validate": "list", "source": rule["source"], "show_error": False}
        return rule

    def _number_rule(self, asked: QuestionField, *, in_table: bool) -> dict[str, Any]:
        return {
            **_limits(*asked.limits),
            "validate": "decimal" if asked.kind.value_type is ValueType.PERCENT else "whole",
            # In a table the words for unknown and not applicable stand in the same cell.
            "error_type": "warning" if in_table else "stop",
            "error_title": shorten_to_units(self.formatter.say(N_("Not such a number")), _TITLE_LIMIT),
            "error_message": shorten_to_units(input_help(self.formatter, asked), _MESSAGE_LIMIT),
        }

    def with_message(self, rule: dict[str, Any] | None, title: str, message: str) -> dict[str, Any]:
        """Add the words that appear when the cell is chosen."""
        return (rule or {"validate": "any"}) | {
            "input_title": shorten_to_units(title, _TITLE_LIMIT),
            "input_message": shorten_to_units(message, _MESSAGE_LIMIT),
        }


def _limits(low: int | None, high: int | None) -> dict[str, Any]:
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": low, "maximum": high}
    if high is not None:
        return {"criteria": "<=", "value": high}
    return {"criteria": ">=", "value": low if low is not None else 0}


# Colours that follow what cells say: levels by their number, open and settled states by their words.


def tint_levels(page: SheetWriter, tint: str = "level") -> None:
    """Colour the cells remembered as levels; a level also shows its sign. ``tint`` is "level" or "heat"."""
    for top in (count - 1 for count in LEVEL_COUNTS):
        for cells in page.tinted.get(levels_up_to(top), {}).values():
            first = cells[0].partition(":")[0]
            for level in range(top + 1):
                # An empty cell would equal 0.
                formula = f"=AND(ISNUMBER({first}),{first}={level})"
                reached = level_reached(Fraction(level, top))
                _add_conditional_format(page, cells, {"type": "formula", "criteria": formula}, f"{tint}_{reached}")


def levels_up_to(top: int = TOP_LEVEL) -> str:
    """Return under which name cells are remembered that hold levels from 0 to ``top``."""
    return f"levels {top}"


def tint_states(page: SheetWriter, choices: DropDownLists) -> None:
    """Colour the cells remembered as states by the words that stand in them."""
    open_words = [
        choices.state(state) for state in AnswerState if state not in {AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE}
    ]
    open_words.append(str(choices.differ.label))
    for cells in page.tinted.get("states", {}).values():
        first = cells[0].partition(":")[0]
        says_open = ",".join(f"{first}={_excel_string(word)}" for word in open_words)
        _add_conditional_format(page, cells, {"type": "formula", "criteria": f"=OR({says_open})"}, "open")
        says_out = f"={first}={_excel_string(choices.state(AnswerState.NOT_APPLICABLE))}"
        _add_conditional_format(page, cells, {"type": "formula", "criteria": says_out}, "out")


def _excel_string(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def _add_conditional_format(page: SheetWriter, cells: Sequence[str], rule: dict[str, str], tint: str) -> None:
    more = {"format": page.book.tints[tint], "multi_range": " ".join(cells)}
    page.sheet.conditional_format(cells[0], {**rule, **more})


# Who said what at a place: one voice needs no line of its own, several get one each.


Voice = tuple[AnswerLayer, str]
_LAYERS = tuple(AnswerLayer)


def answers_said(appraisal: Appraisal, address: Address) -> list[Answer]:
    """Return the answers at a place that say anything: responses, then the judgement, then the validated answer."""
    given = (answer for answer in appraisal.dossier.by_address.get(address, ()) if not answer.content.is_empty)
    return sorted(given, key=lambda answer: (_LAYERS.index(answer.key.layer), answer.key.respondent))


def voice_of(answer: Answer) -> Voice:
    return answer.key.layer, answer.key.respondent


def voices_of(answers: Iterable[Answer]) -> tuple[Voice, ...]:
    return tuple(sorted({voice_of(answer) for answer in answers}, key=lambda v: (_LAYERS.index(v[0]), v[1])))


def respondent_name(formatter: Formatter, voice: Voice) -> str:
    return formatter.respondent(*voice)


def counted_answers(found: EffectiveAnswer, answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers that make the one that counts; none where nothing is settled."""
    if found.layer is None or found.conflict:
        return []
    same = [a for a in answers if a.key.layer is found.layer and a.content.state is found.state]
    if found.layer is not AnswerLayer.RESPONSE:
        return same[:1]
    return same


def respondent_names(formatter: Formatter, voices: Iterable[Voice]) -> str:
    return formatter.texts.listed(dict.fromkeys(respondent_name(formatter, voice) for voice in voices))


def evidence_lines(appraisal: Appraisal, formatter: Formatter, ids: Iterable[str]) -> str:
    """List evidence by number, grade and title, one to a line."""
    return "\n".join(_evidence_line(appraisal, formatter, entry) for entry in dict.fromkeys(ids))


def _evidence_line(appraisal: Appraisal, formatter: Formatter, entry_id: str) -> str:
    entry = appraisal.dossier.evidence_by_id.get(entry_id)
    if entry is None:
        return formatter.say(N_("{id} (no longer in the register)"), id=entry_id)
    title = entry.title or entry.file_name or entry.link
    return f"[{appraisal.evidence_numbers[entry_id]}] E{entry.grade} {title}".rstrip()


def answers_said_in_row(appraisal: Appraisal, question: Question, row: GridRow) -> list[Answer]:
    """Return everything said about a row of a table: as a whole, and in its cells."""
    whole = answers_said(appraisal, Address(question.id, row.id))
    cells = (answers_said(appraisal, Address(question.id, row.id, column.id)) for column in question.columns)
    return whole + [answer for found in cells for answer in found]


def row_voices_that_count(block: QuestionBlock, row: GridRow, answers: Sequence[Answer]) -> tuple[Voice, ...]:
    """Return whose answers count in a row of a table."""
    found = {item.address: item.answer for item in block.items if item.row is row}
    kept = []
    for answer in answers:
        settled = found.get(answer.key.address)
        if settled is None or answer in counted_answers(settled, answers_at(answers, answer.key.address)):
            kept.append(answer)
    return voices_of(kept)


def answers_at(answers: Iterable[Answer], address: Address) -> list[Answer]:
    """Return the answers of one place among those of a row."""
    return [answer for answer in answers if answer.key.address == address]


def row_notes(formatter: Formatter, question: Question, answers: Iterable[Answer]) -> str:
    """Join what was noted in a row of a table; what concerns one column says so."""
    return "\n".join(_row_note_lines(formatter, question, answers))


def _row_note_lines(formatter: Formatter, question: Question, answers: Iterable[Answer]) -> Iterator[str]:
    for answer, _, text in note_items(answers):
        column = question.column_by_id.get(answer.key.address.column)
        yield f"{formatter.column(question, column)}: {text}" if column else text


def note_items(answers: Iterable[Answer]) -> Iterator[tuple[Answer, str, str]]:
    """Yield what is shown as a row's notes, in order: whose it is, whether its "reason" or its "note", and the text.

    Why the row as a whole does not apply has a place of its own.
    """
    for answer in answers:
        content = answer.content
        is_shown_as_reason = not answer.key.address.column and content.state is AnswerState.NOT_APPLICABLE
        if content.reason and not is_shown_as_reason:
            yield answer, "reason", content.reason
        if content.note:
            yield answer, "note", content.note


# Answers and gaps as locked cells show them: in words, with a colour that says the same.


_LOOKS = {
    TextTone.PLAIN: "label",
    TextTone.STRONG: "label_strong",
    TextTone.OPEN: "caution",
    TextTone.OUT: "quiet",
    TextTone.MUTED: "quiet",
}


def sheet_cell(cell: TableCell) -> SheetCell:
    """Lay out a cell of the content: its sign before its text, and the look that has its tone."""
    text = f"{cell.sign}  {cell.text}" if cell.sign else cell.text
    return SheetCell(text, _LOOKS.get(cell.tone) or cell.tone.replace("-", "_"))


def item_cell(choices: DropDownLists, formatter: Formatter, item: AnswerItem) -> SheetCell:
    """Show what counts at a place, in words; what is open is tinted."""
    if item.standing in {ItemStatus.ROW_OUT, ItemStatus.HIDDEN}:
        return SheetCell(formatter.texts.gettext(STATE_LABELS[AnswerState.NOT_APPLICABLE]), "quiet")
    if item.standing is ItemStatus.SETTLED:
        return SheetCell(formatter.say(N_("settled as zero")), "quiet")
    answer = item.answer
    if answer.conflict:
        return SheetCell(formatter.say(N_("agencies differ")), "caution")
    if answer.is_open:
        return SheetCell(formatter.texts.gettext(STATE_LABELS[answer.state]), "caution")
    if answer.state is AnswerState.NOT_APPLICABLE:
        return SheetCell(formatter.texts.gettext(STATE_LABELS[answer.state]), "quiet")
    shown = choices.shown(item.question, item.field, answer.value)
    return SheetCell(shown, "middle" if isinstance(shown, int) else "label")
