"""Fields of the form for a new assessment: previous round, questionnaire and its supplements."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.next_round import open_actions, read_previous_round
from capacity_app.storage.file_errors import FileProtected
from capacity_app.storage.opening import key_opening
from capacity_app.ui.pages.file_safety.passphrase_fields import UnlockCard
from capacity_app.ui.pages.prepare.mission_page import (
    ask_previous_round_file,
    carried_forward_sentences,
    previous_round_detail,
    previous_round_title,
)
from capacity_app.ui.pages.start.start_page import recent_title
from capacity_app.ui.session.settings import RecentAssessment
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TextRole
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.cards import Card, Label
from capacity_app.ui.widgets.layouts import lay_out, with_name

if TYPE_CHECKING:
    from capacity_app.domain.assessment.dossier import Dossier


_ANOTHER = "…"
"""Stands for any other file among the choices."""


class PreviousRoundField(QWidget):
    """A list of recent assessments and a way to any other file; below it what is taken over. ``changed`` tells."""

    changed = Signal()

    def __init__(self, texts: Translator, recent: Sequence[RecentAssessment], device: str, folder: Path) -> None:
        super().__init__()
        self._texts, self._device, self._folder = texts, device, folder
        self.dossier: Dossier | None = None
        self.problem = ""
        say = texts.gettext
        self.choice = with_name(ComboBox(), "new_earlier", say("Earlier round"))
        self.choice.addItem(say("None: this is the first round"), "")
        for entry in recent:
            if not entry.is_missing:
                self.choice.addItem(f"{recent_title(texts, entry)} – {Path(entry.file).name}", entry.file)
        self.choice.addItem(say("Another file …"), _ANOTHER)
        self.choice.activated.connect(lambda _index: self._chosen())
        self.file = ""
        self.keys = NO_KEYS
        self.key: EncryptionKey | None = None
        self.unlock = UnlockCard(texts, leave=say("Choose another file"))
        self.unlock.opened.connect(self._open)
        self.unlock.left.connect(lambda: self.choose(""))
        self.unlock.hide()
        self._title, self._detail = Label(role=TextRole.STRONG), Label(role=TextRole.CAPTION, is_muted=True)
        self.waiting, self._taken = Label(), Label(is_muted=True)
        self.waiting.setObjectName("new_waiting")
        self.action_box = with_name(QCheckBox(), "new_actions")
        self.action_box.setChecked(True)
        self._lay_out()

    def _lay_out(self) -> None:
        self._card = Card(tint="accent_tint", edge="accent", margin=MEDIUM)
        for widget in (self._title, self._detail, self.waiting, self._taken, self.action_box):
            self._card.body.addWidget(widget)
        self._card.hide()
        lay_out(QVBoxLayout(self), self.choice, self.unlock, self._card, margins=0, spacing=SMALL)
        self.setFocusProxy(self.choice)

    def _chosen(self) -> None:
        file = str(self.choice.currentData())
        if file == _ANOTHER:
            found = ask_previous_round_file(self, self._texts, self._folder)
            if found is None:
                self._mark(self.file)
                return
            file = str(found)
        self.choose(file)

    def _mark(self, file: str) -> None:
        if self.choice.findData(file) < 0:
            self.choice.insertItem(self.choice.count() - 1, Path(file).name, file)
        self.choice.setCurrentIndex(self.choice.findData(file))

    def choose(self, file: str) -> None:
        """Go on from a file, or from none; what cannot be read is said, and none is chosen."""
        self.problem, self.dossier, self.key = "", None, None
        is_locked = False
        try:
            if file:
                self.dossier = read_previous_round(Path(file), self._device, self.keys)
                self.key = key_opening(Path(file), self.keys)
        except FileProtected:
            is_locked = True
            self.unlock.ask(Path(file))
        except KnownError as error:
            self.problem, file = error.text(self._texts.gettext), ""
        self.file = file
        self._mark(file)
        self.unlock.setVisible(is_locked)
        if is_locked:
            self.unlock.field.setFocus()
        self._card.setVisible(self.dossier is not None)
        if self.dossier is not None:
            self._title.setText(previous_round_title(self._texts, self.dossier))
            self._detail.setText(previous_round_detail(self._texts, self.dossier))
        self.changed.emit()

    def _open(self, ring: Keyring) -> None:
        self.keys = self.keys.combined_with(ring)
        self.choose(self.file)

    def show_instrument(self, instrument: Instrument | None) -> None:
        """Say what the earlier round hands over to an assessment with an instrument."""
        if self.dossier is None or instrument is None:
            return
        texts = self._texts
        self.waiting.setText(carried_forward_sentences(texts, self.dossier, instrument))
        self._taken.setText(texts.gettext(
            "Copied: the country, {agencies}, {people} and {sources}. Meetings, evidence and ratings stay "
            "with the earlier round."
        ).format(
            agencies=_count(texts, "agencies", len(self.dossier.agencies)),
            people=_count(texts, "people", len(self.dossier.people)),
            sources=_count(texts, "sources", len(self.dossier.sources)),
        ))  # fmt: skip
        count = len(open_actions(self.dossier, instrument))
        self.action_box.setVisible(count > 0)
        pattern = texts.counted(
            "Take {count} unfinished action along, with its progress",
            "Take {count} unfinished actions along, with their progress",
            count,
        )
        self.action_box.setText(pattern)

    @property
    def with_actions(self) -> bool:
        return self.dossier is not None and self.action_box.isChecked()


def _count(texts: Translator, what: str, count: int) -> str:
    patterns = {
        "agencies": texts.ngettext("{count} agency", "{count} agencies", count),
        "people": texts.ngettext("{count} person", "{count} people", count),
        "sources": texts.ngettext("{count} data source", "{count} data sources", count),
    }
    return patterns[what].format(count=texts.number(count))
