"""Which countries a regional synthesis is made of, each by its newest assessment, and what is left out and why.

Countries are comparable only under the same instrument and major version. Validated assessments alone count, unless
a person asks for drafts too; the synthesis says which.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.assessment import Status
from capacity_app.domain.problems import N_
from capacity_app.domain.tidy import COUNTED, AssessmentRow, FileFate, FileRow

MINIMUM = 3
"""Figures of fewer countries are not shown, unless another minimum is chosen."""
_NUMBER = re.compile(r"\d+")


class Basis(StrEnum):
    """Which assessments count."""

    VALIDATED = "validated"
    ALL = "all"


class Absence(StrEnum):
    """Why a file is not in the figures."""

    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    NO_COUNTRY = "no_country"
    OTHER_INSTRUMENT = "other_instrument"
    NOT_VALIDATED = "not_validated"
    EARLIER = "earlier"


ABSENCE_WORDS: dict[Absence, str] = {
    Absence.REFUSED: N_("could not be read"),
    Absence.DUPLICATE: N_("the same as another file"),
    Absence.SUPERSEDED: N_("another file of the same assessment or round counts"),
    Absence.CONFLICT: N_("conflicts with another file of the country’s newest round: merge them or choose one"),
    Absence.NO_COUNTRY: N_("does not say which country it is about"),
    Absence.OTHER_INSTRUMENT: N_("answers another questionnaire, or another major version of it"),
    Absence.NOT_VALIDATED: N_("not validated by the country"),
    Absence.EARLIER: N_("an earlier round; only in the comparison of rounds"),
}
_FATES = {
    FileFate.REFUSED: Absence.REFUSED,
    FileFate.DUPLICATE: Absence.DUPLICATE,
    FileFate.SUPERSEDED: Absence.SUPERSEDED,
    FileFate.CONFLICT: Absence.CONFLICT,
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What a synthesis is asked for."""

    minimum: int = MINIMUM
    basis: Basis = Basis.VALIDATED


@dataclass(frozen=True, slots=True)
class Edition:
    """An instrument in one major version: what makes countries comparable."""

    instrument: str = ""
    major: str = ""

    @property
    def number(self) -> int:
        """The major version as a number."""
        found = _NUMBER.match(self.major)
        return int(found[0]) if found else 0


@dataclass(frozen=True, slots=True)
class Participant:
    """One country: its newest assessment, and the one of the round before if there is one."""

    newest: AssessmentRow
    earlier: AssessmentRow | None = None

    @property
    def is_validated(self) -> bool:
        return self.newest.status == Status.VALIDATED


@dataclass(frozen=True, slots=True)
class Absent:
    """One file that is not in the figures."""

    file: FileRow
    why: Absence
    assessment: AssessmentRow | None = None


@dataclass(frozen=True)
class Participation:
    """Who is in and what is left out. ``countries`` counts all comparable countries, whatever the basis."""

    edition: Edition
    basis: Basis
    participants: tuple[Participant, ...]
    absent: tuple[Absent, ...]
    countries: int
    validated: int

    def count(self, why: Absence) -> int:
        """Return how many files are left out for one reason."""
        return sum(1 for entry in self.absent if entry.why is why)

    @property
    def rounds(self) -> tuple[tuple[str, int], ...]:
        """The rounds of the newest assessments by name, each with how many countries."""
        return tuple(sorted(Counter(entry.newest.round for entry in self.participants).items()))


def edition_of(row: AssessmentRow) -> Edition:
    return Edition(row.instrument, row.instrument_version.partition(".")[0])


def _edition(rows: Iterable[AssessmentRow]) -> Edition:
    """Choose the edition that most countries answered, of equals the newer."""
    countries: dict[Edition, set[str]] = {}
    for row in rows:
        countries.setdefault(edition_of(row), set()).add(row.country)
    best = sorted(countries, key=lambda one: (-len(countries[one]), -one.number, one.instrument))
    return best[0] if best else Edition()


def _by_country(rows: Iterable[AssessmentRow]) -> dict[str, list[AssessmentRow]]:
    """Group assessments by country, the newest first."""
    grouped: dict[str, list[AssessmentRow]] = {}
    for row in sorted(rows, key=lambda row: row.round_number, reverse=True):
        grouped.setdefault(row.country, []).append(row)
    return grouped


def _participants(rows: Iterable[AssessmentRow]) -> tuple[Participant, ...]:
    made = (Participant(own[0], own[1] if len(own) > 1 else None) for own in _by_country(rows).values())
    return tuple(sorted(made, key=lambda one: (one.newest.country_name.casefold(), one.newest.country)))


def _is_validated(row: AssessmentRow) -> bool:
    return row.status == Status.VALIDATED


def _absence(file: FileRow, row: AssessmentRow | None, edition: Edition, basis: Basis) -> Absence:
    if row is None:
        return _FATES.get(file.fate, Absence.REFUSED)
    # A superseded file with a number among the rounds is an earlier round, one without an older copy.
    is_round = file.fate is FileFate.SUPERSEDED and row.round_number
    if file.fate in _FATES and not is_round:
        return _FATES[file.fate]
    if not row.country:
        return Absence.NO_COUNTRY
    if edition_of(row) != edition:
        return Absence.OTHER_INSTRUMENT
    if basis is Basis.VALIDATED and not _is_validated(row):
        return Absence.NOT_VALIDATED
    return Absence.EARLIER


def take_part(files: Sequence[FileRow], assessments: Sequence[AssessmentRow], choice: Choice) -> Participation:
    """Choose each country's newest comparable assessment, and say of every other file why it is not in."""
    rows = {row.file_hash: row for row in assessments}
    # Where the newest round of a country is in conflict, no earlier one stands for the present.
    present = {(row.country, row.instrument) for row in assessments if row.is_newest}
    numbered = (row for row in assessments if row.round_number and row.country)
    named = [row for row in numbered if (row.country, row.instrument) in present]
    edition = _edition(named)
    comparable = [row for row in named if edition_of(row) == edition]
    validated = [row for row in comparable if _is_validated(row)]
    confirmed = len({row.country for row in validated})
    participants = _participants(validated if choice.basis is Basis.VALIDATED else comparable)
    taken = {entry.newest.file_hash for entry in participants}
    earlier = {entry.earlier.file_hash for entry in participants if entry.earlier}
    absent = []
    for file in files:
        row, is_earlier = rows.get(file.file_hash), file.file_hash in earlier and file.fate is not FileFate.DUPLICATE
        if file.file_hash in taken and file.fate in COUNTED:
            continue
        why = Absence.EARLIER if is_earlier else _absence(file, row, edition, choice.basis)
        absent.append(Absent(file, why, row))
    return Participation(
        edition=edition,
        basis=choice.basis,
        participants=participants,
        absent=tuple(sorted(absent, key=lambda one: (tuple(Absence).index(one.why), one.file.path))),
        countries=len({row.country for row in comparable}),
        validated=confirmed,
    )
