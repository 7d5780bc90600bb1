"""On the mission page: the earlier round this one is compared with, to be set, replaced or left out."""

from pathlib import Path

from capacity_app.domain.dossier import Dossier
from capacity_app.domain.keys import Keyring
from capacity_app.domain.problems import KnownError
from capacity_app.services.next_round import expect_earlier, read_earlier
from capacity_app.services.unlocking import Protected
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.protection.unlock_card import UnlockCard
from capacity_app.ui.registers.earlier_rounds import ask_earlier, round_detail, round_title
from capacity_app.ui.registers.entry_words import Vocabulary


class EarlierCard(Card):
    """Says which earlier round there is and how many of its answers wait; changes are undoable like all others."""

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._words = bridge, words
        say = words.texts.gettext
        self.setObjectName("earlier_round")
        self._title, self._detail = Words(role=Role.STRONG), Words(role=Role.CAPTION, is_muted=True)
        self.waiting = Words()
        self.waiting.setObjectName("earlier_waiting")
        self.problem = Words(role=Role.CAPTION)
        self.problem.set_colour("danger")
        self.choose = SignButton("round", say("Choose an earlier round …"))
        self.choose.setObjectName("choose_earlier")
        self.choose.clicked.connect(lambda _checked: self._ask())
        self.drop = SignButton("remove", say("Leave it out"))
        self.drop.setObjectName("drop_earlier")
        self.drop.clicked.connect(lambda _checked: self._set(None))
        self._file = Path()
        self.unlock = UnlockCard(words.texts, leave=say("Choose another file"))
        self.unlock.opened.connect(self._open)
        self.unlock.left.connect(self._leave)
        for button in (self.choose, self.drop):
            button.setEnabled(not bridge.session.is_read_only)
        self._lay_out()
        self.refresh()

    def _lay_out(self) -> None:
        say = self._words.texts.gettext
        self.body.addWidget(Words(say("Earlier round"), Role.HEADING))
        purpose = say("What changed since then is shown with the scores, and its answers are offered to be confirmed.")
        self.body.addWidget(Words(purpose, is_muted=True))
        for widget in (self._title, self._detail, self.waiting, self.problem):
            self.body.addWidget(widget)
        line = Flow(SMALL)
        line.place(self.choose)
        line.place(self.drop)
        self.body.addWidget(line)
        self.body.addWidget(self.unlock)
        self.unlock.hide()

    def refresh(self, problem: str = "") -> None:
        """Show the earlier round as it is now, and why another one was not taken."""
        try:
            earlier = self._bridge.session.previous
        except KnownError as error:
            earlier, problem = None, error.text(self._words.texts.gettext)
        for widget in (self._title, self._detail, self.waiting, self.drop):
            widget.setVisible(earlier is not None)
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if earlier is not None:
            self._say(earlier)

    def _say(self, earlier: Dossier) -> None:
        texts = self._words.texts
        self._title.setText(round_title(texts, earlier))
        self._detail.setText(round_detail(texts, earlier))
        count = len(self._bridge.session.to_confirm())
        pattern = texts.ngettext(
            "{count} of its answers still waits to be confirmed; none counts as given.",
            "{count} of its answers still wait to be confirmed; none counts as given.",
            count,
        )
        nothing = texts.gettext("None of its answers waits to be confirmed.")
        self.waiting.setText(pattern.format(count=texts.number(count)) if count else nothing)

    def _ask(self) -> None:
        file = ask_earlier(self, self._words.texts, self._bridge.session.file.parent)
        if file is not None:
            self.take(file)

    def take(self, file: Path) -> None:
        """Set the earlier round from a file, or say why it cannot be one."""
        session, self._file = self._bridge.session, file
        self.unlock.hide()
        try:
            earlier = read_earlier(file, keys=self._bridge.keys)
            expect_earlier(earlier, session.mission, session.assessment_id)
        except Protected:
            self.refresh()
            self.unlock.ask(file)
            self.unlock.show()
            self.unlock.field.setFocus()
            return
        except KnownError as error:
            self.refresh(error.text(self._words.texts.gettext))
            return
        self._set(earlier)

    def _open(self, ring: Keyring) -> None:
        self._bridge.keys = self._bridge.keys.and_also(ring)
        self.take(self._file)
        self.choose.setFocus()

    def _leave(self) -> None:
        self.unlock.forget()
        self.unlock.hide()
        self.choose.setFocus()

    def _set(self, earlier: Dossier | None) -> None:
        say = self._words.texts.gettext
        text = say("choice of the earlier round") if earlier is not None else say("leaving out of the earlier round")
        if self._bridge.set_earlier(earlier, text):
            self.refresh()
