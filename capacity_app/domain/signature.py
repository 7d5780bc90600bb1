"""A signature of answers: which installation made a copy, and of what.

An Ed25519 key signs the fingerprint, which is the SHA-256 of the canonical answers, together with the fingerprint of
the answers as the copy holds them: the two differ where names are withheld. So the signature can be checked from
every medium that carries the fingerprint, without the answers.
"""

from dataclasses import dataclass
from enum import StrEnum

_CONTEXT = "capacity-app signature 1"
"""Keeps a signature of answers from ever being one of anything else."""


@dataclass(frozen=True, slots=True)
class Signature:
    """``public_key`` and ``value`` as hexadecimal digits; ``recorded`` is the fingerprint of what the copy holds."""

    public_key: str = ""
    value: str = ""
    recorded: str = ""


UNSIGNED = Signature()


class SignatureState(StrEnum):
    """What is known of a file's signature."""

    UNSIGNED = "unsigned"
    UNCHANGED = "signed_unchanged"
    EDITED = "signed_edited"
    BROKEN = "signature_invalid"


def signed_message(fingerprint: str, recorded: str) -> bytes:
    """Give the bytes that are signed."""
    return f"{_CONTEXT}\n{fingerprint}\n{recorded}".encode()
