"""Policy demand and data supply, indicators by migratory status, and which source serves which topic."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.chart import Chart

from capacity_app.domain.assessment.appraisal import Appraisal
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    TOP_LEVEL,
    AnswerKind,
    GridRow,
    Question,
    is_demand_grid,
    is_indicator_grid,
    supply_column,
)
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    SERVICE_DEGREE_LABELS,
    SERVICE_STATUS_LABELS,
    AvailabilityMatrix,
    DataTopic,
    ServiceStatus,
    SourceUsage,
    build_availability,
)
from capacity_app.domain.scoring.gaps import level_reached
from capacity_app.domain.scoring.layout import AnswerItem, ItemStatus, QuestionBlock
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.workbook.answer_cells import (
    DropDownLists,
    action_numbers,
    item_cell,
    row_gap_cell,
    tint_levels,
)
from capacity_app.outputs.workbook.formats import shorten_to_units
from capacity_app.outputs.workbook.layout import FIELDS_MARK, SAID_MARK, ColumnSlot
from capacity_app.outputs.workbook.registers import write_headings
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetWriter, WorkbookWriter, counts_chart, place_chart
from capacity_app.palette import LEVEL_SIGNS, NAMED_SIGN, OPEN_SIGN

_DEMAND_WIDTHS = (9.0, 52.0, 19.0, 19.0, 19.0, 19.0, 40.0)
_LEVELS = range(TOP_LEVEL + 1)
_FIRST_LEVEL = 3
"""The column of level 0; that of what is open comes after the last level."""
_POOR = 1
"""The highest level at which an important question is poorly served."""
_CHART_LINES = 17


class PolicyPosition(NamedTuple):
    """A policy question: how much it matters (1 to 3), and the level 0-3 of its data, None while open."""

    label: str
    importance: int
    level: int | None


def demand_blocks(appraisal: Appraisal) -> list[QuestionBlock]:
    return [block for block in appraisal.sheet.blocks.values() if is_demand_grid(block.question)]


def _policy_positions(block: QuestionBlock) -> Iterator[PolicyPosition]:
    for row in block.question.rows:
        state = block.rows[row.id]
        if state.standing is ItemStatus.WANTED:
            points = block.reached.get(row.id)
            yield PolicyPosition(
                row.number or row.id, state.importance, None if points is None else level_reached(points)
            )


def _level_names(words: Formatter) -> list[str]:
    names = [f"{sign}  {words.level(level)}" for level, sign in enumerate(LEVEL_SIGNS)]
    return [*names, f"{OPEN_SIGN}  {words.say(N_('open'))}"]


def _importance_names(words: Formatter, question: Question) -> list[tuple[int, str]]:
    """Name the degrees of relevance, the highest first."""
    column = question.importance_column
    options = [option for option in (column.options if column else ()) if option.importance]
    named = ((option.importance or 0, words.option(question, column or question, option)) for option in options)
    return sorted(named, reverse=True)


def _write_crossed_counts(
    page: SheetWriter, words: Formatter, question: Question, spots: Sequence[PolicyPosition]
) -> None:
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
            SheetCell(", ".join(found), "caution" if found and _is_urgent(importance, place) else "label")
            for place, found in zip(places, here, strict=True)
        ]
        page.line([SheetCell(None, "number"), SheetCell(name, "label_strong"), *cells], SAID_MARK)
        for place, found in enumerate(here):
            page.sheet.write_number(row, counted + place, len(found))
        rows.append(row)
    for place, name in enumerate(_level_names(words)):
        page.sheet.write_string(heading, counted + place, name)
    page.sheet.set_column(counted, counted + len(places) - 1, None, None, {"hidden": True})
    if spots:
        chart = counts_chart(page, heading, rows, (counted, counted + len(places) - 1))
        _place_demand_chart(page, words, chart, spots)


def _is_urgent(importance: int, level: int | None) -> bool:
    return importance == TOP_LEVEL and level is not None and level <= _POOR


def _place_demand_chart(page: SheetWriter, words: Formatter, chart: Chart, spots: Sequence[PolicyPosition]) -> None:
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


def _items_of(block: QuestionBlock, row: GridRow) -> dict[str, AnswerItem]:
    return {item.field.id: item for item in block.items if item.row is row}


def _named_sources(words: Formatter, items: dict[str, AnswerItem]) -> str:
    picked = (item.answer.value for item in items.values() if item.field.kind is AnswerKind.SOURCE)
    listed = (source for value in picked if isinstance(value, tuple) for source in value)
    return "; ".join(words.source(source) for source in dict.fromkeys(listed))


def _write_demand_row(
    appraisal: Appraisal,
    words: Formatter,
    choices: DropDownLists,
    page: SheetWriter,
    block: QuestionBlock,
    row: GridRow,
) -> None:
    question, items = block.question, _items_of(block, row)
    relevance, supply = question.importance_column, supply_column(question)
    served = item_cell(choices, words, items[supply.id]) if supply else SheetCell()
    cells = [
        SheetCell(row.number, "number"),
        SheetCell(words.row(question, row), "label_strong"),
        item_cell(choices, words, items[relevance.id]) if relevance else SheetCell(),
        served,
        row_gap_cell(appraisal, words, question, row),
        SheetCell(action_numbers(appraisal, words, appraisal.actions_by_gap.get(f"{question.id}/{row.id}", ()))),
        SheetCell(_named_sources(words, items)),
    ]
    first = page.line(cells, SAID_MARK)[0]
    if isinstance(served.value, int):
        page.tint("levels", first, first, _FIRST_LEVEL + 1)


def _write_questions_one_by_one(
    appraisal: Appraisal, words: Formatter, choices: DropDownLists, page: SheetWriter, block: QuestionBlock
) -> None:
    question = block.question
    names = [
        words.column(question, one) if one else "" for one in (question.importance_column, supply_column(question))
    ]
    others = (words.texts.gettext(name) for name in (N_("Gap"), N_("Actions"), N_("Sources")))
    write_headings(page, ("", words.say(N_("Question")), *names, *others))
    for row in question.rows:
        if block.rows[row.id].standing is not ItemStatus.SPARE:
            _write_demand_row(appraisal, words, choices, page, block, row)


def write_demand(appraisal: Appraisal, words: Formatter, choices: DropDownLists, book: WorkbookWriter) -> None:
    """Write demand against supply, if the instrument asks for it."""
    blocks = demand_blocks(appraisal)
    if not blocks:
        return
    title = words.say(N_("Demand and supply"))
    page = SheetWriter(book, book.add_sheet("demand", title), _DEMAND_WIDTHS)
    page.ruler(FIELDS_MARK, (ColumnSlot.NUMBER, ColumnSlot.TEXT))
    page.title(title)
    for block in blocks:
        page.paragraph(f"{block.question.number}  {words.question(block.question)}", "strong")
        _write_crossed_counts(page, words, block.question, list(_policy_positions(block)))
        page.skip()
        _write_questions_one_by_one(appraisal, words, choices, page, block)
        page.skip()
    tint_levels(page)
    page.finish(top=2, left=3, repeated=range(1, 2))


# Which indicators are shown by migratory status, table by table.


def _indicator_rows(
    appraisal: Appraisal, words: Formatter, choices: DropDownLists, page: SheetWriter, block: QuestionBlock
) -> None:
    question = block.question
    for row in question.rows:
        if block.rows[row.id].standing is ItemStatus.SPARE:
            continue
        heading = words.row_heading(question, row)
        if heading:
            page.line(
                [
                    SheetCell(None, "group"),
                    SheetCell(heading, "group"),
                    *[SheetCell(None, "group")] * (len(page.widths) - 2),
                ]
            )
        cells = [SheetCell(row.number, "number"), SheetCell(words.row(question, row), "label_strong")]
        cells += [item_cell(choices, words, item) for item in block.items if item.row is row]
        cells.append(row_gap_cell(appraisal, words, question, row))
        cells += [SheetCell()] * (len(page.widths) - len(cells))
        page.line(cells, SAID_MARK)


def _indicator_headings(words: Formatter, question: Question) -> list[str]:
    columns = (words.column(question, one) for one in question.columns)
    return ["", words.say(N_("Indicator")), *columns, words.say(N_("Gap"))]


def write_indicators(appraisal: Appraisal, words: Formatter, choices: DropDownLists, book: WorkbookWriter) -> None:
    """Write the tables of indicators by migratory status, if the instrument has any; answers change on their part."""
    blocks = [block for block in appraisal.sheet.blocks.values() if is_indicator_grid(block.question)]
    if not blocks:
        return
    most = max(len(block.question.columns) for block in blocks)
    title = words.say(N_("SDG indicators"))
    page = SheetWriter(book, book.add_sheet("indicators", title), [9.0, 54.0, *[17.0] * most, 14.0])
    page.ruler(FIELDS_MARK, (ColumnSlot.NUMBER, ColumnSlot.TEXT))
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


# Which data source serves which topic: a heat map of signs and numbers, whose colours follow its cells.


_AVAILABILITY_WIDTHS = (9.0, 50.0, 22.0, 9.0, 14.0)
_FIRST_SOURCE = len(_AVAILABILITY_WIDTHS) + 1
_NARROW = 7.0
_NAME_LIMIT, _NAME_HEIGHT = 34, 170.0
"""Letters and points of a source's upright name; its whole name stands below the table."""


def _served_cell(words: Formatter, topic: DataTopic) -> SheetCell:
    """Return how well a topic is served by all its sources together."""
    if topic.service is ServiceStatus.SERVED:
        is_open = topic.is_scored and topic.level is None
        return SheetCell(words.texts.gettext(SERVICE_DEGREE_LABELS[topic.degree]), "caution" if is_open else "label")
    said = words.texts.gettext(SERVICE_STATUS_LABELS[topic.service])
    if topic.service not in APPLICABLE_STATUSES:
        return SheetCell(said, "quiet")
    return SheetCell(said, "caution" if topic.service is ServiceStatus.OPEN else "label_strong")


def _source_mark(topic: DataTopic) -> SheetCell:
    if not topic.is_scored:
        return SheetCell(NAMED_SIGN, "middle")
    return SheetCell(OPEN_SIGN, "middle") if topic.level is None else SheetCell(topic.level, "level")


def _write_topic(page: SheetWriter, words: Formatter, matrix: AvailabilityMatrix, topic: DataTopic) -> None:
    marks = [_source_mark(topic) if matrix.cell(topic, use) else SheetCell(None, "middle") for use in matrix.sources]
    cells = [
        SheetCell(topic.row.number, "number"),
        SheetCell(words.row(topic.question, topic.row)),
        _served_cell(words, topic),
        SheetCell(topic.year, "level"),
        SheetCell(matrix.letters_of(topic), "middle"),
    ]
    first = page.line([*cells, *marks], SAID_MARK)[0]
    if marks:
        page.tint("levels", first, first, _FIRST_SOURCE, _FIRST_SOURCE + len(marks) - 1)


def _availability_headings(words: Formatter, sources: Sequence[SourceUsage]) -> list[SheetCell]:
    names = (N_("No."), N_("Topic"), N_("How well served"), N_("Year"), N_("Broken down by"))
    upright = (
        SheetCell(shorten_to_units(f"{use.code} {words.source(use.id)}", _NAME_LIMIT), "upright") for use in sources
    )
    return [*(SheetCell(words.texts.gettext(name), "header_low") for name in names), *upright]


def _sign_legend(words: Formatter) -> str:
    """Return what signs and numbers mean."""
    levels = (f"{sign} {words.level(level)}" for level, sign in enumerate(LEVEL_SIGNS))
    others = (
        f"{OPEN_SIGN} {words.say(N_('named; how well is not known yet'))}",
        f"{NAMED_SIGN} {words.say(N_('named'))}",
    )
    return "   ".join((*levels, *others))


def _breakdown_letters(words: Formatter, matrix: AvailabilityMatrix) -> Iterator[tuple[str, str]]:
    """Say by what each letter stands for a breakdown."""
    named: dict[str, str] = {}
    for topic in matrix.topics:
        for key in topic.marks:
            named.setdefault(key, words.breakdown(topic.question, key))
    for key, label in named.items():
        yield matrix.letters[key], label


def _write_legend(page: SheetWriter, title: str, entries: Sequence[tuple[str, str]]) -> None:
    if entries:
        page.skip()
        page.heading(title)
    for code, name in entries:
        page.line([SheetCell(code, "number"), SheetCell(name)], SAID_MARK)


def _write_matrix(page: SheetWriter, words: Formatter, matrix: AvailabilityMatrix) -> None:
    asked = ""
    for topic in matrix.topics:
        question = topic.question
        if question.id != asked:
            asked = question.id
            title = f"{question.number}  {words.question(question)}"
            page.line(
                [
                    SheetCell(None, "group"),
                    SheetCell(title, "group"),
                    *[SheetCell(None, "group")] * (len(page.widths) - 2),
                ]
            )
        _write_topic(page, words, matrix, topic)


def write_availability(appraisal: Appraisal, words: Formatter, book: WorkbookWriter) -> None:
    """Write the heat map, if the instrument asks anywhere which sources there are."""
    every = build_availability(appraisal.sheet, appraisal.dossier.sources)
    if not every.grids:
        return
    matrix = every.whole
    title = words.say(N_("Availability"))
    page = SheetWriter(
        book, book.add_sheet("availability", title), [*_AVAILABILITY_WIDTHS, *[_NARROW] * len(matrix.sources)]
    )
    page.ruler(FIELDS_MARK, (ColumnSlot.NUMBER, ColumnSlot.TEXT))
    page.title(words.say(N_("Which data source serves which topic")))
    page.paragraph(_sign_legend(words), span=len(_AVAILABILITY_WIDTHS))
    heading = page.row
    page.line(_availability_headings(words, matrix.sources), least=_NAME_HEIGHT if matrix.sources else 20)
    _write_matrix(page, words, matrix)
    sources = [(use.code, words.source(use.id)) for use in matrix.sources]
    _write_legend(page, words.say(N_("Data sources")), sources)
    _write_legend(page, words.say(N_("Broken down by (in brackets: in part)")), list(_breakdown_letters(words, matrix)))
    tint_levels(page, "heat")
    page.finish(top=heading + 1, left=3, repeated=(heading,))
