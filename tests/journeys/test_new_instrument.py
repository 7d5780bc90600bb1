"""A statistician writes a questionnaire as the guide says, and it goes all the way to a PDF.

The template is filled in a spreadsheet (openpyxl plays it), read in the window with a mistake in it, mended, used,
answered by an officer, scored, and printed.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from capacity_app import paths
from capacity_app.domain.assessment import Agency, Mission
from capacity_app.domain.dossier import Dossier
from capacity_app.instruments.library import find
from capacity_app.instruments.reader import read_instrument
from capacity_app.services.reporting import write_report
from capacity_app.texts import Texts
from capacity_app.ui.library.writing_tab import WritingTab
from capacity_app.ui.shell.settings import Settings
from tests.builders import ASSESSMENT_ID, file_of, open_session
from tests.domain.making import say
from tests.instruments.books.filling import Spreadsheet, level_lines
from tests.report.reading import pdf_text
from tests.ui.office import Office

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
    Settings(tmp_path / "settings.ini").folder = tmp_path
    made = Office(qtbot, tmp_path / "settings.ini")
    yield made
    made.leave()


def tab_of(office: Office) -> WritingTab:
    office.window.show_library()
    page = office.window.library
    assert page is not None
    page.tabs.setCurrentIndex(2)
    found = page.views[2]
    assert isinstance(found, WritingTab)
    return found


def done(office: Office, tab: WritingTab) -> None:
    office.until(lambda: not tab.is_running, PATIENCE_MS)
    office.settle()


def fill_in(file: Path) -> Spreadsheet:
    """Do what the guide says, with one slip of the hand."""
    sheet = Spreadsheet(file)
    sheet.delete("Sections", "example")
    sheet.add("Sections", {"id": "r", "number": "1", "title": "Readers", "provenance": "P"})
    sheet.add(
        "Questions",
        {"id": "r.survey", "number": "1.1", "text": "Are readers asked what they need?", "type": "levl",
         "provenance": "P"},
        {"id": "r.how", "number": "1.2", "text": "How are they asked?", "type": "checklist", "provenance": "P"},
        {"id": "r.visits", "number": "1.3", "text": "How often are visits counted?", "type": "grid", "provenance": "P"},
    )  # fmt: skip
    sheet.add("Anchors", *level_lines("r.survey", SENTENCES))
    sheet.add(
        "Options",
        {"of": "r.how", "id": "paper", "label": "On paper", "required": "yes"},
        {"of": "r.how", "id": "web", "label": "On the web", "required": "yes"},
        {"of": "how-often", "id": "never", "label": "Never", "points": "0"},
        {"of": "how-often", "id": "yearly", "label": "Once a year", "points": "1/2"},
        {"of": "how-often", "id": "monthly", "label": "Every month", "points": "1"},
    )
    sheet.add("Conditions", {"question": "r.how", "show_if": "r.survey >= 1"})
    sheet.add("Columns", {"question": "r.visits", "id": "frequency", "label": "Frequency", "type": "choice",
                          "options": "how-often"})  # fmt: skip
    sheet.add("Rows", {"question": "r.visits", "id": "main", "label": "Main branch"},
              {"question": "r.visits", "id": "north", "label": "Branch north"})  # fmt: skip
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

    # Read: the slip is told with its place, and mended.
    tab.read.button.click()
    done(office, tab)
    lines = [(line.detail, line.title) for line in tab.read.problems.lines.lines]
    assert [place for place, _ in lines] == [
        f"Sheet Questions, row {sheet.row_of('Questions', 'r.survey')}, column type"
    ]
    assert "Did you mean “level”?" in lines[0][1]
    sheet.put("Questions", sheet.row_of("Questions", "r.survey"), "type", "level")
    sheet.save()
    tab.read.button.click()
    done(office, tab)
    assert tab.read.counted.text() == "Nothing is wrong with it."
    tab.read.use.click()
    done(office, tab)
    assert "is now on this computer" in tab.outcome

    # Answered and scored.
    entry = find("library-check", [paths.user_instruments_folder()])
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
    write_report(kept, out, texts=Texts("en"))
    printed = " ".join(pdf_text(out).split())
    for sentence in ("Library check", "Are readers asked what they need?", SENTENCES[2], "Branch north", "Once a year"):
        assert sentence in printed, sentence


def test_the_guide_names_what_is_on_the_screen_and_in_the_workbook() -> None:
    text = GUIDE.read_text("utf-8")
    for word in ("Start from a template", "Read a workbook", "Use it on this computer", "Sections", "Questions",
                 "Anchors", "Options", "Conditions", "Rows", "Columns", "Translations", "r.survey >= 1"):  # fmt: skip
        assert word in text, word
