"""Check before you leave: every weak point stands in its group, leads to its place, and is there when one is back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import QModelIndex, Qt

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import FindingKind, group_by_kind
from capacity_app.domain.assessment.registers import Action, MissionStatus
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.versions import publication_problems
from capacity_app.services.result_tables import count_untranslated, weak_points
from capacity_app.ui.pages.deliver.checks_page import MOST_UNFOLDED, ChecksPage, FindingNode
from tests.builders import small_dossier, small_instrument
from tests.domain.making import instrument, question, section
from tests.ui.office import Office

AtWork = Callable[..., Office]
ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)


def checks_page(office: Office) -> ChecksPage:
    return office.page(ChecksPage, "checks")


def groups(page: ChecksPage) -> dict[str, FindingNode]:
    return {node.key: node for node in page.tree.nodes.roots}


def line(page: ChecksPage, kind: FindingKind) -> FindingNode:
    return next(groups(page)[kind].lines())


def go_down_to(office: Office, page: ChecksPage, node: FindingNode) -> None:
    for _ in range(200):
        if page.tree.current_key == node.key:
            return
        office.press("Down")
    raise AssertionError(f"never came to {node.title}")


def test_every_kind_of_finding_stands_with_its_count(at_work: AtWork) -> None:
    office = at_work()
    page = checks_page(office)
    found = group_by_kind(weak_points(office.session))
    assert {key: node.count for key, node in groups(page).items()} == {k.value: len(f) for k, f in found.items()}
    spoken = [page.tree.nodes.data(page.tree.nodes.index_of(node), ACCESSIBLE) for node in page.tree.nodes.roots]
    assert f"Open questions: {len(found[FindingKind.OPEN])}" in spoken


def test_a_modified_questionnaire_inside_the_file_is_listed(at_work: AtWork) -> None:
    modified = replace(small_instrument(), id="unsd-nmdc", version="1.0")
    office = at_work(replace(small_dossier(), instrument=modified))
    (problem,) = publication_problems(office.session.instrument)
    found = line(checks_page(office), FindingKind.FILE).finding
    assert found is not None
    assert found.problem == problem
    assert problem.code == "file.questionnaire"


def test_a_finding_leads_to_its_answer_and_ctrl_8_back_to_the_same_line(at_work: AtWork) -> None:
    office = at_work()
    office.press("Ctrl+4")
    page = checks_page(office)
    assert office.focused() is page.tree
    wanted = line(page, FindingKind.CONFLICT)
    go_down_to(office, page, wanted)
    office.press("Return")
    assert office.desk.page_name == "questionnaire"
    assert office.desk.address == Address("i.law")
    office.press("Ctrl+4")
    assert office.focused() is page.tree
    assert page.tree.current_key == wanted.key


def test_a_settled_finding_goes_and_the_next_one_follows(at_work: AtWork) -> None:
    office = at_work()
    page = checks_page(office)
    order = [node.key for root in page.tree.nodes.roots for node in root.lines()]
    wanted = line(page, FindingKind.CONFLICT)
    page.tree.choose(wanted.key)
    key = AnswerKey(Address("i.law"), respondent="agency-moi")
    office.desk.controller.record(key, Content(state=AnswerState.ANSWERED, value=3))
    office.settle()
    assert FindingKind.CONFLICT not in groups(page)
    assert page.tree.current_key == order[order.index(wanted.key) + 1]


def test_an_action_without_an_owner_leads_to_the_plan(at_work: AtWork) -> None:
    office = at_work(small_dossier(actions=(Action(id="action-1", title="Mend it"),)))
    page = checks_page(office)
    asked: list[str] = []
    page.entry_wanted.connect(asked.append)
    page.tree.choose(line(page, FindingKind.ACTION).key)
    page.tree.setFocus()
    office.press("Return")
    assert asked == ["action-1"]
    assert office.desk.page_name == "gaps"


def test_a_validation_without_a_date_leads_to_the_mission(at_work: AtWork) -> None:
    mission = replace(small_dossier().mission, status=MissionStatus.VALIDATED)
    office = at_work(small_dossier(mission=mission))
    page = checks_page(office)
    page.tree.choose(line(page, FindingKind.VALIDATION).key)
    page.tree.setFocus()
    office.press("Return")
    assert office.desk.page_name == "mission"


def test_filters_narrow_by_kind_and_part_and_can_be_taken_off(at_work: AtWork) -> None:
    office = at_work()
    page = checks_page(office)
    everything = sum(node.count for node in page.tree.nodes.roots)
    page.show_kind(FindingKind.CONFLICT)
    assert list(groups(page)) == [FindingKind.CONFLICT]
    page.section.setCurrentIndex(page.section.findData("iii"))
    assert page.all_button.isVisible()
    page.all_button.click()
    assert sum(node.count for node in page.tree.nodes.roots) == everything
    assert office.focused() is page.tree


def test_groups_fold_by_keyboard_and_stay_folded(at_work: AtWork) -> None:
    office = at_work()
    page = checks_page(office)
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


def test_many_findings_of_a_kind_are_folded_up_by_part(at_work: AtWork) -> None:
    office = at_work(Dossier(id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10", instrument=many_questions()))
    page = checks_page(office)
    (root,) = page.tree.nodes.roots
    assert [(child.title, child.count) for child in root.children] == [("a  a", MOST_UNFOLDED), ("b  b", MOST_UNFOLDED)]
    assert page.tree.isExpanded(page.tree.nodes.index_of(root))
    page.tree.choose("open|b")
    assert page.tree.nodes.parent(page.tree.currentIndex()) == page.tree.nodes.index(0, 0, QModelIndex())


def test_when_nothing_is_left_the_report_is_offered(at_work: AtWork) -> None:
    asked = instrument(section("a", question("a.1", target=0)))
    office = at_work(Dossier(id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10", instrument=asked))
    page = checks_page(office)
    assert list(groups(page)) == [FindingKind.OPEN]
    office.desk.controller.record(AnswerKey(Address("a.1")), Content(state=AnswerState.ANSWERED, value=2))
    office.settle()
    assert page.report_button.isVisible()
    assert not page.tree.isVisible()
    office.press("Ctrl+4")
    assert office.focused() is page.report_button
    office.press("Space")
    assert office.desk.page_name == "report"


@pytest.mark.parametrize(("language", "is_missing"), [("en", False), ("xx", True)])
def test_wording_the_language_of_the_interviews_lacks_is_told(
    at_work: AtWork,
    language: str,
    is_missing: bool,  # noqa: FBT001 - a case of the table
) -> None:
    office = at_work(small_dossier(mission=replace(small_dossier().mission, language=language)))
    page = checks_page(office)
    assert (FindingKind.TRANSLATION in groups(page)) is is_missing
    assert bool(count_untranslated(small_instrument(), language)) is is_missing
