"""The command by which a file that came back is read in a process of its own: not for people, one line of JSON."""

import json
import subprocess
from pathlib import Path

from capacity_app.services.own_command import own_command
from capacity_app.services.reporting import report_bytes
from capacity_app.services.strangers.child import Errand
from capacity_app.services.strangers.reading import read_returned_file
from capacity_app.texts import Texts
from tests.builders import small_dossier, small_instrument
from tests.hostile.strangers import tricks


def errand(folder: Path, name: str, content: bytes) -> Errand:
    """Lay down a file, and an instrument in a folder of its own."""
    (folder / "errand").mkdir()
    (folder / name).write_bytes(content)
    made = Errand(folder / name, folder / "errand")
    made.prepare(small_instrument())
    return made


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(own_command(arguments), capture_output=True, text=True, check=False)


def test_it_leaves_what_it_read_and_says_where_in_one_line(tmp_path: Path) -> None:
    content = report_bytes(small_dossier(), ".docx", texts=Texts("en"))
    asked = errand(tmp_path, "sent.docx", content)
    done = run(*asked.arguments())
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    here = read_returned_file("sent.docx", content, lambda _: small_instrument())
    assert json.loads(line) == {
        "done": True,
        "file": str(tmp_path / "errand" / "returned.json"),
        "fingerprint": here.stamp.fingerprint,
    }
    assert asked.result() == here


def test_a_refusal_is_one_line_with_the_sentence(tmp_path: Path) -> None:
    trick = tricks(tmp_path)["macros"]
    done = run(*errand(tmp_path, trick.file, trick.make()).arguments())
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    said = json.loads(line)
    assert said["error"].startswith("“given.xlsm” contains macros")
    assert said["message"].format(**said["values"]) == said["error"]
    assert not (tmp_path / "errand" / "returned.json").exists()


def test_without_an_instrument_nothing_is_read(tmp_path: Path) -> None:
    asked = errand(tmp_path, "sent.docx", b"")
    (tmp_path / "errand" / "instrument.json").write_text("{}")
    done = run(*asked.arguments())
    assert done.returncode == 1
    assert "damaged" in json.loads(done.stdout)["error"]


def test_people_are_not_offered_it() -> None:
    assert "read-file" not in run("--help").stdout
    assert run("read-file").returncode == 2
