"""Every command of the window, as one record: menus, keys, guide and tests loop over this table."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from capacity_app.domain.problems import N_
from capacity_app.ui.shell.main_window import MainWindow
from capacity_app.ui.shell.menus import Command, Menu
from capacity_app.ui.shell.page_table import PAGES, TASKS, WINDOW_PAGES, Page, Task

if TYPE_CHECKING:
    from capacity_app.ui.shell.workspace import Workspace


Run = Callable[[MainWindow], object]


def _on_workspace(act: "Callable[[Workspace], object]") -> Run:
    return lambda window: window.on_workspace(act)


def _task_command(task: Task) -> Command[MainWindow]:
    """Return the command that shows the page of a task that was shown last."""
    info = TASKS[task]
    show = _on_workspace(lambda desk: desk.show_task(task))
    return Command(f"task_{task}", info.label, Menu.GO, show, (info.key,))


_OTHERS: tuple[Command[MainWindow], ...] = (
    Command("new", N_("&New assessment…"), Menu.FILE, MainWindow.show_new, ("Ctrl+N",), needs_file=False),
    Command("open", N_("&Open…"), Menu.FILE, MainWindow.ask_open, ("Ctrl+O",), needs_file=False),
    Command("demonstration", N_("Open a &demonstration…"), Menu.FILE, MainWindow.ask_demonstration, needs_file=False),
    Command(
        "save", N_("&Save now"), Menu.FILE, _on_workspace(lambda desk: desk.save_now()), ("Ctrl+S",), starts_group=True
    ),
    Command("save_copy", N_("Save a &copy…"), Menu.FILE, MainWindow.ask_save_copy, ("Ctrl+Shift+S",)),
    Command("show_folder", N_("Show the &folder of the file"), Menu.FILE, MainWindow.show_folder),
    Command(
        "make_report",
        N_("Create &report…"),
        Menu.FILE,
        _on_workspace(lambda desk: desk.start_report()),
        ("F11",),
        starts_group=True,
    ),
    Command(
        "take_in",
        N_("&Import returned file…"),
        Menu.FILE,
        _on_workspace(lambda desk: desk.exchange().ask_returned()),
        ("Ctrl+Shift+I",),
        starts_group=True,
    ),
    Command(
        "merge",
        N_("&Merge with another officer’s file…"),
        Menu.FILE,
        _on_workspace(lambda desk: desk.exchange().ask_merge()),
        ("Ctrl+Shift+M",),
    ),
    Command(
        "close",
        N_("C&lose the assessment"),
        Menu.FILE,
        lambda window: window.leave_and(window.show_start),
        ("Ctrl+W",),
        starts_group=True,
    ),
    Command("quit", N_("&Quit"), Menu.FILE, MainWindow.close, ("Ctrl+Q",), needs_file=False),
    Command("undo", N_("&Undo"), Menu.EDIT, _on_workspace(lambda desk: desk.undo()), ("Ctrl+Z",)),
    Command(
        "redo", N_("&Redo"), Menu.EDIT, _on_workspace(lambda desk: desk.controller.redo()), ("Ctrl+Shift+Z", "Ctrl+Y")
    ),
    Command(
        "find",
        N_("&Search or command…"),
        Menu.EDIT,
        MainWindow.open_command_box,
        ("Ctrl+K", "Ctrl+F", "Ctrl+J"),
        needs_file=False,
        starts_group=True,
    ),
    Command("agency", N_("Choose the &agency…"), Menu.EDIT, MainWindow.choose_agency, starts_group=True),
    Command("name", N_("&Your name…"), Menu.EDIT, MainWindow.ask_name, needs_file=False),
    *(_task_command(task) for task in Task),
    Command(
        "next_page",
        N_("Ne&xt page of the task"),
        Menu.GO,
        _on_workspace(lambda desk: desk.step_tab(1)),
        ("Ctrl+PgDown",),
        starts_group=True,
    ),
    Command(
        "previous_page",
        N_("Pre&vious page of the task"),
        Menu.GO,
        _on_workspace(lambda desk: desk.step_tab(-1)),
        ("Ctrl+PgUp",),
    ),
    Command(
        "next_open",
        N_("&Next open question"),
        Menu.GO,
        _on_workspace(lambda desk: desk.questionnaire().focus_next_open()),
        ("Ctrl+Return",),
        starts_group=True,
    ),
    Command("message", N_("Newest &message"), Menu.GO, MainWindow.focus_message, ("Ctrl+.",), needs_file=False),
    Command(
        "room",
        N_("Show &to respondents"),
        Menu.GO,
        _on_workspace(lambda desk: desk.questionnaire().open_presentation_view()),
        ("F12",),
    ),
    Command("appearance", N_("A&ppearance…"), Menu.VIEW, MainWindow.show_appearance, ("Ctrl+,",), needs_file=False),
    Command(
        "parts",
        N_("Parts of the &questionnaire"),
        Menu.VIEW,
        _on_workspace(lambda desk: desk.questionnaire().toggle_tree()),
        ("Ctrl+\\",),
        starts_group=True,
    ),
    Command(
        "panel",
        N_("Panel &beside the questions"),
        Menu.VIEW,
        _on_workspace(lambda desk: desk.questionnaire().toggle_inspector()),
        ("Shift+F9",),
    ),
    Command(
        "zoom_in",
        N_("&Larger text"),
        Menu.VIEW,
        lambda window: window.change_zoom(1),
        ("Ctrl++", "Ctrl+="),
        needs_file=False,
        starts_group=True,
    ),
    Command(
        "zoom_out", N_("&Smaller text"), Menu.VIEW, lambda window: window.change_zoom(-1), ("Ctrl+-",), needs_file=False
    ),
    Command(
        "zoom_normal",
        N_("&Normal text"),
        Menu.VIEW,
        lambda window: window.change_zoom(0),
        ("Ctrl+0",),
        needs_file=False,
    ),
    Command("guide", N_("&Guide"), Menu.HELP, MainWindow.show_guide_here, ("F1",), needs_file=False),
    Command(
        "keyboard",
        N_("&Keyboard overview"),
        Menu.HELP,
        lambda window: window.show_guide("keyboard"),
        ("Ctrl+F1",),
        needs_file=False,
    ),
    Command("about", N_("&About this program"), Menu.HELP, MainWindow.show_about, needs_file=False),
)
"""The commands that are no pages, in the order of their menus."""


def _command_of(page: Page[Any]) -> Command[MainWindow]:
    """Return the command that shows a page."""
    needs_file = page in PAGES
    return Command(
        page.name,
        page.label,
        (page.task and TASKS[page.task].menu) or page.menu,
        lambda window: window.show_page(page.name) if needs_file else window.show_window_page(page.name),
        (page.key,) if page.key else (),
        needs_file=needs_file,
        starts_group=page.starts_group,
    )


def _has_command(page: Page[Any]) -> bool:
    """Return whether a page has a command of its own; the only page of a task is reached by that of the task."""
    return page.task is None or TASKS[page.task].menu is not None


_PAGES: tuple[Page[Any], ...] = (*PAGES, *WINDOW_PAGES)
_FOR_PAGES = tuple((page.below, _command_of(page)) for page in _PAGES if _has_command(page))


def _with_pages_below(command: Command[MainWindow]) -> Iterator[Command[MainWindow]]:
    yield command
    for above, page in _FOR_PAGES:
        if above == command.name:
            yield from _with_pages_below(page)


COMMANDS = tuple(
    command
    for menu in Menu
    for first in (*(page for above, page in _FOR_PAGES if not above), *_OTHERS)
    if first.menu is menu
    for command in _with_pages_below(first)
)
"""All commands in the order of their menus."""
