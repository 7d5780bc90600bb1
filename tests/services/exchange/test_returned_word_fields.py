"""Fields of a Word report that were edited come back as proposals; other changes are listed, never lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.domain.assessment.merging import DecisionSide, DiffKind, MergeDifference
from capacity_app.domain.assessment.privacy import ReportProfile
from capacity_app.domain.assessment.registers import Action, Mission
from capacity_app.domain.assessment.returned_files import ImportProposal, ReturnedContent
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.reader import read_returned_word
from capacity_app.services.exchange.returned_files import import_change_set, propose_import, undo_import
from capacity_app.services.exchange.verification import compare_with_assessment, with_printed_problems
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import inverse_change_set, store_change_set
from capacity_app.services.session.file_writing import create_from_dossier
from tests.builders import small_dossier
from tests.outputs.word_tree import converted, with_body_changed

NSO, MOI = "agency-nso", "agency-moi"
MESSAGES = "The law is in force.\n– Staff are missing."
ACTION = Action(
    id="action-a", title="Adopt the plan", responsible=NSO, end="2025-06-30", amount="30000", currency="EUR"
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    whole = small_dossier()
    dossier = replace(whole, mission=replace(whole.mission, main_messages=MESSAGES), actions=(ACTION,))
    create_from_dossier(tmp_path / "a.assessment", dossier, {}, device="d")
    with AssessmentSession(tmp_path / "a.assessment", device="d") as opened:
        yield opened


def printed(session: AssessmentSession, volume: str = "full") -> bytes:
    profile = ReportProfile.parse(volume)
    return report_bytes(session.dossier(), ".docx", texts=Translator("en"), profile=profile)


def returned(session: AssessmentSession, content: bytes) -> ReturnedContent:
    found = read_returned_word(content, "report.docx", session.instrument)
    return compare_with_assessment(with_printed_problems(found, content), session.dossier())


def proposed(session: AssessmentSession, content: bytes, agency: str = NSO) -> ImportProposal:
    return propose_import(session, returned(session, content), agency)


def by_id(proposal: ImportProposal) -> dict[str, MergeDifference]:
    return {one.id: one for one in proposal.differences}


@pytest.mark.check
@pytest.mark.parametrize("volume", ["brief", "report", "full"])
def test_an_unchanged_report_proposes_nothing(session: AssessmentSession, volume: str) -> None:
    proposal = proposed(session, printed(session, volume))
    assert (proposal.differences, proposal.unplaced, proposal.problems) == ((), (), ())


@pytest.mark.check
def test_edited_messages_and_recommendations_are_proposed_and_imported(session: AssessmentSession) -> None:
    content = with_body_changed(
        printed(session), {">Staff are missing.<": ">Ten staff are missing.<", ">30000<": ">35,000<"}
    )
    proposal = proposed(session, content)
    found = by_id(proposal)
    assert {name: one.fate for name, one in found.items()} == {
        "mission/mission/main_messages": DiffKind.CHANGED,
        "actions/action-a/amount": DiffKind.CHANGED,
    }
    assert not proposal.contested
    assert proposal.is_conserved
    store_change_set(session, import_change_set(session, proposal, {}, content))
    assert session.mission.main_messages == "The law is in force.\n– Ten staff are missing."
    assert session.dossier().actions[0].amount == "35000"


@pytest.mark.check
def test_undoing_the_import_restores_the_texts_nobody_has_changed_since(session: AssessmentSession) -> None:
    content = with_body_changed(
        printed(session),
        {">Staff are missing.<": ">Ten staff are missing.<", ">30000<": ">35,000<", ">2025-06-30<": ">2025-12-31<"},
    )
    before = session.dossier()
    bundle = import_change_set(session, proposed(session, content), {}, content)
    store_change_set(session, bundle)
    (entry,) = session.dossier().returns
    session.put(replace(session.dossier().actions[0], end="2026-06-30"))
    undo = undo_import(session, entry.id)
    assert undo.restored_texts == (("mission", "mission", "main_messages"), ("actions", "action-a", "amount"))
    assert undo.left_texts == (("actions", "action-a", "end"),)
    back = inverse_change_set(session, undo.bundle)
    store_change_set(session, undo.bundle)
    assert session.mission == before.mission
    assert session.dossier().actions == (replace(ACTION, end="2026-06-30"),)
    store_change_set(session, back)
    assert session.mission.main_messages == "The law is in force.\n– Ten staff are missing."
    (again,) = session.dossier().returns
    assert undo_import(session, again.id).restored_texts == undo.restored_texts


@pytest.mark.check
def test_what_was_changed_here_since_waits_for_a_decision(session: AssessmentSession) -> None:
    content = with_body_changed(printed(session), {">Staff are missing.<": ">Ten staff are missing.<"})
    session.put(replace(session.mission, main_messages="Another text."))
    proposal = proposed(session, content)
    assert [one.id for one in proposal.contested] == ["mission/mission/main_messages"]
    bundle = import_change_set(session, proposal, {"mission/mission/main_messages": DecisionSide.MINE}, content)
    assert not any(isinstance(one, Mission) for one in bundle.entries)


@pytest.mark.check
def test_a_text_goes_to_the_agency_under_which_it_is_printed(session: AssessmentSession) -> None:
    content = with_body_changed(printed(session), {">No budget.<": ">No budget until 2026.<"})
    one = by_id(proposed(session, content, agency=MOI))[f"i.why {NSO}"]
    assert one.key == AnswerKey(Address("i.why"), respondent=NSO)
    assert one.theirs.content is not None
    assert one.theirs.content.value == "No budget until 2026.\nNo staff."


@pytest.mark.check
def test_a_value_that_cannot_be_read_is_refused_with_its_reason(session: AssessmentSession) -> None:
    content = with_body_changed(printed(session), {">2025-06-30<": ">summer<"})
    (one,) = proposed(session, content).differences
    assert one.fate is DiffKind.REFUSED
    assert one.problem is not None
    assert one.problem.text() == "“summer” is not a date in the form 2024-03-31. Enter it by hand."


@pytest.mark.check
def test_the_file_says_who_filled_it_in(session: AssessmentSession) -> None:
    field = 'PlaceholderText"/></w:rPr><w:t xml:space="preserve">{}<'
    typed = {"Agency": "NSO", "Person": "Ana Petrova", "Date": "3 July 2024"}
    content = with_body_changed(
        printed(session), {field.format(name): f'Strong"/></w:rPr><w:t>{text}<' for name, text in typed.items()}
    )
    found = returned(session, content)
    assert (found.agency, found.person, found.date) == ("NSO", "Ana Petrova", "2024-07-03")
    assert found.fields == ()


@pytest.mark.check
@pytest.mark.parametrize("volume", ["report", "full"])
def test_a_text_outside_the_fields_is_listed(session: AssessmentSession, volume: str) -> None:
    content = with_body_changed(printed(session, volume), {">Main messages<": ">Chief messages<"})
    (problem,) = proposed(session, content).problems
    assert problem.code == "file.printed"
    assert dict(problem.values)["total"] == "1"
    assert "“Chief messages” instead of “Main messages”" in dict(problem.values)["places"]


def test_where_the_assessment_changed_since_the_import_says_that_nothing_was_compared(
    session: AssessmentSession,
) -> None:
    content = with_body_changed(printed(session, "report"), {">Main messages<": ">Chief messages<"})
    session.put(replace(session.mission, project="Another project"))
    (problem,) = proposed(session, content).problems
    assert problem.code == "file.not-compared"
    assert "The assessment has changed since the report was made." in problem.text()


@pytest.mark.check
def test_libreoffice_keeps_every_field(session: AssessmentSession, tmp_path: Path) -> None:
    content = with_body_changed(printed(session), {">Staff are missing.<": ">Ten staff are missing.<"})
    (tmp_path / "report.docx").write_bytes(content)
    saved = converted(tmp_path / "report.docx", "docx").read_bytes()
    assert set(by_id(propose_import(session, read_returned_word(saved, "r.docx", session.instrument), NSO))) == {
        "mission/mission/main_messages"
    }
