"""The start page and the form for a new assessment."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QWidget

from capacity_app.domain.assessment.registers import PreparationDecision
from capacity_app.i18n.translator import Translator
from capacity_app.ui.pages.prepare.mission_page import MissionPage
from capacity_app.ui.pages.start.new_assessment import NewAssessmentPage
from capacity_app.ui.pages.start.start_page import recent_detail, recent_place, recent_title
from capacity_app.ui.session.file_dialogs import default_file_name
from capacity_app.ui.session.settings import RecentAssessment
from capacity_app.ui.widgets.flow import Flow
from tests.builders import file_of
from tests.ui.office import Office, front


def form_of(office: Office) -> NewAssessmentPage:
    office.press("Ctrl+N")
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    return form


def complaints(form: NewAssessmentPage) -> dict[str, str]:
    return {name: said for name, field in form._fields.items() if (said := field.problem.text())}


def test_a_window_without_an_assessment_offers_its_ways_to_begin(office: Office) -> None:
    assert office.window.start.isVisible()
    assert office.focused().objectName() == "start_new"
    assert {w.objectName() for w in office.window.start.ways} == {
        "start_new", "start_open", "start_velmora", "start_safaran", "start_blank", "start_headquarters",
        "start_library",
    }  # fmt: skip


def test_new_files_go_to_the_folder_of_assessments_whatever_was_imported_from_elsewhere(
    tmp_path: Path, office: Office
) -> None:
    kept, returned = tmp_path / "kept", tmp_path / "returned"
    kept.mkdir()
    returned.mkdir()
    office.settings.assessments_folder = kept
    office.settings.folder = returned
    form = form_of(office)
    office.write("Fiji")
    office.press("Tab")
    assert Path(form.file.text()).parent == kept


@pytest.mark.parametrize("name", ["new_author", "new_create"])
def test_name_and_button_of_the_form_are_seen_without_scrolling(office: Office, name: str) -> None:
    office.window.resize(1366, 740)
    form = form_of(office)
    office.settle()
    widget = office.part(QWidget, name, form)
    corner = widget.mapTo(form.viewport(), widget.rect().bottomLeft())
    assert form.viewport().rect().contains(corner)


def test_start_page_and_rail_say_the_same_share(tmp_path: Path, office: Office) -> None:
    desk = office.open(file_of(tmp_path))
    office.until(lambda: bool(desk.rail.progress.text()))
    shown = desk.rail.progress.text()
    office.press("Ctrl+W")
    office.until(lambda: office.window.workspace is None)
    (recent,) = office.settings.recent()
    assert recent_detail(Translator(), recent).startswith(f"{shown} answered")


def test_recent_assessments_come_back_and_open_with_enter(tmp_path: Path, office: Office) -> None:
    office.open(file_of(tmp_path))
    office.come_back()
    assert office.focused().objectName() == "recent"
    office.press("Return")
    assert office.session.mission.country_name == "Examplia"


def test_a_file_in_ones_own_folders_is_shown_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    file = Path("Documents", "velmora.assessment")
    assert recent_place(RecentAssessment(file=str(tmp_path / file))) == str(file)
    elsewhere = str(tmp_path.parent / "velmora.assessment")
    assert recent_place(RecentAssessment(file=elsewhere)) == elsewhere


def test_a_missing_file_says_so_and_can_be_forgotten(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    office.open(file)
    office.leave()
    file.unlink()
    office.come()
    gone = office.window.start.recent.rows.rows[0]
    assert "not there any more" in recent_detail(Translator(), gone)
    office.press("Return")
    assert office.window.workspace is None
    assert any(file.name in sentence for sentence in office.window.banners.sentences())
    office.window.start.recent.setFocus()
    office.press("Delete")
    assert office.settings.recent() == ()


def test_a_recent_row_names_country_round_completeness_and_change() -> None:
    recent = RecentAssessment(
        file="/x/geo.assessment", m49="268", round="2019", share=64, changed="2019-03-08T10:00:00+00:00"
    )
    assert recent_title(Translator(), recent) == "Georgia, 2019"


@pytest.mark.parametrize(
    ("country", "round_name", "expected"),
    [
        ("GEO", "2019", "geo-2019.assessment"),
        ("XXA", "a/b: c", "xxa-a-b--c.assessment"),
        ("", "", "assessment.assessment"),
    ],
)
def test_the_suggested_name_says_which_assessment_it_is(country: str, round_name: str, expected: str) -> None:
    assert default_file_name(country, round_name) == expected


def test_an_empty_form_says_at_each_field_what_is_missing(office: Office) -> None:
    form = form_of(office)
    form.round.clear()
    form.file.clear()
    form.submit()
    assert set(complaints(form)) == {"country", "round", "file"}
    assert office.focused().objectName() == "new_country"


def test_a_country_is_found_by_a_few_letters_and_keeps_both_codes(office: Office) -> None:
    form = form_of(office)
    office.write("georg")
    office.press("Return")
    assert (form.country.text(), form.country.code, form.country.m49) == ("Georgia", "GEO", "268")


def test_a_country_may_be_typed_as_its_code(office: Office) -> None:
    form = form_of(office)
    office.write("GEO")
    office.press("Tab")
    assert (form.country.text(), form.country.code) == ("Georgia", "GEO")


def test_a_made_up_country_needs_a_code_of_its_own(tmp_path: Path, office: Office) -> None:
    form = form_of(office)
    office.write("Examplia")
    office.press("Tab")
    assert form.country.own_code.isVisible()
    form.file.setText(str(tmp_path / "x.assessment"))
    form.submit()
    assert "country" in complaints(form)
    form.country.own_code.setText("xxa")
    form.submit()
    mission = office.session.mission
    assert (mission.country, mission.m49, mission.country_name) == ("XXA", "", "Examplia")


def test_an_existing_file_is_never_overwritten(tmp_path: Path, office: Office) -> None:
    file = tmp_path / "there.assessment"
    file.write_bytes(b"precious")
    form = form_of(office)
    office.write("Georgia")
    form.file.setText(str(file))
    form.submit()
    assert "file" in complaints(form)
    assert file.read_bytes() == b"precious"


def test_the_suggested_file_follows_country_and_round_until_a_person_changes_it(tmp_path: Path, office: Office) -> None:
    office.settings.assessments_folder = tmp_path
    form = form_of(office)
    office.write("Georgia")
    form.round.setText("2020")
    assert form.file.text() == str(tmp_path / "geo-2020.assessment")
    form.file.setFocus()
    office.press("End")
    office.write("x")
    form.round.setText("2021")
    assert form.file.text().endswith("geo-2020.assessmentx")


def test_supplements_are_taken_into_the_new_assessment(tmp_path: Path, office: Office) -> None:
    form = form_of(office)
    office.write("Georgia")
    office.part(QCheckBox, "new_supplement_LB", form).click()
    form.file.setText(str(tmp_path / "geo.assessment"))
    form.author.setText("Nino K.")
    form.submit()
    assert any(section.supplement == "LB" for section in office.session.instrument.sections)
    assert office.settings.author == "Nino K."
    assert office.session.author == "Nino K."
    assert office.window.top_bar.author.full_text == "Nino K."


def test_back_leads_to_the_start_page(office: Office) -> None:
    form = form_of(office)
    form.left.emit()
    assert office.window.start.isVisible()
    assert front(office.window, NewAssessmentPage) is None


@pytest.mark.check
def test_who_leaves_the_form_comes_back_to_what_was_open(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    office.open(file)
    office.press("Ctrl+N")
    office.until(lambda: front(office.window, NewAssessmentPage) is not None)
    office.press("Escape")
    office.until(lambda: office.window.workspace is not None)
    assert office.session.file == file


def test_a_country_typed_as_its_code_is_shown_by_its_name(office: Office) -> None:
    form = form_of(office)
    office.write("geo")
    office.press("Tab")
    assert form.country.name.text() == "Georgia"
    assert form.file.text().endswith("geo-2026.assessment") or "geo" in form.file.text().casefold()


def test_the_first_round_is_not_asked_for_an_earlier_one(tmp_path: Path, office: Office) -> None:
    form = form_of(office)
    office.write("Georgia")
    form.file.setText(str(tmp_path / "first.assessment"))
    form.submit()
    assert office.session.mission.decisions == (PreparationDecision.NO_PREVIOUS_ROUND,)
    page = office.page(MissionPage, "mission")
    assert page.preparation.lines["previous"].text() == "✓  No previous round"


@pytest.mark.parametrize("suffix", [".assessment", ".pdf"])
def test_only_assessments_can_be_dropped(tmp_path: Path, office: Office, suffix: str) -> None:
    file = file_of(tmp_path).rename(tmp_path / f"dropped{suffix}")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    office.window.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, no_button, no_key))
    assert (office.window.workspace is not None) == (suffix == ".assessment")


@pytest.mark.check
@pytest.mark.parametrize(("name", "country"), [("velmora", "Republic of Velmora"), ("safaran", "Republic of Safaran")])
def test_a_demonstration_is_made_once_and_then_only_opened(
    tmp_path: Path, office: Office, name: str, country: str
) -> None:
    file = tmp_path / "demonstration.assessment"
    office.window.open_demonstration(file, name)
    first = office.session.assessment_id
    office.window.open_demonstration(file, name)
    assert office.session.assessment_id == first
    assert office.session.dossier().mission.country_name == country
    assert office.desk.share > 0


def test_what_is_no_assessment_is_refused_in_a_sentence(tmp_path: Path, office: Office) -> None:
    file = tmp_path / "foreign.assessment"
    file.write_text("not a database", encoding="utf-8")
    office.window.open_file(file)
    assert office.window.workspace is None
    assert office.window.start.isVisible()
    assert len(office.window.banners.sentences()) == 1


# -- the next round ---------------------------------------------------------------------------------------------------


def earlier_of(office: Office, tmp_path: Path) -> Path:
    """Leave a finished round behind: the demonstration, listed among the recent ones."""
    file = tmp_path / "demonstration.assessment"
    office.window.open_demonstration(file)
    office.window.leave_and(office.window.show_start)
    office.settle()
    return file


@pytest.mark.check
def test_the_next_round_starts_from_a_recent_assessment(tmp_path: Path, office: Office) -> None:
    earlier_of(office, tmp_path)
    office.tab_to("recent_round")
    office.press("Space")
    form = front(office.window, NewAssessmentPage)
    assert form is not None
    assert (form.country.text(), form.country.code) == ("Republic of Velmora", "XXA")
    assert office.part(QCheckBox, "new_supplement_T", form).isChecked()
    waiting = form.earlier.waiting.text()
    assert "answers of 2023 wait to be confirmed" in waiting
    assert "12 unfinished actions" in form.earlier.action_box.text()
    form.round.setText("2028")
    form.submit()
    session = office.session
    assert session.mission.round == "2028"
    assert session.dossier().answers == ()
    assert session.scorecard().overall.value is None
    assert waiting.startswith(str(len(session.to_confirm())))
    assert (len(session.entries("agencies")), len(session.entries("meetings"))) == (6, 0)
    assert len(session.entries("actions")) == 12


@pytest.mark.check
def test_the_next_round_may_leave_actions_and_supplements_behind(tmp_path: Path, office: Office) -> None:
    file = earlier_of(office, tmp_path)
    form = form_of(office)
    form.continue_from(str(file))
    office.settle()
    office.part(QCheckBox, "new_supplement_T", form).click()
    office.part(QCheckBox, "new_actions", form).click()
    form.round.setText("2028")
    form.submit()
    assert office.session.entries("actions") == ()
    assert not any(section.supplement for section in office.session.instrument.sections)


def test_the_same_round_and_another_country_are_refused_at_the_earlier_round(tmp_path: Path, office: Office) -> None:
    file = earlier_of(office, tmp_path)
    form = form_of(office)
    form.continue_from(str(file))
    form.round.setText("2023")
    form.submit()
    assert "2023" in complaints(form)["earlier"]
    form.round.setText("2028")
    form.country.show_country("GEO", "268", "Georgia")
    form.submit()
    assert "Georgia" in complaints(form)["earlier"]
    assert office.window.workspace is None


def test_an_earlier_round_that_cannot_be_read_is_said_at_its_field(tmp_path: Path, office: Office) -> None:
    (tmp_path / "x.json").write_text("{}", encoding="utf-8")
    form = form_of(office)
    form.continue_from(str(tmp_path / "x.json"))
    assert form.earlier.dossier is None
    assert complaints(form)["earlier"]


def test_an_instrument_this_computer_lacks_goes_on_from_the_earlier_round(tmp_path: Path, office: Office) -> None:
    file = file_of(tmp_path)
    form = form_of(office)
    form.continue_from(str(file))
    assert form.instrument.continued_instrument is not None
    form.round.setText("2023")
    form.file.setText(str(tmp_path / "next.assessment"))
    form.submit()
    assert office.session.instrument.id == "small"
    assert [entry.id for entry in office.session.entries("agencies")] == ["agency-nso", "agency-moi"]


def test_a_missing_file_can_only_be_taken_off_the_list(tmp_path: Path, office: Office) -> None:
    file = earlier_of(office, tmp_path)
    office.leave()
    file.unlink()
    office.come()
    start = office.window.start
    assert (start.opener.isEnabled(), start.rounder.isEnabled(), start.forgetter.isEnabled()) == (False, False, True)
    start.forgetter.click()
    assert office.settings.recent() == ()


def test_the_words_beside_the_other_tools_stand_on_their_line(office: Office) -> None:
    office.settle()
    tool = office.window.start.tools[0]
    flow = tool.parentWidget()
    assert isinstance(flow, Flow)
    words = flow.shown()[0]
    assert abs(words.geometry().center().y() - tool.geometry().center().y()) <= 1


def test_the_first_answer_needs_six_keys(office: Office) -> None:
    office.press("Ctrl+N")
    office.write("fi")
    office.press("Return", "Return", "1")
    assert office.session.mission.country == "FJI"
    assert len(office.session.dossier().answers) == 1


def test_after_opening_the_cursor_is_in_the_question_and_not_in_the_rail(tmp_path: Path, office: Office) -> None:
    desk = office.open(file_of(tmp_path))
    assert not desk.rail.isAncestorOf(office.focused())
    assert desk.questionnaire().isAncestorOf(office.focused())


def test_the_button_that_makes_an_assessment_is_seen_on_a_small_screen(office: Office) -> None:
    office.window.resize(1326, 720)
    office.press("Ctrl+N")
    office.settle()
    maker = office.part(QAbstractButton, "new_create")
    assert maker.visibleRegion().boundingRect().size() == maker.size()
