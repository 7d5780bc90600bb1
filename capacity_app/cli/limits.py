"""The limits of time and memory a command may be given, and what it says when it comes to one."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import click

from capacity_app.cli.options import MEGABYTES, SECONDS
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import remove_own_temporary
from capacity_app.services.limits import limited_memory, limited_time
from capacity_app.texts import Texts

_STDOUT, _STDERR = 1, 2


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said of too little time (filled in with ``{minutes}``) and memory (``{megabytes}``), as message ids."""

    too_long: str
    too_large: str


REPORT = Sentences(
    N_(
        "The report was stopped after {minutes} minutes and not written; an old file is as it was. Leave out parts "
        "(all questions and answers is the longest), choose a web page or workbook, or allow more time."
    ),
    N_(
        "The report needs more than {megabytes} MB of memory and was not written; an old file is as it was. Leave out "
        "parts (all questions and answers is the longest), or choose a web page or workbook."
    ),
)
FORM = Sentences(
    N_(
        "The form was stopped after {minutes} minutes and not written; an old file is as it was. Choose fewer parts or "
        "one language, or allow more time."
    ),
    N_(
        "The form needs more than {megabytes} MB of memory and was not written; an old file is as it was. Choose fewer "
        "parts or one language."
    ),
)
SYNTHESIS = Sentences(
    N_("The synthesis was stopped after {minutes} minutes and not written; an old file is as it was. Allow more time."),
    N_(
        "The synthesis needs more than {megabytes} MB of memory and was not written; an old file is as it was. Allow "
        "more memory."
    ),
)
CHECK = Sentences(
    N_(
        "The check was stopped after {minutes} minutes: the file is very large, or made to keep programs busy. Ask for "
        "it again, or for another format."
    ),
    N_(
        "The check needs more than {megabytes} MB of memory and was stopped: the file is very large, or made to fill "
        "it. Ask for it again, or for another format."
    ),
)

READING = Sentences(
    N_(
        "Reading was stopped after {minutes} minutes: the file is very large, or made to keep programs busy. Ask for "
        "it again, or delete in it what does not belong to the form."
    ),
    N_(
        "Reading needs more than {megabytes} MB of memory and was stopped: the file is very large, or made to fill it. "
        "Ask for it again, or delete in it what does not belong to the form."
    ),
)


def seconds_allowed() -> float:
    """Return the time limit that this command was given, in seconds; 0 for none."""
    return float(click.get_current_context().meta[SECONDS])


def _minutes(texts: Texts, seconds: float) -> str:
    minutes = Fraction(seconds) / 60
    return texts.number(minutes, 0 if minutes.denominator == 1 else 2)


@contextmanager
def limited(
    sentences: Sentences, texts: Texts, *, is_for_window: bool = False, out: Path | None = None
) -> Iterator[None]:
    """Do what is inside within the limits the command was given; of the file ``out`` nothing is left half written.

    When time or memory ends, the sentence is printed (``is_for_window``: as a line of JSON) and the process ends
    with 1; raises KnownError where it is only refused memory.
    """
    given = click.get_current_context().meta
    seconds, megabytes = float(given[SECONDS]), int(given[MEGABYTES])
    too_long = texts.gettext(sentences.too_long).format(minutes=_minutes(texts, seconds))
    too_large = KnownError(sentences.too_large, megabytes=str(megabytes))

    def saying(sentence: str) -> Callable[[], None]:
        # Straight to the system: the work may be holding the lock of the stream it prints to.
        line = json.dumps({"error": sentence}, ensure_ascii=False) if is_for_window else sentence
        stream = _STDOUT if is_for_window else _STDERR

        def say() -> None:
            if out is not None:
                remove_own_temporary(out)
            os.write(stream, f"{line}\n".encode())

        return say

    try:
        # Time first: without memory no thread that watches it would begin.
        with limited_time(seconds, saying(too_long)), limited_memory(megabytes, saying(too_large.text(texts.gettext))):
            yield
    except MemoryError:
        raise too_large from None
