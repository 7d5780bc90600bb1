"""The heat map by itself: keys, words, contrast, and a table as large as they come."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capacity_app.ui.theme.fonts_and_sizes import TextRole, font_for, set_zoom
from capacity_app.ui.theme.painting import break_lines
from capacity_app.ui.theme.palette import CONTRAST, DARK, LIGHT, Colours, colours, contrast
from capacity_app.ui.widgets.heat_map import (
    HeatHeading,
    HeatMap,
    HeatTable,
    HeatTile,
    mix_colours,
    tile_colours,
)

Hang = Callable[[HeatTable], HeatMap]


def table(rows: int = 3, columns: int = 3) -> HeatTable:
    heads = [HeatHeading("g", "Group", is_group=True)]
    heads += [HeatHeading(f"r{number}", f"Topic {number}", str(number), longest="SA") for number in range(rows)]
    across = [HeatHeading(f"c{number}", f"Source\t{number}", f"S{number}") for number in range(columns)]
    return HeatTable(heads, across, lambda row, column: HeatTile(f"tile {row} {column}", "●", "2021", "SA", row % 4))


@pytest.fixture
def hang(qtbot: QtBot) -> Hang:
    def hang_up(what: HeatTable) -> HeatMap:
        made = HeatMap("map", "Map")
        qtbot.addWidget(made)
        made.resize(600, 400)
        made.show_table(what)
        made.show()
        qtbot.waitExposed(made)
        made.activateWindow()
        made.setFocus()
        return made

    return hang_up


def press(heat_map: HeatMap, *keys: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(heat_map, key, held)


def test_the_first_tile_is_current_and_arrows_skip_headings(hang: Hang) -> None:
    heat_map = hang(table())
    assert heat_map.place == ("r0", "c0")
    press(heat_map, Qt.Key.Key_Up)
    assert heat_map.place == ("r0", "c0"), "the heading above is no tile"
    press(heat_map, Qt.Key.Key_Down, Qt.Key.Key_Right)
    assert heat_map.place == ("r1", "c1")


def test_home_and_end_go_to_the_ends_of_the_row_and_of_the_table(hang: Hang) -> None:
    heat_map = hang(table())
    press(heat_map, Qt.Key.Key_End)
    assert heat_map.place == ("r0", "c2")
    press(heat_map, Qt.Key.Key_Home)
    assert heat_map.place == ("r0", "c0")
    press(heat_map, Qt.Key.Key_End, held=Qt.KeyboardModifier.ControlModifier)
    assert heat_map.place == ("r2", "c2")


def test_enter_and_two_clicks_open_a_tile(hang: Hang, qtbot: QtBot) -> None:
    heat_map = hang(table())
    with qtbot.waitSignal(heat_map.opened) as entered:
        press(heat_map, Qt.Key.Key_Return)
    assert entered.args == ["r0", "c0"]
    spot = heat_map.visualRect(heat_map.heat.index(2, 1)).center()
    with qtbot.waitSignal(heat_map.opened) as clicked:
        QTest.mouseClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=spot)
        QTest.mouseDClick(heat_map.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert clicked.args == ["r1", "c1"]


def test_a_click_on_a_heading_leads_to_its_column_or_row(hang: Hang, qtbot: QtBot) -> None:
    heat_map = hang(table())
    heads = heat_map.column_heads
    with qtbot.waitSignal(heat_map.headed) as headed:
        spot = QPoint(heads.sectionViewportPosition(1) + 5, heads.height() // 2)
        QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert headed.args == ["c1"]
    rows = heat_map.row_heads
    spot = QPoint(20, rows.sectionViewportPosition(3) + 5)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert heat_map.place == ("r2", "c0")


def test_the_current_tile_stays_where_it_still_is(hang: Hang) -> None:
    heat_map = hang(table())
    heat_map.choose(("r2", "c1"))
    heat_map.show_table(table(5, 2))
    assert heat_map.place == ("r2", "c1")
    heat_map.show_table(table(1, 1))
    assert heat_map.place == ("r0", "c0")
    heat_map.show_table(HeatTable())
    assert heat_map.place is None


def test_a_screen_reader_hears_every_tile_with_its_headings(hang: Hang) -> None:
    heat_map = hang(table())
    heat_map.choose(("r1", "c2"))
    spoken = QAccessible.queryAccessibleInterface(heat_map)
    names = [spoken.child(number).text(QAccessible.Text.Name) for number in range(spoken.childCount())]
    assert "1 Topic 1, Source\t2: tile 2 2" in names
    assert "Group" in names


@pytest.mark.parametrize("shades", [LIGHT, DARK, CONTRAST], ids=lambda shades: str(shades.name))
@pytest.mark.parametrize("level", [None, 0, 1, 2, 3])
def test_text_is_read_easily_on_every_shade(shades: Colours, level: int | None) -> None:
    for tile in (HeatTile(level=level), HeatTile(is_out=True), HeatTile(is_total=True)):
        ground, ink = tile_colours(shades, tile)
        assert contrast(ground, ink) >= 4.5


@pytest.mark.parametrize("shades", [LIGHT, DARK, CONTRAST], ids=lambda shades: str(shades.name))
def test_shades_grow_with_the_level(shades: Colours) -> None:
    grounds = [tile_colours(shades, HeatTile(level=level))[0] for level in range(4)]
    distance = [contrast(shades.surface, ground) for ground in grounds]
    assert distance == sorted(distance)
    assert len(set(grounds)) == 4
    assert mix_colours("#000000", "#ffffff", 1) == "#ffffff"


def test_a_text_is_broken_into_lines_that_fit(qapp: QApplication) -> None:
    assert qapp is not None
    metrics = QFontMetrics(font_for(TextRole.BODY))
    lines = break_lines("State Population Register of all inhabitants", metrics, 80, 3)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert all(metrics.horizontalAdvance(line) <= 80 for line in lines)
    assert break_lines("", metrics, 80, 3) == [""]


def test_a_word_wider_than_a_line_is_broken_or_ended(qapp: QApplication) -> None:
    assert qapp is not None
    metrics, word = QFontMetrics(font_for(TextRole.BODY)), "Bevölkerungsregistrierungsamt"
    broken = break_lines(f"{word} 2021", metrics, 80, 9, breaks_words=True)
    assert "".join(broken).replace(" ", "") == f"{word}2021"
    assert all(metrics.horizontalAdvance(line) <= 80 for line in broken)
    ended = break_lines(f"{word} 2021", metrics, 80, 2)
    assert ended[0].endswith("…")
    assert ended[1] == "2021"


@pytest.mark.parametrize("zoom", [100, 200])
def test_rows_hold_their_titles_and_tiles_at_any_size(hang: Hang, qapp: QApplication, zoom: int) -> None:
    set_zoom(qapp, zoom)
    heat_map = hang(table())
    high = QFontMetrics(font_for(TextRole.STRONG)).height() + QFontMetrics(font_for(TextRole.CAPTION)).height()
    assert all(heat_map.rowHeight(row) >= high for row in range(1, 4))
    assert heat_map.columnWidth(0) >= QFontMetrics(font_for(TextRole.CAPTION)).horizontalAdvance("Source")


def test_of_a_large_table_only_what_is_seen_is_made(hang: Hang) -> None:
    asked: set[tuple[int, int]] = set()
    plain = table(200, 60)

    def tile(row: int, column: int) -> HeatTile:
        asked.add((row, column))
        return plain.tile(row, column)

    heat_map = hang(HeatTable(plain.rows, plain.columns, tile))
    heat_map.grab()
    assert 0 < len(asked) < 400
    press(heat_map, Qt.Key.Key_End, held=Qt.KeyboardModifier.ControlModifier)
    assert heat_map.place == ("r199", "c59")
    assert heat_map.row_heads.isVisible()
    assert heat_map.column_heads.isVisible()


def test_mirrored_the_arrow_follows_the_eye(hang: Hang) -> None:
    heat_map = hang(table())
    heat_map.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    press(heat_map, Qt.Key.Key_Left)
    assert heat_map.place == ("r0", "c1")
    first, second = (heat_map.visualRect(heat_map.heat.index(1, column)).x() for column in (0, 1))
    assert second < first


def test_below_the_last_row_the_headings_look_like_the_table(hang: Hang, qapp: QApplication) -> None:
    heat_map = hang(table(1, 1))
    heads = heat_map.row_heads
    picture = heads.grab().toImage()
    below = picture.pixelColor(20, heads.length() + 30).name()
    assert below == colours().surface
    assert below == qapp.palette().base().color().name()
