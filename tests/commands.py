"""The command line within this process: what a command prints, reads and ends with, without the start of a program."""

import io
import sys

import pytest

from capacity_app.cli.commands import main


def outcome(*arguments: object, typed: str = "") -> tuple[int, str, str]:
    """Run a command; return its exit code, its output and its errors."""
    given, out, err = (io.TextIOWrapper(io.BytesIO(text), "utf-8") for text in (typed.encode(), b"", b""))
    with pytest.MonkeyPatch.context() as patched:
        for name, stream in (("stdin", given), ("stdout", out), ("stderr", err)):
            patched.setattr(sys, name, stream)
        code = main([str(argument) for argument in arguments])
    return code, _text_of(out), _text_of(err)


def run(*arguments: object, typed: str = "", code: int = 0) -> str:
    """Run a command that must end with a code; return its output, and its errors too unless it ends with 0."""
    ended, out, err = outcome(*arguments, typed=typed)
    assert ended == code, out + err
    assert "made a mistake" not in err
    return out if code == 0 else out + err


def _text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
