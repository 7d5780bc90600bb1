"""Lines of controls, and the column of a page, at widths from a laptop's to a large screen's."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from capacity_app.ui.widgets.buttons import Button
from capacity_app.ui.widgets.cards import Label, ReadingColumn
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import side_by_side


def test_words_stand_in_the_middle_of_the_buttons_beside_them(qtbot: QtBot) -> None:
    label, button, other = Label("Other tools", wraps=False), Button("Open"), Button("Close")
    line = Flow(8, label, button, other)
    qtbot.addWidget(line)
    line.resize(button.sizeHint().width() + label.sizeHint().width() + 10, 200)
    line.show()
    assert label.geometry().center().y() == pytest.approx(button.geometry().center().y(), abs=1)
    assert other.geometry().top() == button.geometry().bottom() + 1 + 8, "the next line begins below this one"


@pytest.mark.parametrize("side", [Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft])
def test_the_column_of_a_page_is_centred_on_a_wide_screen_only(qtbot: QtBot, side: Qt.LayoutDirection) -> None:
    page, wide = ReadingColumn(), Label("x")
    qtbot.addWidget(page)
    page.setLayoutDirection(side)
    page.body.addWidget(wide)
    page.body.addLayout(side_by_side(Button("Go on")))
    page.show()
    for width, is_centred in ((1270, False), (1820, True), (1270, False)):
        page.resize(width, 600)
        qtbot.wait(10)
        start = wide.mapTo(page, wide.rect().topLeft()).x()
        end = page.viewport().width() - start - wide.width()
        assert (abs(start - end) <= 1) is is_centred
        if not is_centred:
            assert (start < end) is (side is Qt.LayoutDirection.LeftToRight)
