"""The commands about backups: list, make, restore, save."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import as_json_option, command, file_argument, option
from capacity_app.cli.speaking import DONE, PROBLEMS, print_json, say, say_wrote
from capacity_app.cli.unlocking import keys_for, keys_given
from capacity_app.domain.keys import Keyring
from capacity_app.domain.problems import N_, Translate
from capacity_app.services import backups
from capacity_app.services.backup_words import (
    REASON_WORDS,
    contents_in_words,
    last_change_in_words,
    size_in_words,
)
from capacity_app.services.backups import Backup, Contents
from capacity_app.texts import Texts
from capacity_app.wording import moment_in_words

# -- list --------------------------------------------------------------------------------------------------------------


def _keys(file: Path) -> Keyring:
    """Return keys for a file and its backups; where the file is gone, those of the newest backup are asked for."""
    keys_for(file)
    known = backups.backups_of(file, keys_given())
    return keys_for(*(one.file for one in known[:1]))


def _data(backup: Backup, contents: Contents, translate: Translate) -> dict[str, Any]:
    return {
        "number": backup.number,
        "time": backup.made.time.isoformat(),
        "reason": backup.made.reason.value,
        "from": backups.where_from(backup),
        "size": backup.size,
        "file": str(backup.file),
        "answers": contents.answers,
        "last_change": contents.last_change,
        "author": contents.author,
        "differing": contents.differing,
        "problem": contents.problem.text(translate) if contents.problem else None,
    }


def _line(texts: Texts, backup: Backup, contents: Contents) -> str:
    parts = (
        moment_in_words(texts, backup.made.time.isoformat()),
        texts.gettext(REASON_WORDS[backup.made.reason]),
        contents_in_words(texts, contents),
        last_change_in_words(texts, contents, moment_in_words(texts, contents.last_change)),
        size_in_words(texts, backup.size),
    )
    return f"{backup.number:>6}  {'  '.join(part for part in parts if part)}"


def _tell(texts: Texts, file: Path, found: Sequence[tuple[Backup, Contents]]) -> None:
    if not found:
        say(texts.gettext("There is no backup of {file} on this computer.").format(file=file.name))
    places = {backups.where_from(one) for one, _ in found} - {str(file.resolve())}
    for backup, contents in found:
        say(_line(texts, backup, contents))
        if len(places) > 1 or "" not in places:
            origin = backups.where_from(backup)
            if origin and origin != str(file.resolve()):
                say(f"        {origin}")


@command()
@file_argument()
@as_json_option
@click.pass_obj
def backup_list(texts: Texts, file: Path, *, as_json: bool) -> int:
    """List the backups of a file, also of one that is gone or damaged, newest first, with what is in each."""
    keys = _keys(file)
    now = backups.said_now(file, keys)
    found = [(one, backups.contents_of(one, keys, now)) for one in backups.backups_of(file, keys)]
    if as_json:
        print_json({"backups": [_data(one, contents, texts.gettext) for one, contents in found]})
    else:
        _tell(texts, file, found)
    return PROBLEMS if any(contents.problem for _, contents in found) else DONE


# -- make, restore, save -----------------------------------------------------------------------------------------------


@command()
@file_argument()
@as_json_option
@click.pass_obj
def backup_make(texts: Texts, file: Path, *, as_json: bool) -> int:
    """Make a backup of what is in a file now."""
    made = backups.back_up(file, keys_for(file))
    if as_json:
        print_json({"number": made.number, "file": str(made.file)})
    else:
        say(texts.gettext("Backup {number} was made: {file}.").format(number=made.number, file=made.file))
    return DONE


@command()
@file_argument()
@click.argument("number", type=click.IntRange(min=1))
@as_json_option
@click.pass_obj
def backup_restore(texts: Texts, file: Path, number: int, *, as_json: bool) -> int:
    """Put a backup in the place of a file; what stands there is kept first."""
    keys = _keys(file)
    left = backups.restore(backups.find_backup(file, number, keys), file, keys)
    if as_json:
        print_json({"number": number, "file": str(file), "kept": str(left or "")})
        return DONE
    say(texts.gettext("{file} is now as it was in backup {number}.").format(file=file.name, number=number))
    if left:
        say(texts.gettext("What stood there before is kept: {file}.").format(file=left))
    return DONE


@command()
@file_argument()
@click.argument("number", type=click.IntRange(min=1))
@file_argument("out", is_new=True)
@option("--replace", is_flag=True, help=N_("Replace a file of that name."))
@as_json_option
@click.pass_obj
def backup_save(texts: Texts, file: Path, number: int, out: Path, *, replace: bool, as_json: bool) -> int:
    """Write a backup into a file elsewhere."""
    keys = _keys(file)
    backups.save_copy(backups.find_backup(file, number, keys), out, keys, replace=replace)
    if as_json:
        print_json({"number": number, "file": str(out)})
    else:
        say_wrote(texts, out)
    return DONE
