"""Difficult places for files: a disk that is nearly full, and a user who may not do everything."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


def names_in(folder: Path) -> list[str]:
    """List what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def small_disk(kilobytes: int) -> Iterator[Path]:
    """Yield a folder on a disk of its own that is soon full; skips the test where none can be mounted."""
    with tempfile.TemporaryDirectory() as folder:
        mount = (shutil.which("mount") or "false", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", folder)
        if not sys.platform.startswith("linux") or subprocess.run(mount, check=False, capture_output=True).returncode:
            pytest.skip("a small disk can only be mounted by root on Linux")
        try:
            yield Path(folder)
        finally:
            subprocess.run((shutil.which("umount") or "false", folder), check=True)


@contextmanager
def folder_of_a_mortal() -> Iterator[Path]:
    """Yield a folder and rights that can be refused: root becomes nobody while it lasts."""
    if sys.platform == "win32":
        pytest.skip("rights are another matter on Windows")
    with tempfile.TemporaryDirectory() as folder:
        is_root = os.geteuid() == 0
        if is_root:
            os.chown(folder, NOBODY, NOBODY)
            os.seteuid(NOBODY)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)
