"""A report opens no file and calls no server for anybody's text, and nothing typed becomes anything but text."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it publishes no types
import pytest

from capacity_app.domain.assessment.answers import clean_text
from tests.outputs.hostile import PAYLOADS
from tests.outputs.reading import html_text, squeezed, visible
from tests.outputs.unpacking import holders, unpacked
from tests.outputs.word_reading import outside_targets, word_fields, word_parts, word_text
from tests.outputs.workbook.reading import opened, strings
from tests.untrusted.payloads import SECRET, SERVER, is_safe, payloads

pytestmark = pytest.mark.check

ENDINGS = (".pdf", ".html", ".xlsx", ".docx")
KINDS = tuple(payloads(Path("/nowhere/secret.txt")))
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay out the file with the secret; a wording and a style sheet stand beside it, in case somebody looks there."""
    folder = tmp_path_factory.mktemp("canary")
    file = folder / "secret.txt"
    for name in ("secret.txt", "en.po", "secret.css", "secret.html.j2"):
        (folder / name).write_text(SECRET)
    return file


Watched = Callable[[str], tuple[bytes, str]]
"""Gives by its ending a report that was made in a process of its own, and what that process was seen to do."""


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory, canary: Path) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("reports")
    running = {ending: _start(folder, canary, ending) for ending in ENDINGS}

    def made(ending: str) -> tuple[bytes, str]:
        _out, error = running[ending].communicate(timeout=300)
        assert running[ending].returncode == 0, error.decode()[-3000:]
        content = (folder / f"report{ending}").read_bytes()
        return content, (folder / f"trace{ending}").read_text(errors="replace")

    yield cache(made)
    for process in running.values():
        process.kill()
        process.communicate()


def _start(folder: Path, canary: Path, ending: str) -> "subprocess.Popen[bytes]":
    trace = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-s",
        "4096",
        "-e",
        "trace=open,openat,openat2,connect,socket,execve",
        "-o",
    ]
    made = [sys.executable, "-m", "tests.untrusted.child", str(folder), str(canary), ending]
    return subprocess.Popen(
        [*trace, str(folder / f"trace{ending}"), *made],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_payload_opens_a_file_or_calls_a_server(watched: Watched, canary: Path, ending: str) -> None:
    # The first line is our own beginning; WeasyPrint asks the system's tools where its libraries are.
    _beginning, _, seen = watched(ending)[1].partition("\n")
    # The watching itself works: the program reads its own resources.
    assert re.search(r'open(?:at)?2?\([^"]*"[^"]*capacity_app[^"]*"', seen)
    assert str(canary.parent) not in seen
    assert [word for word in (SERVER, "calc", "cmd.exe", "/etc/shadow") if word in seen] == []
    assert re.findall(r"socket\(AF_(?!UNIX|LOCAL).*", seen) == []
    assert [line for line in re.findall(r"connect\(.*", seen) if "AF_UNIX" not in line] == []


def test_a_file_that_is_opened_is_seen(tmp_path: Path, canary: Path) -> None:
    trace = tmp_path / "trace"
    code = f"import socket; open({str(canary)!r}); socket.socket()"
    subprocess.run(
        ["strace", "-f", "-e", "trace=open,openat,connect,socket", "-o", str(trace), sys.executable, "-c", code],  # noqa: S607 - a package of the distribution
        check=True,
    )
    assert str(canary) in trace.read_text()
    assert "socket(AF_INET" in trace.read_text()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_secret_is_in_no_part_of_any_file(watched: Watched, ending: str) -> None:
    assert holders(watched(ending)[0], SECRET) == []


@pytest.mark.parametrize("ending", [".html", ".xlsx", ".docx"])
def test_every_payload_is_there_as_text(watched: Watched, canary: Path, ending: str) -> None:
    content = watched(ending)[0]
    # Word knows directions of its own instead of signs one does not see.
    seen = visible if ending == ".docx" else squeezed
    there = seen(_text(content, ending))
    assert [name for name, text in payloads(canary).items() if seen(clean_text(text)) not in there] == []


def _text(content: bytes, ending: str) -> str:
    if ending == ".docx":
        return word_text(content)
    return html_text(content.decode()) if ending == ".html" else strings(opened(content))


def test_the_pdf_links_to_nothing_but_itself_and_the_web(watched: Watched) -> None:
    content = watched(".pdf")[0]
    plain = b"\n".join(_objects(content))
    for action in ("Launch", "JavaScript", "GoToR", "ImportData", "SubmitForm", "RichMedia", "OpenAction"):
        assert f"/{action}".encode() not in plain
    assert [uri for uri in _uris(content) if not is_safe(uri)] == []
    document = pypdfium2.PdfDocument(content)
    assert document.count_attachments() == 0
    document.close()


def _objects(content: bytes) -> Iterator[bytes]:
    """Yield a PDF's objects without the texts typed in them: strings and metadata are no actions."""
    for name, part in unpacked(content).items():
        if name == "file" or b" obj" in part or b"/Type" in part:
            objects = re.sub(rb"\bstream\r?\n.*?\bendstream", b"", part, flags=re.DOTALL)
            yield re.sub(rb"\((?:[^()\\]|\\.)*\)|<[0-9a-fA-F\s]*>", b"", objects)


def _uris(content: bytes) -> list[str]:
    found = [uri for part in unpacked(content).values() for uri in re.findall(rb"/URI\s*\(((?:[^()\\]|\\.)*)\)", part)]
    return [uri.decode("latin-1") for uri in found]


def test_the_word_file_links_to_nothing_but_the_web_and_has_only_its_own_fields(
    watched: Watched,
) -> None:
    content = watched(".docx")[0]
    assert [target for target in outside_targets(content) if not is_safe(target)] == []
    known = {"PAGE", "NUMPAGES", "TOC", "SEQ", "REF", "PAGEREF", "HYPERLINK", "STYLEREF", "SECTIONPAGES", "TC"}
    assert {field.split()[0] for field in word_fields(content) if field.split()} <= known
    assert [field for field in word_fields(content) if "HYPERLINK" in field and "\\l" not in field] == []
    assert [field for field in word_fields(content) if "canary" in field.casefold()] == []
    names = word_parts(content)
    assert [name for name in names if re.search(r"vba|activeX|embeddings|oleObject|attachedToolbars", name)] == []


def test_the_workbook_has_no_formula_of_anybody_and_no_link_outwards(watched: Watched) -> None:
    content = watched(".xlsx")[0]
    for sheet in opened(content).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}, (sheet.title, cell.coordinate, cell.value)
    assert [target for target in outside_targets(content) if not is_safe(target)] == []
    alien = re.compile(r"externalLink|vba|connections|activeX|embeddings")
    assert [name for name in word_parts(content) if alien.search(name)] == []


def test_the_corpus_is_as_large_as_it_says() -> None:
    assert len(KINDS) + len(PAYLOADS) >= 24
    assert len(set(payloads(Path("/nowhere/secret.txt")).values())) == len(KINDS)
