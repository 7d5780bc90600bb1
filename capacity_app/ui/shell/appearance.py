"""The sheet Appearance: text size, colours, the languages of the window and of the questions, and digits."""

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QGridLayout, QVBoxLayout, QWidget

from capacity_app.domain.problems import N_
from capacity_app.i18n.catalogues import program_languages
from capacity_app.i18n.translator import PSEUDO, Translator, locale_tag, native_digits, own_name
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.page_stack import EDGES
from capacity_app.ui.theme.fonts_and_sizes import (
    LARGE,
    MEDIUM,
    ZOOMS,
    apply_theme,
    is_font_change,
    load_script_fonts,
    running_application,
    set_zoom,
)
from capacity_app.ui.theme.palette import Scheme
from capacity_app.ui.widgets.buttons import Button, ComboBox
from capacity_app.ui.widgets.cards import Label, scroll_area_of
from capacity_app.ui.widgets.layouts import lay_out, side_by_side, with_action, with_name

SCHEME_LABELS: dict[Scheme, str] = {
    Scheme.SYSTEM: N_("As the system"),
    Scheme.LIGHT: N_("Light"),
    Scheme.DARK: N_("Dark"),
    Scheme.CONTRAST: N_("High contrast"),
}
_LETTERS = 64
"""How wide the sheet is at least, in letters."""


class AppearanceSheet(QDialog):
    """Asks how the window looks and speaks. Text size and colours are seen at once; the button Apply keeps everything.

    ``worded_in`` are the languages of the questions of the open assessment, none while nothing is open.
    """

    def __init__(self, texts: Translator, settings: Settings, worded_in: Iterable[str], parent: QWidget) -> None:
        super().__init__(parent)
        load_script_fonts(*program_languages())  # languages are named in their own letters
        self._texts, self._settings = texts, settings
        self.setObjectName("appearance")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        say, offered = texts.gettext, tuple(worded_in)
        self.setWindowTitle(say("Appearance"))
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setSpacing(MEDIUM)
        sizes = [(str(zoom), say("{share} %").format(share=texts.number(zoom))) for zoom in ZOOMS]
        schemes = [(scheme.value, say(label)) for scheme, label in SCHEME_LABELS.items()]
        self.zoom = self._choice("zoom", say("Text size"), sizes, str(settings.zoom))
        self.scheme = self._choice("scheme", say("Colours"), schemes, settings.scheme)
        self.language = self._choice("language", say("Language of the window"), self._languages(), texts.language)
        of_window, none = say("The language of the window"), say("None")
        self.asked_in = self._wording("asked_in", say("Language of the questions"), of_window, offered)
        self.second = self._wording("second_language", say("Second language of the questions"), none, offered)
        self.digits = {code: self._digits_of(code) for code in program_languages() if native_digits(code)}
        for field in (self.zoom, self.scheme):
            field.currentIndexChanged.connect(lambda _place: self._show_now())
        self._lay_out()

    def _lay_out(self) -> None:
        say = self._texts.gettext
        keep = with_action(Button(say("Apply"), is_main=True), "appearance_apply", self.accept)
        leave = with_action(Button(say("Cancel")), "appearance_cancel", self.reject)
        self._fields = QWidget()
        lay_out(QVBoxLayout(self._fields), self._grid, 1, margins=0)
        area = scroll_area_of(self._fields)
        lay_out(QVBoxLayout(self), (area, 1), side_by_side(keep, leave), margins=LARGE, spacing=LARGE)
        self._fit()

    def _choice(self, name: str, label: str, choices: Iterable[tuple[str, str]], present: str) -> ComboBox:
        """Return a field in a row of its own, with the present choice."""
        field = with_name(ComboBox(tuple(choices)), f"appearance_{name}", label)
        field.setCurrentIndex(max(field.findData(present), 0))
        title, row = Label(label), self._grid.rowCount()
        title.setBuddy(field)
        self._grid.addWidget(title, row, 0)
        self._grid.addWidget(field, row, 1)
        return field

    def _wording(self, name: str, label: str, first: str, offered: tuple[str, ...]) -> ComboBox:
        """Return a field for a language of the questions; without an open assessment it cannot be changed."""
        present = self._settings.text(name)
        codes = dict.fromkeys(filter(None, (*offered, present)))
        field = self._choice(name, label, [("", first), *((code, self._named(code)) for code in codes)], present)
        field.setEnabled(bool(offered))
        return field

    def _digits_of(self, code: str) -> QCheckBox:
        """Return a box that has the numbers of a language written with its own digits."""
        digits = Translator(locale_tag(code, native_digits(code))).number(1234567890)
        sentence = self._texts.gettext("Digits of {language}: {digits}")
        label = sentence.format(language=self._texts.language_name(code), digits=digits)
        box = with_name(QCheckBox(label), f"appearance_digits_{code}", label)
        box.setChecked(code in self._settings.own_digits)
        self._grid.addWidget(box, self._grid.rowCount(), 1)
        return box

    def _languages(self) -> Iterator[tuple[str, str]]:
        """Name the languages the program speaks, each in itself."""
        for code in program_languages():
            yield code, own_name(code)
        if self._settings.offers_pseudo:
            yield PSEUDO, "⟦…⟧"

    def _named(self, code: str) -> str:
        return f"{own_name(code)} – {self._texts.language_name(code)}"

    def _show_now(self) -> None:
        """Show text size and colours as chosen; only Apply keeps them."""
        set_zoom(running_application(), int(self.zoom.currentData()))
        apply_theme(running_application(), self.scheme.currentData())

    def _fit(self) -> None:
        """Be as large as the fields need, within the screen."""
        inside = self._fields.sizeHint()
        wide = max(inside.width(), _LETTERS * self.fontMetrics().averageCharWidth()) + 3 * LARGE
        high = inside.height() + 5 * LARGE + self.fontMetrics().height()
        self.resize(QSize(wide, high).boundedTo(self.screen().availableSize() - EDGES))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_font_change(event) and self.isVisible():
            self._fit()

    def accept(self) -> None:
        settings = self._settings
        settings.zoom, settings.scheme = int(self.zoom.currentData()), self.scheme.currentData()
        if self.language.currentData() != self._texts.language:
            settings.language = self.language.currentData()
        settings.asked_in, settings.second_language = self.asked_in.currentData(), self.second.currentData()
        settings.own_digits = {code for code, box in self.digits.items() if box.isChecked()}
        super().accept()

    def reject(self) -> None:
        set_zoom(running_application(), self._settings.zoom)
        apply_theme(running_application(), self._settings.scheme)
        super().reject()
