"""Every screen a person can come to, one after the other: for tests that look at all of them, and for the pictures."""

from collections.abc import Iterator

from PySide6.QtWidgets import QTabBar, QWidget

from capacity_app.domain.answers import Address
from capacity_app.ui.scores.scores_page import ScoresPage
from capacity_app.ui.shell.guide import KEYBOARD, Guide
from capacity_app.ui.shell.rail import PLACES
from capacity_app.ui.shell.workspace import Workspace
from tests.ui.office import Office

Screen = tuple[str, QWidget]
_BUILDING_MS = 5_000


def every_screen(office: Office) -> Iterator[Screen]:
    """Go through all screens of an office with an open assessment: names ("plan-1" is a second tab) and widgets."""
    for place in PLACES:
        yield from _page(office, place.name)
    yield from _around(office)


def _page(office: Office, name: str) -> Iterator[Screen]:
    desk = office.desk
    desk.show_page(name)
    if name == "questionnaire":
        desk.show_address(_a_grid(desk) or desk.first_address)
        yield f"{name}-table", _settled(office, desk.page(name))
        desk.show_address(desk.first_address)
    page = desk.page(name)
    if isinstance(page, ScoresPage):
        for row in page.sections.rows.values():
            row.head.setChecked(True)
    yield name, _settled(office, page)
    for bar in [bar for bar in page.findChildren(QTabBar) if bar.isVisible()]:
        for tab in range(1, bar.count()):
            bar.setCurrentIndex(tab)
            yield f"{name}-{tab}", _settled(office, page)
        bar.setCurrentIndex(0)


def _a_grid(desk: Workspace) -> Address | None:
    items = (item.address for item in desk.session.sheet.items() if item.row is not None)
    return next(items, None)


def _settled(office: Office, page: QWidget) -> QWidget:
    office.settle()
    office.qtbot.wait(30)
    return page


def _around(office: Office) -> Iterator[Screen]:
    """Go through what stands around an assessment; the assessment is closed."""
    acts = office.window.menus.actions
    acts["guide"].trigger()
    guide = office.part(Guide, "guide")
    yield "guide", _settled(office, guide)
    guide.show_chapter(KEYBOARD)
    yield "keyboard", _settled(office, guide)
    guide.close()
    acts["new"].trigger()
    office.until(lambda: office.window.form is not None, _BUILDING_MS)
    assert office.window.form is not None
    yield "new", _settled(office, office.window.form)
    office.window.show_start()
    yield "start", _settled(office, office.window)
