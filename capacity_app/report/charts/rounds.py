"""The chart of two rounds: one line a part, a ring where it stood and a dot where it stands, a bar between them.

On pages every line stands in its row of a table, so that names and numbers are text; the picture, which stands
alone, carries codes and digits.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from capacity_app import palette
from capacity_app.domain.gaps import SeverityClass

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WHOLE = 100.0
_EDGE, _DOT, _RING, _BAR, _LINE = 1.6, 1.4, 1.3, 0.8, 0.25
"""Room at both ends, radii of dot and ring, and strokes of the bar and of the scale, in millimetres."""
_CODE_WIDTH, _NUMBERS_WIDTH, _SCALE_HEIGHT = 14.0, 22.0, 6.0
"""Room in a picture for codes before the lines, numbers behind them, and the scale below."""
_TICKS = (0, 25, 50, 75, 100)


DIGITS = "0123456789"
"""What scales are written with where nothing else was chosen."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A part's score (0 to 100) in the earlier and in this round; None where there is none. ``numbers`` say both."""

    label: str
    before: float | None
    after: float | None
    numbers: str = ""

    @property
    def is_worse(self) -> bool:
        return self.before is not None and self.after is not None and self.after < self.before

    @property
    def colour(self) -> str:
        return palette.SEVERITIES[SeverityClass.HIGH] if self.is_worse else palette.ACCENT


@dataclass(frozen=True, slots=True)
class RoundsChart:
    """Parts in two rounds; measures in millimetres. ``is_mirrored`` lets the scale run from the right.

    ``digits`` are those the scale is written with.
    """

    pairs: tuple[Pair, ...]
    words: str
    row_height: float = 6.0
    width: float = 54.0
    is_mirrored: bool = False
    digits: str = DIGITS

    def place(self, score: float) -> float:
        """Give how far from the left a score stands."""
        along = _EDGE + score * (self.width - 2 * _EDGE) / _WHOLE
        return self.width - along if self.is_mirrored else along


def _scale(chart: RoundsChart, top: float) -> Iterator[str]:
    """Draw a hair line through a row, and a tick at each quarter."""
    middle = top + chart.row_height / 2
    ends = chart.place(0), chart.place(_WHOLE)
    line = f'stroke="{palette.TRACK}" stroke-width="{_LINE}"'
    yield f'<path d="M{min(ends):.2f} {middle:.2f}H{max(ends):.2f}" {line}/>'
    for tick in _TICKS:
        yield f'<path d="M{chart.place(tick):.2f} {middle - 1:.2f}V{middle + 1:.2f}" {line}/>'


def _row(chart: RoundsChart, number: int, pair: Pair) -> Iterator[str]:
    top = number * chart.row_height
    middle = top + chart.row_height / 2
    yield from _scale(chart, top)
    if pair.before is not None and pair.after is not None:
        start, end = sorted((chart.place(pair.before), chart.place(pair.after)))
        yield f'<path d="M{start:.2f} {middle:.2f}H{end:.2f}" stroke="{pair.colour}" stroke-width="{_BAR}"/>'
    if pair.before is not None:
        yield (
            f'<circle cx="{chart.place(pair.before):.2f}" cy="{middle:.2f}" r="{_RING}" fill="{palette.PAPER}"'
            f' stroke="{palette.MUTED}" stroke-width="0.5"/>'
        )
    if pair.after is not None:
        yield f'<circle cx="{chart.place(pair.after):.2f}" cy="{middle:.2f}" r="{_DOT}" fill="{pair.colour}"/>'


def draw_rounds(chart: RoundsChart) -> str:
    """Draw the lines as an SVG element that says in words what it shows; it holds shapes only."""
    width, height = f"{chart.width:.2f}", f"{chart.row_height * len(chart.pairs):.2f}"
    words = escape(chart.words)
    drawn = "".join(shape for number, pair in enumerate(chart.pairs) for shape in _row(chart, number, pair))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" width="{width}mm"'
        f' height="{height}mm" viewBox="0 0 {width} {height}"><title>{words}</title>{drawn}</svg>'
    )


def size_of(chart: RoundsChart) -> tuple[float, float]:
    """Give width and height of the picture, in millimetres."""
    return (
        _CODE_WIDTH + chart.width + _NUMBERS_WIDTH,
        chart.row_height * len(chart.pairs) + _SCALE_HEIGHT,
    )


def paint_rounds(chart: RoundsChart, axes: "Axes", font: Callable[..., Any]) -> None:
    """Paint the picture on axes in millimetres, y downwards; ``font`` makes one for a text, of a size, bold or not."""
    shift = _NUMBERS_WIDTH if chart.is_mirrored else _CODE_WIDTH
    codes = size_of(chart)[0] - _CODE_WIDTH / 2 if chart.is_mirrored else _CODE_WIDTH / 2
    numbers = _NUMBERS_WIDTH / 2 if chart.is_mirrored else size_of(chart)[0] - _NUMBERS_WIDTH / 2

    def write(x: float, y: float, text: str, *, is_bold: bool = False) -> None:
        axes.text(x, y, text, ha="center", va="center", color=palette.INK if is_bold else palette.MUTED,
                  fontproperties=font(text, 7, is_bold=is_bold))  # fmt: skip

    for number, pair in enumerate(chart.pairs):
        middle = (number + 0.5) * chart.row_height
        ends = shift + chart.place(0), shift + chart.place(_WHOLE)
        axes.plot(ends, (middle, middle), color=palette.TRACK, linewidth=0.7, zorder=1)
        if pair.before is not None and pair.after is not None:
            reach = shift + chart.place(pair.before), shift + chart.place(pair.after)
            axes.plot(reach, (middle, middle), color=pair.colour, linewidth=2.2, zorder=2)
        if pair.before is not None:
            axes.plot(shift + chart.place(pair.before), middle, "o", markersize=7, markerfacecolor=palette.PAPER,
                      markeredgecolor=palette.MUTED, markeredgewidth=1.4, zorder=3)  # fmt: skip
        if pair.after is not None:
            axes.plot(shift + chart.place(pair.after), middle, "o", markersize=7.5, color=pair.colour, zorder=4)
        write(codes, middle, pair.label, is_bold=True)
        write(numbers, middle, pair.numbers)
    bottom = chart.row_height * len(chart.pairs) + _SCALE_HEIGHT / 2
    for tick in _TICKS:
        write(shift + chart.place(tick), bottom, str(tick).translate(str.maketrans(DIGITS, chart.digits)))
