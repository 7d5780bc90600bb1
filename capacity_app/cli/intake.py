"""The command that brings answers in: import."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.merging import merge_in
from capacity_app.cli.options import FILE, as_json_option, command, file_argument, option
from capacity_app.cli.returned import ACCEPT, Wanted, import_returned, undo_returned
from capacity_app.cli.speaking import DONE, MOST_LISTED, PROBLEMS, list_problems, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.keys import SALT_BYTES
from capacity_app.domain.problems import N_, KnownError, Problem
from capacity_app.services import guard, identity, importing
from capacity_app.services.assessment_session import create_from_dossier
from capacity_app.services.dossier_json import dossier_from_json
from capacity_app.services.results import problem_data
from capacity_app.store.opening import looks_protected
from capacity_app.texts import Texts

_DATABASE = b"SQLite format 3\0"
_HEAD = 64


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(_HEAD)
    except OSError as error:
        reason = error.strerror or str(error)
        raise KnownError(N_("{file} cannot be read: {reason}."), file=str(file), reason=reason) from error


def _is_dossier(file: Path, head: bytes) -> bool:
    return file.suffix.lower() == ".json" or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


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
    with open_assessment(file, read_only=is_trial) as session:
        plan = importing.plan_import(session, text)
        if not is_trial:
            importing.apply_import(session, plan)
    counts = {fate.value: plan.count(fate) for fate in importing.Fate}
    return {"given": plan.answers_in, **counts}, plan.problems


def _import_dossier(texts: Texts, file: Path, source: Path, wanted: Wanted) -> int:
    text = guard.dossier_text(source)
    if file.exists():
        counts, problems = _import_into(file, text, is_trial=wanted.dry_run)
    else:
        counts, problems = _import_as_new(texts, file, text, is_trial=wanted.dry_run)
    if wanted.as_json:
        print_json({**counts, "problems": [problem_data(problem, texts.gettext) for problem in problems]})
        return PROBLEMS if problems else DONE
    say(texts.gettext(
        "{given} answers: {same} the same, {new} new, {changed} changed, {refused} refused, {unplaced} without a place."
    ).format(**counts))  # fmt: skip
    list_problems(problems, texts.gettext, most=MOST_LISTED)
    if wanted.dry_run:
        say(texts.gettext("Nothing was changed: this was a trial run."))
    return PROBLEMS if problems else DONE


@command()
@file_argument()
@click.argument("source", metavar="[INPUT]", type=FILE, required=False, default=None)
@option("--dry-run", is_flag=True, help=N_("Show what would change, and change nothing."))
@as_json_option
@option(
    "--agency",
    default="",
    help=N_("The agency that gave the answers: an id, short name or name. Needed if the file does not say it."),
)
@option(
    "--accept",
    type=click.Choice(ACCEPT),
    help=N_(
        "What to import: all answers, also those that differ from answers given here or were deleted (all), "
        "only new answers (new), or none. Without it: new answers, and those changed in the file only."
    ),
)
@option("--take", multiple=True, metavar="PLACE", help=N_("Import the answer that the file has at this place."))
@option(
    "--undo",
    "--take-back",
    default="",
    metavar="RETURN",
    help=N_("Undo the import of a returned file. Answers that nobody has changed since are as before."),
)
@click.pass_obj
def import_(texts: Texts, /, file: Path, source: Path | None, *, undo: str, **options: Any) -> int:  # noqa: ANN401 - those of ``Wanted``
    """Bring answers in; what cannot be placed is listed."""
    _, wanted = texts.gettext, Wanted(**options)
    if undo:
        if source is not None:
            raise click.UsageError(_("With --undo, do not name an INPUT. The file is in the assessment."))
        return undo_returned(texts, file, undo, wanted)
    if source is None:
        raise click.UsageError(_("Name the file to bring in as INPUT."))
    head = _head(source)
    is_assessment = head.startswith(_DATABASE) or looks_protected(head[:SALT_BYTES], source)
    if not (is_assessment or _is_dossier(source, head)):
        return import_returned(texts, file, source, wanted)
    if wanted.agency or wanted.accept or wanted.take:
        raise click.UsageError(_("--agency, --accept and --take are for workbooks and Word files only."))
    if is_assessment:
        return merge_in(texts, file, source, is_trial=wanted.dry_run, as_json=wanted.as_json)
    return _import_dossier(texts, file, source, wanted)
