"""What a screen reader finds on every page: names of all controls, and the cells of tables, heat maps and the calendar.

It asks over D-Bus as a screen reader does (AT-SPI), so it also sees what Qt passes on, not only what Qt knows.
"""

import shutil
from collections.abc import Iterator
from itertools import chain

import pytest

from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.shell.page_table import PAGES, Task
from tests.journeys.screen import Screen, virtual_screen
from tests.journeys.screen_reader import AccessibleObject, accessibility_bus, is_installed, read_objects

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(
        any(shutil.which(name) is None for name in ("Xvfb", "xdotool", "openbox", "dbus-daemon")) or not is_installed(),
        reason="needs Xvfb, xdotool, openbox, D-Bus and AT-SPI",
    ),
]


@pytest.fixture(scope="module")
def screen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Screen]:
    """Yield a screen with a screen reader's bus, the demonstration open on it."""
    folder = tmp_path_factory.mktemp("reader")
    file = folder / "velmora.assessment"
    create_demonstration(file, device="reader")
    with virtual_screen(folder / "home", "1366x768") as made, accessibility_bus(made):
        made.start(str(file))
        made.until_title("velmora.assessment")
        yield made
        made.leave(made.programs[-1])


def nameless(objects: list[AccessibleObject]) -> list[str]:
    """Describe the controls that have no name, by what they are in."""
    return [
        f"{one.role} in {' > '.join(parent for parent in one.parents[-4:] if not parent.startswith('filler'))}"
        for one in objects
        if one.is_control and not one.name
    ]


def unread_cells(objects: list[AccessibleObject]) -> list[str]:
    """Describe the cells of tables in which nothing can be read."""
    return [" > ".join(one.parents[-3:]) for one in objects if one.is_cell and not one.is_readable]


def test_every_control_has_a_name_on_every_page_of_every_task(screen: Screen) -> None:
    found: dict[str, list[str]] = {}
    for number, task in enumerate(Task, start=1):
        pages = [page for page in PAGES if page.task is task]
        screen.press(f"ctrl+{number}")
        for page in pages:
            objects = read_objects(screen)
            assert any(one.is_control for one in objects), page.name
            found[page.name] = [*nameless(objects), *unread_cells(objects)]
            screen.press("ctrl+Next")
    assert {name: list(dict.fromkeys(lacking)) for name, lacking in found.items() if lacking} == {}


def in_tables(objects: list[AccessibleObject]) -> dict[str, list[AccessibleObject]]:
    """Return the cells shown by the name of their table."""
    tables: dict[str, list[AccessibleObject]] = {}
    for one in objects:
        if one.is_cell:
            table = next(
                (parent for parent in reversed(one.parents) if parent.startswith(("table ", "tree table "))), ""
            )
            tables.setdefault(table, []).append(one)
    return tables


def test_the_cells_of_a_heat_map_are_read_with_topic_source_and_value(screen: Screen) -> None:
    names = [page.name for page in PAGES if page.task is Task.ANALYSE]
    screen.press("ctrl+3", *["ctrl+Next"] * names.index("availability"))
    cells = list(chain.from_iterable(in_tables(read_objects(screen)).values()))
    assert any("Population and Housing Census 2021" in cell.name for cell in cells)
