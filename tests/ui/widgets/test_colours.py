"""Colours named where a widget is made: a wrong name is told there, never while painting."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from capacity_app.ui.theme.palette import colour_name
from capacity_app.ui.widgets.banners import IconLabel
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.lists_and_tables import ListLine


@pytest.mark.parametrize(
    "make",
    [
        lambda: Card(edge=""),
        lambda: Card(tint="sky"),
        lambda: Card(edge="bands"),
        lambda: Label("text").set_colour("dangre"),
        lambda: IconLabel("good", ""),
        lambda: ListLine("key", "title", colour="name"),
    ],
)
def test_no_widget_is_made_in_a_colour_there_is_not(qapp: QApplication, make: Callable[[], object]) -> None:
    assert qapp is not None
    with pytest.raises(ValueError, match="none of the colours"):
        make()


def test_a_colour_keeps_its_name_and_words_go_back_to_the_usual_one(qapp: QApplication) -> None:
    assert qapp is not None
    assert colour_name("accent_tint") == "accent_tint"
    words = Label("text")
    usual = words.palette().windowText().color()
    words.set_colour("danger")
    assert words.palette().windowText().color() != usual
    words.set_colour("")
    assert words.palette().windowText().color() == usual
