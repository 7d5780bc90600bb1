"""A file somebody was given: chosen or dropped on the page, read elsewhere, told in words and signs."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from capacity_app import paths
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.privacy import ReportProfile, ReportVolume
from capacity_app.domain.assessment.verification import ContentMatch, Verdict
from capacity_app.domain.content_hash import format_hash
from capacity_app.i18n.translator import Translator
from capacity_app.services.protection import own_certificate_fingerprint
from capacity_app.services.reports import write_report
from capacity_app.ui.pages.deliver.file_check import FileCheckResult, parse_check_answer
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.widgets.cards import Card, Label
from tests.builders import small_dossier
from tests.outputs.forging import FORGERIES
from tests.ui.office import Office

AtWork = Callable[..., Office]
PATIENCE_MS = 60_000


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    file = tmp_path / "given.xlsx"
    write_report(small_dossier(), file, texts=Translator())
    return file


def import_page(office: Office) -> ImportPage:
    page = office.page(ImportPage, "exchange")
    page.overview.verify.click()
    return page


def check(office: Office, file: Path) -> ImportPage:
    page = import_page(office)
    page.check_card.check(file)
    office.until(lambda: bool(page.check_card.outcome), PATIENCE_MS)
    office.settle()
    return page


def told(page: ImportPage) -> list[str]:
    return [words.text() for words in page.check_card.findChildren(Label) if words.isVisible()]


@pytest.mark.check
def test_a_workbook_of_this_assessment_is_recognised(at_work: AtWork, workbook: Path) -> None:
    page = check(at_work(), workbook)
    sentence = "The content is the same as in this assessment."
    assert page.check_card.outcome == sentence
    assert {"given.xlsx", "A workbook", "2018", format_hash(small_dossier().content_hash)} <= set(told(page))
    result = page.check_card.findChild(QWidget, "check_result")
    assert result is not None
    assert result.accessibleName() == f"given.xlsx: {sentence}"


@pytest.mark.check
def test_an_answer_given_a_moment_before_makes_the_file_an_older_one(at_work: AtWork, workbook: Path) -> None:
    office = at_work()
    key = AnswerKey(Address("ii.name"), respondent="agency-nso")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="Quarterly labour census"))
    page = check(office, workbook)
    assert page.check_card.outcome == "The content is not the same as in this assessment."
    assert "The last answer in small.assessment has a later time." in told(page)


@pytest.mark.check
def test_a_pdf_file_that_nobody_signed_gets_its_sentence(tmp_path: Path, at_work: AtWork) -> None:
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    page = check(at_work(), tmp_path / "letter.pdf")
    assert page.check_card.outcome == "This PDF file is not signed."
    assert page.check_card.button.isEnabled()


@pytest.mark.check
def test_a_file_that_cannot_be_read_gets_its_sentence(tmp_path: Path, at_work: AtWork) -> None:
    (tmp_path / "book.xlsx").write_bytes(b"PK and nothing more")
    page = check(at_work(), tmp_path / "book.xlsx")
    assert "book.xlsx" in page.check_card.outcome
    assert page.check_card.button.isEnabled()


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "given.pdf"
    write_report(small_dossier(), file, texts=Translator(), profile=ReportProfile(ReportVolume.BRIEF))
    return file


def colour(page: ImportPage) -> str:
    card = page.check_card.findChild(Card, "check_result")
    assert card is not None
    return card._edge


@pytest.mark.check
def test_an_intact_report_of_this_computer_is_recognised(at_work: AtWork, report: Path) -> None:
    page = check(at_work(), report)
    assert (page.check_card.outcome, colour(page)) == ("The content is the same as in this assessment.", "good")
    digits = format_hash(own_certificate_fingerprint())
    assert (
        f"Not one byte of this file has changed since this computer signed it with the certificate {digits}."
        in told(page)
    )


@pytest.mark.check
@pytest.mark.parametrize(
    "how",
    [
        "another score drawn over",
        pytest.param("a revision appended", marks=pytest.mark.check),
        pytest.param("made anew with copied metadata", marks=pytest.mark.check),
    ],
)
def test_a_changed_report_gets_no_good_word(at_work: AtWork, report: Path, how: str) -> None:
    report.write_bytes(FORGERIES[how](report.read_bytes()))
    page = check(at_work(), report)
    assert page.check_card.outcome in {"This PDF file was changed after it was signed.", "This PDF file is not signed."}
    assert colour(page) == "danger"
    assert not [line for line in told(page) if "content" in line]


@pytest.mark.check
def test_a_report_of_another_computer_asks_for_its_certificate(at_work: AtWork, report: Path) -> None:
    paths.signing_certificate_file().unlink()
    page = check(at_work(), report)
    assert page.check_card.outcome == "The file says that it was made from the content of this assessment."
    assert colour(page) == "warning"


def test_a_check_can_be_cancelled(at_work: AtWork, workbook: Path) -> None:
    office = at_work()
    page = import_page(office)
    page.check_card.check(workbook)
    office.until(lambda: page.file_check.is_running)
    assert not page.check_card.button.isEnabled()
    assert page.check_card.cancel.isVisible()
    page.check_card.cancel.click()
    office.until(lambda: not page.file_check.is_running, PATIENCE_MS)
    assert page.check_card.outcome == ""
    assert page.check_card.button.isEnabled()
    assert not page.check_card.cancel.isVisible()


def offer(page: ImportPage, file: Path) -> bool:
    """Hold a file over the page and let go if the page takes it."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    held = QDragEnterEvent(QPointF(9, 9).toPoint(), copy, mime, left, none)
    page.dragEnterEvent(held)
    is_taken = held.isAccepted()
    if is_taken:
        page.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, left, none))
    return is_taken


@pytest.mark.check
def test_a_file_dropped_on_the_page_is_checked_and_its_outcome_brought_into_view(
    at_work: AtWork, workbook: Path
) -> None:
    office = at_work()
    page = import_page(office)
    assert offer(page, workbook)
    office.until(lambda: bool(page.check_card.outcome), PATIENCE_MS)
    office.settle()
    result = page.check_card.findChild(QWidget, "check_result")
    assert result is not None
    assert not result.visibleRegion().isEmpty()


def test_a_dropped_assessment_is_left_to_the_window(at_work: AtWork) -> None:
    office = at_work()
    page = import_page(office)
    assert not offer(page, office.session.file)
    assert not page.file_check.is_running


def test_a_file_is_chosen_by_keyboard(at_work: AtWork) -> None:
    office = at_work()
    page = import_page(office)
    assert office.focused() is page.check_card.button
    office.tab_to("check_back")
    office.press("Return")
    assert office.focused() is page.overview.take


def test_an_answer_is_read_whatever_the_child_says() -> None:
    nothing = FileCheckResult(file="", is_good=False, match=None, told=(), facts=(), damage=())
    assert parse_check_answer({}) == nothing
    assert parse_check_answer({"match": "else", "facts": "none", "observations": None}) == nothing
    answer = {
        "file": "a", "ok": True, "match": "same",
        "observations": [
            {"code": "content.same", "verdict": "good", "text": "said by the heading"},
            {"code": "print.unknown", "verdict": "note", "text": "seen"},
        ],
        "facts": [{"name": "round", "label": "Round", "text": "2018"}],
        "damage": [{"place": "p", "message": "m"}],
    }  # fmt: skip
    assert parse_check_answer(answer) == FileCheckResult(
        "a", is_good=True, match=ContentMatch.SAME, told=((Verdict.NOTE, "seen"),), facts=(("Round", "2018"),),
        damage=("p: m",),
    )  # fmt: skip
