"""Under Help, About this program: the certificate that others compare."""

import pytest
from pytestqt.qtbot import QtBot

from capacity_app.domain.content_hash import grouped, printed
from capacity_app.services.certificate import own_certificate, own_identity
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Words
from capacity_app.ui.shell.looks import AboutBox


@pytest.mark.parametrize("is_made", [False, True])
def test_the_certificate_is_shown_in_the_digits_to_compare_and_in_all(qtbot: QtBot, *, is_made: bool) -> None:
    if is_made:
        own_identity()
    box = AboutBox(Texts(), "/log")
    qtbot.addWidget(box)
    box.show()
    line = box.findChild(Words, "about_certificate")
    assert line is not None
    shown = [words.text() for words in box.findChildren(Words)]
    digits = own_certificate()
    assert bool(digits) is is_made
    assert ("no certificate yet" in line.text()) is not is_made
    if is_made:
        assert printed(digits) in line.text()
        assert f"All digits: {grouped(digits)}" in shown
