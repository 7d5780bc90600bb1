"""What reached the highest level: the strengths a plan can build on."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from capacity_app.domain.instrument import Question, Row
from capacity_app.domain.sheet import ONE, Block
from capacity_app.wording import Wording


@dataclass(frozen=True, slots=True)
class Strength:
    """Something that reached the highest level: a question, or a row of a grid."""

    question: Question
    row: Row | None
    importance: int
    grade: int
    weight: Fraction

    @property
    def number(self) -> str:
        return f"{self.question.number} {self.row.number}".strip() if self.row else self.question.number


def strengths_of(blocks: Iterable[Block]) -> tuple[Strength, ...]:
    """Find what reached the highest level, the most important and best supported first."""
    found = []
    for block in blocks:
        for row_id, points in block.reached.items():
            if points != ONE:
                continue
            parts = [part for part in block.parts if part.row == row_id]
            importance = block.rows[row_id].importance if row_id else block.question.importance
            grade = min((part.grade for part in parts), default=0)
            weight = sum((part.weight for part in parts), Fraction(0))
            found.append(Strength(block.question, block.question.row_by_id.get(row_id), importance, grade, weight))
    return tuple(sorted(found, key=lambda one: (-one.importance, -one.grade, -one.weight)))


def strength_words(words: Wording, strength: Strength) -> str:
    """Return what is strong: the row, or the sentence of the level that was reached."""
    question = strength.question
    if strength.row:
        return words.row(question, strength.row)
    return words.anchor(question, question, len(question.anchors) - 1) or words.question(question)
