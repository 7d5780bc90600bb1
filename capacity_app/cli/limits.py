"""Limits of time and memory of a command; and read-file, which reads an untrusted file within them."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import click

from capacity_app.cli.options import MEGABYTES, SECONDS, add_option, command, file_argument, limit_options
from capacity_app.cli.terminal import print_line
from capacity_app.domain.assessment.verification import FileMedium
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError
from capacity_app.files.atomic import remove_own_temporary
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import READING_MEMORY_LIMIT, READING_TIME_LIMIT, limited_memory, limited_time

_STDOUT, _STDERR = 1, 2


@dataclass(frozen=True, slots=True)
class LimitMessages:
    """What is said of too little time (filled in with ``{minutes}``) and memory (``{megabytes}``), as message ids."""

    too_long: str
    too_large: str


REPORT = LimitMessages(
    N_(
        "The report was stopped after {minutes} minutes and not written; an old file is as it was. Leave out parts "
        "(all questions and answers is the longest), choose a web page or workbook, or allow more time."
    ),
    N_(
        "The report needs more than {megabytes} MB of memory and was not written; an old file is as it was. Leave out "
        "parts (all questions and answers is the longest), or choose a web page or workbook."
    ),
)
FORM = LimitMessages(
    N_(
        "The form was stopped after {minutes} minutes and not written; an old file is as it was. Choose fewer parts or "
        "one language, or allow more time."
    ),
    N_(
        "The form needs more than {megabytes} MB of memory and was not written; an old file is as it was. Choose fewer "
        "parts or one language."
    ),
)
SYNTHESIS = LimitMessages(
    N_("The synthesis was stopped after {minutes} minutes and not written; an old file is as it was. Allow more time."),
    N_(
        "The synthesis needs more than {megabytes} MB of memory and was not written; an old file is as it was. Allow "
        "more memory."
    ),
)
CHECK = LimitMessages(
    N_(
        "The check was stopped after {minutes} minutes: the file is very large, or made to keep programs busy. Ask for "
        "it again, or for another format."
    ),
    N_(
        "The check needs more than {megabytes} MB of memory and was stopped: the file is very large, or made to fill "
        "it. Ask for it again, or for another format."
    ),
)

READING = LimitMessages(
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


def _minutes(texts: Translator, seconds: float) -> str:
    minutes = Fraction(seconds) / 60
    return texts.number(minutes, 0 if minutes.denominator == 1 else 2)


@contextmanager
def limited(
    sentences: LimitMessages, texts: Translator, *, is_for_window: bool = False, out: Path | None = None
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


# The command, not for people, that reads a stranger's file in a process of its own: read-file.


@command()
@file_argument()
@add_option("--careful", "is_careful", is_flag=True)
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
def read_file(texts: Translator, file: Path, *, is_careful: bool) -> bool:
    """Read a file against the instrument on standard input and say in one line of JSON what it holds."""
    from capacity_app.services.exchange import verification  # noqa: PLC0415 - only this command needs it
    from capacity_app.services.untrusted import inspection, reading_process, returned_file  # noqa: PLC0415 - the same

    try:
        instrument = reading_process.instrument_from_line(sys.stdin.buffer.readline())
        with limited(READING, texts, is_for_window=True), reading_process.confined(None, seconds_allowed()):
            content = inspection.read_returned_content(file)
            returned = returned_file.read_returned_file(file.name, content, lambda _: instrument, is_careful=is_careful)
            is_ours = returned.medium is not FileMedium.SUBMISSIONS
            told = verification.with_printed_problems(returned, content) if is_ours else returned
            line = reading_process.done_line(file, told)
    except KnownError as error:
        print_line(reading_process.error_line(error, error.text(texts.gettext)))
        return False
    print_line(line)
    return True
