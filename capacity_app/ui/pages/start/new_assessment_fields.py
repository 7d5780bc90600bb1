"""Fields of the form for a new assessment: previous round, questionnaire and its supplements."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring
from capacity_app.domain.problems import KnownError, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.session.next_round import (
    continuing_questionnaire,
    open_actions,
    read_previous_round,
    supplement_ids,
)
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
from capacity_app.ui.widgets.layouts import discard, lay_out, with_name

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
        self._file = ""
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
                self._mark(self._file)
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
        self._file = file
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
        self.choose(self._file)

    def show_instrument(self, instrument: Instrument | None) -> None:
        """Say what the earlier round hands over to an assessment with an instrument."""
        if self.dossier is None or instrument is None:
            return
        texts = self._texts
        self.waiting.setText(carried_forward_sentences(texts, self.dossier, instrument))
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


def _count(texts: Translator, what: str, count: int) -> str:
    patterns = {
        "agencies": texts.ngettext("{count} agency", "{count} agencies", count),
        "people": texts.ngettext("{count} person", "{count} people", count),
        "sources": texts.ngettext("{count} data source", "{count} data sources", count),
    }
    return patterns[what].format(count=texts.number(count))


# In the form for a new assessment: the instrument, and which of its supplements are added.


_KEPT = "kept"
"""Stands for the instrument of the earlier round among the choices."""


class InstrumentField(QWidget):
    """A list of instruments; the boxes of the chosen one's supplements are ``supplements``. ``changed`` tells."""

    changed = Signal()

    def __init__(self, texts: Translator, instruments: Sequence[LibraryEntry]) -> None:
        super().__init__()
        self._texts, self._instruments = texts, tuple(instruments)
        self.kept: Instrument | None = None
        self.choice = with_name(ComboBox(), "new_instrument", texts.gettext("Instrument"))
        self.choice.currentIndexChanged.connect(lambda _index: self._offer_supplements())
        lay_out(QVBoxLayout(self), self.choice, margins=0)
        self.supplements = QWidget()
        self._column = lay_out(QVBoxLayout(self.supplements), margins=(0, SMALL, 0, 0), spacing=SMALL)
        self._boxes: dict[str, QCheckBox] = {}
        self.setFocusProxy(self.choice)
        self._fill()
        self._offer_supplements()

    def _fill(self) -> None:
        choices = [(str(place), self._said(entry)) for place, entry in enumerate(self._instruments)]
        if self.kept is not None:
            kept = self._texts.gettext("{title}, version {version}, as in the earlier round")
            title = self._worded(self.kept.id, self.kept.title)
            choices.append((_KEPT, kept.format(title=title, version=self.kept.version)))
        self.choice.fill(tuple(choices))

    def _said(self, entry: LibraryEntry) -> str:
        title = self._worded(entry.id, entry.title)
        if entry.has_mistakes:
            return self._texts.gettext("{title} (has mistakes and cannot be used)").format(title=title)
        return self._texts.gettext("{title}, version {version}").format(title=title, version=entry.version)

    def _worded(self, instrument: str, title: str) -> str:
        return self._texts.wording(instrument, "instrument|title", title) or instrument

    def continue_from(self, earlier: Dossier | None) -> None:
        self.kept = earlier.instrument if earlier is not None else None
        self._fill()
        if earlier is None:
            self._offer_supplements()
            return
        entry = continuing_questionnaire(earlier.instrument, self._instruments)
        key = str(self._instruments.index(entry)) if entry is not None else _KEPT
        self.choice.setCurrentIndex(self.choice.findData(key))
        self._offer_supplements(supplement_ids(earlier.instrument))

    def _offer_supplements(self, ticked: Sequence[str] = ()) -> None:
        discard(*self._boxes.values())
        entry = self.entry
        self._boxes = {}
        for supplement in entry.supplements if entry else ():
            title = self._texts.wording(entry.id if entry else "", supplement.title_key, supplement.title)
            box = QCheckBox(f"{supplement.id}  {title}".replace("&", "&&"))
            box.setObjectName(f"new_supplement_{supplement.id}")
            box.setChecked(supplement.id in ticked)
            box.clicked.connect(lambda _on: self.changed.emit())
            self._column.addWidget(box)
            self._boxes[supplement.id] = box
        self.changed.emit()

    def choose(self, key: str, supplements: Sequence[str]) -> None:
        self.choice.setCurrentIndex(max(self.choice.findData(key), 0))
        self._offer_supplements(supplements)

    @property
    def has_supplements(self) -> bool:
        return bool(self._boxes)

    @property
    def entry(self) -> LibraryEntry | None:
        """The chosen instrument of this computer; None where there is none, or that of the earlier round goes on."""
        key = self.choice.currentData()
        return self._instruments[int(key)] if isinstance(key, str) and key.isdecimal() else None

    @property
    def continued_instrument(self) -> Instrument | None:
        """The instrument of the earlier round, if that is the chosen one."""
        return self.kept if self.choice.currentData() == _KEPT else None

    @property
    def chosen_supplements(self) -> tuple[str, ...]:
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    def read(self) -> Instrument | None:
        """Read the chosen instrument; None if it has mistakes or there is none."""
        if self.continued_instrument is not None:
            return self.continued_instrument
        entry = self.entry
        if entry is None:
            return None
        instrument, problems = read_instrument(entry.folder, self.chosen_supplements)
        has_errors = any(problem.severity is ProblemSeverity.ERROR for problem in problems)
        return None if has_errors else instrument
