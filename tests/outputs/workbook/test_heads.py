"""What a returned copy was built on: the revisions of every answer, by installation and number, and nobody's name."""

import io
import json
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.privacy import ReportProfile, without_names
from capacity_app.domain.assessment.registers import Mission, ReturnedFile
from capacity_app.domain.assessment.revisions import RevisionId
from capacity_app.outputs.workbook import sheet_marks
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.writer import workbook_bytes
from capacity_app.services.exports import export_assessment
from capacity_app.services.reports import report_bytes
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_assessment
from tests.builders import small_dossier, small_instrument
from tests.outputs.workbook.reading import ENGLISH, opened, table, written

KEY = AnswerKey(Address("ii.name"), respondent="agency-nso")
OTHER = AnswerKey(Address("i.why"), respondent="agency-nso")


def said(text: str) -> Content:
    return Content(state=AnswerState.ANSWERED, value=text)


def heads(book: Workbook) -> dict[tuple[str, str, str], str]:
    lines = table(book, sheet_marks.HEADS_SHEET)
    return {(line["address"], line["layer"], line["respondent"] or ""): line["heads"] for line in lines}


def worked_on(file: Path) -> AssessmentSession:
    create_assessment(file, small_instrument(), Mission(country="XXA", round="2018"), device="k3f9x2mabc")
    session = AssessmentSession(file, author="Ada Example", device="k3f9x2mabc")
    session.record(KEY, said("first"))
    session.record(KEY, said("second"))
    session.record(OTHER, said("taken back"))
    session.record(OTHER, Content())
    return session


def test_every_answer_says_on_which_revision_it_stands_and_one_taken_back_too(tmp_path: Path) -> None:
    with worked_on(tmp_path / "a.assessment") as session:
        last = {key: session.history(key.address)[0].id for key in (KEY, OTHER)}
        export_assessment(session, tmp_path / "a.xlsx", ENGLISH)
    found = heads(opened((tmp_path / "a.xlsx").read_bytes()))
    assert found == {
        ("ii.name", "response", "agency-nso"): str(last[KEY]),
        ("i.why", "response", "agency-nso"): str(last[OTHER]),
    }
    assert all(RevisionId.parse(text).device.startswith("k3f9x2mabc") for text in found.values())
    assert "Ada" not in json.dumps(list(found.values()))


def test_a_file_opened_again_gives_the_same_workbook(tmp_path: Path) -> None:
    file = tmp_path / "a.assessment"
    with worked_on(file) as session:
        export_assessment(session, tmp_path / "before.xlsx", ENGLISH)
    with AssessmentSession(file, device="anotherone", read_only=True) as session:
        export_assessment(session, tmp_path / "after.xlsx", ENGLISH)
    assert (tmp_path / "before.xlsx").read_bytes() == (tmp_path / "after.xlsx").read_bytes()


def test_where_laptops_differ_an_answer_stands_on_several_revisions_in_one_order() -> None:
    both = (RevisionId("aaaa.bb", 4), RevisionId("cccc.dd", 5))
    book = written(small_dossier(heads={KEY: both, OTHER: both[:1]}))
    assert heads(book)["ii.name", "response", "agency-nso"] == "aaaa.bb:4; cccc.dd:5"
    assert list(heads(book)) == sorted(heads(book))


def test_what_an_answer_stands_on_is_no_part_of_what_a_dossier_says() -> None:
    assert small_dossier(heads={KEY: (RevisionId("aaaa.bb", 4),)}) == small_dossier()


def test_a_dossier_that_never_was_a_file_has_the_sheet_all_the_same() -> None:
    book = written(small_dossier())
    assert heads(book) == {}
    assert [cell.value for cell in book[sheet_marks.HEADS_SHEET][1]] == list(sheet_marks.HEAD_COLUMNS)
    assert book[sheet_marks.HEADS_SHEET].sheet_state == "hidden"


def parts_of(content: bytes) -> bytes:
    """Return what stands in a file, unpacked if it is a package."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return b"\n".join(map(package.read, package.namelist()))


@pytest.mark.check
@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".html"])
def test_a_copy_without_names_does_not_say_which_computer_wrote_an_answer(tmp_path: Path, suffix: str) -> None:
    came_back = ReturnedFile(id="return-1", file_name="back.xlsx", revisions=("k3f9x2mabc.dd:1",))
    with worked_on(tmp_path / "a.assessment") as session:
        session.put(came_back)
        dossier = session.dossier()
    full, without = (
        report_bytes(dossier, suffix, texts=ENGLISH, profile=ReportProfile.parse(profile))
        for profile in ("full", "no-names")
    )
    assert (b"k3f9x2mabc" in parts_of(full)) is (suffix == ".xlsx")
    assert b"k3f9x2mabc" not in parts_of(without)
    assert without_names(dossier, "").returns[0].revisions == ()


def test_a_workbook_without_names_comes_back_without_a_warning() -> None:
    dossier = small_dossier(heads={KEY: (RevisionId("aaaa.bb", 4),)})
    content = workbook_bytes(dossier, texts=ENGLISH, profile=ReportProfile.parse("no-names"))
    returned = read_returned(content, "back.xlsx", dossier.instrument)
    assert (returned.heads, returned.problems) == ((), ())
