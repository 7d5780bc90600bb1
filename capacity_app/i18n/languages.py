"""What the program knows of each language beyond its catalogue in ``resources/translations``.

Of a language that is not here, CLDR knows name, direction and digits. A value that is left out is as in English.
"""

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from capacity_app.domain.fast_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its tag (BCP 47)."""

    tag: str
    name: str = ""
    """Its name in itself."""
    direction: Literal["ltr", "rtl"] = "ltr"
    digits: str = ""
    """Its own digits, one of the numbering systems below, which can be chosen besides 0-9."""
    list_comma: str = ", "
    """What parts the items of a list, with the space behind it."""
    sorted_after: Mapping[str, str] = field(default_factory=dict)
    """Letters that look like another one with a mark, and follow all words with that one."""
    font: str = ""
    """The family for its script, on paper and in the window."""
    font_files: tuple[str, ...] = ()
    """The files of that font in ``resources/fonts``: upright, then bold."""
    font_is_early: bool = False
    """Whether the window loads it when it starts, and papers look into it before the fonts of signs."""
    font_is_first: bool = False
    """Whether it comes before all other fonts on paper where the language is read."""
    word: str = ""
    """The tag with a country by which Word knows it."""
    word_script: Literal["", "complex", "east_asian"] = ""
    """The fonts Word sets it with, where they are not those of Latin letters."""
    word_font: str = ""
    """A font of its script that every Word has."""
    word_fonts: Mapping[str, str] = field(default_factory=dict)
    """Other ones, by the tag with a country."""
    plural_forms: str = ""
    """Its plural rule in catalogues, where Babel's differs from that of gettext."""
    is_translated: bool = True
    """Whether the program has a catalogue in it; else it is written in it, or only questionnaires are in it."""


@dataclass(frozen=True, slots=True)
class NumberingSystem:
    """Digits besides 0-9."""

    unicode: str
    """What Unicode calls them, before “DIGIT ONE”."""
    counter_style: str
    """What CSS calls them."""
    cell_format: str
    """What a number format of a workbook begins with: the numerals, and a language that uses them."""
    word_field: str = ""
    """What Word calls them in a field; left out where Word asks its own options."""


_LANGUAGES = (
    Language("en", name="English", is_translated=False, word="en-GB"),
    Language(
        "ar",
        name="العربية",
        direction="rtl",
        digits="arab",
        list_comma="، ",
        font="Noto Sans Arabic",
        font_files=("NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
        font_is_early=True,
        word="ar-EG",
        word_script="complex",
        word_font="Arial",
        # Babel's own puts hundreds before tens, unlike gettext's table.
        plural_forms=(
            "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);"
        ),
    ),
    Language("es", name="español", sorted_after={"ñ": "n"}, word="es-ES"),
    Language("fr", name="français", word="fr-FR"),
    Language(
        "ka",
        name="ქართული",
        font="Noto Sans Georgian",
        font_files=("NotoSansGeorgian-Regular.ttf", "NotoSansGeorgian-Bold.ttf"),
        word="ka-GE",
    ),
    Language("pt", name="português", is_translated=False),
    Language("ru", name="русский", sorted_after={"й": "и"}, word="ru-RU"),
    Language(
        "th",
        name="ไทย",
        digits="thai",
        font="Noto Sans Thai",
        font_files=("NotoSansThai-Regular.ttf", "NotoSansThai-Bold.ttf"),
        word="th-TH",
        word_script="complex",
        word_font="Leelawadee UI",
    ),
    Language(
        "zh",
        name="中文",
        list_comma="、",
        font="Noto Sans SC",
        font_files=("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf"),
        font_is_first=True,  # its quotation marks and dashes are as wide as a letter, others are not
        word="zh-CN",
        word_script="east_asian",
        word_font="Microsoft YaHei",
        word_fonts={"zh-HK": "Microsoft JhengHei", "zh-TW": "Microsoft JhengHei"},
    ),
    # Languages of questionnaires that Word sets with fonts of their own.
    Language("ja", is_translated=False, word_script="east_asian", word_font="Yu Gothic"),
    Language("ko", is_translated=False, word_script="east_asian", word_font="Malgun Gothic"),
    Language("bn", is_translated=False, word_script="complex", word_font="Nirmala UI"),
    Language("hi", is_translated=False, word_script="complex", word_font="Nirmala UI"),
    Language("km", is_translated=False, word_script="complex", word_font="Leelawadee UI"),
    Language("lo", is_translated=False, word_script="complex", word_font="Leelawadee UI"),
)

LANGUAGES: Mapping[str, Language] = MappingProxyType({one.tag: one for one in _LANGUAGES})
NUMBERING_SYSTEMS: Mapping[str, NumberingSystem] = MappingProxyType(
    {
        "arab": NumberingSystem("ARABIC-INDIC", counter_style="arabic-indic", cell_format="[$-2000401]"),
        "thai": NumberingSystem("THAI", counter_style="thai", cell_format="[$-D00041E]", word_field="THAIARABIC"),
    }
)
"""The digits that can be chosen besides 0-9, by their names in CLDR."""


def translated_languages() -> tuple[str, ...]:
    """Return the languages the program is translated into: all but English, in which it is written."""
    return tuple(one.tag for one in _LANGUAGES if one.is_translated)


def language_of(tag: str) -> Language:
    """Return what is known of a language (BCP 47), else of the one it is a form of ("pt" for "pt-BR")."""
    parent = tag.replace("_", "-").partition("-")[0]
    return LANGUAGES.get(tag) or LANGUAGES.get(parent) or Language(tag)
