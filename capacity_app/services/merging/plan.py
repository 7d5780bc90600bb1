"""What merging would do and what it did, in numbers and as differences to decide on."""

from dataclasses import dataclass, field
from pathlib import Path

from capacity_app.domain.deciding import Difference
from capacity_app.domain.problems import Problem
from capacity_app.services.changes import Change, EntryChange
from capacity_app.services.merging.restating import Moment
from capacity_app.services.merging.sources import ReadFile
from capacity_app.services.merging.uniting import Counts, Twins, Union
from capacity_app.store.assessment_file import PreviousRound


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeSource:
    """One file to be merged and what it brings; ``problem`` says why it is refused, and then all counts are 0.

    ``people`` made what is new in it, whoever made most first (where nothing is new, all of it). ``revisions`` are the
    changes in it, of answers and registers: always ``already_here + new``. ``answers`` and ``entries`` count what it
    does together with the other files. ``documents`` are those not here yet. ``notices`` say what else is to be said.
    """

    file: str
    path: Path
    assessment_id: str = ""
    people: tuple[str, ...] = ()
    revisions: int = 0
    already_here: int = 0
    new: int = 0
    answers: Counts = field(default_factory=Counts)
    entries: Counts = field(default_factory=Counts)
    documents: int = 0
    problem: Problem | None = None
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """All that merging would do, with nothing done yet.

    ``conflicts`` are one per contested field and other value, those still open from before too. ``replaced`` is what a
    file says that has been replaced here since (not contested): decide ``Side.THEIRS`` to take it again. ``new`` counts
    the changes that would be taken over, each once.
    """

    sources: tuple[MergeSource, ...]
    conflicts: tuple[Difference, ...] = ()
    twins: tuple[Twins, ...] = ()
    replaced: tuple[Difference, ...] = ()
    new: int = 0
    files: tuple[ReadFile, ...] = field(default=(), repr=False)
    union: Union | None = field(default=None, repr=False, compare=False)

    @property
    def refused(self) -> tuple[MergeSource, ...]:
        return tuple(source for source in self.sources if source.problem)

    @property
    def is_empty(self) -> bool:
        return self.new == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """What merging or settling did; give it to ``take_back`` and ``bring_back``.

    ``revisions`` counts the other laptops' changes taken over, ``settled`` the conflicts decided, ``still_open`` those
    that are not. ``before`` and ``after`` are what counted at the places concerned, and which earlier round.
    """

    changes: tuple[Change | EntryChange, ...]
    revisions: int = 0
    settled: int = 0
    still_open: int = 0
    problems: tuple[Problem, ...] = ()
    before: Moment = field(default_factory=dict, repr=False)
    after: Moment = field(default_factory=dict, repr=False)
    previous: PreviousRound | None = field(default=None, repr=False)
