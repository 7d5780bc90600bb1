"""Colours for light, dark and high contrast, and how a Qt palette carries them."""

from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from capacity_app.domain.fast_dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from capacity_app.domain.scoring.scores import Band  # reading it would double what the first paint needs


class Scheme(StrEnum):
    """What a person may choose; ``SYSTEM`` follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    CONTRAST = "contrast"


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """One set of colours as "#rrggbb". Every ink on every ground has a contrast of at least 4.5 to 1.

    ``canvas`` lies under everything, ``surface`` is a card or field, ``raised`` a heading row or button;
    ``line`` separates, ``edge`` outlines what can be changed (at least 3 to 1). ``bands`` are the four
    levels, lowest first: as fill of marks and bars, and as ink.
    """

    name: Scheme
    canvas: str
    surface: str
    raised: str
    hover: str
    text: str
    muted: str
    line: str
    edge: str
    accent: str
    on_accent: str
    accent_tint: str
    warning: str
    warning_tint: str
    danger: str
    danger_tint: str
    good: str
    good_tint: str
    bands: tuple[str, str, str, str]


_IN_LIGHT_DARK_AND_CONTRAST = {
    "canvas": ("#f5f3ee", "#14181b", "#000000"),
    "surface": ("#ffffff", "#1c2226", "#000000"),
    "raised": ("#f0ede6", "#252c31", "#1c1c1c"),
    "hover": ("#f3f6f6", "#232a2f", "#262626"),
    "text": ("#1c2429", "#e8ebed", "#ffffff"),
    "muted": ("#57616a", "#a8b2ba", "#e8e8e8"),
    "line": ("#e2ded4", "#333b41", "#9a9a9a"),
    "edge": ("#85837c", "#808b93", "#ffffff"),
    "accent": ("#0f5873", "#7fc6df", "#ffe04a"),
    "on_accent": ("#ffffff", "#08171d", "#000000"),
    "accent_tint": ("#e1eef2", "#1d3944", "#3b3500"),
    "warning": ("#7a4f00", "#ecc06a", "#ffd166"),
    "warning_tint": ("#fdf1d6", "#3a2f17", "#2e2400"),
    "danger": ("#9f2a1d", "#f3a195", "#ffab9e"),
    "danger_tint": ("#fbe9e6", "#3e2421", "#3a0f08"),
    "good": ("#1f6146", "#8ad0aa", "#8cffc0"),
    "good_tint": ("#e3f1e9", "#1d3529", "#00301a"),
}
_BANDS = (
    ("#b0432f", "#8f5f07", "#31746e", "#0f5873"),
    ("#e68b77", "#d9a441", "#6fb7b0", "#7fc6df"),
    ("#ff8f7a", "#ffd166", "#7fe3d8", "#8fd3ff"),
)
_ALL = tuple(
    Colours(name=scheme, bands=bands, **{name: inks[place] for name, inks in _IN_LIGHT_DARK_AND_CONTRAST.items()})
    for place, (scheme, bands) in enumerate(zip((Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST), _BANDS, strict=True))
)
LIGHT, DARK, CONTRAST = _ALL
_BY_CANVAS = {QColor(shades.canvas).rgb(): shades for shades in _ALL}
_NAMES = frozenset(_IN_LIGHT_DARK_AND_CONTRAST)

BAND_SYMBOLS: "Mapping[Band | str, str]" = {
    "absent": "○", "emerging": "◔", "established_with_gaps": "◑", "sustained": "●",
}  # fmt: skip
"""A sign per value of a band, so that no band is told by colour alone; the words are ``scores.BAND_LABELS``."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG 2 defines it, 1 to 21."""

    def luminance(colour: str) -> float:
        channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        limit = 0.04045
        red, green, blue = (c / 12.92 if c <= limit else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def colour_name(name: str) -> str:
    """Return back the name of one of the ``Colours``; raises ValueError for any other.

    For whoever paints in a colour named earlier: an error inside painting would end the program.
    """
    if name not in _NAMES:
        raise ValueError(f"“{name}” is none of the colours")
    return name


def band_colour(shades: Colours, band: "Band") -> str:
    return shades.bands[tuple(BAND_SYMBOLS).index(band)]


def palette_of(shades: Colours) -> QPalette:
    """Make the palette that carries the colours to every widget."""
    roles = QPalette.ColorRole
    named = {
        roles.Window: shades.canvas,
        roles.WindowText: shades.text,
        roles.Base: shades.surface,
        roles.AlternateBase: shades.raised,
        roles.Text: shades.text,
        roles.Button: shades.raised,
        roles.ButtonText: shades.text,
        roles.BrightText: shades.on_accent,
        roles.Light: shades.surface,
        roles.Midlight: shades.hover,
        roles.Mid: shades.line,
        roles.Dark: shades.edge,
        roles.Shadow: shades.edge,
        roles.Highlight: shades.accent,
        roles.HighlightedText: shades.on_accent,
        roles.Accent: shades.accent,
        roles.Link: shades.accent,
        roles.LinkVisited: shades.accent,
        roles.ToolTipBase: shades.surface,
        roles.ToolTipText: shades.text,
        roles.PlaceholderText: shades.muted,
    }
    palette = QPalette()
    for role, colour in named.items():
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(shades.muted))
    palette.setColor(QPalette.ColorGroup.Disabled, roles.Base, QColor(shades.canvas))
    return palette


def colours() -> Colours:
    """Return the colours in use, as the application's palette tells."""
    return _BY_CANVAS.get(QGuiApplication.palette().color(QPalette.ColorRole.Window).rgb(), LIGHT)


def colours_for(scheme: str) -> Colours:
    """Return the colours of a scheme; for ``system``, what the desktop asks for."""
    chosen = next((shades for shades in _ALL if shades.name == scheme), None)
    if chosen is not None:
        return chosen
    hints = QGuiApplication.styleHints()
    if hints.accessibility().contrastPreference() is Qt.ContrastPreference.HighContrast:
        return CONTRAST
    return DARK if hints.colorScheme() is Qt.ColorScheme.Dark else LIGHT
