"""Small instruments, dossiers and files for tests, written so that a test reads like a table.

Questions, sections and answers are made by ``tests.domain.making``; here are the things made of them.
"""

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any

from capacity_app.domain.assessment.answers import Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import (
    Action,
    Agency,
    AgencyRole,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Mission,
    Person,
)
from capacity_app.domain.questionnaire.conditions import Condition, ConditionOperator
from capacity_app.domain.questionnaire.instrument import CodeListEntry, Feasibility, GridColumn, GridRow, Instrument
from capacity_app.domain.questionnaire.kinds import AnswerKind
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.file_writing import create_from_dossier
from tests.domain.making import ANCHORS, choice, instrument, question, required, say, section

DEVICE = "testlaptop"
STEPS = ("Draft it.", "Pass it.", "Apply it.")
ASSESSMENT_ID = "5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10"
MISSION = Mission(country="XXA", country_name="Examplia", round="2018", start="2018-11-26", team=("A. Officer",))


def small_instrument(version: str = "1.0") -> Instrument:
    """Make an instrument with one question of every kind, a grid with every trait, and a condition."""
    levels = section(
        "i",
        question("i.law", importance=3, prerequisite=True, actions=STEPS),
        question("i.plan", actions=STEPS),
        question("i.published", AnswerKind.YES_NO),
        question("i.shared", AnswerKind.YES_PARTLY_NO),
        question("i.how", AnswerKind.CHOICE, options=choice(paper=0, mixed="1/2", online=1)),
        question("i.contents", AnswerKind.CHECKLIST, options=required("stocks", "flows", also=("labour",))),
        question("i.why", AnswerKind.LONG_TEXT, show_if=_is_no("i.published")),
    )
    facts = section(
        "ii",
        question("ii.name", AnswerKind.TEXT, maximum=200),
        question("ii.staff", AnswerKind.INTEGER, minimum=0, maximum=100_000),
        question("ii.share", AnswerKind.PERCENT),
        question("ii.census", AnswerKind.YEAR),
        question("ii.next", AnswerKind.DATE),
        question("ii.site", AnswerKind.URL),
        question("ii.lead", AnswerKind.AGENCY),
        question("ii.sources", AnswerKind.SOURCE, many=True),
        question("ii.origins", AnswerKind.COUNTRY, many=True, most=3),
    )
    return replace(
        instrument(levels, facts, section("iii", _grid())),
        version=version,
        codes={"source_type": (CodeListEntry(id="census", label="Census"), CodeListEntry(id="survey", label="Survey"))},
    )


def _is_no(question_id: str) -> Condition:
    return Condition(op=ConditionOperator.IS, address=say(question_id, "no").key.address, values=("no",))


def _grid() -> Any:
    columns = (
        GridColumn(id="available", label="Available", kind=AnswerKind.LEVEL, anchors=ANCHORS, supply=True),
        GridColumn(
            id="demand", label="Demand", kind=AnswerKind.CHOICE, options=choice(low=None, high=None), scored=False
        ),
        GridColumn(id="remark", label="Remark", kind=AnswerKind.TEXT),
    )
    rows = (
        GridRow(id="a", label="Stock of migrants", importance=3),
        GridRow(id="b", label="Inflows"),
        GridRow(id="c", label="Refugees", preset_reason="Counted by another agency."),
    )
    return question("iii.topics", AnswerKind.GRID, columns=columns, rows=rows, weight=Fraction(2))


def dated(answers: Iterable[Answer], author: str = "A. Officer") -> tuple[Answer, ...]:
    """Return answers an author, a language and times one minute apart, sorted as in a dossier."""
    minutes = itertools.count()
    made = (
        replace(answer, author=author, language="en", time=f"2018-11-27T09:{next(minutes) % 60:02d}:00+00:00")
        for answer in answers
    )
    return tuple(sorted(made, key=lambda answer: answer.key))


def small_dossier(the_instrument: Instrument | None = None, **more: Any) -> Dossier:
    """Make an assessment with two agencies that disagree once, notes in three scripts, N/A, unknown and evidence."""
    answers = (
        say("i.law", 3, who="agency-nso", evidence=("evidence-law",), note="Loi n° 12 – «adoptée»"),
        say("i.law", 1, who="agency-moi"),
        say("i.plan", 2, who="agency-nso"),
        say("i.plan", 1, layer=AnswerLayer.JUDGEMENT, reason="The plan has expired."),
        say("i.published", "no", who="agency-nso"),
        say("i.shared", state=AnswerState.UNKNOWN, who="agency-moi", note="يُسأل لاحقًا"),
        say("i.contents", ("stocks", "labour"), who="agency-nso"),
        say("i.why", "No budget.\nNo staff.", who="agency-nso"),
        say("ii.staff", 12, who="agency-nso"),
        say("ii.share", "12.5", who="agency-nso"),
        say("ii.lead", ("agency-nso",), who="agency-nso"),
        say("ii.origins", ("268", "604"), who="agency-moi"),
        say("iii.topics/a/available", 2, who="agency-nso", note="移民存量"),
        say("iii.topics/b", state=AnswerState.NOT_APPLICABLE, reason="No such flows."),
        say("iii.topics/c", state=AnswerState.ANSWERED),
    )
    whole = Dossier(
        id=ASSESSMENT_ID,
        instrument=the_instrument or small_instrument(),
        mission=MISSION,
        answers=dated(answers),
        agencies=(
            Agency(
                id="agency-nso",
                name="National Statistical Office",
                short="NSO",
                roles=(AgencyRole.PRODUCER, AgencyRole.USER),
            ),
            Agency(id="agency-moi", name="Ministry of the Interior", short="MoI", roles=(AgencyRole.OWNER,)),
        ),
        people=(Person(id="person-1", name="B. Officer", agency="agency-nso", position="Head of unit"),),
        meetings=(Meeting(id="meeting-1", date="2018-11-27", agencies=("agency-nso",), people=("person-1",)),),
        sources=(DataSource(id="source-1", name="Census 2014", type="census", agency="agency-nso"),),
        evidence=(Evidence(id="evidence-law", title="Statistics Act", link="https://example.org/act"),),
        actions=(Action(id="action-1", title="Amend the act", gaps=("i.law",), responsible="agency-nso"),),
        ratings=(FeasibilityRating(id="i.law", feasibility=Feasibility.EASY, note="Draft exists."),),
    )
    return replace(whole, **more)


def file_of(
    folder: Path, dossier: Dossier | None = None, documents: Mapping[str, bytes] = MappingProxyType({})
) -> Path:
    """Make an assessment file of a dossier; without one a copy of that of the small dossier."""
    file = folder / "small.assessment"
    if dossier is None and not documents:
        file.write_bytes(_small_file())
    else:
        create_from_dossier(file, dossier or small_dossier(), documents, device=DEVICE)
    return file


@cache
def _small_file() -> bytes:
    with TemporaryDirectory() as folder:
        return file_of(Path(folder), small_dossier()).read_bytes()


def open_session(file: Path, **more: Any) -> AssessmentSession:
    """Open a session as the tests' device; use it in a with-statement."""
    return AssessmentSession(file, device=DEVICE, **more)
