"""What a translator is told of every text."""

from capacity_app import paths
from capacity_app.domain.wordings import wording_places
from capacity_app.instruments.reader import offered_supplements, read_instrument
from capacity_app.instruments.translating.passages import Passage, instrument_subject
from capacity_app.instruments.translating.program import key_of, program_subject
from tests.translators import small_library


def of_small() -> dict[str, Passage]:
    instrument, _problems = read_instrument(small_library())
    assert instrument is not None
    return instrument_subject(instrument, str).by_key


def test_an_anchor_comes_with_its_question_and_the_other_levels() -> None:
    passage = of_small()["r.survey|anchor 2"]
    assert passage.where == "1.1, answer of level 2"
    assert passage.context.splitlines() == [
        "Question: Are readers asked what they need?",
        "Level 0: Nobody asks.",
        "Level 1: Staff ask now and then.",
        "Level 3: A survey every year.",
    ]


def test_a_possible_answer_comes_with_its_question_column_and_neighbours() -> None:
    passage = of_small()["r.visits|column frequency option never"]
    assert passage.what == "column “Frequency”: possible answer"
    assert "Question: How often are visits counted?" in passage.context
    assert "The others of the list: Once a year" in passage.context
    assert passage.is_label


def test_every_text_of_the_toolkit_has_a_place_in_words_and_a_key_of_its_own() -> None:
    folder = paths.instruments_folder() / "unsd-nmdc"
    instrument, _ = read_instrument(folder, [one.file for one in offered_supplements(folder)])
    assert instrument is not None
    subject = instrument_subject(instrument, str)
    assert [(one.key, one.source) for one in subject.passages] == list(wording_places(instrument))
    assert len(subject.by_key) == len(subject.passages)
    for passage in subject.passages:
        assert passage.part, passage
        assert passage.what, passage
        assert "{" not in passage.what, passage
        assert "|" not in passage.where, passage


def test_a_sentence_of_the_program_says_where_it_is_used_and_what_is_filled_in() -> None:
    subject = program_subject(str)
    passage = subject.by_key[key_of("{count} countries" if key_of("{count} countries") in subject.by_key else "&File")]
    assert len(subject.passages) > 2_000
    assert passage.part
    menu = subject.by_key[key_of("&File")]
    assert menu.is_label
    assert "pressed together with Alt" in menu.context
    plural = next(one for one in subject.passages if one.plural and "{count}" in one.plural)
    assert "{count} – a number" in plural.context
    assert "one row for each form" in plural.context
