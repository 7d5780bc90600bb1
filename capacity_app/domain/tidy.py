"""The tidy tables of headquarters: one row per file, assessment, answer, score, gap and action, in plain words.

The rows are what every form of the repository holds alike (SQLite, Parquet, CSV, workbook), so the fields are the
columns. Countries are ISO 3166-1 alpha-3 and M49 as three digits; shares are 0 to 1, scores 0 to 100; what is not known
is None for a number and empty for a text. ``assessment`` names a row of ``AssessmentRow`` by its ``file_hash``.
"""

from dataclasses import dataclass
from enum import StrEnum


class FileFate(StrEnum):
    """What became of a file at headquarters."""

    READ = "read"
    READ_WITH_PROBLEMS = "read_with_problems"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"


COUNTED = frozenset({FileFate.READ, FileFate.READ_WITH_PROBLEMS})
"""The fates of files whose assessment counts."""


class SignatureState(StrEnum):
    """What is known of a file's signature."""

    UNSIGNED = "unsigned"
    UNCHANGED = "signed_unchanged"
    EDITED = "signed_edited"
    BROKEN = "signature_invalid"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file that was found. ``path`` is relative to the folder given, with "/"; ``reason`` is a plain sentence.

    ``kind`` is that of ``services.guard`` or empty. ``other_file`` is the path of the file this one duplicates or is
    superseded by.
    """

    path: str
    file_hash: str
    size: int
    kind: str = ""
    fate: FileFate = FileFate.READ
    reason: str = ""
    other_file: str = ""
    signature: SignatureState = SignatureState.UNSIGNED
    signed_by: str = ""
    edited_cells: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """One assessment as one file says it; ``completeness`` is the share of what is asked that was asked."""

    file_hash: str
    assessment: str
    country: str
    m49: str
    country_name: str
    round: str
    instrument: str
    instrument_version: str
    instrument_hash: str
    status: str
    language: str
    last_change: str
    fingerprint: str
    answers: int
    completeness: float | None
    region_m49: str = ""
    region: str = ""
    subregion_m49: str = ""
    subregion: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One answer of one respondent or layer, or what counts of them (``layer`` "effective", from all layers).

    ``number`` holds levels, counts, years and percentages, ``text`` texts and options; a list is its ids joined by
    "; ". ``standing`` of an effective answer tells whether it was wanted, settled or hidden.
    """

    file_hash: str
    question: str
    row: str
    column: str
    layer: str
    respondent: str
    state: str
    number: float | None
    text: str
    note: str
    standing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """The score of one section, or of all ("overall")."""

    file_hash: str
    section: str
    score: float | None
    lower: float | None
    upper: float | None
    coverage: float | None
    na_share: float | None
    band: str
    status: str
    verified: float | None
    evidence_index: float | None
    is_core: int
    """1 for sections of the instrument itself and the overall score, 0 for those of supplements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapRow:
    """One gap, or place to verify (``is_open`` 1, whose severity is its worst case)."""

    file_hash: str
    address: str
    section: str
    number: str
    is_open: int
    level: int | None
    target: int
    steps: int
    importance: int
    severity: int
    severity_class: str
    feasibility: str
    priority: str
    actions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One planned action."""

    file_hash: str
    action: str
    title: str
    type: str
    responsible: str
    partners: str
    start: str
    end: str
    cost: str
    funding: str
    progress: str
    severity_class: str
    gaps: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """Everything one file contributes; ``assessment`` is None where it was refused. Picklable and self-contained."""

    file: FileRow
    assessment: AssessmentRow | None = None
    answers: tuple[AnswerRow, ...] = ()
    scores: tuple[ScoreRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    questions: tuple["QuestionRow", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One question, row or column of an instrument, so that the tables can be read without us; language of the file."""

    instrument: str
    instrument_version: str
    question: str
    row: str
    column: str
    section: str
    section_title: str
    number: str
    wording: str
    kind: str
