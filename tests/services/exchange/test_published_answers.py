"""Answers from published sources: an agency confirms them in a workbook or in Word, and then they are its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.answers import Address, AnswerKey
from capacity_app.domain.assessment.migration import published_answers
from capacity_app.domain.assessment.privacy import FULL_PROFILE
from capacity_app.domain.assessment.registers import RetiredAnswerStatus
from capacity_app.domain.assessment.returned_files import ANSWERED_TWICE, ImportProposal
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.word.reader import read_returned_word
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.sheet_marks import entry_mark
from capacity_app.services.exchange.returned_files import import_change_set, propose_import
from capacity_app.services.exchange.verification import compare_printed, compare_with_assessment, with_printed_problems
from capacity_app.services.headquarters.workbook_reader import read_workbook
from capacity_app.services.reports import blank_form_bytes, blank_form_request, report_bytes
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import (
    inverse_change_set,
    published_change_set,
    store_change_set,
)
from capacity_app.services.session.demonstration import create_demonstration
from tests.builders import file_of, open_session
from tests.outputs.word_tree import with_body_changed
from tests.outputs.workbook.editing import filled

NSO, MOI = "agency-nso", "agency-moi"
STAFF = AnswerKey(Address("ii.staff"), respondent=NSO)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path)) as opened:
        store_change_set(opened, published_change_set(opened, NSO, ("ii",)))
        yield opened


def waiting(session: AssessmentSession) -> dict[str, str]:
    return {one.target: one.id for one in published_answers(session.dossier())}


def returned_form(
    session: AssessmentSession, folder: Path, said: dict[str, str], section: str = "ii", agency: str = NSO
) -> bytes:
    """Return the form of the agency with what it says of published answers, by their places."""
    file = folder / "form.xlsx"
    request = blank_form_request(session.dossier(), (section,), agency)
    file.write_bytes(blank_form_bytes(request, ".xlsx", texts=Translator("ar")))
    book = openpyxl.load_workbook(file)
    marks = {entry_mark("published", waiting(session)[place]): text for place, text in said.items()}
    for sheet in book.worksheets:
        column = next((cell.column for row in sheet.iter_rows() for cell in row if cell.value == "@answer"), 0)
        for row in sheet.iter_rows():
            if column and row[0].value in marks:
                sheet.cell(row[0].row, column, marks.pop(str(row[0].value)))
    assert not marks
    book.save(file)
    return file.read_bytes()


def proposed(session: AssessmentSession, content: bytes) -> ImportProposal:
    return propose_import(session, read_returned(content, "form.xlsx", session.instrument), NSO)


def test_an_answer_from_published_sources_counts_nowhere_until_it_is_undone(tmp_path: Path) -> None:
    with open_session(file_of(tmp_path)) as session:
        before, content = session.dossier(), session.content(STAFF)
        bundle = published_change_set(session, NSO)
        back = inverse_change_set(session, bundle)
        store_change_set(session, bundle)
        assert session.content(STAFF).is_empty
        assert not any(one.key.respondent == NSO and one.content.value for one in session.dossier().answers)
        assert {one.fate for one in session.dossier().kept} == {RetiredAnswerStatus.PUBLISHED}
        assert {one.respondent for one in session.dossier().kept} == {NSO}
        store_change_set(session, back)
        assert session.content(STAFF) == content
        assert session.dossier().kept == before.kept


def test_what_an_agency_confirms_in_its_form_becomes_its_answer(session: AssessmentSession, tmp_path: Path) -> None:
    assert {"ii.staff", "ii.share", "ii.lead"} == set(waiting(session))
    content = returned_form(session, tmp_path, {"ii.staff": "نعم", "ii.share": "no", "ii.lead": "perhaps"})
    proposal = proposed(session, content)
    assert [str(one.key.address) for one in proposal.differences if one.key] == ["ii.staff"]
    assert [one.text for one in proposal.unplaced] == ["perhaps", "12.5%"]
    assert proposal.is_conserved
    store_change_set(session, import_change_set(session, proposal, {}, content))
    assert session.content(STAFF).value == 12
    assert set(waiting(session)) == {"ii.share", "ii.lead"}


def test_a_form_with_published_answers_is_as_it_was_printed(session: AssessmentSession) -> None:
    content = blank_form_bytes(blank_form_request(session.dossier(), ("ii",), NSO), ".xlsx", texts=Translator("en"))
    found = compare_printed("form.xlsx", content)
    assert (found.reason_not_compared, found.total) == ("", 0)


def test_a_form_that_says_nothing_confirms_nothing(session: AssessmentSession, tmp_path: Path) -> None:
    proposal = proposed(session, returned_form(session, tmp_path, {}))
    assert (proposal.differences, proposal.unplaced) == ((), ())


@pytest.mark.check
def test_headquarters_refuses_a_form_that_confirms_answers_it_does_not_hold(tmp_path: Path) -> None:
    create_demonstration(tmp_path / "d.assessment", device="test")
    with open_session(tmp_path / "d.assessment") as session:
        store_change_set(session, published_change_set(session, "nso", ("v",)))
        silent = returned_form(session, tmp_path, {}, "v", "nso")
        said = returned_form(session, tmp_path, {"v.staff": "Yes"}, "v", "nso")
    assert read_workbook(silent, "form.xlsx", is_careful=True).edited == 0
    with pytest.raises(KnownError, match="Import the file into its assessment"):
        read_workbook(said, "form.xlsx", is_careful=True)


def test_a_confirmation_and_another_answer_contradict_each_other(session: AssessmentSession, tmp_path: Path) -> None:
    returned_form(session, tmp_path, {"ii.staff": "Yes"})
    file = filled(tmp_path / "form.xlsx", {"ii.staff": 13})
    (one, *_) = proposed(session, file.read_bytes()).differences
    assert one.problem is not None
    assert one.problem.message == ANSWERED_TWICE


def test_the_form_of_another_agency_does_not_show_them(session: AssessmentSession) -> None:
    request = blank_form_request(session.dossier(), ("ii",), MOI)
    content = blank_form_bytes(request, ".xlsx", texts=Translator("en"))
    assert read_returned(content, "form.xlsx", session.instrument).confirmed == ()
    assert b"published" not in content


@pytest.mark.check
def test_a_confirmation_in_word_becomes_the_answer(session: AssessmentSession) -> None:
    printed = report_bytes(session.dossier(), ".docx", texts=Translator("en"), profile=FULL_PROFILE)
    asked = 'PlaceholderText"/></w:rPr><w:t xml:space="preserve">Is this right? (yes or no)<'
    content = with_body_changed(printed, {asked: 'Strong"/></w:rPr><w:t>Yes<'})
    found = with_printed_problems(read_returned_word(content, "report.docx", session.instrument), content)
    proposal = propose_import(session, compare_with_assessment(found, session.dossier()), NSO)
    (one,) = proposal.differences
    assert one.key is not None
    assert str(one.key.address) in waiting(session)
    assert proposal.is_conserved
    store_change_set(session, import_change_set(session, proposal, {}, content))
    assert session.content(one.key).value == one.theirs.content.value  # type: ignore[union-attr]
    assert str(one.key.address) not in waiting(session)


@pytest.mark.check
def test_the_command_imports_what_an_agency_confirms(session: AssessmentSession, tmp_path: Path) -> None:
    returned_form(session, tmp_path, {"ii.staff": "Yes"})
    file, form = session.file, tmp_path / "form.xlsx"
    session.close()
    main(["import", str(file), str(form), "--agency", "NSO"])
    with open_session(file, read_only=True) as again:
        assert again.content(STAFF).value == 12


def test_the_command_tells_how_many_answers_wait(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path)
    before = file.read_bytes()
    assert main(["register", "published", str(file), "NSO", "--part", "ii", "--dry-run", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"to_confirm": 3, "is_trial": True}
    assert file.read_bytes() == before
    assert main(["register", "published", str(file), "NSO", "--part", "ii"]) == 0
    assert capsys.readouterr().out.startswith("3 answers wait for the confirmation of the agency.")
    with open_session(file, read_only=True) as session:
        assert session.content(STAFF).is_empty
