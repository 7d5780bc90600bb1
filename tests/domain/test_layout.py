"""Laying out only the row that changed is the same as laying everything out, and counts stay true."""

from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Answer, AnswerState, answers_by_address
from capacity_app.domain.scoring.answer_sheet import ItemStatus, QuestionBlock, lay_out, update_layout
from tests.domain.making import say
from tests.dossiers import INSTRUMENT, answers


@given(st.lists(answers(), min_size=1, max_size=12))
def test_laying_out_row_by_row_equals_laying_out_anew(said: list[Answer]) -> None:
    sheet = lay_out(INSTRUMENT, {}, {"evidence-1": 2})
    known: dict[object, Answer] = {}
    for answer in said:
        known[answer.key] = answer
        now = answers_by_address(known.values())
        sheet = update_layout(sheet, now, [answer.key.address])
        assert sheet == lay_out(INSTRUMENT, now, {"evidence-1": 2})


def test_only_the_row_that_changed_is_laid_out_again() -> None:
    before = lay_out(INSTRUMENT, {})
    answer = say("iii.topics/a/available", 2)
    after = update_layout(before, answers_by_address([answer]), [answer.key.address])
    old, new = before.blocks["iii.topics"], after.blocks["iii.topics"]
    assert [one is other for one, other in zip(old.strips, new.strips, strict=True)] == [False, True, True]
    assert before.blocks["i.law"] is after.blocks["i.law"]


def counted(block: QuestionBlock) -> tuple[int, ...]:
    """Count the places of a question one by one."""
    wanted = [item for item in block.items if item.standing is ItemStatus.WANTED]
    asked = [item for item in wanted if item.answer.conflict or item.answer.state is not AnswerState.NOT_ASKED]
    settled = [item for item in wanted if not item.answer.is_open]
    differing = [item for item in wanted if item.answer.conflict]
    uncertain = [
        item
        for item in wanted
        if item.answer.state in {AnswerState.UNKNOWN, AnswerState.DECLINED} and not item.answer.conflict
    ]  # fmt: skip
    return len(wanted), len(asked), len(settled), len(differing), len(uncertain)


@given(st.lists(answers(), max_size=20))
def test_counts_are_those_of_the_places_one_by_one(said: list[Answer]) -> None:
    sheet = lay_out(INSTRUMENT, answers_by_address({answer.key: answer for answer in said}.values()))
    for block in sheet.blocks.values():
        assert block.counts[:5] == counted(block)
        assert block.counts.open == block.counts.wanted - block.counts.settled
    done = sheet.counts
    assert (done.wanted, done.answered) == (
        sum(counted(block)[0] for block in sheet.blocks.values()),
        sum(counted(block)[1] for block in sheet.blocks.values()),
    )


def test_a_high_level_without_evidence_is_counted_until_evidence_is_named() -> None:
    alone, held = say("i.law", 2), say("i.plan", 3, evidence=("evidence-1",))
    sheet = lay_out(INSTRUMENT, answers_by_address([alone, held]), {"evidence-1": 1})
    assert [sheet.blocks[name].counts.unsupported for name in ("i.law", "i.plan", "i.published")] == [1, 0, 0]
    low = lay_out(INSTRUMENT, answers_by_address([say("i.law", 1)]))
    assert low.blocks["i.law"].counts.unsupported == 0


def test_what_does_not_apply_is_counted_out() -> None:
    said = [
        say("i.law", state=AnswerState.NOT_APPLICABLE, reason="none"),
        say("iii.topics/b", state=AnswerState.NOT_APPLICABLE),
    ]
    sheet = lay_out(INSTRUMENT, answers_by_address(said))
    assert sheet.blocks["i.law"].counts.out == 1
    assert sheet.blocks["iii.topics"].counts.out == 6, "the row answered so, and the row preset so"
