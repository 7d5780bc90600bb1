"""Nothing that leaves the program leaks a secret, opens a file or runs anything: exports, comparison, form, synthesis.

All are made in one process that is watched from outside; ``test_reports`` watches the reports.
"""

import csv
import io
import json
import re
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path, PurePosixPath

import pytest

from tests.conftest import Promise
from tests.outputs.unpacking import holders
from tests.outputs.word_reading import outside_targets, word_fields, word_parts, word_text
from tests.outputs.workbook.reading import opened, strings
from tests.untrusted import tracing
from tests.untrusted.papers import PAPERS
from tests.untrusted.payloads import SECRET, SERVER, is_safe, payloads
from tests.untrusted.test_reports import _objects, _uris

pytestmark = [pytest.mark.check, pytest.mark.skipif(bool(tracing.why_not()), reason=tracing.why_not())]
FORMULAS = ("=", "+", "-", "@", "\t", "\r")
ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "base", "form", "link", "video", "audio", "input"}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, and what the process that made it was seen to open and to call."""

    folder: Path
    canary: Path
    trace: Path

    def read(self, name: str) -> bytes:
        """Return one of them; of a folder, its files one behind the other."""
        file = self.folder / name
        return file.read_bytes() if file.is_file() else b"\n".join(one.read_bytes() for one in sorted(file.iterdir()))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder, secrets = tmp_path_factory.mktemp("papers"), tmp_path_factory.mktemp("canary")
    for name in ("secret.txt", "en.po", "secret.css", "secret.html.j2", "x.docx"):
        (secrets / name).write_text(SECRET)
    canary, trace = secrets / "secret.txt", folder / "trace"
    home = {name: str(folder / "home") for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
    command = [sys.executable, "-m", "tests.untrusted.papers", str(folder), str(canary), *PAPERS]
    running = tracing.watch(command, trace, environment=home)
    said = running.communicate(timeout=600)[0].decode()
    assert running.returncode == 0, said[-3_000:]
    return Made(folder, canary, trace)


def test_making_them_opens_no_file_and_calls_nobody(made: Made) -> None:
    # The first lines are our own beginning; that watching works is seen from what is opened.
    looked = tracing.opened(made.trace)
    assert f"{made.folder}/answers.csv" in looked or "answers.csv" in looked
    assert str(made.canary.parent) not in looked
    assert SERVER not in looked
    assert tracing.calls_outside(made.trace) == []


@pytest.mark.parametrize("name", PAPERS)
def test_the_secret_is_nowhere(made: Made, name: str) -> None:
    for part in _unzipped(name, made.read(name)).values():
        assert holders(part, SECRET) == []


def _unzipped(name: str, content: bytes) -> dict[str, bytes]:
    """Return a file, or the files in an archive of ours."""
    if not name.endswith(".zip"):
        return {name: content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


@pytest.mark.parametrize("name", PAPERS)
def test_nothing_typed_is_anything_but_text(made: Made, name: str) -> None:
    parts = _unzipped(name, made.read(name))
    assert parts
    for part, content in parts.items():
        _CHECKS.get(PurePosixPath(part).suffix, _anything)(content)


def _anything(_content: bytes) -> None:
    """Expect nothing of a file that is text and nothing else, or a document as it was given."""


def _table(content: bytes) -> None:
    rows = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    assert [cell for cell in rows if cell.startswith(FORMULAS) and not re.fullmatch(r"-?[0-9.eE+-]+", cell)] == []


def _workbook(content: bytes) -> None:
    kinds = {cell.data_type for sheet in opened(content).worksheets for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n", "d"}
    assert [target for target in outside_targets(content) if not is_safe(target)] == []
    assert [
        part for part in word_parts(content) if re.search(r"externalLink|vba|connections|activeX|embedd", part)
    ] == []


def _word(content: bytes) -> None:
    assert [target for target in outside_targets(content) if not is_safe(target)] == []
    known = {"PAGE", "NUMPAGES", "TOC", "SEQ", "REF", "PAGEREF", "HYPERLINK", "STYLEREF", "SECTIONPAGES", "TC"}
    assert {field.split()[0] for field in word_fields(content) if field.split()} <= known
    assert [part for part in word_parts(content) if re.search(r"vba|activeX|embeddings|oleObject", part)] == []


def _pdf(content: bytes) -> None:
    plain = b"\n".join(_objects(content))
    for action in ("Launch", "JavaScript", "GoToR", "ImportData", "SubmitForm", "RichMedia", "OpenAction"):
        assert f"/{action}".encode() not in plain
    assert [uri for uri in _uris(content) if not is_safe(uri)] == []


class _Page(HTMLParser):
    """Which elements a page has, what they listen to, and where they lead."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.listening: set[str] = set()
        self.addresses: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.listening |= {name for name, _value in attrs if name.startswith("on")}
        self.addresses |= {value or "" for name, value in attrs if name in {"href", "xlink:href", "src", "data"}}


def _page(content: bytes) -> None:
    page = _Page()
    page.feed(content.decode())
    assert page.elements & ACTIVE == set()
    assert page.listening == set()
    assert [
        to for to in page.addresses if not to.startswith(("#", "data:font/", "data:image/")) and not is_safe(to)
    ] == []


def _data(content: bytes) -> None:
    assert isinstance(json.loads(content), dict)


_CHECKS: dict[str, Callable[[bytes], None]] = {
    ".csv": _table,
    ".xlsx": _workbook,
    ".docx": _word,
    ".pdf": _pdf,
    ".html": _page,
    ".json": _data,
}


def test_the_names_in_an_archive_lead_nowhere(made: Made) -> None:
    names = list(_unzipped("everything.zip", made.read("everything.zip")))
    for name in names:
        assert not name.startswith(("/", "\\"))
        assert ".." not in PurePosixPath(name).parts
        assert "\\" not in name
        assert ":" not in name
        assert name.isprintable()
    assert len(set(map(str.casefold, names))) == len(names)


def test_the_payloads_are_there_as_text(made: Made) -> None:
    texts = payloads(made.canary)
    there = {
        "dossier.json": made.read("dossier.json").decode(),
        "comparison.html": made.read("comparison.html").decode(),
        "workbook.xlsx": strings(opened(made.read("workbook.xlsx"))),
        "form.xlsx": strings(opened(made.read("form.xlsx"))),
        "synthesis.xlsx": strings(opened(made.read("synthesis.xlsx"))),
        "comparison.docx": word_text(made.read("comparison.docx")),
        "answers.csv": made.read("answers.csv").decode("utf-8-sig"),
    }
    for name, text in there.items():
        assert any(
            word in text for word in ("javascript:", "INCLUDETEXT", "WEBSERVICE", "/Launch", "{{", "=HYPERLINK")
        ), name
    assert len(texts) > 40


def test_every_check_can_fail() -> None:
    formula, page = b'"=1+1",x\r\n', b'<p onclick="x"><script>x</script>'
    for check, content in ((_table, formula), (_page, page), (_page, b'<a href="javascript:x">'), (_data, b"[]")):
        with pytest.raises(AssertionError):
            check(content)


def test_what_was_tried_is_told(made: Made, promise: Promise) -> None:
    figure = f"{len(payloads(made.canary))} payloads in {len(PAPERS)} papers, 0 bytes leaked, 0 files opened"
    promise("text that becomes a formula, HTML, a template, a link, a file read", figure)
    assert all((made.folder / name).exists() for name in PAPERS)
