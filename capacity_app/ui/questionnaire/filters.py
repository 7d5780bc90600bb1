"""Which questions the tree shows: filters, told from how the places of a question stand, and the list of them."""

from collections.abc import Iterator
from enum import StrEnum

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QComboBox

from capacity_app.domain.answers import Layer, State
from capacity_app.domain.problems import N_
from capacity_app.domain.sheet import Block
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.marks import Mark
from capacity_app.ui.wording import Wording


class Filter(StrEnum):
    """Which questions the tree shows."""

    ALL = "all"
    OPEN = "open"
    TO_CONFIRM = "to_confirm"
    TO_VERIFY = "to_verify"
    CONFLICT = "conflict"
    NO_EVIDENCE = "no_evidence"
    NOT_APPLICABLE = "not_applicable"
    MINE = "mine"


FILTER_WORDS: dict[Filter, str] = {
    Filter.ALL: N_("All questions"),
    Filter.OPEN: N_("Still open"),
    Filter.TO_CONFIRM: N_("To confirm: answered before"),
    Filter.TO_VERIFY: N_("To verify: unknown or declined"),
    Filter.CONFLICT: N_("Answers differ"),
    Filter.NO_EVIDENCE: N_("Level 2 or 3 without evidence"),
    Filter.NOT_APPLICABLE: N_("Not applicable"),
    Filter.MINE: N_("Answered by {agency}"),
}

EMPTY_WORDS: dict[Filter, str] = {
    Filter.ALL: "",
    Filter.OPEN: N_("Nothing is open: every question has an answer. “Check before you leave” lists what is weak."),
    Filter.TO_CONFIRM: N_(
        "Nothing waits to be confirmed. What an earlier round or an earlier version of the questions answered is "
        "offered here until somebody answers."
    ),
    Filter.TO_VERIFY: N_("Nobody said “unknown” or declined. Questions where somebody does are gathered here."),
    Filter.CONFLICT: N_("Nobody disagrees. Where two agencies give different answers, the question appears here."),
    Filter.NO_EVIDENCE: N_("Every level 2 and 3 rests on some evidence: a document, a link or at least its name."),
    Filter.NOT_APPLICABLE: N_("Everything applies. What does not, with its reason, is gathered here."),
    Filter.MINE: N_("{agency} has answered nothing yet. Choose above the questions in whose name answers are given."),
}
"""What an empty tree teaches, by filter."""


def marks_of(block: Block) -> tuple[Mark, ...]:
    """Return the marks of a question besides its ring: what deserves a second look, the most urgent first."""
    counts = block.counts
    found = (
        (Mark.CONFLICT, counts.conflicts),
        (Mark.UNSUPPORTED, counts.unsupported),
        (Mark.TO_VERIFY, counts.uncertain),
    )
    return tuple(mark for mark, count in found if count)


class Sieve:
    """Tells which questions a filter keeps."""

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge

    @property
    def respondent(self) -> str:
        return self._bridge.respondent

    def offered(self) -> tuple[Filter, ...]:
        """Return the filters that make sense here: nothing is to confirm without an earlier round."""
        has_earlier = self._bridge.carried.open()
        return tuple(one for one in Filter if has_earlier or one is not Filter.TO_CONFIRM)

    def keeps(self, chosen: Filter, block: Block) -> bool:
        """Return whether a filter shows a question; ``MINE`` is told by ``answered``."""
        counts = block.counts
        if chosen is Filter.ALL:
            return True
        if block.is_hidden:
            return False
        if chosen is Filter.TO_CONFIRM:
            carried, question = self._bridge.carried, block.question.id
            return bool(carried.in_question(question) or carried.waiting(question))
        return bool(
            {
                Filter.OPEN: counts.open,
                Filter.TO_VERIFY: counts.uncertain,
                Filter.CONFLICT: counts.conflicts,
                Filter.NO_EVIDENCE: counts.unsupported,
                Filter.NOT_APPLICABLE: counts.out,
            }.get(chosen)
        )

    def answered(self) -> frozenset[str]:
        """Return the questions in which the present respondent has said something."""
        respondent = self._bridge.respondent
        return frozenset(
            answer.key.address.question
            for answer in self._bridge.session.dossier().answers
            if answer.key.layer is Layer.RESPONSE
            and answer.key.respondent == respondent
            and answer.content.state is not State.NOT_ASKED
        )

    def kept(self, chosen: Filter) -> frozenset[str]:
        return frozenset(self._kept(chosen))

    def _kept(self, chosen: Filter) -> Iterator[str]:
        blocks = self._bridge.session.sheet.blocks
        if chosen is Filter.MINE:
            said = self.answered()
            yield from (name for name, block in blocks.items() if name in said and not block.is_hidden)
        else:
            yield from (name for name, block in blocks.items() if self.keeps(chosen, block))


_LEAST_LETTERS = 10


class FilterBox(QComboBox):
    """Chooses a filter; ``chosen`` tells of another one. Counts are made when somebody looks."""

    chosen = Signal()

    def __init__(self, sieve: Sieve, wording: Wording) -> None:
        super().__init__()
        self._sieve, self._wording = sieve, wording
        self.setObjectName("filter")
        self.setAccessibleName(wording.texts.gettext("Which questions are shown"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(_LEAST_LETTERS)
        for one in Filter:
            if one is not Filter.TO_CONFIRM:
                self.addItem(self.word(one), one)
        self.currentIndexChanged.connect(lambda _index: self.chosen.emit())

    @property
    def filter(self) -> Filter:
        return Filter(self.currentData())

    def word(self, one: Filter) -> str:
        texts = self._wording.texts
        return texts.gettext(FILTER_WORDS[one]).format(agency=self._wording.agency(self._sieve.respondent))

    def choose(self, one: Filter) -> None:
        """Choose a filter; one that makes no sense here is left out."""
        self.offer()
        self.setCurrentIndex(max(0, self.findData(one)))

    def offer(self) -> None:
        """List the filters that make sense now."""
        offered = self._sieve.offered()
        if tuple(Filter(self.itemData(place)) for place in range(self.count())) == offered:
            return
        before = self.filter
        with QSignalBlocker(self):
            self.clear()
            for one in offered:
                self.addItem(self.word(one), one)
            self.setCurrentIndex(max(0, self.findData(before)))
        if self.filter is not before:
            self.chosen.emit()

    def count_up(self) -> None:
        """Write beside every filter how many questions it shows."""
        self.offer()
        texts = self._wording.texts
        for place in range(self.count()):
            one = Filter(self.itemData(place))
            count = texts.number(len(self._sieve.kept(one)))
            self.setItemText(place, texts.gettext("{filter} ({count})").format(filter=self.word(one), count=count))

    def showPopup(self) -> None:  # noqa: N802 - Qt's name
        self.count_up()
        view = self.view()
        view.setMinimumWidth(view.sizeHintForColumn(0) + 2 * view.frameWidth() + self.fontMetrics().height())
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.count_up()
        super().focusInEvent(event)
