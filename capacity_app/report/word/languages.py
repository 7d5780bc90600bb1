"""Languages as Word marks and sets them: codes with a country, and fonts that every Word has for their scripts."""

from dataclasses import dataclass

from babel import Locale, UnknownLocaleError
from babel.core import get_global

_LATIN, _ARABIC, _CHINESE = "Calibri", "Arial", "Microsoft YaHei"
_EAST_ASIAN = {"ja": "Yu Gothic", "ko": "Malgun Gothic", "zh-TW": "Microsoft JhengHei", "zh-HK": "Microsoft JhengHei"}
_COMPLEX = {"th": "Leelawadee UI", "lo": "Leelawadee UI", "km": "Leelawadee UI", "hi": "Nirmala UI", "bn": "Nirmala UI"}
_USUAL, _USUAL_EAST_ASIAN, _USUAL_LEFTWARDS = "en-US", "zh-CN", "ar-SA"
_SCRIPTS_OF_THE_EAST = frozenset({"zh", "ja", "ko"})
SIGNS = "Segoe UI Symbol"
"""The font of signs such as ◔, which text fonts lack."""
ALTERNATIVES = {_LATIN: "Carlito", _ARABIC: "Liberation Sans", SIGNS: "Noto Sans Symbols2"}
"""Fonts of the same width for machines without the named ones."""


def marked(language: str) -> str:
    """Return a language (BCP 47) with a country, as Word knows languages: "ar" becomes "ar-EG"."""
    try:
        locale = Locale.parse(language, sep="-")
        known = get_global("likely_subtags")
        likely = Locale.parse(known.get(str(locale)) or known.get(locale.language) or locale.language)
    except (ValueError, UnknownLocaleError):
        return _USUAL
    country = locale.territory or likely.territory
    return f"{locale.language}-{country}" if country else locale.language


@dataclass(frozen=True, slots=True)
class Typeface:
    """What the styles say of languages and fonts: for Latin, East Asian and leftward scripts at once."""

    language: str
    east_asian: str
    leftwards: str
    font: str
    east_asian_font: str
    leftwards_font: str


def typeface(language: str, second: str, *, is_leftwards: bool) -> Typeface:
    """Choose for a report in a language, perhaps with a second one beside."""
    code, other = marked(language), marked(second) if second else _USUAL
    short = code.split("-")[0]
    # A Latin word marked as Thai is broken anywhere.
    is_complex = is_leftwards or short in _COMPLEX
    is_east_asian = short in _SCRIPTS_OF_THE_EAST
    east = code if is_east_asian else _USUAL_EAST_ASIAN
    return Typeface(
        language=other if is_complex else code,
        east_asian=east,
        leftwards=code if is_complex else _USUAL_LEFTWARDS,
        font=_LATIN,
        east_asian_font=_EAST_ASIAN.get(east, _EAST_ASIAN.get(east.split("-")[0], _CHINESE)),
        leftwards_font=_COMPLEX.get(short, _ARABIC),
    )
