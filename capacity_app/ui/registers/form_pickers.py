"""The editors of a form's fields that pick: from a list, from a few boxes, or several from a register."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox

from capacity_app.domain.registers import RegisterField
from capacity_app.ui.look.buttons import SignTool
from capacity_app.ui.look.cards import beside
from capacity_app.ui.look.find_field import FindField
from capacity_app.ui.look.flow import Flow
from capacity_app.ui.look.pickers import Chip, Choices, QuietCombo
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import LARGE, SMALL
from capacity_app.ui.registers.entry_maker import NEW_WORDS, EntryMaker
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_editors import FieldEditor, column_in

_NEW = "+"
"""Stands for a new entry among the choices; no id is like that."""


class _NameLine(LineField):
    """Asks for a name; Enter gives it, Escape gives it up."""

    given = Signal()
    given_up = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.given.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)


class ComboEditor(FieldEditor):
    """One of some choices; ``empty`` is the label of none of them. With a maker, new entries are made in place."""

    def __init__(
        self,
        field: RegisterField,
        words: Vocabulary,
        choices: Callable[[], Choices],
        empty: str | None,
        maker: EntryMaker | None = None,
    ) -> None:
        super().__init__()
        self._words, self._choices, self._empty = words, choices, empty
        self._maker = maker if maker is not None and maker.is_able else None
        self._value: object = ""
        self.combo = QuietCombo()
        self.combo.activated.connect(lambda _index: self._chosen())
        column_in(self).addWidget(self.combo)
        self._hold(self.combo, field, words.texts.gettext(field.label))
        if self._maker is not None:
            self._offer_new(self._maker, field)
        self.refresh()

    def _offer_new(self, maker: EntryMaker, field: RegisterField) -> None:
        say, (_, prompt, _) = self._words.texts.gettext, NEW_WORDS[maker.register]
        self.name = _NameLine()
        self.name.setObjectName(f"new_{field.name}")
        self.name.setAccessibleName(say(prompt))
        self.name.setPlaceholderText(say(prompt))
        self.add = SignTool("new", say("Add"))
        self.add.setObjectName(f"add_{field.name}")
        self.add.clicked.connect(self._make)
        self.name.given.connect(self._make)
        self.name.given_up.connect(self._give_up)
        self._new_line = beside(self.name, self.add)
        self._new_line.hide()
        column = self.layout()
        assert column is not None
        column.addWidget(self._new_line)

    def refresh(self) -> None:
        none: Choices = (("", self._empty),) if self._empty is not None else ()
        new: Choices = ((_NEW, self._words.texts.gettext(NEW_WORDS[self._maker.register][0])),) if self._maker else ()
        self.combo.fill((*none, *self._choices(), *new))

    def _chosen(self) -> None:
        if self.combo.currentData() == _NEW:
            self.show_value(self._value)
            self._new_line.show()
            self.name.setFocus()
            return
        chosen = self.combo.currentData() or ""
        # Qt gives the member of an enumeration back as plain text.
        self._value = next((key for key, _ in self._choices() if key == chosen), chosen)
        self.edited.emit()

    def _make(self) -> None:
        name = self.name.text().strip()
        if not name or self._maker is None:
            return
        with self._maker.made(name) as entry:
            if entry:
                self.refresh()
                self.show_value(entry)
                self.edited.emit()
        self._give_up()

    def _give_up(self) -> None:
        self.name.clear()
        self._new_line.hide()
        self.combo.setFocus()

    def value(self) -> object:
        return self._value

    def show_value(self, value: object) -> None:
        """Choose a value; one that is no longer offered is shown as what it was, not lost."""
        self._value = value
        if self.combo.findData(value) < 0:
            self.combo.insertItem(0, str(value), value)
        self.combo.setCurrentIndex(self.combo.findData(value))


class TicksEditor(FieldEditor):
    """Any of a few fixed choices, as boxes to tick."""

    def __init__(self, field: RegisterField, words: Vocabulary) -> None:
        super().__init__()
        flow = Flow(LARGE)
        self._boxes: dict[object, QCheckBox] = {}
        for key, label in field.options.items():
            box = QCheckBox(words.texts.gettext(label))
            box.setObjectName(f"field_{field.name}_{key}")
            box.clicked.connect(lambda _on: self.edited.emit())
            flow.place(box)
            self._boxes[key] = box
        column_in(self).addWidget(flow)
        self.setObjectName(f"field_{field.name}")
        self.setAccessibleName(words.texts.gettext(field.label))
        self.setFocusProxy(next(iter(self._boxes.values())))

    def value(self) -> object:
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def show_value(self, value: object) -> None:
        ticked = value if isinstance(value, tuple) else ()
        for key, box in self._boxes.items():
            box.setChecked(key in ticked)


class PickMany(FieldEditor):
    """Several of many choices: those picked as buttons that take themselves away, and a field to find one more."""

    def __init__(
        self,
        field: RegisterField,
        words: Vocabulary,
        choices: Callable[[], Choices],
        name: Callable[[str], str],
        maker: EntryMaker | None = None,
    ) -> None:
        super().__init__()
        self._words, self._choices, self._name = words, choices, name
        self._maker = maker if maker is not None and maker.is_able else None
        self._picked: tuple[str, ...] = ()
        self._chips: list[Chip] = []
        self._flow = Flow(SMALL)
        self._flow.hide()
        pattern = words.texts.gettext(NEW_WORDS[self._maker.register][2]) if self._maker else ""
        self.finder = FindField(self._left, pattern)
        self.finder.setPlaceholderText(words.texts.gettext("Type to find and add"))
        self.finder.picked.connect(self._add)
        self.finder.wanted_new.connect(self._make)
        self.finder.took_back.connect(lambda: self._take_away(self._picked[-1]) if self._picked else None)
        column = column_in(self)
        column.addWidget(self._flow)
        column.addWidget(self.finder)
        self._hold(self.finder, field, words.texts.gettext(field.label))

    def offer(self, choices: Callable[[], Choices]) -> None:
        self._choices = choices

    def _left(self) -> list[tuple[str, str]]:
        return [(key, label) for key, label in self._choices() if key not in self._picked]

    def value(self) -> object:
        return self._picked

    def show_value(self, value: object) -> None:
        self._picked = value if isinstance(value, tuple) else ()
        for chip in self._chips:
            self._flow.take(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(key) for key in self._picked]
        for chip in self._chips:
            self._flow.place(chip)
        self._flow.setVisible(bool(self._chips))

    def _chip(self, key: str) -> Chip:
        name = self._name(key)
        chip = Chip(name)
        chip.setAccessibleName(self._words.texts.gettext("Remove {name}").format(name=name))
        chip.clicked.connect(lambda: self._take_away(key))
        return chip

    def _add(self, key: str) -> None:
        self.show_value((*self._picked, key))
        self.edited.emit()

    def _make(self, name: str) -> None:
        if self._maker is not None:
            with self._maker.made(name) as entry:
                if entry:
                    self._add(entry)

    def _take_away(self, key: str) -> None:
        self.finder.setFocus()
        self.show_value(tuple(one for one in self._picked if one != key))
        self.edited.emit()
