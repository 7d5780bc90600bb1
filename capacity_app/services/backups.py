"""Backups of an assessment: which there are, what is in them, making one by hand, and putting one back.

Those that are made by themselves come from the session (``AssessmentSession.back_up``) and from opening a file of an
older version; all go through ``store.backups.back_up``.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from capacity_app.domain.answers import AnswerKey, Content
from capacity_app.domain.keys import NO_KEYS, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.domain.thinning import Reason
from capacity_app.services.ledger import AnswerLedger
from capacity_app.store import backups as stored
from capacity_app.store import database, opening, refusals
from capacity_app.store.assessment_file import AssessmentFile, Stored
from capacity_app.store.backups import Backup
from capacity_app.store.refusals import Protected
from capacity_app.store.restoring import back_up_closed, put_back, save_elsewhere

__all__ = [
    "Backup",
    "Contents",
    "Reason",
    "back_up",
    "backups_of",
    "contents_of",
    "find_backup",
    "locked_backup",
    "newest_good",
    "restore",
    "said_now",
    "save_copy",
    "where_from",
]

DAMAGED_BACKUP = N_("This backup is damaged and cannot be used.")
NO_BACKUP = N_("There is no backup of “{file}” with the number {number}. There are: {known}.")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, as far as it could be read; ``problem`` says why it could not.

    ``last_change`` is UTC, ISO 8601, by ``author``. ``differing`` counts the answers that are others, more or fewer
    than those it was compared with, None if it was compared with nothing.
    """

    answers: int = 0
    last_change: str = ""
    author: str = ""
    differing: int | None = None
    problem: KnownError | None = None


Said = Mapping[AnswerKey, Content]


def backups_of(file: Path, keys: Keyring = NO_KEYS) -> tuple[Backup, ...]:
    """List the backups of an assessment on this computer, newest first; also of a file that is gone or damaged.

    A file that can be read is known by its assessment, whose copies at other places count too; another by its place.
    """
    assessment_id = _assessment_id(file, keys)
    if assessment_id:
        return stored.backups_in(stored.folder_of(assessment_id))
    place = stored.place_of(file)
    found = [stored.backups_in(folder) for folder in stored.folders_with(place)]
    found.sort(key=lambda listed: max(one.made.time for one in listed if one.place == place), reverse=True)
    return tuple(one for listed in found for one in listed)


def _assessment_id(file: Path, keys: Keyring) -> str:
    """Read whose file it is, however damaged the rest; empty where that cannot be read."""
    if not os.path.isfile(file):  # noqa: PTH113 - a Path raises where a folder may not be looked into
        return ""
    try:
        key = opening.expect_assessment_file(file, keys)
        with opening.peeked(file, key) as connection:
            (found,) = connection.execute("SELECT id FROM assessment").fetchone()
    except database.errors():
        return ""
    except (KnownError, OSError, TypeError, UnicodeDecodeError):
        return ""
    return str(found)


def where_from(backup: Backup) -> str:
    """Return where the original stood, empty if nobody has noted it."""
    return stored.where(backup.file.parent, backup.place)


def find_backup(file: Path, number: int, keys: Keyring = NO_KEYS) -> Backup:
    """Find a backup by its number; raises KnownError."""
    known = backups_of(file, keys)
    found = next((one for one in known if one.number == number), None)
    if found is None:
        numbers = ", ".join(str(one.number) for one in known) or "–"
        raise KnownError(NO_BACKUP, file=file.name, number=str(number), known=numbers)
    return found


def newest_good(file: Path, keys: Keyring = NO_KEYS) -> Backup | None:
    """Return the newest backup that can be opened and read, of a file that may be gone or damaged; None if none can."""
    return next((one for one in backups_of(file, keys) if contents_of(one, keys).problem is None), None)


def said_now(file: Path, keys: Keyring = NO_KEYS) -> Said | None:
    """Return what a file says now, None if it cannot be read."""
    try:
        with AssessmentFile(file, read_only=True, keys=keys) as opened:
            return _said(opened.read())
    except KnownError:
        return None


def _said(found: Stored) -> Said:
    return {answer.key: answer.content for answer in AnswerLedger(found.revisions).current()}


def locked_backup(file: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Return the newest backup of a file if it is protected and nothing on the ring opens it."""
    newest = next(iter(backups_of(file, keys)), None)
    if newest is None:
        return None
    try:
        opening.expect_assessment_file(newest.file, keys)
    except Protected:
        return newest.file
    except KnownError:
        return None
    return None


def contents_of(backup: Backup, keys: Keyring = NO_KEYS, now: Said | None = None) -> Contents:
    """Open a backup, check it and say what it holds; compared with what is said now, if that is given."""
    try:
        with AssessmentFile(backup.file, read_only=True, keys=keys) as opened:
            found = opened.read()
    except KnownError as error:
        is_damaged = error.message in {refusals.DAMAGED, refusals.EMPTY, refusals.FOREIGN}
        return Contents(problem=KnownError(DAMAGED_BACKUP) if is_damaged else error)
    said = _said(found)
    last = max(((one.id.counter, one.time, one.author) for one in _changes(found)), default=(0, "", ""))
    return Contents(len(said), last[1], last[2], None if now is None else _differing(said, now))


def _changes(found: Stored) -> Iterator[Revision | EntryRevision]:
    yield from found.revisions
    yield from found.entries


def _differing(one: Said, other: Said) -> int:
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())


def back_up(file: Path, keys: Keyring = NO_KEYS) -> Backup:
    """Make a backup by hand of a file that may be open elsewhere; raises KnownError."""
    with AssessmentFile(file, read_only=True, keys=keys) as opened:
        key = opened.key
    return back_up_closed(file, key, Reason.BY_HAND)


def restore(backup: Backup, file: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Put a backup in the place of a file that nobody has open; raises KnownError, and then the file is as it was.

    What stands there is kept first, as a backup or, damaged as it is, byte for byte beside the backups: its path is
    given, None where there was nothing.
    """
    return put_back(backup, file, keys)


def save_copy(backup: Backup, destination: Path, keys: Keyring = NO_KEYS, *, replace: bool = False) -> None:
    """Write a backup into a file elsewhere, as protected as it is; raises KnownError."""
    save_elsewhere(backup, destination, keys, replace=replace)
