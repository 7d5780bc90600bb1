"""What policy asks, set against what the data can answer: by number of questions, as a chart, and one by one."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.chart import Chart

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.gaps import level_of
from capacity_app.domain.instrument import TOP_LEVEL, Kind, Question, Row
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.domain.themes import is_demand, supply_column
from capacity_app.palette import LEVEL_SIGNS, OPEN_SIGN
from capacity_app.wording import Wording
from capacity_app.workbook.chart import counts_chart, place_chart
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.layout import FIELDS_MARK, SAID_MARK, Slot
from capacity_app.workbook.page import Book, Cell, Page
from capacity_app.workbook.registers import write_headings
from capacity_app.workbook.shown import action_numbers, item_cell, row_gap_cell
from capacity_app.workbook.tinting import tint_levels

_WIDTHS = (9.0, 52.0, 19.0, 19.0, 19.0, 19.0, 40.0)
_LEVELS = range(TOP_LEVEL + 1)
_FIRST_LEVEL = 3
"""The column of level 0; that of what is open comes after the last level."""
_POOR = 1
"""The highest level at which an important question is poorly served."""
_CHART_LINES = 17


class Spot(NamedTuple):
    """A policy question: how much it matters (1 to 3), and the level 0-3 of its data, None while open."""

    label: str
    importance: int
    level: int | None


def demand_blocks(appraisal: Appraisal) -> list[Block]:
    return [block for block in appraisal.sheet.blocks.values() if is_demand(block.question)]


def _spots(block: Block) -> Iterator[Spot]:
    for row in block.question.rows:
        state = block.rows[row.id]
        if state.standing is Standing.WANTED:
            points = block.reached.get(row.id)
            yield Spot(row.number or row.id, state.importance, None if points is None else level_of(points))


def _level_names(words: Wording) -> list[str]:
    names = [f"{sign}  {words.level(level)}" for level, sign in enumerate(LEVEL_SIGNS)]
    return [*names, f"{OPEN_SIGN}  {words.say(N_('open'))}"]


def _importance_names(words: Wording, question: Question) -> list[tuple[int, str]]:
    """Name the degrees of relevance, the highest first."""
    column = question.importance_column
    options = [option for option in (column.options if column else ()) if option.importance]
    named = ((option.importance or 0, words.option(question, column or question, option)) for option in options)
    return sorted(named, reverse=True)


def _crossed(page: Page, words: Wording, question: Question, spots: Sequence[Spot]) -> None:
    """Write which questions stand where, and hidden beside it how many; what matters and is poorly served is tinted."""
    column = question.importance_column
    relevance = words.column(question, column) if column else ""
    heading, counted = page.row, len(page.widths) + 1
    write_headings(page, ["", relevance, *_level_names(words)])
    places = (*_LEVELS, None)
    rows: list[int] = []
    for importance, name in _importance_names(words, question):
        row = page.row
        here = [[spot.label for spot in spots if (spot.importance, spot.level) == (importance, one)] for one in places]
        cells = [
            Cell(", ".join(found), "caution" if found and _is_urgent(importance, place) else "label")
            for place, found in zip(places, here, strict=True)
        ]
        page.line([Cell(None, "number"), Cell(name, "label_strong"), *cells], SAID_MARK)
        for place, found in enumerate(here):
            page.sheet.write_number(row, counted + place, len(found))
        rows.append(row)
    for place, name in enumerate(_level_names(words)):
        page.sheet.write_string(heading, counted + place, name)
    page.sheet.set_column(counted, counted + len(places) - 1, None, None, {"hidden": True})
    if spots:
        chart = counts_chart(page, heading, rows, (counted, counted + len(places) - 1))
        _place(page, words, chart, spots)


def _is_urgent(importance: int, level: int | None) -> bool:
    return importance == TOP_LEVEL and level is not None and level <= _POOR


def _place(page: Page, words: Wording, chart: Chart, spots: Sequence[Spot]) -> None:
    urgent = [spot.label for spot in spots if _is_urgent(spot.importance, spot.level)]
    title = words.say(N_("How many policy questions the data can answer, by relevance"))
    alternative = words.say(
        N_(
            "Policy questions by how well data answer them, stacked by relevance. "
            "Of high relevance and poorly served: {list}."
        ),
        list=", ".join(urgent) or words.say(N_("none")),
    )
    place_chart(page, chart, title, alternative, lines=_CHART_LINES)


def _items_of(block: Block, row: Row) -> dict[str, Item]:
    return {item.field.id: item for item in block.items if item.row is row}


def _sources(words: Wording, items: dict[str, Item]) -> str:
    picked = (item.answer.value for item in items.values() if item.field.kind is Kind.SOURCE)
    listed = (source for value in picked if isinstance(value, tuple) for source in value)
    return "; ".join(words.source(source) for source in dict.fromkeys(listed))


def _row(appraisal: Appraisal, words: Wording, choices: Choices, page: Page, block: Block, row: Row) -> None:
    question, items = block.question, _items_of(block, row)
    relevance, supply = question.importance_column, supply_column(question)
    served = item_cell(choices, words, items[supply.id]) if supply else Cell()
    cells = [
        Cell(row.number, "number"),
        Cell(words.row(question, row), "label_strong"),
        item_cell(choices, words, items[relevance.id]) if relevance else Cell(),
        served,
        row_gap_cell(appraisal, words, question, row),
        Cell(action_numbers(appraisal, words, appraisal.actions_by_gap.get(f"{question.id}/{row.id}", ()))),
        Cell(_sources(words, items)),
    ]
    first = page.line(cells, SAID_MARK)[0]
    if isinstance(served.value, int):
        page.tint("levels", first, first, _FIRST_LEVEL + 1)


def _one_by_one(appraisal: Appraisal, words: Wording, choices: Choices, page: Page, block: Block) -> None:
    question = block.question
    names = [
        words.column(question, one) if one else "" for one in (question.importance_column, supply_column(question))
    ]
    others = (words.texts.gettext(name) for name in (N_("Gap"), N_("Actions"), N_("Sources")))
    write_headings(page, ("", words.say(N_("Question")), *names, *others))
    for row in question.rows:
        if block.rows[row.id].standing is not Standing.SPARE:
            _row(appraisal, words, choices, page, block, row)


def write_demand(appraisal: Appraisal, words: Wording, choices: Choices, book: Book) -> None:
    """Write demand against supply, if the instrument asks for it."""
    blocks = demand_blocks(appraisal)
    if not blocks:
        return
    title = words.say(N_("Demand and supply"))
    page = Page(book, book.add_sheet("demand", title), _WIDTHS)
    page.ruler(FIELDS_MARK, (Slot.NUMBER, Slot.TEXT))
    page.title(title)
    for block in blocks:
        page.paragraph(f"{block.question.number}  {words.question(block.question)}", "strong")
        _crossed(page, words, block.question, list(_spots(block)))
        page.skip()
        _one_by_one(appraisal, words, choices, page, block)
        page.skip()
    tint_levels(page)
    page.finish(top=2, left=3, repeated=range(1, 2))
