"""Colours and signs of everything that leaves on paper or in a workbook; no state is told by colour alone."""

from capacity_app.domain.scoring.gaps import GapSeverity
from capacity_app.domain.scoring.scores import Band

INK = "#1c2429"
MUTED = "#57616a"
LINE = "#dbd7cd"
TINT = "#f6f4ef"
TRACK = "#e3dfd5"
PAPER = "#ffffff"
ACCENT = "#0f5873"
COVER = ACCENT
ACCENT_TINT = "#e1eef2"
ACCENT_LINE = "#2f7089"
CAUTION = "#7a4f00"
CAUTION_TINT = "#fdf1d6"

BAND_COLOURS: dict[Band, str] = {
    Band.ABSENT: "#b0432f",
    Band.EMERGING: "#946207",
    Band.ESTABLISHED: "#31746e",
    Band.SUSTAINED: "#0f5873",
}
BAND_TINTS: dict[Band, str] = {
    Band.ABSENT: "#fbe9e6",
    Band.EMERGING: "#fdf1d6",
    Band.ESTABLISHED: "#e2f0ee",
    Band.SUSTAINED: "#e1eef2",
}
BAND_HEATS: dict[Band, str] = {
    Band.ABSENT: "#f3c9c0",
    Band.EMERGING: "#f6dfae",
    Band.ESTABLISHED: "#bfdfda",
    Band.SUSTAINED: "#86b7ca",
}
"""Grounds of cells that tell a level at a glance, a sign in ink upon them."""
BAND_SIGNS: dict[Band, str] = {Band.ABSENT: "○", Band.EMERGING: "◔", Band.ESTABLISHED: "◑", Band.SUSTAINED: "●"}

SEVERITY_COLOURS: dict[GapSeverity, str] = {
    GapSeverity.CRITICAL: "#8f2417",
    GapSeverity.HIGH: "#b0432f",
    GapSeverity.MODERATE: "#946207",
    GapSeverity.LOW: "#57616a",
    GapSeverity.NONE: "#57616a",
}
SEVERITY_TINTS: dict[GapSeverity, str] = {
    GapSeverity.CRITICAL: "#f6d5cf",
    GapSeverity.HIGH: "#fbe9e6",
    GapSeverity.MODERATE: "#fdf1d6",
    GapSeverity.LOW: "#f0ede6",
    GapSeverity.NONE: "#e1eef2",
}

LEVEL_SIGNS = ("○", "◔", "◑", "●")
"""One sign per level 0-3."""
OPEN_SIGN = "?"
NOT_APPLICABLE_SIGN = "–"
NAMED_SIGN = "✓"
"""Named, where nothing is scored."""

COVER_DARK = "#0c3d50"
DARK: dict[str, str] = {
    PAPER: "#15191c",
    TINT: "#20262a",
    INK: "#e9e6df",
    MUTED: "#adb6bd",
    LINE: "#3b444a",
    TRACK: "#3b444a",
    ACCENT: "#7cc4dd",
    ACCENT_TINT: "#173540",
    ACCENT_LINE: ACCENT_LINE,
    CAUTION: "#e8b85a",
    CAUTION_TINT: "#3a2f14",
    BAND_COLOURS[Band.ABSENT]: "#f39b8a",
    BAND_COLOURS[Band.EMERGING]: "#e0ac4a",
    BAND_COLOURS[Band.ESTABLISHED]: "#6fc0b8",
    BAND_HEATS[Band.ABSENT]: "#6b2c20",
    BAND_HEATS[Band.EMERGING]: "#5c430d",
    BAND_HEATS[Band.ESTABLISHED]: "#1f514c",
    BAND_HEATS[Band.SUSTAINED]: "#1c5a74",
    SEVERITY_COLOURS[GapSeverity.CRITICAL]: "#ffa899",
    SEVERITY_TINTS[GapSeverity.CRITICAL]: "#5a231a",
    SEVERITY_TINTS[GapSeverity.HIGH]: "#41211b",
    SEVERITY_TINTS[GapSeverity.LOW]: "#2a2f33",
}
"""What takes the place of each colour on a dark screen."""
