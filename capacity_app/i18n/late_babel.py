"""What is used of babel, loaded with the first number or date that is written: a start takes 7 ms less without.

In English, whole numbers below a thousand and texts need nothing of it.
"""

from typing import TYPE_CHECKING

__all__ = ("Locale", "UnknownLocaleError", "dates", "get_global", "numbers")

if TYPE_CHECKING:
    from babel import Locale, UnknownLocaleError, dates, numbers
    from babel.core import get_global
else:

    def __getattr__(name: str) -> object:
        import babel.core  # noqa: PLC0415 - what this module is for
        import babel.dates  # noqa: PLC0415
        import babel.numbers  # noqa: PLC0415

        found = getattr(babel, name, None) or getattr(babel.core, name)
        globals()[name] = found
        return found
