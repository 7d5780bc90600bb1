"""A session: what is said counts at once, is on disk soon, and is all there again after opening."""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import (
    EMPTY_CONTENT,
    TEXT_LIMIT,
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    Content,
)
from capacity_app.domain.assessment.registers import Agency, Evidence, FeasibilityRating, Mission
from capacity_app.domain.problems import KnownError
from capacity_app.domain.questionnaire.instrument import Feasibility, GridColumn, GridRow
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import lay_out
from capacity_app.domain.scoring.gaps import find_gaps
from capacity_app.domain.scoring.scores import score_sheet, section_weights
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import Saved, SaveFailed, ValidationError
from tests.builders import dated, file_of, open_session, small_dossier, small_instrument
from tests.domain.making import ANCHORS, instrument, question, say, section
from tests.places import names_in

LAW = AnswerKey(Address("i.law"), respondent="agency-nso")
PLAN = AnswerKey(Address("i.plan"), respondent="agency-nso")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path)


@pytest.fixture
def session(file: Path) -> Iterator[AssessmentSession]:
    with open_session(file, author="C. Officer") as opened:
        yield opened


def _level(value: int) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value)


def test_a_file_says_what_it_was_made_of(session: AssessmentSession) -> None:
    assert session.dossier() == small_dossier()
    assert session.assessment_id == small_dossier().id
    assert session.instrument == small_instrument()
    assert session.mission == small_dossier().mission
    assert not session.is_read_only


def test_an_answer_counts_at_once_and_is_there_after_reopening(file: Path) -> None:
    with open_session(file, author="C. Officer", language="fr") as session:
        change = session.record(PLAN, _level(3))
        assert (change.before, change.after) == (_level(2), _level(3))
        assert session.content(PLAN) == _level(3)
        written = session.dossier()
    with open_session(file) as session:
        assert session.dossier() == written
        (answer,) = [answer for answer in session.answers_at(PLAN.address) if answer.key == PLAN]
        assert (answer.author, answer.language) == ("C. Officer", "fr")
        assert answer.time.endswith("+00:00")


def test_an_answer_knows_what_it_was_before(session: AssessmentSession) -> None:
    session.record(PLAN, _level(3))
    session.record(PLAN, replace(_level(3), note="as printed"))
    (answer,) = (one for one in session.answers_at(PLAN.address) if one.key == PLAN)
    assert [content for _time, content in answer.earlier] == [_level(2), _level(3)]
    assert [time for time, _content in answer.earlier] == sorted(time for time, _content in answer.earlier)


def test_saying_the_same_again_stores_nothing(session: AssessmentSession) -> None:
    dossier = session.dossier()
    change = session.record(PLAN, _level(2))
    assert change.before == change.after
    assert len(session.history(PLAN.address)) == 2
    assert session.dossier() is dossier


def test_undoing_an_answer_is_recording_what_was_said_before(session: AssessmentSession) -> None:
    before = session.dossier()
    first = session.record(PLAN, _level(0))
    session.record(PLAN, first.before)
    assert session.content(PLAN) == first.before
    assert [r.content for r in session.history(PLAN.address) if r.key == PLAN] == [_level(2), _level(0), _level(2)]
    untouched = [answer for answer in before.answers if answer.key != PLAN]
    assert [answer for answer in session.dossier().answers if answer.key != PLAN] == untouched


def test_taking_an_answer_back_empties_its_place_and_keeps_the_history(file: Path) -> None:
    with open_session(file) as session:
        session.record(PLAN, EMPTY_CONTENT)
        assert session.content(PLAN) == EMPTY_CONTENT
        assert all(answer.key != PLAN for answer in session.dossier().answers)
    with open_session(file) as session:
        assert session.content(PLAN) == EMPTY_CONTENT
        assert len([r for r in session.history(PLAN.address) if r.key == PLAN]) == 2


def test_history_is_newest_first_and_every_revision_names_what_it_supersedes(session: AssessmentSession) -> None:
    for value in (0, 1, 3):
        session.record(PLAN, _level(value))
    newest, *older = [r for r in session.history(PLAN.address) if r.key == PLAN]
    assert newest.content == _level(3)
    for later, earlier in itertools.pairwise((newest, *older)):
        assert later.parents == (earlier.id,)
        assert later.id.counter > earlier.id.counter


def test_two_sessions_of_one_laptop_never_give_one_number_to_two_revisions(file: Path) -> None:
    # A copy of the file continued on the same laptop must stay mergeable.
    copied = file.with_name("copy.assessment")
    copied.write_bytes(file.read_bytes())
    ids = []
    for place, value in ((file, 0), (copied, 1)):
        with open_session(place) as session:
            session.record(PLAN, _level(value))
            ids.append(session.history(PLAN.address)[0].id)
    assert ids[0].counter == ids[1].counter
    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("key", "content"),
    [
        (AnswerKey(Address("i.nothing")), _level(1)),
        (PLAN, _level(4)),
        (PLAN, Content(state=AnswerState.ANSWERED, value=True)),
        (PLAN, Content(state=AnswerState.NOT_APPLICABLE)),
        (PLAN, Content(note="x" * (TEXT_LIMIT + 1))),
        (AnswerKey(Address("i.plan"), AnswerLayer.JUDGEMENT, "agency-nso"), _level(1)),
        (AnswerKey(Address("i.plan"), respondent="\ud800"), _level(1)),
        (PLAN, replace(_level(1), evidence=("\ud800",))),
        (AnswerKey(Address("ii.staff")), Content(state=AnswerState.ANSWERED, value=10**30)),
    ],
)
def test_what_may_not_be_stored_is_refused_and_nothing_changes(
    session: AssessmentSession, key: AnswerKey, content: Content
) -> None:
    before = session.dossier()
    with pytest.raises(ValidationError) as refusal:
        session.record(key, content)
    assert refusal.value.problem.code.startswith("answer.")
    assert refusal.value.text()
    assert session.dossier() is before
    assert session.flush()


def test_typed_text_is_cleaned(session: AssessmentSession) -> None:
    change = session.record(PLAN, replace(_level(2), note="e\u0301\r\n\x07\ud800"))
    assert change.after.note == "é\n"


def test_a_name_typed_with_control_characters_can_still_be_saved(session: AssessmentSession) -> None:
    session.author = "C\x00\ud800. Officer"
    session.record(PLAN, _level(0))
    session.put(Agency(id="agency-x"))
    assert session.flush()
    assert session.history(PLAN.address)[0].author == "C. Officer"


def test_registers_keep_the_order_in_which_entries_were_made(file: Path) -> None:
    with open_session(file) as session:
        new = Agency(id=session.new_id("agencies"), name="Ministry of Labour")
        assert session.put(new).before is None
        changed = Agency(id="agency-nso", name="Statistics Examplia")
        change = session.put(changed)
        assert (change.register, change.before, change.after) == ("agencies", small_dossier().agencies[0], changed)
        expected = (changed, small_dossier().agencies[1], new)
        assert session.entries("agencies") == expected
    with open_session(file) as session:
        assert session.dossier().agencies == expected


def test_a_removed_entry_is_kept_in_the_history_and_comes_back_to_its_place(file: Path) -> None:
    with open_session(file) as session:
        removed = session.remove("agencies", "agency-nso")
        assert removed.after is None
        assert session.entry("agencies", "agency-nso") is None
        assert [entry.id for entry in session.entries("agencies")] == ["agency-moi"]
    with open_session(file) as session:
        assert [entry.id for entry in session.entries("agencies")] == ["agency-moi"]
        assert removed.before is not None
        session.put(removed.before)
        assert session.entries("agencies") == small_dossier().agencies
        assert [r.content for r in session.known.entries.known(("agencies", "agency-nso"))[::-1]][1:] == [
            None,
            removed.before,
        ]


def test_putting_and_removing_nothing_new_stores_nothing(session: AssessmentSession) -> None:
    dossier = session.dossier()
    session.put(small_dossier().agencies[0])
    change = session.remove("agencies", "agency-of-nobody")
    assert change.before is None
    assert change.after is None
    assert session.dossier() is dossier


def test_the_mission_is_an_entry_that_cannot_be_removed(session: AssessmentSession) -> None:
    session.put(replace(session.mission, purpose="Follow-up"))
    assert session.mission.purpose == "Follow-up"
    with pytest.raises(ValidationError, match="always has a mission"):
        session.remove("mission", "mission")


@pytest.mark.parametrize(
    "entry",
    [
        Agency(id=""),
        Agency(id="\x00"),
        Agency(id="a" * 300),
        Agency(id="agency-long", note="x" * (TEXT_LIMIT + 1)),
        Mission(id="another"),
        Evidence(id="evidence-x", size=10**30),
        Evidence(id="evidence-x", size=-1),
    ],
)
def test_an_entry_that_may_not_be_stored_is_refused(session: AssessmentSession, entry: Agency) -> None:
    before = session.dossier()
    with pytest.raises(ValidationError):
        session.put(entry)
    assert session.dossier() is before


def test_an_entry_of_a_wrong_type_is_our_own_bug_and_never_reaches_the_file(session: AssessmentSession) -> None:
    with pytest.raises(TypeError):
        session.put(Agency(id="agency-x", name=7))  # type: ignore[arg-type]
    assert session.flush()


def test_new_ids_are_new(session: AssessmentSession) -> None:
    ids = {session.new_id("evidence") for _ in range(1000)}
    assert len(ids) == 1000
    assert all(entry_id.startswith("evidence-") for entry_id in ids)


def test_the_sheet_is_the_same_as_laid_out_anew_after_any_changes(session: AssessmentSession) -> None:
    steps = (
        lambda: session.record(AnswerKey(Address("i.published"), respondent="agency-nso"), _said("yes")),
        lambda: session.record(AnswerKey(Address("iii.topics", "c")), EMPTY_CONTENT),
        lambda: session.record(AnswerKey(Address("iii.topics", "a", "available")), _level(1)),
        lambda: session.record(PLAN, _level(0)),
        lambda: session.put(Evidence(id="evidence-law", checked_against="The gazette")),
        lambda: session.remove("evidence", "evidence-law"),
        lambda: session.record(AnswerKey(Address("i.published"), respondent="agency-nso"), _said("no")),
        lambda: session.put(FeasibilityRating(id="i.plan", feasibility=Feasibility.HARD)),
        lambda: session.put(replace(session.mission, weights=("i=3",))),
    )
    _same_as_anew(session)
    for step in steps:
        step()
        _same_as_anew(session)


def _said(value: str) -> Content:
    return Content(state=AnswerState.ANSWERED, value=value)


def _same_as_anew(session: AssessmentSession) -> None:
    dossier = session.dossier()
    sheet = lay_out(dossier.instrument, dossier.by_address, {e.id: e.grade for e in dossier.evidence})
    assert session.sheet == sheet
    assert session.scorecard() == score_sheet(sheet, section_weights(dossier.instrument, dossier.mission.weights))
    assert session.gaps() == find_gaps(sheet, dossier.ratings)


def test_only_the_changed_question_is_laid_out_again(session: AssessmentSession) -> None:
    before = session.sheet
    session.record(PLAN, _level(0))
    after = session.sheet
    assert {q for q in after.blocks if after.blocks[q] is not before.blocks[q]} == {"i.plan"}
    assert session.sheet is after
    assert session.scorecard() is session.scorecard()


def test_saved_is_told_after_the_commit_and_never_before(file: Path) -> None:
    told: list[Saved | SaveFailed] = []
    with open_session(file, on_saved=told.append) as session:
        session.record(PLAN, _level(0))
        assert session.flush()
        with open_session(file, read_only=True) as other:
            assert other.content(PLAN) == _level(0)
    assert told
    assert all(isinstance(news, Saved) and news.time.tzinfo for news in told)
    assert told[-1].waiting == 0


def test_the_previous_round_is_kept_and_can_be_dropped(file: Path) -> None:
    earlier = small_dossier(id="earlier", answers=small_dossier().answers[:3])
    with open_session(file) as session:
        assert session.previous is None
        session.set_previous(earlier)
        assert session.dossier().previous == earlier
    with open_session(file) as session:
        assert session.previous == earlier
        session.set_previous(None)
        assert session.dossier().previous is None
    with open_session(file) as session:
        assert session.previous is None


def test_answers_taken_over_keep_their_author_and_time(file: Path) -> None:
    theirs = replace(
        say("i.plan", 0, who="agency-moi"), author="Ministry", time="2018-12-01T10:00:00+00:00", language="ka"
    )
    with open_session(file, author="C. Officer") as session:
        (entry_change, change) = session.adopt((theirs,), (Agency(id="agency-new"),))
        assert change.after.value == 0  # type: ignore[union-attr]
        assert entry_change.before is None
    with open_session(file) as session:
        assert theirs in session.dossier().answers
        assert session.entry("agencies", "agency-new") == Agency(id="agency-new")


@pytest.mark.parametrize(
    ("answers", "entries"),
    [
        ((say("i.plan", 0, who="agency-x"), say("i.plan", 9, who="agency-moi")), (Agency(id="agency-new"),)),
        ((say("i.plan", 0, who="agency-x"),), (Agency(id="agency-new"), Agency(id=""))),
    ],
)
def test_of_answers_taken_over_together_none_is_when_one_is_refused(
    session: AssessmentSession, answers: tuple[Answer, ...], entries: tuple[Agency, ...]
) -> None:
    with pytest.raises(ValidationError):
        session.adopt(answers, entries)
    assert session.content(answers[0].key) == EMPTY_CONTENT
    assert session.entries("agencies") == small_dossier().agencies
    assert session.flush()


def test_a_copy_is_complete_with_history_documents_and_what_waits(file: Path, tmp_path: Path) -> None:
    paper = tmp_path / "act.txt"
    paper.write_text("Article 1")
    with open_session(file) as session:
        session.record(PLAN, _level(0))
        session.set_previous(small_dossier(id="earlier"))
        attached = session.attach(paper).after
        assert isinstance(attached, Evidence)
        session.save_copy(tmp_path / "copy.assessment")
        expected, history = session.dossier(), session.history(PLAN.address)
    with open_session(tmp_path / "copy.assessment") as copied:
        assert copied.dossier() == expected
        assert copied.history(PLAN.address) == history
        assert copied.document(attached.document) == b"Article 1"


def test_a_copy_goes_over_another_file_only_when_asked_to(session: AssessmentSession, tmp_path: Path) -> None:
    there = tmp_path / "there.assessment"
    there.write_text("somebody's")
    with pytest.raises(KnownError, match="There is already a file"):
        session.save_copy(there)
    assert there.read_text() == "somebody's"
    session.save_copy(there, replace=True)
    with open_session(there) as copied:
        assert copied.dossier() == session.dossier()


def test_a_broken_embedded_instrument_is_refused_in_a_sentence(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content.replace(b'"title":"Small"', b'"title":"Smell"'))
    with pytest.raises(KnownError, match="damaged"):
        open_session(file)


def test_a_session_that_cannot_be_opened_leaves_no_lock(tmp_path: Path) -> None:
    file = tmp_path / "foreign.assessment"
    file.write_text("not an assessment")
    with pytest.raises(KnownError):
        open_session(file)
    assert names_in(tmp_path) == ["foreign.assessment"]


@pytest.mark.check
def test_a_session_of_ten_thousand_answers_says_what_it_was_made_of(tmp_path: Path) -> None:
    columns = tuple(
        GridColumn(id=f"c{number}", label="?", kind=AnswerKind.LEVEL, anchors=ANCHORS) for number in range(100)
    )
    rows = tuple(GridRow(id=f"r{number}", label="?") for number in range(100))
    grid = question("i.grid", AnswerKind.GRID, columns=columns, rows=rows)
    cells = (say(f"i.grid/{row.id}/{column.id}", 2) for row in rows for column in columns)
    large = small_dossier(instrument(section("i", grid)), answers=dated(cells))
    with open_session(file_of(tmp_path, large)) as session:
        assert session.dossier() == large
        session.record(large.answers[5000].key, _level(0))
        assert session.flush()
    with open_session(session.file) as again:
        assert again.content(large.answers[5000].key) == _level(0)
        assert len(again.dossier().answers) == 10_000
