"""Disks that are full when a test says so: a small one in memory where one may be mounted, a limit everywhere."""

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

KILOBYTES = 800
"""Room for two small assessments and a journal."""
_BALLAST = ".ballast"


class Disk(Protocol):
    """A place for files that can be full."""

    folder: Path

    def fill(self) -> None:
        """Leave no room at all."""

    def free(self) -> None:
        """Make room again."""


class SmallDisk:
    """A disk of a few hundred kilobytes; files are there already when it is filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        """Write until nothing more fits."""
        with suppress(OSError), (self.folder / _BALLAST).open("ab", buffering=0) as ballast:
            while ballast.write(bytes(1024)):
                pass

    def free(self) -> None:
        """Remove what fills it."""
        (self.folder / _BALLAST).unlink()

    def pull_out(self) -> None:
        """Take it away, though files on it are open."""
        _run("umount", "-l", str(self.folder))

    def put_back(self) -> None:
        """Put an empty one in its place."""
        assert _is_mounted(self.folder)


class LimitedFiles:
    """A folder in which, as everywhere for this process, no file may grow beyond a few pages while it is "full"."""

    limit = 8 * 1024

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._before = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self) -> None:
        """Set the limit: Python ignores the signal, and writing fails."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, self._before[1]))

    def free(self) -> None:
        """Lift the limit."""
        resource.setrlimit(resource.RLIMIT_FSIZE, self._before)


def _run(*command: str) -> bool:
    found = shutil.which(command[0])
    return found is not None and not subprocess.run((found, *command[1:]), check=False, capture_output=True).returncode


def _is_mounted(folder: Path, kilobytes: int = KILOBYTES) -> bool:
    return _run("mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder))


@contextmanager
def small_disk(folder: Path, kilobytes: int = KILOBYTES) -> Iterator[SmallDisk | None]:
    """Mount a small disk at a folder; None where that is not allowed."""
    folder.mkdir(exist_ok=True)
    if not _is_mounted(folder, kilobytes):
        yield None
        return
    disk = SmallDisk(folder)
    try:
        yield disk
    finally:
        # Lazily: whatever failed may still hold a file on it.
        disk.pull_out()


@contextmanager
def limited_files(folder: Path) -> Iterator[LimitedFiles]:
    """Yield a folder that can be full by a limit of this process."""
    folder.mkdir(exist_ok=True)
    disk = LimitedFiles(folder)
    try:
        yield disk
    finally:
        disk.free()


def names_in(folder: Path) -> set[str]:
    """Return all names in a folder, hidden ones too, but not what fills a disk."""
    return set(os.listdir(folder)) - {_BALLAST}  # noqa: PTH208 - names are wanted, no paths
