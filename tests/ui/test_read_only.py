"""Read only means read only: every screen of the window, every widget and key, and not one byte of the file changes."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.shell.page_table import TASK_PAGES
from tests.builders import file_of, open_session, small_dossier
from tests.places import names_in
from tests.storage.test_newer import NOVELTIES, _change
from tests.ui.office import Office
from tests.ui.screens import Screen
from tests.ui.screens import _questionnaire as questionnaire_screens
from tests.ui.screens import _tabs as tab_screens

if TYPE_CHECKING:
    from capacity_app.domain.problems import KnownError


KEYS = (
    Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_F2, Qt.Key.Key_0, Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3,
    Qt.Key.Key_U, Qt.Key.Key_X, Qt.Key.Key_D, Qt.Key.Key_C, Qt.Key.Key_F4, Qt.Key.Key_Space, Qt.Key.Key_Insert,
)  # fmt: skip
STROKES = (Qt.Key.Key_Z, Qt.Key.Key_Y, Qt.Key.Key_V, Qt.Key.Key_X, Qt.Key.Key_D, Qt.Key.Key_Up, Qt.Key.Key_Down)
MOST_PER_SCREEN = 60
"""Widgets gone through on one screen; the others are of the same kinds."""
SEARCHES = ("find", "filter", "search", "zoom", "recent", "second", "language", "report_file", "room")
"""What a widget that may be typed into in a file that is only read has in its name: it changes what is shown."""


@pytest.fixture(autouse=True)
def _no_file_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer the dialogs of the desktop, which buttons open, as somebody who changes their mind."""
    for asked in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, asked, lambda *_args, **_options: ("", ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args, **_options: "")


@pytest.fixture
def reading(tmp_path: Path, office: Office) -> Iterator[tuple[Office, AssessmentSession]]:
    """A window on a file that somebody else has open."""
    file = file_of(tmp_path)
    QApplication.clipboard().setText("3\t2\n1\t0\n")
    with open_session(file, author="A. Colleague") as owner:
        office.open(file)
        yield office, owner
        office.leave()


def _tried(office: Office, screen: QWidget) -> Iterator[QWidget]:
    """Do to every widget of a screen what changes something in a file that may be written."""
    name = office.desk.page_name
    stops = [w for w in screen.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    for widget in stops[:MOST_PER_SCREEN]:
        if not widget.isEnabled() or not widget.isVisible() or any(name in widget.objectName() for name in SEARCHES):
            continue
        widget.setFocus()
        target = widget.viewport() if isinstance(widget, QAbstractItemView | QPlainTextEdit) else widget
        _drop_on(target)
        QApplication.sendEvent(
            target, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), target.mapToGlobal(QPoint(5, 5)))
        )
        for menu in screen.window().findChildren(QMenu):
            if menu.isVisible():
                menu.close()
        if isinstance(widget, QComboBox):
            continue  # may choose what is shown; those that choose an answer are looked at by name
        for key in KEYS:
            QTest.keyClick(widget, key)
        for key in STROKES:
            QTest.keyClick(widget, key, Qt.KeyboardModifier.ControlModifier)
        yield widget
        if office.desk.page_name != name:
            office.desk.show_page(name)  # the button leads to another page


def _screens(office: Office) -> Iterator[Screen]:
    """Go through all pages and their tabs, and the panel beside the questions."""
    for place in TASK_PAGES:
        yield from (questionnaire_screens if place.name == "questionnaire" else tab_screens)(office, place.name)
    for name in ("versions",):
        office.desk.show_page(name)
        office.settle()
        yield name, office.desk.page(name)


def _drop_on(target: QWidget) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/act.pdf")])  # noqa: S108 - a name only
    data.setText("3")
    place, actions = QPointF(5, 5), Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
    buttons, modifiers = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entered = QDragEnterEvent(place.toPoint(), actions, data, buttons, modifiers)
    QApplication.sendEvent(target, entered)
    if entered.isAccepted():
        QApplication.sendEvent(target, QDropEvent(place, actions, data, buttons, modifiers))


def _open_inputs(screen: QWidget) -> Iterator[str]:
    """Find fields that take what is typed; those that only search or choose what is shown are none."""
    kinds = (QLineEdit, QPlainTextEdit, QAbstractSpinBox)
    for widget in screen.findChildren(QWidget):
        if not isinstance(widget, kinds) or not widget.isVisible() or not widget.isEnabled() or widget.isReadOnly():
            continue
        above = widget.parentWidget()
        around = f"{widget.objectName()} {above.objectName() if above else ''}"
        if not any(name in around for name in SEARCHES):
            yield f"{type(widget).__name__} {around}"


@pytest.mark.check
def test_on_every_page_nothing_takes_input_and_nothing_is_changed(reading: tuple[Office, AssessmentSession]) -> None:
    office, owner = reading
    refused: list[KnownError] = []
    office.desk.controller.refused.connect(refused.append)
    before = office.session.file.read_bytes()
    assert any("A. Colleague has this file open" in sentence for sentence in office.desk.banners.sentences())
    faults: list[str] = []
    walked = 0
    for place, page in _screens(office):
        faults += [f"{place}: {found}" for found in _open_inputs(page)]
        for widget in _tried(office, page):
            walked += 1
            if refused:
                faults.append(f"{place}: {widget.objectName()} tried and was refused")
                refused.clear()
        for act in ("undo", "redo"):
            office.window.menus.actions[act].trigger()
    assert "\n".join(dict.fromkeys(faults)) == ""
    assert walked > 40
    assert office.session.dossier() == small_dossier()
    assert office.desk.controller.undo_stack.count() == 0
    assert office.session.file.read_bytes() == before
    assert owner.flush()


@pytest.mark.check
def test_the_same_steps_change_a_file_that_may_be_written(tmp_path: Path, office: Office) -> None:
    office.open(file_of(tmp_path))
    for _, screen in _screens(office):
        for _ in _tried(office, screen):
            pass
        if office.session.dossier() != small_dossier():
            return
    pytest.fail("the steps of this test change nothing anywhere")


@pytest.mark.check
def test_a_newer_file_gone_through_in_the_window_keeps_every_byte(tmp_path: Path, office: Office) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    file = file_of(folder)
    _change(file, *NOVELTIES)
    before, stood = hashlib.sha256(file.read_bytes()).digest(), file.stat().st_mtime_ns
    office.open(file)
    assert "made by a newer version" in office.desk.banners.sentences()[0]
    for _, screen in _screens(office):
        for _ in _tried(office, screen):
            pass
    QApplication.sendEvent(office.window, QEvent(QEvent.Type.WindowActivate))
    assert office.session.dossier() == replace(small_dossier())
    assert names_in(folder) == [file.name]
    office.leave()
    assert hashlib.sha256(file.read_bytes()).digest() == before
    assert file.stat().st_mtime_ns == stood
    assert names_in(folder) == [file.name]


def test_a_file_whose_owner_has_gone_can_be_edited_here_with_one_click(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    owner = open_session(file, author="A. Colleague")
    office.open(file)
    QApplication.sendEvent(office.window, QEvent(QEvent.Type.WindowActivate))
    office.settle()
    assert office.desk.banners.sentences()[0].startswith("A. Colleague has this file open")
    owner.close()
    QApplication.sendEvent(office.window, QEvent(QEvent.Type.WindowActivate))
    office.settle()
    assert office.desk.banners.sentences() == ("Nobody else has this file open now. You can edit it.",)
    buttons = office.desk.banners.findChildren(QWidget, "banner_button")
    assert [button.accessibleName() for button in buttons if button.isVisible()] == ["Edit here now"]
    next(button for button in buttons if button.isVisible()).click()  # type: ignore[attr-defined]
    office.until(lambda: not office.session.is_read_only)
    assert not office.desk.banners.sentences()
