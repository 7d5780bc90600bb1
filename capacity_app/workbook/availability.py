"""Which data source serves which topic: a heat map of signs and numbers, whose colours follow its cells."""

from collections.abc import Iterator, Sequence

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.availability import Matrix, SourceUse, availability
from capacity_app.domain.problems import N_
from capacity_app.domain.topics import APPLIES, DEGREE_WORDS, SERVICE_WORDS, Service, Topic
from capacity_app.palette import LEVEL_SIGNS, NAMED_SIGN, OPEN_SIGN
from capacity_app.wording import Wording
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK, Slot
from capacity_app.workbook.measuring import shortened
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.tinting import tint_levels

_WIDTHS = (9.0, 50.0, 22.0, 9.0, 14.0)
_FIRST_SOURCE = len(_WIDTHS) + 1
_NARROW = 7.0
_NAME_LIMIT, _NAME_HEIGHT = 34, 170.0
"""Letters and points of a source's upright name; its whole name stands below the table."""


def _served(words: Wording, topic: Topic) -> Cell:
    """Return how well a topic is served by all its sources together."""
    if topic.service is Service.SERVED:
        is_open = topic.is_scored and topic.level is None
        return Cell(words.texts.gettext(DEGREE_WORDS[topic.degree]), "caution" if is_open else "label")
    said = words.texts.gettext(SERVICE_WORDS[topic.service])
    if topic.service not in APPLIES:
        return Cell(said, "quiet")
    return Cell(said, "caution" if topic.service is Service.OPEN else "label_strong")


def _mark(topic: Topic) -> Cell:
    if not topic.is_scored:
        return Cell(NAMED_SIGN, "middle")
    return Cell(OPEN_SIGN, "middle") if topic.level is None else Cell(topic.level, "level")


def _topic(page: Page, words: Wording, matrix: Matrix, topic: Topic) -> None:
    marks = [_mark(topic) if matrix.cell(topic, use) else Cell(None, "middle") for use in matrix.sources]
    cells = [
        Cell(topic.row.number, "number"),
        Cell(words.row(topic.question, topic.row)),
        _served(words, topic),
        Cell(topic.year, "level"),
        Cell(matrix.letters_of(topic), "middle"),
    ]
    first = page.line([*cells, *marks], SAID_MARK)[0]
    if marks:
        page.tint("levels", first, first, _FIRST_SOURCE, _FIRST_SOURCE + len(marks) - 1)


def _headings(words: Wording, sources: Sequence[SourceUse]) -> list[Cell]:
    names = (N_("No."), N_("Topic"), N_("How well served"), N_("Year"), N_("Broken down by"))
    upright = (Cell(shortened(f"{use.code} {words.source(use.id)}", _NAME_LIMIT), "upright") for use in sources)
    return [*(Cell(words.texts.gettext(name), "header_low") for name in names), *upright]


def _legend(words: Wording) -> str:
    """Return what signs and numbers mean."""
    levels = (f"{sign} {words.level(level)}" for level, sign in enumerate(LEVEL_SIGNS))
    others = (
        f"{OPEN_SIGN} {words.say(N_('named; how well is not known yet'))}",
        f"{NAMED_SIGN} {words.say(N_('named'))}",
    )
    return "   ".join((*levels, *others))


def _letters(words: Wording, matrix: Matrix) -> Iterator[tuple[str, str]]:
    """Say by what each letter stands for a breakdown."""
    named: dict[str, str] = {}
    for topic in matrix.topics:
        for key in topic.marks:
            named.setdefault(key, words.breakdown(topic.question, key))
    for key, label in named.items():
        yield matrix.letters[key], label


def _explained(page: Page, title: str, entries: Sequence[tuple[str, str]]) -> None:
    if entries:
        page.skip()
        page.heading(title)
    for code, name in entries:
        page.line([Cell(code, "number"), Cell(name)], SAID_MARK)


def _matrix(page: Page, words: Wording, matrix: Matrix) -> None:
    asked = ""
    for topic in matrix.topics:
        question = topic.question
        if question.id != asked:
            asked = question.id
            title = f"{question.number}  {words.question(question)}"
            page.line([Cell(None, "group"), Cell(title, "group"), *[Cell(None, "group")] * (len(page.widths) - 2)])
        _topic(page, words, matrix, topic)


def write_availability(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the heat map, if the instrument asks anywhere which sources there are."""
    every = availability(appraisal.sheet, appraisal.dossier.sources)
    if not every.grids:
        return
    matrix = every.whole
    title = words.say(N_("Availability"))
    page = Page(book, book.add_sheet("availability", title), [*_WIDTHS, *[_NARROW] * len(matrix.sources)])
    page.ruler(FIELDS_MARK, (Slot.NUMBER, Slot.TEXT))
    page.title(words.say(N_("Which data source serves which topic")))
    page.paragraph(_legend(words), span=len(_WIDTHS))
    heading = page.row
    page.line(_headings(words, matrix.sources), least=_NAME_HEIGHT if matrix.sources else 20)
    _matrix(page, words, matrix)
    sources = [(use.code, words.source(use.id)) for use in matrix.sources]
    _explained(page, words.say(N_("Data sources")), sources)
    _explained(page, words.say(N_("Broken down by (in brackets: in part)")), list(_letters(words, matrix)))
    tint_levels(page, "heat")
    page.finish(top=heading + 1, left=3, repeated=(heading,))
