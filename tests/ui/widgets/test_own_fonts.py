"""The fonts that come with us draw all that the program says: nobody's computer has to have others."""

import ast
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from capacity_app.i18n.catalogues import program_languages
from capacity_app.paths import resources_folder
from tools.translations.catalogues import forms, instrument_folders, kept, program_file

_PROGRAM = Path(__file__).parents[3] / "capacity_app"
_OF_OTHERS = _PROGRAM / "outputs" / "word" / "markup.py"
"""It knows the characters that other people's texts may hold."""
_WITHOUT_PICTURE = frozenset(map(chr, (*range(0x20), *range(0x200B, 0x2010), *range(0x2028, 0x2070), 0xFEFF)))
"""Characters that part or order others."""


@pytest.fixture(scope="module")
def drawn() -> frozenset[str]:
    """Return the characters for which one of our fonts has a picture."""
    fonts = [*resources_folder().glob("fonts/*.ttf"), *resources_folder().glob("fonts/*.otf")]
    return _WITHOUT_PICTURE.union(*map(_pictures, fonts))


def _pictures(file: Path) -> set[str]:
    with TTFont(file, lazy=True) as font:
        return set(map(chr, font.getBestCmap()))


def _strange(texts: Iterable[tuple[str, str]], drawn: frozenset[str]) -> list[str]:
    return [f"{where}: {character!r}" for where, text in texts for character in sorted(set(text) - drawn)]


def _shown_signs() -> Iterator[tuple[str, str]]:
    """Go through arrows, ticks and other symbols in what draws screens and papers; letters stand there to be found."""
    for folder in ("ui", "report"):
        for file in {*(_PROGRAM / folder).rglob("*.py")} - {_OF_OTHERS}:
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    signs = "".join(sign for sign in node.value if unicodedata.category(sign).startswith("S"))
                    yield f"{file.relative_to(_PROGRAM)}:{node.lineno}", signs


@pytest.mark.check
def test_every_sign_on_screens_and_papers_has_a_picture_in_our_fonts(drawn: frozenset[str]) -> None:
    assert _strange(_shown_signs(), drawn) == []


@pytest.mark.parametrize("language", program_languages()[1:])
def test_every_translation_has_a_picture_in_our_fonts(language: str, drawn: frozenset[str]) -> None:
    files = [program_file(language), *(folder / f"{language}.po" for folder in instrument_folders())]
    said = [
        (f"{file.name} {message.id!r}", form)
        for file in files
        for message in kept(file, language)
        for form in forms(message)
    ]
    assert len(said) > 5_000
    assert _strange(said, drawn) == []
