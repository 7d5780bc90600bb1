"""A file may be called anything: what is said of it stands on one line, moves no cursor and turns nothing round."""

import os
import sys
from pathlib import Path

import pytest

from capacity_app.domain.problems import KnownError, Problem, printable, short_reason
from tests.builders import file_of
from tests.commands import outcome

NAMES = {
    "signs that clear a screen": b"\x1b[2J\x1b[31mact",
    "half a letter": b"act\xff\xfe",
    "a line break": b"act\nYour password:",
    "a name from right to left": "act\u202efdp".encode(),
    "a bell and a backspace": b"act\x07\x08\x7f",
    "braces": b"{file}{0.__class__}%s",
    "an option": b"--help",
    "markup": b"<b>act<img src=x>",
}
FORBIDDEN = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), "\u202d", "\u202e"} - {"\n"}


def _named(folder: Path, name: bytes, ending: bytes, content: bytes) -> Path:
    file = Path(os.fsdecode(os.fsencode(folder) + b"/" + name + ending))
    file.write_bytes(content)
    return file


def _say(*words: object) -> str:
    code, printed, errors = outcome(*words)
    assert code in {0, 1}, printed + errors
    return printed + errors


@pytest.mark.skipif(sys.platform != "linux", reason="other systems forbid such names")
@pytest.mark.parametrize("name", NAMES)
def test_a_file_of_any_name_is_spoken_of_on_one_line(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    good = _named(tmp_path, NAMES[name], b".assessment", file_of(tmp_path).read_bytes())
    bad = _named(tmp_path, NAMES[name], b".xlsx", b"junk")
    for said in (_say("verify", "--", bad), _say("verify", "--", good)):
        assert "made a mistake" not in said
        assert not FORBIDDEN & set(said)
        assert "\nYour password" not in said


def test_what_is_said_of_values_is_one_line() -> None:
    odd = "a\nb\x1b[2Jc\x00\u202ed\ud800\u2028e"
    for said in (
        KnownError("“{file}” is empty.", file=odd).text(),
        str(KnownError("“{file}” is empty.", file=odd)),
        Problem("x", "", "“{file}”.", "Ask for “{file}”.", (("file", odd),)).text(),
        short_reason(ValueError(odd)),
    ):
        assert not (FORBIDDEN | {"\n"}) & set(said)
        said.encode()


def test_letters_of_any_language_stay_as_they_are() -> None:
    for text in ("إحصاءات ٢٠١٨", "نیم‌فاصله", "हिन्दी क्‍ष", "移民", "Čeština – «é»", "a\u200fb"):
        assert printable(text) == text


def test_a_long_reason_is_cut() -> None:
    assert len(short_reason(ValueError("x" * 100_000))) < 300
