"""Under Help, About this program: versions, places, a text for support, and the certificate that others compare."""

import re
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from capacity_app import __version__
from capacity_app.domain.content_hash import format_hash, group_digits
from capacity_app.i18n.translator import Translator
from capacity_app.services.protection import own_certificate_fingerprint, own_identity
from capacity_app.ui.shell.dialogs import AboutBox
from capacity_app.ui.widgets.cards import Label


@pytest.mark.parametrize("is_made", [False, True])
def test_the_certificate_is_shown_in_the_digits_to_compare_and_in_all(qtbot: QtBot, *, is_made: bool) -> None:
    if is_made:
        own_identity()
    box = AboutBox(Translator())
    qtbot.addWidget(box)
    box.show()
    line = box.findChild(Label, "about_certificate")
    assert line is not None
    shown = [words.text() for words in box.findChildren(Label)]
    digits = own_certificate_fingerprint()
    assert bool(digits) is is_made
    assert ("no certificate yet" in line.text()) is not is_made
    if is_made:
        assert format_hash(digits) in line.text()
        assert f"All digits: {group_digits(digits)}" in shown


def test_the_text_for_support_names_versions_and_places_but_nobody(qtbot: QtBot) -> None:
    box = AboutBox(Translator())
    qtbot.addWidget(box)
    box.show()
    button = box.findChild(QPushButton, "about_copy")
    assert button is not None
    button.click()
    copied = QGuiApplication.clipboard().text()
    shown = {words.text() for words in box.findChildren(Label)}
    assert f"Version: {__version__}" in copied
    assert any(f"SQLite: {sqlite3.sqlite_version}\n" in line for line in shown)
    assert "Copied: versions and folders, without names and answers." in shown
    assert re.search(r"^Pango: \d+\.\d+", copied, re.MULTILINE)
    assert str(Path.home()) not in copied
