"""What helps to answer: guidance, what to ask and which evidence to look for; and what the terms mean."""

from collections.abc import Iterator

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import Question
from capacity_app.domain.problems import N_
from capacity_app.wording import Wording
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import write_headings


def _of_question(words: Wording, question: Question) -> Iterator[list[Cell]]:
    said = [
        words.instrument_text(question.id, part, text)
        for part, text in (
            ("guidance", question.guidance),
            ("respondent_help", question.respondent_help),
            ("evidence_hint", question.evidence_hint),
        )
    ]
    if any(said):
        yield [Cell(question.number, "number"), Cell(words.question(question), "label_strong"), *map(Cell, said)]
    for column in question.columns:
        text = words.instrument_text(question.id, f"column {column.id} guidance", column.guidance)
        if text:
            yield [Cell(None, "number"), Cell(words.column(question, column), "option"), Cell(text), Cell(), Cell()]
    for row in question.rows:
        text = words.instrument_text(question.id, f"row {row.id} guidance", row.guidance)
        if text:
            yield [Cell(row.number, "number"), Cell(words.row(question, row), "option"), Cell(text), Cell(), Cell()]


def _terms(page: Page, appraisal: Appraisal, words: Wording) -> None:
    concepts = appraisal.dossier.instrument.concepts
    if not concepts:
        return
    page.skip()
    page.heading(words.say(N_("Terms")))
    for concept in concepts:
        label, definition = words.concept(concept)
        page.line(
            [
                Cell(None, "number"),
                Cell(label, "label_strong"),
                Cell(definition),
                Cell(),
                Cell(concept.source, "small"),
            ],
            SAID_MARK,
        )


def write_guidance(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the guidance to all questions, part by part, and the glossary."""
    say = words.say
    page = Page(book, book.add_sheet("guidance", say(N_("Guidance"))), [9.0, 48.0, 70.0, 48.0, 48.0])
    page.ruler(FIELDS_MARK, ())
    page.title(say(N_("Guidance and terms")))
    names = (N_("No."), N_("Question"), N_("Guidance"), N_("You can ask"), N_("Evidence to look for"))
    write_headings(page, (words.texts.gettext(name) for name in names))
    for section in appraisal.dossier.instrument.sections:
        heading = f"{section.number}  {words.section(section)}"
        page.line([Cell(None, "group"), Cell(heading, "group"), *[Cell(None, "group")] * 3])
        for question in section.questions:
            for cells in _of_question(words, question):
                page.line(cells, SAID_MARK)
    _terms(page, appraisal, words)
    page.finish(top=3, repeated=range(1, 3))
