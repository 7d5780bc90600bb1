"""The editors of a form's fields: each shows a value, gives it back, and tells when a person changed it."""

import datetime as dt
from collections.abc import Callable, Mapping
from enum import Enum
from functools import partial

from PySide6.QtCore import QDate, QEvent, QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QIcon, QWheelEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from capacity_app.domain.answers import Address
from capacity_app.domain.checking import check_value
from capacity_app.domain.instrument import Field, Kind
from capacity_app.ui.cards import Words
from capacity_app.ui.entry_words import Vocabulary
from capacity_app.ui.flow import FlowLayout
from capacity_app.ui.form_shapes import Editor, Shape
from capacity_app.ui.icons import icon
from capacity_app.ui.palette import colours
from capacity_app.ui.theme import SMALL, TIGHT, Role, is_font_change

REST_MS = 400
"""How long typing must rest before a text is committed."""
_LEAST_LINES, _MOST_LINES = 2, 12
_DATE = Field(id="date", kind=Kind.DATE)
Choices = tuple[tuple[str, str], ...]


def is_date(text: str) -> bool:
    """Whether a text is a date, a month or a year as the registers keep them."""
    return check_value(_DATE, text, Address("mission")) is None


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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Commit when the field is left."""
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

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
        self.line = QLineEdit()
        self.line.setPlaceholderText(words.texts.gettext(shape.hint))
        self.line.textEdited.connect(lambda _text: self._rest.start())
        self.line.installEventFilter(self)
        _column(self).addWidget(self.line)
        self._hold(self.line, shape, words.texts.gettext(shape.label))

    def value(self) -> str:
        """Give the text."""
        return self.line.text().strip()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.line.text().strip() != value:
            self.line.setText(str(value))
            self.line.setCursorPosition(0)


class GrowingText(QPlainTextEdit):
    """A text field as high as its text, between two lines and twelve; Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """As high as the text."""
        lines = round(self.document().size().height())
        shown = min(max(lines, _LEAST_LINES), _MOST_LINES)
        margins = 2 * round(self.document().documentMargin()) + 2 * self.frameWidth()
        return QSize(200, shown * self.fontMetrics().lineSpacing() + margins + 2)

    def minimumSizeHint(self) -> QSize:
        """Never smaller."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Grow with the letters."""
        super().changeEvent(event)
        if is_font_change(event):
            self.updateGeometry()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page while everything is visible."""
        if self.verticalScrollBar().maximum() > 0:
            super().wheelEvent(event)
        else:
            event.ignore()


class LongEditor(TypedEditor):
    """Text of several lines."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        self.text = GrowingText()
        self.text.setPlaceholderText(words.texts.gettext(shape.hint))
        self.text.textChanged.connect(self._typed)
        self.text.installEventFilter(self)
        self._is_showing = False
        _column(self).addWidget(self.text)
        self._hold(self.text, shape, words.texts.gettext(shape.label))

    def _typed(self) -> None:
        if not self._is_showing:
            self._rest.start()

    def value(self) -> object:
        """Give the text."""
        return self.text.toPlainText()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.text.toPlainText() != value:
            self._is_showing = True
            self.text.setPlainText(str(value))
            self._is_showing = False


class LinesEditor(LongEditor):
    """A list of texts, one per line."""

    def value(self) -> tuple[str, ...]:
        """Give the lines that say something."""
        return tuple(line.strip() for line in self.text.toPlainText().splitlines() if line.strip())

    def show_value(self, value: object) -> None:
        """Show the texts, unless they are being typed."""
        if isinstance(value, tuple) and self.value() != value:
            super().show_value("\n".join(value))


class DateEditor(TypedEditor):
    """A date typed as 2018-11-29, 2018-11 or 2018, or picked from a calendar."""

    def __init__(self, shape: Shape, words: Vocabulary) -> None:
        super().__init__()
        label = words.texts.gettext(shape.label)
        self.line = QLineEdit()
        self.line.setPlaceholderText("2018-11-29")
        self.line.textEdited.connect(lambda _text: self._typed())
        self.line.installEventFilter(self)
        self.picker = QToolButton()
        self.picker.setIcon(icon("calendar", colours().muted))
        self.picker.setObjectName(f"calendar_{shape.name}")
        self.picker.setAccessibleName(words.texts.gettext("Pick a date for “{field}”").format(field=label))
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
        self.edited.connect(self._advise)

    def _typed(self) -> None:
        self._rest.start()
        if is_date(self.value()):
            self._advice.hide()

    def _advise(self) -> None:
        # What is no date is kept all the same: nothing typed is lost.
        self._advice.setVisible(bool(self.value()) and not is_date(self.value()))

    def value(self) -> str:
        """Give the date as typed."""
        return self.line.text().strip()

    def show_value(self, value: object) -> None:
        """Show a date, unless it is being typed."""
        if self.value() != value:
            self.line.setText(str(value))
        self._advise()

    def _pick(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        shown = QDate.fromString(self.value(), Qt.DateFormat.ISODate)
        calendar.setSelectedDate(shown if shown.isValid() else QDate(dt.date.today()))  # noqa: DTZ011 - the person's day
        calendar.activated.connect(partial(self._take, menu))
        calendar.clicked.connect(partial(self._take, menu))
        holder = QWidgetAction(menu)
        holder.setDefaultWidget(calendar)
        menu.addAction(holder)
        menu.popup(self.picker.mapToGlobal(QPoint(0, self.picker.height())))
        calendar.setFocus()

    def _take(self, menu: QMenu, day: QDate) -> None:
        menu.close()
        self.line.setText(day.toString(Qt.DateFormat.ISODate))
        self.edited.emit()


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
        flow = FlowLayout(self, spacing=SMALL * 2)
        self._boxes: dict[Enum, QCheckBox] = {}
        for key, label in (shape.words or {}).items():
            box = QCheckBox(words.texts.gettext(label))
            box.setObjectName(f"field_{shape.name}_{key.value}")
            box.clicked.connect(lambda _on: self.edited.emit())
            flow.addWidget(box)
            self._boxes[key] = box
        self.setObjectName(f"field_{shape.name}")
        self.setAccessibleName(words.texts.gettext(shape.label))
        self.setFocusProxy(next(iter(self._boxes.values())))

    def value(self) -> tuple[Enum, ...]:
        """Give what is ticked."""
        return tuple(key for key, box in self._boxes.items() if box.isChecked())

    def show_value(self, value: object) -> None:
        """Tick a value."""
        ticked = value if isinstance(value, tuple) else ()
        for key, box in self._boxes.items():
            box.setChecked(key in ticked)


class PickMany(FieldEditor):
    """Several of many choices: those picked as buttons that take themselves away, and a box to add one more."""

    def __init__(self, shape: Shape, words: Vocabulary, choices: Callable[[], Choices], name: Callable[[str], str]) -> None:
        super().__init__()
        self._words, self._choices, self._name = words, choices, name
        self._picked: tuple[str, ...] = ()
        self._chips: list[QToolButton] = []
        self._flow = FlowLayout(self)
        self.adder = QuietCombo()
        self.adder.activated.connect(self._add)
        self._flow.addWidget(self.adder)
        self._hold(self.adder, shape, words.texts.gettext(shape.label))
        self.refresh()

    def value(self) -> tuple[str, ...]:
        """Give the picked ids in the order of picking."""
        return self._picked

    def show_value(self, value: object) -> None:
        """Show picked ids."""
        self._picked = value if isinstance(value, tuple) else ()
        self.refresh()

    def refresh(self) -> None:
        """Make the chips anew and offer what is not picked yet."""
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
            self._flow.removeWidget(chip)
        self._chips = [self._chip(key) for key in self._picked]
        left = tuple((key, label) for key, label in self._choices() if key not in self._picked)
        self.adder.fill((("", self._words.texts.gettext("Add …")), *left))
        self.adder.setCurrentIndex(0)
        self.adder.setEnabled(bool(left))
        self._flow.invalidate()
        self.updateGeometry()

    def _chip(self, key: str) -> QToolButton:
        label = self._name(key)
        chip = QToolButton()
        chip.setObjectName("chip")
        chip.setText(self.fontMetrics().elidedText(label, Qt.TextElideMode.ElideRight, 40 * self.fontMetrics().averageCharWidth()))
        chip.setIcon(_cross())
        chip.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        chip.setAutoRaise(False)
        chip.setDown(False)
        chip.setCheckable(True)
        chip.setChecked(True)
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.setAccessibleName(self._words.texts.gettext("Remove {name}").format(name=label))
        chip.clicked.connect(lambda: self._take_away(key))
        self._flow.insert_before_last(chip)
        chip.show()
        return chip

    def _add(self, index: int) -> None:
        key = self.adder.itemData(index)
        if key:
            self._picked = (*self._picked, str(key))
            self.refresh()
            self.edited.emit()

    def _take_away(self, key: str) -> None:
        self._picked = tuple(one for one in self._picked if one != key)
        self.adder.setFocus()
        # The button that was clicked is about to go; it must first finish its click.
        QTimer.singleShot(0, self, self.refresh)
        self.edited.emit()


def _cross() -> QIcon:
    return icon("close", colours().muted, 14)


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
