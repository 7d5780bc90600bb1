"""Editors for answers that are chosen: levels with their sentences, yes/partly/no, choices, checklists."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout

from capacity_app.domain.answers import Value
from capacity_app.domain.instrument import Kind
from capacity_app.domain.problems import N_
from capacity_app.ui.look.flow import Columns, Flow
from capacity_app.ui.look.theme import SMALL
from capacity_app.ui.questionnaire import keys
from capacity_app.ui.questionnaire.option_rows import RadioRow, TickRow
from capacity_app.ui.questionnaire.pairs import NO_SECOND, second_of
from capacity_app.ui.questionnaire.pickers import PickEditor
from capacity_app.ui.questionnaire.reading import TYPED_KINDS
from capacity_app.ui.questionnaire.typed_editors import AnswerEditor, Asked, TypedEditor
from capacity_app.ui.wording import SAID_KEYS, Wording
from capacity_app.wording import YES_NO_WORDS

_NONE = N_("None of these")
Offer = tuple[Value, str, str]
"""A value, its wording and its key."""


def offers(asked: Asked) -> list[Offer]:
    """List what may be chosen for a field, with keys: levels 0-3, Y P N, options from 1."""
    field, wording = asked.field, asked.wording
    if field.kind is Kind.LEVEL:
        return [(level, text, str(level)) for level, text in enumerate(wording.anchors(asked.question, field))]
    if field.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}:
        said = ("yes", "no") if field.kind is Kind.YES_NO else ("yes", "partly", "no")
        return [(word, wording.texts.gettext(YES_NO_WORDS[word]), SAID_KEYS[word]) for word in said]
    numbered = enumerate(field.options, 1)
    return [(o.id, wording.option(asked.question, field, o), str(n) if n <= 9 else "") for n, o in numbered]  # noqa: PLR2004 - nine digits


class RowsEditor(AnswerEditor):
    """Rows of which one is a stop for Tab and the arrows reach the others."""

    def __init__(self, asked: Asked, rows: Sequence[RadioRow | TickRow], *, is_line: bool = False) -> None:
        super().__init__(asked)
        self.rows = tuple(rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._lines = Flow(SMALL) if is_line else Columns()
        layout.addWidget(self._lines)
        for place, row in enumerate(self.rows):
            self._lines.place(row)
            row.show_key(asked.wording.texts.in_digits(row.key))
            row.clicked.connect(lambda _checked=False, place=place: self._clicked(place))
        self._stop_at(0)

    def _clicked(self, place: int) -> None:
        raise NotImplementedError

    def wordings(self, wording: Wording) -> list[str]:
        return [text for _, text, _ in offers(replace(self.asked, wording=wording))]

    def show_second(self, second: Wording | None) -> None:
        """Show every row in a second wording too."""
        texts = self.wordings(second) if second is not None else [""] * len(self.rows)
        for row, text in zip(self.rows, texts, strict=True):
            row.set_second(second_of(row.text(), text, second) if second is not None else NO_SECOND)
        for part in (self._lines, self):
            part.updateGeometry()

    def _mark_offered(self, offered: Sequence[bool]) -> None:
        for row, is_offered in zip(self.rows, offered, strict=True):
            row.set_offered(is_offered)

    def _stop_at(self, place: int) -> None:
        for number, row in enumerate(self.rows):
            row.setFocusPolicy(Qt.FocusPolicy.StrongFocus if number == place else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self.rows[place])

    def _go(self, place: int) -> None:
        place = min(max(place, 0), len(self.rows) - 1)
        self._stop_at(place)
        self.rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _here(self) -> int:
        return next((place for place, row in enumerate(self.rows) if row.hasFocus()), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        is_mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        steps |= {Qt.Key.Key_Right: -1 if is_mirrored else 1, Qt.Key.Key_Left: 1 if is_mirrored else -1}
        step = steps.get(Qt.Key(event.key()))
        here = self._here()
        if step is None or here < 0 or not keys.is_plain(event):
            event.ignore()
        else:
            self._go(here + step)

    def _place_of_key(self, event: QKeyEvent) -> int | None:
        digit = keys.digit_of(event)
        pressed = str(digit) if digit is not None else keys.letter_of(event)
        offered = (row.key for row in self.rows)
        return next((place for place, key in enumerate(offered) if key and key == pressed), None)

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose the row with the pressed key."""
        place = self._place_of_key(event)
        if place is None or not self.isEnabled():
            return False
        self._go(place)
        self.rows[place].click()
        return True


class OneOfEditor(RowsEditor):
    """Chooses one of several answers."""

    def __init__(self, asked: Asked) -> None:
        self._offers = offers(asked)
        is_line = asked.field.kind in {Kind.YES_NO, Kind.YES_PARTLY_NO}
        super().__init__(asked, [RadioRow(text, key) for _, text, key in self._offers], is_line=is_line)

    def show_value(self, value: Value) -> None:
        """Choose the row of the value, or none."""
        for place, (offered, _, _) in enumerate(self._offers):
            is_chosen = value is not None and offered == value
            self.rows[place].setChecked(is_chosen)
            if is_chosen:
                self._stop_at(place)

    def show_offered(self, value: Value) -> None:
        self._mark_offered([value is not None and offered == value for offered, _, _ in self._offers])

    def _clicked(self, place: int) -> None:
        value = self._offers[place][0]
        self.show_value(value)
        self.answered.emit(value, "")


class ChecklistEditor(RowsEditor):
    """Ticks any elements; "none of these" is an answer of its own."""

    def __init__(self, asked: Asked) -> None:
        self._offers = offers(asked)
        rows = [TickRow(text, key) for _, text, key in self._offers]
        super().__init__(asked, [*rows, TickRow(asked.wording.texts.gettext(_NONE), "0")])

    def wordings(self, wording: Wording) -> list[str]:
        """Return the elements and the last row in another wording."""
        return [*super().wordings(wording), wording.texts.gettext(_NONE)]

    def show_value(self, value: Value) -> None:
        ticked = value if isinstance(value, tuple) else None
        for place, (offered, _, _) in enumerate(self._offers):
            self.rows[place].setChecked(ticked is not None and offered in ticked)
        self.rows[-1].setChecked(ticked == ())

    def show_offered(self, value: Value) -> None:
        """Outline the rows the earlier round ticked."""
        ticked = value if isinstance(value, tuple) else ()
        self._mark_offered([*(offered in ticked for offered, _, _ in self._offers), value == ()])

    def _clicked(self, place: int) -> None:
        is_none_row = place == len(self._offers)
        if is_none_row:
            value: Value = () if self.rows[place].isChecked() else None
        else:
            ticked = zip(self._offers, self.rows, strict=False)
            # Taking the last tick away says nothing; that nothing applies is a row of its own.
            value = tuple(str(offered) for (offered, _, _), row in ticked if row.isChecked()) or None
        self.show_value(value)
        self.answered.emit(value, "")


EDITORS: Mapping[Kind, Callable[[Asked], AnswerEditor]] = {
    Kind.LEVEL: OneOfEditor,
    Kind.YES_NO: OneOfEditor,
    Kind.YES_PARTLY_NO: OneOfEditor,
    Kind.CHOICE: OneOfEditor,
    Kind.CHECKLIST: ChecklistEditor,
    Kind.AGENCY: PickEditor,
    Kind.SOURCE: PickEditor,
    Kind.COUNTRY: PickEditor,
    **dict.fromkeys(TYPED_KINDS, TypedEditor),
}
"""An editor for every kind but the grid, which is edited in its cells."""


def takes_letters(kind: Kind) -> bool:
    """Return whether letters typed into this kind's editor are text, so that only function keys set a state."""
    return kind in TYPED_KINDS or kind in {Kind.AGENCY, Kind.SOURCE, Kind.COUNTRY}
