"""Install and use the program under Wine, and print a table: `make windows-check`.

Wine is not Windows: its file system and its fonts are Linux's, and it does not show what Defender or AppLocker do. It
runs in a Debian of its own, since Wine 10 is needed. What Wine lacks stands in its own copy only, never in the program.
"""

import json
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
ROOT, SHARED = BUILD / "sid", BUILD / "wine"
PREFIX, HOME = SHARED / "prefix", SHARED / "officer"
PERSON = PREFIX / "drive_c/users/root"
PROGRAM = PERSON / "AppData/Local/Programs/capacity-app"
INSTALLED = r"C:\users\root\AppData\Local\Programs\capacity-app"
PROGRAM_CLI = rf"{INSTALLED}\capacity-app-cli.exe"
MIRROR = "http://deb.debian.org/debian"
MINGW = "x86_64-w64-mingw32-gcc"
ADMINISTRATOR_KEY = r"HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall\capacity-app"
# Libraries of Windows 10 in which Wine 10 lacks functions. Each says that there is nothing.
STUBS = {
    "icuuc": """
        ucnv_cbFromUWriteUChars ucnv_cbToUWriteUChars ucnv_close ucnv_countAvailable ucnv_fromUCountPending
        ucnv_fromUnicode UCNV_FROM_U_CALLBACK_SUBSTITUTE ucnv_getAvailableName ucnv_getFromUCallBack
        ucnv_getMaxCharSize ucnv_getName ucnv_getStandardName ucnv_getToUCallBack ucnv_open ucnv_reset
        ucnv_setFromUCallBack ucnv_setToUCallBack UCNV_TO_U_CALLBACK_SUBSTITUTE ucnv_toUCountPending ucnv_toUnicode""",
    "mscms": """
        CloseColorProfile GetColorProfileFromHandle OpenColorProfileW WcsCreateIccProfile
        ColorProfileGetDisplayDefault=-1 ColorProfileGetDisplayUserScope=-1""",
}
LONG = 260


def in_wine(*command: str, language: str = "en") -> list[str]:
    """Return a command as the officer gives it on Windows, in the folder of the assessments, without a network."""
    environment = [
        "HOME=/shared", "LANG=C.UTF-8", f"LANGUAGE={language}", "PATH=/usr/bin:/bin",
        "WINEPREFIX=/shared/prefix", "WINEDEBUG=-all",
        "WINEDLLOVERRIDES=winedbg.exe=d;mscoree=d;mshtml=d;mscms=n", f"DISPLAY={os.environ['DISPLAY']}",
    ]  # fmt: skip
    inside = ["chroot", str(ROOT), "env", "-i", "-C", "/shared/officer", *environment]
    return ["unshare", "--net", *inside, "timeout", str(check_table.PATIENCE), "wine", *command]


def attempt(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        in_wine(*command), check=False, capture_output=True, stdin=subprocess.DEVNULL, text=True, encoding="utf-8"
    )


def windows(*command: str) -> str:
    done = attempt(*command)
    assert not done.returncode, f"{' '.join(command)}: {done.returncode} {done.stderr}"
    return done.stdout


def officer(*command: str) -> str:
    return windows(PROGRAM_CLI, *command)


def refusal(*command: str) -> str:
    """Return the sentence with which a command is refused."""
    done = attempt(PROGRAM_CLI, *command)
    assert done.returncode in {1, 2}, f"not refused: {done.stdout}"
    assert "Traceback" not in done.stderr, done.stderr
    return done.stderr


def prepare() -> None:
    """Make a fresh Windows of Wine, in a Debian that is made once."""
    if not (ROOT / "usr/lib/x86_64-linux-gnu/wine").is_dir():
        shutil.rmtree(ROOT, ignore_errors=True)
        run("debootstrap", "--variant=minbase", "sid", ROOT, MIRROR)
        wine = ("apt-get", "-q", "-y", "--no-install-recommends", "install", "wine64", "wine")
        run("chroot", ROOT, "env", "DEBIAN_FRONTEND=noninteractive", *wine)
    shutil.rmtree(SHARED, ignore_errors=True)
    HOME.mkdir(parents=True)
    for place, source in (("shared", SHARED), (SOCKETS.relative_to("/"), SOCKETS)):
        (ROOT / place).mkdir(parents=True, exist_ok=True)
        run("mount", "--bind", source, ROOT / place)
    run("mount", "-t", "proc", "proc", ROOT / "proc")
    run("mount", "--rbind", "/dev", ROOT / "dev")
    windows("wineboot", "-i")
    for name, functions in STUBS.items():
        source = SHARED / f"{name}.c"
        pairs = [function.partition("=") for function in functions.split()]
        lines = [f"__declspec(dllexport) int {name}(void) {{ return {code or 0}; }}" for name, _, code in pairs]
        source.write_text("\n".join(lines), "ascii")
        run(MINGW, "-shared", "-s", "-o", PREFIX / f"drive_c/windows/system32/{name}.dll", source)
    shutil.copy(next(BUILD.glob("*-setup.exe")), HOME / "setup.exe")


def answers(file: str) -> str:
    officer("export", file, "answers.csv")
    return (HOME / "answers.csv").read_text("utf-8-sig")


def use_window() -> None:
    """Type an answer, see that nobody else may write, kill the program, and find the answer when it opens again."""
    officer("demo", "window.assessment")
    before = answers("window.assessment")
    with subprocess.Popen(in_wine(rf"{INSTALLED}\capacity-app.exe", "window.assessment")) as program:
        with row("window: open, type an answer, it is saved"):
            wait_for_window("Velmora")
            run("xdotool", "key", "2")
            wait_for(lambda: answers("window.assessment") != before, "no answer was saved")
            run("import", "-window", "root", BUILD / "window.png")
        with row("second opener is told who has the file"):
            said = refusal("register", "add", "window.assessment", "agencies", "Office")
            assert "open" in said, said
        with row("setup while the program is open changes nothing"):
            assert attempt("setup.exe", "/S").returncode
            assert (PROGRAM / "capacity-app-cli.exe").exists()
        windows("taskkill", "/F", "/IM", "capacity-app.exe")
        program.wait(check_table.PATIENCE)
    with row("killed: the answer is in the file, and the file can be written"):
        assert answers("window.assessment") != before
        officer("register", "add", "window.assessment", "agencies", "Office")


def report_and_import() -> None:
    """Install the program; write reports and read a form."""
    with row("install silently, without rights of an administrator"):
        windows("setup.exe", "/S")
        assert (PROGRAM / "capacity-app.exe").exists()
        assert list(PERSON.rglob("Capacity assessments.lnk"))
        assert "capacity-app.exe" in windows("reg", "query", r"HKCU\Software\Classes\capacity-app.assessment", "/s")
        assert attempt("reg", "query", ADMINISTRATOR_KEY).returncode
    with row("start of the command line"):
        assert "version" in officer("--version")
    with row("demonstration and scores"):
        officer("demo", "a.assessment")
        assert "all " in officer("score", "a.assessment")
    with row("scores in Georgian, to a file: UTF-8"):
        said = run(*in_wine(PROGRAM_CLI, "score", "a.assessment", language="ka"))
        assert any("ა" <= letter <= "ჰ" for letter in said), said
    for language in ("en", "ar", "th"):
        with row(f"report as PDF ({language}): pages, tags, own fonts only"):
            officer("report", "--language", language, "a.assessment", f"{language}.pdf")
            assert_pdf_is_sound(HOME / f"{language}.pdf")
    for kind in ("docx", "xlsx", "html"):
        with row(f"report as .{kind}"):
            officer("report", "a.assessment", f"a.{kind}")
    with row("report that needs too much memory: a sentence says so"):
        assert "60 MB" in refusal("report", "a.assessment", "large.pdf", "--memory-limit", "60")
        assert not list(HOME.glob("*large*"))
    with row("verify a signed PDF"):
        assert "en.pdf" in officer("verify", "en.pdf", "a.assessment")
    with row("blank form as workbook, filled in, imported"):
        officer("new", "b.assessment", "--country", "GEO", "--round", "2023")
        officer("register", "add", "b.assessment", "agencies", "Office")
        officer("blank", "form.xlsx", "--from", "b.assessment")
        fill_form(HOME / "form.xlsx")
        said = officer("import", "b.assessment", "form.xlsx", "--agency", "Office")
        assert "2 answers were imported" in said, said


def exchange() -> None:
    """Merge, aggregate, protect, back up, and use names and paths that Windows treats in its own way."""
    with row("merge two copies"):
        shutil.copy(HOME / "a.assessment", HOME / "other.assessment")
        officer("merge", "a.assessment", "other.assessment", "-o", "merged.assessment")
        assert answers("merged.assessment") == answers("a.assessment")
    with row("aggregate with two children, synthesis"):
        (HOME / "world").mkdir()
        for name in ("a.assessment", "b.assessment", "a.xlsx"):
            shutil.copy(HOME / name, HOME / "world")
        officer("aggregate", "world", "-o", "world.sqlite", "--workers", "2")
        officer("synthesis", "world.sqlite", "world.xlsx")
        officer("synthesis", "world.sqlite", "world.pdf")
    with row("protect with a passphrase, open, refuse without"):
        shutil.copy(HOME / "a.assessment", HOME / "protected.assessment")
        (HOME / "passphrase.txt").write_text("correct horse battery staple 77\n", "utf-8")
        officer("protect", "protected.assessment", "--new-passphrase-file", "passphrase.txt")
        assert "all " in officer("--passphrase-file", "passphrase.txt", "score", "protected.assessment")
        refusal("score", "protected.assessment")
    with row("backup and restore"):
        officer("backup", "make", "b.assessment")
        newest = str(json.loads(officer("backup", "list", "b.assessment", "--json"))["backups"][0]["number"])
        before = answers("b.assessment")
        officer("register", "add", "b.assessment", "agencies", "Another")
        officer("backup", "restore", "b.assessment", newest)
        assert "Another" not in officer("register", "list", "b.assessment", "agencies")
        assert answers("b.assessment") == before
    with row("folder and file with spaces and four scripts"):
        folder = HOME / "Ünï cödé ქართული مهمة"
        folder.mkdir()
        name = f"{folder.name}\\Länder Übersicht 第1.assessment"
        officer("demo", name)
        officer("report", name, f"{name}.pdf")
        assert {file.suffix for file in folder.iterdir()} == {".assessment", ".pdf"}
    with row(f"path of more than {LONG} characters: works, or a sentence says why"):
        name = "\\".join(["x" * 60] * 4 + ["long.assessment"])
        (HOME / name.replace("\\", "/")).parent.mkdir(parents=True)
        done = attempt(PROGRAM_CLI, "demo", name)
        assert not done.returncode or "characters long" in done.stderr, done.stderr


def leave() -> None:
    """Uninstall the program, and use the archive instead."""
    with row("uninstall: nothing is left but the person's files"):
        windows(rf"{INSTALLED}\uninstall.exe", "/S")
        wait_for(lambda: not PROGRAM.exists(), "the folder is still there")
        assert not list(PERSON.rglob("Capacity assessments.lnk"))
        assert (HOME / "a.assessment").exists()
    with row("archive: scores and PDF from a folder of the person"):
        run("unzip", "-q", next(BUILD.glob("*-windows.zip")), "-d", HOME / "on a stick")
        program = r"on a stick\capacity-app\capacity-app-cli.exe"
        assert "all " in windows(program, "score", "a.assessment")
        windows(program, "report", "a.assessment", "stick.pdf")
        assert_pdf_is_sound(HOME / "stick.pdf")


def main() -> None:
    """Print the table; the screen is outside of Wine's Debian."""
    with screen():
        prepare()
        report_and_import()
        exchange()
        use_window()
        leave()
    check_table.end()


if __name__ == "__main__":
    main()
