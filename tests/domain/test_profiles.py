"""A selection of questions (a short form): what it leaves out counts nowhere, and nothing is lost when it grows."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Mission
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import ContradictionRule, Instrument, Profile
from capacity_app.domain.scoring.answer_sheet import lay_out, lay_out_dossier
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import Scorecard, score_sheet
from capacity_app.questionnaires.instrument_json import decode_instrument, encode_instrument
from tests.builders import small_instrument
from tests.dossiers import dossiers, on_few_dossiers

QUESTIONS = tuple(question.id for question in small_instrument().questions())


def with_selection(*questions: str, columns: dict[str, tuple[str, ...]] | None = None) -> Instrument:
    made = Profile(id="short", title="short form", questions=questions, columns=columns or {})
    return replace(small_instrument(), profiles=(made,))


def figures(scorecard: Scorecard) -> list[object]:
    overall = scorecard.overall
    return [
        (overall.value, overall.lower, overall.upper),
        *(
            (one.section.id, one.published, one.score.lower, one.score.upper)
            for one in scorecard.sections
            if any(not part.is_out for part in one.parts)
        ),
    ]


@pytest.mark.check
@on_few_dossiers
@given(dossiers(), st.sets(st.sampled_from(QUESTIONS), min_size=1))
def test_a_selection_scores_as_if_the_other_questions_did_not_apply(dossier: Dossier, chosen: set[str]) -> None:
    whole = replace(with_selection(*chosen), contradictions=())
    outside = tuple(
        Answer(
            key=AnswerKey(Address(one), layer=AnswerLayer.VALIDATED),
            content=Content(state=AnswerState.NOT_APPLICABLE, reason="Not asked."),
        )
        for one in QUESTIONS
        if one not in chosen
    )
    inside = tuple(one for one in dossier.answers if one.key.address.question in chosen)
    short = replace(dossier, instrument=whole, answers=inside, mission=Mission(profile="short"), previous=None)
    not_applying = replace(short, mission=Mission(), instrument=whole, answers=(*inside, *outside))
    assert {block.question.id for block in lay_out_dossier(short).blocks.values()} == chosen
    assert figures(score_sheet(lay_out_dossier(short))) == figures(score_sheet(lay_out_dossier(not_applying)))
    assert [gap.address for gap in find_gaps(lay_out_dossier(short), ())[0]] == [
        gap.address for gap in find_gaps(lay_out_dossier(not_applying), ())[0]
    ]


def test_a_selection_has_the_hashes_and_the_text_of_the_whole() -> None:
    whole = with_selection("i.law", "iii.topics")
    short = whole.with_profile("short")
    assert [question.id for question in short.questions()] == ["i.law", "iii.topics"]
    assert (short.content_hash, short.hashes, short.part_hashes) == (
        whole.content_hash,
        whole.hashes,
        whole.part_hashes,
    )
    assert decode_instrument(encode_instrument(short)) == whole
    assert short.with_profile("") is whole
    assert short.with_profile("short") is short
    assert whole.with_profile("another") is whole
    assert [one.id for one in short.left_out(short.section_by_id["ii"])] == [
        one for one in QUESTIONS if one[:3] == "ii."
    ]


def test_a_condition_on_what_is_left_out_is_met_and_a_contradiction_is_not_checked() -> None:
    law = Condition(op=ConditionOperator.AT_LEAST, address=Address("i.law"), number=1)
    rule = ContradictionRule(id="i.rule", when=law, message="No.")
    whole = replace(with_selection("i.why", "i.plan"), contradictions=(rule,))
    short = whole.with_profile("short")
    assert short.question_by_id["i.why"].show_if is None
    assert not lay_out(short, {}).blocks["i.why"].is_hidden
    assert lay_out(whole, {}).blocks["i.why"].is_hidden
    assert short.contradictions == ()


def test_columns_that_are_left_out_are_not_asked() -> None:
    short = with_selection("iii.topics", columns={"iii.topics": ("available",)}).with_profile("short")
    assert {item.field.id for item in lay_out(short, {}).items()} == {"available"}
    assert lay_out(short, {}).counts.wanted == lay_out(with_selection(), {}).blocks["iii.topics"].counts.wanted / 3


def test_a_supplement_is_asked_whole() -> None:
    whole = with_selection("i.law")
    sections = tuple(replace(one, supplement="S") if one.id == "ii" else one for one in whole.sections)
    short = replace(whole, sections=sections).with_profile("short")
    assert len(short.section_by_id["ii"].questions) == len(whole.section_by_id["ii"].questions)
