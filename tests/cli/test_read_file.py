"""The command by which a file that came back is read in a process of its own: not for people, one line of JSON."""

import base64
import json
import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import own_command_line
from capacity_app.services.exchange.verification import CARRIES_NO_CONTENT
from capacity_app.services.reports import report_bytes
from capacity_app.services.untrusted import reading_process
from capacity_app.services.untrusted.returned_file import read_returned_file
from tests.builders import small_dossier, small_instrument
from tests.untrusted.strangers import tricks


def run(*arguments: str, told: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(own_command_line(arguments), input=told, capture_output=True, text=True, check=False)


def asked(file: Path, content: bytes, told: str) -> "subprocess.CompletedProcess[str]":
    """Have a file read against an instrument."""
    file.write_bytes(content)
    return run(*reading_process.ReadRequest(file).arguments(), told=f"{told}\n")


@pytest.mark.check
def test_it_says_in_one_line_what_it_read_and_leaves_nothing(tmp_path: Path) -> None:
    content = report_bytes(small_dossier(), ".docx", texts=Translator("en"))
    done = asked(tmp_path / "sent.docx", content, reading_process.instrument_to_line(small_instrument()))
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    here = read_returned_file("sent.docx", content, lambda _: small_instrument())
    said = json.loads(line)
    assert reading_process.decode_returned(base64.b64decode(said.pop("content"))) == here
    assert said == {"done": True, "file": "sent.docx"}
    assert [one.name for one in tmp_path.iterdir()] == ["sent.docx"]


@pytest.mark.check
def test_changes_of_what_is_printed_are_among_the_problems(tmp_path: Path) -> None:
    content = report_bytes(small_dossier(), ".xlsx", texts=Translator("en"))
    book, buffer = load_workbook(BytesIO(content)), BytesIO()
    score = next(cell for cell in book["scores"][2] if cell.value == 37.5)
    score.value = 99.5
    book.save(buffer)
    done = asked(tmp_path / "sent.xlsx", buffer.getvalue(), reading_process.instrument_to_line(small_instrument()))
    returned = reading_process.decode_returned(base64.b64decode(json.loads(done.stdout)["content"]))
    assert returned is not None
    (problem,) = returned.problems
    assert (problem.code, dict(problem.values)["places"], dict(problem.values)["total"]) == (
        "file.printed", f"scores, {score.coordinate}: “99.5” instead of “37.5”.", "1",
    )  # fmt: skip


@pytest.mark.check
@pytest.mark.parametrize("suffix", ["docx", pytest.param("xlsx", marks=pytest.mark.check)])
def test_a_file_that_carries_no_content_says_that_its_print_was_not_compared(suffix: str, tmp_path: Path) -> None:
    old = Path(__file__).parents[1] / "expected" / "version-0.6.0" / f"small.{suffix}"
    done = asked(tmp_path / "sent", old.read_bytes(), reading_process.instrument_to_line(small_instrument()))
    returned = reading_process.decode_returned(base64.b64decode(json.loads(done.stdout)["content"]))
    assert returned is not None
    (problem,) = returned.problems
    assert (problem.code, problem.place, problem.message) == ("file.not-compared", "sent", CARRIES_NO_CONTENT)


@pytest.mark.check
def test_an_export_of_phone_answers_is_not_said_to_lack_the_content_of_a_report(tmp_path: Path) -> None:
    export = b"CAPACITY_INSTRUMENT,i-i_law,meta-instanceID,KEY\ntest,2,uuid:1,uuid:1\n"
    done = asked(tmp_path / "answers.csv", export, reading_process.instrument_to_line(small_instrument()))
    returned = reading_process.decode_returned(base64.b64decode(json.loads(done.stdout)["content"]))
    assert returned is not None, done.stdout
    assert returned.medium is FileMedium.SUBMISSIONS
    assert "file.not-compared" not in {problem.code for problem in returned.problems}


@pytest.mark.check
def test_a_refusal_is_one_line_with_the_sentence(tmp_path: Path) -> None:
    trick = tricks(tmp_path)["macros"]
    done = asked(tmp_path / trick.file, trick.make(), reading_process.instrument_to_line(small_instrument()))
    assert done.returncode == 1
    (line,) = done.stdout.splitlines()
    said = json.loads(line)
    assert said["error"].startswith("“given.xlsm” contains macros")
    assert said["message"].format(**said["values"]) == said["error"]


@pytest.mark.check
@pytest.mark.parametrize("told", ["{}", *(pytest.param(one, marks=pytest.mark.check) for one in ("", "\udcff"))])
def test_without_an_instrument_nothing_is_read(tmp_path: Path, told: str) -> None:
    done = asked(tmp_path / "sent.docx", b"", told.encode("utf-8", "replace").decode())
    assert done.returncode == 1
    assert "damaged" in json.loads(done.stdout)["error"]


def test_an_instrument_is_told_in_one_line_whatever_it_says() -> None:
    odd = replace(small_instrument(), title="two\nlines\u2028and more\r")
    (line,) = reading_process.instrument_to_line(odd).encode().splitlines()
    assert reading_process.instrument_from_line(line) == odd


@pytest.mark.check
def test_people_are_not_offered_it() -> None:
    assert "read-file" not in run("--help").stdout
    assert run("read-file").returncode == 2
