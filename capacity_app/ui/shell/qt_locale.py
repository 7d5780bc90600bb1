"""What Qt does by itself, in the window's language: words Qt has no translation of, numbers, direction."""

from functools import cache

from PySide6.QtCore import QObject, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import ENGLISH
from capacity_app.i18n.translator import LATIN_DIGITS, PSEUDO, Translator
from capacity_app.ui.widgets.keys import KEY_NAMES

_BUTTONS = (
    N_("OK"),
    N_("&OK"),
    N_("Save"),
    N_("&Save"),
    N_("Save All"),
    N_("Open"),
    N_("&Open"),
    N_("&Yes"),
    N_("Yes to &All"),
    N_("&No"),
    N_("N&o to All"),
    N_("Abort"),
    N_("Retry"),
    N_("Ignore"),
    N_("Close"),
    N_("&Close"),
    N_("Cancel"),
    N_("&Cancel"),
    N_("Discard"),
    N_("Help"),
    N_("Apply"),
    N_("Reset"),
    N_("Restore Defaults"),
    N_("Show Details..."),
    N_("Hide Details..."),
)
_FIELDS = (
    N_("&Undo"),
    N_("&Redo"),
    N_("Cu&t"),
    N_("&Copy"),
    N_("Copy &Link Location"),
    N_("&Paste"),
    N_("Delete"),
    N_("Select All"),
    N_("Scroll here"),
    N_("Left edge"),
    N_("Right edge"),
    N_("Top"),
    N_("Bottom"),
    N_("Page left"),
    N_("Page right"),
    N_("Page up"),
    N_("Page down"),
    N_("Scroll left"),
    N_("Scroll right"),
    N_("Scroll up"),
    N_("Scroll down"),
)
_FILES = (
    N_("Look in:"),
    N_("Back"),
    N_("Go back"),
    N_("Forward"),
    N_("Go forward"),
    N_("Parent Directory"),
    N_("Go to the parent directory"),
    N_("Create New Folder"),
    N_("Create a New Folder"),
    N_("List View"),
    N_("Change to list view mode"),
    N_("Detail View"),
    N_("Change to detail view mode"),
    N_("Sidebar"),
    N_("List of places and bookmarks"),
    N_("Files"),
    N_("File &name:"),
    N_("Files of type:"),
    N_("Directory:"),
    N_("&Choose"),
    N_("&Rename"),
    N_("&Delete"),
    N_("Show &hidden files"),
    N_("&New Folder"),
    N_("New Folder"),
    N_("Find Directory"),
    N_("Save As"),
    N_("Recent Places"),
    N_("Computer"),
    N_("My Computer"),
    N_("Drive"),
    N_("Folder"),
    N_("File"),
    N_("Unknown"),
    N_("Name"),
    N_("Size"),
    N_("Type"),
    N_("Date Modified"),
    N_("All Files (*)"),
    N_("%1 bytes"),
    N_("%1 already exists.\nDo you want to replace it?"),
    N_("%1\nFile not found.\nPlease verify the correct file name was given."),
    N_("%1\nDirectory not found.\nPlease verify the correct directory name was given."),
    N_("'%1' is write protected.\nDo you want to delete it anyway?"),
    N_("Are you sure you want to delete '%1'?"),
    N_("Could not delete directory."),
)


KEYS = frozenset(KEY_NAMES)
"""Names of keys in menus: as everywhere else in the window, not as Qt has them."""


@cache
def qt_strings() -> frozenset[str]:
    """Return all words of Qt that our catalogues have, as Qt writes them."""
    return frozenset((*_BUTTONS, *_FIELDS, *_FILES))


class QtTranslator(QTranslator):
    """Speaks for Qt in the window's language, but only these words."""

    def __init__(self, texts: Translator, known: frozenset[str], parent: QObject) -> None:
        super().__init__(parent)
        self._texts, self._known = texts, known

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def translate(self, _context: str, source: str, _disambiguation: str | None = None, _count: int = -1) -> str | None:
        """Translate a word; None if our catalogue does not know it either."""
        if source not in self._known:
            return None
        said = self._texts.gettext(source)
        return None if said == source else said


def set_qt_language(texts: Translator, app: QApplication) -> None:
    """Set the language of Qt's own words, the format of numbers and dates and the reading direction."""
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight)
    installed = app.findChildren(QTranslator)
    for translator in installed:
        app.removeTranslator(translator)
        translator.setParent(None)
    # English is what Qt speaks without translators.
    if installed or texts.language != ENGLISH:
        _set_number_format(texts)
    if texts.language != ENGLISH:
        _install(texts, app)


def _install(texts: Translator, app: QApplication) -> None:
    from PySide6.QtCore import QLibraryInfo, QLocale  # noqa: PLC0415 - lists of all countries cost 10 ms

    # What is installed last is asked first.
    app.installTranslator(QtTranslator(texts, qt_strings(), app))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    theirs = QTranslator(app)
    if texts.language != PSEUDO and theirs.load(QLocale(texts.language), "qtbase", "_", folder):
        app.installTranslator(theirs)
    app.installTranslator(QtTranslator(texts, KEYS, app))


def _set_number_format(texts: Translator) -> None:
    from PySide6.QtCore import QLocale  # noqa: PLC0415 - as above

    locale = QLocale(texts.language)
    if texts.digits == LATIN_DIGITS and locale.zeroDigit() != "0":
        # Countries of one language differ in their digits.
        every = (QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
        alike = QLocale.matchingLocales(locale.language(), *every)
        locale = next((one for one in alike if one.zeroDigit() == "0"), QLocale.c())
    QLocale.setDefault(locale)
