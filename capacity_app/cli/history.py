"""The command that tells how the answers at one place came about: history."""

from pathlib import Path
from typing import Any

import click

from capacity_app.cli.speaking import DONE, as_json_option, file_argument, open_assessment, print_json, say
from capacity_app.domain.answers import Content, State
from capacity_app.domain.checking import locate
from capacity_app.domain.history import Step, steps
from capacity_app.domain.instrument import Kind
from capacity_app.domain.places import find_place
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.texts import Texts
from capacity_app.wording import STATE_WORDS, Wording

NO_PLACE = N_("There is no question or row “{place}”: name it by its printed number (“IV.1 G”) or its address.")


def _content_data(content: Content) -> dict[str, Any]:
    return {
        "state": content.state.value,
        "value": list(content.value) if isinstance(content.value, tuple) else content.value,
        "reason": content.reason,
        "note": content.note,
        "evidence": list(content.evidence),
    }


def history_data(step: Step) -> dict[str, Any]:
    """Give one revision as data for other programs."""
    revision = step.revision
    return {
        "id": str(revision.id),
        "address": str(revision.key.address),
        "layer": revision.key.layer.value,
        "respondent": revision.key.respondent,
        "author": revision.author,
        "time": revision.time,
        "before": _content_data(step.before),
        "after": _content_data(step.after),
    }


def _said(words: Wording, step: Step, content: Content) -> str:
    target = locate(words.dossier.instrument, step.key.address)
    field = target.field if target is not None else None
    if content.state is State.ANSWERED and target is not None and field is not None and field.kind is not Kind.GRID:
        return words.value(target.question, field, content.value)
    return words.texts.gettext(STATE_WORDS[content.state])


def _evidence(words: Wording, content: Content) -> str:
    known = words.dossier.evidence_by_id
    return "; ".join((known[one].title or one) if one in known else one for one in content.evidence)


def _changes(words: Wording, step: Step) -> list[str]:
    _, before, after = words.texts.gettext, step.before, step.after
    parts = [("", _said(words, step, before), _said(words, step, after))]
    parts += [(_("Reason"), before.reason, after.reason), (_("Note"), before.note, after.note)]
    parts.append((_("Evidence"), _evidence(words, before), _evidence(words, after)))
    lines = [
        f"  {label + ': ' if label else ''}{old or '–'} → {new or '–'}"
        for label, old, new in parts
        if (old, new) != ("", "") and old != new
    ]
    return lines or [f"  {parts[0][2]}"]


def _print(words: Wording, step: Step) -> None:
    who = words.respondent(step.key.layer, step.key.respondent)
    author = step.revision.author or words.texts.gettext("nobody named")
    say(f"{words.moment(step.revision.time)} · {words.place(step.key.address)} · {who} · {author}")
    for line in _changes(words, step):
        say(line)


@click.pass_obj
def history(texts: Texts, file: Path, place: str, as_json: bool) -> int:  # noqa: FBT001 - click passes options by name
    """Tell how the answers at a place came about, newest first."""
    session = open_assessment(file)
    try:
        address = find_place(session.instrument, place)
        if address is None:
            raise KnownError(NO_PLACE, place=place)
        known, dossier = steps(session.history(address)), session.dossier()
    finally:
        session.close()
    if as_json:
        print_json([history_data(step) for step in known])
        return DONE
    words = Wording(texts, dossier)
    for step in known:
        _print(words, step)
    say(texts.ngettext("{count} change.", "{count} changes.", len(known)).format(count=len(known)))
    return DONE


def history_command(_: Translate) -> click.Command:
    """Describe ``history``."""
    place = click.Argument(["place"], metavar="PLACE")
    return click.Command(
        "history",
        callback=history,
        params=[file_argument(), place, as_json_option(_)],
        help=_("Tell who answered what and when at a place: a printed number (IV.1 G) or an address."),
    )
