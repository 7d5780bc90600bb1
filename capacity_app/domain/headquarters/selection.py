"""Which of many files count: duplicates, copies that are older, previous rounds, and the newest of every country.

No file wins by its date, which anybody can write. Of copies of one assessment the one counts that holds all revisions
of the others. Where none does, and where two assessments are of one country and round, a person chooses, and none
counts until then. Decided anew from all files whenever one changes, so that their order makes no difference.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from types import MappingProxyType

from capacity_app.domain.assessment.registers import MissionStatus
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.headquarters.tidy_tables import (
    COUNTED_STATUSES,
    AssessmentRow,
    FileRow,
    FileStatus,
    RecordedDigests,
)
from capacity_app.domain.problems import N_

SAME_FILE = N_("The same file as “{other}”, which counts.")
SAME_ANSWERS = N_("Says the same as “{other}”, which counts.")
OLDER_COPY = N_("“{other}” holds all that this copy of the assessment holds, and counts.")
CHOSEN = N_("“{other}” was chosen instead of this file, and counts.")
CONFLICTING_COPIES = N_(
    "This file and “{other}” are copies of one assessment. Neither is known to hold all that the other holds, so "
    "neither counts. Merge them, or choose one."
)
SAME_ROUND = N_(
    "This file and “{other}” are two assessments of the same country and round. Neither counts. Choose one."
)
EARLIER_ROUND = N_("A previous round: “{other}” is the newest of this country. It counts where rounds are compared.")
WITH_PROBLEMS = N_("Read, except {count} places that are listed with the file.")

_KINDS = ("assessment", "dossier", "package")
"""Of files that say the same, the one that holds more stands: assessment, dossier, workbook."""
_STATUSES = ("validated", "reviewed", "draft")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

FileAndAssessment = tuple[FileRow, AssessmentRow]


def with_status(
    file: FileRow, fate: FileStatus, message: str, values: Mapping[str, str] = MappingProxyType({}), other: str = ""
) -> FileRow:
    """Say of a file what became of it and why, in English and so that it can be translated."""
    known = {**values, "other": other} if other else dict(values)
    return replace(
        file,
        fate=fate,
        other_file=other,
        reason=message.format(**known),
        message=message,
        details=json.dumps(known, ensure_ascii=False, sort_keys=True) if known else "",
    )


def without_decision(file: FileRow) -> FileRow:
    """Return a file as it stands by itself, whatever others there are; a refused one stays refused."""
    if file.fate is FileStatus.REFUSED:
        return file
    if file.problems:
        return with_status(file, FileStatus.READ_WITH_PROBLEMS, WITH_PROBLEMS, {"count": str(file.problems)})
    return with_status(file, FileStatus.READ, "")


def settle_files(
    files: Iterable[FileRow],
    assessments: Mapping[str, AssessmentRow],
    recorded: Mapping[str, RecordedDigests] = MappingProxyType({}),
    preferred: Collection[str] = (),
) -> tuple[tuple[FileRow, ...], tuple[AssessmentRow, ...]]:
    """Decide of all files together which count; ``assessments`` and ``recorded`` are known by ``file_hash``.

    ``preferred`` are the hashes of files that a person has chosen where files conflict.
    """
    settled = {file.path: without_decision(file) for file in sorted(files, key=lambda file: file.path)}
    standing: dict[str, FileRow] = {}
    for file in list(settled.values()):
        if file.fate is FileStatus.REFUSED or file.file_hash not in assessments:
            continue
        first = standing.setdefault(file.file_hash, file)
        if first is not file:
            settled[file.path] = with_status(file, FileStatus.DUPLICATE, SAME_FILE, other=first.path)
    pairs: list[FileAndAssessment] = [(file, assessments[key]) for key, file in standing.items()]
    pairs = _without_duplicates(settled, pairs, frozenset(preferred))
    choosing = _FileSelection(settled, recorded, frozenset(preferred))
    pairs = [pair for group in _grouped(pairs, _same_assessment) for pair in choosing.among_copies(group)]
    pairs = [pair for group in _grouped(pairs, _same_round) for pair in choosing.in_one_round(group)]
    numbered = dict(_numbered(settled, pairs))
    whole = (numbered.get(key, replace(row, is_newest=0, round_number=0)) for key, row in assessments.items())
    return tuple(settled.values()), tuple(sorted(whole, key=lambda row: row.file_hash))


class _FileSelection:
    """Decides in groups of files which one counts; what conflicts is handed on, marked in ``settled``."""

    def __init__(
        self, settled: dict[str, FileRow], recorded: Mapping[str, RecordedDigests], preferred: frozenset[str]
    ) -> None:
        self._settled, self._recorded, self._preferred = settled, recorded, preferred

    def among_copies(self, group: Sequence[FileAndAssessment]) -> Sequence[FileAndAssessment]:
        """Keep the copy of an assessment that holds all that the others hold, else those that none other contains."""
        if chosen := self._chosen(group):
            return chosen
        kept = [pair for pair in group if not any(self._is_older(pair, other) for other in group)]
        for pair in group:
            if pair not in kept:
                newer = next(other for other in kept if self._is_older(pair, other))
                self._say(pair, FileStatus.SUPERSEDED, OLDER_COPY, newer)
        return self._in_conflict(kept, CONFLICTING_COPIES)

    def in_one_round(self, group: Sequence[FileAndAssessment]) -> Sequence[FileAndAssessment]:
        """Keep the only assessment of a country and round; of several nobody but a person knows which one counts."""
        if len({row.assessment or row.file_hash for _, row in group}) == 1:
            return group
        return self._chosen(group) or self._in_conflict(group, SAME_ROUND)

    def _is_older(self, pair: FileAndAssessment, other: FileAndAssessment) -> bool:
        """Return whether another file holds all that a file holds, and more."""
        one, another = (self._recorded.get(row.file_hash, RecordedDigests()) for _, row in (pair, other))
        return pair is not other and another.contains(one) and not one.contains(another)

    def _chosen(self, group: Sequence[FileAndAssessment]) -> Sequence[FileAndAssessment]:
        chosen = [pair for pair in group if pair[0].file_hash in self._preferred]
        if len(group) == 1 or len(chosen) != 1:
            return ()
        self._settled[chosen[0][0].path] = without_decision(chosen[0][0])
        for pair in group:
            if pair is not chosen[0]:
                self._say(pair, FileStatus.SUPERSEDED, CHOSEN, chosen[0])
        return chosen

    def _in_conflict(self, group: Sequence[FileAndAssessment], message: str) -> Sequence[FileAndAssessment]:
        if len(group) > 1:
            for pair in group:
                self._say(pair, FileStatus.CONFLICT, message, next(one for one in group if one is not pair))
        return group

    def _say(self, pair: FileAndAssessment, fate: FileStatus, message: str, other: FileAndAssessment) -> None:
        self._settled[pair[0].path] = with_status(pair[0], fate, message, other=other[0].path)


def _grouped(
    pairs: Iterable[FileAndAssessment], key: Callable[[FileAndAssessment], Hashable]
) -> Iterator[list[FileAndAssessment]]:
    groups: dict[Hashable, list[FileAndAssessment]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    yield from groups.values()


def _without_duplicates(
    settled: dict[str, FileRow], pairs: Iterable[FileAndAssessment], preferred: frozenset[str]
) -> list[FileAndAssessment]:
    """Keep one of the files that say the same, and say of the others that it counts instead of them."""
    kept: list[FileAndAssessment] = []
    for group in _grouped(pairs, _same_answers):
        best = min(group, key=lambda pair: (pair[0].file_hash not in preferred, *_precedence(pair)))
        kept.append(best)
        for file, _ in group:
            if file is not best[0]:
                settled[file.path] = with_status(file, FileStatus.DUPLICATE, SAME_ANSWERS, other=best[0].path)
    return kept


def _precedence(pair: FileAndAssessment) -> tuple[object, ...]:
    """Order files that say the same: what holds more first, then by name."""
    file, row = pair
    return (_place(_KINDS, file.kind), _place(_STATUSES, row.status), -file.edited_cells, file.path)


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _same_answers(pair: FileAndAssessment) -> Hashable:
    return pair[1].content_hash or pair[1].file_hash


def _same_assessment(pair: FileAndAssessment) -> Hashable:
    return pair[1].assessment or pair[1].file_hash


def _country(pair: FileAndAssessment) -> tuple[str, str]:
    """Tell countries apart; an assessment that names none is a country of its own."""
    row = pair[1]
    named = row.country or row.m49 or row.country_name.strip().casefold()
    return named or row.assessment or row.file_hash, row.instrument


def round_key(row: AssessmentRow) -> tuple[int, str]:
    """Return what puts rounds in order: the first year its name has, else that of the last change; then the name."""
    found = _YEAR.search(row.round) or _YEAR.match(row.last_change)
    return int(found[0]) if found else 0, row.round.strip().casefold()


def _same_round(pair: FileAndAssessment) -> Hashable:
    return _country(pair), round_key(pair[1])


def _numbered(settled: dict[str, FileRow], pairs: Iterable[FileAndAssessment]) -> Iterator[tuple[str, AssessmentRow]]:
    """Yield the rounds of every country their numbers; a country whose newest round is in conflict has no newest."""
    for group in _grouped(pairs, _country):
        rounds = list(_grouped(sorted(group, key=lambda pair: round_key(pair[1])), lambda pair: round_key(pair[1])))
        newest, _ = rounds[-1][0]
        for number, (file, row) in enumerate((one[0] for one in rounds), start=1):
            if settled[file.path].fate is FileStatus.CONFLICT:
                continue
            if file is not newest:
                settled[file.path] = with_status(file, FileStatus.SUPERSEDED, EARLIER_ROUND, other=newest.path)
            yield row.file_hash, replace(row, is_newest=int(file is newest), round_number=number)


# Which countries a regional synthesis is made of, each by its newest assessment, and what is left out and why.
#
# Countries are comparable only under the same instrument and major version. Validated assessments alone count, unless
# a person asks for drafts too; the synthesis says which.

MINIMUM_COUNTRIES = 3
"""Figures of fewer countries are not shown, unless another minimum is chosen."""
_NUMBER = re.compile(r"\d+")


class ParticipationBasis(StrEnum):
    """Which assessments count."""

    VALIDATED = "validated"
    ALL = "all"


class ExclusionReason(StrEnum):
    """Why a file is not in the figures."""

    REFUSED = "refused"
    DUPLICATE = "duplicate"
    SUPERSEDED = "superseded"
    CONFLICT = "conflict"
    NO_COUNTRY = "no_country"
    OTHER_INSTRUMENT = "other_instrument"
    NOT_VALIDATED = "not_validated"
    EARLIER = "earlier"


EXCLUSION_LABELS: dict[ExclusionReason, str] = {
    ExclusionReason.REFUSED: N_("could not be read"),
    ExclusionReason.DUPLICATE: N_("the same as another file"),
    ExclusionReason.SUPERSEDED: N_("another file of the same assessment or round counts"),
    ExclusionReason.CONFLICT: N_("conflicts with another file of the country’s newest round: merge them or choose one"),
    ExclusionReason.NO_COUNTRY: N_("does not say which country it is about"),
    ExclusionReason.OTHER_INSTRUMENT: N_("answers another questionnaire, or another major version of it"),
    ExclusionReason.NOT_VALIDATED: N_("not validated by the country"),
    ExclusionReason.EARLIER: N_("a previous round; only in the comparison of rounds"),
}
_REASON_BY_STATUS = {
    FileStatus.REFUSED: ExclusionReason.REFUSED,
    FileStatus.DUPLICATE: ExclusionReason.DUPLICATE,
    FileStatus.SUPERSEDED: ExclusionReason.SUPERSEDED,
    FileStatus.CONFLICT: ExclusionReason.CONFLICT,
}


@dataclass(frozen=True, slots=True)
class SynthesisOptions:
    """What a synthesis is asked for; ``as_of`` is the day (ISO) by which actions are overdue, empty for none."""

    minimum: int = MINIMUM_COUNTRIES
    basis: ParticipationBasis = ParticipationBasis.VALIDATED
    as_of: str = ""


@dataclass(frozen=True, slots=True)
class InstrumentEdition:
    """An instrument in one major version: what makes countries comparable."""

    instrument: str = ""
    major: str = ""

    @property
    def number(self) -> int:
        """The major version as a number."""
        found = _NUMBER.match(self.major)
        return int(found[0]) if found else 0


@dataclass(frozen=True, slots=True)
class ParticipatingCountry:
    """One country: its newest assessment, and the one of the round before if there is one."""

    newest: AssessmentRow
    earlier: AssessmentRow | None = None

    @property
    def is_validated(self) -> bool:
        return self.newest.status == MissionStatus.VALIDATED


@dataclass(frozen=True, slots=True)
class ExcludedFile:
    """One file that is not in the figures."""

    file: FileRow
    why: ExclusionReason
    assessment: AssessmentRow | None = None


@dataclass(frozen=True)
class Participation:
    """Who is in and what is left out. ``countries`` counts all comparable countries, whatever the basis."""

    edition: InstrumentEdition
    basis: ParticipationBasis
    participants: tuple[ParticipatingCountry, ...]
    absent: tuple[ExcludedFile, ...]
    countries: int
    validated: int

    def count(self, why: ExclusionReason) -> int:
        """Return how many files are left out for one reason."""
        return sum(1 for entry in self.absent if entry.why is why)

    @property
    def rounds(self) -> tuple[tuple[str, int], ...]:
        """The rounds of the newest assessments by name, each with how many countries."""
        return tuple(sorted(Counter(entry.newest.round for entry in self.participants).items()))


def edition_of(row: AssessmentRow) -> InstrumentEdition:
    return InstrumentEdition(row.instrument, row.instrument_version.partition(".")[0])


def _edition(rows: Iterable[AssessmentRow]) -> InstrumentEdition:
    """Choose the edition that most countries answered, of equals the newer."""
    countries: dict[InstrumentEdition, set[str]] = {}
    for row in rows:
        countries.setdefault(edition_of(row), set()).add(row.country)
    best = sorted(countries, key=lambda one: (-len(countries[one]), -one.number, one.instrument))
    return best[0] if best else InstrumentEdition()


def _by_country(rows: Iterable[AssessmentRow]) -> dict[str, list[AssessmentRow]]:
    """Group assessments by country, the newest first."""
    grouped: dict[str, list[AssessmentRow]] = {}
    for row in sorted(rows, key=lambda row: row.round_number, reverse=True):
        grouped.setdefault(row.country, []).append(row)
    return grouped


def _participants(rows: Iterable[AssessmentRow]) -> tuple[ParticipatingCountry, ...]:
    made = (ParticipatingCountry(own[0], own[1] if len(own) > 1 else None) for own in _by_country(rows).values())
    return tuple(sorted(made, key=lambda one: (one.newest.country_name.casefold(), one.newest.country)))


def _is_validated(row: AssessmentRow) -> bool:
    return row.status == MissionStatus.VALIDATED


def _absence(
    file: FileRow, row: AssessmentRow | None, edition: InstrumentEdition, basis: ParticipationBasis
) -> ExclusionReason:
    if row is None:
        return _REASON_BY_STATUS.get(file.fate, ExclusionReason.REFUSED)
    # A superseded file with a number among the rounds is a previous round, one without an older copy.
    is_round = file.fate is FileStatus.SUPERSEDED and row.round_number
    if file.fate in _REASON_BY_STATUS and not is_round:
        return _REASON_BY_STATUS[file.fate]
    if not row.country:
        return ExclusionReason.NO_COUNTRY
    if edition_of(row) != edition:
        return ExclusionReason.OTHER_INSTRUMENT
    if basis is ParticipationBasis.VALIDATED and not _is_validated(row):
        return ExclusionReason.NOT_VALIDATED
    return ExclusionReason.EARLIER


def select_participants(
    files: Sequence[FileRow], assessments: Sequence[AssessmentRow], choice: SynthesisOptions
) -> Participation:
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
    participants = _participants(validated if choice.basis is ParticipationBasis.VALIDATED else comparable)
    taken = {entry.newest.file_hash for entry in participants}
    earlier = {entry.earlier.file_hash for entry in participants if entry.earlier}
    absent = []
    for file in files:
        row, is_earlier = rows.get(file.file_hash), file.file_hash in earlier and file.fate is not FileStatus.DUPLICATE
        if file.file_hash in taken and file.fate in COUNTED_STATUSES:
            continue
        why = ExclusionReason.EARLIER if is_earlier else _absence(file, row, edition, choice.basis)
        absent.append(ExcludedFile(file, why, row))
    return Participation(
        edition=edition,
        basis=choice.basis,
        participants=participants,
        absent=tuple(sorted(absent, key=lambda one: (tuple(ExclusionReason).index(one.why), one.file.path))),
        countries=len({row.country for row in comparable}),
        validated=confirmed,
    )
