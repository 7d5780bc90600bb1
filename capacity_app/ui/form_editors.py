"""The editors of a form's fields: each shows a value, gives it back, and tells when a person changed it."""

from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial

from PySide6.QtCore import QDate, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from capacity_app.domain.instrument import Field, Kind
from capacity_app.ui.cards import Words
from capacity_app.ui.entry_words import Vocabulary
from capacity_app.ui.flow import Flow
from capacity_app.ui.form_shapes import Editor, Shape
from capacity_app.ui.icons import icon
from capacity_app.ui.palette import colours
from capacity_app.ui.pickers import FindField
from capacity_app.ui.reading import example, read_typed
from capacity_app.ui.state_bar import QuietButton
from capacity_app.ui.text_fields import LineField, TextField, set_quietly
from capacity_app.ui.theme import LARGE, SMALL, TIGHT, Role

REST_MS = 400
"""How long typing must rest before a text is committed."""
_WIDEST_CHIP = 60
"""Characters of a name shown on a button; the whole name is spoken."""
_DATE = Field(id="date", kind=Kind.DATE)
Choices = tuple[tuple[str, str], ...]


class FieldEditor(QWidget):
    """One field's editor. ``edited`` tells that a person changed the value; showing a value is silent."""

    edited = Signal()

    def value(self) -> object:
        """Give the value as the entry's attribute wants it."""
        raise NotImplementedError

    def show_value(self, value: object) -> None:
        """Show a value."""
        raise NotImplementedError

    def flush(self) -> None:
        """Commit what is being typed at once."""

    def refresh(self) -> None:
        """Take new choices from the registers."""

    def _hold(self, inner: QWidget, shape: Shape, label: str) -> None:
        inner.setObjectName(f"field_{shape.name}")
        inner.setAccessibleName(label)
        self.setFocusProxy(inner)


class TypedEditor(FieldEditor):
    """Typed text: committed when typing rests, when the field is left, and on request."""

    def __init__(self) -> None:
        super().__init__()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self.edited)

    def flush(self) -> None:
        """Commit what is being typed at once."""
        if self._rest.isActive():
            self._rest.stop()
            self.edited.emit()

    def _listen(self, field: LineField | TextField) -> None:
        field.left.connect(self.flush)
        field.textChanged.connect(self._rest.start)

    @property
    def is_typing(self) -> bool:
        """Whether something typed has not been committed."""
        return self._rest.isActive()


def _column(owner: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(TIGHT)
    return column


class LineEditor(TypedEditor):
    """One line of text."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self.line = LineField()
        self.line.setPlaceholderText(words.texts.gettext(shape.hint))
        self._listen(self.line)
        _column(self).addWidget(self.line)
        self._hold(self.line, shape, words.texts.gettext(shape.label))

    def value(self) -> object:
        """Give the text."""
        return self.line.text().strip()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.line.text().strip() != value:
            set_quietly(self.line, str(value))
            self.line.setCursorPosition(0)


class LongEditor(TypedEditor):
    """Text of several lines."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self.text = TextField()
        self.text.setPlaceholderText(words.texts.gettext(shape.hint))
        self._listen(self.text)
        _column(self).addWidget(self.text)
        self._hold(self.text, shape, words.texts.gettext(shape.label))

    def value(self) -> object:
        """Give the text."""
        return self.text.toPlainText()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.text.toPlainText() != value:
            set_quietly(self.text, str(value))


class LinesEditor(LongEditor):
    """A list of texts, one per line."""

    def value(self) -> tuple[str, ...]:
        """Give the lines that say something."""
        return tuple(line.strip() for line in self.text.toPlainText().splitlines() if line.strip())

    def show_value(self, value: object) -> None:
        """Show the texts, unless they are being typed."""
        if isinstance(value, tuple) and self.value() != value:
            set_quietly(self.text, "\n".join(value))


class DateEditor(TypedEditor):
    """A date typed as people write it, or picked from a calendar; what cannot be read is kept with advice."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self._texts = words.texts
        label = words.texts.gettext(shape.label)
        self.line = LineField()
        self.line.setPlaceholderText(example(_DATE, words.texts))
        self._listen(self.line)
        self.picker = _calendar_button(shape, words.texts.gettext("Pick a date for “{field}”").format(field=label))
        self.picker.clicked.connect(self._pick)
        self._advice = Words(words.texts.gettext("Write the date as 2018-11-29, 2018-11 or 2018."), Role.CAPTION)
        self._advice.set_colour("danger")
        self._advice.hide()
        line = QHBoxLayout()
        line.setSpacing(TIGHT)
        line.addWidget(self.line, 1)
        line.addWidget(self.picker)
        column = _column(self)
        column.addLayout(line)
        column.addWidget(self._advice)
        self._hold(self.line, shape, label)
        self.line.left.connect(self._show_read)

    def _read(self) -> tuple[object, str]:
        return read_typed(_DATE, self.line.text(), self._texts)

    def _show_read(self) -> None:
        """Show the date as it was understood, or advice."""
        value, problem = self._read()
        self._advice.setVisible(bool(problem))
        if value:
            set_quietly(self.line, str(value))

    def value(self) -> object:
        """Give the date (ISO 8601), or what was typed if it cannot be read: nothing typed is lost."""
        value, problem = self._read()
        return self.line.text().strip() if problem else str(value or "")

    def show_value(self, value: object) -> None:
        """Show a date, unless it is being typed."""
        if self.value() != value:
            set_quietly(self.line, str(value))
        if not self.line.hasFocus():
            self._show_read()

    def _pick(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        shown = QDate.fromString(self.line.text(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(shown if shown.isValid() else QDate.currentDate())
        calendar.activated.connect(partial(self._take, menu))
        calendar.clicked.connect(partial(self._take, menu))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.picker.mapToGlobal(QPoint(0, self.picker.height())))
        calendar.setFocus()

    def _take(self, menu: QMenu, day: QDate) -> None:
        menu.close()
        set_quietly(self.line, day.toString(Qt.DateFormat.ISODate))
        self._show_read()
        self.edited.emit()


def _calendar_button(shape: Shape, name: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(icon("calendar", colours().muted))
    button.setObjectName(f"calendar_{shape.name}")
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button


class QuietCombo(QComboBox):
    """A combo box that the mouse wheel does not change by accident, and that may be narrower than its text."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def fill(self, choices: Choices) -> None:
        """Take choices as (id, label), keeping the chosen one."""
        chosen = self.currentData()
        self.blockSignals(True)
        self.clear()
        for key, label in choices:
            self.addItem(label, key)
        self.setCurrentIndex(max(self.findData(chosen), 0))
        self.blockSignals(False)


class ComboEditor(FieldEditor):
    """One of some choices; ``empty`` is the label of none of them."""

    def __init__(self, shape: Shape, words: Vocabulary, choices: Callable[[], Choices], empty: str | None) -> None:
        super().__init__()
        self._choices, self._empty = choices, empty
        self.combo = QuietCombo()
        self.combo.activated.connect(lambda _index: self.edited.emit())
        _column(self).addWidget(self.combo)
        self._hold(self.combo, shape, words.texts.gettext(shape.label))
        self.refresh()

    def refresh(self) -> None:
        """Take new choices."""
        none: Choices = (("", self._empty),) if self._empty is not None else ()
        self.combo.fill((*none, *self._choices()))

    def value(self) -> object:
        """Give the chosen id."""
        return self.combo.currentData() or ""

    def show_value(self, value: object) -> None:
        """Choose a value; one that is no longer offered is shown as it is, not lost."""
        if self.combo.findData(value) < 0:
            self.combo.addItem(str(value), value)
        self.combo.setCurrentIndex(self.combo.findData(value))


class TicksEditor(FieldEditor):
    """Any of a few fixed choices, as boxes to tick."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        flow = Flow(LARGE)
        self._boxes: dict[Enum, QCheckBox] = {}
        for key, label in (shape.words or {}).items():
            box = QCheckBox(words.texts.gettext(label))
            box.setObjectName(f"field_{shape.name}_{key.value}")
            box.clicked.connect(lambda _on: self.edited.emit())
            flow.place(box)
            self._boxes[key] = box
        _column(self).addWidget(flow)
        self.setObjectName(f"field_{shape.name}")
        self.setAccessibleName(words.texts.gettext(shape.label))
        self.setFocusProxy(next(iter(self._boxes.values())))

    def value(self) -> object:
        """Give what is ticked."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def show_value(self, value: object) -> None:
        """Tick a value."""
        ticked = value if isinstance(value, tuple) else ()
        for key, box in self._boxes.items():
            box.setChecked(key in ticked)


class PickMany(FieldEditor):
    """Several of many choices: those picked as buttons that take themselves away, and a field to find one more."""

    def __init__(
        self, shape: Shape, words: Vocabulary, choices: Callable[[], Choices], name: Callable[[str], str]
    ) -> None:
        super().__init__()
        self._words, self._choices, self._name = words, choices, name
        self._picked: tuple[str, ...] = ()
        self._chips: list[QuietButton] = []
        self._flow = Flow(SMALL)
        self._flow.hide()
        self.finder = FindField(self._left)
        self.finder.setPlaceholderText(words.texts.gettext("Type to find one to add, or press the down arrow"))
        self.finder.picked.connect(self._add)
        self.finder.took_back.connect(lambda: self._take_away(self._picked[-1]) if self._picked else None)
        column = _column(self)
        column.addWidget(self._flow)
        column.addWidget(self.finder)
        self._hold(self.finder, shape, words.texts.gettext(shape.label))

    def _left(self) -> list[tuple[str, str]]:
        """Give what is not picked yet."""
        return [(key, label) for key, label in self._choices() if key not in self._picked]

    def value(self) -> object:
        """Give the picked ids in the order of picking."""
        return self._picked

    def show_value(self, value: object) -> None:
        """Show picked ids."""
        self._picked = value if isinstance(value, tuple) else ()
        for chip in self._chips:
            self._flow.take(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(key) for key in self._picked]
        for chip in self._chips:
            self._flow.place(chip)
        self._flow.setVisible(bool(self._chips))

    def _chip(self, key: str) -> QuietButton:
        name = self._name(key)
        widest = _WIDEST_CHIP * self.fontMetrics().averageCharWidth()
        chip = QuietButton(self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, widest), "×")
        chip.is_chip = True
        chip.setObjectName("chip")
        chip.setAccessibleName(self._words.texts.gettext("Remove {name}").format(name=name))
        chip.clicked.connect(lambda: self._take_away(key))
        return chip

    def _add(self, key: str) -> None:
        self.show_value((*self._picked, key))
        self.edited.emit()

    def _take_away(self, key: str) -> None:
        self.finder.setFocus()
        self.show_value(tuple(one for one in self._picked if one != key))
        self.edited.emit()


def _code(shape: Shape, words: Vocabulary) -> FieldEditor:
    return ComboEditor(shape, words, lambda: words.codes(shape.source), words.texts.gettext("not stated"))


def _choice(shape: Shape, words: Vocabulary) -> FieldEditor:
    choices = tuple((key, words.texts.gettext(label)) for key, label in (shape.words or {}).items())
    return ComboEditor(shape, words, lambda: choices, None)


def _entry(shape: Shape, words: Vocabulary) -> FieldEditor:
    return ComboEditor(shape, words, lambda: words.entries(shape.source), words.texts.gettext("not stated"))


def _entries(shape: Shape, words: Vocabulary) -> FieldEditor:
    return PickMany(shape, words, lambda: words.entries(shape.source), partial(words.title_of, shape.source))


def _codes(shape: Shape, words: Vocabulary) -> FieldEditor:
    return PickMany(shape, words, lambda: words.codes(shape.source), partial(words.code, shape.source))


def _gaps(shape: Shape, words: Vocabulary) -> FieldEditor:
    return PickMany(shape, words, words.gap_choices, words.gap_name)


EDITORS: Mapping[Editor, Callable[[Shape, Vocabulary], FieldEditor]] = {
    Editor.LINE: LineEditor,
    Editor.LONG: LongEditor,
    Editor.LINES: LinesEditor,
    Editor.DATE: DateEditor,
    Editor.CODE: _code,
    Editor.CODES: _codes,
    Editor.CHOICE: _choice,
    Editor.TICKS: TicksEditor,
    Editor.ENTRY: _entry,
    Editor.ENTRIES: _entries,
    Editor.GAPS: _gaps,
}
"""How every kind of field is edited."""
