"""Says that an entry looks like another one, and offers to join them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton

from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import MEDIUM, SMALL
from capacity_app.ui.registers.entry_words import Vocabulary


class LikenessHint(Card):
    """One sentence with two ways out. ``join_wanted`` and ``dismissed`` carry the id of the other entry."""

    join_wanted = Signal(str)
    dismissed = Signal(str)

    def __init__(self, words: Vocabulary) -> None:
        super().__init__(tint="warning_tint", edge="warning", margin=MEDIUM)
        self._words, self._other = words, ""
        self.setObjectName("likeness_hint")
        say = words.texts.gettext
        self.sentence = Words()
        line = QHBoxLayout()
        line.setSpacing(SMALL)
        line.addWidget(Mark("warning", "warning"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.sentence, 1)
        buttons = Flow(SMALL)
        for name, label, told in (
            ("hint_join", say("See what joining them would do"), self.join_wanted),
            ("hint_dismiss", say("They are different"), self.dismissed),
        ):
            button = QPushButton(label)
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked, told=told: told.emit(self._other))
            buttons.place(button)
        self.body.addLayout(line)
        self.body.addWidget(buttons)
        self.hide()

    def show_likeness(self, register: str, other: str) -> None:
        """Name the entry that looks the same; empty hides the hint."""
        self._other = other
        self.setVisible(bool(other))
        entry = self._words.session.entry(register, other) if other else None
        if entry is None:
            return
        detail = self._words.detail(register, entry)
        name = self._words.title(register, entry)
        pattern = self._words.texts.gettext("This looks like “{name}” ({detail}), entered twice.")
        if not detail:
            pattern = self._words.texts.gettext("This looks like “{name}”, entered twice.")
        self.sentence.setText(pattern.format(name=name, detail=detail))
