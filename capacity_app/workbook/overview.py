"""The first sheets: what this workbook is, the summary, and the indicators by migratory status."""

from collections.abc import Iterator
from fractions import Fraction

from xlsxwriter.worksheet import Worksheet

from capacity_app import palette
from capacity_app.domain import fingerprint
from capacity_app.domain.answers import State
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import BAND_WORDS, STATUS_WORDS, SectionScore
from capacity_app.domain.sheet import Block, Item, Standing
from capacity_app.texts import rounded
from capacity_app.wording import STATE_WORDS, STATUS_OF_WORK_WORDS, Wording
from capacity_app.workbook.cells import Book, Value, continued, parts_of, put, put_row

_READ_ME = (
    N_("This workbook holds one assessment: every question, every answer, gaps, actions and registers."),
    N_("Only the light yellow cells can be filled in: answer, state, reason, note, evidence and your remarks."),
    N_("Choose answers from the lists where there are lists; with several entries, separate them by a semicolon."),
    N_(
        "If a question cannot be answered, leave the answer empty and choose a state: not applicable (with a reason), "
        "unknown or declined."
    ),
    N_("You may move rows, insert columns, rename sheets, save with another program: every line knows its question."),
    N_("The sheet “answers” lists every answer as it is stored, for other programs; changes there are not read."),
    N_("Colours repeat what the words say. The scores come from the application; there are no formulas here."),
)


def _pairs(appraisal: Appraisal, words: Wording) -> Iterator[tuple[str, str]]:
    mission, instrument, say = appraisal.dossier.mission, appraisal.dossier.instrument, words.say
    dates = " – ".join(words.texts.date(day) for day in (mission.start, mission.end) if day)
    yield say(N_("Country")), mission.country_name or mission.country
    yield say(N_("Round")), mission.round
    yield say(N_("Status")), words.texts.gettext(STATUS_OF_WORK_WORDS[mission.status])
    yield say(N_("Reviewed by")), mission.reviewed_by
    yield say(N_("Validated by")), mission.validated_by
    yield say(N_("Validated on")), words.texts.date(mission.validated_on) if mission.validated_on else ""
    yield say(N_("Mission")), dates
    yield say(N_("Project")), mission.project
    yield say(N_("Team")), ", ".join(mission.team)
    yield say(N_("Purpose")), mission.purpose
    yield say(N_("Method")), mission.method
    yield say(N_("Limits")), mission.limits
    yield say(N_("Weights of the parts")), ", ".join(mission.weights)
    yield say(N_("Instrument")), f"{words.instrument_title} ({instrument.id} {instrument.version})"
    yield say(N_("Fingerprint of the answers")), fingerprint.grouped(appraisal.fingerprint)


def write_read_me(appraisal: Appraisal, words: Wording, book: Book, sheet: Worksheet) -> None:
    """Say what the workbook is and how to fill it in."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 3)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 110)
    put(sheet, 1, 1, words.instrument_title, book.look("title"))
    row = 3
    for sentence in _READ_ME:
        sheet.merge_range(row, 1, row, 2, "", book.look("text"))
        put(sheet, row, 1, words.texts.gettext(sentence), book.look("text"))
        row += 1
    row += 1
    for label, text in _pairs(appraisal, words):
        for part in continued((label, text)) if text else ():
            put_row(sheet, row, part, (book.look("quiet"), book.look("cell")))
            row += 1


_SUMMARY = (
    (N_("No."), 8, "bold"),
    (N_("Part"), 52, "bold"),
    (N_("Score"), 9, "points"),
    (N_("Lower bound"), 9, "points"),
    (N_("Upper bound"), 9, "points"),
    (N_("Coverage"), 10, "share"),
    (N_("Band"), 28, "cell"),
    (N_("How firm"), 24, "cell"),
    (N_("Verified score"), 10, "points"),
    (N_("Evidence index"), 10, "share"),
    (N_("Not applicable"), 11, "share"),
)
_BAND_COLUMN = 6


def _points(value: Fraction | None) -> float | None:
    return None if value is None else float(rounded(value, 1))


def _share(value: Fraction | None) -> float | None:
    return None if value is None else float(rounded(value, 3))


def _score_row(words: Wording, entry: SectionScore) -> tuple[Value, ...]:
    score, is_printed = entry.score, entry.published is not None
    return (
        entry.section.number, words.section(entry.section), _points(entry.published), _points(score.lower),
        _points(score.upper), _share(score.coverage), words.bands(entry.bands),
        words.texts.gettext(STATUS_WORDS[entry.status]), _points(score.verified) if is_printed else None,
        _share(score.evidence_index), _share(score.na_share),
    )  # fmt: skip


def write_summary(appraisal: Appraisal, words: Wording, book: Book, sheet: Worksheet) -> None:
    """Write the scores of all parts and of the whole, or the counts of gaps alone where scores are left out."""
    mission = appraisal.dossier.mission
    title = " · ".join(part for part in (mission.country_name, mission.round) if part)
    put(sheet, 1, 0, parts_of(title)[0], book.look("title"))
    row = 3
    if appraisal.with_scores:
        row = _write_scores(appraisal, words, book, sheet, row)
    counts = (
        (words.say(N_("Gaps")), len(appraisal.gaps)),
        (words.say(N_("Places to verify")), len(appraisal.to_verify)),
        (words.say(N_("Actions")), len(appraisal.dossier.actions)),
    )
    sheet.set_column(0, 0, 8)
    sheet.set_column(1, 1, 52)
    for label, count in counts:
        put_row(sheet, row, (None, label, count), [book.look(name) for name in ("cell", "bold", "number")])
        row += 1


def _write_scores(appraisal: Appraisal, words: Wording, book: Book, sheet: Worksheet, top: int) -> int:
    """Write the scores below row ``top`` and give the row after them."""
    for column, (heading, width, _look) in enumerate(_SUMMARY):
        sheet.set_column(column, column, width)
        put(sheet, top, column, words.texts.gettext(heading), book.look("heading"))
    sheet.freeze_panes(top + 1, 2)
    rows = [_score_row(words, entry) for entry in appraisal.scorecard.sections] + [_overall_row(appraisal, words)]
    for number, values in enumerate(rows, start=top + 1):
        put_row(sheet, number, values, [book.look(look) for _heading, _width, look in _SUMMARY])
    for band, tint in palette.BAND_TINTS.items():
        word = words.texts.gettext(BAND_WORDS[band]).replace('"', '""')
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": book.plain(bg_color=tint)}
        sheet.conditional_format(top + 1, _BAND_COLUMN, top + len(rows), _BAND_COLUMN, rule)
    return top + len(rows) + 2


def _overall_row(appraisal: Appraisal, words: Wording) -> tuple[Value, ...]:
    overall = appraisal.scorecard.overall
    robust = "" if overall.is_robust else words.say(N_("The overall score is not robust."))
    status = words.texts.gettext(STATUS_WORDS[overall.status])
    return (
        None, words.say(N_("Overall")), _points(overall.value), _points(overall.lower), _points(overall.upper),
        _share(overall.coverage), words.bands(overall.bands), f"{status}. {robust}".strip(" ."),
        _points(overall.verified), _share(overall.evidence_index), None,
    )  # fmt: skip


def _indicator_cell(words: Wording, item: Item) -> str:
    if item.standing is Standing.ROW_OUT or item.answer.state is State.NOT_APPLICABLE:
        return words.texts.gettext(STATE_WORDS[State.NOT_APPLICABLE])
    if item.standing is Standing.SETTLED:
        return words.say(N_("settled as zero"))
    if item.answer.conflict:
        return words.say(N_("agencies differ"))
    if item.answer.is_open:
        return words.texts.gettext(STATE_WORDS[item.answer.state])
    return words.value(item.question, item.field, item.answer.value)


def write_indicators(words: Wording, book: Book, sheet: Worksheet, block: Block) -> None:
    """Write one grid of indicators side by side, to be read; it is filled in on the sheet of its part."""
    question = block.question
    put(sheet, 1, 0, f"{question.number}  {words.question(question)}", book.look("title"))
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 1 + len(question.columns), 18)
    titles = ("", words.say(N_("Indicator")), *(words.column(question, column) for column in question.columns))
    put_row(sheet, 3, titles, [book.look("heading")] * len(titles))
    sheet.freeze_panes(4, 2)
    row = 4
    for one in question.rows:
        heading = words.row_heading(question, one)
        if heading:
            put_row(sheet, row, (None, heading, *(None,) * len(question.columns)), [book.look("group")] * len(titles))
            row += 1
        items = [item for item in block.items if item.row is one]
        values = (one.number, words.row(question, one), *(_indicator_cell(words, item) for item in items))
        for part in continued(values):
            put_row(sheet, row, part, [book.look("bold"), *([book.look("cell")] * (len(values) - 1))])
            row += 1
