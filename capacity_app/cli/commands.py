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
from copy import copy
from pathlib import Path

import click

from capacity_app import __version__, paths
from capacity_app.cli.options import LazyCommand, TranslatedGroup, TranslatedOption, click_language
from capacity_app.cli.terminal import EXIT_OK, EXIT_PROBLEMS, collect_keys, is_terminal
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.catalogues import ENGLISH, program_languages
from capacity_app.i18n.translator import Translator, locale_tag, split_locale_tag
from capacity_app.services.child_process import KEYS_OPTION
from capacity_app.services.crash_log import describe_exception
from capacity_app.storage import file_errors

if sys.platform == "win32":
    import ctypes
    import locale

_COMMANDS: tuple[click.Command, ...] = (
    LazyCommand("new", "assessments:new", N_("Make an empty assessment.")),
    LazyCommand("demo", "assessments:demo", N_("Make a filled example.")),
    LazyCommand("import", "importing:import_", N_(
        "Import answers into FILE. A returned file can be an agency form, blank form, report workbook or follow-up "
        "workbook (.xlsx), or a report (.docx). Answers can also come from ODK or KoboToolbox (.csv, .xlsx, .zip), or "
        "from another officer’s copy (.assessment). A .json dossier makes FILE if it is new."
    )),
    LazyCommand("export", "reports:export", N_(
        "Write all answers as .csv, the report workbook as .xlsx, everything as .json, or all of that with the whole "
        "history and all documents as .zip."
    )),
    LazyCommand("score", "analysis:score", N_(
        "Print scores with their ranges, targets, doubts and the previous round, and the gaps."
    )),
    LazyCommand("availability", "analysis:availability_of", N_("Print which data source serves which topic.")),
    LazyCommand("agenda", "agenda:agenda", N_(
        "Print the agenda: which agency answers which parts on which day. With --write, write agency forms and letters."
    )),
    LazyCommand("plan", "analysis:plan", N_("Print the action plan by time, and what is wrong with it.")),
    LazyCommand("follow-up", "agenda:follow_up", N_(
        "Write a workbook for each agency with open actions into FOLDER, in which it says how far they are."
    )),
    LazyCommand("training", "analysis:training", N_("Print training and assistance needs by topic.")),
    LazyCommand("report", "reports:report", N_(
        "Write the report as .pdf, .docx or .html, or the report workbook as .xlsx. “-” prints a PDF to the standard "
        "output."
    )),
    LazyCommand("messages", "reports:messages", N_(
        "Print the main messages that open the report, or with --comments the comments of the authorities; write them "
        "with --set."
    )),
    LazyCommand("blank", "reports:blank", N_(
        "Write a blank form: the questions without answers, to fill in by hand (.pdf) or at a computer (.xlsx)."
    )),
    LazyCommand("merge", "merging:merge", N_("Make one assessment of several officers' copies.")),
    LazyCommand("compare", "analysis:compare", N_(
        "Compare two rounds of one country, over what both answered; alerts and rounds that do not compare end with 1."
    )),
    LazyCommand("migrate", "assessments:migrate", N_(
        "Make a copy of an assessment under a newer version of its questionnaire; the original stays as it is."
    )),
    LazyCommand("profile", "assessments:profile", N_(
        "Say whether an assessment asks all questions or a selection such as short; with ID or all, change it. No "
        "answer is lost."
    )),
    LazyCommand("about", "about:about", N_(
        "Print versions, licences, and where the program keeps things: for support, without names and answers."
    )),
    LazyCommand("check", "answers:check", N_("List open, weak and contradictory answers.")),
    LazyCommand("aggregate", "aggregation:aggregate", N_(
        "Bring assessments, returned workbooks and dossiers below folders together in one repository. Files that have "
        "not changed are not read again; a run that was stopped goes on."
    )),
    LazyCommand("synthesis", "reports:synthesis", N_(
        "Make a regional synthesis of a repository that “aggregate” wrote: .pdf or .xlsx, or its tables as a folder of "
        "Parquet (.parquet) or CSV files (.csv)."
    )),
    TranslatedGroup(
        "backup",
        help=N_(
            "Backups of assessments on this computer: made by themselves when a file is closed, and before it is "
            "merged, migrated or restored."
        ),
        commands=[
            LazyCommand("list", "backups:backup_list", N_("List the backups of FILE, which may be gone or damaged.")),
            LazyCommand("make", "backups:backup_make", N_("Make a backup of what is in FILE now.")),
            LazyCommand("restore", "backups:backup_restore", N_(
                "Put backup NUMBER in the place of FILE; what stands there is kept as a backup first."
            )),
            LazyCommand("save", "backups:backup_save", N_("Write backup NUMBER into the new file OUT.")),
        ],
    ),
    LazyCommand("recover", "backups:recover", N_(
        "Write what can be read of the damaged FILE into the new file OUT. FILE stays unchanged."
    )),
    LazyCommand("verify", "verification:verify", N_(
        "Say what a report, workbook, dossier or assessment is, what is wrong in it, and how its content compares with "
        "AGAINST, an assessment or dossier."
    )),
    LazyCommand("protect", "protection:protect", N_(
        "Protect an assessment and its backups with a passphrase, or change it; a recovery key is shown."
    )),
    LazyCommand("recovery-key", "protection:recovery_key", N_(
        "Show the recovery key of a protected assessment that you can open."
    )),
    LazyCommand("key", "verification:key", N_(
        "Print the certificate with which this computer signs PDF files: first the 16 digits to compare, "
        "then all digits."
    )),
    LazyCommand("history", "answers:history", N_(
        "Tell who answered what and when at a place: a printed number (IV.1 G) or an address."
    )),
    LazyCommand("find", "answers:find", N_(
        "Find words in questions, answers, reasons and notes; capitals and accents do not matter."
    )),
    TranslatedGroup(
        "register",
        help=N_(
            "List the registers, add to them and correct them: agencies, people, meetings, validations, sources, "
            "evidence. You can also list returns, remarks and kept (answers of an earlier version)."
        ),
        commands=[
            LazyCommand("list", "registers:register_list", N_(
                "List the entries of a register, how often each is used, and which look like the same."
            )),
            LazyCommand("add", "registers:register_add", N_(
                "Add an agency, a person, a validation or a data source by its name."
            )),
            LazyCommand("published", "registers:register_published", N_(
                "Let the answers recorded for AGENCY wait for its confirmation, as answers from published sources."
            )),
            LazyCommand("merge-duplicates", "registers:register_merge", N_(
                "Make GONE part of KEEP (ids or exact names): every use follows, nothing is lost."
            )),
            LazyCommand("rename", "registers:register_rename", N_("Give an entry another name.")),
        ],
    ),
    TranslatedGroup(
        "instrument",
        help=N_("See, check and print questionnaires."),
        commands=[
            LazyCommand("list", "instruments:instrument_list", N_("List the questionnaires.")),
            LazyCommand("check", "instrument_checks:instrument_check", N_(
                "List all errors of a questionnaire, and remarks that its author can act on."
            )),
            LazyCommand("use", "instrument_checks:instrument_use", N_(
                "Copy a questionnaire's folder to your own, so that assessments can be made with it."
            )),
            LazyCommand("draft-migration", "instrument_checks:draft_migration", N_(
                "Draft a migration file from one version of a questionnaire to another, for its author to complete."
            )),
            LazyCommand("show", "instruments:instrument_show", N_("Print all questions.")),
            LazyCommand("sheet", "translations:instrument_sheet", N_(
                "Write all texts of a questionnaire, or of the program (“interface”), to an Excel sheet "
                "for a translator."
            )),
            LazyCommand("import-sheet", "translations:import_sheet", N_(
                "Read a translator’s sheet, show what it would change, and apply it."
            )),
            LazyCommand("xlsform", "instruments:instrument_xlsform", N_(
                "Write a questionnaire as an XLSForm, to collect answers with ODK or KoboToolbox."
            )),
            LazyCommand("from-xlsform", "instruments:instrument_from_xlsform", N_(
                "Read an XLSForm as a questionnaire, and list all errors and what does not fit."
            )),
            LazyCommand("new", "instruments:instrument_new", N_(
                "Write an XLSForm with examples, to write a questionnaire in Excel."
            )),
        ],
    ),
    LazyCommand("languages", "translations:languages", N_(
        "List the languages: what is translated, and who reviewed it."
    )),
    LazyCommand("read-file", "limits:read_file", hidden=True),
    LazyCommand("read-files", "aggregation:read_files", hidden=True),
)  # fmt: skip
"""Every command with its help, and the module and function that do it."""
_ABOUT = N_("Offline assessment of national statistical capacity. Without a command, the window opens.")


@click.pass_context
def _collect_keys(context: click.Context, /, passphrase_file: str, *, is_from_window: bool) -> None:
    if passphrase_file or is_from_window:
        collect_keys(context, passphrase_file, is_from_window=is_from_window)


_FORMER_NAMES = {
    "take-back": "undo", "core-alone": "no-supplements", "only-mistakes": "errors-only", "join": "merge-duplicates",
    "take-sheet": "import-sheet",
}  # fmt: skip
"""Names of version 0.6 for options and commands; they still work in 0.7."""


def _present_name(name: str) -> str:
    return _FORMER_NAMES.get(name, name)


def command_line() -> click.Group:
    """Return the command line as a whole; its context's object are the ``Translator`` it speaks."""
    group = TranslatedGroup(
        "capacity-app",
        commands=[copy(one) for one in _COMMANDS],  # click keeps what it has said in one language
        params=[
            TranslatedOption(["--passphrase-file"], metavar="FILE", default="", help=N_(
                "Open protected assessments with the passphrases or recovery keys in a text file, one in each line; - "
                "for standard input. Without it you are asked."
            )),
            TranslatedOption([KEYS_OPTION, "is_from_window"], is_flag=True, hidden=True),
        ],
        callback=_collect_keys,
        context_settings={"help_option_names": ["-h", "--help"], "token_normalize_func": _present_name},
        help=_ABOUT,
    )  # fmt: skip
    return click.version_option(__version__, prog_name="capacity-app")(group)


def interface_language() -> str:
    """Choose the first language of the environment that has a translation; English otherwise."""
    known = program_languages()
    named = next(filter(None, map(os.environ.get, ("LANGUAGE", "LC_ALL", "LANG"))), "") or _windows_language()
    wanted = (split_locale_tag(part.split(".")[0].replace("_", "-")) for part in named.split(":"))
    return next(
        (locale_tag(one, digits) for tag, digits in wanted for one in (tag, tag.split("-")[0]) if one in known), ENGLISH
    )


def _windows_language() -> str:
    """Return the language in which Windows talks to the person, such as "fr_FR"; empty on other systems."""
    if sys.platform == "win32":
        return locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return ""


_LOGGED = N_("The program made a mistake and stopped. Your assessment is as it was. Please send us this file: {log}")
_NOT_LOGGED = N_(
    "The program made a mistake and stopped. Your assessment is as it was. What happened could not be written down, "
    "because this folder may not be written: {folder}"
)
_ENOUGH_MEMORY = 32 * 1024 * 1024
_LOADER_ERROR = re.compile("failed to map segment|cannot allocate memory", re.IGNORECASE)
_SYSTEM_ERRNOS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EIO, errno.EROFS}
)


def _system_error(error: BaseException | None) -> KnownError | None:
    """Return what the computer is short of, if that is what went wrong, and no mistake of ours; None otherwise."""
    while error is not None:
        # A library that cannot be read into memory is told of by words of the loader alone.
        if isinstance(error, MemoryError) or (isinstance(error, ImportError) and _LOADER_ERROR.search(str(error))):
            return KnownError(file_errors.NO_MEMORY)
        if isinstance(error, OSError) and error.errno in _SYSTEM_ERRNOS:
            return file_errors.from_os_error(error, Path(str(error.filename or "")))
        error = error.__cause__ or error.__context__
    return None if _is_memory_left() else KnownError(file_errors.NO_MEMORY)


def _is_memory_left() -> bool:
    """Return whether memory for any sentence and log is left.

    Libraries and Python itself tell of memory that has run out in many ways: a SystemError, an unknown hash.
    """
    try:
        bytearray(_ENOUGH_MEMORY)
    except MemoryError:
        return False
    return True


def _report_unexpected_error(texts: Translator, error: Exception) -> int:
    known = _system_error(error)
    if known is not None:
        click.echo(known.text(texts.gettext), err=True)
        return EXIT_PROBLEMS
    log = paths.log_file()
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        logging.basicConfig(filename=log, format="%(asctime)s %(message)s")
    except OSError:
        click.echo(texts.gettext(_NOT_LOGGED).format(folder=log.parent), err=True)
        return EXIT_PROBLEMS
    logging.getLogger(__name__).error("unexpected error on the command line\n%s", describe_exception(error))
    click.echo(texts.gettext(_LOGGED).format(log=log), err=True)
    return EXIT_PROBLEMS


def main(arguments: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    texts = Translator(interface_language())
    _configure_output()
    if not _can_print(texts):
        texts = Translator(ENGLISH)
    with click_language(texts):
        return _run(texts, arguments)


def _configure_output() -> None:
    """Print something for what the terminal does not know, such as a file's name in another script.

    What openpyxl thinks of a file that somebody sent is nothing to print.
    """
    warnings.filterwarnings("ignore", module="openpyxl")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file takes all letters; Windows would give it those of one region only.
            is_file = sys.platform == "win32" and not is_terminal(stream)
            stream.reconfigure(encoding="utf-8" if is_file else None, errors="replace")


def _can_print(texts: Translator) -> bool:
    """Whether the terminal knows the letters of a language; one that says it knows ASCII alone gets UTF-8 by click."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    letters = "".join(letter for letter in texts.gettext(_ABOUT) if letter.isalpha())
    try:
        letters.encode(encoding)
    except UnicodeEncodeError:
        return codecs.lookup(encoding).name == "ascii"
    return True


def _run(texts: Translator, arguments: Sequence[str]) -> int:
    try:
        result = command_line().main(args=list(arguments), prog_name="capacity-app", standalone_mode=False, obj=texts)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        return EXIT_PROBLEMS
    except KnownError as error:
        click.echo(error.text(texts.gettext), err=True)
        return EXIT_PROBLEMS
    except Exception as error:  # noqa: BLE001 - the last line of defence: a sentence and a log, never a traceback
        return _report_unexpected_error(texts, error)
    if isinstance(result, bool):
        return EXIT_OK if result else EXIT_PROBLEMS
    return result if isinstance(result, int) else EXIT_OK
