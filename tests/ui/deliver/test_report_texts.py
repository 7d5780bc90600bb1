"""The text of the report: main messages and comments, edited in the window and printed."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume, Withheld
from capacity_app.i18n.translator import Translator
from capacity_app.services.exports import HISTORY_COLUMNS, history_rows
from capacity_app.services.reports import main_messages, report_bytes
from capacity_app.services.session.demonstration import demonstration
from capacity_app.ui.pages.deliver.report_page import ReportPage, ReportTextsDialog
from capacity_app.ui.theme.fonts_and_sizes import running_application, set_zoom
from capacity_app.ui.widgets.buttons import Button
from tests.outputs.reading import pdf_text
from tests.ui.office import Office

AtWork = Callable[..., Office]


def report_page(office: Office) -> ReportPage:
    return office.page(ReportPage, "report")


def open_texts(office: Office) -> ReportTextsDialog:
    report_page(office).report.texts.click()
    office.settle()
    return next(one for one in QApplication.topLevelWidgets() if isinstance(one, ReportTextsDialog) and one.isVisible())


def created_pdf(office: Office, file: Path) -> str:
    """Create the report that the form describes and return its text."""
    form = report_page(office).report
    form.choose_file(file)
    form.foot.make.click()
    office.until(lambda: not form.maker.is_running, 60_000)
    return pdf_text(file)


def brief(office: Office) -> str:
    profile = ReportProfile(ReportVolume.BRIEF)
    return report_bytes(office.session.dossier(), ".html", texts=Translator("en"), profile=profile).decode()


@pytest.mark.check
def test_the_editor_begins_with_the_generated_text_and_keeps_only_another_one(at_work: AtWork) -> None:
    office = at_work(demonstration()[0])
    dialog = open_texts(office)
    generated = main_messages(office.session.dossier(), Translator("en"))
    assert dialog.messages.toPlainText() == generated.replace("\u00a0", " ")
    dialog.accept()
    assert office.session.mission.main_messages == ""


@pytest.mark.check
def test_written_messages_are_printed_and_undone(at_work: AtWork) -> None:
    office = at_work()
    dialog = open_texts(office)
    dialog.messages.setPlainText("The country can count who comes\n– and not who leaves.")
    dialog.comments.setPlainText("We agree.")
    dialog.accept()
    office.settle()
    page = brief(office)
    assert "The country can count who comes" in page
    assert "<li>and not who leaves.</li>" in page
    assert office.session.mission.authority_comments == "We agree."
    office.window.activateWindow()
    report_page(office).report.foot.make.setFocus()
    office.settle()
    office.press("Ctrl+Z")
    assert office.session.mission.main_messages == ""


@pytest.mark.check
def test_every_wording_of_the_main_messages_stays_in_the_history(at_work: AtWork) -> None:
    office = at_work()
    for wording in ("The first wording", "The second wording"):
        dialog = open_texts(office)
        dialog.messages.setPlainText(wording)
        dialog.accept()
        office.settle()
    rows = (dict(zip(HISTORY_COLUMNS, row, strict=True)) for row in history_rows(office.session))
    missions = [json.loads(row["content"]) for row in rows if row["register"] == "mission"]
    assert [one["main_messages"] for one in missions[-2:]] == ["The first wording", "The second wording"]


def test_the_generated_text_comes_back_at_a_press(at_work: AtWork) -> None:
    office = at_work()
    dialog = open_texts(office)
    dialog.messages.setPlainText("Other")
    dialog.accept()
    office.settle()
    dialog = open_texts(office)
    assert dialog.messages.toPlainText() == "Other"
    office.part(Button, "report_texts_generated", dialog).click()
    dialog.accept()
    assert office.session.mission.main_messages == ""


def test_cancel_changes_nothing(at_work: AtWork) -> None:
    office = at_work()
    before = office.session.mission
    dialog = open_texts(office)
    dialog.messages.setPlainText("Other")
    dialog.reject()
    assert office.session.mission == before


@pytest.mark.check
def test_a_text_older_than_the_answers_stands_beside_the_generated_one(at_work: AtWork) -> None:
    office = at_work(demonstration()[0])
    office.desk.controller.put(replace(office.session.mission, main_messages="Other"))
    dialog = open_texts(office)
    assert not dialog.generated.isVisible()
    dialog.reject()
    answer = office.session.dossier().answers[0]
    office.desk.controller.record(answer.key, replace(answer.content, note="Seen on paper."))
    dialog = open_texts(office)
    assert dialog.outdated.isVisible()
    assert "have changed since this text was written" in dialog.outdated.text()
    assert "What changed since 2018" in dialog.generated.toPlainText()
    assert dialog.generated.isVisible()
    dialog.compare.click()
    assert not dialog.generated.isVisible()
    dialog.again.click()
    assert not dialog.outdated.isVisible()


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 200])
def test_every_control_is_reached_by_tab_and_named(at_work: AtWork, zoom: int) -> None:
    office = at_work(demonstration()[0])
    set_zoom(running_application(), zoom)
    office.desk.controller.put(replace(office.session.mission, main_messages="Other"))
    dialog = open_texts(office)
    try:
        dialog.messages.setFocus()
        names = []
        for _ in range(12):
            focused = QApplication.focusWidget()
            if focused is None or focused.objectName() in names:
                break
            names.append(focused.objectName())
            assert focused.accessibleName() or getattr(focused, "text", str)(), focused.objectName()
            assert focused.visibleRegion().boundingRect().width() == focused.width(), focused.objectName()
            office.press("Tab")
        assert {"main_messages", "report_texts_generated", "report_texts_compare", "authority_comments",
                "report_texts_save", "report_texts_cancel"} <= set(names)  # fmt: skip
        for button in dialog.findChildren(Button):
            assert button.height() >= 36, button.objectName()
    finally:
        set_zoom(running_application(), 100)


@pytest.mark.check
def test_a_brief_as_pdf_prints_the_typed_text_and_after_undo_the_generated_one(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work(demonstration()[0])
    page = report_page(office)
    page.report.volume.setCurrentIndex(page.report.volume.findData(ReportVolume.BRIEF.value))
    dialog = open_texts(office)
    dialog.messages.setPlainText("Our own headline")
    office.part(Button, "report_texts_save", dialog).click()
    office.settle()
    assert "Our own headline" in created_pdf(office, tmp_path / "own.pdf")
    office.desk.controller.undo()
    generated = created_pdf(office, tmp_path / "generated.pdf")
    assert "Our own headline" not in generated
    assert "Where the country stands" in generated


@pytest.mark.parametrize("profile", ["no-names", "no-scores", "full"])
def test_choices_kept_by_version_0_6_leave_out_the_same(at_work: AtWork, profile: str) -> None:
    office = at_work()
    kept = {"format": "docx", "language": "en", "second": "", "profile": profile, "parts": ["cover", "gaps"]}
    office.settings.remember_report(office.session.assessment_id, kept)
    form = report_page(office).report
    assert form.suffix == "docx"
    assert form.choices.profile == ReportProfile(
        ReportVolume.REPORT, frozenset(one for one in Withheld if one.value == profile)
    )
