"""Other officers' files as they are read for a merge, and their revisions united with those here."""

import hashlib
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

from capacity_app.domain.assessment.answer_rules import check_content, locate
from capacity_app.domain.assessment.answers import EMPTY_CONTENT, AnswerKey, Content
from capacity_app.domain.assessment.duplicates import are_entries_alike
from capacity_app.domain.assessment.merging import AnyMergedRevisions, MergeDifference, RevisionContent, merge_revisions
from capacity_app.domain.assessment.register_fields import MERGEABLE_REGISTERS
from capacity_app.domain.assessment.registers import Mission, RegisterEntry
from capacity_app.domain.assessment.revisions import EntryRevision, Revision, rename_colliding
from capacity_app.domain.encryption_keys import NO_KEYS, EncryptionKey, Keyring, keyring_of
from capacity_app.domain.fast_dataclass import dataclass
from capacity_app.domain.problems import N_, KnownError, Problem, ProblemSeverity
from capacity_app.domain.questionnaire.instrument import Instrument
from capacity_app.questionnaires.instrument_json import decode_instrument, instrument_text_hash
from capacity_app.services.exchange.merge_conflicts import (
    RevisionSources,
    difference_fate,
    difference_place,
    record_name,
    version_of,
)
from capacity_app.services.session.assessment_session import AssessmentSession
from capacity_app.services.session.revision_log import (
    MAX_MERGED_REVISION_NUMBER,
    MISSION,
    AnswerChange,
    EntryChange,
    EntryLedger,
    RecordKey,
    RevisionLog,
    record_key_of,
)
from capacity_app.storage import file_errors
from capacity_app.storage.assessment_file import (
    AssessmentFile,
    AssessmentFileHeader,
    DocumentWrite,
    PreviousRound,
    StoredAssessment,
)

# Other officers' files as they are read for a merge: with suspicion, whole, and never changed.

OTHER_ASSESSMENT = N_(
    "“{file}” is about another country or round ({theirs}, and not {ours}): choose a copy of this assessment."
)
STARTED_SEPARATELY = N_(
    "“{file}” is about the same country and round, but it is not a copy of this assessment. If both should "
    "become one assessment, merge them with --different-assessments."
)
OTHER_INSTRUMENT = N_(
    "“{file}” answers another questionnaire ({theirs}, and not {ours}): only answers to the same one can be merged."
)
OTHER_VERSION = N_(
    "“{file}” answers version {theirs} of the questionnaire, and this assessment version {ours}: bring both to one "
    "version first."
)
CHANGED_INSTRUMENT = N_(
    "“{file}” has version {theirs} of the questionnaire with other content than here, which must not be: ask who made "
    "it which of the two is right."
)
FOREIGN_REVISION = N_(
    "“{file}” holds something at {place} that this program does not store: it was changed by another program, and none "
    "of it is merged. Ask for a copy that was not."
)
DAMAGED_DOCUMENT = N_("A document in “{file}” is damaged there and could not be copied: ask for it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeFile:
    """One file as read; ``problem`` says why nothing of it is merged, and then it holds nothing."""

    path: Path
    key: EncryptionKey | None = None
    label: AssessmentFileHeader | None = None
    revisions: tuple[Revision, ...] = ()
    entries: tuple[EntryRevision, ...] = ()
    documents: tuple[str, ...] = ()
    previous: PreviousRound | None = None
    problem: Problem | None = None

    @property
    def everything(self) -> tuple[Revision | EntryRevision, ...]:
        return (*self.revisions, *self.entries)


def read_merge_file(
    session: AssessmentSession, path: Path, *, allow_other_assessment: bool, keys: Keyring = NO_KEYS
) -> MergeFile:
    """Read a file; one that cannot be merged has a problem and nothing else."""
    try:
        with AssessmentFile(path, read_only=True, keys=keys) as file:
            file.expect_known_version()
            stored = file.read()
    except KnownError as error:
        code = "protected" if isinstance(error, file_errors.FileProtected) else "unreadable"
        return MergeFile(path=path, problem=_merge_problem(code, path, error.message, **error.values))
    problem = next(_refusal_reasons(session, path, stored, allow_other_assessment=allow_other_assessment), None)
    if problem:
        return MergeFile(path=path, label=stored.label, problem=problem)
    return MergeFile(
        path=path,
        key=file.key,
        label=stored.label,
        revisions=stored.revisions,
        entries=stored.entries,
        documents=tuple(stored.documents),
        previous=stored.previous,
    )


def read_new_documents(
    session: AssessmentSession, files: Iterable[MergeFile]
) -> tuple[list[DocumentWrite], list[Problem]]:
    """Read the documents that are not here yet, and say which are damaged; raises KnownError."""
    found: dict[str, DocumentWrite] = {}
    problems: list[Problem] = []
    for file in files:
        wanted = [one for one in file.documents if one not in found and not session.holds(one)]
        if not wanted:
            continue
        with AssessmentFile(file.path, read_only=True, keys=keyring_of(file.key)) as opened:
            for digest in wanted:
                content = opened.document(digest)
                if content is not None and hashlib.sha256(content).hexdigest() == digest:
                    found[digest] = DocumentWrite(digest, content)
                else:
                    problems.append(merge_warning("document", file.path, DAMAGED_DOCUMENT))
    return list(found.values()), problems


def merge_warning(code: str, path: Path, message: str, **values: str) -> Problem:
    """Say something of a file that does not keep it from being merged."""
    return replace(_merge_problem(code, path, message, **values), severity=ProblemSeverity.WARNING)


def _merge_problem(code: str, path: Path, message: str, **values: str) -> Problem:
    return Problem(f"merge.{code}", path.name, message, values=tuple({"file": path.name, **values}.items()))


def _refusal_reasons(
    session: AssessmentSession, path: Path, stored: StoredAssessment, *, allow_other_assessment: bool
) -> Iterator[Problem]:
    yield from _other_assessment(session, path, stored, allow_other_assessment=allow_other_assessment)
    yield from _other_instrument(session, path, stored)
    place = next(_foreign_revisions(session, stored), None)
    if place:
        yield _merge_problem("strange", path, FOREIGN_REVISION, place=place)


def _other_assessment(
    session: AssessmentSession, path: Path, stored: StoredAssessment, *, allow_other_assessment: bool
) -> Iterator[Problem]:
    if stored.label.assessment_id == session.assessment_id:
        return
    theirs, ours = EntryLedger(one for one in stored.entries if one.register == MISSION).mission, session.mission
    if _country_and_round(theirs) != _country_and_round(ours):
        yield _merge_problem("other", path, OTHER_ASSESSMENT, theirs=_mission_text(theirs), ours=_mission_text(ours))
    elif not allow_other_assessment:
        yield _merge_problem("separate", path, STARTED_SEPARATELY)


def _country_and_round(mission: Mission) -> tuple[str, str]:
    return mission.m49 or mission.country, mission.round


def _mission_text(mission: Mission) -> str:
    return " ".join(part for part in (mission.country_name or mission.country, mission.round) if part) or "–"


def _other_instrument(session: AssessmentSession, path: Path, stored: StoredAssessment) -> Iterator[Problem]:
    theirs, ours = stored.label.instrument, session.known.instrument
    if theirs.id != ours.id:
        yield _merge_problem("instrument", path, OTHER_INSTRUMENT, theirs=theirs.id, ours=ours.id)
    elif theirs.version != ours.version:
        yield _merge_problem("version", path, OTHER_VERSION, theirs=theirs.version, ours=ours.version)
    elif theirs.hash != instrument_text_hash(theirs.content):
        yield _merge_problem("unreadable", path, file_errors.DAMAGED)
    elif theirs.hash != session.instrument_hash:
        # A copy that came from a dossier holds no texts for the officer.
        with suppress(KnownError):
            if decode_instrument(theirs.content).content_hash == ours.content_hash:
                return
        yield _merge_problem("hash", path, CHANGED_INSTRUMENT, theirs=theirs.version)


def _foreign_revisions(session: AssessmentSession, stored: StoredAssessment) -> Iterator[str]:
    """Find answers nobody can have given: once merged, they would be in this file for ever."""
    known = {one.id: one for one in session.known.answers.all()}
    for one in stored.revisions:
        if known.get(one.id) != one and not _is_answerable(session.instrument, one):
            yield str(one.key.address)
    ids = chain((one.id for one in stored.revisions), (one.id for one in stored.entries))
    yield from (str(one) for one in ids if one.counter > MAX_MERGED_REVISION_NUMBER)


def _is_answerable(instrument: Instrument, one: Revision) -> bool:
    if locate(instrument, one.key.address) is None:
        # Kept from another version of the questionnaire, as such answers are here.
        return True
    return check_content(instrument, one.key, one.content)[1] is None


_AnyRevision = Revision | EntryRevision
_RevisionName = tuple[type, str, int]
"""Answers and entries are numbered apart. Of plain parts: that is hashed a million times, and several times faster."""


def _revision_name(one: _AnyRevision) -> _RevisionName:
    return type(one), one.id.device, one.id.counter


@dataclass(frozen=True, slots=True)
class MergeCounts:
    """Answers or entries of one file: the same here · not here yet · changed · in conflict · replaced here since.

    What was replaced is older than what stands here, and stays replaced unless somebody decides otherwise.
    """

    same: int = 0
    added: int = 0
    changed: int = 0
    conflicting: int = 0
    replaced: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateEntries:
    """Two entries of a register from different laptops that look like the same one, typed twice."""

    register: str
    here: RegisterEntry
    there: RegisterEntry


@dataclass(frozen=True, slots=True)
class ArrivedRevisions:
    """What one file brings; ``renamed`` counts namesakes of other revisions, which got ids of their own.

    ``people`` made what is new in it, or, where nothing is, all of it: whoever made most first.
    """

    file: str
    revisions: tuple[_AnyRevision, ...]
    new: int
    renamed: int
    people: tuple[str, ...]


class RevisionUnion:
    """All revisions: those known here, and of each file taken in those that are new, each once."""

    def __init__(self, known: RevisionLog, here: str) -> None:
        self._known = known
        self._files = [here]
        present: list[_AnyRevision] = [*known.answers.all(), *known.entries.all()]
        self._all = {_revision_name(one): one for one in present}
        self._here = frozenset(self._all)
        self._from: dict[_RevisionName, str] = {}
        self._new: dict[RecordKey, list[_AnyRevision]] = {}
        self._together: dict[RecordKey, AnyMergedRevisions] = {}
        self._age = known.age

    def is_up_to_date_with(self, known: RevisionLog) -> bool:
        """Return whether this is about these revisions, and nothing has been added to them since."""
        return known is self._known and known.age == self._age

    @property
    def new(self) -> list[_AnyRevision]:
        return list(chain.from_iterable(self._new.values()))

    def voices(self) -> RevisionSources:
        """Return what stands here, and which file a revision comes from."""
        return RevisionSources(
            self._known.said, lambda one: self._from.get(_revision_name(one), self._files[0]), tuple(self._files)
        )

    def take_in(self, file: MergeFile) -> ArrivedRevisions:
        self._files.append(file.path.name)
        answers = rename_colliding((one for one in self._all.values() if isinstance(one, Revision)), file.revisions)
        entries = rename_colliding((one for one in self._all.values() if isinstance(one, EntryRevision)), file.entries)
        arriving: tuple[_AnyRevision, ...] = (*answers, *entries)
        named_now = {_revision_name(one): one for one in arriving}
        for name, one in named_now.items():
            if name not in self._all:
                self._all[name] = one
                self._from[name] = file.path.name
                self._new.setdefault(record_key_of(one), []).append(one)
        fresh = [one for name, one in named_now.items() if name not in self._here]
        renamed = len(named_now.keys() - {_revision_name(one) for one in file.everything})
        return ArrivedRevisions(file.path.name, arriving, len(fresh), renamed, _authors(fresh or arriving))

    # -- what all say together -------------------------------------------------------------------------------------

    def _united(self, spot: RecordKey) -> AnyMergedRevisions:
        return _unite_revisions(*self._known.revisions_at(spot), *self._new.get(spot, ()))

    def spots(self) -> Iterator[RecordKey]:
        """Go through what changes or will be in conflict, what is already included."""
        yield from (one.shown.key for one in self._known.answers.contested())
        yield from ((one.shown.register, one.shown.entry) for one in self._known.entries.contested())
        yield from self._new

    def contested(self) -> dict[RecordKey, AnyMergedRevisions]:
        """Return what will be in conflict: answers by key, then registers in order."""
        self._together = {spot: self._united(spot) for spot in dict.fromkeys(self.spots())}
        open_ones = {spot: one for spot, one in self._together.items() if one.contests}
        answers = sorted(spot for spot in open_ones if isinstance(spot, AnswerKey))
        entries = sorted(spot for spot in open_ones if not isinstance(spot, AnswerKey))
        return {spot: open_ones[spot] for spot in list[RecordKey]((*answers, *entries))}

    def changes(self, contested: Container[RecordKey]) -> Iterator[AnswerChange | EntryChange]:
        """Go through what the files change here, without what will be in conflict."""
        for spot in self._new:
            before, after = self._known.said(spot), self._together[spot].shown.content
            if spot in contested or _say_the_same(before, after):
                continue
            if isinstance(spot, AnswerKey):
                yield AnswerChange(spot, before or EMPTY_CONTENT, after or EMPTY_CONTENT)  # type: ignore[arg-type]
            else:
                yield EntryChange(*spot, before, after)  # type: ignore[arg-type]

    def twins(self) -> tuple[DuplicateEntries, ...]:
        """Find entries that come from different files and look like the same one."""
        return tuple(chain.from_iterable(self._twins_in(register) for register in MERGEABLE_REGISTERS))

    def _twins_in(self, register: str) -> Iterator[DuplicateEntries]:
        there_already = [(entry, self._files[0]) for entry in self._known.entries.entries(register)]
        for spot, revisions in self._new.items():
            if isinstance(spot, AnswerKey) or spot[0] != register or self._known.said(spot) is not None:
                continue
            coming, file = self._united(spot).shown.content, self._from[_revision_name(revisions[0])]
            if coming is None or isinstance(coming, Content):
                continue
            for entry, home in there_already:
                if home != file and are_entries_alike(entry, coming):
                    yield DuplicateEntries(register=register, here=entry, there=coming)
            there_already.append((coming, file))

    # -- what one file does ----------------------------------------------------------------------------------------

    def weigh(
        self, arrived: ArrivedRevisions, contested: Container[RecordKey]
    ) -> tuple[MergeCounts, MergeCounts, tuple[MergeDifference, ...]]:
        """Count what a file does to answers and entries, conflicts with other files included.

        Gives also what it says that was replaced here since.
        """
        by_spot: dict[RecordKey, list[_AnyRevision]] = {}
        for one in arrived.revisions:
            by_spot.setdefault(record_key_of(one), []).append(one)
        answers, entries = Counter[str](), Counter[str]()
        replaced: list[MergeDifference] = []
        for spot, theirs in by_spot.items():
            effect = self._effect(spot, theirs, contested)
            (answers if isinstance(spot, AnswerKey) else entries)[effect] += 1
            if effect == "replaced":
                replaced.append(self._replaced(spot, theirs, arrived.file))
        return MergeCounts(**answers), MergeCounts(**entries), tuple(replaced)

    def _effect(self, spot: RecordKey, theirs: Sequence[_AnyRevision], contested: Container[RecordKey]) -> str:
        """Name the field of ``MergeCounts`` that one answer or entry of a file belongs to."""
        mine, said = self._known.revisions_at(spot), self._known.said(spot)
        new = [one for one in theirs if _revision_name(one) not in self._here]
        if not new:
            is_same = len(theirs) == len(mine) or _unite_revisions(*theirs).shown.content == said
            return "same" if is_same else "replaced"
        if spot in contested:
            return "conflicting"
        is_alone = len(new) == len(self._new.get(spot, ())) and spot in self._together
        after = (self._together[spot] if is_alone else _unite_revisions(*mine, *new)).shown.content
        if _say_the_same(said, after):
            return "same"
        return "added" if _says_nothing(said) else "changed"

    def _replaced(self, spot: RecordKey, theirs: Sequence[_AnyRevision], file: str) -> MergeDifference:
        here, there = self._united(spot).shown, _unite_revisions(*theirs).shown
        return MergeDifference(
            id=f"{record_name(there)}|replaced|{there.id}",
            fate=difference_fate(here.content, there.content),
            mine=version_of(here, self._files[0]),
            theirs=version_of(there, file),
            **difference_place(there),
        )


def _authors(revisions: Iterable[_AnyRevision]) -> tuple[str, ...]:
    counts = Counter(one.author for one in revisions if one.author)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _unite_revisions(*revisions: _AnyRevision) -> AnyMergedRevisions:
    """Unite revisions of one spot, which are all of answers or all of entries."""
    return merge_revisions(revisions)


def _say_the_same(one: RevisionContent, other: RevisionContent) -> bool:
    return one == other or (_says_nothing(one) and _says_nothing(other))


def _says_nothing(said: RevisionContent) -> bool:
    return said is None or said == EMPTY_CONTENT
