"""Names of keys as they stand on the keyboards of a language."""

import re

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts

KEY_NAMES = (N_("Ctrl"), N_("Shift"), N_("Space"), N_("Enter"), N_("Esc"), N_("Del"), N_("Page Up"), N_("Page Down"))
"""Those that differ; letters, figures, arrows, Alt and the function keys are the same everywhere."""
_NAME = re.compile("|".join(KEY_NAMES))


def on_keyboard(texts: Texts, keys: str) -> str:
    """Write keys ("Shift+F9", "Enter, Ctrl+↓") with the names they have on a keyboard of the window's language."""
    return _NAME.sub(lambda found: texts.gettext(found[0]), keys)
