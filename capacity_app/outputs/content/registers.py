"""The registers as cards, files and remarks that came back, and answers to an earlier version."""

from collections.abc import Container, Iterable, Mapping
from functools import partial
from types import MappingProxyType

from capacity_app.domain.assessment.answers import Address, AnswerLayer, AnswerState
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.editable_fields import published_key
from capacity_app.domain.assessment.migration import published_answers
from capacity_app.domain.assessment.register_fields import (
    PROSE_KINDS,
    RETIRED_ANSWER_LABELS,
    entry_title,
    register_field,
)
from capacity_app.domain.assessment.registers import (
    Agency,
    DataSource,
    Evidence,
    Meeting,
    Person,
    RegisterEntry,
    Remark,
    RetiredAnswer,
    RetiredAnswerStatus,
    ReturnedFile,
)
from capacity_app.domain.problems import N_
from capacity_app.i18n.formatter import STATE_LABELS, Formatter
from capacity_app.outputs.content.elements import (
    Cards,
    ColumnHeading,
    ContentTable,
    EntryCard,
    Fact,
    TableCell,
    anchor_of,
    column_headings,
    fact_list,
    table_row,
    titled,
)

_KILO = 1024


def entry_facts(
    formatter: Formatter,
    register: str,
    entry: RegisterEntry,
    *,
    without: Container[str] = (),
    instead: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Fact, ...]:
    """Show the fields of an entry that say something; ``instead`` words some of them otherwise."""
    texts = formatter.entry_texts(register, entry, without=without, instead=instead)
    return tuple(Fact(formatter.texts.gettext(field.label), text, field.kind in PROSE_KINDS) for field, text in texts)


def agency_card(formatter: Formatter, agency: Agency) -> EntryCard:
    return EntryCard(
        title=entry_title(agency) or agency.id,
        subtitle=agency.short if agency.name else "",
        facts=entry_facts(formatter, "agencies", agency, without=("name", "short")),
    )


def person_card(appraisal: Appraisal, formatter: Formatter, person: Person) -> EntryCard:
    """Show one person, by position alone where names are withheld."""
    title = person.name if appraisal.with_names else formatter.say(N_("name withheld"))
    return EntryCard(
        title=title or person.position or person.id,
        subtitle=formatter.agency_in_full(person.agency) if person.agency else "",
        facts=entry_facts(formatter, "people", person, without=("name", "agency")),
    )


def meeting_card(formatter: Formatter, meeting: Meeting) -> EntryCard:
    date = formatter.texts.date(meeting.date) if meeting.date else ""
    return EntryCard(
        title=meeting.title or date or meeting.id,
        subtitle=date if meeting.title else "",
        facts=entry_facts(formatter, "meetings", meeting, without=("title", "date")),
    )


def source_codes(appraisal: Appraisal) -> dict[str, str]:
    """Assign every source a short code S1, S2 … for narrow columns."""
    return {source.id: f"S{number}" for number, source in enumerate(appraisal.dossier.sources, start=1)}


def source_card(appraisal: Appraisal, formatter: Formatter, source: DataSource) -> EntryCard:
    agency = formatter.agency_in_full(source.agency) if source.agency else ""
    return EntryCard(
        title=source.name or source.id,
        number=source_codes(appraisal)[source.id],
        anchor=anchor_of("d", source.id),
        subtitle=" · ".join(part for part in (formatter.code("source_type", source.type), agency) if part),
        facts=entry_facts(formatter, "sources", source, without=("name", "type", "agency")),
    )


def size_words(formatter: Formatter, size: int) -> str:
    if size < _KILO:
        return formatter.ngettext("{count} byte", "{count} bytes", size)
    if size < _KILO * _KILO:
        return formatter.say(N_("{number} kB"), number=formatter.texts.number(size // _KILO))
    return formatter.say(N_("{number} MB"), number=formatter.texts.number(size // (_KILO * _KILO)))


def _used_places(formatter: Formatter, places: Iterable[Address]) -> str:
    """List places question by question, the rows of a table in brackets: "III.1 (1, 2, 5); VI.A2"."""
    rows: dict[str, dict[str, None]] = {}
    for place in places:
        question = formatter.place(Address(place.question))
        named = formatter.place(Address(place.question, place.row)) if place.row else ""
        rows.setdefault(question, {}).setdefault(named.removeprefix(question).strip())
    listed = ((question, ", ".join(row for row in found if row)) for question, found in rows.items())
    return "; ".join(f"{question} ({found})" if found else question for question, found in listed)


def evidence_card(appraisal: Appraisal, formatter: Formatter, entry: Evidence) -> EntryCard:
    """Show one piece of evidence and where it is used; the table of documents has its file."""
    used = _used_places(formatter, appraisal.places_of_evidence.get(entry.id, ()))
    return EntryCard(
        title=entry_title(entry) or entry.id,
        number=f"[{appraisal.evidence_numbers[entry.id]}]",
        subtitle=formatter.evidence_grade(entry.grade),
        anchor=anchor_of("e", entry.id),
        facts=(
            *entry_facts(formatter, "evidence", entry, without=("title", "media_type", "size", "document")),
            *fact_list((formatter.say(N_("Used for")), used)),
        ),
    )


def documents_table(
    formatter: Formatter, entries: Iterable[tuple[TableCell, Evidence | ReturnedFile]]
) -> ContentTable | None:
    """List the documents held, each with the SHA-256 by which anybody can tell that it is the same file."""
    rows = tuple(
        table_row(
            number,
            TableCell(entry.file_name or entry_title(entry) or entry.id, detail=entry.media_type),
            size_words(formatter, entry.size) if entry.size else "–",
            TableCell(entry.document or "–"),
        )
        for number, entry in entries
        if entry.document or entry.media_type or entry.size
    )
    if not rows:
        return None
    name, digits = (formatter.label("evidence", field) for field in ("file_name", "document"))
    headings = column_headings(
        formatter.say, (N_("No."), 7), ColumnHeading(name, 34), (N_("Size"), 9, "number"), ColumnHeading(digits, 50)
    )
    return ContentTable(headings, rows, style="compact hashes")


def agencies_table(appraisal: Appraisal, formatter: Formatter) -> ContentTable:
    """List the agencies with their roles and people, by position only where names are withheld; last who has none."""
    dossier = appraisal.dossier
    known = {agency.id for agency in dossier.agencies}
    without = [person.id for person in dossier.people if person.agency not in known]

    def named(people: Iterable[str]) -> str:
        return "; ".join(formatter.entry("people", person) for person in people)

    roles = register_field("agencies", "roles")
    return ContentTable(
        headings=column_headings(formatter.say, (N_("Agency"), 38), (N_("Kind and roles"), 30), (N_("Persons"), 32)),
        rows=(
            *(
                table_row(
                    TableCell(agency.name or agency.short, detail=agency.short if agency.name else ""),
                    TableCell(
                        formatter.code("agency_kind", agency.kind), detail=formatter.field_text(roles, agency.roles)
                    ),
                    named(person.id for person in dossier.people if person.agency == agency.id),
                )
                for agency in dossier.agencies
            ),
            *([table_row("–", "", named(without))] if without else ()),
        ),
    )


def country_name(formatter: Formatter) -> str:
    """Name the country: as the assessment does, in the language of the report where that is one of its usual names."""
    mission = formatter.dossier.mission
    return formatter.texts.country_as_typed(mission.m49, mission.country_name) or mission.country


def instrument_version(formatter: Formatter) -> str:
    """Name the edition of the questionnaire, with its id and version."""
    instrument = formatter.dossier.instrument
    edition = formatter.instrument_text("instrument", "edition", instrument.edition)
    sentence = N_("{edition}; questionnaire {id}, version {version}")
    said = formatter.say(sentence, edition=edition, id=instrument.id, version=instrument.version)
    return f"{said}; {formatter.profile}" if formatter.profile else said


_NOT_IN_REPORT = (
    "country",
    "m49",
    "language",
    "status",
    "profile",
    "weights",
    "decisions",
    "main_messages",
    "authority_comments",
)


def mission_facts(appraisal: Appraisal, formatter: Formatter) -> tuple[Fact, ...]:
    """Return what the mission was, as typed."""
    mission = appraisal.dossier.mission
    team = formatter.texts.listed(mission.team) if appraisal.with_names else formatter.say(N_("names withheld"))
    without = _NOT_IN_REPORT
    return entry_facts(formatter, "mission", mission, without=without, instead={"team": team})


# What came back: the files that were taken in, the remarks that stood in them, and answers of an earlier version.


_DEFINITIONS_STYLE = "definitions"
_NOT_SHOWN = frozenset({
    "file_name", "agency", "person", "date", "media_type", "size", "document", "signature", "revisions",
})  # fmt: skip
"""What the head of a returned file's card and the table of documents say already, and what nobody reads."""
_REMARK_HEAD = frozenset({"address", "agency", "author", "date", "returned"})


def _join_present(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _file_card(formatter: Formatter, entry: ReturnedFile, number: int) -> EntryCard:
    return EntryCard(
        title=entry.file_name or entry.id,
        number=f"[{number}]",
        subtitle=_join_present(
            formatter.agency_in_full(entry.agency) if entry.agency else "",
            entry.person,
            formatter.texts.date(entry.date) if entry.date else "",
        ),
        facts=entry_facts(formatter, "returns", entry, without=_NOT_SHOWN),
    )


def _remark_card(formatter: Formatter, remark: Remark) -> EntryCard:
    returned = formatter.entry("returns", remark.returned) if remark.returned else ""
    stood = ", ".join(part for part in (returned, remark.place) if part)
    return EntryCard(
        title=formatter.place_of(remark.address) or formatter.label("remarks", "text"),
        subtitle=_join_present(
            formatter.agency(remark.agency) if remark.agency else "",
            remark.author,
            formatter.texts.date(remark.date) if remark.date else "",
        ),
        facts=entry_facts(formatter, "remarks", remark, without=_REMARK_HEAD, instead={"place": stood}),
    )


def _sorted_remarks(appraisal: Appraisal) -> list[Remark]:
    order = {question.id: number for number, question in enumerate(appraisal.dossier.instrument.questions())}
    return sorted(appraisal.dossier.remarks, key=lambda one: order.get(one.address.partition("/")[0], len(order)))


def remark_cards(appraisal: Appraisal, formatter: Formatter) -> Cards | None:
    """Show the remarks of returned files, place by place, None without any."""
    cards = tuple(_remark_card(formatter, remark) for remark in _sorted_remarks(appraisal))
    return Cards(cards, _DEFINITIONS_STYLE) if cards else None


def returned_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Show the files that came back, with what could not be imported, and the documents held of them."""
    returns, say = appraisal.dossier.returns, formatter.say
    files = tuple(_file_card(formatter, entry, number) for number, entry in enumerate(returns, start=1))
    documents = documents_table(formatter, ((TableCell(f"[{at}]"), entry) for at, entry in enumerate(returns, start=1)))
    return (
        *((Cards(files, _DEFINITIONS_STYLE),) if files else ()),
        *titled(say(N_("Documents held")), documents),
    )


# -- answers of an earlier version ---------------------------------------------------------------------------------


def _earlier_respondent(formatter: Formatter, kept: RetiredAnswer) -> str:
    if kept.layer not in set(AnswerLayer):
        return _join_present(kept.layer, formatter.agency(kept.respondent) if kept.respondent else "")
    return formatter.respondent(AnswerLayer(kept.layer), kept.respondent)


def _earlier_evidence(appraisal: Appraisal, kept: RetiredAnswer) -> str:
    known, numbers = appraisal.dossier.evidence_by_id, appraisal.evidence_numbers
    return ", ".join(f"E{known[one].grade} [{numbers[one]}]" if one in known else one for one in kept.evidence)


def _earlier_answer_text(formatter: Formatter, kept: RetiredAnswer) -> str:
    """Return what was answered then, in words; of an answer without any, as it was stored or in which state it was."""
    is_state = kept.state in set(AnswerState)
    return (
        kept.answered
        or kept.value
        or (formatter.say(STATE_LABELS[AnswerState(kept.state)]) if is_state else kept.state)
    )


def _retired_answer_card(appraisal: Appraisal, formatter: Formatter, kept: RetiredAnswer) -> EntryCard:
    say, label = formatter.say, partial(formatter.label, "kept")
    language = formatter.texts.language_name(kept.language) if kept.language else ""
    moment = formatter.moment(kept.time) if kept.time else ""
    return EntryCard(
        title=kept.wording or formatter.place_of(kept.address),
        number=kept.number,
        subtitle=say(N_("version {version}"), version=kept.version) if kept.version else "",
        facts=(
            *fact_list((_earlier_respondent(formatter, kept), _earlier_answer_text(formatter, kept)), typed=True),
            *fact_list((label("reason"), kept.reason), (label("note"), kept.note), typed=True),
            *fact_list(
                (label("evidence"), _earlier_evidence(appraisal, kept)),
                (label("time"), _join_present(kept.author, moment, language)),
                (label("target"), formatter.place_of(kept.target) if kept.target else ""),
            ),
            *_asked_facts(appraisal, formatter, kept),
        ),
    )


def _asked_facts(appraisal: Appraisal, formatter: Formatter, kept: RetiredAnswer) -> tuple[Fact, ...]:
    if kept not in published_answers(appraisal.dossier):
        return ()
    return (Fact(formatter.say(N_("Is this right? (yes or no)")), "", asked=published_key(kept.id)),)


def retired_answer_blocks(appraisal: Appraisal, formatter: Formatter) -> tuple[object, ...]:
    """Show the answers of an earlier version of the instrument: first those to confirm, then what is asked no more."""
    blocks: list[object] = []
    waiting = published_answers(appraisal.dossier)
    answered = N_("From published sources, answered since")
    groups: dict[str, list[EntryCard]] = {label: [] for label in (*RETIRED_ANSWER_LABELS.values(), answered)}
    for one in appraisal.dossier.kept:
        is_answered = one.fate is RetiredAnswerStatus.PUBLISHED and one not in waiting
        label = answered if is_answered else RETIRED_ANSWER_LABELS[one.fate]
        groups[label].append(_retired_answer_card(appraisal, formatter, one))
    for label, cards in groups.items():
        if cards:
            blocks += titled(formatter.texts.gettext(label), Cards(tuple(cards), _DEFINITIONS_STYLE))
    return tuple(blocks)
