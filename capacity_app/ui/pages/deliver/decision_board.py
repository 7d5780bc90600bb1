"""Differences to decide on: tabs that count them by kind, the list, the card of the current one, bulk decisions."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QVBoxLayout, QWidget

from capacity_app.domain.assessment.merging import DecisionSide, DiffKind, MergeDifference
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.ui.pages.deliver.difference_card import (
    DIFFERENCE_KIND_LABELS,
    DIFFERENCE_KIND_SIGNS,
    DecisionCard,
    DifferenceFormatter,
    SideLabels,
    difference_kind,
)
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM, SMALL
from capacity_app.ui.widgets.banners import BannerTone
from capacity_app.ui.widgets.buttons import ComboBox, FlatButton
from capacity_app.ui.widgets.cards import Card, Label, WrappedContainer
from capacity_app.ui.widgets.flow import Flow, TabRow
from capacity_app.ui.widgets.layouts import Stack, TurningSplitter, lay_out, with_name
from capacity_app.ui.widgets.lists_and_tables import LineList, ListLine
from capacity_app.ui.widgets.messages import BannerArea

_ALL = "all"


_DECIDED = {DecisionSide.THEIRS: ("✓", "good"), DecisionSide.MINE: ("○", "muted")}
_KEYS: dict[int, DecisionSide | None] = {
    Qt.Key.Key_A: DecisionSide.THEIRS,
    Qt.Key.Key_K: DecisionSide.MINE,
    Qt.Key.Key_Delete: None,
    Qt.Key.Key_Backspace: None,
}
_PASSED_ON = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier


def difference_line(
    formatter: DifferenceFormatter, difference: MergeDifference, decision: DecisionSide | None
) -> ListLine:
    sign, colour = DIFFERENCE_KIND_SIGNS[difference_kind(difference)]
    if decision is not None and difference.fate is not DiffKind.REFUSED:
        sign, colour = _DECIDED[decision]
    said = formatter.said(difference, difference.theirs)
    parts = (formatter.standing(difference, decision), formatter.same_answer(difference), said, difference.place)
    return ListLine(
        difference.id, formatter.title(difference), " · ".join(part for part in parts if part), mark=sign, colour=colour
    )


DifferenceLines = dict[tuple[str, DecisionSide | None], ListLine]
"""Lines by the id of their difference and the decision on it."""


class DecisionList(LineList):
    """The differences shown. ``decided`` carries a decision on the current one, ``decided_all`` one on all shown.

    ``paged`` asks to scroll the card of the current one, by 1 or -1 page.
    """

    decided = Signal(object)
    decided_all = Signal(object)
    paged = Signal(int)

    def __init__(self, name: str, label: str, formatter: DifferenceFormatter, parent: QWidget | None = None) -> None:
        super().__init__(name, label, parent)
        self._formatter = formatter
        self.known: DifferenceLines = {}
        # Hundreds of lines that wrap are measured in small steps: the window never stalls.
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(20)

    def show_differences(self, differences: Iterable[MergeDifference], decisions: Mapping[str, DecisionSide]) -> None:
        """Show some differences with what was decided; without a current one the first is made it."""
        self.show_lines([self._line(one, decisions.get(one.id)) for one in differences])
        if not self.currentIndex().isValid() and self.lines.rowCount():
            self.setCurrentIndex(self.lines.index(0, 0))

    def _line(self, difference: MergeDifference, decision: DecisionSide | None) -> ListLine:
        key = difference.id, decision
        if key not in self.known:
            self.known[key] = difference_line(self._formatter, difference, decision)
        return self.known[key]

    def keyboardSearch(self, search: str) -> None:
        """Leave letters to decisions."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~_PASSED_ON
        if event.key() == Qt.Key.Key_A and held == Qt.KeyboardModifier.ControlModifier:
            self.decided_all.emit(DecisionSide.THEIRS)
        elif event.key() in _KEYS and not held:
            self.decided.emit(_KEYS[event.key()])
        elif event.key() == Qt.Key.Key_Space:
            self.paged.emit(-1 if held == Qt.KeyboardModifier.ShiftModifier else 1)
        else:
            super().keyPressEvent(event)


@dataclass(frozen=True, slots=True)
class SideList:
    """A list beside the differences that decides nothing: its tab, what becomes of it, and its lines."""

    name: str
    label: str
    explanation: str
    lines: tuple[ListLine, ...]


@dataclass(frozen=True, slots=True)
class BulkDecision:
    """A button that decides on many at once: which ones, and for which side."""

    name: str
    label: str
    side: DecisionSide
    takes: Callable[[MergeDifference], bool]


def _decided_place(difference: MergeDifference) -> tuple[object, ...]:
    return difference.key, difference.register, difference.entry_id, difference.field


class DecisionBoard(WrappedContainer):
    """Holds the decisions; ``changed`` tells of every other one."""

    changed = Signal()

    def __init__(
        self,
        formatter: DifferenceFormatter,
        sides: SideLabels,
        differences: Sequence[MergeDifference],
        decisions: Mapping[str, DecisionSide],
        *,
        bulks: Iterable[BulkDecision] = (),
        notes: Iterable[SideList] = (),
        lines: DifferenceLines | None = None,
    ) -> None:
        super().__init__()
        self._formatter, self._sides = formatter, sides
        self.differences = tuple(one for one in differences if one.fate is not DiffKind.SAME)
        self._by_spot: dict[tuple[object, ...], list[MergeDifference]] = {}
        for one in self.differences:
            if one.is_contested:
                self._by_spot.setdefault(_decided_place(one), []).append(one)
        self._by_id = {one.id: one for one in self.differences}
        self.decisions = {key: side for key, side in decisions.items() if key in self._by_id}
        self._usually_kept = frozenset(key for key, side in self.decisions.items() if side is DecisionSide.MINE)
        self._notes = tuple(one for one in notes if one.lines)
        self._bulks = {bulk.name: bulk for bulk in bulks}
        self._buttons: dict[str, FlatButton] = {}
        self.setObjectName("decision_board")
        self.tabs = TabRow("difference_tab")
        self._kinds = self._add_tabs()
        self.author = self._authors()
        self.list = DecisionList("differences", formatter.formatter.texts.gettext("Differences"), formatter)
        self.list.known = lines or {}
        self.card = DecisionCard(formatter, sides)
        self.banners = BannerArea(formatter.formatter.texts)
        self._on_card: tuple[object, ...] = ()
        self._lay_out()
        self._connect()
        self._show()

    def _add_tabs(self) -> tuple[str, ...]:
        texts, counts = self._formatter.formatter.texts, Counter(difference_kind(one) for one in self.differences)
        kinds = [kind for kind in DIFFERENCE_KIND_LABELS if counts[kind]]
        labels = [(texts.gettext(self._formatter.kinds[kind]), counts[kind]) for kind in kinds]
        if len(kinds) > 1 or not (kinds or self._notes):
            kinds.insert(0, _ALL)
            labels.insert(0, (texts.gettext("All differences"), len(self.differences)))
        for label, count in (*labels, *((note.label, len(note.lines)) for note in self._notes)):
            self.tabs.addTab(f"{label} ({texts.number(count)})")
        return tuple(kinds)

    def _authors(self) -> ComboBox:
        """Let those of one author be shown alone, where there are several."""
        texts = self._formatter.formatter.texts
        combo = with_name(ComboBox(), "difference_author", texts.gettext("Author of the changes"))
        counts = Counter(one.theirs.author for one in self.differences)
        named = ((name, name or texts.gettext("no name")) for name in sorted(counts, key=texts.alphabetical))
        combo.setMinimumContentsLength(18)
        combo.fill((
            (_ALL, texts.gettext("All authors")),
            *((f"={name}", f"{label} ({texts.number(counts[name])})") for name, label in named),
        ))  # fmt: skip
        combo.setHidden(len(counts) < 2)  # noqa: PLR2004 - nothing to choose between
        return combo

    def _lay_out(self) -> None:
        self._stack = Stack(self._differences(), *map(self._note, self._notes))
        lay_out(QVBoxLayout(self), self.banners, self.tabs, (self._stack, 1), margins=0, spacing=SMALL)

    def _differences(self) -> QWidget:
        sheet = Card(self.list, margin=SMALL)
        split = TurningSplitter(sheet, self.card, "decision_split", letters=74, share=0.37, lines=9)
        holder = WrappedContainer()
        lay_out(QVBoxLayout(holder), self._acts(), (split, 1), margins=0, spacing=SMALL)
        return holder

    def _acts(self) -> QWidget:
        """Return what decides on many at once, in a line that wraps."""
        line = Flow(SMALL, self.author)
        for name, bulk in self._bulks.items():
            self._buttons[name] = self._button(name, bulk.label)
            self._buttons[name].clicked.connect(lambda _on=False, bulk=bulk: self._decide_bulk(bulk))
            line.place(self._buttons[name])
        for name, label, side in (
            ("accept_shown", self._sides.accept_shown, DecisionSide.THEIRS),
            ("keep_shown", self._sides.keep_shown, DecisionSide.MINE),
        ):
            button = self._button(name, label, "Ctrl+A" if side is DecisionSide.THEIRS else "")
            button.clicked.connect(lambda _on=False, side=side: self.decide_shown(side))
            line.place(button)
        return line

    def _button(self, name: str, label: str, key: str = "") -> FlatButton:
        button = with_name(FlatButton(label, key), name)
        button.is_chip = True
        return button

    def _note(self, note: SideList) -> QWidget:
        card = Card(margin=SMALL)
        explained = Label(note.explanation, is_muted=True)
        explained.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        card.body.addWidget(explained)
        shown = LineList(f"notes_{note.name}", note.label)
        shown.show_lines(note.lines)
        card.body.addWidget(shown, 1)
        return card

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(lambda _tab: self._show())
        self.author.currentIndexChanged.connect(lambda _place: self._show())
        self.list.picked.connect(lambda _key: self._show_card())
        self.list.opened.connect(lambda _key: self.list.setFocus(Qt.FocusReason.OtherFocusReason))
        self.list.decided.connect(self.decide)
        self.list.decided_all.connect(self.decide_shown)
        self.list.paged.connect(self.card.page)
        self.card.decided.connect(self.decide)

    def shown(self) -> tuple[MergeDifference, ...]:
        tab, author = self.tabs.currentIndex(), self.author.currentData()
        kind = self._kinds[tab] if tab < len(self._kinds) else ""
        return tuple(
            one
            for one in self.differences
            if kind in {_ALL, difference_kind(one)} and author in {_ALL, f"={one.theirs.author}"}
        )

    @property
    def current(self) -> MergeDifference | None:
        return self._by_id.get(self.list.current_key)

    @property
    def undecided(self) -> tuple[MergeDifference, ...]:
        return tuple(
            one for one in self.differences if one.fate is not DiffKind.REFUSED and one.id not in self.decisions
        )

    def decide(self, side: DecisionSide | None) -> None:
        """Decide on the current one and go to the next that is open; None takes the decision back."""
        current = self.current
        if current is None:
            return
        if current.fate is DiffKind.REFUSED:
            if side is not None:
                self._tell_invalid(current)
            return
        self.banners.clear("invalid")
        self._decide([current], side)
        following = self._following(current) if side is not None else None
        self._show_lines()
        if following is not None:
            self.list.choose(following.id)  # and with it, its card
        else:
            self._show_card()
        self.changed.emit()

    def _tell_invalid(self, difference: MergeDifference) -> None:
        """Say why nothing can be decided here."""
        say = self._formatter.formatter.texts.gettext
        told = [say("This answer is invalid and cannot be imported.")]
        told += [difference.problem.text(say)] if difference.problem is not None else []
        self.banners.tell("invalid", BannerTone.WARNING, " ".join(told), stays=False)

    def _following(self, decided: MergeDifference) -> MergeDifference | None:
        """Return the next one that is not decided, or where all are, the next one."""
        shown = self.shown()
        later = shown[shown.index(decided) + 1 :]
        return next((one for one in later if one.id not in self.decisions), later[0] if later else None)

    def decide_shown(self, side: DecisionSide) -> None:
        """Decide on all that are shown; what stays here as a rule only where its own tab is shown."""
        is_everything = self.tabs.currentIndex() == 0 and self._kinds[:1] == (_ALL,)
        kept = self._usually_kept if is_everything else frozenset()
        self._note_down([one for one in self.shown() if one.id not in kept], side)

    def _decide_bulk(self, bulk: BulkDecision) -> None:
        self._note_down([one for one in self.differences if bulk.takes(one)], bulk.side)

    def rivals(self, difference: MergeDifference) -> tuple[MergeDifference, ...]:
        """Return the other values of the same contested place: only one of them can stand."""
        return tuple(one for one in self._by_spot.get(_decided_place(difference), ()) if one is not difference)

    def _note_down(self, differences: Sequence[MergeDifference], side: DecisionSide) -> None:
        self._decide(differences, side)
        self._show()
        self.changed.emit()

    def _decide(self, differences: Sequence[MergeDifference], side: DecisionSide | None) -> None:
        """Take a decision down; of several values of one place none is chosen by deciding on all at once."""
        told = [one for one in differences if one.fate is not DiffKind.REFUSED]
        counts = Counter(_decided_place(one) for one in told if one.is_contested)
        for one in told:
            if side is None:
                self.decisions.pop(one.id, None)
            elif side is DecisionSide.MINE or counts[_decided_place(one)] <= 1:
                self.decisions[one.id] = side
                self.decisions |= dict.fromkeys((other.id for other in self._losing(one, side)), DecisionSide.MINE)

    def _losing(self, difference: MergeDifference, side: DecisionSide) -> tuple[MergeDifference, ...]:
        return self.rivals(difference) if side is DecisionSide.THEIRS and difference.is_contested else ()

    def _show(self) -> None:
        tab = self.tabs.currentIndex()
        is_note = tab >= len(self._kinds)
        self._stack.setCurrentIndex(tab - len(self._kinds) + 1 if is_note else 0)
        if is_note:
            return
        self._show_lines()
        self._show_card()
        texts = self._formatter.formatter.texts
        for name, button in self._buttons.items():
            bulk = self._bulks[name]
            count = sum(bulk.takes(one) for one in self.differences)
            button.show_word(f"{bulk.label} ({texts.number(count)})")
            button.setEnabled(count > 0)

    def _show_lines(self) -> None:
        self.list.show_differences(self.shown(), self.decisions)

    def _show_card(self) -> None:
        current = self.current
        decision = self.decisions.get(current.id) if current else None
        rivals = len(self.rivals(current)) if current else 0
        if self._on_card != (current, decision, rivals):
            self._on_card = current, decision, rivals
            self.card.show_difference(current, decision, rivals)
