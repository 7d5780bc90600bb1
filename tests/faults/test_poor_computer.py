"""A computer short of files, memory, a home or a place for temporary files: it works, or says in a sentence why not."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.builders import file_of, open_session
from tests.faults.sentences import is_plain
from tests.services.exchange.making import workbook

pytestmark = pytest.mark.long
DONE, PROBLEMS = 0, 1
OK = {DONE, PROBLEMS}


def some(*cases: Any, at_least: int = 2) -> tuple[Any, ...]:
    """Return the first cases, or all in the long run."""
    return cases if os.environ.get("CAPACITY_TORTURE") else cases[:at_least]


def run(
    *arguments: str | Path,
    set_up: Callable[[], None] | None = None,
    more: Mapping[str, str | None] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run our command line, with limits set up and with an environment changed (None takes a variable away)."""
    own = {"LANGUAGE": "en", "PYTHONPATH": str(Path(__file__).parents[2])}
    environment: dict[str, str | None] = {**os.environ, **own, **(more or {})}
    return subprocess.run(
        (sys.executable, "-m", "capacity_app", *map(str, arguments)),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=set_up,
        env={name: value for name, value in environment.items() if value is not None},
        cwd=cwd,
    )


def expect_said(done: subprocess.CompletedProcess[str]) -> None:
    """Expect a sentence and the exit code of a problem, and nothing of our insides."""
    assert done.returncode == PROBLEMS, (done.stdout, done.stderr)
    (sentence,) = done.stderr.strip().splitlines()
    assert is_plain(sentence), sentence


def expect_no_insides(done: subprocess.CompletedProcess[str]) -> None:
    assert "Traceback" not in done.stderr + done.stdout
    assert "made a mistake" not in done.stderr + done.stdout, done.stderr


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a small assessment in a folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    return file_of(folder)


@pytest.mark.parametrize("spare", some(1, 3, 0, 2, 5))
def test_an_export_with_hardly_any_file_to_open_is_done_or_says_so(file: Path, tmp_path: Path, spare: int) -> None:
    out = tmp_path / "out.json"
    out.write_bytes(b"old")
    script = (
        "import os, resource, sys\n"
        "from capacity_app.cli.commands import main\n"
        "import sqlite_utils, capacity_app.services.exports\n"
        "import cryptography.hazmat.primitives.serialization\n"
        "first = os.dup(0)\n"
        f"resource.setrlimit(resource.RLIMIT_NOFILE, (first + {spare}, first + {spare}))\n"
        "os.close(first)\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", script, "export", str(file), str(out)), check=False, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr
    if done.returncode == DONE:
        assert out.read_bytes().startswith(b"{")
        return
    expect_said(done)
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("megabytes", some(6, 13, 2, 9, 20))
def test_a_command_without_memory_says_so(file: Path, tmp_path: Path, megabytes: int) -> None:
    out = tmp_path / "out.json"
    out.write_bytes(b"old")
    script = (
        "import resource, sys\n"
        "from capacity_app.cli.commands import main\n"
        "now = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        f"most = now + {megabytes} * 1024 * 1024\n"
        "resource.setrlimit(resource.RLIMIT_AS, (most, most))\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    done = subprocess.run(
        (sys.executable, "-c", script, "export", str(file), str(out)), check=False, capture_output=True, text=True
    )
    assert "Traceback" not in done.stderr, done.stderr
    if done.returncode == DONE:
        assert out.read_bytes().startswith(b"{")
        return
    expect_said(done)
    assert out.read_bytes() == b"old"


@pytest.mark.parametrize("temporary", ["/nowhere/at/all", "full"])
def test_without_a_place_for_temporary_files_a_returned_file_is_taken_in_or_the_reason_is_said(
    file: Path, tmp_path: Path, temporary: str
) -> None:
    back = tmp_path / "back.xlsx"
    back.write_bytes(workbook())
    before = file.read_bytes()
    set_up = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))) if temporary == "full" else None
    more = {} if temporary == "full" else dict.fromkeys(("TMPDIR", "TEMP", "TMP"), temporary)
    done = run("import", file, back, "--dry-run", set_up=set_up, more=more)
    expect_no_insides(done)
    assert done.returncode in OK
    if temporary == "full":
        expect_said(done)
    assert file.read_bytes() == before


@pytest.mark.parametrize("suffix", some(".xlsx", ".docx", ".json"))
def test_a_file_is_made_without_a_place_for_temporary_files(file: Path, tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out{suffix}"
    command = "report" if suffix == ".docx" else "export"
    more = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), "/nowhere/at/all")
    done = run(command, file, out, more=more, cwd=tmp_path)
    expect_no_insides(done)
    assert done.returncode == DONE, done.stderr
    assert out.stat().st_size > 0


NOWHERE = dict.fromkeys(
    ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "HOME"), "/proc/nowhere"
)
"""Even whoever may do everything can make no folder there."""
NO_HOME: Mapping[str, str | None] = {"HOME": None}
HOMES = pytest.mark.parametrize("home", some(NOWHERE, NO_HOME, at_least=1))


@HOMES
@pytest.mark.parametrize(
    "arguments", some(("score",), ("check",), ("export", "out.json"), ("history", "i.law"), ("find", "plan"))
)
def test_commands_work_without_a_home(
    file: Path, home: Mapping[str, str | None], arguments: Sequence[str], tmp_path: Path
) -> None:
    command, *rest = arguments
    done = run(command, file, *rest, more=home, cwd=tmp_path)
    expect_no_insides(done)
    assert done.returncode in OK
    assert done.stdout


@HOMES
def test_answers_are_saved_without_a_home(file: Path, tmp_path: Path, home: Mapping[str, str | None]) -> None:
    dossier = tmp_path / "said.json"
    assert run("export", file, dossier).returncode == DONE
    dossier.write_text(dossier.read_text().replace("The plan has expired.", "The plan was renewed."))
    done = run("import", file, dossier, more=home)
    expect_no_insides(done)
    with open_session(file, read_only=True) as session:
        assert any("The plan was renewed." in answer.content.reason for answer in session.dossier().answers), (
            done.stdout
        )


WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from capacity_app.ui import application as app
from capacity_app.domain.assessment.answers import Address, AnswerKey, Content, AnswerState

def work():
    window = next(w for w in QApplication.topLevelWidgets() if w.objectName() == "main_window")
    desk = window.workspace
    print("banners", *window.banners.sentences(), *desk.banners.sentences(), sep="|")
    key = AnswerKey(Address("ii.staff"), respondent="agency-nso")
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=41))

    def leave():
        print("state", desk.state.text(), sep="|")
        window.close()
        QTimer.singleShot(1500, close_all_the_same)

    def close_all_the_same():
        if window.isVisible():
            print("held", *desk.banners.sentences(), sep="|")
            buttons = desk.banners.findChildren(QPushButton)
            next(button for button in buttons if button.text() == "Close all the same").click()

    QTimer.singleShot(1500, leave)

original = app.WindowHolder.__init__
def started(self, *arguments):
    original(self, *arguments)
    QTimer.singleShot(2500, work)
app.WindowHolder.__init__ = started
sys.exit(app.run(Path(sys.argv[1])))
"""


@HOMES
def test_the_window_works_without_a_home_and_says_what_is_missing_once(
    file: Path, home: Mapping[str, str | None]
) -> None:
    environment: dict[str, str | None] = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **home}
    done = subprocess.run(
        (sys.executable, "-c", WINDOW, str(file)),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={name: value for name, value in environment.items() if value is not None},
    )
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    said = {line.partition("|")[0]: line.partition("|")[2] for line in done.stdout.splitlines()}
    assert said["state"].startswith("Saved "), done.stdout
    with open_session(file, read_only=True) as session:
        assert any(answer.content.value == 41 for answer in session.dossier().answers)
    if home is NOWHERE:
        sentences = [one for one in f"{said['banners']}|{said.get('held', '')}".split("|") if one]
        assert len(sentences) == len(set(sentences)) > 0, done.stdout
        assert all(is_plain(one) for one in sentences), sentences


def test_a_temporary_folder_that_is_gone_does_not_keep_a_document_from_being_refused_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    script = (
        "import sys, shutil, tempfile\n"
        "from pathlib import Path\n"
        "from capacity_app.domain.problems import KnownError\n"
        "from capacity_app.services.session.opened_documents import OpenedDocuments\n"
        "from tests.builders import file_of, open_session\n"
        "file = file_of(Path(sys.argv[1]))\n"
        "paper = file.with_name('act.txt'); paper.write_text('An act.')\n"
        "with open_session(file) as session:\n"
        "    entry = session.attach(paper).after\n"
        "    tempfile.tempdir = sys.argv[2]\n"
        "    try:\n"
        "        OpenedDocuments(session).copy_of(entry)\n"
        "    except KnownError as error:\n"
        "        print(error.text())\n"
    )
    shutil.rmtree(folder)
    done = subprocess.run(
        (sys.executable, "-c", script, str(tmp_path), str(folder)), check=False, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert is_plain(done.stdout.strip()), done.stdout
