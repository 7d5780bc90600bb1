"""Trying whether something a person typed opens a protected file, without opening the file for work."""

from pathlib import Path

from capacity_app.domain.keys import Key, Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.store.opening import expect_assessment_file
from capacity_app.store.refusals import Protected

__all__ = ["Protected", "is_locked", "key_of", "unlocked"]


def is_locked(file: Path, keys: Keyring) -> bool:
    """Whether a file is protected and nothing on the ring opens it; other refusals are left to whoever opens it."""
    try:
        expect_assessment_file(file, keys)
    except Protected:
        return True
    except KnownError:
        return False
    return False


def key_of(file: Path, keys: Keyring) -> Key | None:
    """Return the key that opens an assessment, None for a plain one or another kind of file."""
    try:
        return expect_assessment_file(file, keys)
    except Protected:
        raise
    except KnownError:
        return None


def unlocked(file: Path, keys: Keyring) -> Keyring:
    """Return the ring with the key that opens a file on it, so that it is derived once; raises KnownError."""
    key = expect_assessment_file(file, keys)
    return keys.with_key(key) if key else keys
