"""Editors for answers that are chosen: levels, yes/partly/no, choices, checklists, agencies, sources and countries."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import assert_never

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.domain.assessment.answers import AnswerState, AnswerValue
from capacity_app.domain.assessment.registers import Agency, DataSource
from capacity_app.domain.numbers_and_dates import strip_invisible
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.answer_keys import YES_NO_KEYS, answer_keys, yes_no_letters
from capacity_app.domain.questionnaire.kinds import AnswerKind, ValueType
from capacity_app.domain.text_search import fold_text
from capacity_app.i18n.countries import country_codes
from capacity_app.i18n.formatter import YES_NO_LABELS
from capacity_app.ui.question_widgets.bilingual_text import (
    NO_SECOND_TEXT,
    RadioRow,
    SpeakerTag,
    TickRow,
    second_text_of,
)
from capacity_app.ui.question_widgets.panel_parts import Voice, is_of_others
from capacity_app.ui.question_widgets.typed_editors import AnswerEditor, EditedField, TypedAnswerEditor, parse_typed
from capacity_app.ui.session.formatters import SessionFormatter, name_to_find
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TextRole
from capacity_app.ui.widgets import keys
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.flow import ChipFlow, Flow, FlowColumns
from capacity_app.ui.widgets.keys import keyboard_label
from capacity_app.ui.widgets.layouts import lay_out
from capacity_app.ui.widgets.text_fields import AutocompleteField, collation_key, names_in, set_text_silently

# Picking agencies, sources and countries: type a few letters, press Enter, go on; new ones are made in place.


def entries_for(asked: EditedField) -> list[tuple[str, str]]:
    """List what can be picked for a field."""
    wording, session, kind = asked.wording, asked.controller.session, asked.field.kind
    if not kind.info.register:
        named = ((code, wording.texts.country(code)) for code in country_codes())
        order = collation_key(wording.texts.language)
        return sorted(named, key=lambda entry: order(entry[1]))
    if kind is not AnswerKind.AGENCY:
        return [(entry.id, wording.picked(kind, entry.id)) for entry in session.entries(kind.info.register)]
    agencies = (entry for entry in session.entries("agencies") if isinstance(entry, Agency))
    return [(agency.id, name_to_find(agency)) for agency in agencies]


def add_entry(asked: EditedField, name: str) -> str:
    """Make a new agency or source and give its id; empty if it was refused."""
    session = asked.controller.session
    if asked.field.kind is AnswerKind.AGENCY:
        entry: Agency | DataSource = Agency(id=session.new_id("agencies"), name=name)
    else:
        entry = DataSource(id=session.new_id("sources"), name=name)
    return entry.id if asked.controller.put(entry) else ""


def find_named(wanted: str, entries: Iterable[tuple[str, str]]) -> str | None:
    """Find an entry by its id, its name, or one of the names joined in it ("NSO – National Statistics Office")."""
    looked_for = fold_text(strip_invisible(wanted)).strip()
    if not looked_for:
        return None
    for entry, name in entries:
        if looked_for in {fold_text(entry), *names_in(name)}:
            return entry
    return None


def why_not_taken(asked: EditedField, name: str) -> str:
    """Say that no entry has a name, and how it becomes one; empty for no name."""
    if not name:
        return ""
    texts, info = asked.wording.texts, asked.field.kind.info
    pattern = N_("“{name}” is not on the list. To add it, press Ctrl+Enter in this field.")
    said = texts.gettext(pattern if info.add_prompt else N_("“{name}” is not on the list.")).format(name=name)
    return keyboard_label(texts, said)


def why_unread(asked: EditedField, text: str) -> str:
    """Say why a text is no answer to a field; empty for no text, and for one that can be read meanwhile."""
    if not text or not asked.field.kind.info.is_typed:
        return why_not_taken(asked, text)
    return parse_typed(asked.field, text, asked.wording.texts)[1]


class PickEditor(AnswerEditor):
    """What has been picked, each with a button to take it out, and a field to find more."""

    def __init__(self, asked: EditedField) -> None:
        super().__init__(asked)
        texts, info = asked.wording.texts, asked.field.kind.info
        self._value: tuple[str, ...] = ()
        self._unread = ""
        self.hint = Label("", TextRole.CAPTION, colour="danger")
        self.hint.hide()
        add_key = keys.keyboard_label(texts, "Ctrl+Enter")
        pattern = f"{texts.gettext(info.add_prompt)} ({add_key})" if info.add_prompt else ""
        self._known: list[tuple[str, str]] | None = None
        self.finder = AutocompleteField(self._entries, pattern)
        self.finder.setAccessibleName(asked.name)
        self.finder.setPlaceholderText(texts.gettext(info.find_prompt))
        self.finder.picked.connect(self._add)
        self.finder.new_entry_wanted.connect(self._add_new)
        self.finder.backspaced.connect(self._take_last)
        self.finder.unmatched.connect(lambda name: self.hint.show_or_hide(why_not_taken(asked, name)))
        self.finder.textEdited.connect(lambda _text: self.hint.hide())
        self.finder.left.connect(self.flush)
        self._chips = ChipFlow(texts)
        self._chips.removed.connect(self._take)
        # Under the field the list of matches would cover the hint.
        lay_out(QVBoxLayout(self), self._chips, self.hint, self.finder, margins=0, spacing=SMALL)
        self.finder.setMaximumWidth(self.fontMetrics().horizontalAdvance("0") * 60)
        self.setFocusProxy(self.finder)

    def _entries(self) -> list[tuple[str, str]]:
        # The list of countries never changes; the registers are short.
        if self.asked.field.kind.info.register:
            return entries_for(self.asked)
        if self._known is None:
            self._known = entries_for(self.asked)
        return self._known

    def offer_register(self) -> None:
        """Show the agencies or data sources there are, unless something is picked already."""
        if self.asked.field.kind.info.register and not self._value:
            self.finder.offer_all()

    def _add(self, entry: str) -> None:
        kept = self._value if self.asked.field.many else ()
        if entry not in kept:
            self.answered.emit((*kept, entry), "")

    def _add_new(self, name: str) -> None:
        entry = add_entry(self.asked, name)
        if entry:
            self._add(entry)

    def _take(self, entry: str) -> None:
        self.finder.setFocus()
        self.answered.emit(tuple(one for one in self._value if one != entry) or None, "")

    def _take_last(self) -> None:
        if self._value:
            self._take(self._value[-1])

    def flush(self) -> None:
        """Take letters that are left behind if they name an entry; else they are kept as what they are."""
        typed = self.finder.text().strip()
        entry = find_named(typed, self._entries()) if typed else None
        if entry is not None:
            self.finder.clear()
            self._add(entry)
        elif typed and not self._value and typed != self._unread:
            self.unread.emit(typed, "")
        elif not typed and self._unread:
            self.answered.emit(None, "")

    def show_value(self, value: AnswerValue) -> None:
        self._value = value if isinstance(value, tuple) else ()
        self._unread = value if isinstance(value, str) else ""
        if self._unread and not self.finder.text():
            set_text_silently(self.finder, self._unread)
        self.hint.show_or_hide(why_not_taken(self.asked, self._unread))
        picked = self.asked.wording.picked
        self._chips.show_chips((entry, picked(self.asked.field.kind, entry)) for entry in self._value)


AnswerOption = tuple[AnswerValue, str, str]
"""A value, its wording and its key."""


def answer_options(asked: EditedField) -> list[AnswerOption]:
    """List what may be chosen for a field, each with the key that chooses it."""
    field, wording = asked.field, asked.wording
    shown = answer_keys(field)
    if field.kind is AnswerKind.LEVEL:
        return [(level, text, shown[str(level)]) for level, text in enumerate(wording.anchors(asked.question, field))]
    if fixed := field.kind.info.fixed:
        labels = {word: wording.texts.gettext(label) for word, label in YES_NO_LABELS.items()}
        letters = yes_no_letters(labels)
        return [(word, labels[word], letters[word]) for word in fixed]
    options: list[AnswerOption] = [
        (one.id, wording.option(asked.question, field, one), shown.get(one.id, "")) for one in field.options
    ]
    has_own_none = field.kind.value_type is not ValueType.OPTIONS or field.none_options
    return options if has_own_none else [*options, ((), wording.texts.gettext(N_("None of these")), "0")]


def option_of_key(options: Sequence[AnswerOption], pressed: str) -> AnswerValue:
    """Return what a key chooses, None for no key of theirs; Y, P and N answer whatever letters are shown."""
    words = {key: word for word, key in YES_NO_KEYS.items()}
    usual = (value for value, _, _ in options if value == words.get(pressed))
    return next((value for value, _, key in options if key and key == pressed), next(usual, None))


class RowsEditor(AnswerEditor):
    """Rows of which one is a stop for Tab and the arrows reach the others."""

    def __init__(self, asked: EditedField, rows: Sequence[RadioRow | TickRow], *, is_line: bool = False) -> None:
        super().__init__(asked)
        self.rows = tuple(rows)
        self._lines = Flow(SMALL) if is_line else FlowColumns()
        lay_out(QVBoxLayout(self), self._lines, margins=0)
        for place, row in enumerate(self.rows):
            self._lines.place(row)
            row.show_key(asked.wording.texts.in_digits(row.key))
            row.clicked.connect(lambda _checked=False, place=place: self._clicked(place))
        self._stop_at(0)

    def _clicked(self, place: int) -> None:
        raise NotImplementedError

    def wordings(self, wording: SessionFormatter) -> list[str]:
        return [text for _, text, _ in answer_options(replace(self.asked, wording=wording))]

    def show_second(self, second: SessionFormatter | None) -> None:
        """Show every row in a second wording too."""
        texts = self.wordings(second) if second is not None else [""] * len(self.rows)
        for row, text in zip(self.rows, texts, strict=True):
            row.set_second(second_text_of(row.text(), text, second) if second is not None else NO_SECOND_TEXT)
        for part in (self._lines, self):
            part.updateGeometry()

    def chosen_by(self, value: AnswerValue) -> list[bool]:
        """Tell of each row whether a value chooses it."""
        raise NotImplementedError

    def show_offered(self, value: AnswerValue) -> None:
        """Outline the rows the previous round chose."""
        for row, is_offered in zip(self.rows, self.chosen_by(value), strict=True):
            row.set_offered(is_offered)

    def show_voices(self, voices: Sequence[Voice]) -> Sequence[Voice]:
        """Name at the end of each row who chose it."""
        given = [voice for voice in voices if voice.content.state is AnswerState.ANSWERED]
        chosen = [self.chosen_by(voice.content.value) for voice in given]
        are_others = is_of_others(voices, self.asked.controller.respondent)
        for place, row in enumerate(self.rows):
            said = [voice for voice, rows in zip(given, chosen, strict=True) if rows[place]]
            if are_others and said:
                row.set_speakers((self._tag_of_others(said),), is_of_others=said[0].counts)
            else:
                row.set_speakers([SpeakerTag(voice.tag, voice.counts) for voice in said], is_compared=bool(voices))
        return [voice for voice in voices if voice not in given and not voice.is_own]

    def _tag_of_others(self, said: Sequence[Voice]) -> SpeakerTag:
        texts = self.asked.wording.texts
        return SpeakerTag(texts.gettext("{who} answered").format(who=texts.listed(voice.tag for voice in said)))

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
        offered = [row.key for row in self.rows]
        # Y, P and N answer whatever letters are shown.
        word = next((word for word, key in YES_NO_KEYS.items() if key == pressed), "")
        values = [value for value, _, _ in answer_options(self.asked)] if self.asked.field.kind.info.fixed else []
        if pressed and pressed in offered:
            return offered.index(pressed)
        return values.index(word) if word in values else None

    def take_key(self, event: QKeyEvent) -> bool:
        """Choose the row with the pressed key."""
        place = self._place_of_key(event)
        if place is None or not self.isEnabled():
            return False
        self._go(place)
        self.rows[place].click()
        return True


class OneOfEditor(RowsEditor):
    """Chooses one of several answers. ``chosen`` tells that a row was clicked."""

    chosen = Signal()

    def __init__(self, asked: EditedField) -> None:
        self._offers = answer_options(asked)
        is_line = asked.field.kind.value_type is ValueType.OPTION and not asked.field.kind.info.has_options
        super().__init__(asked, [RadioRow(text, key) for _, text, key in self._offers], is_line=is_line)

    def show_value(self, value: AnswerValue) -> None:
        """Choose the row of the value, or none."""
        for place, is_chosen in enumerate(self.chosen_by(value)):
            self.rows[place].setChecked(is_chosen)
            if is_chosen:
                self._stop_at(place)

    def chosen_by(self, value: AnswerValue) -> list[bool]:
        return [value is not None and offered == value for offered, _, _ in self._offers]

    def _clicked(self, place: int) -> None:
        self._answer(place)
        self.chosen.emit()

    def choose(self, row: QWidget) -> None:
        """Answer with a row, as by its key."""
        self._answer(next(place for place, one in enumerate(self.rows) if one is row))

    def take_key(self, event: QKeyEvent) -> bool:
        place = self._place_of_key(event)
        if place is None or not self.isEnabled():
            return False
        self._go(place)
        self._answer(place)
        return True

    def _answer(self, place: int) -> None:
        value = self._offers[place][0]
        self.show_value(value)
        self.answered.emit(value, "")


class ChecklistEditor(RowsEditor):
    """Ticks any elements; "none of these" is an answer of its own."""

    def __init__(self, asked: EditedField) -> None:
        self._offers = answer_options(asked)
        super().__init__(asked, [TickRow(text, key) for _, text, key in self._offers])

    def chosen_by(self, value: AnswerValue) -> list[bool]:
        none = self.asked.field.none_options
        ticked = (value or none) if isinstance(value, tuple) else ()
        return [value == () if offered == () else offered in ticked for offered, _, _ in self._offers]

    def show_value(self, value: AnswerValue) -> None:
        for row, is_ticked in zip(self.rows, self.chosen_by(value), strict=True):
            row.setChecked(is_ticked)

    def _clicked(self, place: int) -> None:
        clicked, boxes = self._offers[place][0], zip(self._offers, self.rows, strict=True)
        if clicked == ():
            value: AnswerValue = () if self.rows[place].isChecked() else None
        else:
            clicked = str(clicked)
            others = [str(one) for (one, _, _), row in boxes if row.isChecked() and one not in {clicked, ()}]
            after = self.asked.field.toggle(others, clicked) if self.rows[place].isChecked() else others
            # Taking the last tick away says nothing; that nothing applies is a row of its own.
            value = tuple(str(one) for one, _, _ in self._offers if one in after) or None
        self.show_value(value)
        self.answered.emit(value, "")


def answer_editor(asked: EditedField) -> AnswerEditor:
    """Make the editor of an answer; a grid is edited in its cells."""
    match asked.field.kind.value_type:
        case ValueType.LEVEL | ValueType.OPTION:
            return OneOfEditor(asked)
        case ValueType.OPTIONS:
            return ChecklistEditor(asked)
        case ValueType.ENTRIES:
            return PickEditor(asked)
        case ValueType.TEXT | ValueType.INTEGER | ValueType.PERCENT | ValueType.DATE:
            return TypedAnswerEditor(asked)
        case ValueType.CELLS:
            raise ValueError(asked.field.kind)
        case unknown:
            assert_never(unknown)
