"""Work brought to safety when its file is gone, replaced or damaged; and copies a sync client left beside a file.

A sync client (OneDrive, Dropbox) puts another file in the place of ours while it is open. That file is left alone: all
that is in memory goes into a new one beside it, where work goes on, and both can be merged.
"""

import itertools
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.keys import Keyring, ring_of
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.domain.revisions import RevisionId
from capacity_app.instruments.wire import DAMAGED_INSTRUMENT
from capacity_app.services.assessment_session import WITHOUT_CHANGES, WITHOUT_DOCUMENTS, AssessmentSession
from capacity_app.store import refusals
from capacity_app.store.assessment_file import AssessmentFile, Label

IS_KEPT = N_("All that stood in memory is in “{copy}”: merge it into the other file.")
_MARK = "recovered"
_LONGEST_STEM = 160
MOST_COPIES = 8
"""Files beside one that are looked into; whoever has more has a folder of copies."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """A new file with all that was in memory; ``lost`` says what it lacks."""

    file: Path
    original: Path
    reason: KnownError
    lost: KnownError | None = None

    @property
    def is_vanished(self) -> bool:
        return self.reason.message == refusals.VANISHED

    @property
    def is_damaged(self) -> bool:
        return self.reason.message == refusals.DAMAGED

    @property
    def is_beside(self) -> bool:
        """Return whether the new file is in the folder of the old one."""
        return self.file.parent == self.original.parent


def is_needed(error: KnownError) -> bool:
    """Return whether an error means that the file can take nothing more from here, today or later."""
    return isinstance(error, refusals.FileMoved) or error.message == refusals.DAMAGED


def may_be_rescued(error: KnownError) -> bool:
    """Whether a file that was refused is one of ours, damaged, of which something may be left here or in a backup."""
    return error.message in {refusals.DAMAGED, refusals.EMPTY, refusals.STRANGE_PARTS, DAMAGED_INSTRUMENT}


def holds_everything(session: AssessmentSession) -> bool:
    """Return whether the file that is now in the place of the session's says all that is in memory."""
    try:
        with AssessmentFile(session.file, read_only=True, keys=ring_of(session.key)) as found:
            there = found.read()
    except KnownError:
        return False
    ids = {*(one.id for one in there.revisions), *(one.id for one in there.entries)}
    return there.label.assessment_id == session.assessment_id and known_ids(session) <= ids


def known_ids(session: AssessmentSession) -> frozenset[RevisionId]:
    """Return the ids of all revisions in memory."""
    known = session.known
    return frozenset((*(one.id for one in known.answers.all()), *(one.id for one in known.entries.all())))


def keep(session: AssessmentSession, reason: KnownError) -> Recovered:
    """Write all that is in memory into a new file beside, or into the person's own folder; raises KnownError.

    It is protected like the old one. The file in the old one's place is not touched.
    """
    with suppress(KnownError, OSError):
        # The empty folder where a drive was: what is put there is out of sight once the drive is back.
        if session.file.parent.stat().st_dev == session.drive:
            return _kept_in(session.file.parent, session, reason)
    return _kept_in(_own_folder(session.file), session, reason)


def _own_folder(file: Path) -> Path:
    """Return the folder of the person's own for recovered work; raises KnownError."""
    folder = paths.recovered_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusals.of_system(error, folder / file.name) from error
    return folder


def _kept_in(folder: Path, session: AssessmentSession, reason: KnownError) -> Recovered:
    for file in dated_names(folder, session.file, _MARK):
        lost = None
        try:
            session.save_copy(file)
        except KnownError as error:
            if error.message == refusals.ALREADY_THERE:
                continue
            if error.message not in {WITHOUT_DOCUMENTS, WITHOUT_CHANGES}:
                raise
            lost = error
        return Recovered(file, session.file, reason, lost)
    raise AssertionError("names do not run out")


def dated_names(folder: Path, file: Path, mark: str) -> Iterator[Path]:
    """Yield names for a new file made of another one, one after the other: "name (recovered 2026-11-21).assessment"."""
    # Cut where names with the endings that are put to them meanwhile would be too long for a disk.
    stem = file.stem.split(f" ({mark} ")[0].encode("utf-8", "surrogateescape")[:_LONGEST_STEM]
    day = datetime.now().astimezone().date().isoformat()
    numbers = itertools.chain([""], (f", {number}" for number in itertools.count(2)))
    start = f"{stem.decode('utf-8', 'ignore')} ({mark} {day}"
    return (folder / f"{start}{number}){file.suffix}" for number in numbers)


def recover(session: AssessmentSession, reason: KnownError) -> Recovered:
    """Keep all that is in memory in a new file, and go on writing there; raises KnownError."""
    recovered = keep(session, reason)
    session.go_on_in(recovered.file)
    return recovered


def put_back(session: AssessmentSession, recovered: Recovered) -> None:
    """Make a file that was taken away anew of all that is in memory, and go on writing there; raises KnownError."""
    session.save_copy(recovered.original)
    session.go_on_in(recovered.original)
    recovered.file.unlink(missing_ok=True)


class Kept(KnownError):  # noqa: N818 - a KnownError like the others, named for what happened
    """The file takes nothing more, and all that was in memory is in a new one."""

    def __init__(self, recovered: Recovered) -> None:
        self.recovered = recovered
        copy = recovered.file.name if recovered.is_beside else str(recovered.file)
        super().__init__(IS_KEPT, copy=copy)

    def text(self, translate: Translate = str) -> str:
        """Return what happened and where everything is, in the language of ``translate``."""
        return f"{self.recovered.reason.text(translate)} {super().text(translate)}"


class CommandSession(AssessmentSession):
    """A session of the command line, which brings its work to safety by itself and says where it is."""

    def close(self) -> None:
        """Save what waits; if the file is gone, replaced or damaged, raise KnownError with the name of a new one."""
        try:
            super().close()
        except KnownError as error:
            if self.is_read_only or not is_needed(error) or holds_everything(self):
                raise
            kept = keep(self, error)
            raise Kept(kept) from error


# -- copies beside -----------------------------------------------------------------------------------------------------


def alike_beside(file: Path) -> tuple[Path, ...]:
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
    return tuple(other for _, other in found if not other.name.startswith("."))[:MOST_COPIES]


def news_in(copy: Path, label: Label, known: AbstractSet[RevisionId], keys: Keyring) -> int:
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
