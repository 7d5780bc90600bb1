"""Key names keep their order where everything else runs from right to left."""

import pytest

from capacity_app.i18n.translator import Translator, isolate_ltr
from capacity_app.ui.widgets.keys import keyboard_label, native_keys


@pytest.mark.parametrize("keys", ["Ctrl++", "Ctrl+-", "Ctrl+0", "Ctrl+.", "Ctrl+Shift+R"])
def test_shortcuts_keep_their_order_in_arabic(keys: str) -> None:
    assert native_keys(Translator("ar"), keys) == isolate_ltr(native_keys(Translator("en"), keys))


def test_keys_within_a_sentence_keep_their_order_in_arabic() -> None:
    arabic = Translator("ar")
    assert keyboard_label(arabic, "F2, Ctrl+↓").count(isolate_ltr("x")[0]) == 1
    assert keyboard_label(arabic, "Alt+Page Up, Alt+Page Down").count(isolate_ltr("x")[0]) == 2
    assert keyboard_label(Translator("en"), "F2, Ctrl+↓") == "F2, Ctrl+↓"
