"""Merging assessments that several officers continued: planned first with everything counted, then done at once.

Problem: five laptops come back with copies of one assessment. Decision: the revisions of all of them are united, which
no order and no repetition can change; what several heads say together is derived (``merge_revisions``). Nobody's work
is copied, dropped or rewritten, so a merge has nothing to decide except what two people really said differently.
Assessments started separately are merged only if somebody insists: their people and agencies are typed twice then, and
joined afterwards (``change_sets``). A previous round that is here stays; a first one is taken over. Taking a merge
back says again what was said before; who merges this file later gets that as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path
from types import MappingProxyType

from capacity_app.domain.assessment.answers import AnswerKey
from capacity_app.domain.assessment.merging import Decisions, DecisionSide, MergeDifference
from capacity_app.domain.assessment.revisions import EntryRevision, Revision
from capacity_app.domain.backup_retention import BackupReason
from capacity_app.domain.encryption_keys import NO_KEYS, Keyring, keyring_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, Problem
from capacity_app.services.exchange.merge_conflicts import (
    DecisionSignature,
    HeadsSnapshot,
    RevisionSources,
    chosen_revisions,
    conflict_differences,
    restate_snapshot,
    settling_revisions,
    take_snapshot,
)
from capacity_app.services.exchange.merge_sources import (
    ArrivedRevisions,
    DuplicateEntries,
    MergeCounts,
    MergeFile,
    RevisionUnion,
    merge_warning,
    read_merge_file,
    read_new_documents,
)
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.entries_and_documents import device_id
from capacity_app.services.session.file_writing import now, revision_writes
from capacity_app.services.session.revision_log import AnswerChange, EntryChange, RecordKey
from capacity_app.storage.assessment_file import PreviousRound, Write
from capacity_app.storage.creation import atomic_assessment

# What merging would do and what it did, in numbers and as differences to decide on.


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
    answers: MergeCounts = field(default_factory=MergeCounts)
    entries: MergeCounts = field(default_factory=MergeCounts)
    documents: int = 0
    problem: Problem | None = None
    notices: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePlan:
    """All that merging would do, with nothing done yet.

    ``conflicts`` are one per contested field and other value, those still open from before too. ``replaced`` is what a
    file says that has been replaced here since (not contested): decide ``DecisionSide.THEIRS`` to take it again.
    ``new`` counts the changes that would be taken over, each once; ``changes`` are what counts otherwise then.
    """

    sources: tuple[MergeSource, ...]
    conflicts: tuple[MergeDifference, ...] = ()
    twins: tuple[DuplicateEntries, ...] = ()
    replaced: tuple[MergeDifference, ...] = ()
    new: int = 0
    changes: tuple[AnswerChange | EntryChange, ...] = ()
    files: tuple[MergeFile, ...] = field(default=(), repr=False)
    union: RevisionUnion | None = field(default=None, repr=False, compare=False)

    @property
    def refused(self) -> tuple[MergeSource, ...]:
        return tuple(source for source in self.sources if source.problem)

    @property
    def is_empty(self) -> bool:
        return self.new == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeResult:
    """What merging or settling did; give it to ``undo_merge`` and ``redo_merge``.

    ``revisions`` counts the other laptops' changes taken over, ``settled`` the conflicts decided, ``still_open`` those
    that are not. ``before`` and ``after`` are what counted at the places concerned, and which previous round.
    """

    changes: tuple[AnswerChange | EntryChange, ...]
    revisions: int = 0
    settled: int = 0
    still_open: int = 0
    problems: tuple[Problem, ...] = ()
    before: HeadsSnapshot = field(default_factory=dict, repr=False)
    after: HeadsSnapshot = field(default_factory=dict, repr=False)
    previous: PreviousRound | None = field(default=None, repr=False)


# Several revisions recorded together: made one after another in memory, and stored in one transaction.


class MergeRecorder:
    """What is added to an open assessment at some spots; ``before`` is what counted there."""

    def __init__(self, session: AssessmentSession, spots: Iterable[RecordKey]) -> None:
        self._session, self._known = session, session.known
        self.before = take_snapshot(self._known, dict.fromkeys(spots))
        self._said = {spot: self._known.said(spot) for spot in self.before}
        self._contested = {spot for spot in self.before if self._is_contested(spot)}
        self._answers: list[Revision] = []
        self._entries: list[EntryRevision] = []
        self._signature = DecisionSignature(session.author, now(), session.language, self._known.next_id)

    def _is_contested(self, spot: RecordKey) -> bool:
        united = self._known.united(spot)
        return united is not None and bool(united.contests)

    def add(self, revisions: Iterable[Revision | EntryRevision]) -> None:
        made = tuple(revisions)
        answers = [one for one in made if isinstance(one, Revision)]
        entries = [one for one in made if isinstance(one, EntryRevision)]
        self._known.unite(answers, entries)
        self._answers += answers
        self._entries += entries

    def settle(self, voices: RevisionSources, decisions: Decisions) -> tuple[int, int]:
        """Record what was decided; gives how many conflicts are settled and how many stay open."""
        voices = replace(voices, here=self._said.__getitem__)
        decided = total = 0
        made: list[Revision | EntryRevision] = []
        for spot in self.before:
            united = self._known.united(spot)
            if united is None or not united.contests:
                continue
            fields = chosen_revisions(united, voices, decisions)
            total += len(united.contests)
            decided += len(fields)
            made += settling_revisions(united, fields, self._signature) if fields else ()
        self.add(made)
        return decided, total - decided

    def say_again(self, differences: Iterable[MergeDifference]) -> None:
        """Say again, on top of everything, what another file says."""
        for one in differences:
            spot = one.key or (one.register, one.entry_id)
            united = self._known.united(spot)
            if united is not None:
                said = one.theirs.content if isinstance(spot, AnswerKey) else one.theirs.entry
                parents = tuple(head.id for head in self.before[spot] or united.heads)
                self.add([self._signature.on(united.shown, said, parents)])

    def restate(self, wanted: HeadsSnapshot) -> None:
        self.add(restate_snapshot(self._known, wanted))

    def store(self, more: Sequence[Write] = ()) -> tuple[AnswerChange | EntryChange, ...]:
        """Store everything in one transaction; gives what changed, and where conflicts came or went."""
        self._session.take([*more, *revision_writes(self._known, self._answers, self._entries)])
        spots = [spot for spot in self.before if self._has_changed(spot)]
        return tuple(self._change(spot) for spot in spots)

    def _has_changed(self, spot: RecordKey) -> bool:
        is_other = self._known.said(spot) != self._said[spot]
        return is_other or self._is_contested(spot) != (spot in self._contested)

    def _change(self, spot: RecordKey) -> AnswerChange | EntryChange:
        if isinstance(spot, AnswerKey):
            return AnswerChange(spot, self._said[spot], self._known.answers.content(spot))  # type: ignore[arg-type]
        return EntryChange(*spot, self._said[spot], self._known.entries.entry(*spot))  # type: ignore[arg-type]


NO_DECISIONS: Decisions = MappingProxyType({})
OTHER_PREVIOUS_ROUND = N_("“{file}” holds another previous round than this assessment: what stands here stays.")
SAME_REVISION_IDS = N_(
    "Changes in “{file}” with the same numbers as other changes: {count}. Both are kept. This happens when "
    "a laptop is cloned while the program runs. Close the program on both laptops and start it again."
)

# -- planning ----------------------------------------------------------------------------------------------------------


def plan_merge(
    session: AssessmentSession, files: Sequence[Path], *, different_assessments: bool = False, keys: Keyring = NO_KEYS
) -> MergePlan:
    """Read the files and work out what merging them does; one that cannot be merged is a source with a problem.

    Protected ones are opened with ``keys`` and with that of the assessment they are merged into.
    """
    keys = keyring_of(session.key).combined_with(keys)
    read = tuple(
        read_merge_file(session, path, allow_other_assessment=different_assessments, keys=keys) for path in files
    )
    union = RevisionUnion(session.known, session.file.name)
    standing = _previous_round(session, read)
    arrived = {number: union.take_in(file) for number, file in enumerate(read) if not file.problem}
    contested, voices = union.contested(), union.voices()
    sources: list[MergeSource] = []
    replaced: dict[str, MergeDifference] = {}
    for number, file in enumerate(read):
        if number not in arrived:
            sources.append(_refused_source(file))
            continue
        answers, entries, older = union.weigh(arrived[number], contested)
        source = _merge_source(session, file, arrived[number], standing)
        sources.append(replace(source, answers=answers, entries=entries))
        replaced |= {one.id: one for one in older}
    return MergePlan(
        sources=tuple(sources),
        conflicts=tuple(one for said in contested.values() for one in conflict_differences(said, voices)),
        twins=union.twins(),
        replaced=tuple(replaced.values()),
        new=len(union.new),
        changes=tuple(union.changes(contested)),
        files=read,
        union=union,
    )


def _refused_source(file: MergeFile) -> MergeSource:
    its_id = file.label.assessment_id if file.label else ""
    return MergeSource(file=file.path.name, path=file.path, assessment_id=its_id, problem=file.problem)


def _merge_source(
    session: AssessmentSession, file: MergeFile, arrived: ArrivedRevisions, standing: PreviousRound | None
) -> MergeSource:
    return MergeSource(
        file=file.path.name,
        path=file.path,
        assessment_id=file.label.assessment_id if file.label else "",
        people=arrived.people,
        revisions=len(file.everything),
        already_here=len(arrived.revisions) - arrived.new,
        new=arrived.new,
        documents=sum(not session.holds(one) for one in file.documents),
        notices=tuple(_merge_warnings(file, arrived, standing)),
    )


def _previous_round(session: AssessmentSession, files: Iterable[MergeFile]) -> PreviousRound | None:
    """Return the previous round there will be: the one here, also if it was dropped, else one of the files'."""
    if session.earlier is not None:
        return session.earlier
    held = [one.previous for one in files if one.previous and one.previous.content]
    return min(held, key=lambda one: one.content or "", default=None)


def _merge_warnings(file: MergeFile, arrived: ArrivedRevisions, standing: PreviousRound | None) -> Iterator[Problem]:
    theirs = file.previous.content if file.previous else None
    if theirs and (standing is None or standing.content != theirs):
        yield merge_warning("earlier", file.path, OTHER_PREVIOUS_ROUND)
    if arrived.renamed:
        yield merge_warning("namesakes", file.path, SAME_REVISION_IDS, count=str(arrived.renamed))


def open_conflicts(session: AssessmentSession) -> tuple[MergeDifference, ...]:
    """Return the conflicts between laptops that are open in this assessment, to be decided on at any time."""
    voices = RevisionUnion(session.known, "").voices()
    return tuple(one for said in session.conflicts() for one in conflict_differences(said, voices))


# -- doing it, and taking it back --------------------------------------------------------------------------------------


def settle_conflicts(session: AssessmentSession, decisions: Decisions) -> MergeResult:
    """Settle open conflicts as decided (by the ids of ``open_conflicts``), in one transaction."""
    return apply_merge(session, MergePlan(sources=()), decisions)


def apply_merge(session: AssessmentSession, plan: MergePlan, decisions: Decisions = NO_DECISIONS) -> MergeResult:
    """Take everything over in one transaction; what is not decided stays open.

    Raises KnownError, with nothing done, if this file may not be changed or another one cannot be read any more.
    """
    session.expect_writable()
    files = [file for file in plan.files if not file.problem]
    union = plan.union
    if union is None or not union.is_up_to_date_with(session.known):
        union = RevisionUnion(session.known, session.file.name)
        for file in files:
            union.take_in(file)
    documents, problems = read_new_documents(session, files)
    earlier = None if session.earlier else _previous_round(session, files)
    again = [one for one in plan.replaced if decisions.get(one.id) is DecisionSide.THEIRS]
    recording = MergeRecorder(session, (*union.spots(), *map(_record_key, again)))
    voices = union.voices()
    recording.add(union.new)
    settled, still_open = recording.settle(voices, decisions)
    recording.say_again(again)
    if files:
        session.back_up(BackupReason.MERGE)
    changes = recording.store([*documents, *([earlier] if earlier else [])])
    return MergeResult(
        changes=changes,
        revisions=len(union.new),
        settled=settled,
        still_open=still_open,
        problems=tuple(problems),
        before=recording.before,
        after=take_snapshot(session.known, recording.before),
        previous=earlier,
    )


def merge_into_new(
    session: AssessmentSession, plan: MergePlan, out: Path, decisions: Decisions = NO_DECISIONS, *, author: str
) -> MergeResult:
    """Merge into a new file, protected like that of the session; all others stay as they are. Raises KnownError."""
    key, ours = session.key, keyring_of(session.key)
    with atomic_assessment(out.absolute(), key=key) as temp:
        session.save_copy(temp)
        with AssessmentSession(temp, author=author, device=device_id(), language=session.language, keys=ours) as copy:
            return apply_merge(copy, plan, decisions)


def undo_merge(session: AssessmentSession, result: MergeResult) -> tuple[AnswerChange | EntryChange, ...]:
    """Undo: the dossier is exactly what it was before, and open conflicts are open again; nothing is deleted.

    Where somebody has recorded something else since, that is taken back too.
    """
    return _restore_snapshot(session, result.before, PreviousRound(now(), None) if result.previous else None)


def redo_merge(session: AssessmentSession, result: MergeResult) -> tuple[AnswerChange | EntryChange, ...]:
    """Redo after ``undo_merge``, with the conflicts open that were open."""
    return _restore_snapshot(session, result.after, result.previous)


def _restore_snapshot(
    session: AssessmentSession, wanted: HeadsSnapshot, earlier: PreviousRound | None
) -> tuple[AnswerChange | EntryChange, ...]:
    session.expect_writable()
    recording = MergeRecorder(session, wanted)
    recording.restate(wanted)
    return recording.store([earlier] if earlier else [])


def _record_key(difference: MergeDifference) -> RecordKey:
    return difference.key or (difference.register, difference.entry_id)
