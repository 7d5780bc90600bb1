"""The preview of a returned file: its differences are decided on, and everything is stored as one step."""

from collections import Counter
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.merging import DecisionSide, DiffKind, MergeDifference
from capacity_app.domain.assessment.registers import RegisterEntry
from capacity_app.domain.assessment.returned_files import (
    ImportProposal,
    ReturnedContent,
    accepted_differences,
    default_side,
)
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange import returned_files
from capacity_app.services.exchange.returned_files import AgencySuggestion, stated_agency
from capacity_app.ui.pages.deliver.decision_board import (
    BulkDecision,
    DecisionBoard,
    DifferenceLines,
    SideList,
    difference_line,
)
from capacity_app.ui.pages.deliver.difference_card import TO_DECIDE, DifferenceFormatter, SideLabels, difference_kind
from capacity_app.ui.pages.deliver.import_jobs import SlicedWork
from capacity_app.ui.question_widgets.panel_parts import EqualColumns
from capacity_app.ui.session.controller import RefreshOnShow, SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.banners import BannerTone, OutcomeBanner, icon_line
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Card, Label, WrappedContainer, scroll_area_of
from capacity_app.ui.widgets.flow import Flow
from capacity_app.ui.widgets.layouts import (
    LayoutItem,
    discard,
    empty_layout,
    focus_next_stop,
    holder_of,
    lay_out,
    tab_stops,
    with_action,
    with_name,
)
from capacity_app.ui.widgets.lists_and_tables import ListLine
from capacity_app.ui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from capacity_app.services.session.change_sets import ChangeSet


# What a returned file would do and what it says of itself, in sentences.


def counts_sentence(texts: Translator, proposal: ImportProposal) -> str:
    """Say the counts first, those of the tabs below and of what has none: "398 the same, 12 new, 2 to decide"."""
    kinds = Counter(difference_kind(one) for one in proposal.differences)
    counts = proposal.counts
    parts = (
        (kinds[DiffKind.NEW], N_("{count} new")),
        (kinds[DiffKind.CHANGED], N_("{count} changed")),
        (kinds[TO_DECIDE], N_("{count} to decide")),
        (kinds[DiffKind.CLEARED], N_("{count} cleared")),
        (kinds[DiffKind.REFUSED], N_("{count} invalid")),
        (counts.outdated, N_("{count} not edited in the file, changed here since")),
        (counts.others, N_("{count} of another agency")),
        (counts.unplaced, N_("{count} not placed")),
    )
    same = texts.gettext("{count} the same as here").format(count=texts.number(counts.same))
    told = [texts.gettext(said).format(count=texts.number(number)) for number, said in parts if number]
    return texts.listed([same, *told])


def sender_sentence(texts: Translator, returned: ReturnedContent) -> str:
    """Say whom the file names as its sender; empty where it names nobody."""
    said = {
        (True, True): N_("The file says: {agency}, filled in by {person}{date}."),
        (True, False): N_("The file says: {agency}{date}."),
        (False, True): N_("The file says: filled in by {person}{date}."),
    }.get((bool(returned.agency), bool(returned.person)), "")
    if not said:
        return texts.gettext("The file does not say which agency gave the answers.")
    date = f", {texts.short_date(returned.date)}" if returned.date else ""
    return texts.gettext(said).format(agency=stated_agency(returned), person=returned.person, date=date)


def suggestion_sentence(formatter: EntryFormatter, found: AgencySuggestion) -> str:
    """Return which agency the file probably comes from, and why."""
    texts, agency = formatter.texts, formatter.title_of("agencies", found.agency)
    if not found.edited:
        return texts.gettext("Suggestion: {agency}. The file holds the answers of this agency alone.").format(
            agency=agency
        )
    return texts.counted(
        "Suggestion: {agency}. {agreeing} of {count} edited answer repeats an answer or a note of this agency.",
        "Suggestion: {agency}. {agreeing} of {count} edited answers repeat an answer or a note of this agency.",
        found.edited,
        agency=agency,
        agreeing=texts.number(found.agreeing),
    )


def import_side_labels(texts: Translator) -> SideLabels:
    say = texts.gettext
    return SideLabels(
        base=say("When the file was made"),
        mine=say("In this assessment"),
        theirs=say("In the file"),
        accept=say("Import"),
        keep=say("Do not import"),
        accept_shown=say("Import all shown"),
        keep_shown=say("Import none shown"),
        accepted=say("Will be imported"),
        kept=say("Will not be imported"),
    )


def import_difference_formatter(
    formatter: EntryFormatter, named: tuple[RegisterEntry, ...] = (), agency: str = ""
) -> DifferenceFormatter:
    """Return the words for the differences of a returned file; ``named`` are entries that it names and are not here.

    ``agency`` is the sender, whose answers need no name.
    """
    say = formatter.texts.gettext
    decided = {DecisionSide.THEIRS: say("will be imported"), DecisionSide.MINE: say("will not be imported")}
    return DifferenceFormatter(replace(formatter, named=named), decided, sender=agency)


def import_bulk_decisions(texts: Translator) -> tuple[BulkDecision, ...]:
    """Return what can be decided on at once: each counts what the tab of the same name counts."""
    say = texts.gettext
    return (
        BulkDecision(
            "accept_new", say("Import all new"), DecisionSide.THEIRS, lambda one: difference_kind(one) == DiffKind.NEW
        ),
        BulkDecision(
            "accept_changed",
            say("Import all changed"),
            DecisionSide.THEIRS,
            lambda one: difference_kind(one) == DiffKind.CHANGED,
        ),
    )


def import_side_lists(formatter: EntryFormatter, proposal: ImportProposal) -> tuple[SideList, ...]:
    """Return the lists beside the differences: what belongs to no question, what is wrong, what was remarked."""
    say = formatter.texts.gettext
    unplaced = (
        ListLine(f"unplaced {number}", one.text, " · ".join(part for part in (one.place, say(one.reason)) if part), "?")
        for number, one in enumerate(proposal.unplaced)
    )
    remarks = (
        ListLine(
            f"remark {number}",
            one.text,
            " · ".join(part for part in (formatter.wording.place(one.address), one.author, one.place) if part),
            "“",
        )
        for number, one in enumerate(proposal.remarks)
    )
    # Those of an answer stand under "Invalid", with its question.
    of_answers = {one.problem for one in proposal.differences}
    problems = (
        problem_line(formatter.texts, number, one)
        for number, one in enumerate(proposal.problems)
        if one not in of_answers
    )
    return (
        SideList(
            "unplaced",
            say("Other texts"),
            say("These texts could not be imported as answers. The program keeps them with the assessment."),
            tuple(unplaced),
        ),
        SideList(
            "problems",
            say("Problems"),
            say("The program does not import what it cannot read. It keeps the file."),
            tuple(problems),
        ),
        SideList(
            "remarks",
            say("Remarks"),
            say("Remarks are not answers. They appear beside their question, with their author and date."),
            tuple(remarks),
        ),
    )


def problem_line(texts: Translator, number: int, problem: Problem) -> ListLine:
    sign, colour = ("!", "danger") if problem.severity is ProblemSeverity.ERROR else ("i", "warning")
    return ListLine(f"problem {number}", problem.text(texts.gettext), problem.place, sign, colour)


_CANNOT_READ = N_("“{file}” can no longer be read: {reason}. Nothing was changed. Import the file again.")


NEW_AGENCY = "+"
"""Stands in the picker for an agency the register does not know yet."""
_NAME_LETTERS = 34
_LEAST_LINES = 6
"""Above the buttons, never fewer lines are seen."""
_SIDE_LETTERS = 56
"""Letters that the agency and the doubts want beside each other."""


class ImportHeadCard(Card):
    """What is known of a file as a whole. ``agency_chosen`` tells of another agency, or another name of a new one."""

    agency_chosen = Signal()

    def __init__(
        self, formatter: EntryFormatter, returned: ReturnedContent, chosen: str, suggested: AgencySuggestion | None
    ) -> None:
        super().__init__(margin=MEDIUM, name="intake_head", spacing=SMALL)
        self._formatter, self._returned, self._suggested = formatter, returned, suggested
        say = formatter.texts.gettext
        self.counts = with_name(Label("", TextRole.HEADING), "intake_counts")
        self.agency = with_name(
            ComboBox(tuple(self._choices())), "intake_agency", say("Agency that gave these answers")
        )
        self.agency.setMinimumContentsLength(24)
        self.agency.setCurrentIndex(max(self.agency.findData(chosen), 0))
        self.agency.currentIndexChanged.connect(lambda _place: self._choose())
        self.name = with_name(LineField(stated_agency(returned)), "intake_new_agency", say("Name of the new agency"))
        self.name.setPlaceholderText(say("Name of the new agency"))
        self.name.setMinimumWidth(_NAME_LETTERS * self.fontMetrics().averageCharWidth())
        self.name.textChanged.connect(lambda _text: self.agency_chosen.emit())
        self._suggestion = QWidget()
        self.suggest = Button("")
        self._doubts = lay_out(QVBoxLayout(), margins=0, spacing=TIGHT)
        self._lay_out()
        self._choose()

    def _lay_out(self) -> None:
        texts = self._formatter.texts
        label = Label(texts.gettext("Which agency gave these answers?"), TextRole.STRONG, wraps=False)
        label.setBuddy(self.agency)
        label.setMinimumHeight(self.agency.sizeHint().height())
        line = Flow(SMALL, label, self.agency, self.name)
        self.body.addWidget(self.counts)
        sender = Label(sender_sentence(texts, self._returned), is_muted=True)
        sides = EqualColumns(_SIDE_LETTERS)
        self._lay_out_suggestion()
        for side in (_block(line, self._suggestion, sender), _block(holder_of(self._doubts))):
            sides.place(side)
        self.body.addWidget(sides)

    def _lay_out_suggestion(self) -> None:
        """Say which agency is likely and why, with the button that chooses it."""
        column = lay_out(QVBoxLayout(self._suggestion), margins=0)
        if self._suggested is None:
            return
        found = self._suggested
        sentence = with_name(Label(suggestion_sentence(self._formatter, found)), "intake_suggestion")
        agency = self._formatter.title_of("agencies", found.agency)
        self.suggest.setText(self._formatter.texts.gettext("Choose {agency}").format(agency=agency))
        with_action(
            self.suggest, "intake_suggest", lambda: self.agency.setCurrentIndex(self.agency.findData(found.agency))
        )
        lay_out(column, sentence, (self.suggest, 0, Qt.AlignmentFlag.AlignLeading))

    def _choices(self) -> Iterator[tuple[str, str]]:
        say = self._formatter.texts.gettext
        yield "", say("Choose the agency…")
        yield from self._formatter.entries("agencies")
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

    def show_proposal(self, proposal: ImportProposal | None, doubts: Iterable[str]) -> None:
        """Show the counts, or that an agency is to be chosen first; below them what is known and what is doubtful."""
        texts = self._formatter.texts
        choose = texts.gettext("Choose the agency that gave these answers. Then you see what the file would change.")
        self.counts.setText(counts_sentence(texts, proposal) if proposal else choose)
        empty_layout(self._doubts)
        for doubt in doubts:
            self._doubts.addLayout(icon_line("warning", "warning", (Label(doubt), 1), is_small=True))


def _block(*widgets: QWidget) -> QWidget:
    """Put widgets under each other, as one block beside another."""
    return holder_of(QVBoxLayout(), *widgets, 1, spacing=TIGHT)


def lay_out_over_actions(page: QWidget, told: QWidget, *buttons: Button, above: Sequence[LayoutItem]) -> QVBoxLayout:
    """Keep the buttons of a page and what they do in sight at its foot; return the column above, which scrolls.

    What is ``above`` is laid out first: Tab comes from it to the buttons.
    """
    content = WrappedContainer()
    column = lay_out(QVBoxLayout(content), *above, margins=0, spacing=MEDIUM)
    foot = lay_out(QHBoxLayout(), *buttons, margins=0, spacing=SMALL)
    foot.addSpacing(MEDIUM)
    foot.addWidget(told, 1)
    area = scroll_area_of(content, shrinks=True)
    area.setMinimumHeight(_LEAST_LINES * page.fontMetrics().height())
    lay_out(QVBoxLayout(page), (area, 1), foot, margins=0, spacing=MEDIUM)
    return column


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What was imported: the entry of the file, and how many answers, remarks and texts that could not be imported."""

    entry_id: str
    file: str
    agency: str
    answers: int
    remarks: int
    not_imported: int


def initial_decisions(
    differences: tuple[MergeDifference, ...], known: tuple[MergeDifference, ...], decided: Mapping[str, DecisionSide]
) -> dict[str, DecisionSide]:
    """Return the decisions to begin with: those made on differences that are still the same, else the usual ones."""
    same = {one.id: one for one in known}
    usual = {one.id: default_side(one) for one in differences}
    kept = {one.id: decided.get(one.id) for one in differences if same.get(one.id) == one}
    return {key: side for key, side in (usual | kept).items() if side is not None}


_MANY = 50
"""From how many differences their list is laid out in a slice of its own."""
_Comparison = tuple[ImportProposal, dict[str, DecisionSide], DifferenceLines]
"""What a file would change, the decisions to begin with, and the line of each difference."""


class ImportPreview(WrappedContainer):
    """The preview of one returned file. ``left``: nothing was imported; ``done``: imported (``ImportResult``)."""

    left = Signal()
    done = Signal(object)

    def __init__(
        self, controller: SessionController, formatter: EntryFormatter, file: Path, returned: ReturnedContent
    ) -> None:
        super().__init__()
        self._controller, self._formatter, self._file, self._returned = controller, formatter, file, returned
        self.setObjectName("intake_page")
        self.proposal: ImportProposal | None = None
        self.board: DecisionBoard | None = None
        self._banner = OutcomeBanner(formatter.texts, "banner", lambda banner: self._column.insertWidget(0, banner))
        self._new_id = controller.session.new_id("agencies")
        recognised = returned_files.recognised_agency(controller.session, returned)
        is_unknown = not recognised and bool(returned.agency.strip())
        suggested = None if recognised or is_unknown else returned_files.suggested_agency(controller.session, returned)
        self._begins_in_list = bool(recognised)
        self.head = ImportHeadCard(formatter, returned, NEW_AGENCY if is_unknown else recognised, suggested)
        self._work = SlicedWork(self, self._show_comparison, self._cannot_compare)
        self._fresh = RefreshOnShow(self, controller, self._propose)
        self._lay_out()
        self.head.agency_chosen.connect(self._propose)
        self.setFocusProxy(self.head.agency)

    def _lay_out(self) -> None:
        say = self._formatter.texts.gettext
        self._what = with_name(Label(is_muted=True), "intake_what_happens")
        self.take = with_action(Button(say("Import"), is_main=True), "intake_take", self._take_in)
        leave = with_action(
            Button(say("Cancel")), "intake_leave", self.left.emit, say("Cancel the import; nothing is changed")
        )
        self._room = QWidget()
        self._column = lay_out_over_actions(self, self._what, self.take, leave, above=(self.head, (self._room, 1)))

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Let Tab go through the page as it is read: the differences are there only once they are found."""
        has_moved = focus_next_stop([*tab_stops(self)], self.focusWidget(), is_next=is_next) is not None
        return has_moved or super().focusNextPrevChild(is_next)

    @property
    def _agency(self) -> str:
        chosen = self.head.chosen
        return self._new_id if chosen == NEW_AGENCY else chosen

    def _propose(self) -> None:
        """Compare the file with what is said here now; the window answers keys meanwhile."""
        self._work.start(self._compare())
        if self._work.is_running:
            self.take.setEnabled(False)
            self._what.setText(self._formatter.texts.gettext("Comparing…"))

    def _compare(self) -> Generator[bool | None, None, _Comparison]:
        """Compare answer by answer, then word each difference; decisions on what is still the same stay."""
        yield None
        if self._returned.printed:
            # What prints a report again takes 0.3 s to load, and hardly a file needs it.
            from capacity_app.services.exchange.verification import compare_with_assessment  # noqa: PLC0415

            self._returned = compare_with_assessment(self._returned, self._controller.session.dossier())
        known = self.proposal.differences if self.proposal else ()
        decided = self.board.decisions if self.board else {}
        proposal = yield from returned_files.import_steps(
            self._controller.session, self._returned, self._agency, self.head.new_name
        )
        decisions = initial_decisions(proposal.differences, known, decided)
        formatter, lines = (
            import_difference_formatter(self._formatter, proposal.entries, proposal.agency),
            DifferenceLines(),
        )
        for one in proposal.differences:
            decision = decisions.get(one.id)
            lines[one.id, decision] = difference_line(formatter, one, decision)
            yield None
        yield len(lines) > _MANY
        return proposal, decisions, lines

    def _cannot_compare(self, error: KnownError) -> None:
        self.proposal = None
        self._drop_board()
        self._complain(error)
        self.take.setEnabled(False)

    def _show_comparison(self, found: _Comparison) -> None:
        proposal, decisions, lines = found
        session, agency = self._controller.session, self._agency
        self.proposal = proposal if agency else None
        if self.proposal:
            self._show_board(decisions, lines)
        else:
            self._drop_board()
        doubts = proposal.problems if agency else returned_files.import_warnings(session, self._returned)
        told = [
            one.text(self._formatter.texts.gettext)
            for one in doubts
            if one.severity is ProblemSeverity.WARNING and one.place == self._returned.file
        ]
        self.head.show_proposal(self.proposal, told)
        self._show_what_happens()

    def _show_board(self, decisions: Mapping[str, DecisionSide], lines: DifferenceLines) -> None:
        assert self.proposal is not None, "there is something to show"
        had_focus = self.board is not None and self.board.list.hasFocus()
        shown = (self.board.tabs.currentIndex(), self.board.list.current_key) if self.board else (0, "")
        texts = self._formatter.texts
        board = DecisionBoard(
            import_difference_formatter(self._formatter, self.proposal.entries, self.proposal.agency),
            import_side_labels(texts),
            self.proposal.differences,
            decisions,
            bulks=import_bulk_decisions(texts),
            notes=import_side_lists(self._formatter, self.proposal),
            lines=lines,
        )
        board.changed.connect(self._show_what_happens)
        self._drop_board()
        self._column.replaceWidget(self._room, board)
        self._room.hide()
        self.board = board
        if shown[0] < board.tabs.count():
            board.tabs.setCurrentIndex(shown[0])
        board.list.choose(shown[1])
        first = board.list if board.differences else board.tabs
        self.setFocusProxy(first)
        if had_focus or (self._begins_in_list and self.head.agency.hasFocus()):
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        self._begins_in_list = False

    def _drop_board(self) -> None:
        if self.board is not None:
            self._column.replaceWidget(self.board, self._room)
            discard(self.board)
            self.board = None
            self.setFocusProxy(self.head.agency)
            self._room.show()

    def _decisions(self) -> Mapping[str, DecisionSide]:
        """Return what was decided; whoever took a decision back wants it left as it is."""
        board = self.board
        if board is None:
            return {}
        return {one.id: board.decisions.get(one.id, DecisionSide.MINE) for one in board.differences}

    def _show_what_happens(self) -> None:
        """Say before anything is stored what would be."""
        texts, board = self._formatter.texts, self.board
        if self.proposal is None or board is None:
            self._what.setText("")
            self.take.setEnabled(False)
            return
        count = len(accepted_differences(self.proposal, self._decisions()))
        sentence = texts.counted("{count} answer will be imported.", "{count} answers will be imported.", count)
        if left := len(board.undecided):
            waiting = texts.counted(
                "{count} is not decided yet and will not be imported.",
                "{count} are not decided yet and will not be imported.",
                left,
            )
            sentence = f"{sentence} {waiting}"
        else:
            promise = texts.gettext("You can undo the import as one step.")
            sentence = f"{sentence} {promise}"
        self._what.setText(sentence)
        self.take.setEnabled(not self._controller.session.is_read_only)

    def _take_in(self) -> None:
        self._controller.request_flush()
        self._fresh.refresh()
        self._work.finish()
        if self.proposal is None:
            return
        try:
            self._store(self.proposal, self._file.read_bytes())
        except OSError as error:
            reason = error.strerror or str(error)
            self._complain(KnownError(_CANNOT_READ, file=str(self._file), reason=reason))
        except KnownError as error:
            self._complain(error)

    def _store(self, proposal: ImportProposal, original: bytes) -> None:
        """Store everything as one step, a new agency with it; raises KnownError and leaves nothing behind."""
        session, decisions = self._controller.session, self._decisions()
        session.back_up(BackupReason.INTAKE)
        text = self._formatter.texts.gettext("import of “{file}”").format(file=proposal.file)
        bundle = returned_files.import_change_set(session, proposal, decisions, original, self.head.new_name)
        if self._controller.store(bundle, text):
            self._tell(proposal, decisions, bundle)

    def _tell(self, proposal: ImportProposal, decisions: Mapping[str, DecisionSide], bundle: "ChangeSet") -> None:
        assert bundle.returned is not None, "an intake has its file"
        count = len(accepted_differences(proposal, decisions))
        self.done.emit(ImportResult(
            bundle.returned.id, proposal.file, proposal.agency, count, len(proposal.remarks),
            len(bundle.returned.unplaced),
        ))  # fmt: skip

    def _complain(self, error: KnownError) -> None:
        self._banner.tell(BannerTone.DANGER, error.text(self._formatter.texts.gettext))
