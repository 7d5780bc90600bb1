"""Every control follows the text size, on every page, whether it stood before or was made since."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu, QToolTip, QWidget

from capacity_app.ui.shell.page_table import PAGES
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from tests.builders import file_of, small_dossier
from tests.ui.office import Office


def shown(window: QWidget) -> Iterator[QWidget]:
    yield from (one for one in window.findChildren(QWidget) if one.isVisible() or isinstance(one, QMenu))


def sizes(window: QWidget) -> dict[QWidget, float]:
    return {one: one.font().pointSizeF() for one in shown(window)}


@pytest.mark.parametrize("name", [page.name for page in PAGES])
def test_every_control_of_a_page_follows_the_text_size(
    office: Office, tmp_path: Path, qapp: QApplication, name: str
) -> None:
    office.window.resize(1366, 768)
    office.open(file_of(tmp_path, small_dossier()))
    office.desk.show_page(name)
    office.settle()
    before = sizes(office.window)
    set_zoom(qapp, 200)
    office.settle()
    small = {
        f"{type(one).__name__} {one.objectName()} {size} {before[one]}"
        for one, size in sizes(office.window).items()
        if one in before and size < 1.9 * before[one]
    }
    assert small == set()
    assert QToolTip.font().pointSizeF() == qapp.font().pointSizeF()
