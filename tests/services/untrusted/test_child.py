"""Reading in a child process: what it reads comes back whole, and whatever becomes of it, we live and say so."""

import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.untrusted import reading_process
from capacity_app.services.untrusted.reading_process import ReadCancelled, read_in_child
from capacity_app.services.untrusted.returned_file import read_returned_file
from tests.builders import small_dossier, small_instrument
from tests.untrusted.strangers import packed, sheet, tricks
from tests.untrusted.strangers import workbook as parts

NEEDS_PROC = pytest.mark.skipif(sys.platform != "linux", reason="finds child processes in /proc")


def _children() -> set[str]:
    file = Path(f"/proc/self/task/{os.getpid()}/children")
    return set(file.read_text().split()) if file.exists() else set()


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    file = tmp_path / "--from the ministry.xlsx"
    file.write_bytes(report_bytes(small_dossier(), ".xlsx", texts=Translator("en")))
    return file


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No folder and no child is left behind, whatever happened.

    Children of tests that ran before in this process, such as the fork server of multiprocessing, may stay.
    """
    folder = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    before = _children()
    yield
    assert _children() <= before
    assert list(folder.iterdir()) == []


class Hunter:
    """Watches for the children that read a file, and does something to the first ones."""

    def __init__(self, file: Path, does: Callable[[int], None], most: int) -> None:
        self.seen: dict[int, str] = {}
        self._file, self._does, self._most = str(file), does, most
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hunt)

    @contextmanager
    def hunting(self) -> Iterator["Hunter"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._over.set()
            self._thread.join()

    def _hunt(self) -> None:
        while not self._over.wait(0.002):
            for place in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
                for pid in map(int, place.read_text().split()):
                    self._look_at(pid)

    def _look_at(self, pid: int) -> None:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
        except OSError:
            return
        if pid not in self.seen and self._file in words:
            self.seen[pid] = words
            if len(self.seen) <= self._most:
                self._does(pid)


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def stop(pid: int) -> None:
    os.kill(pid, signal.SIGSTOP)


@pytest.mark.check
@pytest.mark.parametrize("ending", [".xlsx", ".docx"])
def test_what_a_child_reads_comes_back_whole(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"sent{ending}"
    file.write_bytes(report_bytes(small_dossier(), ending, texts=Translator("en")))
    here = read_returned_file(file.name, file.read_bytes(), lambda _: small_instrument())
    assert read_in_child(file, small_instrument()) == here


def test_what_is_refused_from_outside_costs_no_child(tmp_path: Path) -> None:
    trick = tricks(tmp_path)["a million rows from two cells"]
    file = tmp_path / trick.file
    file.write_bytes(trick.make())
    with Hunter(file, kill, 9).hunting() as hunter, pytest.raises(KnownError, match="reaches as far"):
        read_in_child(file, small_instrument())
    assert hunter.seen == {}


@pytest.mark.check
def test_the_sentence_of_a_child_is_ours_and_can_be_translated(tmp_path: Path) -> None:
    trick = tricks(tmp_path)["a workbook of somebody else"]
    file = tmp_path / "{braces}.xlsx"
    file.write_bytes(trick.make())
    with pytest.raises(KnownError) as refused:
        read_in_child(file, small_instrument())
    assert refused.value.text().startswith("“{braces}.xlsx” was not made by this program")
    assert refused.value.text(lambda message: f"¡{message}!").startswith("¡“{braces}.xlsx”")


@pytest.mark.check
@NEEDS_PROC
def test_a_child_that_dies_is_followed_by_a_careful_one(workbook: Path) -> None:
    with Hunter(workbook, kill, 1).hunting() as hunter:
        returned = read_in_child(workbook, small_instrument())
    assert len(returned.answers) > 10
    first, second = hunter.seen.values()
    assert "--careful" not in first
    assert "--careful" in second


@NEEDS_PROC
def test_a_file_whose_children_all_die_is_refused_with_a_sentence(workbook: Path) -> None:
    with Hunter(workbook, kill, 9).hunting() as hunter, pytest.raises(KnownError) as refused:
        read_in_child(workbook, small_instrument())
    assert len(hunter.seen) == 2
    assert workbook.name in refused.value.text()
    assert "save it again" in refused.value.text()


@pytest.mark.check
@NEEDS_PROC
def test_a_child_that_hangs_is_ended(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "_GRACE_SECONDS", 0)
    with Hunter(workbook, stop, 1).hunting(), pytest.raises(KnownError, match="took too long"):
        read_in_child(workbook, small_instrument(), seconds=1)


def test_who_does_not_want_to_wait_need_not(workbook: Path) -> None:
    asked = []

    def is_cancelled() -> bool:
        asked.append(time.monotonic())
        return len(asked) == 2

    with pytest.raises(ReadCancelled):
        read_in_child(workbook, small_instrument(), is_cancelled=is_cancelled)
    assert len(asked) == 2


@pytest.mark.check
def test_a_child_without_time_says_so(workbook: Path) -> None:
    with pytest.raises(KnownError, match="Reading was stopped"):
        read_in_child(workbook, small_instrument(), seconds=0.001)


@pytest.mark.check
@NEEDS_PROC
def test_a_child_without_memory_says_so(workbook: Path) -> None:
    lines = "".join(f'<row r="{row}">' + f'<c r="A{row}"><v>1</v></c>' * 20 + "</row>" for row in range(1, 9_000))
    workbook.write_bytes(packed(parts() | {"xl/worksheets/sheet2.xml": sheet(lines)}))
    with pytest.raises(KnownError, match="Reading needs more than 20 MB"):
        read_in_child(workbook, small_instrument(), megabytes=20)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"[]",
        b"{",
        b'{"error": 3}',
        b"\xff",
        b"[" * 100_000,
        b'{"done": true}',
        b'{"done": true, "content": 3}',
        b'{"done": true, "content": "a"}',
        b'{"done": true, "content": "e30="}',
    ],
)
def test_what_a_child_babbles_is_neither_complaint_nor_result(said: bytes) -> None:
    assert reading_process._returned_in(said) is None


@pytest.mark.parametrize("left", [b"", b"{}", b'{"medium": "workbook"}', b"[" * 100_000, b"\xff\xfe"])
def test_what_a_child_reads_is_a_returned_file_or_nothing(left: bytes) -> None:
    assert reading_process.decode_returned(left) is None


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such program")
def test_a_child_that_never_stops_talking_is_cut_short(workbook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_process, "MAX_WRITTEN_BYTES", 1_000)
    monkeypatch.setattr(reading_process, "own_command_line", lambda _arguments: ["yes"])
    with pytest.raises(KnownError, match="save it again"):
        read_in_child(workbook, small_instrument())
