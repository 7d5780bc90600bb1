"""The files that were taken in: the list, and for the chosen one what it brought and the way to take it back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Evidence, ReturnedFile
from capacity_app.domain.problems import KnownError
from capacity_app.domain.revisions import RevisionId
from capacity_app.services import intake
from capacity_app.services.opened_documents import OpenedDocuments
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.evidence_opening import open_evidence
from capacity_app.ui.exchange.returned_words import back_sentence, facts_of, unplaced_lines
from capacity_app.ui.look.alerts import Banner, Tone
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.registers.entry_words import Vocabulary


class TakeBackCard(Card):
    """Asks in place whether an intake is to be taken back; ``agreed`` and ``left`` tell the answer."""

    agreed = Signal()
    left = Signal()

    def __init__(self, words: Vocabulary, sentence: str) -> None:
        super().__init__(tint="warning_tint", edge="warning", margin=MEDIUM)
        say = words.texts.gettext
        self.setObjectName("take_back_card")
        self.body.addWidget(Words(sentence))
        self.act = QPushButton(say("Take it back"))
        self.act.setObjectName("take_back_act")
        self.act.setDefault(True)
        self.act.clicked.connect(lambda _on: self.agreed.emit())
        keep = QPushButton(say("Keep it"))
        keep.setObjectName("take_back_leave")
        keep.setAutoDefault(False)
        keep.clicked.connect(lambda _on: self.left.emit())
        self.body.addLayout(row(self.act, keep))


class ReturnedDetail(Card):
    """What one file brought. ``navigate`` carries the address of an answer of it."""

    navigate = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary) -> None:
        super().__init__(margin=LARGE)
        self._bridge, self._words = bridge, words
        self._entry: ReturnedFile | None = None
        self._opened = OpenedDocuments(bridge.session)
        say = words.texts.gettext
        self.setObjectName("returned_detail")
        self.body.setSpacing(MEDIUM)
        self._title = Words("", Role.HEADING)
        self._holder: QWidget | None = None
        self.show_answers = QPushButton(say("Show the answers"))
        self.open_file = QPushButton(say("Open the file as it came"))
        self.take_back = QPushButton(say("Take back this intake …"))
        line = Flow(SMALL)
        for button, name, act in (
            (self.show_answers, "returned_answers", self._go),
            (self.open_file, "returned_open", self._open),
            (self.take_back, "returned_back", self._ask),
        ):
            button.setObjectName(name)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _on=False, act=act: act())
            line.place(button)
        self.body.addWidget(self._title)
        self.body.addWidget(line)
        self._place = QVBoxLayout()
        self._question: QWidget | None = None
        self.body.addLayout(self._place)
        self._facts = QVBoxLayout()
        self.body.addLayout(self._facts)
        self.texts = FullList("returned_texts", say("Remarks and texts without a place"))
        self.body.addWidget(self.texts)
        self.body.addStretch(1)

    def show_entry(self, entry: ReturnedFile) -> None:
        """Show what a file brought."""
        self._entry = entry
        self._drop_question()
        self._title.setText(entry.file_name)
        if self._holder is not None:
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = self._facts_of(entry)
        self._facts.addWidget(self._holder)
        lines = unplaced_lines(self._words, entry)
        self.texts.setVisible(bool(lines))
        self.texts.show_lines(lines)
        self.show_answers.setEnabled(self._first(entry) is not None)
        self.open_file.setEnabled(self._bridge.session.holds(entry.document))
        self.take_back.setEnabled(not self._bridge.session.is_read_only)

    def _facts_of(self, entry: ReturnedFile) -> QWidget:
        holder = QWidget()
        lines = QGridLayout(holder)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setHorizontalSpacing(MEDIUM)
        lines.setVerticalSpacing(TIGHT)
        lines.setColumnStretch(1, 1)
        for number, (label, text) in enumerate(facts_of(self._words, entry)):
            lines.addWidget(Words(label, Role.CAPTION, is_muted=True), number, 0, Qt.AlignmentFlag.AlignTop)
            said = Words(text)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            lines.addWidget(said, number, 1)
        return holder

    def _first(self, entry: ReturnedFile) -> Address | None:
        """Give the first place an answer of the file was recorded at."""
        ids = {RevisionId.parse(name) for name in entry.revisions[:1]}
        found = self._bridge.session.revisions(ids)
        return found[0].key.address if found else None

    def _go(self) -> None:
        if self._entry is not None and (address := self._first(self._entry)) is not None:
            if self._bridge.session.entry("agencies", self._entry.agency) is not None:
                self._bridge.respondent = self._entry.agency
            self.navigate.emit(address)

    def _open(self) -> None:
        entry = self._entry
        if entry is None:
            return
        held = Evidence(id=entry.id, document=entry.document, file_name=entry.file_name, media_type=entry.media_type)
        if said := open_evidence(held, self._opened, entry.file_name, self._words.texts):
            self._show_question(Banner(self._words.texts, Tone.WARNING, said))

    def remove_copies(self) -> None:
        """Remove the copies that were opened with other programs."""
        self._opened.remove()

    # -- taking it back -------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Say what taking it back would do, and ask in place."""
        if self._entry is None:
            return
        self._bridge.request_flush()
        try:
            back = intake.take_back(self._bridge.session, self._entry.id)
        except KnownError as error:
            self._show_question(Banner(self._words.texts, Tone.WARNING, error.text(self._words.texts.gettext)))
            return
        card = TakeBackCard(self._words, back_sentence(self._words, back))
        card.agreed.connect(self._take_back)
        card.left.connect(self._leave)
        self._show_question(card)
        card.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _take_back(self) -> None:
        if self._entry is None:
            return
        back = intake.take_back(self._bridge.session, self._entry.id)
        text = self._words.texts.gettext("taking back of “{file}”").format(file=self._entry.file_name)
        self._drop_question()
        self._bridge.store(back.bundle, text)

    def _leave(self) -> None:
        self._drop_question()
        self.take_back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_question(self, widget: QWidget) -> None:
        self._drop_question()
        self._question = widget
        if isinstance(widget, Banner):
            widget.closer.clicked.connect(lambda _on: self._drop_question())
        self._place.addWidget(widget)
        widget.show()

    def _drop_question(self) -> None:
        if self._question is not None:
            self._question.hide()
            self._question.deleteLater()
            self._question = None
