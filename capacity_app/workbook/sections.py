"""One sheet per part of the instrument: questions and tables, answers, and room for remarks.

Every question stands in one line, with its levels or options below its words; a checklist has one more
line per option, a table its own columns. Where several respondents spoke, what counts comes first and
what each of them said stands below, shaded.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from capacity_app.bilingual import beside, second_texts
from capacity_app.domain.answers import Answer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import TOP_LEVEL, Kind, Option, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import STATUS_WORDS, SectionScore
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.palette import BAND_SIGNS, LEVEL_SIGNS, OPEN_SIGN
from capacity_app.wording import YES_NO_WORDS, Wording
from capacity_app.workbook.choices import Choices, help_words, input_look, voice_look
from capacity_app.workbook.columns import leading_slots, section_widths
from capacity_app.workbook.layout import FIELDS_MARK, QUESTION_SLOTS, SAID_MARK, Mark, Slot
from capacity_app.workbook.looks import LINE_HEIGHT
from capacity_app.workbook.page import Book, Cell, Page, Rich, Value
from capacity_app.workbook.readme import is_blank_form
from capacity_app.workbook.tinting import tint_levels, tint_states
from capacity_app.workbook.voices import counting, name_of, names, said_at, sources, voice_of, voices_of

_FROZEN = 3
"""The columns that stay in sight: mark, number and question."""
_ROOM_LINES = 5
"""Text lines an empty cell for a long text is high."""
HEADINGS: dict[Slot, str] = {
    Slot.NUMBER: N_("No."),
    Slot.TEXT: N_("Question"),
    Slot.ANSWER: N_("Answer"),
    Slot.STATE: N_("State"),
    Slot.WHO: N_("Who said it"),
    Slot.REASON: N_("Reason"),
    Slot.NOTE: N_("Note"),
    Slot.SOURCE: N_("Source or evidence"),
    Slot.REMARKS: N_("Your remarks"),
}


@dataclass
class SectionPage:
    """What the lines of a part's sheet are made from; with a second language, its words have their own column."""

    appraisal: Appraisal
    words: Wording
    choices: Choices
    page: Page

    @cached_property
    def is_blank(self) -> bool:
        """Return whether this is a blank form, which says nothing of how its questions stand."""
        return is_blank_form(self.appraisal.dossier)

    @property
    def leading(self) -> tuple[Slot, ...]:
        return leading_slots(self.words)

    @property
    def first_slot(self) -> int:
        return len(self.leading) + 1

    def asked(self, number: Cell, text: Cell, second: Cell | None = None) -> list[Cell]:
        """Return the cells before the answers: number, words, and the same in the second language if there is one."""
        if Slot.SECOND not in self.leading:
            return [number, text]
        return [number, text, second or Cell(None, text.look)]

    def second(self, say: Callable[[Wording], str], look: str = "second") -> Cell:
        """Return a cell with words of the instrument in the second language."""
        return Cell(beside(self.words, say), look)

    def state_cell(self, row: int, column: int) -> None:
        """Let a cell take a state, and colour it by its word."""
        self.page.rule(self.choices.state_rule, row, row, column)
        self.page.tint("states", row, row, column)


def _score_words(words: Wording, entry: SectionScore) -> str:
    """Say a part's score with what qualifies it, in one line."""
    sign = BAND_SIGNS[entry.bands[0]] if entry.bands and entry.published is not None else OPEN_SIGN
    band = words.bands(entry.bands) or words.texts.gettext(STATUS_WORDS[entry.status])
    return words.say(
        N_("{sign} {band} · score {score}, interval {interval} · coverage {coverage} · {status}"),
        sign=sign,
        band=band,
        score=words.points(entry.published),
        interval=words.interval(entry.score.lower, entry.score.upper),
        coverage=words.share(entry.score.coverage),
        status=words.texts.gettext(STATUS_WORDS[entry.status]),
    )


def level_line(level: int, sentence: str) -> str:
    return f"{LEVEL_SIGNS[level]} {level}  {sentence}".rstrip()


def _options(words: Wording, question: Question) -> str:
    """Word what may be answered: levels with their sentences, options, or the form of the answer."""
    match question.kind:
        case Kind.LEVEL:
            sentences = (words.anchor(question, question, level) for level in range(TOP_LEVEL + 1))
            return "\n".join(level_line(level, sentence) for level, sentence in enumerate(sentences))
        case Kind.CHOICE:
            return "\n".join(f"•  {words.option(question, question, option)}" for option in question.options)
        case Kind.YES_NO | Kind.YES_PARTLY_NO:
            known = ("yes", "no") if question.kind is Kind.YES_NO else ("yes", "partly", "no")
            return "  ·  ".join(words.texts.gettext(YES_NO_WORDS[answer]) for answer in known)
        case Kind.CHECKLIST:
            return words.say(N_("Answer each line below with yes or no."))
    return help_words(words, question)


def asked_when(words: Wording, question: Question) -> str:
    """Return when a question is asked, if not always: its places stay open all the same."""
    if question.show_if is None:
        return ""
    return words.say(N_("Asked when {condition}."), condition=words.condition(question.show_if))


def _question_text(words: Wording, question: Question) -> Rich:
    below = (asked_when(words, question), _options(words, question))
    return Rich(words.question(question), "\n".join(text for text in below if text))


def _second_text(target: SectionPage, question: Question) -> Cell:
    """Return question and options in the second language; of what is not worded in it, nothing."""
    said = beside(target.words, lambda one: one.question(question))
    options = beside(target.words, lambda one: _options(one, question)) if _has_wording(question) else ""
    return Cell(Rich(said, options) if said or options else None, "second")


def _has_wording(question: Question) -> bool:
    """Return whether what may be answered is worded by the instrument and not by the program."""
    return question.kind in {Kind.LEVEL, Kind.CHOICE}


def header(target: SectionPage) -> None:
    """Write the headings above a run of questions."""
    slots = (*target.leading, *QUESTION_SLOTS)
    target.page.line([Cell(heading(target, slot), "header") for slot in slots], least=20)


def heading(target: SectionPage, slot: Slot) -> str:
    """Name a column; that of the second language is called by the language."""
    second = second_texts(target.words)
    if slot is Slot.SECOND and second:
        return second.language_name(second.language)
    return target.words.texts.gettext(HEADINGS[slot])


def _answer_value(target: SectionPage, item: Item) -> Value:
    if item.answer.state is not State.ANSWERED:
        return None
    return target.choices.shown(item.question, item.field, item.answer.value)


def _state_words(target: SectionPage, item: Item) -> str:
    if target.is_blank:
        return ""
    if item.answer.conflict:
        return str(target.choices.differ.label)
    return target.choices.state(item.answer.state)


def _who(target: SectionPage, item: Item, said: Sequence[Answer]) -> str:
    who = names(target.words, voices_of(counting(item.answer, said)))
    if item.standing is Standing.HIDDEN and not target.is_blank:
        hidden = target.words.say(N_("not asked, because of another answer"))
        return f"{who}\n{hidden}" if who else hidden
    return who


def _beside(target: SectionPage, item: Item, said: Sequence[Answer]) -> list[Cell]:
    """Return what stands beside an answer: state, who, reason, note, source, room for remarks."""
    counted = said if len(said) == 1 else counting(item.answer, said)
    only = counted[0].content if len(counted) == 1 else None
    evidence = only.evidence if only else item.answer.evidence
    return [
        Cell(_state_words(target, item), "input"),
        Cell(_who(target, item, said), "quiet"),
        Cell(only.reason if only else item.answer.reason, "input"),
        Cell(only.note if only else None, "input"),
        Cell(sources(target.appraisal, target.words, evidence), "input"),
        Cell(None, "input"),
    ]


def _voices(target: SectionPage, item: Item, said: Sequence[Answer]) -> None:
    """Write what each of several respondents said."""
    if len(said) < 2:  # noqa: PLR2004 - one voice stands in the line itself
        return
    for answer in said:
        content = answer.content
        shown = target.choices.shown(item.question, item.field, content.value)
        target.page.line(
            [
                *target.asked(Cell(None, "voice"), Cell(name_of(target.words, voice_of(answer)), "voice_name")),
                Cell(shown, voice_look(item.field)),
                Cell(target.choices.state(content.state), "voice"),
                Cell(None, "voice"),
                Cell(content.reason, "voice"),
                Cell(content.note, "voice"),
                Cell(sources(target.appraisal, target.words, content.evidence), "voice"),
                Cell(None, "voice"),
            ],
            SAID_MARK,
        )


def write_question(target: SectionPage, block: Block) -> None:
    """Write a question that is no table."""
    question, item, page = block.question, block.items[0], target.page
    said = said_at(target.appraisal, item.address)
    is_checklist = question.kind is Kind.CHECKLIST
    answer = Cell(None, "quiet") if is_checklist else Cell(_answer_value(target, item), input_look(question))
    text = Cell(_question_text(target.words, question))
    asked = target.asked(Cell(question.number, "number"), text, _second_text(target, question))
    room = _ROOM_LINES * LINE_HEIGHT if question.kind is Kind.LONG_TEXT else 0
    rows = page.line([*asked, answer, *_beside(target, item, said)], str(Mark(item.address)), least=room)
    first = rows[0]
    target.state_cell(first, target.first_slot + 1)
    if is_checklist:
        _ticks(target, question, item)
    else:
        page.rule(target.choices.rule(question, question), first, first, target.first_slot)
        if question.kind is Kind.LEVEL:
            page.tint("levels", first, first, target.first_slot)
    _voices(target, item, said)


def _tick(target: SectionPage, item: Item, option: str) -> str | None:
    value = item.answer.value
    if item.answer.state is not State.ANSWERED or not isinstance(value, tuple):
        return None
    ticked = "yes" if option in value else "no"
    return target.words.texts.gettext(YES_NO_WORDS[ticked])


def _second_option(target: SectionPage, question: Question, option: Option) -> Cell:
    return target.second(lambda one: one.option(question, question, option), "second_option")


def _ticks(target: SectionPage, question: Question, item: Item) -> None:
    """Write one line per option of a checklist."""
    page, first = target.page, target.page.row
    around = [Cell(None, "quiet")] * (len(QUESTION_SLOTS) - 1)
    for option in question.options:
        label = Cell(target.words.option(question, question, option), "option")
        answer = Cell(_tick(target, item, option.id), "input")
        asked = target.asked(Cell(None, "number"), label, _second_option(target, question, option))
        page.line([*asked, answer, *around], str(Mark(item.address, option.id)))
    if page.row > first:
        page.rule(target.choices.tick_rule, first, page.row - 1, target.first_slot)


def open_page(appraisal: Appraisal, words: Wording, choices: Choices, book: Book, section: Section) -> SectionPage:
    """Begin the sheet of a part with its rulers, title, score and introduction."""
    title = f"{section.number}  {words.section(section)}"
    sheet = book.add_sheet(f"part {section.id}", f"{section.number} {words.section(section)}")
    leading = leading_slots(words)
    page = Page(book, sheet, section_widths(section, leading))
    page.ruler(FIELDS_MARK, (*leading, *QUESTION_SLOTS))
    page.title(" · ".join(part for part in (title, beside(words, lambda one: one.section(section))) if part))
    score = appraisal.scorecard.section(section.id) if appraisal.with_scores else None
    if score and not is_blank_form(appraisal.dossier):
        page.paragraph(_score_words(words, score), "strong", span=6)
    second = beside(words, lambda one: one.introduction(section))
    for introduction, look in ((words.introduction(section), "lead"), (second, "second_lead")):
        if introduction:
            page.paragraph(introduction, look, span=6)
    return SectionPage(appraisal, words, choices, page)


def close_page(target: SectionPage, top: int, repeated: int) -> None:
    """Colour and lock the sheet of a part; all above ``top`` stays in sight, one line stands on every printed page."""
    tint_levels(target.page)
    tint_states(target.page, target.choices)
    target.page.finish(top=top, left=_FROZEN, repeated=(repeated,))
