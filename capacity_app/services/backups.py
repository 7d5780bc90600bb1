"""Backups of an assessment: listed, read, made, and told about.

Those that are made by themselves come from the session (``AssessmentSession.back_up``) and from opening a file of an
older version; all go through ``storage.backups.back_up``.
"""

import os
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from capacity_app.domain.assessment.answers import AnswerKey, Content
from capacity_app.domain.assessment.revisions import EntryRevision, Revision
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.revision_log import AnswerLedger
from capacity_app.storage import backups as stored
from capacity_app.storage import database, file_errors, opening
from capacity_app.storage.assessment_file import AssessmentFile, StoredAssessment
from capacity_app.storage.backups import Backup
from capacity_app.storage.recovery import back_up_closed

DAMAGED_BACKUP = N_("This backup is damaged and cannot be used.")
NO_BACKUP = N_("There is no backup of “{file}” with the number {number}. There are: {known}.")


@dataclass(frozen=True, slots=True)
class BackupContents:
    """What a backup holds, as far as it could be read; ``problem`` says why it could not.

    ``last_change`` is UTC, ISO 8601, by ``author``. ``differing`` counts the answers that are others, more or fewer
    than those it was compared with, None if it was compared with nothing.
    """

    answers: int = 0
    last_change: str = ""
    author: str = ""
    differing: int | None = None
    problem: KnownError | None = None


ContentByKey = Mapping[AnswerKey, Content]


def backups_of(file: Path, keys: Keyring = NO_KEYS) -> tuple[Backup, ...]:
    """List the backups of an assessment on this computer, newest first; also of a file that is gone or damaged.

    A file that can be read is known by its assessment, whose copies at other places count too; another by its place.
    """
    assessment_id = _assessment_id(file, keys)
    if assessment_id:
        return stored.list_backups(stored.backup_folder(assessment_id))
    place = stored.path_digest(file)
    found = [stored.list_backups(folder) for folder in stored.backup_folders_for(place)]
    found.sort(key=lambda listed: max(one.made.time for one in listed if one.place == place), reverse=True)
    return tuple(one for listed in found for one in listed)


def _assessment_id(file: Path, keys: Keyring) -> str:
    """Read whose file it is, however damaged the rest; empty where that cannot be read."""
    if not os.path.isfile(file):  # noqa: PTH113 - a Path raises where a folder may not be looked into
        return ""
    try:
        key = opening.expect_assessment_file(file, keys)
        with opening.open_readonly(file, key) as connection:
            (found,) = connection.execute("SELECT id FROM assessment").fetchone()
    except database.sqlite_errors():
        return ""
    except (KnownError, OSError, TypeError, UnicodeDecodeError):
        return ""
    return str(found)


def original_location(backup: Backup) -> str:
    """Return where the original stood, empty if nobody has noted it."""
    return stored.original_path(backup.file.parent, backup.place)


def find_backup(file: Path, number: int, keys: Keyring = NO_KEYS) -> Backup:
    """Find a backup by its number; raises KnownError."""
    known = backups_of(file, keys)
    found = next((one for one in known if one.number == number), None)
    if found is None:
        numbers = ", ".join(str(one.number) for one in known) or "–"
        raise KnownError(NO_BACKUP, file=file.name, number=str(number), known=numbers)
    return found


def newest_readable_backup(file: Path, keys: Keyring = NO_KEYS) -> Backup | None:
    """Return the newest backup that can be opened and read, of a file that may be gone or damaged; None if none can."""
    return next((one for one in backups_of(file, keys) if read_backup_contents(one, keys).problem is None), None)


def current_content(file: Path, keys: Keyring = NO_KEYS) -> ContentByKey | None:
    """Return what a file says now, None if it cannot be read."""
    try:
        with AssessmentFile(file, read_only=True, keys=keys) as opened:
            return _content_by_key(opened.read())
    except KnownError:
        return None


def _content_by_key(found: StoredAssessment) -> ContentByKey:
    return {answer.key: answer.content for answer in AnswerLedger(found.revisions).current()}


def newest_locked_backup(file: Path, keys: Keyring = NO_KEYS) -> Path | None:
    """Return the newest backup of a file if it is protected and nothing on the ring opens it."""
    newest = next(iter(backups_of(file, keys)), None)
    return newest.file if newest and opening.is_locked(newest.file, keys) else None


def read_backup_contents(backup: Backup, keys: Keyring = NO_KEYS, now: ContentByKey | None = None) -> BackupContents:
    """Open a backup, check it and say what it holds; compared with what is said now, if that is given."""
    try:
        with AssessmentFile(backup.file, read_only=True, keys=keys) as opened:
            found = opened.read()
    except KnownError as error:
        is_damaged = error.message in {file_errors.DAMAGED, file_errors.EMPTY, file_errors.FOREIGN}
        return BackupContents(problem=KnownError(DAMAGED_BACKUP) if is_damaged else error)
    said = _content_by_key(found)
    last = max(((one.id.counter, one.time, one.author) for one in _revisions_in(found)), default=(0, "", ""))
    return BackupContents(len(said), last[1], last[2], None if now is None else _count_differences(said, now))


def _revisions_in(found: StoredAssessment) -> Iterator[Revision | EntryRevision]:
    yield from found.revisions
    yield from found.entries


def _count_differences(one: ContentByKey, other: ContentByKey) -> int:
    return sum(one.get(key) != other.get(key) for key in one.keys() | other.keys())


def make_backup(file: Path, keys: Keyring = NO_KEYS) -> Backup:
    """Make a backup by hand of a file that may be open elsewhere; raises KnownError."""
    with AssessmentFile(file, read_only=True, keys=keys) as opened:
        key = opened.key
    return back_up_closed(file, key, BackupReason.BY_HAND)


# Backups in words: why each was made, what it holds, how large it is; for the window and the command line alike.

REASON_LABELS: dict[BackupReason, str] = {
    BackupReason.CLOSED: N_("when the file was closed"),
    BackupReason.MIGRATION: N_("before the file was updated for a newer program"),
    BackupReason.MERGE: N_("before another file was merged into it"),
    BackupReason.INTAKE: N_("before a returned file was imported"),
    BackupReason.RESTORE: N_("before a backup was restored"),
    BackupReason.BY_HAND: N_("created by you"),
}
_KILOBYTE, _MEGABYTE = 1_000, 1_000_000


def format_file_size(texts: Translator, size: int) -> str:
    if size < _MEGABYTE:
        return texts.gettext("{size} KB").format(size=texts.number(Fraction(size, _KILOBYTE)))
    return texts.gettext("{size} MB").format(size=texts.number(Fraction(size, _MEGABYTE), 1))


def format_backup_contents(texts: Translator, contents: BackupContents) -> str:
    """Return what a backup holds and how that differs from now, or why it cannot be used."""
    if contents.problem is not None:
        return contents.problem.text(texts.gettext)
    count = texts.counted("{count} answer", "{count} answers", contents.answers)
    return f"{count}, {_format_difference(texts, contents.differing)}" if contents.differing is not None else count


def _format_difference(texts: Translator, differing: int) -> str:
    if not differing:
        return texts.gettext("the same as now")
    return texts.counted("{count} is not as now", "{count} are not as now", differing)


def format_last_change(texts: Translator, contents: BackupContents, when: str) -> str:
    """Say when, which the caller has written, and by whom the last change in a backup was made; empty if by nobody."""
    if not contents.last_change:
        return ""
    if contents.author:
        return texts.gettext("last change {when} by {author}").format(when=when, author=contents.author)
    return texts.gettext("last change {when}").format(when=when)
