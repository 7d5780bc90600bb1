"""The registers as sheets: sources, gaps, actions, agencies, people, meetings, evidence; and all answers as stored."""

from collections.abc import Iterator

from capacity_app import palette
from capacity_app.domain.answers import Answer, Value
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Action, Evidence, Rating
from capacity_app.domain.checking import locate
from capacity_app.domain.gaps import CLASS_WORDS, FEASIBILITY_WORDS, PRIORITY_WORDS, Gap
from capacity_app.domain.problems import N_
from capacity_app.wording import PROGRESS_WORDS, Wording
from capacity_app.workbook.cells import Value as CellValue
from capacity_app.workbook.layout import LIST_JOINT
from capacity_app.workbook.tables import ColumnOf, SheetTable

_SOURCES = (
    ColumnOf("id", N_("Id")),
    ColumnOf("name", N_("Name"), 34, "bold"),
    ColumnOf("type", N_("Type")),
    ColumnOf("agency", N_("Agency"), 30),
    ColumnOf("legal_basis", N_("Legal basis")),
    ColumnOf("coverage", N_("Coverage")),
    ColumnOf("unit", N_("Unit"), 16),
    ColumnOf("person_identifier", N_("Person identifier"), 18),
    ColumnOf("periodicity", N_("Periodicity"), 16),
    ColumnOf("last_date", N_("Last date"), 14),
    ColumnOf("electronic_share", N_("Electronic share"), 16),
    ColumnOf("access_terms", N_("Access terms")),
    ColumnOf("microdata_access", N_("Access to microdata")),
    ColumnOf("defects", N_("Known defects"), 34),
    ColumnOf("note", N_("Note"), 40),
)
_AGENCIES = (
    ColumnOf("id", N_("Id")),
    ColumnOf("name", N_("Name"), 40, "bold"),
    ColumnOf("short", N_("Short name"), 14),
    ColumnOf("kind", N_("Kind"), 28),
    ColumnOf("roles", N_("Roles")),
    ColumnOf("contact", N_("Contact"), 34),
    ColumnOf("note", N_("Note"), 50),
)
_PEOPLE = (
    ColumnOf("id", N_("Id")),
    ColumnOf("name", N_("Name"), 30, "bold"),
    ColumnOf("agency", N_("Agency"), 34),
    ColumnOf("position", N_("Position"), 34),
    ColumnOf("contact", N_("Contact"), 30),
    ColumnOf("note", N_("Note"), 50),
)
_MEETINGS = (
    ColumnOf("id", N_("Id")),
    ColumnOf("date", N_("Date"), 14),
    ColumnOf("title", N_("Title"), 36, "bold"),
    ColumnOf("place", N_("Place")),
    ColumnOf("agencies", N_("Agencies"), 30),
    ColumnOf("people", N_("People"), 40),
    ColumnOf("note", N_("Note"), 60),
)
_EVIDENCE = (
    ColumnOf("id", N_("Id")),
    ColumnOf("number", N_("No."), 7, "number"),
    ColumnOf("title", N_("Title"), 44, "bold"),
    ColumnOf("grade", N_("Grade")),
    ColumnOf("link", N_("Link"), 34),
    ColumnOf("file_name", N_("File")),
    ColumnOf("media_type", N_("Kind of file"), 18),
    ColumnOf("size", N_("Bytes"), 12, "number"),
    ColumnOf("document", N_("SHA-256"), 40, "quiet"),
    ColumnOf("checked_against", N_("Checked against"), 34),
    ColumnOf("added_on", N_("Added on"), 14),
    ColumnOf("used", N_("Used for"), 40, "quiet"),
    ColumnOf("note", N_("Note"), 40),
)
_GAPS = (
    ColumnOf("address", N_("Address")),
    ColumnOf("number", N_("No."), 10),
    ColumnOf("gap", N_("Gap"), 60),
    ColumnOf("level", N_("Level"), 8, "number"),
    ColumnOf("target", N_("Target"), 8, "number"),
    ColumnOf("steps", N_("Steps"), 8, "number"),
    ColumnOf("importance", N_("Importance"), 11, "number"),
    ColumnOf("severity", N_("Severity"), 9, "number"),
    ColumnOf("class", N_("Class"), 13, "bold"),
    ColumnOf("feasibility", N_("Feasibility"), 26),
    ColumnOf("priority", N_("Priority"), 15),
    ColumnOf("actions", N_("Actions"), 10),
    ColumnOf("suggestion", N_("Suggested next step"), 50, "quiet"),
    ColumnOf("note", N_("Note"), 40),
)
_ACTIONS = (
    ColumnOf("id", N_("Id")),
    ColumnOf("number", N_("No."), 7, "number"),
    ColumnOf("title", N_("Action"), 50, "bold"),
    ColumnOf("gaps", N_("Closes"), 50),
    ColumnOf("type", N_("Type")),
    ColumnOf("responsible", N_("Responsible"), 30),
    ColumnOf("partners", N_("Partners"), 30),
    ColumnOf("start", N_("Start"), 14),
    ColumnOf("end", N_("End"), 14),
    ColumnOf("cost", N_("Cost")),
    ColumnOf("funding", N_("Funding"), 18),
    ColumnOf("indicator", N_("Indicator"), 40),
    ColumnOf("depends_on", N_("After actions"), 14),
    ColumnOf("progress", N_("Progress"), 14),
    ColumnOf("note", N_("Note"), 40),
)
_Row = tuple[CellValue, ...]


def sources_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List the data sources with everything known about them."""
    rows = (
        (
            one.id, one.name, words.code("source_type", one.type), words.agency_in_full(one.agency), one.legal_basis,
            one.coverage, one.unit, one.person_identifier, one.periodicity, one.last_date, one.electronic_share,
            one.access_terms, one.microdata_access, one.defects, one.note,
        )
        for one in appraisal.dossier.sources
    )  # fmt: skip
    return SheetTable(words.say(N_("Data sources")), _SOURCES, rows)


def agencies_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List the agencies."""
    rows = (
        (
            one.id,
            one.name,
            one.short,
            words.code("agency_kind", one.kind),
            words.roles(one.roles),
            one.contact,
            one.note,
        )
        for one in appraisal.dossier.agencies
    )
    return SheetTable(words.say(N_("Agencies")), _AGENCIES, rows)


def people_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List the people met; where names are withheld, by agency and position."""
    rows = (
        (one.id, one.name, words.agency_in_full(one.agency), one.position, one.contact, one.note)
        for one in appraisal.dossier.people
    )
    return SheetTable(words.say(N_("People")), _PEOPLE, rows)


def meetings_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List the meetings."""
    names = {person.id: person.name or person.position for person in appraisal.dossier.people}
    rows = (
        (
            one.id, one.date, one.title, one.place, ", ".join(words.agency(agency) for agency in one.agencies),
            "; ".join(names.get(person, person) for person in one.people), one.note,
        )
        for one in appraisal.dossier.meetings
    )  # fmt: skip
    return SheetTable(words.say(N_("Meetings")), _MEETINGS, rows)


def evidence_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List the evidence with its hashes and where it is used."""
    places = appraisal.places_of_evidence

    def line(one: Evidence) -> _Row:
        used = "; ".join(words.place(place) for place in places.get(one.id, ()))
        return (
            one.id, appraisal.evidence_numbers[one.id], one.title, words.evidence_grade(one.grade), one.link,
            one.file_name, one.media_type, one.size or None, one.document, one.checked_against, one.added_on, used,
            one.note,
        )  # fmt: skip

    return SheetTable(words.say(N_("Evidence")), _EVIDENCE, (line(entry) for entry in appraisal.dossier.evidence))


def _numbers(appraisal: Appraisal, gap: Gap) -> str:
    actions = appraisal.actions_by_gap.get(str(gap.address), ())
    return ", ".join(str(appraisal.action_numbers[action.id]) for action in actions)


def _gap_rows(appraisal: Appraisal, words: Wording) -> Iterator[_Row]:
    ratings = {rating.id: rating for rating in appraisal.dossier.ratings}
    for gap in (*appraisal.gaps, *appraisal.to_verify):
        rating = ratings.pop(str(gap.address), None)
        severity = words.say(N_("to verify")) if gap.is_open else words.texts.gettext(CLASS_WORDS[gap.severity_class])
        yield (
            str(gap.address), gap.number, words.gap(gap), gap.level, gap.target, gap.steps, gap.importance,
            None if gap.is_open else gap.severity, severity,
            words.texts.gettext(FEASIBILITY_WORDS[gap.feasibility]), words.texts.gettext(PRIORITY_WORDS[gap.priority]),
            _numbers(appraisal, gap), words.suggestion(gap), rating.note if rating else None,
        )  # fmt: skip
    for rating in ratings.values():
        yield _loose_rating(words, rating)


def _loose_rating(words: Wording, rating: Rating) -> _Row:
    """Keep what was noted on a gap that is none any more."""
    text = words.say(N_("No gap at present."))
    feasibility = words.texts.gettext(FEASIBILITY_WORDS[rating.feasibility])
    return (rating.id, rating.id, text, *(None,) * 6, feasibility, None, None, None, rating.note)


def gaps_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List all gaps, most severe first, and what is to be verified."""
    tints = {words.texts.gettext(CLASS_WORDS[grade]): tint for grade, tint in palette.SEVERITY_TINTS.items()}
    return SheetTable(words.say(N_("Gaps")), _GAPS, _gap_rows(appraisal, words), tints=tints, tinted="class")


def _action_row(appraisal: Appraisal, words: Wording, action: Action) -> _Row:
    numbers = appraisal.action_numbers
    known = appraisal.gap_by_address
    closes = (f"{known[one].number} {words.gap(known[one])}" if one in known else one for one in action.gaps)
    return (
        action.id, numbers[action.id], action.title, "\n".join(closes), words.code("action_type", action.type),
        words.agency_in_full(action.responsible),
        ", ".join(words.code("project_partner", partner) for partner in action.partners), action.start, action.end,
        action.cost, words.code("funding_status", action.funding), action.indicator,
        ", ".join(str(numbers.get(other, other)) for other in action.depends_on),
        words.texts.gettext(PROGRESS_WORDS[action.progress]), action.note,
    )  # fmt: skip


def actions_table(appraisal: Appraisal, words: Wording) -> SheetTable:
    """List the actions."""
    rows = (_action_row(appraisal, words, action) for action in appraisal.dossier.actions)
    return SheetTable(words.say(N_("Actions")), _ACTIONS, rows)


def stored(value: Value) -> tuple[str, str]:
    """Write a value as the answers sheet keeps it: its type and its text."""
    if value is None:
        return "", ""
    if isinstance(value, tuple):
        return "list", LIST_JOINT.join(value)
    return ("number", str(value)) if isinstance(value, int) else ("text", value)


def answer_row(words: Wording, answer: Answer) -> tuple[str, ...]:
    """Write one answer as it is stored, without its part number."""
    key, content = answer.key, answer.content
    kind, text = stored(content.value)
    target = locate(words.dossier.instrument, key.address)
    shown = words.value(target.question, target.field, content.value) if target and target.field else ""
    return (
        str(key.address), key.layer, key.respondent, content.state, kind, text, shown, content.reason, content.note,
        LIST_JOINT.join(content.evidence), answer.author, answer.time, answer.language,
    )  # fmt: skip
