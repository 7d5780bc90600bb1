"""The sheet Appearance, by keyboard: what is seen at once, what Apply keeps and what Cancel takes back."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.ui.shell.appearance import AppearanceSheet
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.theme.palette import Scheme, colours
from capacity_app.ui.widgets.buttons import Button
from tests.ui.office import Office


def opened(office: Office) -> AppearanceSheet:
    """Open the sheet with its key."""
    office.press("Ctrl+,")
    return office.part(AppearanceSheet, "appearance")


def test_text_size_and_colours_are_seen_at_once_and_kept_by_enter(office: Office, qapp: QApplication) -> None:
    normal, light = qapp.font().pointSizeF(), colours().surface
    opened(office)
    office.press("Down", "Tab", "End")
    assert qapp.font().pointSizeF() == pytest.approx(normal * 1.1)
    assert colours().surface != light
    assert (office.settings.zoom, office.settings.scheme) == (100, Scheme.SYSTEM)
    office.tab_to("appearance_apply")
    office.press("Return")
    assert (office.settings.zoom, office.settings.scheme) == (110, Scheme.CONTRAST)


def test_cancel_shows_everything_as_before(office: Office, qapp: QApplication) -> None:
    office.settings.scheme = Scheme.LIGHT
    normal, light = qapp.font().pointSizeF(), colours().surface
    opened(office)
    office.press("End", "Tab", "End", "Esc")
    assert (qapp.font().pointSizeF(), colours().surface) == (normal, light)
    assert office.window.findChild(AppearanceSheet) is None
    assert (office.settings.zoom, office.settings.scheme) == (100, Scheme.LIGHT)


def test_languages_of_the_questions_wait_for_an_assessment(
    office: Office, at_work: Callable[[Dossier | None], Office]
) -> None:
    sheet = opened(office)
    assert (sheet.asked_in.isEnabled(), sheet.second.isEnabled()) == (False, False)
    sheet.reject()
    at_work(None)
    office.window.show_appearance()
    sheet = office.part(AppearanceSheet, "appearance")
    assert sheet.asked_in.isEnabled()
    assert sheet.second.findData("en") > 0
    sheet.reject()


def test_the_sheet_fits_a_small_laptop_with_large_text(office: Office, qapp: QApplication) -> None:
    set_zoom(qapp, 200)
    sheet = opened(office)
    assert (sheet.width() <= 1366, sheet.height() <= 768) == (True, True)
    apply = office.part(Button, "appearance_apply")
    assert sheet.rect().contains(apply.geometry())
    sheet.reject()
