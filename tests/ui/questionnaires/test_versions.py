"""A newer version on this computer: the offer, the counts, the copy, and what the earlier version left behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import MigrationOutcome
from capacity_app.ui.pages.answer.questionnaire_page import QuestionnairePage
from capacity_app.ui.pages.prepare.versions_page import VersionsPage
from tests.libraries import answered_first, as_migrated, lay_out_versions
from tests.ui.office import Office

Open = Callable[[Dossier | None], Office]


@pytest.fixture
def versions() -> Path:
    return lay_out_versions()


def page_of(office: Office) -> VersionsPage:
    return office.page(VersionsPage, "versions")


@pytest.mark.check
@pytest.mark.usefixtures("versions")
def test_the_newer_version_is_offered_and_nothing_happens_by_itself(at_work: Open) -> None:
    office = at_work(answered_first())
    office.until(lambda: any("version 2.0 is on this computer" in one for one in office.desk.banners.sentences()))
    assert [path.name for path in office.session.file.parent.glob("*.assessment")] == ["small.assessment"]
    office.desk.banners.button("See what would change").click()
    assert office.desk.page_name == "versions"


@pytest.mark.check
def test_without_a_newer_version_there_is_no_banner_and_the_page_says_so(at_work: Open) -> None:
    office = at_work(None)
    office.qtbot.wait(700)
    assert office.desk.banners.sentences() == ()
    page = page_of(office)
    assert page.offer.isHidden()
    assert "no newer version" in page.empty.text()
    assert page.empty.isVisible()


@pytest.mark.check
@pytest.mark.usefixtures("versions")
def test_the_counts_add_up_and_are_read_aloud(at_work: Open) -> None:
    page = page_of(at_work(answered_first()))
    assert page.plan is not None
    assert page.plan.counts == {
        MigrationOutcome.CARRIED: 2,
        MigrationOutcome.TO_CONFIRM: 4,
        MigrationOutcome.RETIRED: 1,
    }
    assert page.fates.accessibleName() == (
        "2 carried: answers as before, 4 to confirm: kept, count once confirmed, 1 retired: kept, no longer asked, "
        "7 answers in this assessment"
    )
    titles = [line.title for line in page.outcomes.lines.rows]
    assert titles[0] == "To confirm"
    assert "1.2 · NL: Two coins" in titles


@pytest.mark.check
@pytest.mark.usefixtures("versions")
def test_the_copy_is_made_beside_and_opened(at_work: Open) -> None:
    office = at_work(answered_first())
    before = office.session.file.read_bytes()
    page = page_of(office)
    page.make.click()
    office.settle()
    assert page.banners.sentences() == (
        "small (version 2.0).assessment is made: 7 answers = 2 carried + 4 to confirm + 1 retired.",
    )
    assert office.session.file.read_bytes() == before
    page.banners.findChild(QPushButton, "banner_button").click()  # type: ignore[union-attr]
    office.until(lambda: office.session.file.name == "small (version 2.0).assessment")
    assert office.session.instrument.version == "2.0"
    office.qtbot.wait(700)
    assert office.desk.banners.sentences() == ()


@pytest.mark.check
@pytest.mark.usefixtures("versions")
def test_a_file_of_this_name_is_not_replaced_and_a_missing_folder_is_told(at_work: Open) -> None:
    page = page_of(at_work(answered_first()))
    page.make_copy()
    page.make_copy()
    assert any("already" in sentence for sentence in page.banners.sentences())
    page.file.setText("/nowhere/at/all.assessment")
    page.make_copy()
    assert "This folder does not exist" in page.field.problem.text()
    page.file.setText(" ")
    page.make_copy()
    assert page.field.problem.text() == "Say where to put the copy."


@pytest.mark.check
@pytest.mark.usefixtures("versions")
def test_what_is_typed_last_goes_into_the_copy(at_work: Open) -> None:
    office = at_work(answered_first())
    office.desk.show_address(office.desk.first_address)
    office.press("F4")
    office.write("typed last")
    page = page_of(office)
    page.make_copy()
    page.open_wanted.emit(page.file.path)
    office.until(lambda: office.session.instrument.version == "2.0")
    kept = [getattr(entry, "note", "") for entry in office.session.entries("kept")]
    assert any("typed last" in note for note in kept)


def test_a_broken_migration_file_is_told_and_nothing_is_offered(versions: Path, at_work: Open) -> None:
    (versions / "migrations" / "1.0-2.0.toml").write_text("[migration\n")
    page = page_of(at_work(answered_first()))
    assert page.offer.isHidden()
    assert any("1.0-2.0.toml has errors" in sentence for sentence in page.banners.sentences())


@pytest.mark.check
@pytest.mark.usefixtures("versions")
def test_answers_of_the_earlier_version_are_listed_and_lead_to_their_question(at_work: Open) -> None:
    office = at_work(as_migrated(answered_first()))
    page = page_of(office)
    lines = page.kept.lines.rows
    assert [line.title for line in lines if line.is_heading] == ["To confirm", "Kept as what was said then"]
    waiting = next(line for line in lines if line.title.startswith("1.1 · NL"))
    page.kept.opened.emit(waiting.key)
    office.settle()
    assert office.desk.page_name == "questionnaire"
    assert isinstance(office.desk.page("questionnaire"), QuestionnairePage)
    assert str(office.desk.address) == "r.survey"
