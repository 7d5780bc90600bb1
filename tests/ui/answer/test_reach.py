"""Everything can be reached, named, read and hit: by keyboard, by a screen reader, at 200 % and from right to left."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from capacity_app.domain.scoring.scores import Band
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.ui.theme.fonts_and_sizes import apply_theme, set_zoom
from capacity_app.ui.theme.palette import BAND_SYMBOLS, CONTRAST, DARK, LIGHT, Scheme, band_colour, colours
from tests.builders import small_dossier
from tests.ui.driving import Desk

Open = Callable[..., Desk]
LEAST_TARGET = 24


def every_page(desk: Desk) -> Iterator[QWidget]:
    """Show every section with everything built, and every tab of the panel."""
    for section in desk.session.instrument.sections:
        desk.page.show_section(section.id)
        desk.page.page().finish()
        desk.go(str(section.questions[0].id))
        desk.page.inspector.follow_now()
        for number in range(4):
            desk.page.inspector.tabs.setCurrentIndex(number)
            desk.settle()
            yield desk.page


def shown(widget: QWidget) -> list[QWidget]:
    return [child for child in widget.findChildren(QWidget) if child.isVisible()]


def is_focusable(widget: QWidget) -> bool:
    """A label whose text can be copied is its own name."""
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not isinstance(widget, QScrollBar | QLabel)


def name_of(widget: QWidget) -> str:
    own = widget.accessibleName()
    return own or (widget.text() if isinstance(widget, QAbstractButton) else "")


def test_every_control_one_can_focus_has_a_name(desk_on: Open) -> None:
    desk = desk_on()
    for page in every_page(desk):
        controls = [w for w in shown(page) if is_focusable(w)]
        assert len(controls) > 8
        nameless = [w for w in controls if not name_of(w) and not w.objectName().startswith("qt_")]
        assert [(type(w).__name__, w.objectName()) for w in nameless if not is_part(w)] == []


def is_part(widget: QWidget) -> bool:
    """Return whether Qt made the widget as a part of a named one (the clear button of a field, a tab bar)."""
    above = widget.parentWidget()
    return above is not None and type(widget).__module__.startswith("PySide6") and bool(above.accessibleName())


@pytest.mark.check
def test_everything_one_clicks_is_large_enough(desk_on: Open) -> None:
    desk = desk_on()
    for page in every_page(desk):
        targets = (QAbstractButton, QComboBox, QLineEdit)
        small = [w for w in shown(page) if isinstance(w, targets) and w.height() < LEAST_TARGET and not is_part(w)]
        assert [(type(w).__name__, name_of(w), w.height()) for w in small] == []


def test_no_label_interprets_markup(desk_on: Open) -> None:
    desk = desk_on()
    for page in every_page(desk):
        rich = [label for label in page.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
        assert [label.text() for label in rich if label.text()] == []


def test_tab_goes_through_a_page_in_reading_order(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    desk.go("i.law")
    page = desk.page.page()
    page.finish()
    desk.rest()
    seen: list[int] = []
    for _ in range(14):
        spot = desk.focused().mapTo(page.stack, QPoint(0, 0))
        seen.append(spot.y())
        desk.press("Tab")
        if not page.stack.isAncestorOf(desk.focused()):
            break
    assert len(seen) > 6
    assert seen == sorted(seen)


@pytest.mark.parametrize("zoom", [100, 200])
@pytest.mark.parametrize("language", ["en", PSEUDO])
def test_no_words_are_cut_off(desk_on: Open, qapp: QApplication, zoom: int, language: str) -> None:
    desk = desk_on(texts=Translator(language))
    set_zoom(qapp, zoom)
    desk.settle()
    for page in every_page(desk):
        labels = [w for w in shown(page) if isinstance(w, QLabel) and w.text() and w.wordWrap()]
        low = [w.text() for w in labels if w.heightForWidth(w.width()) > w.height() + 1]
        assert low == []
        buttons = [w for w in shown(page) if isinstance(w, QAbstractButton) and w.text()]
        assert [b.text() for b in buttons if b.hasHeightForWidth() and b.heightForWidth(b.width()) > b.height()] == []
        flat = [b for b in buttons if not b.hasHeightForWidth()]
        assert [b.text() for b in flat if b.width() < QFontMetrics(b.font()).horizontalAdvance(b.text())] == []


def test_text_fields_are_as_high_as_their_text(desk_on: Open, qapp: QApplication) -> None:
    desk = desk_on()
    set_zoom(qapp, 200)
    desk.go("i.law")
    desk.press("F4")
    desk.write("one two three four five six seven eight nine ten " * 4)
    desk.settle()
    fields = [w for w in shown(desk.page.page()) if isinstance(w, QPlainTextEdit)]
    assert fields
    assert [f.toPlainText() for f in fields if f.verticalScrollBar().maximum() > 0] == []


def test_from_right_to_left_the_page_is_mirrored(desk_on: Open, qapp: QApplication) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        desk = desk_on()
        desk.go("i.law")
        card = desk.card("i.law")
        gap = card.width() - card.text.geometry().right()
        assert gap >= card.lead() - 2, "number and mark stand on the right"
        left, middle = desk.page.tree.mapTo(desk.page, QPoint()).x(), desk.page.pages.mapTo(desk.page, QPoint()).x()
        assert left > middle
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_bands_differ_in_sign_as_well_as_colour() -> None:
    assert len(set(BAND_SYMBOLS.values())) == len(Band)
    assert all(len({band_colour(shades, band) for band in Band}) == len(Band) for shades in (LIGHT, DARK, CONTRAST))


def test_a_scheme_is_chosen_and_changed_while_the_window_is_open(desk_on: Open, qapp: QApplication) -> None:
    desk = desk_on()
    images = []
    for scheme in (Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST):
        apply_theme(qapp, scheme)
        desk.settle()
        assert colours().name == scheme
        images.append(desk.page.grab().toImage())
    assert all(one != other for one, other in combinations(images, 2))


def test_text_is_between_100_and_200_percent(qapp: QApplication) -> None:
    sizes = []
    for percent in (100, 150, 200, 400, 10):
        set_zoom(qapp, percent)
        sizes.append(QApplication.font().pointSizeF())
    base = sizes[0]
    assert sizes == [base, base * 1.5, base * 2, base * 2, base]
