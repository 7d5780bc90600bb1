"""What a screen reader gets of our program: D-Bus and AT-SPI on a screen of their own, as on a desktop."""

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.journeys.screen import Screen, wait_for

DEBIAN_PYTHON = Path("/usr/bin/python3")
LAUNCHER = Path("/usr/libexec/at-spi-bus-launcher")
_OBJECTS = Path(__file__).with_name("accessible_objects.py")
_ANNOUNCED = Path(__file__).with_name("announcements.py")
_BUTTONS = frozenset({"push button", "check box", "radio button", "toggle button", "menu item", "link", "page tab"})
_FIELDS = frozenset({"text", "combo box", "spin button", "entry", "password text", "slider"})
_CELLS = frozenset({"table cell", "tree item", "list item"})
STOPS = _BUTTONS | _FIELDS | _CELLS | {"list", "tree", "table", "tree table"}
"""What the keyboard can be at."""


def is_installed() -> bool:
    """Return whether this machine has AT-SPI with its library for Python."""
    if not (DEBIAN_PYTHON.exists() and LAUNCHER.exists()):
        return False
    asked = [str(DEBIAN_PYTHON), "-c", "import gi; gi.require_version('Atspi', '2.0')"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


@dataclass(frozen=True)
class AccessibleObject:
    """One object of the window as a screen reader sees it; ``parents`` are role and name from the window down."""

    role: str
    name: str
    description: str
    text: str
    value: float | None
    states: tuple[str, ...]
    parents: tuple[str, ...]

    @property
    def is_control(self) -> bool:
        """Whether one presses it or types into it."""
        return self.role in _BUTTONS | _FIELDS

    @property
    def has_focus(self) -> bool:
        """Whether keys go to it; also true of what holds it, which no one hears."""
        return "FOCUSED" in self.states

    @property
    def is_cell(self) -> bool:
        return self.role in _CELLS

    @property
    def is_readable(self) -> bool:
        """Whether there is anything to say besides its kind."""
        return bool(self.name or self.description or self.text) or self.value is not None


@contextmanager
def accessibility_bus(screen: Screen) -> Iterator[None]:
    """Give a screen a session bus and the bus for screen readers; programs started meanwhile use them."""
    runtime = screen.home / "run"
    runtime.mkdir(mode=0o700)
    screen.more_environment |= {"XDG_RUNTIME_DIR": str(runtime), "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    session = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],  # noqa: S607 - Debian's
        env=screen.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert session.stdout is not None
    screen.more_environment["DBUS_SESSION_BUS_ADDRESS"] = session.stdout.readline().strip()
    launcher = subprocess.Popen(
        [LAUNCHER, "--launch-immediately"], env=screen.environment, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield
    finally:
        for program in screen.programs:
            program.kill()
            program.wait()
        session.kill()
        session.wait()
        os.killpg(launcher.pid, signal.SIGKILL)  # with the bus it has started
        launcher.wait()
        session.stdout.close()


def read_objects(screen: Screen) -> list[AccessibleObject]:
    """Return everything a screen reader finds in our windows now."""
    found: list[AccessibleObject] = []

    def read() -> bool:
        asked = subprocess.run(
            [DEBIAN_PYTHON, "-W", "ignore", _OBJECTS],
            env=screen.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        lines = (json.loads(line) for line in asked.stdout.splitlines())
        found[:] = [
            AccessibleObject(**{**line, "states": tuple(line["states"]), "parents": tuple(line["parents"])})
            for line in lines
        ]
        return bool(found)

    wait_for(read, "no program is on the bus for screen readers")
    return found


@contextmanager
def announcements(screen: Screen) -> Iterator[Callable[[], list[str]]]:
    """Yield what returns everything our programs have had announced since."""
    log = screen.home / "announced.jsonl"
    with log.open("wb") as written:
        listening = subprocess.Popen(
            [DEBIAN_PYTHON, "-W", "ignore", _ANNOUNCED], env=screen.environment, stdout=written
        )
    wait_for(log.read_text, "nothing listens to announcements")
    try:
        yield lambda: [json.loads(line) for line in log.read_text().splitlines()[1:]]
    finally:
        listening.kill()
        listening.wait()
