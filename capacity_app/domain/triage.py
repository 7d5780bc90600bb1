"""Which of many files count: duplicates, copies that are older, earlier rounds, and the newest of every country.

No file wins by its date, which anybody can write. Of copies of one assessment the one counts that holds all revisions
of the others. Where none does, and where two assessments are of one country and round, a person chooses, and none
counts until then. Decided anew from all files whenever one changes, so that their order makes no difference.
"""

import json
import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from capacity_app.domain.problems import N_
from capacity_app.domain.tidy import AssessmentRow, FileFate, FileRow, Recorded

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
EARLIER_ROUND = N_("An earlier round: “{other}” is the newest of this country. It counts where rounds are compared.")
WITH_PROBLEMS = N_("Read, except {count} places that are listed with the file.")

_KINDS = ("assessment", "dossier", "package")
"""Of files that say the same, the one that holds more stands: assessment, dossier, workbook."""
_STATUSES = ("validated", "reviewed", "draft")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

Pair = tuple[FileRow, AssessmentRow]


def said(
    file: FileRow, fate: FileFate, message: str, values: Mapping[str, str] = MappingProxyType({}), other: str = ""
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


def plain(file: FileRow) -> FileRow:
    """Return a file as it stands by itself, whatever others there are; a refused one stays refused."""
    if file.fate is FileFate.REFUSED:
        return file
    if file.problems:
        return said(file, FileFate.READ_WITH_PROBLEMS, WITH_PROBLEMS, {"count": str(file.problems)})
    return said(file, FileFate.READ, "")


def settle(
    files: Iterable[FileRow],
    assessments: Mapping[str, AssessmentRow],
    recorded: Mapping[str, Recorded] = MappingProxyType({}),
    preferred: Collection[str] = (),
) -> tuple[tuple[FileRow, ...], tuple[AssessmentRow, ...]]:
    """Decide of all files together which count; ``assessments`` and ``recorded`` are known by ``file_hash``.

    ``preferred`` are the hashes of files that a person has chosen where files conflict.
    """
    settled = {file.path: plain(file) for file in sorted(files, key=lambda file: file.path)}
    standing: dict[str, FileRow] = {}
    for file in list(settled.values()):
        if file.fate is FileFate.REFUSED or file.file_hash not in assessments:
            continue
        first = standing.setdefault(file.file_hash, file)
        if first is not file:
            settled[file.path] = said(file, FileFate.DUPLICATE, SAME_FILE, other=first.path)
    pairs: list[Pair] = [(file, assessments[key]) for key, file in standing.items()]
    pairs = _without_duplicates(settled, pairs, frozenset(preferred))
    choosing = _Choosing(settled, recorded, frozenset(preferred))
    pairs = [pair for group in _grouped(pairs, _same_assessment) for pair in choosing.among_copies(group)]
    pairs = [pair for group in _grouped(pairs, _same_round) for pair in choosing.in_one_round(group)]
    numbered = dict(_numbered(settled, pairs))
    whole = (numbered.get(key, replace(row, is_newest=0, round_number=0)) for key, row in assessments.items())
    return tuple(settled.values()), tuple(sorted(whole, key=lambda row: row.file_hash))


class _Choosing:
    """Decides in groups of files which one counts; what conflicts is handed on, marked in ``settled``."""

    def __init__(
        self, settled: dict[str, FileRow], recorded: Mapping[str, Recorded], preferred: frozenset[str]
    ) -> None:
        self._settled, self._recorded, self._preferred = settled, recorded, preferred

    def among_copies(self, group: Sequence[Pair]) -> Sequence[Pair]:
        """Keep the copy of an assessment that holds all that the others hold, else those that none other contains."""
        if chosen := self._chosen(group):
            return chosen
        kept = [pair for pair in group if not any(self._is_older(pair, other) for other in group)]
        for pair in group:
            if pair not in kept:
                newer = next(other for other in kept if self._is_older(pair, other))
                self._say(pair, FileFate.SUPERSEDED, OLDER_COPY, newer)
        return self._in_conflict(kept, CONFLICTING_COPIES)

    def in_one_round(self, group: Sequence[Pair]) -> Sequence[Pair]:
        """Keep the only assessment of a country and round; of several nobody but a person knows which one counts."""
        if len({row.assessment or row.file_hash for _, row in group}) == 1:
            return group
        return self._chosen(group) or self._in_conflict(group, SAME_ROUND)

    def _is_older(self, pair: Pair, other: Pair) -> bool:
        """Return whether another file holds all that a file holds, and more."""
        one, another = (self._recorded.get(row.file_hash, Recorded()) for _, row in (pair, other))
        return pair is not other and another.contains(one) and not one.contains(another)

    def _chosen(self, group: Sequence[Pair]) -> Sequence[Pair]:
        chosen = [pair for pair in group if pair[0].file_hash in self._preferred]
        if len(group) == 1 or len(chosen) != 1:
            return ()
        self._settled[chosen[0][0].path] = plain(chosen[0][0])
        for pair in group:
            if pair is not chosen[0]:
                self._say(pair, FileFate.SUPERSEDED, CHOSEN, chosen[0])
        return chosen

    def _in_conflict(self, group: Sequence[Pair], message: str) -> Sequence[Pair]:
        if len(group) > 1:
            for pair in group:
                self._say(pair, FileFate.CONFLICT, message, next(one for one in group if one is not pair))
        return group

    def _say(self, pair: Pair, fate: FileFate, message: str, other: Pair) -> None:
        self._settled[pair[0].path] = said(pair[0], fate, message, other=other[0].path)


def _grouped(pairs: Iterable[Pair], key: Callable[[Pair], Hashable]) -> Iterator[list[Pair]]:
    groups: dict[Hashable, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    yield from groups.values()


def _without_duplicates(settled: dict[str, FileRow], pairs: Iterable[Pair], preferred: frozenset[str]) -> list[Pair]:
    """Keep one of the files that say the same, and say of the others that it counts instead of them."""
    kept: list[Pair] = []
    for group in _grouped(pairs, _same_answers):
        best = min(group, key=lambda pair: (pair[0].file_hash not in preferred, *_precedence(pair)))
        kept.append(best)
        for file, _ in group:
            if file is not best[0]:
                settled[file.path] = said(file, FileFate.DUPLICATE, SAME_ANSWERS, other=best[0].path)
    return kept


def _precedence(pair: Pair) -> tuple[object, ...]:
    """Order files that say the same: what holds more first, then by name."""
    file, row = pair
    return (_place(_KINDS, file.kind), _place(_STATUSES, row.status), -file.edited_cells, file.path)


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _same_answers(pair: Pair) -> Hashable:
    return pair[1].content_hash or pair[1].file_hash


def _same_assessment(pair: Pair) -> Hashable:
    return pair[1].assessment or pair[1].file_hash


def _country(pair: Pair) -> tuple[str, str]:
    """Tell countries apart; an assessment that names none is a country of its own."""
    row = pair[1]
    named = row.country or row.m49 or row.country_name.strip().casefold()
    return named or row.assessment or row.file_hash, row.instrument


def round_key(row: AssessmentRow) -> tuple[int, str]:
    """Return what puts rounds in order: the first year its name has, else that of the last change; then the name."""
    found = _YEAR.search(row.round) or _YEAR.match(row.last_change)
    return int(found[0]) if found else 0, row.round.strip().casefold()


def _same_round(pair: Pair) -> Hashable:
    return _country(pair), round_key(pair[1])


def _numbered(settled: dict[str, FileRow], pairs: Iterable[Pair]) -> Iterator[tuple[str, AssessmentRow]]:
    """Yield the rounds of every country their numbers; a country whose newest round is in conflict has no newest."""
    for group in _grouped(pairs, _country):
        rounds = list(_grouped(sorted(group, key=lambda pair: round_key(pair[1])), lambda pair: round_key(pair[1])))
        newest, _ = rounds[-1][0]
        for number, (file, row) in enumerate((one[0] for one in rounds), start=1):
            if settled[file.path].fate is FileFate.CONFLICT:
                continue
            if file is not newest:
                settled[file.path] = said(file, FileFate.SUPERSEDED, EARLIER_ROUND, other=newest.path)
            yield row.file_hash, replace(row, is_newest=int(file is newest), round_number=number)
