"""In the made-up language everything the program says is in brackets: what is not, nobody could translate."""

import html
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from mnemonic import Mnemonic
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from capacity_app.domain.planning.costs import CURRENCIES
from capacity_app.i18n.catalogues import program_languages
from capacity_app.i18n.countries import named_country_codes
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.services.session.demonstration import create_demonstration, demonstration
from capacity_app.ui.shell.qt_locale import set_qt_language
from tests.builders import DEVICE, small_dossier
from tests.ui.office import Office
from tests.ui.reading_screens import said_in_menus, said_on, texts_within
from tests.ui.screens import every_screen

_SAID = re.compile(r"⟦[^⟦⟧]*⟧")
_BETWEEN = re.compile(r"[\n\t·•–—:;,.()“”\"'/|=+…→←⟶\u2066-\u2069]+|\s{2,}")
_CODE = re.compile(r"^[A-Z]{1,4}\d*[a-z]?\s+|^[a-z]\s+")
"""A printed number before a title."""
_TELLING = 8
"""A text of so many letters is not found within another one by chance."""
_TIMES = re.compile(
    r"(?:[A-Z][a-z]+day, )?[A-Z][a-z]{2,8} \d{1,2}, \d{4}|"
    r"(?:[A-Z][a-z]+day, )?\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{4}|\d+ \w+ ago|"
    r"\b[A-Z]{3}\u00a0[\d,.]+"
)
"""Dates, which Babel writes, and amounts with the code of their currency."""
_CUT_SHORT = re.compile(r"\(\w+…")
"""What is left of a short form where a chip has no room for all of it."""
_MARKUP = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"^[\d\W]+|\W+$")
_WORD = re.compile(r"[A-Za-z]{3,}")
_WORDS_ON_KEYS = ("Ctrl", "Shift", "Alt", "Enter", "Return", "Space", "Esc", "Tab", "Del", "Home", "End", "Up", "Down",
                  "PgUp", "PgDown")  # fmt: skip
_KEYS = frozenset((*_WORDS_ON_KEYS, "Page", *(f"F{number}" for number in range(1, 13))))
"""Names of keys, as they stand on keyboards."""
_NAMES = frozenset(
    {
        "UN", "UNSD", "UTC", "M49", "ISO", "PDF", "PDF/A", "PDF/UA", "Word", "Excel", "Excel workbook", "HTML", "CSV",
        "XLSX", "JSON", "SQLite", "Parquet", "ODK", "KoboToolbox", "XLSForm", "English", "LibreOffice", "https", "http",
        "demo", "capacity-app", "xlsx", PSEUDO,
    }
)  # fmt: skip
"""Names that are the same in every language."""


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", html.unescape(text)).casefold()


_OTHERWISE = frozenset(
    {"guide_text", "guide_chapters", "report_language", "report_second", "new_language", "translation_language"}
)
"""The guide is a text of its own for each language; lists of languages name them as Babel does."""


def plain_text(text: str) -> str:
    """Return what of a text did not come through gettext, without markup and what is cut short."""
    return _CUT_SHORT.sub(" ", _MARKUP.sub(" ", html.unescape(strip_said(text))))


def strip_said(text: str) -> str:
    """Take out what came through gettext; translations filled into others are inside them."""
    before = ""
    while before != text:
        before, text = text, _SAID.sub("\n", text)
    return text


_OF_THE_TESTS = frozenset(
    {
        "As agreed", "Seen on paper", "Child migrants", "The file ends in the middle", "Ask for it once more",
        "Does it have a written mandate", "Is one concept of residence applied", "not usAs agreed", "workers",
        "Twelve months everywhere since the Regulation of 2020As agreed",
        "It now asks about people who never come too",
        "Main branchCentral library", "Africa", "Sub-Saharan Africa", "Americas", "Asia", "Europe", "Oceania",
    }
)  # fmt: skip
"""What the screens of the tests hold: answers, made-up questionnaires, regions; a changed text shows both at once."""


class Data:
    """What may be shown as it is: what somebody entered, the instrument's own wording, and names."""

    def __init__(self, sources: Iterable[object]) -> None:
        known = {text for source in sources for text in texts_within(source)}
        known |= {Translator().country(code) for code in named_country_codes()}
        known |= {text for code in CURRENCIES for text in (code, Translator().currency(code))}
        known |= _OF_THE_TESTS
        known |= {name for code in program_languages() for name in (Translator().language_name(code), code)}
        known |= set(Mnemonic("english").wordlist)
        self._whole = {" ".join(text.split()) for text in known}
        self._pieces = {piece.strip() for text in known for piece in _BETWEEN.split(text)} | _NAMES | _KEYS
        self._blob = "\n".join(map(_squeezed, sorted(self._whole)))

    def has(self, piece: str) -> bool:
        """Return whether a piece of text is known; longer ones may be cut off, or stand beside a printed number."""
        plain = _CODE.sub("", piece)
        if {piece, plain} & self._pieces or all(word in _KEYS or word in self._pieces for word in plain.split()):
            return True
        return len(_squeezed(plain)) >= _TELLING and _squeezed(plain) in self._blob

    def strange(self, text: str) -> Iterator[str]:
        """Find what of a text is neither translated nor known."""
        for piece in _BETWEEN.split(_TIMES.sub(" ", plain_text(text))):
            plain = _NUMBER.sub("", piece.strip())
            if _WORD.search(plain) and not self.has(plain):
                yield plain


@pytest.fixture
def pseudo_office(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Office]:
    """Open the demonstration in the made-up language, Qt's own words included."""
    texts = Translator(PSEUDO)
    set_qt_language(texts, qapp)
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device=DEVICE)
    office = Office(qtbot, tmp_path / "settings.ini", texts)
    office.open(file)
    yield office
    office.leave()


@pytest.mark.long
def test_everything_the_program_says_can_be_translated(pseudo_office: Office, tmp_path: Path) -> None:
    dossiers = (demonstration()[0], small_dossier(), pseudo_office.session.dossier())
    data = Data((*dossiers, [str(tmp_path), str(Path.home())], [path.name for path in tmp_path.rglob("*")]))
    strange: dict[str, str] = {}
    read = 0
    for name, screen in every_screen(pseudo_office):
        if "room-" in name:
            continue  # it speaks the language of the interviews
        data_here = Data([pseudo_office.session.dossier()]) if pseudo_office.window.workspace else data
        for text, widget in said_on(screen):
            read += 1
            if widget.objectName() in _OTHERWISE:
                continue
            if _is_path(text, tmp_path):
                continue
            for piece in data.strange(text):
                if not data_here.has(piece):
                    strange.setdefault(
                        piece, f"{name}: {piece!r} in {type(widget).__name__} {widget.objectName()}: {text[:90]!r}"
                    )
    for text in said_in_menus(pseudo_office.window):
        for piece in () if _is_path(text, tmp_path) else data.strange(text.replace("&", "")):
            strange.setdefault(piece, f"menu: {piece!r}: {text!r}")
    assert "\n".join(strange.values()) == ""
    assert read > 5_000


def _is_path(text: str, folder: Path) -> bool:
    return str(folder)[:12] in text or text.endswith((".assessment", ".xlsx", ".docx", ".pdf", ".json"))
