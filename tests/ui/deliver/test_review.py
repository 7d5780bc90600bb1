"""Review: every open or weak point stands in its group, leads to its place, and is there when one is back."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import Finding, FindingKind, group_by_kind
from capacity_app.domain.assessment.registers import Action, MissionStatus
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.versions import publication_problems
from capacity_app.services.reports import main_messages
from capacity_app.services.result_tables import count_untranslated, weak_points
from capacity_app.ui.pages.deliver.report_page import ReportPage
from capacity_app.ui.pages.deliver.review_list import MOST_UNFOLDED, FindingNode, ReviewList
from capacity_app.ui.widgets.cards import Label
from tests.builders import small_dossier, small_instrument
from tests.domain.making import instrument, question, section
from tests.ui.office import Office

AtWork = Callable[..., Office]
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


def review_list(office: Office) -> ReviewList:
    """Show the points to review."""
    return office.page(ReportPage, "report").review


def groups(page: ReviewList) -> dict[str, FindingNode]:
    return {node.key: node for node in page.tree.nodes.roots}


def line(page: ReviewList, kind: FindingKind) -> FindingNode:
    return next(groups(page)[kind].lines())


def go_down_to(office: Office, page: ReviewList, node: FindingNode) -> None:
    for _ in range(200):
        if page.tree.current_key == node.key:
            return
        office.press("Down")
    raise AssertionError(f"never came to {node.title}")


def test_every_kind_of_finding_stands_with_its_count(at_work: AtWork) -> None:
    office = at_work()
    page = review_list(office)
    found = group_by_kind(weak_points(office.session))
    assert {key: node.count for key, node in groups(page).items()} == {k.value: len(f) for k, f in found.items()}
    spoken = [page.tree.nodes.data(page.tree.nodes.index_of(node), ACCESSIBLE) for node in page.tree.nodes.roots]
    assert f"Open questions: {len(found[FindingKind.OPEN])}" in spoken


def test_a_modified_questionnaire_inside_the_file_is_listed(at_work: AtWork) -> None:
    modified = replace(small_instrument(), id="unsd-nmdc", version="1.0")
    office = at_work(replace(small_dossier(), instrument=modified))
    (problem,) = publication_problems(office.session.instrument)
    found = line(review_list(office), FindingKind.FILE).finding
    assert found is not None
    assert found.problem == problem
    assert problem.code == "file.questionnaire"


@pytest.mark.check
@pytest.mark.parametrize("way", ["key", "button"])
def test_a_point_leads_to_its_answer_and_back_to_the_same_line(at_work: AtWork, way: str) -> None:
    office = at_work()
    office.press("Ctrl+4")
    page = review_list(office)
    assert office.focused() is page.tree
    wanted = line(page, FindingKind.CONFLICT)
    go_down_to(office, page, wanted)
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address == Address("i.law")
    back = office.part(QPushButton, "task_back")
    assert back.text() == "Back to “Review and report”"
    office.press("Ctrl+4") if way == "key" else back.click()
    assert office.focused() is page.tree
    assert not back.isVisible()
    assert page.tree.current_key == wanted.key


def test_the_first_click_takes_the_line_under_the_mouse(at_work: AtWork) -> None:
    office = at_work(replace(small_dossier(), answers=()))
    page = review_list(office)
    tree, opened = page.tree, list[Finding]()
    tree.opened.connect(opened.append)
    tree.clearFocus()
    tree.setCurrentIndex(QModelIndex())
    tree.verticalScrollBar().setValue(tree.verticalScrollBar().maximum())
    office.settle()
    spot = QPoint(tree.viewport().width() // 2, tree.viewport().height() - 20)
    wanted = tree.nodes.node(tree.indexAt(spot))
    assert wanted is not None
    assert wanted.finding is not None
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert [one.key for one in opened] == [wanted.finding.key]


@pytest.mark.check
def test_a_settled_finding_goes_and_the_next_one_follows(at_work: AtWork) -> None:
    office = at_work()
    page = review_list(office)
    order = [node.key for root in page.tree.nodes.roots for node in root.lines()]
    wanted = line(page, FindingKind.CONFLICT)
    page.tree.choose(wanted.key)
    key = AnswerKey(Address("i.law"), respondent="agency-moi")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=3))
    office.settle()
    assert FindingKind.CONFLICT not in groups(page)
    assert page.tree.current_key == order[order.index(wanted.key) + 1]


@pytest.mark.check
def test_an_action_without_an_owner_leads_to_the_plan(at_work: AtWork) -> None:
    office = at_work(small_dossier(actions=(Action(id="action-1", title="Mend it"),)))
    page = review_list(office)
    asked: list[str] = []
    page.entry_wanted.connect(asked.append)
    page.tree.choose(line(page, FindingKind.ACTION).key)
    page.tree.setFocus()
    office.press("Return")
    assert asked == ["action-1"]
    assert office.desk.page_name == "gaps"


@pytest.mark.check
def test_a_validation_without_a_date_leads_to_the_mission(at_work: AtWork) -> None:
    mission = replace(small_dossier().mission, status=MissionStatus.VALIDATED)
    office = at_work(small_dossier(mission=mission))
    page = review_list(office)
    page.tree.choose(line(page, FindingKind.VALIDATION).key)
    page.tree.setFocus()
    office.press("Return")
    assert office.desk.page_name == "mission"


def test_the_points_of_one_part_can_be_shown_alone(at_work: AtWork) -> None:
    page = review_list(at_work())
    everything = sum(node.count for node in page.tree.nodes.roots)
    page.section.setCurrentIndex(page.section.findData("i"))
    shown = sum(node.count for node in page.tree.nodes.roots)
    assert page.section.currentText().endswith(f"({shown})")
    page.section.setCurrentIndex(0)
    assert sum(node.count for node in page.tree.nodes.roots) == everything > shown


@pytest.mark.check
def test_unknown_and_declined_stand_apart_from_what_is_open(at_work: AtWork) -> None:
    office = at_work()
    page = review_list(office)
    opened = next(node.finding for node in groups(page)[FindingKind.OPEN].lines())
    assert opened is not None
    assert opened.address is not None
    share = office.session.sheet.counts.share
    key = AnswerKey(opened.address, respondent="agency-nso")
    office.desk.controller.record(key, Content(state=AnswerState.DECLINED))
    office.settle()
    assert opened.address not in {
        node.finding.address for node in groups(page)[FindingKind.OPEN].lines() if node.finding
    }
    said = {node.finding.address: node.detail for node in groups(page)[FindingKind.UNCERTAIN].lines() if node.finding}
    assert said[opened.address] == "The agency declined to answer. Decide whether to ask again."
    assert office.session.sheet.counts.share > share


def test_groups_fold_by_keyboard_and_stay_folded(at_work: AtWork) -> None:
    office = at_work()
    page = review_list(office)
    page.tree.setFocus()
    office.press("Home", "Space")
    first = page.tree.nodes.index(0, 0)
    assert not page.tree.isExpanded(first)
    office.desk.controller.record(AnswerKey(Address("ii.name"), respondent="agency-nso"),
                              Content(state=AnswerState.ANSWERED, value="A census"))  # fmt: skip
    office.settle()
    assert not page.tree.isExpanded(page.tree.nodes.index(0, 0))
    office.press("Return")
    assert page.tree.isExpanded(page.tree.nodes.index(0, 0))


def many_questions() -> Instrument:
    return instrument(*(section(name, *(question(f"{name}.{n}") for n in range(MOST_UNFOLDED))) for name in ("a", "b")))


@pytest.mark.check
def test_many_findings_of_a_kind_are_folded_up_by_part(at_work: AtWork) -> None:
    office = at_work(Dossier(id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10", instrument=many_questions()))
    page = review_list(office)
    (root,) = page.tree.nodes.roots
    assert [(child.title, child.count) for child in root.children] == [("a  a", MOST_UNFOLDED), ("b  b", MOST_UNFOLDED)]
    assert page.tree.isExpanded(page.tree.nodes.index_of(root))
    page.tree.choose("open|b")
    assert page.tree.nodes.parent(page.tree.currentIndex()) == page.tree.nodes.index(0, 0, QModelIndex())


def test_when_nothing_is_left_one_begins_in_the_form(at_work: AtWork) -> None:
    asked = instrument(section("a", question("a.1", target=0)))
    office = at_work(Dossier(id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10", instrument=asked))
    page = review_list(office)
    assert list(groups(page)) == [FindingKind.OPEN]
    office.desk.controller.record(AnswerKey(Address("a.1")), Content(state=AnswerState.ANSWERED, value=2))
    office.settle()
    assert office.part(Label, "review_nothing").text().startswith("Nothing to review.")
    assert not page.tree.isVisible()
    office.press("Ctrl+2", "Ctrl+4")
    assert office.focused().objectName() == "format_pdf"


@pytest.mark.parametrize(("language", "is_missing"), [("en", False), ("xx", True)])
def test_wording_the_language_of_the_interviews_lacks_is_told(
    at_work: AtWork,
    language: str,
    is_missing: bool,  # noqa: FBT001 - a case of the table
) -> None:
    office = at_work(small_dossier(mission=replace(small_dossier().mission, language=language)))
    page = review_list(office)
    assert (FindingKind.TRANSLATION in groups(page)) is is_missing
    assert bool(count_untranslated(small_instrument(), language)) is is_missing


def test_the_window_and_the_report_count_the_same_answers(at_work: AtWork) -> None:
    office = at_work()
    counts = office.session.sheet.counts
    found = re.search(r"(\d+) of (\d+) answers", main_messages(office.session.dossier(), office.texts))
    assert found is not None
    assert [int(found[1]), int(found[2])] == [counts.unanswered + counts.uncertain, counts.wanted]
    office.until(lambda: office.desk.rail.progress.toolTip().endswith("of the answers are recorded."))
