"""What holds for every input: a value or a sentence, no other exception, no file elsewhere, nobody called, no wait."""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from capacity_app import paths
from capacity_app.domain.problems import KnownError, Problem

MOST_SECONDS = 20.0
"""Seconds of computing for one small file, on a slow machine that counts every branch."""
_FORBIDDEN = (
    "socket.", "subprocess.", "urllib.", "winreg.", "shutil.", "os.system", "os.exec", "os.spawn", "os.posix_spawn",
    "os.fork", "os.startfile", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink",
    "ctypes.dlopen",
)  # fmt: skip
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_ROOT = Path(__file__).parents[2]
_OURS = tuple(
    str(place) + os.sep
    for place in (*(_ROOT / name for name in ("capacity_app", "assessments", "resources")), sys.prefix, sys.base_prefix)
)


class BrokenError(AssertionError):
    """An input broke the law."""


class Watch:
    """Sees what this process does while an input is read; reading the program itself and one folder is allowed."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder.resolve()) + os.sep
        self._is_on = False
        self.seen: list[str] = []
        sys.addaudithook(self._look)

    @contextmanager
    def on(self) -> Iterator[None]:
        """Watch what is done inside; raises BrokenError for what may not be done."""
        self.seen.clear()
        self._is_on = True
        try:
            yield
        finally:
            self._is_on = False
        if self.seen:
            raise BrokenError(f"it did {self.seen[:3]}")

    def _look(self, event: str, arguments: tuple[object, ...]) -> None:
        if self._is_on and (event.startswith(_FORBIDDEN) or (event == "open" and self._is_elsewhere(arguments))):
            self.seen.append(f"{event} {arguments!r:.300}")

    def _is_elsewhere(self, arguments: tuple[object, ...]) -> bool:
        path, _mode, flags = arguments
        if not isinstance(path, str | bytes):
            return False
        real = os.path.realpath(os.fsdecode(path))
        is_written = isinstance(flags, int) and bool(flags & _TO_WRITE)
        # A PDF file's certificate is compared with our own.
        is_own = real == os.path.realpath(paths.signing_certificate_file())
        return is_written or not (is_own or real.startswith((self._folder, *_OURS)))


def obeyed(read: Callable[[], object]) -> object:
    """Read an input: give the value, or the sentence of its refusal; raises BrokenError, or whatever else is raised."""
    began = time.process_time()
    try:
        return read()
    except KnownError as refusal:
        sentence = refusal.text()
        expect_sentence(sentence)
        return sentence
    finally:
        took = time.process_time() - began
        if took > MOST_SECONDS:
            raise BrokenError(f"it took {took:.0f} seconds")


def expect_sentence(text: str) -> None:
    """Expect a sentence that can be shown anywhere: one line, nothing that moves a cursor; raises BrokenError."""
    if not text.strip() or len(text) > 10_000 or any(c < " " or "\x7f" <= c <= "\x9f" for c in text):
        raise BrokenError(f"no sentence: {text!r:.300}")
    text.encode()


def expect_sentences(problems: Iterable[Problem]) -> None:
    """Expect sentences and places of problems."""
    for problem in problems:
        expect_sentence(problem.text())
        if problem.place:
            expect_sentence(problem.place)
