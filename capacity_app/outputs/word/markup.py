"""WordprocessingML: escaped text in runs by direction, paragraphs, fields, properties, languages and fonts.

``Xml`` is finished markup. Only the functions here make it from text, so nothing typed can become markup.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NewType

from babel import Locale, UnknownLocaleError
from babel.core import get_global

from capacity_app import report_colours
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.languages import LANGUAGES, language_of

# How letters, paragraphs and rules look, and the properties Word writes for it.
#
# Sizes are in points, distances in twentieths of a point (twips), as Word counts them.


TEXT_WIDTH = 9638
"""Twips between the margins of an A4 page: 170 mm."""
POINT_INDENT = 1247
"""Where the text of a numbered point begins: 22 mm."""
FORMULA_INDENT = 2552
CONTENTS_INDENT = 1247
INSET = 227
"""Four millimetres."""


def hex_colour(colour: str) -> str:
    """Write a colour of the palette as Word does: without its sign."""
    return colour.removeprefix("#")


INK, MUTED, LINE, TINT = (
    hex_colour(one) for one in (report_colours.INK, report_colours.MUTED, report_colours.LINE, report_colours.TINT)
)
ACCENT, CAUTION = hex_colour(report_colours.ACCENT), hex_colour(report_colours.CAUTION)
ACCENT_TINT = hex_colour(report_colours.ACCENT_TINT)
WHITE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class Font:
    """How letters look: size in points, colour, weight; nothing given is as in the style it is based on."""

    size: float = 0
    colour: str = ""
    is_bold: bool | None = None
    is_italic: bool = False
    font: str = ""
    more: str = ""

    def xml(self) -> str:
        """Write it; complex scripts get the same."""
        weight = (
            "" if self.is_bold is None else ("<w:b/><w:bCs/>" if self.is_bold else '<w:b w:val="0"/><w:bCs w:val="0"/>')
        )
        parts = (
            f'<w:rFonts w:ascii="{self.font}" w:hAnsi="{self.font}" w:eastAsia="{self.font}" w:cs="{self.font}"/>'
            if self.font
            else "",
            weight,
            "<w:i/><w:iCs/>" if self.is_italic else "",
            f'<w:color w:val="{self.colour}"/>' if self.colour else "",
            self.more,
            f'<w:sz w:val="{self.size * 2:g}"/><w:szCs w:val="{self.size * 2:g}"/>' if self.size else "",
        )
        inside = "".join(parts)
        return f"<w:rPr>{inside}</w:rPr>" if inside else ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """How a paragraph stands: distances before and after, its indent and how its lines hold together.

    ``line`` is the height of a line whatever the font, where a page must hold what it was measured for.
    """

    before: int | None = None
    after: int | None = None
    indent: int = 0
    hanging: int = 0
    is_kept: bool = False
    aligned: str = ""
    border: str = ""
    tabs: str = ""
    level: int | None = None
    line: int = 0
    more: str = ""

    def xml(self) -> str:
        """Write it in the order Word wants."""
        before = "" if self.before is None else f' w:before="{self.before}"'
        after = "" if self.after is None else f' w:after="{self.after}"'
        line = f' w:line="{self.line}" w:lineRule="exact"' if self.line else ""
        hanging = f' w:hanging="{self.hanging}"' if self.hanging else ""
        parts = (
            "<w:keepNext/>" if self.is_kept else "",
            self.more,
            f"<w:pBdr>{self.border}</w:pBdr>" if self.border else "",
            f"<w:tabs>{self.tabs}</w:tabs>" if self.tabs else "",
            f"<w:spacing{before}{after}{line}/>" if before or after or line else "",
            f'<w:ind w:left="{self.indent}"{hanging}/>' if self.indent else "",
            f'<w:jc w:val="{self.aligned}"/>' if self.aligned else "",
            "" if self.level is None else f'<w:outlineLvl w:val="{self.level}"/>',
        )
        inside = "".join(parts)
        return f"<w:pPr>{inside}</w:pPr>" if inside else ""


def border_xml(side: str, colour: str, *, eighths: int = 4, space: int = 1) -> str:
    """Draw a rule on one side; eighths of a point thick, points away."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def tab_stop(place: int, kind: str = "left") -> str:
    return f'<w:tab w:val="{kind}" w:pos="{place}"/>'


# Languages as Word marks and sets them: codes with a country, and fonts that every Word has for their scripts.


_LATIN, _ARABIC = "Calibri", "Arial"
_USUAL, _USUAL_EAST_ASIAN, _USUAL_LEFTWARDS = "en-GB", "zh-CN", "ar-SA"
SYMBOL_FONT = "Segoe UI Symbol"
"""The font of signs such as ◔, which text fonts lack."""
FONT_ALTERNATIVES = {_LATIN: "Carlito", _ARABIC: "Liberation Sans", SYMBOL_FONT: "Noto Sans Symbols2"}
"""Fonts of the same width for machines without the named ones."""


def word_language(language: str) -> str:
    """Return a language (BCP 47) with a country, as Word knows languages: "ar" becomes "ar-EG"."""
    if (entry := LANGUAGES.get(language)) and entry.word:
        return entry.word
    try:
        locale = Locale.parse(language, sep="-")
        known = get_global("likely_subtags")
        likely = Locale.parse(known.get(str(locale)) or known.get(locale.language) or locale.language)
    except (ValueError, UnknownLocaleError):
        return _USUAL
    country = locale.territory or likely.territory
    return f"{locale.language}-{country}" if country else locale.language


@dataclass(frozen=True, slots=True)
class WordFonts:
    """What the styles say of languages and fonts: for Latin, East Asian and leftward scripts at once."""

    language: str
    east_asian: str
    leftwards: str
    font: str
    east_asian_font: str
    leftwards_font: str


def word_fonts(language: str, second: str, *, is_leftwards: bool) -> WordFonts:
    """Choose for a report in a language, perhaps with a second one beside."""
    code, other = word_language(language), word_language(second) if second else _USUAL
    script = language_of(code).word_script
    # A Latin word marked as Thai is broken anywhere.
    is_complex = is_leftwards or script == "complex"
    east = code if script == "east_asian" else _USUAL_EAST_ASIAN
    eastern = language_of(east)
    return WordFonts(
        language=other if is_complex else code,
        east_asian=east,
        leftwards=code if is_complex else _USUAL_LEFTWARDS,
        font=_LATIN,
        east_asian_font=eastern.word_fonts.get(east, eastern.word_font),
        leftwards_font=language_of(code).word_font if script == "complex" else _ARABIC,
    )


Xml = NewType("Xml", str)
"""Well-formed WordprocessingML; joined pieces are again such."""

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
EMPTY_XML = Xml("")
_UNSAFE = re.compile('[&<>"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\x7f": "\u2421"}
_BREAKS = re.compile("\r\n|[\n\r\t]")
_PICTURES_OF_CONTROLS = 0x2400
_FIRST_PRINTED = 0x20

_LEFTWARDS = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_RIGHTWARDS = "\u200e"
_HAS_LETTER = re.compile(r"[^\W\d_]")
_HAS_LEFTWARDS = re.compile(f"[{_LEFTWARDS}\u2066]")
_PIECES = re.compile(
    rf"\u2066(?P<kept>[^\u2066\u2069]*)\u2069"
    rf"|(?P<leftwards>[{_LEFTWARDS}]+)"
    r"|(?P<ordered>\d+(?:[-/:]\d+)+)"
    r"|(?P<number>\d+(?:[.,]\d+)*%?)"
    rf"|(?P<rightwards>(?:(?![{_LEFTWARDS}])[^\W\d_])[^\W\d_{_LEFTWARDS}]*)"
    r"|(?P<neutral>.)",
    re.DOTALL,
)


def _escape_character(found: re.Match[str]) -> str:
    """Escape a character, or show what XML cannot hold: control characters by their picture."""
    character = found[0]
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return chr(_PICTURES_OF_CONTROLS + code) if code < _FIRST_PRINTED else "\ufffd"


def escape_xml(text: str) -> Xml:
    """Make any text safe inside an element or an attribute."""
    return Xml(_UNSAFE.sub(_escape_character, text))


def join_xml(pieces: Iterable[Xml]) -> Xml:
    return Xml("".join(pieces))


def _run_content(text: str) -> str:
    """Write the inside of a run: its text with line breaks and tabs as elements."""
    if not _BREAKS.search(text):
        return f'<w:t xml:space="preserve">{escape_xml(text)}</w:t>'
    parts = []
    last = 0
    for found in _BREAKS.finditer(text):
        if found.start() > last:
            parts.append(f'<w:t xml:space="preserve">{escape_xml(text[last : found.start()])}</w:t>')
        parts.append("<w:tab/>" if found[0] == "\t" else "<w:br/>")
        last = found.end()
    if last < len(text):
        parts.append(f'<w:t xml:space="preserve">{escape_xml(text[last:])}</w:t>')
    return "".join(parts)


@dataclass(frozen=True, slots=True)
class DirectionRun:
    """Text of one direction; ``is_kept`` text keeps its order from left to right whatever stands around it.

    Isolating marks would say so best, but Word may show them as boxes; a mark of direction on both sides does the same.
    """

    text: str
    is_leftwards: bool
    is_kept: bool = False


def _directed_pieces(text: str, *, is_leftwards: bool) -> Iterator[DirectionRun | str]:
    """Yield stretches whose direction is known, and bare text that takes that of its neighbours."""
    strong = is_leftwards
    for found in _PIECES.finditer(text):
        kind, piece = str(found.lastgroup), found[found.lastgroup or 0]
        if kind in {"leftwards", "rightwards"}:
            strong = kind == "leftwards"
            yield DirectionRun(piece, strong)
        elif kind == "kept" or (kind == "ordered" and is_leftwards):
            yield DirectionRun(piece, is_leftwards=False, is_kept=is_leftwards)
        elif kind in {"number", "ordered"}:
            # As in the Unicode rules a number goes with the word before it.
            yield DirectionRun(piece, strong)
        else:
            yield piece


def split_directions(text: str, *, is_leftwards: bool) -> list[DirectionRun]:
    """Cut text of a paragraph of some direction where the direction changes; what is neutral goes with its sides."""
    found: list[DirectionRun] = []
    waiting = ""

    def add(stretch: DirectionRun) -> None:
        last = found[-1] if found else None
        if last and not (last.is_kept or stretch.is_kept) and last.is_leftwards == stretch.is_leftwards:
            found[-1] = DirectionRun(last.text + stretch.text, last.is_leftwards)
        else:
            found.append(stretch)

    for piece in _directed_pieces(text, is_leftwards=is_leftwards):
        if isinstance(piece, str):
            waiting += piece
            continue
        if waiting:
            before = found[-1].is_leftwards if found and not found[-1].is_kept else is_leftwards
            after = is_leftwards if piece.is_kept else piece.is_leftwards
            add(DirectionRun(waiting, before if before == after else is_leftwards))
            waiting = ""
        add(piece)
    if waiting:
        add(DirectionRun(waiting, is_leftwards))
    return found


def _isolate(text: str) -> str:
    """Keep a text in its own order; white space at its edges parts it from what stands around it."""
    core = text.strip()
    before, _, after = text.partition(core) if core else (text, "", "")
    return f"{before}{_RIGHTWARDS}{core}{_RIGHTWARDS}{after}"


@dataclass(frozen=True, slots=True)
class RunWriter:
    """Writes in one direction; ``language`` is the mark of a language other than the document's own."""

    is_leftwards: bool
    language: str = ""

    def _run(self, inside: str, style: str, marks: str = "") -> str:
        named = f'<w:rStyle w:val="{style}"/>' if style else ""
        language = f'<w:lang w:val="{self.language}" w:eastAsia="{self.language}" w:bidi="{self.language}"/>'
        properties = named + marks + (language if self.language else "")
        return f"<w:r><w:rPr>{properties}</w:rPr>{inside}</w:r>" if properties else f"<w:r>{inside}</w:r>"

    def runs(self, text: str, style: str = "") -> Xml:
        """Write text in a character style, each direction in runs of its own."""
        if not text:
            return EMPTY_XML
        if not _HAS_LEFTWARDS.search(text):
            is_foreign = self.is_leftwards and _HAS_LETTER.search(text)
            return Xml(self._run(_run_content(_isolate(text) if is_foreign else text), style))
        return join_xml(
            self._stretch(stretch, style) for stretch in split_directions(text, is_leftwards=self.is_leftwards)
        )

    def _stretch(self, stretch: DirectionRun, style: str) -> Xml:
        text = _isolate(stretch.text) if stretch.is_kept else stretch.text
        return Xml(self._run(_run_content(text), style, "<w:rtl/>" if stretch.is_leftwards else ""))

    def tab(self) -> Xml:
        return Xml(self._run("<w:tab/>", "", "<w:rtl/>" if self.is_leftwards else ""))

    def paragraph(self, style: str, *inside: Xml, more: str = "") -> Xml:
        """Make a paragraph of finished runs; ``more`` are properties that come right after the style."""
        direction = "<w:bidi/>" if self.is_leftwards else ""
        return Xml(f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}{direction}</w:pPr>{"".join(inside)}</w:p>')

    def line(self, style: str, text: str, *, more: str = "") -> Xml:
        return self.paragraph(style, self.runs(text), more=more)

    def field(self, instruction: str, shown: str, style: str = "") -> Xml:
        """Make a field that shows ``shown`` until Word works it out."""
        parts = (
            '<w:fldChar w:fldCharType="begin"/>',
            f'<w:instrText xml:space="preserve"> {escape_xml(instruction)} </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>',
            _run_content(shown) if shown else "",
            '<w:fldChar w:fldCharType="end"/>',
            # A mark behind it keeps a number with the foreign words before it.
            _run_content(_RIGHTWARDS) if shown and self.is_leftwards else "",
        )
        return join_xml(Xml(self._run(part, style)) for part in parts if part)
