"""What can go wrong in a way a person can mend: problems are values, known errors are exceptions."""

import re
import sys
import unicodedata
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from capacity_app.domain.fast_dataclass import dataclass

Translate = Callable[[str], str]
_LONGEST_REASON = 200
_TURNING = "\u202d\u202e"
"""Signs that turn round what follows them, so that a name reads as another one."""


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    """Mark an English sentence for translation where it is shown."""
    return message


def printable(value: str) -> str:
    """Return a value as it may stand in a sentence on one line of any window or terminal.

    Names of files and texts of strangers may hold signs that move a cursor, or that cannot be printed at all.
    """
    if value.isprintable():
        return value
    return "".join(map(_printed, value))


def _printed(sign: str) -> str:
    if sign.isspace():
        return " "
    return "?" if sign in _TURNING or unicodedata.category(sign) in {"Cc", "Cs"} else sign


def short_reason(error: Exception) -> str:
    """Say in few words what a library says of a stranger's file, which it may quote."""
    said = printable(str(error))
    return said if len(said) <= _LONGEST_REASON else f"{said[:_LONGEST_REASON]}…"


# Compiled at once: where no memory is left, this sentence must still be said.
_ENDED_TWICE = re.compile(r"""([?!？！؟][”»"\u2069\u00a0\u202f]*)(?:\.(?!\S)|[。۔])""")


def end_once(text: str) -> str:
    """Leave out the full stop after something that was filled in and ends a sentence itself: a question in quotes."""
    return _ENDED_TWICE.sub(r"\1", text)


def _filled(sentence: str, values: Mapping[str, str]) -> str:
    return end_once(sentence.format(**{name: printable(value) for name, value in values.items()}))


class ProblemSeverity(StrEnum):
    """How bad a problem is: an error stops the operation, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in data: code, place, what is wrong and how to mend it.

    ``place`` is language-free ("section iv, question iv.policy, column available" or a file name);
    ``message`` and ``advice`` are message ids whose ``{placeholders}`` stand in ``values``.
    """

    code: str
    place: str
    message: str
    advice: str = ""
    values: tuple[tuple[str, str], ...] = ()
    severity: ProblemSeverity = ProblemSeverity.ERROR

    def text(self, translate: Translate = str) -> str:
        sentences = [translate(sentence) for sentence in (self.message, self.advice) if sentence]
        values = dict(self.values)
        return " ".join(_filled(sentence, values) for sentence in sentences)


class KnownError(Exception):
    """The world said no (disk full, newer file): one sentence for the person, no traceback."""

    def __init__(self, message: str, **values: str) -> None:
        self.message = message
        self.values = values
        super().__init__(_filled(message, values))

    def text(self, translate: Translate = str) -> str:
        return _filled(translate(self.message), self.values)


# What Windows has against the names of files.

DEVICE_NAME = N_("Windows keeps the name “{file}” for a device. Choose another name.")
PATH_TOO_LONG = N_(
    "The path of “{file}” is {count} characters long. Windows allows {most} here. Choose a folder with a shorter path."
)
_LONGEST_WINDOWS_PATH = 259
_DEVICE_NAME = r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)\s*(?:\.|$)"


def is_device_name(name: str) -> bool:
    """Return whether Windows takes the name of a file for one of its devices."""
    return bool(re.match(_DEVICE_NAME, name))


def windows_refusal(file: Path, platform: str = sys.platform) -> KnownError | None:
    """Return what Windows has against the name or path of a file that could not be used, if that is the reason."""
    length = len(str(file.absolute()))
    if platform == "win32" and is_device_name(file.name):
        return KnownError(DEVICE_NAME, file=file.name)
    if platform == "win32" and length > _LONGEST_WINDOWS_PATH:
        return KnownError(PATH_TOO_LONG, file=file.name, count=str(length), most=str(_LONGEST_WINDOWS_PATH))
    return None


def problem_data(problem: Problem, translate: Translate = str) -> dict[str, str]:
    """Return a problem with its sentence, for other programs."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "place": problem.place,
        "message": problem.text(translate),
    }
