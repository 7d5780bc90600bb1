"""What Qt does by itself, in the window's language: its own words, its numbers and dates, and the direction to read."""

from PySide6.QtCore import Qt, QTranslator
from PySide6.QtWidgets import QApplication

from capacity_app.catalogues import ENGLISH
from capacity_app.texts import LATIN, PSEUDO, Texts


def speak(texts: Texts, app: QApplication) -> None:
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


def _install(texts: Texts, app: QApplication) -> None:
    from PySide6.QtCore import QLibraryInfo, QLocale  # noqa: PLC0415 - lists of all countries cost 10 ms

    from capacity_app.ui.shell.qt_words import KEYS, QtWords, words  # noqa: PLC0415 - English needs none

    # What is installed last is asked first.
    app.installTranslator(QtWords(texts, words(), app))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    theirs = QTranslator(app)
    if texts.language != PSEUDO and theirs.load(QLocale(texts.language), "qtbase", "_", folder):
        app.installTranslator(theirs)
    app.installTranslator(QtWords(texts, KEYS, app))


def _set_number_format(texts: Texts) -> None:
    from PySide6.QtCore import QLocale  # noqa: PLC0415 - as above

    locale = QLocale(texts.language)
    if texts.digits == LATIN and locale.zeroDigit() != "0":
        # Countries of one language differ in their digits.
        every = (QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
        alike = QLocale.matchingLocales(locale.language(), *every)
        locale = next((one for one in alike if one.zeroDigit() == "0"), QLocale.c())
    QLocale.setDefault(locale)
