"""Use the Debian package in a minimal Debian that has neither Python nor Qt nor Pango: `make linux-check`.

Only the installation has a network, for the few packages of every desktop. It needs the rights of an administrator, and
a mount namespace of its own, so that nothing stays mounted.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.installers import check_table
from tools.installers.check_table import (
    SOCKETS,
    assert_pdf_is_sound,
    fill_form,
    row,
    run,
    screen,
    wait_for,
    wait_for_window,
)

BUILD = Path(sys.argv[1]).resolve()
SUITE = sys.argv[2]
BASE, ROOT = BUILD / SUITE, BUILD / "chroot"
HOME = ROOT / "home/officer"
MIRROR = "http://deb.debian.org/debian"
FOREIGN = ("python3*", "libpython3*", "libQt*", "libpango*", "libharfbuzz*")


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


def window_answers() -> str:
    officer("capacity-app", "export", "window.assessment", "window.csv")
    return (HOME / "window.csv").read_text("utf-8")


def type_answer() -> None:
    """Open the window, answer a question with the keyboard, take a picture, and kill the program."""
    before = window_answers()
    with subprocess.Popen(in_debian("capacity-app", "window.assessment")) as program:
        try:
            wait_for_window("Velmora")
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
            assert_pdf_is_sound(HOME / f"{language}.pdf")
    for kind in ("docx", "xlsx", "html"):
        with row(f"report as .{kind}"):
            officer("capacity-app", "report", "a.assessment", f"a.{kind}")
    with row("blank form as workbook, filled in, imported"):
        officer("capacity-app", "new", "b.assessment", "--country", "GEO", "--round", "2023")
        officer("capacity-app", "register", "add", "b.assessment", "agencies", "Office")
        officer("capacity-app", "blank", "form.xlsx", "--from", "b.assessment")
        fill_form(HOME / "form.xlsx")
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
    with screen():
        prepare()
        use()
    check_table.end()


if __name__ == "__main__":
    main()
