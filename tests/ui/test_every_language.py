"""Every screen in every language: nothing cut off, no letter without a picture, nothing left in English."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.domain.questionnaire.instrument import wording_places
from capacity_app.i18n import catalogues
from capacity_app.i18n.languages import translated_languages
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.demonstration import create_demonstration, demonstration, demonstration_instrument
from capacity_app.ui.shell.guide import guide_file
from capacity_app.ui.shell.qt_locale import set_qt_language
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.builders import DEVICE, small_dossier
from tests.ui.office import Office
from tests.ui.reading_screens import families_of, said_in_menus, said_on, texts_within, unseen_letters
from tests.ui.screens import every_screen
from tests.ui.test_every_screen import clipped_words

IS_WHOLE = bool(os.environ.get("CAPACITY_LANGUAGES"))
LANGUAGES = translated_languages() if IS_WHOLE else ("ar", "ru", "th")
ZOOMS = (100, 150, 200) if IS_WHOLE else (100,)
_SCRIPTS = {
    "ar": (r"[\u0600-\u06ff]", "Noto Sans Arabic"),
    "ka": (r"[\u10a0-\u10ff]", "Noto Sans Georgian"),
    "ru": (r"[\u0400-\u04ff]", "Noto Sans"),
    "th": (r"[\u0e00-\u0e7f]", "Noto Sans Thai"),
    "zh": (r"[\u4e00-\u9fff]", "Noto Sans CJK SC"),
}
"""The letters of a language, and the font that comes with us for them."""
_CODE = re.compile(r"^[A-Z]{1,4}(\.\d+)*[a-z]? (?=[A-Z])")
"""A printed number before a title."""
_OF_ALL_LANGUAGES = frozenset({"translation_language"})
"""What names hundreds of languages in their own letters; it is filled once the child process has answered."""
Hire = Callable[[str], Office]


@pytest.fixture
def hire_in(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Hire]:
    """Open the demonstration in a window in some language, with all that Qt says."""
    made: list[Office] = []

    def open_in(language: str) -> Office:
        texts = Translator(language)
        set_qt_language(texts, qapp)
        file = tmp_path / "velmora.assessment"
        create_demonstration(file, device=DEVICE)
        office = Office(qtbot, tmp_path / "settings.ini", texts)
        made.append(office)
        office.window.resize(1366, 768)
        office.open(file)
        return office

    yield open_in
    for office in made:
        office.leave()


@pytest.mark.long
@pytest.mark.translations
@pytest.mark.parametrize("zoom", ZOOMS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_is_whole_in_every_language(hire_in: Hire, qapp: QApplication, language: str, zoom: int) -> None:
    office = hire_in(language)
    set_zoom(qapp, zoom)
    office.settle()
    english = English(language)
    faults: list[str] = []
    looked_at = 0
    for name, screen in every_screen(office):
        said = [(text, widget) for text, widget in said_on(screen) if widget.objectName() not in _OF_ALL_LANGUAGES]
        looked_at += len(said)
        told = [*clipped_words(screen), *_wrong_directions(screen, office.texts), *_ugly(said, language)]
        # The view for the room is in the language of the interviews; a kept answer quotes what was asked then.
        is_in_another = screen.objectName() == "room" or name.endswith("-kept")
        if not is_in_another and (name not in {"guide", "keyboard"} or guide_file(language).parent.name == language):
            ours = [text for text, widget in said if not _is_recovery_word(widget)]
            told += [f"English: {text!r}" for text in ours if english.is_left(text)]
        faults += [f"{name}: {fault}" for fault in told]
    faults += [f"menu: {text!r}" for text in said_in_menus(office.window) if english.is_left(text)]
    assert "\n".join(dict.fromkeys(faults)) == ""
    assert looked_at > 5_000


def _is_recovery_word(widget: QWidget) -> bool:
    """Return whether a widget shows a word of a recovery key, which is English in every language and made by chance."""
    above = widget.parentWidget()
    return above is not None and above.objectName() == "recovery_words"


def _wrong_directions(screen: QWidget, texts: Translator) -> Iterator[str]:
    """Find widgets that are laid out against the window's direction; what is in another language has its own."""
    if screen.objectName() == "room":
        return
    for widget in screen.findChildren(QWidget):
        if widget.isVisible() and widget.isRightToLeft() != texts.right_to_left and not _is_kept_forward(widget):
            yield f"direction: {type(widget).__name__} {widget.objectName()}"


def _is_kept_forward(widget: QWidget) -> bool:
    """Return whether a widget, or one it stands in, is written from left to right everywhere, such as a path."""
    above: QWidget | None = widget
    while above is not None and not above.testAttribute(Qt.WidgetAttribute.WA_SetLayoutDirection):
        above = above.parentWidget()
    return above is not None


@lru_cache(maxsize=200_000)
def _letters(text: str, font: str) -> tuple[str, ...]:
    from PySide6.QtGui import QFont  # noqa: PLC0415 - for the cache

    made = QFont()
    made.fromString(font)
    made.setFamilies(QApplication.font().families())
    return (*(f"hole: {hole!r}" for hole in unseen_letters(text, made)), *sorted(families_of(text, made)))


def _ugly(said: Iterable[tuple[str, QWidget]], language: str) -> Iterator[str]:
    """Find letters without a picture, and letters of the language that another font than ours draws."""
    letters, ours = _SCRIPTS.get(language, (r"[a-z]", "Noto Sans"))
    for text, widget in said:
        found = _letters(text, widget.font().toString())
        yield from (f"{one} in {text[:80]!r}" for one in found if one.startswith("hole"))
        if re.search(letters, text) and ours not in found:
            yield f"font {found} for {text[:80]!r}"


class English:
    """What a screen must not say in a language: sentences and wording that are translated otherwise."""

    def __init__(self, language: str) -> None:
        self._texts = Translator(language)
        self._data = {text.strip() for text in texts_within([demonstration()[0], small_dossier()])}
        self._data |= set(_untranslated_chapters(language))
        self._wording = self._worded()
        self._whole: set[str] = set()
        self._patterns: list[re.Pattern[str]] = []
        for original, said in _sentences(language):
            plain = original.replace("&", "")
            # "Analyse" is French, too.
            self._data.add(said.replace("&", ""))
            if said and said != original:
                self._take(plain)

    def _worded(self) -> set[str]:
        """Return the wording of the toolkit that is translated."""
        instrument = demonstration_instrument()
        left = set()
        for key, text in wording_places(instrument):
            plain = " ".join(text.split())
            if " ".join(self._texts.wording(instrument.id, key, text).split()) != plain:
                left.add(plain)
        return left

    def _take(self, sentence: str) -> None:
        if "{" not in sentence:
            self._whole.add(sentence)
            return
        words = re.sub(r"\{[^}]*\}", "", sentence)
        if len(re.findall(r"[A-Za-z]{3,}", words)) > 1:
            parts = (re.escape(part) for part in re.split(r"\{[^}]*\}", sentence))
            self._patterns.append(re.compile(".*".join(parts), re.DOTALL))

    @lru_cache(maxsize=100_000)  # noqa: B019 - one object for each test
    def is_left(self, text: str) -> bool:
        """Return whether a text is English where it need not be."""
        plain = _CODE.sub("", " ".join(text.replace("&", "").split()))
        if not re.search(r"[A-Za-z]{2,}", plain) or plain in self._data:
            return False
        if plain in self._whole or plain in self._wording:
            return True
        return any(pattern.fullmatch(plain) for pattern in self._patterns)


def _untranslated_chapters(language: str) -> Iterator[str]:
    """Go through the headings of those parts of the guide that are English in every language."""
    for file in guide_file("en").parent.glob("*.md"):
        if guide_file(language, file.stem) == file:
            yield from (line.lstrip("# ") for line in file.read_text("utf-8").splitlines() if line.startswith("#"))


def _sentences(language: str) -> Iterator[tuple[str, str]]:
    """Go through the program's sentences with their translations."""
    known = catalogues.program_translations(language)
    for original, said in getattr(known, "_catalog", {}).items():
        if isinstance(original, str) and isinstance(said, str):
            yield original, said
