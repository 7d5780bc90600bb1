"""How answers came about: every revision with what the same speaker had said before it."""

from collections.abc import Iterable
from dataclasses import dataclass

from capacity_app.domain.answers import EMPTY, AnswerKey, Content
from capacity_app.domain.revisions import Revision, RevisionId, in_order


@dataclass(frozen=True, slots=True)
class Step:
    """One revision and what it replaced; ``before`` is empty where nothing had been said."""

    revision: Revision
    before: Content

    @property
    def after(self) -> Content:
        return self.revision.content

    @property
    def key(self) -> AnswerKey:
        return self.revision.key


def steps(revisions: Iterable[Revision]) -> tuple[Step, ...]:
    """Pair revisions with what they replaced, newest first.

    No clock is asked: laptops' clocks differ, and jump. What knew of another revision comes after it, and what one
    laptop made stands as it was made.
    """
    known = tuple(revisions)
    by_id: dict[RevisionId, Content] = {revision.id: revision.content for revision in known}
    newest_first = reversed(in_order(known))
    return tuple(Step(one, by_id.get(one.parents[-1], EMPTY) if one.parents else EMPTY) for one in newest_first)
