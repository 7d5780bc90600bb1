"""The window around an assessment: what is safe, undo, coming back, copies, and closing when the disk says no."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import NOT_BEGUN
from capacity_app.domain.assessment.registers import Agency
from capacity_app.services.result_tables import weak_points
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.storage import opening
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.session.save_state import SaveStage
from capacity_app.ui.session.settings import Settings
from capacity_app.ui.shell.command_table import COMMANDS
from capacity_app.ui.shell.page_table import PAGES, TASK_PAGES, TASKS, WINDOW_PAGES, Task, pages_of
from capacity_app.ui.theme.fonts_and_sizes import ZOOMS, set_zoom
from capacity_app.ui.widgets.banners import Banner
from tests.builders import DEVICE, file_of, small_dossier
from tests.ui.office import Office, front

AtWork = Callable[..., Office]
WHERE = AnswerKey(Address("ii.staff"), respondent="agency-nso")


def say(office: Office, number: int) -> None:
    office.desk.controller.record(WHERE, Content(state=AnswerState.ANSWERED, value=number))


def said(file: Path) -> Content:
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        return session.content(WHERE)


def banner_buttons(office: Office) -> dict[str, QPushButton]:
    banners = office.desk.banners.findChildren(Banner)
    return {b.text(): b for banner in banners for b in banner.findChildren(QPushButton) if b.isVisible()}


def test_saved_is_said_after_the_commit_and_never_before(at_work: AtWork) -> None:
    office = at_work()
    say(office, 41)
    assert office.desk.state.safety is SaveStage.WAITING
    assert office.window.top_bar.state.full_text == "Saving…"
    office.until_saved()
    assert office.window.top_bar.state.full_text.startswith("Saved ")
    assert said(office.session.file).value == 41


def test_the_top_bar_says_file_agency_and_person(at_work: AtWork) -> None:
    office = at_work()
    office.window._take_name("Nino K.")
    bar = office.window.top_bar
    assert str(office.session.file) in bar.country.toolTip()
    assert bar.agency.full_text == "Recording for: NSO"
    assert (bar.author.full_text, office.session.author) == ("Nino K.", "Nino K.")


def test_ctrl_s_commits_what_is_being_typed(at_work: AtWork) -> None:
    office = at_work()
    office.desk.show_address(Address("ii.name"))
    office.write("Census office")
    office.press("Ctrl+S")
    key = AnswerKey(Address("ii.name"), respondent="agency-nso")
    assert office.session.content(key).value == "Census office"


def test_undo_says_what_it_takes_back_and_takes_it_back(at_work: AtWork) -> None:
    office = at_work()
    undo, redo = office.window.menus.actions["undo"], office.window.menus.actions["redo"]
    assert not undo.isEnabled()
    say(office, 41)
    assert undo.text() == "&Undo: answer to ii.staff"
    undo.trigger()
    assert office.session.content(WHERE).value == 12
    assert redo.text() == "&Redo: answer to ii.staff"
    redo.trigger()
    assert office.session.content(WHERE).value == 41


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("adding of an entry", lambda o: o.desk.controller.put(Agency(id="agency-new", name="Health"))),
        ("change of “Health & care”", lambda o: o.desk.controller.put(Agency(id="agency-nso", name="Health & care"))),
        ("removal of “Ministry of the Interior”", lambda o: o.desk.controller.remove("agencies", "agency-moi")),
    ],
)
def test_undo_names_register_entries(at_work: AtWork, name: str, change: Callable[[Office], object]) -> None:
    office = at_work()
    change(office)
    assert office.window.menus.actions["undo"].text() == f"&Undo: {name}".replace(" & ", " && ")


def marked(office: Office) -> list[Task]:
    return [task for task, button in office.desk.rail.buttons.items() if button.isChecked()]


@pytest.mark.check
def test_every_task_has_its_key_and_every_page_its_tab(at_work: AtWork) -> None:
    office = at_work()
    for task, info in TASKS.items():
        office.press(info.key)
        for page in pages_of(task):
            assert office.desk.page_name == page.name
            assert marked(office) == [task]
            office.press("Ctrl+PgDown")
        assert office.desk.page_name == pages_of(task)[0].name
        office.press("Ctrl+PgUp")
        assert office.desk.page_name == pages_of(task)[-1].name


@pytest.mark.check
def test_every_page_of_a_task_is_reached_by_mouse(at_work: AtWork) -> None:
    office = at_work()
    for task in Task:
        QTest.mouseClick(office.desk.rail.buttons[task], Qt.MouseButton.LeftButton)
        assert office.desk.page_name == pages_of(task)[0].name
        for number, page in enumerate(pages_of(task)):
            tab = office.part(QAbstractButton, f"{task}_tab_{number}")
            assert tab.isVisible() is (len(pages_of(task)) > 1)
            if tab.isVisible():
                QTest.mouseClick(tab, Qt.MouseButton.LeftButton)
            assert office.desk.page_name == page.name


@pytest.mark.check
def test_a_task_shows_the_page_it_was_left_at_also_on_another_day(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    office.desk.show_page("sources")
    office.press("Ctrl+4", "Ctrl+PgDown", "Ctrl+1")
    assert office.desk.page_name == "sources"
    office.come_back()
    office.open(file)
    assert office.desk.page_name == "sources"
    office.press("Ctrl+4")
    assert office.desk.page_name == "exchange"


@pytest.mark.check
def test_a_page_without_a_task_marks_none_and_leads_back(at_work: AtWork) -> None:
    office = at_work()
    office.press("Ctrl+3")
    for name in ("protection", "backups", "everything", "versions"):
        office.desk.show_page(name)
        assert marked(office) == []
    QTest.mouseClick(office.desk.tabs.back, Qt.MouseButton.LeftButton)
    assert (office.desk.page_name, marked(office)) == ("scores", [Task.ANALYSE])


@pytest.mark.check
def test_points_to_review_are_counted_once_nobody_types(at_work: AtWork) -> None:
    office = at_work()
    deliver = office.desk.rail.buttons[Task.DELIVER]
    assert not deliver.badge
    office.until(lambda: bool(deliver.badge))
    waiting = [point for point in weak_points(office.session) if point.kind not in NOT_BEGUN]
    assert deliver.accessibleDescription() == f"{len(waiting)} points to review besides what is still open"


@pytest.mark.check
def test_open_questions_are_not_counted_among_the_points_to_review(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), answers=(), actions=()))
    deliver = office.desk.rail.buttons[Task.DELIVER]
    office.desk.controller.record(WHERE, Content(state=AnswerState.UNKNOWN))
    office.until(lambda: bool(deliver.badge))
    assert deliver.badge == "1"
    assert len(weak_points(office.session)) > 1


@pytest.mark.check
def test_reopening_shows_the_page_and_question_where_one_left_off(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    office.desk.show_address(Address("ii.staff"))
    office.press("Ctrl+3")
    office.come_back()
    office.open(file)
    assert office.desk.page_name == "scores"
    assert office.desk.address == Address("ii.staff")
    office.press("Ctrl+2")
    office.leave()
    office.come()
    office.open(file)
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address == Address("ii.staff")


def test_a_killed_program_has_told_the_start_page_how_much_is_answered(at_work: AtWork) -> None:
    office = at_work()
    office.desk.show_address(Address("ii.staff"))
    say(office, 41)

    def stored() -> tuple[int, str]:
        kept = Settings(office.settings_file).recent_of(office.session.file)
        return kept.share, kept.address

    office.until(lambda: stored()[1] == "ii.staff")
    assert stored()[0] == round(office.desk.share * 100) > 0


def test_closing_keeps_what_is_still_being_typed(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    office.desk.show_address(Address("ii.name"))
    office.write("half a wor")
    office.leave()
    with AssessmentSession(file, device=DEVICE, read_only=True) as session:
        assert session.content(AnswerKey(Address("ii.name"), respondent="agency-nso")).value == "half a wor"


def test_opening_another_file_closes_the_first_one(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    first = office.session.file
    say(office, 77)
    folder = tmp_path / "other"
    folder.mkdir()
    other = file_of(folder)
    office.window.open_file(other)
    office.until(lambda: office.window.workspace is not None and office.session.file == other)
    assert said(first).value == 77
    with AssessmentSession(first, device=DEVICE) as again:
        assert not again.is_read_only


def test_a_file_open_elsewhere_is_shown_read_only_with_who_has_it(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    with AssessmentSession(file, author="Pavel Ruiz", device=DEVICE):
        office.open(file)
        assert any("Pavel Ruiz" in sentence for sentence in office.desk.banners.sentences())
        assert office.window.top_bar.state.full_text == "Read only"
        say(office, 3)
        assert office.session.content(WHERE).value == 12
        office.window.leave_and(office.window.show_start)


def test_refused_input_is_said_until_the_next_change(at_work: AtWork) -> None:
    office = at_work()
    say(office, -5)
    assert len(office.desk.banners.sentences()) == 1
    say(office, 5)
    assert office.desk.banners.sentences() == ()


def test_a_copy_holds_everything_and_can_be_worked_on(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    say(office, 41)
    copy = tmp_path / "copy.assessment"
    office.window.save_copy(copy)
    assert said(copy).value == 41
    office.desk.banners.button("Work on the copy").click()
    office.until(lambda: office.window.workspace is not None and office.session.file == copy)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon on a file that another program holds."""
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)


def lock(file: Path) -> sqlite3.Connection:
    """Hold the file as another program would, so that no commit succeeds."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    return other


@pytest.mark.usefixtures("impatient")
def test_a_failed_save_is_said_keeps_everything_and_can_be_tried_again(at_work: AtWork) -> None:
    office = at_work()
    other = lock(office.session.file)
    say(office, 41)
    office.until(lambda: office.desk.state.has_failed, 30_000)
    assert office.window.top_bar.state.full_text == "Not saved"
    assert "1 change is kept" in office.desk.banners.sentences()[0]
    other.rollback()
    other.close()
    banner_buttons(office)["Try again"].click()
    office.until_saved()
    assert said(office.session.file).value == 41
    assert office.desk.banners.sentences() == ()


@pytest.mark.usefixtures("impatient")
def test_a_window_whose_last_change_is_not_saved_stays_open_and_offers_a_copy(tmp_path: Path, at_work: AtWork) -> None:
    office = at_work()
    other = lock(office.session.file)
    say(office, 41)
    office.window.close()
    assert office.window.isVisible()
    office.until(lambda: "Close without the last changes" in banner_buttons(office), 30_000)
    copy = tmp_path / "rescued.assessment"
    office.window.save_copy(copy)
    assert said(copy).value == 41
    banner_buttons(office)["Close without the last changes"].click()
    office.until(lambda: not office.window.isVisible(), 30_000)
    other.rollback()
    other.close()
    assert said(office.settings_file.parent / copy.name).value == 41


def test_a_window_closes_by_itself_once_the_disk_has_everything(at_work: AtWork) -> None:
    office = at_work()
    file = office.session.file
    other = lock(file)
    say(office, 41)
    office.window.close()
    assert office.window.isVisible()
    other.rollback()
    other.close()
    office.until(lambda: not office.window.isVisible(), 30_000)
    assert said(file).value == 41


def test_zoom_goes_through_the_offered_sizes_and_is_remembered(office: Office, qapp: QApplication) -> None:
    normal = qapp.font().pointSizeF()
    for _ in range(len(ZOOMS) + 2):
        office.press("Ctrl++")
    assert qapp.font().pointSizeF() == pytest.approx(2 * normal)
    office.come_back()
    assert office.settings.zoom == ZOOMS[-1]
    office.press("Ctrl+0")
    assert qapp.font().pointSizeF() == pytest.approx(normal)


def test_commands_that_need_an_assessment_wait_for_one(office: Office) -> None:
    for command in COMMANDS:
        assert office.window.menus.actions[command.name].isEnabled() is not command.needs_file, command.name


def test_every_page_has_its_command() -> None:
    names = [command.name for command in COMMANDS]
    assert len(names) == len(set(names))
    alone = {task: pages_of(task)[0].name for task in Task if len(pages_of(task)) == 1}
    assert {*(page.name for page in PAGES), *(page.name for page in WINDOW_PAGES)} - set(names) == set(alone.values())
    assert {f"task_{task}" for task in alone} < set(names)


def test_no_two_commands_share_a_key() -> None:
    keys = [key for command in COMMANDS for key in command.keys]
    assert len(keys) == len(set(keys))


def test_your_name_is_asked_for_in_place(office: Office) -> None:
    office.window.ask_name()
    office.write("Nino K.")
    office.press("Return")
    assert office.settings.author == "Nino K."
    assert office.window.top_bar.author.full_text == "Nino K."


def test_what_the_disk_refuses_is_said_in_the_form(tmp_path: Path, office: Office) -> None:
    office.press("Ctrl+N")
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    office.write("Georgia")
    form.file.setText(str(tmp_path / f"{'x' * 300}.assessment"))
    form.submit()
    assert form.problem
    assert office.window.workspace is None


def test_an_empty_dossier_opens_at_the_first_question(at_work: AtWork, blank: Dossier) -> None:
    office = at_work(blank)
    assert office.desk.address == Address("i.law")


@pytest.mark.check
def test_the_window_always_learns_that_everything_is_saved(at_work: AtWork) -> None:
    office = at_work()
    for number in range(60):
        say(office, number + 100)
        office.until_saved()


@pytest.mark.check
@pytest.mark.parametrize("zoom", [100, 150, 200])
def test_every_page_fits_a_small_laptop(at_work: AtWork, qapp: QApplication, zoom: int) -> None:
    office = at_work()
    set_zoom(qapp, zoom)
    office.window.resize(1366, 700)
    office.settle()
    for place in TASK_PAGES:
        office.desk.show_page(place.name)
        office.settle()
        assert (office.window.width(), office.window.height()) == (1366, 700), place.name
        least = office.window.minimumSizeHint()
        assert least.width() <= 1280, place.name
        assert least.height() <= 680, place.name


def test_the_window_does_not_grow_when_a_file_opens_in_large_text(
    office: Office, tmp_path: Path, qapp: QApplication
) -> None:
    set_zoom(qapp, 200)
    office.window.resize(1366, 700)
    office.settle()
    office.open(file_of(tmp_path, small_dossier()))
    office.settle()
    assert (office.window.width(), office.window.height()) == (1366, 700)


@pytest.mark.parametrize("zoom", [100, 200])
def test_the_rail_shows_its_labels_in_a_low_window(at_work: AtWork, qapp: QApplication, zoom: int) -> None:
    office = at_work()
    set_zoom(qapp, zoom)
    office.window.resize(1366, 700)
    office.settle()
    rail = office.desk.rail
    for button in rail.buttons.values():
        assert button.height() >= button.sizeHint().height()
        assert button.geometry().bottom() < rail.height()
