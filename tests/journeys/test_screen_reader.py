"""What a screen reader finds on every page: names of all controls, and the cells of tables, heat maps and the calendar.

It asks over D-Bus as a screen reader does (AT-SPI), so it also sees what Qt passes on, not only what Qt knows.
"""

import shutil
from collections.abc import Iterator
from itertools import chain

import pytest

from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.shell.page_table import PAGES, AssessmentContext, Page, Task, pages_of
from tests.journeys.screen import Screen, virtual_screen, wait_for
from tests.journeys.screen_reader import (
    STOPS,
    AccessibleObject,
    accessibility_bus,
    announcements,
    is_installed,
    read_objects,
)

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


def repeated(objects: list[AccessibleObject]) -> list[str]:
    """Name the cells whose description says their name again: they would be heard twice."""
    return [one.name for one in objects if one.is_cell and one.name and one.description.strip() == one.name.strip()]


def pages_with_objects(screen: Screen) -> Iterator[tuple[Page[AssessmentContext], list[AccessibleObject]]]:
    """Go through the pages of all tasks by their keys, with what a screen reader finds on each."""
    for number, task in enumerate(Task, start=1):
        screen.press(f"ctrl+{number}")
        for page in pages_of(task):
            objects: list[AccessibleObject] = []

            def is_shown(label: str = page.label, found: list[AccessibleObject] = objects) -> bool:
                found[:] = read_objects(screen)
                return any(name_of_page(one) == label.replace("&", "") for one in found if one.has_focus)

            wait_for(is_shown, f"the focus did not come to a page called {page.label}")
            yield page, objects
            screen.press("ctrl+Next")


def name_of_page(one: AccessibleObject) -> str:
    """Return the name of the page something is on, which is said when the focus comes there."""
    pane = next((parent for parent in one.parents if parent.startswith("layered pane ")), "")
    return pane.removeprefix("layered pane ")


def test_every_page_says_its_name_and_every_control_on_it_has_one(screen: Screen) -> None:
    found: dict[str, list[str]] = {}
    for page, objects in pages_with_objects(screen):
        assert any(one.is_control for one in objects), page.name
        focused = [one for one in objects if one.has_focus and one.name and one.role in STOPS]
        no_focus = [] if focused else ["no control has the focus"]
        found[page.name] = [*nameless(objects), *unread_cells(objects), *repeated(objects), *no_focus]
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


def focused_name(screen: Screen) -> str:
    """Return the name of the control or cell that keys go to."""
    stops = (one for one in read_objects(screen) if one.has_focus and one.role in STOPS)
    return next((one.name for one in stops), "")


def test_the_cells_of_the_large_table_are_read_once_with_row_column_and_answer(screen: Screen) -> None:
    screen.press("ctrl+k")
    screen.write("III.1")
    screen.press("Return")
    table = "table III.1 Which statistics on international migration does the country produce?"
    cells: list[AccessibleObject] = []

    def is_shown() -> bool:
        cells[:] = in_tables(read_objects(screen)).get(table, [])
        return bool(cells)

    wait_for(is_shown, "the large table is not read")
    answers = [one for one in cells if one.name.startswith("1 Stock of foreign-born, ")]
    assert answers[0].name == "1 Stock of foreign-born, Produced, Regular and published"
    assert len(answers) == len({one.name for one in answers}) == 9
    assert repeated(cells) == []


def test_the_calendar_of_a_date_says_the_day_and_names_its_buttons(screen: Screen) -> None:
    screen.press("ctrl+1")
    while focused_name(screen) != "Start of the visit":
        screen.press("Tab")
    screen.press("alt+Down", "Right")
    objects = read_objects(screen)
    (field,) = (one for one in objects if one.name == "Start of the visit" and one.role == "text")
    assert field.description == "Tuesday, 16 May 2023"
    days = in_tables(objects)["table Calendar"]
    assert [one.name for one in days if one.has_focus] == ["16"]
    assert nameless(objects) == []
    screen.press("Escape")


def until_focused(screen: Screen, name: str) -> None:
    """Wait until keys go to what has a name that begins so."""
    wait_for(
        lambda: any(one.has_focus and one.name.startswith(name) for one in read_objects(screen)),
        f"the focus did not come to {name}",
    )


def test_answers_errors_toasts_and_finished_jobs_are_announced(screen: Screen) -> None:
    with announcements(screen) as announced:

        def until_announced(part: str, *acts: str) -> None:
            before = len(announced())
            screen.play(acts)
            wait_for(lambda: any(part in sentence for sentence in announced()[before:]), f"“{part}” was not announced")

        def search(typed: str) -> None:
            screen.press("ctrl+k")
            until_focused(screen, "Search or command")
            screen.write(typed)
            screen.press("Return")

        search("I.1")
        until_focused(screen, "Origin")
        until_announced("Recorded: ", "key 1")
        until_announced("The key “9” is not an answer here.", "key 9")
        until_announced("Recorded: Unknown", "key F6")
        strange = screen.home / "strange.xlsx"
        strange.write_text("no workbook")
        search("Import returned")
        screen.until_title("Import returned")
        until_announced("strange.xlsx", f"type {strange}", "key Return")
        screen.press("ctrl+shift+s")
        screen.until_title("Save a copy")
        until_announced("A complete copy is in", "key Return")
        until_announced("Report: done", "key F11", "key Return")
        search("III.1")
        until_focused(screen, "1 Stock of foreign-born, Produced")
        until_announced("“32/13/2024” is not a date.", "key Right", "type 32/13/2024", "key Return")
        until_focused(screen, "2 Stock of foreign citizens")
        assert "Recorded: 32/13/2024" not in announced(), "what cannot be read is no answer"


def test_the_help_of_a_question_is_read_by_tab(screen: Screen) -> None:
    screen.press("ctrl+1", "ctrl+2", "F9")
    until_focused(screen, "Help")
    heard: list[str] = []
    for _ in range(5):
        screen.press("Tab")
        heard += [one.name for one in read_objects(screen) if one.has_focus]
    assert any(name.startswith("Definition: ") for name in heard), heard
