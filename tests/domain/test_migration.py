"""Version pairs: every answer has exactly one fate, nothing is lost, and steps add up."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, Answer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import (
    MigrationOutcome,
    MigrationResult,
    decode_value,
    migrate,
    number_and_wording_at,
    proposed_answer,
    retired_answers_by_place,
    retired_content,
)
from capacity_app.domain.assessment.references import is_place
from capacity_app.domain.assessment.registers import FeasibilityRating, RetiredAnswer, RetiredAnswerStatus
from capacity_app.domain.questionnaire.instrument import Instrument, Question
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import OptionRule, PlaceRule, VersionChange, VersionRules
from tests.domain.making import say
from tests.versions import (
    LEVELS,
    Pair,
    answered,
    changed,
    draft,
    drafts,
    edited,
    moved,
    next_versions,
    options,
    retired,
)

EXAMPLES = 2_000 if os.environ.get("CAPACITY_TORTURE") else 150
OLD = draft(["q.a", "q.b", "q.c", "q.d"], [AnswerKind.LEVEL, AnswerKind.CHOICE, AnswerKind.CHECKLIST, AnswerKind.GRID])


def said(answer: Answer) -> str:
    """Word an answer in a way that shows its value."""
    return f"said {answer.content.value!r}"


def dossier(*answers: Answer, instrument: Instrument = OLD, **more: object) -> Dossier:
    by_key = sorted(answers, key=lambda answer: answer.key)
    return Dossier(id="x", instrument=instrument, answers=tuple(by_key), **more)  # type: ignore[arg-type]


def version(**changes: Question | None) -> Instrument:
    """Return the next version, with questions replaced by id (None takes one out)."""
    section = OLD.sections[0]
    kept = [changes.get(one.id.replace(".", "_"), one) for one in section.questions]
    added = [one for name, one in changes.items() if name.startswith("new")]
    questions = tuple(one for one in (*kept, *added) if one is not None)
    return replace(OLD, version="2.0", sections=(replace(section, questions=questions),))


def rules(*places: PlaceRule, **more: object) -> VersionRules:
    return VersionRules(instrument="small", earlier="1.0", later="2.0", places=places, **more)  # type: ignore[arg-type]


def rule(became: VersionChange, source: str, *targets: str, **more: object) -> PlaceRule:
    sources = (Address.parse(source),)
    return PlaceRule(became=became, sources=sources, targets=tuple(map(Address.parse, targets)), **more)  # type: ignore[arg-type]


def fates(result: MigrationResult) -> dict[str, str]:
    return {str(one.answer.key.address): one.fate.value for one in result.outcomes}


A, B, C, D = OLD.questions()


def test_what_is_asked_in_the_same_words_is_carried_without_being_named() -> None:
    answer = replace(say("q.a", 2, who="agency-nso", note="n"), author="A. Officer", time="2018-11-27")
    result = migrate(dossier(answer), version(), [], said)
    assert result.dossier.answers == (answer,)
    assert result.dossier.kept == ()
    assert result.dossier.instrument.version == "2.0"


def test_a_wording_nobody_declared_has_to_be_confirmed() -> None:
    later = version(q_a=replace(A, text="Is it really so?"))
    result = migrate(dossier(say("q.a", 2)), later, [], said)
    assert fates(result) == {"q.a": "to_confirm"}
    assert "nobody has said" in result.outcomes[0].reason


def test_an_editorial_change_is_carried() -> None:
    later = version(q_a=replace(A, text="Is q.a  so ?"))
    result = migrate(dossier(say("q.a", 2)), later, [rules(rule(VersionChange.SAME, "q.a"))], said)
    assert fates(result) == {"q.a": "carried"}


def test_a_reworded_answer_is_kept_with_all_it_said_and_counts_nowhere() -> None:
    answer = replace(
        say("q.a", 2, who="agency-nso", note="n", evidence=("evidence-1",)), author="A", time="T", language="fr"
    )
    later = version(q_a=replace(A, text="Other words"))
    result = migrate(dossier(answer), later, [rules(rule(VersionChange.REWORDED, "q.a", note="Clearer."))], said)
    assert result.dossier.answers == ()
    (kept,) = result.dossier.kept
    assert kept == RetiredAnswer(
        id=kept.id,
        fate=RetiredAnswerStatus.TO_CONFIRM,
        address="q.a",
        layer="response",
        respondent="agency-nso",
        state="answered",
        value="2",
        note="n",
        evidence=("evidence-1",),
        author="A",
        time="T",
        language="fr",
        number="q.a",
        wording="Is q.a so?",
        answered="said 2",
        target="q.a",
        version="1.0",
    )
    assert proposed_answer(kept) == answer
    assert result.outcomes[0].note == "Clearer."


def test_a_retired_answer_is_kept_without_a_target() -> None:
    result = migrate(dossier(say("q.a", 2)), version(q_a=None), [], said)
    (kept,) = result.dossier.kept
    assert (kept.fate, kept.target, kept.answered) == (RetiredAnswerStatus.RETIRED, "", "said 2")
    assert proposed_answer(kept) is None


def test_a_moved_answer_stands_at_its_new_place() -> None:
    later = version(q_a=replace(A, id="q.z", text="Quite other"))
    result = migrate(dossier(say("q.a", 2)), later, [rules(rule(VersionChange.MOVED, "q.a", "q.z"))], said)
    assert [str(one.key.address) for one in result.dossier.answers] == ["q.z"]


def test_levels_become_yes_partly_no_by_a_table() -> None:
    later = version(q_a=replace(A, kind=AnswerKind.YES_PARTLY_NO, anchors=()))
    result = migrate(dossier(say("q.a", 2)), later, [rules(rule(VersionChange.RESCALED, "q.a", values=LEVELS))], said)
    assert [one.content.value for one in result.dossier.answers] == ["partly"]


def test_yes_and_no_become_levels_by_a_table() -> None:
    old = draft(["q.a"], [AnswerKind.YES_NO])
    new = replace(draft(["q.a"], [AnswerKind.LEVEL]), version="2.0")
    table = rules(rule(VersionChange.RESCALED, "q.a", values={"yes": "3", "no": "0"}))
    result = migrate(dossier(say("q.a", "yes"), instrument=old), new, [table], said)
    assert [one.content.value for one in result.dossier.answers] == [3]


def test_a_value_the_table_leaves_out_is_kept_as_retired() -> None:
    later = version(q_a=replace(A, kind=AnswerKind.YES_NO, anchors=()))
    table = rules(rule(VersionChange.RESCALED, "q.a", values={"0": "no", "3": "yes"}))
    result = migrate(dossier(say("q.a", 2)), later, [table], said)
    assert fates(result) == {"q.a": "retired"}
    assert result.dossier.kept[0].value == "2"


def test_another_form_without_a_table_never_carries_a_value_over() -> None:
    later = version(q_a=replace(A, kind=AnswerKind.YES_NO, anchors=()))
    result = migrate(dossier(say("q.a", 2)), later, [rules(rule(VersionChange.SAME, "q.a"))], said)
    assert fates(result) == {"q.a": "retired"}


def test_a_split_answer_is_offered_at_each_place_and_counted_once() -> None:
    later = version(q_a=None, new_1=replace(A, id="q.x"), new_2=replace(A, id="q.y"))
    result = migrate(dossier(say("q.a", 2)), later, [rules(rule(VersionChange.SPLIT, "q.a", "q.x", "q.y"))], said)
    assert result.count(MigrationOutcome.TO_CONFIRM) == 1
    assert [kept.target for kept in result.dossier.kept] == ["q.x", "q.y"]
    assert len({kept.id for kept in result.dossier.kept}) == 2


def test_merged_answers_wait_side_by_side() -> None:
    old = draft(["q.a", "q.b"], [AnswerKind.LEVEL, AnswerKind.LEVEL])
    new = replace(draft(["q.z"], [AnswerKind.LEVEL]), version="2.0")
    merged = PlaceRule(became=VersionChange.MERGED, sources=(Address("q.a"), Address("q.b")), targets=(Address("q.z"),))
    result = migrate(dossier(say("q.a", 2), say("q.b", 1), instrument=old), new, [rules(merged)], said)
    waiting = retired_answers_by_place(new, result.dossier.kept)
    assert [decode_value(one) for one in waiting[Address("q.z")]] == [2, 1]


def test_two_answers_carried_to_one_place_do_not_cover_each_other() -> None:
    old = draft(["q.a", "q.b"], [AnswerKind.LEVEL, AnswerKind.LEVEL])
    new = replace(draft(["q.z"], [AnswerKind.LEVEL]), version="2.0")
    both = rules(rule(VersionChange.MOVED, "q.a", "q.z"), rule(VersionChange.MOVED, "q.b", "q.z"))
    result = migrate(dossier(say("q.a", 2), say("q.b", 1), instrument=old), new, [both], said)
    assert fates(result) == {"q.a": "carried", "q.b": "retired"}


@pytest.mark.parametrize(
    ("became", "targets", "fate", "values"),
    [
        (VersionChange.MOVED, ("uno",), "carried", ["uno"]),
        (VersionChange.REWORDED, ("uno",), "to_confirm", ["uno"]),
        (VersionChange.SPLIT, ("uno", "eins"), "to_confirm", ["uno", "eins"]),
        (VersionChange.RETIRED, (), "retired", ["one"]),
    ],
)
def test_a_chosen_option_goes_where_its_rule_says(
    became: VersionChange, targets: tuple[str, ...], fate: str, values: list[str]
) -> None:
    later = version(q_b=replace(B, options=(*options(*targets), *B.options[1:])))
    option = OptionRule(became=became, of=Address("q.b"), sources=("one",), targets=targets)
    result = migrate(dossier(say("q.b", "one")), later, [rules(options=(option,))], said)
    assert fates(result) == {"q.b": fate}
    kept = [decode_value(one) for one in result.dossier.kept] or [one.content.value for one in result.dossier.answers]
    assert kept == values


def test_a_ticked_option_that_is_gone_leaves_the_rest_to_confirm() -> None:
    later = version(q_c=replace(C, options=C.options[1:]))
    gone = OptionRule(became=VersionChange.RETIRED, of=Address("q.c"), sources=("one",))
    result = migrate(dossier(say("q.c", ("one", "two"))), later, [rules(options=(gone,))], said)
    assert [decode_value(one) for one in result.dossier.kept] == [("two",)]
    result = migrate(dossier(say("q.c", ("one",))), later, [rules(options=(gone,))], said)
    assert fates(result) == {"q.c": "retired"}, "ticking nothing would be another answer"


def test_more_to_tick_means_asking_again_and_more_to_choose_does_not() -> None:
    more = options("four")
    later = version(q_b=replace(B, options=(*B.options, *more)), q_c=replace(C, options=(*C.options, *more)))
    new = tuple(OptionRule(became=VersionChange.NEW, of=Address(name), targets=("four",)) for name in ("q.b", "q.c"))
    result = migrate(dossier(say("q.b", "one"), say("q.c", ("one",))), later, [rules(options=new)], said)
    assert fates(result) == {"q.b": "carried", "q.c": "to_confirm"}


def test_cells_follow_their_grid_their_row_and_their_column() -> None:
    columns = (replace(D.columns[0], id="stage"), D.columns[1])
    grid = replace(D, id="q.grid", columns=columns, rows=(replace(D.rows[0], id="alpha"), D.rows[1]))
    whole = rules(
        rule(VersionChange.MOVED, "q.d", "q.grid"),
        rows=(PlaceRule(became=VersionChange.MOVED, sources=(Address("q.d", "a"),), targets=(Address("", "alpha"),)),),
        columns=(
            PlaceRule(
                became=VersionChange.MOVED, sources=(Address("q.d", "", "level"),), targets=(Address("", "", "stage"),)
            ),
        ),
    )
    given = dossier(
        say("q.d/a/level", 2), say("q.d/b/remark", "x"), say("q.d/b", state=AnswerState.NOT_APPLICABLE, reason="No.")
    )
    result = migrate(given, version(q_d=grid), [whole], said)
    assert sorted(str(one.key.address) for one in result.dossier.answers) == [
        "q.grid/alpha/stage",
        "q.grid/b",
        "q.grid/b/remark",
    ]


def test_a_row_moves_into_another_grid_and_a_cell_becomes_a_question() -> None:
    other = replace(D, id="q.other", rows=(replace(D.rows[0], id="alpha"),))
    later = version(q_d=replace(D, rows=(D.rows[1],)), new=other, new_2=replace(A, id="q.alone"))
    both = rules(
        rule(VersionChange.MOVED, "q.d/b/level", "q.alone"),
        rows=(
            PlaceRule(
                became=VersionChange.MOVED, sources=(Address("q.d", "a"),), targets=(Address("q.other", "alpha"),)
            ),
        ),
    )
    result = migrate(dossier(say("q.d/a/level", 2), say("q.d/b/level", 1)), later, [both], said)
    assert {str(one.key.address): one.content.value for one in result.dossier.answers} == {
        "q.other/alpha/level": 2,
        "q.alone": 1,
    }


def test_a_note_without_an_answer_goes_along_unasked() -> None:
    later = version(q_a=replace(A, text="Other"))
    result = migrate(dossier(say("q.a", state=AnswerState.NOT_ASKED, note="ask NSO")), later, [], said)
    assert [(one.content.state, one.content.note) for one in result.dossier.answers] == [
        (AnswerState.NOT_ASKED, "ask NSO")
    ]


def test_ratings_gaps_and_remarks_move_and_what_has_no_place_is_told() -> None:
    later = version(q_a=replace(A, id="q.z"), q_b=None)
    given = dossier(ratings=(FeasibilityRating(id="q.a", note="mine"), FeasibilityRating(id="q.b", note="lost?")))
    result = migrate(given, later, [rules(rule(VersionChange.MOVED, "q.a", "q.z"))], said)
    assert [rating.id for rating in result.dossier.ratings] == ["q.z", "q.b"]
    assert [problem.text() for problem in result.problems] == [
        "This is about “q.b”, which is no longer asked; it is kept."
    ]


def test_an_answer_that_waits_already_goes_on_with_its_question() -> None:
    second = replace(version(q_a=replace(A, text="Other words")), version="2.0")
    first = migrate(dossier(say("q.a", 2)), second, [], said).dossier
    renamed = replace(second.question_by_id["q.a"], id="q.z")
    third = replace(version(q_a=renamed), version="3.0")
    there = VersionRules(
        instrument="small", earlier="2.0", later="3.0", places=(rule(VersionChange.MOVED, "q.a", "q.z"),)
    )
    (kept,) = migrate(first, third, [there], said).dossier.kept
    assert (kept.fate, kept.address, kept.target, kept.version) == (RetiredAnswerStatus.TO_CONFIRM, "q.a", "q.z", "1.0")
    (kept,) = migrate(first, replace(version(q_a=None), version="3.0"), [], said).dossier.kept
    assert (kept.fate, kept.target, kept.answered) == (RetiredAnswerStatus.RETIRED, "", "said 2")


def test_a_question_asked_with_its_row_and_column() -> None:
    assert number_and_wording_at(OLD, Address("q.d", "a", "level")) == ("q.d", "Is q.d so?\nRow a\nLevel")
    assert number_and_wording_at(OLD, Address("q.gone")) == ("", "q.gone")


# -- any version pair -------------------------------------------------------------------------------------------------


@st.composite
def cases(draw: st.DrawFn) -> tuple[Pair, Dossier]:
    earlier = draw(drafts())
    return draw(next_versions(earlier)), draw(answered(earlier))


@pytest.mark.long
@pytest.mark.promise(
    "a change of instrument: answers in = carried + to confirm + retired", f"{EXAMPLES:,} pairs of versions"
)
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_every_answer_has_one_fate_and_every_word_is_found_again(case: tuple[Pair, Dossier]) -> None:
    pair, given_ = case
    result = migrate(given_, pair.later, [pair.rules], said)
    assert len(given_.answers) == sum(result.count(fate) for fate in MigrationOutcome)
    assert len(result.dossier.answers) == result.count(MigrationOutcome.CARRIED)
    kept = {(one.address, one.layer, one.respondent) for one in result.dossier.kept}
    assert len(kept) == result.count(MigrationOutcome.TO_CONFIRM) + result.count(MigrationOutcome.RETIRED)
    assert list(texts_of(given_)) == [text for text in texts_of(given_) if text in set(texts_of(result.dossier))]
    assert sorted(notes(given_)) == sorted(notes(result.dossier))


@pytest.mark.long
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_what_is_said_stays_with_who_said_it_and_when(case: tuple[Pair, Dossier]) -> None:
    pair, given_ = case
    result = migrate(given_, pair.later, [pair.rules], said)
    for outcome in result.outcomes:
        for new in outcome.answers:
            assert (new.author, new.time, new.language) == ("A. Officer" if new.author != "ب" else "ب", new.time, "en")
            assert (new.key.layer, new.key.respondent) == (outcome.answer.key.layer, outcome.answer.key.respondent)
            old = outcome.answer.content
            assert (new.content.note, new.content.evidence, new.content.state) == (old.note, old.evidence, old.state)


@pytest.mark.long
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_migrating_twice_gives_the_same(case: tuple[Pair, Dossier]) -> None:
    pair, given_ = case
    assert migrate(given_, pair.later, [pair.rules], said) == migrate(given_, pair.later, [pair.rules], said)


@pytest.mark.long
@settings(max_examples=EXAMPLES, deadline=None)
@given(cases())
def test_without_a_file_only_what_is_identical_is_carried(case: tuple[Pair, Dossier]) -> None:
    pair, given_ = case
    result = migrate(given_, pair.later, [], said)
    for outcome in result.outcomes:
        if outcome.fate is MigrationOutcome.CARRIED and outcome.answer.content.state is not AnswerState.NOT_ASKED:
            at = outcome.answer.key.address
            assert outcome.answers[0].key.address == at
            assert number_and_wording_at(pair.earlier, at)[1] == number_and_wording_at(pair.later, at)[1]


@st.composite
def chains(draw: st.DrawFn) -> tuple[Pair, Pair, Dossier]:
    earlier = draw(drafts())
    first = draw(next_versions(earlier, "1.1"))
    return first, draw(next_versions(first.later, "2.0")), draw(answered(earlier))


@pytest.mark.long
@pytest.mark.promise("a change of instrument: in steps as at once", f"{EXAMPLES:,} chains of versions")
@settings(max_examples=EXAMPLES, deadline=None)
@given(chains())
def test_two_steps_one_after_the_other_are_the_same_as_both_at_once(case: tuple[Pair, Pair, Dossier]) -> None:
    first, second, given_ = case
    halfway = migrate(given_, first.later, [first.rules], said)
    stepwise = migrate(halfway.dossier, second.later, [second.rules], said).dossier
    at_once = migrate(given_, second.later, [first.rules, second.rules], said).dossier
    assert given_answers(stepwise) == given_answers(at_once)
    assert offers(stepwise) == offers(at_once)
    assert placed(stepwise) <= placed(at_once)


def given_answers(given_: Dossier) -> list[Answer]:
    """Return the answers but for bare notes: on the way a note follows the first of two, which may be lost later."""
    return [answer for answer in given_.answers if answer.content.state is not AnswerState.NOT_ASKED]


def offers(given_: Dossier) -> set[tuple[object, ...]]:
    """Return what waits where, in whose name: that must not depend on the number of steps."""
    return {
        (one.target, one.layer, one.respondent, retired_content(one), one.author)
        for one in given_.kept
        if one.fate is RetiredAnswerStatus.TO_CONFIRM
    }


def placed(given_: Dossier) -> set[object]:
    """Return what names a place that there is; what the others name depends on the version that lost it."""
    named: set[object] = {gap for action in given_.actions for gap in action.gaps if is_place(given_.instrument, gap)}
    named |= {remark for remark in given_.remarks if is_place(given_.instrument, remark.address)}
    return named | {rating for rating in given_.ratings if is_place(given_.instrument, rating.id)}


def notes(given_: Dossier) -> Iterator[str]:
    """Go through the notes of all answers, each once, wherever they are kept."""
    yield from (answer.content.note for answer in given_.answers if answer.content.note)
    kept = {(one.address, one.layer, one.respondent): one.note for one in given_.kept if one.note}
    yield from kept.values()


def texts_of(given_: Dossier) -> Iterator[str]:
    """Go through every text somebody wrote: notes, reasons, answers in words, ratings, remarks."""
    for answer in given_.answers:
        yield from filter(None, (answer.content.note, answer.content.reason))
        target = locate(given_.instrument, answer.key.address)
        # The id of an option is no word of anybody's: a renamed one is the same answer.
        is_text = target and target.field and target.field.kind in {AnswerKind.TEXT, AnswerKind.LONG_TEXT}
        if is_text and isinstance(answer.content.value, str):
            yield answer.content.value
    for one in given_.kept:
        yield from filter(None, (one.note, one.reason, one.answered))
        value = json.loads(one.value) if one.value else None
        if isinstance(value, str):
            yield value
        yield one.answered.removeprefix("said ").strip("'")
    yield from (rating.note for rating in given_.ratings)
    yield from (remark.text for remark in given_.remarks)


def test_the_later_version_of_a_pair_is_what_its_rules_say() -> None:
    pair = changed(OLD, [edited(A, "-x"), retired(B, ""), moved(C, "-x"), edited(D, "-x")], "2.0")
    assert [one.id for one in pair.later.questions()] == ["q.a", "q.c-x", "q.d", "q.added-2-0"]
