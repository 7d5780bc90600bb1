"""The second shipped instrument in the window: chosen in the form, answered, and nowhere a page of another subject."""

from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.ui.pages.analyse.availability_page import AvailabilityPage
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from tests.ui.office import Office, front


def begin(office: Office, file: Path) -> None:
    """Fill the form in, with the second instrument of the list."""
    office.press("Ctrl+N")
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    office.write("Georgia")
    form.round.setText("2026")
    form.author.setText("Nino K.")
    form.file.setText(str(file))
    form.instrument.choice.setCurrentIndex(1)
    assert not form.instrument.has_supplements
    form.submit()
    office.settle()


@pytest.mark.check
def test_an_assessment_of_it_is_made_and_answered(office: Office, tmp_path: Path) -> None:
    begin(office, tmp_path / "geo.assessment")
    assert office.session.instrument.id == "un-fpos"
    key = AnswerKey(Address("p1.users"))
    assert office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=2))
    office.settle()
    assert office.session.content(key).value == 2
    (first, *_others) = office.session.scorecard().sections
    assert first.section.number == "1"
    assert first.score.tally.answered > 0


@pytest.mark.check
def test_where_nothing_is_asked_of_children_no_page_is_about_them(office: Office, tmp_path: Path) -> None:
    begin(office, tmp_path / "geo.assessment")
    page = office.page(AvailabilityPage, "availability")
    assert not page.tabs.isVisible()
    assert not page.children_view.isVisible()
