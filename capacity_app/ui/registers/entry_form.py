"""A form for any register entry, built from its declared fields: labels above editors, in one or two columns."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Entry, register_of
from capacity_app.domain.registers import FieldKind, RegisterField
from capacity_app.ui.bridge import Bridge
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.theme import LARGE, MEDIUM, TIGHT, Role
from capacity_app.ui.registers.date_editor import DateEditor
from capacity_app.ui.registers.entry_maker import EntryMaker
from capacity_app.ui.registers.entry_words import Vocabulary
from capacity_app.ui.registers.form_editors import (
    FieldEditor,
    LineEditor,
    LinesEditor,
    LongEditor,
    NameEditor,
    TypedEditor,
    WrapEditor,
)
from capacity_app.ui.registers.form_pickers import ComboEditor, PickMany, TicksEditor

Made = Callable[[RegisterField, Vocabulary, EntryMaker | None], FieldEditor]


def _plain(editor: Callable[[RegisterField, Vocabulary], FieldEditor]) -> Made:
    return lambda field, words, _maker: editor(field, words)


def _code(field: RegisterField, words: Vocabulary) -> FieldEditor:
    return ComboEditor(field, words, lambda: words.codes(field.picks), words.texts.gettext("not stated"))


def _choice(field: RegisterField, words: Vocabulary) -> FieldEditor:
    choices = tuple((key, words.texts.gettext(label)) for key, label in field.options.items())
    return ComboEditor(field, words, lambda: choices, None)


def _entry(field: RegisterField, words: Vocabulary, maker: EntryMaker | None) -> FieldEditor:
    empty = words.texts.gettext("not stated")
    return ComboEditor(field, words, lambda: words.entries(field.picks), empty, maker)


def _entries(field: RegisterField, words: Vocabulary, maker: EntryMaker | None) -> FieldEditor:
    return PickMany(field, words, lambda: words.entries(field.picks), partial(words.title_of, field.picks), maker)


def _codes(field: RegisterField, words: Vocabulary) -> FieldEditor:
    return PickMany(field, words, lambda: words.codes(field.picks), partial(words.code, field.picks))


def _gaps(field: RegisterField, words: Vocabulary) -> FieldEditor:
    return PickMany(field, words, words.gap_choices, words.gap_name)


EDITORS: Mapping[FieldKind, Made] = {
    FieldKind.LINE: _plain(LineEditor),
    FieldKind.PERSON: _plain(NameEditor),
    FieldKind.PARAGRAPH: _plain(WrapEditor),
    FieldKind.TEXT: _plain(LongEditor),
    FieldKind.LINES: _plain(LinesEditor),
    FieldKind.DATE: _plain(DateEditor),
    FieldKind.CODE: _plain(_code),
    FieldKind.CODES: _plain(_codes),
    FieldKind.CHOICE: _plain(_choice),
    FieldKind.CHOICES: _plain(TicksEditor),
    FieldKind.ENTRY: _entry,
    FieldKind.ENTRIES: _entries,
    FieldKind.GAPS: _plain(_gaps),
}
"""How every kind of field is edited."""


_WIDE = 56
"""Letters of width from which two fields stand side by side."""


def _with(entry: Entry, name: str, value: Any) -> Entry:  # noqa: ANN401 - the type of whichever field it is
    return replace(entry, **{name: value})


class EntryForm(QWidget):
    """Shows one entry and gives it back changed. With a bridge, its pickers make new entries in place.

    ``edited`` carries the entry with its new value and the mark of what is typed in one go: ``Bridge.put`` takes both.
    """

    edited = Signal(object, str)

    def __init__(self, fields: tuple[RegisterField, ...], words: Vocabulary, bridge: Bridge | None = None) -> None:
        super().__init__()
        self._words, self._bridge = words, bridge
        self._entry: Entry | None = None
        self._editors: dict[str, FieldEditor] = {}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(MEDIUM + TIGHT)
        self._headings = {field.name: self._heading(field, words) for field in fields if field.group}
        self._fields = tuple((field, self._field(field, words)) for field in fields)
        self._place(2)

    def _heading(self, field: RegisterField, words: Vocabulary) -> Words:
        heading = Words(words.texts.gettext(field.group), Role.HEADING)
        heading.setContentsMargins(0, MEDIUM, 0, 0)
        return heading

    def _place(self, columns: int) -> None:
        """Put the fields into one column, or short ones side by side in two."""
        if columns == self._columns:
            return
        self._columns = columns
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)
        line, column = 0, 0
        for field, box in self._fields:
            is_beside = field.short and columns > 1
            if field.group or (column and not is_beside):
                line, column = line + 1, 0
            if field.group:
                self._grid.addWidget(self._headings[field.name], line, 0, 1, 2)
                line += 1
            self._grid.addWidget(box, line, column, 1, 1 if is_beside else 2)
            column = 1 - column if is_beside else 0
            line += 0 if column else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(2 if self.width() >= _WIDE * self.fontMetrics().averageCharWidth() else 1)

    def _field(self, field: RegisterField, words: Vocabulary) -> QWidget:
        maker = EntryMaker(self._bridge, field.picks) if self._bridge is not None else None
        editor = EDITORS[field.kind](field, words, maker)
        editor.edited.connect(lambda: self._take(field.name))
        self._editors[field.name] = editor
        label = Words(words.texts.gettext(field.label), Role.STRONG)
        label.setBuddy(editor)
        # What is left of a line's height stands below the editor, not between it and its label.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
        box = QWidget()
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(label)
        column.addWidget(editor)
        column.addStretch(1)
        return box

    @property
    def entry(self) -> Entry | None:
        """The entry shown, as last given; None while there is none."""
        return self._entry

    def show_entry(self, entry: Entry) -> None:
        """Show an entry; what is being typed into another one is committed first."""
        is_same = self._entry is not None and self._entry.id == entry.id
        if not is_same:
            self.flush()
        self._entry = entry
        for name, editor in self._editors.items():
            if not (is_same and isinstance(editor, TypedEditor) and editor.is_typing):
                editor.refresh()
                editor.show_value(getattr(entry, name))

    def _take(self, name: str) -> None:
        if self._entry is None:
            return
        # Other fields may have been changed elsewhere meanwhile.
        now = self._words.session.entry(register_of(self._entry), self._entry.id) or self._entry
        editor = self._editors[name]
        changed = _with(now, name, editor.value())
        if changed != now:
            self._entry = changed
            self.edited.emit(changed, editor.typing)

    def change(self, name: str, value: object) -> None:
        """Give a field another value, as if a person had typed it."""
        self._editors[name].show_value(value)
        self._take(name)

    def flush(self) -> None:
        for editor in self._editors.values():
            editor.flush()

    def refresh(self) -> None:
        """Take new choices from the registers."""
        for name, editor in self._editors.items():
            editor.refresh()
            if self._entry is not None and not (isinstance(editor, TypedEditor) and editor.is_typing):
                editor.show_value(getattr(self._entry, name))

    def focus_first(self) -> None:
        next(iter(self._editors.values())).setFocus()

    def editor(self, name: str) -> FieldEditor:
        return self._editors[name]
