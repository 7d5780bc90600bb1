"""Importing a returned file: its differences are decided on, and everything is stored as one step."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from capacity_app.domain.deciding import Difference, Side
from capacity_app.domain.problems import N_, KnownError, Severity
from capacity_app.domain.proposal import Proposal, default_side, taken
from capacity_app.domain.returned import Returned
from capacity_app.domain.thinning import Reason
from capacity_app.services import intake
from capacity_app.services.intake import Suggestion, written_agency
from capacity_app.ui.bridge import Bridge, Freshness
from capacity_app.ui.exchange import intake_words
from capacity_app.ui.exchange.decision_board import DecisionBoard
from capacity_app.ui.exchange.intake_words import counts_sentence, sender_sentence, suggestion_sentence
from capacity_app.ui.look.alerts import Banner, Mark, Tone
from capacity_app.ui.look.cards import Card, Whole, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.voice_cards import SideBySide
from capacity_app.ui.registers.entry_words import Vocabulary

if TYPE_CHECKING:
    from capacity_app.services.bundles import Bundle

_CANNOT_READ = N_("“{file}” can no longer be read: {reason}. Nothing was changed. Import the file again.")


NEW_AGENCY = "+"
"""Stands in the picker for an agency the register does not know yet."""
_NAME_LETTERS = 34
_SIDE_LETTERS = 56
"""Letters that the agency and the doubts want beside each other."""


class IntakeHead(Card):
    """What is known of a file as a whole. ``agency_chosen`` tells of another agency, or another name of a new one."""

    agency_chosen = Signal()

    def __init__(self, words: Vocabulary, returned: Returned, chosen: str, suggested: Suggestion | None) -> None:
        super().__init__(margin=MEDIUM)
        self._words, self._returned, self._suggested = words, returned, suggested
        say = words.texts.gettext
        self.setObjectName("intake_head")
        self.body.setSpacing(SMALL)
        self.counts = Words("", Role.HEADING)
        self.counts.setObjectName("intake_counts")
        self.agency = QuietCombo()
        self.agency.setObjectName("intake_agency")
        self.agency.setAccessibleName(say("Agency that gave these answers"))
        self.agency.setMinimumContentsLength(24)
        self.agency.fill(tuple(self._choices()))
        self.agency.setCurrentIndex(max(self.agency.findData(chosen), 0))
        self.agency.currentIndexChanged.connect(lambda _place: self._choose())
        self.name = LineField(written_agency(returned))
        self.name.setObjectName("intake_new_agency")
        self.name.setAccessibleName(say("Name of the new agency"))
        self.name.setPlaceholderText(say("Name of the new agency"))
        self.name.setMinimumWidth(_NAME_LETTERS * self.fontMetrics().averageCharWidth())
        self.name.textChanged.connect(lambda _text: self.agency_chosen.emit())
        self._suggestion = QWidget()
        self.suggest = QPushButton("")
        self._told = QWidget()
        self._lines = QGridLayout(self._told)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setHorizontalSpacing(SMALL)
        self._lines.setVerticalSpacing(TIGHT)
        self._lines.setColumnStretch(1, 1)
        self._lay_out()
        self._choose()

    def _lay_out(self) -> None:
        texts = self._words.texts
        label = Words(texts.gettext("Which agency gave these answers?"), Role.STRONG, wraps=False)
        label.setBuddy(self.agency)
        label.setMinimumHeight(self.agency.sizeHint().height())
        line = Flow(SMALL)
        for part in (label, self.agency, self.name):
            line.place(part)
        self.body.addWidget(self.counts)
        sender = Words(sender_sentence(texts, self._returned), is_muted=True)
        sides = SideBySide(_SIDE_LETTERS)
        self._lay_out_suggestion()
        for side in (_block(line, self._suggestion, sender), _block(self._told)):
            sides.place(side)
        self.body.addWidget(sides)

    def _lay_out_suggestion(self) -> None:
        """Say which agency is likely and why, with the button that chooses it."""
        column = QVBoxLayout(self._suggestion)
        column.setContentsMargins(0, 0, 0, 0)
        if self._suggested is None:
            return
        found = self._suggested
        sentence = Words(suggestion_sentence(self._words, found))
        sentence.setObjectName("intake_suggestion")
        agency = self._words.title_of("agencies", found.agency)
        self.suggest.setText(self._words.texts.gettext("Choose {agency}").format(agency=agency))
        self.suggest.setObjectName("intake_suggest")
        self.suggest.setAutoDefault(False)
        self.suggest.clicked.connect(lambda _on: self.agency.setCurrentIndex(self.agency.findData(found.agency)))
        column.addWidget(sentence)
        column.addWidget(self.suggest, 0, Qt.AlignmentFlag.AlignLeading)

    def _choices(self) -> Iterator[tuple[str, str]]:
        say = self._words.texts.gettext
        yield "", say("Choose the agency…")
        yield from self._words.entries("agencies")
        yield NEW_AGENCY, say("New agency…")

    @property
    def chosen(self) -> str:
        """The id of the agency picked, ``NEW_AGENCY``, or empty while none is or the new one has no name."""
        chosen = str(self.agency.currentData() or "")
        return "" if chosen == NEW_AGENCY and not self.new_name else chosen

    @property
    def new_name(self) -> str:
        return " ".join(self.name.text().split())

    def _choose(self) -> None:
        self.name.setVisible(self.agency.currentData() == NEW_AGENCY)
        self._suggestion.setVisible(self._suggested is not None and not self.agency.currentData())
        self.agency_chosen.emit()

    def show_proposal(self, proposal: Proposal | None, doubts: Iterable[str]) -> None:
        """Show the counts, or that an agency is to be chosen first; below them what is known and what is doubtful."""
        texts = self._words.texts
        choose = texts.gettext("Choose the agency that gave these answers. Then you see what the file would change.")
        self.counts.setText(counts_sentence(texts, proposal) if proposal else choose)
        while (item := self._lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for doubt in doubts:
            self._add_doubt(doubt)

    def _add_doubt(self, sentence: str) -> None:
        place = self._lines.rowCount()
        mark = Mark(Tone.WARNING.value, "warning", is_small=True)
        self._lines.addWidget(mark, place, 0, Qt.AlignmentFlag.AlignTop)
        self._lines.addWidget(Words(sentence), place, 1)


def _block(*widgets: QWidget) -> QWidget:
    """Put widgets under each other, as one block beside another."""
    block = QWidget()
    column = QVBoxLayout(block)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(TIGHT)
    for widget in widgets:
        column.addWidget(widget)
    column.addStretch(1)
    return block


def ending(told: QWidget, *buttons: QPushButton) -> QHBoxLayout:
    """Put what would happen beside the buttons."""
    line = QHBoxLayout()
    line.setContentsMargins(0, 0, 0, 0)
    line.setSpacing(SMALL)
    for button in buttons:
        line.addWidget(button)
    line.addSpacing(MEDIUM)
    line.addWidget(told, 1)
    return line


@dataclass(frozen=True, slots=True)
class Taken:
    """What was imported: the entry of the file, and how many answers, remarks and texts of no question."""

    entry_id: str
    file: str
    agency: str
    answers: int
    remarks: int
    unplaced: int


def decisions_for(
    differences: tuple[Difference, ...], known: tuple[Difference, ...], decided: Mapping[str, Side]
) -> dict[str, Side]:
    """Return the decisions to begin with: those made on differences that are still the same, else the usual ones."""
    same = {one.id: one for one in known}
    usual = {one.id: default_side(one) for one in differences}
    kept = {one.id: decided.get(one.id) for one in differences if same.get(one.id) == one}
    return {key: side for key, side in (usual | kept).items() if side is not None}


class IntakePage(Whole):
    """The preview of one returned file. ``left`` tells that it was left, ``done`` that it was imported (``Taken``)."""

    left = Signal()
    done = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary, file: Path, returned: Returned) -> None:
        super().__init__()
        self._bridge, self._words, self._file, self._returned = bridge, words, file, returned
        self.setObjectName("intake_page")
        self.proposal: Proposal | None = None
        self.board: DecisionBoard | None = None
        self._banner: Banner | None = None
        self._new_id = bridge.session.new_id("agencies")
        recognised = intake.recognised_agency(bridge.session, returned)
        is_unknown = not recognised and bool(returned.agency.strip())
        suggested = None if recognised or is_unknown else intake.suggested_agency(bridge.session, returned)
        self.head = IntakeHead(words, returned, NEW_AGENCY if is_unknown else recognised, suggested)
        self._fresh = Freshness(self, bridge, self._propose)
        self._lay_out()
        self.head.agency_chosen.connect(self._propose)
        self.setFocusProxy(self.head.agency)

    def _lay_out(self) -> None:
        say = self._words.texts.gettext
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(MEDIUM)
        self._column.addWidget(self.head)
        self._what = Words(is_muted=True)
        self._what.setObjectName("intake_what_happens")
        self.take = QPushButton(say("Import"))
        self.take.setObjectName("intake_take")
        self.take.setDefault(True)
        self.take.clicked.connect(lambda _on: self._take_in())
        leave = QPushButton(say("Cancel"))
        leave.setObjectName("intake_leave")
        leave.setAccessibleName(say("Cancel the import; nothing is changed"))
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _on: self.left.emit())
        self._room = QWidget()
        self._column.addWidget(self._room, 1)
        self._column.addLayout(ending(self._what, self.take, leave))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fresh.refresh()

    # -- what it would do -----------------------------------------------------------------------------------------

    @property
    def _agency(self) -> str:
        chosen = self.head.chosen
        return self._new_id if chosen == NEW_AGENCY else chosen

    def _propose(self) -> None:
        """Compare the file with what is said here now; decisions on what is still the same stay."""
        known = self.proposal.differences if self.proposal else ()
        decided = self.board.decisions if self.board else {}
        session, agency = self._bridge.session, self._agency
        try:
            proposal = intake.propose_intake(session, self._returned, agency, self.head.new_name)
        except KnownError as error:
            self.proposal = None
            self._drop_board()
            self._complain(error)
            self.take.setEnabled(False)
            return
        self.proposal = proposal if agency else None
        if self.proposal:
            self._show_board(decisions_for(proposal.differences, known, decided))
        else:
            self._drop_board()
        doubts = proposal.problems if agency else intake.doubts(session, self._returned)
        told = [
            one.text(self._words.texts.gettext)
            for one in doubts
            if one.severity is Severity.WARNING and one.place == self._returned.file
        ]
        self.head.show_proposal(self.proposal, told)
        self._show_what_happens()

    def _show_board(self, decisions: Mapping[str, Side]) -> None:
        assert self.proposal is not None, "there is something to show"
        had_focus = self.board is not None and self.board.list.hasFocus()
        shown = (self.board.tabs.currentIndex(), self.board.list.current_key) if self.board else (0, "")
        texts = self._words.texts
        board = DecisionBoard(
            intake_words.difference_words(self._words, self.proposal.entries),
            intake_words.side_words(texts),
            self.proposal.differences,
            decisions,
            bulks=intake_words.bulks(texts),
            notes=intake_words.notes(self._words, self.proposal),
        )
        board.changed.connect(self._show_what_happens)
        self._drop_board()
        self._column.replaceWidget(self._room, board)
        self._room.hide()
        self.board = board
        if shown[0] < board.tabs.count():
            board.tabs.setCurrentIndex(shown[0])
        board.list.choose(shown[1])
        if had_focus:
            board.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _drop_board(self) -> None:
        if self.board is not None:
            self._column.replaceWidget(self.board, self._room)
            self.board.hide()
            self.board.deleteLater()
            self.board = None
            self._room.show()

    def _decisions(self) -> Mapping[str, Side]:
        """Return what was decided; whoever took a decision back wants it left as it is."""
        board = self.board
        if board is None:
            return {}
        return {one.id: board.decisions.get(one.id, Side.MINE) for one in board.differences}

    def _show_what_happens(self) -> None:
        """Say before anything is stored what would be."""
        texts, board = self._words.texts, self.board
        if self.proposal is None or board is None:
            self._what.setText("")
            self.take.setEnabled(False)
            return
        count = len(taken(self.proposal, self._decisions()))
        sentence = texts.ngettext(
            "{count} answer will be imported.", "{count} answers will be imported.", count
        ).format(count=texts.number(count))
        if left := len(board.undecided):
            waiting = texts.ngettext(
                "{count} is not decided yet and will not be imported.",
                "{count} are not decided yet and will not be imported.",
                left,
            )
            sentence = f"{sentence} {waiting.format(count=texts.number(left))}"
        else:
            promise = texts.gettext("You can undo the import as one step.")
            sentence = f"{sentence} {promise}"
        self._what.setText(sentence)
        self.take.setEnabled(not self._bridge.session.is_read_only)

    # -- storing --------------------------------------------------------------------------------------------------

    def _take_in(self) -> None:
        self._bridge.request_flush()
        self._fresh.refresh()
        if self.proposal is None:
            return
        try:
            self._store(self.proposal, self._file.read_bytes())
        except OSError as error:
            reason = error.strerror or str(error)
            self._complain(KnownError(_CANNOT_READ, file=str(self._file), reason=reason))
        except KnownError as error:
            self._complain(error)

    def _store(self, proposal: Proposal, original: bytes) -> None:
        """Store everything as one step, a new agency with it; raises KnownError and leaves nothing behind."""
        session, decisions = self._bridge.session, self._decisions()
        session.back_up(Reason.INTAKE)
        text = self._words.texts.gettext("import of “{file}”").format(file=proposal.file)
        bundle = intake.accept(session, proposal, decisions, original, self.head.new_name)
        if self._bridge.store(bundle, text):
            self._tell(proposal, decisions, bundle)

    def _tell(self, proposal: Proposal, decisions: Mapping[str, Side], bundle: "Bundle") -> None:
        assert bundle.returned is not None, "an intake has its file"
        count = len(taken(proposal, decisions))
        self.done.emit(Taken(
            bundle.returned.id, proposal.file, proposal.agency, count, len(proposal.remarks), len(proposal.unplaced),
        ))  # fmt: skip

    def _complain(self, error: KnownError) -> None:
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = Banner(self._words.texts, Tone.DANGER, error.text(self._words.texts.gettext))
        self._banner.closer.clicked.connect(lambda _on, banner=self._banner: banner.hide())
        self._column.insertWidget(0, self._banner)
