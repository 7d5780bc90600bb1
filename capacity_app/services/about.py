"""What the program is made of and where it keeps things, for a person who asks for support: no names, no answers."""

import platform
import sqlite3
import sys
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
