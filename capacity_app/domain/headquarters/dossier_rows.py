"""From a dossier to the tidy rows of headquarters: pure, so that the same dossier gives the same rows everywhere.

Numbers are those of every other form: scores with one decimal, shares with three, rounded half up.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import Answer, AnswerState, AnswerValue
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.headquarters.tidy_tables import (
    EFFECTIVE,
    LIST_SEPARATOR,
    OVERALL,
    ActionRow,
    AnswerRow,
    AssessmentRow,
    BreakdownRow,
    CountryRow,
    FileRow,
    FileRows,
    GapRow,
    QuestionRow,
    ScoreRow,
    find_country,
)
from capacity_app.domain.numbers_and_dates import plain_share
from capacity_app.domain.planning.action_plan import action_span
from capacity_app.domain.planning.costs import action_cost
from capacity_app.domain.questionnaire.instrument import (
    GridColumn,
    GridRow,
    Instrument,
    Question,
    QuestionField,
    Section,
)
from capacity_app.domain.questionnaire.kinds import ValueType
from capacity_app.domain.scoring.answer_sheet import AnswerItem, AnswerSheet, ItemStatus, QuestionBlock, lay_out_dossier
from capacity_app.domain.scoring.data_availability import Breakdown, breakdown_shares, breakdowns_of, is_unsettled
from capacity_app.domain.scoring.gaps import Gap, action_severity, find_gaps, gap_figures
from capacity_app.domain.scoring.scores import (
    Scorecard,
    SectionScore,
    score_figures,
    score_sheet,
    section_weights,
)

CONFLICT_STATE = "conflict"
"""The state of an effective answer whose respondents differ."""
_SETTLED_STATUSES = frozenset({ItemStatus.SETTLED, ItemStatus.ROW_OUT})
"""Standings that say something of a place nobody has answered."""


def rows_of_dossier(
    dossier: Dossier,
    file: FileRow,
    instrument_hash: str,
    countries: Mapping[str, CountryRow],
    *,
    with_questions: bool = True,
) -> FileRows:
    """Make all rows of one dossier; ``countries`` are those of M49 by alpha-3 code."""
    sheet = lay_out_dossier(dossier)
    scorecard = score_sheet(sheet, section_weights(dossier.instrument, dossier.mission.weights))
    gaps, to_verify = find_gaps(sheet, dossier.ratings)
    key = file.file_hash
    return FileRows(
        file=file,
        assessment=_assessment(key, dossier, sheet, instrument_hash, countries),
        answers=tuple(answer_rows(key, dossier, sheet)),
        scores=tuple(score_rows(key, scorecard)),
        gaps=tuple(gap_rows(key, (*gaps, *to_verify), dossier.actions, dossier.ratings)),
        actions=tuple(action_rows(key, dossier.actions, gaps)),
        breakdowns=tuple(breakdown_rows(key, sheet)),
        questions=tuple(question_rows(dossier.instrument.whole, instrument_hash)) if with_questions else (),
    )


def _assessment(
    key: str, dossier: Dossier, sheet: AnswerSheet, instrument_hash: str, countries: Mapping[str, CountryRow]
) -> AssessmentRow:
    mission, instrument = dossier.mission, dossier.instrument
    country = find_country(mission.country, mission.m49, mission.country_name, countries)
    return AssessmentRow(
        file_hash=key,
        assessment=dossier.id,
        country=country.country,
        m49=country.m49,
        country_name=country.name,
        round=mission.round,
        instrument=instrument.id,
        instrument_version=instrument.version,
        instrument_hash=instrument_hash,
        status=mission.status.value,
        language=mission.language,
        last_change=dossier.last_change,
        content_hash=dossier.content_hash,
        answers=len(dossier.answers),
        completeness=plain_share(sheet.counts.share),
        region_m49=country.region_m49,
        region=country.region,
        subregion_m49=country.subregion_m49,
        subregion=country.subregion,
        intermediate_m49=country.intermediate_m49,
        intermediate=country.intermediate,
        questions=instrument.profile.id if instrument.profile else "",
        mission_start=mission.start,
        mission_end=mission.end,
    )


# -- answers -------------------------------------------------------------------------------------------------------


def _number_and_text(value: AnswerValue, *, is_number: bool) -> tuple[float | None, str]:
    """Return a value as a number or as text; a percentage is kept as text elsewhere."""
    if value is None:
        return None, ""
    if isinstance(value, tuple):
        return None, LIST_SEPARATOR.join(value)
    if isinstance(value, int):
        return float(value), ""
    if is_number:
        try:
            return float(value), ""
        except ValueError:
            return None, value
    return None, value


def answer_rows(key: str, dossier: Dossier, sheet: AnswerSheet) -> Iterator[AnswerRow]:
    """Go through what every respondent and layer said, and what counts of it."""
    for answer in dossier.answers:
        yield _answer_row(key, answer, dossier.instrument.percent_places)
    for item in sheet.items():
        answer_given = item.answer
        if (
            answer_given.state is not AnswerState.NOT_ASKED
            or answer_given.conflict
            or item.standing in _SETTLED_STATUSES
        ):
            yield _effective_row(key, item)


def _answer_row(key: str, answer: Answer, percents: frozenset[tuple[str, str]]) -> AnswerRow:
    address, content = answer.key.address, answer.content
    number, text = _number_and_text(content.value, is_number=(address.question, address.column) in percents)
    return AnswerRow(
        file_hash=key,
        question=address.question,
        grid_row=address.row,
        grid_column=address.column,
        layer=str(answer.key.layer),
        respondent=answer.key.respondent,
        state=str(content.state),
        number=number,
        text=text,
        note=content.note,
        reason=content.reason,
    )


def _effective_row(key: str, item: AnswerItem) -> AnswerRow:
    answer, address = item.answer, item.address
    number, text = _number_and_text(answer.value, is_number=item.field.kind.value_type is ValueType.PERCENT)
    return AnswerRow(
        file_hash=key,
        question=address.question,
        grid_row=address.row,
        grid_column=address.column,
        layer=EFFECTIVE,
        respondent="",
        state=CONFLICT_STATE if answer.conflict else str(answer.state),
        number=number,
        text=text,
        note="",
        standing=str(item.standing),
        reason=answer.reason,
    )


# -- scores --------------------------------------------------------------------------------------------------------


def score_rows(key: str, scorecard: Scorecard) -> Iterator[ScoreRow]:
    """Yield the scores of the sections, then the overall score; what may not be published is None."""
    for entry in scorecard.entries:
        section = entry.section if isinstance(entry, SectionScore) else None
        is_core = section is None or not section.supplement
        figures: dict[str, Any] = score_figures(entry)
        yield ScoreRow(file_hash=key, section=section.id if section else OVERALL, is_core=int(is_core), **figures)


# -- gaps and actions ----------------------------------------------------------------------------------------------


def gap_rows(
    key: str, gaps: Iterable[Gap], actions: Iterable[Action], ratings: Iterable[FeasibilityRating]
) -> Iterator[GapRow]:
    """Yield gaps and places to verify, each with how many actions close it."""
    rated = {rating.id: rating for rating in ratings}
    closed: dict[str, int] = {}
    for action in actions:
        for address in set(action.gaps):
            closed[address] = closed.get(address, 0) + 1
    for gap in gaps:
        address = str(gap.address)
        rating = rated.get(address, FeasibilityRating(id=address))
        figures: dict[str, Any] = gap_figures(gap)
        yield GapRow(
            file_hash=key,
            question=gap.address.question,
            grid_row=gap.address.row,
            is_open=int(gap.is_open),
            severity_class=gap.severity_class.value,
            **figures,
            actions=closed.get(address, 0),
            commitments=LIST_SEPARATOR.join(rating.commitments),
            strategy_item=rating.strategy_item,
        )


def action_rows(key: str, actions: Iterable[Action], gaps: Iterable[Gap]) -> Iterator[ActionRow]:
    """Yield the planned actions, each as severe as the worst gap it closes."""
    known = tuple(gaps)
    for action in actions:
        cost, span = action_cost(action), action_span(action)
        yield ActionRow(
            file_hash=key,
            action=action.id,
            title=action.title,
            type=action.type,
            responsible=action.responsible,
            partners=LIST_SEPARATOR.join(action.partners),
            start_date=span.first.isoformat() if span else "",
            end_date=span.last.isoformat() if span else "",
            amount=float(cost.amount) if cost else None,
            funded=float(cost.funded) if cost else None,
            currency=action.currency,
            funding_source=action.funding_source,
            cost=action.cost,
            funding=action.funding,
            progress=action.progress.value,
            severity_class=action_severity(action, known).value,
            gaps=LIST_SEPARATOR.join(action.gaps),
            commitments=LIST_SEPARATOR.join(action.commitments),
            strategy_item=action.strategy_item,
        )


# -- breakdowns ----------------------------------------------------------------------------------------------------


def breakdown_rows(key: str, sheet: AnswerSheet) -> Iterator[BreakdownRow]:
    """Say of every statistic that applies by what it is broken down."""
    for section in sheet.instrument.sections:
        for block in sheet.section(section):
            ways = breakdowns_of(block.question) if block.rows and not block.is_hidden else ()
            if ways:
                yield from _of_block(key, section, block, ways)


def _of_block(key: str, section: Section, block: QuestionBlock, ways: tuple[Breakdown, ...]) -> Iterator[BreakdownRow]:
    items: dict[str, dict[str, AnswerItem]] = {}
    for item in block.items:
        items.setdefault(item.address.row, {})[item.address.column] = item
    for row in block.question.rows:
        if block.rows[row.id].standing is ItemStatus.WANTED:
            for name, share, is_wanted in _of_statistic(row, items[row.id], ways):
                yield BreakdownRow(
                    file_hash=key,
                    question=block.question.id,
                    grid_row=row.id,
                    section=section.id,
                    breakdown=name,
                    share=share,
                    is_wanted=int(is_wanted),
                )


def _of_statistic(
    row: GridRow, items: Mapping[str, AnswerItem], ways: tuple[Breakdown, ...]
) -> Iterator[tuple[str, float | None, bool]]:
    applying = [way for way in ways if items[way.column.id].answer.state is not AnswerState.NOT_APPLICABLE]
    has = breakdown_shares(applying, items)
    for name in dict.fromkeys(part for way in applying for part in way.keys):
        own = [way for way in applying if name in way.keys]
        is_open = name not in has and any(is_unsettled(items[way.column.id]) for way in own)
        share = None if is_open else plain_share(has.get(name, Fraction(0)))
        yield name, share, any(way.is_wanted(row) for way in own)


# -- what was asked ------------------------------------------------------------------------------------------------


def question_rows(instrument: Instrument, instrument_hash: str) -> Iterator[QuestionRow]:
    """Yield every question, row and cell of an instrument in printed order."""
    rows = (row for section in instrument.sections for row in _of_section(instrument, instrument_hash, section))
    for position, row in enumerate(rows, start=1):
        yield replace(row, position=position)


def _of_section(instrument: Instrument, instrument_hash: str, section: Section) -> Iterator[QuestionRow]:
    for question in section.questions:
        asked = QuestionRow(
            instrument=instrument.id,
            instrument_version=instrument.version,
            instrument_hash=instrument_hash,
            question=question.id,
            grid_row="",
            grid_column="",
            section=section.id,
            section_title=section.title,
            number=question.number,
            wording=question.text,
            kind=question.kind.value,
            tags=LIST_SEPARATOR.join(question.tags),
            options=_options(question),
        )
        yield asked
        for row in question.rows:
            yield from _of_row(asked, question, row)


def _options(field: QuestionField) -> str:
    labels = {code: code.capitalize() for code in field.known_answers}
    labels |= {str(level): anchor for level, anchor in enumerate(field.anchors)}
    labels |= {option.id: option.label for option in field.options}
    return json.dumps(labels, ensure_ascii=False) if labels else ""


def _of_row(asked: QuestionRow, question: Question, row: GridRow) -> Iterator[QuestionRow]:
    number = f"{question.number} {row.number}".strip()
    tags = LIST_SEPARATOR.join(row.tags)
    line = replace(asked, grid_row=row.id, number=number, wording=row.label, tags=tags, options="")
    yield line
    for column in question.columns:
        yield _cell(line, row, column)


def _cell(line: QuestionRow, row: GridRow, column: GridColumn) -> QuestionRow:
    wording = f"{row.label} – {column.label}"
    return replace(line, grid_column=column.id, wording=wording, kind=column.kind.value, options=_options(column))
