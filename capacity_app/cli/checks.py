"""The command that lists everything weak: check."""

from pathlib import Path

import click

from capacity_app.cli.speaking import (
    DONE,
    PROBLEMS,
    as_json_option,
    file_argument,
    list_problems,
    open_assessment,
    print_json,
    say,
)
from capacity_app.domain.problems import Translate
from capacity_app.domain.quality import check_quality
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts


@click.pass_obj
def check(texts: Texts, file: Path, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """List damage of the file and everything weak in the assessment."""
    session = open_assessment(file)
    try:
        damage = session.check_file()
        findings = check_quality(session.dossier(), session.sheet, session.gaps())
    finally:
        session.close()
    found = [*damage, *(finding.problem for finding in findings)]
    if as_json:
        print_json([problem_data(problem, texts.gettext) for problem in found])
    else:
        list_problems(found, texts.gettext)
        say(texts.ngettext("{count} point to look at.", "{count} points to look at.", len(found)).format(
            count=len(found)
        ))  # fmt: skip
    return PROBLEMS if found else DONE


def check_command(_: Translate) -> click.Command:
    """Describe ``check``."""
    both: list[click.Parameter] = [file_argument(), as_json_option(_)]
    return click.Command("check", callback=check, params=both, help=_("List open, weak and contradictory answers."))
