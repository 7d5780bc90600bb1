"""What a person asks for on the page about the passphrase, and how it ended."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from capacity_app.domain.keys import NO_KEYS, Keyring


@dataclass(frozen=True, slots=True)
class Change:
    """A file to be protected with a new passphrase, or without one to be so no longer; ``keys`` open it before."""

    file: Path
    passphrase: str = field(default="", repr=False)
    keys: Keyring = NO_KEYS


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it ended: in sentences, the first one the most important; ``keys`` open the file now."""

    is_done: bool
    sentences: tuple[str, ...]
    keys: Keyring


def left_backups(answer: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """Read which backups stay as they were, and why, from what the command line says."""
    left = answer.get("left")
    entries = left if isinstance(left, list) else []
    return tuple((str(entry["file"]), str(entry["reason"])) for entry in entries)
