"""A child process that protects a file and takes the passphrase away again without end, to be killed in the middle."""

from multiprocessing.connection import Connection
from pathlib import Path

from capacity_app.domain.keys import Keyring
from capacity_app.services.protection import protect, unprotect

PASSPHRASES = ("first of all words", "second to none")
RING = Keyring(passphrases=PASSPHRASES)


def protect_until_killed(file: Path, begun: Connection) -> None:
    """Put the file under one passphrase, the other, and none, over and over."""
    begun.send(True)
    while True:
        protect(file, PASSPHRASES[0], RING)
        protect(file, PASSPHRASES[1], RING)
        unprotect(file, RING)
