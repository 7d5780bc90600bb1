"""The panel's evidence under a whole row or table, and opening what is held."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget

from capacity_app.domain.assessment.answers import Address, AnswerState, Content
from capacity_app.domain.assessment.registers import Evidence
from capacity_app.domain.problems import KnownError
from tests.builders import dated, small_dossier
from tests.domain.making import say
from tests.ui.answer.handing_over import drag_in, drop, files, held
from tests.ui.answer.looking import EVIDENCE, button, look_at, shown
from tests.ui.desktop import Desktop
from tests.ui.driving import Desk

Open = Callable[..., Desk]
PDF = b"%PDF-1.7\n1 0 obj\n"


@pytest.fixture
def act(tmp_path: Path) -> Path:
    file = tmp_path / "act.pdf"
    file.write_bytes(PDF)
    return file


# -- rows and tables ---------------------------------------------------------------------------------------------------


CELLS = (
    say("iii.topics/a/available", 3, who="agency-nso"),
    say("iii.topics/a/demand", "high", who="agency-nso"),
    say("iii.topics/a/available", 1, who="agency-moi"),
    say("iii.topics/b/available", 2, who="agency-nso"),
)


def look_at_whole(desk: Desk, where: str) -> QWidget:
    look_at(desk, "iii.topics/a/available", EVIDENCE)
    desk.page.inspector.show_address(Address.parse(where))
    desk.page.inspector.follow_now()
    desk.settle()
    return desk.page.inspector.evidence


@pytest.mark.check
def test_evidence_for_a_row_supports_its_given_answers_in_one_step(desk_on: Open, act: Path) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated(CELLS)))
    tab = look_at_whole(desk, "iii.topics/a")
    assert "added to each of the 2 answers" in shown(tab)
    drop(desk, files(act))
    assert len(held(desk, "iii.topics/a/available")) == 1
    assert held(desk, "iii.topics/a/demand") == held(desk, "iii.topics/a/available")
    assert held(desk, "iii.topics/a/remark") == held(desk, "iii.topics/b/available") == []
    assert desk.said("iii.topics/a/available", who="agency-moi").evidence == ()
    assert "Supports 2 of 2 answers here" in shown(tab)
    desk.controller.undo()
    assert held(desk, "iii.topics/a/demand") == []


@pytest.mark.check
def test_a_later_answer_is_not_supported_until_one_says_so(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated(CELLS)))
    tab = look_at_whole(desk, "iii.topics/a")
    desk.page.inspector.evidence.put_under("evidence-law")
    key = desk.controller.key(Address("iii.topics", "a", "remark"))
    desk.controller.record(key, Content(state=AnswerState.ANSWERED, value="Since 2012"))
    desk.settle()
    assert "Supports 2 of 3 answers here" in shown(tab)
    button(tab, "Add to all answers").click()
    desk.settle()
    assert desk.said("iii.topics/a/remark").evidence == ("evidence-law",)
    button(tab, "Remove from answer").click()
    desk.settle()
    assert all(desk.said(f"iii.topics/a/{one}").evidence == () for one in ("available", "demand", "remark"))
    assert "E0, statement only" in shown(tab)
    desk.controller.undo()
    assert desk.said("iii.topics/a/demand").evidence == ("evidence-law",)


@pytest.mark.check
def test_evidence_for_a_whole_table_supports_every_given_answer(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(), answers=dated(CELLS)))
    look_at_whole(desk, "iii.topics")
    desk.page.inspector.evidence.put_under("evidence-law")
    for cell in ("a/available", "a/demand", "b/available"):
        assert desk.said(f"iii.topics/{cell}").evidence == ("evidence-law",), cell
    assert desk.said("iii.topics/b/demand").evidence == ()
    grades = [part.grade for part in desk.session.sheet.blocks["iii.topics"].parts if part.points is not None]
    assert 1 in grades


def test_a_table_nobody_has_answered_in_says_what_to_do_first(desk_on: Open, act: Path) -> None:
    desk = desk_on(replace(small_dossier(), answers=()))
    tab = look_at_whole(desk, "iii.topics")
    assert "No answers in this table yet. Answer first" in shown(tab)
    assert not drag_in(desk.page.inspector, files(act))


# -- opening -----------------------------------------------------------------------------------------------------------


def test_a_held_document_is_opened_as_a_copy_that_goes_with_the_window(
    desk_on: Open, act: Path, desktop: Desktop
) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.published", EVIDENCE)
    drop(desk, files(act))
    button(tab, "Open").click()
    (url,) = desktop.opened
    copy = Path(url.toLocalFile())
    assert copy.name == "act.pdf"
    assert hashlib.sha256(copy.read_bytes()).hexdigest() == held(desk, "i.published")[0].document
    desk.leave()
    assert not copy.exists()


def test_a_link_is_opened_and_nothing_but_a_link(desk_on: Open, desktop: Desktop, act: Path) -> None:
    desk = desk_on()
    tab = look_at(desk, "i.law", EVIDENCE)
    button(tab, "Open").click()
    assert [url.toString() for url in desktop.opened] == ["https://example.org/act"]
    entry = desk.session.entry("evidence", "evidence-law")
    assert isinstance(entry, Evidence)
    desk.controller.put(replace(entry, link=f"file://{act}"))
    desk.settle()
    button(tab, "Open").click()
    desk.settle()
    assert len(desktop.opened) == 1
    assert "could not be opened" in shown(tab)


def test_in_a_file_opened_to_read_evidence_is_seen_and_not_changed(desk_on: Open) -> None:
    desk = desk_on()
    desk.session.read_only_reason = KnownError("Opened to read.")
    tab = look_at(desk, "i.law", EVIDENCE)
    assert "Statistics Act" in shown(tab)
    labels = [one.text() for one in tab.findChildren(QAbstractButton) if one.isVisible()]
    assert labels == ["NSO", "MoI", "Open", "Details"]
