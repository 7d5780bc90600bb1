"""Who made a revision: an installation's id, made once and kept, and a fresh part for every session."""

from contextlib import suppress
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.problems import KnownError
from capacity_app.files.atomic import write_atomically
from capacity_app.services.registers import random_letters

_LETTERS_IN_DEVICE = 10
_LETTERS_IN_SESSION = 6


def device_id(file: Path | None = None) -> str:
    """Read this installation's id, or make one; where it cannot be kept, it lasts for this run."""
    file = file or paths.device_file()
    with suppress(OSError, UnicodeDecodeError):
        known = file.read_text(encoding="ascii").strip()
        if known.isalnum() and len(known) == _LETTERS_IN_DEVICE:
            return known
    made = random_letters(_LETTERS_IN_DEVICE)
    with suppress(OSError, KnownError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file, f"{made}\n".encode("ascii"))
    return made


def session_id(device: str) -> str:
    """Return a session's own name among the devices.

    Two copies of one file may be continued on one laptop, and a backup restored: with the installation's id
    alone, both would call different answers "device:7", and merging would take them for one.
    """
    return f"{device}.{random_letters(_LETTERS_IN_SESSION)}"
