"""The keyboard overview: every key there is, from the same tables that make the keys work."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from capacity_app.domain.problems import N_
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, ReadingColumn, Words
from capacity_app.ui.look.key_names import on_keyboard
from capacity_app.ui.look.theme import LARGE, MEDIUM, Role
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.shell.commands import COMMANDS, MENU_LABELS, Menu, plain

_KEY_LETTERS = 24
_ON_PAGES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        N_("Availability"),
        (
            ("↑ ↓ ← →", N_("Go through topics and sources")),
            ("Enter", N_("Go to the answer behind a cell, to the source behind a total")),
            ("Ctrl+C", N_("Copy the table")),
        ),
    ),
    (
        N_("Gap board"),
        (("Ctrl+← Ctrl+→", N_("Move the chosen gap to an easier or harder column")),),
    ),
    (
        N_("Timeline"),
        (
            ("Ctrl+← Ctrl+→", N_("Move the chosen action by a month")),
            ("Shift+← Shift+→", N_("Move its start by a month")),
            ("Ctrl+Shift+← Ctrl+Shift+→", N_("Move its end by a month")),
            ("+ −", N_("Show a shorter or longer time")),
            ("Enter", N_("Open the form of the action")),
        ),
    ),
    (
        N_("Differences to decide on, in a returned file or a merge"),
        (
            ("↑ ↓", N_("Go through the differences")),
            ("A", N_("Accept: what comes from the file stands")),
            ("K", N_("Keep: what stands here stays")),
            ("Del", N_("Decide later")),
            ("Ctrl+A", N_("Accept all that are shown")),
            ("Space, Shift+Space", N_("Scroll what the two sides say")),
        ),
    ),
    (
        N_("Pages of the report"),
        (("Page Up, Page Down", N_("Go through the pages")), ("Enter", N_("Make the report"))),
    ),
    (N_("Date fields"), (("Alt+↓", N_("Open the calendar")),)),
)
"""The keys of single pages: heading, then keys and their meaning (message ids)."""


def _native(shortcut: str) -> str:
    return QKeySequence(shortcut).toString(QKeySequence.SequenceFormat.NativeText)


def _worded(texts: Texts, found: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((on_keyboard(texts, key), texts.gettext(meaning)) for key, meaning in found)


def shortcuts(texts: Texts) -> dict[str, tuple[tuple[str, str], ...]]:
    """Give all keys with their meaning, in groups with a heading."""
    groups: dict[str, tuple[tuple[str, str], ...]] = {texts.gettext("While answering"): _worded(texts, keys.OVERVIEW)}
    for menu in Menu:
        commands = [command for command in COMMANDS if command.menu is menu and command.keys]
        if commands:
            groups[plain(texts.gettext(MENU_LABELS[menu]))] = tuple(
                (", ".join(_native(key) for key in command.keys), plain(texts.gettext(command.label)))
                for command in commands
            )
    for title, found in _ON_PAGES:
        groups[texts.gettext(title)] = _worded(texts, found)
    return groups


class KeyboardOverview(ReadingColumn):
    """All keys, one card per group."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=LARGE)
        self.setObjectName("keyboard_overview")
        self.setAccessibleName(texts.gettext("Keyboard overview"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for title, found in shortcuts(texts).items():
            self.body.addWidget(_group(title, found))
        self.body.addStretch(1)


def _group(title: str, found: Iterable[tuple[str, str]]) -> QWidget:
    card = Card(margin=LARGE)
    card.body.addWidget(Words(title, Role.HEADING))
    grid = QGridLayout()
    grid.setHorizontalSpacing(LARGE)
    grid.setVerticalSpacing(MEDIUM)
    # All groups have their second column at the same place.
    grid.setColumnMinimumWidth(0, _KEY_LETTERS * card.fontMetrics().averageCharWidth())
    grid.setColumnStretch(1, 1)
    for line, (key, meaning) in enumerate(found):
        grid.addWidget(Words(key, Role.STRONG), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Words(meaning), line, 1)
    card.body.addLayout(grid)
    return card
