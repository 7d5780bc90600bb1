"""Letter keys on keyboards without Latin letters: the key where the letter stands on an American one."""

import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.keys import AnswerAction

OFFSET = 0 if sys.platform == "win32" else 8


def pressed(
    key: int, scan_code: int, text: str, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, key, modifiers, scan_code + OFFSET, 0, 0, text)


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has virtual keys")
@pytest.mark.parametrize(
    ("scan_code", "text", "action"),
    [
        (0x16, "г", AnswerAction.UNKNOWN),
        (0x16, "ع", AnswerAction.UNKNOWN),
        (0x2D, "ч", AnswerAction.NOT_APPLICABLE),
        (0x20, "в", AnswerAction.DECLINED),
        (0x17, "ш", AnswerAction.NONE),
    ],
)
def test_a_key_without_a_latin_letter_means_what_stands_there_elsewhere(
    scan_code: int, text: str, action: AnswerAction
) -> None:
    assert keys.action_of(pressed(ord(text), scan_code, text)) is action


def test_a_latin_letter_means_itself_wherever_it_stands() -> None:
    assert keys.letter_of(pressed(Qt.Key.Key_D, 0x16, "d")) == "D"


def test_with_shift_a_letter_is_for_the_row() -> None:
    event = pressed(Qt.Key.Key_X, 0x2D, "X", Qt.KeyboardModifier.ShiftModifier)
    assert keys.letter_of(event) == ""
    assert keys.letter_of(event, with_shift=True) == "X"
