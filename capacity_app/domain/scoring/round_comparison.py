"""Two rounds of one country compared: matched items only, so that a change is never a change of basket.

An item is what earns points: one answer, or a group of columns that counts once. It is matched when both
rounds answered it under the same instrument and equal major version. Method: ``scoring.md``.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from capacity_app.domain.assessment.answer_rules import check_content, effective_answer
from capacity_app.domain.assessment.answers import (
    Address,
    Answer,
    AnswerKey,
    AnswerLayer,
    AnswerState,
    AnswerValue,
    Content,
)
from capacity_app.domain.assessment.dossier import Dossier
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_
from capacity_app.domain.questionnaire.instrument import (
    ChoiceOption,
    GridRow,
    Instrument,
    Question,
    QuestionField,
    Section,
)
from capacity_app.domain.scoring.answer_sheet import (
    ZERO,
    AnswerItem,
    AnswerSheet,
    ItemStatus,
    QuestionBlock,
    ScoredPart,
    lay_out_dossier,
    tally_parts,
)
from capacity_app.domain.scoring.scores import score_of


class RoundChange(StrEnum):
    """What happened to an item between two rounds."""

    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"
    NEWLY_NOT_APPLICABLE = "newly_not_applicable"
    LOST = "lost"
    GAINED = "gained"


MATCHED_CHANGES = frozenset({RoundChange.IMPROVED, RoundChange.SAME, RoundChange.WORSE})
ROUND_CHANGE_LABELS: dict[RoundChange, str] = {
    RoundChange.IMPROVED: N_("improved"),
    RoundChange.SAME: N_("same"),
    RoundChange.WORSE: N_("worse"),
    RoundChange.NEWLY_NOT_APPLICABLE: N_("no longer applicable"),
    RoundChange.LOST: N_("no longer answered"),
    RoundChange.GAINED: N_("newly answered"),
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in two rounds: points in [0, 1] before and after (None where not answered).

    ``weight`` is the item's weight in the later round, in the earlier one if it is gone.
    """

    address: Address
    section: Section
    question: Question
    row: GridRow | None
    change: RoundChange
    before: Fraction | None
    after: Fraction | None
    weight: Fraction

    @property
    def number(self) -> str:
        """The printed number ("IV.1 G")."""
        return f"{self.question.number} {self.row.number}".strip() if self.row else self.question.number


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section's score (0-100) over its matched items in both rounds, and how much of it matched."""

    section: Section
    matched: int
    weight_share: Fraction
    before: Fraction | None
    after: Fraction | None


@dataclass(frozen=True, slots=True)
class LostDisaggregation:
    """An element marked for alert (disaggregation by sex) that the previous round had and the later has not."""

    address: Address
    section: Section
    question: Question
    row: GridRow | None
    option: ChoiceOption


@dataclass(frozen=True, slots=True)
class AssessmentComparison:
    """What changed between two rounds; empty if the instruments cannot be compared."""

    is_compatible: bool
    changes: tuple[ItemChange, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    regressions: tuple[LostDisaggregation, ...] = ()
    weight_share: Fraction = ZERO

    @property
    def matched(self) -> int:
        return sum(1 for entry in self.changes if entry.change in MATCHED_CHANGES)

    def count(self, change: RoundChange) -> int:
        return sum(1 for entry in self.changes if entry.change is change)


def are_comparable(earlier: Instrument, later: Instrument) -> bool:
    """Return whether two instruments are versions with the same meaning: same id, equal major version."""
    return earlier.id == later.id and earlier.version.split(".")[0] == later.version.split(".")[0]


def _place(question: Question, part: ScoredPart) -> Address:
    """Return the address two rounds share: a group's best answer may stand in another column each time."""
    column = question.column_by_id.get(part.address.column)
    if column is None or not column.group:
        return part.address
    first = next(other.id for other in question.columns if other.group == column.group and other.is_scored)
    return Address(part.address.question, part.address.row, first)


def _parts(block: QuestionBlock) -> dict[Address, ScoredPart]:
    return {_place(block.question, part): part for part in block.parts}


def _change(before: ScoredPart | None, after: ScoredPart | None) -> RoundChange | None:
    """Name what happened; None if neither round answered, or there was nothing to lose."""
    was = None if before is None or before.is_out else before.points
    is_now = None if after is None or after.is_out else after.points
    if was is not None and is_now is not None:
        return RoundChange.SAME if was == is_now else RoundChange.IMPROVED if is_now > was else RoundChange.WORSE
    if after is not None and after.is_out:
        return None if before is None or before.is_out else RoundChange.NEWLY_NOT_APPLICABLE
    if was is not None:
        return RoundChange.LOST
    return RoundChange.GAINED if is_now is not None else None


def _block_changes(section: Section, earlier: QuestionBlock | None, later: QuestionBlock) -> Iterator[ItemChange]:
    question = later.question
    old, new = (_parts(earlier) if earlier else {}), _parts(later)
    for place in (*new, *(place for place in old if place not in new)):
        before, after = old.get(place), new.get(place)
        change = _change(before, after)
        if change is None:
            continue
        yield ItemChange(
            address=place,
            section=section,
            question=question,
            row=question.row_by_id.get(place.row),
            change=change,
            before=before.points if before else None,
            after=after.points if after else None,
            weight=(after or before or next(iter(new.values()))).weight,
        )


def _retired(earlier: AnswerSheet, later: AnswerSheet) -> Iterator[ItemChange]:
    """Go through what the previous round answered and the later instrument no longer asks."""
    for question_id, block in earlier.blocks.items():
        if question_id in later.blocks:
            continue
        section = earlier.instrument.section_of[question_id]
        for place, part in _parts(block).items():
            if part.points is not None:
                row = block.question.row_by_id.get(place.row)
                yield ItemChange(
                    place, section, block.question, row, RoundChange.LOST, part.points, None, part.weight
                )  # fmt: skip


def _score_matched(changes: Iterable[ItemChange], which: str) -> Fraction | None:
    """Score one round over matched items, with the later round's weights for both."""
    parts = [
        ScoredPart(entry.address, "", entry.weight, points, points, points, points, 0)
        for entry in changes
        if entry.change in MATCHED_CHANGES and (points := getattr(entry, which)) is not None
    ]
    return score_of(tally_parts(parts)).value


def _share(changes: Iterable[ItemChange], blocks: Iterable[QuestionBlock]) -> Fraction:
    total = sum((block.tally.weight for block in blocks), ZERO)
    matched = sum((entry.weight for entry in changes if entry.change in MATCHED_CHANGES), ZERO)
    return matched / total if total else ZERO


def _section_change(section: Section, later: AnswerSheet, changes: Mapping[str, list[ItemChange]]) -> SectionChange:
    own = changes.get(section.id, [])
    matched = sum(1 for entry in own if entry.change in MATCHED_CHANGES)
    share = _share(own, later.section(section))
    return SectionChange(section, matched, share, _score_matched(own, "before"), _score_matched(own, "after"))


def _ticked(value: AnswerValue) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _has_lost(option: ChoiceOption, before: AnswerItem, after: AnswerItem) -> bool:
    """Return whether an element is gone: answered without it, or settled because the thing itself is gone."""
    if before.standing is not ItemStatus.WANTED or option.id not in _ticked(before.answer.value):
        return False
    if after.standing is ItemStatus.SETTLED:
        return True
    is_answered = after.standing is ItemStatus.WANTED and after.answer.value is not None
    return is_answered and option.id not in _ticked(after.answer.value)


def _regressions(earlier: AnswerSheet, later: AnswerSheet) -> Iterator[LostDisaggregation]:
    old = {item.address: item for item in earlier.items()}
    for item in later.items():
        before = old.get(item.address)
        if before is None:
            continue
        for option in item.field.options:
            if option.alert and _has_lost(option, before, item):
                section = later.instrument.section_of[item.question.id]
                yield LostDisaggregation(item.address, section, item.question, item.row, option)


def compare_laid_out(earlier: AnswerSheet, later: AnswerSheet) -> AssessmentComparison:
    if not are_comparable(earlier.instrument, later.instrument):
        return AssessmentComparison(is_compatible=False)
    changes = [
        change
        for section in later.instrument.sections
        for block in later.section(section)
        for change in _block_changes(section, earlier.blocks.get(block.question.id), block)
    ]
    changes += _retired(earlier, later)
    grouped: dict[str, list[ItemChange]] = {}
    for entry in changes:
        grouped.setdefault(entry.section.id, []).append(entry)
    core = [section for section in later.instrument.sections if section.is_scored and not section.supplement]
    in_core = [entry for section in core for entry in grouped.get(section.id, ())]
    return AssessmentComparison(
        is_compatible=True,
        changes=tuple(changes),
        sections=tuple(_section_change(s, later, grouped) for s in later.instrument.sections if s.is_scored),
        regressions=tuple(_regressions(earlier, later)),
        weight_share=_share(in_core, (block for section in core for block in later.section(section))),
    )


def find_question_changes(question_id: str, earlier: AnswerSheet, later: AnswerSheet) -> tuple[ItemChange, ...]:
    """Compare one question between two rounds as laid out; empty if they cannot be compared."""
    block = later.blocks.get(question_id)
    if block is None or not are_comparable(earlier.instrument, later.instrument):
        return ()
    return tuple(_block_changes(later.instrument.section_of[question_id], earlier.blocks.get(question_id), block))


def compare_rounds(earlier: Dossier, later: Dossier) -> AssessmentComparison:
    return compare_laid_out(lay_out_dossier(earlier), lay_out_dossier(later))


# What a previous round answered and nobody has been asked yet: offered "to confirm", never counted as given.
#
# Nothing of it is stored. An earlier answer is offered as long as its place is wanted and unanswered, and vanishes once
# somebody answers, so it can neither reach a score nor be lost: the previous round stays in the file as it was.

_NONE: Mapping[Address, Content] = MappingProxyType({})
GIVEN_STATES = frozenset({AnswerState.ANSWERED, AnswerState.NOT_APPLICABLE})


def find_carried_forward(
    sheet: AnswerSheet, earlier: Dossier | None, respondent: str = ""
) -> Mapping[Address, Content]:
    """Give, by place, what may be confirmed: the respondent's own earlier answer, else what counted in that round.

    Only where an answer is wanted and missing, the instruments are comparable, and the answer is still allowed.
    Evidence and notes stay with the previous round: they supported that answer, not this one.
    """
    if earlier is None or not are_comparable(earlier.instrument, sheet.instrument):
        return _NONE
    return {
        address: content
        for block in sheet.blocks.values()
        for address, content in _of_block(block, sheet.instrument, earlier, respondent)
    }


def find_carried_forward_in_block(
    block: QuestionBlock, instrument: Instrument, earlier: Dossier | None, respondent: str = ""
) -> Mapping[Address, Content]:
    """Return what may be confirmed in one question; see ``find_carried_forward``."""
    if earlier is None or not are_comparable(earlier.instrument, instrument):
        return _NONE
    return dict(_of_block(block, instrument, earlier, respondent))


def _of_block(
    block: QuestionBlock, instrument: Instrument, earlier: Dossier, respondent: str
) -> Iterator[tuple[Address, Content]]:
    for address, field in _missing(block):
        said = earlier.by_address.get(address)
        content = (_own_answer(said, respondent) or _agreed_answer(said, field)) if said else None
        if (
            content is not None
            and check_content(instrument, AnswerKey(address, respondent=respondent), content)[1] is None
        ):
            yield address, content


def _missing(block: QuestionBlock) -> Iterator[tuple[Address, QuestionField | None]]:
    """Go through the places where an answer is wanted and missing; whole rows of which nothing is said yet."""
    silent: dict[str, bool] = {}
    for item in block.items:
        if item.is_unanswered:
            yield item.address, item.field
        if item.row is not None and item.standing is ItemStatus.WANTED:
            silent[item.row.id] = silent.get(item.row.id, True) and item.is_unanswered
    yield from ((Address(block.question.id, row), None) for row, is_silent in silent.items() if is_silent)


def _own_answer(said: Sequence[Answer], respondent: str) -> Content | None:
    for answer in said:
        is_own = answer.key.layer is AnswerLayer.RESPONSE and answer.key.respondent == respondent
        if is_own and answer.content.state in GIVEN_STATES:
            return replace(answer.content, note="", evidence=())
    return None


def _agreed_answer(said: Sequence[Answer], field: QuestionField | None) -> Content | None:
    found = effective_answer(said, field)
    return Content(state=found.state, value=found.value, reason=found.reason) if found.state in GIVEN_STATES else None
