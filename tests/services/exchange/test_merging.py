"""Merging files: planned in numbers that add up, done at once, and taken back exactly."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from capacity_app.domain.assessment.answers import EMPTY_CONTENT
from capacity_app.domain.assessment.merging import DecisionSide, DiffKind
from capacity_app.domain.assessment.registers import Agency, Evidence, Person
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.services.exchange.merge import (
    apply_merge,
    open_conflicts,
    plan_merge,
    redo_merge,
    settle_conflicts,
    undo_merge,
)
from capacity_app.services.exchange.merge_sources import MergeCounts
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import duplicate_merge_change_set, plan_duplicate_merge, store_change_set
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import file_of, open_session, small_dossier, small_instrument
from tests.services.exchange.officers import (
    all_mine,
    all_theirs,
    answer,
    continued,
    key,
    merged,
    revision_ids,
    says,
    session_of,
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return file_of(tmp_path)


@pytest.fixture
def amina(file: Path) -> Path:
    """Changes one answer, adds one, removes a person."""
    return continued(
        file,
        "Amina",
        says("i.law", answer(2)),
        says("ii.census", answer(2020)),
        lambda session: session.remove("people", "person-1"),
    )


@pytest.fixture
def bela(file: Path) -> Path:
    """Changes the same answer otherwise, remarks on another, names a source anew and adds an agency."""
    return continued(
        file,
        "Bela",
        says("i.law", answer(0)),
        says("ii.staff", answer(12, note="counted in May")),
        lambda session: session.put(replace(session.entry("sources", "source-1"), periodicity="10 years")),  # type: ignore[arg-type, type-var]
        lambda session: session.put(Agency(id="agency-x", name="Ministry of Labour")),
    )


def test_a_plan_counts_what_each_file_brings_and_changes_nothing(file: Path, amina: Path, bela: Path) -> None:
    before = file.read_bytes(), amina.read_bytes(), bela.read_bytes()
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [amina, bela])
        assert session.dossier() == small_dossier()
    assert (file.read_bytes(), amina.read_bytes(), bela.read_bytes()) == before
    of_amina, of_bela = plan.sources
    assert (of_amina.file, of_amina.people) == ("Amina.assessment", ("Amina",))
    assert (of_amina.revisions, of_amina.already_here, of_amina.new) == (27, 24, 3)
    assert of_amina.answers == MergeCounts(same=14, added=1, conflicting=1)
    assert of_amina.entries == MergeCounts(same=8, changed=1)
    assert of_bela.answers == MergeCounts(same=13, changed=1, conflicting=1)
    assert of_bela.entries == MergeCounts(same=8, added=1, changed=1)
    assert plan.new == 7
    assert not plan.refused
    (conflict,) = plan.conflicts
    assert (conflict.key, conflict.field, conflict.is_contested) == (key("i.law"), "value", True)
    assert (conflict.mine.author, conflict.theirs.author) == ("Amina", "Bela")
    assert (conflict.mine.file, conflict.theirs.file) == ("Amina.assessment", "Bela.assessment")
    assert conflict.base is not None
    assert conflict.base.content is not None
    assert [one.content.value for one in (conflict.base, conflict.mine, conflict.theirs) if one.content] == [3, 2, 0]


def test_a_merge_unites_all_work_and_leaves_open_what_nobody_has_decided(file: Path, amina: Path, bela: Path) -> None:
    _, result = merged(file, amina, bela)
    assert (result.revisions, result.settled, result.still_open) == (7, 0, 1)
    assert revision_ids(file) == revision_ids(amina) | revision_ids(bela)
    with open_session(file) as session:
        assert session.content(key("ii.census")) == answer(2020)
        assert session.content(key("ii.staff")).note == "counted in May"
        assert session.entry("people", "person-1") is None
        assert session.entry("agencies", "agency-x") == Agency(id="agency-x", name="Ministry of Labour")
        assert session.content(key("i.law")).value == 0
        assert [(one.key, one.field) for one in open_conflicts(session)] == [(key("i.law"), "value")]
        assert len(session.conflicts()) == 1
        assert session.check_file() == ()
        assert plan_merge(session, [amina, bela]).is_empty


def test_the_table_of_answers_says_what_the_heads_say_together(file: Path) -> None:
    one = continued(file, "Amina", says("ii.staff", answer(13)))
    other = continued(file, "Bela", says("ii.staff", answer(12, note="counted", evidence=("evidence-law",))))  # type: ignore[arg-type]
    merged(file, one, other)
    with closing(sqlite3.connect(file)) as connection:
        (row,) = connection.execute("SELECT value, note, evidence FROM answers WHERE question = 'ii.staff'").fetchall()
    assert row == ("13", "counted", '["evidence-law"]')
    copy = file.with_name("copy.assessment")
    with open_session(file) as session:
        assert session.check_file() == ()
        session.save_copy(copy)
        expected = session.dossier()
    with open_session(copy) as session:
        assert session.dossier() == expected
        assert session.check_file() == ()


def test_both_laptops_say_the_same_after_merging_each_other(file: Path, amina: Path, bela: Path) -> None:
    merged(amina, bela)
    merged(bela, amina)
    merged(file, bela, bela, amina)
    with open_session(amina) as one, open_session(bela) as other, open_session(file) as third:
        assert one.dossier() == other.dossier() == third.dossier()
        assert one.dossier().heads == other.dossier().heads == third.dossier().heads


@pytest.mark.parametrize("side", [DecisionSide.MINE, DecisionSide.THEIRS])
def test_a_decided_conflict_is_settled_on_top_of_both(file: Path, amina: Path, bela: Path, side: DecisionSide) -> None:
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [amina, bela])
        result = apply_merge(session, plan, {one.id: side for one in plan.conflicts})
        assert (result.settled, result.still_open) == (1, 0)
        assert session.content(key("i.law")).value == (2 if side is DecisionSide.MINE else 0)
        assert session.conflicts() == ()
        newest = session.history(key("i.law").address)[0]
        assert (newest.author, len(newest.parents)) == ("Merger", 2)
        assert session.check_file() == ()
    plan, _ = merged(amina, file)
    assert not plan.conflicts


def test_of_two_contested_fields_one_may_be_decided_and_the_other_left_open(file: Path) -> None:
    one = continued(file, "Amina", says("ii.staff", answer(13, note="thirteen")))
    other = continued(file, "Bela", says("ii.staff", answer(14, note="fourteen")))
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [one, other])
        assert [conflict.field for conflict in plan.conflicts] == ["value", "note"]
        result = apply_merge(session, plan, {plan.conflicts[0].id: DecisionSide.MINE})
        assert (result.settled, result.still_open) == (1, 1)
        (left,) = open_conflicts(session)
        assert left.field == "note"
        assert session.content(key("ii.staff")).value == 13
        assert settle_conflicts(session, all_theirs((left,))).still_open == 0
        assert session.conflicts() == ()
        assert session.check_file() == ()


def test_of_three_values_the_chosen_one_counts(file: Path) -> None:
    others = [continued(file, name, says("ii.staff", answer(n))) for name, n in (("A", 1), ("B", 2), ("C", 3))]
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, others)
        assert [(one.mine.author, one.theirs.author) for one in plan.conflicts] == [("A", "B"), ("A", "C")]
        first, second = (one.id for one in plan.conflicts)
        assert apply_merge(session, plan, {first: DecisionSide.MINE}).still_open == 1
        assert settle_conflicts(session, {first: DecisionSide.MINE, second: DecisionSide.THEIRS}).settled in {0, 1}
        result = settle_conflicts(session, all_theirs(open_conflicts(session)[:1]))
        assert result.still_open == 0


def test_what_one_removed_and_another_changed_stays_until_it_is_decided(file: Path) -> None:
    one = continued(file, "Amina", lambda session: session.remove("agencies", "agency-moi"))
    other = continued(file, "Bela", lambda session: session.put(Agency(id="agency-moi", name="Interior")))
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [one, other])
        (conflict,) = plan.conflicts
        assert (conflict.register, conflict.entry_id, conflict.field) == ("agencies", "agency-moi", "")
        result = apply_merge(session, plan)
        assert session.entry("agencies", "agency-moi") == Agency(id="agency-moi", name="Interior")
        undo_merge(session, result)
        assert session.dossier() == small_dossier()
        redo_merge(session, result)
        (again,) = open_conflicts(session)
        removed = DecisionSide.MINE if again.mine.entry is None else DecisionSide.THEIRS
        settle_conflicts(session, {again.id: removed})
        assert session.entry("agencies", "agency-moi") is None
        assert session.check_file() == ()


# -- taking it back ----------------------------------------------------------------------------------------------------


def test_a_merge_is_taken_back_exactly_and_done_again_exactly(file: Path, amina: Path, bela: Path) -> None:
    with session_of(file, "Merger") as session:
        session.record(key("i.plan"), answer(0))
        before = session.dossier()
        result = apply_merge(session, plan_merge(session, [amina, bela]))
        after, conflicts = session.dossier(), [one.field for one in open_conflicts(session)]
        known = revision_ids(file) if session.flush() else set()
        for _ in range(2):
            assert len(undo_merge(session, result)) == 6
            assert session.dossier() == before
            assert session.conflicts() == ()
            redo_merge(session, result)
            assert session.dossier() == after
            assert [one.field for one in open_conflicts(session)] == conflicts
        assert session.check_file() == ()
        assert known < revision_ids(file)
    with open_session(file) as session:
        assert session.dossier() == after
        assert len(session.conflicts()) == 1


def test_conflicts_that_were_open_before_a_merge_are_open_again_when_it_is_taken_back(
    file: Path, amina: Path, bela: Path
) -> None:
    merged(file, amina, bela)
    cleo = continued(file, "Cleo", lambda session: settle_conflicts(session, all_mine(open_conflicts(session))))
    with session_of(file, "Merger") as session:
        before, open_before = session.dossier(), [one.field for one in open_conflicts(session)]
        result = apply_merge(session, plan_merge(session, [cleo]))
        assert session.conflicts() == ()
        undo_merge(session, result)
        assert session.dossier() == before
        assert [one.field for one in open_conflicts(session)] == open_before == ["value"]
        assert session.check_file() == ()


def test_what_was_replaced_here_can_be_taken_again(file: Path, bela: Path) -> None:
    with session_of(file, "Merger") as session:
        result = apply_merge(session, plan_merge(session, [bela]))
        united = session.dossier()
        undo_merge(session, result)
        plan = plan_merge(session, [bela])
        assert plan.is_empty
        assert plan.sources[0].answers.replaced == 2
        assert {one.fate for one in plan.replaced} == {DiffKind.CHANGED, DiffKind.NEW}
        apply_merge(session, plan, all_theirs(plan.replaced))
        assert {a.key: a.content for a in session.dossier().answers} == {a.key: a.content for a in united.answers}
        assert session.dossier().agencies == united.agencies
        assert session.check_file() == ()


def test_nothing_is_done_where_nothing_may_be_changed(file: Path, amina: Path) -> None:
    before = file.read_bytes()
    with session_of(file, "Merger", read_only=True) as session:
        plan = plan_merge(session, [amina])
        with pytest.raises(KnownError, match="opened for reading only"):
            apply_merge(session, plan)
        assert session.dossier() == small_dossier()
    assert file.read_bytes() == before


# -- documents, previous rounds, twins ---------------------------------------------------------------------------------


def test_documents_and_an_earlier_round_come_along(file: Path, tmp_path: Path) -> None:
    paper = tmp_path / "act.txt"
    paper.write_text("Article 1")
    earlier = small_dossier(id="earlier")
    amina = continued(file, "Amina", lambda s: s.attach(paper), lambda s: s.set_previous(earlier))
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [amina, amina])
        assert plan.sources[0].documents == 1
        result = apply_merge(session, plan)
        held = [one for one in session.entries("evidence") if isinstance(one, Evidence) and one.document]
        assert session.document(held[0].document) == b"Article 1"
        assert session.previous == earlier
        undo_merge(session, result)
        assert session.dossier() == small_dossier()
        redo_merge(session, result)
        assert session.previous == earlier
        assert session.flush()
    with open_session(file) as session:
        assert session.previous == earlier
        assert session.document(held[0].document) == b"Article 1"


def test_another_earlier_round_stays_out_and_is_told(file: Path) -> None:
    amina = continued(file, "Amina", lambda s: s.set_previous(small_dossier(id="one")))
    bela = continued(file, "Bela", lambda s: s.set_previous(small_dossier(id="other")))
    plan, _ = merged(amina, bela)
    assert [one.code for one in plan.sources[0].notices] == ["merge.earlier"]
    with open_session(amina) as session:
        assert session.previous
        assert session.previous.id == "one"


def test_a_document_damaged_in_the_other_file_is_told_and_everything_else_is_merged(file: Path, tmp_path: Path) -> None:
    paper = tmp_path / "act.txt"
    paper.write_text("Article 1")
    amina = continued(file, "Amina", lambda s: s.attach(paper), says("i.plan", answer(0)))
    amina.write_bytes(amina.read_bytes().replace(b"Article 1", b"Article 2"))
    _, result = merged(file, amina)
    assert [one.code for one in result.problems] == ["merge.document"]
    with open_session(file) as session:
        assert session.content(key("i.plan")) == answer(0)
        assert not session.holds(hashlib.sha256(b"Article 2").hexdigest())


def test_a_file_that_is_gone_when_it_is_merged_leaves_everything_as_it_was(file: Path, tmp_path: Path) -> None:
    paper = tmp_path / "act.txt"
    paper.write_text("Article 1")
    amina = continued(file, "Amina", lambda s: s.attach(paper))
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [amina])
        amina.unlink()
        with pytest.raises(KnownError, match="There is no file"):
            apply_merge(session, plan)
        assert session.dossier() == small_dossier()
        assert session.check_file() == ()


def test_the_same_agency_typed_twice_is_found_and_can_be_joined(file: Path) -> None:
    amina = continued(
        file,
        "Amina",
        lambda s: s.put(Agency(id="agency-a", name="Ministry of Labour")),
        lambda s: s.put(Agency(id="agency-a2", name="Min. of Labour")),
        lambda s: s.put(Person(id="person-a", name="Ann Lee")),
    )
    bela = continued(
        file,
        "Bela",
        lambda s: s.put(Agency(id="agency-b", name="ministry of labour")),
        lambda s: s.put(Agency(id="agency-c", name="National Statistical Office")),
        lambda s: s.put(Person(id="person-b", name="Somebody Else")),
        says("ii.staff", answer(5), "agency-b"),
    )
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [amina, bela])
        found = {(twins.register, twins.here.id, twins.there.id) for twins in plan.twins}
        assert found == {
            ("agencies", "agency-a", "agency-b"),
            ("agencies", "agency-a2", "agency-b"),
            ("agencies", "agency-nso", "agency-c"),
        }
        apply_merge(session, plan)
        store_change_set(
            session,
            duplicate_merge_change_set(
                plan_duplicate_merge(session, "agencies", "agency-a", "agency-b", Translator("en"))
            ),
        )
        assert session.content(key("ii.staff", "agency-a")) == answer(5)


# -- what is refused ---------------------------------------------------------------------------------------------------


def _refusal(file: Path, other: Path, **more: Any) -> str:
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [other], **more)
        assert plan.is_empty
        (source,) = plan.sources
        if not source.problem:
            return ""
        assert plan.refused == (source,)
        assert (source.revisions, source.new, source.answers) == (0, 0, MergeCounts())
        text = source.problem.text()
        assert other.name in text
        assert text.endswith(".")
        apply_merge(session, plan)
        assert session.dossier() == small_dossier()
        return source.problem.code


def _made(folder: Path, name: str, **more: Any) -> Path:
    other = folder / f"{name}.assessment"
    create_from_dossier(other, small_dossier(**more), {}, device="elsewhere1")
    return other


def test_other_assessments_and_instruments_are_refused_with_a_reason(file: Path, tmp_path: Path) -> None:
    mission = small_dossier().mission
    elsewhere = replace(mission, country="XXB", country_name="Otherland")
    assert _refusal(file, _made(tmp_path, "a", id="another", mission=elsewhere)) == "merge.other"
    later = replace(mission, round="2024")
    assert (
        _refusal(file, _made(tmp_path, "b", id="another", mission=later), different_assessments=True) == "merge.other"
    )
    assert _refusal(file, _made(tmp_path, "c", id="another")) == "merge.separate"
    newer = small_instrument("2.0")
    assert _refusal(file, _made(tmp_path, "d", the_instrument=newer)) == "merge.version"
    changed = replace(small_instrument(), edition="Secretly changed")
    assert _refusal(file, _made(tmp_path, "e", the_instrument=changed)) == "merge.hash"
    renamed = replace(small_instrument(), id="large")
    assert _refusal(file, _made(tmp_path, "f", the_instrument=renamed)) == "merge.instrument"


def test_a_file_that_cannot_be_read_stops_nobody_else(file: Path, amina: Path, tmp_path: Path) -> None:
    broken, empty, text = (tmp_path / name for name in ("broken.assessment", "empty.assessment", "letter.docx"))
    broken.write_bytes(amina.read_bytes()[:5_000])
    empty.touch()
    text.write_text("Dear colleague")
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [broken, empty, text, tmp_path / "missing.assessment", tmp_path, amina])
        assert [bool(source.problem) for source in plan.sources] == [True] * 5 + [False]
        assert all(source.problem.text().endswith(".") for source in plan.refused if source.problem)
        assert apply_merge(session, plan).revisions == 3


_ANSWER = (
    "INSERT INTO answer_revisions SELECT 'x', {number}, question, '', '', layer, respondent, state, '{value}', '', '', "
    "'[]', '', '', 'en', '[]' FROM answer_revisions WHERE question = 'i.law' LIMIT 1"
)
_ENTRY = "INSERT INTO entry_revisions VALUES ('x', {number}, '{register}', '{entry}', {content}, '', '', '[]')"


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (_ANSWER.format(number=99, value='"much"'), "merge.strange"),
        (_ANSWER.format(number=2**63 - 1, value=2), "merge.strange"),
        (_ENTRY.format(number=99, register="mission", entry="mission", content="NULL"), "merge.unreadable"),
        (_ENTRY.format(number=-1, register="people", entry="p-1", content='\'{"id":"p-1"}\''), "merge.unreadable"),
        (_ENTRY.format(number=99, register="people", entry="p-1", content='\'{"id":"p-2"}\''), "merge.unreadable"),
    ],
)
def test_what_no_program_of_ours_writes_is_not_merged(file: Path, statement: str, refusal: str) -> None:
    other = file.with_name("strange.assessment")
    shutil.copy(file, other)
    with closing(sqlite3.connect(other, isolation_level=None)) as connection:
        connection.execute(statement)
    assert _refusal(file, other) == refusal


def test_assessments_started_separately_are_merged_only_if_one_insists(file: Path, tmp_path: Path) -> None:
    other = _made(tmp_path, "other", id="another")
    with session_of(file, "Merger") as session:
        plan = plan_merge(session, [other], different_assessments=True)
        assert not plan.refused
        apply_merge(session, plan)
        assert session.dossier() == small_dossier()
        assert session.conflicts() == ()
        assert session.check_file() == ()


# -- namesakes ---------------------------------------------------------------------------------------------------------


def _clone(monkeypatch: pytest.MonkeyPatch, file: Path, name: str, value: int) -> Path:
    """Go on as a laptop does that was cloned while the program was running: in the same session."""
    monkeypatch.setattr(
        "capacity_app.services.session.entries_and_documents.session_id", lambda device: f"{device}.sameone"
    )
    copy = file.with_name(f"{name}.assessment")
    shutil.copy(file, copy)
    with AssessmentSession(copy, author=name, device="cloned", language="en") as session:
        session.record(key("ii.staff"), answer(value))
        session.record(key("ii.staff"), answer(value, note="sure"))
    monkeypatch.undo()
    return copy


def test_changes_with_the_same_number_are_all_kept_and_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = _clone(monkeypatch, file, "One", 1), _clone(monkeypatch, file, "Other", 2)
    plan, result = merged(one, other)
    assert [notice.code for notice in plan.sources[0].notices] == ["merge.namesakes"]
    assert result.revisions == 2
    assert [conflict.field for conflict in plan.conflicts] == ["value"]
    with open_session(one) as session:
        assert sorted(r.content.value for r in session.history(key("ii.staff").address)) == [1, 1, 2, 2, 12]  # type: ignore[type-var]
        assert session.check_file() == ()
        assert plan_merge(session, [other]).is_empty
    merged(other, one)
    with open_session(one) as session, open_session(other) as there:
        assert session.dossier() == there.dossier()
        assert plan_merge(session, [other]).is_empty
        assert session.content(key("ii.staff")) != EMPTY_CONTENT
