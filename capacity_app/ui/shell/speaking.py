"""What Qt does by itself, in the window's language: its own words, its numbers and dates, and the direction to read."""

from PySide6.QtCore import QObject, Qt, QTranslator
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from capacity_app.catalogues import ENGLISH
from capacity_app.texts import LATIN, PSEUDO, Texts


class Speaking(QObject):
    """Has Qt speak one language after the other; English is what it speaks by itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._installed: list[QTranslator] = []

    def speak(self, texts: Texts) -> None:
        """Give Qt's own words, its numbers and the reading direction the window's language."""
        QGuiApplication.setLayoutDirection(
            Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight
        )
        had_spoken = bool(self._installed)
        for translator in self._installed:
            QApplication.removeTranslator(translator)
        self._installed.clear()
        if texts.language == ENGLISH and not had_spoken:
            return
        self._count_as(texts)
        if texts.language != ENGLISH:
            self._install(texts)

    def _install(self, texts: Texts) -> None:
        from PySide6.QtCore import QLibraryInfo, QLocale  # noqa: PLC0415 - lists of all countries cost 10 ms

        from capacity_app.ui.shell.qt_words import KEYS, QtWords, words  # noqa: PLC0415 - English needs none

        # What is installed last is asked first.
        self._add(QtWords(texts, words()))
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        theirs = QTranslator()
        if texts.language != PSEUDO and theirs.load(QLocale(texts.language), "qtbase", "_", folder):
            self._add(theirs)
        self._add(QtWords(texts, KEYS))

    def _add(self, translator: QTranslator) -> None:
        QApplication.installTranslator(translator)
        self._installed.append(translator)

    @staticmethod
    def _count_as(texts: Texts) -> None:
        """Have Qt write numbers and dates as we do."""
        from PySide6.QtCore import QLocale  # noqa: PLC0415 - as above

        locale = QLocale(texts.language)
        if texts.digits == LATIN and locale.zeroDigit() != "0":
            # Countries of one language differ in their digits.
            every = (QLocale.Script.AnyScript, QLocale.Country.AnyCountry)
            alike = QLocale.matchingLocales(locale.language(), *every)
            locale = next((one for one in alike if one.zeroDigit() == "0"), QLocale.c())
        QLocale.setDefault(locale)
