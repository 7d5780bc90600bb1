"""What can be found in an assessment, and where it is said to stand."""

from dataclasses import replace

import pytest

from capacity_app import paths
from capacity_app.domain.questionnaire.search import PassageKind
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.search import find_passages
from tests.builders import small_dossier
from tests.domain.making import say
from tests.wordings import word

DOSSIER = small_dossier()


def found(typed: str, *others: Formatter) -> list[tuple[str, PassageKind]]:
    return [(str(one.address), one.where) for one in find_passages(Formatter(Translator(), DOSSIER), typed, others)]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("budget", [("i.why", PassageKind.ANSWER)]),
        ("ADOPTEE", [("i.law", PassageKind.NOTE)]),
        ("expired", [("i.plan", PassageKind.REASON)]),
        ("no such FLOWS", [("iii.topics/b", PassageKind.REASON)]),
        ("refugees", [("iii.topics/c", PassageKind.ROW)]),
        ("demand", [("iii.topics", PassageKind.COLUMN)]),
        ("移民", [("iii.topics/a/available", PassageKind.NOTE)]),
        ("labour", [("i.contents", PassageKind.OPTION), ("i.contents", PassageKind.ANSWER)]),
        ("nso", [("ii.lead", PassageKind.ANSWER)]),
        ("i.law", [("i.law", PassageKind.QUESTION)]),
        ("", []),
    ],
)
def test_words_are_found_where_they_stand(typed: str, places: list[tuple[str, PassageKind]]) -> None:
    assert found(typed) == places


def test_an_agency_can_be_found_by_what_it_answered() -> None:
    said = next(one for one in find_passages(Formatter(Translator(), DOSSIER), "adoptée"))
    assert said.key is not None
    assert said.key.respondent == "agency-nso"


def test_the_words_of_a_second_language_are_found_too() -> None:
    word(paths.user_instruments_folder(), DOSSIER.instrument, "fr", {"iii.topics|row c label": "Réfugiés"})
    second = Formatter(Translator("fr"), DOSSIER)
    assert found("refugies", second) == [("iii.topics/c", PassageKind.ROW)]
    assert found("refugies") == []


def test_answers_to_questions_that_are_no_longer_asked_are_passed_over() -> None:
    kept = replace(DOSSIER, answers=(*DOSSIER.answers, say("gone.question", "budget")))
    assert len(list(find_passages(Formatter(Translator(), kept), "budget"))) == 1
