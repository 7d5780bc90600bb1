"""The selection of questions in the window: chosen for a new assessment, shown, and changed on the mission page."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]


def at_short_form(at_work: AtWork) -> Office:
    toolkit, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert toolkit is not None
    known = small_dossier(answers=(), actions=(), ratings=())
    return at_work(replace(known, instrument=toolkit, mission=replace(known.mission, profile="short")))


def choose(office: Office, name: str) -> None:
    """Press the button and wait until the file is open again."""
    before = office.window.workspace
    office.part(QPushButton, name, office.page(MissionPage, "mission")).click()
    office.until(lambda: office.window.workspace not in {None, before})


@pytest.mark.check
def test_the_short_form_grows_and_shrinks_as_long_as_nothing_is_lost(at_work: AtWork) -> None:
    office = at_short_form(at_work)
    said = office.part(QLabel, "profile_said", office.page(MissionPage, "mission"))
    assert "35 of " in said.text()
    office.desk.show_address(Address("ix.mechanism"))
    office.settle()
    shown = " ".join(label.text() for label in office.desk.findChildren(QLabel) if label.isVisible())
    assert "Not in the short form: IX." in shown
    choose(office, "profile_all")
    page = office.page(MissionPage, "mission")
    assert office.part(QLabel, "profile_said", page).text() == "All questions are asked."
    place = AnswerKey(Address("ix.terms-of-reference"), respondent="agency-nso")
    assert office.desk.controller.record(place, Content(state=AnswerState.ANSWERED, value="yes"))
    office.part(QPushButton, "profile_short", page).click()
    assert "Nothing was changed" in office.part(QLabel, "profile_problem", page).text()
    office.desk.controller.undo()
    choose(office, "profile_short")
    assert "ix.terms-of-reference" not in office.session.instrument.question_by_id
    QApplication.processEvents()
