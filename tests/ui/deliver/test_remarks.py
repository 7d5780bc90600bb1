"""Remarks that came back stand beside their question: attributed, dated, and to be removed."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.registers import Remark
from capacity_app.ui.pages.answer.inspector import Inspector
from capacity_app.ui.widgets.buttons import FlatButton
from capacity_app.ui.widgets.cards import Label
from capacity_app.ui.widgets.running_text import RunningText
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]
ON_QUESTION = Remark(
    id="remark-1", address="ii.staff", text="Of which year?", agency="agency-moi", author="B. Clerk", date="2018-12-03"
)
ON_CELL = Remark(id="remark-2", address="iii.topics/a/available", text="Only by citizenship.", agency="agency-nso")
DOSSIER = replace(small_dossier(), remarks=(ON_QUESTION, ON_CELL))


def panel_at(office: Office, address: str) -> Inspector:
    """Go to a place and open the answers beside it."""
    office.desk.show_address(Address.parse(address))
    office.desk.questionnaire().focus_inspector()
    panel = office.desk.questionnaire().inspector
    panel.tabs.setCurrentIndex(1)
    office.settle()
    return panel


def told(part: QWidget) -> str:
    words = [label.text() for label in part.findChildren(Label)]
    return "\n".join(words + [shown.text() for shown in part.findChildren(RunningText)])


def test_a_remark_names_who_wrote_it_and_when(at_work: AtWork) -> None:
    panel = panel_at(at_work(DOSSIER), "ii.staff")
    said = told(panel.answers)
    for part in ("Comments from returned files", "Of which year?", "MoI", "B. Clerk", "2018"):
        assert part in said


def test_a_question_without_remarks_shows_no_heading_for_them(at_work: AtWork) -> None:
    assert "Comments from returned files" not in told(panel_at(at_work(DOSSIER), "ii.share").answers)


def test_a_row_shows_the_remarks_on_its_cells(at_work: AtWork) -> None:
    panel = panel_at(at_work(DOSSIER), "iii.topics/a")
    assert "Only by citizenship." in told(panel.answers)


def test_the_tab_tells_that_there_are_remarks(at_work: AtWork) -> None:
    panel = panel_at(at_work(DOSSIER), "ii.staff")
    assert "1 comment" in panel.tabs.names()[1]


def test_a_remark_is_removed_and_brought_back_by_undo(at_work: AtWork) -> None:
    office = at_work(DOSSIER)
    panel = panel_at(office, "ii.staff")
    office.part(FlatButton, "remove_remark remark-1", panel).click()
    office.settle()
    assert office.session.entry("remarks", "remark-1") is None
    assert "Of which year?" not in told(panel.answers)
    assert office.desk.controller.undo_stack.undoText().startswith("removal of")
    office.desk.controller.undo()
    office.settle()
    assert "Of which year?" in told(panel.answers)
