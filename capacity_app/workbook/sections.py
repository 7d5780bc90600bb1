"""One sheet per part of the instrument: questions and tables, answers, and room for remarks.

Every question stands in one line, with its levels or options below its words; a checklist has one more
line per option, a table its own columns. Where several respondents spoke, what counts comes first and
what each of them said stands below, shaded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from capacity_app.domain.answers import Answer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import TOP_LEVEL, Column, Kind, Question, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import STATUS_WORDS, SectionScore
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.palette import BAND_SIGNS, LEVEL_SIGNS, OPEN_SIGN
from capacity_app.wording import YES_NO_WORDS, Wording
from capacity_app.workbook.choices import Choices, help_words, input_look, voice_look
from capacity_app.workbook.layout import FIELDS_MARK, QUESTION_SLOTS, ROW_SLOTS, SAID_MARK, Mark, Slot
from capacity_app.workbook.page import Book, Cell, Page, Rich, Value
from capacity_app.workbook.voices import counting, name_of, names, said_at, sources, voice_of, voices_of

FIRST_SLOT = 3
"""The column (D) where answers begin, on every sheet of questions."""
_NUMBER_WIDTH, _TEXT_WIDTH = 8.0, 54.0
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
    """What the lines of a part's sheet are made from."""

    appraisal: Appraisal
    words: Wording
    choices: Choices
    page: Page

    def state_cell(self, row: int, column: int) -> None:
        """Let a cell take a state, and colour it by its word."""
        self.page.rule(self.choices.state_rule, row, row, column)
        self.page.tint("states", row, row, column)


def row_slots_start(question: Question) -> int:
    """Give the column where the slots of a table's row begin; small tables line up with the questions."""
    return FIRST_SLOT + max(len(question.columns), 2)


def _column_width(column: Column) -> float:
    return _COLUMN_WIDTHS.get(column.kind, _WIDE_COLUMN)


def _section_widths(section: Section) -> list[float]:
    """Fit the columns to the questions and to every table of a part."""
    wanted: dict[int, float] = {}

    def want(place: int, width: float) -> None:
        wanted[place] = max(width, wanted.get(place, 0))

    for question in section.questions:
        if question.kind is not Kind.GRID:
            for place, slot in enumerate(QUESTION_SLOTS, start=FIRST_SLOT):
                want(place, _SLOT_WIDTHS[slot])
            continue
        for place, column in enumerate(question.columns, start=FIRST_SLOT):
            want(place, _column_width(column))
        for place, slot in enumerate(ROW_SLOTS, start=row_slots_start(question)):
            want(place, _SLOT_WIDTHS[slot])
    last = max(wanted, default=FIRST_SLOT)
    return [_NUMBER_WIDTH, _TEXT_WIDTH, *(wanted.get(place, 12.0) for place in range(FIRST_SLOT, last + 1))]


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
    """Word one level by sign, number and sentence."""
    return f"{LEVEL_SIGNS[level]} {level}  {sentence}".rstrip()


def _options(target: SectionPage, question: Question) -> str:
    """Word what may be answered: levels with their sentences, options, or the form of the answer."""
    words = target.words
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


def header(target: SectionPage) -> None:
    """Write the headings above a run of questions."""
    named = [Cell(target.words.texts.gettext(HEADINGS[slot]), "header") for slot in (Slot.NUMBER, Slot.TEXT)]
    named += [Cell(target.words.texts.gettext(HEADINGS[slot]), "header") for slot in QUESTION_SLOTS]
    target.page.line(named, least=20)


def _answer_value(target: SectionPage, item: Item) -> Value:
    if item.answer.state is not State.ANSWERED:
        return None
    return target.choices.shown(item.question, item.field, item.answer.value)


def _state_words(target: SectionPage, item: Item) -> str:
    if item.answer.conflict:
        return str(target.choices.differ.label)
    return target.choices.state(item.answer.state)


def _who(target: SectionPage, item: Item, said: Sequence[Answer]) -> str:
    who = names(target.words, voices_of(counting(item.answer, said)))
    if item.standing is Standing.HIDDEN:
        hidden = target.words.say(N_("not asked, because of another answer"))
        return f"{who}\n{hidden}" if who else hidden
    return who


def _beside(target: SectionPage, item: Item, said: Sequence[Answer]) -> list[Cell]:
    """Give what stands beside an answer: state, who, reason, note, source, room for remarks."""
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
                Cell(None, "voice"),
                Cell(name_of(target.words, voice_of(answer)), "voice_name"),
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
    text = Rich(target.words.question(question), _options(target, question))
    cells = [Cell(question.number, "number"), Cell(text), answer, *_beside(target, item, said)]
    rows = page.line(cells, str(Mark(item.address)))
    first = rows[0]
    target.state_cell(first, FIRST_SLOT + 1)
    if is_checklist:
        _ticks(target, question, item)
    else:
        page.rule(target.choices.rule(question, question), first, first, FIRST_SLOT)
        if question.kind is Kind.LEVEL:
            page.tint("levels", first, first, FIRST_SLOT)
    _voices(target, item, said)


def _tick(target: SectionPage, item: Item, option: str) -> str | None:
    value = item.answer.value
    if item.answer.state is not State.ANSWERED or not isinstance(value, tuple):
        return None
    return target.words.texts.gettext(YES_NO_WORDS["yes" if option in value else "no"])


def _ticks(target: SectionPage, question: Question, item: Item) -> None:
    """Write one line per option of a checklist."""
    page, first = target.page, target.page.row
    beside = [Cell(None, "quiet")] * (len(QUESTION_SLOTS) - 1)
    for option in question.options:
        label = Cell(target.words.option(question, question, option), "option")
        answer = Cell(_tick(target, item, option.id), "input")
        page.line([Cell(None, "number"), label, answer, *beside], str(Mark(item.address, option.id)))
    if page.row > first:
        page.rule(target.choices.tick_rule, first, page.row - 1, FIRST_SLOT)


def _tints(target: SectionPage) -> None:
    """Colour levels and states by what their cells say, also when somebody changes them."""
    page, choices = target.page, target.choices
    for cells in page.tinted.get("levels", {}).values():
        first = cells[0].partition(":")[0]
        for level in range(TOP_LEVEL + 1):
            # An empty cell would equal 0.
            formula = f"=AND(ISNUMBER({first}),{first}={level})"
            _tint(page, cells, {"type": "formula", "criteria": formula}, f"level_{level}")
    open_words = [choices.state(state) for state in State if state not in {State.ANSWERED, State.NOT_APPLICABLE}]
    open_words.append(str(target.choices.differ.label))
    for cells in page.tinted.get("states", {}).values():
        first = cells[0].partition(":")[0]
        says_open = ",".join(f"{first}={_quoted(word)}" for word in open_words)
        _tint(page, cells, {"type": "formula", "criteria": f"=OR({says_open})"}, "open")
        says_out = f"={first}={_quoted(choices.state(State.NOT_APPLICABLE))}"
        _tint(page, cells, {"type": "formula", "criteria": says_out}, "out")


def _quoted(word: str) -> str:
    doubled = word.replace('"', '""')
    return f'"{doubled}"'


def _tint(page: Page, cells: Sequence[str], rule: dict[str, str], tint: str) -> None:
    more = {"format": page.book.tints[tint], "multi_range": " ".join(cells)}
    page.sheet.conditional_format(cells[0], {**rule, **more})


def open_page(appraisal: Appraisal, words: Wording, choices: Choices, book: Book, section: Section) -> SectionPage:
    """Begin the sheet of a part with its rulers, title, score and introduction."""
    title = f"{section.number}  {words.section(section)}"
    sheet = book.add_sheet(f"part {section.id}", f"{section.number} {words.section(section)}")
    page = Page(book, sheet, _section_widths(section))
    page.ruler(FIELDS_MARK, (Slot.NUMBER, Slot.TEXT, *QUESTION_SLOTS))
    page.title(title)
    score = appraisal.scorecard.section(section.id) if appraisal.with_scores else None
    if score:
        page.paragraph(_score_words(words, score), "strong", span=6)
    if section.introduction:
        page.paragraph(words.introduction(section), span=6)
    return SectionPage(appraisal, words, choices, page)


def close_page(target: SectionPage, top: int, repeated: int) -> None:
    """Colour and lock the sheet of a part; all above ``top`` stays in sight, one line stands on every printed page."""
    _tints(target)
    target.page.finish(top=top, left=FIRST_SLOT, repeated=(repeated,))
