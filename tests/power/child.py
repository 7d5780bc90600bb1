"""The traced child: does one workload in a folder, on either driver; ``--settings`` weakens it, to see it lose.

``python -m tests.power.child "a new file" FOLDER [--protected] [--settings "synchronous = OFF"] [--unsynced]``
"""

import argparse
import os
from pathlib import Path

from capacity_app.storage import opening
from tests.power.workloads import KEY, WORKLOADS


def _weaken(settings: list[str]) -> None:
    """Open files with other settings than ours."""
    opening._WRITING_SETTINGS += tuple(settings)  # type: ignore[assignment]


def _never_sync() -> None:
    def fsync(descriptor: int) -> None:
        """Only say that it has reached the disk."""

    os.fsync = fsync  # type: ignore[assignment]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--protected", action="store_true")
    parser.add_argument("--settings", nargs="*", default=[])
    parser.add_argument("--unsynced", action="store_true")
    asked = parser.parse_args()
    _weaken(asked.settings)
    if asked.unsynced:
        _never_sync()
    WORKLOADS[asked.workload].act(asked.folder, KEY if asked.protected else None)


if __name__ == "__main__":
    main()
