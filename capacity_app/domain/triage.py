"""Which of many files count: duplicates, copies that are older, earlier rounds, and the newest of every country.

Decided anew from all files whenever one of them changes, so that the order in which they came makes no difference.
"""

import json
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType

from capacity_app.domain.problems import N_
from capacity_app.domain.tidy import AssessmentRow, FileFate, FileRow

SAME_FILE = N_("The same file as “{other}”, which counts.")
SAME_ANSWERS = N_("Says the same as “{other}”, which counts.")
OLDER_COPY = N_("An older copy of the assessment in “{other}”, which counts.")
SAME_ROUND = N_("“{other}” is a newer assessment of the same country and round, and counts.")
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
    """Give a file as it stands by itself, whatever others there are; a refused one stays refused."""
    if file.fate is FileFate.REFUSED:
        return file
    if file.problems:
        return said(file, FileFate.READ_WITH_PROBLEMS, WITH_PROBLEMS, {"count": str(file.problems)})
    return said(file, FileFate.READ, "")


def settle(
    files: Iterable[FileRow], assessments: Mapping[str, AssessmentRow]
) -> tuple[tuple[FileRow, ...], tuple[AssessmentRow, ...]]:
    """Decide of all files together which count; ``assessments`` are those of the files by ``file_hash``."""
    settled = {file.path: plain(file) for file in sorted(files, key=lambda file: file.path)}
    standing: dict[str, FileRow] = {}
    for file in list(settled.values()):
        if file.fate is FileFate.REFUSED or file.file_hash not in assessments:
            continue
        first = standing.setdefault(file.file_hash, file)
        if first is not file:
            settled[file.path] = said(file, FileFate.DUPLICATE, SAME_FILE, other=first.path)
    pairs: list[Pair] = [(file, assessments[key]) for key, file in standing.items()]
    pairs = _reduced(settled, pairs, _same_answers, FileFate.DUPLICATE, SAME_ANSWERS)
    pairs = _reduced(settled, pairs, _same_assessment, FileFate.SUPERSEDED, OLDER_COPY)
    pairs = _reduced(settled, pairs, _same_round, FileFate.SUPERSEDED, SAME_ROUND)
    numbered = dict(_numbered(settled, pairs))
    whole = (numbered.get(key, replace(row, is_newest=0, round_number=0)) for key, row in assessments.items())
    return tuple(settled.values()), tuple(sorted(whole, key=lambda row: row.file_hash))


def _grouped(pairs: Iterable[Pair], key: Callable[[Pair], Hashable]) -> Iterator[list[Pair]]:
    groups: dict[Hashable, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(key(pair), []).append(pair)
    yield from groups.values()


def _reduced(
    settled: dict[str, FileRow], pairs: Iterable[Pair], key: Callable[[Pair], Hashable], fate: FileFate, message: str
) -> list[Pair]:
    """Keep the best of every group, and say of the others that it counts instead of them."""
    kept: list[Pair] = []
    for group in _grouped(pairs, key):
        best = min(group, key=_precedence)
        kept.append(best)
        for file, _ in group:
            if file is not best[0]:
                settled[file.path] = said(file, fate, message, other=best[0].path)
    return kept


def _precedence(pair: Pair) -> tuple[object, ...]:
    """Order so that what counts comes first: the newest, then what holds more, then by name."""
    file, row = pair
    return (
        _backwards(row.last_change),
        _place(_KINDS, file.kind),
        _place(_STATUSES, row.status),
        -file.edited_cells,
        file.path,
    )


def _place(order: tuple[str, ...], name: str) -> int:
    return order.index(name) if name in order else len(order)


def _backwards(text: str) -> tuple[int, ...]:
    """Give a key by which later texts come first, and an empty one last."""
    return (*(-ord(letter) for letter in text), 1)


def _same_answers(pair: Pair) -> Hashable:
    return pair[1].fingerprint or pair[1].file_hash


def _same_assessment(pair: Pair) -> Hashable:
    return pair[1].assessment or pair[1].file_hash


def _country(pair: Pair) -> tuple[str, str]:
    """Tell countries apart; an assessment that names none is a country of its own."""
    row = pair[1]
    named = row.country or row.m49 or row.country_name.strip().casefold()
    return named or row.assessment or row.file_hash, row.instrument


def round_key(row: AssessmentRow) -> tuple[int, str]:
    """Give what puts rounds in order: the first year its name has, else that of the last change; then the name."""
    found = _YEAR.search(row.round) or _YEAR.match(row.last_change)
    return int(found[0]) if found else 0, row.round.strip().casefold()


def _same_round(pair: Pair) -> Hashable:
    return _country(pair), round_key(pair[1])


def _numbered(settled: dict[str, FileRow], pairs: Iterable[Pair]) -> Iterator[tuple[str, AssessmentRow]]:
    for group in _grouped(pairs, _country):
        rounds = sorted(group, key=lambda pair: round_key(pair[1]))
        newest, _ = rounds[-1]
        for number, (file, row) in enumerate(rounds, start=1):
            is_newest = file is newest
            if not is_newest:
                settled[file.path] = said(file, FileFate.SUPERSEDED, EARLIER_ROUND, other=newest.path)
            yield row.file_hash, replace(row, is_newest=int(is_newest), round_number=number)
