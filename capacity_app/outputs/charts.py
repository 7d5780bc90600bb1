"""Charts: one drawing of plain shapes, which pages show as SVG and Word as a picture made from that SVG.

Problem: WeasyPrint breaks Arabic and Thai in the text of an SVG, and the rasterizer draws boxes where one line has
Arabic and Latin letters or brackets, or stops. Decision: a drawing has no letters. Names, numbers and scales stand as
text in the table around it, where every script is shaped right, and can be searched, copied and read aloud. The same
numbers give the same bytes.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape

import resvg_py

from capacity_app import report_colours
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import BAND_LIMITS

_INCH = 25.4
DOTS_PER_MM = 12
"""Dots per millimetre of a picture: about 300 to the inch."""
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class ChartShape:
    """A filled rectangle, or the circle inside it; x and y of its upper left corner, in millimetres."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    is_round: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in millimetres, the later above the earlier; ``words`` say what they show."""

    width: float
    height: float
    words: str
    shapes: tuple[ChartShape, ...]

    def mirrored(self) -> "Drawing":
        """Return the drawing as it stands on a page that is read from right to left."""
        shapes = (replace(shape, x=self.width - shape.x - shape.width) for shape in self.shapes)
        return replace(self, shapes=tuple(shapes))


def _element(shape: ChartShape) -> str:
    if shape.is_round:
        radius = shape.width / 2
        place = f'cx="{shape.x + radius:.2f}" cy="{shape.y + radius:.2f}" r="{radius:.2f}"'
        return f'<circle {place} fill="{shape.colour}"/>'
    place = f'x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" height="{shape.height:.2f}"'
    return f'<rect {place} fill="{shape.colour}"/>'


def svg(drawing: Drawing) -> str:
    """Return a drawing as an SVG element that says in words what it shows."""
    width, height, words = f"{drawing.width:.2f}", f"{drawing.height:.2f}", escape(drawing.words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" width="{width}mm"'
        f' height="{height}mm" viewBox="0 0 {width} {height}"><title>{words}</title>'
        f"{''.join(map(_element, drawing.shapes))}</svg>"
    )


def png(drawing: Drawing, dots: int = DOTS_PER_MM) -> bytes:
    """Return a drawing as a PNG with a clear ground; ``dots`` per millimetre."""
    return resvg_py.svg_to_bytes(svg_string=svg(drawing), dpi=dots * _INCH, skip_system_fonts=True)


# -- a score with its interval -------------------------------------------------------------------------------------

_TRACK, _CAP, _STROKE, _HALO, _GAP = 3.0, 4.4, 0.4, 0.25, 0.4
"""Heights of a bar and of a whisker's ends, a whisker's stroke, the white around it, and the gap between bands."""


@dataclass(frozen=True, slots=True)
class ScoreBarValues:
    """A score with its bounds (0 to 100, None where there is none) and its band's colour."""

    value: float | None
    lower: float | None
    upper: float | None
    colour: str


def _track(middle: float, scale: float) -> Iterator[ChartShape]:
    """Draw the ground of a bar: one piece per band."""
    ends = (0.0, *(float(limit) for limit in BAND_LIMITS), _WHOLE)
    for start, end in itertools.pairwise(ends):
        width = (end - start) * scale - (_GAP if end < _WHOLE else 0.0)
        yield ChartShape(_STROKE + start * scale, middle - _TRACK / 2, width, _TRACK, report_colours.TRACK)


def _whisker(lower: float, upper: float, middle: float, scale: float) -> Iterator[ChartShape]:
    """Draw an interval, with white around it so that it stands out from any bar."""
    start, end = _STROKE + lower * scale, _STROKE + upper * scale
    strokes = (
        ChartShape(start, middle - _STROKE / 2, end - start, _STROKE, report_colours.INK),
        ChartShape(start - _STROKE / 2, middle - _CAP / 2, _STROKE, _CAP, report_colours.INK),
        ChartShape(end - _STROKE / 2, middle - _CAP / 2, _STROKE, _CAP, report_colours.INK),
    )
    for one in strokes:
        yield ChartShape(
            one.x - _HALO, one.y - _HALO, one.width + 2 * _HALO, one.height + 2 * _HALO, report_colours.PAPER
        )
    yield from strokes


def score_bar(bar: ScoreBarValues, words: str, width: float, height: float) -> Drawing:
    """Draw a score from 0 to 100 as a bar on the four bands, with its interval as a whisker."""
    scale, middle = (width - 2 * _STROKE) / _WHOLE, height / 2
    shapes = [*_track(middle, scale)]
    if bar.value is not None:
        shapes.append(ChartShape(_STROKE, middle - _TRACK / 2, bar.value * scale, _TRACK, bar.colour))
    if bar.lower is not None and bar.upper is not None:
        shapes += _whisker(bar.lower, bar.upper, middle, scale)
    return Drawing(width, height, words, tuple(shapes))


# -- then and now ---------------------------------------------------------------------------------------------------

_LINE_HEIGHT, _EDGE, _TICK = 6.0, 1.6, 2.0
_DOT, _RING, _HOLE, _LINK, _HAIR = 2.8, 3.1, 2.1, 0.8, 0.25
"""Diameters of a dot, of a ring and of its hole; strokes of the line between them and of the scale."""
_TICKS = (0, 25, 50, 75, 100)


def is_worse(before: float | None, after: float | None) -> bool:
    return before is not None and after is not None and after < before


def _circle(x: float, y: float, diameter: float, colour: str) -> ChartShape:
    return ChartShape(x - diameter / 2, y - diameter / 2, diameter, diameter, colour, is_round=True)


def change_line(before: float | None, after: float | None, words: str, width: float) -> Drawing:
    """Draw two values from 0 to 100 on a scale: a ring for then, a dot for now, and a line between them."""
    middle, scale = _LINE_HEIGHT / 2, (width - 2 * _EDGE) / _WHOLE
    colour = report_colours.SEVERITY_COLOURS[GapSeverity.HIGH] if is_worse(before, after) else report_colours.ACCENT
    shapes = [ChartShape(_EDGE, middle - _HAIR / 2, width - 2 * _EDGE, _HAIR, report_colours.TRACK)]
    shapes += (
        ChartShape(_EDGE + tick * scale - _HAIR / 2, middle - _TICK / 2, _HAIR, _TICK, report_colours.TRACK)
        for tick in _TICKS
    )
    if before is not None and after is not None:
        start = _EDGE + min(before, after) * scale
        shapes.append(ChartShape(start, middle - _LINK / 2, abs(after - before) * scale, _LINK, colour))
    if before is not None:
        place = _EDGE + before * scale
        shapes += (
            _circle(place, middle, _RING, report_colours.MUTED),
            _circle(place, middle, _HOLE, report_colours.PAPER),
        )
    if after is not None:
        shapes.append(_circle(_EDGE + after * scale, middle, _DOT, colour))
    return Drawing(width, _LINE_HEIGHT, words, tuple(shapes))


# -- counts ---------------------------------------------------------------------------------------------------------

_STACK, _BETWEEN, _MARGIN, _LEAST = 4.2, 0.4, 0.2, 0.3
"""Height of a bar of counts, white between two pieces and at both ends, and the least width of a piece."""


def stacked_bar(pieces: Sequence[tuple[int, str]], of: int, words: str, width: float) -> Drawing:
    """Draw a bar of ``of`` countries divided by how many are of each kind; ``pieces`` are counts with colours."""
    scale, along, shapes = (width - 2 * _MARGIN) / max(of, 1), _MARGIN, list[ChartShape]()
    for count, colour in pieces:
        if count:
            shown = max(count * scale - _BETWEEN, _LEAST)
            shapes.append(ChartShape(along, (_LINE_HEIGHT - _STACK) / 2, shown, _STACK, colour))
        along += count * scale
    return Drawing(width, _LINE_HEIGHT, words, tuple(shapes))


# -- the cover of a Word file ---------------------------------------------------------------------------------------

_COVER_WIDTH, _COVER_HEIGHT = 210.0, 158.0
_CIRCLES, _CIRCLE = (175, 145, 115, 85, 55), 0.3
"""Radii of the rings around the corner of the cover, and their stroke."""


def cover_ground() -> Drawing:
    """Draw the coloured ground of the cover, with rings around its corner."""
    discs = (
        _circle(_COVER_WIDTH, 0, 2 * (radius - inside), colour)
        for radius in _CIRCLES
        for inside, colour in ((0, report_colours.ACCENT_LINE), (_CIRCLE, report_colours.ACCENT))
    )
    ground = ChartShape(0, 0, _COVER_WIDTH, _COVER_HEIGHT, report_colours.ACCENT)
    return Drawing(_COVER_WIDTH, _COVER_HEIGHT, "", (ground, *discs))
