"""The registers of an assessment: made once, picked everywhere. Every field is text, a number or ids."""

from enum import StrEnum

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import Feasibility


class AgencyRole(StrEnum):
    """What an agency is to migration data."""

    PRODUCER = "producer"
    USER = "user"
    OWNER = "owner"
    COORDINATOR = "coordinator"
    DONOR = "donor"


class MissionStatus(StrEnum):
    """How far an assessment has come."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    VALIDATED = "validated"


class PreparationDecision(StrEnum):
    """What a mission has decided to go without."""

    NO_PREVIOUS_ROUND = "no_previous_round"
    NO_PASSPHRASE = "no_passphrase"  # noqa: S105 - a decision


class ActionProgress(StrEnum):
    """How far an action has come."""

    PLANNED = "planned"
    STARTED = "started"
    DONE = "done"
    DROPPED = "dropped"


class Commitment(StrEnum):
    """An international commitment that a gap or an action serves."""

    SDG_17_18 = "sdg-17.18"
    GLOBAL_COMPACT_1 = "gcm-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mission:
    """What makes the assessment this one: country (ISO alpha-3 and M49), round, and the visit.

    Dates are ISO 8601. ``weights`` are the user's section weights as "section=weight" ("iii=2", "v=1/2"). ``contact``
    is where agencies reach the team. ``main_messages`` are empty while the report prints the generated ones;
    ``authority_comments`` is what the authorities of the country say of the report. ``profile`` is the selection of
    questions that is asked, empty for all. ``id`` is always "mission".
    """

    id: str = "mission"
    country: str = ""
    m49: str = ""
    country_name: str = ""
    round: str = ""
    language: str = "en"
    status: MissionStatus = MissionStatus.DRAFT
    start: str = ""
    end: str = ""
    project: str = ""
    team: tuple[str, ...] = ()
    purpose: str = ""
    method: str = ""
    limits: str = ""
    reviewed_by: str = ""
    validated_by: str = ""
    validated_on: str = ""
    weights: tuple[str, ...] = ()
    contact: str = ""
    decisions: tuple[PreparationDecision, ...] = ()
    main_messages: str = ""
    authority_comments: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """Who answers: an agency with its kind (code list agency_kind) and roles.

    ``form_sections`` are the sections (ids) of the last form and letter written for it.
    """

    id: str
    name: str = ""
    short: str = ""
    kind: str = ""
    roles: tuple[AgencyRole, ...] = ()
    contact: str = ""
    note: str = ""
    form_sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody met, of an agency (by id). Names leave the laptop only with consent."""

    id: str
    name: str = ""
    agency: str = ""
    position: str = ""
    contact: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting: date (ISO), agencies and people met (ids), the sections (ids) they answer, and what was said.

    ``start`` is the time of day, "09:30".
    """

    id: str
    date: str = ""
    title: str = ""
    place: str = ""
    agencies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    note: str = ""
    start: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """An agency (id) confirmed the answers to sections (ids): by whom, on which date (ISO), with which reservations.

    Without sections, it confirmed the whole assessment.
    """

    id: str
    name: str = ""
    position: str = ""
    agency: str = ""
    sections: tuple[str, ...] = ()
    date: str = ""
    reservations: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSource:
    """One entry of the data-source register; ``type`` from the code list source_type, ``agency`` an id."""

    id: str
    name: str = ""
    type: str = ""
    agency: str = ""
    legal_basis: str = ""
    coverage: str = ""
    unit: str = ""
    person_identifier: str = ""
    periodicity: str = ""
    last_date: str = ""
    electronic_share: str = ""
    access_terms: str = ""
    microdata_access: str = ""
    defects: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What supports an answer. ``document`` is the SHA-256 of a held file; ``checked_against`` an independent source.

    ``size`` is in bytes, ``added_on`` an ISO date.
    """

    id: str
    title: str = ""
    link: str = ""
    document: str = ""
    file_name: str = ""
    media_type: str = ""
    size: int = 0
    checked_against: str = ""
    added_on: str = ""
    note: str = ""

    @property
    def grade(self) -> int:
        """The evidence grade: 1 named or linked, 2 held, 3 checked against an independent or published source."""
        if self.checked_against:
            return 3
        return 2 if self.document else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do about gaps: ``gaps`` are addresses as text, ``responsible`` an agency, ``depends_on`` actions.

    ``type``, ``funding`` and ``partners`` are codes of the instrument's lists; dates are ISO. ``amount`` is the cost,
    ``funded`` the part of it that is funded, as decimals ("12500.5") in ``currency`` (ISO 4217), or what was typed and
    cannot be read; ``funding_source`` is who pays. ``cost`` is a note in plain text, all that versions up to 0.6 had.
    ``strategy_item`` names an item of the national strategy for the development of statistics (NSDS).
    """

    id: str
    title: str = ""
    gaps: tuple[str, ...] = ()
    type: str = ""
    responsible: str = ""
    partners: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    amount: str = ""
    currency: str = ""
    funded: str = ""
    funding: str = ""
    funding_source: str = ""
    cost: str = ""
    indicator: str = ""
    depends_on: tuple[str, ...] = ()
    progress: ActionProgress = ActionProgress.PLANNED
    note: str = ""
    commitments: tuple[Commitment, ...] = ()
    strategy_item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeasibilityRating:
    """The assessor's feasibility of closing one gap, and what it refers to; ``id`` is the gap's address as text."""

    id: str
    feasibility: Feasibility = Feasibility.EFFORT
    note: str = ""
    commitments: tuple[Commitment, ...] = ()
    strategy_item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What somebody wrote about a place of the questionnaire without answering it: attributed, dated, never edited.

    ``address`` is where it belongs, as text; ``agency`` and ``returned`` are ids, of an agency and of the returned
    file it stood in; ``place`` says where in that file; ``date`` is ISO 8601.
    """

    id: str
    address: str = ""
    text: str = ""
    agency: str = ""
    author: str = ""
    date: str = ""
    returned: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedFile:
    """A file that came back and was imported; the original is held as a document (``document`` is its SHA-256).

    ``agency`` (an id), ``person`` and ``date`` are whose answers it brought, as the file says; ``taken_in`` is when
    (UTC, ISO 8601). ``signature`` is what versions up to 0.6 said of the file's signature. ``unplaced`` are texts that
    no place was found for, each with where it stood; ``revisions`` name what the import recorded ("device:counter"),
    for undoing it. ``undone`` is when the import was undone (UTC, ISO 8601), and ``undone_by`` who did it; empty while
    it stands.
    """

    id: str
    file_name: str = ""
    document: str = ""
    media_type: str = ""
    size: int = 0
    agency: str = ""
    person: str = ""
    date: str = ""
    taken_in: str = ""
    signature: str = ""
    unplaced: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    note: str = ""
    undone: str = ""
    undone_by: str = ""


class RetiredAnswerStatus(StrEnum):
    """Why an answer is kept beside the answers: of another version of the instrument, or from published sources."""

    TO_CONFIRM = "to_confirm"
    RETIRED = "retired"
    PUBLISHED = "published"
    NOT_CONFIRMED = "not_confirmed"


FROM_PUBLISHED_SOURCES = frozenset({RetiredAnswerStatus.PUBLISHED, RetiredAnswerStatus.NOT_CONFIRMED})
WAITING_STATUSES = frozenset({RetiredAnswerStatus.TO_CONFIRM, RetiredAnswerStatus.PUBLISHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class RetiredAnswer:
    """An answer of an earlier version of the instrument, or one that published sources suggest for an agency.

    It is to be confirmed, or only kept, and counts as no answer.

    ``address``, ``layer``, ``respondent``, ``state``, ``value`` (as JSON text), ``reason``, ``note``, ``evidence``,
    ``author``, ``time`` and ``language`` are those of the answer; ``number`` and ``wording`` what was asked then and
    ``answered`` what was answered, in words, for people. ``target`` is the place it may be confirmed at, empty if
    retired; where there is one, ``value`` is in its terms. ``version`` is the instrument's when it was answered.
    """

    id: str
    fate: RetiredAnswerStatus = RetiredAnswerStatus.RETIRED
    address: str = ""
    layer: str = ""
    respondent: str = ""
    state: str = ""
    value: str = ""
    reason: str = ""
    note: str = ""
    evidence: tuple[str, ...] = ()
    author: str = ""
    time: str = ""
    language: str = ""
    number: str = ""
    wording: str = ""
    answered: str = ""
    target: str = ""
    version: str = ""


RegisterEntry = (
    Mission
    | Agency
    | Person
    | Meeting
    | Validation
    | DataSource
    | Evidence
    | Action
    | FeasibilityRating
    | Remark
    | ReturnedFile
    | RetiredAnswer
)

REGISTERS: dict[str, type[RegisterEntry]] = {
    "mission": Mission,
    "agencies": Agency,
    "people": Person,
    "meetings": Meeting,
    "validations": Validation,
    "sources": DataSource,
    "evidence": Evidence,
    "actions": Action,
    "ratings": FeasibilityRating,
    "remarks": Remark,
    "returns": ReturnedFile,
    "kept": RetiredAnswer,
}
"""The registers by the name they have in files, and the shape of their entries."""


def register_of(entry: RegisterEntry) -> str:
    return next(name for name, shape in REGISTERS.items() if shape is type(entry))
