"""Somebody who types without a rest is saved all the same, and what is stored meanwhile does not disturb the typing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from capacity_app.domain.assessment.answers import Address
from capacity_app.ui.pages.analyse.gaps_and_plan_page import GapsAndPlanPage
from capacity_app.ui.pages.prepare.registers_page import RegistersPage
from capacity_app.ui.widgets import text_fields
from tests.builders import small_dossier
from tests.ui.office import Office

AtWork = Callable[..., Office]
TEXT = "a b c d e f g h i j"
SHORTER = 4
"""How many times shorter than a person's the rests of these tests are."""


def question(address: str, *keys: str) -> Callable[[Office], None]:
    def go(office: Office) -> None:
        office.desk.show_address(Address.parse(address))
        office.settle()
        office.press(*keys)

    return go


def register(name: str, entry: str, field: str) -> Callable[[Office], None]:
    def go(office: Office) -> None:
        page = office.page(RegistersPage, name)
        page.pane.show_entry(entry)
        office.settle()
        page.pane.form.editor(field).setFocus()

    return go


def gap_note(office: Office) -> None:
    page = office.page(GapsAndPlanPage, "gaps")
    page.table.setCurrentIndex(page.table.lines.index(0, 0))
    office.settle()
    page.detail.gap.note.setFocus()


FIELDS = {
    "a text": question("ii.name"),
    "a long text": question("i.why"),
    "a note": question("i.plan", "F4"),
    "a line of a register": register("agencies", "agency-moi", "contact"),
    "a long text of a register": register("agencies", "agency-moi", "note"),
    "the note on a gap": gap_note,
}


@pytest.mark.check
@pytest.mark.parametrize("field", FIELDS)
def test_typing_that_never_rests_is_stored_and_stays_as_typed(
    at_work: AtWork, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DEBOUNCE_MS", "LATEST_COMMIT_MS"):
        monkeypatch.setattr(text_fields, name, getattr(text_fields, name) // SHORTER)
    office = at_work(small_dossier(answers=tuple(one for one in small_dossier().answers if "why" not in str(one.key))))
    FIELDS[field](office)
    office.settle()
    stored: list[object] = []
    office.desk.controller.changed.connect(stored.append)
    for letter in TEXT:
        QTest.keyClicks(office.focused(), letter)
        QTest.qWait(text_fields.DEBOUNCE_MS // 4)
    assert len(stored) >= 2
    typed_in = office.focused()
    text = typed_in.property("text") or typed_in.property("plainText")
    assert text == TEXT
    QTest.keyClick(typed_in, Qt.Key.Key_Tab)
    office.until_saved()
    assert TEXT in str(office.session.dossier())
