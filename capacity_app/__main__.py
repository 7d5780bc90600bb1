"""The one way in: the window, or with a subcommand the command line. Neither imports what only the other needs."""

import builtins
import gc
import sys
from pathlib import Path

_OWN_FILES = frozenset({".assessment"})


def is_for_window(arguments: list[str]) -> bool:
    """Return whether a person wants the window: nothing named, or one assessment file."""
    if not arguments:
        return True
    return len(arguments) == 1 and Path(arguments[0]).suffix.lower() in _OWN_FILES


def prepare_start() -> None:
    """Leave out what costs a fifth of the time a window takes to start."""
    # Hardly anything made while starting is garbage.
    gc.disable()
    # PySide6 puts another import in place, which reads the source of each module to look for features we do not use.
    usual_import = builtins.__import__
    import PySide6.QtCore  # noqa: F401, PLC0415 - the command line must start without Qt

    builtins.__import__ = usual_import


def main() -> None:
    """Start the window or run one command, and end with its exit code."""
    arguments = sys.argv[1:]
    if is_for_window(arguments):
        prepare_start()
        from capacity_app.ui.application import run  # noqa: PLC0415 - the command line must start without Qt

        sys.exit(run(Path(arguments[0]) if arguments else None))
    # Objects that refer to each other are not searched for: a command ends before they matter, unless it reads a
    # folder of files (a child that does turns the search on). Nor when the process ends: that took a tenth of the
    # time of a report.
    if arguments[:1] != ["aggregate"]:
        gc.disable()
    from capacity_app.cli.commands import main as run_command  # noqa: PLC0415 - the window must start without click

    code = run_command(arguments)
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
