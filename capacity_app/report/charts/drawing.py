"""Charts: shapes in millimetres, drawn as SVG for pages and as a picture for programs that do not show SVG.

An SVG holds shapes only: names and scales stand as text around it, so that every script is set by the page and
every letter can be read by a program. The picture, which stands alone, carries codes and digits of our own font.
Both come from the same shapes, and the same numbers give the same bytes.

Matplotlib is imported when the first picture is drawn; pages never pay for it.
"""

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from capacity_app import palette
from capacity_app.domain.gaps import severity_class
from capacity_app.domain.instrument import TOP_LEVEL
from capacity_app.domain.scoring import LIMITS
from capacity_app.report.charts.rounds import DIGITS, RoundsChart, draw_rounds, paint_rounds, size_of
from capacity_app.report.charts.stacks import StackChart, draw_stack
from capacity_app.report.pdf.faces import FAMILIES, face_file, letters_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WEIGHTS = (400, 700)
"""Of plain and of bold letters."""
_INCH = 25.4
_PRINTED = 300
_TRACK, _CAP, _STROKE, _HALO, _GAP = 3.0, 4.4, 0.4, 0.25, 0.4
"""Heights of a bar and of a whisker's ends, a whisker's stroke, the white around it, and the gap between bands."""
_WHOLE = 100.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A section in the profile: score with its bounds (0 to 100, None where there is none) and its band's colour."""

    label: str
    value: float | None
    lower: float | None
    upper: float | None
    colour: str


@dataclass(frozen=True, slots=True)
class ProfileChart:
    """Scores as bars from 0 to 100 on the four bands, with their intervals as whiskers; measures in millimetres.

    ``is_mirrored`` lets the bars grow from the right.
    """

    bars: tuple[Bar, ...]
    words: str
    row_height: float
    width: float = 54.0
    is_mirrored: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """A policy question: its letter, relevance 1 to 3 and level of data 0 to 3, None while open."""

    label: str
    importance: int
    level: int | None


@dataclass(frozen=True, slots=True)
class DemandChart:
    """Policy questions placed by relevance (upwards) and availability of data (rightwards, or leftwards mirrored).

    ``digits`` are those its scales are written with.
    """

    spots: tuple[Spot, ...]
    words: str
    is_mirrored: bool = False
    digits: str = DIGITS


Chart = ProfileChart | DemandChart | RoundsChart


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled rectangle; x and y of its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class _Label:
    """Letters in a picture, around a place."""

    x: float
    y: float
    text: str
    size: float
    is_bold: bool = False


def _mirrored(shapes: Sequence[Shape], width: float) -> Iterator[Shape]:
    for shape in shapes:
        yield Shape(width - shape.x - shape.width, shape.y, shape.width, shape.height, shape.colour)


def _track(middle: float, scale: float) -> Iterator[Shape]:
    """Draw the ground of a bar: one piece per band."""
    ends = (0.0, *(float(limit) for limit in LIMITS), _WHOLE)
    for start, end in itertools.pairwise(ends):
        width = (end - start) * scale - (_GAP if end < _WHOLE else 0.0)
        yield Shape(start * scale, middle - _TRACK / 2, width, _TRACK, palette.TRACK)


def _whisker(lower: float, upper: float, middle: float, scale: float) -> Iterator[Shape]:
    """Draw an interval, with white around it so that it stands out from any bar."""
    start, end = lower * scale, upper * scale
    strokes = (
        Shape(start, middle - _STROKE / 2, end - start, _STROKE, palette.INK),
        Shape(start - _STROKE / 2, middle - _CAP / 2, _STROKE, _CAP, palette.INK),
        Shape(end - _STROKE / 2, middle - _CAP / 2, _STROKE, _CAP, palette.INK),
    )
    for one in strokes:
        yield Shape(one.x - _HALO, one.y - _HALO, one.width + 2 * _HALO, one.height + 2 * _HALO, palette.PAPER)
    yield from strokes


def _row_shapes(bar: Bar, middle: float, scale: float) -> Iterator[Shape]:
    yield from _track(middle, scale)
    if bar.value is not None:
        yield Shape(0.0, middle - _TRACK / 2, bar.value * scale, _TRACK, bar.colour)
    if bar.lower is not None and bar.upper is not None:
        yield from _whisker(bar.lower, bar.upper, middle, scale)


def shapes(chart: ProfileChart) -> tuple[Shape, ...]:
    """Lay out the bars, one per row, as wide as the chart but for the room that a whisker's end needs."""
    scale = (chart.width - 2 * _STROKE) / _WHOLE
    drawn = [
        Shape(shape.x + _STROKE, shape.y, shape.width, shape.height, shape.colour)
        for place, bar in enumerate(chart.bars)
        for shape in _row_shapes(bar, (place + 0.5) * chart.row_height, scale)
    ]
    return tuple(_mirrored(drawn, chart.width) if chart.is_mirrored else drawn)


def _rectangle(shape: Shape) -> str:
    x, y, width, height = (f"{value:.2f}" for value in (shape.x, shape.y, shape.width, shape.height))
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{shape.colour}"/>'


def draw(chart: ProfileChart | RoundsChart | StackChart) -> str:
    """Draw a profile, two rounds or counts, or a single line of them, as an SVG element that says what it shows."""
    if isinstance(chart, StackChart):
        return draw_stack(chart)
    if isinstance(chart, RoundsChart):
        return draw_rounds(chart)
    width, height = f"{chart.width:.2f}", f"{chart.row_height * len(chart.bars):.2f}"
    words = escape(chart.words)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{words}" width="{width}mm"'
        f' height="{height}mm" viewBox="0 0 {width} {height}"><title>{words}</title>'
        f"{''.join(map(_rectangle, shapes(chart)))}</svg>"
    )


def _figure(width: float, height: float) -> "tuple[Figure, Axes]":
    """Make a drawing area in millimetres, filled to its edges, y downwards."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - costs half a second, only where a picture is drawn

    figure = Figure(figsize=(width / _INCH, height / _INCH))
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    axes.axis("off")
    return figure, axes


def _font(text: str, size: float, *, is_bold: bool) -> Any:  # noqa: ANN401 - matplotlib's types are not published
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - as above

    face = _WEIGHTS[is_bold]
    if all(ord(letter) in letters_of(FAMILIES[0]) for letter in text):
        file = next(one for one in FAMILIES[0].faces if (one.weight, one.slope) == (face, "normal"))
        return FontProperties(fname=str(face_file(file)), size=size)
    return FontProperties(family=list(_own_families()), weight=face, size=size)


@cache
def _own_families() -> tuple[str, ...]:
    """Make all bundled families known to matplotlib, under names that none of the machine has."""
    from matplotlib.font_manager import FontEntry, fontManager  # noqa: PLC0415 - as above

    named = {f"capacity-app {family.name}": family for family in FAMILIES}
    for name, family in named.items():
        fontManager.ttflist += [
            FontEntry(fname=str(face_file(face)), name=name, weight=face.weight, size="scalable")
            for face in family.faces
            if face.slope == "normal"
        ]
    return tuple(named)


def _painted(width: float, height: float, drawn: Sequence[Shape], labels: Sequence[_Label]) -> "Figure":
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - as above

    figure, axes = _figure(width, height)
    for one in drawn:
        axes.add_patch(Rectangle((one.x, one.y), one.width, one.height, facecolor=one.colour, linewidth=0))
    for label in labels:
        colour = palette.INK if label.is_bold else palette.MUTED
        axes.text(label.x, label.y, label.text, ha="center", va="center", color=colour,
                  fontproperties=_font(label.text, label.size, is_bold=label.is_bold))  # fmt: skip
    return figure


_SCALE_HEIGHT, _CODE_WIDTH, _END = 6.0, 14.0, 4.0
"""Room in a picture for the scale below the bars, for the sections' codes, and for the last digits of the scale."""


def _profile_labels(chart: ProfileChart) -> Iterator[_Label]:
    bottom = len(chart.bars) * chart.row_height + _SCALE_HEIGHT / 2
    scale = (chart.width - 2 * _STROKE) / _WHOLE
    for tick in (0, 25, 50, 75, 100):
        yield _Label(_STROKE + tick * scale, bottom, str(tick), 6.5)
    for place, bar in enumerate(chart.bars):
        yield _Label(-_CODE_WIDTH / 2, (place + 0.5) * chart.row_height, bar.label, 7, is_bold=True)


def _profile(chart: ProfileChart) -> "Figure":
    """Draw the bars with their codes before them and a scale below."""
    width = chart.width + _CODE_WIDTH + _END
    labels = [_Label(label.x + _CODE_WIDTH, label.y, label.text, label.size, label.is_bold)
              for label in _profile_labels(chart)]  # fmt: skip
    upright = shapes(ProfileChart(chart.bars, chart.words, chart.row_height, chart.width))
    drawn = [Shape(one.x + _CODE_WIDTH, one.y, one.width, one.height, one.colour) for one in upright]
    if chart.is_mirrored:
        drawn = list(_mirrored(drawn, width))
        labels = [_Label(width - label.x, label.y, label.text, label.size, label.is_bold) for label in labels]
    return _painted(width, chart.row_height * len(chart.bars) + _SCALE_HEIGHT, drawn, labels)


_ACROSS, _DOWN, _EDGE = 30.0, 20.0, 8.0
"""A square of the demand chart, and the room for its scales."""
_LETTERS, _LETTER_WIDTH, _LETTER_HEIGHT = 4, 6.6, 5.8


def _column(level: int | None) -> int:
    """Give the column of a level; what is open stands behind all levels."""
    return TOP_LEVEL + 1 if level is None else level


def _ground() -> Iterator[Shape]:
    """Shade the squares by how serious a gap there is."""
    for importance in range(1, TOP_LEVEL + 1):
        for column in range(TOP_LEVEL + 2):
            is_open = column > TOP_LEVEL
            grade = severity_class(TOP_LEVEL - column, importance) if not is_open else None
            colour = palette.SEVERITY_TINTS[grade] if grade else palette.TINT
            x, y = _EDGE + column * _ACROSS, (TOP_LEVEL - importance) * _DOWN
            yield Shape(x, y, _ACROSS - 0.8, _DOWN - 0.8, colour)


def _scales(digits: str) -> Iterator[_Label]:
    for importance in range(1, TOP_LEVEL + 1):
        yield _Label(_EDGE / 2, (TOP_LEVEL - importance + 0.5) * _DOWN, digits[importance], 8)
    for column, sign in enumerate((*digits[: TOP_LEVEL + 1], palette.OPEN_SIGN)):
        yield _Label(_EDGE + (column + 0.5) * _ACROSS, TOP_LEVEL * _DOWN + _EDGE / 2, sign, 8)


def _letters(spots: Sequence[Spot]) -> Iterator[_Label]:
    """Set the letters of every square in rows of four."""
    squares: dict[tuple[int, int], list[str]] = {}
    for spot in spots:
        squares.setdefault((_column(spot.level), spot.importance), []).append(spot.label)
    for (column, importance), letters in squares.items():
        across, lines = min(len(letters), _LETTERS), (len(letters) - 1) // _LETTERS
        for number, letter in enumerate(letters):
            x = _EDGE + (column + 0.5) * _ACROSS + (number % _LETTERS - (across - 1) / 2) * _LETTER_WIDTH
            y = (TOP_LEVEL - importance + 0.5) * _DOWN + (number // _LETTERS - lines / 2) * _LETTER_HEIGHT
            yield _Label(x, y, letter, 10, is_bold=True)


def _demand(chart: DemandChart) -> "Figure":
    """Draw the squares of relevance and availability with the questions' letters in them."""
    width, height = _EDGE + (TOP_LEVEL + 2) * _ACROSS, TOP_LEVEL * _DOWN + _EDGE
    drawn, labels = list(_ground()), [*_scales(chart.digits), *_letters(chart.spots)]
    if chart.is_mirrored:
        drawn = list(_mirrored(drawn, width))
        labels = [_Label(width - label.x, label.y, label.text, label.size, label.is_bold) for label in labels]
    return _painted(width, height, drawn, labels)


def _rounds(chart: RoundsChart) -> "Figure":
    figure, axes = _figure(*size_of(chart))
    paint_rounds(chart, axes, _font)
    return figure


def picture(chart: Chart) -> bytes:
    """Draw a chart as a PNG with its scales; its resolution is that of a good printer."""
    buffer = io.BytesIO()
    match chart:
        case ProfileChart():
            figure = _profile(chart)
        case RoundsChart():
            figure = _rounds(chart)
        case _:
            figure = _demand(chart)
    figure.savefig(buffer, format="png", dpi=_PRINTED, metadata={"Software": None})
    return buffer.getvalue()
