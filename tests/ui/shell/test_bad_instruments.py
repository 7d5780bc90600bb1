"""Instruments that are broken or made to do harm, in the person's own folder: listed as such, and in nobody's way."""

from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from tests.ui.office import Office, front
from tests.untrusted.instruments import folders

BAD = ("lists a thousand deep", "a file to be included", "a pipe")


@pytest.fixture
def form(tmp_path: Path, office: Office) -> NewAssessmentPage:
    """Lay out bad instruments, then ask for a new assessment."""
    home = paths.user_instruments_folder()
    for number, name in enumerate(BAD):
        (home / f"own-{number}").mkdir(parents=True)
        folders()[name].lay(home / f"own-{number}")
    (home / "own-head").mkdir()
    (home / "own-head" / "instrument.toml").write_bytes(b"\xff[")
    office.press("Ctrl+N")
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    office.write("Georgia")
    form.round.setText("2030")
    form.file.setText(str(tmp_path / "geo.assessment"))
    form.author.setText("Nino K.")
    return form


@pytest.mark.check
def test_they_are_listed_as_bad_and_keep_nobody_from_a_new_assessment(form: NewAssessmentPage, office: Office) -> None:
    choice = form.instrument.choice
    said = [choice.itemText(row) for row in range(choice.count())]
    assert "has errors" not in said[0]
    assert [text for text in said if text.startswith("own-head")] == ["own-head (has errors and cannot be used)"]
    assert sum("has errors" in text for text in said) == 2
    form.submit()
    assert office.session.instrument.id == "unsd-nmdc"


@pytest.mark.check
@pytest.mark.parametrize("row", range(4, 8))
def test_whoever_chooses_one_is_told_what_is_wrong_with_it(form: NewAssessmentPage, office: Office, row: int) -> None:
    form.instrument.choice.setCurrentIndex(row)
    form.submit()
    office.settle()
    assert office.window.workspace is None
    assert "This questionnaire has errors and cannot be used" in form.problem
    assert not Path(form.file.text()).exists()
