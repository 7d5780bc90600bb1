"""Measures, type sizes and fonts, and how colours, style and fonts reach Qt (``apply_theme``)."""

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QApplication

from capacity_app import paths
from capacity_app.i18n.languages import LANGUAGES, language_of
from capacity_app.ui.theme.palette import Scheme, colours_for, palette_of
from capacity_app.ui.theme.style import AppStyle

TIGHT, SMALL, MEDIUM, LARGE, WIDE = 4, 8, 12, 20, 32
"""Distances in pixels, from letters that belong together to blocks that do not."""
RADIUS = 8
"""Corner of a card, in pixels; fields and buttons have half of it and a bit."""
TARGET = 28
"""The least height of anything one can click, in pixels."""
COLUMN = 860
"""The widest a column of reading text gets at 100 %, in pixels."""
PAGE = 1100
"""The widest the content of a page gets at 100 %, in pixels, unless it takes the whole width."""
SMALLEST_TEXT = 10.5
"""Point size of the text at 100 %, unless the desktop's own is larger."""
ZOOMS = (100, 110, 125, 150, 175, 200)
"""The offered text sizes in percent."""


class TextRole(StrEnum):
    """What a piece of text is, from which its size and weight follow."""

    TITLE = "title"
    HEADING = "heading"
    QUESTION = "question"
    BODY = "body"
    STRONG = "strong"
    CAPTION = "caption"


_SIZES = {
    TextRole.TITLE: 1.43,
    TextRole.HEADING: 1.2,
    TextRole.QUESTION: 1.1,
    TextRole.BODY: 1.0,
    TextRole.STRONG: 1.0,
    TextRole.CAPTION: 0.9,
}
_WEIGHTS = {
    TextRole.TITLE: QFont.Weight.DemiBold,
    TextRole.HEADING: QFont.Weight.DemiBold,
    TextRole.QUESTION: QFont.Weight.Medium,
    TextRole.STRONG: QFont.Weight.DemiBold,
}


class _SystemSchemeFollower(QObject):
    """Changes the palette when the desktop changes between light and dark, or asks for high contrast."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("system_follower")
        hints = QGuiApplication.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)

    def _follow(self) -> None:
        QApplication.setPalette(palette_of(colours_for(Scheme.SYSTEM)))


def load_fonts(folder: Path) -> tuple[str, ...]:
    """Load the fonts that come with us, text before signs, and give their family names; an empty folder gives none."""
    early = (file for one in LANGUAGES.values() if one.font_is_early for file in one.font_files)
    text = ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf", *early)
    return _families(folder, (*text, "NotoSansSymbols2-Subset.ttf", "NotoSansMath-Subset.ttf"))


def _families(folder: Path, names: Iterable[str]) -> tuple[str, ...]:
    loaded = (QFontDatabase.addApplicationFont(str(folder / name)) for name in names if (folder / name).is_file())
    families = (QFontDatabase.applicationFontFamilies(number) for number in loaded)
    return tuple(dict.fromkeys(family for found in families for family in found))


def load_script_fonts(*tags: str) -> None:
    """Have the letters of some languages, whatever fonts the computer has: a Japanese one draws Chinese otherwise.

    A window loads them only where one of these languages is read: the Chinese ones have 7 MB.
    """
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        return
    known = frozenset(app.property("scripts") or ())
    scripts = {one.font: one.font_files for one in map(language_of, tags) if one.font and not one.font_is_early}
    fresh = scripts.keys() - known
    if not fresh:
        return
    app.setProperty("scripts", [*known, *fresh])
    families = _families(paths.resources_folder() / "fonts", (file for font in fresh for file in scripts[font]))
    if not families:
        return
    font = QApplication.font()
    bundled = [*(app.property("bundled") or ()), *families]
    app.setProperty("bundled", bundled)
    font.setFamilies([*bundled, *(family for family in font.families() if family not in bundled)])
    QApplication.setFont(font)


def _set_base_font(app: QApplication) -> None:
    font = QApplication.font()
    bundled = load_fonts(paths.resources_folder() / "fonts")
    app.setProperty("bundled", list(bundled))
    if bundled:
        font.setFamilies([*bundled, *font.families()])
    # Fonts measured in pixels say -1 here; then our own size stands.
    app.setProperty("base_size", max(font.pointSizeF(), SMALLEST_TEXT))
    font.setPointSizeF(max(font.pointSizeF(), SMALLEST_TEXT))
    QApplication.setFont(font)


def apply_theme(app: QApplication, scheme: str = Scheme.SYSTEM) -> None:
    """Give the application our style, colours and font; may be called again with another scheme."""
    if not isinstance(app.style(), AppStyle):
        QApplication.setStyle(AppStyle())
        _set_base_font(app)
    follower = app.findChild(_SystemSchemeFollower, "system_follower")
    if scheme == Scheme.SYSTEM and follower is None:
        _SystemSchemeFollower(app)
    elif scheme != Scheme.SYSTEM and follower is not None:
        follower.setParent(None)
        follower.deleteLater()
    QApplication.setPalette(palette_of(colours_for(scheme)))


def running_application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication), "there is no window without an application"
    return app


def set_zoom(app: QApplication, percent: int) -> None:
    """Show all text at ``percent`` (100 to 200) of its normal size."""
    font = QApplication.font()
    base = app.property("base_size") or SMALLEST_TEXT
    font.setPointSizeF(float(base) * min(max(percent, ZOOMS[0]), ZOOMS[-1]) / 100)
    QApplication.setFont(font)


def font_for(role: TextRole) -> QFont:
    """Return the font of a role at the present zoom."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() * _SIZES[role])
    font.setWeight(_WEIGHTS.get(role, QFont.Weight.Normal))
    return font


def is_font_change(event: QEvent) -> bool:
    """Return whether an event means that sizes taken from the application's font are out of date."""
    return event.type() in {QEvent.Type.ApplicationFontChange, QEvent.Type.FontChange}
