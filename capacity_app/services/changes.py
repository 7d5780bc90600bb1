"""What a session tells: what changed, what was saved, what was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from capacity_app.domain.answers import AnswerKey, Content
from capacity_app.domain.assessment import Entry
from capacity_app.domain.problems import KnownError, Problem, Translate


@dataclass(frozen=True, slots=True)
class Change:
    """What recording did to one answer; nothing was stored where both are equal and nothing was in conflict."""

    key: AnswerKey
    before: Content
    after: Content


@dataclass(frozen=True, slots=True)
class EntryChange:
    """What putting or removing did to a register entry; None where there is none."""

    register: str
    entry_id: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class Saved:
    """A commit of ``written`` revisions returned at ``time`` (local, aware); ``waiting`` more are still queued."""

    time: datetime
    waiting: int
    written: int = 0


@dataclass(frozen=True, slots=True)
class SaveFailed:
    """A commit failed; ``waiting`` revisions are kept and tried again with the next one or on request."""

    error: KnownError
    waiting: int


Report = Callable[[Saved | SaveFailed], None]


class Refused(KnownError):  # noqa: N818 - a KnownError like the others, named for what happened
    """An answer or entry that may not be stored: out of range, too long, at no known place."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.message, **dict(problem.values))

    def text(self, translate: Translate = str) -> str:
        """Return what is wrong and what to do, in the language of ``translate``."""
        return self.problem.text(translate)
