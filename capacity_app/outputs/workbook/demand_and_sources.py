"""Policy demand and data supply, indicators by migratory status, and which source serves which topic."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    GridRow,
    Question,
    is_demand_grid,
    is_indicator_grid,
    supply_column,
)
from capacity_app.domain.questionnaire.kinds import TOP_LEVEL
from capacity_app.domain.scoring.answer_sheet import ItemStatus, QuestionBlock
from capacity_app.domain.scoring.data_availability import (
    APPLICABLE_STATUSES,
    SERVICE_DEGREE_LABELS,
    SERVICE_STATUS_LABELS,
    AvailabilityMatrix,
    DataTopic,
    ServiceStatus,
    build_availability,
)
from capacity_app.i18n.formatter import Formatter
from capacity_app.outputs.content.answer_cells import row_gap_cell
from capacity_app.outputs.content.demand_and_sources import (
    PolicyPosition,
    named_sources,
    policy_positions,
)
from capacity_app.outputs.content.gaps_and_actions import action_numbers
from capacity_app.outputs.workbook.answer_cells import DropDownLists, item_cell, levels_up_to, sheet_cell, tint_levels
from capacity_app.outputs.workbook.formats import shorten_to_units
from capacity_app.outputs.workbook.sheet_marks import ColumnSlot
from capacity_app.outputs.workbook.sheet_writer import (
    SheetCell,
    SheetWriter,
    WorkbookWriter,
    open_sheet,
)
from capacity_app.report_colours import LEVEL_SIGNS, NAMED_SIGN, OPEN_SIGN

_SLOTS = (ColumnSlot.NUMBER, ColumnSlot.TEXT)
_DEMAND_WIDTHS = (9.0, 52.0, 19.0, 19.0, 19.0, 19.0, 40.0)
_FIRST_LEVEL = 3
"""The column of level 0; that of what is open comes after the last level."""


def _level_names(formatter: Formatter) -> list[str]:
    names = [f"{sign}  {formatter.level(level)}" for level, sign in enumerate(LEVEL_SIGNS)]
    return [*names, f"{OPEN_SIGN}  {formatter.say(N_('open'))}"]


def _importance_names(formatter: Formatter, question: Question) -> list[tuple[int, str]]:
    """Name the degrees of relevance, the highest first."""
    column = question.importance_column
    options = [option for option in (column.options if column else ()) if option.importance]
    named = ((option.importance or 0, formatter.option(question, column or question, option)) for option in options)
    return sorted(named, reverse=True)


def _write_crossed_counts(
    page: SheetWriter, formatter: Formatter, question: Question, positions: Sequence[PolicyPosition]
) -> None:
    """Write which questions stand where; what matters and is poorly served is tinted."""
    column = question.importance_column
    page.headings(["", formatter.column(question, column) if column else "", *_level_names(formatter)])
    for importance, name in _importance_names(formatter, question):
        cells = [SheetCell(None, "number"), SheetCell(name, "label_strong")]
        for level in (*range(TOP_LEVEL + 1), None):
            found = [one for one in positions if (one.importance, one.level) == (importance, level)]
            look = "caution" if any(one.is_urgent for one in found) else "label"
            cells.append(SheetCell(", ".join(one.label for one in found), look))
        page.line(cells)


def _write_demand_row(
    appraisal: Appraisal,
    formatter: Formatter,
    choices: DropDownLists,
    page: SheetWriter,
    block: QuestionBlock,
    row: GridRow,
) -> None:
    question, items = block.question, block.row_items(row.id)
    asked = (question.importance_column, supply_column(question))
    relevance, served = (item_cell(choices, formatter, items[one.id]) if one else SheetCell() for one in asked)
    actions = appraisal.actions_by_gap.get(f"{question.id}/{row.id}", ())
    first = page.line(
        [
            SheetCell(row.number, "number"),
            SheetCell(formatter.row(question, row), "label_strong"),
            relevance,
            served,
            sheet_cell(row_gap_cell(appraisal, formatter, question, row)),
            SheetCell(action_numbers(appraisal, formatter, actions)),
            SheetCell("; ".join(map(formatter.source, named_sources(items)))),
        ]
    )[0]
    if isinstance(served.value, int):
        page.tint(levels_up_to(), first, first, _FIRST_LEVEL + 1)


def write_demand(appraisal: Appraisal, formatter: Formatter, choices: DropDownLists, book: WorkbookWriter) -> None:
    """Write demand against supply, if the instrument asks for it."""
    blocks = [block for block in appraisal.sheet.blocks.values() if is_demand_grid(block.question)]
    if not blocks:
        return
    page = open_sheet(book, "demand", formatter.say(N_("Demand and supply")), _DEMAND_WIDTHS, _SLOTS)
    for block in blocks:
        question = block.question
        page.paragraph(f"{question.number}  {formatter.question(question)}", "strong")
        _write_crossed_counts(page, formatter, question, policy_positions(block))
        page.skip()
        asked = (question.importance_column, supply_column(question))
        names = (formatter.column(question, one) if one else "" for one in asked)
        others = map(formatter.texts.gettext, (N_("Gap"), N_("Actions"), N_("Sources")))
        page.headings(("", formatter.say(N_("Question")), *names, *others))
        for row in _shown_rows(block):
            _write_demand_row(appraisal, formatter, choices, page, block, row)
        page.skip()
    tint_levels(page)
    page.finish(top=2, left=3, repeated=range(1, 2))


def _shown_rows(block: QuestionBlock) -> Iterator[GridRow]:
    return (row for row in block.question.rows if block.rows[row.id].standing is not ItemStatus.SPARE)


# Which indicators are shown by migratory status, table by table.


def _write_indicator_rows(
    appraisal: Appraisal, formatter: Formatter, choices: DropDownLists, page: SheetWriter, block: QuestionBlock
) -> None:
    question = block.question
    for row in _shown_rows(block):
        heading = formatter.row_heading(question, row)
        if heading:
            page.group(heading)
        cells = [SheetCell(row.number, "number"), SheetCell(formatter.row(question, row), "label_strong")]
        cells += [item_cell(choices, formatter, item) for item in block.row_items(row.id).values()]
        cells.append(sheet_cell(row_gap_cell(appraisal, formatter, question, row)))
        page.line([*cells, *[SheetCell()] * (len(page.widths) - len(cells))])


def write_indicators(appraisal: Appraisal, formatter: Formatter, choices: DropDownLists, book: WorkbookWriter) -> None:
    """Write the tables of indicators by migratory status, if the instrument has any; answers change on their part."""
    blocks = [block for block in appraisal.sheet.blocks.values() if is_indicator_grid(block.question)]
    if not blocks:
        return
    most = max(len(block.question.columns) for block in blocks)
    page = open_sheet(
        book, "indicators", formatter.say(N_("SDG indicators")), [9.0, 54.0, *[17.0] * most, 14.0], _SLOTS
    )
    for block in blocks:
        question = block.question
        section = appraisal.dossier.instrument.section_of[question.id]
        where = f"{section.number} {formatter.section(section)}"
        page.paragraph(f"{question.number}  {formatter.question(question)}", "strong")
        page.paragraph(formatter.say(N_("To change an answer, go to the sheet of part {part}."), part=where))
        columns = (formatter.column(question, one) for one in question.columns)
        names = ["", formatter.say(N_("Indicator")), *columns, formatter.say(N_("Gap"))]
        page.headings([*names, *[""] * (len(page.widths) - len(names))])
        _write_indicator_rows(appraisal, formatter, choices, page, block)
        page.skip()
    page.finish(top=2, left=3, repeated=range(1, 2))


# Which data source serves which topic: a heat map of signs and numbers, whose colours follow its cells.


_AVAILABILITY_WIDTHS = (9.0, 50.0, 22.0, 9.0, 14.0)
_FIRST_SOURCE = len(_AVAILABILITY_WIDTHS) + 1
_NARROW = 7.0
_NAME_LIMIT, _NAME_HEIGHT = 34, 170.0
"""Letters and points of a source's upright name; its whole name stands below the table."""


def _served_cell(formatter: Formatter, topic: DataTopic) -> SheetCell:
    """Return how well a topic is served by all its sources together."""
    if topic.service is ServiceStatus.SERVED:
        is_open = topic.is_scored and topic.level is None
        return SheetCell(
            formatter.texts.gettext(SERVICE_DEGREE_LABELS[topic.degree]), "caution" if is_open else "label"
        )
    said = formatter.texts.gettext(SERVICE_STATUS_LABELS[topic.service])
    if topic.service not in APPLICABLE_STATUSES:
        return SheetCell(said, "quiet")
    return SheetCell(said, "caution" if topic.service is ServiceStatus.OPEN else "label_strong")


def _source_mark(topic: DataTopic) -> SheetCell:
    if not topic.is_scored:
        return SheetCell(NAMED_SIGN, "middle")
    return SheetCell(OPEN_SIGN, "middle") if topic.level is None else SheetCell(topic.level, "level")


def _write_topic(page: SheetWriter, formatter: Formatter, matrix: AvailabilityMatrix, topic: DataTopic) -> None:
    marks = [_source_mark(topic) if matrix.cell(topic, use) else SheetCell(None, "middle") for use in matrix.sources]
    cells = [
        SheetCell(topic.row.number, "number"),
        SheetCell(formatter.row(topic.question, topic.row)),
        _served_cell(formatter, topic),
        SheetCell(topic.year, "level"),
        SheetCell(matrix.letters_of(topic), "middle"),
    ]
    first = page.line([*cells, *marks])[0]
    if marks:
        page.tint(levels_up_to(), first, first, _FIRST_SOURCE, _FIRST_SOURCE + len(marks) - 1)


def _sign_legend(formatter: Formatter) -> str:
    """Return what signs and numbers mean."""
    levels = (f"{sign} {formatter.level(level)}" for level, sign in enumerate(LEVEL_SIGNS))
    others = (
        f"{OPEN_SIGN} {formatter.say(N_('named; how well is not known yet'))}",
        f"{NAMED_SIGN} {formatter.say(N_('named'))}",
    )
    return "   ".join((*levels, *others))


def _breakdown_letters(formatter: Formatter, matrix: AvailabilityMatrix) -> list[tuple[str, str]]:
    """Say for what breakdown each letter stands."""
    named: dict[str, str] = {}
    for topic in matrix.topics:
        for key in topic.marks:
            named.setdefault(key, formatter.breakdown(topic.question, key))
    return [(matrix.letters[key], label) for key, label in named.items()]


def _write_legend(page: SheetWriter, title: str, entries: Iterable[tuple[str, str]]) -> None:
    if entries:
        page.skip()
        page.heading(title)
    for code, name in entries:
        page.line([SheetCell(code, "number"), SheetCell(name)])


def write_availability(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the heat map, if the instrument asks anywhere which sources there are."""
    every, say = build_availability(appraisal.sheet, appraisal.dossier.sources), formatter.say
    if not every.grids:
        return
    matrix, sources = every.whole, [(use.code, formatter.source(use.id)) for use in every.whole.sources]
    widths = [*_AVAILABILITY_WIDTHS, *[_NARROW] * len(sources)]
    title = say(N_("Which data source serves which topic"))
    page = open_sheet(book, "availability", say(N_("Availability")), widths, _SLOTS, title)
    page.paragraph(_sign_legend(formatter), span=len(_AVAILABILITY_WIDTHS))
    heading, names = page.row, (N_("No."), N_("Topic"), N_("How well served"), N_("Year"), N_("Broken down by"))
    upright = (SheetCell(shorten_to_units(f"{code} {name}", _NAME_LIMIT), "upright") for code, name in sources)
    cells = [*(SheetCell(formatter.texts.gettext(name), "header_low") for name in names), *upright]
    page.line(cells, least=_NAME_HEIGHT if sources else 20)
    for question, topics in groupby(matrix.topics, key=lambda topic: topic.question):
        page.group(f"{question.number}  {formatter.question(question)}")
        for topic in topics:
            _write_topic(page, formatter, matrix, topic)
    _write_legend(page, say(N_("Data sources")), sources)
    _write_legend(page, say(N_("Broken down by (in brackets: in part)")), _breakdown_letters(formatter, matrix))
    tint_levels(page, "heat")
    page.finish(top=heading + 1, left=3, repeated=(heading,))
