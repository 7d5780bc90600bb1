"""The start page: what one was working on, and the ways to begin."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.texts import Texts
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Tiles, Words, page_heading
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import COLUMN, LARGE, MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.shell.recent_list import RecentList
from capacity_app.ui.shell.settings import Recent


class _Way(Opener):
    """One way to begin: an icon, a name, and a sentence."""

    def __init__(self, name: str, title: str, sentence: str, sign: str = "") -> None:
        super().__init__(f"start_{name}", has_arrow=False)
        self.setCheckable(False)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        head = QHBoxLayout()
        head.setSpacing(MEDIUM)
        head.addWidget(Mark(sign or name, "accent"))
        head.addWidget(Words(title, Role.QUESTION), 1)
        self.body.setSpacing(SMALL)
        self.body.addLayout(head)
        self.body.addWidget(Words(sentence, Role.CAPTION, is_muted=True))
        self.body.addStretch(1)
        self.body.setContentsMargins(0, SMALL, SMALL, SMALL)


class StartPage(QWidget):
    """Shown while no assessment is open. ``round_wanted`` carries the file that a next round goes on from.

    ``backups_wanted`` carries a file whose backups are looked for, which may be gone.
    """

    round_wanted = Signal(str)
    backups_wanted = Signal(str)
    new_wanted = Signal()
    open_wanted = Signal()
    demonstration_wanted = Signal()
    blank_wanted = Signal()
    headquarters_wanted = Signal()
    library_wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.setObjectName("start_page")
        self.recent = RecentList(texts)
        self._empty = Words(
            texts.gettext(
                "Nothing opened on this computer yet. The demonstration shows a completely filled assessment of a "
                "country that does not exist; you can change anything in it."
            ),
            is_muted=True,
            side="center",
        )
        self._hint = Words(
            texts.gettext("Enter opens, Delete takes a file off this list; the file itself stays where it is."),
            Role.CAPTION,
            is_muted=True,
        )
        self.acts = self._acts()
        self.recent.current_changed.connect(self._offer)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        outer.addStretch(1)
        outer.addWidget(self._column(), 1000)
        outer.addStretch(1)

    def _column(self) -> QWidget:
        say = self._texts.gettext
        holder = QWidget()
        holder.setMaximumWidth(COLUMN * 5 // 4)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(LARGE)
        subtitle = say("Assess what a country needs, has and cannot yet produce; leave with a report on the last day.")
        column.addLayout(page_heading(say("Capacity assessments"), subtitle))
        column.addWidget(self._ways())
        card = Card(margin=SMALL)
        title = Words(say("Recent assessments"), Role.HEADING)
        title.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, SMALL)
        self._hint.setContentsMargins(MEDIUM, 0, MEDIUM, SMALL)
        self._empty.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        card.body.addWidget(title)
        card.body.addWidget(self.recent)
        card.body.addWidget(self._empty)
        card.body.addWidget(self.acts)
        card.body.addWidget(self._hint)
        column.addWidget(card)
        column.addStretch(1)
        return holder

    def _ways(self) -> QWidget:
        say = self._texts.gettext
        new = _Way("new", say("New assessment"), say("One instrument, one country, one round, in one file."))
        opened = _Way("open", say("Open a file"), say("Or drop an assessment file anywhere in this window."))
        demonstration = _Way(
            "demonstration", say("Demonstration"), say("A filled example to look around in, kept where you choose.")
        )
        blank = _Way(
            "blank",
            say("Print a blank form"),
            say("All questions on paper or as an empty workbook, for those who answer."),
            "questionnaire",
        )
        headquarters = _Way(
            "headquarters",
            say("Headquarters"),
            say("Bring many countries’ files together; see regions and shared gaps."),
            "availability",
        )
        questionnaires = _Way(
            "library",
            say("Questionnaires"),
            say("Check, preview and translate them; write one of your own in Excel."),
            "language",
        )
        for way, wanted in (
            (new, self.new_wanted),
            (opened, self.open_wanted),
            (demonstration, self.demonstration_wanted),
            (blank, self.blank_wanted),
            (headquarters, self.headquarters_wanted),
            (questionnaires, self.library_wanted),
        ):
            way.clicked.connect(wanted)
        self.ways = (new, opened, demonstration, blank, headquarters, questionnaires)
        card = Card(margin=SMALL)
        card.body.addWidget(Tiles(self.ways, letters=26))
        return card

    def _acts(self) -> QWidget:
        """Return what can be done with the current row, as buttons in a line that wraps."""
        say = self._texts.gettext
        self.opener = SignButton("open", say("Open"))
        self.rounder = SignButton("round", say("Start the next round from it"))
        self.keeper = SignButton("folder", say("Its backups"))
        self.forgetter = SignButton("close", say("Take off this list"))
        for name, button, told in (
            ("recent_open", self.opener, self.recent.opened),
            ("recent_round", self.rounder, self.round_wanted),
            ("recent_backups", self.keeper, self.backups_wanted),
            ("recent_forget", self.forgetter, self.recent.forgotten),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _checked, told=told: told.emit(self.recent.current_file))
        line = Flow(SMALL)
        for button in (self.opener, self.rounder, self.keeper, self.forgetter):
            line.place(button)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        column.addWidget(line)
        return holder

    def _offer(self, recent: object) -> None:
        """Offer what can be done with a row: a file that is gone may have backups, or is taken off."""
        is_there = isinstance(recent, Recent) and not recent.is_missing
        self.opener.setEnabled(is_there)
        self.rounder.setEnabled(is_there)

    def show_recent(self, rows: Sequence[Recent]) -> None:
        """Show what is remembered, and put the cursor where one goes on."""
        self.recent.show_recent(rows)
        for widget in (self.recent, self._hint, self.acts):
            widget.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        (self.recent if rows else self.ways[0]).setFocus(Qt.FocusReason.OtherFocusReason)
