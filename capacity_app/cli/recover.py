"""The command that recovers from a damaged file what can be read of it: recover."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.options import as_json_option, command, file_argument
from capacity_app.cli.speaking import DONE, PROBLEMS, print_json, say
from capacity_app.cli.unlocking import keys_for, keys_given
from capacity_app.domain.keys import Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.store.creation import expect_nothing_there
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.file_recovery import RecoverableFile


def _keys(file: Path) -> Keyring:
    """Return keys for a file, and ask for those that are missing; a damaged one may not tell whether they fit."""
    try:
        return keys_for(file)
    except KnownError:
        return keys_given()


@command()
@file_argument()
@file_argument("out", is_new=True)
@as_json_option
@click.pass_obj
def recover(texts: Texts, file: Path, out: Path, *, as_json: bool) -> int:
    """Write what can be read of a damaged file into a new one, and say what is lost."""
    from capacity_app.services import file_recovery  # noqa: PLC0415 - only this command needs it

    expect_nothing_there(out)
    found = file_recovery.read_corrupted(file, _keys(file))
    file_recovery.write(found, out)
    if as_json:
        print_json(_data(found, out))
    else:
        say(file_recovery.kept_in_words(texts, found))
        for sentence in file_recovery.lost_in_words(texts, found):
            say(sentence)
        say(texts.gettext("Made {file}. {original} is unchanged.").format(file=out, original=file))
    return DONE if found.is_intact else PROBLEMS


def _data(found: "RecoverableFile", out: Path) -> dict[str, Any]:
    return {
        "file": str(out),
        "assessment": found.label.assessment_id,
        "is_complete": found.is_complete,
        "answers": found.answers,
        "changes": found.changes,
        "documents": len(found.documents),
        "said_again": found.said_again,
        "lost": dict(found.lost),
        "places": list(found.places),
        "instrument_from": found.instrument_from,
    }
