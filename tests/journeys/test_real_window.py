"""The scripted officer: the whole toolkit by keyboard in the real program on a real screen, closed, reopened, reported.

What the officer means to say is said at the same time to a twin, an assessment without a window, which also
tells where "next open question" must lead. At the end the file must say exactly what the twin says.
"""

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import Address, AnswerKey, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, DataSource, Mission
from capacity_app.domain.questionnaire.answer_keys import answer_keys
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.domain.scoring.answer_sheet import ItemStatus
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.ui.pages.answer.questionnaire_page import next_open
from tests.builders import ASSESSMENT_ID, DEVICE
from tests.journeys.screen import Screen, virtual_screen, wait_for

AGENCY = "agency-nso"
ANSWERABLE = {ItemStatus.WANTED, ItemStatus.SPARE}
KEYS = {
    AnswerKind.LEVEL: "2",
    AnswerKind.YES_NO: "y",
    AnswerKind.YES_PARTLY_NO: "p",
    AnswerKind.CHOICE: "2",
    AnswerKind.CHECKLIST: "1",
}
TYPED: dict[AnswerKind, tuple[str, AnswerValue]] = {
    AnswerKind.TEXT: ("Unit 4", "Unit 4"),
    AnswerKind.LONG_TEXT: ("Data arrive too late", "Data arrive too late"),
    AnswerKind.URL: ("https://example.org/data", "https://example.org/data"),
    AnswerKind.INTEGER: ("3", 3),
    AnswerKind.PERCENT: ("12.5", "12.5"),
    AnswerKind.YEAR: ("2014", 2014),
    AnswerKind.DATE: ("2018-11", "2018-11"),
}
FOUND: dict[AnswerKind, tuple[str, AnswerValue]] = {
    AnswerKind.AGENCY: ("stat", (AGENCY,)),
    AnswerKind.SOURCE: ("census", ("source-census",)),
    AnswerKind.COUNTRY: ("peru", ("604",)),
}
STAYING = {*TYPED, AnswerKind.CHECKLIST}
"""The kinds after whose answer a table waits for a key that leads on."""

pytestmark = [
    pytest.mark.check,
    pytest.mark.skipif(
        any(shutil.which(name) is None for name in ("Xvfb", "xdotool", "openbox")),
        reason="needs Xvfb, xdotool and openbox",
    ),
]


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    with virtual_screen(tmp_path / "home") as made:
        yield made


def test_no_server_is_left_where_no_window_manager_comes_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = shutil.which("Xvfb")
    assert server is not None
    programs = tmp_path / "programs"
    programs.mkdir()
    kept = programs / "server"
    for name, act in (("openbox", "exit 1"), ("Xvfb", f'echo $$ > "{kept}"; exec "{server}" "$@"')):
        (programs / name).write_text(f"#!/bin/sh\n{act}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs), prepend=os.pathsep)
    with pytest.raises(AssertionError, match="no window manager"), virtual_screen(tmp_path / "home"):
        pass
    assert not Path(f"/proc/{kept.read_text().strip()}").exists()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    instrument, problems = read_instrument(paths.instruments_folder() / "unsd-nmdc", ("T",))
    assert instrument is not None, problems
    dossier = Dossier(
        id=ASSESSMENT_ID,
        instrument=instrument,
        mission=Mission(country="XXA", country_name="Velmora", round="2018"),
        agencies=(Agency(id=AGENCY, name="Statistics Office", short="SO"),),
        sources=(DataSource(id="source-census", name="Census 2014", type="census"),),
    )
    for name in ("velmora", "twin"):
        create_from_dossier(tmp_path / f"{name}.assessment", dossier, device=DEVICE)
    return tmp_path / "velmora.assessment"


def answer_to(field: QuestionField) -> tuple[list[str], AnswerValue]:
    """Return the keys that answer a field, and what they say."""
    if field.kind in TYPED:
        text, value = TYPED[field.kind]
        return [f"type '{text}'"], value
    if field.kind in FOUND:
        text, value = FOUND[field.kind]
        return [f"type '{text}'", "key Return"], value
    by_key = {key: name for name, key in answer_keys(field).items()}
    names = [option.id for option in field.options]
    said: dict[AnswerKind, AnswerValue] = {
        AnswerKind.LEVEL: 2,
        AnswerKind.YES_NO: "yes",
        AnswerKind.YES_PARTLY_NO: "partly",
        AnswerKind.CHOICE: by_key.get(KEYS[AnswerKind.CHOICE]),
        AnswerKind.CHECKLIST: tuple(names[:1]),
    }
    return [f"key {KEYS[field.kind]}"], said[field.kind]


def cell_below(twin: AssessmentSession, here: Address) -> Address:
    """Return where a table goes on by itself: under a cell, else at the top of the next columns."""
    items = [item for item in twin.sheet.blocks[here.question].items if item.standing in ANSWERABLE]
    columns = list(twin.instrument.question_by_id[here.question].column_by_id)
    rows = list(twin.instrument.question_by_id[here.question].row_by_id)
    places = sorted((columns.index(item.address.column), rows.index(item.address.row)) for item in items)
    own = columns.index(here.column), rows.index(here.row)
    column, row = next((place for place in places if place > own), own)
    return Address(here.question, rows[row], columns[column])


def whole_toolkit(twin: AssessmentSession) -> Iterator[str]:
    """Yield the keys from the first open question to the last, telling the twin the same.

    In a table one goes on where the cursor has gone to by itself, if that cell is open.
    """
    here = next_open(twin.sheet, None)
    while here is not None:
        target = locate(twin.instrument, here)
        assert target is not None
        assert target.field is not None
        keys, value = answer_to(target.field)
        twin.record(AnswerKey(here, respondent=AGENCY), Content(state=AnswerState.ANSWERED, value=value))
        yield from keys
        goes_on = here.column and target.field.kind not in STAYING
        at = cell_below(twin, here) if goes_on else here
        if any(item.address == at and item.is_unanswered for item in twin.sheet.blocks[at.question].items):
            here = at
        else:
            yield "key ctrl+Return"
            here = next_open(twin.sheet, at)


def said_in(file: Path) -> dict[AnswerKey, Content]:
    session = AssessmentSession(file, device=DEVICE, read_only=True)
    try:
        assert session.check_file() == ()
        return {answer.key: answer.content for answer in session.dossier().answers}
    finally:
        session.close()


def test_the_officer_fills_in_the_toolkit_closes_reopens_and_reports(screen: Screen, file: Path) -> None:
    twin = AssessmentSession(file.with_name("twin.assessment"), device=DEVICE)
    try:
        program = screen.start(str(file))
        screen.until_title("velmora.assessment")
        screen.play(whole_toolkit(twin))
        screen.leave(program)
        meant = {answer.key: answer.content for answer in twin.dossier().answers}
        assert said_in(file) == meant
        assert len(meant) > 600
        assert next_open(twin.sheet, None) is None
    finally:
        twin.close()
    again = screen.start(str(file))
    screen.until_title("velmora.assessment")
    report_keys = ("F11", "Return")
    assert len(report_keys) <= 3
    screen.press(*report_keys)
    report = file.with_name("xxa-2018-report-en.pdf")
    wait_for(report.is_file, "no report was written")
    screen.until_idle(again)
    screen.leave(again)
    assert report.read_bytes().startswith(b"%PDF-")
    assert said_in(file) == meant


def test_the_first_answer_of_a_new_assessment_needs_six_keys(screen: Screen) -> None:
    keys = ("ctrl+n", "f", "i", "Return", "Return", "1")
    assert len(keys) <= 6
    program = screen.start()
    for key in keys[:4]:
        screen.press(key)
    screen.press(keys[4])
    screen.until_title("Fiji")
    wait_for(lambda: list(screen.home.rglob("*.assessment")), "no file was made")
    time.sleep(1)  # until the first question is painted, as a person would see it
    screen.press(keys[5])
    screen.leave(program)
    (file,) = (found for found in screen.home.rglob("*.assessment") if "backup" not in str(found).lower())
    assert [content.state for content in said_in(file).values()] == [AnswerState.ANSWERED]


def test_a_cell_of_the_large_table_is_answered_by_one_key(screen: Screen, file: Path) -> None:
    program = screen.start(str(file))
    screen.until_title("velmora.assessment")
    screen.press("ctrl+k")
    screen.write("III.1")
    screen.press("Return")
    for steps in (0, 1, 4):
        screen.play(["key Right"] * steps)
        screen.play(["key 2"] * 21)  # a column
    screen.leave(program)
    answered = [key.address.question for key, content in said_in(file).items() if content.state is AnswerState.ANSWERED]
    assert answered == ["iii.statistics"] * 63
