"""A computer without Pango: every PDF is refused in one sentence before any work, and other files are made."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.builders import file_of

pytestmark = pytest.mark.check

_WITHOUT = """
import cffi

def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library {name!r}")

cffi.FFI.dlopen = dlopen
from capacity_app.__main__ import main
main()
"""


def without_pango(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _WITHOUT, *command], capture_output=True, text=True, check=False, cwd=folder
    )


def test_every_pdf_is_refused_in_one_sentence_and_nothing_is_changed(tmp_path: Path) -> None:
    name = file_of(tmp_path).name
    (tmp_path / "passphrase.txt").write_text("correct horse battery staple 77\n", "utf-8")
    assert without_pango(tmp_path, "aggregate", ".", "-o", "world.sqlite", "--workers", "0").returncode == 0
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    for command in (
        ("report", name, "out.pdf"),
        ("blank", "out.pdf"),
        ("synthesis", "world.sqlite", "out.pdf"),
        ("--passphrase-file", "passphrase.txt", "protect", name, "--recovery-sheet", "out.pdf"),
    ):
        done = without_pango(tmp_path, *command)
        assert done.returncode == 1, command
        assert done.stdout == ""
        assert done.stderr.startswith("No PDF can be made on this computer: Pango"), command
        assert done.stderr.count("\n") == 1
        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_other_reports_are_made(tmp_path: Path) -> None:
    name = file_of(tmp_path).name
    for kind in ("docx", "xlsx", "html"):
        assert without_pango(tmp_path, "report", name, f"out.{kind}").returncode == 0
        assert (tmp_path / f"out.{kind}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a library is searched for in folders, by no process")
def test_loading_the_libraries_for_pdf_starts_no_process() -> None:
    code = """
import sys

started = []
sys.addaudithook(lambda event, said: started.append(said) if event in {"subprocess.Popen", "os.system"} else None)
from capacity_app.outputs.pdf.rendering import load_weasyprint

load_weasyprint()
assert not started, started
"""
    subprocess.run([sys.executable, "-c", code], check=True)
