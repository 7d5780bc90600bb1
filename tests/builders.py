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

from capacity_app.domain.answers import Answer, Layer, State
from capacity_app.domain.assessment import Action, Agency, Evidence, Meeting, Mission, Person, Rating, Role, Source
from capacity_app.domain.conditions import Condition, Op
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Code, Column, Feasibility, Instrument, Kind, Row
from capacity_app.services.assessment_session import AssessmentSession, create_from_dossier
from tests.domain.making import ANCHORS, choice, instrument, question, required, say, section

__all__ = ["DEVICE", "dated", "file_of", "open_session", "small_dossier", "small_instrument"]

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
        question("i.published", Kind.YES_NO),
        question("i.shared", Kind.YES_PARTLY_NO),
        question("i.how", Kind.CHOICE, options=choice(paper=0, mixed="1/2", online=1)),
        question("i.contents", Kind.CHECKLIST, options=required("stocks", "flows", also=("labour",))),
        question("i.why", Kind.LONG_TEXT, show_if=_is_no("i.published")),
    )
    facts = section(
        "ii",
        question("ii.name", Kind.TEXT, maximum=200),
        question("ii.staff", Kind.INTEGER, minimum=0, maximum=100_000),
        question("ii.share", Kind.PERCENT),
        question("ii.census", Kind.YEAR),
        question("ii.next", Kind.DATE),
        question("ii.site", Kind.URL),
        question("ii.lead", Kind.AGENCY),
        question("ii.sources", Kind.SOURCE, many=True),
        question("ii.origins", Kind.COUNTRY, many=True, most=3),
    )
    return replace(
        instrument(levels, facts, section("iii", _grid())),
        version=version,
        codes={"source_type": (Code(id="census", label="Census"), Code(id="survey", label="Survey"))},
    )


def _is_no(question_id: str) -> Condition:
    return Condition(op=Op.IS, address=say(question_id, "no").key.address, values=("no",))


def _grid() -> Any:
    columns = (
        Column(id="available", label="Available", kind=Kind.LEVEL, anchors=ANCHORS, supply=True),
        Column(id="demand", label="Demand", kind=Kind.CHOICE, options=choice(low=None, high=None), scored=False),
        Column(id="remark", label="Remark", kind=Kind.TEXT),
    )
    rows = (
        Row(id="a", label="Stock of migrants", importance=3),
        Row(id="b", label="Inflows"),
        Row(id="c", label="Refugees", preset_reason="Counted by another agency."),
    )
    return question("iii.topics", Kind.GRID, columns=columns, rows=rows, weight=Fraction(2))


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
        say("i.plan", 1, layer=Layer.JUDGEMENT, reason="The plan has expired."),
        say("i.published", "no", who="agency-nso"),
        say("i.shared", state=State.UNKNOWN, who="agency-moi", note="يُسأل لاحقًا"),
        say("i.contents", ("stocks", "labour"), who="agency-nso"),
        say("i.why", "No budget.\nNo staff.", who="agency-nso"),
        say("ii.staff", 12, who="agency-nso"),
        say("ii.share", "12.5", who="agency-nso"),
        say("ii.lead", ("agency-nso",), who="agency-nso"),
        say("ii.origins", ("268", "604"), who="agency-moi"),
        say("iii.topics/a/available", 2, who="agency-nso", note="移民存量"),
        say("iii.topics/b", state=State.NOT_APPLICABLE, reason="No such flows."),
        say("iii.topics/c", state=State.ANSWERED),
    )
    whole = Dossier(
        id=ASSESSMENT_ID,
        instrument=the_instrument or small_instrument(),
        mission=MISSION,
        answers=dated(answers),
        agencies=(
            Agency(id="agency-nso", name="National Statistical Office", short="NSO", roles=(Role.PRODUCER, Role.USER)),
            Agency(id="agency-moi", name="Ministry of the Interior", short="MoI", roles=(Role.OWNER,)),
        ),
        people=(Person(id="person-1", name="B. Officer", agency="agency-nso", position="Head of unit"),),
        meetings=(Meeting(id="meeting-1", date="2018-11-27", agencies=("agency-nso",), people=("person-1",)),),
        sources=(Source(id="source-1", name="Census 2014", type="census", agency="agency-nso"),),
        evidence=(Evidence(id="evidence-law", title="Statistics Act", link="https://example.org/act"),),
        actions=(Action(id="action-1", title="Amend the act", gaps=("i.law",), responsible="agency-nso"),),
        ratings=(Rating(id="i.law", feasibility=Feasibility.EASY, note="Draft exists."),),
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
