"""The scripted officer: the whole toolkit by keyboard in the real program on a real screen, closed, reopened, reported.

What the officer means to say is said at the same time to a twin, an assessment without a window, which also
tells where "next open question" must lead. At the end the file must say exactly what the twin says.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from capacity_app import paths
from capacity_app.domain.assessment.answer_rules import locate
from capacity_app.domain.assessment.answers import AnswerKey, AnswerState, AnswerValue, Content
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import Agency, DataSource, Mission
from capacity_app.domain.questionnaire.instrument import QuestionField
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.questionnaires.reader import read_instrument
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from capacity_app.ui.pages.answer.questionnaire_page import next_open
from tests.builders import ASSESSMENT_ID, DEVICE
from tests.journeys.screen import Screen, virtual_screen, wait_for

AGENCY = "agency-nso"
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
    names = [option.id for option in field.options]
    said: dict[AnswerKind, AnswerValue] = {
        AnswerKind.LEVEL: 2,
        AnswerKind.YES_NO: "yes",
        AnswerKind.YES_PARTLY_NO: "partly",
        AnswerKind.CHOICE: names[1] if len(names) > 1 else None,
        AnswerKind.CHECKLIST: tuple(names[:1]),
    }
    return [f"key {KEYS[field.kind]}"], said[field.kind]


def whole_toolkit(twin: AssessmentSession) -> Iterator[str]:
    """Yield the keys from the first open question to the last, telling the twin the same."""
    here = next_open(twin.sheet, None)
    while here is not None:
        target = locate(twin.instrument, here)
        assert target is not None
        assert target.field is not None
        keys, value = answer_to(target.field)
        twin.record(AnswerKey(here, respondent=AGENCY), Content(state=AnswerState.ANSWERED, value=value))
        yield from keys
        yield "key ctrl+Down"
        here = next_open(twin.sheet, here)


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
    screen.press("F11", "Return")
    report = file.with_name("xxa-2018-full-en.pdf")
    wait_for(report.is_file, "no report was written")
    screen.leave(again)
    assert report.read_bytes().startswith(b"%PDF-")
    assert said_in(file) == meant
