"""A real screen without a monitor: Xvfb with a window manager, our program on it, and a keyboard (xdotool)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 60.0
_DELAY_MS = 6
_BATCH = 60
"""Keys that are sent at once."""


def wait_for(ready: Callable[[], object], what: str) -> None:
    """Wait until something is so; ``what`` is said if it never is."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


@dataclass
class Screen:
    """One display. ``home`` keeps settings, logs and files of the person at it."""

    display: str
    home: Path
    programs: list[subprocess.Popen[bytes]] = field(default_factory=list)
    more_environment: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What a program on this screen finds around it."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "PYTHONPATH") if name in os.environ}
        homes = {f"XDG_{kind}_HOME": str(self.home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
        ours = {"HOME": str(self.home), "DISPLAY": self.display, "QT_QPA_PLATFORM": "xcb"}
        return {**kept, **homes, **ours, **self.more_environment}

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start our program and wait until its window has the keyboard."""
        command = [sys.executable, "-m", "capacity_app", *arguments]
        with (self.home / "window.log").open("ab") as log:
            program = subprocess.Popen(command, env=self.environment, stderr=log)
        self.programs.append(program)
        wait_for(lambda: program.poll() is not None or self.title(), "no window came up")
        assert program.poll() is None, (self.home / "window.log").read_text()
        return program

    def title(self) -> str:
        """Return the title of the window that has the keyboard, empty if none has."""
        asked = self.xdotool("getactivewindow", "getwindowname", check=False)
        return asked.strip()

    def until_title(self, part: str) -> None:
        """Wait until the window in front names something."""
        wait_for(lambda: part in self.title(), f"no window names {part}, but “{self.title()}”")

    def xdotool(self, *arguments: str, check: bool = True, commands: str | None = None) -> str:
        """Run xdotool, with commands from its input if there are any."""
        done = subprocess.run(
            ["xdotool", *arguments],  # noqa: S607 - found on the path, as a person would
            env=self.environment,
            input=commands,
            capture_output=True,
            text=True,
            check=check,
        )
        return done.stdout

    def press(self, *keys: str) -> None:
        """Press keys by their X names ("ctrl+j", "Return", "2")."""
        if keys:
            self.xdotool("key", "--delay", str(_DELAY_MS), *keys)

    def write(self, text: str) -> None:
        """Type a text."""
        self.xdotool("type", "--delay", str(_DELAY_MS), text)

    def play(self, acts: Iterable[str]) -> None:
        """Carry out "key NAME" and "type TEXT" lines, some at a time."""
        batch: list[str] = []
        for act in acts:
            kind, _, what = act.partition(" ")
            batch.append(f"{kind} --delay {_DELAY_MS} {what}")
            if len(batch) == _BATCH:
                self.xdotool("-", commands="\n".join(batch) + "\n")
                batch = []
        if batch:
            self.xdotool("-", commands="\n".join(batch) + "\n")

    def until_idle(self, program: subprocess.Popen[bytes]) -> None:
        """Wait until the program has no work in processes of its own: before that it asks when one quits."""
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        wait_for(lambda: not children.read_text(), "the program is still at work")
        time.sleep(0.5)

    def leave(self, program: subprocess.Popen[bytes]) -> None:
        """Quit as a person does, and wait until the program is gone."""
        self.press("ctrl+q")
        assert program.wait(PATIENCE) == 0
        assert "Traceback" not in (self.home / "window.log").read_text()


def _start_window_manager(screen: Screen) -> subprocess.Popen[bytes]:
    """Start openbox again while it ends at once: a server that has just come up sometimes refuses its first client."""
    for _ in range(5):
        desktop = subprocess.Popen(["openbox"], env=screen.environment, stderr=subprocess.DEVNULL)  # noqa: S607
        with suppress(subprocess.TimeoutExpired):
            desktop.wait(timeout=1)
            continue
        return desktop
    raise AssertionError("no window manager came up")


@contextmanager
def virtual_screen(home: Path, size: str = "1440x900") -> Iterator[Screen]:
    """Yield a screen of its own for a while."""
    home.mkdir(parents=True, exist_ok=True)
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],  # noqa: S607
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    screen = Screen(f":{number}", home)
    try:
        desktop = _start_window_manager(screen)
        try:
            yield screen
        finally:
            for program in (*screen.programs, desktop):
                program.kill()
                program.wait()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
