"""The status line follows the field being typed in: no letter is called saved before the disk has it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answers import TEXT_LIMIT, Address, AnswerKey
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.widgets.text_fields import TextField
from tests.builders import DEVICE, small_dossier
from tests.ui.office import Office

AtWork = Callable[[Dossier | None], Office]
NOT_SAVED = "Saving…"


def answer(office: Office) -> None:
    office.desk.show_address(Address("ii.name"))


def note(office: Office) -> None:
    office.desk.show_address(Address("i.law"))
    office.press("F4")


def mission(office: Office) -> None:
    office.desk.show_page("mission")
    office.part(QWidget, "field_purpose", office.desk.page("mission")).setFocus()


def gap_note(office: Office) -> None:
    office.desk.show_page("gaps")
    office.part(QWidget, "gap_note").setFocus()


def line(office: Office) -> str:
    return office.window.top_bar.state.full_text


@pytest.mark.check
@pytest.mark.parametrize("go", [answer, note, mission, gap_note])
def test_the_line_says_so_from_the_first_letter_until_the_disk_has_it(
    go: Callable[[Office], None], at_work: AtWork
) -> None:
    office = at_work(None)
    go(office)
    office.settle()
    for _ in range(2):
        for letter in "ab":
            QTest.keyClicks(office.focused(), letter)
            assert line(office) in {NOT_SAVED, "Saving…"}
        office.until(lambda: line(office).startswith("Saved"))


@pytest.mark.check
def test_text_that_cannot_be_stored_is_never_called_saved(at_work: AtWork) -> None:
    office = at_work(None)
    office.desk.show_address(Address("i.why"))
    field = office.focused()
    assert isinstance(field, TextField)
    field.setPlainText("x" * (TEXT_LIMIT + 1))
    office.press("Tab")
    office.until_saved()
    assert line(office) == NOT_SAVED
    field.setPlainText("x")
    office.until(lambda: line(office).startswith("Saved"))


@pytest.mark.check
def test_text_that_cannot_be_read_is_called_saved_once_the_file_keeps_it(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), answers=()))
    office.desk.show_address(Address("ii.staff"))
    office.settle()
    office.write("about 12")
    assert line(office) == NOT_SAVED
    office.press("Tab")
    office.until(lambda: line(office).startswith("Saved"))
    key = AnswerKey(Address("ii.staff"), respondent=office.desk.controller.respondent)
    with AssessmentSession(office.session.file, device=DEVICE, read_only=True) as reader:
        assert reader.content(key).unread == "about 12"


@pytest.mark.check
def test_what_is_taken_back_leaves_nothing_unsaved(at_work: AtWork) -> None:
    office = at_work(None)
    answer(office)
    office.settle()
    office.write("x")
    office.press("Ctrl+Z")
    office.until(lambda: line(office) != NOT_SAVED)
