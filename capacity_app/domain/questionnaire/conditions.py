"""Conditions over answers, as data: nothing in an instrument is ever evaluated as code."""

from collections.abc import Callable, Iterator
from enum import StrEnum

from capacity_app.domain.assessment.answers import Address, AnswerValue
from capacity_app.domain.fast_dataclass import dataclass

NESTING_LIMIT = 32
"""How deep conditions, and tables and lists of a questionnaire's file, may stand within each other."""


class ConditionOperator(StrEnum):
    """How a condition combines its parts or tests an answer."""

    ALL = "all"
    ANY = "any"
    NOT = "not"
    IS = "is"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A test of one answer (is, at least) or a combination of conditions (all, any, not).

    ``is`` holds when the answer equals one of ``values`` (a checklist: contains one of them);
    ``at_least`` when a level or number is ``number`` or more. An open or hidden answer meets neither.
    """

    op: ConditionOperator
    parts: tuple["Condition", ...] = ()
    address: Address | None = None
    values: tuple[str, ...] = ()
    number: int | None = None

    def addresses(self) -> Iterator[Address]:
        """Go through all answers the condition looks at."""
        if self.address is not None:
            yield self.address
        for part in self.parts:
            yield from part.addresses()

    def holds(self, value_of: Callable[[Address], AnswerValue]) -> bool:
        """Evaluate against effective values; ``None`` stands for an open or hidden answer."""
        match self.op:
            case ConditionOperator.ALL:
                return all(part.holds(value_of) for part in self.parts)
            case ConditionOperator.ANY:
                return any(part.holds(value_of) for part in self.parts)
            case ConditionOperator.NOT:
                return not self.parts[0].holds(value_of)
        assert self.address is not None, "is and at_least test an address"
        value = value_of(self.address)
        if value is None:
            return False
        if self.op is ConditionOperator.AT_LEAST:
            return isinstance(value, int) and self.number is not None and value >= self.number
        given = value if isinstance(value, tuple) else (str(value),)
        return any(one in self.values for one in given)
