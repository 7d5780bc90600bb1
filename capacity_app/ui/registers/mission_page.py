"""The mission page: what makes this assessment this one."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment import Mission
from capacity_app.domain.registers import form_fields
from capacity_app.domain.scoring import section_weights
from capacity_app.services.changes import EntryChange
from capacity_app.texts import Texts
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.buttons import SignButton
from capacity_app.ui.look.cards import Card, ReadingColumn, Words, page_heading, row
from capacity_app.ui.look.theme import LARGE, SMALL, Role
from capacity_app.ui.registers.earlier_card import EarlierCard
from capacity_app.ui.registers.entry_form import EntryForm
from capacity_app.ui.registers.entry_words import Vocabulary


class WeightsLine(Card):
    """Says whether the sections weigh the same, and leads to the page where the weights are changed."""

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__(margin=LARGE)
        self._session, self._texts = bridge.session, texts
        self.said = Words()
        self.said.setObjectName("weights_said")
        self.opener = SignButton("scores", texts.gettext("Go to the scores"))
        self.opener.setObjectName("go_to_weights")
        self.body.addWidget(Words(texts.gettext("Section weights"), Role.HEADING))
        self.body.addWidget(self.said)
        self.body.addLayout(row(self.opener))
        self.refresh()

    def refresh(self) -> None:
        """Say what is in force now."""
        own = section_weights(self._session.instrument, self._session.mission.weights)
        if not own:
            self.said.setText(self._texts.gettext("Every section counts the same in the overall score."))
            return
        sentence = self._texts.ngettext(
            "{count} section counts otherwise than usual in the overall score.",
            "{count} sections count otherwise than usual in the overall score.",
            len(own),
        )
        self.said.setText(sentence.format(count=self._texts.number(len(own))))


class MissionPage(ReadingColumn):
    """The mission's form, its earlier round and a line about the section weights.

    ``page_wanted`` carries the name of the page that is asked for.
    """

    page_wanted = Signal(str)

    def __init__(self, bridge: Bridge, texts: Texts) -> None:
        super().__init__()
        self._bridge = bridge
        words = Vocabulary(texts, bridge.session)
        self.setObjectName("mission_page")
        self.form = EntryForm(form_fields("mission"), words, bridge)
        self.form.setEnabled(not bridge.session.is_read_only)
        self.form.edited.connect(bridge.put)
        self.earlier = EarlierCard(bridge, words)
        self.weights = WeightsLine(bridge, texts)
        self.weights.opener.clicked.connect(lambda _checked: self.page_wanted.emit("scores"))
        self._is_waiting = False
        subtitle = texts.gettext(
            "Which country, which round, who went, and how. It stands on the report’s first pages."
        )
        self.body.addLayout(page_heading(texts.gettext("Mission"), subtitle))
        card = Card(margin=LARGE)
        card.body.addWidget(self.form)
        card.body.addWidget(_code_line(texts, bridge.session.mission))
        self.body.addWidget(card)
        self.body.addWidget(self.earlier)
        self.body.addWidget(self.weights)
        self.body.addStretch(1)
        self._show()
        bridge.changed.connect(self._hear)
        bridge.refused.connect(lambda _error: self._show())
        bridge.flush_requested.connect(self.flush)

    def _show(self) -> None:
        self.form.show_entry(self._bridge.session.mission)
        self.weights.refresh()

    def _hear(self, change: object) -> None:
        if isinstance(change, EntryChange) and change.register == "mission":
            self._show()
        if self.isVisible() and not self._is_waiting:
            self._is_waiting = True
            QTimer.singleShot(0, self, self._follow)

    def _follow(self) -> None:
        self._is_waiting = False
        if self.isVisible():
            self.earlier.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()
        self.form.refresh()
        self.earlier.refresh()

    def flush(self) -> None:
        self.form.flush()


def _code_line(texts: Texts, mission: Mission) -> QWidget:
    """Say under which codes the country is filed."""
    codes = " · ".join(part for part in (mission.country, mission.m49 and f"M49 {mission.m49}") if part)
    line = QWidget()
    column = QVBoxLayout(line)
    column.setContentsMargins(0, SMALL, 0, 0)
    sentence = texts.gettext("Country code: {codes}. It was fixed when the assessment was made.").format(codes=codes)
    column.addWidget(Words(sentence, Role.CAPTION, is_muted=True))
    return line
