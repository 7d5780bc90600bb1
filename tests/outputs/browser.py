"""A page in Chromium, driven through a pipe in the DevTools protocol: what a browser makes of it."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

AXE = Path(sys.prefix) / "web" / "node_modules" / "axe-core" / "axe.min.js"
_KEYS = {"Tab": 9}
_MOST_SECONDS = 600
"""A browser that hangs is ended after so long."""


class Browser:
    """One tab of a browser; pages are shown one after the other."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes]) -> None:
        self._commands, self._answers = commands, answers
        self._read, self._number, self._session = b"", 0, ""
        target = self._ask("Target.createTarget", url="verification:blank")["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._ask("Page.enable")

    def show(self, page: Path, *, width: int, scheme: str = "light", media: str = "screen") -> None:
        """Open a file in a window of some width, in the colour scheme "light" or "dark"."""
        self._ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=844, deviceScaleFactor=1, mobile=width < 600
        )
        wanted = [{"name": "prefers-color-scheme", "value": scheme}]
        self._ask("Emulation.setEmulatedMedia", media=media, features=wanted)
        self._ask("Page.navigate", until="Page.loadEventFired", url=page.as_uri())

    def run(self, script: str) -> Any:
        """Return what a script returns, or its promise keeps."""
        answer = self._ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        for kind in ("keyDown", "keyUp"):
            self._ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=_KEYS[key])

    def paper(self) -> bytes:
        """Return the page printed as a PDF."""
        self._ask("Emulation.setEmulatedMedia", media="")
        return base64.b64decode(self._ask("Page.printToPDF", preferCSSPageSize=True, printBackground=True)["data"])

    def _ask(self, method: str, until: str = "", **parameters: object) -> Any:
        """Send a command and return its answer, the latter once the event ``until`` has come."""
        self._number += 1
        command = {"id": self._number, "method": method, "params": parameters}
        session = {"sessionId": self._session} if self._session else {}
        self._commands.write(json.dumps(command | session).encode() + b"\0")
        answer, has_come = None, not until
        while answer is None or not has_come:
            said = self._next()
            answer = said if said.get("id") == self._number else answer
            has_come = has_come or said.get("method") == until
        assert "error" not in answer, (method, answer["error"])
        return answer["result"]

    def _next(self) -> Any:
        while b"\0" not in self._read:
            read = os.read(self._answers.fileno(), 1 << 20)
            assert read, "The browser has ended."
            self._read += read
        said, _, self._read = self._read.partition(b"\0")
        return json.loads(said)


@contextmanager
def browser(home: Path) -> Iterator[Browser]:
    """Start a browser without a window, its settings in an empty folder."""
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    command = (
        f"exec timeout {_MOST_SECONDS} chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage"
        f' --user-data-dir="$0" --remote-debugging-pipe 3<&{theirs_in} 4>&{theirs_out}'
    )
    pipes = (theirs_in, theirs_out)
    with (
        os.fdopen(ours_out, "wb", buffering=0) as commands,
        os.fdopen(ours_in, "rb", buffering=0) as answers,
        subprocess.Popen(
            ["bash", "-c", command, home],  # noqa: S607 - where it is installed
            pass_fds=pipes,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process,
    ):
        for one in pipes:
            os.close(one)
        try:
            yield Browser(commands, answers)
        finally:
            process.terminate()
