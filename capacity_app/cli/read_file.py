"""The command, not for people, that reads a stranger's file in a process of its own: read-file."""

import sys
from dataclasses import replace
from pathlib import Path

import click

from capacity_app.cli.limits import READING, limited, seconds_allowed
from capacity_app.cli.options import command, file_argument, limit_options, option
from capacity_app.cli.speaking import DONE, PROBLEMS, print_line
from capacity_app.domain.problems import KnownError
from capacity_app.domain.verification import Medium
from capacity_app.services.limits import READING_MEMORY_LIMIT, READING_TIME_LIMIT
from capacity_app.texts import Texts


@command()
@file_argument()
@option("--careful", "is_careful", is_flag=True)
@limit_options(seconds=READING_TIME_LIMIT, megabytes=READING_MEMORY_LIMIT)
@click.pass_obj
def read_file(
    texts: Texts,
    file: Path,
    is_careful: bool,  # noqa: FBT001 - click passes options by name
) -> int:
    """Read a file against the instrument on standard input and say in one line of JSON what it holds."""
    from capacity_app.services import guard, printed_comparison  # noqa: PLC0415 - only this command needs it
    from capacity_app.services.strangers import child, confinement, reading  # noqa: PLC0415 - the same

    try:
        instrument = child.heard(sys.stdin.buffer.readline())
        with limited(READING, texts, is_for_window=True), confinement.confined(None, seconds_allowed()):
            content = guard.returned_content(file)
            returned = reading.read_returned_file(file.name, content, lambda _: instrument, is_careful=is_careful)
            is_ours = returned.medium is not Medium.SUBMISSIONS
            told = printed_comparison.printed_problems(file.name, content) if is_ours else ()
            line = child.done_line(file, replace(returned, problems=(*returned.problems, *told)))
    except KnownError as error:
        print_line(child.complaint_of(error, error.text(texts.gettext)))
        return PROBLEMS
    print_line(line)
    return DONE
