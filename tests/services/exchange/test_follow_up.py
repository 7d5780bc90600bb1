"""Between two missions, an agency says in a workbook how far its actions are; it comes back like other files."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from capacity_app.cli.commands import main
from capacity_app.domain.assessment.merging import DecisionSide, DiffKind
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.assessment.returned_files import ImportProposal
from capacity_app.domain.problems import KnownError
from capacity_app.i18n.translator import Translator
from capacity_app.outputs.workbook.reader.reader import read_returned
from capacity_app.outputs.workbook.sheet_marks import FOLLOW_UP, FOLLOW_UP_SLOTS, entry_mark
from capacity_app.services.exchange.returned_files import import_change_set, propose_import, recognised_agency
from capacity_app.services.invitations import write_follow_ups
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.change_sets import inverse_change_set, store_change_set
from tests.builders import file_of, open_session, small_dossier

NSO, MOI = "agency-nso", "agency-moi"
PLANNED = Action(id="action-a", title="Adopt the plan", responsible=NSO, end="2025-06-30", note="Waits for the law")
ACTIONS = (
    PLANNED,
    Action(id="action-b", title="Done", responsible=NSO, progress=ActionProgress.DONE),
    Action(id="action-c", title="Train staff", responsible=MOI),
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[AssessmentSession]:
    with open_session(file_of(tmp_path, small_dossier(actions=ACTIONS))) as opened:
        yield opened


def filled(session: AssessmentSession, folder: Path, said: dict[str, str], language: str = "en") -> bytes:
    """Return the workbook of the statistical office with what it says about its first action."""
    (file,) = write_follow_ups(session.dossier(), folder, texts=Translator(language), agencies=("NSO",))
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    slots = {cell.value: place for place, cell in enumerate(next(sheet.iter_rows()))}
    (line,) = [row for row in sheet.iter_rows() if row[0].value == entry_mark(FOLLOW_UP, PLANNED.id)]
    for name, text in said.items():
        line[slots[FOLLOW_UP_SLOTS[name]]].value = text
    book.save(file)
    return file.read_bytes()


def proposed(session: AssessmentSession, content: bytes) -> ImportProposal:
    returned = read_returned(content, "back.xlsx", session.instrument)
    assert recognised_agency(session, returned) == NSO
    return propose_import(session, returned, NSO)


def test_each_agency_gets_one_sheet_with_its_open_actions(session: AssessmentSession, tmp_path: Path) -> None:
    files = write_follow_ups(session.dossier(), tmp_path, texts=Translator("en"))
    assert [file.name for file in files] == ["XXA-2018-NSO-en-follow-up.xlsx", "XXA-2018-MoI-en-follow-up.xlsx"]
    book = openpyxl.load_workbook(files[0])
    assert [sheet.sheet_state for sheet in book.worksheets].count("visible") == 1
    text = "\n".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    assert "Adopt the plan" in text
    assert "Waits for the law" in text
    assert "Train staff" not in text
    assert "Done" not in text.splitlines()


def test_a_workbook_that_nobody_changed_proposes_nothing(session: AssessmentSession, tmp_path: Path) -> None:
    proposal = proposed(session, filled(session, tmp_path, {}))
    assert (proposal.differences, proposal.unplaced, proposal.problems) == ((), (), ())


@pytest.mark.parametrize(
    ("language", "done", "day"),
    [("en", "done", "31 December 2025"), ("ar", "done", "2025-12-31"), ("fr", "terminée", "31 décembre 2025")],
)
def test_what_an_agency_says_is_imported_and_undone(
    session: AssessmentSession, tmp_path: Path, language: str, done: str, day: str
) -> None:
    said = {"progress": done, "end": day, "note": "Adopted by parliament."}
    content = filled(session, tmp_path, said, language)
    proposal = proposed(session, content)
    assert {one.id: one.fate for one in proposal.differences} == {
        f"actions/action-a/{name}": DiffKind.CHANGED for name in FOLLOW_UP_SLOTS
    }
    assert not proposal.contested
    assert proposal.is_conserved
    bundle = import_change_set(session, proposal, {}, content)
    back = inverse_change_set(session, bundle)
    store_change_set(session, bundle)
    now = replace(PLANNED, progress=ActionProgress.DONE, end="2025-12-31", note="Adopted by parliament.")
    assert session.entry("actions", PLANNED.id) == now
    store_change_set(session, back)
    assert session.entry("actions", PLANNED.id) == PLANNED


def test_what_was_changed_here_since_waits_for_a_decision(session: AssessmentSession, tmp_path: Path) -> None:
    content = filled(session, tmp_path, {"end": "2025-12-31"})
    session.put(replace(PLANNED, end="2025-09-30"))
    proposal = proposed(session, content)
    assert [one.id for one in proposal.contested] == ["actions/action-a/end"]
    bundle = import_change_set(session, proposal, {"actions/action-a/end": DecisionSide.MINE}, content)
    assert not any(isinstance(one, Action) for one in bundle.entries)


def test_a_status_that_is_none_is_refused(session: AssessmentSession, tmp_path: Path) -> None:
    (one,) = proposed(session, filled(session, tmp_path, {"progress": "nearly"})).differences
    assert one.fate is DiffKind.REFUSED
    assert one.problem is not None
    assert one.problem.text() == "“nearly” is not a status of an action. Enter it by hand."


def test_an_agency_without_open_actions_gets_no_file(session: AssessmentSession, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="has no open action"):
        write_follow_ups(session.dossier(), tmp_path, texts=Translator("en"), agencies=("XYZ",))
    empty = replace(session.dossier(), actions=())
    with pytest.raises(KnownError, match="No agency has an open action"):
        write_follow_ups(empty, tmp_path, texts=Translator("en"))


@pytest.mark.check
def test_the_command_writes_and_imports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = file_of(tmp_path, small_dossier(actions=ACTIONS))
    with open_session(file, read_only=True) as session:
        content = filled(session, tmp_path, {"progress": "done"})
    assert main(["follow-up", str(file), str(tmp_path), "--agency", "NSO"]) == 0
    assert "follow-up (2).xlsx" in capsys.readouterr().out
    back = tmp_path / "back.xlsx"
    back.write_bytes(content)
    assert main(["import", str(file), str(back)]) == 0
    with open_session(file, read_only=True) as session:
        assert session.entry("actions", PLANNED.id) == replace(PLANNED, progress=ActionProgress.DONE)
