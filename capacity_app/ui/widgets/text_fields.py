"""Fields one types into, when typing is stored, and fields that find while one types."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cmp_to_key, lru_cache
from math import ceil
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QHideEvent, QKeyEvent, QKeySequence, QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QPlainTextEdit, QSizePolicy, QWidget

from capacity_app.domain.text_search import contains_words, fold_text, search_words
from capacity_app.ui.theme.fonts_and_sizes import MEDIUM
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.layouts import place_under, when_scrolled, with_name

if TYPE_CHECKING:
    from PySide6.QtCore import QCollator


_LEAST_LINES = 2
_MOST_LINES = 16


def _is_undo_for_window(event: QEvent, *, can_undo: bool, can_redo: bool) -> bool:
    """Return whether Ctrl+Z or its opposite finds nothing left to do in the field."""
    if event.type() != QEvent.Type.ShortcutOverride:
        return False
    pressed = event
    assert isinstance(pressed, QKeyEvent), "a shortcut override is a key event"
    is_undo, is_redo = pressed.matches(QKeySequence.StandardKey.Undo), pressed.matches(QKeySequence.StandardKey.Redo)
    return (is_undo and not can_undo) or (is_redo and not can_redo)


def _leaves_field(event: QKeyEvent) -> bool:
    """Return whether a key is for the question rather than for the text."""
    is_way_out = keys.is_next_question(event) or keys.is_previous_question(event) or event.key() == Qt.Key.Key_Escape
    return is_way_out or bool(keys.function_key_action(event))


class LineField(QLineEdit):
    """One line. ``left`` tells that the focus went elsewhere."""

    left = Signal()
    entered = Signal()

    def event(self, event: QEvent) -> bool:
        if _is_undo_for_window(event, can_undo=self.isUndoAvailable(), can_redo=self.isRedoAvailable()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if keys.is_enter(event) or _leaves_field(event):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Selecting an empty text tells of the caret before the focus: Orca would not say the name of the field.
        super().focusInEvent(event if self.text() else QFocusEvent(event.type(), Qt.FocusReason.OtherFocusReason))
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


_SEARCH_LETTERS = 24


class FilterTextField(LineField):
    """A field whose text filters at once; Escape empties it."""

    def sizeHint(self) -> QSize:
        return QSize(_SEARCH_LETTERS * self.fontMetrics().averageCharWidth(), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class TextField(QPlainTextEdit):
    """Several lines, as high as its text up to a limit; Tab leaves it.

    Where ``leaves_on_enter`` is set, as in a cell, Enter leaves too and Shift+Enter begins a new line.
    """

    left = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.leaves_on_enter = False
        self.setTabChangesFocus(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.document().setDocumentMargin(6)
        self._high = 0
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def _line(self) -> int:
        return ceil(QFontMetricsF(self.font()).lineSpacing())

    def _text_height(self) -> int:
        """Return the height of the text as laid out, up to the limit; other scripts have higher lines than our own."""
        layout, most = self.document().documentLayout(), _MOST_LINES * self._line()
        block, high = self.document().firstBlock(), 0.0
        while block.isValid() and high < most:
            high += layout.blockBoundingRect(block).height()
            block = block.next()
        return min(ceil(high), most)

    def _grow(self) -> None:
        high = self._text_height()
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def _margins(self) -> int:
        return round(2 * (self.document().documentMargin() + self.frameWidth())) + 2

    def _with_margins(self, high: int) -> int:
        return max(high, _LEAST_LINES * self._line()) + self._margins()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if width == self.width() and self._high:
            return self._with_margins(self._high)
        room = QRect(0, 0, max(width - self._margins(), 40), 1_000_000)
        # A limit on what is measured: beyond the most lines the height no longer changes.
        text = self.toPlainText()[: _MOST_LINES * 400]
        metrics = self.fontMetrics()
        lines = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), text).height() / metrics.height()
        return self._with_margins(min(ceil(lines), _MOST_LINES) * self._line())

    def sizeHint(self) -> QSize:
        return QSize(240, self._with_margins(self._high))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._with_margins(0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grow()

    def event(self, event: QEvent) -> bool:
        document = self.document()
        if _is_undo_for_window(event, can_undo=document.isUndoAvailable(), can_redo=document.isRedoAvailable()):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _leaves_field(event) or (self.leaves_on_enter and keys.is_enter(event)):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def set_text_silently(field: LineField | TextField, text: str) -> None:
    """Show text without telling it as typed."""
    blocked = field.blockSignals(True)
    if isinstance(field, LineField):
        field.setText(text)
    else:
        field.setPlainText(text)
    field.blockSignals(blocked)


def text_of_field(field: LineField | TextField) -> str:
    return field.text() if isinstance(field, LineField) else field.toPlainText()


# When typing is stored: once it rests, and at the latest within a second of the first letter not yet stored.


DEBOUNCE_MS = 400
"""How long typing rests before it is stored, in milliseconds."""
LATEST_COMMIT_MS = 800
"""How long a letter waits at most while somebody types without a rest: with the disk's time, less than a second."""


class UnsavedTextEvent(QEvent):
    """Tells a window that a field holds letters that are not stored, or none any more."""

    TYPE = QEvent.Type(QEvent.registerEventType())

    def __init__(self, field: QWidget, *, is_unsaved: bool) -> None:
        super().__init__(self.TYPE)
        self.field, self.is_unsaved = field, is_unsaved


class DebounceTimer(QTimer):
    """Tells (``timeout``) when what is being typed is to be stored.

    Say ``typed`` after every letter, and ``stored`` once no letter waits any more: the window is told of both.
    """

    def __init__(self, field: QWidget) -> None:
        super().__init__(field, singleShot=True, interval=DEBOUNCE_MS)
        self._field = field
        self._latest = QDeadlineTimer()
        self._is_unsaved = False

    def typed(self) -> None:
        """Wait for a rest, but no longer than the first letter may wait."""
        if not self.isActive():
            self._latest.setRemainingTime(LATEST_COMMIT_MS)
        self.start(min(DEBOUNCE_MS, self._latest.remainingTime()))
        self.kept()

    def kept(self) -> None:
        self._tell(is_unsaved=True)

    def stored(self) -> None:
        """Stop waiting: no letter in the field is unsaved."""
        self.stop()
        self._tell(is_unsaved=False)

    def _tell(self, *, is_unsaved: bool) -> None:
        if is_unsaved != self._is_unsaved:
            self._is_unsaved = is_unsaved
            QCoreApplication.sendEvent(self._field.window(), UnsavedTextEvent(self._field, is_unsaved=is_unsaved))


# Finding: letters compared without case and accents, best matches first.


_NOT_LETTERS = r"[\W_]+"


def collation_key(language: str) -> Callable[[str], Any]:
    """Return the key by which names are put in the order of a language: "Ñ" after "N", Chinese by its pinyin."""
    return cmp_to_key(_collator(language).compare)


@lru_cache(maxsize=4)
def _collator(language: str) -> "QCollator":
    from PySide6.QtCore import QCollator, QLocale, Qt  # noqa: PLC0415 - lists of all countries cost 10 ms

    made = QCollator(QLocale(language))
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setNumericMode(True)
    return made


def matches_search(text: str, wanted: str) -> bool:
    """Return whether every word of ``wanted`` occurs in ``text``."""
    return contains_words(fold_text(text), search_words(wanted))


def best_matches(entries: Iterable[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Return the (id, name) entries that match, those that begin so first, else in their order."""
    start = fold_text(wanted).strip()
    found = [entry for entry in entries if matches_search(entry[1], wanted)]
    return sorted(found, key=lambda entry: not fold_text(entry[1]).startswith(start))


def compact_number(number: str) -> str:
    """Return a printed number as people type it: "IV.1 G" as "iv1g"."""
    return re.sub(_NOT_LETTERS, "", fold_text(number))


def best_number_matches(numbers: Sequence[tuple[str, str]], wanted: str) -> list[tuple[str, str]]:
    """Return the (address, printed number) entries that begin as typed, an exact number first, else in their order."""
    typed = compact_number(wanted)
    if not typed:
        return []
    found = [entry for entry in numbers if compact_number(entry[1]).startswith(typed)]
    return sorted(found, key=lambda entry: compact_number(entry[1]) != typed)


# A field that finds while one types: the matches open under it, inside the window.
#
# A list that is a window of its own grabs the keyboard, stands in the way of input methods and can be left
# behind; this one is a child of the window that takes no focus.


AutocompleteEntries = Callable[[], list[tuple[str, str]]]
"""Gives what can be picked, as (id, name)."""

_MOST_SHOWN = 10


class _MatchList(QListWidget):
    """The matches; a click picks, the keys stay with the field."""

    def __init__(self, window: QWidget, name: str) -> None:
        super().__init__(window)
        with_name(self, "matches", name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)

    def open_under(self, field: QWidget) -> None:
        """Open under a field, or over it where the window ends."""
        high = min(self.count(), _MOST_SHOWN) * self.sizeHintForRow(0) + 2 * self.frameWidth() + 2
        width = max(field.width(), self.fontMetrics().averageCharWidth() * 44)
        place_under(self, field, QSize(width, high))


def names_in(line: str) -> set[str]:
    """Return what an entry can be called: the line as a whole, or a name joined in it."""
    return {fold_text(line), *(fold_text(part).strip() for part in line.split(" – "))}


class AutocompleteField(LineField):
    """Finds among entries. ``picked`` carries an id, ``new_entry_wanted`` a name that is not listed.

    Enter takes the marked entry and tells it by ``entered_choice``; with Shift one stays for the next entry. Tab takes
    it too, unless ``is_free_text`` says that any text may stand here. ``add_pattern`` ("Add “{name}”") offers to make
    what is not there: by choosing that line, or by Ctrl+Enter, also when the list is closed. ``unmatched`` carries what
    was typed when Enter finds nothing to take; ``backspaced`` tells that Backspace was pressed in the empty field.
    """

    picked = Signal(str)
    new_entry_wanted = Signal(str)
    entered_choice = Signal()
    unmatched = Signal(str)
    backspaced = Signal()

    def __init__(self, entries: AutocompleteEntries, add_pattern: str = "", *, is_free_text: bool = False) -> None:
        super().__init__()
        self._entries, self._add, self._is_free_text = entries, add_pattern, is_free_text
        self._shown: list[tuple[str, str]] = []
        self._matches: _MatchList | None = None
        self.textEdited.connect(lambda _text: self.offer())
        self.left.connect(self.close_list)
        self.setMinimumWidth(MEDIUM * 8)

    @property
    def is_list_open(self) -> bool:
        return self._matches is not None and self._matches.isVisible()

    def _list(self) -> _MatchList:
        if self._matches is None:
            self._matches = _MatchList(self.window(), self.accessibleName())
            self._matches.itemClicked.connect(lambda _item: self._pick())
            self.destroyed.connect(self._matches.deleteLater)
            when_scrolled(self, self.close_list)
        return self._matches

    def offer_all(self) -> None:
        """Show all entries, none of them marked: Enter alone takes nothing."""
        if not self.text().strip():
            self.offer()
            self._list().setCurrentRow(-1)

    def offer(self) -> None:
        """Show the matches, and a line to add what matches nothing exactly."""
        typed = self.text().strip()
        self._shown = best_matches(self._entries(), typed)
        lines = [name for _, name in self._shown]
        if self._is_new(typed, lines):
            self._shown.append(("", typed))
            lines.append(self._add.format(name=typed))
        matches = self._list()
        matches.clear()
        matches.addItems(lines)
        if lines:
            # What is only offered to be added is chosen on purpose: Enter alone makes nothing new.
            matches.setCurrentRow(0 if self._shown[0][0] else -1)
            matches.open_under(self)
            self.setAccessibleDescription(lines[0])
        else:
            matches.hide()

    def _is_new(self, typed: str, names: Iterable[str]) -> bool:
        return bool(self._add and typed) and not any(fold_text(typed) in names_in(name) for name in names)

    def close_list(self) -> None:
        if self._matches is not None:
            self._matches.hide()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        if self._matches is not None and self._matches.isVisible():
            self._matches.open_under(self)

    def _pick(self) -> None:
        place = self._list().currentRow()
        if not 0 <= place < len(self._shown):
            self.unmatched.emit(self.text().strip())
            return
        self.close_list()
        entry, name = self._shown[place]
        self.clear()
        if entry:
            self.picked.emit(entry)
        else:
            self.new_entry_wanted.emit(name)

    def _go(self, step: int) -> None:
        matches = self._list()
        place = min(max(matches.currentRow() + step, 0), matches.count() - 1)
        matches.setCurrentRow(place)
        self.setAccessibleDescription(matches.item(place).text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        is_alone = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if self._adds(event):
            self._add_typed()
            return
        if self.is_list_open and self._take_enter(event):
            return
        if self.is_list_open and is_alone and self._take_list_key(event, steps):
            return
        if event.key() == Qt.Key.Key_Down and is_alone:
            self.offer()
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self.backspaced.emit()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        return keys.takes_before_menu(event, self._adds) or super().event(event)

    def _adds(self, event: QKeyEvent) -> bool:
        """Return whether a key is Ctrl+Enter in a name that is not listed."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        is_control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if not (is_enter and is_control and (self.is_list_open or not self._is_free_text)):
            return False
        typed = self.text().strip()
        return self._is_new(typed, (name for _, name in best_matches(self._entries(), typed)))

    def _add_typed(self) -> None:
        name = self.text().strip()
        self.close_list()
        self.clear()
        self.new_entry_wanted.emit(name)
        self.entered_choice.emit()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Let Tab take the marked entry on its way to the next field."""
        is_marked = self.is_list_open and self._list().currentRow() >= 0 and self.text().strip()
        if is_next and is_marked and not self._is_free_text:
            self._pick()
        return super().focusNextPrevChild(is_next)

    def _take_enter(self, event: QKeyEvent) -> bool:
        """Take the marked entry."""
        if event.key() not in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            return False
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        is_taken = self._list().currentRow() >= 0
        if not is_taken and not self.text().strip():
            return False
        self._pick()
        if is_taken and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.entered_choice.emit()
        return True

    def _take_list_key(self, event: QKeyEvent, steps: dict[Qt.Key, int]) -> bool:
        key = Qt.Key(event.key())
        if key in steps:
            self._go(steps[key])
        elif key == Qt.Key.Key_Escape:
            was_asked_for = self._list().currentRow() >= 0 or bool(self.text().strip())
            self.close_list()
            return was_asked_for
        else:
            return False
        return True

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.close_list()
