"""Protecting a file with a passphrase, changing it, and taking it away: whole, or not at all.

What is protected is the file and its backups on this computer. Copies elsewhere stay as they are, and what stood on the
disk before cannot be promised away; ``LEFT_BEHIND`` says so.
"""

import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.keys import NO_KEYS, SALT_BYTES, Key, Keyring, derived, ring_of
from capacity_app.domain.passphrases import normal, weakness
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.copies import now
from capacity_app.store import refusals
from capacity_app.store.assessment_file import AssessmentFile
from capacity_app.store.opening import is_writable
from capacity_app.store.ownership import Ownership, here
from capacity_app.store.protecting import put_under

OPEN_ELSEWHERE = N_("{who} has “{file}” open on {where} since {since}: it must be closed there first.")
OPEN_SOMEWHERE = N_("“{file}” is open in another window or on another computer: it must be closed there first.")
NOT_PROTECTED = N_("“{file}” is not protected: there is nothing to take away.")
LEFT_BEHIND = N_(
    "What was on this disk before may still be found there by an expert, and copies in synchronised folders, mails or "
    "on other disks stay as they were: delete those yourself."
)
NEW_RECOVERY_KEY = N_("The old passphrase and the old recovery key open neither this file nor its backups any more.")
_SUFFIX = ".assessment"


@dataclass(frozen=True, slots=True)
class LeftBackup:
    """A backup that stays as it was, and why."""

    file: Path
    reason: KnownError


@dataclass(frozen=True, slots=True)
class Protection:
    """What was done: the file's key from now on (None: it is plain), backups put under it, and those that were not."""

    file: Path
    key: Key | None
    was_protected: bool
    backups: tuple[Path, ...] = ()
    left: tuple[LeftBackup, ...] = ()


def new_key(passphrase: str) -> Key:
    """Derive a key with a salt of its own from a new passphrase; raises KnownError if it is none."""
    wrong = weakness(passphrase)
    if wrong:
        sentence, values = wrong
        raise KnownError(sentence, **values)
    return derived(normal(passphrase), secrets.token_bytes(SALT_BYTES))


def protect(file: Path, passphrase: str, keys: Keyring = NO_KEYS) -> Protection:
    """Protect a file that is closed, or change its passphrase; raises KnownError, and then nothing was changed.

    ``keys`` open it, and those of its backups that are protected otherwise.
    """
    return _put_under(file, new_key(passphrase), keys)


def unprotect(file: Path, keys: Keyring) -> Protection:
    """Take the passphrase away from a file that is closed; raises KnownError, and then nothing was changed."""
    return _put_under(file, None, keys)


def _put_under(file: Path, key: Key | None, keys: Keyring) -> Protection:
    file = file.absolute()
    with _owned(file, keys) as opened:
        old = opened.key
        assessment_id = opened.read().label.assessment_id
        opened.close()
        if key is None and old is None:
            raise KnownError(NOT_PROTECTED, file=file.name)
        put_under(file, old, key)
    backups, left = _with_backups(file, assessment_id, key, ring_of(old).and_also(ring_of(key)).and_also(keys))
    return Protection(file, key, old is not None, backups, left)


@contextmanager
def _owned(file: Path, keys: Keyring) -> Iterator[AssessmentFile]:
    """Open a file that nobody else has open, and keep others out of it; raises KnownError."""
    # Opened for reading first: a file that cannot be opened gets no lock beside it.
    with AssessmentFile(file, read_only=True, keys=keys) as opened:
        opened.expect_known_version()
        keys = ring_of(opened.key)
    if not is_writable(file.resolve()):
        raise KnownError(refusals.NOT_WRITABLE, file=file.name)
    ownership = Ownership(file.resolve(), here("", now()))
    _take(ownership, file)
    try:
        # Not for reading only: a commit that was cut off is taken back, and an older version brought up to date.
        with AssessmentFile(file, keys=keys) as opened:
            opened.expect_known_version()
            yield opened
    finally:
        ownership.release()


def _take(ownership: Ownership, file: Path) -> None:
    try:
        owner = ownership.take()
    except OSError as error:
        raise refusals.of_system(error, file) from error
    if owner and owner.who:
        raise KnownError(OPEN_ELSEWHERE, file=file.name, who=owner.who, where=owner.where, since=owner.since_here)
    if owner:
        raise KnownError(OPEN_SOMEWHERE, file=file.name)


# -- backups -----------------------------------------------------------------------------------------------------------


def _with_backups(
    file: Path, assessment_id: str, key: Key | None, keys: Keyring
) -> tuple[tuple[Path, ...], tuple[LeftBackup, ...]]:
    """Put all backups of an assessment on this computer under a key."""
    done: list[Path] = []
    left: list[LeftBackup] = []
    folder = paths.backups_folder()
    try:
        known = _assessments_below(folder)
    except OSError as error:
        return (), (LeftBackup(folder, refusals.of_system(error, folder)),)
    for backup in known:
        is_its_own = backup.parent.name == assessment_id
        try:
            with AssessmentFile(backup, read_only=True, keys=keys) as opened:
                old, whose = opened.key, opened.read().label.assessment_id
            if whose != assessment_id or old == key:
                continue
            put_under(backup, old, key)
            done.append(backup)
        except KnownError as error:
            # One in nobody's folder that cannot be read is known by its name only.
            if is_its_own or (backup.parent == folder and backup.name.startswith(file.stem)):
                left.append(LeftBackup(backup, error))
    return tuple(done), tuple(left)


def _assessments_below(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return ()
    return sorted(found for found in folder.rglob(f"*{_SUFFIX}") if found.is_file())
