"""The keys of the questionnaire: what they mean, and how to read them on any keyboard layout.

Letters answer only where no text is typed; the function keys do the same everywhere, so that neither a
text field nor a Cyrillic or Arabic keyboard is in the way.
"""

import re
import sys
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator, isolate_ltr

_Key = Qt.Key
_PLAIN = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier


KEY_NAMES = (N_("Ctrl"), N_("Shift"), N_("Space"), N_("Enter"), N_("Esc"), N_("Del"), N_("Page Up"), N_("Page Down"))
"""Those that differ; letters, figures, arrows, Alt and the function keys are the same everywhere."""
_NAME = "|".join(KEY_NAMES)
_TOGETHER = rf"(?:(?:Ctrl|Shift|Alt)\+)+(?:{'|'.join(KEY_NAMES)}|\w+|[^\w\s])"
"""Keys pressed together."""


def keyboard_label(texts: Translator, keys: str) -> str:
    """Write keys ("Shift+F9", "Enter, Ctrl+↓") with the names they have on a keyboard of the window's language."""
    if texts.right_to_left:  # "Ctrl+↓" would be shown as "↓+Ctrl"
        keys = re.sub(_TOGETHER, lambda found: isolate_ltr(found[0]), keys)
    return re.sub(_NAME, lambda found: texts.gettext(found[0]), keys)


def native_keys(texts: Translator, shortcut: str) -> str:
    """Write a shortcut as this computer's programs do, in its order in a mirrored window too."""
    native = QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return isolate_ltr(native) if texts.right_to_left else native


class AnswerAction(StrEnum):
    """What a key asks for."""

    NONE = ""
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    DECLINED = "declined"
    CLEAR = "clear"
    NOTE = "note"
    EVIDENCE = "evidence"
    CONFIRM = "confirm"
    NEXT = "next"


_PLACES = {0x16: "U", 0x2D: "X", 0x20: "D", 0x2E: "C", 0x15: "Y", 0x19: "P", 0x31: "N"}
"""The scan codes of the letters that mean something."""
_MAC_KEYS = {0x20: "U", 0x07: "X", 0x02: "D", 0x08: "C", 0x10: "Y", 0x23: "P", 0x2D: "N"}
"""Their virtual keys on a Mac, which are places."""
_LETTERS = {
    "U": AnswerAction.UNKNOWN,
    "X": AnswerAction.NOT_APPLICABLE,
    "D": AnswerAction.DECLINED,
    "C": AnswerAction.CONFIRM,
}
_KEYS = {
    _Key.Key_F4: AnswerAction.NOTE,
    _Key.Key_F5: AnswerAction.CONFIRM,
    _Key.Key_F6: AnswerAction.UNKNOWN,
    _Key.Key_F7: AnswerAction.NOT_APPLICABLE,
    _Key.Key_F8: AnswerAction.DECLINED,
}
_ENTER = {_Key.Key_Return, _Key.Key_Enter}

KEY_OVERVIEW: tuple[tuple[str, str], ...] = (
    ("0 1 2 3", N_("Answer with this level or option. In an ordered list a higher digit always means more.")),
    ("Y P N", N_("Yes, partly, no")),
    ("↑ ↓", N_("Go through the answers of a question; in a table, through its cells")),
    ("Space", N_("Choose or tick the answer in focus")),
    ("Tab, Shift+Tab", N_("Go to the next or the previous question; in a table, to the next or the previous cell")),
    ("Shift+F10", N_("Go to the buttons of the question; in a table, to the disagreement or the menu of the cell")),
    ("Enter, Ctrl+↓", N_("Go to the next open question (Ctrl+↓ also from a long text)")),
    ("Ctrl+↑", N_("Go to the question before")),
    ("U, F6", N_("Unknown: asked, but the agency does not know")),
    ("X, F7", N_("Not applicable: asks for the reason")),
    ("Shift+X", N_("In a table: the whole row is not applicable")),
    ("D, F8", N_("Declined: the agency does not want to answer")),
    ("C, F5", N_("Confirm: the answer of the previous round still holds")),
    ("Shift+C", N_("In a table: confirm the whole row of the previous round")),
    ("Del", N_("Clear the answer")),
    ("F4", N_("Write a note")),
    ("Shift+F4", N_("Add evidence to the answer")),
    ("F9", N_("Go to the panel beside the questions, and back")),
    ("Shift+F9", N_("Show or hide the panel beside the questions")),
    ("Ctrl+\\", N_("Show or hide the parts of the questionnaire")),
    ("F2, Enter", N_("In a table: open the answers of the cell, with their full wording")),
    ("Enter", N_("In an open cell: store the answer and go down. A digit in a cell does the same.")),
    ("Ctrl+Enter", N_("Go to the next open question; in a list with a new name: add the name")),
    ("Shift+Enter", N_("In a table: begin a new line in a text, or take one more entry of a list")),
    (
        "Alt+Page Up, Alt+Page Down",
        N_("In a large table: go to the previous or the next question; Esc: to all questions"),
    ),
    ("Ctrl+D", N_("In a table: fill the selected cells with the answers of the first row")),
    ("Ctrl+C, Ctrl+V", N_("In a table: copy a block to Excel or LibreOffice, paste one from there")),
    ("Alt+↓", N_("In a date: open the calendar")),
    ("Esc", N_("Leave a text or a list without leaving the question")),
)
"""What the keyboard overview shows: keys and their meaning (message ids)."""


def is_plain(event: QKeyEvent) -> bool:
    return not event.modifiers() & ~_PLAIN


def digit_of(event: QKeyEvent) -> int | None:
    """Return the digit of a key, in any script's figures; None for anything else."""
    text = event.text()
    return int(text) if is_plain(event) and len(text) == 1 and text.isdecimal() else None


def letter_of(event: QKeyEvent, *, with_shift: bool = False) -> str:
    """Return the Latin capital of a key pressed alone, or together with Shift; empty for anything else.

    On a keyboard without Latin letters it is the letter that stands there on an American one.
    """
    is_shift = event.modifiers() & ~_PLAIN == Qt.KeyboardModifier.ShiftModifier
    if not (is_shift if with_shift else is_plain(event)):
        return ""
    key = int(event.key())
    if ord("A") <= key <= ord("Z"):
        return chr(key)
    is_other_script = event.text().isalpha() and not event.text().isascii()
    return _letter_at(event) if is_other_script else ""


def _letter_at(event: QKeyEvent) -> str:
    """Return the letter an American keyboard has at the place of a key; empty for places that mean nothing here."""
    if sys.platform == "darwin":
        return _MAC_KEYS.get(event.nativeVirtualKey(), "")
    # X11 counts the places of Windows and Linux from eight.
    return _PLACES.get(event.nativeScanCode() - (0 if sys.platform == "win32" else 8), "")


def takes_before_menu(event: QEvent, is_wanted: Callable[[QKeyEvent], bool]) -> bool:
    """Take a key that the menu has too, if it is wanted here; return whether it was."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent) or not is_wanted(event):
        return False
    event.accept()
    return True


def is_menu(event: QKeyEvent) -> bool:
    """Return whether the key asks for what can be done here: the menu key or Shift+F10."""
    is_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return event.key() == _Key.Key_Menu or (event.key() == _Key.Key_F10 and is_shift)


def is_enter(event: QKeyEvent) -> bool:
    return event.key() in _ENTER and is_plain(event)


def is_next_question(event: QKeyEvent) -> bool:
    """Return whether the key asks for the next open question from anywhere, texts included."""
    is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    return is_control and (event.key() == _Key.Key_Down or event.key() in _ENTER)


def is_previous_question(event: QKeyEvent) -> bool:
    return bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier) and event.key() == _Key.Key_Up


def leads_out_of_table(event: QKeyEvent) -> bool:
    """Return whether a key asks for another question than the table one is in, or for all questions."""
    is_beside = event.key() in {_Key.Key_PageUp, _Key.Key_PageDown} and bool(
        event.modifiers() & Qt.KeyboardModifier.AltModifier
    )
    return is_beside or is_previous_question(event) or event.key() == _Key.Key_Escape


def function_key_action(event: QKeyEvent) -> AnswerAction:
    """Return what a function key asks for; these work inside texts too."""
    return _KEYS.get(_Key(event.key()), AnswerAction.NONE) if is_plain(event) else AnswerAction.NONE


def action_of(event: QKeyEvent) -> AnswerAction:
    """Return what a key asks for where no text is typed."""
    if is_enter(event) or is_next_question(event):
        return AnswerAction.NEXT
    if event.key() in {_Key.Key_Delete, _Key.Key_Backspace} and is_plain(event):
        return AnswerAction.CLEAR
    return function_key_action(event) or _LETTERS.get(letter_of(event), AnswerAction.NONE)
