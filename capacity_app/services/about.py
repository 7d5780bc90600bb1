"""For a person who asks for support: what the program is made of, where it keeps things, and our own mistakes.

There are no names and no answers in any of it.
"""

import errno
import platform
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from capacity_app import __version__, paths
from capacity_app.domain.problems import N_, KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.pdf.rendering import load_weasyprint

LICENCE = N_(
    "The program is free software under the Apache License 2.0; its fonts are under the SIL Open Font License 1.1."
)
LICENCES_FILE = N_("The licences of all parts are in {file}.")
_PACKAGES = ("PySide6-Essentials", "WeasyPrint", "openpyxl", "python-docx", "sqlcipher3", "sqlite-utils")
_NONE = "–"


def system_facts(*, with_pango: bool) -> Iterator[tuple[str, str]]:
    """Yield what support asks for as label (English, to be translated) and value; the home folder is written as ~.

    To ask Pango for its version loads it, which takes most of a second.
    """
    yield N_("Version"), __version__
    yield N_("System"), f"{platform.system()} {platform.release()} {platform.machine()}".strip()
    yield "Python", platform.python_version()
    yield "SQLite", sqlite3.sqlite_version
    if with_pango:
        yield "Pango", _pango_version()
    for package in _PACKAGES:
        yield package, _package_version(package)
    for label, place in (
        (N_("Program"), Path(sys.executable)),
        (N_("Settings"), paths.settings_file()),
        (N_("Backups"), paths.backups_folder()),
        (N_("Questionnaires of your own"), paths.user_instruments_folder()),
        (N_("Log of unexpected errors"), paths.log_file()),
    ):
        yield label, without_home(place)


def _package_version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return _NONE


def _pango_version() -> str:
    try:
        load_weasyprint()
    except KnownError:
        return _NONE
    number = int(import_module("weasyprint.text.ffi").pango.pango_version())
    return f"{number // 10_000}.{number // 100 % 100}.{number % 100}"


def without_home(place: Path) -> str:
    """Return a path in which the home folder, often a person's name, is written as ~."""
    try:
        return str(Path("~") / place.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(place)


def support_text(texts: Translator) -> str:
    """Return all of it as text to send: no name, no answer, no path into a home folder."""
    return "\n".join(f"{texts.gettext(label)}: {value}" for label, value in system_facts(with_pango=True))


def licence_lines(texts: Translator) -> Iterator[str]:
    """Yield under which licences the program and its parts are."""
    yield texts.gettext(LICENCE)
    file = Path(sys.executable).with_name("LICENCES.txt")  # beside a packed program
    if file.is_file():
        yield texts.gettext(LICENCES_FILE).format(file=file)


# Our own mistakes, written down for the developers without what they were made on.


def describe_exception(error: BaseException) -> str:
    """Describe an exception and what led to it, the last one last, without any value."""
    return "\n".join(_exception_lines(error))


def _exception_lines(error: BaseException) -> Iterator[str]:
    seen: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in seen:
        seen.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    for one in reversed(seen):
        yield "".join(traceback.format_tb(one.__traceback__)).rstrip()
        yield " ".join(filter(None, (f"{type(one).__module__}.{type(one).__qualname__}", _error_detail(one))))


def _error_detail(error: BaseException) -> str:
    """Return what is known of it beyond its type: a number of the system's or of SQLite's, a sentence of our own."""
    if isinstance(error, KnownError):
        return error.message  # with its placeholders, as it stands in the program
    if isinstance(error, OSError) and error.errno is not None:
        return errno.errorcode.get(error.errno, str(error.errno))
    return str(getattr(error, "sqlite_errorname", ""))
