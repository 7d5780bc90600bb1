"""What the registers hold, declared once: every field with its label, kind and choices, in reading order.

Problem: a field had one label in the window and another on paper and in the workbook. Decision: the form, the
report, the workbook, the differences and the command line take label, kind, order and choices from this table; a new
field is a line here and an attribute in ``registers`` (and a migration of the file format that stores it).
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from capacity_app.domain.assessment.registers import (
    ActionProgress,
    AgencyRole,
    Commitment,
    MissionStatus,
    PreparationDecision,
    RegisterEntry,
    RetiredAnswerStatus,
    register_of,
)
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import FEASIBILITY_DESCRIPTIONS


class FieldKind(StrEnum):
    """What a field holds, and so how it is typed and written.

    ``PERSON`` is a name that is found among people, ``PARAGRAPH`` a text without line breaks, ``LINES`` several texts;
    ``AMOUNT`` is money as an exact decimal, ``CURRENCY`` a code of ISO 4217; ``MOMENT`` is in Coordinated Universal
    Time; ``GAPS`` are addresses, ``PLACE`` is one; ``SECTIONS`` are ids.
    """

    LINE = "line"
    PERSON = "person"
    PARAGRAPH = "paragraph"
    TEXT = "text"
    LINES = "lines"
    NUMBER = "number"
    AMOUNT = "amount"
    CURRENCY = "currency"
    DATE = "date"
    MOMENT = "moment"
    LANGUAGE = "language"
    CODE = "code"
    CODES = "codes"
    CHOICE = "choice"
    CHOICES = "choices"
    ENTRY = "entry"
    ENTRIES = "entries"
    PLACE = "place"
    GAPS = "gaps"
    SECTIONS = "sections"


PROSE_KINDS = frozenset({FieldKind.LINE, FieldKind.PERSON, FieldKind.PARAGRAPH, FieldKind.TEXT, FieldKind.LINES})
"""Kinds of fields that hold what somebody wrote."""

AGENCY_ROLE_LABELS: dict[AgencyRole, str] = {
    AgencyRole.PRODUCER: N_("data producer"),
    AgencyRole.USER: N_("data user"),
    AgencyRole.OWNER: N_("owner of a system or register"),
    AgencyRole.COORDINATOR: N_("coordinator"),
    AgencyRole.DONOR: N_("donor"),
}
MISSION_STATUS_LABELS: dict[MissionStatus, str] = {
    MissionStatus.DRAFT: N_("Draft"),
    MissionStatus.REVIEWED: N_("Reviewed"),
    MissionStatus.VALIDATED: N_("Validated"),
}
PREPARATION_DECISION_LABELS: dict[PreparationDecision, str] = {
    PreparationDecision.NO_PREVIOUS_ROUND: N_("There is no previous round"),
    PreparationDecision.NO_PASSPHRASE: N_("The file needs no passphrase"),
}
ACTION_PROGRESS_LABELS: dict[ActionProgress, str] = {
    ActionProgress.PLANNED: N_("planned"),
    ActionProgress.STARTED: N_("started"),
    ActionProgress.DONE: N_("done"),
    ActionProgress.DROPPED: N_("dropped"),
}
COMMITMENT_LABELS: dict[Commitment, str] = {
    Commitment.SDG_17_18: N_("Sustainable Development Goals, target 17.18"),
    Commitment.GLOBAL_COMPACT_1: N_("Global Compact for Migration, objective 1"),
}
RETIRED_ANSWER_LABELS: dict[RetiredAnswerStatus, str] = {
    RetiredAnswerStatus.TO_CONFIRM: N_("To be confirmed"),
    RetiredAnswerStatus.RETIRED: N_("No longer asked"),
    RetiredAnswerStatus.PUBLISHED: N_("From published sources, to confirm"),
    RetiredAnswerStatus.NOT_CONFIRMED: N_("From published sources, not confirmed"),
}
"""What becomes of answers given under an earlier version of the instrument."""


@dataclass(frozen=True, slots=True)
class RegisterField:
    """One field: the attribute of the entry, its label and what it holds.

    ``picks`` is the code list or register it picks from, ``options`` its fixed choices. In the form, fields that are
    ``short`` stand side by side, ``group`` is the heading of the fields from here on, and what is not ``typed`` is
    left out.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    picks: str = ""
    hint: str = ""
    options: Mapping[Any, str] = field(default_factory=dict)
    group: str = ""
    short: bool = False
    typed: bool = True


@dataclass(frozen=True, slots=True)
class RegisterInfo:
    """One register: its title, what one entry is called, and its fields; entries are named by the first of ``names``.

    ``unnamed`` stands where an entry has none of these names.
    """

    title: str
    entry: str
    unnamed: str
    names: tuple[str, ...]
    fields: tuple[RegisterField, ...]


_F, _K = RegisterField, FieldKind
_NOTE = _F("note", N_("Note"), _K.TEXT)
_FILE = (
    _F("file_name", N_("File"), typed=False),
    _F("media_type", N_("Kind of file"), typed=False),
    _F("size", N_("Size in bytes"), _K.NUMBER, typed=False),
    _F("document", N_("Document (SHA-256)"), typed=False),
)

_COMMITMENTS = (
    _F("commitments", N_("International commitments"), _K.CHOICES, options=COMMITMENT_LABELS),
    _F(
        "strategy_item",
        N_("Item of the national strategy"),
        hint=N_("Of the national strategy for the development of statistics (NSDS), for example 4.2"),
    ),
)

_MISSION = (
    _F("country_name", N_("Country"), short=True),
    _F("round", N_("Round"), short=True),
    _F("country", N_("Country (letters)"), typed=False),
    _F("m49", N_("Country (number)"), typed=False),
    _F("language", N_("Language of the report"), _K.LANGUAGE, typed=False),
    _F("project", N_("Project"), _K.PARAGRAPH, hint=N_("The programme or project that pays for the mission")),
    _F("start", N_("Start of the visit"), _K.DATE, group=N_("The visit"), short=True),
    _F("end", N_("End of the visit"), _K.DATE, short=True),
    _F("team", N_("Team"), _K.LINES, hint=N_("One name per line")),
    _F("contact", N_("Contact of the team"), hint=N_("Telephone and e-mail, for questions about the visit")),
    _F("purpose", N_("Purpose"), _K.TEXT),
    _F("method", N_("Method"), _K.TEXT, hint=N_("How it was done"), group=N_("Method and limits")),
    _F("limits", N_("Limits"), _K.TEXT, hint=N_("What it does not cover")),
    _F("status", N_("Status"), _K.CHOICE, options=MISSION_STATUS_LABELS, group=N_("Review and validation"), short=True),
    _F("reviewed_by", N_("Reviewed by"), _K.PERSON, short=True),
    _F("validated_by", N_("Validated by"), _K.PERSON, hint=N_("Who confirmed the answers for the country"), short=True),
    _F("validated_on", N_("Validated on"), _K.DATE, short=True),
    _F(
        "main_messages",
        N_("Main messages"),
        _K.TEXT,
        group=N_("Text of the report"),
        hint=N_("Empty: the report writes them from the answers. A line that begins with – is a point."),
    ),
    _F(
        "authority_comments",
        N_("Comments of the authorities"),
        _K.TEXT,
        hint=N_("What the ministries say of the report; printed as a chapter of its own"),
    ),
    _F("profile", N_("Questions asked"), typed=False),
    _F("weights", N_("Weights of the parts"), _K.LINES, typed=False),
    _F(
        "decisions",
        N_("Decisions in the preparation"),
        _K.CHOICES,
        options=PREPARATION_DECISION_LABELS,
        typed=False,
    ),
)
_AGENCY = (
    _F("name", N_("Name")),
    _F("short", N_("Short name"), hint=N_("As it appears beside answers"), short=True),
    _F("kind", N_("Kind"), _K.CODE, "agency_kind", short=True),
    _F("roles", N_("Roles in migration data"), _K.CHOICES, options=AGENCY_ROLE_LABELS),
    _F("contact", N_("Contact"), hint=N_("Address, telephone, e-mail")),
    _NOTE,
    _F("form_sections", N_("Form written for parts"), _K.SECTIONS, typed=False),
)
_PERSON = (
    _F("name", N_("Full name")),
    _F("position", N_("Position"), short=True),
    _F("agency", N_("Agency"), _K.ENTRY, "agencies", short=True),
    _F("contact", N_("Contact"), hint=N_("E-mail or telephone, if the person agreed to give it")),
    _NOTE,
)
_MEETING = (
    _F("title", N_("Subject")),
    _F("date", N_("Date"), _K.DATE, short=True),
    _F("start", N_("Start time"), hint=N_("For example 09:30"), short=True),
    _F("place", N_("Place")),
    _F("agencies", N_("Agencies"), _K.ENTRIES, "agencies"),
    _F("sections", N_("Parts"), _K.SECTIONS),
    _F("people", N_("Persons"), _K.ENTRIES, "people"),
    _F("note", N_("Note"), _K.TEXT, hint=N_("What was said")),
)
_VALIDATION = (
    _F("name", N_("Confirmed by"), _K.PERSON, hint=N_("Who confirmed the answers for the agency")),
    _F("position", N_("Function"), short=True),
    _F("date", N_("Date"), _K.DATE, short=True),
    _F("agency", N_("Agency"), _K.ENTRY, "agencies"),
    _F("sections", N_("Parts"), _K.SECTIONS, hint=N_("None chosen: the whole assessment")),
    _F("reservations", N_("Reservations"), _K.TEXT, hint=N_("What the agency does not confirm, in its own words")),
)
_SOURCE = (
    _F("name", N_("Name"), hint=N_("For example: Population and housing census 2014")),
    _F("type", N_("Type"), _K.CODE, "source_type", short=True),
    _F("agency", N_("Responsible agency"), _K.ENTRY, "agencies", short=True),
    _F("coverage", N_("Who is covered"), _K.PARAGRAPH, hint=N_("Whom and which area it covers, and who is missed")),
    _F("unit", N_("Unit of observation"), _K.PARAGRAPH, hint=N_("Person, permit, crossing …"), short=True),
    _F("person_identifier", N_("Person identifier"), _K.PARAGRAPH, short=True),
    _F("periodicity", N_("Periodicity"), hint=N_("How often"), short=True),
    _F("last_date", N_("Latest data"), _K.DATE, short=True),
    _F("electronic_share", N_("Share held electronically"), _K.PARAGRAPH, short=True),
    _F("microdata_access", N_("Access to microdata"), _K.PARAGRAPH, short=True),
    _F("legal_basis", N_("Legal basis"), _K.PARAGRAPH),
    _F("access_terms", N_("Terms of access"), _K.PARAGRAPH),
    _F("defects", N_("Known defects"), _K.TEXT),
    _NOTE,
)
_EVIDENCE = (
    _F("title", N_("Title")),
    _F("link", N_("Link"), hint=N_("https://…")),
    *_FILE,
    _F(
        "checked_against",
        N_("Checked against"),
        _K.PARAGRAPH,
        hint=N_("The independent or published source that confirms it; this makes it grade E3"),
    ),
    _F("added_on", N_("Added on"), _K.DATE, short=True),
    _NOTE,
)
_ACTION = (
    _F("title", N_("Action"), _K.PARAGRAPH, hint=N_("What is to be done")),
    _F("gaps", N_("Gaps it closes"), _K.GAPS),
    _F("type", N_("Type"), _K.CODE, "action_type", short=True),
    _F("progress", N_("Progress"), _K.CHOICE, options=ACTION_PROGRESS_LABELS, short=True),
    _F("responsible", N_("Responsible agency"), _K.ENTRY, "agencies"),
    _F("partners", N_("Partners"), _K.CODES, "project_partner"),
    _F("start", N_("Start"), _K.DATE, short=True),
    _F("end", N_("End"), _K.DATE, short=True),
    _F("amount", N_("Cost"), _K.AMOUNT, short=True),
    _F("currency", N_("Currency"), _K.CURRENCY, short=True),
    _F("funded", N_("Funded amount"), _K.AMOUNT, hint=N_("The part of the cost that is funded"), short=True),
    _F("funding", N_("Funding"), _K.CODE, "funding_status", short=True),
    _F("funding_source", N_("Source of funds"), hint=N_("Who pays, or is asked to pay")),
    _F("cost", N_("Note on cost"), _K.PARAGRAPH, hint=N_("For example own staff, or what the cost includes")),
    _F("indicator", N_("Indicator"), _K.PARAGRAPH, hint=N_("How one will see that it is done")),
    _F("depends_on", N_("Preceding actions"), _K.ENTRIES, "actions"),
    *_COMMITMENTS,
    _NOTE,
)
_RATING = (_F("feasibility", N_("Feasibility"), _K.CHOICE, options=FEASIBILITY_DESCRIPTIONS), _NOTE, *_COMMITMENTS)
_REMARK = (
    _F("address", N_("Where"), _K.PLACE),
    _F("text", N_("Remark"), _K.TEXT),
    _F("agency", N_("Agency"), _K.ENTRY, "agencies"),
    _F("author", N_("Author"), _K.PERSON),
    _F("date", N_("Date"), _K.DATE),
    _F("returned", N_("File"), _K.ENTRY, "returns"),
    _F("place", N_("Stands in")),
)
_RETURNED = (
    _F("file_name", N_("File")),
    _F("agency", N_("Agency"), _K.ENTRY, "agencies"),
    _F("person", N_("Filled in by"), _K.PERSON),
    _F("date", N_("Date"), _K.DATE),
    _F("taken_in", N_("Imported"), _K.MOMENT),
    _F("undone", N_("Import undone"), _K.MOMENT),
    _F("undone_by", N_("Import undone by"), _K.PERSON),
    _F("unplaced", N_("Not imported"), _K.LINES),
    _NOTE,
    *_FILE[1:],
    _F("signature", N_("Signature")),
    _F("revisions", N_("Recorded answers"), _K.LINES),
)
_KEPT = (
    _F("number", N_("No.")),
    _F("wording", N_("Question then"), _K.TEXT),
    _F("answered", N_("Answer then"), _K.TEXT),
    _F("reason", N_("Reason"), _K.TEXT),
    _NOTE,
    _F("respondent", N_("Agency"), _K.ENTRY, "agencies"),
    _F("author", N_("Author"), _K.PERSON),
    _F("time", N_("Recorded"), _K.MOMENT),
    _F("evidence", N_("Evidence"), _K.ENTRIES, "evidence"),
    _F("version", N_("Version")),
    _F("fate", N_("Status"), _K.CHOICE, options=RETIRED_ANSWER_LABELS),
    _F("target", N_("To confirm at"), _K.PLACE),
    _F("address", N_("Address")),
    _F("layer", N_("Layer")),
    _F("state", N_("State")),
    _F("value", N_("Value as stored"), _K.TEXT),
    _F("language", N_("Language"), _K.LANGUAGE),
)

MERGEABLE_REGISTERS = ("agencies", "people", "meetings", "sources", "evidence")
"""The registers whose entries can be joined."""
REGISTER_INFO: Mapping[str, RegisterInfo] = {
    "mission": RegisterInfo(N_("Mission"), N_("Mission"), "", (), _MISSION),
    "agencies": RegisterInfo(
        N_("Agencies"), N_("Agency"), N_("Agency without a name"), ("name", "short"), _AGENCY,
    ),
    "people": RegisterInfo(N_("Persons"), N_("Person"), N_("Person without a name"), ("name",), _PERSON),
    "meetings": RegisterInfo(N_("Meetings"), N_("Meeting"), N_("Meeting without a subject"), ("title",), _MEETING),
    "validations": RegisterInfo(
        N_("Validations"), N_("Validation"), N_("Validation without a name"), ("name",), _VALIDATION,
    ),
    "sources": RegisterInfo(N_("Data sources"), N_("Data source"), N_("Source without a name"), ("name",), _SOURCE),
    "evidence": RegisterInfo(
        N_("Evidence"), N_("Evidence"), N_("Evidence without a title"), ("title", "file_name", "link"), _EVIDENCE,
    ),
    "actions": RegisterInfo(N_("Action plan"), N_("Action"), N_("Action without a title"), ("title",), _ACTION),
    "ratings": RegisterInfo(N_("Gaps"), N_("Feasibility"), "", (), _RATING),
    "remarks": RegisterInfo(N_("Remarks"), N_("Remark"), N_("Remark without words"), (), _REMARK),
    "returns": RegisterInfo(
        N_("Returned files"), N_("Returned file"), N_("File without a name"), ("file_name",), _RETURNED,
    ),
    "kept": RegisterInfo(
        N_("Earlier answers"), N_("Earlier answer"), N_("Answer kept from another version"), ("wording", "number"),
        _KEPT,
    ),
}  # fmt: skip
"""The registers by the name they have in files."""


def register_fields(register: str) -> tuple[RegisterField, ...]:
    return REGISTER_INFO[register].fields


def form_fields(register: str) -> tuple[RegisterField, ...]:
    """Return the fields that a person types."""
    return tuple(one for one in register_fields(register) if one.typed)


def register_field(register: str, name: str) -> RegisterField:
    """Return a field by name; raises KeyError if the register has no such field."""
    found = next((one for one in register_fields(register) if one.name == name), None)
    if found is None:
        raise KeyError(name)
    return found


def entry_title(entry: RegisterEntry) -> str:
    """Return what an entry is called, empty if nobody has named it."""
    texts = (str(getattr(entry, name)) for name in REGISTER_INFO[register_of(entry)].names)
    return next((text for text in texts if text), "")


def picks_by_register(*kinds: FieldKind) -> dict[str, dict[str, str]]:
    """Return by register the fields of some kinds, each with the code list or register it picks from."""
    return {
        register: {one.name: one.picks for one in info.fields if one.kind in kinds}
        for register, info in REGISTER_INFO.items()
    }
