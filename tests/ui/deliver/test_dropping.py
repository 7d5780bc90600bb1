"""Files dropped on the window: opened, merged or taken in."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QPushButton

from tests.builders import file_of
from tests.ui.deliver.returning import exchange_page
from tests.ui.deliver.test_merging import answered, continued
from tests.ui.office import Office

AtWork = Callable[..., Office]


def drop(office: Office, *files: Path) -> bool:
    """Drop files on the window as a file manager does; tells whether they were welcome."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys)
    entering.ignore()
    office.window.dragEnterEvent(entering)
    if entering.isAccepted():
        office.window.dropEvent(QDropEvent(QPoint(50, 50), Qt.DropAction.CopyAction, mime, buttons, keys))
        office.settle()
    return entering.isAccepted()


def choose(office: Office, label: str) -> None:
    buttons = office.desk.banners.findChildren(QPushButton, "banner_button")
    next(button for button in buttons if button.text() == label).click()
    office.settle()


def test_an_assessment_is_opened_where_none_is(office: Office, tmp_path: Path) -> None:
    file = file_of(tmp_path)
    assert drop(office, file)
    assert office.session.file == file


def test_an_assessment_dropped_on_another_asks_in_place(at_work: AtWork) -> None:
    office = at_work()
    mine = office.session.file
    other = continued(office, {"ii.census": answered(2014)})
    assert drop(office, other)
    assert office.session.file == mine
    assert "open it, or merge it" in office.desk.banners.sentences()[0]
    choose(office, "Open")
    assert office.session.file == other


def test_an_assessment_dropped_can_be_merged(at_work: AtWork) -> None:
    office = at_work()
    drop(office, continued(office, {"ii.census": answered(2014)}))
    choose(office, "Merge")
    assert office.desk.page_name == "exchange"
    office.until(lambda: exchange_page(office).view is not None)
    assert office.desk.banners.sentences() == ()


def test_a_workbook_needs_its_assessment_first(office: Office, tmp_path: Path) -> None:
    assert drop(office, tmp_path / "moi.xlsx")
    assert "Open the assessment this file belongs to first" in office.window.banners.sentences()[0]


def test_other_files_are_not_taken(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    assert not drop(office, tmp_path / "picture.png")
