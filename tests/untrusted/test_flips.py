"""Every kind of file with bits flipped, cut short or zeroed: each command ends with a sentence, never with a bug."""

import logging
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity_app.cli.commands import main
from tests.builders import file_of

KINDS = ("assessment", "json", "xlsx", "docx", "html", "pdf")
COMMANDS = {
    "assessment": ("check", "score", "verify", "import", "merge", "aggregate"),
    "json": ("verify", "import", "aggregate"),
    "xlsx": ("verify", "import", "aggregate"),
    "docx": ("verify", "import"),
    "html": ("verify",),
    "pdf": ("verify",),
}
FILES = 86 if os.environ.get("CAPACITY_TORTURE") else 22
"""Damaged files of each kind."""
BUGS = ("Traceback", "made a mistake", "unexpected error")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return a whole file of each kind, all made of one assessment."""
    folder = tmp_path_factory.mktemp("whole")
    made = {"assessment": file_of(folder)}
    for kind in KINDS[1:]:
        made[kind] = folder / f"small.{kind}"
        command = "export" if kind == "json" else "report"
        assert main([command, str(made["assessment"]), str(made[kind])]) == 0
    return made


def _damaged(content: bytes, places: random.Random) -> bytes:
    """Flip a bit or some, cut the file, or zero a part; of a text file, put something else in the place of a letter."""
    changed = bytearray(content)
    start = places.randrange(len(content))
    match places.choice(("bit", "bit", "bits", "cut", "zeros", "odd")):
        case "bit":
            changed[start] ^= 1 << places.randrange(8)
        case "bits":
            for _ in range(20):
                changed[places.randrange(len(content))] ^= 1 << places.randrange(8)
        case "cut":
            del changed[start:]
        case "zeros":
            changed[start : start + 512] = bytes(len(changed[start : start + 512]))
        case "odd":
            changed[start : start + 6] = places.choice((b"\\ud800", b"1e9999", b"999999", b'"":[],', b"null  "))
    return bytes(changed)


def _arguments(command: str, file: Path, own: Path, out: Path) -> list[str]:
    match command:
        case "import":
            whose = ["--agency", "NSO"] if file.suffix in {".xlsx", ".docx"} else []
            return ["import", str(own), str(file), "--dry-run", *whose]
        case "merge":
            return ["merge", str(own), str(file), "-o", str(out / "merged.assessment")]
        case "aggregate":
            return ["aggregate", str(file.parent), "-o", str(out / "all.sqlite"), "--workers", "0"]
    return [command, str(file)]


def _expect_sentences(kind: str, whole: dict[str, Path], folder: Path, seed: int, told: Callable[[], str]) -> None:
    places = random.Random(f"{kind} {seed}")  # noqa: S311 - a repeatable test
    sent, out = folder / "sent", folder / "out"
    for made in (sent, out):
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
    file = sent / f"sent.{kind}"
    file.write_bytes(_damaged(whole[kind].read_bytes(), places))
    before = file.read_bytes()
    for command in COMMANDS[kind]:
        code = main(_arguments(command, file, whole["assessment"], out))
        said = told()
        assert code in {0, 1, 2}, (command, code, said)
        assert not any(bug in said for bug in BUGS), (command, seed, said)
        assert file.read_bytes() == before, (command, seed)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    """Return what was printed and logged since one last asked."""

    def read() -> str:
        printed = capsys.readouterr()
        logged = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        caplog.clear()
        return "\n".join((printed.out, printed.err, *logged))

    return read


@pytest.mark.check
@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_file_is_told_in_a_sentence(
    kind: str, whole: dict[str, Path], tmp_path: Path, told: Callable[[], str]
) -> None:
    for seed in range(2):
        _expect_sentences(kind, whole, tmp_path, seed, told)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_many_damaged_files_are_told_in_a_sentence(
    kind: str, whole: dict[str, Path], tmp_path: Path, told: Callable[[], str]
) -> None:
    for seed in range(2, FILES):
        _expect_sentences(kind, whole, tmp_path, seed, told)
