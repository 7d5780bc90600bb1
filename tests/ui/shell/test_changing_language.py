"""Another language without starting anew: the place stays, nothing typed is lost, and what Undo forgets is said."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from capacity_app.i18n.translator import Translator
from capacity_app.services.session.demonstration import create_demonstration
from capacity_app.ui.application import UnexpectedErrorWatch, WindowHolder
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.appearance import AppearanceSheet
from capacity_app.ui.shell.main_window import MainWindow
from capacity_app.ui.shell.qt_locale import set_qt_language
from tests.builders import file_of
from tests.ui.office import front

Open = Callable[[Path | None], WindowHolder]


@pytest.fixture
def shell_on(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Open]:
    """Open a window as the program does."""
    made: list[WindowHolder] = []

    def open_on(file: Path | None) -> WindowHolder:
        settings = Settings(tmp_path / "settings.ini")
        settings.language = "en"
        settings.assessments_folder = tmp_path
        shell = WindowHolder(qapp, settings, UnexpectedErrorWatch())
        made.append(shell)
        shell.window.resize(1366, 768)
        shell.window.show()
        if file is not None:
            shell.window.open_file(file)
        QTest.qWait(20)
        return shell

    yield open_on
    for shell in made:
        window = shell.window
        window.close()
        qtbot.waitUntil(window.isHidden, timeout=10_000)
        window.deleteLater()
    set_qt_language(Translator(), qapp)


def choose(window: MainWindow, *, digits: str = "", **chosen: str) -> None:
    """Choose languages, or own digits, in the sheet Appearance."""
    window.menus.actions["appearance"].trigger()
    sheet = window.findChild(AppearanceSheet)
    assert sheet is not None
    for name, value in chosen.items():
        field = getattr(sheet, name)
        field.setCurrentIndex(field.findData(value))
    if digits:
        sheet.digits[digits].click()
    sheet.accept()


def change(shell: WindowHolder, qtbot: QtBot, **chosen: str) -> MainWindow:
    """Choose another language and wait for the window in it."""
    before = shell.window
    choose(before, **chosen)
    qtbot.waitUntil(lambda: shell.window is not before, timeout=10_000)
    QTest.qWait(150)
    return shell.window


def test_a_note_being_typed_is_kept_and_the_question_stays(shell_on: Open, tmp_path: Path, qtbot: QtBot) -> None:
    shell = shell_on(file_of(tmp_path))
    desk = shell.window.workspace
    assert desk is not None
    item = list(desk.session.sheet.items())[3]
    desk.show_address(item.address)
    card = desk.questionnaire().page().card(item.address.question)
    assert card is not None
    QTest.keyClick(shell.window.focusWidget() or card, Qt.Key.Key_F4)
    field = shell.window.focusWidget()
    assert isinstance(field, QTextEdit) or hasattr(field, "setPlainText"), field
    QTest.keyClicks(field, "half a sent")
    window = change(shell, qtbot, language="fr")
    desk = window.workspace
    assert desk is not None
    assert desk.address is not None
    assert desk.address.question == item.address.question
    assert desk.session.content(desk.controller.key(item.address)).note == "half a sent"
    assert any("Undo" in said or "Annuler" in said or "ann" in said for said in desk.banners.sentences())


def test_a_form_half_filled_in_stays_so(shell_on: Open, qtbot: QtBot, tmp_path: Path) -> None:
    shell = shell_on(None)
    shell.window.show_new()
    form = front(shell.window, NewAssessmentPage)
    assert form is not None
    form.country.show_country("GEO", "268", "Georgia")
    form.round.setText("baseline")
    form.author.setText("Nino")
    form.language.setCurrentIndex(form.language.findData("ka"))
    window = change(shell, qtbot, language="fr")
    form = front(window, NewAssessmentPage)
    assert form is not None
    assert form.isVisible()
    assert (form.country.m49, form.country.text()) == ("268", "Géorgie")
    assert (form.round.text(), form.author.text(), form.language.currentData()) == ("baseline", "Nino", "ka")
    assert form.file.text().startswith(str(tmp_path))


def test_the_cursor_is_in_the_question_again(shell_on: Open, tmp_path: Path, qtbot: QtBot) -> None:
    shell = shell_on(file_of(tmp_path))
    window = change(shell, qtbot, language="fr")
    assert window.workspace is not None
    focused = window.focusWidget()
    assert focused is not None
    assert window.workspace.questionnaire().isAncestorOf(focused)


@pytest.mark.check
@pytest.mark.parametrize("name", ["library", "headquarters", "blank"])
def test_what_stands_before_an_assessment_stays_there(shell_on: Open, tmp_path: Path, qtbot: QtBot, name: str) -> None:
    shell = shell_on(file_of(tmp_path))
    shell.window.menus.actions[name].trigger()
    window = change(shell, qtbot, language="es")
    page = window.tools[name].page if name in window.tools else window.stack.pages[name]
    assert page.isVisible()
    assert window.workspace is not None
    window.close_tools()


@pytest.mark.check
def test_questions_may_be_in_another_language_than_the_window(shell_on: Open, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "velmora.assessment"
    create_demonstration(file, device="test")
    shell = shell_on(file)
    window = change(shell, qtbot, asked_in="fr")
    assert window.workspace is not None
    wording = window.workspace.questionnaire().wording
    question = window.workspace.session.instrument.question_by_id[window.workspace.first_address.question]
    assert wording.question(question) != question.text
    assert window.menus.actions["new"].text() == "&New assessment…"
    choose(window, second="ar")
    QTest.qWait(50)
    assert Settings(tmp_path / "settings.ini").second_language == "ar"


@pytest.mark.check
def test_digits_are_chosen_for_each_language_and_seen_everywhere(shell_on: Open, tmp_path: Path, qtbot: QtBot) -> None:
    shell = shell_on(file_of(tmp_path))
    window = change(shell, qtbot, language="ar")
    assert QLocale().zeroDigit() == "0"
    window = change(shell, qtbot, digits="ar")
    assert QLocale().zeroDigit() == "٠"
    assert window.workspace is not None
    window.workspace.show_page("scores")
    QTest.qWait(100)
    texts = " ".join(
        widget.text() for widget in window.workspace.page("scores").findChildren(QWidget) if hasattr(widget, "text")
    )
    assert any(letter in texts for letter in "٠١٢٣٤٥٦٧٨٩")
