"""Keys on their way to a process of our own: one line over a pipe, where no other program can read along."""

import json

from capacity_app.domain.keys import Key, Keyring

OPTION = "--keys-from-stdin"
"""Tells the command line, for the window only, that the first line of its standard input is a ring."""


def line_of(ring: Keyring) -> bytes:
    """Write a ring as one line."""
    content = {
        "passphrases": ring.passphrases,
        "recovery_keys": [raw.hex() for raw in ring.recovery_keys],
        "keys": [[key.salt.hex(), key.raw.hex()] for key in ring.keys],
    }
    return json.dumps(content).encode() + b"\n"


def ring_from(line: str) -> Keyring:
    """Read what ``line_of`` wrote; raises ValueError for anything else."""
    try:
        content = json.loads(line)
        return Keyring(
            tuple(map(str, content["passphrases"])),
            tuple(map(bytes.fromhex, content["recovery_keys"])),
            tuple(Key(bytes.fromhex(salt), bytes.fromhex(raw)) for salt, raw in content["keys"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError from error  # never with the line itself
