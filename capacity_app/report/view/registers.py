"""The registers as cards: agencies, people, meetings, sources and evidence, with everything typed in them."""

from collections.abc import Iterable

from capacity_app.domain.answers import Address
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Agency, Evidence, Meeting, Person, Source
from capacity_app.domain.problems import N_
from capacity_app.report.view.pieces import Card, Cell, Fact, Heading, Table, anchor_of, facts, row
from capacity_app.wording import Wording

_KILO = 1024


def agency_card(words: Wording, agency: Agency) -> Card:
    return Card(
        title=agency.name or agency.short or agency.id,
        subtitle=agency.short if agency.name else "",
        facts=(
            *facts(
                (words.say(N_("Kind")), words.code("agency_kind", agency.kind)),
                (words.say(N_("Roles")), words.roles(agency.roles)),
            ),
            *facts((words.say(N_("Contact")), agency.contact), (words.say(N_("Note")), agency.note), typed=True),
        ),
    )


def person_card(appraisal: Appraisal, words: Wording, person: Person) -> Card:
    """Show one person, by position alone where names are withheld."""
    withheld = words.say(N_("name withheld"))
    title = person.name if appraisal.with_names else withheld
    return Card(
        title=title or person.position or person.id,
        subtitle=words.agency_in_full(person.agency) if person.agency else "",
        facts=facts(
            (words.say(N_("Position")), person.position),
            (words.say(N_("Contact")), person.contact),
            (words.say(N_("Note")), person.note),
            typed=True,
        ),
    )


def meeting_card(appraisal: Appraisal, words: Wording, meeting: Meeting) -> Card:
    """Show one meeting with who was there and what was said."""
    date = words.texts.date(meeting.date) if meeting.date else ""
    return Card(
        title=meeting.title or date or meeting.id,
        subtitle=date if meeting.title else "",
        facts=(
            *facts(
                (words.say(N_("Place")), meeting.place),
                (words.say(N_("Agencies")), ", ".join(words.agency(agency) for agency in meeting.agencies)),
                (words.say(N_("People")), "; ".join(words.people(meeting.people, appraisal.dossier.people))),
            ),
            *facts((words.say(N_("Note")), meeting.note), typed=True),
        ),
    )


def source_codes(appraisal: Appraisal) -> dict[str, str]:
    """Give every source a short code S1, S2 … for narrow columns."""
    return {source.id: f"S{number}" for number, source in enumerate(appraisal.dossier.sources, start=1)}


def source_card(appraisal: Appraisal, words: Wording, source: Source) -> Card:
    say = words.say
    return Card(
        title=source.name or source.id,
        number=source_codes(appraisal)[source.id],
        anchor=anchor_of("d", source.id),
        subtitle=" · ".join(
            part
            for part in (
                words.code("source_type", source.type),
                words.agency_in_full(source.agency) if source.agency else "",
            )
            if part
        ),
        facts=facts(
            (say(N_("Legal basis")), source.legal_basis),
            (say(N_("Who is covered")), source.coverage),
            (say(N_("Unit")), source.unit),
            (say(N_("Person identifier")), source.person_identifier),
            (say(N_("Periodicity")), source.periodicity),
            (say(N_("Last date")), words.texts.date(source.last_date) if source.last_date else ""),
            (say(N_("Electronic share")), source.electronic_share),
            (say(N_("Access terms")), source.access_terms),
            (say(N_("Access to microdata")), source.microdata_access),
            (say(N_("Known defects")), source.defects),
            (say(N_("Note")), source.note),
            typed=True,
        ),
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
    """Show one piece of evidence with its hash and where it is used."""
    say = words.say
    return Card(
        title=entry.title or entry.file_name or entry.id,
        number=f"[{appraisal.evidence_numbers[entry.id]}]",
        subtitle=words.evidence_grade(entry.grade),
        anchor=anchor_of("e", entry.id),
        facts=(
            *facts(
                (say(N_("Link")), entry.link),
                (say(N_("File")), entry.file_name),
                (say(N_("Checked against")), entry.checked_against),
                (say(N_("Added on")), words.texts.date(entry.added_on) if entry.added_on else ""),
                (say(N_("Used for")), _places(words, appraisal.places_of_evidence.get(entry.id, ()))),
            ),
            *facts((say(N_("Note")), entry.note), typed=True),
        ),
    )


def documents_table(appraisal: Appraisal, words: Wording) -> Table | None:
    """List the documents held, each with the SHA-256 by which anybody can tell that it is the same file."""
    say = words.say
    held = [entry for entry in appraisal.dossier.evidence if entry.document or entry.media_type or entry.size]
    rows = tuple(
        row(
            Cell(f"[{appraisal.evidence_numbers[entry.id]}]", link=anchor_of("e", entry.id)),
            Cell(entry.file_name or entry.title or entry.id, detail=entry.media_type),
            size_words(words, entry.size) if entry.size else "–",
            Cell(entry.document or "–"),
        )
        for entry in held
    )
    if not rows:
        return None
    headings = (
        Heading(say(N_("No.")), 7), Heading(say(N_("File")), 34), Heading(say(N_("Size")), 9, "number"),
        Heading(say(N_("SHA-256")), 50),
    )  # fmt: skip
    return Table(headings, rows, style="compact hashes")


def agencies_table(appraisal: Appraisal, words: Wording) -> Table:
    """List the agencies with their roles and the people met, by position only where names are withheld."""
    dossier = appraisal.dossier
    met = {agency.id: [p.id for p in dossier.people if p.agency == agency.id] for agency in dossier.agencies}
    say = words.say
    return Table(
        headings=(
            Heading(say(N_("Agency")), 38), Heading(say(N_("Kind and roles")), 30), Heading(say(N_("People met")), 32),
        ),
        rows=tuple(
            row(
                Cell(agency.name or agency.short, detail=agency.short if agency.name else ""),
                Cell(words.code("agency_kind", agency.kind), detail=words.roles(agency.roles)),
                "; ".join(words.people(met[agency.id], appraisal.dossier.people)),
            )
            for agency in dossier.agencies
        ),
    )  # fmt: skip


def mission_facts(appraisal: Appraisal, words: Wording) -> tuple[Fact, ...]:
    """Tell what the mission was, as typed."""
    mission = appraisal.dossier.mission
    say = words.say
    dates = " – ".join(words.texts.date(day) for day in (mission.start, mission.end) if day)
    team = words.texts.listed(mission.team) if appraisal.with_names else say(N_("names withheld"))
    return (
        *facts((say(N_("Country")), mission.country_name), (say(N_("Round")), mission.round)),
        *facts((say(N_("Dates")), dates), (say(N_("Project")), mission.project), (say(N_("Team")), team)),
        *facts(
            (say(N_("Purpose")), mission.purpose),
            (say(N_("Method")), mission.method),
            (say(N_("Limits")), mission.limits),
            typed=True,
        ),
        *facts(
            (say(N_("Reviewed by")), mission.reviewed_by),
            (say(N_("Validated by")), mission.validated_by),
            (say(N_("Validated on")), words.texts.date(mission.validated_on) if mission.validated_on else ""),
        ),
    )
