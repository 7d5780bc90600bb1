"""Training and technical assistance: what is wanted topic by topic, what is planned, and where answers point."""

from collections.abc import Iterable, Iterator

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.assessment.registers import Action
from capacity_app.domain.planning.training import (
    TRAINING_ACTION_TYPES,
    TRAINING_SUPPLEMENT,
    TrainingNeed,
    TrainingNeeds,
    find_training_needs,
)
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import GridColumn
from capacity_app.i18n.formatter import Formatter, in_second_language
from capacity_app.outputs.content.answer_cells import LEVEL_TONES, unscored_questions
from capacity_app.outputs.content.elements import (
    ColumnHeading,
    ContentTable,
    TableCell,
    TableRow,
    TextTone,
    anchor_of,
    column_headings,
    prose,
    table_row,
    titled,
)
from capacity_app.outputs.content.section_chapter import action_number, date_span, responsible_agency
from capacity_app.report_colours import LEVEL_SIGNS, OPEN_SIGN

_REMITTANCES = frozenset({"remittances", "bpm6"})


def _training_actions(appraisal: Appraisal, formatter: Formatter, actions: Iterable[Action]) -> ContentTable | None:
    rows = tuple(
        table_row(
            action_number(appraisal, formatter, action),
            action.title,
            formatter.code("action_type", action.type),
            responsible_agency(formatter, action),
            date_span(formatter, action.start, action.end),
        )
        for action in actions
    )
    if not rows:
        return None
    labels = (("title", 42), ("type", 14), ("responsible", 16))
    fields = (ColumnHeading(formatter.label("actions", name), width) for name, width in labels)
    headings = column_headings(formatter.say, (N_("No."), 6), *fields, (N_("When"), 22))
    return ContentTable(headings, rows, style="compact")


def option_name(formatter: Formatter, found: TrainingNeeds, column: GridColumn | None, option_id: str) -> str:
    """Name a chosen option of the supplement's table; one that it does not know by its id."""
    option = column.option_by_id.get(option_id) if column else None
    return formatter.option(found.question, column, option) if found.question and column and option else option_id


def _level_cell(formatter: Formatter, level: int | None) -> TableCell:
    if level is None:
        return TableCell(sign=OPEN_SIGN, tone=TextTone.OPEN)
    return TableCell(formatter.texts.numeral(level), sign=LEVEL_SIGNS[level], tone=LEVEL_TONES[level])


def _need_row(formatter: Formatter, found: TrainingNeeds, need: TrainingNeed) -> TableRow:
    question, columns, one = found.question, found.columns, need.topic.row
    second = in_second_language(formatter, lambda two: two.row(question, one)) if question and one else ""
    topic = TableCell(formatter.topic(need), second=second)
    if columns is None or need.is_out:
        return table_row(topic, TableCell(formatter.say(N_("not applicable")), tone=TextTone.OUT, span=5))
    return table_row(
        topic,
        _level_cell(formatter, need.level),
        _level_cell(formatter, need.target),
        option_name(formatter, found, columns.priority, need.priority) or "–",
        formatter.texts.listed(option_name(formatter, found, columns.help, one) for one in need.help) or "–",
        formatter.texts.listed(formatter.agency(one) for one in need.who) or "–",
    )


def _needs_table(formatter: Formatter, found: TrainingNeeds) -> ContentTable | None:
    """List the topics of the supplement, the most pressing first; None without the supplement."""
    if found.question is None or found.columns is None:
        return None
    headings = column_headings(
        formatter.say, (N_("Topic"), 32), (N_("Level now"), 9, "sign"), (N_("Level wanted"), 9, "sign"),
        (N_("Priority"), 12), (N_("Form of help"), 22), (N_("Who needs it"), 16),
    )  # fmt: skip
    rows = tuple(_need_row(formatter, found, need) for need in found.needs)
    return ContentTable(headings, rows, note=formatter.say(N_("Levels run from 0 to 3; ? open.")), style="heat")


def _pointers_table(formatter: Formatter, found: TrainingNeeds) -> ContentTable | None:
    """List the topics to which low answers elsewhere point, those with most of them first."""
    needs = [need for need in found.needs if need.gaps and not need.is_out]
    if not needs:
        return None
    rows = []
    for need in sorted(needs, key=lambda need: -len(need.gaps)):
        places = dict.fromkeys((gap.number, anchor_of("g", str(gap.address))) for gap in need.gaps)
        text = ", ".join(number for number, _link in places)
        rows.append(
            table_row(formatter.topic(need), formatter.texts.number(len(places)), TableCell(text, links=tuple(places)))
        )
    headings = column_headings(
        formatter.say, (N_("Topic"), 30), (N_("Count"), 8, "number"), (N_("Answers at level 0 or 1"), 62)
    )
    return ContentTable(headings, tuple(rows), style="compact")


def _supplement_answers(appraisal: Appraisal, formatter: Formatter, found: TrainingNeeds) -> Iterator[object]:
    """Yield the supplement's answers below its title; the table of topics is not printed twice."""
    shown = anchor_of("q", found.question.id) if found.question and found.columns else ""
    for section in appraisal.dossier.instrument.sections:
        if section.supplement == TRAINING_SUPPLEMENT:
            asked = unscored_questions(formatter, appraisal.sheet, section)
            yield from titled(formatter.section(section), *(one for one in asked if one.link != shown))


def _training_lead(formatter: Formatter, found: TrainingNeeds) -> tuple[str, ...]:
    if found.question is None:
        return (formatter.say(N_("The supplement on training was not used; low answers elsewhere point to needs.")),)
    counted = N_(
        "Skills of staff now and wanted, the most urgent topic first. Topics on which staff need support: {count}."
    )
    none = N_("Skills of staff now and wanted. No need for support has been entered yet.")
    first = formatter.say(counted if found.count else none, count=formatter.texts.number(found.count))
    remittances = [need for need in found.needs if _REMITTANCES & need.topic.tags and need.is_wanted]
    second = (
        formatter.say(N_("Remittance statistics are among them: {topic}."), topic=formatter.topic(n))
        for n in remittances
    )
    return (first, *second)


def training_blocks(appraisal: Appraisal, formatter: Formatter, volume: ReportVolume) -> tuple[object, ...]:
    """Build the chapter on training and technical assistance."""
    say = formatter.say
    chosen = [action for action in appraisal.dossier.actions if action.type in TRAINING_ACTION_TYPES]
    found = find_training_needs(appraisal.sheet, appraisal.gaps)
    nothing = prose(say(N_("No training or technical assistance has been planned.")), style="nothing")
    blocks = (
        *prose(*_training_lead(formatter, found), style="introduction"),
        *titled(say(N_("Needs by topic")), _needs_table(formatter, found)),
        *titled(say(N_("Planned")), _training_actions(appraisal, formatter, chosen) or nothing[0]),
    )
    if volume is not ReportVolume.FULL:
        return blocks
    return (
        *blocks,
        *_supplement_answers(appraisal, formatter, found),
        *titled(say(N_("Needs suggested by low-level answers")), _pointers_table(formatter, found)),
    )
