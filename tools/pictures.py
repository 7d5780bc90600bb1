"""Makes the pictures of every screen, and gives the guide those that it names: ``make pictures``.

The window is shown off-screen on the demonstration: light, dark, mirrored (the made-up language that is 40 % longer),
and at 200 % text. Colours are reduced so that the pictures stay small. The folder build/screens gets all of them, with
a page that shows them.
"""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from capacity_app import paths
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.i18n.translator import PSEUDO, Translator
from capacity_app.services.reports import write_report
from capacity_app.services.session.demonstration import create_demonstration, demonstration
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.theme.fonts_and_sizes import apply_theme, set_zoom
from capacity_app.ui.theme.palette import Scheme
from tests.ui.office import Office
from tests.ui.screens import every_screen

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SCREENS = Path(__file__).parents[1] / "build" / "screens"
GUIDE = paths.resources_folder() / "guide"
WIDTH, HEIGHT = 1280, 800
COLOURS = 96
VARIANTS = {
    "light": ("en", Scheme.LIGHT, 100),
    "dark": ("en", Scheme.DARK, 100),
    "mirrored": (PSEUDO, Scheme.LIGHT, 100),
    "large": ("en", Scheme.LIGHT, 200),
}
"""Language, colours and text size in percent, by the name of the variant."""

_UNPICTURED = frozenset({"inspector-level-guidance", "inspector-level-evidence", "inspector-level-history"})
"""Screens whose like is pictured already."""


def _wait(milliseconds: int) -> None:
    """Let the window and its threads work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class _Waiting:
    """What an office needs of pytest-qt outside a test."""

    def wait(self, milliseconds: int) -> None:
        """Let the window work for a while."""
        _wait(milliseconds)

    def waitUntil(self, holds: Callable[[], bool], timeout: int) -> None:  # noqa: N802 - as in pytest-qt
        """Wait until something holds."""
        for _ in range(timeout // 10):
            if holds():
                return
            _wait(10)
        raise AssertionError("the window never came so far")

    def waitExposed(self, _widget: QWidget) -> None:  # noqa: N802 - as in pytest-qt
        """Show what was just opened."""
        _wait(10)


def pictures_of(app: QApplication, variant: str, report: Path) -> Iterator[tuple[str, QWidget]]:
    """Go through all screens of the demonstration in one variant; ``report`` is its finished PDF."""
    language, scheme, zoom = VARIANTS[variant]
    texts = Translator(language)
    app.setLayoutDirection(Qt.LayoutDirection.RightToLeft if texts.right_to_left else Qt.LayoutDirection.LeftToRight)
    apply_theme(app, scheme)
    set_zoom(app, zoom)
    with tempfile.TemporaryDirectory() as folder:
        # The first page shows the folder as it would on anybody's computer.
        os.environ["HOME"] = os.environ["USERPROFILE"] = folder
        mission = Path(folder) / "Documents" / "assessments"
        mission.mkdir(parents=True)
        file = mission / "velmora-2023.assessment"
        create_demonstration(file, device="pictures")
        office = Office(_Waiting(), Path(folder) / "settings.ini", texts)  # type: ignore[arg-type]
        office.settings.author = "Ana Officer"
        office.window.resize(WIDTH, HEIGHT)
        office.open(file)
        for name, screen in every_screen(office):
            if name.startswith("empty-"):
                break
            if name in _UNPICTURED:
                continue
            if isinstance(screen, ReportPage):
                screen.preview.show_pages_of(report)
                _wait(1500)
            if isinstance(screen, NewAssessmentPage):
                screen.file.setText(screen.file.text().removeprefix(f"{folder}/"))
            _wait(150)
            yield name, screen.window()
        office.window.close()


def keep(window: QWidget, file: Path, *, is_small: bool) -> None:
    """Write what a window shows, with few colours, and smaller where it is only for the gallery."""
    window.grab().save(str(file))
    with Image.open(file) as picture:
        whole = picture.convert("RGB")
    if is_small:
        whole = whole.resize((WIDTH * 5 // 8, HEIGHT * 5 // 8), Image.Resampling.LANCZOS)
    whole.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


def gallery(names: Iterable[str]) -> str:
    """Write the page that shows every screen in all variants (Markdown)."""
    lines = ["# Every screen", "", "Made by `make pictures` from the demonstration.", ""]
    for name in names:
        lines += [f"## {name.replace('-', ' ').capitalize()}", ""]
        lines += [f"![{name}, {variant}]({name}-{variant}.png)" for variant in VARIANTS]
        lines.append("")
    return "\n".join(lines)


def renew_guide() -> None:
    """Replace the pictures of the guide by those that its pages name."""
    pages = (file.read_text("utf-8") for file in GUIDE.glob("*/*.md"))
    named = {name for page in pages for name in re.findall(r"\(\.\./pictures/([^)]+)\)", page)}
    shutil.rmtree(GUIDE / "pictures")
    (GUIDE / "pictures").mkdir()
    for name in sorted(named):
        shutil.copy(SCREENS / name, GUIDE / "pictures")


def main() -> int:
    """Make all pictures again."""
    app = QApplication(sys.argv[:1])
    shutil.rmtree(SCREENS, ignore_errors=True)
    SCREENS.mkdir(parents=True)
    names: dict[str, None] = {}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.pdf"
        write_report(demonstration()[0], report, texts=Translator(), profile=ReportProfile(ReportVolume.REPORT))
        for variant in VARIANTS:
            for name, window in pictures_of(app, variant, report):
                keep(window, SCREENS / f"{name}-{variant}.png", is_small=variant != "light")
                names[name] = None
    (SCREENS / "screens.md").write_text(gallery(names), "utf-8")
    renew_guide()
    return 0


if __name__ == "__main__":
    sys.exit(main())
