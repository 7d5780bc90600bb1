"""Keys typed faster than the window paints go where they are meant: nobody waits for a table to appear."""

from collections.abc import Callable

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from capacity_app import paths
from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.questionnaires.reader import read_instrument
from tests.builders import ASSESSMENT_ID
from tests.ui.driving import Desk


def at_once(desk: Desk, *names: str) -> None:
    """Press keys without letting the window do anything in between."""
    for name in names:
        stroke = QKeySequence(name)[0]  # type: ignore[index]  # the stubs forget that it is a sequence
        QTest.keyClick(desk.focused(), stroke.key(), stroke.keyboardModifiers())


@pytest.mark.check
def test_a_table_that_an_answer_has_just_called_for_takes_the_next_keys(desk_on: Callable[..., Desk]) -> None:
    instrument, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert instrument is not None
    agency = Agency(id="agency-nso", name="Statistics Office", short="SO")
    desk = desk_on(Dossier(id=ASSESSMENT_ID, instrument=instrument, mission=Mission(country="XXA"), agencies=(agency,)))
    desk.go("ix.mechanism")
    at_once(desk, "2", "Ctrl+Down", "P", "Ctrl+Down")
    for letter in "stat":
        QTest.keyClicks(desk.focused(), letter)
    at_once(desk, "Return")
    assert desk.said("ix.chair/mechanism/chair").value == ("agency-nso",)
    assert desk.said("ix.terms-of-reference").state is AnswerState.ANSWERED
    assert desk.here() == "ix.chair/mechanism/secretariat"
