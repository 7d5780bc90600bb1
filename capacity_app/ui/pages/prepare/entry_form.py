"""The form of any register entry, built from its declared fields, with editors that pick from lists and registers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from capacity_app.domain.assessment.register_fields import FieldKind, RegisterField
from capacity_app.domain.assessment.registers import REGISTERS, RegisterEntry, register_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.agenda import section_minutes
from capacity_app.domain.problems import N_
from capacity_app.ui.pages.prepare.field_editors import (
    AmountEditor,
    DateEditor,
    FieldEditor,
    LineEditor,
    MultilineEditor,
    ParagraphEditor,
    PersonNameEditor,
    TextListEditor,
    TypedFieldEditor,
    add_column_layout,
)
from capacity_app.ui.session.controller import SessionController
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import LARGE, MEDIUM, TIGHT, TextRole
from capacity_app.ui.widgets.buttons import ComboBox, ComboChoices, IconToolButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import ChipFlow, TickBoxes
from capacity_app.ui.widgets.layouts import field_with_button, lay_out, with_name
from capacity_app.ui.widgets.text_fields import AutocompleteField, LineField

# Making a register entry where it is wanted: from a picker, without leaving the form.


NEW_ENTRY_LABELS = {
    "agencies": (N_("New agency…"), N_("Name of the new agency"), N_("Add “{name}” as a new agency")),
    "people": (N_("New person…"), N_("Name of the new person"), N_("Add “{name}” as a new person")),
    "sources": (N_("New data source…"), N_("Name of the new data source"), N_("Add “{name}” as a new data source")),
    "actions": (N_("New action…"), N_("Title of the new action"), N_("Add “{name}” as a new action")),
}
"""By register: what a list offers, what the field asks for, and what stands among the matches."""


@dataclass(frozen=True, slots=True)
class EntryCreator:
    """Makes entries of one register."""

    controller: SessionController
    register: str

    @property
    def can_create(self) -> bool:
        return self.register in NEW_ENTRY_LABELS and not self.controller.session.is_read_only

    @contextmanager
    def made(self, name: str) -> Iterator[str]:
        """Make an entry and give its id, empty if it was refused; what is done with it is part of the same step."""
        shape: Any = REGISTERS[self.register]
        entry_id = self.controller.session.new_id(self.register)
        names = {"title" if self.register == "actions" else "name": name}
        with self.controller.one_step():
            yield entry_id if self.controller.put(shape(id=entry_id, **names)) else ""


# The editors of a form's fields that pick: from a list, from a few boxes, or several from a register.


_NEW = "+"
"""Stands for a new entry among the choices; no id is like that."""


class _NewNameField(LineField):
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
        formatter: EntryFormatter,
        choices: Callable[[], ComboChoices],
        empty: str | None,
        maker: EntryCreator | None = None,
    ) -> None:
        super().__init__()
        self._formatter, self._choices, self._empty = formatter, choices, empty
        self._maker = maker if maker is not None and maker.can_create else None
        self._value: object = ""
        self.combo = ComboBox()
        self.combo.activated.connect(lambda _index: self._chosen())
        add_column_layout(self).addWidget(self.combo)
        self._hold(self.combo, field, formatter.texts.gettext(field.label))
        if self._maker is not None:
            self._offer_new(self._maker, field)
        self.refresh()

    def _offer_new(self, maker: EntryCreator, field: RegisterField) -> None:
        say, (_, prompt, _) = self._formatter.texts.gettext, NEW_ENTRY_LABELS[maker.register]
        self.name = _NewNameField()
        with_name(self.name, f"new_{field.name}", say(prompt))
        self.name.setPlaceholderText(say(prompt))
        self.add = with_name(IconToolButton("new", say("Add")), f"add_{field.name}")
        self.add.clicked.connect(self._make)
        self.name.given.connect(self._make)
        self.name.given_up.connect(self._give_up)
        self._new_line = field_with_button(self.name, self.add)
        self._new_line.hide()
        column = self.layout()
        assert column is not None
        column.addWidget(self._new_line)

    def refresh(self) -> None:
        none: ComboChoices = (("", self._empty),) if self._empty is not None else ()
        new: ComboChoices = (
            ((_NEW, self._formatter.texts.gettext(NEW_ENTRY_LABELS[self._maker.register][0])),) if self._maker else ()
        )
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


class CheckBoxesEditor(FieldEditor):
    """Any of some choices, as boxes to tick; what is ticked and no longer among them is kept."""

    def __init__(self, field: RegisterField, formatter: EntryFormatter) -> None:
        super().__init__()
        self._kept: tuple[object, ...] = ()
        say, is_column = formatter.texts.gettext, field.kind is FieldKind.SECTIONS
        choices = _section_choices(formatter) if is_column else {key: say(one) for key, one in field.options.items()}
        self._tick = TickBoxes(f"field_{field.name}", is_in_lines=not is_column)
        self._tick.offer(((str(key), label) for key, label in choices.items()), ())
        self._tick.ticked.connect(self.edited)
        self.boxes = dict(zip(choices, self._tick.boxes.values(), strict=True))
        add_column_layout(self).addWidget(self._tick)
        with_name(self, f"field_{field.name}", say(field.label))
        self.setFocusProxy(next(iter(self.boxes.values())))

    def value(self) -> object:
        return (*(key for key, box in self.boxes.items() if box.isChecked()), *self._kept)

    def show_value(self, value: object) -> None:
        ticked = value if isinstance(value, tuple) else ()
        self._kept = tuple(key for key in ticked if key not in self.boxes)
        for key, box in self.boxes.items():
            box.setChecked(key in ticked)


def _section_choices(formatter: EntryFormatter) -> dict[object, str]:
    """Return the sections of the questionnaire, each with the minutes it takes."""
    texts, choices = formatter.texts, dict[object, str]()
    for section in formatter.instrument.sections:
        title, minutes = texts.numbered(section.number, formatter.wording.section(section)), section_minutes(section)
        choices[section.id] = f"{title} · {texts.duration(minutes)}" if minutes else title
    return choices


class MultiPicker(FieldEditor):
    """Several of many choices: those picked as buttons that take themselves away, and a field to find one more."""

    def __init__(
        self,
        field: RegisterField,
        formatter: EntryFormatter,
        choices: Callable[[], ComboChoices],
        name: Callable[[str], str],
        maker: EntryCreator | None = None,
    ) -> None:
        super().__init__()
        self._formatter, self._choices, self._name = formatter, choices, name
        self._maker = maker if maker is not None and maker.can_create else None
        self._picked: tuple[str, ...] = ()
        self._chips = ChipFlow(formatter.texts)
        self._chips.removed.connect(self._take_away)
        pattern = formatter.texts.gettext(NEW_ENTRY_LABELS[self._maker.register][2]) if self._maker else ""
        self.finder = AutocompleteField(self._left, pattern)
        self.finder.setPlaceholderText(formatter.texts.gettext("Type to find and add"))
        self.finder.picked.connect(self._add)
        self.finder.new_entry_wanted.connect(self._make)
        self.finder.backspaced.connect(lambda: self._take_away(self._picked[-1]) if self._picked else None)
        column = add_column_layout(self)
        column.addWidget(self._chips)
        column.addWidget(self.finder)
        self._hold(self.finder, field, formatter.texts.gettext(field.label))

    def offer(self, choices: Callable[[], ComboChoices]) -> None:
        self._choices = choices

    def keep_room(self) -> None:
        """Keep a line for what is picked while nothing is, so that what is below stays where it is."""
        self._chips.keep_room()

    def _left(self) -> list[tuple[str, str]]:
        return [(key, label) for key, label in self._choices() if key not in self._picked]

    def value(self) -> object:
        return self._picked

    def show_value(self, value: object) -> None:
        self._picked = value if isinstance(value, tuple) else ()
        self._chips.show_chips((key, self._name(key)) for key in self._picked)

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


EditorFactory = Callable[[RegisterField, EntryFormatter, EntryCreator | None], FieldEditor]


def _text_factory(editor: Callable[[RegisterField, EntryFormatter], FieldEditor]) -> EditorFactory:
    return lambda field, formatter, _maker: editor(field, formatter)


def _code_editor(field: RegisterField, formatter: EntryFormatter) -> FieldEditor:
    return ComboEditor(field, formatter, lambda: formatter.codes(field.picks), formatter.texts.gettext("not stated"))


def _currency_editor(field: RegisterField, formatter: EntryFormatter) -> FieldEditor:
    return ComboEditor(field, formatter, formatter.currencies, formatter.texts.gettext("not stated"))


def _choice_editor(field: RegisterField, formatter: EntryFormatter) -> FieldEditor:
    choices = tuple((key, formatter.texts.gettext(label)) for key, label in field.options.items())
    return ComboEditor(field, formatter, lambda: choices, None)


def _entry_picker(field: RegisterField, formatter: EntryFormatter, maker: EntryCreator | None) -> FieldEditor:
    empty = formatter.texts.gettext("not stated")
    return ComboEditor(field, formatter, lambda: formatter.entries(field.picks), empty, maker)


def _entries_picker(field: RegisterField, formatter: EntryFormatter, maker: EntryCreator | None) -> FieldEditor:
    return MultiPicker(
        field, formatter, lambda: formatter.choices(field.picks), partial(formatter.title_of, field.picks), maker
    )


def _codes_editor(field: RegisterField, formatter: EntryFormatter) -> FieldEditor:
    return MultiPicker(field, formatter, lambda: formatter.codes(field.picks), partial(formatter.code, field.picks))


def _gaps_picker(field: RegisterField, formatter: EntryFormatter) -> FieldEditor:
    return MultiPicker(field, formatter, formatter.gap_choices, formatter.gap_name)


EDITOR_FACTORIES: Mapping[FieldKind, EditorFactory] = {
    FieldKind.LINE: _text_factory(LineEditor),
    FieldKind.PERSON: _text_factory(PersonNameEditor),
    FieldKind.PARAGRAPH: _text_factory(ParagraphEditor),
    FieldKind.TEXT: _text_factory(MultilineEditor),
    FieldKind.LINES: _text_factory(TextListEditor),
    FieldKind.AMOUNT: _text_factory(AmountEditor),
    FieldKind.CURRENCY: _text_factory(_currency_editor),
    FieldKind.DATE: _text_factory(DateEditor),
    FieldKind.CODE: _text_factory(_code_editor),
    FieldKind.CODES: _text_factory(_codes_editor),
    FieldKind.CHOICE: _text_factory(_choice_editor),
    FieldKind.CHOICES: _text_factory(CheckBoxesEditor),
    FieldKind.ENTRY: _entry_picker,
    FieldKind.ENTRIES: _entries_picker,
    FieldKind.GAPS: _text_factory(_gaps_picker),
    FieldKind.SECTIONS: _text_factory(CheckBoxesEditor),
}
"""How every kind of field is edited."""


_WIDE = 56
"""Letters of width from which two fields stand side by side."""


def _with_value(entry: RegisterEntry, name: str, value: Any) -> RegisterEntry:  # noqa: ANN401 - the type of whichever field it is
    return replace(entry, **{name: value})


class EntryForm(QWidget):
    """Shows one entry and gives it back changed. With a controller, its pickers make new entries in place.

    ``edited`` carries the entry with its new value and the mark of what is typed in one go, as
    ``SessionController.put`` takes them.
    """

    edited = Signal(object, str)

    def __init__(
        self, fields: tuple[RegisterField, ...], formatter: EntryFormatter, controller: SessionController | None = None
    ) -> None:
        super().__init__()
        self._formatter, self._controller = formatter, controller
        self.entry: RegisterEntry | None = None
        self._editors: dict[str, FieldEditor] = {}
        self._problems: dict[str, Label] = {}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(LARGE)
        self._grid.setVerticalSpacing(MEDIUM + TIGHT)
        self._headings = {field.name: self._heading(field, formatter) for field in fields if field.group}
        self._fields = tuple((field, self._field(field, formatter)) for field in fields)
        self._place(2)

    def _heading(self, field: RegisterField, formatter: EntryFormatter) -> Label:
        heading = Label(formatter.texts.gettext(field.group), TextRole.HEADING)
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

    def _field(self, field: RegisterField, formatter: EntryFormatter) -> QWidget:
        maker = EntryCreator(self._controller, field.picks) if self._controller is not None else None
        editor = EDITOR_FACTORIES[field.kind](field, formatter, maker)
        editor.edited.connect(lambda: self._take(field.name))
        self._editors[field.name] = editor
        label = Label(formatter.texts.gettext(field.label), TextRole.STRONG)
        label.setBuddy(editor)
        # What is left of a line's height stands below the editor, not between it and its label.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        label.setSizePolicy(policy)
        box = QWidget()
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        problem = self._problems[field.name] = Label(role=TextRole.CAPTION, colour="warning")
        problem.hide()
        lay_out(QVBoxLayout(box), label, editor, problem, 1, margins=0, spacing=TIGHT)
        return box

    def complain(self, sentences: Mapping[str, str]) -> None:
        """Say below the fields of these names what is to be completed, and of all others nothing."""
        for name, label in self._problems.items():
            label.show_or_hide(sentences.get(name, ""))
            self._editors[name].setAccessibleDescription(sentences.get(name, ""))

    def show_entry(self, entry: RegisterEntry) -> None:
        """Show an entry; what is being typed into another one is committed first."""
        is_same = self.entry is not None and self.entry.id == entry.id
        if not is_same:
            self.flush()
        self.entry = entry
        for name, editor in self._editors.items():
            if not (is_same and isinstance(editor, TypedFieldEditor) and editor.is_typing):
                editor.refresh()
                editor.show_value(getattr(entry, name))

    def _take(self, name: str) -> None:
        if self.entry is None:
            return
        # Other fields may have been changed elsewhere meanwhile.
        now = self._formatter.session.entry(register_of(self.entry), self.entry.id) or self.entry
        editor = self._editors[name]
        changed = _with_value(now, name, editor.value())
        if changed != now:
            self.entry = changed
            self.edited.emit(changed, editor.typing)

    def change(self, name: str, value: object) -> None:
        self._editors[name].show_value(value)
        self._take(name)

    def flush(self) -> None:
        for editor in self._editors.values():
            editor.flush()

    def refresh(self) -> None:
        """Take new choices from the registers."""
        for name, editor in self._editors.items():
            editor.refresh()
            if self.entry is not None and not (isinstance(editor, TypedFieldEditor) and editor.is_typing):
                editor.show_value(getattr(self.entry, name))

    def focus_first(self) -> None:
        next(iter(self._editors.values())).setFocus()

    def editor(self, name: str) -> FieldEditor:
        return self._editors[name]
