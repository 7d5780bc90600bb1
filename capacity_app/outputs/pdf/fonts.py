"""Bundled fonts: which has which letters, what is printed where none has one, breaks in endless words."""

import base64
import io
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import cache
from itertools import pairwise
from pathlib import Path

from markupsafe import Markup

from capacity_app import paths
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.languages import LANGUAGES
from capacity_app.i18n.translator import break_thai

RESOURCE_SCHEME = "resource:"
"""How style sheets for paper name a bundled file: "resource:fonts/NotoSans-Regular.ttf"."""


@dataclass(frozen=True, slots=True)
class FontFile:
    """One file of a family."""

    file: str
    weight: int = 400
    slope: str = "normal"
    on_screen: bool = True


@dataclass(frozen=True, slots=True)
class FontFamily:
    """Type for some scripts. The first face has the most letters; ``languages`` want it before all others."""

    name: str
    faces: tuple[FontFile, ...]
    languages: tuple[str, ...] = ()


def _script_families(*, is_early: bool) -> tuple[FontFamily, ...]:
    return tuple(
        FontFamily(
            one.font,
            tuple(FontFile(file, weight) for file, weight in zip(one.font_files, (400, 700), strict=True)),
            languages=(one.tag,) if one.font_is_first else (),
        )
        for one in LANGUAGES.values()
        if one.font and one.font_is_early is is_early
    )


FONT_FAMILIES = (
    FontFamily(
        "Noto Sans",
        (
            FontFile("NotoSans-Regular.ttf"),
            FontFile("NotoSans-Bold.ttf", weight=700),
            FontFile("NotoSans-Italic.ttf", slope="italic"),
            # The report's own texts are never both: on the screen browsers slant the bold face.
            FontFile("NotoSans-BoldItalic.ttf", weight=700, slope="italic", on_screen=False),
        ),
    ),
    *_script_families(is_early=True),
    FontFamily("Noto Sans Symbols2 Subset", (FontFile("NotoSansSymbols2-Subset.ttf"),)),
    FontFamily("Noto Sans Math Subset", (FontFile("NotoSansMath-Subset.ttf"),)),
    *_script_families(is_early=False),
)
"""In the order in which a letter is looked for."""

_HEX = re.compile(r"\\([0-9a-f]{1,6}) ")
_STYLE = "<style>"


def font_path(face: FontFile) -> Path:
    return paths.resources_folder() / "fonts" / face.file


@cache
def letters_of_family(family: FontFamily) -> frozenset[int]:
    """Return the letters a family has, read once from its file."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - only reports need it

    with closing(TTFont(font_path(family.faces[0]), lazy=True)) as font:
        return frozenset(font.getBestCmap())


def letters_in(html: str) -> frozenset[int]:
    """Return the letters of a page, those too that its style sheet writes as numbers."""
    return frozenset(map(ord, set(html))) | {int(found, 16) for found in set(_HEX.findall(html))}


def families_for(letters: Iterable[int]) -> tuple[FontFamily, ...]:
    """Choose the families that some letters need; the first is always there."""
    wanted, chosen = set(letters) - set(map(ord, _LINES)), list[FontFamily]()
    for family in FONT_FAMILIES:
        # What all letters are found in before, the largest type of all among it, is not even opened.
        if not chosen or (wanted and wanted & letters_of_family(family)):
            chosen.append(family)
            wanted -= letters_of_family(family)
    return tuple(chosen)


def _font_stack(families: Iterable[FontFamily]) -> str:
    return ", ".join((*(f'"{family.name}"' for family in families), "sans-serif"))


def _font_order_rules(families: tuple[FontFamily, ...]) -> Iterator[str]:
    """Say which family comes first, for the whole page and where its language changes."""
    yield f"html, [lang] {{ font-family: {_font_stack(families)} }}"
    for family in families:
        others = (other for other in families if other is not family)
        for language in family.languages:
            yield f'[lang|="{language}"] {{ font-family: {_font_stack((family, *others))} }}'


def _font_rules(html: str, source: Callable[[FontFile, frozenset[int]], str], *, on_screen: bool) -> str:
    letters = letters_in(html)
    families = families_for(letters)
    faces = (
        f'@font-face {{ font-family: "{family.name}"; font-style: {face.slope}; font-weight: {face.weight}; '
        f"src: {source(face, letters)} }}"
        for family in families
        for face in family.faces
        if face.on_screen or not on_screen
    )
    return "\n".join((*faces, *_font_order_rules(families))) + "\n"


def _has_faces(html: str) -> bool:
    # Typed text stands behind the style sheet and cannot be mistaken for it.
    return "@font-face" in html.partition("</style>")[0]


def _with_rules(html: str, rules: str) -> str:
    if _STYLE in html:
        return html.replace(_STYLE, _STYLE + rules, 1)
    return f"{_STYLE}{rules}</style>{html}"


def with_font_rules(html: str) -> str:
    """Put the rules for the type into a page that WeasyPrint is to set; one that has them stays as it is."""
    if _has_faces(html):
        return html
    return _with_rules(
        html, _font_rules(html, lambda face, _: f'url("{RESOURCE_SCHEME}fonts/{face.file}")', on_screen=False)
    )


def with_embedded_fonts(html: str, *, is_packed: bool = True) -> str:
    """Put the type itself into a page, reduced to its letters; unpacked it is only named, which is fast."""
    source = _embedded_font if is_packed else lambda face, _: f'url("{face.file}")'
    return _with_rules(html, _font_rules(html, source, on_screen=True))


def _embedded_font(face: FontFile, letters: frozenset[int]) -> str:
    packed = base64.b64encode(_subset(font_path(face), letters)).decode()
    return f'url("data:font/woff2;base64,{packed}") format("woff2")'


def _subset(file: Path, letters: Iterable[int]) -> bytes:
    """Reduce a font to some letters and pack it for the web."""
    from fontTools import subset  # type: ignore[import-untyped]  # noqa: PLC0415 - only a report for the screen needs it

    options = subset.Options(flavor="woff2", layout_features=["*"], notdef_outline=True)
    buffer = io.BytesIO()
    with closing(subset.load_font(str(file), options)) as font:
        reducer = subset.Subsetter(options)
        reducer.populate(unicodes=sorted(letters))
        reducer.subset(font)
        subset.save_font(font, buffer, options)
    return buffer.getvalue()


# Letters for which no bundled type has a shape are printed as their numbers, ‹U+1F600›: nothing typed is lost.
#
# On the screen the letters stay as they are, since a browser has type of its own.


_LINES = frozenset("\n\t\r")
_LINE_ENDS = str.maketrans("\u2028\u2029", "\n\n")
"""Ends of lines for which no type has a shape and which Pango does not take for such."""
_HYPHENS_AT_LINE_ENDS = re.compile("\u00ad(?=[ \t\u00ad]*\n)")
"""Soft hyphens without a use. WeasyPrint removes them too late and then stops at a line of nothing but a space."""
_IGNORED = frozenset(
    (
        0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFEFF, 0xFFA0, *range(0x180B, 0x1810),
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10),
        *range(0xFFF0, 0xFFF9), *range(0x1BCA0, 0x1BCA4), *range(0x1D173, 0x1D17B), *range(0xE0000, 0xE1000),
    )
)  # fmt: skip
"""Default_Ignorable_Code_Point of Unicode: directions, joiners and variants, which have no shape of their own."""


@cache
def has_shape(letter: str) -> bool:
    """Return whether a letter can be printed: a bundled face has it, or it is a space or a sign without a shape."""
    if letter in _LINES or ord(letter) in _IGNORED or unicodedata.category(letter) == "Zs":
        return True
    if unicodedata.category(letter) in {"Cc", "Cs"}:
        return False
    return any(ord(letter) in letters_of_family(family) for family in FONT_FAMILIES)


def _is_mark(letter: str) -> bool:
    """Return whether a letter says something only of the one before."""
    return unicodedata.category(letter)[0] == "M" or ord(letter) in _IGNORED


def _code_points(letters: list[str]) -> str:
    """Write letters as their numbers, from left to right in a text that runs the other way too."""
    return f"\u2066‹{' '.join(f'U+{ord(letter):04X}' for letter in letters)}›\u2069"


def replace_missing_glyphs(text: str) -> str:
    """Write what cannot be printed as numbers, a word or a cluster in one pair of marks: "‹U+0928 U+0947›"."""
    made: list[str] = []
    odd: list[str] = []
    for letter in text:
        if not has_shape(letter) or (odd and _is_mark(letter)):
            odd.append(letter)
            continue
        if odd:
            made.append(_code_points(odd))
            odd = []
        made.append(letter)
    if odd:
        made.append(_code_points(odd))
    return "".join(made)


def to_printable(text: object) -> object:
    """Write a typed text so that every letter of it can be printed; anything but text comes back as it is."""
    if not isinstance(text, str) or isinstance(text, Markup) or (text.isascii() and text.isprintable()):
        return text
    lines = _HYPHENS_AT_LINE_ENDS.sub("", text.translate(_LINE_ENDS))
    return lines if all(map(has_shape, set(lines))) else replace_missing_glyphs(lines)


# Words without end may be broken on paper: WeasyPrint else sets all that is left of one again for every line.
#
# The break is a zero-width space, which has no shape and is no part of the text that is read back from a PDF.


_LONGEST, _PIECE, _FORCED = 100, 10, 60
"""Letters of a word nobody needs to break beforehand, between two breaks of a longer one, and at the very most."""

_BREAK = "\u200b"
_JOINING = frozenset("\u00ad\u200c\u200d\u2060\ufeff")
_SPACES = " \t\n\r\u2000-\u2006\u2008-\u200b\u2028\u2029\u205f\u3000"
_ANYWHERE = "\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
"""Scripts that are written without spaces: their lines break by rules of their own."""
_ENDLESS = re.compile(rf"[^{_SPACES}{_ANYWHERE}]{{{_LONGEST + 1},}}")


def _begins_anew(before: str, letter: str) -> bool:
    """Return whether a line may begin here: not between a letter and its marks, nor where letters are joined."""
    return not {before, letter} & _JOINING and unicodedata.category(letter)[0] != "M"


def _with_breaks(word: str) -> str:
    made, length = [word[0]], 1
    for before, letter in pairwise(word):
        if length >= _PIECE and (_begins_anew(before, letter) or length >= _FORCED):
            made.append(_BREAK)
            length = 0
        made.append(letter)
        length += 1
    return "".join(made)


def add_soft_breaks(text: object) -> object:
    """Let lines break inside words of more than a hundred letters, and between Thai words.

    What is not a plain text comes back as it is.
    """
    if type(text) is not str or (text.isascii() and len(text) <= _LONGEST):
        return text
    text = break_thai(text)
    return _ENDLESS.sub(lambda found: _with_breaks(found[0]), text) if len(text) > _LONGEST else text
