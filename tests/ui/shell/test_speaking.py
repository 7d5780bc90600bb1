"""What Qt says by itself is in the window's language too: menus of fields, buttons of boxes, the file dialog."""

import pytest
from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.ui.shell.qt_locale import qt_strings, set_qt_language

CONTEXTS = ("QLineEdit", "QWidgetTextControl", "QPlatformTheme", "QFileDialog", "QFileSystemModel", "QScrollBar")
EVERYDAY = (
    ("QLineEdit", "&Undo"), ("QLineEdit", "Cu&t"), ("QLineEdit", "&Paste"), ("QLineEdit", "Select All"),
    ("QWidgetTextControl", "&Copy"), ("QPlatformTheme", "&Yes"), ("QPlatformTheme", "Cancel"),
    ("QPlatformTheme", "Save"), ("QFileDialog", "File &name:"), ("QFileDialog", "&Open"),
)  # fmt: skip


def said(context: str, word: str) -> str:
    return QCoreApplication.translate(context, word)


@pytest.mark.parametrize("language", ["ar", "es", "fr", "ka", "ru", "zh"])
def test_qt_speaks_the_language_of_the_window(qapp: QApplication, language: str) -> None:
    set_qt_language(Translator(language), qapp)
    assert [word for context, word in EVERYDAY if said(context, word) == word] == []
    set_qt_language(Translator(), qapp)
    assert [said(context, word) for context, word in EVERYDAY] == [word for _, word in EVERYDAY]


def test_chinese_is_that_of_the_mainland(qapp: QApplication) -> None:
    set_qt_language(Translator("zh"), qapp)
    assert said("QPlatformTheme", "Cancel") == "取消"
    assert said("QLineEdit", "&Paste").startswith("粘贴")


def test_what_qt_has_no_translation_of_comes_from_our_catalogue(qapp: QApplication) -> None:
    set_qt_language(Translator(PSEUDO), qapp)
    for context in CONTEXTS:
        assert [word for word in qt_strings() if not said(context, word).startswith("⟦")] == []


@pytest.mark.parametrize("language", ["th", "ka"])
def test_a_word_of_ours_stands_in_where_qt_is_silent(qapp: QApplication, language: str) -> None:
    texts = Translator(language)
    set_qt_language(texts, qapp)
    assert said("QPlatformTheme", "Cancel") == texts.gettext("Cancel") or language == "ka"
    assert said("Nowhere", "Cancel") == texts.gettext("Cancel")


def test_the_menu_of_a_field_is_translated(qapp: QApplication, qtbot: QtBot) -> None:
    set_qt_language(Translator(PSEUDO), qapp)
    field = QLineEdit()
    qtbot.addWidget(field)
    menu = field.createStandardContextMenu()
    labels = [action.text().partition("\t")[0] for action in menu.actions() if action.text()]
    assert labels
    assert [label for label in labels if not label.startswith("⟦")] == []
    menu.deleteLater()


@pytest.mark.parametrize(
    ("tag", "written"),
    [("ar", "1234"), ("ar-u-nu-arab", "١٢٣٤"), ("ru", "1234"), ("zh", "1234"), ("en", "1234")],
)
def test_qt_counts_as_the_window_does(qapp: QApplication, tag: str, written: str) -> None:
    set_qt_language(Translator(tag), qapp)
    locale = QLocale()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator)
    assert locale.toString(1234) == written
