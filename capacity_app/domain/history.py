"""How answers came about: every revision with what the same speaker had said before it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from capacity_app.domain.answers import EMPTY, AnswerKey, Content
from capacity_app.domain.revisions import Revision, RevisionId

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """One revision and what it replaced; ``before`` is empty where nothing had been said."""

    revision: Revision
    before: Content

    @property
    def after(self) -> Content:
        """What was said from then on."""
        return self.revision.content

    @property
    def key(self) -> AnswerKey:
        """Whose answer it is, and where."""
        return self.revision.key


def _made(known: Iterable[Revision]) -> dict[RevisionId, datetime]:
    """Give when each revision was made: as its clock says, but never before what it knew of."""
    times: dict[RevisionId, datetime] = {}
    for revision in sorted(known, key=lambda one: (one.id.counter, one.id.device)):
        own = _moment(revision.time)
        times[revision.id] = max((own, *(times[parent] for parent in revision.parents if parent in times)))
    return times


def _moment(time: str) -> datetime:
    try:
        read = datetime.fromisoformat(time)
    except ValueError:
        return _NEVER
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def steps(revisions: Iterable[Revision]) -> tuple[Step, ...]:
    """Pair revisions with what they replaced, newest first.

    Clocks differ between laptops: a revision never comes before one it knew of, whatever the clocks say.
    """
    known = tuple(revisions)
    by_id: dict[RevisionId, Content] = {revision.id: revision.content for revision in known}
    made = _made(known)
    newest_first = sorted(known, key=lambda one: (made[one.id], one.id.counter, one.id.device), reverse=True)
    return tuple(Step(one, by_id.get(one.parents[-1], EMPTY) if one.parents else EMPTY) for one in newest_first)
