"""When the disk says no: what was typed stays on screen, nothing is called saved, and it can be brought to safety."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QPushButton, QTextEdit

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.ui.widgets.banners import Banner
from tests.builders import DEVICE, file_of
from tests.faults.disks import Disk, SmallDisk, limited_files, small_disk
from tests.faults.sentences import is_plain
from tests.ui.office import Office

PATIENCE_MS = 30_000
NAME = AnswerKey(Address("ii.name"), respondent="agency-nso")
STAFF = AnswerKey(Address("ii.staff"), respondent="agency-nso")
TYPED = "Ministry for Migration, Asylum and Integration"


@pytest.fixture(params=["small disk", "limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Disk]:
    """Yield a disk that can be full: a small one, or any with a limit for this process."""
    if request.param == "limit":
        with limited_files(tmp_path / "disk") as limited:
            yield limited
        return
    with small_disk(tmp_path / "disk", 400) as small:
        if small is None:
            pytest.skip("nothing may be mounted here")
        yield small


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[SmallDisk]:
    """Yield a disk that can be pulled out."""
    with small_disk(tmp_path / "stick", 400) as small:
        if small is None:
            pytest.skip("nothing may be mounted here")
        yield small


def said(file: Path, key: AnswerKey = NAME) -> object:
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        return session.content(key).value


def buttons(office: Office) -> dict[str, QPushButton]:
    office.settle()
    banners = office.desk.banners.findChildren(Banner)
    return {b.text(): b for banner in banners for b in banner.findChildren(QPushButton) if b.isVisible()}


def text_in_focus() -> str:
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit | QPlainTextEdit | QTextEdit), field
    return field.text() if isinstance(field, QLineEdit) else field.toPlainText()


class Watch:
    """Notes everything the status line ever says."""

    def __init__(self, office: Office) -> None:
        self.heard: list[str] = []
        office.desk.state.changed.connect(lambda: self.heard.append(office.window.top_bar.state.full_text))

    def expect_nothing_called_saved(self) -> None:
        assert not [text for text in self.heard if text.startswith("Saved") or "is saved" in text]


def type_name(office: Office, there: str = "") -> None:
    """Type into a text field, after what is there, and rest until it is committed."""
    office.desk.show_address(NAME.address)
    office.settle()
    office.press("End")
    office.write(TYPED)
    office.until(lambda: office.session.content(NAME).value == there + TYPED)


def until_failed(office: Office) -> None:
    office.until(lambda: office.window.top_bar.state.full_text == "Not saved", PATIENCE_MS)


def opened_on(office: Office, folder: Path) -> Office:
    office.open(file_of(folder))
    return office


@pytest.mark.check
def test_what_was_typed_stays_on_screen_and_try_again_saves_it_once_there_is_room(disk: Disk, office: Office) -> None:
    opened_on(office, disk.folder)
    file = office.session.file
    disk.fill()
    watch = Watch(office)
    type_name(office)
    until_failed(office)
    (sentence,) = office.desk.banners.sentences()
    assert all(is_plain(f"{part}.") for part in sentence.removesuffix(".").split(". ")), sentence
    assert "1 change is kept in memory" in sentence
    assert {"Save a copy elsewhere", "Try again"} <= set(buttons(office))
    assert text_in_focus() == TYPED
    buttons(office)["Try again"].click()
    until_failed(office)
    assert text_in_focus() == TYPED
    watch.expect_nothing_called_saved()
    disk.free()
    assert said(file) is None
    buttons(office)["Try again"].click()
    office.until(lambda: office.window.top_bar.state.full_text.startswith("Saved "), PATIENCE_MS)
    assert said(file) == TYPED
    assert office.desk.banners.sentences() == ()


@pytest.mark.check
def test_typing_goes_on_while_nothing_can_be_saved_and_all_of_it_is_saved_in_the_end(
    disk: Disk, office: Office
) -> None:
    opened_on(office, disk.folder)
    file = office.session.file
    disk.fill()
    watch = Watch(office)
    type_name(office)
    until_failed(office)
    for number in range(60):
        office.desk.controller.record(STAFF, Content(state=AnswerState.ANSWERED, value=number))
        if number % 20 == 0:
            until_failed(office)
    type_name(office, TYPED)
    until_failed(office)
    watch.expect_nothing_called_saved()
    office.until(lambda: "changes are kept in memory" in office.desk.banners.sentences()[0])
    disk.free()
    office.press("Ctrl+S")
    office.until(lambda: office.window.top_bar.state.full_text.startswith("Saved "), PATIENCE_MS)
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        numbers = [one.content.value for one in reversed(session.history(STAFF.address)) if one.key == STAFF]
        assert numbers[-60:] == list(range(60))
        assert session.content(NAME).value == TYPED + TYPED


@pytest.mark.check
def test_a_copy_elsewhere_holds_what_is_not_saved_and_can_be_worked_on(
    stick: SmallDisk, office: Office, tmp_path: Path
) -> None:
    opened_on(office, stick.folder)
    stick.fill()
    type_name(office)
    until_failed(office)
    copy = tmp_path / "rescued.assessment"
    office.window.save_copy(copy)
    assert said(copy) == TYPED
    office.desk.controller.record(STAFF, Content(state=AnswerState.ANSWERED, value=76))
    until_failed(office)
    office.window.close()
    office.until(lambda: "Close without the last changes" in buttons(office), PATIENCE_MS)
    buttons(office)["Work on the copy"].click()
    office.until_saved()
    assert office.window.isVisible()
    assert str(copy) in office.window.top_bar.country.toolTip()
    assert office.desk.banners.sentences() == ()
    assert office.session.file == copy
    assert (said(copy, STAFF), said(copy)) == (76, TYPED)
    office.desk.controller.record(STAFF, Content(state=AnswerState.ANSWERED, value=77))
    office.until_saved()
    assert (said(copy, STAFF), said(copy)) == (77, TYPED)
    stick.free()
    assert said(stick.folder / "small.assessment") is None


@pytest.mark.check
def test_a_copy_that_finds_no_room_either_is_refused_and_leaves_nothing(disk: Disk, office: Office) -> None:
    opened_on(office, disk.folder)
    disk.fill()
    type_name(office)
    until_failed(office)
    office.window.save_copy(disk.folder / "copy.assessment")
    assert len(office.desk.banners.sentences()) == 2
    assert text_in_focus() == TYPED
    assert not list(disk.folder.glob("*copy*")) + list(disk.folder.glob(".*copy*"))
    assert office.window.top_bar.state.full_text == "Not saved"
    disk.free()
    office.press("Ctrl+S")
    office.until_saved()


@pytest.mark.check
def test_closing_is_held_back_until_somebody_decides(disk: Disk, office: Office) -> None:
    opened_on(office, disk.folder)
    file = office.session.file
    disk.fill()
    type_name(office)
    until_failed(office)
    office.window.close()
    assert office.window.isVisible()
    office.until(lambda: "Close without the last changes" in buttons(office), PATIENCE_MS)
    assert "Save a copy elsewhere" in buttons(office)
    assert office.session.content(NAME).value == TYPED
    disk.free()
    office.press("Ctrl+S")
    office.until(lambda: not office.window.isVisible(), PATIENCE_MS)
    assert said(file) == TYPED


def expect_recovered(office: Office, original: Path) -> Path:
    """Expect everything in a copy that is written from then on, told in a banner; give the copy."""
    office.until(lambda: office.session.file != original, PATIENCE_MS)
    office.until_saved()
    copy = office.session.file
    assert said(copy) == TYPED
    assert text_in_focus() == TYPED
    (sentence,) = office.desk.banners.sentences()
    assert original.name in sentence
    assert copy.name in sentence
    assert all(is_plain(f"{part}.") for part in sentence.removesuffix(".").split(". ")), sentence
    return copy


@pytest.mark.check
def test_a_drive_that_is_pulled_out_and_put_back(office: Office, tmp_path: Path) -> None:
    folder, away = tmp_path / "drive", tmp_path / "pulled out"
    folder.mkdir()
    opened_on(office, folder)
    file = office.session.file
    folder.rename(away)
    type_name(office)
    copy = expect_recovered(office, file)
    assert said(away / file.name) is None
    away.rename(folder)
    buttons(office)["Put the file back"].click()
    office.until(lambda: office.window.workspace is not None and office.session.file == file, PATIENCE_MS)
    assert said(copy) == TYPED


@pytest.mark.check
def test_a_drive_that_is_gone_for_good_leaves_a_complete_copy(stick: SmallDisk, office: Office) -> None:
    opened_on(office, stick.folder)
    file = office.session.file
    stick.pull_out()
    try:
        type_name(office)
        expect_recovered(office, file)
        office.desk.controller.record(STAFF, Content(state=AnswerState.ANSWERED, value=77))
        office.until_saved()
        assert said(office.session.file, STAFF) == 77
        office.leave()
    finally:
        stick.put_back()


@pytest.mark.check
def test_a_file_that_is_deleted_meanwhile_is_not_made_anew_and_nothing_is_lost(office: Office, tmp_path: Path) -> None:
    opened_on(office, tmp_path)
    file = office.session.file
    file.unlink()
    type_name(office)
    expect_recovered(office, file)
    assert not file.exists()
