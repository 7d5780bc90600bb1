"""What a process that reads strangers' files is not let do, tried out in processes of their own."""

import errno
import subprocess
import sys
from pathlib import Path

import pytest

FORBIDDEN = {
    "the network": "import socket; socket.socket()",
    "a server": "import urllib.request; urllib.request.urlopen('http://203.0.113.7/')",
    "a program": "import subprocess; subprocess.run(['true'])",
    "a shell": "import os; os.system('true')",
    "another file": "open(outside, 'w')",
    "the end of another file": "open(outside, 'ab')",
    "another file by number": "import os; os.open(outside, os.O_WRONLY | os.O_CREAT)",
    "a file beside by its path": "open(inside + '/../outside', 'w')",
    "taking a file away": "import os; os.remove(__file__)",
    "moving a file": "import os; os.rename(__file__, outside)",
}
ALLOWED = {
    "its own folder": "open(inside + '/result', 'w').write('read')",
    "reading": "open(__file__).read()",
    "a library": "import openpyxl, decimal, lxml.etree",
}
FRAME = """
from pathlib import Path
from capacity_app.services.untrusted.reading_process import confined
inside, outside = {inside!r}, {outside!r}
{before}
with confined({folder}, 60):
    {code}
open(outside, "w").write("set aside")
"""


def run(
    place: Path, code: str, *, before: str = "", folder: str = "Path(inside)"
) -> "subprocess.CompletedProcess[str]":
    inside = place / "inside"
    inside.mkdir()
    script = place / "script.py"
    outside = str(place / "outside")
    script.write_text(FRAME.format(inside=str(inside), outside=outside, code=code, before=before, folder=folder))
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_it_is_refused(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, FORBIDDEN[name])
    assert "PermissionError" in done.stderr
    assert sorted(one.name for one in tmp_path.iterdir()) == ["inside", "script.py"]


@pytest.mark.parametrize("code", ["open(inside + '/result', 'w')", "open(inside + '/../outside', 'ab')"])
def test_without_a_folder_it_may_write_nowhere(tmp_path: Path, code: str) -> None:
    done = run(tmp_path, code, folder="None")
    assert "PermissionError" in done.stderr
    assert list(tmp_path.glob("inside/*")) == []
    assert not (tmp_path / "outside").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_without_a_folder_the_system_lets_nothing_be_written_that_python_does_not_see(tmp_path: Path) -> None:
    held = tmp_path / "held"
    code = "stream.write('said')\n    try:\n        stream.flush()\n    except OSError as error: print(error.errno)"
    done = run(tmp_path, code, before=f"stream = open({str(held)!r}, 'w')", folder="None")
    assert done.stdout.strip() == str(errno.EFBIG)
    assert (tmp_path / "outside").read_text() == "set aside"


@pytest.mark.parametrize("name", ALLOWED)
def test_it_is_let_do_its_work_and_freed_afterwards(tmp_path: Path, name: str) -> None:
    done = run(tmp_path, ALLOWED[name])
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "outside").read_text() == "set aside"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_the_system_ends_what_computes_or_writes_without_end(tmp_path: Path) -> None:
    told = "[resource.getrlimit(one)[0] for one in (resource.RLIMIT_CPU, resource.RLIMIT_FSIZE, resource.RLIMIT_CORE)]"
    assert run(tmp_path, f"import resource; print({told})").stdout.strip() == "[70, 200000000, 0]"
