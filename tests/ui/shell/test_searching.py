"""What can be found in an assessment, and where it is said to stand."""

import pytest

from capacity_app.domain.questionnaire.search import SearchPassage, search_passages, search_words
from capacity_app.i18n.formatter import Formatter
from capacity_app.i18n.translator import Translator
from capacity_app.ui.shell.command_box import answer_passages, question_passages
from tests.builders import small_dossier

DOSSIER = small_dossier()


def passages(typed: str) -> list[SearchPassage]:
    wording = Formatter(Translator(), DOSSIER)
    questions = tuple(DOSSIER.instrument.questions())
    said = {one.id: [a for a in DOSSIER.answers if a.key.address.question == one.id] for one in questions}
    places = (
        place
        for one in questions
        for place in (question_passages(one, wording), answer_passages(one, said[one.id], wording))
    )
    return list(search_passages(places, search_words(typed)))


def found(typed: str) -> list[str]:
    return [str(one.address) for one in passages(typed)]


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("budget", ["i.why"]),
        ("ADOPTEE", ["i.law"]),
        ("expired", ["i.plan"]),
        ("no such FLOWS", ["iii.topics/b"]),
        ("refugees", ["iii.topics/c"]),
        ("demand", ["iii.topics"]),
        ("移民", ["iii.topics/a/available"]),
        ("labour", ["i.contents", "i.contents"]),
        ("nso", ["ii.lead"]),
        ("i.law", ["i.law"]),
        ("", []),
    ],
)
def test_words_are_found_where_they_stand(typed: str, places: list[str]) -> None:
    assert found(typed) == places
