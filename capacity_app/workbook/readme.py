"""The first sheet: what the file is, how to answer, what colours mean, and who sends it back."""

from collections.abc import Iterable
from dataclasses import replace

from capacity_app.bilingual import translated
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Mission
from capacity_app.domain.content_hash import printed
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.gaps import SeverityClass
from capacity_app.domain.privacy import Profile
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import BAND_WORDS, Band
from capacity_app.palette import BAND_SIGNS
from capacity_app.wording import Wording
from capacity_app.workbook.choices import Choices
from capacity_app.workbook.layout import FIELDS_MARK, RETURN_MARKS, SAID_MARK, Slot
from capacity_app.workbook.page import Book, Cell, Page

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
_PROFILE_WORDS: dict[Profile, str] = {
    Profile.FULL: N_("complete"),
    Profile.NO_SCORES: N_("without scores"),
    Profile.NO_NAMES: N_("without names of persons"),
}
_WIDTHS = (4.0, 42.0, 88.0)


def is_blank_form(dossier: Dossier) -> bool:
    """Return whether nothing has been entered yet, so that only the questions are worth a sheet."""
    typed = replace(dossier, id="", mission=replace(dossier.mission, language=Mission().language))
    return typed == Dossier(id="", instrument=dossier.instrument)


def _colours(page: Page, words: Wording) -> None:
    """Explain every colour by a cell that wears it; all of them also say their meaning in words or signs."""
    say = words.say
    page.heading(say(N_("What colours and signs mean")))
    samples = [
        (Cell(say(N_("white")), "input"), say(N_("yours to fill in or to correct"))),
        (Cell(say(N_("shaded")), "label"), say(N_("locked: the questions, and what others have said"))),
        (Cell(say(N_("unknown")), "caution"), say(N_("open: not asked, unknown, declined, or agencies differ"))),
    ]
    for level, band in enumerate(Band):
        text = f"{BAND_SIGNS[band]}  {words.texts.numeral(level)}"
        sentence = N_("level {level} of an answer or a row; of a part: {band}")
        meaning = say(sentence, level=level, band=words.texts.gettext(BAND_WORDS[band]))
        samples.append((Cell(text, f"band_{band}"), meaning))
    samples.append((Cell(say(N_("critical")), f"severity_{SeverityClass.CRITICAL}"), say(N_("how serious a gap is"))))
    for sample, meaning in samples:
        page.line([Cell(None, "text"), sample, Cell(meaning, "meaning")], SAID_MARK)


def _sender(page: Page, words: Wording, choices: Choices) -> None:
    """Ask who sends the workbook back."""
    say = words.say
    page.heading(say(N_("If you send this file back: who has filled it in?")))
    for mark, name in zip(RETURN_MARKS, (N_("Agency"), N_("Name and function"), N_("Date")), strict=True):
        rows = page.line([Cell(None, "text"), Cell(words.texts.gettext(name)), Cell(None, "input")], mark)
        if mark == RETURN_MARKS[0]:
            page.rule(choices.agency_rule(), rows[0], rows[0], 3)


def _facts(appraisal: Appraisal, words: Wording) -> Iterable[tuple[str, str]]:
    say, mission, instrument = words.say, appraisal.dossier.mission, appraisal.dossier.instrument
    edition = words.instrument_text("instrument", "edition", instrument.edition)
    changed = appraisal.last_change
    yield say(N_("Country")), mission.country_name or mission.country
    yield say(N_("Round")), mission.round
    yield (
        say(N_("Instrument")),
        say(N_("{edition}; instrument {id}, version {version}"), edition=edition, id=instrument.id,
            version=instrument.version),
    )  # fmt: skip
    yield say(N_("Warning")), words.modified_questionnaire
    yield say(N_("Translation")), translated(words)
    if is_blank_form(appraisal.dossier):
        yield say(N_("This copy")), say(N_("blank form: all questions, whether or not they depend on other answers"))
        return
    yield say(N_("Last answer")), words.moment(changed) if "T" in changed else words.texts.date(changed)
    yield say(N_("This copy")), words.texts.gettext(_PROFILE_WORDS[appraisal.profile])
    yield say(N_("Content hash")), printed(appraisal.content_hash)


def write_readme(appraisal: Appraisal, words: Wording, book: Book, choices: Choices) -> Page:
    """Write the first sheet; the list of sheets is added by ``write_contents`` once they have names."""
    say = words.say
    page = Page(book, book.add_sheet("readme", say(N_("Read me"))), _WIDTHS)
    page.ruler(FIELDS_MARK, (Slot.NUMBER, Slot.TEXT, Slot.ANSWER))
    page.title(words.instrument_title)
    mission = appraisal.dossier.mission
    where = " · ".join(part for part in (mission.country_name, mission.round) if part)
    if where:
        page.heading(where)
    page.paragraph(words.instrument_text("instrument", "description", appraisal.dossier.instrument.description))
    page.skip()
    for name, text in _facts(appraisal, words):
        if text:
            page.line([Cell(None, "text"), Cell(name), Cell(text, "label")], SAID_MARK)
    page.skip()
    _sender(page, words, choices)
    page.skip()
    page.heading(say(N_("How to answer")))
    for number, sentence in enumerate(_STEPS, start=1):
        page.pair(Cell(words.texts.numeral(number), "strong"), words.texts.gettext(sentence), "text", column=1)
    page.skip()
    _colours(page, words)
    return page


def write_contents(page: Page, words: Wording, sheets: Iterable[tuple[str, str]]) -> None:
    """List the sheets with what stands there; the names lead to them."""
    page.skip()
    page.heading(words.say(N_("The sheets")))
    for name, about in sheets:
        row = page.row
        page.line([Cell(None, "text"), Cell(name, "strong"), Cell(about, "meaning")], SAID_MARK)
        # Where lines run leftwards, not every program can set a linked name in order: an arrow leads there.
        column, text = (1, "←") if page.book.is_right_to_left else (2, name)
        page.sheet.write_url(row, column, f"internal:'{name}'!B2", page.book.flat["link"], text, name)
    page.sheet.activate()
    page.finish(top=2)
