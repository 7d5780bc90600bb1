"""The tidy tables of headquarters: one row per file, assessment, answer, score, gap and action, in plain words.

The rows are what every form of the repository holds alike (SQLite, Parquet, CSV, workbook), so the fields are the
columns. Countries are ISO 3166-1 alpha-3 and M49 as three digits; shares are 0 to 1, scores 0 to 100; what is not known
is None for a number and empty for a text. Rows belong together by ``file_hash``, the SHA-256 of the file's bytes, so
a file that lies in two places has two rows in ``files`` and one of everything else. No column is a word of SQL.
"""

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import Translate


class FileStatus(StrEnum):
    """What became of a file at headquarters."""

    READ = "read"
    READ_WITH_PROBLEMS = "read_with_problems"
    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"


COUNTED_STATUSES = frozenset({FileStatus.READ, FileStatus.READ_WITH_PROBLEMS})
"""The fates of files whose assessment counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One file that was found. ``path`` is relative to the folder given, with "/"; ``reason`` is a plain sentence.

    ``reason`` is in English; ``message`` and ``details`` (JSON) say the same for a translation, see
    ``format_stored_message``.
    ``kind`` is that of ``inspection`` or empty. ``other_file`` is the path of the file this one duplicates or is
    superseded by. ``problems`` counts rows of ``ProblemRow``. ``file_hash`` is empty if the file could not be read.
    """

    path: str
    file_hash: str = ""
    size: int = 0
    kind: str = ""
    fate: FileStatus = FileStatus.READ
    reason: str = ""
    other_file: str = ""
    edited_cells: int = 0
    problems: int = 0
    message: str = ""
    details: str = ""

    def told(self, translate: Translate) -> str:
        return format_stored_message(self.message, self.details, translate) or self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRow:
    """One assessment as one file says it; ``completeness`` is the share of the places for answers that were asked.

    ``round_number`` counts the rounds of a country with an instrument from 1; ``is_newest`` is 1 for the last of them,
    which alone counts in the present. Copies that another file replaces have round number 0 and count nowhere.
    ``questions`` names the selection of questions that is asked, empty for all.
    """

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
    content_hash: str
    answers: int
    completeness: float | None
    region_m49: str = ""
    region: str = ""
    subregion_m49: str = ""
    subregion: str = ""
    intermediate_m49: str = ""
    intermediate: str = ""
    questions: str = ""
    mission_start: str = ""
    mission_end: str = ""
    is_newest: int = 0
    round_number: int = 0


class AnswerRow(NamedTuple):
    """One answer of one respondent or layer, or what counts of them (``layer`` "effective", from all layers).

    ``number`` holds levels, counts, years and percentages, ``text`` texts and options; a list is its ids joined by
    "; ". ``reason`` is why it does not apply, or was judged so. Where respondents differ and nobody has settled it, the
    effective ``state`` is "conflict". ``standing`` of an effective answer tells whether it was wanted, settled or
    hidden; places of which nobody has said anything, and that no other answer settles or takes out, have no row.
    """

    file_hash: str
    question: str
    grid_row: str
    grid_column: str
    layer: str
    respondent: str
    state: str
    number: float | None
    text: str
    note: str
    standing: str = ""
    reason: str = ""


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
    question: str
    grid_row: str
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
    commitments: str = ""
    strategy_item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One planned action; ``amount`` and ``funded`` are in ``currency`` (ISO 4217), None where they cannot be counted.

    ``cost`` is a note in plain text. ``start_date`` and ``end_date`` are the first and last day (ISO 8601), empty where
    there is none.
    """

    file_hash: str
    action: str
    title: str
    type: str
    responsible: str
    partners: str
    start_date: str
    end_date: str
    amount: float | None
    funded: float | None
    currency: str
    funding_source: str
    cost: str
    funding: str
    progress: str
    severity_class: str
    gaps: str
    commitments: str = ""
    strategy_item: str = ""


class BreakdownRow(NamedTuple):
    """Whether one statistic (a row of a grid) is broken down by one thing ("sex", "birth", "citizenship" …).

    ``share`` is 1 for yes, between for partly, 0 for no (also where the statistic itself is missing), None while
    nobody has said; ``is_wanted`` is 1 where it earns points. Statistics that do not apply have no row.
    """

    file_hash: str
    question: str
    grid_row: str
    section: str
    breakdown: str
    share: float | None
    is_wanted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRow:
    """One question, row or column of an instrument, so that the tables can be read without us; language of the file.

    ``position`` counts them in printed order. A cell's ``wording`` is that of its row and its column. ``tags`` are
    joined by "; ". ``options`` are the codes of the answers with their labels, as a JSON object.
    """

    instrument: str
    instrument_version: str
    instrument_hash: str
    question: str
    grid_row: str
    grid_column: str
    section: str
    section_title: str
    number: str
    wording: str
    kind: str
    tags: str = ""
    position: int = 0
    options: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryRow:
    """A country of M49, or one that assessments name ("XXA"), whose regions are then called "not assigned"."""

    country: str
    m49: str
    name: str
    region_m49: str = ""
    region: str = ""
    subregion_m49: str = ""
    subregion: str = ""
    intermediate_m49: str = ""
    intermediate: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemRow:
    """Something that could not be read in a file that was read otherwise: ``place`` ("IV, F12") and what is wrong.

    ``reason`` is in English; ``format_stored_message`` gives it in another language.
    """

    file_hash: str
    problem: int
    place: str
    severity: str
    reason: str
    message: str = ""
    advice: str = ""
    details: str = ""

    def told(self, translate: Translate) -> str:
        sentences = (
            format_stored_message(part, self.details, translate) for part in (self.message, self.advice) if part
        )
        return " ".join(sentences) or self.reason


@dataclass(frozen=True, slots=True)
class RecordedDigests:
    """What a file records, as digests of eight bytes in a row: whether one file holds all that another holds.

    ``revisions`` are all revisions of an assessment, none of a workbook or dossier; ``answers`` are all answers that
    the file holds or ever held.
    """

    revisions: bytes = b""
    answers: bytes = b""

    def contains(self, other: "RecordedDigests") -> bool:
        """Whether all that another file records is here too; what keeps no revisions cannot show that it does."""
        if not self.revisions:
            return False
        if other.revisions:
            return _digests(other.revisions) <= _digests(self.revisions)
        return _digests(other.answers) <= _digests(self.answers)


_DIGEST = 8


def make_digests(facts: Iterable[object]) -> bytes:
    """Return the digests of facts in order, each by what ``repr`` says of it."""
    made = {hashlib.blake2b(repr(fact).encode("utf-8", "replace"), digest_size=_DIGEST).digest() for fact in facts}
    return b"".join(sorted(made))


def _digests(joined: bytes) -> frozenset[bytes]:
    return frozenset(joined[start : start + _DIGEST] for start in range(0, len(joined), _DIGEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRows:
    """Everything one file contributes; ``assessment`` is None where it was refused. Picklable and self-contained.

    ``questions`` is empty where whoever asked for the parcel knows the instrument already.
    """

    file: FileRow
    assessment: AssessmentRow | None = None
    answers: tuple[AnswerRow, ...] = ()
    scores: tuple[ScoreRow, ...] = ()
    gaps: tuple[GapRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    breakdowns: tuple[BreakdownRow, ...] = ()
    problems: tuple[ProblemRow, ...] = ()
    questions: tuple[QuestionRow, ...] = ()
    recorded: RecordedDigests = RecordedDigests()


TidyRow = (
    FileRow | AssessmentRow | AnswerRow | ScoreRow | GapRow | ActionRow | BreakdownRow | QuestionRow | CountryRow
    | ProblemRow
)  # fmt: skip


def column_types(shape: type[Any]) -> dict[str, Any]:
    """Return the columns of a table with their types: the fields of its rows. Tables with many rows have tuples."""
    return shape.__annotations__


TABLES: dict[str, tuple[type[TidyRow], tuple[str, ...]]] = {
    "files": (FileRow, ("path",)),
    "assessments": (AssessmentRow, ("file_hash",)),
    "answers": (AnswerRow, ("file_hash", "question", "grid_row", "grid_column", "layer", "respondent")),
    "scores": (ScoreRow, ("file_hash", "section")),
    "gaps": (GapRow, ("file_hash", "address")),
    "actions": (ActionRow, ("file_hash", "action")),
    "breakdowns": (BreakdownRow, ("file_hash", "question", "grid_row", "breakdown")),
    "problems": (ProblemRow, ("file_hash", "problem")),
    "questions": (QuestionRow, ("instrument_hash", "question", "grid_row", "grid_column")),
    "countries": (CountryRow, ("country",)),
}
"""The tables by name: the shape of their rows and the columns they are told apart and sorted by."""

OVERALL = "overall"
"""The ``section`` of the overall score."""
EFFECTIVE = "effective"
"""The ``layer`` of what counts of all that was said at a place."""
NOT_ASSIGNED = "not assigned"
"""The region of a country that M49 does not know."""
LIST_SEPARATOR = "; "
"""Between several ids in one text."""


def format_stored_message(message: str, details: str, translate: Translate) -> str:
    """Say a sentence kept as message id and values (a JSON object of texts); empty if there is none."""
    return translate(message).format(**json.loads(details or "{}")) if message else ""


# Which region of the United Nations' M49 a country belongs to.
#
# The groups are for statistical convenience and say nothing about the status of any country. Codes that M49 does not
# know, such as those of made-up countries (XXA), have the region "not assigned".

WORLD = "001"
"""The M49 code of all countries together."""


def read_countries(lines: Iterable[str]) -> dict[str, CountryRow]:
    """Read the countries of M49 by their alpha-3 code, from lines of CSV that have the columns of ``CountryRow``."""
    rows = (CountryRow(**{name: row[name] for name in column_types(CountryRow)}) for row in csv.DictReader(lines))
    return {row.country: with_region(row) for row in rows}


def with_region(row: CountryRow) -> CountryRow:
    """Say of a country without a region that it has none."""
    return row if row.region_m49 else replace(row, region=NOT_ASSIGNED, subregion=NOT_ASSIGNED)


def find_country(country: str, m49: str, name: str, known: Mapping[str, CountryRow]) -> CountryRow:
    """Return the country an assessment names by alpha-3 code or, without one, by M49 code.

    The name of M49 counts; that which the assessment gives, where M49 has none.
    """
    code = country.strip().upper()
    found = known.get(code) if code else next((row for row in known.values() if row.m49 == m49.strip()), None)
    if found is None:
        return with_region(CountryRow(country=code, m49=m49.strip(), name=name or code))
    return found


def all_countries(known: Mapping[str, CountryRow], assessments: Iterable[AssessmentRow]) -> tuple[CountryRow, ...]:
    """Return the countries of M49 and those that assessments name besides, each by the first of its names."""
    named: dict[str, CountryRow] = {}
    for row in assessments:
        if row.country and row.country not in known:
            found = with_region(CountryRow(country=row.country, m49=row.m49, name=row.country_name))
            named[row.country] = min(named.get(row.country, found), found, key=lambda one: (one.name, one.m49))
    return tuple(sorted((*known.values(), *named.values()), key=lambda row: row.country))
