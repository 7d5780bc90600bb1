"""The sheets around the questions: the first sheet, guidance and terms, registers, what came back."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import published_answers
from capacity_app.domain.assessment.register_fields import (
    REGISTER_INFO,
    RETIRED_ANSWER_LABELS,
    FieldKind,
    RegisterField,
    register_field,
    register_fields,
)
from capacity_app.domain.assessment.registers import Mission, RegisterEntry, RetiredAnswerStatus
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.planning.costs import plain_amount
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import BAND_LABELS, Band
from capacity_app.i18n.formatter import Formatter, profile_text, unreviewed_note
from capacity_app.outputs.content.registers import country_name, instrument_version, source_codes
from capacity_app.outputs.workbook.answer_cells import DropDownLists
from capacity_app.outputs.workbook.formats import width_for_heading
from capacity_app.outputs.workbook.sheet_marks import RETURN_MARKS, ColumnSlot, entry_mark
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetColumn, SheetWriter, WorkbookWriter, open_sheet
from capacity_app.palette import BAND_SIGNS

REMARKS_WIDTH = 26.0
_HEADING = 2
"""The line of the headings, below the ruler and the title."""
_WIDTHS = {
    FieldKind.PARAGRAPH: 24.0,
    FieldKind.TEXT: 30.0,
    FieldKind.LINES: 36.0,
    FieldKind.NUMBER: 12.0,
    FieldKind.AMOUNT: 14.0,
    FieldKind.CURRENCY: 11.0,
    FieldKind.CHOICE: 14.0,
    FieldKind.ENTRIES: 34.0,
    FieldKind.GAPS: 38.0,
}
_WIDTH, _NAME_WIDTH = 18.0, 36.0
"""Widths of the columns by what they hold, of all others, and of the name of an entry."""


def open_register_sheet(
    book: WorkbookWriter,
    formatter: Formatter,
    sheet_id: str,
    title: str,
    columns: Sequence[SheetColumn],
    asked: Mapping[ColumnSlot, tuple[str, float]] = MappingProxyType({}),
) -> SheetWriter:
    """Begin a sheet with a title and headings; ``asked`` are the columns to fill in, and a last one takes remarks."""
    to_fill_in = {**asked, ColumnSlot.REMARKS: (formatter.say(N_("Your remarks")), REMARKS_WIDTH)}
    named = [*((column.heading, column.width) for column in columns), *to_fill_in.values()]
    widths = [width_for_heading(name, width) for name, width in named]
    # Where something is asked, a column without a name would be one that somebody inserted.
    slots = [ColumnSlot.SAID if asked else ""] * len(columns)
    page = open_sheet(book, sheet_id, title, widths, (*slots, *to_fill_in))
    page.headings(name for name, _ in named)
    return page


def close_register_sheet(page: SheetWriter) -> None:
    """Lock the sheet; title and headings stay in sight and are printed on every page."""
    page.finish(top=_HEADING + 1, left=3, repeated=range(1, _HEADING + 1))


def write_entries(
    page: SheetWriter,
    register: str,
    entries: Iterable[Any],
    columns: Sequence[SheetColumn],
    id_of: Callable[[Any], str] = lambda entry: entry.id,
) -> None:
    """Write a line for every entry, with room for remarks in the sheet's last column."""
    spare = [SheetCell()] * (len(page.widths) - len(columns) - 1)
    for entry in entries:
        cells = [column.cell(entry) for column in columns]
        page.line([*cells, *spare, SheetCell(None, "input")], entry_mark(register, id_of(entry)))


def end_entries(page: SheetWriter, formatter: Formatter, entries: Sequence[object]) -> None:
    """Let people filter the entries written below the headings, or say that there are none."""
    if entries:
        page.filtered(_HEADING)
    else:
        page.paragraph(formatter.say(N_("Nothing has been entered yet.")))


def field_column(formatter: Formatter, register: str, field: RegisterField, heading: str = "") -> SheetColumn:
    """Make the column of a field; one that names the entry has the id of an entry without a name."""
    heading, width = formatter.texts.gettext(heading or field.label), _WIDTHS.get(field.kind, _WIDTH)

    def text(entry: RegisterEntry) -> str:
        return formatter.field_text(field, getattr(entry, field.name), "\n")

    if field.name in REGISTER_INFO[register].names[:1]:
        return SheetColumn(heading, _NAME_WIDTH, lambda entry: text(entry) or entry.id, "label_strong")
    if field.kind is FieldKind.AMOUNT:
        return SheetColumn(heading, width, lambda entry: amount_cell(plain_amount(getattr(entry, field.name))))
    if field.kind is FieldKind.NUMBER:
        return SheetColumn(heading, width, lambda entry: getattr(entry, field.name) or None, "count")
    return SheetColumn(heading, width, text)


def amount_cell(amount: float | str, weight: str = "") -> SheetCell:
    """Make the cell of an amount, with cents where it has any; ``weight`` is "_strong" for a total."""
    if isinstance(amount, str):
        return SheetCell(amount)
    return SheetCell(amount, f"{'count' if amount.is_integer() else 'cents'}{weight}")


def field_columns(formatter: Formatter, register: str, without: Container[str] = ()) -> list[SheetColumn]:
    return [
        field_column(formatter, register, field) for field in register_fields(register) if field.name not in without
    ]


def number_column(formatter: Formatter, numbers: Callable[[Any], str | int]) -> SheetColumn:
    return SheetColumn(formatter.say(N_("No.")), 6, numbers, "number")


def write_register(
    book: WorkbookWriter,
    formatter: Formatter,
    register: str,
    entries: Sequence[RegisterEntry],
    columns: Sequence[SheetColumn],
) -> None:
    """Write the sheet of a register."""
    page = open_register_sheet(book, formatter, register, formatter.say(REGISTER_INFO[register].title), columns)
    write_entries(page, register, entries, columns)
    end_entries(page, formatter, entries)
    close_register_sheet(page)


def write_sources(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    codes = source_codes(appraisal)
    columns = [number_column(formatter, lambda source: codes[source.id]), *field_columns(formatter, "sources")]
    write_register(book, formatter, "sources", appraisal.dossier.sources, columns)


def write_agencies(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the agencies, and the people met unless names are withheld."""
    dossier, columns, people = (
        appraisal.dossier,
        field_columns(formatter, "agencies"),
        field_columns(formatter, "people"),
    )
    title = formatter.say(N_("Agencies and people") if appraisal.with_names else REGISTER_INFO["agencies"].title)
    page = open_register_sheet(book, formatter, "agencies", title, columns)
    write_entries(page, "agencies", dossier.agencies, columns)
    end_entries(page, formatter, dossier.agencies)
    if appraisal.with_names and dossier.people:
        page.skip()
        spare = [""] * (len(columns) - len(people))
        page.headings([*(column.heading for column in people), *spare, formatter.say(N_("Your remarks"))])
        write_entries(page, "people", dossier.people, people)
    close_register_sheet(page)


def write_meetings(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    write_register(book, formatter, "meetings", appraisal.dossier.meetings, field_columns(formatter, "meetings"))


def write_validations(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write who confirmed what; nothing before somebody has."""
    if entries := appraisal.dossier.validations:
        write_register(book, formatter, "validations", entries, field_columns(formatter, "validations"))


def write_published(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter, choices: DropDownLists) -> None:
    """Ask for the confirmation of answers from published sources; nothing where there are none."""
    entries = published_answers(appraisal.dossier)
    if not entries:
        return
    columns = [
        field_column(formatter, "kept", register_field("kept", name), heading) for name, heading in _PUBLISHED.items()
    ]
    asked = {ColumnSlot.ANSWER: (formatter.say(N_("Is this right? (yes or no)")), 16.0)}
    title = formatter.texts.gettext(RETIRED_ANSWER_LABELS[RetiredAnswerStatus.PUBLISHED])
    page = open_register_sheet(book, formatter, "published", title, columns, asked)
    for entry in entries:
        cells = [*(column.cell(entry) for column in columns), SheetCell(None, "input"), SheetCell(None, "input")]
        rows = page.line(cells, entry_mark("published", entry.id))
        page.rule(choices.tick_rule, rows[0], rows[0], len(columns) + 1)
    close_register_sheet(page)


_PUBLISHED = {
    "number": "", "wording": N_("Question"), "answered": N_("Published answer"), "reason": "", "note": "",
    "evidence": "", "respondent": "", "author": "", "time": "",
}  # fmt: skip
"""The fields of an answer from published sources, and their headings where these differ from the register's."""


def write_evidence(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the evidence, each entry with its grade and where it is used."""
    title, *fields = field_columns(formatter, "evidence")
    columns = [
        number_column(formatter, lambda entry: f"[{appraisal.evidence_numbers[entry.id]}]"),
        title,
        SheetColumn(formatter.say(N_("Grade")), 20, lambda entry: formatter.evidence_grade(entry.grade)),
        *fields,
        SheetColumn(formatter.say(N_("Used for")), 30,
                    lambda entry: "; ".join(map(formatter.place, appraisal.places_of_evidence.get(entry.id, ())))),
    ]  # fmt: skip
    write_register(book, formatter, "evidence", appraisal.dossier.evidence, columns)


_INTERNAL = frozenset({"signature", "revisions"})
"""Fields of a returned file that say nothing to people."""


def write_returned(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write what came back: files, remarks and answers of an earlier version; an empty sheet is left out."""
    address = SheetColumn(formatter.say(N_("Address")), 24, lambda remark: remark.address)
    for register, more in (("returns", ()), ("remarks", (address,)), ("kept", ())):
        entries = getattr(appraisal.dossier, register)
        # A form has its answers from published sources on a sheet of their own.
        if entries and appraisal.dossier.id:
            write_register(book, formatter, register, entries, (*field_columns(formatter, register, _INTERNAL), *more))


# What helps to answer: definitions, what to ask and which evidence to look for; and what the terms mean.


def _guidance_lines(formatter: Formatter, question: Question) -> Iterator[list[SheetCell]]:
    said = [
        formatter.instrument_text(question.id, part, getattr(question, part))
        for part in ("definition", "respondent_help", "evidence_hint")
    ]
    if any(said):
        head = [SheetCell(question.number, "number"), SheetCell(formatter.question(question), "label_strong")]
        yield head + [SheetCell(text) for text in said]
    columns = ((None, formatter.column(question, one), f"column {one.id}", one.definition) for one in question.columns)
    rows = ((one.number, formatter.row(question, one), f"row {one.id}", one.definition) for one in question.rows)
    for number, name, owner, definition in (*columns, *rows):
        text = formatter.instrument_text(question.id, f"{owner} definition", definition)
        if text:
            yield [SheetCell(number, "number"), SheetCell(name, "option"), SheetCell(text), SheetCell(), SheetCell()]


def _write_terms(page: SheetWriter, appraisal: Appraisal, formatter: Formatter) -> None:
    concepts = appraisal.dossier.instrument.concepts
    if concepts:
        page.skip()
        page.heading(formatter.say(N_("Definitions")))
    for concept in concepts:
        label, definition = formatter.concept(concept)
        term = [SheetCell(None, "number"), SheetCell(label, "label_strong"), SheetCell(definition)]
        page.line([*term, SheetCell(), SheetCell(concept.source, "small")])


def write_guidance(appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter) -> None:
    """Write the definitions of all questions, what to ask, which evidence to look for, and the glossary."""
    say = formatter.say
    widths = (9.0, 48.0, 70.0, 48.0, 48.0)
    page = open_sheet(book, "guidance", say(N_("Guidance")), widths, title=say(N_("Guidance and terms")))
    names = (N_("No."), N_("Question"), N_("Definition"), N_("You can ask"), N_("Evidence to look for"))
    page.headings(map(formatter.texts.gettext, names))
    for section in appraisal.dossier.instrument.sections:
        page.group(f"{section.number}  {formatter.section(section)}")
        for question in section.questions:
            for cells in _guidance_lines(formatter, question):
                page.line(cells)
    _write_terms(page, appraisal, formatter)
    page.finish(top=3, repeated=range(1, 3))


# The first sheet: what the file is, how to answer, what colours mean, and who sends it back.


_STEPS = (
    N_("Each part of the questionnaire has a sheet of its own. Write into the white cells; shaded cells are locked."),
    N_(
        "Where a cell has an arrow, choose from its list. Where several entries are possible, separate them by a "
        "semicolon and a space."
    ),
    N_(
        "If a question does not apply, set its state to “not applicable” and give the reason. If you do not know, or "
        "cannot say, choose “unknown” or “declined”: that is an answer too, and better than a guess."
    ),
    N_(
        "In a table, a row that does not apply is marked by writing why under “Does not apply because”. Single cells "
        "take the words “unknown”, “declined” and “not applicable” from their list."
    ),
    N_("Name the document that shows the answer under “Source or evidence”, and correct or add a note."),
    N_("Anything else belongs under “Your remarks”, on every sheet. Remarks come back with your name and date."),
    N_(
        "You may change widths, filter registers, sort the order of sheets, or save with another spreadsheet program: "
        "answers are read back by what they belong to, never by their place. Do not delete the hidden column A."
    ),
)
_README_WIDTHS = (4.0, 42.0, 88.0)


def is_blank_form(dossier: Dossier) -> bool:
    """Return whether nothing has been entered yet, so that only the questions are worth a sheet.

    A form of an assessment, which has no id of its own, names the mission and the agencies.
    """
    mission = replace(dossier.mission, language=Mission().language, profile="")
    typed = replace(dossier, id="", mission=mission) if dossier.id else replace(dossier, mission=Mission(), agencies=())
    return replace(typed, kept=()) == Dossier(id="", instrument=dossier.instrument)


def _write_colours(page: SheetWriter, formatter: Formatter) -> None:
    """Explain every colour by a cell that wears it; all of them also say their meaning in words or signs."""
    say = formatter.say
    page.heading(say(N_("Colours and symbols")))
    samples = [
        (SheetCell(say(N_("white")), "input"), say(N_("yours to fill in or to correct"))),
        (SheetCell(say(N_("shaded")), "label"), say(N_("locked: the questions, and what others have said"))),
        (SheetCell(say(N_("unknown")), "caution"), say(N_("open: not asked, unknown, declined, or agencies differ"))),
    ]
    for level, band in enumerate(Band):
        sample = SheetCell(f"{BAND_SIGNS[band]}  {formatter.texts.numeral(level)}", f"band_{band}")
        sentence = N_("level {level} of an answer or a row; of a part: {band}")
        samples.append((sample, say(sentence, level=level, band=formatter.texts.gettext(BAND_LABELS[band]))))
    critical = SheetCell(say(N_("critical")), f"severity_{GapSeverity.CRITICAL}")
    for sample, meaning in (*samples, (critical, say(N_("how serious a gap is")))):
        page.line([SheetCell(None, "text"), sample, SheetCell(meaning, "meaning")])


SENDER_LABELS = (N_("Agency"), N_("Name and function"), N_("Date"))


def _write_sender(page: SheetWriter, formatter: Formatter, choices: DropDownLists, agency: str) -> None:
    """Ask who sends the workbook back; ``agency`` is the id of the one it was made for, if it was made for one."""
    say = formatter.say
    page.heading(say(N_("If you send this file back: who has filled it in?")))
    for mark, name in zip(RETURN_MARKS, SENDER_LABELS, strict=True):
        is_agency = mark == RETURN_MARKS[0]
        answer = SheetCell(choices.agency_label(agency) if is_agency else None, "input")
        rows = page.line([SheetCell(None, "text"), SheetCell(formatter.texts.gettext(name)), answer], mark)
        if is_agency:
            page.rule(choices.agency_rule(), rows[0], rows[0], 3)


def _file_facts(appraisal: Appraisal, formatter: Formatter) -> Iterable[tuple[str, str]]:
    say, mission, changed = formatter.say, appraisal.dossier.mission, appraisal.last_change
    yield say(N_("Country")), country_name(formatter)
    yield say(N_("Round")), mission.round
    yield say(N_("Questionnaire")), instrument_version(formatter)
    yield say(N_("Questions asked")), formatter.profile_note
    yield say(N_("Warning")), formatter.modified_questionnaire
    yield say(N_("Translation")), unreviewed_note(formatter)
    if is_blank_form(appraisal.dossier):
        yield say(N_("This copy")), say(N_("blank form: all questions, whether or not they depend on other answers"))
        return
    yield say(N_("Last answer")), formatter.moment(changed) if "T" in changed else formatter.texts.date(changed)
    yield say(N_("This copy")), profile_text(formatter.texts, str(appraisal.profile))
    yield say(N_("Content hash")), format_hash(appraisal.content_hash)


def write_readme(
    appraisal: Appraisal, formatter: Formatter, book: WorkbookWriter, choices: DropDownLists, agency: str
) -> SheetWriter:
    """Write the first sheet; the list of sheets is added by ``write_contents`` once they have names."""
    say = formatter.say
    slots = (ColumnSlot.NUMBER, ColumnSlot.TEXT, ColumnSlot.ANSWER)
    page = open_sheet(book, "readme", say(N_("Read me")), _README_WIDTHS, slots, formatter.instrument_title)
    mission = appraisal.dossier.mission
    where = " · ".join(part for part in (country_name(formatter), mission.round) if part)
    if where:
        page.heading(where)
    page.paragraph(formatter.instrument_text("instrument", "description", appraisal.dossier.instrument.description))
    page.skip()
    for name, text in _file_facts(appraisal, formatter):
        if text:
            page.line([SheetCell(None, "text"), SheetCell(name), SheetCell(text)])
    page.skip()
    _write_sender(page, formatter, choices, agency)
    page.skip()
    page.heading(say(N_("How to answer")))
    for number, sentence in enumerate(_STEPS, start=1):
        page.pair(
            SheetCell(formatter.texts.numeral(number), "strong"), formatter.texts.gettext(sentence), "text", column=1
        )
    page.skip()
    _write_colours(page, formatter)
    return page


def write_contents(page: SheetWriter, formatter: Formatter, sheets: Iterable[tuple[str, str]]) -> None:
    """List the sheets with what stands there; the names lead to them."""
    page.skip()
    page.heading(formatter.say(N_("The sheets")))
    for name, about in sheets:
        row = page.row
        page.line([SheetCell(None, "text"), SheetCell(name, "strong"), SheetCell(about, "meaning")])
        # Where lines run leftwards, not every program can set a linked name in order: an arrow leads there.
        column, text = (1, "←") if page.book.is_right_to_left else (2, name)
        page.sheet.write_url(row, column, f"internal:'{name}'!B2", page.book.flat["link"], text, name)
    page.sheet.activate()
    page.finish(top=2)
