"""A returned file proposes its answers as one agency's responses; every answer of it has exactly one fate."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.merging import DecisionSide, DiffKind, MergeDifference
from capacity_app.domain.assessment.registers import Agency, Remark
from capacity_app.domain.assessment.returned_files import (
    EVIDENCE,
    NOTE,
    VALUE,
    ImportCounts,
    ImportProposal,
    ReturnedAnswer,
    ReturnedContent,
    ReturnedRemark,
    UnplacedText,
    accepted_differences,
    build_import_proposal,
    default_side,
    undecided_differences,
)
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.domain.assessment.verification import ExportStamp, FileMedium
from capacity_app.domain.problems import Problem
from tests.builders import small_dossier
from tests.domain.making import say
from tests.dossiers import PLACES, answers

NSO, MOI = "agency-nso", "agency-moi"
NOTHING = Content()


def answered(value: Any = None, **more: Any) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value, **more)


def cell(where: str, before: Content, now: Content, who: str = NSO) -> ReturnedAnswer:
    return ReturnedAnswer(address=Address.parse(where), before=before, now=now, respondent=who, place=f"sheet, {where}")


def came_back(*cells: ReturnedAnswer, **more: Any) -> ReturnedContent:
    return ReturnedContent(
        medium=FileMedium.WORKBOOK, file="back.xlsx", sha256="0" * 64, stamp=ExportStamp(), answers=cells, **more
    )


def dossier(*said: Answer) -> Dossier:
    return small_dossier(answers=said)


def proposed(here: Dossier, *cells: ReturnedAnswer, agency: str = NSO, **more: Any) -> ImportProposal:
    known = Agency(id=agency, name=next((one.name for one in here.agencies if one.id == agency), ""))
    proposal = build_import_proposal(here, came_back(*cells, **more), known)
    assert proposal.is_conserved
    return proposal


def only(proposal: ImportProposal) -> MergeDifference:
    (difference,) = proposal.differences
    return difference


def test_the_same_is_said_of_what_is_here_and_equal_only() -> None:
    unedited = cell("i.law", answered(1), answered(1))
    assert proposed(dossier(say("i.law", 1, who=NSO)), unedited).counts == ImportCounts(given=1, same=1)
    since = proposed(dossier(say("i.law", 3, who=NSO)), unedited)
    assert (since.differences, since.counts) == ((), ImportCounts(given=1, outdated=1))


def test_an_edit_that_says_what_is_said_here_is_the_same() -> None:
    proposal = proposed(dossier(say("i.law", 2, who=NSO)), cell("i.law", answered(1), answered(2)))
    assert proposal.counts == ImportCounts(given=1, same=1)


def test_an_answer_where_there_was_none_is_new() -> None:
    found = only(proposed(dossier(), cell("i.law", NOTHING, answered(2, note="since 2019"), who="")))
    assert (found.fate, found.is_contested, found.mine.content) == (DiffKind.NEW, False, EMPTY_CONTENT)
    assert found.theirs.content == answered(2, note="since 2019")
    assert found.key == AnswerKey(Address("i.law"), AnswerLayer.RESPONSE, NSO)
    assert found.place == "sheet, i.law"


def test_an_answer_that_stands_as_the_file_left_is_changed() -> None:
    found = only(proposed(dossier(say("i.law", 1, who=NSO)), cell("i.law", answered(1), answered(2))))
    assert (found.fate, found.is_contested) == (DiffKind.CHANGED, False)
    assert found.base is not None
    assert found.base.content == answered(1)


def test_what_was_changed_on_both_sides_is_contested() -> None:
    proposal = proposed(dossier(say("i.law", 3, who=NSO)), cell("i.law", answered(1), answered(2)))
    found = only(proposal)
    assert (found.fate, found.is_contested, found.field) == (DiffKind.CHANGED, True, VALUE)
    assert proposal.contested == (found,)


def test_what_was_taken_back_here_and_changed_in_the_file_is_contested() -> None:
    found = only(proposed(dossier(), cell("i.law", answered(1), answered(2))))
    assert (found.fate, found.is_contested) == (DiffKind.NEW, True)


def test_what_stands_on_the_same_revision_is_not_contested_however_it_was_shown() -> None:
    """A cell may say less than the answer: the revisions tell that nobody changed it here."""
    key = say("ii.share", "12.5", who=NSO).key
    head = (RevisionId("laptop", 7),)
    here = replace(dossier(say("ii.share", "12.5", who=NSO)), heads={key: head})
    edit = cell("ii.share", answered("13"), answered("14"))
    assert not only(proposed(here, edit, heads=((key, head),))).is_contested
    assert only(proposed(here, edit, heads=((key, (RevisionId("laptop", 6),)),))).is_contested


def test_an_answer_deleted_in_the_file_is_cleared_and_never_without_a_decision() -> None:
    proposal = proposed(dossier(say("i.law", 1, who=NSO)), cell("i.law", answered(1), NOTHING))
    found = only(proposal)
    assert (found.fate, found.is_contested) == (DiffKind.CLEARED, False)
    assert accepted_differences(proposal, {}) == ()
    assert undecided_differences(proposal, {}) == (found,)
    assert accepted_differences(proposal, {found.id: DecisionSide.THEIRS}) == (found,)


def test_a_value_taken_out_is_cleared_even_where_a_note_is_written_instead() -> None:
    here = dossier(say("i.law", 1, who=NSO))
    found = only(proposed(here, cell("i.law", answered(1), Content(note="We do not know any more."))))
    assert found.fate is DiffKind.CLEARED
    assert found.theirs.content == Content(note="We do not know any more.")


def test_a_note_taken_out_beside_a_new_value_is_a_change() -> None:
    here = dossier(say("i.law", 1, who=NSO, note="old"))
    found = only(proposed(here, cell("i.law", answered(1, note="old"), answered(2))))
    assert (found.fate, found.theirs.content) == (DiffKind.CHANGED, answered(2))


def test_deleting_what_the_agency_never_said_changes_nothing() -> None:
    here = dossier(say("i.law", 1, who=MOI))
    proposal = proposed(here, cell("i.law", answered(1), NOTHING, who=MOI))
    assert proposal.counts == ImportCounts(given=1, same=1)


def test_a_note_here_and_a_value_there_are_no_conflict() -> None:
    here = dossier(say("i.law", 1, who=NSO, note="said on the telephone", evidence=("evidence-law",)))
    found = only(proposed(here, cell("i.law", answered(1), answered(2))))
    assert not found.is_contested
    assert found.theirs.content == answered(2, note="said on the telephone", evidence=("evidence-law",))


def test_the_one_part_that_both_changed_is_named() -> None:
    here = dossier(say("i.law", 1, who=NSO, note="mine", evidence=("evidence-law",)))
    base = answered(1, note="old")
    assert only(proposed(here, cell("i.law", base, answered(2, note="theirs")))).field == NOTE
    other = only(proposed(here, cell("i.law", base, answered(1, note="old", evidence=("evidence-other",)))))
    assert (other.is_contested, other.field) == (True, EVIDENCE)
    both = dossier(say("i.law", 3, who=NSO, note="mine"))
    assert only(proposed(both, cell("i.law", base, answered(2, note="theirs")))).field == ""


def test_an_edit_of_another_voice_becomes_the_agencys_own_answer() -> None:
    """The cell showed the assessor's judgement; the ministry's answer is a response of its own."""
    here = dossier(say("i.plan", 2, who=NSO), say("i.plan", 1, layer=AnswerLayer.JUDGEMENT, reason="Expired."))
    edit = cell("i.plan", answered(1, reason="Expired.", note="ours"), answered(3, reason="Expired.", note="ours"), "")
    found = only(proposed(here, edit, recorded=(say("i.plan", 2, who=NSO),)))
    assert found.key == AnswerKey(Address("i.plan"), AnswerLayer.RESPONSE, NSO)
    assert (found.fate, found.is_contested) == (DiffKind.CHANGED, False)
    assert found.theirs.content is not None
    # Of what was shown only the edited value is the ministry's: the note was somebody else's.
    assert (found.theirs.content.value, found.theirs.content.note) == (3, "")


def test_a_note_nobody_saw_is_not_written_over() -> None:
    """Where several have spoken the cell of the note is empty; the agency's own note was not shown."""
    mine = say("i.law", 3, who=NSO, note="Act 12")
    edit = cell("i.law", NOTHING, answered(2, note="Amended."), who="")
    found = only(proposed(dossier(mine, say("i.law", 1, who=MOI)), edit, recorded=(mine,)))
    assert (found.fate, found.is_contested, found.field) == (DiffKind.CHANGED, True, NOTE)
    value_only = cell("i.law", NOTHING, answered(2), who="")
    found = only(proposed(dossier(mine, say("i.law", 1, who=MOI)), value_only, recorded=(mine,)))
    assert (found.is_contested, found.theirs.content) == (False, answered(2, note="Act 12"))


def test_an_edit_of_another_voice_where_the_agency_has_spoken_since_is_contested() -> None:
    here = dossier(say("i.plan", 0, who=NSO), say("i.plan", 1, layer=AnswerLayer.JUDGEMENT))
    found = only(
        proposed(here, cell("i.plan", answered(1), answered(3), who=""), recorded=(say("i.plan", 2, who=NSO),))
    )
    assert found.is_contested
    assert found.base is not None
    assert found.base.content == answered(2)


@pytest.mark.parametrize(
    ("where", "now"),
    [
        ("i.law", answered(7)),
        ("i.how", answered("by pigeon")),
        ("ii.staff", answered("about twelve")),
        ("i.contents", answered(("stocks", "weather"))),
        ("iii.topics/b", Content(state=AnswerState.NOT_APPLICABLE)),
        ("iii.topics/z/available", answered(1)),
    ],
)
def test_what_may_not_be_said_is_refused_and_named_by_its_cell(where: str, now: Content) -> None:
    proposal = proposed(dossier(), cell(where, NOTHING, now))
    found = only(proposal)
    assert found.fate is DiffKind.REFUSED
    assert found.problem is not None
    assert found.problem.place == f"sheet, {where}"
    assert found.problem in proposal.problems
    assert accepted_differences(proposal, {found.id: DecisionSide.THEIRS}) == ()


def test_a_cell_that_could_not_be_read_is_refused_with_the_readers_problem() -> None:
    problem = Problem("cell.number", "sheet, ii.staff", "This is not a number.")
    proposal = proposed(dossier(), cell("ii.staff", NOTHING, NOTHING), problems=(problem,))
    assert only(proposal).problem == problem
    assert proposal.counts == ImportCounts(given=1, refused=1)
    assert proposal.problems == (problem,)


def test_what_is_answered_here_is_not_said_to_be_in_a_cell_that_cannot_be_read() -> None:
    problem = Problem("cell.number", "sheet, ii.staff", "This is not a number.")
    mine, noted = answered(12, note="Counted in May."), answered(12, note="Counted in June.")
    here = dossier(say("ii.staff", 12, who=NSO, note="Counted in May."))
    assert only(proposed(here, cell("ii.staff", mine, mine), problems=(problem,))).theirs.content == NOTHING
    found = only(proposed(here, cell("ii.staff", mine, noted), problems=(problem,)))
    assert (found.mine.content, found.theirs.content) == (mine, Content(note="Counted in June."))


def test_of_an_answer_that_may_not_be_given_only_what_the_file_says_is_shown() -> None:
    here = dossier(say("i.law", 1, who=NSO, note="Adopted in May."))
    mine = answered(1, note="Adopted in May.")
    found = only(proposed(here, cell("i.law", mine, answered(7, note="Adopted in May."))))
    assert found.theirs.content == answered(7)


def test_an_address_that_stands_twice_with_two_answers_is_refused_both_times() -> None:
    proposal = proposed(dossier(), cell("i.law", NOTHING, answered(1)), cell("i.law", NOTHING, answered(2)))
    assert [one.fate for one in proposal.differences] == [DiffKind.REFUSED, DiffKind.REFUSED]
    assert len({one.id for one in proposal.differences}) == 2


def test_an_address_that_stands_twice_with_one_answer_is_taken_once() -> None:
    proposal = proposed(dossier(), cell("i.law", NOTHING, answered(1)), cell("i.law", NOTHING, answered(1)))
    assert proposal.counts == ImportCounts(given=1, new=1)


def test_an_untouched_copy_of_a_line_takes_nothing_from_the_edited_one() -> None:
    proposal = proposed(dossier(), cell("i.law", NOTHING, NOTHING), cell("i.law", NOTHING, answered(2)))
    assert proposal.counts == ImportCounts(given=2, same=1, new=1)


def test_remarks_that_are_here_already_do_not_come_again() -> None:
    here = small_dossier(remarks=(Remark(id="remark-1", address="i.law", text="See the act.", agency=NSO),))
    known = ReturnedRemark(address=Address("i.law"), text="See the act.")
    new = ReturnedRemark(address=Address("i.law"), text="Passed in 2019.")
    assert proposed(here, remarks=(known, new, new)).remarks == (new,)
    assert proposed(here, remarks=(known,), agency=MOI).remarks == (known,)


def test_unplaced_texts_are_counted_and_kept() -> None:
    lost = UnplacedText(place="Sheet9, A1", text="by the way", reason="No place.")
    proposal = proposed(dossier(), unplaced=(lost,))
    assert proposal.unplaced == (lost,)
    assert proposal.counts == ImportCounts(given=1, unplaced=1)


def test_what_is_uncontested_is_taken_unless_somebody_decides_otherwise() -> None:
    here = dossier(say("i.law", 1, who=NSO), say("i.plan", 3, who=NSO))
    proposal = proposed(
        here,
        cell("i.law", answered(1), answered(2)),
        cell("i.plan", answered(1), answered(2)),
        cell("ii.staff", NOTHING, answered(12)),
    )
    law, plan, staff = proposal.differences
    assert [default_side(one) for one in (law, plan, staff)] == [DecisionSide.THEIRS, None, DecisionSide.THEIRS]
    assert accepted_differences(proposal, {}) == (law, staff)
    assert undecided_differences(proposal, {}) == (plan,)
    assert accepted_differences(proposal, {law.id: DecisionSide.MINE, plan.id: DecisionSide.THEIRS}) == (plan, staff)
    assert undecided_differences(proposal, {plan.id: DecisionSide.MINE}) == ()


@st.composite
def returned_cells(draw: st.DrawFn) -> ReturnedAnswer:
    before, now = draw(answers()), draw(answers())
    place = draw(st.sampled_from(PLACES))
    # Any content at any place: most of it is refused there, which is a fate too.
    return cell(
        place,
        draw(st.sampled_from([EMPTY_CONTENT, before.content])),
        now.content,
        draw(st.sampled_from([NSO, MOI, ""])),
    )


def as_responses(said: list[Answer]) -> dict[AnswerKey, Answer]:
    keys = (replace(answer.key, respondent=NSO, layer=AnswerLayer.RESPONSE) for answer in said)
    return {key: replace(answer, key=key) for key, answer in zip(keys, said, strict=True)}


@pytest.mark.check
@given(st.lists(answers(), max_size=6), st.lists(returned_cells(), max_size=8), st.sampled_from([NSO, MOI]))
def test_every_answer_of_any_file_has_exactly_one_fate(
    said: list[Answer], cells: list[ReturnedAnswer], agency: str
) -> None:
    proposal = proposed(dossier(*as_responses(said).values()), *cells, agency=agency)
    assert len({one.address for one in cells}) <= proposal.counts.given <= len(cells)
    assert len({one.id for one in proposal.differences}) == len(proposal.differences)
    for one in proposal.differences:
        assert one.key is not None
        assert one.key.respondent == agency
        assert one.fate is not DiffKind.REFUSED or one.problem is not None
        assert one.mine.content != one.theirs.content or one.fate is DiffKind.REFUSED


@pytest.mark.check
@given(st.lists(answers(), max_size=6), st.lists(returned_cells(), max_size=8))
def test_what_was_taken_in_is_the_same_the_next_time(said: list[Answer], cells: list[ReturnedAnswer]) -> None:
    mine = as_responses(said)
    proposal = proposed(dossier(*mine.values()), *cells)
    for one in accepted_differences(proposal, {one.id: DecisionSide.THEIRS for one in proposal.differences}):
        assert one.key is not None
        assert one.theirs.content is not None
        mine[one.key] = Answer(key=one.key, content=one.theirs.content)
    again = proposed(dossier(*(answer for answer in mine.values() if not answer.content.is_empty)), *cells)
    assert all(one.fate is DiffKind.REFUSED for one in again.differences)
