"""Nothing that somebody wrote into a protected assessment lies anywhere in plain: a canary is put in and looked for.

The real program is led through a whole session in a process of its own, with a home and a folder for temporary files of
its own, and closed or killed while somebody types. Where strace is at hand every byte written to a file on the way
there is looked through too, for a file that is soon removed is still read by whoever looks in time.
"""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answers import Answer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Evidence
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import export_assessment
from capacity_app.services.protection import protect
from tests.builders import MISSION, dated, file_of, open_session, small_dossier
from tests.conftest import Promise
from tests.domain.making import say
from tests.faults.stracing import strace
from tests.journeys.canary_child import CANARY, PASSPHRASE
from tests.outputs.workbook.editing import filled

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform == "win32", reason="a folder for the program's settings cannot be set there"),
]
KILLS = 8 if os.environ.get("CAPACITY_TORTURE") else 1
_PLAIN = CANARY.encode()
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]|PK\x03\x04")
_MOST = 20_000_000


# -- looking for the canary ----------------------------------------------------------------------------------------


def _in_base64() -> Iterator[bytes]:
    """Yield what the canary looks like in base64, wherever it begins; without the signs that its neighbours share."""
    for shift in range(3):
        written = base64.b64encode(b"\0" * shift + _PLAIN)
        whole = (shift + len(_PLAIN)) // 3 * 4
        yield written[-(-shift * 8 // 6) : whole]


_FORMS = (_PLAIN, CANARY.encode("utf-16-le"), _PLAIN.hex().encode(), *_in_base64())


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what lies compressed in bytes: streams with a head of zlib's, and parts of archives."""
    for found in _ZLIB.finditer(content):
        at, bits = found.start(), zlib.MAX_WBITS
        if found.group().startswith(b"PK"):
            names = int.from_bytes(content[at + 26 : at + 28], "little") + int.from_bytes(
                content[at + 28 : at + 30], "little"
            )
            at, bits = at + 30 + names, -zlib.MAX_WBITS
        try:
            yield zlib.decompressobj(bits).decompress(content[at:], _MOST)
        except zlib.error:
            continue


def sings(content: bytes) -> bool:
    """Return whether bytes hold the canary, as they are or packed."""
    return any(form in part for part in (content, *_unpacked(content)) for form in _FORMS)


def singing(*folders: Path) -> list[str]:
    """List the files below folders that hold the canary in their bytes or their names."""
    files = [file for folder in folders for file in sorted(folder.rglob("*"))]
    return [str(file) for file in files if CANARY in file.name or (file.is_file() and sings(file.read_bytes()))]


_WRITE = re.compile(r"^\d+ +(?:write|pwrite64|writev|pwritev2?|openat|rename\w*|mkdir\w*)\((.*)$")
_NO_FILE = re.compile(r"^\d+<(?:pipe|socket|anon_inode|UNIX|/dev/(?!shm/))")


def sung(trace: Path) -> list[str]:
    """List the calls of a trace in which the canary was written to a file, or named one."""
    forms = [form.decode("latin-1") for form in _FORMS if b"\0" not in form]
    forms.append("\\0".join(CANARY))
    with trace.open(encoding="latin-1") as lines:
        calls = (call for line in lines if (call := _WRITE.match(line)))
        return [
            call.group()[:300]
            for call in calls
            if any(form in call.group(1) for form in forms) and not _NO_FILE.match(call.group(1))
        ]


# -- the assessment ------------------------------------------------------------------------------------------------


def _noted() -> tuple[Answer, ...]:
    return dated(
        (
            say("i.law", 3, who="agency-nso", evidence=("evidence-law",), note=f"{CANARY} note"),
            say("i.published", "no", who="agency-nso"),
            say("i.why", f"{CANARY} answer\nand more", who="agency-nso"),
            say("iii.topics/b", state=AnswerState.NOT_APPLICABLE, reason=f"{CANARY} reason"),
            say("iii.topics/a/remark", f"{CANARY} cell", who="agency-nso"),
        ),
        author=f"{CANARY} author",
    )


def _dossier() -> Dossier:
    evidence = Evidence(id="evidence-law", title=f"{CANARY} act", link=f"https://example.org/{CANARY}")
    mission = replace(MISSION, country_name=f"{CANARY} land", round=f"{CANARY} round", team=(f"{CANARY} officer",))
    agency = Agency(id="agency-nso", name=f"{CANARY} office", short=CANARY, contact=f"{CANARY} contact")
    small = small_dossier()
    agencies = (agency, *small.agencies[1:])
    return replace(small, mission=mission, answers=_noted(), agencies=agencies, evidence=(evidence,))


class _Place:
    """A folder with a protected assessment, a workbook that came back for it, and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.work, self.given = folder / "work", folder / "given"
        self.home, self.temporary = folder / "home", folder / "tmp"
        for made in (self.work, self.given, self.home, self.temporary):
            made.mkdir()
        self.plain = file_of(self.given, _dossier())
        attached = self.given / f"{CANARY}.txt"
        attached.write_text(f"{CANARY} document")
        self.workbook = self.given / "moi.xlsx"
        with open_session(self.plain) as session:
            session.attach(attached)
            export_assessment(session, self.workbook, Translator())
        filled(self.workbook, {"i.plan": "2", "i.plan @note": f"{CANARY} came back"}, sender=("MoI", CANARY, ""))
        self.file = self.work / "small.assessment"
        shutil.copy(self.plain, self.file)
        protect(self.file, PASSPHRASE)

    def environment(self) -> dict[str, str]:
        """Give a process a home here."""
        folders = {
            f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")
        } | {"HOME": str(self.home), "TMPDIR": str(self.temporary), "XDG_RUNTIME_DIR": str(self.temporary)}
        return os.environ | folders | {"QT_QPA_PLATFORM": "offscreen", "LANGUAGE": "en", "PYTHONDONTWRITEBYTECODE": "1"}

    def start(self, ending: str, *watched: str) -> "subprocess.Popen[bytes]":
        """Start the program and somebody at its keyboard."""
        command = (*watched, sys.executable, "-m", "tests.journeys.canary_child")
        with (self.folder / "stderr").open("wb") as complaints:
            return subprocess.Popen(
                (*command, str(self.file), str(self.workbook), ending),
                env=self.environment(),
                stdout=subprocess.PIPE,
                stderr=complaints,
            )

    def expect_silence(self) -> int:
        """Look through everything that lies outside the protected assessment, and through its bytes."""
        assert singing(self.work, self.home, self.temporary) == []
        return sum(1 for one in (self.work, self.home, self.temporary) for file in one.rglob("*") if file.is_file())

    def said_at_last(self) -> Content:
        """Return what somebody was typing when the program was killed, once the file is open again."""
        with open_session(self.file, keys=Keyring(passphrases=(PASSPHRASE,))) as session:
            assert session.check_file() == ()
            return next(one.content for one in session.dossier().answers if str(one.key.address) == "i.why")


@pytest.fixture
def place(tmp_path: Path) -> _Place:
    return _Place(tmp_path)


def _heard(speech: IO[bytes], until: str = "") -> list[tuple[str, str]]:
    """Listen to the program until it says one thing, or ends."""
    heard: list[tuple[str, str]] = []
    for line in speech:
        kind, what = json.loads(line)
        heard.append((kind, what))
        if kind == until:
            break
    return heard


def _expect_outside_to_see_nothing(place: _Place, heard: list[tuple[str, str]]) -> None:
    told = dict.fromkeys(kind for kind, _what in heard)
    assert "broken" not in told, heard[-1][1]
    assert "title" in told, (place.folder / "stderr").read_text()
    assert ("title", "small.assessment") in heard
    assert [what for kind, what in heard if CANARY in what] == []


def test_the_search_finds_what_is_not_protected(place: _Place, tmp_path: Path) -> None:
    found = {Path(name).name for name in singing(place.given)}
    assert {"small.assessment", "moi.xlsx", f"{CANARY}.txt"} <= found
    assert singing(place.work) == []
    others = tmp_path / "others"
    others.mkdir()
    for shift in range(3):
        (others / f"base64-{shift}").write_bytes(base64.b64encode(b"x" * shift + f"{CANARY} and more".encode()))
    (others / "utf16").write_bytes(f"some {CANARY}".encode("utf-16"))
    (others / "packed").write_bytes(b"head" + zlib.compress(f"some {CANARY}".encode() * 9) + b"tail")
    (others / CANARY).touch()
    (others / "clean").write_bytes(base64.b64encode(b"nothing to be heard") + zlib.compress(b"nothing"))
    assert sorted(Path(name).name for name in singing(others)) == sorted(
        {one.name for one in others.iterdir()} - {"clean"}
    )


@pytest.mark.skipif(not strace(), reason="needs strace")
def test_the_watch_finds_what_was_written_and_removed(tmp_path: Path) -> None:
    code = f"import os; f = open('x', 'w'); f.write('a {CANARY}'); f.close(); os.remove('x'); print('{CANARY}')"
    trace = tmp_path / "trace"
    command = (*_watching(trace), sys.executable, "-c", code)
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert len(sung(trace)) == 1


def _watching(trace: Path) -> tuple[str, ...]:
    found = strace()
    calls = "trace=write,pwrite64,writev,pwritev,pwritev2,openat,rename,renameat,renameat2,mkdir,mkdirat"
    return (found, "-f", "-y", "-qq", "--seccomp-bpf", "-s", "100000", "-e", calls, "-o", str(trace)) if found else ()


def test_a_whole_session_leaves_nothing_in_plain(place: _Place, tmp_path: Path, promise: Promise) -> None:
    trace = tmp_path / "trace"
    watching = _watching(trace)
    with place.start("close", *watching) as program:
        assert program.stdout
        heard = _heard(program.stdout)
    _expect_outside_to_see_nothing(place, heard)
    assert program.returncode == 0, (place.folder / "stderr").read_text()
    first, second = (what for kind, what in heard if kind == "bug")
    assert "ValueError" in first
    assert "{text} is no number" in second
    files = place.expect_silence()
    assert list(place.home.rglob("*.log")), "mistakes are logged"
    assert any(place.home.rglob(paths.settings_file().name)), "the window is remembered"
    assert len(list(place.home.rglob("*.assessment"))) + len(list(place.work.rglob("*.assessment"))) > 1, "backups"
    assert list(place.temporary.glob("capacity-app*")) == []
    if watching:
        assert sung(trace) == []
    watched = f", {trace.read_bytes().count(b'write'):,} writes watched" if watching else ""
    promise("no answer text outside a protected file", f"whole session, {files} files searched{watched}, 0 found")


def test_a_killed_program_leaves_nothing_in_plain(place: _Place, promise: Promise) -> None:
    files = 0
    for _ in range(KILLS):
        with place.start("type") as program:
            assert program.stdout
            heard = _heard(program.stdout, until="typed")
            program.kill()
        _expect_outside_to_see_nothing(place, heard)
        files += place.expect_silence()
        assert CANARY in str(place.said_at_last().value)
        assert place.expect_silence()
    promise("no answer text outside a protected file killed while typing", f"{KILLS} kills, {files} files, 0 found")
