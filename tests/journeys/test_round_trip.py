"""The whole way of work that comes back: out as a workbook, edited by LibreOffice, taken in, merged, reported."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from capacity_app.domain.assessment.answers import Address, Answer, AnswerKey, AnswerState, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Remark, ReturnedFile
from capacity_app.outputs.workbook.sheet_marks import MARK_COLUMN, RETURN_MARKS, ColumnSlot
from capacity_app.services.result_tables import assessment_results, score_data
from capacity_app.services.session.dossier_json import dossier_from_json
from tests.builders import open_session
from tests.commands import run
from tests.journeys.spreadsheet import edited, insert_column, move_line, put, rename
from tests.outputs.workbook.reading import answer_cells

pytestmark = pytest.mark.check

INTERIOR, NSO, MFA = "interior", "nso", "mfa"
CHANGED, NEW, CLEARED, REFUSED = (
    Address("vi.asylum"), Address("ix.meetings"), Address("iii.statistics", "naturalisation", "reference_date"),
    Address("i.foreign-citizens", "total", "persons"),
)  # fmt: skip
DECLINED = Address("vii.integrated-system")
MOVED = Address("iii.metadata")
STRAY = "The figures of 2023 will follow in March."
MISUNDERSTOOD = "about ninety thousand"
REMARK = "Who decides on this?"


def as_data(*arguments: object, code: int = 0) -> Any:
    return json.loads(run(*arguments, "--json", code=code))


def dossier_of(assessment: Path, folder: Path) -> Dossier:
    """Read an assessment as its dossier says it."""
    out = folder / f"{assessment.stem}.json"
    run("export", assessment, out)
    dossier, _documents, problems = dossier_from_json(out.read_text("utf-8"))
    assert problems == ()
    return dossier


def said(dossier: Dossier, address: Address, who: str) -> Content | None:
    key = AnswerKey(address, respondent=who)
    return next((answer.content for answer in dossier.answers if answer.key == key), None)


# -- the ministry --------------------------------------------------------------------------------------------------


def _cell(book: Workbook, address: Address, slot: str = ColumnSlot.ANSWER) -> tuple[str, str]:
    """Find the sheet and the cell where something is written."""
    cell = answer_cells(book)[address][slot][0]
    return cell.parent.title, cell.coordinate


def _signing(book: Workbook) -> Iterator[str]:
    """Sign on the first sheet."""
    first = book.worksheets[0]
    texts = dict(zip(RETURN_MARKS, ("Ministry of the Interior", "Carla Moreno", "2023-07-20"), strict=True))
    for row in first.iter_rows():
        if text := texts.get(str(row[MARK_COLUMN].value)):
            yield put(first.title, row[3].coordinate, text)


def _writing(book: Workbook) -> Iterator[str]:
    """Change answers, write a note, a remark and a text where nothing belongs, delete an answer, misunderstand one."""
    yield put(*_cell(book, CHANGED), 2)
    yield put(*_cell(book, CHANGED, ColumnSlot.NOTE), "Since the new Asylum Act")
    yield put(*_cell(book, CHANGED, ColumnSlot.REMARKS), REMARK)
    yield put(*_cell(book, DECLINED), 1)
    yield put(*_cell(book, NEW), 4)
    yield put(*_cell(book, CLEARED), None)
    yield put(*_cell(book, REFUSED), MISUNDERSTOOD)
    sheet, _cell_of_answer = _cell(book, CHANGED)
    yield put(sheet, "T3", STRAY)


def _tidying(book: Workbook) -> Iterator[str]:
    """Move lines, insert a column and rename a sheet, as people do to make room."""
    (sheet, place), (other, _) = _cell(book, CHANGED), _cell(book, MOVED)
    cell, moved = book[sheet][place], answer_cells(book)[MOVED][ColumnSlot.ANSWER][0]
    last = book[sheet].max_row + 1
    yield move_line(sheet, cell.row, last)
    yield insert_column(sheet, "D")
    yield move_line(other, moved.row, moved.row + 2)
    yield rename(sheet, "Our part")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trip")


@pytest.fixture(scope="module")
def sent(folder: Path) -> Path:
    """Return the assessment that was sent as a workbook, and lay copies of it on the laptops of two officers."""
    file = folder / "velmora.assessment"
    run("demo", file)
    for officer in ("ana", "ben"):
        (folder / f"{officer}.assessment").write_bytes(file.read_bytes())
    return file


@pytest.fixture(scope="module")
def returned(folder: Path, sent: Path) -> Path:
    """Return the workbook as the ministry sends it back."""
    out = folder / "velmora.xlsx"
    run("report", sent, out)
    book = load_workbook(out)
    steps: Sequence[str] = (*_signing(book), *_writing(book), *_tidying(book))
    return edited(out, folder / "velmora (ministry).xlsx", folder / "office", steps)


def work_on(officer: Path, folder: Path, content: Content, key: AnswerKey) -> None:
    """Continue an officer's copy: out as a dossier, one answer given, and in again."""
    out = folder / f"{officer.stem}-own.json"
    run("export", officer, out)
    data = json.loads(out.read_text("utf-8"))
    place = key.address
    wanted = (place.question, place.row or None, place.column or None, key.layer.value, key.respondent)
    for answer in data["answers"]:
        if tuple(answer.get(name) for name in ("question", "row", "column", "layer", "respondent")) == wanted:
            answer |= {"state": content.state.value, "value": content.value, "author": officer.stem}
    out.write_text(json.dumps(data), "utf-8")
    assert as_data("import", officer, out)["changed"] == 1


def test_what_comes_back_is_taken_in_merged_and_reported(folder: Path, sent: Path, returned: Path) -> None:
    before = dossier_of(sent, folder)

    # Shown before anything is changed: every answer has its fate.
    untouched = sent.read_bytes()
    trial = as_data("import", sent, returned, "--dry-run", code=1)
    assert sent.read_bytes() == untouched
    counts = {fate: trial[fate] for fate in ("new", "changed", "cleared", "refused", "unplaced")}
    assert counts == {"new": 1, "changed": 2, "cleared": 1, "refused": 1, "unplaced": 1}
    assert trial["given"] == trial["same"] + sum(counts.values())
    fates = {one["address"]: one["fate"] for one in trial["differences"]}
    assert fates == {
        str(CHANGED): "changed", str(DECLINED): "changed", str(NEW): "new", str(CLEARED): "cleared",
        str(REFUSED): "refused",
    }  # fmt: skip
    assert (trial["agency"], trial["person"]) == (INTERIOR, "Carla Moreno")
    assert {one["address"] for one in trial["edited"]} == set(fates) - {str(REFUSED)}

    # Taken in as the ministry's own answers; what was deleted stays until somebody decides.
    taken = as_data("import", sent, returned, "--take", str(CLEARED), code=1)
    assert taken | {"return": None, "undecided": [], "taken": 4} == trial | {"undecided": [], "taken": 4}
    after = dossier_of(sent, folder)
    assert said(after, CHANGED, INTERIOR) == Content(
        state=AnswerState.ANSWERED, value=2, note="Since the new Asylum Act",
        evidence=(said(before, CHANGED, INTERIOR) or Content()).evidence,
    )  # fmt: skip
    for address, value in ((DECLINED, 1), (NEW, 4)):
        content = said(after, address, INTERIOR)
        assert content is not None
        assert content.value == value
    assert said(after, CLEARED, INTERIOR) is None
    edited_keys = {AnswerKey(address, respondent=INTERIOR) for address in (CHANGED, DECLINED, NEW, CLEARED)}
    assert others(after, edited_keys) == others(before, edited_keys)
    check_register(after, returned)

    # Two officers have worked on copies meanwhile; both come together with what the ministry said.
    ana, ben = folder / "ana.assessment", folder / "ben.assessment"
    work_on(ana, folder, Content(state=AnswerState.ANSWERED, value=3), AnswerKey(MOVED, respondent=NSO))
    work_on(ben, folder, Content(state=AnswerState.ANSWERED, value=1), AnswerKey(Address("x.consular"), respondent=MFA))
    merged = folder / "merged.assessment"
    run("merge", sent, ana, ben, "-o", merged)
    together = dossier_of(merged, folder)
    expected = {answer.key: answer.content for answer in after.answers}
    expected[AnswerKey(MOVED, respondent=NSO)] = said(dossier_of(ana, folder), MOVED, NSO) or Content()
    consular = AnswerKey(Address("x.consular"), respondent=MFA)
    expected[consular] = said(dossier_of(ben, folder), consular.address, MFA) or Content()
    assert {answer.key: answer.content for answer in together.answers} == expected
    assert (together.returns, together.remarks) == (after.returns, after.remarks)

    # The report is of just these answers, and its numbers are those of the dossier.
    report = folder / "merged.html"
    run("report", merged, report, "--profile", "full")  # which carries its content
    told = as_data("verify", report, merged)
    assert (told["match"], told["stamp"]["content_hash"]) == ("same", together.content_hash)
    page = report.read_text("utf-8")
    assert all(text in page for text in (REMARK, STRAY, MISUNDERSTOOD, "Since the new Asylum Act", returned.name))
    again = folder / "again.assessment"
    run("import", again, folder / "merged.json")
    assert as_data("score", again) == as_data("score", merged) == computed(again)
    assert run("check", merged, code=1)


def others(dossier: Dossier, keys: set[AnswerKey]) -> tuple[Answer, ...]:
    return tuple(answer for answer in dossier.answers if answer.key not in keys)


def check_register(dossier: Dossier, returned: Path) -> None:
    """Expect the remark, the text without a place and the file itself among what came back."""
    (entry,) = dossier.returns
    assert isinstance(entry, ReturnedFile)
    assert (entry.file_name, entry.agency) == (returned.name, INTERIOR)
    assert [text.rpartition(": ")[2] for text in entry.unplaced] == [STRAY, MISUNDERSTOOD]
    (remark,) = dossier.remarks
    assert isinstance(remark, Remark)
    assert (remark.address, remark.text, remark.author) == (str(CHANGED), REMARK, "Carla Moreno")


def computed(assessment: Path) -> Any:
    """Compute the scores from the dossier, without the command line."""
    with open_session(assessment, read_only=True) as session:
        gaps, to_verify = session.gaps()
        return json.loads(json.dumps(score_data(assessment_results(session), gaps, to_verify)))
