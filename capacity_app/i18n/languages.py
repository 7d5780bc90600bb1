"""What the program knows of each language, read from ``languages.toml`` beside this module."""

import tomllib
from collections.abc import Mapping
from dataclasses import field
from functools import cache
from types import MappingProxyType
from typing import Any

from capacity_app import paths
from capacity_app.domain.fast_dataclass import dataclass

_DIGITS = "digits"
"""The table of numbering systems, which is no language."""


@dataclass(frozen=True, slots=True)
class Language:
    """One table of the file; its comments say what each key means."""

    tag: str
    name: str = ""
    direction: str = "ltr"
    digits: str = ""
    list_comma: str = ", "
    sorted_after: Mapping[str, str] = field(default_factory=dict)
    font: str = ""
    font_files: tuple[str, ...] = ()
    font_is_early: bool = False
    font_is_first: bool = False
    word: str = ""
    word_script: str = ""
    word_font: str = ""
    word_fonts: Mapping[str, str] = field(default_factory=dict)
    plural_forms: str = ""
    is_translated: bool = True


@dataclass(frozen=True, slots=True)
class NumberingSystem:
    """Digits besides 0-9, and what papers and workbooks call them."""

    unicode: str
    counter_style: str
    cell_format: str
    word_field: str = ""


@cache
def _tables() -> dict[str, Any]:
    return tomllib.loads(paths.languages_file().read_text("utf-8"))


@cache
def languages() -> Mapping[str, Language]:
    """Return the languages of the file by their tags."""
    return MappingProxyType(
        {
            tag: Language(tag, **table | {"font_files": tuple(table.get("font_files", ()))})
            for tag, table in _tables().items()
            if tag != _DIGITS
        }
    )


@cache
def numbering_systems() -> Mapping[str, NumberingSystem]:
    """Return the digits that can be chosen besides 0-9, by their names in CLDR."""
    return MappingProxyType({name: NumberingSystem(**table) for name, table in _tables()[_DIGITS].items()})


def translated_languages() -> tuple[str, ...]:
    """Return the languages the program is translated into: all but English, in which it is written."""
    return tuple(one.tag for one in languages().values() if one.is_translated)


def language_of(tag: str) -> Language:
    """Return what is known of a language (BCP 47), else of the one it is a form of ("pt" for "pt-BR")."""
    known, parent = languages(), tag.replace("_", "-").partition("-")[0]
    return known.get(tag) or known.get(parent) or Language(tag)
