"""What the checks of installed programs share: the table, patience, a screen, and a form filled in by an agency."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook

SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers put them
PATIENCE = 120.0

_failures: list[str] = []


@contextmanager
def row(name: str) -> Iterator[None]:
    """Print a row of the table: whether what is inside worked, and how long it took."""
    start = time.monotonic()
    outcome = "works"
    try:
        yield
    except (AssertionError, OSError, StopIteration, subprocess.SubprocessError) as error:
        outcome = f"FAILED: {error} {getattr(error, 'stderr', None) or ''}".strip()
        _failures.append(name)
    print(f"{name:66} {time.monotonic() - start:6.1f} s  {outcome}", flush=True)


def end() -> None:
    """End with an exit code that says whether all rows worked."""
    sys.exit(f"{len(_failures)} rows failed." if _failures else 0)


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def wait_for(ready: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def wait_for_window(title: str) -> None:
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    wait_for(lambda: subprocess.run(search, capture_output=True, check=False).stdout, "no window came up")
    time.sleep(5)


@contextmanager
def screen() -> Iterator[None]:
    """Show windows on a screen of their own, with a window manager."""
    SOCKETS.mkdir(exist_ok=True)
    command = ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-ac"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
        with subprocess.Popen("/usr/bin/openbox") as manager:
            try:
                yield
            finally:
                manager.kill()
                server.kill()


def fill_form(file: Path) -> None:
    """Type two answers into the blank workbook, as an agency does."""
    form = load_workbook(file)
    sheet = next(sheet for sheet in form if sheet.title.startswith("V "))
    listed = {
        str(cells): str(rule.formula1) for rule in sheet.data_validations.dataValidation for cells in [rule.sqref]
    }
    for cell in ("D6", "D8"):
        names = next(formula for cells, formula in listed.items() if cell in cells.split())
        sheet[cell] = form["_lists"][names.rpartition(":")[2].replace("$", "")].value
    form.save(file)


def assert_pdf_is_sound(file: Path) -> None:
    """Expect tags, and no fonts but the program's own."""
    assert "Tagged:          yes" in run("pdfinfo", file)
    fonts = run("pdffonts", file).splitlines()[2:]
    assert fonts
    assert all("+Noto" in font for font in fonts), fonts
