"""What can be found in an assessment, and where it is said to stand."""

from dataclasses import replace

import pytest

from capacity_app import paths
from capacity_app.domain.search import Where
from capacity_app.services.searching import find_passages
from capacity_app.texts import Texts
from capacity_app.wording import Wording
from tests.builders import small_dossier
from tests.domain.making import say
from tests.wordings import word

DOSSIER = small_dossier()


def found(typed: str, *others: Wording) -> list[tuple[str, Where]]:
    return [(str(one.address), one.where) for one in find_passages(Wording(Texts(), DOSSIER), typed, others)]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("budget", [("i.why", Where.ANSWER)]),
        ("ADOPTEE", [("i.law", Where.NOTE)]),
        ("expired", [("i.plan", Where.REASON)]),
        ("no such FLOWS", [("iii.topics/b", Where.REASON)]),
        ("refugees", [("iii.topics/c", Where.ROW)]),
        ("demand", [("iii.topics", Where.COLUMN)]),
        ("移民", [("iii.topics/a/available", Where.NOTE)]),
        ("labour", [("i.contents", Where.OPTION), ("i.contents", Where.ANSWER)]),
        ("nso", [("ii.lead", Where.ANSWER)]),
        ("i.law", [("i.law", Where.QUESTION)]),
        ("", []),
    ],
)
def test_words_are_found_where_they_stand(typed: str, places: list[tuple[str, Where]]) -> None:
    assert found(typed) == places


def test_an_agency_can_be_found_by_what_it_answered() -> None:
    said = next(one for one in find_passages(Wording(Texts(), DOSSIER), "adoptée"))
    assert said.key is not None
    assert said.key.respondent == "agency-nso"


def test_the_words_of_a_second_language_are_found_too() -> None:
    word(paths.user_instruments_folder(), DOSSIER.instrument, "fr", {"iii.topics|row c label": "Réfugiés"})
    second = Wording(Texts("fr"), DOSSIER)
    assert found("refugies", second) == [("iii.topics/c", Where.ROW)]
    assert found("refugies") == []


def test_answers_to_questions_that_are_no_longer_asked_are_passed_over() -> None:
    kept = replace(DOSSIER, answers=(*DOSSIER.answers, say("gone.question", "budget")))
    assert len(list(find_passages(Wording(Texts(), kept), "budget"))) == 1
