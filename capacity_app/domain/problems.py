"""What can go wrong in a way a person can mend: problems are values, known errors are exceptions."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802 - gettext's customary name for "translate later"
    """Mark an English sentence for translation where it is shown."""
    return message


class Severity(StrEnum):
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
    severity: Severity = Severity.ERROR

    def text(self, translate: Translate = str) -> str:
        """Say what is wrong and, if known, what to do, in the language of ``translate``."""
        sentences = [translate(sentence) for sentence in (self.message, self.advice) if sentence]
        return " ".join(sentence.format(**dict(self.values)) for sentence in sentences)


class KnownError(Exception):
    """The world said no (disk full, newer file): one sentence for the person, no traceback."""

    def __init__(self, message: str, **values: str) -> None:
        self.message = message
        self.values = values
        super().__init__(message.format(**values))

    def text(self, translate: Translate = str) -> str:
        """Say it in the language of ``translate``."""
        return translate(self.message).format(**self.values)
