"""How far an assessment has come: what is wanted, asked, answered and in conflict."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.answers import State
from capacity_app.domain.sheet import Block, Item, Sheet, Standing


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
        """How many places nobody has been asked about."""
        return self.wanted - self.asked


def _count(item: Item) -> Completeness:
    if item.standing is not Standing.WANTED:
        return Completeness()
    is_conflict = bool(item.answer.conflict)
    is_asked = is_conflict or item.answer.state is not State.NOT_ASKED
    return Completeness(1, int(is_asked), int(not item.answer.is_open), int(is_conflict))


def of_blocks(blocks: Iterable[Block]) -> Completeness:
    """Count over some questions."""
    return sum((_count(item) for block in blocks for item in block.items), Completeness())


def of_sheet(sheet: Sheet) -> Completeness:
    """Count over the whole instrument."""
    return of_blocks(sheet.blocks.values())
