"""How this program starts itself as a child process, packed into an executable or run by an interpreter."""

import sys
from collections.abc import Sequence


def is_frozen() -> bool:
    """Whether this program was packed into an executable of its own (PyInstaller sets one mark, Nuitka the other)."""
    return bool(getattr(sys, "frozen", False)) or "__compiled__" in globals()


def own_command(arguments: Sequence[str]) -> list[str]:
    """Return the program and arguments that start our command line."""
    return [sys.executable, *([] if is_frozen() else ["-m", "capacity_app"]), *arguments]
