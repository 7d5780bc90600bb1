"""The type that comes with us: which family has which letters, and the rules that bring only what a text needs."""

import base64
import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from capacity_app import paths

SCHEME = "resource:"
"""How style sheets for paper name a bundled file: "resource:fonts/NotoSans-Regular.ttf"."""


@dataclass(frozen=True, slots=True)
class Face:
    """One file of a family."""

    file: str
    weight: int = 400
    slope: str = "normal"
    on_screen: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """Type for some scripts. The first face has the most letters; ``languages`` want it before all others."""

    name: str
    faces: tuple[Face, ...]
    languages: tuple[str, ...] = ()


def _upright(name: str, ending: str = "ttf") -> tuple[Face, ...]:
    return Face(f"{name}-Regular.{ending}"), Face(f"{name}-Bold.{ending}", weight=700)


FAMILIES = (
    Family(
        "Noto Sans",
        (
            *_upright("NotoSans"),
            Face("NotoSans-Italic.ttf", slope="italic"),
            # The report's own texts are never both: on the screen browsers slant the bold face.
            Face("NotoSans-BoldItalic.ttf", weight=700, slope="italic", on_screen=False),
        ),
    ),
    Family("Noto Sans Arabic", _upright("NotoSansArabic")),
    Family("Noto Sans Symbols2 Subset", (Face("NotoSansSymbols2-Subset.ttf"),)),
    Family("Noto Sans Math Subset", (Face("NotoSansMath-Subset.ttf"),)),
    Family("Noto Sans Georgian", _upright("NotoSansGeorgian")),
    Family("Noto Sans Thai", _upright("NotoSansThai")),
    # Chinese quotation marks and dashes are as wide as a letter, others are not.
    Family("Noto Sans SC", _upright("NotoSansSC", "otf"), languages=("zh",)),
)
"""In the order in which a letter is looked for."""

_HEX = re.compile(r"\\([0-9a-f]{1,6}) ")
_STYLE = "<style>"


def face_file(face: Face) -> Path:
    return paths.resources_folder() / "fonts" / face.file


@cache
def letters_of(family: Family) -> frozenset[int]:
    """Return the letters a family has, read once from its file."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # noqa: PLC0415 - only reports need it

    with closing(TTFont(face_file(family.faces[0]), lazy=True)) as font:
        return frozenset(font.getBestCmap())


def letters_in(html: str) -> frozenset[int]:
    """Return the letters of a page, those too that its style sheet writes as numbers."""
    return frozenset(map(ord, set(html))) | {int(found, 16) for found in set(_HEX.findall(html))}


def families_for(letters: Iterable[int]) -> tuple[Family, ...]:
    """Choose the families that some letters need; the first is always there."""
    wanted, chosen = set(letters), list[Family]()
    for family in FAMILIES:
        if not chosen or wanted & letters_of(family):
            chosen.append(family)
            wanted -= letters_of(family)
    return tuple(chosen)


def _stack(families: Iterable[Family]) -> str:
    return ", ".join((*(f'"{family.name}"' for family in families), "sans-serif"))


def _order(families: tuple[Family, ...]) -> Iterator[str]:
    """Say which family comes first, for the whole page and where its language changes."""
    yield f"html, [lang] {{ font-family: {_stack(families)} }}"
    for family in families:
        others = (other for other in families if other is not family)
        for language in family.languages:
            yield f'[lang|="{language}"] {{ font-family: {_stack((family, *others))} }}'


def _rules(html: str, source: Callable[[Face, frozenset[int]], str], *, on_screen: bool) -> str:
    letters = letters_in(html)
    families = families_for(letters)
    faces = (
        f'@font-face {{ font-family: "{family.name}"; font-style: {face.slope}; font-weight: {face.weight}; '
        f"src: {source(face, letters)} }}"
        for family in families
        for face in family.faces
        if face.on_screen or not on_screen
    )
    return "\n".join((*faces, *_order(families))) + "\n"


def _has_faces(html: str) -> bool:
    # Typed text stands behind the style sheet and cannot be mistaken for it.
    return "@font-face" in html.partition("</style>")[0]


def _with_rules(html: str, rules: str) -> str:
    if _STYLE in html:
        return html.replace(_STYLE, _STYLE + rules, 1)
    return f"{_STYLE}{rules}</style>{html}"


def with_faces_for_paper(html: str) -> str:
    """Put the rules for the type into a page that WeasyPrint is to set; one that has them stays as it is."""
    if _has_faces(html):
        return html
    return _with_rules(html, _rules(html, lambda face, _: f'url("{SCHEME}fonts/{face.file}")', on_screen=False))


def with_faces_for_screen(html: str, *, is_packed: bool = True) -> str:
    """Put the type itself into a page, reduced to its letters; unpacked it is only named, which is fast."""
    source = _inside if is_packed else lambda face, _: f'url("{face.file}")'
    return _with_rules(html, _rules(html, source, on_screen=True))


def _inside(face: Face, letters: frozenset[int]) -> str:
    packed = base64.b64encode(_subset(face_file(face), letters)).decode()
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
