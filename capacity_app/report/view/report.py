"""The whole report as one frozen view of display strings; templates only print it."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from capacity_app.bilingual import beside, second_texts, translated
from capacity_app.domain import content_hash
from capacity_app.domain.appraisal import Appraisal
from capacity_app.domain.assessment import Status
from capacity_app.domain.instrument import Section
from capacity_app.domain.problems import N_
from capacity_app.domain.registers import MISSION_STATUS_WORDS
from capacity_app.domain.themes import is_demand, is_indicator_grid
from capacity_app.domain.training import SUPPLEMENT
from capacity_app.report.view.annexes import annex_bodies
from capacity_app.report.view.availability import availability_body
from capacity_app.report.view.bodies import MissionBody, TablesBody
from capacity_app.report.view.chapters import section_chapter
from capacity_app.report.view.context import context_part
from capacity_app.report.view.demand import demand_view
from capacity_app.report.view.gaps import gaps_body
from capacity_app.report.view.identity import Identity, identity_of
from capacity_app.report.view.indicators import children_table, indicator_view
from capacity_app.report.view.parts import ALL, Part
from capacity_app.report.view.pieces import Fact, anchor_of, facts, shortened, width_of
from capacity_app.report.view.plan import plan_view
from capacity_app.report.view.registers import (
    agencies_table,
    mission_facts,
)
from capacity_app.report.view.rounds import rounds_view
from capacity_app.report.view.summary import SummaryView, summary_view
from capacity_app.report.view.training import training_view
from capacity_app.texts import Texts
from capacity_app.wording import Wording

_FOOTER = 46
_LONG_NAME, _RUNNING = 30, 84
"""Letters of a country's name in the largest size on the cover, and of a chapter's title at the head of its pages."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page."""

    kicker: str
    country: str
    round: str
    status: str
    facts: tuple[Fact, ...]
    content_hash: str

    @property
    def is_long(self) -> bool:
        return width_of(self.country) > _LONG_NAME


@dataclass(frozen=True, slots=True)
class Footer:
    """What every page says at its foot; ``whole`` are all digits of the content hash, for the file's description."""

    left: str
    content_hash: str
    whole: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter: the part it is, where it stands, its title, and a body that the template of its kind prints.

    ``second`` is the title in the second language; ``is_wide`` tells that it needs pages in landscape.
    """

    part: Part
    kind: str
    anchor: str
    title: str
    body: object
    number: str = ""
    group: str = ""
    second: str = ""
    is_wide: bool = False

    @property
    def running(self) -> str:
        """What stands at the head of the chapter's further pages."""
        return shortened(f"{self.number}  {self.title}", _RUNNING)


@dataclass(frozen=True, slots=True)
class ReportView:
    """Everything a report prints. ``changed`` is the moment of the last answer (UTC, ISO 8601).

    Cover and summary are None where they are left out; a single chapter needs no page of contents.
    """

    language: str
    direction: str
    title: str
    changed: str
    footer: Footer
    identity: Identity
    cover: Cover | None = None
    summary: SummaryView | None = None
    chapters: tuple[Chapter, ...] = ()
    second_language: str = ""
    second_direction: str = ""

    @property
    def has_contents(self) -> bool:
        return len(self.chapters) + bool(self.summary) > 1


def _status(appraisal: Appraisal, words: Wording) -> str:
    mission = appraisal.dossier.mission
    date = words.texts.date(mission.validated_on) if mission.validated_on else ""
    if mission.status is Status.VALIDATED and mission.validated_by and date:
        return words.say(N_("Validated on {date} by {name}"), date=date, name=mission.validated_by)
    if mission.status is Status.VALIDATED and date:
        return words.say(N_("Validated on {date}"), date=date)
    if mission.status is Status.REVIEWED and mission.reviewed_by:
        return words.say(N_("Reviewed by {name}"), name=mission.reviewed_by)
    return words.texts.gettext(MISSION_STATUS_WORDS[mission.status])


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
            (say(N_("Warning")), words.modified_questionnaire),
            (say(N_("Translation")), shortened(translated(words), 160)),
            (say(N_("Last answer")), words.moment(appraisal.last_change) if "T" in appraisal.last_change else ""),
        ),
        content_hash=content_hash.printed(appraisal.content_hash),
    )


def _footer(appraisal: Appraisal, words: Wording) -> Footer:
    mission = appraisal.dossier.mission
    status = words.texts.gettext(MISSION_STATUS_WORDS[mission.status])
    parts = (shortened(_country(appraisal, words), _FOOTER), shortened(mission.round, _FOOTER // 2), status)
    digits = appraisal.content_hash
    return Footer(" · ".join(part for part in parts if part), content_hash.printed(digits), digits)


def _opening(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    body = MissionBody(mission_facts(appraisal, words), agencies_table(appraisal, words))
    yield Chapter(Part.MISSION, "mission", "mission", words.say(N_("The mission and the agencies")), body)


def _second_title(words: Wording, section: Section) -> str:
    return beside(words, lambda one: one.section(section))


def _parts(appraisal: Appraisal, words: Wording, sections: Iterable[Section], group: str) -> Iterator[Chapter]:
    for section in sections:
        scored = section_chapter(appraisal, words, section) if section.is_scored else None
        yield Chapter(
            part=Part.SUPPLEMENTS if section.supplement else Part.SECTIONS,
            kind="section" if scored else "context",
            anchor=anchor_of("s", section.id),
            title=words.section(section),
            body=scored or context_part(words, appraisal.sheet, section),
            number=section.number,
            group=group,
            second=_second_title(words, section),
        )


def _crosscuts(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    say, blocks = words.say, appraisal.sheet.blocks
    group = say(N_("Across the parts"))
    demand = tuple(demand_view(appraisal, words, b) for b in blocks.values() if is_demand(b.question))
    if demand:
        title = say(N_("Policy questions: demand against supply"))
        yield Chapter(Part.DEMAND, "demand", "demand", title, demand, group=group)
    grids = [indicator_view(words, block) for block in blocks.values() if is_indicator_grid(block.question)]
    tables = [(grid.title, grid.table) for grid in grids]
    children = children_table(appraisal, words)
    if children:
        tables.append((say(N_("Children")), children))
    if tables:
        title = say(N_("Indicators by migratory status; children"))
        yield Chapter(Part.INDICATORS, "tables", "indicators", title, TablesBody(tuple(tables)), group=group)
    available = availability_body(appraisal, words)
    if available:
        title = say(N_("Availability: topics and sources"))
        yield Chapter(
            Part.AVAILABILITY, "tables", "availability", title, available, group=group, is_wide=available.is_wide
        )


def _consequences(appraisal: Appraisal, words: Wording) -> Iterator[Chapter]:
    say = words.say
    group = say(N_("What follows"))
    yield Chapter(Part.GAPS, "tables", "gaps", say(N_("Gap register")), gaps_body(appraisal, words), group=group)
    yield Chapter(Part.PLAN, "plan", "plan", say(N_("Action plan")), plan_view(appraisal, words), group=group)
    title = say(N_("Training and technical assistance"))
    yield Chapter(Part.TRAINING, "training", "training", title, training_view(appraisal, words), group=group)
    rounds = rounds_view(appraisal, words)
    if rounds:
        title = say(N_("Comparison with the previous round"))
        yield Chapter(Part.ROUNDS, "rounds", "rounds", title, rounds, group=group)


def _annexes(appraisal: Appraisal, words: Wording, parts: AbstractSet[Part]) -> Iterator[Chapter]:
    group = words.say(N_("Annexes"))
    annexes = annex_bodies(appraisal, words, parts)
    for number, (part, kind, title, body) in enumerate(annexes, start=1):
        yield Chapter(part, kind, part.value, title, body, words.say(N_("Annex {number}"), number=number), group)


def _chapters(appraisal: Appraisal, words: Wording, parts: AbstractSet[Part]) -> Iterator[Chapter]:
    """Build the wanted chapters; the parts that take time are not even built where nobody wants them."""
    sections = appraisal.dossier.instrument.sections
    core = [section for section in sections if not section.supplement]
    supplements = [s for s in sections if s.supplement and s.supplement != SUPPLEMENT]
    if Part.MISSION in parts:
        yield from _opening(appraisal, words)
    if Part.SECTIONS in parts:
        yield from _parts(appraisal, words, core, words.say(N_("Part by part")))
    if Part.SUPPLEMENTS in parts:
        yield from _parts(appraisal, words, supplements, words.say(N_("Supplements")))
    yield from (chapter for chapter in _crosscuts(appraisal, words) if chapter.part in parts)
    yield from (chapter for chapter in _consequences(appraisal, words) if chapter.part in parts)
    yield from _annexes(appraisal, words, parts)


def report_view(appraisal: Appraisal, words: Wording, parts: AbstractSet[Part] = ALL) -> ReportView:
    """Build the report, or some parts of it; the content hash is that of the assessment whatever is left out."""
    country, title = _country(appraisal, words), words.instrument_title
    second = second_texts(words)
    return ReportView(
        language=words.texts.language,
        direction=_direction(words.texts),
        title=" – ".join(part for part in (country, title, appraisal.dossier.mission.round) if part),
        changed=appraisal.last_change,
        footer=_footer(appraisal, words),
        identity=identity_of(appraisal, words.texts.language),
        cover=_cover(appraisal, words) if Part.COVER in parts else None,
        summary=summary_view(appraisal, words, _status(appraisal, words)) if Part.SUMMARY in parts else None,
        chapters=tuple(_chapters(appraisal, words, parts)),
        second_language=second.language if second else "",
        second_direction=_direction(second) if second else "",
    )


def _direction(texts: Texts) -> str:
    return "rtl" if texts.right_to_left else "ltr"
