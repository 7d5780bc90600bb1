"""In the form for a new assessment: the earlier round it goes on from, if any, and what that hands over."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import NO_KEYS, Key, Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.services.next_round import open_actions, read_earlier
from capacity_app.services.unlocking import Protected, key_of
from capacity_app.texts import Texts
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.theme import MEDIUM, SMALL, Role
from capacity_app.ui.protection.unlock_card import UnlockCard
from capacity_app.ui.registers.earlier_rounds import ask_earlier, round_detail, round_title, waiting_sentences
from capacity_app.ui.shell.recent_list import title_of
from capacity_app.ui.shell.settings import Recent

if TYPE_CHECKING:
    from capacity_app.domain.dossier import Dossier

_ANOTHER = "…"
"""Stands for any other file among the choices."""


class EarlierField(QWidget):
    """A list of recent assessments and a way to any other file; below it what is taken over. ``changed`` tells."""

    changed = Signal()

    def __init__(self, texts: Texts, recent: Sequence[Recent], device: str, folder: Path) -> None:
        super().__init__()
        self._texts, self._device, self._folder = texts, device, folder
        self.dossier: Dossier | None = None
        self.problem = ""
        say = texts.gettext
        self.choice = QuietCombo()
        self.choice.setObjectName("new_earlier")
        self.choice.setAccessibleName(say("Earlier round"))
        self.choice.addItem(say("None: this is the first round"), "")
        for entry in recent:
            if not entry.is_missing:
                self.choice.addItem(f"{title_of(texts, entry)} – {Path(entry.file).name}", entry.file)
        self.choice.addItem(say("Another file …"), _ANOTHER)
        self.choice.activated.connect(lambda _index: self._chosen())
        self._file = ""
        self.keys = NO_KEYS
        self.key: Key | None = None
        self.unlock = UnlockCard(texts, leave=say("Choose another file"))
        self.unlock.opened.connect(self._open)
        self.unlock.left.connect(lambda: self.choose(""))
        self.unlock.hide()
        self._title, self._detail = Words(role=Role.STRONG), Words(role=Role.CAPTION, is_muted=True)
        self.waiting, self._taken = Words(), Words(is_muted=True)
        self.waiting.setObjectName("new_waiting")
        self.action_box = QCheckBox()
        self.action_box.setObjectName("new_actions")
        self.action_box.setChecked(True)
        self._lay_out()

    def _lay_out(self) -> None:
        self._card = Card(tint="accent_tint", edge="accent", margin=MEDIUM)
        for widget in (self._title, self._detail, self.waiting, self._taken, self.action_box):
            self._card.body.addWidget(widget)
        self._card.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(self.choice)
        column.addWidget(self.unlock)
        column.addWidget(self._card)
        self.setFocusProxy(self.choice)

    def _chosen(self) -> None:
        file = str(self.choice.currentData())
        if file == _ANOTHER:
            found = ask_earlier(self, self._texts, self._folder)
            if found is None:
                self._mark(self._file)
                return
            file = str(found)
        self.choose(file)

    def _mark(self, file: str) -> None:
        """Show a file as the chosen one."""
        if self.choice.findData(file) < 0:
            self.choice.insertItem(self.choice.count() - 1, Path(file).name, file)
        self.choice.setCurrentIndex(self.choice.findData(file))

    def choose(self, file: str) -> None:
        """Go on from a file, or from none; what cannot be read is said, and none is chosen."""
        self.problem, self.dossier, self.key = "", None, None
        is_locked = False
        try:
            if file:
                self.dossier = read_earlier(Path(file), self._device, self.keys)
                self.key = key_of(Path(file), self.keys)
        except Protected:
            is_locked = True
            self.unlock.ask(Path(file))
        except KnownError as error:
            self.problem, file = error.text(self._texts.gettext), ""
        self._file = file
        self._mark(file)
        self.unlock.setVisible(is_locked)
        if is_locked:
            self.unlock.field.setFocus()
        self._card.setVisible(self.dossier is not None)
        if self.dossier is not None:
            self._title.setText(round_title(self._texts, self.dossier))
            self._detail.setText(round_detail(self._texts, self.dossier))
        self.changed.emit()

    def _open(self, ring: Keyring) -> None:
        self.keys = self.keys.and_also(ring)
        self.choose(self._file)

    def show_instrument(self, instrument: Instrument | None) -> None:
        """Say what the earlier round hands over to an assessment with an instrument."""
        if self.dossier is None or instrument is None:
            return
        texts = self._texts
        self.waiting.setText(waiting_sentences(texts, self.dossier, instrument))
        self._taken.setText(texts.gettext(
            "Taken over: the country, {agencies}, {people} and {sources}. Meetings, evidence and ratings stay with the "
            "earlier round."
        ).format(
            agencies=_count(texts, "agencies", len(self.dossier.agencies)),
            people=_count(texts, "people", len(self.dossier.people)),
            sources=_count(texts, "sources", len(self.dossier.sources)),
        ))  # fmt: skip
        count = len(open_actions(self.dossier, instrument))
        self.action_box.setVisible(count > 0)
        pattern = texts.ngettext(
            "Take {count} unfinished action along, with its progress",
            "Take {count} unfinished actions along, with their progress",
            count,
        )
        self.action_box.setText(pattern.format(count=texts.number(count)))

    @property
    def file(self) -> str:
        """The chosen file, empty for none."""
        return self._file

    @property
    def with_actions(self) -> bool:
        return self.dossier is not None and self.action_box.isChecked()


def _count(texts: Texts, what: str, count: int) -> str:
    patterns = {
        "agencies": texts.ngettext("{count} agency", "{count} agencies", count),
        "people": texts.ngettext("{count} person", "{count} people", count),
        "sources": texts.ngettext("{count} data source", "{count} data sources", count),
    }
    return patterns[what].format(count=texts.number(count))
