"""Who stands for which translation: every language with its share, its state in words, by whom, when, which version."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from capacity_app.catalogues import Standing
from capacity_app.texts import Texts
from capacity_app.ui.jobs import Inquiry
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.theme import MEDIUM, Role

_SIGNS = {
    Standing.REVIEWED.value: ("✓", "good"),
    Standing.EARLIER.value: ("◐", "warning"),
    Standing.UNREVIEWED.value: ("○", "muted"),
}


@dataclass(frozen=True, slots=True)
class State:
    """How much of something is translated into a language, and who stands for it."""

    done: int
    of: int
    standing: str
    sentence: str

    def share(self, texts: Texts) -> str:
        return texts.gettext("{done} of {all} texts").format(done=texts.number(self.done), all=texts.number(self.of))

    def said(self, texts: Texts) -> str:
        """Say how much is translated and who stands for it."""
        return f"{self.share(texts)} · {self.sentence}"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language as it calls itself and as the window's language calls it."""

    code: str
    own_name: str
    name: str

    @property
    def both(self) -> str:
        return " – ".join(dict.fromkeys((self.own_name, self.name)))


class StatesReading(QObject):
    """Asks the command line which translations there are. ``read`` tells that it has answered."""

    read = Signal()

    def __init__(self, texts: Texts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.states: dict[tuple[str, str], State] = {}
        self.languages: tuple[Spoken, ...] = ()
        self.inquiry = Inquiry(texts.tag, self)
        self.inquiry.answered.connect(self._take)

    def start(self) -> None:
        if not self.inquiry.is_running:
            self.inquiry.start(["languages", "--json"])

    def stop(self) -> None:
        self.inquiry.stop()

    def _take(self, answer: dict[str, object]) -> None:
        states: dict[tuple[str, str], State] = {}
        languages = []
        for one in _listed(answer, "languages"):
            languages.append(Spoken(str(one["language"]), str(one["own_name"]), str(one["name"])))
            for part in _listed(one, "parts"):
                state = State(int(str(part["done"])), int(str(part["of"])), str(part["standing"]), str(part["said"]))
                states[str(part["subject"]), str(one["language"])] = state
        self.states, self.languages = states, tuple(languages)
        self.read.emit()


def _listed(found: Mapping[str, object], name: str) -> list[dict[str, object]]:
    """Give a list of objects that a message holds; none if it is garbled."""
    value = found.get(name)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


class StatesCard(Card):
    """The languages something is translated into, as a list to be read."""

    def __init__(self, texts: Texts) -> None:
        super().__init__(margin=MEDIUM)
        self._texts = texts
        self.body.addWidget(Words(texts.gettext("Who stands for which translation"), Role.HEADING))
        self.none = Words(texts.gettext("Nothing is translated yet."), is_muted=True)
        self.none.setObjectName("translation_none")
        self.list = FullList("translation_states", texts.gettext("Who stands for which translation"))
        self.body.addWidget(self.none)
        self.body.addWidget(self.list)

    def show_subject(self, subject: str, reading: StatesReading) -> None:
        """Show the translations of one questionnaire, or of the program."""
        lines = [
            self._line(spoken, reading.states[subject, spoken.code])
            for spoken in reading.languages
            if (subject, spoken.code) in reading.states
        ]
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.none.setVisible(not lines)

    def _line(self, spoken: Spoken, state: State) -> Line:
        sign, colour = _SIGNS.get(state.standing, ("○", "muted"))
        return Line(key=spoken.code, title=spoken.both, detail=state.said(self._texts), mark=sign, colour=colour)
