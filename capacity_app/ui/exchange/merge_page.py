"""Merging other officers' files: what each brings is counted first, conflicts are decided on, all is stored at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from capacity_app.domain.deciding import Difference, Side
from capacity_app.services.merging import merge
from capacity_app.services.merging.merge import MergePlan, MergeResult
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.exchange import merge_words
from capacity_app.ui.exchange.decision_board import DecisionBoard, Notes
from capacity_app.ui.exchange.intake_page import ending
from capacity_app.ui.look.alerts import Banner, Tone
from capacity_app.ui.look.cards import Card, Whole, Words
from capacity_app.ui.look.theme import MEDIUM, Role
from capacity_app.ui.registers.entry_words import Vocabulary


@dataclass(frozen=True, slots=True)
class _Ask:
    """What a page of conflicts is about: its head, its main button, the step's name and what is done."""

    head: str
    act: str
    leave: str
    step: str
    do: Callable[[Mapping[str, Side]], MergeResult]


class ConflictsPage(Whole):
    """Conflicts to decide on and the button that stores. ``left`` tells that it was left, ``done`` how it ended."""

    left = Signal()
    done = Signal(object)

    def __init__(
        self, bridge: Bridge, words: Vocabulary, ask: _Ask, conflicts: Sequence[Difference], notes: Sequence[Notes] = ()
    ) -> None:
        super().__init__()
        self._bridge, self._words, self._ask = bridge, words, ask
        self._banner: Banner | None = None
        # What was replaced here since stays so unless somebody wants it back.
        self._is_new = False
        self._usual = {one.id: Side.MINE for one in conflicts if not one.is_contested}
        self.board = DecisionBoard(
            merge_words.difference_words(words),
            merge_words.side_words(words.texts),
            conflicts,
            self._usual,
            notes=notes,
        )
        self.board.changed.connect(self._show_what_happens)
        self._lay_out()
        self._show_what_happens()
        self.setFocusProxy(self.board.list if conflicts else self.board.tabs)

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(MEDIUM)
        head = Card(margin=MEDIUM)
        head.setObjectName("merge_head")
        counts = Words(self._ask.head, Role.HEADING)
        counts.setObjectName("merge_counts")
        head.body.addWidget(counts)
        self._column.addWidget(head)
        self._column.addWidget(self.board, 1)
        self._what = Words(is_muted=True)
        self._what.setObjectName("merge_what_happens")
        self.act = QPushButton(self._ask.act)
        self.act.setObjectName("merge_act")
        self.act.setDefault(True)
        self.act.clicked.connect(lambda _on: self._do())
        leave = QPushButton(self._ask.leave)
        leave.setObjectName("merge_leave")
        leave.setAutoDefault(False)
        leave.clicked.connect(lambda _on: self.left.emit())
        self._column.addLayout(ending(self._what, self.act, leave))

    def set_new(self, *, is_new: bool) -> None:
        """Say whether there is something to store even where nothing is decided."""
        self._is_new = is_new
        self._show_what_happens()

    def _show_what_happens(self) -> None:
        texts, count = self._words.texts, len(self.board.undecided)
        is_possible = self._is_new or self.board.decisions != self._usual
        self.act.setEnabled(is_possible and not self._bridge.session.is_read_only)
        if not is_possible and not count:
            self._what.setText(texts.gettext("The files bring nothing that is not here already."))
            return
        if not count:
            self._what.setText(texts.gettext("Nothing is lost: every change stays in the history, and Undo works."))
            return
        pattern = texts.ngettext(
            "{count} is not decided yet: both answers stay and show as a conflict until somebody decides.",
            "{count} are not decided yet: both answers stay and show as conflicts until somebody decides.",
            count,
        )
        self._what.setText(pattern.format(count=texts.number(count)))

    def _do(self) -> None:
        self._bridge.request_flush()
        result = self._bridge.merge(lambda: self._ask.do(dict(self.board.decisions)), self._ask.step)
        if result is not None:
            self.done.emit(result)
        elif self._bridge.refusal is not None:
            self._complain(self._bridge.refusal.text(self._words.texts.gettext))

    def _complain(self, sentence: str) -> None:
        if self._banner is not None:
            self._banner.hide()
            self._banner.deleteLater()
        self._banner = Banner(self._words.texts, Tone.DANGER, sentence)
        self._banner.closer.clicked.connect(lambda _on, banner=self._banner: banner.hide())
        self._column.insertWidget(0, self._banner)


def merge_page(bridge: Bridge, words: Vocabulary, plan: MergePlan) -> ConflictsPage:
    """Return the preview of a merge."""
    texts = words.texts
    ask = _Ask(
        merge_words.totals_sentence(texts, plan),
        texts.gettext("Merge"),
        texts.gettext("Leave it"),
        texts.gettext("merging"),
        lambda decisions: merge.apply_merge(bridge.session, plan, decisions),
    )
    page = ConflictsPage(bridge, words, ask, (*plan.conflicts, *plan.replaced), merge_words.notes(words, plan))
    page.setObjectName("merge_page")
    page.set_new(is_new=not plan.is_empty)
    return page


def settle_page(bridge: Bridge, words: Vocabulary, conflicts: Sequence[Difference]) -> ConflictsPage:
    """Return the conflicts that an earlier merge has left open."""
    texts, count = words.texts, len(conflicts)
    ask = _Ask(
        texts.ngettext(
            "{count} conflict between officers is open", "{count} conflicts between officers are open", count
        ).format(count=texts.number(count)),
        texts.gettext("Store the decisions"),
        texts.gettext("Leave them open"),
        texts.gettext("decisions on conflicts"),
        lambda decisions: merge.settle(bridge.session, decisions),
    )
    page = ConflictsPage(bridge, words, ask, conflicts)
    page.setObjectName("settle_page")
    return page
