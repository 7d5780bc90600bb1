"""The panel's guidance: help to ask, terms opened where they stand, the next step."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from capacity_app.domain.questionnaire.instrument import Concept, Instrument
from capacity_app.ui.widgets.banners import Disclosure
from tests.builders import dated, small_dossier, small_instrument
from tests.domain.making import say
from tests.ui.answer.looking import GUIDANCE, look_at, part, shown
from tests.ui.driving import Desk

Open = Callable[..., Desk]

RESIDENCE = Concept(id="usual-residence", label="Usual residence", definition="Where a person lives.", source="UN 1998")
MIGRANT = Concept(id="migrant", label="Migrant", definition="Who changes the usual\nresidence.")
FLOW = Concept(id="flow", label="Migration flow", definition="Who moves in a year.")


def taught() -> Instrument:
    small = small_instrument()
    law = replace(
        small.question_by_id["i.law"],
        definition="Ask who counts as a migrant and\nby which <b>usual residence</b>. Cash flow is another thing.",
        respondent_help="Which law says it?",
        evidence_hint="The gazette.",
        tags=("migrant",),
    )
    first = small.sections[0]
    asked = tuple(law if question.id == "i.law" else question for question in first.questions)
    sections = (replace(first, questions=asked), *small.sections[1:])
    return replace(small, sections=sections, concepts=(RESIDENCE, MIGRANT, FLOW))


def test_help_for_asking_and_what_would_show_it_stand_in_the_panel(desk_on: Open) -> None:
    said = shown(look_at(desk_on(small_dossier(taught())), "i.law", GUIDANCE))
    assert said.index("Suggested wording\nWhich law says it?") < said.index("Evidence to look for\nThe gazette.")


def test_the_terms_of_the_help_and_of_its_definitions_are_listed_and_markup_is_text(desk_on: Open) -> None:
    tab = look_at(desk_on(small_dossier(taught())), "i.law", GUIDANCE)
    assert "<b>usual residence</b>. Cash flow" in shown(tab)
    terms = [opener.objectName() for opener in tab.findChildren(Disclosure)]
    assert terms == ["term migrant", "term usual-residence"], "a common word is no term"
    assert not any(label.openExternalLinks() for label in tab.findChildren(QLabel))


def test_the_terms_of_the_question_are_listed_and_open(desk_on: Open) -> None:
    desk = desk_on(small_dossier(taught()))
    tab = look_at(desk, "i.law", GUIDANCE)
    opener = part(tab, QAbstractButton, "term migrant")
    opener.setFocus()
    desk.press("Return")
    desk.settle()
    assert opener.isChecked()
    assert "Who changes the usual residence." in shown(tab)


@pytest.mark.check
def test_what_one_has_opened_stays_open_while_one_answers(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(taught()), answers=dated((say("i.law", 1, who="agency-nso"),))))
    tab = look_at(desk, "i.law", GUIDANCE)
    part(tab, QAbstractButton, "term migrant").click()
    desk.go("i.law")
    desk.press("F4")
    desk.write("A note")
    desk.rest()
    assert desk.said("i.law").note == "A note"
    assert "Who changes the usual residence." in shown(tab)


@pytest.mark.check
def test_the_next_step_follows_the_level_reached(desk_on: Open) -> None:
    desk = desk_on(replace(small_dossier(taught()), answers=()))
    tab = look_at(desk, "i.law", GUIDANCE)
    assert "From level to level\nTo level 1: Draft it.\nTo level 2: Pass it.\nTo level 3: Apply it." in shown(tab)
    desk.go("i.law")
    desk.press("1")
    desk.settle()
    assert "Next step\nTo level 2: Pass it." in shown(tab)
    assert "Draft it." not in shown(tab)
    desk.press("3")
    desk.settle()
    assert "Next step" not in shown(tab)
