"""The gaps, or the places to verify: filters, the table, and what stands behind the chosen line."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Action, Progress, Rating
from capacity_app.domain.gaps import CLASS_WORDS, CLASSES, PRIORITY_WORDS, Gap, Priority, SeverityClass
from capacity_app.domain.instrument import Feasibility
from capacity_app.domain.problems import N_
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.gaps.gap_detail import GapDetail
from capacity_app.ui.gaps.gap_model import GapLine
from capacity_app.ui.gaps.gap_table import GapTable
from capacity_app.ui.look.cards import Card, Tiles, Words
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.openers import Figure
from capacity_app.ui.look.theme import MEDIUM, SMALL, WIDE, Role
from capacity_app.ui.registers.entry_words import Vocabulary, capital
from capacity_app.ui.registers.form_pickers import QuietCombo

_QUADRANTS = {
    Priority.QUICK_WIN: N_("serious and easy to close"),
    Priority.MAJOR_PROJECT: N_("serious and hard to close"),
    Priority.FILL_IN: N_("less serious and easy to close"),
    Priority.LATER: N_("less serious and hard to close"),
}


class GapFilter(Flow):
    """Which gaps to show: of one section, from one severity on, only those without an action."""

    changed = Signal()

    def __init__(self, words: Vocabulary, name: str) -> None:
        super().__init__(MEDIUM)
        say = words.texts.gettext
        self._section, self._grade = QuietCombo(), QuietCombo()
        self._unplanned = QCheckBox(say("Without an action"))
        sections = ((s.id, f"{s.number}  {words.wording.section(s)}") for s in words.instrument.sections if s.is_scored)
        self._section.fill((("", say("All sections")), *sections))
        grades = (
            (grade.value, say(CLASS_WORDS[grade])) for grade in reversed(CLASSES) if grade is not SeverityClass.NONE
        )
        self._grade.fill((("", say("All severities")), *grades))
        self._section.setMinimumContentsLength(22)
        for combo, kind, label in (
            (self._section, "section", say("Show only this section")),
            (self._grade, "severity", say("Show only this severity")),
        ):
            combo.setObjectName(f"{name}_{kind}")
            combo.setAccessibleName(label)
            combo.currentIndexChanged.connect(lambda _index: self.changed.emit())
            self.place(combo)
        self._unplanned.setObjectName(f"{name}_unplanned")
        self._unplanned.toggled.connect(lambda _on: self.changed.emit())
        self.place(self._unplanned)

    def takes(self, line: GapLine) -> bool:
        """Tell whether a gap is to be shown."""
        is_section = self._section.currentData() in {"", line.gap.section.id}
        is_grade = self._grade.currentData() in {"", line.gap.severity_class.value}
        return is_section and is_grade and not (self._unplanned.isChecked() and line.actions)

    def clear(self) -> None:
        """Show everything."""
        self._section.setCurrentIndex(0)
        self._grade.setCurrentIndex(0)
        self._unplanned.setChecked(False)


def gap_lines(gaps: Iterable[Gap], actions: Iterable[Action], words: Vocabulary) -> tuple[GapLine, ...]:
    """Put gaps together with the actions that close them; dropped actions close nothing."""
    closing: dict[str, list[str]] = {}
    for action in actions:
        if action.progress is not Progress.DROPPED:
            for address in action.gaps:
                closing.setdefault(address, []).append(words.title("actions", action))
    return tuple(GapLine(gap, tuple(closing.get(str(gap.address), ()))) for gap in gaps)


class GapList(QWidget):
    """One list of gaps with everything around it. ``wanted`` carries an address, ``action_wanted`` a tuple of gaps."""

    wanted = Signal(object)
    action_wanted = Signal(object)

    def __init__(self, bridge: Bridge, words: Vocabulary, name: str, *, is_open: bool) -> None:
        super().__init__()
        self._bridge, self._words, self._is_open = bridge, words, is_open
        self._lines: tuple[GapLine, ...] = ()
        say = words.texts.gettext
        label = say("Places to verify") if is_open else say("Gaps")
        self.filter = GapFilter(words, name)
        self.filter.changed.connect(self._show)
        self.table = GapTable(words, name, label, is_editable=not bridge.session.is_read_only)
        self.detail = GapDetail(bridge, words)
        self.quadrants = {
            priority: Figure(f"{name}_{priority.value}", capital(say(PRIORITY_WORDS[priority])), is_small=True)
            for priority in Priority
        }
        self._count = Words(is_muted=True, wraps=False)
        self._stack = QStackedWidget()
        self._build(name)
        self.table.wanted.connect(self.wanted)
        self.table.picked.connect(self._pick)
        self.table.gaps.rated.connect(self._rate)
        self.detail.wanted.connect(self.wanted)
        self.detail.action_wanted.connect(lambda gap: self.action_wanted.emit(self.table.chosen() or (gap,)))

    def _build(self, name: str) -> None:
        for figure in self.quadrants.values():
            figure.clicked.connect(lambda _checked, which=figure: self._choose_quadrant(which))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(MEDIUM)
        if not self._is_open:
            card = Card(margin=SMALL)
            card.body.addWidget(Tiles(tuple(self.quadrants.values()), letters=22))
            column.addWidget(card)
        sheet = Card(margin=SMALL)
        top = QVBoxLayout()
        top.setContentsMargins(SMALL, SMALL, SMALL, SMALL)
        # In line with the words of the boxes beside it.
        self._count.setContentsMargins(0, 5, 0, 5)
        self.filter.place(self._count)
        top.addWidget(self.filter)
        sheet.body.addLayout(top)
        sheet.body.addWidget(self.table, 1)
        area = QScrollArea()
        area.setObjectName(f"{name}_detail")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.detail)
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(sheet)
        split.addWidget(area)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setSizes([400, 230])
        self._stack.addWidget(split)
        self._stack.addWidget(self._empty())
        column.addWidget(self._stack, 1)

    def _empty(self) -> QWidget:
        say = self._words.texts.gettext
        sentence = (
            say("Nothing is left to verify: every scored question has been answered.")
            if self._is_open
            else say(
                "No gap yet. A gap appears as soon as an answer stays below its target; the most severe comes first."
            )
        )
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        words = Words(sentence, Role.QUESTION, is_muted=True, side="center")
        column.addStretch(1)
        column.addWidget(words)
        column.addStretch(2)
        return page

    def show_gaps(self, gaps: tuple[Gap, ...], actions: tuple[Action, ...]) -> None:
        """Show other gaps."""
        self._lines = gap_lines(gaps, actions, self._words)
        self._stack.setCurrentIndex(0 if gaps else 1)
        for priority, figure in self.quadrants.items():
            count = sum(1 for gap in gaps if gap.priority is priority)
            figure.show_figure(self._words.texts.number(count), self._words.texts.gettext(_QUADRANTS[priority]))
        self._show()

    def _choose_quadrant(self, chosen: Figure) -> None:
        for figure in self.quadrants.values():
            figure.setChecked(figure is chosen and chosen.isChecked())
        self._show()

    def _takes(self, line: GapLine) -> bool:
        chosen = {priority for priority, figure in self.quadrants.items() if figure.isChecked()}
        return (not chosen or line.gap.priority in chosen) and self.filter.takes(line)

    def _show(self) -> None:
        kept = self.table.chosen()
        shown = tuple(line for line in self._lines if self._takes(line))
        self.table.gaps.show(shown)
        texts = self._words.texts
        sentence = texts.ngettext("{shown} of {count} shown", "{shown} of {count} shown", len(self._lines))
        self._count.setText(sentence.format(shown=texts.number(len(shown)), count=texts.number(len(self._lines))))
        address = str(kept[0].address) if kept else ""
        if not self.table.choose(address) and shown:
            self.table.choose(str(shown[0].gap.address))
        self._pick(str(self.table.chosen()[0].address) if self.table.chosen() else "")

    def _pick(self, address: str) -> None:
        self.detail.show_gap(next((line.gap for line in self._lines if str(line.gap.address) == address), None))

    def _rate(self, address: str, feasibility: Feasibility) -> None:
        found = self._bridge.session.entry("ratings", address)
        note = found.note if isinstance(found, Rating) else ""
        self._bridge.put(Rating(id=address, feasibility=feasibility, note=note))

    def choose(self, address: str) -> None:
        """Bring a gap into view, whatever the filters say."""
        if not self.table.choose(address):
            self.filter.clear()
            for figure in self.quadrants.values():
                figure.setChecked(False)
            self._show()
            self.table.choose(address)
        self.table.setFocus()
