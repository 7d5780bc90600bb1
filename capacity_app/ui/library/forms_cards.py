"""The cards of collecting with ODK and KoboToolbox: make a form, read one, take the answers in."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QShowEvent
from PySide6.QtWidgets import QCheckBox, QPushButton, QVBoxLayout

from capacity_app.catalogues import wording_languages
from capacity_app.instruments.library import Entry
from capacity_app.texts import Texts
from capacity_app.ui.library.writing_cards import ReadCard
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.lines import Line
from capacity_app.ui.look.theme import SMALL, Role


def _headed(card: Card, title: str, about: str) -> None:
    card.body.addWidget(Words(title, Role.STRONG))
    card.body.addWidget(Words(about, is_muted=True))


def _button(name: str, label: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setAccessibleName(label)
    button.setAutoDefault(True)
    return button


class _Ticks(QVBoxLayout):
    """A heading with something to tick for each of some names."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._name = name
        self.setSpacing(SMALL)
        self.heading = Words(title)
        self.addWidget(self.heading)
        self.boxes: dict[str, QCheckBox] = {}

    def show_choices(self, choices: Iterable[tuple[str, str]], *, are_chosen: bool) -> None:
        """Offer these, by what they stand for and how they are called."""
        for box in self.boxes.values():
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for key, label in choices:
            box = QCheckBox(label)
            box.setObjectName(f"{self._name}_{key}")
            box.setChecked(are_chosen)
            self.boxes[key] = box
            self.addWidget(box)
        self.heading.setVisible(bool(self.boxes))

    @property
    def chosen(self) -> tuple[str, ...]:
        """What is ticked."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())


class FormCard(Card):
    """Makes a form of the chosen questionnaire; ``wanted`` asks for it."""

    wanted = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        say = texts.gettext
        _headed(self, say("Make a form for phones"), say(
            "An XLSForm for ODK or KoboToolbox, with everything that is asked. It knows no points; what else it cannot "
            "hold is listed."
        ))  # fmt: skip
        self.languages = _Ticks("forms_language", say("Languages beside its own"))
        self.supplements = _Ticks("forms_supplement", say("With these supplements"))
        self.step = Words(say("The form is being made and checked …"), is_muted=True)
        self.step.hide()
        self.button = _button("forms_make", say("Make the form …"))
        self.button.clicked.connect(lambda _checked: self.wanted.emit())
        self.notes = FullList("forms_notes", say("What the form does not hold"))
        self.notes.hide()
        for part in (self.languages, self.supplements):
            self.body.addSpacing(SMALL)
            self.body.addLayout(part)
        self.body.addSpacing(SMALL)
        self.body.addLayout(row(self.button))
        self.body.addWidget(self.step)
        self.body.addWidget(self.notes)

    def show_entry(self, entry: Entry | None) -> None:
        """Offer the languages and supplements of a questionnaire."""
        texts = self._texts
        tags = wording_languages(entry.id) if entry else ()
        self.languages.show_choices(((tag, texts.language_name(tag)) for tag in tags), are_chosen=True)
        offered = entry.supplements if entry else ()
        titles = ((one.id, texts.wording(entry.id if entry else "", one.title_key, one.title)) for one in offered)
        self.supplements.show_choices(titles, are_chosen=False)
        self.button.setEnabled(entry is not None and not entry.has_mistakes)
        self.show_notes(())

    def show_running(self, *, is_running: bool) -> None:
        """Show that a form is being made."""
        self.step.setVisible(is_running)
        self.button.setEnabled(not is_running)

    def show_notes(self, problems: Iterable[tuple[str, str]]) -> None:
        """List what the form that was made does not hold, each with its place."""
        lines = [
            Line(key=str(number), title=text, detail=place, mark="!", colour="warning")
            for number, (place, text) in enumerate(problems)
        ]
        self.notes.show_lines(lines)
        self.notes.setVisible(bool(lines))


class FormReadCard(ReadCard):
    """Shows what a form holds, as a workbook that was written by hand is shown."""

    def __init__(self, texts: Texts) -> None:
        say = texts.gettext
        about = say(
            "Choose the XLSForm of a survey, or drop it here. Its questions become a questionnaire; what cannot be "
            "asked here is listed with its row, and nothing is changed before you say so."
        )
        super().__init__(texts, "forms", (say("Read a form"), about, say("Read a form …")))


class AnswersCard(Card):
    """Says where collected answers are taken in, and leads there while an assessment is open."""

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        say = texts.gettext
        _headed(self, say("Take in the answers"), say(
            "Export the submissions from ODK Central or KoboToolbox as they offer it (.csv, .zip or .xlsx) and take "
            "the file in on the page Exchange of the open assessment: every answer is shown before anything is stored."
        ))  # fmt: skip
        self.button = _button("forms_exchange", say("Go to Exchange"))
        self.button.clicked.connect(lambda _checked: self._go())
        self.closed = Words(say("No assessment is open."), is_muted=True, role=Role.CAPTION)
        self.body.addSpacing(SMALL)
        self.body.addLayout(row(self.button))
        self.body.addWidget(self.closed)

    def _action(self) -> QAction | None:
        return self.window().findChild(QAction, "action_exchange")

    def _go(self) -> None:
        action = self._action()
        if action is not None:
            action.trigger()

    def showEvent(self, event: QShowEvent) -> None:
        """Offer to go there only while there is somewhere to go."""
        super().showEvent(event)
        action = self._action()
        is_open = action is not None and action.isEnabled()
        self.button.setEnabled(is_open)
        self.closed.setVisible(not is_open)
