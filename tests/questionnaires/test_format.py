"""Scales of 2 to 7 levels, points for numbers, deeper headings, pages of text: read, answered, scored and printed."""

from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from capacity_app.domain.assessment.answer_rules import check_value
from capacity_app.domain.assessment.answers import Address
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import LEVEL_COUNTS, WORDING_LIMIT, Instrument
from capacity_app.domain.scoring.answer_sheet import earned_points
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.reports import blank_form_bytes, blank_form_request, report_bytes
from tests.builders import small_dossier
from tests.domain.making import ANCHORS, laid, question, say, section
from tests.domain.making import instrument as made_of
from tests.outputs.chapters import ENGLISH
from tests.outputs.unpacking import holders
from tests.outputs.workbook.returning.patching import Sent
from tests.questionnaires.test_keys import EVERYTHING
from tests.questionnaires.xlsform.holding import there_and_back


@cache
def read() -> Instrument:
    with TemporaryDirectory() as folder:
        for file, content in EVERYTHING.items():
            (Path(folder) / file).write_text(content, encoding="utf-8")
        instrument, problems = read_instrument(Path(folder))
    assert instrument is not None, problems
    return instrument


ANSWERS = (say("a.level", 1), say("a.six", 2), say("a.points", 600))


@cache
def answered() -> Dossier:
    return replace(small_dossier(), instrument=read(), answers=ANSWERS, actions=(), ratings=())


@pytest.mark.parametrize("count", LEVEL_COUNTS)
def test_a_scale_has_as_many_levels_as_it_has_sentences(count: int) -> None:
    field = question("a.one", anchors=tuple(map(str, range(count))))
    allowed = [level for level in range(-1, 9) if check_value(field, level, Address("a.one")) is None]
    assert allowed == list(range(count))
    assert [earned_points(field, level) for level in (0, count - 1)] == [0, 1]


def test_levels_and_numbers_earn_their_share() -> None:
    instrument = read()
    earned = {one.key.address.question: one.content.value for one in ANSWERS}
    points = {name: earned_points(instrument.question_by_id[name], value) for name, value in earned.items()}
    assert points == {"a.level": Fraction(1, 3), "a.six": Fraction(2, 5), "a.points": Fraction(600, 661)}


@pytest.mark.parametrize(("value", "points"), [("0", 0), ("12.5", Fraction(1, 8)), ("250", 1)])
def test_a_percentage_earns_its_share_up_to_all(value: str, points: Fraction) -> None:
    column = read().question_by_id["a.grid"].column_by_id["share"]
    assert earned_points(column, value) == points


def test_steps_of_a_gap_count_as_on_four_levels() -> None:
    six = question("a.six", anchors=tuple("abcdef"), target=5)
    four = question("a.four", anchors=ANCHORS)
    sheet = laid(made_of(section("a", six, four)), [say("a.six", 1), say("a.four", 1)])
    gaps, _ = find_gaps(sheet)
    assert {gap.question.id: (gap.level, gap.target, gap.steps) for gap in gaps} == {
        "a.six": (1, 5, 3),
        "a.four": (1, 3, 2),
    }
    assert score_sheet(sheet).sections[0].score.value == (Fraction(100, 5) + Fraction(100, 3)) / 2


def test_the_copy_in_files_is_equal() -> None:
    assert decode_instrument(encode_instrument(read())) == read()


def test_a_form_for_phones_holds_all_of_it(tmp_path: Path) -> None:
    assert there_and_back(read(), tmp_path / "back")[0] == read().without_officer_texts()


@pytest.mark.parametrize(("where", "typed"), [("a.six", 5), ("a.points", 661), ("a.level", 3)])
def test_a_workbook_brings_the_answers_back(where: str, typed: int) -> None:
    returned = Sent(answered()).said({where: typed})
    assert returned.problems == ()
    assert [(str(one.address), one.now.value) for one in returned.edited] == [(where, typed)]


def test_a_level_above_the_scale_is_refused() -> None:
    (problem,) = Sent(answered()).said({"a.six": 6}).problems
    assert "0, 1, 2, 3, 4, 5" in problem.text()


SAID = ("A page of text.", "A.1.a These levels", "These are levels.", "How far of five?")


@pytest.mark.parametrize("said", SAID)
def test_the_blank_form_in_excel_says_all_of_it(said: str) -> None:
    assert holders(blank_form_bytes(blank_form_request(answered()), ".xlsx", texts=ENGLISH), said)


@pytest.mark.parametrize("ending", [".html", ".docx", ".xlsx", ".pdf"])
def test_every_report_can_be_made(ending: str) -> None:
    content = report_bytes(answered(), ending, texts=ENGLISH)
    if ending != ".pdf":
        assert holders(content, "How far of five?")
    if ending in {".html", ".docx"}:
        assert holders(content, "Toolkit, 2018.")


def test_a_text_of_60_000_letters_loads_and_is_printed() -> None:
    instrument = read()
    long = "word " * (WORDING_LIMIT // 5 - 1) + "zqend"
    first, *others = instrument.sections
    whole = replace(instrument, sections=(replace(first, introduction=long), *others))
    assert decode_instrument(encode_instrument(whole)) == whole
    form = blank_form_bytes(blank_form_request(replace(answered(), instrument=whole)), ".xlsx", texts=ENGLISH)
    assert holders(form, "word word")
