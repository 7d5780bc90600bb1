"""The panel's evidence: dropped, pasted, linked, picked; graded, limited, opened; under a whole row or table."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget

from capacity_app.domain.assessment.answers import AnswerLayer
from capacity_app.services.session import entries_and_documents
from capacity_app.ui.widgets.text_fields import LineField
from tests.ui.answer.handing_over import drag_in, drop, files, held
from tests.ui.answer.looking import EVIDENCE, GUIDANCE, button, look_at, part, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]
PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture
def act(tmp_path: Path) -> Path:
    file = tmp_path / "act.pdf"
    file.write_bytes(PDF)
    return file


@pytest.fixture(autouse=True)
def _empty_clipboard(qapp: QApplication) -> Iterator[None]:
    yield
    QGuiApplication.clipboard().clear()
    qapp.processEvents()


def focus_tabs(desk: Desk) -> None:
    desk.page.inspector.tabs.tabBar().setFocus()


# -- dropping ----------------------------------------------------------------------------------------------------------


def test_a_file_is_dropped_anywhere_on_the_panel(desk_on: Open, act: Path) -> None:
    desk = desk_on()
    look_at(desk, "i.published", GUIDANCE)
    drop(desk, files(act))
    (entry,) = held(desk, "i.published")
    assert (entry.title, entry.file_name, entry.grade) == ("act", "act.pdf", 2)
    assert desk.session.document(entry.document) == PDF
    assert desk.page.inspector.tabs.currentIndex() == EVIDENCE
    assert "E2, document held" in shown(desk.page.inspector.evidence)
    desk.controller.undo()
    assert held(desk, "i.published") == []
    assert desk.session.entry("evidence", entry.id) is None


@pytest.mark.check
def test_several_files_are_one_step_and_each_refusal_is_said(desk_on: Open, act: Path, tmp_path: Path) -> None:
    desk = desk_on()
    look_at(desk, "i.published", EVIDENCE)
    program, folder = tmp_path / "run.exe", tmp_path / "folder"
    program.write_bytes(b"MZ")
    folder.mkdir()
    drop(desk, files(act, program, folder))
    assert len(held(desk, "i.published")) == 1
    problem = part(desk.page.inspector, QWidget, "evidence_problem")
    assert problem.isVisible()
    said = shown(desk.page.inspector.evidence)
    assert "“run.exe” is of a kind that cannot be attached" in said
    assert "“folder” is a folder. Attach the files in it." in said
    desk.controller.undo()
    assert held(desk, "i.published") == []


def test_a_link_is_dropped_from_a_browser(desk_on: Open) -> None:
    desk = desk_on()
    look_at(desk, "i.published", EVIDENCE)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/act")])
    drop(desk, mime)
    (entry,) = held(desk, "i.published")
    assert (entry.link, entry.title, entry.grade) == ("https://example.org/act", "example.org/act", 1)


def test_an_assessment_is_left_to_the_window(desk_on: Open, tmp_path: Path) -> None:
    desk = desk_on()
    look_at(desk, "i.published", EVIDENCE)
    assert not drag_in(desk.page.inspector, files(tmp_path / "other.assessment"))


def test_where_no_question_is_in_focus_nothing_can_be_dropped(desk_on: Open, act: Path) -> None:
    desk = desk_on()
    assert not drag_in(desk.page.inspector, files(act))


# -- pasting -----------------------------------------------------------------------------------------------------------


def test_a_copied_file_is_pasted(desk_on: Open, act: Path) -> None:
    desk = desk_on()
    look_at(desk, "i.published", EVIDENCE)
    QGuiApplication.clipboard().setMimeData(files(act))
    focus_tabs(desk)
    desk.press("Ctrl+V")
    assert [entry.file_name for entry in held(desk, "i.published")] == ["act.pdf"]


def test_a_copied_picture_is_kept_as_a_png(desk_on: Open) -> None:
    desk = desk_on()
    look_at(desk, "i.published", EVIDENCE)
    picture = QImage(30, 20, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.darkGreen)
    QGuiApplication.clipboard().setImage(picture)
    focus_tabs(desk)
    desk.press("Ctrl+V")
    (entry,) = held(desk, "i.published")
    assert entry.media_type == "image/png"
    assert entry.title.startswith("Picture of ")
    assert entry.file_name.startswith("picture-")
    kept = QImage.fromData(desk.session.document(entry.document))
    assert (kept.width(), kept.height()) == (30, 20)
    assert kept.pixelColor(3, 3) == picture.pixelColor(3, 3)


@pytest.mark.check
def test_a_copied_link_is_pasted_and_other_text_is_not(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.published", EVIDENCE)
    QGuiApplication.clipboard().setText("see page 12")
    button(tab, "Paste").click()
    desk.settle()
    assert "The clipboard holds no file, picture or link." in shown(tab)
    assert held(desk, "i.published") == []
    QGuiApplication.clipboard().setText("www.example.org/plan\nhttps://example.org/act")
    button(tab, "Paste").click()
    desk.settle()
    assert [entry.link for entry in held(desk, "i.published")] == [
        "https://www.example.org/plan",
        "https://example.org/act",
    ]
    assert "There is no file" not in shown(tab)


def test_a_file_pasted_into_the_link_field_is_attached_and_text_is_typed(desk_on: Open, act: Path) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.published", EVIDENCE)
    part(tab, LineField, "link").setFocus()
    QGuiApplication.clipboard().setText("https://example.org/")
    desk.press("Ctrl+V")
    assert part(tab, LineField, "link").text() == "https://example.org/"
    QGuiApplication.clipboard().setMimeData(files(act))
    desk.press("Ctrl+V")
    assert [entry.file_name for entry in held(desk, "i.published")] == ["act.pdf"]


def test_pasting_elsewhere_attaches_nothing(desk_on: Open, act: Path) -> None:
    desk = desk_on()
    look_at(desk, "i.published", GUIDANCE)
    QGuiApplication.clipboard().setMimeData(files(act))
    focus_tabs(desk)
    desk.press("Ctrl+V")
    assert held(desk, "i.published") == []


# -- choosing, limits --------------------------------------------------------------------------------------------------


def test_a_file_is_chosen_in_a_dialog_that_offers_what_may_be_held(desk_on: Open, act: Path) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.published", EVIDENCE)
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    try:
        part(tab, QAbstractButton, "attach").click()
        desk.settle()
        (dialog,) = tab.findChildren(QFileDialog)
        assert "*.pdf" in dialog.nameFilters()[0]
        assert "*.exe" not in dialog.nameFilters()[0]
        dialog.filesSelected.emit([str(act)])
        dialog.close()
        desk.settle()
    finally:
        QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, on=False)
    assert [entry.file_name for entry in held(desk, "i.published")] == ["act.pdf"]


@pytest.mark.check
def test_what_is_left_is_said_and_too_much_is_refused_with_what_to_do(
    desk_on: Open, act: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries_and_documents, "ALL_DOCUMENTS_LIMIT", 1_500_000)
    desk = desk_on()
    tab = look_at(desk, "i.published", EVIDENCE)
    assert "1.5 MB of 250 MB left" in shown(tab)
    large = tmp_path / "large.pdf"
    large.write_bytes(PDF + b" " * 1_000_000)
    drop(desk, files(large))
    assert "0.4 MB of 250 MB left" in shown(tab)
    other = tmp_path / "other.pdf"
    other.write_bytes(PDF + b"x" * 1_000_000)
    drop(desk, files(other, act))
    assert "“other.pdf” has 1.1 MB" in shown(tab)
    assert "name its link instead" in shown(tab)
    assert [entry.file_name for entry in held(desk, "i.published")] == ["large.pdf", "act.pdf"]
    monkeypatch.setattr(entries_and_documents, "DOCUMENT_LIMIT", 10)
    drop(desk, files(act))
    assert "attach the relevant part, or name its link instead" in shown(tab)


# -- whose answer ------------------------------------------------------------------------------------------------------


@pytest.mark.check
def test_another_agencys_answer_and_the_judgement_are_supported_too(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.plan", EVIDENCE)
    part(tab, QAbstractButton, "chip judgement ").click()
    desk.settle()
    desk.page.inspector.evidence.put_under("evidence-law")
    assert desk.said("i.plan").evidence == ()
    assert desk.said("i.plan", layer=AnswerLayer.JUDGEMENT).evidence == ("evidence-law",)
    look_at(desk, "i.law", EVIDENCE)
    tab = look_at(desk, "i.plan", EVIDENCE)
    assert "Assessor’s judgement\nE1, document or link named: Statistics Act" in shown(tab), "the choice is for once"


def test_details_say_more_and_raise_the_grade(desk_on: Open) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", EVIDENCE)
    assert "Attach the document itself to reach E2." in shown(tab)
    button(tab, "Details").click()
    desk.settle()
    part(tab, LineField, "title evidence-law").setFocus()
    desk.press("Ctrl+A")
    desk.write("The act of 2018")
    desk.press("Tab")
    desk.write("Official gazette")
    desk.press("Tab")
    said = shown(tab)
    assert "The act of 2018\nE3, checked against an independent source" in said
    assert "Checked against: Official gazette" in said
    assert desk.session.sheet.blocks["i.law"].grades["evidence-law"] == 3
    assert desk.page.inspector.evidence.cards[0].has_details_open
