"""Choosing a country: type a few letters of its name in any language we have, or make one up with a code of its own."""

import re
from functools import cached_property

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from capacity_app.texts import Texts, alpha3_of, country_codes
from capacity_app.ui.look.cards import Words
from capacity_app.ui.look.find_field import FindField
from capacity_app.ui.look.finding import alphabet, folded
from capacity_app.ui.look.text_fields import LineField
from capacity_app.ui.look.theme import TIGHT, Role

_CODE = re.compile(r"[A-Z]{3}")


class CountryField(QWidget):
    """A country's name with matches below it; for a name nobody knows, a field for its three-letter code."""

    changed = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self._texts = texts
        self.name = FindField(lambda: self._countries)
        self.name.setObjectName("new_country")
        self.name.setAccessibleName(texts.gettext("Country"))
        self.name.setPlaceholderText(texts.gettext("Type a few letters of its name"))
        self.name.picked.connect(self._take)
        self.name.textChanged.connect(lambda _text: self._follow())
        self.own_code = LineField()
        self.own_code.setObjectName("new_country_code")
        self.own_code.setAccessibleName(texts.gettext("Three-letter code of the country"))
        self.own_code.setPlaceholderText(texts.gettext("Its code: three letters, for example XXA"))
        self.own_code.setMaxLength(3)
        self.own_code.textChanged.connect(lambda _text: self.changed.emit())
        self._remark = Words(role=Role.CAPTION, is_muted=True)
        self._remark.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addWidget(self.name)
        column.addWidget(self.own_code)
        column.addWidget(self._remark)
        self.own_code.hide()
        self.setFocusProxy(self.name)
        self.name.left.connect(self._settle)

    @cached_property
    def _countries(self) -> list[tuple[str, str]]:
        named = ((m49, self._texts.country(m49)) for m49 in country_codes())
        order = alphabet(self._texts.language)
        return sorted(named, key=lambda entry: order(entry[1]))

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {folded(name): m49 for m49, name in self._countries} | {
            alpha3_of(m49).casefold(): m49 for m49, _ in self._countries
        }

    def _take(self, m49: str) -> None:
        self.name.setText(self._texts.country(m49))
        self._settle()

    def _follow(self) -> None:
        self._remark.hide()
        self.changed.emit()

    def _settle(self) -> None:
        """Show the code of a known country, or ask for the code of an unknown one."""
        is_unknown = bool(self.text()) and not self.m49
        self.own_code.setVisible(is_unknown)
        self._remark.setVisible(bool(self.text()))
        if self.m49:
            codes = self._texts.gettext("{code} · M49 {m49}").format(code=self.code, m49=self.m49)
            self._remark.setText(codes)
        elif is_unknown:
            self._remark.setText(self._texts.gettext("No country has this name: give it a code of your own."))

    def show_country(self, code: str, m49: str, name: str) -> None:
        """Show a country known from elsewhere."""
        self.name.setText(self._texts.country(m49) if m49 else name)
        self.own_code.setText("" if self.m49 else code)
        self._settle()

    def text(self) -> str:
        """Return the name: as the list has it where the code was typed."""
        typed = self.name.text().strip()
        m49 = self._by_name.get(folded(typed), "")
        return self._texts.country(m49) if m49 else typed

    @property
    def m49(self) -> str:
        """The M49 code of a known country, empty for a made-up one."""
        return self._by_name.get(folded(self.name.text().strip()), "")

    @property
    def code(self) -> str:
        """The ISO alpha-3 code, or the person's own."""
        return alpha3_of(self.m49) if self.m49 else self.own_code.text().strip().upper()

    def problem(self) -> str:
        """Return what is missing, empty if nothing is."""
        if not self.text():
            return self._texts.gettext("Choose the country.")
        if _CODE.fullmatch(self.code):
            return ""
        self._settle()
        return self._texts.gettext("Choose a country from the list, or give this one a code of three letters.")
