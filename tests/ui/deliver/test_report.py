"""The report form: a report is created, cancelled or refused in words, beside the points to review."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.findings import FindingKind
from capacity_app.domain.assessment.privacy import ReportProfile, Withheld
from capacity_app.domain.content_hash import format_hash
from capacity_app.i18n.translator import Translator
from capacity_app.services.result_tables import weak_points
from capacity_app.ui.pages.deliver.report_choices import REPORT_FORMATS, VOLUME_SENTENCES
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.session.jobs import ReportOptions
from capacity_app.ui.shell.page_table import Task
from capacity_app.ui.theme.fonts_and_sizes import set_zoom
from capacity_app.ui.widgets.cards import Label
from tests.builders import file_of, small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]
PATIENCE_MS = 60_000


def report_page(office: Office) -> ReportPage:
    return office.page(ReportPage, "report")


def test_the_points_to_review_are_counted_as_in_the_rail_and_fold_away(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    counts = Counter(point.kind for point in weak_points(office.session))
    still_open = counts[FindingKind.OPEN]
    points = counts.total() - still_open
    assert page.head.accessibleName() == f"Review: {points} points · Open questions: {still_open}"
    office.until(lambda: office.desk.rail.buttons[Task.DELIVER].badge == str(points))
    assert page.review.isVisible()
    page.head.click()
    assert not page.review.isVisible()
    assert page.report.foot.make.isVisible()


@pytest.mark.parametrize("zoom", [100, 200])
def test_the_button_is_seen_on_a_small_screen(at_work: AtWork, zoom: int) -> None:
    office = at_work()
    office.window.resize(1366, 730)
    set_zoom(_application(), zoom)
    page = report_page(office)
    office.settle()
    try:
        for widget in (page.report.foot.make, page.head, page.preview):
            assert widget.visibleRegion().boundingRect().size() == widget.size(), widget.objectName()
        assert page.review.isVisible() is (zoom == 100)
        if zoom == 100:
            assert page.report.width() < page.review.width() < page.preview.width()
        if zoom == 200:
            page.head.setChecked(True)
            page.review.tree.setFocus()
            assert page.review.tree.isVisible()
            assert not page.report.isVisible()
            office.press("F11")
            assert page.report.isVisible()
    finally:
        set_zoom(_application(), 100)


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


def test_the_suggested_file_is_named_by_country_round_profile_and_language(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    assert page.report.file.text().endswith("/xxa-2018-report-en.pdf")
    page.report.formats.tiles["docx"].click()
    page.report.without[Withheld.NAMES].click()
    assert page.report.file.text().endswith("/xxa-2018-report-no-names-en.docx")


@pytest.mark.parametrize("name", [made.name for made in REPORT_FORMATS])
def test_every_format_says_what_it_is_for(at_work: AtWork, name: str) -> None:
    office = at_work()
    page = report_page(office)
    page.report.formats.tiles[name].click()
    told = office.part(Label, "format_about", page).text()
    sentence = next(made.sentence for made in REPORT_FORMATS if made.name == name)
    assert told.startswith(sentence)
    assert page.report.formats.tiles[name].accessibleDescription() == sentence


def test_the_arrows_go_through_the_formats_as_they_are_read_and_round(at_work: AtWork, qapp: QApplication) -> None:
    office = at_work()
    page = report_page(office)
    office.press("F11")
    order = [made.name for made in REPORT_FORMATS]
    for name in (*order[1:], order[0]):
        office.press("Right")
        assert (page.report.suffix, office.focused().objectName()) == (name, f"format_{name}")
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    office.settle()
    office.press("Left")
    assert page.report.suffix == order[1]
    office.press("Right")
    assert page.report.suffix == order[0]


def test_every_volume_says_for_whom_it_is(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    told = []
    for place in range(page.report.volume.count()):
        page.report.volume.setCurrentIndex(place)
        told.append(office.part(Label, "profile_about", page).text())
    assert told == [*VOLUME_SENTENCES.values()]


@pytest.mark.check
def test_a_report_holds_the_answer_given_a_moment_before(
    tmp_path: Path, at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at_work()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    page = report_page(office)
    page.report.formats.tiles["html"].click()
    page.report.volume.setCurrentIndex(page.report.volume.findData("full"))
    page.report.choose_file(tmp_path / "report.html")
    key = AnswerKey(Address("ii.name"), respondent="agency-nso")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="Quarterly labour census"))
    page.report.foot.make.setFocus()
    page.report.foot.make.click()
    office.until(lambda: bool(page.report.outcome), PATIENCE_MS)
    assert "is ready" in page.report.outcome
    assert office.focused().objectName() == "banner_button"
    words = office.part(Label, "report_hash", page).text()
    assert words == format_hash(office.session.dossier().content_hash)
    assert "Quarterly labour census" in (tmp_path / "report.html").read_text(encoding="utf-8")
    next(b for b in page.findChildren(QPushButton) if b.text() == "Open report").click()
    assert opened == [str(tmp_path / "report.html")]


def test_a_cancelled_report_says_so_and_can_be_made_again(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.choose_file(tmp_path / "report.pdf")
    make, cancel = page.report.foot.make, page.report.foot.cancel
    make.setFocus()
    office.press("Enter")
    assert not make.isEnabled()
    assert cancel.isVisible()
    office.until(cancel.hasFocus)
    office.press("Space")
    office.until(lambda: bool(page.report.outcome), PATIENCE_MS)
    assert "Cancelled" in page.report.outcome
    assert make.isEnabled()
    assert office.focused() is make
    assert not (tmp_path / "report.pdf").exists()


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("", "Enter a file name."),
        ("/no/such/folder/report.pdf", "This folder does not exist. Choose another folder."),
        pytest.param(
            "/proc/report.pdf",
            "You cannot write report.pdf in this folder. Choose another folder, or close the file in other programs.",
            marks=pytest.mark.skipif(not Path("/proc").is_dir(), reason="a folder of Linux"),
        ),
    ],
)
def test_a_place_that_cannot_be_written_is_said_beside_the_field(at_work: AtWork, place: str, said: str) -> None:
    page = report_page(at_work())
    page.report.file.setText(place)
    page.report.start()
    assert not page.report.maker.job.is_running
    assert page.report.file.remark.text() == said
    assert page.report.file.hasFocus()
    page.report.file.setText("another.pdf")
    assert not page.report.file.remark.isVisible()


@pytest.mark.check
def test_a_report_cancelled_midway_leaves_the_old_file(
    tmp_path: Path, at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = at_work()
    page = report_page(office)
    old = tmp_path / "report.pdf"
    old.write_bytes(b"of last week")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(old), ""))
    page.report.file.browse()
    assert page.report.file.remark.text() == "A file of this name exists. The new report replaces it."
    steps: list[str] = []
    page.report.maker.progressed.connect(lambda step, _share: steps.append(step))
    page.report.foot.make.click()
    office.until(lambda: any("page" in step for step in steps), PATIENCE_MS)
    page.report.foot.cancel.click()
    office.until(lambda: bool(page.report.outcome), PATIENCE_MS)
    assert "Cancelled" in page.report.outcome
    assert old.read_bytes() == b"of last week"
    assert [file.name for file in tmp_path.glob("*.pdf")] == ["report.pdf"]


def test_what_was_chosen_is_remembered_for_this_assessment_only(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    page = report_page(office)
    page.report.formats.tiles["docx"].click()
    page.report.volume.setCurrentIndex(page.report.volume.findData("brief"))
    page.report.without[Withheld.SCORES].click()
    page.report.without[Withheld.ATTRIBUTION].click()
    office.come_back()
    office.open(file)
    page = report_page(office)
    assert page.report.suffix == "docx"
    assert page.report.choices == ReportOptions("en", "", ReportProfile.parse("brief no-scores no-attribution"))
    (tmp_path / "other").mkdir()
    office.open(file_of(tmp_path / "other", small_dossier(id="11111111-2222-4333-8444-555555555555")))
    page = report_page(office)
    assert page.report.suffix == "pdf"
    assert page.report.choices == ReportOptions("en", "", ReportProfile())


def test_remembered_nonsense_is_no_choice(at_work: AtWork) -> None:
    office = at_work()
    file, known = office.session.file, office.session.assessment_id
    office.leave()
    strange = {"format": "exe", "language": 7, "second": None, "profile": "no-names", "parts": ["gaps"], "without": "x"}
    office.settings.remember_report(known, strange)
    office.come()
    office.open(file)
    page = report_page(office)
    assert (page.report.suffix, page.report.choices) == (
        "pdf",
        ReportOptions("en", "", ReportProfile()),
    )


def test_a_workbook_always_holds_everything(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.formats.tiles["xlsx"].click()
    assert not page.report.volume.isEnabled()
    assert all(box.isEnabled() for box in page.report.without.values())
    assert page.report.second.isEnabled()


def test_closing_asks_before_it_cancels_a_running_report(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.choose_file(tmp_path / "report.pdf")
    page.report.start()
    office.until(lambda: page.report.maker.job.is_running)
    job = page.report.maker.job
    stopped: list[bool] = []
    job.cancelled.connect(lambda: stopped.append(True))
    office.until(office.window.job_pill.isVisible)
    office.window.close()
    assert office.window.isVisible()
    office.desk.banners.button("Cancel it and close").click()
    office.until(lambda: not office.window.isVisible())
    assert stopped == [True]


def test_the_question_at_closing_has_the_focus_and_closes_nothing_that_stays(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.choose_file(tmp_path / "report.html")
    page.report.formats.tiles["html"].click()
    office.desk.show_page("questionnaire")
    page.report.start()
    office.until(lambda: page.report.maker.job.is_running)
    office.until(office.window.job_pill.isVisible)
    before = office.window.focusWidget()
    office.window.close()
    banners = office.desk.banners
    assert office.window.focusWidget() is banners.button("Finish, then close")
    banners.button("Do not close").click()
    assert office.window.focusWidget() is before
    office.window.close()
    banners.button("Finish, then close").click()
    assert banners.sentences()[-1] == "The assessment closes when this is finished: Report."
    banners.button("Do not close").click()
    office.window.close()
    office.until(lambda: not page.report.maker.job.is_running, PATIENCE_MS)
    office.until(lambda: "Report has ended. Close the assessment?" in banners.sentences(), PATIENCE_MS)
    assert office.window.focusWidget() is banners.button("Close")
    banners.button("Do not close").click()
    assert office.window.isVisible()
    assert not banners.sentences()


@pytest.mark.check
def test_closing_waits_for_a_running_report_if_it_is_to_be_finished(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.formats.tiles["html"].click()
    page.report.choose_file(tmp_path / "report.html")
    page.report.start()
    office.until(lambda: page.report.maker.job.is_running)
    office.until(office.window.job_pill.isVisible)
    office.window.close()
    office.desk.banners.button("Finish, then close").click()
    office.until(lambda: not office.window.isVisible(), PATIENCE_MS)
    assert (tmp_path / "report.html").exists()


@pytest.mark.check
def test_the_pill_in_the_top_bar_opens_the_report_from_any_page(
    tmp_path: Path, at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    office = at_work()
    page = report_page(office)
    page.report.formats.tiles["html"].click()
    page.report.choose_file(tmp_path / "report.html")
    page.report.start()
    office.desk.show_page("mission")
    pill = office.window.job_pill
    office.until(lambda: pill.isVisible() and pill.cancel.isVisible())
    office.until(lambda: pill.isVisible() and pill.open.isVisible(), PATIENCE_MS)
    pill.open.click()
    assert opened == [str(tmp_path / "report.html")]
    pill.closer.click()
    assert not pill.isVisible()


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
    page.report.formats.tiles["xlsx"].click()
    page.report.choose_file(tmp_path / given)
    assert page.report.file.text() == str(tmp_path / expected)


@pytest.mark.check
def test_the_language_of_the_report_is_that_of_the_window_until_one_is_chosen(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    report_page(office).report.formats.tiles["docx"].click()
    office.leave()
    office.texts = Translator("es")
    office.come()
    office.open(file)
    page = report_page(office)
    assert (page.report.suffix, page.report.choices.language) == ("docx", "es")
    page.report.language.setCurrentIndex(page.report.language.findData("fr"))
    office.leave()
    office.texts = Translator("en")
    office.come()
    office.open(file)
    assert report_page(office).report.choices.language == "fr"


def test_a_second_report_takes_a_new_name_and_the_choices_stay_where_they_are(at_work: AtWork) -> None:
    office = at_work()
    page = report_page(office)
    page.report.formats.tiles["html"].click()
    first = page.report.file.path
    for name in (first.name, f"{first.stem} (2).html"):
        place = page.report.formats.mapTo(page, page.report.formats.rect().topLeft())
        assert page.report.file.path.name == name
        page.report.foot.make.click()
        office.until(lambda: bool(page.report.outcome), PATIENCE_MS)
        office.settle()
        assert page.report.outcome == f"The report is ready: {first.with_name(name)}"
        assert page.report.formats.mapTo(page, page.report.formats.rect().topLeft()) == place
    assert sorted(file.name for file in first.parent.glob("*.html")) == sorted([first.name, f"{first.stem} (2).html"])
    page.report.formats.tiles["docx"].click()
    assert page.report.outcome == "", "it was about the web page"


def test_a_name_that_was_typed_and_is_taken_is_not_written_over(tmp_path: Path, at_work: AtWork) -> None:
    page = report_page(at_work())
    (tmp_path / "report.pdf").write_bytes(b"of last week")
    page.report.choose_file(tmp_path / "report.pdf")
    assert page.report.file.remark.text() == (
        "A file of this name exists and stays. The new one will be “report (2).pdf”."
    )
    assert page.report.file.is_writable(str)
    assert page.report.file.path == tmp_path / "report (2).pdf"


def test_a_name_to_which_the_ending_is_added_after_the_dialog_is_free(
    tmp_path: Path, at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = report_page(at_work())
    (tmp_path / "report.pdf").write_bytes(b"of last week")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "report"), ""))
    page.report.file.browse()
    assert page.report.file.path == tmp_path / "report (2).pdf"


def test_after_a_larger_text_the_fields_are_as_before(at_work: AtWork) -> None:
    office = at_work()
    office.window.resize(1366, 768)
    page = report_page(office)
    office.settle()
    fields = (page.report.language, page.report.volume, page.review.section)
    before = [field.size() for field in fields]
    try:
        set_zoom(_application(), 200)
        office.settle()
        assert [field.size() for field in fields] != before
    finally:
        set_zoom(_application(), 100)
    office.settle()
    assert [field.size() for field in fields] == before
