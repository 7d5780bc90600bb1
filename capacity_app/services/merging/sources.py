"""Other officers' files as they are read for a merge: with suspicion, whole, and never changed."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from capacity_app.domain.assessment import Mission
from capacity_app.domain.checking import check_content, locate
from capacity_app.domain.instrument import Instrument
from capacity_app.domain.keys import NO_KEYS, Key, Keyring, ring_of
from capacity_app.domain.problems import N_, KnownError, Problem, Severity
from capacity_app.domain.revisions import EntryRevision, Revision
from capacity_app.services.assessment_session import AssessmentSession
from capacity_app.services.ledger import MISSION, EntryLedger
from capacity_app.services.revising import MOST_CHANGES
from capacity_app.store import refusals
from capacity_app.store.assessment_file import AssessmentFile, Document, Label, PreviousRound, Stored

OTHER_ASSESSMENT = N_(
    "“{file}” is about another country or round ({theirs}, and not {ours}): choose a copy of this assessment."
)
STARTED_SEPARATELY = N_(
    "“{file}” is about the same country and round, but was started on its own and is no copy of this assessment: merge "
    "it only if both are meant to become one, and say so (--different-assessments)."
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
STRANGE = N_(
    "“{file}” holds something at {place} that this program does not store: it was changed by another program, and none "
    "of it is merged. Ask for a copy that was not."
)
LOST_DOCUMENT = N_("A document in “{file}” is damaged there and could not be taken over: ask for it again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """One file as read; ``problem`` says why nothing of it is merged, and then it holds nothing."""

    path: Path
    key: Key | None = None
    label: Label | None = None
    revisions: tuple[Revision, ...] = ()
    entries: tuple[EntryRevision, ...] = ()
    documents: tuple[str, ...] = ()
    previous: PreviousRound | None = None
    problem: Problem | None = None

    @property
    def everything(self) -> tuple[Revision | EntryRevision, ...]:
        return (*self.revisions, *self.entries)


def read_file(session: AssessmentSession, path: Path, *, is_other_welcome: bool, keys: Keyring = NO_KEYS) -> ReadFile:
    """Read a file; one that cannot be merged has a problem and nothing else."""
    try:
        with AssessmentFile(path, read_only=True, keys=keys) as file:
            file.expect_known_version()
            stored = file.read()
    except KnownError as error:
        code = "protected" if isinstance(error, refusals.Protected) else "unreadable"
        return ReadFile(path=path, problem=_problem(code, path, error.message, **error.values))
    problem = next(_reasons_against(session, path, stored, is_other_welcome=is_other_welcome), None)
    if problem:
        return ReadFile(path=path, label=stored.label, problem=problem)
    return ReadFile(
        path=path,
        key=file.key,
        label=stored.label,
        revisions=stored.revisions,
        entries=stored.entries,
        documents=tuple(stored.documents),
        previous=stored.previous,
    )


def documents_of(session: AssessmentSession, files: Iterable[ReadFile]) -> tuple[list[Document], list[Problem]]:
    """Read the documents that are not here yet, and say which are damaged; raises KnownError."""
    found: dict[str, Document] = {}
    problems: list[Problem] = []
    for file in files:
        wanted = [one for one in file.documents if one not in found and not session.holds(one)]
        if not wanted:
            continue
        with AssessmentFile(file.path, read_only=True, keys=ring_of(file.key)) as opened:
            for digest in wanted:
                content = opened.document(digest)
                if content is not None and hashlib.sha256(content).hexdigest() == digest:
                    found[digest] = Document(digest, content)
                else:
                    problems.append(notice("document", file.path, LOST_DOCUMENT))
    return list(found.values()), problems


def notice(code: str, path: Path, message: str, **values: str) -> Problem:
    """Say something of a file that does not keep it from being merged."""
    return replace(_problem(code, path, message, **values), severity=Severity.WARNING)


def _problem(code: str, path: Path, message: str, **values: str) -> Problem:
    return Problem(f"merge.{code}", path.name, message, values=tuple({"file": path.name, **values}.items()))


def _reasons_against(
    session: AssessmentSession, path: Path, stored: Stored, *, is_other_welcome: bool
) -> Iterator[Problem]:
    yield from _other_assessment(session, path, stored, is_other_welcome=is_other_welcome)
    yield from _other_instrument(session, path, stored)
    place = next(_strange_answers(session, stored), None)
    if place:
        yield _problem("strange", path, STRANGE, place=place)


def _other_assessment(
    session: AssessmentSession, path: Path, stored: Stored, *, is_other_welcome: bool
) -> Iterator[Problem]:
    if stored.label.assessment_id == session.assessment_id:
        return
    theirs, ours = EntryLedger(one for one in stored.entries if one.register == MISSION).mission, session.mission
    if _about(theirs) != _about(ours):
        yield _problem("other", path, OTHER_ASSESSMENT, theirs=_in_words(theirs), ours=_in_words(ours))
    elif not is_other_welcome:
        yield _problem("separate", path, STARTED_SEPARATELY)


def _about(mission: Mission) -> tuple[str, str]:
    return mission.m49 or mission.country, mission.round


def _in_words(mission: Mission) -> str:
    return " ".join(part for part in (mission.country_name or mission.country, mission.round) if part) or "–"


def _other_instrument(session: AssessmentSession, path: Path, stored: Stored) -> Iterator[Problem]:
    theirs, ours = stored.label.instrument, session.known.instrument
    if theirs.id != ours.id:
        yield _problem("instrument", path, OTHER_INSTRUMENT, theirs=theirs.id, ours=ours.id)
    elif theirs.version != ours.version:
        yield _problem("version", path, OTHER_VERSION, theirs=theirs.version, ours=ours.version)
    elif theirs.hash != session.instrument_hash:
        yield _problem("hash", path, CHANGED_INSTRUMENT, theirs=theirs.version)
    elif theirs.content != session.instrument_text:
        yield _problem("unreadable", path, refusals.DAMAGED)


def _strange_answers(session: AssessmentSession, stored: Stored) -> Iterator[str]:
    """Find answers nobody can have given: once merged, they would be in this file for ever."""
    known = {one.id: one for one in session.known.answers.all()}
    for one in stored.revisions:
        if known.get(one.id) != one and not _is_possible(session.instrument, one):
            yield str(one.key.address)
    ids = chain((one.id for one in stored.revisions), (one.id for one in stored.entries))
    yield from (str(one) for one in ids if one.counter > MOST_CHANGES)


def _is_possible(instrument: Instrument, one: Revision) -> bool:
    if locate(instrument, one.key.address) is None:
        # Kept from another version of the questionnaire, as such answers are here.
        return True
    return check_content(instrument, one.key, one.content)[1] is None
