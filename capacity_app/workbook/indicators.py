"""Which indicators are shown by migratory status, table by table."""

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.instrument import Question
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Standing
from capacity_app.domain.themes import is_indicator_grid
from capacity_app.wording import Wording
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK, Slot
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import write_headings
from capacity_app.workbook.shown import item_cell, row_gap_cell


def _indicator_rows(appraisal: Appraisal, words: Wording, choices: Choices, page: Page, block: Block) -> None:
    question = block.question
    for row in question.rows:
        if block.rows[row.id].standing is Standing.SPARE:
            continue
        heading = words.row_heading(question, row)
        if heading:
            page.line([Cell(None, "group"), Cell(heading, "group"), *[Cell(None, "group")] * (len(page.widths) - 2)])
        cells = [Cell(row.number, "number"), Cell(words.row(question, row), "label_strong")]
        cells += [item_cell(choices, words, item) for item in block.items if item.row is row]
        cells.append(row_gap_cell(appraisal, words, question, row))
        cells += [Cell()] * (len(page.widths) - len(cells))
        page.line(cells, SAID_MARK)


def _indicator_headings(words: Wording, question: Question) -> list[str]:
    columns = (words.column(question, one) for one in question.columns)
    return ["", words.say(N_("Indicator")), *columns, words.say(N_("Gap"))]


def write_indicators(appraisal: Appraisal, words: Wording, choices: Choices, book: Book) -> None:
    """Write the tables of indicators by migratory status, if the instrument has any; answers change on their part."""
    blocks = [block for block in appraisal.sheet.blocks.values() if is_indicator_grid(block.question)]
    if not blocks:
        return
    most = max(len(block.question.columns) for block in blocks)
    title = words.say(N_("SDG indicators"))
    page = Page(book, book.add_sheet("indicators", title), [9.0, 54.0, *[17.0] * most, 14.0])
    page.ruler(FIELDS_MARK, (Slot.NUMBER, Slot.TEXT))
    page.title(title)
    for block in blocks:
        question = block.question
        section = appraisal.dossier.instrument.section_of[question.id]
        where = f"{section.number} {words.section(section)}"
        page.paragraph(f"{question.number}  {words.question(question)}", "strong")
        page.paragraph(words.say(N_("To change an answer, go to the sheet of part {part}."), part=where))
        names = _indicator_headings(words, question)
        write_headings(page, [*names, *[""] * (len(page.widths) - len(names))])
        _indicator_rows(appraisal, words, choices, page, block)
        page.skip()
    page.finish(top=2, left=3, repeated=range(1, 2))
