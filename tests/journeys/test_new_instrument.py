"""A statistician writes a questionnaire as the guide says, and it goes all the way to a PDF.

The template, an XLSForm, is filled in a spreadsheet (openpyxl plays it), read in the window with an error in it,
corrected, used, answered by an officer, scored, and printed.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from capacity_app import paths
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Mission
from capacity_app.i18n.translator import Translator
from capacity_app.questionnaires.library import find_instrument
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.questionnaires.xlsform.form import COLUMN_KEYS, OPTION_KEYS, QUESTION_KEYS, ROW_KEYS, SECTION_KEYS
from capacity_app.services.reports import write_report
from capacity_app.ui.pages.questionnaires.questionnaires_page import QuestionnairesPage
from capacity_app.ui.pages.questionnaires.xlsform_tab import XlsformTab
from capacity_app.ui.session.settings import Settings
from tests.builders import ASSESSMENT_ID, file_of, open_session
from tests.domain.making import say
from tests.outputs.reading import pdf_text
from tests.questionnaires.xlsform.filling import LABEL, Spreadsheet, level_lines
from tests.ui.office import Office, front

PATIENCE_MS = 60_000
GUIDE = paths.resources_folder() / "guide" / "en" / "writing.md"
SENTENCES = (
    "Nobody asks readers what they need.",
    "Staff ask now and then.",
    "A survey is made every few years.",
    "A survey every year changes the service.",
)


@pytest.fixture
def office(tmp_path: Path, qtbot: QtBot) -> Iterator[Office]:
    settings = Settings(tmp_path / "settings.ini")
    settings.folder = settings.assessments_folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


def tab_of(office: Office) -> XlsformTab:
    office.window.show_window_page("library")
    page = front(office.window, QuestionnairesPage)
    assert page is not None
    page.tabs.setCurrentIndex(2)
    found = page.views[2]
    assert isinstance(found, XlsformTab)
    return found


def done(office: Office, tab: XlsformTab) -> None:
    office.until(lambda: not tab.is_running, PATIENCE_MS)
    office.settle()


def fill_in(file: Path) -> Spreadsheet:
    """Do what the guide says, with one slip of the hand."""
    sheet = Spreadsheet(file)
    sheet.clear("survey", "choices", "capacity")
    visits: list[dict[str, object]] = []
    for name, label in (("main", "Main branch"), ("north", "Branch north")):
        visits += [
            {"type": "begin_group", "name": f"r_visits__{name}", LABEL: label, "capacity_kind": "row"},
            {"type": "select_one how_often", "name": f"r_visits__{name}__frequency", LABEL: "Frequency"},
            {"type": "end_group"},
        ]
    sheet.add(
        "survey",
        {"type": "begin_group", "name": "r", LABEL: "Readers"},
        {"type": "select_one r_survey", "name": "r_survey", LABEL: "Are readers asked what they need?",
         "capacity_kind": "levl"},
        {"type": "select_multiple r_how", "name": "r_how", LABEL: "How are they asked?",
         "relevant": "${r_survey} >= 1"},
        {"type": "begin_group", "name": "r_visits", LABEL: "How often are visits counted?", "capacity_kind": "grid"},
        *visits,
        {"type": "end_group"},
        {"type": "end_group"},
    )  # fmt: skip
    sheet.add("choices", *level_lines("r_survey", SENTENCES))
    sheet.add(
        "choices",
        {"list_name": "r_how", "name": "paper", LABEL: "On paper", "capacity_required": "yes"},
        {"list_name": "r_how", "name": "web", LABEL: "On the web", "capacity_required": "yes"},
        {"list_name": "how_often", "name": "never", LABEL: "Never", "capacity_points": "0"},
        {"list_name": "how_often", "name": "yearly", LABEL: "Once a year", "capacity_points": "1/2"},
        {"list_name": "how_often", "name": "monthly", LABEL: "Every month", "capacity_points": "1"},
    )
    sheet.save()
    return sheet


@pytest.mark.long
def test_a_questionnaire_written_in_a_spreadsheet_goes_all_the_way_to_a_pdf(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "library-check.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))

    # A template, filled in.
    tab = tab_of(office)
    tab.template.title.setText("Library check")
    tab.template.button.click()
    done(office, tab)
    sheet = fill_in(file)

    # Read: the slip is told with its place, and corrected.
    tab.read.button.click()
    done(office, tab)
    lines = [(line.detail, line.title) for line in tab.read.problems.lines.rows if "levl" in line.title]
    assert [place for place, _ in lines] == [f"Sheet survey, row {sheet.row_of('survey', 'r_survey')}: r_survey"]
    assert "Did you mean “level”?" in lines[0][1]
    sheet.put("survey", "r_survey", "capacity_kind", "level")
    sheet.save()
    tab.read.button.click()
    done(office, tab)
    assert tab.read.counted.text() == "No errors."
    tab.read.use.click()
    done(office, tab)
    assert "was added to this computer" in tab.outcome

    # Answered and scored.
    entry = find_instrument("library-check", [paths.user_instruments_folder()])
    instrument, problems = read_instrument(entry.folder)
    assert instrument is not None, problems
    answers = (
        say("r.survey", 2, who="agency-nl"),
        say("r.how", ("paper",), who="agency-nl"),
        say("r.visits/main/frequency", "monthly", who="agency-nl"),
        say("r.visits/north/frequency", "yearly", who="agency-nl"),
    )
    dossier = Dossier(
        id=ASSESSMENT_ID,
        instrument=instrument,
        mission=Mission(country="XXA", country_name="Examplia", round="2026"),
        answers=answers,
        agencies=(Agency(id="agency-nl", name="National Library", short="NL"),),
    )
    with open_session(file_of(tmp_path, dossier), read_only=True) as session:
        card = session.scorecard()
        kept = session.dossier()
    score = card.section("r")
    assert score is not None
    # The mean of level 2 of 3, one of two that are required, and the rows "monthly" (1) and "yearly" (1/2).
    assert score.published == Fraction(100, 3) * (Fraction(2, 3) + Fraction(1, 2) + Fraction(3, 4))

    # Printed.
    out = tmp_path / "library.pdf"
    write_report(kept, out, texts=Translator("en"))
    printed = " ".join(pdf_text(out).split())
    for sentence in ("Library check", "Are readers asked what they need?", SENTENCES[2], "Branch north", "Once a year"):
        assert sentence in printed, sentence


def test_the_guide_names_what_is_on_the_screen_and_in_the_form() -> None:
    text = GUIDE.read_text("utf-8")
    columns = [f"capacity_{name}" for name in {*SECTION_KEYS, *QUESTION_KEYS, *ROW_KEYS, *COLUMN_KEYS, *OPTION_KEYS}]
    for word in ("Create template…", "Read form…", "Add to this computer", "Excel, ODK and KoboToolbox",
                 "r_visits__north__frequency", "${r_survey} >= 1", "how_often", "contradiction", "threshold",
                 "capacity_kind", "capacity_number", "capacity_action_en", "capacity_show_if", *columns):  # fmt: skip
        assert word in text, word
