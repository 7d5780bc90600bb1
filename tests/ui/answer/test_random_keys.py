"""Nothing a person can press breaks the questionnaire, and whatever was stored is there after reopening."""

import random
from collections.abc import Callable

import pytest

from capacity_app.domain.assessment.answers import Address
from tests.ui.driving import Desk

Open = Callable[..., Desk]

KEYS = (
    *("0", "1", "2", "3", "7", "Y", "P", "N", "U", "X", "D", "A"),
    *("Del", "Backspace", "Return", "Space", "Esc", "Tab", "Shift+Tab"),
    *("Up", "Down", "Left", "Right", "Home", "PgDown", "Ctrl+Down", "Ctrl+Up"),
    *("F2", "F4", "F6", "F7", "F8", "F9", "Shift+F9", "Shift+X", "Shift+Space"),
    *("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+Z"),
)


@pytest.mark.check
@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.check) for seed in range(1, 4))])
def test_random_keys_break_nothing_and_lose_nothing(desk_on: Open, seed: int) -> None:
    desk, chance = desk_on(), random.Random(seed)  # noqa: S311 - not for secrets
    places = [item.address for item in desk.session.sheet.items()]
    acts: list[Callable[[], object]] = [
        desk.controller.undo,
        desk.controller.redo,
        desk.page.toggle_tree,
        desk.page.focus_next_open,
        lambda: desk.page.show_address(chance.choice(places)),
        lambda: desk.page.inspector.tabs.setCurrentIndex(chance.randrange(4)),
        lambda: setattr(desk.controller, "respondent", chance.choice(("agency-nso", "agency-moi"))),
    ]
    desk.page.show_address(Address("i.law"))
    for _ in range(350):
        if chance.random() < 0.12:
            chance.choice(acts)()
        desk.press(chance.choice(KEYS))
    desk.controller.request_close()
    before = desk.session.dossier()
    desk.come_back()
    assert desk.session.dossier() == before
