"""A child process that protects a file and takes the passphrase away again without end, to be killed in the middle."""

from functools import partial
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path

from capacity_app.domain.encryption_keys import Keyring
from capacity_app.services.protection import protect, unprotect

PASSPHRASES = ("first of all words", "second to none")
RING = Keyring(passphrases=PASSPHRASES)


def protect_until_killed(file: Path, begun: Connection, first: int) -> None:
    """Put the file under one passphrase, the other, and none, over and over, beginning with any of the three."""
    steps = (
        partial(protect, file, PASSPHRASES[0], RING),
        partial(protect, file, PASSPHRASES[1], RING),
        partial(unprotect, file, RING),
    )
    begun.send(True)
    for step in islice(cycle(steps), first, None):
        step()
