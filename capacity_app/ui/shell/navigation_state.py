"""Where somebody is in the window, so that the same window in another language goes on there.

The assessment is closed and opened again, so everything is on the disk, but what was done before can no longer be
taken back with the keys; the window says so.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from capacity_app.domain.encryption_keys import NO_KEYS
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.file_safety.backups_page import BackupsPage
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockPage
from capacity_app.ui.pages.file_safety.rescue_page import RescuePage
from capacity_app.ui.pages.headquarters.headquarters_page import HeadquartersPage
from capacity_app.ui.pages.start.new_assessment import FormEntries, NewAssessmentPage
from capacity_app.ui.shell.page_table import WINDOW_PAGE_BY_NAME
from capacity_app.ui.widgets.banners import BannerTone

if TYPE_CHECKING:
    from capacity_app.domain.encryption_keys import Keyring
    from capacity_app.ui.shell.main_window import MainWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationState:
    """Everything needed to go on; ``front`` is the name of what the window shows."""

    front: str
    file: Path | None = None
    keys: "Keyring" = NO_KEYS
    page: str = ""
    entered: FormEntries | None = None
    tools: tuple[str, ...] = ()
    repository: Path | None = None
    had_undo_steps: bool = False


def _front(window: "MainWindow") -> tuple[str, QWidget | None]:
    """Return the name of what the window shows, and which page that is."""
    front, workspace = window.stack.shown, window.workspace
    if workspace is not None and front == "workspace":
        return front, workspace.page(workspace.page_name)
    return front, window.stack.pages.get(front)


def _repository(window: "MainWindow") -> Path | None:
    """Return the repository that the window of headquarters has open."""
    pages = (tool.page for tool in window.tools.values())
    return next((page.repository for page in pages if isinstance(page, HeadquartersPage)), None)


def _open_tools(window: "MainWindow", place: NavigationState) -> None:
    """Open the windows of the tools that were open; the main window stays in front."""
    for name in place.tools:
        window.show_window_page(name)
        page = window.tools[name].page
        if isinstance(page, HeadquartersPage) and place.repository is not None:
            page.open_repository(place.repository)
    if place.tools:
        window.activateWindow()


def read_navigation_state(window: "MainWindow") -> NavigationState:
    workspace = window.workspace
    if workspace is not None:
        workspace.controller.request_flush()
    front, page = _front(window)
    file = workspace.session.file if workspace else None
    if isinstance(page, BackupsPage | RescuePage | UnlockPage):
        file = page.file
    return NavigationState(
        front=front,
        file=file,
        keys=workspace.controller.keys if workspace else window.keys,
        page=workspace.page_name if workspace else "",
        entered=page.entered() if isinstance(page, NewAssessmentPage) else None,
        tools=tuple(window.tools),
        repository=_repository(window),
        had_undo_steps=workspace is not None and (workspace.controller.undo_stack.count() > 0),
    )


def restore_navigation_state(window: "MainWindow", place: NavigationState, texts: Translator) -> None:
    """Go where somebody was, in the same window made anew."""
    window.keys = place.keys  # nobody is asked again for a passphrase
    if place.front == "backups" and place.file is not None:
        window.show_backups(place.file, place.keys)
    elif place.file is not None:
        window.open_file(place.file)
    _bring_front(window, place)
    if window.workspace is not None and place.had_undo_steps:
        sentence = texts.gettext(
            "The language is changed, and everything is saved. Undo cannot take back what was done before the change. "
            "The history beside each question still shows it."
        )
        window.workspace.banners.tell("language", BannerTone.INFORMATION, sentence)
    _open_tools(window, place)


def _bring_front(window: "MainWindow", place: NavigationState) -> None:
    if place.entered is not None:
        window.show_new()
    elif place.front in WINDOW_PAGE_BY_NAME:
        window.show_window_page(place.front)
    elif window.workspace is not None and place.page and window.workspace.page_name != place.page:
        window.workspace.show_page(place.page)
    _, page = _front(window)
    if isinstance(page, NewAssessmentPage) and place.entered is not None:
        page.enter(place.entered)
