"""Makes the pictures of every screen for the guide and its gallery: ``make pictures``.

The window is shown off-screen on the demonstration: light, dark, mirrored (the made-up language that is 40 % longer),
and at 200 % text. Colours are reduced so that the pictures stay small.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app import paths
from capacity_app.services.demonstration import create_demonstration
from capacity_app.texts import PSEUDO, Texts
from capacity_app.ui.look.palette import Scheme
from capacity_app.ui.look.theme import apply_theme, set_zoom
from tests.ui.office import Office
from tests.ui.screens import every_screen

FOLDER = paths.resources_folder() / "guide" / "pictures"
WIDTH, HEIGHT = 1280, 800
COLOURS = 96
VARIANTS = {
    "light": ("en", Scheme.LIGHT, 100),
    "dark": ("en", Scheme.DARK, 100),
    "mirrored": (PSEUDO, Scheme.LIGHT, 100),
    "large": ("en", Scheme.LIGHT, 200),
}
"""Language, colours and text size in percent, by the name of the variant."""


class _Waiting:
    """What an office needs of pytest-qt outside a test."""

    def wait(self, milliseconds: int) -> None:
        """Let the window work for a while."""
        QTest.qWait(milliseconds)

    def waitUntil(self, holds: Callable[[], bool], timeout: int) -> None:  # noqa: N802 - as in pytest-qt
        """Wait until something holds."""
        for _ in range(timeout // 10):
            if holds():
                return
            QTest.qWait(10)
        raise AssertionError("the window never came so far")

    def waitExposed(self, _widget: QWidget) -> None:  # noqa: N802 - as in pytest-qt
        """Show what was just opened."""
        QTest.qWait(10)


def pictures_of(app: QApplication, variant: str) -> Iterator[tuple[str, QWidget]]:
    """Go through all screens in one variant."""
    language, scheme, zoom = VARIANTS[variant]
    texts = Texts(language)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight)
    apply_theme(app, scheme)
    set_zoom(app, zoom)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "velmora-2023.assessment"
        create_demonstration(file, device="pictures")
        office = Office(_Waiting(), Path(folder) / "settings.ini", texts)  # type: ignore[arg-type]
        office.settings.author = "Ana Officer"
        office.window.resize(WIDTH, HEIGHT)
        office.open(file)
        for name, screen in every_screen(office):
            QTest.qWait(200)
            yield name, screen.window()
        office.window.close()


def main() -> int:
    """Make all pictures anew."""
    app = QApplication(sys.argv[:1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    for variant in VARIANTS:
        for name, window in pictures_of(app, variant):
            file = FOLDER / f"{name}-{variant}.png"
            window.grab().save(str(file))
            with Image.open(file) as picture:
                reduced = picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
            reduced.save(file, optimize=True)
            print(file.name)  # noqa: T201 - tells how far it has come
    return 0


if __name__ == "__main__":
    sys.exit(main())
