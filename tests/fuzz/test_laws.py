"""The fuzzer's own law can be broken, and what breaks it is seen: every kind of breach is tried out."""

import random
import socket
import time
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError
from tests.fuzz import laws
from tests.fuzz.laws import BrokenError, Watch, expect_sentence, obeyed
from tests.fuzz.targets import TARGETS, read_by

BREACHES: dict[str, Callable[[Path], object]] = {
    "a call": lambda _: socket.socket().close(),
    "a file of somebody": lambda _: Path("/etc/passwd").read_bytes(),
    "a file written": lambda folder: (folder / "x").write_text("x"),
    "a file taken away": lambda folder: (folder / "given").unlink(),
}


@pytest.fixture(scope="module")
def watch(tmp_path_factory: pytest.TempPathFactory) -> tuple[Watch, Path]:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "given").write_text("x")
    return Watch(folder), folder


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_seen(watch: tuple[Watch, Path], name: str) -> None:
    with pytest.raises(BrokenError, match="it did"), watch[0].on():
        BREACHES[name](watch[1])


def test_reading_what_was_given_and_the_program_itself_is_none(watch: tuple[Watch, Path]) -> None:
    (watch[1] / "given").write_text("x")
    with watch[0].on():
        (watch[1] / "given").read_text()
        Path(laws.__file__).parents[2].joinpath("assessments", "README.md").read_text()


def test_what_is_raised_is_seen_unless_it_is_a_refusal() -> None:
    def refuse() -> None:
        raise KnownError("No: choose another file.")

    def stumble() -> None:
        raise KeyError("x")

    assert obeyed(refuse) == "No: choose another file."
    with pytest.raises(KeyError):
        obeyed(stumble)


def test_endless_work_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laws, "MOST_SECONDS", 0.0)
    with pytest.raises(BrokenError, match="seconds"):
        obeyed(lambda: [time.process_time() for _ in range(10_000)])


@pytest.mark.parametrize("text", ["", " ", "a\nb", "a\x1b[2Jb", "x" * 20_000, "a\x85b"])
def test_what_is_no_sentence_is_seen(text: str) -> None:
    with pytest.raises(BrokenError):
        expect_sentence(text)


SLOW = frozenset({"guard", "verify"})
"""Targets whose honest files are reports in every format."""


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.check if name in SLOW else ()) for name in TARGETS]
)
def test_a_target_reads_its_honest_files_and_changed_ones_differ(name: str, tmp_path: Path) -> None:
    target = TARGETS[name]
    chance = random.Random(7)  # noqa: S311 - no secret
    for number, content in enumerate(target.seeds().values()):
        obeyed(lambda content=content, number=number: read_by(target, content, tmp_path / str(number)))  # type: ignore[misc]
        changed = {target.mutate(content, 400_000, chance, lambda data, _most: data + b"!") for _ in range(20)}
        assert changed - {content}


def test_most_changed_packages_are_packages_still() -> None:
    chance, target = random.Random(7), TARGETS["workbook"]  # noqa: S311 - no secret
    content = target.seeds()["answered"]
    changed = [target.mutate(content, 400_000, chance, lambda data, _most: data[1:]) for _ in range(100)]
    assert sum(zipfile.is_zipfile(BytesIO(one)) for one in changed) > 80
