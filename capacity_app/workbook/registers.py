"""The registers as tables: data sources, agencies and people, meetings, evidence; and room for remarks."""

from collections.abc import Iterable, Sequence

from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Agency, Evidence, Meeting, Person, Source
from capacity_app.domain.problems import N_
from capacity_app.wording import Wording
from capacity_app.workbook.layout import FIELDS_MARK, Slot, entry_mark
from capacity_app.workbook.measuring import wide_enough
from capacity_app.workbook.page import Book, Cell, Page

REMARKS_WIDTH = 26.0
_HEADING = 2
"""The line of the headings, below the ruler and the title."""
Heading = tuple[str, float]
"""A column's name and width."""


def open_register(book: Book, words: Wording, sheet_id: str, title: str, headings: Sequence[Heading]) -> Page:
    """Begin a sheet with a title and headings; a last column takes remarks."""
    named = (*headings, (words.say(N_("Your remarks")), REMARKS_WIDTH))
    page = Page(book, book.add_sheet(sheet_id, title), [wide_enough(name, width) for name, width in named])
    page.ruler(FIELDS_MARK, (*[""] * len(headings), Slot.REMARKS))
    page.title(title)
    write_headings(page, [name for name, _ in named])
    return page


def write_headings(page: Page, names: Iterable[str], figures: Iterable[str] = ()) -> None:
    """Write the line of headings; those of ``figures`` stand at the end of theirs, as the figures do."""
    cells = [Cell(name, "header") for name in names] + [Cell(name, "header_end") for name in figures]
    page.line(cells, least=20)


def close_register(page: Page) -> None:
    """Lock the sheet; title and headings stay in sight and are printed on every page."""
    page.finish(top=_HEADING + 1, left=3, repeated=range(1, _HEADING + 1))


def end_entries(page: Page, words: Wording, entries: Sequence[object]) -> None:
    """Let people filter the entries written below the headings, or say that there are none."""
    if entries:
        page.filtered(_HEADING)
    else:
        page.paragraph(words.say(N_("Nothing has been entered yet.")))


def _entry(page: Page, mark: str, cells: Sequence[Cell]) -> None:
    page.line([*cells, Cell(None, "input")], mark)


def _texts(*texts: str) -> list[Cell]:
    return [Cell(text) for text in texts]


def source_code(number: int) -> str:
    return f"S{number}"


def _source_cells(words: Wording, source: Source, number: int) -> list[Cell]:
    last = words.texts.date(source.last_date) if source.last_date else ""
    return [
        Cell(source_code(number), "number"),
        Cell(source.name or source.id, "label_strong"),
        *_texts(
            words.code("source_type", source.type),
            words.agency_in_full(source.agency) if source.agency else "",
            source.legal_basis, source.coverage, source.unit, source.person_identifier, source.periodicity, last,
            source.electronic_share, source.access_terms, source.microdata_access, source.defects, source.note,
        ),
    ]  # fmt: skip


def write_sources(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the register of data sources."""
    say = words.say
    headings = (
        (say(N_("No.")), 6), (say(N_("Source")), 30), (say(N_("Type")), 18), (say(N_("Agency")), 22),
        (say(N_("Legal basis")), 24), (say(N_("Who is covered")), 26), (say(N_("Unit")), 14),
        (say(N_("Person identifier")), 18), (say(N_("Periodicity")), 16), (say(N_("Last date")), 14),
        (say(N_("Electronic share")), 14), (say(N_("Access terms")), 22), (say(N_("Access to microdata")), 20),
        (say(N_("Known defects")), 28), (say(N_("Note")), 28),
    )  # fmt: skip
    page = open_register(book, words, "sources", say(N_("Data sources")), headings)
    for number, source in enumerate(appraisal.dossier.sources, start=1):
        _entry(page, entry_mark("sources", source.id), _source_cells(words, source, number))
    end_entries(page, words, appraisal.dossier.sources)
    close_register(page)


def _agency_cells(words: Wording, agency: Agency) -> list[Cell]:
    name = Cell(agency.name or agency.short or agency.id, "label_strong")
    kind = words.code("agency_kind", agency.kind)
    return [Cell(agency.short, "number"), name, *_texts(kind, words.roles(agency.roles), agency.contact, agency.note)]


def _person_cells(words: Wording, person: Person) -> list[Cell]:
    agency = words.agency(person.agency) if person.agency else ""
    name = Cell(person.name or person.id, "label_strong")
    return [Cell(agency, "number"), name, *_texts(person.position, "", person.contact, person.note)]


def write_agencies(appraisal: Appraisal, words: Wording, book: Book) -> None:
    """Write the agencies, and the people met unless names are withheld."""
    say = words.say
    headings = (
        (say(N_("Short name")), 14), (say(N_("Agency")), 38), (say(N_("Kind")), 30), (say(N_("Roles")), 24),
        (say(N_("Contact")), 34), (say(N_("Note")), 44),
    )  # fmt: skip
    title = say(N_("Agencies and people")) if appraisal.with_names else say(N_("Agencies"))
    page = open_register(book, words, "agencies", title, headings)
    for agency in appraisal.dossier.agencies:
        _entry(page, entry_mark("agencies", agency.id), _agency_cells(words, agency))
    end_entries(page, words, appraisal.dossier.agencies)
    if appraisal.with_names and appraisal.dossier.people:
        page.skip()
        names = (N_("Agency"), N_("Full name"), N_("Position"), "", N_("Contact"), N_("Note"), N_("Your remarks"))
        write_headings(page, (words.texts.gettext(name) for name in names))
        for person in appraisal.dossier.people:
            _entry(page, entry_mark("people", person.id), _person_cells(words, person))
    close_register(page)


def _meeting_cells(appraisal: Appraisal, words: Wording, meeting: Meeting) -> list[Cell]:
    agencies = "\n".join(words.agency_in_full(agency) for agency in meeting.agencies)
    people = "\n".join(words.people(meeting.people, appraisal.dossier.people))
    return [
        Cell(words.texts.date(meeting.date) if meeting.date else "", "number"),
        Cell(meeting.title or meeting.id, "label_strong"),
        *_texts(meeting.place, agencies, people, meeting.note),
    ]


def write_meetings(appraisal: Appraisal, words: Wording, book: Book) -> None:
    say = words.say
    headings = (
        (say(N_("Date")), 18), (say(N_("Meeting")), 36), (say(N_("Place")), 24), (say(N_("Agencies")), 34),
        (say(N_("People")), 38), (say(N_("Note")), 46),
    )  # fmt: skip
    page = open_register(book, words, "meetings", say(N_("Meetings")), headings)
    for meeting in appraisal.dossier.meetings:
        _entry(page, entry_mark("meetings", meeting.id), _meeting_cells(appraisal, words, meeting))
    end_entries(page, words, appraisal.dossier.meetings)
    close_register(page)


def _evidence_cells(appraisal: Appraisal, words: Wording, entry: Evidence) -> list[Cell]:
    places = "; ".join(words.place(place) for place in appraisal.places_of_evidence.get(entry.id, ()))
    added = words.texts.date(entry.added_on) if entry.added_on else ""
    return [
        Cell(f"[{appraisal.evidence_numbers[entry.id]}]", "number"),
        Cell(entry.title or entry.file_name or entry.id, "label_strong"),
        *_texts(words.evidence_grade(entry.grade), entry.link, entry.file_name, entry.media_type),
        Cell(entry.size or None, "count"),
        *_texts(entry.document, entry.checked_against, added, places, entry.note),
    ]


def write_evidence(appraisal: Appraisal, words: Wording, book: Book) -> None:
    say = words.say
    headings = (
        (say(N_("No.")), 6), (say(N_("Evidence")), 36), (say(N_("Grade")), 20), (say(N_("Link")), 26),
        (say(N_("File")), 20), (say(N_("Kind of file")), 16), (say(N_("Size in bytes")), 12),
        (say(N_("SHA-256")), 24), (say(N_("Checked against")), 24), (say(N_("Added on")), 15),
        (say(N_("Used for")), 30), (say(N_("Note")), 28),
    )  # fmt: skip
    page = open_register(book, words, "evidence", say(N_("Evidence")), headings)
    for entry in appraisal.dossier.evidence:
        _entry(page, entry_mark("evidence", entry.id), _evidence_cells(appraisal, words, entry))
    end_entries(page, words, appraisal.dossier.evidence)
    close_register(page)
