"""One sheet per part of the instrument: its columns, questions, answers, and a column for remarks.

Every question stands in one line, with its levels or options below its words; a checklist has one more
line per option, a table its own columns. Where several respondents spoke, what counts comes first and
what each of them said stands below, shaded.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property

from capacity_app.domain.assessment.answers import Answer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import ChoiceOption, Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.domain.scoring.answer_sheet import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.domain.scoring.scores import SCORE_STATUS_LABELS, SectionScore
from capacity_app.i18n.formatter import YES_NO_LABELS, Formatter, in_second_language, second_translator
from capacity_app.outputs.content.answer_cells import points_sign
from capacity_app.outputs.workbook.answer_cells import (
    DropDownLists,
    answers_said,
    counted_answers,
    evidence_lines,
    input_format,
    input_help,
    levels_up_to,
    respondent_format,
    respondent_name,
    respondent_names,
    tint_levels,
    tint_states,
    voice_of,
    voices_of,
)
from capacity_app.outputs.workbook.formats import LINE_HEIGHT
from capacity_app.outputs.workbook.readme_and_guidance import is_blank_form
from capacity_app.outputs.workbook.sheet_marks import (
    FIELDS_MARK,
    QUESTION_SLOTS,
    ROW_SLOTS,
    SAID_MARK,
    ColumnSlot,
    LineMark,
)
from capacity_app.outputs.workbook.sheet_writer import RichText, SheetCell, SheetValue, SheetWriter, WorkbookWriter
from capacity_app.report_colours import BAND_SIGNS, OPEN_SIGN

# The columns of the sheets of questions: what stands where, and how wide it is.


_NUMBER_WIDTH, _TEXT_WIDTH, _TEXT_WIDTH_OF_TWO = 8.0, 54.0, 46.0
_WIDE_ANSWER = 38.0
"""The width of answers that are texts."""
_SLOT_WIDTHS: dict[ColumnSlot, float] = {
    ColumnSlot.ANSWER: 24,
    ColumnSlot.STATE: 14,
    ColumnSlot.WHO: 16,
    ColumnSlot.REASON: 20,
    ColumnSlot.NOTE: 30,
    ColumnSlot.SOURCE: 22,
    ColumnSlot.REMARKS: 26,
}


def leading_slots(formatter: Formatter) -> tuple[ColumnSlot, ...]:
    """Return the columns before the answers, on every sheet of questions."""
    return (
        (ColumnSlot.NUMBER, ColumnSlot.TEXT, ColumnSlot.SECOND)
        if second_translator(formatter)
        else (ColumnSlot.NUMBER, ColumnSlot.TEXT)
    )


def row_slots_start(question: Question, first_slot: int) -> int:
    """Return the column where the slots of a table's row begin; small tables line up with the questions."""
    return first_slot + max(len(question.columns), 2)


def section_widths(section: Section, leading: Sequence[ColumnSlot]) -> list[float]:
    """Fit the columns to the questions and to every table of a part."""
    first_slot = len(leading) + 1
    wanted: dict[int, float] = {}

    def want(place: int, width: float) -> None:
        wanted[place] = max(width, wanted.get(place, 0))

    for question in section.questions:
        if question.kind is not AnswerKind.GRID:
            for place, slot in enumerate(QUESTION_SLOTS, start=first_slot):
                is_text = slot is ColumnSlot.ANSWER and question.kind.info.is_free
                want(place, _WIDE_ANSWER if is_text else _SLOT_WIDTHS[slot])
            continue
        for place, column in enumerate(question.columns, start=first_slot):
            want(place, column.kind.info.widths.workbook)
        for place, slot in enumerate(ROW_SLOTS, start=row_slots_start(question, first_slot)):
            want(place, _SLOT_WIDTHS[slot])
    last = max(wanted, default=first_slot)
    texts = [_TEXT_WIDTH] if ColumnSlot.SECOND not in leading else [_TEXT_WIDTH_OF_TWO] * 2
    return [_NUMBER_WIDTH, *texts, *(wanted.get(place, 12.0) for place in range(first_slot, last + 1))]


_FROZEN = 3
"""The columns that stay in sight: mark, number and question."""
_ROOM_LINES = 5
"""Text lines an empty cell for a long text is high."""
SLOT_HEADINGS: dict[ColumnSlot, str] = {
    ColumnSlot.NUMBER: N_("No."),
    ColumnSlot.TEXT: N_("Question"),
    ColumnSlot.ANSWER: N_("Answer"),
    ColumnSlot.STATE: N_("State"),
    ColumnSlot.WHO: N_("Who said it"),
    ColumnSlot.REASON: N_("Reason"),
    ColumnSlot.NOTE: N_("Note"),
    ColumnSlot.SOURCE: N_("Source or evidence"),
    ColumnSlot.REMARKS: N_("Your remarks"),
}


@dataclass
class SectionSheet:
    """What the lines of a part's sheet are made from; with a second language, its words have their own column."""

    appraisal: Appraisal
    formatter: Formatter
    choices: DropDownLists
    page: SheetWriter

    @cached_property
    def is_blank(self) -> bool:
        """Return whether this is a blank form, which says nothing of how its questions stand."""
        return is_blank_form(self.appraisal.dossier)

    @property
    def leading(self) -> tuple[ColumnSlot, ...]:
        return leading_slots(self.formatter)

    @property
    def first_slot(self) -> int:
        return len(self.leading) + 1

    def asked(self, number: SheetCell, text: SheetCell, second: SheetCell | None = None) -> list[SheetCell]:
        """Return the cells before the answers: number, words, and the same in the second language if there is one."""
        if ColumnSlot.SECOND not in self.leading:
            return [number, text]
        return [number, text, second or SheetCell(None, text.look)]

    def second(self, say: Callable[[Formatter], str], look: str = "second") -> SheetCell:
        """Return a cell with words of the instrument in the second language."""
        return SheetCell(in_second_language(self.formatter, say), look)

    def state_cell(self, row: int, column: int) -> None:
        """Let a cell take a state, and colour it by its word."""
        self.page.rule(self.choices.state_rule, row, row, column)
        self.page.tint("states", row, row, column)


def _score_sentence(formatter: Formatter, entry: SectionScore) -> str:
    """Say a part's score with what qualifies it, in one line."""
    sign = BAND_SIGNS[entry.bands[0]] if entry.bands and entry.published is not None else OPEN_SIGN
    band = formatter.bands(entry.bands) or formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status])
    return formatter.say(
        N_("{sign} {band} · score {score}, interval {interval} · coverage {coverage} · {status}"),
        sign=sign,
        band=band,
        score=formatter.points(entry.published),
        interval=formatter.interval(entry.score.lower, entry.score.upper),
        coverage=formatter.share(entry.score.coverage),
        status=formatter.texts.gettext(SCORE_STATUS_LABELS[entry.status]),
    )


def level_lines(sentences: Sequence[str]) -> Iterator[str]:
    """Write the sentences of all levels, each behind its sign and number."""
    for level, sentence in enumerate(sentences):
        yield f"{points_sign(Fraction(level, len(sentences) - 1))[0]} {level}  {sentence}".rstrip()


def _options_text(formatter: Formatter, question: Question) -> str:
    """Word what may be answered: levels with their sentences, options, or the form of the answer."""
    match question.kind.value_type:
        case ValueType.LEVEL:
            return "\n".join(level_lines([formatter.anchor(question, question, level) for level in question.levels]))
        case ValueType.OPTION if question.kind.info.fixed:
            return "  ·  ".join(formatter.texts.gettext(YES_NO_LABELS[answer]) for answer in question.kind.info.fixed)
        case ValueType.OPTION:
            return "\n".join(f"•  {formatter.option(question, question, option)}" for option in question.options)
        case ValueType.OPTIONS:
            return formatter.say(N_("Answer each line below with yes or no."))
    return input_help(formatter, question)


def condition_text(formatter: Formatter, question: Question) -> str:
    """Return when a question is asked, if not always: its places stay open all the same."""
    if question.show_if is None:
        return ""
    return formatter.say(N_("Asked when {condition}."), condition=formatter.condition(question.show_if))


def _question_text(formatter: Formatter, question: Question) -> RichText:
    below = (condition_text(formatter, question), _options_text(formatter, question))
    return RichText(formatter.question(question), "\n".join(text for text in below if text))


def _second_text(target: SectionSheet, question: Question) -> SheetCell:
    """Return question and options in the second language; of what is not worded in it, nothing."""
    said = in_second_language(target.formatter, lambda one: one.question(question))
    options = (
        in_second_language(target.formatter, lambda one: _options_text(one, question)) if _has_wording(question) else ""
    )
    return SheetCell(RichText(said, options) if said or options else None, "second")


def _has_wording(question: Question) -> bool:
    """Return whether what may be answered is worded by the instrument and not by the program."""
    is_choice = question.kind.value_type is ValueType.OPTION and question.kind.info.has_options
    return is_choice or question.kind is AnswerKind.LEVEL


def write_headings_line(target: SectionSheet) -> None:
    """Write the headings above a run of questions."""
    slots = (*target.leading, *QUESTION_SLOTS)
    target.page.line([SheetCell(slot_heading(target, slot), "header") for slot in slots], least=20)


def slot_heading(target: SectionSheet, slot: ColumnSlot) -> str:
    """Name a column; that of the second language is called by the language."""
    second = second_translator(target.formatter)
    if slot is ColumnSlot.SECOND and second:
        return second.language_name(second.language)
    return target.formatter.texts.gettext(SLOT_HEADINGS[slot])


def _answer_value(target: SectionSheet, item: AnswerItem) -> SheetValue:
    if item.answer.state is not AnswerState.ANSWERED:
        return None
    return target.choices.shown(item.question, item.field, item.answer.value)


def _state_words(target: SectionSheet, item: AnswerItem) -> str:
    if target.is_blank:
        return ""
    if item.answer.conflict:
        return str(target.choices.differ.label)
    return target.choices.state(item.answer.state)


def _respondent_cell_text(target: SectionSheet, item: AnswerItem, said: Sequence[Answer]) -> str:
    who = respondent_names(target.formatter, voices_of(counted_answers(item.answer, said)))
    if item.standing is ItemStatus.HIDDEN and not target.is_blank:
        hidden = target.formatter.say(N_("not asked, because of another answer"))
        return f"{who}\n{hidden}" if who else hidden
    return who


def _cells_beside_answer(target: SectionSheet, item: AnswerItem, said: Sequence[Answer]) -> list[SheetCell]:
    """Return what stands beside an answer: state, who, reason, note, source, room for remarks."""
    counted = said if len(said) == 1 else counted_answers(item.answer, said)
    only = counted[0].content if len(counted) == 1 else None
    evidence = only.evidence if only else item.answer.evidence
    return [
        SheetCell(_state_words(target, item), "input"),
        SheetCell(_respondent_cell_text(target, item, said), "quiet"),
        SheetCell(only.reason if only else item.answer.reason, "input"),
        SheetCell(only.note if only else None, "input"),
        SheetCell(evidence_lines(target.appraisal, target.formatter, evidence), "input"),
        SheetCell(None, "input"),
    ]


def _write_respondents(target: SectionSheet, item: AnswerItem, said: Sequence[Answer]) -> None:
    """Write what each of several respondents said."""
    if len(said) < 2:  # noqa: PLR2004 - one voice stands in the line itself
        return
    for answer in said:
        content = answer.content
        shown = target.choices.shown(item.question, item.field, content.value)
        target.page.line(
            [
                *target.asked(
                    SheetCell(None, "voice"),
                    SheetCell(respondent_name(target.formatter, voice_of(answer)), "voice_name"),
                ),
                SheetCell(shown, respondent_format(item.field)),
                SheetCell(target.choices.state(content.state), "voice"),
                SheetCell(None, "voice"),
                SheetCell(content.reason, "voice"),
                SheetCell(content.note, "voice"),
                SheetCell(evidence_lines(target.appraisal, target.formatter, content.evidence), "voice"),
                SheetCell(None, "voice"),
            ],
            SAID_MARK,
        )


def write_question(target: SectionSheet, block: QuestionBlock) -> None:
    """Write a question that is no table."""
    question, item, page = block.question, block.items[0], target.page
    said = answers_said(target.appraisal, item.address)
    is_checklist = question.kind.value_type is ValueType.OPTIONS
    answer = (
        SheetCell(None, "quiet") if is_checklist else SheetCell(_answer_value(target, item), input_format(question))
    )
    text = SheetCell(_question_text(target.formatter, question))
    asked = target.asked(SheetCell(question.number, "number"), text, _second_text(target, question))
    room = _ROOM_LINES * LINE_HEIGHT if question.kind.info.is_long else 0
    rows = page.line(
        [*asked, answer, *_cells_beside_answer(target, item, said)], str(LineMark(item.address)), least=room
    )
    first = rows[0]
    target.state_cell(first, target.first_slot + 1)
    if is_checklist:
        _write_option_lines(target, question, item)
    else:
        page.rule(target.choices.rule(question, question), first, first, target.first_slot)
        if question.kind is AnswerKind.LEVEL:
            page.tint(levels_up_to(question.top_level), first, first, target.first_slot)
    _write_respondents(target, item, said)


def _tick_value(target: SectionSheet, item: AnswerItem, option: str) -> str | None:
    value = item.answer.value
    if item.answer.state is not AnswerState.ANSWERED or not isinstance(value, tuple):
        return None
    ticked = "yes" if option in value else "no"
    return target.formatter.texts.gettext(YES_NO_LABELS[ticked])


def _second_option(target: SectionSheet, question: Question, option: ChoiceOption) -> SheetCell:
    return target.second(lambda one: one.option(question, question, option), "second_option")


def _write_option_lines(target: SectionSheet, question: Question, item: AnswerItem) -> None:
    """Write one line per option of a checklist."""
    page, first = target.page, target.page.row
    around = [SheetCell(None, "quiet")] * (len(QUESTION_SLOTS) - 1)
    for option in question.options:
        label = SheetCell(target.formatter.option(question, question, option), "option")
        answer = SheetCell(_tick_value(target, item, option.id), "input")
        asked = target.asked(SheetCell(None, "number"), label, _second_option(target, question, option))
        page.line([*asked, answer, *around], str(LineMark(item.address, option.id)))
    if page.row > first:
        page.rule(target.choices.tick_rule, first, page.row - 1, target.first_slot)


def open_section_sheet(
    appraisal: Appraisal, formatter: Formatter, choices: DropDownLists, book: WorkbookWriter, section: Section
) -> SectionSheet:
    """Begin the sheet of a part with its rulers, title, score and introduction."""
    title = f"{section.number}  {formatter.section(section)}"
    sheet = book.add_sheet(f"part {section.id}", f"{section.number} {formatter.section(section)}")
    leading = leading_slots(formatter)
    page = SheetWriter(book, sheet, section_widths(section, leading))
    page.ruler(FIELDS_MARK, (*leading, *QUESTION_SLOTS))
    page.title(
        " · ".join(part for part in (title, in_second_language(formatter, lambda one: one.section(section))) if part)
    )
    score = appraisal.scorecard.section(section.id) if appraisal.with_scores else None
    if score and not is_blank_form(appraisal.dossier):
        page.paragraph(_score_sentence(formatter, score), "strong", span=6)
    second = in_second_language(formatter, lambda one: one.introduction(section))
    for introduction, look in ((formatter.introduction(section), "lead"), (second, "second_lead")):
        if introduction:
            page.paragraph(introduction, look, span=6)
    return SectionSheet(appraisal, formatter, choices, page)


def close_section_sheet(target: SectionSheet, top: int, repeated: int) -> None:
    """Colour and lock the sheet of a part; all above ``top`` stays in sight, one line stands on every printed page."""
    tint_levels(target.page)
    tint_states(target.page, target.choices)
    target.page.finish(top=top, left=_FROZEN, repeated=(repeated,))
