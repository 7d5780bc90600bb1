"""What a killed program had begun to write under a hidden name, removed by whoever writes there next."""

import time
from contextlib import suppress
from pathlib import Path

_FORGOTTEN_SECONDS = 3_600
"""When what was begun is surely not being written any more; on a shared drive others may be writing at this moment."""


def sweep(folder: Path, pattern: str) -> None:
    """Remove what fits a pattern and has been left alone for an hour."""
    with suppress(OSError):
        for left in folder.glob(pattern):
            with suppress(OSError):
                if abs(time.time() - left.stat().st_mtime) > _FORGOTTEN_SECONDS:
                    left.unlink()
