"""The main job through the window: begin an assessment of the real toolkit, answer, leave, come back, report."""

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from capacity_app.domain.assessment.answers import AnswerState
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.scores import Scorecard
from capacity_app.ui.pages.analyse.scores_page import ScoresPage
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.session.settings import Settings
from tests.ui.office import Office

REPORT_PATIENCE_MS = 120_000
KEYS = {
    AnswerKind.LEVEL: "2",
    AnswerKind.YES_PARTLY_NO: "P",
    AnswerKind.YES_NO: "Y",
    AnswerKind.CHOICE: "1",
    AnswerKind.CHECKLIST: "1",
}
"""One key that answers a question of each kind."""


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    settings = Settings(tmp_path / "settings.ini")
    settings.folder = settings.assessments_folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


def begin(office: Office) -> None:
    """Make a new assessment of the toolkit with a supplement, by keyboard alone."""
    office.press("Ctrl+N")
    office.write("georg")
    office.press("Return")
    office.tab_to("new_round")
    office.press("Ctrl+A")
    office.write("2019")
    office.tab_to("new_supplement_T")
    office.press("Space")
    assert office.part(QCheckBox, "new_supplement_T").isChecked()
    office.tab_to("new_author")
    office.write("Nino Kapanadze")
    office.tab_to("new_create")
    office.press("Space")


def add_agency(office: Office, name: str) -> str:
    """Add an agency in the registers and go back to the questionnaire."""
    office.press("Ctrl+1", "Ctrl+PgDown")
    office.tab_to("add_agencies")
    office.press("Space")
    office.write(name)
    office.press("Ctrl+2")
    return office.session.entries("agencies")[-1].id


def jump(office: Office, number: str) -> None:
    office.press("Ctrl+J")
    office.write(number)
    office.press("Return")


def answer_section(office: Office, section_id: str) -> int:
    """Answer every plain question of a section by its number and one key; give how many."""
    section = next(section for section in office.session.instrument.sections if section.id == section_id)
    plain = [question for question in section.questions if question.kind in KEYS and question.show_if is None]
    for question in plain:
        jump(office, question.number)
        office.press(KEYS[question.kind])
    return len(plain)


def shown_scores(office: Office) -> list[str]:
    page = office.page(ScoresPage, "scores")
    return [row.head.accessibleName() for row in page.sections.rows.values()]


@pytest.mark.check
@pytest.mark.parametrize("suffix", ["xlsx", pytest.param("pdf", marks=pytest.mark.check)])
def test_the_whole_job_from_the_start_page_to_a_report(tmp_path: Path, office: Office, suffix: str) -> None:
    begin(office)
    file = office.session.file
    assert file == tmp_path / "geo-2019.assessment"
    assert (office.session.mission.country, office.session.mission.m49) == ("GEO", "268")
    assert office.session.author == "Nino Kapanadze"

    agency = add_agency(office, "National Statistics Office")
    office.desk.controller.respondent = agency
    assert answer_section(office, "viii") == 13
    jump(office, "V.2")
    office.press("X")
    office.write("No strategy is planned")
    office.press("Return")
    jump(office, "III.2")
    office.press("3")
    before = _figures(office.session.scorecard())
    office.press("Ctrl+Z")
    assert _figures(office.session.scorecard()) != before
    office.press("Ctrl+Shift+Z")
    assert _figures(office.session.scorecard()) == before
    office.until_saved()
    shown = shown_scores(office)
    kept = _figures(office.session.scorecard())
    answers = office.session.dossier().answers

    office.come_back()
    assert office.focused().objectName() == "recent"
    office.press("Return")
    assert office.session.file == file
    assert office.desk.page_name == "scores"
    assert office.session.dossier().answers == answers
    assert _figures(office.session.scorecard()) == kept
    assert shown_scores(office) == shown
    reasons = [a.content.reason for a in answers if a.content.state is AnswerState.NOT_APPLICABLE]
    assert reasons == ["No strategy is planned"]

    report = make_report(office, suffix)
    if suffix == "pdf":
        assert report.read_bytes().startswith(b"%PDF-")
        return
    with zipfile.ZipFile(report) as parts:
        everything = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
    assert "No strategy is planned" in everything


def _figures(card: Scorecard) -> list[object]:
    return [(e.section.id, e.score.value, e.score.lower, e.score.upper, e.score.coverage) for e in card.sections]


def make_report(office: Office, suffix: str) -> Path:
    """Make a report by keyboard: F11, the arrows to the format, Tab to the button."""
    office.press("F11")
    page = office.desk.page("report")
    assert isinstance(page, ReportPage)
    while page.report.suffix != suffix:
        office.press("Right")
    file = Path(page.report.file.text())
    office.tab_to("report_make")
    office.press("Space")
    office.until(lambda: bool(page.report.outcome), REPORT_PATIENCE_MS)
    assert "is ready" in page.report.outcome
    return file
