"""The preview: the real pages, turned, sharp, spoken, and marked when they no longer hold."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.outputs.pdf.rendering import write_pdf
from capacity_app.ui.pages.deliver.report_page import ReportPage
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
def test_the_pages_can_be_seen_without_a_file_and_made_again_when_answers_change(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    page.report.volume.setCurrentIndex(page.report.volume.findData("brief"))
    page.preview.show_button.click()
    assert not page.report.foot.make.isEnabled()
    office.until(lambda: page.preview.view.is_sharp, PATIENCE_MS)
    assert page.report.foot.make.isEnabled()
    assert not list(office.session.file.parent.glob("*.pdf"))
    assert page.preview.name.text() == "Preview"
    key = AnswerKey(Address("ii.name"), respondent="agency-nso")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="Quarterly labour census"))
    assert page.preview.banners.sentences() == ("Answers changed after this preview.",)
    office.part(QPushButton, "banner_button", page.preview).click()
    office.until(lambda: not page.preview.maker.is_running and not page.preview.is_out_of_date, PATIENCE_MS)
    assert page.preview.banners.sentences() == ()


@pytest.mark.check
def test_the_first_pages_are_shown_while_the_others_are_made_and_nothing_moves_then(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    page.report.volume.setCurrentIndex(page.report.volume.findData("report"))
    preview, seen = page.preview, list[tuple[str, str, bool]]()

    def look(_sizes: object) -> None:
        seen.append((preview.page_number.text(), preview.view.accessibleName(), preview.maker.is_running))
        if len(seen) == 1:
            assert preview.rest.isVisible(), "what is going on can be stopped"
            preview.view.verticalScrollBar().setValue(100)

    preview.reader.opened.connect(look)
    preview.show_button.click()
    office.until(lambda: len(seen) == 2 and not preview.maker.is_running, PATIENCE_MS)
    count = preview.view.count
    assert seen[0] == ("First pages", "Pages of the report", True)
    assert seen[1][0] == f"Page 1 of {count}"
    assert count > 4
    assert preview.view.verticalScrollBar().value() == 100
    assert not preview.rest.isVisible()
    assert not preview.is_out_of_date


@pytest.mark.check
def test_first_pages_go_when_the_others_are_not_wanted(at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    page.report.volume.setCurrentIndex(page.report.volume.findData("report"))
    preview = page.preview
    preview.reader.opened.connect(lambda _sizes: office.part(QPushButton, "preview_rest_cancel", page).click())
    preview.show_button.click()
    office.until(lambda: bool(preview.banners.sentences()) and preview.show_button.isVisible(), PATIENCE_MS)
    assert preview.banners.sentences() == ("Cancelled.",)
    assert preview.view.count == 0


@pytest.mark.check
def test_another_choice_is_told_and_taking_it_back_is_enough(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    page = showing(office, eight_pages)
    page.report.volume.setCurrentIndex(0)
    assert page.preview.banners.sentences() == ("Your choices changed after this preview.",)
    page.report.volume.setCurrentIndex(1)
    assert page.preview.banners.sentences() == ()


@pytest.mark.check
def test_a_report_that_was_made_is_shown_and_turned(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = office.page(ReportPage, "report")
    page.report.choose_file(tmp_path / "short.pdf")
    office.part(QPushButton, "report_make", page).click()
    office.until(lambda: page.preview.view.is_sharp, PATIENCE_MS)
    assert "is ready" in page.report.outcome
    assert page.preview.name.text() == "short.pdf"
    count = page.preview.view.count
    assert page.preview.page_number.text() == f"Page 1 of {count}"
    page.preview.on.click()
    assert page.preview.page_number.text() == f"Page 2 of {count}"
    assert not page.preview.is_out_of_date


@pytest.mark.check
def test_the_page_stays_when_the_window_changes(at_work: AtWork, eight_pages: Path) -> None:
    office = at_work()
    preview = showing(office, eight_pages).preview
    preview.view.go_to(3)
    office.window.resize(1300, 700)
    office.settle()
    assert preview.view.page == 3


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
