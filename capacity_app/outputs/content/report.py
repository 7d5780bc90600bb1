"""The whole report as one frozen view of display strings: three volumes of the same chapters."""

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass

from capacity_app.domain import content_hash
from capacity_app.domain.assessment.derived_results import Appraisal
from capacity_app.domain.assessment.editable_fields import ACTION_FIELDS, shown_value
from capacity_app.domain.assessment.privacy import ReportVolume
from capacity_app.domain.assessment.register_fields import MISSION_STATUS_LABELS
from capacity_app.domain.assessment.registers import FROM_PUBLISHED_SOURCES, MissionStatus
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.planning.training import TRAINING_SUPPLEMENT
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import Section, is_demand_grid, is_indicator_grid
from capacity_app.domain.scoring.answer_sheet import QuestionBlock
from capacity_app.i18n.formatter import Formatter, in_second_language, second_translator, unreviewed_note
from capacity_app.outputs.content.annexes import (
    answers_blocks,
    evidence_blocks,
    glossary_blocks,
    method_blocks,
    people_blocks,
    provenance_blocks,
    source_blocks,
    translation_blocks,
)
from capacity_app.outputs.content.answer_cells import unscored_blocks
from capacity_app.outputs.content.demand_and_sources import (
    availability_blocks,
    demand_content,
    is_availability_wide,
)
from capacity_app.outputs.content.elements import (
    Fact,
    anchor_of,
    fact_list,
    prose,
    shorten,
    text_width,
    titled,
    told_lines,
)
from capacity_app.outputs.content.gaps_and_actions import gap_blocks, numbered_actions, plan_blocks
from capacity_app.outputs.content.identity import ReportIdentity, report_identity
from capacity_app.outputs.content.indicators import children_table, indicator_grid
from capacity_app.outputs.content.messages import message_blocks
from capacity_app.outputs.content.previous_round import round_blocks
from capacity_app.outputs.content.profile import how_it_was_done, profile_blocks
from capacity_app.outputs.content.registers import (
    country_name,
    instrument_version,
    remark_cards,
    retired_answer_blocks,
    returned_blocks,
)
from capacity_app.outputs.content.section_chapter import recommendation_number, section_blocks
from capacity_app.outputs.content.training import training_blocks

_FOOTER = 46
_LINE, _LINES = 96, 50
"""Letters of a line of the main messages, and how many lines fit a page beside the box to sign."""
_LONG_NAME, _RUNNING = 30, 84
"""Letters of a country's name in the largest size on the cover, and of a chapter's title at the head of its pages."""
DISCLAIMER = N_(
    "The designations employed and the presentation of material in this report do not imply the expression of any "
    "opinion whatsoever on the part of the Secretariat of the United Nations concerning the legal status of any "
    "country, territory, city or area or of its authorities, or concerning the delimitation of its frontiers or "
    "boundaries."
)


@dataclass(frozen=True, slots=True)
class ReportCover:
    """The first page; ``based_on`` says whose questionnaire it is, ``disclaimer`` what designations do not mean."""

    kicker: str
    country: str
    round: str
    status: str
    facts: tuple[Fact, ...]
    content_hash: str
    based_on: str = ""
    disclaimer: str = ""

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
    """A chapter: where it stands, its title, and the blocks of ``elements`` that it prints one below the other.

    ``second`` is the title in the second language. ``kind`` is "front" before the contents, "part" for a part of the
    questionnaire, "annex" where chapters share pages, else empty; ``is_wide`` tells that it needs pages in landscape.
    """

    anchor: str
    title: str
    blocks: tuple[object, ...]
    number: str = ""
    group: str = ""
    second: str = ""
    kind: str = ""
    is_wide: bool = False

    @property
    def is_dense(self) -> bool:
        """Whether the text before the contents is so long that it needs smaller letters to stay on its page."""
        said = (one for block in self.blocks for one in told_lines(block))
        return self.kind == "front" and sum(1 + len(one) // _LINE for one in said) > _LINES

    @property
    def running(self) -> str:
        """What stands at the head of the chapter's further pages."""
        return shorten(f"{self.number}  {self.title}", _RUNNING)


@dataclass(frozen=True, slots=True)
class EditableRecommendation:
    """A recommendation as it is corrected in a Word file: the values of ``ACTION_FIELDS`` as they are typed."""

    action: str
    number: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportContent:
    """Everything a report prints. ``changed`` is the moment of the last answer (UTC, ISO 8601).

    ``identity`` is None where a file shows several assessments. ``recommendations`` are for formats that are edited.
    """

    language: str
    direction: str
    title: str
    author: str
    changed: str
    footer: PageFooter
    identity: ReportIdentity | None
    cover: ReportCover
    chapters: tuple[ReportChapter, ...] = ()
    second_language: str = ""
    second_direction: str = ""
    recommendations: tuple[EditableRecommendation, ...] = ()

    @property
    def front(self) -> tuple[ReportChapter, ...]:
        """The chapters before the contents."""
        return tuple(chapter for chapter in self.chapters if chapter.kind == "front")

    @property
    def body(self) -> tuple[ReportChapter, ...]:
        """The chapters that the contents list."""
        return tuple(chapter for chapter in self.chapters if chapter.kind != "front")

    @property
    def has_contents(self) -> bool:
        return len(self.body) > _FEWEST_LISTED


_FEWEST_LISTED = 3
"""A report of so few chapters needs no contents."""


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
        kicker=say(N_("Assessment report")),
        country=shorten(country_name(formatter), 90),
        round=shorten(mission.round, 90),
        status=shorten(_status_text(appraisal, formatter), 140),
        facts=fact_list(
            (say(N_("Mission")), dates),
            (say(N_("Team")), shorten(", ".join(mission.team), 260)),
            (say(N_("Project")), shorten(mission.project, 260)),
            (say(N_("Questionnaire")), instrument_version(formatter)),
            (say(N_("Warning")), formatter.modified_questionnaire),
            (say(N_("Translation")), shorten(unreviewed_note(formatter), 160)),
            (say(N_("Last answer")), formatter.moment(appraisal.last_change) if "T" in appraisal.last_change else ""),
        ),
        content_hash=content_hash.format_hash(appraisal.content_hash),
        based_on=say(N_("Based on: {questionnaire}"), questionnaire=formatter.instrument_title),
        disclaimer=say(DISCLAIMER),
    )


def _page_footer(appraisal: Appraisal, formatter: Formatter) -> PageFooter:
    mission = appraisal.dossier.mission
    status = formatter.texts.gettext(MISSION_STATUS_LABELS[mission.status])
    parts = (shorten(country_name(formatter), _FOOTER), shorten(mission.round, _FOOTER // 2), status)
    digits = appraisal.content_hash
    return PageFooter(" · ".join(part for part in parts if part), content_hash.format_hash(digits), digits)


# The chapters: each is a title and what builds its blocks, in the volumes that have it. A chapter without blocks is
# left out, so that an assessment with one answer has a short report.


@dataclass(frozen=True, slots=True)
class _Builder:
    appraisal: Appraisal
    formatter: Formatter
    volume: ReportVolume

    def _chapter(
        self, anchor: str, title: str, blocks: tuple[object, ...], group: str = "", kind: str = ""
    ) -> Iterator[ReportChapter]:
        if blocks:
            yield ReportChapter(anchor, self.formatter.say(title), blocks, group=group, kind=kind)

    def _of_volume(
        self, build: Callable[[Appraisal, Formatter, ReportVolume], tuple[object, ...]]
    ) -> tuple[object, ...]:
        return build(self.appraisal, self.formatter, self.volume)

    def _of_all(self, build: Callable[[Appraisal, Formatter], tuple[object, ...]]) -> tuple[object, ...]:
        return build(self.appraisal, self.formatter)

    def chapters(self) -> Iterator[ReportChapter]:
        if self.volume is ReportVolume.COMPARISON:
            yield from self._chapter("rounds", N_("Change since the previous round"), self._of_volume(round_blocks))
            return
        yield from self._chapter("messages", N_("Main messages"), self._of_volume(message_blocks), kind="front")
        yield from self._chapter("profile", N_("Profile"), self._of_volume(profile_blocks), kind="front")
        if self.volume is ReportVolume.BRIEF:
            yield from self._chapter("plan", N_("Recommendations"), self._of_volume(plan_blocks), kind="front")
            return
        yield from self._report()
        if self.volume is ReportVolume.FULL:
            yield from self._annexes()

    def _report(self) -> Iterator[ReportChapter]:
        say, sections = self.formatter.say, self.appraisal.dossier.instrument.sections
        yield from self._chapter("mission", N_("How the assessment was done"), self._of_all(how_it_was_done))
        yield from self._chapter("demand", N_("Policy questions: demand against supply"), self._demand())
        yield from self._chapter("indicators", N_("Indicators by migratory status; children"), self._indicators())
        core = [section for section in sections if not section.supplement]
        supplements = [s for s in sections if s.supplement and s.supplement != TRAINING_SUPPLEMENT]
        for group, members in ((N_("Part by part"), core), (N_("Supplements"), supplements)):
            for section in members:
                yield from self._section(section, say(group))
        group = say(N_("What follows"))
        yield from self._chapter("plan", N_("Recommendations and plan"), self._of_volume(plan_blocks), group=group)
        yield from self._chapter(
            "training", N_("Training and technical assistance"), self._of_volume(training_blocks), group=group
        )
        yield from self._chapter(
            "rounds", N_("Change since the previous round"), self._of_volume(round_blocks), group=group
        )
        yield from self._chapter("comments", N_("Comments of the authorities"), self._comments(), group=group)
        if self.appraisal.with_scores and self.appraisal.answered_questions:
            yield from self._chapter("method", N_("Method"), self._of_volume(method_blocks), group=group)

    def _section(self, section: Section, group: str) -> Iterator[ReportChapter]:
        formatter = self.formatter
        if not self.appraisal.has_answers(section):
            return
        if section.is_scored:
            blocks = section_blocks(self.appraisal, formatter, section)
        else:
            blocks = unscored_blocks(formatter, self.appraisal.sheet, section, self.volume)
        if blocks:
            yield ReportChapter(
                anchor=anchor_of("s", section.id),
                title=formatter.section(section),
                blocks=blocks,
                number=section.number,
                group=group,
                second=in_second_language(formatter, lambda one: one.section(section)),
                kind="part",
            )

    def _answered_blocks(self) -> Iterator[QuestionBlock]:
        asked = self.appraisal.answered_questions
        return (block for block in self.appraisal.sheet.blocks.values() if block.question.id in asked)

    def _demand(self) -> tuple[object, ...]:
        grids = (block for block in self._answered_blocks() if is_demand_grid(block.question))
        return tuple(demand_content(self.appraisal, self.formatter, block) for block in grids)

    def _indicators(self) -> tuple[object, ...]:
        grids = [block for block in self._answered_blocks() if is_indicator_grid(block.question)]
        children = children_table(self.appraisal, self.formatter)
        found = (indicator_grid(self.formatter, block) for block in grids)
        return (
            *(block for one in found for block in titled(one.title, one.table)),
            *titled(self.formatter.say(N_("Children")), children),
        )

    def _comments(self) -> tuple[object, ...]:
        say, typed = self.formatter.say, self.appraisal.dossier.mission.authority_comments
        remarks = remark_cards(self.appraisal, self.formatter)
        if not typed and remarks is None:
            return prose(say(N_("No comments had been received when this report was written.")), style="nothing")
        paragraphs = tuple(line.strip() for line in typed.splitlines())
        return (*prose(*paragraphs), *titled(say(N_("Remarks on single questions")), remarks))

    def _kept_title(self) -> str:
        if any(one.fate in FROM_PUBLISHED_SOURCES for one in self.appraisal.dossier.kept):
            return N_("Answers that do not count: of an earlier version, and from published sources")
        return N_("Answers of an earlier version")

    def _annexes(self) -> Iterator[ReportChapter]:
        annexes: tuple[tuple[str, str, tuple[object, ...]], ...] = (
            ("gaps", N_("Gap register"), self._of_all(gap_blocks)),
            ("availability", N_("Availability: topics and sources"), self._of_all(availability_blocks)),
            ("answers", N_("All questions and answers"), self._of_all(answers_blocks)),
            ("people", N_("Agencies, people and meetings"), self._of_all(people_blocks)),
            ("sources", N_("Data sources"), self._of_all(source_blocks)),
            ("evidence", N_("Evidence and documents"), self._of_all(evidence_blocks)),
            ("returned", N_("Returned files"), self._of_all(returned_blocks)),
            ("kept", self._kept_title(), self._of_all(retired_answer_blocks)),
            ("provenance", N_("Provenance of the questions"), self._of_all(provenance_blocks)),
            ("translation", N_("Translation notes"), self._of_all(translation_blocks)),
        )
        say, group = self.formatter.say, self.formatter.say(N_("Annexes"))
        present = [one for one in annexes if one[2]]
        for number, (anchor, title, blocks) in enumerate(present, start=1):
            yield ReportChapter(
                anchor,
                say(title),
                blocks,
                say(N_("Annex {number}"), number=number),
                group,
                kind="annex",
                is_wide=anchor == "availability" and is_availability_wide(self.appraisal),
            )


def _texts_in(value: object) -> Iterator[str]:
    """Yield every text of a view."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from _texts_in(one)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _texts_in(getattr(value, field.name))


def _with_glossary(
    appraisal: Appraisal, formatter: Formatter, chapters: tuple[ReportChapter, ...]
) -> tuple[ReportChapter, ...]:
    """Add the terms that the chapters use."""
    blocks = glossary_blocks(appraisal, formatter, appraisal.profile.volume, "\n".join(_texts_in(chapters)))
    if not blocks:
        return chapters
    return (*chapters, ReportChapter("glossary", formatter.say(N_("Terms used")), blocks, kind="annex"))


def report_content(appraisal: Appraisal, formatter: Formatter) -> ReportContent:
    """Build the volume of the report that the profile names."""
    country, title = country_name(formatter), formatter.instrument_title
    second, volume = second_translator(formatter), appraisal.profile.volume
    chapters = tuple(_Builder(appraisal, formatter, volume).chapters())
    if volume in {ReportVolume.REPORT, ReportVolume.FULL}:
        chapters = _with_glossary(appraisal, formatter, chapters)
    dossier = appraisal.dossier
    editable = (
        EditableRecommendation(
            action.id,
            recommendation_number(appraisal, formatter, action),
            tuple(shown_value(dossier, name, str(getattr(action, name))) for name in ACTION_FIELDS),
        )
        for action in numbered_actions(appraisal)
    )
    return ReportContent(
        language=formatter.texts.language,
        direction=formatter.texts.direction,
        title=" – ".join(part for part in (country, title, appraisal.dossier.mission.round) if part),
        author=", ".join(appraisal.dossier.mission.team),
        changed=appraisal.last_change,
        footer=_page_footer(appraisal, formatter),
        identity=report_identity(appraisal, formatter.texts.language),
        cover=_report_cover(appraisal, formatter),
        chapters=chapters,
        second_language=second.language if second else "",
        second_direction=second.direction if second else "",
        recommendations=tuple(editable) if volume in {ReportVolume.REPORT, ReportVolume.FULL} else (),
    )
