"""What the previous round answered waits to be confirmed: offered where it fits, never counted, never stored."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given

from capacity_app.domain.assessment.answer_rules import check_content
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.questionnaire.instrument import ChoiceOption, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier
from capacity_app.domain.scoring.round_comparison import find_carried_forward, find_carried_forward_in_block
from capacity_app.domain.scoring.scores import score_sheet
from tests.domain.making import instrument, laid, question, say, section
from tests.dossiers import dossiers, on_few_dossiers

SMALL = instrument(
    section(
        "a",
        question("a.1"),
        question("a.2"),
        question(
            "a.grid",
            AnswerKind.GRID,
            columns=(
                GridColumn(id="is", label="Is", kind=AnswerKind.YES_NO),
                GridColumn(
                    id="why", label="Why", kind=AnswerKind.CHOICE, options=(ChoiceOption(id="law", label="Law"),)
                ),
            ),
            rows=(GridRow(id="x", label="X"), GridRow(id="y", label="Y")),
        ),
    )
)


def earlier(*answers: Answer, of: Instrument = SMALL) -> Dossier:
    return Dossier(id="0" * 8, instrument=of, answers=answers)


def offered(before: Sequence[Answer], now: Sequence[Answer] = (), who: str = "") -> dict[str, Content]:
    return {
        str(place): content for place, content in find_carried_forward(laid(SMALL, now), earlier(*before), who).items()
    }


def test_an_answer_of_the_earlier_round_is_offered_where_nobody_has_been_asked() -> None:
    assert offered([say("a.1", 2), say("a.2", 1)], [say("a.2", 3)]) == {
        "a.1": Content(state=AnswerState.ANSWERED, value=2)
    }


def test_unknown_is_an_answer_of_this_round_and_nothing_to_carry_over() -> None:
    assert offered([say("a.1", 2)], [say("a.1", state=AnswerState.UNKNOWN)]) == {}
    assert offered([say("a.1", state=AnswerState.UNKNOWN)]) == {}


def test_an_agency_is_offered_its_own_answer_and_others_what_counted() -> None:
    before = [
        say("a.1", 1, who="agency-a"),
        say("a.1", 3, who="agency-b"),
        say("a.1", 2, layer=AnswerLayer.JUDGEMENT),
    ]
    assert offered(before, who="agency-a")["a.1"].value == 1
    assert offered(before, who="agency-b")["a.1"].value == 3
    assert offered(before, who="agency-c")["a.1"].value == 2


def test_a_conflict_of_the_earlier_round_is_offered_to_nobody_else() -> None:
    before = [say("a.1", 1, who="agency-a"), say("a.1", 3, who="agency-b")]
    assert offered(before, who="agency-c") == {}


def test_a_row_that_did_not_apply_is_offered_as_a_whole_until_something_is_said_in_it() -> None:
    before = [say("a.grid/x", state=AnswerState.NOT_APPLICABLE, reason="no such thing")]
    assert offered(before)["a.grid/x"].state is AnswerState.NOT_APPLICABLE
    assert offered(before, [say("a.grid/x/is", "yes")]) == {}


def test_what_the_present_instrument_does_not_allow_is_not_offered() -> None:
    option = ChoiceOption(id="old", label="Old")
    was = instrument(section("a", question("a.1", AnswerKind.CHOICE, options=(option,))))
    assert find_carried_forward(laid(SMALL, ()), earlier(say("a.1", "old"), of=was)) == {}


def test_rounds_of_another_instrument_or_major_version_are_not_offered() -> None:
    assert find_carried_forward(laid(SMALL, ()), None) == {}
    for other in (replace(SMALL, id="other"), replace(SMALL, version="99.0")):
        assert find_carried_forward(laid(SMALL, ()), earlier(say("a.1", 2), of=other)) == {}


def test_evidence_and_notes_stay_with_the_earlier_round() -> None:
    said = say("a.1", 3, who="agency-a")
    said = replace(said, content=replace(said.content, note="as seen", evidence=("evidence-1",)))
    assert offered([said], who="agency-a") == {"a.1": Content(state=AnswerState.ANSWERED, value=3)}


@pytest.mark.check
@on_few_dossiers
@given(dossiers(), dossiers())
def test_everything_offered_may_be_stored_is_missing_now_and_was_said_before(now: Dossier, before: Dossier) -> None:
    sheet = lay_out_dossier(now)
    missing = {item.address for item in sheet.items() if item.is_unanswered}
    found = find_carried_forward(sheet, before, "agency-a")
    for address, content in found.items():
        assert address in missing or not address.column
        assert address in before.by_address
        assert check_content(now.instrument, AnswerKey(address, respondent="agency-a"), content)[1] is None
        assert (
            find_carried_forward_in_block(sheet.blocks[address.question], now.instrument, before, "agency-a")[address]
            == content
        )
    assert len(found) == sum(
        len(find_carried_forward_in_block(block, now.instrument, before, "agency-a")) for block in sheet.blocks.values()
    )


@pytest.mark.check
@on_few_dossiers
@given(dossiers())
def test_a_round_begun_from_an_earlier_one_has_no_score_until_something_is_confirmed(before: Dossier) -> None:
    fresh = replace(before, answers=(), previous=before)
    sheet = lay_out_dossier(fresh)
    assert score_sheet(sheet).overall.value is None
    assert all(not item.answer.conflict for item in sheet.items())
    assert set(find_carried_forward(sheet, before)) <= set(before.by_address)


def test_a_confirmed_answer_is_no_longer_offered() -> None:
    before = [say("a.1", 2)]
    content = offered(before, who="agency-a")["a.1"]
    now = Answer(key=AnswerKey(Address("a.1"), respondent="agency-a"), content=content)
    assert offered(before, [now]) == {}
