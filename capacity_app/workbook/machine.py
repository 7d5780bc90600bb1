"""The plain sheets that other programs read, and the hidden sheet that says what the file is."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from fractions import Fraction
from itertools import zip_longest

from xlsxwriter.worksheet import Worksheet

from capacity_app import __version__
from capacity_app.domain import content_hash
from capacity_app.domain.answers import Answer, State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action
from capacity_app.domain.checking import locate
from capacity_app.domain.gaps import Gap, action_class
from capacity_app.domain.instrument import Instrument, Kind
from capacity_app.domain.published import questionnaire_of
from capacity_app.domain.scoring import METHOD_WORDS, Overall, SectionScore
from capacity_app.texts import plain_points, plain_share
from capacity_app.workbook import layout
from capacity_app.workbook.measuring import cell_parts, clean, number_of
from capacity_app.workbook.page import Book, put_text, set_up_paper

Plain = str | int | float | None
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


def _table(book: Book, name: str, columns: Sequence[str], lines: Iterable[Sequence[Plain]], keys: int) -> None:
    """Write a sheet with one heading line; the first ``keys`` columns are repeated where a text goes on."""
    sheet = book.add_sheet(name, name)
    for column, heading in enumerate(columns):
        sheet.write_string(0, column, heading, book.formats["machine_header"])
        sheet.set_column(column, column, _WIDTHS.get(heading, _WIDTH))
    row = 1
    has_parts = columns[-1] == "part"
    for line in lines:
        row = _write(sheet, row, line, keys, has_parts=has_parts)
    sheet.freeze_panes(1, 0)
    set_up_paper(sheet, book.footer, is_wide=True)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(row - 1, 1), len(columns) - 1)


def write_plain(book: Book, name: str, columns: Sequence[str], lines: Iterable[Sequence[Plain]]) -> None:
    """Write a plain sheet for other programs, one heading line and one line each."""
    _table(book, name, columns, lines, 0)


def _write(sheet: Worksheet, row: int, line: Sequence[Plain], keys: int, *, has_parts: bool) -> int:
    """Write one line, and further ones for what a cell cannot hold; gives the next free row."""
    if _fits(sheet, row, (*line, 1) if has_parts else line):
        return row + 1
    parts = [cell_parts(clean(value)) if isinstance(value, str) else (value,) for value in line]
    for number, values in enumerate(zip_longest(*parts), start=1):
        again = (*line[:keys], *values[keys:])
        _fits(sheet, row, (*again, number) if has_parts else again)
        row += 1
    return row


def _fits(sheet: Worksheet, row: int, values: Iterable[Plain]) -> bool:
    """Write a line's cells; tell whether all were short enough."""
    is_short = True
    for column, value in enumerate(values):
        if isinstance(value, str):
            if value:
                is_short = is_short and (len(value) * 2 <= layout.CELL_LIMIT or len(cell_parts(value)) == 1)
                if is_short:
                    put_text(sheet, row, column, value)
        elif value is not None:
            sheet.write_number(row, column, value)
    return is_short


def _joined(ids: Iterable[str]) -> str:
    return layout.LIST_JOINT.join(ids)


def _percent_places(instrument: Instrument) -> frozenset[tuple[str, str]]:
    """Find the questions and columns whose answers are percentages."""
    found = {(question.id, "") for question in instrument.questions() if question.kind is Kind.PERCENT}
    found |= {(q.id, c.id) for q in instrument.questions() for c in q.columns if c.kind is Kind.PERCENT}
    return frozenset(found)


def _value(instrument: Instrument, percents: frozenset[tuple[str, str]], answer: Answer) -> Plain:
    value, address = answer.content.value, answer.key.address
    if isinstance(value, tuple):
        return _joined(value)
    is_percent = (address.question, address.column) in percents and locate(instrument, address) is not None
    return number_of(value) if is_percent and isinstance(value, str) else value


def _answer_lines(appraisal: Appraisal) -> Iterator[tuple[Plain, ...]]:
    instrument = appraisal.dossier.instrument
    percents = _percent_places(instrument)
    for answer in appraisal.dossier.answers:
        key, content = answer.key, answer.content
        yield (
            key.address.question, key.address.row, key.address.column, key.layer.value, key.respondent,
            content.state.value, _value(instrument, percents, answer) if content.state is State.ANSWERED else None,
            content.reason, content.note, _joined(content.evidence), answer.author, answer.time, answer.language,
        )  # fmt: skip


def _score_line(entry: SectionScore, target: Fraction | None) -> tuple[Plain, ...]:
    score = entry.score
    return (
        entry.section.id, plain_points(entry.published), plain_points(score.lower), plain_points(score.upper),
        plain_points(target), plain_share(score.coverage), plain_share(score.na_share), " to ".join(entry.bands),
        entry.status.value, plain_points(score.verified) if entry.published is not None else None,
        plain_share(score.evidence_index),
    )  # fmt: skip


def _overall_line(overall: Overall, target: Fraction | None) -> tuple[Plain, ...]:
    found = overall.sensitivity
    methods = [plain_points(getattr(found, name)) if found else None for name in (*METHOD_WORDS, "spread")]
    return (
        layout.OVERALL, plain_points(overall.value), plain_points(overall.lower), plain_points(overall.upper),
        plain_points(target), plain_share(overall.coverage), None, " to ".join(overall.bands), overall.status.value,
        plain_points(overall.verified), plain_share(overall.evidence_index), *methods,
        None if overall.is_robust is None else int(overall.is_robust), overall.lowest,
    )  # fmt: skip


def _score_lines(appraisal: Appraisal) -> Iterator[tuple[Plain, ...]]:
    for entry in appraisal.scorecard.sections:
        yield _score_line(entry, appraisal.targets[entry.section.id])
    yield _overall_line(appraisal.scorecard.overall, appraisal.targets[""])


def _gap_lines(appraisal: Appraisal) -> Iterator[tuple[Plain, ...]]:
    notes = {rating.id: rating.note for rating in appraisal.dossier.ratings}
    for gap in (*appraisal.gaps, *appraisal.to_verify):
        yield _gap_line(appraisal, gap, notes.get(str(gap.address), ""))


def _gap_line(appraisal: Appraisal, gap: Gap, note: str) -> tuple[Plain, ...]:
    address = str(gap.address)
    actions = _joined(action.id for action in appraisal.actions_by_gap.get(address, ()))
    return (
        address, gap.section.id, gap.number, int(gap.is_open), gap.level, gap.target, gap.steps, gap.importance,
        gap.severity, gap.severity_class.value, gap.feasibility.value, gap.priority.value, actions, note,
    )  # fmt: skip


def _action_line(appraisal: Appraisal, action: Action) -> tuple[Plain, ...]:
    values = (getattr(action, field.name) for field in fields(action))
    texts = [_joined(value) if isinstance(value, tuple) else str(value) for value in values]
    return (*texts[:3], action_class(action, appraisal.gaps).value, *texts[3:])


def write_machine_sheets(appraisal: Appraisal, book: Book, *, is_blank: bool) -> None:
    """Write answers, scores (unless they are withheld), gaps and actions; of a blank form the answers alone."""
    _table(book, layout.ANSWERS_SHEET, layout.ANSWER_COLUMNS, _answer_lines(appraisal), keys=6)
    if is_blank:
        return
    if appraisal.with_scores:
        _table(book, layout.SCORES_SHEET, layout.SCORE_COLUMNS, _score_lines(appraisal), keys=1)
    _table(book, layout.GAPS_SHEET, layout.GAP_COLUMNS, _gap_lines(appraisal), keys=1)
    actions = (_action_line(appraisal, action) for action in appraisal.dossier.actions)
    _table(book, layout.ACTIONS_SHEET, layout.ACTION_COLUMNS, actions, keys=1)


def _identity(appraisal: Appraisal, language: str, instrument: Instrument) -> tuple[str, ...]:
    dossier, mission = appraisal.dossier, appraisal.dossier.mission
    return (
        layout.FORMAT, __version__, instrument.id, instrument.version, instrument.content_hash,
        questionnaire_of(instrument).value, _joined(dossier.instrument.supplements), dossier.id, mission.country,
        mission.round, language, appraisal.profile.value, appraisal.last_change, appraisal.content_hash,
        content_hash.of_answers(instrument.id, instrument.version, dossier.id, dossier.answers),
    )  # fmt: skip


def write_heads(appraisal: Appraisal, book: Book) -> None:
    """Write the hidden sheet that tells on which revisions each answer of this file stands."""
    sheet = book.add_sheet(layout.HEADS_SHEET, layout.HEADS_SHEET)
    sheet.hide()
    for column, name in enumerate(layout.HEAD_COLUMNS):
        sheet.write_string(0, column, name)
    lines = sorted(
        (str(key.address), key.layer.value, key.respondent, _joined(map(str, heads)))
        for key, heads in appraisal.dossier.heads.items()
    )
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            if text:
                put_text(sheet, row, column, text)


def write_identity(appraisal: Appraisal, book: Book, language: str, instrument: Instrument, content: str) -> None:
    """Write the hidden sheet that says what the file is, how its sheets were called, and what it was printed from.

    ``instrument`` is the whole questionnaire, also where a part of it is asked.
    """
    named = dict(book.names)
    sheet = book.add_sheet(layout.META_SHEET, layout.META_SHEET)
    sheet.hide()
    identity = zip(layout.META_KEYS, _identity(appraisal, language, instrument), strict=True)
    pairs = [layout.META_COLUMNS, *identity, *((f"sheet {sheet_id}", name) for sheet_id, name in named.items())]
    size = layout.CELL_LIMIT
    pairs += [(layout.CONTENT_KEY, content[start : start + size]) for start in range(0, len(content), size)]
    for row, (key, value) in enumerate(pairs):
        sheet.write_string(row, 0, key)
        put_text(sheet, row, 1, value)
