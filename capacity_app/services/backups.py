"""Backups of an assessment, and a recovered copy of what is in memory when its file is lost or damaged.

Those that are made by themselves come from the session (``AssessmentSession.back_up``) and from opening a file of an
older version; all go through ``storage.backups.back_up``.
"""

import itertools
import os
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from fractions import Fraction
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerKey, Content
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, keyring_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.instrument_json import DAMAGED_INSTRUMENT
from capacity_app.services.session.assessment_session import WITHOUT_CHANGES, WITHOUT_DOCUMENTS, AssessmentSession
from capacity_app.services.session.revision_log import AnswerLedger
from capacity_app.storage import backups as stored
from capacity_app.storage import database, file_errors, opening
from capacity_app.storage.assessment_file import AssessmentFile, AssessmentFileHeader, StoredAssessment
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


# Work brought to safety when its file is gone, replaced or damaged; and copies a sync client left beside a file.
#
# A sync client (OneDrive, Dropbox) puts another file in the place of ours while it is open. That file is left alone:
# all that is in memory goes into a new one beside it, where work goes on, and both can be merged.

SAVED_ELSEWHERE = N_("All that stood in memory is in “{copy}”: merge it into the other file.")
_RECOVERED = "recovered"
_LONGEST_STEM = 160
MAX_SIBLING_COPIES = 8
"""Files beside one that are looked into; whoever has more has a folder of copies."""


@dataclass(frozen=True, slots=True)
class RecoveredCopy:
    """A new file with all that was in memory; ``lost`` says what it lacks."""

    file: Path
    original: Path
    reason: KnownError
    lost: KnownError | None = None

    @property
    def is_vanished(self) -> bool:
        return self.reason.message == file_errors.VANISHED

    @property
    def is_damaged(self) -> bool:
        return self.reason.message == file_errors.DAMAGED

    @property
    def is_beside(self) -> bool:
        """Return whether the new file is in the folder of the old one."""
        return self.file.parent == self.original.parent


def is_file_lost(error: KnownError) -> bool:
    """Return whether an error means that the file can take nothing more from here, today or later."""
    return isinstance(error, file_errors.FileMoved) or error.message == file_errors.DAMAGED


def can_be_recovered(error: KnownError) -> bool:
    """Whether a file that was refused is one of ours, damaged, of which something may be left here or in a backup."""
    return error.message in {file_errors.DAMAGED, file_errors.EMPTY, file_errors.STRANGE_PARTS, DAMAGED_INSTRUMENT}


def file_holds_all_revisions(session: AssessmentSession) -> bool:
    """Return whether the file that is now in the place of the session's says all that is in memory."""
    try:
        with AssessmentFile(session.file, read_only=True, keys=keyring_of(session.key)) as found:
            there = found.read()
    except KnownError:
        return False
    ids = {*(one.id for one in there.revisions), *(one.id for one in there.entries)}
    return there.label.assessment_id == session.assessment_id and known_revision_ids(session) <= ids


def known_revision_ids(session: AssessmentSession) -> frozenset[RevisionId]:
    known = session.known
    return frozenset((*(one.id for one in known.answers.all()), *(one.id for one in known.entries.all())))


def save_recovered_copy(session: AssessmentSession, reason: KnownError) -> RecoveredCopy:
    """Write all that is in memory into a new file beside, or into the person's own folder; raises KnownError.

    It is protected like the old one. The file in the old one's place is not touched.
    """
    with suppress(KnownError, OSError):
        # The empty folder where a drive was: what is put there is out of sight once the drive is back.
        if session.file.parent.stat().st_dev == session.drive:
            return _save_copy_in(session.file.parent, session, reason)
    return _save_copy_in(_recovery_folder(session.file), session, reason)


def _recovery_folder(file: Path) -> Path:
    """Return the folder of the person's own for recovered work; raises KnownError."""
    folder = paths.recovered_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise file_errors.from_os_error(error, folder / file.name) from error
    return folder


def _save_copy_in(folder: Path, session: AssessmentSession, reason: KnownError) -> RecoveredCopy:
    for file in dated_file_names(folder, session.file, _RECOVERED):
        lost = None
        try:
            session.save_copy(file)
        except KnownError as error:
            if error.message == file_errors.ALREADY_THERE:
                continue
            if error.message not in {WITHOUT_DOCUMENTS, WITHOUT_CHANGES}:
                raise
            lost = error
        return RecoveredCopy(file, session.file, reason, lost)
    raise AssertionError("names do not run out")


def dated_file_names(folder: Path, file: Path, mark: str) -> Iterator[Path]:
    """Yield names for a new file made of another one, one after the other: "name (recovered 2026-11-21).assessment"."""
    # Cut where names with the endings that are put to them meanwhile would be too long for a disk.
    stem = file.stem.split(f" ({mark} ")[0].encode("utf-8", "surrogateescape")[:_LONGEST_STEM]
    day = datetime.now().astimezone().date().isoformat()
    numbers = itertools.chain([""], (f", {number}" for number in itertools.count(2)))
    start = f"{stem.decode('utf-8', 'ignore')} ({mark} {day}"
    return (folder / f"{start}{number}){file.suffix}" for number in numbers)


def continue_in_recovered_copy(session: AssessmentSession, reason: KnownError) -> RecoveredCopy:
    """Keep all that is in memory in a new file, and go on writing there; raises KnownError."""
    recovered = save_recovered_copy(session, reason)
    session.continue_in_file(recovered.file)
    return recovered


def recreate_original(session: AssessmentSession, recovered: RecoveredCopy) -> None:
    """Make a file that was taken away anew of all that is in memory, and go on writing there; raises KnownError."""
    session.save_copy(recovered.original)
    session.continue_in_file(recovered.original)
    recovered.file.unlink(missing_ok=True)


class SavedElsewhereError(KnownError):
    """The file takes nothing more, and all that was in memory is in a new one."""

    def __init__(self, recovered: RecoveredCopy) -> None:
        self.recovered = recovered
        copy = recovered.file.name if recovered.is_beside else str(recovered.file)
        super().__init__(SAVED_ELSEWHERE, copy=copy)

    def text(self, translate: Translate = str) -> str:
        """Return what happened and where everything is, in the language of ``translate``."""
        return f"{self.recovered.reason.text(translate)} {super().text(translate)}"


class CommandLineSession(AssessmentSession):
    """A session of the command line, which brings its work to safety by itself and says where it is."""

    def close(self) -> None:
        """Save what waits; if the file is gone, replaced or damaged, raise KnownError with the name of a new one."""
        try:
            super().close()
        except KnownError as error:
            if self.is_read_only or not is_file_lost(error) or file_holds_all_revisions(self):
                raise
            kept = save_recovered_copy(self, error)
            raise SavedElsewhereError(kept) from error


# -- copies beside -----------------------------------------------------------------------------------------------------


def sibling_copies(file: Path) -> tuple[Path, ...]:
    """List the files beside one that are called like it and something more, or less: "name (conflicted copy)".

    The newest come first; they are not opened.
    """
    stem = file.stem.casefold()

    def is_alike(other: Path) -> bool:
        name = other.stem.casefold()
        return other != file and other.suffix == file.suffix and (name.startswith(stem) or stem.startswith(name))

    try:
        found = sorted((-other.stat().st_mtime, other) for other in file.parent.iterdir() if is_alike(other))
    except OSError:
        return ()
    return tuple(other for _, other in found if not other.name.startswith("."))[:MAX_SIBLING_COPIES]


def count_unknown_revisions(
    copy: Path, label: AssessmentFileHeader, known: AbstractSet[RevisionId], keys: Keyring
) -> int:
    """Count the changes in another copy of an assessment that are not known; 0 for any other file.

    What a copy under a newer version of the questions was made of is another file.
    """
    try:
        with AssessmentFile(copy, read_only=True, keys=keys) as opened:
            there = opened.read()
    except KnownError:
        return 0
    if (there.label.assessment_id, there.label.instrument.hash) != (label.assessment_id, label.instrument.hash):
        return 0
    ids = (*(one.id for one in there.revisions), *(one.id for one in there.entries))
    return sum(one not in known for one in ids)
