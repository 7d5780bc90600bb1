"""The command that saves from a damaged file what can be read of it: rescue."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.speaking import DONE, PROBLEMS, as_json_option, file_argument, print_json, say
from capacity_app.cli.unlocking import keys_for, keys_given
from capacity_app.domain.keys import Keyring
from capacity_app.domain.problems import KnownError, Translate
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.salvage import Salvage


def _keys(file: Path) -> Keyring:
    """Give keys for a file, and ask for those that are missing; a damaged one may not tell whether they fit."""
    try:
        return keys_for(file)
    except KnownError:
        return keys_given()


@click.pass_obj
def rescue(texts: Texts, file: Path, out: Path, *, as_json: bool) -> int:
    """Write what can be read of a damaged file into a new one, and say what is lost."""
    # Only this command needs what reads a file without SQLite.
    from capacity_app.services import salvage, salvage_words  # noqa: PLC0415

    salvage.expect_new(out)
    found = salvage.salvage(file, _keys(file))
    salvage.write(found, out)
    if as_json:
        print_json(_data(found, out))
    else:
        say(salvage_words.kept_in_words(texts, found))
        for sentence in salvage_words.lost_in_words(texts, found):
            say(sentence)
        say(texts.gettext("Made {file}. {original} is as it was.").format(file=out, original=file))
    return PROBLEMS if found.lost else DONE


def _data(found: "Salvage", out: Path) -> dict[str, Any]:
    return {
        "file": str(out),
        "assessment": found.label.assessment_id,
        "answers": found.answers,
        "changes": found.changes,
        "documents": found.documents,
        "said_again": found.said_again,
        "lost": dict(found.lost),
        "places": list(found.wreck.places),
        "instrument_from": found.instrument_from,
        "pages": found.wreck.losses.pages,
        "unreadable_pages": found.wreck.losses.unreadable,
    }


def rescue_command(_: Translate) -> click.Command:
    """Describe ``rescue``."""
    params: list[click.Parameter] = [file_argument(), file_argument("out", is_new=True), as_json_option(_)]
    about = _("Save what can be read of the damaged FILE into the new file OUT; FILE stays as it is.")
    return click.Command("rescue", callback=rescue, params=params, help=about)
