"""The command that makes a regional synthesis of a repository: synthesis."""

from pathlib import Path

import click

from capacity_app.cli.limits import SYNTHESIS, limited
from capacity_app.cli.options import command, file_argument, language_option, limit_options, option, progress_option
from capacity_app.cli.speaking import DONE, errors_told, print_done, progress_printer, say_signed
from capacity_app.domain.participation import MINIMUM, Basis, Choice
from capacity_app.domain.problems import N_
from capacity_app.services.limits import MEMORY_LIMIT, TIME_LIMIT
from capacity_app.texts import Texts

_BASES = click.Choice([basis.value for basis in Basis])


@command()
@file_argument("repository")
@file_argument("out")
@option(
    "--minimum",
    type=click.IntRange(1, 1000),
    default=MINIMUM,
    show_default=True,
    help=N_("Figures of fewer countries than this are not shown."),
)
@option(
    "--basis",
    type=_BASES,
    default=Basis.VALIDATED.value,
    show_default=True,
    help=N_("Count validated assessments only, or the newest assessment of each country, also drafts."),
)
@language_option(N_("Language of the synthesis; that of the program if left out."))
@progress_option
@limit_options(seconds=TIME_LIMIT, megabytes=MEMORY_LIMIT)
@click.pass_obj
def synthesis(
    texts: Texts, repository: Path, out: Path, *, minimum: int, basis: str, language: str, progress: bool
) -> int:
    """Write a synthesis; with --progress as JSON lines for the window."""
    from capacity_app.services import synthesis  # noqa: PLC0415 - only this command needs it

    choice = Choice(minimum, Basis(basis))
    tell = progress_printer(progress)
    with errors_told(texts, is_for_window=progress), limited(SYNTHESIS, texts, is_for_window=progress, out=out):
        synthesis.write_synthesis(
            repository, out, texts=Texts(language) if language else texts, choice=choice, progress=tell
        )
    if progress:
        print_done(out)
    else:
        say_signed(texts, out)
    return DONE
