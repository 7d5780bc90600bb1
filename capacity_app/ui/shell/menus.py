"""The menu bar, built from a table of commands, with the menu of recent files."""

import re
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMenu, QMenuBar

from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.i18n.translator import Translator
from capacity_app.ui.session.settings import RecentAssessment
from capacity_app.ui.widgets.keys import native_keys

_ACCESS_KEY = r"\s*\(&.\)"


class Menu(StrEnum):
    """The menus in their order; the values are the names of the objects."""

    FILE = "menu_file"
    EDIT = "menu_edit"
    GO = "menu_go"
    PREPARE = "menu_prepare"
    ANALYSE = "menu_analyse"
    DELIVER = "menu_deliver"
    VIEW = "menu_view"
    HELP = "menu_help"


MENU_LABELS: dict[Menu, str] = {
    Menu.FILE: N_("&File"),
    Menu.EDIT: N_("&Edit"),
    Menu.GO: N_("&Go"),
    Menu.PREPARE: N_("Pages of Prepare"),
    Menu.ANALYSE: N_("Pages of Analyse"),
    Menu.DELIVER: N_("Pages of Deliver"),
    Menu.VIEW: N_("&View"),
    Menu.HELP: N_("&Help"),
}


TASK_MENUS = (Menu.DELIVER, Menu.ANALYSE, Menu.PREPARE)
"""The menus of the pages of the tasks that have several; each is put below the tasks in the menu Go."""

_Window = TypeVar("_Window")


@dataclass(frozen=True, slots=True)
class Command(Generic[_Window]):
    """One entry of a menu, and what it does with the window. ``needs_file`` ones work only on an open assessment.

    ``starts_group`` puts a line above it.
    """

    name: str
    label: str
    menu: Menu
    run: Callable[[_Window], object]
    keys: tuple[str, ...] = ()
    needs_file: bool = True
    starts_group: bool = False


def without_access_key(label: str) -> str:
    """Return a label without the mark of its access key, which some scripts put behind it: "文件(&F)"."""
    return re.sub(_ACCESS_KEY, "", label).replace("&", "").removesuffix("…").rstrip()


class Menus(QObject):
    """All actions by name. ``file_wanted`` carries a recent file that was chosen."""

    file_wanted = Signal(str)

    def __init__(self, bar: QMenuBar, texts: Translator, commands: Sequence[Command[_Window]], window: _Window) -> None:
        super().__init__(bar)
        self._texts, self.commands = texts, commands
        self.actions: dict[str, QAction] = {}
        self.menus: dict[Menu, QMenu] = {}
        self._stack: QUndoStack | None = None
        for menu in Menu:
            label = texts.gettext(MENU_LABELS[menu])
            self.menus[menu] = QMenu(label, bar) if menu in TASK_MENUS else bar.addMenu(label)
            self.menus[menu].setObjectName(menu.value)
        for command in commands:
            self._add(command, window)
        for menu in TASK_MENUS:
            self._put_below("task_deliver", Menu.GO, self.menus[menu])
        self.recent = QMenu(texts.gettext("Open &recent"), bar)
        self.recent.setObjectName("menu_recent")
        self._put_below("demonstration", Menu.FILE, self.recent)
        self.follow(None)

    def _add(self, command: Command[_Window], window: _Window) -> None:
        menu = self.menus[command.menu]
        if command.starts_group:
            menu.addSeparator()
        action = QAction(self._texts.gettext(command.label), self)
        action.setObjectName(f"action_{command.name}")
        action.setShortcuts([QKeySequence(key) for key in command.keys])
        if self._texts.right_to_left and command.keys:
            # "Ctrl++" would be shown as "++Ctrl".
            action.setText(f"{action.text()}\t{native_keys(self._texts, command.keys[0])}")
        action.triggered.connect(lambda _checked=False: command.run(window))
        menu.addAction(action)
        self.actions[command.name] = action

    def _put_below(self, name: str, menu: Menu, submenu: QMenu) -> None:
        """Put a submenu below a command."""
        entries = self.menus[menu].actions()
        following = entries[entries.index(self.actions[name]) + 1]
        self.menus[menu].insertMenu(following, submenu)

    def offer_recent(self, recent: Iterable[RecentAssessment]) -> None:
        """Fill the menu of recent files."""
        from capacity_app.ui.pages.start.start_page import recent_title  # noqa: PLC0415 - the first paint needs it not

        self.recent.clear()
        for entry in recent:
            if not entry.is_missing:
                # An "&" in a name is a letter, not the mark of an access key.
                action = self.recent.addAction(recent_title(self._texts, entry).replace("&", "&&"))
                action.triggered.connect(lambda _checked=False, file=entry.file: self.file_wanted.emit(file))
        self.recent.setEnabled(not self.recent.isEmpty())

    def follow(self, stack: QUndoStack | None) -> None:
        """Allow what an open assessment allows, or only what needs none."""
        for command in self.commands:
            self.actions[command.name].setEnabled(stack is not None or not command.needs_file)
        self._stack = stack
        self.show_steps()

    def show_steps(self) -> None:
        """Say what undo would take back and redo bring again."""
        stack = self._stack
        say = self._texts.gettext
        undone = stack.undoText() if stack else ""
        redone = stack.redoText() if stack else ""
        undo, redo = self.actions["undo"], self.actions["redo"]
        undo.setText(say("&Undo: {step}").format(step=undone.replace("&", "&&")) if undone else say("&Undo"))
        redo.setText(say("&Redo: {step}").format(step=redone.replace("&", "&&")) if redone else say("&Redo"))
        undo.setEnabled(stack is not None and stack.canUndo())
        redo.setEnabled(stack is not None and stack.canRedo())
