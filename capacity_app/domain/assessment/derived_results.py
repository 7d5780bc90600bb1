"""All that follows from a dossier, derived once: laid out, scored, compared, checked, numbered for print."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from fractions import Fraction
from functools import cached_property
from operator import itemgetter

from capacity_app.domain.assessment.answer_rules import EffectiveAnswer
from capacity_app.domain.assessment.answers import Address, AnswerState
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.assessment.findings import Finding
from capacity_app.domain.assessment.privacy import (
    FULL_PROFILE,
    ReportProfile,
    Withheld,
    without_attribution,
    without_names,
)
from capacity_app.domain.assessment.quality import check_quality
from capacity_app.domain.assessment.registers import Action, ActionProgress
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.questionnaire.instrument import GridRow, Question, Section
from capacity_app.domain.scoring.answer_sheet import AnswerSheet, ItemStatus, lay_out_dossier
from capacity_app.domain.scoring.gaps import SEVERITY_ORDER, Gap, action_severity, find_gaps
from capacity_app.domain.scoring.round_comparison import AssessmentComparison, compare_laid_out
from capacity_app.domain.scoring.scores import Scorecard, overall_target, score_sheet, section_targets, section_weights


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A question, or a row of a table, of which something has not been asked yet."""

    section: Section
    question: Question
    row: GridRow | None

    @property
    def number(self) -> str:
        return f"{self.question.number} {self.row.number if self.row else ''}".strip()


@dataclass(frozen=True)
class Appraisal:
    """A dossier with everything derived from it, as a report or workbook shows it.

    ``content_hash`` is that of the assessment, whatever this copy leaves out.
    """

    dossier: Dossier
    profile: ReportProfile
    content_hash: str
    sheet: AnswerSheet
    scorecard: Scorecard
    gaps: tuple[Gap, ...]
    to_verify: tuple[Gap, ...]
    untranslated: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the quality checks found; a workbook does not ask."""
        return check_quality(self.dossier, self.sheet, (self.gaps, self.to_verify), self.untranslated)

    @cached_property
    def comparison(self) -> AssessmentComparison | None:
        """The comparison with the previous round, if there is one."""
        previous = self.dossier.previous
        return compare_laid_out(lay_out_dossier(previous), self.sheet) if previous else None

    @cached_property
    def targets(self) -> Mapping[str, Fraction | None]:
        """The score each scored section would have with everything at its target, by id; that of the whole under ""."""
        targets = section_targets(self.dossier.instrument, self.scorecard)
        own = section_weights(self.dossier.instrument, self.dossier.mission.weights)
        return {**targets, "": overall_target(self.scorecard, targets, own)}

    @property
    def with_scores(self) -> bool:
        return Withheld.SCORES not in self.profile.without

    @property
    def with_names(self) -> bool:
        return Withheld.NAMES not in self.profile.without

    @property
    def last_change(self) -> str:
        """When the last answer was given (UTC, ISO 8601); the mission's end where no answer has a time."""
        return self.dossier.last_change

    @cached_property
    def gap_by_address(self) -> dict[str, Gap]:
        """Gaps and places to verify by their address as text."""
        return {str(gap.address): gap for gap in (*self.gaps, *self.to_verify)}

    @cached_property
    def answered_questions(self) -> frozenset[str]:
        """The ids of the questions of which anything is recorded, "unknown" and "declined" too."""
        return frozenset(a.key.address.question for a in self.dossier.answers if not a.content.is_empty)

    def has_answers(self, section: Section) -> bool:
        return any(question.id in self.answered_questions for question in section.questions)

    @cached_property
    def asked_to_verify(self) -> tuple[Gap, ...]:
        """What is to be verified because agencies do not know, decline or disagree; not what nobody was asked."""
        return tuple(gap for gap in self.to_verify if self._was_asked(gap))

    @cached_property
    def not_known(self) -> tuple[Gap, ...]:
        """What agencies do not know or decline; where they only disagree, something is known."""
        return tuple(gap for gap in self.asked_to_verify if not all(a.conflict for a in self._open_answers(gap)))

    @cached_property
    def not_asked(self) -> tuple[OpenPlace, ...]:
        """What nobody was asked yet, the worst cases first, last what is not scored; a whole table is one place."""
        worst = {str(gap.address): -place for place, gap in enumerate(reversed(self.to_verify), start=1)}
        named = {str(gap.address) for gap in self.not_known}
        found: list[tuple[int, OpenPlace]] = []
        for section in self.dossier.instrument.sections:
            for block in self.sheet.section(section):
                question, open_items = block.question, [item for item in block.items if item.is_unanswered]
                if not open_items:
                    continue
                rows = {item.row.id: item.row for item in open_items if item.row is not None}
                is_whole = len(open_items) == block.counts.wanted or not rows
                grades = {row: worst.get(str(Address(question.id, row)), 0) for row in rows}
                if is_whole:
                    grade = min(grades.values(), default=worst.get(question.id, 0))
                    found.append((grade, OpenPlace(section, question, None)))
                else:
                    found += (
                        (grades[row_id], OpenPlace(section, question, row))
                        for row_id, row in rows.items()
                        if str(Address(question.id, row_id)) not in named
                    )
        return tuple(place for _grade, place in sorted(found, key=itemgetter(0)))

    def _open_answers(self, gap: Gap) -> Iterator[EffectiveAnswer]:
        """Give the answers because of which something is to be verified."""
        block = self.sheet.blocks[gap.question.id]
        items = block.row_items(gap.row.id).values() if gap.row else block.items
        for item in items:
            is_open = item.answer.conflict or item.answer.state in {AnswerState.UNKNOWN, AnswerState.DECLINED}
            if is_open and item.standing is ItemStatus.WANTED:
                yield item.answer

    def _was_asked(self, gap: Gap) -> bool:
        return next(self._open_answers(gap), None) is not None

    @cached_property
    def action_numbers(self) -> dict[str, int]:
        """The printed number of every action: the most severe gap first, then the earliest; those dropped last."""

        def order(action: Action) -> tuple[bool, int, str]:
            severity = SEVERITY_ORDER.index(action_severity(action, self.gaps))
            return action.progress is ActionProgress.DROPPED, -severity, action.start or action.end or "9999"

        return {action.id: number for number, action in enumerate(sorted(self.dossier.actions, key=order), start=1)}

    @cached_property
    def actions_by_gap(self) -> dict[str, tuple[Action, ...]]:
        found: dict[str, tuple[Action, ...]] = {}
        for action in self.dossier.actions:
            for address in action.gaps:
                found[address] = (*found.get(address, ()), action)
        return found

    @cached_property
    def evidence_numbers(self) -> dict[str, int]:
        """The printed number of every piece of evidence, in the order they were added."""
        return {entry.id: number for number, entry in enumerate(self.dossier.evidence, start=1)}

    @cached_property
    def places_of_evidence(self) -> dict[str, tuple[Address, ...]]:
        """Where each piece of evidence is used, by its id."""
        used: dict[str, dict[Address, None]] = {}
        for answer in self.dossier.answers:
            for entry in answer.content.evidence:
                used.setdefault(entry, {})[answer.key.address] = None
        return {entry: tuple(places) for entry, places in used.items()}


def appraise(
    dossier: Dossier,
    profile: ReportProfile = FULL_PROFILE,
    *,
    name_withheld: str = "[…]",
    voice: str = "{number}",
    untranslated: Mapping[str, int] | None = None,
) -> Appraisal:
    """Derive what every copy shows; without names the content hash is still that of the assessment.

    ``name_withheld`` stands where a text named a person, and ``voice`` (with {number}) for an agency, if the profile
    withholds them; ``untranslated`` is for the quality checks.
    """
    shown = show_dossier(dossier, profile, name_withheld, voice)
    return appraise_shown(shown, profile, dossier.content_hash, untranslated)


def show_dossier(dossier: Dossier, profile: ReportProfile, name_withheld: str, voice: str) -> Dossier:
    """Return as much of an assessment as a profile shows."""
    if Withheld.NAMES in profile.without:
        dossier = without_names(dossier, name_withheld)
    return without_attribution(dossier, voice) if Withheld.ATTRIBUTION in profile.without else dossier


def appraise_shown(
    shown: Dossier, profile: ReportProfile, whole: str, untranslated: Mapping[str, int] | None = None
) -> Appraisal:
    """Derive what a copy shows of a dossier that holds no more than its profile; ``whole`` is the content hash."""
    sheet = lay_out_dossier(shown)
    gaps = find_gaps(sheet, shown.ratings)
    return Appraisal(
        dossier=shown,
        profile=profile,
        content_hash=whole,
        sheet=sheet,
        scorecard=score_sheet(sheet, section_weights(shown.instrument, shown.mission.weights)),
        gaps=gaps[0],
        to_verify=gaps[1],
        untranslated=untranslated or {},
    )
