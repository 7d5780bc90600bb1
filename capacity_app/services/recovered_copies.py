"""Recovered copies of an assessment: what is in memory when its file is lost or damaged, and copies beside a file."""

import itertools
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.encryption_keys import Keyring, keyring_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.questionnaires.instrument_json import DAMAGED_INSTRUMENT
from capacity_app.services.session.assessment_session import WITHOUT_CHANGES, WITHOUT_DOCUMENTS, AssessmentSession
from capacity_app.storage import file_errors
from capacity_app.storage.assessment_file import AssessmentFile, AssessmentFileHeader

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


def unknown_revision_ids(
    copy: Path, label: AssessmentFileHeader, known: AbstractSet[RevisionId], keys: Keyring
) -> frozenset[RevisionId]:
    """Return the changes in another copy of an assessment that are not known; none for any other file.

    What a copy under a newer version of the questions was made of is another file.
    """
    try:
        with AssessmentFile(copy, read_only=True, keys=keys) as opened:
            there = opened.read()
    except KnownError:
        return frozenset()
    if (there.label.assessment_id, there.label.instrument.hash) != (label.assessment_id, label.instrument.hash):
        return frozenset()
    ids = (*(one.id for one in there.revisions), *(one.id for one in there.entries))
    return frozenset(ids) - known
