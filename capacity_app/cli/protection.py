"""The commands about passphrases: protect, recovery-key."""

import sys
from pathlib import Path
from typing import Any

import click

from capacity_app.cli.options import NEW_FILE, add_option, as_json_option, command, file_argument, new_passphrase_option
from capacity_app.cli.terminal import (
    STANDARD_INPUT,
    add_key,
    is_interactive,
    keys_for,
    open_assessment,
    print_done,
    print_json,
    read_lines,
    report_errors,
    say,
    say_written,
)
from capacity_app.domain.encryption_keys import PASSPHRASES_DIFFER, EncryptionKey, find_weakness, normalize_passphrase
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services import protection
from capacity_app.services.protection import recovery_words

_ROW = 4
_LONGEST_WORD = 8
NOT_PROTECTED = N_("“{file}” is not protected, and so has no recovery key: protect it first.")
_NOBODY_TO_ASK = N_(
    "A new passphrase is needed: run this at a terminal, where it is asked for, or name a file that holds it "
    "(--new-passphrase-file)."
)
_TWO_LINES = N_("A new passphrase is one line of text, and {file} holds {count}.")


def asked_passphrase(texts: Translator, file: str) -> str:
    """Return a new passphrase: from a file if one is named, else typed twice at the terminal; raises KnownError."""
    if file:
        text = sys.stdin.readline() if file == STANDARD_INPUT else read_lines(file)
        lines = text.splitlines()
        if len(lines) > 1:
            raise KnownError(_TWO_LINES, file=file, count=str(len(lines)))
        return "".join(lines)
    if not is_interactive():
        raise click.UsageError(texts.gettext(_NOBODY_TO_ASK))
    return _typed_twice(texts)


def _typed_twice(texts: Translator) -> str:
    _ = texts.gettext
    while True:
        typed = _ask(_("New passphrase"))
        if wrong := find_weakness(typed):
            sentence, values = wrong
            click.echo(_(sentence).format(**values), err=True)
        elif normalize_passphrase(_ask(_("Repeat passphrase"))) != normalize_passphrase(typed):
            click.echo(_(PASSPHRASES_DIFFER), err=True)
        else:
            return typed


def _ask(label: str) -> str:
    typed: str = click.prompt(label, hide_input=True, err=True, default="", show_default=False)
    return typed


def say_recovery_key(texts: Translator, key: EncryptionKey) -> None:
    """Print the words that open a file when its passphrase is forgotten."""
    _, words = texts.gettext, recovery_words(key.raw)
    say(_("The recovery key opens it when the passphrase is forgotten. Write it down and lock it away:"))
    numbered = [f"{place:>4} {word:<{_LONGEST_WORD}}" for place, word in enumerate(words, start=1)]
    for at in range(0, len(numbered), _ROW):
        say("".join(numbered[at : at + _ROW]).rstrip())


def _write_sheet(texts: Translator, file: Path, sheet: Path | None) -> str:
    """Write the recovery sheet of a file that can be opened, if it is wanted; gives what there is to be warned of."""
    if sheet is None:
        return ""
    from capacity_app.services import exports  # noqa: PLC0415 - few print one

    with open_assessment(file) as session:
        assert session.key, "only of a protected file"
        exports.write_recovery_sheet(sheet, file, session.mission, session.key, texts)
    return texts.gettext(exports.BESIDE_ITS_FILE) if exports.is_beside_file(sheet, file) else ""


@command()
@file_argument()
@add_option("--remove", is_flag=True, help=N_("Take the passphrase away."))
@add_option("--recovery-sheet", type=NEW_FILE, default=None, help=N_("Write the recovery key as a PDF, too."))
@new_passphrase_option
@as_json_option
def protect(
    texts: Translator, file: Path, *, remove: bool, recovery_sheet: Path | None, new_passphrase_file: str, as_json: bool
) -> bool:
    if remove and (recovery_sheet or new_passphrase_file):
        raise click.UsageError(texts.gettext("With --remove there is neither a new passphrase nor a recovery sheet."))
    if recovery_sheet:
        from capacity_app.services import exports  # noqa: PLC0415 - few print one

        exports.expect_recovery_sheet_writable(recovery_sheet)
    keys = keys_for(file)
    if remove:
        done = protection.unprotect(file, keys)
    else:
        done = protection.protect(file, asked_passphrase(texts, new_passphrase_file), keys)
    return _print_result(texts, done, recovery_sheet, as_json=as_json)


def _print_result(texts: Translator, done: protection.ProtectionResult, sheet: Path | None, *, as_json: bool) -> bool:
    _, key = texts.gettext, done.key
    left = [{"file": str(one.file), "reason": one.reason.text(_)} for one in done.left]
    if as_json:
        words = recovery_words(key.raw) if key else ()
        found: dict[str, Any] = {"protected": key is not None, "recovery_key": words, "backups": len(done.backups)}
        warning = _written(texts, done, sheet)
        print_json({"file": str(done.file), **found, "left": left, "sheet": str(sheet or ""), "warning": warning})
        return not left
    name = done.file.name
    if key:
        say(_("“{file}” is protected: it opens with its passphrase or its recovery key only.").format(file=name))
        if done.was_protected:
            say(_(protection.NEW_RECOVERY_KEY))
        say_recovery_key(texts, key)
        say(_(protection.OLD_COPIES_REMAIN))
    else:
        say(_("“{file}” is not protected any more: everybody can open it.").format(file=name))
    if done.backups:
        count = len(done.backups)
        say(texts.counted("{count} backup was treated alike.", "{count} backups were treated alike.", count))
    for one in left:
        say(_("This backup stays as it was: {file}. {reason}").format(**one))
    warning = _written(texts, done, sheet)
    if sheet:
        say_written(texts, sheet)
    if warning:
        say(warning)
    return not left


def _written(texts: Translator, done: protection.ProtectionResult, sheet: Path | None) -> str:
    """Write the sheet of a file just protected."""
    if done.key:
        add_key(done.key)
    return _write_sheet(texts, done.file, sheet)


def _key_of(file: Path) -> EncryptionKey:
    with open_assessment(file) as session:
        if session.key is None:
            raise KnownError(NOT_PROTECTED, file=file.name)
        return session.key


@command()
@file_argument()
@add_option("--sheet", type=NEW_FILE, default=None, help=N_("Write it as a PDF to be printed."))
@as_json_option
@add_option("--progress", is_flag=True, hidden=True)
def recovery_key(texts: Translator, file: Path, *, sheet: Path | None, as_json: bool, progress: bool) -> None:
    with report_errors(texts, is_for_window=progress):
        key = _key_of(file)
        warning = _write_sheet(texts, file, sheet)
    if progress:
        print_done(sheet or "")
    elif as_json:
        print_json(
            {"file": str(file), "recovery_key": recovery_words(key.raw), "sheet": str(sheet or ""), "warning": warning}
        )
    else:
        say_recovery_key(texts, key)
        if sheet:
            say_written(texts, sheet)
        if warning:
            say(warning)
