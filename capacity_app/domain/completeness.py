"""How far an assessment has come: what is wanted, asked, answered and in conflict."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.sheet import Block, Sheet


@dataclass(frozen=True, slots=True)
class Completeness:
    """Counts of places for answers: wanted, asked (anything but not asked), answered or N/A, conflicts."""

    wanted: int = 0
    asked: int = 0
    settled: int = 0
    conflicts: int = 0

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(
            self.wanted + other.wanted,
            self.asked + other.asked,
            self.settled + other.settled,
            self.conflicts + other.conflicts,
        )

    @property
    def share(self) -> Fraction:
        """The share of wanted places where somebody has been asked, 0 to 1; nothing wanted is complete."""
        return Fraction(self.asked, self.wanted) if self.wanted else Fraction(1)

    @property
    def missing(self) -> int:
        return self.wanted - self.asked


def of_blocks(blocks: Iterable[Block]) -> Completeness:
    counted = [block.counts for block in blocks]
    return Completeness(
        sum(counts.wanted for counts in counted),
        sum(counts.asked for counts in counted),
        sum(counts.settled for counts in counted),
        sum(counts.conflicts for counts in counted),
    )


def of_sheet(sheet: Sheet) -> Completeness:
    return of_blocks(sheet.blocks.values())
