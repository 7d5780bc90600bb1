"""Choosing an instrument of this computer, and which of its supplements are added."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.problems import ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import LibraryEntry
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.session.next_round import continuing_questionnaire, supplement_ids
from capacity_app.ui.session.formatters import capitalized
from capacity_app.ui.theme.fonts_and_sizes import SMALL
from capacity_app.ui.widgets.buttons import ComboBox
from capacity_app.ui.widgets.flow import TickBoxes
from capacity_app.ui.widgets.layouts import lay_out, with_name

_KEPT = "kept"
"""Stands for the instrument of the previous round among the choices."""


class InstrumentField(QWidget):
    """A list of instruments, and of what they ask; ``supplements`` has the boxes of the chosen one's supplements.

    ``changed`` tells.
    """

    changed = Signal()

    def __init__(self, texts: Translator, instruments: Sequence[LibraryEntry]) -> None:
        super().__init__()
        self._texts, self._instruments = texts, tuple(instruments)
        self.kept: Instrument | None = None
        self.choice = with_name(ComboBox(), "new_instrument", texts.gettext("Questionnaire"))
        self.choice.currentIndexChanged.connect(lambda _index: self._offer_supplements())
        self.questions = with_name(ComboBox(), "new_questions", texts.gettext("Questions asked"))
        self.questions.currentIndexChanged.connect(lambda _index: self.changed.emit())
        lay_out(QVBoxLayout(self), self.choice, self.questions, margins=0, spacing=SMALL)
        self.supplements = TickBoxes("new_supplement")
        self.supplements.ticked.connect(self.changed)
        self.setFocusProxy(self.choice)
        self._fill()
        self._offer_supplements()

    def _fill(self) -> None:
        choices = [(str(place), self._said(entry)) for place, entry in enumerate(self._instruments)]
        if self.kept is not None:
            kept = self._texts.gettext("{title}, version {version}, as in the previous round")
            title = self._worded(self.kept.id, self.kept.title)
            choices.append((_KEPT, kept.format(title=title, version=self.kept.version)))
        self.choice.fill(tuple(choices))

    def _said(self, entry: LibraryEntry) -> str:
        title = self._worded(entry.id, entry.title)
        if entry.has_mistakes:
            return self._texts.gettext("{title} (has errors and cannot be used)").format(title=title)
        return self._texts.gettext("{title}, version {version}").format(title=title, version=entry.version)

    def _worded(self, instrument: str, title: str) -> str:
        return self._texts.wording(instrument, "instrument|title", title) or instrument

    def continue_from(self, earlier: Dossier | None) -> None:
        self.kept = earlier.instrument.whole if earlier is not None else None
        self._fill()
        if earlier is None:
            self._offer_supplements()
            return
        entry = continuing_questionnaire(earlier.instrument, self._instruments)
        key = str(self._instruments.index(entry)) if entry is not None else _KEPT
        self.choice.setCurrentIndex(self.choice.findData(key))
        self._offer_supplements(supplement_ids(earlier.instrument), earlier.mission.profile)

    def _offer_supplements(self, ticked: Sequence[str] = (), profile: str = "") -> None:
        offered = (self.kept if self.continued_instrument else self.entry) or self.entry
        profiles = offered.profiles if offered else ()
        number, say = self._texts.number, self._texts.gettext
        self.questions.fill((
            ("", say("All questions")),
            *((one.id, say("{form}: {count} questions").format(
                form=capitalized(self._texts.wording(offered.id if offered else "", f"profiles|{one.id}", one.title)),
                count=number(len(one.questions)))) for one in profiles),
        ))  # fmt: skip
        self.questions.setCurrentIndex(max(self.questions.findData(profile), 0))
        self.questions.setVisible(bool(profiles))
        numbered, worded, entry = self._texts.numbered, self._texts.wording, self.entry
        supplements = entry.supplements if entry else ()
        titles = ((one.id, worded(entry.id if entry else "", one.title_key, one.title)) for one in supplements)
        self.supplements.offer(((name, numbered(name, title)) for name, title in titles), ticked)
        self.changed.emit()

    def choose(self, key: str, supplements: Sequence[str], profile: str) -> None:
        self.choice.setCurrentIndex(max(self.choice.findData(key), 0))
        self._offer_supplements(supplements, profile)

    @property
    def profile(self) -> str:
        """The id of the chosen selection of questions, empty for all."""
        return str(self.questions.currentData() or "")

    @property
    def has_supplements(self) -> bool:
        return bool(self.supplements.boxes)

    @property
    def entry(self) -> LibraryEntry | None:
        """The chosen instrument of this computer; None where there is none, or that of the previous round goes on."""
        key = self.choice.currentData()
        return self._instruments[int(key)] if isinstance(key, str) and key.isdecimal() else None

    @property
    def continued_instrument(self) -> Instrument | None:
        """The instrument of the previous round, if that is the chosen one."""
        return self.kept if self.choice.currentData() == _KEPT else None

    @property
    def chosen_supplements(self) -> tuple[str, ...]:
        return self.supplements.chosen

    def read(self) -> Instrument | None:
        """Read the chosen instrument; None if it has mistakes or there is none."""
        if self.continued_instrument is not None:
            return self.continued_instrument.with_profile(self.profile)
        entry = self.entry
        if entry is None:
            return None
        instrument, problems = read_instrument(entry.folder, self.chosen_supplements)
        if instrument is None or any(problem.severity is ProblemSeverity.ERROR for problem in problems):
            return None
        return instrument.with_profile(self.profile)
