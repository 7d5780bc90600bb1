"""Child processes that make backups, or restore them, again and again, to be killed in the middle."""

import itertools
from multiprocessing.connection import Connection
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.encryption_keys import EncryptionKey, keyring_of
from capacity_app.services import backups
from capacity_app.storage.recovery import restore_backup


def _in_the_parents_folder(folder: str) -> None:
    # A process that was forked before the test began does not see the test's environment.
    paths.backups_folder = lambda: Path(folder)


def back_up_until_killed(file: Path, key: EncryptionKey | None, folder: str, tell: Connection) -> None:
    """Make backups, and tell the number of each that is made."""
    _in_the_parents_folder(folder)
    tell.send(0)
    while True:
        tell.send(backups.make_backup(file, keyring_of(key)).number)


def restore_until_killed(file: Path, key: EncryptionKey | None, folder: str, tell: Connection) -> None:
    """Restore one backup after the other."""
    _in_the_parents_folder(folder)
    ring = keyring_of(key)
    tell.send(0)
    for number in itertools.count(1):
        known = backups.backups_of(file, ring)
        restore_backup(known[number % 2], file, ring)
        tell.send(number)
