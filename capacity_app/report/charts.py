"""Charts as SVG. They carry short Latin codes and digits only: names stand in the text beside them.

Matplotlib is imported when the first chart is drawn; a report without charts never pays for it. The same
numbers give the same bytes: fixed salt for ids, no date, glyphs as outlines of our own font.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from capacity_app import palette, paths
from capacity_app.domain.gaps import severity_class
from capacity_app.domain.instrument import TOP_LEVEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INCH = 25.4
_PRINTED = 300
_NO_DATE = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True, slots=True)
class Bar:
    """A section in the profile: score with its bounds (0 to 100, None where there is none), coverage 0 to 1."""

    label: str
    value: float | None
    lower: float | None
    upper: float | None
    coverage: float
    colour: str


@dataclass(frozen=True, slots=True)
class ProfileChart:
    """Scores of the sections as bars, with their intervals as whiskers; ``row_height`` in millimetres."""

    bars: tuple[Bar, ...]
    words: str
    row_height: float


@dataclass(frozen=True, slots=True)
class Spot:
    """A policy question: its letter, relevance 1 to 3 and level of data 0 to 3, None while open."""

    label: str
    importance: int
    level: int | None


@dataclass(frozen=True, slots=True)
class DemandChart:
    """Policy questions placed by relevance (upwards) and availability of data (rightwards)."""

    spots: tuple[Spot, ...]
    words: str


Chart = ProfileChart | DemandChart


def _figure(width: float, height: float) -> "tuple[Figure, Axes]":
    """Make a drawing area in millimetres, filled to its edges."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - costs half a second, only where a chart is drawn

    figure = Figure(figsize=(width / _INCH, height / _INCH))
    return figure, figure.add_axes((0, 0, 1, 1))


def _font(size: float, *, is_bold: bool = False) -> Any:  # noqa: ANN401 - matplotlib's types are not published
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415 - as above

    name = "NotoSans-Bold.ttf" if is_bold else "NotoSans-Regular.ttf"
    return FontProperties(fname=str(paths.resources_folder() / "fonts" / name), size=size)


def _svg(figure: "Figure") -> str:
    """Write a figure as an SVG element without declaration, so that it can stand in HTML."""
    import matplotlib as mpl  # noqa: PLC0415 - as above

    buffer = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "capacity-app", "svg.fonttype": "path"}):
        figure.savefig(buffer, format="svg", metadata=_NO_DATE, transparent=True)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _profile_scale(axes: "Axes", count: int) -> None:
    axes.set_xlim(-3.5, 105.0)
    axes.set_ylim(count + 0.55, -0.5)
    axes.axis("off")
    for tick in (0, 25, 50, 75, 100):
        axes.plot([tick, tick], [-0.5, count - 0.5], color=palette.LINE, linewidth=0.6, zorder=0)
        axes.text(tick, count - 0.2, str(tick), ha="center", va="top", color=palette.MUTED, fontproperties=_font(6.5))


def _profile_bar(axes: "Axes", place: int, bar: Bar) -> None:
    axes.barh(place, 100, height=0.5, color=palette.TINT, zorder=1)
    if bar.value is not None:
        axes.barh(place, bar.value, height=0.5, color=bar.colour, zorder=2)
    if bar.lower is not None and bar.upper is not None:
        axes.plot([bar.lower, bar.upper], [place, place], color=palette.INK, linewidth=1.0, zorder=3)
        for end in (bar.lower, bar.upper):
            axes.plot([end, end], [place - 0.16, place + 0.16], color=palette.INK, linewidth=1.0, zorder=3)
    axes.barh(place + 0.36, 100 * bar.coverage, height=0.07, color=palette.MUTED, zorder=2)


def _profile(chart: ProfileChart, width: float = 54.0) -> "Figure":
    """Draw one bar per section, as high as the table's rows, with a scale below; ``width`` in millimetres."""
    count = len(chart.bars)
    figure, axes = _figure(width, chart.row_height * (count + 1.05))
    _profile_scale(axes, count)
    for place, bar in enumerate(chart.bars):
        _profile_bar(axes, place, bar)
    return figure


def _ground(axes: "Axes") -> None:
    """Shade the squares by how serious a gap there is, and write the scales."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - as above

    for importance in range(1, TOP_LEVEL + 1):
        for level in range(TOP_LEVEL + 1):
            grade = severity_class(TOP_LEVEL - level, importance)
            shade = palette.SEVERITY_TINTS[grade]
            axes.add_patch(Rectangle((level, importance), 1, 1, facecolor=shade, edgecolor="white", linewidth=2))
        axes.add_patch(Rectangle((-1.15, importance), 1, 1, facecolor=palette.TINT, edgecolor="white", linewidth=2))
        axes.text(-1.35, importance + 0.5, str(importance), ha="right", va="center", color=palette.MUTED,
                  fontproperties=_font(8))  # fmt: skip
    for place, sign in ((-0.65, "?"), *((level + 0.5, str(level)) for level in range(TOP_LEVEL + 1))):
        axes.text(place, 0.88, sign, ha="center", va="top", color=palette.MUTED, fontproperties=_font(8))


def _place_labels(axes: "Axes", labels: Sequence[str], left: float, bottom: float) -> None:
    """Set the letters of one square in rows of four."""
    across = 4
    for number, label in enumerate(labels):
        x = left + 0.5 + (number % across - (min(len(labels), across) - 1) / 2) * 0.22
        y = bottom + 0.5 - (number // across - (len(labels) - 1) // across / 2) * 0.27
        axes.text(x, y, label, ha="center", va="center", color=palette.INK, fontproperties=_font(9, is_bold=True))


def _demand(chart: DemandChart, width: float = 110.0, height: float = 62.0) -> "Figure":
    """Draw the squares of relevance and availability with the questions' letters in them; millimetres."""
    figure, axes = _figure(width, height)
    axes.set_xlim(-1.65, TOP_LEVEL + 1.02)
    axes.set_ylim(0.62, TOP_LEVEL + 1.02)
    axes.axis("off")
    _ground(axes)
    squares: dict[tuple[float, int], list[str]] = {}
    for spot in chart.spots:
        left = -1.15 if spot.level is None else float(spot.level)
        squares.setdefault((left, spot.importance), []).append(spot.label)
    for (left, bottom), labels in squares.items():
        _place_labels(axes, labels, left, bottom)
    return figure


def _drawn(chart: Chart) -> "Figure":
    return _profile(chart) if isinstance(chart, ProfileChart) else _demand(chart)


def draw(chart: Chart) -> str:
    """Draw a chart as an SVG element."""
    return _svg(_drawn(chart))


def picture(chart: Chart) -> bytes:
    """Draw a chart as a PNG for programs that do not show SVG; its resolution is that of a good printer."""
    buffer = io.BytesIO()
    _drawn(chart).savefig(buffer, format="png", dpi=_PRINTED, metadata={"Software": None})
    return buffer.getvalue()
