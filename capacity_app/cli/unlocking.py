"""Opening files on the command line, with keys from a file, from the window, or typed: click's context holds them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from capacity_app.domain.keys import NO_KEYS, Key, Keyring
from capacity_app.domain.problems import N_, KnownError
from capacity_app.services.key_passing import ring_from
from capacity_app.store.refusals import Protected
from capacity_app.texts import Texts

if TYPE_CHECKING:
    from capacity_app.services.assessment_session import AssessmentSession

# What opens files is imported where one is opened: a command that is asked for its help needs it not.
# ruff: noqa: PLC0415

STANDARD_INPUT = "-"
_RING = "capacity_app.keys"
_TRIES = 3
_UNREADABLE = N_("The passphrases in {file} cannot be read: {reason}.")
_NO_TEXT = N_("The passphrases in {file} cannot be read: it is no text in UTF-8.")


def take_keys(context: click.Context, passphrase_file: str, *, is_from_window: bool) -> None:
    """Put what opens protected files into the context, before any command runs."""
    ring = NO_KEYS
    if is_from_window:
        ring = ring_from(sys.stdin.readline())
    if passphrase_file:
        from capacity_app.services.recovery_key import ring_of_lines

        ring = ring.and_also(ring_of_lines(read_lines(passphrase_file)))
    context.meta[_RING] = ring


def read_lines(file: str) -> str:
    """Read a file of passphrases, "-" for standard input; raises KnownError."""
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.read()
        return Path(file).read_text("utf-8-sig")
    except OSError as error:
        raise KnownError(_UNREADABLE, file=file, reason=error.strerror or str(error)) from error
    except UnicodeDecodeError as error:
        raise KnownError(_NO_TEXT, file=file) from error


def keys_given() -> Keyring:
    """Return what has been handed over or typed so far."""
    ring: Keyring = click.get_current_context().meta.get(_RING, NO_KEYS)
    return ring


def hand_over(key: Key) -> None:
    """Add a key to what has been given: that of a file just protected."""
    click.get_current_context().meta[_RING] = keys_given().with_key(key)


def is_asked() -> bool:
    """Return whether somebody sits at a terminal who can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def keys_for(*files: Path) -> Keyring:
    """Return keys for files, and ask for those that are missing, if there is somebody to ask.

    Whether they fit is said by what opens the files; a key that fits need not be derived again.
    """
    context = click.get_current_context()
    for file in files:
        context.meta[_RING] = _fitted(file, keys_given(), context.find_object(Texts) or Texts())
    return keys_given()


def _fitted(file: Path, ring: Keyring, texts: Texts) -> Keyring:
    from capacity_app.services.recovery_key import ring_of_typed
    from capacity_app.store.opening import expect_assessment_file

    tried, tries = ring, 0
    while True:
        try:
            key = expect_assessment_file(file, tried)
        except Protected as error:
            if not is_asked() or tries == _TRIES:
                return ring
            click.echo(error.text(texts.gettext), err=True)
            typed = click.prompt(texts.gettext("Passphrase or recovery key"), hide_input=True, err=True, default="",
                                 show_default=False)  # fmt: skip
            tried, tries = ring_of_typed(typed), tries + 1
        except KnownError:
            return ring  # said by what opens it
        else:
            return ring.and_also(tried).with_key(key) if key else ring


def person() -> str:
    """Name who works on the command line, as the system knows them."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or ""


def open_assessment(file: Path, *, read_only: bool = True) -> "AssessmentSession":
    """Open an assessment in the name of who works on the command line, protected or not; raises KnownError."""
    from capacity_app.services import identity
    from capacity_app.services.recovery import CommandSession

    keys = keys_for(file)
    return CommandSession(
        file,
        author=person(),
        device=identity.device_id(),
        read_only=read_only,
        keys=keys,
        on_backup_failed=_complaint(),
    )


def _complaint() -> Callable[[KnownError], None]:
    """Return what says, on the writer's thread, that no backup could be made; the work goes on."""
    context = click.get_current_context(silent=True)
    texts = (context.find_object(Texts) if context else None) or Texts()
    return lambda error: click.echo(error.text(texts.gettext), err=True)
