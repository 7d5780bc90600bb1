"""The command that brings answers in: import."""

from collections.abc import Sequence
from pathlib import Path

import click

from capacity_app.cli.speaking import (
    DONE,
    FILE,
    PROBLEMS,
    as_json_option,
    file_argument,
    list_problems,
    open_assessment,
    print_json,
    say,
)
from capacity_app.domain.problems import N_, KnownError, Problem, Translate
from capacity_app.services import identity, importing
from capacity_app.services.assessment_session import create_from_dossier
from capacity_app.services.dossier_json import dossier_from_json
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts


def _read_text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        reason = error.strerror or str(error)
        raise KnownError(N_("{file} cannot be read: {reason}."), file=str(file), reason=reason) from error
    except UnicodeDecodeError as error:
        raise KnownError(N_("{file} is no text file: choose a .json dossier."), file=str(file)) from error


def _import_as_new(texts: Texts, file: Path, text: str, *, is_trial: bool) -> tuple[dict[str, int], Sequence[Problem]]:
    dossier, documents, problems = dossier_from_json(text)
    if not is_trial:
        create_from_dossier(file, dossier, documents, device=identity.device_id())
        click.echo(texts.gettext("Made {file}.").format(file=file), err=True)
    refused = sum(problem.code.startswith("answer.") for problem in problems)
    given = len(dossier.answers)
    return {
        "given": given + refused,
        "same": 0,
        "new": given,
        "changed": 0,
        "refused": refused,
        "unplaced": 0,
    }, problems


def _import_into(file: Path, text: str, *, is_trial: bool) -> tuple[dict[str, int], Sequence[Problem]]:
    session = open_assessment(file, read_only=is_trial)
    try:
        plan = importing.plan_import(session, text)
        if not is_trial:
            importing.apply_import(session, plan)
    finally:
        session.close()
    counts = {fate.value: plan.count(fate) for fate in importing.Fate}
    return {"given": plan.answers_in, **counts}, plan.problems


@click.pass_obj
def import_(texts: Texts, file: Path, source: Path, dry_run: bool, as_json: bool) -> int:  # noqa: FBT001 - by name
    """Bring answers in; what cannot be placed is listed."""
    text = _read_text(source)
    if file.exists():
        counts, problems = _import_into(file, text, is_trial=dry_run)
    else:
        counts, problems = _import_as_new(texts, file, text, is_trial=dry_run)
    if as_json:
        print_json({**counts, "problems": [problem_data(problem, texts.gettext) for problem in problems]})
        return PROBLEMS if problems else DONE
    say(texts.gettext(
        "{given} answers: {same} the same, {new} new, {changed} changed, {refused} refused, {unplaced} without a place."
    ).format(**counts))  # fmt: skip
    list_problems(problems, texts.gettext)
    if dry_run:
        say(texts.gettext("Nothing was changed: this was a trial run."))
    return PROBLEMS if problems else DONE


def import_command(_: Translate) -> click.Command:
    """Describe ``import``."""
    params: list[click.Parameter] = [
        file_argument(),
        click.Argument(["source"], metavar="INPUT", type=FILE),
        click.Option(["--dry-run"], is_flag=True, help=_("Show what would change, and change nothing.")),
        as_json_option(_),
    ]
    return click.Command(
        "import", callback=import_, params=params, help=_("Bring answers in from a .json dossier; makes FILE if new.")
    )
