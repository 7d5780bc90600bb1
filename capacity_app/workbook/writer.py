"""A dossier as a workbook: the sheets in order, written with the bare library and a minimum of ceremony."""

import io
import zipfile
import zlib
from datetime import UTC, datetime

from xlsxwriter import Workbook

from capacity_app.bilingual import beside, second_texts
from capacity_app.domain.appraisal import Appraisal, appraise
from capacity_app.domain.content_hash import printed
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Kind, Question, Section
from capacity_app.domain.moments import moment_of
from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import MISSION_STATUS_WORDS
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from capacity_app.workbook import layout, looks
from capacity_app.workbook.availability import write_availability
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.consequences import write_actions, write_gaps
from capacity_app.workbook.demand import write_demand
from capacity_app.workbook.guidance import write_guidance
from capacity_app.workbook.indicators import write_indicators
from capacity_app.workbook.machine import write_heads, write_identity, write_machine_sheets
from capacity_app.workbook.measuring import shortened
from capacity_app.workbook.page import Book, footer_text
from capacity_app.workbook.readme import is_blank_form, write_contents, write_readme
from capacity_app.workbook.registers import write_agencies, write_evidence, write_meetings, write_sources
from capacity_app.workbook.returned import write_returned
from capacity_app.workbook.rounds import write_rounds
from capacity_app.workbook.sections import close_page, header, open_page, write_question
from capacity_app.workbook.summary import write_summary
from capacity_app.workbook.tables import write_table
from capacity_app.workbook.training import write_training

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": dict(looks.FONT),
}
_WINDOW = (1440, 900)
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_ABOUT: dict[str, str] = {
    "summary": N_("Scores, counts, gaps and actions at a glance; the mission"),
    "sources": N_("The register of data sources"),
    "demand": N_("What policy asks, set against what the data can answer, with a chart"),
    "availability": N_("Which data source serves which topic, and how well"),
    "training": N_("What staff need to learn, topic by topic, and where help is wanted"),
    "comparison": N_("What has changed since the previous round, over what both rounds answered"),
    "indicators": N_("Which indicators are disaggregated by migratory status"),
    "gap-register": N_("What is lacking, most serious first, and what has to be verified"),
    "action-plan": N_("What is planned: who, when, cost, funding"),
    "agencies": N_("Who was asked"),
    "meetings": N_("Who met when, and what was said"),
    "evidence": N_("The documents that support the answers"),
    "returns": N_("Returned files, and what could not be imported"),
    "remarks": N_("What was written about a place without answering it"),
    "kept": N_("Answers of an earlier version of the questionnaire: to be confirmed, or no longer asked"),
    "guidance": N_("What questions and terms mean, what to ask, and which evidence to look for"),
    layout.ANSWERS_SHEET: N_("For other programs: every answer of every respondent"),
    layout.SCORES_SHEET: N_("For other programs: all scores"),
    layout.GAPS_SHEET: N_("For other programs: all gaps"),
    layout.ACTIONS_SHEET: N_("For other programs: all actions"),
}


def _moment(appraisal: Appraisal) -> datetime:
    """Return the moment of the last answer, a fixed one if there is none: never that of the clock."""
    return moment_of(appraisal.last_change) or _EARLIEST


def _describe(workbook: Workbook, appraisal: Appraisal, words: Wording) -> None:
    mission = appraisal.dossier.mission
    named = (mission.country_name, words.instrument_title, mission.round)
    title = " – ".join(part for part in named if part)
    created = _moment(appraisal).replace(tzinfo=None)
    workbook.set_size(*_WINDOW)
    workbook.set_properties({"title": shortened(title, 250), "author": "", "created": created})


def _footer(appraisal: Appraisal, words: Wording) -> str:
    mission = appraisal.dossier.mission
    status = words.texts.gettext(MISSION_STATUS_WORDS[mission.status])
    left = " · ".join(part for part in (mission.country_name, mission.round, status) if part)
    page = words.say(N_("Page {number} of {count}"), number="&P", count="&N")
    if is_blank_form(appraisal.dossier):
        instrument = appraisal.dossier.instrument
        return footer_text(words.instrument_title, page, f"{instrument.id} {instrument.version}")
    code = printed(appraisal.content_hash)
    return footer_text(left, page, code)


def _headings(words: Wording, question: Question) -> list[str]:
    """Return the heading above a question, in one line for each language."""

    def said(one: Wording) -> str:
        return one.instrument_text(question.id, "heading", question.heading)

    return [text for text in (said(words), beside(words, said)) if text]


def _write_section(appraisal: Appraisal, words: Wording, choices: Choices, book: Book, section: Section) -> None:
    """Write a part; the headings of questions stand again after every table."""
    target = open_page(appraisal, words, choices, book, section)
    top, needs_header = target.page.row, True
    for block in appraisal.sheet.section(section):
        for heading in _headings(words, block.question):
            target.page.heading(heading)
            needs_header = True
        if block.question.kind is Kind.GRID:
            write_table(target, block)
            needs_header = True
            continue
        if needs_header:
            header(target)
            needs_header = False
        write_question(target, block)
    has_tables = any(question.kind is Kind.GRID for question in section.questions)
    close_page(target, 2 if has_tables else top + 1, 1 if has_tables else top)


def _write_sheets(appraisal: Appraisal, words: Wording, book: Book, content: str) -> None:
    """Write all sheets; a blank form has no sheets for what follows from answers."""
    choices, is_blank = Choices(words), is_blank_form(appraisal.dossier)
    first = write_readme(appraisal, words, book, choices)
    if not is_blank:
        write_summary(appraisal, words, book)
    for section in appraisal.dossier.instrument.sections:
        _write_section(appraisal, words, choices, book, section)
    if not is_blank:
        _write_results(appraisal, words, choices, book)
    write_guidance(appraisal, words, book)
    write_machine_sheets(appraisal, book, is_blank=is_blank)
    write_contents(first, words, _contents(appraisal, words, book))
    choices.write(book)
    if appraisal.with_names:
        # In a small team, the computer that wrote an answer says who did.
        write_heads(appraisal, book)
    write_identity(appraisal, book, words.texts.language, words.dossier.instrument, content)


def _write_results(appraisal: Appraisal, words: Wording, choices: Choices, book: Book) -> None:
    write_demand(appraisal, words, choices, book)
    write_sources(appraisal, words, book)
    write_availability(appraisal, words, book)
    write_indicators(appraisal, words, choices, book)
    write_gaps(appraisal, words, book)
    write_actions(appraisal, words, book)
    write_training(appraisal, words, book)
    write_rounds(appraisal, words, book)
    write_agencies(appraisal, words, book)
    write_meetings(appraisal, words, book)
    write_evidence(appraisal, words, book)
    write_returned(appraisal, words, book)


def _contents(appraisal: Appraisal, words: Wording, book: Book) -> list[tuple[str, str]]:
    parts = {f"part {s.id}": f"{s.number}  {words.section(s)}" for s in appraisal.dossier.instrument.sections}
    named = ((sheet_id, name) for sheet_id, name in book.names.items() if sheet_id != "readme")
    return [(name, parts.get(sheet_id) or words.texts.gettext(_ABOUT[sheet_id])) for sheet_id, name in named]


def appraised_bytes(appraisal: Appraisal, words: Wording, content: str = "") -> bytes:
    """Write the workbook of an appraised dossier, which carries ``content``.

    ``words`` know the whole questionnaire, of which a part is asked.
    """
    buffer = io.BytesIO()
    workbook = Workbook(buffer, _OPTIONS)
    second = second_texts(words)
    book = Book(
        workbook,
        words.texts.right_to_left,
        _footer(appraisal, words),
        bool(second and second.right_to_left),
        words.texts.digits,
    )
    _describe(workbook, appraisal, words)
    _write_sheets(appraisal, words, book, content)
    workbook.close()
    return buffer.getvalue()


def workbook_bytes(dossier: Dossier, *, texts: Texts, profile: str = Profile.FULL) -> bytes:
    """Write a dossier as a workbook in the language of ``texts``; equal dossiers give equal bytes.

    ``profile`` is "full", "no-scores" or "no-names"; raises ValueError on any other.
    """
    appraisal = appraise(dossier, Profile(profile), name_withheld=texts.gettext("[name withheld]"))
    return appraised_bytes(appraisal, Wording(texts, appraisal.dossier))


def is_whole_workbook(content: bytes) -> bool:
    """Return whether bytes are a complete workbook: every part is there and has its checksum."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.testzip() is None and "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return False
