"""A report that takes too long or too much ends itself with a sentence, and leaves everything as it was."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from capacity_app.services.child_process import limited_memory, limited_time
from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import DEVICE

pytestmark = pytest.mark.check

TOO_SHORT_S, TOO_SMALL_MB = "1.2", "60"
PATIENCE_S = 120


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the demonstration, whose pages take many seconds."""
    file = tmp_path_factory.mktemp("demo") / "d.assessment"
    create_demonstration(file, device=DEVICE)
    return file


def report(file: Path, out: Path, *options: str, temporary: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "capacity_app", "report", str(file), str(out), *options]
    variables = os.environ | {name: str(temporary) for name in ("TMPDIR", "TEMP", "TMP") if temporary}
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S, env=variables)


@pytest.mark.parametrize(
    ("option", "words"), [(("--time-limit", TOO_SHORT_S), "minutes"), (("--memory-limit", TOO_SMALL_MB), "60 MB")]
)
@pytest.mark.skipif(sys.platform == "win32", reason="memory is limited on POSIX only")
def test_a_report_beyond_its_limits_ends_with_a_sentence_and_the_old_file(
    tmp_path: Path, demonstration: Path, option: tuple[str, str], words: str
) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"of last week")
    done = report(demonstration, out, *option)
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert "Leave out parts" in done.stderr
    assert done.stderr.count("\n") == 1
    assert out.read_bytes() == b"of last week"
    assert [left.name for left in tmp_path.iterdir()] == ["report.pdf"]


def test_nothing_stays_in_the_folder_for_temporary_files(tmp_path: Path, demonstration: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    out = tmp_path / "report.pdf"
    assert report(demonstration, out, "--time-limit", TOO_SHORT_S, temporary=temporary).returncode == 1
    assert report(demonstration, out, "--profile", "brief", temporary=temporary).returncode == 0
    assert not list(temporary.iterdir())


def test_a_form_beyond_its_time_ends_with_a_sentence_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "capacity_app", "blank", str(tmp_path / "form.pdf"), "--time-limit", TOO_SHORT_S]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 1
    assert "Choose fewer parts" in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_window_reads_the_sentence_as_a_line_of_json(tmp_path: Path, demonstration: Path) -> None:
    done = report(demonstration, tmp_path / "report.pdf", "--time-limit", TOO_SHORT_S, "--progress")
    assert done.returncode == 1
    messages = [json.loads(line) for line in done.stdout.splitlines()]
    assert "was stopped" in messages[-1]["error"]
    assert not list(tmp_path.iterdir())


def test_what_is_half_written_is_removed_when_time_is_up(tmp_path: Path) -> None:
    script = (
        "import sys, time, pathlib\n"
        "from capacity_app.files import atomic\n"
        "from capacity_app.services.child_process import limited_time\n"
        "out = pathlib.Path(sys.argv[1])\n"
        "with limited_time(0.3, lambda: atomic.remove_own_temporary(out)):\n"
        "    atomic.write_atomically(out, b'x' * 99, verify=lambda _content: time.sleep(60))\n"
    )
    (tmp_path / ".out.pdf.capacity-app-1-of-another-process").touch()
    done = subprocess.run([sys.executable, "-c", script, tmp_path / "out.pdf"], check=False, timeout=PATIENCE_S)
    assert done.returncode == 1
    assert [left.name for left in tmp_path.iterdir()] == [".out.pdf.capacity-app-1-of-another-process"]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse later")
def test_far_too_much_at_once_is_refused_and_can_be_told() -> None:
    script = (
        "from capacity_app.services.child_process import limited_memory\n"
        "with limited_memory(200, lambda: None):\n"
        "    try:\n        bytearray(2_000_000_000)\n"
        "    except MemoryError:\n        print('refused')\n"
        "bytearray(600_000_000)\n"
        "print('free again')\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\nfree again\n"


def test_no_limit_and_work_within_the_limits_end_nothing() -> None:
    said: list[str] = []
    with limited_time(0, lambda: said.append("time")), limited_memory(0, lambda: said.append("memory")):
        pass
    with limited_time(900, lambda: said.append("time")), limited_memory(100_000, lambda: said.append("memory")):
        pass
    assert said == []
