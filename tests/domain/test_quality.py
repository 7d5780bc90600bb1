"""Quality checks: each thing that stands out is found, at its place, and nothing else is."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from capacity_app.domain.assessment.answers import Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import Finding, FindingKind, group_by_kind, group_by_section
from capacity_app.domain.assessment.merging import AnyMergedRevisions, merge_revisions
from capacity_app.domain.assessment.quality import check_quality
from capacity_app.domain.assessment.registers import (
    Action,
    ActionProgress,
    Agency,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Mission,
    MissionStatus,
    Person,
)
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, RevisionId
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import ContradictionRule, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import lay_out_dossier
from tests.builders import small_dossier
from tests.domain.making import instrument, question, say, section
from tests.dossiers import dossiers, on_few_dossiers

GRID = question(
    "a.grid",
    AnswerKind.GRID,
    columns=(GridColumn(id="level", label="Level", kind=AnswerKind.LEVEL, anchors=("0", "1", "2", "3")),),
    rows=(GridRow(id="x", label="X"),),
)
SMALL = instrument(section("a", question("a.1"), question("a.2"), question("a.when", AnswerKind.DATE), GRID))
ANSWERED = (say("a.1", 2, who="p"), say("a.2", 2, who="p"), say("a.when", "2018-11-29", who="p"),
            say("a.grid/x/level", 2, who="p"))  # fmt: skip


def found(answers: Iterable[Answer], the_instrument: Instrument = SMALL, **more: Any) -> list[Finding]:
    agencies = small_dossier().agencies
    known = tuple(replace(agencies[0], id=name) for name in ("p", "q"))
    dossier = Dossier(id="x", instrument=the_instrument, answers=tuple(answers), agencies=known, **more)
    return list(check_quality(dossier, lay_out_dossier(dossier)))


def places(findings: Iterable[Finding], kind: FindingKind) -> list[str]:
    return [finding.problem.place for finding in findings if finding.kind is kind]


def with_answer(place: str, *answers: Answer) -> list[Answer]:
    kept = [answer for answer in ANSWERED if str(answer.key.address) != place]
    return [*kept, *answers]


def test_a_complete_assessment_has_nothing_to_find() -> None:
    assert found(ANSWERED) == []


def test_an_open_question_is_found_at_its_section() -> None:
    findings = found(with_answer("a.1"))
    assert places(findings, FindingKind.OPEN) == ["section a, question a.1"]
    assert findings[0].section == "a"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AnswerState.UNKNOWN, "The answer is “unknown”. Decide whether to ask again."),
        (AnswerState.DECLINED, "The agency declined to answer. Decide whether to ask again."),
    ],
)
def test_unknown_and_declined_are_answers_listed_apart(state: AnswerState, said: str) -> None:
    findings = found(with_answer("a.1", say("a.1", state=state, who="p")))
    assert [(finding.kind, finding.problem.text()) for finding in findings] == [(FindingKind.UNCERTAIN, said)]


@pytest.mark.check
@on_few_dossiers
@given(dossiers())
def test_progress_and_review_agree_on_what_is_open(dossier: Dossier) -> None:
    sheet = lay_out_dossier(dossier)
    findings = check_quality(dossier, sheet)
    listed = {str(one.address) for one in findings if one.kind is FindingKind.OPEN}
    assert listed == {name for name, block in sheet.blocks.items() if block.counts.unanswered}
    assert (sheet.counts.share == 1) == (not listed)


def test_a_table_counts_its_unanswered_and_its_uncertain_cells() -> None:
    (finding,) = found(with_answer("a.grid/x/level"))
    assert finding.problem.text().startswith("Unanswered cells of the table: 1 of 1.")
    (finding,) = found(with_answer("a.grid/x/level", say("a.grid/x/level", state=AnswerState.UNKNOWN, who="p")))
    assert finding.problem.text().startswith("Cells answered “unknown” or declined: 1 of 1.")


def test_differing_answers_are_found_once() -> None:
    findings = found(with_answer("a.1", say("a.1", 1, who="p"), say("a.1", 2, who="q")))
    assert [finding.kind for finding in findings] == [FindingKind.CONFLICT]


@pytest.mark.parametrize("layer", [AnswerLayer.JUDGEMENT, AnswerLayer.VALIDATED])
def test_an_answer_that_differs_from_an_earlier_judgement_or_validation_is_found(layer: AnswerLayer) -> None:
    settled = replace(say("a.1", 2, layer=layer, reason="seen"), time="2026-03-02T10:00:00+00:00")
    for hour, value, kinds in (("09", 1, []), ("11", 2, []), ("11", 1, [FindingKind.LATER])):
        answer = replace(say("a.1", value, who="p"), time=f"2026-03-02T{hour}:00:00+00:00")
        findings = [one.kind for one in found(with_answer("a.1", settled, answer))]
        assert [kind for kind in findings if kind is not FindingKind.VALIDATION] == kinds
    first = ("2026-03-02T09:00:00+00:00", say("a.1", 1).content)
    taken_back = ("2026-03-02T10:30:00+00:00", say("a.1", 3).content)
    for earlier in ((first,), (first, taken_back)):
        noted = replace(say("a.1", 1, who="p", note="seen"), time="2026-03-02T11:00:00+00:00", earlier=earlier)
        assert FindingKind.LATER not in [one.kind for one in found(with_answer("a.1", settled, noted))]


def test_the_highest_level_needs_evidence() -> None:
    bare = with_answer("a.1", say("a.1", 3, who="p"))
    backed = with_answer("a.1", say("a.1", 3, who="p", evidence=("e",)))
    assert places(found(bare), FindingKind.UNSUPPORTED) == ["section a, question a.1"]
    assert found(backed, evidence=(Evidence(id="e", title="Act"),)) == []


def test_a_contradiction_of_the_instrument_is_found() -> None:
    holds = Condition(op=ConditionOperator.AT_LEAST, address=say("a.1", 2).key.address, number=2)
    rule = ContradictionRule(id="c", when=holds, message="Not both {braces} and this.")
    (finding,) = found(ANSWERED, replace(SMALL, contradictions=(rule,)))
    assert finding.kind is FindingKind.CONTRADICTION
    assert finding.problem.text() == "Not both {braces} and this."


def test_a_row_one_agency_rules_out_and_another_answers_is_found() -> None:
    out = say("a.grid/x", state=AnswerState.NOT_APPLICABLE, reason="none here", who="q")
    findings = found([*ANSWERED, out])
    assert places(findings, FindingKind.ROW_DISPUTED) == ["section a, question a.grid, row x"]


@pytest.mark.parametrize(("date", "count"), [("2018-11-29", 0), ("2018-11", 1), ("2018", 1)])
def test_a_date_without_a_day_is_found(date: str, count: int) -> None:
    findings = found(with_answer("a.when", say("a.when", date, who="p")))
    assert len(places(findings, FindingKind.DATE)) == count


GAP = with_answer("a.1", say("a.1", 0, who="p"))
PLAN = Action(id="act", title="Mend it", gaps=("a.1",), responsible="p")


def test_a_serious_gap_needs_an_action() -> None:
    assert places(found(GAP), FindingKind.GAP) == ["section a, question a.1"]
    assert places(found(GAP, actions=(PLAN,)), FindingKind.GAP) == []
    dropped = replace(PLAN, progress=ActionProgress.DROPPED)
    assert places(found(GAP, actions=(dropped,)), FindingKind.GAP) == ["section a, question a.1"]


@pytest.mark.parametrize(
    ("action", "count"),
    [
        (PLAN, 0),
        (replace(PLAN, responsible=""), 1),
        (replace(PLAN, gaps=()), 1),
        (replace(PLAN, gaps=("a.when",)), 1),
        (replace(PLAN, depends_on=("act",)), 1),
    ],
)
def test_an_action_needs_somebody_a_gap_and_a_beginning(action: Action, count: int) -> None:
    assert len(places(found(GAP, actions=(action,)), FindingKind.ACTION)) == count


@pytest.mark.parametrize(
    "more",
    [
        {"people": (Person(id="r", agency="gone"),)},
        {"meetings": (Meeting(id="r", people=("gone",)),)},
        {"sources": (DataSource(id="r", agency="gone"),)},
        {"ratings": (FeasibilityRating(id="gone"),)},
        {"actions": (replace(PLAN, id="r", depends_on=("gone",)),)},
        {"actions": (replace(PLAN, id="r", gaps=("a.1", "not an address/ /")),)},
    ],
)
def test_an_entry_that_refers_to_nothing_is_found(more: dict[str, Any]) -> None:
    findings = [finding for finding in found(GAP, **more) if finding.kind is FindingKind.REFERENCE]
    assert len(findings) == 1
    assert any(value in {"gone", "not an address/ /"} for _name, value in findings[0].problem.values)


def test_an_answer_of_an_unknown_agency_is_found_at_its_place() -> None:
    findings = found(with_answer("a.1", say("a.1", 2, who="gone")))
    assert places(findings, FindingKind.REFERENCE) == ["section a, question a.1"]


def test_an_answer_this_version_does_not_ask_is_told() -> None:
    findings = found([*ANSWERED, say("a.old", 1, who="p")])
    assert places(findings, FindingKind.RETIRED) == ["question a.old"]


@pytest.mark.parametrize(
    ("reason", "author", "count"),
    [
        ("Statistics Office (2018-11-29)", "", 0),
        ("Statistics Office (2018)", "", 0),
        ("Statistics Office", "A. Officer", 1),
        ("", "Director General", 0),
        ("", "", 1),
    ],
)
def test_a_validated_answer_says_by_whom_and_when(reason: str, author: str, count: int) -> None:
    validated = say("a.1", 2, layer=AnswerLayer.VALIDATED, reason=reason)
    validated = replace(validated, author=author, time="2018-11-29T09:00:00+00:00" if author else "")
    assert len(places(found([*ANSWERED, validated]), FindingKind.VALIDATION)) == count


@pytest.mark.parametrize(
    ("mission", "count"),
    [
        (Mission(status=MissionStatus.VALIDATED, validated_by="D", validated_on="2018-11-30"), 0),
        (Mission(status=MissionStatus.VALIDATED, validated_by="D"), 1),
        (Mission(status=MissionStatus.VALIDATED, validated_on="2018-11-30"), 1),
        (Mission(status=MissionStatus.REVIEWED), 0),
    ],
)
def test_a_validated_assessment_says_by_whom_and_when(mission: Mission, count: int) -> None:
    findings = [finding for finding in found(ANSWERED, mission=mission) if finding.kind is FindingKind.VALIDATION]
    assert [finding.entry for finding in findings] == ["mission"] * count


def test_what_an_earlier_round_answered_is_counted_once_a_part_until_somebody_answers() -> None:
    earlier = Dossier(
        id="y", instrument=SMALL, answers=tuple(say(str(a.key.address), a.content.value) for a in ANSWERED)
    )
    (finding,) = [one for one in found((), previous=earlier) if one.kind is FindingKind.CONFIRM]
    assert ("count", "4") in finding.problem.values
    assert (finding.section, str(finding.address)) == ("a", "a.1")
    assert places(found(ANSWERED, previous=earlier), FindingKind.CONFIRM) == []


def test_what_is_not_translated_is_counted_by_question_or_said_once() -> None:
    dossier = Dossier(id="x", instrument=SMALL)
    some = check_quality(dossier, lay_out_dossier(dossier), untranslated={"a.2": 3})
    assert places(some, FindingKind.TRANSLATION) == ["section a, question a.2"]
    none = check_quality(dossier, lay_out_dossier(dossier), untranslated=dict.fromkeys(SMALL.question_by_id, 1))
    assert places(none, FindingKind.TRANSLATION) == ["mission"]


@pytest.mark.check
@on_few_dossiers
@given(dossiers())
def test_the_key_of_a_finding_is_its_own(dossier: Dossier) -> None:
    keys = [finding.key for finding in check_quality(dossier, lay_out_dossier(dossier))]
    assert len(keys) == len(set(keys))


@pytest.mark.check
@on_few_dossiers
@given(dossiers())
def test_findings_are_grouped_by_part_without_losing_one(dossier: Dossier) -> None:
    sheet = lay_out_dossier(dossier)
    findings = check_quality(dossier, sheet)
    grouped = group_by_section(findings, sheet)
    assert sorted(map(hash, (one for group in grouped.values() for one in group))) == sorted(map(hash, findings))
    assert all(finding.section == section for section, group in grouped.items() for finding in group)


@pytest.mark.check
@on_few_dossiers
@given(dossiers())
def test_every_finding_of_any_dossier_says_where_and_what(dossier: Dossier) -> None:
    findings = check_quality(dossier, lay_out_dossier(dossier))
    assert [finding for group in group_by_kind(findings).values() for finding in group] == list(findings)
    for finding in findings:
        assert finding.problem.place
        assert "{" not in finding.problem.text() or any("{" in value for _name, value in finding.problem.values)


def test_what_copies_say_differently_is_one_line_for_each_field() -> None:
    def said(number: int, value: int, note: str) -> Revision:
        content = say("a.1", value, who="p", note=note)
        return Revision(id=RevisionId(f"laptop{number}", 1), key=content.key, content=content.content)

    def named(number: int, name: str) -> EntryRevision:
        content = Agency(id="p", name=name)
        return EntryRevision(id=RevisionId(f"laptop{number}", 1), register="agencies", entry="p", content=content)

    contested: list[AnyMergedRevisions] = [
        merge_revisions([said(1, 2, "m"), said(2, 3, "n")]),
        merge_revisions([named(1, "Office"), named(2, "Bureau")]),
    ]
    dossier = Dossier(id="x", instrument=SMALL, answers=ANSWERED, agencies=small_dossier().agencies)
    advice = "Decide which one counts. Until then, one of them is shown."
    findings = group_by_kind(check_quality(dossier, lay_out_dossier(dossier), contested=contested))[FindingKind.LAPTOPS]
    assert [(one.address, one.entry, one.problem.text()) for one in findings] == [
        (say("a.1", 2).key.address, "", f"{told} {advice}")
        for told in ("Two copies of the file have different answers.", "Two copies of the file have different notes.")
    ] + [
        (
            None,
            "p",
            f"Two copies of the file disagree about “Bureau”. {advice}",
        )
    ]
    assert len({one.key for one in findings}) == 3
