"""A form for any register entry, built from its declared fields: labels above editors, in one or two columns."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.assessment import Entry, register_of
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
from capacity_app.ui.registers.form_shapes import Editor, Shape

Made = Callable[[Shape, Vocabulary, EntryMaker | None], FieldEditor]


def _plain(editor: Callable[[Shape, Vocabulary], FieldEditor]) -> Made:
    return lambda shape, words, _maker: editor(shape, words)


def _code(shape: Shape, words: Vocabulary) -> FieldEditor:
    return ComboEditor(shape, words, lambda: words.codes(shape.source), words.texts.gettext("not stated"))


def _choice(shape: Shape, words: Vocabulary) -> FieldEditor:
    choices = tuple((key, words.texts.gettext(label)) for key, label in (shape.words or {}).items())
    return ComboEditor(shape, words, lambda: choices, None)


def _entry(shape: Shape, words: Vocabulary, maker: EntryMaker | None) -> FieldEditor:
    empty = words.texts.gettext("not stated")
    return ComboEditor(shape, words, lambda: words.entries(shape.source), empty, maker)


def _entries(shape: Shape, words: Vocabulary, maker: EntryMaker | None) -> FieldEditor:
    return PickMany(shape, words, lambda: words.entries(shape.source), partial(words.title_of, shape.source), maker)


def _codes(shape: Shape, words: Vocabulary) -> FieldEditor:
    return PickMany(shape, words, lambda: words.codes(shape.source), partial(words.code, shape.source))


def _gaps(shape: Shape, words: Vocabulary) -> FieldEditor:
    return PickMany(shape, words, words.gap_choices, words.gap_name)


EDITORS: Mapping[Editor, Made] = {
    Editor.LINE: _plain(LineEditor),
    Editor.NAME: _plain(NameEditor),
    Editor.WRAP: _plain(WrapEditor),
    Editor.LONG: _plain(LongEditor),
    Editor.LINES: _plain(LinesEditor),
    Editor.DATE: _plain(DateEditor),
    Editor.CODE: _plain(_code),
    Editor.CODES: _plain(_codes),
    Editor.CHOICE: _plain(_choice),
    Editor.TICKS: _plain(TicksEditor),
    Editor.ENTRY: _entry,
    Editor.ENTRIES: _entries,
    Editor.GAPS: _plain(_gaps),
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

    def __init__(self, shapes: tuple[Shape, ...], words: Vocabulary, bridge: Bridge | None = None) -> None:
        super().__init__()
        self._words, self._bridge = words, bridge
        self._entry: Entry | None = None
        self._editors: dict[str, FieldEditor] = {}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(MEDIUM + TIGHT)
        self._headings = {shape.name: self._heading(shape, words) for shape in shapes if shape.group}
        self._fields = tuple((shape, self._field(shape, words)) for shape in shapes)
        self._place(2)

    def _heading(self, shape: Shape, words: Vocabulary) -> Words:
        heading = Words(words.texts.gettext(shape.group), Role.HEADING)
        heading.setContentsMargins(0, MEDIUM, 0, 0)
        return heading

    def _place(self, columns: int) -> None:
        """Put the fields into one column, or half ones side by side in two."""
        if columns == self._columns:
            return
        self._columns = columns
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)
        line, column = 0, 0
        for shape, field in self._fields:
            is_half = shape.half and columns > 1
            if shape.group or (column and not is_half):
                line, column = line + 1, 0
            if shape.group:
                self._grid.addWidget(self._headings[shape.name], line, 0, 1, 2)
                line += 1
            self._grid.addWidget(field, line, column, 1, 1 if is_half else 2)
            column = 1 - column if is_half else 0
            line += 0 if column else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place(2 if self.width() >= _WIDE * self.fontMetrics().averageCharWidth() else 1)

    def _field(self, shape: Shape, words: Vocabulary) -> QWidget:
        maker = EntryMaker(self._bridge, shape.source) if self._bridge is not None else None
        editor = EDITORS[shape.editor](shape, words, maker)
        editor.edited.connect(lambda: self._take(shape.name))
        self._editors[shape.name] = editor
        label = Words(words.texts.gettext(shape.label), Role.STRONG)
        label.setBuddy(editor)
        # What is left of a line's height stands below the editor, not between it and its label.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
        field = QWidget()
        field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(field)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(label)
        column.addWidget(editor)
        column.addStretch(1)
        return field

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
