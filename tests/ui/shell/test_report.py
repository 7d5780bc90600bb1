"""The report page: what is still weak leads to its place, and a report is made, cancelled or refused in words."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.answers import Address, AnswerKey, Content, State
from capacity_app.domain.quality import FindingKind, by_kind, check_quality
from capacity_app.ui.shell.report_page import ReportPage
from tests.ui.shell.office import Office

AtWork = Callable[..., Office]
PATIENCE_MS = 60_000


def report_page(office: Office) -> ReportPage:
    return office.page(ReportPage, "report")


def test_every_kind_of_finding_stands_with_its_count(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    session = office.session
    found = by_kind(check_quality(session.dossier(), session.sheet, session.gaps()))
    shown = {kind for kind, group in page.checks.groups.items() if group.isVisible()}
    assert shown == set(found)
    for kind in shown:
        assert page.checks.groups[kind].head.accessibleName().endswith(f": {len(found[kind])}")


def test_a_finding_leads_to_its_answer_by_keyboard(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    group = page.checks.groups[FindingKind.CONFLICT]
    group.head.setFocus()
    office.press("Space", "Tab", "Down", "Up", "Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address == Address("i.law")


def test_a_settled_finding_goes_away_while_one_looks(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    assert page.checks.groups[FindingKind.CONFLICT].isVisible()
    key = AnswerKey(Address("i.law"), respondent="agency-moi")
    office.desk.bridge.record(key, Content(state=State.ANSWERED, value=3))
    office.settle()
    assert not page.checks.groups[FindingKind.CONFLICT].isVisible()


def test_the_suggested_file_follows_the_chosen_format(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    assert page.report.file.text().endswith("xxa-2018-report.pdf")
    page.report.tiles["xlsx"].click()
    assert page.report.file.text().endswith("xxa-2018-report.xlsx")


def test_a_report_holds_the_answer_given_a_moment_before(
    tmp_path: Path, at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at_work()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page = report_page(office)
    page.report.tiles["html"].click()
    page.report.choose_file(tmp_path / "report.html")
    key = AnswerKey(Address("ii.name"), respondent="agency-nso")
    office.desk.bridge.record(key, Content(state=State.ANSWERED, value="Quarterly labour census"))
    office.part(QPushButton, "report_make", page).click()
    office.until(lambda: bool(page.report.outcome), PATIENCE_MS)
    assert "is ready" in page.report.outcome
    assert "Quarterly labour census" in (tmp_path / "report.html").read_text(encoding="utf-8")
    next(b for b in page.findChildren(QPushButton) if b.text() == "Open it").click()
    assert opened == [str(tmp_path / "report.html")]


def test_a_cancelled_report_says_so_and_can_be_made_again(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.choose_file(tmp_path / "report.pdf")
    make, cancel = page.report.make, page.report.cancel
    make.click()
    assert not make.isEnabled()
    assert cancel.isVisible()
    cancel.click()
    office.until(lambda: bool(page.report.outcome), PATIENCE_MS)
    assert "Cancelled" in page.report.outcome
    assert make.isEnabled()
    assert not (tmp_path / "report.pdf").exists()


def test_a_place_that_does_not_exist_is_said_before_anything_starts(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.file.setText("/no/such/folder/report.pdf")
    page.report.start()
    assert "no such folder" in page.report.outcome
    assert not page.report.job.is_running


def test_closing_the_window_stops_a_running_report(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.choose_file(tmp_path / "report.pdf")
    page.report.start()
    office.until(lambda: page.report.job.is_running)
    job = page.report.job
    stopped: list[bool] = []
    job.cancelled.connect(lambda: stopped.append(True))
    office.leave()
    assert stopped == [True]


def test_f11_leads_to_the_report(at_work: AtWork) -> None:
    office = at_work()
    office.press("F11")
    assert office.desk.page_name == "report"
    assert office.focused().objectName() == "format_pdf"


@pytest.mark.parametrize(
    ("given", "expected"),
    [("geo.pdf", "geo.xlsx"), ("geo.v2", "geo.v2.xlsx"), ("geo", "geo.xlsx"), ("geo.xlsx", "geo.xlsx")],
)
def test_a_chosen_name_keeps_its_own_dots_and_gets_the_ending_of_the_format(
    tmp_path: Path, at_work: AtWork, given: str, expected: str
) -> None:
    office = at_work()
    page = report_page(office)
    page.report.tiles["xlsx"].click()
    page.report.choose_file(tmp_path / given)
    assert page.report.file.text() == str(tmp_path / expected)
