"""Editors of single fields: text, names, lists of texts, dates, a country."""

import re
from functools import cached_property
from itertools import count

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from capacity_app.domain.assessment.register_fields import RegisterField
from capacity_app.domain.numbers_and_dates import read_amount, read_number, write_amount
from capacity_app.domain.text_search import fold_text
from capacity_app.i18n.countries import alpha3_from_m49, country_codes, usual_country_names
from capacity_app.i18n.translator import Translator
from capacity_app.ui.question_widgets.typed_editors import DATE_FIELD, parse_date, parse_typed, placeholder_of
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.theme.fonts_and_sizes import SMALL, TIGHT, TextRole
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.date_field import DateEdit, calendar_button
from capacity_app.ui.widgets.layouts import lay_out, with_name
from capacity_app.ui.widgets.text_fields import (
    AutocompleteField,
    DebounceTimer,
    LineField,
    TextField,
    collation_key,
    set_text_silently,
)

_RUNS = count(1)


class FieldEditor(QWidget):
    """One field's editor. ``edited`` tells that a person changed the value; showing a value is silent."""

    edited = Signal()

    @property
    def typing(self) -> str:
        """The mark of what is typed in one go, empty where a change is a step of its own."""
        return ""

    def value(self) -> object:
        raise NotImplementedError

    def show_value(self, value: object) -> None:
        raise NotImplementedError

    def flush(self) -> None:
        """Commit what is being typed at once."""

    def refresh(self) -> None:
        """Take new choices from the registers."""

    def _hold(self, inner: QWidget, field: RegisterField, label: str) -> None:
        with_name(inner, f"field_{field.name}", label)
        self.setFocusProxy(inner)


class TypedFieldEditor(FieldEditor):
    """Typed text: committed when typing rests, when the field is left, and on request.

    What is typed until the field is left is one step to undo, however often it rests.
    """

    def __init__(self) -> None:
        super().__init__()
        self._run = 0
        self._rest = DebounceTimer(self)
        self._rest.timeout.connect(self._store)

    def flush(self) -> None:
        if self._rest.isActive():
            self._store()

    def _store(self) -> None:
        self._rest.stop()
        self.edited.emit()
        self._rest.stored()

    def _listen(self, field: LineField | TextField) -> None:
        field.left.connect(self.flush)
        field.entered.connect(self._begin)
        field.textChanged.connect(self._rest.typed)
        self._begin()

    def _begin(self) -> None:
        self._run = next(_RUNS)

    @property
    def typing(self) -> str:
        return f"typing-{self._run}"

    @property
    def is_typing(self) -> bool:
        return self._rest.isActive()


def add_column_layout(owner: QWidget) -> QVBoxLayout:
    """Give an editor a layout without margins."""
    return lay_out(QVBoxLayout(owner), margins=0, spacing=TIGHT)


class LineEditor(TypedFieldEditor):
    """One line of text."""

    def __init__(self, field: RegisterField, formatter: EntryFormatter) -> None:
        super().__init__()
        self.line = self._field(formatter)
        self.line.setPlaceholderText(formatter.texts.gettext(field.hint))
        self._listen(self.line)
        add_column_layout(self).addWidget(self.line)
        self._hold(self.line, field, formatter.texts.gettext(field.label))

    def _field(self, _formatter: EntryFormatter) -> LineField:
        return LineField()

    def value(self) -> object:
        return self.line.text().strip()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.line.text().strip() != value:
            set_text_silently(self.line, str(value))
            self.line.setCursorPosition(0)


class AmountEditor(LineEditor):
    """An amount of money, typed with the signs of the window's language; what cannot be read is kept as typed."""

    def __init__(self, field: RegisterField, formatter: EntryFormatter) -> None:
        super().__init__(field, formatter)
        self._texts = formatter.texts
        self.line.left.connect(lambda: self._show(self.value()))

    def value(self) -> str:
        text = self.line.text().strip()
        try:
            return write_amount(read_number(text, group=self._texts.group_sign))
        except ValueError:
            return text

    def show_value(self, value: object) -> None:
        """Show an amount, unless it is being typed."""
        if self.value() != value:
            self._show(str(value))

    def _show(self, value: str) -> None:
        amount = read_amount(value)
        set_text_silently(self.line, value if amount is None else self._texts.amount(amount))


class PersonNameEditor(LineEditor):
    """The name of a person: typed, or found among the people met and the team."""

    def _field(self, formatter: EntryFormatter) -> LineField:
        finder = AutocompleteField(formatter.names, is_free_text=True)
        finder.picked.connect(self._take)
        return finder

    def _take(self, name: str) -> None:
        self.line.setText(name)
        self.flush()


class FormTextField(TextField):
    """A text field in a form. Layouts remember what was measured for a width: at another one they ask again."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class GrowingTextField(FormTextField):
    """A text field of one line that grows with its words; Enter does not break them."""

    def __init__(self) -> None:
        super().__init__()
        self.leaves_on_enter = True

    def _spare(self, width: int) -> int:
        """Return the height that a text of a single line does not need."""
        metrics = self.fontMetrics()
        room = width - 2 * round(self.document().documentMargin() + self.frameWidth()) - SMALL
        text = self.toPlainText() or self.placeholderText()
        is_short = "\n" not in text and metrics.horizontalAdvance(text) <= room
        return metrics.lineSpacing() if is_short else 0

    def heightForWidth(self, width: int) -> int:
        return super().heightForWidth(width) - self._spare(width)

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(size.width(), size.height() - self._spare(self.width()))

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return QSize(size.width(), size.height() - self.fontMetrics().lineSpacing())


class MultilineEditor(TypedFieldEditor):
    """Text of several lines."""

    def __init__(self, field: RegisterField, formatter: EntryFormatter) -> None:
        super().__init__()
        self.text = self._field()
        self.text.setPlaceholderText(formatter.texts.gettext(field.hint))
        self._listen(self.text)
        column = add_column_layout(self)
        column.addWidget(self.text)
        column.addStretch(1)
        self._hold(self.text, field, formatter.texts.gettext(field.label))

    def _field(self) -> TextField:
        return FormTextField()

    def value(self) -> object:
        return self.text.toPlainText()

    def show_value(self, value: object) -> None:
        """Show a text, unless it is the one being typed."""
        if self.text.toPlainText() != value:
            set_text_silently(self.text, str(value))


class ParagraphEditor(MultilineEditor):
    """One paragraph, seen whole however long it is."""

    def _field(self) -> TextField:
        return GrowingTextField()

    def value(self) -> object:
        return self.text.toPlainText().strip()


class TextListEditor(MultilineEditor):
    """A list of texts, one per line."""

    def value(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.text.toPlainText().splitlines() if line.strip())

    def show_value(self, value: object) -> None:
        """Show the texts, unless they are being typed."""
        if isinstance(value, tuple) and self.value() != value:
            set_text_silently(self.text, "\n".join(value))


# A date in a form: typed as people write it, or picked from a calendar.


class DateEditor(TypedFieldEditor):
    """A date typed as people write it, or picked from a calendar; what cannot be read is kept with advice."""

    def __init__(self, field: RegisterField, formatter: EntryFormatter) -> None:
        super().__init__()
        self._texts = formatter.texts
        label = formatter.texts.gettext(field.label)
        self.line = DateEdit(formatter.texts, lambda typed: parse_date(typed, formatter.texts))
        self.line.setPlaceholderText(placeholder_of(DATE_FIELD, formatter.texts))
        self._listen(self.line)
        self.picker = calendar_button(self.line, label, formatter.texts)
        self.picker.setObjectName(f"calendar_{field.name}")
        self.line.picked.connect(self._take)
        self._advice = Label("", TextRole.CAPTION, colour="danger")
        self._advice.hide()
        line = lay_out(QHBoxLayout(), (self.line, 1), self.picker, spacing=TIGHT)
        column = add_column_layout(self)
        column.addLayout(line)
        column.addWidget(self._advice)
        self._hold(self.line, field, label)
        self.line.left.connect(self._show_read)

    @property
    def has_advice(self) -> bool:
        """Return whether what was typed could not be read as a date, and the field says so."""
        return not self._advice.isHidden()

    def _read(self) -> tuple[object, str]:
        return parse_typed(DATE_FIELD, self.line.text(), self._texts)

    def _show_read(self) -> None:
        """Show the date as it was understood, or advice."""
        value, problem = self._read()
        self._advice.show_or_hide(problem)
        if value:
            set_text_silently(self.line, self._texts.short_date(str(value)))

    def value(self) -> object:
        """Return the date (ISO 8601), or what was typed if it cannot be read: nothing typed is lost."""
        value, problem = self._read()
        return self.line.text().strip() if problem else str(value or "")

    def show_value(self, value: object) -> None:
        """Show a date, unless it is being typed."""
        if self.value() != value:
            set_text_silently(self.line, str(value))
        if not self.line.hasFocus():
            self._show_read()

    def _take(self) -> None:
        """Take what was picked at once."""
        self._show_read()
        self.flush()


# Choosing a country: type a few letters of its name in any language we have, or make one up with a code of its own.


_CODE = re.compile(r"[A-Z]{3}")


class CountryField(QWidget):
    """A country's name with matches below it; for a name nobody knows, a field for its three-letter code."""

    changed = Signal()

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        self._texts = texts
        self.name = with_name(AutocompleteField(lambda: self._countries), "new_country", texts.gettext("Country"))
        self.name.setPlaceholderText(texts.gettext("Type a few letters of its name"))
        self.name.picked.connect(self._take)
        self.name.textChanged.connect(lambda _text: self._follow())
        self.own_code = with_name(LineField(), "new_country_code", texts.gettext("Three-letter code of the country"))
        self.own_code.setPlaceholderText(texts.gettext("Its code: three letters, for example XXA"))
        self.own_code.setMaxLength(3)
        self.own_code.textChanged.connect(lambda _text: self.changed.emit())
        self._remark = Label(role=TextRole.CAPTION, is_muted=True)
        self._remark.hide()
        lay_out(QVBoxLayout(self), self.name, self.own_code, self._remark, margins=0, spacing=TIGHT)
        self.own_code.hide()
        self.setFocusProxy(self.name)
        self.name.left.connect(self._settle)

    @cached_property
    def _countries(self) -> list[tuple[str, str]]:
        named = ((m49, self._texts.country(m49)) for m49 in country_codes())
        order = collation_key(self._texts.language)
        return sorted(named, key=lambda entry: order(entry[1]))

    @cached_property
    def _by_name(self) -> dict[str, str]:
        usual = {fold_text(name): m49 for m49, _ in self._countries for name in usual_country_names(m49)}
        own = {fold_text(name): m49 for m49, name in self._countries}
        return usual | own | {alpha3_from_m49(m49).casefold(): m49 for m49, _ in self._countries}

    def _take(self, m49: str) -> None:
        self.name.setText(self._texts.country(m49))
        self._settle()

    def _follow(self) -> None:
        self._remark.hide()
        self.changed.emit()

    def _settle(self) -> None:
        """Show name and code of a known country, or ask for the code of an unknown one."""
        if self.m49 and self.name.text() != self.text():
            self.name.setText(self.text())
        is_unknown = bool(self.text()) and not self.m49
        self.own_code.setVisible(is_unknown)
        self._remark.setVisible(bool(self.text()))
        if self.m49:
            codes = self._texts.gettext("{code} · M49 {m49}").format(code=self.code, m49=self.m49)
            self._remark.setText(codes)
        elif is_unknown:
            self._remark.setText(self._texts.gettext("No country has this name: give it a code of your own."))

    def show_country(self, code: str, m49: str, name: str) -> None:
        self.name.setText(self._texts.country(m49) if m49 else name)
        self.own_code.setText("" if self.m49 else code)
        self._settle()

    def text(self) -> str:
        """Return the name: as the list has it where the code was typed."""
        typed = self.name.text().strip()
        m49 = self._by_name.get(fold_text(typed), "")
        return self._texts.country(m49) if m49 else typed

    @property
    def m49(self) -> str:
        """The M49 code of a known country, empty for a made-up one."""
        return self._by_name.get(fold_text(self.name.text().strip()), "")

    @property
    def code(self) -> str:
        return alpha3_from_m49(self.m49) if self.m49 else self.own_code.text().strip().upper()

    def problem(self) -> str:
        if not self.text():
            return self._texts.gettext("Choose the country.")
        if _CODE.fullmatch(self.code):
            return ""
        self._settle()
        return self._texts.gettext("Choose a country from the list, or give this one a code of three letters.")
