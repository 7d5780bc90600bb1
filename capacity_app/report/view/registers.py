"""The registers as cards: agencies, people, meetings, sources and evidence, with everything typed in them."""

from collections.abc import Container, Iterable, Mapping
from types import MappingProxyType

from capacity_app.domain.answers import Address
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Agency, Entry, Evidence, Meeting, Person, ReturnedFile, Source
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import PROSE, field_of, title_of
from capacity_app.report.view.pieces import Card, Cell, Fact, Heading, Table, anchor_of, facts, row
from capacity_app.wording import Wording

_KILO = 1024


def entry_facts(
    words: Wording,
    register: str,
    entry: Entry,
    *,
    without: Container[str] = (),
    instead: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Fact, ...]:
    """Show the fields of an entry that say something; ``instead`` words some of them otherwise."""
    texts = words.entry_texts(register, entry, without=without, instead=instead)
    return tuple(Fact(words.texts.gettext(field.label), text, field.kind in PROSE) for field, text in texts)


def agency_card(words: Wording, agency: Agency) -> Card:
    return Card(
        title=title_of(agency) or agency.id,
        subtitle=agency.short if agency.name else "",
        facts=entry_facts(words, "agencies", agency, without=("name", "short")),
    )


def person_card(appraisal: Appraisal, words: Wording, person: Person) -> Card:
    """Show one person, by position alone where names are withheld."""
    title = person.name if appraisal.with_names else words.say(N_("name withheld"))
    return Card(
        title=title or person.position or person.id,
        subtitle=words.agency_in_full(person.agency) if person.agency else "",
        facts=entry_facts(words, "people", person, without=("name", "agency")),
    )


def meeting_card(words: Wording, meeting: Meeting) -> Card:
    date = words.texts.date(meeting.date) if meeting.date else ""
    return Card(
        title=meeting.title or date or meeting.id,
        subtitle=date if meeting.title else "",
        facts=entry_facts(words, "meetings", meeting, without=("title", "date")),
    )


def source_codes(appraisal: Appraisal) -> dict[str, str]:
    """Assign every source a short code S1, S2 … for narrow columns."""
    return {source.id: f"S{number}" for number, source in enumerate(appraisal.dossier.sources, start=1)}


def source_card(appraisal: Appraisal, words: Wording, source: Source) -> Card:
    agency = words.agency_in_full(source.agency) if source.agency else ""
    return Card(
        title=source.name or source.id,
        number=source_codes(appraisal)[source.id],
        anchor=anchor_of("d", source.id),
        subtitle=" · ".join(part for part in (words.code("source_type", source.type), agency) if part),
        facts=entry_facts(words, "sources", source, without=("name", "type", "agency")),
    )


def size_words(words: Wording, size: int) -> str:
    if size < _KILO:
        return words.ngettext("{count} byte", "{count} bytes", size)
    if size < _KILO * _KILO:
        return words.say(N_("{number} kB"), number=words.texts.number(size // _KILO))
    return words.say(N_("{number} MB"), number=words.texts.number(size // (_KILO * _KILO)))


def _places(words: Wording, places: Iterable[Address]) -> str:
    """List places question by question, the rows of a table in brackets: "III.1 (1, 2, 5); VI.A2"."""
    rows: dict[str, dict[str, None]] = {}
    for place in places:
        question = words.place(Address(place.question))
        named = words.place(Address(place.question, place.row)) if place.row else ""
        rows.setdefault(question, {}).setdefault(named.removeprefix(question).strip())
    listed = ((question, ", ".join(row for row in found if row)) for question, found in rows.items())
    return "; ".join(f"{question} ({found})" if found else question for question, found in listed)


def evidence_card(appraisal: Appraisal, words: Wording, entry: Evidence) -> Card:
    """Show one piece of evidence and where it is used; the table of documents has its file."""
    used = _places(words, appraisal.places_of_evidence.get(entry.id, ()))
    return Card(
        title=title_of(entry) or entry.id,
        number=f"[{appraisal.evidence_numbers[entry.id]}]",
        subtitle=words.evidence_grade(entry.grade),
        anchor=anchor_of("e", entry.id),
        facts=(
            *entry_facts(words, "evidence", entry, without=("title", "media_type", "size", "document")),
            *facts((words.say(N_("Used for")), used)),
        ),
    )


def documents_table(words: Wording, entries: Iterable[tuple[Cell, Evidence | ReturnedFile]]) -> Table | None:
    """List the documents held, each with the SHA-256 by which anybody can tell that it is the same file."""
    rows = tuple(
        row(
            number,
            Cell(entry.file_name or title_of(entry) or entry.id, detail=entry.media_type),
            size_words(words, entry.size) if entry.size else "–",
            Cell(entry.document or "–"),
        )
        for number, entry in entries
        if entry.document or entry.media_type or entry.size
    )
    if not rows:
        return None
    headings = (
        Heading(words.say(N_("No.")), 7), Heading(words.label("evidence", "file_name"), 34),
        Heading(words.say(N_("Size")), 9, "number"), Heading(words.label("evidence", "document"), 50),
    )  # fmt: skip
    return Table(headings, rows, style="compact hashes")


def agencies_table(appraisal: Appraisal, words: Wording) -> Table:
    """List the agencies with their roles and the people met, by position only where names are withheld."""
    dossier = appraisal.dossier
    met = {agency.id: [p.id for p in dossier.people if p.agency == agency.id] for agency in dossier.agencies}
    say, roles = words.say, field_of("agencies", "roles")
    return Table(
        headings=(
            Heading(say(N_("Agency")), 38), Heading(say(N_("Kind and roles")), 30), Heading(say(N_("People met")), 32),
        ),
        rows=tuple(
            row(
                Cell(agency.name or agency.short, detail=agency.short if agency.name else ""),
                Cell(words.code("agency_kind", agency.kind), detail=words.field_text(roles, agency.roles)),
                "; ".join(words.entry("people", person) for person in met[agency.id]),
            )
            for agency in dossier.agencies
        ),
    )  # fmt: skip


def mission_facts(appraisal: Appraisal, words: Wording) -> tuple[Fact, ...]:
    """Return what the mission was, as typed."""
    mission = appraisal.dossier.mission
    team = words.texts.listed(mission.team) if appraisal.with_names else words.say(N_("names withheld"))
    without = ("country", "m49", "language", "status", "weights")
    return entry_facts(words, "mission", mission, without=without, instead={"team": team})
