"""The commands about backups (list, make, restore, save), and recover, for a damaged file."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from capacity_app.cli.options import add_option, as_json_option, command, file_argument
from capacity_app.cli.terminal import keys_for, known_keys, print_json, print_result, say, say_written
from capacity_app.domain.encryption_keys import Keyring
from capacity_app.domain.problems import N_, KnownError, Translate
from capacity_app.i18n.formatter import format_moment
from capacity_app.i18n.translator import Translator
from capacity_app.services import backups, corrupted_file
from capacity_app.services.backups import (
    REASON_LABELS,
    BackupContents,
    format_backup_contents,
    format_file_size,
    format_last_change,
)
from capacity_app.storage.backups import Backup
from capacity_app.storage.creation import expect_free_path
from capacity_app.storage.recovery import restore_backup, save_backup_as

if TYPE_CHECKING:
    from capacity_app.services.corrupted_file import RecoverableFile


# -- list --------------------------------------------------------------------------------------------------------------


def _keys_of_backups(file: Path) -> Keyring:
    """Return keys for a file and its backups; where the file is gone, those of the newest backup are asked for."""
    keys_for(file)
    known = backups.backups_of(file, known_keys())
    return keys_for(*(one.file for one in known[:1]))


def _backup_data(backup: Backup, contents: BackupContents, translate: Translate) -> dict[str, Any]:
    return {
        "number": backup.number,
        "time": backup.made.time.isoformat(),
        "reason": backup.made.reason.value,
        "from": backups.original_location(backup),
        "size": backup.size,
        "file": str(backup.file),
        "answers": contents.answers,
        "last_change": contents.last_change,
        "author": contents.author,
        "differing": contents.differing,
        "problem": contents.problem.text(translate) if contents.problem else None,
    }


def _backup_line(texts: Translator, backup: Backup, contents: BackupContents) -> str:
    parts = (
        format_moment(texts, backup.made.time.isoformat()),
        texts.gettext(REASON_LABELS[backup.made.reason]),
        format_backup_contents(texts, contents),
        format_last_change(texts, contents, format_moment(texts, contents.last_change)),
        format_file_size(texts, backup.size),
    )
    return f"{backup.number:>6}  {'  '.join(part for part in parts if part)}"


def _print_backups(texts: Translator, file: Path, found: Sequence[tuple[Backup, BackupContents]]) -> None:
    if not found:
        say(texts.gettext("There is no backup of {file} on this computer.").format(file=file.name))
    places = {backups.original_location(one) for one, _ in found} - {str(file.resolve())}
    for backup, contents in found:
        say(_backup_line(texts, backup, contents))
        if len(places) > 1 or "" not in places:
            origin = backups.original_location(backup)
            if origin and origin != str(file.resolve()):
                say(f"        {origin}")


@command()
@file_argument()
@as_json_option
def backup_list(texts: Translator, file: Path, *, as_json: bool) -> bool:
    keys = _keys_of_backups(file)
    now = backups.current_content(file, keys)
    found = [(one, backups.read_backup_contents(one, keys, now)) for one in backups.backups_of(file, keys)]
    print_result(
        {"backups": [_backup_data(one, contents, texts.gettext) for one, contents in found]},
        lambda: _print_backups(texts, file, found),
        as_json=as_json,
    )
    return not (any(contents.problem for _, contents in found))


# -- make, restore, save -----------------------------------------------------------------------------------------------


@command()
@file_argument()
@as_json_option
def backup_make(texts: Translator, file: Path, *, as_json: bool) -> None:
    made = backups.make_backup(file, keys_for(file))
    print_result(
        {"number": made.number, "file": str(made.file)},
        lambda: say(texts.gettext("Backup {number} was made: {file}.").format(number=made.number, file=made.file)),
        as_json=as_json,
    )


@command()
@file_argument()
@click.argument("number", type=click.IntRange(min=1))
@as_json_option
def backup_restore(texts: Translator, file: Path, number: int, *, as_json: bool) -> None:
    keys = _keys_of_backups(file)
    left = restore_backup(backups.find_backup(file, number, keys), file, keys)
    if as_json:
        print_json({"number": number, "file": str(file), "kept": str(left or "")})
        return
    say(texts.gettext("{file} is now as it was in backup {number}.").format(file=file.name, number=number))
    if left:
        say(texts.gettext("What stood there before is kept: {file}.").format(file=left))


@command()
@file_argument()
@click.argument("number", type=click.IntRange(min=1))
@file_argument("out", is_new=True)
@add_option("--replace", is_flag=True, help=N_("Replace a file of that name."))
@as_json_option
def backup_save(texts: Translator, file: Path, number: int, out: Path, *, replace: bool, as_json: bool) -> None:
    keys = _keys_of_backups(file)
    save_backup_as(backups.find_backup(file, number, keys), out, keys, replace=replace)
    print_result({"number": number, "file": str(out)}, lambda: say_written(texts, out), as_json=as_json)


# The command that recovers from a damaged file what can be read of it: recover.


def _keys_of_damaged(file: Path) -> Keyring:
    """Return keys for a file, and ask for those that are missing; a damaged one may not tell whether they fit."""
    try:
        return keys_for(file)
    except KnownError:
        return known_keys()


@command()
@file_argument()
@file_argument("out", is_new=True)
@as_json_option
def recover(texts: Translator, file: Path, out: Path, *, as_json: bool) -> bool:
    expect_free_path(out)
    found = corrupted_file.read_corrupted(file, _keys_of_damaged(file))
    corrupted_file.write_recovered_file(found, out)
    if as_json:
        print_json(_recovery_data(found, out))
    else:
        say(corrupted_file.format_recovered(texts, found))
        for sentence in corrupted_file.format_losses(texts, found):
            say(sentence)
        say(texts.gettext("Made {file}. {original} is unchanged.").format(file=out, original=file))
    return found.is_intact


def _recovery_data(found: "RecoverableFile", out: Path) -> dict[str, Any]:
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
