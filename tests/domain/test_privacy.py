"""A dossier without names: nobody is named, everything else is said."""

from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.privacy import person_names, without_names
from capacity_app.domain.assessment.registers import (
    Action,
    Agency,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Person,
)
from tests.builders import MISSION, dated, small_dossier
from tests.domain.making import say

GONE = "[name withheld]"


def strings(value: Any) -> list[str]:
    """Collect every text of a dossier except its instrument's."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple | list):
        return [text for part in value for text in strings(part)]
    if hasattr(value, "__dataclass_fields__"):
        names = [name for name in value.__dataclass_fields__ if name != "instrument"]
        return [text for name in names for text in strings(getattr(value, name))]
    return []


def telling(text: str) -> Dossier:
    """Put a text wherever somebody may type one."""
    return small_dossier(
        mission=replace(
            MISSION, team=("Ana Petrova",), purpose=text, method=text, limits=text, validated_by="Ana Petrova"
        ),
        answers=dated([say("i.why", text, note=text, reason=text), say("ii.name", text)], author="Ana Petrova"),
        agencies=(Agency(id="agency-nso", name="Office", contact="Ana Petrova", note=text),),
        people=(Person(id="person-1", name="Li Wei", contact="li@wei.example", position="Head", note=text),),
        meetings=(Meeting(id="m", title=text, place=text, note=text, people=("person-1",)),),
        sources=(DataSource(id="s", name=text, legal_basis=text, defects=text, note=text),),
        evidence=(Evidence(id="e", title=text, file_name=text, checked_against=text, note=text),),
        actions=(Action(id="a", title=text, cost=text, indicator=text, note=text),),
        ratings=(FeasibilityRating(id="i.law", note=text),),
        previous=small_dossier(mission=replace(MISSION, purpose=text)),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Ana Petrova said so",
        "ANA PETROVA said so",
        "as Petrova confirmed",
        "ask Ana",
        "Petrova's table",
        "write to ana.petrova@stat.example",
        "Li Wei and Wei's team",
        "by A. Officer",
    ],
)
def test_a_name_goes_from_every_text(text: str) -> None:
    shown = " ".join(strings(without_names(telling(text), GONE)))
    for name in ("Ana", "Petrova", "PETROVA", "petrova", "Li Wei", "Wei", "A. Officer"):
        assert name not in shown
    assert GONE in shown


def test_words_around_a_name_stay() -> None:
    assert without_names(telling("as Petrova confirmed in May"), GONE).meetings[0].note == f"as {GONE} confirmed in May"


def test_a_word_that_contains_a_name_stays() -> None:
    assert without_names(telling("Analysis of Weights"), GONE).meetings[0].note == "Analysis of Weights"


def test_a_person_called_like_the_country_does_not_erase_it() -> None:
    dossier = small_dossier(
        people=(Person(id="p", name="Michael Examplia"),), sources=(DataSource(id="s", note="Examplia"),)
    )
    assert without_names(dossier, GONE).sources[0].note == "Examplia"


def test_the_office_behind_a_name_is_no_name() -> None:
    team = ("Ana Petrova (UNSD, lead)", "Li Wei, Deputy Director")
    dossier = small_dossier(
        mission=replace(MISSION, team=team), sources=(DataSource(id="s", note="UNSD, Deputy, Petrova"),)
    )
    assert without_names(dossier, GONE).sources[0].note == f"UNSD, Deputy, {GONE}"


def test_an_office_that_signs_is_no_name() -> None:
    dossier = small_dossier(
        mission=replace(MISSION, validated_by="Director General"),
        people=(Person(id="p", name="Li Wei", position="Deputy Director General"),),
        sources=(DataSource(id="s", note="The Director General and Wei agreed."),),
    )
    assert without_names(dossier, GONE).sources[0].note == f"The Director General and {GONE} agreed."


def test_roles_positions_and_answers_stay() -> None:
    before = small_dossier()
    after = without_names(before, GONE)
    assert after.people[0].position == before.people[0].position
    assert after.agencies[0].roles == before.agencies[0].roles
    assert [a.content for a in after.answers] == [a.content for a in before.answers]
    assert {a.author for a in after.answers} == {""}


def test_a_dossier_that_names_nobody_stays_as_it_is() -> None:
    bare = Dossier(id="x", instrument=small_dossier().instrument, sources=(DataSource(id="s", note="Anything at all"),))
    assert person_names(bare) == ()
    assert without_names(bare, GONE) == bare
