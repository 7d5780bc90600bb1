"""What a migration says of each answer it does not carry, and what it does with everything that names a place."""

from dataclasses import replace
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import Address, Answer, AnswerState, AnswerValue
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.migration import (
    MigratedAnswer,
    MigrationOutcome,
    MigrationPath,
    MigrationResult,
    _expect_conserved,
    migrate,
)
from capacity_app.domain.assessment.registers import (
    Action,
    FeasibilityRating,
    Mission,
    Remark,
    RetiredAnswer,
    RetiredAnswerStatus,
)
from capacity_app.domain.problems import Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import GridRow, Instrument, Question
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.questionnaire.versions import (
    CHANGED_FORM,
    CONFIRM_REASONS,
    NO_COUNTERPART,
    NO_LONGER_ASKED,
    UNDECLARED,
    OptionRule,
    PlaceRule,
    VersionChange,
    VersionRules,
)
from tests.domain.making import say
from tests.versions import draft

OLD = draft(["q.a", "q.b", "q.c", "q.d"], [AnswerKind.LEVEL, AnswerKind.CHOICE, AnswerKind.CHECKLIST, AnswerKind.GRID])
A, B, C, D = OLD.questions()


def said(answer: Answer) -> str:
    return f"said {answer.content.value!r}"


def dossier(*answers: Answer, instrument: Instrument = OLD, **more: Any) -> Dossier:
    return Dossier(id="x", instrument=instrument, answers=tuple(sorted(answers, key=lambda one: one.key)), **more)


def version(*questions: Question) -> Instrument:
    return replace(OLD, version="2.0", sections=(replace(OLD.sections[0], questions=questions),))


def rules(*places: PlaceRule, **more: Any) -> VersionRules:
    return VersionRules(instrument="small", earlier="1.0", later="2.0", places=places, **more)


def rule(became: VersionChange, sources: str, *targets: str, **more: Any) -> PlaceRule:
    from_ = tuple(map(Address.parse, sources.split()))
    return PlaceRule(became=became, sources=from_, targets=tuple(map(Address.parse, targets)), **more)


def outcome(answer: Answer, later: Instrument, *made: VersionRules) -> MigratedAnswer:
    return MigrationPath(OLD, later, made).outcome(answer)


# -- the fate of one answer ----------------------------------------------------------------------------------------


def test_a_retired_answer_says_why_it_is_no_longer_asked() -> None:
    answer = say("q.a", 2)
    gone = outcome(answer, version(B, C, D), rules(rule(VersionChange.RETIRED, "q.a", note="Nobody knew.")))
    assert gone == MigratedAnswer(
        answer=answer, fate=MigrationOutcome.RETIRED, reason=NO_LONGER_ASKED, note="Nobody knew."
    )
    lost = outcome(answer, version(B, C, D), rules(rule(VersionChange.MOVED, "q.a", "q.nowhere")))
    assert (lost.fate, lost.reason) == (MigrationOutcome.RETIRED, NO_LONGER_ASKED), "the rule leads to no question"


def test_a_note_of_the_author_goes_with_a_place_that_is_not_there() -> None:
    reworded = rules(rule(VersionChange.REWORDED, "q.a", "q.nowhere", note="Clearer."))
    assert outcome(say("q.a", 2), version(B, C, D), reworded).note == "Clearer."


def test_an_answer_in_another_form_says_so_with_the_authors_note() -> None:
    later = version(replace(A, kind=AnswerKind.YES_NO, anchors=()), B, C, D)
    found = outcome(say("q.a", 2), later, rules(rule(VersionChange.REWORDED, "q.a", note="Shorter.")))
    assert (found.fate, found.reason, found.note, found.answers) == (
        MigrationOutcome.RETIRED,
        CHANGED_FORM,
        "Shorter.",
        (),
    )


def test_an_answer_to_be_confirmed_says_why_and_what_it_would_be() -> None:
    answer = say("q.a", 2, who="nso", note="n")
    later = version(replace(A, id="q.x"), replace(A, id="q.y"), B, C, D)
    split = rules(rule(VersionChange.SPLIT, "q.a", "q.x", "q.y", "q.x", note="By sex."))
    offered = tuple(say(place, 2, who="nso", note="n") for place in ("q.x", "q.y"))
    assert outcome(answer, later, split) == MigratedAnswer(
        answer=answer,
        fate=MigrationOutcome.TO_CONFIRM,
        answers=offered,
        reason=CONFIRM_REASONS[VersionChange.SPLIT],
        note="By sex.",
    )
    undeclared = outcome(answer, version(replace(A, text="Other"), B, C, D))
    assert (undeclared.fate, undeclared.reason, undeclared.answers) == (
        MigrationOutcome.TO_CONFIRM,
        UNDECLARED,
        (answer,),
    )


def test_two_sure_ways_have_to_be_confirmed_and_one_open_way_of_two_is_taken() -> None:
    later = version(replace(A, id="q.x"), replace(A, id="q.y"), B, C, D)
    both = outcome(say("q.a", 2), later, rules(rule(VersionChange.MOVED, "q.a", "q.x", "q.y")))
    assert (both.fate, len(both.answers)) == (MigrationOutcome.TO_CONFIRM, 2)
    one = outcome(say("q.a", 2), later, rules(rule(VersionChange.MOVED, "q.a", "q.nowhere", "q.y")))
    assert (one.fate, one.answers) == (MigrationOutcome.CARRIED, (say("q.y", 2),))


def test_a_bare_note_is_carried_to_the_first_place_there_is() -> None:
    note = say("q.a", state=AnswerState.NOT_ASKED, note="ask NSO")
    later = version(replace(A, id="q.x", text="Other"), B, C, D)
    found = outcome(note, later, rules(rule(VersionChange.SPLIT, "q.a", "q.nowhere", "q.x")))
    assert (found.fate, found.answers, found.reason) == (
        MigrationOutcome.CARRIED, (say("q.x", state=AnswerState.NOT_ASKED, note="ask NSO"),), "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (AnswerKind.LEVEL, "3", 3),
        (AnswerKind.INTEGER, "-12", -12),
        (AnswerKind.YEAR, "2014", 2014),
        (AnswerKind.TEXT, "12", "12"),
        (AnswerKind.LEVEL, "many", None),
    ],
)
def test_a_table_writes_numbers_as_text_and_its_new_place_takes_them_as_numbers(
    kind: AnswerKind, text: str, value: AnswerValue
) -> None:
    changed = replace(A, kind=kind, anchors=A.anchors if kind is AnswerKind.LEVEL else ())
    found = outcome(
        say("q.a", 2), version(changed, B, C, D), rules(rule(VersionChange.RESCALED, "q.a", values={"2": text}))
    )
    assert found.fate is (MigrationOutcome.RETIRED if value is None else MigrationOutcome.CARRIED)
    assert [one.content.value for one in found.answers] == ([] if value is None else [value])


def test_one_choice_becomes_one_tick() -> None:
    changed = replace(B, kind=AnswerKind.CHECKLIST)
    table = rules(rule(VersionChange.RESCALED, "q.b", values={"one": "two"}))
    found = outcome(say("q.b", "one"), version(A, changed, C, D), table)
    assert (found.fate, found.answers) == (MigrationOutcome.CARRIED, (say("q.b", ("two",)),))
    assert outcome(say("q.b", "three"), version(A, changed, C, D), table).reason == NO_COUNTERPART


def test_a_row_and_its_cells_go_each_its_way() -> None:
    grid = replace(D, rows=(GridRow(id="alpha", label="Alpha"), D.rows[1]))
    row = PlaceRule(became=VersionChange.MOVED, sources=(Address("q.d", "a"),), targets=(Address("", "alpha"),))
    course = MigrationPath(OLD, version(A, B, C, grid), (rules(rows=(row,)),))
    assert course.place(Address("q.d", "a")) == Address("q.d", "alpha")
    assert course.place(Address("q.d", "a", "level")) == Address("q.d", "alpha", "level")
    assert course.place(Address("q.d", "b", "level")) == Address("q.d", "b", "level")
    assert course.place(Address("q.d", "b", "nowhere")) is None
    assert MigrationPath(OLD, version(A, B, C)).place(Address("q.d")) is None
    out = course.outcome(say("q.d/a", state=AnswerState.NOT_APPLICABLE, reason="none"))
    assert [str(one.key.address) for one in out.answers] == ["q.d/alpha"]


# -- the whole -----------------------------------------------------------------------------------------------------


def test_the_first_of_two_answers_stands_and_the_other_is_kept_with_the_reason() -> None:
    later = version(replace(A, id="q.z"), C, D)
    both = rules(
        rule(VersionChange.MOVED, "q.a", "q.z"), rule(VersionChange.RESCALED, "q.b", "q.z", values={"one": "1"})
    )
    given = dossier(say("q.a", 2), say("q.b", "one"), say("q.b", "one", who="nso"))
    result = migrate(given, later, [both], said)
    assert [(str(one.answer.key.address), one.answer.key.respondent, one.fate) for one in result.outcomes] == [
        ("q.a", "", MigrationOutcome.CARRIED),
        ("q.b", "", MigrationOutcome.RETIRED),
        ("q.b", "nso", MigrationOutcome.CARRIED),
    ]
    assert result.outcomes[1] == MigratedAnswer(
        answer=say("q.b", "one"), fate=MigrationOutcome.RETIRED, reason="Another answer stands at its new place."
    )
    assert [one.content.value for one in result.dossier.answers] == [2, 1]
    assert [(one.address, one.target, one.value) for one in result.dossier.kept] == [("q.b", "", '"one"')]


def test_a_migrated_assessment_is_told_apart_from_its_original_by_nothing_but_its_instrument() -> None:
    given = dossier(say("q.a", 2), mission=Mission(country="GEO"), heads={say("q.a").key: ()})
    later = replace(OLD, version="2.0")
    result = migrate(given, later, [], said)
    assert result.dossier == replace(given, instrument=later, heads={})
    assert result == MigrationResult(dossier=result.dossier, outcomes=result.outcomes)
    assert [result.count(fate) for fate in MigrationOutcome] == [1, 0, 0]


def test_what_is_kept_bears_an_id_that_is_the_same_on_every_laptop() -> None:
    answer = replace(say("q.a", 2, who="nso", reason="seen", note="n"), author="A", time="T", language="fr")
    (kept,) = migrate(dossier(answer), version(B, C, D), [], said).dossier.kept
    assert kept == RetiredAnswer(
        id="kept-4298c0f9194bfd7e",
        fate=RetiredAnswerStatus.RETIRED,
        address="q.a",
        layer="response",
        respondent="nso",
        state="answered",
        value="2",
        reason="seen",
        note="n",
        author="A",
        time="T",
        language="fr",
        number="q.a",
        wording="Is q.a so?",
        answered="said 2",
        version="1.0",
    )


def test_an_answer_that_waits_goes_on_to_every_place_its_question_became() -> None:
    second = version(replace(A, text="Other"), B, C, D)
    (waiting,) = migrate(dossier(say("q.a", 2)), second, [], said).dossier.kept
    third = replace(version(replace(A, id="q.x"), replace(A, id="q.y"), B, C, D), version="3.0")
    split = VersionRules(
        instrument="small", earlier="2.0", later="3.0", places=(rule(VersionChange.SPLIT, "q.a", "q.x", "q.y"),)
    )
    first, other = MigrationPath(second, third, (split,)).kept(waiting)
    assert first == replace(waiting, target="q.x"), "the first keeps its id, so that copies can be merged"
    assert other == replace(waiting, id=other.id, target="q.y")
    assert other.id not in {waiting.id, ""}
    assert MigrationPath(second, third, (split,)).kept(waiting)[1].id == other.id
    retired = replace(waiting, fate=RetiredAnswerStatus.RETIRED, target="")
    assert MigrationPath(second, third, (split,)).kept(retired) == (retired,)


def test_an_answer_that_waits_is_in_the_terms_of_the_newest_version() -> None:
    second = version(replace(A, text="Other"), B, C, D)
    (waiting,) = migrate(dossier(say("q.a", 2)), second, [], said).dossier.kept
    third = replace(version(replace(A, kind=AnswerKind.YES_NO, anchors=()), B, C, D), version="3.0")
    table = VersionRules(
        instrument="small",
        earlier="2.0",
        later="3.0",
        places=(rule(VersionChange.RESCALED, "q.a", values={"2": "yes"}),),
    )
    assert MigrationPath(second, third, (table,)).kept(waiting) == (replace(waiting, value='"yes"'),)
    other = replace(table, places=(rule(VersionChange.RESCALED, "q.a", values={"3": "yes"}),))
    assert MigrationPath(second, third, (other,)).kept(waiting) == (
        replace(waiting, fate=RetiredAnswerStatus.RETIRED, target=""),
    )


# -- what names places ---------------------------------------------------------------------------------------------


MOVES = rules(
    rule(VersionChange.MOVED, "q.a", "q.z"),
    options=(OptionRule(became=VersionChange.RETIRED, of=Address("q.b"), sources=("one",)),),
)


def test_actions_remarks_and_ratings_follow_the_places_they_name() -> None:
    given = dossier(
        actions=(Action(id="action-1", gaps=("q.a", "q.b", "q.z", "no place / at all / of / any")),),
        remarks=(Remark(id="remark-1", address="q.a"), Remark(id="remark-2", text="in general")),
        ratings=(FeasibilityRating(id="q.a", note="mine"), FeasibilityRating(id="q.b")),
    )
    result = migrate(given, version(replace(A, id="q.z"), B, C, D), [MOVES], said)
    assert result.dossier.actions[0].gaps == ("q.z", "q.b", "no place / at all / of / any"), "each once"
    assert [remark.address for remark in result.dossier.remarks] == ["q.z", ""]
    assert result.dossier.ratings == (FeasibilityRating(id="q.z", note="mine"), FeasibilityRating(id="q.b"))


def test_what_has_no_place_any_more_is_kept_and_told() -> None:
    given = dossier(
        actions=(Action(id="action-1", gaps=("q.a", "q.b")),),
        remarks=(Remark(id="remark-1", address="q.c"), Remark(id="remark-2")),
        ratings=(FeasibilityRating(id="q.d"),),
        mission=Mission(weights=("q=2", "gone=3")),
    )
    result = migrate(given, version(A), [], said)
    assert result.dossier == replace(given, instrument=version(A))
    gone = "This is about “{address}”, which is no longer asked; it is kept."
    weighs = "This weighs “{address}”, a part there no longer is; kept."
    assert result.problems == tuple(
        Problem(f"migration.{code}", place, message, "", (("address", address),), ProblemSeverity.WARNING)
        for code, place, message, address in (
            ("action", "action-1", gone, "q.b"),
            ("rating", "q.d", gone, "q.d"),
            ("remark", "remark-1", gone, "q.c"),
            ("weight", "mission", weighs, "gone=3"),
        )
    )


def test_where_two_ratings_meet_the_first_counts_and_the_other_keeps_its_name() -> None:
    given = dossier(
        ratings=(
            FeasibilityRating(id="q.a", note="one"),
            FeasibilityRating(id="q.b", note="two"),
            FeasibilityRating(id="q.c"),
        )
    )
    both = rules(rule(VersionChange.MERGED, "q.a q.b", "q.z"))
    result = migrate(given, version(replace(A, id="q.z"), C, D), [both], said)
    assert result.dossier.ratings == (
        FeasibilityRating(id="q.z", note="one"),
        FeasibilityRating(id="q.b", note="two"),
        FeasibilityRating(id="q.c"),
    )
    message = "Another gap became the same; its rating counts, this is kept."
    assert result.problems == (
        Problem("migration.rating", "q.b", message, "", (("address", ""),), ProblemSeverity.WARNING),
    )


# -- nothing lost --------------------------------------------------------------------------------------------------


def lossless() -> tuple[Dossier, MigrationResult]:
    """Return an assessment and its migration in which every fate occurs."""
    waiting = RetiredAnswer(id="kept-old", fate=RetiredAnswerStatus.RETIRED, address="q.old", version="0.9")
    given = dossier(
        say("q.a", 2), say("q.b", "one"), say("q.d/a/level", 1), kept=(waiting,), ratings=(FeasibilityRating(id="q.a"),)
    )
    return given, migrate(given, version(A, replace(B, text="Other"), C), [], said)


def test_a_migration_that_would_lose_something_is_stopped() -> None:
    """Against mistakes of our own: what is made up here could only come of one."""
    given, whole = lossless()
    _expect_conserved(given, whole)
    there, kept, outcomes = whole.dossier, whole.dossier.kept, whole.outcomes
    carried, waiting, retired = outcomes
    other = say("q.c", ("one",))
    lossy = [
        replace(whole, outcomes=outcomes[:2]),
        replace(whole, dossier=replace(there, answers=())),
        replace(whole, dossier=replace(there, answers=(other,))),
        replace(whole, dossier=replace(there, answers=(*there.answers, other))),
        replace(whole, dossier=replace(there, kept=kept[1:])),
        replace(whole, dossier=replace(there, kept=kept[:-1])),
        replace(whole, dossier=replace(there, kept=(kept[0], replace(kept[1], respondent="moi"), *kept[2:]))),
        replace(whole, dossier=replace(there, kept=(kept[0], replace(kept[1], layer="judgement"), *kept[2:]))),
        replace(whole, dossier=replace(there, kept=(kept[0], replace(kept[1], address="q.c"), *kept[2:]))),
        replace(whole, dossier=replace(there, kept=(kept[0], replace(kept[1], version="0.9"), *kept[2:]))),
        replace(whole, dossier=replace(there, ratings=())),
        replace(
            whole, outcomes=(carried, replace(waiting, fate=MigrationOutcome.CARRIED, answers=carried.answers), retired)
        ),
    ]
    for one in lossy:
        with pytest.raises(RuntimeError, match="a migration would lose something"):
            _expect_conserved(given, one)
