"""The hints of the first day: one at a time in the corner, never in the way of work, and remembered."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.hints import HINTS, Hints, HintToast
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets import messages
from capacity_app.ui.widgets.banners import BannerTone
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[[Dossier | None], Office]


def all_shown(office: Office) -> list[HintToast]:
    return [hint for hint in office.window.findChildren(HintToast) if hint.isVisible()]


def shown(office: Office) -> HintToast:
    """Return the hint that is shown."""
    (hint,) = all_shown(office)
    return hint


def begin(office: Office) -> Hints:
    """Show the first hint at once, in a window with room beside the questions."""
    office.window.resize(1400, 860)
    office.settle()
    hints = Hints(office.window, office.texts, office.settings)
    hints.look()
    office.settle()
    return hints


def place_of(office: Office, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(office.window, QPoint(0, 0)), widget.size())


@pytest.mark.check
def test_each_hint_is_shown_once_and_takes_no_focus(at_work: AtWork) -> None:
    office = at_work(None)
    hints, focused = begin(office), office.focused()
    for name in HINTS:
        hint = shown(office)
        assert hint.name == name
        assert not place_of(office, hint).intersects(place_of(office, focused))
        assert office.focused() is focused
        hint.buttons[0].click()
        office.settle()
        hints.look()
    assert all_shown(office) == []
    assert Settings(office.settings_file).hints_seen == set(HINTS)


def test_a_hint_goes_by_itself_after_a_time_to_read_it(at_work: AtWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "TOAST_MS", 50)
    monkeypatch.setattr(messages, "_READING_MS", 0)
    office = at_work(None)
    begin(office)
    office.until(lambda: all_shown(office) == [])
    assert office.settings.hints_seen == {"bar_agency"}


def test_a_hint_goes_once_one_does_what_it_tells(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    office.window.menus.actions["agency"].trigger()
    office.settle()
    assert all_shown(office) == []
    office.press("Esc")
    hints.look()
    assert shown(office).name == "answer_line"
    office.desk.show_address(Address("i.plan"))
    office.press("1")
    office.settle()
    assert all_shown(office) == []
    hints.look()
    assert shown(office).name == "bar_present"
    assert office.settings.hints_seen == {"bar_agency", "answer_line"}


def test_a_hint_makes_room_for_what_has_the_focus_and_comes_again(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    focused, corner = office.focused(), QWidget(office.window)
    corner.setFocusPolicy(office.window.focusPolicy().StrongFocus)
    corner.setGeometry(shown(office).parentWidget().geometry())  # type: ignore[union-attr]
    corner.show()
    corner.setFocus()
    office.settle()
    hints.look()
    assert all_shown(office) == []
    focused.setFocus()
    hints.look()
    assert shown(office).name == "bar_agency"


def test_a_hint_that_was_in_sight_for_a_while_does_not_come_again(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    for _ in range(5):
        hints.look()
    office.desk.show_page("agencies")
    office.settle()
    assert office.settings.hints_seen == {"bar_agency"}
    office.desk.show_page("questionnaire")
    hints.look()
    assert shown(office).name == "answer_line"


def test_a_hint_is_seen_beside_questions_only(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    office.desk.show_page("agencies")
    hints.look()
    assert all_shown(office) == []
    office.desk.show_page("questionnaire")
    hints.look()
    assert shown(office).name == "bar_agency"


def test_a_hint_waits_while_a_message_is_shown(at_work: AtWork) -> None:
    office = at_work(None)
    office.window.banners.tell("told", BannerTone.GOOD, "It is done.")
    hints = begin(office)
    assert all_shown(office) == []
    office.window.banners.clear("told")
    office.settle()
    hints.look()
    assert shown(office).name == "bar_agency"


def test_no_more_hints_is_remembered(at_work: AtWork) -> None:
    office = at_work(None)
    hints = begin(office)
    shown(office).buttons[1].click()
    office.settle()
    hints.look()
    assert all_shown(office) == []
    assert office.settings.hints_seen == set(HINTS)


@pytest.mark.parametrize("key", ["Return", "Esc"])
def test_a_hint_is_reached_and_left_by_the_keys_it_names(at_work: AtWork, key: str) -> None:
    office = at_work(None)
    begin(office)
    before = office.focused()
    assert shown(office).sentence.endswith("To close this hint: Ctrl+., then Esc.")
    office.press("Ctrl+.")
    assert office.focused() is shown(office).buttons[0]
    office.press(key)
    assert office.focused() is before
    assert all_shown(office) == []
    assert office.settings.hints_seen == {"bar_agency"}


@pytest.mark.check
def test_a_hint_goes_with_the_assessment_and_comes_with_the_next(at_work: AtWork) -> None:
    office = at_work(None)
    office.settings.hints_seen = {"bar_agency"}
    hints = begin(office)
    file = office.session.file
    office.window.leave_and(office.window.show_start)
    office.until(lambda: office.window.workspace is None)
    office.settle()
    hints.look()
    assert all_shown(office) == []
    office.open(file)
    hints.look()
    assert shown(office).name == "answer_line"


def test_no_hint_without_an_assessment(office: Office) -> None:
    begin(office)
    assert all_shown(office) == []


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 200])
def test_a_hint_stays_within_a_small_laptop(at_work: AtWork, qapp: QApplication, zoom: int) -> None:
    office = at_work(None)
    office.window.resize(1366, 768)
    set_zoom(qapp, zoom)
    office.settings.hints_seen = {"bar_agency", "answer_line"}
    office.settle()
    Hints(office.window, office.texts, office.settings).look()
    office.settle()
    hint = shown(office)
    assert place_of(office, hint) == hint.place_in(office.window)
    assert office.window.rect().contains(place_of(office, hint))
    assert not place_of(office, hint).intersects(place_of(office, office.focused()))


def test_the_agency_is_hinted_at_once_there_are_agencies(at_work: AtWork) -> None:
    office = at_work(small_dossier(agencies=(), people=(), meetings=(), answers=()))
    begin(office)
    hint = shown(office)
    assert hint.name == "answer_line"
    hint.buttons[0].click()
    office.desk.controller.put(Agency(id="agency-nso", name="National Statistics Office", short="NSO"))
    office.settle()
    begin(office).look()
    assert shown(office).name == "bar_agency"
