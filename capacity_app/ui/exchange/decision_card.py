"""One difference laid out to decide on: what was there before, what stands here, what comes from elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from capacity_app.domain.deciding import Difference, Fate, Side, Version
from capacity_app.ui.exchange.difference_words import DifferenceWords
from capacity_app.ui.exchange.facets import Facet
from capacity_app.ui.look.alerts import Mark
from capacity_app.ui.look.cards import Card, Words, row
from capacity_app.ui.look.quiet_button import QuietButton
from capacity_app.ui.look.theme import MEDIUM, SMALL, TIGHT, Role
from capacity_app.ui.questionnaire.history_tab import diff_runs
from capacity_app.ui.questionnaire.keys import on_keyboard
from capacity_app.ui.questionnaire.passage import Passage, Run, passage
from capacity_app.ui.questionnaire.voice_cards import SideBySide

_LETTERS = 26
"""Letters a side needs beside another one."""


@dataclass(frozen=True, slots=True)
class SideWords:
    """What the sides are called and the buttons say, all in the person's language."""

    base: str
    mine: str
    theirs: str
    accept: str
    keep: str
    accept_shown: str
    keep_shown: str
    accepted: str
    kept: str


class SideCard(Card):
    """What one side says; what differs from ``against`` is marked, prose word by word."""

    def __init__(
        self, title: str, shown: Sequence[Facet], against: Sequence[Facet] | None, words: DifferenceWords, nothing: str
    ) -> None:
        super().__init__(margin=MEDIUM)
        self._words, self._title = words, title
        self.body.setSpacing(TIGHT)
        self.body.addWidget(Words(title, Role.CAPTION, is_muted=True))
        known = {facet.name: facet for facet in against or ()}
        for facet in shown:
            self._add(facet, known.get(facet.name), is_compared=against is not None)
        gone = [facet for facet in against or () if facet.name not in {one.name for one in shown}]
        for facet in gone if shown else ():
            self._label(facet, is_marked=True)
            self._add_runs(facet.label, diff_runs(facet.text, ""))
        if not shown:
            self.body.addWidget(Words(nothing, is_muted=True))

    def _label(self, facet: Facet, *, is_marked: bool) -> None:
        said = self._words.words.texts.gettext("≠ {label}").format(label=facet.label) if is_marked else facet.label
        label = Words(said, Role.CAPTION, is_muted=not is_marked)
        if is_marked:
            label.set_colour("warning")
        self.body.addWidget(label)

    def _add(self, facet: Facet, before: Facet | None, *, is_compared: bool) -> None:
        was = before.text if before else ""
        self._label(facet, is_marked=is_compared and was != facet.text)
        if not facet.text:
            self.body.addWidget(Words(self._words.words.texts.gettext("Nothing"), is_muted=True))
        elif is_compared and facet.is_prose and was and was != facet.text:
            self._add_runs(facet.label, diff_runs(was, facet.text))
        else:
            self._add_runs(facet.label, [Run(facet.text)])

    def _add_runs(self, label: str, runs: Iterable[Run]) -> None:
        shown = Passage(f"{self._title}, {label}")
        shown.show_runs(runs)
        self.body.addWidget(shown)

    def close_off(self, version: Version, decision: str) -> None:
        """Say by whom, when and in which file, and that this side was decided for."""
        texts = self._words.words.texts
        is_day = len(version.time) == len("2026-05-03")
        when = texts.date(version.time) if is_day else texts.date_time(version.time) if version.time else ""
        support = "\n".join(part for part in (" · ".join(filter(None, (when, version.author))), version.file) if part)
        if support:
            self.body.addWidget(passage(support, Role.CAPTION, is_muted=True))
        self.body.addStretch(1)
        if decision:
            self._tint, self._edge = "accent_tint", "accent"
            chosen = Words(f"✓ {decision}", Role.STRONG)
            chosen.set_colour("accent")
            self.body.addWidget(chosen)


class DecisionCard(QWidget):
    """The current difference and the buttons that decide on it; ``decided`` carries a side, or None for "later"."""

    decided = Signal(object)

    def __init__(self, words: DifferenceWords, sides: SideWords) -> None:
        super().__init__()
        self._words, self._sides = words, sides
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._content: QWidget | None = None
        say = words.words.texts.gettext
        self.accept = QuietButton(sides.accept, "A")
        self.keep = QuietButton(sides.keep, "K")
        self.later = QuietButton(say("Decide later"), on_keyboard(words.words.texts, "Del"))
        for button, name, side in (
            (self.accept, "decide_accept", Side.THEIRS),
            (self.keep, "decide_keep", Side.MINE),
            (self.later, "decide_later", None),
        ):
            button.setObjectName(name)
            button.is_chip = True
            button.clicked.connect(lambda _on=False, side=side: self.decided.emit(side))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SMALL)
        column.addWidget(self._area, 1)
        column.addLayout(row(self.accept, self.keep, self.later))

    def show_difference(self, difference: Difference | None, decision: Side | None, rivals: int = 0) -> None:
        """Lay out a difference, or nothing; ``rivals`` are other values of the same place."""
        can_decide = difference is not None and difference.fate is not Fate.REFUSED
        for button in (self.accept, self.keep):
            button.setEnabled(can_decide)
        self.later.setEnabled(can_decide and decision is not None)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, SMALL, 0)
        column.setSpacing(SMALL)
        if difference is not None:
            self._fill(column, difference, decision, rivals)
        column.addStretch(1)
        self._area.setWidget(content)

    def _fill(self, column: QVBoxLayout, difference: Difference, decision: Side | None, rivals: int) -> None:
        words = self._words
        column.addWidget(Words(words.place(difference), Role.CAPTION, is_muted=True))
        if subject := words.subject(difference):
            column.addWidget(Words(subject, Role.QUESTION))
        parts = (words.standing(difference, decision), difference.place)
        column.addWidget(Words(" · ".join(part for part in parts if part), Role.CAPTION))
        if difference.is_contested and rivals:
            column.addWidget(Words(self._of_several(rivals), Role.CAPTION))
        if difference.problem is not None:
            column.addWidget(self._problem(difference.problem.text(words.words.texts.gettext)))
        sides = SideBySide(_LETTERS)
        for card in self._cards(difference, decision):
            sides.place(card)
        column.addWidget(sides)

    def _of_several(self, rivals: int) -> str:
        texts = self._words.words.texts
        return texts.ngettext(
            "There is {count} other value of this in the files: taking this one decides on it too.",
            "There are {count} other values of this in the files: taking this one decides on them too.",
            rivals,
        ).format(count=texts.number(rivals))

    def _problem(self, sentence: str) -> QWidget:
        card = Card(tint="danger_tint", edge="danger", margin=MEDIUM)
        card.body.addLayout(row(Mark("danger", "danger"), spacing=SMALL))
        card.body.addWidget(Words(sentence))
        return card

    def _cards(self, difference: Difference, decision: Side | None) -> list[SideCard]:
        """Return the sides; the one before only where it is neither of the others."""
        said = {side: self._words.facets(difference, side_of) for side, side_of in _sides(difference).items()}
        base = said.get("base")
        shows_base = base is not None and base != said["mine"]
        against_mine = base if shows_base else None
        against_theirs = base if shows_base else said["mine"]
        cards = [
            self._side("mine", difference, said["mine"], against_mine, Side.MINE, decision),
            self._side("theirs", difference, said["theirs"], against_theirs, Side.THEIRS, decision),
        ]
        if shows_base and difference.base is not None:
            cards.append(self._side("base", difference, base or (), None, None, decision))
        return cards

    def _side(
        self,
        name: str,
        difference: Difference,
        shown: Sequence[Facet],
        against: Sequence[Facet] | None,
        side: Side | None,
        decision: Side | None,
    ) -> SideCard:
        title = {"base": self._sides.base, "mine": self._sides.mine, "theirs": self._sides.theirs}[name]
        card = SideCard(title, shown, against, self._words, self._words.nothing(difference))
        card.setObjectName(f"side_{name}")
        is_chosen = side is not None and side is decision
        chosen = {Side.MINE: self._sides.kept, Side.THEIRS: self._sides.accepted}
        card.close_off(_sides(difference)[name], chosen[side] if side is not None and is_chosen else "")
        return card

    def page(self, direction: int) -> None:
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + direction * max(bar.pageStep() - self.fontMetrics().height(), 1))


def _sides(difference: Difference) -> dict[str, Version]:
    sides = {"mine": difference.mine, "theirs": difference.theirs}
    return sides | ({"base": difference.base} if difference.base is not None else {})
