"""The plain sheets that other programs read: answers, scores, gaps, actions, and the codebook that explains them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import zip_longest
from typing import Any

from xlsxwriter.worksheet import Worksheet

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Answer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.register_fields import (
    ACTION_PROGRESS_LABELS,
    COMMITMENT_LABELS,
    FieldKind,
    picks_by_register,
)
from capacity_app.domain.assessment.registers import Action, FeasibilityRating
from capacity_app.domain.headquarters.codebook import SHARED_MEANINGS
from capacity_app.domain.numbers_and_dates import plain_points
from capacity_app.domain.planning.costs import plain_amount
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS, Instrument
from capacity_app.domain.scoring.gaps import GAP_SEVERITY_LABELS, PRIORITY_LABELS, Gap, action_severity, gap_figures
from capacity_app.domain.scoring.scores import (
    BAND_LABELS,
    SCORE_STATUS_LABELS,
    SENSITIVITY_METHOD_LABELS,
    SectionScore,
    score_figures,
)
from capacity_app.i18n.formatter import LAYER_LABELS, STATE_LABELS, Formatter
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.formats import cell_parts, number_of, remove_invalid_characters
from capacity_app.outputs.workbook.sheet_writer import (
    WorkbookWriter,
    put_text,
    set_up_paper,
)

PlainValue = str | int | float | None
_WIDTHS = {
    "question": 24,
    "value": 40,
    "reason": 30,
    "note": 40,
    "address": 26,
    "title": 44,
    "indicator": 30,
    "time": 25,
}
_WIDTH = 13.0


def _write_table(
    book: WorkbookWriter, name: str, columns: Sequence[str], lines: Iterable[Sequence[PlainValue]], keys: int
) -> Worksheet:
    """Write a table with one heading line, and return its sheet.

    The first ``keys`` columns are repeated where a text goes on.
    """
    sheet = book.add_sheet(name, name)
    for column, heading in enumerate(columns):
        sheet.write_string(0, column, heading, book.formats["machine_header"])
        sheet.set_column(column, column, _WIDTHS.get(heading, _WIDTH))
    row = 1
    has_parts = columns[-1] == "part"
    for line in lines:
        row = _write_line(sheet, row, line, keys, has_parts=has_parts)
    sheet.freeze_panes(1, 0)
    set_up_paper(sheet, book.footer, is_wide=True)
    sheet.repeat_rows(0)
    headers = [{"header": heading, "header_format": book.formats["machine_header"]} for heading in columns]
    table = {"name": f"table_{name}", "columns": headers, "style": None}
    sheet.add_table(0, 0, max(row - 1, 1), len(columns) - 1, table)
    return sheet


def write_plain(book: WorkbookWriter, name: str, columns: Sequence[str], lines: Iterable[Sequence[PlainValue]]) -> None:
    """Write a plain sheet for other programs, one heading line and one line each."""
    _write_table(book, name, columns, lines, 0)


def _write_line(sheet: Worksheet, row: int, line: Sequence[PlainValue], keys: int, *, has_parts: bool) -> int:
    """Write one line, and further ones for what a cell cannot hold; gives the next free row."""
    if _write_cells(sheet, row, (*line, 1) if has_parts else line):
        return row + 1
    parts = [cell_parts(remove_invalid_characters(value)) if isinstance(value, str) else (value,) for value in line]
    for number, values in enumerate(zip_longest(*parts), start=1):
        again = (*line[:keys], *values[keys:])
        _write_cells(sheet, row, (*again, number) if has_parts else again)
        row += 1
    return row


def _write_cells(sheet: Worksheet, row: int, values: Iterable[PlainValue]) -> bool:
    """Write a line's cells; tell whether all were short enough."""
    is_short = True
    for column, value in enumerate(values):
        if isinstance(value, str):
            if value:
                is_short = is_short and (len(value) * 2 <= sheet_marks.CELL_LIMIT or len(cell_parts(value)) == 1)
                if is_short:
                    put_text(sheet, row, column, value)
        elif value is not None:
            sheet.write_number(row, column, value)
    return is_short


def _join_ids(ids: Iterable[str]) -> str:
    return sheet_marks.LIST_JOINT.join(ids)


def _plain_value(instrument: Instrument, answer: Answer) -> PlainValue:
    value, address = answer.content.value, answer.key.address
    if isinstance(value, tuple):
        return _join_ids(value)
    is_percent = (address.question, address.column) in instrument.percent_places and locate(instrument, address)
    return number_of(value) if is_percent and isinstance(value, str) else value


def _answer_words(formatter: Formatter, answer: Answer) -> tuple[str, ...]:
    """Word an answer: number, question, row, column and value; empty for an unknown place."""
    key, content = answer.key, answer.content
    question = formatter.dossier.instrument.question_by_id.get(key.address.question)
    if question is None:
        return "", "", "", "", ""
    row, column = question.row_by_id.get(key.address.row), question.column_by_id.get(key.address.column)
    is_said = content.state is AnswerState.ANSWERED and content.value is not None
    return (
        formatter.place(key.address),
        formatter.question(question),
        formatter.row(question, row) if row else "",
        formatter.column(question, column) if column else "",
        formatter.value(question, column or question, content.value) if is_said else "",
    )


def _answer_lines(appraisal: Appraisal, formatter: Formatter) -> Iterator[tuple[PlainValue, ...]]:
    instrument = appraisal.dossier.instrument
    for answer in appraisal.dossier.answers:
        key, content = answer.key, answer.content
        yield (
            key.address.question,
            key.address.row,
            key.address.column,
            key.layer.value,
            key.respondent,
            content.state.value,
            _plain_value(instrument, answer) if content.state is AnswerState.ANSWERED else content.unread or None,
            content.reason,
            content.note,
            _join_ids(content.evidence),
            answer.author,
            answer.time,
            answer.language,
            *_answer_words(formatter, answer),
        )


def _score_lines(appraisal: Appraisal) -> Iterator[tuple[PlainValue, ...]]:
    overall = appraisal.scorecard.overall
    for entry in appraisal.scorecard.entries:
        section = entry.section.id if isinstance(entry, SectionScore) else ""
        said = {"id": section or sheet_marks.OVERALL, "target": plain_points(appraisal.targets[section])}
        if entry is overall:
            methods = (*SENSITIVITY_METHOD_LABELS, "spread") if overall.sensitivity else ()
            said |= {name: plain_points(getattr(overall.sensitivity, name)) for name in methods}
            is_robust = None if overall.is_robust is None else int(overall.is_robust)
            said |= {"robust": is_robust, "lowest": overall.lowest}
        said |= score_figures(entry)
        yield tuple(said.get(name) for name in sheet_marks.SCORE_COLUMNS)


def _gap_lines(appraisal: Appraisal) -> Iterator[tuple[PlainValue, ...]]:
    ratings = {rating.id: rating for rating in appraisal.dossier.ratings}
    for gap in (*appraisal.gaps, *appraisal.to_verify):
        address = str(gap.address)
        yield _gap_line(appraisal, gap, ratings.get(address, FeasibilityRating(id=address)))


def _gap_line(appraisal: Appraisal, gap: Gap, rating: FeasibilityRating) -> tuple[PlainValue, ...]:
    address = str(gap.address)
    actions = _join_ids(action.id for action in appraisal.actions_by_gap.get(address, ()))
    said = gap_figures(gap) | {
        "open": int(gap.is_open),
        "class": gap.severity_class.value,
        "actions": actions,
        "note": rating.note,
        "commitments": _join_ids(rating.commitments),
        "strategy_item": rating.strategy_item,
    }
    return tuple(said[name] for name in sheet_marks.GAP_COLUMNS[:-1])


def _action_line(appraisal: Appraisal, action: Action) -> tuple[PlainValue, ...]:
    values = [_action_value(name, getattr(action, name)) for name in (field.name for field in fields(action))]
    return (*values[:3], action_severity(action, appraisal.gaps).value, *values[3:])


def _action_value(name: str, value: str | tuple[str, ...]) -> PlainValue:
    if isinstance(value, tuple):
        return _join_ids(value)
    return plain_amount(value) if name in {"amount", "funded"} else str(value)


def _codes(formatter: Formatter) -> Iterator[tuple[str, str, str, str]]:
    """Yield the codes of the data sheets: sheet, variable, code and label."""
    say, answers = formatter.texts.gettext, sheet_marks.ANSWERS_SHEET
    lists: tuple[tuple[str, str, Mapping[Any, str]], ...] = (
        (answers, "layer", LAYER_LABELS),
        (answers, "state", STATE_LABELS),
        (sheet_marks.SCORES_SHEET, "band", BAND_LABELS),
        (sheet_marks.SCORES_SHEET, "status", SCORE_STATUS_LABELS),
        (sheet_marks.GAPS_SHEET, "class", GAP_SEVERITY_LABELS),
        (sheet_marks.GAPS_SHEET, "feasibility", FEASIBILITY_DESCRIPTIONS),
        (sheet_marks.GAPS_SHEET, "priority", PRIORITY_LABELS),
        (sheet_marks.ACTIONS_SHEET, "severity", GAP_SEVERITY_LABELS),
        (sheet_marks.ACTIONS_SHEET, "progress", ACTION_PROGRESS_LABELS),
        (sheet_marks.GAPS_SHEET, "commitments", COMMITMENT_LABELS),
        (sheet_marks.ACTIONS_SHEET, "commitments", COMMITMENT_LABELS),
    )
    for sheet, variable, labels in lists:
        for code, label in labels.items():
            yield sheet, variable, str(code), say(label)
    for name, picks in picks_by_register(FieldKind.CODE, FieldKind.CODES)["actions"].items():
        for one in formatter.dossier.instrument.codes.get(picks, ()):
            yield sheet_marks.ACTIONS_SHEET, name, one.id, formatter.code(picks, one.id)


def _answer_codes(formatter: Formatter) -> Iterator[tuple[str, str, str]]:
    """Yield what can be answered: the question or column ("iv.policy//available"), the code and its label."""
    for question in formatter.dossier.instrument.questions():
        for field in (question, *question.columns):
            place = question.id if field is question else f"{question.id}//{field.id}"
            for level in range(len(field.anchors)):
                yield place, str(level), formatter.anchor(question, field, level)
            for option in field.options:
                yield place, option.id, formatter.option(question, field, option)


def _codebook_lines(formatter: Formatter) -> Iterator[tuple[str, ...]]:
    for sheet, columns in sheet_marks.DATA_SHEETS.items():
        for name in columns:
            yield sheet, name, "", "", formatter.texts.gettext(COLUMN_MEANINGS[name])
    for sheet, variable, code, label in _codes(formatter):
        yield sheet, variable, code, label, ""
    for place, code, label in _answer_codes(formatter):
        yield sheet_marks.ANSWERS_SHEET, "value", code, label, place


COLUMN_MEANINGS: Mapping[str, str] = SHARED_MEANINGS | {
    "row": N_("id of the row of a table"),
    "column": N_("id of the column of a table"),
    "layer": N_("who answers: an agency, the assessor or the country"),
    "respondent": N_("id of the agency"),
    "state": N_("whether the question is answered"),
    "value": N_("the answer: a number, a text or codes separated by “; ”"),
    "reason": N_("why the question does not apply, or why the assessor judges so"),
    "note": N_("note"),
    "evidence": N_("ids of the evidence, separated by “; ”"),
    "author": N_("who recorded the answer"),
    "time": N_("when the answer was recorded, in Coordinated Universal Time"),
    "language": N_("language in which the answer was recorded"),
    "question_text": N_("wording of the question"),
    "row_text": N_("wording of the row"),
    "column_text": N_("wording of the column"),
    "label": N_("the answer in words"),
    "part": N_("which part of a text that is too long for one cell, from 1"),
    "id": N_("id of the section or action"),
    "target": N_("the score or level that the target asks for"),
    "band": N_("level of the score"),
    "equal_sections": N_("overall score with equal weights of the sections"),
    "equal_items": N_("overall score with equal weights of the questions"),
    "geometric": N_("overall score as the geometric mean of the sections"),
    "own_weights": N_("overall score with the weights of the mission"),
    "spread": N_("difference between the highest and the lowest method"),
    "robust": N_("1 if the methods hardly differ, otherwise 0"),
    "lowest": N_("the section with the lowest score"),
    "address": N_("the question or table row: the question and row of an answer, joined by “/”"),
    "section": N_("id of the section"),
    "open": N_("1 if the answer is open and the severity is its worst case"),
    "severity": N_("severity: steps times importance, or the severity class of an action"),
    "class": N_("severity class"),
    "actions": N_("ids of the actions that close the gap"),
    "gaps": N_("addresses of the gaps that the action closes"),
    "partners": N_("codes of the partners"),
    "start": N_("first day, month or year"),
    "end": N_("last day, month or year"),
    "indicator": N_("how one will see that the action is done"),
    "depends_on": N_("ids of the actions that come first"),
    "commitments": N_("codes of the international commitments it serves, separated by “; ”"),
    "strategy_item": N_("item of the national strategy for the development of statistics"),
}
"""What the columns of the data sheets hold."""


def write_machine_sheets(
    appraisal: Appraisal,
    formatter: Formatter,
    book: WorkbookWriter,
    *,
    is_blank: bool = False,
    is_follow_up: bool = False,
) -> None:
    """Write answers, scores (unless they are withheld), gaps and actions; of a blank form the answers alone.

    Every line begins with country, round and assessment, so that the lines of several workbooks can be put together.
    In a follow-up workbook answers and actions are hidden.
    """
    mission, named = appraisal.dossier.mission, len(sheet_marks.WHOSE_COLUMNS)
    whose = (mission.country, mission.round, appraisal.dossier.id)

    def write(name: str, lines: Iterable[tuple[PlainValue, ...]], keys: int) -> None:
        of_country = ((*whose, *line) for line in lines)
        sheet = _write_table(book, name, sheet_marks.DATA_SHEETS[name], of_country, named + keys)
        if is_follow_up:
            sheet.hide()

    write(sheet_marks.ANSWERS_SHEET, _answer_lines(appraisal, formatter), 6)
    if not (is_blank or is_follow_up):
        if appraisal.with_scores:
            write(sheet_marks.SCORES_SHEET, _score_lines(appraisal), 1)
        write(sheet_marks.GAPS_SHEET, _gap_lines(appraisal), 1)
    if not is_blank:
        actions = (_action_line(appraisal, action) for action in appraisal.dossier.actions)
        write(sheet_marks.ACTIONS_SHEET, actions, 1)
    if is_follow_up:
        return
    _write_table(book, sheet_marks.CODEBOOK_SHEET, sheet_marks.CODEBOOK_COLUMNS, _codebook_lines(formatter), 0)
