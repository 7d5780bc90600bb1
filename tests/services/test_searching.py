"""What can be found in an assessment, and where it is said to stand."""

import pytest

from capacity_app import paths
from capacity_app.domain.questionnaire.search import PassageKind, SearchPassage, search_passages, search_words
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.services.session.search import answer_passages, question_passages
from tests.builders import small_dossier
from tests.wordings import word

DOSSIER = small_dossier()


def passages(typed: str, *others: Formatter) -> list[SearchPassage]:
    wording = Formatter(Translator(), DOSSIER)
    questions = tuple(DOSSIER.instrument.questions())
    said = {one.id: [a for a in DOSSIER.answers if a.key.address.question == one.id] for one in questions}
    places = (
        place
        for one in questions
        for place in (question_passages(one, (wording, *others)), answer_passages(one, said[one.id], wording))
    )
    return list(search_passages(places, search_words(typed)))


def found(typed: str, *others: Formatter) -> list[tuple[str, PassageKind]]:
    return [(str(one.address), one.where) for one in passages(typed, *others)]


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
    said = next(iter(passages("adoptée")))
    assert said.key is not None
    assert said.key.respondent == "agency-nso"


def test_the_words_of_a_second_language_are_found_too() -> None:
    word(paths.user_instruments_folder(), DOSSIER.instrument, "fr", {"iii.topics|row c label": "Réfugiés"})
    second = Formatter(Translator("fr"), DOSSIER)
    assert found("refugies", second) == [("iii.topics/c", PassageKind.ROW)]
    assert found("refugies") == []
