"""The web page in a browser: nothing an accessibility checker finds serious, no sideways scrolling, pages on paper."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]
import pytest

from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.demonstration import demonstration
from tests.outputs.browser import AXE, Browser, browser

pytestmark = pytest.mark.check

VOLUMES = (ReportVolume.BRIEF, ReportVolume.REPORT, ReportVolume.FULL)
DESK, TELEPHONE = 1100, 390
CHECK = """axe.run({resultTypes: ["violations"]}).then(found => found.violations
  .filter(one => ["serious", "critical"].includes(one.impact))
  .flatMap(one => one.nodes.map(node => one.id + ": " + node.html)))"""
CUT_OFF = """[...document.querySelectorAll("body *")].filter(one => {
  const room = one.getBoundingClientRect();
  return room.width > 1 && (room.left < -1 || room.right > innerWidth + 1) && !one.matches(".ring");
}).map(one => one.outerHTML.slice(0, 100))"""

PageOf = Callable[..., Path]


@pytest.fixture(scope="module")
def page_of(tmp_path_factory: pytest.TempPathFactory) -> PageOf:
    folder, dossier = tmp_path_factory.mktemp("pages"), demonstration()[0]

    def made(volume: ReportVolume, language: str = "en") -> Path:
        file = folder / f"{volume}-{language}.html"
        if not file.exists():
            profile = ReportProfile(volume)
            file.write_bytes(report_bytes(dossier, ".html", texts=Translator(language), profile=profile))
        return file

    return made


@pytest.fixture(scope="module")
def tab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("browser")) as opened:
        yield opened


def found_by_axe(tab: Browser) -> list[str]:
    tab.run(f"{AXE.read_text(encoding='utf-8')}; true")
    return list(tab.run(CHECK))


@pytest.mark.parametrize("volume", VOLUMES)
@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (TELEPHONE, "dark")])
def test_everybody_can_read_the_page(
    tab: Browser, page_of: PageOf, volume: ReportVolume, width: int, scheme: str
) -> None:
    tab.show(page_of(volume), width=width, scheme=scheme)
    assert tab.run(CUT_OFF) == []
    assert tab.run("document.documentElement.scrollWidth") <= width
    assert found_by_axe(tab) == []


def test_a_page_from_right_to_left_does_not_scroll_sideways_either(tab: Browser, page_of: PageOf) -> None:
    tab.show(page_of(ReportVolume.REPORT, "ar"), width=TELEPHONE)
    assert tab.run(CUT_OFF) == []
    assert tab.run("document.documentElement.scrollWidth") <= TELEPHONE
    assert found_by_axe(tab) == []


def test_axe_would_notice(tab: Browser, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html lang=en><title>x</title><main><h1>x</h1><p style='color:#bbb'>Pale words.</p></main></html>")
    tab.show(page, width=DESK)
    assert [one.partition(":")[0] for one in found_by_axe(tab)] == ["color-contrast"]


def test_a_dark_screen_is_dark_and_prints_light(tab: Browser, page_of: PageOf) -> None:
    tab.show(page_of(ReportVolume.BRIEF), width=DESK, scheme="dark")
    assert tab.run("getComputedStyle(document.body).backgroundColor") == "rgb(21, 25, 28)"
    with pypdfium2.PdfDocument(tab.paper()) as pdf:
        assert pdf[1].render().to_pil().getpixel((3, 3)) == (255, 255, 255)
        first_lines = [page.get_textpage().get_text_bounded().strip().split("\r\n")[0] for page in pdf]
    assert [line for line in first_lines if line in {"Main messages", "Profile", "Recommendations"}] == [
        "Main messages",
        "Profile",
        "Recommendations",
    ]


def test_the_keyboard_reaches_the_content_at_once_and_one_sees_where_it_is(tab: Browser, page_of: PageOf) -> None:
    tab.show(page_of(ReportVolume.REPORT), width=DESK)
    tab.press("Tab")
    assert tab.run("[document.activeElement.hash, document.activeElement.offsetWidth > 50]") == ["#main", True]
    tab.press("Tab")
    assert tab.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
