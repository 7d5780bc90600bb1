"""Under Help, About this program: the certificate that others compare."""

import pytest
from pytestqt.qtbot import QtBot

from capacity_app.domain.content_hash import format_hash, group_digits
from capacity_app.i18n.translator import Translator
from capacity_app.services.protection import own_certificate_fingerprint, own_identity
from capacity_app.ui.shell.dialogs import AboutBox
from capacity_app.ui.widgets.cards import Label


@pytest.mark.parametrize("is_made", [False, True])
def test_the_certificate_is_shown_in_the_digits_to_compare_and_in_all(qtbot: QtBot, *, is_made: bool) -> None:
    if is_made:
        own_identity()
    box = AboutBox(Translator(), "/log")
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
