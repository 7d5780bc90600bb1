"""What brings points into a section, as values a page can show and a person can re-compute."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from capacity_app.domain.answers import Address
from capacity_app.domain.instrument import Instrument, Question
from capacity_app.domain.sheet import ZERO, Part
from capacity_app.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class Share:
    """What one part, or one whole question, brings into a score; ``points`` is None while it is open or out.

    Where agencies disagree, ``points`` is the midpoint. ``earned`` is weight × points; ``grade`` the evidence grade
    (0-3) of what is answered, else None.
    """

    address: Address
    label: str
    weight: Fraction
    points: Fraction | None
    earned: Fraction
    is_out: bool
    grade: int | None
    is_disputed: bool = False
    shares: tuple["Share", ...] = ()

    @property
    def is_open(self) -> bool:
        return self.is_disputed or (self.points is None and not self.is_out)

    @property
    def open_count(self) -> int:
        return sum(share.open_count for share in self.shares) if self.shares else int(self.is_open)


def _cell_label(wording: Wording, question: Question, part: Part) -> str:
    """Name a cell by its row and column."""
    row, column = question.row_by_id.get(part.row), question.column_by_id.get(part.address.column)
    words = []
    if row is not None:
        words.append(wording.texts.numbered(row.number, wording.row(question, row)))
    if column is not None:
        words.append(wording.column(question, column))
    return " · ".join(words)


def question_label(wording: Wording, question: Question) -> str:
    return wording.texts.numbered(question.number, wording.question(question))


def _share(label: str, part: Part) -> Share:
    points = part.middle if part.is_disputed else part.points
    earned = part.weight * points if points is not None else ZERO
    grade = None if part.points is None else part.grade
    return Share(part.address, label, part.weight, points, earned, part.is_out, grade, part.is_disputed)


def _question_share(wording: Wording, question: Question, parts: Sequence[Part]) -> Share:
    label = question_label(wording, question)
    if len(parts) == 1 and not parts[0].row:
        return _share(label, parts[0])
    shares = tuple(_share(_cell_label(wording, question, part), part) for part in parts)
    answered = sum((share.weight for share in shares if share.points is not None and not share.is_out), ZERO)
    earned = sum((share.earned for share in shares), ZERO)
    return Share(
        Address(question.id),
        label,
        sum((share.weight for share in shares if not share.is_out), ZERO),
        earned / answered if answered else None,
        earned,
        all(share.is_out for share in shares),
        None,
        shares=shares,
    )


def section_shares(wording: Wording, instrument: Instrument, parts: Iterable[Part]) -> tuple[Share, ...]:
    """Give what every question of a section brings in, grids with their cells below them."""
    grouped = groupby(parts, key=lambda part: part.address.question)
    return tuple(_question_share(wording, instrument.question_by_id[q], tuple(p)) for q, p in grouped)
