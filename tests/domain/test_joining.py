"""Two entries made one: no reference to the gone one is left, every other answer is as it was, nothing is lost."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answer_rules import check_content
from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerLayer, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.duplicates import (
    AnswerConflict,
    ConflictNotes,
    DuplicateMerge,
    compute_duplicate_merge,
)
from capacity_app.domain.assessment.references import (
    REFERENCE_FIELDS,
    ReferenceKind,
    find_lost_references,
    find_uses,
    iterate_entries,
)
from capacity_app.domain.assessment.register_fields import MERGEABLE_REGISTERS
from capacity_app.domain.assessment.registers import Action, Agency, AgencyRole, DataSource, Evidence, Meeting, Person
from capacity_app.domain.problems import KnownError
from tests.builders import small_dossier
from tests.domain.making import apply_duplicate_merge, say
from tests.dossiers import dossiers, entries, on_few_dossiers

KEPT, GONE, OTHER = "kept-1", "gone-1", "other-1"
REMARKS = ConflictNotes(
    lambda clash: f"{clash.whose} answered {clash.superseded.state} {clash.superseded.value}",
    lambda gone, differing: f"{gone.id}: {' '.join(str(value) for value in differing.values())}",
)


def joined_answers(*answers: Answer, **registers: Any) -> tuple[DuplicateMerge, dict[tuple[str, str], Content]]:
    """Join two agencies that said something; gives what is said afterwards by (place, respondent)."""
    agencies = (Agency(id=KEPT, name="Interior"), Agency(id=GONE, name="Ministry of Interior"))
    dossier = replace(small_dossier(), answers=tuple(sorted(answers, key=lambda a: a.key)), agencies=agencies)
    dossier = replace(dossier, **registers)
    joining = compute_duplicate_merge(dossier, "agencies", KEPT, GONE, REMARKS)
    after = apply_duplicate_merge(dossier, joining).answers
    return joining, {(str(a.key.address), a.key.respondent): a.content for a in after}


# -- the law ----------------------------------------------------------------------------------------------------------


def _id() -> st.SearchStrategy[str]:
    return st.sampled_from([KEPT, GONE, OTHER])


@st.composite
def tangled(draw: st.DrawFn) -> tuple[Dossier, str]:
    """Draw a dossier in which everything refers to one of three entries of a register."""
    dossier, register = draw(dossiers(rounds=0)), draw(st.sampled_from(MERGEABLE_REGISTERS))
    shapes = {"agencies": Agency, "people": Person, "meetings": Meeting, "sources": DataSource, "evidence": Evidence}
    three = tuple(replace(draw(entries(shapes[register])), id=one) for one in (OTHER, KEPT, GONE))
    if register == "evidence":
        three = tuple(replace(entry, document="") for entry in three)
    registers: dict[str, Any] = {register: three}
    for name, named in REFERENCE_FIELDS.items():
        if name == register:
            continue
        known = getattr(dossier, name)
        registers[name] = tuple(draw(_entry_naming(entry, named)) for entry in known)
    answers: dict[AnswerKey, Answer] = {}
    for answer in dossier.answers:
        changed = draw(_answer_naming(dossier, answer))
        answers[changed.key] = changed
    ordered = tuple(sorted(answers.values(), key=lambda answer: answer.key))
    return replace(dossier, answers=ordered, **registers), register


@st.composite
def _entry_naming(draw: st.DrawFn, entry: Any, named: Any) -> Any:
    changed = {
        name: tuple(draw(st.lists(_id(), max_size=3))) if isinstance(getattr(entry, name), tuple) else draw(_id())
        for name in named
    }
    return replace(entry, **changed)


@st.composite
def _answer_naming(draw: st.DrawFn, dossier: Dossier, answer: Answer) -> Answer:
    key = replace(answer.key, respondent=draw(_id())) if answer.key.layer is AnswerLayer.RESPONSE else answer.key
    content = replace(answer.content, evidence=tuple(draw(st.lists(_id(), max_size=2, unique=True))))
    if key.address.question in {"ii.lead", "ii.sources"} and isinstance(content.value, tuple):
        most = 1 if key.address.question == "ii.lead" else 3
        content = replace(content, value=tuple(draw(st.lists(_id(), min_size=1, max_size=most, unique=True))))
    checked, problem = check_content(dossier.instrument, key, content)
    assert problem is None
    return replace(answer, key=key, content=checked)


@on_few_dossiers
@given(tangled())
def test_no_reference_to_the_gone_entry_remains(drawn: tuple[Dossier, str]) -> None:
    dossier, register = drawn
    after = apply_duplicate_merge(dossier, compute_duplicate_merge(dossier, register, KEPT, GONE, REMARKS))
    assert (register, GONE) not in find_uses(after)
    assert GONE not in {entry.id for name, entry in iterate_entries(after) if name == register}
    before = {lost.values for lost in find_lost_references(dossier)}
    assert {lost.values for lost in find_lost_references(after)} <= before, (
        "what led nowhere before may have moved along"
    )


@on_few_dossiers
@given(tangled())
def test_every_answer_that_does_not_name_the_gone_entry_stays_as_it_is(drawn: tuple[Dossier, str]) -> None:
    dossier, register = drawn
    joining = compute_duplicate_merge(dossier, register, KEPT, GONE, REMARKS)
    after = {answer.key: answer for answer in apply_duplicate_merge(dossier, joining).answers}
    touched = {use.key for use in find_uses(dossier).get((register, GONE), ())}
    touched |= {replace(key, respondent=KEPT) for key in touched if key and key.respondent == GONE}
    for answer in dossier.answers:
        if answer.key not in touched:
            assert after[answer.key] == answer
    assert {answer.key for answer in joining.answers} <= touched


@on_few_dossiers
@given(tangled())
def test_nothing_said_is_lost(drawn: tuple[Dossier, str]) -> None:
    """Every answer of the gone agency stands in the kept one's name, or in its note."""
    dossier, register = drawn
    joining = compute_duplicate_merge(dossier, register, KEPT, GONE, REMARKS)
    after = {answer.key: answer.content for answer in apply_duplicate_merge(dossier, joining).answers}
    if register != "agencies":
        assert joining.clashes == ()
        return
    for answer in dossier.answers:
        if answer.key.respondent != GONE or answer.content.state is AnswerState.NOT_ASKED:
            continue
        now = after[replace(answer.key, respondent=KEPT)]
        assert answer.content.note.strip() in now.note
        stands = now.state == answer.content.state and _names(answer.content.value) <= _names(now.value)
        is_noted = f"{answer.content.state} " in now.note
        assert stands or is_noted


def _names(value: object) -> set[object]:
    """Return what a value says, whichever of the two entries it names."""
    parts = value if isinstance(value, tuple) else (value,)
    return {KEPT if part == GONE else part for part in parts}


@on_few_dossiers
@given(tangled())
def test_what_is_joined_may_be_stored(drawn: tuple[Dossier, str]) -> None:
    dossier, register = drawn
    for answer in compute_duplicate_merge(dossier, register, KEPT, GONE, REMARKS).answers:
        assert check_content(dossier.instrument, answer.key, answer.content)[1] is None


# -- answers ----------------------------------------------------------------------------------------------------------


def test_answers_move_with_their_authors_and_times() -> None:
    given = replace(say("i.law", 2, who=GONE), author="Ana", time="2018-11-27T09:00:00+00:00", language="fr")
    joining, _ = joined_answers(given)
    moved = next(answer for answer in joining.answers if answer.key.respondent == KEPT)
    assert (moved.author, moved.time, moved.language) == ("Ana", "2018-11-27T09:00:00+00:00", "fr")


def test_the_kept_agencys_answer_stays_and_the_other_goes_into_the_note() -> None:
    joining, said = joined_answers(say("i.law", 3, who=KEPT, note="Seen."), say("i.law", 1, who=GONE))
    assert said["i.law", KEPT].value == 3
    assert said["i.law", KEPT].note == f"Seen.\n{GONE} answered answered 1"
    assert [(str(clash.address), clash.superseded.value) for clash in joining.clashes] == [("i.law", 1)]


def test_equal_answers_become_one_with_the_evidence_and_notes_of_both() -> None:
    joining, said = joined_answers(
        say("i.law", 3, who=KEPT, evidence=("e-1",), note="One."),
        say("i.law", 3, who=GONE, evidence=("e-2", "e-1"), note="Two."),
    )
    assert joining.clashes == ()
    assert said == {
        ("i.law", KEPT): Content(state=AnswerState.ANSWERED, value=3, note="One.\nTwo.", evidence=("e-1", "e-2"))
    }


@pytest.mark.parametrize("open_state", [AnswerState.UNKNOWN, AnswerState.DECLINED])
def test_an_answer_stands_against_an_agency_that_did_not_know(open_state: AnswerState) -> None:
    joining, said = joined_answers(say("i.law", state=open_state, who=KEPT), say("i.law", 2, who=GONE))
    assert said["i.law", KEPT].value == 2
    assert [clash.whose for clash in joining.clashes] == [KEPT]
    assert open_state.value in said["i.law", KEPT].note


def test_sources_both_picked_are_put_together_and_a_single_pick_is_not() -> None:
    joining, said = joined_answers(
        say("ii.sources", ("s-1", "s-2"), who=KEPT),
        say("ii.sources", ("s-2", "s-3"), who=GONE),
        say("ii.lead", (KEPT,), who=KEPT),
        say("ii.lead", ("agency-x",), who=GONE),
    )
    assert said["ii.sources", KEPT].value == ("s-1", "s-2", "s-3")
    assert said["ii.lead", KEPT].value == (KEPT,)
    assert [str(clash.address) for clash in joining.clashes] == ["ii.lead"]


def test_both_picked_in_one_answer_are_one_afterwards() -> None:
    agencies = (say("ii.sources", ("source-1", "source-2"), who="agency-nso"),)
    sources = (DataSource(id="source-1", name="Census"), DataSource(id="source-2", name="census"))
    dossier = replace(small_dossier(), answers=agencies, sources=sources)
    after = apply_duplicate_merge(dossier, compute_duplicate_merge(dossier, "sources", "source-1", "source-2", REMARKS))
    assert after.answers[0].content.value == ("source-1",)


# -- cards ------------------------------------------------------------------------------------------------------------


def test_what_the_kept_card_lacks_is_taken_over_and_what_differs_is_noted() -> None:
    kept = Agency(id=KEPT, name="Interior", roles=(AgencyRole.OWNER,), note="Helpful.")
    gone = Agency(
        id=GONE, name="Min. of Interior", short="MoI", roles=(AgencyRole.OWNER, AgencyRole.USER), note="Slow."
    )
    dossier = replace(small_dossier(), answers=(), agencies=(kept, gone))
    joining = compute_duplicate_merge(dossier, "agencies", KEPT, GONE, REMARKS)
    assert joining.kept == Agency(
        id=KEPT,
        name="Interior",
        short="MoI",
        roles=(AgencyRole.OWNER, AgencyRole.USER),
        note=f"Helpful.\nSlow.\n{GONE}: Min. of Interior",
    )
    assert joining.taken == ("short", "roles")
    assert joining.differing == ("name",)


def test_evidence_takes_over_a_document_but_never_drops_one() -> None:
    held = Evidence(id=GONE, title="Act", document="a" * 64, file_name="act.pdf", media_type="application/pdf", size=9)
    dossier = replace(small_dossier(), evidence=(Evidence(id=KEPT, title="Act", link="https://example.org"), held))
    joining = compute_duplicate_merge(dossier, "evidence", KEPT, GONE, REMARKS)
    assert joining.kept == replace(held, id=KEPT, link="https://example.org")
    other = replace(held, id=KEPT, document="b" * 64)
    with pytest.raises(KnownError, match="document"):
        compute_duplicate_merge(replace(dossier, evidence=(other, held)), "evidence", KEPT, GONE, REMARKS)


@pytest.mark.parametrize(
    ("register", "kept", "gone"),
    [("agencies", "agency-nso", "agency-nso"), ("agencies", "agency-nso", "nobody"), ("actions", "action-1", "x")],
)
def test_what_cannot_be_joined_is_refused(register: str, kept: str, gone: str) -> None:
    with pytest.raises(KnownError):
        compute_duplicate_merge(small_dossier(), register, kept, gone, REMARKS)


# -- uses -------------------------------------------------------------------------------------------------------------


def test_every_use_of_an_entry_is_found() -> None:
    found = find_uses(small_dossier())
    ways = [use.way for use in found["agencies", "agency-nso"]]
    assert ways.count(ReferenceKind.GIVEN) == 9
    assert ways.count(ReferenceKind.PICKED) == 1
    named = [use.by for use in found["agencies", "agency-nso"] if use.by]
    assert named == [
        ("people", "person-1"), ("meetings", "meeting-1"), ("sources", "source-1"), ("actions", "action-1"),
    ]  # fmt: skip
    assert [use.key and use.key.address for use in found["evidence", "evidence-law"]] == [Address("i.law")]
    assert ("sources", "source-1") not in found


def test_every_field_that_names_entries_is_known() -> None:
    """A new field named like a register's entries must be followed too."""
    pointing = {"agency", "agencies", "people", "responsible", "depends_on"}
    for shape, register in ((Person, "people"), (Meeting, "meetings"), (DataSource, "sources"), (Action, "actions")):
        assert {field.name for field in fields(shape)} & pointing == set(REFERENCE_FIELDS[register])


def test_a_clash_tells_whose_answer_gives_way() -> None:
    joining, _ = joined_answers(say("i.law", 0, who=KEPT), say("i.law", 1, who=GONE))
    assert joining.clashes == (
        AnswerConflict(
            Address("i.law"),
            Content(state=AnswerState.ANSWERED, value=0),
            Content(state=AnswerState.ANSWERED, value=1),
            GONE,
        ),
    )
