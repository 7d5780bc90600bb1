"""Merging assessments that several officers continued: planned first with everything counted, then done at once.

Problem: five laptops come back with copies of one assessment. Decision: the revisions of all of them are united, which
no order and no repetition can change; what several heads say together is derived (``domain.merging``). Nobody's work is
copied, dropped or rewritten, so a merge has nothing to decide except what two people really said differently.
Assessments started separately are merged only if somebody insists: their people and agencies are typed twice then, and
joined afterwards (``services.joining``). An earlier round that is here stays; a first one is taken over. Taking a merge
back says again what was said before; who merges this file later gets that as well.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from capacity_app.domain.deciding import Decisions, Difference, Side
from capacity_app.domain.keys import NO_KEYS, Keyring, ring_of
from capacity_app.domain.problems import N_, Problem
from capacity_app.domain.thinning import Reason
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.changes import Change, EntryChange
from capacity_app.services.copies import now
from capacity_app.services.identity import device_id
from capacity_app.services.ledger import Spot
from capacity_app.services.merging.contests import differences
from capacity_app.services.merging.plan import MergePlan, MergeResult, MergeSource
from capacity_app.services.merging.restating import Moment, moment
from capacity_app.services.merging.sources import ReadFile, documents_of, notice, read_file
from capacity_app.services.merging.uniting import Arrived, Counts, Twins, Union
from capacity_app.services.recording import Recording
from capacity_app.store.assessment_file import PreviousRound
from capacity_app.store.creation import atomic_assessment, expect_nothing_there

__all__ = [
    "Counts",
    "MergePlan",
    "MergeResult",
    "MergeSource",
    "Twins",
    "apply_merge",
    "bring_back",
    "expect_new",
    "merge_into_new",
    "open_conflicts",
    "plan_merge",
    "settle",
    "take_back",
]

UNDECIDED: Decisions = MappingProxyType({})
OTHER_EARLIER_ROUND = N_("“{file}” holds another earlier round than this assessment: what stands here stays.")
NAMESAKES = N_(
    "Changes in “{file}” that bear the numbers of other changes: {count}. Both are kept. This happens when a laptop is "
    "cloned while the program runs; start the program anew on both."
)

# -- planning ----------------------------------------------------------------------------------------------------------


def plan_merge(
    session: AssessmentSession, files: Sequence[Path], *, different_assessments: bool = False, keys: Keyring = NO_KEYS
) -> MergePlan:
    """Read the files and work out what merging them does; one that cannot be merged is a source with a problem.

    Protected ones are opened with ``keys`` and with that of the assessment they are merged into.
    """
    keys = ring_of(session.key).and_also(keys)
    read = tuple(read_file(session, path, is_other_welcome=different_assessments, keys=keys) for path in files)
    union = Union(session.known, session.file.name)
    standing = _earlier_round(session, read)
    arrived = {number: union.take_in(file) for number, file in enumerate(read) if not file.problem}
    contested, voices = union.contested(), union.voices()
    sources: list[MergeSource] = []
    replaced: dict[str, Difference] = {}
    for number, file in enumerate(read):
        if number not in arrived:
            sources.append(_refused(file))
            continue
        answers, entries, older = union.weigh(arrived[number], contested)
        source = _source(session, file, arrived[number], standing)
        sources.append(replace(source, answers=answers, entries=entries))
        replaced |= {one.id: one for one in older}
    return MergePlan(
        sources=tuple(sources),
        conflicts=tuple(one for said in contested.values() for one in differences(said, voices)),
        twins=union.twins(),
        replaced=tuple(replaced.values()),
        new=len(union.new),
        files=read,
        union=union,
    )


def _refused(file: ReadFile) -> MergeSource:
    its_id = file.label.assessment_id if file.label else ""
    return MergeSource(file=file.path.name, path=file.path, assessment_id=its_id, problem=file.problem)


def _source(
    session: AssessmentSession, file: ReadFile, arrived: Arrived, standing: PreviousRound | None
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
        notices=tuple(_notices(file, arrived, standing)),
    )


def _earlier_round(session: AssessmentSession, files: Iterable[ReadFile]) -> PreviousRound | None:
    """Return the earlier round there will be: the one here, also if it was dropped, else one of the files'."""
    if session.earlier is not None:
        return session.earlier
    held = [one.previous for one in files if one.previous and one.previous.content]
    return min(held, key=lambda one: one.content or "", default=None)


def _notices(file: ReadFile, arrived: Arrived, standing: PreviousRound | None) -> Iterator[Problem]:
    theirs = file.previous.content if file.previous else None
    if theirs and (standing is None or standing.content != theirs):
        yield notice("earlier", file.path, OTHER_EARLIER_ROUND)
    if arrived.renamed:
        yield notice("namesakes", file.path, NAMESAKES, count=str(arrived.renamed))


def open_conflicts(session: AssessmentSession) -> tuple[Difference, ...]:
    """Return the conflicts between laptops that are open in this assessment, to be decided on at any time."""
    voices = Union(session.known, "").voices()
    return tuple(one for said in session.conflicts() for one in differences(said, voices))


# -- doing it, and taking it back --------------------------------------------------------------------------------------


def settle(session: AssessmentSession, decisions: Decisions) -> MergeResult:
    """Settle open conflicts as decided (by the ids of ``open_conflicts``), in one transaction."""
    return apply_merge(session, MergePlan(sources=()), decisions)


def apply_merge(session: AssessmentSession, plan: MergePlan, decisions: Decisions = UNDECIDED) -> MergeResult:
    """Take everything over in one transaction; what is not decided stays open.

    Raises KnownError, with nothing done, if this file may not be changed or another one cannot be read any more.
    """
    session.expect_writable()
    files = [file for file in plan.files if not file.problem]
    union = plan.union
    if union is None or not union.still_holds(session.known):
        union = Union(session.known, session.file.name)
        for file in files:
            union.take_in(file)
    documents, problems = documents_of(session, files)
    earlier = None if session.earlier else _earlier_round(session, files)
    again = [one for one in plan.replaced if decisions.get(one.id) is Side.THEIRS]
    recording = Recording(session, (*union.spots(), *map(_spot, again)))
    voices = union.voices()
    recording.add(union.new)
    settled, still_open = recording.settle(voices, decisions)
    recording.say_again(again)
    if files:
        session.back_up(Reason.MERGE)
    changes = recording.store([*documents, *([earlier] if earlier else [])])
    return MergeResult(
        changes=changes,
        revisions=len(union.new),
        settled=settled,
        still_open=still_open,
        problems=tuple(problems),
        before=recording.before,
        after=moment(session.known, recording.before),
        previous=earlier,
    )


def expect_new(out: Path) -> None:
    """Refuse to write over a file; raises KnownError."""
    expect_nothing_there(out)


def merge_into_new(
    session: AssessmentSession, plan: MergePlan, out: Path, decisions: Decisions = UNDECIDED, *, author: str
) -> MergeResult:
    """Merge into a new file, protected like that of the session; all others stay as they are. Raises KnownError."""
    key, ours = session.key, ring_of(session.key)
    with atomic_assessment(out.absolute(), key=key) as temp:
        session.save_copy(temp)
        with AssessmentSession(temp, author=author, device=device_id(), language=session.language, keys=ours) as copy:
            return apply_merge(copy, plan, decisions)


def take_back(session: AssessmentSession, result: MergeResult) -> tuple[Change | EntryChange, ...]:
    """Undo: the dossier is exactly what it was before, and open conflicts are open again; nothing is deleted.

    Where somebody has recorded something else since, that is taken back too.
    """
    return _restated(session, result.before, PreviousRound(now(), None) if result.previous else None)


def bring_back(session: AssessmentSession, result: MergeResult) -> tuple[Change | EntryChange, ...]:
    """Redo after ``take_back``, with the conflicts open that were open."""
    return _restated(session, result.after, result.previous)


def _restated(
    session: AssessmentSession, wanted: Moment, earlier: PreviousRound | None
) -> tuple[Change | EntryChange, ...]:
    session.expect_writable()
    recording = Recording(session, wanted)
    recording.restate(wanted)
    return recording.store([earlier] if earlier else [])


def _spot(difference: Difference) -> Spot:
    return difference.key or (difference.register, difference.entry_id)
