"""The chart of counts: one bar divided by how many countries are of each kind, in the order of the columns beside it.

It stands in a row of a table whose columns carry the numbers, so that nothing is told by colour alone.
"""

from dataclasses import dataclass
from html import escape

_GAP, _EDGE = 0.4, 0.2
"""White between two pieces, and at both ends, in millimetres."""


@dataclass(frozen=True, slots=True)
class Piece:
    """So many of a kind, in a colour."""

    count: int
    colour: str


@dataclass(frozen=True, slots=True)
class StackChart:
    """One bar of ``of`` countries; measures in millimetres. ``is_mirrored`` lets it begin at the right."""

    pieces: tuple[Piece, ...]
    of: int
    words: str
    width: float = 54.0
    height: float = 4.2
    row_height: float = 6.0
    is_mirrored: bool = False


def draw_stack(chart: StackChart) -> str:
    """Draw the bar as an SVG element that says in words what it shows; it holds shapes only."""
    scale = (chart.width - 2 * _EDGE) / max(chart.of, 1)
    top, along, drawn = (chart.row_height - chart.height) / 2, _EDGE, []
    for piece in chart.pieces:
        width = piece.count * scale
        if piece.count:
            start = chart.width - along - width if chart.is_mirrored else along
            shown = max(width - _GAP, 0.3)
            drawn.append(
                f'<rect x="{start:.2f}" y="{top:.2f}" width="{shown:.2f}" height="{chart.height:.2f}"'
                f' fill="{piece.colour}"/>'
            )
        along += width
    words, width_, height = escape(chart.words), f"{chart.width:.2f}", f"{chart.row_height:.2f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" width="{width_}mm"'
        f' height="{height}mm" viewBox="0 0 {width_} {height}"><title>{words}</title>{"".join(drawn)}</svg>'
    )
