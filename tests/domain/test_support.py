"""Which answers evidence under a row or table supports, and that no other answer's grade changes."""

from collections.abc import Iterable
from dataclasses import replace

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
)
from capacity_app.domain.assessment.references import ContentLookup, find_evidence_places, find_supported_answers
from capacity_app.domain.questionnaire.instrument import GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import QuestionBlock, lay_out
from tests.domain.making import ANCHORS, instrument, laid, question, say, section

COLUMNS = (
    GridColumn(id="have", label="Have", kind=AnswerKind.LEVEL, anchors=ANCHORS),
    GridColumn(id="year", label="Year", kind=AnswerKind.YEAR, scored=False),
)
ROWS = tuple(GridRow(id=name, label=name) for name in ("a", "b"))
SMALL = instrument(section("i", question("i.grid", AnswerKind.GRID, columns=COLUMNS, rows=ROWS), question("i.law")))


def _laid(answers: Iterable[Answer]) -> tuple[QuestionBlock, ContentLookup]:
    known = {answer.key: answer.content for answer in answers}

    def said(key: AnswerKey) -> Content:
        return known.get(key, EMPTY_CONTENT)

    return laid(SMALL, answers).blocks["i.grid"], said


def _supported(where: str, *answers: Answer, who: str = "nso") -> list[str]:
    block, said = _laid(answers)
    return [
        str(key.address) for key in find_supported_answers(block, Address.parse(where), AnswerLayer.RESPONSE, who, said)
    ]


def test_a_cell_and_a_question_support_themselves() -> None:
    assert _supported("i.grid/a/have") == ["i.grid/a/have"]
    block = lay_out(SMALL, {}).blocks["i.law"]
    (key,) = find_supported_answers(block, Address("i.law"), AnswerLayer.JUDGEMENT, "", lambda _key: EMPTY_CONTENT)
    assert key == AnswerKey(Address("i.law"), AnswerLayer.JUDGEMENT)


def test_a_row_means_what_the_speaker_answered_in_it() -> None:
    said = (
        say("i.grid/a/have", 2, who="nso"),
        say("i.grid/a/year", 2018, who="moi"),
        say("i.grid/b/have", 1, who="nso"),
    )
    assert _supported("i.grid/a", *said) == ["i.grid/a/have"]


def test_a_row_without_answers_means_the_cells_that_wait_for_one() -> None:
    assert _supported("i.grid/a") == ["i.grid/a/have", "i.grid/a/year"]


def test_a_row_that_does_not_apply_means_that_statement() -> None:
    out = say("i.grid/a", state=AnswerState.NOT_APPLICABLE, who="nso", reason="No such flow.")
    assert _supported("i.grid/a", out) == ["i.grid/a"]
    assert _supported("i.grid", out, say("i.grid/b/have", 1, who="nso")) == ["i.grid/a", "i.grid/b/have"]


def test_a_table_without_answers_means_nothing() -> None:
    assert _supported("i.grid") == []


def test_evidence_is_found_wherever_the_speaker_named_it() -> None:
    said = (
        say("i.grid/a", state=AnswerState.NOT_ASKED, who="nso", evidence=("e",)),
        say("i.grid/a/have", 2, who="nso", evidence=("e",)),
        say("i.grid/a/year", 2018, who="moi", evidence=("e",)),
        say("i.grid/b/have", 2, who="nso", evidence=("e", "f")),
    )
    block, content = _laid(said)

    def found(where: str) -> list[str]:
        keys = find_evidence_places(block, Address.parse(where), AnswerLayer.RESPONSE, "nso", content, "e")
        return [str(key.address) for key in keys]

    assert found("i.grid/a") == ["i.grid/a", "i.grid/a/have"]
    assert found("i.grid") == ["i.grid/a", "i.grid/a/have", "i.grid/b/have"]
    assert found("i.grid/a/year") == []


def test_grades_change_for_the_supported_answers_only_and_scores_not_at_all() -> None:
    said = [say(f"i.grid/{row}/have", 3, who="nso") for row in "ab"]
    block, content = _laid(said)
    keys = find_supported_answers(block, Address("i.grid", "a"), AnswerLayer.RESPONSE, "nso", content)
    supported = [
        replace(answer, content=replace(answer.content, evidence=("e",))) if answer.key in keys else answer
        for answer in said
    ]
    before = laid(SMALL, said, {"e": 2}).blocks["i.grid"]
    after = laid(SMALL, supported, {"e": 2}).blocks["i.grid"]
    assert [part.grade for part in before.parts] == [0, 0]
    assert [part.grade for part in after.parts] == [2, 0]
    assert (after.tally.points, after.tally.weight) == (before.tally.points, before.tally.weight)
