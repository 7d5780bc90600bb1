"""Where questionnaires are kept, what ids they have, and to which section a text belongs."""

import re
from pathlib import Path

from capacity_app import paths

OWN_SUPPLEMENTS = "supplements"
"""The folder, among a person's own instruments, of supplements to instruments."""
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")


def folders() -> tuple[Path, Path]:
    """Give the folder of the questionnaires that came with the program, and that of a person's own."""
    return paths.instruments_folder(), paths.user_instruments_folder()


def section_of(key: str) -> str:
    """Give the id of the section that a question or a text belongs to."""
    return key.partition("|")[0].partition(".")[0]
