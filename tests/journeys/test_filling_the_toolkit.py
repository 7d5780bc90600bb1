"""An officer fills in the whole toolkit with the keyboard alone, closes, comes back and finds the same."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, DataSource, Mission
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.ui.pages.answer.questionnaire_page import next_open
from tests.builders import ASSESSMENT_ID
from tests.ui.driving import Desk

Open = Callable[..., Desk]

KEYS = {
    AnswerKind.LEVEL: "2",
    AnswerKind.YES_NO: "Y",
    AnswerKind.YES_PARTLY_NO: "P",
    AnswerKind.CHOICE: "1",
    AnswerKind.CHECKLIST: "1",
}
TYPED = {
    AnswerKind.TEXT: "Unit 4",
    AnswerKind.LONG_TEXT: "Data arrive too late for the plan.",
    AnswerKind.URL: "https://example.org/data",
    AnswerKind.INTEGER: "3",
    AnswerKind.PERCENT: "12.5",
    AnswerKind.YEAR: "2014",
    AnswerKind.DATE: "2018-11",
}
FOUND = {AnswerKind.AGENCY: "stat", AnswerKind.SOURCE: "census", AnswerKind.COUNTRY: "peru"}


@pytest.fixture(scope="module")
def toolkit() -> Instrument:
    read, problems = read_instrument(paths.instruments_folder() / "unsd-nmdc", ("T",))
    assert read is not None, [problem.text() for problem in problems]
    return read


def fresh(instrument: Instrument) -> Dossier:
    return Dossier(
        id=ASSESSMENT_ID,
        instrument=instrument,
        mission=Mission(country="XXA", round="2018"),
        agencies=(Agency(id="agency-nso", name="Statistics Office", short="SO"),),
        sources=(DataSource(id="source-census", name="Census 2014", type="census"),),
    )


def answer_here(desk: Desk) -> None:
    """Answer the question or cell in focus as its kind is answered by keyboard."""
    target = locate(desk.session.instrument, Address.parse(desk.here()))
    assert target is not None
    assert target.field is not None
    kind = target.field.kind
    if kind in KEYS:
        desk.press(KEYS[kind])
    elif kind in TYPED:
        desk.write(TYPED[kind])
    else:
        desk.write(FOUND[kind])
        desk.press("Return")


def fill_from_here(desk: Desk, section: str = "") -> list[str]:
    """Answer and go on by Ctrl+Down until nothing is open, or the section is left; give the places gone through."""
    seen: list[str] = []
    while next_open(desk.session.sheet, None) is not None:
        where = desk.here()
        if section and desk.session.instrument.section_of[where.split("/")[0]].id != section:
            break
        assert where not in seen[-3:], f"no way on from {where}"
        seen.append(where)
        answer_here(desk)
        desk.press("Ctrl+Down")
    return seen


@pytest.mark.check
def test_the_whole_toolkit_is_filled_in_by_keyboard_and_reopens_the_same(desk_on: Open, toolkit: Instrument) -> None:
    desk = desk_on(fresh(toolkit))
    desk.page.focus_next_open()
    desk.settle()
    seen = fill_from_here(desk)
    assert len({where.split("/")[0] for where in seen}) > 90
    assert not [item for item in desk.session.sheet.items() if item.is_unanswered]
    before = desk.session.dossier().answers
    scores = desk.session.scorecard()
    assert len(before) >= len(seen)
    desk.come_back()
    assert desk.session.dossier().answers == before
    assert desk.session.scorecard() == scores
    assert scores.overall.value is not None


@pytest.mark.check
def test_the_short_form_is_filled_in_by_keyboard_and_grows_without_losing_an_answer(
    desk_on: Open,
) -> None:
    core, _ = read_instrument(paths.instruments_folder() / "unsd-nmdc")
    assert core is not None
    desk = desk_on(replace(fresh(core), mission=Mission(country="XXA", round="2018", profile="short")))
    desk.page.focus_next_open()
    desk.settle()
    seen = fill_from_here(desk)
    (short,) = core.profiles
    assert {where.split("/")[0] for where in seen} == set(short.questions)
    assert not [item for item in desk.session.sheet.items() if item.is_unanswered]
    before = desk.session.dossier()
    desk.session.use_profile("")
    desk.come_back()
    after = desk.session.dossier()
    assert after.answers == before.answers
    assert len(list(after.instrument.questions())) > len(list(before.instrument.questions()))
    assert desk.session.sheet.counts.unanswered > 400


@pytest.mark.check
def test_a_section_with_every_state_survives_closing(desk_on: Open, toolkit: Instrument) -> None:
    desk = desk_on(fresh(toolkit))
    desk.go("ix.mechanism")
    desk.press("3", "F4")
    desk.write("Decree 12 of 2016; نص عربي; 移民")
    desk.press("Ctrl+Down")
    desk.press("U", "Return")
    desk.go("ix.members")
    desk.press("X")
    desk.write("The mechanism is new")
    desk.press("Return")
    fill_from_here(desk, "ix")
    section = desk.session.scorecard().section("ix")
    desk.come_back()
    assert desk.session.scorecard().section("ix") == section
    assert desk.said("ix.mechanism").note == "Decree 12 of 2016; نص عربي; 移民"
    assert desk.said("ix.terms-of-reference").state is AnswerState.UNKNOWN
    assert desk.said("ix.members").reason == "The mechanism is new"
    desk.go("ix.mechanism")
    assert desk.card("ix.mechanism").note is not None


@pytest.mark.check
def test_everything_typed_can_be_taken_back_step_by_step(desk_on: Open, toolkit: Instrument) -> None:
    desk = desk_on(fresh(toolkit))
    desk.go("ix.mechanism")
    fill_from_here(desk, "ix")
    filled = desk.session.dossier().answers
    assert len(filled) > 5
    while desk.controller.undo_stack.canUndo():
        desk.controller.undo()
    assert desk.session.dossier().answers == ()
    while desk.controller.undo_stack.canRedo():
        desk.controller.redo()
    again = [(answer.key, answer.content) for answer in desk.session.dossier().answers]
    assert again == [(answer.key, answer.content) for answer in filled]
