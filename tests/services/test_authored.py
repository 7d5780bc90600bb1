"""Assessments written by hand: what a file may say, and that every mistake is told with place and reason."""

from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.services.session.demonstration import (
    DemonstrationError,
    TomlAssessment,
    read_demonstration,
    read_toml_assessment,
)
from tests.domain import making

HEAD = """
id = "11111111-2222-3333-4444-555555555555"
[mission]
country = "XXA"
[[agencies]]
id = "nso"
[[evidence]]
id = "report"
[sessions]
nso = { author = "A. Person", start = 2023-05-15T08:00:00+02:00 }
judgement = { author = "B. Person", start = 2023-05-16T08:00:00Z }
"""


def small_instrument() -> Instrument:
    columns = (
        GridColumn(id="level", label="Level", kind=AnswerKind.LEVEL, anchors=making.ANCHORS),
        GridColumn(id="sources", label="Sources", kind=AnswerKind.SOURCE, many=True),
        GridColumn(id="ticks", label="Ticks", kind=AnswerKind.CHECKLIST, options=(ChoiceOption(id="a", label="A"),)),
    )
    rows = (GridRow(id="one", label="One"), GridRow(id="two", label="Two"))
    return making.instrument(
        making.section(
            "s", making.question("s.level"), making.question("s.grid", AnswerKind.GRID, columns=columns, rows=rows)
        )
    )


def read(folder: Path, text: str) -> TomlAssessment:
    file = folder / "part.toml"
    file.write_text(HEAD + text, encoding="utf-8")
    return read_toml_assessment([file], small_instrument(), folder)


def content_of(
    reading: TomlAssessment, at: str, layer: AnswerLayer = AnswerLayer.RESPONSE, who: str = "nso"
) -> Content:
    return reading.answers[AnswerKey(Address(*at.split("/")), layer, who)].content


def test_an_answer_says_value_note_and_evidence(tmp_path: Path) -> None:
    reading = read(tmp_path, '[answers.nso]\n"s.level" = { value = 2, note = "Seen.", evidence = ["report"] }')
    assert reading.problems == []
    assert content_of(reading, "s.level") == Content(
        state=AnswerState.ANSWERED, value=2, note="Seen.", evidence=("report",)
    )


def test_authors_and_times_follow_the_session_in_universal_time(tmp_path: Path) -> None:
    reading = read(
        tmp_path, '[[grid]]\nat = "s.grid"\nwho = "nso"\n[grid.rows.one]\nlevel = 1\n[grid.rows.two]\nlevel = 2'
    )
    said = [(answer.author, answer.time) for answer in reading.answers.values()]
    assert said == [("A. Person", "2023-05-15T06:00:00+00:00"), ("A. Person", "2023-05-15T06:00:20+00:00")]


def test_a_judgement_has_no_respondent_but_a_session_of_its_own(tmp_path: Path) -> None:
    reading = read(tmp_path, '[answers.judgement]\n"s.level" = { value = 1, reason = "So." }')
    assert reading.problems == []
    assert content_of(reading, "s.level", AnswerLayer.JUDGEMENT, "").reason == "So."


def test_a_row_says_what_holds_for_all_its_other_columns_and_what_supports_it(tmp_path: Path) -> None:
    rows = '[grid.rows.one]\nevidence = ["report"]\nlevel = 3\nothers = { state = "declined" }'
    reading = read(tmp_path, f'[[grid]]\nat = "s.grid"\nwho = "nso"\n{rows}')
    assert reading.problems == []
    assert content_of(reading, "s.grid/one/level").evidence == ("report",)
    assert content_of(reading, "s.grid/one/ticks") == Content(state=AnswerState.DECLINED)


def test_a_whole_row_may_not_apply(tmp_path: Path) -> None:
    reading = read(tmp_path, '[[grid]]\nat = "s.grid"\nwho = "nso"\n[grid.rows.two]\nnot_applicable = "There is none."')
    assert reading.problems == []
    assert content_of(reading, "s.grid/two") == Content(state=AnswerState.NOT_APPLICABLE, reason="There is none.")


MISTAKES = {
    "a level that does not exist": (
        '[answers.nso]\n"s.level" = 4',
        "part.toml, s.level",
        "0, 1, 2, 3",
    ),
    "a place that does not exist": (
        '[answers.nso]\n"s.nothing" = 1',
        "s.nothing",
        "no such place",
    ),
    "a cell that does not exist": (
        '[[grid]]\nat = "s.grid"\nwho = "nso"\n[grid.rows.one]\ndepth = 1',
        "s.grid/one/depth",
        "no such place",
    ),
    "a value of a wrong type": ('[answers.nso]\n"s.level" = 1.5', "s.level", "right form"),
    "a key that means nothing": ('[answers.nso]\n"s.level" = { value = 1, hint = "" }', "s.level", "hint"),
    "nothing said": ('[answers.nso]\n"s.level" = {}', "s.level", "Nothing is said"),
    "an agency without a session": ('[answers.bank]\n"s.level" = 1', "s.level", "no session"),
    "evidence that does not exist": (
        '[answers.nso]\n"s.level" = { value = 1, evidence = ["letter"] }',
        "s.level",
        "“letter” does not exist",
    ),
    "a source that does not exist": (
        '[[grid]]\nat = "s.grid"\nwho = "nso"\n[grid.rows.one]\nsources = ["census"]',
        "s.grid/one/sources",
        "“census” does not exist",
    ),
    "an answer given twice": (
        '[[grid]]\nat = "s.grid"\nwho = "nso"\n[grid.rows.one]\nlevel = 1\n' * 2,
        "s.grid/one/level",
        "twice",
    ),
    "a table that means nothing": ("[[replies]]\nvalue = 1", "part.toml", "replies"),
    "a key of a register that means nothing": ('[[sources]]\nid = "x"\nowner = "nso"', "sources x", "owner"),
    "an id used twice": ('[[people]]\nid = "x"\n[[people]]\nid = "x"', "people x", "twice"),
    "an entry that names a missing agency": ('[[people]]\nid = "x"\nagency = "bank"', "people x", "bank"),
    "a code that does not exist": ('[[sources]]\nid = "x"\ntype = "oracle"', "sources x", "oracle"),
    "an action for a gap nowhere": ('[[actions]]\nid = "x"\ngaps = ["s.nothing"]', "actions x", "s.nothing"),
    "a document that is missing": ('[[people]]\nid = "p"\n[[evidence]]\nid = "x"\nfile_name = "x.pdf"', "x", "x.pdf"),
    "a session without a time zone": (
        "[[people]]\nid = 'p'\n[sessions.bank]\nauthor = 'A'\nstart = 2023-05-15T08:00:00",
        "part.toml",
        "right form",
    ),
    "a file that is no TOML": ("[[answer", "part.toml", "cannot be read"),
}


@pytest.mark.parametrize(("text", "place", "reason"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_reason(tmp_path: Path, text: str, place: str, reason: str) -> None:
    problems = read(tmp_path, text).problems
    assert [place in problem.place and reason in problem.text() for problem in problems] == [True]


def test_all_mistakes_of_both_rounds_are_told_at_once(tmp_path: Path) -> None:
    wrong = HEAD + '[answers.nso]\n"PLACE" = 4\n'
    (tmp_path / "1.toml").write_text(wrong.replace("PLACE", "s.level"), encoding="utf-8")
    (tmp_path / "previous.toml").write_text(wrong.replace("PLACE", "s.nothing"), encoding="utf-8")
    with pytest.raises(DemonstrationError) as caught:
        read_demonstration(tmp_path, small_instrument())
    assert [problem.place for problem in caught.value.problems] == ["1.toml, s.level", "previous.toml, s.nothing"]
    assert "previous.toml, s.nothing: The questionnaire has no such place." in str(caught.value)
