"""Which fields the registers' forms have: declared here, built by ``entry_form``, edited by ``form_editors``."""

from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.assessment import Progress, Role, Status
from capacity_app.domain.problems import N_
from capacity_app.ui.registers.entry_words import PROGRESS_WORDS, ROLE_WORDS, STATUS_CHOICES


class Editor(StrEnum):
    """How a field is edited.

    ``NAME`` is a line that finds people, ``WRAP`` is one paragraph that grows with its words, ``LONG`` may have more.
    """

    LINE = "line"
    NAME = "name"
    WRAP = "wrap"
    LONG = "long"
    LINES = "lines"
    DATE = "date"
    CODE = "code"
    CODES = "codes"
    CHOICE = "choice"
    TICKS = "ticks"
    ENTRY = "entry"
    ENTRIES = "entries"
    GAPS = "gaps"


@dataclass(frozen=True, slots=True)
class Shape:
    """One field: the attribute, its label, its editor.

    ``source`` is a code list or register, ``words`` the fixed choices; a ``half`` field shares its line with
    the next half one; ``group`` starts a group of fields with a heading.
    """

    name: str
    label: str
    editor: Editor
    source: str = ""
    hint: str = ""
    half: bool = False
    group: str = ""
    words: dict[Role, str] | dict[Status, str] | dict[Progress, str] | None = None


_L, _W, _T, _D = Editor.LINE, Editor.WRAP, Editor.LONG, Editor.DATE
_NOTE = Shape("note", N_("Note"), _T)

AGENCY = (
    Shape("name", N_("Name"), _L),
    Shape("short", N_("Short name"), _L, hint=N_("As it appears beside answers"), half=True),
    Shape("kind", N_("Kind"), Editor.CODE, "agency_kind", half=True),
    Shape("roles", N_("What it is to migration data"), Editor.TICKS, words=ROLE_WORDS),
    Shape("contact", N_("Contact"), _L, hint=N_("Address, telephone, e-mail")),
    _NOTE,
)
PERSON = (
    Shape("name", N_("Full name"), _L),
    Shape("position", N_("Position"), _L, half=True),
    Shape("agency", N_("Agency"), Editor.ENTRY, "agencies", half=True),
    Shape("contact", N_("Contact"), _L, hint=N_("E-mail or telephone, if the person agreed to give it")),
    _NOTE,
)
MEETING = (
    Shape("title", N_("Subject"), _L),
    Shape("date", N_("Date"), _D, half=True),
    Shape("place", N_("Place"), _L, half=True),
    Shape("agencies", N_("Agencies"), Editor.ENTRIES, "agencies"),
    Shape("people", N_("People"), Editor.ENTRIES, "people"),
    Shape("note", N_("What was said"), _T),
)
SOURCE = (
    Shape("name", N_("Name"), _L, hint=N_("For example: Population and housing census 2014")),
    Shape("type", N_("Type"), Editor.CODE, "source_type", half=True),
    Shape("agency", N_("Responsible agency"), Editor.ENTRY, "agencies", half=True),
    Shape("coverage", N_("Who is covered"), _W, hint=N_("Whom and which area it covers, and who is missed")),
    Shape("unit", N_("Unit of observation"), _W, hint=N_("Person, permit, crossing …"), half=True),
    Shape("person_identifier", N_("Identifier of persons"), _W, half=True),
    Shape("periodicity", N_("How often"), _L, half=True),
    Shape("last_date", N_("Latest data"), _D, half=True),
    Shape("electronic_share", N_("Share held electronically"), _W, half=True),
    Shape("microdata_access", N_("Access to microdata"), _W, half=True),
    Shape("legal_basis", N_("Legal basis"), _W),
    Shape("access_terms", N_("Terms of access"), _W),
    Shape("defects", N_("Known defects"), _T),
    _NOTE,
)
EVIDENCE = (
    Shape("title", N_("Title"), _L),
    Shape("link", N_("Link"), _L, hint=N_("https://…")),
    Shape("checked_against", N_("Checked against"),
        _W,
          hint=N_("The independent or published source that confirms it; this makes it grade E3")),
    Shape("added_on", N_("Added on"), _D, half=True),
    _NOTE,
)  # fmt: skip
ACTION = (
    Shape("title", N_("What is to be done"), _W),
    Shape("gaps", N_("Gaps it closes"), Editor.GAPS),
    Shape("type", N_("Type"), Editor.CODE, "action_type", half=True),
    Shape("progress", N_("Progress"), Editor.CHOICE, half=True, words=PROGRESS_WORDS),
    Shape("responsible", N_("Responsible agency"), Editor.ENTRY, "agencies"),
    Shape("partners", N_("Partners"), Editor.CODES, "project_partner"),
    Shape("start", N_("Start"), _D, half=True),
    Shape("end", N_("End"), _D, half=True),
    Shape("cost", N_("Cost"), _W, hint=N_("Amount and currency"), half=True),
    Shape("funding", N_("Funding"), Editor.CODE, "funding_status", half=True),
    Shape("indicator", N_("How one will see that it is done"), _W),
    Shape("depends_on", N_("Needs to be done first"), Editor.ENTRIES, "actions"),
    _NOTE,
)
MISSION = (
    Shape("country_name", N_("Country"), _L, half=True),
    Shape("round", N_("Round"), _L, half=True),
    Shape("project", N_("Project"), _W, hint=N_("The programme or project that pays for the mission")),
    Shape("start", N_("From"), _D, half=True, group=N_("The visit")),
    Shape("end", N_("To"), _D, half=True),
    Shape("team", N_("Team"), Editor.LINES, hint=N_("One name per line")),
    Shape("purpose", N_("Purpose"), _T),
    Shape("method", N_("How it was done"), _T, group=N_("Method and limits")),
    Shape("limits", N_("What it does not cover"), _T),
    Shape("status", N_("Status"), Editor.CHOICE, group=N_("Review and validation"), half=True, words=STATUS_CHOICES),
    Shape("reviewed_by", N_("Reviewed by"), Editor.NAME, half=True),
    Shape(
        "validated_by", N_("Validated by"), Editor.NAME, hint=N_("Who confirmed the answers for the country"), half=True
    ),
    Shape("validated_on", N_("Validated on"), _D, half=True),
)
FORMS: dict[str, tuple[Shape, ...]] = {
    "agencies": AGENCY,
    "people": PERSON,
    "meetings": MEETING,
    "sources": SOURCE,
    "evidence": EVIDENCE,
    "actions": ACTION,
    "mission": MISSION,
}
"""The fields of every register's form, in reading order."""
