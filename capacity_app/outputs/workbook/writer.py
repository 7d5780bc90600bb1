"""A dossier as a workbook: the sheets in order, plain sheets for programs, and the hidden sheet of identity."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import astuple, replace

from capacity_app.domain.assessment.derived_results import Appraisal, appraise
from capacity_app.domain.assessment.dossier import Dossier, hash_answers
from capacity_app.domain.assessment.privacy import FULL_PROFILE, ReportProfile
from capacity_app.domain.assessment.register_fields import MISSION_STATUS_LABELS
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Instrument, Question, Section
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.i18n.formatter import Formatter, in_second_language, second_translator
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.content.identity import report_identity
from capacity_app.outputs.content.registers import country_name
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.answer_cells import DropDownLists
from capacity_app.outputs.workbook.data_sheets import write_machine_sheets
from capacity_app.outputs.workbook.demand_and_sources import write_availability, write_demand, write_indicators
from capacity_app.outputs.workbook.formats import shorten_to_units
from capacity_app.outputs.workbook.question_sheets import (
    close_section_sheet,
    open_section_sheet,
    write_headings_line,
    write_question,
)
from capacity_app.outputs.workbook.readme_and_guidance import (
    is_blank_form,
    write_contents,
    write_guidance,
    write_readme,
)
from capacity_app.outputs.workbook.registers import (
    write_agencies,
    write_evidence,
    write_meetings,
    write_published,
    write_returned,
    write_sources,
    write_validations,
)
from capacity_app.outputs.workbook.sheet_writer import (
    WorkbookWriter,
    footer_text,
    open_workbook,
    put_text,
)
from capacity_app.outputs.workbook.summary_gaps_and_plan import (
    write_actions,
    write_follow_up,
    write_gaps,
    write_summary,
)
from capacity_app.outputs.workbook.table_questions import write_table_question


def _identity_values(appraisal: Appraisal, language: str, instrument: Instrument) -> tuple[str, ...]:
    answers = appraisal.dossier.answers
    recorded = hash_answers(instrument.id, instrument.version, appraisal.dossier.id, answers)
    identity = report_identity(appraisal, language, instrument)
    return (*astuple(replace(identity, format=sheet_marks.WORKBOOK_FORMAT)), recorded)


def write_heads(appraisal: Appraisal, book: WorkbookWriter) -> None:
    """Write the hidden sheet that tells on which revisions each answer of this file stands."""
    sheet = book.add_sheet(sheet_marks.HEADS_SHEET, sheet_marks.HEADS_SHEET)
    sheet.hide()
    for column, name in enumerate(sheet_marks.HEAD_COLUMNS):
        sheet.write_string(0, column, name)
    lines = sorted(
        (str(key.address), key.layer.value, key.respondent, sheet_marks.LIST_JOINT.join(map(str, heads)))
        for key, heads in appraisal.dossier.heads.items()
    )
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line):
            if text:
                put_text(sheet, row, column, text)


def write_identity(
    appraisal: Appraisal, book: WorkbookWriter, language: str, instrument: Instrument, content: str
) -> None:
    """Write the hidden sheet that says what the file is, how its sheets were called, and what it was printed from.

    ``instrument`` is the whole questionnaire, also where a part of it is asked.
    """
    named = dict(book.names)
    sheet = book.add_sheet(sheet_marks.META_SHEET, sheet_marks.META_SHEET)
    sheet.hide()
    identity = zip(sheet_marks.META_KEYS, _identity_values(appraisal, language, instrument), strict=True)
    pairs = [sheet_marks.META_COLUMNS, *identity, *((f"sheet {sheet_id}", name) for sheet_id, name in named.items())]
    size = sheet_marks.CELL_LIMIT
    pairs += [(sheet_marks.CONTENT_KEY, content[start : start + size]) for start in range(0, len(content), size)]
    for row, (key, value) in enumerate(pairs):
        sheet.write_string(row, 0, key)
        put_text(sheet, row, 1, value)


_ABOUT: dict[str, str] = {
    "summary": N_("Scores, counts, gaps and actions at a glance; the mission"),
    "sources": N_("The register of data sources"),
    "demand": N_("What policy asks, set against what the data can answer"),
    "availability": N_("Which data source serves which topic, and how well"),
    "indicators": N_("Which indicators are disaggregated by migratory status"),
    "gap-register": N_("What is lacking, most serious first, and what has to be verified"),
    "action-plan": N_("What is planned: who, when, cost, funding"),
    "agencies": N_("Who was asked"),
    "meetings": N_("Who met when, and what was said"),
    "validations": N_("Which agency confirmed which parts, by whom, and with which reservations"),
    "published": N_("Answers from published sources: say whether they are right"),
    "evidence": N_("The documents that support the answers"),
    "returns": N_("Returned files, and what could not be imported"),
    "remarks": N_("What was written about a place without answering it"),
    "kept": N_("Answers of an earlier version of the questionnaire: to be confirmed, or no longer asked"),
    "guidance": N_("What questions and terms mean, what to ask, and which evidence to look for"),
    sheet_marks.ANSWERS_SHEET: N_("For other programs: every answer of every respondent"),
    sheet_marks.SCORES_SHEET: N_("For other programs: all scores"),
    sheet_marks.GAPS_SHEET: N_("For other programs: all gaps"),
    sheet_marks.ACTIONS_SHEET: N_("For other programs: all actions"),
    sheet_marks.CODEBOOK_SHEET: N_("For other programs: what columns and codes mean"),
}


def _title(appraisal: Appraisal, formatter: Formatter) -> str:
    mission = appraisal.dossier.mission
    named = (country_name(formatter), formatter.instrument_title, mission.round)
    return shorten_to_units(" – ".join(part for part in named if part), 250)


def _footer_sentence(appraisal: Appraisal, formatter: Formatter) -> str:
    mission = appraisal.dossier.mission
    status = formatter.texts.gettext(MISSION_STATUS_LABELS[mission.status])
    left = " · ".join(part for part in (country_name(formatter), mission.round, status) if part)
    page = formatter.say(N_("Page {number} of {count}"), number="&P", count="&N")
    if is_blank_form(appraisal.dossier):
        instrument = appraisal.dossier.instrument
        return footer_text(formatter.instrument_title, page, f"{instrument.id} {instrument.version}")
    code = format_hash(appraisal.content_hash)
    return footer_text(left, page, code)


def _question_headings(formatter: Formatter, question: Question) -> list[str]:
    """Return the heading above a question, in one line for each language."""
    second = in_second_language(formatter, lambda one: one.heading(question))
    return [text for text in (formatter.heading(question), second) if text]


def _write_section(
    appraisal: Appraisal, formatter: Formatter, choices: DropDownLists, book: WorkbookWriter, section: Section
) -> None:
    """Write a part; the headings of questions stand again after every table."""
    target = open_section_sheet(appraisal, formatter, choices, book, section)
    top, needs_header = target.page.row, True
    for block in appraisal.sheet.section(section):
        for heading in _question_headings(formatter, block.question):
            target.page.heading(heading)
            needs_header = True
        if block.question.heading_text:
            text = formatter.instrument_text(block.question.id, "heading_text", block.question.heading_text)
            target.page.paragraph(text)
            needs_header = True
        if block.question.kind is AnswerKind.GRID:
            write_table_question(target, block)
            needs_header = True
            continue
        if needs_header:
            write_headings_line(target)
            needs_header = False
        write_question(target, block)
    has_tables = any(question.kind is AnswerKind.GRID for question in section.questions)
    close_section_sheet(target, 2 if has_tables else top + 1, 1 if has_tables else top)


def _write_sheets(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter, content: str, agency: str) -> None:
    """Write all sheets; a blank form has no sheets for what follows from answers."""
    choices, is_blank = DropDownLists(formatter), is_blank_form(appraisal.dossier)
    first = write_readme(appraisal, formatter, book, choices, agency)
    if not is_blank:
        write_summary(appraisal, formatter, book)
    for section in appraisal.dossier.instrument.sections:
        _write_section(appraisal, formatter, choices, book, section)
    write_published(appraisal, formatter, book, choices)
    if not is_blank:
        _write_results(appraisal, formatter, choices, book)
    write_guidance(appraisal, formatter, book)
    write_machine_sheets(appraisal, formatter, book, is_blank=is_blank)
    write_contents(first, formatter, _contents(appraisal, formatter, book))
    choices.write(book)
    if appraisal.with_names:
        # In a small team, the computer that wrote an answer says who did.
        write_heads(appraisal, book)
    write_identity(appraisal, book, formatter.texts.language, formatter.dossier.instrument, content)


def _write_results(appraisal: Appraisal, formatter: Formatter, choices: DropDownLists, book: WorkbookWriter) -> None:
    write_demand(appraisal, formatter, choices, book)
    write_sources(appraisal, formatter, book)
    write_availability(appraisal, formatter, book)
    write_indicators(appraisal, formatter, choices, book)
    write_gaps(appraisal, formatter, book)
    write_actions(appraisal, formatter, book)
    write_agencies(appraisal, formatter, book)
    write_meetings(appraisal, formatter, book)
    write_validations(appraisal, formatter, book)
    write_evidence(appraisal, formatter, book)
    write_returned(appraisal, formatter, book)


def _contents(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> list[tuple[str, str]]:
    parts = {f"part {s.id}": f"{s.number}  {formatter.section(s)}" for s in appraisal.dossier.instrument.sections}
    named = ((sheet_id, name) for sheet_id, name in book.names.items() if sheet_id != "readme")
    return [(name, parts.get(sheet_id) or formatter.texts.gettext(_ABOUT[sheet_id])) for sheet_id, name in named]


def follow_up_bytes(appraisal: Appraisal, formatter: Formatter, agency: str) -> bytes:
    """Write a workbook of one sheet, on which an agency, named so, says how far the actions of a dossier are."""

    def write(book: WorkbookWriter) -> None:
        choices = DropDownLists(formatter)
        write_follow_up(appraisal, formatter, book, choices, agency)
        write_machine_sheets(appraisal, formatter, book, is_follow_up=True)
        choices.write(book)
        write_heads(appraisal, book)
        write_identity(appraisal, book, formatter.texts.language, formatter.dossier.instrument, "")

    return _workbook_bytes(appraisal, formatter, write)


def appraised_workbook_bytes(appraisal: Appraisal, formatter: Formatter, content: str = "", agency: str = "") -> bytes:
    """Write the workbook of an appraised dossier, which carries ``content``.

    ``formatter`` knows the whole questionnaire, of which a part is asked; ``agency`` is the id of the one that is
    asked to fill the workbook in.
    """
    return _workbook_bytes(
        appraisal, formatter, lambda book: _write_sheets(appraisal, formatter, book, content, agency)
    )


def _workbook_bytes(appraisal: Appraisal, formatter: Formatter, write: Callable[[WorkbookWriter], None]) -> bytes:
    buffer = io.BytesIO()
    workbook = open_workbook(buffer, _title(appraisal, formatter), appraisal.last_change)
    second = second_translator(formatter)
    book = WorkbookWriter(
        workbook,
        formatter.texts.right_to_left,
        _footer_sentence(appraisal, formatter),
        bool(second and second.right_to_left),
        formatter.texts.digits,
    )
    write(book)
    workbook.close()
    return buffer.getvalue()


def workbook_bytes(dossier: Dossier, *, texts: Translator, profile: ReportProfile = FULL_PROFILE) -> bytes:
    """Write a dossier as a workbook in the language of ``texts``; equal dossiers give equal bytes.

    ``profile`` is "full", "no-scores" or "no-names"; raises ValueError on any other.
    """
    appraisal = appraise(dossier, profile, name_withheld=texts.gettext("[name withheld]"))
    return appraised_workbook_bytes(appraisal, Formatter(texts, appraisal.dossier))


def is_whole_workbook(content: bytes) -> bool:
    """Return whether bytes are a complete workbook: every part is there and has its checksum."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.testzip() is None and "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return False
