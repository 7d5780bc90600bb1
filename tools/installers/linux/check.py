"""Use the Debian package in a minimal Debian that has neither Python nor Qt nor Pango: `make linux-check`.

Only the installation has a network, for the few packages of every desktop. It needs the rights of an administrator, and
a mount namespace of its own, so that nothing stays mounted.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from openpyxl import load_workbook

BUILD = Path(sys.argv[1]).resolve()
SUITE = sys.argv[2]
BASE, ROOT = BUILD / SUITE, BUILD / "chroot"
HOME = ROOT / "home/officer"
SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108 - where X servers put them
MIRROR = "http://deb.debian.org/debian"
FOREIGN = ("python3*", "libpython3*", "libQt*", "libpango*", "libharfbuzz*")
PATIENCE = 120.0

failures: list[str] = []


@contextmanager
def row(name: str) -> Iterator[None]:
    """Print a row of the table: whether what is inside worked, and how long it took."""
    start = time.monotonic()
    outcome = "works"
    try:
        yield
    except (AssertionError, OSError, StopIteration, subprocess.SubprocessError) as error:
        outcome = f"FAILED: {error} {getattr(error, 'stderr', None) or ''}".strip()
        failures.append(name)
    print(f"{name:62} {time.monotonic() - start:6.1f} s  {outcome}", flush=True)


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def in_debian(*command: str) -> list[str]:
    """Return the command as the officer of the minimal Debian gives it, without a network."""
    environment = ["HOME=/home/officer", "LANG=C.UTF-8", "PATH=/usr/bin:/bin", f"DISPLAY={os.environ['DISPLAY']}"]
    inside = ["chroot", "--userspec=officer", str(ROOT), "env", "-i", "-C", "/home/officer", *environment]
    return ["unshare", "--net", *inside, *command]


def officer(*command: str) -> str:
    return run(*in_debian(*command))


def foreign_files() -> list[Path]:
    found = [file for name in FOREIGN for file in (ROOT / "usr").rglob(name)]
    return [file for file in found if ROOT / "usr/lib/capacity-app" not in file.parents and "share" not in file.parts]


def wait_for(ready: Callable[[], object], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def prepare() -> None:
    """Make a fresh minimal Debian with one user, the X server's socket, and the package."""
    if not (BASE / "etc/debian_version").exists():
        run("debootstrap", "--variant=minbase", SUITE, BASE, MIRROR)
    shutil.rmtree(ROOT, ignore_errors=True)
    run("cp", "-a", BASE, ROOT)
    sockets = ROOT / SOCKETS.relative_to("/")
    sockets.mkdir(parents=True)
    run("mount", "--bind", SOCKETS, sockets)
    run("mount", "-t", "proc", "proc", ROOT / "proc")
    run("mount", "--rbind", "/dev", ROOT / "dev")
    run("chroot", ROOT, "useradd", "--create-home", "officer")
    shutil.copy(next(BUILD.glob("*.deb")), ROOT / "package.deb")


def fill_form() -> None:
    """Type two answers into the blank workbook, as an agency does."""
    form = load_workbook(HOME / "form.xlsx")
    sheet = next(sheet for sheet in form if sheet.title.startswith("V "))
    listed = {
        str(cells): str(rule.formula1) for rule in sheet.data_validations.dataValidation for cells in [rule.sqref]
    }
    for cell in ("D6", "D8"):
        names = next(formula for cells, formula in listed.items() if cell in cells.split())
        sheet[cell] = form["_lists"][names.rpartition(":")[2].replace("$", "")].value
    form.save(HOME / "form.xlsx")


def window_answers() -> str:
    officer("capacity-app", "export", "window.assessment", "window.csv")
    return (HOME / "window.csv").read_text("utf-8")


def type_answer() -> None:
    """Open the window, answer a question with the keyboard, take a picture, and kill the program."""
    before = window_answers()
    with subprocess.Popen(in_debian("capacity-app", "window.assessment")) as program:
        try:
            search = ["xdotool", "search", "--onlyvisible", "--name", "Velmora"]
            wait_for(lambda: subprocess.run(search, capture_output=True, check=False).stdout, "no window came up")
            time.sleep(5)
            run("xdotool", "key", "2")
            wait_for(lambda: window_answers() != before, "no answer was saved")
            run("import", "-window", "root", BUILD / "window.png")
        finally:
            program.kill()
    assert window_answers() != before


def use() -> None:
    """Do all that the table lists."""
    assert not foreign_files(), foreign_files()
    with row(f"install the package in a minimal Debian {SUITE}"):
        run("chroot", ROOT, "apt-get", "update")
        run("chroot", ROOT, "apt-get", "install", "-y", "--no-install-recommends", "/package.deb")
    with row("still no Python, Qt or Pango but the program's own"):
        assert not foreign_files(), foreign_files()
    with row("demonstration and scores"):
        officer("capacity-app", "demo", "a.assessment")
        assert "all " in officer("capacity-app", "score", "a.assessment")
    for language in ("en", "ar", "th"):
        with row(f"report as PDF ({language}): pages, tags, own fonts only"):
            officer("capacity-app", "report", "--language", language, "a.assessment", f"{language}.pdf")
            assert "Tagged:          yes" in run("pdfinfo", HOME / f"{language}.pdf")
            fonts = run("pdffonts", HOME / f"{language}.pdf").splitlines()[2:]
            assert fonts
            assert all("+Noto" in font for font in fonts), fonts
    for kind in ("docx", "xlsx", "html"):
        with row(f"report as .{kind}"):
            officer("capacity-app", "report", "a.assessment", f"a.{kind}")
    with row("blank form as workbook, filled in, imported"):
        officer("capacity-app", "new", "b.assessment", "--country", "GEO", "--round", "2023")
        officer("capacity-app", "register", "add", "b.assessment", "agencies", "Office")
        officer("capacity-app", "blank", "form.xlsx", "--from", "b.assessment")
        fill_form()
        said = officer("capacity-app", "import", "b.assessment", "form.xlsx", "--agency", "Office")
        assert "2 answers were imported" in said, said
    with row("window: open, type an answer, kill, answer is in the file"):
        officer("capacity-app", "demo", "window.assessment")
        type_answer()
    with row("uninstall: nothing is left but the person's files"):
        run("chroot", ROOT, "apt-get", "purge", "-y", "capacity-app")
        assert not (ROOT / "usr/lib/capacity-app").exists()
        assert (HOME / "a.assessment").exists()
    with row("archive: scores from a folder of the person"):
        run("tar", "-C", HOME, "-xf", next(BUILD.glob("*.tar.xz")))
        assert "all " in officer("./capacity-app/capacity-app", "score", "a.assessment")


def main() -> None:
    """Print the table; the screen is outside of the minimal Debian."""
    SOCKETS.mkdir(exist_ok=True)
    screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp", "-ac"]
    with subprocess.Popen(screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        assert server.stdout
        os.environ["DISPLAY"] = f":{server.stdout.readline().strip()}"
        with subprocess.Popen("/usr/bin/openbox") as manager:
            try:
                prepare()
                use()
            finally:
                manager.kill()
                server.kill()
    sys.exit(f"{len(failures)} rows failed." if failures else 0)


if __name__ == "__main__":
    main()
