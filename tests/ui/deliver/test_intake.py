"""Importing a returned workbook: counted first, decided on, stored as one step, and undone."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import EMPTY_CONTENT, Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.merging import DecisionSide, MergeDifference
from capacity_app.domain.assessment.registers import Agency, Remark, ReturnedFile
from capacity_app.i18n.translator import Translator
from capacity_app.services.reports import report_bytes
from capacity_app.ui.pages.deliver.difference_card import DifferenceSideCard
from capacity_app.ui.pages.deliver.import_overview import returned_file_facts
from capacity_app.ui.pages.deliver.import_preview import NEW_AGENCY, ImportPreview
from capacity_app.ui.session.formatters import EntryFormatter
from capacity_app.ui.widgets import running_text
from capacity_app.ui.widgets.banners import Banner
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.lists_and_tables import FullHeightList
from capacity_app.ui.widgets.running_text import RunningText
from tests.builders import file_of, small_dossier
from tests.outputs.word_tree import with_body_changed
from tests.ui.deliver.returning import EDITS, exchange_page, previewed, read, sent_back
from tests.ui.office import Office

AtWork = Callable[..., Office]
MOI = "agency-moi"


def says(office: Office, at: str, who: str = MOI) -> Content:
    return office.session.content(AnswerKey(Address.parse(at), respondent=who))


def words(office: Office, name: str) -> str:
    return office.part(Label, name).text()


def returns(office: Office) -> list[ReturnedFile]:
    return [entry for entry in office.session.entries("returns") if isinstance(entry, ReturnedFile)]


def contested_in(page: ImportPreview) -> tuple[MergeDifference, ...]:
    return page.proposal.contested if page.proposal else ()


def take_in(page: ImportPreview, office: Office) -> None:
    page.take.click()
    office.settle()


def test_the_counts_come_first_and_nothing_is_stored(at_work: AtWork) -> None:
    office = at_work()
    before = office.session.dossier()
    page = previewed(office, sent_back(office))
    assert words(office, "intake_counts").startswith(tuple("0123456789"))
    assert "new" in words(office, "intake_counts")
    assert page.proposal is not None
    assert page.proposal.is_conserved
    assert office.session.dossier() == before
    assert not office.desk.controller.undo_stack.canUndo()


def test_the_agency_that_the_file_names_is_chosen_already(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    assert page.head.chosen == MOI
    assert any("B. Clerk" in label.text() for label in page.head.findChildren(Label))


def test_keys_decide_at_once_where_the_agency_is_known(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    assert page.board is not None
    assert office.focused() is page.board.list
    current = page.board.current
    assert current is not None
    office.press("K")
    assert page.board.decisions[current.id] is DecisionSide.MINE


def test_the_focus_is_in_the_agency_where_it_is_not_known(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office, sender=("", "", "")))
    assert office.focused() is page.head.agency


def test_tab_goes_from_the_list_to_the_buttons_of_its_card(at_work: AtWork) -> None:
    office = at_work()
    previewed(office, sent_back(office))
    office.press("Tab")
    assert office.focused().objectName() == "decide_accept"
    office.press("Shift+Tab")
    assert office.focused().objectName() == "differences"


def test_a_text_that_takes_the_focus_for_a_screen_reader_shows_it(
    at_work: AtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running_text, "QAccessible", SimpleNamespace(isActive=lambda: True))
    office = at_work()
    page = previewed(office, sent_back(office))
    said = next(one for one in page.findChildren(RunningText) if not one.visibleRegion().isEmpty())
    before = said.grab().toImage()
    said.setFocus()
    assert said.grab().toImage() != before


@pytest.mark.check
def test_taking_in_stores_answers_remarks_and_the_file_as_one_step(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office, strays={"B3": "Please call us before Friday."})
    page = previewed(office, file)
    page.board.decide_shown(DecisionSide.THEIRS)  # type: ignore[union-attr]
    take_in(page, office)
    assert says(office, "i.plan").value == 2
    assert says(office, "i.law") == Content(state=AnswerState.ANSWERED, value=2, note="Adopted in May.")
    assert says(office, "ii.staff").value == 15
    remark = office.session.entries("remarks")[0]
    assert isinstance(remark, Remark)
    assert (remark.address, remark.text, remark.agency) == ("ii.share", "Of which year?", MOI)
    (entry,) = returns(office)
    assert office.session.document(entry.document) == file.read_bytes()
    assert any("Please call us before Friday." in text for text in entry.unplaced)
    assert office.desk.controller.undo_stack.undoText() == "import of “moi.xlsx”"
    outcome = exchange_page(office).overview.outcome
    assert outcome is not None
    assert outcome.sentence.endswith("Agencies disagree now: i.law, ii.staff.")


def test_an_answer_that_is_new_stands_beside_those_of_other_agencies(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    assert page.board is not None
    page.board.list.choose(next(line.key for line in page.board.list.lines.rows if line.title.startswith("ii.staff")))
    here = office.part(DifferenceSideCard, "side_mine", page)
    said = [label.text() for label in here.findChildren(Label)]
    assert "Unanswered by MoI\nNSO: 12" in said


def told(office: Office) -> list[tuple[AnswerKey, Content]]:
    return [(one.key, one.content) for one in office.session.dossier().answers]


@pytest.mark.check
def test_undo_takes_everything_back_and_redo_brings_it_again(at_work: AtWork) -> None:
    office = at_work()
    before = told(office)
    page = previewed(office, sent_back(office))
    take_in(page, office)
    taken = told(office)
    office.part(QPushButton, "outcome_undo").click()
    office.settle()
    assert told(office) == before
    assert office.session.entries("remarks") == ()
    (entry,) = returns(office)
    assert (bool(entry.undone), entry.undone_by) == (True, office.session.author)
    overview = exchange_page(office).overview
    assert "import undone" in overview.list.lines.rows[0].detail
    assert not overview.detail.undo.isEnabled()
    office.desk.controller.redo()
    assert told(office) == taken
    assert [bool(one.undone) for one in returns(office)] == [False]


def test_what_a_person_keeps_stays_as_it_is(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    assert page.board is not None
    page.board.list.choose("ii.staff")
    page.board.decide(DecisionSide.MINE)
    take_in(page, office)
    assert says(office, "ii.staff") == EMPTY_CONTENT
    assert says(office, "i.plan").value == 2


def test_leaving_the_preview_changes_nothing(at_work: AtWork) -> None:
    office = at_work()
    before = office.session.dossier()
    previewed(office, sent_back(office))
    office.part(QPushButton, "intake_leave").click()
    office.settle()
    assert exchange_page(office).view is None
    assert office.session.dossier() == before


def test_an_unknown_agency_is_entered_with_the_same_step(at_work: AtWork) -> None:
    office = at_work()
    before = told(office)
    page = previewed(office, sent_back(office, sender=("Border Guard", "C. Clerk", "")))
    assert page.head.chosen == NEW_AGENCY
    assert page.head.name.text() == "Border Guard"
    take_in(page, office)
    agency = office.session.entries("agencies")[-1]
    assert isinstance(agency, Agency)
    assert agency.name == "Border Guard"
    assert says(office, "i.plan", agency.id).value == 2
    assert office.desk.controller.undo_stack.undoText() == "import of “moi.xlsx”"
    office.desk.controller.undo()
    assert told(office) == before
    # The file stays listed as this agency's.
    assert office.session.entries("agencies")[-1] == agency


def test_without_an_agency_nothing_can_be_taken_in(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office, sender=("", "", "")))
    assert not page.take.isEnabled()
    assert page.board is None
    assert not any(character.isdigit() for character in words(office, "intake_counts"))
    page.head.agency.setCurrentIndex(page.head.agency.findData(MOI))
    assert page.take.isEnabled()
    assert page.board is not None


def test_the_likely_agency_is_suggested_with_the_reason(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office, edits={"i.law": 1, "ii.staff": 15}, sender=("", "", "")))
    assert words(office, "intake_suggestion") == (
        "Suggestion: Ministry of the Interior. 1 of 2 edited answers repeat an answer or a note of this agency."
    )
    assert page.head.chosen == ""
    page.head.suggest.click()
    assert page.head.chosen == MOI
    assert page.take.isEnabled()
    assert not page.head.suggest.isVisible()


def test_all_counts_of_the_page_agree(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office, edits={**EDITS, "ii.name": "Office", "i.plan": "9"})
    for where, value in (("ii.name", "X"), ("ii.staff", 99)):
        key = AnswerKey(Address(where), respondent=MOI)
        office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=value))
    board = previewed(office, file).board
    assert board is not None
    tabs = [board.tabs.tabText(number) for number in range(board.tabs.count())]
    counted = dict(part.rsplit(" (", 1) for part in tabs)
    counted = {label: count.rstrip(")") for label, count in counted.items()}
    sentence = words(office, "intake_counts")
    assert f"{counted['To decide']} to decide" in sentence
    assert f"{counted['Changed']} changed" in sentence
    assert f"{counted['Invalid']} invalid" in sentence
    assert " new" not in sentence
    assert not office.part(FlatButton, "accept_new").isEnabled()
    assert office.part(FlatButton, "accept_changed").text().endswith(f"({counted['Changed']})")


def test_what_was_not_imported_is_counted_alike_before_and_after(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office, edits={**EDITS, "i.plan": "9"}, strays={"B3": "Please call us before Friday."})
    preview = previewed(office, file)
    sentence = words(office, "intake_counts")
    assert "1 invalid" in sentence
    assert "1 not placed" in sentence
    take_in(preview, office)
    told = [banner.sentence for banner in office.window.findChildren(Banner) if banner.isVisible()]
    assert any("2 texts were not imported. They are kept with the file." in one for one in told)
    (entry,) = returns(office)
    facts = dict(returned_file_facts(EntryFormatter(office.texts, office.session), entry))
    assert facts["Not imported"] == "2"


def test_another_agency_is_compared_with_what_it_says(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    page.head.agency.setCurrentIndex(page.head.agency.findData("agency-nso"))
    take_in(page, office)
    assert says(office, "ii.staff", "agency-nso").value == 15
    assert says(office, "ii.staff") == EMPTY_CONTENT


def test_what_is_written_here_meanwhile_has_to_be_decided(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    assert contested_in(page) == ()
    key = AnswerKey(Address("ii.staff"), respondent=MOI)
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=99))
    office.settle()
    assert [one.id for one in contested_in(page)] == ["ii.staff"]
    assert "to decide" in words(office, "intake_counts")
    take_in(page, office)
    assert says(office, "ii.staff").value == 99


def test_decisions_survive_what_is_written_elsewhere(at_work: AtWork) -> None:
    office = at_work()
    page = previewed(office, sent_back(office))
    assert page.board is not None
    page.board.list.choose("ii.staff")
    page.board.decide(DecisionSide.MINE)
    office.desk.controller.record(
        AnswerKey(Address("ii.name"), respondent=MOI), Content(state=AnswerState.ANSWERED, value="X")
    )
    office.settle()
    assert page.board.decisions["ii.staff"] is DecisionSide.MINE


@pytest.mark.check
def test_the_same_file_again_says_that_it_was_taken_in(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office)
    take_in(previewed(office, file), office)
    page = previewed(office, file)
    assert any("imported before" in label.text() for label in page.head.findChildren(Label))


def test_a_file_of_another_country_is_refused_in_a_sentence(at_work: AtWork, tmp_path: Path) -> None:
    office = at_work()
    file = sent_back(office)
    other = tmp_path / "other"
    other.mkdir()
    mission = replace(small_dossier().mission, country="XXB", country_name="Otheria")
    office.open(file_of(other, replace(small_dossier(), id="11111111-2222-3333-4444-555555555555", mission=mission)))
    page = previewed(office, file)
    assert not page.take.isEnabled()
    assert "another country" in office.part(Banner, "banner", page).sentence


def test_a_file_that_is_gone_by_then_is_not_taken_in(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office)
    page = previewed(office, file)
    file.unlink()
    take_in(page, office)
    assert returns(office) == []
    assert exchange_page(office).view is page


@pytest.mark.check
def test_the_file_can_be_taken_back_days_later(at_work: AtWork) -> None:
    office = at_work()
    before = says(office, "i.law")
    take_in(previewed(office, sent_back(office)), office)
    office.come_back()
    office.open(office.settings_file.parent / "small.assessment")
    page = exchange_page(office)
    page.overview.detail.undo.click()
    office.settle()
    assert office.focused().objectName() == "undo_act"
    assert says(office, "i.law") != before
    office.press("Space")
    assert says(office, "i.law") == before
    assert [bool(one.undone) for one in returns(office)] == [True]
    assert office.session.entries("remarks") == ()


@pytest.mark.check
def test_taking_back_says_first_what_stays(at_work: AtWork) -> None:
    office = at_work()
    take_in(previewed(office, sent_back(office)), office)
    key = AnswerKey(Address("ii.staff"), respondent=MOI)
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=16))
    page = exchange_page(office)
    page.overview.detail.undo.click()
    labels = page.overview.detail.findChildren(Label)
    assert any("1 answer was changed since and stays as it is." in label.text() for label in labels)
    office.part(QPushButton, "undo_act").click()
    assert says(office, "ii.staff").value == 16


def test_taking_back_a_word_report_restores_the_main_messages(at_work: AtWork) -> None:
    office = at_work()
    controller = office.desk.controller
    controller.put(replace(office.session.mission, main_messages="The law is in force."))
    content = report_bytes(office.session.dossier(), ".docx", texts=Translator("en"))
    file = office.settings_file.parent / "back.docx"
    file.write_bytes(with_body_changed(content, {">The law is in force.<": ">The law is not in force.<"}))
    preview = previewed(office, file)
    preview.head.agency.setCurrentIndex(preview.head.agency.findData(MOI))
    take_in(preview, office)
    assert office.session.mission.main_messages == "The law is not in force."
    page = exchange_page(office)
    office.settle()
    page.overview.detail.undo.click()
    labels = page.overview.detail.findChildren(Label)
    assert any("Also restored: Main messages." in label.text() for label in labels)
    office.part(QPushButton, "undo_act").click()
    assert office.session.mission.main_messages == "The law is in force."


@pytest.mark.check
def test_all_answers_of_the_import_are_listed_and_lead_to_their_questions(at_work: AtWork) -> None:
    office = at_work()
    agency = office.desk.controller.respondent
    take_in(previewed(office, sent_back(office)), office)
    office.settle()
    answers = office.part(FullHeightList, "returned_answers")
    assert office.focused() is answers
    assert {line.key for line in answers.lines.rows} == {"i.plan", "i.law", "ii.staff"}
    answers.choose("ii.staff")
    office.press("Return")
    office.settle()
    assert office.desk.page_name == "questionnaire"
    assert str(office.desk.address) == "ii.staff"
    # The program never changes in whose name answers are given.
    assert office.desk.controller.respondent == agency != MOI


def test_the_empty_page_teaches_and_leads_to_the_report(at_work: AtWork) -> None:
    office = at_work()
    page = exchange_page(office)
    assert not page.overview.detail.isVisible()
    office.part(QPushButton, "exchange_report").click()
    assert office.desk.page_name == "report"


@pytest.mark.parametrize("name", ["notes.txt", "report.pdf"])
def test_a_file_of_another_kind_is_refused_before_it_is_read(at_work: AtWork, tmp_path: Path, name: str) -> None:
    office = at_work()
    page = exchange_page(office)
    page.take_in(tmp_path / name)
    sentence = (
        f"“{name}” is not a workbook, a Word file or an export of ODK or KoboToolbox. Nothing was changed. Choose the "
        ".xlsx, .docx, .csv or .zip file that the agency sent."
    )
    assert page.banners.sentences() == (sentence,)
    assert not page.reading.is_running


def test_reading_leaves_the_assessment_as_it_is(at_work: AtWork) -> None:
    office = at_work()
    file = sent_back(office)
    before = file.read_bytes()
    read(office, file)
    assert file.read_bytes() == before
