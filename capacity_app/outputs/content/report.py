"""The whole report as one frozen view of display strings; templates only print it."""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from capacity_app.domain import content_hash
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.register_fields import MISSION_STATUS_LABELS
from capacity_app.domain.assessment.registers import MissionStatus
from capacity_app.domain.planning.training import TRAINING_SUPPLEMENT
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Section, is_demand_grid, is_indicator_grid
from capacity_app.i18n.formatter import Formatter, in_second_language, second_translator, unreviewed_note
from capacity_app.outputs.content.annexes import annex_bodies
from capacity_app.outputs.content.answer_cells import unscored_section
from capacity_app.outputs.content.demand_and_sources import availability_body, demand_content
from capacity_app.outputs.content.elements import (
    Fact,
    MissionBody,
    TablesBody,
    anchor_of,
    fact_list,
    shorten,
    text_width,
)
from capacity_app.outputs.content.gaps_and_actions import gaps_body, plan_content
from capacity_app.outputs.content.identity import ReportIdentity, report_identity
from capacity_app.outputs.content.indicators import children_table, indicator_grid
from capacity_app.outputs.content.previous_round import round_comparison
from capacity_app.outputs.content.registers import agencies_table, country_name, instrument_version, mission_facts
from capacity_app.outputs.content.report_parts import ALL_PARTS, ReportPart
from capacity_app.outputs.content.section_chapter import section_chapter
from capacity_app.outputs.content.summary import SummaryContent, summary_content
from capacity_app.outputs.content.training import training_content

_FOOTER = 46
_LONG_NAME, _RUNNING = 30, 84
"""Letters of a country's name in the largest size on the cover, and of a chapter's title at the head of its pages."""


@dataclass(frozen=True, slots=True)
class ReportCover:
    """The first page."""

    kicker: str
    country: str
    round: str
    status: str
    facts: tuple[Fact, ...]
    content_hash: str

    @property
    def is_long(self) -> bool:
        return text_width(self.country) > _LONG_NAME


@dataclass(frozen=True, slots=True)
class PageFooter:
    """What every page says at its foot; ``whole`` are all digits of the content hash, for the file's description."""

    left: str
    content_hash: str
    whole: str


@dataclass(frozen=True, slots=True)
class ReportChapter:
    """A chapter: the part it is, where it stands, its title, and a body that the template of its kind prints.

    ``second`` is the title in the second language; ``is_wide`` tells that it needs pages in landscape.
    """

    part: ReportPart
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
        return shorten(f"{self.number}  {self.title}", _RUNNING)


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything a report prints. ``changed`` is the moment of the last answer (UTC, ISO 8601).

    Cover and summary are None where they are left out; a single chapter needs no page of contents.
    """

    language: str
    direction: str
    title: str
    changed: str
    footer: PageFooter
    identity: ReportIdentity
    cover: ReportCover | None = None
    summary: SummaryContent | None = None
    chapters: tuple[ReportChapter, ...] = ()
    second_language: str = ""
    second_direction: str = ""

    @property
    def has_contents(self) -> bool:
        return len(self.chapters) + bool(self.summary) > 1


def _status_text(appraisal: Appraisal, formatter: Formatter) -> str:
    mission = appraisal.dossier.mission
    date = formatter.texts.date(mission.validated_on) if mission.validated_on else ""
    if mission.status is MissionStatus.VALIDATED and mission.validated_by and date:
        return formatter.say(N_("Validated on {date} by {name}"), date=date, name=mission.validated_by)
    if mission.status is MissionStatus.VALIDATED and date:
        return formatter.say(N_("Validated on {date}"), date=date)
    if mission.status is MissionStatus.REVIEWED and mission.reviewed_by:
        return formatter.say(N_("Reviewed by {name}"), name=mission.reviewed_by)
    return formatter.texts.gettext(MISSION_STATUS_LABELS[mission.status])


def _report_cover(appraisal: Appraisal, formatter: Formatter) -> ReportCover:
    mission, say = appraisal.dossier.mission, formatter.say
    dates = " – ".join(formatter.texts.date(day) for day in (mission.start, mission.end) if day)
    # One page whatever was typed: the chapter on the mission has all of it.
    return ReportCover(
        kicker=formatter.instrument_title,
        country=shorten(country_name(formatter), 90),
        round=shorten(mission.round, 90),
        status=shorten(_status_text(appraisal, formatter), 140),
        facts=fact_list(
            (say(N_("Mission")), dates),
            (say(N_("Team")), shorten(", ".join(mission.team), 260)),
            (say(N_("Project")), shorten(mission.project, 260)),
            (say(N_("Instrument")), instrument_version(formatter)),
            (say(N_("Warning")), formatter.modified_questionnaire),
            (say(N_("Translation")), shorten(unreviewed_note(formatter), 160)),
            (say(N_("Last answer")), formatter.moment(appraisal.last_change) if "T" in appraisal.last_change else ""),
        ),
        content_hash=content_hash.format_hash(appraisal.content_hash),
    )


def _page_footer(appraisal: Appraisal, formatter: Formatter) -> PageFooter:
    mission = appraisal.dossier.mission
    status = formatter.texts.gettext(MISSION_STATUS_LABELS[mission.status])
    parts = (shorten(country_name(formatter), _FOOTER), shorten(mission.round, _FOOTER // 2), status)
    digits = appraisal.content_hash
    return PageFooter(" · ".join(part for part in parts if part), content_hash.format_hash(digits), digits)


def _opening_chapters(appraisal: Appraisal, formatter: Formatter) -> Iterator[ReportChapter]:
    body = MissionBody(mission_facts(appraisal, formatter), agencies_table(appraisal, formatter))
    yield ReportChapter(
        ReportPart.MISSION, "mission", "mission", formatter.say(N_("The mission and the agencies")), body
    )


def _second_title(formatter: Formatter, section: Section) -> str:
    return in_second_language(formatter, lambda one: one.section(section))


def _section_chapters(
    appraisal: Appraisal, formatter: Formatter, sections: Iterable[Section], group: str
) -> Iterator[ReportChapter]:
    for section in sections:
        scored = section_chapter(appraisal, formatter, section) if section.is_scored else None
        yield ReportChapter(
            part=ReportPart.SUPPLEMENTS if section.supplement else ReportPart.SECTIONS,
            kind="section" if scored else "context",
            anchor=anchor_of("s", section.id),
            title=formatter.section(section),
            body=scored or unscored_section(formatter, appraisal.sheet, section),
            number=section.number,
            group=group,
            second=_second_title(formatter, section),
        )


def _crosscut_chapters(appraisal: Appraisal, formatter: Formatter) -> Iterator[ReportChapter]:
    say, blocks = formatter.say, appraisal.sheet.blocks
    group = say(N_("Across the parts"))
    demand = tuple(demand_content(appraisal, formatter, b) for b in blocks.values() if is_demand_grid(b.question))
    if demand:
        title = say(N_("Policy questions: demand against supply"))
        yield ReportChapter(ReportPart.DEMAND, "demand", "demand", title, demand, group=group)
    grids = [indicator_grid(formatter, block) for block in blocks.values() if is_indicator_grid(block.question)]
    tables = [(grid.title, grid.table) for grid in grids]
    children = children_table(appraisal, formatter)
    if children:
        tables.append((say(N_("Children")), children))
    if tables:
        title = say(N_("Indicators by migratory status; children"))
        yield ReportChapter(
            ReportPart.INDICATORS, "tables", "indicators", title, TablesBody(tuple(tables)), group=group
        )
    available = availability_body(appraisal, formatter)
    if available:
        title = say(N_("Availability: topics and sources"))
        yield ReportChapter(
            ReportPart.AVAILABILITY, "tables", "availability", title, available, group=group, is_wide=available.is_wide
        )


def _consequence_chapters(appraisal: Appraisal, formatter: Formatter) -> Iterator[ReportChapter]:
    say = formatter.say
    group = say(N_("What follows"))
    yield ReportChapter(
        ReportPart.GAPS, "tables", "gaps", say(N_("Gap register")), gaps_body(appraisal, formatter), group=group
    )
    yield ReportChapter(
        ReportPart.PLAN, "plan", "plan", say(N_("Action plan")), plan_content(appraisal, formatter), group=group
    )
    title = say(N_("Training and technical assistance"))
    yield ReportChapter(
        ReportPart.TRAINING, "training", "training", title, training_content(appraisal, formatter), group=group
    )
    rounds = round_comparison(appraisal, formatter)
    if rounds:
        title = say(N_("Comparison with the previous round"))
        yield ReportChapter(ReportPart.ROUNDS, "rounds", "rounds", title, rounds, group=group)


def _annex_chapters(
    appraisal: Appraisal, formatter: Formatter, parts: AbstractSet[ReportPart]
) -> Iterator[ReportChapter]:
    group = formatter.say(N_("Annexes"))
    annexes = annex_bodies(appraisal, formatter, parts)
    for number, (part, kind, title, body) in enumerate(annexes, start=1):
        yield ReportChapter(
            part, kind, part.value, title, body, formatter.say(N_("Annex {number}"), number=number), group
        )


def _chapters(appraisal: Appraisal, formatter: Formatter, parts: AbstractSet[ReportPart]) -> Iterator[ReportChapter]:
    """Build the wanted chapters; the parts that take time are not even built where nobody wants them."""
    sections = appraisal.dossier.instrument.sections
    core = [section for section in sections if not section.supplement]
    supplements = [s for s in sections if s.supplement and s.supplement != TRAINING_SUPPLEMENT]
    if ReportPart.MISSION in parts:
        yield from _opening_chapters(appraisal, formatter)
    if ReportPart.SECTIONS in parts:
        yield from _section_chapters(appraisal, formatter, core, formatter.say(N_("Part by part")))
    if ReportPart.SUPPLEMENTS in parts:
        yield from _section_chapters(appraisal, formatter, supplements, formatter.say(N_("Supplements")))
    yield from (chapter for chapter in _crosscut_chapters(appraisal, formatter) if chapter.part in parts)
    yield from (chapter for chapter in _consequence_chapters(appraisal, formatter) if chapter.part in parts)
    yield from _annex_chapters(appraisal, formatter, parts)


def report_content(
    appraisal: Appraisal, formatter: Formatter, parts: AbstractSet[ReportPart] = ALL_PARTS
) -> ReportContent:
    """Build the report, or some parts of it; the content hash is that of the assessment whatever is left out."""
    country, title = country_name(formatter), formatter.instrument_title
    second = second_translator(formatter)
    return ReportContent(
        language=formatter.texts.language,
        direction=formatter.texts.direction,
        title=" – ".join(part for part in (country, title, appraisal.dossier.mission.round) if part),
        changed=appraisal.last_change,
        footer=_page_footer(appraisal, formatter),
        identity=report_identity(appraisal, formatter.texts.language),
        cover=_report_cover(appraisal, formatter) if ReportPart.COVER in parts else None,
        summary=summary_content(appraisal, formatter, _status_text(appraisal, formatter))
        if ReportPart.SUMMARY in parts
        else None,
        chapters=tuple(_chapters(appraisal, formatter, parts)),
        second_language=second.language if second else "",
        second_direction=second.direction if second else "",
    )
