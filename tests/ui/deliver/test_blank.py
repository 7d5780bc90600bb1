"""The page for a blank form: from the start page or over an open assessment to the file, by keyboard."""

import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QPushButton

from capacity_app.domain.assessment.registers import Agency
from capacity_app.ui.pages.deliver.blank_form import BlankFormPage
from tests.builders import small_dossier
from tests.outputs.reading import pdf_text, squeezed
from tests.ui.office import Office, front

AtWork = Callable[..., Office]
PATIENCE_MS = 120_000


def page_of(office: Office) -> BlankFormPage:
    office.window.menus.actions["blank"].trigger()
    office.settle()
    page = front(office.window, BlankFormPage)
    assert page is not None
    return page


def outcome(office: Office, page: BlankFormPage) -> str:
    office.until(lambda: bool(page.foot.outcome.sentence), PATIENCE_MS)
    return page.foot.outcome.sentence


@pytest.mark.check
def test_from_the_start_page_to_the_printed_form_by_keyboard(
    tmp_path: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    office.tab_to("start_blank")
    office.press("Return")
    page = front(office.window, BlankFormPage)
    assert page is not None
    assert office.focused().objectName() == "new_instrument"
    office.tab_to("new_country")
    office.write("Georgia")
    office.tab_to("blank_round")
    office.write("2019")
    office.tab_to("blank_sections")
    office.press("Space")
    office.tab_to("sections_none")
    office.press("Return")
    office.tab_to("sections")
    office.press("Home", "Space")
    office.tab_to("blank_make")
    office.press("Return")
    assert not page.foot.make.isEnabled()
    assert "is ready" in outcome(office, page)
    file = tmp_path / "geo-2019-blank-form-en.pdf"
    text = squeezed(pdf_text(file, top=0, height=842))
    assert squeezed("I.1 Which kinds of international migration") in text
    assert squeezed("unsd-nmdc, version 1.1 · Georgia · 2019") in text
    assert squeezed("Which agency coordinates the answers") not in text
    next(button for button in page.findChildren(QPushButton) if button.text() == "Open file").click()
    assert opened == [str(file)]
    office.tab_to("blank_back")
    office.press("Return")
    assert office.window.start.isVisible()


def test_supplements_bring_their_parts(office: Office) -> None:
    page = page_of(office)
    known = page.sections.chosen
    assert "t" not in known
    office.part(QCheckBox, "new_supplement_T", page).click()
    assert page.sections.chosen == (*known, "t")
    assert page.sections.is_all


@pytest.mark.check
def test_an_open_assessment_gives_questions_country_and_agencies(at_work: AtWork) -> None:
    agency = Agency(id="moi", name="Ministry of Interior", short="MoI")
    dossier = small_dossier(agencies=(*small_dossier().agencies, agency))
    office = at_work(dossier)
    page = page_of(office)
    assert not page.instrument.isVisible()
    page.agency.setCurrentIndex(page.agency.findData("moi"))
    page.formats.tiles["xlsx"].click()
    assert page.file.text().endswith("-agency-form-moi-en.xlsx")
    office.press("Return")
    assert "is ready" in outcome(office, page)
    book = openpyxl.load_workbook(io.BytesIO(Path(page.file.text()).read_bytes()))
    assert dossier.mission.country_name in {str(cell.value) for row in book.worksheets[0] for cell in row}


@pytest.mark.check
def test_going_elsewhere_leads_back_to_the_assessment(at_work: AtWork) -> None:
    office = at_work()
    page = page_of(office)
    assert page.isVisible()
    office.press("Ctrl+3")
    assert office.desk.isVisible()
    assert office.desk.page_name == "scores"
    page = page_of(office)
    page.left.emit()
    assert office.desk.isVisible()
    assert front(office.window, BlankFormPage) is None


def test_what_is_missing_is_said_where_it_is_missing(tmp_path: Path, office: Office) -> None:
    page = page_of(office)
    page.sections.none.click()
    page.file.setText(str(tmp_path / "nowhere" / "form.pdf"))
    page.start()
    assert page._fields["sections"].problem.text() == "Select at least one part."
    assert office.focused().objectName() == "blank_sections"
    page.sections.all.click()
    page.start()
    assert page.file.remark.text() == "This folder does not exist. Choose another folder."
    assert not page.job.is_running


def test_a_form_that_is_stopped_leaves_no_file(tmp_path: Path, office: Office) -> None:
    page = page_of(office)
    page.file.choose(tmp_path / "form.pdf", ".pdf")
    page.start()
    page.foot.cancel.click()
    assert "Cancelled" in outcome(office, page)
    assert page.foot.make.isEnabled()
    assert not (tmp_path / "form.pdf").exists()


def test_the_window_closes_while_a_form_is_being_made(tmp_path: Path, office: Office) -> None:
    page = page_of(office)
    page.file.choose(tmp_path / "form.pdf", ".pdf")
    page.start()
    office.leave()
    assert not (tmp_path / "form.pdf").exists()
