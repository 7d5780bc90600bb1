"""How letters, paragraphs and rules look, and the properties Word writes for it.

Sizes are in points, distances in twentieths of a point (twips), as Word counts them.
"""

from dataclasses import dataclass

from capacity_app import palette

TWIPS = 56.6929
"""In a millimetre."""
TEXT_WIDTH = 9638
"""Twips between the margins of an A4 page: 170 mm."""
POINT_INDENT = 1247
"""Where the text of a numbered point begins: 22 mm."""
FORMULA_INDENT = 2552
CONTENTS_INDENT = 1247
INSET = 227
"""Four millimetres."""


def plain(colour: str) -> str:
    """Write a colour of the palette as Word does: without its sign."""
    return colour.removeprefix("#")


INK, MUTED, LINE, TINT = (plain(one) for one in (palette.INK, palette.MUTED, palette.LINE, palette.TINT))
ACCENT, CAUTION = plain(palette.ACCENT), plain(palette.CAUTION)
ACCENT_TINT = plain(palette.ACCENT_TINT)
WHITE = "FFFFFF"


@dataclass(frozen=True, slots=True)
class Look:
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
class Shape:
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


def rule(side: str, colour: str, *, eighths: int = 4, space: int = 1) -> str:
    """Draw a rule on one side; eighths of a point thick, points away."""
    return f'<w:{side} w:val="single" w:sz="{eighths}" w:space="{space}" w:color="{colour}"/>'


def stop(place: int, kind: str = "left") -> str:
    return f'<w:tab w:val="{kind}" w:pos="{place}"/>'
