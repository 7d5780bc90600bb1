"""Two rounds of one country compared: matched items only, so that a change is never a change of basket.

An item is what earns points: one answer, or a group of columns that counts once. It is matched when both
rounds answered it under the same instrument and equal major version. Method: ``scoring.md``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from capacity_app.domain.answers import Address, Value
from capacity_app.domain.dossier import Dossier
from capacity_app.domain.instrument import Instrument, Option, Question, Row, Section
from capacity_app.domain.problems import N_
from capacity_app.domain.scoring import score_of
from capacity_app.domain.sheet import ZERO, Block, Item, Part, Sheet, Standing, lay_out, tally


class Change(StrEnum):
    """What happened to an item between two rounds."""

    IMPROVED = "improved"
    SAME = "same"
    WORSE = "worse"
    NEWLY_NOT_APPLICABLE = "newly_not_applicable"
    LOST = "lost"
    GAINED = "gained"


MATCHED = frozenset({Change.IMPROVED, Change.SAME, Change.WORSE})
CHANGE_WORDS: dict[Change, str] = {
    Change.IMPROVED: N_("improved"),
    Change.SAME: N_("same"),
    Change.WORSE: N_("worse"),
    Change.NEWLY_NOT_APPLICABLE: N_("no longer applicable"),
    Change.LOST: N_("no longer answered"),
    Change.GAINED: N_("newly answered"),
}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in two rounds: points in [0, 1] before and after (None where not answered).

    ``weight`` is the item's weight in the later round, in the earlier one if it is gone.
    """

    address: Address
    section: Section
    question: Question
    row: Row | None
    change: Change
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
class Regression:
    """An element marked for alert (disaggregation by sex) that the earlier round had and the later has not."""

    address: Address
    section: Section
    question: Question
    row: Row | None
    option: Option


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed between two rounds; empty if the instruments cannot be compared."""

    is_compatible: bool
    changes: tuple[ItemChange, ...] = ()
    sections: tuple[SectionChange, ...] = ()
    regressions: tuple[Regression, ...] = ()
    weight_share: Fraction = ZERO

    @property
    def matched(self) -> int:
        return sum(1 for entry in self.changes if entry.change in MATCHED)

    def count(self, change: Change) -> int:
        return sum(1 for entry in self.changes if entry.change is change)


def are_comparable(earlier: Instrument, later: Instrument) -> bool:
    """Return whether two instruments are versions with the same meaning: same id, equal major version."""
    return earlier.id == later.id and earlier.version.split(".")[0] == later.version.split(".")[0]


def _place(question: Question, part: Part) -> Address:
    """Return the address two rounds share: a group's best answer may stand in another column each time."""
    column = question.column_by_id.get(part.address.column)
    if column is None or not column.group:
        return part.address
    first = next(other.id for other in question.columns if other.group == column.group and other.is_scored)
    return Address(part.address.question, part.address.row, first)


def _parts(block: Block) -> dict[Address, Part]:
    return {_place(block.question, part): part for part in block.parts}


def _change(before: Part | None, after: Part | None) -> Change | None:
    """Name what happened; None if neither round answered, or there was nothing to lose."""
    was = None if before is None or before.is_out else before.points
    is_now = None if after is None or after.is_out else after.points
    if was is not None and is_now is not None:
        return Change.SAME if was == is_now else Change.IMPROVED if is_now > was else Change.WORSE
    if after is not None and after.is_out:
        return None if before is None or before.is_out else Change.NEWLY_NOT_APPLICABLE
    if was is not None:
        return Change.LOST
    return Change.GAINED if is_now is not None else None


def _block_changes(section: Section, earlier: Block | None, later: Block) -> Iterator[ItemChange]:
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


def _retired(earlier: Sheet, later: Sheet) -> Iterator[ItemChange]:
    """Go through what the earlier round answered and the later instrument no longer asks."""
    for question_id, block in earlier.blocks.items():
        if question_id in later.blocks:
            continue
        section = earlier.instrument.section_of[question_id]
        for place, part in _parts(block).items():
            if part.points is not None:
                row = block.question.row_by_id.get(place.row)
                yield ItemChange(
                    place, section, block.question, row, Change.LOST, part.points, None, part.weight
                )  # fmt: skip


def _rescored(changes: Iterable[ItemChange], which: str) -> Fraction | None:
    """Score one round over matched items, with the later round's weights for both."""
    parts = [
        Part(entry.address, "", entry.weight, points, points, points, points, 0)
        for entry in changes
        if entry.change in MATCHED and (points := getattr(entry, which)) is not None
    ]
    return score_of(tally(parts)).value


def _share(changes: Iterable[ItemChange], blocks: Iterable[Block]) -> Fraction:
    total = sum((block.tally.weight for block in blocks), ZERO)
    matched = sum((entry.weight for entry in changes if entry.change in MATCHED), ZERO)
    return matched / total if total else ZERO


def _section_change(section: Section, later: Sheet, changes: Mapping[str, list[ItemChange]]) -> SectionChange:
    own = changes.get(section.id, [])
    matched = sum(1 for entry in own if entry.change in MATCHED)
    share = _share(own, later.section(section))
    return SectionChange(section, matched, share, _rescored(own, "before"), _rescored(own, "after"))


def _ticked(value: Value) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()


def _has_lost(option: Option, before: Item, after: Item) -> bool:
    """Return whether an element is gone: answered without it, or settled because the thing itself is gone."""
    if before.standing is not Standing.WANTED or option.id not in _ticked(before.answer.value):
        return False
    if after.standing is Standing.SETTLED:
        return True
    is_answered = after.standing is Standing.WANTED and after.answer.value is not None
    return is_answered and option.id not in _ticked(after.answer.value)


def _regressions(earlier: Sheet, later: Sheet) -> Iterator[Regression]:
    old = {item.address: item for item in earlier.items()}
    for item in later.items():
        before = old.get(item.address)
        if before is None:
            continue
        for option in item.field.options:
            if option.alert and _has_lost(option, before, item):
                section = later.instrument.section_of[item.question.id]
                yield Regression(item.address, section, item.question, item.row, option)


def compare_sheets(earlier: Sheet, later: Sheet) -> Comparison:
    """Compare two rounds as laid out."""
    if not are_comparable(earlier.instrument, later.instrument):
        return Comparison(is_compatible=False)
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
    return Comparison(
        is_compatible=True,
        changes=tuple(changes),
        sections=tuple(_section_change(s, later, grouped) for s in later.instrument.sections if s.is_scored),
        regressions=tuple(_regressions(earlier, later)),
        weight_share=_share(in_core, (block for section in core for block in later.section(section))),
    )


def changes_in(question_id: str, earlier: Sheet, later: Sheet) -> tuple[ItemChange, ...]:
    """Compare one question between two rounds as laid out; empty if they cannot be compared."""
    block = later.blocks.get(question_id)
    if block is None or not are_comparable(earlier.instrument, later.instrument):
        return ()
    return tuple(_block_changes(later.instrument.section_of[question_id], earlier.blocks.get(question_id), block))


def sheet_of(dossier: Dossier) -> Sheet:
    """Lay a dossier's answers out on its instrument."""
    grades = {entry.id: entry.grade for entry in dossier.evidence}
    return lay_out(dossier.instrument, dossier.by_address, grades)


def compare(earlier: Dossier, later: Dossier) -> Comparison:
    return compare_sheets(sheet_of(earlier), sheet_of(later))
