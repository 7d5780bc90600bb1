"""The whole report as one frozen view of display strings; templates only print it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from capacity_app.domain import fingerprint
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Status
from capacity_app.domain.instrument import Section
from capacity_app.domain.problems import N_
from capacity_app.domain.quality import KIND_WORDS, Finding, by_kind
from capacity_app.domain.themes import is_demand, is_indicator_grid
from capacity_app.report.answers import AnswerSection, Place, answer_sections, retired_answers
from capacity_app.report.chapters import section_chapter
from capacity_app.report.context import context_part
from capacity_app.report.demand import (
    availability_tables,
    children_table,
    demand_view,
    indicator_view,
)
from capacity_app.report.method import glossary_cards, method_view, provenance_table
from capacity_app.report.pieces import Card, Fact, Heading, Table, TableRow, anchor_of, facts, row, shortened
from capacity_app.report.plan import (
    TRAINING_SUPPLEMENT,
    gap_register,
    loose_ratings,
    plan_view,
    training_view,
    verify_register,
)
from capacity_app.report.registers import (
    agencies_table,
    agency_card,
    evidence_card,
    meeting_card,
    mission_facts,
    person_card,
    source_card,
)
from capacity_app.report.rounds import rounds_view
from capacity_app.report.summary import SummaryView, summary_view
from capacity_app.wording import STATUS_OF_WORK_WORDS, Wording

_FOOTER = 46
_PROVENANCE = N_(
    "Some questions are in the toolkit’s own words; the others are this project’s formulation in the toolkit’s spirit."
)


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page."""

    kicker: str
    country: str
    round: str
    status: str
    facts: tuple[Fact, ...]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Footer:
    """What every page says at its foot."""

    left: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: where it stands, its title, and a body that the template of its kind prints."""

    kind: str
    anchor: str
    title: str
    body: object
    number: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class MissionBody:
    """The mission in facts, and whom it met."""

    facts: tuple[Fact, ...]
    agencies: Table


@dataclass(frozen=True, slots=True)
class TablesBody:
    """Titled tables with sentences before them."""

    tables: tuple[tuple[str, Table], ...]
    lead: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class CardsBody:
    """Groups of cards under headings."""

    groups: tuple[tuple[str, tuple[Card, ...]], ...]
    lead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswersBody:
    """The annex of all answers."""

    sections: tuple[AnswerSection, ...]
    retired: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a report prints. ``changed`` is the moment of the last answer (UTC, ISO 8601)."""

    language: str
    direction: str
    title: str
    changed: str
    cover: Cover
    footer: Footer
    summary: SummaryView
    chapters: tuple[Chapter, ...] = field(default=())


def _status(appraisal: Appraisal, words: Wording) -> str:
    mission = appraisal.dossier.mission
    date = words.texts.date(mission.validated_on) if mission.validated_on else ""
    if mission.status is Status.VALIDATED and mission.validated_by and date:
        return words.say(N_("Validated on {date} by {name}"), date=date, name=mission.validated_by)
    if mission.status is Status.VALIDATED and date:
        return words.say(N_("Validated on {date}"), date=date)
    if mission.status is Status.REVIEWED and mission.reviewed_by:
        return words.say(N_("Reviewed by {name}"), name=mission.reviewed_by)
    return words.texts.gettext(STATUS_OF_WORK_WORDS[mission.status])


def _country(appraisal: Appraisal, words: Wording) -> str:
    mission = appraisal.dossier.mission
    return mission.country_name or (words.texts.country(mission.m49) if mission.m49 else "") or mission.country


def _cover(appraisal: Appraisal, words: Wording) -> Cover:
    mission, instrument = appraisal.dossier.mission, appraisal.dossier.instrument
    say = words.say
    dates = " – ".join(words.texts.date(day) for day in (mission.start, mission.end) if day)
    edition = words.instrument_text("instrument", "edition", instrument.edition)
    version = say(N_("{edition}; instrument {id}, version {version}"), edition=edition, id=instrument.id,
                  version=instrument.version)  # fmt: skip
    # One page whatever was typed: the chapter on the mission has all of it.
    return Cover(
        kicker=words.instrument_title,
        country=shortened(_country(appraisal, words), 90),
        round=shortened(mission.round, 90),
        status=shortened(_status(appraisal, words), 140),
        facts=facts(
            (say(N_("Mission")), dates),
            (say(N_("Team")), shortened(", ".join(mission.team), 260)),
            (say(N_("Project")), shortened(mission.project, 260)),
            (say(N_("Instrument")), version),
            (say(N_("Last answer")), words.moment(appraisal.last_change) if "T" in appraisal.last_change else ""),
        ),
        fingerprint=fingerprint.grouped(appraisal.fingerprint),
    )


def _footer(appraisal: Appraisal, words: Wording) -> Footer:
    mission = appraisal.dossier.mission
    status = words.texts.gettext(STATUS_OF_WORK_WORDS[mission.status])
    parts = (shortened(_country(appraisal, words), _FOOTER), shortened(mission.round, _FOOTER // 2), status)
    return Footer(" · ".join(part for part in parts if part), fingerprint.short(appraisal.fingerprint))


def _opening(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    body = MissionBody(mission_facts(appraisal, words), agencies_table(appraisal, words))
    yield Chapter("mission", "mission", words.say(N_("The mission and the agencies")), body)


def _parts(appraisal: Appraisal, words: Wording, sections: Iterable[Section], group: str) -> Iterator[Chapter]:
    for section in sections:
        anchor = anchor_of("s", section.id)
        if section.is_scored:
            body: object = section_chapter(appraisal, words, section)
            yield Chapter("section", anchor, words.section(section), body, section.number, group)
        else:
            body = context_part(words, appraisal.sheet, section)
            yield Chapter("context", anchor, words.section(section), body, section.number, group)


def _crosscuts(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    say, blocks = words.say, appraisal.sheet.blocks
    group = say(N_("Across the parts"))
    demand = tuple(demand_view(appraisal, words, b) for b in blocks.values() if is_demand(b.question))
    if demand:
        yield Chapter("demand", "demand", say(N_("Policy questions: demand against supply")), demand, group=group)
    grids = [indicator_view(words, block) for block in blocks.values() if is_indicator_grid(block.question)]
    tables = [(grid.title, grid.table) for grid in grids]
    children = children_table(appraisal, words)
    if children:
        tables.append((say(N_("Children")), children))
    if tables:
        title = say(N_("Indicators by migratory status; children"))
        yield Chapter("tables", "indicators", title, TablesBody(tuple(tables)), group=group)
    available = availability_tables(appraisal, words)
    if available:
        lead = (say(N_("Which source serves which topic; the sign says how well the topic is served.")),)
        body = TablesBody(tuple(("", table) for table in available), lead)
        yield Chapter("tables", "availability", say(N_("Availability: topics and sources")), body, group=group)


def _consequences(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    say = words.say
    group = say(N_("What follows"))
    register, verify = gap_register(appraisal, words), verify_register(appraisal, words)
    tables = tuple(
        (title, table)
        for title, table in (("", register), (say(N_("To verify before anything else")), verify))
        if table
    )
    lead = () if register else (say(N_("No gap has been found.")),)
    loose = loose_ratings(appraisal, words)
    yield Chapter("tables", "gaps", say(N_("Gap register")), TablesBody(tables, lead, loose), group=group)
    yield Chapter("plan", "plan", say(N_("Action plan")), plan_view(appraisal, words), group=group)
    training = training_view(appraisal, words)
    if training.parts or training.actions:
        title = say(N_("Training and technical assistance"))
        yield Chapter("training", "training", title, training, group=group)
    rounds = rounds_view(appraisal, words)
    if rounds:
        yield Chapter("rounds", "rounds", say(N_("Comparison with the previous round")), rounds, group=group)


def _finding_place(appraisal: Appraisal, words: Wording, finding: Finding) -> str:
    if finding.address:
        return words.place(finding.address)
    number = appraisal.action_numbers.get(finding.entry)
    if number:
        return words.say(N_("Action {number}"), number=number)
    return words.agency(finding.entry) if finding.entry in appraisal.dossier.agency_by_id else finding.problem.place


def _finding_row(appraisal: Appraisal, words: Wording, finding: Finding) -> TableRow:
    return row(_finding_place(appraisal, words, finding), finding.problem.text(words.texts.gettext))


def _quality(appraisal: Appraisal, words: Wording) -> Table:
    rows: list[TableRow] = []
    for kind, findings in by_kind(appraisal.findings).items():
        title = f"{words.texts.gettext(KIND_WORDS[kind])} ({words.texts.number(len(findings))})"
        rows.append(TableRow(group=title))
        rows += [_finding_row(appraisal, words, finding) for finding in findings]
    headings = (Heading(words.say(N_("Place")), 28), Heading(words.say(N_("What stands out")), 72))
    return Table(headings, tuple(rows), style="compact")


def _people(appraisal: Appraisal, words: Wording) -> CardsBody:
    dossier, say = appraisal.dossier, words.say
    return CardsBody(
        (
            (say(N_("Agencies")), tuple(agency_card(words, agency) for agency in dossier.agencies)),
            (say(N_("People")), tuple(person_card(appraisal, words, person) for person in dossier.people)),
            (say(N_("Meetings")), tuple(meeting_card(appraisal, words, meeting) for meeting in dossier.meetings)),
        )
    )


def _annex_bodies(appraisal: Appraisal, words: Wording) -> Iterator[tuple[str, str, str, object]]:
    """Give kind, anchor, title and body of every annex that has something to say."""
    dossier, say = appraisal.dossier, words.say
    answers = AnswersBody(answer_sections(appraisal, words), retired_answers(appraisal, words))
    yield "answers", "answers", say(N_("All questions and answers")), answers
    yield "cards", "people", say(N_("Agencies, people and meetings")), _people(appraisal, words)
    sources = tuple(source_card(appraisal, words, source) for source in dossier.sources)
    if sources:
        yield "cards", "sources", say(N_("Data sources")), CardsBody((("", sources),))
    evidence = tuple(evidence_card(appraisal, words, entry) for entry in dossier.evidence)
    if evidence:
        yield "cards", "evidence", say(N_("Evidence and documents")), CardsBody((("", evidence),))
    if appraisal.findings:
        yield "tables", "quality", say(N_("Quality checks")), TablesBody((("", _quality(appraisal, words)),))
    if appraisal.with_scores:
        yield "method", "method", say(N_("Method")), method_view(appraisal, words)
    lead = (say(_PROVENANCE),)
    provenance = TablesBody((("", provenance_table(appraisal, words)),), lead)
    yield "tables", "provenance", say(N_("Provenance of the questions")), provenance
    if dossier.instrument.concepts:
        yield "cards", "glossary", say(N_("Glossary")), CardsBody((("", glossary_cards(appraisal, words)),))


def _annexes(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    group = words.say(N_("Annexes"))
    for number, (kind, anchor, title, body) in enumerate(_annex_bodies(appraisal, words), start=1):
        yield Chapter(kind, anchor, title, body, words.say(N_("Annex {number}"), number=number), group)


def report_view(appraisal: Appraisal, words: Wording) -> ReportView:
    """Build the whole report."""
    sections = appraisal.dossier.instrument.sections
    core = [section for section in sections if not section.supplement]
    supplements = [s for s in sections if s.supplement and s.supplement != TRAINING_SUPPLEMENT]
    country, title = _country(appraisal, words), words.instrument_title
    return ReportView(
        language=words.texts.language,
        direction="rtl" if words.texts.right_to_left else "ltr",
        title=" – ".join(part for part in (country, title, appraisal.dossier.mission.round) if part),
        changed=appraisal.last_change,
        cover=_cover(appraisal, words),
        footer=_footer(appraisal, words),
        summary=summary_view(appraisal, words),
        chapters=(
            *_opening(appraisal, words),
            *_parts(appraisal, words, core, words.say(N_("Part by part"))),
            *_parts(appraisal, words, supplements, words.say(N_("Supplements"))),
            *_crosscuts(appraisal, words),
            *_consequences(appraisal, words),
            *_annexes(appraisal, words),
        ),
    )
