"""Prints what the screen reader Orca says for each key pressed in our window.

For example ``python -m tools.spoken ctrl+2 Tab 2``; a word after "=" is typed letter by letter ("=census"). The window
shows the demonstration, or the assessment that ``--file`` names. Needs Debian's orca and speech-dispatcher, besides
what ``make check`` installs.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from capacity_app.services.session.demonstration import create_demonstration
from tests.journeys.screen import Screen, virtual_screen
from tests.journeys.screen_reader import DEBIAN_PYTHON, accessibility_bus

_SAID = re.compile(r"^(\d\d:\d\d:\d\d\.\d+) - SPEECH OUTPUT: '(.*)'\{", re.MULTILINE)
_ORCA_STARTS_S, _WINDOW_OPENS_S, _SPEAKS_S = 8.0, 6.0, 1.2


def _press_all(screen: Screen, keys: list[str]) -> list[tuple[str, str]]:
    """Press keys one after the other; return the time of day of each."""
    pressed = [("opened", "00:00:00")]
    for key in keys:
        pressed.append((key, f"{datetime.now():%H:%M:%S.%f}"))  # noqa: DTZ005 - Orca writes the local time of day
        if key.startswith("="):
            screen.write(key[1:])
        else:
            screen.press(key)
        time.sleep(_SPEAKS_S)
    return pressed


def spoken(screen: Screen, file: Path, keys: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what is said when the window opens, then each key with what is said after it."""
    log = screen.home / "orca.log"
    command: list[str | Path] = [DEBIAN_PYTHON, "/usr/bin/orca", f"--debug-file={log}", "--disable=braille"]
    with subprocess.Popen(command, env=screen.environment) as orca:
        time.sleep(_ORCA_STARTS_S)
        screen.start(str(file))
        time.sleep(_WINDOW_OPENS_S)
        pressed = _press_all(screen, keys)
        orca.terminate()  # only now the log is written to its end
    said = _SAID.findall(log.read_text("utf-8", "replace"))
    for (key, start), (_, end) in pairwise([*pressed, ("", "99")]):
        yield key, [text for at, text in said if start <= at < end]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path)
    parser.add_argument("keys", nargs="*")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.file or Path(folder) / "velmora.assessment"
        if chosen.file is None:
            create_demonstration(file, device="spoken")
        with virtual_screen(Path(folder) / "home", "1366x768") as screen, accessibility_bus(screen):
            for key, said in spoken(screen, file, chosen.keys):
                print(f"[{key}]", " | ".join(said), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
