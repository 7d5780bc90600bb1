"""The command that makes a copy under a newer version of the instrument: migrate."""

from pathlib import Path
from typing import Any

import click

from capacity_app.cli.instruments import instruments_here
from capacity_app.cli.options import NEW_FILE, as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, PROBLEMS, list_problems, print_json, say, say_protected_alike
from capacity_app.cli.unlocking import open_assessment, person
from capacity_app.domain.keys import ring_of
from capacity_app.domain.migration import Fate, Outcome
from capacity_app.domain.problems import N_
from capacity_app.services import identity
from capacity_app.services.migrating import Plan, Speaker, migrate_file, plan_migration, wanted_version
from capacity_app.services.results import problem_data
from capacity_app.texts import Texts
from capacity_app.wording import Wording


def _data(plan: Plan, texts: Texts) -> dict[str, Any]:
    """Return counts and every answer that is not carried, for other programs."""
    return {
        "instrument": plan.later.id,
        "from": plan.before.instrument.version,
        "to": plan.later.version,
        "files": [rules.file for rules in plan.steps],
        "given": plan.answers_in,
        **{fate.value: count for fate, count in plan.counts.items()},
        "answers": [_outcome(outcome, plan, texts) for outcome in _kept(plan)],
        "problems": [problem_data(problem, texts.gettext) for problem in plan.problems],
    }


def _outcome(outcome: Outcome, plan: Plan, texts: Texts) -> dict[str, Any]:
    key = outcome.answer.key
    return {
        "address": str(key.address),
        "layer": key.layer.value,
        "respondent": key.respondent,
        "fate": outcome.fate.value,
        "targets": [str(answer.key.address) for answer in outcome.answers],
        "reason": texts.gettext(outcome.reason),
        "note": outcome.note,
        "answered": Speaker(Wording(texts, plan.before)).said(outcome.answer),
    }


def _kept(plan: Plan) -> list[Outcome]:
    return [outcome for outcome in plan.migrated.outcomes if outcome.fate is not Fate.CARRIED]


def _list(plan: Plan, texts: Texts) -> None:
    """Say the counts, then every answer that is not carried, and why."""
    say(texts.gettext("Version {earlier} → {later}.").format(
        earlier=plan.before.instrument.version, later=plan.later.version
    ))  # fmt: skip
    if not plan.steps:
        say(texts.gettext("No migration file leads there: only what is asked in the same words is carried."))
    say(texts.gettext(
        "{given} answers = {carried} carried + {to_confirm} to confirm + {retired} retired and kept."
    ).format(given=plan.answers_in, **{fate.value: count for fate, count in plan.counts.items()}))  # fmt: skip
    wording = Wording(texts, plan.before)
    for outcome in _kept(plan):
        key = outcome.answer.key
        place = f"{key.address}, {wording.respondent(key.layer, key.respondent)}"
        marks = {Fate.TO_CONFIRM: texts.gettext("to confirm"), Fate.RETIRED: texts.gettext("retired")}
        reason = " ".join(filter(None, (texts.gettext(outcome.reason), outcome.note)))
        said = Speaker(wording).said(outcome.answer).removesuffix(".")
        say(f"  {place}: {marks[outcome.fate]}: {said}. {reason}")
    list_problems(plan.problems, texts.gettext, "  ")


@command()
@file_argument()
@click.argument("out", type=NEW_FILE, required=False)
@option("--to", "version", default="", help=N_("Version to take; the newest on this computer without."))
@option("--dry-run", is_flag=True, help=N_("Tell what would become of each answer, and make nothing."))
@as_json_option
@click.pass_obj
def migrate(texts: Texts, file: Path, out: Path | None, version: str, *, dry_run: bool, as_json: bool) -> int:
    """Make a copy under a newer version, or tell what it would be."""
    if out is None and not dry_run:
        raise click.UsageError(texts.gettext("Say where to put the copy, or try it with --dry-run."))
    with open_assessment(file) as session:
        entry = wanted_version(session.instrument, instruments_here(), version)
        plan = plan_migration(session.dossier(), entry, texts)
        if out is not None and not dry_run:
            migrate_file(file, out, plan, author=person(), device=identity.device_id(), keys=ring_of(session.key))
    if as_json:
        print_json(_data(plan, texts))
    else:
        _list(plan, texts)
        if dry_run:
            say(texts.gettext("Nothing was made: this was a trial run."))
        else:
            say(texts.gettext("Made {file}. {original} is as it was.").format(file=out, original=file))
            say_protected_alike(texts, session)
    return PROBLEMS if plan.problems else DONE
