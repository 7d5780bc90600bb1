"""The files that were imported: for the chosen one what it brought, and the way to undo the import."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.answers import Address
from capacity_app.domain.assessment import Evidence, ReturnedFile
from capacity_app.domain.problems import KnownError
from capacity_app.services import intake
from capacity_app.services.opened_documents import OpenedDocuments
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.evidence_opening import open_evidence
from capacity_app.ui.exchange.returned_words import answer_lines, facts_of, undo_sentence, unplaced_lines
from capacity_app.ui.look.alerts import Banner, Tone
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.full_list import FullList
from capacity_app.ui.look.theme import LARGE, MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.registers.entry_words import Vocabulary


class UndoCard(Card):
    """Asks in place whether an import is to be undone; ``agreed`` and ``left`` tell the answer."""

    agreed = Signal()
    left = Signal()

    def __init__(self, words: Vocabulary, sentence: str) -> None:
        super().__init__(tint="warning_tint", edge="warning", margin=MEDIUM)
        say = words.texts.gettext
        self.setObjectName("undo_card")
        self.body.addWidget(Words(sentence))
        self.act = QPushButton(say("Undo import"))
        self.act.setObjectName("undo_act")
        self.act.setDefault(True)
        self.act.clicked.connect(lambda _on: self.agreed.emit())
        keep = QPushButton(say("Cancel"))
        keep.setObjectName("undo_leave")
        keep.setAutoDefault(False)
        keep.clicked.connect(lambda _on: self.left.emit())
        self.body.addLayout(row(self.act, keep))


class ReturnedDetail(Card):
    """What one file brought. ``navigate`` carries the address of one of its answers."""

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
        self.open_file = QPushButton(say("Open the file"))
        self.undo = QPushButton(say("Undo import…"))
        line = Flow(SMALL)
        for button, name, act in (
            (self.open_file, "returned_open", self._open),
            (self.undo, "returned_undo", self._ask),
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
        self._answers_title = Words(say("Answers of this import"), Role.STRONG)
        self.answers = FullList("returned_answers", say("Answers of this import"))
        self.answers.opened.connect(lambda key: self.navigate.emit(Address.parse(key)))
        self.texts = FullList("returned_texts", say("Remarks and texts that belong to no question"))
        for widget in (self._answers_title, self.answers, self.texts):
            self.body.addWidget(widget)
        self.body.addStretch(1)

    def show_entry(self, entry: ReturnedFile) -> None:
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
        answers = answer_lines(self._words, entry)
        for widget in (self._answers_title, self.answers):
            widget.setVisible(bool(answers))
        self.answers.show_lines(answers)
        self.open_file.setEnabled(self._bridge.session.holds(entry.document))
        self.undo.setEnabled(not (self._bridge.session.is_read_only or entry.undone))

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

    def _open(self) -> None:
        entry = self._entry
        if entry is None:
            return
        held = Evidence(id=entry.id, document=entry.document, file_name=entry.file_name, media_type=entry.media_type)
        if said := open_evidence(held, self._opened, entry.file_name, self._words.texts):
            self._show_question(Banner(self._words.texts, Tone.WARNING, said))

    def remove_copies(self) -> None:
        self._opened.remove()

    # -- undoing the import ---------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """Say what undoing it would do, and ask in place."""
        if self._entry is None:
            return
        self._bridge.request_flush()
        try:
            undo = intake.undo_import(self._bridge.session, self._entry.id)
        except KnownError as error:
            self._show_question(Banner(self._words.texts, Tone.WARNING, error.text(self._words.texts.gettext)))
            return
        card = UndoCard(self._words, undo_sentence(self._words, undo))
        card.agreed.connect(self._undo)
        card.left.connect(self._leave)
        self._show_question(card)
        card.act.setFocus(Qt.FocusReason.OtherFocusReason)

    def _undo(self) -> None:
        if self._entry is None:
            return
        undo = intake.undo_import(self._bridge.session, self._entry.id)
        text = self._words.texts.gettext("undoing the import of “{file}”").format(file=self._entry.file_name)
        self._drop_question()
        self.open_file.setFocus(Qt.FocusReason.OtherFocusReason)
        self._bridge.store(undo.bundle, text)

    def _leave(self) -> None:
        self._drop_question()
        self.undo.setFocus(Qt.FocusReason.OtherFocusReason)

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
