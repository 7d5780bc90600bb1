"""Everything a person can ask of the window: declared once, for the menus and for the keyboard overview."""

import re
from dataclasses import dataclass
from enum import StrEnum

from capacity_app.domain.problems import N_

_ACCESS_KEY = re.compile(r"\s*\(&.\)")


class Menu(StrEnum):
    """The menus in their order; the values are the names of the objects."""

    FILE = "menu_file"
    EDIT = "menu_edit"
    GO = "menu_go"
    VIEW = "menu_view"
    HELP = "menu_help"


MENU_LABELS: dict[Menu, str] = {
    Menu.FILE: N_("&File"),
    Menu.EDIT: N_("&Edit"),
    Menu.GO: N_("&Go"),
    Menu.VIEW: N_("&View"),
    Menu.HELP: N_("&Help"),
}


@dataclass(frozen=True, slots=True)
class Command:
    """One entry of a menu. ``needs_file`` ones work only while an assessment is open.

    ``starts_group`` puts a line above it.
    """

    name: str
    label: str
    menu: Menu
    keys: tuple[str, ...] = ()
    needs_file: bool = True
    starts_group: bool = False


COMMANDS = (
    Command("new", N_("&New assessment …"), Menu.FILE, ("Ctrl+N",), needs_file=False),
    Command("open", N_("&Open …"), Menu.FILE, ("Ctrl+O",), needs_file=False),
    Command("demonstration", N_("Open the &demonstration …"), Menu.FILE, needs_file=False),
    Command("save", N_("&Save now"), Menu.FILE, ("Ctrl+S",), starts_group=True),
    Command("save_copy", N_("Save a &copy …"), Menu.FILE, ("Ctrl+Shift+S",)),
    Command("backups", N_("Back&ups …"), Menu.FILE, ("Ctrl+Shift+B",)),
    Command("report", N_("Make a &report …"), Menu.FILE, ("F11",), starts_group=True),
    Command("blank", N_("&Blank form …"), Menu.FILE, needs_file=False),
    Command("everything", N_("&Export everything …"), Menu.FILE),
    Command("headquarters", N_("&Headquarters: many countries …"), Menu.FILE, ("Ctrl+Shift+H",), needs_file=False),
    Command("library", N_("Questionnaires and &languages …"), Menu.FILE, ("Ctrl+Shift+L",), needs_file=False),
    Command("protection", N_("&Passphrase …"), Menu.FILE, starts_group=True),
    Command("take_in", N_("&Import returned file…"), Menu.FILE, ("Ctrl+Shift+I",), starts_group=True),
    Command("merge", N_("&Merge with another officer’s file …"), Menu.FILE, ("Ctrl+Shift+M",)),
    Command("close", N_("C&lose the assessment"), Menu.FILE, ("Ctrl+W",), starts_group=True),
    Command("quit", N_("&Quit"), Menu.FILE, ("Ctrl+Q",), needs_file=False),
    Command("undo", N_("&Undo"), Menu.EDIT, ("Ctrl+Z",)),
    Command("redo", N_("&Redo"), Menu.EDIT, ("Ctrl+Shift+Z", "Ctrl+Y")),
    Command("find", N_("&Find …"), Menu.EDIT, ("Ctrl+F",), starts_group=True),
    Command("name", N_("&Your name …"), Menu.EDIT, needs_file=False, starts_group=True),
    Command("questionnaire", N_("&Questionnaire"), Menu.GO, ("Ctrl+1",)),
    Command("availability", N_("&Availability of data"), Menu.GO, ("Ctrl+2",)),
    Command("scores", N_("&Scores"), Menu.GO, ("Ctrl+3",)),
    Command("comparison", N_("Rounds &compared"), Menu.GO, ("Ctrl+Shift+R",)),
    Command("gaps", N_("&Gaps"), Menu.GO, ("Ctrl+4",)),
    Command("plan", N_("Action &plan"), Menu.GO, ("Ctrl+5",)),
    Command("registers", N_("&Registers"), Menu.GO, ("Ctrl+6",)),
    Command("mission", N_("&Mission"), Menu.GO, ("Ctrl+7",)),
    Command("versions", N_("&Versions of the questions"), Menu.GO, ("Ctrl+Shift+V",)),
    Command("exchange", N_("&Import and merge"), Menu.GO, ("Ctrl+Shift+E",)),
    Command("checks", N_("&Check before you leave"), Menu.GO, ("Ctrl+8",)),
    Command("report_page", N_("Rep&ort"), Menu.GO, ("Ctrl+9",)),
    Command("jump", N_("&Jump to a question …"), Menu.GO, ("Ctrl+J",), starts_group=True),
    Command("next_open", N_("&Next open question"), Menu.GO, ("Ctrl+Return",)),
    Command("room", N_("Show to the people across the &table"), Menu.GO, ("F12",), starts_group=True),
    Command("zoom_in", N_("&Larger text"), Menu.VIEW, ("Ctrl++", "Ctrl+="), needs_file=False),
    Command("zoom_out", N_("&Smaller text"), Menu.VIEW, ("Ctrl+-",), needs_file=False),
    Command("zoom_normal", N_("&Normal text"), Menu.VIEW, ("Ctrl+0",), needs_file=False),
    Command("guide", N_("&Guide"), Menu.HELP, ("F1",), needs_file=False),
    Command("keyboard", N_("&Keyboard overview"), Menu.HELP, ("Ctrl+F1",), needs_file=False),
    Command("about", N_("&About this program"), Menu.HELP, needs_file=False),
)
"""All commands in the order of their menus."""


def plain(label: str) -> str:
    """Give a label without the mark of its access key, which some scripts put behind it: "文件(&F)"."""
    return _ACCESS_KEY.sub("", label).replace("&", "").removesuffix("…").rstrip()
