"""A whole row or table at a glance: what was answered in its cells, and where agencies contradict each other."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.answers import Answer, State
from capacity_app.domain.effective import effective
from capacity_app.domain.sheet import Item, Standing
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.openers import Opener
from capacity_app.ui.look.theme import SMALL, Role
from capacity_app.ui.questionnaire.panel import Place
from capacity_app.ui.questionnaire.voices import shortened
from capacity_app.ui.wording import Wording

_MOST = 40
"""Cells named one by one; of more, it is said how many there are."""


class Overview(QWidget):
    """The cells of a row, or those of a table that contradict each other. ``wanted`` carries the address of one."""

    wanted = Signal(object)

    def __init__(self, place: Place, bridge: Bridge, wording: Wording, *, has_own: bool) -> None:
        super().__init__()
        self._bridge, self._wording = bridge, wording
        self.setObjectName("overview")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SMALL)
        block = bridge.session.sheet.blocks[place.question.id]
        items = [item for item in block.items if place.row is None or item.row is place.row]
        said = [item for item in items if self._answers(item)]
        if place.row is None:
            self._count(items, said)
            said = [item for item in said if item.answer.conflict]
        if not said and place.row is not None and not has_own:
            self._column.addWidget(Words(wording.texts.gettext("Nobody has answered in this row yet."), is_muted=True))
        for item in said[:_MOST]:
            self._column.addWidget(self._cell(item, is_alone=place.row is None))
        if len(said) > _MOST:
            more = wording.ngettext("and {count} more", "and {count} more", len(said) - _MOST)
            self._column.addWidget(Words(more, is_muted=True))

    def _answers(self, item: Item) -> Sequence[Answer]:
        answers = self._bridge.session.answers_at(item.address)
        return [answer for answer in answers if answer.content.state is not State.NOT_ASKED]

    def _count(self, items: Iterable[Item], said: Sequence[Item]) -> None:
        wanted = [item for item in items if item.standing is Standing.WANTED]
        given = sum(1 for item in wanted if item in said)
        texts, differing = self._wording.texts, sum(1 for item in said if item.answer.conflict)
        counted = texts.gettext("{given} of {wanted} answers are given.")
        self._column.addWidget(Words(counted.format(given=texts.number(given), wanted=texts.number(len(wanted)))))
        sentence = texts.gettext("Nowhere do the answers differ.")
        if differing:
            sentence = self._wording.ngettext(
                "≠ In {count} place the answers differ:", "≠ In {count} places the answers differ:", differing
            )
        words = Words(sentence, is_muted=not differing)
        words.set_colour("warning" if differing else "")
        self._column.addWidget(words)

    def _cell(self, item: Item, *, is_alone: bool) -> Opener:
        """Make a line one can open the cell with: its name, and below who says what."""
        column = item.question.column_by_id[item.address.column]
        label = self._wording.column(item.question, column)
        name = self._wording.place(item.address) if is_alone else label
        lines = [self._said(item, answer) for answer in self._answers(item)]
        opener = Opener(f"cell {item.address}", has_arrow=False)
        opener.setCheckable(False)
        opener.body.addWidget(Words(name, Role.CAPTION, is_muted=True))
        if effective(self._answers(item), item.field).conflict:
            lines.append(self._wording.texts.gettext("≠ The answers differ: settle it there."))
        for line in lines:
            words = Words(line)
            words.set_colour("warning" if line.startswith("≠") else "")
            opener.body.addWidget(words)
        opener.setAccessibleName(f"{name}: {'. '.join(lines)}")
        opener.clicked.connect(lambda: self.wanted.emit(item.address))
        return opener

    def _said(self, item: Item, answer: Answer) -> str:
        who = self._wording.respondent(answer.key.layer, answer.key.respondent)
        said = self._wording.content(item.question, item.field, answer.content, is_short=True)
        return f"{who}: {shortened(said)}"
