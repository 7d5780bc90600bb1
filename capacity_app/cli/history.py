"""The command that tells how the answers at one place came about: history."""

from pathlib import Path
from typing import Any

import click

from capacity_app.cli.differences import content_data, parts_of
from capacity_app.cli.options import as_json_option, command, file_argument
from capacity_app.cli.speaking import DONE, print_json, say
from capacity_app.cli.unlocking import open_assessment
from capacity_app.domain.history import Step, steps
from capacity_app.domain.places import find_place
from capacity_app.domain.problems import N_, KnownError
from capacity_app.texts import Texts
from capacity_app.wording import Wording

NO_PLACE = N_("There is no question or row “{place}”: name it by its printed number (“IV.1 G”) or its address.")


def history_data(step: Step) -> dict[str, Any]:
    """Return one revision as data for other programs."""
    revision = step.revision
    return {
        "id": str(revision.id),
        "address": str(revision.key.address),
        "layer": revision.key.layer.value,
        "respondent": revision.key.respondent,
        "author": revision.author,
        "time": revision.time,
        "before": content_data(step.before),
        "after": content_data(step.after),
    }


def _changes(words: Wording, step: Step) -> list[str]:
    before, after = parts_of(words, step.key, step.before), parts_of(words, step.key, step.after)
    changed = [(label, old, new) for (label, old), (_, new) in zip(before, after, strict=True) if old != new]
    return [f"  {label}{old or '–'} → {new or '–'}" for label, old, new in changed] or [f"  {before[0][1]}"]


def _print(words: Wording, step: Step) -> None:
    who = words.respondent(step.key.layer, step.key.respondent)
    author = step.revision.author or words.texts.gettext("nobody named")
    say(f"{words.moment(step.revision.time)} · {words.place(step.key.address)} · {who} · {author}")
    for line in _changes(words, step):
        say(line)


@command()
@file_argument()
@click.argument("place", metavar="PLACE")
@as_json_option
@click.pass_obj
def history(texts: Texts, file: Path, place: str, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Return how the answers at a place came about, newest first."""
    with open_assessment(file) as session:
        address = find_place(session.instrument, place)
        if address is None:
            raise KnownError(NO_PLACE, place=place)
        known, dossier = steps(session.history(address)), session.dossier()
    if as_json:
        print_json([history_data(step) for step in known])
        return DONE
    words = Wording(texts, dossier)
    for step in known:
        _print(words, step)
    say(texts.ngettext("{count} change.", "{count} changes.", len(known)).format(count=len(known)))
    return DONE
