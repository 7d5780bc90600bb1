"""The sheets around the questions: the first sheet with colours and sender, guidance and terms, contents."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import WITHHELD_LABELS, Withheld
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.content_hash import format_hash
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Question
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import BAND_LABELS, Band
from capacity_app.i18n.formatter import Formatter, unreviewed_note
from capacity_app.outputs.content.registers import country_name, instrument_version
from capacity_app.outputs.workbook.answer_cells import DropDownLists
from capacity_app.outputs.workbook.sheet_marks import RETURN_MARKS, ColumnSlot
from capacity_app.outputs.workbook.sheet_writer import SheetCell, SheetWriter, WorkbookWriter, open_sheet
from capacity_app.report_colours import BAND_SIGNS

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


def _about_copy(appraisal: Appraisal, formatter: Formatter, agency: str) -> str:
    """Say which of the workbooks that look alike this is, by the name that the window and the guide use."""
    say = formatter.say
    if not is_blank_form(appraisal.dossier):
        left_out = (WITHHELD_LABELS[one] for one in Withheld if one in appraisal.profile.without)
        return formatter.texts.listed([say(N_("Report workbook")), *map(formatter.texts.gettext, left_out)])
    if agency:
        return say(N_("Agency form: all questions of its parts, whether or not they depend on other answers"))
    return say(N_("Blank form: all questions, whether or not they depend on other answers"))


def _file_facts(appraisal: Appraisal, formatter: Formatter, agency: str) -> Iterable[tuple[str, str]]:
    say, mission, changed = formatter.say, appraisal.dossier.mission, appraisal.last_change
    yield say(N_("Country")), country_name(formatter)
    yield say(N_("Round")), mission.round
    yield say(N_("Questionnaire")), instrument_version(formatter)
    yield say(N_("Questions asked")), formatter.profile_note
    yield say(N_("Warning")), formatter.modified_questionnaire
    yield say(N_("Translation")), unreviewed_note(formatter)
    yield say(N_("This copy")), _about_copy(appraisal, formatter, agency)
    if is_blank_form(appraisal.dossier):
        return
    yield say(N_("Last answer")), formatter.moment(changed) if "T" in changed else formatter.texts.date(changed)
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
    for name, text in _file_facts(appraisal, formatter, agency):
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
