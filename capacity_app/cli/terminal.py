"""What every command prints, and how it opens files: with keys from a file, from the window, or asked for."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.problems import N_, KnownError, Problem, Translate, printable
from capacity_app.i18n.translator import Translator
from capacity_app.services.child_process import keyring_from_line
from capacity_app.storage.file_errors import FileProtected

if sys.platform == "win32":
    import ctypes
    import msvcrt

if TYPE_CHECKING:
    from capacity_app.domain.questionnaire.instrument import Instrument
    from capacity_app.services.session.assessment_session import AssessmentSession


# What every command prints: sentences, problems, and lines of JSON for programs.


EXIT_OK, EXIT_PROBLEMS = 0, 1
MOST_LISTED = 100
"""Problems of a file that are listed one by one; a stranger's may have hundreds of thousands."""
MORE_PROBLEMS = N_("{count} of {all} problems are not listed.")


def say(sentence: str = "") -> None:
    """Print a sentence; what a stranger's file is called or says moves no cursor."""
    click.echo("\n".join(map(printable, sentence.split("\n"))))


def _is_unicode() -> bool:
    """Whether everything can be printed as it is; else letters are printed as their numbers, which JSON allows."""
    return (getattr(sys.stdout, "encoding", None) or "utf-8").lower().startswith("utf")


def print_json(data: Any) -> None:  # noqa: ANN401 - anything JSON can hold
    click.echo(json.dumps(data, ensure_ascii=not _is_unicode(), indent=2))


def print_result(data: Any, show: Callable[[], object], *, as_json: bool) -> None:  # noqa: ANN401 - as above
    """Print a result: ``data`` for programs, or for people, to whom ``show`` prints it."""
    if as_json:
        print_json(data)
    else:
        show()


def print_line(data: dict[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=not _is_unicode()))


def progress_printer(is_for_window: bool) -> Callable[[str, float], None] | None:  # noqa: FBT001 - a flag of commands
    """Return what tells the window how far a piece of work is, a line of JSON each time; None for nobody to tell."""

    def tell(step: str, share: float) -> None:
        print_line({"step": step, "share": round(share, 3)})
        sys.stdout.flush()

    return tell if is_for_window else None


@contextmanager
def report_errors(texts: Translator, *, is_for_window: bool) -> Iterator[None]:
    """Tell the window of a KnownError raised inside and end the command; without a window, the error passes."""
    try:
        yield
    except KnownError as error:
        if not is_for_window:
            raise
        print_line({"error": error.text(texts.gettext)})
        raise click.exceptions.Exit(EXIT_PROBLEMS) from error


def print_done(file: Path | str, **more: object) -> None:
    """Tell the window in a line of JSON that a file was made, and what else there is to know of it."""
    print_line({"done": True, "file": str(file), **more})


def say_written(texts: Translator, file: Path, *, is_for_window: bool = False) -> None:
    """Say that a file was written."""
    if is_for_window:
        print_done(file)
    else:
        say(texts.gettext("Wrote {file}.").format(file=file))


def say_signed(texts: Translator, file: Path) -> None:
    """Say that a report was written, and where it is a PDF file that could not be signed, that too."""
    from capacity_app.services.protection import unsigned_warning

    say_written(texts, file)
    if unsigned := unsigned_warning(file, texts.gettext):
        say(unsigned)


def print_problems(
    problems: Iterable[Problem], translate: Translate, indent: str = "", most: int | None = None
) -> None:
    """Print problems with their places; beyond ``most`` they are counted."""
    known = tuple(problems)
    for problem in known[:most]:
        say(f"{indent}{problem.place}: {problem.text(translate)}")
    if len(known[:most]) < len(known):
        say(indent + translate(MORE_PROBLEMS).format(count=len(known) - len(known[:most]), all=len(known)))


def say_protected_alike(texts: Translator, session: "AssessmentSession") -> None:
    """Say of a file just made from another one that it is protected, if it is."""
    if session.key is not None:
        say(texts.gettext("It is protected by the same passphrase as {file}.").format(file=session.file.name))


# What opens files is imported where one is opened: a command that is asked for its help needs it not.
# ruff: noqa: PLC0415

STANDARD_INPUT = "-"
_RING = "capacity_app.keys"
_TRIES = 3
_NO_TEXT = N_("The passphrases in {file} cannot be read, because the file is not a text in UTF-8.")


def collect_keys(context: click.Context, passphrase_file: str, *, is_from_window: bool) -> None:
    """Put what opens protected files into the context, before any command runs."""
    ring = NO_KEYS
    if is_from_window:
        ring = keyring_from_line(sys.stdin.readline())
    if passphrase_file:
        from capacity_app.services.protection import keyring_from_lines

        ring = ring.combined_with(keyring_from_lines(read_lines(passphrase_file)))
    context.meta[_RING] = ring


def read_lines(file: str) -> str:
    """Read a file of passphrases, "-" for standard input; raises KnownError."""
    try:
        if file == STANDARD_INPUT:
            return sys.stdin.read()
        return Path(file).read_text("utf-8-sig")
    except OSError as error:
        from capacity_app.services.untrusted.inspection import refusal_of_error

        raise refusal_of_error(error, Path(file)) from error
    except UnicodeDecodeError as error:
        raise KnownError(_NO_TEXT, file=file) from error


def known_keys() -> Keyring:
    """Return what has been handed over or typed so far."""
    ring: Keyring = click.get_current_context().meta.get(_RING, NO_KEYS)
    return ring


def add_key(key: EncryptionKey) -> None:
    """Add a key to what has been given: that of a file just protected."""
    click.get_current_context().meta[_RING] = known_keys().with_key(key)


def is_interactive() -> bool:
    """Return whether somebody sits at a terminal who can be asked."""
    return sys.stdin is not None and is_terminal(sys.stdin)


def is_terminal(stream: TextIO) -> bool:
    """Return whether a stream is a terminal. Windows calls the device NUL one, too, but nobody types there."""
    if sys.platform == "win32" and stream.isatty():
        mode = ctypes.c_uint32()
        return bool(ctypes.windll.kernel32.GetConsoleMode(msvcrt.get_osfhandle(stream.fileno()), ctypes.byref(mode)))
    return stream.isatty()


def keys_for(*files: Path) -> Keyring:
    """Return keys for files, and ask for those that are missing, if there is somebody to ask.

    Whether they fit is said by what opens the files; a key that fits need not be derived again.
    """
    context = click.get_current_context()
    for file in files:
        context.meta[_RING] = _ask_for_key(file, known_keys(), context.find_object(Translator) or Translator())
    return known_keys()


def _ask_for_key(file: Path, ring: Keyring, texts: Translator) -> Keyring:
    from capacity_app.services.protection import keyring_from_typed
    from capacity_app.storage.opening import expect_assessment_file

    tried, tries = ring, 0
    while True:
        try:
            key = expect_assessment_file(file, tried)
        except FileProtected as error:
            if not is_interactive() or tries == _TRIES:
                return ring
            click.echo(error.text(texts.gettext), err=True)
            typed = click.prompt(texts.gettext("Passphrase or recovery key"), hide_input=True, err=True, default="",
                                 show_default=False)  # fmt: skip
            tried, tries = keyring_from_typed(typed), tries + 1
        except KnownError:
            return ring  # said by what opens it
        else:
            return ring.combined_with(tried).with_key(key) if key else ring


def current_user() -> str:
    """Name who works on the command line, as the system knows them."""
    return os.environ.get("USER") or os.environ.get("USERNAME") or ""


def open_assessment(file: Path, *, read_only: bool = True) -> "AssessmentSession":
    """Open an assessment in the name of who works on the command line, protected or not; raises KnownError."""
    from capacity_app.services.recovered_copies import CommandLineSession
    from capacity_app.services.session import entries_and_documents

    keys = keys_for(file)
    return CommandLineSession(
        file,
        author=current_user(),
        device=entries_and_documents.device_id(),
        read_only=read_only,
        keys=keys,
        on_backup_failed=_backup_warning(),
    )


def _backup_warning() -> Callable[[KnownError], None]:
    """Return what says, on the writer's thread, that no backup could be made; the work goes on."""
    context = click.get_current_context(silent=True)
    texts = (context.find_object(Translator) if context else None) or Translator()
    return lambda error: click.echo(error.text(texts.gettext), err=True)


def find_section(instrument: "Instrument", name: str) -> str:
    """Return the id of a part by its printed number or id; raises KnownError."""
    known = {key: part.id for part in instrument.sections for key in (part.number, part.id)}
    if name not in known:
        raise KnownError(
            N_("There is no part “{name}”. Choose one of: {known}."),
            name=name,
            known=", ".join(part.number for part in instrument.sections),
        )
    return known[name]
