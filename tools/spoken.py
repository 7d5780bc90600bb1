"""Prints what the screen reader Orca says for each key pressed in our window.

For example ``python -m tools.spoken ctrl+2 Tab 2``; a word after "=" is typed letter by letter ("=census"). The window
shows the demonstration, the assessment that ``--file`` names, or the start page after ``--start``. Needs Debian's orca
and speech-dispatcher, besides what ``make check`` installs.
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
_ANNOUNCED = """from orca import speech
from orca.scripts import default

def announce(self, event):
    self.presentMessage(event.any_data)

def listeners(self, known=default.Script.getListeners):
    return {**known(self), "object:announcement": self.onAnnouncement}

speech._initSpeechServer = lambda *_server: None
default.Script.onAnnouncement, default.Script.getListeners = announce, listeners
"""
"""Has Orca before version 45 say announcements, as later ones do, and speak without a loudspeaker."""
_QUIET_S, _LONGEST_S, _OPENS_S = 4.0, 40.0, 6.0
"""How long Orca has nothing to do once all is said, how long it is waited for, and how long a window opens."""


def _let_speak(orca: subprocess.Popen[bytes]) -> None:
    """Wait until Orca has worked off what the window told it, as its use of the processor shows."""
    used, since = "", time.monotonic()
    deadline = since + _LONGEST_S
    while time.monotonic() < min(since + _QUIET_S, deadline):
        time.sleep(0.1)
        now = " ".join(Path(f"/proc/{orca.pid}/stat").read_text("utf-8").split()[13:15])
        if now != used:
            used, since = now, time.monotonic()


def _press_all(screen: Screen, keys: list[str], orca: subprocess.Popen[bytes]) -> list[tuple[str, str]]:
    """Press keys one after the other, each when all is said; return the time of day of each."""
    pressed = [("opened", "00:00:00")]
    for key in keys:
        pressed.append((key, f"{datetime.now():%H:%M:%S.%f}"))  # noqa: DTZ005 - Orca writes the local time of day
        if key.startswith("="):
            screen.write(key[1:])
        else:
            screen.press(key)
        _let_speak(orca)
    return pressed


def spoken(screen: Screen, files: list[Path], keys: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what is said when the window opens, then each key with what is said after it."""
    log = screen.home / "orca.log"
    settings = screen.home / "data" / "orca"
    settings.mkdir(parents=True)
    (settings / "orca-customizations.py").write_text(_ANNOUNCED, "utf-8")
    command: list[str | Path] = [DEBIAN_PYTHON, "/usr/bin/orca", f"--debug-file={log}", "--disable=braille"]
    with subprocess.Popen(command, env=screen.environment) as orca:
        _let_speak(orca)
        screen.start(*map(str, files))
        time.sleep(_OPENS_S)
        _let_speak(orca)
        pressed = _press_all(screen, keys, orca)
        orca.terminate()  # only now the log is written to its end
        try:
            orca.wait(_LONGEST_S)
        except subprocess.TimeoutExpired:
            orca.kill()
    said = _SAID.findall(log.read_text("utf-8", "replace"))
    for (key, start), (_, end) in pairwise([*pressed, ("", "99")]):
        yield key, [text for at, text in said if start <= at < end]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--start", action="store_true")
    parser.add_argument("keys", nargs="*")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = chosen.file or Path(folder) / "velmora.assessment"
        if chosen.file is None:
            create_demonstration(file, device="spoken")
        with virtual_screen(Path(folder) / "home", "1366x768") as screen, accessibility_bus(screen):
            for key, said in spoken(screen, [] if chosen.start else [file], chosen.keys):
                print(f"[{key}]", " | ".join(said), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
