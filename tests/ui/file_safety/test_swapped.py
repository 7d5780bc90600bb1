"""A file swapped while it is open, as OneDrive and Dropbox do: own work is safe at once, and both come together."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.ui.pages.deliver.import_page import ImportPage
from capacity_app.ui.pages.deliver.merge_page import ConflictsPage
from capacity_app.ui.widgets.messages import toast_corner
from tests.builders import file_of, open_session
from tests.places import names_in
from tests.ui.office import Office

AtWork = Callable[[Dossier | None], Office]
PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")
WHY = AnswerKey(Address("i.why"), respondent="agency-nso")


def _level(value: int) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value)


def _recovered(folder: Path) -> list[Path]:
    return sorted(folder.glob("small (recovered 20??-??-??*).assessment"))


def _choices(office: Office) -> dict[str, QPushButton]:
    return {button.text(): button for button in office.desk.banners.findChildren(QPushButton, "banner_button")}


def _come_back_to(office: Office) -> None:
    QApplication.sendEvent(office.window, QEvent(QEvent.Type.WindowActivate))


def _colleagues_version(file: Path, tmp_path: Path) -> Path:
    """Make what a sync client brings: a copy in which a colleague has answered something else."""
    theirs = tmp_path / "cloud" / file.name
    theirs.parent.mkdir()
    shutil.copy(file, theirs)
    with open_session(theirs, author="B. Colleague") as session:
        session.record(WHY, Content(state=AnswerState.ANSWERED, value="Said by the colleague."))
    return theirs


@pytest.fixture
def swapped(tmp_path: Path, at_work: AtWork) -> Office:
    """A window with an answer of its own, whose file a sync client has just replaced."""
    office = at_work(None)
    file = office.session.file
    theirs = _colleagues_version(file, tmp_path)
    office.desk.controller.record(PLAN, _level(3))
    office.until_saved()
    theirs.replace(file)
    return office


def test_a_swap_is_noticed_before_the_next_saved_and_own_work_is_safe_at_once(swapped: Office, tmp_path: Path) -> None:
    theirs = (tmp_path / "small.assessment").read_bytes()
    swapped.desk.controller.record(AnswerKey(Address("i.law"), respondent="agency-nso"), _level(0))
    swapped.until(lambda: bool(_recovered(tmp_path)))
    swapped.until_saved()
    (recovered,) = _recovered(tmp_path)
    assert swapped.session.file == recovered
    assert (tmp_path / "small.assessment").read_bytes() == theirs
    assert "was replaced by another program" in swapped.desk.banners.sentences()[-1]
    assert recovered.name in swapped.desk.banners.sentences()[-1]
    assert recovered.name in swapped.window.windowTitle()
    with open_session(recovered, read_only=True) as session:
        assert session.content(PLAN) == _level(3)
        assert session.content(AnswerKey(Address("i.law"), respondent="agency-nso")) == _level(0)


def test_a_swap_is_noticed_when_the_window_is_come_back_to(swapped: Office, tmp_path: Path) -> None:
    _come_back_to(swapped)
    swapped.until(lambda: bool(_recovered(tmp_path)))
    swapped.until_saved()
    assert set(_choices(swapped)) == {"Merge both files", "Work on the recovered copy"}


def test_what_is_typed_after_the_swap_goes_to_the_recovered_copy(swapped: Office, tmp_path: Path) -> None:
    _come_back_to(swapped)
    swapped.until(lambda: bool(_recovered(tmp_path)))
    _choices(swapped)["Work on the recovered copy"].click()
    for value in (0, 1, 2):
        swapped.desk.controller.record(PLAN, _level(value))
    swapped.until_saved()
    swapped.window.leave_and(swapped.window.show_start)
    swapped.until(lambda: swapped.window.workspace is None)
    (recovered,) = _recovered(tmp_path)
    with open_session(recovered, read_only=True) as session:
        assert session.content(PLAN) == _level(2)
        assert len(session.history(PLAN.address)) == 6
    assert names_in(tmp_path) == sorted(["cloud", "settings.ini", "small.assessment", recovered.name])


def test_both_are_brought_together_through_the_preview_of_a_merge(swapped: Office, tmp_path: Path) -> None:
    _come_back_to(swapped)
    swapped.until(lambda: bool(_recovered(tmp_path)))
    swapped.until_saved()
    _choices(swapped)["Merge both files"].click()
    swapped.until(lambda: swapped.desk.session.file.name == "small.assessment")
    page = swapped.page(ImportPage, "exchange")
    swapped.until(lambda: isinstance(page.view, ConflictsPage))
    assert isinstance(page.view, ConflictsPage)
    page.view.act.click()
    swapped.until_saved()
    assert swapped.session.content(PLAN) == _level(3)
    assert swapped.session.content(WHY).value == "Said by the colleague."
    assert not swapped.session.conflicts()


def test_a_newer_version_that_holds_everything_is_only_opened_anew(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work(None)
    theirs = _colleagues_version(office.session.file, tmp_path)
    theirs.replace(office.session.file)
    _come_back_to(office)
    office.until(lambda: "Open again" in _choices(office))
    assert not _recovered(tmp_path)
    _choices(office)["Open again"].click()
    office.until(lambda: office.session.content(WHY).value == "Said by the colleague.")
    assert not office.desk.banners.sentences()


def test_a_swap_noticed_on_leaving_keeps_the_window_open_once(swapped: Office, tmp_path: Path) -> None:
    swapped.window.leave_and(swapped.window.show_start)
    swapped.until(lambda: bool(_recovered(tmp_path)))
    swapped.settle()
    assert swapped.window.workspace is not None
    assert "was replaced" in swapped.desk.banners.sentences()[-1]
    swapped.until_saved()
    swapped.window.leave_and(swapped.window.show_start)
    swapped.until(lambda: swapped.window.workspace is None)


def test_a_deleted_file_is_put_back_and_work_goes_on_in_it(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work(None)
    file = office.session.file
    file.unlink()
    office.desk.controller.record(PLAN, _level(1))
    office.until(lambda: "Put the file back" in _choices(office))
    office.until_saved()
    _choices(office)["Put the file back"].click()
    office.desk.controller.record(PLAN, _level(0))
    office.until_saved()
    assert office.session.file == file
    assert not _recovered(tmp_path)
    assert not office.desk.banners.sentences()
    with open_session(file, read_only=True) as session:
        assert session.content(PLAN) == _level(0)


def test_a_file_that_comes_back_by_itself_is_merged_with(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work(None)
    file, elsewhere = office.session.file, tmp_path / "stick"
    file.rename(elsewhere)
    office.desk.controller.record(PLAN, _level(1))
    office.until(lambda: "Put the file back" in _choices(office))
    elsewhere.rename(file)
    _choices(office)["Put the file back"].click()
    office.until(lambda: office.session.file == file)
    page = office.page(ImportPage, "exchange")
    office.until(lambda: isinstance(page.view, ConflictsPage))


def test_a_folder_that_is_gone_leaves_the_work_in_the_persons_own_folder(tmp_path: Path, office: Office) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    office.open(file_of(stick))
    stick.rename(tmp_path / "unplugged")
    office.desk.controller.record(PLAN, _level(1))
    office.until(lambda: bool(office.desk.banners.sentences()))
    office.until_saved()
    assert office.session.file.parent == Path(os.environ["XDG_DATA_HOME"]) / "capacity-app" / "recovered"
    assert str(office.session.file) in office.desk.banners.sentences()[-1]
    with open_session(office.session.file, read_only=True) as session:
        assert session.content(PLAN) == _level(1)


@pytest.mark.parametrize("what", ["truncated", "older", "rubbish"])
def test_a_file_overwritten_in_place_is_noticed(tmp_path: Path, at_work: AtWork, what: str) -> None:
    office = at_work(None)
    file = office.session.file
    older = file.read_bytes()
    for value in (0, 1, 0):
        office.desk.controller.record(PLAN, _level(value))
        office.until_saved()
    content = {"truncated": b"", "older": older, "rubbish": b"rubbish " * 4_000}[what]
    with file.open("r+b") as stream:
        stream.write(content)
        stream.truncate(len(content))
    office.desk.controller.record(PLAN, _level(3))
    office.until(lambda: bool(_recovered(tmp_path)))
    office.until_saved()
    assert file.read_bytes() == content
    with open_session(_recovered(tmp_path)[0], read_only=True) as session:
        assert session.content(PLAN) == _level(3)


def test_a_second_swap_on_one_day_makes_a_second_copy(swapped: Office, tmp_path: Path) -> None:
    _come_back_to(swapped)
    swapped.until(lambda: len(_recovered(tmp_path)) == 1)
    swapped.until_saved()
    swapped.session.file.write_bytes(b"")
    swapped.desk.controller.record(PLAN, _level(2))
    swapped.until(lambda: len(_recovered(tmp_path)) == 2)
    swapped.until_saved()
    assert all(file.name.count("recovered") == 1 for file in _recovered(tmp_path))


@pytest.mark.check
@pytest.mark.parametrize("name", ["small (conflicted copy 2026-11-21).assessment", "small-LAPTOP.assessment"])
def test_a_conflicted_copy_beside_is_offered_to_be_merged(tmp_path: Path, office: Office, name: str) -> None:
    file = file_of(tmp_path)
    theirs = _colleagues_version(file, tmp_path)
    theirs.rename(tmp_path / name)
    office.open(file)
    office.until(lambda: bool(office.desk.banners.sentences()))
    assert f"“{name}”" in office.desk.banners.sentences()[-1]
    (toast,) = toast_corner(office.window).toasts
    assert toast.labels == ("Bring them together",)
    office.desk.banners.button("Bring them together").click()
    office.settle()
    assert office.desk.banners.sentences() == ()
    page = office.page(ImportPage, "exchange")
    office.until(lambda: isinstance(page.view, ConflictsPage))


@pytest.mark.check
def test_a_copy_beside_is_offered_on_the_page_until_it_is_merged(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    _colleagues_version(file, tmp_path).rename(tmp_path / "small-LAPTOP.assessment")
    office.open(file)
    office.until(lambda: bool(office.desk.banners.sentences()))
    (toast,) = toast_corner(office.window).toasts
    toast.go()
    page = office.page(ImportPage, "exchange")
    unite = page.overview.unite
    assert unite.isVisible()
    unite.click()
    office.until(lambda: isinstance(page.view, ConflictsPage))
    office.part(QPushButton, "merge_act").click()
    office.settle()
    assert page.view is None
    assert not unite.isVisible()
    assert office.desk.banners.sentences() == ()


@pytest.mark.check
def test_copies_that_say_nothing_new_and_other_files_are_not_mentioned(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    shutil.copy(file, tmp_path / "small-copy.assessment")
    (tmp_path / "small-rubbish.assessment").write_bytes(b"rubbish")
    (tmp_path / "other").mkdir()
    other = file_of(tmp_path / "other")
    with open_session(other) as session:
        session.record(PLAN, _level(0))
    other.rename(tmp_path / "different.assessment")
    office.open(file)
    office.qtbot.wait(900)
    office.desk.stop_jobs()
    office.settle()
    assert not office.desk.banners.sentences()
