"""The colours: what is written can be read, what is outlined can be seen, and no colour speaks alone."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication

import capacity_app
from capacity_app.domain.scoring.gaps import SEVERITY_ORDER
from capacity_app.domain.scoring.scores import Band
from capacity_app.ui.theme.fonts_and_sizes import apply_theme
from capacity_app.ui.theme.painting import AnswerMark, paint_mark, paint_severity, severity_colour
from capacity_app.ui.theme.palette import (
    BAND_SYMBOLS,
    CONTRAST,
    DARK,
    LIGHT,
    Colours,
    band_colour,
    contrast,
    palette_of,
)
from capacity_app.ui.widgets.heat_map import HeatTile, tile_colours

READABLE, VISIBLE = 4.5, 3.0
GROUNDS = ("canvas", "surface", "raised", "hover", "accent_tint", "warning_tint", "danger_tint", "good_tint")
INKS = ("text", "muted", "accent", "warning", "danger", "good")
BOX = 48
_GROUPS = QPalette.ColorGroup
_COLOUR = re.compile(r'"#[0-9a-fA-F]{3,8}"|Qt\.GlobalColor\.(?!transparent)\w+')
SCHEMES = pytest.mark.parametrize("shades", [LIGHT, DARK, CONTRAST], ids=lambda shades: str(shades.name))


def too_faint(shades: Colours, inks: dict[str, str], least: float) -> list[str]:
    """Name the inks that cannot be made out on one of the grounds."""
    pairs = ((name, ink, ground) for name, ink in inks.items() for ground in GROUNDS)
    found = ((name, ground, contrast(ink, getattr(shades, ground))) for name, ink, ground in pairs)
    return [f"{name} on {ground}: {ratio:.2f}" for name, ground, ratio in found if ratio < least]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@SCHEMES
def test_every_ink_can_be_read_on_every_ground(shades: Colours) -> None:
    assert too_faint(shades, {name: getattr(shades, name) for name in INKS}, READABLE) == []


@SCHEMES
def test_the_bands_can_be_read_as_text_and_carry_text(shades: Colours) -> None:
    assert too_faint(shades, {band.name: band_colour(shades, band) for band in Band}, READABLE) == []
    assert [band.name for band in Band if contrast(shades.on_accent, band_colour(shades, band)) < READABLE] == []


@SCHEMES
def test_severity_can_be_read_wherever_it_is_told(shades: Colours) -> None:
    assert too_faint(shades, {grade.name: severity_colour(shades, grade) for grade in SEVERITY_ORDER}, READABLE) == []


@SCHEMES
def test_edges_and_the_focus_ring_can_be_seen_on_every_ground(shades: Colours) -> None:
    assert too_faint(shades, {"edge": shades.edge, "focus": shades.accent}, VISIBLE) == []
    # On a button filled with the accent a line of the surface's colour shows the focus.
    assert contrast(shades.surface, shades.accent) >= VISIBLE
    # A tick in a box that cannot be changed.
    assert contrast(shades.on_accent, shades.edge) >= VISIBLE


@SCHEMES
def test_every_tile_of_a_heat_map_can_be_read(shades: Colours) -> None:
    tiles = (*(HeatTile(level=level) for level in (None, 0, 1, 2, 3)), HeatTile(is_out=True), HeatTile(is_total=True))
    ratios = {tile: contrast(*tile_colours(shades, tile)) for tile in tiles}
    assert {tile: ratio for tile, ratio in ratios.items() if ratio < READABLE} == {}


@SCHEMES
@pytest.mark.parametrize("group", [_GROUPS.Active, _GROUPS.Inactive, _GROUPS.Disabled])
def test_what_qt_draws_itself_can_be_read_also_where_it_is_disabled(
    shades: Colours, group: QPalette.ColorGroup
) -> None:
    roles, palette = QPalette.ColorRole, palette_of(shades)
    pairs = (
        (roles.WindowText, roles.Window),
        (roles.Text, roles.Base),
        (roles.Text, roles.AlternateBase),
        (roles.ButtonText, roles.Button),
        (roles.PlaceholderText, roles.Base),
        (roles.HighlightedText, roles.Highlight),
        (roles.ToolTipText, roles.ToolTipBase),
        (roles.Link, roles.Window),
    )
    shown = ((ink, palette.color(group, ink).name(), palette.color(group, ground).name()) for ink, ground in pairs)
    assert [ink.name for ink, *both in shown if contrast(*both) < READABLE] == []


def test_all_colours_of_the_window_come_from_the_palette() -> None:
    folder = Path(capacity_app.__file__).parent / "ui"
    strays = {
        file.relative_to(folder).as_posix(): found
        for file in folder.rglob("*.py")
        if file.name != "palette.py" and (found := _COLOUR.findall(file.read_text("utf-8")))
    }
    assert strays == {"pages/deliver/report_preview.py": ['"#ffffff"']}, (
        "paper is white; everything else follows the scheme"
    )


# -- nothing by colour alone ---------------------------------------------------------------------------------------


def dark_places(picture: QImage) -> set[tuple[int, int]]:
    """Return the pixels that are dark: what is left of a picture without its colours."""
    places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return {(x, y) for x, y in places if picture.pixelColor(x, y).lightnessF() < 0.62}


def canvas() -> QImage:
    picture = QImage(BOX, BOX, QImage.Format.Format_ARGB32)
    picture.fill(QColor(LIGHT.surface))
    return picture


def mark(which: AnswerMark) -> QImage:
    picture = canvas()
    painter = QPainter(picture)
    paint_mark(painter, QRectF(0, 0, BOX, BOX), which)
    painter.end()
    return picture


def test_every_state_has_a_shape_of_its_own(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    shapes = {which: dark_places(mark(which)) for which in AnswerMark if which is not AnswerMark.TO_VERIFY}
    alike = [(one, two) for one, two in combinations(shapes, 2) if len(shapes[one] ^ shapes[two]) < BOX // 2]
    assert alike == []
    assert dark_places(mark(AnswerMark.TO_VERIFY)) == shapes[AnswerMark.UNKNOWN], "unknown is to be verified"


def test_every_severity_has_a_shape_of_its_own(qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    shapes = []
    for grade in SEVERITY_ORDER:
        picture = canvas()
        painter = QPainter(picture)
        paint_severity(painter, QRectF(0, 0, BOX, BOX), grade)
        painter.end()
        shapes.append(dark_places(picture))
    assert [len(shape) for shape in shapes] == sorted({len(shape) for shape in shapes})


def test_every_band_has_a_sign_of_its_own() -> None:
    assert len(set(BAND_SYMBOLS.values())) == len(Band)
