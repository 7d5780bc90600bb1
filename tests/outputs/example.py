"""A dossier in which every text is told apart from every other, and everything a report can show occurs."""

import dataclasses
import itertools
from fractions import Fraction
from typing import Any

from capacity_app.domain.assessment.answers import Answer, AnswerLayer, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.registers import (
    Action,
    ActionProgress,
    Agency,
    AgencyRole,
    Commitment,
    DataSource,
    Evidence,
    FeasibilityRating,
    Meeting,
    Mission,
    MissionStatus,
    Person,
    Validation,
)
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    CodeListEntry,
    Concept,
    Feasibility,
    GridColumn,
    GridRow,
    Instrument,
    Provenance,
)
from capacity_app.domain.questionnaire.kinds import AnswerKind
from tests.domain.making import choice, instrument, question, say, section

STEPS = ("First do this.", "Then do that.", "At last do the rest.")
ANCHORS = ("There is none at all.", "There is some of it.", "There is much of it.", "There is all of it.")
LONG_WORD = "Bevölkerungsbewegungsstatistikverordnungsdurchführungsbestimmung"
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} =1+1 & \"quoted\" 'twice' file:///etc/passwd"


def _policy() -> Any:
    relevance = (
        ChoiceOption(id="high", label="High", importance=3),
        ChoiceOption(id="medium", label="Medium", importance=2),
        ChoiceOption(id="none", label="Not relevant", not_applicable=True),
    )
    columns = (
        GridColumn(id="relevance", label="Policy relevance", kind=AnswerKind.CHOICE, options=relevance, scored=False),
        GridColumn(
            id="data", label="Data available", kind=AnswerKind.LEVEL, anchors=ANCHORS, actions=STEPS, supply=True
        ),
        GridColumn(id="sources", label="Sources", kind=AnswerKind.SOURCE, many=True),
    )
    rows = (
        GridRow(id="a", number="A", label="How many come?"),
        GridRow(id="b", number="B", label="How do the children fare?", tags=("children",)),
        GridRow(id="c", number="C", label="Why do they leave?"),
    )
    return question("b.policy", AnswerKind.GRID, columns=columns, rows=rows, weight=Fraction(3))


def _indicators() -> Any:
    by = (
        ChoiceOption(id="sex", label="Sex", required=True, alert=True),
        ChoiceOption(id="age", label="Age", required=True),
        ChoiceOption(id="area", label="Area"),
    )
    columns = (
        GridColumn(id="produced", label="Produced", kind=AnswerKind.YES_NO),
        GridColumn(id="by", label="By", kind=AnswerKind.CHECKLIST, options=by),
        GridColumn(id="year", label="Year", kind=AnswerKind.YEAR),
    )
    rows = (
        GridRow(id="x", number="1.1", label="Covered by protection", heading="Services"),
        GridRow(id="y", number="2.2", label="Killed in conflict", preset_reason="Cannot be broken down."),
    )
    return question("b.sdg", AnswerKind.GRID, columns=columns, rows=rows, tags=("sdg-disaggregation",))


def report_instrument() -> Instrument:
    """Make an instrument with context, scored parts, cross-cutting grids, a supplement and a glossary."""
    context = section(
        "a",
        dataclasses.replace(question("a.law", AnswerKind.LONG_TEXT), provenance=Provenance.TOOLKIT),
        question("a.name", AnswerKind.TEXT),
        question("a.people", AnswerKind.INTEGER, heading="Numbers"),
        question("a.share", AnswerKind.PERCENT),
        question("a.from", AnswerKind.COUNTRY, many=True),
        question("a.site", AnswerKind.URL),
        question("a.lead", AnswerKind.AGENCY),
    )
    needs = section(
        "b",
        _policy(),
        _indicators(),
        question("b.known", actions=STEPS, anchors=ANCHORS, prerequisite=True),
        question("b.asked", AnswerKind.YES_PARTLY_NO),
        question("b.how", AnswerKind.CHOICE, options=choice(paper=0, online=1)),
        question("b.when", AnswerKind.DATE),
    )
    training = section("t", question("t.level", anchors=ANCHORS, scored=False), supplement="T")
    made = instrument(context, needs, section("c", question("c.one", anchors=ANCHORS)), training)
    return dataclasses.replace(
        made,
        concepts=(Concept(id="migrant", label="Migrant", definition="Somebody who moved.", source="A book, 1998"),),
        codes={
            "source_type": (CodeListEntry(id="census", label="Population census"),),
            "agency_kind": (CodeListEntry(id="nso", label="Statistical office"),),
            "action_type": (CodeListEntry(id="training", label="Training course"),),
            "funding_status": (CodeListEntry(id="none", label="No funds yet"),),
            "project_partner": (CodeListEntry(id="unsd", label="The Statistics Division"),),
        },
    )


class Filler:
    """Makes register entries whose every free text is a text of its own."""

    def __init__(self, first: int = 1) -> None:
        self._numbers = itertools.count(first)

    def __call__(self, shape: Any, **given: Any) -> Any:
        free = [f.name for f in dataclasses.fields(shape) if f.type is str and f.name not in given]
        return shape(**({name: f"Ünïque téxt {next(self._numbers):03d}" for name in free} | given))


def _registers() -> dict[str, Any]:
    filled = Filler()
    mission = filled(
        Mission,
        id="mission",
        country="XXA",
        m49="",
        country_name="Examplia",
        language="en",
        status=MissionStatus.VALIDATED,
        start="2018-11-26",
        end="2018-11-30",
        team=("Ana Petrova", "Li Wei"),
        validated_on="2019-02-03",
        validated_by="Olga Ortiz",
        reviewed_by="Tom Adeyemi",
        weights=("b=2",),
    )
    return {
        "mission": mission,
        "agencies": (
            filled(Agency, id="nso", short="NSO", kind="nso", roles=(AgencyRole.PRODUCER, AgencyRole.USER)),
            filled(Agency, id="moi", short="MoI", kind="nso", roles=()),
        ),
        "people": (filled(Person, id="p1", name="Noor Haddad", agency="nso"),),
        "meetings": (filled(Meeting, id="m1", date="2018-11-27", agencies=("nso", "moi"), people=("p1",)),),
        "validations": (
            filled(Validation, id="v1", agency="nso", sections=("a",), date="2019-02-01", name="Olga Ortiz"),
        ),
        "sources": (
            filled(DataSource, id="s1", type="census", agency="nso", last_date="2014-11-05"),
            filled(DataSource, id="s2", type="census", agency="moi", last_date="2018"),
        ),
        "evidence": (
            filled(Evidence, id="e1", document="a1" * 32, size=120_000, added_on="2018-11-27"),
            filled(Evidence, id="e2", document="", checked_against="", added_on="2018-11"),
        ),
        "actions": (
            filled(
                Action,
                id="x1",
                gaps=("b.policy/a", "b.known"),
                type="training",
                responsible="nso",
                partners=("unsd",),
                start="2019-01",
                end="2019-09-30",
                funding="none",
                commitments=(Commitment.GLOBAL_COMPACT_1,),
            ),
            filled(
                Action,
                id="x2",
                gaps=("c.one",),
                type="training",
                responsible="",
                start="",
                end="",
                funding="",
                depends_on=("x1",),
                progress=ActionProgress.STARTED,
                note=f"Line one\nline two {LONG_WORD}",
            ),
        ),
        "ratings": (
            filled(
                FeasibilityRating,
                id="b.policy/a",
                feasibility=Feasibility.EASY,
                commitments=(Commitment.SDG_17_18,),
            ),
            filled(FeasibilityRating, id="b.asked"),
        ),
    }


def _answers() -> tuple[Answer, ...]:
    return (
        say("a.law", "The law of 2009.\n\nIt has two parts.", who="nso", note="A note on the law"),
        say("a.law", "The decree of 2011.", who="moi"),
        say("a.name", HOSTILE, who="nso", note=LONG_WORD),
        say("a.people", 1234567, who="nso"),
        say("a.share", "12.5", who="nso", evidence=("e1", "e2")),
        say("a.from", ("268", "604"), who="nso"),
        say("a.site", "https://stat.example/a/very/long/path?with=query&more=1", who="nso"),
        say("a.lead", ("nso",), who="nso"),
        say("b.policy/a/relevance", "high", who="nso"),
        say("b.policy/a/data", 0, who="nso", note="Nothing yet, says the office"),
        say("b.policy/a/sources", ("s1", "s2"), who="nso"),
        say("b.policy/b/relevance", "medium", who="nso"),
        say("b.policy/b/data", 3, who="nso"),
        say("b.policy/b/data", 1, who="moi", note="We see it otherwise"),
        say("b.policy/c/relevance", "none", who="moi"),
        say("b.sdg/x/produced", "yes", who="nso"),
        say("b.sdg/x/by", ("age",), who="nso"),
        say("b.sdg/x/year", state=AnswerState.UNKNOWN, who="nso", note="Must be looked up"),
        say("b.known", 1, who="nso"),
        say("b.known", 2, who="moi"),
        say("b.known", 1, layer=AnswerLayer.JUDGEMENT, reason="The list is two years old.", note="Seen on 28 November"),
        say("b.asked", "partly", who="nso"),
        say("b.how", state=AnswerState.NOT_APPLICABLE, reason="Nobody publishes anything.", who="nso"),
        say("b.when", "2018-11", who="nso"),
        say("c.one", 3, who="nso", evidence=("e1",)),
        say("t.level", state=AnswerState.DECLINED, who="moi", note="Staff did not wish to say"),
        say("z.gone", "kept from an older version", who="nso", note="Retired but not lost"),
    )


def _dated(answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    made = (
        dataclasses.replace(a, author="Ana Petrova", language="en", time=f"2018-11-27T09:{number:02d}:00+00:00")
        for number, a in enumerate(answers)
    )
    return tuple(sorted(made, key=lambda answer: answer.key))


def report_dossier(**more: Any) -> Dossier:
    """Make the dossier; ``more`` replaces its parts."""
    the_instrument = report_instrument()
    before = Dossier(
        id="00000000-0000-4000-8000-000000000000",
        instrument=the_instrument,
        mission=Mission(country_name="Examplia", round="2013"),
        answers=_dated(
            (
                say("b.known", 2, who="nso"),
                say("b.asked", "no", who="nso"),
                say("b.sdg/x/by", ("sex", "age"), who="nso"),
            )
        ),
    )
    whole = Dossier(
        id="5f6b5a36-6d7e-4a3e-9c55-0d3a6f9f2d10",
        instrument=the_instrument,
        answers=_dated(_answers()),
        previous=before,
        **_registers(),
    )
    return dataclasses.replace(whole, **more)
