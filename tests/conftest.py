"""What holds for every test: no thread is left behind, and nobody's own settings are read or written."""

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings

from capacity_app.files.lock_file import LockFile, LockIsHeldError
from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import DEVICE

# Windows of tests need no screen; whoever wants to see them sets another platform.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Laws are tried on a few examples in every run, and on hypothesis' usual hundred by `make torture`.
settings.register_profile("capacity", deadline=None, max_examples=100 if os.environ.get("CAPACITY_TORTURE") else 30)
settings.load_profile("capacity")

_GRACE_SECONDS = 2.0
_PROMISE = "promise"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let golden files be written anew: look at the difference before you commit it."""
    parser.addoption("--update", action="store_true", help="write the expected files of golden tests anew")


Promise = Callable[[str, str], None]


@pytest.fixture
def promise(record_property: Callable[[str, object], None]) -> Promise:
    """Return what notes a figure under a promise of the program; all are printed at the end of the run."""
    return lambda name, figure: record_property(_PROMISE, f"{name}: {figure}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Note the figure of a law that held: ``@pytest.mark.promise(name, figure)``, as hypothesis takes no fixture."""
    result = yield
    item.user_properties += [(_PROMISE, ": ".join(mark.args)) for mark in item.iter_markers(_PROMISE)]
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures for each promise."""
    kept = terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", [])
    lines = sorted(str(text) for report in kept for name, text in report.user_properties if name == _PROMISE)
    if lines:
        terminalreporter.section("what was promised, and what was seen")
        for line in lines:
            terminalreporter.line(line)


Once = Callable[[str, Callable[[], bytes]], Path]


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Return what writes a file that takes long once for all processes of a run; nobody may change it."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def once(name: str, make: Callable[[], bytes]) -> Path:
        file = folder / name
        lock = LockFile(folder / f"{name}.lock")
        while not file.exists():
            with suppress(LockIsHeldError):
                lock.acquire()
                try:
                    if not file.exists():
                        half = file.with_suffix(".half")
                        half.write_bytes(make())
                        half.rename(file)
                finally:
                    lock.release()
            time.sleep(0.05)
        return file

    return once


@pytest.fixture(scope="session")
def demonstration_file(made_once: Once) -> Path:
    """The assessment of the demonstration; whoever works on it makes a copy."""

    def create() -> bytes:
        with TemporaryDirectory() as folder:
            file = Path(folder) / "demonstration.assessment"
            create_demonstration(file, device=DEVICE)
            return file.read_bytes()

    return made_once("demonstration.assessment", create)


_FOLDERS = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "APPDATA", "LOCALAPPDATA")


@contextmanager
def _other_folders(home: Path) -> Iterator[None]:
    """Keep the device id, settings, backups and logs of whoever runs the tests out of them."""
    with pytest.MonkeyPatch.context() as environment:
        for name in _FOLDERS:
            environment.setenv(name, str(home / name.lower()))
        yield


@pytest.fixture(scope="session", autouse=True)
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Path]]:
    """Yield folders nobody has used, which are made by whoever writes there; what lasts for all tests has the first."""
    folder = tmp_path_factory.mktemp("homes")
    homes = (folder / str(number) for number in count())
    with _other_folders(next(homes)):
        yield homes


@pytest.fixture(scope="module", autouse=True)
def _folders_of_a_module(_homes: Iterator[Path]) -> Iterator[None]:
    with _other_folders(next(_homes)):
        yield


@pytest.fixture(autouse=True)
def _own_folders(_homes: Iterator[Path]) -> Iterator[None]:
    with _other_folders(next(_homes)):
        yield


@pytest.fixture(autouse=True)
def _no_thread_left_behind() -> Iterator[None]:
    """Fail a test that ends with a thread it started still running, such as the writer of an unclosed session."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    left: set[threading.Thread] = set()
    while time.monotonic() < deadline:
        left = {thread for thread in threading.enumerate() if thread.is_alive()} - before
        if not left:
            return
        time.sleep(0.01)
    names = ", ".join(sorted(thread.name for thread in left))
    pytest.fail(f"threads left running: {names}")
