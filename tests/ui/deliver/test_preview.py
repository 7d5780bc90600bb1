"""The preview: the real pages, turned and jumped to, sharp, spoken, and marked when they no longer hold."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.outputs.pdf.rendering import write_pdf
from capacity_app.ui.pages.deliver.pdf_pages import PageFit
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.widgets.cards import Label
from tests.ui.office import Office

AtWork = Callable[..., Office]
PATIENCE_MS = 60_000
PAGES = "".join(f'<h1 style="break-before: page">Chapter {n}</h1><p>words {n}</p>' for n in range(1, 9))


@pytest.fixture(scope="module")
def eight_pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pages") / "eight.pdf"
    style = "<style>@page{size:A4} h1{bookmark-level:1}</style>"
    file.write_bytes(write_pdf(f"<html lang=en>{style}{PAGES}", "", b"test"))
    return file


def showing(office: Office, file: Path) -> ReportPage:
    """Show a finished file's pages as if the form had just made it."""
    page = office.page(ReportPage, "report")
    page.preview.begin(page.report.choices)
    page.preview.show_pages_of(file)
    office.until(lambda: page.preview.view.is_sharp, PATIENCE_MS)
    return page


@pytest.mark.check
def test_choosing_making_looking_and_jumping(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    page.report.choose_file(tmp_path / "short.pdf")
    office.part(QPushButton, "report_make", page).click()
    office.until(lambda: page.preview.view.is_sharp, PATIENCE_MS)
    assert "is ready" in page.report.outcome
    assert page.preview.number.text() == "1"
    assert office.part(Label, "page_count", page).text() == f"of {page.preview.view.count}"
    page.preview.contents.click()
    model = page.preview.outline.model()
    titles = [model.data(model.index(row, 0)) for row in range(model.rowCount())]
    assert titles[:4] == ["Examplia", "Main messages", "Profile", "Contents"]
    assert office.focused() is page.preview.outline
    office.press("End", "Return")
    assert page.preview.view.page == page.preview.view.count - 1
    assert not page.preview.is_out_of_date


@pytest.mark.check
def test_the_pages_can_be_seen_without_a_file_and_made_again_when_answers_change(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    page.report.volume.setCurrentIndex(page.report.volume.findData("brief"))
    page.preview.show_button.click()
    assert not page.report.foot.make.isEnabled()
    office.until(lambda: page.preview.view.is_sharp, PATIENCE_MS)
    assert page.report.foot.make.isEnabled()
    assert not list(office.session.file.parent.glob("*.pdf"))
    key = AnswerKey(Address("ii.name"), respondent="agency-nso")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="Quarterly labour census"))
    assert page.preview.banners.sentences() == ("Answers changed after this preview.",)
    office.part(QPushButton, "banner_button", page.preview).click()
    office.until(lambda: not page.preview.maker.is_running and not page.preview.is_out_of_date, PATIENCE_MS)
    assert page.preview.banners.sentences() == ()


@pytest.mark.check
def test_another_choice_is_told_and_taking_it_back_is_enough(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    page = showing(office, eight_pages)
    page.report.volume.setCurrentIndex(0)
    assert page.preview.banners.sentences() == ("Your choices changed after this preview.",)
    page.report.volume.setCurrentIndex(1)
    assert page.preview.banners.sentences() == ()


@pytest.mark.check
def test_pages_are_turned_by_keyboard(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    view = showing(office, eight_pages).preview.view
    view.setFocus()
    office.press("PgDown", "PgDown")
    assert view.page == 2
    office.press("PgUp")
    assert view.page == 1
    office.press("End")
    assert view.page == 7
    office.press("Home")
    assert view.page == 0


@pytest.mark.check
def test_the_number_of_a_page_leads_there_and_nonsense_does_not(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    preview = showing(office, eight_pages).preview
    preview.number.setFocus()
    preview.number.selectAll()
    office.write("5")
    office.press("Return")
    assert preview.view.page == 4
    preview.number.selectAll()
    office.write("99")
    office.press("Return")
    assert (preview.view.page, preview.number.text()) == (4, "5")


@pytest.mark.check
def test_the_page_stays_when_its_size_changes(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    preview = showing(office, eight_pages).preview
    preview.view.go_to(3)
    preview.view.set_fit(PageFit.PAGE)
    assert preview.view.page == 3
    office.window.resize(1000, 700)
    office.settle()
    assert preview.view.page == 3


@pytest.mark.check
def test_only_pages_near_the_view_are_kept(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    view = showing(office, eight_pages).preview.view
    for page in range(view.count):
        view.go_to(page)
        office.until(lambda: view.is_sharp, PATIENCE_MS)
    assert len(view._pictures) <= 5


@pytest.mark.check
def test_the_text_of_the_page_is_spoken(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    view = showing(office, eight_pages).preview.view
    view.go_to(2)
    office.until(lambda: "words 3" in view.accessibleDescription(), PATIENCE_MS)
    assert view.accessibleName() == "Pages of the report, page 3 of 8"


@pytest.mark.check
def test_a_file_that_is_no_pdf_is_told(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    (tmp_path / "no.pdf").write_bytes(b"no")
    page.preview.begin(page.report.choices)
    page.preview.show_pages_of(tmp_path / "no.pdf")
    office.until(lambda: bool(page.preview.banners.sentences()), PATIENCE_MS)
    assert page.preview.banners.sentences() == ("The preview cannot be shown. Update it.",)


@pytest.mark.check
def test_leaving_lets_go_of_the_pages(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    reader = showing(office, eight_pages).preview.reader
    office.desk.stop_jobs()
    assert reader._printed is None
