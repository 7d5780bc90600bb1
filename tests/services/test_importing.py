"""Importing a dossier: every answer of the file has one fate, shown before, and applied whole or not at all."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from capacity_app.domain.assessment.answers import Answer
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, Evidence
from capacity_app.domain.problems import KnownError
from capacity_app.services.exchange import dossier_import
from capacity_app.services.exchange.dossier_import import ImportOutcome, ImportPlan, apply_import, plan_import
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.dossier_json import dossier_to_json
from tests.builders import file_of, open_session, small_dossier, small_instrument
from tests.domain.making import instrument, question, say, section
from tests.dossiers import IS_TORTURE, dossiers


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path)) as opened:
        yield opened


def _counts(plan: ImportPlan) -> dict[str, int]:
    return {fate.value: plan.count(fate) for fate in ImportOutcome if plan.count(fate)}


def _entry_counts(plan: ImportPlan) -> dict[str, int]:
    return dict(Counter(entry.fate.value for entry in plan.entries))


def _text(*answers: Answer, **more: Any) -> str:
    return dossier_to_json(small_dossier(answers=answers, **more), {})


def test_importing_what_is_already_there_changes_nothing(session: AssessmentSession) -> None:
    before = session.dossier()
    plan = plan_import(session, dossier_to_json(before, {}))
    assert _counts(plan) == {"same": len(before.answers)}
    assert _entry_counts(plan) == {"same": 9}
    assert plan.problems == ()
    assert apply_import(session, plan) == ()
    assert session.dossier() is before


def test_every_answer_has_exactly_one_fate(session: AssessmentSession) -> None:
    plain = json.loads(
        _text(
            say("i.law", 3, who="agency-nso", evidence=("evidence-law",), note="Loi n° 12 – «adoptée»"),
            say("i.law", 2, who="agency-new"),
            say("i.plan", 0, who="agency-nso"),
            say("i.published", "maybe"),
        )
    )
    plain["answers"] += [{"question": "i.older", "state": "answered", "value": 3}, "hello", {"question": "i.plan"}]
    plan = plan_import(session, json.dumps(plain))
    assert plan.answers_in == 7
    assert _counts(plan) == {"same": 1, "new": 1, "changed": 1, "refused": 3, "unplaced": 1}
    assert plan.is_conserved
    (unplaced,) = [item for item in plan.answers if item.fate is ImportOutcome.UNPLACED]
    assert str(unplaced.answer and unplaced.answer.key.address) == "i.older"
    assert unplaced.problem
    assert "another version" in unplaced.problem.text()
    (changed,) = [item for item in plan.answers if item.fate is ImportOutcome.CHANGED]
    assert (changed.before.value, changed.answer and changed.answer.content.value) == (2, 0)
    assert len(plan.problems) == 4


def test_a_plan_changes_nothing_until_it_is_applied_and_keeps_authors(session: AssessmentSession) -> None:
    before = session.dossier()
    theirs = replace(
        say("i.plan", 0, who="agency-nso"), author="Ministry", time="2019-01-02T03:04:05+00:00", language="ka"
    )
    plan = plan_import(session, _text(theirs))
    assert session.dossier() is before
    (change,) = apply_import(session, plan)
    assert theirs in session.dossier().answers
    assert session.history(theirs.key.address)[0].author == "Ministry"
    assert change.before.value == 2  # type: ignore[union-attr]
    assert _counts(plan_import(session, _text(theirs))) == {"same": 1}


def test_what_the_person_leaves_out_of_the_plan_stays_out(session: AssessmentSession) -> None:
    plan = plan_import(session, _text(say("i.plan", 0, who="agency-nso"), say("i.plan", 3, who="agency-new")))
    kept = tuple(item for item in plan.answers if item.fate is ImportOutcome.NEW)
    apply_import(session, replace(plan, answers=kept))
    assert [answer.content.value for answer in session.answers_at(kept[0].answer.key.address)] == [1, 3, 2]  # type: ignore[union-attr]


def test_an_answer_that_says_nothing_takes_nothing_away(session: AssessmentSession) -> None:
    plain = json.loads(_text(say("i.plan", 2, who="agency-nso")))
    plain["answers"][0].update(state="not_asked", value=None)
    assert _counts(plan_import(session, json.dumps(plain))) == {"same": 1}


def test_another_version_of_the_instrument_is_placed_by_address(session: AssessmentSession) -> None:
    newer = replace(
        instrument(section("i", question("i.plan"), question("i.budget")), section("x", question("x.law"))),
        version="2.0",
    )
    dossier = small_dossier(
        newer, answers=tuple(say(place, 3, who="agency-nso") for place in ("i.budget", "i.plan", "x.law"))
    )
    plan = plan_import(session, dossier_to_json(dossier, {}))
    assert _counts(plan) == {"changed": 1, "unplaced": 2}
    apply_import(session, plan)
    assert session.content(say("i.plan", 3, who="agency-nso").key).value == 3


def test_a_dossier_without_an_instrument_can_still_be_placed(session: AssessmentSession) -> None:
    plain = json.loads(_text(say("i.plan", 3, who="agency-nso")))
    del plain["instrument"]
    plan = plan_import(session, json.dumps(plain))
    assert _counts(plan) == {"changed": 1}
    assert [problem.code for problem in plan.problems] == ["dossier.instrument"]


def test_register_entries_are_same_new_changed_or_refused(session: AssessmentSession) -> None:
    agencies = (
        small_dossier().agencies[0],
        replace(small_dossier().agencies[1], name="Ministry of Home Affairs"),
        Agency(id="agency-new", name="Ministry of Health"),
        Agency(id="agency-long", note="x" * 20_001),
    )
    plan = plan_import(session, _text(agencies=agencies))
    fates = {item.entry.id if item.entry else "": item.fate for item in plan.entries if item.register == "agencies"}
    assert fates == {
        "agency-nso": ImportOutcome.SAME,
        "agency-moi": ImportOutcome.CHANGED,
        "agency-new": ImportOutcome.NEW,
        "": ImportOutcome.REFUSED,
    }
    assert len(apply_import(session, plan)) == 2
    assert session.entries("agencies") == agencies[:3]


def test_documents_come_along_once(session: AssessmentSession) -> None:
    content = b"%PDF-1.7\n"
    held = Evidence(id="evidence-x", document=hashlib.sha256(content).hexdigest(), file_name="act.pdf")
    text = dossier_to_json(small_dossier(evidence=(held,)), {held.document: content})
    plan = plan_import(session, text)
    assert [document.hash for document in plan.documents] == [held.document]
    apply_import(session, plan)
    assert session.document(held.document) == content
    assert plan_import(session, text).documents == ()


def test_documents_that_would_be_too_much_are_left_out_and_listed(
    session: AssessmentSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dossier_import, "ALL_DOCUMENTS_LIMIT", 10)
    contents = [b"%PDF-1.7\n", b"%PDF-1.4\n"]
    evidence = tuple(
        Evidence(id=f"evidence-{number}", document=hashlib.sha256(content).hexdigest(), file_name="act.pdf")
        for number, content in enumerate(contents)
    )
    held = {entry.document: content for entry, content in zip(evidence, contents, strict=True)}
    plan = plan_import(session, dossier_to_json(small_dossier(evidence=evidence), held))
    assert len(plan.documents) == 1
    assert [problem.code for problem in plan.problems] == ["import.documents"]


def test_an_earlier_round_is_taken_over_where_there_is_none(session: AssessmentSession) -> None:
    earlier = small_dossier(id="earlier")
    text = dossier_to_json(small_dossier(previous=earlier), {})
    apply_import(session, plan_import(session, text))
    assert session.previous == earlier
    assert plan_import(session, text).previous is None
    other = dossier_to_json(small_dossier(previous=small_dossier(id="another")), {})
    plan = plan_import(session, other)
    assert plan.previous is None
    assert [problem.code for problem in plan.problems] == ["import.previous"]


def test_another_country_or_instrument_is_pointed_out(session: AssessmentSession) -> None:
    mission = replace(small_dossier().mission, country="GEO")
    foreign = replace(small_instrument(), id="another")
    plan = plan_import(session, dossier_to_json(small_dossier(foreign, mission=mission), {}))
    assert {problem.code for problem in plan.problems} == {"import.country", "import.instrument"}


def test_what_is_no_dossier_is_refused(session: AssessmentSession) -> None:
    with pytest.raises(KnownError):
        plan_import(session, "hello")


def test_a_session_for_reading_imports_nothing(session: AssessmentSession) -> None:
    plan = plan_import(session, _text(say("i.plan", 0)))
    with open_session(session.file, read_only=True) as reading, pytest.raises(KnownError):
        apply_import(reading, plan)


@pytest.mark.check
@given(dossiers(rounds=0), dossiers(rounds=0))
@settings(max_examples=30 if IS_TORTURE else 8)
def test_after_an_import_everything_placed_is_said(ours: Dossier, theirs: Dossier) -> None:
    with tempfile.TemporaryDirectory() as folder, open_session(file_of(Path(folder), ours)) as session:
        plan = plan_import(session, dossier_to_json(theirs, {}))
        assert plan.answers_in == len(theirs.answers) == sum(map(plan.count, ImportOutcome))
        apply_import(session, plan)
        said = {answer.key: answer.content for answer in session.dossier().answers}
        assert said == {a.key: a.content for a in (*ours.answers, *theirs.answers)}
        assert {agency.id: agency for agency in session.dossier().agencies} == {
            agency.id: agency for agency in (*ours.agencies, *theirs.agencies)
        }
        again = plan_import(session, dossier_to_json(theirs, {}))
        assert again.count(ImportOutcome.SAME) == again.answers_in
