"""The command line as a whole: which commands there are, in which language, and what a mistake of ours says."""

import codecs
import errno
import io
import logging
import os
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path

import click

from capacity_app import __version__, paths
from capacity_app.catalogues import ENGLISH, program_languages
from capacity_app.cli.aggregate import aggregate_command, read_files_command
from capacity_app.cli.availability import availability_command
from capacity_app.cli.backup import backup_group
from capacity_app.cli.blank import blank_command
from capacity_app.cli.checks import check_command
from capacity_app.cli.comparing import compare_command
from capacity_app.cli.find import find_command
from capacity_app.cli.helping import set_by_width, spoken_by_click
from capacity_app.cli.history import history_command
from capacity_app.cli.instruments import instrument_group
from capacity_app.cli.intake import import_command
from capacity_app.cli.making import demo_command, new_command
from capacity_app.cli.merging import merge_command
from capacity_app.cli.migrating import migrate_command
from capacity_app.cli.plan import plan_command, training_command
from capacity_app.cli.protect import protect_command, recovery_key_command
from capacity_app.cli.read_file import read_file_command
from capacity_app.cli.recover import recover_command
from capacity_app.cli.registers import register_group
from capacity_app.cli.reports import export_command, report_command
from capacity_app.cli.scores import score_command
from capacity_app.cli.speaking import DONE, PROBLEMS
from capacity_app.cli.synthesis import synthesis_command
from capacity_app.cli.translating import languages_command
from capacity_app.cli.unlocking import passphrase_option, take_keys, window_option
from capacity_app.cli.verify import key_command, verify_command
from capacity_app.domain.problems import N_, KnownError
from capacity_app.store import refusals
from capacity_app.texts import Texts, parted, tag_of

_COMMANDS = (
    new_command,
    demo_command,
    import_command,
    export_command,
    score_command,
    availability_command,
    plan_command,
    training_command,
    report_command,
    blank_command,
    merge_command,
    compare_command,
    migrate_command,
    check_command,
    aggregate_command,
    synthesis_command,
    backup_group,
    recover_command,
    verify_command,
    protect_command,
    recovery_key_command,
    key_command,
    history_command,
    find_command,
    register_group,
    instrument_group,
    languages_command,
    read_file_command,
    read_files_command,
)
"""What describes each command, in the order of the help."""


_ABOUT = N_("Offline assessment of national statistical capacity. Without a command, the window opens.")


def command_line(texts: Texts) -> click.Group:
    """Build the command line in one language."""
    _ = texts.gettext
    commands = [describe(_) for describe in _COMMANDS]
    group = click.Group(
        "capacity-app",
        commands=commands,
        params=[passphrase_option(_), window_option()],
        callback=take_keys,
        context_settings={"obj": texts, "help_option_names": ["-h", "--help"]},
        help=_(_ABOUT),
    )
    click.version_option(__version__, prog_name="capacity-app")(group)
    set_by_width(group)
    return group


def interface_language() -> str:
    """Choose the first language of the environment that has a translation; English otherwise."""
    known = program_languages()
    named = os.environ.get("LANGUAGE") or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    wanted = (parted(part.split(".")[0].replace("_", "-")) for part in named.split(":"))
    return next(
        (tag_of(one, digits) for tag, digits in wanted for one in (tag, tag.split("-")[0]) if one in known), ENGLISH
    )


_LOGGED = N_("The program made a mistake and stopped. Your assessment is as it was. Please send us this file: {log}")
_NOT_LOGGED = N_(
    "The program made a mistake and stopped. Your assessment is as it was. What happened could not be written down, "
    "because this folder may not be written: {folder}"
)
_UNLOADED = re.compile("failed to map segment|cannot allocate memory", re.IGNORECASE)
_OF_THE_COMPUTER = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS}
)


def _of_the_computer(error: BaseException | None) -> KnownError | None:
    """Say what the computer is short of, if that is what went wrong, and no mistake of ours; None otherwise."""
    while error is not None:
        # A library that cannot be read into memory is told of by words of the loader alone.
        if isinstance(error, MemoryError) or (isinstance(error, ImportError) and _UNLOADED.search(str(error))):
            return KnownError(refusals.NO_MEMORY)
        if isinstance(error, OSError) and error.errno in _OF_THE_COMPUTER:
            return refusals.of_system(error, Path(str(error.filename or "")))
        error = error.__cause__ or error.__context__
    return None


def _report_bug(texts: Texts, error: Exception) -> int:
    known = _of_the_computer(error)
    if known is not None:
        click.echo(known.text(texts.gettext), err=True)
        return PROBLEMS
    from capacity_app.services.mistakes import traced  # noqa: PLC0415 - a run without mistakes needs it not

    log = paths.log_file()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=log, format="%(asctime)s %(message)s")
    except OSError:
        click.echo(texts.gettext(_NOT_LOGGED).format(folder=log.parent), err=True)
        return PROBLEMS
    logging.getLogger(__name__).error("unexpected error on the command line\n%s", traced(error))
    click.echo(texts.gettext(_LOGGED).format(log=log), err=True)
    return PROBLEMS


def main(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    texts = Texts(interface_language())
    _never_stumble()
    if not _can_print(texts):
        texts = Texts(ENGLISH)
    with spoken_by_click(texts):
        return _run(texts, arguments)


def _never_stumble() -> None:
    """Print something for what the terminal does not know, such as a file's name in another script.

    What openpyxl thinks of a file that somebody sent is nothing to print.
    """
    warnings.filterwarnings("ignore", module="openpyxl")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _can_print(texts: Texts) -> bool:
    """Whether the terminal knows the letters of a language; one that says it knows ASCII alone gets UTF-8 by click."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    letters = "".join(letter for letter in texts.gettext(_ABOUT) if letter.isalpha())
    try:
        letters.encode(encoding)
    except UnicodeEncodeError:
        return codecs.lookup(encoding).name == "ascii"
    return True


def _run(texts: Texts, arguments: Sequence[str]) -> int:
    try:
        result = command_line(texts).main(args=list(arguments), prog_name="capacity-app", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return PROBLEMS
    except KnownError as error:
        click.echo(error.text(texts.gettext), err=True)
        return PROBLEMS
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence and a log, never a traceback
        return _report_bug(texts, error)
    return result if isinstance(result, int) else DONE
