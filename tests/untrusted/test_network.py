"""Nobody is called: neither by the commands nor by the window, whatever is done with them; and no module could."""

import ast
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import export_assessment
from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import DEVICE, file_of, open_session, small_dossier
from tests.conftest import Promise
from tests.libraries import answered_first, lay_out_versions
from tests.outputs.workbook.editing import filled
from tests.untrusted import tracing
from tests.untrusted.tracing import calls_outside, opened, watch

NEEDS_STRACE = pytest.mark.skipif(bool(tracing.why_not()), reason=tracing.why_not())
IS_LONG = bool(os.environ.get("CAPACITY_TORTURE"))
OUR_PACKAGE = tracing.ROOT / "capacity_app"
PATIENCE = 600

# -- what modules may ask for --------------------------------------------------------------------------------------

NETWORK = re.compile(
    r"socket|socketserver|ssl|http|urllib\.request|urllib\.error|urllib3|requests|httpx|aiohttp|ftplib|smtplib|imaplib"
    r"|poplib|telnetlib|nntplib|xmlrpc|webbrowser|asyncio|distributed|dask|_socket|PySide6\.Qt(?:Network|WebEngine"
    r"|WebSockets|HttpServer|WebView)\w*"
)
ALLOWED: Mapping[str, frozenset[str]] = {
    "services/headquarters/dask_scheduler.py": frozenset(
        {"asyncio", "distributed"}
    ),  # --scheduler, for a cluster of one's own
}


def _asked_for(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Call) and _name(node.func) in {"import_module", "__import__"}:
            yield from (str(word.value) for word in node.args if isinstance(word, ast.Constant))


def _name(function: ast.expr) -> str:
    """Return the last name of what is called."""
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _of_network(tree: ast.AST) -> set[str]:
    """Return the modules of the network that are asked for, whichever part of them."""
    found = (NETWORK.match(f"{name}.") for name in _asked_for(tree))
    return {one[0] for one in found if one and one.string[one.end()] == "."}


@pytest.mark.check
def test_no_module_asks_for_the_network() -> None:
    found = {
        file.relative_to(OUR_PACKAGE).as_posix(): _of_network(ast.parse(file.read_text(encoding="utf-8")))
        for file in OUR_PACKAGE.rglob("*.py")
    }
    assert len(found) > 200
    assert {name: modules for name, modules in found.items() if modules} == ALLOWED


@pytest.mark.parametrize(
    "code",
    ["import socket", "import http.client", "from urllib import request", "from PySide6.QtNetwork import QTcpSocket",
     "def f():\n    import ssl", "import importlib\nimportlib.import_module('requests')", "from http.server import x"],
)  # fmt: skip
def test_a_module_that_asks_for_it_is_seen(code: str) -> None:
    assert _of_network(ast.parse(code))


@pytest.mark.parametrize("code", ["from urllib.parse import quote", "import httpd_names", "from . import socket"])
def test_a_module_that_does_not_is_not(code: str) -> None:
    assert not _of_network(ast.parse(code))


@pytest.mark.check
def test_the_scheduler_of_a_cluster_is_only_read_where_somebody_names_one() -> None:
    asked = "import sys, capacity_app.cli.commands, capacity_app.services.headquarters.aggregation"
    code = f"{asked}; print('distributed' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"


# -- what is called ------------------------------------------------------------------------------------------------

_CHILD = "import socket; socket.socket()"
CALLS = {
    "a server": "import socket; socket.create_connection(('127.0.0.1', 9), 1)",
    "a name": "import socket; socket.getaddrinfo('canary.invalid', 80)",
    "a datagram": "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).sendto(b'x', ('::1', 9))",
    "a child's server": f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_CHILD!r}])",
    "the system's table of networks": "import socket; socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)",
}


@pytest.mark.check
@NEEDS_STRACE
@pytest.mark.parametrize("name", CALLS)
def test_a_call_is_seen(name: str, tmp_path: Path) -> None:
    watch([sys.executable, "-c", CALLS[name]], tmp_path / "trace").communicate(timeout=PATIENCE)
    assert calls_outside(tmp_path / "trace")


@pytest.mark.check
@NEEDS_STRACE
def test_talk_between_processes_of_one_computer_is_none(tmp_path: Path) -> None:
    code = (
        "import socket; a, b = socket.socketpair(); a.send(b'x'); socket.socket(socket.AF_UNIX); socket.gethostname()"
    )
    watch([sys.executable, "-c", code], tmp_path / "trace").communicate(timeout=PATIENCE)
    assert calls_outside(tmp_path / "trace") == []
    assert "openat(" in opened(tmp_path / "trace")


# -- the commands --------------------------------------------------------------------------------------------------


def _files(folder: Path) -> None:
    """Lay out what the commands work on: two officers' copies, a file that came back, one under an old instrument."""
    lay_out_versions()
    file_of(folder).rename(folder / "ours.assessment")
    with open_session(folder / "ours.assessment") as session:
        session.save_copy(folder / "theirs.assessment")
        export_assessment(session, folder / "back.xlsx", Translator())
    filled(folder / "back.xlsx", {"i.plan": "2"}, sender=("Ministry of the Interior", "B. Clerk", "2018-12-03"))
    file_of(folder, replace(small_dossier(), id="", mission=replace(small_dossier().mission, round="2012"))).rename(
        folder / "earlier.assessment"
    )
    file_of(folder, answered_first()).rename(folder / "old.assessment")
    (folder / "many").mkdir()
    (folder / "many" / "one.assessment").write_bytes((folder / "ours.assessment").read_bytes())


COMMANDS = (
    "new new.assessment --country GEO --round 2030",
    "import ours.assessment back.xlsx --agency agency-moi",
    "score ours.assessment",
    "availability ours.assessment",
    "plan ours.assessment",
    "report ours.assessment report.pdf",
    "report ours.assessment report.docx",
    "report ours.assessment report.html",
    "report ours.assessment report.xlsx",
    "export ours.assessment all.json",
    "blank form.pdf --from ours.assessment",
    "merge ours.assessment theirs.assessment -o merged.assessment",
    "compare earlier.assessment ours.assessment -o comparison.html",
    "migrate old.assessment migrated.assessment",
    "check ours.assessment",
    "find ours.assessment law",
    "history ours.assessment i.law",
    "aggregate many -o repository.sqlite --workers 2",
    "synthesis repository.sqlite synthesis.pdf --minimum 1 --basis all",
    "synthesis repository.sqlite synthesis.xlsx --minimum 1 --basis all",
    "verify report.pdf ours.assessment",
    "verify report.html",
    "verify ours.assessment",
    "instrument list",
)
SHORT = ("new", "import", "score", "report.html", "merge", "migrate", "verify report.html")
"""What of them is done in an ordinary run."""


@NEEDS_STRACE
@pytest.mark.long
def test_no_command_calls_anybody(tmp_path: Path, promise: Promise) -> None:
    _files(tmp_path)
    done, made = 0, set[str]()
    for number, line in enumerate(COMMANDS):
        if not IS_LONG and not any(words in line for words in SHORT):
            continue
        trace = tmp_path / f"trace-{number}"
        words = [str(tmp_path / word) if _is_file(word) else word for word in line.split()]
        running = watch([sys.executable, "-m", "capacity_app", *words], trace)
        said = running.communicate(timeout=PATIENCE)[0].decode()
        assert "Traceback" not in said, said
        assert running.returncode in {0, 1}, f"{line}\n{said}"
        assert calls_outside(trace) == [], line
        assert str(tmp_path) in opened(trace) or line == "instrument list"
        done, made = done + 1, made | {word for word in words if Path(word).exists()}
    assert made
    missing = [word for line in COMMANDS for word in line.split() if IS_LONG and _is_missing(word, tmp_path)]
    assert missing == []
    promise("no network: a traced run makes no connection (command line)", f"{done} commands, 0 calls")


def _is_file(word: str) -> bool:
    return word == "many" or ("." in word and not word.startswith("i."))


def _is_missing(word: str, folder: Path) -> bool:
    return _is_file(word) and not (folder / word).exists()


# -- the window ----------------------------------------------------------------------------------------------------


@NEEDS_STRACE
@pytest.mark.long
@pytest.mark.skipif(not IS_LONG, reason="the whole window under strace takes a minute: in the long run")
def test_the_window_calls_nobody_wherever_one_goes(tmp_path: Path, promise: Promise) -> None:
    trace = tmp_path / "trace"
    running = watch(
        [sys.executable, "-m", "tests.untrusted.window_child", str(tmp_path)],
        trace,
        environment={"QT_QPA_PLATFORM": "offscreen"},
    )
    said = running.communicate(timeout=PATIENCE)[0].decode()
    assert running.returncode == 0, said[-3_000:]
    visited = re.findall(r"^visited (.*)$", said, re.MULTILINE)
    assert "is ready" in said
    assert {"questionnaire", "exchange-intake", "exchange-merge", "guide", "headquarters"} <= set(visited)
    assert "velmora.assessment" in opened(trace)
    assert calls_outside(trace) == []
    promise("no network: a traced run makes no connection (window)", f"{len(visited)} screens and a report, 0 calls")


@pytest.mark.check
@NEEDS_STRACE
def test_the_program_itself_starts_with_a_file_and_calls_nobody(tmp_path: Path) -> None:
    file, trace = tmp_path / "velmora.assessment", tmp_path / "trace"
    create_demonstration(file, device=DEVICE)
    running = watch(
        [sys.executable, "-m", "capacity_app", str(file)], trace, environment={"QT_QPA_PLATFORM": "offscreen"}
    )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and running.poll() is None and str(file) not in _read(trace):
        time.sleep(0.1)
    time.sleep(1.5)  # what a window does once it stands
    assert running.poll() is None, "the window is open"
    for pid in {int(found) for found in re.findall(r"^(\d+) ", _read(trace), re.MULTILINE)}:
        _end(pid)
    running.communicate(timeout=PATIENCE)
    assert str(file) in opened(trace)
    assert calls_outside(trace) == []


def _read(trace: Path) -> str:
    return trace.read_text(errors="replace") if trace.exists() else ""


def _end(pid: int) -> None:
    """End a process that the trace names, unless it has ended."""
    try:
        os.kill(pid, signal.SIGTERM)
    except ProcessLookupError:
        return
